//! Arguments to reports and documents, with messages for what could not be read.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::anyhow;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use stemma::{Batch, BatchOutline, Document, Engine, Report, ReportId};
use stemma_desk::{Kept, new_reports};
use stemma_read::{Input, KNOWN_ENDINGS, ReadOptions, Reading, read_each_with};
use stemma_store::{NewReport, SqliteStore, Store, StoreError};

use crate::arguments::InputArguments;
use crate::failure::{Exit, Failure};
use crate::kept;
use crate::messages;

/// Bytes of text from which progress is shown: about half a second of work.
const LONG_BYTES: usize = 2 * 1024 * 1024;

/// Reports of a store from which progress is shown.
const LONG_REPORTS: usize = 2_000;

/// Reports between two steps of the progress bar. Every thread has work in each.
const CHUNK_REPORTS: usize = 64;

/// What could be read, and the exit code that a run without other failures has.
pub(crate) struct Read {
    pub(crate) reports: Vec<NewReport>,
    pub(crate) exit: Exit,
}

/// Reads all inputs and tells what could not be read. No report at all is a failure.
pub(crate) fn read_reports(arguments: &InputArguments) -> Result<Read, Failure> {
    use_threads(arguments);
    if arguments.files.is_empty() {
        return read_store(arguments.store.as_deref().ok_or_else(no_file)?);
    }
    let inputs = arguments.files.iter().map(|argument| Input::of_argument(argument)).collect();
    let options = ReadOptions { columns: arguments.columns.clone() };
    let mut reading = Reading::default();
    let keeps = arguments.store.is_some();
    let _ = read_each_with(inputs, &options, &mut |mut piece| {
        reading.contents.resize(reading.reports.len(), None);
        // Without a store, what the reports were read from is let go of at once: of an archive it is many times the texts.
        if keeps {
            reading.contents.append(&mut piece.contents);
        }
        reading.reports.append(&mut piece.reports);
        reading.failures.append(&mut piece.failures);
        reading.notices.append(&mut piece.notices);
        ControlFlow::Continue(())
    });
    let exit = if reading.failures.is_empty() { Exit::Done } else { Exit::SomeUnread };
    messages::unread(std::mem::take(&mut reading.failures));
    if !arguments.quiet {
        messages::notices(&reading.notices);
    }
    if reading.reports.is_empty() {
        return Err(nothing_readable());
    }
    Ok(Read { reports: new_reports(reading), exit })
}

fn use_threads(arguments: &InputArguments) {
    if arguments.threads > 0 {
        // Fails only if a pool is there already, and this is the one place that makes one.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build_global();
    }
}

/// No input gave a report.
pub(crate) fn nothing_readable() -> Failure {
    Failure::new(Exit::NothingReadable, anyhow!("none of the inputs could be read"))
        .hint(format!("stemma reads files ({KNOWN_ENDINGS}), folders of these, and - for standard input"))
}

fn no_file() -> Failure {
    Failure::new(Exit::Usage, anyhow!("no file was given"))
        .hint("give files, folders, or - for standard input; --store STORE takes all reports of a store")
}

impl InputArguments {
    /// All reports of a store.
    pub(crate) fn of_store(path: &Path, threads: usize) -> Self {
        Self {
            files: Vec::new(),
            threads,
            quiet: false,
            columns: None,
            store: Some(path.to_owned()),
            no_store: false,
        }
    }

    /// An error where no file was given and no store named: for commands that make little sense of everything that there is.
    pub(crate) fn named(&self) -> Result<(), Failure> {
        let is_named = self.store.as_deref().is_some_and(|path| !kept::is_own_place(path));
        if self.files.is_empty() && !is_named { Err(no_file()) } else { Ok(()) }
    }
}

fn read_store(path: &Path) -> Result<Read, Failure> {
    let reports = kept::reports(path)?;
    if reports.is_empty() {
        return Err(empty_store(path));
    }
    Ok(Read { reports: reports.into_iter().map(Into::into).collect(), exit: Exit::Done })
}

fn empty_store(path: &Path) -> Failure {
    let error = anyhow!("{}: the store holds no report", path.display());
    Failure::new(Exit::NothingReadable, error).hint("stemma add FILE keeps the reports of a file in it")
}

/// The documents of a command, by their places: those of files in memory; of a store each is read when it is asked for.
pub(crate) enum Documents {
    Read(Vec<Document>),
    Stored(Box<StoredDocuments>),
}

/// The documents of all reports of a store, in order of arrival.
pub(crate) struct StoredDocuments {
    ids: Vec<ReportId>,
    store: SqliteStore,
    kept: Kept,
}

impl Documents {
    /// The id of a report by its place.
    pub(crate) fn id(&self, n: usize) -> ReportId {
        match self {
            Documents::Read(documents) => documents[n].report().id(),
            Documents::Stored(stored) => stored.ids[n],
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Documents::Read(documents) => documents.len(),
            Documents::Stored(stored) => stored.ids.len(),
        }
    }

    /// A report by its place; none if the store has lost it meanwhile.
    pub(crate) fn report(&self, n: usize) -> Result<Option<Report>, StoreError> {
        match self {
            Documents::Read(documents) => Ok(Some(documents[n].report().clone())),
            Documents::Stored(stored) => Ok(stored.store.report(stored.ids[n])?.map(|found| found.report)),
        }
    }

