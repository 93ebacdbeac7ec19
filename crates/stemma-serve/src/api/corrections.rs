//! What persons have said of stories.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use schemars::JsonSchema;
use serde::Serialize;
use stemma::{Correction, ReportId};
use stemma_store::Store;

use super::adding::{Body, parsed};
use super::openapi::{Method, Operation};
use crate::correcting::{Corrected, Wanted, correct};
use crate::desk::Desk;
use crate::problem::Problem;

/// All corrections, in the order in which they were made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CorrectionList {
    corrections: Vec<CorrectionLine>,
}

/// A correction. It speaks of reports, those that the stories in question held at that time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CorrectionLine {
    /// From 1.
    number: usize,
    /// `merge`, `split`, `move`, `pin`, `rename` or `undo`.
    kind: String,
    /// False if a later one has taken it back.
    holds: bool,
    /// Ids of the reports that it is about.
    reports: Vec<String>,
    /// Those of the story that they belong to.
    to: Vec<String>,
    /// Those that they were with.
    rest: Vec<String>,
    /// What the story is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// The correction that is taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    undone: Option<usize>,
}

impl CorrectionLine {
    fn of(number: usize, correction: &Correction, holds: bool) -> Self {
        let ids = |reports: &[ReportId]| reports.iter().map(ToString::to_string).collect();
        let mut line = Self {
            number,
            kind: correction.kind().to_owned(),
            holds,
            reports: Vec::new(),
            to: Vec::new(),
            rest: Vec::new(),
            label: None,
            undone: None,
        };
        match correction {
            Correction::Merge { reports } | Correction::Pin { reports } => line.reports = ids(reports),
            Correction::Split { reports, rest } => (line.reports, line.rest) = (ids(reports), ids(rest)),
            Correction::Move { reports, to, rest } => {
                (line.reports, line.to, line.rest) = (ids(reports), ids(to), ids(rest));
            }
            Correction::Rename { reports, label } => {
                (line.reports, line.label) = (ids(reports), Some(label.clone()));
            }
            Correction::Undo { number } => line.undone = Some(*number),
        }
        line
    }
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get::<CorrectionList>(
            "/api/v1/corrections",
            get(list),
            "listCorrections",
            "What persons have said of which reports belong together",
        ),
        Operation::get::<Corrected>(
            "/api/v1/corrections",
            post(add),
            "correct",
            "Merges, splits, pins or renames stories, moves reports, or takes an earlier correction back, as `stemma correct`; the same again \
             changes nothing",
        )
        .method(Method::Post, 200)
        .takes::<Wanted>("What is to be corrected"),
    ]
}

async fn list(State(desk): State<Arc<Desk>>) -> Result<Json<CorrectionList>, Problem> {
    let all = desk.with_store(|_, store| Ok(store.corrections()?)).await?;
    let holds = Correction::in_force(&all);
    let lines = all.iter().zip(holds).enumerate();
    let corrections = lines.map(|(n, (each, holds))| CorrectionLine::of(n + 1, each, holds)).collect();
    Ok(Json(CorrectionList { corrections }))
}

async fn add(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<Json<Corrected>, Problem> {
    let wanted: Wanted = parsed(&headers, &bytes)?;
    Ok(Json(correct(&desk, wanted).await?))
}
