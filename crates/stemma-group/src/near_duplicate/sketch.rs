//! Sketches: some hundred bytes from which the resemblance of two reports is estimated.
//!
//! In: the shingles of a report. Out: the least of their hashes, ascending and each once ([`Sketch`]): the [`KEPT`] least ones,
//! and of a long text all below ⅛ of the range of hashes, at most [`MOST_KEPT`]. A news report of 450 words takes 400 bytes.
//! Two sketches give the estimated resemblance (Jaccard) and containment, both in `0.0..=1.0`. Two texts of up to [`KEPT`]
//! shingles are compared exactly, not estimated; for two texts of 450 words the standard error is below 0.042.
//! A text without words has no sketch, so that two pages of nothing but furniture are no duplicates. Never fails.
//! Time: linear in the words, but for the sorting of what is kept.
//!
//! Why not one minimum for each of 128 hash functions (MinHash)? The least hashes of one function take one pass, are drawn
//! without replacement (so the error is smaller for the same memory), and tell containment: a short report inside a long one
//! has a small Jaccard resemblance whatever it has of the other. Source: Broder, "On the resemblance and containment of
//! documents", 1997, section 3; the mixture of a least number and a fraction: Irber et al., "Lightweight compositional analysis of
//! metagenomes with FracMinHash", 2022.

use serde::{Deserialize, Serialize};
use stemma_core::Document;

use super::words::{hash_word, shingles, told_words, words};

/// Hashes that a sketch keeps of a text that has so many, at least.
pub const KEPT: usize = 96;
/// Hashes that a sketch keeps at most: a text of 10 MB must not cost more than others.
const MOST_KEPT: usize = 512;
/// Hashes below this are kept of long texts, too: an eighth of all.
const FRACTION: u32 = 1 << 29;
/// Bound of a sketch that keeps all hashes.
const ALL: u32 = u32::MAX;

/// The least hashes of one report's shingles.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Vec<u32>", into = "Vec<u32>")]
pub struct Sketch {
    /// Ascending, each once, all below `bound`.
    least: Box<[u32]>,
    /// All hashes of the text below this are in `least`.
    bound: u32,
    /// Shingles of the text, repeated ones included.
    n_shingles: u32,
}

/// Number of shingles, bound, hashes.
impl From<Sketch> for Vec<u32> {
    fn from(sketch: Sketch) -> Self {
        [sketch.n_shingles, sketch.bound].into_iter().chain(sketch.least).collect()
    }
}

impl TryFrom<Vec<u32>> for Sketch {
    type Error = String;
    fn try_from(stored: Vec<u32>) -> Result<Self, String> {
        match &stored[..] {
            [n_shingles, bound, least @ ..]
                if !least.is_empty()
                    && least.len() <= MOST_KEPT
                    && least.is_sorted_by(|a, b| a < b)
                    && least.iter().all(|hash| hash < bound) =>
            {
                Ok(Self { least: least.into(), bound: *bound, n_shingles: *n_shingles })
            }
            _ => Err(format!("{} numbers that are no sketch", stored.len())),
        }
    }
}

/// Shingles of two texts below the bound of both sketches: in both, in the one, in the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Overlap {
    both: usize,
    a: usize,
    b: usize,
}

impl Sketch {
    /// The sketch of a document's body and headlines: words and numbers, in lower case. `None` if there are none.
    pub fn of(document: &Document) -> Option<Self> {
        Self::of_words(&told_words(document))
    }

    /// The sketch of a plain text, all of it. `None` if it has no words.
    pub fn of_text(text: &str) -> Option<Self> {
        Self::of_words(&words(text).map(hash_word).collect::<Vec<u64>>())
    }

    /// The sketch of hashed words in text order. `None` if there are none.
    pub fn of_words(words: &[u64]) -> Option<Self> {
        Self::of_shingles(&shingles(words))
    }

    /// The sketch of hashed shingles. `None` if there are none.
    pub fn of_shingles(hashes: &[u32]) -> Option<Self> {
        if hashes.is_empty() {
            return None;
        }
        // What lies above is not worth sorting: so many are below that they suffice, unless the text repeats itself.
        let enough = (KEPT + KEPT / 2) as u64 * (u64::from(u32::MAX) / hashes.len() as u64);
        let mut limit = u32::try_from(enough).map_or(ALL, |enough| enough.max(FRACTION));
        let mut least = below(hashes, limit);
        if least.len() < KEPT && limit < ALL {
            limit = ALL;
            least = below(hashes, limit);
        }
        let n_fraction = least.partition_point(|&hash| hash < FRACTION);
        let n_kept = n_fraction.clamp(KEPT, MOST_KEPT);
        let bound = match least.get(n_kept) {
            None if limit == ALL => ALL,
            _ if n_fraction > KEPT && n_fraction <= MOST_KEPT => FRACTION,
            Some(&next) => next,
            None => limit,
        };
        least.truncate(n_kept);
        let n_shingles = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        Some(Self { least: least.into(), bound, n_shingles })
    }

