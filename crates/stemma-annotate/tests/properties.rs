//! What holds for the annotation of any text.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use stemma_annotate::Annotator;
use stemma_core::{Document, LayerId, Report, SegmentKind, Span};

/// Pieces of which news is made, well formed and not.
const PIECES: &[&str] = &[
    "“",
    "”",
    "\"",
    "‘",
    "’",
    "'",
    "«",
    "»",
    "„",
    "``",
    "''",
    "(",
    ")",
    "[",
    "]",
    ".",
    ",",
    ";",
    ":",
    "!",
    "?",
    "…",
    "...",
    "—",
    " - ",
    "–",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{200b}",
    "said",
    "Ruiz",
    "Ana Ruiz",
    "the",
    "Mr.",
    "U.S.",
    "J. D.",
    "a.m.",
    "St.",
    "No. 10",
    "police",
    "who",
    "which",
    "and",
    "but",
    "because",
    "that",
    "not",
    "may",
    "is believed to",
    "according to",
    "told reporters",
    "denied",
    "KYIV",
    "KYIV, March 1 (Reuters) —",
    "(AFP)",
    "(AP Photo/Al Ota)",
    "clash(AFP)",
    "Getty Images",
    "Photo: Al Ota",
    "Read more: all",
    "date 2026-05-04",
    "May 4, 2026",
    "Friday",
    "last week",
    "10:30",
    "3.5%",
    "$5 million",
    "1,200",
    "6'2\"",
    "12",
    "’90s",
    "workers’",
    "don’t",
    "he",
    "she",
    "they",
    "The Russian president",
    "Zelenskyy’s",
    "Nguyễn",
    "Łódź",
    "東京",
    "首相は辞任した。",
    "Ю. Иванов",
    "@ota",
    "#news",
    "https://example.com",
    "Reporting by Al Ota",
    "This story has been updated.",
    "By JOAN REED",
    "© 2026 The Example Press.",
    "wounded",
    "wounding",
    "was closed",
    "left",
    "to",
    "spokeswoman",
    "Example Corp.",
    "Inc.",
    "e\u{301}",
    "🙂",
    "\u{feff}",
    "<tweet>",
    "_",
    "***",
];

fn news() -> impl Strategy<Value = String> {
    let piece = prop_oneof![8 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
    let gap = prop_oneof![6 => Just(" "), 2 => Just(""), 1 => Just("\n")];
    prop::collection::vec((piece, gap), 0..120)
        .prop_map(|parts| parts.into_iter().flat_map(|(piece, gap)| [piece, gap.to_owned()]).collect())
}

fn annotator() -> &'static Annotator {
    static ANNOTATOR: std::sync::LazyLock<Annotator> = std::sync::LazyLock::new(Annotator::load);
    &ANNOTATOR
}

fn annotate(text: &str) -> Document {
    annotator().annotate(Arc::new(Report::of_text(text)))
}

/// White space, and the signs that neither show nor separate.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}'))
}

/// Panics unless `spans` stand in order in `within`, do not overlap, and leave out only what is blank.
fn assert_covers(text: &str, within: Span, spans: impl Iterator<Item = Span>, what: &str) {
    let mut at = within.start();
    for span in spans {
        assert!(
            span.start() >= at && span.end() <= within.end(),
            "{what} {span:?} overlap or leave {within:?}"
        );
        assert!(!span.is_empty(), "{what} {span:?} is empty");
        assert!(is_blank(&text[at..span.start()]), "{what} leave out {:?}", &text[at..span.start()]);
        at = span.end();
    }
    assert!(is_blank(&text[at..within.end()]), "{what} leave out {:?}", &text[at..within.end()]);
}

fn assert_well_formed(document: &Document) {
    let text = document.text();
    let layers = document.layers();
    let whole = Span::new(0, text.len());
    for span in layers.spans() {
        assert!(span.fits(text), "{span:?} cannot slice the text");
    }
    assert_covers(text, whole, layers.tokens.items().iter().map(|token| token.span), "tokens");
    assert_covers(text, whole, layers.segments.items().iter().map(|segment| segment.span), "segments");
    for (id, segment) in layers.segments.iter() {
        assert_eq!(segment.span, segment.span.trim(text), "a segment has white space at its edge");
        let sentences = layers.sentences.items().iter().filter(|sentence| sentence.segment == id);
        if matches!(
            segment.kind,
            SegmentKind::Title | SegmentKind::Caption | SegmentKind::UpdateNote | SegmentKind::Body
        ) {
            assert_covers(text, segment.span, sentences.map(|sentence| sentence.span), "sentences");
        } else {
            assert_eq!(sentences.count(), 0, "a {} has sentences", segment.kind.as_str());
        }
    }
    for sentence in layers.sentences.items() {
        let tokens = &layers.tokens.items()[sentence.first.index()..sentence.end.index()];
        assert_eq!(tokens.first().unwrap().span.start(), sentence.span.start());
        assert_eq!(tokens.last().unwrap().span.end(), sentence.span.end());
    }
    assert_quotes(document);
    assert_statements(document);
}

