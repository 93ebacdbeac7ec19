//! An inverted index from terms to open stories.
//!
//! A story is filed under its weightiest terms. A report asks with its own; each story that is met gains the squares of the
//! weights of the terms under which it was. Work is bounded: the shorter lists are read first and in full, and from the others
//! only the latest stories once [`MOST_READ`] entries have been read.

use crate::vector::SparseVector;

/// Weightiest terms of a report with which candidates are sought.
const QUERY_TERMS: usize = 24;
/// Entries that are read for one report before lists are cut.
const MOST_READ: usize = 2048;
/// Latest entries that are read of a list that is cut.
const LATEST: usize = 32;

/// Which stories are filed under each term.
#[derive(Clone, Debug, Default)]
pub(crate) struct StoryIndex {
    /// By id of the term; stories in rising order.
    lists: Vec<Vec<u32>>,
    /// What each story has gained in the present question; zero between two.
    gained: Vec<f32>,
}

impl StoryIndex {
    /// Files `story` under `term`. It must not be there yet.
    pub(crate) fn file(&mut self, term: u32, story: u32) {
        let at = term as usize;
        if self.lists.len() <= at {
            self.lists.resize_with(at + 1, Vec::new);
        }
        let list = &mut self.lists[at];
        match list.last() {
            Some(&last) if last > story => list.insert(list.partition_point(|&other| other < story), story),
            _ => list.push(story),
        }
    }

    /// The `limit` stories that share most with `vector`, the nearest first; of equals the older.
    pub(crate) fn nearest(
        &mut self,
        vector: &SparseVector,
        limit: usize,
        is_open: impl Fn(u32) -> bool,
    ) -> Vec<u32> {
        let terms = vector.greatest(QUERY_TERMS).into_iter();
        let mut lists: Vec<(&Vec<u32>, f32)> = terms
            .filter_map(|(term, weight)| Some((self.lists.get(term as usize)?, weight * weight)))
            .collect();
        lists.sort_by_key(|(list, _)| list.len());
        let (mut met, mut n_read) = (Vec::new(), 0);
        for (list, gain) in lists {
            let latest = if n_read + list.len() <= MOST_READ { list.len() } else { LATEST };
            for &story in &list[list.len().saturating_sub(latest)..] {
                let at = story as usize;
                if self.gained.len() <= at {
                    self.gained.resize(at + 1, 0.0);
                }
                if self.gained[at] == 0.0 {
                    met.push(story);
                }
                self.gained[at] += gain;
            }
            n_read += latest.min(list.len());
        }
        let mut found: Vec<(u32, f32)> =
            met.into_iter().map(|story| (story, std::mem::take(&mut self.gained[story as usize]))).collect();
        found.retain(|&(story, _)| is_open(story));
        let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if found.len() > limit {
            found.select_nth_unstable_by(limit, order);
            found.truncate(limit);
        }
        found.sort_unstable_by(order);
        found.into_iter().map(|(story, _)| story).collect()
    }

    /// Takes out the stories that are no longer open.
    pub(crate) fn retain(&mut self, is_open: impl Fn(u32) -> bool) {
        for list in &mut self.lists {
            list.retain(|&story| is_open(story));
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
        assert_eq!(index.nearest(&asked, 8, |_| true), [2, 4]);
        assert_eq!(index.nearest(&asked, 8, |story| story != 2), [4], "nothing is left of the last question");
        index.retain(|story| story != 2);
        assert_eq!(index.nearest(&asked, 1, |_| true), [4]);
    }

    #[test]
    fn of_a_term_that_many_stories_have_the_latest_are_read() {
        let mut index = StoryIndex::default();
        (0..100_000).for_each(|story| index.file(0, story));
        index.file(1, 17);
        let found = index.nearest(&vector(&[(0, 1.0), (1, 1.0)]), 1000, |_| true);
        assert_eq!((found.len(), found[0]), (LATEST + 1, 17));
    }
}
