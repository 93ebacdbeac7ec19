//! Features of a pair of pieces: what speaks for and against that they say the same.

use crate::pieces::{Piece, Pieces};
use crate::terms::{TermId, Vocabulary};

/// Names of the features, in the order of [`features`].
pub(crate) const NAMES: [&str; N] = [
    "cosine",
    "containment",
    "longest run",
    "shared bigrams",
    "shared weight",
    "shared entities",
    "other entities",
    "shared numbers",
    "other numbers",
    "same speaker",
    "other speaker",
    "voices differ",
    "both quoted",
    "length ratio",
    "content words",
    "sentence cosine",
    "sentence containment",
    "rank",
    "margin",
    "position",
    "neighbors",
    "near words",
    "near containment",
    "sentence near words",
    "sentence near containment",
    "meaning",
    "shared words",
    "shared small words",
    "denial",
    "order",
    "letters",
];

const N: usize = 31;

/// Values of the features of one pair, each about `0.0..=1.0`. Single precision: a large story has hundreds of thousands.
pub(crate) type Features = [f32; N];

/// What the sentences around a pair say about it; see [`crate::candidates`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    /// Cosine of the two whole sentences.
    pub(crate) sentence_cosine: f64,
    /// Shared weight of the two sentences by that of the lighter one.
    pub(crate) sentence_containment: f64,
    /// 1 if each sentence is the other's best, 1/2 if one way only, else less.
    pub(crate) rank: f64,
    /// Likeness (see [`crate::candidates`]) minus that of the best rival on either side.
    pub(crate) margin: f64,
    /// Nearness of the two whole sentences.
    pub(crate) nearness: Nearness,
    /// Distance of the two in their reports, `0.0..=1.0`.
    pub(crate) distance: f64,
    /// Best cosine among the pairs of sentences right before and right after.
    pub(crate) neighbors: f64,
}

/// Terms of both bags, with the sum of their weights.
pub(crate) fn shared_weight(a: &[TermId], b: &[TermId], vocabulary: &Vocabulary) -> (f64, f64, usize) {
    let (mut weight, mut squares, mut n) = (0.0, 0.0, 0);
    merge(a, b, |id| {
        let w = vocabulary.weight(id);
        weight += w;
        squares += w * w;
        n += 1;
    });
    (weight, squares, n)
}

fn merge(a: &[TermId], b: &[TermId], mut shared: impl FnMut(TermId)) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared(a[i]);
                i += 1;
                j += 1;
            }
        }
    }
}

/// Cosine of two bags weighted by rarity.
pub(crate) fn cosine(a: &[TermId], b: &[TermId], vocabulary: &Vocabulary) -> f64 {
    cosine_of((a, norm(a, vocabulary)), (b, norm(b, vocabulary)), vocabulary)
}

/// The same of bags of known length.
pub(crate) fn cosine_of(a: (&[TermId], f64), b: (&[TermId], f64), vocabulary: &Vocabulary) -> f64 {
    let (_, squares, _) = shared_weight(a.0, b.0, vocabulary);
    ratio(squares, a.1 * b.1)
}

/// Length of a bag: root of the sum of the squares of its weights.
pub(crate) fn norm(bag: &[TermId], vocabulary: &Vocabulary) -> f64 {
    bag.iter().map(|&id| vocabulary.weight(id).powi(2)).sum::<f64>().sqrt()
}

/// What two bags share where a term counts by how near the nearest one of the other bag is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Nearness {
    /// Share of the weight of both, `0.0..=1.0`.
    pub(crate) of_both: f64,
    /// Share of the weight of the lighter one, `0.0..=1.0`.
    pub(crate) of_lighter: f64,
}

