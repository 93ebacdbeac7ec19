//! Cues that stand before their content: she said that …; and whose words they are.

use std::ops::Range;

use stemma_core::Manner;

use super::classes::{
    is_auxiliary, is_conjunction, is_determiner, is_possessive_pronoun, is_preposition, is_put_out,
    is_question_word, is_relative, is_subordinator, is_time_word,
};
use super::cues::Entry;
use super::drafts::{Draft, Drafter};
use super::extent::{Shape, content_end, may_open_clause, past_adverbials};
use super::unit::{Kind, past_opening};
use super::verbs::{Standing, VerbUse, verb_use};

/// Words of whom somebody quotes, at most: "a spokesman for the harbor office, Ivo Berg".
const LONGEST_QUOTED: usize = 16;

impl Drafter<'_, '_> {
    pub(super) fn before_content(&mut self, verb: &VerbUse<'_>) -> Option<Draft> {
        if matches!(verb.entry.lemma, "seem" | "appear") {
            return self.hearsay(verb);
        }
        let source = self.source_of(verb);
        let mut from = verb.end;
        if verb.entry.recipient {
            if let Some(recipient) = self.recipient(from) {
                from = recipient;
            } else if !matches!(self.unit.kind(from), Some(Kind::Comma | Kind::Colon | Kind::Quote(_)))
                && !verb.entry.prepositions.contains(&self.unit.word(from))
            {
                return None;
            }
        }
        let blank = self.blank(verb);
        if verb.entry.lemma == "call" && self.is_indefinite(source.as_ref()) {
            return None; // "a company called Acme"
        }
        match self.complement(verb.entry, from) {
            Some((cue_end, mut content)) => {
                if source.as_ref().is_some_and(|source| self.is_subordinate(source.start)) {
                    content.end = self.clause_end(&content);
                }
                let cue_end = if verb.entry.recipient { verb.end } else { cue_end.max(verb.end) };
                Some(Draft { content: vec![content], cue: verb.start..cue_end, source, ..blank })
            }
            None if self.is_aside_of_source(verb, source.as_ref()) => {
                let start = verb.end + 1;
                let end = content_end(self.unit, self.cues, start, Shape::Clause);
                let content = start..end;
                (end > start).then(|| Draft { content: vec![content], source, ..blank })
            }
            None if verb.entry.quote && self.ends_in_colon(from) => {
                Some(Draft { source, awaits: true, ..blank })
            }
            None => None,
        }
    }

    fn is_indefinite(&self, source: Option<&Range<usize>>) -> bool {
        source.is_some_and(|source| {
            (source.clone()).rev().take(5).any(|at| matches!(self.unit.word(at), "a" | "an"))
        })
    }

    /// "As Ruiz reported, …"
    fn is_aside_of_source(&self, verb: &VerbUse<'_>, source: Option<&Range<usize>>) -> bool {
        let opens = |source: &Range<usize>| {
            self.unit.word_before(source.start) == "as"
                && past_opening(self.unit, 0, source.start) + 1 == source.start
        };
        verb.entry.speaks() && self.unit.kind(verb.end) == Some(Kind::Comma) && source.is_some_and(opens)
    }

    /// True if the clause whose subject starts at `subject` hangs on another: "While Ruiz said that …, he …".
    fn is_subordinate(&self, subject: usize) -> bool {
        let word = self.unit.word_before(subject);
        matches!(
            word,
            "while" | "although" | "though" | "when" | "after" | "before" | "because" | "since" | "as" | "if"
        ) && subject.checked_sub(2).is_none_or(|before| {
            self.unit.kind(before) != Some(Kind::Word) || is_conjunction(self.unit.word(before))
        })
    }

    /// The content up to its first comma.
    fn clause_end(&self, content: &Range<usize>) -> usize {
        let comma = content.clone().skip(1).find(|&at| self.unit.kind(at) == Some(Kind::Comma));
        comma.unwrap_or(content.end)
    }

    /// One past the one spoken to: "told | reporters in Lima |".
    fn recipient(&self, from: usize) -> Option<usize> {
        let first = self.unit.word(from);
        if matches!(first, "that" | "about" | "of") || is_question_word(first) {
            return None;
        }
        Some(self.phrases.starting_at(from, false)?.end)
    }

    fn ends_in_colon(&self, from: usize) -> bool {
        let last = self.unit.len() - 1;
        self.unit.kind(last) == Some(Kind::Colon) && last < from + 24
    }

