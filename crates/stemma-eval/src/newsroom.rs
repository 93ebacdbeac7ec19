//! Families of reports whose lineage is known: edges, witnesses, divergences, and false alarms on distractors.
//!
//! Data: a folder of families (or a folder with a `dev` folder of them), one JSON file each; cells are substrings of their
//! report. An edge is an unordered pair of reports; edges from one unseen source tie every two reports that have it as
//! `shared-source`. The kind is judged on matched edges, the direction on matched gold edges of the other kinds. A
//! distractor raises an alarm if a divergence of the kind that it looks like touches both its cells.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use stemma_annotate::Annotator;
use stemma_core::{Comparison, EdgeOrigin, Report, Story};

use crate::comparison::{groups_of, push_pair_groups, run};
use crate::pairs::{Group, GroupCell, GroupDivergence, Groups, PairScores, same_cell};
use crate::reports::ReportRecord;
use crate::{EvalError, Evaluation, Item, Outcome, Tally};

/// One edge by ids.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EdgeRecord {
    /// A report of the family, or an unseen source such as `agency:AFP`.
    pub from: String,
    /// A report of the family.
    pub to: String,
    /// `copy`, `rewrite`, `relay`, `shared-source` …
    pub kind: String,
}

/// Who had it from whom.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Lineage {
    /// The edges.
    pub lineage: Vec<EdgeRecord>,
    /// A partition of the reports.
    pub witnesses: Vec<BTreeSet<String>>,
}

/// What looks like a divergence and is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Distractor {
    /// The kind that a careless program would report; may be empty.
    pub looks_like: String,
    /// The cells, in different reports.
    pub cells: Vec<GroupCell>,
}

/// One family with its gold.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its id, `f01`.
    pub id: String,
    /// The file's name.
    pub file: String,
    /// Its reports.
    pub reports: Vec<Arc<Report>>,
    /// Who had it from whom.
    pub lineage: Lineage,
    /// Utterances and facts.
    pub gold: Groups,
    /// What is no divergence.
    pub distractors: Vec<Distractor>,
}

#[derive(Deserialize)]
struct FamilyRecord {
    family: String,
    reports: Vec<ReportRecord>,
    #[serde(flatten)]
    lineage: Lineage,
    #[serde(default)]
    utterances: Vec<GroupRecord>,
    #[serde(default)]
    facts: Vec<GroupRecord>,
    #[serde(default)]
    distractors: Vec<DistractorRecord>,
}

#[derive(Deserialize)]
struct GroupRecord {
    cells: Vec<CellRecord>,
    #[serde(default)]
    divergences: Vec<GroupDivergence>,
}

