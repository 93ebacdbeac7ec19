//! Reports and the bytes that they were read from.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use stemma_core::{Content, Origin, Published, Report, ReportDraft, ReportId};

use super::{integer, natural};
use crate::encoding::{from_json, json, pack_bytes, unpack_bytes};
use crate::error::Fault;
use crate::{ContentHash, StoreError, StoredReport};

/// Where a report was put.
pub(super) struct Put {
    pub(super) number: i64,
    pub(super) is_new: bool,
}

/// Keeps a report. One that is there already is left as it is, and gets its bytes if it has none.
pub(super) fn put(
    transaction: &Transaction<'_>,
    report: &Report,
    content: Option<&Content>,
) -> Result<Put, Fault> {
    let id = report.id().to_string();
    let there: Option<(i64, Option<i64>)> = transaction
        .prepare_cached(
            "SELECT number, (SELECT content FROM contents WHERE contents.content = reports.content AND bytes IS NOT NULL) \
             FROM reports WHERE id = ?1",
        )?
        .query_row([&id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((number, known)) = there {
        if let (None, Some(content)) = (known, content) {
            let range = range_columns(content);
            transaction
                .prepare_cached(
                    "UPDATE reports SET content = ?2, byte_start = ?3, byte_end = ?4 WHERE number = ?1",
                )?
                .execute(params![number, put_content(transaction, content)?, range[0], range[1]])?;
        }
        return Ok(Put { number, is_new: false });
    }
    let content_number = content.map(|content| put_content(transaction, content)).transpose()?;
    let range = content.map_or([None, None], range_columns);
    let origin = report.origin();
    transaction
        .prepare_cached(
            "INSERT INTO reports (id, given_id, outlet, url, title, byline, published, published_day, published_as, language, \
             text, place, item, extra, content, byte_start, byte_end) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(params![
            id,
            report.given_id(),
            report.outlet(),
            report.url(),
            report.title(),
            report.byline(),
            report.published().map(|published| published.to_string()),
            report.published().map(|published| published.date().to_string()),
            report.published().map(|published| json(&published)),
            report.language(),
            report.text(),
            origin.place,
            origin.item.map(integer),
            json(report.extra()),
            content_number,
            range[0],
            range[1],
        ])?;
    Ok(Put { number: transaction.last_insert_rowid(), is_new: true })
}

fn range_columns(content: &Content) -> [Option<i64>; 2] {
    let range = content.range.as_ref();
    [range.map(|range| integer(range.start)), range.map(|range| integer(range.end))]
}

/// Keeps bytes. Gives their number.
fn put_content(transaction: &Transaction<'_>, content: &Content) -> Result<i64, Fault> {
    let hash = ContentHash::of(&content.bytes).to_string();
    let there: Option<(i64, bool)> = transaction
        .prepare_cached("SELECT content, bytes IS NOT NULL FROM contents WHERE sha256 = ?1")?
        .query_row([&hash], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((number, true)) = there {
        return Ok(number);
    }
    let packed = pack_bytes(&content.bytes);
    transaction
        .prepare_cached(
            "INSERT INTO contents (sha256, media_type, length, encoding, bytes) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (sha256) DO UPDATE SET media_type = ?2, length = ?3, encoding = ?4, bytes = ?5",
        )?
        .execute(params![
            hash,
            content.media_type,
            integer(content.bytes.len()),
            packed.encoding,
            packed.bytes
        ])?;
    Ok(there.map_or_else(|| transaction.last_insert_rowid(), |(number, _)| number))
}

pub(super) fn content(connection: &Connection, hash: ContentHash) -> Result<Option<Content>, Fault> {
    let row = connection
        .prepare_cached(
            "SELECT media_type, encoding, bytes FROM contents WHERE sha256 = ?1 AND bytes IS NOT NULL",
        )?
        .query_row([hash.to_string()], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?))
        })
        .optional()?;
    let Some((media_type, encoding, bytes)) = row else { return Ok(None) };
    let what = || format!("the bytes {hash}");
    let bytes = unpack_bytes(&what, &encoding, bytes)?;
    let found = ContentHash::of(&bytes);
    if found != hash {
        return Err(StoreError::damaged(what(), format!("their hash is {found}")).into());
    }
    let media_type = media_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    Ok(Some(Content { bytes: bytes.into(), media_type: media_type.into(), range: None }))
}

pub(super) fn get(connection: &Connection, id: ReportId) -> Result<Option<StoredReport>, Fault> {
    let row = connection
        .prepare_cached("SELECT *, (SELECT sha256 FROM contents WHERE contents.content = reports.content) AS sha256 FROM reports WHERE id = ?1")?
        .query_row([id.to_string()], ReportRow::of)
        .optional()?;
    Ok(row.map(|row| row.report(id)).transpose()?)
}

pub(super) fn ids(connection: &Connection) -> Result<Vec<ReportId>, Fault> {
    let mut statement = connection.prepare_cached("SELECT id FROM reports ORDER BY number")?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| Ok(parse_id(&id?)?)).collect()
}

/// The number of a report.
pub(super) fn number(connection: &Connection, id: ReportId) -> Result<Option<i64>, Fault> {
    let mut statement = connection.prepare_cached("SELECT number FROM reports WHERE id = ?1")?;
    Ok(statement.query_row([id.to_string()], |row| row.get(0)).optional()?)
}

pub(super) fn parse_id(text: &str) -> Result<ReportId, StoreError> {
    text.parse().map_err(|problem: String| StoreError::damaged("a report", problem))
}

/// One row of `reports`, before it is checked.
struct ReportRow {
    draft: ReportDraft,
    published: Option<String>,
    place: String,
    item: Option<i64>,
    extra: String,
    sha256: Option<String>,
    range: Option<Range<i64>>,
}

impl ReportRow {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let range: (Option<i64>, Option<i64>) = (row.get("byte_start")?, row.get("byte_end")?);
        Ok(Self {
            draft: ReportDraft {
                given_id: row.get("given_id")?,
                outlet: row.get("outlet")?,
                url: row.get("url")?,
                title: row.get("title")?,
                byline: row.get("byline")?,
                published: None,
                language: row.get("language")?,
                text: row.get("text")?,
                extra: serde_json::Map::new(),
            },
            published: row.get("published_as")?,
            place: row.get("place")?,
            item: row.get("item")?,
            extra: row.get("extra")?,
            sha256: row.get("sha256")?,
            range: range.0.zip(range.1).map(|(start, end)| start..end),
        })
    }

    fn report(self, id: ReportId) -> Result<StoredReport, StoreError> {
        let what = || format!("report {id}");
        let published: Option<Published> =
            self.published.map(|text| from_json(&what, text.as_bytes())).transpose()?;
        let extra = from_json(&what, self.extra.as_bytes())?;
        let item = self.item.map(|item| natural(&what, item)).transpose()?;
        let origin = Origin { place: self.place, item };
        let report = Report::new(ReportDraft { published, extra, ..self.draft }, origin);
        if report.id() != id {
            return Err(StoreError::damaged(what(), format!("its parts have the id {}", report.id())));
        }
        let hash =
            |text: String| text.parse().map_err(|problem: String| StoreError::damaged(what(), problem));
        let range = self
            .range
            .map(|range| Ok::<_, StoreError>(natural(&what, range.start)?..natural(&what, range.end)?));
        Ok(StoredReport { report, content: self.sha256.map(hash).transpose()?, range: range.transpose()? })
    }
}
