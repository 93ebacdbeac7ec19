//! Paraphrases: how well what two sentences show for themselves tells whether they say the same.
//!
//! Three sets of gold, each a folder below the data; those that are there are scored. None has a story around its sentences,
//! so the features are those of [`stemma_compare::side_by_side`], and weights are fitted on a part of the set for the rest of it:
//!
//! - `msrp`: pairs `s1`, `s2` of news sentences with `label` 1 or 0 (Dolan et al. 2004). Accuracy and F1 of label 1, in ten
//!   folds; pairs that share a sentence, also by way of others, are in one fold.
//! - `sts_headlines`: pairs of headlines with `score` 0 to 5 (SemEval STS). Pearson's r, in ten folds.
//! - `nanco`: answers to one question in `group`s of those that agree (Laban et al. 2022). Balanced accuracy over the pairs of
//!   a question, averaged over questions, each scored by weights of the others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Deserialize;
use stemma_annotate::Annotator;
use stemma_compare::side_by_side;
use stemma_core::{Document, Report};

use crate::gold::{EvalError, read_records};
use crate::regression::{Row, Scale, linear, logistic, sum};
use crate::score::{Evaluation, Item, Outcome, Tally};

/// Parts into which a set is divided: each is scored by weights that were fitted on the others.
const FOLDS: usize = 10;

/// Penalty on squared weights of features that are scaled to unit variance. Chosen on the folds of `msrp`; any from 3 to 100
/// does as well.
const RIDGE: f64 = 10.0;

/// A prediction of similarity is right if it is off by no more than this; of 0 to 5.
const TOLERANCE: f64 = 1.0;

/// Two texts of a set.
#[derive(Clone, PartialEq, Debug)]
struct GoldPair {
    /// The question, or the set.
    document: String,
    /// Ids of the two texts.
    id: String,
    /// Indices into [`PairSet::texts`].
    texts: [usize; 2],
    /// 1 or 0: they say the same or not; or a similarity.
    gold: f64,
    /// Pairs of one part are scored by weights that were fitted on the other parts.
    part: usize,
}

/// One set of gold.
#[derive(Clone, PartialEq, Debug, Default)]
struct PairSet {
    /// Every text once.
    texts: Vec<String>,
    /// In the order of the file.
    pairs: Vec<GoldPair>,
}

impl PairSet {
    fn text(&mut self, known: &mut BTreeMap<String, usize>, text: &str) -> usize {
        *known.entry(text.to_owned()).or_insert_with(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        })
    }

    /// Values of the features of each pair.
    fn features(&self, annotator: &Annotator) -> Vec<Vec<f64>> {
        let annotate = |text: &String| annotator.annotate(Arc::new(Report::of_text(text)));
        let documents: Vec<Document> = self.texts.par_iter().map(annotate).collect();
        let pairs: Vec<[usize; 2]> = self.pairs.iter().map(|pair| pair.texts).collect();
        side_by_side(&documents, &pairs)
    }
}

#[derive(Deserialize)]
struct Paraphrase {
    id1: String,
    id2: String,
    s1: String,
    s2: String,
    label: u8,
}

#[derive(Deserialize)]
struct Headlines {
    id: String,
    score: f64,
    s1: String,
    s2: String,
}

#[derive(Deserialize)]
struct Question {
    id: String,
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    id: String,
    answer: String,
    group: i64,
}

/// Scores the sets that are in `data`, a folder of them or the folder of one.
///
/// # Errors
/// If `data` holds none of the sets, or a file cannot be read or is not of its format.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let annotator = Annotator::load();
    let mut evaluation = Evaluation::default();
    let mut told = Vec::new();
    for (name, score) in SETS {
        if let Some(path) = file_of(data, name) {
            told.push(score(&annotator, &path, &mut evaluation)?);
        }
    }
    if told.is_empty() {
        let names: Vec<&str> = SETS.iter().map(|(name, _)| *name).collect();
        let problem = format!("none of {} is there", names.join(", "));
        return Err(EvalError::Inconsistent { path: data.to_owned(), problem });
    }
    evaluation.title = format!("two sentences side by side: {}", told.join(", "));
    Ok(evaluation)
}

type Score = fn(&Annotator, &Path, &mut Evaluation) -> Result<String, EvalError>;

