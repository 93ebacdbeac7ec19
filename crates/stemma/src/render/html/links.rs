//! Where the statements of a comparison stand: their ids, and addresses on one page or on the pages of a server.

use std::collections::BTreeMap;

use stemma_core::{AlignmentRef, Cell, Comparison, ReportIndex, Story};

use super::{Page, doubt_id, only_id};
use crate::ids::{alignment_id, cell_id};

/// What an id in an address stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    /// A cell of a row.
    Row(AlignmentRef, usize),
    /// What one witness alone carries: an index into [`Comparison::only_in`].
    Only(usize),
    /// A side of a doubtful pair: an index into [`Comparison::doubtful`], and 0 or 1.
    Doubt(usize, usize),
}

/// Ids of rows, which change when a report joins, and of cells, which depend on report and place alone.
#[derive(Debug)]
pub(super) struct Ids {
    utterances: Vec<String>,
    facts: Vec<String>,
    targets: BTreeMap<String, Target>,
}

impl Ids {
    pub(super) fn of(story: &Story, comparison: &Comparison) -> Self {
        let mut ids = Self { utterances: Vec::new(), facts: Vec::new(), targets: BTreeMap::new() };
        for (of, alignment) in comparison.alignments() {
            let (kind, rows) = match of {
                AlignmentRef::Utterance(_) => ('u', &mut ids.utterances),
                AlignmentRef::Fact(_) => ('f', &mut ids.facts),
            };
            let id = alignment_id(story, kind, alignment);
            rows.push(id.clone());
            ids.targets.entry(id).or_insert(Target::Row(of, 0));
            for (n, cell) in alignment.cells.iter().enumerate() {
                ids.add(story, cell, Target::Row(of, n));
            }
        }
        for (n, only) in comparison.only_in.iter().enumerate() {
            ids.add(story, &only.cell, Target::Only(n));
        }
        for (n, doubt) in comparison.doubtful.iter().enumerate() {
            for (side, cell) in doubt.cells.iter().enumerate() {
                ids.add(story, cell, Target::Doubt(n, side));
            }
        }
        ids
    }

    fn add(&mut self, story: &Story, cell: &Cell, target: Target) {
        self.targets.entry(cell_id(story, cell)).or_insert(target);
    }

    /// Id of a row.
    pub(super) fn row(&self, of: AlignmentRef) -> &str {
        match of {
            AlignmentRef::Utterance(n) => &self.utterances[n],
            AlignmentRef::Fact(n) => &self.facts[n],
        }
    }

    /// What `id`, of a row or of a cell, stands for.
    pub(super) fn find(&self, id: &str) -> Option<Target> {
        self.targets.get(id).copied()
    }
}

/// Where links lead.
#[derive(Debug)]
pub(super) enum Links {
    /// To places of the same page.
    OnePage,
    /// To the pages under this address of a story: `/stories/0123456789abcdef`.
    Pages(String),
}

impl Page<'_> {
    /// Address of a row in full. On a server it names a cell, so that it stays good when reports join.
    pub(super) fn row_link(&self, of: AlignmentRef) -> String {
        match &self.links {
            Links::OnePage => format!("#{}", self.item_id(of)),
            Links::Pages(_) => self.cell_link(&self.comparison.alignment(of).cells[0]),
        }
    }

    /// Address of a row among those that are in conflict or brought up to date; of any other, that of the row in full.
    pub(super) fn divergence_link(&self, of: AlignmentRef) -> String {
        match &self.links {
            Links::OnePage => self.row_link(of),
            Links::Pages(story) => format!("{story}/divergences#{}", self.item_id(of)),
        }
    }

    /// Address of a statement by itself, on a server.
    pub(super) fn cell_link(&self, cell: &Cell) -> String {
        match &self.links {
            Links::OnePage => format!("#text-{}", self.letter(cell.report)),
            Links::Pages(story) => format!("{story}/statements/{}", cell_id(self.story, cell)),
        }
    }

    /// Address of a cell in the texts.
    pub(super) fn place_link(&self, of: AlignmentRef, cell: usize) -> String {
        let report = self.comparison.alignment(of).cells[cell].report;
        let query = format!("&statement={}", self.item_id(of));
        self.text_address(report, &query, &self.cell_id(of, cell))
    }

    /// Address of the text of a report.
    pub(super) fn text_link(&self, report: ReportIndex) -> String {
        self.text_address(report, "", &format!("text-{}", self.letter(report)))
    }

    /// Address of what one witness alone carries, in the texts.
    pub(super) fn only_link(&self, n: usize) -> String {
        self.text_address(self.comparison.only_in[n].cell.report, "", &only_id(n))
    }

    /// Address of a side of a doubtful pair, in the texts.
    pub(super) fn doubt_link(&self, n: usize, side: usize) -> String {
        let cells = &self.comparison.doubtful[n].cells;
        let other = format!(",{}", self.letter(cells[1 - side].report));
        self.text_address(cells[side].report, &other, &doubt_id(n, side))
    }

    fn text_address(&self, report: ReportIndex, query: &str, place: &str) -> String {
        match &self.links {
            Links::OnePage => format!("#{place}"),
            Links::Pages(story) => format!("{story}/reader?reports={}{query}#{place}", self.letter(report)),
        }
    }

    /// The row that the script lights up when a link to it is chosen: on one page, where its texts are.
    pub(super) fn choice(&self, of: AlignmentRef) -> Option<&str> {
        matches!(self.links, Links::OnePage).then(|| self.item_id(of))
    }

    /// Address of a page beside the story's own, on a server.
    pub(super) fn beside(&self, name: &str) -> Option<String> {
        match &self.links {
            Links::OnePage => None,
            Links::Pages(story) => Some(format!("{story}/{name}")),
        }
    }
}
