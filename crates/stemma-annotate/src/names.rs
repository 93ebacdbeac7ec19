//! Names: mentions of persons, organisations and places, and the entities that they stand for.

use stemma_core::{
    Entity, EntityId, Layer, Mention, MentionId, Producer, Quote, QuoteId, Segment, SegmentId, Sentence,
    SentenceId, Token, TokenId,
};

/// Word lists for names.
#[derive(Debug)]
pub struct Names {}

impl Names {
    /// Reads the built-in lists.
    pub fn load() -> Self {
        Self {}
    }

    /// Mentions, and the entities that they stand for.
    pub fn find(
        &self,
        _text: &str,
        _tokens: &Layer<TokenId, Token>,
        _segments: &Layer<SegmentId, Segment>,
        _sentences: &Layer<SentenceId, Sentence>,
        _quotes: &Layer<QuoteId, Quote>,
    ) -> (Layer<MentionId, Mention>, Layer<EntityId, Entity>) {
        (
            Layer::new(Producer::new("mentions", 1), Vec::new()),
            Layer::new(Producer::new("entities", 1), Vec::new()),
        )
    }
}
