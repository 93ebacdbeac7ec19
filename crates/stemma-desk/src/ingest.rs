//! Reports into the store, many at a time.
//!
//! The caller's thread and rayon's annotate, another one writes: a batch is a transaction. What the store has already is passed
//! over before it is annotated, so that a run that was broken off goes on where it was. Memory: a few batches.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use stemma::{Engine, ReportId};
use stemma_read::Reading;
use stemma_store::{NewDocument, NewReport, SqliteStore, Store, StoreError};

use crate::{DeskError, producers_of};

/// Most reports, and bytes of text, of a batch.
const BATCH_REPORTS: usize = 256;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// The reports of `reading` with the bytes that each came from.
pub fn new_reports(mut reading: Reading) -> Vec<NewReport> {
    reading.contents.resize(reading.reports.len(), None);
    let contents = std::mem::take(&mut reading.contents);
    reading.reports.into_iter().zip(contents).map(|(report, content)| NewReport { report, content }).collect()
}

/// What became of reports.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Reports that were added.
    pub n_new: usize,
    /// Reports that were there already.
    pub n_known: usize,
}

/// A report that is safely kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptReport {
    /// Which.
    pub id: ReportId,
    /// Where it was read.
    pub origin: String,
    /// It was not there before.
    pub is_new: bool,
}

/// Takes what was kept, in order, once it is; [`ControlFlow::Break`]: nothing more is to be told.
type ToldKept = Box<dyn FnMut(&[KeptReport]) -> ControlFlow<()> + Send>;

/// Reports on their way into a store: annotated here, written by a thread of its own.
pub struct Ingest<'a> {
    engine: &'a Engine,
    threads: usize,
    producers: String,
    /// Looks up what is there; the other thread has a connection of its own.
    reader: SqliteStore,
    batches: Option<SyncSender<Batch>>,
    writer: Option<std::thread::JoinHandle<Result<Counts, StoreError>>>,
    failed: Option<StoreError>,
}

/// Reports that are written together.
struct Batch {
    documents: Vec<NewDocument>,
    /// All reports of the batch in their order, with their origins: those that are there already, too.
    told: Vec<(ReportId, String)>,
    /// Is told when this batch and all before it are kept.
    kept: Option<SyncSender<()>>,
}

impl<'a> Ingest<'a> {
    /// Into the store of two connections: one looks up what is there, the other writes. `told` takes each report when it is
    /// kept. `threads` annotate; 0: one for each core.
    pub fn start(
        engine: &'a Engine,
        [reader, writer]: [SqliteStore; 2],
        threads: usize,
        told: Option<ToldKept>,
    ) -> Self {
        let (batches, received) = sync_channel(1);
        let writer = std::thread::spawn(move || write(writer, &received, told));
        let producers = producers_of(engine);
        Self {
            engine,
            threads,
            producers,
            reader,
            batches: Some(batches),
            writer: Some(writer),
            failed: None,
        }
    }

    /// Annotates what is new and hands it to the writer. False if it takes no more: [`Self::finish`] says why.
    pub fn push(&mut self, reports: Vec<NewReport>) -> bool {
        let mut rest = reports.into_iter().peekable();
        while rest.peek().is_some() {
            let mut n_bytes = 0;
            let mut batch = Vec::new();
            while let Some(new) = rest.next_if(|_| batch.len() < BATCH_REPORTS && n_bytes < BATCH_BYTES) {
                n_bytes += new.report.text().len();
                batch.push(new);
            }
            match self.annotated(batch) {
                Ok(batch) => {
                    if self.batches.as_ref().is_none_or(|batches| batches.send(batch).is_err()) {
                        return false;
                    }
                }
                Err(error) => {
                    self.failed = Some(error);
                    return false;
                }
            }
        }
        true
    }

    /// The same, and waits until all of it is kept.
    pub fn push_and_wait(&mut self, reports: Vec<NewReport>) -> bool {
        let (kept, told) = sync_channel(1);
        // It comes after all others.
        let last = Batch { documents: Vec::new(), told: Vec::new(), kept: Some(kept) };
        let sent =
            self.push(reports) && self.batches.as_ref().is_some_and(|batches| batches.send(last).is_ok());
        sent && told.recv().is_ok()
    }

    fn annotated(&self, reports: Vec<NewReport>) -> Result<Batch, StoreError> {
        let told = reports.iter().map(|new| (new.report.id(), new.report.origin().to_string())).collect();
        let mut seen = BTreeSet::new();
        let (mut missing, mut contents) = (Vec::new(), Vec::new());
        for new in reports {
            let id = new.report.id();
            if !seen.insert(id) || self.reader.is_complete(id, &self.producers, new.content.is_some())? {
                continue;
            }
            // What is stored is never changed: layers are made anew of the report as it was kept.
            let stored = self.reader.report(id)?.map(|stored| stored.report);
            missing.push(stored.unwrap_or(new.report));
            contents.push(new.content);
        }
        let documents = self.engine.annotate(missing, self.threads).into_iter().zip(contents);
        Ok(Batch {
            documents: documents.map(|(document, content)| NewDocument { document, content }).collect(),
            told,
            kept: None,
        })
    }

    /// Waits until all is kept.
    pub fn finish(mut self) -> Result<Counts, DeskError> {
        drop(self.batches.take());
        let written = self.writer.take().map(|writer| writer.join().expect("the writer does not panic"));
        let counts = written.transpose()?.unwrap_or_default();
        match self.failed.take() {
            Some(error) => Err(error.into()),
            None => Ok(counts),
        }
    }
}

/// Writes batches until no more come, and tells what is kept.
fn write(
    mut store: SqliteStore,
    batches: &Receiver<Batch>,
    mut told_kept: Option<ToldKept>,
) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    for Batch { documents, told, kept } in batches {
        let are_new = if documents.is_empty() { Vec::new() } else { store.put_documents(&documents)? };
        let mut new: BTreeSet<ReportId> = documents
            .iter()
            .zip(are_new)
            .filter(|(_, is_new)| *is_new)
            .map(|(new, _)| new.document.report().id())
            .collect();
        counts.n_new += new.len();
        counts.n_known += told.len() - new.len();
        if let Some(tell) = &mut told_kept {
            let each =
                told.into_iter().map(|(id, origin)| KeptReport { id, origin, is_new: new.remove(&id) });
            // Who does not listen any more ends no ingest.
            if tell(&each.collect::<Vec<_>>()).is_break() {
                told_kept = None;
            }
        }
        if let Some(kept) = kept {
            // Nobody waits any more if the program ends.
            let _ = kept.send(());
        }
    }
    Ok(counts)
}
