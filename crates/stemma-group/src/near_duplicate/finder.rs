//! Finds the earlier reports that are one text with a new one, or versions of one report.
//!
//! [`Duplicates`] takes reports as they come; [`duplicates`] takes them all at once and does not depend on their order. What is
//! kept of a report is an [`Imprint`]: hashes of its text as it is and normalized, what it is known by, a sketch, and of the
//! latest the words, so that what is shared is counted and not estimated. Candidates come from the same hash, the same identity, or
//! the index of sketches. Memory: 900 bytes a report, and 4 bytes for each word of the latest ones. Time for a report: linear in
//! its words, and bounded for candidates.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rustc_hash::FxHashMap;
use stemma_core::{Document, ReportId};

use super::decision::{Duplicate, DuplicateOptions, Identity, Level, Relation};
use super::furniture::{MOST_REFERENCES, OUTLET_REPORTS, References};
use super::identity::{Mark, hash, marks, outlet_of, plain_words};
use super::index::SketchIndex;
use super::passages::counted_share;
use super::sketch::Sketch;
use super::words::told_words;

/// Latest reports of one text or one identity that are looked at.
const MOST_TWINS: usize = 32;
/// Latest holders of one indexed shingle that are looked at.
const MOST_HOLDERS: usize = 16;
/// Candidates from the index that are looked at closely, the most alike first.
const MOST_CANDIDATES: usize = 32;
/// Estimated share from which a candidate is looked at closely. Words in runs are a larger share than common shingles.
const LEAST_ESTIMATE: f64 = 0.2;

/// What is kept of a report to know its text again.
#[derive(Clone, Debug)]
pub(super) struct Imprint {
    pub(super) report: ReportId,
    /// Hash of the text as it is.
    text: u64,
    /// Hash of the normalized text; `None` if it has no words.
    plain: Option<u64>,
    marks: Box<[Mark]>,
    outlet: Option<u64>,
    pub(super) sketch: Option<Sketch>,
    n_words: u32,
    /// The words of body and headlines, hashed, while they are kept.
    pub(super) words: Option<Box<[u32]>>,
}

impl Imprint {
    fn of(document: &Document) -> Self {
        let report = document.report();
        let words = told_words(document);
        let plain = plain_words(report.text());
        Self {
            report: report.id(),
            text: hash(&[report.text()]),
            plain: (!plain.is_empty()).then(|| hash(&["text", &plain])),
            marks: marks(report).into(),
            outlet: outlet_of(report).map(|outlet| hash(&["outlet", &outlet])),
            sketch: Sketch::of_words(&words),
            n_words: u32::try_from(words.len()).unwrap_or(u32::MAX),
            words: Some(words.iter().map(|word| (word >> 32) as u32).collect()),
        }
    }

    /// What both are known by, the strongest first.
    pub(super) fn identity(&self, other: &Imprint) -> Option<Identity> {
        self.marks.iter().find(|mark| other.marks.contains(mark)).map(|mark| mark.identity)
    }

    /// True if both have an address, and not the same.
    fn is_elsewhere(&self, other: &Imprint) -> bool {
        let address =
            |imprint: &Imprint| imprint.marks.iter().find(|m| m.identity == Identity::Address).copied();
        address(self).zip(address(other)).is_some_and(|(a, b)| a != b)
    }
}

/// Keys by hash, the latest first.
#[derive(Clone, Debug, Default)]
struct Chains {
    latest: FxHashMap<u64, u32>,
    /// The link before, and the key.
    links: Vec<(Option<u32>, u32)>,
}

impl Chains {
    fn add(&mut self, hash: u64, key: u32) {
        let link = u32::try_from(self.links.len()).expect("fewer than 2^32 links fit into memory");
        let before = self.latest.insert(hash, link);
        self.links.push((before, key));
    }

    fn keys(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let first = self.latest.get(&hash).copied();
        let links = std::iter::successors(first, |&link| self.links[link as usize].0);
        links.map(|link| self.links[link as usize].1)
    }
}

/// Knows reports by their text, as they come in. Deterministic for a given order.
#[derive(Clone, Debug, Default)]
pub struct Duplicates {
    options: DuplicateOptions,
    /// In order of arrival; the first has the key `dropped`.
    imprints: VecDeque<Imprint>,
    dropped: u32,
    index: SketchIndex,
    chains: Chains,
    /// Reports dropped since the chains were made.
    n_stale: usize,
}

