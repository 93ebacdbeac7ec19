//! Work that takes longer than an answer may: reading what was sent, fetching addresses, filing reports into stories.
//!
//! Each piece is a [`Job`] that can be looked at while it goes on. One thread reads what was sent, one fetches; both hand what
//! they have read to the same [`Filing`], one after the other. Threads begin with the first job and end with the server, which
//! waits for the piece of work that each is at.

mod jobs;
mod run;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use stemma_desk::{DeskError, Filing, Kept, Placed};
use stemma_fetch::{Fetcher, Stopper};
use stemma_read::Reading;
use stemma_store::{NewReport, SqliteStore, Store};
use tokio::sync::Notify;

use crate::desk::Desk;
use crate::problem::Problem;
use jobs::Jobs;
pub(crate) use jobs::{Fetching, FiledReport, Job, JobState, Outcome, State};
pub(crate) use run::{Task, Upload};

/// Jobs that wait, of each thread.
const WAITING: usize = 32;
/// How often a thread without work looks whether the server stops.
const LOOK: Duration = Duration::from_millis(200);
/// Reports that are filed together: others wait for so many at most.
const FILED_TOGETHER: usize = 64;

/// All that goes on in the background.
pub(crate) struct Work {
    pub(crate) jobs: Jobs,
    /// Made with the first report that is filed.
    filing: Mutex<Option<Filing>>,
    fetching: stemma_fetch::Settings,
    /// Of all fetchers at work, by number.
    stoppers: Mutex<BTreeMap<u64, Stopper>>,
    queues: Mutex<Vec<Queue>>,
    watching: Mutex<Option<JoinHandle<()>>>,
    stopping: AtomicBool,
    /// Whoever watches the store is to look at once.
    pub(crate) changed: Notify,
}

/// One thread and what waits for it.
struct Queue {
    lane: Lane,
    tasks: SyncSender<(Arc<Job>, Task)>,
    thread: JoinHandle<()>,
}

/// Which thread does a piece of work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lane {
    Reading,
    Fetching,
}

impl Work {
    pub(crate) fn new(fetching: &stemma_fetch::Settings) -> Self {
        Self {
            jobs: Jobs::default(),
            filing: Mutex::default(),
            fetching: fetching.clone(),
            stoppers: Mutex::default(),
            queues: Mutex::default(),
            watching: Mutex::default(),
            stopping: AtomicBool::new(false),
            changed: Notify::new(),
        }
    }

    /// True once the server stops.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Tells all work to come to its next whole state and end there, so that nobody waits for it longer than that.
    pub(crate) fn begin_to_stop(&self) {
        self.stopping.store(true, Ordering::Release);
        lock(&self.stoppers).values().for_each(Stopper::stop);
    }

    /// Ends all work, and waits for what each thread is at; then the state of the stories is kept.
    pub(crate) fn stop(&self) {
        self.begin_to_stop();
        for Queue { tasks, thread, .. } in std::mem::take(&mut *lock(&self.queues)) {
            drop(tasks);
            // One that has panicked has told its job.
            let _ = thread.join();
        }
        if let Some(watching) = lock(&self.watching).take() {
            let _ = watching.join();
        }
        if let Some(filing) = lock(&self.filing).as_mut() {
            // Without the state the next run places all reports anew: no more is lost.
            let _ = filing.save();
        }
    }
}

