//! What `stemma stories --json` prints: one line for each story.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SCHEMA_VERSION, Witness};
use crate::{Grouped, report_ids};

/// One story among reports of many events.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Story {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Stays when reports join.
    pub id: String,
    /// Headline or first sentence of the report that is most like the others.
    pub label: String,
    /// Ids of its reports, by day of publication.
    pub reports: Vec<String>,
    /// Where each of them was read, in the same order.
    pub origins: Vec<String>,
    /// A partition of the reports.
    pub witnesses: Vec<Witness>,
    /// First day of publication, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Last day of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
}

/// `grouped` in the types of the wire.
pub fn story(grouped: &Grouped) -> Story {
    let story = &grouped.compared.story;
    let ids = report_ids(story);
    let days = || story.documents().iter().filter_map(|document| Some(document.published()?.date()));
    let witnesses = grouped.compared.comparison.witnesses.iter().map(|witness| Witness {
        reports: witness.reports.iter().map(|report| ids[report.index()].clone()).collect(),
    });
    Story {
        schema_version: SCHEMA_VERSION,
        id: grouped.id.to_string(),
        label: grouped.label.clone(),
        origins: story.documents().iter().map(|document| document.report().origin().to_string()).collect(),
        witnesses: witnesses.collect(),
        first: days().min().map(|day| day.to_string()),
        last: days().max().map(|day| day.to_string()),
        reports: ids,
    }
}
