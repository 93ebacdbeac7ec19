//! What is shown of a comparison, in which order: the part that text, Markdown and HTML have in common. Nothing is cut
//! here.

mod emphasis;
mod items;
mod lineage;
mod names;
mod passages;
mod remainder;
mod reports;
mod sides;
mod timeline;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use stemma_core::{AlignmentRef, Comparison, DivergenceKind, ReportIndex, Story};

use super::tree::{TreeLine, tree};
use emphasis::EmphasisLine;
pub(crate) use items::{Finding, Item};
use items::{is_update, sorted_items};
use lineage::{EdgeLine, edge_line};
pub(crate) use lineage::{edge_verb, origin_name};
use names::{Name, NamingLine, named_once, names};
use passages::{PassageLine, passages};
use remainder::{Doubtful, Omitted, doubtful, omissions, only_in};
use reports::{ReportLine, report_line};
pub(crate) use sides::Side;
use timeline::{Day, timeline};

/// A comparison, sorted for reading. Each alignment is one [`Item`], shown in full once: under its worst conflict, else
/// in the list of updates, facts or utterances; other lists refer to its number.
#[derive(Debug)]
pub(crate) struct Overview {
    /// The reports.
    pub(crate) reports: Vec<ReportLine>,
    /// Groups of reports that lineage ties together.
    pub(crate) witnesses: Vec<Vec<ReportIndex>>,
    /// All alignments, in the order in which they are shown in full; the number of each is its place from 1.
    pub(crate) items: Vec<Item>,
    /// Items in conflict by their worst kind, worst first; surest first in each kind. As indices into `items`.
    pub(crate) conflicts: Vec<(DivergenceKind, Vec<usize>)>,
    /// Items that no conflict, but an update divides.
    pub(crate) updates: Vec<usize>,
    /// Facts that at least two witnesses carry, most witnesses first.
    pub(crate) core: Vec<usize>,
    /// Facts that several reports of one witness carry.
    pub(crate) copied: Vec<usize>,
    /// Who is quoted in which words, in order of the text.
    pub(crate) utterances: Vec<usize>,
    /// What one witness alone carries, by report, what matters first.
    pub(crate) only_in: Vec<(ReportIndex, Vec<Side>)>,
    /// Facts that are as likely as not to be none, surest first.
    pub(crate) loose: Vec<usize>,
    /// What else may be the same, surest first.
    pub(crate) doubtful: Vec<Doubtful>,
    /// What a report leaves out, most widely carried first.
    pub(crate) omissions: Vec<(ReportIndex, Vec<Omitted>)>,
    /// What each report makes of the story.
    pub(crate) emphasis: Vec<EmphasisLine>,
    /// Names that reports give in different forms.
    pub(crate) names: Vec<Name>,
    /// The same people or acts under different nouns.
    pub(crate) namings: Vec<NamingLine>,
    /// Names that stand in one report only.
    pub(crate) named_once: Vec<(ReportIndex, Vec<String>)>,
    /// Days, and what the reports say of them.
    pub(crate) timeline: Vec<Day>,
    /// Who had it from whom.
    pub(crate) lineage: Vec<EdgeLine>,
    /// The same as a tree.
    pub(crate) tree: Vec<TreeLine>,
    /// Text outside quotation marks that two reports share, longest first.
    pub(crate) passages: Vec<PassageLine>,
}

impl Overview {
    /// `comparison` of `story`, sorted for reading.
    pub(crate) fn new(story: &Story, comparison: &Comparison) -> Self {
        let mut overview = Self {
            reports: story.iter().map(|(n, document)| report_line(n, document)).collect(),
            witnesses: comparison.witnesses.iter().map(|witness| witness.reports.clone()).collect(),
            items: sorted_items(story, comparison),
            conflicts: Vec::new(),
            updates: Vec::new(),
            core: Vec::new(),
            copied: Vec::new(),
            utterances: Vec::new(),
            loose: Vec::new(),
            only_in: only_in(story, comparison),
            doubtful: doubtful(story, comparison),
            omissions: omissions(story, comparison),
            emphasis: Vec::new(),
            names: names(comparison),
            namings: Vec::new(),
            named_once: named_once(comparison),
            timeline: timeline(story, comparison),
            lineage: comparison.lineage.iter().map(|edge| edge_line(story, edge)).collect(),
            tree: tree(comparison, story.documents().len()),
            passages: passages(story, comparison),
        };
        overview.list_items();
        overview.emphasis = overview.emphasis_lines(story, comparison);
        overview.namings = overview.naming_lines(story, comparison);
        overview
    }

