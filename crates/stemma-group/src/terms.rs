//! What a report is about, as weighted terms.
//!
//! In: a document. Out: [`Terms`], each distinct term with its weight in the report, sorted by term. Terms are stems of the
//! words of title and body, numbers, and names (`name:` before the fullest form). A word that stands early weighs more
//! (news tells what matters first), a word written with a capital inside sentences too (it is likely a name). How rare a
//! term is, is not known here: see [`crate::Vocabulary`].

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{Document, EntityKind, LayerId, MentionForm, SegmentKind, Span, TokenKind};

/// Words counted as the beginning of a report.
const LEAD_WORDS: usize = 60;
/// Weight of a word in the lead, against 1 below it.
const LEAD_WEIGHT: f32 = 3.0;
/// Factor for words that are written with a capital inside sentences.
const CAPITAL_FACTOR: f32 = 1.5;
/// Factor for numbers: two events of one kind differ in them.
const NUMBER_FACTOR: f32 = 1.3;
/// Factor for the full name of an entity, beside its words.
const NAME_FACTOR: f32 = 1.0;
/// Factor for the words and the full name of a place: much happens in one place.
const PLACE_FACTOR: f32 = 0.8;

/// Distinct terms with their weights, in order of the term.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Terms {
    /// All terms in one text: they are made on one thread and read on another, to which each allocation is far away.
    text: String,
    /// Where each ends in the text, and its weight.
    ends: Vec<(u32, f32)>,
}

#[derive(Default)]
struct Count {
    weight: f32,
    n_inside: u32,
    n_capital: u32,
}

impl Terms {
    /// The terms of a document. Linear in its tokens.
    pub fn of(document: &Document) -> Self {
        Self::of_part(document, |_| true, true)
    }

    /// The terms of the words for whose place `is_counted` holds, and `with_headline` those of the headline that the report was given.
    pub(crate) fn of_part(
        document: &Document,
        is_counted: impl Fn(Span) -> bool,
        with_headline: bool,
    ) -> Self {
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let mut n_words = 0;
        if with_headline
            && document.layers().segments.items().iter().all(|segment| segment.kind != SegmentKind::Title)
        {
            for word in document.report().title().unwrap_or("").split(|c: char| !c.is_alphanumeric()) {
                if let Some(stem) = stem(word) {
                    counts.entry(stem).or_default().weight += LEAD_WEIGHT;
                }
            }
        }
        for sentence in document.layers().sentences.items() {
            let kind = document.layers().segments[sentence.segment].kind;
            if !matches!(kind, SegmentKind::Title | SegmentKind::Body) {
                continue;
            }
            for token in sentence.tokens() {
                let first = token == sentence.first;
                let token = document.layers().tokens[token];
                if !matches!(token.kind, TokenKind::Word | TokenKind::Number) || !is_counted(token.span) {
                    continue;
                }
                let word = document.slice(token.span);
                n_words += 1;
                let Some(stem) = stem(word) else { continue };
                let count = counts.entry(stem).or_default();
                count.weight += if n_words <= LEAD_WORDS { LEAD_WEIGHT } else { 1.0 };
                if !first && kind == SegmentKind::Body {
                    count.n_inside += 1;
                    count.n_capital += u32::from(word.starts_with(char::is_uppercase));
                }
            }
        }
        let mut terms: BTreeMap<String, f32> = counts
            .into_iter()
            .map(|(term, count)| {
                let capital = count.n_inside > 0 && 2 * count.n_capital > count.n_inside;
                let mut factor = if capital { CAPITAL_FACTOR } else { 1.0 };
                if term.starts_with(|c: char| c.is_ascii_digit()) {
                    factor *= NUMBER_FACTOR;
                }
                (term, factor * (1.0 + count.weight.ln()))
            })
            .collect();
        let names = names(document, is_counted);
        for (name, count) in &names {
            if name.contains(' ') {
                terms.insert(format!("name:{name}"), NAME_FACTOR * (1.0 + (count.n_mentions as f32).ln()));
            }
        }
        for place in names.iter().filter(|(_, name)| name.is_place).map(|(name, _)| name) {
            let full = format!("name:{place}");
            for term in place.split(' ').filter_map(stem).chain([full]).collect::<BTreeSet<String>>() {
                terms.entry(term).and_modify(|weight| *weight *= PLACE_FACTOR);
            }
        }
        Self::of_map(&terms)
    }

