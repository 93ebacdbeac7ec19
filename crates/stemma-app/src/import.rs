//! `stemma import`: what `stemma export jsonl` wrote of a store, back into one.
//!
//! Line by line, in batches, each one transaction: what is interrupted can be given again. What is there already is left as it
//! is. Layers are made again, as those of a file could be of another version, or wrong.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::time::Duration;

use anyhow::{Context, Error, anyhow};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use stemma::export::records::{ContentPlace, Record, ReportRecord};
use stemma::{Correction, Engine, Report};
use stemma_core::Content;
use stemma_store::{ContentHash, NewDocument, SqliteStore, Store, StoredStory};

use crate::failure::{Exit, Failure};
use crate::kept::StoreArgument;
use crate::{messages, output};

pub(crate) const EXAMPLES: &str = "\
Reports with the bytes that they were read from, stories and corrections come back as they were; what is found in reports is
made again. What the store holds already is left as it is, so that the same file can be given twice.

Examples:
  stemma export jsonl --store desk.db --output desk.jsonl
  stemma import desk.jsonl --store other.db
  zstdcat desk.jsonl.zst | stemma import - --store other.db";

/// Reports and stories that are kept together.
const BATCH: usize = 256;
/// Bytes of a line: as long as the longest report with its bytes.
const MAX_LINE_BYTES: u64 = 1 << 30;
/// Broken lines that are told.
const MAX_TOLD: usize = 20;

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// A file that stemma export jsonl wrote, or - for standard input
    #[arg(value_name = "FILE")]
    file: OsString,
    #[command(flatten)]
    store: StoreArgument,
    /// Number of threads; 0 takes one for each core. Changes nothing in the result
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// No notes and no progress on standard error
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &ImportArguments) -> Result<Exit, Failure> {
    let place = arguments.file.to_string_lossy().into_owned();
    let unreadable = |error: io::Error| {
        let error = Error::new(error).context(format!("{place}: cannot be read"));
        Failure::new(Exit::NothingReadable, error).hint("give a file that stemma export jsonl wrote")
    };
    let input: Box<dyn Read> = match place.as_str() {
        "-" => Box::new(io::stdin()),
        _ => Box::new(File::open(&arguments.file).map_err(unreadable)?),
    };
    let store = arguments.store.open_or_make()?;
    let mut import = Import::new(store, arguments);
    let mut input = BufReader::new(input);
    let (mut line, mut number) = (Vec::new(), 0_usize);
    loop {
        line.clear();
        number += 1;
        let n_bytes = input.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line).map_err(unreadable)?;
        if n_bytes == 0 {
            break;
        }
        if let Err(problem) = import.line(&line)? {
            import.unread(&format!("{place}:{number}: {problem}"));
        }
    }
    import.finish()
}

/// What is wrong with a line, in words.
type Line = Result<(), String>;

struct Import<'a> {
    store: SqliteStore,
    engine: Engine,
    arguments: &'a ImportArguments,
    progress: ProgressBar,
    /// Reports that are not kept yet, with their bytes.
    reports: Vec<(Report, Option<Content>)>,
    stories: Vec<StoredStory>,
    corrections: Vec<Correction>,
    /// The bytes that came last: most reports of a file stand behind its bytes.
    latest: Option<(ContentHash, Content)>,
    n_new: usize,
    n_read: usize,
    n_unread: usize,
}

impl<'a> Import<'a> {
    fn new(store: SqliteStore, arguments: &'a ImportArguments) -> Self {
        let watched = !arguments.quiet && io::stderr().is_terminal();
        let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{spinner} {pos} reports, {per_sec}")
            .expect("the template is constant and valid");
        let progress = ProgressBar::with_draw_target(None, target).with_style(style);
        if watched {
            progress.enable_steady_tick(Duration::from_millis(200));
        }
        Self {
            store,
            engine: Engine::load(),
            arguments,
            progress,
            reports: Vec::new(),
            stories: Vec::new(),
            corrections: Vec::new(),
            latest: None,
            n_new: 0,
            n_read: 0,
            n_unread: 0,
        }
    }

