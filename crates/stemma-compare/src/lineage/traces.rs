//! What one text leaves in another: forms that two share against all others, and details that one of two lost.

use stemma_core::{Alignment, Story};

use super::departures::Departures;
use super::details::Details;
use super::likeness::{Table, copy_groups};
use crate::entities::Cast;

/// What the alignments of a story tell of who had it from whom.
pub(super) struct Traces<'a> {
    /// Forms that some share against all others.
    pub(super) departures: Departures,
    cast: &'a Cast,
    alignments: &'a [&'a Alignment],
    /// For each report the alignments that it has a cell in, ascending.
    of_report: Vec<Vec<usize>>,
}

impl<'a> Traces<'a> {
    pub(super) fn find(
        story: &Story,
        cast: &'a Cast,
        table: &Table,
        alignments: &'a [&'a Alignment],
    ) -> Self {
        let n_reports = story.documents().len();
        let mut of_report: Vec<Vec<usize>> = vec![Vec::new(); n_reports];
        for (n, alignment) in alignments.iter().enumerate() {
            for cell in &alignment.cells {
                let known = &mut of_report[cell.report.index()];
                if known.last() != Some(&n) {
                    known.push(n);
                }
            }
        }
        let departures = Departures::find(story, alignments, &copy_groups(n_reports, table));
        Self { departures, cast, alignments, of_report }
    }

    /// What of the other each of two reports lost in what both tell.
    pub(super) fn details(&self, story: &Story, a: usize, b: usize) -> Details {
        let both = self.of_report[a].iter().filter(|n| self.of_report[b].binary_search(n).is_ok());
        let both: Vec<&Alignment> = both.map(|&n| self.alignments[n]).collect();
        Details::between(story, self.cast, &both, a, b)
    }
}
