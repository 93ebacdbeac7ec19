//! Tunes and scores grouping: `cargo run -p stemma-eval --example stories -- DATA [--tune]`.
//!
//! `--tune` prints B³ and ARI over thresholds on the training part of ECB+; otherwise the sets of DATA are scored.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::error::Error;
use std::path::PathBuf;

use stemma_annotate::Annotator;
use stemma_eval::stories::{self, PartitionScores, StorySet};
use stemma_group::{Options, Similarities};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let data = PathBuf::from(arguments.next().ok_or("usage: stories DATA [--tune]")?);
    match arguments.next().as_deref() {
        Some("--tune") => tune(&stories::load_ecbplus(&data, "train", &Annotator::load())?),
        Some("--sweep") => stories::load(&data, "dev")?.iter().for_each(tune),
        _ => print!("{}", stories::evaluate(&data)?.to_text()),
    }
    Ok(())
}

fn tune(set: &StorySet) {
    let similarities = Similarities::of(&set.documents, &Options::default(), 0.005);
    println!("{}", set.name);
    for step in 4..24 {
        let threshold = f64::from(step) / 50.0 / 2.0;
        let options =
            Options { stream_threshold: threshold, batch_threshold: threshold, ..Options::default() };
        let batch = stories::labels(set.documents.len(), &similarities.partition(threshold));
        let batch = PartitionScores::of(&set.stories, &batch);
        let stream =
            PartitionScores::of(&set.stories, &stories::stream(set, &options, &stories::arrival(set)));
        println!(
            "{threshold:.2}  batch P {:.3} R {:.3} B³ {:.3} ARI {:.3}   stream P {:.3} R {:.3} B³ {:.3} ARI {:.3}",
            batch.b3_precision,
            batch.b3_recall,
            batch.b3(),
            batch.adjusted_rand,
            stream.b3_precision,
            stream.b3_recall,
            stream.b3(),
            stream.adjusted_rand
        );
    }
}
