//! Who had it from whom, and the text that reports share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::{EdgeOrigin, ReportIndex, Span};

use super::Writer;
use crate::api::{EdgeKind, Range, rounded};

/// One edge of the stemma: who had it from whom.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Edge {
    /// Id of a report; for a text that is not among them `agency:NAME`, `release:NAME`, and `outlet:NAME` for a relay.
    pub from: String,
    /// Id of the report that had it.
    pub to: String,
    /// How.
    pub kind: EdgeKind,
    /// The later report says so.
    pub credited: bool,
    /// The later report has reporting of its own besides.
    #[serde(default)]
    pub partly: bool,
    /// The words in `to` that show it.
    pub evidence: String,
    /// Where these stand.
    pub spans: Vec<Range>,
    /// How sure the rule is, 0 to 1.
    pub score: f64,
    /// The rule and what it saw.
    pub reason: String,
}

/// Text that two reports share word for word.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    /// In the one report and in the other.
    pub sides: [PassageSide; 2],
    /// Words that they share, in order.
    pub words: usize,
    /// It stands in quotation marks in both: shared speech, not copied text.
    pub quoted: bool,
    /// It stands outside of both reports' own text: a caption, a credit, page furniture.
    #[serde(default)]
    pub aside: bool,
}

/// Text that two reports share, lightly rewritten.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Stretch {
    /// In the one report and in the other.
    pub sides: [PassageSide; 2],
    /// Words of the longer side.
    pub words: usize,
    /// Share of these that both have in the same order, 0 to 1.
    pub unchanged: f64,
    /// Its exact runs, as indices into the passages.
    pub runs: Vec<usize>,
}

/// Where a shared passage stands in one report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PassageSide {
    /// Id of the report.
    pub report: String,
    /// A list of one span.
    pub spans: Vec<Range>,
    /// The words.
    pub text: String,
}

impl Writer<'_> {
    pub(super) fn edge(&self, edge: &stemma_core::Edge) -> Edge {
        let from = match &edge.from {
            EdgeOrigin::Report(report) => self.id(*report),
            EdgeOrigin::Unseen(name) => unseen(edge.kind, name),
        };
        Edge {
            from,
            to: self.id(edge.to),
            kind: edge.kind.into(),
            credited: edge.credited,
            partly: edge.partly,
            evidence: self.text(edge.to, &edge.evidence),
            spans: self.ranges(edge.to, &edge.evidence),
            score: rounded(edge.score),
            reason: edge.reason.clone(),
        }
    }

    pub(super) fn stretch(&self, stretch: &stemma_compare::Stretch) -> Stretch {
        Stretch {
            sides: [self.passage_side(stretch.a), self.passage_side(stretch.b)],
            words: stretch.n_words,
            unchanged: rounded(stretch.unchanged()),
            runs: stretch.runs.clone(),
        }
    }

    fn passage_side(&self, (report, span): (ReportIndex, Span)) -> PassageSide {
        PassageSide {
            report: self.id(report),
            spans: self.ranges(report, &[span]),
            text: self.text(report, &[span]),
        }
    }

    pub(super) fn passage(&self, passage: &stemma_core::Passage) -> Passage {
        Passage {
            sides: [self.passage_side(passage.a), self.passage_side(passage.b)],
            words: passage.n_words,
            quoted: passage.quoted,
            aside: passage.aside,
        }
    }
}

/// The name of a text that is not among the reports, with what it is before it.
fn unseen(kind: stemma_core::EdgeKind, name: &str) -> String {
    let known = ["agency:", "release:", "outlet:"].iter().any(|prefix| name.starts_with(prefix));
    match kind {
        _ if known => name.to_owned(),
        stemma_core::EdgeKind::Relay => format!("outlet:{name}"),
        _ => format!("agency:{name}"),
    }
}
