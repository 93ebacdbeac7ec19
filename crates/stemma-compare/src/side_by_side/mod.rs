//! Two texts side by side: what tells whether two sentences say the same, where no story around them is known.
//!
//! In: annotated texts, each a sentence or little more, and which of them to lay beside each other. Out: the values of
//! [`side_by_side_features`] for each pair, most of them about `0.0..=1.0`; those of `[a, b]` are those of `[b, a]`. Words count by
//! their rarity among all the texts. Sentences that are worth judging share much anyway, so what is left over tells more than
//! what is shared. Source: the overlaps are those of Wan et al. 2006 ("Using dependency-based features to take the para-farce
//! out of paraphrase") and Madnani et al. 2012 ("Re-examining machine translation metrics for paraphrase identification"); the
//! features were chosen on paraphrases and headlines with `stemma eval pairs`.

mod overlap;
mod rest;
mod text;

use std::collections::BTreeMap;

use stemma_core::{Document, Figure, Story, compatible};

use crate::features::{Nearness, ratio};
use crate::meaning;
use crate::terms::{TermId, Texts, Vocabulary, read_plain_terms};
use overlap::{Shares, common_subsequence, edit_distance, shared, shared_pairs, shared_runs};
use rest::Rest;
use text::Text;

/// Names of the features, in the order of the values of [`side_by_side`].
pub fn side_by_side_features() -> Vec<&'static str> {
    let (nothing, vocabulary) = (Text::default(), Vocabulary::default());
    features([&nothing, &nothing], &vocabulary).map(|(name, _)| name).to_vec()
}

/// The features of each of `pairs`, given as indices into `texts`.
///
/// # Panics
/// If an index is not one of a text.
pub fn side_by_side(texts: &[Document], pairs: &[[usize; 2]]) -> Vec<Vec<f64>> {
    let story = Story::new(texts.to_vec());
    let (terms, vocabulary) = read_plain_terms(&story);
    let layers = Texts { terms: &terms, vocabulary: &vocabulary };
    // A text that is there twice stands in the story once.
    let numbered = || story.documents().iter().enumerate();
    let places: BTreeMap<_, usize> = numbered().map(|(n, document)| (document.report().id(), n)).collect();
    let read: Vec<Text> = numbered().map(|(n, document)| Text::of(n, document, layers)).collect();
    let text = |n: usize| &read[places[&texts[n].report().id()]];
    let values = |pair: &[usize; 2]| features(pair.map(text), &vocabulary).map(|(_, value)| value).to_vec();
    pairs.iter().map(values).collect()
}

