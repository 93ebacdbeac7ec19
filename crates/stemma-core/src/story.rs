//! Stories: the reports of one event.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Document, ReportId};

/// Position of a report in its story, from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ReportIndex(pub u32);

impl ReportIndex {
    /// The position as an index into [`Story::documents`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Identity of a story, minted once, from its first report: it stays when reports join. Prints as 16 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryId(u64);

impl StoryId {
    /// The id of the story that `first` opens.
    pub fn opened_by(first: ReportId) -> Self {
        Self(first.leading_bits())
    }
}

impl fmt::Display for StoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for StoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for StoryId {
    type Err = String;
    fn from_str(hex: &str) -> Result<Self, String> {
        let digits = hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = if digits { u64::from_str_radix(hex, 16).ok() } else { None };
        bits.map(Self).ok_or_else(|| format!("{hex:?} is not a story id of 16 hex digits"))
    }
}

impl Serialize for StoryId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StoryId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn story_ids_print_and_parse() {
        let id = StoryId::opened_by(ReportId::of(None, None, "a"));
        assert_eq!(id.to_string().len(), 16);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("+123456789abcdef".parse::<StoryId>().is_err());
    }
}
