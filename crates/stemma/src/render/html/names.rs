//! Who and what is named, in which forms.

use std::collections::BTreeMap;

use maud::{Markup, html};
use stemma_core::{EntityKind, MentionForm, ReportIndex};

use super::Page;
use super::items::letter_link;
use super::sections::section as titled;
use crate::render::runs::clean;

/// Statements that are linked beside the labels that stand for each other in them.
const MOST_LINKS: usize = 4;
/// Descriptions of one entity that are shown.
const MOST_LABELS: usize = 8;

/// Names in different forms, labels that stand for each other, names of one report only.
pub(super) fn section(page: &Page) -> Markup {
    let overview = &page.overview;
    let content = html! {
        (in_forms(page))
        @if !overview.namings.is_empty() {
            h3 { "The same under other labels" }
            (labels(page))
        }
        @for (report, names) in &overview.named_once {
            p {
                "Only in " strong { (page.letter(*report)) } ": "
                @for (n, name) in names.iter().enumerate() { @if n > 0 { ", " } bdi { (name) } }
            }
        }
    };
    let is_empty = overview.names.is_empty() && overview.named_once.is_empty() && overview.namings.is_empty();
    titled("names", "Names", None, is_empty, &content)
}

/// The same, and everything that is named, as a page.
pub(super) fn view(page: &Page) -> Markup {
    let overview = &page.overview;
    let described = described(page);
    html! {
        (titled("names", "In different forms", Some(overview.names.len()), overview.names.is_empty(), &in_forms(page)))
        (titled("labels", "The same under other labels", None, overview.namings.is_empty(), &html! {
            p.legend { "Nouns that stand for each other in aligned statements, in the outlets’ own words." }
            (labels(page))
        }))
        (titled("described", "Without a name", None, described.is_empty(), &html! {
            dl {
                @for (name, forms) in &described {
                    dt { bdi { (name) } }
                    dd { (grouped(page, forms)) }
                }
            }
        }))
        (everything(page))
    }
}

/// Reports, and what each of them says.
type Forms = Vec<(Vec<ReportIndex>, Vec<String>)>;

fn grouped(page: &Page, forms: &Forms) -> Markup {
    html! {
        @for (reports, forms) in forms {
            span.form {
                strong { (page.overview.letters(reports, usize::MAX)) } " "
                @for (n, form) in forms.iter().enumerate() { @if n > 0 { ", " } bdi { (form) } }
            }
            " "
        }
    }
}

fn in_forms(page: &Page) -> Markup {
    html! {
        @if !page.overview.names.is_empty() {
            dl {
                @for name in &page.overview.names {
                    dt { bdi { (name.name) } " " span.faint { (name.kind.as_str()) } }
                    dd { (grouped(page, &name.forms)) }
                }
            }
        }
    }
}

fn labels(page: &Page) -> Markup {
    html! {
        dl {
            @for naming in &page.overview.namings {
                dt {
                    "Statement "
                    @for (n, &number) in naming.items.iter().take(MOST_LINKS).enumerate() {
                        @if n > 0 { ", " }
                        a.number href=(page.row_link(page.overview.items[number - 1].of)) { (number) }
                    }
                }
                dd { (grouped(page, &naming.forms)) }
            }
        }
    }
}

/// What reports call somebody without a name ("the university"), with counts; those first that most reports name.
fn described(page: &Page) -> Vec<(String, Forms)> {
    let mut all = Vec::new();
    for entity in &page.comparison.entities {
        let mut forms: Forms = Vec::new();
        for (report, id, _) in &entity.names {
            let document = page.story.document(*report);
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            let mentions = document.layers().mentions.items().iter();
            for mention in mentions.filter(|m| m.form == MentionForm::Described && m.entity == Some(*id)) {
                *counts.entry(clean(document.slice(mention.span)).to_lowercase()).or_default() += 1;
            }
            let told = |(label, n): (String, usize)| if n > 1 { format!("{label} ×{n}") } else { label };
            let labels: Vec<String> = counts.into_iter().take(MOST_LABELS).map(told).collect();
            match forms.iter_mut().find(|(_, known)| *known == labels) {
                _ if labels.is_empty() => {}
                Some((reports, _)) => reports.push(*report),
                None => forms.push((vec![*report], labels)),
            }
        }
        if !forms.is_empty() {
            all.push((clean(&entity.name), forms));
        }
    }
    all
}

/// Every name, by kind, with the reports that give it.
fn everything(page: &Page) -> Markup {
    let mut by_kind: BTreeMap<&str, Vec<(String, Vec<ReportIndex>)>> = BTreeMap::new();
    for entity in &page.comparison.entities {
        let mut reports: Vec<ReportIndex> = entity.names.iter().map(|&(report, ..)| report).collect();
        reports.dedup();
        by_kind.entry(plural(entity.kind)).or_default().push((clean(&entity.name), reports));
    }
    let content = html! {
        div.kinds {
            @for (kind, names) in &by_kind {
                div {
                    h3 { (kind) " " span.count { (names.len()) } }
                    ul.plain {
                        @for (name, reports) in names {
                            li {
                                bdi { (name) } " "
                                span.faint { (page.overview.letters(reports, 12)) }
                            }
                        }
                    }
                }
            }
        }
        p.legend {
            "Reports: "
            @for (report, _) in page.story.iter() {
                (letter_link(page, report, &page.text_link(report), None)) " "
            }
        }
    };
    titled("named", "Everything that is named", None, by_kind.is_empty(), &content)
}

fn plural(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "Persons",
        EntityKind::Organization => "Organizations",
        EntityKind::Place => "Places",
        _ => "Other names",
    }
}
