//! How rare terms are: running counts over a background of general English.
//!
//! A stream starts with nothing, so the counts start from a background table (`data/document_frequencies.txt`: stems with
//! the number of texts that hold them). As reports come in, their counts outweigh it. The table was counted with the
//! example `document_frequencies` on GUM (Zeldes 2017; the genres under CC BY) and Wikigold (Balasuriya et al. 2009, CC BY),
//! cut into stretches of the length of a report; it holds counts alone, for stems in three stretches or more.
//!
//! So that memory stays bounded in an endless stream, all counts are halved when [`MOST_REPORTS`] have been counted (what was
//! common long ago counts ever less), and rare terms that no open story holds are let go; their ids are given anew.

use std::collections::HashMap;

use crate::term_table::TermTable;
use crate::terms::Terms;
use crate::vector::SparseVector;

const BACKGROUND: &str = include_str!("../data/document_frequencies.txt");

/// Reports after which all counts are halved.
const MOST_REPORTS: u32 = 1 << 20;
/// Terms of no more reports than this are let go when nothing uses them.
const RARE: u32 = 2;
/// Weightiest terms of a report that its vector keeps where all reports are there at once. On the training part of ECB+ more of them
/// change nothing.
pub(crate) const TERMS_OF_BATCH: usize = 96;
/// The same in a stream, where vectors are most of what is kept in memory. On the training part of ECB+ 96 are no better.
pub(crate) const TERMS_OF_STREAM: usize = 80;
/// How strongly rarity counts. In a stream of many languages the commonest words of each are rather rare, and must weigh little all the same.
const RARITY_POWER: f32 = 1.3;

/// Terms and in how many reports each was seen.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    table: TermTable,
    n_reports: u32,
}

impl Default for Vocabulary {
    /// The background alone.
    fn default() -> Self {
        let mut lines = BACKGROUND.lines();
        let n_reports = lines.next().and_then(|line| line.parse().ok()).unwrap_or(0);
        let counts = lines.filter_map(|line| line.split_once('\t'));
        Self::restore(n_reports, counts.map(|(term, count)| (term, count.parse().unwrap_or(0))))
    }
}

