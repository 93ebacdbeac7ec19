//! Alignment: which pieces of different reports say the same, as scored pairs.
//!
//! For each candidate pair of sentences the pieces that may lie beside each other are scored by the [`PairModel`], for
//! themselves and then in their [`surroundings`]; the best that fit together are chosen. [`crate::groups`] joins them.

use std::collections::HashMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use stemma_core::{Cell, Span};

use crate::candidates::{Candidate, find_candidates};
use crate::features::{Features, Lens, Scratch, features};
use crate::model::PairModel;
use crate::pieces::{Piece, Pieces};
use crate::surroundings::{self, surroundings};
use crate::terms::{TermId, Vocabulary};

/// Two pieces of different reports, with what speaks for and against them.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) a: usize,
    pub(crate) b: usize,
    /// Values of the features of both looks.
    pub(crate) features: Vec<f32>,
    pub(crate) probability: f64,
}

/// Two pieces that may be a [`Pair`].
#[derive(Clone, Debug)]
pub(crate) struct RawPair {
    /// Index of the pair of sentences that they lie in.
    pub(crate) candidate: usize,
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) features: Features,
    /// See [`Candidate::crowded`], for the piece of each side.
    pub(crate) crowded: [bool; 2],
}

/// Pieces whose likeness (see [`crate::features::Nearness::likeness`]) is below this are not laid side by side.
pub(crate) const MIN_LIKENESS: f64 = 0.22;

/// What came of looking at all pairs.
pub(crate) struct Scored {
    /// The pairs that fit each other best, in order of sentence.
    pub(crate) chosen: Vec<Pair>,
    /// For each piece, the later pieces of its chosen and sure pairs, in order, and how probably both say the same.
    known: Vec<Vec<(usize, f64)>>,
    /// Pieces of sentences that have more partners than were looked at.
    pub(crate) crowded: Vec<bool>,
    /// The same both ways, where any piece is crowded; else empty.
    pub(crate) partners: Vec<Vec<(usize, f64)>>,
    /// A number for the terms of each piece, the same for the same terms; likewise.
    pub(crate) wordings: Vec<usize>,
    /// For each piece, itself and those of its sentence that are nearly the same.
    pub(crate) near: Vec<Vec<usize>>,
}

impl Scored {
    /// Of `piece`, and of those of its sentence that are nearly the same, the later partners that are known, and how probably both
    /// say the same.
    pub(crate) fn later_partners(&self, piece: usize) -> impl Iterator<Item = (usize, f64)> {
        self.near[piece].iter().flat_map(|&near| &self.known[near]).copied()
    }

