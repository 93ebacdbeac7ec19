//! A row in full: what each report says, side by side, the words marked that differ, and how they differ.

use maud::{Markup, html};
use stemma_core::{AlignmentRef, ReportIndex};

use super::{Page, language};
use crate::render::overview::{Item, Side, counted, kind_label};
use crate::render::runs::{Run, Style, head};

/// Reports of one side that are named beside their letters.
const MOST_NAMED: usize = 2;

/// Runs, the differing words marked.
pub(super) fn runs(runs: &[Run]) -> Markup {
    html! {
        @for run in runs {
            @match run.style {
                Style::Plain => (run.text),
                Style::Old => mark.old { (run.text) },
                Style::New => mark.new { (run.text) },
                Style::Faint => span.faint { (run.text) },
                Style::Strong => strong { (run.text) },
            }
        }
    }
}

/// What the marks of words mean.
pub(super) fn marks_legend() -> Markup {
    html! {
        "Words that differ: " mark.old { "dotted line" } " in the first report, "
        mark.new { "solid line" } " in those against it. A letter leads to the place in the text."
    }
}

/// The first words, about `n_chars` characters.
pub(super) fn shortened(words: &str, n_chars: usize) -> String {
    match head(words, n_chars) {
        cut if cut.len() < words.len() => format!("{} …", cut.trim_end()),
        whole => whole.to_owned(),
    }
}

/// Items in full, or a link to where they stand in full above.
pub(super) fn listed(page: &Page, items: &[usize]) -> Markup {
    let overview = &page.overview;
    html! {
        @for &n in items {
            @let shown = &overview.items[n];
            @if shown.conflict().is_some() || overview.updates.contains(&n) {
                p.pointer {
                    a.number href=(page.divergence_link(shown.of)) { (n + 1) }
                    " " strong { (overview.letters(&shown.carried_by(), usize::MAX)) } " "
                    span.words dir="auto" { (shortened(&shown.sides[0].words(), 160)) }
                    span.faint { " differs, see above" }
                }
            } @else {
                (item(page, n))
            }
        }
    }
}

/// An item in full: its cells side by side, and how they differ.
pub(super) fn item(page: &Page, n: usize) -> Markup {
    headed(page, n, true)
}

/// An item in full below the name of its speaker, which it need not tell again.
pub(super) fn item_of_speaker(page: &Page, n: usize) -> Markup {
    headed(page, n, false)
}

fn headed(page: &Page, n: usize, with_speaker: bool) -> Markup {
    let item = &page.overview.items[n];
    let id = page.item_id(item.of);
    html! {
        article.item id=(id) {
            h3 {
                a.number href=(page.row_link(item.of)) data-choose=[page.choice(item.of)] aria-label={ "Statement " (n + 1) } { (n + 1) }
                @if with_speaker && matches!(item.of, AlignmentRef::Utterance(_)) {
                    " " bdi { (item.speaker.as_deref().unwrap_or("Speaker not named")) }
                }
                " " span.faint {
                    (counted(item.n_witnesses, "witness"))
                    @if item.is_loose() { " · perhaps the same, score " (format!("{:.2}", item.score)) }
                }
            }
            (cells(page, item))
            (findings(item))
        }
    }
}

/// The cells of an item side by side.
pub(super) fn cells(page: &Page, item: &Item) -> Markup {
    html! {
        div.cells {
            @for column in columns(&item.sides) {
                div { @for side in column { (cell(page, item, side)) } }
            }
        }
    }
}

/// How the cells of an item differ.
pub(super) fn findings(item: &Item) -> Markup {
    html! {
        @if !item.findings.is_empty() {
            ul.findings {
                @for finding in &item.findings {
                    li {
                        span.kind .clash[finding.kind.is_conflict()] { (kind_label(finding.kind)) } " "
                        @if !finding.is_likely { "if they say the same, " }
                        (finding.reasons.join("; ")) " "
                        span.count { "score " (format!("{:.2}", finding.score)) }
                    }
                }
            }
        }
    }
}

/// The cells of one report, or of several that say the same, below each other; columns in order of their first cell.
fn columns(sides: &[Side]) -> Vec<Vec<&Side>> {
    let mut columns: Vec<Vec<&Side>> = Vec::new();
    for side in sides {
        match columns.iter_mut().find(|column| column[0].reports() == side.reports()) {
            Some(column) => column.push(side),
            None => columns.push(vec![side]),
        }
    }
    columns
}

fn cell(page: &Page, item: &Item, side: &Side) -> Markup {
    let document = page.story.document(side.places[0].0);
    html! {
        div.cell {
            p.letters {
                @for &(report, cell) in &side.places {
                    (letter_link(page, report, &page.place_link(item.of, cell), page.choice(item.of)))
                    " "
                    @if side.places.len() <= MOST_NAMED {
                        span.faint { bdi { (page.overview.reports[report.index()].name) } } " "
                    }
                }
            }
            blockquote lang=(language(document)) dir="auto" { (runs(&side.runs)) }
            @if !side.source.is_empty() { p.source dir="auto" { "— " (runs(&side.source)) } }
            @if let Some(doubt) = &side.doubt { p.faint { (doubt) } }
        }
    }
}

/// The letter of a report, as a link into its text.
pub(super) fn letter_link(page: &Page, report: ReportIndex, address: &str, choose: Option<&str>) -> Markup {
    let line = &page.overview.reports[report.index()];
    html! {
        a.letter href=(address) data-choose=[choose] title=(line.name)
            aria-label={ "In the text of report " (line.letter) ", " (line.name) } { (line.letter) }
    }
}
