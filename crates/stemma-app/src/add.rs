//! `stemma add`: reports into the store.
//!
//! One thread reads, this one and rayon's annotate, one writes: see [`Ingest`].

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use stemma::Engine;
use stemma_desk::{Counts, Harvest, Ingest, KeptReport, Ledger, new_reports};
use stemma_fetch::Polling;
use stemma_read::{ColumnMap, Input, ReadOptions, Reading, read_each_with};

use crate::failure::{Exit, Failure};
use crate::fetching::{self, FetchArguments, is_address};
use crate::inputs::nothing_readable;
use crate::kept::StoreArgument;
use crate::messages::Terminal;
use crate::{messages, output, search};

pub(crate) const EXAMPLES: &str = "\
Examples:
  stemma add inbox/                            every report in a folder, with the bytes that it was read from
  stemma add crawl.jsonl.gz                    broken off? the same again goes on where it was
  stemma add https://example.org/news/bridge   a page; a feed, a sitemap: the articles that it lists
  crawler | stemma add - --json                one line for each report, once it is safely kept
  stemma stories                               the stories of all that was added
  sqlite3 ~/.local/share/stemma/stemma.db 'SELECT outlet, quotation FROM v_quotations LIMIT 9'";

/// Reports, and bytes of text, that are annotated together at least, where so many wait.
const BATCH_REPORTS: usize = 256;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Pieces of input that wait.
const WAITING_PIECES: usize = 8;

#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    /// Files, also packed ones, folders of these, - for standard input, or addresses of pages, feeds and sitemaps
    #[arg(required = true, value_name = "FILE")]
    files: Vec<OsString>,
    /// Number of threads; 0 takes one for each core. Changes nothing in the result
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// No notes and no progress on standard error; what could not be read is told all the same
    #[arg(long, short)]
    quiet: bool,
    /// Which columns of tables, and fields of JSON, hold what, where their names do not say it: text=body,title=kicker. Columns
    /// without a name are told by number: text=#3
    #[arg(long, value_name = "PART=COLUMN,…")]
    columns: Option<ColumnMap>,
    /// One JSON object a line for each report, as soon as it is safely kept
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreArgument,
    #[command(flatten, next_help_heading = "Options for addresses")]
    fetch: FetchArguments,
}

pub(crate) fn run(arguments: &AddArguments) -> Result<Exit, Failure> {
    let engine = Engine::load();
    let stores = [arguments.store.open_or_make()?, arguments.store.open_or_make()?];
    let told = arguments.json.then(|| Box::new(tell_kept) as _);
    let mut ingest = Ingest::start(&engine, stores, arguments.threads, told);
    let watched = !arguments.quiet && io::stderr().is_terminal();
    let progress = progress(watched);
    let (pieces, received) = sync_channel(WAITING_PIECES);
    let (addresses, files): (Vec<&OsString>, Vec<&OsString>) =
        arguments.files.iter().partition(|argument| argument.to_str().is_some_and(is_address));
    let inputs = files.into_iter().map(|argument| Input::of_argument(argument)).collect();
    let options = ReadOptions { columns: arguments.columns.clone() };
    // Reading ends with the input, or when nobody listens any more.
    std::thread::spawn(move || {
        read_each_with(inputs, &options, &mut |reading| match pieces.send(reading) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        })
    });
    let mut n_failures = 0;
    while let Some(pieces) = next_pieces(&received) {
        let mut reports = Vec::new();
        for mut reading in pieces {
            n_failures += reading.failures.len();
            progress.suspend(|| {
                messages::unread(std::mem::take(&mut reading.failures));
                if !arguments.quiet {
                    messages::notices(&reading.notices);
                }
            });
            reports.extend(new_reports(reading));
        }
        let n_reports = reports.len() as u64;
        if !ingest.push(reports) {
            break;
        }
        progress.inc(n_reports);
    }
    progress.finish_and_clear();
    let addresses: Vec<String> =
        addresses.into_iter().filter_map(|url| url.to_str().map(str::to_owned)).collect();
    if !addresses.is_empty() {
        n_failures += add_addresses(&mut ingest, &addresses, arguments)?;
    }
    let counts = ingest.finish()?;
    // So that the first search need not; what is interrupted here is taken up there.
    search::bring_up_to_date(&mut arguments.store.open_or_make()?, &arguments.store.path, arguments.quiet)?;
    if counts.n_new + counts.n_known == 0 && n_failures > 0 {
        return Err(nothing_readable());
    }
    if !arguments.json {
        output::write(None, summary(&counts, arguments).as_bytes())?;
    }
    Ok(if n_failures == 0 { Exit::Done } else { Exit::SomeUnread })
}

