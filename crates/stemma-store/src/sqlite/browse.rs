//! Lists for those who look around in a store: what stories hold, reports by arrival, who said what.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use stemma_core::{Published, ReportId, StoryId};

use super::stories::parse_story;
use super::{SqliteStore, integer, reports};
use crate::encoding::{from_json, unpack_bytes};
use crate::error::Fault;
use crate::{StoreError, StoredStory};

/// A report in a line.
#[derive(Clone, PartialEq, Debug)]
pub struct ReportLine {
    /// Order of arrival, from 1.
    pub number: u64,
    /// Its id.
    pub id: ReportId,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// The story that it is in.
    pub story: Option<StoryId>,
    /// What it was read from: a path, an address, or `-`.
    pub place: String,
}

/// A report as a member of a story.
#[derive(Clone, PartialEq, Debug)]
pub struct Member<'a> {
    /// The story.
    pub story: StoryId,
    /// What the story is called.
    pub label: &'a str,
    /// Who published the report.
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
}

/// What somebody said, in one report.
#[derive(Clone, PartialEq, Debug)]
pub struct Quotation {
    /// The report.
    pub report: ReportLine,
    /// Its place among all: the number of the report, and its own in it from 0.
    pub place: [u64; 2],
    /// Direct, mixed or indirect.
    pub form: String,
    /// What is said, as it stands.
    pub text: String,
    /// The fullest name that the report has for who says it.
    pub speaker: Option<String>,
    /// The words that say that it is said.
    pub cue: Option<String>,
    /// Where it stands in the text. Unit: bytes.
    pub span: [u64; 2],
}

/// Somebody who is quoted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpeakerLine {
    /// The fullest name.
    pub name: String,
    /// Reports that quote them.
    pub n_reports: u64,
    /// Quotations.
    pub n_quotations: u64,
}

/// Which quotations are asked for. What is `None` is not asked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct QuotationQuery<'a> {
    /// A part of the speaker's name; the case of ASCII letters is not heeded.
    pub speaker: Option<&'a str>,
    /// A part of what is said; likewise.
    pub words: Option<&'a str>,
    /// Those that come after this one in the list: see [`Quotation::place`].
    pub after: Option<[u64; 2]>,
    /// No more than so many.
    pub limit: usize,
}

/// Columns of a [`ReportLine`], of `reports AS r` and its story.
const LINE: &str = "r.number, r.id, r.outlet, r.title, r.url, r.published_as, \
    (SELECT story FROM story_reports AS s WHERE s.report = r.number LIMIT 1) AS story, r.place";

impl SqliteStore {
    /// How many reports there are.
    pub fn n_reports(&self) -> Result<usize, StoreError> {
        self.read("counting reports", |connection| {
            let n: i64 = connection.query_row("SELECT count(*) FROM reports", [], |row| row.get(0))?;
            Ok(usize::try_from(n).unwrap_or(0))
        })
    }

