//! Cues of other shapes: the passive, "according to", nouns and adjectives.

use std::ops::Range;

use stemma_core::{Basis, Manner};

use super::classes::{
    is_adverb, is_auxiliary, is_be, is_conjunction, is_determiner, is_negation, is_possessive_pronoun,
    is_preposition, is_relative, is_subject_pronoun,
};
use super::cues::Entry;
use super::drafts::{Draft, Drafter};
use super::extent::{Shape, content_end};
use super::sources::Phrases;
use super::unit::{Kind, past_opening};
use super::verbs::VerbUse;

impl Drafter<'_, '_> {
    pub(super) fn passive(&mut self, verb: &VerbUse<'_>) -> Option<Draft> {
        let unit = self.unit;
        let blank = self.blank(verb);
        let subject = self.phrases.subject(verb.start, 0);
        let after = past_adverbials_but_by(&self.phrases, verb.end);
        let by = (unit.word(after) == "by").then(|| self.phrases.starting_at(after + 1, true)).flatten();
        if verb.entry.lemma == "ask" {
            let from = by.as_ref().map_or(verb.end, |by| by.end);
            let from = if unit.kind(from) == Some(Kind::Comma) && unit.quote(from + 1).is_none() {
                return None;
            } else {
                from
            };
            let (_, content) = self.complement(verb.entry, from)?;
            return Some(Draft { content: vec![content], source: by, ..blank });
        }
        if let Some(by) = by {
            let subject = subject.filter(|_| verb.entry.object)?;
            if is_relative(unit.word(subject.start)) {
                return None;
            }
            return Some(Draft { content: vec![subject], source: Some(by), ..blank });
        }
        if HEARSAY.contains(&verb.entry.lemma)
            && let Some(draft) = self.hearsay(verb)
        {
            return Some(draft);
        }
        if unit.word(verb.end) == "that"
            && verb.entry.that
            && subject.is_some_and(|subject| unit.word(subject.start) == "it")
        {
            let (_, content) = self.complement(verb.entry, verb.end)?;
            return Some(Draft { content: vec![content], ..blank });
        }
        None
    }

    /// "The bank is expected to …", "seems to …": somebody thinks so of the subject, and is not named.
    pub(super) fn hearsay(&self, verb: &VerbUse<'_>) -> Option<Draft> {
        if self.unit.word(verb.end) != "to" {
            return None;
        }
        let subject = self.phrases.subject(verb.start, 0)?;
        let end = content_end(self.unit, self.cues, verb.end, Shape::Phrase);
        Some(Draft { content: vec![subject, verb.end..end], ..self.blank(verb) })
    }

    /// "…, according to Ruiz" and "According to Ruiz, …".
    pub(super) fn according(&mut self, at: usize) -> usize {
        let unit = self.unit;
        let end = self.according_end(at + 2);
        if end <= at + 2 {
            return at + 2;
        }
        let mut content = Vec::new();
        let opening = past_opening(unit, self.left_border(at), at);
        let mut left = at;
        let marked = matches!(unit.kind_before(at), Some(Kind::Comma | Kind::Dash | Kind::Quote(_)));
        if opening < left {
            left = self.trim_right(opening, left);
            // A verb right before the cue belongs to an outer attribution only if the cue is its aside.
            if left > opening {
                content.push(opening..left);
            }
        }
        let follows = matches!(unit.kind(end), Some(Kind::Comma | Kind::Quote(_)));
        if follows && (content.is_empty() || marked) {
            let next = if unit.kind(end) == Some(Kind::Comma) { end + 1 } else { end };
            let gerund = self.cues.verbs(unit.word(next)).any(|(form, _)| form.gerund);
            let leaves = !content.is_empty()
                && (gerund
                    || is_relative(unit.word(next))
                    || is_conjunction(unit.word(next))
                    || matches!(unit.word(next), "while" | "although" | "though" | "as"));
            let stop = content_end(unit, self.cues, next, Shape::Clause);
            if !leaves && stop > next {
                content.push(next..stop);
            }
        }
        if !content.is_empty() {
            self.drafts.push(Draft {
                content,
                cue: at..at + 2,
                source: Some(at + 2..end),
                manner: Manner::Neutral,
                basis: Basis::AccordingTo,
                negated: false,
                awaits: false,
            });
        }
        end
    }

