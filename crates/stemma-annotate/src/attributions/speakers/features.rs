//! What the choice looks at: hashed features of a quotation with one candidate, and of a quotation alone.
//!
//! A feature is a template with values, hashed to 32 bits (FNV-1a).

use std::ops::Range;

use stemma_core::{Attribution, EntityKind, Form, MentionForm, SegmentKind};

use super::candidates::{Candidate, Question, Talk, is_bare};
use super::scene::{Phrase, Role, Scene};
use crate::attributions::classes::{
    is_auxiliary, is_conjunction, is_determiner, is_preposition, is_question_word, is_relative,
    is_subject_pronoun, is_subordinator,
};
use crate::attributions::unit::{Kind, Unit};
use crate::parts::Part;

/// Collects features.
#[derive(Debug, Default)]
pub(super) struct Bag {
    pub(super) features: Vec<u32>,
}

const OFFSET: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

fn hash(mut state: u32, bytes: &[u8]) -> u32 {
    for &byte in bytes {
        state = (state ^ u32::from(byte)).wrapping_mul(PRIME);
    }
    state
}

impl Bag {
    /// Adds the feature `template` with values.
    fn add(&mut self, template: &str, values: &[&str]) {
        let mut state = hash(OFFSET, template.as_bytes());
        for value in values {
            state = hash(hash(state, b"|"), value.as_bytes());
        }
        self.features.push(state);
    }
}

/// Numbers fall in few classes, the larger the coarser.
fn bucket(n: usize) -> &'static str {
    match n {
        0 => "0",
        1 => "1",
        2 => "2",
        3 => "3",
        4..=5 => "4",
        6..=8 => "6",
        9..=13 => "9",
        14..=20 => "14",
        21..=40 => "21",
        _ => "41",
    }
}

fn flag(yes: bool) -> &'static str {
    if yes { "y" } else { "n" }
}

/// What stands at `at`, as one sign: the word itself where the class is small.
fn sign<'u>(scene: &Scene<'_, '_>, unit: &'u Unit<'_>, at: usize) -> &'u str {
    let word = unit.word(at);
    match unit.kind(at) {
        None => "END",
        Some(Kind::Comma) => ",",
        Some(Kind::Colon) => ":",
        Some(Kind::Semicolon) => ";",
        Some(Kind::Dash) => "-",
        Some(Kind::Stop) => ".",
        Some(Kind::Open) => "(",
        Some(Kind::Close) => ")",
        Some(Kind::Other) => "#",
        Some(Kind::Quote(_)) => "Q",
        Some(Kind::Word) if is_small(word) => word,
        Some(Kind::Word) if unit.is_capital(at) && unit.part(at) != Some(Part::Verb) => "N",
        Some(Kind::Word) if scene.cues.verbs(word).any(|(_, entry)| entry.quote) => "S",
        Some(Kind::Word) if unit.part(at) == Some(Part::Verb) && scene.cues.verbs(word).next().is_some() => {
            "C"
        }
        Some(Kind::Word) if scene.cues.noun(word).is_some() => "K",
        Some(Kind::Word) => match unit.part(at) {
            Some(Part::Verb) if word.ends_with("ing") => "G",
            Some(Part::Verb) => "V",
            Some(Part::Adjective) => "J",
            Some(Part::Adverb) => "R",
            Some(Part::ProperNoun) => "N",
            Some(Part::Numeral) => "9",
            Some(Part::Pronoun) => "P",
            _ => "w",
        },
    }
}

fn is_small(word: &str) -> bool {
    is_preposition(word)
        || is_conjunction(word)
        || is_relative(word)
        || is_auxiliary(word)
        || is_subordinator(word)
        || is_question_word(word)
        || is_subject_pronoun(word)
        || is_determiner(word) && word.len() < 4
        || matches!(word, "that" | "as" | "to")
}

