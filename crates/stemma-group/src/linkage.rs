//! Agglomerative clustering: the two groups that fit best become one, again and again, while they fit well enough.
//!
//! In: items (single reports, or groups that stay together) with how alike their reports are, and the sum of similarities for
//! each pair of items that has any. Out: a partition. What fits is said by [`Density::fit`], so a group is met as a whole, and
//! chains of likenesses do not tie. Ties go to the smaller items: the result depends on the items' order alone.
//! What a person has said comes first ([`Ties`]). Time: for each merge the neighbors of the smaller group, times a logarithm; memory: linear in the pairs.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use crate::corrections::{Block, Constraints};
use crate::density::Density;
use crate::options::Options;

/// What a person has said of the items of a clustering.
pub(crate) struct Ties<'a> {
    /// The blocks of the reports of each item.
    pub(crate) blocks: Vec<Vec<Block>>,
    pub(crate) constraints: Option<&'a Constraints>,
}

impl Ties<'_> {
    /// Nothing was said of `n` items.
    pub(crate) fn none(n: usize) -> Self {
        Self { blocks: vec![Vec::new(); n], constraints: None }
    }

    /// True if two lists of blocks hold two that are never in one story.
    fn are_apart(&self, a: &[Block], b: &[Block]) -> bool {
        let apart =
            |constraints: &Constraints| a.iter().any(|&x| b.iter().any(|&y| constraints.are_apart(x, y)));
        self.constraints.is_some_and(apart)
    }
}

/// A group that grows.
struct Cluster {
    items: Vec<usize>,
    /// The blocks of its items.
    blocks: Vec<Block>,
    density: Density,
    /// Sum of similarities with each neighbor.
    between: BTreeMap<u32, f64>,
    /// Counts the merges, so that what was offered before is known to be stale.
    version: u32,
}

/// Two clusters that could become one.
struct Offer {
    fit: f64,
    /// `a < b`, each with the version for which the fit holds.
    a: (u32, u32),
    b: (u32, u32),
}

impl Ord for Offer {
    /// The greater is the better one.
    fn cmp(&self, other: &Self) -> Ordering {
        self.fit.total_cmp(&other.fit).then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Offer {}

/// The partition of `items` at `threshold`: positions, sorted, in order of the first. `pairs` hold the smaller item first.
pub(crate) fn link(
    items: &[Density],
    pairs: &[(u32, u32, f64)],
    threshold: f64,
    ties: &Ties<'_>,
    options: &Options,
) -> Vec<Vec<usize>> {
    let mut clusters = start(items, pairs, ties);
    join_blocks(&mut clusters, ties);
    let rule = Rule { threshold, ties, options };
    let mut offers = BinaryHeap::new();
    for (a, cluster) in (0_u32..).zip(&clusters) {
        let neighbors = cluster.iter().flat_map(|cluster| cluster.between.keys());
        offers.extend(neighbors.filter(|&&b| a < b).filter_map(|&b| rule.offer(&clusters, a, b)));
    }
    while let Some(best) = offers.pop() {
        let current = |(n, version): (u32, u32)| {
            clusters[n as usize].as_ref().is_some_and(|cluster| cluster.version == version)
        };
        if !current(best.a) || !current(best.b) {
            continue;
        }
        let home = merge(&mut clusters, best.a.0, best.b.0);
        if let Some(cluster) = &clusters[home as usize] {
            offers.extend(cluster.between.keys().filter_map(|&other| rule.offer(&clusters, home, other)));
        }
    }
    let mut groups: Vec<Vec<usize>> = clusters.into_iter().flatten().map(|cluster| cluster.items).collect();
    groups.iter_mut().for_each(|items| items.sort_unstable());
    groups.sort_unstable();
    groups
}

/// One cluster for each item.
fn start(items: &[Density], pairs: &[(u32, u32, f64)], ties: &Ties<'_>) -> Vec<Option<Cluster>> {
    let cluster = |(n, &density): (usize, &Density)| {
        let blocks = ties.blocks[n].clone();
        Some(Cluster { items: vec![n], blocks, density, between: BTreeMap::new(), version: 0 })
    };
    let mut clusters: Vec<Option<Cluster>> = items.iter().enumerate().map(cluster).collect();
    for &(a, b, sum) in pairs {
        for (one, other) in [(a, b), (b, a)] {
            if let Some(cluster) = &mut clusters[one as usize] {
                cluster.between.insert(other, sum);
            }
        }
    }
    clusters
}

/// Makes what a person has put together one cluster.
fn join_blocks(clusters: &mut [Option<Cluster>], ties: &Ties<'_>) {
    let mut of_block: BTreeMap<Block, u32> = BTreeMap::new();
    for (item, blocks) in (0_u32..).zip(&ties.blocks) {
        let mut home = item;
        for block in blocks {
            match of_block.get(block).copied() {
                Some(other) if other != home => {
                    let joined = merge(clusters, other, home);
                    let gone = if joined == home { other } else { home };
                    of_block.values_mut().filter(|at| **at == gone).for_each(|at| *at = joined);
                    home = joined;
                }
                _ => {}
            }
            of_block.insert(*block, home);
        }
    }
}

/// What may become one.
struct Rule<'a> {
    threshold: f64,
    ties: &'a Ties<'a>,
    options: &'a Options,
}

impl Rule<'_> {
    fn offer(&self, clusters: &[Option<Cluster>], a: u32, b: u32) -> Option<Offer> {
        let (a, b) = (a.min(b), a.max(b));
        let (one, other) = (clusters[a as usize].as_ref()?, clusters[b as usize].as_ref()?);
        let fit = one.density.fit(other.density, *one.between.get(&b)?, self.options);
        let may = fit >= self.threshold && !self.ties.are_apart(&one.blocks, &other.blocks);
        may.then_some(Offer { fit, a: (a, one.version), b: (b, other.version) })
    }
}

