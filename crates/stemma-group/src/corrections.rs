//! What the [`Correction`]s of a person come to together: [`Constraints`].
//!
//! Reports that one correction puts together are one *block*, and are never parted; two blocks that one has set apart are never joined, and
//! every other report goes where it fits. What a story is called changes nothing in which reports it holds. A later correction overrules an earlier one for the reports that it names, and one
//! that is taken back counts as if it had never been.
//! Grouping under such constraints: Wagstaff et al., "Constrained k-means clustering with background knowledge", 2001 (there
//! "must-link" and "cannot-link").

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{Correction, ReportId};

/// Reports that stay together: those with the same number.
pub(crate) type Block = u32;

/// What corrections come to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Constraints {
    blocks: BTreeMap<ReportId, Block>,
    /// Both ways.
    apart: BTreeSet<(Block, Block)>,
    n_blocks: Block,
    /// In the order in which they were given.
    labels: Vec<Label>,
}

/// What a story is called that holds more than half of some reports.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Label {
    reports: BTreeSet<ReportId>,
    label: String,
}

impl Constraints {
    /// Of `corrections`, in the order in which they were made.
    pub fn of(corrections: &[Correction]) -> Self {
        let mut constraints = Self::default();
        for (correction, holds) in corrections.iter().zip(Correction::in_force(corrections)) {
            if holds {
                constraints.take(correction);
            }
        }
        constraints.forget_single();
        constraints
    }

    /// True if nothing is said of which reports belong together.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// True if both come to the same stories; these may be called otherwise.
    pub fn group_alike(&self, other: &Self) -> bool {
        let grouping = |of: &Self| (of.n_blocks, of.blocks.clone(), of.apart.clone());
        grouping(self) == grouping(other)
    }

    /// What the story of these reports was called last, if a person has named it.
    pub(crate) fn label_of(&self, story: &[ReportId]) -> Option<&str> {
        let is_of = |label: &&Label| {
            2 * story.iter().filter(|id| label.reports.contains(id)).count() > label.reports.len()
        };
        self.labels.iter().rev().find(is_of).map(|label| label.label.as_str())
    }

    /// The block of a report that a correction names.
    pub(crate) fn block(&self, report: ReportId) -> Option<Block> {
        self.blocks.get(&report).copied()
    }

    /// True if two blocks are never in one story.
    pub(crate) fn are_apart(&self, a: Block, b: Block) -> bool {
        self.apart.contains(&(a, b))
    }

    /// True if a person has put both into one story.
    pub fn are_together(&self, a: ReportId, b: ReportId) -> bool {
        self.block(a).is_some_and(|block| self.block(b) == Some(block))
    }

