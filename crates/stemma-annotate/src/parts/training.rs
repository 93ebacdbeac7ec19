//! Learning the weights of the tagger: the averaged perceptron (Collins 2002) with hashed features.
//!
//! In: texts with a part of speech for their tokens. Out: the bytes of a model. The tagger goes through each run as it will in use, on its
//! own guesses, and learns where it errs. Short sentences are learned a second time as a headline in capitals would be read, without
//! case, because treebanks have few of these. Deterministic: runs are shuffled by a fixed sequence.

use super::features::{FEATURES, NO_PART, Word, features};
use super::model::{NUMBER_BITS, best, number, write};
use super::{PARTS, Part, WINDOW, read_words, runs};
use crate::shuffle::Shuffle;
use crate::{find_quotes, find_segments, split_sentences, tokenize};

/// A text with the parts of its tokens as people decided.
#[derive(Clone, Debug)]
pub struct LabeledText {
    /// The text.
    pub text: String,
    /// One for each token of [`tokenize`]; `None`: not known.
    pub parts: Vec<Option<Part>>,
}

/// Settings of the training.
#[derive(Clone, Copy, Debug)]
pub struct TrainingOptions {
    /// Rounds over all texts.
    pub rounds: usize,
    /// Learners with different orders of the texts, whose weights are averaged.
    pub learners: u64,
    /// Sentences of at most so many tokens are also learned without case.
    pub headline: usize,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self { rounds: 10, learners: 4, headline: 20 }
    }
}

/// A run as the learner sees it.
struct Example {
    words: Vec<Word>,
    gold: Vec<Option<Part>>,
}

/// Learns a model from `texts`.
pub fn train_parts(texts: &[LabeledText], options: TrainingOptions) -> Vec<u8> {
    let examples: Vec<Example> = texts.iter().flat_map(|text| examples(text, options.headline)).collect();
    let mut mean = vec![[0.0; PARTS]; 1 << NUMBER_BITS];
    for learner in 1..=options.learners {
        let weights = learn(&examples, options.rounds, learner);
        for (sum, weight) in mean.as_flattened_mut().iter_mut().zip(weights.as_flattened()) {
            *sum += weight / options.learners as f32;
        }
    }
    write(&mean)
}

fn examples(labeled: &LabeledText, headline: usize) -> Vec<Example> {
    let text = &labeled.text;
    let tokens = tokenize(text);
    assert_eq!(tokens.len(), labeled.parts.len(), "one part for each token");
    let segments = find_segments(text, &tokens, None);
    let quotes = find_quotes(text, &tokens, &segments, &mut Vec::new());
    let sentences = split_sentences(text, &tokens, &segments, &quotes);
    let mut examples = Vec::new();
    for run in runs(text, &tokens, &segments, &sentences) {
        let gold = &labeled.parts[run.tokens.clone()];
        let mut add = |caseless: bool| {
            let mut words = Vec::new();
            read_words(text, &tokens.items()[run.tokens.clone()], caseless, &mut words);
            examples.push(Example { words, gold: gold.to_vec() });
        };
        add(run.caseless);
        if !run.caseless && gold.len() <= headline {
            add(true);
        }
    }
    examples
}

/// Weights in the making, with the sums that their averages come from.
struct Weights {
    now: Vec<[f32; PARTS]>,
    /// What has to be taken off the final weights, times `clock`.
    sums: Vec<[f64; PARTS]>,
    /// Number of the token, from 1.
    clock: f64,
}

impl Weights {
    fn new() -> Self {
        let size = 1 << NUMBER_BITS;
        Self { now: vec![[0.0; PARTS]; size], sums: vec![[0.0; PARTS]; size], clock: 1.0 }
    }

    fn best(&self, features: &[u64; FEATURES]) -> Part {
        let mut scores = [0.0; PARTS];
        for &feature in features {
            for (score, weight) in scores.iter_mut().zip(&self.now[number(feature)]) {
                *score += weight;
            }
        }
        best(&scores)
    }

    /// Moves the rows of the features toward `gold` and away from `wrong`.
    fn update(&mut self, features: &[u64; FEATURES], gold: Part, wrong: Part) {
        for &feature in features {
            for (part, step) in [(gold, 1.0), (wrong, -1.0)] {
                self.now[number(feature)][part as usize] += step;
                self.sums[number(feature)][part as usize] += f64::from(step) * self.clock;
            }
        }
    }

    fn average(mut self) -> Vec<[f32; PARTS]> {
        for (weight, sum) in self.now.as_flattened_mut().iter_mut().zip(self.sums.as_flattened()) {
            *weight -= (sum / self.clock) as f32;
        }
        self.now
    }
}

fn learn(examples: &[Example], rounds: usize, learner: u64) -> Vec<[f32; PARTS]> {
    let mut weights = Weights::new();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut shuffle = Shuffle::of_learner(learner);
    for _ in 0..rounds {
        shuffle.shuffle(&mut order);
        for &n in &order {
            learn_run(&mut weights, &examples[n]);
        }
    }
    weights.average()
}

fn learn_run(weights: &mut Weights, example: &Example) {
    let mut before = [NO_PART; 2];
    for (window, gold) in example.words.windows(WINDOW).zip(&example.gold) {
        let features = features(window, before);
        let guess = weights.best(&features);
        if let Some(gold) = gold.filter(|gold| *gold != guess) {
            weights.update(&features, gold, guess);
        }
        weights.clock += 1.0;
        before = [guess as u8, before[0]];
    }
}
