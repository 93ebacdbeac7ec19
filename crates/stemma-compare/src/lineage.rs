//! Lineage: who had it from whom, and which reports are therefore one witness.
//!
//! In: shared passages, credits, and how much of each report is aligned with each other one. Out: edges from the earlier to
//! the later text, at most one derivation for each report, and the witnesses: reports that edges tie together, also through
//! an origin that is not among the reports. Text in quotation marks does not count: two reports that quote one speech did
//! not copy each other. The thresholds were chosen on the newsroom families (`stemma eval newsroom`).

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{
    Alignment, CreditKind, DivergenceKind, Document, Edge, EdgeKind, EdgeOrigin, Form, Passage, ReportIndex,
    Span, Story, Witness,
};

use crate::alignment::overlap;
use crate::pieces::Pieces;
use crate::word_runs::Words;

/// Share of a report's own words that stands in another: from here on it is that report's text.
const COPY_SHARE: f64 = 0.30;
/// A passage of this many words outside quotation marks is copied, however long the report is.
const COPY_RUN: usize = 40;
/// Share of a report's sentences that are aligned with one other report: from here on nothing is left that is its own.
const REWRITE_SHARE: f64 = 0.80;

/// What two reports have in common, seen from each.
#[derive(Clone, Debug, Default)]
struct Likeness {
    /// Own words (outside quotation marks) in shared passages.
    n_shared: usize,
    /// The longest of these passages, in words.
    longest: usize,
    /// Share of each report's own words that this is.
    share: [f64; 2],
    /// Share of each report's sentences, by words outside quotation marks, that are aligned with the other.
    aligned: [f64; 2],
    passages: Vec<[Span; 2]>,
    /// Direct quotations that both give: in the same words, and in others.
    n_quotations: [usize; 2],
}

/// Edges and witnesses of `story`.
pub(crate) fn find_lineage(
    story: &Story,
    words: &[Words],
    passages: &[Passage],
    pieces: &Pieces,
    alignments: &[&Alignment],
) -> (Vec<Edge>, Vec<Witness>) {
    let likeness = measure(story, words, passages, pieces, alignments);
    let mut edges = credit_edges(story, &likeness);
    derive(story, &likeness, &mut edges);
    mark_revisions(story, &mut edges);
    edges.sort_by(|a, b| (a.to, &a.from, a.kind).cmp(&(b.to, &b.from, b.kind)));
    let witnesses = find_witnesses(story, &edges);
    (edges, witnesses)
}

fn measure(
    story: &Story,
    words: &[Words],
    passages: &[Passage],
    pieces: &Pieces,
    alignments: &[&Alignment],
) -> BTreeMap<(usize, usize), Likeness> {
    let mut table: BTreeMap<(usize, usize), Likeness> = BTreeMap::new();
    for passage in passages {
        let (a, b) = (passage.a.0.index(), passage.b.0.index());
        let own = words[a].n_own_in(passage.a.1).min(words[b].n_own_in(passage.b.1));
        let entry = table.entry((a, b)).or_default();
        // Passages of one pair may overlap in one report (a sentence repeated): count each stretch once.
        if entry.passages.iter().all(|[x, y]| !x.touches(passage.a.1) && !y.touches(passage.b.1)) {
            entry.n_shared += own;
            entry.longest = entry.longest.max(own);
            entry.passages.push([passage.a.1, passage.b.1]);
        }
    }
    for ((a, b), entry) in &mut table {
        entry.share = [*a, *b].map(|n| entry.n_shared as f64 / words[n].n_own().max(1) as f64);
    }
    for (a, b, shares) in aligned_shares(story, words, pieces, alignments) {
        table.entry((a, b)).or_default().aligned = shares;
    }
    count_quotations(alignments, &mut table);
    table
}

