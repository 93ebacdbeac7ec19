//! Descriptions of pictures and the credits that stand with them.

use std::collections::HashSet;
use std::sync::LazyLock;

use stemma_core::{SegmentKind, Span};

use super::Piece;
use super::paragraphs::ends_sentence;
use super::rules::floor_char_boundary;
use crate::sentences::sentence_ranges;
use crate::words::{Words, entry_set};

/// Longest credit, in bytes: "(Photo by Joan Reed-Ota/Example Agency/Getty Images)".
const LONGEST: usize = 120;

/// A paragraph that ends in a picture's credit is a caption as a whole up to this length, in bytes.
const LONGEST_CAPTION: usize = 400;

static AGENCIES: LazyLock<HashSet<&str>> = LazyLock::new(|| entry_set(include_str!("../data/agencies.txt")));

/// What a picture's credit starts with where no brackets hold it.
const CREDIT_STARTS: [&str; 18] = [
    "Photo: ",
    "Photos: ",
    "PHOTO: ",
    "Photo by ",
    "Photograph: ",
    "Photograph by ",
    "Picture: ",
    "Picture by ",
    "Image: ",
    "Credit: ",
    "Image credit",
    "Photo credit",
    "Photo Credit",
    "REUTERS/",
    "AFP/",
    "AP Photo",
    "AFP PHOTO",
    "EPA/",
];

/// What a picture's credit ends with where no brackets hold it.
const CREDIT_ENDS: [&str; 8] = [
    "/Getty Images",
    "via Getty Images",
    "/Shutterstock",
    "via AP",
    "via REUTERS",
    "via Reuters",
    "/AFP",
    "/EPA",
];

/// A credit at the end of a paragraph.
struct Tail {
    /// Where it starts, in the paragraph.
    at: usize,
    /// It can only be a picture's, not the text's.
    of_picture: bool,
}

/// True if `name` is an agency, or several: "AFP", "AFP, dpa", "AP/Reuters".
pub(super) fn is_agency(name: &str) -> bool {
    let parts = || {
        name.split([',', '/', ';', '&', '|'])
            .map(|part| part.trim().to_lowercase())
            .filter(|part| !part.is_empty())
    };
    parts().next().is_some() && parts().all(|part| AGENCIES.contains(part.as_str()))
}

/// True for a line that is an agency in brackets and nothing else.
pub(super) fn is_bare_credit(paragraph: &str) -> bool {
    let inner = paragraph.trim_end_matches('.').strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.is_some_and(|inner| {
        inner.len() <= LONGEST
            && !inner.contains(['(', ')'])
            && (is_agency(inner) || is_picture_credit(inner))
    })
}

/// True if an agency in brackets ends `paragraph`.
pub(super) fn ends_in_agency(paragraph: &str) -> bool {
    bracketed_tail(paragraph).is_some_and(|tail| !tail.of_picture)
}

/// The pieces of a paragraph that describes a picture: caption and credit.
pub(super) fn whole(text: &str, paragraph: Span) -> Vec<Piece> {
    match tail(&text[paragraph.range()]) {
        Some(tail) => split_credit(paragraph, paragraph.start() + tail.at),
        None => vec![(paragraph, SegmentKind::Caption)],
    }
}

fn split_credit(caption: Span, credit: usize) -> Vec<Piece> {
    vec![
        (Span::new(caption.start(), credit), SegmentKind::Caption),
        (Span::new(credit, caption.end()), SegmentKind::Credit),
    ]
}

/// True for a short paragraph that ends in a picture's credit and could be nothing but its caption.
pub(super) fn is_caption(text: &str, words: Words, paragraph: Span) -> bool {
    let shown = &text[paragraph.range()];
    let Some(tail) = tail(shown).filter(|tail| tail.of_picture && shown.len() <= LONGEST_CAPTION) else {
        return false;
    };
    let n_sentences = || {
        let caption = Span::new(paragraph.start(), paragraph.start() + tail.at);
        sentence_ranges(words, words.inside(caption)).len()
    };
    let stopped = ends_sentence(shown[..tail.at].trim_end());
    n_sentences() <= if stopped { 2 } else { 1 }
}

/// Divides what remains of a body paragraph into body, captions and credits that are glued to it.
pub(super) fn glued(text: &str, words: Words, paragraph: Span, is_last: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = paragraph;
    for credit in inner_credits(text, paragraph) {
        let before = Span::new(rest.start(), credit.start());
        let Some(last) = sentence_ranges(words, words.inside(before)).pop() else { continue };
        let start = words.span(last.start).start();
        if start > rest.start() {
            pieces.push((Span::new(rest.start(), start), SegmentKind::Body));
        }
        pieces.push((Span::new(start, credit.start()), SegmentKind::Caption));
        pieces.push((credit, SegmentKind::Credit));
        rest = Span::new(credit.end(), rest.end());
    }
    let shown = &text[rest.range()];
    let Some(tail) = tail(shown).filter(|tail| tail.at > 0) else {
        pieces.push((rest, SegmentKind::Body));
        return pieces;
    };
    let credit = rest.start() + tail.at;
    let before = Span::new(rest.start(), credit);
    let sentences = sentence_ranges(words, words.inside(before));
    let stopped = ends_sentence(shown[..tail.at].trim_end());
    let caption = match sentences.last() {
        // A credit after a full stop is the text's own, or its picture's; either way the sentence stays.
        Some(last) if !stopped && (tail.of_picture || !is_last) => words.span(last.start).start(),
        _ => credit,
    };
    pieces.push((Span::new(rest.start(), caption.max(rest.start())), SegmentKind::Body));
    pieces.push((Span::new(caption, credit), SegmentKind::Caption));
    pieces.push((Span::new(credit, rest.end()), SegmentKind::Credit));
    pieces
}