#[derive(Deserialize)]
struct CellRecord {
    report: String,
    #[serde(default)]
    content: Pieces,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Pieces {
    One(String),
    Many(Vec<String>),
}

impl Default for Pieces {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

#[derive(Deserialize)]
struct DistractorRecord {
    #[serde(default)]
    reports: Vec<String>,
    #[serde(default)]
    texts: Vec<String>,
    looks_like: Option<String>,
}

/// All families under `data`, in order of file name.
pub fn load(data: &Path) -> Result<Vec<Family>, EvalError> {
    let inner = data.join("dev");
    let folder = if inner.is_dir() { inner } else { data.to_owned() };
    let io = |source| EvalError::Io { path: folder.clone(), source };
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(io)? {
        files.push(entry.map_err(io)?.path());
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().map(|path| load_family(path)).collect()
}

fn load_family(path: &Path) -> Result<Family, EvalError> {
    let bytes = std::fs::read(path).map_err(|source| EvalError::Io { path: path.to_owned(), source })?;
    let record: FamilyRecord = serde_json::from_slice(&bytes).map_err(|source| EvalError::Record {
        path: path.to_owned(),
        line: source.line(),
        source,
    })?;
    let inconsistent = |problem| EvalError::Inconsistent { path: path.to_owned(), problem };
    let texts: BTreeMap<&str, &str> =
        record.reports.iter().map(|r| (r.id.as_str(), r.text.as_str())).collect();
    let groups = |records: &[GroupRecord]| -> Result<Vec<Group>, EvalError> {
        let resolved = records.iter().map(|group| resolve(group, &texts));
        resolved.collect::<Result<_, _>>().map_err(inconsistent)
    };
    let distractor = |record: &DistractorRecord| -> Result<Distractor, String> {
        let cells = record.reports.iter().zip(&record.texts);
        let cells =
            cells.map(|(report, text)| locate(report, &[text.as_str()], &texts)).collect::<Result<_, _>>()?;
        Ok(Distractor { looks_like: record.looks_like.clone().unwrap_or_default(), cells })
    };
    Ok(Family {
        gold: Groups {
            utterances: groups(&record.utterances)?,
            facts: groups(&record.facts)?,
            doubtful: Vec::new(),
        },
        distractors: record
            .distractors
            .iter()
            .map(distractor)
            .collect::<Result<_, _>>()
            .map_err(inconsistent)?,
        reports: record.reports.iter().map(|report| report.report(path)).collect(),
        file: path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        id: record.family,
        lineage: record.lineage,
    })
}

fn resolve(group: &GroupRecord, texts: &BTreeMap<&str, &str>) -> Result<Group, String> {
    let cell = |cell: &CellRecord| {
        let pieces: Vec<&str> = match &cell.content {
            Pieces::One(piece) if !piece.is_empty() => vec![piece],
            Pieces::Many(pieces) if !pieces.is_empty() => pieces.iter().map(String::as_str).collect(),
            _ => vec![&cell.text],
        };
        locate(&cell.report, &pieces, texts)
    };
    let cells = group.cells.iter().map(cell).collect::<Result<_, _>>()?;
    Ok(Group { cells, divergences: group.divergences.clone() })
}

/// The cell of `pieces`, each at its first place in the report.
fn locate(report: &str, pieces: &[&str], texts: &BTreeMap<&str, &str>) -> Result<GroupCell, String> {
    let text = texts.get(report).ok_or_else(|| format!("no report has the id {report}"))?;
    let span = |piece: &&str| {
        let at = text.find(piece).ok_or_else(|| format!("{report} does not hold {piece:?}"))?;
        let start = text[..at].chars().count();
        Ok([start, start + piece.chars().count()])
    };
    let spans = pieces.iter().map(span).collect::<Result<_, String>>()?;
    Ok(GroupCell { report: report.to_owned(), spans })
}

/// What was predicted for one family, in the shape of the gold.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Prediction {
    /// Who had it from whom.
    #[serde(flatten)]
    pub lineage: Lineage,
    /// Utterances and facts.
    #[serde(flatten)]
    pub groups: Groups,
}

impl Prediction {
    /// The comparison with the ids of its reports.
    pub fn of(story: &Story, comparison: &Comparison) -> Self {
        let id = |index| story.document(index).report().shown_id();
        let edge = |edge: &stemma_core::Edge| EdgeRecord {
            from: match &edge.from {
                EdgeOrigin::Report(report) => id(*report),
                EdgeOrigin::Unseen(name) if name.starts_with("release:") => name.clone(),
                EdgeOrigin::Unseen(name) => format!("agency:{name}"),
            },
            to: id(edge.to),
            kind: edge.kind.as_str().to_owned(),
        };
        let witnesses = comparison.witnesses.iter().map(|w| w.reports.iter().map(|&r| id(r)).collect());
        Self {
            lineage: Lineage {
                lineage: comparison.lineage.iter().map(edge).collect(),
                witnesses: witnesses.collect(),
            },
            groups: groups_of(story, comparison),
        }
    }
}

type Tie = BTreeSet<String>;

/// Ties between reports with their kind, and arrows (from, to) of all kinds but `shared-source`.
fn ties(
    lineage: &[EdgeRecord],
    reports: &BTreeSet<String>,
) -> (BTreeMap<Tie, String>, BTreeSet<(String, String)>) {
    let (mut ties, mut arrows) = (BTreeMap::new(), BTreeSet::new());
    let mut unseen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in lineage.iter().filter(|edge| reports.contains(&edge.to)) {
        if reports.contains(&edge.from) {
            ties.insert(Tie::from([edge.from.clone(), edge.to.clone()]), edge.kind.clone());
            if edge.kind != "shared-source" {
                arrows.insert((edge.from.clone(), edge.to.clone()));
            }
        } else {
            unseen.entry(&edge.from).or_default().insert(&edge.to);
        }
    }
    for tie in unseen.values().flat_map(|reports| every_two(reports.iter().copied())) {
        ties.entry(tie).or_insert_with(|| "shared-source".to_owned());
    }
    (ties, arrows)
}

fn every_two<'a>(reports: impl Iterator<Item = &'a str>) -> BTreeSet<Tie> {
    let reports: Vec<&str> = reports.collect();
    let mut all = BTreeSet::new();
    for (n, a) in reports.iter().enumerate() {
        all.extend(reports[n + 1..].iter().map(|b| Tie::from([(*a).to_owned(), (*b).to_owned()])));
    }
    all
}

/// Counts over any number of families.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NewsroomScores {
    /// Families.
    pub n_families: usize,
    /// Ties of two reports.
    pub edges: Tally,
    /// Matched ties, and those of the right kind.
    pub kind_right: (usize, usize),
    /// Gold arrows whose tie was matched, and those that point the right way: (right, judged).
    pub direction_right: (usize, usize),
    /// Pairs of reports in one witness.
    pub witness_pairs: Tally,
    /// Families whose partition into witnesses is exact.
    pub n_exact: usize,
    /// Distractors that raised an alarm, of how many.
    pub alarms: (usize, usize),
    /// Pairs and divergences.
    pub pairs: PairScores,
}

