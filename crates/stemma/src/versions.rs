//! Reports that are one text, and versions of one report with what changed between them.

use std::collections::BTreeMap;

use stemma_compare::find_changes;
use stemma_core::Document;
use stemma_group::{DuplicateOptions, duplicates};

use crate::Engine;

pub use stemma_compare::{Change, ChangeKind, ChangePlace};
pub use stemma_group::{Duplicate, DuplicatePair, Identity, Level, Relation};

/// Versions of one report, by their positions among the reports that were given.
#[derive(Clone, PartialEq, Debug)]
pub struct Versions {
    /// The oldest first; undated ones in the order in which they were given.
    pub reports: Vec<usize>,
    /// From each to the next: one fewer than reports.
    pub steps: Vec<VersionStep>,
}

/// What changed from one version to the next.
#[derive(Clone, PartialEq, Debug)]
pub struct VersionStep {
    /// How much both share and what they are known by; `None` for two that the user alone calls versions.
    pub found: Option<Duplicate>,
    /// In order of the newer text.
    pub changes: Vec<Change>,
}

impl Engine {
    /// Reports among `documents` that are one text, or versions of one report. The order of `documents` changes nothing but
    /// positions.
    pub fn duplicates(&self, documents: &[Document]) -> Vec<DuplicatePair> {
        duplicates(documents, &DuplicateOptions::default())
    }

    /// The versions of each report of which `documents` hold more than one, in order of the first of each. Two reports alone
    /// are taken for versions of one report, whatever they share.
    pub fn versions(&self, documents: &[Document]) -> Vec<Versions> {
        let found = self.duplicates(documents);
        let by_pair: BTreeMap<[usize; 2], &Duplicate> =
            found.iter().map(|pair| (ordered(pair.first, pair.second), &pair.found)).collect();
        let pair = |a: usize, b: usize| by_pair.get(&ordered(a, b)).copied().cloned();
        let mut groups = groups_of(documents.len(), &found);
        if groups.is_empty() && documents.len() == 2 {
            groups.push(vec![0, 1]);
        }
        let chain = |mut reports: Vec<usize>| {
            sort_by_age(&mut reports, documents);
            let step = |two: &[usize]| VersionStep {
                found: pair(two[0], two[1]),
                changes: find_changes(&documents[two[0]], &documents[two[1]]),
            };
            let steps = reports.windows(2).map(step).collect();
            Versions { reports, steps }
        };
        groups.into_iter().map(chain).collect()
    }
}

fn ordered(a: usize, b: usize) -> [usize; 2] {
    [a.min(b), a.max(b)]
}

/// Reports that are tied as versions, directly or over others, in groups. One that was fetched twice counts once.
fn groups_of(n: usize, found: &[DuplicatePair]) -> Vec<Vec<usize>> {
    let related = |relation| found.iter().filter(move |pair| pair.found.relation == relation);
    let mut again = vec![false; n];
    related(Relation::Same).for_each(|pair| again[pair.first.max(pair.second)] = true);
    let mut groups = tied(n, related(Relation::Version));
    groups.iter_mut().for_each(|reports| reports.retain(|&report| !again[report]));
    groups.retain(|reports| reports.len() > 1);
    groups
}

/// Groups of two reports and more, of `n`, that pairs tie together, directly or over others; in order.
pub(crate) fn tied<'a>(n: usize, pairs: impl Iterator<Item = &'a DuplicatePair>) -> Vec<Vec<usize>> {
    fn root(parents: &mut [usize], mut report: usize) -> usize {
        while parents[report] != report {
            parents[report] = parents[parents[report]];
            report = parents[report];
        }
        report
    }
    let mut parents: Vec<usize> = (0..n).collect();
    for pair in pairs {
        let [a, b] = ordered(root(&mut parents, pair.first), root(&mut parents, pair.second));
        parents[b] = a;
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    (0..n).for_each(|report| groups.entry(root(&mut parents, report)).or_default().push(report));
    groups.into_values().filter(|reports| reports.len() > 1).collect()
}

/// By publication where it is known; the others keep their places.
fn sort_by_age(reports: &mut [usize], documents: &[Document]) {
    if reports.iter().all(|&n| documents[n].published().is_some()) {
        let key = |n: &usize| {
            let published = documents[*n].published();
            (published.map(|at| at.date()), published.and_then(|at| at.instant()), *n)
        };
        reports.sort_by_key(key);
    }
}

#[cfg(test)]
mod tests {
    use stemma_core::{Origin, Published, Report, ReportDraft};

    use super::*;

    const TEXT: &str = "A bridge at Lom fell on Sunday after a week of rain and two people died, police said. The school will \
        open on Monday, and ferries carry people over the river until the summer.";

    fn report(url: &str, day: Option<i8>, text: &str) -> Report {
        let published = day.map(|day| Published::Day(jiff::civil::Date::constant(2026, 3, day)));
        let draft =
            ReportDraft { url: Some(url.into()), published, text: text.into(), ..ReportDraft::default() };
        Report::new(draft, Origin::whole("-"))
    }

    fn versions(reports: Vec<Report>) -> Vec<(Vec<usize>, Vec<usize>)> {
        let engine = Engine::load();
        let found = engine.versions(&engine.annotate(reports, 1));
        let view = |v: Versions| (v.reports, v.steps.iter().map(|step| step.changes.len()).collect());
        found.into_iter().map(view).collect()
    }

    #[test]
    fn versions_of_each_address_are_laid_in_order_of_time() {
        let three = TEXT.replace("two people", "three people");
        let four = three.replace("three people", "four people").replace("Monday", "Tuesday");
        let reports = || {
            vec![
                report("post.example/a", Some(4), &four),
                report("sun.example/b", Some(3), TEXT),
                report("post.example/a", Some(2), TEXT),
                report("post.example/a?utm_source=x", Some(3), &three),
                report("post.example/a", Some(5), &four),
            ]
        };
        assert_eq!(versions(reports()), [(vec![2, 3, 0], vec![1, 2])]);
        assert!(
            versions(reports()[1..3].to_vec()).iter().all(|(_, steps)| steps == &[0]),
            "another outlet's copy"
        );
        assert_eq!(versions(reports()[..1].to_vec()), []);
    }

    #[test]
    fn two_reports_alone_are_taken_for_versions() {
        let other = report("sun.example/b", None, "Nothing of this has happened, the mayor said.");
        assert_eq!(versions(vec![report("post.example/a", None, TEXT), other]), [(vec![0, 1], vec![3])]);
    }
}
