//! What `stemma annotate --json` prints: one [`AnnotatedReport`] a line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::{Document, LayerId, Offsets};

use super::{
    Approximation, Basis, CreditKind, EntityKind, Form, Gender, Manner, MentionForm, Options, Range, Report,
    SCHEMA_VERSION, SegmentKind, TimeKind, Unit, Voice, ranges, rounded,
};

/// One report and what was found in it. Ids are positions in their list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AnnotatedReport {
    /// Raised when a program that reads this must change.
    pub schema_version: u32,
    /// What offsets count.
    pub offsets: Unit,
    /// Where it comes from.
    #[serde(flatten)]
    pub report: Report,
    /// What each stretch of the text is for.
    pub segments: Vec<Segment>,
    /// Sentences.
    pub sentences: Vec<Sentence>,
    /// Stretches in quotation marks.
    pub quotes: Vec<Quote>,
    /// Words that refer to a person, organisation or place.
    pub mentions: Vec<Mention>,
    /// What mentions refer to.
    pub entities: Vec<Entity>,
    /// Who says what.
    pub attributions: Vec<Attribution>,
    /// Expressions of time.
    pub times: Vec<TimeExpression>,
    /// Quantities.
    pub figures: Vec<Figure>,
    /// Sentences and clauses that assert something.
    pub statements: Vec<Statement>,
    /// Agencies and outlets that the report credits.
    pub credits: Vec<Credit>,
    /// What was odd in the text, and what was made of it.
    pub notes: Vec<Note>,
}

/// A stretch of text of one kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "start and end are offsets, the same everywhere")]
pub struct Segment {
    pub start: usize,
    pub end: usize,
    /// What it is for.
    pub kind: SegmentKind,
}

/// A sentence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "start and end are offsets, the same everywhere")]
pub struct Sentence {
    pub start: usize,
    pub end: usize,
    /// The segment that it is part of.
    pub segment: usize,
}

/// A stretch in quotation marks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "start and end are offsets, the same everywhere")]
pub struct Quote {
    pub start: usize,
    pub end: usize,
    /// Without the marks.
    pub inner: Range,
    /// 0 for outer marks, 1 for a quotation inside a quotation.
    pub depth: u8,
    /// A closing mark was found, or the next paragraph opens again.
    pub closed: bool,
    /// The speech goes on in the next quote of depth 0.
    pub continues: bool,
}

/// A word or phrase that refers to a person, organisation or place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "start and end are offsets, the same everywhere")]
pub struct Mention {
    pub start: usize,
    pub end: usize,
    /// The words.
    pub text: String,
    /// What is referred to.
    pub kind: EntityKind,
    /// How it is referred to.
    pub form: MentionForm,
    /// False for pronouns and descriptions.
    pub named: bool,
    /// The title beside a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Range>,
    /// What it refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<usize>,
}

/// What several mentions refer to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// Its position in this list.
    pub id: usize,
    /// What it is.
    pub kind: EntityKind,
    /// The fullest name in the text.
    pub name: String,
    /// Every form of the name, in order of first appearance.
    pub names: Vec<String>,
    /// Evidence on gender, for persons.
    pub gender: Gender,
    /// Where the text gives offices, titles, nationalities.
    pub roles: Vec<Range>,
}

/// Words that a report gives to a source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Attribution {
    /// Direct, mixed or indirect.
    pub form: Form,
    /// The words that name the source; empty where the sentence names none.
    pub source: Vec<Range>,
    /// The words that signal the attribution.
    pub cue: Vec<Range>,
    /// What is said.
    pub content: Vec<Range>,
    /// These words, the pieces joined by ` … `.
    pub text: String,
    /// The mention that heads the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_mention: Option<usize>,
    /// The entity of that mention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_entity: Option<usize>,
    /// Stance of the cue.
    pub manner: Manner,
    /// What ties source and content.
    pub basis: Basis,
    /// "did not say that"
    pub negated: bool,
    /// The attribution in whose content this one lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
}

/// An expression of time and what it resolves to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "start and end are offsets, the same everywhere")]
pub struct TimeExpression {
    pub start: usize,
    pub end: usize,
    /// The words.
    pub text: String,
    /// TIMEX3 type.
    #[serde(rename = "type")]
    pub kind: TimeKind,
    /// TIMEX3 value.
    pub value: String,
    /// First day that it covers, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Last day, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// How the value was found.
    pub reason: String,
}

