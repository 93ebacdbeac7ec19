//! What every two reports have in common, as far as it may tell who had it from whom.

use std::collections::BTreeMap;

use stemma_core::{Alignment, DivergenceKind, Form, Passage, Span, Story};

use super::is_copy;
use crate::pieces::Pieces;
use crate::places::Places;
use crate::word_runs::Words;

/// What two reports have in common, seen from each.
#[derive(Clone, Debug, Default)]
pub(super) struct Likeness {
    /// Own words (outside quotation marks and page furniture) in shared passages.
    pub(super) n_shared: usize,
    /// The longest of these passages, in such words.
    pub(super) longest: usize,
    /// Share of each report's own words that this is.
    pub(super) share: [f64; 2],
    /// Share of each report's sentences, by own words, of which a part is aligned with the other.
    pub(super) aligned: [f64; 2],
    /// The passages, in the one and in the other; none touches another.
    pub(super) passages: Vec<[Span; 2]>,
    /// Direct quotations that both give: in the same words, and in others.
    pub(super) n_quotations: [usize; 2],
    /// Alignments that no third report carries but copies of the two: all, and verbatim quotations in the same words.
    pub(super) n_alone: [usize; 2],
}

/// What every two reports that have anything in common have in common; the one that stands first in the story comes first.
pub(super) type Table = BTreeMap<(usize, usize), Likeness>;

/// Which of the two sides of a [`Likeness`] the report `to` is.
pub(super) fn side(from: usize, to: usize) -> usize {
    usize::from(to > from)
}

/// What `a` and `b` have in common.
pub(super) fn between(table: &Table, a: usize, b: usize) -> Option<&Likeness> {
    table.get(&(a.min(b), a.max(b)))
}

/// Time: passages and, for each alignment, the pairs of reports that carry it.
pub(super) fn measure(
    story: &Story,
    words: &[Words],
    passages: &[Passage],
    pieces: &Pieces,
    alignments: &[&Alignment],
) -> Table {
    let mut table = Table::new();
    for passage in passages.iter().filter(|passage| !passage.aside) {
        let (a, b) = (passage.a.0.index(), passage.b.0.index());
        let own = words[a].n_own_in(passage.a.1).min(words[b].n_own_in(passage.b.1));
        let entry = table.entry((a, b)).or_default();
        // Passages of one pair may overlap in one report (a sentence repeated): count each stretch once.
        if entry.passages.iter().all(|[x, y]| !x.touches(passage.a.1) && !y.touches(passage.b.1)) {
            entry.n_shared += own;
            entry.longest = entry.longest.max(own);
            entry.passages.push([passage.a.1, passage.b.1]);
        }
    }
    let n_own: Vec<usize> = words.iter().map(Words::n_own).collect();
    for ((a, b), entry) in &mut table {
        entry.share = [*a, *b].map(|n| entry.n_shared as f64 / n_own[n].max(1) as f64);
    }
    for ((a, b), share) in aligned_shares(story, words, pieces, alignments) {
        table.entry((a.min(b), a.max(b))).or_default().aligned[side(b, a)] = share;
    }
    let groups = copy_groups(story.documents().len(), &table);
    for alignment in alignments {
        count_quotations(alignment, &mut table);
        count_alone(alignment, &groups, &mut table);
    }
    table
}

/// The direct quotations that two reports both give, by whether their words differ.
fn count_quotations(alignment: &Alignment, table: &mut Table) {
    let direct: Vec<(usize, usize)> = alignment
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| cell.form == Some(Form::Direct))
        .map(|(n, cell)| (n, cell.report.index()))
        .collect();
    let mut differing: Vec<[usize; 2]> = alignment
        .divergences
        .iter()
        .filter(|d| matches!(d.kind, DivergenceKind::Wording | DivergenceKind::QuoteAltered))
        .map(|d| [d.cells[0].min(d.cells[1]), d.cells[0].max(d.cells[1])])
        .collect();
    differing.sort_unstable();
    let mut seen: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for (at, &(m, a)) in direct.iter().enumerate() {
        for &(n, b) in direct[at + 1..].iter().filter(|&&(_, b)| b > a) {
            *seen.entry((a, b)).or_default() |= differing.binary_search(&[m, n]).is_ok();
        }
    }
    for (pair, differ) in seen {
        table.entry(pair).or_default().n_quotations[usize::from(differ)] += 1;
    }
}

