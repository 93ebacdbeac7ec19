//! Packed files: gzip, Zstandard, ZIP and tar, and these in each other, to what is in them.
//!
//! Nothing is written to disk, so that no name inside an archive can do harm. What unpacks to more than a [`Budget`](crate::source::Budget) allows
//! is refused as soon as it does, and so are archives more than [`MAX_DEPTH`] deep in each other. Files are read as they
//! unpack; only a ZIP archive that does not come from a disk is held in memory, as its table stands at its end.
//!
//! Zstandard is read by the C library that the store packs with, not by `ruzstd`. On 91 pages of 48 kB it reads 1,480 MB/s and the other 330, and
//! packs 410 MB/s to 0.27 of their size where the other packs 82 to 0.34; it takes 22 seconds of one processor to build, once, the other 3.

use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use stemma_core::Origin;
use zip::ZipArchive;

use crate::inputs::passed_over;
use crate::sink::Sink;
use crate::source::Source;
use crate::stream::{File, read_source};
use crate::{Format, MAX_FILE_BYTES, ReadError, brief};

/// Archives inside archives that are opened.
const MAX_DEPTH: usize = 3;

/// How a file is packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Packing {
    Gzip,
    Zstandard,
    Zip,
    Tar,
}

impl Packing {
    /// What the ending of a file's name says.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "gz" | "tgz" => Some(Self::Gzip),
            "zst" | "tzst" => Some(Self::Zstandard),
            "zip" => Some(Self::Zip),
            "tar" => Some(Self::Tar),
            _ => None,
        }
    }

    /// What the first bytes say. An office document is a ZIP archive, too, but none of files to read.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x1F\x8B") {
            return Some(Self::Gzip);
        }
        if bytes.starts_with(&ZSTANDARD) || is_skippable(bytes) {
            return Some(Self::Zstandard);
        }
        if bytes.starts_with(b"PK\x03\x04") {
            let first_name = bytes.get(30..).unwrap_or_default();
            let is_document = [&b"mimetype"[..], b"[Content_Types].xml", b"_rels/"];
            return (!is_document.iter().any(|name| first_name.starts_with(name))).then_some(Self::Zip);
        }
        (bytes.get(257..262) == Some(b"ustar")).then_some(Self::Tar)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip file",
            Self::Zstandard => "Zstandard file",
            Self::Zip => "ZIP archive",
            Self::Tar => "tar archive",
        }
    }
}

/// True for files inside an archive, or in a folder, that are read.
pub(crate) fn is_known(path: &Path) -> bool {
    Format::of_path(path).is_some() || Packing::of_path(path).is_some()
}

/// Reads what is in a packed file. A packed file of lines that was cut off gives those that are whole.
pub(crate) fn read_packed(source: &mut Source<'_>, packing: Packing, file: &File, sink: &mut Sink<'_>) {
    if file.depth >= MAX_DEPTH {
        let problem = format!("it lies more than {MAX_DEPTH} archives deep");
        return sink.fail(broken(packing, &file.origin, problem));
    }
    let budget = source.budget().clone();
    match packing {
        Packing::Gzip => {
            let mut inner = Source::unpacked(MultiGzDecoder::new(source), budget);
            read_source(&mut inner, &file.unpacked(packing), sink);
        }
        Packing::Zstandard => {
            let mut inner = Source::unpacked(frames(source), budget);
            read_source(&mut inner, &file.unpacked(packing), sink);
        }
        Packing::Zip => {
            let bytes = source.take_bytes(MAX_FILE_BYTES + 1);
            if let Some(failure) = source.take_failure() {
                return sink.fail(file.failed(source, failure));
            }
            if bytes.len() as u64 > MAX_FILE_BYTES {
                return sink.fail(ReadError::too_large(file.origin.clone(), MAX_FILE_BYTES));
            }
            read_zip(Cursor::new(bytes), source, file, sink);
        }
        Packing::Tar => read_tar(source, file, sink),
    }
}

