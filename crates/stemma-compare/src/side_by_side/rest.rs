//! What one text says that the other has no like of.

use std::collections::BTreeSet;

use crate::terms::{TermId, Vocabulary};

use super::text::Text;

/// A term of which the other text has nothing nearer than this is left over.
const UNLIKE: f64 = 0.5;

/// What is left over of one text. Weights are in nats; a term that is near one of the other text counts for the part that is
/// not.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Rest {
    /// Terms that the other text does not hold, ascending.
    pub(super) terms: Vec<TermId>,
    /// All of it.
    pub(super) weight: f64,
    /// Its heaviest run of terms with content.
    pub(super) largest_run: f64,
    /// What of it gives words to a source.
    pub(super) in_frames: f64,
    /// What of it tells a time.
    pub(super) in_times: f64,
    /// What of it is part of a name.
    pub(super) in_names: f64,
}

impl Rest {
    /// What is left over of `text` beside `other`.
    pub(super) fn of(text: &Text, other: &Text, vocabulary: &Vocabulary) -> Self {
        let unlike = |id: TermId| 1.0 - vocabulary.meanings().nearness(id, &other.bag);
        let sum = |ids: &BTreeSet<TermId>| ids.iter().map(|&id| unlike(id) * vocabulary.weight(id)).sum();
        let (mut run, mut largest_run) = (0.0, 0.0_f64);
        for &id in &text.content {
            run = if unlike(id) >= UNLIKE { run + vocabulary.weight(id) } else { 0.0 };
            largest_run = largest_run.max(run);
        }
        Self {
            terms: text.bag.iter().copied().filter(|&id| !other.has(id)).collect(),
            weight: text.bag.iter().map(|&id| unlike(id) * vocabulary.weight(id)).sum(),
            largest_run,
            in_frames: sum(&text.in_frames),
            in_times: sum(&text.in_times),
            in_names: sum(&text.in_names),
        }
    }
}
