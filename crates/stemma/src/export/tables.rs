//! Stories as tables: which there are, their columns, and their rows.
//!
//! Spans are `start-end` in code points, several joined by `;`. What is not known is empty.

use stemma_core::DivergenceKind;

use super::Subject;
use super::lineage::witnesses;
use crate::api::{self, Alignment, AnnotatedReport, Cell, DateOrigin, Form, Range, Report};

/// What can be put out as a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Table {
    /// One row for each report.
    Reports,
    /// One row for each cell: of utterances, of facts, and what stands in one witness only.
    Statements,
    /// One row for each divergence.
    Divergences,
    /// One row for each quotation of each report, also those that no other report has.
    Quotations,
    /// One row for each edge of the lineage.
    Edges,
}

impl Table {
    /// All tables.
    pub const ALL: [Table; 5] =
        [Table::Reports, Table::Statements, Table::Divergences, Table::Quotations, Table::Edges];

    /// The name, as in names of files.
    pub fn as_str(self) -> &'static str {
        match self {
            Table::Reports => "reports",
            Table::Statements => "statements",
            Table::Divergences => "divergences",
            Table::Quotations => "quotations",
            Table::Edges => "edges",
        }
    }

    /// The heading.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Reports => &[
                "story",
                "report",
                "hash",
                "letter",
                "witness",
                "outlet",
                "title",
                "published",
                "published_from",
                "url",
                "byline",
                "language",
                "words",
                "origin",
            ],
            Table::Statements => &[
                "story",
                "kind",
                "alignment",
                "speaker",
                "witnesses",
                "core",
                "score",
                "cell",
                "report",
                "outlet",
                "spans",
                "text",
                "voice",
                "form",
                "source",
                "source_name",
                "cue",
                "manner",
                "position",
            ],
            Table::Divergences => &[
                "story",
                "alignment",
                "kind",
                "conflict",
                "score",
                "reason",
                "report_a",
                "outlet_a",
                "words_a",
                "spans_a",
                "text_a",
                "report_b",
                "outlet_b",
                "words_b",
                "spans_b",
                "text_b",
            ],
            Table::Quotations => &[
                "story",
                "report",
                "outlet",
                "published",
                "number",
                "form",
                "speaker",
                "speaker_kind",
                "source",
                "cue",
                "manner",
                "negated",
                "spans",
                "text",
            ],
            Table::Edges => &[
                "story", "from", "to", "seen", "kind", "credited", "partly", "score", "reason", "evidence",
                "spans",
            ],
        }
    }

    /// The rows of one story, each as long as the heading.
    pub(super) fn rows(self, subject: &Subject) -> Vec<Vec<Value>> {
        match self {
            Table::Reports => reports(subject),
            Table::Statements => statements(subject),
            Table::Divergences => divergences(subject),
            Table::Quotations => quotations(subject),
            Table::Edges => edges(subject),
        }
    }
}

/// What stands in a cell.
pub(super) enum Value {
    /// A number, a name of Stemma's own, a date.
    Plain(String),
    /// Words from a report or its metadata.
    Text(String),
}

#[cfg(feature = "parquet")]
impl Value {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Value::Plain(value) | Value::Text(value) => value,
        }
    }
}

fn plain(value: impl ToString) -> Value {
    Value::Plain(value.to_string())
}

fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

fn optional(value: Option<&String>) -> Value {
    text(value.cloned().unwrap_or_default())
}

fn spans(spans: &[Range]) -> Value {
    plain(spans.iter().map(|[start, end]| format!("{start}-{end}")).collect::<Vec<_>>().join(";"))
}

fn reports(subject: &Subject) -> Vec<Vec<Value>> {
    let witnesses = witnesses(subject);
    let row = |(n, report): (usize, &Report)| {
        let from = report.published_from.map_or("", |from| match from {
            DateOrigin::Metadata => "metadata",
            DateOrigin::Text => "text",
        });
        vec![
            plain(&subject.id),
            text(&report.id),
            plain(&report.hash),
            plain(super::letter_of(n)),
            plain(witnesses.get(report.id.as_str()).map(ToString::to_string).unwrap_or_default()),
            optional(report.outlet.as_ref()),
            optional(report.title.as_ref()),
            plain(report.published.as_deref().unwrap_or_default()),
            plain(from),
            optional(report.url.as_ref()),
            optional(report.byline.as_ref()),
            optional(report.language.as_ref()),
            plain(report.words),
            text(&report.origin),
        ]
    };
    subject.comparison.reports.iter().enumerate().map(row).collect()
}

