//! The texts of all reports side by side, every aligned cell a link to its statement.
//!
//! Cells may lie in each other. The text is cut wherever one starts or ends; each piece knows all statements that it
//! belongs to and links to the smallest.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use stemma_core::{Alignment, AlignmentRef, Document, ReportIndex, SegmentKind, Span};

use super::links::Links;
use super::{Page, doubt_id, language, only_id};
use crate::render::overview::counted;
use crate::render::runs::clean;

/// Reports that are named where a passage begins that they share.
const MOST_SHARERS: usize = 3;

/// A stretch of text that is marked.
#[derive(Debug)]
struct Region {
    span: Span,
    /// Id of its start, if this is the first stretch of its cell.
    anchor: Option<String>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Belongs to a statement of several reports.
    Statement {
        id: String,
        /// Where choosing it leads.
        link: String,
        /// It is in conflict.
        clash: bool,
        /// It is the chosen one.
        lit: bool,
        /// Another column has it too.
        beside: bool,
        /// The letters of all reports that have it.
        letters: String,
    },
    /// Stands in one witness only.
    Only,
    /// May be the same as something elsewhere.
    Doubt,
    /// Stands in these reports word for word.
    Copied(String),
}

impl Region {
    fn statement(&self) -> Option<Linked<'_>> {
        match &self.kind {
            Kind::Statement { id, link, beside, letters, .. } => {
                Some(Linked { id, link, beside: *beside, letters })
            }
            _ => None,
        }
    }
}

/// What choosing a stretch of text leads to.
struct Linked<'a> {
    id: &'a str,
    link: &'a str,
    beside: bool,
    letters: &'a str,
}

/// Which reports stand side by side.
struct Columns<'a> {
    reports: &'a [ReportIndex],
    /// Their letters: `A,B`.
    letters: String,
    /// The row whose cells are lit.
    chosen: Option<AlignmentRef>,
}

/// All columns, as a section.
pub(super) fn section(page: &Page) -> Markup {
    let reports: Vec<ReportIndex> = page.story.iter().map(|(report, _)| report).collect();
    html! {
        section #texts aria-labelledby="texts-title" {
            h2 #texts-title { "The texts, side by side" }
            (view(page, &reports, None))
        }
    }
}

/// Some columns, the cells of the chosen row lit.
pub(super) fn view(page: &Page, reports: &[ReportIndex], chosen: Option<AlignmentRef>) -> Markup {
    let letters: Vec<&str> = reports.iter().map(|&report| page.letter(report)).collect();
    let columns = Columns { reports, letters: letters.join(","), chosen };
    html! {
        (legend())
        div.columns data-statements=[page.beside("statements/")] {
            @for &report in reports { (column(page, &columns, report)) }
        }
        @match chosen {
            Some(of) => (chosen_row(page, of)),
            // The script fills it when a statement is chosen.
            None => p #chosen role="status" aria-live="polite" hidden {},
        }
    }
}

fn legend() -> Markup {
    html! {
        p.legend {
            span.region { "Underlined" } ": stands in other reports too; choose it to see where. "
            span.region.clash { "Double line" } ": they disagree on it. "
            span.only { span.sign { "◆" } "Shaded" } ": only in this witness. "
            span.copied { span.sign { "=B" } "Line above" } ": word for word in report B. Small print: captions, credits, and what else on the page is no part of the report."
        }
    }
}

/// What is chosen, told below the texts.
fn chosen_row(page: &Page, of: AlignmentRef) -> Markup {
    let overview = page.overview;
    let number = overview.items.iter().position(|item| item.of == of).unwrap_or(0);
    let item = &overview.items[number];
    html! {
        p #chosen role="status" aria-live="polite" {
            "Statement " (number + 1) ", " (counted(item.n_witnesses, "witness")) ": in "
            (overview.letters(&item.carried_by(), usize::MAX)) ". "
            a href=(page.row_link(of)) { "Show how they differ" }
        }
    }
}

