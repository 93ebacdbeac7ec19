//! What a candidate name names: points for each kind, from the lists, the words inside and the words around.
//!
//! After all candidates have been judged alone, the text decides as a whole: a surname goes with its full name, and one
//! form has one kind where the evidence for it is stronger elsewhere.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use stemma_core::EntityKind;

use super::lexicon::{Lexicons, Traits};
use super::units::{Reading, Shape};

const KINDS: [EntityKind; 7] = [
    EntityKind::Person,
    EntityKind::Organization,
    EntityKind::Place,
    EntityKind::Facility,
    EntityKind::Group,
    EntityKind::Product,
    EntityKind::Event,
];
const PERSON: usize = 0;
const ORGANIZATION: usize = 1;
const PLACE: usize = 2;
const FACILITY: usize = 3;
const GROUP: usize = 4;
const PRODUCT: usize = 5;
const EVENT: usize = 6;

type Points = [f32; 7];

/// Points that a kind needs.
const LEAST: f32 = 1.0;

const SPEECH: &[&str] = &[
    "said",
    "says",
    "told",
    "added",
    "asked",
    "explained",
    "wrote",
    "tweeted",
    "replied",
    "argued",
    "insisted",
    "noted",
    "stated",
    "claimed",
    "recalled",
    "admitted",
    "warned",
    "thinks",
    "believes",
    "who",
    "whose",
    "smiled",
];

/// The kind of each candidate; `None` for those that name nothing that we look for. In the order of `candidates`.
pub(super) fn decide_kinds(
    reading: &Reading,
    candidates: &[Range<usize>],
    lexicons: &Lexicons,
) -> Vec<Option<EntityKind>> {
    let mut points: Vec<Points> =
        candidates.iter().map(|candidate| judge(reading, candidate.clone(), lexicons)).collect();
    share_surnames(reading, candidates, &mut points);
    share_forms(reading, candidates, &mut points);
    share_acronyms(reading, candidates, &mut points);
    points.iter().map(best).collect()
}

fn best(points: &Points) -> Option<EntityKind> {
    let (kind, &most) = points.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))?;
    (most >= LEAST).then(|| KINDS[kind])
}

fn judge(reading: &Reading, range: Range<usize>, lexicons: &Lexicons) -> Points {
    let mut points = [0.0; 7];
    from_lists(reading, range.clone(), lexicons, &mut points);
    from_words(reading, range.clone(), &mut points);
    from_context(reading, range, &mut points);
    points
}

fn from_lists(reading: &Reading, range: Range<usize>, lexicons: &Lexicons, points: &mut Points) {
    let phrase = reading.phrase(range.clone());
    let traits = lexicons.traits(&phrase);
    let single = range.len() == 1;
    let common = if !single {
        2.0
    } else if reading.units[range.start].traits.any(Traits::COMMON) {
        0.5
    } else {
        1.0
    };
    if traits.any(Traits::FACILITY) {
        points[FACILITY] += 5.0 * common;
    }
    if traits.any(Traits::COUNTRY) {
        points[PLACE] += 6.0 * common.max(1.0);
    }
    if traits.any(Traits::ANY_GROUP) && !traits.any(Traits::COUNTRY) {
        points[GROUP] += 6.0 * common;
    }
    if traits.any(Traits::ORGANIZATION) {
        points[ORGANIZATION] += 5.0 * common;
    }
    if traits.any(Traits::PLACE) {
        points[PLACE] += 5.0 * common;
    }
    let personal = traits.any(Traits::GIVEN | Traits::FAMILY);
    points[PLACE] += match () {
        () if traits.any(Traits::METROPOLIS) => 4.0,
        () if traits.any(Traits::CITY) => {
            if personal {
                2.0
            } else {
                3.5
            }
        }
        () if traits.any(Traits::TOWN) => 2.5,
        () => 0.0,
    } * common;
}

