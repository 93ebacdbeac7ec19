//! Numbers and times of a text, as amounts that can be laid beside each other.

use std::ops::Range;

use jiff::civil::Date;
use stemma_core::{Approximation, Document, Figure, LayerId as _, Span, TimeExpression};

use super::NEAR;
use crate::quantities::{counts_people, is_article, numeral, strict_nearness};
use crate::terms::{Term, TermId, tokens_in_names};

/// A count below this stands in many texts for many things.
const SMALL: f64 = 10.0;
/// Numbers that differ by no more than this share are one: what a conversion rounds away.
const SAME: f64 = 0.01;
/// Words on either side of a number, in its sentence, that tell what it is of. Unit: tokens.
const AROUND: usize = 20;

/// A number, or a time as the number of its minute, day, month or year.
#[derive(Clone, Copy, Debug)]
pub(super) enum Amount<'a> {
    Figure(&'a Figure),
    Time { unit: TimeUnit, number: f64 },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TimeUnit {
    Minute,
    Day,
    Month,
    Year,
}

impl TimeUnit {
    /// How far apart two times are at most that may be meant for one.
    fn reach(self) -> f64 {
        match self {
            Self::Minute => 120.0,
            Self::Day => 3.0,
            Self::Month | Self::Year => 2.0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute of time",
            Self::Day => "day of time",
            Self::Month => "month of time",
            Self::Year => "year of time",
        }
    }
}

impl Amount<'_> {
    /// `None` for what is no single minute, day, month or year.
    fn of_time(time: &TimeExpression) -> Option<Self> {
        let days = time.days?;
        let digits = |at: Range<usize>| time.value.get(at)?.parse::<f64>().ok();
        // "2026", "2026-05", "2026-05-03", "2026-05-03T22:40"
        let (unit, number) = match time.value.len() {
            4 => (TimeUnit::Year, digits(0..4)?),
            7 => (TimeUnit::Month, 12.0 * digits(0..4)? + digits(5..7)?),
            10 => (TimeUnit::Day, day_number(days.first)),
            16 => {
                let minute = 60.0 * digits(11..13)? + digits(14..16)?;
                (TimeUnit::Minute, 1440.0 * day_number(days.first) + minute)
            }
            _ => return None,
        };
        Some(Self::Time { unit, number })
    }

    /// What it can be compared in: amounts of two dimensions are never one.
    pub(super) fn dimension(&self) -> &str {
        match self {
            Self::Figure(figure) => &figure.unit.base,
            Self::Time { unit, .. } => unit.name(),
        }
    }

    /// In the base unit of its dimension.
    pub(super) fn number(self) -> f64 {
        match self {
            Self::Figure(figure) => figure.unit.to_base(figure.value),
            Self::Time { number, .. } => number,
        }
    }

    pub(super) fn is_exact(self) -> bool {
        match self {
            Self::Figure(figure) => figure.approximation == Approximation::Exact,
            Self::Time { .. } => true,
        }
    }

    /// True for what stands in many texts for many things.
    pub(super) fn is_small(self) -> bool {
        match self {
            Self::Figure(figure) => figure.unit.symbol.is_empty() && figure.value < SMALL,
            Self::Time { .. } => true,
        }
    }

    /// How near two are that differ, `0.0..=1.0`; 0 if they are the same or cannot be compared.
    pub(super) fn nearness(self, other: Self) -> f64 {
        match (self, other) {
            (Self::Figure(x), Self::Figure(y)) if stemma_core::comparable(x, y) => {
                if x.value == y.value && x.unit == y.unit { 0.0 } else { strict_nearness(x, y) }
            }
            (Self::Time { unit, number: x }, Self::Time { unit: other, number: y })
                if unit == other && x != y && (x - y).abs() <= unit.reach() =>
            {
                NEAR
            }
            _ => 0.0,
        }
    }

    /// True for one number, or one time.
    pub(super) fn is_same(self, other: Self) -> bool {
        let (x, y) = (self.number(), other.number());
        let hair = if matches!(self, Self::Figure(_)) { SAME * x.abs().max(y.abs()) } else { 0.0 };
        self.dimension() == other.dimension() && (x - y).abs() <= hair
    }

    /// True if `other`, which is approximate, may be this number: "more than 80" may be 84, but not 80.
    pub(super) fn may_be(self, other: Self) -> bool {
        match (self, other) {
            (Self::Figure(x), Self::Figure(y)) => {
                let open = matches!(y.approximation, Approximation::MoreThan | Approximation::LessThan);
                stemma_core::compatible(x, y) && !(open && x.value == y.value)
            }
            _ => false,
        }
    }
}

