//! Words of time: months, weekdays, units, parts of the day, seasons, named days. The lists are data.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

use crate::words::entries;

/// A unit of the calendar or the clock, from short to long.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    fn named(name: &str) -> Self {
        match name {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "week" => Unit::Week,
            "fortnight" => Unit::Fortnight,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "decade" => Unit::Decade,
            "century" => Unit::Century,
            _ => Unit::Year,
        }
    }

    /// The word for one of it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Unit::Second => "second",
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Fortnight => "fortnight",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
            Unit::Decade => "decade",
            Unit::Century => "century",
        }
    }

    /// Prefix, factor and letter of a TIMEX3 duration: a decade is `P10Y`, a fortnight `P2W`.
    pub(super) fn timex(self) -> (&'static str, f64, &'static str) {
        match self {
            Unit::Second => ("PT", 1.0, "S"),
            Unit::Minute => ("PT", 1.0, "M"),
            Unit::Hour => ("PT", 1.0, "H"),
            Unit::Day => ("P", 1.0, "D"),
            Unit::Week => ("P", 1.0, "W"),
            Unit::Fortnight => ("P", 2.0, "W"),
            Unit::Month => ("P", 1.0, "M"),
            Unit::Quarter => ("P", 1.0, "Q"),
            Unit::Year => ("P", 1.0, "Y"),
            Unit::Decade => ("P", 10.0, "Y"),
            Unit::Century => ("P", 100.0, "Y"),
        }
    }
}

/// What a single word says of time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum TimeWord {
    Month(i8),
    /// Monday is 1.
    Weekday(i8),
    Unit {
        unit: Unit,
        plural: bool,
    },
    /// TIMEX3 letters: `MO`, `AF`, `EV`, `NI`.
    Part(&'static str),
    /// TIMEX3 letters: `SP`, `SU`, `FA`, `WI`.
    Season(&'static str),
    /// Days from the report's own.
    Day(i32),
    Reference(&'static str),
    Set(&'static str),
}

static WORDS: LazyLock<FxHashMap<&'static str, TimeWord>> = LazyLock::new(|| {
    let mut words = FxHashMap::default();
    for line in entries(include_str!("../../data/time-words.txt")) {
        let mut fields = line.split_whitespace();
        let (Some(class), Some(value)) = (fields.next(), fields.next()) else { continue };
        if class == "lead" {
            continue;
        }
        let number = || value.parse().expect("the built-in list holds small numbers");
        let meaning = match class {
            "month" => TimeWord::Month(number()),
            "weekday" => TimeWord::Weekday(number()),
            "unit" => TimeWord::Unit { unit: Unit::named(value), plural: false },
            "units" => TimeWord::Unit { unit: Unit::named(value), plural: true },
            "part" => TimeWord::Part(value),
            "season" => TimeWord::Season(value),
            "day" => TimeWord::Day(i32::from(number())),
            "set" => TimeWord::Set(value),
            _ => TimeWord::Reference(value),
        };
        words.extend(fields.map(|word| (word, meaning)));
    }
    words
});

/// Words that only lead expressions in.
static LEADS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    let lines =
        entries(include_str!("../../data/time-words.txt")).filter_map(|line| line.strip_prefix("lead - "));
    lines.flat_map(str::split_whitespace).collect()
});

/// True if an expression of time may start with `word`, in lower case, where it is no number.
pub(super) fn may_lead(word: &str) -> bool {
    WORDS.contains_key(word) || LEADS.contains(word) || HOLIDAYS.contains_key(word)
}

/// What `word`, in lower case, says of time.
pub(super) fn time_word(word: &str) -> Option<TimeWord> {
    WORDS.get(word).copied()
}

/// How a named day is found in a year.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum DayRule {
    Fixed {
        month: i8,
        day: i8,
    },
    Nth {
        month: i8,
        weekday: i8,
        nth: i8,
    },
    Easter {
        offset: i32,
    },
    /// The Tuesday after the first Monday of November.
    Election,
}

/// A day with a name, "Christmas Eve".
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Holiday {
    /// Words and marks as [`crate::numbers::Pieces`] cuts them, in lower case, apostrophes as `’`.
    pub(super) name: Vec<&'static str>,
    pub(super) rule: DayRule,
}

/// Named days by their first word, longest names first.
static HOLIDAYS: LazyLock<FxHashMap<&'static str, Vec<Holiday>>> = LazyLock::new(|| {
    let mut by_first: FxHashMap<&'static str, Vec<Holiday>> = FxHashMap::default();
    for line in entries(include_str!("../../data/holidays.txt")) {
        let fields: Vec<&'static str> = line.split_whitespace().collect();
        let number = |n: usize| fields[n].parse::<i8>().expect("the built-in list holds small numbers");
        let (rule, name) = if fields[0] == "easter" {
            (DayRule::Easter { offset: i32::from(number(1)) }, &fields[2..])
        } else if fields[0] == "election" {
            (DayRule::Election, &fields[2..])
        } else if let Some((month, day)) = fields[0].split_once('-') {
            let read = |part: &str| part.parse().expect("the built-in list holds month and day");
            (DayRule::Fixed { month: read(month), day: read(day) }, &fields[1..])
        } else {
            (DayRule::Nth { month: number(0), weekday: number(1), nth: number(2) }, &fields[3..])
        };
        let name: Vec<&'static str> = name.iter().flat_map(|word| cut(word)).collect();
        let others = by_first.entry(name[0]).or_default();
        others.push(Holiday { name, rule });
        others.sort_by_key(|holiday| std::cmp::Reverse(holiday.name.len()));
    }
    by_first
});

/// "year’s" as the tokens "year" and "’s", "st." as "st" and ".", "presidents’" as "presidents" and "’".
fn cut(word: &'static str) -> Vec<&'static str> {
    let at = word.find(['’', '.']).unwrap_or(word.len());
    let (head, tail) = word.split_at(at);
    [head, tail].into_iter().filter(|part| !part.is_empty()).collect()
}

/// Named days whose first word is `word`, longest names first.
pub(super) fn holidays(word: &str) -> &'static [Holiday] {
    HOLIDAYS.get(word).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_read() {
        assert_eq!(time_word("sept"), Some(TimeWord::Month(9)));
        assert_eq!(time_word("weeks"), Some(TimeWord::Unit { unit: Unit::Week, plural: true }));
        assert_eq!(time_word("table"), None);
        assert_eq!(holidays("new")[0].name, ["new", "year", "’s", "eve"]);
        assert_eq!(holidays("labor")[0].rule, DayRule::Nth { month: 9, weekday: 1, nth: 1 });
    }
}
