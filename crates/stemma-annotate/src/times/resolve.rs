//! From what an expression says to a day of the calendar, with the reasoning in one line.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use stemma_core::TimeKind;

use super::grammar::{From, Meaning, Recurring, Which};
use super::length::duration_value;
use super::lexicon::{DayRule, Unit};
use super::tense::Tense;
use super::value::{Clock, Value, holiday, shift};

/// What is known where an expression stands.
#[derive(Clone, Debug)]
pub(super) struct Context {
    /// Day of publication.
    pub(super) report: Option<Date>,
    /// The day, or the first day of the time, that the text spoke of last.
    pub(super) mentioned: Option<Value>,
    /// The last quarter that the text spoke of.
    pub(super) quarter: Option<(i16, i8)>,
    /// The last quarter stands in this sentence or the one before.
    pub(super) quarter_is_near: bool,
    /// The day that this sentence spoke of.
    pub(super) day_of_sentence: Option<Date>,
    /// Tense of the clause.
    pub(super) tense: Tense,
}

/// A value and how it was found.
pub(super) type Resolved = (Value, String);

impl Context {
    /// The value of `meaning` here. `None` for what cannot be a time after all ("the quarter" of a match).
    pub(super) fn resolve(&self, meaning: &Meaning) -> Option<Resolved> {
        match meaning {
            Meaning::Fixed(value) => Some((value.clone(), fixed_reason(value).to_owned())),
            Meaning::EitherWay(month_first, day_first) => Some(self.either_way(month_first, day_first)),
            Meaning::Instance(what, which) => self.instance(*what, *which),
            Meaning::Relative(unit, offset) => self.relative(*unit, *offset),
            Meaning::Shift { unit, amount, from } => self.shifted(*unit, *amount, *from),
            Meaning::Same(unit) => self.same(*unit),
            Meaning::LatestQuarter => ended_quarter(self.report?),
            Meaning::YearBefore => self.year_before(),
            Meaning::PartOf(part, day) => Some(match self.resolve(day)? {
                (Value::Day(day), reason) => (Value::Part(day, part), reason),
                (value, reason) => (Value::Open(TimeKind::Time, format!("{value}T{part}")), reason),
            }),
            Meaning::At(clock, day) => self.at(*clock, day.as_deref()),
            Meaning::Around { unit, offset, day } => self.around(*unit, *offset, day),
        }
    }

    /// The order of day and month that puts the date nearer to the report's; without one, the month first.
    fn either_way(&self, month_first: &Value, day_first: &Value) -> Resolved {
        let distance = |value: &Value| match (value, self.report) {
            (Value::Day(day), Some(report)) => days_between(*day, report).abs(),
            _ => 0,
        };
        let swap = distance(day_first) < distance(month_first);
        let (value, order) = if swap { (day_first, "day first") } else { (month_first, "month first") };
        (value.clone(), format!("read with the {order}"))
    }

    fn instance(&self, what: Recurring, which: Which) -> Option<Resolved> {
        if let Which::Of(year) = which {
            return Some((in_year(what, year)?, "written with its year".to_owned()));
        }
        let Some(report) = self.report else {
            return Some((open(what), "the report's date is not known".to_owned()));
        };
        if let Which::OfYearAt(offset) = which {
            let year = report.year().checked_add(i16::try_from(offset).ok()?)?;
            let reason = format!("{} {year}, counted from {report}, the report's date", name(what));
            return Some((in_year(what, year)?, reason));
        }
        match what {
            Recurring::Weekday(day) => self.weekday(report, day, which),
            Recurring::Weekend => self.weekend(report, which),
            _ => self.of_a_year(report, what, which),
        }
    }

    /// "Friday": the last one up to the report's day, or the next one where the clause speaks of the future.
    fn weekday(&self, report: Date, day: i8, which: Which) -> Option<Resolved> {
        let weekday = Weekday::from_monday_one_offset(day).ok()?;
        let same = report.weekday() == weekday;
        let (date, direction) = match (which, self.tense) {
            (Which::Last, _) => (report.nth_weekday(-1, weekday).ok()?, "before"),
            (Which::Next, _) => (report.nth_weekday(1, weekday).ok()?, "after"),
            _ if same => (report, "which is"),
            (Which::This, Tense::Past) => (report.nth_weekday(-1, weekday).ok()?, "before"),
            (Which::This, _) | (_, Tense::Future) => (report.nth_weekday(1, weekday).ok()?, "after"),
            _ => (report.nth_weekday(-1, weekday).ok()?, "before"),
        };
        Some((Value::Day(date), format!("{} {direction} {report}, the report's date", weekday_name(day))))
    }

