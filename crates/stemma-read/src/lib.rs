//! Bytes to reports: files, folders, standard input; charset, boilerplate, metadata.
//!
//! In: [`Input`]s. Out: a [`Reading`] with a [`Report`] for every article that could be read, a [`ReadError`] for every
//! one that could not, and a [`Notice`] for what was passed over. One bad input never costs another. Reports come in the
//! order of the inputs; the files of a folder in the order of their names. Nothing is fetched from a network.
//!
//! A text is taken as it stands. Of a page the text is the extracted article, of Markdown the rendered text, paragraphs
//! divided by a blank line; that text is what spans refer to and what goes out as `text`.

mod blocks;
mod burden;
mod charset;
mod columns;
mod content;
mod dates;
mod error;
mod feeds;
mod fields;
mod format;
mod http;
mod inputs;
mod json;
mod lines;
mod listing;
mod mail;
mod mailbox;
mod markdown;
mod markup;
mod metadata;
mod newsml;
mod ninjs;
mod opml;
mod packed;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "pdf")]
mod pdf;
mod sink;
mod sitemap;
mod source;
mod stream;
mod table;
mod warc;
mod xml;

use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

use encoding_rs::Encoding;
use stemma_core::{Origin, Published, Report, ReportDraft};

pub use burden::Burden;
pub use columns::{ColumnMap, Part};
pub use content::MAX_CONTENT_BYTES;
pub use error::ReadError;
pub use format::{Format, KNOWN_ENDINGS};
pub use inputs::{Input, read, read_each, read_each_with, read_with};
pub use lines::Lines;
pub use listing::{Listed, Listing, Served, feeds_of_page, read_served};
pub use opml::{FeedList, ListedFeed};
pub use stemma_core::Content;

use sink::Sink;
use source::Source;
use stream::{File, read_source};

/// Most bytes of one report: of a text, a page, or a line of JSONL. The longest articles have some hundred KiB.
pub const MAX_REPORT_BYTES: u64 = 64 * MIB;

/// Most bytes of one page. Extraction takes about a second for 2 MiB; the largest real pages have five.
pub const MAX_PAGE_BYTES: u64 = 8 * MIB;

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

/// How to read. The default does what most inputs need.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReadOptions {
    /// Which columns of tables, and fields of JSON objects, hold which part of a report, before their names say it.
    pub columns: Option<ColumnMap>,
}

impl Reading {
    fn failed(error: ReadError) -> Self {
        Self { failures: vec![error], ..Self::default() }
    }

