//! Web archives (WARC, ISO 28500), as crawlers write them and CC-NEWS and the Internet Archive give them out.
//!
//! Read as a stream, one record in memory at a time. Pages that were answered with status 200 are read like saved pages, and so
//! are the texts of `conversion` records (Common Crawl's WET files); everything else is passed over and counted. A report's
//! number is that of its record. Its address is the page's own, else that of the record; `retrieved` among its other fields
//! is the date of the record, which says when it was crawled, not when it was published; `warc_offset` is where it stands.
//!
//! A record that is broken costs itself: the next one is looked for behind its beginning. Packed archives have a gzip member for
//! each record, and offsets are those of the members, as in the index files of archives. Own reader, as the `warc`
//! crate reads records whole and ends at the first that is broken.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::bufread::GzDecoder;
use serde_json::Value;
use std::io::Read;
use stemma_core::{Origin, ReportDraft};

use crate::http::{Answer, charset_of, find_header, headers_of, media_type};
use crate::metadata::host_of;
use crate::sink::Sink;
use crate::source::Source;
use crate::stream::File;
use crate::{Content, MAX_PAGE_BYTES, MAX_REPORT_BYTES, ReadError, Reading, brief, counted, decode, page};

/// Bytes of a record's head. Real ones have a few hundred.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Bytes of an archive that may be read again, in search of records behind broken ones. Without a bound, records that lie about
/// their length would cost the square of their number.
const MAX_REREAD_BYTES: u64 = 32 * 1024 * 1024;

/// True for a gzip file whose first member holds a WARC record.
pub(crate) fn is_packed_warc(head: &[u8]) -> bool {
    let mut first = [0; 5];
    head.starts_with(b"\x1F\x8B") && GzDecoder::new(head).read_exact(&mut first).is_ok() && &first == b"WARC/"
}

/// Reads an archive that is not packed, or out of an unpacker.
pub(crate) fn read_warc(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let mut archive = Archive::new(file);
    archive.read_records(source, None, sink);
    archive.finish(sink);
}

/// Reads an archive in which each record is a gzip member; also one in which a member holds many.
pub(crate) fn read_members(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let mut archive = Archive::new(file);
    while !source.peek(1).is_empty() && !sink.is_stopped() && !source.budget().is_spent() {
        let start = source.position();
        source.set_mark();
        let (n_before, whole) = (archive.n_records, archive.read_member(source, start, sink));
        if whole {
            source.clear_mark();
            continue;
        }
        if archive.n_records == n_before {
            archive.n_records += 1;
            archive.fail(start, "it is not a gzip member that can be unpacked".to_owned(), sink);
        }
        archive.go_back(source);
        find_member(source);
    }
    if let Some(failure) = source.take_failure() {
        sink.fail(file.failed(source, failure));
    }
    archive.finish(sink);
}

/// Goes to the next place where a member with a record seems to begin, or to the end.
fn find_member(source: &mut Source<'_>) {
    source.skip(1);
    loop {
        let ahead = source.peek(4096);
        if ahead.is_empty() {
            return;
        }
        let step = match ahead.windows(3).position(|bytes| bytes == b"\x1F\x8B\x08") {
            Some(0) if is_packed_warc(ahead) => return,
            Some(0) => 1,
            Some(at) => at,
            // A beginning may be cut by the end of what was looked at.
            None => ahead.len().saturating_sub(2).max(1),
        };
        source.skip(step as u64);
    }
}

struct Archive<'f> {
    file: &'f File,
    /// Records so far; also their number.
    n_records: u64,
    n_reread: u64,
    n_status: usize,
    n_other: usize,
    /// Kinds of what is no page, the first few.
    others: Vec<String>,
    n_pages: usize,
    n_without_article: Arc<AtomicUsize>,
    failed: bool,
}

/// A record that was read.
struct Record {
    headers: Vec<(String, String)>,
    body: Body,
}

enum Body {
    /// Of a record that may hold a page.
    Bytes(Vec<u8>),
    TooLarge,
    Skipped,
}

