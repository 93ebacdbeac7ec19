//! Compares the stories that stand first while nobody asks for anything: how many witnesses they have is known then, and their
//! pages are there at once.
//!
//! One story after the other, on one thread; before each it looks whether somebody has asked meanwhile. A story that grows is
//! compared again, but not at every report.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use stemma_core::StoryId;
use stemma_store::{SqliteStore, StoreError};

use crate::desk::Desk;
use crate::front::Front;

/// Stories that are compared ahead: those of one page.
const FIRST: usize = 50;
/// Reports of the largest of them: about a second of one processor.
const LARGEST: usize = 100;
/// For so long nobody has asked for anything.
const QUIET: Duration = Duration::from_secs(2);
/// How often is looked whether it is quiet.
const LOOK: Duration = Duration::from_millis(200);
/// After this time a story that has changed is compared again.
const AGAIN: Duration = Duration::from_secs(300);

/// Whether requests are being answered, and when the last one was.
#[derive(Debug)]
pub(crate) struct Quiet {
    start: Instant,
    n_running: AtomicUsize,
    /// Milliseconds from the start to the end of the last request.
    last: AtomicU64,
}

impl Default for Quiet {
    fn default() -> Self {
        Self { start: Instant::now(), n_running: AtomicUsize::new(0), last: AtomicU64::new(0) }
    }
}

impl Quiet {
    /// A request is being answered as long as the value is held.
    pub(crate) fn disturb(&self) -> impl Sized + use<'_> {
        self.n_running.fetch_add(1, Ordering::AcqRel);
        Disturbed(self)
    }

    fn holds(&self) -> bool {
        let last = Duration::from_millis(self.last.load(Ordering::Acquire));
        self.n_running.load(Ordering::Acquire) == 0 && self.start.elapsed().saturating_sub(last) >= QUIET
    }
}

struct Disturbed<'a>(&'a Quiet);

impl Drop for Disturbed<'_> {
    fn drop(&mut self) {
        let now = u64::try_from(self.0.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.last.store(now, Ordering::Release);
        self.0.n_running.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Begins to compare; ends with the server.
pub(crate) fn start(desk: Arc<Desk>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut ahead = Ahead::default();
        while !desk.work.is_stopping() {
            std::thread::sleep(LOOK);
            if is_idle(&desk) {
                // What fails, fails again when somebody opens the story, and is told then.
                let _ = catch_unwind(AssertUnwindSafe(|| ahead.look(&desk)));
            }
        }
    })
}

/// True if nobody waits for anything.
fn is_idle(desk: &Desk) -> bool {
    desk.quiet.holds() && !desk.work.jobs.is_busy() && !desk.work.is_stopping()
}

#[derive(Default)]
struct Ahead {
    store: Option<SqliteStore>,
    /// Stories that were compared, and when.
    done: HashMap<StoryId, Instant>,
    /// With these nothing is left to be done.
    settled: Option<Arc<Front>>,
}

impl Ahead {
    /// Compares what stands first and is not compared, until somebody asks for something.
    fn look(&mut self, desk: &Desk) -> Result<(), StoreError> {
        let front = desk.front();
        if self.settled.as_ref().is_some_and(|settled| Arc::ptr_eq(settled, &front)) {
            return Ok(());
        }
        let store = match &mut self.store {
            Some(store) => store,
            none => none.insert(SqliteStore::open(&desk.settings().store)?),
        };
        self.done.retain(|_, at| at.elapsed() < AGAIN);
        let mut waits = false;
        for story in wanted(&front) {
            if !is_idle(desk) {
                return Ok(());
            }
            if desk.witnesses.of_one(store, story)?.is_some() {
                continue;
            }
            if self.done.contains_key(&story) {
                waits = true;
                continue;
            }
            self.done.insert(story, Instant::now());
            desk.compare_ahead(store, story)?;
        }
        if !waits {
            self.settled = Some(front);
        }
        Ok(())
    }
}

/// The stories to be compared, in the order of the front page.
fn wanted(front: &Front) -> impl Iterator<Item = StoryId> + '_ {
    let several = front.stories.iter().filter(|line| line.outlets.len() > 1).take(FIRST);
    several.filter(|line| line.n_reports <= LARGEST).map(|line| line.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_quiet_some_time_after_the_last_request() {
        let quiet = Quiet::default();
        assert!(!quiet.holds(), "the server has just begun");
        let long_ago = Quiet { start: Instant::now() - 2 * QUIET, ..Quiet::default() };
        assert!(long_ago.holds());
        let request = long_ago.disturb();
        assert!(!long_ago.holds(), "a request is being answered");
        drop(request);
        assert!(!long_ago.holds(), "one was answered a moment ago");
    }
}
