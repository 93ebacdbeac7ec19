//! What a count of an event is of, as far as the words beside it say: the dead, the hurt, the missing; and how it goes on.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use stemma_core::Figure;

use super::Side;
use super::around::around;

/// How a count goes on as time passes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Course {
    /// It rises as an event becomes known.
    Grows,
    /// It falls as others are found.
    Falls,
    /// It is quoted from hour to hour.
    Moves,
}

/// What a count is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Toll {
    /// "dead", "hurt", "missing" …; two counts of different kinds are two counts.
    pub(super) of: &'static str,
    pub(super) course: Course,
}

static TOLLS: LazyLock<BTreeMap<&'static str, Toll>> = LazyLock::new(|| {
    let mut tolls = BTreeMap::new();
    for line in crate::terms::words(include_str!("../../data/tolls.txt")) {
        let mut fields = line.split_whitespace();
        let (Some(of), Some(course)) = (fields.next(), fields.next()) else { continue };
        let course = match course {
            "grows" => Course::Grows,
            "falls" => Course::Falls,
            _ => Course::Moves,
        };
        tolls.extend(fields.map(|word| (word, Toll { of, course })));
    }
    tolls
});

/// What `figure` counts, by the nearest word of its clause that says so; of two as near the one behind it.
pub(super) fn toll(side: Side<'_>, figure: &Figure) -> Option<Toll> {
    let all = side.document.layers().figures.items().iter().map(|other| other.span);
    let around = around(side, figure.span, all.filter(|&other| other != figure.span));
    let own = side.document.tokens_in(figure.span);
    let tokens = side.document.layers().tokens.items();
    let word = |n: usize| side.slice(tokens[n].span).to_lowercase();
    let parts = |n: &usize| matches!(word(*n).as_str(), "," | ";" | ":" | "and" | "but" | "—" | "–");
    // "The death toll from floods in the hills of the north rose to 14": the subject stands far before.
    let before =
        side.document.layers().figures.items().iter().filter(|other| other.span.end() <= figure.span.start());
    let before = before.map(|other| side.document.tokens_in(other.span).end).max().unwrap_or(0);
    let sentence = side.document.tokens_in(side.sentences()).start;
    let first = own.start.saturating_sub(SUBJECT).max(sentence).max(before).min(own.start);
    let start = (first..own.start).rev().find(parts).map_or(first, |n| n + 1);
    let said = (start..around.end).filter_map(|n| {
        let toll = match word(n).as_str() {
            "found" if (start..n).any(|before| matches!(word(before).as_str(), "not" | "yet")) => MISSING,
            word => *TOLLS.get(word)?,
        };
        let distance = if n < own.start { own.start - n } else { (n + 1).saturating_sub(own.end) };
        Some((distance, n < own.start, toll))
    });
    said.min_by_key(|&(distance, before, _)| (distance, before)).map(|(.., toll)| toll)
}

/// How far before a figure the word may stand that says what it counts. Unit: tokens.
const SUBJECT: usize = 15;

/// "had not been found"
const MISSING: Toll = Toll { of: "missing", course: Course::Falls };