impl<'f> Archive<'f> {
    fn new(file: &'f File) -> Self {
        Self {
            file,
            n_records: 0,
            n_reread: 0,
            n_status: 0,
            n_other: 0,
            others: Vec::new(),
            n_pages: 0,
            n_without_article: Arc::default(),
            failed: false,
        }
    }

    /// The records of the member at `start`. False if it could not be unpacked to its end.
    fn read_member(&mut self, source: &mut Source<'_>, start: u64, sink: &mut Sink<'_>) -> bool {
        let budget = source.budget().clone();
        let mut member = Source::unpacked(GzDecoder::new(source), budget);
        self.read_records(&mut member, Some(start), sink);
        // The member's own end: its checksum is read, and the next one begins behind it.
        member.skip(u64::MAX);
        member.take_failure().is_none() && member.position() > 0
    }

    /// Reads records to the end. `member`: where the gzip member of these records begins.
    fn read_records(&mut self, source: &mut Source<'_>, member: Option<u64>, sink: &mut Sink<'_>) {
        while !sink.is_stopped() {
            skip_blank(source);
            if source.peek(1).is_empty() {
                break;
            }
            source.set_mark();
            let start = source.position();
            self.n_records += 1;
            let offset = member.unwrap_or(start);
            let failure = match take_record(source) {
                Ok(record) => match source.take_failure() {
                    None => {
                        source.clear_mark();
                        self.read_record(record, offset, sink);
                        continue;
                    }
                    Some(failure) => Err(failure),
                },
                Err(problem) => source.take_failure().map_or(Ok(problem), Err),
            };
            match failure {
                Ok(problem) => {
                    self.fail(offset, problem, sink);
                    self.go_back(source);
                    find_record(source);
                }
                // Nothing more comes out of the unpacker; of a file, nothing more can be read.
                Err(_) if source.budget().is_spent() => {
                    self.failed = true;
                    let limit_mib = source.budget().limit_mib();
                    sink.fail(ReadError::TooLarge { origin: self.origin(), limit_mib });
                    return;
                }
                Err(failure) => return self.fail(offset, failure.to_string(), sink),
            }
        }
        if member.is_none()
            && let Some(failure) = source.take_failure()
        {
            self.failed = true;
            sink.fail(self.file.failed(source, failure));
        }
    }

    fn go_back(&mut self, source: &mut Source<'_>) {
        self.n_reread += source.since_mark() as u64;
        if self.n_reread <= MAX_REREAD_BYTES {
            source.go_back();
        }
        source.clear_mark();
    }

    fn origin(&self) -> Origin {
        Origin { place: self.file.origin.place.clone(), item: Some(self.n_records.max(1)) }
    }

    fn fail(&mut self, offset: u64, problem: String, sink: &mut Sink<'_>) {
        self.failed = true;
        sink.fail(ReadError::Record { origin: self.origin(), offset, problem: brief(&problem) });
    }

    fn read_record(&mut self, record: Record, offset: u64, sink: &mut Sink<'_>) {
        let kind = find_header(&record.headers, "warc-type").unwrap_or("").to_ascii_lowercase();
        let bytes = match record.body {
            Body::Bytes(bytes) => bytes,
            Body::TooLarge => {
                self.failed = true;
                return sink.fail(ReadError::too_large(self.origin(), MAX_PAGE_BYTES));
            }
            Body::Skipped => return,
        };
        let record_type = find_header(&record.headers, "content-type").unwrap_or("");
        let answer = Answer::of(&bytes);
        let status = answer.as_ref().map_or(200, |answer| answer.status);
        let kind_of_body = match &answer {
            Some(answer) => answer.media_type(),
            None => media_type(record_type),
        };
        let form = form_of(&kind_of_body, &bytes[answer.as_ref().map_or(0, |answer| answer.body_start)..]);
        let Some(form) = form.filter(|_| kind != "response" || answer.is_some()) else {
            self.n_other += 1;
            if self.others.len() < 4 && !self.others.contains(&kind_of_body) && !kind_of_body.is_empty() {
                self.others.push(kind_of_body.chars().take(60).filter(|c| !c.is_control()).collect());
            }
            return;
        };
        if status != 200 {
            self.n_status += 1;
            return;
        }
        self.n_pages += 1;
        let page = Page {
            charset: answer.as_ref().map_or_else(|| charset_of(record_type), Answer::charset),
            bytes,
            answer,
            form,
            draft: draft_of(&record.headers, offset),
            offset,
        };
        let (origin, without_article) = (self.origin(), Arc::clone(&self.n_without_article));
        sink.push(page.bytes.len(), move || page.read(&origin, &without_article));
    }

