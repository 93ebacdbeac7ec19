//! One story to its comparison.
//!
//! In: a [`Story`] of annotated documents. Out: a [`Comparison`]. Pure: no I/O, no clock, no randomness, and nothing that
//! depends on the order of a hash map.

mod alignment;
mod candidates;
mod cells;
mod diff;
mod entities;
mod features;
mod model;
mod pieces;
mod terms;
mod training;

use stemma_core::{Comparison, Story};

pub use diff::{DiffPiece, readable_diff, word_diff};
pub use training::{ScoredPair, feature_names, scored_pairs};

/// Compares the reports of `story`.
pub fn compare(story: &Story) -> Comparison {
    let cast = entities::join_entities(story);
    let (terms, vocabulary) = terms::read_terms(story);
    let pieces = pieces::find_pieces(story, &terms, &vocabulary, &cast);
    let model = model::PairModel::built_in();
    let pairs = alignment::score_pairs(&pieces, &vocabulary, &model);
    let groups = alignment::join_pairs(&pieces, pairs, &model);
    let (utterances, facts) = cells::make_alignments(story, &pieces, &groups, &cast, &model);
    Comparison { utterances, facts, entities: cast.entities, ..Comparison::default() }
}