    fn weekend(&self, report: Date, which: Which) -> Option<Resolved> {
        let weekend_now = report.weekday().to_monday_one_offset() >= 6;
        let weeks = match (which, self.tense) {
            (Which::Next, _) => 1,
            (Which::This, Tense::Past) | (Which::Bare, Tense::Past | Tense::Unknown) | (Which::Last, _)
                if !weekend_now =>
            {
                -1
            }
            (Which::Last, _) => -1,
            _ => 0,
        };
        let day = report.checked_add(i64::from(weeks).weeks()).ok()?;
        Some((Value::Weekend(day), format!("weekend near {report}, the report's date")))
    }

    /// Months, days of months, seasons, quarters and named days: the year is what is looked for.
    fn of_a_year(&self, report: Date, what: Recurring, which: Which) -> Option<Resolved> {
        let this_year = report.year();
        let candidates = [this_year - 1, this_year, this_year + 1].map(|year| in_year(what, year));
        let [before, same, after] = candidates;
        let (before, same, after) = (before?, same?, after?);
        let position = |value: &Value| match first_and_last(value) {
            Some((first, last)) if first <= report && report <= last => 0,
            Some((first, _)) if first > report => 1,
            _ => -1,
        };
        let here = position(&same);
        let value = match which {
            Which::Last => {
                if here < 0 {
                    same
                } else {
                    before
                }
            }
            Which::Next => {
                if here > 0 {
                    same
                } else {
                    after
                }
            }
            Which::This => same,
            Which::Bare if matches!(what, Recurring::Quarter(_)) && self.tense == Tense::Past => {
                if here <= 0 { same } else { before }
            }
            _ => nearest(report, [before, same, after], self.tense),
        };
        let direction = match position(&value) {
            0 => "with",
            1 => "after",
            _ => "before",
        };
        Some((value, format!("{} {direction} {report}, the report's date", name(what))))
    }

    fn relative(&self, unit: Unit, offset: i32) -> Option<Resolved> {
        // "the past decade" is a length, not the decade of the calendar.
        if unit >= Unit::Decade && offset != 0 {
            return Some((Value::Duration(duration_value(Some(1.0), unit)), "a length of time".to_owned()));
        }
        let Some(report) = self.report else {
            return Some((open_unit(unit, offset), "the report's date is not known".to_owned()));
        };
        let value = Value::holding(shift(report, unit, i64::from(offset))?, unit);
        let which = match (unit, offset) {
            (_, 0) => format!("the {} of", unit.name()),
            (_, -1) => format!("the {} before", unit.name()),
            (_, 1) => format!("the {} after", unit.name()),
            (_, n) => format!("{n} {}s from", unit.name()),
        };
        Some((value, format!("{which} {report}, the report's date")))
    }

    fn shifted(&self, unit: Unit, amount: i64, from: From) -> Option<Resolved> {
        if unit == Unit::Year && amount == -1 && self.quarter_is_near {
            return self.year_before();
        }
        let mentioned = self.mentioned.as_ref().filter(|_| from == From::Mentioned);
        let (start, whose) = match (mentioned.and_then(first_and_last), self.report) {
            (Some((first, _)), _) => (first, "named before"),
            (None, Some(report)) => (report, "the report's date"),
            (None, None) => {
                let vague = if amount < 0 { "PAST_REF" } else { "FUTURE_REF" };
                return Some((Value::Reference(vague), "the report's date is not known".to_owned()));
            }
        };
        // A month or year named before stays a month or year: "a year earlier" than 1989 is 1988, not a day of it.
        let grain = mentioned.and_then(Value::grain).map_or(unit, |grain| grain.max(unit));
        let grain = if grain == Unit::Decade || grain == Unit::Century { Unit::Year } else { grain };
        let Some(day) = shift(start, unit, amount) else {
            let vague = if amount < 0 { "PAST_REF" } else { "FUTURE_REF" };
            return Some((Value::Reference(vague), "beyond the calendar".to_owned()));
        };
        let direction = if amount < 0 { "before" } else { "after" };
        let plural = if amount.abs() == 1 { "" } else { "s" };
        let reason = format!("{} {}{plural} {direction} {start}, {whose}", amount.abs(), unit.name());
        Some((Value::holding(day, grain), reason))
    }

