//! `figure`: quantities that cannot both be right.
//!
//! Every figure of the one cell is laid beside every figure of the other that has its dimension. A figure that the other
//! report gives too, after conversion and within the rounding of the words, is settled. Of those left, two are of one thing
//! if the evidence for it adds up: what they count, the words around them, their place in the sentence, and their values,
//! as a figure that was misread or rounded wrongly stays near (`1,870` and `1,780`), while another figure is anything.
//! Whether a rising toll explains the two is decided in [`super::updates`].

use std::ops::Range;

use stemma_core::{Approximation, DivergenceKind, EntityKind, Figure, MentionForm, Span};

use super::around::around;
use super::baselines::is_baseline;
use super::offsets::are_of_two_kinds;
use super::tolls::{Toll, toll};
use super::{Finding, Pair, Side, show};
use crate::quantities::{counts_people, is_article, misread, nearness};

/// How much each piece of evidence adds, and how much must come together. Chosen on the newsroom families, for figures of
/// which a careful reader would say that they are of one thing.
const OF_VALUE: f64 = 0.4;
const OF_WORDS: f64 = 0.5;
const OF_SLOT: f64 = 0.3;
const OF_HEAD: f64 = 0.2;
const OF_BEING_ALONE: f64 = 0.25;
const OF_PERSON: f64 = 0.25;
const ENOUGH: f64 = 0.55;

/// A figure below this stands in many texts for many things.
const SMALL: f64 = 10.0;
/// A count from this on that a report gives is known again wherever it stands.
const TELLING: f64 = 100.0;
/// A figure from this on with more than one digit that tells is hardly in a story twice by chance.
const LARGE: f64 = 1_000.0;
/// Share of common words around two figures that makes up for values that are far from each other.
const NEAR_ENOUGH_FOR_ANY: f64 = 0.5;
/// What the nearness of small counts tells, as a share of that of others.
const SMALL_TELLS: f64 = 0.6;
/// Share of the closeness of two values from which on a third figure may be meant instead.
const CHALLENGE: f64 = 0.7;
/// Ends of a range of which the one is this many times the other leave the value open.
const VAGUE: f64 = 1.5;
/// Values that differ by no more than this share of the larger are one value: what a conversion rounds away.
const SAME: f64 = 0.01;
/// No evidence of this kind is surer than this.
const MOST: f64 = 0.9;

/// Finds quantities that disagree: the two that are likeliest to be of one thing.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let [first, second] = [pair.a, pair.b].map(Quantity::all);
    let mut rivals = Vec::new();
    for x in &first {
        for y in &second {
            let near = closeness(x.figure, y.figure);
            let likely = near > 0.0
                || pair.is_one_slot([x.figure.span, y.figure.span])
                    && pair.nearness([x.around.clone(), y.around.clone()]) >= NEAR_ENOUGH_FOR_ANY;
            if likely && may_conflict(pair, [x, y]) {
                rivals.push(Rival { x, y, near });
            }
        }
    }
    let mut best: Option<(f64, &Rival<'_>)> = None;
    for rival in &rivals {
        let score = rival.score(pair, &rivals);
        if score >= ENOUGH && best.is_none_or(|(known, _)| score > known) {
            best = Some((score, rival));
        }
    }
    best.map(|(score, rival)| finding(pair, [rival.x.figure, rival.y.figure], score))
}

fn finding(pair: &Pair<'_>, [x, y]: [&Figure; 2], score: f64) -> Finding {
    Finding {
        kind: DivergenceKind::Figure,
        evidence: [vec![x.span], vec![y.span]],
        score: score.min(MOST),
        reason: format!(
            "{} / {} do not agree, also not within their rounding",
            show(pair.a.slice(x.span)),
            show(pair.b.slice(y.span))
        ),
    }
}

/// Two figures that may be of one thing.
struct Rival<'q> {
    x: &'q Quantity<'q>,
    y: &'q Quantity<'q>,
    /// [`closeness`] of their values.
    near: f64,
}

impl Rival<'_> {
    /// What the evidence adds up to.
    fn score(&self, pair: &Pair<'_>, rivals: &[Rival<'_>]) -> f64 {
        let (x, y) = (self.x, self.y);
        let challenged = rivals.iter().any(|other| {
            let shared = [std::ptr::eq(other.x, x), std::ptr::eq(other.y, y)];
            shared[0] != shared[1] && other.near >= self.near * CHALLENGE
        });
        let slot = pair.is_one_slot([x.figure.span, y.figure.span]);
        let words = pair.nearness([x.around.clone(), y.around.clone()]);
        let worth = |holds: bool, value: f64| if holds { value } else { 0.0 };
        OF_VALUE * self.near
            + OF_WORDS * words
            + worth(slot, OF_SLOT)
            + worth(!challenged, OF_BEING_ALONE)
            + match same_head(pair, x, y) {
                Some(true) => OF_HEAD,
                Some(false) => -OF_HEAD,
                None => 0.0,
            }
            + match same_persons(pair, x, y) {
                Some(true) => OF_PERSON,
                Some(false) => -OF_PERSON,
                None => 0.0,
            }
    }
}

