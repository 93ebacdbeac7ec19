//! Who had it from whom: the stemma as a drawing, and the same in words.
//!
//! Reports that edges tie together stand together, in rows by their longest way from an origin, as in the stemma of a
//! manuscript: what was copied from stands above. Long rows are broken. The layout depends on nothing but the edges.

use std::collections::BTreeMap;

use maud::{Markup, html};
use stemma_core::{Edge, EdgeOrigin, ReportIndex};

use super::Page;
use super::items::{runs, shortened};
use crate::render::overview::counted;
use crate::render::runs::head;

/// Distance of neighbours in a row, and of rows, in units of the drawing.
const STEP: (usize, usize) = (150, 120);
/// Radius of a report's circle.
const RADIUS: usize = 20;
/// Nodes in a row before it is broken.
const MOST_IN_ROW: usize = 8;

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
                    (untied(page))
                }
                @if !overview.lineage.is_empty() { (table(page)) }
                (passages(page))
            }
        }
    }
}

/// Reports that no edge touches.
fn untied(page: &Page) -> Markup {
    let is_tied = |report: ReportIndex| {
        page.comparison
            .lineage
            .iter()
            .any(|edge| edge.to == report || edge.from == EdgeOrigin::Report(report))
    };
    let untied: Vec<ReportIndex> =
        page.story.iter().map(|(report, _)| report).filter(|&report| !is_tied(report)).collect();
    html! {
        @if !untied.is_empty() {
            p {
                "No tie is seen for "
                @for (n, report) in untied.iter().enumerate() {
                    @let line = &page.overview.reports[report.index()];
                    @if n > 0 { ", " }
                    strong { (line.letter) } " " bdi { (line.name) }
                }
                "."
            }
        }
    }
}

