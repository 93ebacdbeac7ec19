//! Pieces: what may become a cell. A sentence, a clause of it, or what an attribution gives to a source in it.
//!
//! Pieces of one sentence may nest. A sentence that is mostly the content of an attribution is represented by that content,
//! so that a cell holds what was said and not "he said".

use std::collections::BTreeSet;

use stemma_core::{
    AttributionId, Document, Form, LayerId as _, MentionForm, SegmentKind, SentenceId, Span, StatementId, Story, Voice,
};

use crate::entities::Cast;
use crate::terms::{Term, TermId, Vocabulary};

/// Something that one report says, at one size.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) report: usize,
    pub(crate) sentence: SentenceId,
    pub(crate) spans: Vec<Span>,
    pub(crate) statement: Option<StatementId>,
    pub(crate) attribution: Option<AttributionId>,
    pub(crate) voice: Voice,
    /// Terms in text order.
    pub(crate) terms: Vec<TermId>,
    /// Terms with content, each once, ascending.
    pub(crate) bag: Vec<TermId>,
    /// Sum of the weights of `bag`.
    pub(crate) weight: f64,
    /// The story's entities that it mentions, also by pronoun; ascending.
    pub(crate) entities: Vec<usize>,
    /// Who is given as the source, where the report resolves it.
    pub(crate) speaker: Option<usize>,
    /// Direct, mixed or indirect, if attributed.
    pub(crate) form: Option<Form>,
}

/// One body sentence and the pieces that it holds.
#[derive(Clone, Debug)]
pub(crate) struct SentencePieces {
    pub(crate) report: usize,
    pub(crate) sentence: SentenceId,
    /// Position among the report's body sentences, `0.0..=1.0`.
    pub(crate) position: f64,
    /// Terms of the whole sentence with content, each once, ascending.
    pub(crate) bag: Vec<TermId>,
    pub(crate) weight: f64,
    /// Indices into the list of pieces; the first is the largest.
    pub(crate) pieces: std::ops::Range<usize>,
}

/// All pieces of a story, in order of report and then of sentence.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    pub(crate) all: Vec<Piece>,
    pub(crate) sentences: Vec<SentencePieces>,
}

/// Shorter pieces (in terms with content) say too little to be aligned on their own, unless they are quotations.
const MIN_CONTENT_TERMS: usize = 2;

pub(crate) fn find_pieces(story: &Story, terms: &[Vec<Term>], vocabulary: &Vocabulary, cast: &Cast) -> Pieces {
    let mut pieces = Pieces::default();
    for (report, (document, terms)) in story.documents().iter().zip(terms).enumerate() {
        let builder = Builder { report, document, terms, vocabulary, cast };
        let first = pieces.sentences.len();
        for (id, sentence) in document.layers().sentences.iter() {
            if document.layers().segments[sentence.segment].kind == SegmentKind::Body {
                builder.sentence(id, &mut pieces);
            }
        }
        let n = pieces.sentences.len() - first;
        for (k, sentence) in pieces.sentences[first..].iter_mut().enumerate() {
            sentence.position = if n > 1 { k as f64 / (n - 1) as f64 } else { 0.0 };
        }
    }
    pieces
}

struct Builder<'a> {
    report: usize,
    document: &'a Document,
    terms: &'a [Term],
    vocabulary: &'a Vocabulary,
    cast: &'a Cast,
}

