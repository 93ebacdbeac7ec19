//! A store in one SQLite file.
//!
//! Write-ahead log: others read while one writes, and what a call has kept outlasts a crash right after it. Two writers wait
//! for each other, up to [`WAIT`]. The schema has a number (`user_version`); a file of an older schema is brought up to date
//! when it is opened, step by step, each step in the one transaction; a file of a newer one is refused, and so is a file of
//! another program (`application_id`).

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use serde::de::DeserializeOwned;
use stemma_core::{
    Comparison, Correction, Document, Layers, Origin, Published, Report, ReportDraft, ReportId,
};

use crate::{ContentHash, Store, StoreError, StoredReport, StoredStory, producers};

/// "Stem" in ASCII: tells files of Stemma from those of other programs.
const APPLICATION_ID: u32 = 0x5374_656D;

/// How long one writer waits for another.
const WAIT: Duration = Duration::from_secs(10);

/// What leads from schema n to schema n + 1. Never changed once released, only added to.
const MIGRATIONS: &[&str] = &[include_str!("migrations/1.sql"), include_str!("migrations/2.sql")];

/// Keeps everything in one file.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
}

impl SqliteStore {
    /// Opens the store at `path`, or makes it. Its folder must be there.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection =
            Connection::open(path).map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
        Self::with_connection(connection, path.to_owned())
    }

    /// A store that lasts as long as the value, for tests.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = PathBuf::from(":memory:");
        let connection =
            Connection::open_in_memory().map_err(|source| StoreError::Open { path: path.clone(), source })?;
        Self::with_connection(connection, path)
    }

    fn with_connection(mut connection: Connection, path: PathBuf) -> Result<Self, StoreError> {
        prepare(&mut connection, &path)?;
        Ok(Self { connection })
    }

    /// The schema of this store.
    pub fn schema_version(&self) -> Result<u32, StoreError> {
        version(&self.connection).map_err(StoreError::failed("reading the schema's number"))
    }

    /// Runs `work` in one transaction that is kept only if it succeeds.
    fn write<T>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = transaction.map_err(StoreError::failed(doing))?;
        let result = work(&transaction)?;
        transaction.commit().map_err(StoreError::failed(doing))?;
        Ok(result)
    }
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Checks what the file is and brings its schema up to date.
fn prepare(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let known = u32::try_from(MIGRATIONS.len()).expect("there are few migrations");
    let open = |source: rusqlite::Error| match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => StoreError::NotAStore { path: path.to_owned() },
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            StoreError::Busy { source }
        }
        _ => StoreError::Open { path: path.to_owned(), source },
    };
    connection.busy_timeout(WAIT).map_err(open)?;
    let application: u32 =
        connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(open)?;
    let n_tables: u32 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(open)?;
    if application != APPLICATION_ID && (application != 0 || n_tables > 0) {
        return Err(StoreError::NotAStore { path: path.to_owned() });
    }
    let found = version(connection).map_err(open)?;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    // The answer is the mode that now holds; a store in memory has none of its own.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).map_err(open)?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;").map_err(open)?;
    if found == known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive).map_err(open)?;
    // Another process may have been faster.
    let found = version(&transaction).map_err(open)?;
    for step in MIGRATIONS.iter().skip(found as usize) {
        transaction.execute_batch(step).map_err(open)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(open)?;
    transaction.pragma_update(None, "user_version", known.max(found)).map_err(open)?;
    transaction.commit().map_err(open)
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("the types of stemma-core have string keys and finite numbers")
}

fn from_json<T: DeserializeOwned>(what: impl FnOnce() -> String, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::damaged(what(), error))
}

/// One row of `reports`, before it is checked.
struct ReportRow {
    draft: ReportDraft,
    published: Option<String>,
    place: String,
    item: Option<i64>,
    extra: String,
    bytes: Option<String>,
}

impl ReportRow {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
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
            bytes: row.get("bytes_hash")?,
        })
    }

    fn report(self, id: ReportId) -> Result<StoredReport, StoreError> {
        let what = || format!("report {id}");
        let published: Option<Published> = self.published.map(|text| from_json(what, &text)).transpose()?;
        let extra = from_json(what, &self.extra)?;
        let item =
            self.item.map(|item| u64::try_from(item).map_err(|error| StoreError::damaged(what(), error)));
        let origin = Origin { place: self.place, item: item.transpose()? };
        let report = Report::new(ReportDraft { published, extra, ..self.draft }, origin);
        if report.id() != id {
            return Err(StoreError::damaged(what(), format!("its parts have the id {}", report.id())));
        }
        let bytes =
            self.bytes.map(|hash| hash.parse().map_err(|error: String| StoreError::damaged(what(), error)));
        Ok(StoredReport { report, bytes: bytes.transpose()? })
    }
}