impl Nearness {
    /// The bags with the sums of their weights.
    pub(crate) fn of(a: (&[TermId], f64), b: (&[TermId], f64), vocabulary: &Vocabulary) -> Self {
        let found = |from: &[TermId], to: &[TermId]| -> f64 {
            from.iter().map(|&id| vocabulary.weight(id) * vocabulary.meanings().nearness(id, to)).sum()
        };
        Self::shares((found(a.0, b.0), a.1), (found(b.0, a.0), b.1))
    }

    /// From what of each bag is found in the other, and the sum of its weights.
    fn shares((in_a, a): (f64, f64), (in_b, b): (f64, f64)) -> Self {
        let of_lighter = match a.total_cmp(&b) {
            std::cmp::Ordering::Less => ratio(in_a, a),
            std::cmp::Ordering::Equal => ratio(in_a.max(in_b), a),
            std::cmp::Ordering::Greater => ratio(in_b, b),
        };
        Self { of_both: ratio(in_a + in_b, a + b), of_lighter }
    }

    /// A cheap likeness of two pieces, to choose which pieces of two sentences to lay side by side, `0.0..=1.25`.
    pub(crate) fn likeness(self) -> f64 {
        self.of_both + 0.25 * self.of_lighter
    }
}

/// One bag with all terms near it, to be laid beside many others: as [`Nearness::of`], but in one pass over the other.
pub(crate) struct Lens<'a> {
    vocabulary: &'a Vocabulary,
    bag: Vec<TermId>,
    weight: f64,
    /// For each term of the vocabulary the terms of the bag that are near it: their places in the bag, and how near.
    near: Vec<Vec<(usize, f64)>>,
    /// Terms whose list is not empty.
    filled: Vec<TermId>,
    /// How near the other bag comes to each term of this one.
    best: Vec<f64>,
}

impl<'a> Lens<'a> {
    pub(crate) fn new(vocabulary: &'a Vocabulary) -> Self {
        let near = vec![Vec::new(); vocabulary.len()];
        Self { vocabulary, bag: Vec::new(), weight: 0.0, near, filled: Vec::new(), best: Vec::new() }
    }

    /// Looks through `bag`, of the sum of weights `weight`, from now on.
    pub(crate) fn focus(&mut self, bag: &[TermId], weight: f64) {
        for id in self.filled.drain(..) {
            self.near[id.index()].clear();
        }
        for (n, &id) in bag.iter().enumerate() {
            let near = self.vocabulary.meanings().near(id).iter().copied();
            for (other, nearness) in std::iter::once((id, 1.0)).chain(near) {
                let list = &mut self.near[other.index()];
                if list.is_empty() {
                    self.filled.push(other);
                }
                list.push((n, nearness));
            }
        }
        self.bag.clear();
        self.bag.extend(bag);
        self.weight = weight;
    }

    /// Nearness of the bag in focus and `other`, of the sum of weights `weight`.
    pub(crate) fn nearness(&mut self, other: &[TermId], weight: f64) -> Nearness {
        self.best.clear();
        self.best.resize(self.bag.len(), 0.0);
        let mut in_other = 0.0;
        for &id in other {
            let mut nearest = 0.0_f64;
            for &(n, nearness) in &self.near[id.index()] {
                nearest = nearest.max(nearness);
                self.best[n] = self.best[n].max(nearness);
            }
            in_other += self.vocabulary.weight(id) * nearest;
        }
        let in_bag =
            self.bag.iter().zip(&self.best).map(|(&id, best)| self.vocabulary.weight(id) * best).sum();
        Nearness::shares((in_bag, self.weight), (in_other, weight))
    }
}

