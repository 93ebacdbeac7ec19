//! Groups a made-up stream: `cargo run --release -p stemma-eval --example stream -- --reports 1000000`.
//!
//! Prints reports a second and memory as the stream goes on, and how well the stories found are those that were made up. At the end: the rate of
//! the first reports, which meet an empty state, of the first day, of the first full window, and of the last day; and the longest time for which closing stories holds up the stream.
//! The memory holds the truth, too, 24 bytes a report.
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
/// Reports that are the beginning: hardly anything is there that they could be compared with.
const BEGINNING: usize = 10_000;
/// Numbers of reports that have a line of their own: how it grows, and a week of 200,000 a day.
const MARKS: [usize; 4] = [BEGINNING, 100_000, 1_000_000, 1_400_000];
/// Further lines of the table, about.
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

/// How long some reports took.
#[derive(Clone, Copy, Default)]
struct Pace {
    n_reports: usize,
    time: Duration,
}

impl Pace {
    fn rate(self) -> f64 {
        self.n_reports as f64 / self.time.as_secs_f64().max(1e-9)
    }

    fn add(&mut self, other: Pace) {
        self.n_reports += other.n_reports;
        self.time += other.time;
    }
}

/// The pace of a stream as it goes on.
#[derive(Default)]
struct Paces {
    /// Of the first reports.
    beginning: Pace,
    /// Day by day.
    days: Vec<(Date, Pace)>,
    /// Since the last line of the table.
    line: Pace,
    all: Pace,
    /// Longest time for which closing stories held up the stream.
    longest_stop: Duration,
}

impl Paces {
    fn add(&mut self, day: Date, pace: Pace, stop: Duration) {
        if self.beginning.n_reports < BEGINNING {
            self.beginning.add(pace);
        }
        if self.days.last().is_none_or(|last| last.0 != day) {
            self.days.push((day, Pace::default()));
        }
        if let Some((_, today)) = self.days.last_mut() {
            today.add(pace);
        }
        self.line.add(pace);
        self.all.add(pace);
        self.longest_stop = self.longest_stop.max(stop);
    }

    /// The rate of some days.
    fn rate_of(days: &[(Date, Pace)]) -> f64 {
        let mut all = Pace::default();
        days.iter().for_each(|day| all.add(day.1));
        all.rate()
    }

    fn print(&self, window: usize) {
        println!("the first {BEGINNING}, of an empty state: {:.0} reports/s", self.beginning.rate());
        println!("first day: {:.0} reports/s", Self::rate_of(&self.days[..1]));
        // The last day is hardly ever a whole one, so the one before is taken with it.
        let last = Self::rate_of(&self.days[self.days.len().saturating_sub(2)..]);
        if self.days.len() > window + 2 {
            let first = Self::rate_of(&self.days[..window]);
            let next = Self::rate_of(&self.days[window..window + 1]);
            println!("first {window} days: {first:.0} reports/s; the day after: {next:.0}");
        }
        println!("last two days: {last:.0} reports/s");
        println!("closing stories held up the stream for {} ms at most", self.longest_stop.as_millis());
    }
}

/// Groups so many reports and prints what it took.
fn run(settings: &Settings, n_reports: usize, show_progress: bool) {
    let annotator = settings.text.then(Annotator::load);
    let mut stream = Stream::new(settings.seed, settings.per_day).enumerate().take(n_reports);
    let mut grouper = Grouper::new(Options::default());
    let (mut events, mut ids): (Vec<u64>, Vec<ReportId>) = (Vec::new(), Vec::new());
    let (mut today, mut paces, mut last_rate) = (Date::MIN, Paces::default(), 0.0);
    if show_progress {
        println!("reports      day         reports/s  so far     stories    memory MB");
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
        let placed = start.elapsed();
        if arrives > today {
            today = arrives;
            grouper.close_before(today.saturating_sub(settings.window.days()));
        }
        let time = start.elapsed();
        paces.add(today, Pace { n_reports: batch.len(), time }, time.saturating_sub(placed));
        events.extend(batch.iter().map(|(_, report)| report.event));
        let is_mark = MARKS.contains(&ids.len()) || ids.len() == n_reports;
        if paces.line.n_reports >= n_reports.div_ceil(LINES) || is_mark {
            last_rate = std::mem::take(&mut paces.line).rate();
            if show_progress {
                println!(
                    "{:9}    {today}  {last_rate:9.0}  {:9.0}  {:9}    {:9}",
                    ids.len(),
                    paces.all.rate(),
                    grouper.n_stories(),
                    memory("VmRSS")
                );
            }
        }
    }
    if show_progress && !paces.days.is_empty() {
        paces.print(usize::try_from(settings.window).unwrap_or(0));
    }
    let stories: Vec<_> = ids.iter().map(|&id| grouper.story_of(id)).collect();
    let scores = PartitionScores::of(&events, &stories);
    let n_events = events.iter().collect::<std::collections::BTreeSet<_>>().len();
    println!(
        "{} reports of {n_events} events in {:.2} s: {:.0} reports/s, at the beginning {:.0}, at the end {last_rate:.0}; {} stories; {} MB at most; B³ P {:.3} R {:.3} F1 {:.3}, ARI {:.3}",
        ids.len(),
        paces.all.time.as_secs_f64(),
        paces.all.rate(),
        paces.beginning.rate(),
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
