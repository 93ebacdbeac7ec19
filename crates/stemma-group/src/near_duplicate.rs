//! Near-duplicate detection by shingling.
//!
//! In: the words of one report's body, in text order. Out: a [`Sketch`] of 128 minima (`[u32; 128]`, 512 bytes).
//! Two sketches give an estimate of the Jaccard resemblance in `0.0..=1.0`, standard error below 0.045 (0.5 / √128).
//! Texts of fewer than [`SHINGLE_LEN`] words have one shingle, the whole text; a text without words has no sketch, so that
//! two pages of nothing but furniture are no duplicates. Never fails. Time: linear in words.
//! Source: Broder, "On the resemblance and containment of documents", 1997; the index by bands: Leskovec, Rajaraman and
//! Ullman, "Mining of Massive Datasets", chapter 3.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use stemma_core::{Document, SegmentKind, TokenKind};

/// Length of a shingle, in words.
pub const SHINGLE_LEN: usize = 5;

/// Minima in a sketch.
pub const N_MINIMA: usize = 128;

/// Minima in a band of the index. Two reports are candidates if one band agrees: with 32 bands of 4, nine of ten pairs at
/// resemblance 0.52 and one of a hundred at 0.13.
const BAND_LEN: usize = 4;

/// The minima of one report's shingles under 128 hash functions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Vec<u32>", into = "Vec<u32>")]
pub struct Sketch(Box<[u32; N_MINIMA]>);

impl From<Sketch> for Vec<u32> {
    fn from(sketch: Sketch) -> Self {
        sketch.0.to_vec()
    }
}

impl TryFrom<Vec<u32>> for Sketch {
    type Error = String;
    fn try_from(minima: Vec<u32>) -> Result<Self, String> {
        let n = minima.len();
        let minima: [u32; N_MINIMA] =
            minima.try_into().map_err(|_| format!("a sketch has {N_MINIMA} minima, not {n}"))?;
        Ok(Self(Box::new(minima)))
    }
}

impl Sketch {
    /// The sketch of a document's body: words and numbers, in lower case. `None` if there are none.
    pub fn of(document: &Document) -> Option<Self> {
        let layers = document.layers();
        let mut words = Vec::new();
        for segment in layers.segments.items().iter().filter(|segment| segment.kind == SegmentKind::Body) {
            for token in &layers.tokens.items()[document.tokens_in(segment.span)] {
                if matches!(token.kind, TokenKind::Word | TokenKind::Number) {
                    words.push(hash_word(document.slice(token.span)));
                }
            }
        }
        Self::of_words(&words)
    }

    /// The sketch of hashed words in text order. `None` if there are none.
    pub fn of_words(words: &[u64]) -> Option<Self> {
        if words.is_empty() {
            return None;
        }
        let mut minima = Box::new([u32::MAX; N_MINIMA]);
        for shingle in words.windows(SHINGLE_LEN.min(words.len())) {
            let hash = shingle.iter().fold(0, |hash: u64, &word| mix(hash.rotate_left(5) ^ word));
            let (low, high) = (hash as u32, (hash >> 32) as u32 | 1);
            // One multiplication for each function: a family h + i·g of two independent halves, then scrambled.
            for (i, minimum) in (0u32..).zip(minima.iter_mut()) {
                let value = (low.wrapping_add(i.wrapping_mul(high)) ^ SEED).wrapping_mul(0x9E37_79B1);
                *minimum = (*minimum).min(value ^ value >> 15);
            }
        }
        Some(Self(minima))
    }

    /// Estimate of the share of shingles that both have among those that either has.
    pub fn resemblance(&self, other: &Sketch) -> f64 {
        let agree = self.0.iter().zip(other.0.iter()).filter(|(a, b)| a == b).count();
        agree as f64 / N_MINIMA as f64
    }

    /// Hashes of the bands, in order.
    fn bands(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.chunks_exact(BAND_LEN).enumerate().map(|(n, band)| {
            band.iter().fold(n as u64 + 1, |hash, &minimum| mix(hash.rotate_left(7) ^ u64::from(minimum)))
        })
    }
}

/// Keeps the family of hash functions apart from a plain multiple of the shingle's hash.
const SEED: u32 = 0x5EED_5EED;

fn mix(hash: u64) -> u64 {
    // The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
    let hash = (hash ^ hash >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ hash >> 31
}

/// FNV-1a over the lower-case form, the same on every machine.
pub(crate) fn hash_word(word: &str) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut buffer = [0; 4];
    for c in word.chars().flat_map(char::to_lowercase) {
        for byte in c.encode_utf8(&mut buffer).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    hash
}

/// Finds the sketches that resemble a given one without comparing all.
#[derive(Clone, Debug, Default)]
pub struct SketchIndex {
    bands: HashMap<u64, Vec<u32>>,
}

impl SketchIndex {
    /// Adds a sketch under `key`. Keys are added in rising order.
    pub fn insert(&mut self, key: u32, sketch: &Sketch) {
        for band in sketch.bands() {
            self.bands.entry(band).or_default().push(key);
        }
    }

    /// Keys that share a band with `sketch`, in rising order, each once; at most the `limit` latest of each band.
    pub fn candidates(&self, sketch: &Sketch, limit: usize) -> Vec<u32> {
        let mut keys: Vec<u32> = Vec::new();
        for band in sketch.bands() {
            if let Some(found) = self.bands.get(&band) {
                keys.extend(&found[found.len().saturating_sub(limit)..]);
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(a: &[u64], b: &[u64]) -> f64 {
        let shingles = |words: &[u64]| -> std::collections::BTreeSet<Vec<u64>> {
            words.windows(SHINGLE_LEN.min(words.len())).map(<[u64]>::to_vec).collect()
        };
        let (a, b) = (shingles(a), shingles(b));
        a.intersection(&b).count() as f64 / a.union(&b).count() as f64
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
        }
    }

    #[test]
    fn near_copies_are_candidates_and_others_are_not() {
        let words: Vec<u64> = (0..400).map(|n| hash_word(&format!("word{n}"))).collect();
        let others: Vec<u64> = (0..400).map(|n| hash_word(&format!("other{n}"))).collect();
        let mut index = SketchIndex::default();
        index.insert(0, &Sketch::of_words(&words).unwrap());
        index.insert(1, &Sketch::of_words(&others).unwrap());
        let trimmed = Sketch::of_words(&words[20..]).unwrap();
        assert_eq!(index.candidates(&trimmed, 8), [0]);
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
}