fn assert_quotes(document: &Document) {
    let quotes = document.layers().quotes.items();
    assert!(quotes.is_sorted_by_key(|quote| quote.span.start()));
    let mut open: Vec<Span> = Vec::new();
    for quote in quotes {
        assert!(quote.span.contains(quote.inner));
        open.retain(|outer| outer.end() > quote.span.start());
        assert_eq!(open.len(), usize::from(quote.depth), "the depth of {:?}", quote.span);
        assert!(
            open.iter().all(|outer| outer.contains(quote.span)),
            "{:?} crosses another quote",
            quote.span
        );
        open.push(quote.span);
    }
}

fn assert_statements(document: &Document) {
    let layers = document.layers();
    for (id, statement) in layers.statements.iter() {
        let sentence = &layers.sentences[statement.sentence];
        assert!(sentence.span.contains(statement.span));
        assert_eq!(layers.segments[sentence.segment].kind, SegmentKind::Body);
        if let Some(parent) = statement.parent {
            assert!(parent < id, "a parent stands before its clauses");
            assert!(layers.statements[parent].span.contains(statement.span));
            assert_eq!(layers.statements[parent].sentence, statement.sentence);
        }
        for marker in statement.hedges.iter().chain(&statement.negations) {
            assert!(statement.span.contains(*marker));
        }
        assert_eq!(statement.attribution.is_some(), statement.voice == stemma_core::Voice::Attributed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn news_is_annotated_without_panic(text in news()) {
        assert_well_formed(&annotate(&text));
    }

    #[test]
    fn any_text_is_annotated_without_panic(text in "(?s).{0,200}") {
        assert_well_formed(&annotate(&text));
    }

    #[test]
    fn the_same_text_gives_the_same_document(text in news()) {
        prop_assert_eq!(annotate(&text), annotate(&text));
    }
}

/// Smallest texts of repaired faults.
#[test]
fn what_once_failed() {
    // A caption's credit was found behind a combining accent, inside a word.
    assert_well_formed(&annotate("“ e\u{301}Photo: Al Ota "));
}

/// What a stage that costs the square of its input would pass by far, also in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn assert_quick(text: &str) {
    let start = Instant::now();
    assert_well_formed_large(&annotate(text));
    assert!(start.elapsed() < PATIENCE, "annotating {} bytes took {:?}", text.len(), start.elapsed());
}

/// The checks whose cost does not grow with the product of two layers.
fn assert_well_formed_large(document: &Document) {
    let text = document.text();
    assert!(document.layers().spans().iter().all(|span| span.fits(text)));
    assert_covers(
        text,
        Span::new(0, text.len()),
        document.layers().segments.items().iter().map(|segment| segment.span),
        "segments",
    );
}

#[test]
fn thousands_of_unclosed_quotation_marks() {
    for mark in ["“", "\"", "‘", "'", "«", "„", "(", "``", "“‘", "\" "] {
        let document = annotate(&format!("{mark}He said no. ").repeat(1000));
        assert_well_formed_large(&document);
        assert!(document.layers().quotes.len() <= 2001);
        assert_well_formed_large(&annotate(&mark.repeat(10_000)));
        assert_well_formed_large(&annotate(&format!("{mark}Then Ruiz left\n").repeat(1000)));
    }
}

#[test]
fn half_a_megabyte_on_one_line() {
    let sentence = "On Friday Ana Ruiz, who leads Example Corp., said that “we may rebuild” 1,200 homes in Łódź, and left. ";
    assert_quick(&sentence.repeat(500_000 / sentence.len()));
}

#[test]
fn one_sign_without_end() {
    for sign in ["a", ".", "-", "\n", "A ", "A. ", "1", "1,", "é", "(", "and ", "said "] {
        assert_quick(&sign.repeat(50_000 / sign.len()));
    }
}
