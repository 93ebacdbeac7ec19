//! `time`: another date or time of day for the same thing.
//!
//! Every date of the one cell is laid beside every date of the other. One that meets a date of the other cell is settled.
//! Of those left, two are of one thing if the evidence for it adds up: the words around them, their place in the sentence, and
//! how near they lie, as a date that was got wrong is a day, a month or a year off, while another date is anything.

use std::ops::Range;

use stemma_core::{DayRange, DivergenceKind, TimeExpression, TimeKind};

use super::around::around;
use super::baselines::is_time_of_baseline;
use super::{Finding, Pair, Side, show};

/// How much each piece of evidence adds, and how much must come together. Chosen on the newsroom families.
const OF_NEARNESS: f64 = 0.4;
const OF_WORDS: f64 = 0.6;
const OF_SLOT: f64 = 0.3;
const OF_BEING_ALONE: f64 = 0.25;
const ENOUGH: f64 = 0.7;
/// Share of common words around two times without which they are not of one thing, but for one slot.
const LEAST_WORDS: f64 = 0.15;
/// Share of the nearness of two times from which on a third may be meant instead.
const CHALLENGE: f64 = 0.7;
/// No evidence of this kind is surer than this.
const MOST: f64 = 0.9;

/// Finds the two dates that are likeliest to be of one thing and do not meet.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let [first, second] = [pair.a, pair.b].map(When::all);
    let mut rivals: Vec<(f64, &When<'_>, &When<'_>)> = Vec::new();
    for x in &first {
        for y in &second {
            // The one says when it happened, the other when somebody said so, or how long it held.
            let alike = x.is_of_saying == y.is_of_saying
                && x.is_compared == y.is_compared
                && !(x.is_limit && y.is_limit && x.n_days() < 3);
            let open = alike
                && !second.iter().any(|other| x.meets(other))
                && !first.iter().any(|other| other.meets(y));
            if open && !is_same_in_words(pair, x, y) && !is_told_elsewhere(pair, [x, y]) {
                rivals.push((nearness(x, y), x, y));
            }
        }
    }
    let score = |&(near, x, y): &(f64, &When<'_>, &When<'_>)| {
        let words = pair.nearness([x.around.clone(), y.around.clone()]);
        let slot = if pair.is_one_slot([x.time.span, y.time.span]) { OF_SLOT } else { 0.0 };
        let challenged = rivals
            .iter()
            .any(|&(other, p, q)| std::ptr::eq(p, x) != std::ptr::eq(q, y) && other >= near * CHALLENGE);
        let alone = if challenged { 0.0 } else { OF_BEING_ALONE };
        if words < LEAST_WORDS && slot == 0.0 && !is_hour_off(x, y) {
            return 0.0;
        }
        if slot == 0.0 && is_news_of_its_day(pair, [x, y]) {
            return 0.0;
        }
        OF_NEARNESS * near + OF_WORDS * words + slot + alone
    };
    let mut best: Option<(f64, &When<'_>, &When<'_>)> = None;
    for rival in &rivals {
        let score = score(rival);
        if score >= ENOUGH && best.is_none_or(|(known, ..)| score > known) {
            best = Some((score, rival.1, rival.2));
        }
    }
    best.map(|(score, x, y)| finding(pair, [x.time, y.time], score))
}

fn finding(pair: &Pair<'_>, [x, y]: [&TimeExpression; 2], score: f64) -> Finding {
    Finding {
        kind: DivergenceKind::Time,
        evidence: [vec![x.span], vec![y.span]],
        score: score.min(MOST),
        reason: format!(
            "{} is {}, {} is {}",
            show(pair.a.slice(x.span)),
            x.value,
            show(pair.b.slice(y.span)),
            y.value
        ),
    }
}

/// "Rose to 14 on Tuesday" in a report of Tuesday, "reached the last village on Wednesday" in one of Wednesday: each report tells
/// what is new.
fn is_news_of_its_day(pair: &Pair<'_>, both: [&When<'_>; 2]) -> bool {
    let own = |n: usize| {
        let day = pair.sides()[n].document.published().map(|published| published.date());
        both[n].clock.is_none() && both[n].n_days() == 1 && day == Some(both[n].days.first)
    };
    own(0) && own(1)
}

/// A date or time of day of a cell.
struct When<'a> {
    time: &'a TimeExpression,
    /// The days that it may be, with the rounding of "two years ago".
    days: DayRange,
    clock: Option<Clock>,
    /// "by noon", "as of 7 a.m.": until when something holds, not when it happened.
    is_limit: bool,
    /// When somebody said something.
    is_of_saying: bool,
    /// The time of what is compared with: "up from 4 million in the last quarter".
    is_compared: bool,
    /// Tokens around it, up to the next time on either side.
    around: Range<usize>,
}

