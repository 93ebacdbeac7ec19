//! What can end the work on a store.

use std::error::Error;
use std::path::PathBuf;

use stemma_store::StoreError;

/// What can end the work on a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state of a stage cannot be written down: a defect.
    #[error("the state of {of} cannot be written down")]
    State {
        /// Of what.
        of: &'static str,
        /// Why.
        source: serde_json::Error,
    },
    /// There is nothing to ask.
    #[error("{}: the store has no feeds", store.display())]
    NoFeeds {
        /// Which store.
        store: PathBuf,
    },
}

impl DeskError {
    /// What one can do about it, where the store itself does not say.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            DeskError::NoFeeds { .. } => {
                Some("stemma feeds add ADDRESS puts one on its list, stemma feeds import FEEDS.opml many")
            }
            _ => None,
        }
    }
}

/// An error and its causes in one line.
pub fn chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line += ": ";
        line += &error.to_string();
        cause = error.source();
    }
    line
}
