//! Alignment: which pieces of different reports say the same, as scored pairs and then as groups.
//!
//! For each candidate pair of sentences the pieces that lie best beside each other are chosen, scored by the
//! [`PairModel`], and joined into groups: strongest pair first, two groups only where their pieces agree on average, so that
//! a chain of likenesses does not tie what nobody would tie. `alignment(a, b)` and `alignment(b, a)` say the same.

use std::collections::{BTreeMap, HashMap};

use stemma_core::{Span, Voice};

use crate::candidates::{Candidate, find_candidates};
use crate::features::{Features, features, likeness};
use crate::model::PairModel;
use crate::pieces::{Piece, Pieces};
use crate::terms::Vocabulary;

/// Two pieces of different reports, with what speaks for and against them.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) features: Features,
    pub(crate) probability: f64,
}

/// Pieces that say the same.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Indices into [`Pieces::all`], ascending.
    pub(crate) pieces: Vec<usize>,
    /// The pairs that hold it together, strongest first.
    pub(crate) pairs: Vec<Pair>,
}

/// Pieces whose likeness (see [`likeness`]) is below this are not laid side by side. Range of the likeness: `0.0..=1.25`.
const MIN_LIKENESS: f64 = 0.22;

/// The pairs of pieces that fit each other best, in order of sentence: for two sentences the most probable pair, then the
/// most probable one beside it, and so on; no piece overlaps another of its side.
pub(crate) fn score_pairs(pieces: &Pieces, vocabulary: &Vocabulary, model: &PairModel) -> Vec<Pair> {
    let mut chosen = Vec::new();
    for candidate in find_candidates(pieces, vocabulary) {
        let mut pairs = score_candidate(pieces, candidate, vocabulary, model);
        pairs.sort_by(|p, q| q.probability.total_cmp(&p.probability).then((p.a, p.b).cmp(&(q.a, q.b))));
        let first = chosen.len();
        for pair in pairs {
            let free = chosen[first..].iter().all(|other: &Pair| {
                overlap(&pieces.all[pair.a].spans, &pieces.all[other.a].spans) == 0
                    && overlap(&pieces.all[pair.b].spans, &pieces.all[other.b].spans) == 0
            });
            if free {
                chosen.push(pair);
            }
        }
    }
    chosen
}

/// Every pair of pieces of two sentences that shares enough.
pub(crate) fn score_candidate(
    pieces: &Pieces,
    candidate: Candidate,
    vocabulary: &Vocabulary,
    model: &PairModel,
) -> Vec<Pair> {
    let (x, y) = (&pieces.sentences[candidate.a], &pieces.sentences[candidate.b]);
    let mut pairs = Vec::new();
    for a in x.pieces.clone() {
        for b in y.pieces.clone() {
            if likeness(&pieces.all[a], &pieces.all[b], vocabulary) >= MIN_LIKENESS {
                let features = features(pieces, a, b, candidate.context, vocabulary);
                pairs.push(Pair { a, b, features, probability: model.probability(&features) });
            }
        }
    }
    pairs
}

/// Bytes that both lists of spans cover. Spans of one list do not overlap.
pub(crate) fn overlap(a: &[Span], b: &[Span]) -> usize {
    a.iter().map(|x| b.iter().map(|y| x.overlap(*y)).sum::<usize>()).sum()
}

fn length(spans: &[Span]) -> usize {
    spans.iter().map(|s| s.len()).sum()
}

/// True for two pieces of one report that are the same but for a few words: intersection over union of a half or more.
fn same_place(a: &Piece, b: &Piece) -> bool {
    let both = overlap(&a.spans, &b.spans);
    a.report == b.report && 2 * both >= length(&a.spans) + length(&b.spans) - both && both > 0
}

/// Two groups are joined if the mean probability of their cross pairs is this share of the threshold or more.
const JOIN_SHARE: f64 = 0.7;
/// Probability of a cross pair that was never scored.
const UNSEEN: f64 = 0.02;

/// What is not attributed on both sides needs this much more: no act of speech ties it. Chosen on the gold for comparing:
/// `stemma eval comparison`.
const OWN_VOICE_MARGIN: f64 = 0.1;

/// Joins the pairs of the model's threshold and above into groups.
pub(crate) fn join_pairs(pieces: &Pieces, pairs: &[Pair], model: &PairModel) -> Vec<Group> {
    let mut known = vec![Vec::new(); pieces.all.len()];
    for pair in pairs {
        known[pair.a.min(pair.b)].push((pair.a.max(pair.b), pair.probability));
    }
    for partners in &mut known {
        partners.sort_by_key(|&(partner, _)| partner);
    }
    let attributed = |pair: &Pair| [pair.a, pair.b].iter().all(|&n| pieces.all[n].voice == Voice::Attributed);
    let enough = |pair: &&Pair| {
        pair.probability
            >= if attributed(pair) { model.threshold } else { model.threshold + OWN_VOICE_MARGIN }
    };
    let mut strong: Vec<Pair> = pairs.iter().filter(enough).cloned().collect();
    strong.sort_by(|p, q| q.probability.total_cmp(&p.probability).then((p.a, p.b).cmp(&(q.a, q.b))));
    let mut joiner = Joiner {
        pieces,
        near: near_pieces(&pieces.all),
        known,
        groups: Vec::new(),
        home: BTreeMap::new(),
        by_sentence: HashMap::new(),
    };
    for pair in strong {
        joiner.add(pair, model.threshold * JOIN_SHARE);
    }
    let mut groups: Vec<Group> = joiner.groups.into_iter().flatten().collect();
    for group in &mut groups {
        group.pieces.sort_unstable();
    }
    groups.sort_by(|g, h| g.pieces.cmp(&h.pieces));
    groups
}

