//! Words around a number: how exact it claims to be, and what it counts.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

use stemma_core::{Approximation, Span, TokenKind};

use crate::numbers::Pieces;
use crate::words::entries;

/// What a word beside a number is good for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Class {
    /// Ends a noun phrase, or stands in place of one.
    Function,
    /// A plural that does not end in "s", or a noun of many.
    Plural,
    /// Ends in "s" and is no plural.
    NotPlural,
    /// A number after it is a name or a place in a list: "Article 5".
    Label,
    /// Last word of an address.
    Street,
    /// A verb whose "over" bounds no number: "handed over 24 men".
    HandsOver,
    /// Stands beside a score or the outcome of a vote.
    Score,
}

static CLASSES: LazyLock<FxHashSet<(Class, &'static str)>> = LazyLock::new(|| {
    let mut classes = FxHashSet::default();
    for line in entries(include_str!("../../data/figure-words.txt")) {
        let mut fields = line.split_whitespace();
        let class = match fields.next() {
            Some("function") => Class::Function,
            Some("plural") => Class::Plural,
            Some("not-plural") => Class::NotPlural,
            Some("label") => Class::Label,
            Some("street") => Class::Street,
            Some("hands-over") => Class::HandsOver,
            _ => Class::Score,
        };
        classes.extend(fields.map(|word| (class, word)));
    }
    classes
});

/// True if `word`, in lower case, is of `class`.
pub(super) fn is(class: Class, word: &str) -> bool {
    CLASSES.contains(&(class, word))
}

/// Phrases before a number by their first word, longest first.
type Bounds = FxHashMap<&'static str, Vec<(Vec<&'static str>, Bound)>>;

static BOUNDS: LazyLock<Bounds> = LazyLock::new(|| {
    let mut bounds = Bounds::default();
    for line in entries(include_str!("../../data/figure-bounds.txt")) {
        let mut fields = line.split_whitespace();
        let bound = match fields.next() {
            Some("nearly") => Bound::Nearly,
            Some("at-least") => Bound::AtLeast,
            Some("more-than") => Bound::MoreThan,
            Some("at-most") => Bound::AtMost,
            Some("less-than") => Bound::LessThan,
            _ => Bound::About,
        };
        let phrase: Vec<&'static str> = fields.collect();
        let others = bounds.entry(phrase[0]).or_default();
        others.push((phrase, bound));
        others.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    }
    bounds
});

/// How a phrase before a number bounds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bound {
    About,
    /// "nearly", "almost", "just under": not above.
    Nearly,
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
}

impl Bound {
    pub(super) fn approximation(self) -> Approximation {
        match self {
            Bound::About | Bound::Nearly => Approximation::About,
            Bound::AtLeast => Approximation::AtLeast,
            Bound::MoreThan => Approximation::MoreThan,
            Bound::AtMost => Approximation::AtMost,
            Bound::LessThan => Approximation::LessThan,
        }
    }
}

/// The bound that starts at `at`, and one past it.
pub(super) fn bound_before(pieces: &Pieces<'_>, at: usize) -> Option<(Bound, usize)> {
    let matches = |phrase: &[&str]| phrase.iter().enumerate().all(|(n, word)| pieces.word(at + n) == *word);
    let found = BOUNDS.get(pieces.word(at))?.iter().find(|(phrase, _)| matches(phrase));
    found.map(|(phrase, bound)| (*bound, at + phrase.len()))
}

/// The bound after a number: "or more", "or so", "-plus", "+".
pub(super) fn bound_after(pieces: &Pieces<'_>, at: usize) -> Option<(Bound, usize)> {
    match (pieces.word(at), pieces.word(at + 1)) {
        ("or", "more") | ("and", "above" | "over") => Some((Bound::AtLeast, at + 2)),
        ("or", "fewer" | "less") => Some((Bound::AtMost, at + 2)),
        ("or", "so") => Some((Bound::About, at + 2)),
        ("plus", _) if pieces.hyphen(at) => Some((Bound::AtLeast, at + 1)),
        ("odd" | "ish", _) if pieces.hyphen(at) => Some((Bound::About, at + 1)),
        ("+", _) if pieces.glued(at) => Some((Bound::AtLeast, at + 1)),
        _ => None,
    }
}

/// How many pieces after a number the thing counted may stand.
const REACH: usize = 6;

/// The noun that the number before `at` counts: "people" of "14 young people", "jobs" of "300 of the jobs".
pub(super) fn counted(pieces: &Pieces<'_>, at: usize, one: bool) -> Option<Span> {
    let mut at = at;
    if pieces.word(at) == "of" {
        at += 1;
        if !matches!(
            pieces.word(at),
            "the" | "its" | "their" | "his" | "her" | "these" | "those" | "our" | "all"
        ) {
            // "dozens of people", "hundreds of thousands" is read before.
            if !is_noun_like(pieces, at) {
                return None;
            }
        } else {
            at += 1;
        }
    }
    // "nine more bodies"
    if pieces.word(at) == "more" && pieces.goes_on(at + 1) && is_noun_like(pieces, at + 1) {
        at += 1;
    }
    let mut last = None;
    for n in at..at + REACH {
        if n > at && !pieces.goes_on(n) {
            break;
        }
        // "burned-out" of "burned-out houses"; "co-defendants" is what is counted.
        let is_joined = pieces.hyphen(n) || pieces.hyphen(n + 1);
        if is_joined && (pieces.hyphen(n + 1) || !is_plural(pieces.word(n))) {
            continue;
        }
        if !is_noun_like(pieces, n) {
            break;
        }
        if is_plural(pieces.word(n)) && !one {
            // "police officers": the last of several.
            let more = pieces.goes_on(n + 1) && is_noun_like(pieces, n + 1) && is_plural(pieces.word(n + 1));
            if !more {
                return Some(pieces.span(n, n + 1));
            }
        }
        if last.is_some() && is_participle(pieces.word(n)) {
            break;
        }
        last = Some(n);
    }
    last.map(|n| pieces.span(n, n + 1))
}

fn is_noun_like(pieces: &Pieces<'_>, at: usize) -> bool {
    let word = pieces.word(at);
    pieces.get(at).is_some_and(|piece| piece.kind == TokenKind::Word)
        && word.len() > 1
        && !word.starts_with(['’', '\''])
        && !is(Class::Function, word)
        && !word.ends_with("ly")
}

fn is_participle(word: &str) -> bool {
    (word.ends_with("ed") || word.ends_with("ing")) && word.len() > 4
}

/// True for what looks like the plural of a noun.
fn is_plural(word: &str) -> bool {
    is(Class::Plural, word)
        || (word.len() > 3
            && word.ends_with('s')
            && !word.ends_with("ss")
            && !word.ends_with("us")
            && !word.ends_with("is")
            && !is(Class::NotPlural, word))
        || word.ends_with("men")
        || (word.len() > 4 && word.ends_with("folk"))
}