/// A figure of a cell, and what tells what it is of.
struct Quantity<'a> {
    figure: &'a Figure,
    /// Tokens around it, up to the next figure on either side.
    around: Range<usize>,
    /// From what it counts to the noun: "Tajik citizens".
    phrase: Range<usize>,
    /// What the words around say that it counts.
    toll: Option<Toll>,
}

impl<'a> Quantity<'a> {
    fn all(side: Side<'a>) -> Vec<Self> {
        let named: Vec<Span> =
            side.mentions().filter(|mention| mention.form == MentionForm::Named).map(|m| m.span).collect();
        // "Cessna 208" is no count; nor are "a bar" and "one of them", which no other figure contradicts.
        let counts = |figure: &&Figure| {
            !figure.ordinal
                && !named.iter().any(|span| span.touches(figure.span))
                && !is_article(side.slice(figure.span), figure)
        };
        side.figures().filter(counts).map(|figure| Self::of(side, figure)).collect()
    }

    fn of(side: Side<'a>, figure: &'a Figure) -> Self {
        let others = side.document.layers().figures.items().iter().map(|other| other.span);
        let around = around(side, figure.span, others.filter(|&other| other != figure.span));
        let end = side.document.tokens_in(figure.span).end;
        let phrase = match figure.counted {
            Some(span) => end..side.document.tokens_in(span).end.max(end),
            None => end..end,
        };
        Self { figure, around, phrase, toll: toll(side, figure) }
    }

    /// The tokens right after it.
    fn after(&self, side: Side<'_>) -> Range<usize> {
        let end = side.document.tokens_in(self.figure.span).end;
        end..(end + 2).min(side.document.layers().tokens.len())
    }
}

/// True if the two are of one dimension, do not agree, may count the same, and neither report gives the other's figure
/// elsewhere.
fn may_conflict(pair: &Pair<'_>, [x, y]: [&Quantity<'_>; 2]) -> bool {
    stemma_core::comparable(x.figure, y.figure)
        && !agree(x.figure, y.figure)
        && (same_head(pair, x, y) != Some(false) || is_large_misread(x.figure, y.figure))
        && !is_rest(pair, [x, y])
        && is_baseline(pair.a, x.figure) == is_baseline(pair.b, y.figure)
        && !are_of_two_kinds(pair.sides(), [x.figure, y.figure])
        && !is_told_elsewhere(pair, [x, y], 1)
        && !is_told_elsewhere(pair, [x, y], 0)
}

fn agree(x: &Figure, y: &Figure) -> bool {
    stemma_core::comparable(x, y) && stemma_core::compatible(x, y) && !is_bound_of_other(x, y)
}

/// "51" and "more than 51", "over 21" and "21 or older": of a number that is not round the one leaves out what the other counts.
fn is_bound_of_other(x: &Figure, y: &Figure) -> bool {
    let excludes =
        |figure: &Figure| matches!(figure.approximation, Approximation::MoreThan | Approximation::LessThan);
    let includes =
        |figure: &Figure| matches!(figure.approximation, Approximation::Exact | Approximation::AtLeast);
    let is_exact = x.value > SMALL && x.value.fract() == 0.0 && x.value % 5.0 != 0.0;
    let parts = (excludes(x) && includes(y)) || (includes(x) && excludes(y));
    x.unit.symbol == y.unit.symbol && x.value == y.value && is_exact && parts
}

/// "three convicted", and "he and two others" or "two co-defendants".
fn is_rest(pair: &Pair<'_>, both: [&Quantity<'_>; 2]) -> bool {
    let others = |n: usize| {
        let side = [pair.a, pair.b][n];
        let tokens = &side.document.layers().tokens.items()[both[n].after(side)];
        tokens.iter().any(|token| {
            let word = side.slice(token.span).to_lowercase();
            matches!(word.as_str(), "other" | "others" | "more" | "further" | "co") || word.starts_with("co-")
        })
    };
    (both[0].figure.value - both[1].figure.value).abs() <= 1.0 && others(0) != others(1)
}

