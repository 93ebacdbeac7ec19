//! `name`: another person or organisation in the place of one, and misspellings of one name.
//!
//! Three ways lead to it. Persons who share a given name or a surname and differ in the other, each of whom one of the two
//! reports alone names, in the cell or as its source: "Milan" and "Miloš Radenković". Organisations whose names share a word
//! and differ in another: "Lund University" and "Uppsala University". And any two bearers that stand in one slot of cells that
//! are otherwise much the same. Nicknames, transliterations, acronyms and shorter forms are variants of one name.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use stemma_core::{DivergenceKind, EntityKind, Mention, MentionForm, Span};

use super::around::around;
use super::{Finding, Pair, Side, show};
use crate::entities::{same_given_name, sound, sounds_alike};

/// Below this share of common words two names need not stand in the same slot.
const MIN_SAMENESS: f64 = 0.5;
/// A change of more words than this is no slot.
const LONGEST_SLOT: usize = 8;
/// How sure two spellings of a name of a person are to be two names.
const OF_PERSONS: f64 = 0.7;
/// Share of the words around two persons of one given name that must be common or near for them to be one.
const MIN_NEARNESS: f64 = 0.3;

/// How much each piece of evidence adds that two organisations stand for one, and how much must come together.
const OF_WORDS: f64 = 0.6;
const OF_SLOT: f64 = 0.4;
const OF_SHARED: f64 = 0.4;
const OF_BEING_ALONE: f64 = 0.2;
const OF_SHARED_PERSON: f64 = 0.2;
const ENOUGH: f64 = 0.54;
/// No evidence of this kind is surer than this.
const MOST: f64 = 0.9;

/// Finds names that stand where the other report has another.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    persons(pair).or_else(|| spellings(pair)).or_else(|| organizations(pair)).or_else(|| by_slot(pair))
}

/// A person whom a cell names, or who is its source.
struct Person {
    /// Where: in the cell, or the words that name its source.
    span: Span,
    /// The words of the fullest form of the name in the report, Latin letters, lower case, without initials.
    words: Vec<String>,
}

impl Person {
    fn all(pair: &Pair<'_>, n: usize) -> Vec<Self> {
        let side = pair.sides()[n];
        let mentions = side.document.layers().mentions.items();
        let is_source = |span: Span| side.cell.source.iter().any(|source| source.contains(span));
        let who = antecedent(side);
        let is_here = |span: Span| side.holds(span) || is_source(span) || who == Some(span);
        let mut all: Vec<Self> = Vec::new();
        let mut here: Vec<&Mention> = mentions.iter().filter(|m| is_here(m.span)).collect();
        // The name itself is better evidence than "the delegate" before it.
        here.sort_by_key(|m| m.form != MentionForm::Named);
        for mention in here {
            let Some(entity) = mention.entity.filter(|_| mention.kind == EntityKind::Person) else {
                continue;
            };
            let named = mentions.iter().filter(|m| m.form == MentionForm::Named && m.entity == Some(entity));
            let fullest = named.map(|m| words(side.slice(m.span))).max_by_key(Vec::len);
            if let Some(words) = fullest.filter(|words| words.len() > 1) {
                all.push(Self { span: mention.span, words });
            }
        }
        all
    }
}

/// The person of whom a cell that begins with "who" tells: the last one named before it in its sentence.
fn antecedent(side: Side<'_>) -> Option<Span> {
    let cover = side.cover();
    let first = side.document.tokens_in(cover).start;
    let word = side.document.layers().tokens.items().get(first)?;
    if !side.slice(word.span).eq_ignore_ascii_case("who") {
        return None;
    }
    let mentions = side.document.layers().mentions.items();
    let before = &mentions[..mentions.partition_point(|m| m.span.start() < cover.start())];
    let sentence = side.sentences();
    let named = before.iter().rev().take_while(|m| m.span.start() >= sentence.start());
    let mut persons = named.filter(|m| m.form == MentionForm::Named && m.kind == EntityKind::Person);
    persons.next().map(|mention| mention.span)
}

