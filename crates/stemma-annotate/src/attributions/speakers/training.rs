//! Learning the weights of the choice: maximum likelihood with AdaGrad (Duchi, Hazan and Singer 2011).
//!
//! In: reports with their quotations marked by people. Out: the bytes of a model. Each quotation is one question; its right answers
//! are all candidates in the words of the gold source, and their probabilities are summed. The speakers before are those of
//! the gold. Deterministic: questions are shuffled by a fixed sequence.

use std::sync::Arc;

use stemma_core::{Attribution, Report, Span};

use super::candidates::{LONGEST_UNIT, Talk, held, question};
use super::model::{BITS, slot, write};
use super::scene::{Phrase, Scene};
use super::{options, phrases};
use crate::attributions::unit::{self, Prose};
use crate::shuffle::Shuffle;
use crate::{Annotator, find_parts, find_quotes, find_segments, split_sentences, tokenize};

/// A report in which people have marked who says what.
#[derive(Clone, Debug)]
pub struct LabeledReport {
    /// The report.
    pub report: Arc<Report>,
    /// Strings in quotation marks that are somebody's words, with the pieces that name the source, which may be none.
    pub strings: Vec<(Span, Vec<Span>)>,
}

/// One quotation with what may be said of it: first that it is nobody's words, then each candidate.
#[derive(Clone, Debug)]
pub struct Lesson {
    options: Vec<Vec<u32>>,
    right: Vec<bool>,
    /// What the rules say, if they name one of these.
    ruled: usize,
    /// Gold names a source.
    named: bool,
}

/// The lessons of one report.
pub fn lessons(annotator: &Annotator, labeled: &LabeledReport) -> Vec<Lesson> {
    let text = labeled.report.text();
    let tokens = tokenize(text);
    let segments = find_segments(text, &tokens, labeled.report.title());
    let quotes = find_quotes(text, &tokens, &segments, &mut Vec::new());
    let sentences = split_sentences(text, &tokens, &segments, &quotes);
    let (mentions, _) = annotator.names.find(text, &tokens, &segments, &sentences, &quotes);
    let parts = find_parts(text, &tokens, &segments, &sentences, &annotator.parts);
    let prose = Prose {
        text,
        tokens: &tokens,
        parts: &parts,
        segments: &segments,
        sentences: &sentences,
        quotes: &quotes,
    };
    let units = unit::units(prose);
    let cues = &annotator.cues;
    let items: Vec<Attribution> = super::super::by_rules(text, &units, &quotes, &mentions, cues);
    let scene = Scene { text, units: &units, quotes: &quotes, mentions: &mentions, cues };
    let places = scene.places();
    let phrases = phrases(&scene, &places);
    let held = held(&scene, &items, &places);
    let mut talk = Talk::default();
    let mut lessons = Vec::new();
    for (&(place, quote), holders) in places.iter().zip(held) {
        if units[place.unit].len() > LONGEST_UNIT {
            continue;
        }
        let inner = quotes[quote].inner;
        let gold =
            labeled.strings.iter().find(|(span, _)| 2 * span.overlap(inner) > span.len().min(inner.len()));
        let question = question(&scene, &items, (place, quote), holders, &phrases, &talk);
        let is_right = |phrase: &Phrase<'_>| {
            gold.is_some_and(|(_, source)| {
                source.iter().any(|piece| 2 * piece.overlap(phrase.span) > piece.len().min(phrase.span.len()))
            })
        };
        let mut right = vec![gold.is_none()];
        right.extend(question.candidates.iter().map(|candidate| is_right(&candidate.phrase)));
        let speaker = question.candidates.iter().find(|candidate| is_right(&candidate.phrase));
        lessons.push(Lesson {
            options: options(&scene, &items, &question, &talk).into_iter().map(|bag| bag.features).collect(),
            ruled: question.candidates.iter().position(|candidate| candidate.ruled).map_or(0, |n| n + 1),
            named: gold.is_some_and(|(_, source)| !source.is_empty()),
            right,
        });
        let speaker = speaker.map(|candidate| candidate.phrase.clone());
        talk.push(place, speaker);
    }
    lessons
}

