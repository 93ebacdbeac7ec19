//! A statement by itself: what each report says, how they differ, and a citation for each.

use std::collections::BTreeSet;

use maud::{Markup, html};
use stemma_core::{AlignmentRef, Cell, ReportIndex};

use super::items::{cells, findings, letter_link, marks_legend, runs, shortened};
use super::links::Target;
use super::{Page, language};
use crate::ids::cell_id;
use crate::render::overview::{Side, counted};
use crate::render::runs::{Shown, clean};

/// A statement for a page of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementView {
    /// Its words, shortened: plain text.
    pub title: String,
    /// "Statement 3, 2 witnesses": plain text.
    pub summary: String,
    /// Its id for addresses, which stays good when reports join the story.
    pub id: String,
    /// The markup.
    pub markup: String,
}

/// Characters of a title.
const TITLE: usize = 120;

pub(super) fn view(page: &Page, target: Target) -> StatementView {
    match target {
        Target::Row(of, cell) => of_row(page, of, cell),
        Target::Only(n) => {
            let cell = &page.comparison.only_in[n].cell;
            let sides = page.overview.only_in.iter().flat_map(|(_, sides)| sides);
            let side = sides.into_iter().find(|side| side.places[0].1 == n);
            let link = page.only_link(n);
            let markup = html! {
                section aria-label="Statement" {
                    @if let Some(side) = side { (alone(page, side, &link)) }
                    (citations(page, &[cell]))
                }
            };
            by_itself(page, cell, "Only in one witness".to_owned(), &markup)
        }
        Target::Doubt(n, side) => {
            let doubt = &page.comparison.doubtful[n];
            let shown = &page.overview.doubtful[n];
            let markup = html! {
                section aria-label="Statement" {
                    @for (side, each) in shown.sides.iter().enumerate() {
                        (alone(page, each, &page.doubt_link(n, side)))
                    }
                    p.faint { "Probability that the two say the same: " (shown.line) }
                    (citations(page, &[&doubt.cells[0], &doubt.cells[1]]))
                }
            };
            by_itself(page, &doubt.cells[side], "Perhaps the same, perhaps not".to_owned(), &markup)
        }
    }
}

fn of_row(page: &Page, of: AlignmentRef, cell: usize) -> StatementView {
    let n = page.overview.items.iter().position(|item| item.of == of).unwrap_or(0);
    let item = &page.overview.items[n];
    let alignment = page.comparison.alignment(of);
    let all: Vec<&Cell> = alignment.cells.iter().collect();
    let markup = html! {
        section aria-label="What the reports say" {
            p.legend { (marks_legend()) }
            article.item id=(page.item_id(of)) {
                @if matches!(of, AlignmentRef::Utterance(_)) {
                    h2.speaker { bdi { (item.speaker.as_deref().unwrap_or("Speaker not named")) } }
                }
                (cells(page, item))
                (findings(item))
            }
            (absent(page, of))
            p.faint {
                "That all of these say the same has a probability of " (format!("{:.2}", alignment.score))
                " for the weakest pair."
            }
            (citations(page, &all))
        }
    };
    let kind = if matches!(of, AlignmentRef::Utterance(_)) { "Quotation" } else { "Statement" };
    let perhaps = if item.is_loose() { ", perhaps" } else { "" };
    let summary = format!("{kind} {}, {}{perhaps}", n + 1, counted(item.n_witnesses, "witness"));
    by_itself(page, &alignment.cells[cell], summary, &markup)
}

fn by_itself(page: &Page, cell: &Cell, summary: String, markup: &Markup) -> StatementView {
    let document = page.story.document(cell.report);
    StatementView {
        title: shortened(&Shown::new(document, &cell.spans).text, TITLE),
        summary,
        id: cell_id(page.story, cell),
        markup: markup.clone().into_string(),
    }
}

/// A cell that no other stands beside.
fn alone(page: &Page, side: &Side, link: &str) -> Markup {
    let report = side.places[0].0;
    html! {
        article.item {
            p.letters { (letter_link(page, report, link, None)) " " bdi { (page.overview.reports[report.index()].name) } }
            blockquote lang=(language(page.story.document(report))) dir="auto" { (runs(&side.runs)) }
            @if !side.source.is_empty() { p.source dir="auto" { "— " (runs(&side.source)) } }
        }
    }
}

/// Reports that do not have it.
fn absent(page: &Page, of: AlignmentRef) -> Markup {
    let carry: BTreeSet<ReportIndex> =
        page.comparison.alignment(of).cells.iter().map(|cell| cell.report).collect();
    let without: Vec<ReportIndex> =
        page.story.iter().map(|(report, _)| report).filter(|report| !carry.contains(report)).collect();
    html! {
        @if !without.is_empty() {
            p { "Not found in "
                @for report in &without { (letter_link(page, *report, &page.text_link(*report), None)) " " }
            }
        }
    }
}

fn citations(page: &Page, cells: &[&Cell]) -> Markup {
    html! {
        details.cite #cite {
            summary { "Cite" }
            @for cell in cells {
                blockquote.citation tabindex="0" { (citation(page, cell)) }
            }
        }
    }
}

/// Outlet, headline, date, the words, where they stand.
pub(super) fn citation(page: &Page, cell: &Cell) -> String {
    let document = page.story.document(cell.report);
    let report = document.report();
    let line = &page.overview.reports[cell.report.index()];
    let title = line.title.as_deref().map(|title| format!(", “{title}”"));
    let date = line.date.as_deref().map(|date| format!(", {date}"));
    let ranges: Vec<String> =
        cell.spans.iter().map(|span| format!("{}–{}", span.start(), span.end())).collect();
    let words = Shown::new(document, &cell.spans).text;
    let address = report.url().map(|url| format!("{}, ", clean(url)));
    format!(
        "{}{}{}: “{words}” ({}report {}, bytes {})",
        line.name,
        title.unwrap_or_default(),
        date.unwrap_or_default(),
        address.unwrap_or_default(),
        report.id(),
        ranges.join(", ")
    )
}
