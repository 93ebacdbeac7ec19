//! The few numbers that decide what is one story.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Thresholds and scales of grouping. The defaults were chosen on the training part of ECB+ (`stemma eval stories`).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Two groups of reports are one story from this on: similarity between them over similarity within them.
    pub fit_threshold: f64,
    /// Two stories are told to be related from this on, on the same scale but for the time between them.
    pub related_threshold: f64,
    /// Similarity that two reports of one story usually have.
    pub usual_similarity: f64,
    /// Pairs of reports for which the usual similarity counts, beside a group's own.
    pub usual_pairs: f64,
    /// Groups are not taken to be denser than this, however many copies of one text they hold.
    pub densest: f64,
    /// Resemblance (share of common shingles) from which two reports are near-duplicates and of one story in any case.
    pub duplicate_threshold: f64,
    /// Days between two reports by which half of what [`Options::fresh_share`] stands for is gone: reports of one event mostly come
    /// within a few days. Finite, like all of these, so that the state can be saved.
    pub fresh_days: f64,
    /// Share of a similarity that goes within some weeks.
    pub fresh_share: f64,
    /// Days between two reports by which half of the rest is gone: next year's flood is another one.
    pub lasting_days: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            fit_threshold: 0.64,
            related_threshold: 0.35,
            usual_similarity: 0.19,
            usual_pairs: 6.0,
            densest: 0.5,
            duplicate_threshold: 0.5,
            fresh_days: 10.0,
            fresh_share: 0.4,
            lasting_days: 365.0,
        }
    }
}

impl Options {
    /// What remains of a similarity over `days`: 1 on one day, and ever less. 1 where a day is unknown.
    pub(crate) fn time_factor(&self, days: Option<i64>) -> f64 {
        let left = |days: i64, half: f64| 1.0 / (1.0 + (days as f64 / half).powi(2));
        days.map_or(1.0, |days| {
            let fresh = self.fresh_share * left(days, self.fresh_days);
            (1.0 - self.fresh_share + fresh) * left(days, self.lasting_days)
        })
    }
}

/// First and last day, where any is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Days {
    pub(crate) range: Option<(Date, Date)>,
}

impl Days {
    pub(crate) fn of(date: Option<Date>) -> Self {
        Self { range: date.map(|date| (date, date)) }
    }

    /// The smallest range that holds both.
    pub(crate) fn cover(self, other: Days) -> Days {
        let range = match (self.range, other.range) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        Days { range }
    }

    /// Days between the ranges, 0 if they touch; `None` if one is unknown.
    pub(crate) fn apart(self, other: Days) -> Option<i64> {
        let ((a, b), (c, d)) = (self.range?, other.range?);
        let days = |from: Date, to: Date| {
            if from >= to { 0 } else { from.until(to).map_or(0, |span| i64::from(span.get_days())) }
        };
        Some(days(b, c).max(days(d, a)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_lowers_similarity_smoothly() {
        let options = Options::default();
        let factor = |days| (100.0 * options.time_factor(days)).round();
        assert_eq!(
            [None, Some(0), Some(1), Some(10), Some(100), Some(365), Some(9999)].map(factor),
            [100.0, 100.0, 100.0, 80.0, 56.0, 30.0, 0.0]
        );
    }

    #[test]
    fn days_between_ranges() {
        let day = |text: &str| Days::of(text.parse().ok());
        let range = day("2026-01-03").cover(day("2026-01-01"));
        assert_eq!(range.apart(day("2026-01-02")), Some(0));
        assert_eq!(range.apart(day("2026-01-13")), Some(10));
        assert_eq!(day("2025-12-30").apart(range), Some(2));
        assert_eq!(range.apart(Days::default()), None);
    }
}
