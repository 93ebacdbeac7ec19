//! The shape of `expected/*.json`; `examples/README.md` describes it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Report name to a value. A report goes by its file's name without the ending, or by its `id`.
pub(crate) type ByReport<T> = BTreeMap<String, T>;

/// What the comparison of one story must show, and what it must not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    #[serde(default)]
    pub(crate) published: ByReport<String>,
    #[serde(default)]
    pub(crate) segments: Vec<Segment>,
    #[serde(default)]
    pub(crate) times: Vec<Time>,
    #[serde(default)]
    pub(crate) utterances: Vec<Row>,
    #[serde(default)]
    pub(crate) facts: Vec<Row>,
    #[serde(default)]
    pub(crate) lineage: Vec<Edge>,
    #[serde(default)]
    pub(crate) witnesses: Vec<Vec<String>>,
    #[serde(default)]
    pub(crate) only_in: Vec<Place>,
    #[serde(default)]
    pub(crate) names: Vec<Names>,
    #[serde(default)]
    pub(crate) apart: Vec<Apart>,
    #[serde(default)]
    pub(crate) absent: Vec<Absent>,
    #[serde(default)]
    pub(crate) absent_lineage: Vec<AbsentEdge>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Segment {
    pub(crate) report: String,
    pub(crate) kind: String,
    pub(crate) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Time {
    pub(crate) report: String,
    /// Its first place in the report counts.
    pub(crate) text: String,
    /// One day, ISO 8601.
    pub(crate) days: String,
    #[serde(default, rename = "note")]
    _note: String,
}

/// An utterance or a fact: cells that belong in one row, and how they differ.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// Full name; `|` between two spellings of which either may show.
    pub(crate) speaker: Option<String>,
    pub(crate) cells: ByReport<Pieces>,
    #[serde(default)]
    pub(crate) divergences: Vec<Divergence>,
}

/// A text, or the pieces of a broken one.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Pieces {
    One(String),
    Many(Vec<String>),
}

impl Pieces {
    pub(crate) fn texts(&self) -> &[String] {
        match self {
            Pieces::One(text) => std::slice::from_ref(text),
            Pieces::Many(texts) => texts,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Divergence {
    /// One kind, or several with `|` between them of which one must show.
    pub(crate) kind: String,
    pub(crate) reports: [String; 2],
    #[serde(default, rename = "note")]
    _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edge {
    /// A report of the story, or `agency:NAME` for a text that is not among the reports; `|` between alternatives.
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) kind: String,
    #[serde(default, rename = "note")]
    _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) report: String,
    pub(crate) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    pub(crate) kind: String,
    pub(crate) names: ByReport<Vec<String>>,
}

/// Names of different people: two reports, and `why`.
#[derive(Deserialize)]
pub(crate) struct Apart {
    #[serde(rename = "why")]
    _why: String,
    #[serde(flatten)]
    pub(crate) names: ByReport<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Absent {
    /// A kind of divergence, or `aligned` for two cells that must not stand in one row.
    pub(crate) kind: String,
    pub(crate) cells: ByReport<Pieces>,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AbsentEdge {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Any kind, where none is given.
    pub(crate) kind: Option<String>,
    #[serde(rename = "why")]
    _why: String,
}
