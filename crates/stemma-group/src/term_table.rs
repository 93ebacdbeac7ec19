//! Terms to ids and back, with a count for each.
//!
//! A hash table with open addressing for one use: all terms of a report are looked up at once, in a table that is far larger than the
//! caches of a processor, so that each look-up waits for memory three times (slot, entry, text; see [`crate::ahead`]). Ids are small numbers; those of terms that are taken out are given anew.
//! Hashes are seeded anew in each table, so that nobody can make terms that all fall into one place; they decide no id and no order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::ahead::read_ahead;

/// Slots of an empty table.
const FIRST_SLOTS: usize = 1 << 10;
/// Marks a slot that holds nothing.
const FREE: u32 = u32::MAX;

/// Terms, each with an id and a count.
#[derive(Clone, Debug)]
pub(crate) struct TermTable {
    /// Hash and id, at the hash or in one of the next places; a power of two of them.
    slots: Vec<(u32, u32)>,
    /// By id.
    entries: Vec<Entry>,
    /// Ids that are free; the least is given next.
    free: BinaryHeap<Reverse<u32>>,
    seed: RandomState,
}

#[derive(Clone, Debug)]
struct Entry {
    /// Empty where the id is free.
    term: Box<str>,
    hash: u32,
    count: u32,
}

impl Default for TermTable {
    fn default() -> Self {
        Self {
            slots: vec![(0, FREE); FIRST_SLOTS],
            entries: Vec::new(),
            free: BinaryHeap::new(),
            seed: RandomState::new(),
        }
    }
}

