//! Finds the sketches that share something with a given one, without comparing all.
//!
//! Of every sketch some hashes are indexed: the [`INDEXED`] least ones and all below [`INDEXED_FRACTION`], at most
//! [`MOST_INDEXED`]. A report of 450 words has 28 of them, 11 bytes each. Twice as many are looked up, which costs time and no
//! memory. Because the least hashes of all texts are drawn by one rule, two texts that share shingles share some of these. Two of
//! 200 words that have half of their shingles in common share none once in 10⁵ times; of a text of 100 words whose half stands in
//! one of 1,000 words nothing is found once in 20 times if the short one comes later, and once in 400 times if it came first.
//!
//! The table is cut into generations of [`MOST_SLOTS`] slots (128 MB, some 400,000 reports), each with open addressing and linear
//! probing, so that the oldest can be dropped as a whole and growing never copies more than one. Of one hash a generation
//! keeps the [`MOST_HOLDERS`] latest holders: a sentence that stands on every page costs no more than others.

use super::sketch::Sketch;

/// Hashes indexed of any sketch that has so many.
const INDEXED: usize = 24;
/// Hashes below this are indexed, too: a sixteenth of all.
const INDEXED_FRACTION: u32 = 1 << 28;
/// Hashes indexed at most.
const MOST_INDEXED: usize = 128;
/// Hashes looked up of any sketch, and below which all are, and at most.
const LOOKED_UP: (usize, u32, usize) = (2 * INDEXED, 2 * INDEXED_FRACTION, 2 * MOST_INDEXED);
/// Hashes looked up where half of all must be the same.
const COPY_HASHES: usize = 24;
/// Hashes indexed of a sketch of which only such copies are looked for.
const COPY_INDEXED: usize = 16;
/// Slots of a full generation, 8 bytes each.
const MOST_SLOTS: usize = 1 << 24;
/// Slots of a new one.
const FIRST_SLOTS: usize = 1 << 10;
/// Latest holders that a generation keeps of one hash.
const MOST_HOLDERS: usize = 16;
/// Marks a slot that holds nothing.
const FREE: u32 = u32::MAX;

/// An index of sketches by key.
#[derive(Clone, Debug, Default)]
pub struct SketchIndex {
    /// Oldest first.
    generations: Vec<Generation>,
}

#[derive(Clone, Debug)]
struct Generation {
    /// Hash and key; a power of two of them.
    slots: Vec<(u32, u32)>,
    n_used: usize,
    /// First and latest key.
    first: u32,
    latest: u32,
}

impl SketchIndex {
    /// Adds a sketch under `key`. Keys are added in rising order, below `u32::MAX`.
    pub fn insert(&mut self, key: u32, sketch: &Sketch) {
        self.insert_hashes(key, indexed(sketch));
    }

    /// Adds a sketch that only [`Self::copies`] is to find: fewer of its hashes are enough.
    pub(crate) fn insert_copy(&mut self, key: u32, sketch: &Sketch) {
        self.insert_hashes(key, sketch.prefix(COPY_INDEXED, 0, COPY_INDEXED));
    }

    fn insert_hashes(&mut self, key: u32, hashes: &[u32]) {
        let full = |generation: &Generation| generation.n_used + hashes.len() > 3 * (MOST_SLOTS / 4);
        if self.generations.last().is_none_or(full) {
            self.begin(key);
        }
        if let Some(generation) = self.generations.last_mut() {
            generation.latest = key;
            hashes.iter().for_each(|&hash| generation.insert(hash, key));
        }
    }

    /// Begins a generation with `key`.
    fn begin(&mut self, key: u32) {
        let slots = vec![(0, FREE); FIRST_SLOTS];
        self.generations.push(Generation { slots, n_used: 0, first: key, latest: key });
    }

    /// The first key of each generation.
    pub(crate) fn beginnings(&self) -> Vec<u32> {
        self.generations.iter().map(|generation| generation.first).collect()
    }

