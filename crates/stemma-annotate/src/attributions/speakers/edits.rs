//! What a choice changes: another source, a quotation more or less.

use std::collections::BTreeSet;

use stemma_core::{Attribution, Basis, Span};

use super::candidates::{Candidate, Question, Talk};
use super::scene::Scene;
use crate::attributions::extent::{Shape, content_end, past_adverbials};
use crate::attributions::sources::Phrases;
use crate::attributions::unit::{Kind, past_opening};
use crate::attributions::{extent, unnamed};

/// How many of the latest additions may hold the next quotation.
const RECENT: usize = 8;

/// A quotation and who speaks it.
#[derive(Clone, Copy)]
pub(super) struct Choice<'c, 'a, 't> {
    pub(super) scene: &'c Scene<'a, 't>,
    pub(super) question: &'c Question<'a>,
    pub(super) candidate: &'c Candidate<'a>,
}

/// Changes to attributions. Their places stay the same up to the end: what is added stands behind the others.
pub(super) struct Edits {
    /// Where the attributions of the rules start, in order.
    starts: Vec<usize>,
    /// Number of all.
    all: usize,
    dropped: BTreeSet<usize>,
    /// The attribution that the last quotation stands in.
    latest: Option<usize>,
}

impl Edits {
    /// Before any change.
    pub(super) fn new(items: &[Attribution]) -> Self {
        let starts = items.iter().map(|item| extent(item).start()).collect();
        Self { starts, all: items.len(), dropped: BTreeSet::new(), latest: None }
    }

    /// The latest additions.
    pub(super) fn added(&self) -> impl Iterator<Item = usize> + use<> {
        self.starts.len().max(self.all.saturating_sub(RECENT))..self.all
    }

    /// Nobody is to be named for the quotation: an attribution of it alone goes.
    pub(super) fn silence(&mut self, items: &[Attribution], question: &Question<'_>, span: Span) {
        self.latest = self.holder(question);
        if let Some(holder) = self.latest.filter(|&holder| is_quotation(&items[holder], span)) {
            self.dropped.insert(holder);
            self.latest = None;
        }
    }

    /// Makes `items` say what was chosen.
    pub(super) fn give(&mut self, items: &mut Vec<Attribution>, choice: Choice<'_, '_, '_>, talk: &Talk<'_>) {
        let before = self.latest;
        self.latest = self.holder(choice.question);
        if let Some(holder) = self.latest.filter(|_| !choice.candidate.ruled)
            && detach(&mut items[holder], choice.span())
        {
            self.latest = None;
        }
        let Some(holder) = self.latest else {
            self.latest = Some(self.add(items, choice, talk, before));
            return;
        };
        let (item, span) = (&mut items[holder], choice.span());
        let own = is_quotation(item, span) || item.source.is_empty() || choice.has_cue_of(item);
        if choice.candidate.ruled {
            // The rules were right.
        } else if choice.candidate.around && !own {
            cut(item, span, choice.scene.text);
        } else {
            choice.name(item);
        }
    }

    fn holder(&self, question: &Question<'_>) -> Option<usize> {
        question.holders.first().copied().filter(|n| !self.dropped.contains(n))
    }

    /// A new attribution; or more of the one with the same cue; or, where the same speaker goes on in the same paragraph, one piece
    /// more of the one before. Gives its place.
    fn add(
        &mut self,
        items: &mut Vec<Attribution>,
        choice: Choice<'_, '_, '_>,
        talk: &Talk<'_>,
        before: Option<usize>,
    ) -> usize {
        let span = choice.span();
        let same_cue = self.same_cue(items, choice);
        let between = |item: &Attribution| {
            let cue = item.cue.first().map_or(0, |cue| cue.start());
            item.content.last().is_some_and(|last| cue < last.start() && last.end() <= span.start())
        };
        if let Some(n) = same_cue.filter(|&n| between(&items[n])) {
            let last = items[n].content.last_mut().expect("content is never empty");
            *last = last.cover(span).cover(choice.rest());
            return n;
        }
        let (units, place) = (choice.scene.units, choice.question.place);
        let goes_on = choice.candidate.last
            && talk.latest().is_some_and(|(last, _)| {
                units[last.unit].segment == units[place.unit].segment && last.unit + 1 >= place.unit
            });
        let ends_before = |n: &usize| items[*n].content.last().is_some_and(|last| last.end() <= span.start());
        if let Some(n) = before.filter(|_| goes_on).filter(ends_before) {
            items[n].content.push(span);
            return n;
        }
        let mut attribution = unnamed(choice.clause().filter(|_| same_cue.is_none()).unwrap_or(span));
        choice.name(&mut attribution);
        items.push(attribution);
        self.all = items.len();
        self.all - 1
    }

    /// The attribution of the candidate's own cue, if the candidate stands beside the quotation.
    fn same_cue(&self, items: &[Attribution], choice: Choice<'_, '_, '_>) -> Option<usize> {
        let place = choice.question.place;
        if choice.candidate.phrase.unit != place.unit {
            return None;
        }
        let start = choice.scene.units[place.unit].items[0].span.start();
        let end = choice.span().start();
        let here = self.starts.partition_point(|&at| at < start)..self.starts.partition_point(|&at| at < end);
        here.chain(self.added()).find(|n| !self.dropped.contains(n) && choice.has_cue_of(&items[*n]))
    }

