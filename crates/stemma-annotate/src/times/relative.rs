//! Dates counted from another: "last week", "next Friday", "two days ago", "the day before yesterday".

use super::grammar::{Found, From, Grammar, Meaning, Recurring, Which, is_day};
use super::lexicon::{TimeWord, Unit};
use super::value::Value;

impl Grammar<'_> {
    /// "last year", "next Friday", "this summer", "the same day", "the past week", "the previous month".
    pub(super) fn with_determiner(self, at: usize) -> Option<Found> {
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
    pub(super) fn around(self, at: usize) -> Option<Found> {
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

    /// "two weeks ago", "a year earlier", "three days later", "ten days from now".
    pub(super) fn shifted(self, at: usize) -> Option<Found> {
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
