//! Who copied or rewrote whom, where the reports do not say it.

use std::cmp::Ordering;

use stemma_core::{Edge, EdgeKind, EdgeOrigin, Span, Story};

use super::traces::Traces;
use super::{Likeness, Table, between, index, is_before, is_copy, is_partly, side};

/// Share of a report's sentences that are aligned with one other report: from here on nothing is left that is its own.
const REWRITE_SHARE: f64 = 0.80;
/// The same where both carry what no third report does, among it a quotation in the same words.
const REWRITE_SHARE_ALONE: f64 = 0.60;
/// The same where both make one slip that no other makes.
const REWRITE_SHARE_WITH_SLIP: f64 = 0.50;
/// How much a form that two reports share against all others adds to the strength of a derivation: as much as this share of
/// the text in the same words.
const OF_DEPARTURE: f64 = 0.10;
/// Alignments that no third report carries, for the one and for the other.
const LEAST_ALONE: [usize; 2] = [3, 2];
/// In a story of fewer texts, what two reports alone carry says nothing: any two carry most things alone.
const LEAST_TEXTS: usize = 4;
/// Share of the likeness to a copy that the copied report must have to be taken for the origin.
const NEARLY: f64 = 0.9;

/// One report may have been made from another.
struct Derivation {
    from: usize,
    to: usize,
    kind: EdgeKind,
    strength: f64,
}

/// Adds at most one derivation for each report that declares none among the reports.
pub(super) fn derive(story: &Story, table: &Table, traces: &Traces<'_>, edges: &mut Vec<Edge>) {
    for Derivation { from, to, kind, .. } in choose(story, table, traces, edges) {
        // Who says whom it had a report from has it from there, unless it holds another one word for word.
        let declared = edges.iter().any(|edge| {
            let same = matches!(&edge.from, EdgeOrigin::Report(other) if other.index() == from);
            edge.to.index() == to && (same || (kind == EdgeKind::Rewrite && explains(edge)))
        });
        if !declared && !have_one_source(edges, from, to) {
            let entry = between(table, from, to).expect("a derivation has a likeness");
            let edge = derived_edge(story, table, traces, entry, from, to, kind);
            tie(edge, edges);
        }
    }
}

/// True if the edge tells where its report has its text from.
fn explains(edge: &Edge) -> bool {
    match edge.kind {
        EdgeKind::AgencyCredit => !edge.partly,
        EdgeKind::Relay => matches!(edge.from, EdgeOrigin::Report(_)),
        _ => true,
    }
}

/// The two have their text from one unseen source, as is known already.
fn have_one_source(edges: &[Edge], a: usize, b: usize) -> bool {
    let sources = |report: usize| {
        let of_report = edges.iter().filter(move |edge| edge.to.index() == report);
        of_report.filter(|edge| explains(edge) && matches!(edge.from, EdgeOrigin::Unseen(_)))
    };
    sources(a).any(|edge| sources(b).any(|other| other.from == edge.from))
}

/// The strongest derivation of each report, so that none comes from itself by way of others; in order of report.
fn choose(story: &Story, table: &Table, traces: &Traces<'_>, edges: &[Edge]) -> Vec<Derivation> {
    let mut all = candidates(story, table, traces);
    let id = |report: usize| story.documents()[report].report().id();
    all.sort_by(|x, y| {
        let strength = y.strength.total_cmp(&x.strength);
        strength.then_with(|| (id(x.to), id(x.from)).cmp(&(id(y.to), id(y.from))))
    });
    let n = story.documents().len();
    let mut origins: Vec<Vec<usize>> = vec![Vec::new(); n];
    for edge in edges {
        if let EdgeOrigin::Report(from) = &edge.from {
            origins[edge.to.index()].push(from.index());
        }
    }
    let mut chosen: Vec<Option<Derivation>> = (0..n).map(|_| None).collect();
    for derivation in all {
        let (from, to) = (derivation.from, derivation.to);
        if chosen[to].is_none() && !descends(&origins, from, to) {
            origins[to].push(from);
            chosen[to] = Some(derivation);
        }
    }
    // A rewrite is as like a copy as the copied report: it is taken to be from that one, unless the copy is much liker or the
    // rewrite carries what the copy has wrong.
    let aligned =
        |from: usize, to: usize| between(table, from, to).map_or(0.0, |entry| entry.aligned[side(from, to)]);
    let shared = |from: usize, to: usize| traces.departures.n_shared(from, to);
    let original = |from: usize, to: usize| match &chosen[from] {
        Some(Derivation { from: root, kind: EdgeKind::Copy, .. })
            if aligned(*root, to) >= NEARLY * aligned(from, to)
                && !is_before(story, to, *root)
                && shared(*root, to) >= shared(from, to) =>
        {
            *root
        }
        _ => from,
    };
    let corrected = chosen.iter().flatten().map(|d| {
        let from = if d.kind == EdgeKind::Rewrite { original(d.from, d.to) } else { d.from };
        Derivation { from, ..*d }
    });
    corrected.collect()
}

