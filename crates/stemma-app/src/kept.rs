//! Which store a command works on.
//!
//! `--store`, else `STEMMA_STORE`, else a place of the user's own. What was asked for by name must work; where the user's own
//! place does not, that is said in one line and the run goes on without: its results are the same.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use clap::Args;
use stemma::{Compared, Correction, Document, Engine, Report, StoryId};
use stemma_desk::Kept;
use stemma_store::{SqliteStore, Store, StoreError, WAIT};

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

/// Opens the store at `path`, or makes it, to keep what was made from run to run; where it is the user's own place and does not
/// work, nothing is kept.
pub(crate) fn keeping(path: &Path, engine: &Engine) -> Result<Kept, Failure> {
    let opened = open_or_make(path);
    if !is_own_place(path) {
        return Ok(Kept::of(opened?, engine));
    }
    let store = opened.inspect_err(tell_without).ok();
    Ok(Kept::of_dispensable(store, engine, tell_without))
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
        Some(path) => Ok(keeping(path, engine)?.compare(engine, id, documents)?),
        None => Ok(engine.compare(documents)),
    }
}