    /// Takes one line. The outer error ends the import, the inner one costs the line.
    fn line(&mut self, line: &[u8]) -> Result<Line, Failure> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(Ok(()));
        }
        let record = match serde_json::from_slice::<Record>(line) {
            Ok(record) => record,
            Err(error) => return Ok(Err(format!("no record of stemma export jsonl: {error}"))),
        };
        match record {
            Record::Content(record) => match record.content() {
                Err(problem) => return Ok(Err(problem)),
                // Reports may still wait for the bytes before these.
                Ok(content) => self.latest = Some((ContentHash::of(&content.bytes), content)),
            },
            Record::Report(record) => {
                let report = match record.report() {
                    Err(problem) => return Ok(Err(problem)),
                    Ok(report) => report,
                };
                let content = self.content(&record)?;
                self.reports.push((report, content));
                if self.reports.len() >= BATCH {
                    self.keep_reports()?;
                }
            }
            Record::Story(record) => {
                self.stories.push(StoredStory {
                    id: record.story,
                    label: record.label,
                    reports: record.reports,
                });
            }
            Record::Correction(record) => self.corrections.push(record.correction),
        }
        Ok(Ok(()))
    }

    /// The bytes of a report, where they came in a line before.
    fn content(&self, record: &ReportRecord) -> Result<Option<Content>, Failure> {
        let Some(ContentPlace { sha256, range }) = &record.content else { return Ok(None) };
        let Ok(hash) = sha256.parse::<ContentHash>() else { return Ok(None) };
        let content = match &self.latest {
            Some((latest, content)) if *latest == hash => Some(content.clone()),
            _ => self.waiting(hash).map_or_else(|| self.store.content(hash), |content| Ok(Some(content)))?,
        };
        let range = range.filter(|[start, end]| start <= end).map(|[start, end]| start..end);
        Ok(content.map(|content| Content { range, ..content }))
    }

    /// Bytes of a report that is not kept yet.
    fn waiting(&self, hash: ContentHash) -> Option<Content> {
        let contents = self.reports.iter().filter_map(|(_, content)| content.as_ref());
        contents.into_iter().find(|content| ContentHash::of(&content.bytes) == hash).cloned()
    }

    fn keep_reports(&mut self) -> Result<(), Failure> {
        let (reports, contents): (Vec<Report>, Vec<Option<Content>>) = self.reports.drain(..).unzip();
        self.n_read += reports.len();
        self.progress.inc(reports.len() as u64);
        let documents = self.engine.annotate(reports, self.arguments.threads).into_iter().zip(contents);
        let documents: Vec<NewDocument> =
            documents.map(|(document, content)| NewDocument { document, content }).collect();
        self.n_new += self.store.put_documents(&documents)?.into_iter().filter(|&is_new| is_new).count();
        Ok(())
    }

    fn unread(&mut self, told: &str) {
        self.n_unread += 1;
        if self.n_unread <= MAX_TOLD {
            self.progress.suspend(|| messages::note(told));
        }
    }

    fn finish(mut self) -> Result<Exit, Failure> {
        self.keep_reports()?;
        let stories = std::mem::take(&mut self.stories);
        for some in stories.chunks(BATCH) {
            let kept =
                self.store.put_stories(some).context("the file has stories of reports that it does not have");
            kept.map_err(|error| Failure::new(Exit::Failed, error).hint("export the whole store again"))?;
        }
        let n_corrections = self.keep_corrections()?;
        self.progress.finish_and_clear();
        if self.n_unread > MAX_TOLD {
            messages::note(&format!("{} more lines could not be read", self.n_unread - MAX_TOLD));
        }
        if self.n_read == 0 && self.n_unread > 0 {
            let error = anyhow!("{}: no report could be read", self.arguments.file.to_string_lossy());
            return Err(Failure::new(Exit::NothingReadable, error)
                .hint("stemma import reads what stemma export jsonl wrote; stemma add takes other files"));
        }
        let known = self.n_read - self.n_new;
        let told = format!(
            "{} reports added, {known} there already · {} stories · {n_corrections} corrections · {}\n",
            self.n_new,
            stories.len(),
            self.arguments.store.path.display()
        );
        output::write(None, told.as_bytes())?;
        Ok(if self.n_unread == 0 { Exit::Done } else { Exit::SomeUnread })
    }

    /// Adds corrections that the store does not have. They count only in their order: where the store's own are not the first of
    /// those of the file, nothing is added.
    fn keep_corrections(&mut self) -> Result<usize, Failure> {
        let there = self.store.corrections()?;
        let Some(missing) = self.corrections.strip_prefix(&there[..]) else {
            if !there.starts_with(&self.corrections) {
                messages::note("the store has corrections of its own; those of the file are not taken over");
                messages::hint("import into a new store, or repeat them with stemma correct");
            }
            return Ok(0);
        };
        for correction in missing {
            self.store.put_correction(correction)?;
        }
        Ok(missing.len())
    }
}
