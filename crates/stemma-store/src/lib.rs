//! Keeps and finds reports, their layers, stories and comparisons.
//!
//! [`Store`] says what a store can do, in plain data; [`SqliteStore`] keeps everything in one file that a person can read
//! with `sqlite3` (`docs/store.md` describes it), [`MemoryStore`] as long as the program runs. What is stored comes back equal,
//! or as an error that says what is wrong with it. Layers and comparisons carry the versions of the stages that made them and
//! are not found under others, so that a new version of Stemma makes them again.

mod content;
mod encoding;
mod error;
mod events;
mod memory;
pub mod search;
mod sqlite;

pub use content::{ContentHash, comparison_key, producers};
pub use error::StoreError;
pub use memory::MemoryStore;
pub use sqlite::{
    Feed, Fetch, Finding, Member, NameLine, NameQuery, NamingStory, Part, Quotation, QuotationQuery,
    ReportLine, SpeakerLine, SqliteStore, Stats, WAIT,
};

use std::ops::Range;

use stemma_core::{Comparison, Content, Correction, Document, Report, ReportId, Story, StoryId};

/// A report to keep.
#[derive(Clone, PartialEq, Debug)]
pub struct NewReport {
    /// The report.
    pub report: Report,
    /// The bytes that it was read from, where they are known.
    pub content: Option<Content>,
}

impl From<Report> for NewReport {
    fn from(report: Report) -> Self {
        Self { report, content: None }
    }
}

/// A document to keep, with its report and layers.
#[derive(Clone, PartialEq, Debug)]
pub struct NewDocument {
    /// The document.
    pub document: Document,
    /// The bytes that its report was read from, where they are known.
    pub content: Option<Content>,
}

impl From<Document> for NewDocument {
    fn from(document: Document) -> Self {
        Self { document, content: None }
    }
}

/// A report as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredReport {
    /// The report.
    pub report: Report,
    /// Hash of the bytes that it was read from, where they are known: see [`Store::content`].
    pub content: Option<ContentHash>,
    /// Where these stand in the unpacked file, in bytes, where they are a part of it.
    pub range: Option<Range<u64>>,
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

/// What became of a story.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoryEvent {
    /// Of which.
    pub story: StoryId,
    /// What.
    pub kind: StoryEventKind,
    /// The report that joined or left; `None` also if the store holds it no longer.
    pub report: Option<ReportId>,
    /// The story that the report came from or went to, where there is one.
    pub other: Option<StoryId>,
}

/// Kinds of [`StoryEvent`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum StoryEventKind {
    /// It is there for the first time.
    Opened,
    /// A report came to it.
    Joined,
    /// A report went from it.
    Left,
    /// It has no reports any more.
    Ended,
}

impl StoryEventKind {
    /// The name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Joined => "joined",
            Self::Left => "left",
            Self::Ended => "ended",
        }
    }

    fn of_str(name: &str) -> Option<Self> {
        [Self::Opened, Self::Joined, Self::Left, Self::Ended].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Keeps and finds. Each call that writes is one transaction: all of it is kept, or nothing.
pub trait Store {
    /// Keeps reports, in order. One that is there already is left as it is. Gives the number of new ones.
    fn put_reports(&mut self, reports: &[NewReport]) -> Result<usize, StoreError>;

    /// The report of an id.
    fn report(&self, id: ReportId) -> Result<Option<StoredReport>, StoreError>;

    /// Ids of all reports, in order of arrival.
    fn report_ids(&self) -> Result<Vec<ReportId>, StoreError>;

    /// The bytes of a hash; their range is that of no report. `None` also if the hash alone is known.
    fn content(&self, hash: ContentHash) -> Result<Option<Content>, StoreError>;

    /// Keeps documents with their reports and layers, in order. Layers that are there are replaced. Says of each whether
    /// its report is new.
    fn put_documents(&mut self, documents: &[NewDocument]) -> Result<Vec<bool>, StoreError>;

    /// The document of a report, if its layers were made by `producers` (see [`producers()`]).
    fn document(&self, id: ReportId, producers: &str) -> Result<Option<Document>, StoreError>;

    /// Keeps stories. One that is there is replaced. Their reports must be there. What changes becomes events.
    fn put_stories(&mut self, stories: &[StoredStory]) -> Result<(), StoreError>;

    /// The same for all stories: those that are not among `stories` end.
    fn replace_stories(&mut self, stories: &[StoredStory]) -> Result<(), StoreError>;

    /// All stories, in order of id.
    fn stories(&self) -> Result<Vec<StoredStory>, StoreError>;

    /// What became of the stories, in order.
    fn story_events(&self) -> Result<Vec<StoryEvent>, StoreError>;

    /// Keeps a correction after those that are there. Gives its number, from 1.
    fn put_correction(&mut self, correction: &Correction) -> Result<usize, StoreError>;

    /// All corrections, in the order in which they were made.
    fn corrections(&self) -> Result<Vec<Correction>, StoreError>;

    /// Keeps the comparison of `story` under its key (see [`comparison_key`]); `id` is the story's, if it is kept. The reports
    /// of `story` must be there.
    fn put_comparison(
        &mut self,
        key: ContentHash,
        id: Option<StoryId>,
        story: &Story,
        comparison: &Comparison,
    ) -> Result<(), StoreError>;

    /// The comparison of a key.
    fn comparison(&self, key: ContentHash) -> Result<Option<Comparison>, StoreError>;

    /// Keeps a text, the state of a stage, under a name; one that is there is replaced.
    fn put_state(&mut self, name: &str, state: &str) -> Result<(), StoreError>;

    /// The text of a name.
    fn state(&self, name: &str) -> Result<Option<String>, StoreError>;
}
