//! Regression with a ridge penalty: logistic by Newton's method, linear in closed form.
//!
//! In: rows of the values of features, what is to be predicted, and how much the row counts. Out: a weight for each feature,
//! the bias last. Takes a handful of passes and gives the same weights on every run. Time: rows × features². Source: Hastie,
//! Tibshirani and Friedman 2009, "The Elements of Statistical Learning", sections 3.4.1 and 4.4.

/// Values of the features, what is to be predicted (0 to 1 for logistic regression), and how much the row counts.
pub type Row<'a> = (&'a [f64], f64, f64);

/// Newton's method has converged to the last digit long before.
const PASSES: usize = 15;

/// Keeps features that never vary from making the equations unsolvable.
const LEAST_PENALTY: f64 = 1e-9;

/// Weights under which the log-odds of the gold are the weighted sum of the features; `ridge` is the penalty on squared
/// weights (not on the bias).
pub fn logistic<'a>(rows: impl Iterator<Item = Row<'a>> + Clone, ridge: f64) -> Vec<f64> {
    let n_features = rows.clone().next().map_or(0, |row| row.0.len());
    let mut weights = vec![0.0; n_features + 1];
    for _ in 0..PASSES {
        let mut equations = Equations::new(n_features);
        for (features, gold, count) in rows.clone() {
            let p = probability(sum(&weights, features));
            equations.add(features, count * p * (1.0 - p), count * (gold - p));
        }
        for (right, weight) in equations.right.iter_mut().zip(&weights[..n_features]) {
            *right -= ridge * weight;
        }
        let step = equations.solve(ridge);
        weights.iter_mut().zip(step).for_each(|(weight, by)| *weight += by);
    }
    weights
}

/// Weights under which the gold is the weighted sum of the features.
pub fn linear<'a>(rows: impl Iterator<Item = Row<'a>> + Clone, ridge: f64) -> Vec<f64> {
    let mut equations = Equations::new(rows.clone().next().map_or(0, |row| row.0.len()));
    for (features, gold, count) in rows {
        equations.add(features, count, count * gold);
    }
    equations.solve(ridge)
}

/// The bias, and each feature times its weight.
pub fn sum(weights: &[f64], features: &[f64]) -> f64 {
    let (bias, weights) = weights.split_last().map_or((0.0, weights), |(bias, rest)| (*bias, rest));
    bias + weights.iter().zip(features).map(|(w, x)| w * x).sum::<f64>()
}

/// The probability of these log-odds.
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Brings features to mean 0 and variance 1, so that one penalty fits all.
#[derive(Clone, PartialEq, Debug)]
pub struct Scale {
    /// Mean and inverse of the standard deviation of each feature; the latter 0 for one that never varies.
    of: Vec<(f64, f64)>,
}

impl Scale {
    /// The scale of the features of `rows`.
    pub fn of<'a>(rows: impl Iterator<Item = &'a [f64]> + Clone) -> Self {
        let n_rows = rows.clone().count().max(1) as f64;
        let n_features = rows.clone().next().map_or(0, <[f64]>::len);
        let of = |n: usize| {
            let mean = rows.clone().map(|row| row[n]).sum::<f64>() / n_rows;
            let variance = rows.clone().map(|row| (row[n] - mean).powi(2)).sum::<f64>() / n_rows;
            (mean, if variance > LEAST_PENALTY { variance.sqrt().recip() } else { 0.0 })
        };
        Self { of: (0..n_features).map(of).collect() }
    }

    /// `features` on this scale.
    pub fn apply(&self, features: &[f64]) -> Vec<f64> {
        self.of.iter().zip(features).map(|((mean, by), x)| (x - mean) * by).collect()
    }
}

/// `matrix · x = right`, the matrix symmetric.
struct Equations {
    matrix: Vec<Vec<f64>>,
    right: Vec<f64>,
}

impl Equations {
    fn new(n_features: usize) -> Self {
        let n = n_features + 1;
        Self { matrix: vec![vec![0.0; n]; n], right: vec![0.0; n] }
    }

