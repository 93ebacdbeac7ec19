//! `list`: enumerations of the same kind of thing whose members differ.
//!
//! Three readings of an enumeration, each in a file of its own: members between commas ([`members`]), names of one kind that
//! commas and "and" join ([`named`]), and words put in beside a member that both have ([`inserted`]).

mod inserted;
mod members;
mod named;

use std::collections::BTreeSet;

use stemma_core::{DivergenceKind, Figure, Span};

use super::{Finding, Pair, Side};
use members::{Member, couples, enumerations, singular};

/// Members that two enumerations must share to be of the same things.
const MIN_SHARED: usize = 2;

/// Probability from which on two enumerations are of one thing, whatever is counted beside them.
const SURE: f64 = 0.95;

/// Finds enumerations of which one lacks members of the other.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    if is_of_other_counts(pair) {
        return both(pair, MIN_SHARED + 1).filter(|_| pair.probability >= SURE);
    }
    both(pair, MIN_SHARED)
        .or_else(|| shorter(pair))
        .or_else(|| named::compare(pair))
        .or_else(|| inserted::compare(pair))
}

/// True if both cells give figures and none of the one agrees with one of the other: "the names and addresses of 2 million
/// members" and "a sample of 5,000 entries with names and telephone numbers" are of two things.
fn is_of_other_counts(pair: &Pair<'_>) -> bool {
    let [first, second] = [pair.a, pair.b].map(|side| side.figures().collect::<Vec<_>>());
    let agree = |x: &Figure, y: &Figure| stemma_core::comparable(x, y) && stemma_core::compatible(x, y);
    !first.is_empty() && !second.is_empty() && !first.iter().any(|x| second.iter().any(|y| agree(x, y)))
}

/// Two enumerations, each with members between commas.
fn both(pair: &Pair<'_>, least: usize) -> Option<Finding> {
    let (lists, others) = (enumerations(pair.a), enumerations(pair.b));
    if lists.is_empty() || others.is_empty() {
        return None;
    }
    // "including Murmansk in the north": a member may stand in the other sentence outside of its enumeration.
    let said = [pair.a, pair.b].map(words);
    for list in &lists {
        for other in &others {
            let met = meetings(pair, list, other);
            let alone = |own: &[Member], n: usize| -> Vec<Span> {
                let left =
                    own.iter().zip(&met[n]).filter(|(member, met)| !**met && !member.is_in(&said[1 - n]));
                left.map(|(member, _)| member.span).collect()
            };
            let evidence = [alone(list, 0), alone(other, 1)];
            let shared = met[0].iter().filter(|met| **met).count();
            if shared >= least && evidence.iter().any(|spans| !spans.is_empty()) {
                let shared = list.len() - evidence[0].len();
                return Some(finding(pair, evidence, shared));
            }
        }
    }
    None
}

/// For each member of two enumerations whether the other has it: in the same words, or, of those left, in near ones.
fn meetings(pair: &Pair<'_>, list: &[Member], other: &[Member]) -> [Vec<bool>; 2] {
    let mut met = [vec![false; list.len()], vec![false; other.len()]];
    for (x, member) in list.iter().enumerate() {
        for (y, rival) in other.iter().enumerate() {
            if member.meets(rival) {
                met[0][x] = true;
                met[1][y] = true;
            }
        }
    }
    let known = met.clone();
    for (x, member) in list.iter().enumerate().filter(|&(x, _)| !known[0][x]) {
        for (y, rival) in other.iter().enumerate().filter(|&(y, _)| !known[1][y]) {
            let spans = [member.span, rival.span];
            if pair.is_near(spans) || is_one_figure(pair, spans) {
                met[0][x] = true;
                met[1][y] = true;
            }
        }
    }
    met
}

/// "a 15% pay rise", "15 per cent more pay": members that give one figure in a unit.
fn is_one_figure(pair: &Pair<'_>, spans: [Span; 2]) -> bool {
    let [mut first, second] = [0, 1].map(|n| {
        let figures = pair.sides()[n].figures();
        figures.filter(move |figure| figure.span.touches(spans[n]) && !figure.unit.symbol.is_empty())
    });
    let second: Vec<_> = second.collect();
    first.any(|x| second.iter().any(|y| stemma_core::comparable(x, y) && stemma_core::compatible(x, y)))
}

/// An enumeration of which the other cell joins two members alone: "guards, drivers and a teacher" / "guards and drivers".
fn shorter(pair: &Pair<'_>) -> Option<Finding> {
    for (n, side, other) in [(0, pair.a, pair.b), (1, pair.b, pair.a)] {
        let joined = couples(other);
        if joined.is_empty() || !enumerations(other).is_empty() {
            continue;
        }
        let said = other.slice(other.sentences()).to_lowercase();
        for list in enumerations(side) {
            let place = |m: &Member| list.iter().position(|own| own.meets(m));
            let fits = |two: &&[Member; 2]| match (place(&two[0]), place(&two[1])) {
                (Some(p), Some(q)) => p != q,
                _ => false,
            };
            let missing = |m: &&Member| m.words.iter().all(|word| !said.contains(word.as_str()));
            let missing: Vec<Span> = list.iter().filter(missing).map(|m| m.span).collect();
            if joined.iter().any(|two| fits(&two)) && missing.len() + MIN_SHARED == list.len() {
                let mut evidence = [Vec::new(), Vec::new()];
                evidence[n] = missing;
                return Some(finding(pair, evidence, MIN_SHARED));
            }
        }
    }
    None
}

