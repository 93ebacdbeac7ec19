//! Reports put into stories as they come in, by `stemma stories --watch` and `stemma watch`: where each went is printed.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::Error;
use stemma::{Engine, api};
use stemma_desk::{DeskError, Filing, Placed};

use crate::failure::{Exit, Failure};
use crate::{kept, marks, messages};

/// Takes up the stream where the store at `path` has left it.
pub(crate) fn open(path: Option<&Path>, threads: usize) -> Result<Filing, Failure> {
    let engine = Arc::new(Engine::load());
    let corrections = kept::corrections(path)?;
    let kept = path.map(|path| kept::keeping(path, &engine)).transpose()?;
    Ok(Filing::new(engine, kept, corrections, threads)?)
}

/// Says what came of keeping the state: that it failed ends no stream.
pub(crate) fn saved(done: Result<(), DeskError>) {
    if let Err(error) = done {
        messages::failure(&error.into());
        messages::hint("the stream goes on; the next run makes its state anew from the reports of the store");
    }
}

/// Prints where reports were put, as long as somebody reads.
pub(crate) struct Printer {
    json: bool,
    failure: Option<Failure>,
}

impl Printer {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, failure: None }
    }

    /// Prints one line. Breaks if that is not possible.
    pub(crate) fn print(&mut self, placed: &Placed<'_>) -> ControlFlow<()> {
        let mut out = io::stdout().lock();
        let line = match self.line(placed) {
            Ok(line) => line,
            Err(failure) => return self.fail(failure),
        };
        match writeln!(out, "{line}").and_then(|()| out.flush()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ControlFlow::Break(()),
            Err(error) => {
                let error = Error::new(error).context("standard output cannot be written");
                self.fail(Failure::new(Exit::Failed, error))
            }
        }
    }

    fn fail(&mut self, failure: Failure) -> ControlFlow<()> {
        self.failure = Some(failure);
        ControlFlow::Break(())
    }

    /// What has broken printing off, if it was not that nobody reads any more.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.failure.map_or(Ok(()), Err)
    }

    fn line(&self, placed: &Placed<'_>) -> Result<String, Failure> {
        let Placed { document, placement, label, n_reports } = *placed;
        let arrival = api::arrival(document, placement, label, n_reports);
        if self.json {
            return serde_json::to_string(&arrival)
                .map_err(|error| Failure::new(Exit::Failed, Error::new(error)));
        }
        let title = document.report().title().unwrap_or(label);
        let outlet = document.report().outlet().map(|outlet| format!(" · {outlet}")).unwrap_or_default();
        let why = arrival.why.map_or(String::new(), |why| format!(" · {}", why.in_short()));
        let line = format!(
            "{:<7} {}  {:>3}  {title}{outlet}{why}",
            arrival.outcome,
            &arrival.story[..8],
            arrival.reports
        );
        Ok(marks::clean(&line))
    }
}
