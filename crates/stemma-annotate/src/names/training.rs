//! Learning the weights of the tagger: multinomial logistic regression with hashed features, one decision a unit.
//!
//! In: texts with labeled names. Out: the bytes of a model. The learner walks through each text as the tagger will, so that it
//! meets the consequences of its own mistakes (Ross, Gordon and Bagnell 2011), and steps by AdaGrad (Duchi, Hazan and Singer
//! 2011). Deterministic: texts are shuffled by a fixed sequence. Memory: about half a gigabyte.

use rustc_hash::FxHashMap;

use stemma_core::{EntityKind, Span};

use super::Names;
use super::features::{Features, Lists, features};
use super::lexicon::Traits;
use super::tagger::{MAX_FEATURES, State, write};
use super::tags::{Named, TAGS, Tag, tags_of};
use super::units::Reading;
use crate::shuffle::Shuffle;
use crate::{find_quotes, find_segments, split_sentences, tokenize};

/// A text with its names marked by people.
#[derive(Clone, Debug)]
pub struct LabeledText {
    /// The text.
    pub text: String,
    /// Names, in text order, without overlaps.
    pub names: Vec<(Span, EntityKind)>,
}

/// Settings of the training.
#[derive(Clone, Copy, Debug)]
pub struct TrainingOptions {
    /// Rounds over all texts.
    pub rounds: usize,
    /// Learners with different orders of the texts, whose weights are averaged.
    pub learners: u64,
    /// Features that stand in the texts less often are left out.
    pub least: u32,
    /// Length of a step.
    pub rate: f32,
    /// What draws weights toward zero (L2).
    pub decay: f32,
    /// After two rounds, a gold tag to which the learner gives a smaller share than this is taken for a slip of the annotators.
    pub doubt: f32,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self { rounds: 8, learners: 4, least: 2, rate: 0.03, decay: 0.001, doubt: 0.05 }
    }
}

/// A text as the learner sees it.
struct Example {
    gold: Vec<Tag>,
    /// The features are numbers of rows.
    features: Features,
}

/// Learns a model from `texts`.
pub fn train_names(names: &Names, texts: &[LabeledText], options: TrainingOptions) -> Vec<u8> {
    let mut examples: Vec<Example> = texts.iter().map(|text| example(names, text)).collect();
    let mut rows = Rows::default();
    rows.number(examples.iter_mut().map(|example| &mut example.features.lists), options.least);
    write(&rows_of(&rows, &learn(&rows, &examples, options)))
}

/// Numbers of the features that are learned, and which features they are.
#[derive(Default)]
struct Rows {
    features: Vec<u32>,
}

impl Rows {
    /// Gives the features of `texts` numbers, and leaves out those that stand fewer than `least` times in all texts.
    fn number<'a>(&mut self, texts: impl Iterator<Item = &'a mut Lists>, least: u32) {
        let mut texts: Vec<&mut Lists> = texts.collect();
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        for &feature in texts.iter().flat_map(|text| text.all()) {
            *counts.entry(feature).or_default() += 1;
        }
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        for &feature in texts.iter().flat_map(|text| text.all()).filter(|feature| counts[feature] >= least) {
            numbers.entry(feature).or_insert_with(|| {
                self.features.push(feature);
                self.features.len() as u32 - 1
            });
        }
        for text in &mut texts {
            text.replace(|feature| numbers.get(&feature).copied());
        }
    }
}

fn example(names: &Names, labeled: &LabeledText) -> Example {
    let text = &labeled.text;
    let tokens = tokenize(text);
    let segments = find_segments(text, &tokens, None);
    let quotes = find_quotes(text, &tokens, &segments, &mut Vec::new());
    let sentences = split_sentences(text, &tokens, &segments, &quotes);
    let reading = Reading::new(text, &tokens, &segments, &sentences, &names.lexicons);
    let rules = tags_of(reading.units.len(), &super::by_rules(&reading, &names.lexicons));
    let gold = labeled.names.iter().filter_map(|&(span, kind)| {
        let first = reading.units.partition_point(|unit| unit.span.end() <= span.start());
        let touched =
            (first..reading.units.len()).take_while(|&at| reading.units[at].span.start() < span.end());
        let mut covered = touched.filter(|&at| {
            let unit = reading.units[at].span;
            2 * unit.overlap(span) > unit.len()
        });
        let start = covered.next()?;
        let units = start..covered.last().unwrap_or(start) + 1;
        // Gold of the four classes of CoNLL calls nationalities "miscellaneous"; the lists know them.
        let is_group = names.lexicons.traits(&reading.phrase(units.clone())).any(Traits::ANY_GROUP);
        let kind = if kind == EntityKind::Product && is_group { EntityKind::Group } else { kind };
        let is_calendar = reading.units[units.clone()].iter().all(|unit| unit.traits.any(Traits::CALENDAR));
        (!is_calendar).then_some(Named { units, kind })
    });
    let gold = tags_of(reading.units.len(), &gold.collect::<Vec<_>>());
    let features = features(&reading, &rules);
    Example { gold, features }
}

/// Bits of the number of a feature of the way up to a unit: these have rows of their own, after the others.
const HISTORY_BITS: u32 = 20;

/// Weights in the making, with the sums of their squared slopes.
struct Weights {
    now: Vec<f32>,
    squares: Vec<f32>,
    /// Which feature of the way stands in a row; 0: none yet.
    history: Vec<u32>,
    /// First row of the features of the way.
    first_history: usize,
}

