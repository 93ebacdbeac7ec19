//! What changed between two versions of one report, and whether it matters.
//!
//! In: two annotated documents, the older first. Out: [`Change`]s with spans on both sides. First the sentences of both are
//! paired ([`sentences`]), so that a rewritten sentence is not mixed up with its neighbors; within a pair the words are compared
//! ([`word_diff`]); what the changed words are is read from the layers of both documents ([`kinds`]). White space,
//! punctuation, case and the form of quotation marks are no change, nor is a sentence that stands elsewhere. Captions,
//! credits and page furniture are not compared. Time: near linear in the words, for versions that have most of them in common.

mod kinds;
mod sentences;

use std::collections::BTreeSet;

use stemma_core::{Document, SegmentKind, Span};

use crate::diff::{DiffPiece, DiffText, readable_diff, word_diff};
use kinds::{Finds, kinds_of};
use sentences::{Block, Sentence, pair_sentences};

/// What kind of thing changed, what matters most first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ChangeKind {
    /// The headline, given apart or in the text.
    Headline,
    /// Words in quotation marks, or what stands in such marks.
    Quotation,
    /// Yes in one version, no in the other.
    Polarity,
    /// A quantity.
    Figure,
    /// A date or time.
    Time,
    /// A person, organization or place.
    Name,
    /// How sure the outlet is: "reportedly", "may have".
    Hedge,
    /// A sentence that only the new version has.
    Added,
    /// A sentence that only the old version has.
    Removed,
    /// Other words, of which none of the above can be said.
    Wording,
}

impl ChangeKind {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Headline => "headline",
            ChangeKind::Quotation => "quotation",
            ChangeKind::Polarity => "polarity",
            ChangeKind::Figure => "figure",
            ChangeKind::Time => "time",
            ChangeKind::Name => "name",
            ChangeKind::Hedge => "hedge",
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Wording => "wording",
        }
    }
}

/// One side of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangePlace {
    /// The changed words; empty, at the place where they are missing, if there are none.
    pub span: Span,
    /// The sentence around them, or the sentences where one was made of two.
    pub sentence: Span,
    /// The spans are of the headline that was given apart ([`stemma_core::Report::title`]), not of the text.
    pub in_title: bool,
}

/// One change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// What it is, first of all.
    pub kind: ChangeKind,
    /// What else it is, or what an added or removed sentence holds, in order.
    pub also: Vec<ChangeKind>,
    /// It may change what a reader believes. False for wording.
    pub matters: bool,
    /// In the old version; `None` for an added sentence.
    pub old: Option<ChangePlace>,
    /// In the new version; `None` for a removed sentence.
    pub new: Option<ChangePlace>,
    /// What was seen, in one line.
    pub reason: String,
}

/// The changes from `old` to `new`, in order of the new text; what was removed stands where it would be.
pub fn find_changes(old: &Document, new: &Document) -> Vec<Change> {
    let mut changes: Vec<Change> = headline_change(old, new).into_iter().collect();
    let (before, after) = (sentences::read(old), sentences::read(new));
    let finds = [Finds::of(old), Finds::of(new)];
    for block in pair_sentences(&before, &after) {
        match block {
            Block::Same => {}
            Block::Changed(a, b) => {
                let (from, to) = (cover(&before[a.clone()]), cover(&after[b.clone()]));
                let title = is_title(old, &before[a.start]) && is_title(new, &after[b.start]);
                changes.extend(changes_between([old, new], [from, to], &finds, title));
            }
            Block::Removed(n) => {
                changes.push(whole([old, new], &finds, before[n].span, false, is_title(old, &before[n])))
            }
            Block::Added(n) => {
                changes.push(whole([old, new], &finds, after[n].span, true, is_title(new, &after[n])))
            }
        }
    }
    changes
}

fn cover(sentences: &[Sentence]) -> Span {
    sentences[0].span.cover(sentences[sentences.len() - 1].span)
}

fn is_title(document: &Document, sentence: &Sentence) -> bool {
    document.layers().segments[sentence.segment].kind == SegmentKind::Title
}

