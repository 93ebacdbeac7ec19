//! Names of one kind that commas and "and" join, with what tells of each: "Okafor, the chairman, Ana Ruiz, and their lawyer, Ivo Berg".

use std::ops::Range;

use stemma_core::{EntityKind, Mention, MentionForm, Span};

use super::members::has_joint;
use super::{Finding, MIN_SHARED, finding};
use crate::divergences::{Pair, Side};

/// Most tokens between two names of a series.
const MOST_BETWEEN: usize = 8;
/// Words with which a sentence goes on: what stands after them is no member.
const GOES_ON: [&str; 28] = [
    "was", "were", "is", "are", "be", "been", "had", "has", "have", "will", "would", "can", "could", "may",
    "might", "must", "should", "to", "that", "which", "when", "while", "after", "before", "because", "said",
    "but", "not",
];

/// Mentions from a place on that may touch it.
const FEW: usize = 3;

/// A bearer that a cell names.
struct Named {
    span: Span,
    /// `None` if it is known for a name by its capitals alone.
    kind: Option<EntityKind>,
    bearer: Option<usize>,
}

/// Names of one kind, the last two joined by "and" or "or".
type Series = Vec<Named>;

/// Finds a series of names of which the other cell has some and not others.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    [0, 1]
        .into_iter()
        .find_map(|n| series(pair, n, MIN_SHARED + 1).iter().find_map(|list| lacking(pair, n, list)))
}

/// The members of `list`, a series of side `n`, that the other side's sentences do not name, if its cell has the rest.
fn lacking(pair: &Pair<'_>, n: usize, list: &Series) -> Option<Finding> {
    let others: Vec<Named> = series(pair, 1 - n, MIN_SHARED).into_iter().flatten().collect();
    let shared = list.iter().filter(|own| others.iter().any(|other| same(pair, n, own, other))).count();
    let missing: Vec<Span> =
        list.iter().filter(|own| !is_said(pair, 1 - n, n, own)).map(|own| own.span).collect();
    if shared < MIN_SHARED || missing.is_empty() || shared + missing.len() < list.len() {
        return None;
    }
    let mut evidence = [Vec::new(), Vec::new()];
    evidence[n] = missing;
    Some(finding(pair, evidence, shared))
}

/// True for one bearer under two names, `own` of side `n`.
fn same(pair: &Pair<'_>, n: usize, own: &Named, other: &Named) -> bool {
    (own.bearer.is_some() && own.bearer == other.bearer) || {
        let [a, b] =
            [last_word(pair.sides()[n].slice(own.span)), last_word(pair.sides()[1 - n].slice(other.span))];
        a == b || crate::entities::sounds_alike(&a, &b)
    }
}

fn last_word(name: &str) -> String {
    any_ascii::any_ascii(name).to_lowercase().split_whitespace().next_back().unwrap_or_default().to_owned()
}

/// True if the sentences of side `n` say the last word of the name of `own`, which is of side `of`.
fn is_said(pair: &Pair<'_>, n: usize, of: usize, own: &Named) -> bool {
    let word = last_word(pair.sides()[of].slice(own.span));
    let side = pair.sides()[n];
    let text = any_ascii::any_ascii(side.slice(side.sentences())).to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|other| other == word) || named(pair, n).iter().any(|other| same(pair, of, own, other))
}

/// What the cell of side `n` names, in text order.
fn named(pair: &Pair<'_>, n: usize) -> Vec<Named> {
    let side = pair.sides()[n];
    let read = |mention: &Mention| {
        let bearer = pair.cast.entity(side.report.index(), mention.entity?);
        Some(Named { span: mention.span, kind: Some(mention.kind), bearer: Some(bearer) })
    };
    let mut all: Vec<Named> =
        side.mentions().filter(|mention| mention.form == MentionForm::Named).filter_map(read).collect();
    all.extend(unknown(side));
    all.sort_by_key(|name| name.span);
    all
}

/// Two or more words with capitals that are no known name and open no sentence.
fn unknown(side: Side<'_>) -> Vec<Named> {
    let layers = side.document.layers();
    let cover = side.document.tokens_in(side.cover());
    let is_free = |at: usize| {
        let span = layers.tokens.items()[at].span;
        let at = layers.mentions.items().partition_point(|mention| mention.span.end() <= span.start());
        let mut near = layers.mentions.items()[at..].iter().take(FEW);
        let named = near.any(|m| m.form == MentionForm::Named && m.span.touches(span));
        !named && side.slice(span).starts_with(char::is_uppercase)
    };
    let mut all = Vec::new();
    let mut at = cover.start;
    while at < cover.end {
        let end = (at..cover.end).find(|&n| !is_free(n)).unwrap_or(cover.end);
        if end >= at + 2 && at > cover.start {
            let span = layers.tokens.items()[at].span.cover(layers.tokens.items()[end - 1].span);
            all.push(Named { span, kind: None, bearer: None });
        }
        at = end.max(at) + 1;
    }
    all
}

/// The series of `least` or more names of one kind in the cell of side `n`.
fn series(pair: &Pair<'_>, n: usize, least: usize) -> Vec<Series> {
    let side = pair.sides()[n];
    if !has_joint(side) {
        return Vec::new();
    }
    let mut all: Vec<Series> = Vec::new();
    for kind in [EntityKind::Person, EntityKind::Organization, EntityKind::Place] {
        let mut current = Series::new();
        let mut joined = false;
        for name in named(pair, n).into_iter().filter(|name| name.kind.is_none_or(|own| own == kind)) {
            let joint = current.last().and_then(|last| joint(side, last.span, name.span));
            if joint.is_none() {
                all.extend(Some(std::mem::take(&mut current)).filter(|list| joined && list.len() >= least));
                joined = false;
            }
            joined |= joint == Some(Joint::And);
            current.push(name);
        }
        all.extend(Some(current).filter(|list| joined && list.len() >= least));
    }
    all
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Comma,
    And,
}

/// How two names are joined, if they are members of one series.
fn joint(side: Side<'_>, left: Span, right: Span) -> Option<Joint> {
    let range: Range<usize> = side.document.tokens_in(left).end..side.document.tokens_in(right).start;
    if range.is_empty() || range.len() > MOST_BETWEEN {
        return None;
    }
    let tokens = &side.document.layers().tokens.items()[range];
    let words: Vec<String> = tokens.iter().map(|token| side.slice(token.span).to_lowercase()).collect();
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if any(&GOES_ON) || any(&[";", ":", "—", "–", "“", "”", "\""]) {
        return None;
    }
    // The full stop of "former Sens. Ruiz and Berg" ends no sentence.
    let sentence = |span: Span| side.document.sentence_at(span.start());
    if any(&["."]) && sentence(left) != sentence(right) {
        return None;
    }
    if any(&["and", "or", "&"]) {
        return Some(Joint::And);
    }
    any(&[","]).then_some(Joint::Comma)
}
