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
            header { h1 { (self.0.title) } p { (self.0.detail) } }
            main #main { section { p { a href="/" { "All stories" } } } }
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

/// "1 report", "3 stories".
fn counted(n: usize, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    };
    if n == 1 { format!("1 {noun}") } else { format!("{n} {plural}") }
}