    /// The other reports that stay with `report`.
    pub(crate) fn with(&self, report: ReportId) -> impl Iterator<Item = ReportId> + '_ {
        self.others(report, |own, other| own == other)
    }

    /// The reports that are never in one story with `report`.
    pub(crate) fn apart_from(&self, report: ReportId) -> impl Iterator<Item = ReportId> + '_ {
        self.others(report, |own, other| self.are_apart(own, other))
    }

    fn others(&self, report: ReportId, is: impl Fn(Block, Block) -> bool) -> impl Iterator<Item = ReportId> {
        let own = self.block(report);
        let named = own
            .into_iter()
            .flat_map(|own| self.blocks.iter().map(move |(&other, &block)| (other, own, block)));
        named.filter(move |&(other, own, block)| other != report && is(own, block)).map(|(other, _, _)| other)
    }

    fn take(&mut self, correction: &Correction) {
        match correction {
            Correction::Merge { reports } | Correction::Pin { reports } => {
                self.gather(reports.iter());
            }
            Correction::Split { reports, rest } => self.part(reports.iter(), rest),
            Correction::Move { reports, to, rest } => self.part(reports.iter().chain(to), rest),
            Correction::Rename { reports, label } => {
                self.labels.push(Label { reports: reports.iter().copied().collect(), label: label.clone() });
            }
            Correction::Undo { .. } => {}
        }
    }

    /// Puts `reports` together, and `rest` together and apart from them.
    fn part<'a>(&mut self, reports: impl Iterator<Item = &'a ReportId>, rest: &[ReportId]) {
        let one = self.gather(reports);
        let other = self.gather(rest.iter());
        self.apart.extend([(one, other), (other, one)]);
    }

    /// Puts `reports` into a new block, which is apart from all from which one of their blocks was.
    fn gather<'a>(&mut self, reports: impl Iterator<Item = &'a ReportId>) -> Block {
        let block = self.n_blocks;
        self.n_blocks += 1;
        let left: BTreeSet<Block> = reports.filter_map(|&report| self.blocks.insert(report, block)).collect();
        let from: Vec<Block> = self
            .apart
            .iter()
            .filter(|(a, b)| left.contains(a) && !left.contains(b))
            .map(|&(_, b)| b)
            .collect();
        self.apart.extend(from.into_iter().flat_map(|other| [(block, other), (other, block)]));
        block
    }

    /// A block that no report is in any more keeps nothing apart.
    fn forget_single(&mut self) {
        let filled: BTreeSet<Block> = self.blocks.values().copied().collect();
        self.apart.retain(|(a, b)| filled.contains(a) && filled.contains(b));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(n: u8) -> ReportId {
        ReportId::of(None, None, &n.to_string())
    }

    fn reports(numbers: &[u8]) -> Vec<ReportId> {
        numbers.iter().map(|&n| report(n)).collect()
    }

    /// How two reports stand to each other: together, apart, or open.
    fn relation(constraints: &Constraints, a: u8, b: u8) -> &'static str {
        match (constraints.block(report(a)), constraints.block(report(b))) {
            (Some(x), Some(y)) if x == y => "together",
            (Some(x), Some(y)) if constraints.are_apart(x, y) => "apart",
            _ => "open",
        }
    }

    #[test]
    fn a_later_correction_overrules_an_earlier_one() {
        let merge = Correction::Merge { reports: reports(&[1, 2, 3]) };
        let split = Correction::Split { reports: reports(&[3]), rest: reports(&[1, 2]) };
        let both = Constraints::of(&[merge.clone(), split.clone()]);
        assert_eq!((relation(&both, 1, 2), relation(&both, 1, 3)), ("together", "apart"));
        let both = Constraints::of(&[split, merge]);
        assert_eq!((relation(&both, 1, 2), relation(&both, 1, 3)), ("together", "together"));
    }

    #[test]
    fn what_was_set_apart_stays_apart_when_more_is_added() {
        let split = Correction::Split { reports: reports(&[1]), rest: reports(&[2]) };
        let merge = Correction::Merge { reports: reports(&[2, 3]) };
        let both = Constraints::of(&[split, merge]);
        assert_eq!((relation(&both, 1, 2), relation(&both, 1, 3)), ("apart", "apart"));
        assert_eq!(relation(&both, 1, 4), "open");
    }

    #[test]
    fn a_moved_report_leaves_its_story() {
        let moved = Correction::Move { reports: reports(&[3]), to: reports(&[4, 5]), rest: reports(&[1, 2]) };
        let constraints = Constraints::of(&[moved]);
        assert_eq!((relation(&constraints, 3, 5), relation(&constraints, 3, 1)), ("together", "apart"));
        assert_eq!(relation(&constraints, 1, 2), "together");
    }

    #[test]
    fn what_is_taken_back_counts_for_nothing() {
        let pin = Correction::Pin { reports: reports(&[1, 2]) };
        let undo = |number| Correction::Undo { number };
        assert!(Constraints::of(&[pin.clone(), undo(1)]).is_empty());
        assert!(!Constraints::of(&[pin.clone(), undo(1), undo(2)]).is_empty());
        assert!(!Constraints::of(&[pin, undo(7), undo(0)]).is_empty());
    }

    #[test]
    fn a_story_keeps_its_name_while_it_holds_most_of_what_it_held() {
        let rename = |numbers: &[u8], label: &str| Correction::Rename {
            reports: reports(numbers),
            label: label.to_owned(),
        };
        let constraints = Constraints::of(&[rename(&[1, 2, 3], "Ferry"), rename(&[7], "Dam")]);
        assert_eq!(constraints.label_of(&reports(&[1, 2, 5, 6])), Some("Ferry"));
        assert_eq!(constraints.label_of(&reports(&[1, 5, 6])), None);
        assert_eq!(constraints.label_of(&reports(&[1, 2, 7])), Some("Dam"), "the last name counts");
        assert!(constraints.group_alike(&Constraints::default()) && constraints != Constraints::default());
        let undone = Constraints::of(&[rename(&[1], "Ferry"), Correction::Undo { number: 1 }]);
        assert_eq!(undone, Constraints::default());
    }
}
