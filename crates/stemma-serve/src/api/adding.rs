//! Adding reports, fetching addresses, and how far that is.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use axum::routing::{delete, get, post};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stemma::ReportDraft;
use stemma_core::Published;
use stemma_desk::{HarvestOptions, Pages};
use stemma_store::ContentHash;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::Asked;
use super::openapi::{Method, Operation, Parameter};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::work::{Job, JobState, Task, Upload};

/// Most addresses of one request.
const MOST_ADDRESSES: usize = 100;
/// Longest time that one may wait for the end of a job. Unit: seconds.
const LONGEST_WAIT: u64 = 30;
/// Longest key of a client.
const KEY_CHARS: usize = 200;

/// What is taken, and the name under which it is read: its ending says what it is.
const TAKEN: [(&str, &str, &str); 8] = [
    (
        "application/json",
        "sent.json",
        "One report, an array of reports, or an object with `reports`; the same fields as everywhere",
    ),
    ("application/x-ndjson", "sent.jsonl", "One report a line"),
    ("text/html", "sent.html", "A page"),
    ("text/plain", "sent.txt", "The text of one report"),
    ("text/markdown", "sent.md", "One report, with or without front matter"),
    ("text/csv", "sent.csv", "A table with a row of names, one report a row"),
    ("message/rfc822", "sent.eml", "A mail"),
    ("application/octet-stream", "sent", "Any file that `stemma add` reads, also packed; `name` helps"),
];

/// A report as it is sent.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(untagged)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what is taken; stemma-read reads it")]
enum NewReports {
    /// One.
    One(NewReport),
    /// Several.
    Several(Vec<NewReport>),
}

/// A report as it is sent. Other fields are kept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "describes what is taken; stemma-read reads it")]
struct NewReport {
    /// Its text.
    #[schemars(length(min = 1))]
    text: String,
    /// The id that the sender gives it.
    id: Option<String>,
    /// Who published it.
    outlet: Option<String>,
    /// Its headline.
    title: Option<String>,
    /// Its address.
    url: Option<String>,
    /// When it was published, ISO 8601.
    published: Option<String>,
    /// Who wrote it.
    byline: Option<String>,
    /// BCP 47.
    language: Option<String>,
}

/// Addresses to fetch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct Addresses {
    /// Of pages, feeds and sitemaps: `http` and `https`.
    #[schemars(length(min = 1, max = 100))]
    addresses: Vec<String>,
    /// When the pages that a feed names are fetched.
    #[serde(default)]
    pages: WhichPages,
}

/// When the pages that a feed names are fetched.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum WhichPages {
    /// Where the feed holds a part of the article only.
    #[default]
    Auto,
    /// For each entry.
    Always,
    /// Never.
    Never,
}

