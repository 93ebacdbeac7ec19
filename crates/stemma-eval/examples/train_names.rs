//! Learns the model of names, `models/names.bin` or `models/names-open.bin`.
//!
//! `cargo run --release -p stemma-eval --example train_names -- DATA PROFILE OUT`, where DATA is the folder of the gold sets, PROFILE
//! is `full` (`ner_worldwide` train and `wikigold`) or `open` (`wikigold` alone), and OUT is the file to write.

use std::path::Path;

use anyhow::{Context as _, bail};
use stemma_annotate::Names;
use stemma_annotate::training::{LabeledText, TrainingOptions, train_names};
use stemma_core::{EntityKind, OffsetUnit, Offsets};
use stemma_eval::entities::Record;
use stemma_eval::read_records;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, profile, out] = arguments.as_slice() else { bail!("usage: train_names DATA full|open OUT") };
    let data = Path::new(data);
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
