//! The words of every report, in a row, and what each stands in: what passages and lineage are counted in.
//!
//! A word is a run of letters and digits, apostrophes inside it included; a hyphen or a full stop parts two words. Case and the
//! form of the apostrophe do not matter. All of a text counts, also captions and page furniture: text that two reports share is
//! shared wherever it stands. What it says of their lineage is another matter, so each word knows whether it is the report's own.

use rustc_hash::FxHashMap;
use stemma_core::{Document, SegmentKind, Span, Story};

use crate::furniture::find_furniture;

/// What a word stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The report, in the outlet's own words.
    Own,
    /// Quotation marks.
    Quoted,
    /// A headline, a caption, a credit, page furniture.
    Aside,
}

/// The words of one report, in text order.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// A number for each word; the same word has the same number in all reports of the story.
    pub(crate) ids: Vec<u32>,
    pub(crate) spans: Vec<Span>,
    pub(crate) places: Vec<Place>,
}

impl Words {
    /// The report's own words.
    pub(crate) fn n_own(&self) -> usize {
        self.places.iter().filter(|place| **place == Place::Own).count()
    }

    /// Own words in `span`.
    pub(crate) fn n_own_in(&self, span: Span) -> usize {
        let from = self.spans.partition_point(|s| s.start() < span.start());
        let inside = (from..self.spans.len()).take_while(|&n| self.spans[n].end() <= span.end());
        inside.filter(|&n| self.places[n] == Place::Own).count()
    }
}

/// The words of every report of `story`.
pub(crate) fn read_words(story: &Story) -> Vec<Words> {
    let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
    story.documents().iter().map(|document| read(document, &mut numbers)).collect()
}

fn read(document: &Document, numbers: &mut FxHashMap<String, u32>) -> Words {
    let layers = document.layers();
    let mut quotes = layers.quotes.items().iter().filter(|quote| quote.depth == 0).peekable();
    let mut segments = layers.segments.items().iter().peekable();
    let furniture = find_furniture(document);
    let mut furniture = furniture.iter().peekable();
    let mut words = Words::default();
    let mut plain = String::new();
    for span in word_spans(document.text()) {
        plain.clear();
        let lower = document.slice(span).chars().flat_map(char::to_lowercase);
        plain.extend(lower.map(|c| if c == '’' { '\'' } else { c }));
        let id = numbers.get(&plain).copied().unwrap_or_else(|| {
            let next = u32::try_from(numbers.len()).expect("a story has fewer than 2^32 words");
            numbers.insert(plain.clone(), next);
            next
        });
        while segments.next_if(|segment| segment.span.end() <= span.start()).is_some() {}
        while quotes.next_if(|quote| quote.span.end() <= span.start()).is_some() {}
        while furniture.next_if(|other| other.end() <= span.start()).is_some() {}
        let body = segments
            .peek()
            .is_some_and(|segment| segment.kind == SegmentKind::Body && segment.span.touches(span));
        let place = if !body || furniture.peek().is_some_and(|other| other.touches(span)) {
            Place::Aside
        } else if quotes.peek().is_some_and(|quote| quote.span.contains(span)) {
            Place::Quoted
        } else {
            Place::Own
        };
        words.ids.push(id);
        words.spans.push(span);
        words.places.push(place);
    }
    words
}

/// Where the words of `text` stand, in order.
pub(crate) fn word_spans(text: &str) -> impl Iterator<Item = Span> {
    let mut chars = text.char_indices().peekable();
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    std::iter::from_fn(move || {
        let (start, first) = chars.find(|&(_, c)| is_letter(c))?;
        let mut end = start + first.len_utf8();
        while let Some(&(at, c)) = chars.peek() {
            if is_letter(c) {
                end = at + c.len_utf8();
            } else if !(matches!(c, '\'' | '’') && text[at + c.len_utf8()..].starts_with(is_letter)) {
                break;
            }
            chars.next();
        }
        Some(Span::new(start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::word_spans;

    #[test]
    fn a_hyphen_parts_words_and_an_apostrophe_does_not() {
        let text = "The ship’s hard-won U.N. flag, 'tis said, cost $1,200—or more' ";
        let words: Vec<&str> = word_spans(text).map(|span| &text[span.range()]).collect();
        assert_eq!(
            words,
            [
                "The", "ship’s", "hard", "won", "U", "N", "flag", "tis", "said", "cost", "1", "200", "or",
                "more"
            ]
        );
    }
}
