//! Feeds to reports: RSS, Atom and JSON Feed, by the `feed-rs` crate. One entry is one report.
//!
//! Many feeds hold the beginning of each article only. Such a report is read as it stands, marked `"summary_only": true`
//! among its other fields, and a notice tells how many there are: the articles stand behind their addresses.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use feed_rs::model::{self, Feed, Link, Person, Text};
use feed_rs::parser::Builder;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use stemma_core::{Origin, Published, Report, ReportDraft};

use crate::blocks::blocks_of;
use crate::burden::burden_of_xml;
use crate::{Notice, ReadError, Reading, brief, dates};

/// The entries of a feed. Empty ones are counted in a notice; a broken one, also at the end of a feed that was cut off, costs
/// no other.
pub(crate) fn read_feed(text: &str, origin: &Origin) -> Reading {
    let entries = match entries_of(text, None, draft_of) {
        Ok((_, entries)) => entries,
        Err(problem) => return Reading::failed(ReadError::Feed { origin: origin.clone(), problem }),
    };
    if entries.is_empty() {
        return Reading::failed(ReadError::NoReports { origin: origin.clone() });
    }
    let mut reading = Reading::default();
    let (n_entries, mut n_empty, mut n_short) = (entries.len(), 0, 0);
    for (n, entry) in entries.into_iter().enumerate() {
        let origin = Origin { place: origin.place.clone(), item: Some(n as u64 + 1) };
        match entry {
            Ok(Some(draft)) => {
                n_short += usize::from(draft.extra.contains_key(SUMMARY_ONLY));
                reading.reports.push(Report::new(draft, origin));
            }
            Ok(None) => n_empty += 1,
            Err(problem) => reading.failures.push(ReadError::Feed { origin, problem }),
        }
    }
    let mut tell = |n: usize, problem: &str| {
        if n > 0 {
            let problem = format!("{n} of {n_entries} entries {problem}");
            reading.notices.push(Notice { origin: origin.clone(), problem });
        }
    };
    tell(n_short, "hold a summary only; the articles stand behind their addresses");
    tell(n_empty, "hold no text and were passed over");
    if reading.reports.is_empty() && reading.failures.is_empty() {
        reading.failures.push(ReadError::NoReports { origin: origin.clone() });
    }
    reading
}

/// What an entry lists: where its article stands, and what the entry itself tells.
pub(crate) struct Entry {
    pub(crate) url: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) published: Option<Published>,
    /// When it was changed after that.
    pub(crate) updated: Option<Timestamp>,
    /// `None`: the entry has no text.
    pub(crate) draft: Option<ReportDraft>,
}

/// The title of a feed that was found at `url`, and what its entries list; those that are broken are counted.
pub(crate) fn list_feed(text: &str, url: &str) -> Result<(Option<String>, Vec<Entry>, usize), String> {
    let (title, entries) = entries_of(text, Some(url), |entry, feed, times| Entry {
        url: address(&entry.links),
        title: entry.title.as_ref().and_then(line_of),
        published: published_of(entry, times),
        updated: changed(time_of(entry.published, times), time_of(entry.updated, times)),
        draft: draft_of(entry, feed, times),
    })?;
    let n_entries = entries.len();
    let entries: Vec<Entry> = entries.into_iter().filter_map(Result::ok).collect();
    let n_broken = n_entries - entries.len();
    Ok((title, entries, n_broken))
}

/// True for a report of which the feed holds the beginning only.
pub(crate) fn is_summary(draft: &ReportDraft) -> bool {
    draft.extra.contains_key(SUMMARY_ONLY)
}

/// The title of a feed, and what `each` makes of its entries, or why an entry cannot be read. A feed that is broken as a
/// whole is taken apart.
#[expect(clippy::type_complexity, reason = "a name for it would say less")]
fn entries_of<T>(
    text: &str,
    url: Option<&str>,
    each: impl Fn(&model::Entry, &Feed, &Times) -> T,
) -> Result<(Option<String>, Vec<Result<T, String>>), String> {
    match parse(text, url) {
        Ok(parsed) => {
            let title = parsed.feed.title.as_ref().and_then(line_of);
            Ok((title, parsed.each(&each).into_iter().map(Ok).collect()))
        }
        Err(problem) => parse_apart(text, url, &each).ok_or(problem),
    }
}

const SUMMARY_ONLY: &str = "summary_only";

/// Times as the feed has them, by their milliseconds since 1970: `feed-rs` keeps no offset, and with it the day would be lost.
type Times = BTreeMap<i64, Published>;

/// A feed that was taken apart.
struct Parsed {
    feed: Feed,
    times: Times,
}

impl Parsed {
    fn each<T>(&self, each: impl Fn(&model::Entry, &Feed, &Times) -> T) -> Vec<T> {
        self.feed.entries.iter().map(|entry| each(entry, &self.feed, &self.times)).collect()
    }
}

