//! One stream of bytes to jobs: what it is, by its name and its first bytes, and how it is taken apart.
//!
//! Packed files are opened. Formats of many reports, WARC, CSV, mailboxes and JSON lines, are read as they come; everything else is taken
//! whole, up to the limit of its format.

use std::io;
use std::path::{Path, PathBuf};

use stemma_core::Origin;

use crate::packed::{Packing, broken, read_packed};
use crate::sink::{REPORT_BYTES, Sink};
use crate::source::Source;
use crate::{
    Format, MAX_REPORT_BYTES, ReadError, Reading, charset, decode, json, mailbox, read_whole, table, warc,
};

/// Bytes by which a stream is judged. The first line of a file of JSON lines should end in them.
const HEAD_BYTES: usize = 64 * 1024;

/// Bytes of lines that are read together.
const LINES_BYTES: usize = 1024 * 1024;

/// One file to read, on a disk or in an archive.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) origin: Origin,
    /// Its name, whose ending counts where the content leaves doubt.
    pub(crate) name: PathBuf,
    /// The format that it should have.
    pub(crate) format: Option<Format>,
    /// What it comes out of.
    pub(crate) packing: Option<Packing>,
    /// Archives around it.
    pub(crate) depth: usize,
}

impl File {
    /// A file that is in nothing.
    pub(crate) fn of_path(path: &Path, origin: Origin) -> Self {
        Self { origin, name: path.to_owned(), format: Format::of_path(path), packing: None, depth: 0 }
    }

    /// What a file that packs one other unpacks to.
    pub(crate) fn unpacked(&self, packing: Packing) -> Self {
        let is_tar = self
            .name
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("tgz") || ending.eq_ignore_ascii_case("tzst"));
        let name = match Packing::of_path(&self.name) {
            Some(Packing::Gzip | Packing::Zstandard) if is_tar => self.name.with_extension("tar"),
            Some(Packing::Gzip | Packing::Zstandard) => self.name.with_extension(""),
            _ => self.name.clone(),
        };
        let format = Format::of_path(&name);
        Self { origin: self.origin.clone(), name, format, packing: Some(packing), depth: self.depth + 1 }
    }

    /// Why no more could be read of it.
    pub(crate) fn failed(&self, source: &Source<'_>, failure: io::Error) -> ReadError {
        if source.budget().is_spent() {
            return ReadError::TooLarge {
                origin: self.origin.clone(),
                limit_mib: source.budget().limit_mib(),
            };
        }
        match self.packing {
            Some(packing) => {
                let at = source.position();
                broken(packing, &self.origin, format!("{failure}, after {at} unpacked bytes"))
            }
            None => ReadError::Io { origin: self.origin.clone(), source: failure },
        }
    }
}

/// Reads a stream.
pub(crate) fn read_source(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    if sink.is_stopped() {
        return;
    }
    let head = source.peek(HEAD_BYTES);
    if warc::is_packed_warc(head) {
        return warc::read_members(source, file, sink);
    }
    if let Some(packing) = Packing::of_bytes(head) {
        return read_packed(source, packing, file, sink);
    }
    #[cfg(feature = "parquet")]
    if crate::parquet::is_parquet(head) {
        return crate::parquet::read_parquet(source, file, sink);
    }
    #[cfg(feature = "pdf")]
    if crate::pdf::is_pdf(head) {
        return crate::pdf::read_pdf(source, file, sink);
    }
    match streamed_format(head, file.format) {
        Some(Format::Warc) => warc::read_warc(source, file, sink),
        Some(Format::JsonLines) => read_lines(source, file, sink),
        Some(Format::Mailbox) => mailbox::read_mailbox(source, file, sink),
        Some(Format::Csv) => table::read_table(source, file, sink),
        _ => read_rest(source, file, sink),
    }
}

/// The format, if it is one that is read as it comes.
fn streamed_format(head: &[u8], format: Option<Format>) -> Option<Format> {
    if head.starts_with(b"WARC/") {
        return Some(Format::Warc);
    }
    if head.is_empty() {
        return None;
    }
    let seems = match format {
        None => Format::of_head(head),
        // Some programs put the line of a mailbox in front of a single mail.
        Some(Format::Mail) if head.starts_with(b"From ") => Format::of_head(head),
        Some(format) => format,
    };
    if matches!(seems, Format::Csv | Format::Mailbox) {
        return Some(seems);
    }
    // Line ends of UTF-16 are not single bytes.
    if charset::is_utf16(head) {
        return None;
    }
    let may_be_lines = matches!(format, None | Some(Format::JsonLines));
    (may_be_lines && json::starts_with_lines(head)).then_some(Format::JsonLines)
}

/// Reads JSON lines.
fn read_lines(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let mut number = 0;
    let origin = |number| Origin { place: file.origin.place.clone(), item: Some(number) };
    while !sink.is_stopped() {
        let mut lines = Vec::new();
        let mut n_bytes = 0;
        while n_bytes < LINES_BYTES {
            let start = source.position();
            let mut line = source.take_line(MAX_REPORT_BYTES as usize);
            if line.is_empty() {
                break;
            }
            number += 1;
            n_bytes += line.len() + REPORT_BYTES;
            if line.len() as u64 > MAX_REPORT_BYTES {
                source.skip_line();
            } else {
                line.truncate(line.trim_ascii_end().len());
            }
            lines.push((number, start, line));
        }
        if lines.is_empty() {
            break;
        }
        let place = file.origin.place.clone();
        let options = sink.options().clone();
        sink.push(n_bytes, move || {
            let mut reading = Reading::default();
            for (number, start, line) in lines {
                let origin = Origin { place: place.clone(), item: Some(number) };
                if line.trim_ascii().is_empty() {
                    continue;
                }
                let range = start..start + line.len() as u64;
                let mut of_line =
                    decode(line, None, &origin, |text| json::read_json_line(&text, start, &origin, &options));
                // Decoding may have moved places.
                of_line.contents.iter_mut().flatten().for_each(|content| content.range = Some(range.clone()));
                reading.append(of_line);
            }
            reading
        });
    }
    if let Some(failure) = source.take_failure() {
        let file = File { origin: origin(number + 1), ..file.clone() };
        sink.fail(file.failed(source, failure));
    }
}

/// Reads a file that is taken whole.
fn read_rest(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let limit = match file.format {
        Some(format) => format.limit(),
        None => Format::of_head(source.peek(HEAD_BYTES)).limit(),
    };
    let bytes = source.take_bytes(limit + 1);
    if let Some(failure) = source.take_failure() {
        return sink.fail(file.failed(source, failure));
    }
    if bytes.len() as u64 > limit {
        return sink.fail(ReadError::too_large(file.origin.clone(), limit));
    }
    let (format, origin, options) = (file.format, file.origin.clone(), sink.options().clone());
    sink.push(bytes.len(), move || read_whole(bytes, format, &origin, &options));
}
