//! `stemma feeds`: the list of feeds that `stemma watch` asks.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Error, anyhow};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;
use stemma::Origin;
use stemma_desk::{Ledger, feeds_of, list_of};
use stemma_fetch::{FeedState, Fetcher, Settings, address};
use stemma_read::FeedList;
use stemma_store::Feed;

use crate::failure::{Exit, Failure};
use crate::{kept, marks, messages, output};

pub(crate) const EXAMPLES: &str = "\
Examples:
  stemma feeds add https://example.org/feed.xml --title \"The Post\" --folder Europe
  stemma feeds import feeds.opml               the list of a feed reader
  stemma feeds list                            with how it went the last time
  stemma feeds list --json | jq -r 'select(.problem) | .url'
  stemma feeds remove https://example.org/feed.xml
  stemma feeds export --output feeds.opml
  stemma watch                                 asks them";

#[derive(Debug, Args)]
pub(crate) struct FeedsArguments {
    #[command(subcommand)]
    pub(crate) command: FeedsCommand,
    /// The store that keeps the list
    #[arg(long, value_name = "FILE", global = true, default_value_os_t = kept::place(), hide_default_value = true)]
    pub(crate) store: PathBuf,
}

/// What to do with the list.
#[derive(Debug, Subcommand)]
pub(crate) enum FeedsCommand {
    /// Put feeds on the list
    Add {
        /// Addresses of feeds: RSS, Atom, JSON Feed, or a news sitemap
        #[arg(required = true, value_name = "ADDRESS")]
        urls: Vec<String>,
        /// What the feed is called; for one address alone
        #[arg(long)]
        title: Option<String>,
        /// Where it stands in the list; levels divided by /
        #[arg(long)]
        folder: Option<String>,
    },
    /// Show the list, and how it went the last time
    List {
        /// One JSON object a line for each feed
        #[arg(long)]
        json: bool,
    },
    /// Take feeds off the list; the reports that came from them stay
    Remove {
        /// Addresses as the list has them
        #[arg(required = true, value_name = "ADDRESS")]
        urls: Vec<String>,
    },
    /// Put the feeds of a file on the list
    Import {
        /// A list of feeds, as feed readers export it (OPML)
        #[arg(value_name = "FEEDS.opml")]
        file: PathBuf,
        /// No notes on what was passed over
        #[arg(long, short)]
        quiet: bool,
    },
    /// Write the list as OPML, which feed readers import
    Export {
        /// Write to this file instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

pub(crate) fn run(arguments: FeedsArguments) -> Result<Exit, Failure> {
    // Nothing is fetched here: what the fetcher would know is passed on unchanged.
    let fetcher = Fetcher::new(Settings::default());
    let mut ledger = Ledger::of(kept::open_or_make(&arguments.store)?, &fetcher)?;
    match arguments.command {
        FeedsCommand::Add { urls, title, folder } => add(&mut ledger, &urls, title, folder),
        FeedsCommand::List { json } => list(&ledger, json),
        FeedsCommand::Remove { urls } => remove(&mut ledger, &fetcher, &urls),
        FeedsCommand::Import { file, quiet } => import(&mut ledger, &file, quiet),
        FeedsCommand::Export { output } => export(&ledger, output.as_deref()),
    }
}

fn add(
    ledger: &mut Ledger,
    urls: &[String],
    title: Option<String>,
    folder: Option<String>,
) -> Result<Exit, Failure> {
    if title.is_some() && urls.len() > 1 {
        return Err(Failure::new(Exit::Usage, anyhow!("--title is for one feed, these are {}", urls.len())));
    }
    let mut feeds = Vec::with_capacity(urls.len());
    for url in urls {
        let url = address(url).map_err(|error| {
            Failure::new(Exit::Usage, error.into())
                .hint("give an address that begins with http:// or https://; stemma feeds import takes files")
        })?;
        feeds.push(Feed { url, title: title.clone(), folder: folder.clone() });
    }
    let n_new = ledger.store.put_feeds(&feeds)?;
    tell_added(n_new, feeds.len());
    Ok(Exit::Done)
}

fn tell_added(n_new: usize, n_feeds: usize) {
    let known = n_feeds - n_new;
    let known = if known > 0 { format!(", {known} were on it") } else { String::new() };
    messages::note(&format!("{n_new} put on the list{known}"));
}

/// Reads a list of feeds.
pub(crate) fn read_opml(path: &Path, quiet: bool) -> Result<FeedList, Failure> {
    let failed = |error: Error| Failure::new(Exit::NothingReadable, error);
    let bytes = fs::read(path)
        .map_err(|error| failed(Error::new(error).context(format!("{}: cannot be read", path.display()))))?;
    let (list, notices) =
        FeedList::from_opml(bytes, &Origin::whole(path.to_string_lossy())).map_err(|error| {
            let hint = error.remedy();
            failed(error.into()).hint(hint)
        })?;
    if !quiet {
        messages::notices(&notices);
    }
    Ok(list)
}

fn import(ledger: &mut Ledger, file: &Path, quiet: bool) -> Result<Exit, Failure> {
    let list = read_opml(file, quiet)?;
    let feeds = feeds_of(list);
    let n_new = ledger.store.put_feeds(&feeds)?;
    tell_added(n_new, feeds.len());
    Ok(Exit::Done)
}

fn export(ledger: &Ledger, path: Option<&Path>) -> Result<Exit, Failure> {
    let list = list_of(ledger.store.feeds()?);
    output::write(path, list.to_opml().as_bytes())?;
    Ok(Exit::Done)
}

fn remove(ledger: &mut Ledger, fetcher: &Fetcher, urls: &[String]) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    for url in urls {
        // As it was put on the list, or in the spelling that it has there.
        let spelled = address(url).unwrap_or_else(|_| url.clone());
        if !ledger.forget_feed(url)? && !ledger.forget_feed(&spelled)? {
            exit = Exit::SomeUnread;
            messages::problem(&anyhow!("{url}: is not on the list"), "stemma feeds list shows what is");
        }
    }
    ledger.save(fetcher)?;
    Ok(exit)
}

/// A feed as programs see it.
#[derive(Serialize)]
struct Line<'a> {
    url: &'a str,
    title: Option<&'a str>,
    folder: Option<&'a str>,
    asked_at: Option<Timestamp>,
    next_at: Option<Timestamp>,
    failures: u32,
    problem: Option<&'a str>,
    moved_to: Option<&'a str>,
    gone: bool,
}

