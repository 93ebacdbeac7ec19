//! Documents and comparisons that a store keeps from run to run.

use std::cell::RefCell;

use stemma::{Compared, Document, Engine, Report, ReportId, StoryId};
use stemma_store::{
    ContentHash, NewDocument, NewReport, SqliteStore, Store, StoreError, StoredStory, comparison_key,
    producers,
};

/// The versions of the stages at work.
pub fn producers_of(engine: &Engine) -> String {
    let empty = engine.annotate(vec![Report::of_text("")], 1);
    empty.first().map_or_else(String::new, |empty| producers(empty.layers()))
}

/// The document of a report of `store`; its layers are made, and kept, where the store has none of `producers`.
pub fn document(
    store: &mut impl Store,
    engine: &Engine,
    producers: &str,
    id: ReportId,
) -> Result<Option<Document>, StoreError> {
    if let Some(document) = store.document(id, producers)? {
        return Ok(Some(document));
    }
    let Some(stored) = store.report(id)? else { return Ok(None) };
    let made = engine.annotate(vec![stored.report], 1);
    let new: Vec<NewDocument> = made.iter().cloned().map(NewDocument::from).collect();
    store.put_documents(&new)?;
    Ok(made.into_iter().next())
}

/// Keeps a comparison under its key, unless the store does not hold one of its reports, or no longer.
pub fn keep_comparison(
    store: &mut impl Store,
    key: ContentHash,
    id: Option<StoryId>,
    compared: &Compared,
) -> Result<(), StoreError> {
    match store.put_comparison(key, id, &compared.story, &compared.comparison) {
        // A report that is there with other metadata is not kept again; then this comparison is not either.
        Err(StoreError::NoSuchReport { .. }) => Ok(()),
        done => done,
    }
}

/// Told why the work goes on without a store.
pub type WithoutStore = fn(&StoreError);

/// A store, and which versions of the stages are at work.
pub struct Kept {
    /// `None` once a store that may fail has failed.
    store: RefCell<Option<SqliteStore>>,
    may_fail: Option<WithoutStore>,
    producers: String,
}

impl Kept {
    /// Of a store, all of whose failures end the work.
    pub fn of(store: SqliteStore, engine: &Engine) -> Self {
        Self { store: RefCell::new(Some(store)), may_fail: None, producers: producers_of(engine) }
    }

    /// Of a store that nobody asked for, or that did not open: where it fails, that is told, and the work goes on without it.
    pub fn of_dispensable(store: Option<SqliteStore>, engine: &Engine, told: WithoutStore) -> Self {
        Self { store: RefCell::new(store), may_fail: Some(told), producers: producers_of(engine) }
    }

    /// What `work` gives; `other` if a store that may fail does, or has.
    fn with<T>(
        &self,
        other: T,
        work: impl FnOnce(&mut SqliteStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut store = self.store.borrow_mut();
        let Some(open) = store.as_mut() else { return Ok(other) };
        match (work(open), self.may_fail) {
            (Err(error), Some(tell)) => {
                tell(&error);
                *store = None;
                Ok(other)
            }
            (done, _) => done,
        }
    }

    /// One document for each report, in the same order. Layers that the store has are taken from it, the others made
    /// and kept.
    pub fn annotate(
        &mut self,
        engine: &Engine,
        reports: Vec<impl Into<NewReport>>,
        threads: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let reports: Vec<NewReport> = reports.into_iter().map(Into::into).collect();
        let mut documents = Vec::with_capacity(reports.len());
        for new in &reports {
            documents.push(self.find(&new.report)?);
        }
        let missing = reports.into_iter().zip(&documents).filter(|(_, found)| found.is_none());
        let (missing, contents): (Vec<Report>, Vec<_>) =
            missing.map(|(new, _)| (new.report, new.content)).unzip();
        let made = engine.annotate(missing, threads);
        let new = made.iter().cloned().zip(contents);
        self.keep(new.map(|(document, content)| NewDocument { document, content }).collect())?;
        let mut made = made.into_iter();
        Ok(documents.into_iter().filter_map(|found| found.or_else(|| made.next())).collect())
    }

    /// Ids of the reports of the store, in order of arrival.
    pub fn report_ids(&self) -> Result<Vec<ReportId>, StoreError> {
        self.with(Vec::new(), |store| store.report_ids())
    }

    /// How many reports the store has.
    pub fn n_reports(&self) -> Result<usize, StoreError> {
        self.with(0, |store| store.n_reports())
    }

    /// The documents of reports of the store, in the order of `ids`.
    pub fn documents(
        &mut self,
        engine: &Engine,
        ids: &[ReportId],
        threads: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let mut reports = Vec::with_capacity(ids.len());
        for &id in ids {
            reports.extend(self.with(None, |store| store.report(id))?.map(|stored| stored.report));
        }
        self.annotate(engine, reports, threads)
    }

    /// The state that a stage has kept under a name.
    pub fn state(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.with(None, |store| store.state(name))
    }

    /// Keeps the state of a stage under a name.
    pub fn put_state(&mut self, name: &str, state: &str) -> Result<(), StoreError> {
        self.with((), |store| store.put_state(name, state))
    }

    /// Keeps stories; with `all`, every other one ends.
    pub fn put_stories(&mut self, stories: &[StoredStory], all: bool) -> Result<(), StoreError> {
        let put = |store: &mut SqliteStore| match all {
            true => store.replace_stories(stories),
            false => store.put_stories(stories),
        };
        self.with((), |store| match put(store) {
            // Another process has forgotten one meanwhile; the next run makes the stories anew.
            Err(StoreError::NoSuchReport { .. }) => Ok(()),
            done => done,
        })
    }

    /// The comparison of `documents`, taken from the store if it is there, else made and kept; `id` is that of their story.
    pub fn compare(
        &mut self,
        engine: &Engine,
        id: Option<StoryId>,
        documents: Vec<Document>,
    ) -> Result<Compared, StoreError> {
        let key: ContentHash = comparison_key(&documents, engine.comparer());
        if let Some(comparison) = self.with(None, |store| store.comparison(key))? {
            return Ok(engine.compared(documents, comparison));
        }
        let compared = engine.compare(documents);
        self.with((), |store| keep_comparison(store, key, id, &compared))?;
        Ok(compared)
    }

    /// The document of `report`, if the store has layers for just these metadata.
    fn find(&self, report: &Report) -> Result<Option<Document>, StoreError> {
        let stored = self.with(None, |store| store.document(report.id(), &self.producers))?;
        let stored = stored.filter(|stored| same_metadata(stored.report(), report));
        Ok(stored.map(|stored| Document::new(report.clone().into(), stored.layers().clone())))
    }

    /// Keeps documents, but for those whose report is there with other metadata: what is stored is never changed.
    fn keep(&mut self, documents: Vec<NewDocument>) -> Result<(), StoreError> {
        if documents.is_empty() {
            return Ok(());
        }
        self.with((), |store| {
            let mut fresh = Vec::with_capacity(documents.len());
            for new in documents {
                let stored = store.report(new.document.report().id())?;
                if stored.is_none_or(|stored| same_metadata(&stored.report, new.document.report())) {
                    fresh.push(new);
                }
            }
            store.put_documents(&fresh).map(drop)
        })
    }
}

/// True if two reports of one id also agree in what is no part of the id and bears on what is found in them.
fn same_metadata(a: &Report, b: &Report) -> bool {
    (a.title(), a.byline(), a.published(), a.language())
        == (b.title(), b.byline(), b.published(), b.language())
}
