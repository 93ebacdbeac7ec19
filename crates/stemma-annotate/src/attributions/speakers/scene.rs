//! What is known before the choice: units, quotations and their places, and the phrases that may name a speaker.

use std::ops::Range;

use stemma_core::{
    Attribution, EntityId, EntityKind, Layer, LayerId, Mention, MentionForm, MentionId, Quote, QuoteId, Span,
};

use crate::attributions::classes::is_determiner;
use crate::attributions::cues::Cues;
use crate::attributions::sources::Phrases;
use crate::attributions::unit::{Kind, Unit, past_opening};
use crate::attributions::verbs::{Standing, VerbUse, verb_use};

/// The layers that a choice looks at.
#[derive(Clone, Copy)]
pub(in crate::attributions) struct Scene<'a, 't> {
    pub(in crate::attributions) text: &'t str,
    pub(in crate::attributions) units: &'a [Unit<'t>],
    pub(in crate::attributions) quotes: &'a Layer<QuoteId, Quote>,
    pub(in crate::attributions) mentions: &'a Layer<MentionId, Mention>,
    pub(in crate::attributions) cues: &'a Cues,
}

/// Where something stands: index of the unit, and of the item in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    pub(super) unit: usize,
    pub(super) item: usize,
}

/// How a phrase came to be a candidate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Before a cue verb: "Ruiz said".
    Subject,
    /// After it: "said Ruiz".
    Inverted,
    /// Opens the unit.
    Opening,
    /// A name, description or pronoun anywhere.
    Mention,
    /// The source of an attribution that the rules found.
    Source,
}

/// A phrase that may name a speaker.
#[derive(Clone, Debug)]
pub(super) struct Phrase<'a> {
    pub(super) span: Span,
    pub(super) unit: usize,
    pub(super) items: Range<usize>,
    pub(super) role: Role,
    pub(super) cue: Option<VerbUse<'a>>,
    pub(super) mention: Option<MentionId>,
    pub(super) entity: Option<EntityId>,
}

impl<'a, 't> Scene<'a, 't> {
    /// Places of all outer quotations, in text order.
    pub(super) fn places(&self) -> Vec<(Place, QuoteId)> {
        let mut places = Vec::new();
        for (n, unit) in self.units.iter().enumerate() {
            for at in 0..unit.len() {
                places.extend(unit.quote(at).map(|id| (Place { unit: n, item: at }, id)));
            }
        }
        places
    }

    /// Where `span` stands: its unit and the items that it touches. `None` inside a quotation or outside all units.
    pub(super) fn place_of(&self, span: Span) -> Option<(usize, Range<usize>)> {
        let before = self.units.partition_point(|unit| unit.items[0].span.start() <= span.start());
        let n = before.checked_sub(1)?;
        let items = &self.units[n].items;
        let start = items.partition_point(|item| item.span.end() <= span.start());
        let end = items.partition_point(|item| item.span.start() < span.end());
        let quoted = items.get(start..end)?.iter().any(|item| matches!(item.kind, Kind::Quote(_)));
        let whole = items.get(start).is_some_and(|item| item.span.start() <= span.start());
        (start < end && whole && !(quoted && end - start == 1)).then_some((n, start..end))
    }

