//! A story: the comparison of its reports.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{PreEscaped, html};
use stemma_core::StoryId;

use super::Oops;
use super::frame::{Frame, Place};
use crate::assets::STORY;
use crate::desk::{Desk, StoryPage};
use crate::problem::Problem;

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Oops> {
    let story = find(&desk, &id).await?;
    let tag = format!("W/\"{}\"", story.key);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|given| given.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let parts = &story.parts;
    let body = html! {
        header {
            p.kicker { (parts.summary) }
            h1 dir="auto" { (parts.headline) }
            (PreEscaped(&parts.contents))
        }
        main #main {
            (PreEscaped(&parts.sections))
            section aria-labelledby="more-title" {
                h2 #more-title { "Reports by themselves" }
                ul.plain {
                    @for document in story.compared.story.documents() {
                        @let report = document.report();
                        li {
                            a href={ "/reports/" (report.id()) } {
                                (report.title().unwrap_or("Without a headline"))
                            }
                            @if let Some(outlet) = report.outlet() { " " span.faint { (outlet) } }
                        }
                    }
                    li { a href={ "/api/v1/stories/" (story.id) "/comparison" } { "The comparison as JSON" } }
                }
            }
        }
        p #chosen role="status" aria-live="polite" hidden {}
    };
    let page = Frame::new(&story.label, Place::Stories).script(&STORY).page(&body);
    Ok(([(header::ETAG, tag)], Html(page)).into_response())
}

/// The story that `id` names, compared.
pub(crate) async fn find(desk: &Arc<Desk>, id: &str) -> Result<Arc<StoryPage>, Problem> {
    let not_there =
        || Problem::not_found(format!("there is no story {id:?}; it may have become a part of another"));
    let parsed: StoryId = id.parse().map_err(|_| not_there())?;
    let found = desk.with_store(move |desk, store| Ok(desk.story_page(store, parsed)?)).await?;
    found.ok_or_else(not_there)
}
