//! Lengths of time that are counted from something: "ten minutes from time", "nine minutes into the second half".
//!
//! They say when, not how long, so "for 80 minutes" does not contradict them, nor does a length that is counted the other way.

use stemma_core::Figure;

use super::Side;

/// From what, and which way, a length of time is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offset {
    /// "ten minutes from time", "with two days to go"
    FromEnd,
    /// "nine minutes into the second half"
    Into,
    /// "two hours before", "earlier", "ago"
    Before,
    /// "two hours after", "later"
    After,
}

/// True if the one says when and the other how long, or another way around.
pub(super) fn are_of_two_kinds(sides: [Side<'_>; 2], figures: [&Figure; 2]) -> bool {
    if figures.iter().any(|figure| figure.unit.base != "s") {
        return false;
    }
    let firm = |offset: Option<Offset>| matches!(offset, Some(Offset::FromEnd | Offset::Into));
    match [0, 1].map(|n| offset(sides[n], figures[n])) {
        [Some(x), Some(y)] => x != y,
        [x, y] => firm(x) != firm(y),
    }
}

fn offset(side: Side<'_>, figure: &Figure) -> Option<Offset> {
    let tokens = side.document.layers().tokens.items();
    let at = side.document.tokens_in(figure.span).end;
    let word = |n: usize| tokens.get(n).map_or(String::new(), |token| side.slice(token.span).to_lowercase());
    match (word(at).as_str(), word(at + 1).as_str()) {
        ("from", "time" | "the") | ("to", "go") | ("left" | "remaining", _) => Some(Offset::FromEnd),
        ("into", _) => Some(Offset::Into),
        ("before" | "earlier" | "ago", _) => Some(Offset::Before),
        ("after" | "later", _) => Some(Offset::After),
        _ => None,
    }
}
