//! The remainder: what one report alone says, what may be the same, and what a report leaves out.
//!
//! Between "aligned" and "alone" lies doubt: a piece that some pair of nearly the model's threshold ties to another report is
//! neither shown as only in its report nor counted as left out by the other, but shown with what it may be the same as.

use std::collections::BTreeSet;

use stemma_core::{Alignment, AlignmentRef, Doubt, Omission, OnlyIn, ReportIndex, Span, Story, Voice};

use crate::alignment::{Pair, overlap};
use crate::cells::make_cell;
use crate::divergences::find_reserve;
use crate::features::Nearness;
use crate::meaning::cosine;
use crate::pieces::{Piece, Pieces, SentencePieces};
use crate::terms::Vocabulary;

/// Share of the model's threshold from which a pair casts doubt on "alone".
const DOUBT_SHARE: f64 = 0.93;
/// Shortest piece that is worth showing, in terms with content.
const MIN_TERMS: usize = 3;
/// Share of the lighter one that a title or caption of another report tells of a piece, from which on the piece is not alone.
const TOLD_ASIDE: f64 = 0.65;

/// The spans of all aligned cells by report, with the alignment that each is of.
struct Taken<'a>(Vec<Vec<(usize, &'a [Span])>>);

impl<'a> Taken<'a> {
    fn new(n_reports: usize, alignments: &[&'a Alignment]) -> Self {
        let mut taken = vec![Vec::new(); n_reports];
        for (n, alignment) in alignments.iter().enumerate() {
            for cell in &alignment.cells {
                taken[cell.report.index()].push((n, &cell.spans[..]));
            }
        }
        Self(taken)
    }

    /// The alignments that the piece touches.
    fn by(&self, piece: &Piece) -> BTreeSet<usize> {
        let cells = self.0[piece.report].iter();
        cells.filter(|(_, spans)| overlap(spans, &piece.spans) > 0).map(|&(n, _)| n).collect()
    }

    fn is_free(&self, piece: &Piece) -> bool {
        self.by(piece).is_empty()
    }
}

/// Pieces that stand in no alignment and that nothing in another report resembles; one for each sentence or clause, the
/// largest that holds no aligned cell. Pieces with nothing between them are one.
pub(crate) fn find_only_in(
    story: &Story,
    pieces: &Pieces,
    vocabulary: &Vocabulary,
    pairs: &[Pair],
    threshold: f64,
    alignments: &[&Alignment],
    doubts: &[Doubt],
) -> Vec<OnlyIn> {
    let doubtful: BTreeSet<usize> =
        pairs.iter().filter(|p| p.probability >= threshold * DOUBT_SHARE).flat_map(|p| [p.a, p.b]).collect();
    let taken = Taken::new(story.documents().len(), alignments);
    let largest = pieces.sentences.iter().map(|s| s.weight).fold(f64::MIN_POSITIVE, f64::max);
    let mut found: Vec<OnlyIn> = Vec::new();
    for sentence in &pieces.sentences {
        // A quotation is judged as a whole: doubt about a clause is doubt about the sentence around it.
        let in_doubt = |piece: &Piece| {
            let mut doubted = doubts.iter().flat_map(|doubt| &doubt.cells);
            let mut near = sentence.pieces.clone();
            near.any(|n| doubtful.contains(&n) && overlap(&pieces.all[n].spans, &piece.spans) > 0)
                || doubted
                    .any(|cell| cell.report.index() == piece.report && overlap(&cell.spans, &piece.spans) > 0)
        };
        let alone = |piece: &Piece| {
            piece.bag.len() >= MIN_TERMS
                && taken.is_free(piece)
                && !in_doubt(piece)
                && !is_told_aside(pieces, piece, vocabulary)
        };
        found.extend(
            joined(story, largest_pieces(pieces, sentence, alone))
                .into_iter()
                .map(|piece| OnlyIn { cell: make_cell(story, &piece), weight: piece.weight / largest }),
        );
    }
    found
}

/// The largest pieces of a sentence of which `keep` is true, none over another, in order of place.
fn largest_pieces<'a>(
    pieces: &'a Pieces,
    sentence: &SentencePieces,
    keep: impl Fn(&Piece) -> bool,
) -> Vec<&'a Piece> {
    let mut candidates: Vec<&Piece> = pieces.all[sentence.pieces.clone()].iter().collect();
    candidates.sort_by_key(|piece| std::cmp::Reverse(piece.spans.iter().map(|s| s.len()).sum::<usize>()));
    let mut chosen: Vec<&Piece> = Vec::new();
    for piece in candidates {
        if chosen.iter().all(|other| overlap(&other.spans, &piece.spans) == 0) && keep(piece) {
            chosen.push(piece);
        }
    }
    chosen.sort_by(|a, b| a.spans.cmp(&b.spans));
    chosen
}

