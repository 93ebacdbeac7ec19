//! The pair model: a logistic regression over [`crate::features`].
//!
//! `models/pairs.json` holds the weights (one for each feature by name, a bias, and the threshold at which a pair is taken as
//! aligned) fitted on all gold events, and beside them the weights fitted without a share of the events at a time. Scoring
//! asks for [`PairModel::held_out`], so that no event is scored by weights that have seen it. `models/README.md` says on what
//! they were fitted, with which scores, and by which command.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::features::{Features, N_FEATURES, NAMES};

/// Weights of the pair model.
#[derive(Clone, Debug)]
pub struct PairModel {
    bias: f64,
    weights: [f64; N_FEATURES],
    /// Pairs of this probability and above are aligned.
    pub(crate) threshold: f64,
}

/// Weights by the names of the features.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Weights {
    /// Log-odds of a pair of which every feature is 0.
    pub bias: f64,
    /// Probability from which on a pair is taken as aligned.
    pub threshold: f64,
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
        let weights = NAMES.map(|name| file.weights.get(name).copied().unwrap_or(0.0));
        Self { bias: file.bias, weights, threshold: file.threshold }
    }
}

impl PairModel {
    fn file() -> ModelFile {
        serde_json::from_str(include_str!("../models/pairs.json"))
            .expect("the built-in weights are checked by a test")
    }

    /// The weights that are built into the program.
    pub fn built_in() -> Self {
        Self::from(&Self::file().all)
    }

    /// The weights that were fitted without `event`; for an event that no weights have seen, those of the program.
    pub fn held_out(event: &str) -> Self {
        let file = Self::file();
        let fold = file.held_out.iter().find(|fold| fold.events.iter().any(|id| id == event));
        Self::from(fold.map_or(&file.all, |fold| &fold.weights))
    }

    /// Probability that the pair says the same, `0.0..=1.0`.
    pub(crate) fn probability(&self, features: &Features) -> f64 {
        let sum = self.bias + self.weights.iter().zip(features).map(|(w, x)| w * x).sum::<f64>();
        1.0 / (1.0 + (-sum).exp())
    }

    /// What each feature adds to the log-odds, the bias last.
    pub(crate) fn contributions(&self, features: &Features) -> Vec<(String, f64)> {
        let mut list: Vec<_> = NAMES
            .iter()
            .zip(self.weights)
            .zip(features)
            .map(|((name, w), x)| ((*name).to_owned(), w * x))
            .collect();
        list.push(("bias".to_owned(), self.bias));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_belongs_to_a_feature() {
        let file = PairModel::file();
        for weights in file.held_out.iter().map(|fold| &fold.weights).chain([&file.all]) {
            assert!(weights.weights.keys().all(|name| NAMES.contains(&name.as_str())));
            assert!((0.0..=1.0).contains(&weights.threshold));
        }
    }
}
