//! Who and what is named, across reports: how often, in which stories, and what is said by them and of them.

use rusqlite::{Row, params};
use stemma_core::StoryId;

use super::browse::{like, lines, natural, quotations};
use super::stories::parse_story;
use super::{Quotation, ReportLine, SqliteStore, integer};
use crate::StoreError;

/// Somebody or something that is named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameLine {
    /// As most reports have it in full.
    pub name: String,
    /// Person, organization, place, ….
    pub kind: String,
    /// Reports that name it.
    pub n_reports: u64,
    /// How often they do.
    pub n_mentions: u64,
}

/// Which names are asked for. What is `None` is not asked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NameQuery<'a> {
    /// A part of the name; the case of ASCII letters is not heeded.
    pub words: Option<&'a str>,
    /// Person, organization, place, ….
    pub kind: Option<&'a str>,
    /// So many reports, those that came last, are looked at.
    pub n_latest: usize,
    /// Names that are passed over.
    pub skip: usize,
    /// No more than so many.
    pub limit: usize,
}

/// A story that names something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamingStory {
    /// Which.
    pub id: StoryId,
    /// What it is called.
    pub label: String,
    /// Reports of it that name it.
    pub n_reports: u64,
}

/// Reports that are looked at for one name, those that came last.
const LATEST_NAMING: i64 = 5_000;

impl SqliteStore {
    /// Names, those that most reports have first.
    pub fn names(&self, query: &NameQuery<'_>) -> Result<Vec<NameLine>, StoreError> {
        self.read("listing names", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT name, kind, count(DISTINCT report), sum(n_mentions) FROM entities \
                 WHERE report > (SELECT coalesce(max(number), 0) FROM reports) - ?1 \
                 AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR name LIKE ?3 ESCAPE '\\') \
                 GROUP BY name, kind ORDER BY 3 DESC, 4 DESC, 1, 2 LIMIT ?4 OFFSET ?5",
            )?;
            let asked = params![
                integer(query.n_latest),
                query.kind,
                query.words.map(like),
                integer(query.limit),
                integer(query.skip)
            ];
            let rows = statement.query_map(asked, name_line)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Kinds under which a name stands, that of most reports first, with how many these are. The case of ASCII letters is not heeded.
    pub fn kinds_of(&self, name: &str) -> Result<Vec<NameLine>, StoreError> {
        self.read("looking up a name", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT min(name), kind, count(DISTINCT report), sum(n_mentions) FROM entities \
                 WHERE name = ?1 COLLATE NOCASE GROUP BY kind ORDER BY 3 DESC, 4 DESC, 2",
            )?;
            let rows = statement.query_map([name], name_line)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Stories whose reports have the name, those with the newest of them first.
    pub fn stories_naming(&self, name: &str, limit: usize) -> Result<Vec<NamingStory>, StoreError> {
        self.read("listing stories", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT story, label, count(*) FROM \
                 (SELECT DISTINCT report FROM entities WHERE name = ?1 COLLATE NOCASE ORDER BY report DESC LIMIT ?3) \
                 JOIN story_reports USING (report) JOIN stories USING (story) \
                 GROUP BY story ORDER BY max(report) DESC LIMIT ?2",
            )?;
            let mut rows = statement.query(params![name, integer(limit), LATEST_NAMING])?;
            let mut stories = Vec::new();
            while let Some(row) = rows.next()? {
                stories.push(NamingStory {
                    id: parse_story(&row.get::<_, String>(0)?)?,
                    label: row.get(1)?,
                    n_reports: natural(row.get(2)?),
                });
            }
            Ok(stories)
        })
    }

    /// Reports that have the name, those that came last first.
    pub fn reports_naming(&self, name: &str, limit: usize) -> Result<Vec<ReportLine>, StoreError> {
        self.read("listing reports", |connection| {
            lines(
                connection,
                "WHERE r.number IN \
                 (SELECT report FROM entities WHERE name = ?1 COLLATE NOCASE ORDER BY report DESC LIMIT ?2) \
                 ORDER BY r.number DESC",
                params![name, integer(limit)],
            )
        })
    }

    /// What somebody of just this name is quoted with, in reports that came last first.
    pub fn said_by(&self, name: &str, limit: usize) -> Result<Vec<Quotation>, StoreError> {
        self.read("listing quotations", |connection| {
            quotations(
                connection,
                "q.speaker = ?1 COLLATE NOCASE ORDER BY q.report DESC, q.number LIMIT ?2",
                params![name, integer(limit)],
            )
        })
    }

    /// What others are quoted with that holds the last word of the name, in reports that have the name in full.
    pub fn said_about(&self, name: &str, limit: usize) -> Result<Vec<Quotation>, StoreError> {
        let Some(last) = name.split_whitespace().next_back() else { return Ok(Vec::new()) };
        self.read("listing quotations", |connection| {
            quotations(
                connection,
                "q.report IN \
                 (SELECT report FROM entities WHERE name = ?1 COLLATE NOCASE ORDER BY report DESC LIMIT ?4) \
                 AND q.text LIKE ?2 ESCAPE '\\' AND (q.speaker IS NULL OR q.speaker <> ?1 COLLATE NOCASE) \
                 ORDER BY q.report DESC, q.number LIMIT ?3",
                params![name, like(last), integer(limit), LATEST_NAMING],
            )
        })
    }
}

fn name_line(row: &Row<'_>) -> rusqlite::Result<NameLine> {
    Ok(NameLine {
        name: row.get(0)?,
        kind: row.get(1)?,
        n_reports: natural(row.get(2)?),
        n_mentions: natural(row.get(3)?),
    })
}
