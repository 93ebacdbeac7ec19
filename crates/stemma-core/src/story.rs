//! Stories: the reports of one event.

use serde::{Deserialize, Serialize};

use crate::Document;

/// Position of a report in its story, from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ReportIndex(pub u32);

impl ReportIndex {
    /// The position as an index into [`Story::documents`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The documents of one event, in the order in which they are shown. No two have the same [`crate::ReportId`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Story {
    documents: Vec<Document>,
}

impl Story {
    /// A story of `documents`. A report that is there twice is kept once, at its first place.
    pub fn new(documents: Vec<Document>) -> Self {
        let mut seen = std::collections::BTreeSet::new();
        let documents =
            documents.into_iter().filter(|document| seen.insert(document.report().id())).collect();
        Self { documents }
    }

    /// The documents, in the order in which they are shown.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The document at `index`, which is one of this story's.
    pub fn document(&self, index: ReportIndex) -> &Document {
        &self.documents[index.index()]
    }

    /// Documents with their positions.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (ReportIndex, &Document)> + ExactSizeIterator {
        self.documents.iter().enumerate().map(|(n, document)| {
            (ReportIndex(u32::try_from(n).expect("a story has fewer than 2^32 reports")), document)
        })
    }
}
