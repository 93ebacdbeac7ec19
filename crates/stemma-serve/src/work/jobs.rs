//! Pieces of work that can be looked at.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use stemma::{Report, StoryId};
use stemma_fetch::Stopper;
use stemma_store::ContentHash;
use tokio::sync::watch;

use super::push_bounded;
use crate::problem::Problem;

/// Jobs that are remembered, the last.
const REMEMBERED: usize = 200;
/// Reports, and problems, that a job names; the others are counted.
const NAMED: usize = 200;
const TOLD: usize = 50;
/// Keys of clients that are remembered.
const KEYS: usize = 1_000;

/// How it stands with a piece of work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Others come first.
    Waiting,
    /// Under way.
    Working,
    /// Done; what could not be read or fetched stands under `problems`.
    Done,
    /// Broken off; what was filed before stays.
    Failed,
    /// Ended because somebody wanted it; what was filed before stays.
    Cancelled,
}

/// What became of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// It is new.
    Added,
    /// The same outlet, address and text were there already.
    Known,
}

/// A report that is kept and in a story.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct FiledReport {
    /// Its id: 32 hex digits.
    pub(crate) id: String,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// Its headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    /// Id of its story at that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) story: Option<String>,
}

impl FiledReport {
    pub(super) fn of(report: &Report, outcome: Outcome, story: Option<StoryId>) -> Self {
        Self {
            id: report.id().to_string(),
            outcome,
            title: report.title().map(str::to_owned),
            story: story.map(|story| story.to_string()),
        }
    }
}

/// Something that could not be done, and ended nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(crate) struct Trouble {
    /// Where and what.
    pub(crate) what: String,
    /// What one can do about it.
    pub(crate) remedy: String,
}

/// How far fetching is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(crate) struct Fetching {
    /// Addresses whose answers were handled.
    pub(crate) done: usize,
    /// Addresses that are to be asked for, as far as is known: feeds and sitemaps name more of them.
    pub(crate) all: usize,
}

/// A piece of work as it stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct JobState {
    /// Its id.
    pub(crate) id: String,
    /// `add`, `fetch`, `examples`, `poll` or `regroup`.
    pub(crate) kind: String,
    /// On what.
    pub(crate) about: String,
    /// How it stands.
    pub(crate) state: State,
    /// When it was asked for, ISO 8601.
    pub(crate) asked: String,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ended: Option<String>,
    /// How far fetching is, where something is fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fetching: Option<Fetching>,
    /// Reports that were added.
    pub(crate) added: usize,
    /// Reports that were there already.
    pub(crate) known: usize,
    /// Inputs and addresses that could not be read or fetched.
    pub(crate) failed: usize,
    /// The first of the reports.
    pub(crate) reports: Vec<FiledReport>,
    /// The first of what could not be done.
    pub(crate) problems: Vec<Trouble>,
    /// The first of what was passed over or read with a loss.
    pub(crate) notes: Vec<String>,
}

impl JobState {
    /// True once nothing more will change.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.state, State::Done | State::Failed | State::Cancelled)
    }
}

/// A piece of work.
#[derive(Debug)]
pub(crate) struct Job {
    id: String,
    state: watch::Sender<JobState>,
    end: Mutex<End>,
}

/// Whether a job is to end before it is done, and what ends its fetching.
#[derive(Default, Debug)]
struct End {
    wanted: bool,
    stopper: Option<Stopper>,
}

impl Job {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// As it stands.
    pub(crate) fn state(&self) -> JobState {
        self.state.borrow().clone()
    }

    /// Every change of it from now on.
    pub(crate) fn watch(&self) -> watch::Receiver<JobState> {
        self.state.subscribe()
    }

    /// Ends it: at once if it waits, else as soon as what it is at is whole. Does nothing to one that has ended.
    pub(crate) fn cancel(&self) {
        let mut end = self.to_end();
        end.wanted = true;
        if let Some(stopper) = &end.stopper {
            stopper.stop();
        }
        if self.state.borrow().state == State::Waiting {
            self.end(State::Cancelled);
        }
    }

    /// True if it is to end before it is done.
    pub(super) fn is_cancelled(&self) -> bool {
        self.to_end().wanted
    }

    /// From now on, cancelling it stops this too.
    pub(super) fn stops(&self, stopper: Stopper) {
        let mut end = self.to_end();
        if end.wanted {
            stopper.stop();
        }
        end.stopper = Some(stopper);
    }

    fn to_end(&self) -> MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// False if it was cancelled while it waited.
    pub(super) fn begin(&self) -> bool {
        let end = self.to_end();
        if !end.wanted {
            self.state.send_modify(|state| state.state = State::Working);
        }
        !end.wanted
    }

    pub(super) fn filed(&self, report: FiledReport) {
        self.state.send_modify(|state| {
            match report.outcome {
                Outcome::Added => state.added += 1,
                Outcome::Known => state.known += 1,
            }
            if state.reports.len() < NAMED {
                state.reports.push(report);
            }
        });
    }

    pub(super) fn trouble(&self, what: String, remedy: &str) {
        self.state.send_modify(|state| {
            state.failed += 1;
            if state.problems.len() < TOLD {
                state.problems.push(Trouble { what, remedy: remedy.to_owned() });
            }
        });
    }

    pub(super) fn note(&self, note: String) {
        self.state.send_modify(|state| {
            if state.notes.len() < TOLD {
                state.notes.push(note);
            }
        });
    }

