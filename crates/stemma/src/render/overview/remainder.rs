//! What is told by one witness alone, what may be the same, and what a report leaves out.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{AlignmentRef, Comparison, ReportIndex, Story};

use super::sides::{Side, evidence_side, plain_side};
use crate::render::runs::clean;

/// Two cells that may say the same.
#[derive(Debug)]
pub(crate) struct Doubtful {
    /// The two.
    pub(crate) sides: [Side; 2],
    /// How probably they do, and how they differ then: "0.29", "0.06; if so, hedge: …".
    pub(crate) line: String,
}

/// An alignment that a report leaves out.
#[derive(Debug)]
pub(crate) struct Omitted {
    /// The alignment.
    pub(crate) of: AlignmentRef,
    /// Who carries it.
    pub(crate) carried_by: Vec<ReportIndex>,
    /// In the words of the first of them.
    pub(crate) side: Side,
}

pub(super) fn only_in(story: &Story, comparison: &Comparison) -> Vec<(ReportIndex, Vec<Side>)> {
    let mut by_report: BTreeMap<ReportIndex, Vec<(f64, Side)>> = BTreeMap::new();
    for (n, only) in comparison.only_in.iter().enumerate() {
        let side = plain_side(story, &only.cell, n);
        by_report.entry(only.cell.report).or_default().push((only.weight, side));
    }
    let sorted = |(report, mut sides): (ReportIndex, Vec<(f64, Side)>)| {
        sides.sort_by(|a, b| b.0.total_cmp(&a.0));
        (report, sides.into_iter().map(|(_, side)| side).collect())
    };
    by_report.into_iter().map(sorted).collect()
}

pub(super) fn doubtful(story: &Story, comparison: &Comparison) -> Vec<Doubtful> {
    let sides = |(n, doubt): (usize, &stemma_core::Doubt)| {
        let mut line = format!("{:.2}", doubt.score);
        for each in &doubt.divergences {
            line.push_str(&format!("; if so, {}: {}", each.kind.as_str(), clean(&each.reason)));
        }
        Doubtful { sides: doubt.cells.each_ref().map(|cell| plain_side(story, cell, n)), line }
    };
    comparison.doubtful.iter().enumerate().map(sides).collect()
}

pub(super) fn omissions(story: &Story, comparison: &Comparison) -> Vec<(ReportIndex, Vec<Omitted>)> {
    let mut by_report: BTreeMap<ReportIndex, Vec<Omitted>> = BTreeMap::new();
    for omission in &comparison.omissions {
        let alignment = comparison.alignment(omission.of);
        let carried_by: BTreeSet<ReportIndex> = alignment.cells.iter().map(|cell| cell.report).collect();
        let omitted = Omitted {
            of: omission.of,
            carried_by: carried_by.into_iter().collect(),
            side: evidence_side(story, alignment, 0, &[]),
        };
        by_report.entry(omission.report).or_default().push(omitted);
    }
    for omitted in by_report.values_mut() {
        let n_witnesses = |omitted: &Omitted| comparison.alignment(omitted.of).witnesses.len();
        omitted.sort_by_key(|each| Reverse((n_witnesses(each), each.carried_by.len())));
    }
    by_report.into_iter().collect()
}
