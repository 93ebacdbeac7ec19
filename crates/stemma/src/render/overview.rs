//! What is shown of a comparison, in which order: the part that text, Markdown and HTML have in common. Nothing is cut
//! here.

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{
    Alignment, AlignmentRef, Cell, Comparison, CreditKind, Divergence, DivergenceKind, Document, EntityKind,
    Form, ReportIndex, Span, Story, Voice,
};

use super::runs::{Run, Shown, Style, clean, diff_runs};
use crate::ids::letter;

/// A comparison, sorted for reading.
#[derive(Debug)]
pub(crate) struct Overview {
    /// The reports.
    pub(crate) reports: Vec<ReportLine>,
    /// Groups of reports that lineage ties together.
    pub(crate) witnesses: Vec<Vec<ReportIndex>>,
    /// Divergences that are conflicts, by kind, worst first.
    pub(crate) conflicts: Vec<Group>,
    /// Divergences that are none: updates, shortened quotations.
    pub(crate) other_divergences: Vec<Group>,
    /// Facts that at least two witnesses carry, most witnesses first.
    pub(crate) core: Vec<Shared>,
    /// Facts that several reports of one witness carry.
    pub(crate) copied: Vec<Shared>,
    /// Who is quoted in which words.
    pub(crate) utterances: Vec<Shared>,
    /// What one witness alone carries, by report, what matters first.
    pub(crate) only_in: Vec<(ReportIndex, Vec<Side>)>,
    /// What a report leaves out, most widely carried first.
    pub(crate) omissions: Vec<(ReportIndex, Vec<Omitted>)>,
    /// Names that reports give in different forms.
    pub(crate) names: Vec<Name>,
    /// Names that stand in one report only.
    pub(crate) named_once: Vec<(ReportIndex, Vec<String>)>,
    /// Days, and what the reports say of them.
    pub(crate) timeline: Vec<Day>,
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

/// Divergences of one kind.
#[derive(Debug)]
pub(crate) struct Group {
    /// The kind.
    pub(crate) kind: DivergenceKind,
    /// The alignments that diverge so, surest first.
    pub(crate) items: Vec<Diverging>,
}

/// An alignment whose cells differ in one way.
#[derive(Debug)]
pub(crate) struct Diverging {
    /// The alignment.
    #[expect(dead_code, reason = "the page links by it")]
    pub(crate) of: AlignmentRef,
    /// Who speaks, for an utterance.
    pub(crate) speaker: Option<String>,
    /// The cells that differ, with the words marked that do.
    pub(crate) sides: Vec<Side>,
    /// What the rules saw, each once.
    pub(crate) reasons: Vec<String>,
    /// Of the surest divergence.
    pub(crate) score: f64,
}

/// What one report says, or several in the same words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Side {
    /// These reports.
    pub(crate) reports: Vec<ReportIndex>,
    /// The words.
    pub(crate) runs: Vec<Run>,
    /// Whom it is given to; empty in the outlet's own voice.
    pub(crate) source: Vec<Run>,
    /// The first of its cells, as an index into the alignment's.
    pub(crate) cell: usize,
}

