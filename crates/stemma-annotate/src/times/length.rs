//! Lengths of time, sets and references: "three years", "every day", "now".

use super::grammar::{Found, Grammar, Meaning};
use super::lexicon::{TimeWord, Unit};
use super::value::Value;

impl Grammar<'_> {
    /// "three years", "the past two months", "two-year", "for years", "six years and two months".
    pub(super) fn duration(self, at: usize) -> Option<Found> {
        let start = self.past_framing(at);
        if let Some(found) = self.recent(start) {
            return Some(found);
        }
        if let Some((value, end)) = self.measured(start) {
            // "the three-year war": the article belongs to the war.
            if start == at + 1 && self.word(at) == "the" && self.pieces.hyphen(end - 1) {
                return None;
            }
            return Some((Meaning::Fixed(value), end));
        }
        self.unmeasured(start, at)
    }

    /// Where the amount starts after "the", "the past", "the first".
    fn past_framing(self, at: usize) -> usize {
        let start = at + usize::from(matches!(self.word(at), "the" | "these" | "those"));
        let framed = matches!(
            self.word(start),
            "past"
                | "last"
                | "next"
                | "first"
                | "coming"
                | "previous"
                | "final"
                | "following"
                | "preceding"
                | "latest"
        );
        start + usize::from(framed)
    }

    /// "recent years", "the past few years" is measured, "recent" is not.
    fn recent(self, at: usize) -> Option<Found> {
        let past = matches!(self.word(at), "recent");
        match self.time_word(at + 1)? {
            TimeWord::Unit { plural: true, .. } if past => {
                Some((Meaning::Fixed(Value::Reference("PAST_REF")), at + 2))
            }
            _ => None,
        }
    }

    /// An amount with its unit, and a second one that goes with it.
    fn measured(self, at: usize) -> Option<(Value, usize)> {
        let (amount, unit, end) = self.amount(at)?;
        // Ages are figures: "12-year-old", "12 years old".
        if matches!(self.word(end), "old" | "olds") || (amount.is_some_and(|n| n <= 0.0)) {
            return None;
        }
        if amount == Some(1.0) && matches!(self.word(end - 2), "a" | "an") && self.is_rate(at) {
            return Some((Value::Set(duration_value(Some(1.0), unit)), end));
        }
        let joint = end + usize::from(matches!(self.word(end), "and" | ","));
        if let Some((Some(more), smaller, past)) = self.amount(joint)
            && let Some(amount) = amount
            && smaller < unit
            && smaller != Unit::Week
            && self.pieces.number(joint).is_some()
        {
            return Some((Value::Duration(sum_value(amount, unit, more, smaller)), past));
        }
        Some((Value::Duration(duration_value(amount, unit)), end))
    }

    /// True where "a year" means "each year": after amounts and "once", "twice", "times".
    fn is_rate(self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|at| self.pieces.get(at).map(|_| at)) else {
            return false;
        };
        let word = self.word(before);
        matches!(
            word,
            "once"
                | "twice"
                | "times"
                | "percent"
                | "%"
                | "dollars"
                | "million"
                | "billion"
                | "euros"
                | "tons"
                | "tonnes"
                | "people"
        ) || (self.pieces.number(before).is_some() && !matches!(word, "a" | "an" | "one" | "half"))
    }

    /// "for years", "over decades", "decades-long".
    fn unmeasured(self, start: usize, at: usize) -> Option<Found> {
        let Some(TimeWord::Unit { unit, plural: true }) = self.time_word(start) else { return None };
        let led = matches!(
            self.pieces.before(at),
            "for" | "over" | "in" | "within" | "took" | "take" | "after" | "than" | "of"
        );
        let long = self.pieces.hyphen(start + 1) && self.word(start + 1) == "long";
        let ago = self.word(start + 1) == "ago";
        if ago {
            return Some((Meaning::Fixed(Value::Reference("PAST_REF")), start + 2));
        }
        if self.pieces.hyphen(start) || !(led || long || start > at) || unit < Unit::Hour {
            return None;
        }
        let end = start + 1 + usize::from(long);
        Some((Meaning::Fixed(Value::Duration(duration_value(None, unit))), end))
    }

    /// "daily", "every day", "each Thursday", "every two years", "per month".
    pub(super) fn set(self, at: usize) -> Option<Found> {
        if let Some(TimeWord::Set(value)) = self.time_word(at) {
            let named =
                self.pieces.capital(at) && (self.pieces.capital(at + 1) || !self.pieces.opens_sentence(at));
            return (!named).then(|| (Meaning::Fixed(Value::Set(value.to_owned())), at + 1));
        }
        let every = match self.word(at) {
            "every" | "each" => true,
            "per" => false,
            _ => return None,
        };
        let other = every && self.word(at + 1) == "other";
        let next = at + 1 + usize::from(other);
        let value = match self.time_word(next) {
            Some(TimeWord::Unit { unit, plural: false }) if every || unit >= Unit::Day => {
                duration_value(Some(if other { 2.0 } else { 1.0 }), unit)
            }
            Some(TimeWord::Weekday(day)) if every => format!("XXXX-WXX-{day}"),
            Some(TimeWord::Month(month)) if every && self.pieces.capital(next) => format!("XXXX-{month:02}"),
            Some(TimeWord::Season(season)) if every => format!("XXXX-{season}"),
            Some(TimeWord::Part(part)) if every => format!("XXXX-XX-XXT{part}"),
            _ if every && self.word(next) == "weekend" => "XXXX-WXX-WE".to_owned(),
            _ => {
                let (amount, unit, end) = self.amount(next).filter(|_| every)?;
                return Some((Meaning::Fixed(Value::Set(duration_value(amount, unit))), end));
            }
        };
        Some((Meaning::Fixed(Value::Set(value)), next + 1))
    }

    /// "now", "recently", "the future".
    pub(super) fn reference(self, at: usize) -> Option<Found> {
        if let Some(TimeWord::Reference(value)) = self.time_word(at) {
            let joined = self.pieces.hyphen(at + 1) || self.pieces.hyphen(at);
            let name = self.pieces.capital(at) && !self.pieces.opens_sentence(at);
            return (!joined && !name).then_some((Meaning::Fixed(Value::Reference(value)), at + 1));
        }
        let the = at + usize::from(self.word(at) == "the");
        let near = the + usize::from(matches!(self.word(the), "near" | "foreseeable" | "recent" | "distant"));
        let value = match self.word(near) {
            "future" if the > at || near > the => "FUTURE_REF",
            "past" if the > at && self.ends_phrase(near + 1) => "PAST_REF",
            "present" if self.pieces.before(at) == "at" => "PRESENT_REF",
            _ => return None,
        };
        Some((Meaning::Fixed(Value::Reference(value)), near + 1))
    }

    /// True if no noun can follow: the paragraph or sentence ends, or a mark or small word stands there.
    fn ends_phrase(self, at: usize) -> bool {
        !self.pieces.goes_on(at)
            || !self.word(at).starts_with(|c: char| c.is_alphanumeric())
            || matches!(
                self.word(at),
                "and"
                    | "but"
                    | "or"
                    | "was"
                    | "is"
                    | "has"
                    | "had"
                    | "when"
                    | "to"
                    | "by"
                    | "as"
                    | "for"
                    | "with"
            )
    }
}

