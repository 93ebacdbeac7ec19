//! Headlines and headings that stand in the text.

use stemma_core::{SegmentKind, Span};

use super::paragraphs::ends_sentence;
use crate::sentences::sentence_ranges;
use crate::words::Words;

/// Longest heading between paragraphs, in words.
const HEADING_WORDS: usize = 12;

/// Longest headline at the start of a text, in words.
const HEADLINE_WORDS: usize = 22;

/// Share of body paragraphs that must end with a final mark before one that does not counts as a heading: where full
/// stops were lost, their lack tells nothing.
const PUNCTUATED: f64 = 0.6;

/// Marks the paragraphs that repeat `title` or stand as headings among the body paragraphs of `kinds`.
pub(super) fn mark(
    text: &str,
    words: Words,
    paragraphs: &[Span],
    title: Option<&str>,
    kinds: &mut [SegmentKind],
) {
    let body: Vec<usize> = (0..kinds.len()).filter(|&n| kinds[n] == SegmentKind::Body).collect();
    let title = title.map(letters).filter(|title| !title.is_empty());
    for &n in body.iter().take(3) {
        let shown = &text[paragraphs[n].range()];
        if body.len() > 1
            && shown.len() <= 400
            && title.as_ref().is_some_and(|title| *title == letters(shown))
        {
            kinds[n] = SegmentKind::Title;
        }
    }
    let punctuated = is_punctuated(text, paragraphs, &body);
    for (position, &n) in body.iter().enumerate() {
        // What stands last heads nothing.
        if position + 1 == body.len() {
            break;
        }
        let limit = if position == 0 { HEADLINE_WORDS } else { HEADING_WORDS };
        if is_heading(text, words, paragraphs[n], limit, punctuated) {
            kinds[n] = SegmentKind::Title;
        }
    }
}

/// True unless most of the longer paragraphs lack a final mark.
fn is_punctuated(text: &str, paragraphs: &[Span], body: &[usize]) -> bool {
    let (mut n_long, mut n_ended) = (0usize, 0usize);
    for &n in body {
        let shown = &text[paragraphs[n].range()];
        if shown.split_whitespace().nth(HEADING_WORDS).is_some() {
            n_long += 1;
            n_ended += usize::from(ends_sentence(shown));
        }
    }
    let broken =
        paragraphs.iter().filter(|paragraph| has_blank_line(&text[paragraph.range()])).take(3).count();
    if broken == 3 {
        // Links broke the sentences of this text, and not all could be put together again.
        return false;
    }
    n_long < 3 || n_ended as f64 >= PUNCTUATED * n_long as f64
}

fn has_blank_line(paragraph: &str) -> bool {
    paragraph.lines().any(|line| line.trim().is_empty())
}

/// A few words without a final mark, or a short question outside quotation marks.
fn is_heading(text: &str, words: Words, paragraph: Span, limit: usize, punctuated: bool) -> bool {
    let shown = &text[paragraph.range()];
    if shown.split_whitespace().nth(limit).is_some()
        || shown.len() > 300
        || !shown.contains(char::is_alphabetic)
    {
        return false;
    }
    let quoted = shown.starts_with(['“', '"', '‘', '\'', '«']);
    let asks = shown.ends_with('?') && !quoted && shown.split_whitespace().nth(HEADING_WORDS).is_none();
    let listed =
        shown.starts_with(|c: char| c.is_numeric() || matches!(c, '•' | '-' | '*' | '–' | '·' | '—'));
    let unended = punctuated && !ends_sentence(shown) && !shown.ends_with([')', '-', '–', '—', ',']);
    !listed && (asks || unended) && sentence_ranges(words, words.inside(paragraph)).len() == 1
}

/// The letters and digits of `text` in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
