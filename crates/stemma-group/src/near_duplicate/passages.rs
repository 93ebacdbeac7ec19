//! Exactly how much two texts share, where their words are kept.
//!
//! In: hashed words of two texts. Out: how many words of the shorter text stand in runs that the other has too, those left
//! out that are known to be furniture ([`counted_share`]); and which words of a text another one holds ([`in_runs`]).
//! Time: linear in the words of both.

use rustc_hash::FxHashSet;

use super::words::SHINGLE_LEN;

/// Shortest run of words that counts as text in common. Reports of one event share five words by chance, quotations and
/// phrases of an agency share eight; at twelve what is left is copied text and page furniture.
pub(super) const RUN: usize = 12;
/// Words of a text by their runs, to look up in many others.
pub(super) struct Runs<'a> {
    text: &'a [u32],
    hashes: Vec<u64>,
    held: FxHashSet<u64>,
    run: usize,
}

impl<'a> Runs<'a> {
    pub(super) fn new(text: &'a [u32], run: usize) -> Self {
        let hashes: Vec<u64> = text.windows(run).map(hash).collect();
        Self { text, held: hashes.iter().copied().collect(), hashes, run }
    }

    /// For every word, whether it stands in a run that `other` holds; empty if none does.
    pub(super) fn in_other(&self, other: &[u32]) -> Vec<bool> {
        let common: FxHashSet<u64> =
            other.windows(self.run).map(hash).filter(|hash| self.held.contains(hash)).collect();
        if common.is_empty() {
            return Vec::new();
        }
        let mut shared = vec![false; self.text.len()];
        for (at, hash) in self.hashes.iter().enumerate() {
            if common.contains(hash) {
                shared[at..at + self.run].fill(true);
            }
        }
        shared
    }
}

/// What two texts share, seen from the shorter one.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Shared {
    /// Share of the shorter text's words that stand in common runs and are no furniture.
    pub(super) share: f64,
    /// Share of the shingles of both that both have, furniture left out.
    pub(super) resemblance: f64,
    /// Words of the shorter text that both have, and that are furniture.
    pub(super) n_furniture: usize,
}

/// What `shorter` shares with `longer`. Words for which `furniture` is true do not count as shared; it may be empty.
pub(super) fn counted_share(shorter: &[u32], longer: &[u32], furniture: &[bool]) -> Shared {
    let is_furniture = |at: usize| furniture.get(at).is_some_and(|furniture| *furniture);
    let shared = Runs::new(shorter, RUN).in_other(longer);
    let in_common = |at: &usize| shared.get(*at).is_some_and(|shared| *shared);
    let n_shared = (0..shorter.len()).filter(in_common).count();
    let n_furniture = (0..shorter.len()).filter(in_common).filter(|&at| is_furniture(at)).count();
    Shared {
        share: (n_shared - n_furniture) as f64 / shorter.len().max(1) as f64,
        resemblance: resemblance(shorter, longer, |at| !(at..at + SHINGLE_LEN).any(is_furniture)),
        n_furniture,
    }
}

/// Jaccard resemblance by shingles; those of `a` that `counts` refuses count as not shared.
fn resemblance(a: &[u32], b: &[u32], counts: impl Fn(usize) -> bool) -> f64 {
    let of_b: FxHashSet<u64> = b.windows(SHINGLE_LEN).map(hash).collect();
    let mut of_a: FxHashSet<u64> = FxHashSet::default();
    let mut both = 0;
    for (at, words) in a.windows(SHINGLE_LEN).enumerate() {
        let hash = hash(words);
        both += usize::from(of_a.insert(hash) && of_b.contains(&hash) && counts(at));
    }
    let common = of_a.iter().filter(|hash| of_b.contains(hash)).count();
    both as f64 / (of_a.len() + of_b.len() - common).max(1) as f64
}

/// Hash of a run of words.
fn hash(words: &[u32]) -> u64 {
    words.iter().fold(0x9E37_79B9_7F4A_7C15, |hash: u64, &word| {
        (hash.rotate_left(23) ^ u64::from(word)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(ranges: &[std::ops::Range<u32>]) -> Vec<u32> {
        ranges.iter().cloned().flatten().collect()
    }

    #[test]
    fn runs_count_and_furniture_does_not() {
        let a = numbers(&[0..60, 900..920]);
        let b = numbers(&[500..540, 0..60, 900..920]);
        let all = counted_share(&a, &b, &[]);
        assert_eq!((all.share, all.n_furniture), (1.0, 0));
        let furniture = Runs::new(&a, 8).in_other(&numbers(&[2000..2050, 900..920]));
        let some = counted_share(&a, &b, &furniture);
        assert_eq!((some.share, some.n_furniture), (0.75, 20));
        assert!(some.resemblance < all.resemblance && some.resemblance > 0.4);
        assert!(Runs::new(&a, 8).in_other(&numbers(&[2000..2050, 3000..3010])).is_empty());
    }

    #[test]
    fn short_runs_do_not_count() {
        let a: Vec<u32> = (0..10).flat_map(|n| numbers(&[20 * n..20 * n + 11, 1000 + n..1001 + n])).collect();
        let b: Vec<u32> = (0..10).flat_map(|n| numbers(&[20 * n..20 * n + 11, 3000 + n..3001 + n])).collect();
        let shared = counted_share(&a, &b, &[]);
        assert_eq!(shared.share, 0.0);
        assert!(shared.resemblance > 0.3 && shared.resemblance < 0.5);
        assert_eq!(counted_share(&[], &[], &[]), Shared::default());
    }
}
