//! From a search to its hits.
//!
//! 1. All conditions become one expression of FTS5, days a range of rows. The newest matches are taken, up to
//!    [`MAX_CANDIDATES`]: rows grow with the day of publication, and FTS5 walks them backwards without reading the others.
//! 2. The newest [`MAX_WEIGHED`] of them are weighed. FTS5's own BM25 first counts in how many reports each word stands, which
//!    for a common word takes longer than everything else; the list of words has these numbers.
//! 3. Near-duplicates are folded, the first ones cut out with the words that were found.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use stemma_core::ReportId;

use super::folds::Folds;
use super::rows;
use super::weigh::Weigher;
use super::words::words;
use super::{
    Hit, Hits, MAX_CANDIDATES, MAX_EXPANSIONS, MAX_WEIGHED, Order, Piece, QuotationHit, Search, Terms,
};
use crate::error::Fault;
use crate::{SqliteStore, StoreError};

/// Characters of a text in which words are weighed: news says first what matters.
const WEIGHED_CHARS: usize = 4_000;
/// Characters of a text from which a snippet is cut.
const SHOWN_CHARS: usize = 16_000;
/// Words of a snippet.
const SNIPPET_TOKENS: usize = 28;
/// Characters of a text without any word that was found.
const LEAD_CHARS: usize = 180;
/// Marks of what was found, taken out of texts before.
const MARKS: [char; 2] = ['\u{1}', '\u{2}'];

impl SqliteStore {
    /// What `search` finds. Reports that [`SqliteStore::update_search`] has not brought into the index are not found.
    pub fn search(&self, search: &Search) -> Result<Hits, StoreError> {
        self.read("searching", |connection| {
            let mut broad = Vec::new();
            let search = &expanded(connection, search, &mut broad)?;
            let hits = Finder { connection, search }.hits()?;
            Ok(Hits { broad, ..hits })
        })
    }
}

/// A report in the index.
struct Document {
    row: i64,
    n_quotations: i64,
}

/// The condition that a column has the terms.
fn column(name: &str, terms: &Option<Terms>) -> Option<String> {
    terms.as_ref().map(|terms| format!("({{{name}}} : ({}))", terms.expression()))
}

/// `search` with whole words instead of their starts. What starts too many words goes to `broad`.
fn expanded(connection: &Connection, search: &Search, broad: &mut Vec<String>) -> Result<Search, Fault> {
    let mut expand = |terms: &Option<Terms>| {
        terms.as_ref().map(|terms| terms.expanded(|start| starting(connection, start, broad))).transpose()
    };
    Ok(Search {
        terms: expand(&search.terms)?,
        speaker: expand(&search.speaker)?,
        entity: expand(&search.entity)?,
        place: expand(&search.place)?,
        outlet: expand(&search.outlet)?,
        ..search.clone()
    })
}

/// The most frequent words that start with `start`.
fn starting(connection: &Connection, start: &str, broad: &mut Vec<String>) -> Result<Vec<String>, Fault> {
    let start = words(start).concat();
    let end = format!("{start}{}", char::MAX);
    let mut find = connection.prepare_cached(
        "SELECT word FROM search_words WHERE word BETWEEN ?1 AND ?2 ORDER BY n_reports DESC, word LIMIT ?3",
    )?;
    let found = find.query_map(params![start, end, MAX_EXPANSIONS as i64 + 1], |row| row.get(0))?;
    let mut found: Vec<String> = found.collect::<Result<_, _>>()?;
    if found.len() > MAX_EXPANSIONS {
        found.truncate(MAX_EXPANSIONS);
        broad.push(start);
    }
    Ok(found)
}

struct Finder<'a> {
    connection: &'a Connection,
    search: &'a Search,
}

/// What matches, by number of row, in order.
struct Matches {
    rows: Vec<i64>,
    more: bool,
    newest_weighed: bool,
}

