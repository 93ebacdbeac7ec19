//! Times and figures: what a text says of when and how much, with the reading that Stemma gives it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Span;
use crate::layer::layer_id;

layer_id!(/** Index into [`crate::Layers::times`]. */ TimeId);
layer_id!(/** Index into [`crate::Layers::figures`]. */ FigureId);

/// The four types of TIMEX3 (TimeML, Pustejovsky et al. 2003).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimeKind {
    /// A day or something longer: "Friday", "March 2025", "last year".
    Date,
    /// A part of a day: "10 a.m.", "Friday night".
    Time,
    /// A length: "three years".
    Duration,
    /// Something that recurs: "every day".
    Set,
}

impl TimeKind {
    /// The name used in JSON and in TIMEX3.
    pub fn as_str(self) -> &'static str {
        match self {
            TimeKind::Date => "DATE",
            TimeKind::Time => "TIME",
            TimeKind::Duration => "DURATION",
            TimeKind::Set => "SET",
        }
    }
}

/// Days from `first` to `last`, both included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct DayRange {
    /// First day.
    pub first: Date,
    /// Last day; equal to `first` for a single day.
    pub last: Date,
}

/// An expression of time and what it resolves to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TimeExpression {
    /// The words.
    pub span: Span,
    /// Its TIMEX3 type.
    pub kind: TimeKind,
    /// Its TIMEX3 value: `2025-02-28`, `2025-W09`, `P3Y`, `PRESENT_REF`, `2025-02-28TNI`, `XXXX-WXX-5`.
    pub value: String,
    /// The days that it covers, if it resolves to days.
    pub days: Option<DayRange>,
    /// How the value was found, in one plain line: "Friday before 2025-03-02, the report's date".
    pub reason: String,
}

/// How exact a figure claims to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approximation {
    /// "14"
    #[default]
    Exact,
    /// "about 14", "some 14", "nearly 14", "dozens"
    About,
    /// "at least 14", "14 or more"
    AtLeast,
    /// "more than 14", "over 14"
    MoreThan,
    /// "at most 14", "up to 14"
    AtMost,
    /// "fewer than 14", "under 14"
    LessThan,
    /// "12 to 14", "between 12 and 14"
    Range,
}

/// A unit of measurement or currency, and how to convert it to the base unit of its dimension.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Unit {
    /// `""` for a plain count, `"%"`, ISO 4217 for currencies (`"USD"`), else the common symbol (`"km"`, `"°C"`).
    pub symbol: String,
    /// Symbol of the base unit of the dimension (`"m"` for `"km"`); equal to `symbol` where there is none.
    pub base: String,
    /// `base value = value * factor + offset`.
    pub factor: f64,
    /// See `factor`; not zero for temperatures alone.
    pub offset: f64,
}

impl Unit {
    /// A plain count.
    pub fn none() -> Self {
        Self { symbol: String::new(), base: String::new(), factor: 1.0, offset: 0.0 }
    }

    /// `value` of this unit in the base unit.
    pub fn to_base(&self, value: f64) -> f64 {
        value * self.factor + self.offset
    }
}

/// A quantity: a count, an amount, a measure, a share, an age.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// The words, with approximator and unit: "more than 1.2 million dollars".
    pub span: Span,
    /// The number with its multiplier, in `unit`: 1_200_000. For a range the middle.
    pub value: f64,
    /// Lowest value that the words allow, in `unit`; equal to `value` if exact, `-inf` never: open ends are wide.
    pub low: f64,
    /// Highest value that the words allow, in `unit`; `f64::INFINITY` for "more than".
    #[serde(with = "open_end")]
    pub high: f64,
    /// How exact the words are.
    pub approximation: Approximation,
    /// What is measured in.
    pub unit: Unit,
    /// What is counted, the head noun with its words ("people", "houses"), where the text says it.
    pub counted: Option<Span>,
    /// "third", "10th": a rank, not a quantity.
    pub ordinal: bool,
    /// Worth of one unit of the last digit written, in `unit`: 1 for "84" and "1,980", 0.1 for "7.4", 100,000 for
    /// "3.4 million". Never 0.
    pub step: f64,
}

/// True if `a` and `b` can be one time. Dates agree if their days meet ("March" and "March 5"), times of day if they are the
/// same minute of the same day. A time of day that names its zone is compared with one that does not by its minutes alone,
/// as zones differ by whole quarters of an hour, and on days that touch. Without days the values must be equal, or one of
/// them say less ("XXXX-WXX-5", `PAST_REF`). Durations are compared as figures: see [`compatible`]. Symmetric.
pub fn compatible_times(a: &TimeExpression, b: &TimeExpression) -> bool {
    if let (Some(x), Some(y)) = (clock(&a.value), clock(&b.value)) {
        let local = |zone: Option<i32>, other: Option<i32>| other.is_some() == zone.is_some();
        if local(x.zone, y.zone) {
            let at = |clock: Clock| clock.minute - clock.zone.unwrap_or(0);
            let apart = days_apart(a.days, b.days).map(|days| days * 1440 + at(y) - at(x));
            return apart.map_or((at(x) - at(y)).rem_euclid(1440) == 0, |minutes| minutes == 0);
        }
        let same_quarter = (x.minute - y.minute).rem_euclid(15) == 0;
        return same_quarter && days_apart(a.days, b.days).is_none_or(|days| days.abs() <= 1);
    }
    match (a.days, b.days) {
        (Some(x), Some(y)) => x.first <= y.last && y.first <= x.last,
        _ => a.value == b.value || is_open(&a.value) || is_open(&b.value),
    }
}

