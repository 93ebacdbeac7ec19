//! A member put in beside one that both have: "criminals and terrorists" / "terrorists".

use stemma_core::{MentionForm, Span, TokenKind};

use super::members::singular;
use super::{Finding, finding};
use crate::diff::DiffPiece;
use crate::divergences::{Pair, Side};

/// Share of common words below which an insertion tells nothing.
const MIN_SAMENESS: f64 = 0.6;
/// Longest insertion, in words.
const LONGEST: usize = 5;

/// Finds words that one side alone has, which are a member of an enumeration whose next member both have.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    if pair.sameness() < MIN_SAMENESS {
        return None;
    }
    pair.diff
        .iter()
        .filter(|piece| !piece.same)
        .find_map(|piece| [0, 1].into_iter().find_map(|n| inserted(pair, n, piece)))
}

/// The member that `piece` is on side `n`.
fn inserted(pair: &Pair<'_>, n: usize, piece: &DiffPiece) -> Option<Finding> {
    if piece.n_words[1 - n] > 0 || !(1..=LONGEST).contains(&piece.n_words[n]) {
        return None;
    }
    let side = pair.sides()[n];
    let range = side.document.tokens_in(pair.place(n, if n == 0 { piece.a } else { piece.b }));
    let tokens = side.document.layers().tokens.items();
    let word = |at: usize| tokens.get(at).map_or("", |token| side.slice(token.span));
    let is_joint = |at: usize| matches!(word(at), "and" | "or" | ",");
    let is_and = |at: usize| matches!(word(at), "and" | "or");
    let joints = range.clone().filter(|&at| is_joint(at)).count();
    // "criminals and | terrorists", "Warren , | Brown and the": a joint at the one end of it or the other.
    let (mut start, mut end) = (range.start, range.end);
    while start < end && is_joint(start) {
        start += 1;
    }
    while start < end && is_joint(end - 1) {
        end -= 1;
    }
    let before = start.checked_sub(1).is_some_and(is_joint);
    let (next, joint) =
        if before { (start.saturating_sub(2), start.saturating_sub(1)) } else { (end + 1, end) };
    let near = (start.saturating_sub(3)..start).chain(end..end + 3).any(is_and);
    let members = [start..end, next..next + 1];
    let holds = start < end && is_joint(joint) && near && members.iter().all(|m| is_member(side, m.clone()));
    if !holds || (joints == 0 && !(before && is_joint(end) && is_whole(side, start..end))) {
        return None;
    }
    let own = Span::new(tokens.get(start)?.span.start(), tokens.get(end.checked_sub(1)?)?.span.end());
    if is_said(pair, 1 - n, side, own) {
        return None;
    }
    let mut evidence = [Vec::new(), Vec::new()];
    evidence[n] = vec![own];
    Some(finding(pair, evidence, 1))
}

/// True if no name goes on before or after the words.
fn is_whole(side: Side<'_>, range: std::ops::Range<usize>) -> bool {
    let mut mentions =
        side.document.layers().mentions.items().iter().filter(|m| m.form == MentionForm::Named);
    mentions.all(|mention| {
        let own = side.document.tokens_in(mention.span);
        own.end <= range.start || own.start >= range.end || (range.start <= own.start && own.end <= range.end)
    })
}

/// Names, or words in the plural: no verb.
fn is_member(side: Side<'_>, range: std::ops::Range<usize>) -> bool {
    let tokens = side.document.layers().tokens.items();
    let Some(last) = tokens.get(range.clone()).and_then(<[_]>::last) else { return false };
    let mentions = side.document.layers().mentions.items().iter();
    let mut named = mentions.filter(|m| m.form == MentionForm::Named && m.span.touches(last.span));
    let word = side.slice(last.span);
    let plural =
        last.kind == TokenKind::Word && word.len() > 4 && word.ends_with('s') && !word.ends_with("ss");
    named.next().is_some() || plural
}

/// True if side `n` says a word of `own` elsewhere in its sentence.
fn is_said(pair: &Pair<'_>, n: usize, of: Side<'_>, own: Span) -> bool {
    let side = pair.sides()[n];
    let text = side.slice(side.sentences());
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(singular).collect();
    of.slice(own)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 3)
        .any(|word| words.contains(&singular(word)))
}
