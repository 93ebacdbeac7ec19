//! What `stemma stories --json` prints: one line for each story.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SCHEMA_VERSION, Witness};
use crate::{Arrivals, Grouped, report_ids};

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
    /// The outlets, each once, by name.
    pub outlets: Vec<String>,
    /// A partition of the reports.
    pub witnesses: Vec<Witness>,
    /// First day of publication, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Last day of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// How many reports were published when; left out if no report is dated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<Growth>,
}

/// Reports of a story by the time of their publication, in steps of one length.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Growth {
    /// Start of the first step, ISO 8601: a point in time, or a day if the steps are days or longer.
    pub from: String,
    /// Length of a step, in hours.
    pub step_hours: u32,
    /// Reports in each step.
    pub reports: Vec<usize>,
    /// Reports of which the day is not known.
    pub undated: usize,
}

/// `grouped` in the types of the wire.
pub fn story(grouped: &Grouped) -> Story {
    let story = &grouped.compared.story;
    let ids = report_ids(story);
    let days = || story.documents().iter().filter_map(|document| Some(document.published()?.date()));
    let witnesses = grouped.compared.comparison.witnesses.iter().map(|witness| Witness {
        reports: witness.reports.iter().map(|report| ids[report.index()].clone()).collect(),
    });
    let outlets: BTreeSet<&str> =
        story.documents().iter().filter_map(|document| document.report().outlet()).collect();
    let arrivals = Arrivals::of(story.documents());
    Story {
        schema_version: SCHEMA_VERSION,
        id: grouped.id.to_string(),
        label: grouped.label.clone(),
        origins: story.documents().iter().map(|document| document.report().origin().to_string()).collect(),
        witnesses: witnesses.collect(),
        outlets: outlets.into_iter().map(str::to_owned).collect(),
        growth: arrivals.first.map(|first| Growth {
            from: first.to_string(),
            step_hours: arrivals.step_hours,
            reports: arrivals.counts,
            undated: arrivals.n_undated,
        }),
        first: days().min().map(|day| day.to_string()),
        last: days().max().map(|day| day.to_string()),
        reports: ids,
    }
}
