//! Noun phrases without a parser: the subject before a verb, and the phrase that starts at a word.
//!
//! Ranges are indices into the items of a [`Unit`]. Every search looks at most [`REACH`] items far, so the whole stays
//! linear.

use std::ops::Range;

use super::classes::{
    is_adverb, is_auxiliary, is_conjunction, is_determiner, is_object_pronoun, is_preposition,
    is_question_word, is_relative, is_subject_pronoun, is_subordinator, is_time_word,
};
use super::cues::Cues;
use super::unit::{Kind, Unit};
use crate::parts::Part;

/// How far a noun phrase is followed, in items.
pub(super) const REACH: usize = 48;

/// Finds noun phrases in one unit.
pub(super) struct Phrases<'a, 't> {
    pub(super) unit: &'a Unit<'t>,
    pub(super) cues: &'a Cues,
}

impl Phrases<'_, '_> {
    /// The subject of the verb group that starts at `verb`, not reaching before `floor`.
    pub(super) fn subject(&self, verb: usize, floor: usize) -> Option<Range<usize>> {
        let floor = floor.max(verb.saturating_sub(REACH));
        if verb <= floor {
            return None;
        }
        match self.unit.kind_before(verb)? {
            Kind::Comma | Kind::Dash => self.subject_with_insertion(verb, floor),
            Kind::Close => {
                let open = (floor..verb).rev().find(|&at| self.unit.kind(at) == Some(Kind::Open))?;
                Some(self.ending_at(open, floor)?.start..verb)
            }
            _ => self.ending_at(verb, floor),
        }
    }

    /// "Ruiz, the mayor of the town, said": from the head to the end of the insertion.
    fn subject_with_insertion(&self, verb: usize, floor: usize) -> Option<Range<usize>> {
        let mark = self.unit.kind_before(verb);
        let mut end = verb - 1;
        // An insertion can hold commas of its own ("Ruiz, 52, a lawyer from Lima, said"): go back to the first one
        // whose left side is a noun phrase that opens its clause.
        let mut found = None;
        for at in (floor + 1..verb - 1).rev() {
            match self.unit.kind(at) {
                kind if kind == mark => {
                    let Some(head) = self.ending_at(at, floor) else { break };
                    if !self.opens_insertion(at + 1) {
                        break;
                    }
                    found = Some(head.start);
                    end = verb - 1;
                    if head.start == floor || self.unit.kind_before(head.start) != mark {
                        break;
                    }
                }
                Some(Kind::Stop) if matches!(self.unit.kind(at + 1), Some(Kind::Comma)) => {}
                Some(Kind::Stop) if self.unit.is_abbreviation_stop(at) => {}
                Some(Kind::Semicolon | Kind::Colon | Kind::Quote(_) | Kind::Stop) => break,
                _ => {}
            }
        }
        found.map(|start| start..end)
    }

    /// True if what starts at `at` can be an insertion after a noun: "the mayor", "who", "52", "speaking".
    fn opens_insertion(&self, at: usize) -> bool {
        let word = self.unit.word(at);
        !word.is_empty()
            && !is_subject_pronoun(word)
            && !is_conjunction(word)
            && !self.cues.verbs(word).any(|(form, entry)| entry.speaks() && form.past)
    }

    /// The noun phrase that ends before `end` and opens its clause as far as can be told.
    fn ending_at(&self, end: usize, floor: usize) -> Option<Range<usize>> {
        let unit = self.unit;
        let last = end.checked_sub(1)?;
        let word = unit.word(last);
        if is_subject_pronoun(word) || is_relative(word) || matches!(word, "this" | "those" | "these") {
            return Some(last..end);
        }
        let mut start = end;
        while start > floor && self.continues_left(start - 1, start, end) {
            start -= 1;
        }
        if let Some(head) = self.head_of_relative(start, floor) {
            return Some(head..end);
        }
        let start = self.strip(start, end);
        (start < end && self.is_nominal(start, end)).then_some(start..end)
    }

