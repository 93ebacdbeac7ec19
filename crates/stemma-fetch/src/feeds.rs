//! When to ask for a feed again, and when not any more.
//!
//! Pure: [`FeedState`] is data that a store keeps, the time comes in, and an answer moves it on. So a run that is killed loses at
//! most the answers that it had not kept, and asks for these again.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::backoff::{backoff, share};
use crate::clock::later;
use crate::{FetchError, Fetched, Request, Validators};

/// For how long a feed is believed to be fresh at most. Some servers call everything fresh for a year.
const MAX_FRESH: Duration = Duration::from_hours(1);

/// How often feeds are asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Polling {
    /// Time between two requests for one feed.
    pub interval: Duration,
    /// Longest time, whatever the server asks for and however often it has failed.
    pub longest: Duration,
    /// From which the jitter is made.
    pub seed: u64,
}

impl Default for Polling {
    fn default() -> Self {
        Self { interval: Duration::from_mins(15), longest: Duration::from_hours(24), seed: 0 }
    }
}

/// One feed of a watch list.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedState {
    /// The address as it was put on the list.
    pub url: String,
    /// Where permanent redirects led: asked for instead.
    pub moved_to: Option<String>,
    /// By what the server knows which version we have.
    pub validators: Validators,
    /// When it was last asked for.
    pub asked_at: Option<Timestamp>,
    /// When to ask next; without it, at once.
    pub next_at: Option<Timestamp>,
    /// Failures since it last answered well.
    pub failures: u32,
    /// The last failure.
    pub problem: Option<String>,
    /// Since when it is gone for good: it is not asked for any more.
    pub gone_at: Option<Timestamp>,
}

impl FeedState {
    /// A feed that was never asked for.
    pub fn of(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    /// True if it is to be asked for now.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.gone_at.is_none() && self.next_at.is_none_or(|at| at <= now)
    }

    /// What to ask for.
    pub fn request(&self) -> Request {
        let url = self.moved_to.clone().unwrap_or_else(|| self.url.clone());
        Request { url, validators: self.validators.clone() }
    }

    /// Takes in that the feed was fetched. What came must be a feed that can be read; else it is [`FeedState::failed`].
    pub fn fetched(&mut self, fetched: &Fetched, polling: &Polling) {
        if let Some(url) = fetched.moved_to.as_ref().filter(|url| **url != self.url) {
            self.moved_to = Some(url.clone());
        }
        self.validators = fetched.validators.clone();
        self.asked_at = Some(fetched.at);
        self.failures = 0;
        self.problem = None;
        let wait = fetched.fresh_for.unwrap_or_default().min(MAX_FRESH).max(polling.interval);
        // A tenth of jitter: feeds that were put on the list at once need not be asked for at once for good.
        let wait = wait.mul_f64(1.0 + share(polling.seed, &self.url, 0) / 10.0);
        self.next_at = Some(later(fetched.at, wait.min(polling.longest)));
    }

    /// Takes in that the feed could not be fetched at `now`.
    pub fn missed(&mut self, error: &FetchError, now: Timestamp, polling: &Polling) {
        match error {
            // Nothing was asked.
            FetchError::Stopped { .. } => return,
            FetchError::NotYet { not_before, .. } => {
                self.next_at = Some(*not_before);
                return;
            }
            FetchError::Gone { .. } => self.gone_at = Some(now),
            // It has moved to where nothing is: back to where it was.
            _ if !error.is_temporary() => self.moved_to = None,
            _ => {}
        }
        self.failed(error.to_string(), now, polling);
        if let Some(not_before) = error.not_before() {
            let longest = later(now, polling.longest);
            self.next_at = self.next_at.map(|at| at.max(not_before.min(longest)));
        }
    }

