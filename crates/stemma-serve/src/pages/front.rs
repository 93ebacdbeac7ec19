//! The front page: stories, those that grow first.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Html;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use stemma::Arrivals;
use stemma::render::clean;
use stemma_core::StoryId;

use super::forms::Csrf;
use super::frame::{Frame, Place};
use super::{Page, add, counted, watch};
use crate::assets::LIVE;
use crate::desk::Desk;
use crate::front::{Front, Line, Order, Wanted};
use crate::problem::Problem;

/// Stories on one page.
const STORIES: usize = 50;
/// Outlets that are named beside a story.
const NAMED_OUTLETS: usize = 6;
/// Days in the navigation.
const DAYS: usize = 10;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    day: String,
    order: Order,
    /// Outlets at least; without it, stories of one outlet are left out if there are others.
    outlets: Option<usize>,
    page: usize,
}

impl Asked {
    fn wanted(&self, least_outlets: usize) -> Result<Wanted, Problem> {
        let not_a_day = |_| Problem::bad_request(format!("{:?} is not a day; 2026-03-01 is one", self.day));
        let day = if self.day.is_empty() { None } else { Some(self.day.parse().map_err(not_a_day)?) };
        Ok(Wanted { words: self.q.clone(), day, order: self.order, least_outlets })
    }

    /// Where these stories are.
    fn address(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |name: &'static str, value: String| {
            if !value.is_empty() {
                parts.push((name, value));
            }
        };
        add("q", self.q.clone());
        add("day", self.day.clone());
        add("order", if self.order == Order::default() { "" } else { self.order.as_str() }.to_owned());
        add("outlets", self.outlets.map_or_else(String::new, |n| n.to_string()));
        add("page", if self.page == 0 { String::new() } else { self.page.to_string() });
        let query = serde_urlencoded::to_string(&parts).unwrap_or_default();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }

    fn with_order(&self, order: Order) -> String {
        Self { order, page: 0, ..self.clone() }.address()
    }

    fn with_day(&self, day: String) -> String {
        Self { day, page: 0, ..self.clone() }.address()
    }

    fn with_page(&self, page: usize) -> String {
        Self { page, ..self.clone() }.address()
    }

    /// Whether fewer stories are asked for than there are.
    fn is_filtered(&self) -> bool {
        !self.q.is_empty() || !self.day.is_empty() || self.outlets.is_some_and(|n| n > 0)
    }

    fn with_all_outlets(&self) -> String {
        Self { outlets: Some(0), page: 0, ..self.clone() }.address()
    }
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, csrf: Csrf, Query(asked): Query<Asked>) -> Page {
    let front = desk.front();
    if front.n_reports == 0 {
        return Ok(first_run(&csrf));
    }
    let mut found = front.find(&asked.wanted(asked.outlets.unwrap_or(2))?);
    let mut n_single = 0;
    if asked.outlets.is_none() {
        let all = front.find(&asked.wanted(0)?);
        n_single = all.len() - found.len();
        if found.is_empty() {
            (found, n_single) = (all, 0);
        }
    }
    let start = asked.page.saturating_mul(STORIES);
    let shown: Vec<&Line> = found.iter().skip(start).take(STORIES).copied().collect();
    let known: Vec<(StoryId, Option<usize>)> = shown.iter().map(|line| (line.id, line.n_witnesses)).collect();
    let witnesses = desk.with_store(move |desk, store| Ok(desk.witnesses.of(store, &known)?)).await?;
    let body = html! {
        header {
            h1 { @if asked.day.is_empty() { "Stories" } @else { "Stories of " (asked.day) } }
            p.faint { (summary(&front, found.len(), &asked)) }
            p #news.news role="status" aria-live="polite" hidden data-stories=(front.stories.len())
                data-reports=(front.n_reports) {}
            (orders(&asked))
            (days(&front, &asked))
            (filter(&asked))
        }
        main #main {
            section aria-label="Stories" {
                @if found.is_empty() {
                    p { "No story fits. " a href="/" { "All stories" } }
                }
                ol.stories start=(start.saturating_add(1)) {
                    @for (line, witnesses) in shown.iter().zip(witnesses) { li { (story(line, witnesses)) } }
                }
                nav.pages aria-label="Pages" {
                    @if asked.page > 0 { a rel="prev" href=(asked.with_page(asked.page - 1)) { "Back in the list" } }
                    @if start.saturating_add(STORIES) < found.len() {
                        a rel="next" href=(asked.with_page(asked.page + 1)) { "Further in the list" }
                    }
                }
                @if n_single > 0 {
                    p { a href=(asked.with_all_outlets()) { "Show " (counted(n_single, "story")) " more, each of one outlet at most" } }
                }
                @if !shown.is_empty() {
                    p.legend {
                        "Growing: by outlets of late, those that reported within two days of the newest report, but counted no higher than the story’s witnesses, so that copies of one report count once. Stories are compared, and their witnesses counted, when they are opened, and the first ones while nobody asks for anything."
                    }
                }
            }
        }
    };
    Ok(Html(Frame::new("Stories", Place::Stories).script(&LIVE).page(&body)))
}

