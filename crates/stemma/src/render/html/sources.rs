//! The reports of a story: who published what, when, on whose credit, and what each makes of it.

use maud::{Markup, html};

use super::items::letter_link;
use super::sections::section as titled;
use super::{Page, language};

/// All reports, and what each makes of the story.
pub(super) fn view(page: &Page) -> Markup {
    let emphasis = &page.overview.emphasis;
    html! {
        (titled("sources", "Reports", Some(page.overview.reports.len()), false, &table(page)))
        (titled("emphasis", "What each makes of it", None, emphasis.len() < 2, &html! {
            dl {
                @for line in emphasis {
                    @let report = &page.overview.reports[line.report.index()];
                    dt { (report.letter) " " bdi { (report.name) } }
                    dd {
                        @for part in [&line.core, &line.quoted].into_iter().chain(&line.late).filter(|part| !part.is_empty()) {
                            p { (part) }
                        }
                    }
                }
            }
            p.legend { "Numbers are those of the statements in the matrix." }
        }))
    }
}

fn table(page: &Page) -> Markup {
    let overview = page.overview;
    let n_of =
        |report| overview.witnesses.iter().position(|witness| witness.contains(&report)).map(|n| n + 1);
    html! {
        div.scroll tabindex="0" role="region" aria-label="Table of reports" {
            table.sources {
                thead {
                    tr {
                        th scope="col" { "Report" }
                        th scope="col" { "Published" }
                        th scope="col" { "Witness" }
                        th scope="col" { "By, credits" }
                        th scope="col" { "Words" }
                        th scope="col" { "Open" }
                    }
                }
                tbody {
                    @for (report, document) in page.story.iter() {
                        @let line = &overview.reports[report.index()];
                        tr {
                            th scope="row" {
                                (letter_link(page, report, &page.text_link(report), None)) " "
                                strong { bdi { (line.name) } }
                                @if let Some(title) = &line.title {
                                    p.title lang=(language(document)) dir="auto" { (title) }
                                }
                            }
                            td data-label="Published" { (line.date.as_deref().unwrap_or("undated")) }
                            td data-label="Witness" { @if let Some(n) = n_of(report) { (n) } }
                            td data-label="By, credits" {
                                @if let Some(byline) = &line.byline { bdi { (byline) } }
                                @if !line.credits.is_empty() { p.faint { "credits " (line.credits.join(", ")) } }
                            }
                            td data-label="Words" { (line.n_words) }
                            td data-label="Open" {
                                @if page.beside("").is_some() {
                                    a href={ "/reports/" (document.report().id()) } { "Report" }
                                }
                                @if let Some(url) = web_address(document.report().url()) {
                                    " " a href=(url) rel="noreferrer" { "Original" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `url`, if it is an address of the web.
fn web_address(url: Option<&str>) -> Option<&str> {
    url.filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}
