//! Fits the pair model of `stemma-compare` on gold, prints cross-validated scores, and writes the weights.
//!
//!     cargo run --release -p stemma-eval --example fit_pairs -- TRAIN… [--ridge R] [--thresholds FACTS SPEECH]
//!         [--write FILE.json] [--ablate]
//!
//! TRAIN are folders or files of gold events (`comparison`) and folders of families (`newsroom`). Prints the thresholds with
//! the best F1 over pairs of sentences, each scored by weights that have not seen its event; `--thresholds` sets those that
//! are written (for pairs of which both pieces are given to a source, and for others), else both are that of the real events.
//! `--ablate` prints instead what each group of features adds: the best F1 without it.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use stemma_annotate::Annotator;
use stemma_compare::{HeldOut, Look, ModelFile, Weights, first_features, second_features};
use stemma_core::{Report, Story};
use stemma_eval::fitting::{EventRows, Fit, Fits, fit_both};
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
    let mut ablating = false;
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--write" => write = given.next().map(PathBuf::from),
            "--ablate" => ablating = true,
            "--ridge" => ridge = given.next().unwrap_or_default().parse()?,
            "--thresholds" => {
                let mut number = || given.next().unwrap_or_default().parse::<f64>();
                fixed = Some([number()?, number()?]);
            }
            path => train.push(PathBuf::from(path)),
        }
    }
    let annotator = Annotator::load();
    let mut events: Vec<Event> = Vec::new();
    for path in &train {
        events.extend(load(path)?);
    }
    let rows: Vec<EventRows> = events
        .par_iter()
        .map(|event| {
            let documents = event.reports.iter().map(|report| annotator.annotate(report.clone()));
            EventRows::of(&Story::new(documents.collect()), &event.gold)
        })
        .collect();
    let labels = || rows.iter().flat_map(|event| event.aligned.iter().flatten());
    println!(
        "{} events, {} pairs, {} aligned",
        events.len(),
        labels().count(),
        labels().filter(|&&aligned| aligned).count()
    );
    if ablating {
        ablate(rows, &events, ridge);
        return Ok(());
    }
    let mut fits = fit_folds(&rows, ridge);
    let all = fits.pop().ok_or("no weights were fitted")?;
    let scored = |real: bool| scored(&rows, &fits, &events, real);
    best_threshold("invented families", scored(false));
    let best = best_threshold("real events", scored(true));
    let thresholds = fixed.unwrap_or([best; 2]);
    let ids = |fold: usize| events.iter().skip(fold).step_by(FOLDS).map(|event| event.id.clone()).collect();
    let held_out =
        fits.iter().enumerate().map(|(n, fit)| HeldOut { events: ids(n), weights: weights(fit, thresholds) });
    let model = ModelFile { all: weights(&all, thresholds), held_out: held_out.collect() };
    for (name, weight) in &model.all.second.weights {
        let first = model.all.first.weights.get(name).map_or_else(String::new, |w| format!("{w:8.3}"));
        println!("{first:8} {weight:8.3}  {name}");
    }
    if let Some(path) = write {
        std::fs::write(path, serde_json::to_string_pretty(&model)? + "\n")?;
    }
    Ok(())
}

/// Weights without one part of the events each, and then with all.
fn fit_folds(rows: &[EventRows], ridge: f64) -> Vec<Fits> {
    let fit = |fold: usize| {
        let kept = rows.iter().enumerate().filter(|(n, _)| n % FOLDS != fold);
        fit_both(&kept.map(|(_, event)| event).collect::<Vec<_>>(), ridge, FOLDS - 1)
    };
    (0..=FOLDS).into_par_iter().map(fit).collect()
}

/// Every labeled pair of the real or of the invented events with its probability, by weights that have not seen the event.
fn scored(rows: &[EventRows], fits: &[Fits], events: &[Event], real: bool) -> Vec<(f64, bool)> {
    let of_kind = rows.iter().enumerate().filter(|&(n, _)| events[n].real == real);
    let score = |(n, event): (usize, &EventRows)| {
        let fit = &fits[n % FOLDS];
        let scored = event.second(&fit.first);
        scored.map(|row| (fit.second.probability(&row.features), row.aligned)).collect::<Vec<_>>()
    };
    of_kind.flat_map(score).collect()
}

/// Features that belong together.
const GROUPS: [(&str, &[&str]); 8] = [
    ("names", &["shared entities", "other entities"]),
    ("numbers", &["shared numbers", "other numbers"]),
    ("who speaks", &["same speaker", "other speaker", "voices differ", "both quoted"]),
    ("near words", &["near words", "near containment", "sentence near words", "sentence near containment"]),
    ("meaning", &["meaning"]),
    ("runs and order of words", &["longest run", "shared bigrams", "order"]),
    ("small words, letters, denials", &["shared words", "shared small words", "letters", "denial"]),
    (
        "sentences and their rivals",
        &["sentence cosine", "sentence containment", "rank", "margin", "position", "neighbors"],
    ),
];

/// Prints the best F1 without each group of features, and without the second look.
fn ablate(mut rows: Vec<EventRows>, events: &[Event], ridge: f64) {
    let print = |name: &str, rows: &[EventRows]| {
        let fits = fit_folds(rows, ridge);
        for (kind, real) in [("real events", true), ("invented families", false)] {
            best_threshold(&format!("{name}: {kind}"), scored(rows, &fits, events, real));
        }
    };
    print("all features", &rows);
    let fits = fit_folds(&rows, ridge);
    for (kind, real) in [("real events", true), ("invented families", false)] {
        let of_kind = rows.iter().enumerate().filter(|&(n, _)| events[n].real == real);
        let first = |(n, event): (usize, &EventRows)| {
            let fit = &fits[n % FOLDS].first;
            event.first().map(|row| (fit.probability(&row.features), row.aligned)).collect::<Vec<_>>()
        };
        best_threshold(&format!("without the second look: {kind}"), of_kind.flat_map(first).collect());
    }
    let names = first_features();
    for (group, hidden) in GROUPS {
        let columns: Vec<usize> = (0..names.len()).filter(|&n| hidden.contains(&names[n])).collect();
        let kept: Vec<Vec<Vec<f64>>> = rows.iter_mut().map(|event| hide(event, &columns)).collect();
        print(&format!("without {group}"), &rows);
        for (event, kept) in rows.iter_mut().zip(kept) {
            for (pair, features) in event.candidates.pairs.iter_mut().zip(kept) {
                pair.features = features;
            }
        }
    }
}

/// Sets the features of `columns` to 0; gives those of all pairs as they were.
fn hide(event: &mut EventRows, columns: &[usize]) -> Vec<Vec<f64>> {
    let mut kept = Vec::new();
    for pair in &mut event.candidates.pairs {
        kept.push(pair.features.clone());
        for &column in columns {
            pair.features[column] = 0.0;
        }
    }
    kept
}

fn weights(fits: &Fits, [threshold, threshold_of_speech]: [f64; 2]) -> Weights {
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    let look = |fit: &Fit, names: Vec<&str>| Look {
        bias: round(fit.weights.last().copied().unwrap_or(0.0)),
        weights: names.iter().zip(&fit.weights).map(|(name, w)| ((*name).to_owned(), round(*w))).collect(),
    };
    Weights {
        threshold: round(threshold),
        threshold_of_speech: round(threshold_of_speech),
        first: look(&fits.first, first_features()),
        second: look(&fits.second, second_features()),
    }
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
