//! Batch: all reports at once, with a result that does not depend on their order.
//!
//! In: documents. Out: a partition into [`Group`]s. Cosine of weighted terms, lowered by the days between two reports; then the
//! two groups that fit each other best become one, while they fit ([`crate::linkage`], [`crate::density`]). Near-duplicates have
//! similarity 1. Reports are sorted by id first, and ties go to the smaller ids. Time: the posting lists, and the pairs that
//! they find times a logarithm.

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{Document, Published, StoryId};

use crate::corrections::Constraints;
use crate::density::Density;
use crate::linkage::{Ties, link};
use crate::near_duplicate::{DuplicateOptions, Level, duplicates};
use crate::notices::own_terms;
use crate::options::{Days, Options};
use crate::outline::label;
use crate::vector::SparseVector;
use crate::vocabulary::Vocabulary;

/// Documents that one posting list may name: terms in more reports than this find no pairs (but weigh in those found).
const MAX_POSTINGS: usize = 2000;
/// Weightiest terms of a report under which it is found.
const QUERY_TERMS: usize = 64;
/// Share of the usual similarity below which a pair hardly moves a mean.
const NEGLIGIBLE: f64 = 0.07;

/// A story found in a batch.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// Minted from the earliest report (by day, time of day, and id).
    pub id: StoryId,
    /// Positions in the input, by day of publication and time of day (unknown last) and then by report id.
    pub members: Vec<usize>,
    /// Position in the input of the report that is most like the others.
    pub central: usize,
    /// Its headline or first sentence.
    pub label: String,
    /// Stories of the batch that are near but not the same, nearest first, with how well they fit (1: as if they were one).
    pub related: Vec<(StoryId, f64)>,
}

/// Similarities of all pairs of reports that have any worth naming.
#[derive(Clone, Debug)]
pub struct Similarities {
    options: Options,
    /// Position in the input of each report, in order of report id; of reports that are there twice, the first.
    order: Vec<usize>,
    /// Day of each, in `order`.
    days: Vec<Days>,
    /// (smaller, greater, similarity), as indices into `order`, sorted.
    pairs: Vec<(u32, u32, f64)>,
}

/// Reports as vectors.
pub(crate) struct Vectors {
    /// Position in the input of each report, in order of report id; of reports that are there twice, the first.
    pub(crate) order: Vec<usize>,
    pub(crate) vocabulary: Vocabulary,
    /// In that order, like all below.
    pub(crate) vectors: Vec<SparseVector>,
    pub(crate) days: Vec<Days>,
}

impl Vectors {
    pub(crate) fn of(documents: &[Document]) -> Self {
        let mut order: Vec<usize> = (0..documents.len()).collect();
        order.sort_by_key(|&n| (documents[n].report().id(), n));
        order.dedup_by_key(|&mut n| documents[n].report().id());
        let mut vocabulary = Vocabulary::default();
        let own = own_terms(documents, &order, &vocabulary);
        let terms: Vec<_> = own.iter().map(|terms| vocabulary.count(terms)).collect();
        let vectors = terms.iter().map(|terms| vocabulary.vector(terms)).collect();
        let day = |&n: &usize| Days::of(documents[n].published().map(|published| published.date()));
        let days = order.iter().map(day).collect();
        Self { order, vocabulary, vectors, days }
    }
}

impl Similarities {
    /// Compares `documents` with each other.
    pub fn of(documents: &[Document], options: &Options) -> Self {
        Self::between(documents, &Vectors::of(documents), options)
    }

