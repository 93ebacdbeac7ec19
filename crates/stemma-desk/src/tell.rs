//! What is told on the way.

use std::error::Error;

use stemma_read::{Notice, ReadError};

use crate::Tally;

/// How far fetching is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Progress {
    /// Addresses whose answers were handled.
    pub n_done: usize,
    /// Addresses that are to be asked for, as far as is known: feeds and sitemaps name more of them. When all are done, or no more
    /// are asked for, as many as were done.
    pub n_all: usize,
    /// What came of them.
    pub tally: Tally,
}

impl Progress {
    /// True if no more is to come.
    pub fn is_over(&self) -> bool {
        self.n_done == self.n_all
    }
}

/// Takes what a person may want to know while work is under way. None of it ends the work.
pub trait Tell {
    /// Inputs that could not be read.
    fn unread(&self, failures: Vec<ReadError>);
    /// What was passed over.
    fn notices(&self, notices: &[Notice]);
    /// Something that failed, and what one can do about it.
    fn problem(&self, error: &dyn Error, remedy: &str);
    /// How it goes.
    fn note(&self, text: &str);
    /// How far fetching is: at its beginning, after each answer, and when it is over.
    fn fetching(&self, _progress: &Progress) {}
}

/// Tells nobody.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Tell for Silent {
    fn unread(&self, _: Vec<ReadError>) {}
    fn notices(&self, _: &[Notice]) {}
    fn problem(&self, _: &dyn Error, _: &str) {}
    fn note(&self, _: &str) {}
}