fn summary(front: &Front, n_found: usize, asked: &Asked) -> String {
    let (reports, stories) = (counted(front.n_reports, "report"), counted(front.stories.len(), "story"));
    let mut text = format!("{reports} in {stories}");
    if front.n_loose > 0 {
        let _ = write!(text, ", {} in none yet", front.n_loose);
    }
    if !asked.q.is_empty() {
        let _ = write!(text, " · {n_found} found for “{}”", asked.q);
    } else if !asked.day.is_empty() {
        let _ = write!(text, " · {n_found} on this day");
    }
    text
}

fn orders(asked: &Asked) -> Markup {
    let orders = [(Order::Growing, "Growing"), (Order::Newest, "Newest"), (Order::Largest, "Most outlets")];
    html! {
        nav.choices aria-label="Order" {
            ul {
                @for (order, title) in orders {
                    li {
                        a href=(asked.with_order(order)) aria-current=[(order == asked.order).then_some("true")] {
                            (title)
                        }
                    }
                }
            }
        }
    }
}

/// Days to look at: the newest, or those around the one that is looked at.
fn days(front: &Front, asked: &Asked) -> Markup {
    let day: Option<Date> = asked.day.parse().ok();
    // Newest first: days after the one that is looked at stand before it.
    let at = day.map_or(0, |day| front.days.partition_point(|(other, _)| *other > day));
    let start = at.saturating_sub(DAYS / 2).min(front.days.len().saturating_sub(DAYS));
    let around = front.days.iter().skip(start).take(DAYS);
    html! {
        @if front.days.len() > 1 {
            nav.choices.days aria-label="Days" {
                ul {
                    @if !asked.day.is_empty() { li { a href=(asked.with_day(String::new())) { "All days" } } }
                    @if start > 0 {
                        @let newer = front.days[start - 1].0;
                        li { a rel="prev" href=(asked.with_day(newer.to_string())) { "← newer" } }
                    }
                    @for (day, n) in around {
                        @let name = day.to_string();
                        li {
                            a href=(asked.with_day(name.clone())) aria-current=[(name == asked.day).then_some("date")] {
                                (day.strftime("%a %-d %b")) " " span.count title=(counted(*n, "story")) { (n) }
                            }
                        }
                    }
                    @if let Some((older, _)) = front.days.get(start + DAYS) {
                        li { a rel="next" href=(asked.with_day(older.to_string())) { "older →" } }
                    }
                }
            }
        }
    }
}

/// What narrows the list.
fn filter(asked: &Asked) -> Markup {
    html! {
        details.filter open[asked.is_filtered()] {
            summary { "Filter" }
            form.ask action="/" method="get" {
                label { "Words in headline or outlets " input name="q" value=(asked.q) maxlength="200"; }
                label { "Day " input type="date" name="day" value=(asked.day); }
                label { "Outlets at least " input type="number" name="outlets" min="0" max="1000" value=(asked.outlets.unwrap_or(2)); }
                @if asked.order != Order::default() { input type="hidden" name="order" value=(asked.order.as_str()); }
                button { "Show" }
                @if asked.is_filtered() { a href="/" { "Clear" } }
            }
        }
    }
}

