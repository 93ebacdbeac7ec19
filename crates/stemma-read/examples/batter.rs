//! Reads broken inputs for a given time of the processor and tells which ones cannot be borne: `cargo run --release -p stemma-read --example
//! batter -- --seconds 600 --format warc --seed 1`.
//!
//! Inputs are well-formed files of a format with a few changes; the same seed gives the same inputs. What takes longer than a second, panics, or
//! gives a message that names no file is kept as a file in the folder for temporary ones; the input of a run that dies is there too. Formats are told by any part
//! of the names of seeds, several with commas between ("warc", "xml", "a.tar,a.tgz"); without one, all take turns. `--file` reads one that was kept.
#![expect(clippy::print_stdout, reason = "this is a program")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use stemma_core::Origin;
use stemma_read::{FeedList, Format, Reading, read_bytes, read_served};

#[path = "../tests/battering/mod.rs"]
mod battering;
#[path = "../tests/common/mod.rs"]
mod common;

use battering::{Numbers, Seed, broken, lender, seeds};
use common::time_spent;

/// Stack of the threads that pools have.
const STACK_BYTES: usize = 2 * 1024 * 1024;

fn main() {
    let argument = |name: &str| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments.nth(1)
    };
    if let Some(file) = argument("--file") {
        return read_once(Path::new(&file));
    }
    let seconds = argument("--seconds").and_then(|text| text.parse().ok()).unwrap_or(60);
    let seed = argument("--seed").and_then(|text| text.parse().ok()).unwrap_or(1);
    let format = argument("--format").unwrap_or_default();
    let is_chosen = |seed: &Seed| format.split(',').any(|part| seed.name.contains(part));
    let chosen: Vec<Seed> = seeds().into_iter().filter(is_chosen).collect();
    if chosen.is_empty() {
        println!("no seed is called {format:?}");
        return;
    }
    // Panics inside of the crates are caught by the readers: they are told by their messages, not here.
    std::panic::set_hook(Box::new(|_| {}));
    let work = move || batter(&chosen, Duration::from_secs(seconds), seed);
    let thread =
        std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread can be started");
    thread.join().expect("the loop itself does not panic");
}

/// Reads a file that was kept, and tells how long that took.
fn read_once(file: &Path) {
    let bytes = std::fs::read(file).expect("the file can be read");
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let start = Instant::now();
    let reading = read(&bytes, &name);
    println!("{} bytes, {:.2?}: {} reports", bytes.len(), start.elapsed(), reading.reports.len());
    let failures = reading.failures.iter().map(ToString::to_string);
    let notices = reading.notices.iter().map(ToString::to_string);
    failures.chain(notices).take(20).for_each(|message| println!("{message:.300}"));
}

fn batter(chosen: &[Seed], time: Duration, seed: u64) {
    let others = seeds();
    let mut numbers = Numbers::new(seed);
    let begin = Instant::now();
    let folder = std::env::temp_dir().join(format!("stemma-batter-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    let current = folder.join("current");
    let (mut n_inputs, mut n_bad, mut slowest) = (0_u64, 0_u64, Duration::ZERO);
    let (mut n_reports, mut n_failures) = (0_usize, 0_usize);
    while time_spent(begin) < time {
        let chosen = &chosen[n_inputs as usize % chosen.len()];
        let other = lender(&others, &mut numbers);
        let bytes = broken(chosen, &mut numbers, other);
        std::fs::write(&current, &bytes).expect("the folder for temporary files can be written");
        let before = time_spent(begin);
        let outcome = catch_unwind(AssertUnwindSafe(|| read(&bytes, chosen.name)));
        let took = time_spent(begin).saturating_sub(before);
        slowest = slowest.max(took);
        n_inputs += 1;
        let problem = match &outcome {
            Err(_) => Some("panic".to_owned()),
            Ok(reading) => {
                n_reports += reading.reports.len();
                n_failures += reading.failures.len();
                unfit(reading, chosen.name).or((took > Duration::from_secs(1)).then(|| format!("{took:.1?}")))
            }
        };
        if let Some(problem) = problem {
            n_bad += 1;
            let kept: PathBuf = folder.join(format!("{n_inputs}-{}", chosen.name));
            std::fs::write(&kept, &bytes).expect("the folder for temporary files can be written");
            println!("{problem}: {}", kept.display());
        }
    }
    println!(
        "{n_inputs} inputs in {:.0?}, {n_bad} not borne, slowest {slowest:.2?}; {n_reports} reports, {n_failures} failures",
        time_spent(begin)
    );
}

fn read(bytes: &[u8], name: &str) -> Reading {
    let origin = Origin::whole(name);
    if name.ends_with(".opml") {
        let _ = FeedList::from_opml(bytes.to_vec(), &origin);
    }
    if name.ends_with("xml") || name.ends_with("atom") || name == "feed.json" {
        let _ = read_served(bytes.to_vec(), None, "https://a.example/feed");
    }
    let reading = read_bytes(bytes.to_vec(), None, &origin);
    match Format::of_path(Path::new(name)) {
        Some(format) => read_bytes(bytes.to_vec(), Some(format), &origin),
        None => reading,
    }
}

/// What is wrong with what was read, if something is.
fn unfit(reading: &Reading, name: &str) -> Option<String> {
    if reading.reports.is_empty() && reading.failures.is_empty() {
        return Some("neither a report nor a failure".to_owned());
    }
    if let Some(report) = reading.reports.iter().find(|report| report.text().trim().is_empty()) {
        return Some(format!("a blank report at {}", report.origin()));
    }
    let failures = reading.failures.iter().map(ToString::to_string);
    let notices = reading.notices.iter().map(ToString::to_string);
    failures.chain(notices).find(|message| !message.starts_with(name) || message.contains(['\n', '\r', '\0']))
}
