//! What the tagger sees of a word: hashes of its form, its ends, its shape, of the words around it and of the parts before it.
//!
//! A feature is a template with values, hashed to 64 bits. Everything is counted in `char`s, in lower case, with each digit as 0 and straight
//! quotation marks, so that "1994" and "2026" are one word.

use super::WINDOW;

/// Features of one word.
pub(super) const FEATURES: usize = 26;

/// Stands for the part before the first word.
pub(super) const NO_PART: u8 = u8::MAX;

/// Hashes of one word; zero where there is nothing, as in the words beside a run.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Word {
    whole: u64,
    /// The last one, two, three and four letters of a longer word.
    ends: [u64; 4],
    /// The first letter and the first three of a longer word.
    starts: [u64; 2],
    shape: u64,
}

impl Word {
    /// Reads a token. `first`: it opens its run; `caseless`: its capitals say nothing.
    pub(super) fn read(form: &str, first: bool, caseless: bool) -> Self {
        let mut word = Self::default();
        let mut shape = Shape::default();
        let mut last = ['\0'; 4]; // the latest first
        let mut length = 0;
        for c in form.chars() {
            shape.add(c, length);
            for c in fold(c) {
                word.whole = letter(word.whole, c);
                last = [c, last[0], last[1], last[2]];
                length += 1;
                match length {
                    1 => word.starts[0] = word.whole,
                    3 => word.starts[1] = word.whole,
                    _ => {}
                }
            }
        }
        let mut end = 1;
        for (n, c) in last.into_iter().enumerate().take(length.saturating_sub(1)) {
            end = letter(end, c);
            word.ends[n] = end;
        }
        for (start, least) in word.starts.iter_mut().zip([1, 3]) {
            *start *= u64::from(length > least);
        }
        word.shape = mix(shape.bits(first, caseless, length), 77);
        word
    }
}

/// The letter in lower case. A few capitals have two small letters.
fn fold(c: char) -> impl Iterator<Item = char> {
    let plain = match c {
        '0'..='9' => Some('0'),
        '’' | '‘' => Some('\''),
        '“' | '”' => Some('"'),
        c if c.is_ascii() => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    let lower = if plain.is_some() { None } else { Some(c.to_lowercase()) };
    plain.into_iter().chain(lower.into_iter().flatten())
}

/// How a word is written.
#[derive(Default)]
struct Shape {
    first_upper: bool,
    later_upper: bool,
    lower: bool,
    digit: bool,
    letter: bool,
    hyphen: bool,
    stop: bool,
}

impl Shape {
    fn add(&mut self, c: char, at: usize) {
        let upper = c.is_uppercase();
        self.first_upper |= upper && at == 0;
        self.later_upper |= upper && at > 0;
        self.lower |= c.is_lowercase();
        self.digit |= c.is_ascii_digit();
        self.letter |= c.is_alphabetic();
        self.hyphen |= c == '-';
        self.stop |= c == '.';
    }

    fn bits(&self, first: bool, caseless: bool, length: usize) -> u64 {
        let [first_upper, later_upper, lower] = if caseless {
            [false, false, self.letter]
        } else {
            [self.first_upper, self.later_upper, self.lower]
        };
        let [hyphen, stop] = [self.hyphen, self.stop].map(|inside| inside && length > 1);
        [first_upper, later_upper, lower, self.digit, self.letter, hyphen, stop, first, caseless]
            .into_iter()
            .fold(0, |bits, bit| 2 * bits + u64::from(bit))
    }
}

/// The features of the word in the middle of `window`, with the parts of the word before it and of the one before that.
pub(super) fn features(window: &[Word], before: [u8; 2]) -> [u64; FEATURES] {
    debug_assert_eq!(window.len(), WINDOW);
    let [a, b, c, d, e] = [&window[0], &window[1], &window[2], &window[3], &window[4]];
    let [part, earlier] = before.map(u64::from);
    let parts = mix(part, earlier);
    let mut all = [
        1,
        c.whole,
        c.ends[0],
        c.ends[1],
        c.ends[2],
        c.ends[3],
        c.starts[0],
        c.starts[1],
        c.shape,
        mix(c.shape, c.ends[2]),
        mix(c.shape, c.whole),
        part,
        parts,
        mix(part, c.whole),
        mix(part, c.ends[2]),
        b.whole,
        d.whole,
        a.whole,
        e.whole,
        b.ends[2],
        d.ends[2],
        mix(d.shape, c.shape),
        mix(b.shape, c.shape),
        mix(c.whole, d.whole),
        mix(parts, c.whole),
        mix(c.whole, d.ends[2]),
    ];
    for (template, feature) in all.iter_mut().enumerate() {
        *feature = mix(*feature, template as u64 + 11);
    }
    all
}

/// Adds a letter to a hash (FNV-1a over code points).
fn letter(hash: u64, c: char) -> u64 {
    let hash = (hash ^ u64::from(c)).wrapping_mul(0x0000_0100_0000_01b3);
    hash ^ (hash >> 29)
}

/// One hash of two; its high bits are the good ones.
fn mix(a: u64, b: u64) -> u64 {
    (a.rotate_left(23) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
