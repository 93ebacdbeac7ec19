//! Shared text, exact and lightly rewritten.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use stemma_compare::{Stretch, find_stretches, word_diff};
use stemma_core::{Comparison, ReportIndex, Span, Story};

use super::counted;
use crate::render::runs::{Run, Shown, Style};

/// A shared passage.
#[derive(Debug)]
pub(crate) struct PassageLine {
    /// The two reports.
    pub(crate) reports: [ReportIndex; 2],
    /// Its words.
    pub(crate) n_words: usize,
    /// Share of these that both have, if it is lightly rewritten.
    pub(crate) unchanged: Option<f64>,
    /// As it stands in the first, with what the second has in the place of what it changed.
    pub(crate) runs: Vec<Run>,
}

impl PassageLine {
    /// "26 words", "46 words, lightly rewritten, 91 % unchanged".
    pub(crate) fn what(&self) -> String {
        let words = counted(self.n_words, "word");
        let percent = |share: f64| format!("{words}, lightly rewritten, {:.0} % unchanged", 100.0 * share);
        self.unchanged.map_or_else(|| words.clone(), percent)
    }
}

/// Exact passages and lightly rewritten ones, longest first; an exact one that is part of such is not shown for itself.
pub(super) fn passages(story: &Story, comparison: &Comparison) -> Vec<PassageLine> {
    let stretches = find_stretches(story, &comparison.passages);
    let joined: BTreeSet<usize> = stretches.iter().flat_map(|stretch| stretch.runs.iter().copied()).collect();
    let text = |(report, span): (ReportIndex, Span)| Shown::new(story.document(report), &[span]).text;
    let exact = |passage: &stemma_core::Passage| PassageLine {
        reports: [passage.a.0, passage.b.0],
        n_words: passage.n_words,
        unchanged: None,
        runs: vec![Run::plain(text(passage.a))],
    };
    let rewritten = |stretch: &Stretch| PassageLine {
        reports: [stretch.a.0, stretch.b.0],
        n_words: stretch.n_words,
        unchanged: Some(stretch.unchanged()),
        runs: changed_runs(&text(stretch.a), &text(stretch.b)),
    };
    let passages = comparison.passages.iter().enumerate();
    let own = passages.filter(|(n, passage)| !passage.quoted && !passage.aside && !joined.contains(n));
    let mut lines: Vec<PassageLine> = own.map(|(_, passage)| exact(passage)).collect();
    lines.extend(stretches.iter().map(rewritten));
    lines.sort_by_key(|line| Reverse(line.n_words));
    lines
}

/// The words of `a`, with those of `b` in the place of what it changed.
fn changed_runs(a: &str, b: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut end = 0;
    for piece in word_diff(a, b).into_iter().filter(|piece| !piece.same) {
        runs.push(Run::plain(&a[end..piece.a.start()]));
        if !piece.a.is_empty() {
            runs.push(Run::new(Style::Old, &a[piece.a.range()]));
        }
        if !piece.b.is_empty() {
            let space = if piece.a.is_empty() { "" } else { " " };
            runs.push(Run::plain(space));
            runs.push(Run::new(Style::New, &b[piece.b.range()]));
            runs.push(Run::plain(if piece.a.is_empty() { " " } else { "" }));
        }
        end = piece.a.end();
    }
    runs.push(Run::plain(&a[end..]));
    runs.retain(|run| !run.text.is_empty());
    runs
}
