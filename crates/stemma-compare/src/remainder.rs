//! The remainder: what one report alone says, what may be the same, and what a report leaves out.
//!
//! Between "aligned" and "alone" lies doubt: a piece that some pair of nearly the model's threshold ties to another report is
//! neither shown as only in its report nor counted as left out by the other, but shown with what it may be the same as.

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{Alignment, AlignmentRef, Doubt, Omission, OnlyIn, ReportIndex, Span, Story, Voice};

use crate::alignment::{Pair, overlap};
use crate::cells::make_cell;
use crate::divergences::find_reserve;
use crate::features::Nearness;
use crate::meaning::cosine;
use crate::pieces::{Piece, Pieces, SentencePieces};
use crate::places::Places;
use crate::terms::Vocabulary;

/// Share of the model's threshold from which a pair casts doubt on "alone".
const DOUBT_SHARE: f64 = 0.93;
/// Shortest piece that is worth showing, in terms with content.
const MIN_TERMS: usize = 3;
/// Share of the lighter one that a title or caption of another report tells of a piece, from which on the piece is not alone.
const TOLD_ASIDE: f64 = 0.65;

/// For each piece the alignments that it touches, ascending.
struct Taken(Vec<Vec<usize>>);

impl Taken {
    fn new(pieces: &Pieces, places: &Places<'_>, alignments: &[&Alignment]) -> Self {
        let mut taken = vec![Vec::new(); pieces.all.len()];
        for (n, alignment) in alignments.iter().enumerate() {
            for cell in &alignment.cells {
                for piece in places.pieces(cell.report.index(), &cell.spans) {
                    if taken[piece].last() != Some(&n) {
                        taken[piece].push(n);
                    }
                }
            }
        }
        Self(taken)
    }

    fn is_free(&self, piece: usize) -> bool {
        self.0[piece].is_empty()
    }