impl Desk {
    /// Begins a piece of work in the background.
    pub(crate) fn begin(self: &Arc<Self>, task: Task) -> Result<Arc<Job>, Problem> {
        if self.work.is_stopping() {
            return Err(Problem::busy("the server stops"));
        }
        let lane = match task {
            Task::Fetch { .. } | Task::Poll => Lane::Fetching,
            Task::Add { .. } | Task::Regroup => Lane::Reading,
        };
        let job = self.work.jobs.open(task.kind(), task.about());
        let mut queues = lock(&self.work.queues);
        let queue = match queues.iter().position(|queue| queue.lane == lane) {
            Some(n) => n,
            None => {
                queues.push(start(lane, Arc::downgrade(self)));
                queues.len() - 1
            }
        };
        match queues[queue].tasks.try_send((job.clone(), task)) {
            Ok(()) => Ok(job),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.work.jobs.forget(&job);
                Err(Problem::queue_full(WAITING))
            }
        }
    }

    /// Keeps what was read and puts it into stories; tells each report. A report that is there already stays where it is.
    pub(crate) fn file(
        &self,
        reports: Vec<NewReport>,
        told: &mut dyn FnMut(FiledReport),
    ) -> Result<(), DeskError> {
        let mut rest = reports.into_iter().peekable();
        while rest.peek().is_some() {
            let chunk: Vec<NewReport> = rest.by_ref().take(FILED_TOGETHER).collect();
            self.file_chunk(chunk, told)?;
            self.work.changed.notify_one();
        }
        Ok(())
    }

    fn file_chunk(
        &self,
        reports: Vec<NewReport>,
        told: &mut dyn FnMut(FiledReport),
    ) -> Result<(), DeskError> {
        let mut filing = lock(&self.work.filing);
        let filing = self.filing_under_corrections(&mut filing)?;
        filing.catch_up()?;
        let mut reading = Reading::default();
        let (mut seen, mut twice) = (BTreeSet::new(), Vec::new());
        for new in reports {
            match filing.story_of(new.report.id()) {
                Some(story) => told(FiledReport::of(&new.report, Outcome::Known, Some(story))),
                None if !seen.insert(new.report.id()) => twice.push(new.report),
                None => {
                    reading.reports.push(new.report);
                    reading.contents.push(new.content);
                }
            }
        }
        if reading.reports.is_empty() {
            return Ok(());
        }
        filing.place_new(reading, &mut |placed: &Placed<'_>| {
            let report = placed.document.report();
            told(FiledReport::of(report, Outcome::Added, Some(placed.placement.story)));
            ControlFlow::Continue(())
        })?;
        for report in &twice {
            told(FiledReport::of(report, Outcome::Known, filing.story_of(report.id())));
        }
        // That the state cannot be kept ends nothing: it is made anew.
        let _ = filing.save_if_grown();
        Ok(())
    }

    /// The stream of stories, made anew if somebody has corrected stories since.
    fn filing_under_corrections<'a>(
        &self,
        filing: &'a mut Option<Filing>,
    ) -> Result<&'a mut Filing, DeskError> {
        let store = SqliteStore::open(&self.settings().store)?;
        let corrections = store.corrections()?;
        if filing.as_ref().is_some_and(|filing| filing.n_corrections() != corrections.len()) {
            *filing = None;
        }
        if filing.is_none() {
            let kept = Kept::of(store, self.engine());
            *filing = Some(Filing::new(self.engine().clone(), Some(kept), corrections, THREADS)?);
        }
        Ok(filing.as_mut().expect("it was made if it was not there"))
    }

    /// Asks the feeds of the watch list from now on.
    pub(crate) fn watch_feeds(self: &Arc<Self>) {
        let desk = self.clone();
        let thread = std::thread::spawn(move || run::watch(&desk));
        *lock(&self.work.watching) = Some(thread);
    }

    /// Puts reports into stories that were added and are in none: `stemma add` keeps reports and leaves that to others.
    pub(crate) fn file_the_loose(self: &Arc<Self>) {
        if self.front().n_loose > 0 {
            // The queue is empty when the server begins; without room for it the next report that is added does it.
            let _ = self.begin(Task::Regroup);
        }
    }

    /// Makes all stories anew under the corrections as they are.
    pub(crate) fn regroup(&self) -> Result<(), DeskError> {
        let mut filing = lock(&self.work.filing);
        let filing = self.filing_under_corrections(&mut filing)?;
        filing.catch_up()?;
        filing.keep_all_stories()?;
        self.work.changed.notify_one();
        Ok(())
    }
}

/// Threads that annotate: one is left for answers.
const THREADS: usize = 1;

fn start(lane: Lane, desk: Weak<Desk>) -> Queue {
    let (tasks, waiting) = sync_channel(WAITING);
    let thread = std::thread::spawn(move || work_off(&waiting, &desk));
    Queue { lane, tasks, thread }
}

/// Does one piece of work after the other, until the server stops.
fn work_off(waiting: &Receiver<(Arc<Job>, Task)>, desk: &Weak<Desk>) {
    loop {
        let next = waiting.recv_timeout(LOOK);
        let Some(desk) = desk.upgrade() else { return };
        match next {
            Ok((job, _)) if desk.work.is_stopping() && job.begin() => {
                job.fail("the server was stopped before")
            }
            Ok(_) if desk.work.is_stopping() => {}
            Ok((job, task)) => run::run(&desk, &job, task),
            Err(RecvTimeoutError::Timeout) if !desk.work.is_stopping() => {}
            Err(_) => return,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere leaves values that are whole: the stream of stories is given up by `run` then.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Work {
    /// Something that fetches, for one piece of work: it ends with the server. What is known of hosts comes to it by the ledger.
    fn fetcher(&self) -> Lent<'_> {
        let fetcher = Fetcher::new(self.fetching.clone());
        let mut stoppers = lock(&self.stoppers);
        let number = stoppers.last_key_value().map_or(0, |(last, _)| last + 1);
        stoppers.insert(number, fetcher.stopper());
        drop(stoppers);
        if self.is_stopping() {
            fetcher.stopper().stop();
        }
        Lent { fetcher, number, work: self }
    }

    /// Keeps all others from filing reports as long as it is held.
    pub(crate) fn hold_filing(&self) -> impl Sized + use<'_> {
        lock(&self.filing)
    }

    /// Gives the stream of stories up: the next report makes it anew from the store.
    fn give_up_filing(&self) {
        *lock(&self.filing) = None;
    }
}

/// A list that forgets its oldest.
fn push_bounded<T>(list: &mut VecDeque<T>, item: T, most: usize) {
    list.push_back(item);
    while list.len() > most {
        list.pop_front();
    }
}

/// A fetcher that is stopped with the server.
struct Lent<'a> {
    fetcher: Fetcher,
    number: u64,
    work: &'a Work,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        lock(&self.work.stoppers).remove(&self.number);
    }
}
