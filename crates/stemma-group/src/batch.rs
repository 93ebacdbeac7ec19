//! Batch: all reports at once, with a result that does not depend on their order.
//!
//! In: documents. Out: a partition into [`Group`]s. Cosine of weighted terms lowered by the days between two reports, then
//! agglomerative clustering by average linkage: two groups become one while the mean similarity between their reports
//! reaches the threshold, the most similar first. Near-duplicates have similarity 1. Two groups whose mean reaches the threshold
//! hold a pair that does, so the work is done within the connected parts of the graph of such pairs, which are small.
//! Reports are sorted by id first, and ties go to the smaller ids. Time: the posting lists, and the cube of the
//! largest part in the worst case, its square in practice.

use std::collections::{BTreeSet, HashMap};

use stemma_core::{Document, StoryId};

use crate::corrections::{Block, Constraints};
use crate::grouper::label;
use crate::near_duplicate::{Sketch, SketchIndex};
use crate::options::{Days, Options};
use crate::terms::Terms;
use crate::vector::SparseVector;
use crate::vocabulary::Vocabulary;

/// Documents that one posting list may name: terms in more reports than this find no pairs (but weigh in those found).
const MAX_POSTINGS: usize = 2000;
/// Latest reports of one sketch band that are looked at.
const MAX_TWINS: usize = 64;

/// A story found in a batch.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// Minted from the earliest report (by day, then by id).
    pub id: StoryId,
    /// Positions in the input, by day of publication (unknown last) and then by report id.
    pub members: Vec<usize>,
    /// Headline or first sentence of the report that is most like the others.
    pub label: String,
}

/// Similarities of all pairs of reports that have any worth naming.
#[derive(Clone, Debug)]
pub struct Similarities {
    /// Position in the input of each report, in order of report id; of reports that are there twice, the first.
    order: Vec<usize>,
    /// (smaller, greater, similarity), as indices into `order`, sorted.
    pairs: Vec<(u32, u32, f64)>,
}

impl Similarities {
    /// Compares `documents` with each other; pairs of a similarity below `floor` are left out.
    pub fn of(documents: &[Document], options: &Options, floor: f64) -> Self {
        let mut order: Vec<usize> = (0..documents.len()).collect();
        order.sort_by_key(|&n| (documents[n].report().id(), n));
        order.dedup_by_key(|&mut n| documents[n].report().id());
        let terms: Vec<Terms> = order.iter().map(|&n| Terms::of(&documents[n])).collect();
        let mut vocabulary = Vocabulary::default();
        terms.iter().for_each(|terms| vocabulary.count(terms));
        let vectors: Vec<SparseVector> = terms.iter().map(|terms| vocabulary.vector(terms)).collect();
        let days = |n: usize| Days::of(documents[order[n]].published().map(|published| published.date()));
        let twins = twins(order.iter().map(|&n| Sketch::of(&documents[n])), options.duplicate_threshold);
        let mut pairs = Vec::new();
        for (a, b) in candidates(&vectors).into_iter().chain(twins.iter().copied()).collect::<BTreeSet<_>>() {
            let (x, y) = (a as usize, b as usize);
            let similarity = if twins.contains(&(a, b)) {
                1.0
            } else {
                vectors[x].dot(&vectors[y]) * options.time_factor(days(x).apart(days(y)))
            };
            if similarity >= floor {
                pairs.push((a, b, similarity));
            }
        }
        Self { order, pairs }
    }

    /// The partition at `threshold`, which is not below the floor: positions in the input.
    pub fn partition(&self, threshold: f64) -> Vec<Vec<usize>> {
        self.partition_with(threshold, &Ties { blocks: vec![None; self.order.len()], constraints: None })
    }

    fn partition_with(&self, threshold: f64, ties: &Ties<'_>) -> Vec<Vec<usize>> {
        let clusters = link(&self.pairs, threshold, ties);
        clusters.into_iter().map(|members| members.into_iter().map(|n| self.order[n]).collect()).collect()
    }

