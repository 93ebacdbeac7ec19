//! How the index of sketches grows: `cargo run --release -p stemma-group --example near_duplicate_scale -- 1000000`.
//!
//! Made-up reports of some 450 shingles, each drawn at random; every fifth has four fifths of its shingles from an earlier one,
//! and every report has twenty shingles of one of a thousand pages' furniture. Prints, each time there are ten times as
//! many, reports a second for looking up and adding a report on one thread, the share of copies whose original was a
//! candidate, and the memory of sketches and index.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::time::Instant;

use stemma_group::{Sketch, SketchIndex};

const SHINGLES: u64 = 450;

/// SplitMix64 (Steele, Lea and Flood 2014).
fn random(n: u64) -> u64 {
    let n = (n ^ n >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ n >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ n >> 31
}

fn shingle(report: u64, n: u64) -> u32 {
    (random((report << 12 | n).wrapping_mul(0x9E37_79B9_7F4A_7C15)) >> 32) as u32
}

/// The report that `report` was copied from, if it is a copy.
fn original(report: u64) -> Option<u64> {
    (report % 5 == 4).then(|| random(report) % report)
}

fn sketch(report: u64) -> Option<Sketch> {
    let of = |n: u64| match original(report) {
        // A copy of a copy is a copy of what that has of its own.
        Some(from) if n < SHINGLES * 4 / 5 => shingle(from, n),
        _ => shingle(report, n),
    };
    let furniture = (0..20).map(|n| shingle(u64::MAX >> 20, report % 1000 * 20 + n));
    Sketch::of_shingles(&(0..SHINGLES).map(of).chain(furniture).collect::<Vec<u32>>())
}

fn main() {
    let n_reports: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let mut index = SketchIndex::default();
    let (mut n_bytes, mut n_copies, mut n_found) = (0, 0_u32, 0_u32);
    let (mut seconds, mut since) = (0.0, 0);
    println!("{:>10} {:>12} {:>10} {:>10} {:>10}", "reports", "reports/s", "found", "sketches", "index");
    for report in 0..n_reports {
        let Some(sketch) = sketch(report) else { continue };
        let begin = Instant::now();
        let candidates = index.candidates(&sketch, 16);
        let key = u32::try_from(report).expect("fewer than 2^32 reports");
        index.insert(key, &sketch);
        seconds += begin.elapsed().as_secs_f64();
        since += 1;
        n_bytes += sketch.n_bytes();
        if let Some(from) = original(report).filter(|from| original(*from).is_none()) {
            n_copies += 1;
            n_found += u32::from(candidates.iter().any(|&key| u64::from(key) == from));
        }
        let n = report + 1;
        if n == n_reports || (n >= 1000 && n.to_string().trim_end_matches('0') == "1") {
            println!(
                "{n:>10} {:>12.0} {:>10.4} {:>7} MB {:>7} MB",
                f64::from(since) / seconds,
                f64::from(n_found) / f64::from(n_copies.max(1)),
                n_bytes / 1_000_000,
                index.n_bytes() / 1_000_000
            );
            (seconds, since) = (0.0, 0);
        }
    }
}
