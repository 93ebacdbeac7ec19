//! When the reports of a story were published: its span and its growth.

use jiff::civil::Date;
use stemma_core::{Document, Published};

/// How many of a story's reports were published when, in steps of one length.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Arrivals {
    /// Length of a step, in hours. At least 24 where only the day of a report is known.
    pub step_hours: u32,
    /// Start of the first step, in UTC; a day where steps are days. `None` if no report is dated.
    pub first: Option<Published>,
    /// Reports in each step, from the first to the last that has any.
    pub counts: Vec<usize>,
    /// Reports of which the day is not known.
    pub n_undated: usize,
}

/// Lengths of a step, in hours; the shortest is taken that needs no more than [`MAX_STEPS`].
const STEPS: [u32; 8] = [1, 3, 6, 24, 7 * 24, 28 * 24, 365 * 24, 3650 * 24];

/// Steps that a reader takes in at a glance.
const MAX_STEPS: usize = 12;

/// Shortest step of reports of which only the day is known.
const DAY: u32 = 24;

impl Arrivals {
    /// Of `documents`, in any order.
    pub fn of(documents: &[Document]) -> Self {
        Self::of_times(documents.iter().map(Document::published))
    }

    /// Of reports that were published at `times`, where that is known.
    pub fn of_times(times: impl IntoIterator<Item = Option<Published>>) -> Self {
        let times: Vec<Option<Published>> = times.into_iter().collect();
        let dated: Vec<Published> = times.iter().filter_map(|time| *time).collect();
        let n_undated = times.len() - dated.len();
        let exact: Option<Vec<i64>> =
            dated.iter().map(|at| Some(at.instant()?.as_second().div_euclid(3600))).collect();
        let by_clock = exact.is_some();
        let hours = exact.unwrap_or_else(|| dated.iter().map(|at| hours_of(at.date())).collect());
        let (Some(&first), Some(&last)) = (hours.iter().min(), hours.iter().max()) else {
            return Self { n_undated, ..Self::default() };
        };
        let n_steps = |step: u32| {
            let bucket = |hour: i64| hour.div_euclid(i64::from(step));
            usize::try_from(bucket(last) - bucket(first)).unwrap_or(usize::MAX).saturating_add(1)
        };
        let mut steps = STEPS.into_iter().filter(|&step| by_clock || step >= DAY);
        let step = steps.find(|&step| n_steps(step) <= MAX_STEPS).unwrap_or(STEPS[STEPS.len() - 1]);
        let bucket = |hour: i64| hour.div_euclid(i64::from(step));
        let mut counts = vec![0; n_steps(step)];
        for &hour in &hours {
            counts[usize::try_from(bucket(hour) - bucket(first)).expect("no hour is before the first")] += 1;
        }
        let start = bucket(first) * i64::from(step);
        Self { step_hours: step, first: start_of(start, step), counts, n_undated }
    }
}

/// Hours from 1970 to the start of a day.
fn hours_of(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    i64::from(epoch.until(date).map_or(0, |span| span.get_days())) * 24
}

fn start_of(hour: i64, step: u32) -> Option<Published> {
    let at = jiff::Timestamp::from_second(hour * 3600).ok()?;
    let zone = jiff::tz::Offset::UTC;
    Some(if step >= DAY { Published::Day(zone.to_datetime(at).date()) } else { Published::Instant(at, zone) })
}

#[cfg(test)]
mod tests {
    use stemma_core::{Origin, Report, ReportDraft};

    use super::*;
    use crate::Engine;

    fn arrivals(times: &[&str]) -> String {
        let report = |time: &&str| {
            let published = match time.len() {
                0 => None,
                10 => Some(Published::Day(time.parse().unwrap())),
                _ => Some(Published::Instant(time.parse().unwrap(), jiff::tz::Offset::constant(2))),
            };
            let draft =
                ReportDraft { published, text: "The bridge at Lom fell.".into(), ..ReportDraft::default() };
            Report::new(draft, Origin::whole("-"))
        };
        let documents = Engine::load().annotate(times.iter().map(report).collect(), 1);
        let Arrivals { step_hours, first, counts, n_undated } = Arrivals::of(&documents);
        let first = first.map_or(String::from("-"), |first| first.to_string());
        format!("every {step_hours} h from {first}: {counts:?}, undated {n_undated}")
    }

    #[test]
    fn hours_are_counted_where_all_are_known() {
        insta::assert_snapshot!(
            arrivals(&["2026-03-04T08:10:00Z", "2026-03-04T10:59:00Z", "2026-03-04T08:50:00Z"]),
            @"every 1 h from 2026-03-04T08:00:00+00:00: [2, 0, 1], undated 0"
        );
    }

    #[test]
    fn one_day_without_a_clock_makes_all_steps_days() {
        insta::assert_snapshot!(
            arrivals(&["2026-03-04T23:10:00Z", "2026-03-04", "", "2026-03-06"]),
            @"every 24 h from 2026-03-04: [1, 1, 1], undated 1"
        );
    }

    #[test]
    fn a_long_story_has_long_steps() {
        insta::assert_snapshot!(arrivals(&["2025-01-01", "2026-03-06"]), @"every 8760 h from 2024-12-18: [1, 1], undated 0");
        insta::assert_snapshot!(arrivals(&[""]), @"every 0 h from -: [], undated 1");
    }
}
