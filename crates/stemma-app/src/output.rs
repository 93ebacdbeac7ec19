//! Where results go: standard output or a file, and what the terminal can show.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Error};
use stemma::render::TextOptions;

use crate::arguments::{ColorChoice, PageArguments};
use crate::failure::{Exit, Failure};

/// Columns where no terminal says otherwise.
const DEFAULT_WIDTH: usize = 100;

/// Narrowest and widest page that a terminal's size asks for: text of more columns is hard to read.
const TERMINAL_WIDTHS: (usize, usize) = (80, 120);

/// Writes a whole result. A reader that goes away early (`| head`) is no failure.
pub(crate) fn write(path: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    let Some(path) = path else { return write_stdout(bytes) };
    fs::write(path, bytes).with_context(|| format!("{}: cannot be written", path.display())).map_err(
        |error| Failure::new(Exit::Failed, error).hint("check that the folder exists and may be written to"),
    )
}

fn write_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Failed, Error::new(error).context("standard output cannot be written")))
        }
        _ => Ok(()),
    }
}

/// A result that is written as it is made: too much to hold.
pub(crate) struct Lines {
    out: Box<dyn Write>,
    /// Where it goes.
    name: String,
    /// False when the reader has gone away.
    is_read: bool,
}

impl Lines {
    /// To a file, which is made, or to standard output.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let name = path.map_or("standard output".to_owned(), |path| path.display().to_string());
        let out: Box<dyn Write> = match path.map(fs::File::create) {
            None => Box::new(io::BufWriter::new(io::stdout())),
            Some(Ok(file)) => Box::new(io::BufWriter::new(file)),
            Some(Err(error)) => return Err(unwritable(&name, error)),
        };
        Ok(Self { out, name, is_read: true })
    }

    /// Writes a line. A reader that goes away early is no failure.
    pub(crate) fn write(&mut self, line: &str) -> Result<(), Failure> {
        if self.is_read {
            let done = self.out.write_all(line.as_bytes());
            self.settle(done)?;
        }
        Ok(())
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let done = if self.is_read { self.out.flush() } else { Ok(()) };
        self.settle(done)
    }

    fn settle(&mut self, done: io::Result<()>) -> Result<(), Failure> {
        match done {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_read = false;
                Ok(())
            }
            done => done.map_err(|error| unwritable(&self.name, error)),
        }
    }
}

fn unwritable(name: &str, error: io::Error) -> Failure {
    let error = Error::new(error).context(format!("{name}: cannot be written"));
    Failure::new(Exit::Failed, error).hint("check that the folder exists, has room and may be written to")
}

/// How text looks that goes where `arguments` say.
pub(crate) fn text_options(arguments: &PageArguments) -> TextOptions {
    let to_file = arguments.output.is_some();
    TextOptions {
        width: width(arguments.width.map(usize::from), to_file),
        color: color(arguments.color, to_file),
        all: arguments.all,
    }
}

/// Columns of the page: as asked, else as the terminal has them within bounds, else 100.
pub(crate) fn width(asked: Option<usize>, to_file: bool) -> usize {
    let (narrowest, widest) = TERMINAL_WIDTHS;
    asked.unwrap_or_else(|| match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(columns), _)) if !to_file => usize::from(columns).clamp(narrowest, widest),
        _ => DEFAULT_WIDTH,
    })
}

/// Whether to color: as asked, else if a terminal is there and neither `NO_COLOR` nor `TERM=dumb` is set.
fn color(choice: ColorChoice, to_file: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
            !to_file && !refused && !dumb && io::stdout().is_terminal()
        }
    }
}