    /// Memory that it takes.
    pub fn n_bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&self.least[..])
    }

    /// Estimate of the share of shingles that both have among those that either has.
    pub fn resemblance(&self, other: &Sketch) -> f64 {
        let Overlap { both, a, b } = self.overlap(other);
        ratio(both, a + b - both)
    }

    /// Estimate of the share of the shorter text's shingles that the other has too.
    pub fn containment(&self, other: &Sketch) -> f64 {
        let Overlap { both, a, b } = self.overlap(other);
        ratio(both, if (self.n_shingles, a) <= (other.n_shingles, b) { a } else { b })
    }

    /// Estimate of the share of this text's shingles that the other has too.
    pub(super) fn share_in(&self, other: &Sketch) -> f64 {
        let Overlap { both, a, .. } = self.overlap(other);
        ratio(both, a)
    }

    /// The kept hashes that both texts are known to have.
    pub(super) fn shared(&self, other: &Sketch) -> impl Iterator<Item = u32> {
        self.least.iter().copied().filter(|&hash| other.holds(hash))
    }

    /// The hashes that are kept, ascending.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = u32> {
        self.least.iter().copied()
    }

    /// The sketch of the text without the shingles `out`; `None` if nothing is left.
    pub(crate) fn without(&self, out: &[u32]) -> Option<Self> {
        let least: Box<[u32]> = self.hashes().filter(|hash| !out.contains(hash)).collect();
        let share = least.len() as f64 / self.least.len() as f64;
        let n_shingles = (f64::from(self.n_shingles) * share).round() as u32;
        (!least.is_empty()).then_some(Self { least, bound: self.bound, n_shingles })
    }

    /// True if it is known whether the text has this shingle.
    pub(crate) fn reaches(&self, hash: u32) -> bool {
        hash < self.bound
    }

    /// True if the text is known to have this shingle.
    pub(crate) fn holds(&self, hash: u32) -> bool {
        self.least.binary_search(&hash).is_ok()
    }

    /// The least of its hashes.
    pub(crate) fn least(&self) -> u32 {
        self.least.first().copied().unwrap_or(self.bound)
    }

    fn overlap(&self, other: &Sketch) -> Overlap {
        let bound = self.bound.min(other.bound);
        let known = |sketch: &Sketch| sketch.least.partition_point(|&hash| hash < bound);
        let (a, b) = (known(self), known(other));
        Overlap { both: n_common(&self.least[..a], &other.least[..b]), a, b }
    }

    /// The hashes under which an index knows the sketch: the `n` least ones and all below `fraction`, at most `most`.
    pub(super) fn prefix(&self, n: usize, fraction: u32, most: usize) -> &[u32] {
        let below = self.least.partition_point(|&hash| hash < fraction);
        &self.least[..below.clamp(n, most).min(self.least.len())]
    }
}

/// The distinct hashes below `limit`, ascending.
fn below(hashes: &[u32], limit: u32) -> Vec<u32> {
    // Written at its place in any case, counted if it is below: no branch that the processor could guess wrong.
    let mut found = vec![0; hashes.len()];
    let mut n = 0;
    for &hash in hashes {
        // `ALL` is a bound and no hash.
        let hash = hash.min(ALL - 1);
        found[n] = hash;
        n += usize::from(hash < limit);
    }
    found.truncate(n);
    found.sort_unstable();
    found.dedup();
    found
}