const SETS: [(&str, Score); 3] =
    [("msrp", score_paraphrases), ("sts_headlines", score_headlines), ("nanco", score_answers)];

/// The file of the set `name` below `data`, or in it if that is the folder of the set.
fn file_of(data: &Path, name: &str) -> Option<PathBuf> {
    let own = data.ends_with(name).then(|| data.to_owned());
    let folders = own.into_iter().chain([data.join(name)]);
    let files = |folder: PathBuf| {
        ["train.jsonl.gz", "train.jsonl", "dev.jsonl.gz", "dev.jsonl"].map(|file| folder.join(file))
    };
    folders.flat_map(files).find(|file| file.exists())
}

/// The pairs of `msrp`.
fn paraphrases(records: &[Paraphrase]) -> PairSet {
    let (mut set, mut known) = (PairSet::default(), BTreeMap::new());
    for record in records {
        let texts = [&record.s1, &record.s2].map(|text| set.text(&mut known, text));
        set.pairs.push(GoldPair {
            document: "msrp".to_owned(),
            id: format!("{}+{}", record.id1, record.id2),
            texts,
            gold: f64::from(record.label),
            part: 0,
        });
    }
    divide(&mut set);
    set
}

/// The pairs of `sts_headlines`.
fn headlines(records: &[Headlines]) -> PairSet {
    let (mut set, mut known) = (PairSet::default(), BTreeMap::new());
    for record in records {
        let texts = [&record.s1, &record.s2].map(|text| set.text(&mut known, text));
        let document = "sts_headlines".to_owned();
        set.pairs.push(GoldPair { document, id: record.id.clone(), texts, gold: record.score, part: 0 });
    }
    divide(&mut set);
    set
}

/// All pairs of answers to one question in `nanco`; a question is a part.
fn answers(questions: &[Question]) -> PairSet {
    let (mut set, mut known) = (PairSet::default(), BTreeMap::new());
    for (part, question) in questions.iter().enumerate() {
        let places: Vec<usize> =
            question.answers.iter().map(|answer| set.text(&mut known, &answer.answer)).collect();
        for (n, a) in question.answers.iter().enumerate() {
            for (m, b) in question.answers.iter().enumerate().skip(n + 1) {
                set.pairs.push(GoldPair {
                    document: question.id.clone(),
                    id: format!("{}+{}", a.id, b.id),
                    texts: [places[n], places[m]],
                    gold: f64::from(u8::from(a.group == b.group)),
                    part,
                });
            }
        }
    }
    set
}

/// Deals the pairs out to the folds: those that share a text go together.
fn divide(set: &mut PairSet) {
    let mut leader: Vec<usize> = (0..set.texts.len()).collect();
    fn find(leader: &mut [usize], mut n: usize) -> usize {
        while leader[n] != n {
            leader[n] = leader[leader[n]];
            n = leader[n];
        }
        n
    }
    for pair in &set.pairs {
        let [a, b] = pair.texts.map(|text| find(&mut leader, text));
        leader[a.max(b)] = a.min(b);
    }
    let mut parts: BTreeMap<usize, usize> = BTreeMap::new();
    for pair in &mut set.pairs {
        let next = parts.len() % FOLDS;
        pair.part = *parts.entry(find(&mut leader, pair.texts[0])).or_insert(next);
    }
}

