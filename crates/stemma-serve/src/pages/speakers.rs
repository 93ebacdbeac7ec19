//! Who said what, across all stories.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Html;
use maud::{Markup, html};
use serde::Deserialize;
use stemma::render::clean;
use stemma_store::{Quotation, QuotationQuery, SpeakerLine};

use super::frame::{Frame, Place};
use super::{Page, counted, headline, manner};
use crate::api::place;
use crate::desk::Desk;

/// Quotations on one page.
const QUOTATIONS: usize = 100;
/// Speakers that are offered, and the reports that were read last of which they are taken.
const SPEAKERS: usize = 60;
const LATEST: usize = 5_000;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    speaker: String,
    words: String,
    after: String,
}

impl Asked {
    fn is_empty(&self) -> bool {
        self.speaker.trim().is_empty() && self.words.trim().is_empty()
    }

    fn query(&self) -> QuotationQuery<'_> {
        let given = |text| Some(str::trim(text)).filter(|text| !text.is_empty());
        QuotationQuery {
            speaker: given(&self.speaker),
            words: given(&self.words),
            // A cursor that is none begins anew.
            after: place(&self.after).ok(),
            limit: QUOTATIONS,
        }
    }

    /// Where the quotations are that follow this one.
    fn after(&self, [report, n]: [u64; 2]) -> String {
        let parts = [("speaker", &self.speaker), ("words", &self.words), ("after", &format!("{report}.{n}"))];
        format!("/speakers?{}", serde_urlencoded::to_string(parts).unwrap_or_default())
    }
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, Query(asked): Query<Asked>) -> Page {
    let query = asked.clone();
    let (quotations, speakers) = desk
        .with_store(move |_, store| {
            Ok(match query.is_empty() {
                true => (Vec::new(), store.speakers(LATEST, SPEAKERS)?),
                false => (store.quotations(&query.query())?, Vec::new()),
            })
        })
        .await?;
    let body = html! {
        header {
            h1 { "Who said what" }
            form.ask action="/speakers" method="get" {
                label { "Speaker " input name="speaker" value=(asked.speaker) maxlength="100"; }
                label { "Words " input name="words" value=(asked.words) maxlength="100"; }
                button { "Find" }
            }
        }
        main #main {
            @if asked.is_empty() { (offered(&speakers)) } @else { (found(&quotations, &asked)) }
        }
    };
    Ok(Html(Frame::new("Who said what", Place::Speakers).page(&body)))
}

fn offered(speakers: &[SpeakerLine]) -> Markup {
    html! {
        section aria-labelledby="speakers-title" {
            h2 #speakers-title { "Most quoted of late" }
            @if speakers.is_empty() { p { "Nobody is quoted yet." } }
            ul.speakers {
                @for speaker in speakers {
                    @let query = serde_urlencoded::to_string([("speaker", &speaker.name)]).unwrap_or_default();
                    li {
                        a href={ "/speakers?" (query) } { bdi { (clean(&speaker.name)) } } " "
                        span.count { (counted(usize::try_from(speaker.n_reports).unwrap_or(usize::MAX), "report")) }
                    }
                }
            }
        }
    }
}

fn found(quotations: &[Quotation], asked: &Asked) -> Markup {
    html! {
        section aria-label="Quotations" {
            @if quotations.is_empty() { p { "No quotation found. A part of a name is enough: “Ruiz”." } }
            @for quotation in quotations { (item(quotation)) }
            @if let Some(last) = quotations.last().filter(|_| quotations.len() == QUOTATIONS) {
                nav.pages aria-label="Pages" { a rel="next" href=(asked.after(last.place)) { "Earlier ones" } }
            }
        }
    }
}

fn item(quotation: &Quotation) -> Markup {
    let report = &quotation.report;
    let told =
        |text: &Option<String>, without: &str| text.as_deref().map_or_else(|| without.to_owned(), clean);
    html! {
        div.item {
            p { strong { bdi { (told(&quotation.speaker, "Not named")) } } " " span.faint { (manner(&quotation.form)) } }
            blockquote dir="auto" { (clean(&quotation.text)) }
            p.source {
                bdi { (told(&report.outlet, "Outlet unknown")) }
                @if let Some(published) = report.published { ", " (published.date()) }
                " · " a href={ "/reports/" (report.id) } { bdi { (headline(report)) } }
                @if let Some(story) = report.story { " · " a href={ "/stories/" (story) "/quotations" } { "its story’s quotations" } }
            }
        }
    }
}
