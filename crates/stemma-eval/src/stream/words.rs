//! Invented words, and chance that follows from a seed.

/// A generator of pseudo-random numbers: SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let bits = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ bits >> 31
    }

    /// In `0.0..1.0`.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `n`, which is not 0.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// Below `n`, small numbers far more often: rank by the law of Zipf.
    pub(super) fn rank(&mut self, n: u64) -> u64 {
        ((n as f64).powf(self.unit()) as u64).clamp(1, n) - 1
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len() as u64) as usize]
    }
}

const ONSETS: [&str; 16] =
    ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "br", "st", "tr"];
const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ei", "ou"];
const CODAS: [&str; 8] = ["", "n", "r", "l", "s", "m", "t", "nd"];

/// The word of a number; different numbers below 2²⁰ give different words.
pub(super) fn word(number: u64) -> String {
    let mixed = number.wrapping_mul(0x9E_3779) & 0xF_FFFF;
    let mut word = String::new();
    for syllable in 0..2 {
        let bits = (mixed >> (10 * syllable)) as usize;
        word += ONSETS[bits & 15];
        word += VOWELS[bits >> 4 & 7];
        word += CODAS[bits >> 7 & 7];
    }
    word
}

/// A word that is a name.
pub(super) fn name(number: u64) -> String {
    let word = word(number);
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// An outlet's name.
pub(super) fn outlet(number: u64) -> String {
    const KINDS: [&str; 6] = ["Post", "Courier", "Ledger", "Times", "Echo", "Gazette"];
    format!("{} {}", name(900_000 + number / 6), KINDS[(number % 6) as usize])
}

/// FNV-1a.
pub(super) fn hash(word: &str) -> u64 {
    word.bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_can_be_spoken_and_hardly_repeat() {
        let words: BTreeSet<String> = (0..50_000).map(word).collect();
        assert!(words.len() > 49_000, "{}", words.len());
        assert!(words.iter().all(|word| word.len() >= 4 && word.len() <= 14));
        let mut random = Random::new(1);
        let ranks: Vec<u64> = (0..1000).map(|_| random.rank(5000)).collect();
        assert!(ranks.iter().filter(|&&rank| rank < 70).count() > 400);
        assert!(ranks.iter().all(|&rank| rank < 5000));
    }
}
