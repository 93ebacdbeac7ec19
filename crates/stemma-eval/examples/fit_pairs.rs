//! Fits the pair model of `stemma-compare` on gold, prints cross-validated scores, and writes the weights.
//!
//!     cargo run --release -p stemma-eval --example fit_pairs -- TRAIN… [--ridge R] [--threshold T] [--write FILE.json]
//!
//! TRAIN are folders or files of gold events (`comparison`) and folders of families (`newsroom`). Prints the thresholds with
//! the best F1 over pairs of sentences, each scored by weights that have not seen its event; `--threshold` sets the one that is
//! written, else it is that of the real events.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use stemma_annotate::Annotator;
use stemma_compare::{HeldOut, ModelFile, Weights, feature_names};
use stemma_core::{Report, Story};
use stemma_eval::fitting::{Fit, Row, rows};
use stemma_eval::pairs::Groups;
use stemma_eval::{comparison, newsroom};

/// Parts into which the events are divided: each is scored by weights that were fitted on the others.
const FOLDS: usize = 8;

struct Event {
    id: String,
    reports: Vec<Arc<Report>>,
    gold: Groups,
    /// Real coverage, not an invented family.
    real: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut train, mut write, mut ridge, mut fixed) = (Vec::new(), None, 1.0, None);
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--write" => write = given.next().map(PathBuf::from),
            "--ridge" => ridge = given.next().unwrap_or_default().parse()?,
            "--threshold" => fixed = Some(given.next().unwrap_or_default().parse::<f64>()?),
            path => train.push(PathBuf::from(path)),
        }
    }
    let annotator = Annotator::load();
    let mut events: Vec<Event> = Vec::new();
    for path in &train {
        events.extend(load(path)?);
    }
    let mut table: Vec<Row> = Vec::new();
    for (n, event) in events.iter().enumerate() {
        let documents = event.reports.iter().map(|report| annotator.annotate(report.clone()));
        table.extend(rows(n, &Story::new(documents.collect()), &event.gold));
    }
    let n_aligned = table.iter().filter(|row| row.aligned).count();
    println!("{} events, {} pairs, {n_aligned} aligned", events.len(), table.len());

    let fits: Vec<Fit> = (0..FOLDS)
        .map(|fold| {
            let rest: Vec<Row> = table.iter().filter(|row| row.event % FOLDS != fold).cloned().collect();
            Fit::new(&rest, ridge)
        })
        .collect();
    let score = |row: &Row| (fits[row.event % FOLDS].probability(row), row.aligned);
    let (real, invented): (Vec<&Row>, Vec<&Row>) = table.iter().partition(|row| events[row.event].real);
    best_threshold("invented families", invented.into_iter().map(score).collect());
    let best = best_threshold("real events", real.into_iter().map(score).collect());
    let threshold = fixed.unwrap_or(best);
    let model = ModelFile {
        all: weights(&Fit::new(&table, ridge), threshold),
        held_out: (0..FOLDS)
            .map(|fold| HeldOut {
                events: events
                    .iter()
                    .enumerate()
                    .filter(|(n, _)| n % FOLDS == fold)
                    .map(|(_, e)| e.id.clone())
                    .collect(),
                weights: weights(&fits[fold], threshold),
            })
            .collect(),
    };
    for (name, weight) in &model.all.weights {
        println!("{weight:8.3}  {name}");
    }
    if let Some(path) = write {
        std::fs::write(path, serde_json::to_string_pretty(&model)? + "\n")?;
    }
    Ok(())
}

fn weights(fit: &Fit, threshold: f64) -> Weights {
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    let weights: BTreeMap<String, f64> =
        feature_names().iter().zip(&fit.weights).map(|(name, w)| ((*name).to_owned(), round(*w))).collect();
    Weights { bias: round(fit.weights.last().copied().unwrap_or(0.0)), threshold: round(threshold), weights }
}

fn load(path: &Path) -> Result<Vec<Event>, Box<dyn Error>> {
    if path.ends_with("newsroom") {
        let families = newsroom::load(path)?.into_iter();
        return Ok(families
            .map(|f| Event { id: f.id, reports: f.reports, gold: f.gold, real: false })
            .collect());
    }
    let events = comparison::load(path)?.into_iter().flat_map(|set| set.events);
    Ok(events.map(|e| Event { id: e.id, reports: e.reports, gold: e.gold, real: true }).collect())
}

/// The threshold with the best F1 over scored pairs; prints it.
fn best_threshold(name: &str, mut scored: Vec<(f64, bool)>) -> f64 {
    scored.sort_by(|x, y| y.0.total_cmp(&x.0));
    let n_aligned = scored.iter().filter(|(_, aligned)| *aligned).count() as f64;
    let (mut best, mut right) = ((0.0, 0.5, 0.0, 0.0), 0.0);
    for (n, &(probability, aligned)) in scored.iter().enumerate() {
        right += f64::from(u8::from(aligned));
        let (precision, recall) = (right / (n + 1) as f64, right / n_aligned);
        let f1 = 2.0 * precision * recall / (precision + recall);
        if f1 > best.0 {
            best = (f1, probability, precision, recall);
        }
    }
    let (f1, threshold, precision, recall) = best;
    println!("{name}: F1 {f1:.3} at {threshold:.3} (precision {precision:.3}, recall {recall:.3})");
    threshold
}
