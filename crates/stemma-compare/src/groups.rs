//! Groups: pairs that say the same become rows of any number of reports.
//!
//! The best pairs are joined, strongest first, two groups only where their pieces agree on average, so that a chain of
//! likenesses does not tie what nobody would tie. A sentence may say two things: what a group refused is joined in further
//! rounds. `alignment(a, b)` and `alignment(b, a)` say the same.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::alignment::{Pair, Scored, UNSEEN, same_place};
use crate::model::PairModel;
use crate::pieces::Pieces;

/// Pieces that say the same.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Indices into [`Pieces::all`], ascending.
    pub(crate) pieces: Vec<usize>,
    /// The pairs that hold it together, strongest first.
    pub(crate) pairs: Vec<Pair>,
    /// How sure each piece belongs here, see [`find_ties`].
    pub(crate) ties: Vec<f64>,
}

impl Group {
    fn empty() -> Self {
        Self { pieces: Vec::new(), pairs: Vec::new(), ties: Vec::new() }
    }

    /// Pieces, ascending, that are known to say the same.
    pub(crate) fn given(pieces: Vec<usize>) -> Self {
        Self { ties: vec![1.0; pieces.len()], pieces, pairs: Vec::new() }
    }
}

/// Two groups are joined if the mean probability of their cross pairs is this share of the threshold or more. Chosen on the
/// gold for comparing: `stemma eval comparison`.
const JOIN_SHARE: f64 = 1.3;
/// The same for groups all of whose pieces are given to one speaker: a paraphrase and the quotation below it.
const JOIN_SHARE_OF_SPEAKER: f64 = 1.0;
/// Wordings of one statement among the partners of a piece that has more than are looked at.
const KNOWN_WORDINGS: f64 = 20.0;
/// Rounds of joining: what the groups of the first refuse is joined among itself in the second, and so on.
const ROUNDS: usize = 3;

fn is_aligned(pieces: &Pieces, pair: &Pair, model: &PairModel) -> bool {
    pair.probability >= model.threshold_of(&pieces.all[pair.a], &pieces.all[pair.b])
}

/// Joins the pairs of the model's thresholds and above into groups.
pub(crate) fn join_pairs(pieces: &Pieces, scored: &Scored, model: &PairModel) -> Vec<Group> {
    let mut strong: Vec<Pair> =
        scored.chosen.iter().filter(|pair| is_aligned(pieces, pair, model)).cloned().collect();
    strong.sort_by(|p, q| q.probability.total_cmp(&p.probability).then((p.a, p.b).cmp(&(q.a, q.b))));
    let mut groups: Vec<Group> = Vec::new();
    for _ in 0..ROUNDS {
        let mut joiner = Joiner::new(pieces, scored, model.threshold);
        strong = strong.into_iter().filter_map(|pair| joiner.add(pair)).collect();
        groups.extend(joiner.groups.into_iter().flatten());
    }
    drop_repeats(&mut groups, pieces, &scored.near);
    for group in &mut groups {
        group.pieces.sort_unstable();
        group.ties = find_ties(&group.pieces, scored);
    }
    groups.sort_by(|g, h| g.pieces.cmp(&h.pieces));
    groups
}

/// How sure each of the pieces of a group (ascending) belongs to it: the weakest link on the best way from it to the strongest link
/// of all. Time: what is known of the pieces × its logarithm.
fn find_ties(group: &[usize], scored: &Scored) -> Vec<f64> {
    let place = |piece: &usize| group.binary_search(piece).ok();
    let mut links: Vec<Vec<(Tie, usize)>> = vec![Vec::new(); group.len()];
    let mut strongest = (Tie(0.0), 0);
    for (n, &piece) in group.iter().enumerate() {
        for (partner, probability) in scored.later_partners(piece) {
            for other in scored.near[partner].iter().filter_map(place).filter(|&other| other != n) {
                links[n].push((Tie(probability), other));
                links[other].push((Tie(probability), n));
                strongest = strongest.max((Tie(probability), n));
            }
        }
    }
    let mut ties = vec![0.0; group.len()];
    let mut open = BinaryHeap::from([strongest]);
    while let Some((tie, n)) = open.pop() {
        if ties[n] < tie.0 {
            ties[n] = tie.0;
            open.extend(links[n].iter().map(|&(link, other)| (link.min(tie), other)));
        }
    }
    ties
}