    pub(super) fn fetching(&self, done: usize, all: usize) {
        self.state.send_modify(|state| state.fetching = Some(Fetching { done, all }));
    }

    pub(super) fn finish(&self) {
        self.leave(State::Done);
    }

    /// Ends it because that was wanted, with something left undone.
    pub(super) fn give_in(&self) {
        self.leave(State::Cancelled);
    }

    /// Ends it before it is done.
    pub(super) fn fail(&self, why: &str) {
        self.trouble(why.to_owned(), "");
        self.leave(State::Failed);
    }

    fn leave(&self, how: State) {
        self.to_end().stopper = None;
        self.end(how);
    }

    fn end(&self, how: State) {
        self.state.send_modify(|state| {
            state.state = how;
            state.ended = Some(now());
        });
    }
}

fn now() -> String {
    format!("{:.0}", Timestamp::now())
}

/// The jobs of this run of the server.
#[derive(Default)]
pub(crate) struct Jobs(Mutex<List>);

#[derive(Default)]
struct List {
    n_opened: u64,
    jobs: VecDeque<Arc<Job>>,
    /// What clients have sent under keys of their own, and the job that it became.
    keys: BTreeMap<String, (ContentHash, Arc<Job>)>,
    key_order: VecDeque<String>,
}

impl Jobs {
    fn list(&self) -> MutexGuard<'_, List> {
        // A panic elsewhere leaves a list that is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn open(&self, kind: &str, about: String) -> Arc<Job> {
        let mut list = self.list();
        list.n_opened += 1;
        let id = list.n_opened.to_string();
        let state = JobState {
            id: id.clone(),
            kind: kind.to_owned(),
            about,
            state: State::Waiting,
            asked: now(),
            ended: None,
            fetching: None,
            added: 0,
            known: 0,
            failed: 0,
            reports: Vec::new(),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let job = Arc::new(Job { id, state: watch::Sender::new(state), end: Mutex::default() });
        push_bounded(&mut list.jobs, job.clone(), REMEMBERED);
        job
    }

    pub(super) fn forget(&self, job: &Arc<Job>) {
        self.list().jobs.retain(|other| !Arc::ptr_eq(other, job));
    }

    /// The job of an id, if it is remembered.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Job>> {
        self.list().jobs.iter().find(|job| job.id == id).cloned()
    }

    /// All that are remembered, the last first.
    pub(crate) fn all(&self) -> Vec<Arc<Job>> {
        self.list().jobs.iter().rev().cloned().collect()
    }

    /// True if a job waits or is under way.
    pub(crate) fn is_busy(&self) -> bool {
        self.list().jobs.iter().any(|job| !job.state.borrow().has_ended())
    }

    /// The job that was begun under a key of a client. A problem if something else was sent under it.
    pub(crate) fn of_key(&self, key: &str, sent: ContentHash) -> Result<Option<Arc<Job>>, Problem> {
        match self.list().keys.get(key) {
            None => Ok(None),
            Some((hash, job)) if *hash == sent => Ok(Some(job.clone())),
            Some(_) => Err(Problem::conflict("something else was sent under this Idempotency-Key before")),
        }
    }

    /// Remembers what was sent under a key.
    pub(crate) fn keep_key(&self, key: &str, sent: ContentHash, job: &Arc<Job>) {
        let mut list = self.list();
        if list.keys.insert(key.to_owned(), (sent, job.clone())).is_none() {
            list.key_order.push_back(key.to_owned());
        }
        while list.key_order.len() > KEYS {
            let Some(oldest) = list.key_order.pop_front() else { break };
            list.keys.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_for_what_was_sent_under_it_first() {
        let jobs = Jobs::default();
        let (one, other) = (ContentHash::of(b"one"), ContentHash::of(b"other"));
        let job = jobs.open("add", "1 text".to_owned());
        jobs.keep_key("key", one, &job);
        assert!(jobs.of_key("key", one).unwrap().is_some_and(|found| Arc::ptr_eq(&found, &job)));
        assert_eq!(jobs.of_key("key", other).unwrap_err().status, 409);
        assert!(jobs.of_key("another", other).unwrap().is_none());
        for n in 0..KEYS {
            jobs.keep_key(&n.to_string(), one, &job);
        }
        assert!(jobs.of_key("key", other).unwrap().is_none(), "the oldest is forgotten");
    }

    #[test]
    fn what_waits_is_cancelled_at_once_and_never_begun() {
        let jobs = Jobs::default();
        let (waiting, working, done) = (
            jobs.open("add", String::new()),
            jobs.open("add", String::new()),
            jobs.open("add", String::new()),
        );
        assert!(working.begin() && done.begin());
        done.finish();
        for job in [&waiting, &working, &done] {
            job.cancel();
        }
        assert_eq!(waiting.state().state, State::Cancelled);
        assert!(!waiting.begin(), "it is not begun any more");
        assert_eq!((working.state().state, working.is_cancelled()), (State::Working, true));
        assert_eq!(done.state().state, State::Done);
    }

    #[test]
    fn only_the_last_jobs_are_remembered() {
        let jobs = Jobs::default();
        for _ in 0..REMEMBERED + 5 {
            jobs.open("add", String::new());
        }
        assert_eq!((jobs.all().len(), jobs.get("5").is_none()), (REMEMBERED, true));
        assert_eq!(jobs.all()[0].id(), (REMEMBERED + 5).to_string());
    }
}