/// Jobs, the last first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct JobList {
    jobs: Vec<JobState>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct AddAsked {
    wait: u64,
    name: Option<String>,
    outlet: Option<String>,
    title: Option<String>,
    url: Option<String>,
    published: Option<String>,
    byline: Option<String>,
    language: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct FetchAsked {
    wait: u64,
}

pub(super) fn operations() -> Vec<Operation> {
    let text = |name, about| Parameter::query(name, about, json!({"type": "string"}));
    let wait = || {
        Parameter::query(
            "wait",
            "Seconds to wait for the end before answering",
            json!({"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0}),
        )
    };
    let key = || {
        Parameter::header(
            "Idempotency-Key",
            "The same key with the same body is the same job; reports that are sent twice are one report even without",
            json!({"type": "string", "minLength": 1, "maxLength": KEY_CHARS, "pattern": "^[!-~]+$"}),
        )
    };
    let id = || Parameter::path("id", "Id of the job");
    let mut add = Operation::get::<JobState>(
        "/api/v1/reports",
        post(add),
        "addReports",
        "Reads what is sent, keeps it and puts it into stories, as `stemma add` and `stemma stories --watch`",
    )
    .method(Method::Post, 202)
    .with(vec![
        text("name", "Name of the file; its ending helps to tell what it is"),
        text("outlet", "Who published it, where it does not say so itself"),
        text("title", "Its headline, likewise"),
        text("url", "Its address, likewise"),
        text("published", "When it was published, likewise: a day or a point in time, ISO 8601"),
        text("byline", "Who wrote it, likewise"),
        text("language", "Its language, likewise: BCP 47"),
        wait(),
        key(),
    ])
    .takes::<NewReports>(TAKEN[0].2);
    for (media_type, _, about) in TAKEN.into_iter().skip(1) {
        add = add.takes_bytes(media_type, about);
    }
    vec![
        add,
        Operation::get::<JobState>(
            "/api/v1/fetch",
            post(fetch),
            "fetchAddresses",
            "Fetches pages, feeds and sitemaps under the rules of docs/fetching.md, and adds what they hold",
        )
        .method(Method::Post, 202)
        .with(vec![wait(), key()])
        .takes::<Addresses>("Where they are"),
        Operation::get::<JobList>(
            "/api/v1/jobs",
            get(list),
            "listJobs",
            "Work in the background, the last first",
        ),
        Operation::get::<JobState>("/api/v1/jobs/{id}", get(one), "getJob", "How far a piece of work is")
            .with(vec![id(), wait()]),
        Operation::get::<JobState>(
            "/api/v1/jobs/{id}",
            delete(cancel),
            "cancelJob",
            "Ends a piece of work before it is done; what was filed before stays, and one that has ended stays as it is",
        )
        .method(Method::Delete, 200)
        .with(vec![id(), wait()]),
        Operation::get::<JobState>(
            "/api/v1/jobs/{id}/events",
            get(events),
            "watchJob",
            "The same as server-sent events `progress`, until it has ended",
        )
        .with(vec![id()])
        .files(&["text/event-stream"]),
    ]
}

/// The bytes of a request, within the limit.
pub(super) struct Body(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await;
        bytes.map(Self).map_err(|error| Problem::of_status(error.status(), error.body_text()))
    }
}

async fn add(
    State(desk): State<Arc<Desk>>,
    Asked(asked): Asked<AddAsked>,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<Response, Problem> {
    let wait = super::within("wait", asked.wait, 0, LONGEST_WAIT)?;
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let taken = TAKEN.into_iter().find(|(media_type, ..)| *media_type == essence);
    let (_, name, _) = taken.ok_or_else(|| {
        let all = TAKEN.map(|(media_type, ..)| media_type).join(", ");
        Problem::unsupported(format!("{essence:?} is none of {all}"))
    })?;
    if bytes.is_empty() {
        return Err(Problem::bad_request("nothing was sent"));
    }
    if name == "sent.json" {
        serde_json::from_slice::<serde::de::IgnoredAny>(&bytes)
            .map_err(|error| Problem::bad_request(format!("what was sent is no JSON: {error}")))?;
        if !bytes.trim_ascii_start().starts_with(b"{") && !bytes.trim_ascii_start().starts_with(b"[") {
            return Err(Problem::bad_request(
                "send a report, an array of reports, or an object with reports",
            ));
        }
    }
    let known = ReportDraft {
        outlet: asked.outlet.clone(),
        title: asked.title.clone(),
        url: asked.url.clone(),
        published: asked.published.as_deref().map(published).transpose()?,
        byline: asked.byline.clone(),
        language: asked.language.clone(),
        ..ReportDraft::default()
    };
    let sent = ContentHash::of(&[&bytes[..], format!("{essence} {asked:?}").as_bytes()].concat());
    let upload = Upload { name: asked.name.unwrap_or_else(|| name.to_owned()), bytes, known };
    let job = once(&desk, &headers, sent, Task::Add { kind: "add", uploads: vec![upload] })?;
    Ok(accepted(&waited(&job, wait).await))
}

/// A day or a point in time.
pub(crate) fn published(text: &str) -> Result<Published, Problem> {
    let wrong = || {
        Problem::bad_request(format!("{text:?} is neither a day, such as 2026-03-01, nor a point in time"))
    };
    stemma_read::read_date(text).ok_or_else(wrong)
}

async fn fetch(
    State(desk): State<Arc<Desk>>,
    Asked(asked): Asked<FetchAsked>,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<Response, Problem> {
    let wait = super::within("wait", asked.wait, 0, LONGEST_WAIT)?;
    let wanted: Addresses = parsed(&headers, &bytes)?;
    let pages = match wanted.pages {
        WhichPages::Auto => Pages::Auto,
        WhichPages::Always => Pages::Always,
        WhichPages::Never => Pages::Never,
    };
    let task = fetching(&desk, &wanted.addresses, pages)?;
    let job = once(&desk, &headers, ContentHash::of(&bytes), task)?;
    Ok(accepted(&waited(&job, wait).await))
}

/// Fetching these addresses, if each is one. Where its host is, and whether that may be asked, is seen when it is fetched.
pub(crate) fn fetching(desk: &Desk, addresses: &[String], pages: Pages) -> Result<Task, Problem> {
    if addresses.is_empty() {
        return Err(Problem::nothing_to_do("no address is given"));
    }
    if addresses.len() > MOST_ADDRESSES {
        return Err(Problem::nothing_to_do(format!("no more than {MOST_ADDRESSES} addresses at a time")));
    }
    let urls: Result<Vec<String>, Problem> = addresses
        .iter()
        .map(|given| {
            stemma_fetch::address(given.trim()).map_err(|error| Problem::nothing_to_do(error.to_string()))
        })
        .collect();
    Ok(Task::Fetch { urls: urls?, options: HarvestOptions { pages, ..desk.settings().harvest } })
}

/// JSON of a type.
pub(super) fn parsed<T: serde::de::DeserializeOwned>(
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<T, Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
    {
        return Err(Problem::unsupported("send application/json"));
    }
    serde_json::from_slice(bytes)
        .map_err(|error| Problem::bad_request(format!("what was sent cannot be read: {error}")))
}

/// Begins a piece of work, or finds the one that the same key has begun.
fn once(desk: &Arc<Desk>, headers: &HeaderMap, sent: ContentHash, task: Task) -> Result<Arc<Job>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return desk.begin(task) };
    let plain = |key: &&str| {
        !key.is_empty() && key.len() <= KEY_CHARS && key.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let key = key.to_str().ok().filter(plain).ok_or_else(|| {
        Problem::bad_request(format!("an Idempotency-Key is 1 to {KEY_CHARS} signs of ASCII without blanks"))
    })?;
    if let Some(job) = desk.work.jobs.of_key(key, sent)? {
        return Ok(job);
    }
    let job = desk.begin(task)?;
    desk.work.jobs.keep_key(key, sent, &job);
    Ok(job)
}

/// The job as it stands after its end, or after so many seconds.
async fn waited(job: &Job, seconds: u64) -> JobState {
    let mut changes = job.watch();
    let ended = changes.wait_for(JobState::has_ended);
    // Time out, or end: either way it is told as it stands.
    let _ = tokio::time::timeout(Duration::from_secs(seconds), ended).await;
    job.state()
}

pub(super) fn accepted(state: &JobState) -> Response {
    let place = format!("/api/v1/jobs/{}", state.id);
    (StatusCode::ACCEPTED, [(header::LOCATION, place)], Json(state)).into_response()
}

async fn list(State(desk): State<Arc<Desk>>) -> Json<JobList> {
    Json(JobList { jobs: desk.work.jobs.all().iter().map(|job| job.state()).collect() })
}

/// The job of an id.
pub(crate) fn job(desk: &Desk, id: &str) -> Result<Arc<Job>, Problem> {
    let not_there = || {
        Problem::not_found(format!(
            "there is no job {id:?}; those of earlier runs and the oldest are forgotten"
        ))
    };
    desk.work.jobs.get(id).ok_or_else(not_there)
}

async fn one(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Asked(asked): Asked<FetchAsked>,
) -> Result<Json<JobState>, Problem> {
    let wait = super::within("wait", asked.wait, 0, LONGEST_WAIT)?;
    let job = job(&desk, &id)?;
    Ok(Json(waited(&job, wait).await))
}

async fn cancel(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Asked(asked): Asked<FetchAsked>,
) -> Result<Json<JobState>, Problem> {
    let wait = super::within("wait", asked.wait, 0, LONGEST_WAIT)?;
    let job = job(&desk, &id)?;
    job.cancel();
    Ok(Json(waited(&job, wait).await))
}

async fn events(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let job = job(&desk, &id)?;
    let mut changes = job.watch();
    changes.mark_changed();
    let (send, told) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        // Until it has ended, or nobody listens any more.
        while changes.changed().await.is_ok() {
            let state = changes.borrow_and_update().clone();
            let event = Event::default().event("progress").json_data(&state).unwrap_or_default();
            if send.send(Ok(event)).await.is_err() || state.has_ended() {
                return;
            }
        }
    });
    let told = ReceiverStream::new(told);
    Ok(Sse::new(told).keep_alive(KeepAlive::new()))
}
