//! Reports put into stories as they come in.
//!
//! With a store, reports are kept as they are placed and the state of the stream now and then; the next run places what was kept
//! after that anew.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use stemma::{
    Correction, Document, Engine, Grouper, Placement, ReportId, StoryId, StoryView, Stream, group_alike,
};
use stemma_read::Reading;
use stemma_store::{NewReport, StoredStory};

use crate::ingest::new_reports;
use crate::{DeskError, Kept};

/// Reports that are read from the store and placed together.
const CHUNK_REPORTS: usize = 256;

/// Reports after which the state is kept, at least: placing them anew takes a second or two.
const LEAST_BETWEEN_SAVES: usize = 2_000;
/// The same at most: placing them anew takes the better part of a minute.
const MOST_BETWEEN_SAVES: usize = 50_000;
/// In between, the state is kept when the stream has grown by one part of so many: keeping that of many reports takes long.
const PARTS_BETWEEN_SAVES: usize = 10;

/// Reports of a stream whose stories are all kept after each chunk: some 20 ms.
const FEW_REPORTS: usize = 5_000;

/// Under which the store keeps the state of the stream.
const STATE: &str = "stream";

/// What is kept of a stream: corrections under which it was made, and the stories.
#[derive(serde::Serialize, serde::Deserialize)]
struct State<G> {
    n_corrections: usize,
    grouper: G,
}

/// Where a report was put.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// The report.
    pub document: &'a Document,
    /// Where, and why.
    pub placement: &'a Placement,
    /// What its story is called now.
    pub label: &'a str,
    /// Reports of the story.
    pub n_reports: usize,
}

/// A stream of stories that reports are put into.
pub struct Filing {
    engine: Arc<Engine>,
    threads: usize,
    stream: Stream,
    corrections: Vec<Correction>,
    kept: Option<Kept>,
    /// Reports of the stream, and those of them that came after the state was kept.
    n_reports: usize,
    n_since_save: usize,
}

impl Filing {
    /// Takes up the stream where the store has left it. `threads` annotate; 0: one for each core.
    pub fn new(
        engine: Arc<Engine>,
        kept: Option<Kept>,
        corrections: Vec<Correction>,
        threads: usize,
    ) -> Result<Self, DeskError> {
        let mut stream = Stream::new(&corrections);
        if let Some(kept) = &kept {
            let state: Option<State<Grouper>> =
                kept.state(STATE)?.and_then(|state| serde_json::from_str(&state).ok());
            // A state that is of other corrections, or of another version, is made anew from the reports.
            let fits = |state: &State<Grouper>| {
                let then = corrections.get(..state.n_corrections);
                then.is_some_and(|then| group_alike(then, &corrections))
            };
            if let Some(state) = state.filter(fits) {
                stream = Stream::resume(state.grouper, &corrections);
            }
        }
        let mut filing = Self { engine, threads, stream, corrections, kept, n_reports: 0, n_since_save: 0 };
        filing.catch_up()?;
        Ok(filing)
    }

    /// Places the reports of the store that others have added since. Gives their number.
    pub fn catch_up(&mut self) -> Result<usize, DeskError> {
        let Some(kept) = &mut self.kept else { return Ok(0) };
        if self.n_reports > 0 && kept.n_reports()? == self.n_reports {
            return Ok(0);
        }
        let mut ids = kept.report_ids()?;
        self.n_reports = ids.len();
        ids.retain(|&id| !self.stream.knows(id));
        self.n_since_save += ids.len();
        for ids in ids.chunks(CHUNK_REPORTS) {
            for document in kept.documents(&self.engine, ids, self.threads)? {
                self.stream.add(&document, today());
            }
        }
        Ok(ids.len())
    }

    /// How many corrections the stream was made under: with others it has to be made anew.
    pub fn n_corrections(&self) -> usize {
        self.corrections.len()
    }

    /// The story of a report, if it is placed.
    pub fn story_of(&self, report: ReportId) -> Option<StoryId> {
        self.stream.grouper().story_of(report)
    }

