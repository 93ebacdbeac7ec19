//! Sentences.

use stemma_core::{Layer, LayerId, Producer, Segment, SegmentId, Sentence, SentenceId, Span, Token, TokenId};

/// Splits the prose segments of `text` into sentences.
pub fn split_sentences(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    segments: &Layer<SegmentId, Segment>,
) -> Layer<SentenceId, Sentence> {
    let mut items = Vec::new();
    let mut token = 0;
    for (id, segment) in segments.iter() {
        while token < tokens.len() && tokens.items()[token].span.start() < segment.span.start() {
            token += 1;
        }
        let mut first = token;
        while token < tokens.len() && tokens.items()[token].span.end() <= segment.span.end() {
            token += 1;
            let word = |n: usize| tokens.items().get(n).map_or("", |t| &text[t.span.range()]);
            let last = tokens.items().get(token).is_none_or(|t| t.span.end() > segment.span.end());
            let ends = matches!(word(token - 1), "." | "!" | "?")
                || (matches!(word(token - 1), "”" | "\"")
                    && matches!(word(token.saturating_sub(2)), "." | "!" | "?"));
            let goes_on = word(token).starts_with(|c: char| c.is_lowercase() || "”\")’".contains(c));
            if last || (ends && !goes_on) {
                items.push(Sentence {
                    span: Span::new(tokens.items()[first].span.start(), tokens.items()[token - 1].span.end()),
                    segment: id,
                    first: TokenId::from_index(first),
                    end: TokenId::from_index(token),
                });
                first = token;
            }
        }
    }
    Layer::new(Producer::new("sentences", 1), items)
}
