//! `speaker`: to whom the two reports give it.

use stemma_core::{Attribution, DivergenceKind, EntityKind, Form, MentionForm};

use super::{Finding, Pair, Side};
use crate::entities::sounds_alike;

/// Below this share of common words two cells are too far apart to say that the speaker was changed.
const MIN_SAMENESS: f64 = 0.4;

/// An alignment of this probability holds whatever words it has.
const MIN_PROBABILITY: f64 = 0.5;
/// How far before a pronoun its speaker was named, in bytes.
const NEAR_BEFORE: usize = 300;

/// Share of the words of the shorter of two quotations that the other has, from which on they are one quotation.
const MIN_SAME_QUOTED: f64 = 0.5;

/// Compares who is given as the source.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    other_speaker(pair, attribution(pair.a)?, attribution(pair.b)?)
}

fn attribution(side: Side<'_>) -> Option<&Attribution> {
    side.cell.attribution.map(|id| &side.document.layers().attributions[id])
}

/// Both name a source, and the story knows them as two.
fn other_speaker(pair: &Pair<'_>, a: &Attribution, b: &Attribution) -> Option<Finding> {
    let (x, y) = (named_source(pair, 0, a)?, named_source(pair, 1, b)?);
    let persons = [x, y].iter().filter(|&&n| pair.cast.entities[n].kind == EntityKind::Person).count();
    // A ministry and its spokesman, a club and its coach, are one voice: only like is compared with like.
    if x == y || persons == 1 || (pair.sameness() < MIN_SAMENESS && pair.probability < MIN_PROBABILITY) {
        return None;
    }
    let name = |n: usize| pair.cast.entities[n].name.as_str();
    // "Mayor Ana Ruiz" and "Ruiz’s deputy Ana" may be one: a common word in two names casts doubt.
    let words = |n: usize| name(n).to_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    if words(x).iter().any(|a| words(y).iter().any(|b| a == b || sounds_alike(a, b))) {
        return None;
    }
    // "A lawyer for Mr. Ruiz, Ana Berg": the words of the one source name the other.
    let says = |n: usize, attribution: &Attribution, other: usize| {
        let source = pair.sides()[n].document.slices(&attribution.source).to_lowercase();
        words(other).last().is_some_and(|word| word.len() > 3 && source.contains(word.as_str()))
    };
    if says(0, a, y) || says(1, b, x) {
        return None;
    }
    // Two reports of the same words hardly give them to two people; a pronoun is the likelier mistake.
    // Where the pronoun follows another quotation of the same person, named there, it is sure.
    let is_named = |n: usize, attribution: &Attribution| {
        let layers = pair.sides()[n].document.layers();
        let named = |a: &Attribution| {
            a.source_mention.is_some_and(|id| layers.mentions[id].form == MentionForm::Named)
        };
        let start = |a: &Attribution| a.content[0].start();
        let before = |other: &&Attribution| {
            start(other) < start(attribution) && start(other) + NEAR_BEFORE >= start(attribution)
        };
        let mut before = layers.attributions.items().iter().filter(before);
        named(attribution) || before.any(|a| named(a) && a.source_entity == attribution.source_entity)
    };
    let verbatim = pair.sides().iter().all(|side| side.cell.form == Some(Form::Direct))
        && pair.sameness() >= MIN_SAME_QUOTED;
    if verbatim && !(is_named(0, a) && is_named(1, b)) {
        return None;
    }
    Some(Finding {
        kind: DivergenceKind::Speaker,
        evidence: [a.source.clone(), b.source.clone()],
        score: 0.5 + 0.4 * pair.sameness(),
        reason: format!("given to {} / to {}", name(x), name(y)),
    })
}

/// The story's entity for a source that the report names, or whose pronoun it resolves.
fn named_source(pair: &Pair<'_>, side: usize, attribution: &Attribution) -> Option<usize> {
    let report = pair.sides()[side].report.index();
    let entity = attribution.source_entity?;
    (!attribution.source.is_empty()).then(|| pair.cast.entity(report, entity))
}