/// A time of day.
#[derive(Clone, Copy)]
struct Clock {
    /// Minutes from midnight.
    minute: i32,
    /// How far off it may be, in minutes.
    slack: i32,
    /// The day is not told: it is taken from the report's date.
    is_bare: bool,
    /// The zone is resolved, or named in words that are not ("Irish time").
    zone: Zone,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Unsaid,
    Named,
}

impl Clock {
    /// The clock of `value`, a value of TIMEX3, with the words before it, of it and after it.
    fn of([before, own, after]: [&str; 3], value: &str) -> Option<Self> {
        let (_, clock) = value.split_once('T')?;
        let minute = clock.get(..2)?.parse::<i32>().ok()? * 60 + clock.get(3..5)?.parse::<i32>().ok()?;
        let round = match minute {
            _ if minute % 60 == 0 => 30,
            _ if minute % 15 == 0 => 15,
            _ if minute % 5 == 0 => 5,
            _ => 1,
        };
        let is_about = before.to_lowercase().split_whitespace().any(|word| ABOUT.contains(&word));
        let words = own.to_lowercase();
        let is_bare = words
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| word.len() > 3)
            .all(|word| OF_CLOCKS.contains(&word));
        let names_zone = |words: &str| words.ends_with("time") && !words.contains("local");
        let named = clock.len() > 5 || names_zone(own) || names_zone(after);
        let zone = if named { Zone::Named } else { Zone::Unsaid };
        Some(Self { minute, slack: if is_about { round } else { 0 }, is_bare, zone })
    }

    fn has_other_zone(&self, other: &Self) -> bool {
        (self.zone == Zone::Named) != (other.zone == Zone::Named)
    }
}

/// Words that make a time of day inexact.
const ABOUT: [&str; 9] =
    ["about", "around", "just", "shortly", "soon", "nearly", "almost", "approximately", "roughly"];
/// Words of four letters and more in a time of day that name no day.
const OF_CLOCKS: [&str; 19] = [
    "noon",
    "midnight",
    "midday",
    "clock",
    "local",
    "time",
    "about",
    "around",
    "just",
    "shortly",
    "soon",
    "nearly",
    "almost",
    "after",
    "before",
    "past",
    "morning",
    "afternoon",
    "evening",
];
/// Words before a time until or from which something holds.
const LIMITS: [&str; 7] = ["by", "of", "until", "till", "since", "before", "after"];
/// Words between a verb of saying and the time of it, at most.
const BESIDE: usize = 3;

/// Minutes between two times of day, around the clock.
fn apart(a: i32, b: i32) -> i32 {
    (a - b).abs().min(1440 - (a - b).abs())
}

impl<'a> When<'a> {
    fn all(side: Side<'a>) -> Vec<Self> {
        side.times().filter_map(|time| Self::of(side, time)).collect()
    }

    /// `None` for lengths, and for what resolves to no day.
    fn of(side: Side<'a>, time: &'a TimeExpression) -> Option<Self> {
        let point = matches!(time.kind, TimeKind::Date | TimeKind::Time) && !time.value.ends_with("_REF");
        let days = time.days.filter(|_| point && !is_offset(side.slice(time.span), &time.value))?;
        let layers = side.document.layers();
        let others = layers.times.items().iter().map(|other| other.span);
        let around = around(side, time.span, others.filter(|&other| other != time.span));
        let own = side.document.tokens_in(time.span);
        let words = |range: Range<usize>| {
            let tokens = layers.tokens.items().get(range).unwrap_or_default();
            tokens
                .first()
                .zip(tokens.last())
                .map_or("", |(first, last)| side.slice(first.span.cover(last.span)))
        };
        let clock = Clock::of(
            [words(own.start.saturating_sub(2)..own.end), words(own.clone()), words(own.end..own.end + 2)],
            &time.value,
        );
        let before = words(own.start.saturating_sub(1)..own.start).to_lowercase();
        // "said Thursday", "told a briefing on Thursday", "on Thursday said"
        let saying = own.start.saturating_sub(BESIDE)..own.end + 1;
        let mut cues = layers.attributions.items().iter().flat_map(|attribution| &attribution.cue);
        let is_of_saying = cues.any(|&cue| saying.contains(&side.document.tokens_in(cue).start));
        Some(Self {
            time,
            days: widen(days, side.slice(time.span)),
            clock,
            is_limit: LIMITS.contains(&before.as_str()),
            is_of_saying,
            is_compared: is_time_of_baseline(side, around.start, time.span),
            around,
        })
    }

    /// True if the two can be one time.
    fn meets(&self, other: &When<'_>) -> bool {
        let days_meet = self.days.first <= other.days.last && other.days.first <= self.days.last;
        match (self.clock, other.clock) {
            (Some(p), Some(q)) => {
                let apart = apart(p.minute, q.minute);
                // Of one the zone is not known: zones differ by whole quarters of an hour.
                let zones = p.has_other_zone(&q) && apart % 15 == 0;
                let day_is_told = !(p.is_bare || q.is_bare);
                zones
                    || stemma_core::compatible_times(self.time, other.time)
                    || (apart <= p.slack.max(q.slack) && (days_meet || !day_is_told))
            }
            _ => days_meet,
        }
    }