fn put_report(
    transaction: &Transaction<'_>,
    report: &Report,
    bytes: Option<ContentHash>,
) -> rusqlite::Result<usize> {
    let origin = report.origin();
    transaction
        .prepare_cached(
            "INSERT INTO reports SELECT ?1, coalesce(max(position), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
             ?12, ?13, ?14 FROM reports WHERE true ON CONFLICT (report) DO NOTHING",
        )?
        .execute(params![
            report.id().to_string(),
            report.given_id(),
            report.outlet(),
            report.url(),
            report.title(),
            report.byline(),
            report.published().map(|published| published.to_string()),
            report.published().map(|published| json(&published)),
            report.language(),
            report.text(),
            origin.place,
            origin.item.and_then(|item| i64::try_from(item).ok()),
            json(report.extra()),
            bytes.map(|hash| hash.to_string()),
        ])
}

impl Store for SqliteStore {
    fn put_reports(&mut self, reports: &[StoredReport]) -> Result<usize, StoreError> {
        const DOING: &str = "keeping reports";
        self.write(DOING, |transaction| {
            let mut n_new = 0;
            for stored in reports {
                n_new += put_report(transaction, &stored.report, stored.bytes)
                    .map_err(StoreError::failed(DOING))?;
            }
            Ok(n_new)
        })
    }

