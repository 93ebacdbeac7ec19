//! What the comparison of a story says: aligned cells, divergences, lineage, witnesses.
//!
//! Everything points back: a cell is spans of one report, a divergence names the cells and the words in them.

use serde::{Deserialize, Serialize};

use crate::{
    AttributionId, DayRange, EntityId, EntityKind, Form, Manner, ReportIndex, Span, StatementId, Voice,
};

/// One report's part in an alignment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Cell {
    /// Whose.
    pub report: ReportIndex,
    /// Where it stands; broken where the content of an attribution is. Never empty.
    pub spans: Vec<Span>,
    /// In whose name.
    pub voice: Voice,
    /// Direct, mixed or indirect; `None` in the outlet's own voice.
    pub form: Option<Form>,
    /// The attribution, if it is attributed.
    pub attribution: Option<AttributionId>,
    /// Whom this report gives it to: the nearest words that name the source. Empty where the report names none.
    pub source: Vec<Span>,
    /// The source's name as far as the report resolves it ("Putin" where the words are "he").
    pub source_name: Option<String>,
    /// Stance of the cue.
    pub manner: Option<Manner>,
    /// The statement that the cell is or lies in.
    pub statement: Option<StatementId>,
}

/// The kinds of divergence; `DESIGN` of the project describes each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DivergenceKind {
    /// Yes here, no there.
    Polarity,
    /// Two verbatim quotations of one utterance in one language that cannot both be right.
    QuoteAltered,
    /// A quantity differs beyond rounding.
    Figure,
    /// The same words or claim, another source.
    Speaker,
    /// Another date or order.
    Time,
    /// Another place.
    Place,
    /// Another person or organisation, or a misspelling.
    Name,
    /// Attributed in one report, in the outlet's own voice in another.
    AttributionDropped,
    /// Asserted here, "is believed to" there.
    Hedge,
    /// Enumerations whose members differ.
    List,
    /// A fragment against the full sentence.
    QuotePartial,
    /// Another office or function of the same person.
    Role,
    /// Part / all, may / must, planned / done, with / without a condition.
    Scope,
    /// A later report supersedes an earlier figure or state: shown, not a conflict.
    Update,
    /// The same utterance in other words.
    Wording,
}

impl DivergenceKind {
    /// All kinds, worst first: the order in which they are shown.
    pub const ALL: [DivergenceKind; 15] = [
        DivergenceKind::Polarity,
        DivergenceKind::QuoteAltered,
        DivergenceKind::Figure,
        DivergenceKind::Speaker,
        DivergenceKind::Time,
        DivergenceKind::Place,
        DivergenceKind::Name,
        DivergenceKind::AttributionDropped,
        DivergenceKind::Hedge,
        DivergenceKind::List,
        DivergenceKind::QuotePartial,
        DivergenceKind::Role,
        DivergenceKind::Scope,
        DivergenceKind::Update,
        DivergenceKind::Wording,
    ];

    /// The name used in JSON and in print.
    pub fn as_str(self) -> &'static str {
        match self {
            DivergenceKind::Polarity => "polarity",
            DivergenceKind::QuoteAltered => "quote-altered",
            DivergenceKind::Figure => "figure",
            DivergenceKind::Speaker => "speaker",
            DivergenceKind::Time => "time",
            DivergenceKind::Place => "place",
            DivergenceKind::Name => "name",
            DivergenceKind::AttributionDropped => "attribution-dropped",
            DivergenceKind::Hedge => "hedge",
            DivergenceKind::List => "list",
            DivergenceKind::QuotePartial => "quote-partial",
            DivergenceKind::Role => "role",
            DivergenceKind::Scope => "scope",
            DivergenceKind::Update => "update",
            DivergenceKind::Wording => "wording",
        }
    }

    /// True for kinds that say that two reports cannot both be right, or treat a source differently;
    /// false for those that only show how they tell it (`wording`, `update`, `quote-partial`).
    pub fn is_conflict(self) -> bool {
        !matches!(self, DivergenceKind::Wording | DivergenceKind::Update | DivergenceKind::QuotePartial)
    }
}

