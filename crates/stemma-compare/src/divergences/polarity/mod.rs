//! `polarity`: yes in one report, no in the other.
//!
//! Two signs: one cell denies what the other affirms, the very word after "not" or "never" and most of the rest; or the one word
//! that differs is the opposite of the other (`data/opposites.txt`).

mod degrees;

use std::collections::HashMap;
use std::sync::LazyLock;

use stemma_core::{DivergenceKind, Manner, Span};

use super::hedges::coverage;
use super::{Finding, Pair, Side, show};
use crate::terms::TermId;

/// Share of common words below which a word and its opposite may be said of two things.
const MIN_SAMENESS: f64 = 0.6;
/// The same of the longer cell's words.
const MIN_CLOSENESS: f64 = 0.4;
/// Nearness of two cells (see [`Pair::nearness_of_all`]) from which on they deny and affirm one thing.
const MIN_NEARNESS: f64 = 0.4;

/// The same where one cell denies several things.
const MANY_NEARNESS: f64 = 0.5;
/// Share of the words of the clause of a denial that the other cell must have (see [`coverage`]).
const MIN_COVERAGE: f64 = 0.35;

/// Finds a denial or an opposite on one side.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    opposites(pair)
        .or_else(|| states(pair))
        .or_else(|| degrees::compare(pair))
        .or_else(|| denied(pair))
        .or_else(|| degrees::deadline(pair))
}

fn denied(pair: &Pair<'_>) -> Option<Finding> {
    let nearness = pair.nearness_of_all();
    if nearness < MIN_NEARNESS {
        return None;
    }
    let denied = [0, 1].map(|n| denied_terms(pair, n));
    // What both deny cancels out: of all the denials one must remain, or who knows what the two say.
    let left = [0, 1].map(|n| {
        let both = |term: Option<TermId>| denied[1 - n].iter().any(|&(_, other)| other == term);
        denied[n].iter().filter(|(_, term)| !both(*term)).copied().collect::<Vec<_>>()
    });
    let left = match nearness >= MANY_NEARNESS {
        true => [0, 1].map(|n| told_of(pair, n, &left[n], left[1 - n].is_empty())),
        false => left,
    };
    let (with, span, term) = match (&left[0][..], &left[1][..]) {
        (&[(span, Some(term))], []) => (0, span, term),
        ([], &[(span, Some(term))]) => (1, span, term),
        _ => return None,
    };
    let other = pair.sides()[1 - with];
    let bag = pair.texts.bag(other.report.index(), other.document.tokens_in(other.cover()));
    let is_told = coverage(pair, with, span) >= MIN_COVERAGE;
    if bag.binary_search(&term).is_err() || is_negative(other) || !is_told {
        return None;
    }
    let mut evidence = [Vec::new(), Vec::new()];
    evidence[with] = vec![span];
    Some(Finding {
        kind: DivergenceKind::Polarity,
        evidence,
        score: 0.4 + 0.5 * nearness,
        reason: format!("{} in one, affirmed in the other", show(pair.sides()[with].slice(span))),
    })
}

/// Of several denials of side `n`, where the other side denies nothing, those of what it tells of.
fn told_of(pair: &Pair<'_>, n: usize, denials: &[Denial], is_affirmed: bool) -> Vec<Denial> {
    let other = pair.sides()[1 - n];
    let bag = pair.texts.bag(other.report.index(), other.document.tokens_in(other.cover()));
    let is_told = |denial: &&Denial| denial.1.is_some_and(|term| bag.binary_search(&term).is_ok());
    let told: Vec<Denial> = denials.iter().filter(is_told).copied().collect();
    if is_affirmed && told.len() == 1 { told } else { denials.to_vec() }
}

/// A word of denial, and the first term with content that it denies.
type Denial = (Span, Option<TermId>);

