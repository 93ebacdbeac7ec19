//! Lineage as nodes and edges, for the formats of graphs.
//!
//! A node is a report, or a text that is not among the reports and that several are made from: an agency's, a release, another
//! outlet's. The latter is one node for each story: two stories that both credit an agency do not share a text.

use std::collections::{BTreeMap, BTreeSet};

use super::{Subject, letter_of};
use crate::api::{Edge, Report};

/// A text.
pub(super) struct Node<'a> {
    /// Unlike that of every other node.
    pub(super) id: String,
    /// What it is called.
    pub(super) name: String,
    /// The report; `None` for a text that is not among them.
    pub(super) report: Option<&'a Report>,
    /// The letter by which a page calls the report.
    pub(super) letter: String,
    /// Number of its witness in its story, from 1.
    pub(super) witness: Option<usize>,
    /// The story in which it stands.
    pub(super) subject: &'a Subject,
}

/// Who had it from whom, by ids of nodes.
pub(super) struct Line<'a> {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) edge: &'a Edge,
    pub(super) subject: &'a Subject,
}

/// All nodes, and the edges between them, in order of story.
pub(super) fn graph(subjects: &[Subject]) -> (Vec<Node<'_>>, Vec<Line<'_>>) {
    let (mut nodes, mut lines, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    for subject in subjects {
        let by_id = subject.by_id();
        let witnesses = witnesses(subject);
        for (n, report) in subject.comparison.reports.iter().enumerate() {
            let node = Node {
                id: report.hash.clone(),
                name: super::shown_name(report),
                report: Some(report),
                letter: letter_of(n),
                witness: witnesses.get(report.id.as_str()).copied(),
                subject,
            };
            nodes.extend(known.insert(node.id.clone()).then_some(node));
        }
        for edge in &subject.comparison.lineage {
            // A report may have been given an id that looks like the name of an unseen text.
            let from = by_id.get(edge.from.as_str()).map(|report| report.hash.clone());
            let Some(to) = by_id.get(edge.to.as_str()) else { continue };
            let from = from.unwrap_or_else(|| {
                let id = format!("{}/{}", subject.id, edge.from);
                if known.insert(id.clone()) {
                    let name = edge.from.clone();
                    nodes.push(Node {
                        id: id.clone(),
                        name,
                        report: None,
                        letter: String::new(),
                        witness: None,
                        subject,
                    });
                }
                id
            });
            lines.push(Line { from, to: to.hash.clone(), edge, subject });
        }
    }
    (nodes, lines)
}

/// The number of the witness of each report, from 1.
pub(super) fn witnesses(subject: &Subject) -> BTreeMap<&str, usize> {
    let numbered = subject.comparison.witnesses.iter().zip(1..);
    numbered.flat_map(|(witness, n)| witness.reports.iter().map(move |id| (id.as_str(), n))).collect()
}