    /// The member that is most like the others of its group; of equals the one with the smallest id.
    fn most_central(&self, members: &[usize]) -> usize {
        let mut rank = vec![0.0; self.order.len()];
        let place: std::collections::BTreeMap<usize, usize> =
            self.order.iter().enumerate().map(|(rank, &n)| (n, rank)).collect();
        let inside: BTreeSet<usize> = members.iter().filter_map(|n| place.get(n).copied()).collect();
        for &(a, b, similarity) in &self.pairs {
            let (a, b) = (a as usize, b as usize);
            if inside.contains(&a) && inside.contains(&b) {
                rank[a] += similarity;
                rank[b] += similarity;
            }
        }
        let best = inside.iter().copied().reduce(|best, n| if rank[n] > rank[best] { n } else { best });
        best.map_or(members[0], |n| self.order[n])
    }
}

/// Groups `documents` into stories under `constraints`, in order of their first day (unknown last) and id.
pub fn group(documents: &[Document], options: &Options, constraints: &Constraints) -> Vec<Group> {
    // Below a tenth of the threshold a pair hardly moves a mean.
    let similarities = Similarities::of(documents, options, options.batch_threshold / 10.0);
    let key = |n: usize| {
        let day = documents[n].published().map(|published| published.date());
        (day.is_none(), day, documents[n].report().id())
    };
    let mut groups: Vec<Group> = Vec::new();
    let blocks = similarities.order.iter().map(|&n| constraints.block(documents[n].report().id())).collect();
    let ties = Ties { blocks, constraints: Some(constraints) };
    for mut members in similarities.partition_with(options.batch_threshold, &ties) {
        members.sort_by_key(|&n| key(n));
        let label = label(&documents[similarities.most_central(&members)]);
        groups.push(Group { id: StoryId::opened_by(documents[members[0]].report().id()), members, label });
    }
    groups.sort_by_key(|group| key(group.members[0]));
    groups
}

/// Pairs that share a term which is not too common.
fn candidates(vectors: &[SparseVector]) -> BTreeSet<(u32, u32)> {
    let n_terms = vectors.iter().filter_map(|vector| vector.weights().last()).map(|&(id, _)| id as usize + 1);
    let mut postings: Vec<Vec<u32>> = vec![Vec::new(); n_terms.max().unwrap_or(0)];
    let mut pairs = BTreeSet::new();
    for (b, vector) in (0_u32..).zip(vectors) {
        for (id, _) in vector.greatest(64) {
            let earlier = &mut postings[id as usize];
            if earlier.len() < MAX_POSTINGS {
                pairs.extend(earlier.iter().map(|&a| (a, b)));
                earlier.push(b);
            }
        }
    }
    pairs
}

fn twins(sketches: impl Iterator<Item = Option<Sketch>>, threshold: f64) -> BTreeSet<(u32, u32)> {
    let sketches: Vec<Option<Sketch>> = sketches.collect();
    let mut index = SketchIndex::default();
    let mut pairs = BTreeSet::new();
    for (b, sketch) in (0_u32..).zip(&sketches) {
        let Some(sketch) = sketch else { continue };
        for a in index.candidates(sketch, MAX_TWINS) {
            let other = sketches[a as usize].as_ref();
            if other.is_some_and(|other| sketch.resemblance(other) >= threshold) {
                pairs.insert((a, b));
            }
        }
        index.insert(b, sketch);
    }
    pairs
}

/// What a person has said of the items of a clustering.
struct Ties<'a> {
    /// The block of each item, if it is in one.
    blocks: Vec<Option<Block>>,
    constraints: Option<&'a Constraints>,
}

impl Ties<'_> {
    /// True if two lists of blocks hold two that are never in one story.
    fn are_apart(&self, a: &[Block], b: &[Block]) -> bool {
        let apart =
            |constraints: &Constraints| a.iter().any(|&x| b.iter().any(|&y| constraints.are_apart(x, y)));
        self.constraints.is_some_and(apart)
    }
}

