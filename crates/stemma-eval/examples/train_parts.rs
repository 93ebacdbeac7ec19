//! Learns the model of parts of speech, `models/parts.bin`.
//!
//! `cargo run --release -p stemma-eval --example train_parts -- DATA OUT`, where DATA is the folder of the gold sets, of which `gum_ud`
//! train is taken, and OUT is the file to write.

use std::path::Path;

use anyhow::{Context as _, bail};
use stemma_annotate::parts::training::{TrainingOptions, train_parts};
use stemma_eval::parts::read_labeled;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, out] = arguments.as_slice() else { bail!("usage: train_parts DATA OUT") };
    let gold = read_labeled(&Path::new(data).join("gum_ud/train.conllu.gz")).context("reading gold")?;
    let texts: Vec<_> = gold.into_iter().map(|(_, text)| text).collect();
    let model = train_parts(&texts, TrainingOptions::default());
    std::fs::write(out, model).with_context(|| format!("writing {out}"))
}
