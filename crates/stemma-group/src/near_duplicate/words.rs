//! Words as numbers, and shingles of them.
//!
//! In: a document, or words. Out: one `u64` for each word of body and headlines, in text order, and one `u32` for each run of
//! [`SHINGLE_LEN`] of them. The same on every machine and in every version of the program: sketches are stored.
//! A word is hashed in lower case and Unicode form NFKC, with the straight apostrophe. Time: linear.
//!
//! The hash multiplies 64 by 64 bits and folds the product (the method of wyhash, Wang Yi 2019); a shingle is a weighted sum of
//! its words' hashes (multilinear hashing: Carter and Wegman 1979) and mixed at the end. None of it is meant to withstand
//! somebody who looks for collisions.

use stemma_core::{Document, Segment, SegmentKind, Span};
use unicode_normalization::UnicodeNormalization;

/// Length of a shingle, in words.
pub const SHINGLE_LEN: usize = 5;

/// The words of what a document tells, hashed: body and headlines in the text, without captions, credits, datelines and
/// furniture.
pub(crate) fn told_words(document: &Document) -> Vec<u64> {
    told_segments(document).flat_map(|segment| words(document.slice(segment.span))).map(hash_word).collect()
}

fn told_segments(document: &Document) -> impl Iterator<Item = &Segment> {
    let told = |kind| matches!(kind, SegmentKind::Body | SegmentKind::Title);
    document.layers().segments.items().iter().filter(move |segment| told(segment.kind))
}

/// The words of [`told_words`], and where each of them stands.
pub(crate) struct ToldWords {
    pub(crate) words: Vec<u64>,
    pub(crate) spans: Vec<Span>,
}

impl ToldWords {
    pub(crate) fn of(document: &Document) -> Self {
        let (mut hashes, mut spans) = (Vec::new(), Vec::new());
        for segment in told_segments(document) {
            let text = document.slice(segment.span);
            for word in words(text) {
                let start = segment.span.start() + (word.as_ptr() as usize - text.as_ptr() as usize);
                hashes.push(hash_word(word));
                spans.push(Span::new(start, start + word.len()));
            }
        }
        Self { words: hashes, spans }
    }

    /// Its shingles, in order.
    pub(crate) fn shingles(&self) -> impl Iterator<Item = u32> {
        shingles(&self.words).into_iter()
    }

    /// For every word, whether it stands in a shingle for which `is_of` holds.
    pub(crate) fn held(&self, is_of: impl Fn(u32) -> bool) -> Vec<bool> {
        let mut held = vec![false; self.words.len()];
        for (at, _) in self.shingles().enumerate().filter(|&(_, shingle)| is_of(shingle)) {
            let end = (at + SHINGLE_LEN).min(held.len());
            held[at..end].fill(true);
        }
        held
    }
}

/// Runs of letters and digits, apostrophes inside them included. A hyphen and a full stop part two words, as outlets do
/// not agree on them.
#[inline]
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !IS_LETTER[usize::from(bytes[at])] {
            match step(text, at) {
                Step::Letter(_) => break,
                Step::Mark(n) => at += n,
            }
        }
        let start = at;
        loop {
            while at < bytes.len() && IS_LETTER[usize::from(bytes[at])] {
                at += 1;
            }
            if at == bytes.len() || bytes[at] == b' ' {
                break;
            }
            match step(text, at) {
                Step::Letter(n) => at += n,
                Step::Mark(n) if at > start && is_joined(text, at, n) => at += n,
                Step::Mark(_) => break,
            }
        }
        (at > start).then(|| &text[start..at])
    })
}

/// What stands somewhere in a text, and how many bytes it takes.
enum Step {
    Letter(usize),
    Mark(usize),
}

/// ASCII letters, digits and the underscore, by byte.
static IS_LETTER: [bool; 256] = {
    let mut is_letter = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        is_letter[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    is_letter
};

/// What stands at `at`, which is in the text.
#[inline]
fn step(text: &str, at: usize) -> Step {
    let byte = text.as_bytes()[at];
    if byte.is_ascii() {
        return if IS_LETTER[usize::from(byte)] { Step::Letter(1) } else { Step::Mark(1) };
    }
    match text[at..].chars().next() {
        Some(c) if c.is_alphanumeric() => Step::Letter(c.len_utf8()),
        other => Step::Mark(other.map_or(1, char::len_utf8)),
    }
}

/// True if the mark of `n` bytes at `at` is an apostrophe with a letter after it.
fn is_joined(text: &str, at: usize, n: usize) -> bool {
    let after = at + n;
    matches!(&text[at..after], "'" | "’")
        && after < text.len()
        && matches!(step(text, after), Step::Letter(_))
}

/// The shingles of `words` in order; of fewer than [`SHINGLE_LEN`] words the whole.
pub(crate) fn shingles(words: &[u64]) -> Vec<u32> {
    let weigh = |shingle: &[u64]| {
        shingle.iter().zip(WEIGHTS).fold(0_u64, |sum, (&word, by)| sum.wrapping_add(word.wrapping_mul(by)))
    };
    match words {
        [] => Vec::new(),
        short if short.len() < SHINGLE_LEN => vec![to_shingle(weigh(short))],
        _ => words.array_windows().map(|shingle: &[u64; SHINGLE_LEN]| to_shingle(weigh(shingle))).collect(),
    }
}

/// 32 bits of a hash, as sketches keep them.
#[inline]
fn to_shingle(hash: u64) -> u32 {
    let hash = (hash ^ hash >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (hash >> 32) as u32
}

/// Odd numbers without a pattern: the fractional parts of the square roots of 2, 3, 5, 7 and 11.
const WEIGHTS: [u64; SHINGLE_LEN] = [
    0x6A09_E667_F3BC_C909,
    0xBB67_AE85_84CA_A73B,
    0x3C6E_F372_FE94_F82B,
    0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1,
];

/// A word in lower case and form NFKC, hashed.
#[inline]
pub(crate) fn hash_word(word: &str) -> u64 {
    if word.is_ascii() {
        return fold_bytes::<true>(word.as_bytes());
    }
    let plain: String =
        word.nfkc().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }).nfkc().collect();
    fold_bytes::<false>(plain.as_bytes())
}