    /// How probably the two pieces, or nearly the same ones of their sentences, say the same.
    pub(crate) fn probability(&self, a: usize, b: usize) -> f64 {
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

/// How probably two cells say the same, each taken with the other alone: in a group of many, some are tied by a third.
pub(crate) struct Agreement<'a>(Option<Looks<'a>>);

struct Looks<'a> {
    scored: &'a Scored,
    /// The piece at each place.
    places: HashMap<(usize, &'a [Span]), usize>,
}

impl<'a> Agreement<'a> {
    /// As the looks at all pairs found it.
    pub(crate) fn of(pieces: &'a Pieces, scored: &'a Scored) -> Self {
        let place = |(n, piece): (usize, &'a Piece)| ((piece.report, &piece.spans[..]), n);
        Self(Some(Looks { scored, places: pieces.all.iter().enumerate().map(place).collect() }))
    }

    /// Of cells that are known to say the same.
    pub(crate) fn given() -> Self {
        Self(None)
    }

    pub(crate) fn between(&self, a: &Cell, b: &Cell) -> f64 {
        let Some(looks) = &self.0 else { return 1.0 };
        let piece = |cell: &Cell| looks.places.get(&(cell.report.index(), &cell.spans[..])).copied();
        piece(a).zip(piece(b)).map_or(UNSEEN, |(a, b)| looks.scored.probability(a, b))
    }
}

/// A pair of this probability holds beside a larger one around it: two copies of one text are alike in every clause.
const SURE: f64 = 0.9;

/// What both looks say of two pieces.
pub(crate) struct Looked {
    pub(crate) raw: RawPair,
    /// Probability at first look.
    pub(crate) first: f64,
    /// What the second look says; `None` of a pair that the first found too improbable.
    pub(crate) pair: Option<Pair>,
}

/// The pairs of pieces that fit each other best, in order of sentence: for two sentences the most probable pair, then the
/// most probable one beside it, and so on; no piece overlaps another of its side.
pub(crate) fn score_pairs(pieces: &Pieces, vocabulary: &Vocabulary, model: &PairModel) -> Scored {
    let candidates = find_candidates(pieces, vocabulary);
    choose_pairs(pieces, &look_twice(pieces, &candidates, vocabulary, model, surroundings::LEAST))
}

/// Both looks at every pair of pieces that shares enough, in order of the candidates, without those that the first finds less
/// probable than `least`: they are many, and take up memory.
pub(crate) fn look_twice(
    pieces: &Pieces,
    candidates: &[Candidate],
    vocabulary: &Vocabulary,
    model: &PairModel,
    least: f64,
) -> Vec<Looked> {
    let ruled = |pair: &RawPair| {
        let disputed = is_disputed_claim(&pieces.all[pair.a], &pieces.all[pair.b]);
        if disputed { DISPUTED } else { 0.0 }
    };
    let mut looked: Vec<Looked> = of_each_pair(pieces, candidates, vocabulary, |raw| {
        let first = model.first.probability(&raw.features).max(ruled(&raw));
        (first >= least).then_some(Looked { raw, first, pair: None })
    });
    looked.sort_by_key(|looked| looked.raw.candidate);
    let likely = |looked: &&mut Looked| looked.first >= surroundings::LEAST;
    let places: Vec<(usize, f64)> =
        looked.iter_mut().filter(likely).map(|looked| (looked.raw.candidate, looked.first)).collect();
    let told = surroundings(pieces, candidates, &places);
    let again: Vec<&mut Looked> = looked.iter_mut().filter(likely).collect();
    again.into_par_iter().zip(told).for_each(|(looked, told)| {
        let features = [&looked.raw.features[..], &told.map(|value| value as f32)[..]].concat();
        let probability = model.second.probability(&features).max(ruled(&looked.raw));
        looked.pair = Some(Pair { a: looked.raw.a, b: looked.raw.b, features, probability });
    });
    looked
}

/// Of pairs of about one probability the one is preferred whose pieces fill more of their sentences (two clauses say the same,
/// and so do the two sentences around them), and are more nearly of one length.
fn preference(pieces: &Pieces, pair: &Pair) -> f64 {
    let (a, b) = (&pieces.all[pair.a], &pieces.all[pair.b]);
    let (x, y) = (length(&a.spans).max(1) as f64, length(&b.spans).max(1) as f64);
    pair.probability * (1.0 + SIZE * a.share.min(b.share)) * (x.min(y) / x.max(y)).powf(EVENNESS)
}

/// How much a pair is preferred whose pieces fill their sentences.
const SIZE: f64 = 0.2;
/// Power of the ratio of lengths.
const EVENNESS: f64 = 0.1;

/// Of the pairs of one candidate those that fit best, no two of which overlap on a side.
fn choose<'a>(pieces: &Pieces, of_candidate: &[(usize, &'a Pair)]) -> Vec<&'a Pair> {
    let mut preferred: Vec<(f64, &Pair)> =
        of_candidate.iter().map(|&(_, pair)| (preference(pieces, pair), pair)).collect();
    preferred.sort_by(|(x, p), (y, q)| y.total_cmp(x).then((p.a, p.b).cmp(&(q.a, q.b))));
    let mut chosen: Vec<&Pair> = Vec::new();
    for (_, pair) in preferred {
        let apart = |x: usize, y: usize| overlap(&pieces.all[x].spans, &pieces.all[y].spans) == 0;
        if chosen.iter().all(|other| apart(pair.a, other.a) && apart(pair.b, other.b)) {
            chosen.push(pair);
        }
    }
    chosen
}

/// Of what both looks say of all pairs, in order of the candidates, what fits best.
pub(crate) fn choose_pairs(pieces: &Pieces, looked: &[Looked]) -> Scored {
    let pairs: Vec<(usize, &Pair)> =
        looked.iter().filter_map(|looked| Some((looked.raw.candidate, looked.pair.as_ref()?))).collect();
    let by_candidate: Vec<&[(usize, &Pair)]> = pairs.chunk_by(|p, q| p.0 == q.0).collect();
    let chosen = by_candidate.par_iter().map(|of_candidate| choose(pieces, of_candidate));
    let chosen: Vec<Pair> = chosen.collect::<Vec<_>>().into_iter().flatten().cloned().collect();
    let sure = pairs.iter().map(|&(_, pair)| pair).filter(|pair| pair.probability >= SURE);
    let mut crowded = vec![false; pieces.all.len()];
    for raw in looked.iter().map(|looked| &looked.raw) {
        crowded[raw.a] |= raw.crowded[0];
        crowded[raw.b] |= raw.crowded[1];
    }
    let mut known = vec![Vec::new(); pieces.all.len()];
    for pair in chosen.iter().chain(sure) {
        known[pair.a.min(pair.b)].push((pair.a.max(pair.b), pair.probability));
    }
    for partners in &mut known {
        partners.sort_by_key(|&(partner, _)| partner);
        partners.dedup();
    }
    let (partners, wordings) = if crowded.contains(&true) {
        (both_ways(&known), find_wordings(&pieces.all))
    } else {
        Default::default()
    };
    Scored { chosen, known, near: near_pieces(&pieces.all), crowded, partners, wordings }
}