    /// True if one alignment touches both.
    fn together(&self, a: usize, b: usize) -> bool {
        self.0[a].iter().any(|n| self.0[b].contains(n))
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
    let places = &Places::new(pieces, story.documents().len());
    let doubtful: BTreeSet<usize> =
        pairs.iter().filter(|p| p.probability >= threshold * DOUBT_SHARE).flat_map(|p| [p.a, p.b]).collect();
    let taken = Taken::new(pieces, places, alignments);
    let mut doubted: Vec<Vec<&[Span]>> = vec![Vec::new(); story.documents().len()];
    for cell in doubts.iter().flat_map(|doubt| &doubt.cells) {
        doubted[cell.report.index()].push(&cell.spans);
    }
    let largest = pieces.sentences.iter().map(|s| s.weight).fold(f64::MIN_POSITIVE, f64::max);
    let mut found: Vec<OnlyIn> = Vec::new();
    for sentence in &pieces.sentences {
        // A quotation is judged as a whole: doubt about a clause is doubt about the sentence around it.
        let near: Vec<usize> = sentence.pieces.clone().filter(|n| doubtful.contains(n)).collect();
        let in_doubt = |piece: &Piece| {
            near.iter().any(|&n| overlap(&pieces.all[n].spans, &piece.spans) > 0)
                || doubted[piece.report].iter().any(|spans| overlap(spans, &piece.spans) > 0)
        };
        let alone = |n: usize| {
            let piece = &pieces.all[n];
            piece.bag.len() >= MIN_TERMS
                && taken.is_free(n)
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
    keep: impl Fn(usize) -> bool,
) -> Vec<&'a Piece> {
    let mut candidates: Vec<usize> = sentence.pieces.clone().collect();
    let length = |&n: &usize| pieces.all[n].spans.iter().map(|s| s.len()).sum::<usize>();
    candidates.sort_by_key(|n| std::cmp::Reverse(length(n)));
    let mut chosen: Vec<&Piece> = Vec::new();
    // Ends of the chosen spans by their starts. They lie apart, so the last that starts before an end is the one to ask.
    let mut covered: BTreeMap<usize, usize> = BTreeMap::new();
    for n in candidates {
        let piece = &pieces.all[n];
        let is_free =
            |span: &Span| covered.range(..span.end()).next_back().is_none_or(|(_, &end)| end <= span.start());
        if piece.spans.iter().all(is_free) && keep(n) {
            covered.extend(piece.spans.iter().map(|span| (span.start(), span.end())));
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
    let places = &Places::new(pieces, story.documents().len());
    let taken = Taken::new(pieces, places, alignments);
    let mut sorted: Vec<&Pair> = pairs.iter().collect();
    sorted.sort_by(|p, q| q.probability.total_cmp(&p.probability).then((p.a, p.b).cmp(&(q.a, q.b))));
    let mut shown: Vec<Vec<&Piece>> = vec![Vec::new(); story.documents().len()];
    let mut found = Vec::new();
    for pair in sorted {
        let (a, b) = (&pieces.all[pair.a], &pieces.all[pair.b]);
        let is_new = |n: usize| {
            let piece = &pieces.all[n];
            taken.is_free(n)
                && shown[piece.report].iter().all(|other| overlap(&other.spans, &piece.spans) == 0)
        };
        let near = pair.probability >= threshold * DOUBT_SHARE;
        let one_claim = may_be_one_claim(a, b);
        if !near && !one_claim {
            continue;
        }
        let (new_a, new_b) = (is_new(pair.a), is_new(pair.b));
        let in_doubt = near && (new_a || new_b) && !taken.together(pair.a, pair.b);
        let in_question = in_doubt || (one_claim && new_a && new_b);
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
            shown[a.report].push(a);
            shown[b.report].push(b);
            found.push(Doubt { cells, score: pair.probability, divergences });
        }
    }
    found
}

/// A piece with those beside it in its sentence that stand in no alignment either.
fn widened(story: &Story, pieces: &Pieces, piece: usize, taken: &Taken) -> Piece {
    let at = pieces.sentences.partition_point(|sentence| sentence.pieces.end <= piece);
    let free = largest_pieces(pieces, &pieces.sentences[at], |n| taken.is_free(n));
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

/// Carriers of an alignment, as a share of the reports, from which on it is left out and not just told by few.
const CARRIED: f64 = 0.2;

/// Which reports leave out what two or more others carry, in a story of very many what a fifth of them carries. Empty for two
/// reports: there the remainder says it.
pub(crate) fn find_omissions(
    story: &Story,
    pieces: &Pieces,
    pairs: &[Pair],
    threshold: f64,
    alignments: &[(AlignmentRef, &Alignment)],
) -> Vec<Omission> {
    let n_reports = story.documents().len();
    let places = Places::new(pieces, n_reports);
    let least = (n_reports as f64 * CARRIED).ceil();
    // For each piece the reports with a piece that resembles it.
    let mut resembling: Vec<Vec<usize>> = vec![Vec::new(); pieces.all.len()];
    for pair in pairs.iter().filter(|p| p.probability >= threshold * DOUBT_SHARE) {
        resembling[pair.a].push(pieces.all[pair.b].report);
        resembling[pair.b].push(pieces.all[pair.a].report);
    }
    let mut omissions = Vec::new();
    let mut carries = vec![false; n_reports];
    for &(of, alignment) in alignments {
        let carriers: BTreeSet<ReportIndex> = alignment.cells.iter().map(|cell| cell.report).collect();
        if (carriers.len() as f64) < least {
            continue;
        }
        carries.fill(false);
        for cell in &alignment.cells {
            let report = cell.report.index();
            carries[report] = true;
            for other in places.pieces(report, &cell.spans).flat_map(|piece| &resembling[piece]) {
                carries[*other] = true;
            }
        }
        let left_out = story.iter().filter(|(report, _)| !carries[report.index()]);
        omissions.extend(left_out.map(|(report, _)| Omission { report, of }));
    }
    omissions
}
