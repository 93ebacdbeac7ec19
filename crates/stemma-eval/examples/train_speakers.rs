//! Learns who speaks a quotation, `models/speakers.bin`.
//!
//! `cargo run --release -p stemma-eval --example train_speakers -- DATA OUT`, where DATA is the folder of the gold sets (`polnear`
//! train is read) and OUT is the file to write. First prints how well models do on the fifth of the articles that each has not seen.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use rayon::prelude::*;
use stemma_annotate::speakers::training::{Answers, Lesson, SpeakerOptions, learn, lessons, to_bytes};
use stemma_annotate::{Annotator, Cues};
use stemma_eval::attributions::{evaluate_with, labeled_reports};

const FOLDS: usize = 5;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, out] = arguments.as_slice() else { bail!("usage: train_speakers DATA OUT") };
    let path = Path::new(data).join("polnear/train.jsonl.gz");
    let labeled = labeled_reports(&path)?;
    let annotator = Annotator::load();
    let reports: Vec<Vec<Lesson>> = labeled.par_iter().map(|report| lessons(&annotator, report)).collect();
    let settings = SpeakerOptions::default();
    let folds: Vec<Vec<f32>> = (0..FOLDS)
        .into_par_iter()
        .map(|fold| {
            let seen = reports.iter().enumerate().filter(|(n, _)| n % FOLDS != fold);
            learn(&seen.flat_map(|(_, lessons)| lessons).collect::<Vec<_>>(), settings)
        })
        .collect();
    let mut answers = Answers::default();
    for (n, lessons) in reports.iter().enumerate() {
        lessons.iter().for_each(|lesson| answers.add(lesson, &folds[n % FOLDS]));
    }
    let annotators: Vec<Annotator> = folds
        .iter()
        .map(|weights| {
            let cues = Cues::load().with_speakers(Some(to_bytes(weights).leak()));
            Annotator::load().with_cues(cues.expect("a model of this version"))
        })
        .collect();
    let evaluation = evaluate_with(&path, &annotators)?;
    write!(std::io::stdout(), "{answers}{}", evaluation.to_text())?;
    let all: Vec<&Lesson> = reports.iter().flatten().collect();
    std::fs::write(out, to_bytes(&learn(&all, settings))).with_context(|| format!("writing {out}"))
}
