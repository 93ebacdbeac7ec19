//! Errors as those who ask see them: `application/problem+json` (RFC 9457) for programs, a page for people.

use std::any::Any;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_desk::DeskError;
use stemma_store::StoreError;

/// What went wrong, as RFC 9457 has it. `code` is stable; `title` and `detail` are for people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: the code says which problem it is.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// In a few words.
    pub(crate) title: String,
    /// Status of HTTP.
    pub(crate) status: u16,
    /// Which problem: `not-found`, `bad-request`, `unauthorized`, `forbidden`, `method-not-allowed`, `conflict`, `too-large`,
    /// `unsupported`, `nothing-to-do`, `too-many`, `busy`, `being-made`, `store-failed`, `failed`.
    pub(crate) code: String,
    /// What it is about, and what helps.
    pub(crate) detail: String,
    /// When to ask again, in seconds: the header `Retry-After`.
    #[serde(skip)]
    pub(crate) retry: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            retry: None,
        }
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    pub(crate) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", detail)
    }

    pub(crate) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    }

    pub(crate) fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", detail)
    }

    /// It is well-formed, and there is nothing that could be done.
    pub(crate) fn nothing_to_do(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "nothing-to-do", detail)
    }

    /// Too many requests; so many seconds from now there may be another.
    pub(crate) fn too_many(seconds: u64) -> Self {
        let detail =
            format!("too many requests that change something; the next may come in {seconds} seconds");
        Self { retry: Some(seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", detail) }
    }

    /// So many pieces of work wait already.
    pub(crate) fn queue_full(waiting: usize) -> Self {
        let detail = format!("{waiting} pieces of work wait already; send the next when some are done");
        Self { retry: Some(5), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", detail) }
    }

    /// What is asked for takes long, and is being made.
    pub(crate) fn being_made(detail: impl Into<String>) -> Self {
        Self { retry: Some(2), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "being-made", detail) }
    }

    /// Too much work waits already.
    pub(crate) fn busy(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
    }

    /// What a reader of requests says of one that it cannot take.
    pub(crate) fn of_status(status: StatusCode, detail: String) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(detail),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::unsupported(detail),
            _ => Self::bad_request(detail),
        }
    }

    /// The work on a request broke off: a defect.
    pub(crate) fn failed() -> Self {
        let detail = "the request could not be answered; the others go on";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", detail)
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Store(error) => error.into(),
            _ => Self::failed(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let status = match error {
            StoreError::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, "store-failed", error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(&self)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        }
        response
    }
}

pub(crate) async fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "this address does not take this method; the header Allow says which it takes",
    )
}

/// A panic costs the request in which it happened.
pub(crate) fn of_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::failed().into_response()
}
