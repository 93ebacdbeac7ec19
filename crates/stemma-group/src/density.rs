//! Whether two groups of reports are one story: how alike they are, measured by how alike the reports of each are.
//!
//! Two outlets tell one event in words of which more or fewer agree: short and rewritten reports are less alike than long ones
//! that use one agency's copy. A bound on similarity alone is therefore too high for the ones and too low for others:
//! two earthquakes of one year are more alike than two reports of one trade fair. So the mean similarity *between* two groups is
//! divided by the geometric mean of the similarities *within* them. 1 says that the groups are no further from each
//! other than their reports are among themselves. As a group of few reports says little about itself, what is usual counts
//! for as much as [`Options::usual_pairs`] pairs; a single report is taken to be usual.

use serde::{Deserialize, Serialize};

use crate::options::Options;

/// How many reports a group has, and how alike they are.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Density {
    pub(crate) n_reports: f64,
    /// Sum of the similarities of all pairs of its reports.
    pub(crate) within: f64,
}

impl Density {
    /// One report.
    pub(crate) const SINGLE: Self = Self { n_reports: 1.0, within: 0.0 };

    /// Two groups taken together; `between` is the sum of the similarities of their reports with each other.
    pub(crate) fn joined(self, other: Self, between: f64) -> Self {
        Self { n_reports: self.n_reports + other.n_reports, within: self.within + other.within + between }
    }

    /// Similarity that two of its reports are expected to have.
    fn expected(self, options: &Options) -> f64 {
        let n_pairs = self.n_reports * (self.n_reports - 1.0) / 2.0;
        let sum = self.within + options.usual_pairs * options.usual_similarity;
        (sum / (n_pairs + options.usual_pairs)).min(options.densest)
    }

    /// How well two groups fit each other. `between` is the sum of the similarities of their reports with each other.
    pub(crate) fn fit(self, other: Self, between: f64, options: &Options) -> f64 {
        let mean = between / (self.n_reports * other.n_reports);
        let expected = (self.expected(options) * other.expected(options)).sqrt();
        if expected > 0.0 { mean / expected } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_enough_depends_on_how_alike_a_group_is() {
        let options = Options::default();
        let fits = |group: Density, mean: f64| {
            group.fit(Density::SINGLE, mean * group.n_reports, &options) >= options.fit_threshold
        };
        let group = |n: f64, mean: f64| Density { n_reports: n, within: mean * n * (n - 1.0) / 2.0 };
        assert!(fits(Density::SINGLE, 0.14) && !fits(Density::SINGLE, 0.1));
        assert!(fits(group(8.0, 0.25), 0.16), "a loose story takes what a dense one does not");
        assert!(!fits(group(8.0, 0.45), 0.16));
        assert!(fits(group(40.0, 0.95), 0.25), "forty copies of one text do not keep another text out");
        assert!(fits(group(2.0, 0.9), 0.18), "two reports say little about their story");
    }
}