/// The signs of a range, runs of names and plain words as one, the middle of a long one left out.
fn sketch(scene: &Scene<'_, '_>, unit: &Unit<'_>, range: Range<usize>) -> String {
    let mut signs: Vec<&str> = Vec::new();
    let (from, to) = (range.start, range.end.min(unit.len()));
    for at in from..to {
        if to - from > 24 && at >= from + 10 && at + 10 < to {
            continue;
        }
        let sign = sign(scene, unit, at);
        if signs.last() == Some(&sign) && matches!(sign, "N" | "w") {
            continue;
        }
        signs.push(sign);
    }
    if signs.len() > 8 {
        signs.splice(4..signs.len() - 4, ["~"]);
    }
    signs.join(" ")
}

/// Features of a quotation that nobody is to be named for, or that is no speech: a title, a nickname, words at a distance.
pub(super) fn of_nobody(
    scene: &Scene<'_, '_>,
    items: &[Attribution],
    question: &Question<'_>,
    talk: &Talk<'_>,
    bag: &mut Bag,
) {
    let unit = &scene.units[question.place.unit];
    let at = question.place.item;
    let quote = &scene.quotes[question.quote];
    let inner = &scene.text[quote.inner.range()];
    let words: Vec<&str> = inner.split_whitespace().take(42).collect();
    let length = bucket(words.len());
    let held = match question.holders.first() {
        None => "none",
        Some(&holder) => match (items[holder].form, items[holder].source.is_empty()) {
            (_, true) => "no source",
            (Form::Direct, _) => "direct",
            (Form::Mixed, _) => "mixed",
            (Form::Indirect, _) => "indirect",
        },
    };
    let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    let titled = 2 * capitals > words.len() && words.len() > 1 && capitals > 1;
    let first_capital = inner.trim_start().starts_with(char::is_uppercase);
    let last = inner.trim_end().chars().next_back().unwrap_or(' ');
    let ending = match last {
        ',' => ",",
        '.' | '!' | '?' => ".",
        _ => "w",
    };
    bag.add("0", &[]);
    bag.add("0 held", &[held]);
    bag.add("0 length", &[length]);
    bag.add("0 held length", &[held, length]);
    bag.add("0 titled", &[flag(titled), length, held]);
    bag.add("0 edges", &[flag(first_capital), ending, held]);
    bag.add("0 edges length", &[flag(first_capital), ending, length]);
    let before = sign(scene, unit, at.wrapping_sub(1));
    let after = sign(scene, unit, at + 1);
    let (word_before, word_after) = (unit.word_before(at), unit.word(at + 1));
    bag.add("0 before", &[before, held]);
    bag.add("0 after", &[after, held]);
    bag.add("0 both", &[before, after]);
    bag.add("0 both titled", &[before, after, flag(titled), flag(first_capital)]);
    bag.add("0 word before", &[word_before]);
    bag.add("0 word after", &[word_after]);
    bag.add("0 words before", &[unit.word_before(at.wrapping_sub(1)), word_before]);
    bag.add("0 word before held", &[word_before, held]);
    for word in words.iter().take(4) {
        bag.add("0 says", &[&word.to_lowercase()]);
    }
    let bare = is_bare(unit);
    let segment = match unit.kind {
        SegmentKind::Body => "body",
        SegmentKind::Title => "title",
        _ => "other",
    };
    bag.add("0 bare", &[flag(bare), segment, length]);
    bag.add("0 bare held", &[flag(bare), held, segment]);
    let others = unit.items.iter().filter(|item| matches!(item.kind, Kind::Quote(_))).count();
    bag.add("0 others", &[bucket(others), held]);
    let speaking = (0..unit.len()).any(|at| sign(scene, unit, at) == "S");
    let hinting = (0..unit.len()).any(|at| sign(scene, unit, at) == "C");
    bag.add("0 cues", &[flag(speaking), flag(hinting), held, length]);
    if let Some((place, speaker)) = talk.latest() {
        let near = question.place.unit - place.unit;
        bag.add("0 talk", &[bucket(near), flag(speaker.is_some()), held]);
        if near == 0 {
            bag.add("0 talk length", &[flag(speaker.is_some()), length]);
        }
    }
}

