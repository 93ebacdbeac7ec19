//! Many addresses at once: to different hosts at the same time, to one host one after the other.
//!
//! Threads fetch; what they bring is handed on in the thread that called, one after the other, as it comes in. That may ask for
//! more: a feed for its pages. In memory are as many answers as there are threads, and one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::until;
use crate::{FetchError, Fetched, Fetcher, Request, target};

/// Longest time without a look at whether there is more to do.
const SLICE: Duration = Duration::from_millis(100);

/// An address to fetch, and what is to be known of it when it comes.
#[derive(Clone, Debug)]
pub struct Job<T> {
    /// What to fetch.
    pub request: Request,
    /// Handed back with the answer.
    pub about: T,
}

impl Fetcher {
    /// Fetches all `jobs`, and those that `each` returns for an answer. The jobs of one host are done in their order; of several
    /// hosts, that whose turn came first is first. After a stop, what has not begun is left out, and `each` is not told.
    pub fn fetch_all<T: Send>(
        &self,
        jobs: Vec<Job<T>>,
        mut each: impl FnMut(T, Result<Fetched, FetchError>) -> Vec<Job<T>>,
    ) {
        let queue = Queue::default();
        queue.add(jobs);
        let (send, answers) = sync_channel(1);
        std::thread::scope(|scope| {
            for _ in 0..self.settings.threads.max(1) {
                let (queue, send) = (&queue, send.clone());
                scope.spawn(move || {
                    while let Some((host, job)) = queue.take(self) {
                        let answer = self.fetch(&job.request);
                        queue.leave(&host);
                        // Nobody listens if handing on has panicked; then there is nothing more to do.
                        if send.send((job.about, answer)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            let mut guard = EndOnDrop(Some(&queue));
            for (about, answer) in &answers {
                queue.add(each(about, answer));
                queue.done();
            }
            guard.0 = None;
        });
    }
}

/// Ends the threads if handing on answers has panicked: they would wait for it for good.
struct EndOnDrop<'a, T>(Option<&'a Queue<T>>);

impl<T> Drop for EndOnDrop<'_, T> {
    fn drop(&mut self) {
        if let Some(queue) = self.0 {
            queue.lock().ended = true;
            queue.changed.notify_all();
        }
    }
}

struct Queue<T> {
    jobs: Mutex<Jobs<T>>,
    changed: Condvar,
}

struct Jobs<T> {
    /// By host. None is empty.
    waiting: BTreeMap<String, VecDeque<Job<T>>>,
    /// Hosts that a thread is at.
    visited: BTreeSet<String>,
    /// Jobs that were taken and whose answer was not yet handed on.
    n_under_way: usize,
    ended: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        let jobs = Jobs { waiting: BTreeMap::new(), visited: BTreeSet::new(), n_under_way: 0, ended: false };
        Self { jobs: Mutex::new(jobs), changed: Condvar::new() }
    }
}

impl<T> Queue<T> {
    fn lock(&self) -> MutexGuard<'_, Jobs<T>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, jobs: Vec<Job<T>>) {
        let mut queue = self.lock();
        for job in jobs {
            // What is no address fails at once, and needs no host for that.
            let host = target::parse(&job.request.url).map(|url| target::host(&url)).unwrap_or_default();
            queue.waiting.entry(host).or_default().push_back(job);
        }
        drop(queue);
        self.changed.notify_all();
    }

    /// The next job, when the turn of its host has come; `None` when no more can come.
    fn take(&self, fetcher: &Fetcher) -> Option<(String, Job<T>)> {
        let mut jobs = self.lock();
        loop {
            if fetcher.stop.is_set() || jobs.ended || (jobs.waiting.is_empty() && jobs.n_under_way == 0) {
                return None;
            }
            let Some((wait, host)) = jobs.next(fetcher) else {
                jobs = self.changed.wait_timeout(jobs, SLICE).unwrap_or_else(PoisonError::into_inner).0;
                continue;
            };
            // What would wait for too long is taken all the same: it fails at once.
            if !wait.is_zero() && wait <= fetcher.settings.max_wait {
                drop(jobs);
                fetcher.clock.sleep(wait.min(SLICE));
                jobs = self.lock();
                continue;
            }
            if let Some(job) = jobs.take(&host) {
                return Some((host, job));
            }
        }
    }

    /// The thread has left the host.
    fn leave(&self, host: &str) {
        self.lock().visited.remove(host);
        self.changed.notify_all();
    }

    /// An answer was handed on.
    fn done(&self) {
        self.lock().n_under_way -= 1;
        self.changed.notify_all();
    }
}

impl<T> Jobs<T> {
    /// The host with jobs that is free first, and how long it is until then.
    fn next(&self, fetcher: &Fetcher) -> Option<(Duration, String)> {
        let now = fetcher.clock.now();
        let free = self.waiting.keys().filter(|host| !self.visited.contains(*host));
        let free = free.filter_map(|host| Some((fetcher.hosts.free_at(host)?, host)));
        let (at, host) = free.min_by_key(|(at, host)| (*at.max(&Timestamp::MIN), *host))?;
        Some((until(now, at), host.clone()))
    }

    fn take(&mut self, host: &str) -> Option<Job<T>> {
        let jobs = self.waiting.get_mut(host)?;
        let job = jobs.pop_front();
        if jobs.is_empty() {
            self.waiting.remove(host);
        }
        self.visited.insert(host.to_owned());
        self.n_under_way += 1;
        job
    }
}
