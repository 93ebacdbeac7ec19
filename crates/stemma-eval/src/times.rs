//! Times: spans, types and values of expressions of time against TIMEX3 gold.
//!
//! Gold is one record a line: `id`, `dct` (the day from which "Friday" is counted, with or without an hour), `text`, and
//! `timexes`, each with `type`, `value`, and `start` and `end` or one or more `spans`, in code points. Where
//! `full_annotation_end` is given, only the text before it is scored. The measures are those of TempEval-3 (UzZaman et
//! al. 2013): a prediction matches one gold expression if they overlap, and strictly if they are the same; the value is
//! right if both write the same string.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;
use serde::Deserialize;
use stemma_annotate::Annotator;
use stemma_core::{
    Document, OffsetUnit, Offsets, Origin, Published, Report, ReportDraft, Span, TimeExpression,
};

use crate::gold::{EvalError, read_records};
use crate::score::{Evaluation, Item, Outcome, Tally};

#[derive(Deserialize)]
struct Record {
    id: String,
    dct: String,
    text: String,
    timexes: Vec<Timex>,
    full_annotation_end: Option<usize>,
}

#[derive(Deserialize)]
struct Timex {
    start: Option<usize>,
    end: Option<usize>,
    #[serde(default)]
    spans: Vec<(usize, usize)>,
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

/// Scores of one document, in the order of [`GROUPS`].
type Tallies = [Tally; 4];

const GROUPS: [&str; 4] = ["strict span", "relaxed span", "relaxed span and type", "relaxed span and value"];

/// Scores the times that Stemma finds in the records of `data`, a file of JSON lines.
///
/// # Errors
/// If `data` cannot be read or a record is not of this format.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let records: Vec<Record> = read_records(data)?;
    let annotator = Annotator::load();
    let scored: Vec<(Tallies, Vec<Item>)> =
        records.par_iter().map(|record| score(&annotator, record, data)).collect::<Result<_, _>>()?;
    let mut totals = Tallies::default();
    let mut items = Vec::new();
    for (tallies, found) in scored {
        for (total, tally) in totals.iter_mut().zip(tallies) {
            *total += tally;
        }
        items.extend(found);
    }
    Ok(Evaluation {
        title: format!("times in {} reports", records.len()),
        groups: GROUPS.iter().map(|&name| name.to_owned()).zip(totals).collect(),
        figures: Vec::new(),
        items,
    })
}

fn score(annotator: &Annotator, record: &Record, data: &Path) -> Result<(Tallies, Vec<Item>), EvalError> {
    let wrong = |problem: String| EvalError::Inconsistent { path: data.to_owned(), problem };
    let day = day_of(&record.dct)
        .ok_or_else(|| wrong(format!("{}: {:?} does not start with a date", record.id, record.dct)))?;
    let document = annotate(annotator, record, day);
    let offsets = Offsets::new(&record.text, OffsetUnit::Chars);
    let limit = record.full_annotation_end.unwrap_or(usize::MAX);
    let length = record.text.chars().count();
    let mut gold = Vec::new();
    for timex in &record.timexes {
        let (start, end) = timex
            .bounds()
            .filter(|&(start, end)| start < end && end <= length)
            .ok_or_else(|| wrong(format!("{}: an expression lies outside its text", record.id)))?;
        if start < limit {
            gold.push((offsets.to_span(start, end), timex));
        }
    }
    let predicted: Vec<&TimeExpression> = document
        .layers()
        .times
        .items()
        .iter()
        .filter(|time| offsets.of_byte(time.span.start()) < limit)
        .collect();
    Ok(compare(record, &gold, &predicted, &offsets))
}

/// The day of `2025-03-02`, `2025-03-02T10:00`, and of the few that are written `02-03-2025`.
fn day_of(dct: &str) -> Option<Date> {
    let day = dct.get(..10)?;
    day.parse().ok().or_else(|| Date::strptime("%d-%m-%Y", day).ok())
}