fn day_number(day: Date) -> f64 {
    f64::from(day.since(Date::ZERO).map_or(0, |span| span.get_days()))
}

/// An amount at its place.
pub(super) struct Occurrence<'a> {
    pub(super) report: usize,
    pub(super) amount: Amount<'a>,
    /// The tokens of the number.
    pub(super) number: Range<usize>,
    pub(super) counted: Option<Counted>,
    /// Terms with content around it, each once, ascending.
    pub(super) words: Vec<TermId>,
}

/// What is counted.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Counted {
    People,
    Things(TermId),
}

impl Occurrence<'_> {
    /// Share of the words around the one that stand around the other, of the one that has fewer.
    pub(super) fn shared_words(&self, other: &Self) -> f64 {
        let (few, many) = if self.words.len() <= other.words.len() { (self, other) } else { (other, self) };
        let shared = few.words.iter().filter(|word| many.words.binary_search(word).is_ok()).count();
        shared as f64 / few.words.len().max(1) as f64
    }
}

/// The amounts of a document: no ranks, no numbers in names, no "a" and "one", no parts of a day.
pub(super) fn occurrences_in<'a>(
    report: usize,
    document: &'a Document,
    terms: &[Term],
    has_content: impl Fn(TermId) -> bool,
) -> Vec<Occurrence<'a>> {
    let layers = document.layers();
    let in_name = tokens_in_names(document);
    let of = |amount: Amount<'a>, span: Span, number: Range<usize>, counted: Option<Counted>| {
        let all = document.tokens_in(span);
        let sentences = layers.sentences.items();
        let after = sentences.partition_point(|sentence| sentence.first.index() <= all.start);
        let sentence = sentences.get(after.checked_sub(1)?)?;
        let start = sentence.first.index().max(all.start.saturating_sub(AROUND));
        let end = sentence.end.index().min(all.end + AROUND);
        let around = terms_in(terms, start..end).filter(|term| !all.contains(&(term.token as usize)));
        let mut words: Vec<TermId> = around.map(|term| term.id).filter(|&id| has_content(id)).collect();
        words.sort_unstable();
        words.dedup();
        Some(Occurrence { report, amount, number, counted, words })
    };
    let figures = layers.figures.items().iter().filter(|figure| {
        !figure.ordinal
            && !is_article(document.slice(figure.span), figure)
            && !document.tokens_in(figure.span).any(|token| in_name[token])
    });
    let figures = figures.filter_map(|figure| {
        let number = numeral(document, figure)?;
        of(Amount::Figure(figure), figure.span, number, counted(document, terms, figure))
    });
    let times = layers
        .times
        .items()
        .iter()
        .filter_map(|time| of(Amount::of_time(time)?, time.span, document.tokens_in(time.span), None));
    figures.chain(times).collect()
}

fn counted(document: &Document, terms: &[Term], figure: &Figure) -> Option<Counted> {
    let head = document.tokens_in(figure.counted?).next_back()?;
    let word = document.slice(document.layers().tokens.items()[head].span);
    if counts_people(&word.to_lowercase()) {
        return Some(Counted::People);
    }
    terms_in(terms, head..head + 1).next().map(|term| Counted::Things(term.id))
}

fn terms_in(terms: &[Term], tokens: Range<usize>) -> impl Iterator<Item = &Term> {
    let from = terms.partition_point(|term| (term.token as usize) < tokens.start);
    terms[from..].iter().take_while(move |term| (term.token as usize) < tokens.end)
}
