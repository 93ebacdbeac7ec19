//! Where one clause of a sentence ends and the next begins.
//!
//! In: the tokens of one sentence, and what attributions and quotes say about it. Out: pieces of the sentence, in order
//! and without gaps, as a discourse parser's elementary units are (Carlson and Marcu 2001), told by conjunctions, relative
//! pronouns, participles, dashes and the edges of reported speech. Time: linear in the tokens, but for a window of
//! [`WINDOW`] tokens after each possible cut.

use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::LazyLock;

use stemma_core::TokenKind;

use super::verbs::{
    first_finite, is_adverb, is_finite, is_participle, is_passive_participle, is_subject_pronoun,
};
use crate::words::{Words, entries};

/// How many tokens after a conjunction the verb of its clause is sought.
const WINDOW: usize = 12;

/// Fewest tokens of a clause. What is shorter stays with its neighbor.
const SHORTEST: usize = 3;

/// Subordinating conjunctions, and whether they are as often prepositions.
static SUBORDINATORS: LazyLock<FxHashMap<&str, bool>> = LazyLock::new(|| {
    entries(include_str!("../data/subordinators.txt"))
        .map(|entry| entry.strip_suffix(" weak").map_or((entry, false), |word| (word, true)))
        .collect()
});

/// What opens a piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Opening {
    /// The start of the sentence, or a main clause.
    Main,
    /// "who", "which".
    Relative,
    /// "because", "after", a participle.
    Adjunct,
    /// Reported speech, or what is left of the sentence after it.
    Speech,
}

/// A piece of a sentence.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) tokens: Range<usize>,
    pub(super) opening: Opening,
}

/// The pieces of a sentence. `borders` are tokens at which reported speech starts or ends.
pub(super) fn divide(words: Words, sentence: Range<usize>, borders: &[usize]) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut open = Piece { tokens: sentence.start..sentence.start, opening: first_opening(words, &sentence) };
    let mut has_verb = false;
    let mut borders = borders.iter().copied().peekable();
    for n in sentence.clone() {
        while borders.next_if(|&border| border < n).is_some() {}
        let at_border = borders.peek() == Some(&n) && n > sentence.start;
        let cut = if at_border {
            Some((n, Opening::Speech))
        } else {
            let long_enough = n >= open.tokens.start + SHORTEST;
            (n > sentence.start && sentence.end >= n + SHORTEST)
                .then(|| cut_at(words, n, &sentence, open.tokens.start, has_verb, long_enough, open.opening))
                .flatten()
        };
        if let Some((start, opening)) = cut
            && start > open.tokens.start
        {
            open.tokens.end = start;
            out.push(open);
            open = Piece { tokens: start..start, opening };
            has_verb = false;
        }
        has_verb |= is_finite(words, n) || (n == open.tokens.start && open.opening == Opening::Adjunct);
    }
    open.tokens.end = sentence.end;
    out.push(open);
    out
}

/// What opens the sentence: an adjunct, if it starts with a subordinator ("As she left, …") or a participle.
fn first_opening(words: Words, sentence: &Range<usize>) -> Opening {
    let first = words.lower(sentence.start);
    let end = sentence.end.min(sentence.start + WINDOW);
    let participle = first.len() > 5 && first.ends_with("ing") && first != "during" && first != "according";
    let subordinate =
        SUBORDINATORS.get(&*first).is_some_and(|&weak| !weak || opens_clause(words, sentence.start, end));
    if participle || subordinate { Opening::Adjunct } else { Opening::Main }
}