/// True if `report` comes from `ancestor`, or is it.
fn descends(origins: &[Vec<usize>], report: usize, ancestor: usize) -> bool {
    let (mut seen, mut open) = (vec![false; origins.len()], vec![report]);
    while let Some(next) = open.pop() {
        if next == ancestor {
            return true;
        }
        if !std::mem::replace(&mut seen[next], true) {
            open.extend(&origins[next]);
        }
    }
    false
}

/// Every pair of reports of which the later may have been made from the earlier.
fn candidates(story: &Story, table: &Table, traces: &Traces<'_>) -> Vec<Derivation> {
    let n_texts = n_texts(story.documents().len(), table);
    let mut found = Vec::new();
    for (&(a, b), entry) in table {
        for (from, to) in [(a, b), (b, a)] {
            if is_before(story, to, from) {
                continue;
            }
            let kind = if is_copy(entry, side(from, to)) {
                EdgeKind::Copy
            } else if is_rewrite(entry, side(from, to), n_texts)
                || carries_slip(entry, side(from, to), traces.departures.slip(from, to).is_some())
            {
                EdgeKind::Rewrite
            } else {
                continue;
            };
            if !is_before(story, from, to) && !leads(story, traces, entry, from, to) {
                continue;
            }
            let strength = entry.share[side(from, to)]
                + 0.5 * entry.aligned[side(from, to)]
                + OF_DEPARTURE * traces.departures.n_shared(from, to) as f64;
            found.push(Derivation { from, to, kind, strength });
        }
    }
    found
}

/// Reports that are no copy of another.
fn n_texts(n: usize, table: &Table) -> usize {
    let mut copies = vec![false; n];
    for (&(_, b), entry) in table {
        copies[b] |= is_copy(entry, 0) || is_copy(entry, 1);
    }
    copies.iter().filter(|copy| !**copy).count()
}

/// True if the report `to` has little or nothing that the other has not, in other words, and did not hear it for itself.
/// Two reports of one event tell much the same; what they alone tell of all reports, one has from the other.
fn is_rewrite(entry: &Likeness, to: usize, n_texts: usize) -> bool {
    let [alone, verbatim] = entry.n_alone;
    let enough = if n_texts < LEAST_TEXTS {
        entry.aligned[to] >= REWRITE_SHARE
    } else {
        (entry.aligned[to] >= REWRITE_SHARE && alone >= LEAST_ALONE[0])
            || (entry.aligned[to] >= REWRITE_SHARE_ALONE && alone >= LEAST_ALONE[1] && verbatim > 0)
    };
    enough && !heard_for_itself(entry)
}

/// True if much of report `to` stands in the other in other words, and both make a slip that no other report makes: two who
/// hear a thing for themselves do not misspell or misread it alike.
fn carries_slip(entry: &Likeness, to: usize, share_slip: bool) -> bool {
    share_slip && entry.aligned[to] >= REWRITE_SHARE_WITH_SLIP && !heard_for_itself(entry)
}

/// Half of what both quote or more stands in other words: each heard it, or had it translated, for itself. Who rewrites a
/// report leaves what stands in quotation marks as it is.
fn heard_for_itself(entry: &Likeness) -> bool {
    let [same, other] = entry.n_quotations;
    other > 0 && other >= same
}

/// What one outlet published at one address again, or copied from itself, is a later version of its report.
pub(super) fn mark_revisions(story: &Story, edges: &mut [Edge]) {
    for edge in edges.iter_mut().filter(|edge| edge.kind == EdgeKind::Copy) {
        let EdgeOrigin::Report(from) = &edge.from else { continue };
        let (old, new) = (story.document(*from).report(), story.document(edge.to).report());
        let same = |a: Option<&str>, b: Option<&str>| a.is_some() && a == b;
        if same(old.url(), new.url())
            || (same(old.outlet(), new.outlet()) && old.url().is_none() && new.url().is_none())
        {
            edge.kind = EdgeKind::Revision;
            edge.reason = format!("the same outlet’s report, later: {}", edge.reason);
        }
    }
}