    /// False for a year and a quarter of it: one that meets the other does not settle it.
    fn is_as_long_as(&self, other: &When<'_>) -> bool {
        let (longer, shorter) = (self.n_days().max(other.n_days()), self.n_days().min(other.n_days()));
        longer <= 2 * shorter || longer < 8
    }

    /// Days that it covers.
    fn n_days(&self) -> i32 {
        self.days.first.until(self.days.last).map_or(0, |span| span.get_days()) + 1
    }
}

/// "Two hours later", "the day before": counted from what stands around it, not from the report's date.
fn is_offset(words: &str, value: &str) -> bool {
    let words = words.to_lowercase();
    let last = words.split_whitespace().next_back();
    let counted = matches!(last, Some("earlier" | "before" | "later" | "after" | "afterwards" | "afterward"));
    counted && !value.contains('T')
}

/// "Two years ago" may be one and a half: a unit more on either side.
fn widen(days: DayRange, words: &str) -> DayRange {
    let words = words.to_lowercase();
    let mut last = words.split_whitespace().rev();
    let is_offset = matches!(last.next(), Some("ago" | "on"));
    let by = match last.next().map(|unit| unit.trim_end_matches('s')) {
        Some("year") if is_offset => 366,
        Some("month") if is_offset => 31,
        Some("week") if is_offset => 7,
        _ => return days,
    };
    let by = jiff::Span::new().days(by);
    DayRange { first: days.first.saturating_sub(by), last: days.last.saturating_add(by) }
}

/// How near two times lie for what they are, `0.0..=1.0`: times of day within hours, days within a week, months within
/// a quarter, years within a few.
fn nearness(x: &When<'_>, y: &When<'_>) -> f64 {
    let (longer, shorter) = (x.n_days().max(y.n_days()), x.n_days().min(y.n_days()));
    let (first, second) = if x.days.first <= y.days.first { (x, y) } else { (y, x) };
    let gap = first.days.last.until(second.days.first).map_or(0, |span| span.get_days()).max(0);
    if let (Some(p), Some(q)) = (x.clock, y.clock) {
        let same_day = gap <= 1 || p.is_bare || q.is_bare;
        if is_hour_off(x, y) {
            return OF_HOUR_OFF;
        }
        let minutes = f64::from(apart(p.minute, q.minute));
        return if same_day { (1.0 - minutes / FAR_MINUTES).max(0.0) } else { 0.0 };
    }
    // "September 2022" and "September 2021"
    let (p, q) = (x.days.first, y.days.first);
    if longer < 32 && (p.month(), p.day()) == (q.month(), q.day()) && (p.year() - q.year()).abs() == 1 {
        return OTHER_YEAR;
    }
    let near = (1.0 - f64::from(gap) / f64::from(longer.max(3) * 3)).max(0.0);
    // "Friday" and "last year", "Friday" and "ten o'clock" are of two things.
    let alike = longer <= 5 * shorter && x.clock.is_some() == y.clock.is_some();
    if alike { near } else { near / 2.0 }
}

/// The same minute of the next hour, as in 11.40 and 10.40: a slip. Full hours are many things.
fn is_hour_off(x: &When<'_>, y: &When<'_>) -> bool {
    let same_day = x.days.first <= y.days.last && y.days.first <= x.days.last;
    x.clock.zip(y.clock).is_some_and(|(p, q)| {
        (same_day || p.is_bare || q.is_bare) && p.minute % 30 != 0 && apart(p.minute, q.minute) == 60
    })
}

/// How near two such are: so near that nothing else need speak for it.
const OF_HOUR_OFF: f64 = 1.2;
/// Times of day that are further from each other are of two things. Unit: minutes.
const FAR_MINUTES: f64 = 180.0;
/// How near the same day or month of the next year is.
const OTHER_YEAR: f64 = 0.8;

/// "Two in the morning" in one quotation, printed on two days: the speaker named one time. "September" without a year, read as
/// two years, is one month too.
fn is_same_in_words(pair: &Pair<'_>, x: &When<'_>, y: &When<'_>) -> bool {
    crate::style::same_but_for_style(pair.a.slice(x.time.span), pair.b.slice(y.time.span))
}

/// True if either report gives the time of the other in the same sentence.
fn is_told_elsewhere(pair: &Pair<'_>, both: [&When<'_>; 2]) -> bool {
    [0, 1].into_iter().any(|n| {
        let side = pair.sides()[n];
        let sentences = side.sentences();
        let times = side.document.layers().times.items().iter();
        times
            .filter(|time| time.span != both[n].time.span && sentences.contains(time.span))
            .filter_map(|time| When::of(side, time))
            .any(|own| own.is_as_long_as(both[1 - n]) && own.meets(both[1 - n]))
    })
}
