//! What is shown once although it is found many times: the source of ten quotations is spelled otherwise ten times.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{Alignment, AlignmentRef, Comparison, DivergenceKind, Document, ReportIndex, Span, Story};

use super::runs::clean;

/// Differences of a name that another row shows already, by row and place in its divergences. The surest is the one that is
/// shown, of equals the first. "She" stands for her name.
pub(super) fn repeated_names(
    story: &Story,
    comparison: &Comparison,
) -> BTreeMap<AlignmentRef, BTreeSet<usize>> {
    let mut shown: BTreeMap<[(ReportIndex, String); 2], (AlignmentRef, usize)> = BTreeMap::new();
    let mut repeats: BTreeMap<AlignmentRef, BTreeSet<usize>> = BTreeMap::new();
    for (of, alignment) in comparison.alignments() {
        for (n, each) in alignment.divergences.iter().enumerate() {
            if each.kind != DivergenceKind::Name {
                continue;
            }
            let told = [0, 1].map(|side| {
                let report = alignment.cells[each.cells[side]].report;
                (report, bearer(story.document(report), &each.evidence[side]))
            });
            let repeat = match shown.entry(told) {
                Entry::Vacant(place) => {
                    place.insert((of, n));
                    continue;
                }
                Entry::Occupied(mut known) => {
                    let (first, m) = *known.get();
                    let surer = each.score > comparison.alignment(first).divergences[m].score;
                    if surer { known.insert((of, n)) } else { (of, n) }
                }
            };
            repeats.entry(repeat.0).or_default().insert(repeat.1);
        }
    }
    repeats
}

/// The name of whom `spans` mention, else their words.
fn bearer(document: &Document, spans: &[Span]) -> String {
    let layers = document.layers();
    let mut mentions = layers.mentions.items().iter().filter(|mention| spans.contains(&mention.span));
    let named = mentions.find_map(|mention| mention.entity).map(|id| clean(&layers.entities[id].name));
    named.unwrap_or_else(|| clean(&document.slices(spans)))
}

/// `alignment` without the divergences at `places`.
pub(super) fn without(alignment: &Alignment, places: &BTreeSet<usize>) -> Alignment {
    let divergences = alignment.divergences.iter().enumerate().filter(|(n, _)| !places.contains(n));
    let divergences = divergences.map(|(_, each)| each.clone()).collect();
    Alignment { divergences, ..alignment.clone() }
}

#[cfg(test)]
mod tests {
    use stemma_core::{Cell, Divergence, Voice};

    use super::*;
    use crate::{Engine, Report};

    /// A row of the first word of each report at `at`, with that word as the name that differs.
    fn row(at: [usize; 2], length: usize, score: f64) -> Alignment {
        let cell = |report: u32, at: usize| Cell {
            report: ReportIndex(report),
            spans: vec![Span::new(at, at + length)],
            voice: Voice::Own,
            form: None,
            attribution: None,
            source: Vec::new(),
            source_name: None,
            manner: None,
            statement: None,
        };
        let cells = vec![cell(0, at[0]), cell(1, at[1])];
        let divergence = Divergence {
            kind: DivergenceKind::Name,
            cells: [0, 1],
            evidence: [cells[0].spans.clone(), cells[1].spans.clone()],
            score,
            reason: String::new(),
        };
        Alignment {
            cells,
            speaker: None,
            divergences: vec![divergence],
            score: 1.0,
            ties: vec![1.0; 2],
            witnesses: Vec::new(),
            diagnosis: stemma_core::Diagnosis::default(),
        }
    }

    #[test]
    fn a_name_that_differs_is_shown_once_where_it_is_surest() {
        let texts = ["Oskar sang. Oskar ate. Oskar left.", "Osvin sang. Osvin ate. Osvin left."];
        let documents = Engine::load().annotate(texts.map(Report::of_text).to_vec(), 1);
        let story = Story::new(documents);
        let facts = vec![row([0, 0], 5, 0.6), row([12, 12], 5, 0.9), row([23, 23], 5, 0.9)];
        let comparison = Comparison { facts, ..Comparison::default() };
        let repeats: Vec<AlignmentRef> = repeated_names(&story, &comparison).into_keys().collect();
        assert_eq!(repeats, [AlignmentRef::Fact(0), AlignmentRef::Fact(2)]);
        assert!(without(&comparison.facts[0], &BTreeSet::from([0])).divergences.is_empty());
    }
}
