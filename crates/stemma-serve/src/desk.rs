//! What all requests share: the store, the engine, the summary behind the front page, and stories that were compared lately.

use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use stemma::Engine;
use stemma_core::{Comparison, Document, ReportId, StoryId};
use stemma_store::{ContentHash, SqliteStore, Store, StoreError, StoredStory, comparison_key};
use tokio::sync::watch;

use crate::ahead::Quiet;
use crate::front::Front;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::pages::forms::FormSecret;
use crate::problem::Problem;
use crate::story_page::StoryPage;
use crate::witnesses::Witnesses;
use crate::work::Work;
use crate::{ServeError, Settings};

/// Reports of the stories whose pages are held ready: as many stories as have no more. One report takes some 200 kB, with its
/// layers and its part of the pages.
const HELD_REPORTS: usize = 1_000;
/// Reports of a story that is compared while one waits: some tenths of a second.
const AT_ONCE: usize = 12;
/// Stories that wait to be compared at most; whoever asks for more asks again.
const MOST_COMPARING: usize = 100;
/// Connections that are kept open between requests.
const IDLE_CONNECTIONS: usize = 8;

/// Shared by all requests.
pub(crate) struct Desk {
    settings: Settings,
    bound: OnceLock<SocketAddr>,
    engine: Arc<Engine>,
    /// Versions of the stages at work.
    producers: String,
    idle: Mutex<Vec<SqliteStore>>,
    front: RwLock<Arc<Front>>,
    held: Mutex<VecDeque<Arc<StoryPage>>>,
    pub(crate) metrics: Metrics,
    pub(crate) work: Work,
    pub(crate) limits: Limits,
    /// Stories that are being compared in the background.
    comparing: Mutex<BTreeSet<StoryId>>,
    pub(crate) form_secret: FormSecret,
    pub(crate) witnesses: Witnesses,
    pub(crate) quiet: Quiet,
    /// Counts the changes of the store; its last message, that the server stops.
    pub(crate) news: watch::Sender<News>,
}

/// What open pages are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct News {
    pub(crate) n_changes: u64,
    pub(crate) stopping: bool,
}

