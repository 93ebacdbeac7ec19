//! Which pairs of many reports are worth comparing: those that share a weighty term which is not too common.
//!
//! In: vectors, in an order of their own. Out: for each, those before it that it is to be compared with. Time and memory grow with
//! the vectors, as every list of a term is bounded.

use crate::vector::SparseVector;

/// Reports that one list may name: the first that have the term. Those that come later do not find each other by it, but it weighs in
/// pairs that others find.
const MAX_POSTINGS: usize = 2000;
/// Weightiest terms of a report under which it is found.
const QUERY_TERMS: usize = 64;

/// Reports by their weightiest terms.
#[derive(Clone, Debug)]
pub(crate) struct Candidates<'a> {
    vectors: &'a [SparseVector],
    /// By term: places of reports, in order.
    postings: Vec<Vec<u32>>,
}

/// Memory that one who asks often lends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    ranks: Vec<u64>,
    n_asked: u32,
    /// By place: the last question, counted from one, for which it was found.
    found_for: Vec<u32>,
    found: Vec<u32>,
}

impl<'a> Candidates<'a> {
    pub(crate) fn of(vectors: &'a [SparseVector]) -> Self {
        let last = |vector: &SparseVector| vector.weights().last().map(|&(id, _)| id as usize + 1);
        let n_terms = vectors.iter().filter_map(last).max().unwrap_or(0);
        let mut postings: Vec<Vec<u32>> = vec![Vec::new(); n_terms];
        let mut ranks = Vec::new();
        for (n, vector) in (0_u32..).zip(vectors) {
            for (id, _) in vector.greatest(QUERY_TERMS, &mut ranks) {
                let list = &mut postings[id as usize];
                if list.len() < MAX_POSTINGS {
                    list.push(n);
                }
            }
        }
        Self { vectors, postings }
    }

    /// Reports before the one at `n` that share a term with it, each once, in any order.
    pub(crate) fn before<'s>(&self, n: u32, scratch: &'s mut Scratch) -> &'s [u32] {
        scratch.found_for.resize(self.vectors.len(), 0);
        scratch.found.clear();
        scratch.n_asked += 1;
        for (id, _) in self.vectors[n as usize].greatest(QUERY_TERMS, &mut scratch.ranks) {
            let list = &self.postings[id as usize];
            // Where it is not named itself, the list was full before it came.
            let Ok(at) = list.binary_search(&n) else { continue };
            for &earlier in &list[..at] {
                let last = &mut scratch.found_for[earlier as usize];
                if *last != scratch.n_asked {
                    *last = scratch.n_asked;
                    scratch.found.push(earlier);
                }
            }
        }
        &scratch.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(ids: &[u32]) -> SparseVector {
        SparseVector::unit(ids.iter().map(|&id| (id, 1.0)).collect(), usize::MAX)
    }

    #[test]
    fn those_that_share_a_weighty_term_find_each_other_once() {
        let vectors = [vector(&[1, 2]), vector(&[3]), vector(&[1, 2, 3])];
        let (candidates, mut scratch) = (Candidates::of(&vectors), Scratch::default());
        let mut before = |n| {
            let mut found = candidates.before(n, &mut scratch).to_vec();
            found.sort_unstable();
            found
        };
        assert_eq!([before(0), before(1), before(2), before(2)], [vec![], vec![], vec![0, 1], vec![0, 1]]);
    }

    #[test]
    fn terms_of_very_many_find_no_more() {
        let vectors = vec![vector(&[0]); MAX_POSTINGS + 2];
        let (candidates, mut scratch) = (Candidates::of(&vectors), Scratch::default());
        let last_named = MAX_POSTINGS as u32 - 1;
        assert_eq!(candidates.before(last_named, &mut scratch).len(), MAX_POSTINGS - 1);
        assert!(candidates.before(last_named + 1, &mut scratch).is_empty());
    }
}
