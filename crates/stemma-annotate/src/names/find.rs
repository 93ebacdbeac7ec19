//! Candidate names: stretches of units that are written as one name is.
//!
//! A candidate starts at a capital that means something, and runs on over capitals, particles ("de", "bin"), and the
//! connectors that its words ask for ("Bank of Ghana", "Ministry of Trade and Industry"). Titles and nationalities are
//! cut off: "Russian President Vladimir Putin" gives "Russian" and "Vladimir Putin".

use std::ops::Range;

use super::lexicon::{Lexicons, Traits};
use super::titles;
use super::units::{Reading, Run, Shape};

const PARTICLES: &[&str] = &[
    "de", "la", "del", "della", "di", "da", "dos", "das", "do", "du", "van", "von", "der", "den", "ter",
    "bin", "ibn", "ben", "al", "el", "ul", "ur", "le", "y", "e", "bint", "zu", "des", "las", "los", "d'",
];

/// Particles with which the name of a person or place may begin.
const OPENING_PARTICLES: &[&str] = &["van", "von", "bin", "ibn", "de", "al", "el", "da", "di", "del", "bint"];

const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "st", "gen", "sen", "sens", "rep", "reps", "gov", "lt", "col", "capt", "sgt",
    "prof", "rev", "hon", "mt", "ft", "cpl", "maj", "adm", "cmdr", "brig", "det", "insp", "supt",
];

/// Longest name that is looked for, in units: bounds the work on texts without end.
pub(super) const MAX_UNITS: usize = 32;

/// Words with a capital at the start of a sentence that never begin a name.
const FUNCTION_WORDS: &[&str] = &[
    "the",
    "a",
    "an",
    "this",
    "that",
    "these",
    "those",
    "there",
    "here",
    "he",
    "she",
    "it",
    "they",
    "we",
    "you",
    "i",
    "his",
    "her",
    "its",
    "their",
    "our",
    "my",
    "your",
    "in",
    "on",
    "at",
    "by",
    "for",
    "from",
    "to",
    "of",
    "with",
    "without",
    "within",
    "as",
    "and",
    "but",
    "or",
    "nor",
    "yet",
    "so",
    "if",
    "when",
    "while",
    "where",
    "why",
    "how",
    "what",
    "who",
    "which",
    "whose",
    "after",
    "before",
    "since",
    "until",
    "during",
    "although",
    "though",
    "because",
    "despite",
    "however",
    "meanwhile",
    "moreover",
    "also",
    "not",
    "no",
    "yes",
    "some",
    "many",
    "most",
    "all",
    "both",
    "each",
    "every",
    "any",
    "another",
    "other",
    "others",
    "such",
    "several",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "according",
    "under",
    "over",
    "among",
    "between",
    "against",
    "about",
    "amid",
    "around",
    "like",
    "unlike",
    "even",
    "just",
    "only",
    "still",
    "then",
    "now",
    "today",
    "yesterday",
    "tomorrow",
    "last",
    "once",
    "let",
    "is",
    "are",
    "was",
    "were",
    "will",
    "would",
    "can",
    "could",
    "should",
    "may",
    "might",
    "must",
    "do",
    "does",
    "did",
    "has",
    "have",
    "had",
    "be",
    "been",
    "being",
    "more",
    "less",
    "few",
    "much",
    "very",
    "too",
    "per",
    "via",
    "instead",
    "through",
    "out",
    "up",
    "down",
    "off",
    "than",
    "whether",
    "either",
    "neither",
    "perhaps",
    "indeed",
    "thus",
    "hence",
    "him",
    "them",
    "us",
    "me",
    "having",
    "read",
    "photo",
    "image",
    "video",
    "watch",
    "people",
    "asked",
    "speaking",
    "earlier",
    "later",
    "further",
    "finally",
    "recently",
    "currently",
    "clearly",
    "additionally",
    "nevertheless",
    "following",
    "including",
    "given",
    "based",
    "while",
    "whereas",
    "along",
    "above",
    "below",
    "behind",
    "across",
];

/// Candidates in text order; they do not overlap.
pub(super) fn find_candidates(reading: &Reading, lexicons: &Lexicons) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for run in &reading.runs {
        let mut at = run.units.start;
        while at < run.units.end {
            let start = usize::from(opening_particle(reading, run, at)) + at;
            if starts_name(reading, run, start, lexicons) {
                let end = extend(reading, run, start, lexicons);
                divide(reading, at..end, lexicons, &mut found);
                at = end;
            } else {
                at += 1;
            }
        }
    }
    found
}