    /// An index for copies of the same generations, as far as `sketches` has any, which come in rising order of key.
    pub(crate) fn restore<'a>(beginnings: &[u32], sketches: impl Iterator<Item = (u32, &'a Sketch)>) -> Self {
        let (mut index, mut beginnings) = (Self::default(), beginnings.iter().copied().peekable());
        for (key, sketch) in sketches {
            while let Some(first) = beginnings.next_if(|&first| first <= key) {
                index.begin(first);
            }
            index.insert_copy(key, sketch);
        }
        beginnings.for_each(|first| index.begin(first));
        index
    }

    /// The keys of the oldest generation, if there is a later one.
    pub(crate) fn oldest(&self) -> Option<std::ops::RangeInclusive<u32>> {
        let oldest = self.generations.first().filter(|_| self.generations.len() > 1)?;
        Some(oldest.first..=oldest.latest)
    }

    /// Keys that share an indexed hash with `sketch`, in rising order, each once; at most the `limit` latest of each hash.
    pub fn candidates(&self, sketch: &Sketch, limit: usize) -> Vec<u32> {
        let mut keys = self.holders(looked_up(sketch), limit, |_| true);
        keys.dedup();
        keys
    }

    /// Of the `limit` latest keys of each hash that are `alive`, the `most` that share the most hashes with `sketch`, of equals the
    /// latest. Looks for what has half of its shingles in common with `sketch` and more: such a one shares none of
    /// [`COPY_INDEXED`] hashes but once in 10⁵ times.
    pub(crate) fn copies(
        &self,
        sketch: &Sketch,
        limit: usize,
        most: usize,
        alive: impl Fn(u32) -> bool,
    ) -> Vec<u32> {
        most_frequent(&self.holders(sketch.prefix(COPY_HASHES, 0, COPY_HASHES), limit, alive), most)
    }

    /// Of the candidates the `most` that share the most hashes, of equals the latest.
    pub(super) fn most_common(&self, sketch: &Sketch, limit: usize, most: usize) -> Vec<u32> {
        most_frequent(&self.holders(looked_up(sketch), limit, |_| true), most)
    }

    /// Keys in rising order, as often as they share a hash.
    fn holders(&self, hashes: &[u32], limit: usize, alive: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        let mut n_held = vec![0; hashes.len()];
        let mut keys: Vec<u32> = Vec::new();
        for generation in self.generations.iter().rev() {
            // All first slots at once: each is somewhere else in memory, and so the processor need not wait for one
            // before it asks for the next.
            let left = (0..hashes.len()).filter(|&n| n_held[n] < limit);
            let firsts = left.map(|n| (n, generation.slots[generation.start(hashes[n])].1));
            let firsts: Vec<(usize, u32)> = firsts.collect();
            for (n, _) in firsts.into_iter().filter(|&(_, first)| first != FREE) {
                let holds = |slot: &(u32, u32)| slot.0 == hashes[n];
                keys.extend(generation.chain(hashes[n]).filter(holds).map(|slot| slot.1));
                keys.sort_unstable();
                let n_before = found.len();
                found.extend(keys.drain(..).rev().filter(|&key| alive(key)).take(limit - n_held[n]));
                n_held[n] += found.len() - n_before;
            }
        }
        found.sort_unstable();
        found
    }

    /// Drops generations all of whose keys are below `key`. Keys below it may stay until their generation goes.
    pub fn drop_before(&mut self, key: u32) {
        self.generations.retain(|generation| generation.latest >= key);
    }

    /// Memory of the tables.
    pub fn n_bytes(&self) -> usize {
        self.generations.iter().map(|generation| size_of_val(&generation.slots[..])).sum()
    }
}

/// Of sorted keys the `most` that stand there most often, of equals the latest.
fn most_frequent(keys: &[u32], most: usize) -> Vec<u32> {
    let mut counted: Vec<(usize, u32)> =
        keys.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
    if counted.len() > most {
        counted.sort_unstable_by(|a, b| b.cmp(a));
        counted.truncate(most);
    }
    counted.into_iter().map(|(_, key)| key).collect()
}

fn looked_up(sketch: &Sketch) -> &[u32] {
    let (n, fraction, most) = LOOKED_UP;
    sketch.prefix(n, fraction, most)
}

fn indexed(sketch: &Sketch) -> &[u32] {
    sketch.prefix(INDEXED, INDEXED_FRACTION, MOST_INDEXED)
}

