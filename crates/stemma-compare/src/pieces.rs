//! Pieces: what may become a cell. A sentence, a clause of it, or what an attribution gives to a source in it.
//!
//! Pieces of one sentence may nest. A sentence that is mostly the content of an attribution is represented by that content,
//! so that a cell holds what was said and not "he said".

use std::collections::{BTreeMap, BTreeSet, HashMap};

use stemma_core::{
    Attribution, AttributionId, Document, Form, LayerId as _, MentionForm, SegmentKind, SentenceId, Span,
    Statement, StatementId, Story, Voice,
};

use crate::entities::Cast;
use crate::features::norm;
use crate::terms::{Term, TermId, Vocabulary};

/// Something that one report says, at one size.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) report: usize,
    pub(crate) sentence: SentenceId,
    pub(crate) spans: Vec<Span>,
    /// Share of its sentence that it covers, `0.0..=1.0`.
    pub(crate) share: f64,
    pub(crate) statement: Option<StatementId>,
    pub(crate) attribution: Option<AttributionId>,
    pub(crate) voice: Voice,
    /// Terms in text order.
    pub(crate) terms: Vec<TermId>,
    /// The same, ascending.
    pub(crate) sorted: Vec<TermId>,
    /// How many of them are words without content.
    pub(crate) n_stops: usize,
    /// How many of them deny.
    pub(crate) n_denials: usize,
    /// Every three letters that follow each other, ascending; see [`trigrams`].
    pub(crate) trigrams: Vec<u32>,
    /// Terms with content, each once, ascending.
    pub(crate) bag: Vec<TermId>,
    /// Sum of the weights of `bag`.
    pub(crate) weight: f64,
    /// Mean of the vectors of `bag`; see [`crate::meaning`].
    pub(crate) meaning: Vec<f32>,
    /// The story's entities that it mentions, also by pronoun; ascending.
    pub(crate) entities: Vec<usize>,
    /// Of whom it says what, where it starts with a name.
    pub(crate) claim: Option<Claim>,
    /// Who is given as the source, where the report resolves it.
    pub(crate) speaker: Option<usize>,
    /// Direct, mixed or indirect, if attributed.
    pub(crate) form: Option<Form>,
}

/// What a piece that starts with a name says of its bearer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Claim {
    /// The story's entity of the name or pronoun.
    pub(crate) subject: usize,
    /// Words of denial stand between the name and the first term with content.
    pub(crate) denied: bool,
    /// The terms with content after the name, in text order; never empty.
    pub(crate) predicate: Vec<TermId>,
}

impl Claim {
    /// Terms that both say of one bearer: none unless the bearer, the first term and yes or no are the same.
    pub(crate) fn n_shared(&self, other: &Claim) -> usize {
        let same = |claim: &Claim| (claim.subject, claim.denied, claim.predicate[0]);
        if same(self) != same(other) {
            return 0;
        }
        let distinct: BTreeSet<TermId> = self.predicate.iter().copied().collect();
        distinct.into_iter().filter(|term| other.predicate.contains(term)).count()
    }
}

/// One body sentence and the pieces that it holds.
#[derive(Clone, Debug)]
pub(crate) struct SentencePieces {
    pub(crate) report: usize,
    pub(crate) span: Span,
    /// Position among the report's body sentences, `0.0..=1.0`.
    pub(crate) position: f64,
    /// Terms of the whole sentence with content, each once, ascending.
    pub(crate) bag: Vec<TermId>,
    pub(crate) weight: f64,
    /// Length of `bag`; see [`crate::features::norm`].
    pub(crate) norm: f64,
    /// Indices into the list of pieces; the first is the largest.
    pub(crate) pieces: std::ops::Range<usize>,
}

/// All pieces of a story, in order of report and then of sentence.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    pub(crate) all: Vec<Piece>,
    pub(crate) sentences: Vec<SentencePieces>,
    /// Titles and captions: they are no pieces, but they tell something.
    pub(crate) asides: Vec<Aside>,
}

/// A sentence of a title or of a caption.
#[derive(Clone, Debug)]
pub(crate) struct Aside {
    pub(crate) report: usize,
    /// Terms with content, each once, ascending.
    pub(crate) bag: Vec<TermId>,
    pub(crate) weight: f64,
}

/// Shorter pieces (in terms with content) say too little to be aligned on their own, unless they are quotations.
const MIN_CONTENT_TERMS: usize = 2;