impl Finder<'_> {
    fn hits(&self) -> Result<Hits, Fault> {
        let Matches { rows, more, newest_weighed } = self.matches()?;
        let n_matches = rows.len();
        let groups = self.fold(&rows)?;
        let n_hits = groups.len();
        let start = self.search.skip.min(n_hits);
        let shown = &groups[start..start.saturating_add(self.search.limit).min(n_hits)];
        let mut hits = Vec::with_capacity(shown.len());
        for group in shown {
            hits.extend(self.hit(group)?);
        }
        self.mark(shown, &mut hits)?;
        Ok(Hits { hits, n_matches, more_match: more, n_hits, newest_weighed, broad: Vec::new() })
    }

    fn table(&self) -> &'static str {
        if self.search.quotations { "quotation_search" } else { "report_search" }
    }

    /// The terms in the columns that hold what was said.
    fn words(&self) -> Option<String> {
        let columns = if self.search.quotations { "{text}" } else { "{title text}" };
        self.search.terms.as_ref().map(|terms| format!("({columns} : ({}))", terms.expression()))
    }

    /// All conditions but days and story; `None` if there is none.
    fn expression(&self) -> Option<String> {
        let search = self.search;
        let speaker = if search.quotations { "speaker" } else { "speakers" };
        let parts = [
            self.words(),
            column(speaker, &search.speaker),
            column("outlet", &search.outlet),
            column("names", &search.entity).filter(|_| !search.quotations),
            column("places", &search.place).filter(|_| !search.quotations),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }

    fn matches(&self) -> Result<Matches, Fault> {
        let (mut rows, more) = self.newest()?;
        let mut newest_weighed = false;
        if let (Some(terms), Order::Best) = (&self.search.terms, self.search.order) {
            newest_weighed = rows.len() > MAX_WEIGHED;
            self.sort_by_weight(terms, &mut rows)?;
        }
        Ok(Matches { rows, more, newest_weighed })
    }

    /// The newest rows that match, the newest first, and whether there are more.
    fn newest(&self) -> Result<(Vec<i64>, bool), Fault> {
        let expression = self.expression();
        let (mut rows, mut more) = match (self.documents()?, expression) {
            (Some((documents, more)), expression) => {
                (self.of_documents(&documents, expression.as_deref())?, more)
            }
            (None, Some(expression)) => {
                let (first, last) = self.range();
                (self.newest_of(&expression, first, last)?, false)
            }
            (None, None) => (self.newest_of_all()?, false),
        };
        more |= rows.len() > MAX_CANDIDATES;
        rows.truncate(MAX_CANDIDATES);
        Ok((rows, more))
    }

    /// The reports to ask one by one, the newest first, and whether there are more: those of a story, and for quotations those
    /// that name who and what is asked for. `None`: all.
    fn documents(&self) -> Result<Option<(Vec<Document>, bool)>, Fault> {
        let search = self.search;
        let parts = [column("names", &search.entity), column("places", &search.place)];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let names = (search.quotations && !parts.is_empty()).then(|| parts.join(" AND "));
        let document = |row: &rusqlite::Row<'_>| Ok(Document { row: row.get(0)?, n_quotations: row.get(1)? });
        let (story, names) = match (search.story, names) {
            (None, None) => return Ok(None),
            (Some(story), names) => (story, names),
            (None, Some(names)) => {
                let (first, last) = rows::of_days(search.since, search.until);
                let mut find = self.connection.prepare_cached(
                    "SELECT row, n_quotations FROM report_search JOIN search_documents ON report = report_search.rowid & ?5 \
                     WHERE report_search MATCH ?1 AND report_search.rowid BETWEEN ?2 AND ?3 ORDER BY report_search.rowid DESC LIMIT ?4",
                )?;
                let limit = MAX_CANDIDATES as i64 + 1;
                let found =
                    find.query_map(params![names, first, last, limit, rows::MAX_REPORTS - 1], document)?;
                let mut found: Vec<Document> = found.collect::<Result<_, _>>()?;
                let more = found.len() > MAX_CANDIDATES;
                found.truncate(MAX_CANDIDATES);
                return Ok(Some((found, more)));
            }
        };
        let mut find = self.connection.prepare_cached(
            "SELECT row, n_quotations FROM story_reports JOIN search_documents USING (report) WHERE story = ?1 ORDER BY row DESC",
        )?;
        let found = find.query_map([story.to_string()], document)?;
        let mut found: Vec<Document> = found.collect::<Result<_, _>>()?;
        if let Some(names) = names {
            let sql = "SELECT 1 FROM report_search WHERE report_search MATCH ?1 AND rowid = ?2";
            let mut ask = self.connection.prepare_cached(sql)?;
            let mut kept = Vec::with_capacity(found.len());
            for document in found {
                if ask.exists(params![names, document.row])? {
                    kept.push(document);
                }
            }
            found = kept;
        }
        Ok(Some((found, false)))
    }

    fn range(&self) -> (i64, i64) {
        let (first, last) = rows::of_days(self.search.since, self.search.until);
        match self.search.quotations {
            true => (rows::of_quotation(first, 0), rows::of_quotation(last, rows::MAX_QUOTATIONS - 1)),
            false => (first, last),
        }
    }

    fn newest_of(&self, expression: &str, first: i64, last: i64) -> Result<Vec<i64>, Fault> {
        let table = self.table();
        let sql = format!(
            "SELECT rowid FROM {table} WHERE {table} MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4"
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        let rows =
            find.query_map(params![expression, first, last, MAX_CANDIDATES as i64 + 1], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn newest_of_all(&self) -> Result<Vec<i64>, Fault> {
        let table = self.table();
        let (first, last) = self.range();
        let sql =
            format!("SELECT rowid FROM {table} WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid DESC LIMIT ?3");
        let mut find = self.connection.prepare_cached(&sql)?;
        let rows = find.query_map(params![first, last, MAX_CANDIDATES as i64 + 1], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The rows of these reports that match, up to one more than [`MAX_CANDIDATES`].
    fn of_documents(&self, documents: &[Document], expression: Option<&str>) -> Result<Vec<i64>, Fault> {
        let (first, last) = self.range();
        let mut rows = Vec::new();
        for document in documents {
            if rows.len() > MAX_CANDIDATES {
                break;
            }
            let (low, high) = match self.search.quotations {
                true if document.n_quotations == 0 => continue,
                true => (
                    rows::of_quotation(document.row, 0),
                    rows::of_quotation(document.row, document.n_quotations - 1),
                ),
                false => (document.row, document.row),
            };
            let (low, high) = (low.max(first), high.min(last));
            match expression {
                _ if low > high => {}
                Some(expression) => rows.extend(self.newest_of(expression, low, high)?),
                None => rows.extend((low..=high).rev()),
            }
        }
        Ok(rows)
    }

    /// Sorts the first of `rows`, which are the newest, by weight; equals stay as they are.
    fn sort_by_weight(&self, terms: &Terms, rows: &mut [i64]) -> Result<(), Fault> {
        let n_weighed = rows.len().min(MAX_WEIGHED);
        let weighed = &mut rows[..n_weighed];
        let mut n_reports_with: BTreeMap<String, i64> = BTreeMap::new();
        let wanted = terms.wanted();
        for word in wanted.iter().flat_map(|phrase| words(phrase)) {
            let n = self.n_reports_with(&word)?;
            n_reports_with.insert(word, n);
        }
        let n_reports: Option<i64> =
            self.connection.query_row("SELECT max(report) FROM search_documents", [], |row| row.get(0))?;
        let n_with = |word: &str| n_reports_with.get(word).copied().unwrap_or_default() as f64;
        let weigher = Weigher::new(&wanted, n_reports.unwrap_or_default() as f64, n_with);
        let mut counts = Vec::with_capacity(n_weighed);
        for &row in weighed.iter() {
            let (title, text) = self.text(row, WEIGHED_CHARS)?;
            counts.push(weigher.count(title.as_deref(), &text));
        }
        let weights = weigher.weights(&counts);
        let mut order: Vec<usize> = (0..n_weighed).collect();
        order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]));
        let sorted: Vec<i64> = order.into_iter().map(|n| weighed[n]).collect();
        weighed.copy_from_slice(&sorted);
        Ok(())
    }

    /// In how many reports a word stands, about.
    fn n_reports_with(&self, word: &str) -> Result<i64, Fault> {
        let mut find =
            self.connection.prepare_cached("SELECT n_reports FROM search_words WHERE word = ?1")?;
        Ok(find.query_row([word], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    /// Headline and text of a report, or the text of a quotation, cut.
    fn text(&self, row: i64, n_chars: usize) -> Result<(Option<String>, String), Fault> {
        let found = if self.search.quotations {
            let (report, number) = rows::quotation(row);
            self.connection
                .prepare_cached("SELECT NULL, text FROM quotations WHERE report = ?1 AND number = ?2")?
                .query_row(params![rows::report(report), number], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?
        } else {
            self.connection
                .prepare_cached("SELECT title, substr(text, 1, ?2) FROM reports WHERE number = ?1")?
                .query_row(params![rows::report(row), n_chars as i64], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?
        };
        Ok(found.unwrap_or_default())
    }

    /// Groups of near-duplicates, each by its first row.
    fn fold(&self, rows: &[i64]) -> Result<Vec<Vec<i64>>, Fault> {
        let mut groups: Vec<Vec<i64>> = Vec::new();
        let mut by_key: BTreeMap<(usize, u32), usize> = BTreeMap::new();
        for &row in rows {
            let folds = self.folds(row)?;
            let keys: Vec<(usize, u32)> = folds.iter().flat_map(Folds::keys).collect();
            let group = keys.iter().find_map(|key| by_key.get(key)).copied();
            let group = group.unwrap_or_else(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(row);
            // Only the first of a group draws others to it, so that no chain of likeness runs away.
            if groups[group].len() == 1 {
                by_key.extend(keys.into_iter().map(|key| (key, group)));
            }
        }
        Ok(groups)
    }

    fn folds(&self, row: i64) -> Result<Option<Folds>, Fault> {
        if self.search.quotations {
            let (_, text) = self.text(row, WEIGHED_CHARS)?;
            return Ok(Folds::of(&text));
        }
        let mut find =
            self.connection.prepare_cached("SELECT folds FROM search_documents WHERE report = ?1")?;
        let bytes: Option<Option<Vec<u8>>> =
            find.query_row([rows::report(row)], |row| row.get(0)).optional()?;
        Ok(bytes.flatten().and_then(|bytes| Folds::of_bytes(&bytes)))
    }

    /// `None` for a report that is gone since it was indexed.
    fn hit(&self, group: &[i64]) -> Result<Option<Hit>, Fault> {
        let Some(&row) = group.first() else { return Ok(None) };
        let report_row = |row: i64| if self.search.quotations { rows::quotation(row).0 } else { row };
        let number = rows::report(report_row(row));
        let mut find = self.connection.prepare_cached(
            "SELECT id, outlet, title, url, published, CASE WHEN item IS NULL THEN place ELSE place || ':' || item END \
             FROM reports WHERE number = ?1",
        )?;
        let found = find.query_row([number], |row| {
            let id: String = row.get(0)?;
            Ok((
                id,
                Hit {
                    report: ReportId::of(None, None, ""),
                    number,
                    outlet: row.get(1)?,
                    title: row.get(2)?,
                    url: row.get(3)?,
                    published: row.get(4)?,
                    place: row.get(5)?,
                    quotation: None,
                    snippet: Vec::new(),
                    alike: Vec::new(),
                },
            ))
        });
        let Some((id, hit)) = found.optional()? else { return Ok(None) };
        let others: BTreeSet<i64> = group[1..]
            .iter()
            .map(|&row| rows::report(report_row(row)))
            .filter(|&other| other != number)
            .collect();
        let mut alike = Vec::with_capacity(others.len());
        for other in others {
            alike.extend(self.id(other)?);
        }
        let quotation = if self.search.quotations { self.quotation(row)? } else { None };
        Ok(Some(Hit { report: parse(&id)?, quotation, alike, ..hit }))
    }

    fn id(&self, number: i64) -> Result<Option<ReportId>, Fault> {
        let mut find = self.connection.prepare_cached("SELECT id FROM reports WHERE number = ?1")?;
        let id: Option<String> = find.query_row([number], |row| row.get(0)).optional()?;
        Ok(id.map(|id| parse(&id)).transpose()?)
    }

    fn quotation(&self, row: i64) -> Result<Option<QuotationHit>, Fault> {
        let (report, number) = rows::quotation(row);
        let mut find = self.connection.prepare_cached(
            "SELECT speaker, source, form, text FROM quotations WHERE report = ?1 AND number = ?2",
        )?;
        let quotation = find.query_row(params![rows::report(report), number], |row| {
            Ok(QuotationHit {
                number,
                speaker: row.get(0)?,
                source: row.get(1)?,
                form: row.get(2)?,
                text: row.get(3)?,
            })
        });
        Ok(quotation.optional()?)
    }

    /// Cuts out the words that were found.
    fn mark(&self, groups: &[Vec<i64>], hits: &mut [Hit]) -> Result<(), Fault> {
        let scratch = Scratch::open(self.connection)?;
        // A hit whose report is gone has left its group behind.
        let rows: BTreeMap<(i64, Option<i64>), i64> = groups
            .iter()
            .filter_map(|group| group.first())
            .map(|&row| match self.search.quotations {
                true => {
                    let (report, number) = rows::quotation(row);
                    ((rows::report(report), Some(number)), row)
                }
                false => ((rows::report(row), None), row),
            })
            .collect();
        let expression = self.search.terms.as_ref().map(Terms::expression);
        for (n, hit) in hits.iter_mut().enumerate() {
            let Some(&row) =
                rows.get(&(hit.number, hit.quotation.as_ref().map(|quotation| quotation.number)))
            else {
                continue;
            };
            let (title, text) = self.text(row, SHOWN_CHARS)?;
            let snippet = match &expression {
                Some(expression) => {
                    scratch.put(n, title.as_deref(), &text)?;
                    scratch.snippet(n, expression)?
                }
                None => None,
            };
            hit.snippet = snippet.map_or_else(|| lead(&text), |marked| pieces(&marked));
        }
        Ok(())
    }
}

fn parse(id: &str) -> Result<ReportId, StoreError> {
    id.parse().map_err(|problem: String| StoreError::damaged("a report", problem))
}

/// An index of a few texts, in memory.
struct Scratch<'a> {
    connection: &'a Connection,
}

impl<'a> Scratch<'a> {
    /// An empty one.
    fn open(connection: &'a Connection) -> Result<Self, Fault> {
        connection.execute_batch(
            "PRAGMA temp_store = MEMORY; \
             CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_scratch USING fts5 \
             (title, text, tokenize = 'porter unicode61 remove_diacritics 2'); \
             DELETE FROM temp.search_scratch;",
        )?;
        Ok(Self { connection })
    }

    fn put(&self, n: usize, title: Option<&str>, text: &str) -> Result<(), Fault> {
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO temp.search_scratch (rowid, title, text) VALUES (?1, ?2, ?3)")?;
        let clean = |text: &str| text.replace(MARKS, " ");
        insert.execute(params![n as i64, title.map(clean), clean(text)])?;
        Ok(())
    }

    /// The part of text `n` that has most of the words, between marks; `None` if it has none.
    fn snippet(&self, n: usize, expression: &str) -> Result<Option<String>, Fault> {
        let sql = format!(
            "SELECT snippet(search_scratch, 1, char(1), char(2), '…', {SNIPPET_TOKENS}) \
             FROM temp.search_scratch WHERE search_scratch MATCH ?1 AND rowid = ?2"
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        Ok(find.query_row(params![expression, n as i64], |row| row.get(0)).optional()?)
    }
}

/// The start of a text.
fn lead(text: &str) -> Vec<Piece> {
    let start: String = text.chars().take(LEAD_CHARS).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    let text = format!("{}{more}", start.trim());
    if text.is_empty() { Vec::new() } else { vec![Piece { text, found: false }] }
}

/// Takes a marked text apart.
fn pieces(marked: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut found = false;
    for part in marked.split_inclusive(MARKS) {
        let text = part.trim_end_matches(MARKS);
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), found });
        }
        if part.ends_with(MARKS) {
            found = part.ends_with(MARKS[0]);
        }
    }
    pieces
}
