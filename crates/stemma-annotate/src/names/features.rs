//! What the tagger sees of a unit: hashed features.
//!
//! A feature is a template with values, hashed to 32 bits (FNV-1a). Most depend on the text alone and are made once for each
//! unit; the rest depend on the tags before it. The tags that the rules gave are features too, so that the tagger learns
//! where to trust them.

use rustc_hash::FxHashMap;
use std::ops::Range;

use super::lexicon::Traits;
use super::tags::Tag;
use super::units::{Reading, Shape, Unit};

/// Lists of hashed features, one for each unit.
#[derive(Debug, Default)]
pub(super) struct Lists {
    all: Vec<u32>,
    ends: Vec<usize>,
}

impl Lists {
    /// Features of unit `at`.
    pub(super) fn of(&self, at: usize) -> &[u32] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.all[start..self.ends[at]]
    }

    /// Puts what `replace` gives in the place of each feature; leaves out those for which it gives nothing.
    pub(super) fn replace(&mut self, replace: impl Fn(u32) -> Option<u32>) {
        let mut all = Vec::with_capacity(self.all.len());
        let mut start = 0;
        for end in &mut self.ends {
            all.extend(self.all[start..*end].iter().filter_map(|&feature| replace(feature)));
            start = *end;
            *end = all.len();
        }
        self.all = all;
    }

    /// All features of all units.
    pub(super) fn all(&self) -> &[u32] {
        &self.all
    }
}

/// Features of a unit that also count together with the tag before, by their places among the features: the word, the words
/// before and after it, the shapes of these three, and the rules' tags for the word and for these three.
const SEEDS_AT: [usize; SEEDS] = [0, 4, 6, 15, 16, 17];
const SEEDS: usize = 6;

/// What the tagger sees of all units.
#[derive(Debug, Default)]
pub(super) struct Features {
    pub(super) lists: Lists,
    seeds: Vec<[u32; SEEDS]>,
    /// A number for each unit's folded word, so that a document can remember how a word was tagged; 0: not remembered.
    pub(super) words: Vec<u32>,
    /// First unit of a run: no tag goes on from the unit before.
    pub(super) first: Vec<bool>,
    /// A name may begin or go on here; elsewhere the tag is "outside" and there are no features.
    pub(super) active: Vec<bool>,
}

impl Features {
    /// Number of units.
    pub(super) fn len(&self) -> usize {
        self.first.len()
    }
}

/// One feature in the making.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Hash {
    fn template(number: u8) -> Self {
        Self(0x811c_9dc5).byte(number)
    }

    fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }

    /// With the hash of a word.
    fn word(self, word: u32) -> Self {
        Self((self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b1))
    }

    fn text(self, text: &str) -> Self {
        text.bytes().fold(self, Self::byte)
    }

    fn done(self) -> u32 {
        // FNV mixes its low bits badly; multiplications and shifts spread them.
        let mixed = self.0 ^ (self.0 >> 15);
        let mixed = mixed.wrapping_mul(0x2c1b_3c6d);
        let mixed = (mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39);
        mixed ^ (mixed >> 15)
    }
}

/// Stands for the word beyond an end of the run.
const NO_WORD: u32 = 1;

/// Features that depend on the text and on the tags of the rules.
pub(super) fn features(reading: &Reading, rules: &[Tag]) -> Features {
    let mut features = Features { words: number_words(reading), ..Features::default() };
    let hashes: Vec<u32> =
        reading.units.iter().map(|unit| Hash(0x811c_9dc5).text(&unit.folded).done()).collect();
    let document = Document::new(reading, rules, &features.words);
    let mut at_run = 0;
    for at in 0..reading.units.len() {
        while reading.runs[at_run].units.end <= at {
            at_run += 1;
        }
        let run = &reading.runs[at_run];
        features.first.push(at == run.units.start);
        let window = Window { reading, range: run.units.clone(), rules, hashes: &hashes };
        let active = window.is_active(at);
        features.active.push(active);
        let mut seeds = [0; SEEDS];
        if active {
            let out = &mut features.lists.all;
            let first = out.len();
            window.add(at, run.headline, out);
            seeds = SEEDS_AT.map(|n| out[first + n]);
            window.add_document(at, features.words[at], &document, out);
        }
        features.seeds.push(seeds);
        features.lists.ends.push(features.lists.all.len());
    }
    features
}

/// A number for each different capitalised word, from 1.
fn number_words(reading: &Reading) -> Vec<u32> {
    let mut known = FxHashMap::default();
    let number = |unit: &Unit| {
        if !unit.is_capitalized() {
            return 0;
        }
        let next = known.len() as u32 + 1;
        let key: String = unit.folded.chars().filter(|c| c.is_alphanumeric()).collect();
        *known.entry(key).or_insert(next)
    };
    reading.units.iter().map(number).collect()
}

