//! Whose turn it is: one request at a time for each host, and a pause after it.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::{Clock, later, until};
use crate::stop::Stop;

/// Longest time without a look at whether all was stopped.
const SLICE: Duration = Duration::from_millis(100);

/// What is known of all hosts.
#[derive(Default)]
pub(crate) struct Hosts {
    known: Mutex<BTreeMap<String, Host>>,
    /// Told when a host has become free.
    freed: Condvar,
}

#[derive(Clone)]
struct Host {
    busy: bool,
    /// Earliest time of the next request.
    next_at: Timestamp,
}

/// Why a host cannot be visited.
#[derive(Debug)]
pub(crate) enum Closed {
    /// Not before this time, and that is longer than a request waits.
    NotYet(Timestamp),
    /// All was stopped.
    Stopped,
}

/// A host that is ours until this is dropped.
pub(crate) struct Visit<'a> {
    hosts: &'a Hosts,
    clock: &'a dyn Clock,
    pub(crate) host: String,
    /// Pause after the visit.
    pub(crate) delay: Duration,
}

impl Hosts {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Host>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody else visits `host` and its pause is over; longer than `max_wait` it does not wait for that.
    pub(crate) fn visit<'a>(
        &'a self,
        host: String,
        clock: &'a dyn Clock,
        stop: &Stop,
        max_wait: Duration,
    ) -> Result<Visit<'a>, Closed> {
        let mut known = self.lock();
        let next_at = loop {
            if stop.is_set() {
                return Err(Closed::Stopped);
            }
            let state = known.entry(host.clone()).or_insert(Host { busy: false, next_at: Timestamp::MIN });
            if !state.busy {
                if until(clock.now(), state.next_at) > max_wait {
                    return Err(Closed::NotYet(state.next_at));
                }
                state.busy = true;
                break state.next_at;
            }
            known = self.freed.wait_timeout(known, SLICE).unwrap_or_else(PoisonError::into_inner).0;
        };
        drop(known);
        let visit = Visit { hosts: self, clock, host, delay: Duration::ZERO };
        loop {
            let left = until(clock.now(), next_at);
            if stop.is_set() {
                return Err(Closed::Stopped);
            }
            if left.is_zero() {
                return Ok(visit);
            }
            clock.sleep(left.min(SLICE));
        }
    }

    /// Lets nobody visit `host` before `at`.
    pub(crate) fn postpone(&self, host: &str, at: Timestamp) {
        let mut known = self.lock();
        let state = known.entry(host.to_owned()).or_insert(Host { busy: false, next_at: at });
        state.next_at = state.next_at.max(at);
    }

    /// When `host` may be visited; `None` while somebody does.
    pub(crate) fn free_at(&self, host: &str) -> Option<Timestamp> {
        match self.lock().get(host) {
            Some(Host { busy: true, .. }) => None,
            Some(Host { next_at, .. }) => Some(*next_at),
            None => Some(Timestamp::MIN),
        }
    }

    /// The hosts that are to be left in peace at `now`, and until when.
    pub(crate) fn pauses(&self, now: Timestamp) -> BTreeMap<String, Timestamp> {
        let known = self.lock();
        let paused = known.iter().filter(|(_, state)| state.next_at > now);
        paused.map(|(host, state)| (host.clone(), state.next_at)).collect()
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        let at = later(self.clock.now(), self.delay);
        if let Some(state) = self.hosts.lock().get_mut(&self.host) {
            state.busy = false;
            state.next_at = state.next_at.max(at);
        }
        self.hosts.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ManualClock;

    const MINUTE: Duration = Duration::from_secs(60);

    fn clock() -> ManualClock {
        ManualClock::at("2026-03-02T10:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_pause_is_kept_after_each_visit() {
        let (hosts, clock, stop) = (Hosts::default(), clock(), Stop::default());
        let start = clock.now();
        for n in 0..3 {
            let mut visit = hosts.visit("a".to_owned(), &clock, &stop, MINUTE).unwrap();
            assert_eq!(until(start, clock.now()), Duration::from_secs(5 * n));
            visit.delay = Duration::from_secs(5);
        }
        hosts.visit("b".to_owned(), &clock, &stop, MINUTE).unwrap();
        assert_eq!(until(start, clock.now()), Duration::from_secs(10));
    }

    #[test]
    fn nobody_waits_longer_than_asked() {
        let (hosts, clock, stop) = (Hosts::default(), clock(), Stop::default());
        let at = later(clock.now(), Duration::from_secs(61));
        hosts.postpone("a", at);
        hosts.postpone("a", clock.now());
        let closed = hosts.visit("a".to_owned(), &clock, &stop, MINUTE).err();
        assert!(matches!(closed, Some(Closed::NotYet(not_before)) if not_before == at));
        assert_eq!(hosts.pauses(clock.now()).len(), 1);
        assert!(hosts.visit("a".to_owned(), &clock, &stop, 2 * MINUTE).is_ok());
        assert_eq!(hosts.pauses(clock.now()).len(), 0);
    }

    #[test]
    fn one_at_a_time() {
        let (hosts, clock, stop) = (Hosts::default(), clock(), Stop::default());
        let inside = Mutex::new((0, 0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _visit = hosts.visit("a".to_owned(), &clock, &stop, MINUTE).unwrap();
                    let now = {
                        let mut inside = inside.lock().unwrap();
                        inside.0 += 1;
                        inside.1 = inside.1.max(inside.0);
                        inside.0
                    };
                    assert_eq!(now, 1);
                    std::thread::sleep(Duration::from_millis(2));
                    inside.lock().unwrap().0 -= 1;
                });
            }
        });
        assert_eq!(*inside.lock().unwrap(), (0, 1));
    }

    #[test]
    fn a_stop_ends_waiting() {
        let (hosts, clock, stop) = (Hosts::default(), clock(), Stop::default());
        let _visit = hosts.visit("a".to_owned(), &clock, &stop, MINUTE).unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| hosts.visit("a".to_owned(), &clock, &stop, MINUTE).err());
            stop.set();
            assert!(matches!(waiting.join().unwrap(), Some(Closed::Stopped)));
        });
    }
}