fn opening_particle(reading: &Reading, run: &Run, at: usize) -> bool {
    reading.units[at].shape == Shape::Lower
        && reading.units[at].is_any(OPENING_PARTICLES)
        && at + 1 < run.units.end
        && reading.units[at + 1].shape == Shape::Capital
}

/// True if the capital of a unit means that a name starts here.
fn starts_name(reading: &Reading, run: &Run, at: usize, lexicons: &Lexicons) -> bool {
    if at >= run.units.end {
        return false;
    }
    let unit = &reading.units[at];
    if !unit.is_capitalized() || unit.is_any(FUNCTION_WORDS) && !is_listed_upper(reading, at) {
        return false;
    }
    let is_currency = at + 1 < run.units.end && reading.units[at + 1].is("$") && unit.shape == Shape::Upper;
    if is_currency && unit.span.end() == reading.units[at + 1].span.start() {
        return false; // "US$5"
    }
    let calendar_or_other = unit.traits.any(Traits::CALENDAR | Traits::OTHER);
    let next_is_name = at + 1 < run.units.end && reading.units[at + 1].is_capitalized();
    if calendar_or_other && !next_is_name && !unit.traits.any(Traits::TITLE | Traits::ORGANIZATION) {
        return false;
    }
    if !unit.opens && !run.headline {
        return true;
    }
    capital_means_something(reading, run, at, lexicons)
}

/// True for a word that never begins a name.
pub(super) fn is_function_word(reading: &Reading, at: usize) -> bool {
    reading.units[at].is_any(FUNCTION_WORDS)
}

/// True for an abbreviated title.
pub(super) fn is_abbreviation(reading: &Reading, at: usize) -> bool {
    reading.units[at].is_any(ABBREVIATIONS)
}

fn is_listed_upper(reading: &Reading, at: usize) -> bool {
    let unit = &reading.units[at];
    unit.shape == Shape::Upper && unit.traits.any(Traits::COUNTRY | Traits::ORGANIZATION)
}

/// For the first word of a sentence, and in headlines.
fn capital_means_something(reading: &Reading, run: &Run, at: usize, lexicons: &Lexicons) -> bool {
    let unit = &reading.units[at];
    let names =
        Traits::COUNTRY | Traits::ANY_GROUP | Traits::ORGANIZATION | Traits::PLACE | Traits::METROPOLIS;
    let uses = reading.uses(&unit.folded);
    if uses.capital > uses.lower || (unit.shape != Shape::Capital && !run.headline) {
        return true;
    }
    let is_common = unit.traits.any(Traits::COMMON) || uses.lower > 0;
    if unit.traits.any(names)
        && (!is_common || uses.lower == 0 && !run.headline && unit.traits.any(Traits::COUNTRY))
    {
        return true;
    }
    let next_is_name = at + 1 < run.units.end && reading.units[at + 1].is_capitalized();
    if !is_common {
        let looks_like_a_word =
            ["ing", "ed", "ly", "n't", "ers", "ness"].iter().any(|end| unit.folded.ends_with(end));
        return !looks_like_a_word || next_is_name || unit.traits.any(Traits::GIVEN | Traits::FAMILY);
    }
    let next_is_surname = next_is_name && !run.headline && {
        let next = &reading.units[at + 1];
        next.shape == Shape::Capital
            && !next.traits.any(Traits::COMMON)
            && (next.traits.any(Traits::FAMILY) || next.traits == Traits::NONE)
    };
    let inflected = ["ly", "ing", "ed", "s"].iter().any(|end| unit.folded.ends_with(end));
    if next_is_surname && uses.lower == 0 && !inflected {
        return true; // "Mitt Romney said"
    }
    let helps = Traits::MODIFIER
        | Traits::TITLE
        | Traits::ORGANIZATION_FIRST
        | Traits::ORGANIZATION_HEAD
        | Traits::PLACE_FIRST
        | Traits::EVENT_FIRST
        | Traits::GIVEN;
    if next_is_name && !run.headline {
        return unit.traits.any(helps | names)
            || reading.uses(&reading.units[at + 1].folded).lower > 0
            || reading.units[at + 1].traits.any(Traits::ORGANIZATION_HEAD | Traits::FACILITY_HEAD);
    }
    longest_listed(reading, run, at, lexicons) > 1
        || unit.traits.any(Traits::ORGANIZATION_FIRST) && at + 2 < run.units.end && {
            reading.units[at + 1].is("of") && reading.units[at + 2].is_capitalized()
        }
}

