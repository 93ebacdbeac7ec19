//! What the store knows of feeds and of addresses that were fetched.
//!
//! The state of a feed is kept when all of its pages were handled. A run that is killed before that asks for the feed again, in
//! full, and for those of its pages that are not there yet: nothing is lost, and nothing is fetched twice that was kept.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stemma_fetch::{FeedState, FetchError, Fetched, Fetcher, State, Validators};
use stemma_store::{Feed, Fetch, SqliteStore, Store};

use crate::DeskError;

/// Under which the store keeps what is remembered of hosts.
const STATE: &str = "fetching";

/// Failures of a page that may pass, after which it is given up.
const MAX_FAILURES: u32 = 5;

/// After which a page that could not be fetched is tried again; after each further failure twice as long.
const PAGE_RETRY: Duration = Duration::from_mins(30);

/// After which a page that a feed calls changed is fetched again; after each further time twice as long, up to
/// [`LONGEST_REFETCH`]. Most corrections come soon after the first version.
const REFETCH: Duration = Duration::from_mins(10);

/// Longest such wait.
const LONGEST_REFETCH: Duration = Duration::from_hours(24);

/// Times that a page is fetched again at most: some feeds call all that they list changed whenever they are asked. With the waits
/// above, the last time is nearly four days after the first at the earliest.
const MAX_REFETCHES: u32 = 10;

/// Feeds and fetches of a store.
pub struct Ledger {
    /// The store.
    pub store: SqliteStore,
    remembered: Remembered,
}

/// What has no table.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    hosts: State,
    /// Where permanent redirects of feeds led.
    moved: BTreeMap<String, String>,
}

impl Ledger {
    /// Of a store; tells the fetcher what it knows of hosts.
    pub fn of(store: SqliteStore, fetcher: &Fetcher) -> Result<Self, DeskError> {
        let ledger = Self::of_list(store)?;
        fetcher.resume(ledger.remembered.hosts.clone());
        Ok(ledger)
    }

    /// Of a store, for one who fetches nothing.
    pub fn of_list(store: SqliteStore) -> Result<Self, DeskError> {
        // What another version has kept and this one cannot read is learned anew.
        let remembered: Remembered =
            store.state(STATE)?.and_then(|state| serde_json::from_str(&state).ok()).unwrap_or_default();
        Ok(Self { store, remembered })
    }

    /// Keeps what the fetcher knows of hosts.
    pub fn save(&mut self, fetcher: &Fetcher) -> Result<(), DeskError> {
        self.remembered.hosts = fetcher.state();
        self.save_list()
    }

    /// Keeps what has no table.
    pub fn save_list(&mut self) -> Result<(), DeskError> {
        let state = serde_json::to_string(&self.remembered)
            .map_err(|source| DeskError::State { of: "what is known of hosts", source })?;
        Ok(self.store.put_state(STATE, &state)?)
    }

    /// How it stands with the feed of this address.
    pub fn feed(&self, url: &str) -> Result<FeedState, DeskError> {
        let state = FeedState { moved_to: self.remembered.moved.get(url).cloned(), ..FeedState::of(url) };
        Ok(match self.store.fetch(url)? {
            None => state,
            Some(fetch) => FeedState {
                validators: Validators { etag: fetch.etag, last_modified: fetch.last_modified },
                asked_at: Some(fetch.fetched_at),
                next_at: fetch.next_allowed,
                failures: fetch.failures,
                problem: fetch.problem,
                gone_at: (fetch.status == Some(GONE)).then_some(fetch.fetched_at),
                ..state
            },
        })
    }

    /// Keeps how it stands with a feed.
    pub fn keep_feed(&mut self, feed: &FeedState, status: Option<u16>) -> Result<(), DeskError> {
        let Some(fetched_at) = feed.asked_at else { return Ok(()) };
        match &feed.moved_to {
            Some(to) => self.remembered.moved.insert(feed.url.clone(), to.clone()),
            None => self.remembered.moved.remove(&feed.url),
        };
        let status = if feed.gone_at.is_some() { Some(GONE) } else { status };
        self.store.put_fetch(&Fetch {
            url: feed.url.clone(),
            final_url: feed.moved_to.clone(),
            status,
            problem: feed.problem.clone(),
            etag: feed.validators.etag.clone(),
            last_modified: feed.validators.last_modified.clone(),
            sha256: None,
            fetched_at,
            next_allowed: feed.next_at,
            failures: feed.failures,
            refetches: 0,
        })?;
        Ok(())
    }

    /// Keeps what a feed of the list calls itself, if nobody has named it.
    pub fn name_feed(&mut self, url: &str, title: &str) -> Result<(), DeskError> {
        let unnamed = self.store.feeds()?.into_iter().find(|feed| feed.url == url && feed.title.is_none());
        if let Some(feed) = unnamed {
            self.store.put_feeds(&[Feed { title: Some(title.to_owned()), ..feed }])?;
        }
        Ok(())
    }

