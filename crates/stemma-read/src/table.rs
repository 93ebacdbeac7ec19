//! Tables, CSV and its kin, to reports: one row is one report, the first row names the columns.
//!
//! The sign between columns is found in the first row: comma, semicolon, tab or bar. Which column holds what, its name says
//! ([`crate::fields`]), or a [`ColumnMap`](crate::ColumnMap); further columns go to the other fields of the report. A report's number is that of its row, the
//! first row counted, as spreadsheets show it. Rows are read as they come. What is between two quotation marks may hold line
//! breaks; where a mark is never closed, that row is told, and reading goes on in the next line. Fields of a row are parsed
//! by the `csv-core` crate.

use std::sync::Arc;

use serde_json::{Map, Value};
use stemma_core::{Origin, Report};

use crate::charset;
use crate::columns::{Part, number_of};
use crate::fields::{is_address_only, is_markup, part_of, report_of_value};
use crate::sink::{REPORT_BYTES, Sink};
use crate::source::Source;
use crate::stream::File;
use crate::{Content, MAX_REPORT_BYTES, ReadError, ReadOptions, Reading, counted};

/// Bytes by which a table is judged.
const HEAD_BYTES: usize = 64 * 1024;

/// Most bytes of a row, as long as a quotation mark is open: a row of that length that has not ended never will.
const MAX_OPEN_BYTES: usize = 4 * 1024 * 1024;

/// Bytes that may be read again behind rows that did not end.
const MAX_REREAD_BYTES: u64 = 32 * 1024 * 1024;

/// Bytes of rows that are read together.
const ROWS_BYTES: usize = 1024 * 1024;

/// Columns of a table that are looked at.
const MAX_COLUMNS: usize = 4096;

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// True if the first line of a text names columns of which one holds the text of reports, and another one another part.
pub(crate) fn is_table(head: &str) -> bool {
    let line = head.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let line = &line[..line.floor_char_boundary(4096.min(line.len()))];
    DELIMITERS.iter().any(|&delimiter| {
        let names = fields_of(line.as_bytes(), delimiter);
        let parts: Vec<Part> = names.iter().filter_map(|name| part_of(name)).collect();
        // A line of prose has no two columns of such names, and nothing else.
        let has_text = parts.contains(&Part::Text) || names.iter().any(|name| is_markup(name));
        has_text && names.len() >= 2 && parts.len() >= 2 && names.iter().all(|name| name.len() < 80)
    })
}

/// Reads a table.
pub(crate) fn read_table(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let head = source.peek(HEAD_BYTES);
    if charset::is_utf16(head) {
        return read_utf16(source, file, sink);
    }
    let charset = charset::decode(head.to_vec(), None).charset;
    let mut rows = Rows { source, n_rows: 0, n_reread: 0 };
    let (delimiter, named) = {
        let line = rows.source.peek(HEAD_BYTES).split(|&byte| byte == b'\n').next().unwrap_or_default();
        let delimiter = delimiter_of(line, file);
        (delimiter, !is_unnamed(line, delimiter, sink.options()))
    };
    rows.skip_mark();
    let names = if named {
        match rows.next(delimiter) {
            Some(Ok(row)) => fields_of(&decoded(row.bytes, charset), delimiter),
            Some(Err((offset, problem))) => return sink.fail(row_error(file, 1, offset, problem)),
            None => return sink.fail(empty(rows.source, file)),
        }
    } else {
        Vec::new()
    };
    if let Err(error) = check_columns(&names, named, sink.options(), file) {
        return sink.fail(error);
    }
    let table = Table { names: Arc::new(names), delimiter, charset };
    let mut n_reports = 0;
    let mut n_addresses = 0;
    while !sink.is_stopped() {
        let mut batch = Vec::new();
        let mut n_bytes = 0;
        while n_bytes < ROWS_BYTES {
            match rows.next(delimiter) {
                Some(Ok(row)) => {
                    n_bytes += row.bytes.len() + REPORT_BYTES;
                    if table.is_address_only(&row, sink.options()) {
                        n_addresses += 1;
                    } else {
                        batch.push(row);
                    }
                }
                Some(Err((offset, problem))) => sink.fail(row_error(file, rows.n_rows, offset, problem)),
                None => break,
            }
        }
        if batch.is_empty() && n_bytes == 0 {
            break;
        }
        n_reports += batch.len();
        let (table, place, options) = (table.clone(), file.origin.place.clone(), sink.options().clone());
        sink.push(n_bytes, move || table.read(batch, &place, &options));
    }
    if let Some(failure) = rows.source.take_failure() {
        sink.fail(file.failed(rows.source, failure));
    } else if n_reports == 0 && n_addresses > 0 {
        let (origin, kind) = (file.origin.clone(), "a table");
        sink.fail(ReadError::Addresses { origin, kind, n_addresses });
    } else if n_reports == 0 {
        sink.fail(ReadError::NoReports { origin: file.origin.clone() });
    } else if n_addresses > 0 {
        let rows = counted(n_addresses, "row holds", "rows hold");
        sink.notice(&file.origin, format!("{rows} an address and no text, passed over"));
    }
}

