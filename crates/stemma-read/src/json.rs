//! JSON and JSON lines.
//!
//! A JSON file is a JSON Feed, one report, an array of reports, or an object whose `reports` is such an array. A JSONL file has one
//! report a line; blank lines are passed over. Either may turn out to be the other, as names of files often lie.

use serde_json::{Map, Value};
use stemma_core::{Origin, Report};

use crate::feeds::read_feed;
use crate::fields::report_of_value;
use crate::{Format, MAX_REPORT_BYTES, ReadError, ReadOptions, Reading, content};

/// Reads a JSON document.
pub(crate) fn read_json(text: &str, origin: &Origin, options: &ReadOptions) -> Reading {
    match serde_json::from_str::<Value>(text) {
        Ok(value) if is_feed(&value) => read_feed(text, origin),
        Ok(value) => read_value(value, origin, options),
        Err(_) if first_line_is_an_object(text) => read_json_lines(text, origin, options),
        Err(error) => Reading::failed(broken(origin.clone(), error.line(), &error)),
    }
}

/// True for a JSON Feed.
fn is_feed(value: &Value) -> bool {
    let version = value.get("version").and_then(Value::as_str).unwrap_or_default();
    version.contains("://jsonfeed.org/") && value.get("items").is_some_and(Value::is_array)
}

/// Reads JSON lines. A broken line costs one report.
pub(crate) fn read_json_lines(text: &str, origin: &Origin, options: &ReadOptions) -> Reading {
    if !first_line_is_an_object(text)
        && let Ok(value) = serde_json::from_str::<Value>(text)
    {
        let mut reading = read_value(value, origin, options);
        if let Some(whole) = content::whole(text.as_bytes(), Some(Format::Json)) {
            reading.came_from(&whole);
        }
        return reading;
    }
    let mut reading = Reading::default();
    let mut start = 0;
    for (n, whole) in text.split_inclusive('\n').enumerate() {
        if !whole.trim().is_empty() {
            let origin = Origin { place: origin.place.clone(), item: Some(n as u64 + 1) };
            reading.append(read_json_line(whole, start, &origin, options));
        }
        start += whole.len() as u64;
    }
    reading
}

/// Reads one line of JSON lines, which begins at byte `start` of its file.
pub(crate) fn read_json_line(line: &str, start: u64, origin: &Origin, options: &ReadOptions) -> Reading {
    let line = line.trim_end_matches(['\n', '\r']);
    let mut reading = Reading::default();
    let number = origin.item.and_then(|item| usize::try_from(item).ok()).unwrap_or(1);
    match parse_line(line, origin, number) {
        Ok(value) => read_item(value, origin.clone(), options, &mut reading),
        Err(error) => reading.failures.push(error),
    }
    if !reading.reports.is_empty() {
        reading.last_came_from(content::of_line(line, start));
    }
    reading
}

fn parse_line(line: &str, origin: &Origin, number: usize) -> Result<Value, ReadError> {
    if line.len() as u64 > MAX_REPORT_BYTES {
        return Err(ReadError::too_large(origin.clone(), MAX_REPORT_BYTES));
    }
    serde_json::from_str(line).map_err(|error| broken(origin.clone(), number, &error))
}

/// True if the head of a file shows JSON lines: its first line is a whole object, and more follows.
pub(crate) fn starts_with_lines(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let Some(end) = head.iter().position(|&byte| byte == b'\n') else { return false };
    head.starts_with(b"{")
        && !head[end..].trim_ascii().is_empty()
        && serde_json::from_slice::<Map<String, Value>>(&head[..end]).is_ok()
}

fn first_line_is_an_object(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or("");
    serde_json::from_str::<Map<String, Value>>(first).is_ok()
}

fn read_value(value: Value, origin: &Origin, options: &ReadOptions) -> Reading {
    let mut reading = Reading::default();
    let items = match value {
        Value::Array(items) => items,
        Value::Object(mut fields) if fields.get("reports").is_some_and(Value::is_array) => {
            match fields.remove("reports") {
                Some(Value::Array(items)) => items,
                _ => Vec::new(),
            }
        }
        value => {
            read_item(value, origin.clone(), options, &mut reading);
            return reading;
        }
    };
    if items.is_empty() {
        return Reading::failed(ReadError::NoReports { origin: origin.clone() });
    }
    for (n, item) in items.into_iter().enumerate() {
        read_item(
            item,
            Origin { place: origin.place.clone(), item: Some(n as u64 + 1) },
            options,
            &mut reading,
        );
    }
    reading
}

fn read_item(value: Value, origin: Origin, options: &ReadOptions, reading: &mut Reading) {
    match report_of_value(value, &origin, options, &mut reading.notices) {
        Ok(draft) => reading.reports.push(Report::new(draft, origin)),
        Err(error) => reading.failures.push(error),
    }
}

/// The parser's message without its own "at line … column …", which counts from the start of the line for JSONL.
fn broken(origin: Origin, line: usize, error: &serde_json::Error) -> ReadError {
    let said = error.to_string();
    let problem = said.rfind(" at line ").map_or(said.as_str(), |end| &said[..end]).to_owned();
    ReadError::Json { origin, line, column: error.column(), problem }
}
