//! The lists of the page: reports, conflicts, the matrix, statements, names, times.

use maud::{Markup, html};
use stemma_core::{AlignmentRef, Cell, Form, ReportIndex, Voice};

use super::{Page, doubt_id, language, only_id};
use crate::render::overview::{Item, Side, counted, kind_title};
use crate::render::runs::{Run, Style, head};

/// A section with a heading, left out if it holds nothing.
fn section(id: &str, title: &str, count: Option<usize>, is_empty: bool, content: &Markup) -> Markup {
    html! {
        @if !is_empty {
            section id=(id) aria-labelledby={ (id) "-title" } {
                h2 id={ (id) "-title" } {
                    (title)
                    @if let Some(count) = count { " " span.count { (count) } }
                }
                (content)
            }
        }
    }
}

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

/// The reports, and which of them count as one witness.
pub(super) fn reports(page: &Page) -> Markup {
    let overview = &page.overview;
    let grouped = overview.witnesses.iter().any(|witness| witness.len() > 1);
    let content = html! {
        ol.reports {
            @for (report, document) in page.story.iter() {
                @let line = &overview.reports[report.index()];
                li {
                    a.letter href={ "#text-" (line.letter) } { (line.letter) }
                    div {
                        strong { (address(document.report().url(), &line.name)) }
                        @if let Some(title) = &line.title {
                            p.title lang=(language(document)) dir="auto" { (title) }
                        }
                        p.faint {
                            @if let Some(date) = &line.date { (date) " · " }
                            (counted(line.n_words, "word"))
                            @if let Some(byline) = &line.byline { " · " (byline) }
                            @if !line.credits.is_empty() { " · credits " (line.credits.join(", ")) }
                        }
                    }
                }
            }
        }
        @if grouped {
            p {
                "Witnesses: "
                @for (n, witness) in overview.witnesses.iter().enumerate() {
                    @if n > 0 { ", " }
                    strong { (overview.letters(witness, usize::MAX).replace(' ', " + ")) }
                }
                ". Reports joined by + depend on each other and count once."
            }
        }
        p.legend {
            "Words that differ: " mark.old { "dotted line" } " in the first report, "
            mark.new { "solid line" } " in those against it. A letter leads to the place in the text."
        }
    };
    section("reports", "Reports", None, false, &content)
}

/// `name`, linked if `url` is an address of the web.
fn address(url: Option<&str>, name: &str) -> Markup {
    let web = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        @if let Some(url) = web { a href=(url) rel="noreferrer" { (name) } } @else { (name) }
    }
}

/// Where the reports disagree, worst first.
pub(super) fn conflicts(page: &Page) -> Markup {
    let overview = &page.overview;
    let content = html! {
        @for (kind, items) in &overview.conflicts {
            h3 { (kind_title(*kind)) }
            @for &n in items { (item(page, n)) }
        }
        @if overview.conflicts.is_empty() { p { "No conflict found." } }
    };
    section("conflicts", "Where they disagree", Some(overview.n_conflicts()), false, &content)
}

/// What later reports bring up to date.
pub(super) fn updates(page: &Page) -> Markup {
    let items = &page.overview.updates;
    let content = html! { @for &n in items { (item(page, n)) } };
    section("updates", "Updated by later reports", Some(items.len()), items.is_empty(), &content)
}

/// Facts that are not in conflict; those that are stand above.
pub(super) fn shared(page: &Page) -> Markup {
    let overview = &page.overview;
    let content = html! {
        @if !overview.core.is_empty() {
            h3 { "Carried by independent witnesses" }
            (listed(page, &overview.core))
        }
        @if !overview.copied.is_empty() {
            h3 { "Shared inside one witness only: no corroboration" }
            (listed(page, &overview.copied))
        }
    };
    let count = overview.core.len() + overview.copied.len();
    section("shared", "What they share", Some(count), count == 0, &content)
}

/// Who is quoted in which words.
pub(super) fn utterances(page: &Page) -> Markup {
    let items = &page.overview.utterances;
    let content = listed(page, items);
    section("utterances", "Who is quoted, in which words", Some(items.len()), items.is_empty(), &content)
}

