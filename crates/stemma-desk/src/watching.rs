//! Feeds asked again and again for what is new; what comes is handed on at once.
//!
//! One round asks all feeds that are due; then it is time to wait for the next that is. Feeds that are put on the store's list
//! meanwhile are asked in the next round. What comes is kept as it comes, so a run that ends, however it ends, goes on where it was.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use stemma_fetch::{FeedState, Fetcher, Polling};
use stemma_read::Reading;
use stemma_store::StoreError;

use crate::{DeskError, Harvest, HarvestOptions, Ledger, Tally, Tell};

/// Longest time without a look at whether to stop.
const SLICE: Duration = Duration::from_millis(200);

/// Longest wait between two rounds: then the list is read again.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// What to ask, and how often.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WatchOptions {
    /// The feeds; without them, those of the store.
    pub listed: Option<Vec<String>>,
    /// Ask the feeds that are due, and end.
    pub once: bool,
    /// Ask all feeds at first, those that are not due too.
    pub now: bool,
    /// A list without feeds ends the work; else it is looked at again later.
    pub needs_feeds: bool,
    /// What of a feed is fetched.
    pub harvest: HarvestOptions,
    /// How often feeds are asked for.
    pub polling: Polling,
}

/// How it stands after feeds were asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// More of what comes is wanted.
    pub open: bool,
    /// When the next feed is due.
    pub next_at: Option<Timestamp>,
}

/// Asks feeds, round by round.
pub struct Watch<'a> {
    /// What fetches.
    pub fetcher: &'a Fetcher,
    /// What is known of feeds and pages.
    pub ledger: &'a mut Ledger,
    /// What to ask.
    pub options: &'a WatchOptions,
    /// Told how it goes.
    pub tell: &'a dyn Tell,
}

impl Watch<'_> {
    /// Asks feeds until the fetcher is stopped, what comes is wanted no more, or after one round if that was asked for. `keep` takes
    /// what was read; `done` is told after each round.
    pub fn run(
        mut self,
        keep: &mut dyn FnMut(Reading) -> Result<bool, DeskError>,
        done: &mut dyn FnMut(&Tally),
    ) -> Result<(), DeskError> {
        let mut all = self.options.now;
        loop {
            let Asked { open, next_at } = self.ask_due(all, keep, done)?;
            all = false;
            if !open || self.options.once || self.fetcher.stopper().is_stopped() {
                return Ok(());
            }
            if !self.wait(next_at.unwrap_or(Timestamp::MAX)) {
                return Ok(());
            }
        }
    }

    /// Asks the feeds that are due, or `all` that are not gone, once.
    pub fn ask_due(
        &mut self,
        all: bool,
        keep: &mut dyn FnMut(Reading) -> Result<bool, DeskError>,
        done: &mut dyn FnMut(&Tally),
    ) -> Result<Asked, DeskError> {
        let feeds = self.feeds()?;
        let now = Timestamp::now();
        let due = feeds.iter().filter(|feed| feed.is_due(now) || (all && feed.gone_at.is_none()));
        let due: Vec<FeedState> = due.cloned().collect();
        if due.is_empty() && self.options.once {
            self.tell.note(&not_due(&feeds));
        }
        let open = due.is_empty() || self.round(due, keep, done)?;
        let feeds = if open && !self.options.once { self.feeds()? } else { Vec::new() };
        let living = feeds.iter().filter(|feed| feed.gone_at.is_none());
        Ok(Asked { open, next_at: living.filter_map(|feed| feed.next_at).min() })
    }

    /// The feeds of the list, and how it stands with each.
    fn feeds(&self) -> Result<Vec<FeedState>, DeskError> {
        let urls = match &self.options.listed {
            Some(urls) => urls.clone(),
            None => self.ledger.store.feeds()?.into_iter().map(|feed| feed.url).collect(),
        };
        if urls.is_empty() && self.options.needs_feeds {
            return Err(DeskError::NoFeeds { store: self.ledger.store.path().to_owned() });
        }
        urls.iter().map(|url| self.ledger.feed(url)).collect()
    }

    /// Asks feeds, and hands on what comes. False if no more of it is wanted.
    fn round(
        &mut self,
        due: Vec<FeedState>,
        keep: &mut dyn FnMut(Reading) -> Result<bool, DeskError>,
        done: &mut dyn FnMut(&Tally),
    ) -> Result<bool, DeskError> {
        let mut open = true;
        let mut keep = |reading: Reading| {
            open = keep(reading)?;
            Ok(open)
        };
        let Self { fetcher, ledger, options, tell } = self;
        let harvest = Harvest::new(fetcher, ledger, &options.harvest, &options.polling, *tell, &mut keep);
        let tally = harvest.feeds(due)?;
        done(&tally);
        match self.ledger.store.update_search(|_| {}) {
            // Whoever searches brings the index up to date, too.
            Ok(()) | Err(StoreError::Busy { .. } | StoreError::ReadOnly { .. }) => Ok(open),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until `at`, or for a while. False if it is to end.
    fn wait(&self, at: Timestamp) -> bool {
        let stopper = self.fetcher.stopper();
        let start = Instant::now();
        while Timestamp::now() < at && start.elapsed() < LONGEST_WAIT && !stopper.is_stopped() {
            std::thread::sleep(SLICE);
        }
        !stopper.is_stopped()
    }
}

/// Why nothing is done.
fn not_due(feeds: &[FeedState]) -> String {
    let next = feeds.iter().filter(|feed| feed.gone_at.is_none()).filter_map(|feed| feed.next_at).min();
    let n_feeds = feeds.len();
    match next {
        Some(at) => format!("none of {n_feeds} feeds is due before {at:.0}"),
        None => format!("all {n_feeds} feeds are gone for good"),
    }
}
