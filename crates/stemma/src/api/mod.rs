//! The types that leave the program as JSON, and their JSON Schemas.
//!
//! They are their own: the inside may change while these stay. [`comparison`] makes what `stemma compare --json` prints,
//! [`annotated_report`] one line of `stemma annotate --json`, [`explanation`] what `stemma explain --json` prints. Offsets count in [`Options::offsets`], from the start of a
//! report's text as it was given; a span is `[start, end]`, end exclusive. Ids depend on content alone. Scores are rounded
//! to four decimals. Fields without a value are left out.

mod annotate;
mod compare;
mod explain;
mod kinds;
mod schema;
mod stories;
mod versions;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::{Document, OffsetUnit, Offsets, Span};

pub use annotate::{
    AnnotatedReport, Attribution, Credit, Entity, Figure, Mention, Note, Quote, Segment, Sentence, Statement,
    TimeExpression, annotated_report,
};
pub use compare::{
    Alignment, Cell, Comparison, Divergence, Doubt, Edge, Emphasis, Evidence, Feature, Label, NameForm,
    Naming, Omission, OnlyIn, Passage, PassageSide, Placed, Speaker, StoryEntity, Stretch, TimelineEntry,
    TimelineMention, Witness, comparison,
};
pub use explain::{Contribution, ExplainedPlace, Explanation, Link, explanation};
pub use kinds::{
    AlignmentKind, Approximation, Basis, ChangeKind, CreditKind, DateOrigin, DivergenceKind, DuplicateLevel,
    EdgeKind, EntityKind, Form, Gender, Identity, Manner, MentionForm, Relation, SegmentKind, TimeKind, Unit,
    Verdict, Voice,
};
pub use schema::{
    annotate_schema, arrivals_schema, compare_schema, duplicates_schema, explain_schema, stories_schema,
    versions_schema,
};
pub use stories::{Arrival, Fit, Growth, RelatedStory, ReportFit, Shared, Story, Why, arrival, story};
pub(crate) use stories::{related, why};
pub use versions::{
    Change, ChangePlace, DuplicatePair, DuplicateReport, Likeness, VersionStep, Versions, duplicate_pair,
    versions,
};

/// Raised when a program that reads the JSON must change.
pub const SCHEMA_VERSION: u32 = 1;

/// `[start, end]`, end exclusive.
pub type Range = [usize; 2];

/// What to put out, and how to count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// The unit of all offsets.
    pub offsets: OffsetUnit,
    /// Whether the texts of the reports are put out.
    pub texts: Texts,
}

/// Which reports are put out with their text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Texts {
    /// Those whose text may have been extracted from a page or Markdown: the reader has no other way to know what the
    /// offsets refer to.
    #[default]
    Extracted,
    /// All.
    All,
    /// None.
    None,
}

/// What is known of a report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The id that the input gave, else the hash. No two reports of one story have the same.
    pub id: String,
    /// Hash of outlet, address and text.
    pub hash: String,
    /// Where it was read: path, address or `-`, with `:` and the line where that holds several.
    pub origin: String,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// Headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Day or point in time of publication, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Whether the metadata give `published`, or it was found in the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_from: Option<DateOrigin>,
    /// Address of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who wrote it, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byline: Option<String>,
    /// BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Number of words.
    pub words: usize,
    /// The text that offsets refer to; left out where the input gave it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Fields of the input that Stemma does not know.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Report {
    /// What is known of `document`, which is called `id`.
    fn of(document: &Document, id: String, options: &Options) -> Self {
        let report = document.report();
        let owned = |field: Option<&str>| field.map(str::to_owned);
        let with_text = match options.texts {
            Texts::Extracted => !is_given(&report.origin().place),
            Texts::All => true,
            Texts::None => false,
        };
        let from = |_| if report.published().is_some() { DateOrigin::Metadata } else { DateOrigin::Text };
        Self {
            id,
            hash: report.id().to_string(),
            origin: report.origin().to_string(),
            outlet: owned(report.outlet()),
            title: owned(report.title()),
            published: document.published().map(|published| published.to_string()),
            published_from: document.published().map(from),
            url: owned(report.url()),
            byline: owned(report.byline()),
            language: owned(report.language()),
            words: crate::render::n_words(document),
            text: with_text.then(|| report.text().to_owned()),
            extra: report.extra().clone(),
        }
    }
}

/// True if the text of a report from `place` is the input itself. Of a page and of Markdown it is what was extracted;
/// what came through standard input, or from a file whose ending says nothing, may be either.
fn is_given(place: &str) -> bool {
    let place = place.to_ascii_lowercase();
    [".txt", ".text", ".json", ".jsonl", ".ndjson"].iter().any(|ending| place.ends_with(ending))
}

/// Four decimals: enough to sort by, and the same on every machine.
fn rounded(score: f64) -> f64 {
    (score * 10_000.0).round() / 10_000.0
}

/// Byte spans of one document in the unit that is asked for.
fn ranges(offsets: &Offsets, spans: &[Span]) -> Vec<Range> {
    spans.iter().map(|&span| offsets.of_span(span)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_the_input_are_told_from_those_that_were_extracted() {
        assert!(["a.TXT", "b/c.jsonl", "d.html.txt"].iter().all(|place| is_given(place)));
        assert!(!["a.html", "b.md", "-", "txt", "https://example.org/a"].iter().any(|place| is_given(place)));
    }
}
