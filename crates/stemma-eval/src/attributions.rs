//! Attributions against the gold of PolNeAR (Newell, Margolin and Ruths, LREC 2018).
//!
//! In: JSON lines with `id`, `title`, `date`, `publisher`, `text` and `attributions`, each with `source`, `cue` and
//! `content` as lists of `[start, end)` in code points, and a `style`. Out, in groups:
//!
//! * `attributions …`: whole attributions; a predicted one matches a gold one if the characters of their contents have
//!   an intersection over union of half or more. Pairs are made one to one, the best first. `direct`, `mixed` and
//!   `indirect` count gold by its style and predictions by their form.
//! * `source/cue/content exact`: the part has the same pieces, marks and blanks at their edges left aside.
//! * `source/cue/content characters`: counts are characters that lie in any such part.
//! * `quoted strings`: every string in quotation marks that lies in an attribution's content, at 0.8 or more.
//! * `source of quoted strings` (a figure): of the matched strings whose gold names a source, the share whose predicted
//!   source overlaps it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Deserialize;
use stemma_annotate::Annotator;
use stemma_annotate::speakers::training::LabeledReport;
use stemma_core::{Attribution, Document, Form, OffsetUnit, Offsets, Origin, Report, ReportDraft, Span};

use crate::gold::{EvalError, read_records};
use crate::score::{Evaluation, Item, Outcome, Tally};

/// Share of the characters that two contents must have in common to count as one attribution.
const SAME_CONTENT: f64 = 0.5;
/// The same for two strings in quotation marks.
const SAME_STRING: f64 = 0.8;

#[derive(Debug, Deserialize)]
struct Record {
    id: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    publisher: Option<String>,
    text: String,
    attributions: Vec<GoldRecord>,
}

#[derive(Debug, Deserialize)]
struct GoldRecord {
    id: String,
    source: Vec<[usize; 2]>,
    cue: Vec<[usize; 2]>,
    content: Vec<[usize; 2]>,
    style: Form,
}

/// The three parts of a gold or predicted attribution, in bytes.
#[derive(Clone, Debug)]
struct Parts {
    id: String,
    source: Vec<Span>,
    cue: Vec<Span>,
    content: Vec<Span>,
    form: Form,
    /// Strings in quotation marks in the content, without the marks.
    strings: Vec<Span>,
}

/// Scores attributions on a file of this format, or on `polnear/dev.jsonl` in a folder of gold data.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    evaluate_with(&file_in(data), &[Annotator::load()])
}

/// The same for a file, its articles annotated by several annotators in turn: the first by the first, and so on.
pub fn evaluate_with(path: &Path, annotators: &[Annotator]) -> Result<Evaluation, EvalError> {
    let records: Vec<Record> = read_records(path)?;
    let score = |(n, record): (usize, &Record)| score_record(record, &annotators[n % annotators.len()]);
    let sheets: Vec<Sheet> = records.par_iter().enumerate().map(score).collect();
    let mut total = Sheet::default();
    for sheet in sheets {
        total.add(sheet);
    }
    Ok(total.into_evaluation(records.len()))
}

/// The reports of a file of this format with their quoted strings and who spoke them, to learn from.
pub fn labeled_reports(path: &Path) -> Result<Vec<LabeledReport>, EvalError> {
    let records: Vec<Record> = read_records(path)?;
    let labeled = |record: &Record| {
        let gold = gold_parts(record);
        let strings = strings_of(&gold, &record.text);
        let strings = strings.into_iter().map(|(span, n)| (span, gold[n].source.clone())).collect();
        LabeledReport { report: report_of(record), strings }
    };
    Ok(records.iter().map(labeled).collect())
}

fn report_of(record: &Record) -> Arc<Report> {
    let draft = ReportDraft {
        given_id: Some(record.id.clone()),
        outlet: record.publisher.clone(),
        title: record.title.clone(),
        text: record.text.clone(),
        ..ReportDraft::default()
    };
    Arc::new(Report::new(draft, Origin::whole("-")))
}

fn file_in(data: &Path) -> PathBuf {
    let candidates = [data.join("polnear/dev.jsonl"), data.join("dev.jsonl")];
    candidates.into_iter().find(|path| path.is_file()).unwrap_or_else(|| data.to_owned())
}

