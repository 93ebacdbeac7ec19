//! Learns the model of names, `models/names.bin` or `models/names-open.bin`.
//!
//! `cargo run --release -p stemma-eval --example train_names -- DATA PROFILE OUT`, where DATA is the folder of the gold sets, PROFILE
//! is `full` (`ner_worldwide` train and `wikigold`) or `open` (`wikigold` alone), and OUT is the file to write. With `folds` in the place of
//! PROFILE and OUT it prints how well full models do on the quarter of `ner_worldwide` train that each has not seen.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use stemma_annotate::training::{LabeledText, TrainingOptions, train_names};
use stemma_annotate::{Annotator, Names};
use stemma_core::{EntityKind, OffsetUnit, Offsets};
use stemma_eval::entities::{Record, evaluate_with};
use stemma_eval::read_records;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (data, profile, out) = match arguments[..] {
        [data, "folds"] => return folds(Path::new(data)),
        [data, profile @ ("full" | "open"), out] => (Path::new(data), profile, out),
        _ => bail!("usage: train_names DATA full|open OUT, or train_names DATA folds"),
    };
    let mut texts = labeled(&data.join("wikigold/train.jsonl"))?;
    if profile == "full" {
        texts.extend(labeled(&data.join("ner_worldwide/train.jsonl.gz"))?);
    }
    let default = TrainingOptions::default();
    // Of a few texts on other matters less is to be learned about single words.
    let open = TrainingOptions { rate: 0.01, least: 5, doubt: 0.0, ..default };
    let options = if profile == "full" { default } else { open };
    let model = train_names(&Names::rules_only(), &texts, options);
    std::fs::write(out, model).with_context(|| format!("writing {out}"))
}

/// Parts of the train part that are left out in turn.
const FOLDS: usize = 4;

fn folds(data: &Path) -> anyhow::Result<()> {
    let path = data.join("ner_worldwide/train.jsonl.gz");
    let (open, texts) = (labeled(&data.join("wikigold/train.jsonl"))?, labeled(&path)?);
    let annotator = |fold: usize| {
        let seen = texts.iter().enumerate().filter(|(n, _)| n % FOLDS != fold).map(|(_, text)| text);
        let seen: Vec<LabeledText> = open.iter().chain(seen).cloned().collect();
        let model = train_names(&Names::rules_only(), &seen, TrainingOptions::default());
        Annotator::load().with_names(Names::with_model(model.leak()).expect("a model of this version"))
    };
    let annotators: Vec<Annotator> = (0..FOLDS).map(annotator).collect();
    write!(std::io::stdout(), "{}", evaluate_with(&path, &annotators)?.to_text())?;
    Ok(())
}

fn labeled(path: &Path) -> anyhow::Result<Vec<LabeledText>> {
    let records: Vec<Record> = read_records(path).context("reading gold")?;
    Ok(records.into_iter().map(one).collect())
}

fn one(record: Record) -> LabeledText {
    let offsets = Offsets::new(&record.text, OffsetUnit::Chars);
    let kind = |label: &str| match label {
        "Person" | "PER" => Some(EntityKind::Person),
        "Organization" | "ORG" => Some(EntityKind::Organization),
        "Location" | "LOC" => Some(EntityKind::Place),
        "Facility" => Some(EntityKind::Facility),
        "NORP" => Some(EntityKind::Group),
        "Misc" | "Product" | "MISC" => Some(EntityKind::Product),
        _ => None,
    };
    let mut names: Vec<_> = record
        .entities
        .iter()
        .filter_map(|label| Some((offsets.to_span(label.start, label.end), kind(&label.label)?)))
        .collect();
    names.sort_by_key(|(span, _)| (span.start(), span.end()));
    LabeledText { text: record.text, names }
}
