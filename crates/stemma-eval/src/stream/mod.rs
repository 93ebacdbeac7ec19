//! A made-up stream of reports of any length, of which it is known which reports tell of one event.
//!
//! Events come at a steady rate. Each has a kind, a place, people, an organization, figures and words of its own, and a number of reports
//! from one to two thousand (a third of the events have one, few have very many), which come in a burst that fades over days.
//! A report tells some of the event's facts in its own words, or is an agency's copy with small edits; some reports arrive late, some
//! have no date. A tenth of the events have a follow-up with the same people and place some days later, which is
//! a story of its own. There are four languages; an event is told in one. Towns and people are few enough that events of one kind, in one
//! town, in one week are common. All words but the frames of the sentences are invented.
//!
//! Everything follows from a seed. Events are not kept but made again from their numbers, so memory is that of the reports that are
//! due within some days: 24 bytes each.

mod event;
mod words;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use jiff::civil::Date;
use stemma_core::ReportId;
use stemma_group::{Outline, Sketch, Terms};

use event::Event;
use words::Random;

/// Seconds in a day.
const DAY: u64 = 86_400;

/// One report of the stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StreamReport {
    /// Which event it tells of.
    pub event: u64,
    /// When it arrives.
    pub arrives: Date,
    /// When it was published, if it says so; mostly the day on which it arrives.
    pub published: Option<Date>,
    /// Who published it.
    pub outlet: String,
    /// Headline.
    pub title: String,
    /// Its sentences, without the headline.
    pub sentences: Vec<String>,
}

/// A stream without end.
#[derive(Clone, Debug)]
pub struct Stream {
    random: Random,
    start: Date,
    /// Seconds between two new events.
    interval: f64,
    next_event: f64,
    due: BinaryHeap<Reverse<Due>>,
    n_events: u64,
}

/// A report that will come: ordered by time, then by event and number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Due {
    at: u64,
    event: u64,
    /// Event that this one follows up; 0 for none.
    follows: u64,
    number: u32,
    late_days: u32,
}

impl Stream {
    /// A stream of about so many reports a day.
    pub fn new(seed: u64, reports_per_day: u64) -> Self {
        let mut random = Random::new(seed);
        let sizes = (0..10_000).map(|_| f64::from(n_reports(&mut random)));
        let mean = sizes.sum::<f64>() / 10_000.0 * (1.0 + FOLLOW_UP_SHARE);
        Self {
            random,
            start: Date::constant(2026, 1, 1),
            interval: mean * DAY as f64 / reports_per_day.max(1) as f64,
            next_event: 0.0,
            due: BinaryHeap::new(),
            n_events: 0,
        }
    }

    fn open_event(&mut self, at: u64, follows: u64) {
        self.n_events += 1;
        let event = Random::new(self.n_events ^ self.random.next()).next().max(1);
        let n_reports = n_reports(&mut self.random);
        let fade = (0.3 + 1.2 * self.random.unit()) * DAY as f64;
        for number in 0..n_reports {
            let delay = if number == 0 {
                0.0
            } else {
                (-self.random.unit().max(1e-9).ln() * fade).min(6.0 * DAY as f64)
            };
            let late_days = if self.random.chance(0.02) { self.random.below(4) as u32 + 1 } else { 0 };
            let at = at + delay as u64 + u64::from(late_days) * DAY;
            self.due.push(Reverse(Due { at, event, follows, number, late_days }));
        }
        if follows == 0 && n_reports > 2 && self.random.chance(2.0 * FOLLOW_UP_SHARE) {
            let later = at + 2 * DAY + self.random.below(4 * DAY);
            // The follow-up opens when its first report is due: `number` says that it is one.
            self.due.push(Reverse(Due { at: later, event: 0, follows: event, number: 0, late_days: 0 }));
        }
    }

    fn day(&self, at: u64) -> Date {
        let days = i64::try_from(at / DAY).unwrap_or(i64::MAX);
        self.start.checked_add(jiff::Span::new().days(days.min(2_000_000))).unwrap_or(Date::MAX)
    }
}

/// Follow-ups among all events; only larger ones have them.
const FOLLOW_UP_SHARE: f64 = 0.1;

/// How many reports an event has: one for a third, a heavy tail for the others (Pareto, exponent 1.3).
fn n_reports(random: &mut Random) -> u32 {
    if random.chance(0.35) {
        return 1;
    }
    (2.0 * random.unit().max(1e-9).powf(-1.0 / 1.3)).min(2000.0) as u32
}

