//! Details that one of two reports lost: figures rounded, figures and names left out of what both tell.
//!
//! Who rewrites a report rounds and leaves out; nobody finds the exact figure in a rounded one. So of two texts of which one
//! was made from the other, the one that lost more is the later, where their times do not say it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use stemma_core::{
    Alignment, Approximation, Document, Figure, MentionForm, ReportIndex, Span, Story, last_place,
};

use super::{index, side};
use crate::divergences::show;
use crate::entities::Cast;

/// Fewer details that are left out tell nothing.
const LEAST_LOST: usize = 3;
/// How many times more the one must have lost than the other.
const MORE: usize = 2;
/// Figures of a cell that are looked at: a table in one sentence says no more.
const MOST_FIGURES: usize = 16;
/// Values that differ by less than this share of the larger are one value.
const SAME: f64 = 1e-9;

/// What each of two reports lost of what the other gives, in what both tell; the one that stands first in the story comes
/// first.
#[derive(Default, Debug)]
pub(super) struct Details {
    /// Figures of the other that it rounds: its own words and the other's.
    rounded: [Vec<[String; 2]>; 2],
    /// Figures and names that the other gives in what both tell and that it has nowhere.
    n_lost: [usize; 2],
    /// Figures and names that it gives in what both tell.
    n_own: [usize; 2],
}

impl Details {
    /// What reports `a` and `b` lost. Time: linear in the cells of `alignments`, and in the pairs of figures of each.
    pub(super) fn between(story: &Story, cast: &Cast, alignments: &[&Alignment], a: usize, b: usize) -> Self {
        let pair = [a.min(b), a.max(b)];
        let mut details = Self::default();
        let mut names = [BTreeSet::new(), BTreeSet::new()];
        let documents = pair.map(|report| &story.documents()[report]);
        for alignment in alignments {
            let spans = pair.map(|report| spans_of(alignment, index(report)));
            if spans.iter().all(|spans| !spans.is_empty()) {
                details.add_figures(documents, &spans);
                for n in [0, 1] {
                    names[n].extend(names_of(story, cast, pair[n], &spans[n]));
                }
            }
        }
        for n in [0, 1] {
            let all: BTreeSet<usize> =
                names_of(story, cast, pair[n], &[Span::new(0, documents[n].text().len())]).collect();
            details.n_own[n] += names[n].len();
            details.n_lost[n] += names[1 - n].difference(&all).count();
        }
        details
    }

    fn add_figures(&mut self, documents: [&Document; 2], spans: &[Vec<Span>; 2]) {
        let figures = [0, 1].map(|n| figures_of(documents[n], &spans[n]).collect::<Vec<_>>());
        for n in [0, 1] {
            self.n_own[n] += figures[n].len();
            for exact in &figures[1 - n] {
                let all = documents[n].layers().figures.items();
                let told = all
                    .iter()
                    .any(|own| stemma_core::comparable(own, exact) && stemma_core::compatible(own, exact));
                let mut comparable =
                    figures[n].iter().filter(|own| stemma_core::comparable(own, exact)).peekable();
                self.n_lost[n] += usize::from(!told && comparable.peek().is_none());
                if let Some(own) = comparable.find(|own| rounds(own, exact)) {
                    let words =
                        [(n, *own), (1 - n, *exact)].map(|(n, figure)| show(documents[n].slice(figure.span)));
                    self.rounded[n].push(words);
                }
            }
        }
    }

    /// `Greater` if report `to` lost more than `from`, as far as that tells which was made from the other.
    pub(super) fn order(&self, from: usize, to: usize) -> Ordering {
        let (from, to) = (side(to, from), side(from, to));
        let by_rounding = self.rounded[to].len().cmp(&self.rounded[from].len());
        by_rounding.then_with(|| match (self.lost_more(to), self.lost_more(from)) {
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            _ => Ordering::Equal,
        })
    }

    fn lost_more(&self, side: usize) -> bool {
        self.n_lost[side] >= LEAST_LOST.max(MORE * self.n_lost[1 - side])
    }

    /// "it rounds “1,980” to “nearly 2,000”": what shows that report `to` was made from `from`.
    pub(super) fn reason(&self, from: usize, to: usize) -> Option<String> {
        if self.order(from, to) != Ordering::Greater {
            return None;
        }
        let to = side(from, to);
        if let Some([own, exact]) = self.rounded[to].first() {
            return Some(format!("it rounds {exact} to {own}"));
        }
        Some(format!(
            "it leaves out {} of the other’s {} figures and names in what both tell",
            self.n_lost[to],
            self.n_own[1 - to]
        ))
    }
}

fn spans_of(alignment: &Alignment, report: ReportIndex) -> Vec<Span> {
    let cells = alignment.cells.iter().filter(|cell| cell.report == report);
    cells.flat_map(|cell| cell.spans.iter().copied()).collect()
}

/// The quantities within `spans`, at most [`MOST_FIGURES`].
pub(super) fn figures_of<'a>(document: &'a Document, spans: &'a [Span]) -> impl Iterator<Item = &'a Figure> {
    let all = document.layers().figures.items();
    let within = spans.iter().flat_map(move |&span| {
        let first = all.partition_point(|figure| figure.span.start() < span.start());
        let here = all[first..].iter().take_while(move |figure| figure.span.end() <= span.end());
        here.filter(|figure| !figure.ordinal)
    });
    within.take(MOST_FIGURES)
}

/// The story's entities that are named within `spans`.
fn names_of<'a>(
    story: &'a Story,
    cast: &'a Cast,
    report: usize,
    spans: &'a [Span],
) -> impl Iterator<Item = usize> + 'a {
    let all = story.documents()[report].layers().mentions.items();
    let here = spans.iter().flat_map(move |span| {
        let first = all.partition_point(|mention| mention.span.start() < span.start());
        all[first..].iter().take_while(move |mention| mention.span.start() < span.end())
    });
    let named = here.filter(|mention| mention.form == MentionForm::Named);
    named.filter_map(move |mention| Some(cast.entity(report, mention.entity?)))
}

/// True if `figure` is `exact`, rounded: "nearly 2,000" and "1,980", not "more than 60" and "84".
pub(super) fn rounds(figure: &Figure, exact: &Figure) -> bool {
    let [coarse, fine] = [figure, exact].map(|figure| last_place(figure.value));
    let less_exact = coarse > fine * (1.0 + SAME) && exact.approximation == Approximation::Exact;
    less_exact
        && figure.unit.symbol == exact.unit.symbol
        && stemma_core::comparable(figure, exact)
        && (figure.value - exact.value).abs() <= coarse
        && (figure.value - exact.value).abs() > SAME * exact.value.abs()
        && stemma_core::compatible(figure, exact)
}
