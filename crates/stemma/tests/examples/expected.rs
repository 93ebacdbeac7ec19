//! The shape of `examples/expected/*.json`; `examples/README.md` describes it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Report name to a value. A report goes by its file's name without the ending, or by its `id`.
pub type ByReport<T> = BTreeMap<String, T>;

/// What the comparison of one story must show, and what it must not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    #[serde(default)]
    pub published: ByReport<String>,
    #[serde(default)]
    pub segments: Vec<Segment>,
    #[serde(default)]
    pub times: Vec<Time>,
    #[serde(default)]
    pub utterances: Vec<Row>,
    #[serde(default)]
    pub facts: Vec<Row>,
    #[serde(default)]
    pub lineage: Vec<Edge>,
    #[serde(default)]
    pub witnesses: Vec<Vec<String>>,
    #[serde(default)]
    pub only_in: Vec<Place>,
    #[serde(default)]
    pub names: Vec<Names>,
    #[serde(default)]
    pub apart: Vec<Apart>,
    #[serde(default)]
    pub absent: Vec<Absent>,
    #[serde(default)]
    pub absent_lineage: Vec<AbsentEdge>,
    #[serde(default)]
    pub known_missing: Vec<KnownMissing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    pub report: String,
    pub kind: String,
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Time {
    pub report: String,
    /// Its first place in the report counts.
    pub text: String,
    /// One day, ISO 8601.
    pub days: String,
    #[serde(default, rename = "note")]
    _note: String,
}

/// An utterance or a fact: cells that belong in one row, and how they differ.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub speaker: Option<String>,
    pub cells: ByReport<Pieces>,
    #[serde(default)]
    pub divergences: Vec<Divergence>,
}

/// A text, or the pieces of a broken one.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Pieces {
    One(String),
    Many(Vec<String>),
}

impl Pieces {
    pub fn texts(&self) -> &[String] {
        match self {
            Pieces::One(text) => std::slice::from_ref(text),
            Pieces::Many(texts) => texts,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divergence {
    /// One kind, or several with `|` between them of which one must show.
    pub kind: String,
    pub reports: [String; 2],
    #[serde(default, rename = "note")]
    _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// A report of the story, or `agency:NAME` for a text that is not among the reports.
    pub from: String,
    pub to: String,
    pub kind: String,
    #[serde(default, rename = "note")]
    _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub report: String,
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub kind: String,
    pub names: ByReport<Vec<String>>,
}

/// Names of different people: two reports, and `why`.
#[derive(Deserialize)]
pub struct Apart {
    #[serde(rename = "why")]
    _why: String,
    #[serde(flatten)]
    pub names: ByReport<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absent {
    /// A kind of divergence, or `aligned` for two cells that must not stand in one row.
    pub kind: String,
    pub cells: ByReport<Pieces>,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsentEdge {
    pub from: String,
    pub to: String,
    /// Any kind, where none is given.
    pub kind: Option<String>,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownMissing {
    /// The finding as the test prints it.
    pub finding: String,
    #[serde(rename = "why")]
    _why: String,
}
