//! What the file is, and how an older one becomes a present one.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::documents;
use crate::StoreError;
use crate::error::Fault;

/// "Stem" in ASCII: tells files of Stemma from those of other programs.
const APPLICATION_ID: u32 = 0x5374_656D;

/// What leads from one schema to the next. Never changed once released, only added to.
struct Step {
    sql: &'static str,
    /// What SQL alone cannot do.
    then: Option<Conversion>,
}

type Conversion = fn(&Transaction<'_>) -> Result<(), Fault>;

const MIGRATIONS: &[Step] = &[
    Step { sql: include_str!("../migrations/1.sql"), then: None },
    Step { sql: include_str!("../migrations/2.sql"), then: None },
    Step { sql: include_str!("../migrations/3.sql"), then: Some(documents::take_over_old_layers) },
    Step { sql: include_str!("../migrations/4.sql"), then: None },
    Step { sql: include_str!("../migrations/5.sql"), then: None },
];

pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Checks what the file is and brings its schema up to date.
pub(super) fn prepare(connection: &mut Connection, path: &Path, wait: Duration) -> Result<(), StoreError> {
    const DOING: &str = "opening it";
    let known = u32::try_from(MIGRATIONS.len()).expect("there are few migrations");
    let fail = |source: rusqlite::Error| StoreError::of_sqlite(path, DOING, source);
    connection.busy_timeout(wait).map_err(fail)?;
    // In one statement: another process may be making the store just now.
    let (application, n_tables): (u32, u32) = connection
        .query_row(
            "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(fail)?;
    if application != APPLICATION_ID && (application != 0 || n_tables > 0) {
        return Err(StoreError::NotAStore { path: path.to_owned() });
    }
    let found = version(connection).map_err(fail)?;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    write_ahead(connection, wait).map_err(fail)?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;").map_err(fail)?;
    connection.set_prepared_statement_cache_capacity(64);
    if found < known {
        migrate(connection, known).map_err(|fault| fault.at(path, "bringing it up to date"))?;
    }
    Ok(())
}

/// Turns to a write-ahead log. SQLite does not wait where another connection is about to do the same, so this does.
fn write_ahead(connection: &Connection, wait: Duration) -> rusqlite::Result<()> {
    let start = Instant::now();
    loop {
        // The answer is the mode that now holds; a store in memory has none of its own.
        let turned = connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
        let is_busy =
            matches!(&turned, Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy));
        if !is_busy || start.elapsed() >= wait {
            return turned;
        }
        std::thread::sleep(RETRY);
    }
}

/// After which a busy file is asked again.
const RETRY: Duration = Duration::from_millis(10);

fn migrate(connection: &mut Connection, known: u32) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    // Another process may have been faster.
    let found = version(&transaction)?;
    for step in MIGRATIONS.iter().skip(found as usize) {
        transaction.execute_batch(step.sql)?;
        if let Some(then) = step.then {
            then(&transaction)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known.max(found))?;
    transaction.commit()?;
    Ok(())
}