fn story(line: &Line, witnesses: Option<usize>) -> Markup {
    let more = line.outlets.len().saturating_sub(NAMED_OUTLETS);
    let named = line.outlets[..line.outlets.len() - more].join(", ");
    html! {
        article.line {
            div {
                h2 dir="auto" { a href={ "/stories/" (line.id) } { (clean(&line.label)) } }
                p.facts {
                    @match witnesses {
                        Some(n) => strong { (witness_count(n)) },
                        None => span.faint { "not yet compared" },
                    }
                    " · " (counted(line.n_reports, "report"))
                    @if line.outlets.is_empty() { " · outlets not named" } @else { " · " (counted(line.outlets.len(), "outlet")) }
                    @if line.n_lately > 0 { " (" (line.n_lately) " of late)" }
                }
                @if !named.is_empty() { p.outlets { bdi { (clean(&named)) } @if more > 0 { " and " (more) " more" } } }
            }
            div.when {
                (sparkline(&line.arrivals))
                p.count { @match span(line.first, line.last) { Some(days) => (days), None => "undated" } }
            }
        }
    }
}

fn witness_count(n: usize) -> String {
    if n == 1 { "1 witness".to_owned() } else { format!("{n} witnesses") }
}

/// "13 Mar 2026", "12–13 Mar 2026", "27 Feb – 2 Mar 2026".
fn span(first: Option<Date>, last: Option<Date>) -> Option<String> {
    let (first, last) = (first?, last?);
    let from = if first == last {
        return Some(last.strftime("%-d %b %Y").to_string());
    } else if first.first_of_month() == last.first_of_month() {
        format!("{}–", first.day())
    } else if first.year() == last.year() {
        first.strftime("%-d %b – ").to_string()
    } else {
        first.strftime("%-d %b %Y – ").to_string()
    };
    Some(format!("{from}{}", last.strftime("%-d %b %Y")))
}

/// Bars of how many reports came when.
fn sparkline(arrivals: &Arrivals) -> Markup {
    const BAR: usize = 7;
    const STEP: usize = 9;
    const HEIGHT: usize = 28;
    const LEAST_BARS: usize = 12;
    let most = arrivals.counts.iter().max().copied().unwrap_or(0).max(1);
    // Bars are as wide in each, and begin at the left: time goes on to the right.
    let width = arrivals.counts.len().max(LEAST_BARS) * STEP;
    let unit = match arrivals.step_hours {
        1 => "each hour".to_owned(),
        24 => "each day".to_owned(),
        168 => "each week".to_owned(),
        hours if hours > 24 => format!("every {} days", hours / 24),
        hours => format!("every {hours} hours"),
    };
    let told: Vec<String> = arrivals.counts.iter().map(usize::to_string).collect();
    html! {
        @if !arrivals.counts.is_empty() {
            svg.spark preserveAspectRatio="none" viewBox={ "0 0 " (width) " " (HEIGHT) } role="img"
                aria-label={ "Reports " (unit) ": " (told.join(", ")) } {
                @for (n, count) in arrivals.counts.iter().enumerate() {
                    @let height = (count * HEIGHT).div_ceil(most);
                    rect x=(n * STEP) y=(HEIGHT - height) width=(BAR) height=(height) {}
                }
            }
        }
    }
}

/// Of an empty store: what to do.
fn first_run(csrf: &Csrf) -> Html<String> {
    let body = html! {
        header {
            h1 { "No reports yet" }
            p.intro {
                "Stemma lays reports of one event side by side: who carries a statement, in which words, on whose word, and from whom they had it. "
                "Begin with the example stories, or with reports of your own."
            }
            p #news.news role="status" aria-live="polite" hidden data-stories="0" data-reports="0" {}
        }
        main #main.view-first {
            (add::examples_form(csrf))
            (add::forms(csrf))
            section aria-labelledby="feeds-title" {
                h2 #feeds-title { "From feeds" }
                (watch::add_form(csrf))
                p.faint { "Feeds on the watch list are asked again and again. " a href="/watch" { "The watch list" } }
            }
            section aria-labelledby="command-title" {
                h2 #command-title { "From the command line" }
                pre { code { "stemma add today.jsonl pages/\nstemma stories" } }
            }
        }
    };
    Html(Frame::new("No reports yet", Place::Stories).script(&LIVE).page(&body))
}