    /// Where the noun phrase starts whose relative clause the walk to the left broke off in: "people who had been | there".
    fn head_of_relative(&self, broken: usize, floor: usize) -> Option<usize> {
        let unit = self.unit;
        let before = unit.word_before(broken);
        if is_subject_pronoun(before) {
            // "an official she spoke to"
            let noun = broken.checked_sub(2).filter(|&at| at > floor)?;
            let word = unit.word(noun);
            let attached = !word.is_empty()
                && !is_subordinator(word)
                && !is_conjunction(word)
                && !is_preposition(word)
                && !is_time_word(word)
                && !is_question_word(word)
                && !is_auxiliary(word)
                && !unit.is_adverb(noun)
                && self.cues.verbs(word).next().is_none();
            return attached
                .then(|| self.ending_at(broken - 1, floor.max(broken.saturating_sub(12))))
                .flatten()
                .map(|head| head.start);
        }
        if !(is_auxiliary(before) || before == "to" || is_relative(before)) {
            return None;
        }
        let who = (floor..broken)
            .rev()
            .take_while(|&at| unit.kind(at) == Some(Kind::Word))
            .find(|&at| unit.word(at) == "who")?;
        let head_end = if unit.kind_before(who) == Some(Kind::Comma) { who - 1 } else { who };
        (head_end > floor).then(|| self.ending_at(head_end, floor)).flatten().map(|head| head.start)
    }

    /// True if the item at `at` can belong to the phrase `from..end` on its right.
    fn continues_left(&self, at: usize, from: usize, end: usize) -> bool {
        let unit = self.unit;
        match unit.kind(at) {
            Some(Kind::Word) => {}
            Some(Kind::Quote(_)) => {
                return from < end && unit.items[at].span.len() < 40 && at > 0 && {
                    let before = unit.word_before(at);
                    is_determiner(before) || unit.is_capital(at - 1)
                };
            }
            Some(Kind::Other) => {
                return matches!(
                    unit.items[at].lower.as_ref(),
                    "%" | "$" | "&" | "/" | "€" | "£" | "." | "'" | "’"
                );
            }
            Some(Kind::Stop) => return unit.is_abbreviation_stop(at),
            _ => return false,
        }
        let word = unit.word(at);
        if is_subject_pronoun(word) || is_relative(word) && word != "that" || is_subordinator(word) {
            return false;
        }
        if is_auxiliary(word) && word != "'s" && word != "may" && word != "will" {
            return false;
        }
        if is_conjunction(word) {
            return self.joins_names(at, from, end);
        }
        if self.is_finite_cue(at) {
            return false;
        }
        if is_time_word(word) && !unit.word(at + 1).starts_with('\'') {
            return matches!(word, "last" | "march") && from < end && unit.word(from) != "month";
        }
        true
    }

    /// True if "and" at `at` joins two short noun phrases ("Ruiz and Kaya said") rather than two clauses.
    fn joins_names(&self, at: usize, from: usize, end: usize) -> bool {
        let unit = self.unit;
        if from >= end || at == 0 || matches!(unit.word(at), "but" | "yet" | "nor") {
            return false;
        }
        let right = unit.word(from);
        if is_subject_pronoun(right) || is_determiner(right) && !unit.is_capital(at - 1) {
            return false;
        }
        let mut left = at;
        while left > 0 && at - left < 6 && unit.kind(left - 1) == Some(Kind::Word) {
            let word = unit.word(left - 1);
            if is_preposition(word)
                || is_auxiliary(word)
                || self.is_finite_cue(left - 1)
                || is_subordinator(word)
            {
                break;
            }
            left -= 1;
        }
        let opens = left == 0
            || matches!(
                unit.kind(left - 1),
                Some(Kind::Comma | Kind::Semicolon | Kind::Quote(_) | Kind::Stop)
            )
            || is_subordinator(unit.word(left - 1));
        left < at && opens && at - left <= 4
    }

