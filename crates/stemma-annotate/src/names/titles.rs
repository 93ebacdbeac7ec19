//! Titles and offices beside a person's name: "Russian President", "Sen.", ", the mayor of Lima,".

use std::ops::Range;

use stemma_core::{EntityKind, Span};

use super::lexicon::Traits;
use super::units::{Reading, Shape};

/// True if `range` reads as a person's name once a title has been taken off.
pub(super) fn looks_personal(reading: &Reading, range: Range<usize>) -> bool {
    let units = &reading.units[range];
    let heads = Traits::ORGANIZATION_HEAD
        | Traits::ORGANIZATION_FIRST
        | Traits::FACILITY_HEAD
        | Traits::COUNTRY
        | Traits::ANY_GROUP
        | Traits::TITLE;
    let (Some(first), Some(last)) = (units.first(), units.last()) else { return false };
    let named = |unit: &super::units::Unit| {
        unit.shape == Shape::Initial
            || unit.traits.any(Traits::GIVEN | Traits::FAMILY)
            || !unit.traits.any(Traits::COMMON)
    };
    units.len() <= 6
        && first.is_capitalized()
        && !units.iter().any(|unit| unit.is_any(&["of", "and", "&", "for"]))
        && (!last.traits.any(heads) || last.traits.any(Traits::GIVEN | Traits::FAMILY))
        && named(first)
        && (named(last) || first.traits.any(Traits::GIVEN))
}

/// Where a person's name starts in a sequence that opens with a title; `None` if it has none.
pub(super) fn name_after_title(reading: &Reading, range: Range<usize>) -> Option<usize> {
    let title = range.clone().rev().find(|&at| is_title(reading, at) && at + 1 < range.end)?;
    let mut name = title + 1;
    if name < range.end && reading.units[name].is(".") {
        name += 1;
    }
    if name + 1 < range.end && reading.units[name].is("of") {
        name += 2; // "Secretary of State Jane Doe"
    }
    if name >= range.end {
        return None;
    }
    let honorific =
        reading.units[title].traits.any(Traits::HONORIFIC) && reading.units[name].is_capitalized();
    let rest = name..range.end;
    (looks_personal(reading, rest.clone()) || honorific && rest.len() <= 3).then_some(name)
}

fn is_title(reading: &Reading, at: usize) -> bool {
    let unit = &reading.units[at];
    unit.traits.any(Traits::TITLE)
        && unit.is_capitalized()
        && !(unit.shape == Shape::Upper && unit.folded.len() < 3)
}

/// Where the title starts that ends before `name`, not before `limit`.
pub(super) fn title_start(reading: &Reading, limit: usize, name: usize) -> usize {
    let mut start = name;
    while start > limit {
        let unit = &reading.units[start - 1];
        let part = unit.traits.any(Traits::TITLE | Traits::MODIFIER)
            || unit.is(".")
            || unit.is("of")
            || (start < name && reading.units[start].is("of")) // a portfolio is looked at with its "of"
            || (start >= 2 && start - 1 > limit && reading.units[start - 2].is("of") && unit.traits.any(Traits::COMMON));
        if !part {
            break;
        }
        start -= 1;
    }
    start
}

/// The end of `range` without titles that no name follows: "Ukrainian President" → "Ukrainian".
pub(super) fn without_trailing_title(reading: &Reading, range: Range<usize>) -> usize {
    let mut end = range.end;
    while end > range.start {
        let unit = &reading.units[end - 1];
        let title = unit.traits.any(Traits::RANK | Traits::OFFICE | Traits::HONORIFIC)
            && !unit.traits.any(Traits::GIVEN | Traits::FAMILY | Traits::ORGANIZATION_HEAD);
        let abbreviated = end == range.end
            && unit.is_any(&["sen", "sens", "rep", "reps", "gov", "gen", "col", "lt", "dr", "prof"])
            && reading.units.get(end).is_some_and(|next| next.is("."));
        let title = title || abbreviated;
        let inside = end < range.end && (unit.traits.any(Traits::MODIFIER) || unit.is("of"));
        if !(title || inside) {
            break;
        }
        end -= 1;
    }
    end
}

