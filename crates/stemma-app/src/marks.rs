//! One report's layers as text: the report in lines, and under each line a mark for everything that was found in it.

use std::fmt::Write as _;

use stemma::{Document, Span};
use stemma_core::{
    Approximation, Attribution, Figure, LayerId, Mark, Mention, MentionForm, SegmentKind, view,
};

use crate::arguments::Layer;

/// Columns that are left for what is written beside a mark.
const LABEL_WIDTH: usize = 32;

/// Lines on which one mark is shown: more say nothing, and texts with marks of a thousand lines stay short.
const MAX_MARKED_LINES: usize = 20;

/// Head, text and marks of one report.
pub(crate) fn page(document: &Document, layers: &[Layer], width: usize) -> String {
    let mut out = head(document);
    let mut marks: Vec<Mark> = layers.iter().flat_map(|layer| marks_of(document, *layer)).collect();
    marks.sort_by_key(|mark| mark.span.start());
    let lines = lines(document.text(), width.saturating_sub(LABEL_WIDTH).max(20));
    let pieces = pieces_by_line(&marks, &lines);
    for (line, marks) in lines.iter().zip(pieces) {
        out.push_str(view(&clean(document.slice(*line)), &marks).trim_end_matches('\n'));
        out.push('\n');
    }
    out.push('\n');
    out
}

/// What is known of the report, one line each.
fn head(document: &Document) -> String {
    let report = document.report();
    let published = document.published().map(|published| match report.published() {
        Some(_) => published.to_string(),
        None => format!("{published} (from the text)"),
    });
    let parts = [
        ("report", Some(report.shown_id())),
        ("origin", Some(report.origin().to_string())),
        ("outlet", report.outlet().map(str::to_owned)),
        ("title", report.title().map(str::to_owned)),
        ("byline", report.byline().map(str::to_owned)),
        ("published", published),
        ("address", report.url().map(str::to_owned)),
    ];
    let mut out = String::new();
    for (name, value) in parts {
        if let Some(value) = value {
            writeln!(out, "{name:<10}{}", clean(&value)).expect("writing to a string cannot fail");
        }
    }
    out.push('\n');
    out
}

/// As many bytes with every control character as spaces: marks stay in their places, and terminals are not steered.
pub(crate) fn clean(text: &str) -> String {
    let keep = |c: char| !c.is_control();
    text.chars()
        .flat_map(|c| {
            std::iter::repeat_n(if keep(c) { c } else { ' ' }, if keep(c) { 1 } else { c.len_utf8() })
        })
        .collect()
}

/// Lines of at most `width` characters, broken at white space where there is some, without white space at their ends.
/// Paragraphs stay apart by an empty line.
fn lines(text: &str, width: usize) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut at = 0;
    for paragraph in text.split_inclusive('\n') {
        let shown = Span::new(at, at + paragraph.len()).trim(text);
        at += paragraph.len();
        if shown.is_empty() {
            if lines.last().is_some_and(|last: &Span| !last.is_empty()) {
                lines.push(Span::new(shown.start(), shown.start()));
            }
            continue;
        }
        wrap(text, shown, width, &mut lines);
    }
    while lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines
}

fn wrap(text: &str, paragraph: Span, width: usize, lines: &mut Vec<Span>) {
    let mut start = paragraph.start();
    while start < paragraph.end() {
        let rest = &text[start..paragraph.end()];
        let limit = rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at);
        let end = if limit == rest.len() {
            limit
        } else {
            rest[..limit].rfind(char::is_whitespace).filter(|&at| at > 0).unwrap_or(limit)
        };
        lines.push(Span::new(start, start + end).trim(text));
        start += end;
        start += text[start..paragraph.end()].len() - text[start..paragraph.end()].trim_start().len();
    }
}

/// The pieces of `marks` that stand in each line, counted from its start. A mark that runs on has a piece in each line.
fn pieces_by_line(marks: &[Mark], lines: &[Span]) -> Vec<Vec<Mark>> {
    let mut pieces = vec![Vec::new(); lines.len()];
    for mark in marks {
        let first = lines.partition_point(|line| line.end() <= mark.span.start());
        let touched = lines.iter().enumerate().skip(first).take(MAX_MARKED_LINES);
        for (n, line) in touched.take_while(|(_, line)| line.start() < mark.span.end()) {
            let start = mark.span.start().max(line.start());
            let end = mark.span.end().min(line.end());
            if start < end {
                let more = if mark.span.end() > line.end() { "…" } else { "" };
                let before = if mark.span.start() < line.start() { "…" } else { "" };
                let label = format!("{before}{}{more}", mark.label);
                pieces[n].push(Mark::new(Span::new(start - line.start(), end - line.start()), label));
            }
        }
    }
    pieces
}

