//! Reading gold files: JSON lines, gzipped where the name ends in `.gz`.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;

/// What can go wrong with gold data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// The file is missing or cannot be read.
    #[error("{}: gold data cannot be read", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is not a record of the expected shape.
    #[error("{}, line {line}: not a record of this gold format", path.display())]
    Record {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
    /// A record names something that is not there.
    #[error("{}: {problem}", path.display())]
    Inconsistent {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

/// The lines of a file.
pub(crate) fn open(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>, EvalError> {
    let file = File::open(path).map_err(|source| EvalError::Io { path: path.to_owned(), source })?;
    let gzipped = path.extension().is_some_and(|extension| extension == "gz");
    let bytes: Box<dyn Read> = if gzipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(BufReader::new(bytes).lines())
}

/// All records of a file with one JSON object a line. Blank lines are passed over.
pub fn read_records<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, EvalError> {
    let io = |source| EvalError::Io { path: path.to_owned(), source };
    let mut records = Vec::new();
    for (n, line) in open(path)?.enumerate() {
        let line = line.map_err(io)?;
        if !line.trim().is_empty() {
            let record = serde_json::from_str(&line);
            records.push(record.map_err(|source| EvalError::Record {
                path: path.to_owned(),
                line: n + 1,
                source,
            })?);
        }
    }
    Ok(records)
}
