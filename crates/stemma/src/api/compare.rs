//! What `stemma compare --json` prints: one [`Comparison`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_compare::{find_namings, find_stretches};
use stemma_core::{
    AlignmentRef, EdgeOrigin, EntityId, LayerId, MentionForm, Offsets, ReportIndex, Span, Story,
};

use super::{
    AlignmentKind, DivergenceKind, EdgeKind, EntityKind, Form, Manner, Options, Range, Report,
    SCHEMA_VERSION, Unit, Voice, ranges, rounded,
};
use crate::emphasis;
use crate::ids::{alignment_id, cell_id, report_ids};

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
    /// How sure the alignment is, 0 to 1.
    pub score: f64,
    /// Witnesses that carry it, as indices into the list of witnesses.
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

/// What one report makes of the story: how much of its core it carries and where, whom it quotes and how much.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Emphasis {
    /// Id of the report.
    pub report: String,
    /// What it carries of the core, in order of place.
    pub core: Vec<Placed>,
    /// Words of its body.
    pub words: usize,
    /// Of these, words that it quotes from somebody.
    pub quoted_words: usize,
    /// Whom it quotes, most words first.
    pub speakers: Vec<Speaker>,
}

/// Where a report first puts an alignment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Placed {
    /// Id of the alignment.
    pub of: String,
    /// Share of the report's body that stands before it, 0 to 1.
    pub position: f64,
}

/// Somebody whom a report quotes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Speaker {
    /// The name in the story, else the words of the report; empty where it names nobody.
    pub name: String,
    /// Quotations.
    pub quotations: usize,
    /// Words in quotation marks.
    pub words: usize,
}

/// A person, organisation or place across the story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StoryEntity {
    /// What it is.
    pub kind: EntityKind,
    /// The fullest form of the name.
    pub name: String,
    /// Every form of the name, by report id.
    pub names: BTreeMap<String, Vec<String>>,
    /// The same with places and counts, in order of report.
    pub forms: Vec<NameForm>,
    /// What the reports call it without a name, "the university", with places and counts, in order of report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<NameForm>,
}

/// One form of a name in one report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NameForm {
    /// Id of the report.
    pub report: String,
    /// The entity, as an index into the report's entities in `stemma annotate`.
    pub entity: usize,
    /// The form as it stands.
    pub text: String,
    /// Its first place.
    pub first: Range,
    /// How often it stands there.
    pub count: usize,
}

/// A group of people, or an act, that reports call by different nouns.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Naming {
    /// The choice of the noun takes a side ("rebels", "terrorists"); false: it only describes ("soldiers", "troops").
    pub loaded: bool,
    /// Ids of the alignments in which the nouns stand for each other.
    pub rows: Vec<String>,
    /// The nouns of each report, in order of report, then of place.
    pub labels: Vec<Label>,
}

/// A noun as one report uses it, outside of quotation marks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Label {
    /// Id of the report.
    pub report: String,
    /// In lower case, as it first stands there.
    pub text: String,
    /// Its first place.
    pub first: Range,
    /// How often it stands there.
    pub count: usize,
}

/// A day or a run of days, and what the reports say of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TimelineEntry {
    /// First day, ISO 8601.
    pub first: String,
    /// Last day, included.
    pub last: String,
    /// Where the reports speak of it.
    pub mentions: Vec<TimelineMention>,
}

/// An expression of time in one report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TimelineMention {
    /// Id of the report.
    pub report: String,
    /// The words of the time, as a list of one span.
    pub spans: Vec<Range>,
    /// These words.
    pub text: String,
    /// The sentence around them.
    pub sentence: Range,
    /// Its words.
    pub sentence_text: String,
    /// How the days were found.
    pub reason: String,
}

/// One edge of the stemma: who had it from whom.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Edge {
    /// Id of a report; for a text that is not among them `agency:NAME`, `release:NAME`, and `outlet:NAME` for a relay.
    pub from: String,
    /// Id of the report that had it.
    pub to: String,
    /// How.
    pub kind: EdgeKind,
    /// The later report says so.
    pub credited: bool,
    /// The later report has reporting of its own besides.
    #[serde(default)]
    pub partly: bool,
    /// The words in `to` that show it.
    pub evidence: String,
    /// Where these stand.
    pub spans: Vec<Range>,
    /// How sure the rule is, 0 to 1.
    pub score: f64,
    /// The rule and what it saw.
    pub reason: String,
}