/// A quantity.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "start and end are offsets, the same everywhere")]
pub struct Figure {
    pub start: usize,
    pub end: usize,
    /// The words.
    pub text: String,
    /// The number in `unit`; for a range the middle.
    pub value: f64,
    /// `""` for a count, `"%"`, an ISO 4217 currency, else the common symbol.
    pub unit: String,
    /// The words do not claim to be exact.
    pub approximate: bool,
    /// How exact they claim to be.
    pub approximation: Approximation,
    /// Lowest value that the words allow.
    pub low: f64,
    /// Highest value that the words allow; left out where they set no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// What is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Range>,
    /// A rank, not a quantity.
    pub ordinal: bool,
}

/// A sentence or clause that asserts something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "start and end are offsets, the same everywhere")]
pub struct Statement {
    pub start: usize,
    pub end: usize,
    /// The sentence that it is or lies in.
    pub sentence: usize,
    /// The larger statement of the same sentence, if this is a clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// In whose name.
    pub voice: Voice,
    /// The innermost attribution that covers most of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<usize>,
    /// Words that lower the outlet's commitment.
    pub hedges: Vec<Range>,
    /// Words that deny.
    pub negations: Vec<Range>,
}

/// A credit to an agency or another outlet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "start and end are offsets, the same everywhere")]
pub struct Credit {
    pub start: usize,
    pub end: usize,
    /// The words of the credit.
    pub text: String,
    /// The outlet under its usual name.
    pub outlet: String,
    /// Where the outlet's name stands.
    pub name: Range,
    /// What is credited.
    pub kind: CreditKind,
    /// For a relay: what is taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<usize>,
}

/// Something odd in the text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "start and end are offsets, the same everywhere")]
pub struct Note {
    pub start: usize,
    pub end: usize,
    /// What was met and what was made of it.
    pub text: String,
}

/// `document` in the types of the wire.
pub fn annotated_report(document: &Document, options: &Options) -> AnnotatedReport {
    let layers = document.layers();
    let at = Offsets::new(document.text(), options.offsets);
    AnnotatedReport {
        schema_version: SCHEMA_VERSION,
        offsets: options.offsets.into(),
        report: Report::of(document, document.report().shown_id(), options),
        segments: layers.segments.items().iter().map(|segment| self::segment(segment, &at)).collect(),
        sentences: layers.sentences.items().iter().map(|sentence| self::sentence(sentence, &at)).collect(),
        quotes: layers.quotes.items().iter().map(|quote| self::quote(quote, &at)).collect(),
        mentions: layers.mentions.items().iter().map(|item| mention(document, item, &at)).collect(),
        entities: layers.entities.iter().map(|(id, item)| entity(id.index(), item, &at)).collect(),
        attributions: layers
            .attributions
            .items()
            .iter()
            .map(|item| attribution(document, item, &at))
            .collect(),
        times: layers.times.items().iter().map(|item| time(document, item, &at)).collect(),
        figures: layers.figures.items().iter().map(|item| figure(document, item, &at)).collect(),
        statements: layers.statements.items().iter().map(|item| statement(item, &at)).collect(),
        credits: layers.credits.items().iter().map(|item| credit(document, item, &at)).collect(),
        notes: layers.notes.iter().map(|item| note(item, &at)).collect(),
    }
}

fn segment(segment: &stemma_core::Segment, at: &Offsets) -> Segment {
    let [start, end] = at.of_span(segment.span);
    Segment { start, end, kind: segment.kind.into() }
}

fn sentence(sentence: &stemma_core::Sentence, at: &Offsets) -> Sentence {
    let [start, end] = at.of_span(sentence.span);
    Sentence { start, end, segment: sentence.segment.index() }
}

fn quote(quote: &stemma_core::Quote, at: &Offsets) -> Quote {
    let [start, end] = at.of_span(quote.span);
    let inner = at.of_span(quote.inner);
    Quote { start, end, inner, depth: quote.depth, closed: quote.closed, continues: quote.continues }
}

fn mention(document: &Document, mention: &stemma_core::Mention, at: &Offsets) -> Mention {
    let [start, end] = at.of_span(mention.span);
    Mention {
        start,
        end,
        text: document.slice(mention.span).to_owned(),
        kind: mention.kind.into(),
        form: mention.form.into(),
        named: mention.form == stemma_core::MentionForm::Named,
        title: mention.title.map(|title| at.of_span(title)),
        entity: index(mention.entity),
    }
}

