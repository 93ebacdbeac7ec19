//! Names: mentions of persons, organisations and places, and the entities that they stand for.
//!
//! Two steps with a plain border between them. First [`Names`] finds [`Named`] spans with their kinds, by rules and word lists
//! (`find`, `kinds`). Then titles, descriptions and pronouns are added (`titles`, `descriptions`), and all mentions are
//! resolved to entities (`entities`). Another way to find spans and kinds can take the place of the first step.

mod descriptions;
mod entities;
mod features;
mod find;
mod kinds;
mod lexicon;
mod persons;
mod repair;
mod resolve;
mod tagger;
mod tags;
#[cfg(test)]
mod tests;
mod titles;
pub mod training;
mod units;

use std::collections::BTreeSet;

use stemma_core::{
    Entity, EntityId, EntityKind, Layer, LayerId, Mention, MentionForm, MentionId, Producer, Quote, QuoteId,
    Segment, SegmentId, Sentence, SentenceId, Span, Token, TokenId,
};

use lexicon::Lexicons;
use tagger::Tagger;
use units::Reading;

/// The built-in model: of the full profile, or of the open one.
#[cfg(feature = "full-models")]
const MODEL: &[u8] = include_bytes!("../../../../models/names.bin");
#[cfg(not(feature = "full-models"))]
const MODEL: &[u8] = include_bytes!("../../../../models/names-open.bin");

/// The producer's name tells the profiles apart, so that a store never mixes what they find.
const MENTIONS: &str = if cfg!(feature = "full-models") { "mentions" } else { "mentions (open)" };

/// Word lists for names.
#[derive(Debug)]
pub struct Names {
    lexicons: Lexicons,
    /// `None`: the rules decide alone.
    tagger: Option<Tagger>,
}

/// A name in the text: what the first step hands to the second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Named {
    span: Span,
    kind: EntityKind,
}

impl Names {
    /// Reads the built-in lists: about a millisecond.
    pub fn load() -> Self {
        Self { lexicons: Lexicons::load(), tagger: Tagger::read(MODEL) }
    }

    /// The same with another model than the built-in one, as `training` makes it. `None` if it is no model of this version.
    pub fn with_model(model: &'static [u8]) -> Option<Self> {
        Some(Self { lexicons: Lexicons::load(), tagger: Some(Tagger::read(model)?) })
    }

    /// The same without the trained model: the rules decide alone.
    pub fn rules_only() -> Self {
        Self { lexicons: Lexicons::load(), tagger: None }
    }

    /// Mentions, and the entities that they stand for.
    pub fn find(
        &self,
        text: &str,
        tokens: &Layer<TokenId, Token>,
        segments: &Layer<SegmentId, Segment>,
        sentences: &Layer<SentenceId, Sentence>,
        quotes: &Layer<QuoteId, Quote>,
    ) -> (Layer<MentionId, Mention>, Layer<EntityId, Entity>) {
        let reading = Reading::new(text, tokens, segments, sentences, &self.lexicons);
        let names = match self.tagger {
            Some(tagger) => tagged(&reading, &self.lexicons, tagger),
            None => by_rules(&reading, &self.lexicons),
        };
        let named: Vec<Named> =
            names.into_iter().map(|name| Named { span: reading.span(name.units), kind: name.kind }).collect();
        let (mentions, entities) = resolve_entities(text, &reading, &self.lexicons, quotes, &named);
        (Layer::new(Producer::new(MENTIONS, 2), mentions), Layer::new(Producer::new("entities", 2), entities))
    }
}

/// Names and their kinds by the trained tagger, which sees what the rules found.
fn tagged(reading: &Reading, lexicons: &Lexicons, tagger: Tagger) -> Vec<tags::Named> {
    let rules = by_rules(reading, lexicons);
    let tags = tagger.tag(reading, &tags::tags_of(reading.units.len(), &rules));
    repair::repair(reading, lexicons, tags::names_of(&tags, reading), &rules)
}

/// Names and their kinds by rules, in text order, without overlaps.
fn by_rules(reading: &Reading, lexicons: &Lexicons) -> Vec<tags::Named> {
    let candidates = find::find_candidates(reading, lexicons);
    let kinds = kinds::decide_kinds(reading, &candidates, lexicons);
    let names = candidates.into_iter().zip(kinds);
    names.filter_map(|(units, kind)| Some(tags::Named { units, kind: kind? })).collect()
}

/// Mentions of all forms with their entities, in text order, from names with kinds.
fn resolve_entities(
    text: &str,
    reading: &Reading,
    lexicons: &Lexicons,
    quotes: &Layer<QuoteId, Quote>,
    named: &[Named],
) -> (Vec<Mention>, Vec<Entity>) {
    let titles: Vec<Option<Span>> =
        named.iter().map(|name| titles::title_of(reading, name.span, name.kind)).collect();
    let mut drafts = entities::draft_entities(text, reading, lexicons, named, &titles);
    let resolved = resolve::resolve(reading, lexicons, quotes, named, &mut drafts);
    let names = named.iter().zip(&titles).zip(&drafts.of_name).map(|((name, &title), &draft)| {
        let form = MentionForm::Named;
        let mention = Mention { span: name.span, kind: name.kind, form, title, entity: None };
        (mention, Some(draft))
    });
    let others = resolved.into_iter().map(|other| (other.mention, other.draft));
    let mut all: Vec<(Mention, Option<usize>)> = names.chain(others).collect();
    all.sort_by_key(|(mention, _)| (mention.span.start(), std::cmp::Reverse(mention.span.end())));
    let mut order: Vec<usize> = (0..drafts.drafts.len()).collect();
    order.sort_by_key(|&draft| drafts.drafts[draft].names.first().copied());
    let mut ids = vec![EntityId::from_index(0); order.len()];
    for (n, &draft) in order.iter().enumerate() {
        ids[draft] = EntityId::from_index(n);
    }
    let mentions =
        all.into_iter().map(|(mention, draft)| Mention { entity: draft.map(|draft| ids[draft]), ..mention });
    let entities = order.iter().map(|&draft| finish(text, &drafts.drafts[draft], named));
    (mentions.collect(), entities.collect())
}

/// The entity of a draft.
fn finish(text: &str, draft: &entities::Draft, named: &[Named]) -> Entity {
    let mut seen = BTreeSet::new();
    let forms = draft.names.iter().map(|&n| &text[named[n].span.range()]);
    let names: Vec<String> = forms.filter(|&name| seen.insert(name)).map(str::to_owned).collect();
    let fullness = |name: &&String| (name.split_whitespace().count(), name.chars().count());
    let mut fullest = names.first();
    for name in &names {
        if fullest.is_none_or(|best| fullness(&name) > fullness(&best)) {
            fullest = Some(name);
        }
    }
    let name = fullest.cloned().unwrap_or_default();
    let gender = if draft.kind == EntityKind::Person { draft.gender() } else { stemma_core::Gender::Unknown };
    Entity { kind: draft.kind, name, names, gender, roles: draft.roles.clone() }
}
