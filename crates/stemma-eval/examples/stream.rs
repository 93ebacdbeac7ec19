//! Groups a made-up stream: `cargo run --release -p stemma-eval --example stream -- --reports 1000000`.
//!
//! Prints reports a second and memory as the stream goes on, and how well the stories found are those that were made up.
//! `--per-day N` (200,000), `--window DAYS` (7), `--seed N` (1). `--text` starts from texts: each is annotated on all cores, and the time of that counts.
//! `--growth` goes through 10,000, 100,000 … reports up to `--reports`; `--write` only prints the reports as JSONL, with their event.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;
use stemma_annotate::Annotator;
use stemma_core::{Origin, Published, Report, ReportDraft, ReportId};
use stemma_eval::stories::PartitionScores;
use stemma_eval::stream::{Stream, StreamReport};
use stemma_group::{Grouper, Options, Outline};

/// Reports that are made, and annotated, at a time.
const BATCH: usize = 1000;
/// Lines of the table.
const LINES: usize = 20;

struct Settings {
    reports: usize,
    per_day: u64,
    window: i64,
    seed: u64,
    text: bool,
    growth: bool,
    write: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let settings = settings()?;
    if settings.write {
        for report in Stream::new(settings.seed, settings.per_day).take(settings.reports) {
            println!("{}", as_json(&report));
        }
    } else if settings.growth {
        let mut reports = 10_000;
        while reports < settings.reports {
            run(&settings, reports, false);
            reports *= 10;
        }
        run(&settings, settings.reports, false);
    } else {
        run(&settings, settings.reports, true);
    }
    Ok(())
}

fn settings() -> Result<Settings, Box<dyn Error>> {
    let mut settings = Settings {
        reports: 100_000,
        per_day: 200_000,
        window: 7,
        seed: 1,
        text: false,
        growth: false,
        write: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number =
            || -> anyhow::Result<u64> { Ok(arguments.next().context("a number is missing")?.parse()?) };
        match argument.as_str() {
            "--reports" => settings.reports = usize::try_from(number()?)?,
            "--per-day" => settings.per_day = number()?,
            "--window" => settings.window = i64::try_from(number()?)?,
            "--seed" => settings.seed = number()?,
            "--text" => settings.text = true,
            "--growth" => settings.growth = true,
            "--write" => settings.write = true,
            other => return Err(format!("{other}: not known; see the head of examples/stream.rs").into()),
        }
    }
    Ok(settings)
}

/// Groups so many reports and prints what it took.
fn run(settings: &Settings, n_reports: usize, show_progress: bool) {
    let annotator = settings.text.then(Annotator::load);
    let mut stream = Stream::new(settings.seed, settings.per_day).enumerate().take(n_reports);
    let mut grouper = Grouper::new(Options::default());
    let (mut events, mut ids): (Vec<u64>, Vec<ReportId>) = (Vec::new(), Vec::new());
    let (mut today, mut busy, mut part) = (Date::MIN, Duration::ZERO, Duration::ZERO);
    let (mut first_rate, mut last_rate, mut n_part) = (0.0, 0.0, 0);
    if show_progress {
        println!("reports      day         reports/s   stories    memory MB");
    }
    loop {
        let batch: Vec<(usize, StreamReport)> = stream.by_ref().take(BATCH).collect();
        let Some((_, last)) = batch.last() else { break };
        let arrives = last.arrives;
        let made: Vec<Outline> = match &annotator {
            None => batch.par_iter().map(|(n, report)| report.outline(*n as u64)).collect(),
            Some(_) => Vec::new(),
        };
        let start = Clock::start(annotator.is_none());
        let outlines = match &annotator {
            None => made,
            Some(annotator) => batch.par_iter().map(|(n, report)| annotated(annotator, report, *n)).collect(),
        };
        for outline in outlines {
            ids.push(outline.report);
            grouper.add_outline(outline);
        }
        if arrives > today {
            today = arrives;
            grouper.close_before(today.saturating_sub(settings.window.days()));
        }
        part += start.elapsed();
        n_part += batch.len();
        events.extend(batch.iter().map(|(_, report)| report.event));
        if n_part >= n_reports.div_ceil(LINES) || ids.len() == n_reports {
            let rate = n_part as f64 / part.as_secs_f64();
            if first_rate == 0.0 {
                first_rate = rate;
            }
            last_rate = rate;
            if show_progress {
                println!(
                    "{:9}    {today}  {rate:9.0}  {:9}    {:9}",
                    ids.len(),
                    grouper.n_stories(),
                    memory("VmRSS")
                );
            }
            busy += part;
            (part, n_part) = (Duration::ZERO, 0);
        }
    }
    let stories: Vec<_> = ids.iter().map(|&id| grouper.story_of(id)).collect();
    let scores = PartitionScores::of(&events, &stories);
    let n_events = events.iter().collect::<std::collections::BTreeSet<_>>().len();
    println!(
        "{} reports of {n_events} events in {:.1} s: {:.0} reports/s, at the beginning {first_rate:.0}, at the end {last_rate:.0}; {} stories; {} MB at most; B³ P {:.3} R {:.3} F1 {:.3}, ARI {:.3}",
        ids.len(),
        busy.as_secs_f64(),
        ids.len() as f64 / busy.as_secs_f64(),
        grouper.n_stories(),
        memory("VmHWM"),
        scores.b3_precision,
        scores.b3_recall,
        scores.b3(),
        scores.adjusted_rand,
    );
}

fn annotated(annotator: &Annotator, report: &StreamReport, number: usize) -> Outline {
    let draft = ReportDraft {
        outlet: Some(report.outlet.clone()),
        url: Some(number.to_string()),
        title: Some(report.title.clone()),
        published: report.published.map(Published::Day),
        text: report.text(),
        ..ReportDraft::default()
    };
    Outline::of(&annotator.annotate(Arc::new(Report::new(draft, Origin::whole("stream")))))
}

fn as_json(report: &StreamReport) -> serde_json::Value {
    serde_json::json!({
        "event": format!("{:016x}", report.event),
        "arrives": report.arrives,
        "published": report.published,
        "outlet": report.outlet,
        "title": report.title,
        "text": report.text(),
    })
}

/// Time of this thread on its processor, so that other work on the machine disturbs little; by the wall where several work
/// or the system does not tell.
enum Clock {
    Processor(Duration),
    Wall(Instant),
}

impl Clock {
    fn start(alone: bool) -> Self {
        let processor = if alone { on_processor() } else { None };
        processor.map_or_else(|| Self::Wall(Instant::now()), Self::Processor)
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Processor(start) => on_processor().unwrap_or(*start).saturating_sub(*start),
            Self::Wall(start) => start.elapsed(),
        }
    }
}

fn on_processor() -> Option<Duration> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(times.split_whitespace().next()?.parse().ok()?))
}

/// Memory of this process in MB, where the system tells: `VmRSS` now, `VmHWM` at most.
fn memory(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|line| line.split_whitespace().nth(1))
        .and_then(|kb| kb.parse::<u64>().ok())
        .map_or(0, |kb| kb / 1024)
}
