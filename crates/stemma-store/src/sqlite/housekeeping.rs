//! What is in a store, whether it is sound, and what can go from it.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, Transaction};
use stemma_core::ReportId;

use super::{SqliteStore, comparisons, documents, natural, reports};
use crate::error::Fault;
use crate::{ContentHash, StoreError};

/// Pages that a backup copies at once.
const BACKUP_PAGES: i32 = 4096;

/// How much is in a store.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Stats {
    /// Rows of each table, in order of its name.
    pub rows: Vec<(String, u64)>,
    /// Bytes of the file, with its log.
    pub file_bytes: u64,
    /// Bytes of the texts.
    pub text_bytes: u64,
    /// Bytes of the originals before they were packed, and as they are kept.
    pub content_bytes: [u64; 2],
    /// Bytes of the layers as they are kept.
    pub layer_bytes: u64,
    /// Outlets.
    pub n_outlets: u64,
    /// First and last day of publication.
    pub days: Option<(String, String)>,
    /// Sets of stages, and the number of reports whose layers each made.
    pub producers: Vec<(String, u64)>,
}

/// What is wrong with one thing in a store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Where it can be mended.
    pub part: Part,
    /// What is wrong, in one line.
    pub problem: String,
}

/// Parts of a store that can be damaged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// The pages of the file: cannot be mended in place.
    Pages,
    /// An index: can be made anew from its table.
    Index,
    /// A row that names another which is not there.
    Reference,
    /// A report that is not what it was when it was kept.
    Report(ReportId),
    /// Bytes that are not what they were when they were kept.
    Content(ContentHash),
    /// Layers that cannot be read: can be made anew from the report.
    Layers(ReportId),
    /// A comparison that cannot be read: can be made anew from the reports.
    Comparison(ContentHash),
}

