//! Whether reports that were given as one story tell of one event.

use stemma_core::Document;

use crate::{Options, Similarities};

/// Mean similarity below which two groups of reports are clearly of different events. Half of what one story asks for: among
/// the gold stories of `stemma eval stories` no report is torn off its story by it.
const CLEARLY_APART: f64 = 0.1;

/// Reports of fewer tokens than this are too short to tell, and belong to every event.
const TELLING_TOKENS: usize = 25;

/// Pairs for which the usual similarity counts: so many that nothing else does, and fit is mean similarity over the usual one.
const ALL_USUAL: f64 = 1e12;

/// Positions of the reports of each event that `documents` clearly tell of, in order of the first; one group if there is doubt.
/// The days of publication are not looked at: a late report of the same event is no mistake.
pub fn events(documents: &[Document]) -> Vec<Vec<usize>> {
    let telling: Vec<usize> =
        (0..documents.len()).filter(|&n| documents[n].layers().tokens.len() >= TELLING_TOKENS).collect();
    let timeless = Options { fresh_days: f64::INFINITY, lasting_days: f64::INFINITY, ..Options::default() };
    let options = Options { usual_pairs: ALL_USUAL, ..timeless };
    let long: Vec<Document> = telling.iter().map(|&n| documents[n].clone()).collect();
    let similarities = Similarities::of(&long, &options);
    let mut events: Vec<Vec<usize>> = similarities.partition(CLEARLY_APART / options.usual_similarity);
    for members in &mut events {
        members.iter_mut().for_each(|n| *n = telling[*n]);
        members.sort_unstable();
    }
    events.sort();
    events
}
