//! `hedge`: asserted as fact in one report, with reserve in the other.

use stemma_core::{DivergenceKind, Manner, Span, Voice};

use super::{Finding, Pair, Side, show};

/// Below this share of common words a hedge may belong to something that the other cell does not say.
const MIN_SAMENESS: f64 = 0.3;

/// Finds reserve on one side alone.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let (evidence, reason) = reserve(pair.sides())?;
    let with = usize::from(evidence[0].is_empty());
    // A source's own "may" is content, not the outlet's reserve: there the quotations are compared.
    if pair.sameness() < MIN_SAMENESS || pair.sides()[with].cell.voice != Voice::Own {
        return None;
    }
    // "The supposed deal", "is believed to have ended": what the words qualify must be common.
    let qualified = |span: Span| {
        let word = pair.sides()[with].slice(span).to_lowercase();
        if ADJECTIVES.contains(&word.as_str()) { QUALIFIED_BY_ADJECTIVE } else { QUALIFIED }
    };
    let is_shared = |span: Span| {
        let (n, least) = qualified(span);
        pair.is_shared_after(with, span, n, least)
    };
    if !evidence[with].iter().any(|&span| is_shared(span)) {
        return None;
    }
    Some(Finding { kind: DivergenceKind::Hedge, evidence, score: 0.5 + 0.4 * pair.sameness(), reason })
}

/// The words of reserve where one side alone has some, and what they say.
pub(super) fn reserve(sides: [Side<'_>; 2]) -> Option<([Vec<Span>; 2], String)> {
    let evidence = sides.map(hedges);
    let with = match (evidence[0].is_empty(), evidence[1].is_empty()) {
        (false, true) => 0,
        (true, false) => 1,
        _ => return None,
    };
    let words = evidence[with].iter().map(|&span| sides[with].slice(span)).collect::<Vec<_>>().join(" … ");
    Some((evidence, format!("{} in one, asserted in the other", show(&words))))
}

/// Words with content after words of reserve that these qualify, and how near one of them must come to the other cell.
const QUALIFIED: (usize, f64) = (3, 0.4);
/// The same of an adjective: its noun and a word before that, no other.
const QUALIFIED_BY_ADJECTIVE: (usize, f64) = (2, 1.0);
/// Words of reserve that stand before a noun.
const ADJECTIVES: [&str; 8] =
    ["supposed", "alleged", "apparent", "suspected", "purported", "possible", "potential", "presumed"];

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
