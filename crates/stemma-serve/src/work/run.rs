//! What a piece of work does.

use std::error::Error;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::body::Bytes;
use stemma::{Origin, Report, ReportDraft};
use stemma_desk::{
    DeskError, Harvest, HarvestOptions, Ledger, Progress, Silent, Tell, Watch, WatchOptions, chain,
    new_reports,
};
use stemma_fetch::Polling;
use stemma_read::{Notice, ReadError, ReadOptions, Reading, read_bytes_each};
use stemma_store::{NewReport, SqliteStore};

use super::Job;
use crate::desk::Desk;

/// Most reports, and bytes of text, of one job: what is sent may be packed, and nobody knows to how much it unpacks.
const MOST_REPORTS: usize = 20_000;
const MOST_BYTES: usize = 256 * 1024 * 1024;
/// Longest name of a file that is shown.
const NAME_CHARS: usize = 120;

/// Something to do.
#[derive(Debug)]
pub(crate) enum Task {
    /// Read what was sent.
    Add { kind: &'static str, uploads: Vec<Upload> },
    /// Fetch addresses.
    Fetch { urls: Vec<String>, options: HarvestOptions },
    /// Ask all feeds of the watch list.
    Poll,
    /// Make all stories anew.
    Regroup,
}

/// Bytes that were sent, with a name whose ending may say what they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
    /// What the sender knows of the report, for what it does not say itself; only where the bytes hold one report.
    pub(crate) known: ReportDraft,
}

impl Task {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Task::Add { kind, .. } => kind,
            Task::Fetch { .. } => "fetch",
            Task::Poll => "poll",
            Task::Regroup => "regroup",
        }
    }

    pub(super) fn about(&self) -> String {
        match self {
            Task::Add { uploads, .. } => match &uploads[..] {
                [one] => plain_name(&one.name),
                more => format!("{} files", more.len()),
            },
            Task::Fetch { urls, .. } => match &urls[..] {
                [one] => one.clone(),
                more => format!("{} addresses", more.len()),
            },
            Task::Poll => "the watch list".to_owned(),
            Task::Regroup => "all stories".to_owned(),
        }
    }
}

/// A file's own name, without the folders that a browser may have sent and without signs that steer anything. It is shown and
/// kept; no file of this name is ever opened.
pub(crate) fn plain_name(name: &str) -> String {
    let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = |c: &char| !c.is_control() && !is_format(*c);
    let name: String = own.chars().filter(shown).take(NAME_CHARS).collect();
    match name.trim() {
        "" | "." | ".." => "file".to_owned(),
        name => name.to_owned(),
    }
}

/// Signs that turn the direction of writing, or are not seen.
fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Does a piece of work, and tells its job how it ended. A panic costs the job in which it happened.
pub(super) fn run(desk: &Desk, job: &Job, task: Task) {
    if !job.begin() {
        return;
    }
    let done = catch_unwind(AssertUnwindSafe(|| match task {
        Task::Add { uploads, .. } => add(desk, job, uploads),
        Task::Fetch { urls, options } => fetch(desk, job, &urls, &options),
        Task::Poll => ask_feeds(desk, job),
        Task::Regroup => desk.regroup().map(|()| Whole::Yes),
    }));
    match done {
        Ok(Ok(Whole::No)) if job.is_cancelled() => job.give_in(),
        Ok(Ok(_)) => job.finish(),
        Ok(Err(error)) => {
            // What was placed and not kept is placed again.
            desk.work.give_up_filing();
            job.fail(&chain(&error));
        }
        Err(_) => {
            desk.work.give_up_filing();
            job.fail("the work broke off; what was filed before stays");
        }
    }
    desk.work.changed.notify_one();
}

/// Whether a piece of work was done to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Whole {
    Yes,
    /// The server stops, or the job was cancelled.
    No,
}

impl Whole {
    fn unless(broken_off: bool) -> Self {
        if broken_off { Self::No } else { Self::Yes }
    }
}

/// True if a job is to come to its next whole state and end there.
fn is_to_end(desk: &Desk, job: &Job) -> bool {
    desk.work.is_stopping() || job.is_cancelled()
}

