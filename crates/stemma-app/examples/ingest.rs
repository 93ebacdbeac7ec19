//! Measures `stemma add`: pours invented reports into a new store and prints rate and memory at each quarter.
//!
//! `cargo run --release -p stemma-app --example ingest -- [REPORTS] [STORE]`, after `cargo build --release -p stemma-app`.
//! Without a store a file in the temporary folder is used and removed again. Memory is that of the program (Linux: `VmRSS` now,
//! `VmHWM` its peak); the rate counts what it has acknowledged, which it does after each batch is safely on disk.

#![expect(clippy::print_stdout, reason = "a program that prints measurements")]

#[path = "../tests/invented/mod.rs"]
mod invented;

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let n_reports: u64 = arguments.next().map_or(Ok(100_000), |n| n.parse())?;
    let named = arguments.next().map(PathBuf::from);
    let store = named.clone().unwrap_or_else(|| std::env::temp_dir().join("stemma-ingest.db"));
    let program = std::env::current_exe()?
        .parent()
        .and_then(|folder| folder.parent())
        .map(|folder| folder.join("stemma"));
    let mut child = Command::new(program.ok_or("the program stands beside the examples")?)
        .args(["add", "-", "--json", "--quiet", "--store"])
        .arg(&store)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().ok_or("standard input is a pipe")?;
    let output = BufReader::new(child.stdout.take().ok_or("standard output is a pipe")?);
    let started = Instant::now();
    let pouring =
        std::thread::spawn(move || (0..n_reports).try_for_each(|n| writeln!(input, "{}", invented::line(n))));
    let quarter = (n_reports / 4).max(1);
    let mut lap = Instant::now();
    for (n, line) in (1..).zip(output.lines()) {
        line?;
        if n % quarter == 0 {
            let rate = quarter as f64 / lap.elapsed().as_secs_f64();
            println!("{n:>8} reports  {rate:>6.0}/s  {}", memory(child.id()));
            lap = Instant::now();
        }
    }
    pouring.join().map_err(|_| "the reports could not be made")??;
    let status = child.wait()?;
    let seconds = started.elapsed().as_secs_f64();
    let n_bytes = std::fs::metadata(&store)?.len();
    println!(
        "{:.0} reports/s over {seconds:.1} s, {} bytes a report in the store, {status}",
        n_reports as f64 / seconds,
        n_bytes / n_reports
    );
    if named.is_none() {
        std::fs::remove_file(&store)?;
    }
    Ok(())
}

/// "84 MiB now, 90 MiB at most", where the system says.
fn memory(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mib = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024)
    };
    match (mib("VmRSS"), mib("VmHWM")) {
        (Some(now), Some(most)) => format!("{now} MiB now, {most} MiB at most"),
        _ => "memory is not known here".to_owned(),
    }
}
