//! Who speaks each quotation: a learned choice that corrects the rules.
//!
//! In: the attributions of the rules. For every outer quotation, the phrases near it that may name its speaker are candidates
//! (`candidates`), beside "nobody": a title, a nickname, words held at a distance. A log-linear model (`model`, learned by
//! `training`) weighs them by what stands around (`features`). The rules' own choice is one of the features, so the
//! model learns where to trust them. Quotations are taken in text order, since the speaker before is a feature of the next.
//! Out: the same attributions, with other sources, fewer, or more (`edits`). Linear in the text.

mod candidates;
mod edits;
mod features;
mod model;
mod scene;
#[cfg(test)]
mod tests;
pub mod training;

use stemma_core::{Attribution, QuoteId, SegmentKind};

use candidates::{Candidate, LONGEST_UNIT, Question, Talk, held, is_bare, question};
use edits::{Choice, Edits};
use features::{Bag, of_candidate, of_nobody};
pub(super) use model::Model;
pub(super) use scene::Scene;
use scene::{Phrase, Place};

/// Corrects who speaks the quotations of a document.
pub(super) fn settle(items: &mut Vec<Attribution>, scene: &Scene<'_, '_>, model: Model) {
    let places = scene.places();
    let phrases = phrases(scene, &places);
    let mut held = held(scene, items, &places);
    let mut talk = Talk::default();
    let mut edits = Edits::new(items);
    for (n, &(place, quote)) in places.iter().enumerate() {
        if scene.units[place.unit].len() > LONGEST_UNIT {
            continue;
        }
        let mut holders = std::mem::take(&mut held[n]);
        holders.extend(edits.added());
        let question = question(scene, items, (place, quote), holders, &phrases, &talk);
        let chosen = choose(scene, items, &question, &talk, model).map(|n| &question.candidates[n]);
        match chosen {
            Some(candidate) => edits.give(items, Choice { scene, question: &question, candidate }, &talk),
            None if question.ruled().is_some() && stands_alone(scene, &question) => {}
            None => edits.silence(items, &question, scene.quotes[quote].span),
        }
        talk.push(place, chosen.map(|candidate| candidate.phrase.clone()));
    }
    edits.finish(items);
}

/// The best candidate, `None` for nobody; of equals nobody, then the first.
fn choose(
    scene: &Scene<'_, '_>,
    items: &[Attribution],
    question: &Question<'_>,
    talk: &Talk<'_>,
    model: Model,
) -> Option<usize> {
    let bags = options(scene, items, question, talk);
    let mut best = (None, model.score(&bags[0].features));
    for (n, bag) in bags[1..].iter().enumerate() {
        let score = model.score(&bag.features);
        if score > best.1 && !relays(scene, items, question, &question.candidates[n]) {
            best = (Some(n), score);
        }
    }
    best.0
}

/// A quotation of some length that makes a paragraph or sentence of its own is speech, whoever speaks.
fn stands_alone(scene: &Scene<'_, '_>, question: &Question<'_>) -> bool {
    let unit = &scene.units[question.place.unit];
    let inner = &scene.text[scene.quotes[question.quote].inner.range()];
    unit.kind == SegmentKind::Body && is_bare(unit) && inner.split_whitespace().nth(SHORTEST_ALONE).is_some()
}

/// Shorter quotations that stand alone may be headings or titles; in words, less one.
const SHORTEST_ALONE: usize = 3;

/// True for who passes the words of another on: "Kaya said that they were “glad,” the agency reported" are Kaya's words.
fn relays(
    scene: &Scene<'_, '_>,
    items: &[Attribution],
    question: &Question<'_>,
    candidate: &Candidate<'_>,
) -> bool {
    let quote = scene.quotes[question.quote].span;
    let cue_after = |n: usize| items[n].cue.first().is_some_and(|cue| cue.start() > quote.start());
    let source_of = |n: usize| items[n].source.iter().any(|source| source.touches(candidate.phrase.span));
    candidate.around
        && !candidate.ruled
        && question.holders.first().is_some_and(|&inner| !cue_after(inner))
        && question.holders.iter().skip(1).any(|&outer| source_of(outer) && cue_after(outer))
}

/// Features of "nobody", then of each candidate.
fn options(
    scene: &Scene<'_, '_>,
    items: &[Attribution],
    question: &Question<'_>,
    talk: &Talk<'_>,
) -> Vec<Bag> {
    let mut bags = vec![Bag::default()];
    of_nobody(scene, items, question, talk, &mut bags[0]);
    for candidate in &question.candidates {
        let mut bag = Bag::default();
        of_candidate(scene, items, question, candidate, talk, &mut bag);
        bags.push(bag);
    }
    bags
}

/// The phrases of each unit that stands near a quotation.
fn phrases<'a>(scene: &Scene<'a, '_>, places: &[(Place, QuoteId)]) -> Vec<Vec<Phrase<'a>>> {
    let mut near = vec![false; scene.units.len()];
    for (place, _) in places {
        let from = place.unit.saturating_sub(candidates::UNITS_BEFORE);
        let to = (place.unit + candidates::UNITS_AFTER + 1).min(near.len());
        near[from..to].fill(true);
    }
    let wanted = |n: usize| near[n] && scene.units[n].len() <= LONGEST_UNIT;
    (0..near.len()).map(|n| if wanted(n) { scene.phrases_of(n) } else { Vec::new() }).collect()
}
