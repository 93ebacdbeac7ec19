//! Attributions of one unit, in items: which cue, whose, and what it introduces.
//!
//! Cues are read from left to right. Each is tried after its content (“…,” she said), then before it (she said that …).

use std::ops::Range;

use stemma_core::{Basis, Layer, Manner, Quote, QuoteId, SegmentKind};

use super::classes::{
    is_adverb, is_auxiliary, is_be, is_conjunction, is_determiner, is_possessive_pronoun, is_preposition,
    is_question_word, is_relative, is_subject_pronoun, is_subordinator, is_time_word,
};
use super::cues::{Cues, Entry};
use super::extent::{Shape, content_end, may_open_clause, past_adverbials};
use super::sources::Phrases;
use super::unit::{Kind, Unit, past_opening};
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

/// What stands before a cue, from item `from` to the comma, dash or quotation at `mark`.
#[derive(Clone, Copy, Debug)]
struct Left {
    mark: usize,
    from: usize,
    /// It is one quotation, not a clause with a quotation in it.
    whole: bool,
}

/// A quotation of so many words is seldom a title or a nickname: five in six on the training part of PolNeAR.
const LONG_QUOTATION: usize = 6;

/// So many are enough where another part of the same content stands right before.
const PHRASE_QUOTATION: usize = 3;

/// How far content on the left of a cue reaches, in items.
const LONGEST_LEFT: usize = 200;

/// Finds the attributions of one unit.
pub(super) struct Drafter<'a, 't> {
    unit: &'a Unit<'t>,
    cues: &'a Cues,
    quotes: &'a Layer<QuoteId, Quote>,
    phrases: Phrases<'a, 't>,
    drafts: Vec<Draft>,
    /// Content on the left of a cue does not reach back before this item.
    floor: usize,
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

    /// Long quotations that no cue has taken: what the sentence's subject says, with a verb that no list has.
    fn left_over(&mut self) {
        let unit = self.unit;
        let mut taken = vec![false; unit.len()];
        for range in self.drafts.iter().flat_map(|draft| &draft.content) {
            taken[range.clone()].fill(true);
        }
        for (at, _) in taken.iter().enumerate().filter(|(_, taken)| !**taken) {
            if self.n_quoted_words(at) < PHRASE_QUOTATION {
                continue;
            }
            let close =
                |draft: &Draft| draft.content.last().is_some_and(|last| last.end < at && at - last.end < 4);
            if let Some(draft) = self.drafts.iter_mut().rev().take(4).find(|draft| close(draft)) {
                draft.content.push(at..at + 1);
            } else if self.n_quoted_words(at) < LONG_QUOTATION {
                continue;
            } else if let Some((source, basis)) = self.speaker_before(at) {
                let content = at..at + 1;
                let cue = if basis == Basis::Colon { at - 1..at } else { source.end..source.end };
                self.drafts.push(Draft {
                    content: vec![content],
                    cue,
                    source: Some(source),
                    manner: Manner::Neutral,
                    basis,
                    negated: false,
                    awaits: false,
                });
            }
        }
        self.announced();
    }

    /// Who speaks a quotation without a cue: a name right before its colon, else the subject of the sentence.
    fn speaker_before(&self, at: usize) -> Option<(Range<usize>, Basis)> {
        if self.unit.kind_before(at) == Some(Kind::Colon) && self.unit.is_capital(at.wrapping_sub(2)) {
            let source = self.phrases.subject(at - 1, 0)?;
            return Some((source, Basis::Colon));
        }
        self.main_source().map(|source| (source, Basis::None))
    }

    /// A sentence without a cue that ends in a colon announces what its subject says next.
    fn announced(&mut self) {
        let last = self.unit.len() - 1;
        if self.unit.kind(last) != Some(Kind::Colon) || self.drafts.iter().any(|draft| draft.awaits) {
            return;
        }
        let Some(source) = self.main_source().filter(|source| source.end <= last) else { return };
        self.drafts.push(Draft {
            content: Vec::new(),
            cue: last..last + 1,
            source: Some(source),
            manner: Manner::Neutral,
            basis: Basis::Colon,
            negated: false,
            awaits: true,
        });
    }

