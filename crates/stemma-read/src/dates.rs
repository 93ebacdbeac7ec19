//! Dates of metadata, in the shapes that feeds, pages and data sets write them.
//!
//! Exactly midnight means that only the day is known: that is how data sets write a day. A time without an offset is
//! taken as UTC, which is what most of them mean. Days like 02/03/2025, which two customs read differently, are refused.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::rfc2822;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::Offset;
use stemma_core::Published;

/// Forms of a day, or of a day and a time, after white space was evened and names of zones taken off.
const DAY_FORMS: [&str; 14] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%B %d, %Y",
    "%B %d %Y",
    "%b %d, %Y",
    "%b. %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d %B, %Y",
    "%d %b, %Y",
    "%d-%b-%Y",
];
const TIME_FORMS: [&str; 6] = ["%H:%M:%S%.f", "%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M%p", "%I:%M:%S %p"];

/// Offsets in hours of the zones of RFC 2822 that pages print. Names that stand for several zones elsewhere ("IST",
/// "BST") are left out: then only the day is taken.
const ZONES: [(&str, i8); 11] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// When `text` says; `None` if it is no date, or one that can be read in two ways.
pub(crate) fn parse(text: &str) -> Option<Published> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Whatever is longer is prose; every form below fits.
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    internet_form(&text).or_else(|| printed_form(&text))
}

/// Seconds or milliseconds since 1970.
pub(crate) fn from_number(number: f64) -> Option<Published> {
    let seconds = if number.abs() >= 1e11 { number / 1e3 } else { number };
    // Smaller numbers are years or indices, not times: 1e8 seconds is March 1973.
    if !seconds.is_finite() || seconds.abs() < 1e8 {
        return None;
    }
    Some(published(Timestamp::from_second(seconds as i64).ok()?, Offset::UTC))
}

fn published(at: Timestamp, offset: Offset) -> Published {
    let local = offset.to_datetime(at);
    if local.time() == Time::midnight() {
        Published::Day(local.date())
    } else {
        Published::Instant(at, offset)
    }
}

fn of_local(local: DateTime, offset: Offset) -> Option<Published> {
    Some(published(offset.to_timestamp(local).ok()?, offset))
}

/// RFC 3339 and ISO 8601, with or without an offset, and RFC 2822.
fn internet_form(text: &str) -> Option<Published> {
    if let Ok(pieces) = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text) {
        let local = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
        let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
        return of_local(local, offset);
    }
    let zoned = rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned(text).ok()?;
    Some(published(zoned.timestamp(), zoned.offset()))
}

/// "March 2, 2025", "Sunday, 2 March 2025 10:00 AM GMT", "2025-03-02 10:00:00 +0100" and kin.
fn printed_form(text: &str) -> Option<Published> {
    let text = without_weekday(text);
    let (date, rest) = DAY_FORMS.iter().find_map(|form| {
        let (parsed, len) = BrokenDownTime::parse_prefix(form, text).ok()?;
        let date: Date = parsed.to_date().ok()?;
        let rest = &text[len..];
        let whole = !rest.starts_with(|c: char| c.is_ascii_digit());
        whole.then(|| (date, rest.trim_start_matches([',', ' ', 'T', '|', '-', '–', '—'])))
    })?;
    if rest.is_empty() {
        return Some(Published::Day(date));
    }
    let rest = rest.strip_prefix("at ").unwrap_or(rest);
    let (clock, offset) = split_zone(rest);
    match clock_time(clock) {
        Some(time) => of_local(date.to_datetime(time), offset),
        // A time of a zone that is not known: the day is right all the same.
        None => rest.starts_with(|c: char| c.is_ascii_digit()).then_some(Published::Day(date)),
    }
}

fn clock_time(text: &str) -> Option<Time> {
    let text = text.replace("a.m.", "AM").replace("p.m.", "PM");
    TIME_FORMS.iter().find_map(|form| BrokenDownTime::parse(form, text.trim()).ok()?.to_time().ok())
}