    /// Tells what was passed over.
    fn finish(self, sink: &mut Sink<'_>) {
        sink.flush();
        let origin = &self.file.origin;
        if self.n_other > 0 {
            let kinds =
                if self.others.is_empty() { String::new() } else { format!(" ({})", self.others.join(", ")) };
            let records = counted(self.n_other, "record holds", "records hold");
            sink.notice(origin, format!("{records} no page{kinds}, passed over"));
        }
        if self.n_status > 0 {
            let pages = counted(self.n_status, "page was", "pages were");
            sink.notice(origin, format!("{pages} answered with another status than 200, passed over"));
        }
        let without = self.n_without_article.load(Ordering::Relaxed);
        if without > 0 {
            sink.notice(origin, format!("no article text was found in {without} of {} pages", self.n_pages));
        }
        if self.n_pages == without && !self.failed && !sink.is_stopped() {
            sink.fail(ReadError::NoReports { origin: origin.clone() });
        }
    }
}

/// How the text stands in a body.
#[derive(Clone, Copy)]
enum Form {
    Page,
    Text,
}

/// A body that holds a page or a text; `None` for anything else.
fn form_of(media_type: &str, body: &[u8]) -> Option<Form> {
    match media_type {
        "text/html" | "application/xhtml+xml" => Some(Form::Page),
        "text/plain" => Some(Form::Text),
        "" | "application/octet-stream" | "unknown/unknown" => {
            let head = body[..body.len().min(512)].to_ascii_lowercase();
            let has = |tag: &[u8]| head.windows(tag.len()).any(|bytes| bytes == tag);
            (has(b"<!doctype html") || has(b"<html")).then_some(Form::Page)
        }
        _ => None,
    }
}

fn draft_of(headers: &[(String, String)], offset: u64) -> ReportDraft {
    let url = find_header(headers, "warc-target-uri").map(|uri| uri.trim_matches(['<', '>']).to_owned());
    let mut draft = ReportDraft { url, ..ReportDraft::default() };
    if let Some(date) = find_header(headers, "warc-date") {
        draft.extra.insert("retrieved".to_owned(), Value::String(date.to_owned()));
    }
    draft.extra.insert("warc_offset".to_owned(), Value::from(offset));
    draft
}

/// A page on its way to be read.
struct Page {
    bytes: Vec<u8>,
    answer: Option<Answer>,
    charset: Option<&'static encoding_rs::Encoding>,
    form: Form,
    draft: ReportDraft,
    offset: u64,
}

impl Page {
    fn read(self, origin: &Origin, without_article: &AtomicUsize) -> Reading {
        let body = match &self.answer {
            Some(answer) => answer.body(&self.bytes),
            None => Ok(self.bytes),
        };
        let body = match body {
            Ok(body) => body,
            Err(problem) => {
                return Reading::failed(ReadError::Record {
                    origin: origin.clone(),
                    offset: self.offset,
                    problem,
                });
            }
        };
        let (form, draft) = (self.form, self.draft);
        let media_type = if matches!(form, Form::Page) { "text/html" } else { "text/plain" };
        let content = Content { bytes: body.as_slice().into(), media_type: media_type.into(), range: None };
        let mut reading = decode(body, self.charset, origin, |text| match form {
            _ if text.len() as u64 > MAX_PAGE_BYTES => {
                Reading::failed(ReadError::too_large(origin.clone(), MAX_PAGE_BYTES))
            }
            Form::Page => page::read_page_of(&text, draft, origin),
            Form::Text if text.trim().is_empty() => {
                Reading::failed(ReadError::NoArticle { origin: origin.clone() })
            }
            Form::Text => {
                let outlet = draft.url.as_deref().and_then(host_of);
                Reading::of_draft(ReportDraft { text, outlet, ..draft }, origin)
            }
        });
        // Lists and front pages are part of every crawl: that they hold no article is no failure.
        if let [ReadError::NoArticle { .. }] = reading.failures[..] {
            without_article.fetch_add(1, Ordering::Relaxed);
            return Reading::default();
        }
        reading.came_from(&content);
        reading
    }
}

