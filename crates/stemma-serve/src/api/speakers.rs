//! Who said what.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::routing::get;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stemma_store::{Quotation, QuotationQuery};

use super::openapi::{Operation, Parameter};
use super::reports::ReportSummary;
use super::{Asked, limit, limit_schema, place};
use crate::desk::Desk;
use crate::problem::Problem;

/// Quotations, those of reports that came last first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct QuotationList {
    quotations: Vec<Said>,
    /// What `cursor` takes for those of earlier reports; left out if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What somebody said, in one report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Said {
    /// The fullest name that the report has for who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<String>,
    /// `direct`, `mixed` or `indirect`.
    form: String,
    /// What is said, as it stands.
    text: String,
    /// The words that say that it is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    cue: Option<String>,
    /// Where it stands.
    report: ReportSummary,
}

impl From<&Quotation> for Said {
    fn from(quotation: &Quotation) -> Self {
        Self {
            speaker: quotation.speaker.clone(),
            form: quotation.form.clone(),
            text: quotation.text.clone(),
            cue: quotation.cue.clone(),
            report: (&quotation.report).into(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListAsked {
    speaker: Option<String>,
    words: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get::<QuotationList>(
            "/api/v1/quotations",
            get(list),
            "listQuotations",
            "Who said what, in which report",
        )
        .with(vec![
            Parameter::query("speaker", "A part of the speaker's name", json!({"type": "string"})),
            Parameter::query("words", "A part of what is said", json!({"type": "string"})),
            Parameter::query("limit", "Quotations on a page", limit_schema()),
            Parameter::query(
                "cursor",
                "The `next` of the page before",
                json!({"type": "string", "pattern": "^[0-9]{1,18}\\.[0-9]{1,9}$"}),
            ),
        ]),
    ]
}

async fn list(
    State(desk): State<Arc<Desk>>,
    Asked(asked): Asked<ListAsked>,
) -> Result<Json<QuotationList>, Problem> {
    let limit = limit(asked.limit)?;
    let after = asked.cursor.as_deref().map(place).transpose()?;
    let found = desk
        .with_store(move |_, store| {
            let (speaker, words) = (asked.speaker.as_deref(), asked.words.as_deref());
            Ok(store.quotations(&QuotationQuery { speaker, words, after, limit })?)
        })
        .await?;
    let next = found
        .last()
        .filter(|_| found.len() == limit)
        .map(|last| format!("{}.{}", last.place[0], last.place[1]));
    Ok(Json(QuotationList { quotations: found.iter().map(Said::from).collect(), next }))
}
