//! Batch: all reports at once, with a result that does not depend on their order.
//!
//! In: documents. Out: a partition into [`Group`]s. Cosine of weighted terms, lowered by the days between two reports, and where they tell
//! of other places and people ([`crate::elsewhere`]); then the
//! two groups that fit each other best become one, while they fit ([`crate::linkage`], [`crate::density`]). Near-duplicates have
//! similarity 1. Reports are sorted by id first, and ties go to the smaller ids. Time: the posting lists, and the pairs that
//! they find times a logarithm.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use stemma_core::{Document, Published, ReportId, StoryId};

use crate::candidates::{Candidates, Scratch};
use crate::corrections::Constraints;
use crate::density::Density;
use crate::elsewhere::{ELSEWHERE_FACTOR, Named, OPEN_BELOW};
use crate::linkage::{Ties, link};
use crate::near_duplicate::{DuplicateOptions, Imprint, Level, duplicates_among};
use crate::notices::leave_notices_out;
use crate::options::{Days, Options};
use crate::outline::label;
use crate::related::Related;
use crate::terms::Terms;
use crate::vector::{SparseVector, Spread};
use crate::vocabulary::{TERMS_OF_BATCH, Vocabulary};

/// Share of the usual similarity below which a pair, but for the time between the two, hardly moves a mean. From 0.07 to 0.3 the
/// stories of all gold data, and of 20,000 made-up reports, are the same; at 0.3 there are one fourteenth of the pairs, and a few
/// links between stories are lost.
const NEGLIGIBLE: f64 = 0.25;

/// A story found in a batch.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// Minted from the earliest report (by day, time of day, and id).
    pub id: StoryId,
    /// Positions in the input, by day of publication and time of day (unknown last) and then by report id.
    pub members: Vec<usize>,
    /// Position in the input of the report that is most like the others.
    pub central: usize,
    /// Its headline or first sentence, or what a person has called the story.
    pub label: String,
    /// Stories of the batch that are near but not the same, nearest first.
    pub related: Vec<Related>,
}

/// What grouping many reports at once needs to know of one. Made on any thread; far smaller than the document.
#[derive(Clone, Debug)]
pub struct BatchOutline {
    published: Option<Published>,
    label: String,
    pub(crate) terms: Terms,
    named: Named,
    pub(crate) imprint: Imprint,
}

impl BatchOutline {
    /// The outline of a document.
    pub fn of(document: &Document) -> Self {
        Self {
            published: document.published(),
            label: label(document),
            terms: Terms::of(document),
            named: Named::of(document),
            imprint: Imprint::of(document),
        }
    }

    /// Which report.
    pub fn report(&self) -> ReportId {
        self.imprint.report
    }
}

/// Outlines in order of report id, each once, and the place of each among `outlines`.
fn in_order(outlines: Vec<BatchOutline>) -> (Vec<usize>, Vec<BatchOutline>) {
    let mut order: Vec<usize> = (0..outlines.len()).collect();
    order.sort_by_key(|&n| (outlines[n].report(), n));
    order.dedup_by_key(|&mut n| outlines[n].report());
    let mut outlines: Vec<Option<BatchOutline>> = outlines.into_iter().map(Some).collect();
    let sorted = order.iter().filter_map(|&n| outlines[n].take()).collect();
    (order, sorted)
}

/// What stays known of a report when all were compared.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) id: ReportId,
    published: Option<Published>,
    label: String,
}

/// Similarities of all pairs of reports that have any worth naming.
#[derive(Clone, Debug)]
pub struct Similarities {
    options: Options,
    /// Position in the input of each report, in order of report id; of reports that are there twice, the first.
    order: Vec<usize>,
    /// (smaller, greater, similarity), as indices into `order`, sorted.
    pairs: Vec<(u32, u32, f64)>,
}

/// Reports as vectors.
#[derive(Clone, Debug)]
pub(crate) struct Vectors {
    /// Position in the input of each report, in order of report id; of reports that are there twice, the first.
    pub(crate) order: Vec<usize>,
    pub(crate) vocabulary: Vocabulary,
    /// In that order, like all below.
    pub(crate) vectors: Vec<SparseVector>,
    pub(crate) days: Vec<Days>,
}