    /// Keeps all stories as they stand.
    pub fn keep_all_stories(&mut self) -> Result<(), DeskError> {
        let Some(kept) = &mut self.kept else { return Ok(()) };
        let all: Vec<StoredStory> = self.stream.grouper().stories().map(stored).collect();
        Ok(kept.put_stories(&all, true)?)
    }

    /// Places reports, and tells where, until that is not wanted any more: then the rest is placed nowhere, and the answer is
    /// false.
    pub fn place(
        &mut self,
        reports: Vec<impl Into<NewReport>>,
        told: &mut dyn FnMut(&Placed<'_>) -> ControlFlow<()>,
    ) -> Result<bool, DeskError> {
        let documents = match &mut self.kept {
            Some(kept) => kept.annotate(&self.engine, reports, self.threads)?,
            None => {
                let reports = reports.into_iter().map(|new| new.into().report).collect();
                self.engine.annotate(reports, self.threads)
            }
        };
        self.n_reports += documents.len();
        self.n_since_save += documents.len();
        let today = today();
        let mut touched = BTreeSet::new();
        for document in &documents {
            let placement = self.stream.add(document, today);
            touched.insert(placement.story);
            let story = self.stream.story(placement.story);
            let (label, n_reports) =
                story.map_or_else(Default::default, |story| (story.label, story.reports.len()));
            let placed = Placed { document, placement: &placement, label: &label, n_reports };
            if told(&placed).is_break() {
                return Ok(false);
            }
        }
        self.keep_stories(&touched)?;
        Ok(true)
    }

    /// Places what was read and is not there yet; the bytes that it was read from are kept with it. False as above.
    pub fn place_new(
        &mut self,
        reading: Reading,
        told: &mut dyn FnMut(&Placed<'_>) -> ControlFlow<()>,
    ) -> Result<bool, DeskError> {
        let mut seen = BTreeSet::new();
        let mut reports = new_reports(reading);
        reports.retain(|new| !self.stream.knows(new.report.id()) && seen.insert(new.report.id()));
        self.place(reports, told)
    }

    /// Keeps stories as they stand: all of a small stream; of a large one those of `ids`, and all with the state, as those that
    /// have given or lost reports elsewhere are not known by these.
    fn keep_stories(&mut self, ids: &BTreeSet<StoryId>) -> Result<(), DeskError> {
        if self.n_reports <= FEW_REPORTS {
            return self.keep_all_stories();
        }
        let Some(kept) = &mut self.kept else { return Ok(()) };
        let stories: Vec<StoredStory> =
            ids.iter().filter_map(|&id| self.stream.story(id)).map(stored).collect();
        Ok(kept.put_stories(&stories, false)?)
    }

    /// Keeps the state if the stream has grown so much that making it anew would take long. What fails is to be told, and ends
    /// no stream: see [`Self::save`].
    pub fn save_if_grown(&mut self) -> Result<(), DeskError> {
        let between = self.n_reports / PARTS_BETWEEN_SAVES;
        if self.n_since_save >= between.clamp(LEAST_BETWEEN_SAVES, MOST_BETWEEN_SAVES) {
            self.save()?;
        }
        Ok(())
    }

    /// Keeps the state, if it has changed. Without it the next run places all reports of the store anew: that it cannot be kept ends no stream.
    pub fn save(&mut self) -> Result<(), DeskError> {
        if self.n_since_save == 0 {
            return Ok(());
        }
        // What could not be kept is kept when the stream has grown on.
        self.n_since_save = 0;
        let Some(kept) = &mut self.kept else { return Ok(()) };
        let state = State { n_corrections: self.corrections.len(), grouper: self.stream.grouper() };
        let text = serde_json::to_string(&state)
            .map_err(|source| DeskError::State { of: "the stream of stories", source })?;
        let stories: Vec<StoredStory> = self.stream.grouper().stories().map(stored).collect();
        kept.put_state(STATE, &text)?;
        Ok(kept.put_stories(&stories, true)?)
    }
}

fn stored(story: StoryView) -> StoredStory {
    StoredStory { id: story.id, label: story.label, reports: story.reports }
}

/// The day of reports that say nothing of theirs.
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
