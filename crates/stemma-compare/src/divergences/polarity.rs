//! `polarity`: yes in one report, no in the other.
//!
//! Two signs: one cell is denied and the other is not, with nearly the same words around; or the one word that differs is the
//! opposite of the other (`data/opposites.txt`).

use std::collections::HashMap;
use std::sync::LazyLock;

use stemma_core::{DivergenceKind, Span};

use super::{Finding, Pair, Side, show};

/// Below this share of common words a "not" may deny something else.
const MIN_SAMENESS: f64 = 0.6;
/// The same of the longer cell's words.
const MIN_CLOSENESS: f64 = 0.4;

/// Nearness from which on the two cells deny and affirm one thing.
const NEAR: f64 = 0.4;

/// Finds a denial or an opposite on one side.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    if pair.sameness() < MIN_SAMENESS || pair.closeness() < MIN_CLOSENESS {
        return None;
    }
    opposites(pair).or_else(|| denied(pair))
}

fn denied(pair: &Pair<'_>) -> Option<Finding> {
    let denials = [denials(pair.a), denials(pair.b)];
    let with = match (denials[0].len() % 2, denials[1].len() % 2) {
        (1, 0) if denials[1].is_empty() => 0,
        (0, 1) if denials[0].is_empty() => 1,
        _ => return None,
    };
    if !denials[with].iter().any(|&span| pair.is_shared_after(with, span, 2, NEAR)) {
        return None;
    }
    let words =
        denials[with].iter().map(|&span| pair.sides()[with].slice(span)).collect::<Vec<_>>().join(" … ");
    let mut evidence = [Vec::new(), Vec::new()];
    evidence[with].clone_from(&denials[with]);
    Some(Finding {
        kind: DivergenceKind::Polarity,
        evidence,
        score: 0.4 + 0.5 * pair.sameness(),
        reason: format!("{} in one, affirmed in the other", show(&words)),
    })
}

fn denials(side: Side<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = side
        .document
        .layers()
        .statements
        .items()
        .iter()
        .filter(|statement| statement.span.touches(side.cover()))
        .flat_map(|statement| statement.negations.iter().copied())
        .filter(|&span| side.holds(span))
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

fn opposites(pair: &Pair<'_>) -> Option<Finding> {
    for piece in pair.diff.iter().filter(|p| !p.same && p.n_words[0] > 0 && p.n_words[1] > 0) {
        let spans = [pair.place(0, piece.a), pair.place(1, piece.b)];
        let words = [0, 1].map(|n| pair.sides()[n].slice(spans[n]).to_lowercase());
        if let Some((x, y)) = opposite_words(&words[0], &words[1]) {
            return Some(Finding {
                kind: DivergenceKind::Polarity,
                evidence: spans.map(|span| vec![span]),
                score: 0.4 + 0.5 * pair.sameness(),
                reason: format!("“{x}” in one, “{y}” in the other"),
            });
        }
    }
    None
}

/// Words and those that are their opposites, both ways.
static OPPOSITES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut opposites: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in crate::terms::words(include_str!("../../data/opposites.txt")) {
        let Some((left, right)) = line.split_once('|') else { continue };
        for (these, those) in [(left, right), (right, left)] {
            for word in these.split_whitespace() {
                opposites.entry(word).or_default().extend(those.split_whitespace());
            }
        }
    }
    opposites
});

fn opposite_words(a: &str, b: &str) -> Option<(String, String)> {
    let words = |text: &'_ str| {
        text.split(|c: char| !c.is_alphabetic())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (a, b) = (words(a), words(b));
    a.iter().find_map(|one| {
        let opposites = OPPOSITES.get(one.as_str())?;
        let other = b.iter().find(|other| opposites.contains(&other.as_str()))?;
        Some((one.clone(), other.clone()))
    })
}
