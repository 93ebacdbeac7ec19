//! The article in a web page: extracted text against the article's text as a person marked it.
//!
//! Data: JSON lines with `id`, `url`, `html`, `articleBody`, as in the article extraction benchmark of Zyte, whose measure
//! this is: each text is a bag of shingles of four words (`\w+`, case kept); precision and recall of each page, averaged
//! over the pages; F1 of the two averages. A page in which nothing is found has a recall of 0 and no precision.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde::Deserialize;
use stemma_core::Origin;
use stemma_read::{Format, read_text};

use crate::{EvalError, Evaluation, Item, Outcome, Tally, read_records};

/// Words of a shingle.
const SHINGLE_LEN: usize = 4;

/// F1 of a page from which it counts as a hit among the items.
const HIT_F1: f64 = 0.9;

#[derive(Deserialize)]
struct Record {
    id: String,
    html: String,
    #[serde(rename = "articleBody")]
    body: String,
}

/// What is found in one page.
struct Found {
    text: String,
    /// Which of title, byline, date, outlet and address were found beside the text.
    metadata: [bool; 5],
}

/// Of one page.
struct PageScore {
    id: String,
    tally: Tally,
    metadata: [bool; 5],
}

const METADATA: [&str; 5] = ["title", "byline", "date", "outlet", "address"];

/// Extracts the articles of `data`, a file of records, and scores them.
///
/// # Errors
/// If the gold cannot be read.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let records: Vec<Record> = read_records(data)?;
    let scores: Vec<PageScore> = records.par_iter().map(|record| score(record, find(record))).collect();
    let mut evaluation = evaluation(&scores);
    for (n, name) in METADATA.iter().enumerate() {
        let found = scores.iter().map(|score| f64::from(u8::from(score.metadata[n]))).collect();
        evaluation.figures.push((format!("pages with {name}"), mean(found)));
    }
    Ok(evaluation)
}

/// The same of another extractor: `extract` makes the article's text of a page's HTML. One page after the other.
///
/// # Errors
/// If the gold cannot be read.
pub fn evaluate_other(data: &Path, extract: impl Fn(&str) -> String) -> Result<Evaluation, EvalError> {
    let records: Vec<Record> = read_records(data)?;
    let found = |record: &Record| Found { text: extract(&record.html), metadata: [false; 5] };
    let scores: Vec<PageScore> = records.iter().map(|record| score(record, found(record))).collect();
    Ok(evaluation(&scores))
}

fn mean(values: Vec<f64>) -> f64 {
    values.iter().sum::<f64>() / (values.len().max(1) as f64)
}

fn evaluation(scores: &[PageScore]) -> Evaluation {
    let of = |predicted: bool, ratio: fn(Tally) -> f64| {
        let counted = scores
            .iter()
            .filter(|score| if predicted { score.tally.predicted > 0 } else { score.tally.gold > 0 });
        mean(counted.map(|score| ratio(score.tally)).collect())
    };
    let (precision, recall) = (of(true, Tally::precision), of(false, Tally::recall));
    let f1 = if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
    let figures =
        vec![("precision".to_owned(), precision), ("recall".to_owned(), recall), ("F1".to_owned(), f1)];
    let mut shingles = Tally::default();
    scores.iter().for_each(|score| shingles += score.tally);
    let items = scores.iter().map(item).collect();
    let title = format!("articles in {} pages", scores.len());
    Evaluation { title, groups: vec![("shingles".to_owned(), shingles)], figures, items }
}

fn item(score: &PageScore) -> Item {
    let outcome = if score.tally.f1() >= HIT_F1 { Outcome::Hit } else { Outcome::Missed };
    Item { document: score.id.clone(), id: "page".to_owned(), group: "article".to_owned(), outcome }
}

fn find(record: &Record) -> Found {
    let reading = read_text(record.html.clone(), Some(Format::Html), &Origin::whole(record.id.as_str()));
    let Some(report) = reading.reports.first() else {
        return Found { text: String::new(), metadata: [false; 5] };
    };
    let metadata = [
        report.title().is_some(),
        report.byline().is_some(),
        report.published().is_some(),
        report.outlet().is_some(),
        report.url().is_some(),
    ];
    Found { text: report.text().to_owned(), metadata }
}

fn score(record: &Record, found: Found) -> PageScore {
    PageScore { id: record.id.clone(), tally: tally(&found.text, &record.body), metadata: found.metadata }
}

fn tally(predicted: &str, gold: &str) -> Tally {
    let (predicted, gold) = (words(predicted), words(gold));
    let (predicted, gold) = (shingles(&predicted), shingles(&gold));
    let common = predicted.iter().map(|(shingle, n)| *n.min(gold.get(shingle).unwrap_or(&0))).sum();
    Tally { right: common, predicted: predicted.values().sum(), found: common, gold: gold.values().sum() }
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// Runs of four words with their counts; of a shorter text, the whole.
fn shingles<'a>(words: &'a [&'a str]) -> BTreeMap<&'a [&'a str], usize> {
    let mut counts = BTreeMap::new();
    if !words.is_empty() {
        for shingle in words.windows(SHINGLE_LEN.min(words.len())) {
            *counts.entry(shingle).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shingles_count_as_often_as_they_stand() {
        let tally = tally("a b c d e. x", "A-b a b c d e, a b c d");
        assert_eq!((tally.right, tally.predicted, tally.gold), (2, 3, 8));
        assert_eq!(super::tally("", "a b").recall(), 0.0);
        assert_eq!(super::tally("a b", "a b").f1(), 1.0);
    }
}
