//! Passages: text that two reports share word for word, wherever it stands in them.
//!
//! In: the words of every report ([`Words`]). Out: every maximal common run of [`MIN_WORDS`] words or more of every two reports.
//! Runs of [`ANCHOR`] words are fingerprints; of every [`WINDOW`] that follow each other the one of the least hash is kept
//! (winnowing: Schleimer, Wilkerson and Aiken, "Winnowing", 2003), so that no shared run of [`MIN_WORDS`] words goes unseen. They
//! are indexed once for the whole story; only where two reports share one are they laid side by side, and the run is then
//! extended in both directions. Time grows with the text and with what is shared, not with the number of pairs.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};
use stemma_core::{Passage, ReportIndex};

use crate::word_runs::{Place, Words};

/// Shortest passage that is reported, in words. Five words in a row are common in English; eight seldom are (the copy
/// detection literature uses 5 to 9: Clough et al., "METER", 2002).
pub(crate) const MIN_WORDS: usize = 8;
/// Length of a fingerprinted run, in words.
const ANCHOR: usize = 5;
/// Runs of which one is kept. A run of [`MIN_WORDS`] words holds so many.
const WINDOW: usize = MIN_WORDS - ANCHOR + 1;
/// A run that stands more often than this in one report (a refrain, a table) is no anchor there; without this, one word
/// repeated a million times would take quadratic time.
const MAX_REPEATS: usize = 16;

/// Every maximal passage of every two reports, in order of the reports and of the place in the first.
pub(crate) fn find_passages(words: &[Words]) -> Vec<Passage> {
    let mut index: FxHashMap<u64, Vec<(usize, usize)>> = FxHashMap::default();
    let mut passages = Vec::new();
    for (b, text) in words.iter().enumerate() {
        // How far the runs found so far reach in this text, by the other report and the distance between the two places.
        let mut reach: FxHashMap<(usize, isize), usize> = FxHashMap::default();
        let anchors = anchors(&text.ids);
        for &(hash, at) in &anchors {
            for &(a, from) in index.get(&hash).into_iter().flatten() {
                let diagonal = at.cast_signed() - from.cast_signed();
                if reach.get(&(a, diagonal)).is_some_and(|&end| end > at) {
                    continue;
                }
                let before = common(words[a].ids[..from].iter().rev().zip(text.ids[..at].iter().rev()));
                let after = common(words[a].ids[from..].iter().zip(&text.ids[at..]));
                reach.insert((a, diagonal), at + after);
                if before + after >= MIN_WORDS {
                    let starts = (from - before, at - before);
                    passages.push(passage((a, &words[a], starts.0), (b, text, starts.1), before + after));
                }
            }
        }
        for (hash, at) in anchors {
            index.entry(hash).or_default().push((b, at));
        }
    }
    passages.sort_by_key(|p: &Passage| (p.a.0, p.b.0, p.a.1, p.b.1));
    passages
}

/// Words that the two rows have in common before they part.
fn common<'a>(pairs: impl Iterator<Item = (&'a u32, &'a u32)>) -> usize {
    pairs.take_while(|(x, y)| x == y).count()
}

/// The kept runs of a text that are no refrain of it, as hash and place, in order of place.
fn anchors(ids: &[u32]) -> Vec<(u64, usize)> {
    let hashes: Vec<u64> = ids.windows(ANCHOR).map(hash).collect();
    let kept = winnow(&hashes);
    let mut counts: FxHashMap<u64, usize> = FxHashMap::default();
    for &at in &kept {
        *counts.entry(hashes[at]).or_default() += 1;
    }
    let refrains: FxHashSet<u64> =
        counts.into_iter().filter(|&(_, n)| n > MAX_REPEATS).map(|(hash, _)| hash).collect();
    kept.into_iter().map(|at| (hashes[at], at)).filter(|(hash, _)| !refrains.contains(hash)).collect()
}