/// Where time does not tell: who lost details of the other had them from it. Else the text of which less is shared is the fuller
/// one, and leads; of equals the one of the lower id, so that the order of the reports decides nothing.
fn leads(story: &Story, traces: &Traces<'_>, entry: &Likeness, from: usize, to: usize) -> bool {
    let fullness =
        |report: usize, other: usize| (entry.share[side(other, report)], entry.aligned[side(other, report)]);
    let id = |report: usize| story.documents()[report].report().id();
    let by_details = traces.details(story, from, to).order(from, to);
    if by_details != Ordering::Equal {
        return by_details == Ordering::Greater;
    }
    let (x, y) = (fullness(from, to), fullness(to, from));
    x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1)).then(id(from).cmp(&id(to))).is_lt()
}

fn derived_edge(
    story: &Story,
    table: &Table,
    traces: &Traces<'_>,
    entry: &Likeness,
    from: usize,
    to: usize,
    kind: EdgeKind,
) -> Edge {
    let both = traces
        .departures
        .best(from, to)
        .map_or_else(String::new, |each| format!("; both have {}", each.reason()));
    let order = match traces.details(story, from, to).reason(from, to) {
        Some(lost) if is_before(story, from, to) => format!("it is the later text, and {lost}"),
        Some(lost) => format!("the times do not tell which is later, but {lost}"),
        None if is_before(story, from, to) => "it is the later text".to_owned(),
        None => "it is the shorter text; the times do not tell which is later".to_owned(),
    };
    let percent = |share: f64| (share * 100.0).round();
    let evidence: Vec<Span> = entry.passages.iter().map(|pair| pair[side(from, to)]).collect();
    let score = match kind {
        EdgeKind::Copy => (0.5 + entry.share[side(from, to)]).min(0.99),
        _ => 0.6,
    };
    let reason = match kind {
        EdgeKind::Copy => format!(
            "{} of its words outside quotation marks ({} %) stand in the other word for word, the longest run {}{both}; {order}",
            entry.n_shared,
            percent(entry.share[side(from, to)]),
            entry.longest
        ),
        _ => {
            let alone = match entry.n_alone {
                [0, _] => String::new(),
                [alone, verbatim] => format!(
                    ", and {alone} of their statements ({verbatim} verbatim) stand in no third report"
                ),
            };
            format!(
                "{} % of its text is aligned with the other{alone}{both}; {order}",
                percent(entry.aligned[side(from, to)])
            )
        }
    };
    Edge {
        from: EdgeOrigin::Report(index(from)),
        to: index(to),
        kind,
        credited: false,
        partly: is_partly(table, from, to),
        evidence,
        score,
        reason,
    }
}

/// Adds the edge; where one of the two reports credits an agency with its text, both have it from there.
fn tie(edge: Edge, edges: &mut Vec<Edge>) {
    let EdgeOrigin::Report(from) = edge.from else { return };
    let agency = |report| {
        let mut credits = edges.iter().filter(|other| other.to == report && !other.partly);
        credits.find_map(|other| match (&other.from, other.kind) {
            (EdgeOrigin::Unseen(name), EdgeKind::AgencyCredit) => Some(name.clone()),
            _ => None,
        })
    };
    let Some(name) = agency(from).or_else(|| agency(edge.to)) else {
        edges.push(edge);
        return;
    };
    let origin = EdgeOrigin::Unseen(name.clone());
    let reason = format!("{}; both have it from {name}", edge.reason);
    for report in [from, edge.to] {
        let known = edges.iter().any(|other| other.to == report && other.from == origin);
        if !known {
            edges.push(Edge {
                from: origin.clone(),
                to: report,
                kind: EdgeKind::SharedSource,
                evidence: if report == edge.to { edge.evidence.clone() } else { Vec::new() },
                reason: reason.clone(),
                ..edge
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_reports_alone_tell_makes_a_rewrite() {
        let rewrite = |aligned, n_alone, n_quotations, n_texts| {
            let entry = Likeness { aligned: [0.0, aligned], n_alone, n_quotations, ..Likeness::default() };
            is_rewrite(&entry, 1, n_texts)
        };
        assert!(rewrite(0.9, [4, 0], [0, 0], 5));
        assert!(!rewrite(0.9, [1, 0], [0, 0], 5), "all of it stands in others too");
        assert!(rewrite(0.7, [3, 1], [1, 0], 5), "a quotation that no other has");
        assert!(!rewrite(0.7, [3, 0], [1, 0], 5));
        assert!(!rewrite(0.7, [3, 1], [1, 0], 2), "of two reports, any two carry all alone");
        assert!(!rewrite(0.9, [4, 1], [1, 2], 5), "the speaker is quoted in other words");
    }

    #[test]
    fn descent_goes_over_any_number_of_reports_and_ends() {
        let origins = vec![vec![], vec![0], vec![1], vec![3]];
        assert!(descends(&origins, 2, 0));
        assert!(!descends(&origins, 0, 2));
        assert!(!descends(&origins, 3, 0), "a report that comes from itself ends the walk");
    }
}