/// Partners of each piece, of what is known by the first of two.
fn both_ways(known: &[Vec<(usize, f64)>]) -> Vec<Vec<(usize, f64)>> {
    let mut partners = known.to_vec();
    for (a, later) in known.iter().enumerate() {
        for &(b, probability) in later {
            partners[b].push((a, probability));
        }
    }
    partners
}

/// A number for the terms of each piece, the same for the same terms.
fn find_wordings(pieces: &[Piece]) -> Vec<usize> {
    let mut numbers: FxHashMap<&[TermId], usize> = FxHashMap::default();
    let terms = pieces.iter().map(|piece| &piece.terms[..]);
    terms
        .map(|terms| {
            let next = numbers.len();
            *numbers.entry(terms).or_insert(next)
        })
        .collect()
}

/// Two sources say the same of one person: "he was not ready for peace", he said; "she is not ready for peace", says another.
/// Such a pair shares few words, and the model counts the other speaker against it.
pub(crate) fn is_disputed_claim(a: &Piece, b: &Piece) -> bool {
    let claims = a.claim.as_ref().zip(b.claim.as_ref());
    a.speaker.zip(b.speaker).is_some_and(|(x, y)| x != y)
        && claims.is_some_and(|(x, y)| x.n_shared(y) >= MIN_CLAIM_TERMS)
}

/// Terms that two claims share at least, the first after the subject among them.
const MIN_CLAIM_TERMS: usize = 2;
/// Least probability of a disputed claim.
const DISPUTED: f64 = 0.5;

/// What `take` makes of every pair of pieces of two candidate sentences that shares enough, in order of the first sentence.
fn of_each_pair<T: Send>(
    pieces: &Pieces,
    candidates: &[Candidate],
    vocabulary: &Vocabulary,
    take: impl Fn(RawPair) -> Option<T> + Sync,
) -> Vec<T> {
    let numbered: Vec<(usize, &Candidate)> = candidates.iter().enumerate().collect();
    let by_sentence: Vec<_> = numbered.chunk_by(|p, q| p.1.a == q.1.a).collect();
    // Candidates of one sentence follow each other: each of its pieces is brought into focus once.
    let of_sentence = |(lens, scratch): &mut (Lens<'_>, Scratch), of_sentence: &&[(usize, &Candidate)]| {
        let mut taken = Vec::new();
        for a in pieces.sentences[of_sentence[0].1.a].pieces.clone() {
            lens.focus(&pieces.all[a].bag, pieces.all[a].weight);
            for &(n, candidate) in *of_sentence {
                for b in pieces.sentences[candidate.b].pieces.clone() {
                    let nearness = lens.nearness(&pieces.all[b].bag, pieces.all[b].weight);
                    if nearness.likeness() >= MIN_LIKENESS {
                        let features =
                            features(pieces, a, b, nearness, candidate.context, vocabulary, scratch);
                        let pair = RawPair { candidate: n, a, b, features, crowded: candidate.crowded };
                        taken.extend(take(pair));
                    }
                }
            }
        }
        taken
    };
    let taken = by_sentence.par_iter().map_init(|| (Lens::new(vocabulary), Scratch::default()), of_sentence);
    taken.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Every pair of pieces of two candidate sentences that shares enough, in order of the candidates.
pub(crate) fn raw_pairs(pieces: &Pieces, candidates: &[Candidate], vocabulary: &Vocabulary) -> Vec<RawPair> {
    let mut pairs = of_each_pair(pieces, candidates, vocabulary, Some);
    pairs.sort_by_key(|pair| pair.candidate);
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
pub(crate) fn same_place(a: &Piece, b: &Piece) -> bool {
    let both = overlap(&a.spans, &b.spans);
    a.report == b.report && 2 * both >= length(&a.spans) + length(&b.spans) - both && both > 0
}

/// Probability of a cross pair that was never scored.
pub(crate) const UNSEEN: f64 = 0.02;
/// For each piece, the pieces of the same sentence at the same place, itself among them, ascending. Pieces of one sentence
/// are neighbors in the list. Time: n log n, and the pairs of pieces that overlap.
fn near_pieces(all: &[Piece]) -> Vec<Vec<usize>> {
    let mut near: Vec<Vec<usize>> = (0..all.len()).map(|n| vec![n]).collect();
    let mut start = 0;
    for sentence in all.chunk_by(|a, b| a.report == b.report && a.sentence == b.sentence) {
        let mut by_place: Vec<usize> = (start..start + sentence.len()).collect();
        by_place.sort_by_key(|&n| all[n].spans[0].start());
        for (n, &a) in by_place.iter().enumerate() {
            let end = all[a].spans[all[a].spans.len() - 1].end();
            let after = by_place[n + 1..].iter().take_while(|&&b| all[b].spans[0].start() < end);
            for &b in after.filter(|&&b| same_place(&all[a], &all[b])) {
                near[a].push(b);
                near[b].push(a);
            }
        }
        start += sentence.len();
    }
    near.iter_mut().for_each(|list| list.sort_unstable());
    near
}
