//! Parts of speech: one [`Part`] for each token, in the tags of Universal Dependencies (Nivre et al. 2020).
//!
//! A linear model over hashed features (`features`), greedy from left to right, one run of tokens at a time: a sentence, or what
//! stands between two sentences of one segment. Learned by `training`, as an averaged perceptron (Collins 2002); `model` says how
//! the weights are kept. In a run where every word has a capital, as in many headlines, the case of letters says nothing and the words
//! are looked at in lower case. A token is whatever [`crate::tokenize`] makes one: "don’t" is one token with the part of its
//! head. Linear in the text, no allocation by token; never fails.

mod features;
mod model;
#[cfg(test)]
mod tests;
pub mod training;

use std::ops::Range;

use stemma_core::{Layer, LayerId, Segment, SegmentId, SegmentKind, Sentence, SentenceId, Token, TokenId};

use features::{NO_PART, Word, features};
use model::Model;

/// Number of parts of speech.
const PARTS: usize = 17;

/// A part of speech.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Part {
    /// "big", "first"
    Adjective,
    /// "in", "of", the particle of "give up"
    Adposition,
    /// "very", "tomorrow", "not"
    Adverb,
    /// "has" in "has gone", "will", "is" in "is big"
    Auxiliary,
    /// "and", "or", "but"
    Coordinator,
    /// "the", "this", "no" before a noun
    Determiner,
    /// "oh", "yes"
    Interjection,
    /// "house", "anger"
    Noun,
    /// "1,200", "three"
    Numeral,
    /// "to" before a verb, a possessive "’s", "not"
    Particle,
    /// "she", "who", "her"
    Pronoun,
    /// "Kyiv", "Ruiz", "Monday"
    ProperNoun,
    /// Full stops, commas, brackets, quotation marks
    Punctuation,
    /// "that", "if", "because"
    Subordinator,
    /// "$", "%", "+"
    Symbol,
    /// "said", "rebuilding"
    Verb,
    /// Anything else: foreign words, marks of lists
    Other,
}

impl Part {
    /// All parts, in the order of their numbers.
    pub const ALL: [Part; PARTS] = [
        Part::Adjective,
        Part::Adposition,
        Part::Adverb,
        Part::Auxiliary,
        Part::Coordinator,
        Part::Determiner,
        Part::Interjection,
        Part::Noun,
        Part::Numeral,
        Part::Particle,
        Part::Pronoun,
        Part::ProperNoun,
        Part::Punctuation,
        Part::Subordinator,
        Part::Symbol,
        Part::Verb,
        Part::Other,
    ];

    /// The tag in Universal Dependencies: "NOUN".
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Adjective => "ADJ",
            Part::Adposition => "ADP",
            Part::Adverb => "ADV",
            Part::Auxiliary => "AUX",
            Part::Coordinator => "CCONJ",
            Part::Determiner => "DET",
            Part::Interjection => "INTJ",
            Part::Noun => "NOUN",
            Part::Numeral => "NUM",
            Part::Particle => "PART",
            Part::Pronoun => "PRON",
            Part::ProperNoun => "PROPN",
            Part::Punctuation => "PUNCT",
            Part::Subordinator => "SCONJ",
            Part::Symbol => "SYM",
            Part::Verb => "VERB",
            Part::Other => "X",
        }
    }

    /// The part with this tag of Universal Dependencies.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == tag)
    }
}

/// The learned weights, read in place: loading costs nothing, and copies share them.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    model: Model,
}

impl Parts {
    /// The built-in model.
    pub fn load() -> Self {
        let model = Model::read(include_bytes!("../../../../models/parts.bin"));
        Self { model: model.expect("the built-in model is of this version") }
    }

    /// Another model than the built-in one, as [`training`] makes it. `None` if it is no model of this version.
    pub fn with_model(model: &'static [u8]) -> Option<Self> {
        Some(Self { model: Model::read(model)? })
    }
}