/// Features of a quotation with one who may have spoken it.
pub(super) fn of_candidate(
    scene: &Scene<'_, '_>,
    items: &[Attribution],
    question: &Question<'_>,
    candidate: &Candidate<'_>,
    talk: &Talk<'_>,
    bag: &mut Bag,
) {
    let phrase = &candidate.phrase;
    let place = question.place;
    let (own, at) = (&scene.units[place.unit], place.item);
    let unit = &scene.units[phrase.unit];
    let role = match phrase.role {
        Role::Subject => "subject",
        Role::Inverted => "inverted",
        Role::Opening => "opening",
        Role::Mention => "mention",
        Role::Source => "source",
    };
    let basis = question.holders.first().map_or("none", |&holder| items[holder].basis.as_str());
    let form = question.holders.first().map_or("none", |&holder| items[holder].form.as_str());
    let away = match place.unit as isize - phrase.unit as isize {
        far if far > 2 => "far",
        2 => "2",
        1 => "1",
        0 => "0",
        _ => "next",
    };
    let paragraph = flag(unit.segment == own.segment);
    let bare = flag(is_bare(own));
    let ruled = match (candidate.ruled, candidate.around, question.holders.is_empty()) {
        (true, ..) => "ruled",
        (_, true, _) => "around",
        (.., true) => "free",
        _ => "other",
    };
    let talked = match (candidate.last, candidate.last_but_one) {
        (true, _) => "last",
        (_, true) => "before",
        _ => "new",
    };
    let kind = kind_of(scene, candidate);
    bag.add("ruled", &[ruled]);
    bag.add("ruled basis", &[ruled, basis, form]);
    bag.add("ruled role", &[ruled, role, away]);
    bag.add("ruled talked", &[ruled, talked, basis, bare]);
    bag.add("role away", &[role, away, paragraph]);
    bag.add("role away bare", &[role, away, bare, paragraph]);
    bag.add("kind", &[kind, away]);
    bag.add("kind ruled", &[kind, ruled]);
    bag.add("kind role", &[kind, role, talked]);
    bag.add("talked", &[talked, away, bare, paragraph]);
    if let Some((last, _)) = talk.latest() {
        let near = bucket(place.unit - last.unit);
        let same_segment = flag(scene.units[last.unit].segment == own.segment);
        bag.add("talked near", &[talked, near, bare, same_segment]);
        bag.add("talked ruled near", &[talked, ruled, near, same_segment]);
    }
    let quote = &scene.quotes[question.quote];
    let inner = &scene.text[quote.inner.range()];
    let first_person = inner
        .split(|c: char| !c.is_alphabetic())
        .take(60)
        .any(|word| matches!(word, "I" | "my" | "we" | "We" | "our"));
    bag.add("person", &[flag(first_person), kind, talked]);
    if let Some(entity) = phrase.entity {
        let named = scene.mentions.items().partition_point(|m| m.span.start() < quote.inner.start());
        let inside = scene.mentions.items()[named..]
            .iter()
            .take_while(|m| m.span.start() < quote.inner.end())
            .take(40)
            .any(|m| m.entity == Some(entity) && m.form == MentionForm::Named);
        bag.add("named inside", &[flag(inside), talked, kind]);
    }
    let left = sign(scene, unit, phrase.items.start.wrapping_sub(1));
    let right = sign(scene, unit, phrase.items.end);
    bag.add("left", &[left, role, away]);
    bag.add("right", &[right, role, away]);
    bag.add("sides", &[left, right, away]);
    let right_next = sign(scene, unit, phrase.items.end + 1);
    bag.add("right two", &[right, right_next, away]);
    bag.add("right two words", &[unit.word(phrase.items.end), unit.word(phrase.items.end + 1)]);
    let nearest = flag(is_nearest_of_its_entity(question, candidate));
    bag.add("nearest of entity", &[nearest, away, role]);
    bag.add("nearest of entity ruled", &[nearest, ruled, talked]);
    bag.add("left word", &[unit.word_before(phrase.items.start), role]);
    bag.add("right word", &[unit.word(phrase.items.end), away]);
    let length = bucket(phrase.items.len());
    bag.add("phrase", &[length, role]);
    bag.add("first word", &[unit.word(phrase.items.start), role]);
    let lemma = phrase.cue.as_ref().map_or("", |verb| verb.entry.lemma);
    let words = bucket(inner.split_whitespace().take(42).count());
    bag.add("words role", &[words, role, away]);
    bag.add("words ruled", &[words, ruled, basis]);
    let speaks = phrase.cue.as_ref().map_or("none", |verb| if verb.entry.quote { "says" } else { "thinks" });
    bag.add("cue", &[lemma, role, away]);
    bag.add("cue ruled", &[speaks, ruled, role]);
    bag.add("cue lemma ruled", &[lemma, ruled, role]);
    if let Some(cue) = question.holders.first().and_then(|&holder| items[holder].cue.first()) {
        let word = scene.text[cue.range()].rsplit(' ').next().unwrap_or("").to_lowercase();
        bag.add("holder cue", &[&word, ruled]);
        let side = if cue.start() > quote.span.start() { "after" } else { "before" };
        bag.add("holder cue side", &[side, ruled, role, speaks]);
        if let Some((_, cue)) = scene.place_of(*cue).filter(|(n, cue)| *n == place.unit && cue.end <= at) {
            let pattern = sketch(scene, own, cue.end..at);
            bag.add("holder to quote", &[&pattern, ruled]);
            let between = &own.items[cue.end..at];
            let commas = between.iter().filter(|item| item.kind == Kind::Comma).count();
            let quotes = between.iter().filter(|item| matches!(item.kind, Kind::Quote(_))).count();
            bag.add("holder commas", &[bucket(commas), bucket(quotes), ruled]);
            bag.add("holder that", &[own.word(cue.end), bucket(commas), ruled]);
        }
    }
    bag.add("cue talked", &[speaks, talked, away, role]);
    if let Some(verb) = &phrase.cue {
        let follows = sign(scene, unit, verb.end);
        bag.add("cue follows", &[follows, role, away, speaks]);
        bag.add("cue standing", &[&format!("{:?}", verb.standing), role, away]);
    }
    if phrase.unit == place.unit {
        in_one_unit(scene, question, candidate, own, at, bag, ruled);
    } else {
        let between = question_rank(question, candidate);
        bag.add("rank", &[bucket(between), role, away]);
        bag.add("rank talked", &[bucket(between), talked, bare]);
        if phrase.unit > place.unit {
            bag.add("next start", &[bucket(phrase.items.start), role, bare]);
        } else {
            let quotes_between = unit.items[phrase.items.end.min(unit.len())..]
                .iter()
                .filter(|item| matches!(item.kind, Kind::Quote(_)))
                .count();
            bag.add("quotes between", &[bucket(quotes_between), role, away]);
        }
        let opens = flag(phrase.items.start == 0);
        bag.add("opens", &[opens, role, away, kind]);
    }
}