/// For every two reports the direct quotations that both give, by whether their words differ.
fn count_quotations(alignments: &[&Alignment], table: &mut BTreeMap<(usize, usize), Likeness>) {
    for alignment in alignments {
        let mut seen: BTreeMap<(usize, usize), bool> = BTreeMap::new();
        let direct: Vec<(usize, usize)> = alignment
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| cell.form == Some(Form::Direct))
            .map(|(n, cell)| (n, cell.report.index()))
            .collect();
        for &(m, a) in &direct {
            for &(n, b) in direct.iter().filter(|&&(_, b)| b > a) {
                let differ = alignment.divergences.iter().any(|d| {
                    matches!(d.kind, DivergenceKind::Wording | DivergenceKind::QuoteAltered)
                        && (d.cells == [m, n] || d.cells == [n, m])
                });
                *seen.entry((a, b)).or_default() |= differ;
            }
        }
        for (pair, differ) in seen {
            table.entry(pair).or_default().n_quotations[usize::from(differ)] += 1;
        }
    }
}

/// For every two reports the share of the sentences of each, by words outside quotation marks, of which a part is aligned with the other.
fn aligned_shares(
    story: &Story,
    words: &[Words],
    pieces: &Pieces,
    alignments: &[&Alignment],
) -> Vec<(usize, usize, [f64; 2])> {
    let n = story.documents().len();
    let mut total = vec![0.0; n];
    let mut shared: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut partners: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for alignment in alignments {
        for cell in &alignment.cells {
            let report = cell.report.index();
            let touched = pieces.sentences.iter().enumerate().filter(|(_, s)| s.report == report);
            for (s, _) in touched.filter(|(_, s)| overlap(&[s.span], &cell.spans) > 0) {
                let others = alignment.cells.iter().map(|c| c.report.index()).filter(|&r| r != report);
                partners.entry(s).or_default().extend(others);
            }
        }
    }
    for (s, sentence) in pieces.sentences.iter().enumerate() {
        // Two reports that quote one speech did not rewrite each other.
        let weight = words[sentence.report].n_own_in(sentence.span) as f64;
        total[sentence.report] += weight;
        for &other in partners.get(&s).into_iter().flatten() {
            *shared.entry((sentence.report, other)).or_default() += weight;
        }
    }
    let share = |a: usize, b: usize| shared.get(&(a, b)).copied().unwrap_or(0.0) / f64::max(total[a], 1e-9);
    let mut list = Vec::new();
    for a in 0..n {
        for b in a + 1..n {
            if shared.contains_key(&(a, b)) || shared.contains_key(&(b, a)) {
                list.push((a, b, [share(a, b), share(b, a)]));
            }
        }
    }
    list
}

/// Edges that the reports themselves declare: relays of and credits to outlets, among the reports or unseen.
fn credit_edges(story: &Story, likeness: &BTreeMap<(usize, usize), Likeness>) -> Vec<Edge> {
    let mut edges: BTreeMap<(ReportIndex, EdgeOrigin, EdgeKind), Edge> = BTreeMap::new();
    for (to, document) in story.iter() {
        for credit in document.layers().credits.items() {
            if is_of(document, &credit.outlet) || credit.kind == CreditKind::Picture {
                continue;
            }
            let seen = story.iter().find(|(from, other)| {
                *from != to && is_of(other, &credit.outlet) && !is_before(story, to.index(), from.index())
            });
            let origin = seen.map_or_else(
                || EdgeOrigin::Unseen(credit.outlet.clone()),
                |(from, _)| EdgeOrigin::Report(from),
            );
            let kind = match (credit.kind, &origin) {
                (CreditKind::Relay, _) => EdgeKind::Relay,
                (_, EdgeOrigin::Report(from)) => {
                    let entry = likeness.get(&(from.index().min(to.index()), from.index().max(to.index())));
                    if entry.is_some_and(|l| is_copy(l, side(from.index(), to.index()))) {
                        EdgeKind::Copy
                    } else {
                        EdgeKind::Rewrite
                    }
                }
                _ => EdgeKind::AgencyCredit,
            };
            let words = document.slice(credit.span).split_whitespace().collect::<Vec<_>>().join(" ");
            let edge = edges.entry((to, origin.clone(), kind)).or_insert_with(|| Edge {
                from: origin,
                to,
                kind,
                credited: true,
                evidence: Vec::new(),
                score: 0.9,
                reason: format!("it says so: “{words}”"),
            });
            edge.evidence.push(credit.span);
        }
    }
    edges.into_values().collect()
}

