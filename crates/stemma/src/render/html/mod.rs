//! A comparison as one HTML page that needs no other file, no network and, for reading, no JavaScript.
//!
//! Every aligned cell is a link in the columns of texts to the statement that it belongs to, and the letter of every
//! cell in the lists is a link to its place in the texts. With JavaScript, choosing either lights up all cells of the
//! statement and brings each column to its own. Everything that comes from a report goes through maud's escaping;
//! addresses are linked only if they are `http` or `https`.

mod changes;
mod core;
mod items;
mod links;
mod matrix;
mod names;
mod quotations;
mod reader;
mod sections;
mod sources;
mod statement;
mod stemma;
mod timeline;
mod views;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use stemma_core::{AlignmentRef, Comparison, Document, ReportIndex, Story};

use super::overview::Overview;
pub use changes::ChangesView;
pub(super) use changes::view as changes;
use links::{Ids, Links};
pub use statement::StatementView;
pub use views::{Columns, StoryViews, View};

pub(super) const STYLE: &str = include_str!("style.css");
pub(super) const SCRIPT: &str = include_str!("script.js");

/// No page of ours loads anything: neither fonts nor scripts nor pictures from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// What the parts of the page need.
#[derive(Clone, Copy)]
struct Page<'a> {
    story: &'a Story,
    comparison: &'a Comparison,
    overview: &'a Overview,
    ids: &'a Ids,
    links: &'a Links,
}

impl Page<'_> {
    /// Id of the statement `of` in lists.
    fn item_id(&self, of: AlignmentRef) -> &str {
        self.ids.row(of)
    }

    /// Id of a cell of `of` in the texts.
    fn cell_id(&self, of: AlignmentRef, cell: usize) -> String {
        format!("{}-{cell}", self.item_id(of))
    }

    fn letter(&self, report: ReportIndex) -> &str {
        &self.overview.reports[report.index()].letter
    }
}

/// Id of a passage that stands in one witness only, in the texts.
fn only_id(n: usize) -> String {
    format!("only-{n}")
}

/// Id of a side of a doubtful pair, in the texts.
fn doubt_id(n: usize, side: usize) -> String {
    format!("doubt-{n}-{side}")
}

/// The language of a report's words; empty, which stands for unknown, if the report does not say.
fn language(document: &Document) -> &str {
    document.report().language().unwrap_or_default()
}

/// See [`super::html`].
pub(super) fn render(story: &Story, comparison: &Comparison) -> String {
    let (overview, ids) = (Overview::new(story, comparison), Ids::of(story, comparison));
    let page = Page { story, comparison, overview: &overview, ids: &ids, links: &Links::OnePage };
    let headline = overview.headline().unwrap_or("Comparison of reports");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                title { (headline) " – Stemma" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.kicker { "Stemma · " (overview.summary()) }
                    h1 dir="auto" { (headline) }
                    (contents(&overview))
                }
                main { (all_sections(&page)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
    .into_string()
}

fn all_sections(page: &Page) -> Markup {
    html! {
        (sections::reports(page))
        (sections::conflicts(page))
        (sections::updates(page))
        (matrix::section(page))
        (sections::shared(page))
        (sections::utterances(page))
        (sections::only_in(page))
        (sections::doubtful(page))
        (sections::omissions(page))
        (sections::emphasis(page))
        (names::section(page))
        (timeline::section(page))
        (stemma::section(page))
        (reader::section(page))
    }
}

/// Links to the sections that are there.
fn contents(overview: &Overview) -> Markup {
    let n_facts = overview.core.len() + overview.copied.len();
    let n_only: usize = overview.only_in.iter().map(|(_, sides)| sides.len()).sum();
    let n_omitted: usize = overview.omissions.iter().map(|(_, omitted)| omitted.len()).sum();
    let links = [
        ("conflicts", "Conflicts", overview.n_conflicts()),
        ("updates", "Updates", overview.updates.len()),
        ("matrix", "Who says what", overview.items.len()),
        ("shared", "Shared", n_facts),
        ("utterances", "Quoted", overview.utterances.len()),
        ("only-in", "Only in one", n_only),
        ("doubtful", "Perhaps", overview.loose.len() + overview.doubtful.len()),
        ("omissions", "Left out", n_omitted),
        ("emphasis", "Emphasis", if overview.emphasis.len() > 1 { overview.emphasis.len() } else { 0 }),
        ("names", "Names", overview.names.len() + overview.named_once.len() + overview.namings.len()),
        ("timeline", "When", overview.timeline.len()),
        ("lineage", "From whom", overview.reports.len().saturating_sub(1)),
        ("texts", "Texts", overview.reports.len()),
    ];
    html! {
        nav aria-label="Sections" {
            ul {
                @for (id, title, count) in links {
                    @if count > 0 {
                        li { a href={ "#" (id) } { (title) @if id != "lineage" { " " span.count { (count) } } } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use stemma_core::{Origin, Report, ReportDraft};

    #[test]
    fn nothing_of_a_report_becomes_markup() {
        let draft = |text: &str| ReportDraft {
            outlet: Some("<script>alert(1)</script> & \"Sons\"".into()),
            title: Some("</title><script>alert(2)</script>".into()),
            url: Some("javascript:alert(3)".into()),
            language: Some("\" onload=\"alert(4)".into()),
            text: text.into(),
            ..ReportDraft::default()
        };
        let texts = [
            "“</script><script>alert(5)</script> & we won’t pay,” Mayor Ana Lima said on Friday.\n\nقال الرئيس إن الميناء مفتوح.",
            "“<img src=x onerror=alert(6)> & we won’t pay,” Mayor Ana Lima said on Friday.",
        ];
        let reports = texts.map(|text| Report::new(draft(text), Origin::whole("-"))).into();
        let engine = crate::Engine::load();
        let compared = engine.compare(engine.annotate(reports, 1));
        let page = crate::render::html(&compared.story, &compared.comparison);
        assert_eq!(page.matches("<script").count(), 1);
        assert!(!page.contains("<img") && !page.contains("href=\"javascript") && !page.contains("\" onload"));
        assert!(page.contains("&lt;script&gt;alert(5)") && page.contains("الميناء"));
        assert!(page.matches("dir=\"auto\"").count() > 3);
    }
}
