//! What grouping needs to know of one report.

use jiff::civil::Date;
use stemma_core::{Document, ReportId, SegmentKind, Span};

use crate::near_duplicate::Sketch;
use crate::terms::Terms;

/// One report as the stream sees it. Made on any thread; far smaller than the document.
#[derive(Clone, PartialEq, Debug)]
pub struct Outline {
    /// Which report.
    pub report: ReportId,
    /// Day of publication, if it is known.
    pub day: Option<Date>,
    /// Headline, else first sentence.
    pub label: String,
    /// First sentence of the body, in the report's text.
    pub lead: Option<Span>,
    /// What it is about.
    pub terms: Terms,
    /// For near-duplicates; without one there are none.
    pub sketch: Option<Sketch>,
}

impl Outline {
    /// The outline of a document.
    pub fn of(document: &Document) -> Self {
        let layers = document.layers();
        let in_body =
            |sentence: &&stemma_core::Sentence| layers.segments[sentence.segment].kind == SegmentKind::Body;
        Self {
            report: document.report().id(),
            day: document.published().map(|published| published.date()),
            label: label(document),
            lead: layers.sentences.items().iter().find(in_body).map(|sentence| sentence.span),
            terms: Terms::of(document),
            sketch: Sketch::of(document),
        }
    }
}

/// The headline, else the first sentence.
pub(crate) fn label(document: &Document) -> String {
    let first = || document.layers().sentences.items().first().map(|sentence| document.slice(sentence.span));
    document.report().title().or_else(first).unwrap_or("").trim().to_owned()
}
