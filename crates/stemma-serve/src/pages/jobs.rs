//! Work in the background, and how far it is. A page of work that goes on loads itself anew, without a script.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::forms::{Csrf, Sent};
use super::frame::{Frame, Place, csrf_field};
use super::{Oops, Page, counted, minute};
use crate::api::adding::job;
use crate::desk::Desk;
use crate::work::{Fetching, FiledReport, JobState, Outcome, State as How};

pub(super) async fn page(State(desk): State<Arc<Desk>>) -> Page {
    let jobs = desk.work.jobs.all();
    let body = html! {
        header { h1 { "Work in the background" } }
        main #main {
            section aria-label="Jobs" {
                @if jobs.is_empty() { p { "Nothing was asked for since the server was started." } }
                ol.plain {
                    @for job in &jobs {
                        @let state = job.state();
                        li {
                            a href={ "/jobs/" (state.id) } { (title(&state)) } " "
                            span.faint { (how(state.state)) ", " (sum(&state)) ", " time datetime=(state.asked) { (minute(&state.asked)) } }
                        }
                    }
                }
            }
        }
    };
    Ok(Html(Frame::new("Work in the background", Place::Add).page(&body)))
}

pub(super) async fn cancel(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    _: Sent,
) -> Result<Response, Oops> {
    job(&desk, &id)?.cancel();
    Ok(Redirect::to(&format!("/jobs/{id}")).into_response())
}

pub(super) async fn one(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    csrf: Csrf,
) -> Result<Response, Oops> {
    let state = job(&desk, &id)?.state();
    let body = html! {
        header {
            h1 { (title(&state)) }
            p role="status" { strong { (how(state.state)) } " · " (sum(&state)) }
            @if !state.has_ended() {
                p.faint { "This page loads itself anew every two seconds until it is done." }
                form.ask action={ "/jobs/" (state.id) "/cancel" } method="post" {
                    (csrf_field(&csrf))
                    button { "Cancel" }
                    span.faint { "What was filed before stays." }
                }
            }
        }
        main #main {
            @if !state.reports.is_empty() { (reports(&state)) }
            @if !state.problems.is_empty() { (problems(&state)) }
            @if !state.notes.is_empty() {
                section aria-labelledby="notes-title" {
                    h2 #notes-title { "Notes" }
                    ul { @for note in &state.notes { li dir="auto" { (note) } } }
                }
            }
            section aria-label="Further" {
                ul.plain {
                    li { a href="/" { "All stories" } }
                    li { a href="/add" { "Add more" } }
                    li { a href="/jobs" { "All work in the background" } }
                }
            }
        }
    };
    let page = Html(Frame::new(&title(&state), Place::Add).page(&body));
    if state.has_ended() {
        return Ok(page.into_response());
    }
    Ok(([(header::REFRESH, "2")], page).into_response())
}

fn title(state: &JobState) -> String {
    match state.kind.as_str() {
        "fetch" => format!("Fetching {}", state.about),
        "examples" => "Adding the examples".to_owned(),
        "poll" => "Asking the feeds of the watch list".to_owned(),
        "regroup" => "Making stories anew".to_owned(),
        _ => format!("Adding {}", state.about),
    }
}

fn how(state: How) -> &'static str {
    match state {
        How::Waiting => "Waiting",
        How::Working => "Under way",
        How::Done => "Done",
        How::Failed => "Broken off",
        How::Cancelled => "Cancelled",
    }
}

fn sum(state: &JobState) -> String {
    let mut text = String::new();
    if let Some(Fetching { done, all }) = state.fetching.filter(|_| !state.has_ended()) {
        text += &format!("{done} of {all} address{} · ", if all == 1 { "" } else { "es" });
    }
    text += &format!("{} added", counted(state.added, "report"));
    if state.known > 0 {
        text += &format!(", {} there already", state.known);
    }
    if state.failed > 0 {
        text += &format!(", {}", counted(state.failed, "problem"));
    }
    text
}

fn reports(state: &JobState) -> Markup {
    let more = (state.added + state.known).saturating_sub(state.reports.len());
    html! {
        section aria-labelledby="reports-title" {
            h2 #reports-title { "Reports" }
            ol.plain { @for report in &state.reports { li { (line(report)) } } }
            @if more > 0 { p.faint { "and " (more) " more" } }
        }
    }
}

fn line(report: &FiledReport) -> Markup {
    html! {
        a href={ "/reports/" (report.id) } { bdi { (report.title.as_deref().unwrap_or("Without a headline")) } }
        @if report.outcome == Outcome::Known { " " span.faint { "there already" } }
        @if let Some(story) = &report.story { " · " a href={ "/stories/" (story) } { "its story" } }
    }
}

fn problems(state: &JobState) -> Markup {
    let more = state.failed.saturating_sub(state.problems.len());
    html! {
        section aria-labelledby="problems-title" {
            h2 #problems-title { "Problems" }
            ul {
                @for problem in &state.problems {
                    li dir="auto" {
                        (problem.what)
                        @if !problem.remedy.is_empty() { br; span.faint { (problem.remedy) } }
                    }
                }
            }
            @if more > 0 { p.faint { "and " (more) " more" } }
        }
    }
}