/// Times that one sentence of a report is looked at. More of the same says nothing more, and pairs of repeats are many.
const MAX_REPEATS: usize = 3;

/// A name that stands this many words into a piece is still its subject: "that", "however,".
const MAX_WORDS_BEFORE_SUBJECT: usize = 2;

/// Share of a sentence from which on what stands in quotation marks represents it.
const MOSTLY_QUOTED: f64 = 0.4;
/// The same for what is reported in other words.
const MOSTLY_REPORTED: f64 = 0.5;

/// A quoted sentence of this many tokens is taken apart like any other.
const LONG_SENTENCE: usize = 24;

pub(crate) fn find_pieces(
    story: &Story,
    terms: &[Vec<Term>],
    vocabulary: &Vocabulary,
    cast: &Cast,
) -> Pieces {
    let mut pieces = Pieces::default();
    for (report, (document, terms)) in story.documents().iter().zip(terms).enumerate() {
        let builder = Builder { report, document, terms, vocabulary, cast, cues: cues_of(document) };
        let parts = builder.parts_by_sentence();
        let first = pieces.sentences.len();
        let mut repeats: HashMap<&str, usize> = HashMap::new();
        for ((id, sentence), parts) in document.layers().sentences.iter().zip(parts) {
            let repeat = repeats.entry(document.slice(sentence.span)).or_default();
            *repeat += 1;
            match document.layers().segments[sentence.segment].kind {
                SegmentKind::Body if *repeat <= MAX_REPEATS => builder.add_sentence(id, parts, &mut pieces),
                SegmentKind::Title | SegmentKind::Caption => {
                    let (_, bag, weight) = builder.read(&[sentence.span]);
                    pieces.asides.push(Aside { report, bag, weight });
                }
                _ => {}
            }
        }
        let n = pieces.sentences.len() - first;
        for (k, sentence) in pieces.sentences[first..].iter_mut().enumerate() {
            sentence.position = if n > 1 { k as f64 / (n - 1) as f64 } else { 0.0 };
        }
    }
    pieces
}

/// A part of one sentence that may become a piece.
struct Part {
    spans: Vec<Span>,
    statement: Option<StatementId>,
    attribution: Option<AttributionId>,
}

struct Builder<'a> {
    report: usize,
    document: &'a Document,
    terms: &'a [Term],
    vocabulary: &'a Vocabulary,
    cast: &'a Cast,
    cues: Vec<(Span, AttributionId)>,
}

/// Every piece of a cue with its attribution, in text order.
fn cues_of(document: &Document) -> Vec<(Span, AttributionId)> {
    let attributions = document.layers().attributions.iter();
    let mut cues: Vec<_> = attributions.flat_map(|(id, a)| a.cue.iter().map(move |&cue| (cue, id))).collect();
    cues.sort_unstable();
    cues
}