    /// Words of the quotation at `at`, none if there is none; counted up to [`LONG_QUOTATION`].
    fn n_quoted_words(&self, at: usize) -> usize {
        let Some(id) = self.unit.quote(at) else { return 0 };
        self.unit.text[self.quotes[id].inner.range()].split_whitespace().take(LONG_QUOTATION).count()
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

    fn blank(&self, verb: &VerbUse<'_>) -> Draft {
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

    // ---- the cue stands after its content, or in the middle of it

    fn after_content(&mut self, verb: &VerbUse<'_>) -> Option<Draft> {
        let follows = verb.entry.quote || verb.entry.clause && verb.entry.that;
        if !follows {
            return None;
        }
        let (source, left, right) = self.inverted(verb).or_else(|| self.subject_then_verb(verb))?;
        let to = if self.unit.quote(left.mark).is_some() { left.mark + 1 } else { left.mark };
        let to = self.trim_right(left.from, to);
        let rest = self.rest_after(self.resumed(right, left.whole), left.whole);
        if left.from >= to || !left.whole && self.is_introduction(left.from) {
            // "In 2012, she said, …" is hers; "In a statement, she said, “…”" is not.
            let parenthesis =
                self.unit.kind(right) == Some(Kind::Comma) && self.unit.quote(right + 1).is_none();
            if !parenthesis || rest.is_none() {
                return None;
            }
        }
        let mut content = Vec::new();
        if left.from < to {
            content.push(left.from..to);
        }
        let right_end = rest.as_ref().map_or(right, |rest| rest.end);
        content.extend(rest);
        if content.is_empty() {
            return None;
        }
        if left.whole {
            self.floor = right_end;
        }
        Some(Draft { content, source: Some(source), ..self.blank(verb) })
    }

    /// What stands on the left of a cue, up to the comma, dash or quotation at `mark`.
    fn left_of(&self, mark: usize) -> Left {
        let unit = self.unit;
        let from = past_opening(unit, self.left_border(mark), mark + 1);
        if !self.ends_quotation(mark) {
            return Left { mark, from, whole: false };
        }
        let alone = from >= mark;
        let set_off =
            matches!(unit.kind_before(mark), Some(Kind::Comma | Kind::Colon | Kind::Dash | Kind::Stop))
                && self.is_sentence(mark);
        if alone || set_off {
            Left { mark, from: mark, whole: true }
        } else {
            Left { mark, from, whole: false }
        }
    }

    /// True for a quotation of some length that starts like a sentence.
    fn is_sentence(&self, at: usize) -> bool {
        let Some(id) = self.unit.quote(at) else { return false };
        let inner = self.unit.text[self.quotes[id].inner.range()].trim_start();
        inner.starts_with(|c: char| c.is_uppercase()) && inner.split_whitespace().nth(3).is_some()
    }

    /// “…,” said Ruiz, the mayor.
    fn inverted(&self, verb: &VerbUse<'_>) -> Option<(Range<usize>, Left, usize)> {
        let unit = self.unit;
        let mark = verb.start.checked_sub(1)?;
        let quoted = self.ends_quotation(mark);
        let comma = unit.kind(mark) == Some(Kind::Comma);
        let next = unit.word(verb.end);
        let left = self.left_of(mark);
        let certain = left.whole && self.expects_cue(mark);
        let opens = (unit.is_capital(verb.end) || is_determiner(next)) && !is_time_word(next)
            || certain && may_open_noun_phrase(unit, verb.end);
        if !opens
            || !verb.entry.quote
            || !(quoted || comma && INVERTING.contains(&verb.entry.lemma) && mark >= 3)
        {
            return None;
        }
        let source = self.phrases.starting_at(verb.end, true)?;
        let after = past_adverbials(&self.phrases, source.end);
        let closed = certain
            || unit.is_end(after)
            || matches!(unit.kind(after), Some(Kind::Comma | Kind::Dash | Kind::Semicolon))
            || quoted
                && (unit.kind(after) != Some(Kind::Word)
                    || is_subordinator(unit.word(after))
                    || is_relative(unit.word(after))
                    || is_conjunction(unit.word(after))
                    || is_preposition(unit.word(after)));
        closed.then_some((source, left, after))
    }

    /// “…,” Ruiz said on Tuesday.
    fn subject_then_verb(&self, verb: &VerbUse<'_>) -> Option<(Range<usize>, Left, usize)> {
        let unit = self.unit;
        let source = self.phrases.subject(verb.start, self.floor)?;
        let left = self.left_of(self.mark_before(source.start)?);
        let follows = left.whole
            || self.ends_quotation(left.mark)
            || matches!(unit.kind(left.mark), Some(Kind::Comma | Kind::Dash));
        if !follows || is_relative(unit.word(source.start)) {
            return None;
        }
        let mut right = verb.end;
        if verb.entry.recipient {
            right = self.phrases.starting_at(right, false)?.end;
        }
        let right = past_adverbials(&self.phrases, right);
        let closed = unit.is_end(right)
            || match unit.kind(right) {
                Some(Kind::Comma) => {
                    left.whole || unit.quote(right + 1).is_none() || !self.is_introduction(left.from)
                }
                Some(Kind::Quote(_) | Kind::Stop | Kind::Open | Kind::Colon) => left.whole,
                Some(Kind::Dash | Kind::Semicolon) => true,
                _ if left.whole && self.expects_cue(left.mark) => unit.word(right) != "that",
                _ => self.opens_aside(right, left.whole),
            };
        closed.then_some((source, left, right))
    }

    /// True for a quotation that ends in a comma or a question mark inside: a cue comes next.
    fn expects_cue(&self, mark: usize) -> bool {
        let Some(id) = self.unit.quote(mark) else { return false };
        self.unit.text[self.quotes[id].inner.range()].trim_end().ends_with([',', '?', '!', '—', '…'])
    }

    /// True if what follows a cue is no part of what is said: "she said as she left".
    fn opens_aside(&self, at: usize, quoted: bool) -> bool {
        let word = self.unit.word(at);
        let loose = matches!(
            word,
            "as" | "after"
                | "when"
                | "while"
                | "before"
                | "because"
                | "and"
                | "but"
                | "who"
                | "where"
                | "since"
        );
        loose || quoted && !is_subject_pronoun(word) && word != "that" && !may_open_clause(self.unit, at)
    }

    /// The comma, dash or quotation that stands before a subject, over adverbs and times ("“…,” on Tuesday Ruiz said").
    fn mark_before(&self, start: usize) -> Option<usize> {
        let unit = self.unit;
        let mut at = start;
        for _ in 0..6 {
            at = at.checked_sub(1)?;
            match unit.kind(at)? {
                Kind::Word
                    if is_adverb(unit.word(at))
                        || is_time_word(unit.word(at))
                        || is_conjunction(unit.word(at))
                        || matches!(unit.word(at), "on" | "in" | "as") => {}
                Kind::Comma | Kind::Dash if at > 0 && unit.quote(at - 1).is_some() => return Some(at - 1),
                Kind::Stop | Kind::Other if at > 0 && unit.quote(at - 1).is_some() => return Some(at - 1),
                Kind::Comma | Kind::Dash | Kind::Quote(_) => return Some(at),
                _ => return None,
            }
        }
        None
    }

    /// True if the item at `mark` is a quotation that a cue may follow: it ends in a mark, inside or right after.
    fn ends_quotation(&self, mark: usize) -> bool {
        let Some(id) = self.unit.quote(mark) else { return false };
        let inner = self.unit.text[self.quotes[id].inner.range()].trim_end();
        let closes = |c: char| matches!(c, ',' | '.' | '?' | '!' | '…' | '—' | '–' | '-');
        let inner_mark = inner.trim_end_matches(['’', '\'', '”', '"', ')', ']']).ends_with(closes);
        inner_mark
            || matches!(self.unit.kind(mark + 1), Some(Kind::Comma | Kind::Dash))
            || (mark == 0 && inner.split_whitespace().count() > 3)
    }

    /// Where the clause that ends at `mark` starts.
    fn left_border(&self, mark: usize) -> usize {
        let floor = self.floor.min(mark).max(mark.saturating_sub(LONGEST_LEFT));
        let border = |&at: &usize| matches!(self.unit.kind(at - 1), Some(Kind::Colon | Kind::Semicolon));
        (floor + 1..mark).rev().find(border).unwrap_or(floor)
    }

    fn trim_right(&self, from: usize, to: usize) -> usize {
        let mut to = to;
        while to > from && matches!(self.unit.kind(to - 1), Some(Kind::Comma | Kind::Dash | Kind::Stop)) {
            to -= 1;
        }
        to
    }

    /// True if a stretch before a comma only leads in: "In a statement", "Asked about it", "When he left".
    fn is_introduction(&self, from: usize) -> bool {
        let word = self.unit.word(from);
        is_preposition(word)
            || is_time_word(word)
            || is_adverb(word)
            || matches!(
                word,
                "when"
                    | "while"
                    | "after"
                    | "before"
                    | "as"
                    | "since"
                    | "although"
                    | "though"
                    | "once"
                    | "asked"
                    | "speaking"
                    | "pressed"
            )
            || self.cues.verbs(word).any(|(form, _)| form.gerund)
            || word.ends_with("ing") && word.len() > 5
    }

    /// The comma after which a broken quotation goes on, past what is said about the saying:
    /// “We will,” she said as she left, | “rebuild.”
    fn resumed(&self, right: usize, whole: bool) -> usize {
        let unit = self.unit;
        if !whole || unit.kind(right) != Some(Kind::Word) {
            return right;
        }
        let goes_on = |&at: &usize| unit.kind(at) == Some(Kind::Comma) && unit.quote(at + 1).is_some();
        let stretch = (right..unit.len().min(right + 20)).take_while(|&at| {
            at == right || verb_use(unit, self.cues, at).is_none_or(|verb| !verb.entry.quote)
        });
        stretch.into_iter().find(goes_on).unwrap_or(right)
    }

    /// What goes on after a cue in the middle: “We will,” she said, | “rebuild.”
    fn rest_after(&self, right: usize, quoted: bool) -> Option<Range<usize>> {
        let unit = self.unit;
        let mark = unit.kind(right)?;
        let next = if matches!(mark, Kind::Comma | Kind::Colon | Kind::Stop | Kind::Dash) {
            right + 1
        } else {
            right
        };
        if unit.quote(next).is_some() {
            return Some(next..content_end(unit, self.cues, next, Shape::Clause));
        }
        if quoted || mark != Kind::Comma {
            return None;
        }
        let word = unit.word(next);
        let gerund = self.cues.verbs(word).any(|(form, _)| form.gerund);
        let leaves = gerund
            || word.is_empty()
            || matches!(
                word,
                "but" | "while" | "although" | "though" | "who" | "which" | "according" | "as" | "whose"
            );
        let end = content_end(unit, self.cues, next, Shape::Clause);
        (!leaves && end > next).then_some(next..end)
    }

    // ---- the cue stands before its content

    fn before_content(&mut self, verb: &VerbUse<'_>) -> Option<Draft> {
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
    fn complement(&self, entry: &Entry, from: usize) -> Option<(usize, Range<usize>)> {
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
        if entry.clause && may_open_clause(unit, after) && !self.is_loose(after) {
            return self.filled(from, after, Shape::Clause);
        }
        if entry.object && may_open_clause(unit, from) && !self.is_loose(from) {
            return self.filled(from, from, Shape::Phrase);
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

    fn filled(&self, cue_end: usize, from: usize, shape: Shape) -> Option<(usize, Range<usize>)> {
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

    // ---- who

    fn source_of(&self, verb: &VerbUse<'_>) -> Option<Range<usize>> {
        let unit = self.unit;
        let before = unit.word_before(verb.start);
        if verb.standing == Standing::Gerund {
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

    fn main_source_before(&self, verb: usize) -> Option<Range<usize>> {
        self.main_source().filter(|source| source.end <= verb)
    }

    /// Who the last attribution of this unit is given to, else the subject that opens the unit.
    fn main_source(&self) -> Option<Range<usize>> {
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

    // ---- other patterns

    fn passive(&mut self, verb: &VerbUse<'_>) -> Option<Draft> {
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
    fn hearsay(&self, verb: &VerbUse<'_>) -> Option<Draft> {
        if self.unit.word(verb.end) != "to" {
            return None;
        }
        let subject = self.phrases.subject(verb.start, 0)?;
        let end = content_end(self.unit, self.cues, verb.end, Shape::Phrase);
        Some(Draft { content: vec![subject, verb.end..end], ..self.blank(verb) })
    }

    /// "…, according to Ruiz" and "According to Ruiz, …".
    fn according(&mut self, at: usize) -> usize {
        let unit = self.unit;
        let end = self.according_end(at + 2);
        if end <= at + 2 {
            return at + 2;
        }
        let mut content = Vec::new();
        let opening = past_opening(unit, self.floor.min(at), at);
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
    fn noun(&mut self, at: usize, entry: &Entry) {
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
    fn adjective(&mut self, at: usize, entry: &Entry) {
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
        let negated = (start..at).any(|n| super::classes::is_negation(unit.word(n)));
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

    /// “We will rebuild.” — Ana Ruiz
    fn signature(&mut self) -> bool {
        let unit = self.unit;
        let Some(name) = signature_start(unit) else { return false };
        let end = (name..unit.len()).find(|&at| unit.is_end(at)).unwrap_or(unit.len());
        if unit.quote(0).is_none() || end == name {
            return false;
        }
        let content = 0..1;
        self.drafts.push(Draft {
            content: vec![content],
            cue: name - 1..name,
            source: Some(name..end),
            manner: Manner::Neutral,
            basis: Basis::Colon,
            negated: false,
            awaits: false,
        });
        true
    }

    /// "Ruiz: “We will rebuild.”", and in headlines "Ruiz: We will rebuild". Gives where to read on.
    fn leading_name(&mut self) -> usize {
        let unit = self.unit;
        let Some(colon) = (1..unit.len().min(14)).find(|&at| unit.kind(at) == Some(Kind::Colon)) else {
            return 0;
        };
        let label = LABELS.contains(&unit.word(colon - 1)) || LABELS.contains(&unit.word(0));
        let verb = (0..colon).any(|at| {
            verb_use(unit, self.cues, at).is_some()
                || is_auxiliary(unit.word(at))
                || is_subordinator(unit.word(at))
        });
        let quoted = unit.quote(colon + 1).is_some();
        let plain = (0..colon).all(|at| match unit.kind(at) {
            Some(Kind::Word) => quoted || unit.is_capital(at) || is_preposition(unit.word(at)),
            Some(Kind::Open | Kind::Close) => true,
            Some(Kind::Comma) => quoted,
            Some(Kind::Stop) => unit.is_abbreviation_stop(at),
            _ => false,
        });
        let named =
            unit.is_capital(0) && (unit.is_capital(colon - 1) || unit.kind(colon - 1) == Some(Kind::Close));
        let headline = unit.kind == SegmentKind::Title && colon <= 6;
        if !plain || !named || label || verb || !(quoted || headline) {
            return 0;
        }
        let end = content_end(unit, self.cues, colon + 1, Shape::Clause);
        if end <= colon + 1 {
            return 0;
        }
        let content = colon + 1..end;
        self.drafts.push(Draft {
            content: vec![content],
            cue: colon..colon + 1,
            source: Some(0..colon),
            manner: Manner::Neutral,
            basis: Basis::Colon,
            negated: false,
            awaits: false,
        });
        colon + 1
    }
}

/// Where the name starts in a unit that is "— Ana Ruiz" or a quotation and that.
pub(super) fn signature_start(unit: &Unit<'_>) -> Option<usize> {
    let dash = (0..unit.len().min(3)).find(|&at| unit.kind(at) == Some(Kind::Dash))?;
    let before = (0..dash).all(|at| unit.quote(at).is_some() || unit.kind(at) == Some(Kind::Stop));
    let name = |at: usize| match unit.kind(at) {
        Some(Kind::Word) => unit.is_capital(at) || is_preposition(unit.word(at)) || at > dash + 2,
        Some(Kind::Comma) => true,
        Some(Kind::Stop) => unit.is_abbreviation_stop(at) || unit.is_end(at),
        _ => false,
    };
    let short = unit.len() <= dash + 10 && unit.is_capital(dash + 1);
    (before && short && (dash + 1..unit.len()).all(name)).then_some(dash + 1)
}

fn past_adverbials_but_by(phrases: &Phrases<'_, '_>, from: usize) -> usize {
    if phrases.unit.word(from) == "by" {
        from
    } else {
        from + usize::from(is_adverb(phrases.unit.word(from)))
    }
}

/// True if a noun phrase without an article may start at `at`: "senior officials", "master of ceremonies".
fn may_open_noun_phrase(unit: &Unit<'_>, at: usize) -> bool {
    let word = unit.word(at);
    !word.is_empty()
        && !is_preposition(word)
        && !is_subordinator(word)
        && !is_question_word(word)
        && !is_conjunction(word)
        && !is_time_word(word)
        && !unit.is_adverb(at)
        && !is_auxiliary(word)
}

/// Verbs that stand before their subject also after indirect speech: "…, said Ruiz."
const INVERTING: [&str; 8] = ["say", "report", "write", "add", "note", "explain", "argue", "warn"];

/// Verbs whose passive with "to" gives what is said without saying who: "is expected to", "was said to".
const HEARSAY: [&str; 10] =
    ["expect", "say", "believe", "report", "think", "allege", "project", "predict", "assume", "anticipate"];

/// Words before a colon that name no speaker.
const LABELS: [&str; 30] = [
    "photo",
    "photos",
    "video",
    "watch",
    "read",
    "breaking",
    "exclusive",
    "update",
    "updated",
    "correction",
    "note",
    "editor's",
    "related",
    "more",
    "source",
    "sources",
    "credit",
    "opinion",
    "analysis",
    "live",
    "poll",
    "report",
    "review",
    "story",
    "image",
    "date",
    "time",
    "location",
    "election",
    "topics",
];
