//! Correcting stories, and what was corrected.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stemma::{Correction, ReportId, StoryId};
use stemma_store::{ReportLine, SqliteStore, Store, StoreError};

use super::forms::{Csrf, Sent};
use super::frame::{Frame, Place, csrf_field};
use super::{Oops, Page, clean, counted, headline, when};
use crate::correcting::{Wanted, correct};
use crate::desk::Desk;
use crate::front::{Front, Line};
use crate::problem::Problem;

/// Stories that are offered as others.
const OFFERED: usize = 50;
/// Headlines that are told of a correction.
const TOLD: usize = 3;

/// The reports of a story, and what can be said of them.
pub(super) async fn page(State(desk): State<Arc<Desk>>, Path(id): Path<String>, csrf: Csrf) -> Page {
    let not_there = || Problem::not_found(format!("there is no story {id:?}"));
    let parsed: StoryId = id.parse().map_err(|_| not_there())?;
    let found = desk
        .with_store(move |_, store| {
            let Some(story) = store.story(parsed)? else { return Ok(None) };
            let lines = lines(store, &story.reports)?;
            Ok(Some((story.label, lines)))
        })
        .await?;
    let (label, reports) = found.ok_or_else(not_there)?;
    let front = desk.front();
    let others: Vec<&Line> = nearest(&front, parsed, &label);
    let body = html! {
        header {
            p.kicker { a href={ "/stories/" (parsed) } { "Back to the story" } }
            h1 { "Correct: " bdi { (label) } }
            p.faint { "What is said here holds for good, also for reports that are yet to come; each can be taken back." }
        }
        main #main {
            form action={ "/stories/" (parsed) "/correct" } method="post" {
                (csrf_field(&csrf))
                section aria-labelledby="reports-title" {
                    h2 #reports-title { "Reports " span.count { (reports.len()) } }
                    fieldset {
                        legend { "Those that do not belong here" }
                        @for report in &reports {
                            p { label { input type="checkbox" name="report" value=(report.id); " " (told(report)) } }
                        }
                    }
                    p.ask {
                        (other_story("to", &others))
                        // The first button is what Enter in the field before it means.
                        button name="kind" value="move" { "They belong to the other story" }
                        button name="kind" value="split" { "They are a story of their own" }
                    }
                }
            }
            form action={ "/stories/" (parsed) "/correct" } method="post" {
                (csrf_field(&csrf))
                section aria-labelledby="whole-title" {
                    h2 #whole-title { "The whole story" }
                    p.ask {
                        (other_story("with", &others))
                        button name="kind" value="merge" { "It is the same as the other story" }
                        button name="kind" value="pin" { "It is right as it is" }
                    }
                }
            }
            form action={ "/stories/" (parsed) "/correct" } method="post" {
                (csrf_field(&csrf))
                section aria-labelledby="name-title" {
                    h2 #name-title { "Its name" }
                    p.ask {
                        label { "The story is called " input name="label" value=(label) size="60" maxlength="200" required; }
                        button name="kind" value="rename" { "Rename" }
                    }
                }
            }
            p { a href="/corrections" { "All corrections" } }
        }
    };
    Ok(Html(Frame::new(&format!("Correct: {label}"), Place::Stories).page(&body)))
}

/// Asks for another story: one of `others`, or any by its address, which is sent under a name of its own and counts first.
fn other_story(name: &str, others: &[&Line]) -> Markup {
    html! {
        @if !others.is_empty() {
            label { "Other story "
                select name=(name) {
                    option value="" { "the nearest ones" }
                    @for line in others {
                        option value=(line.id) { (clean(&line.label)) " (" (counted(line.n_reports, "report")) ")" }
                    }
                }
            }
        }
        label { "or by its address " input name={ (name) "-address" } size="30" placeholder="…/stories/…"; }
    }
}

/// Other stories, those that share most words with the label first.
fn nearest<'a>(front: &'a Front, story: StoryId, label: &str) -> Vec<&'a Line> {
    let words = |text: &str| -> std::collections::BTreeSet<String> {
        text.split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
            .collect()
    };
    let own = words(label);
    let mut others: Vec<(usize, &Line)> = front
        .stories
        .iter()
        .filter(|line| line.id != story)
        .map(|line| (words(&line.label).intersection(&own).count(), line))
        .collect();
    // Stable: of equals the one that grows first.
    others.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
    others.into_iter().take(OFFERED).map(|(_, line)| line).collect()
}

fn lines(store: &SqliteStore, ids: &[ReportId]) -> Result<Vec<ReportLine>, StoreError> {
    let mut lines = Vec::with_capacity(ids.len());
    for &id in ids {
        lines.extend(store.report_line(id)?);
    }
    Ok(lines)
}

fn told(report: &ReportLine) -> Markup {
    html! {
        bdi { (headline(report)) } " "
        span.faint {
            (report.outlet.as_deref().unwrap_or("Outlet unknown"))
            @if let Some(published) = report.published { ", " (when(published)) }
        }
    }
}

