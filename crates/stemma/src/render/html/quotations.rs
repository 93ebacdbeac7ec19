//! Who is quoted, in which words: speakers by reports, and the variants of each utterance.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use stemma_core::{Form, ReportIndex};

use super::items::{item_of_speaker, letter_link, marks_legend, runs};
use super::sections::section as titled;
use super::{Page, language};
use crate::render::overview::{Side, counted};
use crate::render::runs::clean;

/// Stands for a speaker whom no report names.
const NOBODY: &str = "Speaker not named";

/// What one speaker says.
#[derive(Default)]
struct Said<'a> {
    /// Utterances that several reports give, as indices into the items.
    shared: Vec<usize>,
    /// Those of one witness alone.
    alone: Vec<(ReportIndex, &'a Side)>,
}

impl Said<'_> {
    /// How many of them `report` gives.
    fn n_in(&self, page: &Page, report: ReportIndex) -> usize {
        let shared = self.shared.iter().filter(|&&n| page.overview.items[n].carried_by().contains(&report));
        shared.count() + self.alone.iter().filter(|(owner, _)| *owner == report).count()
    }
}

/// All quotations, those who are quoted most first.
pub(super) fn view(page: &Page) -> Markup {
    let speakers = speakers(page);
    html! {
        (titled("speakers", "Who is quoted where", None, speakers.is_empty(), &table(page, &speakers)))
        @for (n, (name, said)) in speakers.iter().enumerate() {
            (titled(&format!("speaker-{n}"), name, Some(said.shared.len() + said.alone.len()), false, &html! {
                @if n == 0 { p.legend { (marks_legend()) } }
                @for &n in &said.shared { (item_of_speaker(page, n)) }
                @if !said.alone.is_empty() { (alone(page, said)) }
            }))
        }
        @if speakers.is_empty() { section { p { "Nobody is quoted in these reports." } } }
    }
}

/// How many quotations [`view`] shows.
pub(super) fn count(page: &Page) -> usize {
    speakers(page).iter().map(|(_, said)| said.shared.len() + said.alone.len()).sum()
}

/// The speakers, by the fullest name that the story has for them.
fn speakers<'a>(page: &'a Page) -> Vec<(String, Said<'a>)> {
    let mut by_name: BTreeMap<String, Said<'a>> = BTreeMap::new();
    for &n in &page.overview.utterances {
        let item = &page.overview.items[n];
        let name =
            item.speaker.clone().map_or_else(|| NOBODY.to_owned(), |name| full_name(page, None, &name));
        by_name.entry(name).or_default().shared.push(n);
    }
    for (report, sides) in &page.overview.only_in {
        for side in sides {
            let cell = &page.comparison.only_in[side.places[0].1].cell;
            let is_quoted = matches!(cell.form, Some(Form::Direct | Form::Mixed));
            if let Some(name) = cell.source_name.as_deref().filter(|_| is_quoted) {
                let name = full_name(page, Some(*report), &clean(name));
                by_name.entry(name).or_default().alone.push((*report, side));
            }
        }
    }
    let mut speakers: Vec<(String, Said)> = by_name.into_iter().collect();
    speakers.sort_by_key(|(name, said)| {
        (name == NOBODY, Reverse(said.shared.len()), Reverse(said.alone.len()), name.clone())
    });
    speakers
}

/// The name under which the story knows whom a report, or any, calls `name`.
fn full_name(page: &Page, report: Option<ReportIndex>, name: &str) -> String {
    let calls_so = |entity: &&stemma_core::StoryEntity| {
        let of_report =
            entity.names.iter().filter(|(owner, ..)| report.is_none_or(|report| report == *owner));
        clean(&entity.name) == name
            || of_report.flat_map(|(.., forms)| forms).any(|form| clean(&form.text) == name)
    };
    let known: BTreeSet<String> =
        page.comparison.entities.iter().filter(calls_so).map(|entity| clean(&entity.name)).collect();
    // A name that two could bear stays as it is.
    match known.len() {
        1 => known.into_iter().next().unwrap_or_default(),
        _ => name.to_owned(),
    }
}

fn table(page: &Page, speakers: &[(String, Said)]) -> Markup {
    let reports: Vec<ReportIndex> = page.overview.witnesses.iter().flatten().copied().collect();
    html! {
        div.scroll.matrix tabindex="0" role="region" aria-label="Table of speakers by reports" {
            table {
                thead {
                    tr {
                        th scope="col" { "Speaker" }
                        @for &report in &reports {
                            th scope="col" { (letter_link(page, report, &page.text_link(report), None)) }
                        }
                    }
                }
                tbody {
                    @for (n, (name, said)) in speakers.iter().enumerate() {
                        tr {
                            th scope="row" { a href={ "#speaker-" (n) } { bdi { (name) } } }
                            @for &report in &reports {
                                td { @match said.n_in(page, report) { 0 => {}, n => (n) } }
                            }
                        }
                    }
                }
            }
        }
        p.legend { "How many quotations of each speaker a report gives: those that others give too, and those of one witness alone in quotation marks." }
    }
}

fn alone(page: &Page, said: &Said) -> Markup {
    html! {
        h3 { "In one witness only " span.count { (counted(said.alone.len(), "quotation")) } }
        ul.plain {
            @for (report, side) in &said.alone {
                li {
                    (letter_link(page, *report, &page.only_link(side.places[0].1), None)) " "
                    span.words lang=(language(page.story.document(*report))) dir="auto" { (runs(&side.runs)) }
                }
            }
        }
    }
}
