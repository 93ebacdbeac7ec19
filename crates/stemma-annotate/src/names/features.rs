//! What the tagger sees of a unit: hashed features.
//!
//! A feature is a template with values, hashed to 32 bits (FNV-1a). Most depend on the text alone and are made once for each
//! unit; the rest depend on the tags before it. The tags that the rules gave are features too, so that the tagger learns
//! where to trust them.

use super::lexicon::Traits;
use super::tags::Tag;
use super::units::{Reading, Shape, Unit};

/// Hashed features of all units, one after the other.
#[derive(Debug, Default)]
pub(super) struct Features {
    all: Vec<u32>,
    ends: Vec<usize>,
    /// A number for each unit's folded word, so that a document can remember how a word was tagged; 0: not remembered.
    pub(super) words: Vec<u32>,
    /// First unit of a run: no tag goes on from the unit before.
    pub(super) first: Vec<bool>,
    /// A name may begin or go on here; elsewhere the tag is "outside" and there are no features.
    pub(super) active: Vec<bool>,
}

impl Features {
    /// Features of unit `at`.
    pub(super) fn of(&self, at: usize) -> &[u32] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.all[start..self.ends[at]]
    }

    /// Leaves out the features for which `keep` is false.
    pub(super) fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let mut all = Vec::with_capacity(self.all.len());
        let mut start = 0;
        for end in &mut self.ends {
            all.extend(self.all[start..*end].iter().copied().filter(|&feature| keep(feature)));
            start = *end;
            *end = all.len();
        }
        self.all = all;
    }

    /// All features of all units.
    pub(super) fn all(&self) -> &[u32] {
        &self.all
    }

    /// Number of units.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
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

    fn text(self, text: &str) -> Self {
        text.bytes().fold(self, Self::byte).byte(0xff)
    }

    fn done(self) -> u32 {
        // FNV mixes its low bits badly; a multiplication and shift spread them.
        let mixed = self.0 ^ (self.0 >> 15);
        let mixed = mixed.wrapping_mul(0x2c1b_3c6d);
        mixed ^ (mixed >> 12)
    }
}

/// Features that depend on the text, on the tags of the rules, and on what an earlier pass found.
pub(super) fn features(reading: &Reading, rules: &[Tag], earlier: Option<&[Tag]>) -> Features {
    let mut features = Features::default();
    let numbers = number_words(reading);
    let majority = earlier.map(|tags| majorities(&numbers, tags));
    let mut at_run = 0;
    for at in 0..reading.units.len() {
        while reading.runs[at_run].units.end <= at {
            at_run += 1;
        }
        let run = &reading.runs[at_run];
        features.first.push(at == run.units.start);
        features.words.push(numbers[at]);
        let window = Window { reading, range: run.units.clone(), rules };
        let active = window.is_active(at);
        features.active.push(active);
        if active {
            window.add(at, run.headline, &mut features.all);
        }
        if let (true, Some(tags), Some(majority)) = (active, earlier, &majority) {
            add_earlier(at, tags, majority, &numbers, &run.units, &mut features.all);
        }
        features.ends.push(features.all.len());
    }
    features
}

/// A number for each different capitalised word, from 1.
fn number_words(reading: &Reading) -> Vec<u32> {
    let mut known = std::collections::HashMap::new();
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

/// For each word the class that an earlier pass gave it most often; `None`: outside.
fn majorities(numbers: &[u32], tags: &[Tag]) -> Vec<Option<usize>> {
    let most = numbers.iter().copied().max().unwrap_or(0) as usize;
    let mut counts = vec![[0_u32; super::tags::CLASSES + 1]; most + 1];
    for (&number, tag) in numbers.iter().zip(tags) {
        counts[number as usize][tag.class().map_or(0, |class| class + 1)] += 1;
    }
    let best = |counts: &[u32; super::tags::CLASSES + 1]| {
        let (n, _) = counts.iter().enumerate().max_by_key(|&(n, &count)| (count, std::cmp::Reverse(n)))?;
        n.checked_sub(1)
    };
    counts.iter().map(best).collect()
}

fn add_earlier(
    at: usize,
    tags: &[Tag],
    majority: &[Option<usize>],
    numbers: &[u32],
    run: &std::ops::Range<usize>,
    out: &mut Vec<u32>,
) {
    let tag = |n: usize| if run.contains(&n) { tags[n].0 } else { 63 };
    let most = |n: usize| {
        if !run.contains(&n) {
            return 63;
        }
        if numbers[n] == 0 { 62 } else { majority[numbers[n] as usize].map_or(61, |class| class as u8) }
    };
    out.push(Hash::template(200).byte(tag(at)).done());
    out.push(Hash::template(201).byte(most(at)).done());
    out.push(Hash::template(202).byte(tag(at)).byte(most(at)).done());
    out.push(Hash::template(203).byte(most(at.wrapping_sub(1))).byte(most(at)).byte(most(at + 1)).done());
    out.push(Hash::template(204).byte(tag(at.wrapping_sub(1))).byte(tag(at)).byte(tag(at + 1)).done());
    out.push(Hash::template(205).byte(most(at)).byte(most(at + 1)).done());
    out.push(Hash::template(206).byte(most(at.wrapping_sub(1))).byte(most(at)).done());
}

/// The units that one unit's features may look at.
struct Window<'a> {
    reading: &'a Reading,
    range: std::ops::Range<usize>,
    rules: &'a [Tag],
}

