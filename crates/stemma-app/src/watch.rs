//! `stemma stories --watch`: reports as they come in, each put into a story at once.
//!
//! One thread reads lines; whatever has come in meanwhile is annotated together, and placed in order by
//! [`stemma_desk::Filing`].

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::sync::mpsc::{Receiver, RecvError, SyncSender, sync_channel};

use stemma_desk::new_reports;
use stemma_read::{Lines, Reading};

use crate::arguments::StoriesArguments;
use crate::failure::{Exit, Failure};
use crate::filing::{self, Printer};
use crate::messages;

/// Lines that are annotated together at most, and that wait to be.
const CHUNK_LINES: usize = 256;

pub(crate) fn run(arguments: &StoriesArguments) -> Result<Exit, Failure> {
    let input = &arguments.input;
    let mut filing = filing::open(input.store.as_deref(), input.threads)?;
    let mut printer = Printer::new(arguments.json);
    let (lines, received) = sync_channel(CHUNK_LINES);
    let places = arguments.input.files.clone();
    // Reading ends with the input, or when nobody listens any more.
    std::thread::spawn(move || {
        places.iter().try_for_each(|place| read_lines(&place.to_string_lossy(), &lines))
    });
    let mut exit = Exit::Done;
    while let Ok(chunk) = next_chunk(&received) {
        let mut reports = Vec::new();
        for mut reading in chunk {
            if !reading.failures.is_empty() {
                exit = Exit::SomeUnread;
            }
            messages::unread(std::mem::take(&mut reading.failures));
            if !arguments.input.quiet {
                messages::notices(&reading.notices);
            }
            reports.extend(new_reports(reading));
        }
        if !filing.place(reports, &mut |placed| printer.print(placed))? {
            break;
        }
        filing::saved(filing.save_if_grown());
    }
    printer.finish()?;
    filing::saved(filing.save());
    Ok(exit)
}

/// Waits for one line, and takes those that are there already.
fn next_chunk(received: &Receiver<Reading>) -> Result<Vec<Reading>, RecvError> {
    let mut chunk = vec![received.recv()?];
    chunk.extend(received.try_iter().take(CHUNK_LINES - 1));
    Ok(chunk)
}

/// Sends every line of one input. `None` when nobody listens any more.
fn read_lines(place: &str, lines: &SyncSender<Reading>) -> Option<()> {
    let origin = |item| stemma::Origin { place: place.to_owned(), item };
    let failed = |source| stemma_read::ReadError::Io { origin: origin(None), source };
    let input: Box<dyn BufRead> = match place {
        "-" => Box::new(BufReader::new(io::stdin())),
        path => match File::open(path) {
            Ok(file) => Box::new(BufReader::new(file)),
            Err(error) => return lines.send(failure(failed(error))).ok(),
        },
    };
    Lines::new(input, place).try_for_each(|reading| lines.send(reading).ok())
}

fn failure(error: stemma_read::ReadError) -> Reading {
    Reading { failures: vec![error], ..Reading::default() }
}
