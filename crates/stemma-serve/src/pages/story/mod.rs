//! A story: views of the comparison of its reports, each at an address of its own.

mod reader;
mod statement;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{Markup, PreEscaped, html};
use stemma::render::View;
use stemma_core::StoryId;

use super::Oops;
use super::frame::{Frame, Place};
use crate::assets::STORY;
use crate::desk::Desk;
use crate::problem::Problem;
use crate::story_page::StoryPage;

/// What a story can be put out as, each at `/stories/ID/export/FORMAT`.
const FORMATS: [(&str, &str); 10] = [
    ("html", "one page"),
    ("md", "Markdown"),
    ("csv", "tables"),
    ("jsonl", "reports as JSON lines"),
    ("annotations", "Web Annotations"),
    ("claims", "schema.org claims"),
    ("ninjs", "ninjs"),
    ("graphml", "lineage as GraphML"),
    ("dot", "lineage for Graphviz"),
    ("prov", "lineage as W3C PROV"),
];

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/stories/{id}", get(core))
        .route("/stories/{id}/reader", get(reader::page))
        .route("/stories/{id}/statements/{statement}", get(statement::page))
        .route("/stories/{id}/statements/{statement}/citation", get(statement::citation))
        .route("/stories/{id}/{view}", get(view))
}

async fn core(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Oops> {
    tab(&desk, &id, View::Core, &headers).await
}

async fn view(
    State(desk): State<Arc<Desk>>,
    Path((id, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Oops> {
    let found = View::ALL.into_iter().find(|view| !view.address().is_empty() && view.address() == name);
    match found {
        Some(View::Matrix) if query.as_deref() == Some("all=1") => {
            let story = find(&desk, &id).await?;
            let made = off_thread(move || {
                let whole = || page(&story, View::Matrix, &story.views.whole_matrix());
                Ok(story.made(View::Matrix, true, whole))
            });
            Ok(made.await?.answer(&headers))
        }
        Some(view) => tab(&desk, &id, view, &headers).await,
        None if name == "core" => Ok(Redirect::permanent(&format!("/stories/{id}")).into_response()),
        None => Err(Problem::not_found(format!("a story has no page {name:?}")).into()),
    }
}

async fn tab(desk: &Arc<Desk>, id: &str, view: View, headers: &HeaderMap) -> Result<Response, Oops> {
    let story = find(desk, id).await?;
    let made =
        off_thread(move || Ok(story.made(view, false, || page(&story, view, &story.views.view(view)))))
            .await?;
    Ok(made.answer(headers))
}

/// Runs what takes its time where it keeps no other request waiting.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Problem::failed()))
}

fn page(story: &StoryPage, view: View, markup: &str) -> String {
    let body = html! {
        (head(story, Tab::View(view)))
        main #main .(class(view)) { (PreEscaped(markup)) }
        (exports(story))
    };
    let title = match view {
        View::Core => story.label.clone(),
        _ => format!("{}: {}", view.title(), story.label),
    };
    Frame::new(&title, Place::Stories).script(&STORY).page(&body)
}

/// The name of a view in the style sheet.
fn class(view: View) -> String {
    format!("view-{}", if view == View::Core { "core" } else { view.address() })
}

/// Which entry of the navigation of a story is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    View(View),
    Reader,
    /// A page below them.
    None,
}

/// Headline and navigation of a story.
fn head(story: &StoryPage, open: Tab) -> Markup {
    let views = &story.views;
    let address = format!("/stories/{}", story.id);
    let current = |tab: Tab| (tab == open).then_some("page");
    let entry = |view: View| {
        let place =
            if view == View::Core { address.clone() } else { format!("{address}/{}", view.address()) };
        html! {
            li {
                a href=(place) aria-current=[current(Tab::View(view))] {
                    (view.title())
                    @if let Some(n) = views.count(view).filter(|n| *n > 0) { " " span.count { (n) } }
                }
            }
        }
    };
    html! {
        header.story {
            p.kicker { (views.summary()) }
            // One of the page's own where the view has it, so that each page has one heading of the first level.
            @if open == Tab::None { p.headline dir="auto" { a href=(address) { (story.label) } } }
            @else { h1 dir="auto" { (story.label) } }
            nav.tabs aria-label="Views of the story" {
                ul {
                    @for view in View::ALL {
                        (entry(view))
                        @if view == View::Only {
                            li { a href={ (address) "/reader" } aria-current=[current(Tab::Reader)] { "Reader" } }
                        }
                    }
                }
            }
        }
    }
}

/// What the story can be put out as.
fn exports(story: &StoryPage) -> Markup {
    html! {
        footer.exports {
            p { a href={ "/stories/" (story.id) "/correct" } { "Correct this story" } }
            details {
                summary { "Export" }
                ul {
                    @for (format, what) in FORMATS {
                        li { a href={ "/stories/" (story.id) "/export/" (format) } download { (format) } " " span.faint { (what) } }
                    }
                    li { a href={ "/api/v1/stories/" (story.id) "/comparison" } { "json" } " " span.faint { "the comparison, from the API" } }
                }
            }
        }
    }
}

/// The story that `id` names, compared.
pub(crate) async fn find(desk: &Arc<Desk>, id: &str) -> Result<Arc<StoryPage>, Problem> {
    let not_there =
        || Problem::not_found(format!("there is no story {id:?}; it may have become a part of another"));
    let parsed: StoryId = id.parse().map_err(|_| not_there())?;
    let found = desk.with_store(move |desk, store| desk.story_page(store, parsed)).await?;
    found.ok_or_else(not_there)
}
