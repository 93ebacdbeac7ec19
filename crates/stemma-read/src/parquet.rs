//! Parquet files to reports, with the feature `parquet`: one row is one report.
//!
//! A row is taken as the JSON object that its columns make, so names and [`ColumnMap`](crate::ColumnMap) count as in [`crate::fields`]. Columns packed with
//! Snappy, gzip and Zstandard are read. The file is held in memory, as its table stands at its end. By the `parquet` crate,
//! whose panics cost this file; it makes room for what a page says that it unpacks to, so that a hostile file can
//! take up to 2 GiB: this is why the feature is off unless it is asked for.

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::errors::ParquetError;
use parquet::file::reader::SerializedFileReader;
use parquet::record::Row;
use parquet::record::reader::RowIter;
use serde_json::Value;
use stemma_core::{Origin, Report};

use crate::fields::report_of_value;
use crate::sink::{REPORT_BYTES, Sink};
use crate::source::Source;
use crate::stream::File;
use crate::{MAX_FILE_BYTES, ReadError, ReadOptions, Reading, brief};

/// Bytes of rows that are read together.
const ROWS_BYTES: usize = 1024 * 1024;

/// True if a file begins like one of Parquet.
pub(crate) fn is_parquet(head: &[u8]) -> bool {
    head.starts_with(b"PAR1")
}

/// Reads a Parquet file.
pub(crate) fn read_parquet(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let bytes = source.take_bytes(MAX_FILE_BYTES + 1);
    if let Some(failure) = source.take_failure() {
        return sink.fail(file.failed(source, failure));
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return sink.fail(ReadError::too_large(file.origin.clone(), MAX_FILE_BYTES));
    }
    let place = |row| Origin { place: file.origin.place.clone(), item: row };
    let opened = guarded(|| SerializedFileReader::new(bytes::Bytes::from(bytes)));
    let mut rows = match opened {
        Ok(reader) => RowIter::from_file_into(Box::new(reader)),
        Err(problem) => return sink.fail(broken(place(None), problem)),
    };
    let mut number = 0;
    let mut ended = false;
    while !ended && !sink.is_stopped() {
        let (mut batch, mut n_bytes) = (Vec::new(), 0);
        while n_bytes < ROWS_BYTES && !ended {
            match guarded(|| rows.next().transpose()) {
                Ok(Some(row)) => {
                    number += 1;
                    n_bytes += REPORT_BYTES + size_of(&row);
                    batch.push((place(Some(number)), row));
                }
                Ok(None) => ended = true,
                // What follows a broken row cannot be told from it.
                Err(problem) => {
                    sink.fail(broken(place(Some(number + 1)), problem));
                    ended = true;
                    number += 1;
                }
            }
        }
        let options = sink.options().clone();
        sink.push(n_bytes, move || read_rows(batch, &options));
    }
    if number == 0 {
        sink.fail(ReadError::NoReports { origin: file.origin.clone() });
    }
}

fn guarded<T>(step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(result) => result.map_err(|error| brief(&error.to_string())),
        Err(_) => Err("it cannot be taken apart".to_owned()),
    }
}

fn broken(origin: Origin, problem: String) -> ReadError {
    ReadError::Markup { origin, kind: "a Parquet file", problem }
}

/// Roughly what a row takes.
fn size_of(row: &Row) -> usize {
    let len = |field: &parquet::record::Field| match field {
        parquet::record::Field::Str(text) => text.len(),
        _ => 16,
    };
    row.get_column_iter().map(|(name, field)| name.len() + len(field)).sum()
}

fn read_rows(rows: Vec<(Origin, Row)>, options: &ReadOptions) -> Reading {
    let mut reading = Reading::default();
    for (origin, row) in rows {
        let value = catch_unwind(AssertUnwindSafe(|| row.to_json_value())).unwrap_or(Value::Null);
        match report_of_value(value, &origin, options, &mut reading.notices) {
            Ok(draft) => reading.reports.push(Report::new(draft, origin)),
            Err(error) => reading.failures.push(error),
        }
    }
    reading
}
