//! The watch list: feeds that are asked for what is new.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::forms::{Csrf, Sent};
use super::frame::{Frame, Place, csrf_field};
use super::{Oops, Page, counted, minute};
use crate::desk::Desk;
use crate::feeds::{self, FeedLine, NewFeed};
use crate::problem::Problem;
use crate::work::Task;

pub(super) async fn page(State(desk): State<Arc<Desk>>, csrf: Csrf) -> Page {
    let list = feeds::list(&desk).await?;
    let watched = desk.settings().watch;
    let body = html! {
        header {
            h1 { "Watch list" }
            p.faint {
                @if !list.is_empty() { (counted(list.len(), "feed")) ". " }
                @if watched { "Feeds are asked by themselves, each when it is due." }
                @else { "Feeds are asked when you say so, by " code { "stemma watch" } ", or by a server that was started with " code { "--watch" } "." }
            }
        }
        main #main {
            section aria-labelledby="feeds-title" {
                h2 #feeds-title { "Feeds" }
                @if list.is_empty() { p { "No feed is watched yet. Put the first ones on the list below." } }
                @else { (table(&list, &csrf)) }
                p.ask {
                    @if !list.is_empty() {
                        form action="/watch/ask" method="post" { (csrf_field(&csrf)) button { "Ask all now" } }
                        a href="/watch.opml" download { "The list as OPML" }
                    }
                }
            }
            section aria-labelledby="add-title" {
                h2 #add-title { "Put feeds on the list" }
                (add_form(&csrf))
                form.ask action="/watch/import" method="post" enctype="multipart/form-data" {
                    (csrf_field(&csrf))
                    label { "The list of a feed reader (OPML) " input type="file" name="files" required; }
                    button { "Import" }
                }
            }
        }
    };
    Ok(Html(Frame::new("Watch list", Place::Watch).page(&body)))
}

/// Puts feeds on the list, also on the front page of an empty store.
pub(super) fn add_form(csrf: &Csrf) -> Markup {
    html! {
        form.ask action="/watch/add" method="post" {
            (csrf_field(csrf))
            label {
                "Addresses of RSS, Atom, JSON Feed or news sitemaps, one a line "
                textarea name="urls" rows="3" cols="60" required placeholder="https://" {}
            }
            label { "Folder " input name="folder" maxlength="500"; }
            button { "Add" }
        }
    }
}

fn table(list: &[FeedLine], csrf: &Csrf) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby="feeds-title" {
            table {
                thead { tr { th scope="col" { "Feed" } th scope="col" { "How it went" } th scope="col" { "Due" } td {} } }
                tbody {
                    @for feed in list {
                        tr {
                            th scope="row" {
                                bdi { (feed.title.as_deref().unwrap_or(&feed.url)) }
                                @if let Some(folder) = &feed.folder { " " span.faint { (folder) } }
                                @if feed.title.is_some() { br; span.faint { (feed.url) } }
                            }
                            td { (how(feed)) }
                            td { @match &feed.next_at { Some(at) => (minute(at)), None if feed.gone => "not any more", None => "now" } }
                            td {
                                form action="/watch/remove" method="post" {
                                    (csrf_field(csrf))
                                    button name="url" value=(feed.url) aria-label={ "Remove " (feed.title.as_deref().unwrap_or(&feed.url)) } {
                                        "Remove"
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn how(feed: &FeedLine) -> Markup {
    html! {
        @match (&feed.asked_at, &feed.problem) {
            (None, _) => { "not asked yet" }
            (Some(at), None) => { "answered " (minute(at)) }
            (Some(at), Some(_)) if feed.gone => { "gone for good " (minute(at)) }
            (Some(at), Some(problem)) => {
                strong { "failed" } " " @if feed.failures > 1 { (feed.failures) " times, last " } (minute(at)) ": " bdi { (problem) }
            }
        }
        @if let Some(to) = &feed.moved_to { br; span.faint { "moved to " (to) } }
    }
}

fn back() -> Response {
    Redirect::to("/watch").into_response()
}

pub(super) async fn add(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Response, Oops> {
    let folder = sent.given("folder");
    let lines = sent.get("urls").lines().map(str::trim).filter(|line| !line.is_empty());
    let new: Vec<NewFeed> = lines
        .map(|url| NewFeed { url: url.to_owned(), title: None, folder: folder.map(str::to_owned) })
        .collect();
    if new.is_empty() {
        return Err(Problem::nothing_to_do("no address is given").into());
    }
    feeds::add(&desk, new).await?;
    Ok(back())
}

pub(super) async fn import(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Response, Oops> {
    let Some((_, bytes)) = sent.files.first() else {
        return Err(Problem::nothing_to_do("no file was chosen").into());
    };
    feeds::add_opml(&desk, bytes.to_vec()).await?;
    Ok(back())
}

pub(super) async fn remove(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Response, Oops> {
    feeds::remove(&desk, sent.get("url").to_owned()).await?;
    Ok(back())
}

pub(super) async fn ask(State(desk): State<Arc<Desk>>, _: Sent) -> Result<Response, Oops> {
    let job = desk.begin(Task::Poll)?;
    Ok(Redirect::to(&format!("/jobs/{}", job.id())).into_response())
}
