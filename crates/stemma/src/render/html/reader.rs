//! The texts of all reports side by side, every aligned cell a link to its statement.
//!
//! Cells may lie in each other. The text is cut wherever one starts or ends; each piece knows all statements that it
//! belongs to and links to the smallest.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use stemma_core::{Document, ReportIndex, SegmentKind, Span};

use super::{Page, doubt_id, language, only_id};

/// A stretch of text that belongs to a statement, or stands in one witness only.
#[derive(Debug)]
struct Region {
    span: Span,
    /// Id of its start, if this is the first stretch of its cell.
    anchor: Option<String>,
    /// Id of the statement; `None` for what stands in one witness only or is in doubt.
    statement: Option<String>,
    /// Stands in one witness only.
    only: bool,
    /// The statement is in conflict.
    clash: bool,
}

/// The columns.
pub(super) fn section(page: &Page) -> Markup {
    html! {
        section #texts aria-labelledby="texts-title" {
            h2 #texts-title { "The texts, side by side" }
            p.legend {
                "Underlined: stands in other reports too; choose it to see where. "
                span.region.clash { "Double line" } ": they disagree on it. "
                span.only { "Shaded" } ": only in this witness. Small print: captions, credits, furniture."
            }
            div.columns {
                @for (report, document) in page.story.iter() { (column(page, report, document)) }
            }
        }
    }
}

fn column(page: &Page, report: ReportIndex, document: &Document) -> Markup {
    let line = &page.overview.reports[report.index()];
    let regions = regions(page, report);
    html! {
        article.text id={ "text-" (line.letter) } lang=(language(document)) tabindex="0"
            aria-label={ "Report " (line.letter) ", " (line.name) } {
            h3 lang="en" { span.letter { (line.letter) } " " (line.name) }
            @if let Some(title) = &line.title { p.title dir="auto" { (title) } }
            (paragraphs(document, &regions))
        }
    }
}

/// The regions of a report, in order of place, the larger before the smaller.
fn regions(page: &Page, report: ReportIndex) -> Vec<Region> {
    let mut regions = Vec::new();
    for (of, alignment) in page.comparison.alignments() {
        let statement = page.item_id(of);
        let clash = alignment.divergences.iter().any(|each| each.kind.is_conflict());
        for (n, cell) in alignment.cells.iter().enumerate().filter(|(_, cell)| cell.report == report) {
            let anchor = |first: bool| first.then(|| format!("{statement}-{n}"));
            regions.extend(cell.spans.iter().enumerate().map(|(part, &span)| Region {
                span,
                anchor: anchor(part == 0),
                statement: Some(statement.clone()),
                only: false,
                clash,
            }));
        }
    }
    for (n, only) in page.comparison.only_in.iter().enumerate().filter(|(_, only)| only.cell.report == report)
    {
        regions.extend(only.cell.spans.iter().enumerate().map(|(part, &span)| Region {
            span,
            anchor: (part == 0).then(|| only_id(n)),
            statement: None,
            only: true,
            clash: false,
        }));
    }
    for (n, doubt) in page.comparison.doubtful.iter().enumerate() {
        for (side, cell) in doubt.cells.iter().enumerate().filter(|(_, cell)| cell.report == report) {
            regions.push(Region {
                span: cell.spans[0],
                anchor: Some(doubt_id(n, side)),
                statement: None,
                only: false,
                clash: false,
            });
        }
    }
    regions.retain(|region| !region.span.is_empty());
    regions.sort_by_key(|region| (region.span.start(), std::cmp::Reverse(region.span.end())));
    regions
}

/// The lines of the text that are not blank, each one paragraph of pieces.
fn paragraphs(document: &Document, regions: &[Region]) -> Markup {
    let text = document.text();
    let pieces = pieces(document, regions);
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(start, start + line.len()).trim(text);
        start += line.len();
        if !span.is_empty() {
            lines.push(span);
        }
    }
    let mut linked = BTreeSet::new();
    html! {
        @for line in lines {
            @let first = pieces.partition_point(|piece| piece.span.end() <= line.start());
            p dir="auto" {
                @for piece in pieces[first..].iter().take_while(|piece| piece.span.start() < line.end()) {
                    (show(document, piece, line, regions, &mut linked))
                }
            }
        }
    }
}

/// A stretch of text in which nothing starts or ends.
#[derive(Debug)]
struct Piece {
    span: Span,
    /// The regions that cover it, as indices, the smallest last.
    regions: Vec<usize>,
    /// Not the body of the report.
    aside: bool,
}

