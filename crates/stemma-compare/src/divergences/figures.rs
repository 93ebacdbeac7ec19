//! `figure` and `update`: quantities that cannot both be right.
//!
//! A figure of one cell is compared with the figures of the other that measure or count the same. If one of them agrees, after
//! conversion and within the rounding of the words, there is no divergence. A toll that is higher in a later report is an update.

use std::ops::Range;

use stemma_core::{DivergenceKind, Figure, MentionForm};

use super::around::around;
use super::{Finding, Pair, Side, show};

/// Figures may count the same if this share of the words around both is common or near. Chosen on the newsroom families.
const MIN_NEARNESS: f64 = 0.25;
/// The same if one of them is below [`SMALL`].
const MIN_NEARNESS_OF_SMALL: f64 = 0.4;
/// Share of common words from which on two figures in one slot count the same whatever the words.
const MIN_SAMENESS: f64 = 0.4;
/// A figure below this stands in many texts for many things.
const SMALL: f64 = 10.0;

/// Finds quantities that disagree: the two that are likest by the words around them.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let mut best: Option<(f64, &Figure, &Figure)> = None;
    for x in comparable(pair.a) {
        for y in comparable(pair.b) {
            if !stemma_core::comparable(x, y)
                || agree(x, y)
                || told_elsewhere(pair.b, x, y)
                || told_elsewhere(pair.a, y, x)
            {
                continue;
            }
            let slot = pair.sameness() >= MIN_SAMENESS && same_slot(pair, x, y);
            let nearness = same_thing(pair, x, y) + if slot { 1.0 } else { 0.0 };
            let small = x.value.min(y.value) < SMALL;
            let least = if small { MIN_NEARNESS_OF_SMALL } else { MIN_NEARNESS };
            if nearness >= least && best.is_none_or(|(known, _, _)| nearness > known) {
                best = Some((nearness, x, y));
            }
        }
    }
    best.map(|(_, x, y)| finding(pair, x, y))
}

fn comparable<'a>(side: Side<'a>) -> impl Iterator<Item = &'a Figure> {
    side.figures()
        .filter(move |figure| !figure.ordinal && !is_part_of_name(side, figure) && !is_article(side, figure))
}

/// "Cessna 208".
fn is_part_of_name(side: Side<'_>, figure: &Figure) -> bool {
    side.mentions().any(|mention| mention.form == MentionForm::Named && mention.span.touches(figure.span))
}

/// "a bar", "one of them": no count that another could contradict.
fn is_article(side: Side<'_>, figure: &Figure) -> bool {
    let words = side.slice(figure.span).to_lowercase();
    words.split_whitespace().next().is_some_and(|word| matches!(word, "a" | "an" | "one"))
}

fn agree(x: &Figure, y: &Figure) -> bool {
    stemma_core::compatible(x, y)
}

/// The report of `side`, which has `y` here, has `x` too: in the same sentence, or anywhere if it is a figure to know again.
fn told_elsewhere(side: Side<'_>, x: &Figure, y: &Figure) -> bool {
    let sentence = side.sentences();
    side.document.layers().figures.items().iter().any(|other| {
        other.span != y.span
            && !other.ordinal
            && (sentence.contains(other.span) || x.value >= SMALL)
            && stemma_core::comparable(x, other)
            && agree(x, other)
    })
}

/// How near the words around the two figures are, what they count among them; 0 if they count different things.
fn same_thing(pair: &Pair<'_>, x: &Figure, y: &Figure) -> f64 {
    let head = |n: usize, figure: &Figure| {
        let side = pair.sides()[n];
        let token = side.document.tokens_in(figure.counted?).next_back()?;
        let word = side.slice(side.document.layers().tokens.items()[token].span).to_lowercase();
        (!pair.words(n, token..token + 1).is_empty()).then_some((word, token..token + 1))
    };
    if let (Some((m, p)), Some((n, q))) = (head(0, x), head(1, y)) {
        let people = counts_people(&m) && counts_people(&n);
        if !people && pair.nearness([p, q]) == 0.0 {
            return 0.0;
        }
    }
    pair.nearness([around_figure(pair.a, x), around_figure(pair.b, y)])
}

/// The tokens around a figure, as far as the next figure on either side.
fn around_figure(side: Side<'_>, figure: &Figure) -> Range<usize> {
    let others = side.document.layers().figures.items().iter().map(|other| other.span);
    around(side, figure.span, others.filter(|&other| other != figure.span))
}

fn counts_people(word: &str) -> bool {
    crate::terms::words(include_str!("../../data/people.txt"))
        .flat_map(str::split_whitespace)
        .any(|w| w == word)
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
    if let Some(reason) = superseded(pair, x, y) {
        return Finding {
            kind: DivergenceKind::Update,
            evidence,
            score: 0.7,
            reason: format!("{words}: {reason}"),
        };
    }
    Finding {
        kind: DivergenceKind::Figure,
        evidence,
        score: 0.5 + 0.4 * pair.sameness(),
        reason: format!("{words} do not agree, also not within their rounding"),
    }
}

/// Why the later of the two figures takes the place of the earlier: a toll that rose, or the number of those still missing.
fn superseded(pair: &Pair<'_>, x: &Figure, y: &Figure) -> Option<&'static str> {
    let (first, second) = (pair.a.document.published()?, pair.b.document.published()?);
    let (earlier, later) = match (first.is_before(second), second.is_before(first)) {
        (true, _) => (x, y),
        (_, true) => (y, x),
        _ => return None,
    };
    let says = |words: &[&str]| {
        [(pair.a, x), (pair.b, y)].iter().any(|&(side, figure)| {
            let tokens = &side.document.layers().tokens.items()[around_figure(side, figure)];
            tokens.iter().any(|token| words.contains(&side.slice(token.span).to_lowercase().as_str()))
        })
    };
    let plain = x.unit.symbol.is_empty();
    if plain && says(&["missing", "unaccounted", "trapped", "stranded"]) {
        return Some("those still sought, in the later report");
    }
    (plain && later.value > earlier.value && says(&TOLL))
        .then_some("the higher toll stands in the later report")
}

/// Words beside figures that grow as a disaster becomes known.
const TOLL: [&str; 20] = [
    "moved",
    "sheltered",
    "dead",
    "died",
    "killed",
    "deaths",
    "death",
    "toll",
    "injured",
    "wounded",
    "hurt",
    "hospital",
    "rescued",
    "evacuated",
    "displaced",
    "bodies",
    "casualties",
    "victims",
    "homeless",
    "cases",
];
