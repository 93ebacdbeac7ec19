//! What `stemma versions --json` and `stemma duplicates --json` print: one line for each report that has versions, and one for
//! every two reports that are one text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::{Document, Offsets, Span};

use super::kinds::{ChangeKind, DuplicateLevel, Identity, Relation};
use super::{Options, Range, Report, SCHEMA_VERSION, Unit, rounded};
use crate::versions;

/// Versions of one report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Versions {
    /// Raised when a program that reads this must change.
    pub schema_version: u32,
    /// What offsets count.
    pub offsets: Unit,
    /// The versions, the oldest first.
    pub reports: Vec<Report>,
    /// From each to the next: one fewer than reports.
    pub steps: Vec<VersionStep>,
}

/// What changed from one version to the next.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct VersionStep {
    /// Id of the older report.
    pub old: String,
    /// Id of the newer one.
    pub new: String,
    /// What both share; left out for two reports that were given as versions and have little in common.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeness: Option<Likeness>,
    /// In order of the newer text.
    pub changes: Vec<Change>,
}

/// How alike two texts are, and what makes them one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Likeness {
    /// How much of the text is the same.
    pub level: DuplicateLevel,
    /// What the two reports are to each other.
    pub relation: Relation,
    /// What both are known by, if by anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Share of the shorter text's words that stand in common runs of twelve words or more, furniture left out.
    pub share: f64,
    /// Share of the runs of five words of both that both have (Jaccard), furniture left out.
    pub resemblance: f64,
    /// Words that both have and that stand in many unrelated reports, too: not in `share`.
    pub furniture_words: usize,
}

/// One change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What it is, first of all.
    pub kind: ChangeKind,
    /// What else it is, or what an added or removed sentence holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<ChangeKind>,
    /// It may change what a reader believes. False for wording.
    pub matters: bool,
    /// In the older version; left out for an added sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<ChangePlace>,
    /// In the newer version; left out for a removed sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<ChangePlace>,
    /// What was seen, in one line.
    pub reason: String,
}

/// One side of a change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ChangePlace {
    /// The changed words; empty, at the place where they are missing, if there are none.
    pub span: Range,
    /// The sentence around them.
    pub sentence: Range,
    /// The changed words.
    pub text: String,
    /// Offsets are those of the report's `title` and not of its text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_title: bool,
}

/// Two reports that are one text, or versions of one report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DuplicatePair {
    /// Raised when a program that reads this must change.
    pub schema_version: u32,
    /// The earlier one, as far as is known.
    pub first: DuplicateReport,
    /// The other.
    pub second: DuplicateReport,
    /// How alike they are.
    #[serde(flatten)]
    pub likeness: Likeness,
}

/// One of two reports that are one text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DuplicateReport {
    /// The id that the input gave, else the hash.
    pub id: String,
    /// Where it was read.
    pub origin: String,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// Address of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// `found` among `documents` in the types of the wire.
pub fn versions(documents: &[Document], found: &versions::Versions, options: &Options) -> Versions {
    let id = |n: usize| documents[n].report().shown_id();
    let step = |(two, step): (&[usize], &versions::VersionStep)| {
        let writers = [Writer::new(&documents[two[0]], options), Writer::new(&documents[two[1]], options)];
        VersionStep {
            old: id(two[0]),
            new: id(two[1]),
            likeness: step.found.as_ref().map(likeness),
            changes: step.changes.iter().map(|c| change(c, &writers)).collect(),
        }
    };
    Versions {
        schema_version: SCHEMA_VERSION,
        offsets: options.offsets.into(),
        reports: found.reports.iter().map(|&n| Report::of(&documents[n], id(n), options)).collect(),
        steps: found.reports.windows(2).zip(&found.steps).map(step).collect(),
    }
}

/// `pair` of `documents` in the types of the wire.
pub fn duplicate_pair(documents: &[Document], pair: &versions::DuplicatePair) -> DuplicatePair {
    let report = |n: usize| {
        let report = documents[n].report();
        DuplicateReport {
            id: report.shown_id(),
            origin: report.origin().to_string(),
            outlet: report.outlet().map(str::to_owned),
            url: report.url().map(str::to_owned),
        }
    };
    DuplicatePair {
        schema_version: SCHEMA_VERSION,
        first: report(pair.first),
        second: report(pair.second),
        likeness: likeness(&pair.found),
    }
}

fn likeness(found: &versions::Duplicate) -> Likeness {
    Likeness {
        level: found.level.into(),
        relation: found.relation.into(),
        identity: found.identity.map(Into::into),
        share: rounded(found.share),
        resemblance: rounded(found.resemblance),
        furniture_words: found.furniture_words,
    }
}

/// Text and headline of a report with their offsets.
struct Writer<'a> {
    sources: [&'a str; 2],
    offsets: [Offsets; 2],
}

impl<'a> Writer<'a> {
    fn new(document: &'a Document, options: &Options) -> Self {
        let sources = [document.text(), document.report().title().unwrap_or("")];
        Self { sources, offsets: sources.map(|text| Offsets::new(text, options.offsets)) }
    }

    fn place(&self, place: versions::ChangePlace) -> ChangePlace {
        let n = usize::from(place.in_title);
        let range = |span: Span| self.offsets[n].of_span(span);
        ChangePlace {
            span: range(place.span),
            sentence: range(place.sentence),
            text: self.sources[n][place.span.range()].to_owned(),
            in_title: place.in_title,
        }
    }
}

fn change(change: &versions::Change, writers: &[Writer<'_>; 2]) -> Change {
    Change {
        kind: change.kind.into(),
        also: change.also.iter().map(|&kind| kind.into()).collect(),
        matters: change.matters,
        old: change.old.map(|place| writers[0].place(place)),
        new: change.new.map(|place| writers[1].place(place)),
        reason: change.reason.clone(),
    }
}
