//! What can go wrong with a store.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// What can go wrong with a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be opened or made.
    #[error("{}: the store cannot be opened", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The folder of the file is not there and cannot be made.
    #[error("{}: the folder of the store cannot be made", path.display())]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is something else.
    #[error("{}: not a store of Stemma", path.display())]
    NotAStore {
        /// Which file.
        path: PathBuf,
    },
    /// The file was written by a later version of Stemma.
    #[error("{}: written by a later version (schema {found}, this version knows {known})", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The latest that is known here.
        known: u32,
    },
    /// Another process kept the store locked for too long.
    #[error("{}: the store is busy, another process is writing to it", path.display())]
    Busy {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// There is no room for more.
    #[error("{}: no room is left for the store ({doing})", path.display())]
    Full {
        /// Which file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: rusqlite::Error,
    },
    /// The file, or its folder, may not be written to.
    #[error("{}: the store may not be written to ({doing})", path.display())]
    ReadOnly {
        /// Which file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: rusqlite::Error,
    },
    /// The file is a store, but its pages do not hang together.
    #[error("{}: the file of the store is damaged ({doing})", path.display())]
    Corrupt {
        /// Which file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: rusqlite::Error,
    },
    /// A write or a search failed.
    #[error("{}: {doing}: the store failed", path.display())]
    Failed {
        /// Which file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: rusqlite::Error,
    },
    /// Something that is stored is not what it should be.
    #[error("{what}: damaged in the store: {problem}")]
    Damaged {
        /// Which item.
        what: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Something names a report that is not there.
    #[error("{what} names the report {report}, which is not in the store")]
    NoSuchReport {
        /// Which item.
        what: String,
        /// The report.
        report: stemma_core::ReportId,
    },
}

impl StoreError {
    pub(crate) fn damaged(what: impl Into<String>, problem: impl ToString) -> Self {
        Self::Damaged { what: what.into(), problem: problem.to_string() }
    }

    /// What SQLite said while `doing` something with the file at `path`.
    pub(crate) fn of_sqlite(path: &Path, doing: &'static str, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path, source },
            Some(ErrorCode::DiskFull) => Self::Full { path, doing, source },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path, doing, source },
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt { path, doing, source },
            Some(ErrorCode::NotADatabase) => Self::NotAStore { path },
            Some(ErrorCode::CannotOpen) => Self::Open { path, source },
            _ => Self::Failed { path, doing, source },
        }
    }
}

/// What ends a piece of work inside a store, before it is known of which file and work it is.
pub(crate) enum Fault {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl Fault {
    pub(crate) fn at(self, path: &Path, doing: &'static str) -> StoreError {
        match self {
            Fault::Sqlite(source) => StoreError::of_sqlite(path, doing, source),
            Fault::Store(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Fault::Sqlite(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Fault::Store(error)
    }
}
