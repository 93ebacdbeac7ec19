//! JSON and JSON lines.
//!
//! A JSON file is a JSON Feed, one report, an array of reports, or an object whose `reports` is such an array. A JSONL file has one
//! report a line; blank lines are passed over. Either may turn out to be the other, as names of files often lie.

use serde_json::{Map, Value};
use stemma_core::{Origin, Report};

use crate::feeds::read_feed;
use crate::fields::{is_address_only, report_of_value};
use crate::{Format, MAX_REPORT_BYTES, Notice, ReadError, ReadOptions, Reading, brief, content, ninjs};

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
    let items = match items_of(value, 0) {
        Ok(items) => items,
        Err(value) => {
            read_item(value, origin.clone(), options, &mut reading);
            return reading;
        }
    };
    if items.is_empty() {
        return Reading::failed(ReadError::NoReports { origin: origin.clone() });
    }
    let n_items = items.len();
    let mut n_addresses = 0;
    for (n, item) in items.into_iter().enumerate() {
        if item.as_object().is_some_and(|fields| is_address_only(fields, options)) {
            n_addresses += 1;
            continue;
        }
        let origin = Origin { place: origin.place.clone(), item: Some(n as u64 + 1) };
        read_item(item, origin, options, &mut reading);
    }
    if n_addresses == n_items {
        let (origin, kind) = (origin.clone(), "a list of articles");
        reading.failures.push(ReadError::Addresses { origin, kind, n_addresses });
    } else if n_addresses > 0 {
        let problem = format!("{n_addresses} of {n_items} entries hold an address and no text, passed over");
        reading.notices.push(Notice { origin: origin.clone(), problem });
    }
    reading
}

/// Names under which services and programs put their list of articles.
const LISTS: [&str; 10] =
    ["reports", "articles", "results", "items", "data", "documents", "docs", "news", "stories", "hits"];

/// The reports of a list: an array, or an object with a list under a known name, also one level further in, as search services
/// write it. Anything else is given back.
fn items_of(value: Value, depth: usize) -> Result<Vec<Value>, Value> {
    let mut fields = match value {
        Value::Array(items) => return Ok(items.into_iter().map(unwrapped).collect()),
        Value::Object(fields) if depth < 3 && (depth > 0 || !holds_report(&fields)) => fields,
        value => return Err(value),
    };
    let is_list = |value: &Value| {
        value.as_array().is_some_and(|items| items.iter().all(|item| item.is_object()) || items.is_empty())
    };
    // `reports` is the contract's own name: its entries are told one by one, whatever they are.
    if let Some(name) = LISTS.iter().find(|name| {
        fields.get(**name).is_some_and(|list| is_list(list) || **name == "reports" && list.is_array())
    }) {
        return items_of(fields.shift_remove(*name).unwrap_or_default(), depth + 1);
    }
    if let Some(name) = ["response", "data", "hits", "result"]
        .iter()
        .find(|name| fields.get(**name).is_some_and(Value::is_object))
        && let Some(inner) = fields.shift_remove(*name)
    {
        return match items_of(inner, depth + 1) {
            Ok(items) => Ok(items),
            Err(inner) => {
                fields.insert((*name).to_owned(), inner);
                Err(Value::Object(fields))
            }
        };
    }
    Err(Value::Object(fields))
}

/// True if an object is a report itself, whatever lists it has.
fn holds_report(fields: &Map<String, Value>) -> bool {
    fields.get("text").is_some_and(Value::is_string) || ninjs::is_item(fields)
}

/// The entry of a list as Elasticsearch wraps it in `_source`, and the Guardian's with its `fields`.
fn unwrapped(value: Value) -> Value {
    let Value::Object(mut fields) = value else { return value };
    for name in ["_source", "fields"] {
        if fields.get(name).is_some_and(Value::is_object)
            && let Some(Value::Object(inner)) = fields.shift_remove(name)
        {
            for (name, value) in inner {
                fields.entry(name).or_insert(value);
            }
        }
    }
    Value::Object(fields)
}

fn read_item(value: Value, origin: Origin, options: &ReadOptions, reading: &mut Reading) {
    let draft = match value {
        Value::Object(fields) if ninjs::is_item(&fields) => {
            ninjs::report_of_item(fields, &origin, &mut reading.notices)
        }
        value => report_of_value(unwrapped_crawl(value), &origin, options, &mut reading.notices).map(Some),
    };
    match draft {
        Ok(Some(draft)) => reading.reports.push(Report::new(draft, origin)),
        Ok(None) => {}
        Err(error) => reading.failures.push(error),
    }
}

/// An article of fundus, whose address and outlet stand in its `html`.
fn unwrapped_crawl(mut value: Value) -> Value {
    let Some(html) = value.get("html").filter(|html| html.is_object()) else { return value };
    let url = ["responded_url", "requested_url"].iter().find_map(|name| html.get(name)).cloned();
    let outlet = html.pointer("/source_info/publisher").or(html.pointer("/source/publisher")).cloned();
    if let Value::Object(fields) = &mut value {
        url.into_iter().for_each(|url| {
            fields.entry("url").or_insert(url);
        });
        outlet.into_iter().for_each(|outlet| {
            fields.entry("publisher").or_insert(outlet);
        });
    }
    value
}

/// The parser's message without its own "at line … column …", which counts from the start of the line for JSONL.
fn broken(origin: Origin, line: usize, error: &serde_json::Error) -> ReadError {
    let said = error.to_string();
    let problem = said.rfind(" at line ").map_or(said.as_str(), |end| &said[..end]);
    ReadError::Json { origin, line, column: error.column(), problem: brief(problem) }
}
