//! What headers of an answer say.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::clock::later;

/// When to come back: `Retry-After` in seconds or as a date. A past date counts as now; what cannot be read, as nothing.
pub(crate) fn retry_after(value: &str, now: Timestamp) -> Option<Timestamp> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number can have mean never, as far as anyone can tell.
        return Some(later(now, Duration::from_secs(value.parse().unwrap_or(u64::MAX))));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(date.max(now))
}

/// The charset that a `Content-Type` names: `text/html; charset="utf-8"` → `utf-8`.
pub(crate) fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// For how long `Cache-Control` calls an answer fresh.
pub(crate) fn max_age(cache_control: &str) -> Option<Duration> {
    cache_control.split(',').find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        let seconds: u32 = value.trim().trim_matches('"').parse().ok()?;
        name.trim().eq_ignore_ascii_case("max-age").then(|| Duration::from_secs(seconds.into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_in_seconds_and_as_a_date() {
        let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        let read =
            |value: &str| retry_after(value, now).map_or("nothing".to_owned(), |at| format!("{at:.0}"));
        assert_eq!(read("120"), "2026-03-02T10:02:00Z");
        assert_eq!(read(" 0 "), "2026-03-02T10:00:00Z");
        assert_eq!(read("Mon, 02 Mar 2026 11:30:00 GMT"), "2026-03-02T11:30:00Z");
        assert_eq!(read("Sun, 01 Mar 2026 11:30:00 GMT"), "2026-03-02T10:00:00Z");
        assert_eq!(read("99999999999999999999999"), format!("{:.0}", Timestamp::MAX));
        for junk in ["", "soon", "-5", "1.5", "2026-03-02"] {
            assert_eq!(read(junk), "nothing", "{junk:?}");
        }
    }

    #[test]
    fn charsets_and_ages() {
        assert_eq!(charset("text/html; charset=\"ISO-8859-2\""), Some("ISO-8859-2"));
        assert_eq!(charset("text/html;version=1; Charset = koi8-r "), Some("koi8-r"));
        assert_eq!(
            (charset("text/html"), charset("text/html; charset="), charset("charset=utf-8")),
            (None, None, None)
        );
        assert_eq!(max_age("public, max-age=600"), Some(Duration::from_secs(600)));
        assert_eq!((max_age("no-cache"), max_age("max-age=-1"), max_age("s-maxage=5")), (None, None, None));
    }
}
