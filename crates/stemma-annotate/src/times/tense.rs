//! Whether a clause speaks of what was or of what will be: which Friday "Friday" is depends on it.
//!
//! The nearest verb to the left of the expression in its sentence decides, else the nearest to the right. There is no
//! tagger here: verbs are known by their form ("-ed"), by a list of irregular pasts, and by the words of the future.

use crate::numbers::Pieces;

use super::context::{Class, is};

/// Direction of the clause in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tense {
    Past,
    Future,
    /// No verb says it.
    Unknown,
}

/// How many pieces to look at on each side: a clause is seldom longer.
const REACH: usize = 24;

/// The tense of the clause around the pieces `first..end`.
pub(super) fn tense(pieces: &Pieces<'_>, first: usize, end: usize) -> Tense {
    // "by Friday", "postponed until Jan. 14", "as soon as Tuesday" look ahead whatever the verb.
    let ahead = match pieces.before(first) {
        "by" | "effective" => true,
        "until" | "till" => first >= 2 && !pieces.opens_sentence(first - 1),
        "as" => first >= 2 && pieces.before(first - 1) == "soon",
        _ => false,
    };
    if ahead {
        return Tense::Future;
    }
    let sentence = pieces.sentence(first);
    let left = (sentence.start.max(first.saturating_sub(REACH))..first).rev();
    let right = end..sentence.end.min(end + REACH);
    left.chain(right)
        .map(|at| word_tense(pieces, at))
        .find(|&tense| tense != Tense::Unknown)
        .unwrap_or(Tense::Unknown)
}

fn word_tense(pieces: &Pieces<'_>, at: usize) -> Tense {
    let word = pieces.word(at);
    let before = pieces.before(at);
    let to_come = is(Class::Future, word)
        || (matches!(word, "set" | "going" | "is" | "are") && pieces.word(at + 1) == "to")
        || (word == "be" && before == "to")
        || word.ends_with("’ll")
        || word.ends_with("'ll");
    if to_come {
        // "had been due on Friday": a plan of the past.
        let bygone = before == "had" || (before == "been" && at >= 2 && pieces.before(at - 1) == "had");
        return if bygone { Tense::Past } else { Tense::Future };
    }
    let regular = word.len() > 4
        && word.ends_with("ed")
        && !matches!(before, "the" | "a" | "an" | "be" | "will" | "to")
        && !is(Class::NoParticiple, word);
    // "will be held on Friday"
    let irregular = is(Class::Past, word) && before != "be";
    if regular || irregular { Tense::Past } else { Tense::Unknown }
}