impl Iterator for Stream {
    type Item = StreamReport;

    fn next(&mut self) -> Option<StreamReport> {
        loop {
            let now = self.next_event as u64;
            if self.due.peek().is_none_or(|due| due.0.at >= now) {
                self.open_event(now, 0);
                self.next_event += self.interval;
                continue;
            }
            let Reverse(due) = self.due.pop()?;
            if due.event == 0 {
                self.open_event(due.at, due.follows);
                continue;
            }
            let event = Event::of(due.event, due.follows);
            let arrives = self.day(due.at);
            let mut random = Random::new(due.event ^ (u64::from(due.number) << 40));
            let published = self.day(due.at - u64::from(due.late_days) * DAY);
            let told = event.tell(due.number, &mut random);
            return Some(StreamReport {
                event: due.event,
                arrives,
                published: (!random.chance(0.03)).then_some(published),
                outlet: words::outlet(random.below(3000)),
                title: told.title,
                sentences: told.sentences,
            });
        }
    }
}

impl StreamReport {
    /// The text of the report, paragraph by paragraph.
    pub fn text(&self) -> String {
        self.sentences.chunks(2).map(|sentences| sentences.join(" ")).collect::<Vec<_>>().join("\n\n")
    }

    /// What an annotator would make of it: the words of title and body as terms, those in the lead weightier, full names beside.
    /// `number` sets reports of the same text apart.
    pub fn outline(&self, number: u64) -> Outline {
        let mut counts = std::collections::HashMap::<String, (f32, bool)>::new();
        let mut hashes = Vec::new();
        let title = self.title.split(' ').map(|word| (word, true));
        let body = self.sentences.iter().flat_map(|sentence| sentence.split(' ')).enumerate();
        for (word, leads) in title.chain(body.map(|(n, word)| (word, n < 60))) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            if word.len() < 2 {
                continue;
            }
            let lower = word.to_lowercase();
            hashes.push(words::hash(&lower));
            let count = counts.entry(lower).or_default();
            count.0 += if leads { 3.0 } else { 1.0 };
            count.1 |= word.starts_with(char::is_uppercase);
        }
        let terms = counts.into_iter().map(|(term, (count, capital))| {
            let factor = if capital { 1.5 } else { 1.0 };
            (term, factor * (1.0 + count.ln()))
        });
        Outline {
            report: ReportId::of(Some(&self.outlet), Some(&number.to_string()), &self.title),
            day: self.published,
            label: self.title.clone(),
            lead: None,
            terms: Terms::new(terms),
            sketch: Sketch::of_words(&hashes),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_stream_follows_from_its_seed() {
        let reports = |seed| Stream::new(seed, 2000).take(50).collect::<Vec<_>>();
        assert_eq!(reports(1), reports(1));
        assert_ne!(reports(1), reports(2));
    }

    #[test]
    fn days_rise_and_come_at_the_rate_that_was_asked_for() {
        let reports: Vec<StreamReport> = Stream::new(7, 500).take(5000).collect();
        assert!(reports.windows(2).all(|pair| pair[0].arrives <= pair[1].arrives));
        let mut per_day = BTreeMap::<Date, usize>::new();
        reports.iter().for_each(|report| *per_day.entry(report.arrives).or_default() += 1);
        let middle: Vec<usize> = per_day.values().copied().skip(3).take(4).collect();
        assert!(middle.iter().sum::<usize>() / middle.len() > 250, "{per_day:?}");
        let late =
            reports.iter().filter(|report| report.published.is_some_and(|day| day < report.arrives)).count();
        assert!((40..200).contains(&late), "{late}");
    }

    #[test]
    fn events_have_one_report_or_many_and_some_are_copies() {
        let reports: Vec<StreamReport> = Stream::new(3, 1000).take(4000).collect();
        let mut sizes = BTreeMap::<u64, usize>::new();
        reports.iter().for_each(|report| *sizes.entry(report.event).or_default() += 1);
        let single = sizes.values().filter(|&&n| n == 1).count();
        assert!(single * 5 > sizes.len() && single * 5 < 4 * sizes.len(), "{single} of {}", sizes.len());
        assert!(sizes.values().any(|&n| n > 20));
        let leads: BTreeMap<&str, usize> = reports.iter().fold(BTreeMap::new(), |mut leads, report| {
            *leads.entry(report.sentences[1].as_str()).or_default() += 1;
            leads
        });
        let copied: usize = leads.values().filter(|&&n| n > 1).sum();
        assert!(copied > 400 && copied < 3000, "{copied}");
    }
}