/// Features where candidate and quotation stand in one unit.
fn in_one_unit(
    scene: &Scene<'_, '_>,
    question: &Question<'_>,
    candidate: &Candidate<'_>,
    unit: &Unit<'_>,
    at: usize,
    bag: &mut Bag,
    ruled: &str,
) {
    let phrase = &candidate.phrase;
    let after = phrase.items.start > at;
    let side = if after { "after" } else { "before" };
    let between = if after { at + 1..phrase.items.start } else { phrase.items.end.min(at)..at };
    let pattern = sketch(scene, unit, between.clone());
    bag.add("between", &[side, &pattern]);
    bag.add("between ruled", &[side, &pattern, ruled]);
    bag.add("distance", &[side, bucket(between.len()), ruled]);
    let count = |wanted: fn(&Kind) -> bool| {
        bucket(unit.items[between.clone()].iter().filter(|item| wanted(&item.kind)).count())
    };
    bag.add("commas", &[side, count(|kind| *kind == Kind::Comma), ruled]);
    bag.add("quotes", &[side, count(|kind| matches!(kind, Kind::Quote(_))), ruled]);
    let rank = bucket(question_rank(question, candidate));
    bag.add("rank here", &[side, rank, ruled]);
    let speaks = phrase.cue.as_ref().map_or("none", |verb| if verb.entry.quote { "says" } else { "thinks" });
    bag.add("rank cue", &[side, rank, speaks]);
    if let Some(verb) = &phrase.cue {
        let from = verb.end.min(at);
        let reach = if after { at + 1..verb.start } else { from..at };
        let pattern = sketch(scene, unit, reach.start..reach.end.max(reach.start));
        bag.add("cue to quote", &[side, &pattern, speaks]);
        bag.add("cue to quote lemma", &[side, &pattern, verb.entry.lemma]);
        let before = if after { "" } else { unit.word_before(at) };
        bag.add("cue last word", &[verb.entry.lemma, before]);
        // Another cue of speaking nearer to the quotation.
        let (low, high) = if after { (at + 1, verb.start) } else { (verb.end, at) };
        let nearer =
            (low..high.max(low)).filter(|&n| matches!(sign(scene, unit, n), "S" | "C" | "K")).count();
        bag.add("nearer cues", &[side, bucket(nearer), speaks, ruled]);
    }
}

