//! Links between stories that are near but not the same: the chapters of one affair, next year's flood in the same town.
//!
//! Measured as stories are ([`crate::density`]), but for the time between two reports: chapters come one after the other. Two stories are
//! linked from [`Options::related_threshold`](crate::Options) on, about half of what one story asks for. Found with the stories; it costs a
//! pass over the pairs.

use std::collections::BTreeMap;

use stemma_core::StoryId;

use crate::batch::{Batch, Group};
use crate::density::Density;
use crate::grouper::reasons_of;
use crate::options::Days;
use crate::vector::SparseVector;

/// Links that a story has at most.
const MOST_RELATED: usize = 8;

/// A story that is near another.
#[derive(Clone, PartialEq, Debug)]
pub struct Related {
    /// Which.
    pub story: StoryId,
    /// Its headline, or the first sentence of its central report.
    pub label: String,
    /// How well the two fit each other but for the time between them: 1 as if they were one.
    pub fit: f64,
    /// Days from the first day of this story to the first of that one, if both are dated: below 0 if that one is earlier.
    pub days_later: Option<i64>,
    /// Words that both share and what each adds to the similarity of their reports, greatest first.
    pub terms: Vec<(String, f64)>,
    /// Names that both share.
    pub names: Vec<(String, f64)>,
}

impl Batch {
    /// Links each of `groups`, which are of these reports, with those that are near.
    pub(crate) fn link(&self, groups: &mut [Group]) {
        let mut links: Vec<Vec<Related>> = vec![Vec::new(); groups.len()];
        let mut sums: BTreeMap<usize, SparseVector> = BTreeMap::new();
        for (a, b, fit) in self.near(groups) {
            for n in [a, b] {
                sums.entry(n).or_insert_with(|| self.sum(&groups[n]));
            }
            let n_pairs = (groups[a].members.len() * groups[b].members.len()) as f64;
            let shared = reasons_of(&sums[&a], &sums[&b], n_pairs, &self.vectors.vocabulary);
            let days = [a, b].map(|n| self.days(&groups[n]).range.map(|(first, _)| first));
            let days_later = |from: usize, to: usize| {
                let span = days[from]?.until(days[to]?).ok()?;
                Some(i64::from(span.get_days()))
            };
            for (own, other, days_later) in [(a, b, days_later(0, 1)), (b, a, days_later(1, 0))] {
                let (story, label) = (groups[other].id, groups[other].label.clone());
                let (terms, names) = (shared.terms.clone(), shared.names.clone());
                links[own].push(Related { story, label, fit, days_later, terms, names });
            }
        }
        for (group, mut related) in groups.iter_mut().zip(links) {
            related.sort_by(|a, b| b.fit.total_cmp(&a.fit).then(a.story.cmp(&b.story)));
            related.truncate(MOST_RELATED);
            group.related = related;
        }
    }

    /// Pairs of groups that are near each other, with how well they fit.
    fn near(&self, groups: &[Group]) -> Vec<(usize, usize, f64)> {
        let group_of = self.group_of(groups);
        let mut densities: Vec<Density> = groups
            .iter()
            .map(|group| Density { n_reports: group.members.len() as f64, within: 0.0 })
            .collect();
        let mut between: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for &(a, b, similarity) in self.similarities.pairs() {
            let apart = self.vectors.days[a as usize].apart(self.vectors.days[b as usize]);
            let (a, b) = (group_of[a as usize], group_of[b as usize]);
            if a == b {
                densities[a].within += similarity;
            } else {
                *between.entry((a.min(b), a.max(b))).or_default() +=
                    similarity / self.options.time_factor(apart);
            }
        }
        let fit =
            |((a, b), sum): ((usize, usize), f64)| (a, b, densities[a].fit(densities[b], sum, &self.options));
        let all = between.into_iter().map(fit);
        all.filter(|&(_, _, fit)| fit >= self.options.related_threshold).collect()
    }

    fn sum(&self, group: &Group) -> SparseVector {
        let mut sum = SparseVector::default();
        group.members.iter().for_each(|n| sum.add(&self.vectors.vectors[self.rank(*n)], usize::MAX));
        sum
    }

    fn days(&self, group: &Group) -> Days {
        let all = group.members.iter().map(|n| self.vectors.days[self.rank(*n)]);
        all.reduce(Days::cover).unwrap_or_default()
    }
}