/// Agencies in brackets that are glued to the word before them and followed by a new sentence: "at the bridge(AFP) The".
fn inner_credits(text: &str, paragraph: Span) -> Vec<Span> {
    let shown = &text[paragraph.range()];
    let mut out = Vec::new();
    for (open, _) in shown.match_indices('(') {
        let after_word = shown[..open].ends_with(char::is_alphanumeric);
        let window = &shown[open..open + floor_char_boundary(&shown[open..], 40)];
        let Some(close) = window.find(')').filter(|_| after_word) else { continue };
        let next = &shown[open + close + 1..];
        let starts_anew = next.starts_with(char::is_whitespace)
            && next.trim_start().starts_with(|c: char| c.is_uppercase() || matches!(c, '“' | '"' | '‘'));
        if starts_anew && is_agency(&window[1..close]) {
            let start = paragraph.start() + open;
            out.push(Span::new(start, start + close + 1));
        }
    }
    out
}

/// The credit that `paragraph` ends with, if it does.
fn tail(paragraph: &str) -> Option<Tail> {
    bracketed_tail(paragraph).or_else(|| bare_tail(paragraph))
}

fn bracketed_tail(paragraph: &str) -> Option<Tail> {
    let inner_end = paragraph.strip_suffix([')', ']'])?.len();
    let from = inner_end.saturating_sub(LONGEST);
    let from = floor_char_boundary(paragraph, from);
    let at = from + paragraph[from..inner_end].rfind(['(', '['])?;
    let inner = paragraph[at + 1..inner_end].trim();
    let of_picture = is_picture_credit(inner);
    (of_picture || is_agency(inner)).then_some(Tail { at, of_picture })
}

/// "Photo by Al Ota", "AP Photo/Al Ota", "Al Ota/Getty Images"
fn is_picture_credit(inner: &str) -> bool {
    let lower = inner.to_lowercase();
    let starts = [
        "photo:",
        "photo by",
        "photos by",
        "photo courtesy",
        "photo credit",
        "photo/",
        "photograph",
        "picture:",
        "picture by",
        "image:",
        "image by",
        "image credit",
        "image courtesy",
        "credit:",
        "courtesy of",
        "screengrab",
        "screenshot",
        "ap photo",
        "afp photo",
        "reuters photo",
        "getty images",
        "getty",
        "reuters/",
        "epa/",
        "file photo",
        "file image",
        "file pic",
        "pti photo",
        "ani photo",
        "representative image",
    ];
    starts.iter().any(|start| lower.starts_with(start))
        || lower.ends_with("/getty images")
        || lower.ends_with("via getty images")
        || lower.ends_with("via ap")
        || lower.ends_with("via reuters")
        || lower.ends_with(" photo")
}

fn bare_tail(paragraph: &str) -> Option<Tail> {
    let from = floor_char_boundary(paragraph, paragraph.len().saturating_sub(LONGEST));
    let window = &paragraph[from..];
    if window.ends_with(['.', '!', '?', '”', '"']) && !window.ends_with("Inc.") {
        return None;
    }
    let by_start = CREDIT_STARTS.iter().filter_map(|start| window.rfind(start)).min();
    let by_start = by_start.filter(|&at| {
        let before = window[..at].chars().next_back().or_else(|| paragraph[..from].chars().next_back());
        !window[at..].contains(". ") && before.is_none_or(|c| !c.is_alphanumeric())
    });
    let at = by_start.or_else(|| {
        let end = CREDIT_ENDS.iter().find(|end| window.ends_with(**end))?;
        Some(names_before(window, window.len() - end.len()))
    })?;
    Some(Tail { at: from + at, of_picture: true })
}

/// Where the one to three capitalized words start that stand before `at` in `window`.
fn names_before(window: &str, at: usize) -> usize {
    let head = window[..at].trim_end();
    let mut start = head.len();
    for word in head.split_whitespace().rev().take(3) {
        let begin = word.as_ptr() as usize - window.as_ptr() as usize;
        if !word.starts_with(char::is_uppercase)
            || (start < head.len() && word.ends_with(['.', ',', ')']) && word.len() > 2)
        {
            break;
        }
        start = begin;
    }
    start
}
