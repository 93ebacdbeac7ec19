//! Scoring of aligned pairs and of divergences: pure functions on plain cells.
//!
//! In: the groups of cells of one event, from the gold and from a comparison, spans in code points. Out: counts and items.
//! A predicted cell matches a gold cell of the same report if they overlap by half of the shorter one or more. A pair is two
//! cells of one group in two reports. It is right if it matches a gold pair of either kind (utterance or fact), and counts for
//! neither side if it matches a doubtful pair only. A divergence is right if its kind and its cells in both reports match.
//! Time: predicted times gold pairs of one event.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Item, Outcome, Tally};

/// Kinds of divergence without complete gold: passed over on both sides.
pub const UNSCORED: [&str; 6] = ["wording", "role", "scope", "update", "only-in", "omitted-by"];

/// One report's part in a group.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct GroupCell {
    /// Id of the report.
    pub report: String,
    /// Pieces, in code points, end exclusive.
    #[serde(default)]
    pub spans: Vec<[usize; 2]>,
}

/// A difference of a named kind between the cells of reports.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GroupDivergence {
    /// Its kind, as in `figure`.
    pub kind: String,
    /// Ids of the reports that differ; each two of them are one divergence.
    pub reports: Vec<String>,
}

/// Cells that say the same thing.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Group {
    /// In the order of the file; a report may have more than one.
    #[serde(default)]
    pub cells: Vec<GroupCell>,
    /// How they differ.
    #[serde(default)]
    pub divergences: Vec<GroupDivergence>,
}

/// The groups of one event.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Groups {
    /// Acts of speech.
    #[serde(default)]
    pub utterances: Vec<Group>,
    /// Assertions.
    #[serde(default)]
    pub facts: Vec<Group>,
    /// Gold only: groups that count neither as right nor as wrong.
    #[serde(default)]
    pub doubtful: Vec<Group>,
}

/// True if the cells are of one report and overlap by half of the shorter one or more.
pub fn same_cell(a: &GroupCell, b: &GroupCell) -> bool {
    let length = |cell: &GroupCell| cell.spans.iter().map(|[start, end]| end - start).sum::<usize>();
    if a.report != b.report || a.spans.is_empty() || b.spans.is_empty() {
        return false;
    }
    let overlap: usize = a
        .spans
        .iter()
        .flat_map(|x| b.spans.iter().map(|y| x[1].min(y[1]).saturating_sub(x[0].max(y[0]))))
        .sum();
    2 * overlap >= length(a).min(length(b)).max(1)
}

/// Two cells of one group in two reports.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// Index of the group in its list.
    pub group: usize,
    /// Indices of the cells in the group.
    pub cells: [usize; 2],
    /// The cell of the report whose id sorts first.
    pub a: &'a GroupCell,
    /// The other.
    pub b: &'a GroupCell,
}

impl Pair<'_> {
    fn matches(&self, other: &Pair<'_>) -> bool {
        same_cell(self.a, other.a) && same_cell(self.b, other.b)
    }

    /// True if the same two cells stand in one of `pairs`.
    pub fn is_in(&self, pairs: &[Pair<'_>]) -> bool {
        pairs.iter().any(|pair| self.matches(pair))
    }
}

/// All pairs of `groups`, in order of group and cells.
pub fn pairs(groups: &[Group]) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    for (group, Group { cells, .. }) in groups.iter().enumerate() {
        for (i, a) in cells.iter().enumerate() {
            for (j, b) in cells.iter().enumerate().skip(i + 1) {
                match a.report.cmp(&b.report) {
                    std::cmp::Ordering::Less => pairs.push(Pair { group, cells: [i, j], a, b }),
                    std::cmp::Ordering::Equal => {}
                    std::cmp::Ordering::Greater => pairs.push(Pair { group, cells: [j, i], a: b, b: a }),
                }
            }
        }
    }
    pairs
}

/// One scored divergence between two reports: its kind and all cells that the group has in either.
#[derive(Clone, Debug)]
pub struct ScoredDivergence<'a> {
    /// Index of the group among utterances and then facts.
    pub group: usize,
    /// Its kind.
    pub kind: &'a str,
    /// Ids of the reports, sorted.
    pub reports: [&'a str; 2],
    /// The cells of the first report, and of the second.
    pub cells: [Vec<&'a GroupCell>; 2],
}

impl ScoredDivergence<'_> {
    /// True if one of `others` is of the same kind and matches a cell in both reports.
    pub fn is_in(&self, others: &[ScoredDivergence<'_>]) -> bool {
        let side = |n: usize, other: &ScoredDivergence<'_>| {
            self.cells[n].iter().any(|a| other.cells[n].iter().any(|b| same_cell(a, b)))
        };
        others.iter().any(|other| self.kind == other.kind && side(0, other) && side(1, other))
    }
}

