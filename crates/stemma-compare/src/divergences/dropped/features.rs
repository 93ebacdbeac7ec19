//! What speaks for and against that a report has dropped an attribution that another one has.
//!
//! In: a [`Pair`], one side of which names a source. Out: [`Features`], each `0.0..=1.0`. More features (who the source is,
//! whether it tells of itself, hedges, figures, the place in the text) were tried and taken out again: fitted on some
//! hundred events they made the judgement of others worse.

use std::collections::HashSet;
use std::sync::LazyLock;

use stemma_core::{
    Attribution, AttributionId, Basis, CreditKind, Form, LayerId as _, Manner, SentenceId, Span, Voice,
};

use super::super::{Pair, Side};

/// Names of the features, in the order of [`features`].
pub(crate) const NAMES: [&str; N] = [
    "stress",
    "doubt",
    "belief or demand",
    "according to",
    "document",
    "outlet",
    "mixed",
    "direct",
    "background",
    "weak",
    "source in other sentence",
    "other has cue word",
    "other has attribution",
    "other after attribution",
    "other attributed too",
    "share attributed",
    "nearness",
];

const N: usize = 17;

/// Values of the features of one pair.
pub(crate) type Features = [f64; N];

/// Why a side counts as attributed.
#[derive(Clone, Copy)]
pub(in crate::divergences) enum Given<'a> {
    /// An attribution whose content the cell is.
    Whole(AttributionId, &'a Attribution),
    /// An attribution in its sentence, of at least half of the cell.
    Part(AttributionId, &'a Attribution),
    /// A cue word in the sentence, of which no attribution was made.
    Cue(Span),
}

impl<'a> Given<'a> {
    /// The attribution, where one was made.
    pub(in crate::divergences) fn attribution(self) -> Option<&'a Attribution> {
        match self {
            Given::Whole(_, attribution) | Given::Part(_, attribution) => Some(attribution),
            Given::Cue(_) => None,
        }
    }
}

/// Why `side` counts as attributed, if it does.
pub(in crate::divergences) fn given(side: Side<'_>) -> Option<Given<'_>> {
    let attributions = &side.document.layers().attributions;
    let is_told = |a: &Attribution| !a.source.is_empty() && !a.negated;
    if let Some(id) = side.cell.attribution {
        return Some((id, &attributions[id])).filter(|(_, a)| is_told(a)).map(|(id, a)| Given::Whole(id, a));
    }
    let length: usize = side.cell.spans.iter().map(|span| span.len()).sum();
    let held = |a: &Attribution| -> usize {
        a.content.iter().map(|&c| side.cell.spans.iter().map(|&s| s.overlap(c)).sum::<usize>()).sum()
    };
    let mut in_sentence = attributions_in(side, side.sentences());
    let part = in_sentence.find(|(_, a)| is_told(a) && !a.cue.is_empty() && 2 * held(a) >= length);
    part.map(|(id, a)| Given::Part(id, a)).or_else(|| cue_word(side).map(Given::Cue))
}

/// The attributions of which a piece of content or a cue lies in `span`.
fn attributions_in(side: Side<'_>, span: Span) -> impl Iterator<Item = (AttributionId, &Attribution)> {
    let attributions = side.document.layers().attributions.iter();
    attributions.filter(move |(_, a)| a.content.iter().chain(&a.cue).any(|part| span.contains(*part)))
}

static CUES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = crate::terms::words(include_str!("../../../data/attribution-cues.txt"));
    lines.flat_map(str::split_whitespace).collect()
});

/// A word in the sentence of `side` that may give it to somebody.
fn cue_word(side: Side<'_>) -> Option<Span> {
    let tokens = side.document.layers().tokens.items();
    let words = tokens[side.document.tokens_in(side.sentences())].iter().map(|token| token.span);
    words.into_iter().find(|&span| CUES.contains(side.slice(span).to_lowercase().as_str()))
}

/// Words of hearsay: who asserts nothing drops no source.
const HEARSAY: [&str; 9] = [
    "reportedly",
    "allegedly",
    "alleged",
    "suspected",
    "purportedly",
    "purported",
    "supposedly",
    "accused",
    "unconfirmed",
];

/// True if the cell tells hearsay.
pub(super) fn is_hearsay(side: Side<'_>) -> bool {
    words(side).any(|(_, word)| HEARSAY.contains(&word.as_str()))
}

/// Words of somebody who speaks: a report that prints a letter prints it without quotation marks.
const SPEAKING: [&str; 8] = ["i", "we", "you", "your", "my", "our", "us", "me"];

/// True if somebody speaks in the cell outside of quotation marks.
pub(super) fn is_in_first_person(side: Side<'_>) -> bool {
    let quoted = side.quoted();
    let mut outside = words(side).filter(|(span, _)| !quoted.iter().any(|quote| quote.contains(*span)));
    outside.any(|(_, word)| SPEAKING.contains(&word.as_str()))
}

/// The tokens of the cell, in lower case.
fn words(side: Side<'_>) -> impl Iterator<Item = (Span, String)> {
    let tokens = side.document.layers().tokens.items();
    let words = tokens[side.document.tokens_in(side.cover())].iter().map(|token| token.span);
    words.map(move |span| (span, side.slice(span).to_lowercase()))
}