impl Builder<'_> {
    fn sentence(&self, id: SentenceId, pieces: &mut Pieces) {
        let layers = self.document.layers();
        let sentence = layers.sentences[id];
        let first = pieces.all.len();
        let mut seen: BTreeSet<Vec<Span>> = BTreeSet::new();
        let mut add = |spans: Vec<Span>, statement, attribution: Option<AttributionId>, seen: &mut BTreeSet<Vec<Span>>| {
            if spans.is_empty() || !seen.insert(spans.clone()) {
                return;
            }
            let piece = self.piece(id, spans, statement, attribution);
            let quoted = matches!(piece.form, Some(Form::Direct | Form::Mixed)) && !piece.bag.is_empty();
            if piece.bag.len() >= MIN_CONTENT_TERMS || quoted {
                pieces.all.push(piece);
            }
        };
        let mut contents: Vec<(Vec<Span>, AttributionId)> = Vec::new();
        for (n, attribution) in layers.attributions.iter() {
            let spans: Vec<Span> =
                attribution.content.iter().filter_map(|&span| intersect(span, sentence.span)).collect();
            let spans: Vec<Span> =
                spans.into_iter().map(|s| s.trim(self.document.text())).filter(|s| !s.is_empty()).collect();
            if !spans.is_empty() {
                contents.push((spans, n));
            }
        }
        let content_length = |spans: &[Span]| spans.iter().map(|s| s.len()).sum::<usize>();
        let mostly_content = contents.iter().any(|(spans, _)| content_length(spans) * 10 >= sentence.span.len() * 5);
        if !mostly_content {
            add(vec![sentence.span], None, None, &mut seen);
        }
        for (spans, attribution) in contents {
            add(spans, None, Some(attribution), &mut seen);
        }
        for (statement_id, statement) in layers.statements.iter().filter(|(_, s)| s.sentence == id) {
            if statement.span != sentence.span {
                add(vec![statement.span], Some(statement_id), statement.attribution, &mut seen);
            }
        }
        if pieces.all.len() == first {
            add(vec![sentence.span], None, None, &mut seen);
        }
        if pieces.all.len() > first {
            let (_, bag, weight) = self.read(&[sentence.span]);
            pieces.sentences.push(SentencePieces {
                report: self.report,
                sentence: id,
                position: 0.0,
                bag,
                weight,
                pieces: first..pieces.all.len(),
            });
        }
    }

    fn piece(
        &self,
        sentence: SentenceId,
        spans: Vec<Span>,
        statement: Option<StatementId>,
        attribution: Option<AttributionId>,
    ) -> Piece {
        let layers = self.document.layers();
        let (terms, bag, weight) = self.read(&spans);
        let mentions = layers.mentions.items();
        let start = spans[0].start();
        let end = spans[spans.len() - 1].end();
        let from = mentions.partition_point(|m| m.span.start() < start);
        let entities: BTreeSet<usize> = mentions[from..]
            .iter()
            .take_while(|m| m.span.start() < end)
            .filter(|m| m.form != MentionForm::Pronoun || spans.iter().any(|s| s.contains(m.span)))
            .filter_map(|m| m.entity)
            .map(|entity| self.cast.entity(self.report, entity))
            .collect();
        let attributed = attribution.map(|id| &layers.attributions[id]);
        let speaker = attributed.and_then(|a| a.source_entity).map(|entity| self.cast.entity(self.report, entity));
        Piece {
            report: self.report,
            sentence,
            statement,
            attribution,
            voice: if attribution.is_some() { Voice::Attributed } else { Voice::Own },
            terms,
            bag,
            weight,
            entities: entities.into_iter().collect(),
            speaker,
            form: attributed.map(|a| a.form),
            spans,
        }
    }

    fn read(&self, spans: &[Span]) -> (Vec<TermId>, Vec<TermId>, f64) {
        let mut terms = Vec::new();
        for &span in spans {
            let tokens = self.document.tokens_in(span);
            let from = self.terms.partition_point(|term| (term.token as usize) < tokens.start);
            terms.extend(
                self.terms[from..].iter().take_while(|term| (term.token as usize) < tokens.end).map(|term| term.id),
            );
        }
        let mut bag: Vec<TermId> = terms.iter().copied().filter(|&id| !self.vocabulary.is_stop(id)).collect();
        bag.sort_unstable();
        bag.dedup();
        let weight = bag.iter().map(|&id| self.vocabulary.weight(id)).sum();
        (terms, bag, weight)
    }
}

fn intersect(a: Span, b: Span) -> Option<Span> {
    (a.touches(b)).then(|| Span::new(a.start().max(b.start()), a.end().min(b.end())))
}
