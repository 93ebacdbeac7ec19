//! Documents and comparisons that a store keeps from run to run, and which store that is.
//!
//! `--store`, else `STEMMA_STORE`, else a place of the user's own. What was asked for by name must work; where the user's own
//! place does not, that is said in one line and the run goes on without: its results are the same.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use clap::Args;
use stemma::{Compared, Correction, Document, Engine, Report, ReportId, StoryId};
use stemma_store::{
    ContentHash, NewDocument, NewReport, SqliteStore, Store, StoreError, StoredStory, WAIT, comparison_key,
    producers,
};

use crate::failure::Failure;
use crate::messages;

/// The store of a command that is about nothing else.
#[derive(Debug, Args)]
pub(crate) struct StoreArgument {
    /// The store, a file (SQLite). Without it STEMMA_STORE, else stemma/stemma.db in XDG_DATA_HOME or ~/.local/share
    #[arg(long = "store", value_name = "FILE", default_value_os_t = place(), hide_default_value = true)]
    pub(crate) path: PathBuf,
}

impl StoreArgument {
    /// Opens the store, which must be there.
    pub(crate) fn open(&self) -> Result<SqliteStore, Failure> {
        open_there(&self.path)
    }

    /// Opens the store, or makes it.
    pub(crate) fn open_or_make(&self) -> Result<SqliteStore, Failure> {
        Ok(open_or_make(&self.path)?)
    }
}

/// Where the store is if the command line does not say.
pub(crate) fn place() -> PathBuf {
    named_by_environment().map_or_else(own_place, PathBuf::from)
}

/// The same, as long as the program runs.
pub(crate) fn place_name() -> &'static OsStr {
    static NAME: OnceLock<OsString> = OnceLock::new();
    NAME.get_or_init(|| place().into_os_string())
}

fn named_by_environment() -> Option<OsString> {
    std::env::var_os("STEMMA_STORE").filter(|name| !name.is_empty())
}

/// The place of the user's own (XDG Base Directory Specification).
fn own_place() -> PathBuf {
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let data = data.unwrap_or_else(|| std::env::home_dir().unwrap_or_default().join(".local/share"));
    data.join("stemma").join("stemma.db")
}

/// True for a place that nobody asked for.
pub(crate) fn is_own_place(path: &Path) -> bool {
    named_by_environment().is_none() && path == own_place()
}

/// Opens the store at `path`, or makes it, and its folder.
pub(crate) fn open_or_make(path: &Path) -> Result<SqliteStore, StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        std::fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { path: folder.to_owned(), source })?;
    }
    open(path)
}

/// Opens the store at `path`; `STEMMA_STORE_WAIT` says for how many seconds it waits for other writers.
fn open(path: &Path) -> Result<SqliteStore, StoreError> {
    let wait = std::env::var("STEMMA_STORE_WAIT").ok().and_then(|seconds| seconds.parse().ok());
    let wait = wait.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    SqliteStore::open_waiting(path, wait.unwrap_or(WAIT))
}

/// Opens a store that must be there: opening makes a new one, and a name that is mistyped would leave an empty file.
pub(crate) fn open_there(path: &Path) -> Result<SqliteStore, Failure> {
    if path.exists() {
        return Ok(open(path)?);
    }
    let error = anyhow::anyhow!("{}: there is no such store", path.display());
    Err(Failure::new(crate::failure::Exit::NothingReadable, error)
        .hint("stemma add FILE --store STORE makes one"))
}

/// The versions of the stages at work.
pub(crate) fn producers_of(engine: &Engine) -> String {
    let empty = engine.annotate(vec![Report::of_text("")], 1);
    empty.first().map_or_else(String::new, |empty| producers(empty.layers()))
}

/// A store, and which versions of the stages are at work.
pub(crate) struct Kept {
    /// `None` once the user's own place has failed.
    store: RefCell<Option<SqliteStore>>,
    is_own: bool,
    producers: String,
}

impl Kept {
    /// Opens the store at `path`, or makes it; `None` if it is the user's own place and does not work.
    pub(crate) fn open(path: &Path, engine: &Engine) -> Result<Self, Failure> {
        let is_own = is_own_place(path);
        let store = match open_or_make(path) {
            Err(error) if is_own => {
                tell_without(&error);
                None
            }
            opened => Some(opened?),
        };
        Ok(Self { store: RefCell::new(store), is_own, producers: producers_of(engine) })
    }

