//! When a report was published: its metadata, else a date stub or dateline in its text.

use stemma_core::{Layer, Note, Published, Report, Segment, SegmentId};

/// The publication date of `report`.
pub fn find_published(
    report: &Report,
    _segments: &Layer<SegmentId, Segment>,
    _notes: &mut Vec<Note>,
) -> Option<Published> {
    report.published()
}
