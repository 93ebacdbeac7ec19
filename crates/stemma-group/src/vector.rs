//! Sparse vectors: weights by term id.

use serde::{Deserialize, Serialize};

/// Greatest weight in a vector: one term that two reports share, be it the name of their town, must not make one story of them.
/// Its share in their similarity is at most the square, half of what two single reports need.
const MOST_WEIGHT: f32 = 0.25;

/// Weights by term id, in rising order of id, none of them zero.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct SparseVector(Vec<(u32, f32)>);

impl SparseVector {
    /// A vector of the `limit` greatest of the given weights, of which each id stands once, scaled to length 1; what is then above
    /// [`MOST_WEIGHT`] is cut to that.
    pub(crate) fn unit(mut weights: Vec<(u32, f32)>, limit: usize) -> Self {
        weights.retain(|&(_, weight)| weight > 0.0);
        keep_greatest(&mut weights, limit);
        weights.sort_unstable_by_key(|&(id, _)| id);
        let length = weights.iter().map(|&(_, weight)| f64::from(weight).powi(2)).sum::<f64>().sqrt();
        if length > 0.0 {
            let scaled = |weight: f32| ((f64::from(weight) / length) as f32).min(MOST_WEIGHT);
            weights.iter_mut().for_each(|(_, weight)| *weight = scaled(*weight));
        }
        weights.shrink_to_fit();
        Self(weights)
    }

    pub(crate) fn weights(&self) -> &[(u32, f32)] {
        &self.0
    }

    /// The same weights under other ids.
    pub(crate) fn renamed(&self, id: impl Fn(u32) -> u32) -> Self {
        let mut weights: Vec<_> = self.0.iter().map(|&(old, weight)| (id(old), weight)).collect();
        weights.sort_unstable_by_key(|&(id, _)| id);
        Self(weights)
    }

    /// Sum of the products of the weights of common terms. Linear in both, or in the shorter where the other is much longer.
    pub(crate) fn dot(&self, other: &SparseVector) -> f64 {
        let (short, long) =
            if self.0.len() <= other.0.len() { (&self.0, &other.0) } else { (&other.0, &self.0) };
        let mut sum = 0.0;
        let mut rest = long.as_slice();
        for &(id, weight) in short {
            let skip = if rest.len() > 8 * short.len() {
                rest.partition_point(|&(other, _)| other < id)
            } else {
                rest.iter().take_while(|&&(other, _)| other < id).count()
            };
            rest = &rest[skip..];
            match rest.first() {
                Some(&(other, product)) if other == id => sum += f64::from(weight) * f64::from(product),
                Some(_) => {}
                None => break,
            }
        }
        sum
    }

    /// The terms that add most to the dot product with `other`, greatest first; ties in order of id.
    pub(crate) fn shared(&self, other: &SparseVector, limit: usize) -> Vec<(u32, f32)> {
        let mut shared = Vec::new();
        for &(id, weight) in &self.0 {
            if let Ok(at) = other.0.binary_search_by_key(&id, |&(id, _)| id) {
                shared.push((id, weight * other.0[at].1));
            }
        }
        keep_greatest(&mut shared, limit);
        shared
    }

    /// The `limit` greatest weights, greatest first; ties in order of id. Works in `scratch`, for one who asks often.
    pub(crate) fn greatest<'s>(
        &self,
        limit: usize,
        scratch: &'s mut Vec<u64>,
    ) -> impl Iterator<Item = (u32, f32)> + use<'s> {
        scratch.clear();
        scratch.extend(self.0.iter().map(|&(id, weight)| rank(weight, id)));
        greatest_ranks(scratch, limit);
        scratch.iter().map(|&rank| unrank(rank))
    }

    /// Adds `other`; keeps the `limit` greatest weights once there are twice as many.
    pub(crate) fn add(&mut self, other: &SparseVector, limit: usize) {
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(&&(x, v)), Some(&&(y, w))) = (a.peek(), b.peek()) {
            sum.push((x.min(y), if x <= y { v } else { 0.0 } + if y <= x { w } else { 0.0 }));
            if x <= y {
                a.next();
            }
            if y <= x {
                b.next();
            }
        }
        sum.extend(a.chain(b));
        if sum.len() > limit.saturating_mul(2) {
            keep_greatest(&mut sum, limit);
            sum.sort_unstable_by_key(|&(id, _)| id);
        }
        sum.shrink_to_fit();
        self.0 = sum;
    }
}

/// A number that is the greater the greater the weight, of equal weights the less the id: as one number both are compared at once.
/// The weight is not below 0.
pub(crate) fn rank(weight: f32, id: u32) -> u64 {
    u64::from(weight.to_bits()) << 32 | u64::from(!id)
}

