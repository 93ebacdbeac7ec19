//! A report: its text with what was found in it, its versions, and the bytes that it was read from.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use stemma_core::{Attribution, Document, MentionForm, ReportId, SegmentKind, Span};
use stemma_store::{ReportLine, Store};

use super::frame::{Frame, Place};
use super::{Oops, Page};
use crate::desk::Desk;
use crate::problem::Problem;

pub(super) async fn page(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Page {
    let report = parse(&id)?;
    let found = desk.with_store(move |desk, store| {
        let (document, line) = (desk.document(store, report)?, store.report_line(report)?);
        let has_bytes = store.report(report)?.is_some_and(|stored| stored.content.is_some());
        Ok((document.zip(line), store.versions_of(report)?, has_bytes))
    });
    let (found, versions, has_bytes) = found.await?;
    let (document, line) = found.ok_or_else(|| not_there(&id))?;
    let kept = document.report();
    let title = kept.title().unwrap_or("A report without a headline");
    let body = html! {
        header {
            p.kicker { (kept.outlet().unwrap_or("Outlet unknown")) }
            h1 dir="auto" { (title) }
            p.faint {
                @if let Some(published) = kept.published() { (published) " · " }
                @if let Some(byline) = kept.byline() { (byline) " · " }
                "read from " (kept.origin())
            }
            p.tools {
                @if let Some(story) = line.story { a href={ "/stories/" (story) } { "Its story" } }
                @if let Some(url) = kept.url().filter(|url| is_web(url)) {
                    a href=(url) rel="noreferrer" { "At the outlet" }
                }
                @if has_bytes { a href={ "/reports/" (report) "/original" } { "Original bytes" } }
                a href={ "/api/v1/reports/" (report) } { "JSON" }
            }
        }
        main #main {
            section aria-labelledby="text-title" {
                h2 #text-title { "Text" }
                p.legend {
                    mark.said { "Said by somebody" } ", " span.name { "a name" } ", " span.time { "a time" }
                    "; small print: captions, credits, furniture."
                }
                article.whole lang=(kept.language().unwrap_or_default()) { (paragraphs(&document)) }
            }
            (said(&document))
            (of_address(&versions, report))
        }
    };
    Ok(Html(Frame::new(title, Place::None).page(&body)))
}

/// The bytes that the report was read from: to be kept, never to be shown or run.
pub(super) async fn original(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let report = parse(&id)?;
    let found = desk.with_store(move |_, store| {
        let hash = store.report(report)?.and_then(|stored| stored.content);
        Ok(hash.map(|hash| store.content(hash)).transpose()?.flatten())
    });
    let not_kept = || Problem::not_found("the bytes of this report are not kept");
    let content = found.await?.ok_or_else(not_kept)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{report}\"")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((headers, content.bytes.to_vec()).into_response())
}

fn parse(id: &str) -> Result<ReportId, Problem> {
    id.parse().map_err(|_| not_there(id))
}

fn not_there(id: &str) -> Problem {
    Problem::not_found(format!("there is no report {id:?}"))
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// What a stretch of text is; the first lies outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    Said,
    Name,
    Time,
}

/// The text in its paragraphs.
fn paragraphs(document: &Document) -> Markup {
    let layers = document.layers();
    let mut marks: Vec<(Span, Kind)> = Vec::new();
    for attribution in layers.attributions.items() {
        marks.extend(attribution.content.iter().map(|&span| (span, Kind::Said)));
    }
    let names = layers.mentions.items().iter().filter(|mention| mention.form == MentionForm::Named);
    marks.extend(names.map(|mention| (mention.span, Kind::Name)));
    marks.extend(layers.times.items().iter().map(|time| (time.span, Kind::Time)));
    marks.sort_unstable();
    html! {
        @for segment in layers.segments.items() {
            p.aside[segment.kind != SegmentKind::Body] dir="auto" {
                @for (span, kinds) in pieces(segment.span, &marks) { (piece(document.slice(span), &kinds)) }
            }
        }
    }
}

/// `whole`, cut wherever a mark begins or ends; each piece with the kinds that it is.
fn pieces(whole: Span, marks: &[(Span, Kind)]) -> Vec<(Span, Vec<Kind>)> {
    let mut changes: BTreeMap<usize, Vec<(Kind, i32)>> = BTreeMap::new();
    for (span, kind) in marks.iter().filter(|(span, _)| span.overlap(whole) > 0) {
        changes.entry(span.start().max(whole.start())).or_default().push((*kind, 1));
        changes.entry(span.end().min(whole.end())).or_default().push((*kind, -1));
    }
    changes.entry(whole.end()).or_default();
    let mut open: BTreeMap<Kind, i32> = BTreeMap::new();
    let mut pieces = Vec::new();
    let mut at = whole.start();
    for (place, kinds) in changes {
        if place > at {
            let here = open.iter().filter(|(_, n)| **n > 0).map(|(kind, _)| *kind).collect();
            pieces.push((Span::new(at, place), here));
            at = place;
        }
        for (kind, change) in kinds {
            *open.entry(kind).or_default() += change;
        }
    }
    pieces
}

fn piece(text: &str, kinds: &[Kind]) -> Markup {
    let Some((kind, within)) = kinds.split_first() else { return html! { (text) } };
    match kind {
        Kind::Said => html! { mark.said { (piece(text, within)) } },
        Kind::Name => html! { span.name { (piece(text, within)) } },
        Kind::Time => html! { span.time { (piece(text, within)) } },
    }
}

/// Who says what in the report.
fn said(document: &Document) -> Markup {
    let attributions = document.layers().attributions.items();
    html! {
        @if !attributions.is_empty() {
            section aria-labelledby="said-title" {
                h2 #said-title { "Who says what " span.count { (attributions.len()) } }
                dl {
                    @for attribution in attributions {
                        dt { (source(document, attribution)) }
                        dd { (document.slices(&attribution.content)) " " span.faint { (attribution.form.as_str()) } }
                    }
                }
            }
        }
    }
}

/// The fullest name of who says it, or the words that name the source.
fn source(document: &Document, attribution: &Attribution) -> String {
    let entity = attribution.source_entity.and_then(|entity| document.layers().entities.get(entity));
    match entity {
        Some(entity) => entity.name.clone(),
        None if attribution.source.is_empty() => "Not named".to_owned(),
        None => document.slices(&attribution.source),
    }
}

fn of_address(versions: &[ReportLine], this: ReportId) -> Markup {
    html! {
        @if versions.len() > 1 {
            section aria-labelledby="versions-title" {
                h2 #versions-title { "Versions " span.count { (versions.len()) } }
                ol {
                    @for version in versions {
                        li {
                            a href={ "/reports/" (version.id) } aria-current=[(version.id == this).then_some("page")] {
                                (version.title.as_deref().unwrap_or("Without a headline"))
                            }
                            @if let Some(published) = version.published { " " span.faint { (published) } }
                        }
                    }
                }
            }
        }
    }
}
