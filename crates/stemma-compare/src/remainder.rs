//! The remainder: what one report alone says, and what a report leaves out.
//!
//! Between "aligned" and "alone" lies doubt: a piece that some pair of nearly the model's threshold ties to another report is
//! neither shown as only in its report nor counted as left out by the other.

use std::collections::BTreeSet;

use stemma_core::{Alignment, AlignmentRef, Omission, OnlyIn, ReportIndex, Story};

use crate::alignment::{Pair, overlap};
use crate::cells::make_cell;
use crate::pieces::{Piece, Pieces};

/// Share of the model's threshold from which a pair casts doubt on "alone".
const DOUBT_SHARE: f64 = 0.8;
/// Shortest piece that is worth showing, in terms with content.
const MIN_TERMS: usize = 3;

/// Pieces that stand in no alignment and that nothing in another report resembles; one for each sentence or clause, the
/// largest that holds no aligned cell.
pub(crate) fn find_only_in(
    story: &Story,
    pieces: &Pieces,
    pairs: &[Pair],
    threshold: f64,
    alignments: &[&Alignment],
) -> Vec<OnlyIn> {
    let doubtful: BTreeSet<usize> =
        pairs.iter().filter(|p| p.probability >= threshold * DOUBT_SHARE).flat_map(|p| [p.a, p.b]).collect();
    let mut taken: Vec<Vec<&[stemma_core::Span]>> = story.documents().iter().map(|_| Vec::new()).collect();
    for cell in alignments.iter().flat_map(|alignment| &alignment.cells) {
        taken[cell.report.index()].push(&cell.spans);
    }
    let largest = pieces.sentences.iter().map(|s| s.weight).fold(f64::MIN_POSITIVE, f64::max);
    let mut found: Vec<OnlyIn> = Vec::new();
    for sentence in &pieces.sentences {
        let mut chosen: Vec<&Piece> = Vec::new();
        let mut candidates: Vec<usize> = sentence.pieces.clone().collect();
        candidates.sort_by_key(|&n| {
            (std::cmp::Reverse(pieces.all[n].spans.iter().map(|s| s.len()).sum::<usize>()), n)
        });
        // A quotation is judged as a whole: doubt about a clause is doubt about the sentence around it.
        let in_doubt = |piece: &Piece| {
            sentence
                .pieces
                .clone()
                .any(|n| doubtful.contains(&n) && overlap(&pieces.all[n].spans, &piece.spans) > 0)
        };
        for n in candidates {
            let piece = &pieces.all[n];
            let free = taken[piece.report].iter().all(|spans| overlap(spans, &piece.spans) == 0)
                && chosen.iter().all(|other| overlap(&other.spans, &piece.spans) == 0);
            if free && piece.bag.len() >= MIN_TERMS && !in_doubt(piece) {
                chosen.push(piece);
            }
        }
        chosen.sort_by(|a, b| a.spans.cmp(&b.spans));
        found.extend(
            chosen
                .into_iter()
                .map(|piece| OnlyIn { cell: make_cell(story, piece), weight: piece.weight / largest }),
        );
    }
    found
}

/// Which reports leave out what two or more others carry. Empty for two reports: there the remainder says it.
pub(crate) fn find_omissions(
    story: &Story,
    pieces: &Pieces,
    pairs: &[Pair],
    threshold: f64,
    alignments: &[(AlignmentRef, &Alignment)],
) -> Vec<Omission> {
    let mut omissions = Vec::new();
    let mut resembling: Vec<Vec<(usize, usize)>> = story.documents().iter().map(|_| Vec::new()).collect();
    for pair in pairs.iter().filter(|p| p.probability >= threshold * DOUBT_SHARE) {
        let (a, b) = (&pieces.all[pair.a], &pieces.all[pair.b]);
        resembling[a.report].push((pair.a, pair.b));
        resembling[b.report].push((pair.b, pair.a));
    }
    for &(of, alignment) in alignments {
        let carriers: BTreeSet<ReportIndex> = alignment.cells.iter().map(|cell| cell.report).collect();
        for (report, _) in story.iter() {
            let may_carry = || {
                resembling[report.index()].iter().any(|&(_, other)| {
                    let other = &pieces.all[other];
                    alignment.cells.iter().any(|cell| {
                        cell.report.index() == other.report && overlap(&cell.spans, &other.spans) > 0
                    })
                })
            };
            if !carriers.contains(&report) && !may_carry() {
                omissions.push(Omission { report, of });
            }
        }
    }
    omissions
}
