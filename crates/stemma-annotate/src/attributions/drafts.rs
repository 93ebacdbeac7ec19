//! Attributions of one unit, in items: which cue, whose, and what it introduces.
//!
//! Cues are read from left to right. Each is tried after its content (“…,” she said), then before it (she said that …).

use std::ops::Range;

use stemma_core::{Basis, Layer, Manner, Quote, QuoteId};

use super::cues::Cues;
use super::sources::Phrases;
use super::unit::Unit;
use super::verbs::{Standing, VerbUse, verb_use};

/// An attribution in items of its unit.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// Pieces, in order. Empty only where `awaits`.
    pub(super) content: Vec<Range<usize>>,
    pub(super) cue: Range<usize>,
    pub(super) source: Option<Range<usize>>,
    pub(super) manner: Manner,
    pub(super) basis: Basis,
    pub(super) negated: bool,
    /// Ends in a colon: what is said stands in the next unit.
    pub(super) awaits: bool,
}

/// Finds the attributions of one unit.
pub(super) struct Drafter<'a, 't> {
    pub(super) unit: &'a Unit<'t>,
    pub(super) cues: &'a Cues,
    pub(super) quotes: &'a Layer<QuoteId, Quote>,
    pub(super) phrases: Phrases<'a, 't>,
    pub(super) drafts: Vec<Draft>,
    /// Content on the left of a cue does not reach back before this item.
    pub(super) floor: usize,
}

impl<'a, 't> Drafter<'a, 't> {
    /// The attributions of `unit`, in order of their cues.
    pub(super) fn run(unit: &'a Unit<'t>, cues: &'a Cues, quotes: &'a Layer<QuoteId, Quote>) -> Vec<Draft> {
        let phrases = Phrases { unit, cues };
        let mut drafter = Self { unit, cues, quotes, phrases, drafts: Vec::new(), floor: 0 };
        if drafter.signature() {
            return drafter.drafts;
        }
        let mut at = drafter.leading_name();
        while at < unit.len() {
            at = drafter.step(at).max(at + 1);
        }
        drafter.left_over();
        drafter.drafts
    }

    fn step(&mut self, at: usize) -> usize {
        let word = self.unit.word(at);
        if word.is_empty() {
            return at + 1;
        }
        if word == "according" && self.unit.word(at + 1) == "to" {
            return self.according(at);
        }
        if let Some(verb) = verb_use(self.unit, self.cues, at) {
            return self.verb(&verb);
        }
        if let Some(entry) = self.cues.noun(word) {
            self.noun(at, entry);
        } else if let Some(entry) = self.cues.adjective(word) {
            self.adjective(at, entry);
        }
        at + 1
    }

    fn verb(&mut self, verb: &VerbUse<'_>) -> usize {
        let found = match verb.standing {
            Standing::Passive => self.passive(verb),
            Standing::BareParticiple => self.complement(verb.entry, verb.end).map(|(cue_end, content)| {
                Draft { content: vec![content], cue: verb.start..cue_end, source: None, ..self.blank(verb) }
            }),
            Standing::Gerund => self.before_content(verb),
            Standing::Finite => self.after_content(verb).or_else(|| self.before_content(verb)),
        };
        match found {
            Some(draft) => {
                let end = draft.cue.end;
                self.drafts.push(draft);
                end
            }
            None => verb.at + 1,
        }
    }

    pub(super) fn blank(&self, verb: &VerbUse<'_>) -> Draft {
        Draft {
            content: Vec::new(),
            cue: verb.start..verb.end,
            source: None,
            manner: verb.entry.manner,
            basis: Basis::Cue,
            negated: verb.negated,
            awaits: false,
        }
    }
}