impl Vectors {
    /// Of reports in order of their ids, whose places in the input are `order`. Takes their terms.
    fn of(
        order: Vec<usize>,
        reports: &mut [BatchOutline],
        again: &mut dyn FnMut(usize) -> Option<Document>,
    ) -> Self {
        let mut vocabulary = Vocabulary::default();
        leave_notices_out(reports, &mut |at| again(order[at]), &vocabulary);
        let taken = reports.iter_mut().map(|report| std::mem::take(&mut report.terms));
        let terms: Vec<_> = taken.map(|terms| vocabulary.count(&terms)).collect();
        let vectors = terms.iter().map(|terms| vocabulary.vector(terms, TERMS_OF_BATCH)).collect();
        let day = |report: &BatchOutline| Days::of(report.published.map(|published| published.date()));
        let days = reports.iter().map(day).collect();
        Self { order, vocabulary, vectors, days }
    }
}

impl Similarities {
    /// Compares `documents` with each other.
    pub fn of(documents: &[Document], options: &Options) -> Self {
        Batch::of(documents, options).similarities
    }

    /// The same where the vectors are known.
    fn between(reports: Vec<BatchOutline>, vectors: &Vectors, options: &Options) -> Self {
        let Vectors { order, vectors, days, .. } = vectors;
        let published: Vec<Option<Published>> = reports.iter().map(|report| report.published).collect();
        let (named, imprints): (Vec<Named>, Vec<Imprint>) =
            reports.into_iter().map(|report| (report.named, report.imprint)).unzip();
        let twins = twins(imprints, &published, options);
        let least = NEGLIGIBLE * options.usual_similarity;
        let similarity = |a: u32, b: u32, alike: f64| {
            let (x, y) = (a as usize, b as usize);
            let similarity = alike * options.time_factor(days[x].apart(days[y]));
            let is_open = similarity < OPEN_BELOW * options.usual_similarity;
            let is_elsewhere = is_open && named[x].is_elsewhere(&named[y]);
            if is_elsewhere { ELSEWHERE_FACTOR * similarity } else { similarity }
        };
        let candidates = Candidates::of(vectors);
        let pairs_of = |(scratch, of_b): &mut (Scratch, Spread), b: u32| {
            of_b.set(&vectors[b as usize]);
            let twins: Vec<u32> = twins.range((b, 0)..=(b, b)).map(|&(_, a)| a).collect();
            let others = candidates.before(b, scratch).iter().filter(|a| !twins.contains(a));
            let others = others.map(|&a| (a, of_b.dot(&vectors[a as usize])));
            let others = others.filter(|&(_, alike)| alike >= least);
            let others = others.map(|(a, alike)| (a, b, similarity(a, b, alike)));
            others.chain(twins.iter().map(|&a| (a, b, 1.0))).collect::<Vec<_>>()
        };
        // There are many more candidates than pairs that are worth naming: no more than those of a few reports are in memory.
        let found = (0..vectors.len() as u32).into_par_iter().map_init(Default::default, pairs_of);
        let mut pairs: Vec<(u32, u32, f64)> = found.flatten_iter().collect();
        pairs.sort_unstable_by_key(|&(a, b, _)| (a, b));
        Self { options: *options, order: order.clone(), pairs }
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
}

/// Groups `documents` into stories under `constraints`, in order of their first day (unknown last) and id.
pub fn group(documents: &[Document], options: &Options, constraints: &Constraints) -> Vec<Group> {
    Batch::of(documents, options).groups(constraints)
}

/// Reports that are grouped all at once, compared with each other.
#[derive(Clone, Debug)]
pub struct Batch {
    /// In order of report id.
    pub(crate) reports: Vec<Known>,
    pub(crate) options: Options,
    pub(crate) vectors: Vectors,
    pub(crate) similarities: Similarities,
    /// Of the reports that count, the place in `vectors`, by position in the input.
    ranks: BTreeMap<usize, usize>,
}

impl Batch {
    /// Compares `documents` with each other.
    pub fn of(documents: &[Document], options: &Options) -> Self {
        let outlines = documents.iter().map(BatchOutline::of).collect();
        Self::of_outlines(outlines, &mut |n| documents.get(n).cloned(), options)
    }

