//! Grouping of reports into stories against gold: B³ and adjusted Rand index.
//!
//! Data: the folder with `ecbplus`, `newscluster`, `basil` and `newswcl50`. Each set is grouped by itself, and all reports
//! together as one pool; stories of different sets are different stories. Batch sees all reports of a set; the stream
//! takes them by day of publication, undated ones first, and otherwise in order of report id, which says nothing about the story.
//! A stream is scored by where reports are at its end; in other orders, what is of one day is shuffled.
//! B³: Bagga and Baldwin 1998, averaged over reports. ARI: Hubert and Arabie 1985.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Deserialize;
use stemma_annotate::Annotator;
use stemma_core::{Document, Report};
use stemma_group::{Grouper, Options, Similarities};

use crate::reports::{ReportRecord, read_reports};
use crate::{EvalError, Evaluation, Item, Outcome, read_records};

/// Reports with the story of each.
#[derive(Clone, Debug, Default)]
pub struct StorySet {
    /// `ecbplus`, `pool` …
    pub name: String,
    /// Annotated reports.
    pub documents: Vec<Document>,
    /// The gold story of each.
    pub stories: Vec<String>,
}

#[derive(Deserialize)]
struct SubtopicRecord {
    #[serde(flatten)]
    report: ReportRecord,
    subtopic: String,
}

/// The four sets under `data` and their pool. `ecbplus` is that of `split`: `dev` or `train`.
pub fn load(data: &Path, split: &str) -> Result<Vec<StorySet>, EvalError> {
    let annotator = Annotator::load();
    let mut sets = vec![load_ecbplus(data, split, &annotator)?];
    for name in ["newscluster", "basil", "newswcl50"] {
        let path = data.join(name).join("dev.jsonl");
        let records = read_reports(&path)?;
        let stories = records.iter().map(|record| record.event_id.to_string()).collect();
        let reports = records.iter().map(|record| record.report(&path)).collect();
        sets.push(StorySet { name: name.to_owned(), documents: annotate(&annotator, reports), stories });
    }
    let mut pool = StorySet { name: "pool".to_owned(), ..StorySet::default() };
    for set in &sets {
        pool.documents.extend(set.documents.iter().cloned());
        pool.stories.extend(set.stories.iter().map(|story| format!("{}:{story}", set.name)));
    }
    sets.push(pool);
    Ok(sets)
}

/// ECB+ by subtopic.
pub fn load_ecbplus(data: &Path, split: &str, annotator: &Annotator) -> Result<StorySet, EvalError> {
    let path = data.join("ecbplus").join(format!("{split}.jsonl.gz"));
    let records: Vec<SubtopicRecord> = read_records(&path)?;
    let reports = records.iter().map(|record| record.report.report(&path)).collect();
    let stories = records.into_iter().map(|record| record.subtopic).collect();
    Ok(StorySet { name: "ecbplus".to_owned(), documents: annotate(annotator, reports), stories })
}

fn annotate(annotator: &Annotator, reports: Vec<Arc<Report>>) -> Vec<Document> {
    reports.into_par_iter().map(|report| annotator.annotate(report)).collect()
}

/// Scores of one partition against another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PartitionScores {
    /// Mean share of a report's predicted story that is of its gold story.
    pub b3_precision: f64,
    /// Mean share of a report's gold story that is in its predicted story.
    pub b3_recall: f64,
    /// Share of the pairs that are in one predicted story that are in one gold story.
    pub pair_precision: f64,
    /// Share of the pairs that are in one gold story that are in one predicted story.
    pub pair_recall: f64,
    /// Adjusted Rand index; 1 for two equal partitions, 0 for chance.
    pub adjusted_rand: f64,
    /// Gold stories.
    pub n_gold: usize,
    /// Predicted stories.
    pub n_predicted: usize,
}