impl Weights {
    fn new(rows: &Rows) -> Self {
        let first_history = rows.features.len();
        let size = TAGS * (first_history + (1 << HISTORY_BITS));
        Self {
            now: vec![0.0; size],
            squares: vec![0.0; size],
            history: vec![0; 1 << HISTORY_BITS],
            first_history,
        }
    }

    fn history_row(&self, feature: u32) -> usize {
        self.first_history + (feature >> (32 - HISTORY_BITS)) as usize
    }

    /// Rows of the features of unit `at`, those of the way up to it among them.
    fn rows(&mut self, example: &Example, at: usize, history: &[u32], out: &mut Vec<usize>) {
        out.clear();
        out.extend(example.features.lists.of(at).iter().map(|&row| row as usize));
        for &feature in history {
            let row = self.history_row(feature);
            self.history[row - self.first_history] = feature;
            out.push(row);
        }
    }

    fn score(&self, rows: &[usize]) -> [f32; TAGS] {
        let mut scores = [0.0; TAGS];
        for row in rows {
            for (sum, weight) in scores.iter_mut().zip(&self.now[row * TAGS..][..TAGS]) {
                *sum += weight;
            }
        }
        scores
    }

    /// A step down the slopes, shorter for weights that have moved much (AdaGrad).
    fn step(&mut self, row: usize, slopes: &[f32; TAGS], options: TrainingOptions) {
        let weights = &mut self.now[row * TAGS..][..TAGS];
        let squares = &mut self.squares[row * TAGS..][..TAGS];
        for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(slopes) {
            let slope = slope + options.decay * *weight;
            *square += slope * slope;
            *weight -= options.rate * slope / (square.sqrt() + 1e-6);
        }
    }
}

/// The features that weigh most, with the roots of their weights as signed bytes.
fn rows_of(rows: &Rows, weights: &Weights) -> Vec<(u32, [i8; TAGS])> {
    let row = |row: usize| -> [f32; TAGS] { std::array::from_fn(|tag| weights.now[row * TAGS + tag]) };
    let size = |row: &[f32; TAGS]| row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
    let plain = (0..weights.first_history).map(|n| (rows.features[n], row(n)));
    let history = weights.history.iter().enumerate();
    let history = history.map(|(n, &feature)| (feature, row(weights.first_history + n)));
    let mut sized: Vec<(f32, u32, [f32; TAGS])> =
        plain.chain(history).map(|(feature, row)| (size(&row), feature, row)).collect();
    sized.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let top = sized.first().map_or(0.0, |first| first.0).max(f32::MIN_POSITIVE);
    let byte = |weight: f32| ((weight.abs() / top).sqrt() * 127.0 * weight.signum()).round() as i8;
    let rounded = sized.into_iter().map(|(_, feature, row)| (feature, row.map(byte)));
    rounded.filter(|(_, row)| *row != [0; TAGS]).take(MAX_FEATURES).collect()
}

/// The mean of the weights of several learners.
fn learn(rows: &Rows, examples: &[Example], options: TrainingOptions) -> Weights {
    let mut mean = Weights::new(rows);
    for learner in 1..=options.learners {
        let weights = learn_once(rows, examples, options, learner);
        for (sum, weight) in mean.now.iter_mut().zip(&weights.now) {
            *sum += weight / options.learners as f32;
        }
        for (mine, &other) in mean.history.iter_mut().zip(&weights.history) {
            *mine = if *mine == 0 { other } else { *mine };
        }
    }
    mean
}

fn learn_once(rows: &Rows, examples: &[Example], options: TrainingOptions, learner: u64) -> Weights {
    let mut weights = Weights::new(rows);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut shuffle = Shuffle::of_learner(learner);
    for round in 0..options.rounds {
        shuffle.shuffle(&mut order);
        let doubt = if round < 2 { 0.0 } else { options.doubt };
        for &n in &order {
            learn_text(&mut weights, &examples[n], TrainingOptions { doubt, ..options });
        }
    }
    weights
}

fn learn_text(weights: &mut Weights, example: &Example, options: TrainingOptions) {
    let features = &example.features;
    let mut state = State::new(features);
    let mut rows = Vec::new();
    for (at, &right) in example.gold.iter().enumerate() {
        if !features.active[at] {
            state.pass(features, at);
            continue;
        }
        weights.rows(example, at, state.history(features, at), &mut rows);
        let scores = weights.score(&rows);
        let tag = state.best(&scores);
        // After a missed beginning there is no right tag to learn here.
        if state.allows(right) {
            let mut slopes = shares(&scores, &state);
            let share = &mut slopes[usize::from(right.0)];
            if (options.doubt..CERTAIN).contains(share) {
                *share -= 1.0;
                rows.iter().for_each(|&row| weights.step(row, &slopes, options));
            }
        }
        state.take(features, at, tag);
    }
}

/// A share of the right tag from which on there is nothing more to learn.
const CERTAIN: f32 = 0.999;

/// The share of each tag: the exponential function of its score over the sum for all tags that may come next.
fn shares(scores: &[f32; TAGS], state: &State) -> [f32; TAGS] {
    let most = scores.iter().fold(f32::MIN, |most, &score| most.max(score));
    let mut shares = [0.0; TAGS];
    for tag in Tag::all().filter(|&tag| state.allows(tag)) {
        shares[usize::from(tag.0)] = (scores[usize::from(tag.0)] - most).exp();
    }
    let sum: f32 = shares.iter().sum();
    shares.map(|share| share / sum.max(f32::MIN_POSITIVE))
}