/// A table in UTF-16, as Excel writes it under the name of Unicode text, is decoded as a whole.
fn read_utf16(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let bytes = source.take_bytes(MAX_REPORT_BYTES + 1);
    if let Some(failure) = source.take_failure() {
        return sink.fail(file.failed(source, failure));
    }
    if bytes.len() as u64 > MAX_REPORT_BYTES {
        return sink.fail(ReadError::too_large(file.origin.clone(), MAX_REPORT_BYTES));
    }
    match charset::decode_text(bytes, None, &file.origin) {
        Ok(decoded) if !charset::is_utf16(decoded.text.as_bytes()) => {
            read_table(&mut Source::outer(decoded.text.as_bytes()), file, sink);
        }
        Ok(_) => sink.fail(ReadError::NoReports { origin: file.origin.clone() }),
        Err(error) => sink.fail(error),
    }
}

fn empty(source: &mut Source<'_>, file: &File) -> ReadError {
    match source.take_failure() {
        Some(failure) => file.failed(source, failure),
        None => ReadError::Blank { origin: file.origin.clone() },
    }
}

fn row_error(file: &File, row: u64, offset: u64, problem: String) -> ReadError {
    let origin = Origin { place: file.origin.place.clone(), item: Some(row) };
    ReadError::Record { origin, offset, problem }
}

/// The sign that parts `line` into the most columns of known names, then into the most columns.
fn delimiter_of(line: &[u8], file: &File) -> u8 {
    let is_tsv = file
        .name
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("tsv") || ending.eq_ignore_ascii_case("tab"));
    let rank = |delimiter: u8| {
        let names = fields_of(line, delimiter);
        let known = names.iter().filter(|name| part_of(name).is_some()).count();
        (known, is_tsv && delimiter == b'\t', names.len())
    };
    let mut best = DELIMITERS[0];
    for delimiter in DELIMITERS {
        if rank(delimiter) > rank(best) {
            best = delimiter;
        }
    }
    best
}

/// True if the columns are told by numbers, and the first row names none.
fn is_unnamed(line: &[u8], delimiter: u8, options: &ReadOptions) -> bool {
    let numbered = options.columns.as_ref().is_some_and(crate::ColumnMap::is_numbered);
    numbered && fields_of(line, delimiter).iter().filter(|name| part_of(name).is_some()).count() < 2
}

/// An error if no column can hold the text.
fn check_columns(names: &[String], named: bool, options: &ReadOptions, file: &File) -> Result<(), ReadError> {
    let mapped = |part| options.columns.iter().flat_map(move |map| map.columns(part)).collect::<Vec<_>>();
    let there = |column: &str| names.iter().any(|name| name == column) || number_of(column).is_some();
    if let Some(missing) = Part::ALL
        .iter()
        .flat_map(|(part, _)| mapped(*part))
        .find(|column| !there(column) && !column.contains('.'))
    {
        return Err(columns_error(names, format!("there is no column {missing:?}"), file));
    }
    let has_text = !mapped(Part::Text).is_empty()
        || names.iter().any(|name| part_of(name) == Some(Part::Text) || is_markup(name));
    let has_address = names.iter().any(|name| part_of(name) == Some(Part::Url));
    if has_text || has_address || !named {
        return Ok(());
    }
    Err(columns_error(names, "no column has a name that says it holds the text".to_owned(), file))
}

