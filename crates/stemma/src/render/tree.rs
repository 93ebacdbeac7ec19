//! The stemma as a tree of lines: below each text those that were made from it, also below texts that are not among the reports.
//!
//! A report hangs on one line, that of its main source; what else it names is listed with the edges. Edges in a circle, which
//! lineage never finds but another program may give, are cut where they close.

use std::collections::BTreeMap;

use stemma_core::{Comparison, Edge, EdgeKind, EdgeOrigin, ReportIndex};

use super::overview::{edge_verb, origin_name};
use super::runs::clean;

/// One line of the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TreeLine {
    /// `│  ├─ `, or nothing at a root.
    pub(crate) branch: String,
    /// The report; `None` for a text that is not among them.
    pub(crate) report: Option<ReportIndex>,
    /// What that text is: "a press release of the Ministry of Water"; empty for a report.
    pub(crate) unseen: String,
    /// What the report did with the text above: "copies it, credited"; empty at a root.
    pub(crate) how: String,
}

/// The trees of the reports that have an origin or an offspring, in order of their first report; empty without lineage.
pub(crate) fn tree(comparison: &Comparison, n_reports: usize) -> Vec<TreeLine> {
    let mut main: Vec<Option<&Edge>> = vec![None; n_reports];
    for edge in &comparison.lineage {
        let known = &mut main[edge.to.index()];
        if known.is_none_or(|other| rank(edge) < rank(other)) && !circular(&comparison.lineage, edge) {
            *known = Some(edge);
        }
    }
    let mut children: BTreeMap<&EdgeOrigin, Vec<&Edge>> = BTreeMap::new();
    for edge in main.iter().flatten() {
        children.entry(&edge.from).or_default().push(edge);
    }
    let index = |n: usize| ReportIndex(u32::try_from(n).expect("a story has fewer than 2^32 reports"));
    let reports: Vec<EdgeOrigin> =
        (0..n_reports).filter(|&n| main[n].is_none()).map(|n| EdgeOrigin::Report(index(n))).collect();
    let unseen = children.keys().copied().filter(|origin| matches!(origin, EdgeOrigin::Unseen(_)));
    let mut roots: Vec<&EdgeOrigin> =
        reports.iter().chain(unseen).filter(|root| children.contains_key(*root)).collect();
    roots.sort_by_key(|root| match root {
        EdgeOrigin::Report(report) => *report,
        EdgeOrigin::Unseen(_) => children[*root][0].to,
    });
    let mut writer = Writer { children, lines: Vec::new(), open: vec![true; n_reports] };
    for root in roots {
        writer.node(root, String::new(), String::new(), String::new());
    }
    writer.lines
}

/// What tells most of where a report has its text from comes first.
fn rank(edge: &Edge) -> usize {
    match edge.kind {
        EdgeKind::Revision => 0,
        EdgeKind::Copy => 1,
        EdgeKind::Rewrite => 2,
        EdgeKind::SharedSource => 3,
        EdgeKind::Relay if matches!(edge.from, EdgeOrigin::Report(_)) => 4,
        EdgeKind::AgencyCredit => 5,
        EdgeKind::Relay => 6,
    }
}

/// True if `edge` starts from its own end, or from a report that comes from it.
fn circular(lineage: &[Edge], edge: &Edge) -> bool {
    let mut open = vec![&edge.from];
    let mut seen = Vec::new();
    while let Some(origin) = open.pop() {
        let EdgeOrigin::Report(report) = origin else { continue };
        if *report == edge.to {
            return true;
        }
        if !seen.contains(&report) {
            seen.push(report);
            open.extend(lineage.iter().filter(|other| other.to == *report).map(|other| &other.from));
        }
    }
    false
}

struct Writer<'a> {
    children: BTreeMap<&'a EdgeOrigin, Vec<&'a Edge>>,
    lines: Vec<TreeLine>,
    /// Reports without a line as yet.
    open: Vec<bool>,
}

impl Writer<'_> {
    /// The line of `origin` and those below it, which start with `below`.
    fn node(&mut self, origin: &EdgeOrigin, branch: String, below: String, how: String) {
        let (report, unseen) = match origin {
            EdgeOrigin::Report(report) => (Some(*report), String::new()),
            EdgeOrigin::Unseen(name) => {
                (None, format!("{} (not among the reports)", origin_name(&clean(name))))
            }
        };
        if report.is_some_and(|report| !std::mem::replace(&mut self.open[report.index()], false)) {
            return;
        }
        self.lines.push(TreeLine { branch, report, unseen, how });
        let children = self.children.get(origin).cloned().unwrap_or_default();
        for (n, edge) in children.iter().enumerate() {
            let last = n + 1 == children.len();
            let branch = format!("{below}{}", if last { "└─ " } else { "├─ " });
            let deeper = format!("{below}{}", if last { "   " } else { "│  " });
            self.node(&EdgeOrigin::Report(edge.to), branch, deeper, deed(edge));
        }
    }
}

/// "copies it, not credited; has more of its own".
fn deed(edge: &Edge) -> String {
    let unseen = matches!(edge.from, EdgeOrigin::Unseen(_));
    let credited = if edge.credited { "credited" } else { "not credited" };
    let verb = match edge.kind {
        EdgeKind::SharedSource if unseen => "has its text from it".to_owned(),
        _ => format!("{} it", edge_verb(edge.kind, unseen)),
    };
    let partly = if edge.partly { "; has more of its own" } else { "" };
    format!("{verb}, {credited}{partly}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: EdgeOrigin, to: u32, kind: EdgeKind) -> Edge {
        Edge {
            from,
            to: ReportIndex(to),
            kind,
            credited: false,
            partly: false,
            evidence: Vec::new(),
            score: 0.9,
            reason: String::new(),
        }
    }

    fn shown(lineage: Vec<Edge>, n_reports: usize) -> String {
        let comparison = Comparison { lineage, ..Comparison::default() };
        let line = |line: &TreeLine| {
            let who = line.report.map_or(line.unseen.clone(), |report| report.0.to_string());
            format!("{}{who} {}", line.branch, line.how).trim_end().to_owned()
        };
        tree(&comparison, n_reports).iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn report(n: u32) -> EdgeOrigin {
        EdgeOrigin::Report(ReportIndex(n))
    }

    #[test]
    fn what_was_made_from_a_text_hangs_below_it() {
        let release = || EdgeOrigin::Unseen("release:Ministry of Water".to_owned());
        let lineage = vec![
            edge(report(0), 6, EdgeKind::Copy),
            edge(release(), 1, EdgeKind::SharedSource),
            edge(release(), 2, EdgeKind::SharedSource),
            edge(report(2), 3, EdgeKind::Relay),
            edge(EdgeOrigin::Unseen("Northline".to_owned()), 6, EdgeKind::AgencyCredit),
            edge(report(6), 5, EdgeKind::Rewrite),
        ];
        insta::assert_snapshot!(shown(lineage, 8), @r"
        0
        └─ 6 copies it, not credited
           └─ 5 rewrites it, not credited
        a press release of Ministry of Water (not among the reports)
        ├─ 1 has its text from it, not credited
        └─ 2 has its text from it, not credited
           └─ 3 relays it, not credited
        ");
    }

    #[test]
    fn a_circle_ends() {
        let lineage = vec![
            edge(report(0), 1, EdgeKind::Copy),
            edge(report(1), 0, EdgeKind::Copy),
            edge(report(1), 2, EdgeKind::Copy),
            edge(report(2), 2, EdgeKind::Copy),
        ];
        insta::assert_snapshot!(shown(lineage, 3), @r"
        1
        └─ 2 copies it, not credited
        ");
    }
}
