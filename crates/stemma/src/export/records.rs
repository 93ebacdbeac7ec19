//! What a store holds, as JSON lines: one [`Record`] a line. The one format that is read back: `stemma import` makes an equal
//! store of it.
//!
//! `record` says what a line is. The fields of a report are those that every reader of JSON lines knows (`id`, `outlet`,
//! `title`, `published`, `url`, `byline`, `language`, `text`), so that the file serves other programs, and Stemma's own other
//! commands, as it is; what else is needed to make the same report again stands beside them. Layers are as Stemma has them
//! inside, spans in bytes; they are for other programs, and made again when the file is read.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stemma_core::{Content, Correction, Layers, Origin, Published, Report, ReportDraft, ReportId, StoryId};

/// One line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// Bytes that reports were read from.
    Content(ContentRecord),
    /// One report.
    Report(Box<ReportRecord>),
    /// One story.
    Story(StoryRecord),
    /// What a person said about which reports belong together; in order.
    Correction(CorrectionRecord),
}

/// A report, and what was found in it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReportRecord {
    /// The id that the input gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Hash of outlet, address and text.
    pub hash: ReportId,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// Headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it was published, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The same, exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_as: Option<Published>,
    /// Address of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byline: Option<String>,
    /// BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The text.
    pub text: String,
    /// Where it was read.
    pub origin: Origin,
    /// Fields of the input that Stemma does not know.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// The bytes that it was read from, which stand in a line before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<ContentPlace>,
    /// What was found in it, and by which versions of the stages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<Box<Layers>>,
}

/// Which bytes a report was read from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContentPlace {
    /// SHA-256 of them.
    pub sha256: String,
    /// Where they stand in the unpacked file, in bytes, where they are a part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[u64; 2]>,
}

/// Bytes that reports were read from; before the first of these, and once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContentRecord {
    /// SHA-256 of them.
    pub sha256: String,
    /// Their media type.
    pub media_type: String,
    /// They themselves.
    #[serde(flatten)]
    pub bytes: Bytes,
}

/// Bytes as text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bytes {
    /// They are UTF-8.
    Text(String),
    /// In base64 (RFC 4648, with padding).
    Base64(String),
}

impl ContentRecord {
    /// The record of bytes.
    pub fn of(bytes: &[u8], media_type: &str) -> Self {
        let text = std::str::from_utf8(bytes).map(|text| Bytes::Text(text.to_owned()));
        Self {
            sha256: sha256(bytes),
            media_type: media_type.to_owned(),
            bytes: text.unwrap_or_else(|_| Bytes::Base64(BASE64_STANDARD.encode(bytes))),
        }
    }

    /// The bytes again. `Err` says what is wrong with the record.
    pub fn content(&self) -> Result<Content, String> {
        let bytes = match &self.bytes {
            Bytes::Text(text) => text.clone().into_bytes(),
            Bytes::Base64(text) => {
                BASE64_STANDARD.decode(text).map_err(|error| format!("no base64: {error}"))?
            }
        };
        let found = sha256(&bytes);
        if found != self.sha256 {
            return Err(format!("the bytes have the hash {found}, not {}", self.sha256));
        }
        Ok(Content { bytes: bytes.into(), media_type: self.media_type.clone().into(), range: None })
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A story by ids.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StoryRecord {
    /// Its id.
    pub story: StoryId,
    /// What it is called.
    pub label: String,
    /// Hashes of its reports, in order.
    pub reports: Vec<ReportId>,
}

/// A correction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CorrectionRecord {
    /// What was said.
    pub correction: Correction,
}

impl Record {
    /// The record as one line, with its end.
    pub fn line(&self) -> String {
        let json = serde_json::to_string(self);
        json.expect("the types of stemma-core have string keys and finite numbers") + "\n"
    }
}

impl ReportRecord {
    /// The record of `report`, with `layers` where they are put out.
    pub fn of(report: &Report, layers: Option<&Layers>) -> Self {
        let owned = |field: Option<&str>| field.map(str::to_owned);
        Self {
            id: owned(report.given_id()),
            hash: report.id(),
            outlet: owned(report.outlet()),
            title: owned(report.title()),
            published: report.published().map(|published| published.to_string()),
            published_as: report.published(),
            url: owned(report.url()),
            byline: owned(report.byline()),
            language: owned(report.language()),
            text: report.text().to_owned(),
            origin: report.origin().clone(),
            extra: report.extra().clone(),
            content: None,
            layers: layers.map(|layers| Box::new(layers.clone())),
        }
    }

