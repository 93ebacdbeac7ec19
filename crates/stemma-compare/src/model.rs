//! The pair model: a logistic regression over [`crate::features`].
//!
//! `models/pairs.json` holds one weight for each feature by name, a bias, and the threshold at which a pair is taken as
//! aligned; `models/README.md` beside it says on what it was fitted, with which scores, and by which command.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::features::{Features, N_FEATURES, NAMES};

/// Weights in the order of [`NAMES`].
#[derive(Clone, Debug)]
pub(crate) struct PairModel {
    bias: f64,
    weights: [f64; N_FEATURES],
    /// Pairs of this probability and above are aligned.
    pub(crate) threshold: f64,
}

#[derive(Deserialize)]
struct File {
    bias: f64,
    threshold: f64,
    weights: BTreeMap<String, f64>,
}

impl PairModel {
    /// The weights that are built into the program.
    pub(crate) fn built_in() -> Self {
        let file: File = serde_json::from_str(include_str!("../models/pairs.json"))
            .expect("the built-in weights are checked by a test");
        let weights = NAMES.map(|name| file.weights.get(name).copied().unwrap_or(0.0));
        Self { bias: file.bias, weights, threshold: file.threshold }
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
        let file: File = serde_json::from_str(include_str!("../models/pairs.json")).unwrap();
        assert!(file.weights.keys().all(|name| NAMES.contains(&name.as_str())));
        assert!((0.0..=1.0).contains(&file.threshold));
    }
}
