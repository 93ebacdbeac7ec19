//! What the comparison of real events finds: utterances, facts, divergences and names against gold.
//!
//! Data: a folder with `dev.jsonl` (reports in `../basil/dev.jsonl`) and `clusters.dev.jsonl` (reports in
//! `../newscluster/dev.jsonl`), or one such file. One event a line: `event_id`, `utterances`, `facts`, `doubtful`,
//! `entities`, and for clusters `reports`. Offsets are code points. How pairs are scored: [`crate::pairs`]; names:
//! [`crate::name_forms`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use stemma_annotate::Annotator;
use stemma_compare::{PairModel, Place, compare_given, compare_with};
use stemma_core::{Alignment, Comparison, Divergence, OffsetUnit, Offsets, Report, ReportIndex, Story};

use crate::name_forms::{GoldEntity, NameScores};
use crate::pairs::{Group, GroupCell, GroupDivergence, Groups, PairScores};
use crate::reports::{ReportRecord, read_reports};
use crate::{EvalError, Evaluation, read_records};

/// One event with its gold.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id in the gold.
    pub id: String,
    /// Its reports, in the order of their file.
    pub reports: Vec<Arc<Report>>,
    /// What stands in them.
    pub gold: Groups,
    /// Who is named in them.
    pub entities: Vec<GoldEntity>,
}

#[derive(Deserialize)]
struct EventRecord {
    event_id: String,
    #[serde(default)]
    reports: Vec<String>,
    #[serde(flatten)]
    groups: Groups,
    #[serde(default)]
    entities: Vec<GoldEntity>,
}

/// The gold of one file.
#[derive(Clone, Debug)]
pub struct EventSet {
    /// The file's name up to its first dot that is not its set's: `dev`, `clusters`.
    pub name: String,
    /// Its events, in the order of the file.
    pub events: Vec<Event>,
}

/// The sets of a folder, or the one of a file.
pub fn load(data: &Path) -> Result<Vec<EventSet>, EvalError> {
    if !data.is_dir() {
        return Ok(vec![load_file(data)?]);
    }
    let files: Vec<PathBuf> = ["dev.jsonl", "clusters.dev.jsonl"]
        .iter()
        .map(|name| data.join(name))
        .filter(|f| f.exists())
        .collect();
    if files.is_empty() {
        let problem = "a folder with neither dev.jsonl nor clusters.dev.jsonl".to_owned();
        return Err(EvalError::Inconsistent { path: data.to_owned(), problem });
    }
    files.iter().map(|file| load_file(file)).collect()
}

fn load_file(path: &Path) -> Result<EventSet, EvalError> {
    let records: Vec<EventRecord> = read_records(path)?;
    let of_clusters = records.iter().any(|record| !record.reports.is_empty());
    let sibling = if of_clusters { "../newscluster/dev.jsonl" } else { "../basil/dev.jsonl" };
    let reports_path = path.parent().unwrap_or(Path::new("")).join(sibling);
    let reports = read_reports(&reports_path)?;
    let by_id: BTreeMap<&str, &ReportRecord> = reports.iter().map(|r| (r.id.as_str(), r)).collect();
    let of_event = |record: &EventRecord| -> Vec<&ReportRecord> {
        if record.reports.is_empty() {
            reports.iter().filter(|report| report.event_id == record.event_id.as_str()).collect()
        } else {
            record.reports.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect()
        }
    };
    let mut events = Vec::new();
    for record in records {
        let found = of_event(&record);
        check(&record, &found)
            .map_err(|problem| EvalError::Inconsistent { path: path.to_owned(), problem })?;
        events.push(Event {
            reports: found.iter().map(|report| report.report(&reports_path)).collect(),
            id: record.event_id,
            gold: record.groups,
            entities: record.entities,
        });
    }
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let name = name.strip_suffix(".jsonl").unwrap_or(&name);
    Ok(EventSet { name: name.strip_suffix(".dev").unwrap_or(name).to_owned(), events })
}

/// Every cell of `record` stands in one of `reports`.
fn check(record: &EventRecord, reports: &[&ReportRecord]) -> Result<(), String> {
    let lengths: BTreeMap<&str, usize> =
        reports.iter().map(|report| (report.id.as_str(), report.text.chars().count())).collect();
    let groups = record.groups.utterances.iter().chain(&record.groups.facts).chain(&record.groups.doubtful);
    for cell in groups.flat_map(|group| &group.cells) {
        let Some(&length) = lengths.get(cell.report.as_str()) else {
            return Err(format!(
                "event {} names the report {}, which it does not have",
                record.event_id, cell.report
            ));
        };
        if cell.spans.iter().any(|[start, end]| start > end || *end > length) {
            return Err(format!("event {}: a cell does not fit the report {}", record.event_id, cell.report));
        }
    }
    Ok(())
}