/// Counts of one document, or of many.
#[derive(Clone, Debug, Default)]
struct Sheet {
    whole: [Tally; 4],
    exact: [Tally; 3],
    characters: [Tally; 3],
    strings: Tally,
    sources_right: usize,
    sources_judged: usize,
    items: Vec<Item>,
}

impl Sheet {
    fn add(&mut self, other: Sheet) {
        for (mine, theirs) in self.whole.iter_mut().zip(other.whole) {
            *mine += theirs;
        }
        for (mine, theirs) in self.exact.iter_mut().zip(other.exact) {
            *mine += theirs;
        }
        for (mine, theirs) in self.characters.iter_mut().zip(other.characters) {
            *mine += theirs;
        }
        self.strings += other.strings;
        self.sources_right += other.sources_right;
        self.sources_judged += other.sources_judged;
        self.items.extend(other.items);
    }

    fn into_evaluation(self, documents: usize) -> Evaluation {
        let mut groups = Vec::new();
        for (name, tally) in ["all", "direct", "mixed", "indirect"].iter().zip(self.whole) {
            groups.push((format!("attributions {name}"), tally));
        }
        groups.push(("quoted strings".to_owned(), self.strings));
        for (name, tally) in ["source", "cue", "content"].iter().zip(self.exact) {
            groups.push((format!("{name} exact"), tally));
        }
        for (name, tally) in ["source", "cue", "content"].iter().zip(self.characters) {
            groups.push((format!("{name} characters"), tally));
        }
        let share = match self.sources_judged {
            0 => 0.0,
            judged => self.sources_right as f64 / judged as f64,
        };
        Evaluation {
            title: format!("attributions, PolNeAR, {documents} articles"),
            groups,
            figures: vec![("source of quoted strings".to_owned(), share)],
            items: self.items,
        }
    }
}

fn score_record(record: &Record, annotator: &Annotator) -> Sheet {
    let document = annotator.annotate(report_of(record));
    let gold = gold_parts(record);
    let predicted = predicted_parts(&document);
    let mut sheet = Sheet::default();
    score_whole(&gold, &predicted, &record.id, &mut sheet);
    score_parts(&gold, &predicted, &record.text, &mut sheet);
    score_strings(&gold, &predicted, &record.text, &mut sheet);
    sheet
}

fn gold_parts(record: &Record) -> Vec<Parts> {
    let offsets = Offsets::new(&record.text, OffsetUnit::Chars);
    let spans = |pieces: &[[usize; 2]]| -> Vec<Span> {
        pieces.iter().map(|&[start, end]| offsets.to_span(start, end)).collect()
    };
    let parts = |gold: &GoldRecord| {
        let content = spans(&gold.content);
        let strings = content.iter().flat_map(|&piece| quoted_strings(&record.text, piece)).collect();
        let (source, cue) = (spans(&gold.source), spans(&gold.cue));
        Parts { id: gold.id.clone(), source, cue, content, form: gold.style, strings }
    };
    record.attributions.iter().map(parts).collect()
}

fn predicted_parts(document: &Document) -> Vec<Parts> {
    let layers = document.layers();
    let offsets = Offsets::new(document.text(), OffsetUnit::Chars);
    let parts = |attribution: &Attribution| {
        let mut source = attribution.source.clone();
        if source.is_empty() {
            source.extend(attribution.source_mention.map(|id| layers.mentions[id].span));
        }
        let first = attribution.content.first().map_or([0, 0], |&span| offsets.of_span(span));
        Parts {
            id: format!("{}-{}", first[0], first[1]),
            source,
            cue: attribution.cue.clone(),
            content: attribution.content.clone(),
            form: attribution.form,
            strings: strings_in(document, &attribution.content),
        }
    };
    layers.attributions.items().iter().map(parts).collect()
}

/// What the document's own quotes cover of `content`.
fn strings_in(document: &Document, content: &[Span]) -> Vec<Span> {
    let quotes = document.layers().quotes.items();
    let outer = quotes.iter().filter(|quote| quote.depth == 0);
    outer
        .filter_map(|quote| {
            let piece = content.iter().find(|piece| piece.touches(quote.inner))?;
            let start = piece.start().max(quote.inner.start());
            Some(Span::new(start, piece.end().min(quote.inner.end())))
        })
        .collect()
}

