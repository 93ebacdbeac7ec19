//! Who had it from whom: the stemma as a drawing, and the same in words.
//!
//! Nodes stand in rows by their longest way from an origin, as in the stemma of a manuscript: what was copied from stands
//! above. Rows keep the order of the reports; long rows are broken. The layout depends on nothing but the edges.

use std::collections::BTreeMap;

use maud::{Markup, html};
use stemma_core::{Edge, EdgeOrigin};

use super::Page;
use super::sections::shortened;
use crate::render::overview::counted;
use crate::render::runs::head;

/// Distance of neighbours in a row, and of rows, in units of the drawing.
const STEP: (usize, usize) = (150, 120);
/// Radius of a report's circle.
const RADIUS: usize = 20;
/// Nodes in a row before it is broken.
const MOST_IN_ROW: usize = 6;

/// A report or an unseen origin, and where it stands.
struct Node {
    name: String,
    letter: Option<String>,
    at: (usize, usize),
}

/// Lineage as drawing and list, and the shared passages.
pub(super) fn section(page: &Page) -> Markup {
    let overview = &page.overview;
    html! {
        @if overview.reports.len() > 1 {
            section #lineage aria-labelledby="lineage-title" {
                h2 #lineage-title { "Who had it from whom" }
                @if overview.lineage.is_empty() {
                    p { "No report names or shows another as its source." }
                } @else {
                    div.scroll tabindex="0" role="region" aria-label="Drawing of the stemma" { (drawing(page)) }
                }
                ul.plain {
                    @for edge in &overview.lineage {
                        li {
                            strong { (edge.to) } " " (edge.verb) " " strong { bdi { (edge.from) } }
                            @if edge.unseen { " (not among the reports)" }
                            @if !edge.evidence.is_empty() { ": " q.words dir="auto" { (shortened(&edge.evidence, 240)) } }
                            span.faint { " — " (edge.reason) }
                        }
                    }
                }
                (passages(page))
            }
        }
    }
}

fn passages(page: &Page) -> Markup {
    let passages = &page.overview.passages;
    html! {
        @if passages.is_empty() {
            p { "No shared passages outside quotations." }
        } @else {
            details {
                summary { (counted(passages.len(), "shared passage")) " outside quotations, longest first" }
                ul.plain {
                    @for passage in passages {
                        li {
                            strong { (page.overview.letters(&passage.reports, 2)) } " "
                            span.faint { (counted(passage.n_words, "word")) " " }
                            span.words dir="auto" { (passage.text) }
                        }
                    }
                }
            }
        }
    }
}

/// Nodes by what they stand for: reports by number, then unseen origins by name.
type Key = (usize, String);

fn keys(page: &Page, edge: &Edge) -> (Key, Key) {
    let n_reports = page.overview.reports.len();
    let from = match &edge.from {
        EdgeOrigin::Report(report) => (report.index(), String::new()),
        EdgeOrigin::Unseen(name) => (n_reports, name.clone()),
    };
    (from, (edge.to.index(), String::new()))
}

/// Rows of all nodes: the longest way from a node without origin. Circles, which lineage should not have, end after as
/// many rounds as there are nodes.
fn rows(page: &Page) -> BTreeMap<Key, usize> {
    let edges: Vec<(Key, Key)> = page.comparison.lineage.iter().map(|edge| keys(page, edge)).collect();
    let mut rows: BTreeMap<Key, usize> =
        edges.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).map(|key| (key, 0)).collect();
    rows.extend((0..page.overview.reports.len()).map(|n| ((n, String::new()), 0)));
    for _ in 0..rows.len() {
        let mut moved = false;
        for (from, to) in &edges {
            let below = rows[from] + 1;
            if rows[to] < below && below < rows.len() {
                rows.insert(to.clone(), below);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    rows
}

/// Places of all nodes, and the size of the drawing.
fn nodes(page: &Page) -> (BTreeMap<Key, Node>, (usize, usize)) {
    let rows = rows(page);
    let mut by_row: BTreeMap<usize, Vec<&Key>> = BTreeMap::new();
    for (key, row) in &rows {
        by_row.entry(*row).or_default().push(key);
    }
    let lines: Vec<&[&Key]> = by_row.values().flat_map(|keys| keys.chunks(MOST_IN_ROW)).collect();
    let widest = lines.iter().map(|line| line.len()).max().unwrap_or(1);
    let mut nodes = BTreeMap::new();
    for (row, line) in lines.iter().enumerate() {
        let left = (widest - line.len()) * STEP.0 / 2;
        for (n, &key) in line.iter().enumerate() {
            let at = (left + n * STEP.0 + STEP.0 / 2, row * STEP.1 + RADIUS + 12);
            let report = page.overview.reports.get(key.0);
            let name = report.map_or_else(|| key.1.clone(), |report| report.name.clone());
            nodes.insert(key.clone(), Node { name, letter: report.map(|report| report.letter.clone()), at });
        }
    }
    (nodes, (widest * STEP.0, (lines.len().max(1) - 1) * STEP.1 + 2 * RADIUS + 56))
}

fn drawing(page: &Page) -> Markup {
    let (nodes, (width, height)) = nodes(page);
    html! {
        svg.stemma viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img"
            aria-labelledby="stemma-title" {
            title #stemma-title { "Stemma of the reports; the list below says the same in words" }
            defs {
                marker #arrow viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" {
                    path d="M0 0 L8 4 L0 8 z" {}
                }
            }
            @for edge in &page.comparison.lineage {
                @let (from, to) = keys(page, edge);
                (arrow(nodes[&from].at, nodes[&to].at, edge.kind.as_str()))
            }
            @for node in nodes.values() { (shape(node)) }
        }
    }
}

/// An arrow between the rims of two nodes, its label beside its middle.
fn arrow(from: (usize, usize), to: (usize, usize), label: &str) -> Markup {
    let (x1, y1, x2, y2) = (from.0 as f64, from.1 as f64, to.0 as f64, to.1 as f64);
    let length = (x2 - x1).hypot(y2 - y1).max(1.0);
    let (dx, dy) = ((x2 - x1) / length, (y2 - y1) / length);
    // Below a node stands its name: the line starts under it.
    let (start, end) = (RADIUS as f64 + 20.0, RADIUS as f64 + 3.0);
    let place = |value: f64| format!("{value:.0}");
    html! {
        line.edge x1=(place(x1 + dx * start)) y1=(place(y1 + dy * start)) x2=(place(x2 - dx * end))
            y2=(place(y2 - dy * end)) marker-end="url(#arrow)" {}
        text.label x=(place(x1 + dx * length * 0.55)) y=(place(y1 + dy * length * 0.55 + 4.0)) { (label) }
    }
}

fn shape(node: &Node) -> Markup {
    let (x, y) = node.at;
    let name = match head(&node.name, 20) {
        cut if cut.len() < node.name.len() => format!("{cut}…"),
        whole => whole.to_owned(),
    };
    html! {
        @if let Some(letter) = &node.letter {
            circle cx=(x) cy=(y) r=(RADIUS) {}
            text.node x=(x) y=(y + 5) { (letter) }
            text.name x=(x) y=(y + RADIUS + 16) { (name) }
        } @else {
            rect.unseen x=(x - 62) y=(y - RADIUS + 2) width="124" height=(2 * RADIUS - 4) rx="8" {}
            text.name x=(x) y=(y + 5) { (name) }
        }
    }
}
