//! Rows for fitting the pair model: the features of every pair that the program would score, for gold to label.

use stemma_core::{ReportIndex, Span, Story};

use crate::features::NAMES;
use crate::{alignment, candidates, entities, model, pieces, terms};

/// A pair of pieces with the values of its features.
#[derive(Clone, Debug)]
pub struct ScoredPair {
    /// Where the one stands.
    pub a: (ReportIndex, Vec<Span>),
    /// Where the other stands, in a later report.
    pub b: (ReportIndex, Vec<Span>),
    /// In the order of [`feature_names`].
    pub features: Vec<f64>,
}

/// Names of the features of a [`ScoredPair`].
pub fn feature_names() -> &'static [&'static str] {
    &NAMES
}

/// Every pair of pieces of `story` that the pair model is asked about.
pub fn scored_pairs(story: &Story) -> Vec<ScoredPair> {
    let cast = entities::join_entities(story);
    let (terms, vocabulary) = terms::read_terms(story);
    let pieces = pieces::find_pieces(story, &terms, &vocabulary, &cast);
    let place = |n: usize| {
        let piece = &pieces.all[n];
        let report = u32::try_from(piece.report).expect("a story has fewer than 2^32 reports");
        (ReportIndex(report), piece.spans.clone())
    };
    let model = model::PairModel::built_in();
    candidates::find_candidates(&pieces, &vocabulary)
        .into_iter()
        .flat_map(|candidate| alignment::score_candidate(&pieces, candidate, &vocabulary, &model))
        .map(|pair| ScoredPair { a: place(pair.a), b: place(pair.b), features: pair.features.to_vec() })
        .collect()
}