fn from_words(reading: &Reading, range: Range<usize>, points: &mut Points) {
    let units = &reading.units[range];
    let (first, last) = (&units[0], &units[units.len() - 1]);
    let has_of = units.iter().any(|unit| unit.is("of") || unit.is("for"));
    if units.len() > 1 {
        head_points(last.traits, 4.0, points);
        if last.traits.any(Traits::PLACE_HEAD) && last.traits.any(Traits::ORGANIZATION_HEAD) {
            points[PLACE] -= 1.0;
        }
        if first.traits.any(Traits::PLACE_FIRST) && !has_of && !last.traits.any(Traits::ORGANIZATION_HEAD) {
            points[PLACE] += 2.5;
        }
        if first.traits.any(Traits::EVENT_FIRST) {
            points[EVENT] += 4.0;
        }
        if has_of {
            let head = units.iter().take_while(|unit| !unit.is("of") && !unit.is("for")).last();
            if let Some(head) = head {
                if head.traits.any(Traits::ORGANIZATION_FIRST) {
                    points[ORGANIZATION] += 5.0;
                }
                head_points(head.traits, 3.0, points);
            }
        }
        if units.iter().any(|unit| unit.is("&")) {
            points[ORGANIZATION] += 2.0;
        }
        if units.iter().any(|unit| unit.traits.any(Traits::ORGANIZATION_HEAD)) {
            points[ORGANIZATION] += 1.5;
        }
        personal_points(units, points);
    } else {
        single_points(first, points);
    }
}

fn head_points(traits: Traits, weight: f32, points: &mut Points) {
    let personal = traits.any(Traits::FAMILY | Traits::GIVEN) && traits.any(Traits::COMMON);
    let weight = if personal { weight * 0.7 } else { weight };
    for (trait_, kind) in [
        (Traits::ORGANIZATION_HEAD, ORGANIZATION),
        (Traits::FACILITY_HEAD, FACILITY),
        (Traits::PLACE_HEAD, PLACE),
        (Traits::EVENT_HEAD, EVENT),
        (Traits::PRODUCT_HEAD, PRODUCT),
    ] {
        if traits.any(trait_) {
            points[kind] += weight;
        }
    }
}

fn personal_points(units: &[super::units::Unit], points: &mut Points) {
    let (first, last) = (&units[0], &units[units.len() - 1]);
    if units.iter().any(|unit| unit.is_any(&["of", "and", "for", "the", "&"])) {
        return;
    }
    if first.traits.any(Traits::GIVEN) {
        points[PERSON] += 3.0;
    }
    if last.traits.any(Traits::FAMILY) {
        points[PERSON] += 1.5;
    }
    if units.iter().any(|unit| unit.shape == Shape::Initial) {
        points[PERSON] += 2.0;
    }
    let strange = units.iter().all(|unit| !unit.traits.any(Traits::COMMON) && unit.shape != Shape::Upper);
    if strange && units.len() <= 4 {
        points[PERSON] += 1.5;
    }
    if units.iter().all(|unit| unit.traits.any(Traits::COMMON)) {
        points[PERSON] -= 2.0;
        points[ORGANIZATION] += 0.8;
    }
}

fn single_points(unit: &super::units::Unit, points: &mut Points) {
    if unit.shape == Shape::Upper
        && !unit.traits.any(Traits::COUNTRY | Traits::PLACE | Traits::OTHER)
        && unit.folded.chars().count() <= 7
    {
        points[ORGANIZATION] += 2.0;
    }
    let common = unit.traits.any(Traits::COMMON);
    if unit.traits.any(Traits::GIVEN) {
        points[PERSON] += if common { 0.8 } else { 2.2 };
    }
    if unit.traits.any(Traits::FAMILY) {
        points[PERSON] += if common { 0.6 } else { 1.4 };
    }
    if unit.shape == Shape::Capital && unit.traits == Traits::NONE {
        points[PERSON] += 1.0;
        points[PLACE] += 0.7;
        points[ORGANIZATION] += 0.8;
    }
    if unit.traits.any(Traits::ORGANIZATION_HEAD) && !unit.traits.any(Traits::TITLE) {
        points[ORGANIZATION] += 0.9;
    }
}