impl Duplicates {
    /// Knows no report yet.
    pub fn new(options: DuplicateOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// Reports that are known.
    pub fn len(&self) -> usize {
        self.imprints.len()
    }

    /// True if none is known.
    pub fn is_empty(&self) -> bool {
        self.imprints.is_empty()
    }

    /// The earlier reports that `document` is one text with, or a version of; the most alike first, equal ones the latest first.
    /// The report itself is known from then on. One that is known already has none, and nothing changes.
    pub fn add(&mut self, document: &Document) -> Vec<Duplicate> {
        let imprint = Imprint::of(document);
        if self.is_known(&imprint) {
            return Vec::new();
        }
        let keys = self.candidates(&imprint);
        let mut found: Vec<(u32, Duplicate)> = keys
            .into_iter()
            .filter_map(|key| Some((key, self.judge(&imprint, self.imprint(key)?)?)))
            .collect();
        found
            .sort_by(|(a, x), (b, y)| x.level.cmp(&y.level).then(y.share.total_cmp(&x.share)).then(b.cmp(a)));
        self.insert(imprint);
        found.into_iter().map(|(_, duplicate)| duplicate).collect()
    }

    fn is_known(&self, imprint: &Imprint) -> bool {
        let key = imprint.plain.unwrap_or(imprint.text);
        let same = |key| self.imprint(key).is_some_and(|other| other.report == imprint.report);
        self.chains.keys(key).take(MOST_TWINS).any(same)
    }

    fn imprint(&self, key: u32) -> Option<&Imprint> {
        self.imprints.get(key.checked_sub(self.dropped)? as usize)
    }

    fn insert(&mut self, imprint: Imprint) {
        let key = self.dropped + u32::try_from(self.imprints.len()).expect("fewer than 2^32 reports");
        self.link(&imprint, key);
        if let Some(sketch) = &imprint.sketch {
            self.index.insert(key, sketch);
        }
        self.imprints.push_back(imprint);
        let n = self.imprints.len();
        if let Some(old) = n.checked_sub(self.options.kept_texts + 1) {
            self.imprints[old].words = None;
        }
        if n > self.options.kept_reports {
            self.imprints.pop_front();
            self.dropped += 1;
            self.n_stale += 1;
            self.index.drop_before(self.dropped);
        }
        if self.n_stale > self.options.kept_reports / 2 {
            self.link_again();
        }
    }

    fn link(&mut self, imprint: &Imprint, key: u32) {
        self.chains.add(imprint.plain.unwrap_or(imprint.text), key);
        let hashes = imprint.marks.iter().map(|mark| mark.hash).chain(imprint.outlet);
        hashes.for_each(|hash| self.chains.add(hash, key));
    }

    fn link_again(&mut self) {
        self.chains = Chains::default();
        self.n_stale = 0;
        let imprints = std::mem::take(&mut self.imprints);
        for (key, imprint) in (self.dropped..).zip(&imprints) {
            self.link(imprint, key);
        }
        self.imprints = imprints;
    }

    /// Keys of the reports that are worth a closer look, in rising order.
    fn candidates(&self, imprint: &Imprint) -> BTreeSet<u32> {
        let mut keys = BTreeSet::new();
        if let Some(plain) = imprint.plain {
            keys.extend(self.chains.keys(plain).take(MOST_TWINS));
        }
        for mark in &imprint.marks {
            keys.extend(self.chains.keys(mark.hash).take(MOST_TWINS));
        }
        let Some(sketch) = &imprint.sketch else { return keys };
        let alike = |key: u32| {
            let share = self.imprint(key)?.sketch.as_ref()?.containment(sketch);
            (share >= LEAST_ESTIMATE).then_some((share, key))
        };
        let mut alike: Vec<(f64, u32)> =
            self.index.candidates(sketch, MOST_HOLDERS).into_iter().filter_map(alike).collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        keys.extend(alike.into_iter().take(MOST_CANDIDATES).map(|(_, key)| key));
        keys
    }

    /// What `other` is to `imprint`, if it is anything. Symmetric, but for the id of the report.
    fn judge(&self, imprint: &Imprint, other: &Imprint) -> Option<Duplicate> {
        if imprint.report == other.report {
            return None;
        }
        let identity = imprint.identity(other);
        let same_words = imprint.plain.is_some() && imprint.plain == other.plain;
        let found = self.shared(imprint, other, same_words && identity.is_some());
        let short =
            imprint.n_words.min(other.n_words) < u32::try_from(self.options.least_words).unwrap_or(u32::MAX);
        let near = found.share > self.options.share || found.resemblance >= self.options.resemblance;
        // Two pages with the same notice instead of a text are no duplicates.
        let notice = imprint.sketch.is_none() || (found.counted && found.furniture_words > 0 && !near);
        let notice = notice && identity.is_none();
        let level = if imprint.text == other.text && !notice {
            Level::Exact
        } else if same_words && !notice {
            Level::Normalized
        } else if near && !short {
            Level::Near
        } else {
            Level::Partial
        };
        let relation = self.relation(identity, imprint.is_elsewhere(other), level, found.share)?;
        Some(Duplicate { report: other.report, level, relation, identity, ..found })
    }

    /// What makes two reports of this `level` and `share` one report or one text; `elsewhere`: they have different addresses.
    fn relation(
        &self,
        identity: Option<Identity>,
        elsewhere: bool,
        level: Level,
        share: f64,
    ) -> Option<Relation> {
        // A headline may come back on another page, an address and an id may not.
        let identity =
            identity.filter(|identity| *identity != Identity::Headline || !elsewhere || level == Level::Near);
        match (identity, level) {
            (Some(_), Level::Exact | Level::Normalized) => Some(Relation::Same),
            (Some(_), _) if share >= self.options.version_share => Some(Relation::Version),
            (Some(_), _) | (None, Level::Partial) => None,
            (None, _) => Some(Relation::Republication),
        }
    }

    /// How much both share. What is decided from that is filled in later.
    fn shared(&self, imprint: &Imprint, other: &Imprint, certain: bool) -> Duplicate {
        let order = |imprint: &Imprint| (imprint.n_words, imprint.report);
        let (shorter, longer) =
            if order(imprint) <= order(other) { (imprint, other) } else { (other, imprint) };
        let blank = Duplicate {
            report: other.report,
            level: Level::Partial,
            relation: Relation::Republication,
            identity: None,
            share: 0.0,
            resemblance: 0.0,
            counted: true,
            furniture_words: 0,
        };
        if let (Some(a), Some(b)) = (&shorter.words, &longer.words) {
            let first = counted_share(a, b, &[]);
            // Furniture can only take away; where nothing hangs on it, it is not looked for.
            let idle = certain
                || (first.share < self.options.version_share && first.resemblance < self.options.resemblance);
            let counted = if idle {
                first
            } else {
                counted_share(a, b, &self.references(shorter, longer).furniture(shorter, longer))
            };
            let (share, resemblance) = (counted.share, counted.resemblance);
            return Duplicate { share, resemblance, furniture_words: counted.n_furniture, ..blank };
        }
        let (Some(a), Some(b)) = (&shorter.sketch, &longer.sketch) else { return blank };
        let (furniture, all) = self.references(shorter, longer).furniture_in_sketches(shorter, longer);
        let own = 1.0 - furniture as f64 / all.max(1) as f64;
        Duplicate { share: own * a.share_in(b), resemblance: own * a.resemblance(b), counted: false, ..blank }
    }

    /// The reports that may tell what of two texts is furniture.
    fn references(&self, shorter: &Imprint, longer: &Imprint) -> References<'_> {
        let other = |key: u32| {
            let found = self.imprint(key)?;
            (found.report != shorter.report && found.report != longer.report).then_some(found)
        };
        let latest = |outlet: Option<u64>| -> Vec<&Imprint> {
            let keys = outlet.into_iter().flat_map(|outlet| self.chains.keys(outlet));
            keys.filter_map(other).take(OUTLET_REPORTS).collect()
        };
        let second = longer.outlet.filter(|outlet| shorter.outlet != Some(*outlet));
        let outlets = [latest(shorter.outlet), latest(second)];
        let holders = shorter.sketch.as_ref().map(|sketch| self.index.candidates(sketch, MOST_HOLDERS));
        let holders = holders.unwrap_or_default().into_iter().rev().filter_map(other);
        let known = |found: &&Imprint| !outlets.iter().flatten().any(|other| other.report == found.report);
        let similar = holders.filter(known).take(MOST_REFERENCES).collect();
        References { similar, outlets }
    }
}