/// Makes two clusters one, under the number of the one with more neighbors, which is returned.
fn merge(clusters: &mut [Option<Cluster>], a: u32, b: u32) -> u32 {
    let n_neighbors = |n: u32| clusters[n as usize].as_ref().map_or(0, |cluster| cluster.between.len());
    let (home, gone) = if n_neighbors(b) > n_neighbors(a) { (b, a) } else { (a, b) };
    let Some(taken) = clusters[gone as usize].take() else { return home };
    for (&neighbor, sum) in taken.between.iter().filter(|(neighbor, _)| **neighbor != home) {
        if let Some(neighbor) = &mut clusters[neighbor as usize] {
            neighbor.between.remove(&gone);
            *neighbor.between.entry(home).or_default() += sum;
        }
    }
    if let Some(cluster) = &mut clusters[home as usize] {
        let between = cluster.between.remove(&gone).unwrap_or_default();
        cluster.density = cluster.density.joined(taken.density, between);
        cluster.items.extend(taken.items);
        cluster.blocks.extend(taken.blocks);
        cluster.blocks.dedup();
        cluster.version += 1;
        for (neighbor, sum) in taken.between.into_iter().filter(|(neighbor, _)| *neighbor != home) {
            *cluster.between.entry(neighbor).or_default() += sum;
        }
    }
    home
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stemma_core::{Correction, ReportId};

    use super::*;

    /// With what is usual outweighing everything, fit is mean similarity over the usual one.
    fn average(n: usize, pairs: &[(u32, u32, f64)], threshold: f64) -> Vec<Vec<usize>> {
        let options =
            Options { usual_similarity: 1.0, densest: 1.0, usual_pairs: 1e12, ..Options::default() };
        link(&vec![Density::SINGLE; n], pairs, threshold, &Ties::none(n), &options)
    }

    #[test]
    fn what_a_person_said_comes_first() {
        let report = |n: usize| ReportId::of(None, None, &n.to_string());
        let reports = |all: &[usize]| all.iter().map(|&n| report(n)).collect::<Vec<_>>();
        let link = |correction: Correction| {
            let constraints = Constraints::of(&[correction]);
            let blocks = (0..5).map(|n| constraints.block(report(n)).into_iter().collect()).collect();
            let pairs = [(0, 1, 0.9), (0, 2, 0.8), (1, 2, 0.9), (3, 4, 0.9)];
            let ties = Ties { blocks, constraints: Some(&constraints) };
            let options =
                Options { usual_similarity: 1.0, densest: 1.0, usual_pairs: 1e12, ..Options::default() };
            super::link(&[Density::SINGLE; 5], &pairs, 0.5, &ties, &options)
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
    fn likeness_does_not_chain() {
        // 0-1-2-3 in a row: each like its neighbor, the ends unlike each other.
        let row = [(0, 1, 0.9), (1, 2, 0.8), (2, 3, 0.9)];
        assert_eq!(average(4, &row, 0.5), [[0, 1], [2, 3]]);
        assert_eq!(average(4, &row, 0.2), [[0, 1, 2, 3]]);
        assert_eq!(average(2, &[], 0.2), [[0], [1]]);
    }

    #[test]
    fn the_mean_decides_after_a_merge() {
        let pairs = [(0, 1, 0.9), (0, 2, 0.6), (1, 2, 0.3), (2, 3, 0.5)];
        assert_eq!(
            average(4, &pairs, 0.5),
            [vec![0, 1], vec![2, 3]],
            "2 is nearer to 3 than to 0 and 1 together"
        );
        assert_eq!(average(3, &pairs[..3], 0.44), [[0, 1, 2]]);
    }

    #[test]
    fn dense_groups_stay_apart_where_loose_ones_would_join() {
        let pairs = |within: f64| {
            let mut pairs = Vec::new();
            for a in 0..8_u32 {
                for b in a + 1..8 {
                    pairs.push((a, b, if a / 4 == b / 4 { within } else { 0.2 }));
                }
            }
            pairs
        };
        let n_groups = |within: f64| {
            let options = Options::default();
            link(&[Density::SINGLE; 8], &pairs(within), options.fit_threshold, &Ties::none(8), &options).len()
        };
        assert_eq!((n_groups(0.25), n_groups(0.45)), (1, 2));
    }

    proptest! {
        #[test]
        fn every_item_is_in_one_group(pairs in prop::collection::btree_map((0_u32..12, 0_u32..12), 0.0..1.0_f64, 0..60)) {
            let pairs: Vec<(u32, u32, f64)> =
                pairs.into_iter().filter(|((a, b), _)| a < b).map(|((a, b), sum)| (a, b, sum)).collect();
            let options = Options::default();
            let groups = link(&[Density::SINGLE; 12], &pairs, options.fit_threshold, &Ties::none(12), &options);
            let mut items: Vec<usize> = groups.concat();
            items.sort_unstable();
            prop_assert!(items.into_iter().eq(0..12));
        }
    }
}