    /// A term of `document` as it is written there: where it first stands inside a sentence, else where it stands at all. The term
    /// of a name is its fullest form in lower case.
    pub fn written<'d>(document: &'d Document, term: &str) -> Option<&'d str> {
        let layers = document.layers();
        let name = layers.entities.iter().find(|(_, entity)| entity.name.to_lowercase() == term);
        if let Some((_, entity)) = name {
            return Some(&entity.name);
        }
        let is_first =
            |at: usize| layers.sentences.items().iter().any(|sentence| sentence.first.index() == at);
        let tokens = layers.tokens.items().iter().enumerate();
        let mut found =
            tokens.filter(|(_, token)| stem(document.slice(token.span)).is_some_and(|stem| stem == term));
        let (at, first) = found.next()?;
        let later = if is_first(at) { found.find(|&(at, _)| !is_first(at)) } else { None };
        Some(document.slice(later.map_or(first, |(_, token)| token).span))
    }

    /// Terms that were found in another way, with their weights in the report. Of a term that is there twice the last counts.
    pub fn new(terms: impl IntoIterator<Item = (String, f32)>) -> Self {
        let terms: BTreeMap<String, f32> = terms.into_iter().filter(|(term, _)| !term.is_empty()).collect();
        Self::of_map(&terms)
    }

    fn of_map(terms: &BTreeMap<String, f32>) -> Self {
        let mut text = String::with_capacity(terms.keys().map(String::len).sum());
        let mut ends = Vec::with_capacity(terms.len());
        for (term, &weight) in terms {
            text.push_str(term);
            ends.push((u32::try_from(text.len()).expect("a report is far shorter than 4 GB"), weight));
        }
        Self { text, ends }
    }

    /// Terms with their weights, in order of the term.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, f32)> + Clone {
        let mut from = 0;
        self.ends.iter().map(move |&(to, weight)| {
            let to = to as usize;
            (&self.text[std::mem::replace(&mut from, to)..to], weight)
        })
    }
}

#[derive(Default)]
struct Name {
    n_mentions: usize,
    is_place: bool,
}

/// Names in lower case, but for those of groups of people.
fn names(document: &Document, is_counted: impl Fn(Span) -> bool) -> BTreeMap<String, Name> {
    let layers = document.layers();
    let mut n_mentions = vec![0_usize; layers.entities.len()];
    for mention in layers.mentions.items().iter().filter(|mention| mention.form == MentionForm::Named) {
        if let Some(entity) = mention.entity.filter(|_| is_counted(mention.span)) {
            n_mentions[entity.index()] += 1;
        }
    }
    let mut names: BTreeMap<String, Name> = BTreeMap::new();
    for (id, entity) in layers.entities.iter() {
        if entity.kind != EntityKind::Group && n_mentions[id.index()] > 0 {
            let name = names.entry(entity.name.to_lowercase()).or_default();
            name.n_mentions += n_mentions[id.index()];
            name.is_place |= entity.kind == EntityKind::Place;
        }
    }
    names
}

/// The stem of a word in lower case: without possessive and the commonest English endings. `None` for single letters.
///
/// Only makes forms of one word meet ("resigns", "resigned", "resigning"); what else it joins is rare enough.
pub(crate) fn stem(word: &str) -> Option<String> {
    let lower = word.to_lowercase().replace('’', "'");
    let word = lower.strip_suffix("'s").unwrap_or(&lower);
    if word.chars().count() < 2 {
        return None;
    }
    if !word.chars().all(|c| c.is_ascii_lowercase()) {
        return Some(word.to_owned());
    }
    let cut = ["ing", "ed", "es", "s"].into_iter().find_map(|ending| {
        let base = word.strip_suffix(ending)?;
        let plural = ending == "s" && (base.ends_with('s') || base.ends_with('u') || base.ends_with('i'));
        let vowel = base.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        (base.len() >= 3 && vowel && !plural).then_some(base)
    });
    let mut stem = cut.unwrap_or(word).to_owned();
    let bytes = stem.as_bytes();
    if cut.is_some() && bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] {
        stem.pop();
    }
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    if stem.len() > 2 && stem.ends_with('y') {
        stem.pop();
        stem.push('i');
    }
    Some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_meet() {
        let meet = |words: &[&str]| words.windows(2).all(|pair| stem(pair[0]) == stem(pair[1]));
        assert!(meet(&["resign", "resigns", "resigned", "resigning"]));
        assert!(meet(&["city", "cities", "city’s"]));
        assert!(meet(&["stop", "stopped", "stopping"]));
        assert!(meet(&["house", "houses", "Houses"]));
        assert!(meet(&["new", "news"]), "wrong, but harmless: both are too common to weigh much");
        assert!(!meet(&["moscow", "moscows"]) || !meet(&["gas", "gar"]));
        assert_eq!(stem("a"), None);
        assert_eq!(stem("6.1").as_deref(), Some("6.1"));
        assert_eq!(stem("Đorđe").as_deref(), Some("đorđe"));
    }
}