impl Vocabulary {
    /// The terms in order of id, with their counts; an empty term stands for a free id.
    pub(crate) fn restore<'a>(n_reports: u32, counts: impl Iterator<Item = (&'a str, u32)>) -> Self {
        Self { table: TermTable::restore(counts), n_reports }
    }

    /// The id of `term`, which is given one if it is new.
    pub(crate) fn insert(&mut self, term: &str) -> u32 {
        self.table.add_all(std::iter::once(term), 0)[0]
    }

    /// Counts one more report. Gives the ids of its terms with their weights in it.
    pub(crate) fn count(&mut self, terms: &Terms) -> Vec<(u32, f32)> {
        if self.n_reports >= MOST_REPORTS {
            self.n_reports /= 2;
            self.table.counts_mut().for_each(|count| *count /= 2);
        }
        self.n_reports += 1;
        let ids = self.table.add_all(terms.iter().map(|(term, _)| term), 1);
        ids.into_iter().zip(terms.iter().map(|(_, weight)| weight)).collect()
    }

    /// The `limit` weightiest of the terms by their weights in a report and their rarity, of length 1.
    pub(crate) fn vector(&self, terms: &[(u32, f32)], limit: usize) -> SparseVector {
        let weights =
            terms.iter().map(|&(id, weight)| (id, weight * self.rarity(id).powf(RARITY_POWER))).collect();
        SparseVector::unit(weights, limit)
    }

    /// Weights in a report of a stream, in order of id, once more by their rarity now. The ids stay, those without weight with them.
    pub(crate) fn weighed_again(&self, terms: impl Iterator<Item = (u32, f32)>) -> SparseVector {
        let weights = terms
            .map(|(id, weight)| (id, (weight * self.rarity(id).powf(RARITY_POWER)).max(f32::MIN_POSITIVE)));
        SparseVector::unit(weights.collect(), TERMS_OF_STREAM)
    }

    /// Logarithm of one over the share of reports that hold the term, smoothed, never below 0.
    fn rarity(&self, id: u32) -> f32 {
        let (all, with) = (self.n_reports as f32, self.table.count(id) as f32);
        ((all + 1.0) / (with + 0.5)).ln().max(0.0)
    }

    /// The id of `term`, if it is known.
    pub(crate) fn id(&self, term: &str) -> Option<u32> {
        self.table.id(term)
    }

    /// Cosine of two lists of terms, weighed by their rarity.
    pub(crate) fn likeness(&self, a: &Terms, b: &Terms) -> f64 {
        let new = ((self.n_reports as f32 + 1.0) / 0.5).ln();
        let weight = |(term, weight): (&str, f32)| {
            f64::from(weight * self.id(term).map_or(new, |id| self.rarity(id)).powf(RARITY_POWER))
        };
        let length = |terms: &Terms| terms.iter().map(|term| weight(term).powi(2)).sum::<f64>().sqrt();
        let of_b: HashMap<&str, f32> = b.iter().collect();
        let shared =
            a.iter().filter_map(|(term, w)| Some(weight((term, w)) * weight((term, *of_b.get(term)?))));
        let lengths = length(a) * length(b);
        if lengths > 0.0 { shared.sum::<f64>() / lengths } else { 0.0 }
    }

    /// The term of `id`, which is one of this vocabulary's.
    pub fn term(&self, id: u32) -> &str {
        self.table.term(id)
    }

    /// Ids are below this.
    pub(crate) fn n_ids(&self) -> usize {
        self.table.iter().len()
    }

    /// Number of reports counted, the background's with them.
    pub(crate) fn n_reports(&self) -> u32 {
        self.n_reports
    }

    /// How many terms there are.
    pub(crate) fn n_terms(&self) -> usize {
        self.table.len()
    }

    /// Lets go of rare terms that are not `used`, which says so for each id.
    pub(crate) fn retire(&mut self, used: &[bool]) {
        let unused = (0_u32..).zip(self.table.iter().zip(used));
        let is_out = |&(_, ((term, count), used)): &(u32, ((&str, u32), &bool))| {
            !term.is_empty() && count <= RARE && !used
        };
        let out: Vec<u32> = unused.filter(is_out).map(|(id, _)| id).collect();
        out.into_iter().for_each(|id| self.table.remove(id));
    }

    /// Adds what `other` counted beyond the background, where `ids` are the ids here of its terms.
    pub(crate) fn add_counts(&mut self, other: &Vocabulary, ids: &[u32]) {
        let background = Vocabulary::default();
        self.n_reports += other.n_reports.saturating_sub(background.n_reports);
        let added: Vec<u32> = other
            .counts()
            .map(|(term, count)| {
                let known = background.table.id(term).map_or(0, |id| background.table.count(id));
                count.saturating_sub(known)
            })
            .collect();
        self.table.add_to(ids, &added);
    }

    /// Terms with their counts, in order of id; empty where the id is free.
    pub(crate) fn counts(&self) -> impl ExactSizeIterator<Item = (&str, u32)> {
        self.table.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_background_knows_what_is_common() {
        let vocabulary = Vocabulary::default();
        let rarity = |term: &str| vocabulary.rarity(vocabulary.table.id(term).unwrap());
        assert!(rarity("the") < 0.1);
        assert!(rarity("peopl") > 0.5 && rarity("peopl") < rarity("bridg"));
    }

    #[test]
    fn rare_terms_that_nothing_uses_give_their_ids_away() {
        let mut vocabulary = Vocabulary::restore(9, [("flood", 5), ("orla", 1), ("brevik", 2)].into_iter());
        vocabulary.retire(&[false, false, true]);
        assert!(vocabulary.counts().eq([("flood", 5), ("", 0), ("brevik", 2)]));
        let again = Vocabulary::restore(9, vocabulary.counts());
        for mut vocabulary in [vocabulary, again] {
            assert_eq!((vocabulary.insert("dam"), vocabulary.insert("thorn")), (1, 3));
            assert_eq!(vocabulary.insert("orla"), 4);
        }
    }

    #[test]
    fn counts_are_halved_in_an_endless_stream() {
        let mut vocabulary = Vocabulary::restore(MOST_REPORTS, [("flood", 1000)].into_iter());
        let before = vocabulary.rarity(0);
        vocabulary.count(&Terms::default());
        assert_eq!((vocabulary.n_reports(), vocabulary.table.count(0)), (MOST_REPORTS / 2 + 1, 500));
        assert!((vocabulary.rarity(0) - before).abs() < 0.01);
    }
}