/// Which of the two sides of a [`Likeness`] the report `to` is.
fn side(from: usize, to: usize) -> usize {
    usize::from(to > from)
}

fn is_copy(likeness: &Likeness, to: usize) -> bool {
    likeness.share[to] >= COPY_SHARE || likeness.longest >= COPY_RUN
}

/// True if `outlet` published the report: by its metadata, or, where they name nobody, by the name of its file
/// (`tallinn-courier.txt`).
fn is_of(document: &Document, outlet: &str) -> bool {
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

/// True if report `a` is certainly earlier than report `b`.
fn is_before(story: &Story, a: usize, b: usize) -> bool {
    let published = |n: usize| story.documents()[n].published();
    published(a).zip(published(b)).is_some_and(|(x, y)| x.is_before(y))
}

/// Adds at most one derivation for each report that declares none among the reports.
fn derive(story: &Story, likeness: &BTreeMap<(usize, usize), Likeness>, edges: &mut Vec<Edge>) {
    let mut best: BTreeMap<usize, (f64, usize, EdgeKind)> = BTreeMap::new();
    for (&(a, b), entry) in likeness {
        for (from, to) in [(a, b), (b, a)] {
            if is_before(story, to, from) || (!is_before(story, from, to) && !leads(story, entry, from, to)) {
                continue;
            }
            let kind = if is_copy(entry, side(from, to)) {
                EdgeKind::Copy
            } else if entry.aligned[side(from, to)] >= REWRITE_SHARE && !heard_for_itself(entry) {
                EdgeKind::Rewrite
            } else {
                continue;
            };
            let strength = entry.share[side(from, to)] + 0.5 * entry.aligned[side(from, to)];
            let id = |report: usize| story.documents()[report].report().id();
            let stronger = |&(other, rival, _): &(f64, usize, EdgeKind)| {
                strength.total_cmp(&other).then(id(rival).cmp(&id(from))).is_gt()
            };
            if best.get(&to).is_none_or(stronger) {
                best.insert(to, (strength, from, kind));
            }
        }
    }
    // A rewrite is as like a copy as the copied report: it is taken to be from that one, unless the copy is much liker.
    let aligned = |from: usize, to: usize| {
        likeness.get(&(from.min(to), from.max(to))).map_or(0.0, |entry| entry.aligned[side(from, to)])
    };
    let original = |from: usize, to: usize| match best.get(&from) {
        Some(&(_, root, EdgeKind::Copy))
            if aligned(root, to) >= NEARLY * aligned(from, to) && !is_before(story, to, root) =>
        {
            root
        }
        _ => from,
    };
    let derived: Vec<(usize, usize, EdgeKind)> = best
        .iter()
        .map(|(&to, &(_, from, kind))| {
            (to, if kind == EdgeKind::Rewrite { original(from, to) } else { from }, kind)
        })
        .collect();
    for (to, from, kind) in derived {
        // Who says whom it had a report from has it from there, unless it holds another one word for word.
        let declared = edges.iter().any(|edge| {
            let among = matches!(&edge.from, EdgeOrigin::Report(other) if other.index() == from || kind == EdgeKind::Rewrite);
            edge.to.index() == to && among
        });
        if !declared {
            let entry = &likeness[&(from.min(to), from.max(to))];
            edges.push(derived_edge(story, entry, from, to, kind, edges));
        }
    }
}

/// Share of the likeness to a copy that the copied report must have to be taken for the origin.
const NEARLY: f64 = 0.9;

/// Half of what both quote or more stands in other words: each heard it, or had it translated, for itself. Who rewrites a
/// report leaves what stands in quotation marks as it is.
fn heard_for_itself(entry: &Likeness) -> bool {
    let [same, other] = entry.n_quotations;
    other > 0 && other >= same
}

/// What one outlet published at one address again, or copied from itself, is a later version of its report.
fn mark_revisions(story: &Story, edges: &mut [Edge]) {
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

/// Where time does not tell: the text of which less is shared is the fuller one, and leads; of equals the one of the lower id,
/// so that the order of the reports decides nothing.
fn leads(story: &Story, entry: &Likeness, from: usize, to: usize) -> bool {
    let fullness =
        |report: usize, other: usize| (entry.share[side(other, report)], entry.aligned[side(other, report)]);
    let id = |report: usize| story.documents()[report].report().id();
    let (x, y) = (fullness(from, to), fullness(to, from));
    x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1)).then(id(from).cmp(&id(to))).is_lt()
}

