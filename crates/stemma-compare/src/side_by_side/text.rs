//! One text as it is laid beside others.

use std::collections::BTreeSet;

use stemma_core::{Document, Figure, MentionForm, Span};

use crate::terms::{TermId, Texts};

/// Terms of a text that are looked at: edit distance takes the product of two lengths.
const MAX_TERMS: usize = 400;
/// The same for characters, which only enter counts.
const MAX_LETTERS: usize = 4000;

/// What is read of one text.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// In text order.
    pub(super) terms: Vec<TermId>,
    /// Those with content, in text order.
    pub(super) content: Vec<TermId>,
    /// Those with content, each once, ascending.
    pub(super) bag: Vec<TermId>,
    /// Sum of the weights of `bag`.
    pub(super) weight: f64,
    /// Mean of the vectors of `bag`.
    pub(super) meaning: Vec<f32>,
    /// The terms with content of each name.
    pub(super) names: Vec<Vec<TermId>>,
    /// Of `bag`, those in names.
    pub(super) in_names: BTreeSet<TermId>,
    /// Of `bag`, those that give the words to a source: "police said".
    pub(super) in_frames: BTreeSet<TermId>,
    /// Of `bag`, those in expressions of time.
    pub(super) in_times: BTreeSet<TermId>,
    /// Amounts and ranks.
    pub(super) figures: Vec<Figure>,
    /// Statements.
    pub(super) n_statements: usize,
    /// Words of denial.
    pub(super) n_denials: usize,
    /// Letters and digits in lower case, with a space for each run of other signs.
    pub(super) letters: Vec<char>,
}

impl Text {
    /// Reads the document at place `n` of `texts`.
    pub(super) fn of(n: usize, document: &Document, texts: Texts<'_>) -> Self {
        let vocabulary = texts.vocabulary;
        let layers = document.layers();
        let terms: Vec<TermId> = texts.terms_in(n, 0..layers.tokens.len()).take(MAX_TERMS).collect();
        let content: Vec<TermId> = terms.iter().copied().filter(|&id| !vocabulary.is_stop(id)).collect();
        let bag: Vec<TermId> = content.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let within = |span: Span| {
            let inside = texts.bag(n, document.tokens_in(span)).into_iter();
            inside.filter(|id| bag.binary_search(id).is_ok()).collect::<Vec<TermId>>()
        };
        let named = layers.mentions.items().iter().filter(|mention| mention.form == MentionForm::Named);
        let names: Vec<Vec<TermId>> =
            named.map(|mention| within(mention.span)).filter(|name| !name.is_empty()).collect();
        let frames = layers.attributions.items().iter().flat_map(|a| a.cue.iter().chain(&a.source));
        Self {
            in_names: names.iter().flatten().copied().collect(),
            in_frames: frames.flat_map(|&span| within(span)).collect(),
            in_times: layers.times.items().iter().flat_map(|time| within(time.span)).collect(),
            names,
            figures: layers.figures.items().iter().take(MAX_TERMS).cloned().collect(),
            n_statements: layers.statements.len(),
            n_denials: terms.iter().filter(|&&id| vocabulary.is_denial(id)).count(),
            letters: letters(document.text()),
            weight: texts.weight(&bag),
            meaning: vocabulary.meanings().mean(&bag, |id| vocabulary.weight(id)),
            terms,
            content,
            bag,
        }
    }

    /// True if a term with content stands in it.
    pub(super) fn has(&self, id: TermId) -> bool {
        self.bag.binary_search(&id).is_ok()
    }
}

/// The first letters and digits of `text` in lower case, one space for each run of other signs.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = Vec::new();
    for c in text.chars().flat_map(char::to_lowercase).take(MAX_LETTERS) {
        if c.is_alphanumeric() {
            letters.push(c);
        } else if letters.last().is_some_and(|&last| last != ' ') {
            letters.push(' ');
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_without_signs() {
        assert_eq!(letters("“No,” she said: 3–2!").iter().collect::<String>(), "no she said 3 2 ");
    }
}
