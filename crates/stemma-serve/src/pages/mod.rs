//! Pages, made on the server; each can be read without JavaScript.

mod add;
mod api;
mod corrections;
mod entities;
pub(crate) mod forms;
mod frame;
mod front;
mod jobs;
mod login;
mod report;
mod search;
mod speakers;
pub(crate) mod story;
mod watch;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use maud::html;
use stemma::render::clean;
use stemma_core::Published;
use stemma_store::ReportLine;

use crate::desk::Desk;
use crate::guard::wants_page;
use crate::problem::Problem;
use frame::{Frame, Place};

pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/", get(front::page))
        .merge(story::routes())
        .route("/reports/{id}", get(report::page))
        .route("/reports/{id}/original", get(report::original))
        .route("/speakers", get(speakers::page))
        .merge(desk_routes())
        .route("/login", get(login::page).post(login::log_in))
}

/// Pages on which one works rather than reads.
fn desk_routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/search", get(search::page))
        .route("/entities", get(entities::page))
        .route("/entities/{name}", get(entities::one))
        .route("/stories/{id}/export/{format}", get(crate::exports::of_api))
        .route("/api", get(api::page))
        .route("/stories/{id}/correct", get(corrections::page).post(corrections::send))
        .route("/corrections", get(corrections::list))
        .route("/corrections/undo", post(corrections::take_back))
        .route("/watch", get(watch::page))
        .route("/watch.opml", get(crate::api::feeds::opml))
        .route("/watch/add", post(watch::add))
        .route("/watch/import", post(watch::import))
        .route("/watch/remove", post(watch::remove))
        .route("/watch/ask", post(watch::ask))
        .route("/add", get(add::page))
        .route("/add/address", post(add::address))
        .route("/add/files", post(add::files))
        .route("/add/text", post(add::text))
        .route("/add/examples", post(add::examples))
        .route("/jobs", get(jobs::page))
        .route("/jobs/{id}", get(jobs::one))
        .route("/jobs/{id}/cancel", post(jobs::cancel))
}

/// What a page comes to: the page, or one that says what is wrong.
type Page = Result<Html<String>, Oops>;

/// A problem, shown to a person.
#[derive(Debug)]
pub(crate) struct Oops(Problem);

impl From<Problem> for Oops {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Oops {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = html! {
            header {
                p.kicker { (self.0.status) }
                h1 { (self.0.title) }
                p.intro { (sentence(&self.0.detail)) }
            }
            main #main {
                section aria-label="Further" {
                    p.tools { a href="/" { "All stories" } a href="/search" { "Search" } }
                }
            }
        };
        let page = Html(Frame::new(&self.0.title, Place::None).page(&body));
        let mut response = (status, page).into_response();
        if let Some(seconds) = self.0.retry {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            // A browser that shows the page asks again by itself, without a script.
            response.headers_mut().insert(header::REFRESH, seconds.into());
        }
        response
    }
}

/// Answers to addresses that are none.
pub(crate) async fn not_found(headers: HeaderMap) -> Response {
    let problem = Problem::not_found("there is nothing at this address");
    if wants_page(&headers) { Oops(problem).into_response() } else { problem.into_response() }
}

/// A remark as a sentence: with a capital letter, and an end.
fn sentence(remark: &str) -> String {
    let mut letters = remark.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if remark.ends_with(['.', '?', '!', '…']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// The headline of a report, or else the name of the file that it was read from.
fn headline(report: &ReportLine) -> String {
    let file = report.place.rsplit(['/', '\\']).next().filter(|file| !matches!(*file, "" | "-"));
    match (&report.title, file) {
        (Some(title), _) => clean(title),
        (None, Some(file)) => clean(file),
        (None, None) => "Without a headline".to_owned(),
    }
}

/// How words are given, of the form of an attribution.
fn manner(form: &str) -> &str {
    match form {
        "direct" => "quoted",
        "mixed" => "quoted in part",
        "indirect" => "in the outlet’s words",
        other => other,
    }
}

/// "2026-03-02 14:05 +01:00", or the day alone.
fn when(published: Published) -> String {
    match published {
        Published::Day(day) => day.to_string(),
        Published::Instant(at, offset) => {
            at.to_zoned(offset.to_time_zone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
        }
    }
}

/// A time of the API as people write it: "2026-03-02 14:05 UTC". What is none stays as it is.
fn minute(time: &str) -> String {
    let parsed: Result<jiff::Timestamp, _> = time.parse();
    parsed.map_or_else(|_| time.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// "1 report", "3 stories".
fn counted(n: usize, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    };
    if n == 1 { format!("1 {noun}") } else { format!("{n} {plural}") }
}