fn derived_edge(
    story: &Story,
    entry: &Likeness,
    from: usize,
    to: usize,
    kind: EdgeKind,
    edges: &[Edge],
) -> Edge {
    let index = |n: usize| ReportIndex(u32::try_from(n).expect("a story has fewer than 2^32 reports"));
    let order = if is_before(story, from, to) {
        "the later text"
    } else {
        "the shorter text; the times do not tell which is later"
    };
    let percent = |share: f64| (share * 100.0).round();
    let source = common_source(edges, index(from), index(to));
    let evidence: Vec<Span> = entry.passages.iter().map(|pair| pair[side(from, to)]).collect();
    let score = match kind {
        EdgeKind::Copy => (0.5 + entry.share[side(from, to)]).min(0.99),
        _ => 0.6,
    };
    let reason = match kind {
        EdgeKind::Copy => format!(
            "{} of its words outside quotation marks ({} %) stand in the other word for word, the longest run {}; it is {order}",
            entry.n_shared,
            percent(entry.share[side(from, to)]),
            entry.longest
        ),
        _ => format!(
            "{} % of its text is aligned with the other; it is {order}",
            percent(entry.aligned[side(from, to)])
        ),
    };
    match source {
        Some(name) => Edge {
            from: EdgeOrigin::Unseen(name.clone()),
            to: index(to),
            kind: EdgeKind::SharedSource,
            credited: false,
            evidence,
            score,
            reason: format!("{reason}; both have it from {name}"),
        },
        None => Edge {
            from: EdgeOrigin::Report(index(from)),
            to: index(to),
            kind,
            credited: false,
            evidence,
            score,
            reason,
        },
    }
}

/// The unseen agency that one of the two reports credits with its text.
fn common_source(edges: &[Edge], a: ReportIndex, b: ReportIndex) -> Option<String> {
    edges.iter().find_map(|edge| match &edge.from {
        EdgeOrigin::Unseen(name) if edge.kind == EdgeKind::AgencyCredit && (edge.to == a || edge.to == b) => {
            Some(name.clone())
        }
        _ => None,
    })
}

/// Reports that edges tie together, directly or through an unseen origin that gave two of them their text.
fn find_witnesses(story: &Story, edges: &[Edge]) -> Vec<Witness> {
    let n = story.documents().len();
    let mut group: Vec<usize> = (0..n).collect();
    let mut join = |a: usize, b: usize| {
        let (x, y) = (group[a].min(group[b]), group[a].max(group[b]));
        group.iter_mut().filter(|g| **g == y).for_each(|g| *g = x);
    };
    let mut unseen: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in edges {
        match &edge.from {
            EdgeOrigin::Report(from) => join(from.index(), edge.to.index()),
            EdgeOrigin::Unseen(name) if edge.kind != EdgeKind::Relay => {
                let first = *unseen.entry(name.as_str()).or_insert(edge.to.index());
                join(first, edge.to.index());
            }
            EdgeOrigin::Unseen(_) => {}
        }
    }
    let mut witnesses: BTreeMap<usize, Vec<ReportIndex>> = BTreeMap::new();
    for (report, _) in story.iter() {
        witnesses.entry(group[report.index()]).or_default().push(report);
    }
    witnesses.into_values().map(|reports| Witness { reports }).collect()
}
