//! The views of a story as parts of pages, for a server: one page each, linked to each other.

use std::sync::Arc;

use stemma_core::{AlignmentRef, Document, ReportIndex};

use super::links::{Ids, Links, Target};
use super::statement::{self, StatementView};
use super::{Page, core, matrix, names, quotations, reader, sections, sources, stemma, timeline};
use crate::Compared;
use crate::render::overview::Overview;

/// A view of a story.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum View {
    /// What the witnesses share and what is in dispute, in one screen.
    Core,
    /// Where the reports disagree, cells side by side.
    Divergences,
    /// Statements by reports.
    Matrix,
    /// Speakers by reports, and the variants of what they say.
    Quotations,
    /// What one witness alone carries, what reports leave out, what is in doubt.
    Only,
    /// When the reports came, and the days that they speak of.
    Timeline,
    /// Names and labels in their forms.
    Names,
    /// Who had it from whom.
    Lineage,
    /// The reports.
    Sources,
}

impl View {
    /// All views, in the order in which they are offered.
    pub const ALL: [View; 9] = [
        View::Core,
        View::Divergences,
        View::Matrix,
        View::Quotations,
        View::Only,
        View::Timeline,
        View::Names,
        View::Lineage,
        View::Sources,
    ];

    /// The last part of its address; empty for [`View::Core`], which has that of the story.
    pub fn address(self) -> &'static str {
        match self {
            View::Core => "",
            View::Divergences => "divergences",
            View::Matrix => "matrix",
            View::Quotations => "quotations",
            View::Only => "only",
            View::Timeline => "timeline",
            View::Names => "names",
            View::Lineage => "lineage",
            View::Sources => "sources",
        }
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            View::Core => "Core",
            View::Divergences => "Divergences",
            View::Matrix => "Matrix",
            View::Quotations => "Quotations",
            View::Only => "Only in one",
            View::Timeline => "Timeline",
            View::Names => "Names",
            View::Lineage => "Lineage",
            View::Sources => "Sources",
        }
    }
}

/// A compared story, sorted for reading, from which views are made.
#[derive(Debug)]
pub struct StoryViews {
    compared: Arc<Compared>,
    overview: Overview,
    ids: Ids,
    links: Links,
}

/// Reports side by side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Columns {
    /// Which, by their letters.
    pub letters: Vec<String>,
    /// The markup.
    pub markup: String,
}

impl StoryViews {
    /// Views of `compared` whose links lead to the pages under `address`, that of the story: `/stories/0123456789abcdef`.
    pub fn new(compared: Arc<Compared>, address: &str) -> Self {
        let overview = Overview::new(&compared.story, &compared.comparison);
        let ids = Ids::of(&compared.story, &compared.comparison);
        Self { compared, overview, ids, links: Links::Pages(address.to_owned()) }
    }

    fn page(&self) -> Page<'_> {
        Page {
            story: &self.compared.story,
            comparison: &self.compared.comparison,
            overview: &self.overview,
            ids: &self.ids,
            links: &self.links,
        }
    }

    /// "3 reports, 2 independent witnesses, 4 conflicts".
    pub fn summary(&self) -> String {
        self.overview.summary()
    }

    /// How many things a view shows, where one number says so.
    pub fn count(&self, view: View) -> Option<usize> {
        let overview = &self.overview;
        match view {
            View::Divergences => Some(overview.n_conflicts()),
            View::Matrix => Some(overview.items.len()),
            View::Quotations => Some(quotations::count(&self.page())),
            View::Only => Some(overview.only_in.iter().map(|(_, sides)| sides.len()).sum()),
            View::Sources => Some(overview.reports.len()),
            View::Core | View::Timeline | View::Names | View::Lineage => None,
        }
    }

    /// Letter and name of each report.
    pub fn reports(&self) -> Vec<(&str, &str)> {
        self.overview.reports.iter().map(|line| (line.letter.as_str(), line.name.as_str())).collect()
    }

    /// A view: sections with headings of the second level.
    pub fn view(&self, view: View) -> String {
        let page = self.page();
        match view {
            View::Core => core::view(&page),
            View::Divergences => sections::divergences(&page),
            View::Matrix => matrix::view(&page, false),
            View::Quotations => quotations::view(&page),
            View::Only => sections::apart(&page),
            View::Timeline => timeline::view(&page),
            View::Names => names::view(&page),
            View::Lineage => stemma::section(&page),
            View::Sources => sources::view(&page),
        }
        .into_string()
    }

    /// [`View::Matrix`] with all rows, however many.
    pub fn whole_matrix(&self) -> String {
        matrix::view(&self.page(), true).into_string()
    }

    /// The texts of the reports of these letters, or ids, side by side, with all cells of the row `chosen` (the id of it, or of one of
    /// its cells) lit. Letters that are none are passed over; where fewer than two are left, reports are added: those that carry the chosen row,
    /// then those of other witnesses. More than `most` are cut.
    pub fn reader(&self, letters: &[&str], chosen: Option<&str>, most: usize) -> Columns {
        let page = self.page();
        let chosen = chosen.and_then(|id| match self.ids.find(id)? {
            Target::Row(of, _) => Some(of),
            Target::Only(_) | Target::Doubt(..) => None,
        });
        let reports = self.side_by_side(letters, chosen, most);
        Columns {
            letters: reports.iter().map(|&report| page.letter(report).to_owned()).collect(),
            markup: reader::view(&page, &reports, chosen).into_string(),
        }
    }

    fn side_by_side(&self, letters: &[&str], chosen: Option<AlignmentRef>, most: usize) -> Vec<ReportIndex> {
        let mut reports: Vec<ReportIndex> = Vec::new();
        let mut add = |report: ReportIndex, up_to: usize| {
            if reports.len() < up_to && !reports.contains(&report) {
                reports.push(report);
            }
        };
        for letter in letters {
            let of_letter = |(report, document): &(ReportIndex, &Document)| {
                self.overview.reports[report.index()].letter.eq_ignore_ascii_case(letter)
                    || document.report().id().to_string().eq_ignore_ascii_case(letter)
            };
            if let Some((report, _)) = self.compared.story.iter().find(of_letter) {
                add(report, most);
            }
        }
        if let Some(of) = chosen {
            self.compared.comparison.alignment(of).cells.iter().for_each(|cell| add(cell.report, 2));
        }
        self.overview
            .witnesses
            .iter()
            .filter_map(|witness| witness.first())
            .for_each(|&report| add(report, 2));
        self.overview.witnesses.iter().flatten().for_each(|&report| add(report, 2));
        reports
    }

    /// The statement whose row, or one of whose cells, has this id.
    pub fn statement(&self, id: &str) -> Option<StatementView> {
        Some(statement::view(&self.page(), self.ids.find(id)?))
    }

    /// How the cell of this id is cited, or the first one of a row.
    pub fn citation(&self, id: &str) -> Option<String> {
        let comparison = &self.compared.comparison;
        let cell = match self.ids.find(id)? {
            Target::Row(of, cell) => &comparison.alignment(of).cells[cell],
            Target::Only(n) => &comparison.only_in[n].cell,
            Target::Doubt(n, side) => &comparison.doubtful[n].cells[side],
        };
        Some(statement::citation(&self.page(), cell))
    }
}
