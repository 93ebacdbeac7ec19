//! Lineage: who had it from whom, and which reports are therefore one witness.
//!
//! In: shared passages, credits, and how much of each report is aligned with each other one. Out: edges from the earlier to
//! the later text, at most one derivation for each report and never in a circle, and the witnesses: reports that edges tie
//! together, also through an origin that is not among the reports. Text in quotation marks does not count: two reports that
//! quote one speech did not copy each other. The thresholds were chosen on the newsroom families (`stemma eval newsroom`).
//!
//! [`likeness`] measures what every two reports have in common; [`credits`] reads what the reports declare; [`releases`] finds
//! what several have from one press release; [`derivation`] says of the rest who copied or rewrote whom, also by
//! what one text leaves in another: shared [`departures`] from all others, and [`details`] that one of two lost.

mod credits;
mod departures;
mod derivation;
mod details;
mod likeness;
mod releases;
mod traces;

use std::collections::BTreeMap;

use stemma_core::{Alignment, Edge, EdgeKind, EdgeOrigin, Passage, ReportIndex, Story, Witness};

use crate::entities::Cast;
use crate::pieces::Pieces;
use crate::word_runs::Words;
pub(crate) use credits::is_of;
use likeness::{Likeness, Table, between, measure, side};
use traces::Traces;

/// Share of a report's own words that stands in another: from here on it is that report's text.
const COPY_SHARE: f64 = 0.30;
/// Own words that this is at least: one common clause is no copy, however short the report.
const COPY_WORDS: usize = 16;
/// Of a report that has hardly more words, the share that is.
const COPY_SHARE_OF_SHORT: f64 = 0.70;
/// A passage of this many own words is copied, however long the report is.
const COPY_RUN: usize = 40;
/// Share of a report that stands in the other or is aligned with it, from which on it has nothing of its own to speak of.
const WHOLE: f64 = 0.80;
/// Share of a report that is aligned with the outlet that it names, from which on it depends on that outlet as a whole.
const MAIN_RELAY: f64 = 0.35;
/// A relay is the report's main source if it is named in so many sentences at its start.
const LEAD_SENTENCES: usize = 3;

/// Edges and witnesses of `story`.
pub(crate) fn find_lineage(
    story: &Story,
    cast: &Cast,
    words: &[Words],
    passages: &[Passage],
    pieces: &Pieces,
    alignments: &[&Alignment],
) -> (Vec<Edge>, Vec<Witness>) {
    let table = measure(story, words, passages, pieces, alignments);
    let mut edges = credits::credit_edges(story, &table);
    releases::tie_by_releases(story, pieces, &table, alignments, &mut edges);
    let traces = Traces::find(story, cast, &table, alignments);
    derivation::derive(story, &table, &traces, &mut edges);
    credits::drop_inherited(&table, &mut edges);
    derivation::mark_revisions(story, &mut edges);
    edges.sort_by(|a, b| (a.to, &a.from, a.kind).cmp(&(b.to, &b.from, b.kind)));
    let witnesses = find_witnesses(story, &table, &edges);
    (edges, witnesses)
}

/// True if the text of report `to` is, in its bulk or in a long run, that of the other report of `likeness`.
fn is_copy(likeness: &Likeness, to: usize) -> bool {
    let share = likeness.share[to];
    let enough = likeness.n_shared >= COPY_WORDS || share >= COPY_SHARE_OF_SHORT;
    (share >= COPY_SHARE && enough) || likeness.longest >= COPY_RUN
}

/// True if report `to` tells so much that `from` does not tell that it has reporting of its own.
fn is_partly(table: &Table, from: usize, to: usize) -> bool {
    between(table, from, to).is_none_or(|entry| {
        let side = side(from, to);
        entry.aligned[side].max(entry.share[side]) < WHOLE
    })
}

/// True if report `a` is certainly earlier than report `b`.
fn is_before(story: &Story, a: usize, b: usize) -> bool {
    let published = |n: usize| story.documents()[n].published();
    published(a).zip(published(b)).is_some_and(|(x, y)| x.is_before(y))
}

fn index(report: usize) -> ReportIndex {
    ReportIndex(u32::try_from(report).expect("a story has fewer than 2^32 reports"))
}

/// Reports that edges tie together, directly or through an unseen origin that gave two of them their text.
fn find_witnesses(story: &Story, table: &Table, edges: &[Edge]) -> Vec<Witness> {
    let n = story.documents().len();
    let mut group: Vec<usize> = (0..n).collect();
    let mut join = |a: usize, b: usize| {
        let (x, y) = (group[a].min(group[b]), group[a].max(group[b]));
        if x != y {
            group.iter_mut().filter(|g| **g == y).for_each(|g| *g = x);
        }
    };
    let mut unseen: BTreeMap<&str, usize> = BTreeMap::new();
    let ties = |edge: &&Edge| match edge.kind {
        EdgeKind::Relay => is_main_relay(story, table, edge),
        // An agency that contributed to two reports wrote neither.
        EdgeKind::AgencyCredit => !edge.partly,
        _ => true,
    };
    for edge in edges.iter().filter(ties) {
        match &edge.from {
            EdgeOrigin::Report(from) => join(from.index(), edge.to.index()),
            EdgeOrigin::Unseen(name) => {
                let first = *unseen.entry(name.as_str()).or_insert(edge.to.index());
                join(first, edge.to.index());
            }
        }
    }
    let mut witnesses: BTreeMap<usize, Vec<ReportIndex>> = BTreeMap::new();
    for (report, _) in story.iter() {
        witnesses.entry(group[report.index()]).or_default().push(report);
    }
    witnesses.into_values().map(|reports| Witness { reports }).collect()
}

/// True if the report depends on the outlet that it names as a whole, and not for a remark: it names it at its start, or
/// tells much that the outlet tells.
fn is_main_relay(story: &Story, table: &Table, edge: &Edge) -> bool {
    let layers = story.document(edge.to).layers();
    let ends = layers.sentences.items().get(LEAD_SENTENCES.min(layers.sentences.len()).saturating_sub(1));
    let lead = ends.map_or(0, |sentence| sentence.span.end());
    let at_start = edge.evidence.iter().any(|span| span.start() < lead);
    match &edge.from {
        EdgeOrigin::Report(from) => {
            let (from, to) = (from.index(), edge.to.index());
            let aligned = between(table, from, to).map_or(0.0, |entry| entry.aligned[side(from, to)]);
            at_start || aligned >= MAIN_RELAY
        }
        EdgeOrigin::Unseen(_) => at_start,
    }
}

#[cfg(test)]
mod tests;
