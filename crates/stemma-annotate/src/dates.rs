//! When a report was published: its metadata, else a date stub or dateline in its text.
//!
//! In: the report and its segments. Out: the date, and a note where the sources name different days. Only full dates
//! count: a dateline's "May 4" has no year. Metadata wins, then date stubs, then datelines, then stubs of an update.

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
    let dated = |kind: SegmentKind, updated: bool| {
        let of_kind = segments.items().iter().filter(move |segment| segment.kind == kind);
        of_kind
            .filter(move |segment| says_updated(report.text(), segment.span) == updated)
            .find_map(|segment| Some((first_date(words, segment.span)?, segment.span)))
    };
    // The day of an update comes last: the report stood before it.
    let in_text = dated(SegmentKind::DateStub, false)
        .or_else(|| dated(SegmentKind::Dateline, false))
        .or_else(|| dated(SegmentKind::DateStub, true));
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

fn says_updated(text: &str, span: Span) -> bool {
    let lower = text[span.range()].to_lowercase();
    (lower.contains("updated") || lower.contains("modified"))
        && !lower.contains("published")
        && !lower.contains("posted")
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

#[cfg(test)]
mod tests {
    use stemma_core::{Origin, ReportDraft};

    use super::*;
    use crate::{find_segments, tokenize};

    fn read(text: &str) -> String {
        let tokens = tokenize(text);
        let words = Words::new(text, &tokens);
        let dates =
            (0..words.len()).filter_map(|n| calendar_date(words, n)).map(|(date, _)| date.to_string());
        dates.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn full_dates_are_read() {
        assert_eq!(
            read("On May 4, 2026 and 5th June, 2026, Sept. 6, 2026"),
            "2026-05-04 2026-06-05 2026-09-06"
        );
        assert_eq!(read("2026-05-04T10:30:00Z, 04.05.2026, 25/05/2026"), "2026-05-04 2026-05-04 2026-05-25");
    }

    #[test]
    fn what_is_no_full_date_is_not_read() {
        assert_eq!(read("May 4; in 2026; 04/05/2026; 2026-13-40; 31 June 2026; 1.2.3; march 100, 2026"), "");
    }

    fn published(text: &str, metadata: Option<&str>) -> String {
        let published = metadata.map(|date| Published::Day(date.parse().expect("the test gives a date")));
        let draft = ReportDraft { text: text.to_owned(), published, ..ReportDraft::default() };
        let report = Report::new(draft, Origin { place: "-".to_owned(), item: None });
        let tokens = tokenize(report.text());
        let segments = find_segments(report.text(), &tokens, None);
        let mut notes = Vec::new();
        let found = find_published(&report, &tokens, &segments, &mut notes);
        let notes: Vec<String> = notes.into_iter().map(|note| note.text).collect();
        format!("{} {}", found.map_or("none".to_owned(), |found| found.to_string()), notes.join("; "))
    }

    #[test]
    fn metadata_comes_before_a_stub_and_a_stub_before_a_dateline() {
        let text =
            "date 2026-05-04 PORTO, May 3, 2026 (Reuters) — The bridge is open.\nIt rained on May 2, 2026.";
        insta::assert_snapshot!(published(text, None), @"2026-05-04");
        insta::assert_snapshot!(published(text, Some("2026-05-05")), @"2026-05-05 the text gives 2026-05-04 as its date, the metadata 2026-05-05: the metadata is taken");
        insta::assert_snapshot!(published("PORTO, May 3, 2026 (Reuters) — The bridge is open.", None), @"2026-05-03");
        insta::assert_snapshot!(published("Updated: May 5, 2026\nMay 4, 2026 9:30 AM\nIt rained.", None), @"2026-05-04");
        insta::assert_snapshot!(published("PORTO, May 3 (Reuters) — It rained on May 2, 2026.", None), @"none");
    }
}