impl SqliteStore {
    /// How much is in the store.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        let file_bytes = ["", "-wal"].into_iter().filter_map(|end| {
            let mut name = self.path().as_os_str().to_owned();
            name.push(end);
            std::fs::metadata(name).ok().map(|metadata| metadata.len())
        });
        let stats = self.read("counting", stats)?;
        Ok(Stats { file_bytes: file_bytes.sum(), ..stats })
    }

    /// What is wrong with the store; everything in it is read. `each` is called for each report.
    pub fn check(&self, mut each: impl FnMut()) -> Result<Vec<Finding>, StoreError> {
        self.read("checking it", |connection| {
            let mut findings = check_pages(connection)?;
            // What is read from broken pages tells nothing more.
            if findings.iter().all(|finding| finding.part != Part::Pages) {
                check_items(connection, &mut findings, &mut each)?;
            }
            Ok(findings)
        })
    }

    /// Mends what can be made anew: indexes; layers and comparisons that cannot be read go, and so do damaged originals, of which the
    /// hash stays. Gives how many of the findings are mended.
    pub fn mend(&mut self, findings: &[Finding]) -> Result<usize, StoreError> {
        self.write("mending it", |transaction| {
            let mut n_mended = 0;
            for finding in findings {
                n_mended += usize::from(mend(transaction, finding.part)?);
            }
            Ok(n_mended)
        })
    }

    /// Reports without layers, or with layers that other stages than `producers` made, from the one after `number` on: the next
    /// `limit` with their numbers.
    pub fn stale(
        &self,
        producers: &str,
        number: i64,
        limit: u32,
    ) -> Result<Vec<(i64, ReportId)>, StoreError> {
        self.read("listing stale layers", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT number, id FROM reports LEFT JOIN layers ON report = number LEFT JOIN producer_sets USING (producers) \
                 WHERE number > ?1 AND names IS NOT ?2 ORDER BY number LIMIT ?3",
            )?;
            let mut rows = statement.query((number, producers, limit))?;
            let mut stale = Vec::new();
            while let Some(row) = rows.next()? {
                stale.push((row.get(0)?, reports::parse_id(&row.get::<_, String>(1)?)?));
            }
            Ok(stale)
        })
    }

    /// The number of reports of [`Self::stale`].
    pub fn n_stale(&self, producers: &str) -> Result<u64, StoreError> {
        self.read("counting stale layers", |connection| {
            let fresh = "SELECT count(*) FROM layers JOIN producer_sets USING (producers) WHERE names = ?1";
            let fresh: i64 = connection.query_row(fresh, [producers], |row| row.get(0))?;
            Ok(count(connection, "SELECT count(*) FROM reports")?.saturating_sub(natural(&counted, fresh)?))
        })
    }

    /// Gives room back that is no longer needed.
    pub fn vacuum(&mut self) -> Result<(), StoreError> {
        self.write("removing bytes that no report came from", |transaction| Ok(remove_unused(transaction)?))?;
        self.read("vacuuming it", |connection| {
            connection.execute_batch("VACUUM; PRAGMA optimize;")?;
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        })
    }

    /// Copies the store as it is now to a new file, while others read and write.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let mut target =
            Connection::open(to).map_err(|error| StoreError::of_sqlite(to, "opening it", error))?;
        self.read("copying it", |connection| {
            // A transaction that has read holds the state that it saw: without it, what others write would make the copy begin anew.
            let snapshot = connection.unchecked_transaction()?;
            count(&snapshot, "SELECT count(*) FROM reports")?;
            let copied = copy(&snapshot, &mut target);
            copied.map_err(|error| StoreError::of_sqlite(to, "copying to it", error))?;
            Ok(())
        })
    }

    /// Reports that nothing asks to keep: see [`Self::forget`].
    pub fn forgettable(&self, before: Date, named: &BTreeSet<ReportId>) -> Result<Vec<ReportId>, StoreError> {
        self.read("listing old reports", |connection| {
            let mut statement = connection.prepare(
                "SELECT id, coalesce(published_day, substr(added, 1, 10)) < ?1, story FROM reports \
                 LEFT JOIN story_reports ON report = number ORDER BY number",
            )?;
            let mut rows = statement.query([before.to_string()])?;
            let (mut kept_stories, mut old) = (BTreeSet::new(), Vec::new());
            while let Some(row) = rows.next()? {
                let id = reports::parse_id(&row.get::<_, String>(0)?)?;
                let story: Option<String> = row.get(2)?;
                // Of one whose day is not known it is not said that it is old.
                if row.get::<_, Option<bool>>(1)? == Some(true) && !named.contains(&id) {
                    old.push((id, story));
                } else {
                    kept_stories.extend(story);
                }
            }
            let kept: BTreeSet<ReportId> = old
                .iter()
                .filter(|(_, story)| story.as_ref().is_some_and(|story| kept_stories.contains(story)))
                .map(|(id, _)| *id)
                .collect();
            let ids: BTreeSet<ReportId> =
                old.into_iter().map(|(id, _)| id).filter(|id| !kept.contains(id)).collect();
            Ok(ids.into_iter().collect())
        })
    }

    /// The number of reports that are in no story.
    pub fn n_outside_stories(&self) -> Result<u64, StoreError> {
        self.read("counting reports", |connection| {
            count(
                connection,
                "SELECT count(*) FROM reports WHERE number NOT IN (SELECT report FROM story_reports)",
            )
        })
    }

    /// Removes reports with all that was found in them, the stories that have no others, the comparisons that they take part in,
    /// and the bytes that no other report came from. The state of the stream of stories goes, too,
    /// as it knows the reports: it is made anew.
    pub fn forget(&mut self, ids: &[ReportId]) -> Result<(), StoreError> {
        self.write("forgetting reports", |transaction| {
            transaction.execute_batch("CREATE TEMP TABLE gone (number INTEGER PRIMARY KEY)")?;
            {
                let mut insert =
                    transaction.prepare("INSERT INTO temp.gone SELECT number FROM reports WHERE id = ?1")?;
                for id in ids {
                    insert.execute([id.to_string()])?;
                }
            }
            transaction.execute_batch(FORGET)?;
            Ok(remove_unused(transaction)?)
        })
    }
}

const FORGET: &str = "
DELETE FROM comparisons WHERE comparison IN (SELECT comparison FROM comparison_reports WHERE report IN temp.gone);
CREATE TEMP TABLE ended AS SELECT DISTINCT story FROM story_reports WHERE report IN temp.gone;
DELETE FROM story_reports WHERE report IN temp.gone;
DELETE FROM temp.ended WHERE story IN (SELECT story FROM story_reports);
DELETE FROM stories WHERE story IN temp.ended;
INSERT INTO story_events (story, kind) SELECT story, 'ended' FROM temp.ended ORDER BY story;
DELETE FROM reports WHERE number IN temp.gone;
DELETE FROM states WHERE name = 'stream';
DROP TABLE temp.gone;
DROP TABLE temp.ended;
";

fn counted() -> String {
    "a count".to_owned()
}

fn count(connection: &Connection, sql: &str) -> Result<u64, Fault> {
    let n: i64 = connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(0);
    Ok(natural(&counted, n)?)
}

