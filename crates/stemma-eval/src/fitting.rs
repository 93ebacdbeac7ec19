//! Fitting the pair model of `stemma-compare`: labeled rows from gold, and logistic regression.
//!
//! A row is a pair of pieces that the program would score, labeled by whether the gold holds it (in either list); pairs that
//! only the doubtful list holds have no label. The model looks twice at a pair, the second time knowing what the first look
//! found around it; [`fit_both`] fits the second on first looks of weights that have not seen the event, as they will be on
//! a new story (stacking: Wolpert 1992).

use stemma_compare::CandidatePairs;
use stemma_core::{OffsetUnit, Offsets, Story};

use crate::pairs::{GroupCell, Groups, Pair, pairs};
use crate::regression::{logistic, probability, sum};

/// The pairs of one event with their labels.
pub struct EventRows {
    /// The pairs.
    pub candidates: CandidatePairs,
    /// Whether the gold holds each pair; `None` where it is doubtful.
    pub aligned: Vec<Option<bool>>,
}

/// One labeled pair.
#[derive(Clone, Debug)]
pub struct Row {
    /// Values of the features.
    pub features: Vec<f64>,
    /// The gold holds the pair.
    pub aligned: bool,
}

impl EventRows {
    /// The rows of one event.
    pub fn of(story: &Story, gold: &Groups) -> Self {
        let documents = story.documents().iter();
        let offsets: Vec<Offsets> =
            documents.map(|document| Offsets::new(document.text(), OffsetUnit::Chars)).collect();
        let gold_pairs: Vec<Pair<'_>> =
            pairs(&gold.utterances).into_iter().chain(pairs(&gold.facts)).collect();
        let doubtful = pairs(&gold.doubtful);
        let candidates = CandidatePairs::of(story);
        let cell = |(report, spans): &(stemma_core::ReportIndex, Vec<stemma_core::Span>)| GroupCell {
            report: story.document(*report).report().shown_id(),
            spans: spans.iter().map(|&span| offsets[report.index()].of_span(span)).collect(),
        };
        let label = |pair: &stemma_compare::CandidatePair| {
            let (a, b) = (cell(&pair.a), cell(&pair.b));
            let (a, b) = if a.report <= b.report { (a, b) } else { (b, a) };
            let this = Pair { group: 0, cells: [0, 1], a: &a, b: &b };
            let aligned = this.is_in(&gold_pairs);
            (aligned || !this.is_in(&doubtful)).then_some(aligned)
        };
        let aligned = candidates.pairs.iter().map(label).collect();
        Self { candidates, aligned }
    }

    /// The labeled pairs as the first look sees them.
    pub fn first(&self) -> impl Iterator<Item = Row> {
        let rows = self.candidates.pairs.iter().zip(&self.aligned);
        rows.filter_map(|(pair, aligned)| Some(Row { features: pair.features.clone(), aligned: (*aligned)? }))
    }

    /// The labeled pairs as the second look sees them after `first`.
    pub fn second(&self, first: &Fit) -> impl Iterator<Item = Row> {
        let probabilities: Vec<f64> =
            self.candidates.pairs.iter().map(|pair| first.probability(&pair.features)).collect();
        let rows = self.candidates.second_features(&probabilities).into_iter().zip(&self.aligned);
        rows.filter_map(|(features, aligned)| Some(Row { features: features?, aligned: (*aligned)? }))
    }
}

/// Weights of both looks.
#[derive(Clone, PartialEq, Debug)]
pub struct Fits {
    /// For [`stemma_compare::first_features`].
    pub first: Fit,
    /// For [`stemma_compare::second_features`].
    pub second: Fit,
}

/// Fits both looks on `events`. The second is fitted on what first looks say that were each fitted without one of `n_parts`
/// parts of the events.
pub fn fit_both(events: &[&EventRows], ridge: f64, n_parts: usize) -> Fits {
    let first_of = |keep: &dyn Fn(usize) -> bool| {
        let kept = events.iter().enumerate().filter(|&(n, _)| keep(n));
        Fit::new(&kept.flat_map(|(_, event)| event.first()).collect::<Vec<Row>>(), ridge)
    };
    let mut rows: Vec<Row> = Vec::new();
    for part in 0..n_parts.min(events.len()) {
        let first = first_of(&|n| n % n_parts != part);
        rows.extend(events.iter().skip(part).step_by(n_parts).flat_map(|event| event.second(&first)));
    }
    Fits { first: first_of(&|_| true), second: Fit::new(&rows, ridge) }
}

/// Weights of a logistic regression, the bias last.
#[derive(Clone, PartialEq, Debug)]
pub struct Fit {
    /// One weight for each feature, then the bias.
    pub weights: Vec<f64>,
}

impl Fit {
    /// Fits `rows`; `ridge` is the penalty on squared weights (not on the bias).
    pub fn new(rows: &[Row], ridge: f64) -> Self {
        let rows = rows.iter().map(|row| (&row.features[..], f64::from(u8::from(row.aligned)), 1.0));
        Self { weights: logistic(rows, ridge) }
    }

    /// Probability that a pair of these features is aligned.
    pub fn probability(&self, features: &[f64]) -> f64 {
        probability(sum(&self.weights, features))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_tells_gets_the_weight() {
        let n = 20;
        let row = |value: f64, aligned| Row {
            features: (0..n).map(|k| if k == 0 { value } else { 0.5 }).collect(),
            aligned,
        };
        let rows: Vec<Row> = (0..40).map(|k| row(f64::from(k) / 40.0, k > 20 || k == 7)).collect();
        let fit = Fit::new(&rows, 0.1);
        assert!(fit.weights[0] > 1.0 && fit.weights[1..n].iter().all(|w| w.abs() < 1.0), "{:?}", fit.weights);
        assert!(
            fit.probability(&row(0.9, true).features) > 0.5
                && fit.probability(&row(0.1, false).features) < 0.5
        );
    }
}