fn from_context(reading: &Reading, range: Range<usize>, points: &mut Points) {
    let run = &reading.runs[reading.run_of(range.start)];
    let before = |n: usize| {
        range.start.checked_sub(n).filter(|&at| at >= run.units.start).map(|at| &reading.units[at])
    };
    let after = |n: usize| Some(range.end + n).filter(|&at| at < run.units.end).map(|at| &reading.units[at]);
    if let Some(unit) = before(1) {
        let abbreviated = unit.is(".")
            && before(2)
                .is_some_and(|unit| unit.traits.any(Traits::HONORIFIC | Traits::RANK | Traits::OFFICE));
        if unit.traits.any(Traits::TITLE) && !unit.traits.any(Traits::GIVEN) || abbreviated {
            points[PERSON] += if unit.is_capitalized() || abbreviated || unit.traits.any(Traits::OFFICE) {
                4.0
            } else {
                1.0
            };
        }
        match unit.folded.as_str() {
            "in" => {
                points[PLACE] += 1.6;
                points[PERSON] -= 0.8;
            }
            "near" | "across" | "outside" | "around" | "throughout" => points[PLACE] += 1.2,
            "at" => {
                points[PLACE] += 0.5;
                points[FACILITY] += 0.5;
                points[ORGANIZATION] += 0.6;
            }
            "from" | "to" => points[PLACE] += 0.6,
            "the" => {
                points[PERSON] -= 2.0;
                points[ORGANIZATION] += 0.7;
            }
            "said" | "says" | "added" | "told" | "named" | "called" => points[PERSON] += 1.5,
            _ => {}
        }
    }
    if let Some(unit) = after(0) {
        if unit.is_any(SPEECH) {
            points[PERSON] += 1.3;
        }
        if unit.shape == Shape::Lower && unit.traits.any(Traits::PLACE_HEAD) && !unit.is("state") {
            points[PLACE] += 2.5;
        }
        if unit.is(",") && after(1).is_some_and(|unit| unit.shape == Shape::Number && unit.folded.len() <= 2)
        {
            points[PERSON] += 3.0;
        }
        if unit.is(",") && after(1).is_some_and(|unit| unit.traits.any(Traits::COUNTRY | Traits::PLACE)) {
            points[PLACE] += 1.5;
        }
        if unit.shape == Shape::Lower && unit.traits.any(Traits::OFFICE) {
            points[ORGANIZATION] += 0.8;
        }
    }
}

/// A single word that is the last or first word of a person's full name in the text is that person.
fn share_surnames(reading: &Reading, candidates: &[Range<usize>], points: &mut [Points]) {
    let mut surnames: HashMap<&str, f32> = HashMap::new();
    for (candidate, points) in candidates.iter().zip(points.iter()) {
        if candidate.len() > 1 && best(points) == Some(EntityKind::Person) {
            for at in [candidate.start, candidate.end - 1] {
                let entry = surnames.entry(&reading.units[at].folded).or_default();
                *entry = entry.max(points[PERSON]);
            }
        }
    }
    for (candidate, points) in candidates.iter().zip(points.iter_mut()) {
        let unit = &reading.units[candidate.start];
        let strength = surnames.get(unit.folded.as_str()).filter(|_| candidate.len() == 1);
        if let Some(&strength) = strength.filter(|_| unit.shape != Shape::Upper) {
            points[PERSON] += strength.min(4.0);
        }
    }
}

/// One form, one kind: the mean over all places where the form stands is added to each.
fn share_forms(reading: &Reading, candidates: &[Range<usize>], points: &mut [Points]) {
    let mut forms: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (n, candidate) in candidates.iter().enumerate() {
        forms.entry(reading.phrase(candidate.clone())).or_default().push(n);
    }
    for places in forms.values().filter(|places| places.len() > 1) {
        let mut mean = [0.0; 7];
        for &n in places {
            for (sum, value) in mean.iter_mut().zip(points[n]) {
                *sum += value / places.len() as f32;
            }
        }
        for &n in places {
            points[n] = mean;
        }
    }
}

/// "World Health Organization (WHO)": the acronym is what its long form is.
fn share_acronyms(reading: &Reading, candidates: &[Range<usize>], points: &mut [Points]) {
    let mut kinds: HashMap<String, usize> = HashMap::new();
    for n in 1..candidates.len() {
        let (long, short) = (candidates[n - 1].clone(), candidates[n].clone());
        let bracket = short.start == long.end + 1 && reading.units[long.end].is("(");
        let kind = best(&points[n - 1]).and_then(|kind| KINDS.iter().position(|&k| k == kind));
        if let Some(kind) = kind.filter(|_| bracket && short.len() == 1 && long.len() > 1) {
            kinds.entry(reading.phrase(short)).or_insert(kind);
        }
    }
    for (candidate, points) in candidates.iter().zip(points.iter_mut()) {
        let kind = kinds.get(&reading.units[candidate.start].folded);
        if let Some(&kind) = kind.filter(|_| candidate.len() == 1) {
            points[kind] += 5.0;
        }
    }
}
