//! Candidates: pairs of sentences of different reports that share enough to be looked at closely.
//!
//! An inverted index from terms to sentences gives each sentence those that share weight with it, also by near terms; only the
//! best few of each other report are kept, and of a story of very many reports the best [`MOST`], so that time grows with the
//! text and not with its square. Time: terms × near terms × postings, of a sentence at most [`MOST_POSTINGS`] and one list;
//! memory: one row of scores for each thread.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::features::{Context, Lens, Nearness, cosine_of};
use crate::pieces::{Pieces, SentencePieces};
use crate::terms::{TermId, Vocabulary};

/// A pair of sentences (indices into [`Pieces::sentences`], of two reports, the first of the earlier one).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) context: Context,
    /// Whether either sentence has more that are like it than were kept: then a pair that is missing says nothing.
    pub(crate) crowded: [bool; 2],
}

/// Sentences of another report that are kept for each sentence.
pub(crate) const KEPT: usize = 8;
/// A pair below this share of the lighter sentence's weight cannot be aligned.
pub(crate) const MIN_CONTAINMENT: f64 = 0.12;

/// Sentences that are kept for each sentence in all. A story of six reports never has more, see [`KEPT`].
const MOST: usize = 40;
/// Sentences that are laid beside a sentence to find these.
const MOST_LIKELY: usize = 96;
/// Of so many sentences of the very same terms, more tell nothing new.
const MOST_ALIKE: usize = 3;
/// Places that are looked at for one sentence: of its terms the rarest come first. A story of ten reports has no more.
const MOST_POSTINGS: usize = 4_000;

