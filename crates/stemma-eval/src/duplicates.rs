//! Reports that are one text, and page furniture that must not make them one.
//!
//! Data: a folder with `dev.jsonl` (reports with `event_id`) and `dev.verbatim.jsonl`, which gives for every two reports that share a
//! run of twelve words or more the share of the words of each that stand in such runs (`share_a`, `share_b`); the runs were found
//! exhaustively, by comparing all pairs. Gold: the pairs of which either share is over one half.
//!
//! Four ways are scored. All reports at once ([`duplicates`], the words of all are kept and what is shared is counted); as a stream
//! by day, the same; as a stream that keeps sketches alone, so that shares are estimated; and the resemblance of the sketches of
//! all pairs, at least one half, as one would use MinHash. A pair of two events is joined by boilerplate alone. Items are those
//! of the first way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Deserialize;
use stemma_annotate::Annotator;
use stemma_core::{Document, Report};
use stemma_group::{DuplicateOptions, Duplicates, Level, Sketch, duplicates};

use crate::reports::read_reports;
use crate::{EvalError, Evaluation, Item, Outcome, Tally, read_records};

/// Share of the words of either report from which on the gold calls a pair near-duplicates.
const GOLD_SHARE: f64 = 0.5;

#[derive(Deserialize)]
struct PairRecord {
    a: String,
    b: String,
    share_a: f64,
    share_b: f64,
}

/// Ids of two reports, the lesser first.
type Two = (String, String);

fn two(a: &str, b: &str) -> Two {
    (a.min(b).to_owned(), a.max(b).to_owned())
}

/// Finds the duplicates among the reports in `data` and scores them.
///
/// # Errors
/// If the gold cannot be read.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let file = data.join("dev.jsonl");
    let records = read_reports(&file)?;
    let verbatim: Vec<PairRecord> = read_records(&data.join("dev.verbatim.jsonl"))?;
    let gold: BTreeSet<Two> = verbatim
        .iter()
        .filter(|pair| pair.share_a.max(pair.share_b) > GOLD_SHARE)
        .map(|pair| two(&pair.a, &pair.b))
        .collect();
    let events: BTreeMap<&str, String> =
        records.iter().map(|record| (record.id.as_str(), record.event_id.to_string())).collect();
    let annotator = Annotator::load();
    let reports: Vec<Arc<Report>> = records.iter().map(|record| record.report(&file)).collect();
    let mut documents: Vec<Document> =
        reports.into_par_iter().map(|report| annotator.annotate(report)).collect();
    documents.sort_by_key(|document| (document.published().map(|day| day.date()), document.report().id()));

    let one_event = |pair: &Two| events.get(pair.0.as_str()) == events.get(pair.1.as_str());
    let batch = in_batch(&documents);
    let kept = DuplicateOptions::default();
    let ways = [
        ("all at once", batch.clone()),
        ("stream", in_stream(&documents, kept)),
        ("stream, by sketches", in_stream(&documents, DuplicateOptions { kept_texts: 0, ..kept })),
        ("resemblance alone", by_resemblance(&documents)),
    ];
    let mut evaluation = Evaluation {
        title: format!("duplicates: {} reports, {} near-duplicate pairs", records.len(), gold.len()),
        ..Evaluation::default()
    };
    for (name, found) in &ways {
        evaluation.groups.push(((*name).to_owned(), tally(&gold, found)));
        let joined = found.iter().filter(|pair| !one_event(pair)).count();
        evaluation.figures.push((format!("{name}: joined by boilerplate"), joined as f64));
    }
    evaluation.items = items(&gold, &batch, one_event);
    Ok(evaluation)
}

fn id(document: &Document) -> String {
    document.report().shown_id()
}

fn in_batch(documents: &[Document]) -> BTreeSet<Two> {
    duplicates(documents, &DuplicateOptions::default())
        .into_iter()
        .filter(|pair| pair.found.level != Level::Partial)
        .map(|pair| two(&id(&documents[pair.first]), &id(&documents[pair.second])))
        .collect()
}

fn in_stream(documents: &[Document], options: DuplicateOptions) -> BTreeSet<Two> {
    let ids: BTreeMap<_, _> =
        documents.iter().map(|document| (document.report().id(), id(document))).collect();
    let mut known = Duplicates::new(options);
    let mut found = BTreeSet::new();
    for document in documents {
        let near = known.add(document).into_iter().filter(|other| other.level != Level::Partial);
        found.extend(near.map(|other| two(&id(document), &ids[&other.report])));
    }
    found
}

fn by_resemblance(documents: &[Document]) -> BTreeSet<Two> {
    let sketches: Vec<Option<Sketch>> = documents.iter().map(Sketch::of).collect();
    let mut found = BTreeSet::new();
    for (n, a) in sketches.iter().enumerate() {
        for (m, b) in sketches[..n].iter().enumerate() {
            let alike = a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| a.resemblance(b) >= GOLD_SHARE);
            if alike {
                found.insert(two(&id(&documents[n]), &id(&documents[m])));
            }
        }
    }
    found
}

fn tally(gold: &BTreeSet<Two>, found: &BTreeSet<Two>) -> Tally {
    let right = gold.intersection(found).count();
    Tally { right, predicted: found.len(), found: right, gold: gold.len() }
}

fn items(gold: &BTreeSet<Two>, found: &BTreeSet<Two>, one_event: impl Fn(&Two) -> bool) -> Vec<Item> {
    let outcome = |pair: &Two| match (gold.contains(pair), found.contains(pair)) {
        (true, true) => Outcome::Hit,
        (true, false) => Outcome::Missed,
        (false, _) => Outcome::Spurious,
    };
    let item = |pair: &Two| Item {
        document: pair.0.clone(),
        id: pair.1.clone(),
        group: if one_event(pair) { "one event" } else { "two events" }.to_owned(),
        outcome: outcome(pair),
    };
    gold.union(found).map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_once_in_either_order() {
        let gold = BTreeSet::from([two("b", "a"), two("c", "d")]);
        let found = BTreeSet::from([two("a", "b"), two("a", "d")]);
        assert_eq!(tally(&gold, &found), Tally { right: 1, predicted: 2, found: 1, gold: 2 });
        let items = items(&gold, &found, |pair| pair.1 != "d");
        let shown: Vec<String> = items
            .iter()
            .map(|item| format!("{}{} {} {}", item.document, item.id, item.group, item.outcome.as_str()))
            .collect();
        assert_eq!(shown, ["ab one event hit", "ad two events spurious", "cd two events missed"]);
    }
}
