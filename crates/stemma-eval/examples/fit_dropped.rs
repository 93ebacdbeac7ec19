//! Fits the judge of dropped attributions of `stemma-compare` on gold, prints cross-validated scores, and writes the weights.
//!
//!     cargo run --release -p stemma-eval --example fit_dropped -- TRAIN… [--ridge R] [--threshold T] [--write FILE.json]
//!
//! TRAIN are folders or files of gold events (`comparison`) and folders of families (`newsroom`). Each event is compared twice,
//! with the alignment of the gold and with the program's own; precision and recall are printed for both, each event scored by
//! weights that have not seen it.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use stemma_annotate::Annotator;
use stemma_compare::{HeldOutLook, JudgeFile, Look, dropped_candidates, dropped_features};
use stemma_core::{Comparison, Report, Story};
use stemma_eval::comparison::{groups_of, run, run_given};
use stemma_eval::fitting::{Fit, Row};
use stemma_eval::pairs::{GroupCell, Groups, same_cell};
use stemma_eval::{comparison, newsroom};

/// Parts into which the events are divided: each is scored by weights that were fitted on the others.
const FOLDS: usize = 8;
/// The kind of divergence.
const KIND: &str = "attribution-dropped";

struct Event {
    id: String,
    reports: Vec<Arc<Report>>,
    gold: Groups,
    /// Real coverage, not an invented family.
    real: bool,
}

/// The labeled candidates of one event, of the gold's alignment and of the program's.
struct Rows {
    given: Vec<Row>,
    own: Vec<Row>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut train, mut write, mut ridge, mut threshold) = (Vec::new(), None, 1.0, 0.5);
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--write" => write = given.next().map(PathBuf::from),
            "--ridge" => ridge = given.next().unwrap_or_default().parse()?,
            "--threshold" => threshold = given.next().unwrap_or_default().parse::<f64>()?,
            path => train.push(PathBuf::from(path)),
        }
    }
    let annotator = Annotator::load();
    let mut events: Vec<Event> = Vec::new();
    for path in &train {
        events.extend(load(path)?);
    }
    let rows: Vec<Rows> = events
        .par_iter()
        .map(|event| {
            let given = run_given(&annotator, &event.id, &event.reports, &event.gold);
            let own = run(&annotator, &event.id, &event.reports);
            Rows { given: labeled(&given, &event.gold), own: labeled(&own, &event.gold) }
        })
        .collect();
    let fit = |keep: &dyn Fn(usize) -> bool| {
        let kept = rows.iter().enumerate().filter(|&(n, _)| keep(n));
        Fit::new(&kept.flat_map(|(_, r)| r.given.iter().chain(&r.own).cloned()).collect::<Vec<_>>(), ridge)
    };
    let fits: Vec<Fit> = (0..FOLDS).map(|fold| fit(&|n| n % FOLDS != fold)).collect();
    for real in [true, false] {
        for (name, pick) in [("given", (|r| &r.given) as fn(&Rows) -> &Vec<Row>), ("own", |r| &r.own)] {
            let of_kind = rows.iter().enumerate().filter(|&(n, _)| events[n].real == real);
            let scored = of_kind.flat_map(|(n, event)| {
                let fit = &fits[n % FOLDS];
                let probability = |row: &Row| (fit.probability(&row.features), row.aligned);
                pick(event).iter().map(probability).collect::<Vec<_>>()
            });
            print_curve(if real { "real events" } else { "families" }, name, &scored.collect::<Vec<_>>());
        }
    }
    let all = fit(&|_| true);
    for (name, weight) in dropped_features().iter().zip(&all.weights) {
        println!("{weight:8.3}  {name}");
    }
    if let Some(path) = write {
        let ids =
            |fold: usize| events.iter().skip(fold).step_by(FOLDS).map(|event| event.id.clone()).collect();
        let held_out = fits.iter().enumerate();
        let file = JudgeFile {
            threshold,
            all: look(&all),
            held_out: held_out.map(|(n, fit)| HeldOutLook { events: ids(n), weights: look(fit) }).collect(),
        };
        std::fs::write(path, serde_json::to_string_pretty(&file)? + "\n")?;
    }
    Ok(())
}

fn look(fit: &Fit) -> Look {
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    let named = dropped_features().into_iter().zip(&fit.weights);
    let weights: BTreeMap<String, f64> = named.map(|(name, w)| (name.to_owned(), round(*w))).collect();
    Look { bias: round(fit.weights.last().copied().unwrap_or(0.0)), weights }
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

/// The candidates of a comparison, each with whether the gold has the divergence.
fn labeled((story, comparison): &(Story, Comparison), gold: &Groups) -> Vec<Row> {
    let divergences = gold.divergences();
    let predicted = groups_of(story, comparison);
    let groups = predicted.utterances.iter().chain(&predicted.facts);
    let mut rows = Vec::new();
    for (group, candidates) in groups.zip(dropped_candidates(story, comparison)) {
        for candidate in candidates {
            let mut cells = candidate.cells.map(|n| &group.cells[n]);
            cells.sort_by(|x, y| x.report.cmp(&y.report));
            let held =
                |golds: &[&GroupCell], cell: &GroupCell| golds.iter().any(|gold| same_cell(gold, cell));
            let aligned = divergences
                .iter()
                .any(|d| d.kind == KIND && held(&d.cells[0], cells[0]) && held(&d.cells[1], cells[1]));
            rows.push(Row { features: candidate.features, aligned });
        }
    }
    rows
}

/// Prints precision and recall at some thresholds.
fn print_curve(set: &str, name: &str, scored: &[(f64, bool)]) {
    let n_gold = scored.iter().filter(|(_, right)| *right).count();
    println!("{set}, alignment {name}: {} candidates, {n_gold} right", scored.len());
    for threshold in [0.3, 0.4, 0.5, 0.6, 0.7, 0.8] {
        let shown: Vec<bool> = scored.iter().filter(|(p, _)| *p >= threshold).map(|&(_, r)| r).collect();
        let right = shown.iter().filter(|right| **right).count();
        let precision = right as f64 / shown.len().max(1) as f64;
        println!(
            "  {threshold:.1}  P {precision:.3}  R {:.3}  ({} shown)",
            right as f64 / n_gold.max(1) as f64,
            shown.len()
        );
    }
}