/// The headline that both were given apart from the text.
fn headline_change(old: &Document, new: &Document) -> Option<Change> {
    let (a, b) = (old.report().title()?, new.report().title()?);
    let differs = word_diff(a, b).iter().any(|piece| !piece.same);
    let place = |title: &str| {
        let span = Span::new(0, title.len());
        Some(ChangePlace { span, sentence: span, in_title: true })
    };
    let reason = match crate::style::same_but_for_style(a, b) {
        true => "the headline is spelled otherwise",
        false if is_cut(a, b) || is_cut(b, a) => "the headline was cut short in one version",
        false => OTHER_WORDS,
    };
    differs.then(|| Change {
        kind: ChangeKind::Headline,
        also: Vec::new(),
        matters: reason == OTHER_WORDS,
        old: place(a),
        new: place(b),
        reason: reason.to_owned(),
    })
}

const OTHER_WORDS: &str = "the headline has other words";

/// "Bridge at Lom falls after …" for "Bridge at Lom falls after a week of rain".
fn is_cut(short: &str, long: &str) -> bool {
    let start = short.trim_end().strip_suffix("...").or_else(|| short.trim_end().strip_suffix('…'));
    start.is_some_and(|start| !start.trim().is_empty() && long.starts_with(start.trim_end()))
}

/// A sentence that one version has alone.
fn whole(documents: [&Document; 2], finds: &[Finds; 2], span: Span, added: bool, title: bool) -> Change {
    let side = usize::from(added);
    let place = Some(ChangePlace { span, sentence: span, in_title: false });
    let held = finds[side].held(documents[side], span, &finds[1 - side]);
    let kind = match (title, added) {
        (true, _) => ChangeKind::Headline,
        (_, true) => ChangeKind::Added,
        (_, false) => ChangeKind::Removed,
    };
    let version = if added { "new" } else { "old" };
    Change {
        kind,
        also: held.kinds,
        matters: true,
        old: if added { None } else { place },
        new: if added { place } else { None },
        reason: format!("only in the {version} version{}", held.reason),
    }
}

/// The changes of words between two stretches of sentences.
fn changes_between(
    documents: [&Document; 2],
    sentences: [Span; 2],
    finds: &[Finds; 2],
    title: bool,
) -> Vec<Change> {
    let [from, to] = [0, 1].map(|side| documents[side].slice(sentences[side]));
    let pieces: Vec<DiffPiece> = readable_diff(from, to).into_iter().filter(|piece| !piece.same).collect();
    let words = |piece: &DiffPiece| [plain(&from[piece.a.range()]), plain(&to[piece.b.range()])];
    let all: Vec<[String; 2]> = pieces.iter().map(words).collect();
    let known: BTreeSet<&[String; 2]> = all.iter().collect();
    let moved = |[old, new]: &[String; 2]| {
        (old.is_empty() || new.is_empty()) && known.contains(&[new.clone(), old.clone()])
    };
    let change = |(piece, words)| {
        let change = word_change(documents, sentences, finds, piece, title);
        match moved(words) {
            true => Change {
                kind: ChangeKind::Wording,
                also: Vec::new(),
                matters: false,
                reason: "moved within the sentence".to_owned(),
                ..change
            },
            false => change,
        }
    };
    pieces.iter().zip(&all).map(change).collect()
}

/// Words as they are compared.
fn plain(text: &str) -> String {
    DiffText::new(text).keys().join(" ")
}

fn word_change(
    documents: [&Document; 2],
    sentences: [Span; 2],
    finds: &[Finds; 2],
    piece: &DiffPiece,
    title: bool,
) -> Change {
    let spans = [piece.a, piece.b];
    let spans = [0, 1].map(|side| {
        let start = sentences[side].start();
        Span::new(start + spans[side].start(), start + spans[side].end())
    });
    let found = kinds_of(documents, finds, spans, sentences);
    let place = |side: usize| {
        Some(ChangePlace { span: found.spans[side], sentence: sentences[side], in_title: false })
    };
    let mut kinds = found.kinds;
    if title {
        kinds.insert(0, ChangeKind::Headline);
    }
    let kind = kinds.first().copied().unwrap_or(ChangeKind::Wording);
    Change {
        kind,
        also: kinds.into_iter().skip(1).collect(),
        matters: kind != ChangeKind::Wording,
        old: place(0),
        new: place(1),
        reason: found.reason,
    }
}

#[cfg(test)]
mod tests;