/// One part of speech for each of `tokens`.
pub fn find_parts(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    segments: &Layer<SegmentId, Segment>,
    sentences: &Layer<SentenceId, Sentence>,
    parts: &Parts,
) -> Vec<Part> {
    let mut found = Vec::with_capacity(tokens.len());
    let mut words = Vec::new();
    for run in runs(text, tokens, segments, sentences) {
        read_words(text, &tokens.items()[run.tokens], run.caseless, &mut words);
        let mut before = [NO_PART; 2];
        for window in words.windows(WINDOW) {
            let part = parts.model.best(&features(window, before));
            found.push(part);
            before = [part as u8, before[0]];
        }
    }
    found
}

/// Words that the features of one word look at: two on each side.
const WINDOW: usize = 5;

/// Fills `words` with the tokens of a run, and with blanks on both sides so that each token is the middle of a window.
fn read_words(text: &str, tokens: &[Token], caseless: bool, words: &mut Vec<Word>) {
    words.clear();
    words.resize(WINDOW / 2, Word::default());
    let word = |(n, token): (usize, &Token)| Word::read(&text[token.span.range()], n == 0, caseless);
    words.extend(tokens.iter().enumerate().map(word));
    words.resize(words.len() + WINDOW / 2, Word::default());
}

/// Tokens that are tagged from left to right without a look at others.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Run {
    tokens: Range<usize>,
    /// A capital says nothing: "Ruiz Wins Mayor's Race".
    caseless: bool,
}

/// The runs of a text, in text order; together they hold every token.
fn runs(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    segments: &Layer<SegmentId, Segment>,
    sentences: &Layer<SentenceId, Sentence>,
) -> Vec<Run> {
    let items = tokens.items();
    let mut runs = Vec::with_capacity(sentences.len() + segments.len());
    let mut sentences = sentences.items().iter().peekable();
    let mut segments = segments.items().iter().peekable();
    let mut start = 0;
    while let Some(token) = items.get(start) {
        while segments.next_if(|segment| segment.span.end() <= token.span.start()).is_some() {}
        while sentences.next_if(|sentence| sentence.end.index() <= start).is_some() {}
        let segment = segments.peek().filter(|segment| segment.span.start() <= token.span.start());
        let limit = segment.map_or(usize::MAX, |segment| segment.span.end());
        let end = match sentences.peek() {
            Some(sentence) if sentence.first.index() <= start => sentence.end.index(),
            next => {
                let end = next.map_or(items.len(), |sentence| sentence.first.index());
                let inside = items[start..end].iter().take_while(|token| token.span.start() < limit);
                start + inside.count()
            }
        };
        let end = end.clamp(start + 1, items.len());
        let is_title = segment.is_some_and(|segment| segment.kind == SegmentKind::Title);
        runs.push(Run { tokens: start..end, caseless: is_caseless(text, &items[start..end], is_title) });
        start = end;
    }
    runs
}

/// True if words that would be written small have capitals. Told by words of four letters or more, for small ones ("of", "the")
/// stay small in many headlines. In a sentence with a full stop capitals are names, unless there is no small letter at all.
fn is_caseless(text: &str, tokens: &[Token], is_title: bool) -> bool {
    let (mut small, mut capital) = (0_usize, 0_usize);
    let mut all_capitals = true;
    for token in tokens {
        let word = &text[token.span.range()];
        all_capitals &= !word.contains(char::is_lowercase);
        if word.chars().take(4).filter(|c| c.is_alphabetic()).count() == 4 {
            let counter = if word.starts_with(char::is_uppercase) { &mut capital } else { &mut small };
            *counter += 1;
        }
    }
    let ends = || tokens.last().is_some_and(|token| &text[token.span.range()] == ".");
    let of_words = || if is_title { capital >= 2 } else { capital >= 5 && !ends() };
    capital >= 2 && all_capitals || capital > 4 * small && of_words()
}
