//! Finds the earlier reports that are one text with a new one, or versions of one report.
//!
//! [`Duplicates`] takes reports as they come; [`duplicates`] takes them all at once and does not depend on their order. What is
//! kept of a report is an [`Imprint`]: hashes of its text as it is and normalized, what it is known by, a sketch, and of the
//! latest the words, so that what is shared is counted and not estimated. Candidates come from the same hash, the same identity, or
//! the index of sketches. Memory: 900 bytes a report, and 4 bytes for each word of the latest ones. Time for a report: linear in
//! its words, and bounded for candidates.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rustc_hash::FxHashMap;
use stemma_core::{Document, Published, ReportId};

use super::decision::{Duplicate, DuplicateOptions, Identity, Level};
use super::furniture::{Furniture, MOST_SIMILAR, OUTLET_REPORTS};
use super::identity::{Mark, hash, marks, outlet_hash, plain_words};
use super::index::SketchIndex;
use super::passages::{RUN, Runs};
use super::sketch::Sketch;
use super::words::{SHINGLE_LEN, told_words};

/// Latest reports of one text or one identity that are looked at.
const MOST_TWINS: usize = 32;
/// Latest holders of one indexed shingle that are looked at.
const MOST_HOLDERS: usize = 16;
/// Reports from the index of which the sketches are compared, those with the most indexed shingles in common first.
const MOST_COMPARED: usize = 128;
/// Candidates from the index that are looked at closely, the most alike first.
const MOST_CANDIDATES: usize = 32;
/// Estimated share from which a candidate is looked at closely. Words in runs are a larger share than common shingles.
const LEAST_ESTIMATE: f64 = 0.2;

/// What is kept of a report to know its text again.
#[derive(Clone, Debug)]
pub(crate) struct Imprint {
    pub(crate) report: ReportId,
    /// Hash of the text as it is.
    text: u64,
    /// Hash of the normalized text; `None` if it has no words.
    plain: Option<u64>,
    marks: Box<[Mark]>,
    /// Who published it.
    pub(crate) outlet: Option<u64>,
    pub(crate) sketch: Option<Sketch>,
    n_words: u32,
    /// The words of body and headlines, hashed, while they are kept.
    pub(super) words: Option<Box<[u32]>>,
}

impl Imprint {
    pub(crate) fn of(document: &Document) -> Self {
        let report = document.report();
        let words = told_words(document);
        let plain = plain_words(report.text());
        Self {
            report: report.id(),
            text: hash(&[report.text()]),
            plain: (!plain.is_empty()).then(|| hash(&["text", &plain])),
            marks: marks(report).into(),
            outlet: outlet_hash(report),
            sketch: Sketch::of_words(&words),
            n_words: u32::try_from(words.len()).unwrap_or(u32::MAX),
            words: Some(words.iter().map(|word| (word >> 32) as u32).collect()),
        }
    }

    /// The hashes of what it is known by.
    pub(crate) fn known_by(&self) -> Vec<u64> {
        self.marks.iter().map(|mark| mark.hash).collect()
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
        let look = Look::new(self, &imprint);
        let judge = |key: u32| Some((key, look.judge(self.imprint(key)?)?));
        let mut found: Vec<(u32, Duplicate)> =
            self.candidates(&imprint).into_iter().filter_map(judge).collect();
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
        let found = self.index.most_common(sketch, MOST_HOLDERS, MOST_COMPARED);
        let mut alike: Vec<(f64, u32)> = found.into_iter().filter_map(alike).collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        keys.extend(alike.into_iter().take(MOST_CANDIDATES).map(|(_, key)| key));
        keys
    }
}

/// A report that is compared with several others: what is needed for each is made once.
struct Look<'a> {
    known: &'a Duplicates,
    imprint: &'a Imprint,
    runs: OnceCell<Runs<'a>>,
    shingles: OnceCell<Runs<'a>>,
    furniture: OnceCell<Furniture<'a>>,
}

/// How much two reports share.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    share: f64,
    resemblance: f64,
    furniture_words: usize,
    counted: bool,
}

impl<'a> Look<'a> {
    fn new(known: &'a Duplicates, imprint: &'a Imprint) -> Self {
        Self { known, imprint, runs: OnceCell::new(), shingles: OnceCell::new(), furniture: OnceCell::new() }
    }

    /// What `other` is to the report, if it is anything.
    fn judge(&self, other: &Imprint) -> Option<Duplicate> {
        let (imprint, options) = (self.imprint, &self.known.options);
        if imprint.report == other.report {
            return None;
        }
        let identity = imprint.identity(other);
        let same_words = imprint.plain.is_some() && imprint.plain == other.plain;
        let found = self.shared(other, identity, same_words);
        let near = options.is_near(found.share, found.resemblance);
        // Two pages with the same notice instead of a text are no duplicates.
        let notice = imprint.sketch.is_none() || (found.counted && found.furniture_words > 0 && !near);
        let notice = notice && identity.is_none();
        let n_words = imprint.n_words.min(other.n_words) as usize;
        let level = if imprint.text == other.text && !notice {
            Level::Exact
        } else if same_words && !notice {
            Level::Normalized
        } else if near && n_words >= options.least_words {
            Level::Near
        } else {
            Level::Partial
        };
        let relation = options.relation(identity, imprint.is_elsewhere(other), level, found.share)?;
        let Shared { share, resemblance, furniture_words, counted } = found;
        let report = other.report;
        Some(Duplicate { report, level, relation, identity, share, resemblance, counted, furniture_words })
    }

