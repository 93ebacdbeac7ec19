//! Segments: what each stretch of a text is for.

use stemma_core::{Layer, Producer, Segment, SegmentId, SegmentKind, Span, Token, TokenId};

/// Divides `text` into segments. `title` is the headline where it was given apart from the text.
pub fn find_segments(
    text: &str,
    _tokens: &Layer<TokenId, Token>,
    _title: Option<&str>,
) -> Layer<SegmentId, Segment> {
    let mut items = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(start, start + line.len()).trim(text);
        if !span.is_empty() {
            items.push(Segment { span, kind: SegmentKind::Body });
        }
        start += line.len();
    }
    Layer::new(Producer::new("segments", 1), items)
}