/// The words of a name in Latin letters and lower case, without initials.
fn words(name: &str) -> Vec<String> {
    let name = any_ascii::any_ascii(name).to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
    words.map(str::to_owned).collect()
}

/// Persons who share one part of the name and differ in the other.
fn persons(pair: &Pair<'_>) -> Option<Finding> {
    let [first, second] = [0, 1].map(|n| Person::all(pair, n));
    for x in &first {
        for y in &second {
            let Some((v, w)) = differing(&x.words, &y.words) else { continue };
            let slip = v.given || sounds_alike(&v.word, &w);
            let near = || {
                let ranges = [(pair.a, x), (pair.b, y)]
                    .map(|(side, person)| around(side, person.span, std::iter::empty()));
                pair.is_one_slot([x.span, y.span]) || pair.nearness(ranges) >= MIN_NEARNESS
            };
            if !is_written(pair, 0, &w) && !is_written(pair, 1, &v.word) && (slip || near()) {
                return Some(finding(pair, [x.span, y.span], OF_PERSONS));
            }
        }
    }
    None
}

/// Given names that sound alike and are two names all the same, in sets (`data/spellings.txt`).
static SPELLINGS: LazyLock<Vec<BTreeSet<&'static str>>> = LazyLock::new(|| {
    let lines = crate::terms::words(include_str!("../../data/spellings.txt"));
    lines.map(|line| line.split_whitespace().collect()).collect()
});

/// A given name that is spelled in two ways, each of which one report alone has: "Stacy", "Stacey".
fn spellings(pair: &Pair<'_>) -> Option<Finding> {
    let [first, second] = [0, 1].map(|n| given_names(pair, n));
    for (x, name, rest) in &first {
        let Some(set) = SPELLINGS.iter().find(|set| set.contains(name.as_str())) else { continue };
        for (y, other, other_rest) in &second {
            let one = rest.is_empty() || other_rest.is_empty() || rest == other_rest;
            let differ = one && name != other && set.contains(other.as_str());
            if differ && !is_written(pair, 0, other) && !is_written(pair, 1, name) {
                return Some(finding(pair, [*x, *y], OF_PERSONS));
            }
        }
    }
    None
}

/// The names in a cell that may be a person's: where, the first word, and the others.
fn given_names(pair: &Pair<'_>, n: usize) -> Vec<(Span, String, Vec<String>)> {
    let side = pair.sides()[n];
    let named = side.mentions().filter(|m| m.form == MentionForm::Named);
    let of_persons = named.filter(|m| matches!(m.kind, EntityKind::Person));
    let read = |mention: &Mention| {
        let mut words = words(side.slice(mention.span)).into_iter();
        Some((mention.span, words.next()?, words.collect()))
    };
    of_persons.filter_map(read).collect()
}

/// The word of the one name in which it differs.
struct Differing {
    word: String,
    /// It is the given name.
    given: bool,
}

/// The words in which two names differ, if they share the other part and the two are no variants of one name.
fn differing(a: &[String], b: &[String]) -> Option<(Differing, String)> {
    let ((given_a, rest_a), (given_b, rest_b)) = (a.split_first()?, b.split_first()?);
    let same_rest = rest_a.iter().any(|word| rest_b.contains(word));
    let variants = |v: &str, w: &str| skeleton(v) == skeleton(w);
    if given_a == given_b || variants(given_a, given_b) {
        let (v, w) = (rest_a.last()?, rest_b.last()?);
        let whole = variants(&rest_a.concat(), &rest_b.concat());
        let one = whole || same_rest || rest_a.iter().any(|v| rest_b.iter().any(|w| variants(v, w)));
        return (!one).then(|| (Differing { word: v.clone(), given: false }, w.clone()));
    }
    let other = same_rest
        && !variants(given_a, given_b)
        && !same_given_name(given_a, given_b)
        && !may_be_short_form(given_a, given_b);
    other.then(|| (Differing { word: given_a.clone(), given: true }, given_b.clone()))
}

/// The consonants of the sound of a name: what transliterations of one name have in common.
pub(crate) fn skeleton(name: &str) -> String {
    let mut skeleton = String::new();
    for c in sound(&name.replace("dj", "d")).chars() {
        if !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'h') && !skeleton.ends_with(c) {
            skeleton.push(c);
        }
    }
    skeleton
}

