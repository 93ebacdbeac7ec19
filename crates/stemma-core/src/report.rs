//! Reports: one article as one outlet published it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Identity of a report: the first 16 bytes of SHA-256 over outlet, address and text. Prints as 32 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId([u8; 16]);

impl ReportId {
    /// The id of a report with these three parts. A missing part counts as empty.
    pub fn of(outlet: Option<&str>, url: Option<&str>, text: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [outlet.unwrap_or(""), url.unwrap_or(""), text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finalize()[..16]);
        Self(id)
    }

    /// The first 64 bits, for shorter ids that are made from this one.
    pub fn leading_bits(self) -> u64 {
        self.0[..8].iter().fold(0, |bits, &byte| bits << 8 | u64::from(byte))
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for ReportId {
    type Err = String;
    fn from_str(hex: &str) -> Result<Self, String> {
        let wrong = || format!("{hex:?} is not a report id of 32 hex digits");
        if hex.len() != 32 || !hex.is_ascii() {
            return Err(wrong());
        }
        let mut id = [0; 16];
        for (n, byte) in id.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(id))
    }
}

impl Serialize for ReportId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ReportId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// When a report was published, as exactly as its source says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Published {
    /// Only the day is known, in the outlet's own calendar.
    Day(Date),
    /// A point in time, and the offset in which the outlet wrote it.
    Instant(Timestamp, #[serde(with = "offset_seconds")] Offset),
}

mod offset_seconds {
    use jiff::tz::Offset;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(offset: &Offset, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(offset.seconds())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Offset, D::Error> {
        Offset::from_seconds(i32::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Published {
    /// The day in the outlet's own calendar.
    pub fn date(self) -> Date {
        match self {
            Published::Day(date) => date,
            Published::Instant(at, offset) => offset.to_datetime(at).date(),
        }
    }

    /// The point in time, if it is known.
    pub fn instant(self) -> Option<Timestamp> {
        match self {
            Published::Day(_) => None,
            Published::Instant(at, _) => Some(at),
        }
    }

    /// True if `self` is certainly before `other`: by the clock where both are known, else by the day.
    pub fn is_before(self, other: Published) -> bool {
        match (self.instant(), other.instant()) {
            (Some(a), Some(b)) => a < b,
            _ => self.date() < other.date(),
        }
    }
}

impl fmt::Display for Published {
    /// `2025-03-02`, or `2025-03-02T10:00:00+01:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Published::Day(date) => write!(f, "{date}"),
            Published::Instant(at, offset) => write!(f, "{}", at.display_with_offset(*offset)),
        }
    }
}

/// Where the bytes of a report came from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Origin {
    /// A path as the user gave it, a URL, or `-` for standard input.
    pub place: String,
    /// Line of a JSONL file or index in a JSON array, from 1.
    pub item: Option<u64>,
}

impl Origin {
    /// The whole of `place`.
    pub fn whole(place: impl Into<String>) -> Self {
        Self { place: place.into(), item: None }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.item {
            Some(item) => write!(f, "{}:{item}", self.place),
            None => f.write_str(&self.place),
        }
    }
}

/// The parts of a report, before it has an identity. All but `text` may be missing.
#[derive(Clone, Debug, Default)]
pub struct ReportDraft {
    /// See [`Report::given_id`].
    pub given_id: Option<String>,
    /// See [`Report::outlet`].
    pub outlet: Option<String>,
    /// See [`Report::url`].
    pub url: Option<String>,
    /// See [`Report::title`].
    pub title: Option<String>,
    /// See [`Report::byline`].
    pub byline: Option<String>,
    /// See [`Report::published`].
    pub published: Option<Published>,
    /// See [`Report::language`].
    pub language: Option<String>,
    /// See [`Report::text`].
    pub text: String,
    /// See [`Report::extra`].
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// One article as one outlet published it. Never changed: an edited text is a new report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Report {
    id: ReportId,
    given_id: Option<String>,
    outlet: Option<String>,
    url: Option<String>,
    title: Option<String>,
    byline: Option<String>,
    published: Option<Published>,
    language: Option<String>,
    text: Arc<str>,
    origin: Origin,
    extra: serde_json::Map<String, serde_json::Value>,
}

impl Report {
    /// A report of the given parts, read from `origin`. Blank metadata counts as missing.
    pub fn new(draft: ReportDraft, origin: Origin) -> Self {
        let filled = |field: Option<String>| field.filter(|value| !value.trim().is_empty());
        let (outlet, url) = (filled(draft.outlet), filled(draft.url));
        Self {
            id: ReportId::of(outlet.as_deref(), url.as_deref(), &draft.text),
            given_id: filled(draft.given_id),
            outlet,
            url,
            title: filled(draft.title),
            byline: filled(draft.byline),
            published: draft.published,
            language: filled(draft.language),
            text: draft.text.into(),
            origin,
            extra: draft.extra,
        }
    }

    /// A report that has a text and nothing else, as tests and examples need it.
    pub fn of_text(text: &str) -> Self {
        Self::new(ReportDraft { text: text.to_owned(), ..ReportDraft::default() }, Origin::whole("-"))
    }

    /// Hash of outlet, address and text.
    pub fn id(&self) -> ReportId {
        self.id
    }

    /// The id that the input gave, if it gave one.
    pub fn given_id(&self) -> Option<&str> {
        self.given_id.as_deref()
    }

    /// The id that is shown: the given one, else the hash.
    pub fn shown_id(&self) -> String {
        self.given_id.clone().unwrap_or_else(|| self.id.to_string())
    }

    /// Who published it.
    pub fn outlet(&self) -> Option<&str> {
        self.outlet.as_deref()
    }

    /// Address of the page.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Headline, where it was given apart from the text.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Who wrote it, as printed.
    pub fn byline(&self) -> Option<&str> {
        self.byline.as_deref()
    }

    /// When it was published, as the metadata say; see [`crate::Document::published`] for what the text says.
    pub fn published(&self) -> Option<Published> {
        self.published
    }

    /// BCP 47 tag, as given.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// The text, unchanged.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the bytes came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Fields of the input that Stemma does not know; handed through.
    pub fn extra(&self) -> &serde_json::Map<String, serde_json::Value> {
        &self.extra
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_every_part_and_on_its_place() {
        let id = |outlet, url, text| ReportId::of(outlet, url, text);
        let all =
            [id(None, None, "ab"), id(Some("a"), None, "b"), id(None, Some("a"), "b"), id(None, None, "b")];
        for (n, a) in all.iter().enumerate() {
            assert!(all[n + 1..].iter().all(|b| a != b));
        }
        assert_eq!(all[0].to_string().parse(), Ok(all[0]));
        assert!("zz".parse::<ReportId>().is_err());
    }

    #[test]
    fn published_keeps_the_outlets_own_day() {
        let late: Timestamp = "2025-03-01T23:30:00Z".parse().unwrap();
        let published = Published::Instant(late, Offset::constant(2));
        assert_eq!(published.date(), Date::constant(2025, 3, 2));
        assert_eq!(published.to_string(), "2025-03-02T01:30:00+02:00");
        assert!(Published::Day(Date::constant(2025, 3, 1)).is_before(published));
    }
}
