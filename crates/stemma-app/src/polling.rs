//! `stemma watch`: asks feeds for what is new, keeps it, and puts each report into a story at once.
//!
//! One round asks all feeds that are due; then the program waits for the next that is. Feeds that are put on the store's list
//! meanwhile are asked in the next round. What comes is kept as it comes, so a run that ends, however it ends, goes on where it was.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use clap::Args;
use jiff::Timestamp;
use stemma::Engine;
use stemma_fetch::{FeedState, Fetcher, Polling};
use stemma_read::Reading;

use crate::failure::{Exit, Failure};
use crate::fetching::{self, FetchArguments};
use crate::filing::Filing;
use crate::harvest::Harvest;
use crate::ledger::Ledger;
use crate::{feeds, kept, messages};

pub(crate) const EXAMPLES: &str = "\
Each new report is printed with its story, as stemma stories --watch does for reports from a pipe. Feeds are asked once an
interval, and only for what has changed; what robots.txt forbids is not fetched. docs/fetching.md tells the rules.

Examples:
  stemma watch feeds.opml                      the feeds of a list, until Ctrl-C
  stemma feeds import feeds.opml; stemma watch the same, and the list is kept in the store
  stemma watch --once                          the feeds that are due, then end: for cron
  stemma watch --interval 1h --pages never     once an hour, and only what the feeds themselves hold
  stemma watch --json | jq -c 'select(.outcome == \"opened\")'";

/// Shortest interval: more often nobody's feed needs to be asked.
const SHORTEST_INTERVAL: Duration = Duration::from_mins(1);

/// Longest time without a look at whether to stop.
const SLICE: Duration = Duration::from_millis(200);

/// Longest wait between two rounds: then the list is read again.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

#[derive(Debug, Args)]
pub(crate) struct WatchArguments {
    /// A list of feeds, as feed readers export it (OPML); without it, the feeds of the store
    #[arg(value_name = "FEEDS.opml")]
    pub(crate) list: Option<PathBuf>,
    /// Ask the feeds that are due, and end
    #[arg(long)]
    pub(crate) once: bool,
    /// Ask all feeds at first, those that are not due too
    #[arg(long)]
    pub(crate) now: bool,
    /// Time between two requests for one feed: 15m, 1h, 1d
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = interval)]
    pub(crate) interval: Duration,
    #[command(flatten)]
    pub(crate) fetch: FetchArguments,
    /// One JSON object a line for each new report
    #[arg(long)]
    pub(crate) json: bool,
    /// Number of threads that annotate; 0 takes one for each core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    /// No notes on standard error; what could not be fetched or read is told all the same
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// The store: its feeds are asked, and what comes is kept in it
    #[arg(long, value_name = "FILE", default_value_os_t = kept::place(), hide_default_value = true)]
    pub(crate) store: PathBuf,
}

/// `15m`, `2h`: a number and s, m, h or d; minutes where it is a number alone.
fn interval(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let seconds = match &text[digits.len()..] {
        "s" => 1,
        "" | "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err("write it as 15m, 2h or 1d".to_owned()),
    };
    let number: u32 = digits.parse().map_err(|_| "write it as 15m, 2h or 1d".to_owned())?;
    let interval = Duration::from_secs(u64::from(number) * seconds);
    if interval < SHORTEST_INTERVAL {
        return Err("feeds are asked once a minute at most".to_owned());
    }
    Ok(interval)
}

pub(crate) fn run(arguments: &WatchArguments) -> Result<Exit, Failure> {
    let fetcher = fetching::fetcher(&arguments.fetch)?;
    let ledger = Ledger::open(&arguments.store, &fetcher)?;
    let listed = arguments.list.as_deref().map(|list| read_list(list, arguments.quiet)).transpose()?;
    let engine = Engine::load();
    let filing = Filing::new(&engine, Some(&arguments.store), arguments.threads, arguments.json)?;
    fetching::stop_on_signal(fetcher.stopper());
    let polling =
        Polling { interval: arguments.interval, seed: std::process::id().into(), ..Polling::default() };
    Watch { arguments, fetcher, ledger, listed, filing, polling, exit: Exit::Done }.run()
}