    /// A number that is another one after another connection has changed the store; it means nothing but that.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.read("looking for changes", |connection| {
            Ok(connection.query_row("PRAGMA data_version", [], |row| row.get(0))?)
        })
    }

    /// Calls `each` for every report of every story. Those of one story follow each other.
    pub fn for_each_member(&self, each: &mut dyn FnMut(Member<'_>)) -> Result<(), StoreError> {
        self.read("listing stories", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT story, label, outlet, published_as FROM stories JOIN story_reports USING (story) \
                 JOIN reports ON number = report ORDER BY story, position",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let story = parse_story(&row.get::<_, String>(0)?)?;
                let label = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
                each(Member { story, label, outlet: row.get(2)?, published: published(row, 3)? });
            }
            Ok(())
        })
    }

    /// The story of an id. A story is called by the first digits of the report that opened it: the id of one that has become a part of
    /// another leads to the story that holds that report now.
    pub fn story(&self, id: StoryId) -> Result<Option<StoredStory>, StoreError> {
        self.read("reading a story", |connection| {
            let found: Option<(String, String)> = connection
                .prepare_cached(
                    "SELECT story, label FROM stories WHERE story = coalesce( \
                     (SELECT story FROM stories WHERE story = ?1), \
                     (SELECT story FROM story_reports JOIN reports ON number = report WHERE id BETWEEN ?1 AND ?1 || 'g' \
                      ORDER BY story LIMIT 1))",
                )?
                .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((story, label)) = found else { return Ok(None) };
            let id = parse_story(&story)?;
            let mut members = connection.prepare_cached(
                "SELECT id FROM story_reports JOIN reports ON number = report WHERE story = ?1 ORDER BY position",
            )?;
            let members = members.query_map([id.to_string()], |row| row.get::<_, String>(0))?;
            let members: Result<Vec<ReportId>, Fault> =
                members.map(|report| Ok(reports::parse_id(&report?)?)).collect();
            Ok(Some(StoredStory { id, label, reports: members? }))
        })
    }

    /// A number of the last comparison of exactly the reports that the story has; `None` if none is kept.
    pub fn comparison_of(&self, id: StoryId) -> Result<Option<i64>, StoreError> {
        self.read("looking for a comparison", |connection| {
            let mut last = connection.prepare_cached(
                "SELECT max(comparison) FROM comparisons AS c WHERE story = ?1 \
                 AND (SELECT count(*) FROM comparison_reports AS r WHERE r.comparison = c.comparison) \
                   = (SELECT count(*) FROM story_reports AS s WHERE s.story = ?1) \
                 AND NOT EXISTS (SELECT 1 FROM comparison_reports AS r WHERE r.comparison = c.comparison \
                   AND r.report NOT IN (SELECT report FROM story_reports AS s WHERE s.story = ?1))",
            )?;
            Ok(last.query_row([id.to_string()], |row| row.get(0))?)
        })
    }

    /// Stories of which any comparison is kept, also one of fewer reports than they have now.
    pub fn compared_stories(&self) -> Result<BTreeSet<StoryId>, StoreError> {
        self.read("listing comparisons", |connection| {
            let mut statement = connection
                .prepare_cached("SELECT DISTINCT story FROM comparisons WHERE story IS NOT NULL")?;
            let mut rows = statement.query([])?;
            let mut stories = BTreeSet::new();
            while let Some(row) = rows.next()? {
                stories.insert(parse_story(&row.get::<_, String>(0)?)?);
            }
            Ok(stories)
        })
    }

    /// How many witnesses the comparison of this number counts; 0 if it is gone.
    pub fn n_witnesses(&self, comparison: i64) -> Result<usize, StoreError> {
        #[derive(serde::Deserialize)]
        struct Counted {
            witnesses: Vec<serde::de::IgnoredAny>,
        }
        self.read("counting witnesses", |connection| {
            let row: Option<(String, Vec<u8>)> = connection
                .prepare_cached("SELECT encoding, bytes FROM comparisons WHERE comparison = ?1")?
                .query_row([comparison], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((encoding, bytes)) = row else { return Ok(0) };
            let what = || format!("comparison {comparison}");
            let counted: Counted = from_json(&what, &unpack_bytes(&what, &encoding, bytes)?)?;
            Ok(counted.witnesses.len())
        })
    }

    /// A report in a line.
    pub fn report_line(&self, id: ReportId) -> Result<Option<ReportLine>, StoreError> {
        self.read("reading a report", |connection| {
            let lines = lines(connection, "WHERE r.id = ?1", [id.to_string()])?;
            Ok(lines.into_iter().next())
        })
    }

    /// Reports that came before the one of the number `before`, the last first, no more than `limit`.
    pub fn latest_reports(&self, before: Option<u64>, limit: usize) -> Result<Vec<ReportLine>, StoreError> {
        self.read("listing reports", |connection| {
            let before = before.map_or(i64::MAX, integer);
            lines(connection, "WHERE r.number < ?1 ORDER BY r.number DESC LIMIT ?2", [before, integer(limit)])
        })
    }

    /// Reports of the address of a report, itself among them, the oldest first; none if it has no address.
    pub fn versions_of(&self, id: ReportId) -> Result<Vec<ReportLine>, StoreError> {
        self.read("listing versions", |connection| {
            lines(
                connection,
                "WHERE r.url = (SELECT url FROM reports WHERE id = ?1) ORDER BY r.published_day, r.published, r.number LIMIT 100",
                [id.to_string()],
            )
        })
    }

    /// Quotations of reports, those that came last first.
    pub fn quotations(&self, query: &QuotationQuery<'_>) -> Result<Vec<Quotation>, StoreError> {
        self.read("listing quotations", |connection| {
            let [report, number] = query.after.map_or([None, None], |place| place.map(|n| Some(integer(n))));
            let (speaker, words) = (query.speaker.map(like), query.words.map(like));
            quotations(
                connection,
                "(?1 IS NULL OR q.speaker LIKE ?1 ESCAPE '\\') AND (?2 IS NULL OR q.text LIKE ?2 ESCAPE '\\') \
                 AND (?3 IS NULL OR q.report < ?3 OR (q.report = ?3 AND q.number > ?4)) \
                 ORDER BY q.report DESC, q.number LIMIT ?5",
                params![speaker, words, report, number, integer(query.limit)],
            )
        })
    }

    /// Who is quoted most in the `n_latest` reports that came last, no more than `limit`.
    pub fn speakers(&self, n_latest: usize, limit: usize) -> Result<Vec<SpeakerLine>, StoreError> {
        self.read("listing speakers", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT speaker, count(DISTINCT report), count(*) FROM quotations \
                 WHERE speaker IS NOT NULL AND speaker_kind = 'person' \
                 AND report > (SELECT coalesce(max(number), 0) FROM reports) - ?1 \
                 GROUP BY speaker ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?2",
            )?;
            let rows = statement.query_map([integer(n_latest), integer(limit)], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            })?;
            rows.map(|row| {
                let (name, n_reports, n_quotations) = row?;
                Ok(SpeakerLine { name, n_reports: natural(n_reports), n_quotations: natural(n_quotations) })
            })
            .collect()
        })
    }
}

