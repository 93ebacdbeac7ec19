//! Datelines and date stubs: what stands before the first word of a report, or of a paragraph.

use stemma_core::{SegmentKind, Span, TokenKind};

use super::Piece;
use super::captions::is_agency;
use super::rules::floor_char_boundary;
use crate::dates::{calendar_date, is_month, is_weekday};
use crate::words::{Words, is_capitalized};

/// Longest dateline, in bytes: three places, a date and two agencies.
const LONGEST: usize = 120;

/// Longest line that is a date and nothing else, in bytes.
const LONGEST_DATE_LINE: usize = 90;

/// Words in capitals that stand before a dash or colon and name no place.
const LABELS: [&str; 18] = [
    "BREAKING",
    "EXCLUSIVE",
    "UPDATE",
    "UPDATED",
    "WATCH",
    "VIDEO",
    "OPINION",
    "ANALYSIS",
    "LIVE",
    "NEW",
    "PHOTOS",
    "JUST",
    "NOTE",
    "READ",
    "MORE",
    "WARNING",
    "ALERT",
    "EDITORIAL",
];

/// Words that tell that a date is one of publication.
fn is_date_label(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "date"
            | "dated"
            | "published"
            | "publish"
            | "posted"
            | "updated"
            | "update"
            | "last"
            | "first"
            | "modified"
            | "created"
            | "issued"
            | "on"
            | "at"
            | "time"
            | "dateline"
    )
}

/// Words that stand beside a date and a time of day: zones, halves of the day.
fn is_clock_word(word: &str) -> bool {
    matches!(
        word.to_lowercase().trim_end_matches('.'),
        "am" | "pm"
            | "a.m"
            | "p.m"
            | "gmt"
            | "utc"
            | "est"
            | "edt"
            | "et"
            | "pst"
            | "pdt"
            | "pt"
            | "cst"
            | "cdt"
            | "ct"
            | "mst"
            | "mdt"
            | "bst"
            | "cet"
            | "cest"
            | "ist"
            | "aest"
            | "aedt"
            | "hkt"
            | "sgt"
            | "jst"
            | "kst"
            | "wat"
            | "eat"
            | "sast"
            | "local"
            | "time"
            | "hrs"
            | "h"
            | "of"
            | "the"
            | "eastern"
            | "z"
    )
}

/// True for a line that is a full date of publication and nothing else: "Published: May 4, 2026 10:30 AM GMT".
pub(super) fn is_date_line(words: Words, paragraph: Span) -> bool {
    if paragraph.len() > LONGEST_DATE_LINE {
        return false;
    }
    let range = words.inside(paragraph);
    let mut found = false;
    let mut n = range.start;
    while n < range.end {
        if let Some((_, end)) = calendar_date(words, n).filter(|&(_, end)| end <= range.end) {
            found = true;
            n = end;
            continue;
        }
        let word = words.at(n);
        let fits = match words.kind(n) {
            Some(TokenKind::Number) => word.len() <= 10,
            Some(TokenKind::Word) => {
                is_date_label(word) || is_clock_word(word) || is_weekday(word) || is_month(word)
            }
            _ => matches!(word, ":" | "," | "." | "|" | "-" | "–" | "—" | "/" | "(" | ")" | "•" | "·" | "+"),
        };
        if !fits {
            return false;
        }
        n += 1;
    }
    found
}

/// True for a line that names who writes, and ends with a full date: "Harbour Watch, Porto office, 4 May 2026, 10:30".
pub(super) fn is_signed_date_line(words: Words, paragraph: Span) -> bool {
    let mut range = words.inside(paragraph);
    let is_after_date =
        |word: &str| matches!(word, "*" | "_" | ")" | ",") || is_clock(word) || is_clock_word(word);
    while range.start < range.end && is_after_date(words.at(range.end - 1)) {
        range.end -= 1;
    }
    let has_stop = range.clone().any(|n| matches!(words.at(n), "." | "?" | "!" | "“" | "\"" | ";"));
    if paragraph.len() > LONGEST_DATE_LINE || has_stop {
        return false;
    }
    let date = range
        .clone()
        .find_map(|n| calendar_date(words, n).filter(|&(_, end)| end == range.end).map(|(_, _)| n));
    // A comma, a bar or a dash parts the date from the name before it.
    let starts = |n: usize| {
        let before = if n > range.start && is_weekday(words.at(n - 1)) { n - 1 } else { n };
        before > range.start && matches!(words.at(before - 1), "," | "|" | "-" | "–" | "—" | "•" | "·")
    };
    date.is_some_and(starts)
}

