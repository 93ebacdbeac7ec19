//! What `stemma stories --json` prints: one line for each story.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_group::Terms;

use super::{SCHEMA_VERSION, Witness, rounded};
use crate::{Arrivals, Document, Grouped, Placement, Reasons, Related, StoryId, report_ids};

/// One story among reports of many events.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
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
    /// Stories of the same input that are near but not the same, such as the chapters of one affair; nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedStory>,
    /// Why each report is in it, in the order of `reports`; only with `--explain`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fits: Vec<ReportFit>,
}

/// A story that is near another.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RelatedStory {
    /// Its id.
    pub story: String,
    /// Its label.
    pub label: String,
    /// How well the two fit each other, whatever the time between them: 1 as if they were one.
    pub fit: f64,
    /// Days from the first day of this story to the first of that one: below 0 if that one is earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_later: Option<i64>,
    /// Words in common, and what each adds to the similarity of their reports.
    pub terms: Vec<Shared>,
    /// Names in common.
    pub names: Vec<Shared>,
}

impl RelatedStory {
    /// In a few words: "fits 0.52, 8 days later: Skarvik, ferry".
    pub fn in_short(&self) -> String {
        let when = match self.days_later {
            None => String::new(),
            Some(0) => ", the same day".to_owned(),
            Some(n) => {
                let unit = if n.abs() == 1 { "day" } else { "days" };
                format!(", {} {unit} {}", n.abs(), if n < 0 { "earlier" } else { "later" })
            }
        };
        with_shared(format!("fits {:.2}{when}", self.fit), &self.names, &self.terms)
    }
}

/// Why a report is in its story, and which one came second.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReportFit {
    /// Why.
    pub why: Why,
    /// The story that came second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Fit>,
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
        related: grouped.related.iter().map(|near| related(grouped, near)).collect(),
        fits: grouped
            .fitted
            .iter()
            .zip(story.documents())
            .map(|(fitted, document)| ReportFit {
                why: why(document, fitted.fit, &fitted.reasons),
                second: fitted.second.map(fit),
            })
            .collect(),
        reports: ids,
    }
}

/// A story that is near `grouped`, with what they share as a report of `grouped` writes it.
pub(crate) fn related(grouped: &Grouped, near: &Related) -> RelatedStory {
    let documents = grouped.compared.story.documents();
    let shared = |all: &[(String, f64)]| {
        let written = |term: &str| documents.iter().find_map(|document| Terms::written(document, term));
        let text = |term: &String| written(term).unwrap_or(term).to_owned();
        all.iter().map(|(term, adds)| Shared { text: text(term), adds: rounded(*adds) }).collect()
    };
    RelatedStory {
        story: near.story.to_string(),
        label: near.label.clone(),
        fit: rounded(near.fit),
        days_later: near.days_later,
        terms: shared(&near.terms),
        names: shared(&near.names),
    }
}

fn fit((story, fit): (StoryId, f64)) -> Fit {
    Fit { story: story.to_string(), fit: rounded(fit) }
}

/// What `stemma stories --watch --json` prints for each report: where it was put, and why.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Arrival {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Id of the report.
    pub report: String,
    /// Where it was read.
    pub origin: String,
    /// Id of its story.
    pub story: String,
    /// `opened`, `joined`, or `known` if it was there already.
    pub outcome: String,
    /// Reports that its story has now.
    pub reports: usize,
    /// Headline or first sentence of the report of the story that is most like the others.
    pub label: String,
    /// Why; left out of a report that opened a story or was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// The story that came second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Fit>,
}

/// Why a report is in its story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Why {
    /// How well it fits: 1 if it is as like the others as they are among themselves.
    pub fit: f64,
    /// A person has put it there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub corrected: bool,
    /// Id of the report of which it is nearly a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near_duplicate: Option<String>,
    /// Mean similarity to the other reports.
    pub similarity: f64,
    /// Words in common, and what each adds to the similarity.
    pub terms: Vec<Shared>,
    /// Names in common.
    pub names: Vec<Shared>,
    /// Days between it and the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_apart: Option<i64>,
}

/// Words and names told on one line.
const TOLD: usize = 4;

impl Why {
    /// In a few words: "fits 1.10: Skarvik, ferry, Nordlys".
    pub fn in_short(&self) -> String {
        let how = match self {
            Why { corrected: true, .. } => "put there by hand".to_owned(),
            Why { near_duplicate: Some(_), .. } => "nearly a copy".to_owned(),
            _ => format!("fits {:.2}", self.fit),
        };
        with_shared(how, &self.names, &self.terms)
    }
}

fn with_shared(how: String, names: &[Shared], terms: &[Shared]) -> String {
    let shared: Vec<&str> = names.iter().chain(terms).take(TOLD).map(|shared| shared.text.as_str()).collect();
    if shared.is_empty() { how } else { format!("{how}: {}", shared.join(", ")) }
}

/// Something that a report shares with its story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Shared {
    /// The word or name as the report writes it.
    pub text: String,
    /// What it adds to the similarity.
    pub adds: f64,
}

/// How well a report fits a story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Fit {
    /// Id of the story.
    pub story: String,
    /// How well.
    pub fit: f64,
}

/// Where `document` was put, in the types of the wire; `label` and `n_reports` are those of its story now.
pub fn arrival(document: &Document, placement: &Placement, label: &str, n_reports: usize) -> Arrival {
    let outcome = match placement {
        Placement { known: true, .. } => "known",
        Placement { opened: true, .. } => "opened",
        _ => "joined",
    };
    Arrival {
        schema_version: SCHEMA_VERSION,
        report: document.report().shown_id(),
        origin: document.report().origin().to_string(),
        story: placement.story.to_string(),
        outcome: outcome.to_owned(),
        reports: n_reports,
        label: label.to_owned(),
        why: (outcome == "joined").then(|| why(document, placement.score, &placement.reasons)),
        second: placement.second.map(fit),
    }
}

/// Why `document` is in its story.
pub(crate) fn why(document: &Document, fit: f64, reasons: &Reasons) -> Why {
    let shared = |all: &[(String, f64)]| {
        let written = |term: &String| Terms::written(document, term).unwrap_or(term).to_owned();
        all.iter().map(|(term, adds)| Shared { text: written(term), adds: rounded(*adds) }).collect()
    };
    Why {
        fit: rounded(fit),
        corrected: reasons.corrected,
        near_duplicate: reasons.near_duplicate.map(|(report, _)| report.to_string()),
        similarity: rounded(reasons.similarity),
        terms: shared(&reasons.terms),
        names: shared(&reasons.names),
        days_apart: reasons.days_apart,
    }
}
