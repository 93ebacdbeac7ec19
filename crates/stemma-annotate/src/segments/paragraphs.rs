//! Paragraphs: where one ends and the next begins.
//!
//! A line is a paragraph, unless the text was wrapped at a fixed width: then blank lines divide it, and lines that stop
//! well short of the width.

use stemma_core::Span;

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
        return lines.iter().map(|line| line.span).collect();
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
    out
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
