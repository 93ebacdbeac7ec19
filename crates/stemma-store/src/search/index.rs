//! Brings the words of new, changed and gone reports into the index.
//!
//! Triggers note which reports these are (`search_pending`), whoever changes the store; here they are taken off the list, some
//! at a time, each time in one transaction. What is interrupted goes on where it was.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::RangeInclusive;

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::folds::Folds;
use super::rows;
use super::words::each_word;
use crate::error::Fault;
use crate::{SqliteStore, StoreError};

/// Reports that are brought into the index in one transaction.
const BATCH: i64 = 2_000;
/// Bytes of a text that are searched. Longer ones are cut there.
const MAX_TEXT_BYTES: usize = 1 << 20;
/// From so many new reports on, the index is put in order afterwards.
const MANY_REPORTS: u64 = 50_000;
/// Pages of the index, of 4 KB, that are merged in one transaction.
const MERGED_PAGES: i64 = 4_000;
/// Bytes of words that are sorted in memory before they are written. The default of FTS5, 1 MiB, makes many small pieces.
const SORTED_BYTES: i64 = 16 << 20;

/// Bytes of words that are counted: shorter ones are not searched by their start, longer ones are none.
const WORD_BYTES: RangeInclusive<usize> = 2..=40;

/// A report as it goes into the index.
struct Entry {
    number: i64,
    row: i64,
    title: Option<String>,
    text: String,
    outlet: String,
}

impl SqliteStore {
    /// Reports whose words are not in the index as they are now.
    pub fn n_unsearched(&self) -> Result<u64, StoreError> {
        self.read("counting what is not searched yet", |connection| {
            let n: i64 = connection.query_row("SELECT count(*) FROM search_pending", [], |row| row.get(0))?;
            Ok(n.unsigned_abs())
        })
    }

    /// Brings the index up to date and tells after each step how many reports are left. Nothing to do costs one query. What is
    /// interrupted, by a crash or otherwise, goes on where it was.
    pub fn update_search(&mut self, mut progress: impl FnMut(u64)) -> Result<(), StoreError> {
        const DOING: &str = "indexing reports for search";
        let n_pending = self.n_unsearched()?;
        if n_pending == 0 {
            return Ok(());
        }
        let is_large = n_pending >= MANY_REPORTS;
        let mut left = n_pending;
        progress(left);
        while left > 0 {
            let n_done = self.write(DOING, |transaction| {
                sort_more_in_memory(transaction)?;
                step(transaction)
            })?;
            if n_done == 0 {
                break;
            }
            left = left.saturating_sub(n_done);
            progress(left);
        }
        if is_large {
            self.put_in_order()?;
        }
        Ok(())
    }

    /// Merges the pieces of the index, so that a search has few to look into. Some at a time: in one transaction, the log would
    /// grow as large as the index.
    fn put_in_order(&mut self) -> Result<(), StoreError> {
        for table in ["report_search", "quotation_search"] {
            let mut pages = -MERGED_PAGES;
            loop {
                let n_written = self.write("putting the index in order", |transaction| {
                    let before = transaction.total_changes();
                    transaction.execute(
                        &format!("INSERT INTO {table} ({table}, rank) VALUES ('merge', ?1)"),
                        [pages],
                    )?;
                    Ok(transaction.total_changes() - before)
                })?;
                // The command itself counts as one change.
                if n_written < 2 {
                    break;
                }
                pages = MERGED_PAGES;
            }
        }
        Ok(())
    }
}

fn sort_more_in_memory(transaction: &Transaction<'_>) -> Result<(), Fault> {
    for table in ["report_search", "quotation_search"] {
        let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('hashsize', ?1)");
        transaction.prepare_cached(&sql)?.execute([SORTED_BYTES])?;
    }
    Ok(())
}