/// Whether a new piece starts with token `n`, and what opens it.
fn cut_at(
    words: Words,
    n: usize,
    sentence: &Range<usize>,
    open: usize,
    has_verb: bool,
    long_enough: bool,
    opening: Opening,
) -> Option<(usize, Opening)> {
    let before = words.at(n - 1);
    let word = words.lower(n);
    let end = sentence.end.min(n + WINDOW);
    let after_comma = matches!(before, "," | "—" | "–" | "--" | "-" | ";")
        || (matches!(before, "”" | "\"" | "’" | ")") && n >= 2 && words.at(n - 2) == ",");
    let verb_ahead = || has_verb_ahead(words, n + 1..end);
    if matches!(before, ";" | "—" | "–" | "―")
        || (before == "-" && !words.glued(n) && !words.glued(n - 1))
        || before == ":"
    {
        return (has_verb && first_finite(words, n..end).is_some() && long_enough)
            .then_some((n, Opening::Main));
    }
    if after_comma {
        if is_relative(words, n) {
            return Some((n, Opening::Relative));
        }
        if matches!(&*word, "and" | "but" | "or" | "yet" | "nor" | "so") {
            return (has_verb && long_enough && verb_ahead()).then_some((n, Opening::Main));
        }
        if is_measured_adjunct(words, n) {
            return Some((n, Opening::Adjunct));
        }
        if let Some(&weak) = SUBORDINATORS.get(&*word) {
            let opens = if weak { opens_clause(words, n, end) } else { verb_ahead() };
            return opens.then_some((n, Opening::Adjunct));
        }
        if is_participle(words, n) || (is_adverb(&word) && is_participle(words, n + 1)) {
            return (has_verb && long_enough).then_some((n, Opening::Adjunct));
        }
        if is_passive_participle(words, n) && has_verb {
            return Some((n, Opening::Adjunct));
        }
        if word == "with" && has_verb && (n + 1..end).any(|n| is_participle(words, n)) {
            return Some((n, Opening::Adjunct));
        }
        if has_verb && long_enough && is_telling_apposition(words, n, end) {
            return Some((n, Opening::Relative));
        }
        // After "X, who …," or "After …," the main clause goes on or begins.
        if matches!(opening, Opening::Relative | Opening::Adjunct) && has_verb {
            let resumes = is_finite(words, n) || (is_adverb(&word) && is_finite(words, n + 1));
            let begins = opening == Opening::Adjunct && open == sentence.start && verb_ahead();
            return (resumes || begins).then_some((n, Opening::Main));
        }
        return None;
    }
    if !has_verb || !long_enough {
        return None;
    }
    if word == "and" || word == "but" || word == "or" {
        let verb = n + 1 + usize::from(is_adverb(&words.lower(n + 1)));
        let goes_on = is_finite(words, verb) && end >= verb + SHORTEST;
        let own_subject = (is_subject_pronoun(&words.lower(n + 1)) && verb_ahead())
            || (word != "or" && joins_clauses(words, open, n, end));
        return ((goes_on && word != "or") || own_subject).then_some((n, Opening::Main));
    }
    if word == "that" && is_finite(words, n - 1) && verb_ahead() && sentence.end > n + 1 {
        return Some((n + 1, Opening::Speech));
    }
    // "when" without a comma says under which condition, as "if" does; "minutes after" starts at "minutes".
    if is_indirect_question(words, n) || is_condition(words, n, end) || is_measure(&words.lower(n - 1)) {
        return None;
    }
    match SUBORDINATORS.get(&*word) {
        Some(false) => verb_ahead().then_some((n, Opening::Adjunct)),
        Some(true) => opens_clause(words, n, end).then_some((n, Opening::Adjunct)),
        None => None,
    }
}

/// How many tokens after "and" the verb of its clause must stand, where no comma parts the clauses.
const NEAR: usize = 8;

/// True if the "and" at `n` joins two clauses without a comma, each with a subject of its own: "The deal was not signed and
/// the meeting was canceled". What joins two names or stands after "between" does not.
fn joins_clauses(words: Words, open: usize, n: usize, end: usize) -> bool {
    let names =
        words.at(n - 1).starts_with(char::is_uppercase) && words.at(n + 1).starts_with(char::is_uppercase);
    let joins_nouns = (open.max(n.saturating_sub(NEAR))..n)
        .any(|n| matches!(&*words.lower(n), "between" | "both" | "including" | "like" | "among" | "as"));
    let verb = (open..n).find(|&n| is_finite(words, n));
    let far_from_verb = verb.is_some_and(|verb| n >= verb + 2);
    let starts_noun = has_subject(words, n + 1) || words.lower(n + 1) == "police";
    !names
        && !joins_nouns
        && far_from_verb
        && starts_noun
        && has_verb_ahead(words, n + 2..end.min(n + 2 + NEAR))
}

/// ", just hours after the vote failed".
fn is_measured_adjunct(words: Words, n: usize) -> bool {
    let subordinator = (n + 1..n + 4).find(|&n| matches!(&*words.lower(n), "after" | "before"));
    subordinator.is_some_and(|at| is_measure(&words.lower(at - 1)) && opens_clause(words, at, at + WINDOW))
}