    /// What a cue that ends before `from` introduces: one past the cue (a preposition belongs to it), and the content.
    pub(super) fn complement(&self, entry: &Entry, from: usize) -> Option<(usize, Range<usize>)> {
        let unit = self.unit;
        let after = past_adverbials(&self.phrases, from);
        let after = self.past_insertion(after);
        for at in [from, after] {
            if let Some(start) = self.quotation_at(entry, at) {
                return Some((from, start..self.quoted_end(start)));
            }
            if unit.word(at) == "that" && entry.that && self.opens_that_clause(at) {
                return self.filled(from, at, Shape::Clause);
            }
            if entry.whether && self.opens_question(entry, at) {
                return self.filled(from, at, Shape::Clause);
            }
        }
        let word = unit.word(from);
        if word == "to" && entry.infinitive && !is_determiner(unit.word(from + 1)) {
            return self.filled(from, from, Shape::Phrase);
        }
        if entry.prepositions.contains(&word)
            && word != "as"
            && !is_time_word(unit.word(from + 1))
            && unit.kind(from + 1).is_some()
        {
            return self.filled(from + 1, from + 1, Shape::Phrase);
        }
        if entry.prepositions.contains(&"as") && !entry.object {
            let object = self.phrases.starting_at(from, false)?;
            return (unit.word(object.end) == "as").then(|| self.filled(from, from, Shape::Phrase)).flatten();
        }
        // "said in a statement issued on Monday": what was issued is the statement.
        let of_noun = after > from && is_put_out(unit.word(after));
        if entry.clause && may_open_clause(unit, after) && !self.is_loose(after) && !of_noun {
            return self.filled(from, after, Shape::Clause);
        }
        if entry.object && may_open_clause(unit, from) && !self.is_loose(from) {
            // "Quoted Ana Ruiz as saying that …"
            let is_other = |content: &Range<usize>| {
                let at = content.end + usize::from(unit.kind(content.end) == Some(Kind::Comma));
                unit.word(at) == "as" && unit.word(at + 1).ends_with("ing")
            };
            return self.filled(from, from, Shape::Phrase).filter(|(_, content)| !is_other(content));
        }
        entry
            .quote
            .then(|| self.distant_quotation(after))
            .flatten()
            .map(|start| (from, start..self.quoted_end(start)))
    }

    /// Past an insertion that "that" follows: "said, in her words, | that".
    fn past_insertion(&self, at: usize) -> usize {
        let unit = self.unit;
        if unit.kind(at) != Some(Kind::Comma) {
            return at;
        }
        let close = (at + 1..unit.len().min(at + 10)).find(|&n| unit.kind(n) == Some(Kind::Comma));
        close.filter(|&n| unit.word(n + 1) == "that").map_or(at, |n| n + 1)
    }

    pub(super) fn filled(&self, cue_end: usize, from: usize, shape: Shape) -> Option<(usize, Range<usize>)> {
        let end = content_end(self.unit, self.cues, from, shape);
        (end > from).then_some((cue_end, from..end))
    }

    /// True if what stands at `at` depends on something else: "said when asked", "called off".
    fn is_loose(&self, at: usize) -> bool {
        let word = self.unit.word(at);
        is_subordinator(word) && !matches!(word, "what" | "if")
            || is_conjunction(word)
            || matches!(word, "so" | "off" | "up" | "down" | "out" | "away" | "back" | "who")
            || is_auxiliary(word)
            || is_relative(word)
    }

    fn opens_that_clause(&self, at: usize) -> bool {
        // "said that." is a pronoun.
        self.unit.kind(at + 1).is_some_and(|kind| !matches!(kind, Kind::Stop | Kind::Comma))
            || self.unit.quote(at + 1).is_some()
    }

    fn opens_question(&self, entry: &Entry, at: usize) -> bool {
        let word = self.unit.word(at);
        let asks = entry.manner == Manner::Question;
        is_question_word(word)
            && (asks || !matches!(word, "if" | "when" | "where" | "who" | "which" | "whose"))
            && self.unit.kind(at + 1) == Some(Kind::Word)
    }