    /// The same where the vectors are known.
    pub(crate) fn between(documents: &[Document], reports: &Vectors, options: &Options) -> Self {
        let Vectors { order, vectors, days, .. } = reports;
        let twins = twins(documents, order, options);
        let mut pairs = Vec::new();
        for (a, b) in candidates(vectors).into_iter().chain(twins.iter().copied()).collect::<BTreeSet<_>>() {
            let (x, y) = (a as usize, b as usize);
            let similarity = if twins.contains(&(a, b)) {
                1.0
            } else {
                vectors[x].dot(&vectors[y]) * options.time_factor(days[x].apart(days[y]))
            };
            if similarity >= NEGLIGIBLE * options.usual_similarity {
                pairs.push((a, b, similarity));
            }
        }
        Self { options: *options, order: order.clone(), days: days.clone(), pairs }
    }

    /// (smaller, greater, similarity), as positions in order of report id, sorted.
    pub(crate) fn pairs(&self) -> &[(u32, u32, f64)] {
        &self.pairs
    }

    /// The partition at `threshold`, on the scale of [`Options::fit_threshold`]: positions in the input.
    pub fn partition(&self, threshold: f64) -> Vec<Vec<usize>> {
        self.partition_with(threshold, &Ties::none(self.order.len()))
    }

    fn partition_with(&self, threshold: f64, ties: &Ties<'_>) -> Vec<Vec<usize>> {
        let singles = vec![Density::SINGLE; self.order.len()];
        let clusters = link(&singles, &self.pairs, threshold, ties, &self.options);
        clusters.into_iter().map(|members| members.into_iter().map(|n| self.order[n]).collect()).collect()
    }

    /// For each group the member that is most like the others; of equals the one with the smallest id.
    fn most_central(&self, groups: &[Vec<usize>]) -> Vec<usize> {
        let group_of = self.group_of(groups);
        let mut likeness = vec![0.0; self.order.len()];
        for &(a, b, similarity) in &self.pairs {
            let (a, b) = (a as usize, b as usize);
            if group_of[a] == group_of[b] {
                likeness[a] += similarity;
                likeness[b] += similarity;
            }
        }
        let mut best: Vec<Option<usize>> = vec![None; groups.len()];
        for (n, &group) in group_of.iter().enumerate() {
            if best[group].is_none_or(|best| likeness[n] > likeness[best]) {
                best[group] = Some(n);
            }
        }
        let all = groups.iter().zip(best);
        all.map(|(members, best)| best.map_or(members[0], |n| self.order[n])).collect()
    }

    /// Pairs of groups that are related, with how well they fit but for the time between them.
    fn related(&self, groups: &[Vec<usize>]) -> Vec<(usize, usize, f64)> {
        let group_of = self.group_of(groups);
        let mut densities: Vec<Density> =
            groups.iter().map(|members| Density { n_reports: members.len() as f64, within: 0.0 }).collect();
        let mut between: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for &(a, b, similarity) in &self.pairs {
            let apart = self.days[a as usize].apart(self.days[b as usize]);
            let (a, b) = (group_of[a as usize], group_of[b as usize]);
            if a == b {
                densities[a].within += similarity;
            } else {
                // The chapters of one affair come one after the other.
                *between.entry((a.min(b), a.max(b))).or_default() +=
                    similarity / self.options.time_factor(apart);
            }
        }
        let fits = between
            .into_iter()
            .map(|((a, b), sum)| (a, b, densities[a].fit(densities[b], sum, &self.options)));
        fits.filter(|&(_, _, fit)| fit >= self.options.related_threshold).collect()
    }

    /// The group of each report, in `order`.
    fn group_of(&self, groups: &[Vec<usize>]) -> Vec<usize> {
        let of: BTreeMap<usize, usize> = groups
            .iter()
            .enumerate()
            .flat_map(|(group, members)| members.iter().map(move |&member| (member, group)))
            .collect();
        self.order.iter().map(|n| of[n]).collect()
    }
}