/// Strings in quotation marks inside `piece`, line by line. A mark without a partner reaches to the edge of its line.
fn quoted_strings(text: &str, piece: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = piece.start();
    for line in text[piece.range()].split_inclusive('\n') {
        let end = start + line.len();
        let mut open: Option<usize> = None;
        let mut at = start;
        while at < end {
            let Some((length, opens, closes)) = mark_at(&text[at..end]) else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                continue;
            };
            match open {
                Some(from) if closes => {
                    found.push(Span::new(from, at));
                    open = None;
                }
                None if opens => open = Some(at + length),
                None => found.push(Span::new(start, at)),
                Some(_) => {}
            }
            at += length;
        }
        found.extend(open.map(|from| Span::new(from, end)));
        start = end;
    }
    found.retain(|span| !span.trim(text).is_empty());
    found
}

/// Length of the double quotation mark that `rest` starts with, whether it can open, and whether it can close.
fn mark_at(rest: &str) -> Option<(usize, bool, bool)> {
    for (mark, opens, closes) in
        [("“", true, false), ("”", false, true), ("\"", true, true), ("''", true, true), ("``", true, false)]
    {
        if rest.starts_with(mark) {
            return Some((mark.len(), opens, closes));
        }
    }
    None
}

fn score_whole(gold: &[Parts], predicted: &[Parts], document: &str, sheet: &mut Sheet) {
    let pairs = best_pairs(gold, predicted, |parts| parts.content.as_slice(), SAME_CONTENT);
    let group = |form: Form| 1 + form as usize;
    for parts in gold {
        sheet.whole[0].gold += 1;
        sheet.whole[group(parts.form)].gold += 1;
    }
    for parts in predicted {
        sheet.whole[0].predicted += 1;
        sheet.whole[group(parts.form)].predicted += 1;
    }
    for &(g, p) in &pairs {
        sheet.whole[0].found += 1;
        sheet.whole[0].right += 1;
        sheet.whole[group(gold[g].form)].found += 1;
        sheet.whole[group(predicted[p].form)].right += 1;
    }
    let item = |parts: &Parts, outcome| Item {
        document: document.to_owned(),
        id: parts.id.clone(),
        group: parts.form.as_str().to_owned(),
        outcome,
    };
    for (n, parts) in gold.iter().enumerate() {
        let hit = pairs.iter().any(|&(g, _)| g == n);
        sheet.items.push(item(parts, if hit { Outcome::Hit } else { Outcome::Missed }));
    }
    for (n, parts) in predicted.iter().enumerate() {
        if !pairs.iter().any(|&(_, p)| p == n) {
            sheet.items.push(item(parts, Outcome::Spurious));
        }
    }
}

