//! What two sequences have in common: shares of runs, of pairs in order, common subsequence, edit distance.
//!
//! All are the same from both sides: what comes as a share comes as [`Shares`], of the longer and of the shorter one.

use std::collections::BTreeMap;

/// Parts of two wholes, `0.0..=1.0` each.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Shares {
    /// The smaller share: of the larger whole.
    pub(super) least: f64,
    /// The larger share: of the smaller whole.
    pub(super) most: f64,
}

impl Shares {
    /// What is common of two wholes of these sizes. Nothing is common to a whole of size 0.
    pub(super) fn of(common: f64, wholes: [f64; 2]) -> Self {
        let share = |whole: f64| if whole > 0.0 { common / whole } else { 0.0 };
        Self { least: share(wholes[0].max(wholes[1])), most: share(wholes[0].min(wholes[1])) }
    }
}

/// Things with how often each stands there.
fn counts<T: Ord>(things: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for thing in things {
        *counts.entry(thing).or_insert(0) += 1;
    }
    counts
}

/// What two bags have in common, each thing as often as it stands in both.
pub(super) fn shared<T: Ord>(a: impl Iterator<Item = T>, b: impl Iterator<Item = T>) -> Shares {
    let (a, b) = (counts(a), counts(b));
    let common: usize = a.iter().map(|(thing, &n)| b.get(thing).map_or(0, |&m| n.min(m))).sum();
    Shares::of(common as f64, [&a, &b].map(|bag| bag.values().sum::<usize>() as f64))
}

/// Runs of `n` that both sequences hold.
pub(super) fn shared_runs<T: Ord>(a: &[T], b: &[T], n: usize) -> Shares {
    shared(a.windows(n), b.windows(n))
}

/// Pairs in the same order in both, at most [`SKIP`] apart: "left … town" stands in "left the small town".
pub(super) fn shared_pairs<T: Ord>(a: &[T], b: &[T]) -> Shares {
    fn pairs<T>(sequence: &[T]) -> impl Iterator<Item = (&T, &T)> {
        let of =
            move |n: usize| sequence[n + 1..].iter().take(SKIP).map(move |second| (&sequence[n], second));
        (0..sequence.len()).flat_map(of)
    }
    shared(pairs(a), pairs(b))
}

/// Farthest distance of two that make a pair in order.
const SKIP: usize = 4;

/// Length of the longest common subsequence. Time: product of the lengths.
pub(super) fn common_subsequence<T: Eq>(a: &[T], b: &[T]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let here = if x == y { diagonal + 1 } else { row[j].max(row[j + 1]) };
            diagonal = row[j + 1];
            row[j + 1] = here;
        }
    }
    row[b.len()]
}

/// Least number of insertions, deletions and replacements that make one of the other (Levenshtein 1966). Time: product of
/// the lengths.
pub(super) fn edit_distance<T: Eq>(a: &[T], b: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for x in a {
        let mut diagonal = row[0];
        row[0] += 1;
        for (j, y) in b.iter().enumerate() {
            let here = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = here;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        text.split(' ').collect()
    }

    #[test]
    fn what_two_texts_share() {
        let (a, b) = (words("the mayor left the town on foot"), words("on foot the mayor left town"));
        let shares = |shares: Shares| format!("{:.2} {:.2}", shares.least, shares.most);
        insta::assert_snapshot!(shares(shared(a.iter(), b.iter())), @"0.86 1.00");
        insta::assert_snapshot!(shares(shared_runs(&a, &b, 2)), @"0.50 0.60");
        insta::assert_snapshot!(shares(shared_pairs(&a, &b)), @"0.39 0.50");
        assert_eq!((common_subsequence(&a, &b), edit_distance(&a, &b)), (4, 5));
    }

    #[test]
    fn nothing_is_common_to_nothing() {
        let none: [u8; 0] = [];
        assert_eq!(shared(none.iter(), [1_u8].iter()), Shares::default());
        assert_eq!(shared_runs(&[1_u8], &[1], 2), Shares::default());
        assert_eq!((common_subsequence(&none, &[1]), edit_distance(&none, &[1])), (0, 1));
    }

    proptest! {
        #[test]
        fn all_are_the_same_from_both_sides(
            a in prop::collection::vec(0_u8..4, 0..12),
            b in prop::collection::vec(0_u8..4, 0..12),
        ) {
            prop_assert_eq!(shared_pairs(&a, &b), shared_pairs(&b, &a));
            prop_assert_eq!(shared_runs(&a, &b, 3), shared_runs(&b, &a, 3));
            prop_assert_eq!(edit_distance(&a, &b), edit_distance(&b, &a));
            let common = common_subsequence(&a, &b);
            prop_assert_eq!(common, common_subsequence(&b, &a));
            prop_assert!(edit_distance(&a, &b) >= a.len().max(b.len()) - common);
        }
    }
}
