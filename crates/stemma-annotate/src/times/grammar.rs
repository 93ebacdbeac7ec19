//! What an expression of time says, before anyone asks from which day it is counted.
//!
//! In: pieces of a paragraph and a place in it. Out: the longest expression that starts there, as a [`Meaning`].
//! Rules are by hand, one method for each shape. Each looks at a bounded number of pieces, so the whole is linear.

use crate::numbers::Pieces;

use super::lexicon::{DayRule, TimeWord, Unit, may_lead};
use super::value::{Clock, Value};

/// What comes round again and again, and has to be told apart by its year or week.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Recurring {
    Weekday(i8),
    Weekend,
    Month(i8),
    MonthDay(i8, i8),
    Season(&'static str),
    Quarter(i8),
    Half(i8),
    Holiday(DayRule),
}

/// Which one of those that come round again.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Which {
    /// Nothing is said: the tense decides.
    Bare,
    This,
    Last,
    Next,
    /// The one of that year.
    Of(i16),
    /// The one of the year that lies so far from the report's.
    OfYearAt(i32),
}

/// From where "two days earlier" is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum From {
    Report,
    Mentioned,
}

/// What an expression says.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Meaning {
    /// Needs no calendar of its own.
    Fixed(Value),
    /// A numeric date that reads as day and month in either order: `03/02/2025`.
    EitherWay(Value, Value),
    /// A weekday with its date: the date counts.
    Instance(Recurring, Which),
    /// "this week", "last year": the unit that holds the report's day, moved.
    Relative(Unit, i32),
    /// "two weeks ago", "a day later".
    Shift { unit: Unit, amount: i64, from: From },
    /// "that day", "the quarter", "the period" (`None`): the last one mentioned.
    Same(Option<Unit>),
    /// "the latest quarter": the last one that is over.
    LatestQuarter,
    /// "the year-earlier quarter": a year before the last quarter mentioned, or before the report.
    YearBefore,
    /// "Friday night", "last night".
    PartOf(&'static str, Box<Meaning>),
    /// "10 a.m. Friday"; without a day, the one that the text speaks of.
    At(Clock, Option<Box<Meaning>>),
    /// "the day before yesterday", "the week of March 6".
    Around { unit: Unit, offset: i32, day: Box<Meaning> },
}

/// An expression and one past its last piece.
pub(super) type Found = (Meaning, usize);

/// Reads expressions of time from the pieces of one paragraph.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar<'p> {
    pub(super) pieces: &'p Pieces<'p>,
    /// What each piece says of time; looked up once, as many rules ask.
    pub(super) words: &'p [Option<TimeWord>],
}

impl<'p> Grammar<'p> {
    /// The longest expression that starts at `at`.
    pub(super) fn expression(self, at: usize) -> Option<Found> {
        if !self.may_start(at) {
            return None;
        }
        let longest = [
            self.clock_and_day(at),
            self.day_and_part(at),
            self.duration(at),
            self.set(at),
            self.reference(at),
        ];
        longest.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// False for the many words that no expression starts with.
    fn may_start(self, at: usize) -> bool {
        let word = self.word(at);
        let quarter = word.len() == 2 && word.starts_with('q');
        word.starts_with(|c: char| c.is_numeric())
            || quarter
            || may_lead(word)
            || self.pieces.number(at).is_some()
            || self.pieces.ordinal(at).is_some()
    }

    pub(super) fn word(self, at: usize) -> &'p str {
        self.pieces.word(at)
    }

    pub(super) fn time_word(self, at: usize) -> Option<TimeWord> {
        self.words.get(at).copied().flatten()
    }

    fn clock_and_day(self, at: usize) -> Option<Found> {
        let start = at + usize::from(matches!(self.word(at), "about" | "around" | "shortly"));
        let (clock, end) = self.clock(start)?;
        let joint = match self.word(end) {
            "," => end + 1 + usize::from(self.word(end + 1) == "on"),
            "on" => end + 1,
            _ => end,
        };
        if let Some((day, past)) = self.date(joint).filter(|(meaning, _)| is_day(meaning)) {
            return Some((Meaning::At(clock, Some(Box::new(day))), past));
        }
        // "8 p.m. last night", "11.40pm the night before"
        if let Some((Meaning::PartOf(_, day), past)) = self.part_of_today(joint) {
            return Some((Meaning::At(clock, Some(day)), past));
        }
        let day = self.day_near(end).map(Box::new);
        Some((Meaning::At(clock, day), end))
    }

    /// A day that follows within a few pieces of the same sentence: "10:35 a.m. (0735 GMT) Friday".
    fn day_near(self, at: usize) -> Option<Meaning> {
        (at..at + 6)
            .take_while(|&at| self.pieces.goes_on(at))
            .find_map(|at| self.date(at).map(|(meaning, _)| meaning).filter(is_day))
    }

    /// A date, and the part of the day after it: "Friday", "Friday night", "late on Friday".
    fn day_and_part(self, at: usize) -> Option<Found> {
        if let Some(night) = self.part_of_today(at) {
            return Some(night);
        }
        let (meaning, end) = self.modified_date(at)?;
        match self.time_word(end) {
            Some(TimeWord::Part(part)) if is_day(&meaning) && !self.pieces.capital(end) => {
                Some((Meaning::PartOf(part, Box::new(meaning)), end + 1))
            }
            _ => Some((meaning, end)),
        }
    }