impl TermTable {
    /// The terms in order of id, with their counts; an empty term stands for a free id, and the least of these is given first.
    pub(crate) fn restore<'a>(counts: impl Iterator<Item = (&'a str, u32)>) -> Self {
        let mut table = Self::default();
        for (id, (term, count)) in (0..).zip(counts) {
            let hash = table.hash(term);
            table.entries.push(Entry { term: term.into(), hash, count });
            if term.is_empty() {
                table.free.push(Reverse(id));
            } else {
                table.enter(hash, id);
            }
        }
        table
    }

    /// Adds `count` to that of each term; one that is new gets an id. Gives the ids.
    pub(crate) fn add_all<'a>(
        &mut self,
        terms: impl Iterator<Item = &'a str> + Clone,
        count: u32,
    ) -> Vec<u32> {
        let hashes: Vec<u32> = terms.clone().map(|term| self.hash(term)).collect();
        read_ahead(hashes.iter().map(|&hash| self.part_of(hash)));
        terms.zip(hashes).map(|(term, hash)| self.add(term, hash, count)).collect()
    }

    /// A part of what the term of `hash` will need.
    fn part_of(&self, hash: u32) -> u32 {
        let (other, id) = self.slots[self.place(hash)];
        let entry = if other == hash { self.entries.get(id as usize) } else { None };
        let first = entry.and_then(|entry| entry.term.as_bytes().first());
        first.map_or(0, |&first| u32::from(first))
    }

    fn add(&mut self, term: &str, hash: u32, count: u32) -> u32 {
        if let Some(id) = self.find(term, hash) {
            self.entries[id as usize].count += count;
            return id;
        }
        let entry = Entry { term: term.into(), hash, count };
        let id = if let Some(Reverse(id)) = self.free.pop() {
            self.entries[id as usize] = entry;
            id
        } else {
            self.entries.push(entry);
            u32::try_from(self.entries.len() - 1).expect("fewer than 2^32 different terms fit into memory")
        };
        self.enter(hash, id);
        id
    }

    /// The id of a term.
    pub(crate) fn id(&self, term: &str) -> Option<u32> {
        self.find(term, self.hash(term))
    }

    fn find(&self, term: &str, hash: u32) -> Option<u32> {
        let mut at = self.place(hash);
        while self.slots[at].1 != FREE {
            let (other, id) = self.slots[at];
            if other == hash && *self.entries[id as usize].term == *term {
                return Some(id);
            }
            at = self.after(at);
        }
        None
    }

    /// Puts an id that is in no slot into one.
    fn enter(&mut self, hash: u32, id: u32) {
        if self.len() + 1 > 3 * (self.slots.len() / 4) {
            let twice = vec![(0, FREE); 2 * self.slots.len()];
            let old = std::mem::replace(&mut self.slots, twice);
            old.into_iter().filter(|slot| slot.1 != FREE).for_each(|(hash, id)| self.fill(hash, id));
        }
        self.fill(hash, id);
    }

    fn fill(&mut self, hash: u32, id: u32) {
        let mut at = self.place(hash);
        while self.slots[at].1 != FREE {
            at = self.after(at);
        }
        self.slots[at] = (hash, id);
    }

    /// Takes a term out; its id may be given anew.
    pub(crate) fn remove(&mut self, id: u32) {
        let entry = &mut self.entries[id as usize];
        let mut gap = entry.hash as usize & (self.slots.len() - 1);
        (entry.term, entry.count) = (Box::default(), 0);
        while self.slots[gap].1 != id {
            gap = self.after(gap);
        }
        // What follows moves up, if it may stand there: then each is still found from its place on without a gap.
        let mut at = self.after(gap);
        while self.slots[at].1 != FREE {
            let distance = |to: usize| to.wrapping_sub(self.place(self.slots[at].0)) & (self.slots.len() - 1);
            if distance(gap) <= distance(at) {
                self.slots[gap] = self.slots[at];
                gap = at;
            }
            at = self.after(at);
        }
        self.slots[gap] = (0, FREE);
        self.free.push(Reverse(id));
    }

    fn hash(&self, term: &str) -> u32 {
        self.seed.hash_one(term) as u32
    }

    fn place(&self, hash: u32) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.slots.len() - 1)
    }

    /// The term of `id`, which is one of this table's.
    pub(crate) fn term(&self, id: u32) -> &str {
        &self.entries[id as usize].term
    }

    /// The count of `id`, which is one of this table's.
    pub(crate) fn count(&self, id: u32) -> u32 {
        self.entries[id as usize].count
    }

    /// Adds to the counts of `ids`, which are this table's.
    pub(crate) fn add_to(&mut self, ids: &[u32], counts: &[u32]) {
        for (&id, count) in ids.iter().zip(counts) {
            self.entries[id as usize].count += count;
        }
    }

    /// The counts in order of id.
    pub(crate) fn counts_mut(&mut self) -> impl Iterator<Item = &mut u32> {
        self.entries.iter_mut().map(|entry| &mut entry.count)
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    /// Terms with their counts, in order of id; empty where the id is free.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, u32)> {
        self.entries.iter().map(|entry| (&*entry.term, entry.count))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_knows_what_a_map_knows(steps in prop::collection::vec((0_u32..3000, any::<bool>()), 0..6000)) {
            let (mut table, mut map) = (TermTable::default(), BTreeMap::<String, u32>::new());
            for (number, out) in steps {
                let term = format!("term {number}");
                if out {
                    prop_assert_eq!(table.id(&term).is_some(), map.remove(&term).is_some());
                    if let Some(id) = table.id(&term) {
                        table.remove(id);
                    }
                } else {
                    table.add_all(std::iter::once(term.as_str()), 1);
                    *map.entry(term).or_default() += 1;
                }
            }
            let known: BTreeMap<String, u32> =
                table.iter().filter(|(term, _)| !term.is_empty()).map(|(term, count)| (term.to_owned(), count)).collect();
            prop_assert_eq!(known, map.clone());
            prop_assert!(map.keys().all(|term| table.id(term).is_some_and(|id| table.term(id) == term)));
        }
    }

    #[test]
    fn the_least_free_id_is_given_next() {
        let mut table = TermTable::restore([("flood", 5), ("", 0), ("orla", 2)].into_iter());
        table.remove(2);
        assert_eq!(table.add_all(["dam", "flood", "thorn", "brevik"].into_iter(), 1), [1, 0, 2, 3]);
        assert_eq!(table.count(0), 6);
    }
}