/// For each piece, the pieces of the same sentence at the same place, itself among them. Pieces of one sentence are
/// neighbors in the list.
fn near_pieces(all: &[Piece]) -> Vec<Vec<usize>> {
    let mut near = vec![Vec::new(); all.len()];
    let mut start = 0;
    for sentence in all.chunk_by(|a, b| a.report == b.report && a.sentence == b.sentence) {
        let range = start..start + sentence.len();
        for a in range.clone() {
            near[a] = range.clone().filter(|&b| same_place(&all[a], &all[b])).collect();
        }
        start = range.end;
    }
    near
}

struct Joiner<'a> {
    pieces: &'a Pieces,
    /// For each piece, itself and those of its sentence that are nearly the same.
    near: Vec<Vec<usize>>,
    /// For each piece, the later pieces that it was scored with, in order, and how probably both say the same.
    known: Vec<Vec<(usize, f64)>>,
    /// `None` where a group was joined to another.
    groups: Vec<Option<Group>>,
    /// Group of each piece that has one.
    home: BTreeMap<usize, usize>,
    /// Pieces with a group, by report and sentence.
    by_sentence: HashMap<(usize, stemma_core::SentenceId), Vec<usize>>,
}

impl Joiner<'_> {
    fn add(&mut self, pair: Pair, least_mean: f64) {
        // A piece stands for those of its sentence that are nearly the same.
        let (a, b) = (self.representative(pair.a), self.representative(pair.b));
        let (home_a, home_b) = (self.home.get(&a).copied(), self.home.get(&b).copied());
        match (home_a, home_b) {
            (Some(g), Some(h)) if g == h => self.group(g).pairs.push(pair),
            (Some(g), Some(h)) => {
                if self.mean(&self.members(g), &self.members(h)) >= least_mean {
                    let joined = self.groups[h].take().expect("a home is never a joined group");
                    for &piece in &joined.pieces {
                        self.home.insert(piece, g);
                    }
                    let group = self.group(g);
                    group.pieces.extend(joined.pieces);
                    group.pairs.extend(joined.pairs);
                    group.pairs.push(pair);
                }
            }
            (Some(g), None) | (None, Some(g)) => {
                let new = if home_a.is_some() { b } else { a };
                if self.mean(&self.members(g), &[new]) >= least_mean {
                    self.settle(new, g);
                    self.group(g).pairs.push(pair);
                }
            }
            (None, None) => {
                let g = self.groups.len();
                self.groups.push(Some(Group { pieces: Vec::new(), pairs: vec![pair] }));
                self.settle(a, g);
                self.settle(b, g);
            }
        }
    }

    fn representative(&self, piece: usize) -> usize {
        if self.home.contains_key(&piece) {
            return piece;
        }
        let this = &self.pieces.all[piece];
        let near = self.by_sentence.get(&(this.report, this.sentence)).into_iter().flatten();
        near.copied().find(|&other| same_place(this, &self.pieces.all[other])).unwrap_or(piece)
    }

    fn settle(&mut self, piece: usize, group: usize) {
        let this = &self.pieces.all[piece];
        self.by_sentence.entry((this.report, this.sentence)).or_default().push(piece);
        self.home.insert(piece, group);
        self.group(group).pieces.push(piece);
    }

    fn group(&mut self, g: usize) -> &mut Group {
        self.groups[g].as_mut().expect("a home is never a joined group")
    }

    fn members(&self, g: usize) -> Vec<usize> {
        self.groups[g].as_ref().map(|group| group.pieces.clone()).unwrap_or_default()
    }

    /// Mean probability over the cross pairs of different reports.
    fn mean(&self, left: &[usize], right: &[usize]) -> f64 {
        let (mut sum, mut n) = (0.0, 0_u32);
        for &a in left {
            for &b in right {
                if self.pieces.all[a].report != self.pieces.all[b].report {
                    sum += self.probability(a, b);
                    n += 1;
                }
            }
        }
        if n == 0 { 0.0 } else { sum / f64::from(n) }
    }

    /// The best probability of the two pieces, or of near-equal ones of their sentences.
    fn probability(&self, a: usize, b: usize) -> f64 {
        let mut best = UNSEEN;
        for &x in &self.near[a] {
            for &y in &self.near[b] {
                let partners = &self.known[x.min(y)];
                if let Ok(n) = partners.binary_search_by_key(&x.max(y), |&(partner, _)| partner) {
                    best = best.max(partners[n].1);
                }
            }
        }
        best
    }
}
