//! Keeps and finds reports, their layers, stories and comparisons.
//!
//! [`Store`] says what a store can do, in plain data; [`SqliteStore`] keeps everything in one file that a person can read
//! with `sqlite3`, [`MemoryStore`] as long as the program runs. What is stored comes back equal, or as an error that says
//! what is wrong with it. Layers and comparisons carry the versions of the stages that made them and are not found under
//! others, so that a new version of Stemma makes them again.

mod content;
mod error;
mod memory;
mod sqlite;

pub use content::{ContentHash, comparison_key, producers};
pub use error::StoreError;
pub use memory::MemoryStore;
pub use sqlite::SqliteStore;

use stemma_core::{Comparison, Correction, Document, Report, ReportId, StoryId};

/// A report and the hash of the bytes that it was read from, where they are known.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredReport {
    /// The report.
    pub report: Report,
    /// Hash of the file, page or line.
    pub bytes: Option<ContentHash>,
}

/// A story by ids.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredStory {
    /// Its id.
    pub id: StoryId,
    /// What it is called: a slice of one of its reports.
    pub label: String,
    /// Its reports, in order.
    pub reports: Vec<ReportId>,
}

/// Keeps and finds. Each call that writes is one transaction: all of it is kept, or nothing.
pub trait Store {
    /// Keeps reports, in order. One that is there already is left as it is. Gives the number of new ones.
    fn put_reports(&mut self, reports: &[StoredReport]) -> Result<usize, StoreError>;

    /// The report of an id.
    fn report(&self, id: ReportId) -> Result<Option<StoredReport>, StoreError>;

    /// Ids of all reports, in order of arrival.
    fn report_ids(&self) -> Result<Vec<ReportId>, StoreError>;

    /// Keeps documents with their reports and layers. Layers that are there are replaced.
    fn put_documents(&mut self, documents: &[Document]) -> Result<(), StoreError>;

    /// The document of a report, if its layers were made by `producers` (see [`producers()`]).
    fn document(&self, id: ReportId, producers: &str) -> Result<Option<Document>, StoreError>;

    /// Keeps stories. One that is there is replaced. Their reports must be there.
    fn put_stories(&mut self, stories: &[StoredStory]) -> Result<(), StoreError>;

    /// All stories, in order of id.
    fn stories(&self) -> Result<Vec<StoredStory>, StoreError>;

    /// Keeps a correction after those that are there. Gives its number, from 1.
    fn put_correction(&mut self, correction: &Correction) -> Result<usize, StoreError>;

    /// All corrections, in the order in which they were made.
    fn corrections(&self) -> Result<Vec<Correction>, StoreError>;

    /// Keeps a comparison under its key (see [`comparison_key`]).
    fn put_comparison(&mut self, key: ContentHash, comparison: &Comparison) -> Result<(), StoreError>;

    /// The comparison of a key.
    fn comparison(&self, key: ContentHash) -> Result<Option<Comparison>, StoreError>;

    /// Keeps a text, the state of a stage, under a name; one that is there is replaced.
    fn put_state(&mut self, name: &str, state: &str) -> Result<(), StoreError>;

    /// The text of a name.
    fn state(&self, name: &str) -> Result<Option<String>, StoreError>;
}
