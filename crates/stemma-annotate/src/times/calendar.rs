//! Dates with a month, a weekday or a name: "1 March 2025", "Friday, March 1", "03/02/2025", "Christmas Eve".

use super::context::{Class, is};
use super::grammar::{Found, Grammar, Meaning, Recurring, Which};
use super::lexicon::{TimeWord, Unit, holidays};
use super::value::Value;

impl Grammar<'_> {
    /// Words that stand alone: "today", "Friday", "Friday, March 1", "May 2020", "Christmas".
    pub(super) fn calendar(self, at: usize) -> Option<Found> {
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
        let name_before = is(Class::NameBefore, self.pieces.before(at));
        let name_after = self.pieces.capital(at + 1) && is(Class::NameAfter, self.word(at + 1));
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
    pub(super) fn day_of_month(self, at: usize) -> Option<(i8, usize)> {
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
    pub(super) fn which_year(self, at: usize) -> Option<(Which, usize)> {
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
        let led = is(Class::MonthLead, before);
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
    pub(super) fn after_month(self, at: usize) -> usize {
        if self.word(at).len() <= 4 && !matches!(self.word(at), "may" | "june" | "july") {
            self.pieces.past_stop(at + 1)
        } else {
            at + 1
        }
    }

    pub(super) fn holiday(self, at: usize) -> Option<Found> {
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
    pub(super) fn numeric_date(self, at: usize) -> Option<Found> {
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
}