    fn same(&self, unit: Option<Unit>) -> Option<Resolved> {
        if unit == Some(Unit::Quarter) {
            return match (self.quarter, self.report) {
                (Some((year, quarter)), _) => {
                    Some((Value::Quarter(year, quarter), "the quarter named before".to_owned()))
                }
                (None, Some(report)) => ended_quarter(report),
                (None, None) => None,
            };
        }
        let unit = unit?;
        let mentioned = self.mentioned.as_ref();
        let (day, whose) = match (mentioned.and_then(first_and_last), self.report) {
            (Some((first, _)), _) => (first, "named before"),
            (None, Some(report)) => (report, "the report's date"),
            (None, None) => return None,
        };
        // "that day" after "in March" is not the first of March.
        let known = mentioned.and_then(Value::grain).is_none_or(|grain| grain <= unit);
        let value = if known { Value::holding(day, unit) } else { Value::Reference("PAST_REF") };
        Some((value, format!("the {} of {day}, {whose}", unit.name())))
    }

    fn year_before(&self) -> Option<Resolved> {
        let (year, quarter) = match (self.quarter, self.report) {
            (Some(quarter), _) => quarter,
            (None, Some(report)) => (report.year(), (report.month() + 2) / 3),
            (None, None) => return None,
        };
        Some((Value::Quarter(year - 1, quarter), format!("a year before {year:04}-Q{quarter}, named before")))
    }

    fn at(&self, clock: Clock, day: Option<&Meaning>) -> Option<Resolved> {
        let (day, reason) = match day {
            Some(meaning) => match self.resolve(meaning)? {
                (Value::Day(day), reason) => (Some(day), reason),
                (value, reason) => {
                    return Some((Value::Open(TimeKind::Time, format!("{value}{clock}")), reason));
                }
            },
            None => match (self.day_of_sentence, self.report) {
                (Some(day), _) => (Some(day), format!("on {day}, named before")),
                (None, Some(report)) => (Some(report), format!("on {report}, the report's date")),
                (None, None) => (None, "the report's date is not known".to_owned()),
            },
        };
        Some((Value::Clock { day, clock }, reason))
    }

    fn around(&self, unit: Unit, offset: i32, day: &Meaning) -> Option<Resolved> {
        let (value, reason) = self.resolve(day)?;
        let Value::Day(day) = value else { return None };
        let moved = shift(day, unit, i64::from(offset))?;
        Some((Value::holding(moved, unit), format!("counted from {day}: {reason}")))
    }
}

/// The last quarter that was over on the report's day: the one that results are of.
fn ended_quarter(report: Date) -> Option<Resolved> {
    let value = Value::holding(shift(report, Unit::Quarter, -1)?, Unit::Quarter);
    Some((value, format!("the last quarter that ended before {report}, the report's date")))
}

fn fixed_reason(value: &Value) -> &'static str {
    match value {
        Value::Duration(_) => "a length of time",
        Value::Set(_) => "something that recurs",
        Value::Reference(_) => "no more exact than its words",
        _ => "written in full",
    }
}

fn days_between(a: Date, b: Date) -> i32 {
    a.since(b).map_or(i32::MAX, |span| span.get_days())
}

/// First and last day of `value`; of a season, as in the north.
fn first_and_last(value: &Value) -> Option<(Date, Date)> {
    if let Value::Season(year, season) = *value {
        let first_month = match season {
            "SP" => 3,
            "SU" => 6,
            "FA" => 9,
            _ => 12,
        };
        let first = Date::new(year, first_month, 1).ok()?;
        return Some((first, first.checked_add(2.months()).ok()?.last_of_month()));
    }
    value.days().map(|days| (days.first, days.last))
}

/// How much nearer the past counts where the verb is in the past, and the future where it is in the future. With 0.2,
/// "in March" in a report of November is the March behind with a verb in the past, and "Dec. 7" in one of October is the
/// one ahead with any verb. Chosen by what news writers need to tell apart without a year.
const PULL_OF_TENSE: f64 = 0.2;