    /// Fills the lists that point at items.
    fn list_items(&mut self) {
        for (n, item) in self.items.iter().enumerate() {
            match item.conflict() {
                Some(worst) => match self.conflicts.last_mut() {
                    Some((kind, items)) if *kind == worst.kind => items.push(n),
                    _ => self.conflicts.push((worst.kind, vec![n])),
                },
                None if is_update(item) => self.updates.push(n),
                None => {}
            }
            match item.of {
                AlignmentRef::Utterance(_) => self.utterances.push(n),
                AlignmentRef::Fact(_) if item.is_loose() => self.loose.push(n),
                AlignmentRef::Fact(_) if item.n_witnesses > 1 => self.core.push(n),
                AlignmentRef::Fact(_) => self.copied.push(n),
            }
        }
        self.utterances.sort_by_key(|&n| self.items[n].of);
        self.core.sort_by_key(|&n| (Reverse(self.items[n].n_witnesses), self.items[n].of));
        self.copied.sort_by_key(|&n| self.items[n].of);
    }

    /// The place of each alignment in `items`, from 1.
    fn numbers(&self) -> BTreeMap<AlignmentRef, usize> {
        self.items.iter().enumerate().map(|(n, item)| (item.of, n + 1)).collect()
    }

    /// The reports' letters, and how many more there are than `most`.
    pub(crate) fn letters(&self, reports: &[ReportIndex], most: usize) -> String {
        let shown: Vec<&str> =
            reports.iter().take(most).map(|report| self.reports[report.index()].letter.as_str()).collect();
        match reports.len().saturating_sub(most) {
            0 => shown.join(" "),
            more => format!("{} +{more}", shown.join(" ")),
        }
    }

    /// The headline of the page: the title of the first report that has one.
    pub(crate) fn headline(&self) -> Option<&str> {
        self.reports.iter().find_map(|report| report.title.as_deref())
    }

    /// How many alignments are in conflict.
    pub(crate) fn n_conflicts(&self) -> usize {
        self.conflicts.iter().map(|(_, items)| items.len()).sum()
    }

    /// "3 reports, 2 independent witnesses, 4 conflicts".
    pub(crate) fn summary(&self) -> String {
        let mut parts = vec![counted(self.reports.len(), "report")];
        match self.witnesses.len() {
            0 => {}
            1 if self.reports.len() > 1 => parts.push("but one witness".to_owned()),
            1 => parts.push("one witness".to_owned()),
            n => parts.push(counted(n, "independent witness")),
        }
        parts.push(match self.n_conflicts() {
            0 => "no conflict found".to_owned(),
            n => counted(n, "conflict"),
        });
        parts.join(", ")
    }
}

/// `n` things: "1 witness", "2 witnesses".
pub(crate) fn counted(n: usize, thing: &str) -> String {
    match n {
        1 => format!("1 {thing}"),
        _ if thing.ends_with("ss") => format!("{n} {thing}es"),
        _ => format!("{n} {thing}s"),
    }
}

/// What a kind of divergence is called on a page.
pub(crate) fn kind_title(kind: DivergenceKind) -> &'static str {
    match kind {
        DivergenceKind::Polarity => "Yes or no",
        DivergenceKind::QuoteAltered => "Quotations altered",
        DivergenceKind::Figure => "Figures",
        DivergenceKind::Speaker => "Who said it",
        DivergenceKind::Time => "Times and dates",
        DivergenceKind::Place => "Places",
        DivergenceKind::Name => "Names",
        DivergenceKind::AttributionDropped => "Attribution dropped",
        DivergenceKind::Hedge => "Fact or hearsay",
        DivergenceKind::List => "Lists",
        DivergenceKind::QuotePartial => "Quotations shortened",
        DivergenceKind::Role => "Offices and roles",
        DivergenceKind::Scope => "Scope",
        DivergenceKind::Update => "Updates",
        DivergenceKind::Wording => "Wording",
    }
}

/// What one divergence of a kind is called.
pub(crate) fn kind_label(kind: DivergenceKind) -> &'static str {
    match kind {
        DivergenceKind::QuoteAltered => "Quotation altered",
        DivergenceKind::QuotePartial => "Quotation shortened",
        DivergenceKind::Figure => "Figure",
        DivergenceKind::Time => "Time or date",
        DivergenceKind::Place => "Place",
        DivergenceKind::Name => "Name",
        DivergenceKind::List => "List",
        DivergenceKind::Role => "Office or role",
        DivergenceKind::Update => "Update",
        same => kind_title(same),
    }
}