/// Places of one word that its other places look at.
const PLACES: usize = 5;

/// What the document shows of each capitalised word, by its number.
struct Document {
    /// The first places where it stands.
    places: Vec<Vec<usize>>,
    /// The longest row of capitals in which it stands.
    longest: Vec<Range<usize>>,
    /// For an acronym, the name that it stands for by its initials.
    long_forms: FxHashMap<String, Range<usize>>,
}

impl Document {
    fn new(reading: &Reading, rules: &[Tag], words: &[u32]) -> Self {
        let most = words.iter().copied().max().unwrap_or(0) as usize;
        let mut places = vec![Vec::new(); most + 1];
        let mut longest = vec![0..0; most + 1];
        for run in reading.runs.iter().filter(|run| !run.headline) {
            let mut start = run.units.start;
            while start < run.units.end {
                let row = (start..run.units.end).take_while(|&at| reading.units[at].is_capitalized());
                let end = start + row.count();
                for (at, &word) in words.iter().enumerate().take(end).skip(start) {
                    let word = word as usize;
                    if places[word].len() < PLACES {
                        places[word].push(at);
                    }
                    let known = &mut longest[word];
                    if end - start > known.len() && end - start <= 8 {
                        *known = start..end;
                    }
                }
                start = end + 1;
            }
        }
        Self { places, longest, long_forms: long_forms(reading, rules) }
    }
}

/// The first name of several words for each row of initials.
fn long_forms(reading: &Reading, rules: &[Tag]) -> FxHashMap<String, Range<usize>> {
    let mut forms = FxHashMap::default();
    for name in super::tags::ranges_of(rules) {
        let initials: String = reading.units[name.clone()]
            .iter()
            .filter(|unit| unit.is_capitalized())
            .filter_map(|unit| unit.folded.chars().next())
            .collect();
        if initials.chars().nth(1).is_some() {
            forms.entry(initials).or_insert(name);
        }
    }
    forms
}

/// The units that one unit's features may look at.
struct Window<'a> {
    reading: &'a Reading,
    range: Range<usize>,
    rules: &'a [Tag],
    hashes: &'a [u32],
}

