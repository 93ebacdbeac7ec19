//! Search in reports and quotations.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Html;
use maud::{Markup, html};
use serde::Deserialize;
use stemma_store::search::{Hit, MAX_CANDIDATES, MAX_WEIGHED, Piece};

use super::frame::{Frame, Place};
use super::{Page, counted};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::searching::{Found, MOST_SKIPPED, SearchAsked, Sort, find};

/// Hits on one page.
const HITS: usize = 20;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    quotations: bool,
    speaker: String,
    entity: String,
    place: String,
    outlet: String,
    since: String,
    until: String,
    story: String,
    sort: Sort,
    skip: usize,
}

impl Asked {
    fn wanted(&self) -> SearchAsked {
        let Self { q, quotations, speaker, entity, place, outlet, since, until, story, sort, .. } =
            self.clone();
        SearchAsked { q, quotations, speaker, entity, place, outlet, since, until, story, sort }
    }
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, Query(asked): Query<Asked>) -> Page {
    let wanted = asked.wanted();
    let skip = asked.skip.min(MOST_SKIPPED);
    let found = if wanted.is_empty() {
        None
    } else {
        // What cannot be meant is told beside the form, which keeps it.
        Some(match wanted.search(skip, HITS) {
            Ok(search) => Ok(find(&desk, search).await?),
            Err(problem) => Err(problem),
        })
    };
    let body = html! {
        header {
            h1 { "Search" }
            (form(&wanted))
        }
        main #main {
            @match &found {
                None => (help()),
                Some(Err(problem)) => (told(problem)),
                Some(Ok(found)) => (hits(found, &wanted, skip)),
            }
        }
    };
    let title = if wanted.q.trim().is_empty() { "Search" } else { &wanted.q };
    Ok(Html(Frame::new(title, Place::Search).page(&body)))
}

fn form(asked: &SearchAsked) -> Markup {
    let fields = [
        ("Who is quoted", "speaker", &asked.speaker),
        ("Who or what is named", "entity", &asked.entity),
        ("Place", "place", &asked.place),
        ("Outlet", "outlet", &asked.outlet),
    ];
    let narrowed = fields.iter().any(|(.., value)| !value.is_empty())
        || asked.quotations
        || asked.sort != Sort::Best
        || [&asked.since, &asked.until, &asked.story].into_iter().any(|text| !text.is_empty());
    html! {
        form.search action="/search" method="get" role="search" aria-label="Reports and quotations" {
            p.ask {
                label { "Words " input type="search" name="q" value=(asked.q) maxlength="2000" size="40"; }
                button { "Search" }
            }
            details open[narrowed] {
                summary { "Narrow it down" }
                div.ask {
                    @for (title, name, value) in fields {
                        label { (title) " " input name=(name) value=(value) maxlength="200"; }
                    }
                    label { "From " input type="date" name="since" value=(asked.since); }
                    label { "To " input type="date" name="until" value=(asked.until); }
                    label { "Story " input name="story" value=(asked.story) maxlength="16" placeholder="its id"; }
                    label {
                        "In " select name="quotations" {
                            option value="false" { "reports" }
                            option value="true" selected[asked.quotations] { "quotations" }
                        }
                    }
                    label {
                        "First " select name="sort" {
                            option value="best" { "the best" }
                            option value="newest" selected[asked.sort == Sort::Newest] { "the newest" }
                        }
                    }
                }
            }
        }
    }
}

fn told(problem: &Problem) -> Markup {
    html! { section { p role="alert" { (problem.detail) "." } (help()) } }
}

fn help() -> Markup {
    let ways = [
        ("rare earth", "both words, in any form"),
        ("“rare earth”", "one after the other"),
        ("tariff*", "words that start so"),
        ("bread OR butter", "either"),
        ("bread NOT butter", "the first without the second"),
    ];
    html! {
        section aria-labelledby="how-title" {
            h2 #how-title { "How words are written" }
            dl.plain { @for (way, what) in ways { dt { code { (way) } } dd { (what) } } }
        }
    }
}

fn hits(found: &Found, asked: &SearchAsked, skip: usize) -> Markup {
    let Found { hits, n_unsearched } = found;
    let n_shown = skip + hits.hits.len();
    html! {
        section aria-label="What was found" {
            p.faint role="status" { (summary(found, asked)) }
            @for start in &hits.broad {
                p.faint { "Many words start with “" (start) "”: the most frequent were searched for." }
            }
            @if hits.newest_weighed {
                p.faint { "Many match: the newest " (MAX_WEIGHED) " were weighed against each other." }
            }
            @if *n_unsearched > 0 {
                p.faint { (n_unsearched) " reports are being brought into the index and were not searched yet." }
            }
            ol.stories start=(skip + 1) { @for hit in &hits.hits { li { (item(hit)) } } }
            nav.pages aria-label="Pages" {
                @if skip > 0 { a rel="prev" href=(address(asked, skip.saturating_sub(HITS))) { "Back in the list" } }
                @if n_shown < hits.n_hits && !hits.hits.is_empty() {
                    a rel="next" href=(address(asked, n_shown)) { "Further in the list" }
                }
            }
        }
    }
}

fn summary(found: &Found, asked: &SearchAsked) -> String {
    let what = if asked.quotations { "quotation" } else { "report" };
    match (found.hits.more_match, found.hits.n_matches) {
        (_, 0) => "Nothing was found.".to_owned(),
        (true, _) => format!("More than {MAX_CANDIDATES} {what}s match"),
        (_, 1) => format!("1 {what} matches"),
        (_, n) => format!("{} match", counted(n, what)),
    }
}

fn address(asked: &SearchAsked, skip: usize) -> String {
    let query = serde_urlencoded::to_string(asked).unwrap_or_default();
    format!("/search?{query}&skip={skip}")
}

fn item(hit: &Hit) -> Markup {
    let file = hit.place.rsplit(['/', '\\']).next().unwrap_or(&hit.place);
    html! {
        article.found {
            h2 dir="auto" { a href={ "/reports/" (hit.report) } { (hit.title.as_deref().unwrap_or(file)) } }
            p.facts {
                (hit.outlet.as_deref().unwrap_or("outlet not named"))
                @if let Some(published) = &hit.published { " · " (day_of(published)) }
                @match hit.alike.len() {
                    0 => {}
                    1 => { " · and 1 more that is nearly the same" }
                    n => { " · and " (n) " more that are nearly the same" }
                }
            }
            @if let Some(quotation) = &hit.quotation {
                @let who = quotation.speaker.as_deref().or(quotation.source.as_deref());
                p { strong { (who.unwrap_or("Not named")) } " " span.faint { (quotation.form) } }
                blockquote dir="auto" { (pieces(&hit.snippet)) }
            } @else {
                p dir="auto" { (pieces(&hit.snippet)) }
            }
        }
    }
}

/// The day of a time as the store gives it: "2026-02-02T21:14:00+00:00".
fn day_of(published: &str) -> &str {
    published.split_once('T').map_or(published, |(day, _)| day)
}

fn pieces(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces { @if piece.found { mark { (piece.text) } } @else { (piece.text) } }
    }
}
