//! What one report says, or several in the same words, with the words marked that differ.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use stemma_core::{Alignment, Cell, Document, Form, Manner, ReportIndex, Span, Story, Voice};

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
    /// "perhaps, 0.36" for cells that are unlikely to say what likely ones of their alignment say.
    pub(crate) doubt: Option<String>,
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

/// A cell of which no words are marked, the `n`th of its list.
pub(super) fn plain_side(story: &Story, cell: &Cell, n: usize) -> Side {
    let document = story.document(cell.report);
    Side {
        places: vec![(cell.report, n)],
        runs: quoted(document, cell, Shown::new(document, &cell.spans).marked(&[])),
        source: source_runs(story, cell, &[]),
        doubt: None,
    }
}

/// A cell with the words of `marks`; those that lie neither in the cell nor in its source follow in brackets.
pub(super) fn evidence_side(story: &Story, alignment: &Alignment, cell: usize, marks: &[Mark]) -> Side {
    let inner = &alignment.cells[cell];
    let document = story.document(inner.report);
    let mut runs = quoted(document, inner, Shown::new(document, &inner.spans).marked(marks));
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
    Side { places: vec![(inner.report, cell)], runs, source, doubt: doubt(alignment, cell) }
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
        Side {
            places: vec![(inner.report, cell)],
            runs: quoted(story.document(inner.report), inner, runs),
            source,
            doubt: doubt(alignment, cell),
        }
    };
    merged(cells.iter().zip(marked).map(side).collect())
}

fn doubt(alignment: &Alignment, cell: usize) -> Option<String> {
    let is_odd = alignment.is_likely() && !alignment.is_likely_cell(cell);
    is_odd.then(|| format!("perhaps, {:.2}", alignment.ties[cell]))
}

/// Sides that say the same in the same words as one; they stay in the order of the first.
pub(super) fn merged(sides: Vec<Side>) -> Vec<Side> {
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut out: Vec<Side> = Vec::new();
    for side in sides {
        let source = side.source.iter().map(|run| run.text.as_str()).collect();
        match places.entry((side.words(), source)) {
            Entry::Occupied(known) => {
                let same = &mut out[*known.get()];
                same.places.extend(side.places);
                // What one of them likely says, so do the others.
                same.doubt = same.doubt.take().filter(|_| side.doubt.is_some());
            }
            Entry::Vacant(place) => {
                place.insert(out.len());
                out.push(side);
            }
        }
    }
    out
}

/// In quotation marks, if the report gives the words so. A mark whose partner stands outside of the cell gets it back, with
/// an ellipsis where the quoted sentence goes on beyond the cell.
fn quoted(document: &Document, cell: &Cell, mut runs: Vec<Run>) -> Vec<Run> {
    let starts_quoted = runs.first().is_some_and(|run| run.text.starts_with(['“', '"', '«', '„']));
    let count = |mark: char| runs.iter().map(|run| run.text.matches(mark).count()).sum::<usize>();
    let (n_open, n_closed, is_low) = (count('“'), count('”'), count('„') > 0);
    let lacks_start = n_closed == n_open + 1 && !is_low;
    let lacks_end = n_open == n_closed + 1 && !is_low;
    let is_bare = cell.form == Some(Form::Direct) && !starts_quoted;
    if is_bare || lacks_start {
        runs.insert(0, Run::plain(if starts_before(document, cell) { "“… " } else { "“" }));
    }
    if (is_bare && !lacks_start) || lacks_end {
        runs.push(Run::plain(if goes_on(document, cell) { " …”" } else { "”" }));
    }
    runs
}

/// True if the sentence that the cell starts in has words before it in the same quotation marks.
fn starts_before(document: &Document, cell: &Cell) -> bool {
    let Some(first) = cell.spans.first() else { return false };
    let around = quoted_sentence(document, first.start());
    around.is_some_and(|around| has_words(document, around.start(), first.start()))
}

/// True if the sentence that the cell ends in has words after it in the same quotation marks.
fn goes_on(document: &Document, cell: &Cell) -> bool {
    let Some(last) = cell.spans.last().filter(|span| !span.is_empty()) else { return false };
    let around = quoted_sentence(document, last.end() - 1);
    around.is_some_and(|around| has_words(document, last.end(), around.end()))
}

/// What of the sentence around the byte `at` stands in the same outer quotation marks as it.
fn quoted_sentence(document: &Document, at: usize) -> Option<Span> {
    let layers = document.layers();
    let quotes = layers.quotes.items();
    let before = &quotes[..quotes.partition_point(|quote| quote.inner.start() <= at)];
    let quote = before.iter().rfind(|quote| quote.depth == 0).filter(|quote| at < quote.inner.end())?;
    let sentences = layers.sentences.items();
    let next = sentences.partition_point(|sentence| sentence.span.end() <= at);
    let sentence = sentences.get(next).filter(|sentence| sentence.span.start() <= at)?;
    let start = quote.inner.start().max(sentence.span.start());
    let end = quote.inner.end().min(sentence.span.end());
    (start < end).then(|| Span::new(start, end))
}

/// True if letters or digits stand from `start` to `end`.
fn has_words(document: &Document, start: usize, end: usize) -> bool {
    start < end && document.slice(Span::new(start, end)).chars().any(char::is_alphanumeric)
}

/// Whom the cell is given to: the words, and the name that they stand for where that says more.
fn source_runs(story: &Story, cell: &Cell, marks: &[Mark]) -> Vec<Run> {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use stemma_annotate::Annotator;
    use stemma_core::{Origin, Report, ReportDraft};

    use super::*;

    /// The clause `words` of `text` as a direct quotation is shown.
    fn shown(text: &str, words: &str) -> String {
        let draft = ReportDraft { text: text.to_owned(), ..ReportDraft::default() };
        let document = Annotator::load().annotate(Arc::new(Report::new(draft, Origin::whole("test"))));
        let start = text.find(words).expect("the text has the words");
        let span = Span::new(start, start + words.len());
        let cell = Cell {
            report: ReportIndex(0),
            spans: vec![span],
            voice: Voice::Attributed,
            form: Some(Form::Direct),
            attribution: None,
            source: Vec::new(),
            source_name: None,
            manner: None,
            statement: None,
        };
        let runs = quoted(&document, &cell, Shown::new(&document, &[span]).marked(&[]));
        runs.iter().map(|run| run.text.as_str()).collect()
    }

    #[test]
    fn a_clause_of_a_quoted_sentence_shows_that_the_sentence_goes_on() {
        let text = "“The dam will hold through the spring, but we must raise it. Nobody sleeps here,” said Ana Ruiz.";
        insta::assert_snapshot!(shown(text, "The dam will hold through the spring"), @"“The dam will hold through the spring …”");
        insta::assert_snapshot!(shown(text, "but we must raise it."), @"“… but we must raise it.”");
        insta::assert_snapshot!(shown(text, "Nobody sleeps here"), @"“Nobody sleeps here”");
    }

    #[test]
    fn a_mark_that_gets_its_partner_back_shows_it_too() {
        let text = "“The dam will hold through the spring, but we must raise it,” said Ana Ruiz.";
        insta::assert_snapshot!(shown(text, "“The dam will hold"), @"“The dam will hold …”");
        insta::assert_snapshot!(shown(text, "we must raise it,”"), @"“… we must raise it,”");
    }
}
