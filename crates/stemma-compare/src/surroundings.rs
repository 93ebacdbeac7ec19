//! Surroundings: what the other pairs say about a pair, once each has been looked at for itself.
//!
//! Reports tell an event in much the same order, a sentence has few partners in another report, and what two reports both
//! have from the same words a third has too. So every pair is looked at twice: the second look knows how probable the first
//! one found the pairs around it.

use rayon::prelude::*;

use crate::candidates::Candidate;
use crate::pieces::Pieces;

/// Names of what the surroundings tell, in the order of [`surroundings`].
pub(crate) const NAMES: [&str; N] = ["sentences around", "third report", "other pieces", "rivals"];

const N: usize = 4;

/// Pairs that the first look finds less probable are not looked at again.
pub(crate) const LEAST: f64 = 0.03;

/// Sentences before and after that count as around.
const WINDOW: usize = 2;

/// What the surroundings tell of each of `pairs`, in their order. A pair is given by the index of its candidate and its
/// probability at first look. Time: pairs, and for each candidate its neighbors and the partners of one of its sentences.
pub(crate) fn surroundings(
    pieces: &Pieces,
    candidates: &[Candidate],
    pairs: &[(usize, f64)],
) -> Vec<[f64; N]> {
    let mut best = vec![0.0_f64; candidates.len()];
    for &(candidate, probability) in pairs {
        best[candidate] = best[candidate].max(probability);
    }
    let sentences = Sentences::new(pieces, candidates, &best);
    let told: Vec<[f64; 3]> = candidates
        .par_iter()
        .map(|&Candidate { a, b, .. }| {
            [sentences.around(a, b), sentences.third(a, b), sentences.rivals(a, b)]
        })
        .collect();
    let tell = |&(candidate, probability): &(usize, f64)| {
        let [around, third, rivals] = told[candidate];
        [around, third, best[candidate] - probability, rivals]
    };
    pairs.iter().map(tell).collect()
}

/// The best probability of each candidate, found by its sentences.
struct Sentences<'a> {
    pieces: &'a Pieces,
    /// Partners of each sentence with the best probability, ascending.
    partners: Vec<Vec<(usize, f64)>>,
    /// For each sentence the sum of its partners' probabilities in each other report.
    sums: Vec<Vec<(usize, f64)>>,
}

impl<'a> Sentences<'a> {
    fn new(pieces: &'a Pieces, candidates: &[Candidate], best: &[f64]) -> Self {
        let mut partners: Vec<Vec<(usize, f64)>> = vec![Vec::new(); pieces.sentences.len()];
        for (&Candidate { a, b, .. }, &best) in candidates.iter().zip(best).filter(|&(_, &best)| best > 0.0) {
            partners[a].push((b, best));
            partners[b].push((a, best));
        }
        let report = |partner: &(usize, f64)| pieces.sentences[partner.0].report;
        let sums = |partners: &Vec<(usize, f64)>| {
            let by_report = partners.chunk_by(|x, y| report(x) == report(y));
            by_report.map(|some| (report(&some[0]), some.iter().map(|&(_, p)| p).sum())).collect()
        };
        Self { pieces, sums: partners.iter().map(sums).collect(), partners }
    }

    fn report(&self, sentence: usize) -> usize {
        self.pieces.sentences[sentence].report
    }

    fn best(&self, a: usize, b: usize) -> f64 {
        let partners = &self.partners[a];
        partners.binary_search_by_key(&b, |&(partner, _)| partner).map_or(0.0, |n| partners[n].1)
    }

    /// Mean of the two most probable pairs among the sentences around both.
    fn around(&self, a: usize, b: usize) -> f64 {
        let (mut first, mut second) = (0.0_f64, 0.0_f64);
        for x in self.window(a) {
            for y in self.window(b).filter(|&y| (x, y) != (a, b)) {
                let here = self.best(x, y);
                second = second.max(here.min(first));
                first = first.max(here);
            }
        }
        f64::midpoint(first, second)
    }

    fn window(&self, sentence: usize) -> impl Iterator<Item = usize> {
        let last = self.pieces.sentences.len() - 1;
        let all = sentence.saturating_sub(WINDOW)..=(sentence + WINDOW).min(last);
        all.filter(move |&other| self.report(other) == self.report(sentence))
    }

    /// The strongest tie by way of a sentence in another report.
    fn third(&self, a: usize, b: usize) -> f64 {
        let (of_a, of_b) = (&self.partners[a], &self.partners[b]);
        let (mut i, mut j, mut best) = (0, 0, 0.0_f64);
        while i < of_a.len() && j < of_b.len() {
            match of_a[i].0.cmp(&of_b[j].0) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    best = best.max(of_a[i].1.min(of_b[j].1));
                    i += 1;
                    j += 1;
                }
            }
        }
        best
    }

    /// How many partners the two sentences have in each other's report, the pair itself among them; five or more are 1.
    fn rivals(&self, a: usize, b: usize) -> f64 {
        let count = |from: usize, to: usize| {
            let sum = self.sums[from].iter().find(|&&(report, _)| report == self.report(to));
            sum.map_or(0.0, |&(_, sum)| (sum / 5.0).min(1.0))
        };
        f64::midpoint(count(a, b), count(b, a))
    }
}
