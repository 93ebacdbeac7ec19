//! What several reports have from one press release or statement that is not among them.
//!
//! A report that names a release at its start and whose text stands in another report did not lend it that text: both printed
//! the release. It is otherwise if the other report holds the very words that name the release; then it copied the report. A
//! third report that quotes two people or more of such a group, and each of them only in words that the group has, has them from
//! the release too, however freely it tells the rest.

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{
    Alignment, Document, Edge, EdgeKind, EdgeOrigin, EntityKind, Form, SegmentKind, Span, Story,
};

use super::{Table, between, index, is_copy, is_partly, side};
use crate::alignment::overlap;
use crate::pieces::{Piece, Pieces};

/// Sentences at the start of a report in which it names its main source.
const LEAD_SENTENCES: usize = 4;
/// What tells that a text was handed out to be printed.
const RELEASES: [&str; 9] = [
    "press release",
    "news release",
    "media release",
    "press statement",
    "media statement",
    "communiqué",
    "press notice",
    "press handout",
    "pool report",
];
/// What tells that somebody said something in writing; the text around it may well be the report's own.
const STATEMENTS: [&str; 7] = [
    "in a statement",
    "in a written statement",
    "in an emailed statement",
    "in a joint statement",
    "statement issued",
    "statement released",
    "according to a statement",
];
/// Above this share of common words, a mere statement does not explain what two reports have in common.
const MOST_OF_STATEMENT: f64 = 0.65;
/// Share of a report that is aligned with another one that names a release of the same issuer.
const SAME_ISSUER: f64 = 0.40;
/// Share of a report that is aligned with one of the group, if it quotes the group's people in the group's words.
const RETOLD: f64 = 0.25;

/// A report's word that it has a text from somebody who handed it out.
struct Release {
    report: usize,
    issuer: String,
    words: Span,
    /// It is called a release, not just a statement.
    named: bool,
}

/// Adds the edges from releases to those who printed or retold them.
pub(super) fn tie_by_releases(
    story: &Story,
    pieces: &Pieces,
    table: &Table,
    alignments: &[&Alignment],
    edges: &mut Vec<Edge>,
) {
    let from_elsewhere: BTreeSet<usize> = edges
        .iter()
        .filter(|edge| edge.kind != EdgeKind::AgencyCredit || !edge.partly)
        .map(|edge| edge.to.index())
        .collect();
    let found: Vec<Release> = story
        .documents()
        .iter()
        .enumerate()
        .filter(|(report, _)| !from_elsewhere.contains(report))
        .filter_map(|(report, document)| find_release(report, document))
        .collect();
    let mut groups: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for release in &found {
        for other in (0..story.documents().len()).filter(|other| !from_elsewhere.contains(other)) {
            if printed_by(release, other, table) || same_release(release, other, &found, table) {
                groups.entry(&release.issuer).or_default().extend([release.report, other]);
            }
        }
    }
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for (issuer, mut members) in groups {
        members.retain(|member| !taken.contains(member));
        if members.len() < 2 {
            continue;
        }
        if found.iter().any(|release| release.issuer == issuer && release.named) {
            let free = (0..story.documents().len())
                .filter(|report| !from_elsewhere.contains(report) && !taken.contains(report));
            let retold: Vec<usize> = free
                .filter(|report| !members.contains(report))
                .filter(|&report| is_retold_by(report, &members, pieces, table, alignments))
                .collect();
            members.extend(retold);
        }
        taken.extend(&members);
        for &member in &members {
            let own = found.iter().find(|release| release.report == member && release.issuer == issuer);
            edges.push(edge(story, table, issuer, member, &members, own));
        }
    }
}

