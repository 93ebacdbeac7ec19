//! Stretches: text that two reports share but for a few words changed here and there.
//!
//! In: the passages of a story, which are exact. Out: those runs of them joined that follow each other in both reports with few
//! words between, each with how many of its words are unchanged. Quotations and page furniture are left out. Linear in the
//! passages and in the text that is joined.

use stemma_core::{Passage, ReportIndex, Span, Story};

use crate::diff::word_diff;
use crate::word_runs::word_spans;

/// Words between two runs, in either report, that are a few.
const FEW: usize = 8;
/// Stretches of two reports that a run is tried on: those that ended last.
const OPEN: usize = 8;

/// A stretch of text that two reports share, lightly rewritten.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// The earlier report in the order of the story, and where it stands there.
    pub a: (ReportIndex, Span),
    /// The other.
    pub b: (ReportIndex, Span),
    /// Words of the longer side.
    pub n_words: usize,
    /// Words that both have in the same order.
    pub n_same: usize,
    /// Its exact runs, as indices into the passages: at least two.
    pub runs: Vec<usize>,
}

impl Stretch {
    /// Share of its words that are unchanged, `0.0..=1.0`.
    pub fn unchanged(&self) -> f64 {
        self.n_same as f64 / self.n_words.max(1) as f64
    }
}

/// The stretches of `story`, in order of the reports and of the place in the first. `passages` are those of its comparison.
pub fn find_stretches(story: &Story, passages: &[Passage]) -> Vec<Stretch> {
    let own: Vec<usize> =
        (0..passages.len()).filter(|&n| !passages[n].quoted && !passages[n].aside).collect();
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for &n in &own {
        let is_next = |chain: &&mut Vec<usize>| {
            chain.last().is_some_and(|&last| follows(story, &passages[last], &passages[n]))
        };
        match chains.iter_mut().rev().take(OPEN).find(is_next) {
            Some(chain) => chain.push(n),
            None => chains.push(vec![n]),
        }
    }
    chains.into_iter().filter(|chain| chain.len() > 1).map(|runs| stretch(story, passages, runs)).collect()
}

/// True if `next` goes on where `last` ends, in both reports, with fewer words between than either has.
fn follows(story: &Story, last: &Passage, next: &Passage) -> bool {
    let few = FEW.min(last.n_words.min(next.n_words) - 1);
    let near = |(report, span): (ReportIndex, Span), (other, after): (ReportIndex, Span)| {
        report == other
            && span.end() <= after.start()
            && word_spans(story.document(report).slice(Span::new(span.end(), after.start())))
                .take(few + 1)
                .count()
                <= few
    };
    near(last.a, next.a) && near(last.b, next.b)
}

fn stretch(story: &Story, passages: &[Passage], runs: Vec<usize>) -> Stretch {
    let [first, last] = [runs[0], runs[runs.len() - 1]].map(|n| &passages[n]);
    let (a, b) = ((first.a.0, first.a.1.cover(last.a.1)), (first.b.0, first.b.1.cover(last.b.1)));
    let diff = word_diff(story.document(a.0).slice(a.1), story.document(b.0).slice(b.1));
    let sum = |side: usize| diff.iter().map(|piece| piece.n_words[side]).sum::<usize>();
    let n_same = diff.iter().filter(|piece| piece.same).map(|piece| piece.n_words[0]).sum();
    Stretch { a, b, n_words: sum(0).max(sum(1)), n_same, runs }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use stemma_core::Report;

    use super::*;

    fn shown(texts: [&str; 2]) -> String {
        let annotator = stemma_annotate::Annotator::load();
        let documents = texts.map(|text| annotator.annotate(Arc::new(Report::of_text(text))));
        let story = Story::new(documents.into());
        let comparison = crate::compare(&story);
        let line = |each: &Stretch| {
            let text = story.document(each.b.0).slice(each.b.1);
            format!("{} of {} in {} runs: {text}", each.n_same, each.n_words, each.runs.len())
        };
        find_stretches(&story, &comparison.passages).iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn runs_with_a_few_words_between_are_one_stretch() {
        insta::assert_snapshot!(shown([
            "The old bridge over the river at Lom fell on Sunday night after a barge had struck its middle pier, and eleven cars went down with it.",
            "The old bridge over the river at Lom collapsed on Sunday night after a barge had struck its middle pier, and 11 cars went down with it.",
        ]), @"20 of 21 in 2 runs: The old bridge over the river at Lom collapsed on Sunday night after a barge had struck its middle pier, and");
    }

    #[test]
    fn runs_in_another_order_or_far_apart_are_not() {
        insta::assert_snapshot!(shown([
            "The old bridge over the river at Lom fell. Two men who worked on the bank were hurt by it.",
            "Two men who worked on the bank were hurt by it. The old bridge over the river at Lom fell.",
        ]), @"");
    }
}
