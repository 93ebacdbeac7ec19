//! What each feature of the pair model means, in words for a reader.

/// What the feature `name` measures; empty for a name that is none.
pub(super) fn meaning(name: &str) -> &'static str {
    match name {
        "cosine" => "likeness of the two clauses as bags of words, rare words first",
        "containment" => "share of the lighter clause that the other holds",
        "longest run" => "longest run of the same words, 10 words are 1",
        "shared bigrams" => "pairs of neighboring words that both have",
        "shared weight" => "rarity of the words that both have, summed",
        "shared entities" => "people, organizations and places that both name",
        "other entities" => "both name someone or something, and nobody in common",
        "shared numbers" => "numbers that both have",
        "other numbers" => "both have numbers, and none in common",
        "same speaker" => "both are given to one source",
        "other speaker" => "they are given to different sources",
        "voices differ" => "one is attributed, the other in the outlet's own voice",
        "both quoted" => "both stand in quotation marks",
        "length ratio" => "weight of the shorter clause by that of the longer",
        "content words" => "words with content that both have, 8 are 1",
        "sentence cosine" => "likeness of the whole sentences",
        "sentence containment" => "share of the lighter sentence that the other holds",
        "rank" => "1 if each sentence is the other's nearest in its report",
        "margin" => "how far the next best sentence lies behind",
        "position" => "how far apart they stand in their reports",
        "neighbors" => "likeness of the sentences right before and after",
        "near words" => "words in common, near ones (lawyer, attorney) counted in part",
        "near containment" => "share of the lighter clause that the other holds, near words counted in part",
        "sentence near words" => "words that the whole sentences share, near words counted in part",
        "sentence near containment" => {
            "share of the lighter sentence that the other holds, near words counted in part"
        }
        "meaning" => "likeness of the mean of the word vectors",
        "shared words" => "share of the shorter clause that the other holds, small words too",
        "shared small words" => "share of the small words (of, the, would) that both have",
        "denial" => "one denies and the other does not",
        "order" => "share of the words in common that stand in one order",
        "letters" => "share of the shorter clause's letters, in threes, that the other has",
        "sentences around" => "how probably sentences around the two say the same",
        "third report" => "a third report says what both say",
        "other pieces" => "other clauses of the two sentences fit better",
        "rivals" => "other sentences of the reports that may say the same",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever adds a feature says here what it means: `stemma explain` shows it.
    #[test]
    fn every_feature_has_a_meaning() {
        let names = crate::model::second_names();
        let unexplained: Vec<&str> = names.into_iter().filter(|name| meaning(name).is_empty()).collect();
        assert_eq!(unexplained, [""; 0], "add what these mean to explain/features.rs");
    }
}