/// All features of the pair.
pub(crate) fn features(
    pieces: &Pieces,
    a: usize,
    b: usize,
    nearness: Nearness,
    context: Context,
    vocabulary: &Vocabulary,
    scratch: &mut Scratch,
) -> Features {
    let (a, b) = (&pieces.all[a], &pieces.all[b]);
    let (weight, _, n_shared) = shared_weight(&a.bag, &b.bag, vocabulary);
    let shorter = a.terms.len().min(b.terms.len()).max(1) as f64;
    let (run, bigrams) = runs(&a.terms, &b.terms, scratch);
    let shared_entities = a.entities.iter().filter(|e| b.entities.contains(e)).count();
    let fewer_entities = a.entities.len().min(b.entities.len());
    let numbers = |p: &Piece| p.bag.iter().filter(|&&id| vocabulary.is_number(id)).count();
    let shared_numbers =
        a.bag.iter().filter(|&&id| vocabulary.is_number(id) && b.bag.binary_search(&id).is_ok()).count();
    let both_numbers = numbers(a) > 0 && numbers(b) > 0;
    let speakers = a.speaker.zip(b.speaker);
    let quoted = |p: &Piece| matches!(p.form, Some(stemma_core::Form::Direct | stemma_core::Form::Mixed));
    let (mut n_common, mut n_common_stops, mut common_weight) = (0_usize, 0_usize, 0.0);
    for id in common(&a.sorted, &b.sorted) {
        n_common += 1;
        n_common_stops += usize::from(vocabulary.is_stop(id));
        common_weight += full_weight(id, vocabulary);
    }
    let flag = |yes: bool| f64::from(u8::from(yes));
    [
        cosine(&a.bag, &b.bag, vocabulary),
        ratio(weight, a.weight.min(b.weight)),
        (run as f64 / 10.0).min(1.0),
        (bigrams as f64 / shorter).min(1.0),
        (weight / 20.0).min(1.0),
        (shared_entities as f64 / 3.0).min(1.0),
        flag(fewer_entities > 0 && shared_entities == 0),
        (shared_numbers as f64 / 2.0).min(1.0),
        flag(both_numbers && shared_numbers == 0),
        flag(speakers.is_some_and(|(x, y)| x == y)),
        flag(speakers.is_some_and(|(x, y)| x != y)),
        flag(a.voice != b.voice),
        flag(quoted(a) && quoted(b)),
        ratio(a.weight.min(b.weight), a.weight.max(b.weight)),
        (n_shared as f64 / 8.0).min(1.0),
        context.sentence_cosine,
        context.sentence_containment,
        context.rank,
        context.margin,
        context.distance,
        context.neighbors,
        nearness.of_both,
        nearness.of_lighter,
        context.nearness.of_both,
        context.nearness.of_lighter,
        crate::meaning::cosine(&a.meaning, &b.meaning),
        ratio(n_common as f64, a.terms.len().min(b.terms.len()) as f64),
        ratio(n_common_stops as f64, a.n_stops.max(b.n_stops) as f64),
        flag(a.n_denials % 2 != b.n_denials % 2),
        ratio(in_order((&a.terms, &a.sorted), (&b.terms, &b.sorted), vocabulary, scratch), common_weight),
        ratio(common(&a.trigrams, &b.trigrams).count() as f64, a.trigrams.len().min(b.trigrams.len()) as f64),
    ]
    .map(|value: f64| value as f32)
}

/// What two ascending lists have in common, repeats counted.
fn common<T: Ord + Copy>(a: &[T], b: &[T]) -> impl Iterator<Item = T> {
    let (mut i, mut j) = (0, 0);
    std::iter::from_fn(move || {
        while i < a.len() && j < b.len() {
            match a[i].cmp(&b[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    (i, j) = (i + 1, j + 1);
                    return Some(a[i - 1]);
                }
            }
        }
        None
    })
}

/// Weight of a common term, small words too.
fn full_weight(id: TermId, vocabulary: &Vocabulary) -> f64 {
    vocabulary.weight(id).max(SMALL_WORD)
}

/// Weight of a word without content where the order of words is looked at.
const SMALL_WORD: f64 = 0.1;

