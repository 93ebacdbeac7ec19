//! A report: its text with what was found in it, its versions, and the bytes that it was read from.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, PreEscaped, html};
use stemma::render::{self, ChangesView, clean};
use stemma_core::{Attribution, Document, MentionForm, ReportId, SegmentKind, Span};
use stemma_store::{ReportLine, SqliteStore, Store};

use super::frame::{Frame, Place};
use super::{Oops, Page, headline, manner, when};
use crate::assets::STORY;
use crate::desk::Desk;
use crate::problem::Problem;

/// A report and what stands around it.
struct Found {
    document: Document,
    line: ReportLine,
    has_bytes: bool,
    /// Reports of its address, the oldest first.
    versions: Vec<ReportLine>,
    /// The version before it, by its place among these, and what changed since.
    before: Option<(usize, ChangesView)>,
}

fn look_up(desk: &Desk, store: &mut SqliteStore, id: ReportId) -> Result<Option<Found>, Problem> {
    let Some((document, line)) = desk.document(store, id)?.zip(store.report_line(id)?) else {
        return Ok(None);
    };
    let has_bytes = store.report(id)?.is_some_and(|stored| stored.content.is_some());
    let versions = store.versions_of(id)?;
    let at = versions.iter().position(|version| version.id == id).unwrap_or(0);
    let before = match at.checked_sub(1) {
        Some(at) => desk.document(store, versions[at].id)?.map(|old| (at, render::changes(&old, &document))),
        None => None,
    };
    Ok(Some(Found { document, line, has_bytes, versions, before }))
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Page {
    let report = parse(&id)?;
    let found = desk.with_store(move |desk, store| look_up(desk, store, report)).await?;
    let Found { document, line, has_bytes, versions, before } = found.ok_or_else(|| not_there(&id))?;
    let kept = document.report();
    let title = headline(&line);
    let body = html! {
        header {
            p.kicker { bdi { (kept.outlet().map_or_else(|| "Outlet unknown".to_owned(), clean)) } }
            h1 dir="auto" { (title) }
            p.faint {
                @if let Some(published) = kept.published() { (when(published)) " · " }
                @if let Some(byline) = kept.byline() { bdi { (clean(byline)) } " · " }
                "read from " bdi { (clean(&kept.origin().to_string())) }
            }
            p.tools {
                @if let Some(story) = line.story {
                    a href={ "/stories/" (story) } { "Its story" }
                    a href={ "/stories/" (story) "/reader?reports=" (report) } { "Beside the others" }
                }
                @if let Some(url) = kept.url().filter(|url| is_web(url)) {
                    a href=(url) rel="noreferrer" { "At the outlet" }
                }
                @if has_bytes { a href={ "/reports/" (report) "/original" } { "Original bytes" } }
                a href={ "/api/v1/reports/" (report) } { "JSON" }
            }
        }
        main #main.view-report {
            section aria-labelledby="text-title" {
                h2 #text-title { "Text" }
                (layers(&document))
                article.whole lang=(kept.language().unwrap_or_default()) { (paragraphs(&document)) }
                (cite(&document))
            }
            div.beside {
                (of_address(&versions, report, before))
                (said(&document))
            }
        }
    };
    Ok(Html(Frame::new(&title, Place::None).script(&STORY).page(&body)))
}

/// What is marked in the text, each to be switched off; the style sheet does it.
fn layers(document: &Document) -> Markup {
    let layers = document.layers();
    let named = layers.mentions.items().iter().filter(|mention| mention.form == MentionForm::Named);
    let small = layers.segments.items().iter().filter(|segment| is_aside(segment.kind));
    let switches = [
        ("said", "Quotations", layers.attributions.items().len()),
        ("names", "Names", named.count()),
        ("times", "Times", layers.times.items().len()),
        ("figures", "Figures", layers.figures.items().len()),
        ("asides", "Captions, credits, other parts of the page", small.count()),
    ];
    html! {
        fieldset.layers {
            legend.unseen { "Layers" }
            @for (name, title, n) in switches {
                @if n > 0 {
                    label {
                        input type="checkbox" id={ "layer-" (name) } checked; " "
                        span class={ "sample " (name) } { (title) } " " span.count { (n) }
                    }
                }
            }
        }
    }
}

fn is_aside(kind: SegmentKind) -> bool {
    !matches!(kind, SegmentKind::Body | SegmentKind::Title)
}

/// How the report is cited.
fn cite(document: &Document) -> Markup {
    let report = document.report();
    let parts = [
        report.outlet().map(clean),
        report.title().map(|title| format!("“{}”", clean(title))),
        document.published().map(|at| at.date().to_string()),
        report.url().map(clean),
        Some(format!("report {}", report.id())),
    ];
    html! {
        details.cite {
            summary { "Cite" }
            blockquote.citation tabindex="0" { (parts.into_iter().flatten().collect::<Vec<_>>().join(", ")) }
        }
    }
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
    Figure,
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
    marks.extend(layers.figures.items().iter().map(|figure| (figure.span, Kind::Figure)));
    marks.sort_unstable();
    html! {
        @for segment in layers.segments.items() {
            p.aside[is_aside(segment.kind)] .title[segment.kind == SegmentKind::Title] dir="auto" {
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
    let Some((kind, within)) = kinds.split_first() else { return html! { (clean(text)) } };
    match kind {
        Kind::Said => html! { mark.said { (piece(text, within)) } },
        Kind::Name => html! { span.name { (piece(text, within)) } },
        Kind::Time => html! { span.time { (piece(text, within)) } },
        Kind::Figure => html! { span.figure { (piece(text, within)) } },
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
                        dt { bdi { (clean(&source(document, attribution))) } }
                        dd dir="auto" { (clean(&document.slices(&attribution.content))) " " span.faint { (manner(attribution.form.as_str())) } }
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

fn of_address(versions: &[ReportLine], this: ReportId, before: Option<(usize, ChangesView)>) -> Markup {
    html! {
        @if versions.len() > 1 {
            section aria-labelledby="versions-title" {
                h2 #versions-title { "Versions " span.count { (versions.len()) } }
                ol.versions {
                    @for version in versions {
                        li {
                            a href={ "/reports/" (version.id) } aria-current=[(version.id == this).then_some("page")] {
                                bdi { (headline(version)) }
                            }
                            @if let Some(published) = version.published { " " span.faint { (when(published)) } }
                            @if version.id == this { " " span.faint { "this one" } }
                        }
                    }
                }
                @match before {
                    Some((at, changes)) => {
                        h3 { "What changed from version " (at + 1) " to this one" }
                        @if changes.n_matter + changes.n_wording == 0 {
                            p { "Nothing but white space and punctuation." }
                        } @else if changes.n_matter == 0 {
                            p { "No change that matters." }
                        }
                        (PreEscaped(&changes.markup))
                    },
                    None => p.faint { "This is the first version that is kept. A later one shows what it changed." },
                }
            }
        }
    }
}
