//! Who and what is named, across stories.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};
use serde::Deserialize;
use stemma_store::{NameLine, NameQuery, Quotation, ReportLine};

use super::frame::{Frame, Place};
use super::{Page, counted, headline, manner, when};
use crate::desk::Desk;
use crate::naming::{KINDS, LATEST, MOST_SKIPPED, Named, named};

/// Names on one page.
const NAMES: usize = 120;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    kind: String,
    skip: usize,
}

impl Asked {
    fn address(&self, kind: &str, skip: usize) -> String {
        let parts = [("q", self.q.clone()), ("kind", kind.to_owned()), ("skip", skip.to_string())];
        let parts: Vec<_> =
            parts.into_iter().filter(|(_, value)| !value.is_empty() && value != "0").collect();
        let query = serde_urlencoded::to_string(parts).unwrap_or_default();
        if query.is_empty() { "/entities".to_owned() } else { format!("/entities?{query}") }
    }
}

/// Where a name has its page.
pub(super) fn address_of(name: &str) -> String {
    // As it stands in a query, but that a blank in a path is no plus.
    let query = serde_urlencoded::to_string([("", name)]).unwrap_or_default();
    format!("/entities/{}", query.trim_start_matches('=').replace('+', "%20"))
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, Query(asked): Query<Asked>) -> Page {
    let query = asked.clone();
    let skip = asked.skip.min(MOST_SKIPPED);
    let names = desk
        .with_store(move |_, store| {
            let given = |text| Some(str::trim(text)).filter(|text| !text.is_empty());
            let (words, kind) = (given(&query.q), given(&query.kind));
            Ok(store.names(&NameQuery { words, kind, n_latest: LATEST, skip, limit: NAMES + 1 })?)
        })
        .await?;
    let body = html! {
        header {
            h1 { "Names" }
            form.ask action="/entities" method="get" {
                label { "Name " input type="search" name="q" value=(asked.q) maxlength="100"; }
                @if !asked.kind.is_empty() { input type="hidden" name="kind" value=(asked.kind); }
                button { "Find" }
            }
            nav.choices aria-label="Kinds" {
                ul {
                    li { a href=(asked.address("", 0)) aria-current=[asked.kind.is_empty().then_some("true")] { "All" } }
                    @for kind in KINDS {
                        li {
                            a href=(asked.address(kind, 0)) aria-current=[(asked.kind == kind).then_some("true")] { (plural(kind)) }
                        }
                    }
                }
            }
        }
        main #main {
            section aria-label="Names" {
                p.faint { "Who and what the latest reports name, up to " (LATEST) " of them; first what most reports name." }
                @if names.is_empty() { p { "No name found." } }
                ul.speakers { @for name in names.iter().take(NAMES) { li { (entry(name)) } } }
                nav.pages aria-label="Pages" {
                    @if skip > 0 {
                        a rel="prev" href=(asked.address(&asked.kind, skip.saturating_sub(NAMES))) { "Back in the list" }
                    }
                    @if names.len() > NAMES {
                        a rel="next" href=(asked.address(&asked.kind, skip + NAMES)) { "Further in the list" }
                    }
                }
            }
        }
    };
    Ok(Html(Frame::new("Names", Place::Entities).page(&body)))
}

/// "Persons": what names of a kind are headed by.
fn plural(kind: &str) -> &str {
    match kind {
        "person" => "Persons",
        "organization" => "Organizations",
        "place" => "Places",
        "facility" => "Facilities",
        "group" => "Groups",
        "product" => "Products",
        "event" => "Events",
        other => other,
    }
}

fn entry(line: &NameLine) -> Markup {
    html! {
        a href=(address_of(&line.name)) { bdi { (line.name) } } " "
        span.faint { (line.kind) ", " (counted(count(line.n_reports), "report")) }
    }
}

fn count(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// One name.
pub(super) async fn one(State(desk): State<Arc<Desk>>, Path(name): Path<String>) -> Page {
    let Named { kinds, stories, reports, said_by, said_about } = named(&desk, name).await?;
    let title = kinds.first().map_or("", |line| line.name.as_str());
    let told: Vec<String> = kinds
        .iter()
        .map(|line| format!("{} in {}", line.kind, counted(count(line.n_reports), "report")))
        .collect();
    let body = html! {
        header {
            h1 dir="auto" { (title) }
            p.faint { (told.join(", ")) }
        }
        main #main {
            section aria-labelledby="by-title" {
                h2 #by-title { "Said by them " span.count { (said_by.len()) } }
                @if said_by.is_empty() { p { "No report quotes them." } }
                @for quotation in &said_by { (said(quotation)) }
            }
            section aria-labelledby="about-title" {
                h2 #about-title { "Said about them " span.count { (said_about.len()) } }
                @if said_about.is_empty() { p { "Nobody is quoted with their name." } }
                @for quotation in &said_about { (said(quotation)) }
            }
            section aria-labelledby="stories-title" {
                h2 #stories-title { "Stories " span.count { (stories.len()) } }
                ul.plain {
                    @for story in &stories {
                        li {
                            a href={ "/stories/" (story.id) } { bdi { (story.label) } } " "
                            span.faint { (counted(count(story.n_reports), "report")) }
                        }
                    }
                }
            }
            section aria-labelledby="reports-title" {
                h2 #reports-title { "Reports that came last" }
                ul.plain { @for report in &reports { li { (line(report)) } } }
            }
        }
    };
    Ok(Html(Frame::new(title, Place::Entities).page(&body)))
}

fn line(report: &ReportLine) -> Markup {
    html! {
        a href={ "/reports/" (report.id) } { bdi { (headline(report)) } } " "
        span.faint {
            (report.outlet.as_deref().unwrap_or("Outlet unknown"))
            @if let Some(published) = report.published { ", " (when(published)) }
        }
    }
}

fn said(quotation: &Quotation) -> Markup {
    let report = &quotation.report;
    html! {
        div.item {
            p { strong { (quotation.speaker.as_deref().unwrap_or("Not named")) } " " span.faint { (manner(&quotation.form)) } }
            blockquote dir="auto" { (quotation.text) }
            p.source {
                (line(report))
                @if let Some(story) = report.story { " · " a href={ "/stories/" (story) } { "its story" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_part_of_a_path() {
        assert_eq!(address_of("Ana Ruiz"), "/entities/Ana%20Ruiz");
        assert_eq!(address_of("A/B+C?d#e%"), "/entities/A%2FB%2BC%3Fd%23e%25");
        assert_eq!(address_of("=x"), "/entities/%3Dx");
    }
}
