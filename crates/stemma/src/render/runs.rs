//! Words to show: runs of text of one style, made from slices of a report.
//!
//! White space is run together; control characters and marks that turn the direction of writing are left out, so that
//! no report can reach into the terminal or the lines around it.

use stemma_compare::{DiffPiece, readable_diff};
use stemma_core::{Document, Span};

/// How a run is shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// Words of the first cell that differ.
    Old,
    /// Words of another cell that differ.
    New,
    /// Beside the matter: sources, reasons, counts.
    Faint,
    /// What the eye looks for: letters, numbers, names.
    Strong,
}

/// Text of one style.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Run {
    /// What is shown.
    pub(crate) text: String,
    /// How.
    pub(crate) style: Style,
}

impl Run {
    /// `text` in `style`, cleaned.
    pub(crate) fn new(style: Style, text: impl AsRef<str>) -> Self {
        Self { text: clean(text.as_ref()), style }
    }

    /// `text` as it is.
    pub(crate) fn plain(text: impl AsRef<str>) -> Self {
        Self::new(Style::Plain, text)
    }
}

/// Words of a report, and how they are shown.
pub(crate) type Mark = (Span, Style);

/// True for characters that must not reach a page: controls, and marks that turn the direction of writing.
fn is_dropped(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// `text` without what must not be shown, every run of white space as one space.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_dropped(c)) {
        match c.is_whitespace() {
            true if out.ends_with(' ') => {}
            true => out.push(' '),
            false => out.push(c),
        }
    }
    out
}

/// Slices of one report, cleaned and joined by ` … `, with the byte of the report that each character comes from.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// What is shown.
    pub(crate) text: String,
    /// For each `char` of `text`: where it starts in `text` and in the report; `None` for what joins the slices.
    places: Vec<(usize, Option<usize>)>,
}

impl Shown {
    /// The slices of `document` under `spans`.
    pub(crate) fn new(document: &Document, spans: &[Span]) -> Self {
        let mut shown = Self { text: String::new(), places: Vec::new() };
        for (n, span) in spans.iter().enumerate() {
            let span = span.trim(document.text());
            if n > 0 {
                " … ".chars().for_each(|c| shown.push(c, None));
            }
            for (at, c) in document.slice(span).char_indices().filter(|&(_, c)| !is_dropped(c)) {
                if !c.is_whitespace() {
                    shown.push(c, Some(span.start() + at));
                } else if !shown.text.ends_with(' ') {
                    shown.push(' ', Some(span.start() + at));
                }
            }
        }
        shown
    }

    fn push(&mut self, c: char, from: Option<usize>) {
        self.places.push((self.text.len(), from));
        self.text.push(c);
    }

    /// The text in runs, with the words under `marks`, spans of the report, in their style; the first mark wins.
    pub(crate) fn marked(&self, marks: &[Mark]) -> Vec<Run> {
        self.runs(|_, from| {
            let from = from?;
            marks.iter().find(|(span, _)| span.start() <= from && from < span.end()).map(|&(_, style)| style)
        })
    }

    /// The text in runs, with `changed`, sorted ranges of `text`, in `style`.
    fn changed(&self, changed: &[Span], style: Style) -> Vec<Run> {
        self.runs(|at, _| {
            let next = changed.partition_point(|span| span.end() <= at);
            changed.get(next).filter(|span| span.start() <= at).map(|_| style)
        })
    }

    fn runs(&self, style: impl Fn(usize, Option<usize>) -> Option<Style>) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (&(at, from), c) in self.places.iter().zip(self.text.chars()) {
            let style = style(at, from).unwrap_or(Style::Plain);
            match runs.last_mut() {
                Some(run) if run.style == style => run.text.push(c),
                _ => runs.push(Run { text: c.into(), style }),
            }
        }
        runs
    }
}

/// All of `texts`; those of `compared`, indices, with the words marked in which they differ from the first of them (and
/// that one where it differs from the text most like it). Texts that have less than `least_common` of their words in
/// common with the first are not marked: a rewritten sentence is no word diff.
pub(crate) fn diff_runs(texts: &[Shown], compared: &[usize], least_common: f64) -> Vec<Vec<Run>> {
    let mut runs: Vec<Vec<Run>> = texts.iter().map(|text| text.changed(&[], Style::Plain)).collect();
    let Some((&first, others)) = compared.split_first() else { return runs };
    let diff = |&n: &usize| (n, readable_diff(&texts[first].text, &texts[n].text));
    let mut closest: Option<(f64, Vec<DiffPiece>)> = None;
    for (n, pieces) in others.iter().map(diff) {
        let share = common(&pieces);
        if share >= least_common {
            runs[n] = texts[n].changed(&sides(&pieces, 1), Style::New);
            if closest.as_ref().is_none_or(|(best, _)| share > *best) {
                closest = Some((share, pieces));
            }
        }
    }
    if let Some((_, pieces)) = closest {
        runs[first] = texts[first].changed(&sides(&pieces, 0), Style::Old);
    }
    runs
}

