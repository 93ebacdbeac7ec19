//! Where what was read goes: piece by piece, in order, made by several threads at once.
//!
//! Whoever walks through an input pushes jobs, each the reading of one page, one text, or some lines. When enough of them wait,
//! they run on rayon's current pool, and what comes of them is handed on in the order in which they were pushed. Memory:
//! [`MOST_BYTES`] of waiting input, and what comes of it.

use std::ops::ControlFlow;
use std::sync::Arc;

use rayon::prelude::*;
use stemma_core::Origin;

use crate::{Notice, ReadError, ReadOptions, Reading};

/// Jobs that run together.
const MOST_JOBS: usize = 256;

/// Bytes of input that wait in jobs, and of what is made of them: see [`REPORT_BYTES`].
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// What a report takes beside its text.
pub(crate) const REPORT_BYTES: usize = 1024;

type Job = Box<dyn FnOnce() -> Reading + Send>;

/// See the module.
pub(crate) struct Sink<'a> {
    each: &'a mut dyn FnMut(Reading) -> ControlFlow<()>,
    options: Arc<ReadOptions>,
    jobs: Vec<Job>,
    n_bytes: usize,
    stopped: bool,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(options: &ReadOptions, each: &'a mut dyn FnMut(Reading) -> ControlFlow<()>) -> Self {
        Self { each, options: Arc::new(options.clone()), jobs: Vec::new(), n_bytes: 0, stopped: false }
    }

    pub(crate) fn options(&self) -> &Arc<ReadOptions> {
        &self.options
    }

    /// A job over `n_bytes` of input, [`REPORT_BYTES`] for each of many reports added.
    pub(crate) fn push(&mut self, n_bytes: usize, job: impl FnOnce() -> Reading + Send + 'static) {
        self.jobs.push(Box::new(job));
        self.n_bytes += n_bytes;
        if self.jobs.len() >= MOST_JOBS || self.n_bytes >= MOST_BYTES {
            self.flush();
        }
    }

    /// What is read already.
    pub(crate) fn push_done(&mut self, reading: Reading) {
        self.push(0, move || reading);
    }

    pub(crate) fn fail(&mut self, error: ReadError) {
        self.push_done(Reading::failed(error));
    }

    pub(crate) fn notice(&mut self, origin: &Origin, problem: String) {
        let notice = Notice { origin: origin.clone(), problem };
        self.push_done(Reading { notices: vec![notice], ..Reading::default() });
    }

    /// Runs what waits.
    pub(crate) fn flush(&mut self) {
        let jobs = std::mem::take(&mut self.jobs);
        self.n_bytes = 0;
        if self.stopped {
            return;
        }
        let readings: Vec<Reading> = jobs.into_par_iter().map(|job| job()).collect();
        for reading in readings {
            if (self.each)(reading).is_break() {
                self.stopped = true;
                return;
            }
        }
    }

    /// True when nobody takes any more.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped
    }
}
