//! Mentions that are no names: pronouns, and descriptions of one person or organisation ("the Ukrainian leader").
//!
//! "I" and "we" are left to the attributions, "it" is taken only where it speaks ("it said"). Descriptions start with a
//! determiner or a possessive and end in a word for an office, a calling or a kind of organisation.

use std::ops::Range;

use stemma_core::{EntityKind, Gender, Layer, Quote, QuoteId, Span};

use super::lexicon::Traits;
use super::units::{Reading, Shape};

/// A pronoun in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pronoun {
    pub(super) unit: usize,
    pub(super) gender: Gender,
    pub(super) plural: bool,
    /// "his", "her" before a noun, "their"
    pub(super) possessive: bool,
    /// "it": an organisation
    pub(super) thing: bool,
}

/// A description: determiner and noun phrase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Description {
    /// With the determiner.
    pub(super) units: Range<usize>,
    /// Without it.
    pub(super) phrase: Range<usize>,
    pub(super) kind: EntityKind,
    pub(super) plural: bool,
}

/// Verbs before which "it" is an organisation that speaks.
const SAYS: &[&str] =
    &["said", "says", "added", "announced", "reported", "noted", "stated", "warned", "wrote", "claimed"];

/// Words for persons that are no office.
const PERSONS: &[&str] = &[
    "leader",
    "politician",
    "official",
    "man",
    "woman",
    "boy",
    "girl",
    "teenager",
    "officer",
    "mogul",
    "tycoon",
    "statesman",
    "newcomer",
    "nominee",
    "star",
    "winner",
    "loser",
    "defendant",
    "accused",
    "victim",
    "father",
    "mother",
    "rival",
    "counterpart",
    "republican",
    "democrat",
    "native",
    "veteran",
    "billionaire",
    "retiree",
];

/// Words for organisations that stand for one named before.
const ORGANIZATIONS: &[&str] = &[
    "company",
    "firm",
    "agency",
    "ministry",
    "organization",
    "organisation",
    "group",
    "party",
    "court",
    "bank",
    "university",
    "club",
    "team",
    "newspaper",
    "network",
    "outlet",
    "channel",
    "department",
    "commission",
    "committee",
    "council",
    "union",
    "foundation",
    "carrier",
    "airline",
    "automaker",
    "carmaker",
    "retailer",
    "broadcaster",
    "regulator",
    "watchdog",
    "militia",
    "army",
    "corporation",
    "institute",
    "bureau",
    "board",
];

/// The pronoun at `unit`, if it is one that may refer to a person or an organisation.
pub(super) fn pronoun_at(reading: &Reading, unit: usize) -> Option<Pronoun> {
    let word = &reading.units[unit];
    if !matches!(word.shape, Shape::Lower | Shape::Capital) || word.shape == Shape::Capital && !word.opens {
        return None;
    }
    let next = reading.units.get(unit + 1);
    let before_noun = next.is_some_and(|next| {
        matches!(next.shape, Shape::Lower | Shape::Capital | Shape::Number | Shape::Quote)
            && !next.is_any(&[
                "to", "and", "in", "on", "at", "for", "with", "from", "that", "as", "after", "when", "who",
            ])
    });
    let (gender, plural, possessive) = match word.folded.as_str() {
        "he" | "him" | "himself" => (Gender::Masculine, false, false),
        "his" => (Gender::Masculine, false, true),
        "she" | "herself" | "hers" => (Gender::Feminine, false, false),
        "her" => (Gender::Feminine, false, before_noun),
        "they" | "them" | "themselves" => (Gender::Unknown, true, false),
        "their" | "theirs" => (Gender::Unknown, true, true),
        "it" if next.is_some_and(|next| next.is_any(SAYS)) => {
            return Some(Pronoun {
                unit,
                gender: Gender::Unknown,
                plural: false,
                possessive: false,
                thing: true,
            });
        }
        _ => return None,
    };
    Some(Pronoun { unit, gender, plural, possessive, thing: false })
}