/// "Tess" and "Teresita": the start of the one, and much shorter.
fn may_be_short_form(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let starts_alike = short.chars().zip(long.chars()).take(2).all(|(p, q)| p == q);
    starts_alike && short.len() <= 5 && long.len() >= short.len() + 2
}

/// True if a name in the report of side `n` has `word`.
fn is_written(pair: &Pair<'_>, n: usize, word: &str) -> bool {
    let side = pair.sides()[n];
    let named = side.document.layers().mentions.items().iter().filter(|m| m.form == MentionForm::Named);
    named.into_iter().any(|mention| words(side.slice(mention.span)).iter().any(|own| own == word))
}

/// An organisation that a cell names.
struct Organization<'a> {
    mention: &'a Mention,
    bearer: usize,
    /// Words of its name here, lower case, without "of" and "the".
    words: Vec<String>,
}

impl<'a> Organization<'a> {
    fn all(pair: &Pair<'a>, n: usize) -> Vec<Self> {
        let side = [pair.a, pair.b][n];
        let of_kind = |m: &&Mention| {
            m.form == MentionForm::Named && matches!(m.kind, EntityKind::Organization | EntityKind::Facility)
        };
        let read = |mention: &'a Mention| {
            let bearer = pair.cast.entity(side.report.index(), mention.entity?);
            Some(Self { mention, bearer, words: telling_words(side.slice(mention.span)) })
        };
        side.mentions().filter(of_kind).filter_map(read).collect()
    }
}

/// The words of a name without those that say nothing.
fn telling_words(name: &str) -> Vec<String> {
    let mut words = words(name);
    words.retain(|word| !LINKS.contains(&word.as_str()));
    words
}

/// Words in names that say nothing.
const LINKS: [&str; 8] = ["the", "of", "for", "and", "on", "in", "de", "la"];

/// Words for institutions of one kind: "university", "ministry".
pub(super) static INSTITUTIONS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    crate::terms::words(include_str!("../../data/institutions.txt")).flat_map(str::split_whitespace).collect()
});

/// Institutions of one kind, each the only one of the kind that its cell names, whose names differ in another word.
fn organizations(pair: &Pair<'_>) -> Option<Finding> {
    let [first, second] = [0, 1].map(|n| Organization::all(pair, n));
    let is_alone = first.len() == 1 && second.len() == 1;
    let kinds = |x: &Organization<'_>| -> Vec<String> {
        x.words.iter().filter(|word| INSTITUTIONS.contains(word.as_str())).cloned().collect()
    };
    for x in &first {
        for kind in kinds(x) {
            let has = |y: &&Organization<'_>| y.words.contains(&kind);
            let mut others = second.iter().filter(has);
            let only = first.iter().filter(has).count() == 1;
            if let (true, Some(y), None) = (only, others.next(), others.next())
                && let Some(finding) = institutions(pair, [x, y], is_alone)
            {
                return Some(finding);
            }
        }
    }
    None
}

/// Two institutions of one kind that stand for one.
fn institutions(pair: &Pair<'_>, [x, y]: [&Organization<'_>; 2], is_alone: bool) -> Option<Finding> {
    let shared: Vec<&String> = x.words.iter().filter(|word| y.words.contains(word)).collect();
    let differ = shared.len() < x.words.len() && shared.len() < y.words.len() && x.bearer != y.bearer;
    if !differ || pair.is_named(1, x.bearer) || pair.is_named(0, y.bearer) {
        return None;
    }
    // "The Committee on Ports and Harbours" is "the Ports and Harbours Committee".
    let says = |n: usize, word: &String| {
        let side = pair.sides()[n];
        words(side.slice(side.sentences())).contains(word)
    };
    let told = x.words.iter().any(|word| !shared.contains(&word) && says(1, word))
        || y.words.iter().any(|word| !shared.contains(&word) && says(0, word));
    if told {
        return None;
    }
    let spans = [x.mention.span, y.mention.span];
    let around = |side, span| around(side, span, std::iter::empty());
    let words = pair.nearness([around(pair.a, spans[0]), around(pair.b, spans[1])]);
    let worth = |holds: bool, value: f64| if holds { value } else { 0.0 };
    let score = worth(is_alone, OF_BEING_ALONE)
        + OF_WORDS * words
        + OF_SHARED * shared.len() as f64 / x.words.len().max(y.words.len()) as f64
        + worth(pair.is_one_slot(spans), OF_SLOT)
        + worth(shares_person(pair), OF_SHARED_PERSON);
    (score >= ENOUGH).then(|| finding(pair, spans, score.min(MOST)))
}

