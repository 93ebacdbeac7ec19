//! The whole flow: reports to documents, documents to a story and its comparison.

use std::sync::Arc;

use rayon::prelude::*;
use stemma_annotate::Annotator;
use stemma_core::{Comparison, Document, Published, Report, Story};

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

    /// Compares `documents` as the reports of one event. A report that is there twice counts once. Times in a report that
    /// says nowhere when it was published are counted from the story's date.
    pub fn compare(&self, documents: Vec<Document>) -> Compared {
        let story = self.story(documents);
        let comparison = stemma_compare::compare(&story);
        Compared { story, comparison }
    }

    /// What [`Self::compare`] has made of `documents`, given the comparison of that time.
    pub fn compared(&self, documents: Vec<Document>, comparison: Comparison) -> Compared {
        Compared { story: self.story(documents), comparison }
    }

    /// Which version of the comparer is at work.
    pub fn comparer(&self) -> &'static str {
        stemma_compare::VERSION
    }

    fn story(&self, mut documents: Vec<Document>) -> Story {
        if let Some(day) = story_date(&documents) {
            for document in documents.iter_mut().filter(|document| document.published().is_none()) {
                *document = self.annotator.count_times_from(document, day);
            }
        }
        Story::new(documents)
    }
}

/// The middle one of the days on which the dated reports were published. `None` if there are none, or if they lie further
/// apart than [`MAX_DAYS`]: then "Friday" in an undated report could be any.
fn story_date(documents: &[Document]) -> Option<Published> {
    let mut days: Vec<_> = documents.iter().filter_map(Document::published).map(Published::date).collect();
    days.sort_unstable();
    let (first, last) = (days.first()?, days.last()?);
    let apart = first.until(*last).map_or(i32::MAX, |span| span.get_days());
    (apart <= MAX_DAYS).then(|| Published::Day(days[(days.len() - 1) / 2]))
}

/// A story whose dated reports lie further apart has no one date. Unit: days; a weekday names one day only within a week.
const MAX_DAYS: i32 = 6;

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use stemma_core::{Origin, ReportDraft};

    use super::*;

    #[test]
    fn an_undated_report_counts_from_the_storys_date() {
        let engine = Engine::load();
        let text = "The bridge at Lom fell on Tuesday, police said.";
        let dated = ReportDraft {
            published: Some(Published::Day(Date::constant(2026, 3, 4))),
            text: text.to_owned(),
            ..ReportDraft::default()
        };
        let reports = vec![
            Report::new(dated, Origin::whole("-")),
            Report::of_text(&format!("{text} No one was hurt.")),
        ];
        let documents = engine.annotate(reports, 1);
        assert_eq!(documents[1].published(), None);
        let compared = engine.compare(documents);
        let time = &compared.story.documents()[1].layers().times.items()[0];
        assert_eq!(time.value, "2026-03-03");
        assert!(time.reason.contains("the story's date"), "{}", time.reason);
        assert_eq!(compared.story.documents()[1].published(), None);
    }

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
