//! Cues that stand after their content, or in the middle of it: “We will,” she said, “rebuild.”

use std::ops::Range;

use super::classes::{
    is_adverb, is_auxiliary, is_conjunction, is_determiner, is_preposition, is_put_out, is_question_word,
    is_relative, is_subject_pronoun, is_subordinator, is_time_word,
};
use super::drafts::{Draft, Drafter};
use super::extent::{Shape, content_end, may_open_clause, past_adverbials};
use super::unit::{Kind, Unit, past_opening};
use super::verbs::{VerbUse, verb_use};

/// What stands before a cue, from item `from` to the comma, dash or quotation at `mark`.
#[derive(Clone, Copy, Debug)]
struct Left {
    mark: usize,
    from: usize,
    /// It is one quotation, not a clause with a quotation in it.
    whole: bool,
}

/// How far content on the left of a cue reaches, in items.
const LONGEST_LEFT: usize = 200;

impl Drafter<'_, '_> {
    pub(super) fn after_content(&mut self, verb: &VerbUse<'_>) -> Option<Draft> {
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
        let after = past_adverbials(&self.phrases, right);
        // "said in a statement issued on Monday"
        let is_of_noun = after > right && is_put_out(unit.word(after));
        let right = if is_of_noun { past_adverbials(&self.phrases, after + 1) } else { after };
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
    pub(super) fn left_border(&self, mark: usize) -> usize {
        let floor = self.floor.min(mark).max(mark.saturating_sub(LONGEST_LEFT));
        let border = |&at: &usize| matches!(self.unit.kind(at - 1), Some(Kind::Colon | Kind::Semicolon));
        (floor + 1..mark).rev().find(border).unwrap_or(floor)
    }

    pub(super) fn trim_right(&self, from: usize, to: usize) -> usize {
        let mut to = to;
        while to > from && matches!(self.unit.kind(to - 1), Some(Kind::Comma | Kind::Dash | Kind::Stop)) {
            to -= 1;
        }
        to
    }

    /// True if a stretch before a comma only leads in: "In a statement", "Asked about it", "When he left".
    pub(super) fn is_introduction(&self, from: usize) -> bool {
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
