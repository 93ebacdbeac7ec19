//! What `stemma compare --json` prints: one [`Comparison`].

mod alignments;
mod emphasis;
mod lineage;
mod names;
mod timeline;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_compare::{find_namings, find_stretches};
use stemma_core::{AlignmentRef, Offsets, ReportIndex, Span, Story};

use super::{Options, Range, Report, SCHEMA_VERSION, Unit, ranges, rounded};
use crate::ids::{alignment_id, report_ids};
pub use alignments::{Alignment, Cell, Divergence, Doubt, Evidence, Feature, Omission, OnlyIn};
pub use emphasis::{Emphasis, Placed, Speaker};
pub use lineage::{Edge, Passage, PassageSide, Stretch};
pub use names::{Label, NameForm, Naming, StoryEntity};
pub use timeline::{TimelineEntry, TimelineMention};

/// What the reports of one story share and where they differ.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// Raised when a program that reads this must change.
    pub schema_version: u32,
    /// What offsets count.
    pub offsets: Unit,
    /// The reports, in the order in which they are shown.
    pub reports: Vec<Report>,
    /// A partition of the reports: those that lineage ties together.
    pub witnesses: Vec<Witness>,
    /// Acts of speech that at least two reports give.
    pub utterances: Vec<Alignment>,
    /// Assertions that at least two reports make outside of such utterances.
    pub facts: Vec<Alignment>,
    /// What one witness alone carries.
    pub only_in: Vec<OnlyIn>,
    /// What may be the same: too alike to be called alone, too unlike to be aligned. Surest first.
    pub doubtful: Vec<Doubt>,
    /// What a report leaves out.
    pub omissions: Vec<Omission>,
    /// What several witnesses carry, as ids of alignments: at least two, in a story of more than eight a quarter of them.
    #[serde(default)]
    pub core: Vec<String>,
    /// What each report makes of the story, in order of report.
    #[serde(default)]
    pub emphasis: Vec<Emphasis>,
    /// Who is named, and how.
    pub entities: Vec<StoryEntity>,
    /// The same people, or acts, under different nouns: "rebels" here, "fighters" there.
    #[serde(default)]
    pub namings: Vec<Naming>,
    /// What happened when.
    pub timeline: Vec<TimelineEntry>,
    /// Who had it from whom.
    pub lineage: Vec<Edge>,
    /// Text that two reports share word for word.
    pub passages: Vec<Passage>,
    /// Text that two reports share but for a few words: passages that follow each other in both, joined.
    #[serde(default)]
    pub stretches: Vec<Stretch>,
}

/// Reports that lineage ties together; corroboration counts these.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Witness {
    /// Ids of its reports.
    pub reports: Vec<String>,
}

/// `comparison` of `story` in the types of the wire.
pub fn comparison(story: &Story, comparison: &stemma_core::Comparison, options: &Options) -> Comparison {
    let writer = Writer::new(story, options);
    let reports = story.iter().map(|(n, document)| Report::of(document, writer.id(n), options)).collect();
    let witness = |witness: &stemma_core::Witness| Witness {
        reports: witness.reports.iter().map(|&report| writer.id(report)).collect(),
    };
    let alignments = |kind: char, alignments: &[stemma_core::Alignment]| {
        alignments.iter().map(|alignment| writer.alignment(kind, alignment)).collect()
    };
    let only_in =
        |only: &stemma_core::OnlyIn| OnlyIn { cell: writer.cell(&only.cell), weight: rounded(only.weight) };
    Comparison {
        schema_version: SCHEMA_VERSION,
        offsets: options.offsets.into(),
        reports,
        witnesses: comparison.witnesses.iter().map(witness).collect(),
        utterances: alignments('u', &comparison.utterances),
        facts: alignments('f', &comparison.facts),
        only_in: comparison.only_in.iter().map(only_in).collect(),
        doubtful: comparison
            .doubtful
            .iter()
            .map(|doubt| Doubt {
                cells: [writer.cell(&doubt.cells[0]), writer.cell(&doubt.cells[1])],
                score: rounded(doubt.score),
                divergences: doubt
                    .divergences
                    .iter()
                    .map(|each| writer.divergence(&doubt.cells, each))
                    .collect(),
            })
            .collect(),
        omissions: comparison
            .omissions
            .iter()
            .map(|omission| writer.omission(comparison, omission))
            .collect(),
        core: crate::emphasis::core(comparison)
            .iter()
            .map(|&of| writer.alignment_id(comparison, of))
            .collect(),
        emphasis: crate::emphasis::emphasis(story, comparison)
            .iter()
            .map(|each| writer.emphasis(comparison, each))
            .collect(),
        entities: comparison.entities.iter().map(|entity| writer.entity(entity)).collect(),
        namings: find_namings(story, comparison).iter().map(|each| writer.naming(comparison, each)).collect(),
        timeline: comparison.timeline.iter().map(|entry| writer.timeline_entry(entry)).collect(),
        lineage: comparison.lineage.iter().map(|edge| writer.edge(edge)).collect(),
        passages: comparison.passages.iter().map(|passage| writer.passage(passage)).collect(),
        stretches: find_stretches(story, &comparison.passages)
            .iter()
            .map(|each| writer.stretch(each))
            .collect(),
    }
}

/// Turns the inner types into those of the wire.
pub(in crate::api) struct Writer<'a> {
    story: &'a Story,
    ids: Vec<String>,
    offsets: Vec<Offsets>,
    /// Where the body of each report stands.
    bodies: Vec<Span>,
}

impl<'a> Writer<'a> {
    pub(in crate::api) fn new(story: &'a Story, options: &Options) -> Self {
        let offsets = |document: &stemma_core::Document| Offsets::new(document.text(), options.offsets);
        Self {
            story,
            ids: report_ids(story),
            offsets: story.documents().iter().map(offsets).collect(),
            bodies: story.documents().iter().map(crate::emphasis::body).collect(),
        }
    }

    pub(in crate::api) fn id(&self, report: ReportIndex) -> String {
        self.ids[report.index()].clone()
    }

    fn ranges(&self, report: ReportIndex, spans: &[Span]) -> Vec<Range> {
        ranges(&self.offsets[report.index()], spans)
    }

    fn text(&self, report: ReportIndex, spans: &[Span]) -> String {
        self.story.document(report).slices(spans)
    }

    fn alignment_id(&self, comparison: &stemma_core::Comparison, of: AlignmentRef) -> String {
        let mark = match of {
            AlignmentRef::Utterance(_) => 'u',
            AlignmentRef::Fact(_) => 'f',
        };
        alignment_id(self.story, mark, comparison.alignment(of))
    }
}
