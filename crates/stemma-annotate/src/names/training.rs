//! Learning the weights of the tagger: the averaged perceptron (Collins 2002) with hashed features.
//!
//! In: texts with labeled names. Out: the bytes of a model. Two passes; what the second learns from comes from first passes
//! that were trained on the other half of the texts, so that it meets mistakes as they are in new text. Deterministic: texts are
//! shuffled by a fixed sequence. Memory: about two gigabytes.

use stemma_core::{EntityKind, Span};

use super::Names;
use super::features::{Features, features};
use super::lexicon::Traits;
use super::tagger::{FEATURE_BITS, MAX_FEATURES, State, decode, number, write};
use super::tags::{Named, TAGS, Tag, tags_of};
use super::units::Reading;
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
    pub least: u8,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self { rounds: 8, learners: 4, least: 2 }
    }
}

/// A text as the learner sees it.
struct Example {
    reading: Reading,
    rules: Vec<Tag>,
    gold: Vec<Tag>,
}

/// Learns a model from `texts`.
pub fn train_names(names: &Names, texts: &[LabeledText], options: TrainingOptions) -> Vec<u8> {
    let examples: Vec<Example> = texts.iter().map(|text| example(names, text)).collect();
    let mut plain: Vec<Features> =
        examples.iter().map(|example| features(&example.reading, &example.rules, None)).collect();
    drop_rare(&mut plain, options.least);
    let all: Vec<usize> = (0..examples.len()).collect();
    let half = |rest: usize| all.iter().copied().filter(|n| n % 2 == rest).collect::<Vec<_>>();
    let mut earlier: Vec<Vec<Tag>> = vec![Vec::new(); examples.len()];
    for (learn, apply) in [(half(0), half(1)), (half(1), half(0))] {
        let weights = learn_pass(&examples, &plain, &learn, options);
        for n in apply {
            earlier[n] = decode(&plain[n], |feature, scores| weights.score(feature, scores));
        }
    }
    let first = learn_pass(&examples, &plain, &all, options);
    let mut informed: Vec<Features> = examples
        .iter()
        .zip(&earlier)
        .map(|(example, earlier)| features(&example.reading, &example.rules, Some(earlier)))
        .collect();
    drop_rare(&mut informed, options.least);
    let second = learn_pass(&examples, &informed, &all, options);
    write(&[first.to_rows(), second.to_rows()])
}

/// Leaves out features that stand fewer than `least` times in all texts.
fn drop_rare(texts: &mut [Features], least: u8) {
    let mut counts = vec![0_u8; 1 << FEATURE_BITS];
    for &feature in texts.iter().flat_map(Features::all) {
        let count = &mut counts[number(feature) as usize];
        *count = count.saturating_add(1);
    }
    for text in texts {
        text.retain(|feature| counts[number(feature) as usize] >= least);
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
    Example { reading, rules, gold }
}

/// Weights in the making, with the sums that their averages come from.
struct Weights {
    now: Vec<f32>,
    sums: Vec<f32>,
    /// Number of the update.
    clock: f32,
}

impl Weights {
    fn new() -> Self {
        let size = TAGS << FEATURE_BITS;
        Self { now: vec![0.0; size], sums: vec![0.0; size], clock: 1.0 }
    }

    fn row(&self, feature: u32) -> usize {
        number(feature) as usize * TAGS
    }

    fn score(&self, feature: u32, scores: &mut [f32; TAGS]) {
        let row = self.row(feature);
        for (sum, weight) in scores.iter_mut().zip(&self.now[row..row + TAGS]) {
            *sum += weight;
        }
    }

    /// Moves the row of a feature toward `gold` and away from `wrong`. `sums` holds what has to be taken off the final weights.
    fn update(&mut self, feature: u32, gold: Tag, wrong: Tag) {
        let row = self.row(feature);
        for (tag, step) in [(gold, 1.0), (wrong, -1.0)] {
            let at = row + usize::from(tag.0);
            self.now[at] += step;
            self.sums[at] += step * self.clock;
        }
    }

    fn average(mut self) -> Self {
        for (weight, sum) in self.now.iter_mut().zip(&self.sums) {
            *weight -= sum / self.clock;
        }
        self
    }

    /// The features that weigh most, with the roots of their weights as signed bytes.
    fn to_rows(&self) -> Vec<(u32, [i8; TAGS])> {
        let size = |row: &[f32]| row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
        let top = size(&self.now).max(f32::MIN_POSITIVE);
        let mut rows: Vec<(f32, u32)> = (0..1_u32 << FEATURE_BITS)
            .map(|number| (size(&self.now[number as usize * TAGS..][..TAGS]), number))
            .filter(|&(size, _)| size > 0.0)
            .collect();
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        rows.truncate(MAX_FEATURES);
        let byte = |weight: f32| (weight.abs() / top).sqrt() * 127.0 * weight.signum();
        let row = |number: u32| {
            let weights = &self.now[number as usize * TAGS..][..TAGS];
            std::array::from_fn(|tag| byte(weights[tag]).round() as i8)
        };
        rows.into_iter().map(|(_, number)| (number, row(number))).collect()
    }
}

/// The mean of the weights of several learners.
fn learn_pass(
    examples: &[Example],
    features: &[Features],
    which: &[usize],
    options: TrainingOptions,
) -> Weights {
    let mut mean = Weights::new();
    for learner in 1..=options.learners {
        let weights = learn_once(examples, features, which, options.rounds, learner);
        for (sum, weight) in mean.now.iter_mut().zip(&weights.now) {
            *sum += weight / options.learners as f32;
        }
    }
    mean
}

fn learn_once(
    examples: &[Example],
    features: &[Features],
    which: &[usize],
    rounds: usize,
    learner: u64,
) -> Weights {
    let mut weights = Weights::new();
    let mut order = which.to_vec();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(learner); // xorshift (Marsaglia 2003)
    for _ in 0..rounds {
        for n in (1..order.len()).rev() {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            order.swap(n, (random % (n as u64 + 1)) as usize);
        }
        for &n in &order {
            learn_text(&mut weights, &features[n], &examples[n].gold);
        }
    }
    weights.average()
}

fn learn_text(weights: &mut Weights, features: &Features, gold: &[Tag]) {
    let mut state = State::new(features);
    for (at, &right) in gold.iter().enumerate() {
        if !features.active[at] {
            state.pass(features, at);
            continue;
        }
        let mut scores = [0.0; TAGS];
        features.of(at).iter().for_each(|&feature| weights.score(feature, &mut scores));
        let history = state.history(features, at).to_vec();
        history.iter().for_each(|&feature| weights.score(feature, &mut scores));
        let tag = state.best(&scores);
        // After a missed beginning there is no right tag to learn here.
        if tag != right && state.allows(right) {
            for &feature in features.of(at).iter().chain(&history) {
                weights.update(feature, right, tag);
            }
        }
        weights.clock += 1.0;
        state.take(features, at, tag);
    }
}