/// Settings of the training.
#[derive(Clone, Copy, Debug)]
pub struct SpeakerOptions {
    /// Rounds over all lessons.
    pub rounds: usize,
    /// First step.
    pub step: f32,
    /// Weights shrink by this share of themselves per lesson that holds them.
    pub decay: f32,
}

impl Default for SpeakerOptions {
    fn default() -> Self {
        Self { rounds: 12, step: 0.05, decay: 5e-3 }
    }
}

/// Weights learned from lessons, one for each slot.
pub fn learn(lessons: &[&Lesson], settings: SpeakerOptions) -> Vec<f32> {
    let mut weights = vec![0.0_f32; 1 << BITS];
    let mut squares = vec![1e-6_f32; 1 << BITS];
    let mut order: Vec<usize> =
        (0..lessons.len()).filter(|&n| lessons[n].right.iter().any(|&right| right)).collect();
    let mut shuffle = Shuffle::of_learner(1);
    for _ in 0..settings.rounds {
        shuffle.shuffle(&mut order);
        for &n in &order {
            step(lessons[n], &mut weights, &mut squares, settings);
        }
    }
    weights
}

fn step(lesson: &Lesson, weights: &mut [f32], squares: &mut [f32], settings: SpeakerOptions) {
    let shares = shares(lesson, weights);
    let right: f32 =
        shares.iter().zip(&lesson.right).filter(|(_, right)| **right).map(|(share, _)| share).sum();
    for ((features, share), &is_right) in lesson.options.iter().zip(&shares).zip(&lesson.right) {
        let wanted = if is_right { share / right.max(1e-9) } else { 0.0 };
        let slope = share - wanted;
        if slope.abs() < 1e-4 {
            continue;
        }
        for &feature in features {
            let at = slot(feature);
            let gradient = slope + settings.decay * weights[at];
            squares[at] += gradient * gradient;
            weights[at] -= settings.step * gradient / squares[at].sqrt();
        }
    }
}

/// Probabilities of the options.
fn shares(lesson: &Lesson, weights: &[f32]) -> Vec<f32> {
    let sum = |features: &Vec<u32>| features.iter().map(|&feature| weights[slot(feature)]).sum::<f32>();
    let scores: Vec<f32> = lesson.options.iter().map(sum).collect();
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = scores.iter().map(|score| (score - top).exp()).collect();
    let all: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / all).collect()
}

/// Bytes of a model with these weights.
pub fn to_bytes(weights: &[f32]) -> Vec<u8> {
    write(weights)
}

/// How many lessons are answered rightly, by the weights and by the rules alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answers {
    /// Quotations whose gold source is named.
    pub named: Share,
    /// Quotations that are nobody's words in the gold.
    pub nobody: Share,
}

/// Right answers among all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share {
    /// Lessons.
    pub all: usize,
    /// Those that the weights answer rightly.
    pub learned: usize,
    /// Those that the rules do.
    pub ruled: usize,
}

impl Share {
    fn add(&mut self, learned: bool, ruled: bool) {
        self.all += 1;
        self.learned += usize::from(learned);
        self.ruled += usize::from(ruled);
    }
}

impl Answers {
    /// Counts one lesson.
    pub fn add(&mut self, lesson: &Lesson, weights: &[f32]) {
        let shares = shares(lesson, weights);
        let best = (0..shares.len()).fold(0, |best, n| if shares[n] > shares[best] { n } else { best });
        if lesson.named {
            self.named.add(lesson.right[best], lesson.right[lesson.ruled]);
        } else if lesson.right[0] {
            self.nobody.add(best == 0, lesson.ruled == 0);
        }
    }
}

impl std::fmt::Display for Answers {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (name, share) in [("quotations with a source", self.named), ("quotations without", self.nobody)] {
            writeln!(out, "{name}: {} of {} right, by rules {}", share.learned, share.all, share.ruled)?;
        }
        Ok(())
    }
}
