//! The whole flow: reports to documents, documents to a story and its comparison.

use std::sync::Arc;

use rayon::prelude::*;
use stemma_annotate::Annotator;
use stemma_core::{Comparison, Document, Report, Story};

/// Annotates and compares. Loaded once; may be used from any number of threads.
#[derive(Debug)]
pub struct Engine {
    annotator: Annotator,
}

/// A story and what the comparison of its reports says.
#[derive(Clone, PartialEq, Debug)]
pub struct Compared {
    /// The documents, in the order in which they are shown.
    pub story: Story,
    /// What they share and where they differ.
    pub comparison: Comparison,
}

impl Engine {
    /// Reads the built-in word lists: a few milliseconds.
    pub fn load() -> Self {
        Self { annotator: Annotator::load() }
    }

    /// One document for each report, in the same order, on `threads` threads (0: one for each core). The number of
    /// threads changes nothing in the result. Never fails: where threads cannot be had, the calling one does the work.
    pub fn annotate(&self, reports: Vec<Report>, threads: usize) -> Vec<Document> {
        let annotate = |report: Report| self.annotator.annotate(Arc::new(report));
        if threads == 1 || reports.len() < 2 {
            return reports.into_iter().map(annotate).collect();
        }
        match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool.install(|| reports.into_par_iter().map(annotate).collect()),
            Err(_) => reports.into_iter().map(annotate).collect(),
        }
    }

    /// Compares `documents` as the reports of one event. A report that is there twice counts once.
    pub fn compare(&self, documents: Vec<Document>) -> Compared {
        let story = Story::new(documents);
        let comparison = stemma_compare::compare(&story);
        Compared { story, comparison }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_change_nothing() {
        let engine = Engine::load();
        let reports = || {
            (0..20).map(|n| Report::of_text(&format!("Report {n} says {n} people left on Friday."))).collect()
        };
        let one = engine.annotate(reports(), 1);
        assert_eq!(one, engine.annotate(reports(), 2));
        assert_eq!(one, engine.annotate(reports(), 0));
        assert_eq!(engine.compare(one.clone()), engine.compare(one));
    }
}