/// The one of three whose days lie nearest to `report`, drawn to one side by the tense; the earlier one on a tie.
fn nearest(report: Date, values: [Value; 3], tense: Tense) -> Value {
    let (past, future) = match tense {
        Tense::Past => (PULL_OF_TENSE, 1.0),
        Tense::Future => (1.0, PULL_OF_TENSE),
        Tense::Unknown => (1.0, 1.0),
    };
    let distance = |value: &Value| match first_and_last(value) {
        Some((first, _)) if first > report => f64::from(days_between(first, report)) * future,
        Some((_, last)) if last < report => f64::from(days_between(report, last)) * past,
        Some(_) => 0.0,
        None => f64::INFINITY,
    };
    let [before, same, after] = values;
    let mut best = before;
    for next in [same, after] {
        if distance(&next) < distance(&best) {
            best = next;
        }
    }
    best
}

/// The instance of `what` in `year`.
fn in_year(what: Recurring, year: i16) -> Option<Value> {
    if !(1..=9998).contains(&year) {
        return None;
    }
    Some(match what {
        Recurring::Month(month) => Value::Month(year, month),
        // February 29 of a year that has none: the year is wrong or the day is; the day before is what is meant.
        Recurring::MonthDay(month, day) => {
            Value::Day(Date::new(year, month, day).or_else(|_| Date::new(year, month, day - 1)).ok()?)
        }
        Recurring::Season(season) => Value::Season(year, season),
        Recurring::Quarter(quarter) => Value::Quarter(year, quarter),
        Recurring::Half(half) => Value::Half(year, half),
        Recurring::Holiday(rule) => Value::Day(holiday(rule, year)?),
        Recurring::Weekday(_) | Recurring::Weekend => return None,
    })
}

/// What can be said without knowing the report's date.
fn open(what: Recurring) -> Value {
    let value = match what {
        Recurring::Weekday(day) => format!("XXXX-WXX-{day}"),
        Recurring::Weekend => "XXXX-WXX-WE".to_owned(),
        Recurring::Month(month) => format!("XXXX-{month:02}"),
        Recurring::MonthDay(month, day) | Recurring::Holiday(DayRule::Fixed { month, day }) => {
            format!("XXXX-{month:02}-{day:02}")
        }
        Recurring::Season(season) => format!("XXXX-{season}"),
        Recurring::Quarter(quarter) => format!("XXXX-Q{quarter}"),
        Recurring::Half(half) => format!("XXXX-H{half}"),
        Recurring::Holiday(_) => "XXXX-XX-XX".to_owned(),
    };
    Value::Open(TimeKind::Date, value)
}

fn open_unit(unit: Unit, offset: i32) -> Value {
    if unit == Unit::Day && offset == 0 {
        return Value::Reference("PRESENT_REF");
    }
    let value = match unit {
        Unit::Week | Unit::Fortnight => "XXXX-WXX",
        Unit::Month => "XXXX-XX",
        Unit::Quarter => "XXXX-QX",
        Unit::Year | Unit::Decade | Unit::Century => "XXXX",
        _ => "XXXX-XX-XX",
    };
    Value::Open(TimeKind::Date, value.to_owned())
}

fn weekday_name(day: i8) -> &'static str {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        .get(usize::try_from(day - 1).unwrap_or(0))
        .unwrap_or(&"day")
}

fn name(what: Recurring) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = |month: i8| usize::try_from(month - 1).ok().and_then(|n| MONTHS.get(n)).unwrap_or(&"month");
    match what {
        Recurring::Weekday(day) => weekday_name(day).to_owned(),
        Recurring::Weekend => "weekend".to_owned(),
        Recurring::Month(n) => (*month(n)).to_owned(),
        Recurring::MonthDay(n, day) => format!("{} {day}", month(n)),
        Recurring::Season(season) => match season {
            "SP" => "spring",
            "SU" => "summer",
            "FA" => "fall",
            _ => "winter",
        }
        .to_owned(),
        Recurring::Quarter(n) => format!("quarter {n}"),
        Recurring::Half(n) => format!("half {n}"),
        Recurring::Holiday(_) => "that day".to_owned(),
    }
}
