//! A store that lasts as long as the program.

use std::collections::BTreeMap;

use stemma_core::{Comparison, Content, Correction, Document, Report, ReportId, Story, StoryId};

use crate::events::changes;
use crate::{
    ContentHash, NewDocument, NewReport, Store, StoreError, StoredReport, StoredStory, StoryEvent, producers,
};

/// Keeps everything in memory: for tests, and for runs that leave nothing behind.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    order: Vec<ReportId>,
    reports: BTreeMap<ReportId, StoredReport>,
    documents: BTreeMap<ReportId, Document>,
    contents: BTreeMap<ContentHash, Content>,
    stories: BTreeMap<StoryId, StoredStory>,
    events: Vec<StoryEvent>,
    corrections: Vec<Correction>,
    comparisons: BTreeMap<ContentHash, Comparison>,
    states: BTreeMap<String, String>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// True if it is new.
    fn put_report(&mut self, report: &Report, content: Option<&Content>) -> bool {
        let id = report.id();
        let is_new = !self.reports.contains_key(&id);
        let stored = self.reports.entry(id).or_insert_with(|| {
            self.order.push(id);
            StoredReport { report: report.clone(), content: None, range: None }
        });
        if let (None, Some(content)) = (stored.content, content) {
            let hash = ContentHash::of(&content.bytes);
            (stored.content, stored.range) = (Some(hash), content.range.clone());
            self.contents.insert(hash, Content { range: None, ..content.clone() });
        }
        is_new
    }

    fn put_all(&mut self, stories: &[StoredStory], all: bool) -> Result<(), StoreError> {
        for story in stories {
            if let Some(&report) = story.reports.iter().find(|report| !self.reports.contains_key(report)) {
                return Err(StoreError::NoSuchReport { what: format!("story {}", story.id), report });
            }
        }
        let before = self.stories.values().map(|story| (story.id, story.reports.clone())).collect();
        self.events.extend(changes(&before, stories, all));
        if all {
            self.stories.clear();
        }
        self.stories.extend(stories.iter().map(|story| (story.id, story.clone())));
        Ok(())
    }
}

impl Store for MemoryStore {
    fn put_reports(&mut self, reports: &[NewReport]) -> Result<usize, StoreError> {
        Ok(reports.iter().filter(|new| self.put_report(&new.report, new.content.as_ref())).count())
    }

    fn report(&self, id: ReportId) -> Result<Option<StoredReport>, StoreError> {
        Ok(self.reports.get(&id).cloned())
    }

    fn report_ids(&self) -> Result<Vec<ReportId>, StoreError> {
        Ok(self.order.clone())
    }

    fn content(&self, hash: ContentHash) -> Result<Option<Content>, StoreError> {
        Ok(self.contents.get(&hash).cloned())
    }

    fn put_documents(&mut self, documents: &[NewDocument]) -> Result<Vec<bool>, StoreError> {
        let mut are_new = Vec::with_capacity(documents.len());
        for NewDocument { document, content } in documents {
            are_new.push(self.put_report(document.report(), content.as_ref()));
            self.documents.insert(document.report().id(), document.clone());
        }
        Ok(are_new)
    }

    fn document(&self, id: ReportId, made_by: &str) -> Result<Option<Document>, StoreError> {
        Ok(self.documents.get(&id).filter(|document| producers(document.layers()) == made_by).cloned())
    }

    fn put_stories(&mut self, stories: &[StoredStory]) -> Result<(), StoreError> {
        self.put_all(stories, false)
    }

    fn replace_stories(&mut self, stories: &[StoredStory]) -> Result<(), StoreError> {
        self.put_all(stories, true)
    }

    fn story_events(&self) -> Result<Vec<StoryEvent>, StoreError> {
        Ok(self.events.clone())
    }

    fn stories(&self) -> Result<Vec<StoredStory>, StoreError> {
        Ok(self.stories.values().cloned().collect())
    }

    fn put_correction(&mut self, correction: &Correction) -> Result<usize, StoreError> {
        self.corrections.push(correction.clone());
        Ok(self.corrections.len())
    }

    fn corrections(&self) -> Result<Vec<Correction>, StoreError> {
        Ok(self.corrections.clone())
    }

    fn put_comparison(
        &mut self,
        key: ContentHash,
        _: Option<StoryId>,
        story: &Story,
        comparison: &Comparison,
    ) -> Result<(), StoreError> {
        let ids = story.documents().iter().map(|document| document.report().id());
        if let Some(report) = ids.into_iter().find(|id| !self.reports.contains_key(id)) {
            return Err(StoreError::NoSuchReport { what: "a comparison".to_owned(), report });
        }
        self.comparisons.insert(key, comparison.clone());
        Ok(())
    }

    fn comparison(&self, key: ContentHash) -> Result<Option<Comparison>, StoreError> {
        Ok(self.comparisons.get(&key).cloned())
    }

    fn put_state(&mut self, name: &str, state: &str) -> Result<(), StoreError> {
        self.states.insert(name.to_owned(), state.to_owned());
        Ok(())
    }

    fn state(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.states.get(name).cloned())
    }
}