/// The changed words of one side.
fn sides(pieces: &[DiffPiece], side: usize) -> Vec<Span> {
    let side = |piece: &DiffPiece| if side == 0 { piece.a } else { piece.b };
    pieces.iter().filter(|piece| !piece.same).map(side).filter(|span| !span.is_empty()).collect()
}

/// Share of the words of both texts that they have in common (Dice).
fn common(pieces: &[DiffPiece]) -> f64 {
    let n_words: usize = pieces.iter().map(|piece| piece.n_words[0] + piece.n_words[1]).sum();
    let n_same: usize = pieces.iter().filter(|piece| piece.same).map(|piece| 2 * piece.n_words[0]).sum();
    n_same as f64 / n_words.max(1) as f64
}

/// Characters that stay on each side of a marked run when a cell is cut.
const CONTEXT_CHARS: usize = 70;

/// `runs` cut to about `limit` characters: the beginning stays, and what stands around marked words; `…` stands for the
/// rest. Cuts fall between words.
pub(crate) fn shorten(runs: Vec<Run>, limit: usize) -> Vec<Run> {
    let n_chars: usize = runs.iter().map(|run| run.text.chars().count()).sum();
    if n_chars <= limit {
        return runs;
    }
    if runs.iter().all(|run| run.style == Style::Plain) {
        let text: String = runs.into_iter().map(|run| run.text).collect();
        return vec![Run { text: format!("{} …", head(&text, limit)), style: Style::Plain }];
    }
    let last = runs.len() - 1;
    let shorten_run = |(n, run): (usize, Run)| {
        let before = if n == 0 { CONTEXT_CHARS * 2 } else { CONTEXT_CHARS };
        let after = if n == last { 0 } else { CONTEXT_CHARS };
        let long = run.text.chars().count() > before + after + 10;
        let text = match (run.style, long) {
            (Style::Plain, true) if n == last => format!("{} …", head(&run.text, before)),
            (Style::Plain, true) => format!("{} … {}", head(&run.text, before), tail(&run.text, after)),
            (_, true) => format!("{} … {}", head(&run.text, limit / 3), tail(&run.text, limit / 6)),
            _ => return run,
        };
        Run { text, style: run.style }
    };
    runs.into_iter().enumerate().map(shorten_run).collect()
}

/// The first words of `text`, about `n_chars` characters.
pub(crate) fn head(text: &str, n_chars: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(n_chars) else { return text };
    let cut = &text[..end];
    match cut.rfind(' ') {
        Some(space) if space * 2 > end => cut[..space].trim_end(),
        _ => cut,
    }
}

/// The last words of `text`, about `n_chars` characters.
fn tail(text: &str, n_chars: usize) -> &str {
    let Some((start, _)) = text.char_indices().rev().nth(n_chars) else { return text };
    let cut = &text[start..];
    cut.find(' ').map_or(cut, |space| cut[space..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        crate::Engine::load().annotate(vec![stemma_core::Report::of_text(text)], 1).remove(0)
    }

    fn signs(runs: &[Run]) -> String {
        let sign = |run: &Run| match run.style {
            Style::Old => format!("[-{}-]", run.text),
            Style::New => format!("{{+{}+}}", run.text),
            _ => run.text.clone(),
        };
        runs.iter().map(sign).collect()
    }

    #[test]
    fn controls_and_direction_marks_are_not_shown() {
        let text = "One\u{1b}[31m two\u{202e} \n\t three";
        let shown = Shown::new(&document(text), &[Span::new(0, text.len())]);
        assert_eq!(shown.text, "One[31m two three");
        assert_eq!(clean(text), "One[31m two three");
    }

    #[test]
    fn marks_and_diffs() {
        let text = "We met there. We will\nmeet here again.";
        let document = document(text);
        let whole = Shown::new(&document, &[Span::new(0, 13), Span::new(14, text.len())]);
        insta::assert_snapshot!(signs(&whole.marked(&[(Span::new(3, 6), Style::Old), (Span::new(17, 26), Style::New)])), @"We [-met-] there. … We {+will meet+} here again.");
        let (first, second) =
            (Shown::new(&document, &[Span::new(14, text.len())]), Shown::new(&document, &[Span::new(0, 13)]));
        let marked = diff_runs(&[first, second], &[0, 1], 0.5);
        insta::assert_snapshot!(format!("{}\n{}", signs(&marked[0]), signs(&marked[1])), @r"
        We will meet here again.
        We met there.
        ");
    }

    #[test]
    fn long_cells_keep_their_beginning_and_what_differs() {
        let filler = "some words that both have and that go on and on ".repeat(8);
        let runs = vec![Run::plain(&filler), Run::new(Style::Old, "this"), Run::plain(format!(" {filler}"))];
        insta::assert_snapshot!(signs(&shorten(runs.clone(), 360)), @"some words that both have and that go on and on some words that both have and that go on and on some words that both have and that go on … and that go on and on some words that both have and that go on and on [-this-] some words that both have and that go on and on some words that both …");
        insta::assert_snapshot!(signs(&shorten(vec![Run::plain(&filler)], 60)), @"some words that both have and that go on and on some words …");
        assert_eq!(shorten(runs.clone(), usize::MAX), runs);
    }
}
