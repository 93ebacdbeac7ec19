//! Emphasis: what each report makes of the story. How much of its core it carries and at which place, whom it quotes and how much.
//!
//! The core is what at least two witnesses carry, in a story of more than eight what a quarter of them carry. A place is the
//! share of the body that stands before it, `0.0..=1.0`.

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{
    AlignmentRef, Attribution, AttributionId, Comparison, CreditKind, Document, EntityId, Form, ReportIndex,
    SegmentKind, Span, Story, TokenKind,
};

/// Share of the witnesses that carry what belongs to the core, where that is more than two.
const CORE_SHARE: f64 = 0.25;

/// One report's.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Emphasis {
    /// Whose.
    pub(crate) report: ReportIndex,
    /// What it carries of the core, and where it first stands, in order of place.
    pub(crate) core: Vec<(AlignmentRef, f64)>,
    /// Words of the body.
    pub(crate) n_words: usize,
    /// Of these, words that it quotes from somebody.
    pub(crate) n_quoted: usize,
    /// Whom it quotes, most words first.
    pub(crate) speakers: Vec<Speaker>,
}

/// Somebody whom a report quotes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Speaker {
    /// The name in the story; the words of the report where it resolves none; empty where there are none.
    pub(crate) name: String,
    /// Quotations.
    pub(crate) n_quotations: usize,
    /// Words in quotation marks.
    pub(crate) n_words: usize,
}

/// What belongs to the core, utterances first; of that only what is likely to be the same.
pub(crate) fn core(comparison: &Comparison) -> Vec<AlignmentRef> {
    let least = (comparison.witnesses.len() as f64 * CORE_SHARE).ceil().max(2.0);
    let carried =
        comparison.alignments().filter(|(_, each)| each.is_likely() && each.witnesses.len() as f64 >= least);
    carried.map(|(of, _)| of).collect()
}

/// Of every report, in order.
pub(crate) fn emphasis(story: &Story, comparison: &Comparison) -> Vec<Emphasis> {
    let bodies: Vec<Span> = story.documents().iter().map(body).collect();
    let mut carried: Vec<BTreeMap<AlignmentRef, f64>> = vec![BTreeMap::new(); story.documents().len()];
    for of in core(comparison) {
        let alignment = comparison.alignment(of);
        for (_, cell) in alignment.cells.iter().enumerate().filter(|(n, _)| alignment.is_likely_cell(*n)) {
            let report = cell.report.index();
            let place = position(bodies[report], cell.spans[0]);
            let first = carried[report].entry(of).or_insert(place);
            *first = first.min(place);
        }
    }
    let names = names(comparison);
    let of_report = |(report, document): (ReportIndex, &Document)| {
        let mut core: Vec<(AlignmentRef, f64)> =
            std::mem::take(&mut carried[report.index()]).into_iter().collect();
        core.sort_by(|x, y| x.1.total_cmp(&y.1).then(x.0.cmp(&y.0)));
        let speakers = speakers(report, document, &names);
        Emphasis {
            report,
            core,
            n_words: n_words(document, bodies[report.index()]),
            n_quoted: speakers.iter().map(|speaker| speaker.n_words).sum(),
            speakers,
        }
    };
    story.iter().map(of_report).collect()
}

/// From the first body sentence to the last; captions between them lie inside.
pub(crate) fn body(document: &Document) -> Span {
    let layers = document.layers();
    let of_body =
        layers.sentences.items().iter().filter(|s| layers.segments[s.segment].kind == SegmentKind::Body);
    of_body.map(|sentence| sentence.span).reduce(Span::cover).unwrap_or(Span::new(0, 0))
}

/// Share of `body` that stands before `span`.
pub(crate) fn position(body: Span, span: Span) -> f64 {
    let before = span.start().saturating_sub(body.start()) as f64;
    (before / body.len().max(1) as f64).min(1.0)
}

/// The name in the story of each entity of each report.
fn names(comparison: &Comparison) -> BTreeMap<(ReportIndex, EntityId), &str> {
    let entities = comparison.entities.iter();
    let of_reports = entities.flat_map(|entity| entity.names.iter().map(move |names| (names, entity)));
    of_reports.map(|((report, id, _), entity)| ((*report, *id), entity.name.as_str())).collect()
}

