//! What the tagger must not do: rules that hold whatever the weights say.
//!
//! Days and months are no names and end none; a listed country, nationality or building keeps its kind; and a surname goes
//! with its full name.

use std::collections::BTreeMap;
use std::ops::Range;

use stemma_core::EntityKind;

use super::lexicon::{Lexicons, Traits};
use super::tags::Named;
use super::units::{Reading, Shape};

/// Repairs the tagger's names; in text order, without overlaps, and so is the result.
pub(super) fn repair(reading: &Reading, lexicons: &Lexicons, tagged: Vec<Named>) -> Vec<Named> {
    let repaired = tagged.into_iter().filter_map(|name| {
        let units = without_calendar(reading, name.units)?;
        let traits = lexicons.traits(&reading.phrase(units.clone()));
        let kind = listed_kind(traits, units.len(), name.kind).unwrap_or(name.kind);
        Some(Named { units, kind })
    });
    let mut names: Vec<Named> = repaired.collect();
    share_surnames(reading, &mut names);
    names
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
