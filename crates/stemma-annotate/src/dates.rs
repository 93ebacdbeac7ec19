//! When a report was published: its metadata, else a date stub or dateline in its text.
//!
//! In: the report and its segments. Out: the date, and a note where the sources name different days. Only full dates
//! count: a dateline's "May 4" has no year. Metadata wins, then date stubs, then datelines.

use jiff::civil::Date;
use stemma_core::{Layer, Note, Published, Report, Segment, SegmentId, SegmentKind, Span, Token, TokenId};

use crate::words::Words;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The publication date of `report`.
pub fn find_published(
    report: &Report,
    tokens: &Layer<TokenId, Token>,
    segments: &Layer<SegmentId, Segment>,
    notes: &mut Vec<Note>,
) -> Option<Published> {
    let words = Words::new(report.text(), tokens);
    let in_text = [SegmentKind::DateStub, SegmentKind::Dateline].into_iter().find_map(|kind| {
        segments
            .items()
            .iter()
            .filter(|segment| segment.kind == kind)
            .find_map(|segment| Some((first_date(words, segment.span)?, segment.span)))
    });
    let Some((date, span)) = in_text else { return report.published() };
    match report.published() {
        Some(published) => {
            if published.date() != date {
                let text = format!(
                    "the text gives {date} as its date, the metadata {}: the metadata is taken",
                    published.date()
                );
                notes.push(Note { span, text });
            }
            Some(published)
        }
        None => Some(Published::Day(date)),
    }
}

fn first_date(words: Words, span: Span) -> Option<Date> {
    let range = words.inside(span);
    range
        .clone()
        .find_map(|n| calendar_date(words, n).filter(|&(_, end)| end <= range.end))
        .map(|(date, _)| date)
}

/// The full date that starts at token `n`, and one past its last token: "2026-05-04", "May 4, 2026", "4 May 2026",
/// "04.05.2026", "25/05/2026". A date with slashes counts only where one of its first two numbers can be no month.
pub(crate) fn calendar_date(words: Words, n: usize) -> Option<(Date, usize)> {
    if let Some(date) = numeric_date(words.at(n)) {
        return Some((date, n + 1));
    }
    if let Some(month) = month_number(words.at(n)) {
        let day_at = n + 1 + usize::from(words.at(n + 1) == ".");
        let day = day_number(words.at(day_at))?;
        let year_at = day_at + 1 + usize::from(words.at(day_at + 1) == ",");
        return Some((Date::new(year(words.at(year_at))?, month, day).ok()?, year_at + 1));
    }
    let day = day_number(words.at(n))?;
    let month = month_number(words.at(n + 1))?;
    let skip = |at: usize, mark: &str| at + usize::from(words.at(at) == mark);
    let year_at = skip(skip(n + 2, "."), ",");
    Some((Date::new(year(words.at(year_at))?, month, day).ok()?, year_at + 1))
}

/// True for the name of a month, in full or shortened.
pub(crate) fn is_month(word: &str) -> bool {
    month_number(word).is_some()
}

/// True for the name of a day of the week, in full or shortened.
pub(crate) fn is_weekday(word: &str) -> bool {
    let word = word.to_lowercase();
    let word = word.trim_end_matches('.');
    word.len() >= 3 && WEEKDAYS.iter().any(|day| *day == word || (word.len() <= 5 && day.starts_with(word)))
}

fn month_number(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let word = word.trim_end_matches('.');
    let short = (3..=4).contains(&word.len());
    let at = MONTHS.iter().position(|month| *month == word || (short && month.starts_with(word)))?;
    i8::try_from(at + 1).ok()
}

fn day_number(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    let fits = digits.len() <= 2 && (suffix.is_empty() || matches!(suffix, "st" | "nd" | "rd" | "th"));
    digits.parse().ok().filter(|day| fits && (1..=31).contains(day))
}

fn year(word: &str) -> Option<i16> {
    word.parse().ok().filter(|year| word.len() == 4 && (1900..2100).contains(year))
}

fn numeric_date(word: &str) -> Option<Date> {
    if let Some(iso) = word.get(..10)
        && iso.as_bytes()[4] == b'-'
        && !word[10..].starts_with(|c: char| c.is_ascii_digit())
    {
        return iso.parse().ok().filter(|date: &Date| (1900..2100).contains(&date.year()));
    }
    let parts: Vec<&str> = word.split(['.', '/']).collect();
    let [first, second, last] = parts[..] else { return None };
    let (a, b, year) = (day_number(first)?, day_number(second)?, year(last)?);
    match (word.contains('/'), a > 12, b > 12) {
        (false, _, false) | (true, true, false) => Date::new(year, b, a).ok(),
        (true, false, true) => Date::new(year, a, b).ok(),
        _ => None,
    }
}