    /// Past leading adverbials, conjunctions and adverbs: "On Tuesday Ruiz" starts at "Ruiz".
    fn strip(&self, start: usize, end: usize) -> usize {
        let unit = self.unit;
        let mut at = start;
        while at < end {
            let word = unit.word(at);
            let droppable = is_conjunction(word)
                || (unit.is_adverb(at) && !matches!(word, "all" | "both" | "only" | "first"))
                || is_time_word(word)
                || matches!(
                    word,
                    "meanwhile"
                        | "however"
                        | "indeed"
                        | "though"
                        | "moreover"
                        | "out"
                        | "up"
                        | "off"
                        | "there"
                        | "here"
                )
                || matches!(unit.kind(at), Some(Kind::Stop | Kind::Other)) && unit.items[at].lower != "$";
            if is_preposition(word) {
                match self.past_prepositional(at, end) {
                    Some(next) => at = next,
                    None => return end,
                }
            } else if droppable {
                at += 1;
            } else {
                break;
            }
        }
        at
    }

    /// Where the noun phrase after a leading prepositional phrase starts: "In Ohio | voters", "On the trip | Ruiz".
    fn past_prepositional(&self, at: usize, end: usize) -> Option<usize> {
        let unit = self.unit;
        let mut next = at + 1;
        if unit.is_capital(next) || is_time_word(unit.word(next)) {
            while next < end
                && (is_time_word(unit.word(next)) || unit.word(next).starts_with(|c: char| c.is_numeric()))
            {
                next += 1;
            }
            if next > at + 1 {
                return (next < end).then_some(next);
            }
        }
        next = at + 2;
        (next..end).find(|&n| {
            let word = unit.word(n);
            let fresh = is_determiner(word) || is_subject_pronoun(word) || unit.is_capital(n);
            let joined = is_preposition(unit.word_before(n)) || is_determiner(unit.word_before(n));
            fresh && !joined && !(unit.is_capital(n) && unit.is_capital(n - 1))
        })
    }

    /// True if a phrase has a word that can be its head.
    fn is_nominal(&self, start: usize, end: usize) -> bool {
        (start..end).any(|at| {
            let word = self.unit.word(at);
            !word.is_empty() && !is_preposition(word) && !self.unit.is_adverb(at) && word != "'s"
        })
    }

    /// True if the word at `at` is surely a verb of saying in a finite form.
    pub(super) fn is_finite_cue(&self, at: usize) -> bool {
        let word = self.unit.word(at);
        self.cues.verbs(word).any(|(form, entry)| {
            entry.speaks()
                && form.past
                && !form.base
                && (!form.participle || entry.lemma == "say" || entry.lemma == "tell")
        })
    }

    /// The noun phrase that starts at `start`, with its complements and, if `full`, its appositions.
    pub(super) fn starting_at(&self, start: usize, full: bool) -> Option<Range<usize>> {
        let unit = self.unit;
        let first = unit.word(start);
        if is_subject_pronoun(first) || is_object_pronoun(first) && !is_determiner(first) {
            return Some(start..start + 1);
        }
        let limit = unit.len().min(start + REACH);
        let mut at = start;
        let mut head = false;
        while at < limit {
            let word = unit.word(at);
            match unit.kind(at)? {
                Kind::Word if is_preposition(word) => {
                    let follows = full || matches!(word, "of" | "for" | "from" | "with" | "in" | "at");
                    if !head
                        || !follows
                        || !self.opens_phrase(at + 1)
                        || (!full && word != "of") && !unit.is_capital(at + 1)
                    {
                        break;
                    }
                }
                Kind::Word => {
                    let stops = is_subordinator(word)
                        || is_question_word(word)
                        || is_subject_pronoun(word)
                        || is_auxiliary(word) && word != "'s" && !(unit.is_capital(at) && head)
                        || unit.is_adverb(at) && head
                        || is_time_word(word) && head && !matches!(word, "last" | "night")
                        || is_determiner(word) && head && !self.may_follow_head(at)
                        || head && self.is_finite_cue(at)
                        || head && self.is_present_cue(at)
                        || head && unit.part(at) == Some(Part::Verb) && !unit.is_capital(at);
                    if stops {
                        break;
                    }
                    if is_conjunction(word) {
                        if !head || !matches!(word, "and" | "or" | "&") || !self.joins_right(at) {
                            break;
                        }
                    } else if !is_determiner(word) {
                        head = true;
                    }
                }
                Kind::Other
                    if matches!(
                        unit.items[at].lower.as_ref(),
                        "%" | "$" | "&" | "/" | "€" | "£" | "'" | "’"
                    ) => {}
                Kind::Stop if at > start && unit.is_abbreviation_stop(at) => {}
                Kind::Comma if full && head => match self.apposition_end(at, limit) {
                    Some(end) => {
                        at = end;
                        continue;
                    }
                    None => break,
                },
                Kind::Open if full && head => {
                    match (at..limit.min(at + 8)).find(|&n| unit.kind(n) == Some(Kind::Close)) {
                        Some(close) => at = close,
                        None => break,
                    }
                }
                Kind::Quote(_)
                    if at > start
                        && unit.items[at].span.len() < 40
                        && (unit.is_capital(at - 1)
                            || is_determiner(unit.word(at - 1))
                            || unit.word(at - 1) == "'s")
                        && at + 1 < limit => {}
                _ => break,
            }
            at += 1;
        }
        while at > start
            && (unit.kind(at - 1) == Some(Kind::Comma)
                || is_conjunction(unit.word(at - 1))
                || is_preposition(unit.word(at - 1)))
        {
            at -= 1;
        }
        (at > start && self.is_nominal(start, at)).then_some(start..at)
    }

