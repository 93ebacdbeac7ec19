//! Arguments of a command to bytes: files, folders, standard input.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use stemma_core::Origin;

use crate::packed::{Packing, is_known, read_zip};
use crate::sink::Sink;
use crate::source::Source;
use crate::stream::{File, read_source};
use crate::{Format, MAX_REPORT_BYTES, ReadError, ReadOptions, Reading, collect, read_bytes_with};

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

/// Characters of a name that a notice shows: names in broken archives may hold anything.
const MAX_NAME_CHARS: usize = 120;

/// Bytes that are read in one piece where they are here already.
const SMALL_BYTES: usize = 64 * 1024;

/// Names of passed-over files that a notice tells; the others are counted.
const NAMED_FILES: usize = 5;

/// Reads all inputs. Never fails as a whole: see [`Reading`]. Files are read in parallel on rayon's current pool; the
/// order of what comes out does not depend on it.
pub fn read(inputs: Vec<Input>) -> Reading {
    read_with(inputs, &ReadOptions::default())
}

/// As [`read`], with options.
pub fn read_with(inputs: Vec<Input>, options: &ReadOptions) -> Reading {
    collect(options, |sink| read_all(inputs, sink))
}

/// Reads all inputs and hands on what comes out, piece by piece and in order, until `each` breaks off. Archives, tables and files
/// of JSON lines take no memory however large they are; other files are read a few at a time.
pub fn read_each(inputs: Vec<Input>, each: &mut dyn FnMut(Reading) -> ControlFlow<()>) -> ControlFlow<()> {
    read_each_with(inputs, &ReadOptions::default(), each)
}

/// As [`read_each`], with options.
pub fn read_each_with(
    inputs: Vec<Input>,
    options: &ReadOptions,
    each: &mut dyn FnMut(Reading) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut sink = Sink::new(options, each);
    read_all(inputs, &mut sink);
    sink.flush();
    if sink.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

fn read_all(inputs: Vec<Input>, sink: &mut Sink<'_>) {
    for input in inputs {
        match input {
            Input::Path(path) => read_path(path, sink),
            Input::StandardInput => {
                let file = File::of_path(Path::new("-"), Origin::whole("-"));
                read_source(&mut Source::outer(io::stdin().lock()), &file, sink);
            }
            // What may hold many reports is walked through, so that they are handed on as they come.
            Input::Bytes { place, bytes, format: None } if bytes.len() > SMALL_BYTES => {
                let file = File { format: None, ..File::of_path(Path::new(&place), Origin::whole(&place)) };
                read_source(&mut Source::outer(&bytes[..]), &file, sink);
            }
            Input::Bytes { place, bytes, format } => {
                let options = sink.options().clone();
                sink.push(bytes.len(), move || {
                    read_bytes_with(bytes, format, &Origin::whole(place), &options)
                });
            }
        }
        if sink.is_stopped() {
            return;
        }
    }
}

fn origin_of(path: &Path) -> Origin {
    Origin::whole(path.to_string_lossy())
}

fn read_path(path: PathBuf, sink: &mut Sink<'_>) {
    let origin = origin_of(&path);
    let address = ["http://", "https://"].iter().any(|scheme| origin.place.starts_with(scheme));
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => read_folder(&path, sink),
        Ok(metadata) => read_file(path, metadata.len(), sink),
        Err(_) if address => sink.fail(ReadError::Address { origin }),
        Err(source) => sink.fail(io_error(origin, source)),
    }
}

fn io_error(origin: Origin, source: io::Error) -> ReadError {
    match source.kind() {
        io::ErrorKind::NotFound => ReadError::Missing { origin },
        _ => ReadError::Io { origin, source },
    }
}

fn read_folder(folder: &Path, sink: &mut Sink<'_>) {
    let mut walk = Walk::default();
    walk.enter(folder, 0);
    let origin = origin_of(folder);
    if walk.files.is_empty() && walk.failures.is_empty() {
        sink.fail(ReadError::NothingInFolder { origin: origin.clone() });
    }
    if let Some(problem) = passed_over(&walk.others) {
        sink.notice(&origin, problem);
    }
    walk.failures.drain(..).for_each(|error| sink.fail(error));
    for file in walk.files {
        if sink.is_stopped() {
            return;
        }
        let n_bytes = fs::metadata(&file).map_or(0, |metadata| metadata.len());
        read_file(file, n_bytes, sink);
    }
}

/// One report a file, as its name says, is read beside others; what may hold many is walked through at once.
fn read_file(path: PathBuf, n_bytes: u64, sink: &mut Sink<'_>) {
    let origin = origin_of(&path);
    let one = matches!(Format::of_path(&path), Some(Format::Text | Format::Markdown | Format::Html));
    if one && n_bytes <= MAX_REPORT_BYTES {
        let options = sink.options().clone();
        return sink.push(n_bytes as usize, move || collect(&options, |sink| open_file(&path, origin, sink)));
    }
    open_file(&path, origin, sink);
}

fn open_file(path: &Path, origin: Origin, sink: &mut Sink<'_>) {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(source) => return sink.fail(io_error(origin, source)),
    };
    let mut source = Source::outer(&file);
    let described = File::of_path(path, origin);
    // The table of a ZIP archive stands at its end: on a disk it can be read from there.
    if Packing::of_bytes(source.peek(64)) == Some(Packing::Zip)
        && let Ok(whole) = file.try_clone()
    {
        source.allow(file.metadata().map_or(0, |metadata| metadata.len()));
        return read_zip(io::BufReader::new(whole), &source, &described, sink);
    }
    read_source(&mut source, &described, sink);
}

#[derive(Default)]
struct Walk {
    files: Vec<PathBuf>,
    /// Hidden, of an unknown ending, beside a saved page, or too deep.
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
        let names: BTreeSet<String> =
            entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        for entry in entries {
            let path = entry.path();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            let of_page = is_folder && is_of_page(&entry.file_name().to_string_lossy(), &names);
            if hidden || of_page || (is_folder && depth >= MAX_DEPTH) {
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

/// True for the folder of scripts, pictures and frames that browsers put beside a page when they save it whole.
fn is_of_page(folder: &str, beside: &BTreeSet<String>) -> bool {
    ["_files", ".files", "-Dateien", "_fichiers", "_archivos", "_pliki"].iter().any(|ending| {
        folder.strip_suffix(ending).is_some_and(|page| {
            ["html", "htm"].iter().any(|ending| beside.contains(&format!("{page}.{ending}")))
        })
    })
}

/// A file's name fit for a message: in one line, and not without end.
fn shown(name: &str) -> String {
    let mut shown: String =
        name.chars().take(MAX_NAME_CHARS).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if name.chars().nth(MAX_NAME_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

/// A notice of what was passed over; `None` if nothing was.
pub(crate) fn passed_over(others: &[String]) -> Option<String> {
    let (named, more) = others.split_at(others.len().min(NAMED_FILES));
    let names = named.iter().map(|name| shown(name)).collect::<Vec<_>>().join(", ");
    match more.len() {
        _ if named.is_empty() => None,
        0 => Some(format!("passed over {names}")),
        more => Some(format!("passed over {names} and {more} more")),
    }
}