/// Number of units of the longest phrase of the lists that starts at `at`; 0 if there is none.
fn longest_listed(reading: &Reading, run: &Run, at: usize, lexicons: &Lexicons) -> usize {
    let names = Traits::COUNTRY | Traits::ANY_GROUP | Traits::ORGANIZATION | Traits::PLACE | Traits::ANY_TOWN;
    (1..=lexicons.longest())
        .rev()
        .filter(|len| at + len <= run.units.end)
        .find(|len| lexicons.traits(&reading.phrase(at..at + len)).any(names))
        .unwrap_or(0)
}

/// Where the sequence that starts at `start` ends.
fn extend(reading: &Reading, run: &Run, start: usize, lexicons: &Lexicons) -> usize {
    let mut end = start + 1;
    let listed = longest_listed(reading, run, start, lexicons);
    if listed > 1 {
        end = start + listed;
    }
    while let Some(next) = step(reading, run, start, end).filter(|_| end - start < MAX_UNITS) {
        end = next;
    }
    end
}

/// The end after one more step, if the name goes on.
fn step(reading: &Reading, run: &Run, start: usize, end: usize) -> Option<usize> {
    let unit = reading.units.get(end).filter(|_| end < run.units.end)?;
    let last = &reading.units[end - 1];
    let capital = |at: usize| {
        at < run.units.end
            && reading.units[at].is_capitalized()
            && !reading.units[at].traits.any(Traits::CALENDAR)
            && !(run.headline && is_plain_word(reading, at))
    };
    if last.traits.any(Traits::CALENDAR) && !last.traits.any(Traits::GIVEN | Traits::FAMILY) {
        return None;
    }
    if capital(end) {
        let is_function_word = unit.is_any(FUNCTION_WORDS) && !is_listed_upper(reading, end);
        return (!is_function_word).then_some(end + 1);
    }
    let adjacent = last.span.end() == unit.span.start();
    if unit.is(".") && adjacent && last.is_any(ABBREVIATIONS) && capital(end + 1) {
        return Some(end + 2);
    }
    if unit.is("&") && capital(end + 1) {
        return Some(end + 2);
    }
    if unit.shape == Shape::Possessive {
        let joins = last.traits.any(Traits::COMMON) || last.is_any(&["st", "john", "king", "queen", "lloyd"]);
        let head = capital(end + 1)
            && (reading.units[end + 1]
                .traits
                .any(Traits::ORGANIZATION_HEAD | Traits::ORGANIZATION_FIRST | Traits::MODIFIER));
        return (joins && head && !last.traits.any(Traits::COUNTRY)).then_some(end + 2);
    }
    if unit.shape == Shape::Lower && unit.is_any(PARTICLES) {
        if capital(end + 1) {
            return Some(end + 2);
        }
        if end + 1 < run.units.end && reading.units[end + 1].is_any(PARTICLES) && capital(end + 2) {
            return Some(end + 3);
        }
        return None;
    }
    connect(reading, start, end, &capital)
}

/// True for a word that has its capital from the headline alone.
fn is_plain_word(reading: &Reading, at: usize) -> bool {
    let unit = &reading.units[at];
    let uses = reading.uses(&unit.folded);
    (unit.traits.any(Traits::COMMON) || uses.lower > 0)
        && uses.capital == 0
        && !unit.traits.any(Traits::ANY_HEAD | Traits::TITLE | Traits::MODIFIER)
}

/// "of", "for", "and" … between the words of an organisation, place or event.
fn connect(reading: &Reading, start: usize, end: usize, capital: &dyn Fn(usize) -> bool) -> Option<usize> {
    let unit = &reading.units[end];
    let heads = Traits::ORGANIZATION_FIRST
        | Traits::EVENT_FIRST
        | Traits::PLACE_FIRST
        | Traits::EVENT_HEAD
        | Traits::ORGANIZATION_HEAD
        | Traits::FACILITY_HEAD
        | Traits::PLACE_HEAD
        | Traits::PRODUCT_HEAD;
    let opens_with_head = reading.units[start..end].iter().any(|unit| unit.traits.any(heads));
    let target =
        if end + 1 < reading.units.len() && reading.units[end + 1].is("the") { end + 2 } else { end + 1 };
    match unit.folded.as_str() {
        "of" if capital(target) => {
            let last = &reading.units[end - 1];
            let is_title = last.traits.any(Traits::TITLE) && !last.traits.any(Traits::ORGANIZATION_FIRST);
            (last.traits.any(heads) && !is_title).then_some(target + 1)
        }
        "for" | "on" | "against" if capital(target) => {
            let organization = reading.units[start..end]
                .iter()
                .any(|unit| unit.traits.any(Traits::ORGANIZATION_FIRST | Traits::ORGANIZATION_HEAD));
            organization.then_some(target + 1)
        }
        "and" if capital(end + 1) => {
            let after_of = opens_with_head
                && reading.units[start..end].iter().any(|unit| unit.is("of") || unit.is("for"))
                && reading.units[end - 1].traits.any(Traits::COMMON)
                && reading.units[end + 1].traits.any(Traits::COMMON);
            let before_head = end + 2 < reading.units.len()
                && capital(end + 2)
                && reading.units[end - 1].traits.any(Traits::COMMON)
                && reading.units[end + 1].traits.any(Traits::COMMON)
                && (end + 2..(end + 5).min(reading.units.len()))
                    .take_while(|&at| capital(at))
                    .any(|at| reading.units[at].traits.any(Traits::ORGANIZATION_HEAD));
            (after_of || before_head).then_some(end + 2)
        }
        _ => None,
    }
}