/// How many candidates of the same unit stand nearer to the quotation, on the same side.
fn question_rank(question: &Question<'_>, candidate: &Candidate<'_>) -> usize {
    let (place, own) = (question.place, &candidate.phrase);
    let others = question.candidates.iter().filter(|other| other.phrase.unit == own.unit);
    let nearer = |start: usize| {
        if own.unit > place.unit || own.unit == place.unit && own.items.start > place.item {
            start < own.items.start && (own.unit != place.unit || start > place.item)
        } else {
            start > own.items.start && (own.unit != place.unit || start < place.item)
        }
    };
    others.filter(|other| nearer(other.phrase.items.start)).take(9).count()
}

/// True if no other candidate of the same unit that is the same person stands nearer to the quotation.
fn is_nearest_of_its_entity(question: &Question<'_>, candidate: &Candidate<'_>) -> bool {
    let (place, own) = (question.place, &candidate.phrase);
    let distance = |phrase: &Phrase<'_>| {
        let unit = place.unit.abs_diff(phrase.unit);
        let item =
            if unit == 0 { place.item.abs_diff(phrase.items.start) } else { usize::MAX - phrase.items.start };
        (unit, item)
    };
    own.entity.is_none()
        || question
            .candidates
            .iter()
            .filter(|other| other.phrase.entity == own.entity)
            .all(|other| distance(&other.phrase) >= distance(own))
}

/// What kind of phrase names the speaker.
fn kind_of(scene: &Scene<'_, '_>, candidate: &Candidate<'_>) -> &'static str {
    let phrase = &candidate.phrase;
    let Some(id) = phrase.mention else {
        let unit = &scene.units[phrase.unit];
        return match unit.word(phrase.items.start) {
            "who" | "which" | "that" => "relative",
            "i" | "we" | "you" => "first person",
            "it" | "this" | "which's" => "it",
            "they" => "they",
            "he" => "he",
            "she" => "she",
            word if is_determiner(word) => "noun phrase",
            _ if unit.is_capital(phrase.items.start) => "capital",
            _ => "other",
        };
    };
    let mention = scene.mentions[id];
    match (mention.form, mention.kind) {
        (MentionForm::Pronoun, _) => match &scene.text[mention.span.range()] {
            "he" | "He" => "he",
            "she" | "She" => "she",
            "they" | "They" => "they",
            "it" | "It" => "it",
            "his" | "her" | "His" | "Her" | "their" | "Their" | "its" | "Its" => "possessive",
            _ => "object",
        },
        (MentionForm::Named, EntityKind::Person) => "person",
        (MentionForm::Named, EntityKind::Organization) => "organization",
        (MentionForm::Named, EntityKind::Place) => "place",
        (MentionForm::Named, _) => "name",
        _ => "description",
    }
}
