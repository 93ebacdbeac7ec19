//! What a whole paragraph is for, told by the words that it starts or ends with (`data/paragraphs.txt`).

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

use stemma_core::{SegmentKind, Span, TokenKind};

use super::captions;
use crate::words::{Words, entries, is_capitalized};

/// Longest paragraph, in bytes, that all rules are tried on: page furniture is short.
const SHORT: usize = 400;

/// A byline has at most so many words.
const BYLINE_WORDS: usize = 14;

struct Rule {
    kind: SegmentKind,
    how: How,
    words: &'static str,
    /// What must stand later, for ` * `.
    later: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Whole,
    Starts,
    Long,
}

struct Rules {
    /// By first char, in the order of the list.
    at_start: FxHashMap<char, Vec<Rule>>,
    at_end: Vec<(SegmentKind, &'static str)>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules { at_start: FxHashMap::default(), at_end: Vec::new() };
    for entry in entries(include_str!("../data/paragraphs.txt")) {
        let mut fields = entry.splitn(3, ' ');
        let (Some(kind), Some(how), Some(words)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let kind = match kind {
            "update-note" => SegmentKind::UpdateNote,
            "credit" => SegmentKind::Credit,
            "caption" => SegmentKind::Caption,
            _ => SegmentKind::Furniture,
        };
        let how = match how {
            "ends" => {
                rules.at_end.push((kind, words));
                continue;
            }
            "whole" => How::Whole,
            "long" => How::Long,
            _ => How::Starts,
        };
        let (words, later) = words.split_once(" * ").map_or((words, None), |(a, b)| (a, Some(b)));
        let first = words.chars().next().unwrap_or(' ');
        rules.at_start.entry(first).or_default().push(Rule { kind, how, words, later });
    }
    rules
});

/// The kind of `paragraph`, number `from_start` of the text and `from_end` counted from its end, if a rule tells it.
pub(super) fn kind(
    text: &str,
    words: Words,
    paragraph: Span,
    from_start: usize,
    from_end: usize,
) -> Option<SegmentKind> {
    let range = words.inside(paragraph);
    if !range.clone().any(|n| matches!(words.kind(n), Some(TokenKind::Word | TokenKind::Number))) {
        return Some(SegmentKind::Furniture);
    }
    let shown = &text[paragraph.range()];
    let is_short = shown.len() <= SHORT;
    let plain = plain(&shown[..floor_char_boundary(shown, SHORT)]);
    let whole = plain.trim_end_matches(['.', ':', '…', '!', '»', '>', ' ']);
    let first = plain.chars().next().unwrap_or(' ');
    let by_start = RULES.at_start.get(&first).into_iter().flatten().find(|rule| match rule.how {
        How::Whole => is_short && whole == rule.words,
        How::Starts => is_short && starts_with(&plain, rule),
        How::Long => starts_with(&plain, rule),
    });
    if let Some(rule) = by_start {
        return Some(rule.kind);
    }
    if let Some((kind, _)) = RULES.at_end.iter().find(|(_, words)| is_short && whole.ends_with(words)) {
        return Some(*kind);
    }
    let is_credit = (from_start < 4 && is_byline(words, range.clone()))
        || captions::is_bare_credit(shown)
        || (from_end < 3 && is_sign_off(shown))
        || (from_end < 4 && is_short && is_reported_from(shown));
    is_credit.then_some(SegmentKind::Credit)
}

fn starts_with(plain: &str, rule: &Rule) -> bool {
    let Some(rest) = plain.strip_prefix(rule.words) else { return false };
    let ends_in_letter = rule.words.ends_with(|c: char| c.is_alphabetic());
    let at_border = !ends_in_letter || !rest.starts_with(|c: char| c.is_alphanumeric());
    at_border
        && rule
            .later
            .is_none_or(|later| rest.split(['.', '!', '?']).next().is_some_and(|s| s.contains(later)))
}

/// `paragraph` in lower case, with straight apostrophes and single spaces.
fn plain(paragraph: &str) -> String {
    let lower = paragraph.to_lowercase().replace(['’', '‘'], "'").replace(['“', '”'], "\"");
    let lower = lower.trim_start_matches(['(', '[', '*', '_']);
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "By JOAN REED", "By Joan Reed and Al Ota, Example Press": names alone, without a full stop.
fn is_byline(words: Words, range: std::ops::Range<usize>) -> bool {
    let may_join = |word: &str| {
        matches!(
            word,
            "and"
                | ","
                | "|"
                | "&"
                | "in"
                | "for"
                | "of"
                | "the"
                | "-"
                | "–"
                | "."
                | "/"
                | "@"
                | "de"
                | "van"
                | "von"
        )
    };
    range.len() >= 3
        && range.len() <= BYLINE_WORDS
        && matches!(words.at(range.start), "By" | "BY" | "by")
        && words.at(range.end - 1) != "."
        && is_capitalized(words.at(range.start + 1))
        && range.clone().skip(1).all(|n| is_capitalized(words.at(n)) || may_join(words.at(n)))
}

/// "jr/ao (AFP, dpa)": the initials of those who edited agency copy.
fn is_sign_off(paragraph: &str) -> bool {
    let initials = paragraph.split(['(', '[']).next().unwrap_or("").trim();
    initials.len() <= 12 && !initials.contains(char::is_whitespace) && captions::ends_in_agency(paragraph)
}

/// "Reed reported from Porto; Ota, from Lisbon.": how American papers say where their people sat.
fn is_reported_from(paragraph: &str) -> bool {
    let Some((names, rest)) = paragraph.split_once(" reported from ") else { return false };
    names.len() <= 120
        && rest.len() <= 160
        && !names.contains(['“', '"'])
        && names.split_whitespace().all(|word| is_capitalized(word) || word == "and")
        && !rest.trim_end_matches('.').contains(". ")
}

/// The largest char boundary of `text` that is at most `at`.
pub(super) fn floor_char_boundary(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|&n| text.is_char_boundary(n)).unwrap_or(0)
}