/// An alignment and all its cells.
#[derive(Debug)]
pub(crate) struct Shared {
    /// The alignment.
    #[expect(dead_code, reason = "the page links by it")]
    pub(crate) of: AlignmentRef,
    /// Who speaks, for an utterance.
    pub(crate) speaker: Option<String>,
    /// How many witnesses carry it.
    pub(crate) n_witnesses: usize,
    /// What each report says.
    pub(crate) sides: Vec<Side>,
    /// Kinds of divergence between them.
    pub(crate) kinds: Vec<DivergenceKind>,
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

/// A person, organisation or place and what each report calls it.
#[derive(Debug)]
pub(crate) struct Name {
    /// What it is.
    pub(crate) kind: EntityKind,
    /// The fullest form.
    pub(crate) name: String,
    /// The forms of each report, with their counts.
    pub(crate) forms: Vec<(ReportIndex, Vec<(String, usize)>)>,
}

/// One day or run of days.
#[derive(Debug)]
pub(crate) struct Day {
    /// "Fri 2025-02-28", or "2025-02-24 to 2025-03-02".
    pub(crate) days: String,
    /// Who speaks of it: the words of the time, the sentence around them, how they were resolved.
    pub(crate) mentions: Vec<(ReportIndex, String, String, String)>,
}

impl Overview {
    /// `comparison` of `story`, sorted for reading.
    pub(crate) fn new(story: &Story, comparison: &Comparison) -> Self {
        let groups = groups(story, comparison);
        let (conflicts, other_divergences) = groups.into_iter().partition(|group| group.kind.is_conflict());
        let facts = shared(story, comparison, false);
        let (mut core, copied): (Vec<_>, Vec<_>) = facts.into_iter().partition(|fact| fact.n_witnesses > 1);
        core.sort_by_key(|fact| std::cmp::Reverse(fact.n_witnesses));
        Self {
            reports: story.iter().map(|(n, document)| report_line(n, document)).collect(),
            witnesses: comparison.witnesses.iter().map(|witness| witness.reports.clone()).collect(),
            conflicts,
            other_divergences,
            core,
            copied,
            utterances: shared(story, comparison, true),
            only_in: only_in(story, comparison),
            omissions: omissions(story, comparison),
            names: names(comparison),
            named_once: named_once(comparison),
            timeline: timeline(story, comparison),
        }
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

    /// How many alignments are in conflict, counted once for each kind.
    pub(crate) fn n_conflicts(&self) -> usize {
        self.conflicts.iter().map(|group| group.items.len()).sum()
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

/// Divergences by kind; in each kind one item for each alignment. Wording is left to the list of utterances.
fn groups(story: &Story, comparison: &Comparison) -> Vec<Group> {
    let mut items: BTreeMap<DivergenceKind, Vec<Diverging>> = BTreeMap::new();
    for (of, alignment) in comparison.alignments() {
        let kinds: BTreeSet<DivergenceKind> = alignment.divergences.iter().map(|each| each.kind).collect();
        for kind in kinds.into_iter().filter(|&kind| kind != DivergenceKind::Wording) {
            items.entry(kind).or_default().push(diverging(story, of, alignment, kind));
        }
    }
    let group = |(kind, mut items): (DivergenceKind, Vec<Diverging>)| {
        items.sort_by(|a, b| b.score.total_cmp(&a.score));
        Group { kind, items }
    };
    items.into_iter().map(group).collect()
}

/// The cells of `alignment` that differ in the way of `kind`.
fn diverging(story: &Story, of: AlignmentRef, alignment: &Alignment, kind: DivergenceKind) -> Diverging {
    let divergences: Vec<&Divergence> =
        alignment.divergences.iter().filter(|each| each.kind == kind).collect();
    let cells: BTreeSet<usize> = divergences.iter().flat_map(|each| each.cells).collect();
    let cells: Vec<usize> = cells.into_iter().collect();
    let evidence = |cell: usize| -> Vec<Span> {
        let of_cell = |each: &&&Divergence| each.cells.iter().position(|&n| n == cell);
        divergences.iter().filter_map(|each| Some(each.evidence[of_cell(&each)?].clone())).flatten().collect()
    };
    let marks: Vec<Vec<Span>> = cells.iter().map(|&cell| evidence(cell)).collect();
    let sides = if marks.iter().all(Vec::is_empty) {
        compared_sides(story, alignment, &cells)
    } else {
        let side = |(n, (&cell, marks)): (usize, (&usize, &Vec<Span>))| {
            evidence_side(story, alignment, cell, marks, if n == 0 { Style::Old } else { Style::New })
        };
        merged(cells.iter().zip(&marks).enumerate().map(side).collect())
    };
    Diverging {
        of,
        speaker: alignment.speaker.as_deref().map(clean),
        sides,
        reasons: reasons(alignment, &divergences),
        score: divergences.iter().map(|each| each.score).fold(0.0, f64::max),
    }
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

/// A cell with the words of `marks` in `style`; those that lie neither in the cell nor in its source follow in brackets.
fn evidence_side(story: &Story, alignment: &Alignment, cell: usize, marks: &[Span], style: Style) -> Side {
    let inner = &alignment.cells[cell];
    let document = story.document(inner.report);
    let mut runs = quoted(inner, Shown::new(document, &inner.spans).marked(marks, style));
    let source = source_runs(story, inner, marks, style);
    let near = |mark: &Span| inner.spans.iter().chain(&inner.source).any(|span| span.touches(*mark));
    let outside: Vec<Span> = marks.iter().copied().filter(|mark| !near(mark) && !mark.is_empty()).collect();
    if !outside.is_empty() {
        runs.push(Run::new(Style::Faint, " (beside it: "));
        runs.push(Run { text: Shown::new(document, &outside).text, style });
        runs.push(Run::new(Style::Faint, ")"));
    }
    Side { reports: vec![inner.report], runs, source, cell }
}

/// These cells, with a word diff of each against the first.
fn compared_sides(story: &Story, alignment: &Alignment, cells: &[usize]) -> Vec<Side> {
    let shown: Vec<Shown> = cells
        .iter()
        .map(|&cell| {
            let cell = &alignment.cells[cell];
            Shown::new(story.document(cell.report), &cell.spans)
        })
        .collect();
    let Some((first, others)) = shown.split_first() else { return Vec::new() };
    let (old, new) = diff_runs(first, &others.iter().collect::<Vec<_>>());
    let side = |(&cell, runs): (&usize, Vec<Run>)| {
        let inner = &alignment.cells[cell];
        let source = source_runs(story, inner, &[], Style::Plain);
        Side { reports: vec![inner.report], runs: quoted(inner, runs), source, cell }
    };
    merged(cells.iter().zip(std::iter::once(old).chain(new)).map(side).collect())
}

/// Sides that say the same in the same words as one; they stay in the order of the first.
fn merged(sides: Vec<Side>) -> Vec<Side> {
    let plain = |side: &Side| side.runs.iter().map(|run| run.text.as_str()).collect::<String>();
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut out: Vec<Side> = Vec::new();
    for side in sides {
        let source: String = side.source.iter().map(|run| run.text.as_str()).collect();
        match places.entry((plain(&side), source)) {
            std::collections::btree_map::Entry::Occupied(place) => {
                let reports = &mut out[*place.get()].reports;
                reports.extend(
                    side.reports.into_iter().filter(|report| !reports.contains(report)).collect::<Vec<_>>(),
                );
            }
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(out.len());
                out.push(side);
            }
        }
    }
    out
}

/// In quotation marks, if the report gives the words so.
fn quoted(cell: &Cell, mut runs: Vec<Run>) -> Vec<Run> {
    let starts_quoted = runs.first().is_some_and(|run| run.text.starts_with(['“', '"', '«', '„']));
    if cell.form == Some(Form::Direct) && !starts_quoted {
        runs.insert(0, Run::plain("“"));
        runs.push(Run::plain("”"));
    }
    runs
}

/// Whom the cell is given to: the words, and the name that they stand for where that says more.
fn source_runs(story: &Story, cell: &Cell, marks: &[Span], style: Style) -> Vec<Run> {
    let document = story.document(cell.report);
    let words = Shown::new(document, &cell.source);
    let faint =
        |run: Run| Run { style: if run.style == Style::Plain { Style::Faint } else { run.style }, ..run };
    let mut runs: Vec<Run> = words.marked(marks, style).into_iter().map(faint).collect();
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
    runs
}

/// True if `words` hold the last word of `name`.
fn says_name(words: &str, name: &str) -> bool {
    let last = name.split_whitespace().last().unwrap_or_default().to_lowercase();
    words.to_lowercase().contains(&last)
}

/// Utterances or facts, with all their cells.
fn shared(story: &Story, comparison: &Comparison, utterances: bool) -> Vec<Shared> {
    let wanted = |of: AlignmentRef| matches!(of, AlignmentRef::Utterance(_)) == utterances;
    let item = |(of, alignment): (AlignmentRef, &Alignment)| {
        let cells: Vec<usize> = (0..alignment.cells.len()).collect();
        let sides = if utterances {
            compared_sides(story, alignment, &cells)
        } else {
            merged(
                cells.iter().map(|&cell| evidence_side(story, alignment, cell, &[], Style::Plain)).collect(),
            )
        };
        let kinds: BTreeSet<DivergenceKind> = alignment.divergences.iter().map(|each| each.kind).collect();
        Shared {
            of,
            speaker: alignment.speaker.as_deref().map(clean),
            n_witnesses: alignment.witnesses.len(),
            sides,
            kinds: kinds.into_iter().collect(),
        }
    };
    comparison.alignments().filter(|(of, _)| wanted(*of)).map(item).collect()
}

fn only_in(story: &Story, comparison: &Comparison) -> Vec<(ReportIndex, Vec<Side>)> {
    let mut by_report: BTreeMap<ReportIndex, Vec<(f64, Side)>> = BTreeMap::new();
    for only in &comparison.only_in {
        let cell = &only.cell;
        let shown = Shown::new(story.document(cell.report), &cell.spans);
        let side = Side {
            reports: vec![cell.report],
            runs: quoted(cell, shown.marked(&[], Style::Plain)),
            source: source_runs(story, cell, &[], Style::Plain),
            cell: 0,
        };
        by_report.entry(cell.report).or_default().push((only.weight, side));
    }
    let sorted = |(report, mut sides): (ReportIndex, Vec<(f64, Side)>)| {
        sides.sort_by(|a, b| b.0.total_cmp(&a.0));
        (report, sides.into_iter().map(|(_, side)| side).collect())
    };
    by_report.into_iter().map(sorted).collect()
}

fn omissions(story: &Story, comparison: &Comparison) -> Vec<(ReportIndex, Vec<Omitted>)> {
    let mut by_report: BTreeMap<ReportIndex, Vec<Omitted>> = BTreeMap::new();
    for omission in &comparison.omissions {
        let alignment = comparison.alignment(omission.of);
        let carried_by: BTreeSet<ReportIndex> = alignment.cells.iter().map(|cell| cell.report).collect();
        let omitted = Omitted {
            of: omission.of,
            carried_by: carried_by.into_iter().collect(),
            side: evidence_side(story, alignment, 0, &[], Style::Plain),
        };
        by_report.entry(omission.report).or_default().push(omitted);
    }
    for omitted in by_report.values_mut() {
        let n_witnesses = |omitted: &Omitted| comparison.alignment(omitted.of).witnesses.len();
        omitted.sort_by_key(|each| std::cmp::Reverse((n_witnesses(each), each.carried_by.len())));
    }
    by_report.into_iter().collect()
}

/// Names that at least two reports give, in more than one form across them.
fn names(comparison: &Comparison) -> Vec<Name> {
    let name = |entity: &stemma_core::StoryEntity| {
        let forms = entity.names.iter().map(|(report, _, forms)| {
            (*report, forms.iter().map(|form| (clean(&form.text), form.count)).collect::<Vec<_>>())
        });
        Name { kind: entity.kind, name: clean(&entity.name), forms: forms.collect() }
    };
    let varies = |name: &Name| {
        let set =
            |forms: &[(String, usize)]| forms.iter().map(|(form, _)| form.clone()).collect::<BTreeSet<_>>();
        name.forms.len() > 1 && name.forms.windows(2).any(|two| set(&two[0].1) != set(&two[1].1))
    };
    comparison.entities.iter().map(name).filter(varies).collect()
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
        let mention = |(report, time, sentence, reason): &(ReportIndex, Span, Span, String)| {
            let document = story.document(*report);
            let shown = |span: &Span| Shown::new(document, &[*span]).text;
            (*report, shown(time), shown(sentence), clean(reason))
        };
        Day { days, mentions: entry.mentions.iter().map(mention).collect() }
    };
    comparison.timeline.iter().map(day).collect()
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