fn skip_blank(source: &mut Source<'_>) {
    while let Some(b'\r' | b'\n') = source.peek(1).first() {
        source.skip(1);
    }
}

/// Goes to the next place where a record seems to begin, or to the end: `WARC/1.0` or the like, with the end of its line.
fn find_record(source: &mut Source<'_>) {
    const START: &[u8] = b"WARC/1.0\n";
    source.skip(1);
    loop {
        let ahead = source.peek(64 * 1024);
        let begins = |bytes: &[u8]| {
            bytes.starts_with(b"WARC/") && bytes[5].is_ascii_digit() && matches!(bytes[8], b'\r' | b'\n')
        };
        match ahead.windows(START.len()).position(begins) {
            Some(at) => {
                source.skip(at as u64);
                return;
            }
            None if ahead.len() < START.len() => {
                source.skip(START.len() as u64);
                return;
            }
            None => {
                let step = ahead.len() + 1 - START.len();
                source.skip(step as u64);
            }
        }
    }
}

/// Takes one record with what divides it from the next.
fn take_record(source: &mut Source<'_>) -> Result<Record, String> {
    if source.peek(5) != b"WARC/" {
        return Err("it does not begin with WARC/".to_owned());
    }
    let mut head = String::new();
    loop {
        let line = source.take_line(MAX_HEAD_BYTES);
        if line.is_empty() {
            return Err("it is cut off in its head".to_owned());
        }
        if line.trim_ascii().is_empty() {
            break;
        }
        head.push_str(&String::from_utf8_lossy(&line));
        if head.len() > MAX_HEAD_BYTES {
            return Err(format!("its head has more than {MAX_HEAD_BYTES} bytes"));
        }
    }
    let headers = headers_of(head.lines().skip(1));
    let length = find_header(&headers, "content-length").ok_or("it has no Content-Length")?;
    let length: u64 = length.parse().map_err(|_| {
        format!("its Content-Length is not a number: {:?}", length.chars().take(40).collect::<String>())
    })?;
    let body = take_body(source, &headers, length)?;
    // Two line ends; some programs write one. What follows two is the next record's affair.
    let start_of_end = source.position();
    let whole_end = matches!(source.peek(4), b"\r\n\r\n") || source.peek(2) == b"\n\n";
    skip_blank(source);
    let next = source.peek(5);
    if !(whole_end || next.is_empty() || next == b"WARC/" && source.position() > start_of_end) {
        return Err("it does not end where its Content-Length says".to_owned());
    }
    Ok(Record { headers, body })
}

fn take_body(source: &mut Source<'_>, headers: &[(String, String)], length: u64) -> Result<Body, String> {
    let cut_off = |there: u64| Err(format!("it is cut off: {there} of {length} bytes are there"));
    let kind = find_header(headers, "warc-type").unwrap_or("").to_ascii_lowercase();
    let wanted = matches!(kind.as_str(), "response" | "resource" | "conversion");
    // Room for what a server says before a page.
    if wanted && length <= MAX_PAGE_BYTES + MAX_HEAD_BYTES as u64 {
        let bytes = source.take_bytes(length);
        return if (bytes.len() as u64) < length {
            cut_off(bytes.len() as u64)
        } else {
            Ok(Body::Bytes(bytes))
        };
    }
    // Large things in an archive are pictures and recordings; only of what calls itself a page it is told.
    let head = String::from_utf8_lossy(source.peek(4096)).to_ascii_lowercase();
    if length > MAX_REPORT_BYTES {
        source.clear_mark();
    }
    let skipped = source.skip(length);
    if skipped < length {
        return cut_off(skipped);
    }
    let is_page = wanted && head.contains("content-type: text/html");
    Ok(if is_page { Body::TooLarge } else { Body::Skipped })
}