/// True if two paragraphs or more start with a word in capitals and a colon: the speakers of a transcript.
pub(super) fn has_speaker_labels(text: &str, paragraphs: &[Span]) -> bool {
    let labelled = |paragraph: &&Span| {
        let shown = &text[paragraph.range()];
        let head = &shown[..floor_char_boundary(shown, 60)];
        head.split_once(':').is_some_and(|(label, _)| is_upper(label))
    };
    paragraphs.iter().filter(labelled).nth(1).is_some()
}

/// True for a dateline on a line of its own, before the paragraph `next`: "PORTO —", "PORTO, 4 May".
pub(super) fn is_dateline_line(paragraph: &str, next: &str) -> bool {
    if paragraph.len() > LONGEST {
        return false;
    }
    let head = paragraph.trim_end_matches(['-', '–', '—', '―', ' ']);
    let (place, dated) = split_date(head);
    is_dateline(head, next)
        && (head.len() < paragraph.len() || (dated && is_upper_place(place.trim_end_matches(','))))
}

/// True if a dateline stands before the first word of `paragraph`.
pub(super) fn starts_with_dateline(paragraph: &str) -> bool {
    dateline_len(paragraph, false).is_some()
}

/// What stands before the body of `paragraph`, body paragraph number `nth` (from 1) and the first of the text if
/// `is_first`; and the rest.
pub(super) fn head(
    text: &str,
    words: Words,
    paragraph: Span,
    is_first: bool,
    nth: usize,
    labels: bool,
) -> (Vec<Piece>, Span) {
    let mut pieces = Vec::new();
    let mut rest = paragraph;
    if is_first && let Some(end) = date_stub(words, paragraph) {
        pieces.push((Span::new(rest.start(), end), SegmentKind::DateStub));
        rest = Span::new(end, rest.end()).trim(text);
    }
    if nth <= 3
        && let Some(length) = dateline_len(&text[rest.range()], nth == 1 && !labels)
    {
        let end = rest.start() + length;
        pieces.push((Span::new(rest.start(), end), SegmentKind::Dateline));
        rest = Span::new(end, rest.end()).trim(text);
    }
    (pieces, rest)
}

/// The end of a date that a crawler left before the first sentence: "date 2026-05-04 Mayor Ruiz …".
fn date_stub(words: Words, paragraph: Span) -> Option<usize> {
    let range = words.inside(paragraph);
    let date = (range.start..range.end.min(range.start + 5)).find(|&n| calendar_date(words, n).is_some())?;
    let labelled = date > range.start;
    if !(range.start..date).all(|n| is_date_label(words.at(n)) || matches!(words.at(n), ":" | "-" | "|")) {
        return None;
    }
    let starts_with_label =
        labelled && !matches!(&*words.lower(range.start), "on" | "at" | "last" | "first" | "time");
    let (_, mut end) = calendar_date(words, date)?;
    if !starts_with_label && words.kind(date) != Some(TokenKind::Number) {
        return None;
    }
    if !starts_with_label && end != date + 1 {
        return None;
    }
    while end < range.end
        && (is_clock_word(words.at(end)) && words.at(end) != "the"
            || is_clock(words.at(end))
            || matches!(words.at(end), "|" | "-" | "–" | "—" | ":"))
    {
        end += 1;
    }
    let next = words.at(end);
    let starts_anew = end < range.end
        && (is_capitalized(next)
            || matches!(words.kind(end), Some(TokenKind::QuoteMark | TokenKind::Number)));
    starts_anew.then(|| words.span(end - 1).end())
}

/// "10:30", "10:30:00".
fn is_clock(word: &str) -> bool {
    word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit())
}

/// Length of the dateline that `paragraph` starts with, if it does.
fn dateline_len(paragraph: &str, colon_may_end: bool) -> Option<usize> {
    let window = &paragraph[..floor_char_boundary(paragraph, LONGEST)];
    for (at, end) in separators(window) {
        let head = window[..at].trim();
        let after = paragraph[end..].trim_start();
        if is_dateline(head, after) {
            return Some(end);
        }
    }
    if let Some(end) = bare_agency_len(window) {
        return Some(end);
    }
    let colon = window.find(": ").filter(|_| colon_may_end)?;
    let head = &window[..colon];
    (is_upper_place(head) && starts_anew(&paragraph[colon + 1..])).then_some(colon + 1)
}

