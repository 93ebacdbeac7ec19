//! What is said on standard error: one line for each thing, and a hint below it.

use std::cell::RefCell;
use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use stemma_desk::{Progress, Tell, chain};
use stemma_read::{Notice, ReadError};

use crate::failure::Failure;

/// Messages of one kind that are told; the others are counted.
const MAX_TOLD: usize = 20;

/// Tells why the program ends.
pub(crate) fn failure(failure: &Failure) {
    say(&format!("stemma: {:#}", failure.error));
    if let Some(hint) = &failure.hint {
        say(&format!("  hint: {hint}"));
    }
}

/// Tells which inputs could not be read.
pub(crate) fn unread(failures: Vec<ReadError>) {
    let n_failures = failures.len();
    for error in failures.into_iter().take(MAX_TOLD) {
        let remedy = error.remedy();
        say(&format!("stemma: {:#}", anyhow::Error::from(error)));
        say(&format!("  hint: {remedy}"));
    }
    if n_failures > MAX_TOLD {
        say(&format!("stemma: {} more could not be read", n_failures - MAX_TOLD));
    }
}

/// Tells of a failure that ends nothing.
pub(crate) fn problem(error: &anyhow::Error, remedy: &str) {
    say(&format!("stemma: {error:#}"));
    say(&format!("  hint: {remedy}"));
}

/// Tells what was passed over.
pub(crate) fn notices(notices: &[Notice]) {
    for notice in notices.iter().take(MAX_TOLD) {
        say(&format!("stemma: note: {notice}"));
    }
    if notices.len() > MAX_TOLD {
        say(&format!("stemma: note: {} more notes", notices.len() - MAX_TOLD));
    }
}

/// Tells on standard error what comes up while work on a store is under way, and how far it is if somebody watches; if `quiet`,
/// only what failed.
pub(crate) struct Terminal {
    quiet: bool,
    watched: bool,
    /// Shown while something is fetched.
    progress: RefCell<Option<ProgressBar>>,
}

impl Terminal {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet, watched: !quiet && io::stderr().is_terminal(), progress: RefCell::default() }
    }

    /// One that shows no progress.
    pub(crate) fn without_progress(self) -> Self {
        Self { watched: false, ..self }
    }

    /// Does what writes to the terminal, on a line of its own.
    pub(crate) fn apart<T>(&self, write: impl FnOnce() -> T) -> T {
        match &*self.progress.borrow() {
            Some(progress) => progress.suspend(write),
            None => write(),
        }
    }
}

impl Tell for Terminal {
    fn unread(&self, failures: Vec<ReadError>) {
        self.apart(|| unread(failures));
    }

    fn notices(&self, each: &[Notice]) {
        if !self.quiet {
            self.apart(|| notices(each));
        }
    }

    fn problem(&self, error: &dyn Error, remedy: &str) {
        self.apart(|| {
            say(&format!("stemma: {}", chain(error)));
            hint(remedy);
        });
    }

    fn note(&self, text: &str) {
        if !self.quiet {
            self.apart(|| note(text));
        }
    }

    fn fetching(&self, progress: &Progress) {
        if !self.watched {
            return;
        }
        let mut shown = self.progress.borrow_mut();
        if progress.is_over() {
            shown.take().inspect(ProgressBar::finish_and_clear);
            return;
        }
        let bar = shown.get_or_insert_with(fetching_bar);
        bar.set_length(progress.n_all as u64);
        bar.set_position(progress.n_done as u64);
        let n_failed = progress.tally.feeds_failed + progress.tally.pages_failed;
        bar.set_message(if n_failed > 0 { format!(", {n_failed} failed") } else { String::new() });
    }
}

fn fetching_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("fetching {wide_bar} {pos}/{len} addresses{msg}, {elapsed}")
        .expect("the template is constant and valid");
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
    // Time passes while hosts are waited for.
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Tells something that the user may want to know.
pub(crate) fn note(text: &str) {
    say(&format!("stemma: note: {text}"));
}

/// A line of a log, as it is.
pub(crate) fn line(text: &str) {
    say(text);
}

/// Tells what one can do about what was just told.
pub(crate) fn hint(text: &str) {
    say(&format!("  hint: {text}"));
}

/// One line. What a file's name or content may hold besides signs is shown as an escape: it must not steer a terminal.
fn say(line: &str) {
    let shown: String = line
        .chars()
        .flat_map(|c| {
            let plain = (!c.is_control()).then_some(c);
            let escaped = c.is_control().then(|| c.escape_default());
            plain.into_iter().chain(escaped.into_iter().flatten())
        })
        .collect();
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{shown}");
}
