//! The timeline: which days the reports speak of.

use std::collections::BTreeMap;

use stemma_core::{DayRange, ReportIndex, SegmentKind, Span, Story, TimeKind, TimelineEntry};

/// Longer stretches ("the 1990s", "last year") are background, not the story's time. Unit: days.
const LONGEST_DAYS: i32 = 31;

/// Every day or stretch of days that a body sentence names, in order of time, with who names it and in which words.
pub(crate) fn make_timeline(story: &Story) -> Vec<TimelineEntry> {
    let mut days: BTreeMap<DayRange, Vec<(ReportIndex, Span, Span, String)>> = BTreeMap::new();
    for (report, document) in story.iter() {
        let layers = document.layers();
        for time in layers.times.items() {
            let Some(range) = time.days else { continue };
            let short = range.first.until(range.last).is_ok_and(|span| span.get_days() < LONGEST_DAYS);
            let Some(sentence) = document.sentence_at(time.span.start()).map(|id| layers.sentences[id])
            else {
                continue;
            };
            let body = layers.segments[sentence.segment].kind == SegmentKind::Body;
            if short && body && matches!(time.kind, TimeKind::Date | TimeKind::Time) {
                days.entry(range).or_default().push((report, time.span, sentence.span, time.reason.clone()));
            }
        }
    }
    days.into_iter().map(|(days, mentions)| TimelineEntry { days, mentions }).collect()
}
