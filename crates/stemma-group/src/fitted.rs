//! Why each report of a batch is in its story, and which story came second.
//!
//! The same measure as that by which stories are made ([`crate::density`]), for one report and the others of its story, over the
//! similarities by which they were made.

use std::collections::BTreeMap;

use stemma_core::StoryId;

use crate::Constraints;
use crate::batch::{Batch, Group};
use crate::density::Density;
use crate::grouper::{Reasons, reasons_of};
use crate::options::Days;
use crate::vector::SparseVector;

/// How a report fits the story that it is in.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Fitted {
    /// How well it fits the others ([`Options::fit_threshold`](crate::Options)); 0 if it is alone.
    pub fit: f64,
    /// What it shares with them.
    pub reasons: Reasons,
    /// The story that came second, with how well it fits that one.
    pub second: Option<(StoryId, f64)>,
}

impl Batch {
    /// For each report of each of `groups`, which were made of these reports under `constraints`, how it fits.
    pub fn fitted(&self, constraints: &Constraints, groups: &[Group]) -> Vec<Vec<Fitted>> {
        let fits = Fits::of(self, groups);
        let all = groups.iter().enumerate();
        all.map(|(g, group)| group.members.iter().map(|&n| fits.explain(g, n, constraints)).collect())
            .collect()
    }
}

/// How reports fit groups.
struct Fits<'a> {
    batch: &'a Batch,
    groups: &'a [Group],
    group_of: Vec<usize>,
    densities: Vec<Density>,
    /// For each report the sum of its similarities with the reports of each group.
    sums: Vec<BTreeMap<usize, f64>>,
    /// For each report the first of its group that is nearly the same.
    twins: Vec<Option<(usize, f64)>>,
}

impl<'a> Fits<'a> {
    fn of(batch: &'a Batch, groups: &'a [Group]) -> Self {
        let group_of = batch.group_of(groups);
        let single = |group: &Group| Density { n_reports: group.members.len() as f64, within: 0.0 };
        let mut densities: Vec<Density> = groups.iter().map(single).collect();
        let mut sums: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); group_of.len()];
        let mut twins: Vec<Option<(usize, f64)>> = vec![None; group_of.len()];
        for &(a, b, similarity) in batch.similarities.pairs() {
            let (a, b) = (a as usize, b as usize);
            *sums[a].entry(group_of[b]).or_default() += similarity;
            *sums[b].entry(group_of[a]).or_default() += similarity;
            if group_of[a] == group_of[b] {
                densities[group_of[a]].within += similarity;
                if similarity >= 1.0 {
                    twins[b] = twins[b].or(Some((a, similarity)));
                    twins[a] = twins[a].or(Some((b, similarity)));
                }
            }
        }
        Self { batch, groups, group_of, densities, sums, twins }
    }

    /// How well a report fits a group, its own without itself.
    fn fit(&self, report: usize, g: usize) -> f64 {
        let between = self.sums[report].get(&g).copied().unwrap_or(0.0);
        let mut others = self.densities[g];
        if self.group_of[report] == g {
            others = Density { n_reports: others.n_reports - 1.0, within: others.within - between };
        }
        if others.n_reports < 1.0 { 0.0 } else { others.fit(Density::SINGLE, between, &self.batch.options) }
    }

    fn explain(&self, g: usize, n: usize, constraints: &Constraints) -> Fitted {
        let (batch, report) = (self.batch, self.batch.rank(n));
        let vectors = &batch.vectors;
        let others: Vec<usize> =
            self.groups[g].members.iter().map(|&n| batch.rank(n)).filter(|&other| other != report).collect();
        let mut sum = SparseVector::default();
        others.iter().for_each(|&other| sum.add(&vectors.vectors[other], usize::MAX));
        let days = others.iter().map(|&other| vectors.days[other]).reduce(Days::cover);
        let id = |rank: usize| batch.reports[rank].id;
        let n_others = others.len().max(1) as f64;
        let mut reasons = reasons_of(&vectors.vectors[report], &sum, n_others, &vectors.vocabulary);
        reasons.days_apart = days.and_then(|days| days.apart(vectors.days[report]));
        reasons.near_duplicate = self.twins[report].map(|(other, similarity)| (id(other), similarity));
        reasons.corrected = others.iter().any(|&other| constraints.are_together(id(report), id(other)));
        let rivals = self.sums[report].keys().filter(|&&other| other != g);
        let rivals = rivals.map(|&other| (self.groups[other].id, self.fit(report, other)));
        let second = rivals.reduce(|best, next| if next.1 > best.1 { next } else { best });
        Fitted { fit: self.fit(report, g), reasons, second: second.filter(|second| second.1 > 0.0) }
    }
}