/// True if the report of side `other` tells the figure of the opposite side too: in the same sentence, or anywhere if it is
/// a figure to know again or the words around are at least as near as those around the figure here.
fn is_told_elsewhere(pair: &Pair<'_>, both: [&Quantity<'_>; 2], other: usize) -> bool {
    let side = [pair.a, pair.b][other];
    let (here, there) = (both[other], both[1 - other]);
    let sentences = side.sentences();
    let ranges = |own: &Quantity<'_>| match other {
        1 => [there.around.clone(), own.around.clone()],
        _ => [own.around.clone(), there.around.clone()],
    };
    let near_here = pair.nearness(ranges(here));
    let is_of_one = |own: &Quantity<'_>,
                     same: fn(&Pair<'_>, &Quantity<'_>, &Quantity<'_>) -> Option<bool>| {
        let same = if other == 1 { same(pair, there, own) } else { same(pair, own, there) };
        same != Some(false)
    };
    side.document.layers().figures.items().iter().any(|figure| {
        if figure.span == here.figure.span
            || figure.ordinal
            || is_vague(figure)
            || !agree(there.figure, figure)
        {
            return false;
        }
        let own = Quantity::of(side, figure);
        let large = there.figure.value >= SMALL;
        if !is_of_one(&own, same_persons) || !(large || sentences.contains(figure.span)) {
            return false;
        }
        let telling = !figure.unit.symbol.is_empty() || there.figure.value >= TELLING;
        let is_known_again =
            large && (telling || sentences.contains(figure.span)) && is_same(figure, there.figure);
        is_known_again
            || is_of_one(&own, same_head)
                && (sentences.contains(figure.span) || pair.nearness(ranges(&own)) >= near_here)
    })
}

/// "dozens", "several hundred": many a figure is within it.
fn is_vague(figure: &Figure) -> bool {
    figure.approximation == Approximation::About && figure.high >= VAGUE * figure.low
}

/// True for one value, not only one within rounding.
fn is_same(x: &Figure, y: &Figure) -> bool {
    let (a, b) = (x.unit.to_base(x.value), y.unit.to_base(y.value));
    (a - b).abs() <= SAME * a.abs().max(b.abs())
}

/// Whether the persons named beside the two are the same; `None` where a person is named beside one alone.
fn same_persons(pair: &Pair<'_>, x: &Quantity<'_>, y: &Quantity<'_>) -> Option<bool> {
    let [p, q] = [(pair.a, x), (pair.b, y)].map(|(side, quantity)| {
        let tokens = side.document.layers().tokens.items();
        let around = tokens
            .get(quantity.around.clone())
            .and_then(|tokens| Some(tokens.first()?.span.cover(tokens.last()?.span)));
        let mentions = side.document.layers().mentions.items().iter();
        let near = mentions.filter(|mention| {
            mention.form == MentionForm::Named
                && mention.kind == EntityKind::Person
                && around.is_some_and(|around| around.contains(mention.span))
        });
        near.filter_map(|mention| Some(pair.cast.entity(side.report.index(), mention.entity?)))
            .collect::<Vec<usize>>()
    });
    (!p.is_empty() && !q.is_empty()).then(|| p.iter().any(|entity| q.contains(entity)))
}

/// Whether what the two count is the same kind of thing; `None` where one of them does not say what.
fn same_head(pair: &Pair<'_>, x: &Quantity<'_>, y: &Quantity<'_>) -> Option<bool> {
    let sides = [pair.a, pair.b];
    let phrases = [&x.phrase, &y.phrase];
    if x.toll.zip(y.toll).is_some_and(|(p, q)| p.of != q.of) {
        return Some(false);
    }
    let names = [0, 1].map(|n| pair.names(n, phrases[n].clone()));
    if names.iter().all(|names| !names.is_empty()) && !names[0].iter().any(|id| names[1].contains(id)) {
        return Some(false);
    }
    let heads = [0, 1].map(|n| phrases[n].clone().next_back());
    let word = |n: usize| {
        let tokens = sides[n].document.layers().tokens.items();
        heads[n].map_or(String::new(), |token| sides[n].slice(tokens[token].span).to_lowercase())
    };
    let words = [0, 1].map(word);
    // "The death toll rose to 14", "eleven communes".
    let of_things = |n: usize| heads[n].is_some() && !counts_people(&words[n]);
    if (x.toll.is_some() && y.toll.is_none() && of_things(1))
        || (y.toll.is_some() && x.toll.is_none() && of_things(0))
    {
        return Some(false);
    }
    let [Some(p), Some(q)] = heads else { return None };
    if words.iter().all(|word| counts_people(word)) {
        return Some(true);
    }
    if [(0, p), (1, q)].iter().any(|&(n, token)| pair.words(n, token..token + 1).is_empty()) {
        return None;
    }
    Some(pair.nearness([p..p + 1, q..q + 1]) > 0.0)
}

/// How near two values are, `0.0..=1.0`. A count below [`SMALL`] is near others by chance, so it tells less.
fn closeness(x: &Figure, y: &Figure) -> f64 {
    let near = nearness(x, y);
    if x.unit.symbol.is_empty() && x.value.min(y.value) < SMALL { near * SMALL_TELLS } else { near }
}

/// "passport numbers of 340,000 members", "430,000 passport numbers": two such numbers are hardly of two things.
fn is_large_misread(x: &Figure, y: &Figure) -> bool {
    let large = |figure: &Figure| {
        figure.value / stemma_core::last_place(figure.value) >= 10.0 && figure.value >= LARGE
    };
    large(x) && large(y) && misread(x.value, y.value)
}