/// A comparison in the shape of the gold.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Prediction {
    /// Id of the event.
    pub event_id: String,
    /// Utterances and facts.
    #[serde(flatten)]
    pub groups: Groups,
}

/// Annotates and compares the reports of `event`, with weights that have not seen it.
pub fn run(annotator: &Annotator, event: &str, reports: &[Arc<Report>]) -> (Story, Comparison) {
    let story = Story::new(reports.iter().map(|report| annotator.annotate(report.clone())).collect());
    let comparison = compare_with(&story, &PairModel::held_out(event));
    (story, comparison)
}

/// Annotates the reports and finds divergences between cells that `gold` says are aligned: what is lost in the alignment and
/// what in the divergences can be told apart.
pub fn run_given(
    annotator: &Annotator,
    event: &str,
    reports: &[Arc<Report>],
    gold: &Groups,
) -> (Story, Comparison) {
    let story = Story::new(reports.iter().map(|report| annotator.annotate(report.clone())).collect());
    let place = |cell: &GroupCell| {
        let n = story.documents().iter().position(|document| document.report().shown_id() == cell.report)?;
        let index = ReportIndex(u32::try_from(n).ok()?);
        let offsets = Offsets::new(story.document(index).text(), OffsetUnit::Chars);
        Some((index, cell.spans.iter().map(|&[start, end]| offsets.to_span(start, end)).collect()))
    };
    let groups = gold.utterances.iter().chain(&gold.facts);
    let groups: Vec<Vec<Place>> =
        groups.map(|group| group.cells.iter().filter_map(place).collect()).collect();
    let comparison = compare_given(&story, &groups, &PairModel::held_out(event));
    (story, comparison)
}

/// The alignments of `comparison` with report ids and code points.
pub fn groups_of(story: &Story, comparison: &Comparison) -> Groups {
    let offsets: Vec<Offsets> =
        story.documents().iter().map(|document| Offsets::new(document.text(), OffsetUnit::Chars)).collect();
    let report = |index: ReportIndex| story.document(index).report().shown_id();
    let group = |alignment: &Alignment| Group {
        cells: alignment
            .cells
            .iter()
            .map(|cell| {
                let spans = cell.spans.iter().map(|&span| offsets[cell.report.index()].of_span(span));
                GroupCell { report: report(cell.report), spans: spans.collect() }
            })
            .collect(),
        divergences: alignment
            .divergences
            .iter()
            .map(|divergence| GroupDivergence {
                kind: divergence.kind.as_str().to_owned(),
                reports: divergence.cells.iter().map(|&n| report(alignment.cells[n].report)).collect(),
            })
            .collect(),
    };
    Groups {
        utterances: comparison.utterances.iter().map(group).collect(),
        facts: comparison.facts.iter().map(group).collect(),
        doubtful: Vec::new(),
    }
}

/// The alignments of `comparison` with their likely cells alone: what counts as corroboration, and as a conflict.
fn likely_cells(comparison: &Comparison) -> Comparison {
    let likely = |alignment: &Alignment| {
        let kept: Vec<usize> = (0..alignment.cells.len()).filter(|&n| alignment.is_likely_cell(n)).collect();
        let renumbered = |divergence: &Divergence| {
            let [a, b] = divergence.cells.map(|cell| kept.binary_search(&cell).ok());
            Some(Divergence { cells: [a?, b?], ..divergence.clone() })
        };
        Alignment {
            cells: kept.iter().map(|&n| alignment.cells[n].clone()).collect(),
            divergences: alignment.divergences.iter().filter_map(renumbered).collect(),
            ..alignment.clone()
        }
    };
    Comparison {
        utterances: comparison.utterances.iter().map(likely).collect(),
        facts: comparison.facts.iter().map(likely).collect(),
        ..Comparison::default()
    }
}

/// Compares every event of `set`, on all threads; results in the order of the events.
pub fn run_all(annotator: &Annotator, set: &EventSet) -> Vec<(Story, Comparison)> {
    set.events.par_iter().map(|event| run(annotator, &event.id, &event.reports)).collect()
}

