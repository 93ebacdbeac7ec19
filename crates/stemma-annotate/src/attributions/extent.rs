//! Where the content of an attribution ends, and what stands between a cue and its content.

use super::classes::{
    is_adverb, is_auxiliary, is_conjunction, is_determiner, is_preposition, is_question_word,
    is_subject_pronoun, is_time_word,
};
use super::cues::Cues;
use super::sources::Phrases;
use super::unit::{Kind, Unit};

/// How far content is followed inside one unit, in items.
const LONGEST: usize = 400;

/// What a content is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// A clause or a quotation: reaches to the end of the sentence.
    Clause,
    /// A noun phrase or infinitive: reaches to the end of its phrase.
    Phrase,
}

/// One past the last item of the content that starts at `from`.
pub(super) fn content_end(unit: &Unit<'_>, cues: &Cues, from: usize, shape: Shape) -> usize {
    let limit = unit.len().min(from + LONGEST);
    let mut depth = 0usize;
    let mut at = from;
    while at < limit {
        match unit.items[at].kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 => break,
            Kind::Close => depth -= 1,
            Kind::Stop if unit.is_end(at) => break,
            Kind::Semicolon => break,
            Kind::Dash if shape == Shape::Phrase => break,
            Kind::Comma if ends_at_comma(unit, cues, at, shape) => break,
            Kind::Word if at > from && ends_at_word(unit, cues, at, shape) => break,
            _ => {}
        }
        at += 1;
    }
    while at > from && matches!(unit.items[at - 1].kind, Kind::Comma | Kind::Dash | Kind::Stop) {
        at -= 1;
    }
    at
}

fn ends_at_comma(unit: &Unit<'_>, cues: &Cues, comma: usize, shape: Shape) -> bool {
    let next = unit.word(comma + 1);
    let after = unit.word(comma + 2);
    let gerund =
        |word: &str| cues.verbs(word).any(|(form, entry)| form.gerund && (entry.speaks() || entry.object));
    if gerund(next)
        || is_adverb(next) && gerund(after)
        || matches!(next, "according" | "but" | "while" | "although" | "though" | "whereas")
    {
        return true;
    }
    if parenthetical_cue(unit, cues, comma + 1) {
        return true;
    }
    match shape {
        Shape::Clause => false,
        Shape::Phrase => !continues_list(unit, comma) && !opens_apposition(unit, comma),
    }
}

/// True if what starts at `from` is "she said", closed by the end or another comma.
fn parenthetical_cue(unit: &Unit<'_>, cues: &Cues, from: usize) -> bool {
    let Some(verb) = (from..unit.len().min(from + 10)).find(|&at| {
        cues.verbs(unit.word(at)).any(|(form, entry)| entry.quote && (form.past || form.third) && !form.base)
    }) else {
        return false;
    };
    let plain = (from..verb).all(|at| {
        let word = unit.word(at);
        !word.is_empty()
            && !is_question_word(word)
            && !is_conjunction(word)
            && word != "that"
            && !matches!(word, "as" | "who")
    });
    plain
        && verb > from
        && (unit.is_end(verb + 1) || (unit.is_end(verb + 2) && is_time_word(unit.word(verb + 1))))
}

/// True if a comma inside a noun phrase divides the members of a list.
fn continues_list(unit: &Unit<'_>, comma: usize) -> bool {
    let next = unit.word(comma + 1);
    if matches!(next, "including" | "such") {
        return true;
    }
    // The members of "including Lima, the north, and Porto" belong to it, and so do those of any list.
    if (comma.saturating_sub(12)..comma).any(|at| unit.word(at) == "including") {
        return !is_subject_pronoun(next) && !is_subject_pronoun(unit.word(comma + 2));
    }
    if is_conjunction(next) {
        return !is_subject_pronoun(unit.word(comma + 2))
            && comma >= 3
            && (1..8).any(|back| comma > back && unit.kind(comma - back) == Some(Kind::Comma));
    }
    (comma + 2..unit.len().min(comma + 8)).any(|at| {
        matches!(unit.word(at), "and" | "or")
            && matches!(unit.kind(at - 1), Some(Kind::Comma))
            && !is_subject_pronoun(unit.word(at + 1))
            && !is_auxiliary(unit.word(at + 1))
    })
}

