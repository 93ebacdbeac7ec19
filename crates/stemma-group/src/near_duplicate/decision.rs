//! What two reports that have a text in common are to each other.
//!
//! The level says how much of the text is the same, the relation what that makes of the reports: one report fetched twice, two
//! versions of it, or one text that two outlets or pages carry.

use serde::{Deserialize, Serialize};
use stemma_core::ReportId;

/// How much of their text two reports have in common, the most first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The same bytes.
    Exact,
    /// The same words: case, white space, punctuation, quotation marks and Unicode form aside.
    Normalized,
    /// More than half of the words of the shorter text stand in common runs, or half of all shingles are common.
    Near,
    /// Less than that. Only versions of one report have this level.
    Partial,
}

impl Level {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Exact => "exact",
            Level::Normalized => "normalized",
            Level::Near => "near",
            Level::Partial => "partial",
        }
    }
}

/// What makes two reports one report.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// The same canonical address.
    Address,
    /// The same id in the feed, of the same outlet.
    Guid,
    /// The same outlet and headline.
    Headline,
}

impl Identity {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Identity::Address => "address",
            Identity::Guid => "guid",
            Identity::Headline => "headline",
        }
    }
}

/// What two reports are to each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// One report, fetched twice: the same identity, the same words.
    Same,
    /// One report, edited between: the same identity, other words.
    Version,
    /// Two publications of one text: other address, other outlet, or an identity that is not known.
    Republication,
}

impl Relation {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Relation::Same => "same",
            Relation::Version => "version",
            Relation::Republication => "republication",
        }
    }
}

/// An earlier report that is the same text, or a version of the same report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Duplicate {
    /// The other report.
    pub report: ReportId,
    /// How much of the text is the same.
    pub level: Level,
    /// What the two are to each other.
    pub relation: Relation,
    /// What they are both known by, if by anything.
    pub identity: Option<Identity>,
    /// Share of the shorter text's words that stand in common runs of twelve words or more and are no furniture; where the words
    /// are not kept, the estimated share of its shingles.
    pub share: f64,
    /// Share of the shingles of both that both have (Jaccard).
    pub resemblance: f64,
    /// The figures were counted on the words of both, not estimated.
    pub counted: bool,
    /// Words that both have and that stand in many unrelated reports, too; not in `share`.
    pub furniture_words: usize,
}

/// Where the lines are drawn.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct DuplicateOptions {
    /// Near: more than this share of the shorter text's words.
    pub share: f64,
    /// Near: this resemblance or more.
    pub resemblance: f64,
    /// Two reports of one identity are versions if they have at least this share: an address may be a page that changes daily.
    pub version_share: f64,
    /// A text of fewer words is no near duplicate of another: a headline is held by every report that quotes it.
    pub least_words: usize,
    /// Latest reports of which the words are kept, to count what is shared; of older ones it is estimated. 4 bytes a word.
    pub kept_texts: usize,
    /// Latest reports that are remembered at all.
    pub kept_reports: usize,
}

impl Default for DuplicateOptions {
    fn default() -> Self {
        Self {
            share: 0.5,
            resemblance: 0.5,
            version_share: 0.2,
            least_words: 24,
            kept_texts: 50_000,
            kept_reports: 2_000_000,
        }
    }
}

impl DuplicateOptions {
    pub(super) fn is_near(&self, share: f64, resemblance: f64) -> bool {
        share > self.share || resemblance >= self.resemblance
    }

    /// What makes two reports of this `level` and `share` one report or one text; `elsewhere`: they have different addresses.
    pub(super) fn relation(
        &self,
        identity: Option<Identity>,
        elsewhere: bool,
        level: Level,
        share: f64,
    ) -> Option<Relation> {
        // A headline may come back on another page, an address and an id may not.
        let identity =
            identity.filter(|identity| *identity != Identity::Headline || !elsewhere || level == Level::Near);
        match (identity, level) {
            (Some(_), Level::Exact | Level::Normalized) => Some(Relation::Same),
            (Some(_), _) if share >= self.version_share => Some(Relation::Version),
            (Some(_), _) | (None, Level::Partial) => None,
            (None, _) => Some(Relation::Republication),
        }
    }
}
