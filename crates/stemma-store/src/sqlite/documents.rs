//! Layers, and the rows that are made of them for people: who said what, and who is named.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use stemma_core::{
    Attribution, Document, EntityId, Layer, LayerId, Layers, Mention, MentionId, ReportId, Span,
};

use super::{integer, reports};
use crate::content::made_by;
use crate::encoding::{LAYERS, pack_layers, unpack_layers};
use crate::error::Fault;
use crate::{StoreError, producers};

/// Keeps the layers of the report of `number` and the rows that are made of them, in place of those that are there.
pub(super) fn put(transaction: &Transaction<'_>, number: i64, document: &Document) -> Result<(), Fault> {
    let layers = document.layers();
    let packed = pack_layers(layers);
    transaction
        .prepare_cached(
            "INSERT INTO layers VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (report) DO UPDATE SET producers = ?2, encoding = ?3, layers = ?4",
        )?
        .execute(params![number, producer_set(transaction, layers)?, packed.encoding, packed.bytes])?;
    put_quotations(transaction, number, document)?;
    put_entities(transaction, number, document)
}

/// The number of the set of stages that made `layers`.
fn producer_set(transaction: &Transaction<'_>, layers: &Layers) -> Result<i64, Fault> {
    let names = producers(layers);
    let there = transaction
        .prepare_cached("SELECT producers FROM producer_sets WHERE names = ?1")?
        .query_row([&names], |row| row.get(0))
        .optional()?;
    if let Some(number) = there {
        return Ok(number);
    }
    transaction.execute("INSERT INTO producer_sets (names) VALUES (?1)", [&names])?;
    let number = transaction.last_insert_rowid();
    for producer in made_by(layers) {
        let row = params![number, producer.name, producer.version];
        transaction.execute("INSERT OR REPLACE INTO producers VALUES (?1, ?2, ?3)", row)?;
    }
    Ok(number)
}

fn put_quotations(transaction: &Transaction<'_>, number: i64, document: &Document) -> Result<(), Fault> {
    transaction.prepare_cached("DELETE FROM quotations WHERE report = ?1")?.execute([number])?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO quotations VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for (n, attribution) in document.layers().attributions.items().iter().enumerate() {
        let entity = speaker(document.layers(), attribution);
        let entity = entity.and_then(|entity| document.layers().entities.get(entity));
        let words = |spans: &[Span]| (!spans.is_empty()).then(|| document.slices(spans));
        let (start, end) = extent(&attribution.content);
        insert.execute(params![
            number,
            integer(n),
            attribution.form.as_str(),
            document.slices(&attribution.content),
            entity.map(|entity| entity.name.as_str()),
            entity.map(|entity| entity.kind.as_str()),
            words(&attribution.source),
            words(&attribution.cue),
            attribution.manner.as_str(),
            attribution.negated,
            start,
            end,
        ])?;
    }
    Ok(())
}

/// The entity that says it.
fn speaker(layers: &Layers, attribution: &Attribution) -> Option<EntityId> {
    let mention = || layers.mentions.get(attribution.source_mention?)?.entity;
    attribution.source_entity.or_else(mention)
}

/// From the first byte to the last of spans that are in order.
pub(super) fn extent(spans: &[Span]) -> (i64, i64) {
    let start = spans.iter().map(|span| span.start()).min().unwrap_or(0);
    let end = spans.iter().map(|span| span.end()).max().unwrap_or(0);
    (integer(start), integer(end))
}

