//! Divergences: in which ways two aligned cells differ, each with the words that show it and the rule that found it.
//!
//! For every two reports of an alignment the cells that stand closest are laid side by side, and each detector is asked. A
//! detector sees two [`Side`]s and answers with [`Finding`]s. Precision goes first: a divergence that is not one costs a
//! reader more than one that is missed.

mod figures;
mod hedges;
mod lists;
mod polarity;
mod quotations;
mod slots;
mod sources;
mod times;

use stemma_core::{
    Alignment, Cell, Divergence, DivergenceKind, Document, Figure, Mention, Quote, ReportIndex, Span, Story,
    TimeExpression,
};

use crate::diff::{DiffPiece, word_diff};
use crate::entities::Cast;

pub(crate) use quotations::Translations;

/// What a detector found.
#[derive(Clone, Debug)]
struct Finding {
    kind: DivergenceKind,
    evidence: [Vec<Span>; 2],
    score: f64,
    reason: String,
}

/// One of the two cells, with what its document says of it.
#[derive(Clone, Copy)]
struct Side<'a> {
    report: ReportIndex,
    document: &'a Document,
    cell: &'a Cell,
}

impl<'a> Side<'a> {
    /// From the first to the last byte of the cell.
    fn cover(self) -> Span {
        self.cell.spans.iter().copied().reduce(Span::cover).unwrap_or(Span::new(0, 0))
    }

    /// The sentence or sentences that the cell lies in.
    fn sentences(self) -> Span {
        let layers = self.document.layers();
        let cover = self.cover();
        [cover.start(), cover.end().saturating_sub(1)]
            .into_iter()
            .filter_map(|at| self.document.sentence_at(at))
            .map(|id| layers.sentences[id].span)
            .fold(cover, Span::cover)
    }

    fn holds(self, span: Span) -> bool {
        self.cell.spans.iter().any(|own| own.contains(span))
    }

    fn figures(self) -> impl Iterator<Item = &'a Figure> {
        self.document.layers().figures.items().iter().filter(move |figure| self.holds(figure.span))
    }

    fn times(self) -> impl Iterator<Item = &'a TimeExpression> {
        self.document.layers().times.items().iter().filter(move |time| self.holds(time.span))
    }

    fn mentions(self) -> impl Iterator<Item = &'a Mention> {
        self.document.layers().mentions.items().iter().filter(move |mention| self.holds(mention.span))
    }

    /// Outer quotations that lie in the cell or that the cell lies in, cut to the cell.
    fn quoted(self) -> Vec<Span> {
        let cover = self.cover();
        let quotes = self.document.layers().quotes.items().iter().filter(|quote| quote.depth == 0);
        let cut = |quote: &Quote| {
            let start = quote.inner.start().max(cover.start());
            let end = quote.inner.end().min(cover.end());
            (start < end)
                .then(|| Span::new(start, end).trim(self.document.text()))
                .filter(|span| !span.is_empty())
        };
        quotes.filter_map(cut).collect()
    }

    fn slice(self, span: Span) -> &'a str {
        self.document.slice(span)
    }
}

/// The two cells side by side.
struct Pair<'a> {
    a: Side<'a>,
    b: Side<'a>,
    cast: &'a Cast,
    /// Differing and common words of the two cells' covers.
    diff: Vec<DiffPiece>,
}

impl Pair<'_> {
    fn sides(&self) -> [Side<'_>; 2] {
        [self.a, self.b]
    }

    /// Share of the words of the shorter cell that the other has in the same order, `0.0..=1.0`.
    fn sameness(&self) -> f64 {
        let sum = |pick: fn(&DiffPiece) -> usize| self.diff.iter().map(pick).sum::<usize>();
        let same = sum(|p| if p.same { p.n_words[0] } else { 0 });
        let shorter = sum(|p| p.n_words[0]).min(sum(|p| p.n_words[1]));
        if shorter == 0 { 0.0 } else { same as f64 / shorter as f64 }
    }

    /// A span of the diff's side in the document's text.
    fn place(&self, side: usize, span: Span) -> Span {
        let start = self.sides()[side].cover().start();
        Span::new(span.start() + start, span.end() + start)
    }
}

/// All divergences of `alignment`, in order of kind and cells.
pub(crate) fn find_divergences(
    story: &Story,
    alignment: &Alignment,
    cast: &Cast,
    translations: &Translations,
) -> Vec<Divergence> {
    let mut found: Vec<Divergence> = Vec::new();
    for (x, y) in closest_cells(story, alignment) {
        let side = |n: usize| {
            let cell = &alignment.cells[n];
            Side { report: cell.report, document: story.document(cell.report), cell }
        };
        let (a, b) = (side(x), side(y));
        let diff = word_diff(a.slice(a.cover()), b.slice(b.cover()));
        let pair = Pair { a, b, cast, diff };
        let mut findings = quotations::compare(&pair, translations);
        findings.extend(sources::compare(&pair));
        findings.extend(hedges::compare(&pair));
        findings.extend(polarity::compare(&pair));
        findings.extend(figures::compare(&pair));
        findings.extend(times::compare(&pair));
        findings.extend(slots::compare(&pair));
        findings.extend(lists::compare(&pair));
        found.extend(findings.into_iter().map(|f| Divergence {
            kind: f.kind,
            cells: [x, y],
            evidence: f.evidence,
            score: f.score,
            reason: f.reason,
        }));
    }
    found.sort_by_key(|d| (d.kind, d.cells));
    found
}

/// For every two reports of the alignment the two cells that share the most words.
fn closest_cells(story: &Story, alignment: &Alignment) -> Vec<(usize, usize)> {
    let mut best: std::collections::BTreeMap<(ReportIndex, ReportIndex), (usize, usize, usize)> =
        Default::default();
    for (x, a) in alignment.cells.iter().enumerate() {
        for (y, b) in alignment.cells.iter().enumerate().skip(x + 1) {
            if a.report != b.report {
                let text = |cell: &Cell| story.document(cell.report).slices(&cell.spans);
                let same =
                    word_diff(&text(a), &text(b)).iter().filter(|p| p.same).map(|p| p.n_words[0]).sum();
                let entry = best.entry((a.report, b.report)).or_insert((0, x, y));
                if same > entry.0 {
                    *entry = (same, x, y);
                }
            }
        }
    }
    best.into_values().map(|(_, x, y)| (x, y)).collect()
}

/// `“…”` around a slice, cut after [`MAX_SHOWN`] characters: reasons are one line.
fn show(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_SHOWN {
        return format!("“{line}”");
    }
    format!("“{}…”", line.chars().take(MAX_SHOWN).collect::<String>().trim_end())
}

/// Longest slice shown in a reason, in characters.
const MAX_SHOWN: usize = 60;
