//! The words around a figure or a name: what tells that two of them are of the same thing.

use std::ops::Range;

use stemma_core::Span;

use super::{Pair, Side};
use crate::features::Nearness;
use crate::terms::TermId;

/// Words before and after that are looked at.
const AROUND: usize = 6;

/// Share of common words from which on the place in the sentence tells something.
const MIN_SAMENESS: f64 = 0.4;
/// A change of more words than this is no slot.
const LONGEST_CHANGE: usize = 8;

/// The tokens around `own` in its sentence, as far as the nearest of `others` on either side; with `own`.
pub(super) fn around(side: Side<'_>, own: Span, others: impl Iterator<Item = Span>) -> Range<usize> {
    let own = side.document.tokens_in(own);
    let sentence = side.document.tokens_in(side.sentences());
    let mut start = sentence.start.max(own.start.saturating_sub(AROUND));
    let mut end = sentence.end.min(own.end + AROUND);
    for other in others.map(|other| side.document.tokens_in(other)) {
        if other.end <= own.start {
            start = start.max(other.end);
        } else if other.start >= own.end {
            end = end.min(other.start);
        }
    }
    start.min(own.start)..end.max(own.end)
}

impl Pair<'_> {
    /// Share of the words with content of the two ranges of tokens that are common or near, `0.0..=1.0`; numbers and
    /// names are passed over.
    pub(super) fn nearness(&self, ranges: [Range<usize>; 2]) -> f64 {
        let [a, b] = ranges;
        let (a, b) = (self.words(0, a), self.words(1, b));
        let texts = self.texts;
        Nearness::of((&a, texts.weight(&a)), (&b, texts.weight(&b)), texts.vocabulary).of_both
    }

    /// Share of the weight of the words of both cells that is common or near, `0.0..=1.0`.
    pub(super) fn nearness_of_all(&self) -> f64 {
        let texts = self.texts;
        let [a, b] =
            self.sides().map(|side| texts.bag(side.report.index(), side.document.tokens_in(side.cover())));
        Nearness::of((&a, texts.weight(&a)), (&b, texts.weight(&b)), texts.vocabulary).of_both
    }

    /// Words with content that are neither numbers nor names.
    pub(super) fn words(&self, side: usize, range: Range<usize>) -> Vec<TermId> {
        let bag = self.texts.bag(self.sides()[side].report.index(), range);
        let vocabulary = self.texts.vocabulary;
        bag.into_iter().filter(|&id| !vocabulary.is_number(id) && !vocabulary.is_name(id)).collect()
    }

    /// True if the two stand at the same place of otherwise common words: one short change of the word diff holds both.
    pub(super) fn is_one_slot(&self, spans: [Span; 2]) -> bool {
        self.sameness() >= MIN_SAMENESS
            && self.diff.iter().any(|piece| {
                !piece.same
                    && piece.n_words.iter().all(|&n| n <= LONGEST_CHANGE)
                    && self.place(0, piece.a).touches(spans[0])
                    && self.place(1, piece.b).touches(spans[1])
            })
    }

    /// True if the report of side `n` names `bearer`, an index into the cast, anywhere.
    pub(super) fn is_named(&self, n: usize, bearer: usize) -> bool {
        let report = self.sides()[n].report;
        self.cast.entities[bearer].names.iter().any(|(other, _, _)| *other == report)
    }

    /// Names among the terms of `range`.
    pub(super) fn names(&self, side: usize, range: Range<usize>) -> Vec<TermId> {
        let vocabulary = self.texts.vocabulary;
        let all = self.texts.terms_in(self.sides()[side].report.index(), range);
        all.filter(|&id| vocabulary.is_name(id)).collect()
    }
}
