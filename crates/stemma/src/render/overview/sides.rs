//! What one report says, or several in the same words, with the words marked that differ.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use stemma_core::{Alignment, Cell, Form, Manner, ReportIndex, Span, Story, Voice};

use crate::render::runs::{Mark, Run, Shown, Style, clean, diff_runs};

/// What one report says, or several in the same words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Side {
    /// These reports, and the cell of each as an index into the alignment's.
    pub(crate) places: Vec<(ReportIndex, usize)>,
    /// The words.
    pub(crate) runs: Vec<Run>,
    /// Whom it is given to; empty in the outlet's own voice.
    pub(crate) source: Vec<Run>,
}

impl Side {
    /// The reports that say so, each once.
    pub(crate) fn reports(&self) -> Vec<ReportIndex> {
        let mut reports: Vec<ReportIndex> = self.places.iter().map(|&(report, _)| report).collect();
        reports.dedup();
        reports
    }

    /// The words without marks.
    pub(crate) fn words(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

/// A cell with the words of `marks`; those that lie neither in the cell nor in its source follow in brackets.
pub(super) fn evidence_side(story: &Story, alignment: &Alignment, cell: usize, marks: &[Mark]) -> Side {
    let inner = &alignment.cells[cell];
    let document = story.document(inner.report);
    let mut runs = quoted(inner, Shown::new(document, &inner.spans).marked(marks));
    let source = source_runs(story, inner, marks);
    let near = |mark: Span| inner.spans.iter().chain(&inner.source).any(|span| span.touches(mark));
    let mut outside: Vec<&Mark> = marks.iter().filter(|(span, _)| !near(*span) && !span.is_empty()).collect();
    outside.sort();
    for (n, &&(span, style)) in outside.iter().enumerate() {
        runs.push(Run::new(Style::Faint, if n == 0 { " (beside it: " } else { ", " }));
        runs.push(Run { text: Shown::new(document, &[span]).text, style });
    }
    if !outside.is_empty() {
        runs.push(Run::new(Style::Faint, ")"));
    }
    Side { places: vec![(inner.report, cell)], runs, source }
}

/// These cells, with a word diff of each against the first: of the verbatim quotations alone, where there are several.
pub(super) fn compared_sides(
    story: &Story,
    alignment: &Alignment,
    cells: &[usize],
    least_common: f64,
) -> Vec<Side> {
    let shown: Vec<Shown> = cells
        .iter()
        .map(|&cell| {
            let cell = &alignment.cells[cell];
            Shown::new(story.document(cell.report), &cell.spans)
        })
        .collect();
    let is_direct = |n: &usize| alignment.cells[cells[*n]].form == Some(Form::Direct);
    let verbatim: Vec<usize> = (0..cells.len()).filter(is_direct).collect();
    let compared = if verbatim.len() > 1 { verbatim } else { (0..cells.len()).collect() };
    let marked = diff_runs(&shown, &compared, least_common);
    let side = |(&cell, runs): (&usize, Vec<Run>)| {
        let inner = &alignment.cells[cell];
        let source = source_runs(story, inner, &[]);
        Side { places: vec![(inner.report, cell)], runs: quoted(inner, runs), source }
    };
    merged(cells.iter().zip(marked).map(side).collect())
}

/// Sides that say the same in the same words as one; they stay in the order of the first.
pub(super) fn merged(sides: Vec<Side>) -> Vec<Side> {
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut out: Vec<Side> = Vec::new();
    for side in sides {
        let source = side.source.iter().map(|run| run.text.as_str()).collect();
        match places.entry((side.words(), source)) {
            Entry::Occupied(known) => out[*known.get()].places.extend(side.places),
            Entry::Vacant(place) => {
                place.insert(out.len());
                out.push(side);
            }
        }
    }
    out
}

/// In quotation marks, if the report gives the words so. A mark whose partner stands outside of the cell gets it back.
pub(super) fn quoted(cell: &Cell, mut runs: Vec<Run>) -> Vec<Run> {
    let starts_quoted = runs.first().is_some_and(|run| run.text.starts_with(['“', '"', '«', '„']));
    let count = |mark: char| runs.iter().map(|run| run.text.matches(mark).count()).sum::<usize>();
    let (n_open, n_closed) = (count('“'), count('”'));
    if cell.form == Some(Form::Direct) && !starts_quoted {
        runs.insert(0, Run::plain("“"));
        runs.push(Run::plain("”"));
    } else if n_open == n_closed + 1 && count('„') == 0 {
        runs.push(Run::plain("”"));
    } else if n_closed == n_open + 1 && count('„') == 0 {
        runs.insert(0, Run::plain("“"));
    }
    runs
}

/// Whom the cell is given to: the words, and the name that they stand for where that says more.
pub(super) fn source_runs(story: &Story, cell: &Cell, marks: &[Mark]) -> Vec<Run> {
    let document = story.document(cell.report);
    let words = Shown::new(document, &cell.source);
    let faint =
        |run: Run| Run { style: if run.style == Style::Plain { Style::Faint } else { run.style }, ..run };
    let mut runs: Vec<Run> = words.marked(marks).into_iter().map(faint).collect();
    match cell.source_name.as_deref().map(clean) {
        Some(name) if words.text.is_empty() => runs.push(Run::new(Style::Faint, format!("({name})"))),
        Some(name) if !says_name(&words.text, &name) => {
            runs.push(Run::new(Style::Faint, format!(" ({name})")));
        }
        None if words.text.is_empty() && cell.voice == Voice::Attributed => {
            runs.push(Run::new(Style::Faint, "no source named"));
        }
        _ => {}
    }
    // "said" and "told" go without saying.
    let told = cell.manner.is_some_and(|manner| manner != Manner::Neutral);
    if let Some(id) = cell.attribution.filter(|_| told) {
        let cue = Shown::new(document, &document.layers().attributions[id].cue).text;
        let before = if runs.is_empty() { "" } else { ", " };
        runs.push(Run::new(Style::Faint, format!("{before}“{cue}”")));
    }
    runs
}

/// True if `words` hold the last word of `name`.
fn says_name(words: &str, name: &str) -> bool {
    let last = name.split_whitespace().last().unwrap_or_default().to_lowercase();
    words.to_lowercase().contains(&last)
}