/// The release that a report names at its start.
fn find_release(report: usize, document: &Document) -> Option<Release> {
    let layers = document.layers();
    let body =
        layers.sentences.items().iter().filter(|s| layers.segments[s.segment].kind == SegmentKind::Body);
    body.take(LEAD_SENTENCES).find_map(|sentence| {
        let text = document.slice(sentence.span).to_ascii_lowercase();
        let at = |list: &[&'static str]| list.iter().find_map(|words| Some((text.find(words)?, words.len())));
        let named = at(&RELEASES);
        let (start, n_bytes) = named.or_else(|| at(&STATEMENTS))?;
        let start = sentence.span.start() + start;
        let words = Span::new(start, start + n_bytes);
        // Of a release by nobody in particular only its own words tell whether two reports name the same one.
        let issuer =
            issuer(document, sentence.span).or_else(|| named.map(|_| document.slice(words).to_lowercase()));
        Some(Release { report, issuer: issuer?, words, named: named.is_some() })
    })
}

/// Who handed it out: the source of an attribution in the sentence, else the first organization that it names.
fn issuer(document: &Document, sentence: Span) -> Option<String> {
    let layers = document.layers();
    let in_sentence = |spans: &[Span]| spans.iter().any(|span| sentence.contains(*span));
    let of = |id| &layers.entities[id];
    let sources = layers.attributions.items().iter().filter(|a| in_sentence(&a.source));
    let source = sources.filter_map(|a| a.source_entity).map(of).next();
    let organization = || {
        let mentions = layers.mentions.items().iter().filter(|mention| sentence.contains(mention.span));
        mentions.filter_map(|mention| mention.entity).map(of).find(|e| e.kind == EntityKind::Organization)
    };
    source.or_else(organization).map(|entity| entity.name.clone())
}

/// True if the other report holds much of the text around the release, and not the words that name it.
fn printed_by(release: &Release, other: usize, table: &Table) -> bool {
    let Some(entry) = between(table, release.report, other) else { return false };
    let this = side(other, release.report);
    let carried = entry.passages.iter().any(|pair| pair[this].touches(release.words));
    let alike = is_copy(entry, 0) || is_copy(entry, 1);
    let too_much = !release.named && entry.share[0].max(entry.share[1]) >= MOST_OF_STATEMENT;
    release.report != other && alike && !carried && !too_much
}

/// True if the other report names a release of the same issuer and tells much the same.
fn same_release(release: &Release, other: usize, found: &[Release], table: &Table) -> bool {
    let same = |rival: &&Release| rival.report == other && rival.issuer == release.issuer && rival.named;
    let aligned = |entry: &super::Likeness| entry.aligned[0].min(entry.aligned[1]) >= SAME_ISSUER;
    release.named
        && release.report != other
        && found.iter().any(|rival| same(&rival))
        && between(table, release.report, other).is_some_and(aligned)
}

/// True if the report quotes at least two people of the group, each of them only in what the group has too.
fn is_retold_by(
    report: usize,
    members: &BTreeSet<usize>,
    pieces: &Pieces,
    table: &Table,
    alignments: &[&Alignment],
) -> bool {
    let aligned = |&member: &usize| {
        between(table, member, report).map_or(0.0, |entry| entry.aligned[side(member, report)])
    };
    if members.iter().map(aligned).fold(0.0, f64::max) < RETOLD {
        return false;
    }
    let quotes = |piece: &&Piece| piece.form == Some(Form::Direct) && piece.attribution.is_some();
    let people: BTreeSet<usize> = pieces
        .all
        .iter()
        .filter(quotes)
        .filter(|piece| members.contains(&piece.report))
        .filter_map(|piece| piece.speaker)
        .collect();
    let shared: Vec<&[Span]> = alignments
        .iter()
        .filter(|alignment| alignment.cells.iter().any(|cell| members.contains(&cell.report.index())))
        .flat_map(|alignment| &alignment.cells)
        .filter(|cell| cell.report.index() == report)
        .map(|cell| &cell.spans[..])
        .collect();
    let mut by_quotation: BTreeMap<_, (usize, bool)> = BTreeMap::new();
    for piece in pieces.all.iter().filter(quotes).filter(|piece| piece.report == report) {
        if let (Some(speaker), Some(attribution)) = (piece.speaker, piece.attribution) {
            let covered = shared.iter().any(|spans| overlap(spans, &piece.spans) > 0);
            let entry = by_quotation.entry(attribution).or_insert((speaker, false));
            entry.1 |= covered;
        }
    }
    let of_group: Vec<(usize, bool)> =
        by_quotation.into_values().filter(|(speaker, _)| people.contains(speaker)).collect();
    let speakers: BTreeSet<usize> = of_group.iter().map(|&(speaker, _)| speaker).collect();
    speakers.len() >= 2 && of_group.iter().all(|&(_, covered)| covered)
}

fn edge(
    story: &Story,
    table: &Table,
    issuer: &str,
    report: usize,
    members: &BTreeSet<usize>,
    own: Option<&Release>,
) -> Edge {
    let others = || members.iter().filter(|&&other| other != report);
    let partly = others().all(|&other| is_partly(table, other, report));
    let (mut evidence, reason) = match own {
        Some(release) => {
            let words = story.documents()[report].slice(release.words);
            (vec![release.words], format!("it says so: “{words}”; others have the same text"))
        }
        None => {
            let shared = others()
                .filter_map(|&other| Some((between(table, other, report)?, side(other, report))))
                .max_by_key(|(entry, _)| entry.n_shared);
            let spans = shared.map_or_else(Vec::new, |(entry, side)| {
                entry.passages.iter().map(|pair| pair[side]).collect()
            });
            let reason = "it has text or quotations in common with a report that names this release, and not the words that name it";
            (spans, reason.to_owned())
        }
    };
    evidence.sort_unstable();
    Edge {
        from: EdgeOrigin::Unseen(format!("release:{issuer}")),
        to: index(report),
        kind: EdgeKind::SharedSource,
        credited: own.is_some(),
        partly,
        evidence,
        score: if own.is_some_and(|release| release.named) { 0.8 } else { 0.7 },
        reason,
    }
}
