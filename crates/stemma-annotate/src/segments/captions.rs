//! Descriptions of pictures and the credits that stand with them.

use rustc_hash::FxHashSet;
use std::ops::Range;
use std::sync::LazyLock;

use stemma_core::{SegmentKind, Span};

use super::Piece;
use super::datelines::starts_with_dateline;
use super::paragraphs::ends_sentence;
use super::rules::floor_char_boundary;
use crate::sentences::sentence_ranges;
use crate::words::{Words, entry_set};

/// Longest credit, in bytes: "(Photo by Joan Reed-Ota/Example Agency/Getty Images)".
const LONGEST: usize = 120;

/// A paragraph that ends in a picture's credit is a caption as a whole up to this length, in bytes.
const LONGEST_CAPTION: usize = 400;

static AGENCIES: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| entry_set(include_str!("../data/agencies.txt")));

/// What a picture's credit starts with where no brackets hold it.
const CREDIT_STARTS: [&str; 20] = [
    "File photo: ",
    "FILE PHOTO: ",
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
    let before = Span::new(paragraph.start(), paragraph.start() + tail.at);
    let sentences = sentence_ranges(words, words.inside(before));
    let stopped = ends_sentence(text[before.range()].trim_end());
    let most = if stopped { 2 } else { 1 };
    sentences.len() <= most
        && glued_sentence(words, &sentences).is_none()
        && !(stopped && reports_speech(&text[before.range()]))
        && !starts_with_dateline(shown)
}

/// True for a sentence that quotes or reports: no caption does that and ends with a full stop.
fn reports_speech(sentence: &str) -> bool {
    sentence.contains(['“', '"', '«'])
        || sentence
            .split_whitespace()
            .any(|word| matches!(word.trim_matches(','), "said" | "told" | "says" | "added"))
}

/// The first token of the last sentence that starts without a space after the full stop before it: where a crawler joined
/// a caption to a paragraph.
fn glued_sentence(words: Words, sentences: &[Range<usize>]) -> Option<usize> {
    let last_two = sentences.iter().skip(1).rev().take(2);
    last_two.map(|sentence| sentence.start).find(|&start| words.glued(start))
}

/// Divides what remains of a body paragraph into body, captions and credits that are glued to it.
pub(super) fn glued(text: &str, words: Words, paragraph: Span, is_last: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = paragraph;
    for (credit, of_picture) in inner_credits(text, paragraph) {
        let before = Span::new(rest.start(), credit.start());
        let sentences = sentence_ranges(words, words.inside(before));
        let stopped = ends_sentence(text[before.range()].trim_end());
        let is_first = sentences.len() == 1 && of_picture && !reports_speech(&text[before.range()]);
        let last = sentences.last().filter(|_| !stopped || is_first).map(|last| last.start);
        let start =
            glued_sentence(words, &sentences).or(last).map_or(credit.start(), |n| words.span(n).start());
        pieces.push((Span::new(rest.start(), start), SegmentKind::Body));
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
    // A credit after a full stop is the text's own, or its picture's; either way the sentence stays.
    let stopped = ends_sentence(text[before.range()].trim_end());
    let last = sentences.last().filter(|_| !stopped && (tail.of_picture || !is_last)).map(|last| last.start);
    let joined = glued_sentence(words, &sentences).filter(|_| tail.of_picture);
    let caption = joined.or(last).map_or(credit, |n| words.span(n).start());
    pieces.push((Span::new(rest.start(), caption), SegmentKind::Body));
    pieces.push((Span::new(caption, credit), SegmentKind::Caption));
    pieces.push((Span::new(credit, rest.end()), SegmentKind::Credit));
    pieces
}

/// Credits in brackets that a new sentence follows, and whether they are a picture's: "at the bridge(AFP) The". An agency
/// alone counts only where a space is missing beside it, since brackets also explain names: "the Associated Press (AP)".
fn inner_credits(text: &str, paragraph: Span) -> Vec<(Span, bool)> {
    let shown = &text[paragraph.range()];
    let mut out = Vec::new();
    let mut past = 0;
    for (open, _) in shown.match_indices('(').filter(|(open, _)| *open > 0) {
        let window = &shown[open..floor_char_boundary(shown, open + LONGEST)];
        let Some(close) = window.find(')').filter(|_| open >= past) else { continue };
        let inner = &window[1..close];
        let next = &shown[open + close + 1..];
        let joined = shown[..open].ends_with(char::is_alphanumeric) || next.starts_with(char::is_uppercase);
        let opens = |c: char| c.is_uppercase() || matches!(c, '“' | '"' | '‘');
        let starts_anew = next.starts_with(opens)
            || (next.starts_with(char::is_whitespace) && next.trim_start().starts_with(opens));
        let of_picture = is_picture_credit(inner);
        if starts_anew && (of_picture || (joined && is_agency(inner))) {
            past = open + close + 1;
            out.push((Span::new(paragraph.start() + open, paragraph.start() + past), of_picture));
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
        || [" photo", " photos", " pictures", " images", " photography"]
            .iter()
            .any(|end| lower.ends_with(end))
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