    /// Takes in that what was fetched at `now` is of no use. The more often that happens, the longer it is left alone.
    pub fn failed(&mut self, problem: String, now: Timestamp, polling: &Polling) {
        // What cannot be read is asked for in full again.
        self.validators = Validators::default();
        self.asked_at = Some(now);
        self.failures = self.failures.saturating_add(1);
        self.problem = Some(problem);
        let wait = backoff(polling.interval * 2, self.failures, polling.longest, polling.seed, &self.url);
        self.next_at = Some(later(now, wait));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://example.org/feed";

    fn now() -> Timestamp {
        "2026-03-02T10:00:00Z".parse().unwrap()
    }

    fn fetched(at: Timestamp) -> Fetched {
        Fetched {
            asked: URL.to_owned(),
            url: URL.to_owned(),
            moved_to: None,
            at,
            body: Some(Vec::new()),
            content_type: None,
            validators: Validators { etag: Some("\"1\"".to_owned()), last_modified: None },
            fresh_for: None,
        }
    }

    fn minutes(state: &FeedState, since: Timestamp) -> i64 {
        state.next_at.unwrap().duration_since(since).as_mins()
    }

    #[test]
    fn a_feed_is_asked_for_once_an_interval() {
        let (mut state, polling) = (FeedState::of(URL), Polling::default());
        assert!(state.is_due(now()));
        state.fetched(&fetched(now()), &polling);
        assert!((15..=16).contains(&minutes(&state, now())));
        assert!(!state.is_due(later(now(), Duration::from_mins(14))));
        assert!(state.is_due(later(now(), Duration::from_mins(17))));
        assert_eq!(state.request().validators.etag.as_deref(), Some("\"1\""));
    }

    #[test]
    fn a_server_may_ask_for_more_time_within_bounds() {
        let (mut state, polling) = (FeedState::of(URL), Polling::default());
        state.fetched(&Fetched { fresh_for: Some(Duration::from_mins(40)), ..fetched(now()) }, &polling);
        assert!((40..=44).contains(&minutes(&state, now())));
        state.fetched(&Fetched { fresh_for: Some(Duration::from_hours(9999)), ..fetched(now()) }, &polling);
        assert!((60..=66).contains(&minutes(&state, now())));
    }

    #[test]
    fn failures_are_asked_for_ever_more_seldom() {
        let (mut state, polling) = (FeedState::of(URL), Polling::default());
        state.fetched(&fetched(now()), &polling);
        let error = FetchError::Status { url: URL.to_owned(), status: 500, not_before: None };
        for full in [30, 60, 120, 240, 480, 960, 1440, 1440] {
            state.missed(&error, now(), &polling);
            assert!((full / 2..=full).contains(&minutes(&state, now())), "{full}");
        }
        assert_eq!((state.failures, state.request().validators), (8, Validators::default()));
        assert_eq!(state.problem.as_deref(), Some("https://example.org/feed: the server answered 500"));
        state.fetched(&fetched(now()), &polling);
        assert_eq!((state.failures, state.problem.is_none()), (0, true));
    }

    #[test]
    fn the_time_that_a_server_names_counts() {
        let (mut state, polling) = (FeedState::of(URL), Polling::default());
        let at = later(now(), Duration::from_hours(3));
        let mut error = FetchError::Status { url: URL.to_owned(), status: 429, not_before: Some(at) };
        state.missed(&error, now(), &polling);
        assert_eq!(state.next_at, Some(at));
        if let FetchError::Status { not_before, .. } = &mut error {
            *not_before = Some(Timestamp::MAX);
        }
        state.missed(&error, now(), &polling);
        assert_eq!(minutes(&state, now()), 24 * 60);
    }

    #[test]
    fn a_feed_that_is_gone_is_left_alone() {
        let (mut state, polling) = (FeedState::of(URL), Polling::default());
        state.missed(&FetchError::Gone { url: URL.to_owned() }, now(), &polling);
        assert!(!state.is_due(Timestamp::MAX));
    }

    #[test]
    fn a_feed_that_moved_is_asked_for_where_it_is() {
        let (mut state, polling) = (FeedState::of(URL), Polling::default());
        let new = "https://new.example/feed".to_owned();
        state.fetched(&Fetched { moved_to: Some(new.clone()), ..fetched(now()) }, &polling);
        assert_eq!((state.request().url, state.url.as_str()), (new, URL));
        let busy = FetchError::Status { url: URL.to_owned(), status: 503, not_before: None };
        state.missed(&busy, now(), &polling);
        assert!(state.moved_to.is_some());
        let missing = FetchError::Status { url: URL.to_owned(), status: 404, not_before: None };
        state.missed(&missing, now(), &polling);
        assert_eq!(state.request().url, URL);
    }

    #[test]
    fn a_stop_changes_nothing() {
        let mut state = FeedState::of(URL);
        state.missed(&FetchError::Stopped { url: URL.to_owned() }, now(), &Polling::default());
        assert_eq!(state, FeedState::of(URL));
    }
}