fn entity(id: usize, entity: &stemma_core::Entity, at: &Offsets) -> Entity {
    Entity {
        id,
        kind: entity.kind.into(),
        name: entity.name.clone(),
        names: entity.names.clone(),
        gender: entity.gender.into(),
        roles: ranges(at, &entity.roles),
    }
}

fn attribution(document: &Document, attribution: &stemma_core::Attribution, at: &Offsets) -> Attribution {
    Attribution {
        form: attribution.form.into(),
        source: ranges(at, &attribution.source),
        cue: ranges(at, &attribution.cue),
        content: ranges(at, &attribution.content),
        text: document.slices(&attribution.content),
        source_mention: index(attribution.source_mention),
        source_entity: index(attribution.source_entity),
        manner: attribution.manner.into(),
        basis: attribution.basis.into(),
        negated: attribution.negated,
        parent: index(attribution.parent),
    }
}

fn time(document: &Document, time: &stemma_core::TimeExpression, at: &Offsets) -> TimeExpression {
    let [start, end] = at.of_span(time.span);
    TimeExpression {
        start,
        end,
        text: document.slice(time.span).to_owned(),
        kind: time.kind.into(),
        value: time.value.clone(),
        first: time.days.map(|days| days.first.to_string()),
        last: time.days.map(|days| days.last.to_string()),
        reason: time.reason.clone(),
    }
}

fn figure(document: &Document, figure: &stemma_core::Figure, at: &Offsets) -> Figure {
    let [start, end] = at.of_span(figure.span);
    Figure {
        start,
        end,
        text: document.slice(figure.span).to_owned(),
        value: figure.value,
        unit: figure.unit.symbol.clone(),
        approximate: figure.approximation != stemma_core::Approximation::Exact,
        approximation: figure.approximation.into(),
        low: rounded_if_small(figure.low),
        high: figure.high.is_finite().then(|| rounded_if_small(figure.high)),
        counted: figure.counted.map(|counted| at.of_span(counted)),
        ordinal: figure.ordinal,
    }
}

/// Bounds are computed and carry noise in their last digits; large ones lose nothing by it, small ones are rounded.
fn rounded_if_small(bound: f64) -> f64 {
    if bound.abs() < 1e9 { rounded(bound) } else { bound }
}

fn statement(statement: &stemma_core::Statement, at: &Offsets) -> Statement {
    let [start, end] = at.of_span(statement.span);
    Statement {
        start,
        end,
        sentence: statement.sentence.index(),
        parent: index(statement.parent),
        voice: statement.voice.into(),
        attribution: index(statement.attribution),
        hedges: ranges(at, &statement.hedges),
        negations: ranges(at, &statement.negations),
    }
}

fn credit(document: &Document, credit: &stemma_core::Credit, at: &Offsets) -> Credit {
    let [start, end] = at.of_span(credit.span);
    Credit {
        start,
        end,
        text: document.slice(credit.span).to_owned(),
        outlet: credit.outlet.clone(),
        name: at.of_span(credit.name),
        kind: credit.kind.into(),
        attribution: index(credit.attribution),
    }
}

fn note(note: &stemma_core::Note, at: &Offsets) -> Note {
    let [start, end] = at.of_span(note.span);
    Note { start, end, text: note.text.clone() }
}

fn index<I: LayerId>(id: Option<I>) -> Option<usize> {
    id.map(LayerId::index)
}

#[cfg(test)]
mod tests {
    use stemma_core::Span;

    use super::*;

    #[test]
    fn figures_without_an_upper_bound_have_no_high() {
        let document =
            crate::Engine::load().annotate(vec![stemma_core::Report::of_text("Öl: x")], 1).remove(0);
        let figure = stemma_core::Figure {
            span: Span::new(0, 3),
            value: 14.0,
            low: 14.000_000_001,
            high: f64::INFINITY,
            approximation: stemma_core::Approximation::AtLeast,
            unit: stemma_core::Unit::none(),
            counted: Some(Span::new(5, 6)),
            ordinal: false,
            step: 1.0,
        };
        let shown =
            super::figure(&document, &figure, &Offsets::new(document.text(), Options::default().offsets));
        insta::assert_snapshot!(
            serde_json::to_string(&shown).unwrap(),
            @r#"{"start":0,"end":2,"text":"Öl","value":14.0,"unit":"","approximate":true,"approximation":"at-least","low":14.0,"counted":[4,5],"ordinal":false}"#
        );
    }
}