/// Every edge with what shows it.
fn table(page: &Page) -> Markup {
    let name = |letter: &str| {
        let line = page.overview.reports.iter().find(|line| line.letter == letter);
        line.map_or("", |line| line.name.as_str())
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label="Ties between the reports" {
            table.ties {
                thead {
                    tr {
                        th scope="col" { "Report" }
                        th scope="col" { "had it from" }
                        th scope="col" { "Shown by" }
                    }
                }
                tbody {
                    @for edge in &page.overview.lineage {
                        tr {
                            th scope="row" { strong { (edge.to) } " " bdi { (name(&edge.to)) } " " span.faint { (edge.verb) } }
                            td {
                                strong { bdi { (edge.from) } } @if !edge.unseen { " " bdi { (name(&edge.from)) } }
                                @if edge.unseen { p.faint { "not among the reports" } }
                            }
                            td {
                                @if !edge.evidence.is_empty() { q.words dir="auto" { (shortened(&edge.evidence, 240)) } }
                                p.faint { (edge.reason) }
                            }
                        }
                    }
                }
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
                            span.faint { (passage.what()) " " }
                            span.words dir="auto" { (runs(&passage.runs)) }
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
fn rows(page: &Page, edges: &[(Key, Key)]) -> BTreeMap<Key, usize> {
    let keys = edges.iter().flat_map(|(from, to)| [from.clone(), to.clone()]);
    let mut rows: BTreeMap<Key, usize> = keys.map(|key| (key, 0)).collect();
    rows.extend((0..page.overview.reports.len()).map(|n| ((n, String::new()), 0)));
    for _ in 0..rows.len() {
        let mut moved = false;
        for (from, to) in edges {
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

/// Groups of nodes that edges tie together, each sorted, in the order of their first nodes.
fn families(rows: &BTreeMap<Key, usize>, edges: &[(Key, Key)]) -> Vec<Vec<Key>> {
    let mut family: BTreeMap<&Key, usize> = rows.keys().enumerate().map(|(n, key)| (key, n)).collect();
    for (from, to) in edges {
        let (a, b) = (family[from], family[to]);
        family.values_mut().filter(|n| **n == a.max(b)).for_each(|n| *n = a.min(b));
    }
    let mut families: BTreeMap<usize, Vec<Key>> = BTreeMap::new();
    for (key, n) in family {
        families.entry(n).or_default().push(key.clone());
    }
    families.into_values().collect()
}

/// The nodes of a family line by line, those of a row in the order of what stands above them.
fn lines(family: &[Key], rows: &BTreeMap<Key, usize>, edges: &[(Key, Key)]) -> Vec<Vec<Key>> {
    let mut by_row: BTreeMap<usize, Vec<Key>> = BTreeMap::new();
    for key in family {
        by_row.entry(rows[key]).or_default().push(key.clone());
    }
    let mut places: BTreeMap<Key, f64> = BTreeMap::new();
    let mut lines = Vec::new();
    for mut row in by_row.into_values() {
        let above = |key: &Key| {
            let origins = edges.iter().filter(|(_, to)| to == key).filter_map(|(from, _)| places.get(from));
            let origins: Vec<f64> = origins.copied().collect();
            origins.iter().sum::<f64>() / origins.len().max(1) as f64
        };
        row.sort_by(|a, b| above(a).total_cmp(&above(b)).then_with(|| a.cmp(b)));
        for line in row.chunks(MOST_IN_ROW) {
            let middle = (line.len() as f64 - 1.0) / 2.0;
            places.extend(line.iter().enumerate().map(|(n, key)| (key.clone(), n as f64 - middle)));
            lines.push(line.to_vec());
        }
    }
    lines
}

/// Places of all nodes, and the size of the drawing. Families stand side by side, as many as there is room for.
fn nodes(page: &Page) -> (BTreeMap<Key, Node>, (usize, usize)) {
    let edges: Vec<(Key, Key)> = page.comparison.lineage.iter().map(|edge| keys(page, edge)).collect();
    let rows = rows(page, &edges);
    let mut nodes = BTreeMap::new();
    let (mut left, mut top, mut band, mut widest) = (0, 0, 0, 1);
    // Those that nothing ties are told below.
    for family in families(&rows, &edges).into_iter().filter(|family| family.len() > 1) {
        let lines = lines(&family, &rows, &edges);
        let width = lines.iter().map(Vec::len).max().unwrap_or(1);
        if left > 0 && left + width > MOST_IN_ROW {
            (left, top, band) = (0, top + band, 0);
        }
        for (row, line) in lines.iter().enumerate() {
            let start = left * STEP.0 + (width - line.len()) * STEP.0 / 2;
            for (n, key) in line.iter().enumerate() {
                let at = (start + n * STEP.0 + STEP.0 / 2, (top + row) * STEP.1 + RADIUS + 12);
                let report = page.overview.reports.get(key.0);
                let name = report.map_or_else(|| key.1.clone(), |report| report.name.clone());
                nodes.insert(
                    key.clone(),
                    Node { name, letter: report.map(|report| report.letter.clone()), at },
                );
            }
        }
        left += width;
        band = band.max(lines.len());
        widest = widest.max(left);
    }
    (nodes, (widest * STEP.0, (top + band).saturating_sub(1) * STEP.1 + 2 * RADIUS + 56))
}

fn drawing(page: &Page) -> Markup {
    let (nodes, (width, height)) = nodes(page);
    let mut arrows: BTreeMap<(Key, Key), Vec<&str>> = BTreeMap::new();
    for edge in &page.comparison.lineage {
        arrows.entry(keys(page, edge)).or_default().push(edge.kind.as_str());
    }
    html! {
        svg.stemma viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img"
            aria-labelledby="stemma-title" aria-describedby="stemma-desc" {
            title #stemma-title { "Stemma of the reports" }
            desc #stemma-desc { "Who had it from whom, what was copied from above what copies it. The table below says the same in words." }
            defs {
                marker #arrow viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" {
                    path d="M0 0 L8 4 L0 8 z" {}
                }
            }
            @for ((from, to), kinds) in &arrows {
                (arrow(nodes[from].at, nodes[to].at, kinds))
            }
            @for node in nodes.values() { (shape(node)) }
        }
    }
}

/// An arrow between the rims of two nodes, its labels beside its middle. One that passes a row bends around what stands
/// there.
fn arrow(from: (usize, usize), to: (usize, usize), labels: &[&str]) -> Markup {
    let point = |(x, y): (usize, usize)| (x as f64, y as f64);
    let (from, to) = (point(from), point(to));
    let bend = if (to.1 - from.1).abs() > STEP.1 as f64 * 1.5 { STEP.0 as f64 * 0.55 } else { 0.0 };
    let turn = ((from.0 + to.0) / 2.0 + bend, (from.1 + to.1) / 2.0);
    // Below a report stands its name: the line starts under it.
    let start = toward(from, turn, RADIUS as f64 + if bend > 0.0 { 4.0 } else { 20.0 });
    let end = toward(to, turn, RADIUS as f64 + 3.0);
    // Labels stand nearer to the arrow's head, where lines from one origin have parted.
    let place = curve(start, turn, end, if bend > 0.0 { 0.5 } else { 0.6 });
    let path =
        format!("M{:.0} {:.0} Q{:.0} {:.0} {:.0} {:.0}", start.0, start.1, turn.0, turn.1, end.0, end.1);
    html! {
        path.edge d=(path) marker-end="url(#arrow)" {}
        @for (n, label) in labels.iter().enumerate() {
            text.label x=(format!("{:.0}", place.0)) y=(format!("{:.0}", place.1 + 4.0 + 14.0 * n as f64)) {
                (label)
            }
        }
    }
}

/// The point at `share` of a quadratic Bézier curve.
fn curve(start: (f64, f64), turn: (f64, f64), end: (f64, f64), share: f64) -> (f64, f64) {
    let rest = 1.0 - share;
    let at = |start: f64, turn: f64, end: f64| {
        rest * rest * start + 2.0 * rest * share * turn + share * share * end
    };
    (at(start.0, turn.0, end.0), at(start.1, turn.1, end.1))
}

/// The point at `distance` from `from` on the way to `to`.
fn toward(from: (f64, f64), to: (f64, f64), distance: f64) -> (f64, f64) {
    let length = (to.0 - from.0).hypot(to.1 - from.1).max(1.0);
    (from.0 + (to.0 - from.0) / length * distance, from.1 + (to.1 - from.1) / length * distance)
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
            rect.ancestor x=(x - 62) y=(y - RADIUS + 2) width="124" height=(2 * RADIUS - 4) rx="8" {}
            text.name x=(x) y=(y + 5) { (name) }
        }
    }
}
