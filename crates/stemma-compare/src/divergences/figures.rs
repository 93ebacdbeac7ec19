//! `figure` and `update`: quantities that cannot both be right.
//!
//! A figure of one cell is compared with the figures of the other that measure or count the same. If one of them agrees, after
//! conversion and within the rounding of the words, there is no divergence. A toll that is higher in a later report is an update.

use stemma_core::{DivergenceKind, Figure};

use super::{Finding, Pair, Side, show};

/// Below this share of common words two figures may count different things.
const MIN_SAMENESS: f64 = 0.4;

/// Finds quantities that disagree.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    if pair.sameness() < MIN_SAMENESS {
        return None;
    }
    let (a, b): (Vec<&Figure>, Vec<&Figure>) = (comparable(pair.a), comparable(pair.b));
    for &x in &a {
        let rivals: Vec<&Figure> = b.iter().copied().filter(|y| same_measure(pair, x, y)).collect();
        if rivals.is_empty() || rivals.iter().any(|y| agree(x, y)) {
            continue;
        }
        let rival = rivals.into_iter().find(|y| a.iter().all(|other| !agree(other, y)));
        if let Some(y) = rival {
            return Some(finding(pair, x, y));
        }
    }
    None
}

fn comparable(side: Side<'_>) -> Vec<&Figure> {
    side.figures().filter(|figure| !figure.ordinal).collect()
}

fn agree(x: &Figure, y: &Figure) -> bool {
    stemma_core::compatible(x, y)
}

/// The same dimension, and the same thing counted where both say what.
fn same_measure(pair: &Pair<'_>, x: &Figure, y: &Figure) -> bool {
    if !stemma_core::comparable(x, y) {
        return false;
    }
    let head = |side: Side<'_>, figure: &Figure| {
        figure.counted.map(|span| {
            let words = side.slice(span).to_lowercase();
            let last = words.split_whitespace().last().unwrap_or("").to_owned();
            last.trim_end_matches('s').to_owned()
        })
    };
    match (head(pair.a, x), head(pair.b, y)) {
        (Some(m), Some(n)) => m == n || same_slot(pair, x, y),
        _ => same_slot(pair, x, y),
    }
}

/// The two stand at the same place of otherwise common words: one change of the word diff holds both.
fn same_slot(pair: &Pair<'_>, x: &Figure, y: &Figure) -> bool {
    pair.diff.iter().any(|piece| {
        !piece.same && pair.place(0, piece.a).touches(x.span) && pair.place(1, piece.b).touches(y.span)
    })
}

fn finding(pair: &Pair<'_>, x: &Figure, y: &Figure) -> Finding {
    let evidence = [vec![x.span], vec![y.span]];
    let words = format!("{} / {}", show(pair.a.slice(x.span)), show(pair.b.slice(y.span)));
    let (first, second) = (pair.a.document.published(), pair.b.document.published());
    let later_is_higher = first
        .zip(second)
        .is_some_and(|(p, q)| (p.is_before(q) && y.value > x.value) || (q.is_before(p) && x.value > y.value));
    if later_is_higher && (counts_a_toll(pair.a, x) || counts_a_toll(pair.b, y)) {
        return Finding {
            kind: DivergenceKind::Update,
            evidence,
            score: 0.7,
            reason: format!("{words}: the higher toll stands in the later report"),
        };
    }
    Finding {
        kind: DivergenceKind::Figure,
        evidence,
        score: 0.5 + 0.4 * pair.sameness(),
        reason: format!("{words} do not agree, also not within their rounding"),
    }
}

/// Figures that grow as a disaster becomes known: the dead, the hurt, the missing, the rescued, the displaced.
fn counts_a_toll(side: Side<'_>, figure: &Figure) -> bool {
    let sentence = side.sentences();
    let text = side.slice(sentence).to_lowercase();
    TOLL.iter().any(|word| text.split(|c: char| !c.is_alphabetic()).any(|w| w == *word))
        && figure.unit.symbol.is_empty()
}

const TOLL: [&str; 18] = [
    "dead",
    "died",
    "killed",
    "deaths",
    "death",
    "toll",
    "injured",
    "wounded",
    "hurt",
    "missing",
    "rescued",
    "evacuated",
    "displaced",
    "bodies",
    "casualties",
    "victims",
    "homeless",
    "cases",
];
