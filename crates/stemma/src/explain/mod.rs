//! Why statements stand in one row of a comparison or do not, and why a divergence was called one.
//!
//! In: a comparison, and one or two statements as a user names them ([`naming`]). Out: an [`Explanation`], which
//! [`crate::api::explanation`] and [`crate::render::explanation`] turn into what leaves the program.

mod naming;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use stemma_compare::{Explainer, Judgement, Link, Place, judgements};
use stemma_core::{AlignmentRef, Cell, Comparison, OffsetUnit, ReportIndex};

use crate::Compared;
use naming::{Named, find};

pub use naming::NamingError;

/// Up to so many cells, a row is explained by every pair of them; else by the strongest pair of each cell.
const MAX_CELLS: usize = 6;
/// Pairs of two statements that are told apart: those that come closest.
const MAX_LINKS: usize = 12;

/// Why one statement stands where it does, or why two do not stand together.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// The row that all of what was asked about stands in.
    pub row: Option<AlignmentRef>,
    /// Without such a row: for each statement that was asked about, where it stands.
    pub asked: Vec<Vec<Place>>,
    /// Inside the row: the pairs that hold it together. Without one: why the two are not aligned. Closest first.
    pub links: Vec<Link>,
    /// Inside the row: what the judges made of pairs of cells of which they suspected a divergence, surest first.
    pub judgements: Vec<Judgement>,
    /// Of one statement: what comes closest to it in each report that it is not aligned with.
    pub elsewhere: Vec<Link>,
    /// Of one statement: reports in which nothing was laid beside it.
    pub alone_in: Vec<ReportIndex>,
}

/// Explains `statement`; with `beside`, why it and that one are in one row or not. Offsets in both count in `unit`.
///
/// # Errors
/// If it is not clear which statement is meant.
pub fn explain(
    compared: &Compared,
    statement: &str,
    beside: Option<&str>,
    unit: OffsetUnit,
) -> Result<Explanation, NamingError> {
    let named = |statement: &str| find(&compared.story, &compared.comparison, statement, unit);
    let asked: Vec<Named> = std::iter::once(statement).chain(beside).map(named).collect::<Result<_, _>>()?;
    let explainer = Explainer::new(&compared.story);
    Ok(match (&asked[0], asked.get(1)) {
        (Named::Row(of), None) => row(compared, &explainer, *of),
        (Named::Row(of), Some(Named::Row(other))) if of == other => row(compared, &explainer, *of),
        (Named::Place(place), None) => alone(compared, &explainer, place),
        (one, Some(other)) => apart(&explainer, &places(compared, one), &places(compared, other)),
    })
}

fn place(cell: &Cell) -> Place {
    (cell.report, cell.spans.clone())
}

fn places(compared: &Compared, named: &Named) -> Vec<Place> {
    match named {
        Named::Row(of) => compared.comparison.alignment(*of).cells.iter().map(place).collect(),
        Named::Place(place) => vec![place.clone()],
    }
}

fn probability(link: &Link) -> f64 {
    link.second.or(link.first).unwrap_or(-1.0)
}

fn closest_first(links: &mut [Link]) {
    links.sort_by(|x, y| {
        let key = |link: &Link| (Reverse(link.verdict.is_aligned()), Reverse(link.second.is_some()));
        key(x).cmp(&key(y)).then(probability(y).total_cmp(&probability(x))).then(x.places.cmp(&y.places))
    });
}

/// What holds a row together, and what comes closest to it in the reports that do not carry it.
fn row(compared: &Compared, explainer: &Explainer<'_>, of: AlignmentRef) -> Explanation {
    let cells: Vec<Place> = compared.comparison.alignment(of).cells.iter().map(place).collect();
    let links = if cells.len() <= MAX_CELLS {
        let pairs = cells.iter().enumerate().flat_map(|(n, a)| cells[n + 1..].iter().map(move |b| (a, b)));
        pairs.filter(|(a, b)| a.0 != b.0).map(|(a, b)| explainer.link(a, b)).collect()
    } else {
        strongest(explainer, &cells)
    };
    let mut links: Vec<Link> = links;
    closest_first(&mut links);
    let carriers: BTreeSet<ReportIndex> = cells.iter().map(|cell| cell.0).collect();
    let (elsewhere, alone_in) = elsewhere(compared, explainer, &cells, &carriers);
    let judgements = judgements(&compared.story, &compared.comparison, of);
    Explanation { row: Some(of), asked: Vec::new(), links, judgements, elsewhere, alone_in }
}

