//! How long to wait before trying again.

use std::time::Duration;

/// Doublings after which a waiting time grows no more.
const MAX_DOUBLINGS: u32 = 16;

/// `base`, doubled for every failure after the first, at most `most`, then shortened by up to a half: many clients that
/// were turned away at once do not come back at once. `failures` counts from 1.
pub(crate) fn backoff(base: Duration, failures: u32, most: Duration, seed: u64, key: &str) -> Duration {
    let doubled = base.saturating_mul(1 << failures.saturating_sub(1).min(MAX_DOUBLINGS)).min(most);
    doubled.mul_f64(0.5 + share(seed, key, failures) / 2.0)
}

/// A number in `0.0..1.0` that follows from its arguments: FNV-1a, stirred by the finalizer of SplitMix64.
pub(crate) fn share(seed: u64, key: &str, n: u32) -> f64 {
    let mut hash = seed ^ 0xCBF2_9CE4_8422_2325;
    for byte in key.bytes().chain(n.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((hash ^ (hash >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn waits_grow_up_to_a_bound() {
        let (base, most) = (Duration::from_secs(2), Duration::from_secs(60));
        for (failures, full) in [(1, 2.0), (2, 4.0), (3, 8.0), (6, 60.0), (4_000_000_000, 60.0)] {
            let wait = backoff(base, failures, most, 7, "example.org").as_secs_f64();
            assert!((full / 2.0..=full).contains(&wait), "{failures}: {wait}");
        }
    }

    #[test]
    fn jitter_follows_from_seed_and_key() {
        let wait = |seed, key| backoff(Duration::from_secs(2), 1, Duration::MAX, seed, key);
        assert_eq!(wait(1, "a"), wait(1, "a"));
        assert_ne!(wait(1, "a"), wait(2, "a"));
        assert_ne!(wait(1, "a"), wait(1, "b"));
    }

    proptest! {
        #[test]
        fn shares_are_below_one(seed: u64, key: String, n: u32) {
            prop_assert!((0.0..1.0).contains(&share(seed, &key, n)));
        }
    }
}
