//! The watch list: feeds, and how it stands with each, for pages and for the API.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::Origin;
use stemma_desk::{Ledger, feeds_of, list_of};
use stemma_fetch::FeedState;
use stemma_read::FeedList;
use stemma_store::{Feed, SqliteStore};

use crate::desk::Desk;
use crate::problem::Problem;

/// Most feeds that are put on the list at a time.
const MOST_FEEDS: usize = 5_000;
/// Longest title, and folder, that are taken.
const NAME_CHARS: usize = 500;

/// A feed of the watch list, and how it stands with it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct FeedLine {
    /// Its address.
    pub(crate) url: String,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    /// Where it stands in the list; levels divided by `/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) folder: Option<String>,
    /// When it was last asked, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) asked_at: Option<String>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_at: Option<String>,
    /// Failures in a row.
    pub(crate) failures: u32,
    /// The last failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
    /// Where it has moved for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) moved_to: Option<String>,
    /// It is gone for good, and is not asked any more.
    pub(crate) gone: bool,
}

impl FeedLine {
    fn of(feed: Feed, state: FeedState) -> Self {
        let shown = |at: Timestamp| format!("{at:.0}");
        Self {
            url: feed.url,
            title: feed.title,
            folder: feed.folder,
            asked_at: state.asked_at.map(shown),
            next_at: state.next_at.map(shown),
            failures: state.failures,
            problem: state.problem,
            moved_to: state.moved_to,
            gone: state.gone_at.is_some(),
        }
    }
}

/// A feed to put on the list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFeed {
    /// Address of RSS, Atom, JSON Feed, or a news sitemap: `http` or `https`.
    #[schemars(length(min = 1, max = 2000))]
    pub(crate) url: String,
    /// What it is called; without it, as it calls itself.
    #[schemars(length(max = 500))]
    pub(crate) title: Option<String>,
    /// Where it stands in the list; levels divided by `/`.
    #[schemars(length(max = 500))]
    pub(crate) folder: Option<String>,
}

/// How many feeds are new, and how many were there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(crate) struct Listed {
    /// Feeds that were put on the list.
    pub(crate) added: usize,
    /// Feeds that were on it already.
    pub(crate) known: usize,
}

/// Runs `work` on the ledger of the store.
async fn with_ledger<T: Send + 'static>(
    desk: &Arc<Desk>,
    work: impl FnOnce(&mut Ledger) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let path = desk.settings().store.clone();
    let done = tokio::task::spawn_blocking(move || work(&mut Ledger::of_list(SqliteStore::open(&path)?)?));
    done.await.unwrap_or_else(|_| Err(Problem::failed()))
}

/// The feeds, in order of folder and address.
pub(crate) async fn list(desk: &Arc<Desk>) -> Result<Vec<FeedLine>, Problem> {
    with_ledger(desk, |ledger| {
        let mut lines = Vec::new();
        for feed in ledger.store.feeds()? {
            let state = ledger.feed(&feed.url)?;
            lines.push(FeedLine::of(feed, state));
        }
        Ok(lines)
    })
    .await
}

/// Puts feeds on the list.
pub(crate) async fn add(desk: &Arc<Desk>, new: Vec<NewFeed>) -> Result<Listed, Problem> {
    let short = |name: Option<String>| {
        let name = name.map(|name| name.trim().chars().take(NAME_CHARS).collect::<String>());
        name.filter(|name| !name.is_empty())
    };
    let mut feeds = Vec::with_capacity(new.len());
    for NewFeed { url, title, folder } in new {
        let url =
            stemma_fetch::address(url.trim()).map_err(|error| Problem::nothing_to_do(error.to_string()))?;
        feeds.push(Feed { url, title: short(title), folder: short(folder) });
    }
    keep(desk, feeds).await
}

/// Puts the feeds of a list that a feed reader has written on the list. What is no address is passed over.
pub(crate) async fn add_opml(desk: &Arc<Desk>, bytes: Vec<u8>) -> Result<Listed, Problem> {
    let read = FeedList::from_opml(bytes, &Origin::whole("what was sent"));
    let (list, _) = read.map_err(|error| Problem::nothing_to_do(error.to_string()))?;
    let mut feeds = feeds_of(list);
    feeds.retain_mut(|feed| match stemma_fetch::address(&feed.url) {
        Ok(url) => {
            feed.url = url;
            true
        }
        Err(_) => false,
    });
    if feeds.is_empty() {
        return Err(Problem::nothing_to_do("the list names no feed"));
    }
    keep(desk, feeds).await
}

async fn keep(desk: &Arc<Desk>, feeds: Vec<Feed>) -> Result<Listed, Problem> {
    if feeds.len() > MOST_FEEDS {
        return Err(Problem::nothing_to_do(format!("no more than {MOST_FEEDS} feeds at a time")));
    }
    with_ledger(desk, move |ledger| {
        let added = ledger.store.put_feeds(&feeds)?;
        Ok(Listed { added, known: feeds.len() - added })
    })
    .await
}

/// Takes a feed off the list; the reports that came from it stay. False if it was not on it.
pub(crate) async fn remove(desk: &Arc<Desk>, url: String) -> Result<bool, Problem> {
    with_ledger(desk, move |ledger| {
        // As it was put on the list, or in the spelling that it has there.
        let spelled = stemma_fetch::address(&url).unwrap_or_else(|_| url.clone());
        let was_there = ledger.forget_feed(&url)? || ledger.forget_feed(&spelled)?;
        ledger.save_list()?;
        Ok(was_there)
    })
    .await
}

/// The list as OPML.
pub(crate) async fn opml(desk: &Arc<Desk>) -> Result<String, Problem> {
    with_ledger(desk, |ledger| Ok(list_of(ledger.store.feeds()?).to_opml())).await
}
