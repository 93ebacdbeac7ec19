//! `scope`: part or all, may or must, planned or done, with a condition or without.
//!
//! In cells that are sure to say the same: words that stand in one slot and exclude each other, and words of a plan or a condition
//! that one side alone has. What stands in quotation marks on both sides is compared as a quotation.

use stemma_core::{DivergenceKind, Span};

use super::{Finding, Pair, Side, show};

/// How sure it must be that the two say the same, and how near their words must be.
const MIN_PROBABILITY: f64 = 0.5;
const MIN_NEARNESS: f64 = 0.4;

/// Words of which one kind excludes the other where they stand in one slot.
const EXCLUSIVE: [[&[&str]; 2]; 2] = [
    [&["all", "every"], &["most", "some", "several", "many", "few", "half"]],
    [&["must", "shall"], &["may", "might", "can", "could"]],
];

/// Verbs of who has not done it yet; "to" stands after them.
const PLANS: [&str; 14] = [
    "plan", "plans", "planned", "planning", "intend", "intends", "intended", "hope", "hopes", "hoped",
    "aims", "wants", "wanted", "seeks",
];

/// Words beside which a thing is not done either.
const UNDONE: [&str; 24] = [
    "to",
    "will",
    "would",
    "shall",
    "should",
    "may",
    "might",
    "can",
    "could",
    "must",
    "if",
    "not",
    "never",
    "plan",
    "plans",
    "planned",
    "hopes",
    "wants",
    "expected",
    "set",
    "due",
    "going",
    "about",
    "threatened",
];

/// Words that open a condition.
const CONDITIONS: [&str; 2] = ["if", "unless"];
/// Words that ask, where "if" is no condition, and what else waits for something.
const OPEN: [&str; 12] = [
    "if",
    "unless",
    "provided",
    "whether",
    "asked",
    "ask",
    "wondered",
    "depending",
    "condition",
    "once",
    "until",
    "when",
];

/// Words with content after a plan of which the other side must have the first.
const PLANNED: usize = 1;

/// Finds the widest difference of scope.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let is_quoted = !pair.a.quoted().is_empty() && !pair.b.quoted().is_empty();
    if is_quoted || pair.probability < MIN_PROBABILITY || pair.nearness_of_all() < MIN_NEARNESS {
        return None;
    }
    in_one_slot(pair).or_else(|| planned(pair)).or_else(|| on_condition(pair))
}

/// Words of the cell in lower case, with their places.
fn words(side: Side<'_>) -> Vec<(Span, String)> {
    let tokens = &side.document.layers().tokens.items()[side.document.tokens_in(side.cover())];
    tokens.iter().map(|token| (token.span, side.slice(token.span).to_lowercase())).collect()
}

fn finding(pair: &Pair<'_>, evidence: [Vec<Span>; 2], reason: String) -> Finding {
    Finding { kind: DivergenceKind::Scope, evidence, score: 0.5 + 0.4 * pair.nearness_of_all(), reason }
}

/// "all schools", "most schools"; "must leave", "may leave".
fn in_one_slot(pair: &Pair<'_>) -> Option<Finding> {
    let sides = [words(pair.a), words(pair.b)];
    for kinds in EXCLUSIVE {
        for flip in [false, true] {
            let of = |n: usize| if flip { kinds[1 - n] } else { kinds[n] };
            let find = |n: usize, list: &[&str]| {
                sides[n].iter().find(|(_, word)| list.contains(&word.as_str())).map(|(span, _)| *span)
            };
            let (Some(x), Some(y)) = (find(0, of(0)), find(1, of(1))) else { continue };
            // Whoever has words of both kinds tells more than one thing.
            let is_mixed = find(0, of(1)).is_some() || find(1, of(0)).is_some();
            if !is_mixed && pair.is_one_slot([x, y]) && pair.is_shared_after(0, x, 1, 1.0) {
                let [a, b] = [pair.a.slice(x), pair.b.slice(y)].map(show);
                return Some(finding(pair, [vec![x], vec![y]], format!("{a} in one, {b} in the other")));
            }
        }
    }
    None
}

