//! Feeds that are watched, and how fetching went.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{SqliteStore, integer, natural};
use crate::error::Fault;
use crate::{ContentHash, StoreError};

/// A feed that is watched.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Feed {
    /// Its address.
    pub url: String,
    /// What it is called.
    pub title: Option<String>,
    /// The folder of the list that it stands in; levels divided by `/`.
    pub folder: Option<String>,
}

/// How fetching an address went the last time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetch {
    /// The address.
    pub url: String,
    /// The address after redirects.
    pub final_url: Option<String>,
    /// Of HTTP; `None`: there was no answer.
    pub status: Option<u16>,
    /// What went wrong.
    pub problem: Option<String>,
    /// As the server gave it, to ask whether there is something new.
    pub etag: Option<String>,
    /// As the server gave it, to ask whether there is something new.
    pub last_modified: Option<String>,
    /// Hash of what came last.
    pub sha256: Option<ContentHash>,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// When it may be fetched again.
    pub next_allowed: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// Times that it was asked for again because a feed or a sitemap called it changed.
    pub refetches: u32,
}

impl SqliteStore {
    /// Keeps feeds. Title and folder of one that is there are replaced where the new ones are known. Gives the number of new
    /// ones.
    pub fn put_feeds(&mut self, feeds: &[Feed]) -> Result<usize, StoreError> {
        self.write("keeping feeds", |transaction| {
            let mut n_new = 0;
            for feed in feeds {
                n_new += transaction
                    .prepare_cached("INSERT OR IGNORE INTO feeds (url) VALUES (?1)")?
                    .execute([&feed.url])?;
                transaction
                    .prepare_cached(
                        "UPDATE feeds SET title = coalesce(?2, title), folder = coalesce(?3, folder) WHERE url = ?1",
                    )?
                    .execute(params![feed.url, feed.title, feed.folder])?;
            }
            Ok(n_new)
        })
    }

    /// All feeds, in order of folder and address.
    pub fn feeds(&self) -> Result<Vec<Feed>, StoreError> {
        self.read("listing feeds", |connection| {
            let mut statement =
                connection.prepare_cached("SELECT url, title, folder FROM feeds ORDER BY folder, url")?;
            let feeds = statement.query_map([], |row| {
                Ok(Feed { url: row.get(0)?, title: row.get(1)?, folder: row.get(2)? })
            })?;
            Ok(feeds.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Forgets a feed; the reports that came from it stay. False if it was not there.
    pub fn remove_feed(&mut self, url: &str) -> Result<bool, StoreError> {
        self.write("removing a feed", |transaction| {
            Ok(transaction.execute("DELETE FROM feeds WHERE url = ?1", [url])? > 0)
        })
    }

    /// Keeps how fetching an address went, in place of the last time.
    pub fn put_fetch(&mut self, fetch: &Fetch) -> Result<(), StoreError> {
        self.write("keeping how fetching went", |transaction| {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO fetches (url, final_url, status, problem, etag, last_modified, sha256, fetched_at, \
                     next_allowed, failures, refetches) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                )?
                .execute(params![
                    fetch.url,
                    fetch.final_url,
                    fetch.status,
                    fetch.problem,
                    fetch.etag,
                    fetch.last_modified,
                    fetch.sha256.map(|hash| hash.to_string()),
                    fetch.fetched_at.to_string(),
                    fetch.next_allowed.map(|at| at.to_string()),
                    integer(fetch.failures),
                    integer(fetch.refetches),
                ])?;
            Ok(())
        })
    }

    /// How fetching `url` went the last time.
    pub fn fetch(&self, url: &str) -> Result<Option<Fetch>, StoreError> {
        self.read("reading how fetching went", |connection| get_fetch(connection, url))
    }
}

fn get_fetch(connection: &Connection, url: &str) -> Result<Option<Fetch>, Fault> {
    let mut statement = connection.prepare_cached("SELECT * FROM fetches WHERE url = ?1")?;
    let row = statement.query_row([url], |row| Ok(fetch_of(url, row))).optional()?;
    row.transpose()
}

fn fetch_of(url: &str, row: &Row<'_>) -> Result<Fetch, Fault> {
    let what = || format!("the fetch of {url}");
    let time = |text: String| -> Result<Timestamp, StoreError> {
        text.parse().map_err(|error: jiff::Error| StoreError::damaged(what(), error))
    };
    let hash = |text: String| text.parse().map_err(|error: String| StoreError::damaged(what(), error));
    Ok(Fetch {
        url: row.get("url")?,
        final_url: row.get("final_url")?,
        status: row.get::<_, Option<i64>>("status")?.map(|status| natural(&what, status)).transpose()?,
        problem: row.get("problem")?,
        etag: row.get("etag")?,
        last_modified: row.get("last_modified")?,
        sha256: row.get::<_, Option<String>>("sha256")?.map(hash).transpose()?,
        fetched_at: time(row.get("fetched_at")?)?,
        next_allowed: row.get::<_, Option<String>>("next_allowed")?.map(time).transpose()?,
        failures: natural(&what, row.get("failures")?)?,
        refetches: natural(&what, row.get("refetches")?)?,
    })
}
