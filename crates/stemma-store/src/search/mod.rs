//! Search in what a store keeps: reports by their words, and quotations by their words and who said them.
//!
//! In: a [`Search`]. Out: [`Hits`], best or newest first, near-duplicates folded, with the words that were found. SQLite's FTS5
//! holds the words, stemmed (Porter) and without accents; [`SqliteStore::update_search`] brings new reports into it. How much
//! work a search makes is bounded however common its words are: of more than [`MAX_CANDIDATES`] reports that match, the newest
//! are looked at, and the newest [`MAX_WEIGHED`] of these are weighed against each other.
//! `docs/search.md` tells it to users.
//!
//! [`SqliteStore::update_search`]: crate::SqliteStore::update_search

mod find;
mod folds;
mod index;
mod rows;
mod terms;
mod weigh;
mod words;

use jiff::civil::Date;
use stemma_core::{ReportId, StoryId};

pub use terms::{MIN_PREFIX_CHARS, Terms, TermsError};

/// Matches that are looked at, the newest first.
pub const MAX_CANDIDATES: usize = 2_000;
/// Matches that are weighed against each other, the newest; what is older comes behind them.
pub const MAX_WEIGHED: usize = 500;
/// Words that the start of a word may stand for, the most frequent.
pub const MAX_EXPANSIONS: usize = 64;

/// What is searched for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Search {
    /// In quotations instead of whole reports.
    pub quotations: bool,
    /// Words of the report (headline and text) or of the quotation. `None`: whatever its words are.
    pub terms: Option<Terms>,
    /// Who is quoted.
    pub speaker: Option<Terms>,
    /// Who or what is named.
    pub entity: Option<Terms>,
    /// A place that is named.
    pub place: Option<Terms>,
    /// Name of the outlet, or host of its address.
    pub outlet: Option<Terms>,
    /// First day of publication.
    pub since: Option<Date>,
    /// Last day of publication, included.
    pub until: Option<Date>,
    /// Reports of this story alone.
    pub story: Option<StoryId>,
    /// What comes first.
    pub order: Order,
    /// Hits that are passed over.
    pub skip: usize,
    /// Hits that are given after these. The rest is counted.
    pub limit: usize,
}

/// What comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Order {
    /// What has the words most, in the headline above all; of equals the newest.
    #[default]
    Best,
    /// The newest.
    Newest,
}

/// What was found.
#[derive(Clone, PartialEq, Debug)]
pub struct Hits {
    /// In order.
    pub hits: Vec<Hit>,
    /// Reports or quotations that match, each counted by itself. At most [`MAX_CANDIDATES`].
    pub n_matches: usize,
    /// More match than were counted.
    pub more_match: bool,
    /// Hits, near-duplicates folded, that were passed over, are given, or would come after these.
    pub n_hits: usize,
    /// More than [`MAX_WEIGHED`] match: the newest of them were weighed against each other.
    pub newest_weighed: bool,
    /// Starts of words that more than [`MAX_EXPANSIONS`] words have: the most frequent were searched for.
    pub broad: Vec<String>,
}

/// A report or quotation that was found.
#[derive(Clone, PartialEq, Debug)]
pub struct Hit {
    /// The report.
    pub report: ReportId,
    /// Its number in the store.
    pub number: i64,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// When it was published, as a person writes it.
    pub published: Option<String>,
    /// Where it was read: path, address or `-`, with `:` and the line where that holds several.
    pub place: String,
    /// For a search in quotations.
    pub quotation: Option<QuotationHit>,
    /// The part of the text that has the words.
    pub snippet: Vec<Piece>,
    /// Others that are nearly the same and were found as well.
    pub alike: Vec<ReportId>,
}

/// What is known of a quotation that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuotationHit {
    /// Its number in the report, as in `stemma annotate`.
    pub number: i64,
    /// The fullest name that the report has for who says it.
    pub speaker: Option<String>,
    /// The words that name the source.
    pub source: Option<String>,
    /// Direct, mixed, indirect.
    pub form: String,
    /// What is said, as it stands.
    pub text: String,
}

/// Some words of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// They are what was searched for.
    pub found: bool,
}
