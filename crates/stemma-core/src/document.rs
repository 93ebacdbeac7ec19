//! Documents: a report's immutable text and the layers of annotation over it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    Attribution, AttributionId, Credit, CreditId, Entity, EntityId, Figure, FigureId, Layer, LayerId,
    Mention, MentionId, Published, Quote, QuoteId, Report, Segment, SegmentId, Sentence, SentenceId, Span,
    Statement, StatementId, TimeExpression, TimeId, Token, TokenId,
};

/// Something odd that a stage met in the text and got over: an unclosed quotation mark, two publication dates.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Note {
    /// Where it stands.
    pub span: Span,
    /// What was met and what was made of it, in one line.
    pub text: String,
}

/// The layers of one document, each in text order.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each layer is described at its item type")]
pub struct Layers {
    pub tokens: Layer<TokenId, Token>,
    pub segments: Layer<SegmentId, Segment>,
    pub sentences: Layer<SentenceId, Sentence>,
    pub quotes: Layer<QuoteId, Quote>,
    pub times: Layer<TimeId, TimeExpression>,
    pub figures: Layer<FigureId, Figure>,
    pub mentions: Layer<MentionId, Mention>,
    /// In order of first mention.
    pub entities: Layer<EntityId, Entity>,
    pub attributions: Layer<AttributionId, Attribution>,
    pub statements: Layer<StatementId, Statement>,
    pub credits: Layer<CreditId, Credit>,
    /// When the report was published: its metadata, else a date stub or dateline in the text.
    pub published: Option<Published>,
    /// What the stages met and got over.
    pub notes: Vec<Note>,
}

/// One report's text and what was found in it. Immutable, `Send + Sync`, cheap to clone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Document {
    report: Arc<Report>,
    layers: Arc<Layers>,
}

impl Document {
    /// A document of `report` with `layers`.
    ///
    /// # Panics
    /// In debug builds, if a span of a layer cannot slice the report's text.
    pub fn new(report: Arc<Report>, layers: Layers) -> Self {
        debug_assert!(
            layers.spans().iter().all(|span| span.fits(report.text())),
            "a span cannot slice its text"
        );
        Self { report, layers: Arc::new(layers) }
    }

    /// The report.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.report.text()
    }

    /// What was found.
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// When it was published: metadata, else a date in the text.
    pub fn published(&self) -> Option<Published> {
        self.layers.published
    }

    /// The text under `span`, which is one of this document's.
    pub fn slice(&self, span: Span) -> &str {
        &self.text()[span.range()]
    }

    /// The pieces under `spans`, joined by ` … ` where they are apart.
    pub fn slices(&self, spans: &[Span]) -> String {
        spans.iter().map(|&span| self.slice(span)).collect::<Vec<_>>().join(" … ")
    }

    /// The sentence that holds byte `at`, if one does. O(log n).
    pub fn sentence_at(&self, at: usize) -> Option<SentenceId> {
        let sentences = self.layers.sentences.items();
        let n = sentences.partition_point(|sentence| sentence.span.end() <= at);
        (n < sentences.len() && sentences[n].span.start() <= at).then(|| SentenceId::from_index(n))
    }

    /// Tokens that lie wholly inside `span`, as indices into the token layer. O(log n).
    pub fn tokens_in(&self, span: Span) -> std::ops::Range<usize> {
        let tokens = self.layers.tokens.items();
        let first = tokens.partition_point(|token| token.span.start() < span.start());
        let end = tokens.partition_point(|token| token.span.end() <= span.end());
        first..end.max(first)
    }
}

impl Layers {
    /// Every span of every layer.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        spans.extend(self.tokens.items().iter().map(|token| token.span));
        spans.extend(self.segments.items().iter().map(|segment| segment.span));
        spans.extend(self.sentences.items().iter().map(|sentence| sentence.span));
        spans.extend(self.quotes.items().iter().flat_map(|quote| [quote.span, quote.inner]));
        spans.extend(self.times.items().iter().map(|time| time.span));
        spans.extend(
            self.figures.items().iter().flat_map(|figure| [Some(figure.span), figure.counted]).flatten(),
        );
        spans.extend(self.mentions.items().iter().flat_map(|m| [Some(m.span), m.title]).flatten());
        spans.extend(self.entities.items().iter().flat_map(|entity| entity.roles.iter().copied()));
        for attribution in self.attributions.items() {
            spans.extend(attribution.content.iter().chain(&attribution.cue).chain(&attribution.source));
        }
        for statement in self.statements.items() {
            spans.push(statement.span);
            spans.extend(statement.hedges.iter().chain(&statement.negations));
        }
        spans.extend(self.credits.items().iter().flat_map(|credit| [credit.span, credit.name]));
        spans.extend(self.notes.iter().map(|note| note.span));
        spans
    }
}