    /// Adds a row with a bias of 1: its outer product times `weight`, and itself times `right`.
    fn add(&mut self, features: &[f64], weight: f64, right: f64) {
        let last = self.right.len() - 1;
        for (i, &x) in features.iter().chain(&[1.0]).enumerate() {
            self.right[i] += right * x;
            for (cell, &y) in self.matrix[i].iter_mut().zip(&features[..i.min(last)]) {
                *cell += weight * x * y;
            }
            self.matrix[i][i] += weight * x * x;
        }
    }

    /// Solves by elimination with pivots.
    #[expect(clippy::needless_range_loop, reason = "rows and columns of a matrix read best by index")]
    fn solve(self, ridge: f64) -> Vec<f64> {
        let Self { mut matrix, right: mut vector } = self;
        let n = vector.len();
        for i in 0..n {
            for j in 0..i {
                matrix[j][i] = matrix[i][j];
            }
            matrix[i][i] += LEAST_PENALTY + if i + 1 < n { ridge } else { 0.0 };
        }
        for column in 0..n {
            let largest =
                |&a: &usize, &b: &usize| matrix[a][column].abs().total_cmp(&matrix[b][column].abs());
            let pivot = (column..n).max_by(largest).unwrap_or(column);
            matrix.swap(column, pivot);
            vector.swap(column, pivot);
            for row in column + 1..n {
                let factor = matrix[row][column] / matrix[column][column];
                for k in column..n {
                    matrix[row][k] -= factor * matrix[column][k];
                }
                vector[row] -= factor * vector[column];
            }
        }
        for row in (0..n).rev() {
            let rest: f64 = (row + 1..n).map(|k| matrix[row][k] * vector[k]).sum();
            vector[row] = (vector[row] - rest) / matrix[row][row];
        }
        vector
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved() {
        let mut equations = Equations::new(1);
        equations.add(&[2.0], 1.0, 7.0);
        equations.add(&[5.0], 1.0, 13.0);
        // 29 x + 7 y = 79, 7 x + 2 y = 20.
        let x = equations.solve(0.0);
        assert!((x[0] - 2.0).abs() < 1e-6 && (x[1] - 3.0).abs() < 1e-6, "{x:?}");
    }

    #[test]
    fn a_line_is_found() {
        let rows = [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0]];
        let gold = |row: &[f64; 2]| 2.0 * row[0] + 1.0;
        let weights = linear(rows.iter().map(|row| (&row[..], gold(row), 1.0)), 0.0);
        assert!((sum(&weights, &[10.0, 1.0]) - 21.0).abs() < 1e-6, "{weights:?}");
        // A penalty draws weights to 0.
        let drawn = linear(rows.iter().map(|row| (&row[..], gold(row), 1.0)), 10.0);
        assert!(drawn[0] < 1.0 && drawn[0] > 0.0, "{drawn:?}");
    }

    #[test]
    fn a_row_that_counts_twice_is_two_rows() {
        let rows: [(&[f64], f64, f64); 3] = [(&[0.2], 1.0, 1.0), (&[0.4], 0.0, 1.0), (&[0.9], 1.0, 1.0)];
        let twice = rows.iter().chain(&rows[..1]).copied();
        let counted =
            rows.iter().enumerate().map(|(n, &(x, y, count))| (x, y, if n == 0 { 2.0 } else { count }));
        let (a, b) = (logistic(twice, 1.0), logistic(counted, 1.0));
        assert!(a.iter().zip(&b).all(|(x, y)| (x - y).abs() < 1e-9), "{a:?} {b:?}");
    }

    #[test]
    fn scaled_features_have_mean_0_and_variance_1() {
        let rows: [&[f64]; 3] = [&[1.0, 5.0], &[2.0, 5.0], &[3.0, 5.0]];
        let scale = Scale::of(rows.into_iter());
        let scaled: Vec<Vec<f64>> = rows.iter().map(|row| scale.apply(row)).collect();
        assert!((scaled[0][0] + scaled[2][0]).abs() < 1e-9 && (scaled[2][0] - 1.5_f64.sqrt()).abs() < 1e-9);
        assert!(scaled.iter().all(|row| row[1] == 0.0), "what never varies tells nothing");
    }
}