/// Takes some reports off the list. Gives their number.
fn step(transaction: &Transaction<'_>) -> Result<u64, Fault> {
    let mut numbers =
        transaction.prepare_cached("SELECT report FROM search_pending ORDER BY report LIMIT ?1")?;
    let numbers: Vec<i64> = numbers.query_map([BATCH], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let counted = take_out(transaction, &numbers)?;
    let mut entries = Vec::with_capacity(numbers.len());
    for &number in numbers.iter().filter(|&&number| number < rows::MAX_REPORTS) {
        entries.extend(entry(transaction, number)?);
    }
    // FTS5 writes what it has each time that a row comes which is not after the last one.
    entries.sort_unstable_by_key(|entry| entry.row);
    for entry in &entries {
        put_report(transaction, entry)?;
    }
    for entry in &entries {
        put_quotations(transaction, entry)?;
    }
    entries.retain(|entry| !counted.contains(&entry.row));
    put_words(transaction, &entries)?;
    let mut done = transaction.prepare_cached("DELETE FROM search_pending WHERE report = ?1")?;
    for number in &numbers {
        done.execute([number])?;
    }
    Ok(numbers.len() as u64)
}

/// Takes what the index has of these reports out of it, but for their words, which stay counted. Gives their rows.
fn take_out(transaction: &Transaction<'_>, numbers: &[i64]) -> Result<BTreeSet<i64>, Fault> {
    let mut taken = BTreeSet::new();
    let mut find =
        transaction.prepare_cached("SELECT row, n_quotations FROM search_documents WHERE report = ?1")?;
    let mut forget = transaction.prepare_cached("DELETE FROM search_documents WHERE report = ?1")?;
    let mut report = transaction.prepare_cached("DELETE FROM report_search WHERE rowid = ?1")?;
    let mut quotation = transaction.prepare_cached("DELETE FROM quotation_search WHERE rowid = ?1")?;
    for number in numbers {
        let found: Option<(i64, i64)> =
            find.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((row, n_quotations)) = found else { continue };
        report.execute([row])?;
        for n in 0..n_quotations {
            quotation.execute([rows::of_quotation(row, n)])?;
        }
        forget.execute([number])?;
        taken.insert(row);
    }
    Ok(taken)
}

/// `None` for a report that is gone.
fn entry(connection: &Connection, number: i64) -> Result<Option<Entry>, Fault> {
    let mut find = connection
        .prepare_cached("SELECT title, text, outlet, url, published_day FROM reports WHERE number = ?1")?;
    let entry = find.query_row([number], |row| {
        let day: Option<String> = row.get(4)?;
        let date = day.and_then(|day| day.parse::<Date>().ok());
        Ok(Entry {
            number,
            row: rows::of_report(rows::day(date), number),
            title: row.get(0)?,
            text: cut(row.get(1)?),
            outlet: outlet(row.get(2)?, row.get(3)?),
        })
    });
    Ok(entry.optional()?)
}

/// By which words an outlet is found: its name, and the host of the address.
fn outlet(name: Option<String>, url: Option<String>) -> String {
    let host = |url: &str| {
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host).to_owned()
    };
    let parts = [name, url.as_deref().map(host)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" | ")
}

fn cut(mut text: String) -> String {
    let mut end = text.len().min(MAX_TEXT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

fn put_report(transaction: &Transaction<'_>, entry: &Entry) -> Result<(), Fault> {
    let joined = |sql: &str| -> Result<Option<String>, Fault> {
        Ok(transaction.prepare_cached(sql)?.query_row([entry.number], |row| row.get(0))?)
    };
    // A sign of its own between two names keeps a phrase from running over both.
    let names = joined(
        "SELECT group_concat(name, ' | ') FROM (SELECT name FROM entities WHERE report = ?1 ORDER BY number)",
    )?;
    let places = joined(
        "SELECT group_concat(name, ' | ') FROM (SELECT name FROM entities WHERE report = ?1 AND kind IN ('place', 'facility') ORDER BY number)",
    )?;
    let speakers = joined(
        "SELECT group_concat(speaker, ' | ') FROM (SELECT DISTINCT speaker FROM quotations WHERE report = ?1 AND speaker IS NOT NULL ORDER BY number)",
    )?;
    transaction
        .prepare_cached(
            "INSERT INTO report_search (rowid, title, text, names, places, speakers, outlet) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![entry.row, entry.title, entry.text, names, places, speakers, entry.outlet])?;
    Ok(())
}

fn put_quotations(transaction: &Transaction<'_>, entry: &Entry) -> Result<(), Fault> {
    let mut find = transaction
        .prepare_cached("SELECT number, text, coalesce(speaker, ''), coalesce(source, '') FROM quotations WHERE report = ?1 AND number < ?2 ORDER BY number")?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO quotation_search (rowid, text, speaker, outlet) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut n_quotations = 0;
    let mut found = find.query(params![entry.number, rows::MAX_QUOTATIONS])?;
    while let Some(row) = found.next()? {
        let number: i64 = row.get(0)?;
        let (text, speaker, source): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        // The words that name the source say his office besides: "the mayor".
        let speaker = if source == speaker { speaker } else { format!("{speaker} | {source}") };
        insert.execute(params![rows::of_quotation(entry.row, number), text, speaker, entry.outlet])?;
        n_quotations = n_quotations.max(number + 1);
    }
    transaction.prepare_cached("INSERT INTO search_documents VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        entry.number,
        entry.row,
        n_quotations,
        Folds::of(&entry.text).map(Folds::to_bytes)
    ])?;
    Ok(())
}

/// Counts the words of reports that are new to the index: the text of one that was there is the same.
fn put_words(transaction: &Transaction<'_>, entries: &[Entry]) -> Result<(), Fault> {
    let mut n_reports: BTreeMap<String, i64> = BTreeMap::new();
    let mut of_report: HashSet<String> = HashSet::new();
    for entry in entries {
        for text in [entry.title.as_deref().unwrap_or_default(), &entry.text] {
            each_word(text, |word| {
                if WORD_BYTES.contains(&word.len()) && !of_report.contains(word) {
                    of_report.insert(word.to_owned());
                }
            });
        }
        of_report.drain().for_each(|word| *n_reports.entry(word).or_default() += 1);
    }
    let mut put = transaction.prepare_cached(
        "INSERT INTO search_words VALUES (?1, ?2) ON CONFLICT (word) DO UPDATE SET n_reports = n_reports + ?2",
    )?;
    for (word, n) in n_reports {
        put.execute(params![word, n])?;
    }
    Ok(())
}
