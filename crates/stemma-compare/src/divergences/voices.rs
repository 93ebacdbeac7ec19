//! For whom a source speaks: a company, the police, a court, somebody's family.
//!
//! A source is often described and not named ("the ship's owner", "coast guard spokesman"). What describes it, here or where
//! the report brings it in, tells its class (`data/voices.txt`); two sources of different classes are two.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use stemma_core::{Attribution, EntityId, MentionForm, Span};

use super::Side;

/// Words and their class.
static CLASSES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut classes = HashMap::new();
    for line in crate::terms::words(include_str!("../../data/voices.txt")) {
        let Some((class, words)) = line.split_once(':') else { continue };
        classes.extend(words.split_whitespace().map(|word| (word, class)));
    }
    classes
});

/// Mentions of one source, and attributions to it, that are looked at.
const MOST: usize = 40;
/// Words of a source that are looked at: a longer one tells of more than the source.
const MOST_WORDS: usize = 12;

/// The classes of whoever `attribution` gives the words to: by the words of the source, or, where these are but a name, a
/// pronoun or "the spokesman", by what describes it elsewhere. None if nothing does.
pub(super) fn classes(side: Side<'_>, attribution: &Attribution) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for &span in &attribution.source {
        add(side, span, &mut found);
    }
    let entity = attribution.source_entity.filter(|_| found.is_empty());
    if let Some(entity) = entity {
        add_descriptions(side, entity, &mut found);
    }
    found
}

/// What the report calls the entity: its titles and roles with the words before them, and the words of its other attributions.
fn add_descriptions(side: Side<'_>, entity: EntityId, found: &mut BTreeSet<&'static str>) {
    let layers = side.document.layers();
    for &role in &layers.entities[entity].roles {
        add(side, role, found);
    }
    let mentions = layers.mentions.items().iter().filter(|m| m.entity == Some(entity));
    for mention in mentions.filter(|m| m.form == MentionForm::Named).take(MOST) {
        let start = mention.title.map_or(mention.span, |title| title.cover(mention.span)).start();
        add(side, before(side, start), found);
    }
    let others = layers.attributions.items().iter().filter(|other| other.source_entity == Some(entity));
    for span in others.take(MOST).flat_map(|other| &other.source) {
        add(side, *span, found);
    }
}

/// The two words before a place, as far as they are in small letters: "coast guard | spokesman".
fn before(side: Side<'_>, at: usize) -> Span {
    let tokens = side.document.layers().tokens.items();
    let end = tokens.partition_point(|token| token.span.end() <= at);
    let small = |n: &usize| side.slice(tokens[*n].span).starts_with(char::is_lowercase);
    let start = (end.saturating_sub(2)..end).rev().take_while(small).last().unwrap_or(end);
    let first = tokens.get(start).filter(|_| start < end).map_or(at, |token| token.span.start());
    Span::new(first, at)
}

/// The classes of the words of `span`, up to a relative clause.
fn add(side: Side<'_>, span: Span, found: &mut BTreeSet<&'static str>) {
    let text = side.slice(span).to_lowercase();
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let words = words.take_while(|word| !matches!(*word, "who" | "which" | "that"));
    found.extend(words.take(MOST_WORDS).filter_map(|word| CLASSES.get(word)));
}