/// True if both cells name one person.
fn shares_person(pair: &Pair<'_>) -> bool {
    let [p, q] = [pair.a, pair.b].map(|side| {
        let persons = side.mentions().filter(|m| m.kind == EntityKind::Person);
        persons.filter_map(|m| Some(pair.cast.entity(side.report.index(), m.entity?))).collect::<Vec<usize>>()
    });
    p.iter().any(|person| q.contains(person))
}

fn finding(pair: &Pair<'_>, [x, y]: [Span; 2], score: f64) -> Finding {
    Finding {
        kind: DivergenceKind::Name,
        evidence: [vec![x], vec![y]],
        score,
        reason: format!("{} / {}", shown(pair.a, x), shown(pair.b, y)),
    }
}

/// The words, and after "she" the name that she has.
fn shown(side: Side<'_>, span: Span) -> String {
    let layers = side.document.layers();
    let mut here = layers.mentions.items().iter().filter(|m| m.span == span && m.form != MentionForm::Named);
    match here.find_map(|mention| mention.entity) {
        Some(id) => format!("{} ({})", show(side.slice(span)), layers.entities[id].name),
        None => show(side.slice(span)),
    }
}

/// Two bearers of one kind that stand in one slot, each of which one of the two reports alone names.
fn by_slot(pair: &Pair<'_>) -> Option<Finding> {
    if pair.sameness() < MIN_SAMENESS {
        return None;
    }
    let is_short = |n: &usize| (1..=LONGEST_SLOT).contains(n);
    let changes = pair.diff.iter().filter(|p| !p.same && p.n_words.iter().all(is_short));
    changes.into_iter().find_map(|piece| other_bearer(pair, [pair.place(0, piece.a), pair.place(1, piece.b)]))
}

fn other_bearer(pair: &Pair<'_>, slots: [Span; 2]) -> Option<Finding> {
    let named = |n: usize| {
        let mentions = pair.sides()[n].document.layers().mentions.items().iter();
        let mut named = mentions.filter(move |m| m.form == MentionForm::Named && slots[n].touches(m.span));
        named.next()
    };
    let (x, y) = (named(0)?, named(1)?);
    let bearer = |n: usize, m: &Mention| Some(pair.cast.entity(pair.sides()[n].report.index(), m.entity?));
    let (p, q) = (bearer(0, x)?, bearer(1, y)?);
    let kinds = [p, q].map(|n| pair.cast.entities[n].kind);
    let place = matches!(kinds[0], EntityKind::Place | EntityKind::Facility);
    let names = [p, q].map(|n| pair.cast.entities[n].name.as_str());
    let (a, b) = (telling_words(names[0]), telling_words(names[1]));
    let variants = a.iter().all(|word| b.contains(word))
        || b.iter().all(|word| a.contains(word))
        || letters(names[0]) == letters(names[1])
        || skeleton(&a.concat()) == skeleton(&b.concat());
    if place || kinds[0] != kinds[1] || p == q || variants || pair.is_named(1, p) || pair.is_named(0, q) {
        return None;
    }
    Some(finding(pair, [x.span, y.span], 0.4 + 0.5 * pair.sameness()))
}

/// The letters by which a name may be known: "GFA" of "Ghana FA" and of "Ghana Football Association".
fn letters(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !LINKS.contains(word));
    let short = |word: &&str| word.chars().all(char::is_uppercase);
    words.flat_map(|word| word.chars().take(if short(&word) { word.len() } else { 1 })).collect()
}