    /// Drops what is to go.
    pub(super) fn finish(self, items: &mut Vec<Attribution>) {
        let mut n = 0;
        items.retain(|_| {
            n += 1;
            !self.dropped.contains(&(n - 1))
        });
    }
}

impl Choice<'_, '_, '_> {
    /// The quotation with its marks.
    fn span(self) -> Span {
        self.scene.quotes[self.question.quote].span
    }

    /// What a fragment in quotation marks is a part of: from behind the words that introduce it to the end of their clause. `None`
    /// for a quotation that stands for itself.
    fn clause(self) -> Option<Span> {
        let (place, phrase) = (self.question.place, &self.candidate.phrase);
        let unit = &self.scene.units[place.unit];
        if phrase.unit != place.unit {
            return None;
        }
        if phrase.items.start > place.item {
            return self.lead_in();
        }
        let cue = phrase.cue.as_ref().filter(|verb| verb.end <= place.item);
        let attached = place.item > 0 && unit.kind(place.item - 1) == Some(Kind::Word);
        let introduced = cue.is_some_and(|verb| {
            let phrases = Phrases { unit, cues: self.scene.cues };
            past_adverbials(&phrases, verb.end) + 1 < place.item
        });
        if !attached && !introduced {
            return None;
        }
        let start = cue.map_or(phrase.items.end + 1, |verb| verb.end);
        let end = content_end(unit, self.scene.cues, start, Shape::Clause);
        (start <= place.item && place.item < end).then(|| unit.span(start, end)).flatten()
    }

    /// A fragment that ends a clause before its speaker is named: "After the vote there is “no hurry,” Kaya said".
    fn lead_in(self) -> Option<Span> {
        let place = self.question.place;
        let unit = &self.scene.units[place.unit];
        let inner = &self.scene.text[self.scene.quotes[self.question.quote].inner.range()];
        let fragment = inner.trim_start().starts_with(char::is_lowercase);
        let breaks = |at: &usize| {
            matches!(unit.kind(*at), Some(Kind::Semicolon | Kind::Stop | Kind::Colon | Kind::Quote(_)))
        };
        let border = (0..place.item).rev().find(breaks).map_or(0, |at| at + 1);
        let start = past_opening(unit, border, place.item);
        (fragment && start < place.item).then(|| unit.span(start, place.item + 1)).flatten()
    }

    /// From the quotation to the end of its clause.
    fn rest(self) -> Span {
        let (unit, item) = (&self.scene.units[self.question.place.unit], self.question.place.item);
        let end = content_end(unit, self.scene.cues, item, Shape::Clause).max(item + 1);
        unit.span(item, end).unwrap_or_else(|| self.span())
    }

    /// True if the candidate is the subject of this attribution's cue.
    fn has_cue_of(self, attribution: &Attribution) -> bool {
        let phrase = &self.candidate.phrase;
        let unit = &self.scene.units[phrase.unit];
        let verb = phrase.cue.as_ref().and_then(|verb| unit.span(verb.at, verb.at + 1));
        verb.is_some_and(|verb| attribution.cue.iter().any(|cue| cue.touches(verb)))
    }

    /// Gives `attribution` to the candidate, with its cue if that stands beside the quotation.
    fn name(self, attribution: &mut Attribution) {
        let phrase = &self.candidate.phrase;
        attribution.source = vec![phrase.span];
        attribution.source_mention = phrase.mention;
        match phrase.cue.as_ref().filter(|_| phrase.unit == self.question.place.unit) {
            Some(verb) => {
                let unit = &self.scene.units[phrase.unit];
                attribution.cue = unit.span(verb.start, verb.end).into_iter().collect();
                attribution.manner = verb.entry.manner;
                attribution.negated = verb.negated;
                attribution.basis = Basis::Cue;
            }
            None if attribution.cue.is_empty() => {
                attribution.basis = if self.candidate.last { Basis::Carried } else { Basis::None };
            }
            None => {}
        }
    }
}

/// True if `attribution` holds the one quotation at `span` and nothing else.
fn is_quotation(attribution: &Attribution, span: Span) -> bool {
    matches!(attribution.content.as_slice(), [only] if span.contains(*only))
}

/// Takes the quotation at `span` out of the content if it is a piece of its own beside others.
fn detach(attribution: &mut Attribution, span: Span) -> bool {
    let pieces = attribution.content.len();
    if pieces > 1 {
        attribution.content.retain(|piece| !span.contains(*piece));
    }
    attribution.content.len() < pieces
}

/// What may stand between what is kept of a content and what is cut off.
const CONJUNCTIONS: [&str; 3] = [" and", " or", " but"];

/// Takes the quotation at `span` out of the content, with what stands behind it in its piece, if anything is left then.
fn cut(attribution: &mut Attribution, span: Span, text: &str) {
    let Some(n) = attribution.content.iter().position(|piece| piece.touches(span)) else { return };
    let piece = attribution.content[n];
    if span.start() > piece.start() {
        let kept = Span::new(piece.start(), span.start()).trim(text);
        let words = &text[kept.range()];
        let joined = CONJUNCTIONS.iter().find_map(|word| words.strip_suffix(word)).unwrap_or(words);
        attribution.content[n] = Span::new(kept.start(), kept.start() + joined.len());
    } else if attribution.content.len() > 1 && span.contains(piece) {
        attribution.content.remove(n);
    }
}
