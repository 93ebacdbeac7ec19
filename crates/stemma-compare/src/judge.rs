//! A judge: a logistic regression over named features that decides whether a suspected divergence is one.
//!
//! Its file holds the weights fitted on all gold events, and beside them those fitted without a share of the events each, so
//! that no event is scored by weights that have seen it (as with [`crate::model`]).

use serde::{Deserialize, Serialize};

use crate::model::Look;

/// Weights of a judge, ready to use.
#[derive(Clone, Debug)]
pub(crate) struct Judge {
    bias: f64,
    weights: Vec<f64>,
    threshold: f64,
}

/// The file of a judge.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct JudgeFile {
    /// Probability from which on a suspicion is shown.
    pub threshold: f64,
    /// Fitted on all events: what the program uses.
    pub all: Look,
    /// Fitted without a share of the events each: what scores those events.
    pub held_out: Vec<HeldOutLook>,
}

/// Weights of a judge, fitted without some events.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct HeldOutLook {
    /// Ids of the events that these weights have not seen.
    pub events: Vec<String>,
    /// The weights.
    pub weights: Look,
}

impl Judge {
    /// The weights of `file` that have not seen `event`; those of the program if none is given or none are without it.
    pub(crate) fn new(file: &JudgeFile, names: &[&str], event: Option<&str>) -> Self {
        let is_held_out = |fold: &&HeldOutLook| fold.events.iter().any(|id| Some(id.as_str()) == event);
        let look = file.held_out.iter().find(is_held_out).map_or(&file.all, |fold| &fold.weights);
        let weights = names.iter().map(|&name| look.weights.get(name).copied().unwrap_or(0.0)).collect();
        Self { bias: look.bias, weights, threshold: file.threshold }
    }

    /// Probability that the suspicion is right, `0.0..=1.0`.
    pub(crate) fn probability(&self, features: &[f64]) -> f64 {
        let sum = self.bias + self.weights.iter().zip(features).map(|(w, x)| w * x).sum::<f64>();
        1.0 / (1.0 + (-sum).exp())
    }

    /// Log-odds of a suspicion of which every feature is 0, and what each of `features` adds to them.
    pub(crate) fn log_odds(&self, features: &[f64]) -> (f64, Vec<f64>) {
        (self.bias, self.weights.iter().zip(features).map(|(w, x)| w * x).collect())
    }

    /// Probability from which on a suspicion is shown.
    pub(crate) fn threshold(&self) -> f64 {
        self.threshold
    }
}

/// The judges of the kinds of divergence that have one.
#[derive(Clone, Debug)]
pub(crate) struct Judges {
    pub(crate) dropped: Judge,
}

impl Judges {
    /// The judges that have not seen `event`.
    pub(crate) fn held_out(event: Option<&str>) -> Self {
        let read = |text: &str| -> JudgeFile {
            serde_json::from_str(text).expect("the built-in weights are checked by a test")
        };
        let dropped = read(include_str!("../models/dropped.json"));
        Self { dropped: Judge::new(&dropped, &crate::divergences::DROPPED, event) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_belongs_to_a_feature() {
        let file: JudgeFile = serde_json::from_str(include_str!("../models/dropped.json")).expect("it reads");
        for look in file.held_out.iter().map(|fold| &fold.weights).chain([&file.all]) {
            assert!(look.weights.keys().all(|name| crate::divergences::DROPPED.contains(&name.as_str())));
        }
        assert!((0.0..=1.0).contains(&file.threshold));
    }
}