impl NewsroomScores {
    /// Adds one family.
    pub fn add(&mut self, family: &Family, predicted: &Prediction) {
        self.n_families += 1;
        self.add_edges(family, predicted);
        self.add_witnesses(family, predicted);
        self.pairs.add(&family.id, &family.gold, &predicted.groups);
        self.add_alarms(family, predicted);
    }

    fn item(&mut self, family: &Family, id: String, group: &str, outcome: Outcome) {
        self.pairs.items.push(Item { document: family.id.clone(), id, group: group.to_owned(), outcome });
    }

    fn add_edges(&mut self, family: &Family, predicted: &Prediction) {
        let reports: BTreeSet<String> = family.reports.iter().map(|report| report.shown_id()).collect();
        let (gold, gold_arrows) = ties(&family.lineage.lineage, &reports);
        let (found, arrows) = ties(&predicted.lineage.lineage, &reports);
        let hits: Vec<&Tie> = gold.keys().filter(|tie| found.contains_key(*tie)).collect();
        self.edges +=
            Tally { right: hits.len(), predicted: found.len(), found: hits.len(), gold: gold.len() };
        self.kind_right.0 += hits.iter().filter(|tie| gold[**tie] == found[**tie]).count();
        self.kind_right.1 += hits.len();
        for arrow in &gold_arrows {
            if found.contains_key(&Tie::from([arrow.0.clone(), arrow.1.clone()])) {
                self.direction_right.0 += usize::from(arrows.contains(arrow));
                self.direction_right.1 += 1;
            }
        }
        for tie in gold.keys().chain(found.keys().filter(|tie| !gold.contains_key(*tie))) {
            let outcome = match (gold.contains_key(tie), found.contains_key(tie)) {
                (true, true) => Outcome::Hit,
                (true, false) => Outcome::Missed,
                _ => Outcome::Spurious,
            };
            let id = tie.iter().cloned().collect::<Vec<_>>().join("+");
            let group = format!("edge {}", gold.get(tie).or(found.get(tie)).map_or("", String::as_str));
            self.item(family, id, &group, outcome);
        }
    }

    fn add_witnesses(&mut self, family: &Family, predicted: &Prediction) {
        let together = |parts: &[BTreeSet<String>]| -> BTreeSet<Tie> {
            parts.iter().flat_map(|part| every_two(part.iter().map(String::as_str))).collect()
        };
        let (gold, found) = (&family.lineage.witnesses, &predicted.lineage.witnesses);
        let (gold_pairs, found_pairs) = (together(gold), together(found));
        let both = gold_pairs.intersection(&found_pairs).count();
        self.witness_pairs +=
            Tally { right: both, predicted: found_pairs.len(), found: both, gold: gold_pairs.len() };
        let parts = |partition: &[BTreeSet<String>]| partition.iter().cloned().collect::<BTreeSet<_>>();
        let exact = parts(gold) == parts(found);
        self.n_exact += usize::from(exact);
        let outcome = if exact { Outcome::Hit } else { Outcome::Missed };
        self.item(family, "witnesses".to_owned(), "witness partition", outcome);
    }

    fn add_alarms(&mut self, family: &Family, predicted: &Prediction) {
        let divergences = predicted.groups.divergences();
        for (n, distractor) in family.distractors.iter().enumerate() {
            let touches = |cells: &[&GroupCell], of: &[GroupCell]| {
                cells.iter().any(|cell| of.iter().any(|other| same_cell(cell, other)))
            };
            let (first, rest) = distractor.cells.split_at(distractor.cells.len().min(1));
            let alarm = divergences.iter().filter(|d| d.kind == distractor.looks_like).any(|d| {
                let cells = d.cells.concat();
                touches(&cells, first) && touches(&cells, rest)
            });
            self.alarms.0 += usize::from(alarm);
            self.alarms.1 += 1;
            if alarm {
                let group = format!("distractor {}", distractor.looks_like);
                self.item(family, format!("distractor {n}"), &group, Outcome::Spurious);
            }
        }
    }

    /// The table.
    pub fn evaluation(self) -> Evaluation {
        let share = |(part, whole): (usize, usize)| part as f64 / whole.max(1) as f64;
        let mut evaluation = Evaluation {
            title: format!("newsroom, {} families", self.n_families),
            groups: vec![
                ("lineage edges".to_owned(), self.edges),
                ("witness pairs".to_owned(), self.witness_pairs),
            ],
            figures: vec![
                ("lineage kind right".to_owned(), share(self.kind_right)),
                ("direction right".to_owned(), share(self.direction_right)),
                ("witness partition exact".to_owned(), share((self.n_exact, self.n_families))),
                ("distractor alarms".to_owned(), self.alarms.0 as f64),
                ("distractors".to_owned(), self.alarms.1 as f64),
            ],
            items: Vec::new(),
        };
        push_pair_groups(&mut evaluation, "", &self.pairs);
        evaluation.items = self.pairs.items;
        evaluation
    }
}

