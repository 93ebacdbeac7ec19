//! Values of times: what TIMEX3 writes, and the days that it covers.
//!
//! Every value prints as TIMEX3 does (`2025-03`, `2025-W09`, `P3Y`; `199` is a decade and `19` a century); unknown parts
//! print as `X`. Years lie in 1 to 9999.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use stemma_core::{DayRange, TimeKind};

use super::lexicon::{DayRule, Unit};

/// A resolved time.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Value {
    Day(Date),
    /// A part of a day: `MO`, `AF`, `EV`, `NI`.
    Part(Date, &'static str),
    Clock {
        day: Option<Date>,
        clock: Clock,
    },
    Week(Date),
    Weekend(Date),
    /// Year and month.
    Month(i16, i8),
    Quarter(i16, i8),
    Half(i16, i8),
    Season(i16, &'static str),
    Year(i16),
    /// First year of it.
    Decade(i16),
    /// First year divided by 100.
    Century(i16),
    Duration(String),
    Set(String),
    Reference(&'static str),
    /// A date with unknown parts: `XXXX-WXX-5`.
    Open(TimeKind, String),
}

/// A time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Clock {
    pub(super) hour: i8,
    pub(super) minute: i8,
    /// Minutes east of Greenwich, where the text names a zone that says so.
    pub(super) zone: Option<i16>,
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{:02}:{:02}", self.hour, self.minute)?;
        match self.zone {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(zone) => {
                let sign = if zone < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", zone.abs() / 60, zone.abs() % 60)
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = |date: &Date| {
            let week = date.iso_week_date();
            format!("{:04}-W{:02}", week.year(), week.week())
        };
        match self {
            Value::Day(day) => write!(f, "{day}"),
            Value::Part(day, part) => write!(f, "{day}T{part}"),
            Value::Clock { day: Some(day), clock } => write!(f, "{day}{clock}"),
            Value::Clock { day: None, clock } => write!(f, "XXXX-XX-XX{clock}"),
            Value::Week(day) => f.write_str(&week(day)),
            Value::Weekend(day) => write!(f, "{}-WE", week(day)),
            Value::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Value::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Value::Half(year, half) => write!(f, "{year:04}-H{half}"),
            Value::Season(year, season) => write!(f, "{year:04}-{season}"),
            Value::Year(year) => write!(f, "{year:04}"),
            Value::Decade(year) => write!(f, "{:03}", year / 10),
            Value::Century(century) => write!(f, "{century:02}"),
            Value::Duration(value) | Value::Set(value) | Value::Open(_, value) => f.write_str(value),
            Value::Reference(value) => f.write_str(value),
        }
    }
}

impl Value {
    /// Its TIMEX3 type.
    pub(super) fn kind(&self) -> TimeKind {
        match self {
            Value::Part(..) | Value::Clock { .. } => TimeKind::Time,
            Value::Duration(_) => TimeKind::Duration,
            Value::Set(_) => TimeKind::Set,
            Value::Open(kind, _) => *kind,
            _ => TimeKind::Date,
        }
    }

    /// The days that it covers. Seasons have none: the text does not say on which half of the earth it is.
    pub(super) fn days(&self) -> Option<DayRange> {
        let years = |first: i16, last: i16| {
            Some(DayRange { first: Date::new(first, 1, 1).ok()?, last: Date::new(last, 12, 31).ok()? })
        };
        let months = |year: i16, first: i8, last: i8| {
            let first = Date::new(year, first, 1).ok()?;
            Some(DayRange { first, last: Date::new(year, last, 1).ok()?.last_of_month() })
        };
        match *self {
            Value::Day(day) | Value::Part(day, _) | Value::Clock { day: Some(day), .. } => {
                Some(DayRange { first: day, last: day })
            }
            Value::Week(day) => week_days(day, 1, 7),
            Value::Weekend(day) => week_days(day, 6, 7),
            Value::Month(year, month) => months(year, month, month),
            Value::Quarter(year, quarter @ 1..=4) => months(year, quarter * 3 - 2, quarter * 3),
            Value::Half(year, half @ 1..=2) => months(year, half * 6 - 5, half * 6),
            Value::Year(year) => years(year, year),
            Value::Decade(year) => years(year, year + 9),
            Value::Century(century) => years((century * 100).max(1), century * 100 + 99),
            _ => None,
        }
    }

    /// How long the time is that it names, if it names one.
    pub(super) fn grain(&self) -> Option<Unit> {
        Some(match self {
            Value::Day(_) | Value::Part(..) | Value::Clock { .. } => Unit::Day,
            Value::Week(_) | Value::Weekend(_) => Unit::Week,
            Value::Month(..) => Unit::Month,
            Value::Quarter(..) | Value::Half(..) | Value::Season(..) => Unit::Quarter,
            Value::Year(_) => Unit::Year,
            Value::Decade(_) => Unit::Decade,
            Value::Century(_) => Unit::Century,
            _ => return None,
        })
    }

    /// The `unit` that holds `day`.
    pub(super) fn holding(day: Date, unit: Unit) -> Value {
        match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => Value::Day(day),
            Unit::Week | Unit::Fortnight => Value::Week(day),
            Unit::Month => Value::Month(day.year(), day.month()),
            Unit::Quarter => Value::Quarter(day.year(), (day.month() + 2) / 3),
            Unit::Year => Value::Year(day.year()),
            Unit::Decade => Value::Decade(day.year() / 10 * 10),
            Unit::Century => Value::Century(day.year() / 100),
        }
    }
}

fn week_days(day: Date, first: i8, last: i8) -> Option<DayRange> {
    let week = day.iso_week_date();
    let on = |weekday: i8| {
        let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
        ISOWeekDate::new(week.year(), week.week(), weekday).ok().map(|week| week.date())
    };
    Some(DayRange { first: on(first)?, last: on(last)? })
}

/// `day` moved by `amount` of `unit`; `None` outside the years 1 to 9999.
pub(super) fn shift(day: Date, unit: Unit, amount: i64) -> Option<Date> {
    if amount.abs() > 20_000 {
        return None;
    }
    let span = match unit {
        Unit::Second | Unit::Minute => return Some(day),
        Unit::Hour => (amount / 24).days(),
        Unit::Day => amount.days(),
        Unit::Week => amount.weeks(),
        Unit::Fortnight => (amount * 2).weeks(),
        Unit::Month => amount.months(),
        Unit::Quarter => (amount * 3).months(),
        Unit::Year => limited(amount, 1)?.years(),
        Unit::Decade => limited(amount, 10)?.years(),
        Unit::Century => limited(amount, 100)?.years(),
    };
    day.checked_add(span).ok().filter(|day| day.year() >= 1)
}

/// `amount * factor` if that many years can lie between two days.
fn limited(amount: i64, factor: i64) -> Option<i64> {
    Some(amount * factor).filter(|years| years.abs() < 9_999)
}

/// The day of `rule` in `year`.
pub(super) fn holiday(rule: DayRule, year: i16) -> Option<Date> {
    match rule {
        DayRule::Fixed { month, day } => Date::new(year, month, day).ok(),
        DayRule::Nth { month, weekday, nth } => {
            let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
            Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
        }
        DayRule::Election => {
            Date::new(year, 11, 1).ok()?.nth_weekday_of_month(1, Weekday::Monday).ok()?.tomorrow().ok()
        }
        DayRule::Easter { offset } => easter(year)?.checked_add(offset.days()).ok(),
    }
}

/// Easter Sunday of the Western churches, by the Gregorian calendar. Source: Meeus, *Astronomical Algorithms*, 1991,
/// chapter 8 (after the anonymous method of 1876).
fn easter(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let (a, b, c) = (year_number % 19, year_number / 100, year_number % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(sum / 31).ok()?, i8::try_from(sum % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_print_as_timex_does_and_know_their_days() {
        let day = Date::constant(2025, 3, 2);
        let shown = |value: Value| {
            let days =
                value.days().map_or("no days".to_owned(), |days| format!("{} to {}", days.first, days.last));
            format!("{value}: {days}")
        };
        assert_eq!(shown(Value::Week(day)), "2025-W09: 2025-02-24 to 2025-03-02");
        assert_eq!(shown(Value::Weekend(day)), "2025-W09-WE: 2025-03-01 to 2025-03-02");
        assert_eq!(shown(Value::Quarter(2024, 1)), "2024-Q1: 2024-01-01 to 2024-03-31");
        assert_eq!(shown(Value::Decade(1990)), "199: 1990-01-01 to 1999-12-31");
        assert_eq!(shown(Value::Season(2024, "SU")), "2024-SU: no days");
        let clock = Clock { hour: 1, minute: 40, zone: Some(-300) };
        assert_eq!(Value::Clock { day: Some(day), clock }.to_string(), "2025-03-02T01:40-05:00");
    }

    #[test]
    fn named_days_are_found_in_their_year() {
        assert_eq!(easter(2024), Some(Date::constant(2024, 3, 31)));
        assert_eq!(easter(2025), Some(Date::constant(2025, 4, 20)));
        let thanksgiving = DayRule::Nth { month: 11, weekday: 4, nth: 4 };
        assert_eq!(holiday(thanksgiving, 2024), Some(Date::constant(2024, 11, 28)));
    }
}