    fn is_present_cue(&self, at: usize) -> bool {
        let word = self.unit.word(at);
        !self.unit.is_capital(at)
            && matches!(word, "says" | "tells" | "reports" | "argues" | "believes" | "thinks")
    }

    fn may_follow_head(&self, at: usize) -> bool {
        let before = self.unit.word_before(at);
        is_preposition(before) || is_conjunction(before) || is_determiner(before) || matches!(before, "than")
    }

    fn opens_phrase(&self, at: usize) -> bool {
        let word = self.unit.word(at);
        !word.is_empty()
            && !is_subordinator(word)
            && !is_auxiliary(word)
            && !is_subject_pronoun(word)
            && !is_time_word(word)
            || matches!(word, "it" | "last")
    }

    /// True if "and" joins another noun phrase and not a second verb.
    fn joins_right(&self, at: usize) -> bool {
        let word = self.unit.word(at + 1);
        !word.is_empty()
            && !is_subject_pronoun(word)
            && !is_auxiliary(word)
            && !is_adverb(word)
            && self.cues.verbs(word).next().is_none()
            && (self.unit.is_capital(at + 1) || is_determiner(word) || !word.ends_with("ed"))
    }

    /// Where the apposition after the comma at `comma` ends: before the next comma or the end of the sentence.
    fn apposition_end(&self, comma: usize, limit: usize) -> Option<usize> {
        let unit = self.unit;
        let first = unit.word(comma + 1);
        let opens = is_determiner(first)
            || first.starts_with(|c: char| c.is_numeric())
            || unit.is_capital(comma + 1) && !is_time_word(first)
            || ROLES.contains(&first);
        if !opens || self.cues.verbs(first).any(|(form, _)| form.gerund) {
            return None;
        }
        let end = (comma + 1..limit)
            .find(|&at| {
                let word = unit.word(at);
                matches!(
                    unit.kind(at),
                    Some(
                        Kind::Comma
                            | Kind::Quote(_)
                            | Kind::Semicolon
                            | Kind::Colon
                            | Kind::Dash
                            | Kind::Stop
                    )
                ) && !(unit.kind(at) == Some(Kind::Stop) && unit.is_abbreviation_stop(at) && !unit.is_end(at))
                    || is_auxiliary(word) && word != "'s"
                    || is_subject_pronoun(word)
                    || self.is_finite_cue(at)
                    || matches!(word, "who" | "but" | "while" | "because" | "after" | "when")
            })
            .unwrap_or(limit);
        let clause =
            is_auxiliary(unit.word(end)) || is_subject_pronoun(unit.word(end)) || self.is_finite_cue(end);
        (!clause && end > comma + 1).then_some(end)
    }
}

/// Nouns that open an apposition without an article.
const ROLES: [&str; 24] = [
    "director",
    "president",
    "chairman",
    "chairwoman",
    "chair",
    "chief",
    "head",
    "founder",
    "co-founder",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "professor",
    "executive",
    "author",
    "editor",
    "leader",
    "minister",
    "senator",
    "governor",
    "mayor",
    "former",
    "senior",
    "deputy",
];
