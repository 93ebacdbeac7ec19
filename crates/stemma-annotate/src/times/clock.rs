//! Times of day: "10:30 a.m. EST", "2.40 in the morning", "six o’clock", "noon", "1430 GMT".

use stemma_core::TokenKind;

use super::grammar::Grammar;
use super::lexicon::TimeWord;
use super::value::Clock;

/// Zones that newspapers write after an hour, in minutes east of Greenwich. Those that mean several zones in the world
/// ("IST", "CST" in Asia) are left out or read as in the United States.
const ZONES: [(&str, i16); 20] = [
    ("gmt", 0),
    ("utc", 0),
    ("z", 0),
    ("bst", 60),
    ("cet", 60),
    ("cest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("jst", 540),
    ("aest", 600),
    ("aedt", 660),
];

impl Grammar<'_> {
    /// A time of day at `at`, and one past it with its zone.
    pub(super) fn clock(self, at: usize) -> Option<(Clock, usize)> {
        let named = match self.word(at) {
            "noon" | "midday" => Some(12),
            "midnight" => Some(0),
            _ => None,
        };
        if let Some(hour) = named {
            let (zone, end) = self.zone(at + 1);
            return Some((Clock { hour, minute: 0, zone }, end));
        }
        let (hour, minute, end, sure) = self.hour_and_minute(at)?;
        if let Some((afternoon, end)) = self.half_of_day(end) {
            if !(1..=12).contains(&hour) {
                return None;
            }
            let (zone, end) = self.zone(end);
            return Some((Clock { hour: hour % 12 + if afternoon { 12 } else { 0 }, minute, zone }, end));
        }
        let (zone, past) = self.zone(end);
        let by_zone = past > end && self.word(at).len() >= 2;
        (sure || by_zone).then_some((Clock { hour, minute, zone }, past))
    }

    /// Hour, minute, one past them, and whether they can be nothing but a time of day.
    fn hour_and_minute(self, at: usize) -> Option<(i8, i8, usize, bool)> {
        let word = self.word(at);
        let digits = self.pieces.get(at)?.kind == TokenKind::Number && word.is_ascii();
        let minute = |part: &str| part.parse().ok().filter(|minute| part.len() == 2 && *minute < 60);
        let hour = |part: &str| part.parse().ok().filter(|hour| part.len() <= 2 && *hour < 24);
        if digits && self.pieces.hyphen(at) {
            return None;
        }
        if let Some((h, m)) = word.split_once(':').filter(|_| digits) {
            // "10:30:05": the seconds are passed over.
            let m = m.split(':').next()?;
            return Some((hour(h)?, minute(m)?, at + 1, true));
        }
        if let Some((h, m)) = word.split_once('.').filter(|_| digits) {
            return Some((hour(h)?, minute(m)?, at + 1, false));
        }
        if digits && word.len() == 4 {
            return Some((hour(&word[..2])?, minute(&word[2..])?, at + 1, false));
        }
        let (h, end) = if digits {
            (hour(word)?, at + 1)
        } else {
            let number = self.pieces.number(at).filter(|number| number.end == at + 1)?;
            ((1.0..=12.0).contains(&number.value).then_some(number.value as i8)?, number.end)
        };
        let sure = matches!(self.word(end), "o’clock" | "o'clock" | "oclock");
        Some((h, 0, end + usize::from(sure), sure))
    }

    /// True for the hours after noon: "p.m.", "pm", "in the evening", "at night".
    fn half_of_day(self, at: usize) -> Option<(bool, usize)> {
        let afternoon = match self.word(at) {
            "am" | "a.m." | "a.m" => Some(false),
            "pm" | "p.m." | "p.m" => Some(true),
            "a" | "p"
                if self.word(at + 1) == "." && self.word(at + 2) == "m" && self.pieces.glued(at + 2) =>
            {
                return Some((self.word(at) == "p", self.pieces.past_stop(at + 3)));
            }
            _ => None,
        };
        if let Some(afternoon) = afternoon {
            return Some((afternoon, self.pieces.past_stop(at + 1)));
        }
        match (self.word(at), self.word(at + 1), self.time_word(at + 2)) {
            ("in", "the", Some(TimeWord::Part(part))) => Some((part != "MO", at + 3)),
            ("at", "night", _) => Some((true, at + 2)),
            _ => None,
        }
    }

    /// The zone at `at`, if one stands there: "GMT", "EST", "local time", "Moscow time".
    fn zone(self, at: usize) -> (Option<i16>, usize) {
        let word = self.word(at);
        if let Some(&(_, zone)) = ZONES.iter().find(|(name, _)| *name == word)
            && self.pieces.capital(at)
        {
            return (Some(zone), at + 1);
        }
        let named = word == "local" || self.pieces.capital(at);
        if named && self.word(at + 1) == "time" {
            return (None, at + 2);
        }
        if named && self.pieces.capital(at + 1) && self.word(at + 2) == "time" {
            return (None, at + 3);
        }
        (None, at)
    }
}
