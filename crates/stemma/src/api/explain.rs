//! What `stemma explain --json` prints: one [`Explanation`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::AlignmentRef;

use super::compare::Writer;
use super::{Alignment, DivergenceKind, Evidence, Options, Report, SCHEMA_VERSION, Unit, Verdict, rounded};
use crate::Compared;
use crate::explain::common_row;
use crate::ids::alignment_id;

/// Why a statement stands in a row of the comparison or in none, or why two do not stand in one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// Raised when a program that reads this must change.
    pub schema_version: u32,
    /// What offsets count.
    pub offsets: Unit,
    /// The reports, in the order in which they are shown.
    pub reports: Vec<Report>,
    /// The row that all of what was asked about stands in, with its divergences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Alignment>,
    /// Without such a row: for each statement that was asked about, where it stands; all cells, if in a row of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Vec<ExplainedPlace>>,
    /// The pairs that hold the row together, or why the two statements are not aligned. Closest first.
    pub links: Vec<Link>,
    /// What the judge of a kind of divergence made of pairs of cells of the row of which it suspected one. Surest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judgements: Vec<Judgement>,
    /// Of one statement: what comes closest to it in each report that it is not aligned with.
    pub elsewhere: Vec<Link>,
    /// Of one statement: ids of the reports in which nothing was laid beside it.
    pub alone_in: Vec<String>,
}

/// A place in a report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedPlace {
    /// Id of the report.
    pub report: String,
    /// Where and which words.
    #[serde(flatten)]
    pub words: Evidence,
}

/// Two places in two reports, and why they are aligned or not.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// The two.
    pub places: [ExplainedPlace; 2],
    /// What came of them.
    pub verdict: Verdict,
    /// The same in one plain line.
    pub reason: String,
    /// Id of the row in which the two stand, if they are aligned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// Probability that they say the same when looked at for themselves, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<f64>,
    /// The same when looked at again among the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<f64>,
    /// Probability from which on such a pair is aligned; higher where both are given to a source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// Log-odds of two clauses of which nothing is known, at the last look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<f64>,
    /// What each feature adds to them, heaviest first; the sum gives the probability, unless a rule raised it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Contribution>,
}

/// What a judge made of a suspected divergence between two cells of the row.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    /// What was suspected.
    pub kind: DivergenceKind,
    /// Ids of the two reports.
    pub reports: [String; 2],
    /// The two cells, as indices into the row's cells.
    pub cells: [usize; 2],
    /// It is among the divergences of the row.
    pub shown: bool,
    /// Probability that it is one, 0 to 1.
    pub probability: f64,
    /// Probability from which on it is shown.
    pub threshold: f64,
    /// Log-odds of a suspicion of which nothing is known.
    pub start: f64,
    /// What each feature adds to them, heaviest first; the sum gives the probability.
    pub features: Vec<Contribution>,
}

/// What one feature says of a pair.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Contribution {
    /// Its name.
    pub name: String,
    /// What it measures.
    pub meaning: String,
    /// Its value.
    pub value: f64,
    /// What it adds to the log-odds: value times weight.
    pub log_odds: f64,
}

/// `explanation` of a statement of `compared` in the types of the wire.
pub fn explanation(
    compared: &Compared,
    explanation: &crate::explain::Explanation,
    options: &Options,
) -> Explanation {
    let Compared { story, comparison } = compared;
    let writer = Writer::new(story, options);
    let place = |(report, spans): &stemma_compare::Place| ExplainedPlace {
        report: writer.id(*report),
        words: writer.evidence(*report, spans),
    };
    let contribution = |each: &stemma_compare::Contribution| Contribution {
        name: each.name.clone(),
        meaning: each.meaning.to_owned(),
        value: rounded(each.value),
        log_odds: rounded(each.log_odds),
    };
    let row_id = |of: AlignmentRef| alignment_id(story, mark(of), comparison.alignment(of));
    let link = |link: &stemma_compare::Link| Link {
        places: [place(&link.places[0]), place(&link.places[1])],
        verdict: link.verdict.into(),
        reason: link.reason.clone(),
        row: common_row(comparison, link, explanation.row).map(row_id),
        first: link.first.map(rounded),
        second: link.second.map(rounded),
        threshold: link.threshold.map(rounded),
        start: link.first.map(|_| rounded(link.start)),
        features: link.contributions.iter().map(contribution).collect(),
    };
    let judgement = |each: &stemma_compare::Judgement| Judgement {
        kind: each.kind.into(),
        reports: each.cells.map(|n| {
            let cells = explanation.row.map(|of| &comparison.alignment(of).cells);
            cells.map_or_else(String::new, |cells| writer.id(cells[n].report))
        }),
        cells: each.cells,
        shown: each.shown,
        probability: rounded(each.probability),
        threshold: rounded(each.threshold),
        start: rounded(each.start),
        features: each.contributions.iter().map(contribution).collect(),
    };
    let row = |of: AlignmentRef| writer.alignment(mark(of), comparison.alignment(of));
    Explanation {
        schema_version: SCHEMA_VERSION,
        offsets: options.offsets.into(),
        reports: story.iter().map(|(n, document)| Report::of(document, writer.id(n), options)).collect(),
        row: explanation.row.map(row),
        asked: explanation.asked.iter().map(|places| places.iter().map(place).collect()).collect(),
        links: explanation.links.iter().map(link).collect(),
        judgements: explanation.judgements.iter().map(judgement).collect(),
        elsewhere: explanation.elsewhere.iter().map(link).collect(),
        alone_in: explanation.alone_in.iter().map(|&report| writer.id(report)).collect(),
    }
}

/// The letter that an id of the row starts with.
fn mark(of: AlignmentRef) -> char {
    match of {
        AlignmentRef::Utterance(_) => 'u',
        AlignmentRef::Fact(_) => 'f',
    }
}