/// A polynomial in the words, mixed so that its order says nothing of the words. A collision costs time alone: the words
/// themselves are compared.
fn hash(run: &[u32]) -> u64 {
    let sum =
        run.iter().fold(0_u64, |sum, &id| sum.wrapping_mul(0x0100_0000_01b3).wrapping_add(u64::from(id) + 1));
    let mixed = (sum ^ (sum >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

/// The place of the least hash of every [`WINDOW`] in a row, the last of equals; ascending, each once. Time: linear.
fn winnow(hashes: &[u64]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    // Places of the window that may still be the least of one, their hashes ascending.
    let mut least: VecDeque<usize> = VecDeque::new();
    for at in 0..hashes.len() {
        while least.back().is_some_and(|&other| hashes[other] >= hashes[at]) {
            least.pop_back();
        }
        least.push_back(at);
        if least.front().is_some_and(|&first| first + WINDOW <= at) {
            least.pop_front();
        }
        if at + 1 >= WINDOW.min(hashes.len()) && kept.last() != least.front() {
            kept.extend(least.front());
        }
    }
    kept
}

fn passage(a: (usize, &Words, usize), b: (usize, &Words, usize), n: usize) -> Passage {
    let place = |(report, words, from): (usize, &Words, usize)| {
        let index = ReportIndex(u32::try_from(report).expect("a story has fewer than 2^32 reports"));
        (index, words.spans[from].cover(words.spans[from + n - 1]))
    };
    let mostly = |place: Place| {
        [a, b].iter().all(|(_, words, from)| {
            2 * words.places[*from..from + n].iter().filter(|other| **other == place).count() > n
        })
    };
    Passage {
        a: place(a),
        b: place(b),
        n_words: n,
        quoted: mostly(Place::Quoted),
        aside: mostly(Place::Aside),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use stemma_core::{Report, Story};

    use super::*;
    use crate::word_runs::read_words;

    fn shown(texts: &[&str]) -> Vec<String> {
        let annotator = stemma_annotate::Annotator::load();
        let documents = texts.iter().map(|text| annotator.annotate(Arc::new(Report::of_text(text))));
        let story = Story::new(documents.collect());
        let show = |p: Passage| {
            let kind = match (p.quoted, p.aside) {
                (true, _) => "quoted",
                (_, true) => "aside",
                _ => "own",
            };
            format!("{} {kind}: {}", p.n_words, story.document(p.b.0).slice(p.b.1))
        };
        find_passages(&read_words(&story)).into_iter().map(show).collect()
    }

    #[test]
    fn runs_are_maximal_and_quotation_is_told_from_text() {
        let a = "The bridge over the river at Lom fell on Sunday. “We heard the cables sing before it all went down,” Ivo Petrov said.";
        let b = "Officials say the bridge over the river at Lom fell on Sunday, too. Petrov: “We heard the cables sing before it all went down.”";
        assert_eq!(
            shown(&[a, b]),
            [
                "10 own: the bridge over the river at Lom fell on Sunday",
                "10 quoted: We heard the cables sing before it all went down"
            ]
        );
    }

    #[test]
    fn other_order_hides_nothing_and_furniture_is_told_from_text() {
        let a = "The bridge over the river at Lom fell on Sunday.\n\nTwo men who worked on the bank were hurt by it.\n\nCopyright 2026 Lom Press. All rights reserved. This material may not be published or broadcast.";
        let b = "Two men who worked on the bank were hurt, police said.\n\nIt was the well-used bridge over the river at Lom that fell.\n\nCopyright 2026 Lom Press. All rights reserved. This material may not be published or broadcast.";
        assert_eq!(
            shown(&[a, b]),
            [
                "9 own: Two men who worked on the bank were hurt",
                "15 aside: Copyright 2026 Lom Press. All rights reserved. This material may not be published or broadcast",
            ]
        );
    }

    #[test]
    fn a_text_without_end_of_one_word_takes_no_time() {
        let noise = "la ".repeat(50_000);
        assert!(shown(&[&noise, &noise[3..]]).is_empty());
    }

    fn words_of(ids: Vec<u32>) -> Words {
        let n = ids.len();
        let span = |at: usize| stemma_core::Span::new(2 * at, 2 * at + 1);
        Words { ids, spans: (0..n).map(span).collect(), places: vec![Place::Own; n] }
    }

    proptest! {
        /// Every maximal run is found, and nothing else: against laying the two side by side at every distance.
        #[test]
        fn no_run_goes_unseen(a in prop::collection::vec(0_u32..5, 0..60), b in prop::collection::vec(0_u32..5, 0..60)) {
            let mut runs: Vec<(usize, usize, usize)> = Vec::new();
            for (i, x) in a.iter().enumerate() {
                for (j, y) in b.iter().enumerate() {
                    let starts = x == y && (i == 0 || j == 0 || a[i - 1] != b[j - 1]);
                    let n = common(a[i..].iter().zip(&b[j..]));
                    if starts && n >= MIN_WORDS {
                        runs.push((i, j, n));
                    }
                }
            }
            let found = find_passages(&[words_of(a), words_of(b)]);
            let mut found: Vec<_> =
                found.iter().map(|p| (p.a.1.start() / 2, p.b.1.start() / 2, p.n_words)).collect();
            found.sort_unstable();
            runs.sort_unstable();
            prop_assert_eq!(found, runs);
        }
    }
}
