//! How rare terms are: running counts over a background of general English.
//!
//! A stream starts with nothing, so the counts start from a background table (`data/document_frequencies.txt`: stems with
//! the number of texts that hold them). As reports come in, their counts outweigh it. The table was counted with the
//! example `document_frequencies` on GUM (Zeldes 2017; the genres under CC BY) and Wikigold (Balasuriya et al. 2009, CC BY),
//! cut into stretches of the length of a report; it holds counts alone, for stems in three stretches or more.

use std::collections::HashMap;

use crate::terms::Terms;
use crate::vector::SparseVector;

const BACKGROUND: &str = include_str!("../data/document_frequencies.txt");

/// Terms and in how many reports each was seen.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    ids: HashMap<String, u32>,
    terms: Vec<String>,
    n_reports_with: Vec<u32>,
    n_reports: u32,
}

impl Default for Vocabulary {
    /// The background alone.
    fn default() -> Self {
        let mut lines = BACKGROUND.lines();
        let n_reports = lines.next().and_then(|line| line.parse().ok()).unwrap_or(0);
        let mut vocabulary = Self::empty(n_reports);
        for (term, count) in lines.filter_map(|line| line.split_once('\t')) {
            vocabulary.insert(term, count.parse().unwrap_or(0));
        }
        vocabulary
    }
}

impl Vocabulary {
    /// No terms, `n_reports` seen.
    pub(crate) fn empty(n_reports: u32) -> Self {
        Self { ids: HashMap::new(), terms: Vec::new(), n_reports_with: Vec::new(), n_reports }
    }

    /// Adds `count` reports to those that hold `term`.
    pub(crate) fn insert(&mut self, term: &str, count: u32) -> u32 {
        if let Some(&id) = self.ids.get(term) {
            self.n_reports_with[id as usize] += count;
            return id;
        }
        let id = u32::try_from(self.terms.len()).expect("fewer than 2^32 different terms fit into memory");
        self.ids.insert(term.to_owned(), id);
        self.terms.push(term.to_owned());
        self.n_reports_with.push(count);
        id
    }

    /// Counts one more report.
    pub(crate) fn count(&mut self, terms: &Terms) {
        self.n_reports += 1;
        for (term, _) in terms.iter() {
            self.insert(term, 1);
        }
    }

    /// The terms weighted by rarity, of length 1. Terms that were never counted are left out.
    pub(crate) fn vector(&self, terms: &Terms) -> SparseVector {
        let known = terms.iter().filter_map(|(term, weight)| {
            let id = *self.ids.get(term)?;
            Some((id, weight * self.rarity(id)))
        });
        SparseVector::unit(known.collect())
    }

    /// Logarithm of one over the share of reports that hold the term, smoothed, never below 0.
    fn rarity(&self, id: u32) -> f32 {
        let (all, with) = (self.n_reports as f32, self.n_reports_with[id as usize] as f32);
        ((all + 1.0) / (with + 0.5)).ln().max(0.0)
    }

    /// The term of `id`, which is one of this vocabulary's.
    pub fn term(&self, id: u32) -> &str {
        &self.terms[id as usize]
    }

    /// Number of reports counted, the background's with them.
    pub(crate) fn n_reports(&self) -> u32 {
        self.n_reports
    }

    /// Adds what `other` counted beyond the background, where `ids` are the ids here of its terms.
    pub(crate) fn add_counts(&mut self, other: &Vocabulary, ids: &[u32]) {
        let background = Vocabulary::default();
        self.n_reports += other.n_reports.saturating_sub(background.n_reports);
        for (&id, (term, count)) in ids.iter().zip(other.counts()) {
            let known = background.ids.get(term).map_or(0, |&id| background.n_reports_with[id as usize]);
            self.n_reports_with[id as usize] += count.saturating_sub(known);
        }
    }

    /// Terms with their counts, in order of id.
    pub(crate) fn counts(&self) -> impl ExactSizeIterator<Item = (&str, u32)> {
        self.terms.iter().map(String::as_str).zip(self.n_reports_with.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_background_knows_what_is_common() {
        let vocabulary = Vocabulary::default();
        let rarity = |term: &str| vocabulary.rarity(vocabulary.ids[term]);
        assert!(rarity("the") < 0.1);
        assert!(rarity("peopl") > 0.5 && rarity("peopl") < rarity("bridg"));
    }
}