/// The words of denial of a side, each with the first term with content after it in its clause: what it denies. `None` where
/// that is put off or set against something else.
fn denied_terms(pair: &Pair<'_>, side: usize) -> Vec<Denial> {
    let own = pair.sides()[side];
    let tokens = own.document.layers().tokens.items();
    let end = own.sentences().end();
    let word = |n: usize| tokens.get(n).map(|token| own.slice(token.span).to_lowercase()).unwrap_or_default();
    let denied = |span: Span| {
        let rest = own.slice(Span::new(span.end(), end.max(span.end())));
        let clause = span.end() + rest.find([',', ';', ':', '.', '!', '?', '—', '–']).unwrap_or(rest.len());
        let after = own.document.tokens_in(Span::new(span.end(), clause));
        // "Will not start before 2028" is put off, "not a spot at a bar" is a contrast.
        let before = own.document.tokens_in(span).start.checked_sub(1).map(word).unwrap_or_default();
        let is_contrast = ARTICLES.contains(&word(after.start).as_str()) && !BE.contains(&before.as_str());
        if is_contrast || before == "could" || after.clone().any(|n| LIMITS.contains(&word(n).as_str())) {
            return (span, None);
        }
        let vocabulary = pair.texts.vocabulary;
        let mut terms = pair.texts.terms_in(own.report.index(), after);
        (span, terms.find(|&id| !vocabulary.is_stop(id)))
    };
    denials(own).into_iter().map(denied).collect()
}

/// What denies and does nothing else; "failed to" and "refused to" tell more than a "not".
const DENIALS: [&str; 12] = [
    "not",
    "never",
    "no",
    "no longer",
    "none",
    "no one",
    "no-one",
    "nobody",
    "nothing",
    "cannot",
    "neither",
    "nor",
];
/// Words after a "not" that make it a matter of time or of a condition.
const LIMITS: [&str; 5] = ["before", "until", "unless", "till", "only"];
/// Words after a "not" that sets one thing against another, unless a form of "be" stands before it.
const ARTICLES: [&str; 7] = ["a", "an", "the", "one", "all", "this", "these"];
const BE: [&str; 9] = ["is", "are", "was", "were", "be", "been", "being", "'s", "’s"];

/// Beginnings of words that deny without a "not".
const NEGATIVE: [&str; 16] = [
    "refus", "deny", "denie", "ignor", "inact", "fail", "lack", "reject", "declin", "avoid", "without",
    "unable", "delay", "postpon", "await", "pending",
];

/// True if the cell denies in words of other kinds, or is what a source denies.
fn is_negative(side: Side<'_>) -> bool {
    let layers = side.document.layers();
    let denied = side.cell.attribution.map(|id| &layers.attributions[id]);
    let tokens = &layers.tokens.items()[side.document.tokens_in(side.cover())];
    denied.is_some_and(|a| a.negated || a.manner == Manner::Denial)
        || tokens.iter().any(|token| {
            let word = side.slice(token.span).to_lowercase();
            NEGATIVE.iter().any(|start| word.starts_with(start))
        })
}

/// Words of denial in the cell (see [`DENIALS`]), also those that are written with a hyphen.
fn denials(side: Side<'_>) -> Vec<Span> {
    let layers = side.document.layers();
    let found = layers.statements.items().iter().filter(|statement| statement.span.touches(side.cover()));
    let negations = found.flat_map(|s| s.negations.iter().copied()).filter(|&span| side.holds(span));
    let tokens = &layers.tokens.items()[side.document.tokens_in(side.cover())];
    let is_plain = |span: &Span| {
        let words = side.slice(*span).to_lowercase();
        DENIALS.contains(&words.as_str()) || words.ends_with("n't") || words.ends_with("n’t")
    };
    let mut spans: Vec<Span> =
        negations.chain(tokens.iter().map(|token| token.span)).filter(is_plain).collect();
    spans.sort_unstable_by_key(|span| (span.start(), std::cmp::Reverse(span.end())));
    spans.dedup_by(|later, first| first.contains(*later));
    spans
}