/// Compares every family on all threads; results in the order of the families.
pub fn run_all(annotator: &Annotator, families: &[Family]) -> Vec<(Story, Comparison)> {
    families.par_iter().map(|family| run(annotator, &family.id, &family.reports)).collect()
}

/// Scores predictions that any program wrote into `folder`, one file for each family.
pub fn score_predictions(families: &[Family], folder: &Path) -> Result<NewsroomScores, EvalError> {
    let mut scores = NewsroomScores::default();
    for family in families {
        let path = folder.join(&family.file);
        let bytes = std::fs::read(&path).map_err(|source| EvalError::Io { path: path.clone(), source })?;
        let prediction: Prediction = serde_json::from_slice(&bytes).map_err(|source| EvalError::Record {
            path,
            line: source.line(),
            source,
        })?;
        scores.add(family, &prediction);
    }
    Ok(scores)
}

/// Compares the families under `data` and scores them.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let families = load(data)?;
    let annotator = Annotator::load();
    let mut scores = NewsroomScores::default();
    for (family, (story, comparison)) in families.iter().zip(run_all(&annotator, &families)) {
        scores.add(family, &Prediction::of(&story, &comparison));
    }
    Ok(scores.evaluation())
}

#[cfg(test)]
mod tests {
    use super::*;
    use stemma_core::{Origin, ReportDraft};

    fn edge(from: &str, to: &str, kind: &str) -> EdgeRecord {
        EdgeRecord { from: from.into(), to: to.into(), kind: kind.into() }
    }

    fn lineage(edges: Vec<EdgeRecord>, witnesses: &[&str]) -> Lineage {
        let witnesses = witnesses.iter().map(|part| part.chars().map(String::from).collect()).collect();
        Lineage { lineage: edges, witnesses }
    }

    fn family(lineage: Lineage, distractors: Vec<Distractor>) -> Family {
        let report = |id: &str| {
            let draft = ReportDraft { given_id: Some(id.into()), text: id.into(), ..ReportDraft::default() };
            Arc::new(Report::new(draft, Origin::whole("test")))
        };
        let reports = ["a", "b", "c", "d"].map(report).into();
        Family {
            id: "f".into(),
            file: "f.json".into(),
            reports,
            lineage,
            gold: Groups::default(),
            distractors,
        }
    }

    #[test]
    fn unseen_sources_tie_every_two_reports_that_share_one() {
        let gold = vec![
            edge("agency:X", "a", "shared-source"),
            edge("agency:X", "b", "shared-source"),
            edge("b", "c", "copy"),
        ];
        let found =
            vec![edge("b", "a", "rewrite"), edge("c", "b", "copy"), edge("agency:Y", "d", "agency-credit")];
        let mut scores = NewsroomScores::default();
        let predicted = Prediction { lineage: lineage(found, &["abc", "d"]), groups: Groups::default() };
        scores.add(&family(lineage(gold, &["abc", "d"]), vec![]), &predicted);
        assert_eq!(scores.edges, Tally { right: 2, predicted: 2, found: 2, gold: 2 });
        assert_eq!(scores.kind_right, (1, 2), "rewrite is not shared-source");
        assert_eq!(
            scores.direction_right,
            (0, 1),
            "the copy points the wrong way; shared sources have no direction"
        );
        assert_eq!(scores.n_exact, 1);
        assert_eq!(scores.witness_pairs, Tally { right: 3, predicted: 3, found: 3, gold: 3 });
    }

    #[test]
    fn an_alarm_needs_the_kind_and_both_cells() {
        let cell =
            |report: &str, start| GroupCell { report: report.into(), spans: vec![[start, start + 10]] };
        let distractor =
            |kind: &str| Distractor { looks_like: kind.into(), cells: vec![cell("a", 0), cell("b", 0)] };
        let divergence = GroupDivergence { kind: "figure".into(), reports: vec!["a".into(), "b".into()] };
        let group = |start| Group {
            cells: vec![cell("a", 0), cell("b", start)],
            divergences: vec![divergence.clone()],
        };
        let alarms = |start| {
            let groups = Groups { facts: vec![group(start)], ..Groups::default() };
            let mut scores = NewsroomScores::default();
            let predicted = Prediction { lineage: Lineage::default(), groups };
            scores
                .add(&family(Lineage::default(), vec![distractor("figure"), distractor("time")]), &predicted);
            scores.alarms
        };
        assert_eq!(alarms(2), (1, 2));
        assert_eq!(alarms(50), (0, 2));
    }
}
