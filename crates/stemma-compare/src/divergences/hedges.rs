//! `hedge`: asserted as fact in one report, with reserve in the other.
//!
//! One side has words of reserve ("is believed to", "reportedly"), the other none of any sort, and what the words qualify is
//! something that both say. What two cells share beyond that is told by the words that are near each other.

use stemma_core::{DivergenceKind, Span, Voice};

use super::{Finding, Pair, Side, show};

/// Finds reserve on one side alone.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let (evidence, reason) = reserve(pair.sides())?;
    let with = usize::from(evidence[0].is_empty());
    let (side, other) = (pair.sides()[with], pair.sides()[1 - with]);
    let is_own = other.cell.voice == Voice::Own;
    // Two sources may differ in how sure they are: that is theirs.
    if is_guarded(other) || (!is_own && side.cell.voice == Voice::Attributed) {
        return None;
    }
    let nearness = pair.nearness_of_all();
    let sameness = pair.sameness();
    // "The supposed deal", "is believed to have ended": what the words qualify must be common.
    let is_shared = |span: Span, n: usize, least: f64| pair.is_shared_after(with, span, n, least);
    let holds = |&span: &Span| {
        let word = side.slice(span).to_lowercase();
        if WEAK.contains(&word.as_str()) {
            nearness >= ALIKE && sameness >= ALIKE && is_shared(span, 1, SAME) && !is_free_to(other)
        } else if ADJECTIVES.contains(&word.as_str()) {
            nearness >= RELATED && is_shared(span, 1, SAME)
        } else if is_own {
            let is_near = sameness >= SIMILAR && is_shared(span, QUALIFIED, NEAR);
            nearness >= RELATED && (is_near || is_shared(span, QUALIFIED, VERY_NEAR))
        } else {
            nearness >= ALIKE && is_shared(span, QUALIFIED, SAME)
        }
    };
    let score = 0.5 + 0.4 * nearness;
    evidence[with].iter().any(holds).then_some(Finding {
        kind: DivergenceKind::Hedge,
        evidence,
        score,
        reason,
    })
}

/// Nearness of two cells (see [`Pair::nearness_of_all`]) that speak of one thing.
const RELATED: f64 = 0.18;
/// Nearness, and share of common words, of two cells that say nearly the same.
const ALIKE: f64 = 0.5;
/// Share of common words of two cells of which a word that is near tells enough.
const SIMILAR: f64 = 0.3;

/// How near a word after the words of reserve comes to one of the other cell: the same word, or another of like meaning.
const SAME: f64 = 0.99;
const VERY_NEAR: f64 = 0.7;
const NEAR: f64 = 0.45;
/// Words with content after words of reserve that these qualify.
const QUALIFIED: usize = 3;

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

/// Words of reserve that stand before a noun.
const ADJECTIVES: [&str; 6] = ["supposed", "alleged", "apparent", "suspected", "purported", "presumed"];
/// Words that tell a rule, a right or a chance as often as a doubt.
const WEAK: [&str; 8] = ["could", "may", "might", "likely", "unlikely", "possible", "potential", "possibly"];

/// Beginnings of words that keep a distance without being reserve: "accused of hacking", "widely seen as".
const GUARDED: [&str; 13] = [
    "accus", "alleg", "suspect", "suspicio", "claim", "purport", "whether", "widely", "describ", "rumor",
    "rumour", "fear", "possib",
];

/// Words of what somebody is free or able to do: "could" stands for them as often as for a doubt.
const FREE: [&str; 14] = [
    "can",
    "cannot",
    "able",
    "let",
    "lets",
    "letting",
    "allow",
    "allows",
    "allowed",
    "allowing",
    "permit",
    "permits",
    "permitted",
    "right",
];

/// True if the cell tells what somebody is free or able to do.
fn is_free_to(side: Side<'_>) -> bool {
    let tokens = side.document.layers().tokens.items();
    let mut words = tokens[side.document.tokens_in(side.cover())].iter().map(|token| side.slice(token.span));
    words.any(|word| FREE.contains(&word.to_lowercase().as_str()))
}

/// True if the cell keeps a distance in any words.
fn is_guarded(side: Side<'_>) -> bool {
    let tokens = side.document.layers().tokens.items();
    let words = tokens[side.document.tokens_in(side.cover())].iter().map(|token| token.span);
    let lower = words.map(|span| side.slice(span).to_lowercase());
    lower.into_iter().any(|word| GUARDED.iter().any(|start| word.starts_with(start)))
}

/// Words of reserve in the cell, outside of quotation marks. A doubting cue ("claimed") is none: it names a source, whom the other report leaves out.
fn hedges(side: Side<'_>) -> Vec<Span> {
    let (cover, quoted) = (side.cover(), side.quoted());
    let statements = side.document.layers().statements.items().iter();
    let mut spans: Vec<Span> = statements
        .filter(|statement| statement.span.touches(cover))
        .flat_map(|statement| statement.hedges.iter().copied())
        .filter(|&span| side.holds(span) && !quoted.iter().any(|quote| quote.contains(span)))
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

#[cfg(test)]
mod tests {
    use crate::divergences::testing::found;

    #[test]
    fn believed_here_and_asserted_there() {
        insta::assert_snapshot!(found("hedge", [
            "The northern spillway of the dam is believed to have been blocked by driftwood.",
            "The northern spillway of the dam was blocked by driftwood.",
        ]), @"“is believed to” in one, asserted in the other [is believed to] []");
    }

    #[test]
    fn distance_in_other_words_is_distance() {
        insta::assert_snapshot!(found("hedge", [
            "Four officers of the port were arrested for allegedly selling stolen fuel.",
            "Four officers of the port were arrested, accused of selling stolen fuel.",
        ]), @"");
    }
}
