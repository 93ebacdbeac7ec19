//! Quarters, years, decades and centuries: "the third quarter of 1989", "the 2022 invasion", "the ’80s".

use super::context::{Class, is};
use super::grammar::{Found, Grammar, Meaning, Recurring, Which};
use super::value::Value;

impl Grammar<'_> {
    /// "the third quarter of 1989", "Q3 2024", "the first half", "third-quarter".
    pub(super) fn quarter(self, at: usize) -> Option<Found> {
        let mut start = at + usize::from(self.word(at) == "the");
        start += usize::from(matches!(self.word(start), "fiscal"));
        let short =
            self.word(start).strip_prefix('q').and_then(|n| n.parse().ok()).filter(|n| (1..=4).contains(n));
        let (n, end, half) = match short {
            Some(n) if self.word(start).len() == 2 && self.pieces.capital(start) => (n, start + 1, false),
            _ => {
                let (n, end) = match (self.word(start), self.word(start + 1)) {
                    ("last" | "latter" | "second", "half") if start > at => (2, start + 1),
                    ("last" | "final", "quarter") if self.word(start + 2) == "of" => (4, start + 1),
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
    pub(super) fn decade_or_century(self, at: usize) -> Option<Found> {
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
    pub(super) fn year(self, at: usize) -> Option<Found> {
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
        let of_time = is(Class::YearLead, before);
        let of_noun = is(Class::YearNoun, before);
        let named = self.pieces.glued(start) && !is(Class::YearOpen, before) || is(Class::YearLabel, before);
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
        is(Class::YearCounted, self.word(at))
    }
}
