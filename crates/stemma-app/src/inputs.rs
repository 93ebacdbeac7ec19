//! Arguments to reports and documents, with messages for what could not be read.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::anyhow;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use stemma::{Document, Engine};
use stemma_desk::new_reports;
use stemma_read::{Input, KNOWN_ENDINGS, ReadOptions, Reading, read_each_with};
use stemma_store::NewReport;

use crate::arguments::InputArguments;
use crate::failure::{Exit, Failure};
use crate::kept;
use crate::messages;

/// Bytes of text from which progress is shown: about half a second of work.
const LONG_BYTES: usize = 2 * 1024 * 1024;

/// Reports between two steps of the progress bar. Every thread has work in each.
const CHUNK_REPORTS: usize = 64;

/// What could be read, and the exit code that a run without other failures has.
pub(crate) struct Read {
    pub(crate) reports: Vec<NewReport>,
    pub(crate) exit: Exit,
}

/// Reads all inputs and tells what could not be read. No report at all is a failure.
pub(crate) fn read_reports(arguments: &InputArguments) -> Result<Read, Failure> {
    if arguments.threads > 0 {
        // Fails only if a pool is there already, and this is the one place that makes one.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build_global();
    }
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
    /// An error where no file was given and no store named: for commands that make little sense of everything that there is.
    pub(crate) fn named(&self) -> Result<(), Failure> {
        let is_named = self.store.as_deref().is_some_and(|path| !kept::is_own_place(path));
        if self.files.is_empty() && !is_named { Err(no_file()) } else { Ok(()) }
    }
}

fn read_store(path: &Path) -> Result<Read, Failure> {
    let reports = kept::reports(path)?;
    if reports.is_empty() {
        let error = anyhow!("{}: the store holds no report", path.display());
        return Err(Failure::new(Exit::NothingReadable, error)
            .hint("stemma add FILE keeps the reports of a file in it"));
    }
    Ok(Read { reports: reports.into_iter().map(Into::into).collect(), exit: Exit::Done })
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
