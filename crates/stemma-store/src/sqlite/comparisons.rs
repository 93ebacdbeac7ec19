//! Comparisons, and a row for each divergence that they found.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use stemma_core::{AlignmentRef, Cell, Comparison, Span, Story, StoryId};

use super::documents::extent;
use super::{integer, reports};
use crate::encoding::{from_json, pack_json, unpack_bytes};
use crate::error::Fault;
use crate::{ContentHash, StoreError};

pub(super) fn put(
    transaction: &Transaction<'_>,
    key: ContentHash,
    id: Option<StoryId>,
    story: &Story,
    comparison: &Comparison,
) -> Result<(), Fault> {
    transaction.execute("DELETE FROM comparisons WHERE key = ?1", [key.to_string()])?;
    let packed = pack_json(comparison);
    transaction
        .prepare_cached(
            "INSERT INTO comparisons (key, story, encoding, bytes) \
             VALUES (?1, (SELECT story FROM stories WHERE story = ?2), ?3, ?4)",
        )?
        .execute(params![key.to_string(), id.map(|id| id.to_string()), packed.encoding, packed.bytes])?;
    let number = transaction.last_insert_rowid();
    let mut numbers = Vec::with_capacity(story.documents().len());
    let mut insert = transaction.prepare_cached("INSERT INTO comparison_reports VALUES (?1, ?2, ?3)")?;
    for (position, document) in story.documents().iter().enumerate() {
        let report = document.report().id();
        let there = reports::number(transaction, report)?;
        let there =
            there.ok_or_else(|| StoreError::NoSuchReport { what: "a comparison".to_owned(), report })?;
        insert.execute(params![number, integer(position), there])?;
        numbers.push(there);
    }
    put_divergences(transaction, number, &numbers, story, comparison)
}

fn put_divergences(
    transaction: &Transaction<'_>,
    number: i64,
    numbers: &[i64],
    story: &Story,
    comparison: &Comparison,
) -> Result<(), Fault> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO divergences VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    )?;
    let words = |cell: &Cell, spans: &[Span]| story.document(cell.report).slices(spans);
    let mut n = 0;
    for (of, alignment) in comparison.alignments() {
        let (row_kind, row) = match of {
            AlignmentRef::Utterance(row) => ("utterance", row),
            AlignmentRef::Fact(row) => ("fact", row),
        };
        for divergence in &alignment.divergences {
            let [a, b] = divergence.cells.map(|cell| &alignment.cells[cell]);
            let ((start_a, end_a), (start_b, end_b)) = (extent(&a.spans), extent(&b.spans));
            insert.execute(params![
                number,
                n,
                divergence.kind.as_str(),
                divergence.score,
                divergence.reason,
                row_kind,
                integer(row),
                alignment.speaker,
                numbers[a.report.index()],
                words(a, &a.spans),
                words(a, &divergence.evidence[0]),
                start_a,
                end_a,
                numbers[b.report.index()],
                words(b, &b.spans),
                words(b, &divergence.evidence[1]),
                start_b,
                end_b,
            ])?;
            n += 1;
        }
    }
    Ok(())
}

pub(super) fn get(connection: &Connection, key: ContentHash) -> Result<Option<Comparison>, Fault> {
    let row: Option<(String, Vec<u8>)> = connection
        .query_row("SELECT encoding, bytes FROM comparisons WHERE key = ?1", [key.to_string()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((encoding, bytes)) = row else { return Ok(None) };
    let what = || format!("comparison {key}");
    Ok(Some(from_json(&what, &unpack_bytes(&what, &encoding, bytes)?)?))
}
