//! What is shown of a comparison, in which order: the part that text, Markdown and HTML have in common. Nothing is cut
//! here.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use stemma_compare::{Naming, Stretch, find_namings, find_stretches, word_diff};
use stemma_core::{
    Alignment, AlignmentRef, Cell, Comparison, CreditKind, Divergence, DivergenceKind, Document, Edge,
    EdgeKind, EdgeOrigin, EntityKind, Form, Manner, ReportIndex, Span, Story, Voice,
};

use super::repeats::{repeated_names, without};
use super::runs::{Mark, Run, Shown, Style, clean, diff_runs};
use super::tree::{TreeLine, tree};
use crate::emphasis::{self, Emphasis};
use crate::ids::letter;

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
    /// What may be the same, surest first.
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

/// A report as the head of the page shows it.
#[derive(Debug)]
pub(crate) struct ReportLine {
    /// The letter that stands for it.
    pub(crate) letter: String,
    /// Outlet, else the file's name.
    pub(crate) name: String,
    /// Headline.
    pub(crate) title: Option<String>,
    /// Date of publication, and where it was found if not in the metadata.
    pub(crate) date: Option<String>,
    /// Length of the text.
    pub(crate) n_words: usize,
    /// Who wrote it.
    pub(crate) byline: Option<String>,
    /// Agencies that the report credits: "AFP (picture)".
    pub(crate) credits: Vec<String>,
}

/// An alignment as it is shown.
#[derive(Debug)]
pub(crate) struct Item {
    /// The alignment.
    pub(crate) of: AlignmentRef,
    /// Who speaks, for an utterance.
    pub(crate) speaker: Option<String>,
    /// How many witnesses carry it.
    pub(crate) n_witnesses: usize,
    /// What each report says; those that are in conflict first, with the words marked that differ.
    pub(crate) sides: Vec<Side>,
    /// How many of these are in conflict; all, if there is no conflict.
    pub(crate) n_involved: usize,
    /// How they differ, worst first.
    pub(crate) findings: Vec<Finding>,
}

impl Item {
    /// The worst conflict.
    pub(crate) fn conflict(&self) -> Option<&Finding> {
        self.findings.first().filter(|finding| finding.kind.is_conflict())
    }

    /// All reports that carry it, in order.
    pub(crate) fn carried_by(&self) -> Vec<ReportIndex> {
        let reports: BTreeSet<ReportIndex> = self.sides.iter().flat_map(Side::reports).collect();
        reports.into_iter().collect()
    }
}

/// One kind of divergence in an alignment.
#[derive(Debug)]
pub(crate) struct Finding {
    /// The kind.
    pub(crate) kind: DivergenceKind,
    /// What the rules saw, each once.
    pub(crate) reasons: Vec<String>,
    /// Of the surest divergence.
    pub(crate) score: f64,
}

impl Finding {
    /// "14 against 41 (0.90)", with at most `most` reasons.
    pub(crate) fn line(&self, most: usize) -> String {
        let mut line: String = self.reasons.iter().take(most).cloned().collect::<Vec<_>>().join("; ");
        if self.reasons.len() > most {
            line.push_str(&format!("; … {} more (--all shows them)", self.reasons.len() - most));
        }
        format!("{line} ({:.2})", self.score)
    }
}

/// What one report says, or several in the same words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Side {
    /// These reports, and the cell of each as an index into the alignment's.
    pub(crate) places: Vec<(ReportIndex, usize)>,
    /// The words.
    pub(crate) runs: Vec<Run>,
    /// Whom it is given to; empty in the outlet's own voice.
    pub(crate) source: Vec<Run>,
}

impl Side {
    /// The reports that say so, each once.
    pub(crate) fn reports(&self) -> Vec<ReportIndex> {
        let mut reports: Vec<ReportIndex> = self.places.iter().map(|&(report, _)| report).collect();
        reports.dedup();
        reports
    }

