//! Rows for fitting the pair model: the features of every pair that the program would score, for gold to label.

use stemma_core::{ReportIndex, Span, Story};

use crate::alignment::raw_pairs;
use crate::candidates::{Candidate, find_candidates};
use crate::pieces::Pieces;
use crate::surroundings::{self, surroundings};
use crate::{entities, model, pieces, terms};

/// A pair of pieces with the values of its features at first look.
#[derive(Clone, Debug)]
pub struct CandidatePair {
    /// Where the one stands.
    pub a: (ReportIndex, Vec<Span>),
    /// Where the other stands, in a later report.
    pub b: (ReportIndex, Vec<Span>),
    /// In the order of [`first_features`].
    pub features: Vec<f64>,
}

/// Names of the features of the first look.
pub fn first_features() -> Vec<&'static str> {
    model::first_names()
}

/// Names of the features of the second look: those of the first, and what the surroundings tell.
pub fn second_features() -> Vec<&'static str> {
    model::second_names()
}

/// Every pair of pieces of a story that the pair model is asked about.
pub struct CandidatePairs {
    /// In order of their sentences.
    pub pairs: Vec<CandidatePair>,
    pieces: Pieces,
    candidates: Vec<Candidate>,
    /// Index of the candidate of each pair.
    candidate_of: Vec<usize>,
}

impl CandidatePairs {
    /// The pairs of `story`.
    pub fn of(story: &Story) -> Self {
        let cast = entities::join_entities(story);
        let (terms, vocabulary) = terms::read_terms(story);
        let pieces = pieces::find_pieces(story, &terms, &vocabulary, &cast);
        let candidates = find_candidates(&pieces, &vocabulary);
        let place = |n: usize| {
            let piece = &pieces.all[n];
            let report = u32::try_from(piece.report).expect("a story has fewer than 2^32 reports");
            (ReportIndex(report), piece.spans.clone())
        };
        let raw = raw_pairs(&pieces, &candidates, &vocabulary);
        let pairs = raw
            .iter()
            .map(|raw| CandidatePair { a: place(raw.a), b: place(raw.b), features: raw.features.to_vec() })
            .collect();
        let candidate_of = raw.iter().map(|raw| raw.candidate).collect();
        Self { pairs, pieces, candidates, candidate_of }
    }

    /// Values of [`second_features`] for each pair, given its probability at first look; `None` for pairs that are too
    /// improbable to be looked at again.
    pub fn second_features(&self, probabilities: &[f64]) -> Vec<Option<Vec<f64>>> {
        let likely = |&n: &usize| probabilities[n] >= surroundings::LEAST;
        let kept: Vec<usize> = (0..self.pairs.len()).filter(likely).collect();
        let places: Vec<(usize, f64)> =
            kept.iter().map(|&n| (self.candidate_of[n], probabilities[n])).collect();
        let mut all = vec![None; self.pairs.len()];
        for (n, told) in kept.into_iter().zip(surroundings(&self.pieces, &self.candidates, &places)) {
            all[n] = Some([&self.pairs[n].features[..], &told[..]].concat());
        }
        all
    }
}
