//! What is said on standard error: one line for each thing, and a hint below it.

use std::error::Error;
use std::io::{self, Write};

use stemma_desk::{Tell, chain};
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

/// Tells on standard error what comes up while work on a store is under way; if `quiet`, only what failed.
pub(crate) struct Terminal {
    pub(crate) quiet: bool,
}

impl Tell for Terminal {
    fn unread(&self, failures: Vec<ReadError>) {
        unread(failures);
    }

    fn notices(&self, each: &[Notice]) {
        if !self.quiet {
            notices(each);
        }
    }

    fn problem(&self, error: &dyn Error, remedy: &str) {
        say(&format!("stemma: {}", chain(error)));
        hint(remedy);
    }

    fn note(&self, text: &str) {
        if !self.quiet {
            note(text);
        }
    }
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