/// Adds what stands at addresses. Gives the number of those that could not be fetched or read.
fn add_addresses(
    ingest: &mut Ingest<'_>,
    urls: &[String],
    arguments: &AddArguments,
) -> Result<usize, Failure> {
    let fetcher = fetching::fetcher(&arguments.fetch)?;
    let mut ledger = Ledger::of(arguments.store.open_or_make()?, &fetcher)?;
    fetching::stop_on_signal(fetcher.stopper());
    // An address is noted as fetched when its reports are kept, so this waits for that.
    let mut keep = |reading| Ok(ingest.push_and_wait(new_reports(reading)));
    let polling = Polling::default();
    let (options, terminal) = (arguments.fetch.harvest(), Terminal::new(arguments.quiet));
    // What is kept is told line by line, from another thread.
    let is_told = arguments.json && io::stdout().is_terminal();
    let terminal = if is_told { terminal.without_progress() } else { terminal };
    let harvest = Harvest::new(&fetcher, &mut ledger, &options, &polling, &terminal, &mut keep);
    let tally = harvest.addresses(urls)?;
    Ok(tally.feeds_failed + tally.pages_failed)
}

fn summary(counts: &Counts, arguments: &AddArguments) -> String {
    let reports = |n: usize| if n == 1 { "1 report".to_owned() } else { format!("{n} reports") };
    let known = if counts.n_known == 0 {
        String::new()
    } else {
        format!(" · {} there already", reports(counts.n_known))
    };
    format!("{} added{known} · {}\n", reports(counts.n_new), arguments.store.path.display())
}

/// Waits for one piece of input, and takes those that are there already, up to a batch.
fn next_pieces(received: &Receiver<Reading>) -> Option<Vec<Reading>> {
    let first = received.recv().ok()?;
    let size = |reading: &Reading| {
        let n_bytes: usize = reading.reports.iter().map(|report| report.text().len()).sum();
        (reading.reports.len(), n_bytes)
    };
    let (mut n_reports, mut n_bytes) = size(&first);
    let mut pieces = vec![first];
    while n_reports < BATCH_REPORTS && n_bytes < BATCH_BYTES {
        let Ok(reading) = received.try_recv() else { break };
        let (more_reports, more_bytes) = size(&reading);
        (n_reports, n_bytes) = (n_reports + more_reports, n_bytes + more_bytes);
        pieces.push(reading);
    }
    Some(pieces)
}

fn progress(watched: bool) -> ProgressBar {
    let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{spinner} {pos} reports, {per_sec}, {elapsed}")
        .expect("the template is constant and valid");
    let progress = ProgressBar::with_draw_target(None, target).with_style(style);
    if watched {
        progress.enable_steady_tick(Duration::from_millis(200));
    }
    progress
}

/// Prints a line for each report that is kept, as long as somebody reads.
fn tell_kept(kept: &[KeptReport]) -> ControlFlow<()> {
    let mut lines = String::new();
    for KeptReport { id, origin, is_new } in kept {
        let outcome = if *is_new { "added" } else { "known" };
        let line = serde_json::json!({ "report": id, "origin": origin, "outcome": outcome });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    let mut out = io::stdout().lock();
    match out.write_all(lines.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}