pub(crate) fn find_candidates(pieces: &Pieces, vocabulary: &Vocabulary) -> Vec<Candidate> {
    let mut postings: Vec<Vec<u32>> = vec![Vec::new(); vocabulary.len()];
    for (s, sentence) in pieces.sentences.iter().enumerate() {
        for &term in &sentence.bag {
            postings[term.index()].push(u32::try_from(s).expect("a story has fewer than 2^32 sentences"));
        }
    }
    let alike = same_bags(pieces);
    let finder = || Finder {
        pieces,
        vocabulary,
        postings: &postings,
        alike: &alike,
        shared: vec![0.0; pieces.sentences.len()],
        touched: Vec::new(),
        lens: Lens::new(vocabulary),
    };
    let found = pieces.sentences.par_iter().map_init(finder, Finder::find);
    let (best, crowded): (Vec<Vec<Like>>, Vec<bool>) = found.unzip();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (s, list) in best.iter().enumerate() {
        for &(_, other) in list {
            pairs.push((s.min(other as usize), s.max(other as usize)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let by_sentence: Vec<&[(usize, usize)]> = pairs.chunk_by(|p, q| p.0 == q.0).collect();
    let of_sentence = |lens: &mut Lens<'_>, of_sentence: &&[(usize, usize)]| -> Vec<Candidate> {
        let sentence = &pieces.sentences[of_sentence[0].0];
        lens.focus(&sentence.bag, sentence.weight);
        let candidate = |&(a, b): &(usize, usize)| {
            let that = &pieces.sentences[b];
            let nearness = lens.nearness(&that.bag, that.weight);
            let context = context(pieces, &best, a, b, nearness, vocabulary);
            Candidate { a, b, context, crowded: [crowded[a], crowded[b]] }
        };
        of_sentence.iter().map(candidate).collect()
    };
    let candidates = by_sentence.par_iter().map_init(|| Lens::new(vocabulary), of_sentence);
    candidates.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// How like a sentence is, and which it is.
type Like = (f64, u32);

/// Finds for one sentence after the other those that are like it.
struct Finder<'a> {
    pieces: &'a Pieces,
    vocabulary: &'a Vocabulary,
    /// For each term the sentences that hold it, ascending.
    postings: &'a [Vec<u32>],
    /// See [`same_bags`].
    alike: &'a [usize],
    /// Weight that each sentence shares with the one in hand; all 0 between two of them.
    shared: Vec<f64>,
    /// Sentences that share any.
    touched: Vec<u32>,
    lens: Lens<'a>,
}

impl Finder<'_> {
    /// The best sentences of every other report for `sentence`, and whether there are more.
    fn find(&mut self, sentence: &SentencePieces) -> (Vec<Like>, bool) {
        let Self { pieces, vocabulary, postings, alike, shared, touched, lens } = self;
        lens.focus(&sentence.bag, sentence.weight);
        for &term in &telling_terms(sentence, postings, vocabulary) {
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
        let mut likely: Vec<Like> = Vec::new();
        for other in touched.drain(..) {
            let that = &pieces.sentences[other as usize];
            if shared[other as usize] >= MIN_CONTAINMENT * sentence.weight.min(that.weight) {
                likely.push((shared[other as usize] / (sentence.weight + that.weight), other));
            }
            shared[other as usize] = 0.0;
        }
        let too_many = likely.len() > MOST_LIKELY;
        if too_many {
            likely.select_nth_unstable_by(MOST_LIKELY, |x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
            likely.truncate(MOST_LIKELY);
        }
        let list = likely.into_iter().map(|(_, other)| {
            let that = &pieces.sentences[other as usize];
            let near = lens.nearness(&that.bag, that.weight);
            (sentence_cosine(sentence, that, vocabulary) + near.of_both, other)
        });
        let mut kept = keep_best(list.collect(), pieces);
        let crowded = too_many || kept.len() > MOST;
        thin_out(&mut kept, pieces, alike);
        (kept, crowded)
    }
}

/// The terms of a sentence, without the most common ones where their postings are too many; in the order of the bag.
fn telling_terms(sentence: &SentencePieces, postings: &[Vec<u32>], vocabulary: &Vocabulary) -> Vec<TermId> {
    let n_postings = |term: TermId| {
        let near = vocabulary.meanings().near(term).iter().map(|(near, _)| postings[near.index()].len());
        postings[term.index()].len() + near.sum::<usize>()
    };
    let mut by_rarity: Vec<(usize, TermId)> =
        sentence.bag.iter().map(|&term| (n_postings(term), term)).collect();
    if by_rarity.iter().map(|(n, _)| n).sum::<usize>() <= MOST_POSTINGS {
        return sentence.bag.clone();
    }
    by_rarity.sort_unstable();
    let mut sum = 0;
    let mut kept: Vec<TermId> = by_rarity
        .into_iter()
        .take_while(|&(n, _)| {
            let before = sum;
            sum += n;
            before < MOST_POSTINGS
        })
        .map(|(_, term)| term)
        .collect();
    kept.sort_unstable();
    kept
}

/// A number for the terms of each sentence, the same for the same terms.
fn same_bags(pieces: &Pieces) -> Vec<usize> {
    let mut numbers: FxHashMap<&[TermId], usize> = FxHashMap::default();
    let bags = pieces.sentences.iter().map(|sentence| &sentence.bag[..]);
    bags.map(|bag| {
        let next = numbers.len();
        *numbers.entry(bag).or_insert(next)
    })
    .collect()
}

/// Cuts a list that is longer than [`MOST`] to the best, of sentences of the same terms at most [`MOST_ALIKE`] as long as there
/// are others: a sentence that a hundred reports copied must also find those that tell it in other words.
fn thin_out(kept: &mut Vec<Like>, pieces: &Pieces, alike: &[usize]) {
    if kept.len() <= MOST {
        return;
    }
    kept.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
    let mut counts: FxHashMap<usize, usize> = FxHashMap::default();
    let (mut first, more): (Vec<_>, Vec<_>) = kept.iter().partition(|(_, other)| {
        let count = counts.entry(alike[*other as usize]).or_default();
        *count += 1;
        *count <= MOST_ALIKE
    });
    first.extend(more);
    first.truncate(MOST);
    *kept = first;
    let report = |s: u32| pieces.sentences[s as usize].report;
    kept.sort_by(|x, y| report(x.1).cmp(&report(y.1)).then(y.0.total_cmp(&x.0)).then(x.1.cmp(&y.1)));
}

/// The best [`KEPT`] of each report, in order of report and then of likeness.
fn keep_best(mut list: Vec<Like>, pieces: &Pieces) -> Vec<Like> {
    let report = |s: u32| pieces.sentences[s as usize].report;
    list.sort_by(|x, y| report(x.1).cmp(&report(y.1)).then(y.0.total_cmp(&x.0)).then(x.1.cmp(&y.1)));
    let mut kept: Vec<Like> = Vec::new();
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
    best: &[Vec<Like>],
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
