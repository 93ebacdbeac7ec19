//! The pair model: two logistic regressions, over [`crate::features`] and then over these and [`crate::surroundings`].
//!
//! `models/pairs.json` holds the weights (one for each feature by name, a bias, and the thresholds at which a pair is taken as
//! aligned) fitted on all gold events, and beside them the weights fitted without a share of the events at a time. Scoring
//! asks for [`PairModel::held_out`], so that no event is scored by weights that have seen it. `models/README.md` says on what
//! they were fitted, with which scores, and by which command.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use stemma_core::Voice;

use crate::judge::Judges;
use crate::pieces::Piece;
use crate::{features, surroundings};

/// Weights of the pair model.
#[derive(Clone, Debug)]
pub struct PairModel {
    /// Looks at a pair for itself.
    pub(crate) first: Regression,
    /// Looks at it again among the others.
    pub(crate) second: Regression,
    /// Pairs of this probability and above are aligned.
    pub(crate) threshold: f64,
    /// The same for two pieces that are both given to a source.
    pub(crate) threshold_of_speech: f64,
    /// Decide which suspected divergences are shown.
    pub(crate) judges: Judges,
}

/// A logistic regression.
#[derive(Clone, Debug)]
pub(crate) struct Regression {
    names: Vec<&'static str>,
    bias: f64,
    weights: Vec<f64>,
}

impl Regression {
    fn new(look: &Look, names: Vec<&'static str>) -> Self {
        let weights = names.iter().map(|&name| look.weights.get(name).copied().unwrap_or(0.0)).collect();
        Self { names, bias: look.bias, weights }
    }

    /// Probability that the pair says the same, `0.0..=1.0`.
    pub(crate) fn probability(&self, features: &[f32]) -> f64 {
        let sum = self.bias + self.weights.iter().zip(features).map(|(w, &x)| w * f64::from(x)).sum::<f64>();
        1.0 / (1.0 + (-sum).exp())
    }

    /// What each feature adds to the log-odds, the bias last.
    pub(crate) fn contributions(&self, features: &[f32]) -> Vec<(String, f64)> {
        let names = self.names.iter().zip(&self.weights).zip(features);
        let mut list: Vec<_> = names.map(|((&name, w), &x)| (name.to_owned(), w * f64::from(x))).collect();
        list.push(("bias".to_owned(), self.bias));
        list
    }
}

/// Names of the features of the first look.
pub(crate) fn first_names() -> Vec<&'static str> {
    features::NAMES.to_vec()
}

/// Names of the features of the second look: those of the first, and what the surroundings tell.
pub(crate) fn second_names() -> Vec<&'static str> {
    [&features::NAMES[..], &surroundings::NAMES[..]].concat()
}

/// Weights by the names of the features.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Weights {
    /// Probability from which on a pair is taken as aligned.
    pub threshold: f64,
    /// The same for two pieces that are both given to a source.
    pub threshold_of_speech: f64,
    /// The pair for itself.
    pub first: Look,
    /// The pair among the others.
    pub second: Look,
}

/// Weights of one logistic regression.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Look {
    /// Log-odds of a pair of which every feature is 0.
    pub bias: f64,
    /// Weight of each feature.
    pub weights: BTreeMap<String, f64>,
}

/// Weights fitted without some events.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct HeldOut {
    /// Ids of the events that these weights have not seen.
    pub events: Vec<String>,
    /// The weights.
    pub weights: Weights,
}

/// The model file.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ModelFile {
    /// Fitted on all events: what the program uses.
    pub all: Weights,
    /// Fitted without a share of the events each: what scores those events.
    pub held_out: Vec<HeldOut>,
}

impl From<&Weights> for PairModel {
    fn from(file: &Weights) -> Self {
        Self::new(file, Judges::held_out(None))
    }
}

impl PairModel {
    fn new(file: &Weights, judges: Judges) -> Self {
        let first = Regression::new(&file.first, first_names());
        let second = Regression::new(&file.second, second_names());
        let (threshold, threshold_of_speech) = (file.threshold, file.threshold_of_speech);
        Self { first, second, threshold, threshold_of_speech, judges }
    }

    fn file() -> ModelFile {
        serde_json::from_str(include_str!("../models/pairs.json"))
            .expect("the built-in weights are checked by a test")
    }

    /// Probability from which on two pieces are aligned.
    pub(crate) fn threshold_of(&self, a: &Piece, b: &Piece) -> f64 {
        let speech = a.voice == Voice::Attributed && b.voice == Voice::Attributed;
        if speech { self.threshold_of_speech } else { self.threshold }
    }

    /// The weights that are built into the program.
    pub fn built_in() -> Self {
        Self::from(&Self::file().all)
    }

    /// The weights that were fitted without `event`; for an event that no weights have seen, those of the program.
    pub fn held_out(event: &str) -> Self {
        let file = Self::file();
        let fold = file.held_out.iter().find(|fold| fold.events.iter().any(|id| id == event));
        Self::new(fold.map_or(&file.all, |fold| &fold.weights), Judges::held_out(Some(event)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_belongs_to_a_feature() {
        let file = PairModel::file();
        for weights in file.held_out.iter().map(|fold| &fold.weights).chain([&file.all]) {
            for (look, names) in [(&weights.first, first_names()), (&weights.second, second_names())] {
                assert!(look.weights.keys().all(|name| names.contains(&name.as_str())));
            }
            assert!((0.0..=1.0).contains(&weights.threshold));
            assert!((weights.threshold..=1.0).contains(&weights.threshold_of_speech));
        }
    }
}
