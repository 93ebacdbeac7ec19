//! The trained tagger: spans and kinds of names from hashed features and learned weights.
//!
//! A linear model over the features of `features`, greedy from left to right, in two passes: the second sees what the first
//! found for the same words elsewhere in the document. The rules' tags are among the features. Learned by `training`.
//!
//! The model is a hash table per pass, read in place, so that loading costs nothing. A feature's number is the top 22 bits of
//! its hash. A table has 2^17 slots; the number's top 17 bits name the slot where the search starts, and the search goes on to
//! the next slots up to an empty one. First stand the keys of all slots (16 bits, little-endian: the number's low 15 bits plus 1, 0 for empty), then
//! [`TAGS`] signed bytes for each slot. A byte is the root of a weight with the weight's sign.

use super::features::{Features, features, history};
use super::tags::{TAGS, Tag};
use super::units::Reading;

/// Opens every model file: format and version.
const MAGIC: &[u8; 8] = b"STMNAME1";

/// Bits of a feature's number.
pub(super) const FEATURE_BITS: u32 = 22;

/// Bits of a slot's number.
const SLOT_BITS: u32 = 17;
const SLOTS: usize = 1 << SLOT_BITS;

/// Features that a table may hold: above this the searches grow long.
pub(super) const MAX_FEATURES: usize = SLOTS / 10 * 9;

/// Bytes of a table.
const TABLE: usize = SLOTS * (2 + TAGS);

/// The number of a feature.
pub(super) fn number(feature: u32) -> u32 {
    feature >> (32 - FEATURE_BITS)
}

fn slot(number: u32) -> usize {
    (number >> (FEATURE_BITS - SLOT_BITS)) as usize
}

fn key(number: u32) -> u16 {
    (number & 0x7fff) as u16 + 1
}

/// Learned weights, read in place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tagger {
    passes: &'static [u8],
}

impl Tagger {
    /// The model in `bytes`: eight bytes of magic, then the tables. `None` if it is no model of this version.
    pub(super) fn read(bytes: &'static [u8]) -> Option<Self> {
        let passes = bytes.strip_prefix(MAGIC)?;
        (!passes.is_empty() && passes.len() % TABLE == 0).then_some(Self { passes })
    }

    /// One tag for each unit, made from the rules' tags.
    pub(super) fn tag(self, reading: &Reading, rules: &[Tag]) -> Vec<Tag> {
        let mut earlier: Option<Vec<Tag>> = None;
        for table in self.passes.chunks_exact(TABLE) {
            let features = features(reading, rules, earlier.as_deref());
            let score = |feature: u32, scores: &mut [i32; TAGS]| {
                let Some(row) = row(table, number(feature)) else { return };
                for (sum, &weight) in scores.iter_mut().zip(row) {
                    let root = i32::from(weight.cast_signed());
                    *sum += root * root.abs();
                }
            };
            earlier = Some(decode(&features, score));
        }
        earlier.unwrap_or_else(|| rules.to_vec())
    }
}

/// The weights of a feature in a table.
fn row(table: &[u8], number: u32) -> Option<&[u8]> {
    let (keys, rows) = table.split_at(2 * SLOTS);
    let wanted = key(number);
    let mut at = slot(number);
    loop {
        match u16::from_le_bytes([keys[2 * at], keys[2 * at + 1]]) {
            0 => return None,
            found if found == wanted => return Some(&rows[at * TAGS..(at + 1) * TAGS]),
            _ => at = (at + 1) % SLOTS, // ends at an empty slot: a tenth of all slots is empty
        }
    }
}

/// Bytes of a model with the given rows for each pass: number of the feature and weights.
/// Each pass has at most [`MAX_FEATURES`] rows of different numbers.
pub(super) fn write(passes: &[Vec<(u32, [i8; TAGS])>]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for rows in passes {
        assert!(rows.len() <= MAX_FEATURES, "a table has room for fewer features");
        let mut keys = vec![0_u16; SLOTS];
        let mut weights = vec![0_u8; SLOTS * TAGS];
        for &(number, row) in rows {
            let mut at = slot(number);
            while keys[at] != 0 {
                at = (at + 1) % SLOTS;
            }
            keys[at] = key(number);
            for (byte, weight) in weights[at * TAGS..].iter_mut().zip(row) {
                *byte = weight.cast_unsigned();
            }
        }
        bytes.extend(keys.iter().flat_map(|key| key.to_le_bytes()));
        bytes.extend(weights);
    }
    bytes
}

/// Greedy tagging with any scorer.
pub(super) fn decode<N: Default + Copy + PartialOrd>(
    features: &Features,
    mut score: impl FnMut(u32, &mut [N; TAGS]),
) -> Vec<Tag> {
    let mut state = State::new(features);
    let mut tags = Vec::with_capacity(features.len());
    for at in 0..features.len() {
        if !features.active[at] {
            state.pass(features, at);
            tags.push(Tag::OUTSIDE);
            continue;
        }
        let mut scores = [N::default(); TAGS];
        features.of(at).iter().for_each(|&feature| score(feature, &mut scores));
        state.history(features, at).iter().for_each(|&feature| score(feature, &mut scores));
        let tag = state.best(&scores);
        state.take(features, at, tag);
        tags.push(tag);
    }
    tags
}

/// What the tagger remembers on its way through a document.
pub(super) struct State {
    before: [Tag; 2],
    /// How each word was tagged last.
    memory: Vec<Option<Tag>>,
    history: Vec<u32>,
}

impl State {
    pub(super) fn new(features: &Features) -> Self {
        let most = features.words.iter().copied().max().unwrap_or(0) as usize;
        Self { before: [Tag::OUTSIDE; 2], memory: vec![None; most + 1], history: Vec::new() }
    }

    /// Goes on over a unit that is in no name.
    pub(super) fn pass(&mut self, features: &Features, at: usize) {
        self.start(features, at);
        self.before = [Tag::OUTSIDE, self.before[0]];
    }

    fn start(&mut self, features: &Features, at: usize) {
        if features.first[at] {
            self.before = [Tag::OUTSIDE; 2];
        }
    }

    /// Features of the way up to `at`.
    pub(super) fn history(&mut self, features: &Features, at: usize) -> &[u32] {
        self.start(features, at);
        let memory = self.memory[features.words[at] as usize];
        history(features.of(at), self.before, memory, &mut self.history);
        &self.history
    }

    /// True if `tag` may come next.
    pub(super) fn allows(&self, tag: Tag) -> bool {
        tag.may_follow(self.before[0])
    }

    /// The best tag that may come next; the lowest of equals.
    pub(super) fn best<N: Copy + PartialOrd>(&self, scores: &[N; TAGS]) -> Tag {
        let mut best = Tag::OUTSIDE;
        for tag in Tag::all().filter(|tag| tag.may_follow(self.before[0])) {
            if scores[usize::from(tag.0)] > scores[usize::from(best.0)] {
                best = tag;
            }
        }
        best
    }

    /// Goes on with `tag` at `at`.
    pub(super) fn take(&mut self, features: &Features, at: usize, tag: Tag) {
        self.before = [tag, self.before[0]];
        if features.words[at] > 0 {
            self.memory[features.words[at] as usize] = Some(tag);
        }
    }
}
