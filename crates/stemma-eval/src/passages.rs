//! Text that two reports share word for word, and page furniture that must not be called a copy.
//!
//! Data: a folder with `dev.jsonl` (reports with `event_id`) and `dev.verbatim.jsonl`: for every two reports that share a run of
//! [`MIN_TOKENS`] words or more, all maximal shared runs, as `{"a", "b", "same_event", "runs": [{"a": [s, e], "b": [s, e],
//! "tokens"}]}` in code points. A word is a run of `\w` with inner apostrophes, lower-cased; the runs were found exhaustively.
//!
//! The reports of each event are compared as one story. Two reports of different events that share a run share page furniture:
//! they are compared as a story of two, in which no report may be called a copy of the other. Precision and recall are counted
//! in characters of both sides that lie in some run; a passage of fewer words than the gold lists is neither right nor wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use serde::Deserialize;
use stemma_annotate::Annotator;
use stemma_core::{Comparison, EdgeKind, EdgeOrigin, OffsetUnit, Offsets, Report, Span, Story};

use crate::comparison::run;
use crate::reports::read_reports;
use crate::{EvalError, Evaluation, Item, Outcome, Tally, read_records};

/// Shortest run of the gold, in words.
const MIN_TOKENS: usize = 12;

#[derive(Clone, Debug, Deserialize)]
struct PairRecord {
    a: String,
    b: String,
    same_event: bool,
    runs: Vec<RunRecord>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct RunRecord {
    a: [usize; 2],
    b: [usize; 2],
}

/// Ids of two reports, the lesser first.
type Two = (String, String);

/// Shared runs of one pair, each as a range of the lesser id's text and of the other's, in code points.
type Runs = Vec<[[usize; 2]; 2]>;

fn two(a: &str, b: &str) -> Two {
    (a.min(b).to_owned(), a.max(b).to_owned())
}

/// What was found in one story.
#[derive(Debug, Default)]
struct Found {
    runs: BTreeMap<Two, Runs>,
    /// Pairs of which an edge calls one a copy of the other, and those that any edge ties.
    copied: BTreeSet<Two>,
    tied: BTreeSet<Two>,
}

/// Finds the passages of the reports in `data` and scores them.
///
/// # Errors
/// If the gold cannot be read.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let file = data.join("dev.jsonl");
    let records = read_reports(&file)?;
    let pairs: Vec<PairRecord> = read_records(&data.join("dev.verbatim.jsonl"))?;
    let mut reports = BTreeMap::new();
    let mut events: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for record in &records {
        let report = record.report(&file);
        events.entry(record.event_id.to_string()).or_default().push(report.clone());
        reports.insert(record.id.as_str(), report);
    }
    let known = |id: &str| {
        reports.get(id).cloned().ok_or_else(|| EvalError::Inconsistent {
            path: file.clone(),
            problem: format!("no report has the id {id}"),
        })
    };
    let across: Vec<&PairRecord> = pairs.iter().filter(|pair| !pair.same_event).collect();
    let couples = across
        .iter()
        .map(|pair| Ok(vec![known(&pair.a)?, known(&pair.b)?]))
        .collect::<Result<Vec<_>, _>>()?;
    let annotator = Annotator::load();
    let look = |reports: &Vec<_>| find(&annotator, reports);
    let inside: Vec<Found> = events.into_values().collect::<Vec<_>>().par_iter().map(look).collect();
    let across: Vec<Found> = couples.par_iter().map(look).collect();
    let mut evaluation = Evaluation {
        title: format!("passages: {} reports, {} pairs that share a run", records.len(), pairs.len()),
        ..Evaluation::default()
    };
    let mut all = Tally::default();
    for (name, same_event, found) in
        [("runs, one event", true, &inside), ("runs, two events", false, &across)]
    {
        let gold = gold_runs(&pairs, same_event);
        let tally = score(&gold, found, same_event, &mut evaluation.items);
        all += tally;
        evaluation.groups.push((name.to_owned(), tally));
    }
    evaluation.groups.push(("runs".to_owned(), all));
    let count = |sets: fn(&Found) -> usize| across.iter().map(sets).sum::<usize>() as f64;
    evaluation.figures = vec![
        ("pairs that share page furniture".to_owned(), across.len() as f64),
        ("– called a copy".to_owned(), count(|found| found.copied.len())),
        ("– tied by any edge".to_owned(), count(|found| found.tied.len())),
    ];
    Ok(evaluation)
}

fn find(annotator: &Annotator, reports: &[std::sync::Arc<Report>]) -> Found {
    let (story, comparison) = run(annotator, "", reports);
    let id = |report| story.document(report).report().shown_id();
    let mut found = Found { runs: found_runs(&story, &comparison), ..Found::default() };
    for edge in &comparison.lineage {
        if let EdgeOrigin::Report(from) = &edge.from {
            let tie = two(&id(*from), &id(edge.to));
            if matches!(edge.kind, EdgeKind::Copy | EdgeKind::Revision) {
                found.copied.insert(tie.clone());
            }
            found.tied.insert(tie);
        }
    }
    found
}