/// "when he is ready": a present tense after "when" says under which condition, as "if" does, and tells no event.
fn is_condition(words: Words, n: usize, end: usize) -> bool {
    let verb = first_finite(words, n + 1..end).map(|verb| words.lower(verb));
    words.lower(n) == "when"
        && verb.is_some_and(|verb| {
            matches!(&*verb, "is" | "are" | "am" | "'s" | "comes" | "has" | "have" | "can" | "will")
        })
}

/// Words that tell how long after or before.
fn is_measure(word: &str) -> bool {
    matches!(
        word,
        "minutes"
            | "hours"
            | "days"
            | "weeks"
            | "months"
            | "years"
            | "day"
            | "week"
            | "month"
            | "year"
            | "hour"
            | "shortly"
            | "soon"
            | "just"
            | "immediately"
            | "long"
            | "right"
            | "moments"
            | "seconds"
            | "decades"
    )
}

/// ", a move that raises questions": an apposition with a clause of its own.
fn is_telling_apposition(words: Words, n: usize, end: usize) -> bool {
    let relative =
        (n + 1..end.min(n + NEAR)).find(|&n| matches!(&*words.lower(n), "that" | "who" | "which" | ","));
    matches!(&*words.lower(n), "a" | "an" | "the" | "one")
        && relative
            .is_some_and(|at| words.at(at) != "," && (is_finite(words, at + 1) || is_finite(words, at + 2)))
}

/// "who", "which", "whose", "in which", "most of whom".
fn is_relative(words: Words, n: usize) -> bool {
    let relative = |n: usize| matches!(&*words.lower(n), "who" | "which" | "whose" | "whom" | "where");
    relative(n)
        || (matches!(
            &*words.lower(n),
            "in" | "of" | "to" | "for" | "at" | "from" | "during" | "after" | "with" | "under"
        ) && relative(n + 1))
        || (matches!(&*words.lower(n + 1), "of") && relative(n + 2))
}

/// True if a finite verb stands in `range` before another clause starts.
pub(super) fn has_verb_ahead(words: Words, range: Range<usize>) -> bool {
    for n in range {
        if is_finite(words, n) {
            return true;
        }
        let word = words.lower(n);
        let other = matches!(
            &*word,
            ";" | "—" | ":" | "who" | "which" | "that" | "to" | "if" | "unless" | "until" | "whether"
        ) || SUBORDINATORS.get(&*word) == Some(&false);
        if other {
            return false;
        }
    }
    false
}

/// True if the clause that the weak subordinator at `n` may open has a subject and then a verb, with no comma between.
fn opens_clause(words: Words, n: usize, end: usize) -> bool {
    let comma = (n + 1..end).find(|&n| words.at(n) == ",").unwrap_or(end);
    // What follows "after" and "before" in small letters is as often a clause as a noun: its verb tells.
    let open_to_all =
        matches!(&*words.lower(n), "after" | "before") && words.kind(n + 1) == Some(TokenKind::Word);
    (open_to_all || has_subject(words, n + 1)) && has_verb_ahead(words, n + 2..comma.max(n + 2))
}

/// "did not say where", "asked if": the clause is what the verb is about, not one of its own.
fn is_indirect_question(words: Words, n: usize) -> bool {
    let asks = matches!(&*words.lower(n), "if" | "whether" | "where" | "when" | "why" | "how" | "what");
    let before = words.lower(n - 1);
    asks && (is_finite(words, n - 1)
        || matches!(
            &*before,
            "say"
                | "know"
                | "ask"
                | "decide"
                | "explain"
                | "determine"
                | "see"
                | "tell"
                | "of"
                | "about"
                | "on"
                | "question"
                | "and"
                | "or"
        ))
}

/// True if a subject may start at token `n`: a pronoun, an article, a name.
fn has_subject(words: Words, n: usize) -> bool {
    let word = words.lower(n);
    is_subject_pronoun(&word)
        || matches!(
            &*word,
            "the"
                | "a"
                | "an"
                | "his"
                | "her"
                | "its"
                | "their"
                | "our"
                | "my"
                | "this"
                | "that"
                | "these"
                | "those"
                | "there"
                | "no"
                | "many"
                | "some"
                | "most"
                | "other"
        )
        || (words.kind(n) == Some(TokenKind::Word) && words.at(n).starts_with(char::is_uppercase))
        || words.kind(n) == Some(TokenKind::Number)
        || is_plural(&word)
}

fn is_plural(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
}
