//! Packed files: gzip, ZIP and tar, and these in each other, to the reports of what is in them.
//!
//! Nothing is written to disk, so that no name inside an archive can do harm. What unpacks to more than [`MAX_FILE_BYTES`] is
//! refused as soon as it does, and so are archives more than [`MAX_DEPTH`] deep in each other.

use std::io::{Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use rayon::prelude::*;
use stemma_core::Origin;
use zip::ZipArchive;

use crate::inputs::passed_over;
use crate::{Format, MAX_FILE_BYTES, Notice, ReadError, Reading, read_unpacked};

/// Archives inside archives that are opened.
const MAX_DEPTH: usize = 3;

/// How a file is packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Packing {
    Gzip,
    Zip,
    Tar,
}

impl Packing {
    /// What the ending of a file's name says.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "gz" | "tgz" => Some(Self::Gzip),
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
        if bytes.starts_with(b"PK\x03\x04") {
            let first_name = bytes.get(30..).unwrap_or_default();
            let is_document = [&b"mimetype"[..], b"[Content_Types].xml", b"_rels/"];
            return (!is_document.iter().any(|name| first_name.starts_with(name))).then_some(Self::Zip);
        }
        (bytes.get(257..262) == Some(b"ustar")).then_some(Self::Tar)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip file",
            Self::Zip => "ZIP archive",
            Self::Tar => "tar archive",
        }
    }
}

/// True for files inside an archive, or in a folder, that are read.
pub(crate) fn is_known(path: &Path) -> bool {
    Format::of_path(path).is_some() || Packing::of_path(path).is_some()
}

/// The reports in a packed file.
pub(crate) fn read_packed(bytes: &[u8], packing: Packing, origin: &Origin) -> Reading {
    let mut unpacked = Unpacked { files: Vec::new(), reading: Reading::default(), left: MAX_FILE_BYTES };
    unpacked.open(bytes, packing, origin, 0);
    let Unpacked { files, mut reading, .. } = unpacked;
    if files.is_empty() && reading.failures.is_empty() {
        reading.failures.push(ReadError::NothingInFolder { origin: origin.clone() });
    }
    let readings: Vec<Reading> =
        files.into_par_iter().map(|file| read_unpacked(file.bytes, file.format, &file.origin)).collect();
    readings.into_iter().for_each(|other| reading.append(other));
    reading
}

/// A file that was packed.
struct Inner {
    origin: Origin,
    bytes: Vec<u8>,
    format: Option<Format>,
}

struct Unpacked {
    files: Vec<Inner>,
    /// What could not be read, and what was passed over.
    reading: Reading,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl Unpacked {
    fn open(&mut self, bytes: &[u8], packing: Packing, origin: &Origin, depth: usize) {
        let opened = match packing {
            _ if depth >= MAX_DEPTH => Err(format!("it lies more than {MAX_DEPTH} archives deep")),
            Packing::Gzip => return self.open_gzip(bytes, origin, depth),
            Packing::Zip => self.open_zip(bytes, origin, depth),
            Packing::Tar => self.open_tar(bytes, origin, depth),
        };
        if let Err(problem) = opened {
            self.fail(packing, origin, problem);
        }
    }

    fn fail(&mut self, packing: Packing, origin: &Origin, problem: String) {
        let error = ReadError::Packed { origin: origin.clone(), packing: packing.name(), problem };
        self.reading.failures.push(error);
    }

    /// One file. Of lines that were cut off those that are whole are read.
    fn open_gzip(&mut self, bytes: &[u8], origin: &Origin, depth: usize) {
        let place = Path::new(&origin.place);
        let name = match place.extension().and_then(|ending| ending.to_str()) {
            Some(ending) if ending.eq_ignore_ascii_case("tgz") => place.with_extension("tar"),
            _ => place.with_extension(""),
        };
        let Some((inner, problem)) = self.take(MultiGzDecoder::new(bytes), origin) else { return };
        let lines = Format::of_path(&name) == Some(Format::JsonLines);
        if problem.is_none() || lines {
            self.add(inner, &name, origin, depth);
        }
        if let Some(problem) = problem {
            self.fail(Packing::Gzip, origin, problem);
        }
    }

    fn open_zip(&mut self, bytes: &[u8], origin: &Origin, depth: usize) -> Result<(), String> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        let mut others = Vec::new();
        for n in 0..archive.len() {
            let mut entry = match archive.by_index(n) {
                Ok(entry) => entry,
                Err(error) => {
                    self.fail(Packing::Zip, &inside(origin, &format!("entry {}", n + 1)), error.to_string());
                    continue;
                }
            };
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            if entry.is_file() {
                others.extend(self.add_entry(&mut entry, name, Packing::Zip, origin, depth));
            }
        }
        self.pass_over(&others, origin);
        Ok(())
    }

    fn open_tar(&mut self, bytes: &[u8], origin: &Origin, depth: usize) -> Result<(), String> {
        let mut archive = tar::Archive::new(bytes);
        let mut others = Vec::new();
        for entry in archive.entries().map_err(|error| error.to_string())? {
            // What follows a broken entry cannot be found.
            let mut entry = entry.map_err(|error| error.to_string())?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if entry.header().entry_type().is_file() {
                others.extend(self.add_entry(&mut entry, name, Packing::Tar, origin, depth));
            }
        }
        self.pass_over(&others, origin);
        Ok(())
    }

    /// A file of an archive; gives its name back if it is none to read.
    fn add_entry(
        &mut self,
        entry: &mut impl Read,
        name: String,
        packing: Packing,
        archive: &Origin,
        depth: usize,
    ) -> Option<String> {
        let path = Path::new(&name);
        let hidden = path.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            part.starts_with('.') && part.len() > 1 || part == "__MACOSX"
        });
        if hidden || !is_known(path) {
            return Some(name);
        }
        let origin = inside(archive, &name);
        match self.take(entry, &origin) {
            Some((bytes, None)) => self.add(bytes, path, &origin, depth),
            Some((_, Some(problem))) => self.fail(packing, &origin, problem),
            None => {}
        }
        None
    }

    /// A file of `name` that was packed; itself packed perhaps.
    fn add(&mut self, bytes: Vec<u8>, name: &Path, origin: &Origin, depth: usize) {
        let format = Format::of_path(name);
        let packing = Packing::of_path(name).or(Packing::of_bytes(&bytes).filter(|_| format.is_none()));
        match packing {
            Some(packing) => self.open(&bytes, packing, origin, depth + 1),
            None => self.files.push(Inner { origin: origin.clone(), bytes, format }),
        }
    }

    /// What can be unpacked, and why no more; `None` if it is too much.
    fn take(&mut self, packed: impl Read, origin: &Origin) -> Option<(Vec<u8>, Option<String>)> {
        let mut bytes = Vec::new();
        let ended = packed.take(self.left + 1).read_to_end(&mut bytes);
        if bytes.len() as u64 > self.left {
            self.reading.failures.push(ReadError::too_large(origin.clone(), MAX_FILE_BYTES));
            self.left = 0;
            return None;
        }
        self.left -= bytes.len() as u64;
        Some((bytes, ended.err().map(|error| error.to_string())))
    }

    fn pass_over(&mut self, others: &[String], origin: &Origin) {
        if let Some(problem) = passed_over(others) {
            self.reading.notices.push(Notice { origin: origin.clone(), problem });
        }
    }
}

/// `inbox.zip/story/a.html`
fn inside(archive: &Origin, name: &str) -> Origin {
    Origin::whole(format!("{}/{name}", archive.place))
}
