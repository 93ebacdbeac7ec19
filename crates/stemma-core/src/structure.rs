//! How a text is built: segments, sentences, tokens, and the stretches that stand in quotation marks.

use serde::{Deserialize, Serialize};

use crate::layer::layer_id;
use crate::{LayerId, Span};

layer_id!(/** Index into [`crate::Layers::segments`]. */ SegmentId);
layer_id!(/** Index into [`crate::Layers::sentences`]. */ SentenceId);
layer_id!(/** Index into [`crate::Layers::tokens`]. */ TokenId);
layer_id!(/** Index into [`crate::Layers::quotes`]. */ QuoteId);

/// What a stretch of a report's text is for. Only `Body` holds statements.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SegmentKind {
    /// A headline that stands in the text.
    Title,
    /// "KYIV, March 1 (Reuters) —"
    Dateline,
    /// The description of a picture.
    Caption,
    /// "(AFP)", "Photo: …", "Reporting by …", "© 2026 …": who made the text or the picture.
    Credit,
    /// A publication date that a crawler left, "date 2025-03-02".
    DateStub,
    /// "Read more", share buttons, sign-up boxes.
    Furniture,
    /// "This story has been updated …", "Correction: …".
    UpdateNote,
    /// A paragraph, or what is left of one, of the report itself.
    Body,
}

impl SegmentKind {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            SegmentKind::Title => "title",
            SegmentKind::Dateline => "dateline",
            SegmentKind::Caption => "caption",
            SegmentKind::Credit => "credit",
            SegmentKind::DateStub => "date-stub",
            SegmentKind::Furniture => "furniture",
            SegmentKind::UpdateNote => "update-note",
            SegmentKind::Body => "body",
        }
    }
}

/// A stretch of text of one kind: a paragraph or a part of one. Segments do not overlap, stand in text order,
/// have no white space at their edges, and together hold every byte of the text that is not white space.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Segment {
    /// Where it stands.
    pub span: Span,
    /// What it is for.
    pub kind: SegmentKind,
}

/// What a token is made of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenKind {
    /// Letters, with inner apostrophes, hyphens and full stops: `don’t`, `co-operate`, `U.S.`, `@handle`.
    Word,
    /// Starts with a digit: `1,200`, `3.5`, `2025-03-02`, `10th`, `10:30`.
    Number,
    /// An opening or closing quotation mark (straight, curly, low, guillemets; `''` and ` `` `).
    QuoteMark,
    /// Any other single character.
    Symbol,
}

/// One token. Tokens do not overlap, and between them is only white space.
/// A possessive `’s` is a token of its own (a [`TokenKind::Word`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
}

/// A sentence of a `Title`, `Caption`, `UpdateNote` or `Body` segment. Sentences lie inside one segment, do not
/// overlap and leave out only white space.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sentence {
    /// Where it stands, with its final mark and closing quotation marks.
    pub span: Span,
    /// The segment that it is part of; a paragraph for body text.
    pub segment: SegmentId,
    /// First token.
    pub first: TokenId,
    /// One past the last token.
    pub end: TokenId,
}

impl Sentence {
    /// Ids of the sentence's tokens.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = TokenId> + ExactSizeIterator + use<> {
        (self.first.index()..self.end.index()).map(TokenId::from_index)
    }
}

/// A stretch in quotation marks. Quotes of depth 0 do not overlap; a nested one lies inside its parent.
/// Speech that runs over several paragraphs, each re-opened, is one `Quote` for each paragraph, all but the
/// last with `continues`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Quote {
    /// With the marks.
    pub span: Span,
    /// Without the marks.
    pub inner: Span,
    /// 0 for outer quotation marks, 1 for a quotation inside a quotation.
    pub depth: u8,
    /// A closing mark was found, or the next paragraph opens again.
    pub closed: bool,
    /// The speech goes on in the next quote of depth 0 (paragraph convention: no closing mark, re-opened).
    pub continues: bool,
}