/// Items in full, or a link to where they stand in full above.
fn listed(page: &Page, items: &[usize]) -> Markup {
    let overview = &page.overview;
    html! {
        @for &n in items {
            @let shown = &overview.items[n];
            @if shown.conflict().is_some() || overview.updates.contains(&n) {
                p.pointer {
                    a.number href={ "#" (page.item_id(shown.of)) } { (n + 1) }
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

/// The first words, about `n_chars` characters.
pub(super) fn shortened(words: &str, n_chars: usize) -> String {
    match head(words, n_chars) {
        cut if cut.len() < words.len() => format!("{cut} …"),
        whole => whole.to_owned(),
    }
}

/// An item in full: its cells side by side, and how they differ.
fn item(page: &Page, n: usize) -> Markup {
    let item = &page.overview.items[n];
    let id = page.item_id(item.of);
    html! {
        article.item id=(id) {
            h4 {
                a.number href={ "#" (id) } data-choose=(id) { (n + 1) }
                @if matches!(item.of, AlignmentRef::Utterance(_)) {
                    " " (item.speaker.as_deref().unwrap_or("Speaker not named"))
                }
                " " span.faint {
                    (counted(item.n_witnesses, "witness"))
                    @if item.is_loose() { " · perhaps, " (format!("{:.2}", item.score)) }
                }
            }
            div.cells {
                @for column in columns(&item.sides) {
                    div { @for side in column { (cell(page, item, side)) } }
                }
            }
            ul.findings {
                @for finding in &item.findings {
                    li { span.kind { (finding.kind.as_str()) } " " (finding.line(usize::MAX)) }
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
    let id = page.item_id(item.of);
    let document = page.story.document(side.places[0].0);
    html! {
        div.cell {
            p.letters {
                @for &(report, cell) in &side.places {
                    a.letter href={ "#" (page.cell_id(item.of, cell)) } data-choose=(id)
                        aria-label={ "In the text of report " (page.letter(report)) } { (page.letter(report)) }
                    " "
                }
            }
            blockquote lang=(language(document)) dir="auto" { (runs(&side.runs)) }
            @if !side.source.is_empty() { p.source dir="auto" { "— " (runs(&side.source)) } }
            @if let Some(doubt) = &side.doubt { p.faint { (doubt) } }
        }
    }
}

/// Statements by reports, most widely carried first.
pub(super) fn matrix(page: &Page) -> Markup {
    let overview = &page.overview;
    let mut order: Vec<usize> = (0..overview.items.len()).collect();
    order.sort_by_key(|&n| {
        let item = &overview.items[n];
        std::cmp::Reverse((!item.is_loose(), item.n_witnesses, item.carried_by().len()))
    });
    let content = html! {
        p.legend {
            "● in the outlet’s own voice · ○ attributed · “” quoted · ≠ in conflict · ? perhaps · – not there"
        }
        div.scroll tabindex="0" role="region" aria-labelledby="matrix-title" {
            table {
                thead {
                    tr {
                        th scope="col" { "Statement" }
                        th scope="col" { abbr title="independent witnesses" { "Wit." } }
                        @for line in &overview.reports { th scope="col" title=(line.name) { (line.letter) } }
                    }
                }
                tbody {
                    @for n in order { (row(page, n)) }
                }
            }
        }
    };
    section("matrix", "Who says what", Some(overview.items.len()), overview.items.is_empty(), &content)
}

fn row(page: &Page, n: usize) -> Markup {
    let item = &page.overview.items[n];
    let id = page.item_id(item.of);
    let reports = page.story.iter().map(|(report, _)| report);
    let words = item.sides[0].words();
    html! {
        tr {
            th scope="row" dir="auto" {
                a href={ "#" (id) } { span.number { (n + 1) } " " (shortened(&words, 90)) }
            }
            td { (item.n_witnesses) }
            @for report in reports { td { (sign(page, item, report)) } }
        }
    }
}

/// How `report` carries an item: a sign, with words for those who cannot see it.
fn sign(page: &Page, item: &Item, report: ReportIndex) -> Markup {
    let alignment = page.comparison.alignment(item.of);
    let of_report =
        |side: &Side| side.places.iter().find(|(owner, _)| *owner == report).map(|&(_, cell)| cell);
    let place = item.sides.iter().enumerate().find_map(|(n, side)| Some((n, of_report(side)?)));
    let Some((n, cell)) = place else {
        return html! { span.faint aria-label="not there" { "–" } };
    };
    let in_conflict = item.conflict().is_some() && n < item.n_involved;
    let (sign, words) = voice(&alignment.cells[cell]);
    let conflict = if in_conflict { ", in conflict" } else { "" };
    let doubt = &item.sides[n].doubt;
    html! {
        a href={ "#" (page.cell_id(item.of, cell)) } data-choose=(page.item_id(item.of))
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

/// The name of a report, as the head of a list.
fn report_name(page: &Page, report: ReportIndex, count: usize) -> Markup {
    let line = &page.overview.reports[report.index()];
    html! {
        h3 { a.letter href={ "#text-" (line.letter) } { (line.letter) } " " (line.name) " " span.count { (count) } }
    }
}

/// What one witness alone carries.
pub(super) fn only_in(page: &Page) -> Markup {
    let lists = &page.overview.only_in;
    let content = html! {
        @for (report, sides) in lists {
            (report_name(page, *report, sides.len()))
            ul.plain {
                @for side in sides {
                    li {
                        a.place href={ "#" (only_id(side.places[0].1)) } aria-label="In the text" { "¶" } " "
                        span.words lang=(language(page.story.document(*report))) dir="auto" { (runs(&side.runs)) }
                        @if !side.source.is_empty() { " " span.source { "— " (runs(&side.source)) } }
                    }
                }
            }
        }
    };
    let count = lists.iter().map(|(_, sides)| sides.len()).sum();
    section("only-in", "Only in one witness", Some(count), count == 0, &content)
}

/// What may be the same.
pub(super) fn doubtful(page: &Page) -> Markup {
    let (loose, doubtful) = (&page.overview.loose, &page.overview.doubtful);
    let content = html! {
        @for &n in loose { (item(page, n)) }
        ul.plain {
            @for each in doubtful {
                li {
                    @for (n, side) in each.sides.iter().enumerate() {
                        @let (report, doubt) = side.places[0];
                        p {
                            a.letter href={ "#" (doubt_id(doubt, n)) } aria-label={ "In the text of report " (page.letter(report)) } { (page.letter(report)) }
                            " "
                            span.words lang=(language(page.story.document(report))) dir="auto" { (runs(&side.runs)) }
                            @if !side.source.is_empty() { " " span.source { "— " (runs(&side.source)) } }
                            @if n == 1 { " " span.faint { "(" (each.line) ")" } }
                        }
                    }
                }
            }
        }
    };
    let title = "Perhaps the same, perhaps not";
    let count = loose.len() + doubtful.len();
    section("doubtful", title, Some(count), count == 0, &content)
}

/// What each report makes of the story.
pub(super) fn emphasis(page: &Page) -> Markup {
    let lines = &page.overview.emphasis;
    let content = html! {
        ul.plain {
            @for line in lines {
                @let report = &page.overview.reports[line.report.index()];
                li {
                    strong { (report.letter) } " " bdi { (report.name) }
                    @for part in [&line.core, &line.quoted].into_iter().chain(&line.late).filter(|part| !part.is_empty()) {
                        span.faint { " · " (part) }
                    }
                }
            }
        }
    };
    section("emphasis", "What each report makes of it", None, lines.len() < 2, &content)
}

/// What a report leaves out.
pub(super) fn omissions(page: &Page) -> Markup {
    let lists = &page.overview.omissions;
    let content = html! {
        @for (report, omitted) in lists {
            (report_name(page, *report, omitted.len()))
            ul.plain {
                @for each in omitted {
                    @let carried_by = page.overview.letters(&each.carried_by, usize::MAX);
                    li {
                        a.words href={ "#" (page.item_id(each.of)) } dir="auto" {
                            (shortened(&each.side.words(), 240))
                        }
                        span.faint { " in " (carried_by) }
                    }
                }
            }
        }
    };
    let count = lists.iter().map(|(_, omitted)| omitted.len()).sum();
    section("omissions", "Left out", Some(count), count == 0, &content)
}

/// Statements that are linked beside the labels that stand for each other in them.
const MOST_LINKS: usize = 4;

/// Who is called what.
pub(super) fn names(page: &Page) -> Markup {
    let overview = &page.overview;
    let content = html! {
        @if !overview.names.is_empty() {
            dl {
                @for name in &overview.names {
                    dt { bdi { (name.name) } " " span.faint { (name.kind.as_str()) } }
                    dd {
                        @for (reports, forms) in &name.forms {
                            span.form {
                                strong { (overview.letters(reports, usize::MAX)) } " "
                                @for (n, form) in forms.iter().enumerate() { @if n > 0 { ", " } bdi { (form) } }
                            }
                            " "
                        }
                    }
                }
            }
        }
        @if !overview.namings.is_empty() {
            h3 { "The same under other labels" }
            dl {
                @for naming in &overview.namings {
                    dt {
                        @for (n, &number) in naming.items.iter().take(MOST_LINKS).enumerate() {
                            @if n > 0 { " " }
                            a.number href={ "#" (page.item_id(overview.items[number - 1].of)) } { (number) }
                        }
                    }
                    dd {
                        @for (reports, labels) in &naming.forms {
                            span.form {
                                strong { (overview.letters(reports, usize::MAX)) } " "
                                @for (n, label) in labels.iter().enumerate() { @if n > 0 { ", " } bdi { (label) } }
                            }
                            " "
                        }
                    }
                }
            }
        }
        @for (report, names) in &overview.named_once {
            p {
                "Only in " strong { (page.letter(*report)) } ": "
                @for (n, name) in names.iter().enumerate() { @if n > 0 { ", " } bdi { (name) } }
            }
        }
    };
    let is_empty = overview.names.is_empty() && overview.named_once.is_empty() && overview.namings.is_empty();
    section("names", "Names", None, is_empty, &content)
}

/// What happened when.
pub(super) fn timeline(page: &Page) -> Markup {
    let days = &page.overview.timeline;
    let content = html! {
        dl {
            @for day in days {
                dt { (day.days) }
                @for mention in &day.mentions {
                    @let document = page.story.document(mention.reports[0]);
                    dd {
                        strong { (page.overview.letters(&mention.reports, usize::MAX)) }
                        " “" bdi { (mention.time) } "” "
                        span.faint { "(" (mention.reason) ") " }
                        span.words lang=(language(document)) dir="auto" { (shortened(&mention.sentence, 220)) }
                    }
                }
            }
        }
    };
    section("timeline", "When", None, days.is_empty(), &content)
}