/// The description whose determiner is at `unit`, if one starts there and no name of `named` lies where its head would be.
pub(super) fn description_at(
    reading: &Reading,
    unit: usize,
    is_person: &dyn Fn(usize) -> bool,
) -> Option<Description> {
    let limit = reading.runs[reading.run_of(unit)].units.end;
    let start = after_determiner(reading, unit, limit)?;
    let mut head = None;
    let demonstrative = reading.units[unit].is_any(&["this", "that"]);
    for at in start..limit.min(start + if demonstrative { 1 } else { 6 }) {
        let word = &reading.units[at];
        let is_word = matches!(word.shape, Shape::Lower | Shape::Capital | Shape::Upper) || word.is("-");
        if !is_word || is_person(at) {
            break;
        }
        if let Some(found) = head_at(reading, at) {
            head = Some((at, found));
        } else if head.is_some() || !may_modify(reading, at) {
            break;
        }
    }
    let (at, (kind, plural)) = head?;
    let goes_on = reading.units.get(at + 1).filter(|_| at + 1 < limit);
    if goes_on.is_some_and(|next| next.is_capitalized() && !next.opens && !is_person(at + 1)) {
        return None; // "the Republican Party"
    }
    if demonstrative && reading.units[at].shape != Shape::Lower {
        return None; // "that Sen. Webster"
    }
    Some(Description { units: unit..at + 1, phrase: start..at + 1, kind, plural })
}

fn after_determiner(reading: &Reading, unit: usize, limit: usize) -> Option<usize> {
    let word = &reading.units[unit];
    if word.is_any(&["the", "this", "that", "his", "her", "their", "its"]) && word.shape != Shape::Upper {
        return Some(unit + 1);
    }
    let owned = word.is_capitalized()
        && unit + 1 < limit
        && reading.units[unit + 1].shape == Shape::Possessive
        && word.traits.any(Traits::COUNTRY);
    owned.then_some(unit)
}

/// True for what may stand between the determiner and the head: "Ukrainian", "former", "two", "54-year-old".
fn may_modify(reading: &Reading, at: usize) -> bool {
    let word = &reading.units[at];
    let known = Traits::MODIFIER
        | Traits::ANY_GROUP
        | Traits::COUNTRY
        | Traits::PLACE
        | Traits::ANY_TOWN
        | Traits::OFFICE;
    let counts = [
        "two",
        "three",
        "four",
        "five",
        "other",
        "new",
        "same",
        "main",
        "only",
        "first-term",
        "-",
        "three-term",
    ];
    let adjective =
        ["al", "ian", "ive", "ous", "ic", "ent", "ary", "old"].iter().any(|end| word.folded.ends_with(end));
    word.traits.any(known)
        || word.is_any(&counts)
        || word.folded.contains('-')
        || word.shape != Shape::Lower && !word.opens
        || adjective && word.folded.len() > 4
}

/// The kind of thing that a head noun stands for, and whether it is plural.
fn head_at(reading: &Reading, at: usize) -> Option<(EntityKind, bool)> {
    let word = &reading.units[at];
    let singular = word.folded.strip_suffix('s').unwrap_or(&word.folded);
    let plural = singular.len() < word.folded.len() && !word.folded.ends_with("ss");
    let is = |list: &[&str]| word.is_any(list) || list.contains(&singular);
    if word.traits.any(Traits::OFFICE) && !word.traits.any(Traits::MODIFIER)
        || is_office_head(word.folded.as_str())
        || is(PERSONS)
    {
        return Some((EntityKind::Person, plural && !word.traits.any(Traits::OFFICE)));
    }
    (word.shape == Shape::Lower && is(ORGANIZATIONS)).then_some((EntityKind::Organization, plural))
}

/// Offices that may also stand inside a title.
fn is_office_head(word: &str) -> bool {
    matches!(
        word,
        "director" | "secretary" | "inspector" | "attorney" | "general" | "chief" | "deputy" | "veteran"
    )
}

/// True for a unit inside quotation marks. Quotes of depth 0 do not overlap. O(log n).
pub(super) fn is_quoted(span: Span, quotes: &Layer<QuoteId, Quote>) -> bool {
    let outer = quotes.items();
    let after = outer.partition_point(|quote| quote.span.start() <= span.start());
    outer[..after].iter().rev().take(4).any(|quote| quote.depth == 0 && quote.inner.contains(span))
}