impl Window<'_> {
    fn unit(&self, at: usize, offset: isize) -> Option<&Unit> {
        let at = at.checked_add_signed(offset).filter(|at| self.range.contains(at))?;
        Some(&self.reading.units[at])
    }

    fn word(&self, at: usize, offset: isize) -> &str {
        self.unit(at, offset).map_or("\u{1}", |unit| &unit.folded)
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
        out.push(Hash::template(1).text(&unit.folded).done());
        out.push(Hash::template(2).text(&unit.folded).byte(unit.shape as u8).done());
        for (n, offset) in [-2, -1, 1, 2].into_iter().enumerate() {
            out.push(Hash::template(3 + n as u8).text(self.word(at, offset)).done());
            out.push(Hash::template(8 + n as u8).byte(self.shape(at, offset)).byte(unit.shape as u8).done());
        }
        out.push(Hash::template(12).text(self.word(at, -1)).text(&unit.folded).done());
        out.push(Hash::template(13).text(&unit.folded).text(self.word(at, 1)).done());
        out.push(
            Hash::template(14).text(self.word(at, -1)).text(self.word(at, 1)).byte(unit.shape as u8).done(),
        );
        out.push(
            Hash::template(15).text(self.word(at, -2)).text(self.word(at, -1)).byte(unit.shape as u8).done(),
        );
        out.push(Hash::template(16).byte(unit.shape as u8).byte(open).done());
        let shapes = [-1, 0, 1].map(|offset| self.shape(at, offset));
        out.push(shapes.iter().fold(Hash::template(17), |hash, &shape| hash.byte(shape)).byte(open).done());
        self.add_letters(unit, out);
        self.add_rules(at, unit, open, out);
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
        out.push(Hash::template(43).byte(rule).text(self.word(at, -1)).done());
        out.push(Hash::template(44).byte(rule).text(self.word(at, 1)).done());
        out.push(Hash::template(45).byte(rule).text(&unit.folded).done());
        out.push(Hash::template(46).byte(rule).byte(after).byte(self.rule(at, 2)).done());
        out.push(Hash::template(47).byte(rule).byte(before).byte(self.rule(at, -2)).done());
        if let Some(word) = self.after_name(at) {
            out.push(Hash::template(48).byte(rule).text(word).done());
        }
        if let Some(word) = self.before_name(at) {
            out.push(Hash::template(49).byte(rule).text(word).done());
        }
    }

    /// The first word after the capitals that the unit stands in.
    fn after_name(&self, at: usize) -> Option<&str> {
        let end = (at..self.range.end.min(at + 8)).find(|&n| !self.reading.units[n].is_capitalized())?;
        (end > at).then(|| self.reading.units[end].folded.as_str())
    }

    /// The last word before the capitals that the unit stands in.
    fn before_name(&self, at: usize) -> Option<&str> {
        let limit = self.range.start.max(at.saturating_sub(8));
        let start = (limit..=at).rev().find(|&n| !self.reading.units[n].is_capitalized())?;
        (start < at).then(|| self.reading.units[start].folded.as_str())
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

/// Features that depend on the two tags before and on how the document's last unit of the same word was tagged.
pub(super) fn history(unit: &[u32], before: [Tag; 2], memory: Option<Tag>, out: &mut Vec<u32>) {
    let [first, second] = before;
    out.clear();
    out.push(Hash::template(100).byte(first.0).done());
    out.push(Hash::template(101).byte(first.0).byte(second.0).done());
    let remembered = memory.map_or(98, |tag| tag.0);
    out.push(Hash::template(102).byte(remembered).done());
    out.push(Hash::template(103).byte(remembered).byte(first.0).done());
    // The word, the shape in its window, the rules' tags and the word after, each with the tag before.
    for (n, at) in [0_usize, 1, 4, 15, 16, 17].into_iter().enumerate() {
        if let Some(&feature) = unit.get(at) {
            let hash = Hash(feature).byte(110 + n as u8).byte(first.0);
            out.push(hash.done());
        }
    }
}
