//! What an expression of time says, before anyone asks from which day it is counted.
//!
//! In: pieces of a paragraph and a place in it. Out: the longest expression that starts there, as a [`Meaning`].
//! Rules are by hand, one method for each shape. Each looks at a bounded number of pieces, so the whole is linear.

use crate::numbers::Pieces;

use super::lexicon::{DayRule, TimeWord, Unit, holidays, time_word};
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
}

impl<'p> Grammar<'p> {
    /// The longest expression that starts at `at`.
    pub(super) fn expression(self, at: usize) -> Option<Found> {
        let longest = [
            self.clock_and_day(at),
            self.day_and_part(at),
            self.duration(at),
            self.set(at),
            self.reference(at),
        ];
        longest.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    pub(super) fn word(self, at: usize) -> &'p str {
        self.pieces.word(at)
    }

    pub(super) fn time_word(self, at: usize) -> Option<TimeWord> {
        time_word(self.word(at))
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
            .and_then(|core| self.date(core))
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
                if matches!(self.word(start + 1), "half" | "part" | "months" | "weeks" | "days") =>
            {
                (start > at && self.word(start + 2) == "of" && self.word(start + 1) != "half")
                    .then_some(start + 3)
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

    /// Words that stand alone: "today", "Friday", "Friday, March 1", "May 2020", "Christmas".
    fn calendar(self, at: usize) -> Option<Found> {
        match self.time_word(at) {
            Some(TimeWord::Day(0)) if matches!(self.word(at + 1), "’s" | "'s") && self.pieces.capital(at) => {
                None
            }
            Some(TimeWord::Day(offset)) => Some((Meaning::Relative(Unit::Day, offset), at + 1)),
            Some(TimeWord::Weekday(day)) => self.weekday(at, day),
            Some(TimeWord::Month(_)) => self.month(at),
            _ => self.holiday(at).or_else(|| self.day_first(at)),
        }
    }

    /// "Friday", "Fri., March 1", not "Sunday Times" and not "Black Friday".
    fn weekday(self, at: usize, day: i8) -> Option<Found> {
        if !self.pieces.capital(at) || !self.stands_as_date(at) {
            return None;
        }
        let short = self.word(at).len() <= 5 && !self.word(at).ends_with("day");
        let end = if short { self.pieces.past_stop(at + 1) } else { at + 1 };
        let joint = end + usize::from(self.word(end) == ",");
        let joint = joint + usize::from(self.word(joint) == "the");
        if let Some((date, past)) = self.month(joint).or_else(|| self.day_first(joint))
            && matches!(date, Meaning::Instance(Recurring::MonthDay(..), _) | Meaning::Fixed(Value::Day(_)))
        {
            return Some((date, past));
        }
        if short && end == at + 1 {
            return None;
        }
        // "Wednesday last week", "Tuesday of this week"
        Some((Meaning::Instance(Recurring::Weekday(day), Which::Bare), end))
    }

    /// False in names: "Sunday Times", "Black Friday", "the Friday Group".
    fn stands_as_date(self, at: usize) -> bool {
        let name_before = matches!(
            self.pieces.before(at),
            "black" | "bloody" | "super" | "cyber" | "fat" | "shrove" | "ruby" | "casual" | "giving"
        );
        let name_after = self.pieces.capital(at + 1)
            && matches!(
                self.word(at + 1),
                "times"
                    | "telegraph"
                    | "mail"
                    | "express"
                    | "mirror"
                    | "post"
                    | "herald"
                    | "world"
                    | "people"
                    | "star"
                    | "sun"
                    | "mercury"
                    | "tribune"
                    | "business"
                    | "magazine"
                    | "group"
                    | "night"
                    | "review"
                    | "harbor"
                    | "independent"
                    | "monitor"
                    | "standard"
                    | "age"
            );
        !name_before && !name_after
    }

    /// "March 1, 2025", "March 1", "March 2025", "the week of March 6"; "March" alone where it can be no verb.
    fn month(self, at: usize) -> Option<Found> {
        let Some(TimeWord::Month(month)) = self.time_word(at) else { return None };
        if !self.pieces.capital(at) {
            return None;
        }
        let short = matches!(self.word(at).len(), 3 | 4) && !matches!(self.word(at), "may" | "june" | "july");
        let end = if short { self.pieces.past_stop(at + 1) } else { at + 1 };
        if let Some((day, past)) = self.day_of_month(end) {
            return Some(self.with_year(month, day, past));
        }
        if let Some((which, past)) = self.which_year(end) {
            return Some((Meaning::Instance(Recurring::Month(month), which), past));
        }
        if (short && end == at + 1 && !matches!(self.word(at), "sept")) || !self.month_alone(at, end) {
            return None;
        }
        Some((Meaning::Instance(Recurring::Month(month), Which::Bare), end))
    }

    /// `day` of `month`, with the year that stands at `at` if one does.
    fn with_year(self, month: i8, day: i8, at: usize) -> Found {
        let recurring = Recurring::MonthDay(month, day);
        match self.which_year(at) {
            Some((Which::Of(year), past)) => match jiff::civil::Date::new(year, month, day) {
                Ok(date) => (Meaning::Fixed(Value::Day(date)), past),
                Err(_) => (Meaning::Instance(recurring, Which::Of(year)), past),
            },
            Some((which, past)) => (Meaning::Instance(recurring, which), past),
            None => (Meaning::Instance(recurring, Which::Bare), at),
        }
    }

    /// 1 to 31 as the day of a month: "1", "1st", "first" of "March first".
    fn day_of_month(self, at: usize) -> Option<(i8, usize)> {
        let word = self.word(at);
        if self.pieces.hyphen(at) {
            return None;
        }
        let day = match self.pieces.ordinal(at) {
            Some((n, end)) if word.as_bytes()[0].is_ascii_digit() => (i8::try_from(n).ok()?, end),
            Some(_) => return None,
            None if word.len() <= 2 => (word.parse().ok()?, at + 1),
            None => return None,
        };
        // "May 10 percent", "March 20 people"
        let counts =
            matches!(self.word(day.1), "percent" | "%" | "people" | "million" | "billion" | "thousand");
        ((1..=31).contains(&day.0) && !counts).then_some(day)
    }

    /// A year right after a month or a day: ", 2025", "2025", "of 2025", "last year", "of this year".
    fn which_year(self, at: usize) -> Option<(Which, usize)> {
        let joint = at + usize::from(matches!(self.word(at), "," | "of"));
        if self.is_year(joint) && !matches!(self.word(joint + 1), "people" | "percent" | "%") {
            return Some((Which::Of(self.word(joint).parse().ok()?), joint + 1));
        }
        if self.word(at) != "," && self.word(joint + 1) == "year" {
            let offset = match self.word(joint) {
                "this" => 0,
                "last" => -1,
                "next" => 1,
                _ => return None,
            };
            return Some((Which::OfYearAt(offset), joint + 2));
        }
        None
    }

    /// False where "May", "March", "April", "June" or "August" is more likely a verb or a name.
    fn month_alone(self, at: usize, end: usize) -> bool {
        let word = self.word(at);
        if !matches!(word, "may" | "march" | "april" | "june" | "august" | "jan" | "mar" | "dec" | "sep") {
            return true;
        }
        let before = self.pieces.before(at);
        let led = matches!(
            before,
            "in" | "since"
                | "until"
                | "till"
                | "by"
                | "from"
                | "last"
                | "next"
                | "this"
                | "late"
                | "early"
                | "mid"
                | "of"
                | "during"
                | "through"
                | "before"
                | "after"
                | "between"
                | "to"
                | "each"
                | "every"
                | "for"
                | "previous"
                | "following"
                | "past"
        );
        // "the March vote", not "the March on Rome"
        let led = led || (before == "the" && !self.pieces.capital(end) && self.word(end).len() > 3);
        let named = self.pieces.capital(end)
            && !self.pieces.opens_sentence(end)
            && self.time_word(end).is_none()
            && !self.pieces.raw(end).starts_with(|c: char| !c.is_alphabetic());
        if matches!(word, "may" | "march") {
            led && !named
        } else {
            !named && (led || !self.pieces.opens_sentence(at))
        }
    }

    /// "1 March 2025", "1st of March", "2 May", "the 4th of July" is a holiday.
    fn day_first(self, at: usize) -> Option<Found> {
        let start = at + usize::from(self.word(at) == "the");
        let (day, end) = self.day_of_month(start)?;
        let end = end + usize::from(self.word(end) == "of");
        let Some(TimeWord::Month(month)) = self.time_word(end) else { return None };
        if !self.pieces.capital(end) {
            return None;
        }
        Some(self.with_year(month, day, self.pieces.past_stop(end + 1).min(self.after_month(end))))
    }

    /// One past the month at `at`, and past its full stop if it is shortened.
    fn after_month(self, at: usize) -> usize {
        if self.word(at).len() <= 4 && !matches!(self.word(at), "may" | "june" | "july") {
            self.pieces.past_stop(at + 1)
        } else {
            at + 1
        }
    }

    fn holiday(self, at: usize) -> Option<Found> {
        if !self.pieces.capital(at) && self.word(at) != "the" {
            return None;
        }
        let same = |at: usize, part: &str| {
            let word = self.word(at);
            word == part
                || (part.starts_with('’') && word.starts_with('\'') && word[1..] == part['’'.len_utf8()..])
        };
        let matches = |name: &[&str]| name.iter().enumerate().all(|(n, part)| same(at + n, part));
        let holiday = holidays(self.word(at)).iter().find(|holiday| matches(&holiday.name))?;
        let end = at + holiday.name.len();
        let recurring = Recurring::Holiday(holiday.rule);
        Some(match self.which_year(end) {
            Some((which, past)) => (Meaning::Instance(recurring, which), past),
            None => (Meaning::Instance(recurring, Which::Bare), end),
        })
    }

    /// `2025-03-02`, `03/02/2025`, `2.3.2025`.
    fn numeric_date(self, at: usize) -> Option<Found> {
        let word = self.word(at);
        let year = |part: &str| -> Option<i16> {
            match part.len() {
                4 => part.parse().ok().filter(|year| (1000..2200).contains(year)),
                2 => part.parse().ok().map(|year: i16| if year < 50 { 2000 + year } else { 1900 + year }),
                _ => None,
            }
        };
        let small = |part: &str| -> Option<i8> { part.parse().ok().filter(|_| part.len() <= 2) };
        let day = |year, month, day| jiff::civil::Date::new(year, month, day).ok().map(Value::Day);
        let parts: Vec<&str> = word.splitn(4, ['-', '/', '.']).collect();
        let marks = word.bytes().filter(|b| matches!(b, b'-' | b'/' | b'.')).count();
        match parts[..] {
            [a, b, c] if a.len() == 4 && marks == 2 && !word.contains('.') => {
                let date = day(year(a)?, small(b)?, small(&c[..c.len().min(2)])?)?;
                let rest = &c[c.len().min(2)..];
                (rest.is_empty() || rest.starts_with('t')).then_some((Meaning::Fixed(date), at + 1))
            }
            [a, b] if a.len() == 4 && b.len() == 2 && word.contains('-') => {
                let month = small(b).filter(|month| (1..=12).contains(month))?;
                Some((Meaning::Fixed(Value::Month(year(a)?, month)), at + 1))
            }
            [a, b, c] if word.contains('/') || c.len() == 4 => {
                let (first, second, year) = (small(a)?, small(b)?, year(c)?);
                let month_first = if word.contains('.') { None } else { day(year, first, second) };
                let meaning = match (month_first, day(year, second, first)) {
                    (Some(a), Some(b)) if a != b => Meaning::EitherWay(a, b),
                    (Some(date), _) | (None, Some(date)) => Meaning::Fixed(date),
                    (None, None) => return None,
                };
                Some((meaning, at + 1))
            }
            _ => None,
        }
    }

    /// "last year", "next Friday", "this summer", "the same day", "the past week", "the previous month".
    fn with_determiner(self, at: usize) -> Option<Found> {
        let the = usize::from(self.word(at) == "the");
        let at_word = at + the;
        let which = match self.word(at_word) {
            "this" | "current" => Which::This,
            "last" | "past" | "latest" => Which::Last,
            "next" if the == 1 && self.beside_mentioned(at_word).is_some() => {
                return self.beside_mentioned(at_word);
            }
            "next" | "coming" => Which::Next,
            "previous" | "preceding" | "following" | "ensuing" => return self.beside_mentioned(at_word),
            "that" | "same" => return self.same(at_word),
            "year"
                if matches!(self.word(at_word + 1), "earlier" | "ago") && self.pieces.hyphen(at_word + 1) =>
            {
                let period = matches!(self.word(at_word + 2), "quarter" | "period" | "month" | "half");
                return Some((Meaning::YearBefore, at_word + 2 + usize::from(period)));
            }
            _ => return if the == 1 { self.after_the(at_word) } else { self.bare_season(at) },
        };
        let mut next = at_word + 1;
        if matches!(
            self.word(next),
            "past" | "coming" | "same" | "fiscal" | "financial" | "calendar" | "school"
        ) {
            next += 1;
        }
        if matches!(self.word(next), "early" | "late" | "mid") {
            next += 1;
        }
        let offset = match which {
            Which::Last => -1,
            Which::Next => 1,
            _ => 0,
        };
        match self.time_word(next) {
            Some(TimeWord::Unit { unit: Unit::Quarter, plural: false }) if self.word(at_word) == "latest" => {
                Some((Meaning::LatestQuarter, next + 1))
            }
            Some(TimeWord::Unit { unit, plural: false }) if unit >= Unit::Day => {
                Some(self.possessive(Meaning::Relative(unit, offset), next + 1))
            }
            Some(TimeWord::Weekday(day)) if self.pieces.capital(next) => {
                Some((Meaning::Instance(Recurring::Weekday(day), which), next + 1))
            }
            Some(TimeWord::Month(month)) if self.pieces.capital(next) => {
                let end = self.after_month(next);
                match self.day_of_month(end) {
                    Some((day, past)) => {
                        Some((Meaning::Instance(Recurring::MonthDay(month, day), which), past))
                    }
                    None => Some((Meaning::Instance(Recurring::Month(month), which), end)),
                }
            }
            Some(TimeWord::Season(season)) => {
                Some((Meaning::Instance(Recurring::Season(season), which), next + 1))
            }
            _ if self.word(next) == "weekend" => {
                Some((Meaning::Instance(Recurring::Weekend, which), next + 1))
            }
            _ if self.word(at_word) == "latest" && self.word(next) == "period" => {
                Some((Meaning::LatestQuarter, next + 1))
            }
            _ => match self.holiday(next) {
                Some((Meaning::Instance(holiday, Which::Bare), end)) => {
                    Some((Meaning::Instance(holiday, which), end))
                }
                _ => None,
            },
        }
    }

    /// "this year’s third quarter", "last year’s fourth quarter", "last week’s Friday".
    fn possessive(self, meaning: Meaning, end: usize) -> Found {
        if let Meaning::Relative(Unit::Year, offset) = meaning
            && matches!(self.word(end), "’s" | "'s")
            && let Some((
                Meaning::Instance(part @ (Recurring::Quarter(_) | Recurring::Half(_)), Which::Bare),
                past,
            )) = self.quarter(end + 1)
        {
            return (Meaning::Instance(part, Which::OfYearAt(offset)), past);
        }
        (meaning, end)
    }

    /// "the previous day", "the following week": beside the day that the text speaks of.
    fn beside_mentioned(self, at: usize) -> Option<Found> {
        let amount = if matches!(self.word(at), "previous" | "preceding") { -1 } else { 1 };
        match self.time_word(at + 1)? {
            TimeWord::Unit { unit, plural: false } if unit >= Unit::Day => {
                Some((Meaning::Shift { unit, amount, from: From::Mentioned }, at + 2))
            }
            TimeWord::Weekday(day) if self.pieces.capital(at + 1) => {
                let which = if amount < 0 { Which::Last } else { Which::Next };
                Some((Meaning::Instance(Recurring::Weekday(day), which), at + 2))
            }
            TimeWord::Month(month) if self.pieces.capital(at + 1) => {
                let which = if amount < 0 { Which::Last } else { Which::Next };
                Some((Meaning::Instance(Recurring::Month(month), which), at + 2))
            }
            _ => None,
        }
    }

    /// "that day", "the same month", "that same year".
    fn same(self, at: usize) -> Option<Found> {
        let next = at + 1 + usize::from(self.word(at + 1) == "same");
        match self.time_word(next)? {
            TimeWord::Unit { unit, plural: false } if unit >= Unit::Day && unit != Unit::Quarter => {
                Some((Meaning::Same(Some(unit)), next + 1))
            }
            _ => None,
        }
    }

    /// What "the" alone makes definite: "the weekend", "the quarter", "the summer", "the year".
    fn after_the(self, at: usize) -> Option<Found> {
        match self.time_word(at) {
            Some(TimeWord::Unit { unit: Unit::Quarter, plural: false })
                if !self.pieces.hyphen(at + 1) && self.word(at + 1) != "of" =>
            {
                Some((Meaning::Same(Some(Unit::Quarter)), at + 1))
            }
            Some(TimeWord::Season(_)) => self.bare_season(at),
            _ if self.word(at) == "weekend" => {
                Some((Meaning::Instance(Recurring::Weekend, Which::Bare), at + 1))
            }
            _ => None,
        }
    }

    /// "summer 2019", "the summer of 2019", "in spring": a season that is no verb or source of water.
    fn bare_season(self, at: usize) -> Option<Found> {
        let Some(TimeWord::Season(season)) = self.time_word(at) else { return None };
        if let Some((which, past)) = self.which_year(at + 1) {
            return Some((Meaning::Instance(Recurring::Season(season), which), past));
        }
        let before = self.pieces.before(at);
        let led = matches!(before, "in" | "by" | "since" | "until" | "during" | "early" | "late" | "of");
        let determined = before == "the"
            && at >= 2
            && matches!(
                self.pieces.before(at - 1),
                "in" | "by" | "since" | "until" | "during" | "over" | "through" | "for" | "of" | "into"
            );
        (led || determined).then_some((Meaning::Instance(Recurring::Season(season), Which::Bare), at + 1))
    }

    /// "the day before yesterday", "the week of March 6", "the day after Friday".
    fn around(self, at: usize) -> Option<Found> {
        let start = at + usize::from(self.word(at) == "the");
        let Some(TimeWord::Unit { unit: unit @ (Unit::Day | Unit::Week), plural: false }) =
            self.time_word(start)
        else {
            return None;
        };
        let offset = match (self.word(start + 1), unit) {
            ("before", _) => -1,
            ("after", _) => 1,
            ("of", Unit::Week) => 0,
            _ => return None,
        };
        let (day, end) = self.calendar(start + 2).or_else(|| self.with_determiner(start + 2))?;
        is_day(&day).then(|| (Meaning::Around { unit, offset, day: Box::new(day) }, end))
    }

    /// "the third quarter of 1989", "Q3 2024", "the first half", "third-quarter".
    fn quarter(self, at: usize) -> Option<Found> {
        let mut start = at + usize::from(self.word(at) == "the");
        start += usize::from(matches!(self.word(start), "fiscal"));
        let short =
            self.word(start).strip_prefix('q').and_then(|n| n.parse().ok()).filter(|n| (1..=4).contains(n));
        let (n, end, half) = match short {
            Some(n) if self.word(start).len() == 2 && self.pieces.capital(start) => (n, start + 1, false),
            _ => {
                let (n, end) = match self.word(start) {
                    "last" | "latter" if self.word(start + 1) == "half" && start > at => (2, start + 1),
                    _ => self.pieces.ordinal(start)?,
                };
                let end = end + usize::from(self.word(end) == "fiscal");
                match self.word(end) {
                    "quarter" if n <= 4 => (i8::try_from(n).ok()?, end + 1, false),
                    "half" if n <= 2 => (i8::try_from(n).ok()?, end + 1, true),
                    _ => return None,
                }
            }
        };
        let part = if half { Recurring::Half(n) } else { Recurring::Quarter(n) };
        let fiscal = if self.word(end) == "of" && self.word(end + 1) == "fiscal" { end + 2 } else { end };
        if let Some((which, past)) = self.which_year(fiscal) {
            return Some((Meaning::Instance(part, which), past));
        }
        // "the third-quarter loss": the article belongs to the loss.
        if start > at && self.pieces.hyphen(end - 1) {
            return None;
        }
        // "the first half" of a match or of anything else is no time of the year.
        (!half).then_some((Meaning::Instance(part, Which::Bare), end))
    }

    /// "the 1990s", "the nineties", "the '80s", "the 20th century".
    fn decade_or_century(self, at: usize) -> Option<Found> {
        let start = at + usize::from(self.word(at) == "the");
        let start = start + usize::from(matches!(self.word(start), "early" | "late" | "mid") && start > at);
        if let Some((n, end)) = self.pieces.ordinal(start)
            && (1..=30).contains(&n)
            && self.word(end) == "century"
        {
            return Some((Meaning::Fixed(Value::Century(i16::try_from(n).ok()? - 1)), end + 1));
        }
        let word = self.word(start);
        let quoted = matches!(word, "'" | "’" | "‘") && start > at;
        let digits = if quoted { self.word(start + 1) } else { word };
        let end = start + 1 + usize::from(quoted);
        let named =
            ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
        if let Some(n) = named.iter().position(|&name| name == word).filter(|_| start > at) {
            return Some((Meaning::Fixed(Value::Decade(1920 + 10 * i16::try_from(n).ok()?)), end));
        }
        let year = digits.strip_suffix("s").filter(|digits| digits.ends_with('0'))?;
        let year: i16 = match year.len() {
            4 => year.parse().ok().filter(|year| (1000..2100).contains(year))?,
            2 if quoted => 1900 + year.parse::<i16>().ok()?,
            _ => return None,
        };
        Some((Meaning::Fixed(Value::Decade(year)), end))
    }

    /// "two weeks ago", "a year earlier", "three days later", "ten days from now".
    fn shifted(self, at: usize) -> Option<Found> {
        let (amount, unit, end) = self.amount(at)?;
        let (sign, from, end) = match self.word(end) {
            "ago" => (-1, From::Report, end + 1),
            "earlier" | "before" | "previously" if !self.takes_object(end) => (-1, From::Mentioned, end + 1),
            "later" | "afterwards" | "afterward" => (1, From::Mentioned, end + 1),
            "from" if matches!(self.word(end + 1), "now" | "today") => (1, From::Report, end + 2),
            "hence" => (1, From::Report, end + 1),
            "from" | "after" | "before" if unit == Unit::Week => {
                let offset = if self.word(end) == "before" { -1 } else { 1 };
                let (day, past) = self.calendar(end + 1).filter(|(day, _)| is_day(day))?;
                let days = offset * i32::try_from(amount? as i64).ok()? * 7;
                return Some((Meaning::Around { unit: Unit::Day, offset: days, day: Box::new(day) }, past));
            }
            _ => return None,
        };
        let Some(amount) = amount else {
            let vague = if sign < 0 { "PAST_REF" } else { "FUTURE_REF" };
            return Some((Meaning::Fixed(Value::Reference(vague)), end));
        };
        let (unit, amount) = whole(unit, amount);
        Some((Meaning::Shift { unit, amount: sign * amount, from }, end))
    }

    /// True for "before" that is a preposition: "two days before the vote".
    fn takes_object(self, at: usize) -> bool {
        self.word(at) == "before"
            && self.pieces.goes_on(at + 1)
            && self.word(at + 1).starts_with(|c: char| c.is_alphanumeric())
            && !matches!(self.word(at + 1), "and" | "but" | "in" | "when" | "had" | "was" | "were")
    }

    /// True if a year of four digits stands at `at`.
    pub(super) fn is_year(self, at: usize) -> bool {
        let word = self.word(at);
        word.len() == 4
            && word.bytes().all(|b| b.is_ascii_digit())
            && word.parse().is_ok_and(|year: u16| (1000..2200).contains(&year))
            && !(self.word(at + 1) == "," && self.pieces.glued(at + 1) && self.pieces.glued(at + 2))
    }

    /// A year alone: "in 2010", "the 2022 invasion", "fiscal 1989". Four digits without a comma are a year, not a count,
    /// but where they count ("killed 2000 soldiers") or name ("Flight 1990").
    fn year(self, at: usize) -> Option<Found> {
        let the = at + usize::from(self.word(at) == "the");
        let start = the + usize::from(matches!(self.word(the), "fiscal" | "year" | "calendar"));
        if start == the && the > at {
            return None;
        }
        if let Some((Meaning::Instance(part, Which::Bare), end)) = self.quarter(start + 1)
            && self.is_year(start)
        {
            return Some((Meaning::Instance(part, Which::Of(self.word(start).parse().ok()?)), end));
        }
        if !self.is_year(start) || (self.pieces.hyphen(start) && !self.year_can_follow(start)) {
            return None;
        }
        let year: i16 = self.word(start).parse().ok()?;
        let before = self.pieces.before(start);
        let of_time = matches!(
            before,
            "in" | "since"
                | "until"
                | "till"
                | "by"
                | "from"
                | "during"
                | "before"
                | "after"
                | "early"
                | "late"
                | "mid"
                | "circa"
                | "year"
                | "fiscal"
                | "through"
        );
        let of_noun =
            matches!(before, "the" | "of" | "a" | "his" | "her" | "its" | "their" | "our" | "’s" | "'s");
        let named = self.pieces.glued(start)
            && !matches!(
                before,
                "(" | "["
                    | "–"
                    | "—"
                    | "-"
                    | "/"
                    | "“"
                    | "\""
                    | "‘"
                    | ","
                    | "early"
                    | "mid"
                    | "late"
                    | "pre"
                    | "post"
            )
            || matches!(
                before,
                "no" | "rs"
                    | "flight"
                    | "boeing"
                    | "airbus"
                    | "room"
                    | "route"
                    | "chapter"
                    | "section"
                    | "hotel"
                    | "highway"
                    | "than"
                    | "about"
                    | "nearly"
                    | "some"
                    | "almost"
                    | "over"
            );
        let counted = !of_time
            && (self.counts(start + 1)
                || !of_noun && self.word(start + 1).ends_with('s') && !self.pieces.glued(start + 1));
        let modern = (1900..=2099).contains(&year);
        let likely = of_time || (modern && !named && !counted);
        likely.then_some((Meaning::Fixed(Value::Year(year)), start + 1))
    }

    /// "1990-1994", "mid-1990", "post-1959".
    fn year_can_follow(self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| {
            self.is_year(before) || matches!(self.word(before), "mid" | "early" | "late" | "pre" | "post")
        })
    }

    /// True for a word that makes the number before it a count or an amount.
    fn counts(self, at: usize) -> bool {
        matches!(
            self.word(at),
            "people"
                | "men"
                | "women"
                | "children"
                | "percent"
                | "%"
                | "km"
                | "feet"
                | "troops"
                | "police"
                | "or"
                | "million"
                | "billion"
                | "hectares"
                | "m"
                | "kg"
        )
    }

    /// How much of which unit: "two weeks", "a year", "several months" (`None`), and one past it.
    pub(super) fn amount(self, at: usize) -> Option<(Option<f64>, Unit, usize)> {
        let mut start = self.past_approximator(at);
        let vague = matches!(self.word(start), "several" | "some" | "many" | "few");
        let (amount, mut end) = if vague {
            (None, start + 1)
        } else if self.word(start) == "a" && matches!(self.word(start + 1), "few" | "couple") {
            let couple = self.word(start + 1) == "couple";
            let end = start + 2 + usize::from(self.word(start + 2) == "of");
            (couple.then_some(2.0), end)
        } else if self.word(start) == "half" && matches!(self.word(start + 1), "a" | "an") {
            (Some(0.5), start + 2)
        } else if self.word(start) == "couple" && self.word(start + 1) == "of" {
            (Some(2.0), start + 2)
        } else if let Some(number) = self.pieces.number(start) {
            let value = (number.up_to == number.value).then_some(number.value);
            (value, number.end + usize::from(self.word(number.end) == "of" && value.is_none()))
        } else if matches!(self.word(start), "a" | "an") {
            (Some(1.0), start + 1)
        } else {
            return None;
        };
        end += usize::from(matches!(
            self.word(end),
            "more" | "full" | "long" | "whole" | "straight" | "consecutive" | "extra" | "short"
        ));
        start = end;
        match self.time_word(start)? {
            TimeWord::Unit { unit: Unit::Second, plural: false }
                if amount != Some(1.0) || self.word(start - 1) == "a" =>
            {
                None
            }
            // "three-quarters of its food"
            TimeWord::Unit { unit: Unit::Quarter, .. }
                if amount == Some(1.0) || self.pieces.hyphen(start) =>
            {
                None
            }
            // "60 Minutes"
            TimeWord::Unit { .. } if self.pieces.capital(start) && !self.pieces.capital(start - 1) => None,
            TimeWord::Unit { unit, .. } => {
                let half = self.word(start + 1) == "and"
                    && self.word(start + 2) == "a"
                    && self.word(start + 3) == "half";
                let more = if half { 0.5 } else { 0.0 };
                Some((amount.map(|n| n + more), unit, start + 1 + if half { 3 } else { 0 }))
            }
            _ => None,
        }
    }

    /// Where the number starts after "about", "more than", "at least", "up to".
    fn past_approximator(self, at: usize) -> usize {
        match (self.word(at), self.word(at + 1)) {
            ("more" | "less" | "fewer" | "longer", "than")
            | ("at", "least" | "most")
            | ("up", "to")
            | ("as", "many") => at + 2 + usize::from(self.word(at) == "as" && self.word(at + 2) == "as"),
            ("a" | "just", "little") if self.word(at + 2) == "over" => at + 3,
            (
                "about" | "around" | "nearly" | "almost" | "over" | "roughly" | "approximately" | "some"
                | "under" | "only" | "just",
                _,
            ) => at + 1,
            _ => at,
        }
    }
}

/// `amount` of `unit` as whole units of the same or a shorter one: 1.5 years are 18 months.
fn whole(unit: Unit, amount: f64) -> (Unit, i64) {
    if amount.fract() == 0.0 {
        return (unit, amount as i64);
    }
    let (unit, factor) = match unit {
        Unit::Century => (Unit::Decade, 10.0),
        Unit::Decade => (Unit::Year, 10.0),
        Unit::Year => (Unit::Month, 12.0),
        Unit::Month => (Unit::Day, 30.0),
        Unit::Week => (Unit::Day, 7.0),
        Unit::Day => (Unit::Hour, 24.0),
        unit => (unit, 1.0),
    };
    (unit, (amount * factor).round() as i64)
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
