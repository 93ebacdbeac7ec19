//! Tags for answers, so that what one has is not sent again.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Tags a page or JSON that has no tag yet, and sends nothing to one who has it.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    let is_read = *request.method() == Method::GET;
    let given = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !is_read || !wants_tag(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It was made in memory: there is no more of it than there is.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return Problem::failed().into_response() };
    // Names a version; no more is asked of it than to differ.
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let Ok(tag) = HeaderValue::from_str(&format!("W/\"{:016x}\"", hasher.finish())) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let has_it = given.is_some_and(|given| given == tag);
    parts.headers.insert(header::ETAG, tag);
    if has_it {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn wants_tag(response: &Response) -> bool {
    let headers = response.headers();
    let media_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    response.status() == StatusCode::OK
        && !headers.contains_key(header::ETAG)
        && (media_type.starts_with(b"text/html") || media_type.starts_with(b"application/json"))
}