/// A time of day: minutes from midnight, and minutes east of Greenwich if the zone is named.
#[derive(Clone, Copy)]
struct Clock {
    minute: i32,
    zone: Option<i32>,
}

/// The time of day in a value of TIMEX3: `…T10:30`, `…T10:30Z`, `…T10:30-05:00`.
fn clock(value: &str) -> Option<Clock> {
    let (_, clock) = value.split_once('T')?;
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<i32>().ok());
    let minute = number(clock.get(..2))? * 60 + number(clock.get(3..5))?;
    let zone = match clock.get(5..) {
        Some("") | None => None,
        Some("Z") => Some(0),
        Some(zone) => {
            let east = number(zone.get(1..3))? * 60 + number(zone.get(4..6))?;
            Some(if zone.starts_with('-') { -east } else { east })
        }
    };
    Some(Clock { minute, zone })
}

/// Days from the first day of `a` to that of `b`.
fn days_apart(a: Option<DayRange>, b: Option<DayRange>) -> Option<i32> {
    b?.first.since(a?.first).ok().map(|span| span.get_days())
}

/// True if parts of the value are unknown.
fn is_open(value: &str) -> bool {
    value.contains('X') || value.ends_with("_REF")
}

/// How much two figures in different units may differ and still be one: 5% covers the usual "100 km/h (60 mph)".
const ROUNDED_CONVERSION: f64 = 0.05;

/// How far beyond its number "more than" reaches at most, as a share of it: "more than 100" may be 150, not 200.
const OPEN_END: f64 = 0.5;

/// True if `a` and `b` measure the same dimension, so that they can agree or conflict: the same base unit, both ranks or
/// neither. Different currencies are different dimensions, but for equal numbers: "6 million soles" and "$6 million" cannot
/// both be right, unless the currencies share their name: "crowns" may be Norwegian. Whether they measure the same *thing* is
/// for the caller.
pub fn comparable(a: &Figure, b: &Figure) -> bool {
    let other_money = is_currency(&a.unit)
        && is_currency(&b.unit)
        && a.value == b.value
        && !NAMESAKES
            .iter()
            .any(|family| [a, b].iter().all(|figure| family.contains(&figure.unit.symbol.as_str())));
    (a.unit.base == b.unit.base || other_money) && a.ordinal == b.ordinal
}

/// An open end as JSON has it: `null`.
mod open_end {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        value.is_finite().then_some(*value).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::INFINITY))
    }
}

/// Currencies that go by one name: crowns, dollars, pounds, pesos, francs, rupees, dinars.
const NAMESAKES: [&[&str]; 7] = [
    &["CZK", "DKK", "ISK", "NOK", "SEK"],
    &["AUD", "CAD", "FJD", "HKD", "NZD", "SGD", "TWD", "USD"],
    &["EGP", "GBP", "LBP", "SYP"],
    &["ARS", "CLP", "COP", "CUP", "DOP", "MXN", "PHP", "UYU"],
    &["CHF", "XAF", "XOF", "RWF", "CDF"],
    &["INR", "LKR", "NPR", "PKR"],
    &["DZD", "IQD", "JOD", "KWD", "LYD", "RSD", "TND"],
];

/// True for a code of ISO 4217.
fn is_currency(unit: &Unit) -> bool {
    unit.symbol == unit.base && unit.symbol.len() == 3 && unit.symbol.bytes().all(|b| b.is_ascii_uppercase())
}

