//! Which words can be verbs, told by lists of closed classes and by endings: there is no tagger here.

use rustc_hash::FxHashSet;
use std::sync::LazyLock;

use stemma_core::TokenKind;

use crate::words::{Words, entry_set};

static FORMS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| entry_set(include_str!("../data/verb-forms.txt")));
static NO_PAST_FORMS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| entry_set(include_str!("../data/no-past-forms.txt")));
static NO_PARTICIPLES: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| entry_set(include_str!("../data/no-participles.txt")));

/// Words after which a form in -ed or a present form is an adjective or a noun.
const BEFORE_NOUNS: [&str; 24] = [
    "the", "a", "an", "his", "her", "its", "their", "our", "my", "your", "this", "these", "those", "of",
    "in", "for", "with", "on", "at", "by", "from", "'s", "no", "some",
];

/// True if the token at `n` can be the finite verb of a clause.
pub(super) fn is_finite(words: Words, n: usize) -> bool {
    if words.kind(n) != Some(TokenKind::Word) {
        return false;
    }
    let word = words.lower(n);
    let before = words.lower(n.wrapping_sub(1));
    if word == "'s" {
        // "he’s": but a possessive after a name.
        return is_subject_pronoun(&before) || matches!(&*before, "that" | "there" | "what" | "who" | "here");
    }
    if words.at(n).starts_with(char::is_uppercase) && !FORMS.contains(&*word) {
        return false;
    }
    if words.at(n) == "May" {
        return false;
    }
    if FORMS.contains(&*word) {
        return !BEFORE_NOUNS.contains(&&*before);
    }
    if is_subject_pronoun(&before) && !matches!(&*before, "it" | "he" | "she" | "you") {
        return word.len() > 2
            && !matches!(
                &*word,
                "all" | "both" | "also" | "and" | "too" | "who" | "which" | "that" | "the" | "each"
            );
    }
    // "he heads", "who leads", "rarely issues": no noun in -s stands there.
    let governed = matches!(&*before, "he" | "she" | "it" | "who" | "which" | "that")
        || (before.len() > 4
            && before.ends_with("ly")
            && n >= 2
            && !BEFORE_NOUNS.contains(&&*words.lower(n - 2)));
    if governed && word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
        return !matches!(
            &*word,
            "this" | "always" | "perhaps" | "besides" | "yes" | "its" | "thus" | "plus"
        );
    }
    is_past(&word) && !BEFORE_NOUNS.contains(&&*before)
}

fn is_past(word: &str) -> bool {
    word.len() >= 4 && word.ends_with("ed") && !word.contains('-') && !NO_PAST_FORMS.contains(word)
}

/// True if the token at `n` is a participle in -ing that can open a clause: "adding", "offering".
pub(super) fn is_participle(words: Words, n: usize) -> bool {
    let word = words.at(n);
    word.len() > 5
        && word.ends_with("ing")
        && !word.starts_with(char::is_uppercase)
        && !NO_PARTICIPLES.contains(word)
}

/// True for a participle in -ed that opens a clause without a subject: ", accused of …", ", known as …".
pub(super) fn is_passive_participle(words: Words, n: usize) -> bool {
    let word = words.lower(n);
    let participle = is_past(&word)
        || matches!(
            &*word,
            "known"
                | "made"
                | "built"
                | "held"
                | "led"
                | "seen"
                | "given"
                | "taken"
                | "written"
                | "driven"
                | "found"
        );
    participle
        && matches!(
            words.at(n + 1),
            "by" | "of"
                | "in"
                | "to"
                | "for"
                | "as"
                | "with"
                | "from"
                | "on"
                | "at"
                | "after"
                | "against"
                | "into"
        )
}

/// "I", "they": pronouns that are the subject of a clause.
pub(super) fn is_subject_pronoun(word: &str) -> bool {
    matches!(word, "i" | "you" | "he" | "she" | "it" | "we" | "they")
}

/// Adverbs and the like that may stand before a verb.
pub(super) fn is_adverb(word: &str) -> bool {
    (word.len() > 4 && word.ends_with("ly"))
        || matches!(
            word,
            "also"
                | "then"
                | "now"
                | "later"
                | "still"
                | "even"
                | "once"
                | "soon"
                | "not"
                | "never"
                | "always"
                | "often"
                | "again"
                | "just"
                | "only"
                | "already"
                | "instead"
                | "thus"
                | "therefore"
                | "has"
                | "both"
        )
}

/// The first finite verb among the tokens of `range`.
pub(super) fn first_finite(words: Words, range: std::ops::Range<usize>) -> Option<usize> {
    range.into_iter().find(|&n| is_finite(words, n))
}