/// Id and weight of a rank.
pub(crate) fn unrank(rank: u64) -> (u32, f32) {
    (!(rank as u32), f32::from_bits((rank >> 32) as u32))
}

/// Keeps the `limit` greatest ranks, greatest first.
pub(crate) fn greatest_ranks(ranks: &mut Vec<u64>, limit: usize) {
    if ranks.len() > limit {
        ranks.select_nth_unstable_by(limit, |a, b| b.cmp(a));
        ranks.truncate(limit);
    }
    ranks.sort_unstable_by(|a, b| b.cmp(a));
}

/// One vector as an array over all ids, for many products with it: each takes time in proportion to the other vector alone, without
/// a branch that a processor could guess wrong.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spread {
    /// By id; zero for all that the vector does not have.
    weights: Vec<f32>,
    /// Of the vector.
    ids: Vec<u32>,
}

impl Spread {
    /// Takes on `vector` in place of the one before.
    pub(crate) fn set(&mut self, vector: &SparseVector) {
        self.ids.drain(..).for_each(|id| self.weights[id as usize] = 0.0);
        let n_ids = vector.0.last().map_or(0, |&(id, _)| id as usize + 1);
        if self.weights.len() < n_ids {
            self.weights.resize(n_ids, 0.0);
        }
        for &(id, weight) in &vector.0 {
            self.weights[id as usize] = weight;
            self.ids.push(id);
        }
    }

    /// Sum of the products of the weights of common terms.
    pub(crate) fn dot(&self, other: &SparseVector) -> f64 {
        let product = |&(id, weight): &(u32, f32)| {
            f64::from(weight) * f64::from(self.weights.get(id as usize).copied().unwrap_or(0.0))
        };
        // Four sums, as each addition waits for the one before.
        let (fours, rest) = other.0.as_chunks::<4>();
        let mut sums = [0.0; 4];
        for four in fours {
            sums.iter_mut().zip(four).for_each(|(sum, entry)| *sum += product(entry));
        }
        sums.into_iter().chain(rest.iter().map(product)).sum()
    }
}

/// The `limit` greatest weights, greatest first; ties in order of id.
fn keep_greatest(weights: &mut Vec<(u32, f32)>, limit: usize) {
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if weights.len() > limit {
        weights.select_nth_unstable_by(limit, order);
        weights.truncate(limit);
    }
    weights.sort_unstable_by(order);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vector() -> impl Strategy<Value = SparseVector> {
        prop::collection::btree_map(0_u32..40, 0.1_f32..5.0, 0..20)
            .prop_map(|map| SparseVector::unit(map.into_iter().collect(), 40))
    }

    proptest! {
        #[test]
        fn sums_and_products_are_those_of_dense_vectors(a in vector(), b in vector(), c in vector()) {
            let mut sum = a.clone();
            sum.add(&b, 1000);
            prop_assert!((sum.dot(&c) - a.dot(&c) - b.dot(&c)).abs() < 1e-5);
            prop_assert!((a.dot(&b) - b.dot(&a)).abs() < 1e-12);
            let shared: f64 = a.shared(&b, 100).iter().map(|&(_, product)| f64::from(product)).sum();
            prop_assert!((shared - a.dot(&b)).abs() < 1e-5);
            let mut spread = Spread::default();
            for (x, y) in [(&a, &b), (&b, &sum), (&sum, &c)] {
                spread.set(x);
                prop_assert!((spread.dot(y) - x.dot(y)).abs() < 1e-9);
            }
            let all: Vec<(u32, f32)> = sum.greatest(100, &mut Vec::new()).collect();
            prop_assert!(all.is_sorted_by(|x, y| x.1 > y.1 || x.1 == y.1 && x.0 < y.0) && all.len() == sum.0.len());
            prop_assert!(sum.greatest(3, &mut Vec::new()).eq(all.iter().copied().take(3)));
            prop_assert!(sum.weights().windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }

    #[test]
    fn a_long_sum_keeps_its_greatest_weights() {
        let mut sum = SparseVector(vec![(1, 0.6), (2, 0.8)]);
        sum.add(&SparseVector(vec![(7, 1.0)]), 1);
        assert_eq!(sum.weights(), [(7, 1.0)]);
    }

    #[test]
    fn no_term_weighs_more_than_many_together() {
        let vector = SparseVector::unit(vec![(1, 9.0), (2, 1.0), (3, 1.0)], 2);
        assert_eq!(vector.weights()[0], (1, MOST_WEIGHT));
        assert!(vector.weights()[1].1 > 0.1 && vector.weights().len() == 2);
    }
}
