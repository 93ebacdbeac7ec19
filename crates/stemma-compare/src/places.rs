//! Which sentences and pieces stand at a place: a cell is spans, what the alignment knows is by piece.

use std::ops::Range;

use stemma_core::Span;

use crate::alignment::overlap;
use crate::pieces::Pieces;

/// Finds the sentences of [`Pieces`] by place. O(log n) for a span, and what it touches.
pub(crate) struct Places<'a> {
    pieces: &'a Pieces,
    /// Where the sentences of each report start, and the end of all.
    starts: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(pieces: &'a Pieces, n_reports: usize) -> Self {
        let start = |report: usize| pieces.sentences.partition_point(|sentence| sentence.report < report);
        Self { pieces, starts: (0..=n_reports).map(start).collect() }
    }

    /// The sentences that `span` touches, as indices into [`Pieces::sentences`].
    pub(crate) fn sentences(&self, report: usize, span: Span) -> Range<usize> {
        let first = self.starts[report];
        let of_report = &self.pieces.sentences[first..self.starts[report + 1]];
        let from = of_report.partition_point(|sentence| sentence.span.end() <= span.start());
        let n = of_report[from..].iter().take_while(|sentence| sentence.span.start() < span.end()).count();
        first + from..first + from + n
    }

    /// The pieces that share text with `spans`, as indices into [`Pieces::all`]; a piece may come more than once.
    pub(crate) fn pieces(&self, report: usize, spans: &'a [Span]) -> impl Iterator<Item = usize> {
        let sentences = spans.iter().flat_map(move |&span| self.sentences(report, span));
        let pieces = sentences.flat_map(|sentence| self.pieces.sentences[sentence].pieces.clone());
        pieces.filter(|&piece| overlap(&self.pieces.all[piece].spans, spans) > 0)
    }
}