fn annotate(annotator: &Annotator, record: &Record, day: Date) -> Document {
    let draft = ReportDraft {
        text: record.text.clone(),
        published: Some(Published::Day(day)),
        ..ReportDraft::default()
    };
    annotator.annotate(Arc::new(Report::new(draft, Origin::whole(&record.id))))
}

impl Timex {
    /// First and last offset, gaps included.
    fn bounds(&self) -> Option<(usize, usize)> {
        match (self.start, self.end) {
            (Some(start), Some(end)) => Some((start, end)),
            _ => Some((
                self.spans.iter().map(|span| span.0).min()?,
                self.spans.iter().map(|span| span.1).max()?,
            )),
        }
    }
}

fn compare(
    record: &Record,
    gold: &[(Span, &Timex)],
    predicted: &[&TimeExpression],
    offsets: &Offsets,
) -> (Tallies, Vec<Item>) {
    let mut right = [0; 4];
    let mut items = Vec::new();
    let mut taken = vec![false; predicted.len()];
    let item = |span: Span, group: &str, outcome| {
        let [start, end] = offsets.of_span(span);
        Item { document: record.id.clone(), id: format!("{start}-{end}"), group: group.to_owned(), outcome }
    };
    for &(span, timex) in gold {
        let found = best(span, predicted, &taken);
        let mut outcomes = [false; 4];
        if let Some(n) = found {
            taken[n] = true;
            let time = predicted[n];
            outcomes = [time.span == span, true, time.kind.as_str() == timex.kind, time.value == timex.value];
        }
        for (count, outcome) in right.iter_mut().zip(outcomes) {
            *count += usize::from(outcome);
        }
        items.push(item(span, "span", if found.is_some() { Outcome::Hit } else { Outcome::Missed }));
        items.push(item(span, "value", if outcomes[3] { Outcome::Hit } else { Outcome::Missed }));
    }
    for (time, _) in predicted.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        items.push(item(time.span, "span", Outcome::Spurious));
    }
    let tally = |right| Tally { right, predicted: predicted.len(), found: right, gold: gold.len() };
    (right.map(tally), items)
}

/// The prediction that is free and the same as `gold`, else the first that is free and overlaps it.
fn best(gold: Span, predicted: &[&TimeExpression], taken: &[bool]) -> Option<usize> {
    let free = |n: &usize| !taken[*n] && predicted[*n].span.touches(gold);
    (0..predicted.len()).filter(free).max_by_key(|&n| (predicted[n].span == gold, std::cmp::Reverse(n)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(text: &str, timexes: &str) -> String {
        let line = format!(r#"{{"id":"a","dct":"2025-03-02T10:00","text":"{text}","timexes":[{timexes}]}}"#);
        let record: Record = serde_json::from_str(&line).unwrap();
        let (tallies, _) = score(&Annotator::load(), &record, Path::new("gold")).unwrap();
        let shown = GROUPS
            .iter()
            .zip(tallies)
            .map(|(name, t)| format!("{name}: {} of {} predicted, {} gold", t.right, t.predicted, t.gold));
        shown.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn spans_types_and_values_are_counted_apart() {
        let gold = r#"{"start":10,"end":16,"type":"DATE","value":"2025-02-28"},
            {"spans":[[21,30]],"type":"DATE","value":"P3Y"}"#;
        insta::assert_snapshot!(scored("They left Friday for three years.", gold), @r"
        strict span: 1 of 2 predicted, 2 gold
        relaxed span: 2 of 2 predicted, 2 gold
        relaxed span and type: 1 of 2 predicted, 2 gold
        relaxed span and value: 2 of 2 predicted, 2 gold
        ");
    }

    #[test]
    fn an_expression_outside_its_text_is_an_error() {
        let record: Record = serde_json::from_str(
            r#"{"id":"a","dct":"2025-03-02","text":"Now.","timexes":[{"start":2,"end":9,"type":"DATE","value":""}]}"#,
        )
        .unwrap();
        let error = score(&Annotator::load(), &record, Path::new("gold")).unwrap_err();
        assert_eq!(error.to_string(), "gold: a: an expression lies outside its text");
    }
}