/// Predictions as JSON lines, for any other scorer of the same format.
pub fn predictions(set: &EventSet, compared: &[(Story, Comparison)]) -> String {
    let lines = set.events.iter().zip(compared).map(|(event, (story, comparison))| {
        let prediction = Prediction { event_id: event.id.clone(), groups: groups_of(story, comparison) };
        serde_json::to_string(&prediction).expect("strings and numbers can be written as JSON") + "\n"
    });
    lines.collect()
}

/// Scores predictions that any program wrote as JSON lines; an event without one counts as one without groups.
pub fn score_predictions(set: &EventSet, path: &Path) -> Result<PairScores, EvalError> {
    let predictions: Vec<Prediction> = read_records(path)?;
    let by_event: BTreeMap<&str, &Groups> =
        predictions.iter().map(|prediction| (prediction.event_id.as_str(), &prediction.groups)).collect();
    let (mut scores, nothing) = (PairScores::default(), Groups::default());
    for event in &set.events {
        scores.add(&event.id, &event.gold, by_event.get(event.id.as_str()).copied().unwrap_or(&nothing));
    }
    Ok(scores)
}

/// Scores what was compared against the gold of `set`.
pub fn score(set: &EventSet, compared: &[(Story, Comparison)]) -> Evaluation {
    let (mut scores, mut likely, mut names) =
        (PairScores::default(), PairScores::default(), NameScores::default());
    for (event, (story, comparison)) in set.events.iter().zip(compared) {
        scores.add(&event.id, &event.gold, &groups_of(story, comparison));
        likely.add(&event.id, &event.gold, &groups_of(story, &likely_cells(comparison)));
        names.add(&event.id, &event.entities, story, comparison);
    }
    let mut evaluation =
        Evaluation { title: format!("{}, {} events", set.name, set.events.len()), ..Default::default() };
    push_pair_groups(&mut evaluation, "", &scores);
    let rows = [
        ("utterances", likely.utterances),
        ("facts", likely.facts),
        ("all", likely.all()),
        ("divergences", likely.all_divergences()),
    ];
    evaluation.groups.extend(rows.map(|(name, tally)| (format!("likely {name}"), tally)));
    evaluation
        .groups
        .extend([("name forms".to_owned(), names.forms), ("name pairs".to_owned(), names.pairs)]);
    evaluation.items = scores.items;
    evaluation.items.append(&mut names.items);
    evaluation
}

/// The groups of pairs and divergences, each name after `prefix`.
pub fn push_pair_groups(evaluation: &mut Evaluation, prefix: &str, scores: &PairScores) {
    let rows = [("utterances", scores.utterances), ("facts", scores.facts), ("all", scores.all())];
    evaluation.groups.extend(rows.map(|(name, tally)| (format!("{prefix}{name}"), tally)));
    for (kind, &tally) in &scores.divergences {
        evaluation.groups.push((format!("{prefix}divergence {kind}"), tally));
    }
    evaluation.groups.push((format!("{prefix}divergences"), scores.all_divergences()));
}

/// Compares the events under `data` and scores them. With more than one set, each group is named after its set too.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let sets = load(data)?;
    let annotator = Annotator::load();
    let mut whole = Evaluation::default();
    let mut titles = Vec::new();
    for set in &sets {
        let mut part = score(set, &run_all(&annotator, set));
        titles.push(part.title);
        let prefix = if sets.len() > 1 { format!("{}: ", set.name) } else { String::new() };
        whole.groups.extend(part.groups.into_iter().map(|(name, tally)| (format!("{prefix}{name}"), tally)));
        whole.items.append(&mut part.items);
    }
    whole.title = format!("comparison ({})", titles.join("; "));
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_gold_is_named() {
        let problem = load(Path::new("src")).unwrap_err().to_string();
        assert_eq!(problem, "src: a folder with neither dev.jsonl nor clusters.dev.jsonl");
    }

    #[test]
    fn cells_outside_their_report_are_refused() {
        let record: EventRecord = serde_json::from_str(
            r#"{"event_id": "e", "facts": [{"cells": [{"report": "a", "spans": [[0, 4]]}], "divergences": []}]}"#,
        )
        .unwrap();
        let report: ReportRecord = serde_json::from_str(r#"{"id": "a", "text": "Öl!"}"#).unwrap();
        assert_eq!(check(&record, &[&report]).unwrap_err(), "event e: a cell does not fit the report a");
        assert_eq!(check(&record, &[]).unwrap_err(), "event e names the report a, which it does not have");
    }
}