/// Words that open a clause in the background: "after the dam burst, he said".
const BACKGROUND: [&str; 16] = [
    "who", "which", "whose", "whom", "where", "when", "while", "as", "after", "before", "since", "because",
    "although", "though", "amid", "despite",
];

fn is_background(side: Side<'_>) -> bool {
    words(side).next().is_some_and(|(_, word)| BACKGROUND.contains(&word.as_str()))
}

/// Things that say something without anybody speaking.
const DOCUMENTS: [&str; 26] = [
    "paper",
    "study",
    "trial",
    "report",
    "statement",
    "letter",
    "lawsuit",
    "suit",
    "complaint",
    "filing",
    "video",
    "footage",
    "poll",
    "survey",
    "document",
    "documents",
    "email",
    "e-mail",
    "memo",
    "note",
    "indictment",
    "affidavit",
    "figures",
    "data",
    "records",
    "website",
];

fn is_document(side: Side<'_>, attribution: &Attribution) -> bool {
    let words = side.document.slices(&attribution.source).to_lowercase();
    words.split(|c: char| !c.is_alphabetic() && c != '-').any(|word| DOCUMENTS.contains(&word))
}

/// The outlet that `given` relays, if it does.
pub(super) fn relayed<'a>(side: Side<'a>, given: Given<'a>) -> Option<&'a str> {
    let (Given::Whole(id, attribution) | Given::Part(id, attribution)) = given else { return None };
    let credits = side.document.layers().credits.items().iter();
    let mut relays = credits.filter(|credit| {
        credit.kind == CreditKind::Relay
            && (credit.attribution == Some(id) || attribution.source.iter().any(|s| s.touches(credit.name)))
    });
    relays.next().map(|credit| credit.outlet.as_str())
}

/// True if the sentence of the other side mentions the source.
fn is_source_in_other(pair: &Pair<'_>, with: usize, attribution: &Attribution) -> bool {
    let (side, other) = (pair.sides()[with], pair.sides()[1 - with]);
    let Some(source) = attribution.source_entity else { return false };
    let source = pair.cast.entity(side.report.index(), source);
    let sentence = other.sentences();
    let mentions = other.document.layers().mentions.items();
    let from = mentions.partition_point(|mention| mention.span.start() < sentence.start());
    let inside = mentions[from..].iter().take_while(|mention| mention.span.start() < sentence.end());
    inside
        .filter_map(|mention| mention.entity)
        .any(|entity| pair.cast.entity(other.report.index(), entity) == source)
}

/// True if the sentence before the cell holds an attribution.
fn is_after_attribution(side: Side<'_>) -> bool {
    let sentences = side.document.layers().sentences.items();
    let before = |id: SentenceId| id.index().checked_sub(1);
    let before = side.document.sentence_at(side.cover().start()).and_then(before);
    before.is_some_and(|n| attributions_in(side, sentences[n].span).next().is_some())
}

/// Share of the other reports of the alignment that give it to a source; a half where there are none.
fn share_attributed(pair: &Pair<'_>) -> f64 {
    let others =
        pair.alignment.cells.iter().filter(|c| c.report != pair.a.report && c.report != pair.b.report);
    let mut reports: Vec<_> = others.map(|cell| (cell.report, cell.voice)).collect();
    reports.sort_unstable_by_key(|&(report, voice)| (report, voice == Voice::Own));
    reports.dedup_by_key(|&mut (report, _)| report);
    let n_attributed = reports.iter().filter(|(_, voice)| *voice == Voice::Attributed).count();
    if reports.is_empty() { 0.5 } else { n_attributed as f64 / reports.len() as f64 }
}

/// The features of `pair`, of which side `with` is `given` to a source.
pub(super) fn features(pair: &Pair<'_>, with: usize, given: Given<'_>) -> Features {
    let (side, other) = (pair.sides()[with], pair.sides()[1 - with]);
    let flag = |is: bool| f64::from(u8::from(is));
    let attribution = given.attribution();
    let manner = |of: &[Manner]| flag(attribution.is_some_and(|a| of.contains(&a.manner)));
    let form = |form: Form| flag(side.cell.form == Some(form));
    let mut cells = pair.alignment.cells.iter();
    [
        manner(&[Manner::Stress]),
        manner(&[Manner::Doubt]),
        manner(&[Manner::Belief, Manner::Demand]),
        flag(attribution.is_some_and(|a| a.basis == Basis::AccordingTo)),
        flag(attribution.is_some_and(|a| is_document(side, a))),
        flag(relayed(side, given).is_some()),
        form(Form::Mixed),
        form(Form::Direct),
        flag(is_background(side)),
        flag(!matches!(given, Given::Whole(..))),
        flag(attribution.is_some_and(|a| is_source_in_other(pair, with, a))),
        flag(cue_word(other).is_some()),
        flag(attributions_in(other, other.sentences()).next().is_some()),
        flag(is_after_attribution(other)),
        flag(cells.any(|cell| cell.report == other.report && cell.voice == Voice::Attributed)),
        share_attributed(pair),
        pair.nearness_of_all(),
    ]
}
