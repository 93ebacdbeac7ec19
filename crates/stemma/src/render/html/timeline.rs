//! When the reports came, and the days that they speak of.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use stemma_core::{Document, Published, ReportIndex};

use super::items::{item, letter_link, shortened};
use super::sections::section as titled;
use super::{Page, language};

/// Days, and what the reports say of them.
pub(super) fn section(page: &Page) -> Markup {
    titled("timeline", "When", None, page.overview.timeline.is_empty(), &days(page))
}

/// When the reports came, what later ones brought up to date, and the days that they speak of.
pub(super) fn view(page: &Page) -> Markup {
    let overview = &page.overview;
    let updates = &overview.updates;
    html! {
        (titled("arrivals", "When each report came", None, false, &arrivals(page)))
        (titled("updates", "Brought up to date", Some(updates.len()), updates.is_empty(), &html! {
            p.legend { "Later reports tell of a later state. That is no conflict." }
            @for &n in updates { (item(page, n)) }
        }))
        (titled("timeline", "Days that the reports speak of", None, overview.timeline.is_empty(), &days(page)))
    }
}

fn days(page: &Page) -> Markup {
    html! {
        dl.days {
            @for day in &page.overview.timeline {
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
    }
}

/// The reports, the earliest first, those without a date last; each with whom it has its words from.
fn arrivals(page: &Page) -> Markup {
    let mut order: Vec<(ReportIndex, &Document)> = page.story.iter().collect();
    order.sort_by_key(|&(report, document)| {
        (latest_instant(document).map_or((1, None), |at| (0, Some(at))), report)
    });
    let leads = match order[..] {
        [(_, first), (_, second), ..] => is_before(first, second),
        _ => false,
    };
    html! {
        (axis(page, &order))
        ol.arrivals {
            @for (n, &(report, document)) in order.iter().enumerate() {
                @let line = &page.overview.reports[report.index()];
                li {
                    span.time { (when(document)) }
                    div {
                        (letter_link(page, report, &page.text_link(report), None)) " "
                        strong { bdi { (line.name) } }
                        @if n == 0 && leads { " " span.tag { "first of these" } }
                        @if let Some(title) = &line.title { " " span.words lang=(language(document)) dir="auto" { (title) } }
                        @for edge in page.overview.lineage.iter().filter(|edge| edge.to == line.letter) {
                            " " span.faint { "· " (edge.verb) " " bdi { (edge.from) } }
                        }
                    }
                }
            }
        }
        p.legend {
            "By the time of publication that each report gives; those that give only a day stand at its end in the list, and in its middle on the line. Who comes first in this list need not have been first."
        }
    }
}

/// Room of a letter on the axis, so that letters do not lie on each other on a phone. Unit: hundredths of the width.
const LETTER: f64 = 9.0;
/// Height of a row of letters, and of the line with its labels. Unit: pixels.
const ROW: usize = 26;
const LINE: usize = 30;

/// The reports on a line, apart as their times are; one of which only the day is known stands in its middle. Empty where fewer than two
/// times are known. The list below says the same in words.
fn axis(page: &Page, order: &[(ReportIndex, &Document)]) -> Markup {
    let dated: Vec<(ReportIndex, Timestamp, Timestamp)> = order
        .iter()
        .filter_map(|&(report, document)| {
            Some((report, earliest_instant(document)?, latest_instant(document)?))
        })
        .collect();
    let first = dated.iter().map(|(_, start, _)| *start).min();
    let last = dated.iter().map(|(.., end)| *end).max();
    let (Some(first), Some(last)) = (first, last.filter(|last| dated.len() > 1 && first < Some(*last)))
    else {
        return html! {};
    };
    let seconds = |at: Timestamp| (at.as_second() - first.as_second()) as f64;
    let place = |at: Timestamp| LETTER / 2.0 + (100.0 - LETTER) * seconds(at) / seconds(last).max(1.0);
    let mut marks: Vec<(f64, &(ReportIndex, Timestamp, Timestamp))> =
        dated.iter().map(|mark| ((place(mark.1) + place(mark.2)) / 2.0, mark)).collect();
    marks.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Each letter in the lowest row that has room for it.
    let mut rows: Vec<f64> = Vec::new();
    let marks: Vec<(f64, usize, &(ReportIndex, Timestamp, Timestamp))> = marks
        .into_iter()
        .map(|(at, mark)| {
            let row = rows.iter().position(|taken| at - taken >= LETTER).unwrap_or(rows.len());
            if row == rows.len() {
                rows.push(at);
            } else {
                rows[row] = at;
            }
            (at, row, mark)
        })
        .collect();
    let line = ROW * rows.len();
    let percent = |at: f64| format!("{at:.1}%");
    let day = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    html! {
        svg.axis width="100%" height=(line + LINE) aria-hidden="true" {
            line.time x1="0" x2="100%" y1=(line) y2=(line) {}
            @for (at, row, (report, start, end)) in marks {
                @let (y, letter) = (line - ROW * row - ROW / 2 - 2, &page.overview.reports[report.index()].letter);
                line x1=(percent(at)) x2=(percent(at)) y1=(y) y2=(line) {}
                @if start < end { line.day x1=(percent(place(*start))) x2=(percent(place(*end))) y1=(line) y2=(line) {} }
                circle cx=(percent(at)) cy=(y) r="10" {}
                text.letters x=(percent(at)) y=(y + 4) { (letter) }
            }
            text.from x="0" y=(line + 20) { (day(first)) }
            text.to x="100%" y=(line + 20) { (day(last)) }
        }
    }
}

/// When it was published, or where only the day is known the beginning of it.
fn earliest_instant(document: &Document) -> Option<Timestamp> {
    let at = document.published()?;
    let midnight = || at.date().at(0, 0, 0, 0).to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    at.instant().or_else(midnight)
}

/// When it was published, or where only the day is known the end of it.
fn latest_instant(document: &Document) -> Option<Timestamp> {
    let at = document.published()?;
    let end_of_day = || at.date().at(23, 59, 59, 0).to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    at.instant().or_else(end_of_day)
}

/// True if it is known that `a` was published before `b`.
fn is_before(a: &Document, b: &Document) -> bool {
    match (a.published(), b.published()) {
        (Some(a), Some(b)) => match (a.instant(), b.instant()) {
            (Some(a), Some(b)) => a < b,
            _ => a.date() < b.date(),
        },
        _ => false,
    }
}

/// "2026-09-15 14:05 +07:00", "2026-09-15 (date in the text)".
fn when(document: &Document) -> String {
    let Some(at) = document.published() else { return "undated".to_owned() };
    let day = match at {
        Published::Instant(at, offset) => {
            at.to_zoned(offset.to_time_zone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
        }
        Published::Day(day) => day.to_string(),
    };
    if document.report().published().is_some() { day } else { format!("{day} (in the text)") }
}