pub(super) fn lines(
    connection: &Connection,
    which: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<ReportLine>, Fault> {
    let mut statement = connection.prepare_cached(&format!("SELECT {LINE} FROM reports AS r {which}"))?;
    let mut rows = statement.query(parameters)?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(line(row)?);
    }
    Ok(lines)
}

/// The quotations for which `which` holds.
pub(super) fn quotations(
    connection: &Connection,
    which: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Quotation>, Fault> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {LINE}, q.number, q.form, q.text, q.speaker, q.cue, q.start, q.end FROM quotations AS q \
         JOIN reports AS r ON r.number = q.report WHERE {which}"
    ))?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(quotation(row)?);
    }
    Ok(found)
}

/// The columns of [`LINE`], and those of a quotation.
fn quotation(row: &Row<'_>) -> Result<Quotation, Fault> {
    let report = line(row)?;
    Ok(Quotation {
        place: [report.number, natural(row.get(8)?)],
        report,
        form: row.get(9)?,
        text: row.get(10)?,
        speaker: row.get(11)?,
        cue: row.get(12)?,
        span: [natural(row.get(13)?), natural(row.get(14)?)],
    })
}

/// The columns of [`LINE`] at the start of a row.
fn line(row: &Row<'_>) -> Result<ReportLine, Fault> {
    let story: Option<String> = row.get(6)?;
    Ok(ReportLine {
        number: natural(row.get(0)?),
        id: reports::parse_id(&row.get::<_, String>(1)?)?,
        outlet: row.get(2)?,
        title: row.get(3)?,
        url: row.get(4)?,
        published: published(row, 5)?,
        story: story.map(|story| parse_story(&story)).transpose()?,
        place: row.get(7)?,
    })
}

fn published(row: &Row<'_>, column: usize) -> Result<Option<Published>, Fault> {
    let text = row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    Ok(text
        .map(|text| from_json(&|| "when a report was published".to_owned(), text.as_bytes()))
        .transpose()?)
}

/// A count or an offset, which is never negative.
pub(super) fn natural(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// A pattern of what holds `words`.
pub(super) fn like(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern + "%"
}
