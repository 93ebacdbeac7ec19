//! Hedges and negations: short phrases of fixed words (`data/hedges.txt`, `data/negations.txt`).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use stemma_core::{Span, TokenKind};

use crate::words::{Words, entries, is_capitalized};

/// Forms of "be", for which `BE` stands in a list.
const BE: [&str; 10] = ["is", "are", "was", "were", "be", "been", "being", "am", "'s", "'re"];

struct Phrase {
    words: Vec<&'static str>,
    /// False for a phrase that only looks like one of its list.
    counts: bool,
}

/// A list of phrases.
pub(super) struct Phrases {
    /// By their first word, longest first.
    by_first: FxHashMap<&'static str, Vec<Phrase>>,
    /// "not" alone is one of them, and so "don't" is too.
    not: bool,
}

pub(super) static HEDGES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(include_str!("../data/hedges.txt")));

pub(super) static NEGATIONS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(include_str!("../data/negations.txt")));

impl Phrases {
    fn read(list: &'static str) -> Self {
        let mut by_first: FxHashMap<&'static str, Vec<Phrase>> = FxHashMap::default();
        for entry in entries(list) {
            let (counts, entry) = entry.strip_prefix("- ").map_or((true, entry), |rest| (false, rest));
            let words: Vec<&'static str> = entry.split(' ').collect();
            let firsts: &[&'static str] = if words[0] == "BE" { &BE } else { &words[..1] };
            for &first in firsts {
                let mut words = words.clone();
                words[0] = first;
                let others = by_first.entry(first).or_default();
                others.push(Phrase { words, counts });
                others.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
            }
        }
        let not =
            by_first.get("not").is_some_and(|phrases| phrases.iter().any(|phrase| phrase.words.len() == 1));
        Self { by_first, not }
    }

    /// The phrases among the tokens of `range`, from left to right, none inside another.
    pub(super) fn find(&self, words: Words, range: std::ops::Range<usize>) -> Vec<Span> {
        let mut out = Vec::new();
        let mut n = range.start;
        while n < range.end {
            let Some((length, counts)) = self.match_at(words, n, range.end) else {
                n += 1;
                continue;
            };
            if counts && !is_name(words, n, length, range.start) {
                out.push(words.span(n).cover(words.span(n + length - 1)));
            }
            n += length;
        }
        out
    }

    /// The longest phrase at token `n`: its length, and whether it counts.
    fn match_at(&self, words: Words, n: usize, end: usize) -> Option<(usize, bool)> {
        if words.kind(n) != Some(TokenKind::Word) {
            return None;
        }
        let first = words.lower(n);
        let phrases = self.by_first.get(&*first);
        let fits = |phrase: &&Phrase| {
            n + phrase.words.len() <= end
                && phrase.words.iter().enumerate().skip(1).all(|(k, word)| words.lower(n + k) == *word)
        };
        if let Some(phrase) = phrases.and_then(|phrases| phrases.iter().find(fits)) {
            return Some((phrase.words.len(), phrase.counts));
        }
        // "don't", "won't": the negation is part of the verb.
        (self.not && first.ends_with("n't")).then_some((1, true))
    }
}

/// The month of May, a Mr. Likely, "No. 10", a No Child Left Behind Act: a single word with a capital inside a sentence.
fn is_name(words: Words, n: usize, length: usize, start: usize) -> bool {
    let number =
        words.lower(n) == "no" && words.at(n + 1) == "." && words.kind(n + 2) == Some(TokenKind::Number);
    let after_opening = n == start
        || matches!(words.kind(n - 1), Some(TokenKind::QuoteMark))
        || matches!(words.at(n - 1), "." | "?" | "!" | ":" | "(");
    let month = words.at(n) == "May" && words.kind(n + 1) == Some(TokenKind::Number);
    length == 1 && (number || month || (is_capitalized(words.at(n)) && !after_opening))
}