    fn according_end(&self, from: usize) -> usize {
        let unit = self.unit;
        let whole = self.phrases.starting_at(from, true).map_or(from, |phrase| phrase.end);
        let mut at = whole;
        while at < unit.len().min(from + 24) {
            let word = unit.word(at);
            let stops = unit.kind(at) != Some(Kind::Word)
                || matches!(word, "and" | "but" | "while" | "which" | "who" | "that" | "as" | "when")
                || is_subject_pronoun(word);
            if stops {
                break;
            }
            at += 1;
        }
        at
    }

    /// "his claim that …", "the minister's call for …"
    pub(super) fn noun(&mut self, at: usize, entry: &Entry) {
        let unit = self.unit;
        let Some(source) = self.possessor(at) else { return };
        let word = unit.word(at + 1);
        let found = if word == "that" && entry.that {
            self.filled(at + 1, at + 1, Shape::Clause)
        } else if word == "to" && entry.prepositions.contains(&"to") && !is_determiner(unit.word(at + 2)) {
            self.filled(at + 1, at + 1, Shape::Phrase)
        } else if entry.prepositions.contains(&word) {
            self.filled(at + 2, at + 2, Shape::Phrase)
        } else {
            None
        };
        let Some((cue_end, content)) = found else { return };
        self.drafts.push(Draft {
            content: vec![content],
            cue: at..cue_end,
            source: Some(source),
            manner: entry.manner,
            basis: Basis::Cue,
            negated: false,
            awaits: false,
        });
    }

    /// The owner of the noun at `noun`: "his", "Ruiz's", with up to two adjectives between.
    fn possessor(&self, noun: usize) -> Option<Range<usize>> {
        let unit = self.unit;
        for back in 1..=3 {
            let at = noun.checked_sub(back)?;
            let word = unit.word(at);
            if is_possessive_pronoun(word) {
                return Some(at..at + 1);
            }
            if word == "'s" || matches!(unit.items[at].lower.as_ref(), "'" | "’") {
                let phrase = self.phrases.subject(at, 0)?;
                return Some(phrase.start..at);
            }
            if word.is_empty()
                || is_preposition(word)
                || is_determiner(word)
                || is_auxiliary(word)
                || is_conjunction(word)
            {
                return None;
            }
        }
        None
    }

    /// "is confident that …"
    pub(super) fn adjective(&mut self, at: usize, entry: &Entry) {
        let unit = self.unit;
        let mut start = at;
        while start > 0
            && at - start < 6
            && (is_adverb(unit.word(start - 1))
                || is_auxiliary(unit.word(start - 1)) && unit.word(start - 1) != "'s"
                || matches!(
                    unit.word(start - 1),
                    "remains" | "remained" | "feels" | "felt" | "very" | "so" | "more"
                ))
        {
            start -= 1;
        }
        let copula = (start..at).any(|n| {
            is_be(unit.word(n)) || matches!(unit.word(n), "remains" | "remained" | "feels" | "felt")
        });
        if !copula {
            return;
        }
        let word = unit.word(at + 1);
        let found = if word == "that" && entry.that {
            self.filled(at + 1, at + 1, Shape::Clause)
        } else if word == "to" && entry.infinitive {
            self.filled(at + 1, at + 1, Shape::Phrase)
        } else if entry.prepositions.contains(&word) {
            self.filled(at + 2, at + 2, Shape::Phrase)
        } else {
            None
        };
        let Some((cue_end, content)) = found else { return };
        let source = self.phrases.subject(start, 0);
        if source.as_ref().is_none_or(|source| unit.word(source.start) == "it") {
            return;
        }
        let negated = (start..at).any(|n| is_negation(unit.word(n)));
        self.drafts.push(Draft {
            content: vec![content],
            cue: start..cue_end,
            source,
            manner: entry.manner,
            basis: Basis::Cue,
            negated,
            awaits: false,
        });
    }
}

fn past_adverbials_but_by(phrases: &Phrases<'_, '_>, from: usize) -> usize {
    if phrases.unit.word(from) == "by" {
        from
    } else {
        from + usize::from(is_adverb(phrases.unit.word(from)))
    }
}

/// Verbs whose passive with "to" gives what is said without saying who: "is expected to", "was said to".
const HEARSAY: [&str; 10] =
    ["expect", "say", "believe", "report", "think", "allege", "project", "predict", "assume", "anticipate"];