fn opposites(pair: &Pair<'_>) -> Option<Finding> {
    if pair.sameness() < MIN_SAMENESS || pair.closeness() < MIN_CLOSENESS {
        return None;
    }
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

/// One is open, free of guilt, or alive where the other is not, in whatever words they tell the rest.
fn states(pair: &Pair<'_>) -> Option<Finding> {
    if pair.probability < SURE {
        return None;
    }
    let [first, second] = pair.sides().map(predicates);
    for &x in &first {
        for &y in &second {
            let words = [pair.a.slice(x).to_lowercase(), pair.b.slice(y).to_lowercase()];
            if opposite_words(&words[0], &words[1]).is_some() {
                return Some(Finding {
                    kind: DivergenceKind::Polarity,
                    evidence: [vec![x], vec![y]],
                    score: 0.6,
                    reason: format!("“{}” in one, “{}” in the other", words[0], words[1]),
                });
            }
        }
    }
    None
}

/// Probability from which on two cells speak of one thing.
const SURE: f64 = 0.79;

/// Words for a state after a verb of being: "was closed", "remained open", "found her guilty".
fn predicates(side: Side<'_>) -> Vec<Span> {
    let tokens = side.document.layers().tokens.items();
    let range = side.document.tokens_in(side.cover());
    let word = |n: usize| side.slice(tokens[n].span).to_lowercase();
    let is_verb = |n: usize| VERBS.contains(&word(n).as_str());
    let is_state = |n: usize| STATES.contains(&word(n).as_str());
    let denied = |n: usize| DENIALS.contains(&word(n).as_str());
    let reach = |n: usize| (n.saturating_sub(REACH).max(range.start)..n).rev();
    let holds = |&n: &usize| is_state(n) && reach(n).any(is_verb) && !reach(n).any(denied);
    range.clone().filter(holds).map(|n| tokens[n].span).collect()
}

/// Words between a verb of being and the state, at most.
const REACH: usize = 9;
const VERBS: [&str; 11] =
    ["is", "are", "was", "were", "be", "been", "remained", "remains", "stayed", "found", "find"];
const STATES: [&str; 8] = ["open", "closed", "shut", "guilty", "acquitted", "innocent", "alive", "dead"];

/// Words and those that are their opposites, both ways.
static OPPOSITES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut opposites: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in crate::terms::words(include_str!("../../../data/opposites.txt")) {
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

#[cfg(test)]
mod tests {
    use crate::divergences::testing::found;

    #[test]
    fn denied_here_and_affirmed_there() {
        insta::assert_snapshot!(found("polarity", [
            "The tap water in the old town of Varna is not safe to drink, the waterworks said.",
            "The tap water in the old town of Varna is safe to drink, the waterworks said.",
        ]), @"“not” in one, affirmed in the other [not] []");
        insta::assert_snapshot!(found("polarity", [
            "The northern border post at Rudo was open during the exchange.",
            "The northern border post at Rudo was closed during the exchange.",
        ]), @"“open” in one, “closed” in the other [open] [closed]");
    }

    #[test]
    fn what_both_deny_and_what_is_put_off_is_no_contradiction() {
        insta::assert_snapshot!(found("polarity", [
            "No one wants to be known as the clown of the harbor of Varna.",
            "No-one wants to be known as the clown of the harbor of Varna.",
        ]), @"");
        insta::assert_snapshot!(found("polarity", [
            "The new plant in Varna will not start before the spring of 2028.",
            "The new plant in Varna will start in the spring of 2028.",
        ]), @"");
    }

    #[test]
    fn of_several_denials_the_one_that_is_told_of() {
        insta::assert_snapshot!(found("polarity", [
            "“We are not ruling out sabotage of the pump in Varna, but so far nothing points to it,” the chief engineer said.",
            "Sabotage of the pump in Varna had been ruled out, the chief engineer said.",
        ]), @"“not” in one, affirmed in the other [not] []");
        insta::assert_snapshot!(found("polarity", [
            "The sale was never entered in the books of the port, and some 9,000 euros went to the club of Varna.",
            "Some 9,000 euros went to the club of Varna, which keeps the books of the port.",
        ]), @"");
    }
}