/// Average linkage over the items of `ties`. `pairs` are sorted, with the smaller item first; a pair that is not listed counts 0.
fn link(pairs: &[(u32, u32, f64)], threshold: f64, ties: &Ties<'_>) -> Vec<Vec<usize>> {
    let n = ties.blocks.len();
    let mut parts = Parts::new(n);
    for &(a, b, _) in pairs.iter().filter(|pair| pair.2 >= threshold) {
        parts.join(a as usize, b as usize);
    }
    let mut of_block: HashMap<Block, usize> = HashMap::new();
    for (item, block) in ties.blocks.iter().enumerate() {
        if let &Some(block) = block {
            parts.join(*of_block.entry(block).or_insert(item), item);
        }
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut position = vec![0; n];
    for (item, position) in position.iter_mut().enumerate() {
        let root = parts.root(item);
        *position = members[root].len();
        members[root].push(item);
    }
    let mut similar: Vec<Vec<(usize, usize, f64)>> = vec![Vec::new(); n];
    for &(a, b, similarity) in pairs {
        let (a, b) = (a as usize, b as usize);
        let root = parts.root(a);
        if root == parts.root(b) {
            similar[root].push((position[a], position[b], similarity));
        }
    }
    let mut clusters = Vec::new();
    for (part, similar) in members.iter().zip(&similar).filter(|(part, _)| !part.is_empty()) {
        let ties = Ties { blocks: part.iter().map(|&n| ties.blocks[n]).collect(), ..*ties };
        for cluster in link_part(similar, threshold, &ties) {
            clusters.push(cluster.into_iter().map(|n| part[n]).collect());
        }
    }
    clusters
}

/// Average linkage within one part, on a full matrix of sums of similarities.
fn link_part(pairs: &[(usize, usize, f64)], threshold: f64, ties: &Ties<'_>) -> Vec<Vec<usize>> {
    let mut clusters = Clusters::new(pairs, ties);
    clusters.join_blocks();
    let n = clusters.n;
    let mut best: Vec<Option<(f64, usize)>> = (0..n).map(|a| clusters.nearest(a)).collect();
    loop {
        let top = (0..n).filter_map(|a| best[a].map(|(score, b)| (score, a, b)));
        let Some((score, a, b)) = top.reduce(|best, next| if next.0 > best.0 { next } else { best }) else {
            break;
        };
        if score < threshold {
            break;
        }
        clusters.join(a, b);
        best[b] = None;
        for c in (0..n).filter(|&c| clusters.is_there(c)) {
            if c == a || best[c].is_some_and(|(_, other)| other == a || other == b) {
                best[c] = clusters.nearest(c);
            }
        }
    }
    clusters.partition()
}

/// Clusters that become fewer.
struct Clusters<'a> {
    n: usize,
    /// Sums of the similarities between the items of two clusters, row by row.
    sums: Vec<f64>,
    /// The items of each; none once it has become part of another.
    items: Vec<Vec<usize>>,
    /// The blocks of its items.
    blocks: Vec<Vec<Block>>,
    ties: &'a Ties<'a>,
}

impl<'a> Clusters<'a> {
    /// One cluster for each item.
    fn new(pairs: &[(usize, usize, f64)], ties: &'a Ties<'a>) -> Self {
        let n = ties.blocks.len();
        let mut sums = vec![0.0_f64; n * n];
        for &(a, b, similarity) in pairs {
            sums[a * n + b] = similarity;
            sums[b * n + a] = similarity;
        }
        let blocks = ties.blocks.iter().map(|block| block.iter().copied().collect()).collect();
        Self { n, sums, items: (0..n).map(|item| vec![item]).collect(), blocks, ties }
    }

    fn is_there(&self, a: usize) -> bool {
        !self.items[a].is_empty()
    }

    /// Makes what a person has put together one cluster.
    fn join_blocks(&mut self) {
        let mut of_block: HashMap<Block, usize> = HashMap::new();
        for item in 0..self.n {
            if let Some(block) = self.ties.blocks[item] {
                let first = *of_block.entry(block).or_insert(item);
                if first != item {
                    self.join(first, item);
                }
            }
        }
    }

    fn join(&mut self, a: usize, b: usize) {
        let n = self.n;
        for c in 0..n {
            self.sums[a * n + c] += self.sums[b * n + c];
            self.sums[c * n + a] = self.sums[a * n + c];
        }
        let (items, blocks) = (std::mem::take(&mut self.items[b]), std::mem::take(&mut self.blocks[b]));
        self.items[a].extend(items);
        self.blocks[a].extend(blocks);
        self.blocks[a].dedup();
    }