/// The title and the entries of a broken feed of XML, each parsed with what stands before the first; `None` if none can be
/// read. An entry in which the parser finds none gives nothing.
#[expect(clippy::type_complexity, reason = "a name for it would say less")]
fn parse_apart<T>(
    text: &str,
    url: Option<&str>,
    each: impl Fn(&model::Entry, &Feed, &Times) -> T,
) -> Option<(Option<String>, Vec<Result<T, String>>)> {
    let (open, close) = if text.contains("<entry") { ("<entry", "</entry>") } else { ("<item", "</item>") };
    let (head, mut rest) = text.split_at(text.find(open)?);
    let tail = match () {
        () if head.contains("<rss") => "</channel></rss>",
        () if head.contains("<feed") => "</feed>",
        () => "</rdf:RDF>",
    };
    let (mut title, mut entries) = (None, Vec::new());
    while let Some(start) = rest.find(open) {
        let end = rest[start..].find(close).map_or(rest.len(), |end| start + end + close.len());
        match parse(&[head, &rest[start..end], tail].concat(), url) {
            Ok(parsed) => {
                title = title.or_else(|| parsed.feed.title.as_ref().and_then(line_of));
                entries.extend(parsed.each(&each).pop().map(Ok));
            }
            Err(problem) => entries.push(Err(problem)),
        }
        rest = &rest[end..];
    }
    entries.iter().any(Result::is_ok).then_some((title, entries))
}

/// Parses a feed; `url` is where it was found, to which its links may be relative.
fn parse(text: &str, url: Option<&str>) -> Result<Parsed, String> {
    if let Some(burden) = burden_of_xml(text) {
        return Err(burden.to_string());
    }
    // The text is decoded already: what its declaration says of a charset no longer holds.
    let text = text.trim_start();
    let text = match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or(rest, |(_, rest)| rest),
        None => text,
    };
    let times = Arc::new(Mutex::new(Times::new()));
    let seen = Arc::clone(&times);
    let parser = Builder::new()
        .base_uri(url)
        .timestamp_parser(move |text| {
            let published = dates::parse(text)?;
            let millis = millis_of(published)?;
            seen.lock().unwrap_or_else(PoisonError::into_inner).insert(millis, published);
            DateTime::from_timestamp_millis(millis)
        })
        // Without an id of its own an entry has none: made-up ones may change from run to run.
        .id_generator(|_: &[Link], _: &Option<Text>, _: Option<&str>| String::new())
        .build();
    // Feeds are hostile input and the crate is large: a panic in it costs this feed only.
    match catch_unwind(AssertUnwindSafe(|| parser.parse(text.as_bytes()))) {
        Ok(Ok(feed)) => {
            let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(Parsed { feed, times: std::mem::take(&mut times) })
        }
        Ok(Err(error)) => {
            // "unable to parse XML: Parser error: syntax error: …"
            let said = error.to_string();
            let said = said.trim_start_matches("unable to parse XML: ");
            Err(brief(said.trim_start_matches("Parser error: ")))
        }
        Err(_) => Err("it cannot be taken apart".to_owned()),
    }
}

/// Milliseconds since 1970; of a day those of its beginning in Greenwich.
fn millis_of(published: Published) -> Option<i64> {
    match published {
        Published::Instant(at, _) => Some(at.as_millisecond()),
        Published::Day(day) => Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond()),
    }
}

/// The report in an entry, if it has text.
fn draft_of(entry: &model::Entry, feed: &Feed, times: &Times) -> Option<ReportDraft> {
    let content = entry.content.as_ref().and_then(|content| {
        let body = content.body.as_deref()?;
        paragraphs(body, content.content_type.as_str())
    });
    let summary = || entry.summary.as_ref().and_then(paragraphs_of);
    let summary_only = content.is_none();
    let text = content.or_else(summary)?;
    let mut draft = ReportDraft {
        given_id: Some(entry.id.clone()),
        outlet: feed.title.as_ref().and_then(line_of),
        url: address(&entry.links),
        title: entry.title.as_ref().and_then(line_of),
        byline: names(if entry.authors.is_empty() { &feed.authors } else { &entry.authors }),
        published: published_of(entry, times),
        language: entry.language.clone().or_else(|| feed.language.clone()),
        text,
        ..ReportDraft::default()
    };
    if summary_only {
        draft.extra.insert(SUMMARY_ONLY.to_owned(), Value::Bool(true));
    }
    Some(draft)
}

fn published_of(entry: &model::Entry, times: &Times) -> Option<Published> {
    time_of(entry.published.or(entry.updated), times)
}

fn time_of(time: Option<DateTime<Utc>>, times: &Times) -> Option<Published> {
    times.get(&time?.timestamp_millis()).copied()
}

/// When something was changed after it was published; `None` if that is not said. `feed-rs` gives the time of publication for the
/// other where a feed has that alone.
pub(crate) fn changed(published: Option<Published>, updated: Option<Published>) -> Option<Timestamp> {
    let (published, updated) = (published.and_then(millis_of), updated.and_then(millis_of)?);
    let is_later = published.is_none_or(|published| updated > published);
    Timestamp::from_millisecond(updated).ok().filter(|_| is_later)
}

/// Paragraphs of a text of some media type, divided by a blank line; `None` if it is blank.
fn paragraphs(text: &str, media_type: &str) -> Option<String> {
    // Feeds hold markup where they say plain text, too.
    let text = if media_type.contains("html") || media_type.contains("xml") || text.contains("</") {
        blocks_of(text).join("\n\n")
    } else {
        text.trim().to_owned()
    };
    (!text.is_empty()).then_some(text)
}

fn paragraphs_of(text: &Text) -> Option<String> {
    paragraphs(&text.content, text.content_type.as_str())
}

/// A title: one line without markup.
fn line_of(text: &Text) -> Option<String> {
    let line = paragraphs_of(text)?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// The address of the article: the first link that is one for readers.
fn address(links: &[Link]) -> Option<String> {
    let is_page = |link: &&Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    links.iter().find(is_page).or(links.first()).map(|link| link.href.clone())
}

fn names(persons: &[Person]) -> Option<String> {
    let names: Vec<&str> =
        persons.iter().filter_map(|person| person.name.as_deref()).map(str::trim).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
