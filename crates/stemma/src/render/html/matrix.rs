//! Who says what: statements by reports, those of one witness beside each other.

use maud::{Markup, html};
use stemma_core::{Cell, Form, ReportIndex, Voice};

use super::Page;
use super::items::shortened;
use super::sections::section as titled;
use crate::render::overview::{Item, Side, counted};

/// Cells of a table that a browser lays out at once without anybody waiting.
const MOST_CELLS: usize = 12_000;
/// Reports above which the columns are narrow.
const MANY: usize = 12;

/// The matrix as a section.
pub(super) fn section(page: &Page) -> Markup {
    let items = &page.overview.items;
    titled("matrix", "Who says what", Some(items.len()), items.is_empty(), &content(page, usize::MAX))
}

/// The matrix as a page: of very many statements those that most witnesses carry, unless all are asked for.
pub(super) fn view(page: &Page, all: bool) -> Markup {
    let items = &page.overview.items;
    let n_cells = items.len() * page.overview.reports.len();
    let most =
        if all || n_cells <= MOST_CELLS { usize::MAX } else { MOST_CELLS / page.overview.reports.len() };
    titled("matrix", "Who says what", Some(items.len()), items.is_empty(), &content(page, most))
}

/// Legend and table, the first `most` rows of it.
fn content(page: &Page, most: usize) -> Markup {
    let overview = page.overview;
    let mut order: Vec<usize> = (0..overview.items.len()).collect();
    order.sort_by_key(|&n| {
        let item = &overview.items[n];
        std::cmp::Reverse((!item.is_loose(), item.n_witnesses, item.carried_by().len()))
    });
    // Each with whether its witness begins there.
    let of_witness = |witness: &Vec<ReportIndex>| {
        witness.iter().enumerate().map(|(n, &report)| (report, n == 0)).collect::<Vec<_>>()
    };
    let columns: Vec<(ReportIndex, bool)> = overview.witnesses.iter().flat_map(of_witness).collect();
    html! {
        p.legend {
            "● in the outlet’s own voice · ○ attributed · “” quoted · "
            span.conflict { "≠" } " in conflict · ? perhaps · empty: not there. Reports under one bracket are one witness."
        }
        div.scroll.matrix tabindex="0" role="region" aria-label="Table of statements by reports" {
            table .narrow[columns.len() > MANY] {
                thead { (head(page)) }
                tbody {
                    @for &n in order.iter().take(most) { (row(page, n, &columns)) }
                }
            }
        }
        @if order.len() > most {
            p {
                "These are the " (most) " statements that most witnesses carry. "
                a href="?all=1" { "Show all " (order.len()) }
            }
        }
    }
}

fn head(page: &Page) -> Markup {
    let overview = page.overview;
    html! {
        tr.witnesses {
            td colspan="2" {}
            @for (n, witness) in overview.witnesses.iter().enumerate() {
                th.first scope="colgroup" colspan=(witness.len()) title={ "Witness " (n + 1) ": " (counted(witness.len(), "report")) } {
                    span.unseen { "Witness " } (n + 1)
                }
            }
        }
        tr {
            th scope="col" { "Statement" }
            th scope="col" { abbr title="independent witnesses" { "Wit." } }
            @for witness in &overview.witnesses {
                @for (n, &report) in witness.iter().enumerate() {
                    @let line = &overview.reports[report.index()];
                    th .first[n == 0] scope="col" title=(line.name) {
                        a.letter href=(page.text_link(report)) aria-label={ "Report " (line.letter) ", " (line.name) } { (line.letter) }
                    }
                }
            }
        }
    }
}

fn row(page: &Page, n: usize, columns: &[(ReportIndex, bool)]) -> Markup {
    let item = &page.overview.items[n];
    let words = item.sides[0].words();
    html! {
        tr {
            th scope="row" dir="auto" {
                a href=(page.row_link(item.of)) { span.number { (n + 1) } " " (shortened(&words, 90)) }
            }
            td { (item.n_witnesses) }
            @for &(report, first) in columns {
                td .first[first] { (sign(page, item, report)) }
            }
        }
    }
}

/// How `report` carries an item: a sign, with words for those who cannot see it; nothing if it does not.
fn sign(page: &Page, item: &Item, report: ReportIndex) -> Markup {
    let alignment = page.comparison.alignment(item.of);
    let of_report =
        |side: &Side| side.places.iter().find(|(owner, _)| *owner == report).map(|&(_, cell)| cell);
    let place = item.sides.iter().enumerate().find_map(|(n, side)| Some((n, of_report(side)?)));
    let Some((n, cell)) = place else { return html! {} };
    let in_conflict = item.conflict().is_some() && n < item.n_involved;
    let (sign, words) = voice(&alignment.cells[cell]);
    let doubt = item.sides[n].doubt.as_deref().or(item.is_loose().then_some("perhaps"));
    let conflict = if in_conflict { ", in conflict" } else { "" };
    html! {
        a href=(page.place_link(item.of, cell)) data-choose=[page.choice(item.of)]
            aria-label={ (words) (conflict) @if let Some(doubt) = doubt { ", " (doubt) } ", report " (page.letter(report)) } {
            (sign) @if in_conflict { span.conflict { "≠" } } @if doubt.is_some() { "?" }
        }
    }
}

fn voice(cell: &Cell) -> (&'static str, &'static str) {
    match (cell.form, cell.voice) {
        (Some(Form::Direct | Form::Mixed), _) => ("“”", "quoted"),
        (_, Voice::Attributed) => ("○", "attributed"),
        (_, Voice::Own) => ("●", "in the outlet’s own voice"),
    }
}