fn found_runs(story: &Story, comparison: &Comparison) -> BTreeMap<Two, Runs> {
    let offsets: Vec<Offsets> =
        story.documents().iter().map(|document| Offsets::new(document.text(), OffsetUnit::Chars)).collect();
    let mut runs: BTreeMap<Two, Runs> = BTreeMap::new();
    for passage in &comparison.passages {
        let text = story.document(passage.a.0).slice(passage.a.1);
        if n_words(text) < MIN_TOKENS {
            continue;
        }
        let side = |(report, span): (stemma_core::ReportIndex, Span)| {
            let place = offsets[report.index()].of_span(span);
            (story.document(report).report().shown_id(), place)
        };
        let mut sides = [side(passage.a), side(passage.b)];
        sides.sort();
        let [(a, in_a), (b, in_b)] = sides;
        runs.entry((a, b)).or_default().push([in_a, in_b]);
    }
    runs
}

/// Words as the gold counts them.
fn n_words(text: &str) -> usize {
    let apart = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '\'' | '’'));
    text.split(apart).filter(|word| word.contains(|c: char| c.is_alphanumeric() || c == '_')).count()
}

fn gold_runs(pairs: &[PairRecord], same_event: bool) -> BTreeMap<Two, Runs> {
    let mut gold: BTreeMap<Two, Runs> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.same_event == same_event) {
        let sides = |run: &RunRecord| if pair.a <= pair.b { [run.a, run.b] } else { [run.b, run.a] };
        gold.entry(two(&pair.a, &pair.b)).or_default().extend(pair.runs.iter().map(sides));
    }
    gold
}

/// Characters of all pairs, and one item for every run: hit if most of it was found, or lies in the gold.
fn score(gold: &BTreeMap<Two, Runs>, found: &[Found], same_event: bool, items: &mut Vec<Item>) -> Tally {
    let none = Runs::new();
    let mut tally = Tally::default();
    let found: BTreeMap<&Two, &Runs> = found.iter().flat_map(|found| &found.runs).collect();
    let pairs: BTreeSet<&Two> = gold.keys().chain(found.keys().copied()).collect();
    for pair in pairs {
        let (gold, found) = (gold.get(pair).unwrap_or(&none), found.get(pair).copied().unwrap_or(&none));
        for side in 0..2 {
            let (in_gold, in_found) = (places(gold, side), places(found, side));
            let both = in_gold.intersection(&in_found).count();
            tally += Tally { right: both, predicted: in_found.len(), found: both, gold: in_gold.len() };
        }
        let covered = places(found, 0);
        let listed = places(gold, 0);
        let mut push = |run: &[[usize; 2]; 2], outcome| {
            items.push(Item {
                document: format!("{}+{}", pair.0, pair.1),
                id: format!("{}-{}/{}-{}", run[0][0], run[0][1], run[1][0], run[1][1]),
                group: if same_event { "run, one event" } else { "run, two events" }.to_owned(),
                outcome,
            });
        };
        let lies_in = |run: &[[usize; 2]; 2], set: &BTreeSet<usize>| {
            let [start, end] = run[0];
            2 * (start..end).filter(|at| set.contains(at)).count() > end - start
        };
        for run in gold {
            push(run, if lies_in(run, &covered) { Outcome::Hit } else { Outcome::Missed });
        }
        for run in found.iter().filter(|run| !lies_in(run, &listed)) {
            push(run, Outcome::Spurious);
        }
    }
    tally
}

/// The characters of one side that lie in some run.
fn places(runs: &Runs, side: usize) -> BTreeSet<usize> {
    runs.iter().flat_map(|run| run[side][0]..run[side][1]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_both_sides_count() {
        let pair = two("q", "p");
        assert_eq!(pair, ("p".to_owned(), "q".to_owned()));
        let gold = BTreeMap::from([(pair.clone(), vec![[[0, 10], [5, 15]]])]);
        let found = Found {
            runs: BTreeMap::from([(pair, vec![[[0, 8], [5, 13]], [[40, 44], [40, 44]]])]),
            ..Found::default()
        };
        let mut items = Vec::new();
        let tally = score(&gold, &[found], true, &mut items);
        assert_eq!(tally, Tally { right: 16, predicted: 24, found: 16, gold: 20 });
        let outcomes: Vec<&str> = items.iter().map(|item| item.outcome.as_str()).collect();
        assert_eq!(outcomes, ["hit", "spurious"]);
    }

    #[test]
    fn words_are_those_of_the_gold() {
        assert_eq!(n_words("The ship’s hard-won U.N. flag - a 2,000-pound one"), 12);
    }
}