impl Builder<'_> {
    /// For each sentence the contents of attributions in it, then its clauses.
    fn parts_by_sentence(&self) -> Vec<Vec<Part>> {
        let layers = self.document.layers();
        let sentences = layers.sentences.items();
        let mut parts: Vec<Vec<Part>> = sentences.iter().map(|_| Vec::new()).collect();
        for (id, attribution) in layers.attributions.iter().filter(|(_, a)| has_source(a)) {
            let mut by_sentence: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
            for &span in &attribution.content {
                let first = sentences.partition_point(|s| s.span.end() <= span.start());
                for (n, sentence) in sentences.iter().enumerate().skip(first) {
                    let Some(inside) = intersect(span, sentence.span) else { break };
                    let inside = inside.trim(self.document.text());
                    if !inside.is_empty() {
                        by_sentence.entry(n).or_default().push(inside);
                    }
                }
            }
            for (n, spans) in by_sentence {
                parts[n].push(Part { spans, statement: None, attribution: Some(id) });
            }
        }
        for (id, statement) in layers.statements.iter() {
            let whole = statement.span == layers.sentences[statement.sentence].span;
            if !whole && !self.is_frame(statement.span) && !self.is_part_of_quotation(statement) {
                parts[statement.sentence.index()].push(Part {
                    spans: vec![statement.span],
                    statement: Some(id),
                    attribution: statement.attribution.filter(|&id| has_source(&layers.attributions[id])),
                });
            }
        }
        parts
    }

    /// A clause of a short sentence in quotation marks: who quotes it quotes the sentence, or breaks it off.
    fn is_part_of_quotation(&self, statement: &Statement) -> bool {
        let sentence = self.document.layers().sentences[statement.sentence];
        sentence.tokens().len() < LONG_SENTENCE && is_quoted(self.document, statement.span)
    }

    /// "Ruiz said in a statement on Tuesday": a clause that holds a cue and nothing of what was said.
    fn is_frame(&self, span: Span) -> bool {
        let attributions = &self.document.layers().attributions;
        let first = self.cues.partition_point(|(cue, _)| cue.start() < span.start());
        let starting = self.cues[first..].iter().take_while(|(cue, _)| cue.start() < span.end());
        let mut framed = starting.filter(|(cue, _)| span.contains(*cue)).map(|&(_, id)| &attributions[id]);
        framed.any(|a| a.content.iter().all(|content| !content.touches(span)))
    }

    fn add_sentence(&self, id: SentenceId, parts: Vec<Part>, pieces: &mut Pieces) {
        let span = self.document.layers().sentences[id].span;
        let length = |part: &Part| part.spans.iter().map(|s| s.len()).sum::<usize>();
        let mostly_content = parts.iter().filter(|part| part.statement.is_none()).any(|part| {
            part.attribution.is_some_and(|id| {
                let direct = self.document.layers().attributions[id].form == Form::Direct;
                let share = if direct { MOSTLY_QUOTED } else { MOSTLY_REPORTED };
                length(part) as f64 >= share * span.len() as f64
            })
        });
        let replaced = mostly_content || self.is_frame(span);
        let whole = Part { spans: vec![span], statement: None, attribution: None };
        let first = pieces.all.len();
        let mut seen: BTreeSet<Vec<Span>> = BTreeSet::new();
        for part in (!replaced).then_some(whole).into_iter().chain(parts) {
            if seen.insert(part.spans.clone()) {
                let piece = self.piece(id, part);
                let quoted = matches!(piece.form, Some(Form::Direct | Form::Mixed)) && !piece.bag.is_empty();
                // "They thanked Ana Ruiz": a name alone says nothing of its bearer.
                let says = piece.bag.iter().any(|&id| !self.vocabulary.is_name(id));
                if quoted || (says && piece.bag.len() >= MIN_CONTENT_TERMS) {
                    pieces.all.push(piece);
                }
            }
        }
        if pieces.all.len() > first {
            let (_, bag, weight) = self.read(&[span]);
            let position = 0.0;
            let range = first..pieces.all.len();
            pieces.sentences.push(SentencePieces {
                report: self.report,
                span,
                position,
                norm: norm(&bag, self.vocabulary),
                bag,
                weight,
                pieces: range,
            });
        }
    }

    fn piece(&self, sentence: SentenceId, part: Part) -> Piece {
        let Part { spans, statement, attribution } = part;
        let layers = self.document.layers();
        let (terms, bag, weight) = self.read(&spans);
        let mentions = layers.mentions.items();
        let start = spans[0].start();
        let end = spans[spans.len() - 1].end();
        let from = mentions.partition_point(|m| m.span.start() < start);
        let mentioned = mentions[from..]
            .iter()
            .take_while(|m| m.span.start() < end)
            .filter(|m| m.form != MentionForm::Pronoun || spans.iter().any(|s| s.contains(m.span)))
            .filter_map(|m| Some((m.span, self.cast.entity(self.report, m.entity?))));
        let mentioned: Vec<(Span, usize)> = mentioned.collect();
        let claim = mentioned.first().and_then(|&(name, subject)| self.claim(&spans, name, subject));
        let entities: BTreeSet<usize> = mentioned.into_iter().map(|(_, entity)| entity).collect();
        let attributed = attribution.map(|id| &layers.attributions[id]);
        let speaker =
            attributed.and_then(|a| a.source_entity).map(|entity| self.cast.entity(self.report, entity));
        let length = spans.iter().map(|span| span.len()).sum::<usize>();
        let mut sorted = terms.clone();
        sorted.sort_unstable();
        Piece {
            n_stops: terms.iter().filter(|&&id| self.vocabulary.is_stop(id)).count(),
            n_denials: terms.iter().filter(|&&id| self.vocabulary.is_denial(id)).count(),
            share: length as f64 / layers.sentences[sentence].span.len().max(1) as f64,
            trigrams: trigrams(spans.iter().map(|&span| self.document.slice(span))),
            sorted,
            report: self.report,
            sentence,
            statement,
            attribution,
            voice: if attribution.is_some() { Voice::Attributed } else { Voice::Own },
            terms,
            meaning: self.vocabulary.meanings().mean(&bag, |id| self.vocabulary.weight(id)),
            bag,
            weight,
            entities: entities.into_iter().collect(),
            speaker,
            claim,
            form: attributed.map(|a| a.form),
            spans,
        }
    }

    /// What the piece says of `subject`, if the mention at `name` stands among its first words.
    fn claim(&self, spans: &[Span], name: Span, subject: usize) -> Option<Claim> {
        let before = Span::new(spans[0].start().min(name.start()), name.start());
        if self.document.tokens_in(before).len() > MAX_WORDS_BEFORE_SUBJECT {
            return None;
        }
        let after = |span: &Span| {
            let start = span.start().max(name.end());
            (start < span.end()).then(|| Span::new(start, span.end()))
        };
        let rest: Vec<Span> = spans.iter().filter_map(after).collect();
        let (terms, _, _) = self.read(&rest);
        let predicate: Vec<TermId> =
            terms.iter().copied().filter(|&id| !self.vocabulary.is_stop(id)).collect();
        let denied = terms.iter().take_while(|&&id| Some(&id) != predicate.first());
        let denied = denied.filter(|&&id| self.vocabulary.is_denial(id)).count() % 2 == 1;
        (!predicate.is_empty()).then_some(Claim { subject, denied, predicate })
    }

    fn read(&self, spans: &[Span]) -> (Vec<TermId>, Vec<TermId>, f64) {
        let mut terms = Vec::new();
        for &span in spans {
            let tokens = self.document.tokens_in(span);
            let from = self.terms.partition_point(|term| (term.token as usize) < tokens.start);
            terms.extend(
                self.terms[from..]
                    .iter()
                    .take_while(|term| (term.token as usize) < tokens.end)
                    .map(|term| term.id),
            );
        }
        let mut bag: Vec<TermId> = terms.iter().copied().filter(|&id| !self.vocabulary.is_stop(id)).collect();
        bag.sort_unstable();
        bag.dedup();
        let weight = bag.iter().map(|&id| self.vocabulary.weight(id)).sum();
        (terms, bag, weight)
    }
}

