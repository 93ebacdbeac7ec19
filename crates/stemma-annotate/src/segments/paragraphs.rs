//! Paragraphs: where one ends and the next begins.
//!
//! A line is a paragraph, unless the text was wrapped at a fixed width: then blank lines divide it, and lines that stop
//! well short of the width. Where a crawler put the words of a link on a line of their own, the sentence that they break
//! is put together again: a line that ends in "the" or goes on in small letters is not the end of a paragraph.

use stemma_core::Span;

use crate::words::is_capitalized;

/// Widths, in chars, between which wrapped lines stand. Mail and agency wires wrap at 60 to 80.
const WRAPPED: std::ops::RangeInclusive<usize> = 40..=100;

/// A wrapped line that is shorter than this share of the longest ends its paragraph.
const FULL_LINE: f64 = 0.75;

#[derive(Clone, Copy)]
struct Line {
    span: Span,
    width: usize,
    /// No blank line stands before it.
    follows: bool,
}

/// The paragraphs of `text`, without white space at their edges and without empty ones.
pub(super) fn divide(text: &str) -> Vec<Span> {
    let lines = lines(text);
    if !is_wrapped(text, &lines) {
        return rejoined(text, lines.iter().map(|line| line.span));
    }
    let longest = lines.iter().map(|line| line.width).max().unwrap_or(0) as f64;
    let mut out: Vec<Span> = Vec::new();
    let mut open = false;
    for line in lines {
        match out.last_mut() {
            Some(last) if open && line.follows => *last = last.cover(line.span),
            _ => out.push(line.span),
        }
        open = line.width as f64 >= FULL_LINE * longest || !ends_sentence(&text[line.span.range()]);
    }
    rejoined(text, out.into_iter())
}

/// `paragraphs` with those put together that break a sentence.
fn rejoined(text: &str, paragraphs: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut before = "";
    for span in paragraphs {
        let shown = &text[span.range()];
        match out.last_mut() {
            Some(last) if breaks_sentence(before, shown) => *last = last.cover(span),
            _ => out.push(span),
        }
        before = shown;
    }
    out
}

/// Words that end no sentence, headline or caption in small letters.
const NEVER_LAST: [&str; 52] = [
    "the", "a", "an", "of", "in", "on", "at", "by", "for", "from", "with", "to", "and", "or", "but", "nor",
    "into", "onto", "over", "under", "between", "among", "about", "against", "as", "than", "that", "which",
    "who", "whose", "whom", "is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "would",
    "can", "could", "may", "might", "must", "his", "its", "their", "our", "your",
];

/// True if a sentence runs on from the paragraph `before` into `after`.
fn breaks_sentence(before: &str, after: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or("");
    let first = after.split_whitespace().next().unwrap_or("");
    if !last.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | '’' | '”' | '"' | ')'))
        || ends_firmly(before)
    {
        return false;
    }
    let small =
        first.starts_with(char::is_lowercase) && !is_capitalized(first) && !first.contains(['/', '.', '@']);
    let goes_on = first.starts_with([',', ';', '.', ')', '–', '—']) && !matches!(first, "..." | "….");
    let alone = last.len() == before.len() && NEVER_LAST.contains(&last.to_lowercase().as_str());
    small || goes_on || alone || NEVER_LAST.contains(&last)
}

/// True if `paragraph` ends with a mark that ends a sentence, or introduces what comes after it.
fn ends_firmly(paragraph: &str) -> bool {
    ends_sentence(paragraph) && !paragraph.ends_with(',')
}

fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut follows = false;
    for line in text.split_inclusive(['\n', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}']) {
        let span = Span::new(start, start + line.len()).trim(text);
        if span.is_empty() {
            follows = false;
        } else {
            out.push(Line { span, width: text[span.range()].chars().count(), follows });
            follows = true;
        }
        start += line.len();
    }
    out
}

/// True if lines break in mid sentence: at least three do, they are most of those that another line follows, and no
/// line is longer than a wrapped one.
fn is_wrapped(text: &str, lines: &[Line]) -> bool {
    let breaks = lines.windows(2).filter(|pair| pair[1].follows);
    let (mut n_breaks, mut n_inside) = (0usize, 0usize);
    for pair in breaks {
        n_breaks += 1;
        let goes_on = text[pair[1].span.range()].starts_with(|c: char| c.is_lowercase() || c.is_numeric());
        if WRAPPED.contains(&pair[0].width) && !ends_sentence(&text[pair[0].span.range()]) && goes_on {
            n_inside += 1;
        }
    }
    n_inside >= 2 && 2 * n_inside >= n_breaks && lines.iter().all(|line| line.width <= 2 * WRAPPED.end())
}

/// True if `paragraph` ends with a final mark, before any closing quotation marks and brackets.
pub(super) fn ends_sentence(paragraph: &str) -> bool {
    let inner = paragraph.trim_end_matches(['”', '"', '’', '\'', '»', ')', ']', '“', ' ', '\u{a0}']);
    inner.ends_with(['.', '!', '?', '…', ':', ';', ',', '。', '！', '？', '।', '؟', '۔'])
}