    /// Compares reports with each other of which no more than the outlines are in memory. `again` gives the document of one of them, by
    /// its place: those that hold a notice of their outlet are looked at once more. Where it gives none, the notice counts as text.
    pub fn of_outlines(
        outlines: Vec<BatchOutline>,
        again: &mut dyn FnMut(usize) -> Option<Document>,
        options: &Options,
    ) -> Self {
        let (order, mut outlines) = in_order(outlines);
        let vectors = Vectors::of(order, &mut outlines, again);
        let known = |outline: &mut BatchOutline| Known {
            id: outline.report(),
            published: outline.published,
            label: std::mem::take(&mut outline.label),
        };
        let reports = outlines.iter_mut().map(known).collect();
        let similarities = Similarities::between(outlines, &vectors, options);
        let ranks = vectors.order.iter().copied().zip(0..).collect();
        Self { reports, options: *options, vectors, similarities, ranks }
    }

    /// The stories under `constraints`, in order of their first day (unknown last) and id.
    pub fn groups(&self, constraints: &Constraints) -> Vec<Group> {
        let id = |n: usize| self.reports[self.rank(n)].id;
        let key = |n: usize| {
            let published = self.reports[self.rank(n)].published;
            let (day, at) = (published.map(Published::date), published.and_then(Published::instant));
            (day.is_none(), day, at.is_none(), at, id(n))
        };
        let blocks_of = |&n: &usize| constraints.block(id(n)).into_iter().collect();
        let blocks = self.vectors.order.iter().map(blocks_of).collect();
        let ties = Ties { blocks, constraints: Some(constraints) };
        let mut parts = self.similarities.partition_with(self.options.fit_threshold, &ties);
        parts.iter_mut().for_each(|members| members.sort_by_key(|&n| key(n)));
        parts.sort_by_key(|members| key(members[0]));
        let story = |members: Vec<usize>| Group {
            id: StoryId::opened_by(id(members[0])),
            central: members[0],
            label: String::new(),
            related: Vec::new(),
            members,
        };
        let mut groups: Vec<Group> = parts.into_iter().map(story).collect();
        let central = self.most_central(&groups);
        for (group, central) in groups.iter_mut().zip(central) {
            group.central = central;
            let reports: Vec<_> = group.members.iter().map(|&n| id(n)).collect();
            let given = constraints.label_of(&reports).map(str::to_owned);
            group.label = given.unwrap_or_else(|| self.reports[self.rank(central)].label.clone());
        }
        self.link(&mut groups);
        groups
    }

    /// The place of a report in `vectors`, by its position in the input.
    pub(crate) fn rank(&self, n: usize) -> usize {
        self.ranks[&n]
    }

    /// The group of each report, in order of the vectors.
    pub(crate) fn group_of(&self, groups: &[Group]) -> Vec<usize> {
        let mut group_of = vec![0; self.vectors.order.len()];
        for (g, group) in groups.iter().enumerate() {
            group.members.iter().for_each(|&n| group_of[self.rank(n)] = g);
        }
        group_of
    }

    /// For each group the member that is most like the others; of equals the one with the smallest id.
    fn most_central(&self, groups: &[Group]) -> Vec<usize> {
        let group_of = self.group_of(groups);
        let mut likeness = vec![0.0; group_of.len()];
        for &(a, b, similarity) in self.similarities.pairs() {
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
        all.map(|(group, best)| best.map_or(group.members[0], |n| self.vectors.order[n])).collect()
    }
}

/// Reports that are nearly one text, by their places in order of report id, the greater first. Page furniture ties none.
fn twins(imprints: Vec<Imprint>, published: &[Option<Published>], options: &Options) -> BTreeSet<(u32, u32)> {
    let lines = DuplicateOptions { resemblance: options.duplicate_threshold, ..DuplicateOptions::default() };
    let found = duplicates_among(imprints, published, &lines);
    let place = |n: usize| u32::try_from(n).ok();
    let alike = found.iter().filter(|pair| {
        pair.found.resemblance >= options.duplicate_threshold || pair.found.level <= Level::Normalized
    });
    let pairs = alike.filter_map(|pair| Some((place(pair.first)?, place(pair.second)?)));
    pairs.map(|(a, b)| (a.max(b), a.min(b))).collect()
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
        let twins = |pages: &[Document]| {
            let (_, outlines) = in_order(pages.iter().map(BatchOutline::of).collect());
            let published = vec![None; outlines.len()];
            super::twins(outlines.into_iter().map(|o| o.imprint).collect(), &published, &Options::default())
        };
        assert!(twins(&pages).is_empty());
        assert_eq!(twins(&pages[..2]).len(), 1, "two pages do not show what is furniture");
    }
}