/// What was chosen.
pub(super) async fn send(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Oops> {
    let reports: Vec<String> = sent.all("report").map(str::to_owned).collect();
    let other = |name: &str| {
        let typed = sent.get(&format!("{name}-address"));
        id_in(if typed.trim().is_empty() { sent.get(name) } else { typed })
            .ok_or_else(|| Problem::nothing_to_do("choose the other story, or give its address"))
    };
    let wanted = match sent.get("kind") {
        "split" => Wanted::Split { story: id, reports },
        "move" => Wanted::Move { story: id, reports, to: other("to")? },
        "merge" => Wanted::Merge { stories: vec![id, other("with")?] },
        "pin" => Wanted::Pin { story: id },
        "rename" => Wanted::Rename { story: id, label: sent.get("label").to_owned() },
        _ => return Err(Problem::bad_request("choose what is to be corrected").into()),
    };
    let corrected = correct(&desk, wanted).await?;
    let place =
        corrected.stories.first().map_or("/corrections".to_owned(), |story| format!("/stories/{}", story.id));
    Ok(Redirect::to(&place).into_response())
}

/// The id of a story in what was typed or pasted: the id itself, or an address that ends with it.
fn id_in(text: &str) -> Option<String> {
    let after = text.rsplit_once("/stories/").map_or(text, |(_, after)| after);
    let id: String = after.trim().chars().take_while(char::is_ascii_hexdigit).collect();
    id.parse::<StoryId>().ok().map(|_| id)
}

/// Every correction, the last first.
pub(super) async fn list(State(desk): State<Arc<Desk>>, csrf: Csrf) -> Page {
    let all = desk
        .with_store(|_, store| {
            let all = store.corrections()?;
            let holds = Correction::in_force(&all);
            let mut told = Vec::with_capacity(all.len());
            for (correction, holds) in all.into_iter().zip(holds) {
                let (named, n_more) = match &correction {
                    Correction::Merge { reports }
                    | Correction::Pin { reports }
                    | Correction::Split { reports, .. }
                    | Correction::Move { reports, .. }
                    | Correction::Rename { reports, .. } => {
                        let shown = &reports[..reports.len().min(TOLD)];
                        (lines(store, shown)?, reports.len().saturating_sub(TOLD))
                    }
                    Correction::Undo { .. } => (Vec::new(), 0),
                };
                told.push((correction, holds, named, n_more));
            }
            Ok(told)
        })
        .await?;
    let body = html! {
        header { h1 { "Corrections" } }
        main #main {
            section aria-label="Corrections" {
                @if all.is_empty() { p { "Nothing was corrected. Each of the " a href="/" { "stories" } " has a page for it: “Correct this story”." } }
                ol.plain reversed {
                    @for (n, (correction, holds, named, n_more)) in all.iter().enumerate().rev() {
                        li {
                            div.item {
                                p { strong { (n + 1) ". " (what(correction)) } @if !holds { " " span.faint { "taken back" } } }
                                ul.plain {
                                    @for report in named { li { a href={ "/reports/" (report.id) } { (told(report)) } } }
                                    @if *n_more > 0 { li.faint { "and " (n_more) " more" } }
                                }
                                @if *holds { (undo(n + 1, &csrf)) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Html(Frame::new("Corrections", Place::Stories).page(&body)))
}

fn what(correction: &Correction) -> Markup {
    match correction {
        Correction::Merge { .. } => html! { "One story" },
        Correction::Split { .. } => html! { "A story of their own" },
        Correction::Move { .. } => html! { "Belong to another story" },
        Correction::Pin { .. } => html! { "Stay together" },
        Correction::Rename { label, .. } => html! { "Called “" bdi { (label) } "”" },
        Correction::Undo { number } => html! { "Correction " (number) " no longer holds" },
    }
}

fn undo(number: usize, csrf: &Csrf) -> Markup {
    html! {
        form action="/corrections/undo" method="post" {
            (csrf_field(csrf))
            button name="number" value=(number) { "Take back" }
        }
    }
}

/// Takes a correction back.
pub(super) async fn take_back(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Response, Oops> {
    let number =
        sent.get("number").parse().map_err(|_| Problem::bad_request("there is no such correction"))?;
    let corrected = correct(&desk, Wanted::Undo { number }).await?;
    let place = corrected.job.map_or("/corrections".to_owned(), |job| format!("/jobs/{job}"));
    Ok(Redirect::to(&place).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_named_by_its_id_or_address() {
        let id = || Some("0123456789abcdef".to_owned());
        assert_eq!(id_in(" 0123456789abcdef "), id());
        assert_eq!(id_in("http://localhost:7788/stories/0123456789abcdef/lineage"), id());
        assert_eq!((id_in("0123"), id_in(""), id_in("/stories/x")), (None, None, None));
    }
}