fn list(ledger: &Ledger, json: bool) -> Result<Exit, Failure> {
    let feeds = ledger.store.feeds()?;
    let mut out = String::new();
    for feed in &feeds {
        let state = ledger.feed(&feed.url)?;
        if json {
            let line = Line {
                url: &feed.url,
                title: feed.title.as_deref(),
                folder: feed.folder.as_deref(),
                asked_at: state.asked_at,
                next_at: state.next_at,
                failures: state.failures,
                problem: state.problem.as_deref(),
                moved_to: state.moved_to.as_deref(),
                gone: state.gone_at.is_some(),
            };
            out += &serde_json::to_string(&line)
                .map_err(|error| Failure::new(Exit::Failed, Error::new(error)))?;
        } else {
            out += &marks::clean(&line(feed, &state));
        }
        out.push('\n');
    }
    if feeds.is_empty() {
        messages::note("the list is empty; stemma feeds add ADDRESS puts a feed on it");
    }
    output::write(None, out.as_bytes())?;
    Ok(Exit::Done)
}

/// `Europe/The Post  https://example.org/feed.xml  asked 2026-03-02T10:00:00Z`
fn line(feed: &Feed, state: &FeedState) -> String {
    let name = feed.title.as_deref().unwrap_or("-");
    let name = feed.folder.as_ref().map_or(name.to_owned(), |folder| format!("{folder}/{name}"));
    let how = match (state.asked_at, &state.problem) {
        (None, _) => "not asked yet".to_owned(),
        (Some(at), None) => format!("asked {at:.0}"),
        (Some(at), Some(_)) if state.gone_at.is_some() => format!("gone since {at:.0}"),
        (Some(at), Some(problem)) => {
            let problem = problem.strip_prefix(&format!("{}: ", feed.url)).unwrap_or(problem);
            let times = if state.failures == 1 {
                "once".to_owned()
            } else {
                format!("{} times, last", state.failures)
            };
            format!("failed {times} {at:.0}: {problem}")
        }
    };
    let moved = state.moved_to.as_ref().map(|to| format!("; moved to {to}")).unwrap_or_default();
    format!("{name}  {}  {how}{moved}", feed.url)
}
