//! Documents that a store keeps from run to run.

use std::path::Path;

use stemma::{Correction, Document, Engine, Report, ReportId};
use stemma_read::Reading;
use stemma_store::{NewReport, SqliteStore, Store, producers};

use crate::failure::Failure;

/// A store, and which versions of the stages are at work.
pub(crate) struct Kept {
    store: SqliteStore,
    producers: String,
}

impl Kept {
    /// Opens the store at `path`, or makes it.
    pub(crate) fn open(path: &Path, engine: &Engine) -> Result<Self, Failure> {
        let store = SqliteStore::open(path)?;
        let empty = engine.annotate(vec![Report::of_text("")], 1);
        Ok(Self {
            store,
            producers: empty.first().map_or_else(String::new, |empty| producers(empty.layers())),
        })
    }

    /// One document for each report, in the same order. Layers that the store has are taken from it, the others made
    /// and kept.
    pub(crate) fn annotate(
        &mut self,
        engine: &Engine,
        reports: Vec<Report>,
        threads: usize,
    ) -> Result<Vec<Document>, Failure> {
        let mut documents = Vec::with_capacity(reports.len());
        for report in &reports {
            documents.push(self.find(report)?);
        }
        let missing = reports.into_iter().zip(&documents).filter(|(_, found)| found.is_none());
        let made = engine.annotate(missing.map(|(report, _)| report).collect(), threads);
        self.keep(&made)?;
        let mut made = made.into_iter();
        Ok(documents.into_iter().filter_map(|found| found.or_else(|| made.next())).collect())
    }

    /// Keeps reports with the bytes that they were read from.
    pub(crate) fn keep_read(&mut self, reading: &Reading) -> Result<(), Failure> {
        let reports = reading.reports.iter().enumerate();
        let reports: Vec<NewReport> = reports
            .map(|(n, report)| NewReport { report: report.clone(), content: reading.content(n).cloned() })
            .collect();
        self.store.put_reports(&reports)?;
        Ok(())
    }

    /// Ids of the reports of the store, in order of arrival.
    pub(crate) fn report_ids(&self) -> Result<Vec<ReportId>, Failure> {
        Ok(self.store.report_ids()?)
    }

    /// The documents of reports of the store, in the order of `ids`.
    pub(crate) fn documents(
        &mut self,
        engine: &Engine,
        ids: &[ReportId],
        threads: usize,
    ) -> Result<Vec<Document>, Failure> {
        let mut reports = Vec::with_capacity(ids.len());
        for &id in ids {
            reports.extend(self.store.report(id)?.map(|stored| stored.report));
        }
        self.annotate(engine, reports, threads)
    }

    /// The state that a stage has kept under a name.
    pub(crate) fn state(&self, name: &str) -> Result<Option<String>, Failure> {
        Ok(self.store.state(name)?)
    }

    /// Keeps the state of a stage under a name.
    pub(crate) fn put_state(&mut self, name: &str, state: &str) -> Result<(), Failure> {
        Ok(self.store.put_state(name, state)?)
    }

    /// The document of `report`, if the store has layers for just these metadata.
    fn find(&self, report: &Report) -> Result<Option<Document>, Failure> {
        let stored = self.store.document(report.id(), &self.producers)?;
        let stored = stored.filter(|stored| same_metadata(stored.report(), report));
        Ok(stored.map(|stored| Document::new(report.clone().into(), stored.layers().clone())))
    }

    /// Keeps documents, but for those whose report is there with other metadata: what is stored is never changed.
    fn keep(&mut self, documents: &[Document]) -> Result<(), Failure> {
        let mut fresh = Vec::new();
        for document in documents {
            let stored = self.store.report(document.report().id())?;
            if stored.is_none_or(|stored| same_metadata(&stored.report, document.report())) {
                fresh.push(document.clone().into());
            }
        }
        self.store.put_documents(&fresh)?;
        Ok(())
    }
}

/// All reports of the store at `path`, in order of arrival.
pub(crate) fn reports(path: &Path) -> Result<Vec<Report>, Failure> {
    let store = SqliteStore::open(path)?;
    let mut reports = Vec::new();
    for id in store.report_ids()? {
        reports.extend(store.report(id)?.map(|stored| stored.report));
    }
    Ok(reports)
}

/// What was corrected in the store at `path`; nothing where none is used.
pub(crate) fn corrections(path: Option<&Path>) -> Result<Vec<Correction>, Failure> {
    Ok(path.map(SqliteStore::open).transpose()?.map_or(Ok(Vec::new()), |store| store.corrections())?)
}

/// True if two reports of one id also agree in what is no part of the id and bears on what is found in them.
fn same_metadata(a: &Report, b: &Report) -> bool {
    (a.title(), a.byline(), a.published(), a.language())
        == (b.title(), b.byline(), b.published(), b.language())
}
