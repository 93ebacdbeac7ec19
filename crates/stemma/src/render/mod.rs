//! A comparison as a person reads it: plain text, Markdown, one HTML page.
//!
//! All three show the same selection in the same order ([`overview`]): reports and witnesses, where the reports
//! disagree (worst first), what several witnesses carry, who is quoted in which words, what stands in one witness only,
//! what a report leaves out, what it makes of the story, names, times, lineage, shared passages. Every word of a report that they show is a slice of
//! it, with white space run together and control characters left out.
//!
//! Text and Markdown cut long lists ([`Limits`]); each cut says how many are left and that `--all` shows them.

mod explain;
mod html;
mod layout;
mod markdown;
mod overview;
mod repeats;
mod runs;
mod stories;
mod text;
mod tree;
mod versions;

use stemma_core::{AlignmentRef, Comparison, Document, Story, TokenKind};

pub use runs::clean;

pub use stories::StoryRow;

pub use html::{ChangesView, Columns, StatementView, StoryViews, View};

use crate::explain::Explanation;
use crate::versions::{DuplicatePair, Versions};
use crate::{Compared, Grouped};

/// How text is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TextOptions {
    /// Columns. Less than 40 counts as 40.
    pub width: usize,
    /// Whether ANSI colors are used; without them, signs mark the words that differ: `[-old-]`, `{+new+}`.
    pub color: bool,
    /// Show everything; else long lists and very long quotations are cut.
    pub all: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { width: 100, color: false, all: false }
    }
}

/// Up to so many reports, the short lists show what each of them leaves out.
const MANY_REPORTS: usize = 8;

/// How many items of each list are shown before it is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Limits {
    /// Conflicts of one kind.
    pub(crate) conflicts: usize,
    /// Statements that several witnesses carry.
    pub(crate) core: usize,
    /// Utterances.
    pub(crate) utterances: usize,
    /// Statements that stand in one report only, for each report.
    pub(crate) only_in: usize,
    /// Statements that a report leaves out, for each report.
    pub(crate) omissions: usize,
    /// Reports of which is shown what they make of the story.
    pub(crate) emphasis: usize,
    /// Names.
    pub(crate) names: usize,
    /// Entries of the timeline.
    pub(crate) timeline: usize,
    /// Mentions of one day.
    pub(crate) mentions: usize,
    /// Lines of the stemma, and edges.
    pub(crate) lineage: usize,
    /// Shared passages.
    pub(crate) passages: usize,
    /// Cells of one alignment.
    pub(crate) cells: usize,
    /// Characters of one cell.
    pub(crate) cell_chars: usize,
}

impl Limits {
    /// A page that is read in half a minute.
    pub(crate) const SHORT: Self = Self {
        conflicts: 6,
        core: 10,
        utterances: 8,
        only_in: 5,
        omissions: 3,
        emphasis: 8,
        names: 10,
        timeline: 8,
        mentions: 3,
        lineage: 16,
        passages: 4,
        cells: 6,
        cell_chars: 360,
    };

    /// Everything.
    pub(crate) const ALL: Self = Self {
        conflicts: usize::MAX,
        core: usize::MAX,
        utterances: usize::MAX,
        only_in: usize::MAX,
        omissions: usize::MAX,
        emphasis: usize::MAX,
        names: usize::MAX,
        timeline: usize::MAX,
        mentions: usize::MAX,
        lineage: usize::MAX,
        passages: usize::MAX,
        cells: usize::MAX,
        cell_chars: usize::MAX,
    };

    /// For a story of `n_reports`: of many reports, less is shown of each.
    fn of(all: bool, n_reports: usize) -> Self {
        match n_reports {
            _ if all => Self::ALL,
            0..=MANY_REPORTS => Self::SHORT,
            _ => Self { only_in: 2, omissions: 0, emphasis: 4, ..Self::SHORT },
        }
    }
}

/// `comparison` of `story` as text for a terminal or a mail.
pub fn text(story: &Story, comparison: &Comparison, options: &TextOptions) -> String {
    text::render(story, comparison, options)
}

/// Stories as a table, those with most witnesses first; with `with_reports`, each with the list of its reports. Stories of one
/// report are counted only, unless all is asked for.
pub fn stories(stories: &[Grouped], with_reports: bool, options: &TextOptions) -> String {
    let rows: Vec<StoryRow> = stories.iter().map(|story| StoryRow::of(story, with_reports)).collect();
    story_rows(&rows, options)
}

/// The same of rows that were made one by one, when each story was at hand.
pub fn story_rows(rows: &[StoryRow], options: &TextOptions) -> String {
    stories::render(rows, options)
}

/// What changed between the versions of each report. Changes of wording are counted only, unless all is asked for.
pub fn versions(documents: &[Document], found: &[Versions], options: &TextOptions) -> String {
    versions::versions(documents, found, options)
}

/// Reports that are one text, in groups, with what each is to the first.
pub fn duplicates(documents: &[Document], found: &[DuplicatePair], options: &TextOptions) -> String {
    versions::duplicates(documents, found, options)
}

/// `comparison` of `story` as Markdown (CommonMark and tables). `all`: without cuts.
pub fn markdown(story: &Story, comparison: &Comparison, all: bool) -> String {
    markdown::render(story, comparison, all)
}

/// `comparison` of `story` as one HTML page that needs no other file. Nothing is cut.
pub fn html(story: &Story, comparison: &Comparison) -> String {
    html::render(story, comparison)
}

/// What changed from the version `old` of a report to the version `new`.
pub fn changes(old: &Document, new: &Document) -> ChangesView {
    html::changes(old, new)
}

/// The style sheet of [`html`].
pub const HTML_STYLE: &str = html::STYLE;

/// The script of [`html`]: choosing a statement lights up its cells. A page can be read without it.
pub const HTML_SCRIPT: &str = html::SCRIPT;

/// `explanation` of a statement of `compared` as text for a terminal or a mail.
pub fn explanation(compared: &Compared, explanation: &Explanation, options: &TextOptions) -> String {
    explain::render(compared, explanation, options)
}

/// The rows of the page of text, in the order of their numbers from 1.
pub(crate) fn rows(story: &Story, comparison: &Comparison) -> Vec<AlignmentRef> {
    overview::Overview::new(story, comparison).items.iter().map(|item| item.of).collect()
}

/// Words and numbers in the text of `document`.
pub(crate) fn n_words(document: &Document) -> usize {
    let tokens = document.layers().tokens.items();
    tokens.iter().filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number)).count()
}
