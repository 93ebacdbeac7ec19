//! What a person says of stories: which reports belong together.
//!
//! A correction is kept for good, as `stemma correct` keeps it, and the stories of the store are changed to what it says at once.
//! The stream of stories is made anew under it before the next report is filed. What an undo comes to only that tells, so it
//! begins in the background.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma::{Correction, ReportId, StoryId};
use stemma_desk::{CorrectionError, merge, move_to, pin, rename, split};
use stemma_store::{SqliteStore, Store, StoreError, StoredStory};

use crate::desk::Desk;
use crate::problem::Problem;
use crate::work::Task;

/// Most stories, and reports, of one correction.
const MOST_STORIES: usize = 50;
const MOST_REPORTS: usize = 5_000;

/// What is to be corrected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Wanted {
    /// These stories are one.
    Merge {
        /// Their ids, two or more.
        #[schemars(length(min = 2, max = 50))]
        stories: Vec<String>,
    },
    /// Some reports of a story are not the same story: they are one of their own.
    Split {
        /// The story.
        story: String,
        /// Ids of the reports.
        #[schemars(length(min = 1, max = 5000))]
        reports: Vec<String>,
    },
    /// Some reports of a story belong to another one.
    Move {
        /// The story that they are in.
        story: String,
        /// Ids of the reports.
        #[schemars(length(min = 1, max = 5000))]
        reports: Vec<String>,
        /// The story that they belong to.
        to: String,
    },
    /// A story is right as it is: its reports stay together.
    Pin {
        /// The story.
        story: String,
    },
    /// A story is called something else.
    Rename {
        /// The story.
        story: String,
        /// What it is called. White space is evened.
        #[schemars(length(min = 1, max = 200))]
        label: String,
    },
    /// An earlier correction no longer holds.
    Undo {
        /// Its number: the first is 1.
        #[schemars(range(min = 1))]
        number: usize,
    },
}

/// What came of a correction.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Corrected {
    /// Its number: `undo` takes it.
    pub(crate) number: usize,
    /// The stories that it speaks of, as they are now; none after an undo.
    pub(crate) stories: Vec<CorrectedStory>,
    /// The job that makes the stories anew, after an undo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) job: Option<String>,
}

/// A story after a correction.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct CorrectedStory {
    /// Its id.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) label: String,
    /// Ids of its reports.
    pub(crate) reports: Vec<String>,
}

impl From<&StoredStory> for CorrectedStory {
    fn from(story: &StoredStory) -> Self {
        let reports = story.reports.iter().map(ToString::to_string).collect();
        Self { id: story.id.to_string(), label: story.label.clone(), reports }
    }
}

/// Keeps a correction, and changes the stories to what it says. One that holds already is not kept twice.
pub(crate) async fn correct(desk: &Arc<Desk>, wanted: Wanted) -> Result<Corrected, Problem> {
    let is_undo = matches!(wanted, Wanted::Undo { .. });
    let mut corrected = desk
        .with_store(move |desk, store| {
            // Meanwhile no report is filed, so that nothing that was read before is written after.
            let _held = desk.work.hold_filing();
            make(desk, store, &wanted)
        })
        .await?;
    desk.work.changed.notify_one();
    if is_undo {
        corrected.job = Some(desk.begin(Task::Regroup)?.id().to_owned());
    }
    Ok(corrected)
}

fn make(desk: &Desk, store: &mut SqliteStore, wanted: &Wanted) -> Result<Corrected, Problem> {
    let before = store.corrections()?;
    if let Wanted::Undo { number } = wanted {
        if !(1..=before.len()).contains(number) {
            let detail = format!("there is no correction {number}: the store has {}", before.len());
            return Err(Problem::nothing_to_do(detail));
        }
        let undo = Correction::Undo { number: *number };
        let number = kept_once(store, &before, &undo)?;
        return Ok(Corrected { number, stories: Vec::new(), job: None });
    }
    let (correction, now) = changed(store, wanted)?;
    let number = kept_once(store, &before, &correction)?;
    put(store, &now)?;
    desk.renew_front(store)?;
    Ok(Corrected { number, stories: now.after.iter().map(CorrectedStory::from).collect(), job: None })
}

/// Keeps a correction unless the last one says the same. Gives its number.
fn kept_once(
    store: &mut SqliteStore,
    before: &[Correction],
    correction: &Correction,
) -> Result<usize, StoreError> {
    match before.last() == Some(correction) {
        true => Ok(before.len()),
        false => store.put_correction(correction),
    }
}

/// Stories that change: which end, and what there is instead.
struct Change {
    ended: Vec<StoryId>,
    after: Vec<StoredStory>,
}

