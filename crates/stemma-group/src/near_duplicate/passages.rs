//! Exactly how much two texts share, where their words are kept.
//!
//! In: hashed words of a text, made ready once ([`Runs`]), and those of others. Out: which words of the one the other holds in
//! runs, and the reverse. Time: linear in the words of both.

use rustc_hash::FxHashSet;

/// Shortest run of words that counts as text in common. Reports of one event share five words by chance, quotations and
/// phrases of an agency share eight; at twelve what is left is copied text and page furniture.
pub(super) const RUN: usize = 12;
/// A text by its runs of a given length, to be looked for in many others.
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

    /// For every word of the text, whether it stands in a run that `other` holds; empty if none does.
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

    /// How many words of `other` stand in a run that this text holds.
    pub(super) fn n_words_of(&self, other: &[u32]) -> usize {
        let (mut n, mut counted) = (0, 0);
        for (at, hash) in other.windows(self.run).map(hash).enumerate() {
            if self.held.contains(&hash) {
                n += at + self.run - counted.max(at);
                counted = at + self.run;
            }
        }
        n
    }

    /// Jaccard resemblance by runs. One that holds a word of the text for which `furniture` is true counts as not shared.
    pub(super) fn resemblance(&self, other: &[u32], furniture: &[bool]) -> f64 {
        let of_other: FxHashSet<u64> = other.windows(self.run).map(hash).collect();
        let mut own: FxHashSet<u64> = FxHashSet::default();
        if furniture.contains(&true) {
            let runs = furniture.windows(self.run).zip(&self.hashes);
            own.extend(runs.filter(|(run, _)| !run.contains(&true)).map(|(_, hash)| *hash));
        }
        let counts = |hash: &&u64| furniture.is_empty() || own.contains(hash);
        let common = self.held.intersection(&of_other).count();
        let both = self.held.intersection(&of_other).filter(counts).count();
        both as f64 / (self.held.len() + of_other.len() - common).max(1) as f64
    }
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
    fn runs_are_counted_from_both_sides() {
        let a = numbers(&[0..60, 900..920]);
        let b = numbers(&[500..540, 0..60, 900..920, 0..30]);
        let runs = Runs::new(&a, RUN);
        assert_eq!(runs.in_other(&b), vec![true; 80]);
        assert_eq!(runs.n_words_of(&b), 110, "what stands there twice counts twice");
        assert!(runs.in_other(&numbers(&[500..540, 0..11])).is_empty());
        assert_eq!(runs.n_words_of(&numbers(&[500..540, 0..11])), 0);
        let text: Vec<u32> =
            (0..10).flat_map(|n| numbers(&[20 * n..20 * n + 11, 1000 + n..1001 + n])).collect();
        assert_eq!(runs.n_words_of(&text), 0, "eleven words are no run");
        assert_eq!(Runs::new(&[], RUN).n_words_of(&b), 0);
    }

    #[test]
    fn furniture_is_not_shared() {
        let a = numbers(&[0..60, 900..920]);
        let b = numbers(&[0..60, 900..920]);
        let runs = Runs::new(&a, 5);
        let furniture = Runs::new(&a, 8).in_other(&numbers(&[2000..2050, 900..920]));
        assert_eq!(runs.resemblance(&b, &[]), 1.0);
        assert_eq!(runs.resemblance(&b, &furniture), 56.0 / 76.0);
        assert_eq!(Runs::new(&[], 5).resemblance(&[], &[]), 0.0);
    }
}