    /// The cluster whose items are most like those of `a`, and how like; the first of equals.
    fn nearest(&self, a: usize) -> Option<(f64, usize)> {
        if !self.is_there(a) {
            return None;
        }
        let may =
            |&b: &usize| b != a && self.is_there(b) && !self.ties.are_apart(&self.blocks[a], &self.blocks[b]);
        let mean = |b: usize| self.sums[a * self.n + b] / (self.items[a].len() * self.items[b].len()) as f64;
        let others = (0..self.n).filter(may).map(|b| (mean(b), b));
        others.reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    fn partition(self) -> Vec<Vec<usize>> {
        let mut clusters: Vec<Vec<usize>> =
            self.items.into_iter().filter(|items| !items.is_empty()).collect();
        clusters.iter_mut().for_each(|cluster| cluster.sort_unstable());
        clusters
    }
}

/// Disjoint sets with path halving.
struct Parts(Vec<usize>);

impl Parts {
    fn new(n: usize) -> Self {
        Self((0..n).collect())
    }

    fn root(&mut self, mut item: usize) -> usize {
        while self.0[item] != item {
            self.0[item] = self.0[self.0[item]];
            item = self.0[item];
        }
        item
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use stemma_core::{Correction, ReportId};

    use super::*;

    fn link(n: usize, pairs: &[(u32, u32, f64)], threshold: f64) -> Vec<Vec<usize>> {
        super::link(pairs, threshold, &Ties { blocks: vec![None; n], constraints: None })
    }

    #[test]
    fn what_a_person_said_comes_first() {
        let report = |n: usize| ReportId::of(None, None, &n.to_string());
        let reports = |all: &[usize]| all.iter().map(|&n| report(n)).collect::<Vec<_>>();
        let link = |correction: Correction| {
            let constraints = Constraints::of(&[correction]);
            let blocks = (0..5).map(|n| constraints.block(report(n))).collect();
            let pairs = [(0, 1, 0.9), (0, 2, 0.8), (1, 2, 0.9), (3, 4, 0.9)];
            super::link(&pairs, 0.5, &Ties { blocks, constraints: Some(&constraints) })
        };
        let merge = Correction::Merge { reports: reports(&[0, 4]) };
        assert_eq!(link(merge), [vec![0, 4], vec![1, 2], vec![3]], "their mean decides about the others");
        let merge = Correction::Merge { reports: reports(&[0, 1, 2, 3, 4]) };
        assert_eq!(link(merge), [[0, 1, 2, 3, 4]]);
        let split = Correction::Split { reports: reports(&[2]), rest: reports(&[0]) };
        assert_eq!(link(split), [vec![0, 1], vec![2], vec![3, 4]]);
        let moved = Correction::Move { reports: reports(&[2]), to: reports(&[3, 4]), rest: reports(&[0, 1]) };
        assert_eq!(link(moved), [vec![0, 1], vec![2, 3, 4]]);
    }

    #[test]
    fn average_linkage_does_not_chain() {
        // 0-1-2-3 in a row: each like its neighbour, the ends unlike each other.
        let row = [(0, 1, 0.9), (1, 2, 0.8), (2, 3, 0.9)];
        assert_eq!(link(4, &row, 0.5), [[0, 1], [2, 3]]);
        assert_eq!(link(4, &row, 0.2), [[0, 1, 2, 3]]);
        assert_eq!(link(2, &[], 0.2), [[0], [1]]);
    }

    #[test]
    fn the_mean_decides_after_a_merge() {
        let pairs = [(0, 1, 0.9), (0, 2, 0.6), (1, 2, 0.3), (2, 3, 0.5)];
        assert_eq!(
            link(4, &pairs, 0.5),
            [vec![0, 1], vec![2, 3]],
            "2 is nearer to 3 than to 0 and 1 together"
        );
        assert_eq!(link(3, &pairs[..3], 0.44), [[0, 1, 2]]);
    }
}