    /// The report again. `Err` says what of the record does not fit the rest of it.
    pub fn report(&self) -> Result<Report, String> {
        let draft = ReportDraft {
            given_id: self.id.clone(),
            outlet: self.outlet.clone(),
            url: self.url.clone(),
            title: self.title.clone(),
            byline: self.byline.clone(),
            published: self.published_as,
            language: self.language.clone(),
            text: self.text.clone(),
            extra: self.extra.clone(),
        };
        let report = Report::new(draft, self.origin.clone());
        if report.id() != self.hash {
            return Err(format!("outlet, url and text have the hash {}, not {}", report.id(), self.hash));
        }
        let fits = |layers: &Layers| {
            layers.spans().iter().all(|span| span.start() <= span.end() && span.fits(&self.text))
        };
        if !self.layers.as_deref().is_none_or(fits) {
            return Err("a span of the layers cannot slice the text".to_owned());
        }
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Engine;

    fn back(record: &Record) -> Record {
        serde_json::from_str(&record.line()).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_report_comes_back_equal(text in ".{0,200}", outlet in proptest::option::of(".{0,20}"), seconds in 0_i64..4_000_000_000, item in proptest::option::of(1_u64..9)) {
            let draft = ReportDraft {
                outlet: outlet.clone(),
                title: outlet,
                published: Some(Published::Instant(jiff::Timestamp::from_second(seconds).unwrap(), jiff::tz::Offset::constant(3))),
                text,
                extra: serde_json::from_str(r#"{"section": ["a", 1.5, null], "record": "story"}"#).unwrap(),
                ..ReportDraft::default()
            };
            let report = Report::new(draft, Origin { place: "a\nb".to_owned(), item });
            let document = Engine::load().annotate(vec![report.clone()], 1).remove(0);
            let record = Record::Report(Box::new(ReportRecord::of(&report, Some(document.layers()))));
            let again = back(&record);
            prop_assert_eq!(&again, &record);
            let Record::Report(again) = again else { panic!("a report stays one") };
            prop_assert_eq!(again.report().unwrap(), report);
            prop_assert_eq!(again.layers.as_deref(), Some(document.layers()));
        }
    }

    #[test]
    fn what_was_changed_by_hand_is_noticed() {
        let mut record = ReportRecord::of(&Report::of_text("Fourteen people were hurt."), None);
        record.text = record.text.replace("Fourteen", "Forty");
        assert!(record.report().unwrap_err().starts_with("outlet, url and text have the hash"));
        let document = Engine::load().annotate(vec![Report::of_text("Ärger in Lom, he said.")], 1).remove(0);
        let mut record = ReportRecord::of(&Report::of_text("Ää"), Some(document.layers()));
        assert_eq!(record.report().unwrap_err(), "a span of the layers cannot slice the text");
        record.layers = None;
        assert_eq!(record.report().unwrap().text(), "Ää");
    }

    #[test]
    fn lines_are_readable() {
        let mut report = ReportRecord::of(&Report::of_text("Fourteen people were hurt."), None);
        let contents = [
            ContentRecord::of(b"Fourteen people were hurt.\n", "text/plain"),
            ContentRecord::of(b"\xff\xfe", "text/html"),
        ];
        for (content, bytes) in contents.iter().zip([b"Fourteen people were hurt.\n".as_slice(), b"\xff\xfe"])
        {
            assert_eq!(&*content.content().unwrap().bytes, bytes);
        }
        let broken = ContentRecord { bytes: Bytes::Text("Forty".to_owned()), ..contents[0].clone() };
        assert!(broken.content().unwrap_err().starts_with("the bytes have the hash"));
        let [text, binary] = contents;
        report.content = Some(ContentPlace { sha256: text.sha256.clone(), range: Some([0, 27]) });
        let story = StoryRecord {
            story: StoryId::opened_by(report.hash),
            label: "Fourteen hurt".to_owned(),
            reports: vec![report.hash],
        };
        let correction = CorrectionRecord { correction: Correction::Pin { reports: vec![report.hash] } };
        let report = Record::Report(Box::new(report));
        let records = [
            Record::Content(text),
            Record::Content(binary),
            report,
            Record::Story(story),
            Record::Correction(correction),
        ];
        assert!(records.iter().all(|record| back(record) == *record));
        insta::assert_snapshot!(records.iter().map(Record::line).collect::<String>());
    }
}
