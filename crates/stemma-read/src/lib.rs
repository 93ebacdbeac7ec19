//! Bytes to reports: files, folders, standard input; charset, boilerplate, metadata.
//!
//! In: [`Input`]s. Out: a [`Reading`] with a [`Report`] for every article that could be read, a [`ReadError`] for every
//! one that could not, and a [`Notice`] for what was passed over. One bad input never costs another. Reports come in the
//! order of the inputs; the files of a folder in the order of their names. Nothing is fetched from a network.
//!
//! A text is taken as it stands. Of a page the text is the extracted article, of Markdown the rendered text, paragraphs
//! divided by a blank line; that text is what spans refer to and what goes out as `text`.

mod blocks;
mod charset;
mod content;
mod dates;
mod error;
mod feeds;
mod fields;
mod format;
mod inputs;
mod json;
mod lines;
mod markdown;
mod metadata;
mod nesting;
mod opml;
mod packed;
mod page;
mod xml;

use std::fmt;

use stemma_core::{Origin, Report, ReportDraft};

pub use content::{Content, MAX_CONTENT_BYTES};
pub use error::ReadError;
pub use format::Format;
pub use inputs::{Input, read, read_each};
pub use lines::Lines;
pub use opml::{FeedList, ListedFeed};

use packed::Packing;

/// Most bytes of one report: of a text, a page, or a line of JSONL. The longest articles have some hundred KiB.
pub const MAX_REPORT_BYTES: u64 = 64 * MIB;

/// Most bytes of one page. Extraction takes about a second for 2 MiB; the largest real pages have five.
pub const MAX_PAGE_BYTES: u64 = 16 * MIB;

/// Most bytes of one feed. Those of large publishers have some MiB.
pub const MAX_FEED_BYTES: u64 = 64 * MIB;

/// Most bytes of one file of many reports, JSON or JSONL. It is held in memory while it is read.
pub const MAX_FILE_BYTES: u64 = 1024 * MIB;

const MIB: u64 = 1024 * 1024;

/// What came out of some inputs.
#[derive(Debug, Default)]
pub struct Reading {
    /// Every article that could be read.
    pub reports: Vec<Report>,
    /// What each of them was read from, in the same order: see [`Reading::content`]. May be shorter.
    pub contents: Vec<Option<Content>>,
    /// Every input, or item of one, that could not.
    pub failures: Vec<ReadError>,
    /// What was passed over or read with a loss, and is no failure.
    pub notices: Vec<Notice>,
}

/// Something that a user may want to know about an input that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Where.
    pub origin: Origin,
    /// What, in lower case without a full stop.
    pub problem: String,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.problem)
    }
}

impl Reading {
    fn failed(error: ReadError) -> Self {
        Self { failures: vec![error], ..Self::default() }
    }

    fn append(&mut self, mut other: Reading) {
        self.contents.resize(self.reports.len(), None);
        self.contents.append(&mut other.contents);
        self.reports.append(&mut other.reports);
        self.failures.append(&mut other.failures);
        self.notices.append(&mut other.notices);
    }
}

/// Reads bytes that are already here. Without a `format`, the content decides; then they may also be packed.
pub fn read_bytes(bytes: Vec<u8>, format: Option<Format>, origin: &Origin) -> Reading {
    match Packing::of_bytes(&bytes) {
        Some(packing) if format.is_none() => packed::read_packed(&bytes, packing, origin),
        _ => read_unpacked(bytes, format, origin),
    }
}

/// Reads bytes that are not packed.
fn read_unpacked(bytes: Vec<u8>, format: Option<Format>, origin: &Origin) -> Reading {
    if bytes.is_empty() {
        return Reading::failed(ReadError::Empty { origin: origin.clone() });
    }
    let whole = content::whole(&bytes, format);
    let n_bytes = bytes.len();
    let mut reading = decode(bytes, origin, |text| {
        let moved = text.len() != n_bytes;
        let mut reading = read_text(text, format, origin);
        if moved {
            // Places in the text are none in the bytes.
            reading.contents.iter_mut().flatten().for_each(|content| content.range = None);
        }
        reading
    });
    if let Some(whole) = whole {
        reading.came_from(&whole);
    }
    reading
}

/// Reads the text of `bytes`, with a notice if characters were lost.
fn decode(bytes: Vec<u8>, origin: &Origin, read: impl FnOnce(String) -> Reading) -> Reading {
    let decoded = match charset::decode_text(bytes, origin) {
        Ok(decoded) => decoded,
        Err(error) => return Reading::failed(error),
    };
    let loss = match (decoded.wrong, decoded.charset) {
        (0, charset) if decoded.guessed => Some(format!("names no charset, read as {charset}")),
        (0, _) => None,
        (1, charset) => Some(format!("a broken character in {charset} text became U+FFFD")),
        (wrong, charset) => Some(format!("{wrong} broken characters in {charset} text became U+FFFD")),
    };
    let mut reading = read(decoded.text);
    reading.notices.extend(loss.map(|problem| Notice { origin: origin.clone(), problem }));
    reading
}

/// Reads one line of a stream of JSON lines; `origin` says which. A blank line holds nothing.
pub fn read_line(line: Vec<u8>, origin: &Origin) -> Reading {
    if line.trim_ascii().is_empty() {
        return Reading::default();
    }
    decode(line, origin, |text| json::read_json_line(&text, 0, origin))
}

/// Reads text that is already decoded. Without a `format`, the content decides.
pub fn read_text(text: String, format: Option<Format>, origin: &Origin) -> Reading {
    if text.trim().is_empty() {
        return Reading::failed(ReadError::Blank { origin: origin.clone() });
    }
    let format = format.unwrap_or_else(|| Format::of_text(&text));
    let limit = match format {
        Format::Json | Format::JsonLines => MAX_FILE_BYTES,
        Format::Html => MAX_PAGE_BYTES,
        Format::Feed => MAX_FEED_BYTES,
        Format::Text | Format::Markdown => MAX_REPORT_BYTES,
    };
    if text.len() as u64 > limit {
        return Reading::failed(ReadError::too_large(origin.clone(), limit));
    }
    match format {
        Format::Json => json::read_json(&text, origin),
        Format::JsonLines => json::read_json_lines(&text, origin),
        Format::Feed => feeds::read_feed(&text, origin),
        Format::Text | Format::Html if format::is_feed(&text) => feeds::read_feed(&text, origin),
        Format::Html => page::read_page(&text, origin),
        Format::Markdown => markdown::read_markdown(&text, origin),
        Format::Text => {
            let draft = ReportDraft { text, ..ReportDraft::default() };
            Reading { reports: vec![Report::new(draft, origin.clone())], ..Reading::default() }
        }
    }
}
