//! The story in one screen: what the witnesses share, what is in dispute, what later reports changed.

use std::cmp::Reverse;

use maud::{Markup, html};
use stemma_core::{AlignmentRef, ReportIndex};

use super::items::shortened;
use super::sections::section as titled;
use super::{Page, language};
use crate::render::overview::{Finding, Item, counted, kind_label};

/// Lines of each list that are shown at once; the others follow on demand.
const SHOWN: usize = 7;
/// Characters of a statement, and of a reason.
const WORDS: usize = 150;
const REASON: usize = 150;

/// The whole page.
pub(super) fn view(page: &Page) -> Markup {
    html! {
        div.split {
            (shared(page))
            div {
                (disputes(page))
                (updates(page))
                (witnesses(page))
            }
        }
        (beyond(page))
    }
}

/// What at least two witnesses carry and no conflict divides, most witnesses first.
fn shared(page: &Page) -> Markup {
    let items = &page.overview.items;
    let mut shared: Vec<usize> = (0..items.len())
        .filter(|&n| items[n].n_witnesses > 1 && items[n].conflict().is_none() && !items[n].is_loose())
        .collect();
    shared
        .sort_by_key(|&n| (Reverse(items[n].n_witnesses), Reverse(items[n].carried_by().len()), items[n].of));
    let n_witnesses = page.overview.witnesses.len();
    let line = |n: usize| {
        let item = &items[n];
        html! {
            p.tally {
                span {
                    strong { (item.n_witnesses) } " of " (n_witnesses) " witnesses"
                    @if page.overview.updates.contains(&n) { " · updated" }
                }
                span.letters { (page.overview.letters(&item.carried_by(), 6)) }
            }
            p.words { (words(page, item)) }
        }
    };
    let content = html! {
        @if shared.is_empty() { p { "No statement is carried by two independent witnesses." } }
        (lines(&shared, &line))
    };
    titled("shared", "What the witnesses share", Some(shared.len()), false, &content)
}

/// The words of an item as its first report gives them, linked to all of it.
fn words(page: &Page, item: &Item) -> Markup {
    let side = &item.sides[0];
    let document = page.story.document(side.places[0].0);
    let is_quoted = matches!(item.of, AlignmentRef::Utterance(_));
    html! {
        @if is_quoted { span.speaker { bdi { (item.speaker.as_deref().unwrap_or("Somebody")) } ": " } }
        a href=(page.row_link(item.of)) lang=(language(document)) dir="auto" {
            (shortened(&side.words(), WORDS))
        }
    }
}

/// The first of `all` in a list, the others behind a summary.
fn lines(all: &[usize], line: &impl Fn(usize) -> Markup) -> Markup {
    let (shown, more) = all.split_at(all.len().min(SHOWN));
    html! {
        ol.lines { @for &n in shown { li { (line(n)) } } }
        @if !more.is_empty() {
            details.more {
                summary { (more.len()) " more" }
                ol.lines start=(shown.len() + 1) { @for &n in more { li { (line(n)) } } }
            }
        }
    }
}

/// Conflicts in a line each: those on what most witnesses carry first, then the worst.
fn disputes(page: &Page) -> Markup {
    let items = &page.overview.items;
    let mut all: Vec<usize> =
        page.overview.conflicts.iter().flat_map(|(_, items)| items.iter().copied()).collect();
    all.sort_by_key(|&n| Reverse(items[n].n_witnesses));
    let line = |n: usize| {
        let item = &page.overview.items[n];
        html! { @if let Some(finding) = item.conflict() { (divided(page, item, finding)) } }
    };
    let content = html! {
        @if all.is_empty() { p { "No conflict found." } }
        (lines(&all, &line))
    };
    titled("disputed", "In dispute", Some(all.len()), false, &content)
}

/// What later reports bring up to date, in a line each.
fn updates(page: &Page) -> Markup {
    let all = &page.overview.updates;
    let line = |n: usize| {
        let item = &page.overview.items[n];
        html! { @if let Some(finding) = item.findings.first() { (divided(page, item, finding)) } }
    };
    titled("updated", "Brought up to date", Some(all.len()), all.is_empty(), &lines(all, &line))
}