/// `P3Y`, `PT2H`, `P10Y` for a decade; without an amount `PXY`.
pub(super) fn duration_value(amount: Option<f64>, unit: Unit) -> String {
    let (prefix, factor, letter) = unit.timex();
    match amount {
        None => format!("{prefix}X{letter}"),
        Some(amount)
            if amount.fract() == 0.5
                && amount > 1.0
                && matches!(unit, Unit::Year | Unit::Hour | Unit::Minute) =>
        {
            let smaller = if unit == Unit::Year {
                Unit::Month
            } else if unit == Unit::Hour {
                Unit::Minute
            } else {
                Unit::Second
            };
            sum_value(amount.trunc(), unit, if unit == Unit::Year { 6.0 } else { 30.0 }, smaller)
        }
        Some(amount) => format!("{prefix}{}{letter}", amount * factor),
    }
}

/// `P6Y2M`, `P1DT2H`, `PT1H30M`.
fn sum_value(amount: f64, unit: Unit, more: f64, smaller: Unit) -> String {
    let (prefix, factor, letter) = unit.timex();
    let (smaller_prefix, smaller_factor, smaller_letter) = smaller.timex();
    let joint = if prefix == smaller_prefix { "" } else { "T" };
    format!("{prefix}{}{letter}{joint}{}{smaller_letter}", amount * factor, more * smaller_factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_print_as_timex_does() {
        assert_eq!(duration_value(Some(3.0), Unit::Decade), "P30Y");
        assert_eq!(duration_value(Some(2.5), Unit::Year), "P2Y6M");
        assert_eq!(duration_value(Some(0.5), Unit::Hour), "PT0.5H");
        assert_eq!(duration_value(None, Unit::Week), "PXW");
        assert_eq!(sum_value(1.0, Unit::Day, 2.0, Unit::Hour), "P1DT2H");
    }
}