    /// The words without marks.
    pub(crate) fn words(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

/// Two cells that may say the same.
#[derive(Debug)]
pub(crate) struct Doubtful {
    /// The two.
    pub(crate) sides: [Side; 2],
    /// How probably they do, and how they differ then: "0.29", "0.06; if so, hedge: …".
    pub(crate) line: String,
}

/// An alignment that a report leaves out.
#[derive(Debug)]
pub(crate) struct Omitted {
    /// The alignment.
    pub(crate) of: AlignmentRef,
    /// Who carries it.
    pub(crate) carried_by: Vec<ReportIndex>,
    /// In the words of the first of them.
    pub(crate) side: Side,
}

/// What one report makes of the story, in words.
#[derive(Debug)]
pub(crate) struct EmphasisLine {
    /// Whose.
    pub(crate) report: ReportIndex,
    /// "carries 9 of 14 statements that witnesses share, first 3 and 8"; empty if there are none.
    pub(crate) core: String,
    /// "31 % quotation: Ana Ruiz 40 words, Ivo Petrov 12".
    pub(crate) quoted: String,
    /// "5 stands at its end, and at the start of B".
    pub(crate) late: Vec<String>,
}

/// A person, organisation or place and what each report calls it.
#[derive(Debug)]
pub(crate) struct Name {
    /// What it is.
    pub(crate) kind: EntityKind,
    /// The fullest form.
    pub(crate) name: String,
    /// Reports that use the same forms, and these forms.
    pub(crate) forms: Vec<(Vec<ReportIndex>, Vec<String>)>,
}

/// A group of people, or an act, that reports call by different nouns.
#[derive(Debug)]
pub(crate) struct NamingLine {
    /// Reports that use the same nouns, and these: "rebels", "fighters ×3".
    pub(crate) forms: Vec<(Vec<ReportIndex>, Vec<String>)>,
    /// Numbers of the items in which the nouns stand for each other.
    pub(crate) items: Vec<usize>,
}

impl NamingLine {
    /// "see 3, 7, … 2 more".
    pub(crate) fn see(&self) -> String {
        let shown: Vec<String> = self.items.iter().take(MOST_ITEMS).map(usize::to_string).collect();
        let more = self.items.len().saturating_sub(MOST_ITEMS);
        let more = if more > 0 { format!(", … {more} more") } else { String::new() };
        format!("see {}{more}", shown.join(", "))
    }
}

/// Items that are named as those where two nouns stand for each other.
const MOST_ITEMS: usize = 4;

/// One day or run of days.
#[derive(Debug)]
pub(crate) struct Day {
    /// "Fri 2025-02-28", or "2025-02-24 to 2025-03-02".
    pub(crate) days: String,
    /// Where the reports speak of it.
    pub(crate) mentions: Vec<DayMention>,
}

/// An expression of time, in one report or in the same sentence of several.
#[derive(Debug)]
pub(crate) struct DayMention {
    /// The reports.
    pub(crate) reports: Vec<ReportIndex>,
    /// The words of the time.
    pub(crate) time: String,
    /// The sentence around them.
    pub(crate) sentence: String,
    /// How they were resolved.
    pub(crate) reason: String,
}

/// One edge of the stemma in words.
#[derive(Debug)]
pub(crate) struct EdgeLine {
    /// Who had it: a letter.
    pub(crate) to: String,
    /// What that report did: "copies".
    pub(crate) verb: &'static str,
    /// From whom: a letter or an outlet.
    pub(crate) from: String,
    /// The outlet is not among the reports.
    pub(crate) unseen: bool,
    /// The words that show it.
    pub(crate) evidence: String,
    /// "credited; …": what the rule saw, with its score.
    pub(crate) reason: String,
}

/// A shared passage.
#[derive(Debug)]
pub(crate) struct PassageLine {
    /// The two reports.
    pub(crate) reports: [ReportIndex; 2],
    /// Its words.
    pub(crate) n_words: usize,
    /// Share of these that both have, if it is lightly rewritten.
    pub(crate) unchanged: Option<f64>,
    /// As it stands in the first, with what the second has in the place of what it changed.
    pub(crate) runs: Vec<Run>,
}

impl PassageLine {
    /// "26 words", "46 words, lightly rewritten, 91 % unchanged".
    pub(crate) fn what(&self) -> String {
        let words = counted(self.n_words, "word");
        let percent = |share: f64| format!("{words}, lightly rewritten, {:.0} % unchanged", 100.0 * share);
        self.unchanged.map_or_else(|| words.clone(), percent)
    }
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

    /// The same people under different nouns, with the numbers of the items.
    fn naming_lines(&self, story: &Story, comparison: &Comparison) -> Vec<NamingLine> {
        let numbers = self.numbers();
        let line = |naming: &Naming| {
            let mut by_report: BTreeMap<ReportIndex, Vec<String>> = BTreeMap::new();
            for each in &naming.uses {
                let count = if each.count > 1 { format!(" ×{}", each.count) } else { String::new() };
                by_report.entry(each.report).or_default().push(clean(&each.text) + &count);
            }
            let mut forms: Vec<(Vec<ReportIndex>, Vec<String>)> = Vec::new();
            for (report, labels) in by_report {
                match forms.iter_mut().find(|(_, known)| *known == labels) {
                    Some((reports, _)) => reports.push(report),
                    None => forms.push((vec![report], labels)),
                }
            }
            let mut items: Vec<usize> = naming.rows.iter().map(|of| numbers[of]).collect();
            items.sort_unstable();
            NamingLine { forms, items }
        };
        find_namings(story, comparison).iter().map(line).collect()
    }

    /// What each report makes of the story, with the numbers of the items.
    fn emphasis_lines(&self, story: &Story, comparison: &Comparison) -> Vec<EmphasisLine> {
        let numbers = self.numbers();
        let n_core = emphasis::core(comparison).len();
        let all = emphasis::emphasis(story, comparison);
        let mut starts: BTreeMap<AlignmentRef, Vec<ReportIndex>> = BTreeMap::new();
        for each in &all {
            for (of, _) in each.core.iter().filter(|(_, place)| *place <= AT_START) {
                starts.entry(*of).or_default().push(each.report);
            }
        }
        let line = |each: &Emphasis| {
            let first: Vec<String> =
                each.core.iter().take(FIRST_STATEMENTS).map(|(of, _)| numbers[of].to_string()).collect();
            let opens =
                if first.is_empty() { String::new() } else { format!(", first {}", first.join(", ")) };
            let core = if n_core == 0 {
                String::new()
            } else {
                format!(
                    "carries {} of {} that witnesses share{opens}",
                    each.core.len(),
                    counted(n_core, "statement")
                )
            };
            let late = each.core.iter().filter(|(_, place)| *place >= AT_END).filter_map(|(of, _)| {
                let others = starts.get(of)?;
                Some(format!(
                    "{} stands at its end, at the start of {}",
                    numbers[of],
                    self.letters(others, 3)
                ))
            });
            EmphasisLine { report: each.report, core, quoted: quoted_share(each), late: late.collect() }
        };
        all.iter().map(line).collect()
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

/// Share of a body before a statement, up to which it stands at the start.
const AT_START: f64 = 0.25;
/// The same, from which on it stands at the end.
const AT_END: f64 = 0.70;
/// Statements that are named as those that a report puts first.
const FIRST_STATEMENTS: usize = 3;
/// Speakers that are named for one report.
const MOST_SPEAKERS: usize = 4;

/// "31 % quotation: Ana Ruiz 40 words, Ivo Petrov 12".
fn quoted_share(each: &Emphasis) -> String {
    let percent = (100.0 * each.n_quoted as f64 / each.n_words.max(1) as f64).round();
    let name = |name: &str| if name.is_empty() { "nobody named".to_owned() } else { clean(name) };
    let mut speakers: Vec<String> = each
        .speakers
        .iter()
        .take(MOST_SPEAKERS)
        .map(|speaker| format!("{} {}", name(&speaker.name), counted(speaker.n_words, "word")))
        .collect();
    let more = each.speakers.len().saturating_sub(MOST_SPEAKERS);
    if more > 0 {
        speakers.push(format!("{more} more"));
    }
    match speakers.is_empty() {
        true => "quotes nobody".to_owned(),
        false => format!("{percent} % quotation: {}", speakers.join(", ")),
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

fn report_line(report: ReportIndex, document: &Document) -> ReportLine {
    let parts = document.report();
    let date = document.published().map(|published| match parts.published() {
        Some(_) => published.date().to_string(),
        None => format!("{} (date in the text)", published.date()),
    });
    let mut credits = Vec::new();
    for credit in document.layers().credits.items() {
        let what = match credit.kind {
            CreditKind::Picture => "picture",
            CreditKind::Agency => "text",
            CreditKind::Contribution => "contribution",
            CreditKind::Relay => continue,
        };
        let line = format!("{} ({what})", clean(&credit.outlet));
        if !credits.contains(&line) {
            credits.push(line);
        }
    }
    ReportLine {
        letter: letter(report),
        name: report_name(document),
        title: parts.title().map(clean),
        date,
        n_words: super::n_words(document),
        byline: parts.byline().map(clean),
        credits,
    }
}

/// Outlet, else the name of the file, else the id.
fn report_name(document: &Document) -> String {
    let report = document.report();
    let file = || {
        let origin = report.origin().to_string();
        let name = origin.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        (!name.is_empty() && name != "-").then_some(name)
    };
    let name = report.outlet().or(report.given_id()).map(str::to_owned).or_else(file);
    clean(&name.unwrap_or_else(|| report.shown_id()))
}

/// True if an update, and no conflict, divides the cells.
fn is_update(item: &Item) -> bool {
    item.conflict().is_none() && item.findings.iter().any(|finding| finding.kind == DivergenceKind::Update)
}

/// All alignments in the order in which they are shown in full.
fn sorted_items(story: &Story, comparison: &Comparison) -> Vec<Item> {
    let repeats = repeated_names(story, comparison);
    let each = |(of, alignment): (AlignmentRef, &Alignment)| match repeats.get(&of) {
        Some(repeats) => item(story, of, &without(alignment, repeats)),
        None => item(story, of, alignment),
    };
    let mut items: Vec<Item> = comparison.alignments().map(each).collect();
    items.sort_by(|a, b| {
        let kind = |item: &Item| item.conflict().map_or((1, None), |finding| (0, Some(finding.kind)));
        let score = |item: &Item| item.conflict().map_or(0.0, |finding| finding.score);
        let place = |item: &Item| match item.of {
            _ if is_update(item) => (0, Reverse(0), item.of),
            AlignmentRef::Fact(_) => (1, Reverse(item.n_witnesses), item.of),
            AlignmentRef::Utterance(_) => (2, Reverse(0), item.of),
        };
        kind(a).cmp(&kind(b)).then(score(b).total_cmp(&score(a))).then(place(a).cmp(&place(b)))
    });
    items
}

fn item(story: &Story, of: AlignmentRef, alignment: &Alignment) -> Item {
    let (involved, others) = involved_cells(alignment);
    let divides = |each: &&Divergence| each.kind.is_conflict() || each.kind == DivergenceKind::Update;
    let divergences: Vec<&Divergence> = alignment.divergences.iter().filter(divides).collect();
    let mut sides = if divergences.iter().any(|each| each.evidence.iter().any(|spans| !spans.is_empty())) {
        let side =
            |&cell: &usize| evidence_side(story, alignment, cell, &marks(alignment, cell, &divergences));
        merged(involved.iter().map(side).collect())
    } else {
        let least_common = if matches!(of, AlignmentRef::Utterance(_)) { 0.5 } else { 0.75 };
        compared_sides(story, alignment, &involved, least_common)
    };
    let n_involved = sides.len();
    sides.extend(merged(others.iter().map(|&cell| evidence_side(story, alignment, cell, &[])).collect()));
    Item {
        of,
        speaker: speaker(story, of, alignment),
        n_witnesses: alignment.witnesses.len(),
        sides,
        n_involved,
        findings: findings(alignment),
    }
}

/// Who speaks, for an utterance: the name; where reports name different ones, all; else the words of the first report that
/// names a source.
fn speaker(story: &Story, of: AlignmentRef, alignment: &Alignment) -> Option<String> {
    let words = |cell: &Cell| Shown::new(story.document(cell.report), &cell.source).text;
    let mut names: Vec<String> =
        alignment.cells.iter().filter_map(|cell| cell.source_name.as_deref().map(clean)).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    let named = || (!names.is_empty()).then(|| names.join(" or "));
    let source = || named().or_else(|| alignment.cells.iter().map(words).find(|words| !words.is_empty()));
    match of {
        AlignmentRef::Utterance(_) => alignment.speaker.as_deref().map(clean).or_else(source),
        AlignmentRef::Fact(_) => None,
    }
}

/// The cells that a conflict or an update divides, and the others; all are the former if nothing does.
fn involved_cells(alignment: &Alignment) -> (Vec<usize>, Vec<usize>) {
    let divides = |each: &&Divergence| each.kind.is_conflict() || each.kind == DivergenceKind::Update;
    let involved: BTreeSet<usize> =
        alignment.divergences.iter().filter(divides).flat_map(|each| each.cells).collect();
    (0..alignment.cells.len()).partition(|cell| involved.is_empty() || involved.contains(cell))
}

/// The words of `cell` that differ. Those that stand against the first cell of a divergence are new, the others old.
/// Where it is about who speaks, the source shows it and the cue ("said") is passed over.
fn marks(alignment: &Alignment, cell: usize, divergences: &[&Divergence]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for each in divergences {
        let Some(side) = each.cells.iter().position(|&n| n == cell) else { continue };
        let of_kind = || divergences.iter().filter(|other| other.kind == each.kind);
        let first = of_kind().flat_map(|other| other.cells).min().unwrap_or(cell);
        let against_first =
            of_kind().any(|other| other.cells.contains(&cell) && other.cells.contains(&first));
        let style = if cell != first && against_first { Style::New } else { Style::Old };
        let place = &alignment.cells[cell];
        let evidence = each.evidence[side].iter().filter(|span| {
            let is_cue = matches!(each.kind, DivergenceKind::Speaker | DivergenceKind::AttributionDropped);
            !is_cue || place.source.iter().chain(&place.spans).any(|part| part.touches(**span))
        });
        marks.extend(evidence.map(|&span| (span, style)));
    }
    marks.sort_by_key(|&(span, _)| (span.len(), span));
    marks.dedup();
    marks
}

/// The kinds of divergence of `alignment`, worst first.
fn findings(alignment: &Alignment) -> Vec<Finding> {
    let mut by_kind: BTreeMap<DivergenceKind, Vec<&Divergence>> = BTreeMap::new();
    for each in &alignment.divergences {
        by_kind.entry(each.kind).or_default().push(each);
    }
    let finding = |(kind, divergences): (DivergenceKind, Vec<&Divergence>)| Finding {
        kind,
        reasons: reasons(alignment, &divergences),
        score: divergences.iter().map(|each| each.score).fold(0.0, f64::max),
    };
    by_kind.into_iter().map(finding).collect()
}

/// What the rules saw, each once; with the letters of the two reports where more than two cells are involved.
fn reasons(alignment: &Alignment, divergences: &[&Divergence]) -> Vec<String> {
    let mut by_reason: Vec<(String, Vec<String>)> = Vec::new();
    for each in divergences {
        let pair = each.cells.map(|cell| letter(alignment.cells[cell].report)).join("/");
        let reason = clean(&each.reason);
        match by_reason.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, pairs)) => pairs.push(pair),
            None => by_reason.push((reason, vec![pair])),
        }
    }
    let several = by_reason.len() > 1;
    let line = |(reason, pairs): (String, Vec<String>)| {
        if several { format!("{}: {reason}", pairs.join(", ")) } else { reason }
    };
    by_reason.into_iter().map(line).collect()
}

/// A cell with the words of `marks`; those that lie neither in the cell nor in its source follow in brackets.
fn evidence_side(story: &Story, alignment: &Alignment, cell: usize, marks: &[Mark]) -> Side {
    let inner = &alignment.cells[cell];
    let document = story.document(inner.report);
    let mut runs = quoted(inner, Shown::new(document, &inner.spans).marked(marks));
    let source = source_runs(story, inner, marks);
    let near = |mark: Span| inner.spans.iter().chain(&inner.source).any(|span| span.touches(mark));
    let mut outside: Vec<&Mark> = marks.iter().filter(|(span, _)| !near(*span) && !span.is_empty()).collect();
    outside.sort();
    for (n, &&(span, style)) in outside.iter().enumerate() {
        runs.push(Run::new(Style::Faint, if n == 0 { " (beside it: " } else { ", " }));
        runs.push(Run { text: Shown::new(document, &[span]).text, style });
    }
    if !outside.is_empty() {
        runs.push(Run::new(Style::Faint, ")"));
    }
    Side { places: vec![(inner.report, cell)], runs, source }
}

/// These cells, with a word diff of each against the first: of the verbatim quotations alone, where there are several.
fn compared_sides(story: &Story, alignment: &Alignment, cells: &[usize], least_common: f64) -> Vec<Side> {
    let shown: Vec<Shown> = cells
        .iter()
        .map(|&cell| {
            let cell = &alignment.cells[cell];
            Shown::new(story.document(cell.report), &cell.spans)
        })
        .collect();
    let is_direct = |n: &usize| alignment.cells[cells[*n]].form == Some(Form::Direct);
    let verbatim: Vec<usize> = (0..cells.len()).filter(is_direct).collect();
    let compared = if verbatim.len() > 1 { verbatim } else { (0..cells.len()).collect() };
    let marked = diff_runs(&shown, &compared, least_common);
    let side = |(&cell, runs): (&usize, Vec<Run>)| {
        let inner = &alignment.cells[cell];
        let source = source_runs(story, inner, &[]);
        Side { places: vec![(inner.report, cell)], runs: quoted(inner, runs), source }
    };
    merged(cells.iter().zip(marked).map(side).collect())
}

/// Sides that say the same in the same words as one; they stay in the order of the first.
fn merged(sides: Vec<Side>) -> Vec<Side> {
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut out: Vec<Side> = Vec::new();
    for side in sides {
        let source = side.source.iter().map(|run| run.text.as_str()).collect();
        match places.entry((side.words(), source)) {
            Entry::Occupied(known) => out[*known.get()].places.extend(side.places),
            Entry::Vacant(place) => {
                place.insert(out.len());
                out.push(side);
            }
        }
    }
    out
}

/// In quotation marks, if the report gives the words so. A mark whose partner stands outside of the cell gets it back.
fn quoted(cell: &Cell, mut runs: Vec<Run>) -> Vec<Run> {
    let starts_quoted = runs.first().is_some_and(|run| run.text.starts_with(['“', '"', '«', '„']));
    let count = |mark: char| runs.iter().map(|run| run.text.matches(mark).count()).sum::<usize>();
    let (n_open, n_closed) = (count('“'), count('”'));
    if cell.form == Some(Form::Direct) && !starts_quoted {
        runs.insert(0, Run::plain("“"));
        runs.push(Run::plain("”"));
    } else if n_open == n_closed + 1 && count('„') == 0 {
        runs.push(Run::plain("”"));
    } else if n_closed == n_open + 1 && count('„') == 0 {
        runs.insert(0, Run::plain("“"));
    }
    runs
}

/// Whom the cell is given to: the words, and the name that they stand for where that says more.
fn source_runs(story: &Story, cell: &Cell, marks: &[Mark]) -> Vec<Run> {
    let document = story.document(cell.report);
    let words = Shown::new(document, &cell.source);
    let faint =
        |run: Run| Run { style: if run.style == Style::Plain { Style::Faint } else { run.style }, ..run };
    let mut runs: Vec<Run> = words.marked(marks).into_iter().map(faint).collect();
    match cell.source_name.as_deref().map(clean) {
        Some(name) if words.text.is_empty() => runs.push(Run::new(Style::Faint, format!("({name})"))),
        Some(name) if !says_name(&words.text, &name) => {
            runs.push(Run::new(Style::Faint, format!(" ({name})")));
        }
        None if words.text.is_empty() && cell.voice == Voice::Attributed => {
            runs.push(Run::new(Style::Faint, "no source named"));
        }
        _ => {}
    }
    // "said" and "told" go without saying.
    let told = cell.manner.is_some_and(|manner| manner != Manner::Neutral);
    if let Some(id) = cell.attribution.filter(|_| told) {
        let cue = Shown::new(document, &document.layers().attributions[id].cue).text;
        let before = if runs.is_empty() { "" } else { ", " };
        runs.push(Run::new(Style::Faint, format!("{before}“{cue}”")));
    }
    runs
}

/// True if `words` hold the last word of `name`.
fn says_name(words: &str, name: &str) -> bool {
    let last = name.split_whitespace().last().unwrap_or_default().to_lowercase();
    words.to_lowercase().contains(&last)
}

fn only_in(story: &Story, comparison: &Comparison) -> Vec<(ReportIndex, Vec<Side>)> {
    let mut by_report: BTreeMap<ReportIndex, Vec<(f64, Side)>> = BTreeMap::new();
    for (n, only) in comparison.only_in.iter().enumerate() {
        let cell = &only.cell;
        let shown = Shown::new(story.document(cell.report), &cell.spans);
        let side = Side {
            places: vec![(cell.report, n)],
            runs: quoted(cell, shown.marked(&[])),
            source: source_runs(story, cell, &[]),
        };
        by_report.entry(cell.report).or_default().push((only.weight, side));
    }
    let sorted = |(report, mut sides): (ReportIndex, Vec<(f64, Side)>)| {
        sides.sort_by(|a, b| b.0.total_cmp(&a.0));
        (report, sides.into_iter().map(|(_, side)| side).collect())
    };
    by_report.into_iter().map(sorted).collect()
}

fn doubtful(story: &Story, comparison: &Comparison) -> Vec<Doubtful> {
    let side = |n: usize, cell: &Cell| Side {
        places: vec![(cell.report, n)],
        runs: quoted(cell, Shown::new(story.document(cell.report), &cell.spans).marked(&[])),
        source: source_runs(story, cell, &[]),
    };
    let sides = |(n, doubt): (usize, &stemma_core::Doubt)| {
        let mut line = format!("{:.2}", doubt.score);
        for each in &doubt.divergences {
            line.push_str(&format!("; if so, {}: {}", each.kind.as_str(), clean(&each.reason)));
        }
        Doubtful { sides: [side(n, &doubt.cells[0]), side(n, &doubt.cells[1])], line }
    };
    comparison.doubtful.iter().enumerate().map(sides).collect()
}

fn omissions(story: &Story, comparison: &Comparison) -> Vec<(ReportIndex, Vec<Omitted>)> {
    let mut by_report: BTreeMap<ReportIndex, Vec<Omitted>> = BTreeMap::new();
    for omission in &comparison.omissions {
        let alignment = comparison.alignment(omission.of);
        let carried_by: BTreeSet<ReportIndex> = alignment.cells.iter().map(|cell| cell.report).collect();
        let omitted = Omitted {
            of: omission.of,
            carried_by: carried_by.into_iter().collect(),
            side: evidence_side(story, alignment, 0, &[]),
        };
        by_report.entry(omission.report).or_default().push(omitted);
    }
    for omitted in by_report.values_mut() {
        let n_witnesses = |omitted: &Omitted| comparison.alignment(omitted.of).witnesses.len();
        omitted.sort_by_key(|each| Reverse((n_witnesses(each), each.carried_by.len())));
    }
    by_report.into_iter().collect()
}

/// Names that at least two reports give, not all in the same forms (but for case).
fn names(comparison: &Comparison) -> Vec<Name> {
    let name = |entity: &stemma_core::StoryEntity| {
        let mut by_forms: Vec<(Vec<ReportIndex>, Vec<String>)> = Vec::new();
        for (report, _, in_report) in &entity.names {
            let mut forms: Vec<String> = in_report.iter().map(|form| clean(&form.text)).collect();
            forms.dedup();
            let lower =
                |forms: &[String]| forms.iter().map(|form| form.to_lowercase()).collect::<BTreeSet<_>>();
            match by_forms.iter_mut().find(|(_, known)| lower(known) == lower(&forms)) {
                Some((reports, _)) => reports.push(*report),
                None => by_forms.push((vec![*report], forms)),
            }
        }
        Name { kind: entity.kind, name: clean(&entity.name), forms: by_forms }
    };
    comparison.entities.iter().map(name).filter(|name| name.forms.len() > 1).collect()
}

fn named_once(comparison: &Comparison) -> Vec<(ReportIndex, Vec<String>)> {
    let mut by_report: BTreeMap<ReportIndex, Vec<String>> = BTreeMap::new();
    for entity in comparison.entities.iter().filter(|entity| entity.names.len() == 1) {
        by_report.entry(entity.names[0].0).or_default().push(clean(&entity.name));
    }
    by_report.into_iter().collect()
}

fn timeline(story: &Story, comparison: &Comparison) -> Vec<Day> {
    let day = |entry: &stemma_core::TimelineEntry| {
        let (first, last) = (entry.days.first, entry.days.last);
        let days = if first == last {
            first.strftime("%a %Y-%m-%d").to_string()
        } else {
            format!("{first} to {last}")
        };
        let mut mentions: Vec<DayMention> = Vec::new();
        for (report, time, sentence, reason) in &entry.mentions {
            let shown = |span: &Span| Shown::new(story.document(*report), &[*span]).text;
            let (time, sentence, reason) = (shown(time), shown(sentence), clean(reason));
            let same = |other: &&mut DayMention| {
                other.time == time && other.sentence == sentence && other.reason == reason
            };
            match mentions.iter_mut().find(same) {
                Some(known) => known.reports.push(*report),
                None => mentions.push(DayMention { reports: vec![*report], time, sentence, reason }),
            }
        }
        for mention in &mut mentions {
            mention.reports.dedup();
        }
        Day { days, mentions }
    };
    comparison.timeline.iter().map(day).collect()
}

fn edge_line(story: &Story, edge: &Edge) -> EdgeLine {
    let (from, unseen) = match &edge.from {
        EdgeOrigin::Report(report) => (letter(*report), false),
        EdgeOrigin::Unseen(name) => (origin_name(&clean(name)), true),
    };
    let mut credited = if edge.credited { "credited" } else { "not credited" }.to_owned();
    if edge.partly {
        credited.push_str("; has more of its own");
    }
    EdgeLine {
        to: letter(edge.to),
        verb: edge_verb(edge.kind, unseen),
        from,
        unseen,
        evidence: Shown::new(story.document(edge.to), &edge.evidence).text,
        reason: format!("{credited}; {} ({:.2})", clean(&edge.reason), edge.score),
    }
}

/// A text that is not among the reports, in words: outlets and agencies by their names, "a press release of the Ministry".
pub(crate) fn origin_name(name: &str) -> String {
    match name.strip_prefix("release:") {
        Some("press release" | "") => "a press release".to_owned(),
        Some(issuer) => format!("a press release of {issuer}"),
        None => name.to_owned(),
    }
}

/// What the later report did.
pub(crate) fn edge_verb(kind: EdgeKind, unseen: bool) -> &'static str {
    match kind {
        EdgeKind::Copy => "copies",
        EdgeKind::Rewrite => "rewrites",
        EdgeKind::Relay => "relays",
        EdgeKind::SharedSource if unseen => "has its text from",
        EdgeKind::SharedSource => "has the same source as",
        EdgeKind::AgencyCredit => "credits",
        EdgeKind::Revision => "is a later version of",
    }
}

/// Exact passages and lightly rewritten ones, longest first; an exact one that is part of such is not shown for itself.
fn passages(story: &Story, comparison: &Comparison) -> Vec<PassageLine> {
    let stretches = find_stretches(story, &comparison.passages);
    let joined: BTreeSet<usize> = stretches.iter().flat_map(|stretch| stretch.runs.iter().copied()).collect();
    let text = |(report, span): (ReportIndex, Span)| Shown::new(story.document(report), &[span]).text;
    let exact = |passage: &stemma_core::Passage| PassageLine {
        reports: [passage.a.0, passage.b.0],
        n_words: passage.n_words,
        unchanged: None,
        runs: vec![Run::plain(text(passage.a))],
    };
    let rewritten = |stretch: &Stretch| PassageLine {
        reports: [stretch.a.0, stretch.b.0],
        n_words: stretch.n_words,
        unchanged: Some(stretch.unchanged()),
        runs: changed_runs(&text(stretch.a), &text(stretch.b)),
    };
    let passages = comparison.passages.iter().enumerate();
    let own = passages.filter(|(n, passage)| !passage.quoted && !passage.aside && !joined.contains(n));
    let mut lines: Vec<PassageLine> = own.map(|(_, passage)| exact(passage)).collect();
    lines.extend(stretches.iter().map(rewritten));
    lines.sort_by_key(|line| Reverse(line.n_words));
    lines
}

/// The words of `a`, with those of `b` in the place of what it changed.
fn changed_runs(a: &str, b: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut end = 0;
    for piece in word_diff(a, b).into_iter().filter(|piece| !piece.same) {
        runs.push(Run::plain(&a[end..piece.a.start()]));
        if !piece.a.is_empty() {
            runs.push(Run::new(Style::Old, &a[piece.a.range()]));
        }
        if !piece.b.is_empty() {
            let space = if piece.a.is_empty() { "" } else { " " };
            runs.push(Run::plain(space));
            runs.push(Run::new(Style::New, &b[piece.b.range()]));
            runs.push(Run::plain(if piece.a.is_empty() { " " } else { "" }));
        }
        end = piece.a.end();
    }
    runs.push(Run::plain(&a[end..]));
    runs.retain(|run| !run.text.is_empty());
    runs
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