/// Cuts titles and nationalities off a sequence, and puts what is left into `found`.
pub(super) fn divide(
    reading: &Reading,
    range: Range<usize>,
    lexicons: &Lexicons,
    found: &mut Vec<Range<usize>>,
) {
    let mut range = range;
    while range.start < range.end && is_edge(reading, range.end - 1) {
        range.end -= 1;
    }
    while range.start < range.end && (is_edge(reading, range.start) || is_loose(reading, range.start)) {
        range.start += 1;
    }
    if range.is_empty() {
        return;
    }
    let hyphen = range.clone().find(|&at| reading.units[at].is("-"));
    if let Some(hyphen) = hyphen {
        divide(reading, range.start..hyphen, lexicons, found); // "Trump-Zelenskyy", divided where units are made
        divide(reading, hyphen + 1..range.end, lexicons, found);
        return;
    }
    let names = Traits::COUNTRY | Traits::ANY_GROUP | Traits::ORGANIZATION | Traits::PLACE | Traits::FACILITY;
    if lexicons.traits(&reading.phrase(range.clone())).any(names) {
        found.push(range);
        return;
    }
    if let Some(name) = titles::name_after_title(reading, range.clone()) {
        let title = titles::title_start(reading, range.start, name);
        divide(reading, range.start..title, lexicons, found);
        divide(reading, name..range.end, lexicons, found);
        return;
    }
    let kept = titles::without_trailing_title(reading, range.clone());
    if kept < range.end {
        divide(reading, range.start..kept, lexicons, found);
        return;
    }
    if range.len() > 2 && is_name_before_listed(reading, range.clone(), lexicons) {
        found.push(range.start..range.start + 1);
        found.push(range.start + 1..range.end);
        return;
    }
    if range.len() > 1
        && reading.units[range.start].traits.any(Traits::ANY_GROUP)
        && !reading.units[range.start].traits.any(Traits::GIVEN)
        && (titles::looks_personal(reading, range.start + 1..range.end)
            && reading.units[range.start + 1].traits.any(Traits::GIVEN)
            || lexicons
                .traits(&reading.phrase(range.start + 1..range.end))
                .any(Traits::PLACE | Traits::COUNTRY))
    {
        found.push(range.start..range.start + 1);
        divide(reading, range.start + 1..range.end, lexicons, found);
        return;
    }
    found.push(range);
}

/// "Trump White House": a name that stands alone elsewhere, before a listed one.
fn is_name_before_listed(reading: &Reading, range: Range<usize>, lexicons: &Lexicons) -> bool {
    let first = &reading.units[range.start];
    let listed = lexicons.traits(&reading.phrase(range.start + 1..range.end));
    let names = Traits::COUNTRY | Traits::ANY_GROUP | Traits::ORGANIZATION | Traits::PLACE | Traits::ANY_TOWN;
    listed.any(Traits::ORGANIZATION | Traits::FACILITY)
        && !first.traits.any(names | Traits::COMMON)
        && reading.uses(&first.folded).capital > 1
}

/// "Former", "Late": what may stand before an office with a capital, and is part of no name.
fn is_loose(reading: &Reading, at: usize) -> bool {
    let unit = &reading.units[at];
    unit.is_any(&[
        "former", "ex", "late", "then", "acting", "incoming", "outgoing", "r", "d", "i", "ousted", "exiled",
    ]) && (unit.opens || unit.shape == Shape::Initial)
        && reading.units.get(at + 1).is_none_or(|next| !next.is("."))
}

/// Units with which no name begins or ends.
fn is_edge(reading: &Reading, at: usize) -> bool {
    let unit = &reading.units[at];
    matches!(unit.shape, Shape::Symbol | Shape::Possessive | Shape::Quote)
        || unit.is_any(&["of", "and", "for", "the", "on"])
        || unit.traits.any(Traits::CALENDAR) && !unit.traits.any(Traits::GIVEN | Traits::FAMILY)
}