/// One way in which two cells of an alignment differ.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Divergence {
    /// How they differ.
    pub kind: DivergenceKind,
    /// Indices into [`Alignment::cells`], of two reports.
    pub cells: [usize; 2],
    /// The words that differ, in the one cell's report and in the other's. One side may be empty: left out.
    pub evidence: [Vec<Span>; 2],
    /// How sure the rule is, `0.0..=1.0`.
    pub score: f64,
    /// The rule and what it saw, in one plain line.
    pub reason: String,
}

/// Why two cells were aligned: the features and what each added, for `--json` and explanations.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Name of the feature and its value, in a fixed order.
    pub features: Vec<(String, f64)>,
}

/// Cells of different reports that say the same thing: an utterance, or a fact.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Alignment {
    /// In order of report, then of place. Cells of at least two reports; a report may have more than one.
    pub cells: Vec<Cell>,
    /// Who speaks, for an utterance: the fullest name that a report gives.
    pub speaker: Option<String>,
    /// In order of kind (worst first), then of cells.
    pub divergences: Vec<Divergence>,
    /// How sure the alignment is, `0.0..=1.0`: the weakest link that holds it together.
    pub score: f64,
    /// How sure each cell belongs here: the weakest link on the best way from it to the two cells that are most alike.
    pub ties: Vec<f64>,
    /// Witnesses that carry it, as indices into [`Comparison::witnesses`]; where it is likely, of its likely cells alone.
    pub witnesses: Vec<usize>,
    /// Evidence for the strongest link.
    pub diagnosis: Diagnosis,
}

impl Alignment {
    /// True if two of its cells are more likely than not to say the same. On real coverage every second fact of which that is not
    /// so says something else after all.
    pub fn is_likely(&self) -> bool {
        (0..self.cells.len()).any(|cell| self.is_likely_cell(cell))
    }

    /// True if `cell` is more likely than not to say what the two cells say that are most alike.
    pub fn is_likely_cell(&self, cell: usize) -> bool {
        self.ties.get(cell).is_some_and(|&tie| tie >= EVEN)
    }

    /// True if both cells that it divides are likely to say the same at all.
    pub fn is_likely_divergence(&self, divergence: &Divergence) -> bool {
        divergence.cells.iter().all(|&cell| self.is_likely_cell(cell))
    }
}

/// As probable as not.
const EVEN: f64 = 0.5;

/// Reports that lineage ties together; corroboration counts these.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Witness {
    /// Its reports, in order.
    pub reports: Vec<ReportIndex>,
}

/// Points to an utterance or a fact of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlignmentRef {
    /// Index into [`Comparison::utterances`].
    Utterance(usize),
    /// Index into [`Comparison::facts`].
    Fact(usize),
}

/// A statement or quotation that one witness alone carries.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OnlyIn {
    /// What and where.
    pub cell: Cell,
    /// How much of the story's vocabulary it touches, `0.0..=1.0`: sorts what matters to the front.
    pub weight: f64,
}

/// Two cells of two reports that may say the same: too alike to be called alone, too unlike to be aligned.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Doubt {
    /// The two, in order of report.
    pub cells: [Cell; 2],
    /// How probably they say the same, `0.0..=1.0`.
    pub score: f64,
    /// How they differ if they do; its cells are 0 and 1.
    pub divergences: Vec<Divergence>,
}

/// An alignment that others carry and this report leaves out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Omission {
    /// Who leaves it out.
    pub report: ReportIndex,
    /// What.
    pub of: AlignmentRef,
}

/// One form of a name in one report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NameForm {
    /// The form as it stands, a slice, with the title before it.
    pub text: String,
    /// Its first place.
    pub first: Span,
    /// How often it stands there.
    pub count: usize,
}

/// A person, organisation or place across the story.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StoryEntity {
    /// What it is.
    pub kind: EntityKind,
    /// The fullest form of the name.
    pub name: String,
    /// Which entity it is in each report that names it, and how that report calls it, in order of report.
    pub names: Vec<(ReportIndex, EntityId, Vec<NameForm>)>,
}

