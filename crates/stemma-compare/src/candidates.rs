//! Candidates: pairs of sentences of different reports that share enough to be looked at closely.
//!
//! An inverted index from terms to sentences gives each sentence those that share weight with it, also by near terms; only the
//! best few of each other report are kept. Time: terms × near terms × postings; memory: one row of scores.

use crate::features::{Context, Lens, Nearness, cosine_of};
use crate::pieces::{Pieces, SentencePieces};
use crate::terms::Vocabulary;

/// A pair of sentences (indices into [`Pieces::sentences`], of two reports, the first of the earlier one).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) context: Context,
}

/// Sentences of another report that are kept for each sentence.
const KEPT: usize = 8;
/// A pair below this share of the lighter sentence's weight cannot be aligned.
const MIN_CONTAINMENT: f64 = 0.12;

pub(crate) fn find_candidates(pieces: &Pieces, vocabulary: &Vocabulary) -> Vec<Candidate> {
    let n = pieces.sentences.len();
    let mut postings: Vec<Vec<u32>> = vec![Vec::new(); vocabulary.len()];
    for (s, sentence) in pieces.sentences.iter().enumerate() {
        for &term in &sentence.bag {
            postings[term.index()].push(u32::try_from(s).expect("a story has fewer than 2^32 sentences"));
        }
    }
    let mut shared = vec![0.0_f64; n];
    let mut touched: Vec<u32> = Vec::new();
    // Best sentences of every other report for each sentence: (likeness, sentence).
    let mut best: Vec<Vec<(f64, u32)>> = Vec::with_capacity(n);
    let mut lens = Lens::new(vocabulary);
    for sentence in &pieces.sentences {
        lens.focus(&sentence.bag, sentence.weight);
        for &term in &sentence.bag {
            let near = vocabulary.meanings().near(term).iter().copied();
            for (near, nearness) in std::iter::once((term, 1.0)).chain(near) {
                let list = &postings[near.index()];
                let report = |s: &u32| pieces.sentences[*s as usize].report;
                let own = list.partition_point(|s| report(s) < sentence.report)
                    ..list.partition_point(|s| report(s) <= sentence.report);
                for &other in list[..own.start].iter().chain(&list[own.end..]) {
                    if shared[other as usize] == 0.0 {
                        touched.push(other);
                    }
                    shared[other as usize] += vocabulary.weight(term) * nearness;
                }
            }
        }
        touched.sort_unstable();
        let mut list: Vec<(f64, u32)> = Vec::new();
        for &other in &touched {
            let that = &pieces.sentences[other as usize];
            if shared[other as usize] >= MIN_CONTAINMENT * sentence.weight.min(that.weight) {
                let near = lens.nearness(&that.bag, that.weight);
                list.push((sentence_cosine(sentence, that, vocabulary) + near.of_both, other));
            }
            shared[other as usize] = 0.0;
        }
        touched.clear();
        best.push(keep_best(list, pieces));
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (s, list) in best.iter().enumerate() {
        for &(_, other) in list {
            pairs.push((s.min(other as usize), s.max(other as usize)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut candidates = Vec::with_capacity(pairs.len());
    for of_sentence in pairs.chunk_by(|p, q| p.0 == q.0) {
        let sentence = &pieces.sentences[of_sentence[0].0];
        lens.focus(&sentence.bag, sentence.weight);
        candidates.extend(of_sentence.iter().map(|&(a, b)| {
            let that = &pieces.sentences[b];
            let nearness = lens.nearness(&that.bag, that.weight);
            Candidate { a, b, context: context(pieces, &best, a, b, nearness, vocabulary) }
        }));
    }
    candidates
}

/// The best [`KEPT`] of each report, in order of report and then of likeness.
fn keep_best(mut list: Vec<(f64, u32)>, pieces: &Pieces) -> Vec<(f64, u32)> {
    let report = |s: u32| pieces.sentences[s as usize].report;
    list.sort_by(|x, y| report(x.1).cmp(&report(y.1)).then(y.0.total_cmp(&x.0)).then(x.1.cmp(&y.1)));
    let mut kept: Vec<(f64, u32)> = Vec::new();
    let mut run = 0;
    for item in list {
        run = if kept.last().is_some_and(|last| report(last.1) == report(item.1)) { run + 1 } else { 0 };
        if run < KEPT {
            kept.push(item);
        }
    }
    kept
}

fn sentence_cosine(a: &SentencePieces, b: &SentencePieces, vocabulary: &Vocabulary) -> f64 {
    cosine_of((&a.bag, a.norm), (&b.bag, b.norm), vocabulary)
}

fn context(
    pieces: &Pieces,
    best: &[Vec<(f64, u32)>],
    a: usize,
    b: usize,
    nearness: Nearness,
    vocabulary: &Vocabulary,
) -> Context {
    let (x, y) = (&pieces.sentences[a], &pieces.sentences[b]);
    let cosine = sentence_cosine(x, y, vocabulary);
    let here = cosine + nearness.of_both;
    let (weight, _, _) = crate::features::shared_weight(&x.bag, &y.bag, vocabulary);
    let rivals = |from: usize, to: usize| {
        let report = pieces.sentences[to].report;
        let list = &best[from];
        let of = |item: &(f64, u32)| pieces.sentences[item.1 as usize].report;
        let start = list.partition_point(|item| of(item) < report);
        let end = start + list[start..].partition_point(|item| of(item) == report);
        let others = list[start..end].iter().filter(|&&(_, s)| s as usize != to).map(|&(c, _)| c);
        let better = others.clone().filter(|&c| c > here).count();
        (better, others.fold(0.0, f64::max))
    };
    let ((rank_a, rival_a), (rank_b, rival_b)) = (rivals(a, b), rivals(b, a));
    let reciprocal = |rank: usize| 1.0 / (rank as f64 + 1.0);
    Context {
        sentence_cosine: cosine,
        sentence_containment: weight / x.weight.min(y.weight).max(f64::MIN_POSITIVE),
        rank: reciprocal(rank_a) * reciprocal(rank_b),
        margin: here - rival_a.max(rival_b),
        nearness,
        distance: (x.position - y.position).abs(),
        neighbors: neighbors(pieces, a, b, vocabulary),
    }
}

fn neighbors(pieces: &Pieces, a: usize, b: usize, vocabulary: &Vocabulary) -> f64 {
    let step = |s: usize, by: isize| {
        let next = s.checked_add_signed(by)?;
        (pieces.sentences.get(next)?.report == pieces.sentences[s].report).then_some(next)
    };
    let mut best = 0.0_f64;
    for (i, j) in [(-1, -1), (1, 1), (-1, 1), (1, -1)] {
        if let (Some(x), Some(y)) = (step(a, i), step(b, j)) {
            best = best.max(sentence_cosine(&pieces.sentences[x], &pieces.sentences[y], vocabulary));
        }
    }
    best
}
