//! Word classes that are short enough to list: function words, and words of time.
//!
//! All functions take lower-case words with straight apostrophes.

/// "is", "has", "did", with their contracted negations: what may stand before a verb and belongs to it.
pub(super) fn is_auxiliary(word: &str) -> bool {
    is_be(word)
        || is_have(word)
        || is_modal(word)
        || matches!(word, "do" | "does" | "did" | "don't" | "doesn't" | "didn't")
}

/// Forms of "be".
pub(super) fn is_be(word: &str) -> bool {
    matches!(
        word,
        "is" | "are"
            | "was"
            | "were"
            | "am"
            | "be"
            | "been"
            | "being"
            | "isn't"
            | "aren't"
            | "wasn't"
            | "weren't"
            | "'s"
    )
}

/// Forms of "have".
pub(super) fn is_have(word: &str) -> bool {
    matches!(word, "has" | "have" | "had" | "having" | "hasn't" | "haven't" | "hadn't")
}

/// "will", "would", "may".
pub(super) fn is_modal(word: &str) -> bool {
    matches!(
        word,
        "will"
            | "would"
            | "can"
            | "could"
            | "may"
            | "might"
            | "shall"
            | "should"
            | "must"
            | "won't"
            | "wouldn't"
            | "can't"
            | "cannot"
            | "couldn't"
            | "shouldn't"
    )
}

/// Words that turn a cue round: "did not say", "never said".
pub(super) fn is_negation(word: &str) -> bool {
    matches!(word, "not" | "never" | "neither" | "nor") || word.ends_with("n't")
}

/// Adverbs that may stand between a subject and its verb.
pub(super) fn is_adverb(word: &str) -> bool {
    matches!(
        word,
        "also"
            | "later"
            | "then"
            | "now"
            | "not"
            | "never"
            | "once"
            | "even"
            | "just"
            | "again"
            | "still"
            | "often"
            | "already"
            | "first"
            | "further"
            | "always"
            | "sometimes"
            | "ever"
            | "only"
            | "both"
            | "all"
            | "thus"
            | "therefore"
            | "long"
            | "perhaps"
            | "instead"
            | "too"
            | "soon"
            | "merely"
    ) || (word.len() > 4
        && word.ends_with("ly")
        && !matches!(word, "family" | "ally" | "italy" | "july" | "assembly" | "reply" | "supply" | "bully"))
}

/// Words that open a noun phrase.
pub(super) fn is_determiner(word: &str) -> bool {
    is_possessive_pronoun(word)
        || matches!(
            word,
            "the"
                | "a"
                | "an"
                | "this"
                | "these"
                | "those"
                | "some"
                | "any"
                | "no"
                | "all"
                | "both"
                | "each"
                | "every"
                | "another"
                | "most"
                | "many"
                | "several"
                | "few"
                | "other"
                | "one"
                | "two"
                | "three"
                | "more"
        )
}

/// "his", "their".
pub(super) fn is_possessive_pronoun(word: &str) -> bool {
    matches!(word, "his" | "her" | "its" | "their" | "our" | "my" | "your")
}

/// Pronouns that can be a subject on their own.
pub(super) fn is_subject_pronoun(word: &str) -> bool {
    matches!(word, "he" | "she" | "they" | "it" | "we" | "i" | "you")
}

/// Pronouns that can be an object.
pub(super) fn is_object_pronoun(word: &str) -> bool {
    matches!(word, "him" | "her" | "them" | "it" | "us" | "me" | "you" | "himself" | "herself" | "themselves")
}

/// "who", "which": the subject of a relative clause.
pub(super) fn is_relative(word: &str) -> bool {
    matches!(word, "who" | "which" | "that")
}

/// Words that open an indirect question.
pub(super) fn is_question_word(word: &str) -> bool {
    matches!(
        word,
        "whether" | "if" | "why" | "how" | "what" | "when" | "where" | "who" | "which" | "whom" | "whose"
    )
}

/// Prepositions.
pub(super) fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "of" | "in"
            | "on"
            | "at"
            | "for"
            | "from"
            | "with"
            | "by"
            | "to"
            | "about"
            | "against"
            | "over"
            | "under"
            | "during"
            | "through"
            | "into"
            | "between"
            | "among"
            | "toward"
            | "towards"
            | "via"
            | "within"
            | "without"
            | "amid"
            | "despite"
            | "around"
            | "outside"
            | "inside"
            | "near"
            | "per"
            | "upon"
            | "like"
            | "following"
            | "behind"
            | "across"
            | "along"
            | "regarding"
            | "unlike"
    )
}

/// Words that open a subordinate clause, and so end the clause before.
pub(super) fn is_subordinator(word: &str) -> bool {
    matches!(
        word,
        "that"
            | "because"
            | "while"
            | "when"
            | "after"
            | "before"
            | "as"
            | "if"
            | "although"
            | "though"
            | "since"
            | "until"
            | "unless"
            | "whether"
            | "where"
            | "than"
            | "how"
            | "why"
            | "what"
            | "whereas"
            | "once"
            | "so"
    )
}

/// "and", "but".
pub(super) fn is_conjunction(word: &str) -> bool {
    matches!(word, "and" | "but" | "or" | "yet" | "nor")
}

/// Days, months and the words around them, which may stand between a cue and what it introduces.
pub(super) fn is_time_word(word: &str) -> bool {
    matches!(
        word.trim_end_matches('.'),
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "yesterday"
            | "today"
            | "tonight"
            | "tomorrow"
            | "morning"
            | "afternoon"
            | "evening"
            | "night"
            | "week"
            | "month"
            | "year"
            | "weekend"
            | "last"
            | "earlier"
            | "later"
            | "recently"
            | "overnight"
            | "late"
            | "early"
            | "ago"
            | "january"
            | "february"
            | "march"
            | "april"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "jan"
            | "feb"
            | "aug"
            | "sept"
            | "oct"
            | "nov"
            | "dec"
    )
}

/// Participles after the name of something that was written or said: "a statement issued on Monday".
pub(super) fn is_put_out(word: &str) -> bool {
    matches!(
        word,
        "issued"
            | "released"
            | "published"
            | "posted"
            | "sent"
            | "made"
            | "given"
            | "delivered"
            | "obtained"
            | "seen"
            | "shared"
            | "aired"
            | "broadcast"
            | "carried"
            | "read"
            | "dated"
            | "signed"
            | "addressed"
            | "recorded"
            | "distributed"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_in_ly_are_no_adverbs() {
        assert!(is_adverb("reportedly") && is_adverb("also"));
        assert!(!is_adverb("july") && !is_adverb("family") && !is_adverb("fly"));
        assert!(is_negation("didn't") && !is_negation("did"));
    }
}
