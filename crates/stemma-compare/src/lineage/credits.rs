//! What the reports declare: credits to agencies, and relays ("the Courier reported").

use std::collections::BTreeMap;

use stemma_core::{Credit, CreditKind, Document, Edge, EdgeKind, EdgeOrigin, ReportIndex, Span, Story};

use super::{Table, between, is_before, is_copy, is_partly, side};

/// Edges that the reports themselves declare: relays of and credits to outlets, among the reports or unseen.
pub(super) fn credit_edges(story: &Story, table: &Table) -> Vec<Edge> {
    let mut edges: BTreeMap<(ReportIndex, EdgeOrigin, EdgeKind), Edge> = BTreeMap::new();
    for (to, document) in story.iter() {
        for credit in document.layers().credits.items() {
            if is_its_own(document, &credit.outlet) || credit.kind == CreditKind::Picture {
                continue;
            }
            let origin = origin(story, table, to, credit);
            let kind = match (credit.kind, &origin) {
                (CreditKind::Relay, _) => EdgeKind::Relay,
                (_, EdgeOrigin::Report(from)) => {
                    let (from, to) = (from.index(), to.index());
                    let copied = between(table, from, to).is_some_and(|entry| is_copy(entry, side(from, to)));
                    if copied { EdgeKind::Copy } else { EdgeKind::Rewrite }
                }
                _ => EdgeKind::AgencyCredit,
            };
            let words = document.slice(credit.span).split_whitespace().collect::<Vec<_>>().join(" ");
            let helped = credit.kind == CreditKind::Contribution;
            let edge = edges.entry((to, origin.clone(), kind)).or_insert_with(|| Edge {
                from: origin,
                to,
                kind,
                credited: true,
                partly: true,
                evidence: Vec::new(),
                score: 0.9,
                reason: format!("it says so: “{words}”"),
            });
            edge.evidence.push(credit.span);
            edge.partly &= helped || kind == EdgeKind::Relay;
        }
    }
    let mut edges: Vec<Edge> = edges.into_values().collect();
    for edge in edges.iter_mut().filter(|edge| edge.kind != EdgeKind::AgencyCredit) {
        edge.partly = match &edge.from {
            EdgeOrigin::Report(from) => is_partly(table, from.index(), edge.to.index()),
            EdgeOrigin::Unseen(_) => true,
        };
    }
    edges
}

/// The report of the credited outlet that is most like `to`; unseen, if none of its reports can be the earlier one.
fn origin(story: &Story, table: &Table, to: ReportIndex, credit: &Credit) -> EdgeOrigin {
    let candidates = story.iter().filter(|(from, other)| {
        *from != to && is_of(other, &credit.outlet) && !is_before(story, to.index(), from.index())
    });
    let alike = |from: ReportIndex| {
        let entry = between(table, from.index(), to.index());
        entry.map_or(0.0, |entry| {
            let side = side(from.index(), to.index());
            entry.share[side] + entry.aligned[side]
        })
    };
    let best = candidates
        .max_by(|(a, x), (b, y)| alike(*a).total_cmp(&alike(*b)).then(y.report().id().cmp(&x.report().id())));
    best.map_or_else(|| EdgeOrigin::Unseen(credit.outlet.clone()), |(from, _)| EdgeOrigin::Report(from))
}

/// Takes away relays that came with a copied text: who copies a relay of the Courier has it from the relay.
pub(super) fn drop_inherited(table: &Table, edges: &mut Vec<Edge>) {
    let relays: Vec<(ReportIndex, EdgeOrigin)> = edges
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Relay)
        .map(|edge| (edge.to, edge.from.clone()))
        .collect();
    let copies: Vec<(usize, usize)> = edges
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Copy)
        .filter_map(|edge| match &edge.from {
            EdgeOrigin::Report(from) => Some((from.index(), edge.to.index())),
            EdgeOrigin::Unseen(_) => None,
        })
        .collect();
    edges.retain(|edge| {
        let came_along = |&(from, to): &(usize, usize)| {
            let of_original = relays.iter().any(|(relay, of)| relay.index() == from && *of == edge.from);
            let inside = || {
                let passages = between(table, from, to).map_or(&[][..], |entry| &entry.passages);
                let copied = |span: Span| passages.iter().any(|pair| pair[side(from, to)].touches(span));
                edge.evidence.iter().all(|&span| copied(span))
            };
            edge.to.index() == to && of_original && inside()
        };
        edge.kind != EdgeKind::Relay || !copies.iter().any(came_along)
    });
}

/// True if the report speaks of its own outlet, also by the end of its name: "told the Courier" in the Tallinn Courier.
fn is_its_own(document: &Document, outlet: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).filter(|word| word != "the").collect()
    };
    let short = words(outlet);
    let ends_so = |own: &str| !short.is_empty() && words(own).ends_with(&short);
    is_of(document, outlet) || document.report().outlet().is_some_and(ends_so)
}

/// True if `outlet` published the report: by its metadata, or, where they name nobody, by the name of its file
/// (`tallinn-courier.txt`).
pub(crate) fn is_of(document: &Document, outlet: &str) -> bool {
    let report = document.report();
    let stem = || {
        let file = report.origin().place.rsplit(['/', '\\']).next().unwrap_or("");
        file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
    };
    report.outlet().map_or_else(|| same_outlet(&stem(), outlet), |own| same_outlet(own, outlet))
}

/// Names of one outlet: equal but for case, "The" and what follows a bracket; or one the initials of the other.
fn same_outlet(a: &str, b: &str) -> bool {
    let plain = |name: &str| {
        let head = name.split('(').next().unwrap_or("").to_lowercase();
        let head = head.trim().strip_prefix("the ").unwrap_or(head.trim()).to_owned();
        head.chars().filter(|c| c.is_alphanumeric()).collect::<String>()
    };
    let (raw_a, raw_b) = (a, b);
    let (a, b) = (plain(a), plain(b));
    !a.is_empty() && (a == b || initials(raw_a) == Some(b) || initials(raw_b) == Some(a))
}

/// "mpa" for "The Mekong Press Agency": of names of three words or more.
fn initials(name: &str) -> Option<String> {
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && *w != "The").collect();
    (words.len() >= 3)
        .then(|| words.iter().filter_map(|w| w.chars().next()).flat_map(char::to_lowercase).collect())
}
