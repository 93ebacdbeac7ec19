//! `stemma watch`: asks feeds for what is new, keeps it, and puts each report into a story at once.
//!
//! How feeds are asked round by round stands in [`Watch`]; this prints where each report went.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use stemma_desk::{Ledger, Tally, Tell, Watch, WatchOptions};
use stemma_fetch::Polling;
use stemma_read::Reading;

use crate::failure::{Exit, Failure};
use crate::fetching::{self, FetchArguments};
use crate::filing::{self, Printer};
use crate::messages::Terminal;
use crate::{feeds, kept};

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
pub(crate) fn interval(text: &str) -> Result<Duration, String> {
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
    let mut ledger = Ledger::of(kept::open_or_make(&arguments.store)?, &fetcher)?;
    let listed = arguments.list.as_deref().map(|list| read_list(list, arguments.quiet)).transpose()?;
    let mut filing = filing::open(Some(&arguments.store), arguments.threads)?;
    fetching::stop_on_signal(fetcher.stopper());
    let options = WatchOptions {
        listed,
        once: arguments.once,
        now: arguments.now,
        needs_feeds: true,
        harvest: arguments.fetch.harvest(),
        polling: Polling {
            interval: arguments.interval,
            seed: std::process::id().into(),
            ..Polling::default()
        },
    };
    let terminal = Terminal::new(arguments.quiet);
    let watch = Watch { fetcher: &fetcher, ledger: &mut ledger, options: &options, tell: &terminal };
    let (mut printer, mut exit) = (Printer::new(arguments.json), Exit::Done);
    let filing = RefCell::new(&mut filing);
    let mut keep = |reading: Reading| {
        let mut filing = filing.borrow_mut();
        let open = filing.place_new(reading, &mut |placed| terminal.apart(|| printer.print(placed)))?;
        let saved = filing.save_if_grown();
        terminal.apart(|| filing::saved(saved));
        Ok(open)
    };
    let mut done = |tally: &Tally| {
        filing::saved(filing.borrow_mut().save());
        if tally.feeds_failed + tally.pages_failed > 0 {
            exit = Exit::SomeUnread;
        }
        terminal.note(&tally.to_string());
    };
    watch.run(&mut keep, &mut done)?;
    printer.finish()?;
    Ok(exit)
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