/// "plans to close the mine", "closed the mine".
fn planned(pair: &Pair<'_>) -> Option<Finding> {
    let sides = [words(pair.a), words(pair.b)];
    (0..2).find_map(|n| {
        let at = sides[n].windows(2).find(|pair| PLANS.contains(&pair[0].1.as_str()) && pair[1].1 == "to")?;
        let span = at[0].0.cover(at[1].0);
        let is_done = !sides[1 - n].iter().any(|(_, word)| UNDONE.contains(&word.as_str()));
        let is_one = is_done && pair.is_shared_after(n, span, PLANNED, 1.0);
        let mut evidence = [Vec::new(), Vec::new()];
        evidence[n] = vec![span];
        let reason = format!("{} in one, done in the other", show(pair.sides()[n].slice(span)));
        is_one.then(|| finding(pair, evidence, reason))
    })
}

/// "will sign if the text is changed", "will sign".
fn on_condition(pair: &Pair<'_>) -> Option<Finding> {
    let sides = [words(pair.a), words(pair.b)];
    let sentence = |n: usize| pair.sides()[n].slice(pair.sides()[n].sentences()).to_lowercase();
    (0..2).find_map(|n| {
        let (own, other) = (pair.sides()[n], sentence(1 - n));
        let at = sides[n].iter().position(|(_, word)| CONDITIONS.contains(&word.as_str()))?;
        let is_asked = at > 0
            && matches!(sides[n][at - 1].1.as_str(), "asked" | "ask" | "wondered" | "as" | "even" | "only");
        let is_free = !other.split(|c: char| !c.is_alphabetic()).any(|word| OPEN.contains(&word));
        // To the end of its clause.
        let end =
            sides[n][at..].iter().find(|(_, word)| matches!(word.as_str(), "," | "." | ";" | "”" | "\""));
        let end = end.map_or(own.cover().end(), |(span, _)| span.start());
        let span = Span::new(sides[n][at].0.start(), end).trim(own.document.text());
        let is_more = at > 0 && pair.sameness() >= SAME && pair.n_same() >= MIN_SAME;
        let mut evidence = [Vec::new(), Vec::new()];
        evidence[n] = vec![span];
        let reason = format!("on condition in one ({}), without in the other", show(own.slice(span)));
        (!is_asked && is_free && is_more).then(|| finding(pair, evidence, reason))
    })
}

/// Share of common words from which on a condition is all that one leaves out.
const SAME: f64 = 0.7;
/// Words in common, at least.
const MIN_SAME: usize = 5;

#[cfg(test)]
mod tests {
    use crate::divergences::testing::found;

    #[test]
    fn part_and_all() {
        insta::assert_snapshot!(found("scope", [
            "All schools in the valley of Lom will stay closed on Monday, the council decided.",
            "Most schools in the valley of Lom will stay closed on Monday, the council decided.",
        ]), @"“All” in one, “Most” in the other [All] [Most]");
        insta::assert_snapshot!(found("scope", [
            "The ferry must carry forty passengers to Lom on Monday under the new rules.",
            "The ferry may carry forty passengers to Lom on Monday under the new rules.",
        ]), @"“must” in one, “may” in the other [must] [may]");
    }

    #[test]
    fn planned_and_done() {
        insta::assert_snapshot!(found("scope", [
            "The company plans to close the copper mine of Lom and its harbor this week.",
            "The company closed the copper mine of Lom and its harbor this week.",
        ]), @"“plans to” in one, done in the other [plans to] []");
        insta::assert_snapshot!(found("scope", [
            "The company plans to close the copper mine of Lom and its harbor this week.",
            "The company will close the copper mine of Lom and its harbor this week.",
        ]), @"");
    }

    #[test]
    fn with_and_without_a_condition() {
        insta::assert_snapshot!(found("scope", [
            "The union of Lom will end its strike at the copper mine on Monday if wages are raised.",
            "The union of Lom will end its strike at the copper mine on Monday.",
        ]), @"on condition in one (“if wages are raised”), without in the other [if wages are raised] []");
        insta::assert_snapshot!(found("scope", [
            "Reporters in Lom asked if the union will end its strike at the copper mine on Monday.",
            "The union of Lom will end its strike at the copper mine on Monday.",
        ]), @"");
    }
}
