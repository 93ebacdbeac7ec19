//! `stemma add`: reports into the store.
//!
//! One thread reads, this one and rayon's annotate, one writes: a batch is a transaction. What the store has already is passed
//! over before it is annotated, so that a run that was broken off goes on where it was. Memory: a few batches.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use stemma::{Engine, ReportId};
use stemma_fetch::Polling;
use stemma_read::{ColumnMap, Input, ReadOptions, Reading, read_each_with};
use stemma_store::{NewDocument, NewReport, SqliteStore, Store, StoreError};

use crate::failure::{Exit, Failure};
use crate::fetching::{self, FetchArguments, is_address};
use crate::harvest::Harvest;
use crate::inputs::{new_reports, nothing_readable};
use crate::kept::{StoreArgument, producers_of};
use crate::ledger::Ledger;
use crate::{messages, output};

pub(crate) const EXAMPLES: &str = "\
Examples:
  stemma add inbox/                            every report in a folder, with the bytes that it was read from
  stemma add crawl.jsonl.gz                    broken off? the same again goes on where it was
  stemma add https://example.org/news/bridge   a page; a feed, a sitemap: the articles that it lists
  crawler | stemma add - --json                one line for each report, once it is safely kept
  stemma stories                               the stories of all that was added
  sqlite3 ~/.local/share/stemma/stemma.db 'SELECT outlet, quotation FROM v_quotations LIMIT 9'";

/// Most reports, and bytes of text, of a batch.
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
    let mut ingest = Ingest::start(&engine, &arguments.store, arguments.threads, arguments.json)?;
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
    let mut ledger = Ledger::open(&arguments.store.path, &fetcher)?;
    fetching::stop_on_signal(fetcher.stopper());
    // An address is noted as fetched when its reports are kept, so this waits for that.
    let mut keep = |reading| Ok(ingest.push_and_wait(new_reports(reading)));
    let polling = Polling::default();
    let harvest = Harvest::new(&fetcher, &mut ledger, &arguments.fetch, &polling, arguments.quiet, &mut keep);
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

/// What became of reports.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Counts {
    pub(crate) n_new: usize,
    /// Reports that were there already.
    pub(crate) n_known: usize,
}

/// Reports on their way into a store: annotated here, written by a thread of its own.
pub(crate) struct Ingest<'a> {
    engine: &'a Engine,
    threads: usize,
    producers: String,
    /// Looks up what is there; the other thread has a connection of its own.
    reader: SqliteStore,
    batches: Option<SyncSender<Batch>>,
    writer: Option<std::thread::JoinHandle<Result<Counts, StoreError>>>,
    failed: Option<StoreError>,
}

/// Reports that are written together.
struct Batch {
    documents: Vec<NewDocument>,
    /// All reports of the batch in their order, with their origins: those that are there already, too.
    told: Vec<(ReportId, String)>,
    /// Is told when this batch and all before it are kept.
    kept: Option<SyncSender<()>>,
}

impl<'a> Ingest<'a> {
    /// Opens the store, or makes it. With `json`, a line is printed for each report when it is kept.
    pub(crate) fn start(
        engine: &'a Engine,
        store: &StoreArgument,
        threads: usize,
        json: bool,
    ) -> Result<Self, Failure> {
        let (reader, writer) = (store.open_or_make()?, store.open_or_make()?);
        let (batches, received) = sync_channel(1);
        let writer = std::thread::spawn(move || write(writer, &received, json));
        let producers = producers_of(engine);
        Ok(Self {
            engine,
            threads,
            producers,
            reader,
            batches: Some(batches),
            writer: Some(writer),
            failed: None,
        })
    }

    /// Annotates what is new and hands it to the writer. False if it takes no more: [`Self::finish`] says why.
    pub(crate) fn push(&mut self, reports: Vec<NewReport>) -> bool {
        let mut rest = reports.into_iter().peekable();
        while rest.peek().is_some() {
            let mut n_bytes = 0;
            let mut batch = Vec::new();
            while let Some(new) = rest.next_if(|_| batch.len() < BATCH_REPORTS && n_bytes < BATCH_BYTES) {
                n_bytes += new.report.text().len();
                batch.push(new);
            }
            match self.annotated(batch) {
                Ok(batch) => {
                    if self.batches.as_ref().is_none_or(|batches| batches.send(batch).is_err()) {
                        return false;
                    }
                }
                Err(error) => {
                    self.failed = Some(error);
                    return false;
                }
            }
        }
        true
    }

    /// The same, and waits until all of it is kept.
    pub(crate) fn push_and_wait(&mut self, reports: Vec<NewReport>) -> bool {
        let (kept, told) = sync_channel(1);
        // It comes after all others.
        let last = Batch { documents: Vec::new(), told: Vec::new(), kept: Some(kept) };
        let sent =
            self.push(reports) && self.batches.as_ref().is_some_and(|batches| batches.send(last).is_ok());
        sent && told.recv().is_ok()
    }

    fn annotated(&self, reports: Vec<NewReport>) -> Result<Batch, StoreError> {
        let told = reports.iter().map(|new| (new.report.id(), new.report.origin().to_string())).collect();
        let mut seen = BTreeSet::new();
        let (mut missing, mut contents) = (Vec::new(), Vec::new());
        for new in reports {
            let id = new.report.id();
            if !seen.insert(id) || self.reader.is_complete(id, &self.producers, new.content.is_some())? {
                continue;
            }
            // What is stored is never changed: layers are made anew of the report as it was kept.
            let stored = self.reader.report(id)?.map(|stored| stored.report);
            missing.push(stored.unwrap_or(new.report));
            contents.push(new.content);
        }
        let documents = self.engine.annotate(missing, self.threads).into_iter().zip(contents);
        Ok(Batch {
            documents: documents.map(|(document, content)| NewDocument { document, content }).collect(),
            told,
            kept: None,
        })
    }

    /// Waits until all is kept.
    pub(crate) fn finish(mut self) -> Result<Counts, Failure> {
        drop(self.batches.take());
        let written = self.writer.take().map(|writer| writer.join().expect("the writer does not panic"));
        let counts = written.transpose()?.unwrap_or_default();
        match self.failed.take() {
            Some(error) => Err(error.into()),
            None => Ok(counts),
        }
    }
}

/// Writes batches until no more come, and tells what is kept.
fn write(mut store: SqliteStore, batches: &Receiver<Batch>, json: bool) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    let mut listened_to = json;
    for Batch { documents, told, kept } in batches {
        let are_new = if documents.is_empty() { Vec::new() } else { store.put_documents(&documents)? };
        let mut new: BTreeSet<ReportId> = documents
            .iter()
            .zip(are_new)
            .filter(|(_, is_new)| *is_new)
            .map(|(new, _)| new.document.report().id())
            .collect();
        counts.n_new += new.len();
        counts.n_known += told.len() - new.len();
        let mut lines = String::new();
        for (id, origin) in told.iter().filter(|_| listened_to) {
            let outcome = if new.remove(id) { "added" } else { "known" };
            let line = serde_json::json!({ "report": id, "origin": origin, "outcome": outcome });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        // A reader that goes away ends no ingest.
        listened_to = listened_to && tell(&lines).is_ok();
        if let Some(kept) = kept {
            // Nobody waits any more if the program ends.
            let _ = kept.send(());
        }
    }
    Ok(counts)
}

fn tell(lines: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(lines.as_bytes())?;
    out.flush()
}
