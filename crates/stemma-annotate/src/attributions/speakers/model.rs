//! The weights of the choice: a log-linear model over hashed features.
//!
//! A feature's weight is the signed byte at the low [`BITS`] bits of its hash; features that meet there share it. Bytes of a
//! model: eight of magic, then one for each slot.

/// Opens every model file: format and version.
const MAGIC: &[u8; 8] = b"STMSPKR1";

/// Bits of a slot's number.
pub(super) const BITS: u32 = 18;
const SLOTS: usize = 1 << BITS;

/// Weights as learned are at most this; a byte is a share of it.
pub(super) const LARGEST: f32 = 4.0;

/// Who speaks a quotation: learned weights, read in place.
#[derive(Clone, Copy, Debug)]
pub(in crate::attributions) struct Model {
    weights: &'static [u8],
}

/// The slot of a feature.
pub(super) fn slot(feature: u32) -> usize {
    ((feature ^ feature >> BITS) as usize) & (SLOTS - 1)
}

impl Model {
    /// The model in `bytes`; `None` if it is no model of this version.
    pub(in crate::attributions) fn read(bytes: &'static [u8]) -> Option<Self> {
        let weights = bytes.strip_prefix(MAGIC)?;
        (weights.len() == SLOTS).then_some(Self { weights })
    }

    /// How well features fit, the larger the better. Exact, so the same on all machines.
    pub(super) fn score(self, features: &[u32]) -> i32 {
        features.iter().map(|&feature| i32::from(self.weights[slot(feature)].cast_signed())).sum()
    }
}

/// Bytes of a model with these weights, one for each slot.
pub(super) fn write(weights: &[f32]) -> Vec<u8> {
    assert_eq!(weights.len(), SLOTS, "one weight for each slot");
    let byte = |weight: &f32| ((weight / LARGEST).clamp(-1.0, 1.0) * 127.0).round() as i8;
    MAGIC.iter().copied().chain(weights.iter().map(|weight| byte(weight).cast_unsigned())).collect()
}
