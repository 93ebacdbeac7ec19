//! Tunes and scores grouping: `cargo run --release -p stemma-eval --example stories -- DATA [--tune | --sweep | --shuffle]`.
//!
//! `--tune` prints B³ and ARI over thresholds on the training part of ECB+, `--sweep` on the other sets; `--shuffle`
//! the spread of a stream over orders; otherwise the sets of DATA are scored.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::error::Error;
use std::path::PathBuf;

use stemma_annotate::Annotator;
use stemma_eval::stories::{self, PartitionScores, Shuffled, StorySet};
use stemma_group::{Options, Similarities};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let data = PathBuf::from(arguments.next().ok_or("usage: stories DATA [--tune | --sweep | --shuffle]")?);
    match arguments.next().as_deref() {
        Some("--tune") => tune(&stories::load_ecbplus(&data, "train", &Annotator::load())?),
        Some("--shuffle") => {
            let mut train = stories::load_ecbplus(&data, "train", &Annotator::load())?;
            train.name = "train".into();
            shuffle(&train);
            stories::load(&data, "dev")?.iter().for_each(shuffle);
        }
        Some("--sweep") => stories::load(&data, "dev")?.iter().for_each(tune),
        _ => print!("{}", stories::evaluate(&data)?.to_text()),
    }
    Ok(())
}

fn shuffle(set: &StorySet) {
    let shuffled = Shuffled::of(set, &Options::default());
    let (low, high) = shuffled.range(PartitionScores::b3);
    println!(
        "{:12} B³ {:.3} ± {:.3} ({low:.3} to {high:.3}) ARI {:.3}",
        set.name,
        shuffled.mean(PartitionScores::b3),
        shuffled.deviation(PartitionScores::b3),
        shuffled.mean(|run| run.adjusted_rand)
    );
}

fn tune(set: &StorySet) {
    let similarities = Similarities::of(&set.documents, &Options::default());
    println!("{}", set.name);
    for step in 0..11 {
        let threshold = 0.58 + 0.02 * f64::from(step);
        let options = Options { fit_threshold: threshold, ..Options::default() };
        let batch = stories::labels(set.documents.len(), &similarities.partition(threshold));
        let batch = PartitionScores::of(&set.stories, &batch);
        let stream =
            PartitionScores::of(&set.stories, &stories::stream(set, &options, &stories::arrival(set)));
        let shown = |scores: PartitionScores| {
            let PartitionScores { b3_precision, b3_recall, adjusted_rand, .. } = scores;
            format!("P {b3_precision:.3} R {b3_recall:.3} B³ {:.3} ARI {adjusted_rand:.3}", scores.b3())
        };
        println!("{threshold:.2}  batch {}   stream {}", shown(batch), shown(stream));
    }
}
