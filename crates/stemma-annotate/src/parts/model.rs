//! The learned weights of the tagger.
//!
//! A hash table, read in place, so that loading costs nothing. A feature's number is the top [`NUMBER_BITS`] bits of its hash: 13 bits
//! name a set of eight slots, the other bits are its key in the set. The features that weigh most are kept, up to eight in a set; another
//! feature weighs nothing. After eight bytes of magic stand the keys, a byte for each slot, and then a row of [`PARTS`] signed
//! bytes for each slot, a weight for each part. An empty slot has key 0 and weights of 0, stands after the others of its set, and so does no harm.

use super::features::FEATURES;
use super::{PARTS, Part};

/// Opens every model file: format and version.
const MAGIC: &[u8; 8] = b"STMPART1";

const SET_BITS: u32 = 13;
const KEY_BITS: u32 = 8;

/// Bits of a feature's number.
pub(super) const NUMBER_BITS: u32 = SET_BITS + KEY_BITS;

/// Slots of a set.
const WAYS: usize = 8;

const SLOTS: usize = WAYS << SET_BITS;

/// Learned weights, read in place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Model {
    keys: &'static [[u8; WAYS]],
    rows: &'static [[u8; PARTS]],
}

impl Model {
    /// The model in `bytes`. `None` if it is no model of this version.
    pub(super) fn read(bytes: &'static [u8]) -> Option<Self> {
        let (keys, rows) = bytes.strip_prefix(MAGIC)?.split_at_checked(SLOTS)?;
        let (keys, _) = keys.as_chunks();
        let (rows, rest) = rows.as_chunks();
        (rows.len() == SLOTS && rest.is_empty()).then_some(Self { keys, rows })
    }

    /// The part with the highest sum of weights; the first of equals.
    pub(super) fn best(self, features: &[u64; FEATURES]) -> Part {
        let mut scores = [0_i16; PARTS]; // 26 bytes add up to less than 2^12
        for &feature in features {
            let Some(slot) = self.slot(number(feature)) else { continue };
            for (score, &weight) in scores.iter_mut().zip(&self.rows[slot]) {
                *score += i16::from(weight.cast_signed());
            }
        }
        best(&scores)
    }

    /// The slot of a feature: the first of its set with its key.
    fn slot(self, number: usize) -> Option<usize> {
        let (set, key) = (number >> KEY_BITS, number as u8);
        // All eight keys at once: a byte is zero where the key is the same, and the lowest bit of `hits` stands in the first of these.
        const LOW: u64 = 0x0101_0101_0101_0101;
        let unlike = u64::from_le_bytes(self.keys[set]) ^ (LOW * u64::from(key));
        let hits = unlike.wrapping_sub(LOW) & !unlike & (LOW << 7);
        (hits != 0).then(|| set * WAYS + hits.trailing_zeros() as usize / 8)
    }
}

/// The number of a feature.
pub(super) fn number(feature: u64) -> usize {
    (feature >> (64 - NUMBER_BITS)) as usize
}

/// The part with the highest score; the first of equals.
pub(super) fn best<N: Copy + PartialOrd>(scores: &[N; PARTS]) -> Part {
    let mut best = 0;
    for (n, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = n;
        }
    }
    Part::ALL[best]
}

/// Bytes of a model with these weights: a row for each number of a feature. The largest weight becomes 127.
pub(super) fn write(weights: &[[f32; PARTS]]) -> Vec<u8> {
    assert_eq!(weights.len(), 1 << NUMBER_BITS, "one row for each number");
    let size = |row: &[f32; PARTS]| row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
    let most = weights.iter().map(size).fold(f32::MIN_POSITIVE, f32::max);
    let mut keys = Vec::with_capacity(SLOTS);
    let mut rows = Vec::with_capacity(SLOTS * PARTS);
    for set in weights.chunks_exact(1 << KEY_BITS) {
        let mut order: Vec<u8> = (0..=u8::MAX).filter(|&key| size(&set[usize::from(key)]) > 0.0).collect();
        order.sort_by(|&a, &b| size(&set[usize::from(b)]).total_cmp(&size(&set[usize::from(a)])));
        order.truncate(WAYS);
        keys.extend(&order);
        keys.resize(keys.len().next_multiple_of(WAYS), 0);
        for &key in &order {
            let byte = |weight: f32| ((weight / most * 127.0).round() as i8).cast_unsigned();
            rows.extend(set[usize::from(key)].map(byte));
        }
        rows.resize(keys.len() * PARTS, 0);
    }
    [MAGIC.as_slice(), &keys, &rows].concat()
}