/// Weight of the heaviest common subsequence of two texts, each given with its terms ascending. Time: product of the numbers of
/// terms that the other has too.
fn in_order(
    a: (&[TermId], &[TermId]),
    b: (&[TermId], &[TermId]),
    vocabulary: &Vocabulary,
    scratch: &mut Scratch,
) -> f64 {
    let shared = |text: &[TermId], other: &[TermId], found: &mut Vec<TermId>| {
        found.clear();
        found.extend(text.iter().filter(|id| other.binary_search(id).is_ok()));
    };
    let Scratch { terms: [x_terms, y_terms], weights: row, .. } = scratch;
    shared(a.0, b.1, x_terms);
    shared(b.0, a.1, y_terms);
    row.clear();
    row.resize(y_terms.len() + 1, 0.0);
    for &x in &*x_terms {
        let (weight, mut diagonal) = (full_weight(x, vocabulary), 0.0);
        for (j, &y) in y_terms.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y { diagonal + weight } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    row[y_terms.len()]
}

/// Length of the longest common run of terms, and number of common pairs of neighbors in the text that has fewer.
fn runs(a: &[TermId], b: &[TermId], scratch: &mut Scratch) -> (usize, usize) {
    let mut longest = 0;
    let Scratch { lengths: row, marks: in_b, .. } = scratch;
    row.clear();
    row.resize(b.len() + 1, 0_usize);
    in_b.clear();
    in_b.resize(b.len(), false);
    let mut in_a = 0;
    for &x in a {
        let mut diagonal = 0;
        let mut pair = false;
        for (j, &y) in b.iter().enumerate() {
            let here = if x == y { diagonal + 1 } else { 0 };
            diagonal = row[j + 1];
            row[j + 1] = here;
            longest = longest.max(here);
            pair |= here >= 2;
            in_b[j] |= here >= 2;
        }
        in_a += usize::from(pair);
    }
    (longest, in_a.min(in_b.iter().filter(|&&pair| pair).count()))
}

/// Room for what is counted of one pair after the other.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    terms: [Vec<TermId>; 2],
    weights: Vec<f64>,
    lengths: Vec<usize>,
    marks: Vec<bool>,
}

pub(crate) fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_lens_sees_what_two_bags_share() {
        let words = "the court judges annulled struck law act down lawyer attorney left home";
        let texts =
            [words, "Judges annulled the act.", "The court struck down the law.", "An attorney left home."];
        let annotator = stemma_annotate::Annotator::load();
        let documents = texts.map(|text| annotator.annotate(stemma_core::Report::of_text(text).into()));
        let story = stemma_core::Story::new(documents.into());
        let (terms, vocabulary) = crate::terms::read_terms(&story);
        let texts = crate::terms::Texts { terms: &terms, vocabulary: &vocabulary };
        let bags: Vec<Vec<TermId>> = (0..4).map(|report| texts.bag(report, 0..99)).collect();
        let mut lens = Lens::new(&vocabulary);
        for a in &bags {
            lens.focus(a, texts.weight(a));
            for b in &bags {
                let (plain, seen) = (
                    Nearness::of((a, texts.weight(a)), (b, texts.weight(b)), &vocabulary),
                    lens.nearness(b, texts.weight(b)),
                );
                assert!((plain.of_both - seen.of_both).abs() < 1e-12, "{plain:?} {seen:?}");
                assert!((plain.of_lighter - seen.of_lighter).abs() < 1e-12, "{plain:?} {seen:?}");
            }
        }
        assert!(Nearness::of((&bags[1], 1.0), (&bags[2], 1.0), &vocabulary).of_both > 0.0);
    }

    proptest! {
        #[test]
        fn runs_are_the_same_from_both_sides(
            a in prop::collection::vec(0_usize..4, 0..12),
            b in prop::collection::vec(0_usize..4, 0..12),
        ) {
            let terms = |ids: Vec<usize>| ids.into_iter().map(TermId::of_index).collect::<Vec<_>>();
            let (a, b) = (terms(a), terms(b));
            let scratch = &mut Scratch::default();
            prop_assert_eq!(runs(&a, &b, scratch), runs(&b, &a, scratch));
        }
    }
}
