//! What is less in one report and none in the other, and a term that was kept here and missed there.

use stemma_core::{DivergenceKind, Figure, Span};

use crate::divergences::{Finding, Pair, Side, show};

/// Nearness of two cells (see [`Pair::nearness_of_all`]) of which one says "less" and the other "none".
const MIN_NEARNESS: f64 = 0.2;
/// Probability from which on they say it of one thing.
const MIN_PROBABILITY: f64 = 0.8;

/// "Far less likely to fail" beside "can no longer fail".
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    if pair.probability < MIN_PROBABILITY {
        return None;
    }
    let sides = pair.sides();
    let (less, none) = (sides.map(|side| first_of(side, &LESS)), sides.map(|side| first_of(side, &NONE)));
    let (with, spans) = match (less, none) {
        ([Some(less), None], [None, Some(none)]) => (0, [less, none]),
        ([None, Some(less)], [Some(none), None]) => (1, [none, less]),
        _ => return None,
    };
    let nearness = pair.nearness_of_all();
    if nearness < MIN_NEARNESS {
        return None;
    }
    let words = [0, 1].map(|n| show(sides[n].slice(spans[n])));
    Some(Finding {
        kind: DivergenceKind::Polarity,
        evidence: spans.map(|span| vec![span]),
        score: 0.4 + 0.4 * nearness,
        reason: format!("{} in one, {} in the other", words[with], words[1 - with]),
    })
}

/// Words for a smaller chance or amount.
const LESS: [&[&str]; 9] = [
    &["less", "likely"],
    &["reduces", "the", "risk"],
    &["reduce", "the", "risk"],
    &["lowers", "the", "risk"],
    &["cuts", "the", "risk"],
    &["less", "often"],
    &["hardly"],
    &["rarely"],
    &["seldom"],
];
/// Words for none at all.
const NONE: [&[&str]; 5] = [&["can", "no", "longer"], &["cannot"], &["never"], &["can't"], &["can’t"]];

/// Where one of `phrases` stands in the cell first, outside of quotation marks.
fn first_of(side: Side<'_>, phrases: &[&[&str]]) -> Option<Span> {
    let tokens = side.document.layers().tokens.items();
    let range = side.document.tokens_in(side.cover());
    let word = |n: usize| tokens.get(n).map_or("", |token| side.slice(token.span));
    let at = |n: usize| {
        let stands = |phrase: &&&[&str]| {
            phrase.iter().enumerate().all(|(k, own)| word(n + k).eq_ignore_ascii_case(own))
        };
        let phrase = phrases.iter().find(stands)?;
        Some(tokens[n].span.cover(tokens[n + phrase.len() - 1].span))
    };
    range.into_iter().find_map(at)
}

/// "Within the 72 hours" beside "after the 72 hours had run out".
pub(super) fn deadline(pair: &Pair<'_>) -> Option<Finding> {
    let sides = pair.sides();
    let (within, after) =
        (sides.map(|side| bounded(side, "within")), sides.map(|side| bounded(side, "after")));
    let meet = |x: &(Span, &Figure), y: &(Span, &Figure)| {
        stemma_core::comparable(x.1, y.1) && stemma_core::compatible(x.1, y.1)
    };
    for n in [0, 1] {
        for x in &within[n] {
            if let Some(y) = after[1 - n].iter().find(|y| meet(x, y)) {
                let mut evidence = [vec![x.0], vec![y.0]];
                if n == 1 {
                    evidence.reverse();
                }
                let words = [show(sides[n].slice(x.0)), show(sides[1 - n].slice(y.0))];
                return Some(Finding {
                    kind: DivergenceKind::Polarity,
                    evidence,
                    score: 0.4 + 0.4 * pair.nearness_of_all(),
                    reason: format!("{} in one, {} in the other", words[0], words[1]),
                });
            }
        }
    }
    None
}

/// Lengths of time in the cell with `word` before them: the words from it on, and the figure.
fn bounded<'a>(side: Side<'a>, word: &str) -> Vec<(Span, &'a Figure)> {
    let tokens = side.document.layers().tokens.items();
    let before = |figure: &'a Figure| {
        let own = side.document.tokens_in(figure.span).start;
        let at = (own.saturating_sub(2)..own)
            .rev()
            .find(|&n| side.slice(tokens[n].span).eq_ignore_ascii_case(word))?;
        Some((tokens[at].span.cover(figure.span), figure))
    };
    side.figures().filter(|figure| !figure.unit.symbol.is_empty()).filter_map(before).collect()
}

#[cfg(test)]
mod tests {
    use crate::divergences::tests::found;

    #[test]
    fn less_here_and_none_there() {
        insta::assert_snapshot!(found(&[
            "Walls that were treated with the new paint are far less likely to burn.",
            "Walls that were treated with the paint can no longer burn.",
        ]), @"polarity: “less likely” in one, “can no longer” in the other");
    }

    #[test]
    fn in_time_here_and_too_late_there() {
        insta::assert_snapshot!(found(&[
            "The company told the port of the leak within the 48 hours that the law lays down.",
            "The company told the port of the leak after the 48 hours that the law lays down.",
        ]), @"polarity: “within the 48 hours” in one, “after the 48 hours” in the other");
        insta::assert_snapshot!(found(&[
            "The company told the port of the leak within 48 hours.",
            "The company told the port of the leak after 2 hours.",
        ]), @"figure: “48 hours” / “2 hours” do not agree, also not within their rounding");
    }

    #[test]
    fn states_that_exclude_each_other() {
        insta::assert_snapshot!(found(&[
            "The northern quay, which remained open during the strike, is the larger one.",
            "The pier in the north was shut as long as it lasted.",
        ]), @"polarity: “open” in one, “shut” in the other");
    }
}
