//! Units and currencies: the lists, and how they are found beside a number.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

use stemma_core::{TokenKind, Unit};

use crate::numbers::Pieces;
use crate::words::entries;

/// Names of units of at most so many pieces: "kilometers an hour".
const LONGEST_NAME: usize = 4;

static UNITS: LazyLock<FxHashMap<String, Unit>> = LazyLock::new(|| {
    let mut units = FxHashMap::default();
    for line in entries(include_str!("../../data/units.txt")) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let number = |n: usize| -> f64 { fields[n].parse().expect("the built-in list holds numbers") };
        let unit = Unit {
            symbol: fields[0].to_owned(),
            base: fields[1].to_owned(),
            factor: number(2),
            offset: number(3),
        };
        for name in std::iter::once(&fields[0]).chain(&fields[4..]) {
            units.insert(name.replace('_', " ").to_ascii_lowercase(), unit.clone());
        }
    }
    units
});

static CURRENCIES: LazyLock<FxHashMap<String, Unit>> = LazyLock::new(|| {
    let mut units = FxHashMap::default();
    for line in entries(include_str!("../../data/currencies.txt")) {
        let mut fields = line.split_whitespace();
        let Some(code) = fields.next() else { continue };
        let unit = plain(code);
        for name in std::iter::once(code).chain(fields) {
            units.insert(name.replace('_', " ").to_ascii_lowercase(), unit.clone());
        }
    }
    units
});

/// A unit that is its own base.
pub(super) fn plain(symbol: &str) -> Unit {
    Unit { symbol: symbol.to_owned(), base: symbol.to_owned(), factor: 1.0, offset: 0.0 }
}

/// The first words of all names, so that most words need one look.
static FIRST_WORDS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    UNITS.keys().chain(CURRENCIES.keys()).filter_map(|name| name.split(' ').next()).collect()
});

/// The longest name from `names` that starts at `at`, and one past it.
fn longest(pieces: &Pieces<'_>, at: usize, names: &FxHashMap<String, Unit>) -> Option<(Unit, usize)> {
    if !FIRST_WORDS.contains(pieces.word(at)) {
        return None;
    }
    let mut name = String::new();
    let mut found = None;
    for end in at..(at + LONGEST_NAME).min(pieces.len()) {
        if end > at {
            if !pieces.goes_on(end) {
                break;
            }
            name.push(' ');
        }
        name.push_str(pieces.word(end));
        if let Some(unit) = names.get(&name) {
            found = Some((unit.clone(), end + 1));
        }
    }
    found
}

/// The unit or currency that stands at `at`, after a number, and one past it.
pub(super) fn unit_after(pieces: &Pieces<'_>, at: usize) -> Option<(Unit, usize)> {
    let piece = pieces.get(at)?;
    if piece.kind == TokenKind::Number {
        return None;
    }
    let (unit, end) = longest(pieces, at, &UNITS).or_else(|| currency_after(pieces, at))?;
    let letters = pieces.raw(at);
    // "5 in the morning", "5 C" and "2 A" are no inches, degrees or amperes; "10 St Mary’s Road" is no weight.
    let short = end == at + 1 && letters.len() <= 2 && letters.is_ascii() && letters != "%";
    let clear = !short
        || matches!(
            letters,
            "km" | "kg"
                | "cm"
                | "mm"
                | "ft"
                | "mi"
                | "ha"
                | "kW"
                | "MW"
                | "GW"
                | "MB"
                | "GB"
                | "TB"
                | "lb"
                | "hp"
                | "pp"
                | "mg"
                | "ml"
        )
        || (piece.glued && matches!(letters, "m" | "g" | "t" | "L" | "W" | "h"));
    // "seconds" counts, "a second man" does not; names of units are in lower case.
    clear.then_some((unit, end))
}

fn currency_after(pieces: &Pieces<'_>, at: usize) -> Option<(Unit, usize)> {
    let (unit, end) = longest(pieces, at, &CURRENCIES)?;
    let word = pieces.word(end - 1);
    // "won" after a number is money, but not in "the 12 won by": lower case, no preposition after it.
    let verb = matches!(word, "won" | "real" | "sol")
        && matches!(
            pieces.word(end),
            "by" | "the" | "a" | "in" | "their" | "his" | "her" | "estate" | "madrid"
        );
    (!verb).then_some((unit, end))
}

/// The currency whose sign stands at `at`, before a number, and one past it: "$", "US$", "Rs.", "EUR".
pub(super) fn currency_before(pieces: &Pieces<'_>, at: usize) -> Option<(Unit, usize)> {
    let (unit, end) = longest(pieces, at, &CURRENCIES)?;
    let sign = pieces.get(end - 1).is_some_and(|piece| piece.kind == TokenKind::Symbol);
    let raw = pieces.raw(at);
    let code = end == at + 1 && raw.len() == 3 && raw.bytes().all(|b| b.is_ascii_uppercase());
    let short = matches!(raw, "Rs" | "RM" | "Sfr" | "SFr" | "KSh" | "Ksh" | "Rmb") || (raw == "RMB");
    let end = if short { pieces.past_stop(end) } else { end };
    (sign || code || short).then_some((unit, end))
}
