//! `hedge`: asserted as fact in one report, with reserve in the other.

use stemma_core::{DivergenceKind, Manner, Span};

use super::{Finding, Pair, Side, show};

/// Below this share of common words a hedge may belong to something that the other cell does not say.
const MIN_SAMENESS: f64 = 0.3;

/// Finds reserve on one side alone.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let hedges = [hedges(pair.a), hedges(pair.b)];
    let with = match (hedges[0].is_empty(), hedges[1].is_empty()) {
        (false, true) => 0,
        (true, false) => 1,
        _ => return None,
    };
    // A source's own "may" is content, not the outlet's reserve: there the quotations are compared.
    let own_words = |side: Side<'_>| side.cell.voice == stemma_core::Voice::Own;
    if pair.sameness() < MIN_SAMENESS || !own_words(pair.sides()[with]) {
        return None;
    }
    // "The supposed deal", "is believed to have ended": what the words qualify must be common.
    if !hedges[with].iter().any(|&span| pair.is_shared_after(with, span, QUALIFIED)) {
        return None;
    }
    let words =
        hedges[with].iter().map(|&span| pair.sides()[with].slice(span)).collect::<Vec<_>>().join(" … ");
    let mut evidence = [Vec::new(), Vec::new()];
    evidence[with].clone_from(&hedges[with]);
    Some(Finding {
        kind: DivergenceKind::Hedge,
        evidence,
        score: 0.5 + 0.4 * pair.sameness(),
        reason: format!("{} in one, asserted in the other", show(&words)),
    })
}

/// Words with content after a word of reserve that it qualifies.
const QUALIFIED: usize = 3;

/// Words of reserve in the cell, or a doubting cue of its attribution.
fn hedges(side: Side<'_>) -> Vec<Span> {
    let layers = side.document.layers();
    let cover = side.cover();
    let mut spans: Vec<Span> = layers
        .statements
        .items()
        .iter()
        .filter(|statement| statement.span.touches(cover))
        .flat_map(|statement| statement.hedges.iter().copied())
        .filter(|&span| side.holds(span))
        .collect();
    if let Some(id) = side.cell.attribution
        && layers.attributions[id].manner == Manner::Doubt
    {
        spans.extend(&layers.attributions[id].cue);
    }
    spans.sort_unstable();
    spans.dedup();
    spans
}