impl Groups {
    /// All divergences of a kind that is scored; one that names three reports counts as three.
    pub fn divergences(&self) -> Vec<ScoredDivergence<'_>> {
        let mut all = Vec::new();
        for (n, group) in self.utterances.iter().chain(&self.facts).enumerate() {
            for divergence in group.divergences.iter().filter(|d| !UNSCORED.contains(&d.kind.as_str())) {
                let of = |report: &str| group.cells.iter().filter(|cell| cell.report == report).collect();
                let reports: Vec<&str> = divergence
                    .reports
                    .iter()
                    .map(String::as_str)
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect();
                for (i, x) in reports.iter().enumerate() {
                    for y in &reports[i + 1..] {
                        let cells = [of(x), of(y)];
                        all.push(ScoredDivergence {
                            group: n,
                            kind: &divergence.kind,
                            reports: [x, y],
                            cells,
                        });
                    }
                }
            }
        }
        all
    }

    /// How a group of [`Groups::divergences`] is called in items: `u3`, `f0`.
    fn group_name(&self, group: usize) -> String {
        match group.checked_sub(self.utterances.len()) {
            None => format!("u{group}"),
            Some(fact) => format!("f{fact}"),
        }
    }
}

/// Counts over any number of events.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PairScores {
    /// Pairs of utterances.
    pub utterances: Tally,
    /// Pairs of facts.
    pub facts: Tally,
    /// Divergences by kind.
    pub divergences: BTreeMap<String, Tally>,
    /// Every gold pair and divergence, and every wrong prediction.
    pub items: Vec<Item>,
}

impl PairScores {
    /// Adds one event: what `gold` holds against what was predicted.
    pub fn add(&mut self, event: &str, gold: &Groups, predicted: &Groups) {
        self.add_pairs(event, gold, predicted);
        self.add_divergences(event, gold, predicted);
    }

    /// Pairs of both kinds.
    pub fn all(&self) -> Tally {
        let mut all = self.utterances;
        all += self.facts;
        all
    }

    /// Divergences of all kinds.
    pub fn all_divergences(&self) -> Tally {
        let mut all = Tally::default();
        self.divergences.values().for_each(|&tally| all += tally);
        all
    }

    fn add_pairs(&mut self, event: &str, gold: &Groups, predicted: &Groups) {
        let gold_pairs = [pairs(&gold.utterances), pairs(&gold.facts)];
        let predicted_pairs = [pairs(&predicted.utterances), pairs(&predicted.facts)];
        let doubtful = pairs(&gold.doubtful);
        let (all_gold, all_predicted) = (gold_pairs.concat(), predicted_pairs.concat());
        for (n, (name, letter)) in [("utterances", 'u'), ("facts", 'f')].into_iter().enumerate() {
            let mut tally = Tally::default();
            for pair in &predicted_pairs[n] {
                let right = pair.is_in(&all_gold);
                if right || !pair.is_in(&doubtful) {
                    tally.predicted += 1;
                    tally.right += usize::from(right);
                    if !right {
                        let id = format!("{}+{}", place(pair.a), place(pair.b));
                        self.items.push(item(event, id, name, Outcome::Spurious));
                    }
                }
            }
            for pair in &gold_pairs[n] {
                let found = pair.is_in(&all_predicted);
                tally.gold += 1;
                tally.found += usize::from(found);
                let id = format!("{letter}{}:{}+{}", pair.group, pair.cells[0], pair.cells[1]);
                self.items.push(item(event, id, name, if found { Outcome::Hit } else { Outcome::Missed }));
            }
            *(if n == 0 { &mut self.utterances } else { &mut self.facts }) += tally;
        }
    }

    fn add_divergences(&mut self, event: &str, gold: &Groups, predicted: &Groups) {
        let (in_gold, found) = (gold.divergences(), predicted.divergences());
        for divergence in &found {
            let right = divergence.is_in(&in_gold);
            let tally = self.divergences.entry(divergence.kind.to_owned()).or_default();
            tally.predicted += 1;
            tally.right += usize::from(right);
            if !right {
                let id =
                    divergence.cells.iter().map(|cells| cells.first().map_or_else(String::new, |c| place(c)));
                let group = format!("divergence {}", divergence.kind);
                self.items.push(item(event, id.collect::<Vec<_>>().join("+"), &group, Outcome::Spurious));
            }
        }
        for divergence in &in_gold {
            let hit = divergence.is_in(&found);
            let tally = self.divergences.entry(divergence.kind.to_owned()).or_default();
            tally.gold += 1;
            tally.found += usize::from(hit);
            let id = format!("{}:{}", gold.group_name(divergence.group), divergence.reports.join("+"));
            let group = format!("divergence {}", divergence.kind);
            self.items.push(item(event, id, &group, if hit { Outcome::Hit } else { Outcome::Missed }));
        }
    }
}

