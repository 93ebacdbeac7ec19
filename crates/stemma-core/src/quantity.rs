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
    pub high: f64,
    /// How exact the words are.
    pub approximation: Approximation,
    /// What is measured in.
    pub unit: Unit,
    /// What is counted, the head noun with its words ("people", "houses"), where the text says it.
    pub counted: Option<Span>,
    /// "third", "10th": a rank, not a quantity.
    pub ordinal: bool,
}
