//! JSON lines as they come in, one after the other: memory for one line, however long the input is.

use std::io::{self, BufRead, Read};

use stemma_core::Origin;

use crate::{MAX_REPORT_BYTES, ReadError, Reading, read_line};

/// The lines of an input, each read by itself. A line that cannot be read costs no other; an input that breaks off ends them.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    place: String,
    /// Lines, and bytes, that were taken.
    n_lines: u64,
    n_bytes: u64,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    /// The lines of `input`, which is called `place`.
    pub fn new(input: R, place: impl Into<String>) -> Self {
        Self { input, place: place.into(), n_lines: 0, n_bytes: 0, ended: false }
    }

    fn take_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        // One byte more than a report may have, so that a longer one is told and not cut.
        self.input.by_ref().take(MAX_REPORT_BYTES + 1).read_until(b'\n', &mut line)?;
        Ok(line)
    }

    fn origin(&self, item: Option<u64>) -> Origin {
        Origin { place: self.place.clone(), item }
    }

    fn end(&mut self, source: io::Error) -> Reading {
        self.ended = true;
        Reading::failed(ReadError::Io { origin: self.origin(None), source })
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Reading;

    fn next(&mut self) -> Option<Reading> {
        if self.ended {
            return None;
        }
        let line = match self.take_line() {
            Ok(line) if line.is_empty() => return None,
            Ok(line) => line,
            Err(error) => return Some(self.end(error)),
        };
        self.n_lines += 1;
        let (start, n_bytes) = (self.n_bytes, line.len() as u64);
        let n_filled = line.trim_ascii_end().len() as u64;
        self.n_bytes += n_bytes;
        if n_bytes > MAX_REPORT_BYTES {
            match skip_line(&mut self.input) {
                Ok(n_skipped) => self.n_bytes += n_skipped,
                Err(error) => return Some(self.end(error)),
            }
        }
        let mut reading = read_line(line, &self.origin(Some(self.n_lines)));
        for content in reading.contents.iter_mut().flatten() {
            content.range = Some(start..start + n_filled);
        }
        Some(reading)
    }
}

/// Passes over the rest of a line. Gives its bytes.
fn skip_line(input: &mut impl BufRead) -> io::Result<u64> {
    let mut n_skipped = 0;
    loop {
        let buffer = input.fill_buf()?;
        let (n, done) = match buffer.iter().position(|&byte| byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(n);
        n_skipped += n as u64;
        if done {
            return Ok(n_skipped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_known_by_its_place() {
        let text = "{\"text\": \"One left.\"}\r\n\nnothing\n{\"text\": \"Two léft.\"}";
        let readings: Vec<Reading> = Lines::new(text.as_bytes(), "a.jsonl").collect();
        let shown: Vec<String> = readings
            .iter()
            .flat_map(|reading| {
                let reports = reading.reports.iter().enumerate().map(|(n, report)| {
                    let content = reading.content(n).expect("lines are handed on");
                    let range = content.range.clone().expect("and where they stand");
                    assert_eq!(
                        &text.as_bytes()[range.start as usize..range.end as usize],
                        &content.bytes[..]
                    );
                    format!("{}, bytes {range:?}: {}", report.origin(), report.text())
                });
                let failures = reading.failures.iter().map(ToString::to_string);
                reports.chain(failures).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(
            shown,
            [
                "a.jsonl:1, bytes 0..21: One left.",
                "a.jsonl:3: not valid JSON at line 3, column 2: expected ident",
                "a.jsonl:4, bytes 32..54: Two léft.",
            ]
        );
    }

    #[test]
    fn an_input_that_breaks_off_ends_the_lines() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let input = io::BufReader::new("{\"text\": \"One left.\"}\n".as_bytes().chain(Broken));
        let readings: Vec<Reading> = Lines::new(input, "-").collect();
        assert_eq!((readings.len(), readings[0].reports.len(), readings[1].failures.len()), (2, 1, 1));
    }
}