fn item(event: &str, id: String, group: &str, outcome: Outcome) -> Item {
    Item { document: event.to_owned(), id, group: group.to_owned(), outcome }
}

fn place(cell: &GroupCell) -> String {
    let spans: Vec<String> = cell.spans.iter().map(|[start, end]| format!("{start}-{end}")).collect();
    format!("{}:{}", cell.report, spans.join("_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `"a0-10 b5-9+20-30"` is a cell of report `a` and one of `b` in two pieces.
    fn group(cells: &str, divergences: &[(&str, &str)]) -> Group {
        let cells = cells.split_whitespace().map(|cell| {
            let (report, spans) = cell.split_at(1);
            let spans = spans.split('+').map(|span| {
                let (start, end) = span.split_once('-').unwrap();
                [start.parse().unwrap(), end.parse().unwrap()]
            });
            GroupCell { report: report.into(), spans: spans.collect() }
        });
        let divergences = divergences.iter().map(|(kind, reports)| GroupDivergence {
            kind: (*kind).into(),
            reports: reports.chars().map(String::from).collect(),
        });
        Group { cells: cells.collect(), divergences: divergences.collect() }
    }

    fn scores(gold: &Groups, predicted: &Groups) -> PairScores {
        let mut scores = PairScores::default();
        scores.add("e", gold, predicted);
        scores
    }

    #[test]
    fn cells_match_by_half_of_the_shorter() {
        let same = |a: &str, b: &str| same_cell(&group(a, &[]).cells[0], &group(b, &[]).cells[0]);
        assert!(same("a0-10", "a5-100"));
        assert!(!same("a0-10", "a6-100"));
        assert!(!same("a0-10", "b0-10"));
        assert!(same("a0-4+10-14", "a2-12"), "two pieces of 2 and 2 of 8");
        assert!(!same("a5-5", "a0-10"), "an empty cell matches nothing");
    }

    #[test]
    fn a_pair_of_the_other_kind_is_right_and_a_doubtful_one_is_passed_over() {
        let gold = Groups {
            utterances: vec![group("a0-10 b0-10 c0-10", &[])],
            facts: vec![group("a20-30 b20-30", &[])],
            doubtful: vec![group("a40-50 c40-50", &[])],
        };
        let predicted = Groups {
            utterances: vec![group("b21-30 a20-29", &[])],
            facts: vec![group("a0-10 b0-10", &[]), group("a40-50 c40-50 b90-99", &[])],
            doubtful: vec![],
        };
        let scores = scores(&gold, &predicted);
        assert_eq!(scores.utterances, Tally { right: 1, predicted: 1, found: 1, gold: 3 });
        assert_eq!(scores.facts, Tally { right: 1, predicted: 3, found: 1, gold: 1 });
        assert_eq!(scores.all(), Tally { right: 2, predicted: 4, found: 2, gold: 4 });
    }

    #[test]
    fn two_cells_of_one_report_make_no_pair_with_each_other() {
        let groups = [group("a0-5 a9-20 b0-5", &[])];
        let shown: Vec<_> = pairs(&groups).iter().map(|pair| pair.cells).collect();
        assert_eq!(shown, [[0, 2], [1, 2]]);
    }

    #[test]
    fn divergences_need_kind_and_both_cells() {
        let gold = Groups {
            facts: vec![group("a0-10 b0-10 c0-10", &[("figure", "abc"), ("scope", "ab")])],
            ..Groups::default()
        };
        let predicted = Groups {
            facts: vec![
                group("a0-10 b0-10", &[("figure", "ba"), ("time", "ab"), ("wording", "ab")]),
                group("a0-10 c50-60", &[("figure", "ac")]),
            ],
            ..Groups::default()
        };
        let scores = scores(&gold, &predicted);
        assert_eq!(scores.divergences["figure"], Tally { right: 1, predicted: 2, found: 1, gold: 3 });
        assert_eq!(scores.divergences["time"], Tally { right: 0, predicted: 1, found: 0, gold: 0 });
        assert_eq!(scores.divergences.len(), 2, "scope and wording are not scored");
        assert_eq!(scores.all_divergences(), Tally { right: 1, predicted: 3, found: 1, gold: 3 });
    }

    #[test]
    fn items_name_groups_and_places_but_no_text() {
        let gold = Groups { utterances: vec![group("a0-10 b0-10", &[("hedge", "ab")])], ..Groups::default() };
        let predicted = Groups { facts: vec![group("a0-10 b30-40", &[])], ..Groups::default() };
        let evaluation = crate::Evaluation { items: scores(&gold, &predicted).items, ..Default::default() };
        insta::assert_snapshot!(evaluation.to_csv(), @r"
        document,id,group,outcome
        e,a:0-10+b:30-40,facts,spurious
        e,u0:0+1,utterances,missed
        e,u0:a+b,divergence hedge,missed
        ");
    }
}