impl Window<'_> {
    fn unit(&self, at: usize, offset: isize) -> Option<&Unit> {
        let at = at.checked_add_signed(offset).filter(|at| self.range.contains(at))?;
        Some(&self.reading.units[at])
    }

    fn word(&self, at: usize, offset: isize) -> u32 {
        let at = at.checked_add_signed(offset).filter(|at| self.range.contains(at));
        at.map_or(NO_WORD, |at| self.hashes[at])
    }

    fn shape(&self, at: usize, offset: isize) -> u8 {
        self.unit(at, offset).map_or(99, |unit| unit.shape as u8)
    }

    fn rule(&self, at: usize, offset: isize) -> u8 {
        let at = at.checked_add_signed(offset).filter(|at| self.range.contains(at));
        at.map_or(99, |at| self.rules[at].0)
    }

    /// Capitals, what the rules took for a name, and what stands between capitals.
    fn is_active(&self, at: usize) -> bool {
        let capital = |offset: isize| self.unit(at, offset).is_some_and(Unit::is_capitalized);
        let between = || (capital(-1) || capital(-2)) && (1..=3).any(capital);
        let unit = &self.reading.units[at];
        unit.is_capitalized()
            || self.rules[at] != Tag::OUTSIDE
            || unit.traits.any(Traits::ANY_GROUP)
            || capital(-1)
            || between()
    }

    fn add(&self, at: usize, headline: bool, out: &mut Vec<u32>) {
        let unit = &self.reading.units[at];
        let open = u8::from(unit.opens) + 2 * u8::from(headline);
        out.push(Hash::template(1).word(self.hashes[at]).done());
        out.push(Hash::template(2).word(self.hashes[at]).byte(unit.shape as u8).done());
        for (n, offset) in [-2, -1, 1, 2].into_iter().enumerate() {
            out.push(Hash::template(3 + n as u8).word(self.word(at, offset)).done());
            out.push(Hash::template(8 + n as u8).byte(self.shape(at, offset)).byte(unit.shape as u8).done());
        }
        out.push(Hash::template(12).word(self.word(at, -1)).word(self.hashes[at]).done());
        out.push(Hash::template(13).word(self.hashes[at]).word(self.word(at, 1)).done());
        out.push(
            Hash::template(14).word(self.word(at, -1)).word(self.word(at, 1)).byte(unit.shape as u8).done(),
        );
        out.push(
            Hash::template(15).word(self.word(at, -2)).word(self.word(at, -1)).byte(unit.shape as u8).done(),
        );
        out.push(Hash::template(16).byte(unit.shape as u8).byte(open).done());
        let shapes = [-1, 0, 1].map(|offset| self.shape(at, offset));
        out.push(shapes.iter().fold(Hash::template(17), |hash, &shape| hash.byte(shape)).byte(open).done());
        self.add_rules(at, unit, open, out);
        self.add_letters(unit, out);
        self.add_traits(at, unit, out);
        self.add_uses(unit, open, out);
    }

    fn add_letters(&self, unit: &Unit, out: &mut Vec<u32>) {
        if matches!(unit.shape, Shape::Symbol | Shape::Quote | Shape::Possessive | Shape::Number) {
            return;
        }
        let word = &unit.folded;
        let ends: Vec<usize> = word.char_indices().map(|(at, c)| at + c.len_utf8()).take(4).collect();
        for (n, &end) in ends.iter().enumerate() {
            out.push(Hash::template(20 + n as u8).text(&word[..end]).byte(unit.shape as u8).done());
        }
        let starts: Vec<usize> = word.char_indices().rev().map(|(at, _)| at).take(4).collect();
        for (n, &start) in starts.iter().enumerate() {
            out.push(Hash::template(25 + n as u8).text(&word[start..]).byte(unit.shape as u8).done());
        }
        let length = word.chars().count().min(12) as u8;
        let hyphen = u8::from(word.contains('-')) + 2 * u8::from(word.contains('.'));
        out.push(Hash::template(30).byte(length).byte(unit.shape as u8).byte(hyphen).done());
    }

    fn add_rules(&self, at: usize, unit: &Unit, open: u8, out: &mut Vec<u32>) {
        let rule = self.rule(at, 0);
        let (before, after) = (self.rule(at, -1), self.rule(at, 1));
        out.push(Hash::template(40).byte(rule).done());
        out.push(Hash::template(41).byte(before).byte(rule).byte(after).done());
        out.push(Hash::template(42).byte(rule).byte(unit.shape as u8).byte(open).done());
        out.push(Hash::template(43).byte(rule).word(self.word(at, -1)).done());
        out.push(Hash::template(44).byte(rule).word(self.word(at, 1)).done());
        out.push(Hash::template(45).byte(rule).word(self.hashes[at]).done());
        out.push(Hash::template(46).byte(rule).byte(after).byte(self.rule(at, 2)).done());
        out.push(Hash::template(47).byte(rule).byte(before).byte(self.rule(at, -2)).done());
        if let Some(word) = self.after_name(at) {
            out.push(Hash::template(48).byte(rule).word(word).done());
        }
        if let Some(word) = self.before_name(at) {
            out.push(Hash::template(49).byte(rule).word(word).done());
        }
    }

    /// The first word after the capitals that the unit stands in.
    fn after_name(&self, at: usize) -> Option<u32> {
        let end = (at..self.range.end.min(at + 8)).find(|&n| !self.reading.units[n].is_capitalized())?;
        (end > at).then(|| self.hashes[end])
    }

    /// The last word before the capitals that the unit stands in.
    fn before_name(&self, at: usize) -> Option<u32> {
        let limit = self.range.start.max(at.saturating_sub(8));
        let start = (limit..=at).rev().find(|&n| !self.reading.units[n].is_capitalized())?;
        (start < at).then(|| self.hashes[start])
    }

    fn add_traits(&self, at: usize, unit: &Unit, out: &mut Vec<u32>) {
        let capital = u8::from(unit.is_capitalized());
        for n in unit.traits.numbers() {
            out.push(Hash::template(60).byte(n).byte(capital).done());
            out.push(Hash::template(61).byte(n).byte(self.shape(at, 1)).byte(capital).done());
            out.push(Hash::template(62).byte(n).byte(self.rule(at, 0)).done());
        }
        for (template, offset) in [(63, -1), (64, 1), (65, 2), (66, -2)] {
            if let Some(other) = self.unit(at, offset) {
                let strong = other.traits.without(Traits::COMMON);
                for n in strong.numbers() {
                    out.push(Hash::template(template).byte(n).byte(unit.shape as u8).done());
                }
            }
        }
        let names = |traits: Traits| {
            u8::from(traits.any(Traits::GIVEN))
                + 2 * u8::from(traits.any(Traits::FAMILY))
                + 4 * u8::from(traits.any(Traits::COMMON))
                + 8 * u8::from(traits.any(Traits::ANY_TOWN | Traits::PLACE | Traits::COUNTRY))
                + 16 * u8::from(traits.any(Traits::ORGANIZATION_HEAD))
                + 32 * u8::from(traits.any(Traits::TITLE))
        };
        let [a, b, c] = [-1, 0, 1].map(|offset| self.unit(at, offset).map_or(255, |unit| names(unit.traits)));
        out.push(Hash::template(67).byte(a).byte(b).byte(self.shape(at, -1)).byte(self.shape(at, 0)).done());
        out.push(Hash::template(68).byte(b).byte(c).byte(self.shape(at, 0)).byte(self.shape(at, 1)).done());
    }

    fn add_uses(&self, unit: &Unit, open: u8, out: &mut Vec<u32>) {
        let uses = self.reading.uses(&unit.folded);
        let bucket = |n: u32| n.min(3) as u8;
        out.push(
            Hash::template(70)
                .byte(bucket(uses.lower))
                .byte(bucket(uses.capital))
                .byte(open)
                .byte(unit.shape as u8)
                .done(),
        );
    }
}