    fn of_draft(draft: ReportDraft, origin: &Origin) -> Self {
        Self { reports: vec![Report::new(draft, origin.clone())], ..Self::default() }
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
    read_bytes_with(bytes, format, origin, &ReadOptions::default())
}

/// As [`read_bytes`], with options.
pub fn read_bytes_with(
    bytes: Vec<u8>,
    format: Option<Format>,
    origin: &Origin,
    options: &ReadOptions,
) -> Reading {
    if format.is_some() {
        return read_whole(bytes, format, origin, options);
    }
    collect(options, |sink| {
        let file = File { format: None, ..File::of_path(Path::new(&origin.place), origin.clone()) };
        read_source(&mut Source::outer(&bytes[..]), &file, sink);
    })
}

/// Reads bytes that are already here, and may be packed, and hands on what comes out piece by piece, until `each` breaks: for
/// bytes of strangers, of which nobody knows how much they unpack to. The place of `origin` may have an ending that says
/// what they are.
pub fn read_bytes_each(
    bytes: &[u8],
    origin: &Origin,
    options: &ReadOptions,
    each: &mut dyn FnMut(Reading) -> ControlFlow<()>,
) {
    let mut sink = Sink::new(options, each);
    let file = File::of_path(Path::new(&origin.place), origin.clone());
    read_source(&mut Source::outer(bytes), &file, &mut sink);
    sink.flush();
}

/// All that `walk` pushes.
fn collect(options: &ReadOptions, walk: impl FnOnce(&mut Sink<'_>)) -> Reading {
    let mut all = Reading::default();
    let mut each = |reading| {
        all.append(reading);
        ControlFlow::Continue(())
    };
    let mut sink = Sink::new(options, &mut each);
    walk(&mut sink);
    sink.flush();
    all
}

/// Reads bytes that are not packed.
fn read_whole(bytes: Vec<u8>, format: Option<Format>, origin: &Origin, options: &ReadOptions) -> Reading {
    if bytes.is_empty() {
        return Reading::failed(ReadError::Empty { origin: origin.clone() });
    }
    match format {
        Some(Format::Warc | Format::Csv | Format::Mailbox) => {
            return read_streamed(&bytes, format, origin, options);
        }
        // Parts of a mail name their charsets.
        Some(Format::Mail) => return mail::read_mail(bytes, origin),
        None if mail::is_mail_bytes(&bytes) => return mail::read_mail(bytes, origin),
        _ => {}
    }
    let whole = content::whole(&bytes, format);
    let n_bytes = bytes.len();
    let mut reading = decode(bytes, None, origin, |text| {
        let moved = text.len() != n_bytes;
        let mut reading = read_decoded(text, format, origin, options);
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

/// Reads bytes of a format that is read as a stream elsewhere.
fn read_streamed(bytes: &[u8], format: Option<Format>, origin: &Origin, options: &ReadOptions) -> Reading {
    let file = File { format: None, ..File::of_path(Path::new(&origin.place), origin.clone()) };
    let source = &mut Source::outer(bytes);
    collect(options, |sink| match format {
        Some(Format::Csv) => table::read_table(source, &file, sink),
        Some(Format::Mailbox) => mailbox::read_mailbox(source, &file, sink),
        _ => warc::read_warc(source, &file, sink),
    })
}

/// Reads the text of `bytes`, with a notice if characters were lost. `said`: see [`charset::decode_text`].
fn decode(
    bytes: Vec<u8>,
    said: Option<&'static Encoding>,
    origin: &Origin,
    read: impl FnOnce(String) -> Reading,
) -> Reading {
    let decoded = match charset::decode_text(bytes, said, origin) {
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

/// What a parser says, in one line and not without end: some quote what they have read.
fn brief(said: &str) -> String {
    let mut line = String::new();
    for word in said.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if line.len() + word.len() > 240 {
            let room = 240_usize.saturating_sub(line.len());
            line.push(' ');
            line.push_str(&word[..word.floor_char_boundary(room.min(word.len()))]);
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// `1 record holds`, `2 records hold`
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// When something was published, as feeds, pages and people write it.
pub fn read_date(text: &str) -> Option<Published> {
    dates::parse(text)
}

/// Reads one line of a stream of JSON lines; `origin` says which. A blank line holds nothing.
pub fn read_line(line: Vec<u8>, origin: &Origin) -> Reading {
    if line.trim_ascii().is_empty() {
        return Reading::default();
    }
    decode(line, None, origin, |text| json::read_json_line(&text, 0, origin, &ReadOptions::default()))
}

/// Reads text that is already decoded. Without a `format`, the content decides.
pub fn read_text(text: String, format: Option<Format>, origin: &Origin) -> Reading {
    read_decoded(text, format, origin, &ReadOptions::default())
}

fn read_decoded(text: String, format: Option<Format>, origin: &Origin, options: &ReadOptions) -> Reading {
    if text.trim().is_empty() {
        return Reading::failed(ReadError::Blank { origin: origin.clone() });
    }
    let format = match format {
        Some(format) => format::settled(format, &text),
        None => Format::of_text(&text),
    };
    if text.len() as u64 > format.limit() {
        return Reading::failed(ReadError::too_large(origin.clone(), format.limit()));
    }
    match format {
        Format::Json => json::read_json(&text, origin, options),
        Format::JsonLines => json::read_json_lines(&text, origin, options),
        Format::Feed => feeds::read_feed(&text, origin),
        Format::Html => page::read_page(&text, origin),
        Format::Markdown => markdown::read_markdown(&text, origin),
        Format::Warc | Format::Csv | Format::Mailbox => {
            read_streamed(text.as_bytes(), Some(format), origin, options)
        }
        Format::Mail => mail::read_mail(text.into_bytes(), origin),
        Format::NewsMl => newsml::read_newsml(&text, origin),
        Format::Sitemap => listing::tell_sitemap(&text, origin),
        Format::Opml => opml::tell_opml(&text, origin),
        Format::Text => Reading::of_draft(ReportDraft { text, ..ReportDraft::default() }, origin),
    }
}