/// Text that two reports share word for word.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    /// In the one report and in the other.
    pub sides: [PassageSide; 2],
    /// Words that they share, in order.
    pub words: usize,
    /// It stands in quotation marks in both: shared speech, not copied text.
    pub quoted: bool,
    /// It stands outside of both reports' own text: a caption, a credit, page furniture.
    #[serde(default)]
    pub aside: bool,
}

/// Text that two reports share, lightly rewritten.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Stretch {
    /// In the one report and in the other.
    pub sides: [PassageSide; 2],
    /// Words of the longer side.
    pub words: usize,
    /// Share of these that both have in the same order, 0 to 1.
    pub unchanged: f64,
    /// Its exact runs, as indices into the passages.
    pub runs: Vec<usize>,
}

/// Where a shared passage stands in one report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PassageSide {
    /// Id of the report.
    pub report: String,
    /// A list of one span.
    pub spans: Vec<Range>,
    /// The words.
    pub text: String,
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
        core: emphasis::core(comparison).iter().map(|&of| writer.alignment_id(comparison, of)).collect(),
        emphasis: emphasis::emphasis(story, comparison)
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
pub(super) struct Writer<'a> {
    story: &'a Story,
    ids: Vec<String>,
    offsets: Vec<Offsets>,
    /// Where the body of each report stands.
    bodies: Vec<Span>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(story: &'a Story, options: &Options) -> Self {
        let offsets = |document: &stemma_core::Document| Offsets::new(document.text(), options.offsets);
        Self {
            story,
            ids: report_ids(story),
            offsets: story.documents().iter().map(offsets).collect(),
            bodies: story.documents().iter().map(emphasis::body).collect(),
        }
    }

    pub(super) fn id(&self, report: ReportIndex) -> String {
        self.ids[report.index()].clone()
    }

    fn ranges(&self, report: ReportIndex, spans: &[Span]) -> Vec<Range> {
        ranges(&self.offsets[report.index()], spans)
    }

    fn text(&self, report: ReportIndex, spans: &[Span]) -> String {
        self.story.document(report).slices(spans)
    }

    pub(super) fn evidence(&self, report: ReportIndex, spans: &[Span]) -> Evidence {
        Evidence { spans: self.ranges(report, spans), text: self.text(report, spans) }
    }

    pub(super) fn alignment(&self, kind: char, alignment: &stemma_core::Alignment) -> Alignment {
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
            witnesses: alignment.witnesses.clone(),
            features: alignment.diagnosis.features.iter().map(feature).collect(),
        }
    }

    fn cell(&self, cell: &stemma_core::Cell) -> Cell {
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

    fn divergence(&self, cells: &[stemma_core::Cell], divergence: &stemma_core::Divergence) -> Divergence {
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

    fn omission(&self, comparison: &stemma_core::Comparison, omission: &stemma_core::Omission) -> Omission {
        let kind = match omission.of {
            AlignmentRef::Utterance(_) => AlignmentKind::Utterance,
            AlignmentRef::Fact(_) => AlignmentKind::Fact,
        };
        Omission { report: self.id(omission.report), kind, of: self.alignment_id(comparison, omission.of) }
    }

    fn alignment_id(&self, comparison: &stemma_core::Comparison, of: AlignmentRef) -> String {
        let mark = match of {
            AlignmentRef::Utterance(_) => 'u',
            AlignmentRef::Fact(_) => 'f',
        };
        alignment_id(self.story, mark, comparison.alignment(of))
    }

    fn emphasis(&self, comparison: &stemma_core::Comparison, each: &emphasis::Emphasis) -> Emphasis {
        let placed = |&(of, position): &(AlignmentRef, f64)| Placed {
            of: self.alignment_id(comparison, of),
            position: rounded(position),
        };
        let speaker = |speaker: &emphasis::Speaker| Speaker {
            name: speaker.name.clone(),
            quotations: speaker.n_quotations,
            words: speaker.n_words,
        };
        Emphasis {
            report: self.id(each.report),
            core: each.core.iter().map(placed).collect(),
            words: each.n_words,
            quoted_words: each.n_quoted,
            speakers: each.speakers.iter().map(speaker).collect(),
        }
    }

    fn entity(&self, entity: &stemma_core::StoryEntity) -> StoryEntity {
        let mut names = BTreeMap::new();
        let mut forms = Vec::new();
        for (report, id, in_report) in &entity.names {
            let offsets = &self.offsets[report.index()];
            let texts = in_report.iter().map(|form| form.text.clone());
            names.entry(self.id(*report)).or_insert_with(Vec::new).extend(texts);
            forms.extend(in_report.iter().map(|form| NameForm {
                report: self.id(*report),
                entity: id.index(),
                text: form.text.clone(),
                first: offsets.of_span(form.first),
                count: form.count,
            }));
        }
        let labels = entity.names.iter().flat_map(|(report, id, _)| self.labels(*report, *id)).collect();
        StoryEntity { kind: entity.kind.into(), name: entity.name.clone(), names, forms, labels }
    }

    /// What `report` calls its entity `id` without a name, in order of place.
    fn labels(&self, report: ReportIndex, id: EntityId) -> Vec<NameForm> {
        let document = self.story.document(report);
        let mentions = document.layers().mentions.items().iter();
        let described = mentions.filter(|m| m.form == MentionForm::Described && m.entity == Some(id));
        let mut labels: Vec<NameForm> = Vec::new();
        for mention in described {
            let text = document.slice(mention.span);
            match labels.iter_mut().find(|label| label.text.eq_ignore_ascii_case(text)) {
                Some(label) => label.count += 1,
                None => labels.push(NameForm {
                    report: self.id(report),
                    entity: id.index(),
                    text: text.to_owned(),
                    first: self.offsets[report.index()].of_span(mention.span),
                    count: 1,
                }),
            }
        }
        labels
    }

    fn naming(&self, comparison: &stemma_core::Comparison, naming: &stemma_compare::Naming) -> Naming {
        let label = |each: &stemma_compare::LabelUse| Label {
            report: self.id(each.report),
            text: each.text.clone(),
            first: self.offsets[each.report.index()].of_span(each.first),
            count: each.count,
        };
        Naming {
            loaded: naming.loaded,
            rows: naming.rows.iter().map(|&of| self.alignment_id(comparison, of)).collect(),
            labels: naming.uses.iter().map(label).collect(),
        }
    }

    fn timeline_entry(&self, entry: &stemma_core::TimelineEntry) -> TimelineEntry {
        let mention =
            |(report, time, sentence, reason): &(ReportIndex, Span, Span, String)| TimelineMention {
                report: self.id(*report),
                spans: self.ranges(*report, &[*time]),
                text: self.text(*report, &[*time]),
                sentence: self.offsets[report.index()].of_span(*sentence),
                sentence_text: self.text(*report, &[*sentence]),
                reason: reason.clone(),
            };
        TimelineEntry {
            first: entry.days.first.to_string(),
            last: entry.days.last.to_string(),
            mentions: entry.mentions.iter().map(mention).collect(),
        }
    }

    fn edge(&self, edge: &stemma_core::Edge) -> Edge {
        let from = match &edge.from {
            EdgeOrigin::Report(report) => self.id(*report),
            EdgeOrigin::Unseen(name) => unseen(edge.kind, name),
        };
        Edge {
            from,
            to: self.id(edge.to),
            kind: edge.kind.into(),
            credited: edge.credited,
            partly: edge.partly,
            evidence: self.text(edge.to, &edge.evidence),
            spans: self.ranges(edge.to, &edge.evidence),
            score: rounded(edge.score),
            reason: edge.reason.clone(),
        }
    }

    fn stretch(&self, stretch: &stemma_compare::Stretch) -> Stretch {
        Stretch {
            sides: [self.passage_side(stretch.a), self.passage_side(stretch.b)],
            words: stretch.n_words,
            unchanged: rounded(stretch.unchanged()),
            runs: stretch.runs.clone(),
        }
    }

    fn passage_side(&self, (report, span): (ReportIndex, Span)) -> PassageSide {
        PassageSide {
            report: self.id(report),
            spans: self.ranges(report, &[span]),
            text: self.text(report, &[span]),
        }
    }

    fn passage(&self, passage: &stemma_core::Passage) -> Passage {
        Passage {
            sides: [self.passage_side(passage.a), self.passage_side(passage.b)],
            words: passage.n_words,
            quoted: passage.quoted,
            aside: passage.aside,
        }
    }
}

/// The name of a text that is not among the reports, with what it is before it.
fn unseen(kind: stemma_core::EdgeKind, name: &str) -> String {
    let known = ["agency:", "release:", "outlet:"].iter().any(|prefix| name.starts_with(prefix));
    match kind {
        _ if known => name.to_owned(),
        stemma_core::EdgeKind::Relay => format!("outlet:{name}"),
        _ => format!("agency:{name}"),
    }
}
