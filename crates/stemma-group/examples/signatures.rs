//! How fast sketches are made, and how good their estimates are: `cargo run --release -p stemma-group --example signatures < TEXTS`.
//!
//! One text a line on standard input, words divided by one space; every two lines that follow each other are a pair. Prints one
//! JSON object: texts a second on one thread, from shingles that are there as text (`from_shingles`) and from the text
//! (`from_text`), the best of ten rounds; the mean size of a sketch in bytes; and the estimated resemblance of every pair.
//! `bench/side-by-side/signatures.py` runs it beside other programs.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::hint::black_box;
use std::io::Read;
use std::time::Instant;

use stemma_group::{SHINGLE_LEN, Sketch, hash_shingle};

const ROUNDS: usize = 10;

/// The shingles of one text, each a slice of the text.
fn shingles(text: &str) -> Vec<&str> {
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1)).collect();
    let end = |n: usize| starts.get(n + SHINGLE_LEN).map_or(text.len(), |next| next - 1);
    let n = (starts.len() + 1).saturating_sub(SHINGLE_LEN).max(1);
    (0..n).map(|n| &text[starts[n]..end(n)]).collect()
}

fn of_shingles(shingles: &[&str]) -> Option<Sketch> {
    let hashes: Vec<u32> = shingles.iter().map(|shingle| hash_shingle(shingle)).collect();
    Sketch::of_shingles(&hashes)
}

/// Texts a second.
fn rate<T>(texts: &[T], sketch: impl Fn(&T) -> Option<Sketch>) -> f64 {
    let round = |_| {
        let begin = Instant::now();
        texts.iter().for_each(|text| drop(black_box(sketch(black_box(text)))));
        begin.elapsed().as_secs_f64()
    };
    texts.len() as f64 / (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
}

fn main() -> std::io::Result<()> {
    let mut input = String::new();
    std::io::stdin().lock().read_to_string(&mut input)?;
    let texts: Vec<&str> = input.lines().collect();
    let shingled: Vec<Vec<&str>> = texts.iter().map(|text| shingles(text)).collect();
    let sketches: Vec<Sketch> = shingled.iter().filter_map(|shingles| of_shingles(shingles)).collect();
    let n_bytes: usize = sketches.iter().map(Sketch::n_bytes).sum();
    let estimates: Vec<f64> = sketches.chunks_exact(2).map(|two| two[0].resemblance(&two[1])).collect();
    let result = serde_json::json!({
        "from_shingles": rate(&shingled, |shingles| of_shingles(shingles)),
        "from_text": rate(&texts, |text| Sketch::of_text(text)),
        "bytes": n_bytes as f64 / sketches.len().max(1) as f64,
        "estimates": estimates,
    });
    println!("{result}");
    Ok(())
}
