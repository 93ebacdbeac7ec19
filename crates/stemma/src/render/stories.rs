//! Stories as a table: for each how many reports, outlets and witnesses it has, when they came, and its headline.

use std::collections::BTreeSet;

use stemma_core::{Document, Published};

use super::TextOptions;
use super::layout::Page;
use super::overview::counted;
use super::runs::{Run, Style};
use crate::api::{self, why};
use crate::{Arrivals, Grouped, Related};

/// Digits of a story's id that are shown: enough to name it among some ten thousand.
const ID_DIGITS: usize = 8;
/// Column of the headline.
const INDENT: usize = 10;
/// Columns of the time in which the reports came.
const SPAN_WIDTH: usize = 23;

/// What the table shows of a story.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoryRow {
    n_reports: usize,
    n_witnesses: usize,
    columns: String,
    label: String,
    /// How each story that is near is so, and its headline.
    related: Vec<[String; 2]>,
    /// What is said of each report, and why it is there if that is known.
    reports: Vec<(String, Option<String>)>,
}

impl StoryRow {
    /// The row of a story; `with_reports` also lists its reports and the stories near to it.
    pub fn of(grouped: &Grouped, with_reports: bool) -> Self {
        Self {
            n_reports: grouped.compared.story.documents().len(),
            n_witnesses: grouped.compared.comparison.witnesses.len(),
            columns: columns(grouped),
            label: grouped.label.clone(),
            related: if with_reports { related(grouped) } else { Vec::new() },
            reports: if with_reports { reports(grouped) } else { Vec::new() },
        }
    }
}

/// See [`super::story_rows`].
pub(super) fn render(stories: &[StoryRow], options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.color);
    let n_reports: usize = stories.iter().map(|story| story.n_reports).sum();
    let n_stories =
        if stories.len() == 1 { "1 story".to_owned() } else { format!("{} stories", stories.len()) };
    let counts = format!("{} · {n_stories}", counted(n_reports, "report"));
    page.item(0, "", 0, &[Run::plain(counts)]);
    page.gap();
    let mut sorted: Vec<&StoryRow> = stories.iter().collect();
    sorted.sort_by_key(|story| (std::cmp::Reverse(story.n_witnesses), std::cmp::Reverse(story.n_reports)));
    let n_shown =
        if options.all { sorted.len() } else { sorted.iter().filter(|story| story.n_reports > 1).count() };
    // Where all stand alone there is nothing else to show.
    let n_shown = if n_shown == 0 { sorted.len() } else { n_shown };
    let head = format!(
        "{:<INDENT$}{:>7}  {:>7}  {:>9}  {:<SPAN_WIDTH$}  GROWTH",
        "STORY", "REPORTS", "OUTLETS", "WITNESSES", "PUBLISHED"
    );
    page.columns(Style::Faint, &head);
    for story in &sorted[..n_shown] {
        page.columns(Style::Plain, &story.columns);
        page.item(INDENT, "", INDENT, &[Run::new(Style::Strong, &story.label)]);
        for [how, label] in &story.related {
            let runs = [Run::plain(how), Run::new(Style::Faint, label)];
            page.item(INDENT, "→", INDENT + 2, &runs);
        }
        for (about, why) in &story.reports {
            page.item(INDENT, "·", INDENT + 2, &[Run::new(Style::Faint, about)]);
            if let Some(why) = why {
                page.item(INDENT + 2, "", INDENT + 4, &[Run::plain(why)]);
            }
        }
    }
    if n_shown < sorted.len() {
        page.gap();
        let rest = match sorted.len() - n_shown {
            1 => "1 report stands alone (--all shows it)".to_owned(),
            n => format!("{n} reports stand alone (--all shows them)"),
        };
        page.item(0, "", 0, &[Run::new(Style::Faint, rest)]);
    }
    page.finish()
}

fn columns(grouped: &Grouped) -> String {
    let documents = grouped.compared.story.documents();
    let named: Vec<&str> = documents.iter().filter_map(|document| document.report().outlet()).collect();
    let outlets = match named.iter().collect::<BTreeSet<_>>().len() {
        0 => "–".to_owned(),
        n if named.len() < documents.len() => format!("≥{n}"),
        n => n.to_string(),
    };
    let line = format!(
        "{:<INDENT$}{:>7}  {:>7}  {:>9}  {:<SPAN_WIDTH$}  {}",
        &grouped.id.to_string()[..ID_DIGITS],
        documents.len(),
        outlets,
        grouped.compared.comparison.witnesses.len(),
        span(documents),
        growth(&Arrivals::of(documents)),
    );
    line.trim_end().to_owned()
}

/// The stories near to one.
fn related(grouped: &Grouped) -> Vec<[String; 2]> {
    let line = |near: &Related| {
        let id = &near.story.to_string()[..ID_DIGITS];
        let how = api::related(grouped, near).in_short();
        [format!("{id} {how} "), format!("· {}", near.label)]
    };
    grouped.related.iter().map(line).collect()
}