fn stats(connection: &Connection) -> Result<Stats, Fault> {
    let mut tables = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql LIKE '%STRICT%' ORDER BY name",
    )?;
    let tables = tables.query_map([], |row| row.get::<_, String>(0))?;
    let tables: Vec<String> = tables.collect::<rusqlite::Result<_>>()?;
    let rows = tables.into_iter().map(|table| {
        let n = count(connection, &format!("SELECT count(*) FROM \"{table}\""))?;
        Ok((table, n))
    });
    let days =
        connection.query_row("SELECT min(published_day), max(published_day) FROM reports", [], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?))
        })?;
    let mut producers = connection.prepare(
        "SELECT names, (SELECT count(*) FROM layers WHERE layers.producers = producer_sets.producers) FROM producer_sets \
         ORDER BY producers",
    )?;
    let producers = producers.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    let producers = producers.map(|row| {
        let (names, n) = row?;
        Ok((names, natural(&counted, n)?))
    });
    Ok(Stats {
        rows: rows.collect::<Result<_, Fault>>()?,
        file_bytes: 0,
        text_bytes: count(connection, "SELECT sum(octet_length(text)) FROM reports")?,
        content_bytes: [
            count(connection, "SELECT sum(length) FROM contents WHERE bytes IS NOT NULL")?,
            count(connection, "SELECT sum(octet_length(bytes)) FROM contents")?,
        ],
        layer_bytes: count(connection, "SELECT sum(octet_length(layers)) FROM layers")?,
        n_outlets: count(connection, "SELECT count(DISTINCT outlet) FROM reports")?,
        days: days.0.zip(days.1),
        producers: producers.collect::<Result<_, Fault>>()?,
    })
}

fn check_pages(connection: &Connection) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    for line in statement.query_map([], |row| row.get::<_, String>(0))? {
        let problem = line?;
        // "row 7 missing from index reports_by_url", "wrong # of entries in index …", "non-unique entry in index …"
        let is_index = problem.contains(" index ");
        if problem != "ok" {
            findings.push(Finding { part: if is_index { Part::Index } else { Part::Pages }, problem });
        }
    }
    if findings.iter().any(|finding| finding.part == Part::Pages) {
        return Ok(findings);
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        let problem = format!("a row of {table} names one of {parent} that is not there");
        findings.push(Finding { part: Part::Reference, problem });
    }
    Ok(findings)
}

fn check_items(
    connection: &Connection,
    findings: &mut Vec<Finding>,
    each: &mut dyn FnMut(),
) -> Result<(), Fault> {
    let mut note = |part: Part, outcome: Result<(), Fault>| match outcome {
        Err(Fault::Store(error @ StoreError::Damaged { .. })) => {
            findings.push(Finding { part, problem: error.to_string() });
            Ok(false)
        }
        other => other.map(|()| true),
    };
    for id in reports::ids(connection)? {
        if note(Part::Report(id), reports::get(connection, id).map(drop))?
            && let Some(made_by) = documents::producers_of(connection, id)?
        {
            note(Part::Layers(id), documents::get(connection, id, &made_by).map(drop))?;
        }
        each();
    }
    for hash in hashes(connection, "SELECT sha256 FROM contents ORDER BY content")? {
        note(Part::Content(hash), reports::content(connection, hash).map(drop))?;
    }
    for key in hashes(connection, "SELECT key FROM comparisons ORDER BY comparison")? {
        note(Part::Comparison(key), comparisons::get(connection, key).map(drop))?;
    }
    Ok(())
}

fn hashes(connection: &Connection, sql: &str) -> Result<Vec<ContentHash>, Fault> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|hash| {
        let parsed = hash?.parse().map_err(|problem: String| StoreError::damaged("a hash", problem));
        Ok(parsed?)
    })
    .collect()
}

/// True if that mends it.
fn mend(transaction: &Transaction<'_>, part: Part) -> Result<bool, Fault> {
    match part {
        Part::Pages | Part::Reference | Part::Report(_) => return Ok(false),
        Part::Index => transaction.execute_batch("REINDEX")?,
        Part::Layers(id) => {
            let sql = "DELETE FROM layers WHERE report = (SELECT number FROM reports WHERE id = ?1)";
            transaction.execute(sql, [id.to_string()])?;
        }
        Part::Content(hash) => {
            let sql = "UPDATE contents SET bytes = NULL, encoding = NULL WHERE sha256 = ?1";
            transaction.execute(sql, [hash.to_string()])?;
        }
        Part::Comparison(key) => {
            transaction.execute("DELETE FROM comparisons WHERE key = ?1", [key.to_string()])?;
        }
    }
    Ok(true)
}

/// Removes bytes that no report came from, and sets of stages that made no layers.
fn remove_unused(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "DELETE FROM contents WHERE content NOT IN (SELECT content FROM reports WHERE content IS NOT NULL);
         DELETE FROM producer_sets WHERE producers NOT IN (SELECT producers FROM layers);",
    )
}

fn copy(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    let backup = Backup::new(from, to)?;
    // More only if another process locks the new file.
    while backup.step(BACKUP_PAGES)? != StepResult::Done {}
    Ok(())
}
