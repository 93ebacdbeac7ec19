//! The trained tagger: spans and kinds of names from hashed features and learned weights.
//!
//! A linear model over the features of `features`, greedy from left to right: it sees the tags that it gave before, and how it
//! tagged the last unit of the same word. The rules' tags are among the features. Learned by `training`.
//!
//! The model is a hash table, read in place, so that loading costs nothing. It has a power of two of slots; the top bits of a
//! feature name the slot where the search starts, and the search goes on to the next slots up to an empty one. First stand
//! the keys of all slots (16 bits, little-endian: the feature's low 16 bits, 1 in the place of 0; 0 for empty), then
//! [`TAGS`] signed bytes for each slot. A byte is the root of a weight with the weight's sign.

use super::features::{Features, features, history};
use super::tags::{TAGS, Tag};
use super::units::Reading;

/// Opens every model file: format and version.
const MAGIC: &[u8; 8] = b"STMNAME2";

/// Bits of a slot's number.
const SLOT_BITS: u32 = 18;

/// Features that a table may hold: above this the searches grow long.
pub(super) const MAX_FEATURES: usize = (1 << SLOT_BITS) / 4 * 3;

fn key(feature: u32) -> u16 {
    ((feature & 0xffff) as u16).max(1)
}

/// Learned weights, read in place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tagger {
    keys: &'static [u8],
    rows: &'static [u8],
    slot_bits: u32,
}

impl Tagger {
    /// The model in `bytes`: eight bytes of magic, then the table. `None` if it is no model of this version.
    pub(super) fn read(bytes: &'static [u8]) -> Option<Self> {
        let table = bytes.strip_prefix(MAGIC)?;
        let slots = table.len() / (2 + TAGS);
        let is_whole = slots.is_power_of_two() && slots > 1 && slots * (2 + TAGS) == table.len();
        let (keys, rows) = table.split_at_checked(2 * slots).filter(|_| is_whole)?;
        Some(Self { keys, rows, slot_bits: slots.trailing_zeros() })
    }

    /// One tag for each unit, made from the rules' tags.
    pub(super) fn tag(self, reading: &Reading, rules: &[Tag]) -> Vec<Tag> {
        let features = features(reading, rules);
        decode(&features, |at, history| {
            let mut scores = [0_i32; TAGS];
            for &feature in features.lists.of(at).iter().chain(history) {
                for (sum, &weight) in scores.iter_mut().zip(self.row(feature).unwrap_or_default()) {
                    let root = i32::from(weight.cast_signed());
                    *sum += root * root.abs();
                }
            }
            scores
        })
    }

    /// The weights of a feature.
    fn row(self, feature: u32) -> Option<&'static [u8]> {
        let slots = 1 << self.slot_bits;
        let wanted = key(feature);
        let mut at = (feature >> (32 - self.slot_bits)) as usize;
        for _ in 0..slots {
            match u16::from_le_bytes([self.keys[2 * at], self.keys[2 * at + 1]]) {
                0 => return None,
                found if found == wanted => return Some(&self.rows[at * TAGS..(at + 1) * TAGS]),
                _ => at = (at + 1) % slots,
            }
        }
        None
    }
}

/// Bytes of a model with the given rows: feature and weights. At most [`MAX_FEATURES`] rows of different features.
pub(super) fn write(rows: &[(u32, [i8; TAGS])]) -> Vec<u8> {
    assert!(rows.len() <= MAX_FEATURES, "a table has room for fewer features");
    let mut slot_bits = SLOT_BITS;
    while slot_bits > 1 && rows.len() <= (1 << (slot_bits - 1)) / 4 * 3 {
        slot_bits -= 1;
    }
    let slots = 1 << slot_bits;
    let mut keys = vec![0_u16; slots];
    let mut weights = vec![0_u8; slots * TAGS];
    for &(feature, row) in rows {
        let mut at = (feature >> (32 - slot_bits)) as usize;
        while keys[at] != 0 {
            at = (at + 1) % slots;
        }
        keys[at] = key(feature);
        for (byte, weight) in weights[at * TAGS..].iter_mut().zip(row) {
            *byte = weight.cast_unsigned();
        }
    }
    let mut bytes = MAGIC.to_vec();
    bytes.extend(keys.iter().flat_map(|key| key.to_le_bytes()));
    bytes.extend(weights);
    bytes
}

/// Greedy tagging with any scorer: of a unit's number and the features of the way up to it.
pub(super) fn decode<N: Default + Copy + PartialOrd>(
    features: &Features,
    mut score: impl FnMut(usize, &[u32]) -> [N; TAGS],
) -> Vec<Tag> {
    let mut state = State::new(features);
    let mut tags = Vec::with_capacity(features.len());
    for at in 0..features.len() {
        if !features.active[at] {
            state.pass(features, at);
            tags.push(Tag::OUTSIDE);
            continue;
        }
        let scores = score(at, state.history(features, at));
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
        history(features, at, self.before, memory, &mut self.history);
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