/// The reports of a story, each with why it is there if that is known.
fn reports(grouped: &Grouped) -> Vec<(String, Option<String>)> {
    let mut lines = Vec::new();
    for (n, document) in grouped.compared.story.documents().iter().enumerate() {
        let report = document.report();
        let published = document.published().map(|at| at.to_string());
        let parts = [report.outlet().map(str::to_owned), published, Some(report.origin().to_string())];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let Some(fitted) = grouped.fitted.get(n) else {
            lines.push((parts.join(" · "), None));
            continue;
        };
        let second = match fitted.second {
            Some((story, fit)) => format!("; next {} {fit:.2}", &story.to_string()[..ID_DIGITS]),
            None => String::new(),
        };
        let alone = grouped.fitted.len() == 1;
        let why =
            if alone { "alone".to_owned() } else { why(document, fitted.fit, &fitted.reasons).in_short() };
        lines.push((parts.join(" · "), Some(why + &second)));
    }
    lines
}

/// "2026-03-04 07:10–13:02Z", "2026-03-04", "2026-03-04 – 03-06".
fn span(documents: &[Document]) -> String {
    let dated: Vec<Published> = documents.iter().filter_map(Document::published).collect();
    let days = || dated.iter().map(|at| at.date());
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return "undated".to_owned() };
    let clock = |at: &Published| Some(jiff::tz::Offset::UTC.to_datetime(at.instant()?));
    let exact: Option<Vec<jiff::civil::DateTime>> = dated.iter().map(clock).collect();
    if let Some(exact) = exact
        && let (Some(first), Some(last)) = (exact.iter().min(), exact.iter().max())
        && first.date() == last.date()
    {
        let from = first.strftime("%Y-%m-%d %H:%M").to_string();
        let to = last.strftime("%H:%M").to_string();
        return if from.ends_with(&to) { format!("{from}Z") } else { format!("{from}–{to}Z") };
    }
    match first.year() == last.year() {
        _ if first == last => first.to_string(),
        true => format!("{first} – {}", last.strftime("%m-%d")),
        false => format!("{first} – {last}"),
    }
}

/// A bar for each step: none of its reports, or its share of the most in one step in eighths.
fn growth(arrivals: &Arrivals) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = arrivals.counts.iter().copied().max().unwrap_or(0);
    let bar = |&n: &usize| if n == 0 { '·' } else { BARS[(n * BARS.len()).div_ceil(most) - 1] };
    if arrivals.counts.len() < 2 {
        return String::new();
    }
    let step = match arrivals.step_hours {
        1 => "by the hour".to_owned(),
        24 => "by day".to_owned(),
        168 => "by week".to_owned(),
        hours if hours < 24 => format!("in {hours} hours"),
        hours => format!("in {} days", hours / 24),
    };
    format!("{} {step}", arrivals.counts.iter().map(bar).collect::<String>())
}

#[cfg(test)]
mod tests {
    use stemma_core::{Origin, Report, ReportDraft};

    use super::*;
    use crate::Engine;

    #[test]
    fn a_table_has_the_story_of_most_witnesses_first() {
        let report = |outlet: &str, hour: u8, title: &str, text: &str| {
            let at = format!("2026-03-04T{hour:02}:20:00Z").parse().unwrap();
            let published = Some(Published::Instant(at, jiff::tz::Offset::constant(1)));
            let (outlet, title) = (Some(outlet.to_owned()), Some(title.to_owned()));
            let draft =
                ReportDraft { outlet, title, published, text: text.to_owned(), ..ReportDraft::default() };
            Report::new(draft, Origin::whole(format!("{hour}.txt")))
        };
        let engine = Engine::load();
        let reports = vec![
            report(
                "Post",
                8,
                "Chess club of Varna wins again",
                "The chess club of Varna beat Sofia on Wednesday and keeps the cup.",
            ),
            report(
                "Post",
                9,
                "Ferry aground off Skarvik",
                "The ferry Nordlys ran aground off Skarvik on Wednesday with forty people on board, the coast guard said.",
            ),
            report(
                "Courier",
                11,
                "Ferry Nordlys runs aground",
                "Forty people were on board when the ferry Nordlys ran aground off Skarvik, according to the coast guard.",
            ),
        ];
        let stories = engine.stories(&engine.annotate(reports, 1), &[]);
        let rows: Vec<StoryRow> = stories.iter().map(|story| StoryRow::of(story, true)).collect();
        insta::assert_snapshot!(render(&rows, &TextOptions { width: 80, ..TextOptions::default() }), @r"
        3 reports · 2 stories

        STORY     REPORTS  OUTLETS  WITNESSES  PUBLISHED                GROWTH
        3254c1c5        2        2          1  2026-03-04 09:20–11:20Z  █·█ by the hour
                  Ferry Nordlys runs aground
                  · Post · 2026-03-04T10:20:00+01:00 · 9.txt
                  · Courier · 2026-03-04T12:20:00+01:00 · 11.txt

        1 report stands alone (--all shows it)
        ");
    }
}
