//! An inverted index from terms to open stories.
//!
//! A story is filed under its weightiest terms. A report asks with its own; each story that is met gains the squares of the
//! weights of the terms under which it was. Work is bounded: the shorter lists are read first and in full, and from the others
//! only the latest stories once [`MOST_READ`] entries have been read.

use crate::ahead::read_ahead;
use crate::vector::{SparseVector, greatest_ranks, rank, unrank};

/// Weightiest terms of a report with which candidates are sought.
const QUERY_TERMS: usize = 24;
/// Entries that are read for one report before lists are cut.
const MOST_READ: usize = 768;
/// Latest entries that are read of a list that is cut.
const LATEST: usize = 32;

/// What a closed story has gained: whatever is added, it stays. So a closed story is told from an open one without going to
/// the story itself, which lies elsewhere in memory.
const CLOSED: f32 = f32::NEG_INFINITY;

/// Which stories are filed under each term.
#[derive(Clone, Debug, Default)]
pub(crate) struct StoryIndex {
    /// By id of the term; stories in rising order.
    lists: Vec<Vec<u32>>,
    /// What each story has gained in the present question; between two zero, and [`CLOSED`] for those that take no more reports.
    gained: Vec<f32>,
    /// Empty between two questions, like `ranks`: kept so that memory is not asked for again and again.
    met: Vec<u32>,
    ranks: Vec<u64>,
}

impl StoryIndex {
    /// Files `story` under `term`. It must not be there yet.
    pub(crate) fn file(&mut self, term: u32, story: u32) {
        let at = term as usize;
        if self.lists.len() <= at {
            self.lists.resize_with(at + 1, Vec::new);
        }
        if self.gained.len() <= story as usize {
            self.gained.resize(story as usize + 1, 0.0);
        }
        let list = &mut self.lists[at];
        match list.last() {
            Some(&last) if last > story => list.insert(list.partition_point(|&other| other < story), story),
            _ => list.push(story),
        }
    }

    /// The `limit` open stories that share most with `vector`, the nearest first; of equals the older.
    pub(crate) fn nearest(&mut self, vector: &SparseVector, limit: usize) -> Vec<u32> {
        let Self { lists, gained, met, ranks } = self;
        let terms = vector.greatest(QUERY_TERMS, ranks);
        let mut lists: Vec<(&[u32], f32)> = terms
            .filter_map(|(term, weight)| Some((lists.get(term as usize)?.as_slice(), weight * weight)))
            .collect();
        read_ahead(lists.iter().map(|(list, _)| list.last().copied().unwrap_or(0)));
        lists.sort_by_key(|(list, _)| list.len());
        let mut n_read = 0;
        for (list, gain) in lists {
            let latest = if n_read + list.len() <= MOST_READ { list.len() } else { LATEST.min(list.len()) };
            for &story in &list[list.len() - latest..] {
                let gained = &mut gained[story as usize];
                if *gained == 0.0 {
                    met.push(story);
                }
                *gained += gain;
            }
            n_read += latest;
        }
        ranks.clear();
        ranks.extend(met.drain(..).map(|story| rank(std::mem::take(&mut gained[story as usize]), story)));
        greatest_ranks(ranks, limit);
        ranks.iter().map(|&rank| unrank(rank).0).collect()
    }

    /// Finds `story` no more.
    pub(crate) fn close(&mut self, story: u32) {
        if let Some(gained) = self.gained.get_mut(story as usize) {
            *gained = CLOSED;
        }
    }

    /// Takes `story` out of the lists of `terms`.
    pub(crate) fn remove(&mut self, terms: &[u32], story: u32) {
        for &term in terms {
            if let Some(list) = self.lists.get_mut(term as usize)
                && let Ok(at) = list.binary_search(&story)
            {
                list.remove(at);
            }
        }
    }

    /// Takes out the stories that are closed.
    pub(crate) fn tidy(&mut self) {
        let gained = &self.gained;
        for list in &mut self.lists {
            list.retain(|&story| gained[story as usize] != CLOSED);
            if list.capacity() > 4 * list.len() {
                list.shrink_to_fit();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(weights: &[(u32, f32)]) -> SparseVector {
        SparseVector::unit(weights.to_vec(), 100)
    }

    #[test]
    fn stories_that_share_more_come_first() {
        let mut index = StoryIndex::default();
        for (term, story) in [(0, 4), (0, 2), (1, 2), (2, 3)] {
            index.file(term, story);
        }
        let asked = vector(&[(0, 1.0), (1, 2.0), (9, 1.0)]);
        assert_eq!(index.nearest(&asked, 8), [2, 4]);
        assert_eq!(index.nearest(&asked, 1), [2], "nothing is left of the last question");
        index.close(2);
        assert_eq!(index.nearest(&asked, 8), [4]);
        index.tidy();
        assert_eq!(index.nearest(&asked, 8), [4]);
        index.remove(&[0], 4);
        assert!(index.nearest(&asked, 8).is_empty());
    }

    #[test]
    fn of_a_term_that_many_stories_have_the_latest_are_read() {
        let mut index = StoryIndex::default();
        (0..100_000).for_each(|story| index.file(0, story));
        index.file(1, 17);
        let found = index.nearest(&vector(&[(0, 1.0), (1, 1.0)]), 1000);
        assert_eq!((found.len(), found[0]), (LATEST + 1, 17));
    }
}
