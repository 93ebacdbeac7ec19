//! Why each report of a batch is in its story, and which story came second.
//!
//! The same measure as that by which stories are made ([`crate::density`]), for one report and the others of its story. Time and
//! memory: those of [`group`](crate::group).

use std::collections::BTreeMap;

use stemma_core::{Document, StoryId};

use crate::Constraints;
use crate::batch::{Group, Similarities, Vectors};
use crate::density::Density;
use crate::grouper::{Reasons, reasons_of};
use crate::options::Options;
use crate::vector::SparseVector;

/// How a report fits the story that it is in.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Fitted {
    /// How well it fits the others ([`Options::fit_threshold`]); 0 if it is alone.
    pub fit: f64,
    /// What it shares with them.
    pub reasons: Reasons,
    /// The story that came second, with how well it fits that one.
    pub second: Option<(StoryId, f64)>,
}

/// For each report of each of `groups`, which were made of `documents` under `options` and `constraints`, how it fits.
pub fn fitted(
    documents: &[Document],
    options: &Options,
    constraints: &Constraints,
    groups: &[Group],
) -> Vec<Vec<Fitted>> {
    let vectors = Vectors::of(documents);
    let similarities = Similarities::between(documents, &vectors, options);
    let rank: BTreeMap<usize, usize> = vectors.order.iter().enumerate().map(|(rank, &n)| (n, rank)).collect();
    let mut group_of = vec![0; vectors.order.len()];
    for (g, group) in groups.iter().enumerate() {
        group.members.iter().for_each(|n| group_of[rank[n]] = g);
    }
    let mut densities: Vec<Density> =
        groups.iter().map(|group| Density { n_reports: group.members.len() as f64, within: 0.0 }).collect();
    // For each report the sum of its similarities with the reports of each group.
    let mut sums: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); vectors.order.len()];
    let mut twins: Vec<Option<(usize, f64)>> = vec![None; vectors.order.len()];
    for &(a, b, similarity) in similarities.pairs() {
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
    let id = |rank: usize| documents[vectors.order[rank]].report().id();
    let fits = |report: usize, g: usize| {
        let between = sums[report].get(&g).copied().unwrap_or(0.0);
        let mut others = densities[g];
        if group_of[report] == g {
            others = Density { n_reports: others.n_reports - 1.0, within: others.within - between };
        }
        if others.n_reports < 1.0 { 0.0 } else { others.fit(Density::SINGLE, between, options) }
    };
    let explain = |g: usize, n: usize| {
        let report = rank[&n];
        let others = groups[g].members.iter().map(|n| rank[n]).filter(|&other| other != report);
        let mut sum = SparseVector::default();
        others.clone().for_each(|other| sum.add(&vectors.vectors[other], usize::MAX));
        let days = others.clone().map(|other| vectors.days[other]).reduce(|a, b| a.cover(b));
        let n_others = others.clone().count().max(1) as f64;
        let mut reasons = reasons_of(&vectors.vectors[report], &sum, n_others, &vectors.vocabulary);
        reasons.days_apart = days.and_then(|days| days.apart(vectors.days[report]));
        reasons.near_duplicate = twins[report].map(|(other, similarity)| (id(other), similarity));
        reasons.corrected = others.clone().any(|other| constraints.are_together(id(report), id(other)));
        let rivals = sums[report]
            .keys()
            .filter(|&&other| other != g)
            .map(|&other| (groups[other].id, fits(report, other)));
        let second = rivals.reduce(|best, next| if next.1 > best.1 { next } else { best });
        Fitted { fit: fits(report, g), reasons, second: second.filter(|second| second.1 > 0.0) }
    };
    let all = groups.iter().enumerate();
    all.map(|(g, group)| group.members.iter().map(|&n| explain(g, n)).collect()).collect()
}
