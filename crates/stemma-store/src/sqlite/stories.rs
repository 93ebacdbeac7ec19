//! Stories, what became of them, and what a person said of them.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Transaction, params};
use stemma_core::{Correction, ReportId, StoryId};

use super::{integer, natural, reports};
use crate::encoding::{from_json, json};
use crate::error::Fault;
use crate::events::changes;
use crate::{StoreError, StoredStory, StoryEvent, StoryEventKind};

/// Keeps stories, and what changes by that. With `all`, every other one ends.
pub(super) fn put(transaction: &Transaction<'_>, stories: &[StoredStory], all: bool) -> Result<(), Fault> {
    let before = match all {
        true => self::all(transaction)?.into_iter().map(|story| (story.id, story.reports)).collect(),
        false => touched(transaction, stories)?,
    };
    let stays: BTreeSet<StoryId> = stories.iter().map(|story| story.id).collect();
    for id in before.keys().filter(|id| all && !stays.contains(id)) {
        transaction.execute("DELETE FROM stories WHERE story = ?1", [id.to_string()])?;
    }
    for story in stories {
        put_story(transaction, story, before.get(&story.id).map_or(&[], Vec::as_slice))?;
    }
    for event in changes(&before, stories, all) {
        put_event(transaction, &event)?;
    }
    Ok(())
}

/// The stories of these ids as they are, and those that their reports are in.
fn touched(
    transaction: &Transaction<'_>,
    stories: &[StoredStory],
) -> Result<BTreeMap<StoryId, Vec<ReportId>>, Fault> {
    let mut ids: BTreeSet<StoryId> = stories.iter().map(|story| story.id).collect();
    let mut holders = transaction
        .prepare_cached("SELECT story FROM story_reports JOIN reports ON number = report WHERE id = ?1")?;
    for report in stories.iter().flat_map(|story| &story.reports) {
        for story in holders.query_map([report.to_string()], |row| row.get::<_, String>(0))? {
            ids.insert(parse_story(&story?)?);
        }
    }
    let mut found = BTreeMap::new();
    let mut known = transaction.prepare_cached("SELECT 1 FROM stories WHERE story = ?1")?;
    let mut members = transaction.prepare_cached(
        "SELECT id FROM story_reports JOIN reports ON number = report WHERE story = ?1 ORDER BY position",
    )?;
    for id in ids {
        if known.exists([id.to_string()])? {
            let members = members.query_map([id.to_string()], |row| row.get::<_, String>(0))?;
            let members: Result<Vec<ReportId>, Fault> =
                members.map(|report| Ok(reports::parse_id(&report?)?)).collect();
            found.insert(id, members?);
        }
    }
    Ok(found)
}

fn put_story(transaction: &Transaction<'_>, story: &StoredStory, before: &[ReportId]) -> Result<(), Fault> {
    let id = story.id.to_string();
    transaction
        .prepare_cached("INSERT INTO stories VALUES (?1, ?2) ON CONFLICT (story) DO UPDATE SET label = ?2")?
        .execute([&id, &story.label])?;
    // Stories mostly grow at their end: then what is there stays.
    let n_kept = if story.reports.starts_with(before) { before.len() } else { 0 };
    if n_kept == 0 {
        transaction.prepare_cached("DELETE FROM story_reports WHERE story = ?1")?.execute([&id])?;
    }
    let mut insert = transaction.prepare_cached("INSERT INTO story_reports VALUES (?1, ?2, ?3)")?;
    for (position, &report) in story.reports.iter().enumerate().skip(n_kept) {
        let number = reports::number(transaction, report)?;
        let number =
            number.ok_or_else(|| StoreError::NoSuchReport { what: format!("story {id}"), report })?;
        insert.execute(params![id, integer(position), number])?;
    }
    Ok(())
}

fn put_event(transaction: &Transaction<'_>, event: &StoryEvent) -> Result<(), Fault> {
    let report = event.report.map(|report| reports::number(transaction, report)).transpose()?.flatten();
    transaction
        .prepare_cached("INSERT INTO story_events (story, kind, report, other) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            event.story.to_string(),
            event.kind.as_str(),
            report,
            event.other.map(|story| story.to_string())
        ])?;
    Ok(())
}

pub(super) fn all(connection: &Connection) -> Result<Vec<StoredStory>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT story, label, id FROM stories LEFT JOIN story_reports USING (story) LEFT JOIN reports ON number = report \
         ORDER BY story, story_reports.position",
    )?;
    let mut rows = statement.query([])?;
    let mut stories: Vec<StoredStory> = Vec::new();
    while let Some(row) = rows.next()? {
        let id = parse_story(&row.get::<_, String>(0)?)?;
        if stories.last().is_none_or(|story| story.id != id) {
            stories.push(StoredStory { id, label: row.get(1)?, reports: Vec::new() });
        }
        if let (Some(story), Some(report)) = (stories.last_mut(), row.get::<_, Option<String>>(2)?) {
            story.reports.push(reports::parse_id(&report)?);
        }
    }
    Ok(stories)
}

pub(super) fn events(connection: &Connection) -> Result<Vec<StoryEvent>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT story, kind, id, other FROM story_events LEFT JOIN reports ON reports.number = report \
         ORDER BY story_events.number",
    )?;
    let mut rows = statement.query([])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(1)?;
        let kind = StoryEventKind::of_str(&kind).ok_or_else(|| {
            StoreError::damaged("an event of a story", format!("{kind:?} is no kind of it"))
        })?;
        let report: Option<String> = row.get(2)?;
        let other: Option<String> = row.get(3)?;
        events.push(StoryEvent {
            story: parse_story(&row.get::<_, String>(0)?)?,
            kind,
            report: report.map(|id| reports::parse_id(&id)).transpose()?,
            other: other.map(|id| parse_story(&id)).transpose()?,
        });
    }
    Ok(events)
}

pub(super) fn parse_story(text: &str) -> Result<StoryId, StoreError> {
    text.parse().map_err(|problem: String| StoreError::damaged("a story", problem))
}

pub(super) fn put_correction(transaction: &Transaction<'_>, correction: &Correction) -> Result<usize, Fault> {
    let number: i64 = transaction.query_row(
        "INSERT INTO corrections (kind, correction) VALUES (?1, ?2) RETURNING number",
        params![correction.kind(), json(correction)],
        |row| row.get(0),
    )?;
    Ok(natural(&|| "the corrections".to_owned(), number)?)
}

pub(super) fn corrections(connection: &Connection) -> Result<Vec<Correction>, Fault> {
    let mut statement = connection.prepare_cached("SELECT correction FROM corrections ORDER BY number")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?.enumerate();
    rows.map(|(n, row)| Ok(from_json(&|| format!("correction {}", n + 1), row?.as_bytes())?)).collect()
}
