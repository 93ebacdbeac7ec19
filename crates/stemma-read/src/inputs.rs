//! Arguments of a command to bytes: files, folders, standard input.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use stemma_core::Origin;

use crate::packed::{Packing, is_known};
use crate::{Format, Lines, MAX_FILE_BYTES, MAX_REPORT_BYTES, Notice, ReadError, Reading, json, read_bytes};
use flate2::read::MultiGzDecoder;

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
    let mut reading = Reading::default();
    read_together(sources_of(inputs), &mut reading);
    reading
}

/// Reads all inputs and hands on what comes out, piece by piece and in order, until `each` breaks off. JSON lines are read
/// line by line, so that they take no memory however many they are; other files a few at a time.
pub fn read_each(inputs: Vec<Input>, each: &mut dyn FnMut(Reading) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut waiting = Vec::new();
    for source in sources_of(inputs) {
        match lines_of(source) {
            Ok(lines) => {
                hand_on(std::mem::take(&mut waiting), each)?;
                lines.into_iter().try_for_each(&mut *each)?;
            }
            Err(source) => waiting.push(source),
        }
        if waiting.len() >= FILES_TOGETHER {
            hand_on(std::mem::take(&mut waiting), each)?;
        }
    }
    hand_on(waiting, each)
}

/// Files that are read in parallel before what came out of them is handed on.
const FILES_TOGETHER: usize = 32;

fn hand_on(sources: Vec<Source>, each: &mut dyn FnMut(Reading) -> ControlFlow<()>) -> ControlFlow<()> {
    if sources.is_empty() {
        return ControlFlow::Continue(());
    }
    let mut reading = Reading::default();
    read_together(sources, &mut reading);
    each(reading)
}

fn read_together(sources: Vec<Source>, all: &mut Reading) {
    let readings: Vec<Reading> = sources.into_par_iter().map(read_source).collect();
    readings.into_iter().for_each(|reading| all.append(reading));
}

fn sources_of(inputs: Vec<Input>) -> Vec<Source> {
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
    sources
}

type LinesOf = Lines<BufReader<Box<dyn Read + Send>>>;

/// The lines of a source of JSON lines, packed or not; another source is given back.
fn lines_of(source: Source) -> Result<LinesOf, Source> {
    let opened: (Box<dyn Read + Send>, String) = match &source {
        Source::StandardInput => (Box::new(io::stdin()), "-".to_owned()),
        Source::File(path) => match (line_packing(path), File::open(path)) {
            (Some(packing), Ok(file)) => {
                let file: Box<dyn Read + Send> = if packing.is_some() {
                    Box::new(MultiGzDecoder::new(BufReader::new(file)))
                } else {
                    Box::new(file)
                };
                (file, origin_of(path).place)
            }
            _ => return Err(source),
        },
        Source::Begun(..) | Source::Bytes(..) | Source::Done(_) => return Err(source),
    };
    let (input, place) = opened;
    let mut input = BufReader::new(input);
    let mut head = Vec::new();
    // What cannot be read here is told by whoever reads the whole.
    let taken = input.by_ref().take(MAX_REPORT_BYTES).read_until(b'\n', &mut head);
    let are_lines = taken.is_ok() && std::str::from_utf8(&head).is_ok_and(json::first_line_is_an_object);
    match source {
        _ if are_lines && head.ends_with(b"\n") => {
            let input: Box<dyn Read + Send> = Box::new(io::Cursor::new(head).chain(input));
            Ok(Lines::new(BufReader::new(input), place))
        }
        // Standard input can be read only once.
        Source::StandardInput => Err(Source::Begun(head, input)),
        source => Err(source),
    }
}

/// Whether a file of JSON lines is packed; `None` if it has another ending.
fn line_packing(path: &Path) -> Option<Option<Packing>> {
    let packing = Packing::of_path(path);
    let name = match packing {
        Some(Packing::Gzip) => path.with_extension(""),
        Some(_) => return None,
        None => path.to_owned(),
    };
    (Format::of_path(&name) == Some(Format::JsonLines)).then_some(packing)
}

/// One thing to read, after folders were opened.
enum Source {
    File(PathBuf),
    StandardInput,
    /// Standard input of which a part was taken already.
    Begun(Vec<u8>, BufReader<Box<dyn Read + Send>>),
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
        Source::Begun(head, rest) => {
            read_stream(io::Cursor::new(head).chain(rest), None, &Origin::whole("-"))
        }
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
