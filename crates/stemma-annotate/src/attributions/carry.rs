//! From units to attributions: quotations that stand alone go on with the speaker before them.
//!
//! A quotation without a cue in its unit is, in this order: what a colon announced; the next paragraph of a speech that
//! is re-opened; the rest of a quotation in the same paragraph; or, in a new paragraph, words of the speaker before
//! ([`Basis::Carried`]). If nobody spoke right before, nobody is named ([`Basis::None`]).

use std::ops::Range;

use stemma_core::{Attribution, Basis, Form, Layer, Manner, Quote, QuoteId, SegmentKind, Span};

use super::cues::Cues;
use super::drafts::{Draft, Drafter};
use super::extent::past_adverbials;
use super::quoted::signature_start;
use super::sources::Phrases;
use super::unit::{Kind, Unit, next_outer, past_opening};
use super::unnamed;
use super::verbs::{Standing, verb_use};

/// All attributions of a document, in order of their units.
pub(super) fn collect(units: &[Unit<'_>], quotes: &Layer<QuoteId, Quote>, cues: &Cues) -> Vec<Attribution> {
    // A single line like "UPDATE: …" makes no conversation.
    let transcript = units.iter().filter(|unit| opens_turn(unit).is_some()).nth(1).is_some();
    let mut collector =
        Collector { quotes, cues, items: Vec::new(), speaker: None, awaiting: None, transcript, turn: None };
    let mut n = 0;
    while n < units.len() {
        match units.get(n + 1).and_then(|next| collector.joined(&units[n], next)) {
            Some(unit) => {
                collector.unit(&unit);
                n += 2;
            }
            None => {
                collector.unit(&units[n]);
                n += 1;
            }
        }
    }
    collector.items
}

/// Who spoke last.
#[derive(Clone, Copy)]
struct Speaker {
    /// Index of the attribution.
    item: usize,
    /// Last outer quotation in its content.
    quote: Option<QuoteId>,
    /// Where that attribution's paragraph is.
    segment: stemma_core::SegmentId,
    /// Units read since.
    age: u8,
}

/// Units without any speaker after which a quotation no longer carries the last one over.
const LONGEST_SILENCE: u8 = 1;

struct Collector<'a> {
    quotes: &'a Layer<QuoteId, Quote>,
    cues: &'a Cues,
    items: Vec<Attribution>,
    speaker: Option<Speaker>,
    awaiting: Option<Attribution>,
    /// The document holds turns of a conversation.
    transcript: bool,
    /// The turn that is being read, and its paragraph.
    turn: Option<(usize, stemma_core::SegmentId)>,
}

