//! One report to one document.
//!
//! Each stage is a function from the layers that it reads to the layer that it makes; [`Annotator::annotate`] is the
//! whole pipeline. Nothing here opens a file, reads a clock or fails: odd text gives fewer findings and a note.
//! Word lists are data in `data/`, one entry a line, built into the program.

mod attributions;
mod credits;
mod dates;
mod figures;
mod names;
mod numbers;
pub mod parts;
mod quotes;
mod segments;
mod sentences;
mod shuffle;
mod statements;
mod times;
mod tokens;
mod words;

use std::sync::Arc;

use stemma_core::{Document, Layer, Layers, Published, Report};

pub use attributions::{Cues, Prose, find_attributions, speakers};
pub use credits::{Outlets, find_credits};
pub use dates::find_published;
pub use figures::find_figures;
pub use names::{Names, training};
pub use parts::{Part, Parts, find_parts};
pub use quotes::find_quotes;
pub use segments::find_segments;
pub use sentences::split_sentences;
pub use statements::find_statements;
pub use times::find_times;
pub use tokens::tokenize;

/// The word lists of all stages, read once; [`Annotator::annotate`] may then run on any number of threads.
#[derive(Debug)]
pub struct Annotator {
    names: Names,
    cues: Cues,
    outlets: Outlets,
    parts: Parts,
}

impl Annotator {
    /// Reads the built-in word lists: a few milliseconds.
    pub fn load() -> Self {
        Self { names: Names::load(), cues: Cues::load(), outlets: Outlets::load(), parts: Parts::load() }
    }

    /// The same with other cues.
    pub fn with_cues(self, cues: Cues) -> Self {
        Self { cues, ..self }
    }

    /// The same with other names.
    pub fn with_names(self, names: Names) -> Self {
        Self { names, ..self }
    }

    /// Everything that Stemma finds in one report. Linear in the text but for pathological nesting; never fails.
    pub fn annotate(&self, report: Arc<Report>) -> Document {
        let text = report.text();
        let mut notes = Vec::new();
        let tokens = tokenize(text);
        let segments = find_segments(text, &tokens, report.title());
        let quotes = find_quotes(text, &tokens, &segments, &mut notes);
        let sentences = split_sentences(text, &tokens, &segments, &quotes);
        let published = find_published(&report, &tokens, &segments, &mut notes);
        let times = find_times(text, &tokens, &sentences, published);
        let figures = find_figures(text, &tokens, &sentences, &times);
        let (mentions, entities) = self.names.find(text, &tokens, &segments, &sentences, &quotes);
        let parts = find_parts(text, &tokens, &segments, &sentences, &self.parts);
        let prose = Prose {
            text,
            tokens: &tokens,
            parts: &parts,
            segments: &segments,
            sentences: &sentences,
            quotes: &quotes,
        };
        let attributions = find_attributions(prose, &mentions, &self.cues);
        let mentions = attributions::mend_quoted(text, mentions, &entities, &quotes, &attributions);
        let statements = find_statements(text, &tokens, &segments, &sentences, &quotes, &attributions);
        let credits = find_credits(text, &tokens, &segments, &attributions, &self.outlets);
        let layers = Layers {
            tokens,
            segments,
            sentences,
            quotes,
            times,
            figures,
            mentions,
            entities,
            attributions,
            statements,
            credits,
            published,
            notes,
        };
        Document::new(report, layers)
    }

    /// One part of speech for each token of `document`.
    pub fn find_parts(&self, document: &Document) -> Vec<Part> {
        let layers = document.layers();
        find_parts(document.text(), &layers.tokens, &layers.segments, &layers.sentences, &self.parts)
    }

    /// `document` with its times counted from `day`, the story's date: for a report that says nowhere when it was published.
    /// The report stays undated; the reasons name the story's date.
    pub fn count_times_from(&self, document: &Document, day: Published) -> Document {
        let mut layers = document.layers().clone();
        let found = find_times(document.text(), &layers.tokens, &layers.sentences, Some(day));
        let mut items = found.items().to_vec();
        for time in &mut items {
            time.reason = time.reason.replace(times::REPORT_DATE, "the story's date");
        }
        layers.times = Layer::new(found.made_by, items);
        Document::new(Arc::new(document.report().clone()), layers)
    }
}