fn speakers(
    report: ReportIndex,
    document: &Document,
    names: &BTreeMap<(ReportIndex, EntityId), &str>,
) -> Vec<Speaker> {
    let layers = document.layers();
    let mut by_name: BTreeMap<String, Speaker> = BTreeMap::new();
    let quoting = || layers.attributions.iter().filter(|(_, attribution)| attribution.form != Form::Indirect);
    // Who is quoted "according to the Courier" is not quoted of the Courier.
    let relays = relays(document);
    let passed_on: BTreeSet<AttributionId> =
        quoting().filter_map(|(_, inner)| inner.parent).filter(|outer| relays.contains(outer)).collect();
    for (id, attribution) in quoting() {
        // What somebody quotes of somebody else is counted once, for the one who quotes.
        let is_inner = attribution.parent.is_some_and(|outer| !passed_on.contains(&outer));
        if is_inner || passed_on.contains(&id) {
            continue;
        }
        let n_words = quoted_words(document, attribution);
        if n_words == 0 {
            continue;
        }
        let known = attribution.source_entity.and_then(|id| names.get(&(report, id)));
        let name = known.map_or_else(|| document.slices(&attribution.source), |name| (*name).to_owned());
        let speaker = by_name.entry(name.to_lowercase()).or_insert_with(|| Speaker {
            name,
            n_quotations: 0,
            n_words: 0,
        });
        speaker.n_quotations += 1;
        speaker.n_words += n_words;
    }
    let mut speakers: Vec<Speaker> = by_name.into_values().collect();
    speakers.sort_by_key(|speaker| std::cmp::Reverse(speaker.n_words));
    speakers
}

/// The attributions whose source is an outlet from which the report has it.
fn relays(document: &Document) -> BTreeSet<AttributionId> {
    let layers = document.layers();
    let names: BTreeMap<usize, Span> = layers
        .credits
        .items()
        .iter()
        .filter(|credit| credit.kind == CreditKind::Relay)
        .map(|credit| (credit.name.start(), credit.name))
        .collect();
    let is_credited =
        |span: &Span| names.range(..span.end()).next_back().is_some_and(|(_, name)| name.touches(*span));
    let relays = layers.attributions.iter().filter(|(_, a)| a.source.iter().any(is_credited));
    relays.map(|(id, _)| id).collect()
}

/// Words of the content that stand in quotation marks.
fn quoted_words(document: &Document, attribution: &Attribution) -> usize {
    let quotes = document.layers().quotes.items();
    let inside = |span: Span| {
        let from = quotes.partition_point(|quote| quote.span.start() <= span.start());
        quotes[..from].iter().rev().find(|quote| quote.depth == 0).is_some_and(|q| q.span.contains(span))
    };
    let tokens = document.layers().tokens.items();
    let words = attribution.content.iter().flat_map(|&piece| &tokens[document.tokens_in(piece)]);
    words.filter(|token| is_word(token.kind) && inside(token.span)).count()
}

fn n_words(document: &Document, span: Span) -> usize {
    let tokens = document.layers().tokens.items();
    tokens[document.tokens_in(span)].iter().filter(|token| is_word(token.kind)).count()
}

fn is_word(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Word | TokenKind::Number)
}

#[cfg(test)]
mod tests {
    use crate::{Engine, Report};

    use super::*;

    #[test]
    fn each_report_s_share_of_the_core_and_of_the_quotations() {
        let texts = [
            "The bridge at Lom fell on Sunday evening after a barge had struck it. “We heard the cables sing before it went down,” Ivo Petrov said. Eleven cars were on it, police said. The ministry closed the harbour to all ships until the end of the week.",
            "“We heard the cables sing before it went down,” said Ivo Petrov, a fisherman. “Then it was quiet.” The mayor of Vidin sent two boats and a cook across the river before dawn, and his wife lit a lamp. Nobody slept. Struck by a barge, the bridge at Lom fell on Sunday evening.",
        ];
        let engine = Engine::load();
        let reports = texts.iter().map(|text| Report::of_text(text)).collect();
        let compared = engine.compare(engine.annotate(reports, 1));
        let view = |each: &Emphasis| {
            let places: Vec<String> = each.core.iter().map(|(_, place)| format!("{place:.1}")).collect();
            let speakers: Vec<String> =
                each.speakers.iter().map(|s| format!("{} {}", s.name, s.n_words)).collect();
            format!(
                "core at {}; {} of {} words quoted: {}",
                places.join(" "),
                each.n_quoted,
                each.n_words,
                speakers.join(", ")
            )
        };
        let shown: Vec<String> = emphasis(&compared.story, &compared.comparison).iter().map(view).collect();
        insta::assert_snapshot!(shown.join("\n"), @r"
        core at 0.0 0.3; 9 of 47 words quoted: Ivo Petrov 9
        core at 0.0 0.8; 13 of 53 words quoted: Ivo Petrov 13
        ");
    }
    #[test]
    fn whom_an_outlet_passes_on_is_quoted_and_not_the_outlet() {
        let text = "In a video, Ana Ruiz was seen saying that the port would be “open to all ships”, according to Lom Herald.";
        let engine = Engine::load();
        let documents = engine.annotate([text, "Ana Ruiz spoke."].map(Report::of_text).to_vec(), 1);
        let compared = engine.compare(documents);
        let emphasis = emphasis(&compared.story, &compared.comparison);
        let speakers: Vec<(&str, usize)> =
            emphasis[0].speakers.iter().map(|s| (s.name.as_str(), s.n_words)).collect();
        assert_eq!(speakers, [("Ana Ruiz", 4)]);
    }
}
