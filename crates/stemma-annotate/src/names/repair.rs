//! What the tagger must not do: rules that hold whatever the weights say.
//!
//! Days and months are no names and end none; a listed country, nationality or building keeps its kind; and a surname goes
//! with its full name.

use std::collections::BTreeMap;
use std::ops::Range;

use stemma_core::EntityKind;

use super::find::{is_abbreviation, is_function_word};
use super::lexicon::{Lexicons, Traits};
use super::tags::Named;
use super::units::{Reading, Shape};

/// Codes of currencies that stand before sums.
const CURRENCIES: &[&str] = &[
    "aed", "ars", "aud", "bdt", "bhd", "brl", "cad", "chf", "clp", "cny", "cop", "czk", "dkk", "egp", "eur",
    "gbp", "ghs", "hkd", "huf", "idr", "ils", "inr", "jod", "jpy", "kes", "krw", "kwd", "lkr", "mad", "mxn",
    "myr", "ngn", "nok", "npr", "nzd", "omr", "pen", "php", "pkr", "pln", "qar", "rmb", "ron", "rub", "sar",
    "sek", "sgd", "thb", "try", "twd", "tzs", "uah", "ugx", "usd", "vnd", "xaf", "zar",
];

/// Repairs the tagger's names; in text order, without overlaps, and so is the result. Of the `rules`' names those are taken that
/// stand where the tagger was misled by the capitals of a headline.
pub(super) fn repair(
    reading: &Reading,
    lexicons: &Lexicons,
    tagged: Vec<Named>,
    rules: &[Named],
) -> Vec<Named> {
    let (misled, sound): (Vec<Named>, Vec<Named>) =
        tagged.into_iter().partition(|name| is_misled(reading, name.units.clone()));
    let whole = sound.into_iter().flat_map(|name| parted(reading, lexicons, name));
    let repaired = whole.filter_map(|name| {
        let units = without_calendar(reading, name.units)?;
        let units = without_loose_end(reading, units, name.kind)?;
        let traits = lexicons.traits(&reading.phrase(units.clone()));
        let kind = listed_kind(traits, units.len(), name.kind).unwrap_or(name.kind);
        Some(Named { units, kind })
    });
    let mut names: Vec<Named> = repaired.collect();
    for name in misled {
        let first = rules.partition_point(|rule| rule.units.start < name.units.start);
        let inside = rules[first..].iter().take_while(|rule| rule.units.end <= name.units.end);
        names.extend(inside.cloned());
    }
    names.sort_by_key(|name| name.units.start);
    share_surnames(reading, &mut names);
    names
}

/// A person's name, or two with a hyphen, that has run into a listed name of several words, as what it is: "Kaya-Ruiz" and "White House" of
/// "the Kaya-Ruiz White House talks".
fn parted(reading: &Reading, lexicons: &Lexicons, name: Named) -> Vec<Named> {
    let Range { start, end } = name.units;
    let traits = |from: usize| lexicons.traits(&reading.phrase(from..end));
    let listed = Traits::ORGANIZATION | Traits::FACILITY | Traits::PLACE;
    let border = (start + 1..end.saturating_sub(1)).find(|&from| traits(from).any(listed));
    let persons = |border: usize| {
        let pair = (start..border).any(|at| reading.units[at].is("-"));
        (name.kind == EntityKind::Person || pair) && !traits(start).any(listed)
    };
    let Some(border) = border.filter(|&border| persons(border)) else { return vec![name] };
    let kind = if traits(border).any(Traits::ORGANIZATION) {
        EntityKind::Organization
    } else if traits(border).any(Traits::FACILITY) {
        EntityKind::Facility
    } else {
        EntityKind::Place
    };
    vec![Named { units: start..border, kind: EntityKind::Person }, Named { units: border..end, kind }]
}

/// A stretch of a headline that goes on over a word that is in no name: "Storm Lyra Stalls Over Hills".
fn is_misled(reading: &Reading, units: Range<usize>) -> bool {
    let headline = reading.runs[reading.run_of(units.start)].headline;
    headline
        && units.len() > 2
        && units.skip(1).any(|at| reading.units[at].shape == Shape::Capital && is_function_word(reading, at))
}