/// The letters and digits of some slices in groups of three, ascending: lower case, whatever parts words as one blank. Each
/// group is a number, of which two of fairly many may be the same.
fn trigrams<'a>(slices: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut all = Vec::new();
    // A window of two characters; a blank at the edges and in a row is left out.
    let (mut first, mut second, mut blank) = (None, None, false);
    let mut push = |c: char| {
        if let (Some(x), Some(y)) = (first, second) {
            all.push(letters(x, y, c));
        }
        (first, second) = (second, Some(c));
    };
    for slice in slices {
        for c in slice.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() || c == '_' {
                if std::mem::take(&mut blank) {
                    push(' ');
                }
                push(c);
            } else {
                blank = true;
            }
        }
        blank = true;
    }
    all.sort_unstable();
    all
}

/// Ten bits of each.
fn letters(x: char, y: char, z: char) -> u32 {
    [x, y, z].into_iter().fold(0, |sum, c| (sum << 10) | (u32::from(c) & 0x3ff))
}

/// "is believed to have left" names nobody: the outlet asserts it with reserve, it gives it to no source.
fn has_source(attribution: &Attribution) -> bool {
    !attribution.source.is_empty() || attribution.form != Form::Indirect
}

/// True if `span` lies in outer quotation marks. O(log n).
pub(crate) fn is_quoted(document: &Document, span: Span) -> bool {
    let quotes = document.layers().quotes.items();
    let after = quotes.partition_point(|quote| quote.inner.start() <= span.start());
    // A nested quotation may stand between the place and the start of the outer one.
    quotes[..after]
        .iter()
        .rev()
        .find(|quote| quote.depth == 0)
        .is_some_and(|quote| quote.inner.contains(span))
}

fn intersect(a: Span, b: Span) -> Option<Span> {
    (a.touches(b)).then(|| Span::new(a.start().max(b.start()), a.end().min(b.end())))
}