fn column(page: &Page, columns: &Columns, report: ReportIndex) -> Markup {
    let (line, document) = (&page.overview.reports[report.index()], page.story.document(report));
    let regions = regions(page, columns, report);
    html! {
        article.text id={ "text-" (line.letter) } lang=(language(document)) tabindex="0"
            aria-label={ "Report " (line.letter) ", " (line.name) } {
            h3 lang="en" {
                span.letter { (line.letter) } " " bdi { (line.name) }
                @if let Some(date) = &line.date { " " span.faint { (date) } }
            }
            @if let Some(title) = &line.title { p.title dir="auto" { (title) } }
            (paragraphs(document, &regions))
        }
    }
}

/// The regions of a report, in order of place, the larger before the smaller.
fn regions(page: &Page, columns: &Columns, report: ReportIndex) -> Vec<Region> {
    let mut regions = Vec::new();
    let of_report = |(_, alignment): &(AlignmentRef, &Alignment)| {
        alignment.cells.iter().any(|cell| cell.report == report)
    };
    for (of, alignment) in page.comparison.alignments().filter(of_report) {
        let clash = alignment
            .divergences
            .iter()
            .any(|each| each.kind.is_conflict() && alignment.is_likely_divergence(each));
        let letters = letters(page, alignment);
        for (n, cell) in alignment.cells.iter().enumerate().filter(|(_, cell)| cell.report == report) {
            let link = link(page, columns, of, n);
            let beside = alignment
                .cells
                .iter()
                .any(|other| other.report != report && columns.reports.contains(&other.report));
            regions.extend(cell.spans.iter().enumerate().map(|(part, &span)| Region {
                span,
                anchor: (part == 0).then(|| page.cell_id(of, n)),
                kind: Kind::Statement {
                    id: page.item_id(of).to_owned(),
                    link: link.clone(),
                    clash,
                    lit: columns.chosen == Some(of),
                    beside,
                    letters: letters.clone(),
                },
            }));
        }
    }
    for (n, only) in page.comparison.only_in.iter().enumerate().filter(|(_, only)| only.cell.report == report)
    {
        regions.extend(only.cell.spans.iter().enumerate().map(|(part, &span)| Region {
            span,
            anchor: (part == 0).then(|| only_id(n)),
            kind: Kind::Only,
        }));
    }
    for (n, doubt) in page.comparison.doubtful.iter().enumerate() {
        for (side, cell) in doubt.cells.iter().enumerate().filter(|(_, cell)| cell.report == report) {
            let anchor = Some(doubt_id(n, side));
            regions.push(Region { span: cell.spans[0], anchor, kind: Kind::Doubt });
        }
    }
    regions.extend(copied(page, report));
    regions.retain(|region| !region.span.is_empty());
    regions.sort_by_key(|region| (region.span.start(), std::cmp::Reverse(region.span.end())));
    regions
}

/// The letters of the reports that carry `alignment`.
fn letters(page: &Page, alignment: &Alignment) -> String {
    let reports: BTreeSet<ReportIndex> = alignment.cells.iter().map(|cell| cell.report).collect();
    page.overview.letters(&reports.into_iter().collect::<Vec<_>>(), usize::MAX)
}

/// Where choosing a cell leads: on one page to the row in full; among columns to the row's first cell in another of them.
fn link(page: &Page, columns: &Columns, of: AlignmentRef, cell: usize) -> String {
    if matches!(page.links, Links::OnePage) {
        return page.row_link(of);
    }
    let cells = &page.comparison.alignment(of).cells;
    let is_other =
        |n: &usize| cells[*n].report != cells[cell].report && columns.reports.contains(&cells[*n].report);
    let target = (0..cells.len()).find(is_other).unwrap_or(cell);
    format!("?reports={}&statement={}#{}", columns.letters, page.item_id(of), page.cell_id(of, target))
}