/// Hash of a shingle that is given as text, as it is. Other than those that Stemma makes of words.
#[inline]
pub fn hash_shingle(shingle: &str) -> u32 {
    to_shingle(fold_bytes::<false>(shingle.as_bytes()))
}

/// Hash of bytes, of ASCII letters in lower case if `LOWER`.
#[inline]
fn fold_bytes<const LOWER: bool>(bytes: &[u8]) -> u64 {
    let plain = |word: u64| if LOWER { to_lower(word) } else { word };
    let mut hash = WEIGHTS[0] ^ bytes.len() as u64;
    let (pairs, _) = bytes.as_chunks::<16>();
    for pair in pairs {
        let (a, b) = halves(pair);
        hash = fold(plain(a) ^ WEIGHTS[1] ^ hash, plain(b) ^ WEIGHTS[2]);
    }
    let (a, b) = ends(bytes);
    fold(plain(a) ^ WEIGHTS[3] ^ hash, plain(b) ^ WEIGHTS[4])
}

#[inline]
fn halves(bytes: &[u8; 16]) -> (u64, u64) {
    let both = u128::from_le_bytes(*bytes);
    (both as u64, (both >> 64) as u64)
}

/// The last 16 bytes, or all if there are fewer. Some are read twice rather than copied: that takes no loop.
#[inline]
fn ends(bytes: &[u8]) -> (u64, u64) {
    if let Some(last) = bytes.last_chunk::<16>() {
        halves(last)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
    } else if let [first, .., last] = bytes {
        // Two or three bytes: the middle one stands at n / 2.
        (u64::from(*first) | u64::from(bytes[bytes.len() / 2]) << 8, u64::from(*last))
    } else {
        (bytes.first().map_or(0, |byte| u64::from(*byte)), 0)
    }
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// Eight ASCII characters at once: adds 32 to those from A to Z.
#[inline]
fn to_lower(word: u64) -> u64 {
    const ALL: u64 = 0x0101_0101_0101_0101;
    let from_a = word + ALL * (0x80 - b'A' as u64);
    let over_z = word + ALL * (0x7F - b'Z' as u64);
    word + ((from_a & !over_z & (ALL * 0x80)) >> 2)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn case_form_and_apostrophe_do_not_matter_and_letters_do() {
        for (a, b) in [
            ("Élan", "e\u{301}lan"),
            ("don’t", "DON'T"),
            ("ﬁne", "Fine"),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"),
        ] {
            assert_eq!(hash_word(a), hash_word(b), "{a} {b}");
        }
        for (a, b) in [("elan", "élan"), ("ab", "ba"), ("a", "a\0"), ("@[", "`{"), ("1", "2")] {
            assert_ne!(hash_word(a), hash_word(b), "{a} {b}");
        }
        assert_eq!(hash_shingle("Élan 12"), hash_shingle("Élan 12"));
        assert_ne!(hash_shingle("Rain"), hash_shingle("rain"));
    }

    #[test]
    fn a_hyphen_parts_words_and_an_apostrophe_does_not() {
        let found: Vec<&str> = words("The ship’s U.N. flag, 'tis hard-won ’ at $1,200—or more'").collect();
        assert_eq!(
            found,
            ["The", "ship’s", "U", "N", "flag", "tis", "hard", "won", "at", "1", "200", "or", "more"]
        );
        assert_eq!(words("— ’").count(), 0);
    }

    #[test]
    fn hashes_stay_as_they_are_because_sketches_are_stored() {
        assert_eq!(hash_shingle("rain stopped play"), 3559424194);
        let words = ["rain", "stopped", "play", "at", "the", "oval"].map(hash_word);
        assert_eq!(shingles(&words), [4061158392, 2996322999]);
    }

    #[test]
    fn shingles_of_few_words_do_not_collide() {
        let words: Vec<u64> = (0..40_000).map(|n: u32| hash_word(&n.to_string())).collect();
        let all = shingles(&words);
        let distinct: BTreeSet<u32> = all.iter().copied().collect();
        assert!(all.len() - distinct.len() <= 2, "0.2 are expected of 40,000 in 2^32");
        let below = all.iter().filter(|&&hash| hash < 1 << 28).count() as f64;
        assert!((below / 2500.0 - 1.0).abs() < 0.1, "a sixteenth lies below 2^28: {below}");
    }
}