/// True if the comma opens an insertion after which the phrase goes on: "accused Kaya, the mayor, of lying".
fn opens_apposition(unit: &Unit<'_>, comma: usize) -> bool {
    let close = (comma + 1..unit.len().min(comma + 16)).find(|&at| unit.kind(at) == Some(Kind::Comma));
    close.is_some_and(|close| matches!(unit.word(close + 1), "of" | "for" | "as" | "to"))
        && (is_determiner(unit.word(comma + 1))
            || unit.word(comma + 1) == "who"
            || unit.is_capital(comma + 1))
}

fn ends_at_word(unit: &Unit<'_>, cues: &Cues, at: usize, shape: Shape) -> bool {
    let word = unit.word(at);
    if matches!(word, "and" | "but") && opens_second_verb(unit, cues, at + 1, shape) {
        return true;
    }
    if word == "according" && unit.word(at + 1) == "to" {
        return true;
    }
    if shape == Shape::Clause || (at + 1..at + 4).any(|n| unit.quote(n).is_some()) {
        return false;
    }
    match word {
        "during" | "while" | "when" | "because" | "before" | "after" | "amid" | "but" | "although"
        | "though" | "until" => true,
        "in" | "on" | "at" => opens_venue(unit, at + 1),
        _ => {
            is_time_word(word) && unit.is_capital(at) && !unit.is_capital(at + 1) && unit.word(at + 1) != "'s"
        }
    }
}

/// "and called for", "but later denied": a cue verb that shares the subject of the one before.
fn opens_second_verb(unit: &Unit<'_>, cues: &Cues, from: usize, shape: Shape) -> bool {
    let verb = (from..from + 3).find(|&at| !is_adverb(unit.word(at)) && !is_auxiliary(unit.word(at)));
    let Some(verb) = verb else { return false };
    cues.verbs(unit.word(verb)).any(|(form, entry)| {
        let finite = (form.past || form.third) && !form.base;
        match shape {
            Shape::Clause => finite && entry.that,
            Shape::Phrase => {
                finite && (entry.speaks() || entry.object && !is_preposition(unit.word(verb + 1)))
            }
        }
    }) && unit.word(verb + 1) != "by"
}

/// "in an interview", "on Twitter", "at a rally", "on Tuesday".
fn opens_venue(unit: &Unit<'_>, from: usize) -> bool {
    (from..from + 5)
        .take_while(|&at| !unit.word(at).is_empty())
        .any(|at| is_venue(unit.word(at)) || is_time_word(unit.word(at)))
}

/// Nouns for occasions and places of speaking.
pub(super) fn is_venue(word: &str) -> bool {
    matches!(
        word,
        "interview"
            | "interviews"
            | "statement"
            | "statements"
            | "speech"
            | "speeches"
            | "tweet"
            | "tweets"
            | "twitter"
            | "facebook"
            | "instagram"
            | "rally"
            | "rallies"
            | "debate"
            | "debates"
            | "conference"
            | "briefing"
            | "hearing"
            | "appearance"
            | "post"
            | "posts"
            | "letter"
            | "email"
            | "e-mail"
            | "memo"
            | "op-ed"
            | "video"
            | "broadcast"
            | "call"
            | "event"
            | "testimony"
            | "remarks"
            | "show"
            | "program"
            | "telegram"
            | "x"
            | "television"
            | "radio"
            | "tv"
            | "social"
            | "address"
    )
}

/// Past what may stand between a cue and its content: "Tuesday", "in a statement", "on Twitter", "of Kaya".
/// Stops at a mark, at "that", and where a clause may start.
pub(super) fn past_adverbials(phrases: &Phrases<'_, '_>, from: usize) -> usize {
    let unit = phrases.unit;
    let mut at = from;
    for _ in 0..8 {
        let word = unit.word(at);
        if is_time_word(word) || is_adverb(word) && word != "all" && word != "both" {
            at += 1;
        } else if matches!(word, "this" | "next") && is_time_word(unit.word(at + 1)) {
            at += 2;
        } else if is_preposition(word) && word != "like" {
            let next = at + 1;
            if is_time_word(unit.word(next)) || unit.word(next).starts_with(|c: char| c.is_numeric()) {
                at = next + 1;
                continue;
            }
            match phrases.starting_at(next, false) {
                Some(phrase) => at = phrase.end,
                None => break,
            }
        } else {
            break;
        }
    }
    at
}

/// True if a clause with a subject of its own may start at `at`: "he", "the", a name.
pub(super) fn may_open_clause(unit: &Unit<'_>, at: usize) -> bool {
    let word = unit.word(at);
    !word.is_empty()
        && !is_time_word(word)
        && (is_subject_pronoun(word) || is_determiner(word) || unit.is_capital(at) || !is_preposition(word))
}
