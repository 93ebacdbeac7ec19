//! How time and memory grow with the size of a story.
//!
//!     cargo run --release -p stemma-eval --example scale            # 10, 50, 100, 200, 500 reports
//!     cargo run --release -p stemma-eval --example scale -- 200     # of one size
//!
//! The reports are made up ([`story`]), the same in every run. Each size runs in a process of its own, so that its peak of
//! memory is its own; annotating runs on one thread. `growth` is the exponent of the growth of the comparing time between two
//! sizes: 1 is linear in the text, 2 quadratic.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

mod story;

use std::error::Error;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use stemma_annotate::Annotator;
use stemma_core::Story;

const SIZES: [usize; 5] = [10, 50, 100, 200, 500];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--one", size] => measure(size.parse()?),
        ["--print", size] => {
            story::reports(size.parse()?).iter().for_each(|report| println!("{}\n----", report.text()));
            Ok(())
        }
        ref sizes => {
            let mut chosen = sizes.iter().map(|size| size.parse()).collect::<Result<Vec<usize>, _>>()?;
            if chosen.is_empty() {
                chosen = SIZES.into();
            }
            curve(&chosen)
        }
    }
}

/// One line for each size.
fn curve(sizes: &[usize]) -> Result<(), Box<dyn Error>> {
    println!(
        "reports   words  annotate s  compare s  peak MB  growth  utterances  facts  passages  edges  witnesses"
    );
    let mut last: Option<(f64, f64)> = None;
    for size in sizes {
        let output = Command::new(std::env::current_exe()?).args(["--one", &size.to_string()]).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let line = String::from_utf8(output.stdout)?;
        let fields: Vec<f64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [words, annotate, compare, peak, utterances, facts, passages, edges, witnesses] = fields[..]
        else {
            return Err(format!("not a measurement: {line}").into());
        };
        let growth = last.map_or_else(
            || "–".to_owned(),
            |(less, time)| format!("{:.2}", (compare / time).ln() / (words / less).ln()),
        );
        last = Some((words, compare));
        println!(
            "{size:7} {words:7} {annotate:11.2} {compare:10.2} {peak:8.0} {growth:>7} {utterances:11} {facts:6} {passages:9} {edges:6} {witnesses:10}"
        );
    }
    Ok(())
}

/// Compares a story of `size` reports and prints what it took.
fn measure(size: usize) -> Result<(), Box<dyn Error>> {
    let annotator = Annotator::load();
    let reports = story::reports(size);
    let words: usize = reports.iter().map(|report| report.text().split_whitespace().count()).sum();
    let start = Instant::now();
    let story = Story::new(reports.into_iter().map(|report| annotator.annotate(Arc::new(report))).collect());
    let annotate = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let comparison = stemma_compare::compare(&story);
    let compare = start.elapsed().as_secs_f64();
    println!(
        "{words} {annotate} {compare} {} {} {} {} {} {}",
        peak_megabytes()?,
        comparison.utterances.len(),
        comparison.facts.len(),
        comparison.passages.len(),
        comparison.lineage.len(),
        comparison.witnesses.len()
    );
    Ok(())
}

/// The most memory that this process ever held; 0 where the system does not tell it this way.
fn peak_megabytes() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()).unwrap_or("0");
    Ok(kilobytes.parse::<f64>()? / 1000.0)
}