/// True if `a` and `b` can be one quantity: [`comparable`], and their values agree within the rounding of the words.
///
/// * Exact figures in one unit agree if they are equal, or equal once the finer one is rounded to the last digit of the
///   coarser: "61.2%" and "61%", "2,140,000" and "2.1 million", not "84" and "85", not "400" and "430".
/// * Approximate ones agree if what their words allow overlaps: "about 150" and 149. An open end reaches to the next value
///   of its last digit that is not zero: "more than 80" and 84, not "more than 60" and 84.
/// * In different units of one dimension, besides, conversions are rounded: "12 km" and "7.5 miles".
///
/// A conflict is `comparable(a, b) && !compatible(a, b)`. Symmetric.
pub fn compatible(a: &Figure, b: &Figure) -> bool {
    if a.unit.base != b.unit.base || a.ordinal != b.ordinal {
        return false;
    }
    let converted = a.unit.symbol != b.unit.symbol;
    let (step_a, step_b) = (a.step * a.unit.factor, b.step * b.unit.factor);
    // Units of time convert without rounding.
    let rounds = converted && a.unit.base != "s";
    let padded = |figure: &Figure, step: f64, other: f64| {
        let (low, high) = likely(figure);
        let finer_is_rounded = figure.approximation == Approximation::Exact && step > other * (1.0 + 1e-9);
        let half = if rounds || finer_is_rounded { figure.step / 2.0 } else { 0.0 };
        let slack = if converted { ROUNDED_CONVERSION / 2.0 * figure.value.abs() } else { 0.0 };
        (figure.unit.to_base(low - half - slack), figure.unit.to_base(high + half + slack))
    };
    let ((low_a, high_a), (low_b, high_b)) = (padded(a, step_a, step_b), padded(b, step_b, step_a));
    let hair = 1e-9 * high_a.abs().max(high_b.abs());
    low_a <= high_b + hair && low_b <= high_a + hair
}

/// What the words of `figure` make likely: as `low` and `high`, but open ends closed.
fn likely(figure: &Figure) -> (f64, f64) {
    // The next value itself is out: "more than nine years" is less than ten.
    let beyond = last_place(figure.value).min(figure.value.abs() * OPEN_END) * 0.999;
    match figure.approximation {
        Approximation::AtLeast | Approximation::MoreThan => {
            (figure.low, figure.high.min(figure.value + beyond).max(figure.low))
        }
        Approximation::AtMost | Approximation::LessThan => {
            (figure.low.max(figure.value - beyond).min(figure.high), figure.high)
        }
        _ => (figure.low, figure.high),
    }
}

/// Worth of one unit of the last digit of `value` that is not zero: 100 for 1,900, 10 for 140, 0.1 for 7.4; 1 for 0.
pub fn last_place(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 1.0;
    }
    let whole = |place: f64| {
        let digits = value / place;
        (digits - digits.round()).abs() < 1e-6 * digits.abs().max(1.0)
    };
    let mut place = 10f64.powi(value.abs().log10().floor() as i32);
    for _ in 0..12 {
        if whole(place) {
            return place;
        }
        place /= 10.0;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(value: &str) -> TimeExpression {
        let day: Option<Date> = value.get(..10).and_then(|day| day.parse().ok());
        TimeExpression {
            span: Span::new(0, 0),
            kind: TimeKind::Time,
            value: value.to_owned(),
            days: day.map(|day| DayRange { first: day, last: day }),
            reason: String::new(),
        }
    }

    #[test]
    fn an_open_end_comes_back_from_json() {
        let figure = Figure {
            span: Span::new(0, 13),
            value: 200.0,
            low: 200.0,
            high: f64::INFINITY,
            approximation: Approximation::MoreThan,
            unit: Unit::none(),
            counted: None,
            ordinal: false,
            step: 100.0,
        };
        let json = serde_json::to_string(&figure).unwrap();
        assert_eq!(serde_json::from_str::<Figure>(&json).unwrap(), figure);
    }

    #[test]
    fn times_of_day_agree_to_the_minute_and_across_zones() {
        let agree = |a: &str, b: &str| {
            assert_eq!(compatible_times(&time(a), &time(b)), compatible_times(&time(b), &time(a)), "{a} {b}");
            compatible_times(&time(a), &time(b))
        };
        assert!(agree("2025-03-02T02:40", "2025-03-02T02:40"));
        assert!(!agree("2025-03-02T02:40", "2025-03-02T03:40"));
        assert!(!agree("2025-03-02T02:40", "2025-03-03T02:40"));
        assert!(agree("2025-03-02T01:40Z", "2025-03-02T02:40+01:00"));
        assert!(agree("2025-03-01T23:40Z", "2025-03-02T00:40+01:00"));
        assert!(!agree("2025-03-02T01:40Z", "2025-03-02T02:40Z"));
        assert!(agree("2025-03-02T01:40Z", "2025-03-02T02:40"), "the zone of the second is not known");
        assert!(!agree("2025-03-02T01:40Z", "2025-03-02T02:44"));
        assert!(agree("2025-03-02", "2025-03-02T02:40"));
        assert!(!agree("2025-03-02TNI", "2025-03-01TNI"));
        assert!(agree("XXXX-WXX-5", "2025-03-02"));
    }

    #[test]
    fn the_last_place_is_the_last_digit_that_is_not_zero() {
        for (value, place) in
            [(1900.0, 100.0), (140.0, 10.0), (7.4, 0.1), (3.0, 1.0), (2_600_000.0, 100_000.0)]
        {
            assert!((last_place(value) - place).abs() < 1e-9 * place, "{value}");
        }
    }
}
