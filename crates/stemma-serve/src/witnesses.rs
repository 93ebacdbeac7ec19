//! How many witnesses stories have, as far as they are compared: read from the store, each comparison once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use stemma_core::StoryId;
use stemma_store::{SqliteStore, StoreError};

/// Stories of which the number is remembered. One takes some 50 bytes.
const MOST: usize = 100_000;

/// Numbers of witnesses, by story, with the comparison that they were counted in.
#[derive(Debug, Default)]
pub(crate) struct Witnesses(Mutex<HashMap<StoryId, (i64, usize)>>);

impl Witnesses {
    /// The witnesses of each of `stories`, in the same order, looked up where they are not given; `None` for one that is not compared as
    /// it is now.
    pub(crate) fn of(
        &self,
        store: &SqliteStore,
        stories: &[(StoryId, Option<usize>)],
    ) -> Result<Vec<Option<usize>>, StoreError> {
        let of = |&(story, known): &(StoryId, Option<usize>)| match known {
            Some(_) => Ok(known),
            None => self.of_one(store, story),
        };
        stories.iter().map(of).collect()
    }

    /// The witnesses of one story; `None` if it is not compared as it is now.
    pub(crate) fn of_one(&self, store: &SqliteStore, story: StoryId) -> Result<Option<usize>, StoreError> {
        let Some(comparison) = store.comparison_of(story)? else { return Ok(None) };
        // A panic elsewhere leaves a table whose entries are whole.
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&(of, n)) = known().get(&story)
            && of == comparison
        {
            return Ok(Some(n));
        }
        let n = store.n_witnesses(comparison)?;
        let mut known = known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(story, (comparison, n));
        Ok(Some(n))
    }
}