/// Name and value of each feature. Weights of words are in nats and divided by what is much of them.
fn features(texts: [&Text; 2], vocabulary: &Vocabulary) -> [(&'static str, f64); 23] {
    let [a, b] = texts;
    let n_terms = texts.map(|text| text.terms.len() as f64);
    let words = shared(a.terms.iter(), b.terms.iter());
    let content_pairs = shared_runs(&a.content, &b.content, 2);
    let pairs_in_order = shared_pairs(&a.terms, &b.terms);
    let in_order = Shares::of(common_subsequence(&a.terms, &b.terms) as f64, n_terms);
    let edits = edit_distance(&a.terms, &b.terms) as f64;
    let letters = |n: usize| shared_runs(&a.letters, &b.letters, n);
    let rests = [Rest::of(a, b, vocabulary), Rest::of(b, a, vocabulary)];
    let most = |weight: fn(&Rest) -> f64| weight(&rests[0]).max(weight(&rests[1]));
    let least = |weight: fn(&Rest) -> f64| weight(&rests[0]).min(weight(&rests[1]));
    let means = |rest: &Rest| vocabulary.meanings().mean(&rest.terms, |id| vocabulary.weight(id));
    let names = [names_alone(a, b), names_alone(b, a)];
    let figures = [figures_alone(a, b), figures_alone(b, a)];
    let numbers = [numbers_alone(a, b, vocabulary), numbers_alone(b, a, vocabulary)];
    let flag = |yes: bool| f64::from(u8::from(yes));
    [
        ("shared words", words.least),
        ("near words", Nearness::of((&a.bag, a.weight), (&b.bag, b.weight), vocabulary).of_both),
        ("shared pairs of content words", content_pairs.least),
        ("pairs in order", pairs_in_order.most),
        ("words in order", in_order.least),
        ("edits", ratio(edits, n_terms[0].max(n_terms[1]))),
        ("shared letters in threes", letters(3).least),
        ("shared letters in fives", letters(5).least),
        ("meaning", meaning::cosine(&a.meaning, &b.meaning)),
        ("rest, larger", most(|rest| rest.weight) / 30.0),
        ("rest, larger, log", most(|rest| rest.weight).ln_1p() / 4.0),
        ("rest, smaller, log", least(|rest| rest.weight).ln_1p() / 3.0),
        ("largest run of the rest", most(|rest| rest.largest_run) / 20.0),
        ("meaning of the rests", meaning::cosine(&means(&rests[0]), &means(&rests[1]))),
        ("rest in frames", most(|rest| rest.in_frames) / 10.0),
        ("rest in times, smaller", least(|rest| rest.in_times) / 10.0),
        ("rest in names", most(|rest| rest.in_names) / 10.0),
        ("names alone", names[0].max(names[1])),
        ("names alone, fewer", names[0].min(names[1])),
        ("figures alone", figures[0].max(figures[1])),
        ("other numbers", flag(numbers[0] > 0 && numbers[1] > 0)),
        ("denial", flag(a.n_denials % 2 != b.n_denials % 2)),
        ("statements", a.n_statements.abs_diff(b.n_statements) as f64 / 2.0),
    ]
}

/// Names of which the other text holds no word; three count as 1.
fn names_alone(text: &Text, other: &Text) -> f64 {
    text.names.iter().filter(|name| !name.iter().any(|&id| other.has(id))).count() as f64 / 3.0
}

/// Figures that agree with none of the other text; three count as 1.
fn figures_alone(text: &Text, other: &Text) -> f64 {
    let alone = |figure: &&Figure| !other.figures.iter().any(|that| compatible(figure, that));
    text.figures.iter().filter(alone).count() as f64 / 3.0
}

/// Numbers that do not stand in the other text.
fn numbers_alone(text: &Text, other: &Text, vocabulary: &Vocabulary) -> usize {
    let alone = |&&id: &&TermId| vocabulary.is_number(id) && !other.has(id);
    text.bag.iter().filter(alone).count()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use stemma_annotate::Annotator;
    use stemma_core::Report;

    use super::*;

    fn documents(texts: &[&str]) -> Vec<Document> {
        let annotator = Annotator::load();
        texts.iter().map(|text| annotator.annotate(Report::of_text(text).into())).collect()
    }

    /// The features of two texts that are not 0.
    fn view(a: &str, b: &str) -> String {
        let mut out = String::new();
        let values = side_by_side(&documents(&[a, b]), &[[0, 1]]).remove(0);
        for (name, value) in
            side_by_side_features().into_iter().zip(values).filter(|(_, value)| *value != 0.0)
        {
            writeln!(out, "{name:30} {value:.2}").unwrap();
        }
        out
    }

    #[test]
    fn the_same_is_the_same() {
        insta::assert_snapshot!(view("The mayor left the town.", "The mayor left the town."), @r"
        shared words                   1.00
        near words                     1.00
        shared pairs of content words  1.00
        pairs in order                 1.00
        words in order                 1.00
        shared letters in threes       1.00
        shared letters in fives        1.00
        meaning                        1.00
        ");
    }

    #[test]
    fn what_is_left_over_is_told_apart() {
        let (a, b) = (
            "Ana Ruiz said on Monday that 14 people had not left Skarvik.",
            "About 40 people had left the town of Skarvik, according to the police in Halden.",
        );
        insta::assert_snapshot!(view(a, b), @r"
        shared words                   0.27
        near words                     0.25
        shared pairs of content words  0.17
        pairs in order                 0.11
        words in order                 0.27
        edits                          1.00
        shared letters in threes       0.29
        shared letters in fives        0.20
        meaning                        0.43
        rest, larger                   0.09
        rest, larger, log              0.33
        rest, smaller, log             0.44
        largest run of the rest        0.14
        rest in frames                 0.14
        rest in names                  0.14
        names alone                    0.33
        names alone, fewer             0.33
        figures alone                  0.33
        other numbers                  1.00
        denial                         1.00
        statements                     0.50
        ");
    }

    #[test]
    fn both_orders_and_repeats_give_the_same() {
        let texts = documents(&["Rain fell on Lom.", "It rained in Lom on Friday.", "Rain fell on Lom."]);
        let values = side_by_side(&texts, &[[0, 1], [1, 0], [1, 2]]);
        assert!(values[0] == values[1] && values[0] == values[2]);
        assert!(side_by_side(&documents(&["", "Lom."]), &[[0, 1]])[0].iter().all(|value| value.is_finite()));
    }
}
