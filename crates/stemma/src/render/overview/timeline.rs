//! Days, and what the reports say of them.

use jiff::civil::Date;
use stemma_core::{Comparison, ReportIndex, Span, Story};

use crate::render::runs::{Shown, clean};

/// One day or run of days.
#[derive(Debug)]
pub(crate) struct Day {
    /// "Fri 2025-02-28", "February 2025", "2025", or "2025-02-24 to 2025-03-02".
    pub(crate) days: String,
    /// Where the reports speak of it.
    pub(crate) mentions: Vec<DayMention>,
}

/// An expression of time, in one report or in the same sentence of several.
#[derive(Debug)]
pub(crate) struct DayMention {
    /// The reports.
    pub(crate) reports: Vec<ReportIndex>,
    /// The words of the time.
    pub(crate) time: String,
    /// The sentence around them.
    pub(crate) sentence: String,
    /// How they were resolved.
    pub(crate) reason: String,
}

/// A day, a whole month or year by its name, or the first and the last day of a run.
fn days(first: Date, last: Date) -> String {
    let is_month = first == first.first_of_month() && last == first.last_of_month();
    let is_year = first == first.first_of_year() && last == first.last_of_year();
    if first == last {
        first.strftime("%a %Y-%m-%d").to_string()
    } else if is_month {
        first.strftime("%B %Y").to_string()
    } else if is_year {
        first.year().to_string()
    } else {
        format!("{first} to {last}")
    }
}

pub(super) fn timeline(story: &Story, comparison: &Comparison) -> Vec<Day> {
    let day = |entry: &stemma_core::TimelineEntry| {
        let (first, last) = (entry.days.first, entry.days.last);
        let days = days(first, last);
        let mut mentions: Vec<DayMention> = Vec::new();
        for (report, time, sentence, reason) in &entry.mentions {
            let shown = |span: &Span| Shown::new(story.document(*report), &[*span]).text;
            let (time, sentence, reason) = (shown(time), shown(sentence), clean(reason));
            let same = |other: &&mut DayMention| {
                other.time == time && other.sentence == sentence && other.reason == reason
            };
            match mentions.iter_mut().find(same) {
                Some(known) => known.reports.push(*report),
                None => mentions.push(DayMention { reports: vec![*report], time, sentence, reason }),
            }
        }
        for mention in &mut mentions {
            mention.reports.dedup();
        }
        Day { days, mentions }
    };
    comparison.timeline.iter().map(day).collect()
}