/// How weights are fitted to rows.
type Method = fn(&[Row<'_>]) -> Vec<f64>;

/// What weights that have not seen its part say of each pair: log-odds or similarity.
fn held_out(set: &PairSet, features: &[Vec<f64>], method: Method) -> Vec<f64> {
    let n_parts = set.pairs.iter().map(|pair| pair.part + 1).max().unwrap_or(0);
    let of_part = |part: usize| -> Vec<(usize, f64)> {
        let within = |n: &usize| set.pairs[*n].part == part;
        let train: Vec<usize> = (0..set.pairs.len()).filter(|n| !within(n)).collect();
        let scale = Scale::of(train.iter().map(|&n| &features[n][..]));
        let scaled: Vec<Vec<f64>> = train.iter().map(|&n| scale.apply(&features[n])).collect();
        let rows = train.iter().zip(&scaled).map(|(&n, row)| (&row[..], set.pairs[n].gold, 1.0));
        let weights = method(&rows.collect::<Vec<_>>());
        let test = (0..set.pairs.len()).filter(within);
        test.map(|n| (n, sum(&weights, &scale.apply(&features[n])))).collect()
    };
    let mut said = vec![0.0; set.pairs.len()];
    for (n, value) in (0..n_parts).into_par_iter().map(of_part).collect::<Vec<_>>().into_iter().flatten() {
        said[n] = value;
    }
    said
}

/// Logistic regression in which those that agree count as much, together, as those that do not.
fn balanced(rows: &[Row<'_>]) -> Vec<f64> {
    let n_agree = rows.iter().filter(|row| row.1 > 0.5).count() as f64;
    let n_other = rows.len() as f64 - n_agree;
    let half = rows.len() as f64 / 2.0;
    let count = |gold: f64| half / if gold > 0.5 { n_agree.max(1.0) } else { n_other.max(1.0) };
    logistic(rows.iter().map(|&(features, gold, _)| (features, gold, count(gold))), RIDGE)
}

fn score_paraphrases(
    annotator: &Annotator,
    file: &Path,
    evaluation: &mut Evaluation,
) -> Result<String, EvalError> {
    let set = paraphrases(&read_records::<Paraphrase>(file)?);
    let sums = held_out(&set, &set.features(annotator), |rows| logistic(rows.iter().copied(), RIDGE));
    let (mut tally, mut n_right) = (Tally::default(), 0);
    for (pair, sum) in set.pairs.iter().zip(sums) {
        let (gold, said) = (pair.gold > 0.5, sum >= 0.0);
        n_right += usize::from(gold == said);
        count(&mut tally, gold, said);
        evaluation.items.extend(outcome(gold, said).map(|outcome| item(pair, "paraphrase", outcome)));
    }
    evaluation.groups.push(("msrp: paraphrases".to_owned(), tally));
    let n_pairs = set.pairs.len();
    evaluation.figures.push(("msrp: accuracy".to_owned(), n_right as f64 / n_pairs.max(1) as f64));
    Ok(format!("{n_pairs} pairs of msrp"))
}

fn score_headlines(
    annotator: &Annotator,
    file: &Path,
    evaluation: &mut Evaluation,
) -> Result<String, EvalError> {
    let set = headlines(&read_records::<Headlines>(file)?);
    let said = held_out(&set, &set.features(annotator), |rows| linear(rows.iter().copied(), RIDGE));
    for (pair, &said) in set.pairs.iter().zip(&said) {
        let outcome = match said.clamp(0.0, 5.0) - pair.gold {
            off if off > TOLERANCE => Outcome::Spurious,
            off if off < -TOLERANCE => Outcome::Missed,
            _ => Outcome::Hit,
        };
        evaluation.items.push(item(pair, "similarity", outcome));
    }
    let gold: Vec<f64> = set.pairs.iter().map(|pair| pair.gold).collect();
    evaluation.figures.push(("sts_headlines: Pearson's r".to_owned(), correlation(&said, &gold)));
    Ok(format!("{} of sts_headlines", set.pairs.len()))
}

fn score_answers(
    annotator: &Annotator,
    file: &Path,
    evaluation: &mut Evaluation,
) -> Result<String, EvalError> {
    let set = answers(&read_records::<Question>(file)?);
    let sums = held_out(&set, &set.features(annotator), balanced);
    let mut tally = Tally::default();
    // For each question right and all, of those that disagree and of those that agree.
    let mut counts: BTreeMap<&str, [[f64; 2]; 2]> = BTreeMap::new();
    for (pair, sum) in set.pairs.iter().zip(sums) {
        let (gold, said) = (pair.gold > 0.5, sum >= 0.0);
        count(&mut tally, gold, said);
        let [right, all] = &mut counts.entry(&pair.document).or_default()[usize::from(gold)];
        *right += f64::from(u8::from(gold == said));
        *all += 1.0;
        evaluation.items.extend(outcome(gold, said).map(|outcome| item(pair, "answer", outcome)));
    }
    let balanced =
        |sides: &[[f64; 2]; 2]| sides.iter().map(|[right, all]| right / all.max(1.0)).sum::<f64>() / 2.0;
    let mean = counts.values().map(balanced).sum::<f64>() / counts.len().max(1) as f64;
    evaluation.groups.push(("nanco: answers that agree".to_owned(), tally));
    evaluation.figures.push(("nanco: balanced accuracy".to_owned(), mean));
    Ok(format!("{} of {} questions of nanco", set.pairs.len(), counts.len()))
}

fn count(tally: &mut Tally, gold: bool, said: bool) {
    let both = usize::from(gold && said);
    *tally += Tally { right: both, predicted: usize::from(said), found: both, gold: usize::from(gold) };
}

/// A pair that is not one and is not taken for one is no item.
fn outcome(gold: bool, said: bool) -> Option<Outcome> {
    match (gold, said) {
        (true, true) => Some(Outcome::Hit),
        (true, false) => Some(Outcome::Missed),
        (false, true) => Some(Outcome::Spurious),
        (false, false) => None,
    }
}

fn item(pair: &GoldPair, group: &str, outcome: Outcome) -> Item {
    Item { document: pair.document.clone(), id: pair.id.clone(), group: group.to_owned(), outcome }
}

/// Pearson's r of two series of one length; 0 if one of them does not vary.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |series: &[f64]| series.iter().sum::<f64>() / series.len().max(1) as f64;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut both, mut of_x, mut of_y) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        both += (x - mean_x) * (y - mean_y);
        of_x += (x - mean_x).powi(2);
        of_y += (y - mean_y).powi(2);
    }
    let norm = (of_x * of_y).sqrt();
    if norm > 0.0 { both / norm } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(pairs: &[(&str, &str, u8)]) -> PairSet {
        let record = |(n, &(s1, s2, label)): (usize, &(&str, &str, u8))| Paraphrase {
            id1: format!("{n}a"),
            id2: format!("{n}b"),
            s1: s1.to_owned(),
            s2: s2.to_owned(),
            label,
        };
        paraphrases(&pairs.iter().enumerate().map(record).collect::<Vec<_>>())
    }

    #[test]
    fn pairs_that_share_a_sentence_are_in_one_fold() {
        let set = sets(&[("one", "two", 1), ("three", "four", 0), ("two", "five", 1), ("six", "five", 0)]);
        assert_eq!(set.texts, ["one", "two", "three", "four", "five", "six"]);
        assert_eq!(set.pairs.iter().map(|pair| pair.part).collect::<Vec<_>>(), [0, 1, 0, 0]);
    }

    #[test]
    fn every_two_answers_to_a_question_are_a_pair() {
        let line = r#"{"id":"Q1","answers":[{"id":"a","answer":"In May","group":0},
            {"id":"b","answer":"this May","group":0},{"id":"c","answer":"never","group":1}]}"#;
        let set = answers(&[serde_json::from_str(line).unwrap()]);
        let shown: Vec<String> = set.pairs.iter().map(|pair| format!("{} {}", pair.id, pair.gold)).collect();
        assert_eq!(shown, ["a+b 1", "a+c 0", "b+c 0"]);
    }

    #[test]
    fn what_was_not_seen_is_judged() {
        let names = ["Lom", "Halden", "Skarvik", "Brevik", "Orla", "Tana", "Vik", "Moss"];
        let texts: Vec<[String; 3]> = names
            .iter()
            .map(|name| {
                [
                    format!("Fourteen people left {name} on Monday."),
                    format!("On Monday fourteen people left {name}."),
                    format!("The mayor of {name} closed two schools and called for help."),
                ]
            })
            .collect();
        let pairs: Vec<(&str, &str, u8)> = texts
            .iter()
            .enumerate()
            .map(|(n, [a, b, c])| if n % 2 == 0 { (&a[..], &b[..], 1) } else { (&a[..], &c[..], 0) })
            .collect();
        let set = sets(&pairs);
        let said =
            held_out(&set, &set.features(&Annotator::load()), |rows| logistic(rows.iter().copied(), RIDGE));
        assert!(set.pairs.iter().zip(&said).all(|(pair, &sum)| (pair.gold > 0.5) == (sum > 0.0)), "{said:?}");
    }

    #[test]
    fn series_that_rise_together_correlate() {
        assert!((correlation(&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0]) - 1.0).abs() < 1e-12);
        assert!((correlation(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-12);
        assert!(correlation(&[1.0, 1.0], &[1.0, 2.0]).abs() < 1e-12);
    }

    #[test]
    fn data_without_any_of_the_sets_is_an_error() {
        let error = evaluate(Path::new("nowhere")).unwrap_err();
        assert_eq!(error.to_string(), "nowhere: none of msrp, sts_headlines, nanco is there");
    }
}