impl Window<'_> {
    /// What the document shows elsewhere of the word, and of the row of capitals in which it stands.
    fn add_document(&self, at: usize, word: u32, document: &Document, out: &mut Vec<u32>) {
        let unit = &self.reading.units[at];
        if !unit.is_capitalized() {
            return;
        }
        let units = &self.reading.units;
        let start = (self.range.start.max(at.saturating_sub(8))..at)
            .rev()
            .take_while(|&n| units[n].is_capitalized())
            .last()
            .unwrap_or(at);
        let end =
            (at..self.range.end.min(at + 8)).take_while(|&n| units[n].is_capitalized()).last().unwrap_or(at)
                + 1;
        let place = |row: &Range<usize>, at: usize| {
            (at - row.start).min(3) as u8 * 16 + (row.end - 1 - at).min(3) as u8
        };
        let here = place(&(start..end), at);
        if end - start > 1 {
            out.push(Hash::template(81).word(self.hashes[end - 1]).byte(here).done());
            out.push(Hash::template(82).word(self.hashes[start]).byte(here).done());
        }
        out.push(Hash::template(83).byte(here).byte(unit.shape as u8).byte(self.rule(at, 0)).done());
        let all = units[start..end].iter().fold(Traits::NONE, |all, unit| all | unit.traits);
        for n in all.without(Traits::COMMON).numbers() {
            out.push(Hash::template(84).byte(n).byte(here).done());
        }
        for n in units[end - 1].traits.without(Traits::COMMON).numbers() {
            out.push(Hash::template(88).byte(n).byte(here).done());
        }
        let first = out.len();
        for &other in document.places[word as usize].iter().filter(|&&other| other != at) {
            let before = other.checked_sub(1).map_or(NO_WORD, |n| self.hashes[n]);
            let after = self.hashes.get(other + 1).copied().unwrap_or(NO_WORD);
            for feature in [Hash::template(75).word(before).done(), Hash::template(76).word(after).done()] {
                if !out[first..].contains(&feature) {
                    out.push(feature);
                }
            }
        }
        let longest = &document.longest[word as usize];
        if longest.len() > end - start {
            let at = longest.clone().find(|&n| self.hashes[n] == self.hashes[at]).unwrap_or(longest.start);
            let there = place(longest, at);
            out.push(Hash::template(77).byte(there).byte(here).done());
            out.push(Hash::template(78).word(self.hashes[longest.end - 1]).byte(there).done());
            out.push(Hash::template(79).word(self.hashes[longest.start]).byte(there).done());
            out.push(Hash::template(80).byte(self.rules[at].0).byte(there).byte(here).done());
        }
        if unit.shape == Shape::Upper
            && let Some(long) = document.long_forms.get(&unit.folded)
        {
            out.push(Hash::template(85).byte(self.rules[long.start].0).done());
            out.push(Hash::template(86).word(self.hashes[long.end - 1]).done());
            out.push(Hash::template(87).word(self.hashes[long.start]).done());
        }
    }
}

/// Features that depend on the two tags before and on how the document's last unit of the same word was tagged.
pub(super) fn history(
    features: &Features,
    at: usize,
    before: [Tag; 2],
    memory: Option<Tag>,
    out: &mut Vec<u32>,
) {
    let [first, second] = before;
    out.clear();
    out.push(Hash::template(100).byte(first.0).done());
    out.push(Hash::template(101).byte(first.0).byte(second.0).done());
    let remembered = memory.map_or(98, |tag| tag.0);
    out.push(Hash::template(102).byte(remembered).done());
    out.push(Hash::template(103).byte(remembered).byte(first.0).done());
    for (n, &seed) in features.seeds[at].iter().enumerate() {
        out.push(Hash(seed).byte(110 + n as u8).byte(first.0).done());
    }
}