/// For each cell the strongest link to a cell of another report, each link once.
fn strongest(explainer: &Explainer<'_>, cells: &[Place]) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for a in cells {
        let others: Vec<Place> = cells.iter().filter(|b| b.0 != a.0).cloned().collect();
        if let Some(mut link) = explainer.closest(a, &others) {
            if link.places[0] > link.places[1] {
                link.places.reverse();
            }
            if links.iter().all(|other| other.places != link.places) {
                links.push(link);
            }
        }
    }
    links
}

/// What comes closest to any of `cells` in each report that is none of `carriers`; and the reports where nothing does.
fn elsewhere(
    compared: &Compared,
    explainer: &Explainer<'_>,
    cells: &[Place],
    carriers: &BTreeSet<ReportIndex>,
) -> (Vec<Link>, Vec<ReportIndex>) {
    let (mut links, mut alone_in) = (Vec::new(), Vec::new());
    for (report, _) in compared.story.iter().filter(|(report, _)| !carriers.contains(report)) {
        let near = cells.iter().filter_map(|cell| explainer.nearest(cell, report));
        match near.max_by(|x, y| probability(x).total_cmp(&probability(y))) {
            Some(link) => links.push(link),
            None => alone_in.push(report),
        }
    }
    closest_first(&mut links);
    (links, alone_in)
}

/// Why a statement stands in no row.
fn alone(compared: &Compared, explainer: &Explainer<'_>, place: &Place) -> Explanation {
    let carriers = BTreeSet::from([place.0]);
    let (mut elsewhere, mut alone_in) =
        elsewhere(compared, explainer, std::slice::from_ref(place), &carriers);
    if let Some(link) = explainer.not_compared(place) {
        elsewhere = vec![link];
        alone_in.clear();
    }
    Explanation {
        row: None,
        asked: vec![vec![place.clone()]],
        links: Vec::new(),
        judgements: Vec::new(),
        elsewhere,
        alone_in,
    }
}

/// Why two statements do not stand in one row.
fn apart(explainer: &Explainer<'_>, a: &[Place], b: &[Place]) -> Explanation {
    let pairs = || a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
    let across = pairs().any(|(x, y)| x.0 != y.0);
    let compared = pairs().filter(|(x, y)| !across || x.0 != y.0);
    let mut links: Vec<Link> = compared.map(|(x, y)| explainer.link(x, y)).collect();
    closest_first(&mut links);
    links.dedup_by(|x, y| x.places == y.places);
    links.truncate(if across { MAX_LINKS } else { 1 });
    Explanation {
        row: None,
        asked: vec![a.to_vec(), b.to_vec()],
        links,
        judgements: Vec::new(),
        elsewhere: Vec::new(),
        alone_in: Vec::new(),
    }
}

/// The row in which both places of `link` stand, where they are aligned: `own` if that is one.
pub(crate) fn common_row(
    comparison: &Comparison,
    link: &Link,
    own: Option<AlignmentRef>,
) -> Option<AlignmentRef> {
    let stands_in = |cells: &[Cell], (report, spans): &Place| {
        let touches = |cell: &Cell| cell.spans.iter().any(|own| spans.iter().any(|span| own.touches(*span)));
        cells.iter().any(|cell| cell.report == *report && touches(cell))
    };
    let holds = |of: &AlignmentRef| {
        link.places.iter().all(|place| stands_in(&comparison.alignment(*of).cells, place))
    };
    let all = comparison.alignments().map(|(of, _)| of);
    own.into_iter().chain(all).filter(|_| link.verdict.is_aligned()).find(holds)
}
