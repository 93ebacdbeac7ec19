//! Statements: sentences and clauses that assert something.

use stemma_core::{
    Attribution, AttributionId, Layer, Producer, Quote, QuoteId, Segment, SegmentId, SegmentKind, Sentence,
    SentenceId, Statement, StatementId, Token, TokenId, Voice,
};

/// The statements of the body, with voice, hedges and negations.
pub fn find_statements(
    _text: &str,
    _tokens: &Layer<TokenId, Token>,
    segments: &Layer<SegmentId, Segment>,
    sentences: &Layer<SentenceId, Sentence>,
    _quotes: &Layer<QuoteId, Quote>,
    _attributions: &Layer<AttributionId, Attribution>,
) -> Layer<StatementId, Statement> {
    let items = sentences
        .iter()
        .filter(|(_, sentence)| segments[sentence.segment].kind == SegmentKind::Body)
        .map(|(id, sentence)| Statement {
            span: sentence.span,
            sentence: id,
            parent: None,
            voice: Voice::Own,
            attribution: None,
            hedges: Vec::new(),
            negations: Vec::new(),
        })
        .collect();
    Layer::new(Producer::new("statements", 1), items)
}