    /// Start of a quotation at `at`, with or without a comma, colon or dash before it.
    fn quotation_at(&self, entry: &Entry, at: usize) -> Option<usize> {
        let takes = entry.quote || entry.object || entry.clause || entry.that;
        match self.unit.kind(at)? {
            Kind::Quote(_) if takes => Some(at),
            Kind::Comma | Kind::Colon | Kind::Dash if entry.quote && self.unit.quote(at + 1).is_some() => {
                Some(at + 1)
            }
            Kind::Colon if entry.quote && self.unit.kind(at + 1) == Some(Kind::Word) => Some(at + 1),
            _ => None,
        }
    }

    /// A quotation that opens after a comma or colon a little further on: "said at a rally attended by many, “…”".
    fn distant_quotation(&self, from: usize) -> Option<usize> {
        let unit = self.unit;
        for at in from..unit.len().min(from + 24) {
            match unit.kind(at)? {
                Kind::Comma | Kind::Colon => {
                    if let Some(id) = unit.quote(at + 1) {
                        let inner = &unit.text[self.quotes[id].inner.range()];
                        let whole = inner.trim_start().starts_with(|c: char| c.is_uppercase())
                            && inner.split_whitespace().count() > 3;
                        return whole.then_some(at + 1);
                    }
                }
                Kind::Word
                    if at > from && verb_use(unit, self.cues, at).is_some_and(|verb| verb.entry.quote) =>
                {
                    return None;
                }
                Kind::Semicolon | Kind::Stop => return None,
                _ => {}
            }
        }
        None
    }

    /// One past a content that opens with a quotation.
    fn quoted_end(&self, start: usize) -> usize {
        content_end(self.unit, self.cues, start, Shape::Clause).max(start + 1)
    }

    fn source_of(&self, verb: &VerbUse<'_>) -> Option<Range<usize>> {
        let unit = self.unit;
        let before = unit.word_before(verb.start);
        if verb.standing == Standing::Gerund {
            if let Some(quoted) = self.quoted_source(verb.start) {
                return Some(quoted);
            }
            let attached = unit.kind_before(verb.start) == Some(Kind::Word)
                && !is_preposition(before)
                && !is_conjunction(before)
                && !is_subordinator(before)
                && !is_auxiliary(before);
            return if attached {
                self.phrases.subject(verb.start, 0)
            } else {
                self.main_source_before(verb.start)
            };
        }
        if is_conjunction(before) || verb.start == 0 {
            return self.main_source_before(verb.start);
        }
        self.phrases.subject(verb.start, 0).or_else(|| self.main_source_before(verb.start))
    }

    /// Whom somebody else quotes: "the Courier quoted | Ana Ruiz, the mayor, | as saying".
    fn quoted_source(&self, gerund: usize) -> Option<Range<usize>> {
        let unit = self.unit;
        let end = gerund.checked_sub(1).filter(|&at| unit.word(at) == "as")?;
        let from = end.saturating_sub(LONGEST_QUOTED);
        let quotes =
            |at: &usize| matches!(unit.word(*at), "quoted" | "quotes" | "quoting" | "cited" | "citing");
        let cue = (from..end).rev().find(quotes)?;
        let is_passive =
            matches!(unit.word(cue + 1), "by" | "in" | "on") || is_auxiliary(unit.word_before(cue));
        let start = self.phrases.starting_at(cue + 1, false).filter(|_| !is_passive)?.start;
        let last = (start..end).rev().find(|&at| unit.kind(at) == Some(Kind::Word))?;
        Some(start..last + 1)
    }

    fn main_source_before(&self, verb: usize) -> Option<Range<usize>> {
        self.main_source().filter(|source| source.end <= verb)
    }

    /// Who the last attribution of this unit is given to, else the subject that opens the unit.
    pub(super) fn main_source(&self) -> Option<Range<usize>> {
        let speaks = |source: &Range<usize>| !is_possessive_pronoun(self.unit.word(source.start));
        let last = self.drafts.iter().rev().take(4).filter_map(|draft| draft.source.clone()).find(speaks);
        if last.is_some() {
            return last;
        }
        let unit = self.unit;
        let mut at = past_opening(unit, 0, unit.len());
        if self.is_introduction(at) || is_subordinator(unit.word(at)) {
            let comma = (at..unit.len().min(at + 40)).find(|&n| unit.kind(n) == Some(Kind::Comma))?;
            at = past_opening(unit, comma, unit.len());
        }
        let first = unit.word(at);
        if first.is_empty() || is_question_word(first) {
            return None;
        }
        self.phrases.starting_at(at, false)
    }
}