fn without_weekday(text: &str) -> &str {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    match text.split_once([',', ' ']) {
        Some((first, rest)) if DAYS.iter().any(|day| first.to_ascii_lowercase().starts_with(day)) => {
            rest.trim_start_matches([',', ' '])
        }
        _ => text,
    }
}

/// The clock before, and the offset that a name of a zone or a number at the end stands for; UTC if there is none.
fn split_zone(text: &str) -> (&str, Offset) {
    let Some((before, last)) = text.rsplit_once(' ') else { return (text, Offset::UTC) };
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == last) {
        return (before, Offset::constant(*hours));
    }
    let digits = last.replace(':', "");
    match (digits.split_at_checked(1), digits.len()) {
        (Some((sign @ ("+" | "-"), number)), 5) => {
            let Ok(number) = number.parse::<i32>() else { return (text, Offset::UTC) };
            let seconds = (number / 100) * 3600 + (number % 100) * 60;
            let signed = if sign == "-" { -seconds } else { seconds };
            Offset::from_seconds(signed).map_or((text, Offset::UTC), |offset| (before, offset))
        }
        _ => (text, Offset::UTC),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        parse(text).map_or_else(|| "none".to_owned(), |published| published.to_string())
    }

    #[test]
    fn shapes_of_dates() {
        for (text, expected) in [
            ("2025-03-02", "2025-03-02"),
            ("2025-03-02T10:00:00Z", "2025-03-02T10:00:00+00:00"),
            ("2025-03-02T10:00:00.123+01:00", "2025-03-02T10:00:00.123+01:00"),
            ("2025-03-02T10:00+0530", "2025-03-02T10:00:00+05:30"),
            ("2025-03-02 10:00:00", "2025-03-02T10:00:00+00:00"),
            ("2025-03-02 10:00", "2025-03-02T10:00:00+00:00"),
            ("2025-03-02 10:00:00 +0100", "2025-03-02T10:00:00+01:00"),
            ("2025-03-02 10:00:00 UTC", "2025-03-02T10:00:00+00:00"),
            ("20250302T100000Z", "2025-03-02T10:00:00+00:00"),
            ("20250302", "2025-03-02"),
            ("2025/03/02", "2025-03-02"),
            ("02.03.2025", "2025-03-02"),
            ("Sun, 02 Mar 2025 10:00:00 GMT", "2025-03-02T10:00:00+00:00"),
            ("Sun, 2 Mar 2025 10:00:00 -0500", "2025-03-02T10:00:00-05:00"),
            ("March 2, 2025", "2025-03-02"),
            ("  Mar.  2,\n2025 ", "2025-03-02"),
            ("2 March 2025", "2025-03-02"),
            ("Sunday, March 2, 2025 10:05 AM EST", "2025-03-02T10:05:00-05:00"),
            ("2 March 2025, 9:30 p.m.", "2025-03-02T21:30:00+00:00"),
            ("Mar 2, 2025 at 10:00 IST", "2025-03-02"),
            // Midnight: only the day is known.
            ("2025-03-02T00:00:00", "2025-03-02"),
            ("2025-03-02T00:00:00+02:00", "2025-03-02"),
            // Read differently on the two sides of the Atlantic.
            ("02/03/2025", "none"),
            ("2025-02-30", "none"),
            ("yesterday", "none"),
            ("2025", "none"),
            ("", "none"),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn numbers_are_seconds_or_milliseconds() {
        let shown = |number| from_number(number).map(|published| published.to_string());
        assert_eq!(shown(1_740_909_600.0).as_deref(), Some("2025-03-02T10:00:00+00:00"));
        assert_eq!(shown(1_740_909_600_000.0).as_deref(), Some("2025-03-02T10:00:00+00:00"));
        assert_eq!((shown(2025.0), shown(f64::NAN), shown(1e300)), (None, None, None));
    }
}