/// What stands word for word in other reports, outside of quotation marks. Passages that touch are one stretch.
fn copied(page: &Page, report: ReportIndex) -> Vec<Region> {
    let mut passages: Vec<(Span, ReportIndex)> = Vec::new();
    for passage in page.comparison.passages.iter().filter(|passage| !passage.quoted && !passage.aside) {
        for ((own, span), (other, _)) in [(passage.a, passage.b), (passage.b, passage.a)] {
            if own == report {
                passages.push((span, other));
            }
        }
    }
    passages.sort();
    let text = page.story.document(report).text();
    let mut stretches: Vec<(Span, BTreeSet<ReportIndex>)> = Vec::new();
    for (span, other) in passages {
        match stretches.last_mut() {
            Some((last, sharers)) if joins(text, *last, span) => {
                *last = Span::new(last.start(), last.end().max(span.end()));
                sharers.insert(other);
            }
            _ => stretches.push((span, BTreeSet::from([other]))),
        }
    }
    let region = |(span, sharers): (Span, BTreeSet<ReportIndex>)| {
        let sharers: Vec<ReportIndex> = sharers.into_iter().collect();
        Region { span, anchor: None, kind: Kind::Copied(page.overview.letters(&sharers, MOST_SHARERS)) }
    };
    stretches.into_iter().map(region).collect()
}

/// True if nothing but white space lies between two spans, the first of which starts first.
fn joins(text: &str, first: Span, second: Span) -> bool {
    second.start() <= first.end() || text[first.end()..second.start()].chars().all(|c| c == ' ')
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
    let text = clean(document.slice(span));
    let here = || piece.regions.iter().map(|&n| &regions[n]);
    let starting = || here().filter(|region| region.span.start() == span.start());
    // A link without a word would be read out as nothing.
    let is_blank = text.trim().is_empty();
    // The smallest comes last; one that stands in another column, too, before those that do not.
    let mut statements: Vec<Linked> = here().filter(|_| !is_blank).filter_map(Region::statement).collect();
    statements.sort_by_key(|each| each.beside);
    let is_only = here().any(|region| matches!(region.kind, Kind::Only));
    let is_copied = here().any(|region| matches!(region.kind, Kind::Copied(_)));
    html! {
        @for anchor in starting().filter_map(|region| region.anchor.as_ref()) { span.anchor id=(anchor) {} }
        @for region in starting() {
            @match &region.kind {
                Kind::Copied(letters) => span.sign title={ "In whole or in part word for word in " (letters) } { "=" (letters) },
                Kind::Only => span.sign title="Only in this witness" { "◆" },
                Kind::Statement { .. } | Kind::Doubt => {},
            }
        }
        @if let Some(target) = statements.last() {
            @let first = linked.insert(target.id.to_owned());
            @let clash = here().any(|region| matches!(region.kind, Kind::Statement { clash: true, .. }));
            @let lit = here().any(|region| matches!(region.kind, Kind::Statement { lit: true, .. }));
            @let all: Vec<&str> = statements.iter().map(|each| each.id).collect();
            a.region .clash[clash] .only[is_only] .copied[is_copied] .lit[lit] href=(target.link) data-of=(all.join(" "))
                data-in=(target.letters) tabindex=[(!first).then_some("-1")] { (text) }
        } @else if is_only || is_copied || piece.aside {
            span .only[is_only] .copied[is_copied] .aside[piece.aside] { (text) }
        } @else {
            (text)
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
                kind: match statement {
                    Some(id) => {
                        let (id, link) = (id.to_owned(), format!("#{id}"));
                        Kind::Statement {
                            id,
                            link,
                            clash: false,
                            lit: false,
                            beside: true,
                            letters: "A B".to_owned(),
                        }
                    }
                    None => Kind::Only,
                },
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
        <a class="region" href="#f-2" data-of="f-1 f-2" data-in="A B">The pier is shut</a>
        <a class="region" href="#f-1" data-of="f-1" data-in="A B">, he </a>
        <span id="f-3-0"></span>
        <a class="region" href="#f-3" data-of="f-1 f-3" data-in="A B">said, for</a>
        <a class="region" href="#f-1" data-of="f-1" data-in="A B" tabindex="-1"> weeks.</a></p><p dir="auto">
        <span id="only-0"></span><span class="sign" title="Only in this witness">◆</span><span class="only">No more.</span></p>
        "##);
    }
}