fn add(desk: &Desk, job: &Job, uploads: Vec<Upload>) -> Result<Whole, DeskError> {
    let (mut n_reports, mut n_bytes) = (0, 0);
    for upload in uploads {
        let origin = Origin::whole(plain_name(&upload.name));
        let mut failure = None;
        let mut each = |mut reading: Reading| {
            tell_reading(job, &mut reading);
            n_reports += reading.reports.len();
            n_bytes += reading.reports.iter().map(|report| report.text().len()).sum::<usize>();
            if let [report] = &mut reading.reports[..] {
                *report = completed(report, &upload.known);
            }
            if let Err(error) = file_until_cancelled(desk, job, new_reports(reading)) {
                failure = Some(error);
                return ControlFlow::Break(());
            }
            match is_to_end(desk, job) || n_reports >= MOST_REPORTS || n_bytes >= MOST_BYTES {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        read_bytes_each(&upload.bytes, &origin, &ReadOptions::default(), &mut each);
        if let Some(error) = failure {
            return Err(error);
        }
        if desk.work.is_stopping() {
            job.trouble("the server was stopped; what was filed before stays".to_owned(), "send it again");
        }
        if is_to_end(desk, job) {
            return Ok(Whole::No);
        }
        if n_reports >= MOST_REPORTS || n_bytes >= MOST_BYTES {
            let what = format!(
                "no more than {MOST_REPORTS} reports or {MOST_BYTES} bytes of text are taken at a time"
            );
            job.trouble(what, "send the rest by itself, or use stemma add");
            return Ok(Whole::Yes);
        }
    }
    Ok(Whole::Yes)
}

fn file_until_cancelled(desk: &Desk, job: &Job, reports: Vec<NewReport>) -> Result<(), DeskError> {
    let mut rest = reports.into_iter().peekable();
    while rest.peek().is_some() && !is_to_end(desk, job) {
        let chunk = rest.by_ref().take(super::FILED_TOGETHER).collect();
        desk.file(chunk, &mut |report| job.filed(report))?;
    }
    Ok(())
}

/// The report with what is known of it and it does not say itself.
fn completed(report: &Report, known: &ReportDraft) -> Report {
    let or = |own: Option<&str>, known: &Option<String>| own.map(str::to_owned).or_else(|| known.clone());
    let draft = ReportDraft {
        given_id: report.given_id().map(str::to_owned),
        outlet: or(report.outlet(), &known.outlet),
        url: or(report.url(), &known.url),
        title: or(report.title(), &known.title),
        byline: or(report.byline(), &known.byline),
        published: report.published().or(known.published),
        language: or(report.language(), &known.language),
        text: report.text().to_owned(),
        extra: report.extra().clone(),
    };
    Report::new(draft, report.origin().clone())
}

fn fetch(desk: &Desk, job: &Job, urls: &[String], options: &HarvestOptions) -> Result<Whole, DeskError> {
    let lent = desk.work.fetcher();
    let fetcher = &lent.fetcher;
    job.stops(fetcher.stopper());
    let mut ledger = Ledger::of(SqliteStore::open(&desk.settings().store)?, fetcher)?;
    let (polling, told) = (Polling::default(), TellJob(job));
    let mut keep = |reading: Reading| {
        desk.file(new_reports(reading), &mut |report| job.filed(report))?;
        Ok(!is_to_end(desk, job))
    };
    Harvest::new(fetcher, &mut ledger, options, &polling, &told, &mut keep).addresses(urls)?;
    Ok(Whole::unless(fetcher.stopper().is_stopped()))
}

fn ask_feeds(desk: &Desk, job: &Job) -> Result<Whole, DeskError> {
    let lent = desk.work.fetcher();
    job.stops(lent.fetcher.stopper());
    let mut ledger = Ledger::of(SqliteStore::open(&desk.settings().store)?, &lent.fetcher)?;
    let options = watching(desk, true);
    let told = TellJob(job);
    let mut watch = Watch { fetcher: &lent.fetcher, ledger: &mut ledger, options: &options, tell: &told };
    let mut keep = |reading: Reading| {
        desk.file(new_reports(reading), &mut |report| job.filed(report))?;
        Ok(!is_to_end(desk, job))
    };
    watch.ask_due(true, &mut keep, &mut |tally| job.note(tally.to_string()))?;
    Ok(Whole::unless(lent.fetcher.stopper().is_stopped()))
}

/// How the watch list is asked.
fn watching(desk: &Desk, once: bool) -> WatchOptions {
    let (harvest, polling) = (desk.settings().harvest, desk.settings().polling.clone());
    WatchOptions { listed: None, once, now: false, needs_feeds: false, harvest, polling }
}

/// Asks the feeds of the watch list that are due, again and again, until the server stops. What fails is tried again after a
/// while.
pub(super) fn watch(desk: &Desk) {
    while !desk.work.is_stopping() {
        // How it went stands with each feed.
        let _ = watch_until_it_fails(desk);
        for _ in 0..PAUSES {
            if desk.work.is_stopping() {
                return;
            }
            std::thread::sleep(super::LOOK);
        }
    }
}

fn watch_until_it_fails(desk: &Desk) -> Result<(), DeskError> {
    let lent = desk.work.fetcher();
    let mut ledger = Ledger::of(SqliteStore::open(&desk.settings().store)?, &lent.fetcher)?;
    let options = watching(desk, false);
    let watch = Watch { fetcher: &lent.fetcher, ledger: &mut ledger, options: &options, tell: &Silent };
    let mut keep = |reading: Reading| {
        desk.file(new_reports(reading), &mut |_| {})?;
        Ok(!desk.work.is_stopping())
    };
    watch.run(&mut keep, &mut |_| {})
}

/// Looks whether the server stops, between two attempts to watch: a minute.
const PAUSES: u32 = 300;

fn tell_reading(job: &Job, reading: &mut Reading) {
    let told = TellJob(job);
    told.unread(std::mem::take(&mut reading.failures));
    told.notices(&reading.notices);
}

/// Tells those who look at a job.
struct TellJob<'a>(&'a Job);

impl Tell for TellJob<'_> {
    fn unread(&self, failures: Vec<ReadError>) {
        for failure in failures {
            let remedy = failure.remedy();
            self.0.trouble(chain(&failure), remedy);
        }
    }

    fn notices(&self, notices: &[Notice]) {
        notices.iter().for_each(|notice| self.0.note(notice.to_string()));
    }

    fn problem(&self, error: &dyn Error, remedy: &str) {
        self.0.trouble(chain(error), remedy);
    }

    fn note(&self, text: &str) {
        self.0.note(text.to_owned());
    }

    fn fetching(&self, progress: &Progress) {
        self.0.fetching(progress.n_done, progress.n_all);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_names_alone() {
        for (name, plain) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\report.html", "report.html"),
            ("a\u{202e}lmth.exe\n", "almth.exe"),
            ("..", "file"),
            ("/", "file"),
            ("", "file"),
            ("übersicht 3.jsonl", "übersicht 3.jsonl"),
        ] {
            assert_eq!(plain_name(name), plain, "{name:?}");
        }
        assert_eq!(plain_name(&"x".repeat(500)).len(), NAME_CHARS);
    }
}