    fn shared(&self, other: &Imprint, identity: Option<Identity>, same_words: bool) -> Shared {
        let (Some(words), Some(others)) = (self.imprint.words.as_deref(), other.words.as_deref()) else {
            return self.estimated(other);
        };
        let runs = self.runs.get_or_init(|| Runs::new(words, RUN));
        let common = runs.in_other(others);
        let n_common = common.iter().filter(|common| **common).count();
        let order = |imprint: &Imprint| (imprint.n_words, imprint.report);
        let share = if order(self.imprint) <= order(other) {
            n_common as f64 / words.len().max(1) as f64
        } else {
            runs.n_words_of(others) as f64 / others.len().max(1) as f64
        };
        let shingles = self.shingles.get_or_init(|| Runs::new(words, SHINGLE_LEN));
        let resemblance = shingles.resemblance(others, &[]);
        let options = &self.known.options;
        // Furniture can only take away, so it is not looked for where there is nothing to lose.
        let open = match identity {
            None => same_words || options.is_near(share, resemblance),
            Some(_) => !same_words && share >= options.version_share,
        };
        let furniture = if open { self.furniture().words(words.len(), other) } else { Vec::new() };
        if furniture.is_empty() {
            return Shared { share, resemblance, furniture_words: 0, counted: true };
        }
        let furniture_words = common.iter().zip(&furniture).filter(|(common, f)| **common && **f).count();
        Shared {
            share: share * (1.0 - furniture_words as f64 / n_common.max(1) as f64),
            resemblance: shingles.resemblance(others, &furniture),
            furniture_words,
            counted: true,
        }
    }

    fn estimated(&self, other: &Imprint) -> Shared {
        let (Some(a), Some(b)) = (&self.imprint.sketch, &other.sketch) else { return Shared::default() };
        let (share, resemblance) = (a.containment(b), a.resemblance(b));
        let own = if share < LEAST_ESTIMATE {
            1.0
        } else {
            1.0 - self.furniture().share_of_sketch(self.imprint, other)
        };
        Shared { share: own * share, resemblance: own * resemblance, furniture_words: 0, counted: false }
    }

    fn furniture(&self) -> &Furniture<'a> {
        self.furniture.get_or_init(|| {
            let other =
                |key: u32| self.known.imprint(key).filter(|found| found.report != self.imprint.report);
            let outlet = self.imprint.outlet.into_iter().flat_map(|outlet| self.known.chains.keys(outlet));
            let outlet: Vec<&Imprint> = outlet.filter_map(other).take(OUTLET_REPORTS).collect();
            let holders = self.imprint.sketch.as_ref().map(|s| self.known.index.candidates(s, MOST_HOLDERS));
            let similar = holders.unwrap_or_default().into_iter().rev().filter_map(other);
            Furniture::ask(self.imprint, &similar.take(MOST_SIMILAR).collect::<Vec<_>>(), &outlet)
        })
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
    let order: Vec<usize> = places.into_values().collect();
    let published: Vec<Option<Published>> = order.iter().map(|&n| documents[n].published()).collect();
    let imprints = order.iter().map(|&n| Imprint::of(&documents[n]));
    let found = duplicates_among(imprints, &published, options).into_iter();
    found.map(|pair| DuplicatePair { first: order[pair.first], second: order[pair.second], ..pair }).collect()
}

/// The same of imprints of reports, each once and in order of their ids, and when these were published. Positions are those among them.
pub(crate) fn duplicates_among(
    imprints: impl IntoIterator<Item = Imprint>,
    published: &[Option<Published>],
    options: &DuplicateOptions,
) -> Vec<DuplicatePair> {
    let all = published.len();
    let options = DuplicateOptions { kept_texts: all, kept_reports: all.max(1), ..*options };
    let mut known = Duplicates::new(options);
    imprints.into_iter().for_each(|imprint| known.insert(imprint));
    let mut pairs: BTreeSet<(u32, u32)> = BTreeSet::new();
    for (key, imprint) in (0..).zip(&known.imprints) {
        let others = known.candidates(imprint).into_iter().filter(|&other| other != key);
        pairs.extend(others.map(|other| (key.min(other), key.max(other))));
    }
    let published = |key: u32| published[key as usize];
    let turned = |a, b| published(b).zip(published(a)).is_some_and(|(b, a)| b.is_before(a));
    let mut pairs: Vec<(u32, u32)> =
        pairs.into_iter().map(|(a, b)| if turned(a, b) { (b, a) } else { (a, b) }).collect();
    // By the second report, which is made ready once for all that it is compared with.
    pairs.sort_unstable_by_key(|&(first, second)| (second, first));
    let mut found: Vec<DuplicatePair> = Vec::new();
    for pairs in pairs.chunk_by(|a, b| a.1 == b.1) {
        let Some(imprint) = known.imprint(pairs[0].1) else { continue };
        let look = Look::new(&known, imprint);
        found.extend(pairs.iter().filter_map(|&(first, second)| {
            let found = look.judge(known.imprint(first)?)?;
            Some(DuplicatePair { first: first as usize, second: second as usize, found })
        }));
    }
    found.sort_by_key(|pair| (pair.first, pair.second));
    found
}

#[cfg(test)]
mod tests;