    /// The phrases of unit `n` that may name a speaker, those of cue verbs first.
    pub(super) fn phrases_of(&self, n: usize) -> Vec<Phrase<'a>> {
        let unit = &self.units[n];
        let finder = Phrases { unit, cues: self.cues };
        let mut found: Vec<Phrase<'a>> = Vec::new();
        for at in 0..unit.len() {
            if unit.kind(at) != Some(Kind::Word) {
                continue;
            }
            let Some(verb) = verb_use(unit, self.cues, at) else { continue };
            if verb.standing == Standing::Passive || verb.standing == Standing::BareParticiple {
                continue;
            }
            let before = finder.subject(verb.start, 0).map(|items| (Role::Subject, items));
            let after = if verb.entry.quote && verb.standing == Standing::Finite {
                finder.starting_at(verb.end, true).map(|items| (Role::Inverted, items))
            } else {
                None
            };
            for (role, items) in before.into_iter().chain(after) {
                if self.holds_finite_cue(unit, items.clone()) {
                    continue;
                }
                self.push(&mut found, n, items, role, Some(verb.clone()));
            }
        }
        let start = past_opening(unit, 0, unit.len());
        if let Some(items) = finder.starting_at(start, false) {
            self.push(&mut found, n, items, Role::Opening, None);
        }
        self.push_mentions(&mut found, n);
        found
    }

    /// True if a phrase has taken in the verb of another clause: "Kaya called the use of | orders".
    fn holds_finite_cue(&self, unit: &Unit<'_>, mut items: Range<usize>) -> bool {
        let relative = |at: usize| matches!(unit.word(at), "who" | "which" | "that");
        if items.clone().any(relative) {
            return false;
        }
        items.any(|at| verb_use(unit, self.cues, at).is_some_and(|verb| verb.standing == Standing::Finite))
    }

    fn push(
        &self,
        found: &mut Vec<Phrase<'a>>,
        unit: usize,
        items: Range<usize>,
        role: Role,
        cue: Option<VerbUse<'a>>,
    ) {
        let Some(span) = self.units[unit].span(items.start, items.end) else { return };
        if found.iter().any(|other| other.span == span) {
            return;
        }
        let mention = self.head(span);
        let entity = mention.and_then(|id| self.mentions[id].entity);
        found.push(Phrase { span, unit, items, role, cue, mention, entity });
    }

    fn push_mentions(&self, found: &mut Vec<Phrase<'a>>, unit: usize) {
        let items = &self.units[unit].items;
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
        for id in self.mentions_in(first.span.cover(last.span)) {
            let mention = self.mentions[id];
            let held =
                found.iter().any(|phrase| phrase.role != Role::Opening && phrase.span.contains(mention.span));
            if held {
                continue;
            }
            let Some((place, items)) = self.place_of(mention.span) else { continue };
            if place != unit || found.iter().any(|other| other.span == mention.span) {
                continue;
            }
            let (span, items) =
                match self.noun_phrase(unit, &items).filter(|_| mention.kind == EntityKind::Group) {
                    Some(whole) => whole,
                    None => (mention.span, items),
                };
            let (role, entity, mention) = (Role::Mention, mention.entity, Some(id));
            found.push(Phrase { span, unit, items, role, cue: None, mention, entity });
        }
    }

    /// The noun phrase that a word of nationality or party opens: "the Peruvian president".
    fn noun_phrase(&self, unit: usize, items: &Range<usize>) -> Option<(Span, Range<usize>)> {
        let unit = &self.units[unit];
        let opens = is_determiner(unit.word_before(items.start));
        let start = if opens { items.start - 1 } else { items.start };
        let whole = Phrases { unit, cues: self.cues }.starting_at(start, false)?;
        (whole.end >= items.end)
            .then(|| unit.span(whole.start, whole.end))
            .flatten()
            .map(|span| (span, whole))
    }

    /// Mentions that start in `span`.
    fn mentions_in(&self, span: Span) -> impl Iterator<Item = MentionId> {
        let all = self.mentions.items();
        let first = all.partition_point(|mention| mention.span.start() < span.start());
        let end = all.partition_point(|mention| mention.span.start() < span.end());
        (first..end.max(first)).map(MentionId::from_index)
    }

    /// The mention that heads a phrase: the first named one, else the first.
    fn head(&self, span: Span) -> Option<MentionId> {
        let inside: Vec<MentionId> =
            self.mentions_in(span).take(8).filter(|&id| span.contains(self.mentions[id].span)).collect();
        let named = inside.iter().find(|&&id| self.mentions[id].form == MentionForm::Named);
        named.or(inside.first()).copied()
    }

    /// The sources of attributions as phrases.
    pub(super) fn source_of(&self, attribution: &Attribution) -> Option<Phrase<'a>> {
        let &span = attribution.source.first()?;
        let (unit, items) = self.place_of(span)?;
        let mention = attribution.source_mention.or_else(|| self.head(span));
        let entity = mention.and_then(|id| self.mentions[id].entity);
        Some(Phrase { span, unit, items, role: Role::Source, cue: None, mention, entity })
    }
}
