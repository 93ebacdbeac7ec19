//! By what near-duplicates are folded when they are found together.
//!
//! In: a text. Out: [`N_KEYS`] keys; two texts are folded if they share one at the same place. A key is a hash of
//! [`N_MINIMA`] minima of the text's shingles of [`SHINGLE_WORDS`] words, each minimum under a hash of its own, so texts of
//! resemblance r share one with probability 1 - (1 - r³)⁴: 0.99 at 0.9, 0.81 at 0.7, 0.03 at 0.2 (Broder 1997; banding:
//! Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3). Time: linear in the words that are looked at.

/// Keys of a text.
const N_KEYS: usize = 4;
/// Minima in one key.
const N_MINIMA: usize = 3;
/// Words of a shingle.
const SHINGLE_WORDS: usize = 4;
/// Words of a text that are looked at: a copy that was cut at its end is found by its start.
const MAX_WORDS: usize = 400;

/// The keys of one text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Folds([u32; N_KEYS]);

impl Folds {
    /// The keys of `text`; `None` if it has no word.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let words: Vec<u64> = words(text).take(MAX_WORDS).collect();
        let mut minima = [u64::MAX; N_KEYS * N_MINIMA];
        for shingle in words.windows(SHINGLE_WORDS.min(words.len()).max(1)) {
            let hash =
                shingle.iter().fold(words.len().min(SHINGLE_WORDS) as u64, |hash, &word| mix(hash ^ word));
            for (n, minimum) in minima.iter_mut().enumerate() {
                // Odd multipliers permute, so each place orders the shingles in its own way.
                *minimum = (*minimum).min(mix(hash.wrapping_mul(2 * n as u64 + 1)));
            }
        }
        let key = |n: usize| {
            let of_key = &minima[n * N_MINIMA..(n + 1) * N_MINIMA];
            (of_key.iter().fold(n as u64, |hash, &minimum| mix(hash ^ minimum)) >> 32) as u32
        };
        (!words.is_empty()).then(|| Self(std::array::from_fn(key)))
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        self.0.iter().flat_map(|key| key.to_le_bytes()).collect()
    }

    /// `None` for bytes of another length.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let keys =
            bytes.chunks_exact(4).map(|key| u32::from_le_bytes(key.try_into().expect("chunks of four")));
        let keys: Vec<u32> = keys.collect();
        (bytes.len() == 4 * N_KEYS).then(|| Self(std::array::from_fn(|n| keys[n])))
    }

    /// The keys, with their places.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (usize, u32)> {
        self.0.into_iter().enumerate()
    }
}

/// Hashes of the words in lower case; what is not letter or digit divides.
fn words(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        // FNV-1a over code points.
        let fold = |hash: u64, c: char| (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0000_0100_0000_01b3);
        mix(word.chars().flat_map(char::to_lowercase).fold(0xcbf2_9ce4_8422_2325, fold))
    })
}

/// A bijection that mixes well (the finalizer of SplitMix64).
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: &str = "Fourteen people were hurt when the ferry Estrela struck a pier in Almara on Sunday, the port authority said. \
        The ferry was carrying 212 passengers, and the pier will stay closed for two weeks. Divers searched the hull overnight for two \
        people who were missing, and found nobody. The company has run the line since 1987 without an accident of this kind.";
    const OTHER: &str = "At least 41 people were injured on Saturday when a bus left the road near Lom, according to Radio Norte. \
        The driver was taken to a hospital. The road was closed for six hours, and police asked for witnesses. It is the third accident \
        there this year, and the mayor has asked for a fence since the first of them.";

    fn meet(a: &str, b: &str) -> bool {
        let (a, b) = (Folds::of(a).unwrap(), Folds::of(b).unwrap());
        a.keys().any(|key| b.keys().any(|other| other == key))
    }

    #[test]
    fn copies_meet_and_others_do_not() {
        assert!(meet(WIRE, &WIRE.to_uppercase().replace(", ", " — ")));
        assert!(meet(WIRE, &WIRE.replace("on Sunday", "on Sunday evening")));
        assert!(!meet(WIRE, OTHER));
        assert!(meet("Yes.", "yes"));
        assert!(!meet("Yes.", "No."));
        assert_eq!(Folds::of(" — "), None);
    }

    #[test]
    fn keys_come_back_from_bytes() {
        let folds = Folds::of(WIRE).unwrap();
        assert_eq!(Folds::of_bytes(&folds.to_bytes()), Some(folds));
        assert_eq!(Folds::of_bytes(&[0; 15]), None);
    }
}
