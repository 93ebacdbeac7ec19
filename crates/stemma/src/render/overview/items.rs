//! Alignments as they are shown, worst conflict first, and what divides them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{
    Alignment, AlignmentRef, Cell, Comparison, Divergence, DivergenceKind, ReportIndex, Story,
};

use super::sides::{Side, compared_sides, evidence_side, merged};
use crate::ids::letter;
use crate::render::repeats::{repeated_names, without};
use crate::render::runs::{Mark, Shown, Style, clean};

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
    /// How they differ, worst first; then how they do if they say the same.
    pub(crate) findings: Vec<Finding>,
    /// How sure the alignment is.
    pub(crate) score: f64,
    /// See [`Alignment::is_likely`].
    pub(crate) is_likely: bool,
}

impl Item {
    /// The worst conflict of those whose cells are likely to say the same.
    pub(crate) fn conflict(&self) -> Option<&Finding> {
        self.findings.first().filter(|finding| finding.kind.is_conflict() && finding.is_likely)
    }

    /// True for a fact that may be none: nothing that is shown rests on it.
    pub(crate) fn is_loose(&self) -> bool {
        matches!(self.of, AlignmentRef::Fact(_))
            && !self.is_likely
            && self.conflict().is_none()
            && !is_update(self)
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
    /// False where it divides only cells that may say something else.
    pub(crate) is_likely: bool,
}

impl Finding {
    /// "14 against 41 (0.90)", with at most `most` reasons.
    pub(crate) fn line(&self, most: usize) -> String {
        let mut line: String = self.reasons.iter().take(most).cloned().collect::<Vec<_>>().join("; ");
        if self.reasons.len() > most {
            line.push_str(&format!("; … {} more (--all shows them)", self.reasons.len() - most));
        }
        let doubt = if self.is_likely { "" } else { "if they say the same, " };
        format!("{doubt}{line} ({:.2})", self.score)
    }
}

/// True if an update, and no conflict, divides the cells.
pub(super) fn is_update(item: &Item) -> bool {
    let is_update = |finding: &Finding| finding.is_likely && finding.kind == DivergenceKind::Update;
    item.conflict().is_none() && item.findings.iter().any(is_update)
}

/// All alignments in the order in which they are shown in full.
pub(super) fn sorted_items(story: &Story, comparison: &Comparison) -> Vec<Item> {
    let repeats = repeated_names(story, comparison);
    let each = |(of, alignment): (AlignmentRef, &Alignment)| match repeats.get(&of) {
        Some(repeats) => item(story, of, &without(alignment, repeats)),
        None => item(story, of, alignment),
    };
    let mut items: Vec<Item> = comparison.alignments().map(each).collect();
    items.sort_by(|a, b| {
        let kind = |item: &Item| match item.conflict() {
            Some(finding) => (0, Some(finding.kind)),
            None => (if item.is_loose() { 2 } else { 1 }, None),
        };
        let score = |item: &Item| match item.conflict() {
            Some(finding) => finding.score,
            None => {
                if item.is_loose() {
                    item.score
                } else {
                    0.0
                }
            }
        };
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
        score: alignment.score,
        is_likely: alignment.is_likely(),
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
        is_likely: divergences.iter().any(|each| alignment.is_likely_divergence(each)),
    };
    let mut findings: Vec<Finding> = by_kind.into_iter().map(finding).collect();
    findings.sort_by_key(|finding| !finding.is_likely);
    findings
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
