//! Edges of the stemma in words.

use stemma_core::{Edge, EdgeKind, EdgeOrigin, Story};

use crate::ids::letter;
use crate::render::runs::{Shown, clean};

/// One edge of the stemma in words.
#[derive(Debug)]
pub(crate) struct EdgeLine {
    /// Who had it: a letter.
    pub(crate) to: String,
    /// What that report did: "copies".
    pub(crate) verb: &'static str,
    /// From whom: a letter or an outlet.
    pub(crate) from: String,
    /// The outlet is not among the reports.
    pub(crate) unseen: bool,
    /// The words that show it.
    pub(crate) evidence: String,
    /// "credited; …": what the rule saw, with its score.
    pub(crate) reason: String,
}

pub(super) fn edge_line(story: &Story, edge: &Edge) -> EdgeLine {
    let (from, unseen) = match &edge.from {
        EdgeOrigin::Report(report) => (letter(*report), false),
        EdgeOrigin::Unseen(name) => (origin_name(&clean(name)), true),
    };
    let mut credited = if edge.credited { "credited" } else { "not credited" }.to_owned();
    if edge.partly {
        credited.push_str("; has more of its own");
    }
    EdgeLine {
        to: letter(edge.to),
        verb: edge_verb(edge.kind, unseen),
        from,
        unseen,
        evidence: Shown::new(story.document(edge.to), &edge.evidence).text,
        reason: format!("{credited}; {} ({:.2})", clean(&edge.reason), edge.score),
    }
}

/// A text that is not among the reports, in words: outlets and agencies by their names, "a press release of the Ministry".
pub(crate) fn origin_name(name: &str) -> String {
    match name.strip_prefix("release:") {
        Some("press release" | "") => "a press release".to_owned(),
        Some(issuer) => format!("a press release of {issuer}"),
        None => name.to_owned(),
    }
}

/// What the later report did.
pub(crate) fn edge_verb(kind: EdgeKind, unseen: bool) -> &'static str {
    match kind {
        EdgeKind::Copy => "copies",
        EdgeKind::Rewrite => "rewrites",
        EdgeKind::Relay => "relays",
        EdgeKind::SharedSource if unseen => "has its text from",
        EdgeKind::SharedSource => "has the same source as",
        EdgeKind::AgencyCredit => "credits",
        EdgeKind::Revision => "is a later version of",
    }
}