fn put_entities(transaction: &Transaction<'_>, number: i64, document: &Document) -> Result<(), Fault> {
    transaction.prepare_cached("DELETE FROM entities WHERE report = ?1")?.execute([number])?;
    let mut insert =
        transaction.prepare_cached("INSERT INTO entities VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    let layers = document.layers();
    let counted = mentions_of(&layers.mentions, layers.entities.len());
    for ((n, entity), (n_mentions, first)) in layers.entities.items().iter().enumerate().zip(counted) {
        let first = first.map(|span| extent(&[span]));
        insert.execute(params![
            number,
            integer(n),
            entity.kind.as_str(),
            entity.name,
            n_mentions,
            first.map(|(start, _)| start),
            first.map(|(_, end)| end),
        ])?;
    }
    Ok(())
}

/// For each entity the number of its mentions and where the first stands.
fn mentions_of(mentions: &Layer<MentionId, Mention>, n_entities: usize) -> Vec<(i64, Option<Span>)> {
    let mut counted = vec![(0, None); n_entities];
    for mention in mentions.items() {
        if let Some((n, first)) = mention.entity.and_then(|entity| counted.get_mut(entity.index())) {
            *n += 1;
            first.get_or_insert(mention.span);
        }
    }
    counted
}

pub(super) fn get(connection: &Connection, id: ReportId, made_by: &str) -> Result<Option<Document>, Fault> {
    let row: Option<(String, Vec<u8>)> = connection
        .prepare_cached(
            "SELECT encoding, layers FROM reports JOIN layers ON report = number JOIN producer_sets USING (producers) \
             WHERE id = ?1 AND names = ?2",
        )?
        .query_row([&id.to_string(), made_by], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (Some((encoding, bytes)), Some(stored)) = (row, reports::get(connection, id)?) else {
        return Ok(None);
    };
    let what = || format!("the layers of report {id}");
    let Some(layers) = unpack_layers(&what, &encoding, &bytes)? else { return Ok(None) };
    check(&what, &layers, stored.report.text())?;
    Ok(Some(Document::new(stored.report.into(), layers)))
}

pub(super) fn producers_of(connection: &Connection, id: ReportId) -> Result<Option<String>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT names FROM reports JOIN layers ON report = number JOIN producer_sets USING (producers) WHERE id = ?1",
    )?;
    Ok(statement.query_row([id.to_string()], |row| row.get(0)).optional()?)
}

pub(super) fn is_complete(
    connection: &Connection,
    id: ReportId,
    made_by: &str,
    with_bytes: bool,
) -> Result<bool, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM reports JOIN layers ON report = number JOIN producer_sets USING (producers) \
         WHERE id = ?1 AND names = ?2 AND encoding IN ('json', ?3) AND (NOT ?4 OR EXISTS \
         (SELECT 1 FROM contents WHERE contents.content = reports.content AND contents.bytes IS NOT NULL))",
    )?;
    Ok(statement.exists(params![id.to_string(), made_by, LAYERS, with_bytes])?)
}

fn check(what: &dyn Fn() -> String, layers: &Layers, text: &str) -> Result<(), StoreError> {
    match layers.spans().iter().all(|span| span.start() <= span.end() && span.fits(text)) {
        true => Ok(()),
        false => Err(StoreError::damaged(what(), "a span cannot slice the text")),
    }
}

/// From schema 2 to 3: JSON becomes rows. Layers that are damaged, or of a shape that is no longer known, are left out: they
/// are made again when they are needed.
pub(super) fn take_over_old_layers(transaction: &Transaction<'_>) -> Result<(), Fault> {
    {
        let mut old = transaction.prepare(
            "SELECT number, id, layers FROM old_layers JOIN reports ON id = old_layers.report ORDER BY number",
        )?;
        let mut rows = old.query([])?;
        while let Some(row) = rows.next()? {
            let (number, id, layers): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (Ok(id), Ok(layers)) = (id.parse(), serde_json::from_str::<Layers>(&layers)) else {
                continue;
            };
            let Ok(Some(stored)) = reports::get(transaction, id) else { continue };
            if check(&|| "old layers".to_owned(), &layers, stored.report.text()).is_ok() {
                put(transaction, number, &Document::new(stored.report.into(), layers))?;
            }
        }
    }
    transaction.execute_batch(
        "DROP TABLE old_story_reports; DROP TABLE old_layers; DROP TABLE old_comparisons; DROP TABLE old_states; \
         DROP TABLE old_reports;",
    )?;
    Ok(())
}
