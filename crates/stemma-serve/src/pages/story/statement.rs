//! A statement of a story at an address of its own, which stays good when reports join.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use maud::{PreEscaped, html};

use super::super::frame::{Frame, Place};
use super::super::{Oops, Page};
use super::{Tab, find, head, off_thread};
use crate::assets::STORY;
use crate::desk::Desk;
use crate::problem::Problem;

fn not_there(id: &str) -> Problem {
    Problem::not_found(format!("the story has no statement {id:?}; its reports may be in another story now"))
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    Path((id, statement)): Path<(String, String)>,
) -> Page {
    let story = find(&desk, &id).await?;
    let made = off_thread(move || {
        let view = story.views.statement(&statement).ok_or_else(|| not_there(&statement))?;
        let body = html! {
            (head(&story, Tab::None))
            main #main.view-statement {
                div.lead {
                    p.kicker { (view.summary) }
                    h1 dir="auto" { (view.title) }
                    p.faint { a href={ "/stories/" (story.id) "/statements/" (view.id) } { "Permanent address" } }
                }
                (PreEscaped(&view.markup))
            }
        };
        Ok(Frame::new(&view.title, Place::Stories).script(&STORY).page(&body))
    });
    Ok(Html(made.await?))
}

/// The citation alone, as text.
pub(super) async fn citation(
    State(desk): State<Arc<Desk>>,
    Path((id, statement)): Path<(String, String)>,
) -> Result<Response, Oops> {
    let story = find(&desk, &id).await?;
    let text = story.views.citation(&statement).ok_or_else(|| not_there(&statement))?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