impl PartitionScores {
    /// Compares two labelings of the same items.
    pub fn of<A: Ord, B: Ord>(gold: &[A], predicted: &[B]) -> Self {
        let counts = Counts::of(gold, predicted);
        let n = gold.len().max(1) as f64;
        let (mut precision, mut recall) = (0.0, 0.0);
        for (&(story, group), &both) in &counts.both {
            let both = both as f64;
            precision += both * both / counts.predicted[group] as f64;
            recall += both * both / counts.gold[story] as f64;
        }
        let [in_gold, in_predicted, in_both] = counts.pairs();
        Self {
            b3_precision: precision / n,
            b3_recall: recall / n,
            pair_precision: if in_predicted == 0.0 { 1.0 } else { in_both / in_predicted },
            pair_recall: if in_gold == 0.0 { 1.0 } else { in_both / in_gold },
            adjusted_rand: counts.adjusted_rand(),
            n_gold: counts.gold.len(),
            n_predicted: counts.predicted.len(),
        }
    }

    /// Harmonic mean of B³ precision and recall.
    pub fn b3(self) -> f64 {
        harmonic(self.b3_precision, self.b3_recall)
    }

    /// Harmonic mean of the precision and recall of pairs.
    pub fn pair_f1(self) -> f64 {
        harmonic(self.pair_precision, self.pair_recall)
    }
}

fn harmonic(precision: f64, recall: f64) -> f64 {
    let sum = precision + recall;
    if sum == 0.0 { 0.0 } else { 2.0 * precision * recall / sum }
}

struct Counts {
    gold: Vec<usize>,
    predicted: Vec<usize>,
    both: BTreeMap<(usize, usize), usize>,
}

impl Counts {
    fn of<A: Ord, B: Ord>(gold: &[A], predicted: &[B]) -> Self {
        fn numbers<T: Ord>(labels: &[T]) -> Vec<usize> {
            let distinct: Vec<&T> = labels.iter().collect::<BTreeSet<_>>().into_iter().collect();
            labels.iter().map(|label| distinct.partition_point(|&other| other < label)).collect()
        }
        let (gold, predicted) = (numbers(gold), numbers(predicted));
        let sizes = |labels: &[usize]| {
            let mut sizes = vec![0; labels.iter().max().map_or(0, |max| max + 1)];
            labels.iter().for_each(|&label| sizes[label] += 1);
            sizes
        };
        let mut both = BTreeMap::new();
        for pair in gold.iter().copied().zip(predicted.iter().copied()) {
            *both.entry(pair).or_default() += 1;
        }
        Self { gold: sizes(&gold), predicted: sizes(&predicted), both }
    }

    /// Pairs within gold stories, within predicted ones, and within both.
    fn pairs(&self) -> [f64; 3] {
        let sum = |sizes: &mut dyn Iterator<Item = usize>| sizes.map(n_pairs).sum::<f64>();
        [
            sum(&mut self.gold.iter().copied()),
            sum(&mut self.predicted.iter().copied()),
            sum(&mut self.both.values().copied()),
        ]
    }

    fn adjusted_rand(&self) -> f64 {
        let [in_gold, in_predicted, in_both] = self.pairs();
        let all = n_pairs(self.gold.iter().sum());
        let expected = if all == 0.0 { 0.0 } else { in_gold * in_predicted / all };
        let most = (in_gold + in_predicted) / 2.0;
        if most == expected { 1.0 } else { (in_both - expected) / (most - expected) }
    }
}

fn n_pairs(n: usize) -> f64 {
    (n * n.saturating_sub(1)) as f64 / 2.0
}

/// Group of each document, as a batch finds it.
pub fn batch(set: &StorySet, options: &Options) -> Vec<usize> {
    let similarities = Similarities::of(&set.documents, options);
    labels(set.documents.len(), &similarities.partition(options.fit_threshold))
}

/// `partition` as one label for each item. An item that is in no part (a report that is there twice) is alone.
pub fn labels(n: usize, partition: &[Vec<usize>]) -> Vec<usize> {
    let mut labels: Vec<usize> = (partition.len()..partition.len() + n).collect();
    for (label, members) in partition.iter().enumerate() {
        members.iter().for_each(|&member| labels[member] = label);
    }
    labels
}

/// Order of arrival: by day, undated first, then by report id.
pub fn arrival(set: &StorySet) -> Vec<usize> {
    in_order(set, |n| set.documents[n].report().id())
}