/// Two reports that are one text, or versions of one report, by their positions in the input.
#[derive(Clone, PartialEq, Debug)]
pub struct DuplicatePair {
    /// The one that was published first, as far as is known; else the one of the lower id.
    pub first: usize,
    /// The other.
    pub second: usize,
    /// What the first is to the second.
    pub found: Duplicate,
}

/// All duplicates among `documents`, in order of the ids of their reports. A report that is there twice counts once, and the order
/// of `documents` changes nothing.
pub fn duplicates(documents: &[Document], options: &DuplicateOptions) -> Vec<DuplicatePair> {
    let mut places: BTreeMap<ReportId, usize> = BTreeMap::new();
    for (n, document) in documents.iter().enumerate() {
        places.entry(document.report().id()).or_insert(n);
    }
    let all = documents.len();
    let options = DuplicateOptions { kept_texts: all, kept_reports: all.max(1), ..*options };
    let mut known = Duplicates::new(options);
    places.values().for_each(|&n| known.insert(Imprint::of(&documents[n])));
    let order: Vec<usize> = places.into_values().collect();
    let mut pairs: BTreeSet<(u32, u32)> = BTreeSet::new();
    for (key, imprint) in (0..).zip(&known.imprints) {
        let others = known.candidates(imprint).into_iter().filter(|&other| other != key);
        pairs.extend(others.map(|other| (key.min(other), key.max(other))));
    }
    let published = |n: usize| documents[n].published();
    pairs
        .into_iter()
        .filter_map(|(a, b)| {
            let (x, y) = (order[a as usize], order[b as usize]);
            let turned = published(y).zip(published(x)).is_some_and(|(y, x)| y.is_before(x));
            let (first, second) = if turned { (b, a) } else { (a, b) };
            let found = known.judge(known.imprint(second)?, known.imprint(first)?)?;
            Some(DuplicatePair { first: order[first as usize], second: order[second as usize], found })
        })
        .collect()
}

#[cfg(test)]
mod tests;
