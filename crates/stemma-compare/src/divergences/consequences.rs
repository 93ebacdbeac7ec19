//! What follows from divergences that were found: a cell takes the same side towards all that say the same thing.
//!
//! Where “is believed to” of one report was told from what a second asserts, it differs from what a third asserts, too, in
//! whatever words; and where one cell says Lom and another Vidin, a third that says Vidin differs from the first. What was
//! found shows that the words are of the one thing that all cells tell.

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{Alignment, Divergence, DivergenceKind, ReportIndex, Span, Story};

use super::{Context, Side, side_of};

/// How sure it must be that two cells say the same.
const MIN_AGREEMENT: f64 = 0.4;
/// The same where what follows is told by the words of the evidence.
const MIN_AGREEMENT_BY_WORDS: f64 = 0.7;
/// How much surer what was found is than what follows.
const LESS_SURE: f64 = 0.9;

/// The divergences of `alignment` that follow from `found`, of two reports that have none of the kind yet.
pub(super) fn find(
    story: &Story,
    alignment: &Alignment,
    context: &Context<'_>,
    found: &[Divergence],
) -> Vec<Divergence> {
    let reports = |[x, y]: [usize; 2]| {
        let [a, b] = [x, y].map(|n| alignment.cells[n].report);
        [a.min(b), a.max(b)]
    };
    let mut known: BTreeSet<(DivergenceKind, [ReportIndex; 2])> =
        found.iter().map(|d| (d.kind, reports(d.cells))).collect();
    let agreement = |cells: [usize; 2]| {
        let [a, b] = cells.map(|n| &alignment.cells[n]);
        if a.report == b.report { 0.0 } else { context.agreement.between(a, b) }
    };
    let mut more = Vec::new();
    let mut add = |d: Divergence| {
        if agreement(d.cells) >= MIN_AGREEMENT && known.insert((d.kind, reports(d.cells))) {
            more.push(d);
        }
    };
    for kind in [DivergenceKind::Hedge, DivergenceKind::AttributionDropped] {
        let of_kind: Vec<&Divergence> = found.iter().filter(|d| d.kind == kind).collect();
        by_side(alignment, &of_kind).into_iter().for_each(&mut add);
    }
    for d in found.iter().filter(|d| BY_WORDS.contains(&d.kind)) {
        let mut all = by_words(story, alignment, d);
        all.retain(|d| agreement(d.cells) >= MIN_AGREEMENT_BY_WORDS);
        all.into_iter().for_each(&mut add);
    }
    more
}

/// Kinds that are told by the words of the evidence alone.
const BY_WORDS: [DivergenceKind; 2] = [DivergenceKind::Place, DivergenceKind::Time];

/// Each cell with words of reserve, or a source, beside each cell without, where these were seen in any two.
fn by_side(alignment: &Alignment, found: &[&Divergence]) -> Vec<Divergence> {
    let mut with: BTreeMap<usize, &Divergence> = BTreeMap::new();
    let mut without: BTreeSet<usize> = BTreeSet::new();
    for d in found {
        let n = usize::from(d.evidence[0].is_empty());
        let best = with.entry(d.cells[n]).or_insert(d);
        if d.score > best.score {
            *best = d;
        }
        without.insert(d.cells[1 - n]);
    }
    let mut all = Vec::new();
    for (&x, d) in with.iter().filter(|(x, _)| !without.contains(x)) {
        let n = usize::from(d.evidence[0].is_empty());
        let voice = |cell: usize| alignment.cells[cell].voice;
        let is_such = |y: &&usize| !with.contains_key(y) && voice(**y) == voice(d.cells[1 - n]);
        for &y in without.iter().filter(is_such) {
            all.push(ordered(d, [x, y], [d.evidence[n].clone(), Vec::new()]));
        }
    }
    all
}

/// Every other cell that has the words of the one side, beside the cell of the other side.
fn by_words(story: &Story, alignment: &Alignment, d: &Divergence) -> Vec<Divergence> {
    let mut all = Vec::new();
    let ([Some(first), Some(second)], [1, 1]) =
        (d.evidence.each_ref().map(|spans| spans.first()), d.evidence.each_ref().map(Vec::len))
    else {
        return all;
    };
    let spans = [*first, *second];
    let words = [0, 1].map(|n| side_of(story, alignment, d.cells[n]).slice(spans[n]).to_lowercase());
    for z in (0..alignment.cells.len()).filter(|z| !d.cells.contains(z)) {
        let side = side_of(story, alignment, z);
        let said = [0, 1].map(|n| place_of(side, &words[n]));
        match said {
            [None, Some(span)] => all.push(ordered(d, [d.cells[0], z], [vec![spans[0]], vec![span]])),
            [Some(span), None] => all.push(ordered(d, [d.cells[1], z], [vec![spans[1]], vec![span]])),
            _ => {}
        }
    }
    all
}

/// Where the cell has `words`, between words.
fn place_of(side: Side<'_>, words: &str) -> Option<Span> {
    let tokens = side.document.layers().tokens.items();
    let range = side.document.tokens_in(side.cover());
    let n_words = words.split_whitespace().count();
    range.clone().find_map(|start| {
        let ends = start + n_words.saturating_sub(1)..(start + n_words + MOST_MARKS).min(range.end);
        ends.into_iter()
            .filter(|end| range.contains(end))
            .map(|end| tokens[start].span.cover(tokens[end].span))
            .find(|&span| side.holds(span) && side.slice(span).to_lowercase() == words)
    })
}

/// Marks that stand as tokens of their own in a few words.
const MOST_MARKS: usize = 3;

/// A divergence of the kind and reason of `d` between `cells`, the earlier first.
fn ordered(d: &Divergence, cells: [usize; 2], evidence: [Vec<Span>; 2]) -> Divergence {
    let [x, y] = cells;
    let [first, second] = evidence;
    let flipped = x > y;
    let (cells, evidence) = if flipped { ([y, x], [second, first]) } else { ([x, y], [first, second]) };
    Divergence { kind: d.kind, cells, evidence, score: d.score * LESS_SURE, reason: d.reason.clone() }
}

#[cfg(test)]
mod tests {
    use crate::divergences::tests::found;

    #[test]
    fn whoever_asserts_differs_from_whoever_is_not_sure() {
        insta::assert_snapshot!(found(&[
            "The northern spillway of the dam is believed to have been blocked by driftwood.",
            "The northern spillway of the dam was blocked by driftwood.",
            "The gate of the spillway in the north appears to have been jammed by logs.",
            "The gate of the spillway in the north was jammed by logs.",
        ]), @r"
        hedge: “is believed to” in one, asserted in the other
        hedge: “is believed to” in one, asserted in the other
        hedge: “appears to have” in one, asserted in the other
        hedge: “appears to have” in one, asserted in the other
        ");
    }

    #[test]
    fn a_third_report_with_the_words_of_the_second() {
        insta::assert_snapshot!(found(&[
            "The barge ran aground near Lom on Monday night.",
            "The barge ran aground near Vidin on Monday night.",
            "It was near Vidin, in thick fog and without a pilot, that she hit the sandbank after all those hours.",
        ]), @r"
        place: “Lom” / “Vidin”
        place: “Lom” / “Vidin”
        ");
    }
}