/// Order of arrival by day, undated first, in which what is of one day is shuffled; `seed` says how.
pub fn shuffled_arrival(set: &StorySet, seed: u64) -> Vec<usize> {
    in_order(set, |n| {
        let id = set.documents[n].report().id();
        (mix(seed ^ mix(id.leading_bits())), id)
    })
}

fn in_order<K: Ord>(set: &StorySet, tie: impl Fn(usize) -> K) -> Vec<usize> {
    let mut order: Vec<usize> = (0..set.documents.len()).collect();
    order.sort_by_cached_key(|&n| (set.documents[n].published().map(|published| published.date()), tie(n)));
    order
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
fn mix(bits: u64) -> u64 {
    let bits = bits.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ bits >> 31
}

/// Story of each document, as a stream in the given order finds it.
pub fn stream(set: &StorySet, options: &Options, order: &[usize]) -> Vec<stemma_core::StoryId> {
    let mut grouper = Grouper::new(*options);
    let placed: BTreeMap<usize, _> =
        order.iter().map(|&n| (n, grouper.add(&set.documents[n]).story)).collect();
    let last = |n: usize| grouper.story_of(set.documents[n].report().id()).unwrap_or(placed[&n]);
    (0..set.documents.len()).map(last).collect()
}

/// Scores of a stream over several orders in which reports of one day come.
#[derive(Clone, PartialEq, Debug)]
pub struct Shuffled {
    /// Of each order.
    pub runs: Vec<PartitionScores>,
}

/// How often what is of one day is shuffled.
pub const N_ORDERS: u64 = 10;

impl Shuffled {
    /// Streams a set in [`N_ORDERS`] orders.
    pub fn of(set: &StorySet, options: &Options) -> Self {
        let run =
            |seed| PartitionScores::of(&set.stories, &stream(set, options, &shuffled_arrival(set, seed)));
        Self { runs: (0..N_ORDERS).into_par_iter().map(run).collect() }
    }

    /// Mean of a measure over the orders.
    pub fn mean(&self, measure: impl Fn(PartitionScores) -> f64) -> f64 {
        self.runs.iter().map(|&run| measure(run)).sum::<f64>() / self.runs.len().max(1) as f64
    }

    /// Standard deviation of a measure over the orders.
    pub fn deviation(&self, measure: impl Fn(PartitionScores) -> f64) -> f64 {
        let mean = self.mean(&measure);
        self.mean(|run| (measure(run) - mean).powi(2)).sqrt()
    }

    /// Least and greatest value of a measure over the orders.
    pub fn range(&self, measure: impl Fn(PartitionScores) -> f64) -> (f64, f64) {
        let values = self.runs.iter().map(|&run| measure(run));
        values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    }
}

/// Groups every set under `data`: as a batch, as a stream, and as a stream in other orders.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let (sets, options) = (load(data, "dev")?, Options::default());
    let mut evaluation = Evaluation::default();
    for set in &sets {
        let grouped = batch(set, &options);
        let streamed = stream(set, &options, &arrival(set));
        push(&mut evaluation, &format!("{} batch", set.name), PartitionScores::of(&set.stories, &grouped));
        push(&mut evaluation, &format!("{} stream", set.name), PartitionScores::of(&set.stories, &streamed));
        let shuffled = Shuffled::of(set, &options);
        let rows = [
            ("B³ mean", shuffled.mean(PartitionScores::b3)),
            ("B³ deviation", shuffled.deviation(PartitionScores::b3)),
            ("B³ least", shuffled.range(PartitionScores::b3).0),
            ("B³ greatest", shuffled.range(PartitionScores::b3).1),
            ("ARI mean", shuffled.mean(|run| run.adjusted_rand)),
        ];
        let named = |(measure, value)| (format!("{} {N_ORDERS} orders {measure}", set.name), value);
        evaluation.figures.extend(rows.map(named));
        evaluation.items.extend(items(set, "batch", &grouped));
        evaluation.items.extend(items(set, "stream", &streamed));
    }
    let pool = sets
        .last()
        .map_or((0, 0), |pool| (pool.documents.len(), pool.stories.iter().collect::<BTreeSet<_>>().len()));
    evaluation.title = format!("stories, {} reports of {} stories", pool.0, pool.1);
    Ok(evaluation)
}