/// Counts what only two reports carry, and those that are as good as copies of them.
fn count_alone(alignment: &Alignment, groups: &[usize], table: &mut Table) {
    let mut reports: Vec<usize> = alignment.cells.iter().map(|cell| cell.report.index()).collect();
    reports.dedup();
    let mut of: Vec<usize> = reports.iter().map(|&report| groups[report]).collect();
    of.sort_unstable();
    of.dedup();
    if of.len() != 2 {
        return;
    }
    let verbatim = alignment.cells.iter().all(|cell| matches!(cell.form, Some(Form::Direct | Form::Mixed)));
    let altered = alignment
        .divergences
        .iter()
        .any(|d| matches!(d.kind, DivergenceKind::Wording | DivergenceKind::QuoteAltered));
    for (n, &a) in reports.iter().enumerate() {
        for &b in reports[n + 1..].iter().filter(|&&b| groups[a] != groups[b]) {
            let entry = table.entry((a, b)).or_default();
            entry.n_alone[0] += 1;
            entry.n_alone[1] += usize::from(verbatim && !altered);
        }
    }
}

/// For two reports the share of the sentences of the first, by its own words, of which a part is aligned with the second.
fn aligned_shares(
    story: &Story,
    words: &[Words],
    pieces: &Pieces,
    alignments: &[&Alignment],
) -> Vec<((usize, usize), f64)> {
    let n = story.documents().len();
    let places = Places::new(pieces, n);
    let mut partners: Vec<Vec<usize>> = vec![Vec::new(); pieces.sentences.len()];
    for alignment in alignments {
        let mut reports: Vec<usize> = alignment.cells.iter().map(|cell| cell.report.index()).collect();
        reports.dedup();
        for cell in &alignment.cells {
            let report = cell.report.index();
            for sentence in cell.spans.iter().flat_map(|&span| places.sentences(report, span)) {
                partners[sentence].extend(reports.iter().filter(|&&other| other != report));
            }
        }
    }
    let mut total = vec![0.0; n];
    let mut shared: Vec<((usize, usize), f64)> = Vec::new();
    for (sentence, partners) in pieces.sentences.iter().zip(&mut partners) {
        // Two reports that quote one speech did not rewrite each other.
        let weight = words[sentence.report].n_own_in(sentence.span) as f64;
        total[sentence.report] += weight;
        partners.sort_unstable();
        partners.dedup();
        shared.extend(partners.iter().map(|&other| ((sentence.report, other), weight)));
    }
    shared.sort_by_key(|&(pair, _)| pair);
    let share = |of_pair: &[((usize, usize), f64)]| {
        let (report, other) = of_pair[0].0;
        let weight: f64 = of_pair.iter().map(|&(_, weight)| weight).sum();
        ((report, other), weight / f64::max(total[report], 1e-9))
    };
    shared.chunk_by(|x, y| x.0 == y.0).map(share).collect()
}

/// For each report the first of those that are tied to it by copied text.
pub(super) fn copy_groups(n: usize, table: &Table) -> Vec<usize> {
    let mut group: Vec<usize> = (0..n).collect();
    for (&(a, b), entry) in table {
        if is_copy(entry, 0) || is_copy(entry, 1) {
            let (x, y) = (group[a].min(group[b]), group[a].max(group[b]));
            group.iter_mut().filter(|g| **g == y).for_each(|g| *g = x);
        }
    }
    group
}