/// The title of a name at `span`: what stands right before it, else right after it.
pub(super) fn title_of(reading: &Reading, span: Span, kind: EntityKind) -> Option<Span> {
    if kind != EntityKind::Person {
        return None;
    }
    let units = reading.units_in(span);
    if units.is_empty() {
        return None;
    }
    title_before(reading, units.start).or_else(|| title_after(reading, units.end))
}

/// "Russian President", "former Lima mayor", "lawyer", "Sen.", "Secretary of State"
fn title_before(reading: &Reading, name: usize) -> Option<Span> {
    let limit = reading.runs[reading.run_of(name)].units.start.max(name.saturating_sub(MAX_TITLE_UNITS));
    let office = |at: usize| {
        let unit = &reading.units[at];
        unit.traits.any(Traits::TITLE) && (unit.shape == Shape::Lower || !unit.traits.any(Traits::GIVEN))
    };
    let back = |n: usize| name.checked_sub(n).filter(|&at| at >= limit);
    let mut start = match (back(1), back(2), back(3)) {
        (Some(last), _, _) if office(last) => last,
        (Some(last), Some(before), _) if reading.units[last].is(".") && office(before) => before,
        (_, Some(of), Some(head)) if reading.units[of].is("of") && office(head) => head,
        _ => return None,
    };
    while start > limit && belongs_to_title(reading, start - 1, limit) {
        start -= 1;
    }
    while reading.units[start].shape == Shape::Possessive {
        start += 1;
    }
    (start < name).then(|| reading.span(start..name))
}

/// Longest title before a name that is looked for.
const MAX_TITLE_UNITS: usize = 9;

/// True for a unit that stands before an office in one title with it.
fn belongs_to_title(reading: &Reading, at: usize, limit: usize) -> bool {
    let unit = &reading.units[at];
    let before = at.checked_sub(1).filter(|&before| before >= limit).map(|before| &reading.units[before]);
    let parts = Traits::TITLE
        | Traits::MODIFIER
        | Traits::ANY_GROUP
        | Traits::COUNTRY
        | Traits::ORGANIZATION
        | Traits::PLACE;
    let name = unit.is_capitalized() && !unit.opens && !unit.traits.any(Traits::CALENDAR);
    let link = unit.is("of") || unit.is("-") || unit.is(".");
    let linked = link && before.is_some_and(|before| before.traits.any(parts));
    let possessive =
        unit.shape == Shape::Possessive && before.is_some_and(super::units::Unit::is_capitalized);
    name || linked || possessive || unit.traits.any(parts)
}

/// ", the mayor of Lima," and "(R-Ariz.)": an office in apposition, up to the comma or parenthesis that closes it.
fn title_after(reading: &Reading, end: usize) -> Option<Span> {
    let run = &reading.runs[reading.run_of(end.saturating_sub(1))];
    let limit = run.units.end.min(end + 14);
    if end + 1 >= limit {
        return None;
    }
    let closes: &[&str] = match reading.units[end].folded.as_str() {
        "," => &[",", ".", ";", "—", "–"],
        "(" => &[")"],
        _ => return None,
    };
    let mut start = end + 1;
    while start < limit && reading.units[start].is_any(&["the", "a", "an", "who", "is", "was"]) {
        start += 1;
    }
    let close = (start..limit).find(|&at| reading.units[at].is_any(closes))?;
    let phrase = start..close;
    if phrase.is_empty() {
        return None;
    }
    let head = phrase
        .clone()
        .take_while(|&at| {
            !reading.units[at].is_any(&["of", "for", "in", "at", "from", "with", "and", "who", "to", "on"])
                && reading.units[at].shape != Shape::Possessive
        })
        .last()?;
    let office = reading.units[head].traits.any(Traits::OFFICE | Traits::RANK)
        || phrase.clone().take(4).any(|at| {
            reading.units[at].shape == Shape::Lower && reading.units[at].traits.any(Traits::OFFICE)
        });
    let party =
        reading.units[end].is("(") && phrase.len() <= 4 && reading.units[start].is_any(&["r", "d", "i"])
            || reading.units[end].is("(")
                && phrase.len() <= 2
                && ["r-", "d-", "i-"].iter().any(|p| reading.units[start].folded.starts_with(p));
    (office || party).then(|| reading.span(phrase))
}