/// Pieces in one voice with no word between them become one: "he left, | slamming the door".
fn joined(story: &Story, chosen: Vec<&Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in chosen {
        if let Some(last) = out.last_mut() {
            let document = &story.documents()[piece.report];
            let (end, start) = (last.spans[last.spans.len() - 1].end(), piece.spans[0].start());
            let beside =
                end <= start && !document.slice(Span::new(end, start)).contains(char::is_alphanumeric);
            if beside && last.attribution == piece.attribution {
                let n = last.spans.len() - 1;
                last.spans[n] = last.spans[n].cover(piece.spans[0]);
                last.spans.extend(&piece.spans[1..]);
                last.weight += piece.weight;
                continue;
            }
        }
        out.push(piece.clone());
    }
    out
}

/// A title or a caption of another report tells it.
fn is_told_aside(pieces: &Pieces, piece: &Piece, vocabulary: &Vocabulary) -> bool {
    pieces.asides.iter().filter(|aside| aside.report != piece.report).any(|aside| {
        let nearness = Nearness::of((&piece.bag, piece.weight), (&aside.bag, aside.weight), vocabulary);
        nearness.of_lighter >= TOLD_ASIDE
    })
}

/// Pairs in doubt of which at least one piece stands in no alignment and in no surer pair, surest first; and pairs of which one
/// tells with reserve what the other may assert.
pub(crate) fn find_doubtful(
    story: &Story,
    pieces: &Pieces,
    pairs: &[Pair],
    threshold: f64,
    alignments: &[&Alignment],
) -> Vec<Doubt> {
    let taken = Taken::new(story.documents().len(), alignments);
    let mut sorted: Vec<&Pair> = pairs.iter().collect();
    sorted.sort_by(|p, q| q.probability.total_cmp(&p.probability).then((p.a, p.b).cmp(&(q.a, q.b))));
    let mut shown: Vec<&Piece> = Vec::new();
    let mut found = Vec::new();
    for pair in sorted {
        let (a, b) = (&pieces.all[pair.a], &pieces.all[pair.b]);
        let is_new = |piece: &Piece| {
            taken.is_free(piece)
                && shown
                    .iter()
                    .all(|other| other.report != piece.report || overlap(&other.spans, &piece.spans) == 0)
        };
        let near = pair.probability >= threshold * DOUBT_SHARE;
        let in_doubt = near && (is_new(a) || is_new(b)) && taken.by(a).is_disjoint(&taken.by(b));
        let in_question = in_doubt || (may_be_one_claim(a, b) && is_new(a) && is_new(b));
        if !in_question {
            continue;
        }
        let mut cells = [make_cell(story, a), make_cell(story, b)];
        let mut divergences = Vec::new();
        if !in_doubt {
            cells = [pair.a, pair.b].map(|n| make_cell(story, &widened(story, pieces, n, &taken)));
            divergences.extend(find_reserve(story, &cells));
        }
        if in_doubt || !divergences.is_empty() {
            shown.extend([a, b]);
            found.push(Doubt { cells, score: pair.probability, divergences });
        }
    }
    found
}

/// A piece with those beside it in its sentence that stand in no alignment either.
fn widened(story: &Story, pieces: &Pieces, piece: usize, taken: &Taken<'_>) -> Piece {
    let at = pieces.sentences.partition_point(|sentence| sentence.pieces.end <= piece);
    let free = largest_pieces(pieces, &pieces.sentences[at], |piece| taken.is_free(piece));
    let this = &pieces.all[piece];
    let mut wide = joined(story, free).into_iter();
    wide.find(|other| overlap(&other.spans, &this.spans) > 0).unwrap_or_else(|| this.clone())
}

/// Both say something of one person in the outlet's own voice, in words of like meaning.
fn may_be_one_claim(a: &Piece, b: &Piece) -> bool {
    let subjects = a.claim.as_ref().zip(b.claim.as_ref());
    a.voice == Voice::Own
        && b.voice == Voice::Own
        && subjects.is_some_and(|(x, y)| x.subject == y.subject)
        && cosine(&a.meaning, &b.meaning) >= LIKE_MEANING
}

/// Cosine of the mean vectors of two claims from which on they may be one.
const LIKE_MEANING: f64 = 0.4;

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