impl Generation {
    fn insert(&mut self, hash: u32, key: u32) {
        if self.n_used + 1 > 3 * (self.slots.len() / 4) {
            self.grow();
        }
        let (mut n_held, mut oldest) = (0, None);
        let mut at = self.start(hash);
        while self.slots[at].1 != FREE {
            if self.slots[at].0 == hash {
                n_held += 1;
                let key = self.slots[at].1;
                if oldest.is_none_or(|(oldest, _)| key < oldest) {
                    oldest = Some((key, at));
                }
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        if n_held < MOST_HOLDERS {
            self.slots[at] = (hash, key);
            self.n_used += 1;
        } else if let Some((_, at)) = oldest {
            self.slots[at].1 = key;
        }
    }

    /// The slots from where `hash` begins to the next free one.
    fn chain(&self, hash: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let start = self.start(hash);
        let slots = self.slots[start..].iter().chain(&self.slots[..start]);
        slots.copied().take_while(|slot| slot.1 != FREE)
    }

    fn start(&self, hash: u32) -> usize {
        let spread = u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (spread >> 32) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let twice = vec![(0, FREE); 2 * self.slots.len()];
        let old = std::mem::replace(&mut self.slots, twice);
        for (hash, key) in old.into_iter().filter(|slot| slot.1 != FREE) {
            let mut at = self.start(hash);
            while self.slots[at].1 != FREE {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = (hash, key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::hash_word;
    use super::*;

    fn words(text: &str, n: std::ops::Range<usize>) -> Vec<u64> {
        n.map(|n| hash_word(&format!("{text}{n}"))).collect()
    }

    #[test]
    fn near_copies_are_candidates_and_others_are_not() {
        let mut index = SketchIndex::default();
        index.insert(0, &Sketch::of_words(&words("word", 0..400)).unwrap());
        index.insert(1, &Sketch::of_words(&words("other", 0..400)).unwrap());
        let trimmed = Sketch::of_words(&words("word", 20..400)).unwrap();
        assert_eq!(index.candidates(&trimmed, 8), [0]);
    }

    #[test]
    fn a_part_of_a_long_report_finds_it() {
        let mut index = SketchIndex::default();
        for n in 0..50 {
            index.insert(n, &Sketch::of_words(&words(&format!("t{n} "), 0..2000)).unwrap());
        }
        let found = (0..50).filter(|n| {
            let part = [words(&format!("t{n} "), 500..620), words(&format!("own{n}"), 0..80)].concat();
            index.candidates(&Sketch::of_words(&part).unwrap(), 8) == [*n]
        });
        assert_eq!(found.count(), 50);
    }

    #[test]
    fn of_a_text_on_every_page_the_latest_are_kept_and_the_table_grows() {
        let mut index = SketchIndex::default();
        let page = words("sign up for our newsletter ", 0..30);
        for n in 0..3000 {
            let text = [words(&format!("page{n} "), 0..40), page.clone()].concat();
            index.insert(n, &Sketch::of_words(&text).unwrap());
        }
        let alone = Sketch::of_words(&page).unwrap();
        let found = index.candidates(&alone, 8);
        assert!(found.len() >= 8 && found.len() < 200 && found.contains(&2999), "{found:?}");
        assert!(index.n_bytes() < 3000 * 16 * 22);
        let own = Sketch::of_words(&words("page17 ", 0..40)).unwrap();
        assert_eq!(index.candidates(&own, 8), [17]);
        index.drop_before(2999);
        assert!(!index.candidates(&own, 8).is_empty(), "its generation has later ones");
        index.drop_before(3000);
        assert!(index.candidates(&own, 8).is_empty());
    }

    #[test]
    fn the_oldest_generation_goes_alone_and_generations_are_restored() {
        let sketch = |n: u32| Sketch::of_words(&words(&format!("t{} ", n % 5), 0..60)).unwrap();
        let sketches: Vec<Sketch> = (0..10).map(sketch).collect();
        let all = || (0_u32..).zip(&sketches);
        let mut index = SketchIndex::restore(&[0, 5], all());
        assert_eq!((index.beginnings(), index.oldest()), (vec![0, 5], Some(0..=4)));
        assert_eq!(index.copies(&sketches[1], 4, 4, |_| true), [1, 6]);
        assert_eq!(index.copies(&sketches[1], 4, 4, |key| key != 6), [1]);
        index.drop_before(5);
        assert_eq!(index.copies(&sketches[1], 4, 4, |_| true), [6]);
        assert_eq!(index.oldest(), None, "the latest stays");
        assert_eq!(SketchIndex::restore(&[0, 5], all().filter(|sketch| sketch.0 > 6)).beginnings(), [0, 5]);
    }
}