impl Desk {
    /// Opens the store of `settings`, or makes it, and looks it through once.
    pub(crate) fn open(settings: Settings) -> Result<Arc<Self>, ServeError> {
        let store = SqliteStore::open(&settings.store)?;
        let engine = Arc::new(Engine::load());
        let form_secret = FormSecret::new().ok_or(ServeError::NoRandomness)?;
        let limits = Limits::new(settings.writes_per_second);
        let work = Work::new(&settings.fetching);
        let producers = stemma_desk::producers_of(&engine);
        let witnesses = Witnesses::default();
        let front = RwLock::new(Arc::new(Front::of(&store, &witnesses)?));
        let (idle, held) = (Mutex::new(vec![store]), Mutex::default());
        let (metrics, news) = (Metrics::default(), watch::Sender::default());
        let bound = OnceLock::new();
        Ok(Arc::new(Self {
            settings,
            bound,
            engine,
            producers,
            idle,
            front,
            held,
            metrics,
            work,
            limits,
            comparing: Mutex::default(),
            form_secret,
            witnesses,
            quiet: Quiet::default(),
            news,
        }))
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Remembers the address that is listened on.
    pub(crate) fn bound_to(&self, address: SocketAddr) {
        // Told once, by the one who listens.
        let _ = self.bound.set(address);
    }

    /// Tells open pages that the server stops, so that it need not wait for them.
    pub(crate) fn stop(&self) {
        self.work.begin_to_stop();
        self.news.send_modify(|news| news.stopping = true);
    }

    /// The summary of the store.
    pub(crate) fn front(&self) -> Arc<Front> {
        self.front.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks the store through anew, and tells open pages.
    pub(crate) fn renew_front(&self, store: &SqliteStore) -> Result<(), StoreError> {
        let front = Arc::new(Front::of(store, &self.witnesses)?);
        let before = std::mem::replace(
            &mut *self.front.write().unwrap_or_else(PoisonError::into_inner),
            front.clone(),
        );
        // The store also changes when a comparison is kept, or a word comes into the index: that is no news.
        if before.fingerprint != front.fingerprint {
            self.news.send_modify(|news| news.n_changes += 1);
        }
        Ok(())
    }

    /// Runs `work` on a connection of its own, off the threads that answer requests.
    pub(crate) async fn with_store<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Arc<Self>, &mut SqliteStore) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let desk = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let idle = lock(&desk.idle).pop();
            let mut store = match idle {
                Some(store) => store,
                None => SqliteStore::open(&desk.settings.store)?,
            };
            let done = work(&desk, &mut store);
            let mut idle = lock(&desk.idle);
            if idle.len() < IDLE_CONNECTIONS {
                idle.push(store);
            }
            done
        });
        done.await.unwrap_or_else(|_| Err(Problem::failed()))
    }

    /// The document of a report; its layers are made, and kept, where the store has none of these versions.
    pub(crate) fn document(
        &self,
        store: &mut SqliteStore,
        id: ReportId,
    ) -> Result<Option<Document>, StoreError> {
        stemma_desk::document(store, &self.engine, &self.producers, id)
    }

    /// The story `id`, compared; `None` if the store has none. A large one that was not compared yet is compared in the background,
    /// and [`Problem::being_made`] says so.
    pub(crate) fn story_page(
        self: &Arc<Self>,
        store: &mut SqliteStore,
        id: StoryId,
    ) -> Result<Option<Arc<StoryPage>>, Problem> {
        let Some(stored) = store.story(id)? else { return Ok(None) };
        if let Some(held) = self.held_page(&stored) {
            return Ok(Some(held));
        }
        let n_reports = stored.reports.len();
        if n_reports > AT_ONCE && (self.is_comparing(id) || self.find_comparison(store, &stored)?.1.is_none())
        {
            self.compare_in_background(id);
            let detail =
                format!("{n_reports} reports are being compared for the first time; it takes a few seconds");
            return Err(Problem::being_made(detail));
        }
        Ok(Some(self.compare(store, stored)?))
    }

    /// Compares a story, or finds its comparison in the store, and holds its page.
    fn compare(&self, store: &mut SqliteStore, stored: StoredStory) -> Result<Arc<StoryPage>, StoreError> {
        let (documents, found, key) = self.find_comparison(store, &stored)?;
        let compared = match found {
            Some(comparison) => self.engine.compared(documents, comparison),
            None => {
                let compared = self.engine.compare(documents);
                stemma_desk::keep_comparison(store, key, Some(stored.id), &compared)?;
                compared
            }
        };
        let page = Arc::new(StoryPage::new(stored, compared));
        self.hold(page.clone());
        Ok(page)
    }

    /// Compares a story and keeps the comparison, but holds no page of it. Nothing is done if it is compared already.
    pub(crate) fn compare_ahead(&self, store: &mut SqliteStore, id: StoryId) -> Result<(), StoreError> {
        let Some(stored) = store.story(id)? else { return Ok(()) };
        match self.find_comparison(store, &stored)? {
            (_, Some(_), _) => Ok(()),
            (documents, None, key) => {
                let compared = self.engine.compare(documents);
                stemma_desk::keep_comparison(store, key, Some(stored.id), &compared)
            }
        }
    }

    /// The documents of a story, and their comparison if the store has it, with its key.
    fn find_comparison(
        &self,
        store: &mut SqliteStore,
        stored: &StoredStory,
    ) -> Result<(Vec<Document>, Option<Comparison>, ContentHash), StoreError> {
        let mut documents = Vec::with_capacity(stored.reports.len());
        for &report in &stored.reports {
            documents.extend(self.document(store, report)?);
        }
        let key = comparison_key(&documents, self.engine.comparer());
        Ok((documents, store.comparison(key)?, key))
    }

    fn is_comparing(&self, id: StoryId) -> bool {
        lock(&self.comparing).contains(&id)
    }

    /// One story after the other: comparing a large one takes all that a processor has.
    fn compare_in_background(self: &Arc<Self>, id: StoryId) {
        let mut comparing = lock(&self.comparing);
        if comparing.len() >= MOST_COMPARING || !comparing.insert(id) {
            return;
        }
        let is_first = comparing.len() == 1;
        drop(comparing);
        if is_first {
            let desk = self.clone();
            std::thread::spawn(move || desk.compare_waiting());
        }
    }

    /// Compares the stories that wait, until none does.
    fn compare_waiting(self: Arc<Self>) {
        loop {
            let Some(&id) = lock(&self.comparing).iter().next() else { return };
            let compared = catch_unwind(AssertUnwindSafe(|| {
                let mut store = SqliteStore::open(&self.settings.store)?;
                match store.story(id)? {
                    Some(stored) if !self.work.is_stopping() => self.compare(&mut store, stored).map(drop),
                    _ => Ok(()),
                }
            }));
            // What failed is tried again by whoever asks next; the first of the list is done either way.
            drop(compared);
            let mut comparing = lock(&self.comparing);
            comparing.remove(&id);
            if comparing.is_empty() {
                return;
            }
        }
    }

    /// The page of a story if it is held and nothing of it has changed.
    fn held_page(&self, stored: &StoredStory) -> Option<Arc<StoryPage>> {
        let mut held = lock(&self.held);
        let at = held.iter().position(|page| page.shows(stored))?;
        let page = held.remove(at)?;
        held.push_front(page.clone());
        Some(page)
    }

    fn hold(&self, page: Arc<StoryPage>) {
        let mut held = lock(&self.held);
        held.retain(|other| other.id != page.id);
        held.push_front(page);
        let mut n_reports = 0;
        held.retain(|page| {
            let is_first = n_reports == 0;
            n_reports += page.n_reports();
            is_first || n_reports <= HELD_REPORTS
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere leaves a list of connections or pages, each whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
