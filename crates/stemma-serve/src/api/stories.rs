//! Stories, and their comparisons.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stemma::api;
use stemma_core::OffsetUnit;

use super::openapi::{Operation, Parameter};
use super::{Asked, MOST_OUTLETS, limit, limit_schema, within};
use crate::desk::Desk;
use crate::exports;
use crate::front::{Line, Order, Wanted};
use crate::pages::story::find;
use crate::problem::Problem;

/// A list of stories.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct StoryList {
    /// Those of this page.
    stories: Vec<StoryLine>,
    /// Stories on all pages.
    total: usize,
    /// What `cursor` takes for the next page; left out on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A story in a line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct StoryLine {
    /// Stays when reports join.
    id: String,
    /// Headline or first sentence of the report that is most like the others.
    label: String,
    /// Reports in it.
    reports: usize,
    /// The outlets, each once, by name.
    outlets: Vec<String>,
    /// First day of publication, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    /// Last day of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
}

impl From<&Line> for StoryLine {
    fn from(line: &Line) -> Self {
        Self {
            id: line.id.to_string(),
            label: line.label.clone(),
            reports: line.n_reports,
            outlets: line.outlets.clone(),
            first: line.first.map(|day| day.to_string()),
            last: line.last.map(|day| day.to_string()),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListAsked {
    q: String,
    day: Option<jiff::civil::Date>,
    order: Order,
    outlets: usize,
    limit: Option<usize>,
    cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ComparisonAsked {
    offsets: Unit,
}

/// What offsets count.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    #[default]
    Chars,
    Bytes,
    Utf16,
}

impl From<Unit> for OffsetUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Chars => OffsetUnit::Chars,
            Unit::Bytes => OffsetUnit::Bytes,
            Unit::Utf16 => OffsetUnit::Utf16,
        }
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let id = || Parameter::path("id", "Id of the story: 16 hex digits");
    let offsets = || {
        Parameter::query(
            "offsets",
            "What offsets count",
            json!({"enum": ["chars", "bytes", "utf16"], "default": "chars"}),
        )
    };
    vec![
        Operation::get::<StoryList>(
            "/api/v1/stories",
            get(list),
            "listStories",
            "Stories, those that grow first",
        )
        .with(vec![
            Parameter::query(
                "q",
                "Words that the label or the outlets hold, each",
                json!({"type": "string"}),
            ),
            Parameter::query(
                "day",
                "A report was published on it",
                json!({"type": "string", "format": "date"}),
            ),
            Parameter::query(
                "order",
                "Which come first: by outlets within two days before the newest report, no more than the witnesses where these are known, by the last day, by outlets",
                json!({"enum": ["growing", "newest", "largest"], "default": "growing"}),
            ),
            Parameter::query(
                "outlets",
                "Outlets at least",
                json!({"type": "integer", "minimum": 0, "maximum": MOST_OUTLETS, "default": 0}),
            ),
            Parameter::query("limit", "Stories on a page", limit_schema()),
            Parameter::query(
                "cursor",
                "The `next` of the page before",
                json!({"type": "string", "pattern": "^[0-9a-f]{16}$"}),
            ),
        ]),
        Operation::get::<StoryLine>("/api/v1/stories/{id}", get(one), "getStory", "A story in a line")
            .with(vec![id()]),
        Operation::get::<api::Comparison>(
            "/api/v1/stories/{id}/comparison",
            get(comparison),
            "compareStory",
            "What its reports share and where they differ, as `stemma compare --json`",
        )
        .with(vec![id(), offsets()]),
        Operation::get::<Lineage>(
            "/api/v1/stories/{id}/lineage",
            get(lineage),
            "getLineage",
            "Who had it from whom: witnesses, edges, passages that reports share",
        )
        .with(vec![id(), offsets()]),
        Operation::get::<Lineage>(
            "/api/v1/stories/{id}/export/{format}",
            get(exports::of_api),
            "exportStory",
            "A story as a file, as `stemma export`",
        )
        .with(vec![
            id(),
            Parameter::path_of("format", "What to make", &exports::FORMATS),
            Parameter::query(
                "table",
                "For csv: which table",
                json!({"enum": exports::TABLES, "default": exports::TABLES[0]}),
            ),
            Parameter::query(
                "raw",
                "For csv: text as it stands, also where a spreadsheet would run it as a formula",
                json!({"type": "boolean", "default": false}),
            ),
            Parameter::query(
                "layers",
                "For jsonl: what was found in each report, too",
                json!({"type": "boolean", "default": false}),
            ),
        ])
        .files(&exports::MEDIA_TYPES),
    ]
}

async fn list(
    State(desk): State<Arc<Desk>>,
    Asked(asked): Asked<ListAsked>,
) -> Result<Json<StoryList>, Problem> {
    let limit = limit(asked.limit)?;
    let wanted = Wanted {
        words: asked.q,
        day: asked.day,
        order: asked.order,
        least_outlets: within("outlets", asked.outlets, 0, MOST_OUTLETS)?,
    };
    let front = desk.front();
    let found = front.find(&wanted);
    let start = match &asked.cursor {
        None => 0,
        // After the story that the page before ended with; where it is gone, there is no telling.
        Some(cursor) => match found.iter().position(|line| line.id.to_string() == *cursor) {
            Some(at) => at + 1,
            None => {
                return Err(Problem::not_found(
                    "the story of this cursor is not in the list any more; begin anew without it",
                ));
            }
        },
    };
    let stories: Vec<StoryLine> = found.iter().skip(start).take(limit).map(|&line| line.into()).collect();
    let more = start + stories.len() < found.len();
    let next = stories.last().filter(|_| more).map(|last| last.id.clone());
    Ok(Json(StoryList { total: found.len(), stories, next }))
}

async fn one(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Result<Json<StoryLine>, Problem> {
    let not_there = || Problem::not_found(format!("there is no story {id:?}"));
    let parsed = id.parse().map_err(|_| not_there())?;
    Ok(Json(desk.front().line(parsed).ok_or_else(not_there)?.into()))
}

/// Who had it from whom.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Lineage {
    /// What offsets count.
    offsets: api::Unit,
    /// The reports, without their texts.
    reports: Vec<api::Report>,
    /// A partition of the reports: those that lineage ties together.
    witnesses: Vec<api::Witness>,
    /// From the earlier to the later one.
    lineage: Vec<api::Edge>,
    /// Text that two reports share word for word.
    passages: Vec<api::Passage>,
}

async fn lineage(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Asked(asked): Asked<ComparisonAsked>,
) -> Result<Json<Lineage>, Problem> {
    let story = find(&desk, &id).await?;
    let made = tokio::task::spawn_blocking(move || {
        let options = api::Options { offsets: asked.offsets.into(), texts: api::Texts::None };
        let all = api::comparison(&story.compared.story, &story.compared.comparison, &options);
        let api::Comparison { offsets, reports, witnesses, lineage, passages, .. } = all;
        Lineage { offsets, reports, witnesses, lineage, passages }
    });
    made.await.map(Json).map_err(|_| Problem::failed())
}

async fn comparison(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Asked(asked): Asked<ComparisonAsked>,
) -> Result<Response, Problem> {
    let story = find(&desk, &id).await?;
    let json = tokio::task::spawn_blocking(move || story.json(asked.offsets.into())).await;
    let json = json.unwrap_or_else(|_| Err(Problem::failed()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}
