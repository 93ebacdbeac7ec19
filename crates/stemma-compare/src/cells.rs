//! Cells: groups of pieces become utterances and facts.

use std::collections::BTreeMap;

use stemma_core::{Alignment, Cell, Diagnosis, Document, ReportIndex, Span, Story, Voice};

use crate::alignment::{Pair, overlap};
use crate::entities::Cast;
use crate::groups::Group;
use crate::model::PairModel;
use crate::pieces::{Piece, Pieces};

/// Utterances and facts of the groups, each in order of its first cell, without divergences and witnesses.
pub(crate) fn make_alignments(
    story: &Story,
    pieces: &Pieces,
    groups: &[Group],
    cast: &Cast,
    model: &PairModel,
) -> (Vec<Alignment>, Vec<Alignment>) {
    let (mut utterances, mut facts) = (Vec::new(), Vec::new());
    for group in groups {
        let members = distinct(pieces, group);
        let ties = ties_of(pieces, group, &members);
        let speaker = shared_speaker(&members);
        let cells: Vec<Cell> = members.iter().map(|piece| make_cell(story, piece)).collect();
        if cells.iter().all(|cell| cell.report == cells[0].report) {
            continue;
        }
        let alignment = Alignment {
            speaker: speaker.map(|entity| cast.entities[entity].name.clone()),
            divergences: Vec::new(),
            score: ties.iter().copied().fold(1.0, f64::min),
            ties,
            witnesses: Vec::new(),
            diagnosis: group.pairs.first().map(|pair| diagnose(pair, model)).unwrap_or_default(),
            cells,
        };
        if is_utterance(&members) { utterances.push(alignment) } else { facts.push(alignment) }
    }
    for list in [&mut utterances, &mut facts] {
        list.sort_by(|a, b| place(&a.cells[0]).cmp(&place(&b.cells[0])));
    }
    (utterances, facts)
}

fn place(cell: &Cell) -> (ReportIndex, Span) {
    (cell.report, cell.spans[0])
}

/// The pieces of a group in order of report and place; of pieces that overlap, the one that more pairs stand for.
fn distinct<'a>(pieces: &'a Pieces, group: &Group) -> Vec<&'a Piece> {
    let mut support: BTreeMap<usize, f64> = group.pieces.iter().map(|&piece| (piece, 0.0)).collect();
    for pair in &group.pairs {
        for piece in [pair.a, pair.b] {
            if let Some(sum) = support.get_mut(&piece) {
                *sum += pair.probability;
            }
        }
    }
    let mut ranked: Vec<(usize, f64)> = support.into_iter().collect();
    ranked.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    let mut kept: Vec<&Piece> = Vec::new();
    for (n, _) in ranked {
        let piece = &pieces.all[n];
        if kept.iter().all(|other| other.report != piece.report || overlap(&other.spans, &piece.spans) == 0) {
            kept.push(piece);
        }
    }
    kept.sort_by(|a, b| (a.report, &a.spans).cmp(&(b.report, &b.spans)));
    kept
}

/// How sure each member belongs to the group: the surest of its pieces that overlap it.
fn ties_of(pieces: &Pieces, group: &Group, members: &[&Piece]) -> Vec<f64> {
    let of_pieces: Vec<(&Piece, f64)> =
        group.pieces.iter().map(|&piece| &pieces.all[piece]).zip(group.ties.iter().copied()).collect();
    let tie = |member: &&Piece| {
        let here = |(piece, _): &&(&Piece, f64)| {
            piece.report == member.report && overlap(&piece.spans, &member.spans) > 0
        };
        of_pieces.iter().filter(here).map(|&(_, tie)| tie).fold(0.0, f64::max)
    };
    members.iter().map(tie).collect()
}

/// An utterance has attributed cells in two reports or more, and in more reports than it stands in the outlet's own voice.
fn is_utterance(members: &[&Piece]) -> bool {
    let reports = |voice: Voice| {
        let mut list: Vec<usize> = members.iter().filter(|p| p.voice == voice).map(|p| p.report).collect();
        list.dedup();
        list.len()
    };
    let attributed = reports(Voice::Attributed);
    attributed >= 2 && attributed > reports(Voice::Own)
}

/// The speaker whom most members name; none where as many name another.
fn shared_speaker(members: &[&Piece]) -> Option<usize> {
    let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
    for speaker in members.iter().filter_map(|piece| piece.speaker) {
        *votes.entry(speaker).or_default() += 1;
    }
    let most = votes.values().copied().max()?;
    let mut first = votes.into_iter().filter(|&(_, n)| n == most).map(|(entity, _)| entity);
    first.next().filter(|_| first.next().is_none())
}

pub(crate) fn make_cell(story: &Story, piece: &Piece) -> Cell {
    let report = ReportIndex(u32::try_from(piece.report).expect("a story has fewer than 2^32 reports"));
    let document = story.document(report);
    let attribution = piece.attribution.map(|id| &document.layers().attributions[id]);
    Cell {
        report,
        spans: piece.spans.clone(),
        voice: piece.voice,
        form: attribution.map(|a| a.form),
        attribution: piece.attribution,
        source: attribution.map(|a| a.source.clone()).unwrap_or_default(),
        source_name: attribution.and_then(|a| a.source_entity).map(|id| entity_name(document, id)),
        manner: attribution.filter(|a| !a.cue.is_empty()).map(|a| a.manner),
        statement: piece.statement,
    }
}

fn entity_name(document: &Document, id: stemma_core::EntityId) -> String {
    document.layers().entities[id].name.clone()
}

fn diagnose(pair: &Pair, model: &PairModel) -> Diagnosis {
    let mut features = vec![("probability".to_owned(), pair.probability)];
    features.extend(model.second.contributions(&pair.features));
    Diagnosis { features }
}