struct Watch<'a> {
    arguments: &'a WatchArguments,
    fetcher: Fetcher,
    ledger: Ledger,
    /// The feeds of a file; without one, those of the store.
    listed: Option<Vec<String>>,
    filing: Filing<'a>,
    polling: Polling,
    exit: Exit,
}

impl Watch<'_> {
    fn run(mut self) -> Result<Exit, Failure> {
        let mut all = self.arguments.now;
        loop {
            let feeds = self.feeds()?;
            let now = Timestamp::now();
            let due = feeds.iter().filter(|feed| feed.is_due(now) || (all && feed.gone_at.is_none()));
            let due: Vec<FeedState> = due.cloned().collect();
            all = false;
            if due.is_empty() && self.arguments.once && !self.arguments.quiet {
                messages::note(&not_due(&feeds));
            }
            let open = due.is_empty() || self.round(due)?;
            if !open || self.arguments.once || self.fetcher.stopper().is_stopped() {
                return Ok(self.exit);
            }
            let next_at = self
                .feeds()?
                .iter()
                .filter(|feed| feed.gone_at.is_none())
                .filter_map(|feed| feed.next_at)
                .min();
            if !self.wait(next_at.unwrap_or(Timestamp::MAX)) {
                return Ok(self.exit);
            }
        }
    }

    /// The feeds of the list, and how it stands with each.
    fn feeds(&self) -> Result<Vec<FeedState>, Failure> {
        let urls = match &self.listed {
            Some(urls) => urls.clone(),
            None => self.ledger.store.feeds()?.into_iter().map(|feed| feed.url).collect(),
        };
        if urls.is_empty() {
            let error = anyhow!("{}: the store has no feeds", self.arguments.store.display());
            return Err(Failure::new(Exit::NothingReadable, error)
                .hint("stemma feeds add ADDRESS puts one on its list, stemma feeds import FEEDS.opml many"));
        }
        urls.iter().map(|url| self.ledger.feed(url)).collect()
    }

    /// Asks feeds, and keeps what comes. False if nobody reads what is told of it.
    fn round(&mut self, due: Vec<FeedState>) -> Result<bool, Failure> {
        let (filing, mut open) = (&mut self.filing, true);
        let mut keep = |reading: Reading| {
            open = filing.place_new(reading)?;
            filing.save_if_grown();
            Ok(open)
        };
        let tally = Harvest::new(
            &self.fetcher,
            &mut self.ledger,
            &self.arguments.fetch,
            &self.polling,
            self.arguments.quiet,
            &mut keep,
        )
        .feeds(due)?;
        self.filing.save();
        if tally.feeds_failed + tally.pages_failed > 0 {
            self.exit = Exit::SomeUnread;
        }
        if !self.arguments.quiet {
            messages::note(&tally.to_string());
        }
        Ok(open)
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

/// The addresses of a list of feeds.
fn read_list(path: &Path, quiet: bool) -> Result<Vec<String>, Failure> {
    let feeds = feeds::read_opml(path, quiet)?.feeds;
    if feeds.is_empty() {
        let error = anyhow!("{}: lists no feeds", path.display());
        return Err(Failure::new(Exit::NothingReadable, error)
            .hint("export the list of your feed reader anew, as OPML"));
    }
    Ok(feeds.into_iter().map(|feed| feed.xml_url).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals() {
        let seconds = |text: &str| interval(text).map(|interval| interval.as_secs()).ok();
        assert_eq!(
            ["15m", "90s", "2h", "1d", "5"].map(seconds),
            [Some(900), Some(90), Some(7200), Some(86_400), Some(300)]
        );
        assert_eq!(["", "m", "30s", "0", "1w", "-1m", "1.5h", "99999999999d"].map(seconds), [None; 8]);
    }
}
