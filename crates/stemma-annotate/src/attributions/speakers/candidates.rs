//! The candidates of each quotation: phrases near it, what the rules chose, and who spoke before.

use stemma_core::{Attribution, QuoteId, Span};

use super::scene::{Phrase, Place, Scene};
use crate::attributions::unit::{Kind, Unit};

/// Units before a quotation's own whose phrases are candidates.
pub(super) const UNITS_BEFORE: usize = 2;
/// And after it.
pub(super) const UNITS_AFTER: usize = 1;
/// How far from the quotation a phrase may start, in items; in another unit, from its nearer end.
const FARTHEST: usize = 80;
/// Longer units are left to the rules: they are no prose, and the choice would take too long.
pub(super) const LONGEST_UNIT: usize = 400;

/// Who may have spoken a quotation.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) phrase: Phrase<'a>,
    /// The rules chose it for this quotation.
    pub(super) ruled: bool,
    /// The rules hold that the quotation stands in words of this source, with another source between.
    pub(super) around: bool,
    /// It spoke the quotation before this one; the one before that, of another speaker.
    pub(super) last: bool,
    pub(super) last_but_one: bool,
}

impl<'a> Candidate<'a> {
    fn new(phrase: Phrase<'a>) -> Self {
        Self { phrase, ruled: false, around: false, last: false, last_but_one: false }
    }
}

/// A quotation with all that its features need.
pub(super) struct Question<'a> {
    pub(super) place: Place,
    pub(super) quote: QuoteId,
    /// Attributions of the rules whose content holds the quotation, the innermost first.
    pub(super) holders: Vec<usize>,
    pub(super) candidates: Vec<Candidate<'a>>,
}

impl<'a> Question<'a> {
    /// Whom the rules name.
    pub(super) fn ruled(&self) -> Option<&Candidate<'a>> {
        self.candidates.iter().find(|candidate| candidate.ruled)
    }
}

/// A quotation with its speaker, as decided.
struct Turn<'a> {
    place: Place,
    speaker: Option<Phrase<'a>>,
}

/// Who spoke so far; the latest last.
#[derive(Default)]
pub(super) struct Talk<'a> {
    turns: Vec<Turn<'a>>,
}

impl<'a> Talk<'a> {
    pub(super) fn push(&mut self, place: Place, speaker: Option<Phrase<'a>>) {
        self.turns.push(Turn { place, speaker });
    }

    /// Where the quotation before stands, and who spoke it.
    pub(super) fn latest(&self) -> Option<(Place, Option<&Phrase<'a>>)> {
        self.turns.last().map(|turn| (turn.place, turn.speaker.as_ref()))
    }

    /// The last speaker, and the last one who is another.
    fn speakers(&self) -> (Option<&Phrase<'a>>, Option<&Phrase<'a>>) {
        let mut spoken = self.turns.iter().rev().take(8).filter_map(|turn| turn.speaker.as_ref());
        let Some(last) = spoken.next() else { return (None, None) };
        (Some(last), spoken.find(|other| !same(last, other)))
    }
}

/// True if two phrases name one speaker, as far as is known.
pub(super) fn same(left: &Phrase<'_>, right: &Phrase<'_>) -> bool {
    left.span.touches(right.span) || left.entity.is_some() && left.entity == right.entity
}

/// What is asked about each quotation: all but the speakers before, which depend on the answers.
pub(super) fn question<'a>(
    scene: &Scene<'a, '_>,
    items: &[Attribution],
    (place, quote): (Place, QuoteId),
    may_hold: Vec<usize>,
    phrases: &[Vec<Phrase<'a>>],
    talk: &Talk<'a>,
) -> Question<'a> {
    let span = scene.quotes[quote].inner;
    let holders = holders(items, may_hold, span);
    let from = place.unit.saturating_sub(UNITS_BEFORE);
    let to = (place.unit + UNITS_AFTER + 1).min(scene.units.len());
    let near = |phrase: &&Phrase<'a>| {
        let here = phrase.unit == place.unit;
        let distance = if phrase.unit < place.unit {
            scene.units[phrase.unit].len() - phrase.items.start
        } else {
            phrase.items.start.abs_diff(if here { place.item } else { 0 })
        };
        distance <= FARTHEST
    };
    let mut candidates: Vec<Candidate<'a>> = phrases[from..to]
        .iter()
        .flatten()
        .filter(near)
        .map(|phrase| Candidate::new(phrase.clone()))
        .collect();
    for (n, &holder) in holders.iter().enumerate().take(3) {
        let Some(source) = scene.source_of(&items[holder]) else { continue };
        let candidate = entry(&mut candidates, source);
        if n == 0 {
            candidate.ruled = true;
        } else {
            candidate.around = true;
        }
    }
    let (last, last_but_one) = talk.speakers();
    for speaker in [last, last_but_one].into_iter().flatten() {
        if !candidates.iter().any(|candidate| same(&candidate.phrase, speaker)) {
            entry(&mut candidates, speaker.clone());
        }
    }
    for candidate in &mut candidates {
        let is = |speaker: Option<&Phrase<'_>>| speaker.is_some_and(|one| same(&candidate.phrase, one));
        (candidate.last, candidate.last_but_one) = (is(last), is(last_but_one));
    }
    Question { place, quote, holders, candidates }
}

/// The candidate of this phrase: the one with the same words, else one in the same words, else a new one.
fn entry<'c, 'a>(candidates: &'c mut Vec<Candidate<'a>>, phrase: Phrase<'a>) -> &'c mut Candidate<'a> {
    let equal = candidates.iter().position(|candidate| candidate.phrase.span == phrase.span);
    let near = || {
        candidates.iter().position(|candidate| {
            let (left, right) = (candidate.phrase.span, phrase.span);
            left.start() == right.start() || left.end() == right.end() && left.touches(right)
        })
    };
    let at = equal.or_else(near).unwrap_or_else(|| {
        candidates.push(Candidate::new(phrase));
        candidates.len() - 1
    });
    &mut candidates[at]
}

/// For each quotation, the attributions whose content touches it.
pub(super) fn held(
    scene: &Scene<'_, '_>,
    items: &[Attribution],
    places: &[(Place, QuoteId)],
) -> Vec<Vec<usize>> {
    let span = |n: usize| scene.quotes[places[n].1].inner;
    let mut held = vec![Vec::new(); places.len()];
    for (n, item) in items.iter().enumerate() {
        for piece in &item.content {
            let first =
                places.partition_point(|(_, quote)| scene.quotes[*quote].inner.end() <= piece.start());
            let touched = (first..places.len()).take_while(|&at| span(at).start() < piece.end());
            touched.for_each(|at| held[at].push(n));
        }
    }
    held
}

/// Those of `may_hold` whose content holds `span`, the smallest content first.
pub(super) fn holders(items: &[Attribution], mut may_hold: Vec<usize>, span: Span) -> Vec<usize> {
    let size = |n: usize| items[n].content.iter().map(|piece| piece.len()).sum::<usize>();
    may_hold.retain(|&n| items[n].content.iter().any(|piece| 2 * piece.overlap(span) > span.len()));
    may_hold.sort_by_key(|&n| (size(n), n));
    may_hold.dedup();
    may_hold
}

/// True if a unit holds quotations and marks alone.
pub(super) fn is_bare(unit: &Unit<'_>) -> bool {
    unit.items.iter().all(|item| !matches!(item.kind, Kind::Word | Kind::Open | Kind::Colon))
}
