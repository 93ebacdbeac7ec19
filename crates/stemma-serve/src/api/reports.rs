//! Reports, and what was found in each.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::routing::get;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stemma::{OffsetUnit, api};
use stemma_core::ReportId;
use stemma_store::ReportLine;

use super::openapi::{Operation, Parameter};
use super::{Asked, LAST_REPORT, limit, limit_schema, within};
use crate::desk::Desk;
use crate::problem::Problem;

/// A list of reports.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ReportList {
    /// Those of this page, those that came last first.
    reports: Vec<ReportSummary>,
    /// What `cursor` takes for the next page; left out on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A report without its text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct ReportSummary {
    /// Its id: 32 hex digits.
    id: String,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<String>,
    /// Its headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// When it was published, ISO 8601: a day or a point in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    /// Id of its story.
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<String>,
}

impl From<&ReportLine> for ReportSummary {
    fn from(line: &ReportLine) -> Self {
        Self {
            id: line.id.to_string(),
            outlet: line.outlet.clone(),
            title: line.title.clone(),
            url: line.url.clone(),
            published: line.published.map(|published| published.to_string()),
            story: line.story.map(|story| story.to_string()),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListAsked {
    limit: Option<usize>,
    cursor: Option<u64>,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get::<ReportList>(
            "/api/v1/reports",
            get(list),
            "listReports",
            "Reports, those that came last first",
        )
        .with(vec![
            Parameter::query("limit", "Reports on a page", limit_schema()),
            Parameter::query(
                "cursor",
                "The `next` of the page before",
                json!({"type": "integer", "minimum": 0, "maximum": LAST_REPORT}),
            ),
        ]),
        Operation::get::<api::AnnotatedReport>(
            "/api/v1/reports/{id}",
            get(one),
            "getReport",
            "A report and what was found in it, as `stemma annotate --json`",
        )
        .with(vec![Parameter::path("id", "Id of the report: 32 hex digits")]),
    ]
}

async fn list(
    State(desk): State<Arc<Desk>>,
    Asked(asked): Asked<ListAsked>,
) -> Result<Json<ReportList>, Problem> {
    let limit = limit(asked.limit)?;
    let before = asked.cursor.map(|cursor| within("cursor", cursor, 0, LAST_REPORT)).transpose()?;
    let lines = desk.with_store(move |_, store| Ok(store.latest_reports(before, limit)?)).await?;
    let next = lines
        .last()
        .filter(|last| lines.len() == limit && last.number > 1)
        .map(|last| last.number.to_string());
    Ok(Json(ReportList { reports: lines.iter().map(ReportSummary::from).collect(), next }))
}

async fn one(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<Json<api::AnnotatedReport>, Problem> {
    let not_there = || Problem::not_found(format!("there is no report {id:?}"));
    let parsed: ReportId = id.parse().map_err(|_| not_there())?;
    let document = desk.with_store(move |desk, store| Ok(desk.document(store, parsed)?)).await?;
    let options = api::Options { offsets: OffsetUnit::Chars, texts: api::Texts::All };
    Ok(Json(api::annotated_report(&document.ok_or_else(not_there)?, &options)))
}
