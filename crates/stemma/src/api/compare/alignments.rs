//! Alignments, their cells and divergences, and what stands in no alignment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::{AlignmentRef, LayerId, ReportIndex, Span};

use super::Writer;
use crate::api::{AlignmentKind, DivergenceKind, Form, Manner, Range, Voice, rounded};
use crate::emphasis;
use crate::ids::{alignment_id, cell_id};

/// Cells of different reports that say the same thing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Alignment {
    /// Depends on the cells alone, not on the order of the reports.
    pub id: String,
    /// Who speaks, for an utterance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// What each report says.
    pub cells: Vec<Cell>,
    /// How the cells differ.
    pub divergences: Vec<Divergence>,
    /// How sure the alignment is, 0 to 1: the least of `ties`.
    pub score: f64,
    /// How sure each cell belongs here, 0 to 1, in their order: the weakest link on the way to the two cells that are most alike.
    #[serde(default)]
    pub ties: Vec<f64>,
    /// Witnesses that carry it, as indices into the list of witnesses; cells with a tie below one half count only where all are.
    pub witnesses: Vec<usize>,
    /// Evidence for the strongest link: features and their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
}

/// One report's part in an alignment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// Depends on the report and the place alone.
    pub id: String,
    /// Id of the report.
    pub report: String,
    /// Where it stands; several where the content of an attribution is broken.
    pub spans: Vec<Range>,
    /// The words, the pieces joined by ` … `.
    pub text: String,
    /// In whose name.
    pub voice: Voice,
    /// How it is given, if it is attributed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Whom the report gives it to, in the words nearest to it; empty where it names none.
    pub source: String,
    /// Where these words stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_spans: Vec<Range>,
    /// The name of the source as far as the report resolves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_name: Option<String>,
    /// Stance of the cue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manner: Option<Manner>,
    /// The words of the cue: "said", "claimed".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cue: String,
    /// Share of the report's body that stands before it, 0 to 1.
    #[serde(default)]
    pub position: f64,
    /// The attribution, as an index into the report's attributions in `stemma annotate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<usize>,
    /// The statement, as an index into the report's statements in `stemma annotate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<usize>,
}

/// One way in which two cells differ.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Divergence {
    /// How.
    pub kind: DivergenceKind,
    /// False for kinds that only show how a report tells it.
    pub conflict: bool,
    /// Ids of the two reports.
    pub reports: [String; 2],
    /// The two cells, as indices into the alignment's cells.
    pub cells: [usize; 2],
    /// The words that differ, in the one report and in the other.
    pub evidence: [Evidence; 2],
    /// How sure the rule is, 0 to 1.
    pub score: f64,
    /// The rule and what it saw.
    pub reason: String,
}

/// Words of one report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Where they stand. Empty: left out.
    pub spans: Vec<Range>,
    /// The words.
    pub text: String,
}

/// A feature of an alignment and its value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// A statement or quotation that one witness alone carries.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OnlyIn {
    /// What and where.
    #[serde(flatten)]
    pub cell: Cell,
    /// How much of the story's vocabulary it touches, 0 to 1.
    pub weight: f64,
}

/// Two cells of two reports that may say the same.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Doubt {
    /// The two, in order of report.
    pub cells: [Cell; 2],
    /// How probably they say the same, 0 to 1.
    pub score: f64,
    /// How they differ if they do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub divergences: Vec<Divergence>,
}

/// An alignment that others carry and this report leaves out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Omission {
    /// Id of the report.
    pub report: String,
    /// Utterance or fact.
    pub kind: AlignmentKind,
    /// Id of the alignment.
    pub of: String,
}

impl Writer<'_> {
    pub(in crate::api) fn evidence(&self, report: ReportIndex, spans: &[Span]) -> Evidence {
        Evidence { spans: self.ranges(report, spans), text: self.text(report, spans) }
    }

    pub(in crate::api) fn alignment(&self, kind: char, alignment: &stemma_core::Alignment) -> Alignment {
        let feature = |(name, value): &(String, f64)| Feature { name: name.clone(), value: rounded(*value) };
        Alignment {
            id: alignment_id(self.story, kind, alignment),
            speaker: alignment.speaker.clone(),
            cells: alignment.cells.iter().map(|cell| self.cell(cell)).collect(),
            divergences: alignment
                .divergences
                .iter()
                .map(|each| self.divergence(&alignment.cells, each))
                .collect(),
            score: rounded(alignment.score),
            ties: alignment.ties.iter().copied().map(rounded).collect(),
            witnesses: alignment.witnesses.clone(),
            features: alignment.diagnosis.features.iter().map(feature).collect(),
        }
    }

    pub(super) fn cell(&self, cell: &stemma_core::Cell) -> Cell {
        Cell {
            id: cell_id(self.story, cell),
            report: self.id(cell.report),
            spans: self.ranges(cell.report, &cell.spans),
            text: self.text(cell.report, &cell.spans),
            voice: cell.voice.into(),
            form: cell.form.map(Into::into),
            source: self.text(cell.report, &cell.source),
            source_spans: self.ranges(cell.report, &cell.source),
            source_name: cell.source_name.clone(),
            manner: cell.manner.map(Into::into),
            cue: cell.attribution.map_or_else(String::new, |id| {
                let document = self.story.document(cell.report);
                document.slices(&document.layers().attributions[id].cue)
            }),
            position: rounded(emphasis::position(self.bodies[cell.report.index()], cell.spans[0])),
            attribution: cell.attribution.map(LayerId::index),
            statement: cell.statement.map(LayerId::index),
        }
    }

    pub(super) fn divergence(
        &self,
        cells: &[stemma_core::Cell],
        divergence: &stemma_core::Divergence,
    ) -> Divergence {
        let reports = divergence.cells.map(|n| cells[n].report);
        let evidence = |side: usize| self.evidence(reports[side], &divergence.evidence[side]);
        Divergence {
            kind: divergence.kind.into(),
            conflict: divergence.kind.is_conflict(),
            reports: reports.map(|report| self.id(report)),
            cells: divergence.cells,
            evidence: [evidence(0), evidence(1)],
            score: rounded(divergence.score),
            reason: divergence.reason.clone(),
        }
    }

    pub(super) fn omission(
        &self,
        comparison: &stemma_core::Comparison,
        omission: &stemma_core::Omission,
    ) -> Omission {
        let kind = match omission.of {
            AlignmentRef::Utterance(_) => AlignmentKind::Utterance,
            AlignmentRef::Fact(_) => AlignmentKind::Fact,
        };
        Omission { report: self.id(omission.report), kind, of: self.alignment_id(comparison, omission.of) }
    }
}