/// The text, cut wherever a region or segment starts or ends.
fn pieces(document: &Document, regions: &[Region]) -> Vec<Piece> {
    let segments = document.layers().segments.items();
    let asides: Vec<Span> =
        segments.iter().filter(|each| is_aside(each.kind)).map(|each| each.span).collect();
    let mut cuts: BTreeSet<usize> = [0, document.text().len()].into();
    for span in regions.iter().map(|region| region.span).chain(asides.iter().copied()) {
        cuts.extend([span.start(), span.end()]);
    }
    let mut starting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (n, region) in regions.iter().enumerate() {
        starting.entry(region.span.start()).or_default().push(n);
    }
    let cuts: Vec<usize> = cuts.into_iter().collect();
    let mut open: Vec<usize> = Vec::new();
    let mut pieces = Vec::new();
    for two in cuts.windows(2) {
        let span = Span::new(two[0], two[1]);
        open.retain(|&n| regions[n].span.end() > span.start());
        open.extend(starting.get(&span.start()).into_iter().flatten());
        open.sort_by_key(|&n| (std::cmp::Reverse(regions[n].span.len()), n));
        let aside = asides.partition_point(|aside| aside.end() <= span.start());
        let aside = asides.get(aside).is_some_and(|aside| aside.contains(span));
        pieces.push(Piece { span, regions: open.clone(), aside });
    }
    pieces
}

fn is_aside(kind: SegmentKind) -> bool {
    !matches!(kind, SegmentKind::Body | SegmentKind::Title)
}

/// A piece, as far as it lies in `line`. Only the first piece of a statement is a stop of the tab key.
fn show(
    document: &Document,
    piece: &Piece,
    line: Span,
    regions: &[Region],
    linked: &mut BTreeSet<String>,
) -> Markup {
    let span = Span::new(piece.span.start().max(line.start()), piece.span.end().min(line.end()));
    let text = document.slice(span);
    let anchors: Vec<&String> = piece
        .regions
        .iter()
        .map(|&n| &regions[n])
        .filter(|region| region.span.start() == span.start())
        .filter_map(|region| region.anchor.as_ref())
        .collect();
    let statements: Vec<&str> =
        piece.regions.iter().filter_map(|&n| regions[n].statement.as_deref()).collect();
    let is_only = piece.regions.iter().any(|&n| regions[n].only);
    let class = match (is_only, piece.aside) {
        (true, _) => "only",
        (_, true) => "aside",
        _ => "",
    };
    html! {
        @for anchor in anchors { span.anchor id=(anchor) {} }
        @if let Some(&target) = statements.last() {
            @let first = linked.insert(target.to_owned());
            @let clash = piece.regions.iter().any(|&n| regions[n].clash);
            a.region .clash[clash] .only[is_only] href={ "#" (target) } data-of=(statements.join(" ")) tabindex=[(!first).then_some("-1")] { (text) }
        } @else if class.is_empty() {
            (text)
        } @else {
            span class=(class) { (text) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_in_each_other_are_cut_and_link_to_the_smallest() {
        let text = "The pier is shut, he said, for weeks.\nNo more.";
        let document = crate::Engine::load().annotate(vec![stemma_core::Report::of_text(text)], 1).remove(0);
        let region = |words: &str, statement: Option<&str>| {
            let at = text.find(words).unwrap();
            Region {
                span: Span::new(at, at + words.len()),
                anchor: Some(format!("{}-0", statement.unwrap_or("only"))),
                statement: statement.map(str::to_owned),
                only: statement.is_none(),
                clash: false,
            }
        };
        let regions = [
            region("The pier is shut, he said, for weeks.", Some("f-1")),
            region("The pier is shut", Some("f-2")),
            region("said, for", Some("f-3")),
            region("No more.", None),
        ];
        let page = paragraphs(&document, &regions).into_string().replace("<span class=\"anchor\"", "\n<span");
        insta::assert_snapshot!(page.replace("<a ", "\n<a "), @r##"
        <p dir="auto">
        <span id="f-1-0"></span>
        <span id="f-2-0"></span>
        <a class="region" href="#f-2" data-of="f-1 f-2">The pier is shut</a>
        <a class="region" href="#f-1" data-of="f-1">, he </a>
        <span id="f-3-0"></span>
        <a class="region" href="#f-3" data-of="f-1 f-3">said, for</a>
        <a class="region" href="#f-1" data-of="f-1" tabindex="-1"> weeks.</a></p><p dir="auto">
        <span id="only-0"></span><span class="only">No more.</span></p>
        "##);
    }
}