fn columns_error(names: &[String], problem: String, file: &File) -> ReadError {
    let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{}`", one_line(name))).collect();
    let more = if names.len() > 12 { " …" } else { "" };
    let columns = format!("{}{more}", shown.join(", "));
    ReadError::Columns { origin: file.origin.clone(), problem, columns }
}

fn one_line(name: &str) -> String {
    name.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The fields of one row.
fn fields_of(row: &[u8], delimiter: u8) -> Vec<String> {
    Fields::new(delimiter).of(row)
}

/// Takes rows apart. Made once for many rows: the machine inside costs more than a row.
struct Fields {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Fields {
    fn new(delimiter: u8) -> Self {
        let reader = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, text: Vec::new(), ends: vec![0; 16] }
    }

    fn of(&mut self, row: &[u8]) -> Vec<String> {
        self.reader.reset();
        self.text.resize(row.len() + 1, 0);
        let (mut n_read, mut n_written, mut n_fields) = (0, 0, 0);
        loop {
            let (result, read, written, fields) = self.reader.read_record(
                &row[n_read..],
                &mut self.text[n_written..],
                &mut self.ends[n_fields..],
            );
            n_read += read;
            n_written += written;
            n_fields += fields;
            match result {
                // What is left is empty: this says that the row has ended.
                csv_core::ReadRecordResult::InputEmpty => {}
                csv_core::ReadRecordResult::OutputEndsFull if n_fields < MAX_COLUMNS => {
                    self.ends.resize(self.ends.len() * 4, 0);
                }
                _ => break,
            }
        }
        let ends = &self.ends[..n_fields.min(MAX_COLUMNS)];
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let texts = starts.zip(ends).map(|(start, &end)| &self.text[start..end]);
        texts.map(|field| String::from_utf8_lossy(field).trim().to_owned()).collect()
    }
}

/// UTF-8 stays as it is; anything else is read in the charset of the head, or as Western text.
fn decoded(bytes: Vec<u8>, charset: &str) -> Vec<u8> {
    if std::str::from_utf8(&bytes).is_ok() {
        return bytes;
    }
    let encoding = encoding_rs::Encoding::for_label(charset.as_bytes())
        .filter(|encoding| *encoding != encoding_rs::UTF_8)
        .unwrap_or(encoding_rs::WINDOWS_1252);
    encoding.decode_without_bom_handling(&bytes).0.into_owned().into_bytes()
}

/// One row as it stands in the file.
struct Row {
    number: u64,
    offset: u64,
    bytes: Vec<u8>,
}

struct Rows<'s, 'i> {
    source: &'s mut Source<'i>,
    n_rows: u64,
    n_reread: u64,
}

impl Rows<'_, '_> {
    /// The mark at the beginning of a text is none of its signs.
    fn skip_mark(&mut self) {
        if self.source.peek(3) == b"\xEF\xBB\xBF" {
            self.source.skip(3);
        }
    }

    /// The next row that is not blank, or where one begins that does not end and why.
    fn next(&mut self, delimiter: u8) -> Option<Result<Row, (u64, String)>> {
        loop {
            self.source.set_mark();
            let offset = self.source.position();
            let mut bytes = Vec::new();
            let mut quotes = Quotes::default();
            let mut n_lines = 0;
            loop {
                let limit = MAX_REPORT_BYTES as usize;
                let line = self.source.take_line(limit);
                quotes.pass(&line, delimiter);
                let ended = line.is_empty();
                if line.len() > limit {
                    self.source.clear_mark();
                    self.source.skip_line();
                    self.n_rows += 1;
                    return Some(Err((offset, format!("it has more than {} MiB", limit >> 20))));
                }
                bytes.extend_from_slice(&line);
                n_lines += 1;
                let lost = quotes.is_odd && n_lines > 1;
                if !(quotes.open || lost) {
                    break;
                }
                if ended || lost || bytes.len() > MAX_OPEN_BYTES {
                    self.n_rows += 1;
                    self.back_to_next_line();
                    return Some(Err((offset, "a quotation mark in it is not closed".to_owned())));
                }
            }
            self.source.clear_mark();
            if bytes.is_empty() {
                return None;
            }
            self.n_rows += 1;
            if !bytes.trim_ascii().is_empty() {
                return Some(Ok(Row { number: self.n_rows, offset, bytes }));
            }
        }
    }

    fn back_to_next_line(&mut self) {
        self.n_reread += self.source.since_mark() as u64;
        if self.n_reread <= MAX_REREAD_BYTES {
            self.source.go_back();
            self.source.skip_line();
        }
        self.source.clear_mark();
    }
}

/// Whether a quotation mark is open. A mark opens at the beginning of a field alone, and two in a row stand for one. What follows
/// a closing mark other than the end of the field is odd: over several lines, the mark was none that closes.
struct Quotes {
    open: bool,
    at_start: bool,
    closing: bool,
    is_odd: bool,
}

impl Default for Quotes {
    fn default() -> Self {
        Self { open: false, at_start: true, closing: false, is_odd: false }
    }
}

impl Quotes {
    fn pass(&mut self, line: &[u8], delimiter: u8) {
        for &byte in line {
            if self.open {
                if byte == b'"' {
                    self.open = false;
                    self.closing = true;
                }
                continue;
            }
            match byte {
                // The second of two: the field goes on.
                b'"' if self.closing || self.at_start => self.open = true,
                b'\r' | b'\n' => {}
                _ if self.closing && byte != delimiter => self.is_odd = true,
                _ => {}
            }
            self.at_start = byte == delimiter;
            self.closing = false;
        }
    }
}

#[derive(Clone)]
struct Table {
    names: Arc<Vec<String>>,
    delimiter: u8,
    charset: &'static str,
}

impl Table {
    fn object(&self, fields: &[String], options: &ReadOptions) -> Map<String, Value> {
        let mut object = Map::new();
        // Columns told by number come first, under the number.
        for (_, column) in options.columns.iter().flat_map(|map| map.pairs()) {
            if let Some(field) = number_of(column).and_then(|n| fields.get(n)) {
                object.insert(column.clone(), Value::from(field.as_str()));
            }
        }
        for (n, field) in fields.iter().enumerate() {
            let numbered = options.columns.is_some() && object.contains_key(&format!("#{}", n + 1));
            let name = self.names.get(n).filter(|name| !name.is_empty());
            // That a text is blank is told; of other columns it says nothing.
            let told = |name: &&String| !field.is_empty() || part_of(name) == Some(Part::Text);
            if let Some(name) = name.filter(told).filter(|_| !numbered) {
                object.entry(name.clone()).or_insert_with(|| Value::from(field.as_str()));
            } else if self.names.get(n).is_none() && !self.names.is_empty() && !field.is_empty() {
                object.entry(format!("column {}", n + 1)).or_insert_with(|| Value::from(field.as_str()));
            }
        }
        object
    }

    fn is_address_only(&self, row: &Row, options: &ReadOptions) -> bool {
        // Rows with a column of text are told if it is empty.
        let has_text = options.columns.as_ref().is_some_and(|map| map.columns(Part::Text).next().is_some())
            || self.names.iter().any(|name| part_of(name) == Some(Part::Text) || is_markup(name));
        !has_text && is_address_only(&self.object(&fields_of(&row.bytes, self.delimiter), options), options)
    }

    fn read(&self, rows: Vec<Row>, place: &str, options: &ReadOptions) -> Reading {
        let mut reading = Reading::default();
        let mut fields = Fields::new(self.delimiter);
        for row in rows {
            let origin = Origin { place: place.to_owned(), item: Some(row.number) };
            let range = row.offset..row.offset + row.bytes.len() as u64;
            let content = Content {
                bytes: row.bytes.as_slice().into(),
                media_type: "text/csv".into(),
                range: Some(range),
            };
            let object = self.object(&fields.of(&decoded(row.bytes, self.charset)), options);
            match report_of_value(Value::Object(object), &origin, options, &mut reading.notices) {
                Ok(draft) => {
                    reading.reports.push(Report::new(draft, origin));
                    reading.last_came_from(content);
                }
                Err(error) => reading.failures.push(error),
            }
        }
        reading
    }
}
