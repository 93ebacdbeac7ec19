//! Quotes: stretches in quotation marks.

use stemma_core::{Layer, Note, Producer, Quote, QuoteId, Segment, SegmentId, Span, Token, TokenId};

/// Pairs the quotation marks of `text`.
pub fn find_quotes(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    _segments: &Layer<SegmentId, Segment>,
    _notes: &mut Vec<Note>,
) -> Layer<QuoteId, Quote> {
    let mut items = Vec::new();
    let mut open: Option<Span> = None;
    for token in tokens.items() {
        match (&text[token.span.range()], open) {
            ("“", None) => open = Some(token.span),
            ("”", Some(mark)) => {
                items.push(Quote {
                    span: mark.cover(token.span),
                    inner: Span::new(mark.end(), token.span.start()),
                    depth: 0,
                    closed: true,
                    continues: false,
                });
                open = None;
            }
            _ => {}
        }
    }
    Layer::new(Producer::new("quotes", 1), items)
}