fn statements(subject: &Subject) -> Vec<Vec<Value>> {
    let by_id = subject.by_id();
    let comparison = &subject.comparison;
    let row = |kind: &str, alignment: Option<&Alignment>, score: f64, cell: &Cell| {
        let outlet = by_id.get(cell.report.as_str()).and_then(|report| report.outlet.as_ref());
        let is_core = alignment.is_some_and(|alignment| comparison.core.contains(&alignment.id));
        vec![
            plain(&subject.id),
            plain(kind),
            plain(alignment.map_or("", |alignment| &alignment.id)),
            optional(alignment.and_then(|alignment| alignment.speaker.as_ref())),
            plain(alignment.map_or(1, |alignment| alignment.witnesses.len())),
            plain(is_core),
            plain(score),
            plain(&cell.id),
            text(&cell.report),
            optional(outlet),
            spans(&cell.spans),
            text(&cell.text),
            plain(cell.voice.as_str()),
            plain(cell.form.map_or("", Form::as_str)),
            text(&cell.source),
            optional(cell.source_name.as_ref()),
            text(&cell.cue),
            plain(cell.manner.map_or("", |manner| manner.as_str())),
            plain(cell.position),
        ]
    };
    let mut rows = Vec::new();
    for (kind, alignments) in [("utterance", &comparison.utterances), ("fact", &comparison.facts)] {
        for alignment in alignments {
            rows.extend(alignment.cells.iter().map(|cell| row(kind, Some(alignment), alignment.score, cell)));
        }
    }
    rows.extend(comparison.only_in.iter().map(|only| row("only-in", None, only.weight, &only.cell)));
    rows
}

fn divergences(subject: &Subject) -> Vec<Vec<Value>> {
    let by_id = subject.by_id();
    let side = |alignment: &Alignment, divergence: &api::Divergence, n: usize| {
        let report = &divergence.reports[n];
        let evidence = &divergence.evidence[n];
        [
            text(report),
            optional(by_id.get(report.as_str()).and_then(|report| report.outlet.as_ref())),
            text(&evidence.text),
            spans(&evidence.spans),
            text(&alignment.cells[divergence.cells[n]].text),
        ]
    };
    let row = |(alignment, divergence): (&Alignment, &api::Divergence)| {
        let mut row = vec![
            plain(&subject.id),
            plain(&alignment.id),
            plain(divergence.kind.as_str()),
            plain(divergence.conflict),
            plain(divergence.score),
            text(&divergence.reason),
        ];
        row.extend(side(alignment, divergence, 0).into_iter().chain(side(alignment, divergence, 1)));
        row
    };
    let alignments = subject.comparison.utterances.iter().chain(&subject.comparison.facts);
    let found =
        alignments.flat_map(|alignment| alignment.divergences.iter().map(move |each| (alignment, each)));
    let mut rows: Vec<(usize, Vec<Value>)> = found.map(|found| (severity(found.1), row(found))).collect();
    // Worst first; sorting is stable.
    rows.sort_by_key(|(severity, _)| *severity);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn severity(divergence: &api::Divergence) -> usize {
    let all = DivergenceKind::ALL.iter();
    all.map(|kind| kind.as_str()).position(|kind| kind == divergence.kind.as_str()).unwrap_or(usize::MAX)
}

fn quotations(subject: &Subject) -> Vec<Vec<Value>> {
    let texts = super::texts::Texts::of(subject);
    let both = subject.comparison.reports.iter().zip(&subject.reports);
    both.flat_map(|(report, found)| of_report(subject, &texts, report, found)).collect()
}

fn of_report(
    subject: &Subject,
    texts: &super::texts::Texts<'_>,
    report: &Report,
    found: &AnnotatedReport,
) -> Vec<Vec<Value>> {
    let words = |spans: &[Range]| {
        spans.iter().map(|&span| texts.around(&report.id, span, 0)[1]).collect::<Vec<_>>().join(" … ")
    };
    let row = |(n, attribution): (usize, &api::Attribution)| {
        let speaker = attribution.source_entity.and_then(|id| found.entities.get(id));
        vec![
            plain(&subject.id),
            text(&report.id),
            optional(report.outlet.as_ref()),
            plain(report.published.as_deref().unwrap_or_default()),
            plain(n),
            plain(attribution.form.as_str()),
            text(speaker.map_or("", |entity| entity.name.as_str())),
            plain(speaker.map_or("", |entity| entity.kind.as_str())),
            text(words(&attribution.source)),
            text(words(&attribution.cue)),
            plain(attribution.manner.as_str()),
            plain(attribution.negated),
            spans(&attribution.content),
            text(&attribution.text),
        ]
    };
    let quoted = found.attributions.iter().enumerate().filter(|(_, each)| each.form != Form::Indirect);
    quoted.map(row).collect()
}

fn edges(subject: &Subject) -> Vec<Vec<Value>> {
    let by_id = subject.by_id();
    let row = |edge: &api::Edge| {
        vec![
            plain(&subject.id),
            text(&edge.from),
            text(&edge.to),
            plain(by_id.contains_key(edge.from.as_str())),
            plain(edge.kind.as_str()),
            plain(edge.credited),
            plain(edge.partly),
            plain(edge.score),
            text(&edge.reason),
            text(&edge.evidence),
            spans(&edge.spans),
        ]
    };
    subject.comparison.lineage.iter().map(row).collect()
}