    fn report(&self, id: ReportId) -> Result<Option<StoredReport>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT * FROM reports WHERE report = ?1")
            .map_err(StoreError::failed("reading a report"))?;
        let row = statement.query_row([id.to_string()], ReportRow::of).optional();
        row.map_err(StoreError::failed("reading a report"))?.map(|row| row.report(id)).transpose()
    }

    fn report_ids(&self) -> Result<Vec<ReportId>, StoreError> {
        const DOING: &str = "listing reports";
        let mut statement = self
            .connection
            .prepare_cached("SELECT report FROM reports ORDER BY position")
            .map_err(StoreError::failed(DOING))?;
        let ids =
            statement.query_map([], |row| row.get::<_, String>(0)).map_err(StoreError::failed(DOING))?;
        ids.map(|id| parse_report_id(&id.map_err(StoreError::failed(DOING))?)).collect()
    }

    fn put_documents(&mut self, documents: &[Document]) -> Result<(), StoreError> {
        const DOING: &str = "keeping layers";
        self.write(DOING, |transaction| {
            for document in documents {
                put_report(transaction, document.report(), None).map_err(StoreError::failed(DOING))?;
                transaction
                    .prepare_cached("INSERT OR REPLACE INTO layers VALUES (?1, ?2, ?3)")
                    .and_then(|mut statement| {
                        statement.execute(params![
                            document.report().id().to_string(),
                            producers(document.layers()),
                            json(document.layers())
                        ])
                    })
                    .map_err(StoreError::failed(DOING))?;
            }
            Ok(())
        })
    }

    fn document(&self, id: ReportId, made_by: &str) -> Result<Option<Document>, StoreError> {
        const DOING: &str = "reading layers";
        let layers: Option<String> = self
            .connection
            .prepare_cached("SELECT layers FROM layers WHERE report = ?1 AND producers = ?2")
            .and_then(|mut statement| {
                statement.query_row([&id.to_string(), made_by], |row| row.get(0)).optional()
            })
            .map_err(StoreError::failed(DOING))?;
        let (Some(layers), Some(stored)) = (layers, self.report(id)?) else { return Ok(None) };
        let what = || format!("the layers of report {id}");
        let layers: Layers = from_json(what, &layers)?;
        if !layers.spans().iter().all(|span| span.start() <= span.end() && span.fits(stored.report.text())) {
            return Err(StoreError::damaged(what(), "a span cannot slice the text"));
        }
        Ok(Some(Document::new(stored.report.into(), layers)))
    }

    fn put_stories(&mut self, stories: &[StoredStory]) -> Result<(), StoreError> {
        const DOING: &str = "keeping stories";
        self.write(DOING, |transaction| {
            for story in stories {
                put_story(transaction, story)?;
            }
            Ok(())
        })
    }

    fn stories(&self) -> Result<Vec<StoredStory>, StoreError> {
        const DOING: &str = "listing stories";
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT story, label, report FROM stories LEFT JOIN story_reports USING (story) ORDER BY story, position",
            )
            .map_err(StoreError::failed(DOING))?;
        let rows = statement
            .query_map([], |row| {
                Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?))
            })
            .map_err(StoreError::failed(DOING))?;
        let mut stories: Vec<StoredStory> = Vec::new();
        for row in rows {
            let (id, label, report) = row.map_err(StoreError::failed(DOING))?;
            let id = id.parse().map_err(|problem: String| StoreError::damaged("a story", problem))?;
            if stories.last().is_none_or(|story| story.id != id) {
                stories.push(StoredStory { id, label, reports: Vec::new() });
            }
            if let (Some(story), Some(report)) = (stories.last_mut(), report) {
                story.reports.push(parse_report_id(&report)?);
            }
        }
        Ok(stories)
    }

    fn put_correction(&mut self, correction: &Correction) -> Result<usize, StoreError> {
        const DOING: &str = "keeping a correction";
        self.write(DOING, |transaction| {
            let number: i64 = transaction
                .query_row(
                    "INSERT INTO corrections (kind, correction) VALUES (?1, ?2) RETURNING number",
                    params![correction.kind(), json(correction)],
                    |row| row.get(0),
                )
                .map_err(StoreError::failed(DOING))?;
            usize::try_from(number).map_err(|error| StoreError::damaged("the corrections", error))
        })
    }

    fn corrections(&self) -> Result<Vec<Correction>, StoreError> {
        const DOING: &str = "listing corrections";
        let mut statement = self
            .connection
            .prepare_cached("SELECT correction FROM corrections ORDER BY number")
            .map_err(StoreError::failed(DOING))?;
        let rows =
            statement.query_map([], |row| row.get::<_, String>(0)).map_err(StoreError::failed(DOING))?;
        let rows = rows.enumerate();
        rows.map(|(n, row)| {
            from_json(|| format!("correction {}", n + 1), &row.map_err(StoreError::failed(DOING))?)
        })
        .collect()
    }

    fn put_comparison(&mut self, key: ContentHash, comparison: &Comparison) -> Result<(), StoreError> {
        const DOING: &str = "keeping a comparison";
        self.write(DOING, |transaction| {
            let row = params![key.to_string(), json(comparison)];
            let done = transaction.execute("INSERT OR REPLACE INTO comparisons VALUES (?1, ?2)", row);
            done.map(drop).map_err(StoreError::failed(DOING))
        })
    }

    fn comparison(&self, key: ContentHash) -> Result<Option<Comparison>, StoreError> {
        let found: Option<String> = self
            .connection
            .query_row("SELECT comparison FROM comparisons WHERE key = ?1", [key.to_string()], |row| {
                row.get(0)
            })
            .optional()
            .map_err(StoreError::failed("reading a comparison"))?;
        found.map(|text| from_json(|| format!("comparison {key}"), &text)).transpose()
    }

    fn put_state(&mut self, name: &str, state: &str) -> Result<(), StoreError> {
        const DOING: &str = "keeping the state of a stage";
        self.write(DOING, |transaction| {
            let row = params![name, state];
            let done = transaction.execute("INSERT OR REPLACE INTO states VALUES (?1, ?2)", row);
            done.map(drop).map_err(StoreError::failed(DOING))
        })
    }

    fn state(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.connection
            .query_row("SELECT state FROM states WHERE name = ?1", [name], |row| row.get(0))
            .optional()
            .map_err(StoreError::failed("reading the state of a stage"))
    }
}

fn parse_report_id(text: &str) -> Result<ReportId, StoreError> {
    text.parse().map_err(|problem: String| StoreError::damaged("a report", problem))
}

fn put_story(transaction: &Transaction<'_>, story: &StoredStory) -> Result<(), StoreError> {
    let failed = || StoreError::failed("keeping stories");
    let id = story.id.to_string();
    transaction
        .execute(
            "INSERT INTO stories VALUES (?1, ?2) ON CONFLICT (story) DO UPDATE SET label = ?2",
            [&id, &story.label],
        )
        .map_err(failed())?;
    transaction.execute("DELETE FROM story_reports WHERE story = ?1", [&id]).map_err(failed())?;
    let mut statement =
        transaction.prepare_cached("INSERT INTO story_reports VALUES (?1, ?2, ?3)").map_err(failed())?;
    for (position, &report) in (0_i64..).zip(&story.reports) {
        statement.execute(params![id, position, report.to_string()]).map_err(|source| {
            match source.sqlite_error_code() {
                Some(rusqlite::ErrorCode::ConstraintViolation) => {
                    StoreError::NoSuchReport { what: format!("story {id}"), report }
                }
                _ => failed()(source),
            }
        })?;
    }
    Ok(())
}
