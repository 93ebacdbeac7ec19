//! Attributions: source, cue, content.

use stemma_core::{
    Attribution, AttributionId, Layer, Mention, MentionId, Producer, Quote, QuoteId, Segment, SegmentId,
    Sentence, SentenceId, Token, TokenId,
};

/// The words that signal attributions.
#[derive(Debug)]
pub struct Cues {}

impl Cues {
    /// Reads the built-in list.
    pub fn load() -> Self {
        Self {}
    }
}

/// Who says what in `text`.
pub fn find_attributions(
    _text: &str,
    _tokens: &Layer<TokenId, Token>,
    _segments: &Layer<SegmentId, Segment>,
    _sentences: &Layer<SentenceId, Sentence>,
    _quotes: &Layer<QuoteId, Quote>,
    _mentions: &Layer<MentionId, Mention>,
    _cues: &Cues,
) -> Layer<AttributionId, Attribution> {
    Layer::new(Producer::new("attributions", 1), Vec::new())
}
