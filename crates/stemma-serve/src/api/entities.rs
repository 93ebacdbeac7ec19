//! Who and what is named, across stories.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::routing::get;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stemma_store::{NameLine, NameQuery};

use super::openapi::{Operation, Parameter};
use super::reports::ReportSummary;
use super::speakers::Said;
use super::{Asked, limit, limit_schema, within};
use crate::desk::Desk;
use crate::naming::{KINDS, LATEST, MOST_SKIPPED, Named, named};
use crate::problem::Problem;

/// Names, those that most reports have first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct EntityList {
    entities: Vec<EntityLine>,
    /// What `cursor` takes for the next page; left out on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A name in a line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct EntityLine {
    /// The fullest form that reports have of it.
    name: String,
    /// `person`, `organization`, `place`, `facility`, `group`, `product`, `event`.
    kind: String,
    /// Reports that have it.
    reports: u64,
    /// How often it stands in them.
    mentions: u64,
}

impl From<&NameLine> for EntityLine {
    fn from(line: &NameLine) -> Self {
        Self {
            name: line.name.clone(),
            kind: line.kind.clone(),
            reports: line.n_reports,
            mentions: line.n_mentions,
        }
    }
}

/// What is known of a name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Entity {
    /// The kinds under which it stands, that of most reports first.
    kinds: Vec<EntityLine>,
    /// Stories that name it, those with the newest reports first.
    stories: Vec<NamingStory>,
    /// Reports that name it, those that came last first.
    reports: Vec<ReportSummary>,
    /// What they are quoted with.
    said_by: Vec<Said>,
    /// What others are quoted with that names them.
    said_about: Vec<Said>,
}

/// A story that has a name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct NamingStory {
    /// Its id.
    story: String,
    /// What it is called.
    label: String,
    /// Reports of it that have the name.
    reports: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListAsked {
    q: Option<String>,
    kind: Option<String>,
    limit: Option<usize>,
    cursor: Option<usize>,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get::<EntityList>(
            "/api/v1/entities",
            get(list),
            "listEntities",
            "Names in the reports that came last, those that most reports have first",
        )
        .with(vec![
            Parameter::query("q", "A part of the name", json!({"type": "string"})),
            Parameter::query("kind", "Of this kind alone", json!({"enum": KINDS})),
            Parameter::query("limit", "Names on a page", limit_schema()),
            Parameter::query(
                "cursor",
                "The `next` of the page before",
                json!({"type": "integer", "minimum": 0, "maximum": MOST_SKIPPED}),
            ),
        ]),
        Operation::get::<Entity>(
            "/api/v1/entities/{name}",
            get(one),
            "getEntity",
            "Where a name stands, what is said by them and of them",
        )
        .with(vec![Parameter::path("name", "The whole name; the case of ASCII letters is not heeded")]),
    ]
}

async fn list(
    State(desk): State<Arc<Desk>>,
    Asked(asked): Asked<ListAsked>,
) -> Result<Json<EntityList>, Problem> {
    let limit = limit(asked.limit)?;
    let skip = within("cursor", asked.cursor.unwrap_or(0), 0, MOST_SKIPPED)?;
    if let Some(kind) = asked.kind.as_deref().filter(|kind| !KINDS.contains(kind)) {
        return Err(Problem::bad_request(format!("{kind:?} is none of the kinds {}", KINDS.join(", "))));
    }
    let found = desk
        .with_store(move |_, store| {
            let (words, kind) = (asked.q.as_deref(), asked.kind.as_deref());
            Ok(store.names(&NameQuery { words, kind, n_latest: LATEST, skip, limit: limit + 1 })?)
        })
        .await?;
    let next = (found.len() > limit && skip + limit <= MOST_SKIPPED).then(|| (skip + limit).to_string());
    Ok(Json(EntityList { entities: found.iter().take(limit).map(EntityLine::from).collect(), next }))
}

async fn one(State(desk): State<Arc<Desk>>, Path(name): Path<String>) -> Result<Json<Entity>, Problem> {
    let Named { kinds, stories, reports, said_by, said_about } = named(&desk, name).await?;
    let stories = stories.into_iter().map(|story| NamingStory {
        story: story.id.to_string(),
        label: story.label,
        reports: story.n_reports,
    });
    Ok(Json(Entity {
        kinds: kinds.iter().map(EntityLine::from).collect(),
        stories: stories.collect(),
        reports: reports.iter().map(ReportSummary::from).collect(),
        said_by: said_by.iter().map(Said::from).collect(),
        said_about: said_about.iter().map(Said::from).collect(),
    }))
}