/// A probability that can be sorted.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Tie(f64);

impl Eq for Tie {}

impl Ord for Tie {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Tie {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Drops groups that say nothing new: each of their pieces stands, with the same words, in one and the same other group.
fn drop_repeats(groups: &mut Vec<Group>, pieces: &Pieces, near: &[Vec<usize>]) {
    // Largest first; of equals the one that was joined first.
    groups.sort_by_key(|group| std::cmp::Reverse(group.pieces.len()));
    let mut homes: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    let mut kept: Vec<Group> = Vec::with_capacity(groups.len());
    for group in groups.drain(..) {
        let homes_of = |&piece: &usize| -> BTreeSet<usize> {
            let same = |other: &&usize| pieces.all[**other].terms == pieces.all[piece].terms;
            near[piece].iter().filter(same).filter_map(|other| homes.get(other)).flatten().copied().collect()
        };
        let mut shared = homes_of(&group.pieces[0]);
        for piece in &group.pieces[1..] {
            if shared.is_empty() {
                break;
            }
            let others = homes_of(piece);
            shared.retain(|home| others.contains(home));
        }
        if shared.is_empty() {
            for &piece in &group.pieces {
                homes.entry(piece).or_default().push(kept.len());
            }
            kept.push(group);
        }
    }
    *groups = kept;
}

struct Joiner<'a> {
    pieces: &'a Pieces,
    scored: &'a Scored,
    /// Of the model; groups are joined from a share of it on.
    threshold: f64,
    /// `None` where a group was joined to another.
    groups: Vec<Option<Group>>,
    /// Group of each piece that has one.
    home: BTreeMap<usize, usize>,
    /// Pieces with a group, by report and sentence.
    by_sentence: HashMap<(usize, stemma_core::SentenceId), Vec<usize>>,
    /// Which group refused which group or piece, and how many pieces the two had then: it does so until one grows.
    refusals: FxHashMap<(usize, Refused), (usize, usize)>,
}

/// What a group refuses.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Refused {
    Group(usize),
    Piece(usize),
}

impl<'a> Joiner<'a> {
    fn new(pieces: &'a Pieces, scored: &'a Scored, threshold: f64) -> Self {
        let (groups, home, by_sentence) = (Vec::new(), BTreeMap::new(), HashMap::new());
        Self { pieces, scored, threshold, groups, home, by_sentence, refusals: FxHashMap::default() }
    }

    /// Takes the pair into a group, or gives it back where the groups of its pieces refuse each other.
    fn add(&mut self, pair: Pair) -> Option<Pair> {
        // A piece stands for those of its sentence that are nearly the same.
        let (a, b) = (self.representative(pair.a), self.representative(pair.b));
        let (home_a, home_b) = (self.home.get(&a).copied(), self.home.get(&b).copied());
        let home = match (home_a, home_b) {
            (Some(g), Some(h)) if g == h => g,
            (Some(g), Some(h)) => {
                if self.refuses(g, Refused::Group(h)) {
                    return Some(pair);
                }
                let joined = self.groups[h].take().expect("a home is never a joined group");
                for &piece in &joined.pieces {
                    self.home.insert(piece, g);
                }
                let group = self.group(g);
                group.pieces.extend(joined.pieces);
                group.pairs.extend(joined.pairs);
                g
            }
            (Some(g), None) | (None, Some(g)) => {
                let new = if home_a.is_some() { b } else { a };
                if self.refuses(g, Refused::Piece(new)) {
                    return Some(pair);
                }
                self.settle(new, g);
                g
            }
            (None, None) => {
                let g = self.groups.len();
                self.groups.push(Some(Group::empty()));
                self.settle(a, g);
                self.settle(b, g);
                g
            }
        };
        self.group(home).pairs.push(pair);
        None
    }