/// The words of a cell's sentences in lower case, without a plural s.
fn words(side: Side<'_>) -> BTreeSet<String> {
    let tokens = side.document.layers().tokens.items();
    let range = side.document.tokens_in(side.sentences());
    tokens[range].iter().map(|token| singular(side.slice(token.span))).collect()
}

fn finding(pair: &Pair<'_>, evidence: [Vec<Span>; 2], shared: usize) -> Finding {
    let names = |side: Side<'_>, spans: &[Span]| {
        spans.iter().map(|&span| side.slice(span)).collect::<Vec<_>>().join(", ")
    };
    let only = [names(pair.a, &evidence[0]), names(pair.b, &evidence[1])];
    let common =
        if shared == 1 { "1 member is common".to_owned() } else { format!("{shared} members are common") };
    let reason = match (only[0].is_empty(), only[1].is_empty()) {
        (false, true) => format!("{common}; only in the first: {}", only[0]),
        (true, false) => format!("{common}; only in the second: {}", only[1]),
        _ => format!("{common}; only in the first: {}; only in the second: {}", only[0], only[1]),
    };
    Finding { kind: DivergenceKind::List, evidence, score: 0.7, reason }
}

#[cfg(test)]
mod tests {
    use crate::divergences::tests::found;

    #[test]
    fn a_member_more_or_less() {
        insta::assert_snapshot!(found(&[
            "The thieves took the lamps, silver spoons, copper kettles and rugs.",
            "Gone are copper kettles, besides lamps, silver spoons and rugs.",
        ]), @"");
        insta::assert_snapshot!(found(&[
            "The thieves took the lamps, silver spoons, copper kettles and rugs.",
            "Gone are two horses, besides lamps, silver spoons and rugs.",
        ]), @"list: 3 members are common; only in the first: copper kettles; only in the second: two horses");
        insta::assert_snapshot!(found(&[
            "The bridge was ordered from the Azur union, formed by Lind Brothers, Korhonen Steel and Bergwerk.",
            "It was ordered from the Azur union (Lind Brothers and Bergwerk).",
        ]), @"list: 2 members are common; only in the first: Korhonen Steel");
        insta::assert_snapshot!(found(&[
            "A test with 4,000 cows in Chad, Mali, Niger and Burkina Faso is to begin in May.",
            "The test, with 4,000 cows in Chad, Mali and Niger, begins in May.",
        ]), @"list: 3 members are common; only in the first: Burkina Faso");
    }

    #[test]
    fn persons_with_what_tells_of_each() {
        insta::assert_snapshot!(found(&[
            "The union wants to hear Okafor, the club's chairman, Ivo Berg, and their lawyer, Ana Ruiz.",
            "The union wants to hear Okafor and the club's chairman, Ivo Berg.",
        ]), @"list: 2 members are common; only in the first: Ana Ruiz");
    }

    #[test]
    fn a_member_put_in() {
        insta::assert_snapshot!(found(&[
            "The mayor called the market a haven for smugglers and thieves last week.",
            "The mayor called the market a haven for thieves last week.",
        ]), @"list: 1 member is common; only in the first: smugglers");
        insta::assert_snapshot!(found(&[
            "There should be no talks between President Ruiz and Ivo Berg this week.",
            "There should be no talks between President Ruiz and Berg this week.",
        ]), @"");
    }

    #[test]
    fn what_is_no_enumeration_of_the_same() {
        insta::assert_snapshot!(found(&[
            "They copied the names, addresses and telephone numbers of 2 million members.",
            "A sample of 5,000 entries held names, addresses, telephone numbers and birthdays.",
        ]), @"");
        insta::assert_snapshot!(found(&[
            "The sale was never entered in the register, and 9,000 euros went to Azur, a firm based in Malta and owned by Ivo Berg.",
            "Some 9,000 euros went to Azur, a firm based in Malta and owned by Ivo Berg.",
        ]), @"");
        insta::assert_snapshot!(found(&[
            "On Monday, Ana Ruiz, Ivo Berg and Jo Lind left the town.",
            "Ana Ruiz, Ivo Berg and Jo Lind left the town.",
        ]), @"");
        insta::assert_snapshot!(found(&[
            "Before the Committee on Ports and Harbours, the captain, Ana Ruiz, wept, and left.",
            "Ana Ruiz, the captain, wept before the Ports and Harbours Committee, and left.",
        ]), @"");
    }
}
