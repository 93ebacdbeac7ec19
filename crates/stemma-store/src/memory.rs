//! A store that lasts as long as the program.

use std::collections::BTreeMap;

use stemma_core::{Comparison, Correction, Document, ReportId, StoryId};

use crate::{ContentHash, Store, StoreError, StoredReport, StoredStory, producers};

/// Keeps everything in memory: for tests, and for runs that leave nothing behind.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    order: Vec<ReportId>,
    reports: BTreeMap<ReportId, StoredReport>,
    documents: BTreeMap<ReportId, Document>,
    stories: BTreeMap<StoryId, StoredStory>,
    corrections: Vec<Correction>,
    comparisons: BTreeMap<ContentHash, Comparison>,
    states: BTreeMap<String, String>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn put_report(&mut self, report: StoredReport) -> usize {
        let id = report.report.id();
        if self.reports.contains_key(&id) {
            return 0;
        }
        self.order.push(id);
        self.reports.insert(id, report);
        1
    }
}

impl Store for MemoryStore {
    fn put_reports(&mut self, reports: &[StoredReport]) -> Result<usize, StoreError> {
        Ok(reports.iter().map(|report| self.put_report(report.clone())).sum())
    }

    fn report(&self, id: ReportId) -> Result<Option<StoredReport>, StoreError> {
        Ok(self.reports.get(&id).cloned())
    }

    fn report_ids(&self) -> Result<Vec<ReportId>, StoreError> {
        Ok(self.order.clone())
    }

    fn put_documents(&mut self, documents: &[Document]) -> Result<(), StoreError> {
        for document in documents {
            self.put_report(StoredReport { report: document.report().clone(), bytes: None });
            self.documents.insert(document.report().id(), document.clone());
        }
        Ok(())
    }

    fn document(&self, id: ReportId, made_by: &str) -> Result<Option<Document>, StoreError> {
        Ok(self.documents.get(&id).filter(|document| producers(document.layers()) == made_by).cloned())
    }

    fn put_stories(&mut self, stories: &[StoredStory]) -> Result<(), StoreError> {
        for story in stories {
            if let Some(&report) = story.reports.iter().find(|report| !self.reports.contains_key(report)) {
                return Err(StoreError::NoSuchReport { what: format!("story {}", story.id), report });
            }
        }
        self.stories.extend(stories.iter().map(|story| (story.id, story.clone())));
        Ok(())
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

    fn put_comparison(&mut self, key: ContentHash, comparison: &Comparison) -> Result<(), StoreError> {
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