/// Pairs (gold, predicted) whose spans share at least `least`, one to one, the best first.
fn best_pairs<'p, T>(
    gold: &'p [T],
    predicted: &'p [T],
    spans: impl Fn(&'p T) -> &'p [Span],
    least: f64,
) -> Vec<(usize, usize)> {
    let mut candidates = Vec::new();
    for (g, left) in gold.iter().enumerate() {
        for (p, right) in predicted.iter().enumerate() {
            let share = intersection_over_union(spans(left), spans(right));
            if share >= least {
                candidates.push((share, g, p));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, g, p) in candidates {
        if pairs.iter().all(|&(other_g, other_p)| other_g != g && other_p != p) {
            pairs.push((g, p));
        }
    }
    pairs
}

/// Shared bytes over all bytes. The pieces of one side do not overlap.
fn intersection_over_union(left: &[Span], right: &[Span]) -> f64 {
    let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
    let shared: usize = left.iter().flat_map(|a| right.iter().map(|b| a.overlap(*b))).sum();
    let all = length(left) + length(right) - shared.min(length(left) + length(right));
    if all == 0 { 0.0 } else { shared as f64 / all as f64 }
}

fn score_parts(gold: &[Parts], predicted: &[Parts], text: &str, sheet: &mut Sheet) {
    let select: [fn(&Parts) -> &Vec<Span>; 3] = [|p| &p.source, |p| &p.cue, |p| &p.content];
    for (n, part) in select.into_iter().enumerate() {
        let bare = |parts: &[Parts]| -> Vec<Vec<Span>> {
            let all = parts.iter().map(|p| part(p).iter().map(|&span| bare(text, span)).collect::<Vec<_>>());
            all.filter(|pieces| !pieces.is_empty()).collect()
        };
        let (left, right) = (bare(gold), bare(predicted));
        let mut rest = right.clone();
        let mut hits = 0;
        for pieces in &left {
            if let Some(place) = rest.iter().position(|other| other == pieces) {
                rest.swap_remove(place);
                hits += 1;
            }
        }
        sheet.exact[n] += Tally { right: hits, predicted: right.len(), found: hits, gold: left.len() };
        sheet.characters[n] += covered(&left, &right, text.len());
    }
}

/// `span` without marks and blanks at its edges.
fn bare(text: &str, span: Span) -> Span {
    let slice = &text[span.range()];
    let left = slice.len() - slice.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let kept = slice.trim_matches(|c: char| !c.is_alphanumeric()).len();
    if kept == 0 { span } else { Span::new(span.start() + left, span.start() + left + kept) }
}

/// Bytes that lie in any part of either side.
fn covered(gold: &[Vec<Span>], predicted: &[Vec<Span>], length: usize) -> Tally {
    let mask = |parts: &[Vec<Span>]| {
        let mut mask = vec![false; length];
        for span in parts.iter().flatten() {
            mask[span.range()].fill(true);
        }
        mask
    };
    let (left, right) = (mask(gold), mask(predicted));
    let both = left.iter().zip(&right).filter(|(a, b)| **a && **b).count();
    let count = |mask: &[bool]| mask.iter().filter(|bit| **bit).count();
    Tally { right: both, predicted: count(&right), found: both, gold: count(&left) }
}

fn score_strings(gold: &[Parts], predicted: &[Parts], text: &str, sheet: &mut Sheet) {
    let (left, right) = (strings_of(gold, text), strings_of(predicted, text));
    let pairs = best_pairs(&left, &right, |string| std::slice::from_ref(&string.0), SAME_STRING);
    sheet.strings +=
        Tally { right: pairs.len(), predicted: right.len(), found: pairs.len(), gold: left.len() };
    for (g, p) in pairs {
        let (wanted, given) = (&gold[left[g].1].source, &predicted[right[p].1].source);
        if !wanted.is_empty() {
            sheet.sources_judged += 1;
            let touches = wanted.iter().any(|a| given.iter().any(|b| a.touches(*b)));
            sheet.sources_right += usize::from(touches);
        }
    }
}

/// Each quoted string once, with the innermost attribution that holds it (the one with the shortest content).
fn strings_of(parts: &[Parts], text: &str) -> Vec<(Span, usize)> {
    let length = |n: usize| parts[n].content.iter().map(|span| span.len()).sum::<usize>();
    let mut all: Vec<(Span, usize)> = Vec::new();
    for (n, part) in parts.iter().enumerate() {
        all.extend(part.strings.iter().map(|&string| (bare(text, string), n)));
    }
    all.sort_by_key(|&(span, n)| (span, length(n)));
    all.dedup_by_key(|(span, _)| *span);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_end_at_their_marks_or_at_the_line() {
        let text = "he was “glad,” and \"open\nso ''there''";
        let found = quoted_strings(text, Span::new(0, text.len()));
        let slices: Vec<&str> = found.iter().map(|span| &text[span.range()]).collect();
        assert_eq!(slices, ["glad,", "open\n", "there"]);
    }

    #[test]
    fn pairs_are_one_to_one_and_the_best_first() {
        let gold = [Span::new(0, 10), Span::new(10, 20)];
        let predicted = [Span::new(0, 18), Span::new(0, 9)];
        let pairs = best_pairs(&gold, &predicted, |span| std::slice::from_ref(span), 0.5);
        assert_eq!(pairs, [(0, 1)]);
        assert!((intersection_over_union(&gold, &predicted[..1]) - 0.9).abs() < 1e-9);
    }
}
