//! The HTTP API: what pages show, as JSON. Described by [`openapi`], from the same table that the routes are made of.

pub(crate) mod adding;
mod corrections;
mod entities;
pub(crate) mod feeds;
pub(crate) mod openapi;
mod reports;
mod search;
mod speakers;
mod stories;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::rejection::QueryRejection;
use axum::http::request::Parts;
use axum::{Json, Router};
use serde::de::DeserializeOwned;

use crate::desk::Desk;
use crate::problem::Problem;
use openapi::{Operation, document};

/// Items of one page, unless asked for fewer.
const ITEMS: usize = 50;
/// Most items of one page.
const MOST_ITEMS: usize = 200;

/// All that the API does.
pub(crate) fn operations() -> Vec<Operation> {
    let all = [
        stories::operations(),
        reports::operations(),
        search::operations(),
        speakers::operations(),
        entities::operations(),
        adding::operations(),
        corrections::operations(),
        feeds::operations(),
    ];
    all.into_iter().flatten().collect()
}

pub(crate) fn routes() -> Router<Arc<Desk>> {
    let operations = operations();
    let described = Json(document(&operations));
    let router =
        Router::new().route("/api/v1/openapi.json", axum::routing::get(move || async move { described }));
    operations.into_iter().fold(router, |router, operation| router.route(operation.path, operation.handler))
}

/// Parameters of an address; what is wrong with them is told as a [`Problem`].
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query: Result<axum::extract::Query<T>, QueryRejection> =
            axum::extract::Query::try_from_uri(&parts.uri);
        query
            .map(|axum::extract::Query(asked)| Self(asked))
            .map_err(|problem| Problem::bad_request(problem.body_text()))
    }
}

/// What `limit` may be.
fn limit_schema() -> serde_json::Value {
    serde_json::json!({"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": ITEMS})
}

/// How many items are given: no more than [`MOST_ITEMS`].
fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    within("limit", asked.unwrap_or(ITEMS), 1, MOST_ITEMS)
}

/// `n`, if it is at least `least` and at most `most`.
fn within<T: PartialOrd + std::fmt::Display>(name: &str, n: T, least: T, most: T) -> Result<T, Problem> {
    if (&least..=&most).contains(&&n) {
        return Ok(n);
    }
    Err(Problem::bad_request(format!("{name} is {n}; it may be {least} to {most}")))
}

/// Largest number of a report that is taken as a cursor: what JSON readers hold exactly.
const LAST_REPORT: u64 = (1 << 53) - 1;
/// Most outlets that can be asked for.
const MOST_OUTLETS: usize = 1_000_000;

/// A place in a list of quotations, as a cursor has it: `12.3`.
pub(crate) fn place(cursor: &str) -> Result<[u64; 2], Problem> {
    let parsed = cursor.split_once('.').and_then(|(report, n)| Some([report.parse().ok()?, n.parse().ok()?]));
    parsed.ok_or_else(|| {
        Problem::bad_request(format!("{cursor:?} is no cursor; it is the next of the page before"))
    })
}