/// Reads the files of a ZIP archive; their bytes count to the budget of `source`.
pub(crate) fn read_zip(reader: impl Read + Seek, source: &Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let origin = &file.origin;
    let mut archive = match ZipArchive::new(reader) {
        Ok(archive) => archive,
        Err(error) => return sink.fail(broken(Packing::Zip, origin, error.to_string())),
    };
    let mut listing = Listing::default();
    for n in 0..archive.len() {
        if sink.is_stopped() || source.budget().is_spent() {
            return;
        }
        let entry = match archive.by_index(n) {
            Ok(entry) => entry,
            Err(error) => {
                listing.n_files += 1;
                sink.fail(broken(
                    Packing::Zip,
                    &inside(origin, &format!("entry {}", n + 1)),
                    error.to_string(),
                ));
                continue;
            }
        };
        if entry.is_file() {
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            if let Some(inner) = listing.file(name, Packing::Zip, file) {
                read_source(&mut Source::unpacked(entry, source.budget().clone()), &inner, sink);
            }
        }
    }
    listing.tell(origin, sink);
}

fn read_tar(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let budget = source.budget().clone();
    let origin = &file.origin;
    let mut listing = Listing::default();
    let mut archive = tar::Archive::new(source);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return sink.fail(broken(Packing::Tar, origin, error.to_string())),
    };
    for entry in entries {
        if sink.is_stopped() || budget.is_spent() {
            return;
        }
        // What follows a broken entry cannot be found.
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                sink.fail(broken(Packing::Tar, origin, error.to_string()));
                listing.n_files += 1;
                break;
            }
        };
        if entry.header().entry_type().is_file() {
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if let Some(inner) = listing.file(name, Packing::Tar, file) {
                read_source(&mut Source::unpacked(entry, budget.clone()), &inner, sink);
            }
        }
    }
    listing.tell(origin, sink);
}

/// What an archive holds.
#[derive(Default)]
struct Listing {
    n_files: usize,
    others: Vec<String>,
}

impl Listing {
    /// The file of this name, if it is one to read.
    fn file(&mut self, name: String, packing: Packing, archive: &File) -> Option<File> {
        let path = Path::new(&name);
        let hidden = path.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            part.starts_with('.') && part.len() > 1 || part == "__MACOSX"
        });
        if hidden || !is_known(path) {
            self.others.push(name);
            return None;
        }
        self.n_files += 1;
        let format = Format::of_path(path);
        let origin = inside(&archive.origin, &name);
        Some(File {
            origin,
            name: PathBuf::from(name),
            format,
            packing: Some(packing),
            depth: archive.depth + 1,
        })
    }

    fn tell(self, origin: &Origin, sink: &mut Sink<'_>) {
        if let Some(problem) = passed_over(&self.others) {
            sink.notice(origin, problem);
        }
        if self.n_files == 0 {
            sink.fail(ReadError::NothingInFolder { origin: origin.clone() });
        }
    }
}

pub(crate) fn broken(packing: Packing, origin: &Origin, problem: String) -> ReadError {
    ReadError::Packed { origin: origin.clone(), packing: packing.name(), problem: brief(&problem) }
}

/// `inbox.zip/story/a.html`
fn inside(archive: &Origin, name: &str) -> Origin {
    let name: String = name.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    Origin::whole(format!("{}/{name}", archive.place))
}

const ZSTANDARD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// Frames of user data, which say nothing about the text.
fn is_skippable(bytes: &[u8]) -> bool {
    bytes.len() >= 8 && bytes[0] & 0xF0 == 0x50 && bytes[1..4] == [0x2A, 0x4D, 0x18]
}

/// What the frames of a Zstandard file unpack to, one after the other. A frame that asks for more than 128 MiB to look back into is refused.
fn frames<'s>(source: &'s mut Source<'_>) -> impl Read + 's {
    Frames(zstd::stream::read::Decoder::with_buffer(source))
}

/// Unpacker that could not be made, which takes memory alone, fails when it is read.
struct Frames<R: io::BufRead>(io::Result<zstd::stream::read::Decoder<'static, R>>);

impl<R: io::BufRead> Read for Frames<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Ok(decoder) => decoder.read(out).map_err(problem_of),
            Err(error) => Err(io::Error::other(error.to_string())),
        }
    }
}

/// What is wrong with a frame, in the words of the other messages.
fn problem_of(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => io::Error::other("it is cut off"),
        _ if error.to_string().contains("checksum") => io::Error::other("its checksum is wrong"),
        _ => error,
    }
}
