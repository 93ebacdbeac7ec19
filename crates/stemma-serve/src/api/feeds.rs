//! The watch list.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Asked;
use super::adding::{Body, parsed};
use super::openapi::{Method, Operation, Parameter};
use crate::desk::Desk;
use crate::feeds::{self, FeedLine, Listed, NewFeed};
use crate::problem::Problem;
use crate::work::{JobState, Task};

/// The watch list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct FeedListed {
    /// In order of folder and address.
    feeds: Vec<FeedLine>,
    /// True if the server asks them by itself.
    watched: bool,
}

/// What was taken off the list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Removed {
    /// False if it was not on it.
    removed: bool,
}

#[derive(Debug, Deserialize)]
struct RemoveAsked {
    url: String,
}

pub(super) fn operations() -> Vec<Operation> {
    const PATH: &str = "/api/v1/feeds";
    vec![
        Operation::get::<FeedListed>(
            PATH,
            get(list),
            "listFeeds",
            "The watch list, and how it stands with each feed",
        ),
        Operation::get::<Listed>(
            PATH,
            post(add),
            "addFeed",
            "Puts a feed on the watch list, or all of an OPML file; what is on it stays as it is",
        )
        .method(Method::Post, 200)
        .takes::<NewFeed>("One feed")
        .takes_bytes("text/x-opml", "A list of feeds, as feed readers write it"),
        Operation::get::<Removed>(
            PATH,
            delete(remove),
            "removeFeed",
            "Takes a feed off the watch list; the reports that came from it stay",
        )
        .method(Method::Delete, 200)
        .with(vec![Parameter::needed("url", "Its address", json!({"type": "string"}))]),
        Operation::get::<Listed>("/api/v1/feeds.opml", get(opml), "exportFeeds", "The watch list as OPML")
            .files(&["text/x-opml"]),
        Operation::get::<JobState>(
            "/api/v1/feeds/ask",
            post(ask),
            "askFeeds",
            "Asks all feeds of the watch list now",
        )
        .method(Method::Post, 202),
    ]
}

async fn list(State(desk): State<Arc<Desk>>) -> Result<Json<FeedListed>, Problem> {
    Ok(Json(FeedListed { feeds: feeds::list(&desk).await?, watched: desk.settings().watch }))
}

async fn add(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<Json<Listed>, Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if given.split(';').next().is_some_and(|essence| essence.trim() == "text/x-opml") {
        return Ok(Json(feeds::add_opml(&desk, bytes.to_vec()).await?));
    }
    let new: NewFeed = parsed(&headers, &bytes)?;
    Ok(Json(feeds::add(&desk, vec![new]).await?))
}

async fn remove(
    State(desk): State<Arc<Desk>>,
    Asked(asked): Asked<RemoveAsked>,
) -> Result<Json<Removed>, Problem> {
    Ok(Json(Removed { removed: feeds::remove(&desk, asked.url).await? }))
}

/// The list as a file.
pub(crate) async fn opml(State(desk): State<Arc<Desk>>) -> Result<Response, Problem> {
    let headers = [
        (header::CONTENT_TYPE, "text/x-opml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"feeds.opml\""),
    ];
    Ok((headers, feeds::opml(&desk).await?).into_response())
}

async fn ask(State(desk): State<Arc<Desk>>) -> Result<Response, Problem> {
    let job = desk.begin(Task::Poll)?;
    Ok(super::adding::accepted(&job.state()))
}