    /// The documents at `places`, but for those that the store has lost meanwhile.
    pub(crate) fn get(
        &mut self,
        engine: &Engine,
        places: impl IntoIterator<Item = usize>,
        threads: usize,
    ) -> Result<Vec<Document>, StoreError> {
        match self {
            Documents::Read(documents) => Ok(places.into_iter().map(|n| documents[n].clone()).collect()),
            Documents::Stored(stored) => {
                let found = places.into_iter().map(|n| stored.store.report(stored.ids[n]));
                let found = found.collect::<Result<Vec<_>, _>>()?;
                let reports: Vec<Report> = found.into_iter().flatten().map(|found| found.report).collect();
                stored.kept.annotate(engine, reports, threads)
            }
        }
    }
}

/// All reports of `arguments` compared with each other, their documents, and the exit code that a run without other failures has. Of a
/// store a few documents at a time are in memory.
pub(crate) fn read_batch(
    engine: &Engine,
    arguments: &InputArguments,
) -> Result<(Batch, Documents, Exit), Failure> {
    let (outlines, mut documents, exit) = read_outlines(engine, arguments)?;
    let mut lost = None;
    let mut again = |n: usize| match documents.get(engine, [n], arguments.threads) {
        Ok(mut found) => found.pop(),
        Err(error) => {
            lost.get_or_insert(error);
            None
        }
    };
    let batch = engine.batch(outlines, &mut again);
    match lost {
        Some(error) => Err(error.into()),
        None => Ok((batch, documents, exit)),
    }
}

fn read_outlines(
    engine: &Engine,
    arguments: &InputArguments,
) -> Result<(Vec<BatchOutline>, Documents, Exit), Failure> {
    if !arguments.files.is_empty() {
        let (documents, exit) = read_documents(engine, arguments)?;
        let outlines = documents.par_iter().map(BatchOutline::of).collect();
        return Ok((outlines, Documents::Read(documents), exit));
    }
    use_threads(arguments);
    let path = arguments.store.as_deref().ok_or_else(no_file)?;
    let store = kept::open_there(path)?;
    let ids = store.report_ids()?;
    if ids.is_empty() {
        return Err(empty_store(path));
    }
    let watched = !arguments.quiet && ids.len() >= LONG_REPORTS && std::io::stderr().is_terminal();
    let progress = progress_bar(ids.len(), watched);
    let kept = kept::keeping(path, engine)?;
    let mut documents = Documents::Stored(Box::new(StoredDocuments { ids, store, kept }));
    let mut outlines = Vec::new();
    let mut there = Vec::new();
    let n_reports = documents.len();
    for start in (0..n_reports).step_by(CHUNK_REPORTS) {
        let places = start..n_reports.min(start + CHUNK_REPORTS);
        let read = documents.get(engine, places.clone(), arguments.threads)?;
        there.extend(read.iter().map(|document| document.report().id()));
        outlines.extend(read.par_iter().map(BatchOutline::of).collect::<Vec<_>>());
        progress.inc(places.len() as u64);
    }
    progress.finish_and_clear();
    if let Documents::Stored(stored) = &mut documents {
        // Without those that another process has removed meanwhile.
        stored.ids = there;
    }
    Ok((outlines, documents, Exit::Done))
}

/// The annotated reports of `arguments`, and the exit code that a run without other failures has.
pub(crate) fn read_documents(
    engine: &Engine,
    arguments: &InputArguments,
) -> Result<(Vec<Document>, Exit), Failure> {
    let Read { reports, exit } = read_reports(arguments)?;
    let mut documents = Vec::with_capacity(reports.len());
    annotate_each(engine, reports, arguments, |document| {
        documents.push(document);
        Ok(())
    })?;
    Ok((documents, exit))
}

/// Annotates `reports`, hands the documents on in order, and shows progress if that takes long and somebody watches.
pub(crate) fn annotate_each(
    engine: &Engine,
    reports: Vec<NewReport>,
    arguments: &InputArguments,
    mut each: impl FnMut(Document) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let n_bytes: usize = reports.iter().map(|new| new.report.text().len()).sum();
    let watched = !arguments.quiet && n_bytes >= LONG_BYTES && std::io::stderr().is_terminal();
    let progress = progress_bar(reports.len(), watched);
    let mut kept = arguments.store.as_deref().map(|path| kept::keeping(path, engine)).transpose()?;
    let mut reports = reports.into_iter();
    loop {
        let chunk: Vec<NewReport> = reports.by_ref().take(CHUNK_REPORTS).collect();
        if chunk.is_empty() {
            break;
        }
        let n_reports = chunk.len() as u64;
        let documents = match &mut kept {
            Some(kept) => kept.annotate(engine, chunk, arguments.threads)?,
            None => engine.annotate(chunk.into_iter().map(|new| new.report).collect(), arguments.threads),
        };
        documents.into_iter().try_for_each(&mut each)?;
        progress.inc(n_reports);
    }
    progress.finish_and_clear();
    Ok(())
}

fn progress_bar(n_reports: usize, watched: bool) -> ProgressBar {
    let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("annotating {wide_bar} {pos}/{len} reports, {eta} left")
        .expect("the template is constant and valid");
    ProgressBar::with_draw_target(Some(n_reports as u64), target).with_style(style)
}
