//! Names and nouns in their different forms.

use std::collections::{BTreeMap, BTreeSet};

use stemma_compare::{Naming, find_namings};
use stemma_core::{Comparison, EntityKind, ReportIndex, Story};

use super::Overview;
use crate::render::runs::clean;

/// A person, organisation or place and what each report calls it.
#[derive(Debug)]
pub(crate) struct Name {
    /// What it is.
    pub(crate) kind: EntityKind,
    /// The fullest form.
    pub(crate) name: String,
    /// Reports that use the same forms, and these forms.
    pub(crate) forms: Vec<(Vec<ReportIndex>, Vec<String>)>,
}

/// A group of people, or an act, that reports call by different nouns.
#[derive(Debug)]
pub(crate) struct NamingLine {
    /// Reports that use the same nouns, and these: "rebels", "fighters ×3".
    pub(crate) forms: Vec<(Vec<ReportIndex>, Vec<String>)>,
    /// Numbers of the items in which the nouns stand for each other.
    pub(crate) items: Vec<usize>,
}

impl NamingLine {
    /// "see 3, 7, … 2 more".
    pub(crate) fn see(&self) -> String {
        let shown: Vec<String> = self.items.iter().take(MOST_ITEMS).map(usize::to_string).collect();
        let more = self.items.len().saturating_sub(MOST_ITEMS);
        let more = if more > 0 { format!(", … {more} more") } else { String::new() };
        format!("see {}{more}", shown.join(", "))
    }
}

/// Items that are named as those where two nouns stand for each other.
const MOST_ITEMS: usize = 4;

/// Names that at least two reports give, not all in the same forms (but for case).
pub(super) fn names(comparison: &Comparison) -> Vec<Name> {
    let name = |entity: &stemma_core::StoryEntity| {
        let mut by_forms: Vec<(Vec<ReportIndex>, Vec<String>)> = Vec::new();
        for (report, _, in_report) in &entity.names {
            let mut forms: Vec<String> = in_report.iter().map(|form| clean(&form.text)).collect();
            forms.dedup();
            let lower =
                |forms: &[String]| forms.iter().map(|form| form.to_lowercase()).collect::<BTreeSet<_>>();
            match by_forms.iter_mut().find(|(_, known)| lower(known) == lower(&forms)) {
                Some((reports, _)) => reports.push(*report),
                None => by_forms.push((vec![*report], forms)),
            }
        }
        Name { kind: entity.kind, name: clean(&entity.name), forms: by_forms }
    };
    comparison.entities.iter().map(name).filter(|name| name.forms.len() > 1).collect()
}

pub(super) fn named_once(comparison: &Comparison) -> Vec<(ReportIndex, Vec<String>)> {
    let mut by_report: BTreeMap<ReportIndex, Vec<String>> = BTreeMap::new();
    for entity in comparison.entities.iter().filter(|entity| entity.names.len() == 1) {
        by_report.entry(entity.names[0].0).or_default().push(clean(&entity.name));
    }
    by_report.into_iter().collect()
}

impl Overview {
    /// The same people under different nouns, with the numbers of the items.
    pub(super) fn naming_lines(&self, story: &Story, comparison: &Comparison) -> Vec<NamingLine> {
        let numbers = self.numbers();
        let line = |naming: &Naming| {
            let mut by_report: BTreeMap<ReportIndex, Vec<String>> = BTreeMap::new();
            for each in &naming.uses {
                let count = if each.count > 1 { format!(" ×{}", each.count) } else { String::new() };
                by_report.entry(each.report).or_default().push(clean(&each.text) + &count);
            }
            let mut forms: Vec<(Vec<ReportIndex>, Vec<String>)> = Vec::new();
            for (report, labels) in by_report {
                match forms.iter_mut().find(|(_, known)| *known == labels) {
                    Some((reports, _)) => reports.push(report),
                    None => forms.push((vec![report], labels)),
                }
            }
            let mut items: Vec<usize> = naming.rows.iter().map(|of| numbers[of]).collect();
            items.sort_unstable();
            NamingLine { forms, items }
        };
        find_namings(story, comparison).iter().map(line).collect()
    }
}