    /// "tonight", "this morning", "last night", "the night before", "overnight".
    fn part_of_today(self, at: usize) -> Option<Found> {
        let today = |offset| Box::new(Meaning::Relative(Unit::Day, offset));
        let mentioned = |amount| Box::new(Meaning::Shift { unit: Unit::Day, amount, from: From::Mentioned });
        match (self.word(at), self.time_word(at + 1)) {
            ("tonight", _) => Some((Meaning::PartOf("NI", today(0)), at + 1)),
            ("overnight", _) if !self.pieces.hyphen(at + 1) => {
                Some((Meaning::PartOf("NI", today(0)), at + 1))
            }
            ("this" | "later" | "earlier", Some(TimeWord::Part(part))) => {
                Some((Meaning::PartOf(part, today(0)), at + 2))
            }
            ("last", Some(TimeWord::Part(part))) => Some((Meaning::PartOf(part, today(-1)), at + 2)),
            ("that" | "same", Some(TimeWord::Part(part))) => {
                Some((Meaning::PartOf(part, Box::new(Meaning::Same(Some(Unit::Day)))), at + 2))
            }
            ("the", Some(TimeWord::Part(part))) if self.word(at + 2) == "before" => {
                Some((Meaning::PartOf(part, mentioned(-1)), at + 3))
            }
            ("the", None) => {
                let amount = match self.word(at + 1) {
                    "next" | "following" => 1,
                    "previous" => -1,
                    _ => return None,
                };
                let Some(TimeWord::Part(part)) = self.time_word(at + 2) else { return None };
                Some((Meaning::PartOf(part, mentioned(amount)), at + 3))
            }
            _ => None,
        }
    }

    /// A date after "early", "late in", "the end of", "mid-".
    fn modified_date(self, at: usize) -> Option<Found> {
        self.modifier(at)
            .and_then(|core| self.date(core).or_else(|| self.running(core)))
            .or_else(|| self.date(at))
            .or_else(|| self.year_end(at))
    }

    /// Where the date starts after a modifier at `at`.
    fn modifier(self, at: usize) -> Option<usize> {
        let start = at + usize::from(self.word(at) == "the");
        match self.word(start) {
            "early" | "late" | "mid" | "earlier" | "later" | "midway" => {
                let next = start + 1;
                let inner = match self.word(next) {
                    "in" | "on" => next + 1,
                    _ => next,
                };
                // "earlier, in March": "earlier" says more only when it is tied to the date.
                Some(if start > at && self.time_word(inner).is_none() && !self.is_year(inner) {
                    return None;
                } else {
                    inner
                })
            }
            "end" | "beginning" | "start" | "middle" | "close" | "turn" if start > at => {
                (self.word(start + 1) == "of").then_some(start + 2)
            }
            "last" | "first" | "latter"
                if matches!(
                    self.word(start + 1),
                    "half" | "part" | "months" | "weeks" | "days" | "week" | "day"
                ) =>
            {
                (start > at && self.word(start + 2) == "of" && self.word(start + 1) != "half")
                    .then_some(start + 3)
            }
            _ => None,
        }
    }

    /// "the year" of "the end of the year": the one that the report is in.
    fn running(self, at: usize) -> Option<Found> {
        match self.time_word(at + 1)? {
            TimeWord::Unit { unit, plural: false } if self.word(at) == "the" && unit >= Unit::Day => {
                Some((Meaning::Relative(unit, 0), at + 2))
            }
            _ => None,
        }
    }

    /// "year-end", "year’s end".
    fn year_end(self, at: usize) -> Option<Found> {
        if self.word(at) != "year" {
            return None;
        }
        let joint = if matches!(self.word(at + 1), "’s" | "'s") { at + 2 } else { at + 1 };
        let december = Meaning::Instance(Recurring::MonthDay(12, 31), Which::OfYearAt(0));
        (self.word(joint) == "end").then_some((december, joint + 1))
    }

    /// Any date, from a day to a century.
    pub(super) fn date(self, at: usize) -> Option<Found> {
        let found = [
            self.numeric_date(at),
            self.calendar(at),
            self.with_determiner(at),
            self.around(at),
            self.quarter(at),
            self.decade_or_century(at),
            self.shifted(at),
            self.year(at),
        ];
        found.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best })
    }
}

/// True if `meaning` is one day, so that an hour or a part of the day can belong to it.
pub(super) fn is_day(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Fixed(value) => matches!(value, Value::Day(_)),
        Meaning::EitherWay(..) => true,
        Meaning::Instance(what, _) => {
            matches!(what, Recurring::Weekday(_) | Recurring::MonthDay(..) | Recurring::Holiday(_))
        }
        Meaning::Relative(unit, _) | Meaning::Shift { unit, .. } => *unit == Unit::Day,
        Meaning::Same(unit) => *unit == Some(Unit::Day),
        Meaning::Around { unit, .. } => *unit == Unit::Day,
        _ => false,
    }
}