/// A dated thing in the story: a time expression, what it resolves to, and the statement around it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// The days.
    pub days: DayRange,
    /// Who says so, the time's words, the sentence around it, and how the words were resolved.
    pub mentions: Vec<(ReportIndex, Span, Span, String)>,
}

/// How one report came from another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EdgeKind {
    /// The text is the other's, verbatim or with trivial edits.
    Copy,
    /// Made from the other report alone, in new words or order.
    Rewrite,
    /// Gives the other outlet as its source.
    Relay,
    /// Both come from one agency text, press release or pool report.
    SharedSource,
    /// Credits an agency with the text or a part of it.
    AgencyCredit,
    /// A later version of the same outlet's report.
    Revision,
}

impl EdgeKind {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            EdgeKind::Copy => "copy",
            EdgeKind::Rewrite => "rewrite",
            EdgeKind::Relay => "relay",
            EdgeKind::SharedSource => "shared-source",
            EdgeKind::AgencyCredit => "agency-credit",
            EdgeKind::Revision => "revision",
        }
    }
}

/// Where an edge comes from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EdgeOrigin {
    /// A report of this story.
    Report(ReportIndex),
    /// An agency or outlet whose text is not among the reports.
    Unseen(String),
}

/// One edge of the stemma: who had it from whom.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Edge {
    /// From whom.
    pub from: EdgeOrigin,
    /// Who had it.
    pub to: ReportIndex,
    /// How.
    pub kind: EdgeKind,
    /// The later report says so.
    pub credited: bool,
    /// The later report has reporting of its own besides.
    #[serde(default)]
    pub partly: bool,
    /// The words in `to` that show it: a credit, or shared passages.
    pub evidence: Vec<Span>,
    /// How sure the rule is, `0.0..=1.0`.
    pub score: f64,
    /// The rule and what it saw, in one plain line.
    pub reason: String,
}

/// Text that two reports share word for word.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Passage {
    /// The earlier in the order of the story, and where it stands there.
    pub a: (ReportIndex, Span),
    /// The other.
    pub b: (ReportIndex, Span),
    /// Words that they share, in order.
    pub n_words: usize,
    /// True if it lies in quotation marks in both: then it is shared speech, not copied text.
    pub quoted: bool,
    /// True if it lies outside of both reports' own text: a caption, a credit, page furniture.
    #[serde(default)]
    pub aside: bool,
}

/// What the reports of one story share and where they differ.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Comparison {
    /// A partition of the reports.
    pub witnesses: Vec<Witness>,
    /// Acts of speech that at least two reports give, in order of the first cell.
    pub utterances: Vec<Alignment>,
    /// Assertions that at least two reports make outside of such utterances, in order of the first cell.
    pub facts: Vec<Alignment>,
    /// What one witness alone carries, in order of report, then of place.
    pub only_in: Vec<OnlyIn>,
    /// What may be the same, surest first.
    pub doubtful: Vec<Doubt>,
    /// What a report leaves out.
    pub omissions: Vec<Omission>,
    /// Who is named, and how, most widely named first.
    pub entities: Vec<StoryEntity>,
    /// What happened when, in order of day.
    pub timeline: Vec<TimelineEntry>,
    /// The stemma.
    pub lineage: Vec<Edge>,
    /// Shared text.
    pub passages: Vec<Passage>,
}

impl Comparison {
    /// The alignment that `of` points to.
    pub fn alignment(&self, of: AlignmentRef) -> &Alignment {
        match of {
            AlignmentRef::Utterance(n) => &self.utterances[n],
            AlignmentRef::Fact(n) => &self.facts[n],
        }
    }

    /// All alignments, utterances first.
    pub fn alignments(&self) -> impl Iterator<Item = (AlignmentRef, &Alignment)> {
        let utterances = self.utterances.iter().enumerate().map(|(n, a)| (AlignmentRef::Utterance(n), a));
        utterances.chain(self.facts.iter().enumerate().map(|(n, a)| (AlignmentRef::Fact(n), a)))
    }
}