fn push(evaluation: &mut Evaluation, name: &str, scores: PartitionScores) {
    let rows = [
        ("B³ precision", scores.b3_precision),
        ("B³ recall", scores.b3_recall),
        ("B³", scores.b3()),
        ("pairs precision", scores.pair_precision),
        ("pairs recall", scores.pair_recall),
        ("pairs F1", scores.pair_f1()),
        ("ARI", scores.adjusted_rand),
        ("stories found", scores.n_predicted as f64),
        ("stories", scores.n_gold as f64),
    ];
    evaluation.figures.extend(rows.map(|(measure, value)| (format!("{name} {measure}"), value)));
}

/// One item for each report: a hit if its story is found exactly, spurious if it stands with reports of other stories,
/// else missed (its story was split).
fn items<B: Ord>(set: &StorySet, mode: &str, predicted: &[B]) -> Vec<Item> {
    let mut items = Vec::new();
    for (n, document) in set.documents.iter().enumerate() {
        let others = (0..predicted.len()).filter(|&m| predicted[m] == predicted[n]);
        let mixed = others.clone().any(|m| set.stories[m] != set.stories[n]);
        let whole = set.stories.iter().filter(|story| **story == set.stories[n]).count();
        let outcome = match (mixed, others.count() == whole) {
            (true, _) => Outcome::Spurious,
            (false, true) => Outcome::Hit,
            (false, false) => Outcome::Missed,
        };
        let id = document.report().shown_id();
        items.push(Item { document: id, id: set.name.clone(), group: mode.to_owned(), outcome });
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(gold: &str, predicted: &str) -> String {
        let (gold, predicted): (Vec<char>, Vec<char>) = (gold.chars().collect(), predicted.chars().collect());
        let scores = PartitionScores::of(&gold, &predicted);
        format!("{:.3} {:.3} {:.3}", scores.b3_precision, scores.b3_recall, scores.adjusted_rand)
    }

    #[test]
    fn partitions_are_scored_as_in_the_literature() {
        assert_eq!(shown("aabb", "xxyy"), "1.000 1.000 1.000");
        assert_eq!(shown("aabb", "xxxx"), "0.500 1.000 0.000");
        assert_eq!(shown("aabb", "wxyz"), "1.000 0.500 0.000");
        // The worked example of Hubert and Arabie's index for 2+1 against 1+2.
        assert_eq!(shown("aab", "xyy"), "0.667 0.667 -0.500");
        assert_eq!(shown("", ""), "0.000 0.000 1.000");
    }

    #[test]
    fn pairs_and_numbers_of_stories_are_counted() {
        let scores = PartitionScores::of(&['a', 'a', 'a', 'b'], &['x', 'x', 'y', 'y']);
        let PartitionScores { pair_precision, pair_recall, n_gold, n_predicted, .. } = scores;
        assert_eq!((pair_precision, pair_recall, n_gold, n_predicted), (0.5, 1.0 / 3.0, 2, 2));
        assert!((scores.pair_f1() - 0.4).abs() < 1e-12);
    }

    #[test]
    fn outcomes_tell_split_from_mixed() {
        let set = StorySet {
            name: "s".into(),
            documents: documents(5),
            stories: "aabbc".chars().map(String::from).collect(),
        };
        let outcomes: Vec<_> =
            items(&set, "batch", &[0, 0, 1, 2, 2]).iter().map(|item| item.outcome.as_str()).collect();
        assert_eq!(outcomes, ["hit", "hit", "missed", "spurious", "spurious"]);
    }

    fn documents(n: usize) -> Vec<Document> {
        let annotator = Annotator::load();
        let report = |n| {
            let draft = stemma_core::ReportDraft { text: format!("Report {n}."), ..Default::default() };
            Arc::new(Report::new(draft, stemma_core::Origin::whole("test")))
        };
        (0..n).map(|n| annotator.annotate(report(n))).collect()
    }
}
