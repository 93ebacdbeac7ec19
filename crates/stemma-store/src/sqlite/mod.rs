//! A store in one SQLite file.
//!
//! Write-ahead log: others read while one writes, and what a call has kept outlasts a crash right after it. Two writers wait
//! for each other, up to [`WAIT`]. The schema has a number (`user_version`); a file of an older schema is brought up to date
//! when it is opened, step by step, all steps in one transaction; a file of a newer one is refused, and so is a file of
//! another program (`application_id`). The tables are described in `docs/store.md`.

mod browse;
mod comparisons;
mod documents;
mod fetches;
mod housekeeping;
mod names;
mod reports;
mod schema;
mod stories;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use stemma_core::{Comparison, Content, Correction, Document, ReportId, Story, StoryId};

pub use browse::{Member, Quotation, QuotationQuery, ReportLine, SpeakerLine};
pub use fetches::{Feed, Fetch};
pub use housekeeping::{Finding, Part, Stats};
pub use names::{NameLine, NameQuery, NamingStory};

use crate::encoding::{pack_bytes, unpack_bytes};
use crate::error::Fault;
use crate::{ContentHash, NewDocument, NewReport, Store, StoreError, StoredReport, StoredStory, StoryEvent};

/// How long one writer waits for another.
pub const WAIT: Duration = Duration::from_secs(30);

/// Keeps everything in one file.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    path: PathBuf,
}

impl SqliteStore {
    /// Opens the store at `path`, or makes it. Its folder must be there.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_waiting(path, WAIT)
    }

    /// The same, with a wait of its own for other writers.
    pub fn open_waiting(path: &Path, wait: Duration) -> Result<Self, StoreError> {
        let connection =
            Connection::open(path).map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
        Self::with_connection(connection, path.to_owned(), wait)
    }

    /// A store that lasts as long as the value, for tests.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = PathBuf::from(":memory:");
        let connection =
            Connection::open_in_memory().map_err(|source| StoreError::Open { path: path.clone(), source })?;
        Self::with_connection(connection, path, WAIT)
    }

    fn with_connection(
        mut connection: Connection,
        path: PathBuf,
        wait: Duration,
    ) -> Result<Self, StoreError> {
        schema::prepare(&mut connection, &path, wait)?;
        Ok(Self { connection, path })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The schema of this store.
    pub fn schema_version(&self) -> Result<u32, StoreError> {
        self.read("reading the schema's number", |connection| Ok(schema::version(connection)?))
    }

    /// The versions of the stages that made the layers of a report (see [`crate::producers()`]), if it has some.
    pub fn producers_of(&self, report: ReportId) -> Result<Option<String>, StoreError> {
        self.read("reading layers", |connection| documents::producers_of(connection, report))
    }

    /// True if a report is there with layers that `producers` made and, if `with_bytes`, with the bytes that it came from: then
    /// there is nothing to add.
    pub fn is_complete(
        &self,
        report: ReportId,
        producers: &str,
        with_bytes: bool,
    ) -> Result<bool, StoreError> {
        self.read("looking up a report", |connection| {
            documents::is_complete(connection, report, producers, with_bytes)
        })
    }

    /// Runs `work`, which changes nothing.
    pub(crate) fn read<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        work(&self.connection).map_err(|fault| fault.at(&self.path, doing))
    }

    /// Runs `work` in one transaction that is kept only if it succeeds.
    pub(crate) fn write<T>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let Self { connection, path } = self;
        let all = || -> Result<T, Fault> {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        };
        all().map_err(|fault| fault.at(path, doing))
    }
}

impl Store for SqliteStore {
    fn put_reports(&mut self, reports: &[NewReport]) -> Result<usize, StoreError> {
        self.write("keeping reports", |transaction| {
            let mut n_new = 0;
            for NewReport { report, content } in reports {
                n_new += usize::from(reports::put(transaction, report, content.as_ref())?.is_new);
            }
            Ok(n_new)
        })
    }

    fn report(&self, id: ReportId) -> Result<Option<StoredReport>, StoreError> {
        self.read("reading a report", |connection| reports::get(connection, id))
    }

    fn report_ids(&self) -> Result<Vec<ReportId>, StoreError> {
        self.read("listing reports", reports::ids)
    }

    fn content(&self, hash: ContentHash) -> Result<Option<Content>, StoreError> {
        self.read("reading the bytes of a report", |connection| reports::content(connection, hash))
    }

    fn put_documents(&mut self, documents: &[NewDocument]) -> Result<Vec<bool>, StoreError> {
        self.write("keeping reports", |transaction| {
            let mut are_new = Vec::with_capacity(documents.len());
            for NewDocument { document, content } in documents {
                let put = reports::put(transaction, document.report(), content.as_ref())?;
                documents::put(transaction, put.number, document)?;
                are_new.push(put.is_new);
            }
            Ok(are_new)
        })
    }

    fn document(&self, id: ReportId, made_by: &str) -> Result<Option<Document>, StoreError> {
        self.read("reading layers", |connection| documents::get(connection, id, made_by))
    }

    fn put_stories(&mut self, stories: &[StoredStory]) -> Result<(), StoreError> {
        self.write("keeping stories", |transaction| stories::put(transaction, stories, false))
    }

    fn replace_stories(&mut self, stories: &[StoredStory]) -> Result<(), StoreError> {
        self.write("keeping stories", |transaction| stories::put(transaction, stories, true))
    }

    fn stories(&self) -> Result<Vec<StoredStory>, StoreError> {
        self.read("listing stories", stories::all)
    }

    fn story_events(&self) -> Result<Vec<StoryEvent>, StoreError> {
        self.read("listing what became of stories", stories::events)
    }

    fn put_correction(&mut self, correction: &Correction) -> Result<usize, StoreError> {
        self.write("keeping a correction", |transaction| stories::put_correction(transaction, correction))
    }

    fn corrections(&self) -> Result<Vec<Correction>, StoreError> {
        self.read("listing corrections", stories::corrections)
    }

    fn put_comparison(
        &mut self,
        key: ContentHash,
        id: Option<StoryId>,
        story: &Story,
        comparison: &Comparison,
    ) -> Result<(), StoreError> {
        self.write("keeping a comparison", |transaction| {
            comparisons::put(transaction, key, id, story, comparison)
        })
    }

    fn comparison(&self, key: ContentHash) -> Result<Option<Comparison>, StoreError> {
        self.read("reading a comparison", |connection| comparisons::get(connection, key))
    }

    fn put_state(&mut self, name: &str, state: &str) -> Result<(), StoreError> {
        self.write("keeping the state of a stage", |transaction| {
            let packed = pack_bytes(state.as_bytes());
            let row = (name, packed.encoding, packed.bytes);
            transaction.execute("INSERT OR REPLACE INTO states VALUES (?1, ?2, ?3)", row)?;
            Ok(())
        })
    }

    fn state(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.read("reading the state of a stage", |connection| {
            let row: Option<(String, Vec<u8>)> = connection
                .query_row("SELECT encoding, state FROM states WHERE name = ?1", [name], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let Some((encoding, bytes)) = row else { return Ok(None) };
            let what = || format!("the state {name:?}");
            let bytes = unpack_bytes(&what, &encoding, bytes)?;
            Ok(Some(String::from_utf8(bytes).map_err(|error| StoreError::damaged(what(), error))?))
        })
    }
}

/// An integer that is never negative, as SQLite has them.
fn natural<T: TryFrom<i64>>(what: &dyn Fn() -> String, value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| StoreError::damaged(what(), format!("{value} is no number for it")))
}

/// A number of bytes or items as SQLite takes it.
fn integer(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}
