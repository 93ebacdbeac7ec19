//! What is told on the way.

use std::error::Error;

use stemma_read::{Notice, ReadError};

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