/// How the reports differ on an item, in a line.
fn divided(page: &Page, item: &Item, finding: &Finding) -> Markup {
    let reason = finding.reasons.first().map_or("", String::as_str);
    let more = finding.reasons.len().saturating_sub(1);
    html! {
        p.tally {
            span.kind .clash[finding.kind.is_conflict()] { (kind_label(finding.kind)) }
            span.letters { (page.overview.letters(&item.carried_by(), 6)) }
        }
        p.words {
            a href=(page.divergence_link(item.of)) dir="auto" { (shortened(&item.sides[0].words(), WORDS)) }
        }
        p.reason { (shortened(reason, REASON)) @if more > 0 { " (and " (more) " more)" } }
    }
}

/// Who counts once, and why.
fn witnesses(page: &Page) -> Markup {
    let overview = page.overview;
    let name = |report: &ReportIndex| &overview.reports[report.index()];
    let edges = |letter: &str| overview.lineage.iter().filter(|edge| edge.to == letter).collect::<Vec<_>>();
    let alone: Vec<ReportIndex> = overview
        .witnesses
        .iter()
        .filter(|witness| witness.len() == 1)
        .filter_map(|witness| witness.first().copied())
        .collect();
    let content = html! {
        ol.witnesses {
            @for witness in overview.witnesses.iter().filter(|witness| witness.len() > 1) {
                li {
                    @for report in witness {
                        p {
                            a.letter href=(page.text_link(*report)) aria-label={ "Text of report " (name(report).letter) } { (name(report).letter) }
                            " " strong { bdi { (name(report).name) } }
                            @for (n, edge) in edges(&name(report).letter).into_iter().enumerate() {
                                span.faint { @if n > 0 { "," } " " (edge.verb) " " bdi { (edge.from) } }
                            }
                        }
                    }
                }
            }
        }
        @if !alone.is_empty() {
            p.alone {
                (counted(alone.len(), "witness")) " of one report each: "
                @for (n, report) in alone.iter().enumerate() {
                    @if n > 0 { ", " }
                    a.letter href=(page.text_link(*report)) aria-label={ "Text of report " (name(report).letter) } { (name(report).letter) }
                    " " bdi { (name(report).name) }
                    @for edge in edges(&name(report).letter) { span.faint { " (" (edge.verb) " " bdi { (edge.from) } ")" } }
                }
            }
        }
        p.legend {
            "Reports that copy, rewrite or relay one another are one witness. No tie seen is no proof of independence."
            @if let Some(lineage) = page.beside("lineage") { " " a href=(lineage) { "How this is known" } }
        }
    };
    titled("witnesses", "Witnesses", Some(overview.witnesses.len()), false, &content)
}

/// What stands outside of the core.
fn beyond(page: &Page) -> Markup {
    let overview = page.overview;
    let n_only: usize = overview.only_in.iter().map(|(_, sides)| sides.len()).sum();
    let n_omitted: usize = overview.omissions.iter().map(|(_, omitted)| omitted.len()).sum();
    let parts = [
        ("only", n_only, "statement", "in one witness only"),
        ("only#omissions", n_omitted, "time", "a report leaves out what other witnesses carry"),
        (
            "only#doubtful",
            overview.loose.len() + overview.doubtful.len(),
            "statement",
            "that may or may not be the same",
        ),
        ("matrix", overview.copied.len(), "fact", "shared inside one witness only: no corroboration"),
    ];
    let content = html! {
        ul.plain {
            @for (place, n, thing, what) in parts {
                @if n > 0 {
                    li {
                        @if let Some(address) = page.beside(place) { a href=(address) { (counted(n, thing)) } }
                        @else { (counted(n, thing)) }
                        " " (what)
                    }
                }
            }
        }
    };
    let n: usize = parts.iter().map(|part| part.1).sum();
    titled("beyond", "Beyond the core", None, n == 0, &content)
}
