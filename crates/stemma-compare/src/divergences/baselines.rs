//! What something is compared with: the amount and the time of before, in "up 6 percent from 4,523 million in the fourth
//! quarter of 2024". It does not contradict the amount and the time of now.

use std::ops::Range;

use stemma_core::{Figure, Span};

use super::Side;

/// True if `time`, whose words around begin with token `first`, is the time of what is compared with: words of comparison
/// stand before it, with no comma after them.
pub(super) fn is_time_of_baseline(side: Side<'_>, first: usize, time: Span) -> bool {
    let own = side.document.tokens_in(time);
    let figures = side.document.layers().figures.items();
    let starts_figure = |n: usize| {
        let tokens = side.document.layers().tokens.items();
        tokens
            .get(n)
            .is_some_and(|token| figures.iter().any(|figure| figure.span.start() == token.span.start()))
    };
    let mut words = words(side, first..own.start).rev().take_while(|(_, word)| word != ",");
    words.any(|(n, word)| COMPARES.contains(&word.as_str()) || (word == "from" && starts_figure(n + 1)))
}

/// True if `figure` is an amount of before: "up from 40 million", "compared with 40 million".
pub(super) fn is_baseline(side: Side<'_>, figure: &Figure) -> bool {
    let own = side.document.tokens_in(figure.span).start;
    let sentence = side.document.tokens_in(side.sentences()).start;
    let words: Vec<String> =
        words(side, own.saturating_sub(CHANGE).max(sentence)..own).map(|(_, word)| word).collect();
    match words.split_last() {
        Some((last, before)) if last == "from" => before.iter().any(|word| CHANGES.contains(&word.as_str())),
        Some((last, before)) if last == "with" => before.last().is_some_and(|word| word == "compared"),
        Some((last, _)) => COMPARES.contains(&last.as_str()),
        None => false,
    }
}

fn words<'a>(side: Side<'a>, range: Range<usize>) -> impl DoubleEndedIterator<Item = (usize, String)> + 'a {
    let tokens = side.document.layers().tokens.items();
    range.filter_map(move |n| Some((n, side.slice(tokens.get(n)?.span).to_lowercase())))
}

/// How far before "from" a word of change stands at most. Unit: tokens, with "from".
const CHANGE: usize = 8;

/// Words after which "from" gives what was before.
const CHANGES: [&str; 24] = [
    "up",
    "down",
    "rise",
    "rises",
    "rose",
    "risen",
    "rising",
    "fall",
    "falls",
    "fell",
    "fallen",
    "falling",
    "increase",
    "increased",
    "grew",
    "grown",
    "drop",
    "drops",
    "dropped",
    "cut",
    "raised",
    "lowered",
    "declined",
    "climbed",
];

/// Words before what something is compared with.
const COMPARES: [&str; 5] = ["than", "compared", "against", "versus", "vs"];
