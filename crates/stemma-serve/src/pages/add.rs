//! Adding reports: by paste, by file, by address, and the example stories.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stemma::ReportDraft;

use super::forms::{Csrf, Sent};
use super::frame::{Frame, Place, csrf_field};
use super::{Oops, Page};
use crate::api::adding::{fetching, published};
use crate::desk::Desk;
use crate::examples::EXAMPLES;
use crate::problem::Problem;
use crate::work::{Task, Upload};

/// Most bytes that are pasted.
const LONGEST_PASTE: usize = 4 * 1024 * 1024;

pub(super) async fn page(csrf: Csrf) -> Page {
    let body = html! {
        header {
            h1 { "Add reports" }
            p { "What is added is kept, annotated and put into stories. The same report twice is one report." }
            p.tools {
                a href="/jobs" { "Work in the background" }
                a href="/corrections" { "Corrections" }
                a href="/api" { "The API" }
            }
        }
        main #main.view-add { (forms(&csrf)) (examples_form(&csrf)) }
    };
    Ok(Html(Frame::new("Add reports", Place::Add).page(&body)))
}

/// The ways to add reports of one's own, also for the front page of an empty store.
pub(super) fn forms(csrf: &Csrf) -> Markup {
    html! {
        section aria-labelledby="address-title" {
            h2 #address-title { "From an address" }
            form.ask action="/add/address" method="post" {
                (csrf_field(csrf))
                label {
                    "Addresses of pages, feeds or sitemaps, one a line "
                    textarea name="addresses" rows="3" cols="60" required placeholder="https://" {}
                }
                button { "Fetch" }
            }
            p.faint { "What robots.txt forbids is not fetched, nor what stands on this machine or in its network." }
        }
        section aria-labelledby="files-title" {
            h2 #files-title { "From files" }
            form.ask action="/add/files" method="post" enctype="multipart/form-data" {
                (csrf_field(csrf))
                label { "Files " input type="file" name="files" multiple required; }
                button { "Add" }
            }
            p.faint {
                "Text, Markdown, web pages, JSON, JSON lines, tables, mails, web archives, NewsML; also packed. 64 MiB at a time."
            }
        }
        section aria-labelledby="text-title" {
            h2 #text-title { "By pasting" }
            form.ask action="/add/text" method="post" {
                (csrf_field(csrf))
                label { "Text " textarea name="text" rows="8" cols="70" required maxlength=(LONGEST_PASTE) {} }
                label { "Headline " input name="title" maxlength="1000"; }
                label { "Outlet " input name="outlet" maxlength="300"; }
                label { "Published " input name="published" maxlength="40" placeholder="2026-03-01"; }
                label { "Address " input type="url" name="url" maxlength="2000"; }
                button { "Add" }
            }
        }
    }
}

/// The example stories, for those who have no reports yet.
pub(super) fn examples_form(csrf: &Csrf) -> Markup {
    html! {
        section aria-labelledby="examples-title" {
            h2 #examples-title { "The examples" }
            form.ask action="/add/examples" method="post" {
                (csrf_field(csrf))
                button { "Add the example stories" }
            }
            p.faint { (EXAMPLES.len()) " made-up files of several outlets: what one sees without reports of one's own." }
        }
    }
}

/// Begins a piece of work and shows how far it is.
fn begun(desk: &Arc<Desk>, task: Task) -> Result<Response, Oops> {
    let job = desk.begin(task)?;
    Ok(Redirect::to(&format!("/jobs/{}", job.id())).into_response())
}

pub(super) async fn address(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Response, Oops> {
    let lines = sent.get("addresses").lines().map(str::trim).filter(|line| !line.is_empty());
    let addresses: Vec<String> = lines.map(str::to_owned).collect();
    let task = fetching(&desk, &addresses, desk.settings().harvest.pages)?;
    begun(&desk, task)
}

pub(super) async fn files(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Response, Oops> {
    let uploads: Vec<Upload> = sent
        .files
        .into_iter()
        .map(|(name, bytes)| Upload { name, bytes, known: ReportDraft::default() })
        .collect();
    if uploads.is_empty() {
        return Err(Problem::nothing_to_do("no file was chosen").into());
    }
    begun(&desk, Task::Add { kind: "add", uploads })
}

pub(super) async fn text(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Response, Oops> {
    let text = sent.get("text");
    if text.is_empty() {
        return Err(Problem::nothing_to_do("nothing was pasted").into());
    }
    if text.len() > LONGEST_PASTE {
        return Err(
            Problem::too_large(format!("{} bytes were pasted; send more as a file", text.len())).into()
        );
    }
    let given = |name| sent.given(name).map(str::to_owned);
    let known = ReportDraft {
        title: given("title"),
        outlet: given("outlet"),
        url: given("url"),
        published: sent.given("published").map(published).transpose()?,
        ..ReportDraft::default()
    };
    // Without an ending the text itself says whether it is a page, JSON, or plain.
    let upload = Upload { name: "pasted".to_owned(), bytes: Bytes::copy_from_slice(text.as_bytes()), known };
    begun(&desk, Task::Add { kind: "add", uploads: vec![upload] })
}

pub(super) async fn examples(State(desk): State<Arc<Desk>>, _: Sent) -> Result<Response, Oops> {
    let upload = |&(name, text): &(&str, &'static str)| Upload {
        name: name.to_owned(),
        bytes: Bytes::from_static(text.as_bytes()),
        known: ReportDraft::default(),
    };
    begun(&desk, Task::Add { kind: "examples", uploads: EXAMPLES.iter().map(upload).collect() })
}
