//! What happened when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::{ReportIndex, Span};

use super::Writer;
use crate::api::Range;

/// A day or a run of days, and what the reports say of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TimelineEntry {
    /// First day, ISO 8601.
    pub first: String,
    /// Last day, included.
    pub last: String,
    /// Where the reports speak of it.
    pub mentions: Vec<TimelineMention>,
}

/// An expression of time in one report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TimelineMention {
    /// Id of the report.
    pub report: String,
    /// The words of the time, as a list of one span.
    pub spans: Vec<Range>,
    /// These words.
    pub text: String,
    /// The sentence around them.
    pub sentence: Range,
    /// Its words.
    pub sentence_text: String,
    /// How the days were found.
    pub reason: String,
}

impl Writer<'_> {
    pub(super) fn timeline_entry(&self, entry: &stemma_core::TimelineEntry) -> TimelineEntry {
        let mention =
            |(report, time, sentence, reason): &(ReportIndex, Span, Span, String)| TimelineMention {
                report: self.id(*report),
                spans: self.ranges(*report, &[*time]),
                text: self.text(*report, &[*time]),
                sentence: self.offsets[report.index()].of_span(*sentence),
                sentence_text: self.text(*report, &[*sentence]),
                reason: reason.clone(),
            };
        TimelineEntry {
            first: entry.days.first.to_string(),
            last: entry.days.last.to_string(),
            mentions: entry.mentions.iter().map(mention).collect(),
        }
    }
}