/// What is to be corrected, and what the stories are then.
fn changed(store: &SqliteStore, wanted: &Wanted) -> Result<(Correction, Change), Problem> {
    match wanted {
        Wanted::Merge { stories } => {
            let mut found = stories_of(store, stories)?;
            let held: Vec<&[ReportId]> = found.iter().map(|story| story.reports.as_slice()).collect();
            let correction = merge(&held);
            // The one of most reports takes in the others; of equals the first that is named.
            let most = found.iter().map(|story| story.reports.len()).max().unwrap_or(0);
            let largest = found.iter().position(|story| story.reports.len() == most).unwrap_or(0);
            let mut whole = found.swap_remove(largest);
            let ended = found.iter().map(|story| story.id).collect();
            whole.reports.extend(found.into_iter().flat_map(|story| story.reports));
            Ok((correction, Change { ended, after: vec![whole] }))
        }
        Wanted::Split { story, reports } => {
            let from = story_of(store, story)?;
            let reports = reports_of(reports)?;
            let correction = split(&reports, &from.reports).map_err(says_nothing)?;
            let (own, rest) = parted(store, &from, &reports)?;
            Ok((
                correction,
                Change { ended: Vec::new(), after: [Some(own), rest].into_iter().flatten().collect() },
            ))
        }
        Wanted::Move { story, reports, to } => {
            let (from, mut to) = (story_of(store, story)?, story_of(store, to)?);
            if from.id == to.id {
                return Err(Problem::nothing_to_do("they are in this story already; pin keeps them there"));
            }
            let reports = reports_of(reports)?;
            let correction = move_to(&reports, &from.reports, &to.reports).map_err(says_nothing)?;
            let (_, rest) = parted(store, &from, &reports)?;
            let ended = if rest.is_none() { vec![from.id] } else { Vec::new() };
            to.reports.extend(&reports);
            Ok((correction, Change { ended, after: [Some(to), rest].into_iter().flatten().collect() }))
        }
        Wanted::Pin { story } => {
            let story = story_of(store, story)?;
            Ok((pin(&story.reports), Change { ended: Vec::new(), after: vec![story] }))
        }
        Wanted::Rename { story, label } => {
            let mut story = story_of(store, story)?;
            let correction = rename(&story.reports, label).map_err(says_nothing)?;
            if let Correction::Rename { label, .. } = &correction {
                story.label.clone_from(label);
            }
            Ok((correction, Change { ended: Vec::new(), after: vec![story] }))
        }
        Wanted::Undo { .. } => Err(Problem::failed()),
    }
}

fn says_nothing(error: CorrectionError) -> Problem {
    match error {
        CorrectionError::NotInStory => Problem::conflict(error.to_string()),
        _ => Problem::nothing_to_do(error.to_string()),
    }
}

/// Some reports of a story as one of their own, and the story without them; `None` if nothing is left of it.
fn parted(
    store: &SqliteStore,
    from: &StoredStory,
    taken: &[ReportId],
) -> Result<(StoredStory, Option<StoredStory>), Problem> {
    let rest: Vec<ReportId> = from.reports.iter().copied().filter(|id| !taken.contains(id)).collect();
    let opened_by =
        |reports: &[ReportId]| reports.first().map_or(from.id, |&first| StoryId::opened_by(first));
    let label = |reports: &[ReportId]| -> Result<String, StoreError> {
        let first = reports.first().map(|&id| store.report(id)).transpose()?.flatten();
        Ok(first
            .and_then(|stored| stored.report.title().map(str::to_owned))
            .unwrap_or_else(|| from.label.clone()))
    };
    let mut own = StoredStory { id: opened_by(taken), label: label(taken)?, reports: taken.to_vec() };
    let mut left = StoredStory { id: from.id, label: from.label.clone(), reports: rest };
    if own.id == left.id {
        // The report that has opened the story leaves it, with the name.
        left.id = opened_by(&left.reports);
        left.label = label(&left.reports)?;
        own.label = from.label.clone();
    }
    Ok((own, Some(left).filter(|left| !left.reports.is_empty())))
}

/// Puts the stories of the store as they are after a change.
fn put(store: &mut SqliteStore, change: &Change) -> Result<(), StoreError> {
    let Change { ended, after } = change;
    let mut all = store.stories()?;
    all.retain(|story| !ended.contains(&story.id) && after.iter().all(|other| other.id != story.id));
    all.extend(after.iter().cloned());
    store.replace_stories(&all)
}

fn stories_of(store: &SqliteStore, names: &[String]) -> Result<Vec<StoredStory>, Problem> {
    let mut found: Vec<StoredStory> = Vec::new();
    for name in names.iter().take(MOST_STORIES + 1) {
        let story = story_of(store, name)?;
        if found.iter().all(|other| other.id != story.id) {
            found.push(story);
        }
    }
    match found.len() {
        0 | 1 => Err(Problem::nothing_to_do("two different stories or more are needed")),
        n if n > MOST_STORIES => {
            Err(Problem::nothing_to_do(format!("no more than {MOST_STORIES} at a time")))
        }
        _ => Ok(found),
    }
}

fn story_of(store: &SqliteStore, name: &str) -> Result<StoredStory, Problem> {
    let not_there = || Problem::not_found(format!("there is no story {name:?}"));
    let id: StoryId = name.parse().map_err(|_| not_there())?;
    store.story(id)?.ok_or_else(not_there)
}

fn reports_of(names: &[String]) -> Result<Vec<ReportId>, Problem> {
    if names.len() > MOST_REPORTS {
        return Err(Problem::nothing_to_do(format!("no more than {MOST_REPORTS} reports at a time")));
    }
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let id = name.parse().map_err(|_| Problem::not_found(format!("there is no report {name:?}")))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}
