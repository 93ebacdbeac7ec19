//! The timeline: which days the reports speak of.

use std::collections::BTreeMap;

use stemma_core::{
    DayRange, Document, ReportIndex, SegmentKind, Span, Story, TimeExpression, TimeKind, TimelineEntry,
};

use crate::pieces::is_quoted;

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
                let reason = reason(document, time);
                days.entry(range).or_default().push((report, time.span, sentence.span, reason));
            }
        }
    }
    days.into_iter().map(|(days, mentions)| TimelineEntry { days, mentions }).collect()
}

/// Why these days: "today" in somebody's mouth is the day when it was said, which the report's date only stands in for.
fn reason(document: &Document, time: &TimeExpression) -> String {
    let dated = document.text()[time.span.range()].contains(|c: char| c.is_ascii_digit());
    if !dated && is_quoted(document, time.span) {
        format!("{}; inside a quotation, which may be of another day", time.reason)
    } else {
        time.reason.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use stemma_core::Report;

    use super::*;

    #[test]
    fn today_in_somebody_s_mouth_is_said_to_be_so() {
        let text = "KYIV, 2 March 2025 - The bridge fell on Friday. “It fell today,” Ivo Petrov wrote later.";
        let document = stemma_annotate::Annotator::load().annotate(Arc::new(Report::of_text(text)));
        let entries = make_timeline(&Story::new(vec![document]));
        let reasons: Vec<&str> = entries.iter().map(|entry| entry.mentions[0].3.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "Friday before 2025-03-02, the report's date",
                "the day of 2025-03-02, the report's date; inside a quotation, which may be of another day"
            ]
        );
    }
}
