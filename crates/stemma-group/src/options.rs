//! The few numbers that decide what is one story.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Thresholds and scales of grouping. The defaults were chosen on the training part of ECB+ (`stemma eval stories`).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Mean similarity to the reports of a story from which a report joins it, in a stream.
    pub stream_threshold: f64,
    /// Mean similarity between the reports of two stories from which they become one, in a stream.
    pub merge_threshold: f64,
    /// Mean similarity between the reports of two stories from which they become one, in a batch.
    pub batch_threshold: f64,
    /// Resemblance (share of common shingles) from which two reports are near-duplicates and of one story in any case.
    pub duplicate_threshold: f64,
    /// Days between a report and a story at which their similarity counts half; finite, so that the state can be saved.
    pub half_days: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            stream_threshold: 0.2,
            merge_threshold: 0.25,
            batch_threshold: 0.2,
            duplicate_threshold: 0.5,
            half_days: 20.0,
        }
    }
}

impl Options {
    /// What remains of a similarity over `days`: 1 on one day, ½ at `half_days`, and ever less. 1 where a day is unknown.
    pub(crate) fn time_factor(&self, days: Option<i64>) -> f64 {
        days.map_or(1.0, |days| 1.0 / (1.0 + (days as f64 / self.half_days).powi(2)))
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
        let days = |from: Date, to: Date| i64::from(from.until(to).map_or(0, |span| span.get_days()));
        Some(days(b, c).max(days(d, a)).max(0))
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
            [None, Some(0), Some(1), Some(20), Some(999)].map(factor),
            [100.0, 100.0, 100.0, 50.0, 0.0]
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