/// How many numbers two ascending lists have in common.
fn n_common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        n += usize::from(a[i] == b[j]);
        let (x, y) = (a[i], b[j]);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    n
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn sets(a: &[u64], b: &[u64]) -> (BTreeSet<u32>, BTreeSet<u32>) {
        (shingles(a).into_iter().collect(), shingles(b).into_iter().collect())
    }

    fn exact(a: &[u64], b: &[u64]) -> f64 {
        let (a, b) = sets(a, b);
        a.intersection(&b).count() as f64 / a.union(&b).count() as f64
    }

    fn exact_containment(a: &[u64], b: &[u64]) -> f64 {
        let (a, b) = sets(a, b);
        a.intersection(&b).count() as f64 / a.len().min(b.len()) as f64
    }

    proptest! {
        #[test]
        fn the_estimate_is_near_the_truth(
            shared in prop::collection::vec(any::<u64>(), 30..300),
            own in prop::collection::vec(any::<u64>(), 0..300),
        ) {
            let longer = [shared.clone(), own].concat();
            let (a, b) = (Sketch::of_words(&shared).unwrap(), Sketch::of_words(&longer).unwrap());
            let error = (a.resemblance(&b) - exact(&shared, &longer)).abs();
            prop_assert!(error < 0.24, "five standard errors and more: {error}");
            prop_assert_eq!(a.resemblance(&b), b.resemblance(&a));
            prop_assert!(a.containment(&b) > 0.99);
            prop_assert_eq!(a.containment(&b), b.containment(&a));
        }

        #[test]
        fn short_texts_are_compared_exactly(a in prop::collection::vec(0_u64..40, 1..100), b in prop::collection::vec(0_u64..40, 1..100)) {
            let (x, y) = (Sketch::of_words(&a).unwrap(), Sketch::of_words(&b).unwrap());
            prop_assert_eq!(x.resemblance(&y), exact(&a, &b));
        }

        #[test]
        fn what_is_kept_are_the_least(hashes in prop::collection::vec(any::<u32>(), 1..6000), repeat in 1..4) {
            let hashes: Vec<u32> = hashes.iter().map(|hash| hash / repeat as u32 * repeat as u32).collect();
            let sketch = Sketch::of_shingles(&hashes).unwrap();
            let known: Vec<u32> = hashes.iter().map(|&hash| hash.min(ALL - 1)).filter(|&hash| hash < sketch.bound).collect::<BTreeSet<_>>().into_iter().collect();
            prop_assert_eq!(&sketch.least[..], &known[..]);
            let distinct = hashes.iter().collect::<BTreeSet<_>>().len();
            prop_assert!(sketch.least.len() >= KEPT.min(distinct) && sketch.least.len() <= MOST_KEPT);
            let stored: Vec<u32> = sketch.clone().into();
            prop_assert_eq!(Sketch::try_from(stored), Ok(sketch));
        }
    }

    /// Two texts of `n` words that have a run of `shared` in common. The seed makes the words.
    fn pair(seed: u64, n: usize, m: usize, shared: usize) -> (Vec<u64>, Vec<u64>) {
        let word = |text: u64, n: usize| hash_word(&format!("{seed} {text} {n}"));
        let text = |own: u64, n: usize| {
            (0..n).map(|n| word(if n < shared { 0 } else { own }, n)).collect::<Vec<u64>>()
        };
        (text(1, n), text(2, m))
    }

    #[test]
    fn the_error_is_that_of_the_theory_or_less() {
        let mut squares = [0.0; 2];
        let mut bias = [0.0; 2];
        let n_pairs = 600;
        for seed in 0..n_pairs {
            let (a, b) = pair(seed, 450, 450, 300);
            let (x, y) = (Sketch::of_words(&a).unwrap(), Sketch::of_words(&b).unwrap());
            let (c, d) = pair(seed, 300, 2500, 180);
            let (z, w) = (Sketch::of_words(&c).unwrap(), Sketch::of_words(&d).unwrap());
            let errors = [x.resemblance(&y) - exact(&a, &b), z.containment(&w) - exact_containment(&c, &d)];
            for n in 0..2 {
                squares[n] += errors[n] * errors[n] / n_pairs as f64;
                bias[n] += errors[n] / n_pairs as f64;
            }
        }
        let [resemblance, containment] = squares.map(f64::sqrt);
        // 128 hash functions of MinHash have √(J(1 − J) / 128) = 0.0442 at a half.
        assert!(resemblance < 0.042, "{resemblance}");
        // An eighth of 296 shingles, of which 59 % are shared: √(0.59 · 0.41 / 37) = 0.081.
        assert!(containment < 0.085, "{containment}");
        assert!(bias.iter().all(|bias| bias.abs() < 0.008), "{bias:?}");
    }

    #[test]
    fn a_short_text_is_one_shingle_and_an_empty_one_has_no_sketch() {
        let words: Vec<u64> = ["Rain", "stopped", "play"].map(hash_word).into();
        let same: Vec<u64> = ["rain", "STOPPED", "play"].map(hash_word).into();
        assert_eq!(Sketch::of_words(&words).unwrap().resemblance(&Sketch::of_words(&same).unwrap()), 1.0);
        assert_eq!(
            Sketch::of_words(&words).unwrap().resemblance(&Sketch::of_words(&same[1..]).unwrap()),
            0.0
        );
        assert_eq!(Sketch::of_words(&[]), None);
    }

    #[test]
    fn a_text_that_repeats_itself_keeps_what_it_has() {
        let words: Vec<u64> = (0..100_000).map(|n| n % 7).collect();
        let sketch = Sketch::of_words(&words).unwrap();
        assert_eq!((sketch.least.len(), sketch.bound), (7, ALL));
    }

    #[test]
    fn numbers_that_are_no_sketch_are_refused() {
        for wrong in [vec![], vec![1, 2], vec![9, 9, 3, 3], vec![9, 9, 4, 3], vec![9, 3, 3]] {
            assert!(Sketch::try_from(wrong).is_err());
        }
    }
}
