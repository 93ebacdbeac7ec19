//! `stemma stories --watch`: reports as they come in, each put into a story at once.
//!
//! One thread reads lines; whatever has come in meanwhile is annotated together, and placed in order. With a store, reports are
//! kept as they are placed and the state of the stream now and then; the next run places what was kept after that anew.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::sync::mpsc::{Receiver, RecvError, SyncSender, sync_channel};

use anyhow::Error;
use stemma::{Correction, Document, Engine, Grouper, Placement, Report, Stream, api};
use stemma_read::{Lines, Reading};

use crate::arguments::StoriesArguments;
use crate::failure::{Exit, Failure};
use crate::kept::{self, Kept};
use crate::{marks, messages};

/// Lines that are annotated together at most, and that wait to be.
const CHUNK_LINES: usize = 256;

/// Reports after which the state is kept, at least: placing them anew takes a second or two.
const LEAST_BETWEEN_SAVES: usize = 2_000;
/// The same at most: placing them anew takes the better part of a minute.
const MOST_BETWEEN_SAVES: usize = 50_000;
/// In between, the state is kept when the stream has grown by one part of so many: keeping that of many reports takes long.
const PARTS_BETWEEN_SAVES: usize = 10;

/// Under which the store keeps the state of the stream.
const STATE: &str = "stream";

/// What is kept of a stream: corrections under which it was made, and the stories.
#[derive(serde::Serialize, serde::Deserialize)]
struct State<G> {
    n_corrections: usize,
    grouper: G,
}

pub(crate) fn run(arguments: &StoriesArguments) -> Result<Exit, Failure> {
    let engine = Engine::load();
    let mut watch = Watch::new(&engine, arguments)?;
    let (lines, received) = sync_channel(CHUNK_LINES);
    let places = arguments.input.files.clone();
    // Reading ends with the input, or when nobody listens any more.
    std::thread::spawn(move || {
        places.iter().try_for_each(|place| read_lines(&place.to_string_lossy(), &lines))
    });
    let mut exit = Exit::Done;
    while let Ok(chunk) = next_chunk(&received) {
        let mut reports = Vec::new();
        for Reading { reports: read, failures, notices, .. } in chunk {
            if !failures.is_empty() {
                exit = Exit::SomeUnread;
            }
            messages::unread(failures);
            if !arguments.input.quiet {
                messages::notices(&notices);
            }
            reports.extend(read);
        }
        if !watch.place(reports)? {
            break;
        }
        let between = watch.n_reports / PARTS_BETWEEN_SAVES;
        if watch.n_since_save >= between.clamp(LEAST_BETWEEN_SAVES, MOST_BETWEEN_SAVES) {
            watch.save();
        }
    }
    if watch.n_since_save > 0 {
        watch.save();
    }
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

struct Watch<'a> {
    engine: &'a Engine,
    arguments: &'a StoriesArguments,
    stream: Stream,
    corrections: Vec<Correction>,
    kept: Option<Kept>,
    today: jiff::civil::Date,
    /// Reports of the stream, and those of them that came after the state was kept.
    n_reports: usize,
    n_since_save: usize,
}

impl<'a> Watch<'a> {
    /// Takes up the stream where the store has left it.
    fn new(engine: &'a Engine, arguments: &'a StoriesArguments) -> Result<Self, Failure> {
        let corrections = kept::corrections(arguments.input.store.as_deref())?;
        let mut kept = arguments.input.store.as_deref().map(|path| Kept::open(path, engine)).transpose()?;
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut stream = Stream::new(&corrections);
        let (mut n_reports, mut n_since_save) = (0, 0);
        if let Some(kept) = &mut kept {
            let state: Option<State<Grouper>> =
                kept.state(STATE)?.and_then(|state| serde_json::from_str(&state).ok());
            // A state that is of other corrections, or of another version, is made anew from the reports.
            if let Some(state) = state.filter(|state| state.n_corrections == corrections.len()) {
                stream = Stream::resume(state.grouper, &corrections);
            }
            let mut ids = kept.report_ids()?;
            n_reports = ids.len();
            ids.retain(|&id| !stream.knows(id));
            n_since_save = ids.len();
            for ids in ids.chunks(CHUNK_LINES) {
                for document in kept.documents(engine, ids, arguments.input.threads)? {
                    stream.add(&document, today);
                }
            }
        }
        Ok(Self { engine, arguments, stream, corrections, kept, today, n_reports, n_since_save })
    }

    /// Places reports, and tells where. False if nobody reads that any more.
    fn place(&mut self, reports: Vec<Report>) -> Result<bool, Failure> {
        let threads = self.arguments.input.threads;
        let documents = match &mut self.kept {
            Some(kept) => kept.annotate(self.engine, reports, threads)?,
            None => self.engine.annotate(reports, threads),
        };
        self.n_reports += documents.len();
        self.n_since_save += documents.len();
        let mut out = io::stdout().lock();
        for document in &documents {
            let placement = self.stream.add(document, self.today);
            let line = self.line(document, &placement)?;
            match writeln!(out, "{line}").and_then(|()| out.flush()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(false),
                Err(error) => {
                    let error = Error::new(error).context("standard output cannot be written");
                    return Err(Failure::new(Exit::Failed, error));
                }
                Ok(()) => {}
            }
        }
        Ok(true)
    }

    fn line(&self, document: &Document, placement: &Placement) -> Result<String, Failure> {
        let story = self.stream.story(placement.story);
        let (label, n_reports) =
            story.map_or_else(Default::default, |story| (story.label, story.reports.len()));
        let arrival = api::arrival(document, placement, &label, n_reports);
        if self.arguments.json {
            return serde_json::to_string(&arrival)
                .map_err(|error| Failure::new(Exit::Failed, Error::new(error)));
        }
        let title = document.report().title().unwrap_or(&label);
        let outlet = document.report().outlet().map(|outlet| format!(" · {outlet}")).unwrap_or_default();
        let why = arrival.why.map_or(String::new(), |why| format!(" · {}", why.in_short()));
        let line = format!(
            "{:<7} {}  {:>3}  {title}{outlet}{why}",
            arrival.outcome,
            &arrival.story[..8],
            arrival.reports
        );
        Ok(marks::clean(&line))
    }

    /// Keeps the state. Without it the next run places all reports of the store anew: that it cannot be kept ends no stream.
    fn save(&mut self) {
        let Some(kept) = &mut self.kept else { return };
        let state = State { n_corrections: self.corrections.len(), grouper: self.stream.grouper() };
        let text =
            serde_json::to_string(&state).map_err(|error| Failure::new(Exit::Failed, Error::new(error)));
        if let Err(failure) = text.and_then(|text| kept.put_state(STATE, &text)) {
            messages::failure(&failure);
            messages::hint(
                "the stream goes on; the next run makes its state anew from the reports of the store",
            );
        }
        self.n_since_save = 0;
    }
}
