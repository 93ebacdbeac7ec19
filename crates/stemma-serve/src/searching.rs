//! What is searched for, as pages and the API take it, and how new reports come into the index.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use stemma_store::search::{Hits, Order, Search, Terms};
use stemma_store::{SqliteStore, StoreError};

use crate::desk::Desk;
use crate::problem::Problem;

/// So few reports are brought into the index while one waits: some tens of milliseconds.
const FEW_REPORTS: u64 = 200;
/// Hits that can be passed over: as many as are looked at.
pub(crate) const MOST_SKIPPED: usize = stemma_store::search::MAX_CANDIDATES;

/// A search as it is asked for; what is empty is not asked.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SearchAsked {
    pub(crate) q: String,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) quotations: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) speaker: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) entity: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) place: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) outlet: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) since: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) until: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) story: String,
    #[serde(skip_serializing_if = "is_best")]
    pub(crate) sort: Sort,
}

/// Which hits come first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sort {
    #[default]
    Best,
    Newest,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_best(sort: &Sort) -> bool {
    *sort == Sort::Best
}

impl SearchAsked {
    /// True if nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        let words = [
            &self.q,
            &self.speaker,
            &self.entity,
            &self.place,
            &self.outlet,
            &self.since,
            &self.until,
            &self.story,
        ];
        words.iter().all(|text| text.trim().is_empty())
    }

    /// The search for `limit` hits after `skip`.
    pub(crate) fn search(&self, skip: usize, limit: usize) -> Result<Search, Problem> {
        let terms = |name: &str, text: &str| {
            let parsed = Some(text).filter(|text| !text.trim().is_empty()).map(Terms::parse).transpose();
            parsed.map_err(|error| Problem::bad_request(format!("{name} cannot be searched for: {error}")))
        };
        let (since, until) = (day("since", &self.since)?, day("until", &self.until)?);
        if let (Some(since), Some(until)) = (since, until)
            && since > until
        {
            return Err(Problem::bad_request(format!("since, {since}, is after until, {until}")));
        }
        let story = Some(self.story.trim()).filter(|id| !id.is_empty());
        let story = story.map(|id| {
            id.parse().map_err(|_| Problem::bad_request(format!("{id:?} is no id of a story: 16 hex digits")))
        });
        Ok(Search {
            quotations: self.quotations,
            terms: terms("q", &self.q)?,
            speaker: terms("speaker", &self.speaker)?,
            entity: terms("entity", &self.entity)?,
            place: terms("place", &self.place)?,
            outlet: terms("outlet", &self.outlet)?,
            since,
            until,
            story: story.transpose()?,
            order: match self.sort {
                Sort::Best => Order::Best,
                Sort::Newest => Order::Newest,
            },
            skip,
            limit,
        })
    }
}

fn day(name: &str, text: &str) -> Result<Option<Date>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| Problem::bad_request(format!("{name} is {text:?}, which is no day; 2026-03-01 is one"));
    text.parse().map(Some).map_err(wrong)
}

/// What was found, and how many reports are not in the index yet.
pub(crate) struct Found {
    pub(crate) hits: Hits,
    pub(crate) n_unsearched: u64,
}

/// Searches. A few new reports are brought into the index before, many in the background.
pub(crate) async fn find(desk: &Arc<Desk>, search: Search) -> Result<Found, Problem> {
    let found = desk
        .with_store(move |_, store| {
            let mut n_unsearched = store.n_unsearched()?;
            if (1..=FEW_REPORTS).contains(&n_unsearched) {
                match store.update_search(|_| {}) {
                    // Another program writes, or nobody may: what is there is searched.
                    Ok(()) | Err(StoreError::Busy { .. } | StoreError::ReadOnly { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
                n_unsearched = store.n_unsearched()?;
            }
            Ok(Found { hits: store.search(&search)?, n_unsearched })
        })
        .await?;
    if found.n_unsearched > FEW_REPORTS {
        index_in_background(desk);
    }
    Ok(found)
}

/// One at a time is enough.
static INDEXING: AtomicBool = AtomicBool::new(false);

fn index_in_background(desk: &Arc<Desk>) {
    if INDEXING.swap(true, Ordering::AcqRel) {
        return;
    }
    let path = desk.settings().store.clone();
    tokio::task::spawn_blocking(move || {
        // What fails here is tried again by the next search.
        let _ = SqliteStore::open(&path).and_then(|mut store| store.update_search(|_| {}));
        INDEXING.store(false, Ordering::Release);
    });
}
