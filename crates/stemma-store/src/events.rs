//! What becomes of stories when they are put in place of others.

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{ReportId, StoryId};

use crate::{StoredStory, StoryEvent, StoryEventKind};

/// What becomes of the stories of `before` when `after` are put: one that is in both gets other reports. With `all`, those that
/// are not in `after` end. In order of `after`.
pub(crate) fn changes(
    before: &BTreeMap<StoryId, Vec<ReportId>>,
    after: &[StoredStory],
    all: bool,
) -> Vec<StoryEvent> {
    let was_in: BTreeMap<ReportId, StoryId> =
        story_of(before.iter().map(|(&id, reports)| (id, &reports[..])));
    let is_in: BTreeMap<ReportId, StoryId> =
        story_of(after.iter().map(|story| (story.id, &story.reports[..])));
    let mut events = Vec::new();
    for story in after {
        let old = before.get(&story.id).map_or(&[][..], Vec::as_slice);
        let known: BTreeSet<ReportId> = old.iter().copied().collect();
        let mut is_new = !before.contains_key(&story.id);
        for &report in story.reports.iter().filter(|report| !known.contains(report)) {
            let kind = if is_new { StoryEventKind::Opened } else { StoryEventKind::Joined };
            let other = was_in.get(&report).copied();
            events.push(StoryEvent { story: story.id, kind, report: Some(report), other });
            is_new = false;
        }
        if is_new {
            events.push(StoryEvent {
                story: story.id,
                kind: StoryEventKind::Opened,
                report: None,
                other: None,
            });
        }
        let kept: BTreeSet<ReportId> = story.reports.iter().copied().collect();
        events.extend(left(story.id, old.iter().filter(|report| !kept.contains(report)), &is_in));
    }
    if all {
        let stays: BTreeSet<StoryId> = after.iter().map(|story| story.id).collect();
        for (&id, reports) in before.iter().filter(|(id, _)| !stays.contains(id)) {
            events.extend(left(id, reports.iter(), &is_in));
            let other = reports.first().and_then(|report| is_in.get(report)).copied();
            events.push(StoryEvent { story: id, kind: StoryEventKind::Ended, report: None, other });
        }
    }
    events
}

fn story_of<'a>(stories: impl Iterator<Item = (StoryId, &'a [ReportId])>) -> BTreeMap<ReportId, StoryId> {
    stories.flat_map(|(id, reports)| reports.iter().map(move |&report| (report, id))).collect()
}

fn left<'a>(
    story: StoryId,
    reports: impl Iterator<Item = &'a ReportId>,
    is_in: &BTreeMap<ReportId, StoryId>,
) -> Vec<StoryEvent> {
    let event = |&report: &ReportId| {
        let other = is_in.get(&report).copied();
        StoryEvent { story, kind: StoryEventKind::Left, report: Some(report), other }
    };
    reports.map(event).collect()
}