    /// What `work` gives; `other` if the user's own place fails or has failed.
    fn with<T>(
        &self,
        other: T,
        work: impl FnOnce(&mut SqliteStore) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        let mut store = self.store.borrow_mut();
        let Some(open) = store.as_mut() else { return Ok(other) };
        match work(open) {
            Err(error) if self.is_own => {
                tell_without(&error);
                *store = None;
                Ok(other)
            }
            done => Ok(done?),
        }
    }

    /// One document for each report, in the same order. Layers that the store has are taken from it, the others made
    /// and kept.
    pub(crate) fn annotate(
        &mut self,
        engine: &Engine,
        reports: Vec<impl Into<NewReport>>,
        threads: usize,
    ) -> Result<Vec<Document>, Failure> {
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
    pub(crate) fn report_ids(&self) -> Result<Vec<ReportId>, Failure> {
        self.with(Vec::new(), |store| store.report_ids())
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
            reports.extend(self.with(None, |store| store.report(id))?.map(|stored| stored.report));
        }
        self.annotate(engine, reports, threads)
    }

    /// The state that a stage has kept under a name.
    pub(crate) fn state(&self, name: &str) -> Result<Option<String>, Failure> {
        self.with(None, |store| store.state(name))
    }

    /// Keeps the state of a stage under a name.
    pub(crate) fn put_state(&mut self, name: &str, state: &str) -> Result<(), Failure> {
        self.with((), |store| store.put_state(name, state))
    }

    /// Keeps stories; with `all`, every other one ends.
    pub(crate) fn put_stories(&mut self, stories: &[StoredStory], all: bool) -> Result<(), Failure> {
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
    pub(crate) fn compare(
        &mut self,
        engine: &Engine,
        id: Option<StoryId>,
        documents: Vec<Document>,
    ) -> Result<Compared, Failure> {
        let key: ContentHash = comparison_key(&documents, engine.comparer());
        if let Some(comparison) = self.with(None, |store| store.comparison(key))? {
            return Ok(engine.compared(documents, comparison));
        }
        let compared = engine.compare(documents);
        self.with((), |store| match store.put_comparison(key, id, &compared.story, &compared.comparison) {
            // A report that is there with other metadata is not kept again; then this comparison is not either.
            Err(StoreError::NoSuchReport { .. }) => Ok(()),
            done => done,
        })?;
        Ok(compared)
    }

    /// The document of `report`, if the store has layers for just these metadata.
    fn find(&self, report: &Report) -> Result<Option<Document>, Failure> {
        let stored = self.with(None, |store| store.document(report.id(), &self.producers))?;
        let stored = stored.filter(|stored| same_metadata(stored.report(), report));
        Ok(stored.map(|stored| Document::new(report.clone().into(), stored.layers().clone())))
    }

    /// Keeps documents, but for those whose report is there with other metadata: what is stored is never changed.
    fn keep(&mut self, documents: Vec<NewDocument>) -> Result<(), Failure> {
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

/// Says that the user's own place is not used, and why.
fn tell_without(error: &StoreError) {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    messages::note(&format!(
        "{error}{cause}; going on without a store (--store FILE names one, --no-store none)"
    ));
}

/// All reports of the store at `path`, in order of arrival.
pub(crate) fn reports(path: &Path) -> Result<Vec<Report>, Failure> {
    let store = open_there(path)?;
    let mut reports = Vec::new();
    for id in store.report_ids()? {
        reports.extend(store.report(id)?.map(|stored| stored.report));
    }
    Ok(reports)
}

/// What was corrected in the store at `path`; nothing where none is used, or the user's own does not work.
pub(crate) fn corrections(path: Option<&Path>) -> Result<Vec<Correction>, Failure> {
    let Some(path) = path.filter(|path| path.exists()) else { return Ok(Vec::new()) };
    match open(path).and_then(|store| store.corrections()) {
        Err(_) if is_own_place(path) => Ok(Vec::new()),
        corrections => Ok(corrections?),
    }
}

/// The comparison of `documents`, taken from the store at `path` if it is there, else made and kept.
pub(crate) fn compare(
    path: Option<&Path>,
    engine: &Engine,
    id: Option<StoryId>,
    documents: Vec<Document>,
) -> Result<Compared, Failure> {
    match path {
        Some(path) => Kept::open(path, engine)?.compare(engine, id, documents),
        None => Ok(engine.compare(documents)),
    }
}

/// True if two reports of one id also agree in what is no part of the id and bears on what is found in them.
fn same_metadata(a: &Report, b: &Report) -> bool {
    (a.title(), a.byline(), a.published(), a.language())
        == (b.title(), b.byline(), b.published(), b.language())
}