/// Dashes of `window`: where each starts and ends.
fn separators(window: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut skip = 0;
    for (at, c) in window.char_indices() {
        if at < skip || !matches!(c, '-' | '–' | '—' | '―') {
            continue;
        }
        let length = window[at..]
            .chars()
            .take_while(|c| matches!(c, '-' | '–' | '—' | '―'))
            .map(char::len_utf8)
            .sum::<usize>();
        let spaced = window[..at].ends_with([' ', '\u{a0}', ')']) || c == '—' || length > 1;
        if spaced && at > 0 {
            out.push((at, at + length));
        }
        skip = at + length;
    }
    out
}

/// True if `head` before a dash is a dateline: places in capitals, or a place with a date or an agency.
fn is_dateline(head: &str, after: &str) -> bool {
    let (place, agency) = split_agency(head);
    if place.is_empty() {
        return agency.is_some() && !after.is_empty();
    }
    let (place, dated) = split_date(place);
    let place = place.trim_end_matches([',', '.', ' ']);
    if agency.is_some() || dated {
        return is_place(place)
            && starts_anew(after)
            && (agency.is_some_and(is_agency) || is_upper_place(place) || dated);
    }
    is_upper_place(place) && starts_anew(after)
}

/// `head` without the agency in brackets or slashes at its end, and the agency.
fn split_agency(head: &str) -> (&str, Option<&str>) {
    let head = head.trim_end();
    for (open, close) in [('(', ')'), ('/', '/'), ('[', ']')] {
        if let Some(inner) = head.strip_suffix(close)
            && let Some(at) = inner.rfind(open)
        {
            let agency = inner[at + 1..].trim();
            if !agency.is_empty() && agency.split_whitespace().nth(4).is_none() && is_capitalized(agency) {
                return (head[..at].trim_end(), Some(agency));
            }
        }
    }
    (head, None)
}

/// `place` without a date at its end, and whether there was one.
fn split_date(place: &str) -> (&str, bool) {
    let mut kept = place.len();
    let mut has_month = false;
    for (at, word) in words_from_end(place) {
        let bare = word.trim_matches([',', '.', '(', ')']);
        if is_month(bare) {
            has_month = true;
        } else if !(bare.chars().all(|c| c.is_ascii_digit()) && bare.len() <= 4 && !bare.is_empty()
            || is_weekday(bare))
        {
            break;
        }
        kept = at;
    }
    if has_month { (place[..kept].trim_end(), true) } else { (place, false) }
}

fn words_from_end(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().rev().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// "(Reuters) The bridge", "Porto (AFP) The bridge": an agency known as one in brackets, without a dash.
fn bare_agency_len(window: &str) -> Option<usize> {
    let open = window.find('(').filter(|&at| at <= 40)?;
    let close = open + window[open..].find(')')?;
    let place = window[..open].trim();
    let known = matches!(
        &window[open + 1..close],
        "CNN" | "AFP" | "AP" | "Reuters" | "REUTERS" | "UPI" | "CNS" | "IANS" | "PTI" | "ANI"
    );
    let fits = known
        && (place.is_empty() || (is_place(place) && place.split_whitespace().count() <= 3))
        && starts_anew(&window[close + 1..]);
    fits.then_some(close + 1)
}

/// Up to six words that all could name places, with a capital each.
fn is_place(place: &str) -> bool {
    let fits = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphabetic());
        is_capitalized(bare)
            || matches!(
                bare,
                "de" | "la"
                    | "las"
                    | "los"
                    | "el"
                    | "del"
                    | "da"
                    | "do"
                    | "of"
                    | "and"
                    | "al"
                    | "sur"
                    | "am"
                    | "upon"
                    | "an"
                    | "der"
                    | "den"
            )
    };
    !place.is_empty()
        && place.split_whitespace().count() <= 6
        && place.split_whitespace().all(fits)
        && is_capitalized(place)
        && !place.contains([';', '!', '?', '“', '"', ':'])
}

/// A place whose first word stands in capitals: "ST. IVES, Cornwall".
fn is_upper_place(place: &str) -> bool {
    let first = place.split([' ', ',', '/', '-']).next().unwrap_or("").trim_end_matches('.');
    let n_letters = place.split(',').next().unwrap_or("").chars().filter(|c| c.is_alphabetic()).count();
    is_upper(first) && n_letters >= 4 && is_place(place) && !LABELS.contains(&place)
}

/// Letters, all of them capitals, and at least one.
fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_lowercase)
}

/// True if a sentence can start with `rest`.
fn starts_anew(rest: &str) -> bool {
    rest.trim_start().starts_with(|c: char| {
        (c.is_alphabetic() && !c.is_lowercase())
            || c.is_numeric()
            || matches!(c, '“' | '"' | '‘' | '\'' | '«' | '$' | '€' | '£' | '[')
    })
}