    /// The same as [`Joiner::refuse`], looked at again only after one of the two grew.
    fn refuses(&mut self, group: usize, other: Refused) -> bool {
        let members = |group: usize| self.groups[group].as_ref().map_or(&[][..], |group| &group.pieces);
        let left = members(group);
        let right = match &other {
            Refused::Group(other) => members(*other),
            Refused::Piece(piece) => std::slice::from_ref(piece),
        };
        let sizes = (left.len(), right.len());
        if self.refusals.get(&(group, other)) == Some(&sizes) {
            return true;
        }
        let refused = self.refuse(left, right);
        if refused {
            self.refusals.insert((group, other), sizes);
        }
        refused
    }

    /// True if the two groups do not agree well enough to be one.
    fn refuse(&self, left: &[usize], right: &[usize]) -> bool {
        let speaker = |n: &usize| self.pieces.all[*n].speaker;
        let first = speaker(&left[0]);
        let same = first.is_some() && left.iter().chain(right).all(|n| speaker(n) == first);
        let share = if same { JOIN_SHARE_OF_SPEAKER } else { JOIN_SHARE };
        let crowded = left.iter().chain(right).any(|&n| self.scored.crowded[n]);
        let mean = if crowded { self.mean_of_wordings(left, right) } else { self.mean(left, right) };
        mean < self.threshold * share
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

    /// Mean probability over the cross pairs of different reports.
    fn mean(&self, left: &[usize], right: &[usize]) -> f64 {
        let (mut sum, mut n) = (0.0, 0_u32);
        for &a in left {
            for &b in right {
                if self.pieces.all[a].report != self.pieces.all[b].report {
                    sum += self.scored.probability(a, b);
                    n += 1;
                }
            }
        }
        if n == 0 { 0.0 } else { sum / f64::from(n) }
    }

    /// The same where not all partners of a piece were looked at: over pairs of wordings, as the same words may stand in a
    /// hundred reports, and over as many of them as could be known.
    fn mean_of_wordings(&self, left: &[usize], right: &[usize]) -> f64 {
        let (few, many) = if left.len() <= right.len() { (left, right) } else { (right, left) };
        let wordings = |pieces: &[usize]| -> BTreeSet<usize> {
            pieces.iter().map(|&piece| self.scored.wordings[piece]).collect()
        };
        let (of_few, of_many) = (wordings(few), wordings(many));
        let members: FxHashSet<usize> = many.iter().copied().collect();
        let mut known: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        known.extend(of_few.intersection(&of_many).map(|&wording| ((wording, wording), 1.0)));
        for &a in few {
            for (partner, probability) in self.scored.near[a].iter().flat_map(|&x| &self.scored.partners[x]) {
                let partners = self.scored.near[*partner].iter().filter(|b| members.contains(b));
                for &b in partners.filter(|&&b| self.pieces.all[a].report != self.pieces.all[b].report) {
                    let pair = (self.scored.wordings[a], self.scored.wordings[b]);
                    let best = known.entry(pair).or_insert(UNSEEN);
                    *best = best.max(*probability);
                }
            }
        }
        let n_pairs = (of_few.len() * of_many.len()) as f64;
        let n_expected = n_pairs.min(KNOWN_WORDINGS * n_pairs / (of_few.len() + of_many.len()) as f64);
        let n_known = known.len() as f64;
        let unknown = (n_expected - n_known).max(0.0);
        (known.values().sum::<f64>() + UNSEEN * unknown) / n_known.max(n_expected)
    }
}
