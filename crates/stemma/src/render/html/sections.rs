//! The lists of the page: reports, conflicts, statements.

use maud::{Markup, html};
use stemma_core::ReportIndex;

use super::items::{item, letter_link, listed, marks_legend, runs, shortened};
use super::{Page, language};
use crate::render::overview::{counted, kind_title};

/// A section with a heading, left out if it holds nothing.
pub(super) fn section(
    id: &str,
    title: &str,
    count: Option<usize>,
    is_empty: bool,
    content: &Markup,
) -> Markup {
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

/// The reports, and which of them count as one witness.
pub(super) fn reports(page: &Page) -> Markup {
    let overview = &page.overview;
    let grouped = overview.witnesses.iter().any(|witness| witness.len() > 1);
    let content = html! {
        ol.reports {
            @for (report, document) in page.story.iter() {
                @let line = &overview.reports[report.index()];
                li {
                    (letter_link(page, report, &page.text_link(report), None))
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
            (marks_legend())
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

/// Conflicts and updates, with links to the kinds.
pub(super) fn divergences(page: &Page) -> Markup {
    let kinds = &page.overview.conflicts;
    html! {
        @if kinds.len() > 1 {
            nav.kinds aria-label="Kinds of divergence" {
                ul {
                    @for (kind, items) in kinds {
                        li { a href={ "#kind-" (kind.as_str()) } { (kind_title(*kind)) } " " span.count { (items.len()) } }
                    }
                    @if !page.overview.updates.is_empty() {
                        li { a href="#updates" { "Updates" } " " span.count { (page.overview.updates.len()) } }
                    }
                }
            }
        }
        p.legend { (marks_legend()) }
        (conflicts(page))
        (updates(page))
    }
}

/// What one witness alone carries, what is left out, what is in doubt.
pub(super) fn apart(page: &Page) -> Markup {
    let overview = page.overview;
    html! {
        (only_in(page))
        (omissions(page))
        (doubtful(page))
        @if overview.only_in.is_empty() && overview.omissions.is_empty() && overview.doubtful.is_empty() && overview.loose.is_empty() {
            section { p { "Every statement is carried by more than one witness, and none is left out." } }
        }
    }
}

/// Where the reports disagree, worst first.
pub(super) fn conflicts(page: &Page) -> Markup {
    let overview = &page.overview;
    let content = html! {
        @for (kind, items) in &overview.conflicts {
            h3 id={ "kind-" (kind.as_str()) } { (kind_title(*kind)) }
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

/// The name of a report, as the head of a list.
fn report_name(page: &Page, report: ReportIndex, count: usize) -> Markup {
    let line = &page.overview.reports[report.index()];
    html! {
        h3 { (letter_link(page, report, &page.text_link(report), None)) " " bdi { (line.name) } " " span.count { (count) } }
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
                        a.place href=(page.only_link(side.places[0].1)) aria-label="In the text" { "¶" } " "
                        span.words lang=(language(page.story.document(*report))) dir="auto" { (runs(&side.runs)) }
                        @if !side.source.is_empty() { " " span.source { "— " (runs(&side.source)) } }
                        @if page.beside("").is_some() {
                            " " a.permalink href=(page.cell_link(&page.comparison.only_in[side.places[0].1].cell))
                                aria-label="This statement by itself" { "#" }
                        }
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
                            (letter_link(page, report, &page.doubt_link(doubt, n), None))
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
                        a.words href=(page.row_link(each.of)) dir="auto" {
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
