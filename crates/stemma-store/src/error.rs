//! What can go wrong with a store.

use std::path::PathBuf;

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
    #[error("the store is busy: another process is writing to it")]
    Busy {
        /// Why.
        source: rusqlite::Error,
    },
    /// A write or a search failed.
    #[error("{doing}: the store failed")]
    Failed {
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
    pub(crate) fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::Busy { source }
            }
            _ => Self::Failed { doing, source },
        }
    }

    pub(crate) fn damaged(what: impl Into<String>, problem: impl ToString) -> Self {
        Self::Damaged { what: what.into(), problem: problem.to_string() }
    }
}