fn marks_of(document: &Document, layer: Layer) -> Vec<Mark> {
    let layers = document.layers();
    match layer {
        Layer::Segments => layers
            .segments
            .items()
            .iter()
            .filter(|segment| segment.kind != SegmentKind::Body)
            .map(|segment| Mark::new(segment.span, segment.kind.as_str()))
            .collect(),
        Layer::Sentences => layers
            .sentences
            .iter()
            .map(|(id, s)| Mark::new(s.span, format!("sentence {}", id.index())))
            .collect(),
        Layer::Quotes => layers.quotes.items().iter().map(|quote| Mark::new(quote.span, "quote")).collect(),
        Layer::Mentions => layers
            .mentions
            .items()
            .iter()
            .map(|mention| Mark::new(mention.span, name(document, mention)))
            .collect(),
        Layer::Attributions => {
            layers.attributions.iter().flat_map(|(id, a)| attribution_marks(a, id.index())).collect()
        }
        Layer::Times => layers
            .times
            .items()
            .iter()
            .map(|time| Mark::new(time.span, format!("time {}", time.value)))
            .collect(),
        Layer::Figures => layers
            .figures
            .items()
            .iter()
            .map(|f| Mark::new(f.span, format!("figure {}", figure(f))))
            .collect(),
        Layer::Statements => layers
            .statements
            .items()
            .iter()
            .flat_map(|statement| {
                let hedges = statement.hedges.iter().map(|span| Mark::new(*span, "hedge"));
                let negations = statement.negations.iter().map(|span| Mark::new(*span, "negation"));
                let whole =
                    Mark::new(statement.span, format!("statement, {} voice", statement.voice.as_str()));
                std::iter::once(whole).chain(hedges).chain(negations).collect::<Vec<_>>()
            })
            .collect(),
        Layer::Credits => layers
            .credits
            .items()
            .iter()
            .map(|credit| {
                Mark::new(credit.span, format!("{} credit: {}", credit.kind.as_str(), credit.outlet))
            })
            .collect(),
        Layer::Notes => {
            layers.notes.iter().map(|note| Mark::new(note.span, format!("note: {}", note.text))).collect()
        }
    }
}

/// The kind, and the entity's name where the mention does not give it.
fn name(document: &Document, mention: &Mention) -> String {
    let kind = mention.kind.as_str();
    match mention.entity.and_then(|id| document.layers().entities.get(id)) {
        Some(entity) if document.slice(mention.span) != entity.name => {
            format!("{kind}: {}", clean(&entity.name))
        }
        None if mention.form != MentionForm::Named => format!("{kind}?"),
        _ => kind.to_owned(),
    }
}

fn attribution_marks(attribution: &Attribution, n: usize) -> Vec<Mark> {
    let form = attribution.form.as_str();
    let content = attribution.content.iter().map(|span| Mark::new(*span, format!("said {n}, {form}")));
    let cue = attribution.cue.iter().map(|span| Mark::new(*span, format!("cue {n}")));
    let source = attribution.source.iter().map(|span| Mark::new(*span, format!("source {n}")));
    content.chain(cue).chain(source).collect()
}

fn figure(figure: &Figure) -> String {
    let bound = match figure.approximation {
        Approximation::Exact => "",
        Approximation::About => "about ",
        Approximation::AtLeast => "at least ",
        Approximation::MoreThan => "more than ",
        Approximation::AtMost => "at most ",
        Approximation::LessThan => "less than ",
        Approximation::Range => {
            return format!("{} to {} {}", figure.low, figure.high, figure.unit.symbol).trim().to_owned();
        }
    };
    format!("{bound}{} {}", figure.value, figure.unit.symbol).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stemma::{Engine, Report};

    #[test]
    fn marks_stand_under_wrapped_lines() {
        let text =
            "“We will rebuild the bridge before the winter comes,” Ana Ruiz said on Friday.\n\n\n\nShe left.";
        let document = &Engine::load().annotate(vec![Report::of_text(text)], 1)[0];
        let page = page(document, &[Layer::Quotes, Layer::Sentences], 76);
        let shown = page.split_once("\n\n").unwrap().1;
        insta::assert_snapshot!(shown, @r"
        “We will rebuild the bridge before the
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  quote…
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  sentence 0…
        winter comes,” Ana Ruiz said on Friday.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  …sentence 0
        ~~~~~~~~~~~~~~                           …quote

        She left.
        ~~~~~~~~~  sentence 1
        ");
    }

    #[test]
    fn lines_hold_every_word_and_break_long_ones() {
        let text = "  One two\r\nthree\tfour \n \n\n ééééééééééééé five";
        let shown: Vec<&str> = lines(text, 8).into_iter().map(|line| &text[line.range()]).collect();
        assert_eq!(shown, ["One two", "three", "four", "", "éééééééé", "ééééé", "five"]);
    }
}