    /// Forgets how it stood with a feed.
    pub fn forget_feed(&mut self, url: &str) -> Result<bool, DeskError> {
        self.remembered.moved.remove(url);
        Ok(self.store.remove_feed(url)?)
    }

    /// Whether the page at `url` was handled, or is to be left alone at `now`. `updated` is when it was changed last, as a list
    /// has it.
    pub fn page(
        &self,
        url: &str,
        updated: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<PageState, DeskError> {
        let Some(fetch) = self.store.fetch(url)? else { return Ok(PageState::New) };
        let due_at = match fetch.next_allowed {
            Some(at) => at,
            None if is_changed(&fetch, updated, now) => refetch_at(&fetch),
            None => return Ok(PageState::Done),
        };
        Ok(match () {
            () if due_at > now => PageState::Later,
            () if came(&fetch) => {
                PageState::Changed(Validators { etag: fetch.etag, last_modified: fetch.last_modified })
            }
            () => PageState::New,
        })
    }

    /// Keeps that a page was fetched, for the first time or, if `is_again`, because it was called changed; `problem` says why
    /// nothing could be read in it.
    pub fn keep_page(
        &mut self,
        url: &str,
        fetched: &Fetched,
        problem: Option<String>,
        is_again: bool,
    ) -> Result<(), DeskError> {
        let refetches = match self.store.fetch(url)? {
            Some(fetch) if is_again => fetch.refetches.saturating_add(1),
            _ => 0,
        };
        self.store.put_fetch(&Fetch {
            url: url.to_owned(),
            final_url: Some(fetched.url.clone()),
            status: Some(if fetched.body.is_some() { OK } else { NOT_MODIFIED }),
            refetches,
            failures: u32::from(problem.is_some()),
            problem,
            etag: fetched.validators.etag.clone(),
            last_modified: fetched.validators.last_modified.clone(),
            sha256: None,
            fetched_at: fetched.at,
            next_allowed: None,
        })?;
        Ok(())
    }

    /// Keeps that a page could not be fetched. True if it is to be tried again some time.
    pub fn keep_failure(&mut self, url: &str, error: &FetchError, now: Timestamp) -> Result<bool, DeskError> {
        // Nothing was asked, or the host has no time: neither says anything of the page.
        if matches!(
            error,
            FetchError::Stopped { .. } | FetchError::NotYet { .. } | FetchError::RobotsBusy { .. }
        ) {
            return Ok(true);
        }
        let before = self.store.fetch(url)?;
        let failures = before.as_ref().map_or(0, |fetch| fetch.failures).saturating_add(1);
        // Of the version that came before it stays known that, and which, it is.
        let known = before.filter(came);
        let again = error.is_temporary() && failures < MAX_FAILURES;
        let wait = PAGE_RETRY.saturating_mul(1 << failures.min(MAX_FAILURES));
        let retry_at = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        let next_allowed = again.then(|| error.not_before().map_or(retry_at, |at| at.max(retry_at)));
        self.store.put_fetch(&Fetch {
            url: url.to_owned(),
            final_url: known.as_ref().and_then(|known| known.final_url.clone()),
            status: status_of(error),
            problem: Some(error.to_string()),
            etag: known.as_ref().and_then(|known| known.etag.clone()),
            last_modified: known.as_ref().and_then(|known| known.last_modified.clone()),
            sha256: None,
            fetched_at: now,
            next_allowed,
            failures,
            refetches: known.map_or(0, |known| known.refetches.saturating_add(1)),
        })?;
        Ok(again)
    }
}

/// True if something was fetched there once, and not only tried.
fn came(fetch: &Fetch) -> bool {
    fetch.final_url.is_some()
}

/// True if the page of which `fetch` tells was changed after that, and is to be fetched again some time. A time that is still to
/// come says nothing.
fn is_changed(fetch: &Fetch, updated: Option<Timestamp>, now: Timestamp) -> bool {
    let is_later = updated.is_some_and(|updated| updated > fetch.fetched_at && updated <= now);
    is_later && came(fetch) && fetch.refetches < MAX_REFETCHES
}

/// When a page that was changed may be fetched again.
fn refetch_at(fetch: &Fetch) -> Timestamp {
    let wait = REFETCH.saturating_mul(1 << fetch.refetches.min(MAX_REFETCHES)).min(LONGEST_REFETCH);
    fetch.fetched_at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// 200: the answer has what was asked for.
const OK: u16 = 200;

/// 304: nothing has changed.
pub(crate) const NOT_MODIFIED: u16 = 304;

/// 410: what was here will not come back.
const GONE: u16 = 410;

/// How it stands with a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PageState {
    /// To be fetched.
    New,
    /// It was fetched, and changed since: to be fetched again, if it is not the version of these.
    Changed(Validators),
    /// It was fetched, or is given up.
    Done,
    /// It is to be tried again, but not yet.
    Later,
}

/// The status that a server has given with a failure.
pub(crate) fn status_of(error: &FetchError) -> Option<u16> {
    match error {
        FetchError::Status { status, .. } => Some(*status),
        FetchError::Gone { .. } => Some(GONE),
        _ => None,
    }
}