impl Collector<'_> {
    fn unit(&mut self, unit: &Unit<'_>) {
        if self.transcript && self.turn(unit) {
            return;
        }
        if let Some(bare) = bare_quotations(unit) {
            self.bare(unit, bare);
            return;
        }
        let drafts = Drafter::run(unit, self.cues, self.quotes);
        self.awaiting = None;
        self.speaker = self.speaker.filter(|speaker| speaker.age < LONGEST_SILENCE);
        if let Some(speaker) = &mut self.speaker {
            speaker.age += 1;
        }
        for draft in drafts {
            self.draft(unit, draft);
        }
    }

    /// Takes `unit` as a turn of a conversation, or as more of the turn before in the same paragraph.
    fn turn(&mut self, unit: &Unit<'_>) -> bool {
        let Some(colon) = opens_turn(unit) else {
            let Some((item, _)) = self.turn.filter(|&(_, segment)| segment == unit.segment) else {
                return false;
            };
            self.items[item].content.extend(unit.span(0, unit.len()));
            return true;
        };
        let content = unit.span(colon + 1, unit.len());
        self.turn = Some((self.items.len(), unit.segment));
        self.items.push(Attribution {
            content: content.into_iter().collect(),
            cue: unit.span(colon, colon + 1).into_iter().collect(),
            source: unit.span(0, colon).into_iter().collect(),
            source_mention: None,
            source_entity: None,
            form: Form::Indirect,
            manner: Manner::Neutral,
            basis: Basis::Colon,
            negated: false,
            parent: None,
        });
        true
    }

    fn draft(&mut self, unit: &Unit<'_>, draft: Draft) {
        let span = |range: &Range<usize>| unit.span(range.start, range.end);
        let attribution = Attribution {
            content: draft.content.iter().filter_map(span).collect(),
            cue: span(&draft.cue).into_iter().collect(),
            source: draft.source.as_ref().and_then(span).into_iter().collect(),
            source_mention: None,
            source_entity: None,
            form: Form::Indirect,
            manner: draft.manner,
            basis: draft.basis,
            negated: draft.negated,
            parent: None,
        };
        if draft.awaits {
            self.awaiting = Some(attribution);
            return;
        }
        if attribution.content.is_empty() {
            return;
        }
        let last = draft.content.last().and_then(|range| range.clone().rev().find_map(|at| unit.quote(at)));
        // Those who are quoted keep the word; those who only plan or praise do not take it from them.
        let keeps =
            last.is_some() || self.speaker.is_none_or(|speaker| speaker.quote.is_none() || speaker.age > 0);
        if keeps && !attribution.source.is_empty() {
            self.speaker =
                Some(Speaker { item: self.items.len(), quote: last, segment: unit.segment, age: 0 });
        }
        self.items.push(attribution);
    }

    fn bare(&mut self, unit: &Unit<'_>, bare: Bare) {
        let Some(span) = unit.span(bare.items.start, bare.items.end) else { return };
        if let Some(mut attribution) = self.awaiting.take() {
            attribution.content.push(span);
            self.speaker = Some(Speaker {
                item: self.items.len(),
                quote: Some(bare.last),
                segment: unit.segment,
                age: 0,
            });
            self.items.push(attribution);
            return;
        }
        let Some(speaker) = self.speaker else {
            self.nobody(unit, span);
            return;
        };
        let reopened = speaker.quote.is_some_and(|quote| {
            self.quotes[quote].continues && next_outer(self.quotes, quote) == Some(bare.first)
        });
        let same_paragraph = speaker.quote.is_some() && speaker.segment == unit.segment && speaker.age == 0;
        let mut item = speaker.item;
        if reopened || same_paragraph {
            self.items[item].content.push(span);
        } else {
            let from = &self.items[item];
            let carried = Attribution {
                content: vec![span],
                cue: Vec::new(),
                source: from.source.clone(),
                source_mention: from.source_mention,
                source_entity: None,
                form: Form::Direct,
                manner: Manner::Neutral,
                basis: Basis::Carried,
                negated: false,
                parent: None,
            };
            item = self.items.len();
            self.items.push(carried);
        }
        self.speaker = Some(Speaker { item, quote: Some(bare.last), segment: unit.segment, age: 0 });
    }

    /// A quotation that nobody is named for: a pull quote, or a voice from before.
    fn nobody(&mut self, unit: &Unit<'_>, span: Span) {
        let long = unit.text[span.range()].split_whitespace().count() > 3;
        if unit.kind == SegmentKind::Body && long {
            self.items.push(unnamed(span));
        }
    }

    /// “Why?” | Ruiz asked. — one unit of a quotation and the cue that a sentence border cut off.
    fn joined<'t>(&self, unit: &Unit<'t>, next: &Unit<'t>) -> Option<Unit<'t>> {
        if unit.segment != next.segment {
            return None;
        }
        let bare = bare_quotations(unit)?;
        if signature_start(next) == Some(1) && bare.items == (0..1) {
            return Some(together(unit, next));
        }
        let inner = unit.text[self.quotes[bare.last].inner.range()].trim_end();
        if !inner.ends_with(['?', '!', ',', '…', '—', '-']) {
            return None;
        }
        let verb = (0..next.len().min(10))
            .find_map(|at| verb_use(next, self.cues, at))
            .filter(|verb| verb.entry.quote && verb.standing == Standing::Finite)?;
        let phrases = Phrases { unit: next, cues: self.cues };
        let inverted = verb.start == 0;
        let mut after = verb.end;
        if inverted || verb.entry.recipient {
            after = phrases.starting_at(after, true)?.end;
        }
        let after = past_adverbials(&phrases, after);
        let closed = next.is_end(after)
            || matches!(next.kind(after), Some(Kind::Comma | Kind::Dash)) && next.quote(after + 1).is_none();
        let subject = inverted || phrases.subject(verb.start, 0).is_some_and(|subject| subject.start == 0);
        if !closed || !subject {
            return None;
        }
        Some(together(unit, next))
    }
}

/// One unit of two.
fn together<'t>(unit: &Unit<'t>, next: &Unit<'t>) -> Unit<'t> {
    let mut joined = unit.clone();
    while joined.items.last().is_some_and(|item| item.kind == Kind::Stop) {
        joined.items.pop();
    }
    joined.items.extend(next.items.iter().cloned());
    joined
}

/// True for the first sentence of a turn in a transcript: "RUIZ: We will rebuild."
fn opens_turn(unit: &Unit<'_>) -> Option<usize> {
    let colon = (1..unit.len().min(5)).find(|&at| unit.kind(at) == Some(Kind::Colon))?;
    let capitals = |at: usize| {
        let slice = unit.items[at].span;
        unit.kind(at) == Some(Kind::Word)
            && unit.text[slice.range()].chars().all(|c| c.is_uppercase() || c == '’' || c == '\'' || c == '-')
    };
    ((0..colon).all(capitals) && unit.kind(colon + 1) == Some(Kind::Word)).then_some(colon)
}

/// The quotations of a unit that holds nothing else.
struct Bare {
    items: Range<usize>,
    first: QuoteId,
    last: QuoteId,
}

fn bare_quotations(unit: &Unit<'_>) -> Option<Bare> {
    let start = past_opening(unit, 0, unit.len());
    let mut end = unit.len();
    while end > start && matches!(unit.kind(end - 1), Some(Kind::Stop | Kind::Comma | Kind::Dash)) {
        end -= 1;
    }
    let first = unit.quote(start)?;
    let last = unit.quote(end.checked_sub(1)?)?;
    let only = (start..end).all(|at| !matches!(unit.kind(at), Some(Kind::Word | Kind::Open | Kind::Colon)));
    only.then_some(Bare { items: start..end, first, last })
}
