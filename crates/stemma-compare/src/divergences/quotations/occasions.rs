//! Whether two quotations are of one occasion: who writes a statement and then talks on the radio says a thing twice.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::super::{Pair, Side};

/// Words that tell an occasion, in kinds.
static KINDS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let lines = crate::terms::words(include_str!("../../../data/occasions.txt"));
    lines.map(|line| line.split_whitespace().collect()).collect()
});

/// True if both sides tell the occasion, in words of different kinds (`data/occasions.txt`).
pub(super) fn are_two_occasions(pair: &Pair<'_>) -> bool {
    let (a, b) = (kinds(pair.a), kinds(pair.b));
    !a.is_empty() && !b.is_empty() && a.is_disjoint(&b)
}

/// The kinds of the words in the sentence of the cell and in that of its cue, outside of quotation marks.
fn kinds(side: Side<'_>) -> BTreeSet<usize> {
    let layers = side.document.layers();
    let cue = side.cell.attribution.and_then(|id| layers.attributions[id].cue.first().copied());
    let cue =
        cue.and_then(|span| side.document.sentence_at(span.start())).map(|id| layers.sentences[id].span);
    let mut found = BTreeSet::new();
    for span in cue.into_iter().chain([side.sentences()]) {
        let first = layers.quotes.items().partition_point(|quote| quote.span.end() <= span.start());
        let quotes = || layers.quotes.items()[first..].iter().take_while(|q| q.span.start() < span.end());
        for token in &layers.tokens.items()[side.document.tokens_in(span)] {
            if !quotes().any(|quote| quote.span.contains(token.span)) {
                let word = side.slice(token.span).to_lowercase();
                found.extend((0..KINDS.len()).filter(|&n| KINDS[n].contains(&word.as_str())));
            }
        }
    }
    found
}
