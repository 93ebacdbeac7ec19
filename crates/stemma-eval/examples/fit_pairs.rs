//! Fits the pair model of `stemma-compare` on gold, prints cross-validated scores, and writes the weights.
//!
//!     cargo run --release -p stemma-eval --example fit_pairs -- TRAIN… [--ridge R] [--write FILE.json]
//!
//! TRAIN are folders or files of gold events (`comparison/clusters.dev.jsonl`) and folders of families (`newsroom`).
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use stemma_annotate::Annotator;
use stemma_compare::feature_names;
use stemma_core::{Report, Story};
use stemma_eval::fitting::{Fit, Row, rows};
use stemma_eval::pairs::Groups;
use stemma_eval::{comparison, newsroom};

type Event = (Vec<Arc<Report>>, Groups);

fn main() -> Result<(), Box<dyn Error>> {
    let (mut train, mut write, mut ridge) = (Vec::new(), None, 1.0);
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--write" => write = given.next().map(PathBuf::from),
            "--ridge" => ridge = given.next().unwrap_or_default().parse()?,
            path => train.push(PathBuf::from(path)),
        }
    }
    let annotator = Annotator::load();
    let mut table: Vec<Row> = Vec::new();
    let mut n_events = 0;
    for path in &train {
        for (reports, gold) in load(path)? {
            let story = Story::new(reports.into_iter().map(|report| annotator.annotate(report)).collect());
            table.extend(rows(n_events, &story, &gold));
            n_events += 1;
        }
    }
    let n_aligned = table.iter().filter(|row| row.aligned).count();
    println!("{n_events} events, {} pairs, {n_aligned} aligned", table.len());
    let threshold = cross_validate(&table, n_events, ridge);
    let fit = Fit::new(&table, ridge);
    let weights: serde_json::Map<_, _> =
        feature_names().iter().zip(&fit.weights).map(|(name, w)| ((*name).to_owned(), round(*w))).collect();
    let model = serde_json::json!({
        "bias": round(fit.weights.last().copied().unwrap_or(0.0)),
        "threshold": round(threshold),
        "weights": weights,
    });
    let model = serde_json::to_string_pretty(&model)? + "\n";
    print!("{model}");
    if let Some(path) = write {
        std::fs::write(path, model)?;
    }
    Ok(())
}

fn round(value: f64) -> serde_json::Value {
    ((value * 1000.0).round() / 1000.0).into()
}

fn load(path: &Path) -> Result<Vec<Event>, Box<dyn Error>> {
    if path.ends_with("newsroom") {
        return Ok(newsroom::load(path)?.into_iter().map(|f| (f.reports, f.gold)).collect());
    }
    let sets = comparison::load(path)?;
    Ok(sets.into_iter().flat_map(|set| set.events).map(|event| (event.reports, event.gold)).collect())
}

/// Fits without one tenth of the events at a time, scores that tenth; prints the figures and gives the best threshold.
fn cross_validate(table: &[Row], n_events: usize, ridge: f64) -> f64 {
    let folds = 10.min(n_events.max(2));
    let mut scored: Vec<(f64, bool)> = Vec::new();
    for fold in 0..folds {
        let (test, train): (Vec<Row>, Vec<Row>) =
            table.iter().cloned().partition(|row| row.event % folds == fold);
        let fit = Fit::new(&train, ridge);
        scored.extend(test.iter().map(|row| (fit.probability(row), row.aligned)));
    }
    scored.sort_by(|x, y| y.0.total_cmp(&x.0));
    let n_aligned = scored.iter().filter(|(_, aligned)| *aligned).count() as f64;
    let mut best = (0.0, 0.5);
    let mut right = 0.0;
    for (n, &(probability, aligned)) in scored.iter().enumerate() {
        right += f64::from(u8::from(aligned));
        let (precision, recall) = (right / (n + 1) as f64, right / n_aligned);
        let f1 = 2.0 * precision * recall / (precision + recall);
        if f1 > best.0 {
            best = (f1, probability);
        }
        if n % (scored.len() / 40).max(1) == 0 && recall > 0.3 && precision > 0.3 {
            println!("at {probability:.3}: precision {precision:.3} recall {recall:.3} F1 {f1:.3}");
        }
    }
    println!("cross-validated: best F1 {:.3} at {:.3}", best.0, best.1);
    best.1
}