/// `units` without what cannot end a name of its kind, or stand for one; `None` if nothing else is there.
fn without_loose_end(reading: &Reading, units: Range<usize>, kind: EntityKind) -> Option<Range<usize>> {
    let mut units = units;
    let headline = reading.runs[reading.run_of(units.start)].headline;
    let is_loose = |at: usize| {
        let unit = &reading.units[at];
        let next = reading.units.get(at + 1);
        let score =
            headline || next.is_some_and(|next| next.is_any(&["-", "–"])) || unit.folded.contains('-'); // "Ardmoor Athletic 2-3"
        let number = match kind {
            EntityKind::Product | EntityKind::Event | EntityKind::Organization => score,
            _ => true,
        };
        unit.shape == Shape::Lower && is_function_word(reading, at) || unit.shape == Shape::Number && number
    };
    while units.len() > 1 && is_loose(units.end - 1) {
        units.end -= 1;
    }
    let first = &reading.units[units.start];
    let rest = units.start + 1..units.end;
    let sum = first.is_any(CURRENCIES)
        && !rest.is_empty()
        && reading.units[rest].iter().all(|unit| matches!(unit.shape, Shape::Number | Shape::Symbol));
    let title = units.len() == 1
        && is_abbreviation(reading, units.start)
        && reading.units.get(units.end).is_some_and(|next| next.is(".") || next.is_capitalized());
    (!sum && !title).then_some(units)
}

/// `units` without days and months at their ends; `None` if nothing else is there.
fn without_calendar(reading: &Reading, units: Range<usize>) -> Option<Range<usize>> {
    let is_calendar = |at: usize| {
        let unit = &reading.units[at];
        unit.traits.any(Traits::CALENDAR)
            && !unit.traits.any(Traits::GIVEN | Traits::FAMILY | Traits::ORGANIZATION)
            || matches!(unit.shape, Shape::Number | Shape::Possessive | Shape::Quote) && units.len() == 1
    };
    let mut units = units.clone();
    while !units.is_empty() && is_calendar(units.end - 1) {
        units.end -= 1;
    }
    while !units.is_empty() && is_calendar(units.start) {
        units.start += 1;
    }
    (!units.is_empty()).then_some(units)
}

/// The kind that the lists leave no doubt about.
fn listed_kind(traits: Traits, n_units: usize, kind: EntityKind) -> Option<EntityKind> {
    let personal = kind == EntityKind::Person;
    if traits.any(Traits::FACILITY) && n_units > 1 {
        return Some(EntityKind::Facility);
    }
    if traits.any(Traits::COUNTRY) && !personal && kind != EntityKind::Group {
        return Some(EntityKind::Place);
    }
    let group =
        traits.any(Traits::ANY_GROUP) && !traits.any(Traits::COUNTRY | Traits::ORGANIZATION | Traits::PLACE);
    (group && !personal).then_some(EntityKind::Group)
}

/// A single word that ends a full name of a person in the text is that person.
fn share_surnames(reading: &Reading, names: &mut [Named]) {
    let mut surnames: BTreeMap<&str, i32> = BTreeMap::new();
    for name in names.iter().filter(|name| name.units.len() > 1) {
        let last = &reading.units[name.units.end - 1];
        let vote = if name.kind == EntityKind::Person { 1 } else { -1 };
        *surnames.entry(&last.folded).or_default() += vote;
    }
    for name in names.iter_mut().filter(|name| name.units.len() == 1) {
        let unit = &reading.units[name.units.start];
        let is_surname = surnames.get(unit.folded.as_str()).is_some_and(|&votes| votes > 0);
        let other = unit.traits.any(Traits::COUNTRY | Traits::ANY_GROUP | Traits::PLACE)
            || unit.shape == Shape::Upper;
        let after_the = name.units.start > 0 && reading.units[name.units.start - 1].is("the");
        if is_surname && !other && !after_the {
            name.kind = EntityKind::Person;
        }
    }
}
