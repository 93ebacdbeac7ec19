//! Arguments of a command to bytes: files, folders, standard input.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use stemma_core::Origin;

use crate::packed::is_known;
use crate::{Format, MAX_FILE_BYTES, MAX_REPORT_BYTES, Notice, ReadError, Reading, read_bytes};

/// Where to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A file, or a folder with all files below it whose ending is known.
    Path(PathBuf),
    /// Standard input; the content decides on its format.
    StandardInput,
    /// Bytes that are already here.
    Bytes {
        /// Name to show for them.
        place: String,
        /// The bytes.
        bytes: Vec<u8>,
        /// Their format; without one, the content decides.
        format: Option<Format>,
    },
}

impl Input {
    /// The input that an argument of a command means: `-` is standard input, anything else a path.
    pub fn of_argument(argument: &OsStr) -> Self {
        if argument == "-" { Input::StandardInput } else { Input::Path(argument.into()) }
    }
}

/// Folders below folders that are followed; deeper ones are named in a notice.
const MAX_DEPTH: usize = 32;

/// Names of passed-over files that a notice tells; the others are counted.
const NAMED_FILES: usize = 5;

/// Reads all inputs. Never fails as a whole: see [`Reading`]. Files are read in parallel on rayon's current pool; the
/// order of what comes out does not depend on it.
pub fn read(inputs: Vec<Input>) -> Reading {
    let mut sources = Vec::new();
    for input in inputs {
        match input {
            Input::Path(path) => expand(&path, &mut sources),
            Input::StandardInput => sources.push(Source::StandardInput),
            Input::Bytes { place, bytes, format } => {
                sources.push(Source::Bytes(Origin::whole(place), bytes, format))
            }
        }
    }
    let readings: Vec<Reading> = sources.into_par_iter().map(read_source).collect();
    readings.into_iter().fold(Reading::default(), |mut all, reading| {
        all.append(reading);
        all
    })
}

/// One thing to read, after folders were opened.
enum Source {
    File(PathBuf),
    StandardInput,
    Bytes(Origin, Vec<u8>, Option<Format>),
    Done(Reading),
}

fn origin_of(path: &Path) -> Origin {
    Origin::whole(path.to_string_lossy())
}

fn expand(path: &Path, sources: &mut Vec<Source>) {
    let origin = origin_of(path);
    let address = ["http://", "https://"].iter().any(|scheme| origin.place.starts_with(scheme));
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => expand_folder(path, sources),
        Ok(_) => sources.push(Source::File(path.to_owned())),
        Err(_) if address => sources.push(failed(ReadError::Address { origin })),
        Err(source) => sources.push(failed(io_error(origin, source))),
    }
}

fn failed(error: ReadError) -> Source {
    Source::Done(Reading::failed(error))
}

fn io_error(origin: Origin, source: io::Error) -> ReadError {
    match source.kind() {
        io::ErrorKind::NotFound => ReadError::Missing { origin },
        _ => ReadError::Io { origin, source },
    }
}

fn expand_folder(folder: &Path, sources: &mut Vec<Source>) {
    let mut walk = Walk::default();
    walk.enter(folder, 0);
    let origin = origin_of(folder);
    let mut reading = Reading::default();
    if walk.files.is_empty() && walk.failures.is_empty() {
        reading.failures.push(ReadError::NothingInFolder { origin: origin.clone() });
    }
    if let Some(problem) = passed_over(&walk.others) {
        reading.notices.push(Notice { origin, problem });
    }
    reading.failures.append(&mut walk.failures);
    sources.push(Source::Done(reading));
    sources.extend(walk.files.into_iter().map(Source::File));
}

#[derive(Default)]
struct Walk {
    files: Vec<PathBuf>,
    /// Hidden or of an unknown ending, or too deep.
    others: Vec<String>,
    failures: Vec<ReadError>,
}

impl Walk {
    /// Goes through `folder` in order of names. Links to folders are not followed: they may lead in a circle.
    fn enter(&mut self, folder: &Path, depth: usize) {
        let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(source) => return self.failures.push(io_error(origin_of(folder), source)),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if hidden || (is_folder && depth >= MAX_DEPTH) {
                self.others.push(entry.file_name().to_string_lossy().into_owned());
            } else if is_folder {
                self.enter(&path, depth + 1);
            } else if is_known(&path) && !path.is_dir() {
                self.files.push(path);
            } else {
                self.others.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
    }
}

/// A notice of what was passed over; `None` if nothing was.
pub(crate) fn passed_over(others: &[String]) -> Option<String> {
    let (named, more) = others.split_at(others.len().min(NAMED_FILES));
    let names = named.join(", ");
    match more.len() {
        _ if named.is_empty() => None,
        0 => Some(format!("passed over {names}")),
        more => Some(format!("passed over {names} and {more} more")),
    }
}

fn read_source(source: Source) -> Reading {
    match source {
        Source::Done(reading) => reading,
        Source::Bytes(origin, bytes, format) => read_bytes(bytes, format, &origin),
        Source::StandardInput => read_stream(io::stdin().lock(), None, &Origin::whole("-")),
        Source::File(path) => {
            let origin = origin_of(&path);
            match File::open(&path) {
                Ok(file) => read_stream(file, Format::of_path(&path), &origin),
                Err(source) => Reading::failed(io_error(origin, source)),
            }
        }
    }
}

fn read_stream(stream: impl Read, format: Option<Format>, origin: &Origin) -> Reading {
    let many = matches!(format, None | Some(Format::Json | Format::JsonLines));
    let limit = if many { MAX_FILE_BYTES } else { MAX_REPORT_BYTES };
    let mut bytes = Vec::new();
    match stream.take(limit + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > limit => Reading::failed(ReadError::too_large(origin.clone(), limit)),
        Ok(_) => read_bytes(bytes, format, origin),
        Err(source) => Reading::failed(io_error(origin.clone(), source)),
    }
}