/// Groups `documents` into stories under `constraints`, in order of their first day (unknown last) and id.
pub fn group(documents: &[Document], options: &Options, constraints: &Constraints) -> Vec<Group> {
    let similarities = Similarities::of(documents, options);
    let key = |n: usize| {
        let published = documents[n].published();
        let (day, at) = (published.map(Published::date), published.and_then(Published::instant));
        (day.is_none(), day, at.is_none(), at, documents[n].report().id())
    };
    let blocks_of = |&n: &usize| constraints.block(documents[n].report().id()).into_iter().collect();
    let blocks = similarities.order.iter().map(blocks_of).collect();
    let ties = Ties { blocks, constraints: Some(constraints) };
    let mut parts = similarities.partition_with(options.fit_threshold, &ties);
    parts.iter_mut().for_each(|members| members.sort_by_key(|&n| key(n)));
    parts.sort_by_key(|members| key(members[0]));
    let central = similarities.most_central(&parts);
    let mut groups: Vec<Group> = parts
        .iter()
        .zip(central)
        .map(|(members, central)| Group {
            id: StoryId::opened_by(documents[members[0]].report().id()),
            members: members.clone(),
            central,
            label: label(&documents[central]),
            related: Vec::new(),
        })
        .collect();
    for (a, b, fit) in similarities.related(&parts) {
        let (one, other) = (groups[a].id, groups[b].id);
        groups[a].related.push((other, fit));
        groups[b].related.push((one, fit));
    }
    for group in &mut groups {
        group.related.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    }
    groups
}

/// Pairs that share a term which is not too common.
fn candidates(vectors: &[SparseVector]) -> BTreeSet<(u32, u32)> {
    let n_terms = vectors.iter().filter_map(|vector| vector.weights().last()).map(|&(id, _)| id as usize + 1);
    let mut postings: Vec<Vec<u32>> = vec![Vec::new(); n_terms.max().unwrap_or(0)];
    let mut pairs = BTreeSet::new();
    for (b, vector) in (0_u32..).zip(vectors) {
        for (id, _) in vector.greatest(QUERY_TERMS) {
            let earlier = &mut postings[id as usize];
            if earlier.len() < MAX_POSTINGS {
                pairs.extend(earlier.iter().map(|&a| (a, b)));
                earlier.push(b);
            }
        }
    }
    pairs
}

/// Reports that are nearly one text, as indices into `order`, the smaller first. Page furniture ties none.
fn twins(documents: &[Document], order: &[usize], options: &Options) -> BTreeSet<(u32, u32)> {
    let places: BTreeMap<usize, u32> = order.iter().copied().zip(0..).collect();
    let lines = DuplicateOptions { resemblance: options.duplicate_threshold, ..DuplicateOptions::default() };
    let found = duplicates(documents, &lines);
    let place = |n: usize| places.get(&n).copied();
    let alike = found.iter().filter(|pair| {
        pair.found.resemblance >= options.duplicate_threshold || pair.found.level <= Level::Normalized
    });
    let pairs = alike.filter_map(|pair| Some((place(pair.first)?, place(pair.second)?)));
    pairs.map(|(a, b)| (a.min(b), a.max(b))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_furniture_makes_no_twins() {
        let annotator = stemma_annotate::Annotator::load();
        let notice = "Our reporters bring you the news of the valley each day with the help of readers who give what they can. \
            Thank you to all who stand by the paper and its work.";
        let page = |n: u32| {
            let own: String = (0..12).map(|word| format!("w{n}x{word} ")).collect();
            let draft = stemma_core::ReportDraft {
                outlet: Some("Post".to_owned()),
                url: Some(format!("post.example/{n}")),
                text: format!("{own}.\n\n{notice}"),
                ..Default::default()
            };
            annotator.annotate(std::sync::Arc::new(stemma_core::Report::new(
                draft,
                stemma_core::Origin::whole("-"),
            )))
        };
        let pages: Vec<Document> = (0..12).map(page).collect();
        let order: Vec<usize> = (0..12).collect();
        assert!(twins(&pages, &order, &Options::default()).is_empty());
        assert_eq!(
            twins(&pages[..2], &order[..2], &Options::default()).len(),
            1,
            "two pages do not show what is furniture"
        );
    }
}
