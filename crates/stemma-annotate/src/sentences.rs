//! Sentences.
//!
//! In: tokens, segments and quotes. Out: the sentences of all prose segments, in text order, which leave out only white
//! space. A sentence ends after a final mark and what closes with it (quotation marks, brackets), unless what follows
//! goes on: a small letter, a comma, the cue of a quotation ("…!” Ruiz said"). A full stop after a shortened word
//! ends a sentence only before a word that opens sentences. Each sentence of a longer quotation is one of its own.
//! Linear; never fails. Lists: `data/abbreviations.txt`, `data/sentence-openers.txt`.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

use stemma_core::{
    Layer, LayerId, Producer, Quote, QuoteId, Segment, SegmentId, SegmentKind, Sentence, SentenceId, Span,
    Token, TokenId, TokenKind,
};

use crate::dates::{is_month, is_weekday};
use crate::words::{Words, entries, entry_set, is_capitalized};

/// Where a shortened word keeps the sentence open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Abbreviation {
    /// Before anything but a word that opens sentences.
    Any,
    /// Before a number.
    Number,
}

static ABBREVIATIONS: LazyLock<FxHashMap<&str, Abbreviation>> = LazyLock::new(|| {
    entries(include_str!("data/abbreviations.txt"))
        .map(|entry| match entry.split_once(' ') {
            Some((word, "number")) => (word, Abbreviation::Number),
            _ => (entry, Abbreviation::Any),
        })
        .collect()
});

static OPENERS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| entry_set(include_str!("data/sentence-openers.txt")));

/// Verbs that tie a name to the question or cry in quotation marks before it.
const CUES: [&str; 24] = [
    "said",
    "says",
    "asked",
    "asks",
    "told",
    "tells",
    "added",
    "adds",
    "wrote",
    "writes",
    "replied",
    "shouted",
    "tweeted",
    "posted",
    "cried",
    "exclaimed",
    "wondered",
    "declared",
    "continued",
    "responded",
    "answered",
    "yelled",
    "insisted",
    "joked",
];

/// Splits the prose segments of `text` (titles, captions, update notes and body) into sentences.
pub fn split_sentences(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    segments: &Layer<SegmentId, Segment>,
    quotes: &Layer<QuoteId, Quote>,
) -> Layer<SentenceId, Sentence> {
    let splitter = Splitter { words: Words::new(text, tokens), sides: sides(quotes) };
    let mut items = Vec::new();
    for (id, segment) in segments.iter().filter(|(_, segment)| is_prose(segment.kind)) {
        let words = splitter.words;
        for range in splitter.split(words.inside(segment.span)) {
            items.push(Sentence {
                span: Span::new(words.span(range.start).start(), words.span(range.end - 1).end()),
                segment: id,
                first: TokenId::from_index(range.start),
                end: TokenId::from_index(range.end),
            });
        }
    }
    Layer::new(Producer::new("sentences", 1), items)
}

/// The sentences among the tokens of `range`, read without knowledge of quotes: for stages that come before them.
pub(crate) fn sentence_ranges(words: Words, range: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let sides = Sides { opening: FxHashSet::default(), closing: FxHashSet::default() };
    Splitter { words, sides }.split(range)
}

fn is_prose(kind: SegmentKind) -> bool {
    matches!(kind, SegmentKind::Title | SegmentKind::Caption | SegmentKind::UpdateNote | SegmentKind::Body)
}

/// Start bytes of the marks that open a quote, and of those that close one.
struct Sides {
    opening: FxHashSet<usize>,
    closing: FxHashSet<usize>,
}

fn sides(quotes: &Layer<QuoteId, Quote>) -> Sides {
    let opening = quotes.items().iter().map(|quote| quote.span.start()).collect();
    let closing = quotes
        .items()
        .iter()
        .filter(|quote| quote.closed && !quote.continues)
        .map(|quote| quote.span.end())
        .collect();
    Sides { opening, closing }
}

struct Splitter<'a> {
    words: Words<'a>,
    sides: Sides,
}

impl Splitter<'_> {
    /// The sentences among the tokens of one segment.
    fn split(&self, range: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
        let mut out: Vec<std::ops::Range<usize>> = Vec::new();
        let mut first = range.start;
        let mut n = range.start;
        while n < range.end {
            let Some(closed) = self.end_after(n, first, range.end) else {
                n += 1;
                continue;
            };
            self.close(&mut out, first..closed);
            first = closed;
            n = closed;
        }
        if first < range.end {
            self.close(&mut out, first..range.end);
        }
        out
    }

    /// Adds a sentence; marks without a word belong to the sentence before.
    fn close(&self, out: &mut Vec<std::ops::Range<usize>>, sentence: std::ops::Range<usize>) {
        let has_word =
            sentence.clone().any(|n| matches!(self.words.kind(n), Some(TokenKind::Word | TokenKind::Number)));
        match out.last_mut() {
            Some(last) if !has_word => last.end = sentence.end,
            _ => out.push(sentence),
        }
    }

    /// If a sentence that starts at `first` ends with the mark at `n`: one past its last token.
    fn end_after(&self, n: usize, first: usize, end: usize) -> Option<usize> {
        let mark = self.words.at(n);
        let shortened = mark.len() > 1 && mark.ends_with('.') && self.words.kind(n) == Some(TokenKind::Word);
        // ".357 Magnum": a full stop after a space and before a digit belongs to the number.
        let of_number = self.words.glued(n + 1)
            && !self.words.glued(n)
            && self.words.kind(n + 1) == Some(TokenKind::Number);
        if (!shortened && !is_final(mark)) || of_number {
            return None;
        }
        let mut last = n;
        while last + 1 < end && is_final(self.words.at(last + 1)) {
            last += 1;
        }
        let marks_end = last;
        while last + 1 < end && self.closes(last + 1) {
            last += 1;
        }
        let next = last + 1;
        if next >= end {
            return Some(end);
        }
        if self.is_list_number(first, n) {
            return None;
        }
        let quoted = (marks_end + 1..next).any(|n| self.words.kind(n) == Some(TokenKind::QuoteMark));
        let plain_stop = mark == "." && marks_end == n;
        let goes_on = match self.word_from(next) {
            None => false,
            Some(_) if is_wide_final(mark) => false,
            Some(word) if shortened && is_half_of_day(mark) => {
                is_zone_or_day(self.words.at(word)) || !is_capitalized(self.words.at(word))
            }
            Some(word) if shortened => !self.opens_sentence(word),
            Some(word) if plain_stop && next == n + 1 && self.is_abbreviated(n, word) => true,
            Some(word) => self.goes_on_with(next, word, n) || (quoted && !plain_stop && self.is_cue(word)),
        };
        (!goes_on).then_some(next)
    }

    /// True if the token at `n` belongs to the sentence that ended before it.
    fn closes(&self, n: usize) -> bool {
        match self.words.at(n) {
            ")" | "]" | "}" => true,
            _ if self.words.kind(n) != Some(TokenKind::QuoteMark) => false,
            mark => {
                let span = self.words.span(n);
                self.sides.closing.contains(&span.end())
                    || (self.words.glued(n)
                        && !self.sides.opening.contains(&span.start())
                        && !matches!(mark, "“" | "‘" | "„" | "«"))
            }
        }
    }

    /// The first word at or after `n`, past opening marks and brackets; `None` where another sign stands before it that
    /// only a new sentence starts with.
    fn word_from(&self, n: usize) -> Option<usize> {
        let opens = |n: usize| {
            matches!(self.words.at(n), "(" | "[" | "{" | "-" | "–" | "—" | "¿" | "¡")
                || self.words.kind(n) == Some(TokenKind::QuoteMark)
        };
        let word = (n..n + 4).find(|&n| !opens(n))?;
        let continuing = matches!(self.words.at(word), "," | ";" | ":" | ")" | "]" | "%" | "/" | "&");
        match self.words.kind(word)? {
            TokenKind::Word | TokenKind::Number => Some(word),
            _ => continuing.then_some(word),
        }
    }

    /// True if what starts at `next`, with its first word at `word`, goes on the sentence that a mark at `n` may end.
    fn goes_on_with(&self, next: usize, word: usize, n: usize) -> bool {
        match self.words.kind(word) {
            Some(TokenKind::Number) => {
                // "Section 2.1", "3.5": no sentence starts with a number where no space stands before it.
                self.words.glued(next) && self.words.glued(word)
            }
            Some(TokenKind::Word) => {
                let text = self.words.at(word);
                let handle = text.starts_with(['@', '#']);
                let glued_name = word == n + 1
                    && self.words.glued(word)
                    && self.words.glued(n)
                    && !self
                        .words
                        .at(n.saturating_sub(1))
                        .ends_with(|c: char| c.is_lowercase() || c.is_numeric());
                !handle && (!is_capitalized(text) || glued_name)
            }
            _ => true,
        }
    }

    /// True if the full stop at `n` shortens the word before it and `word` does not open a sentence.
    fn is_abbreviated(&self, n: usize, word: usize) -> bool {
        if n == 0 || !self.words.glued(n) || self.words.kind(n - 1) != Some(TokenKind::Word) {
            return false;
        }
        match ABBREVIATIONS.get(self.words.at(n - 1).to_lowercase().as_str()) {
            // "in the sun", "at the co", "in mass": in small letters only titles and "vs." and "v." are shortened.
            Some(Abbreviation::Any) => {
                (is_capitalized(self.words.at(n - 1))
                    || matches!(self.words.at(n - 1), "vs" | "v" | "approx" | "est"))
                    && !self.opens_sentence(word)
            }
            Some(Abbreviation::Number) => self.words.kind(word) == Some(TokenKind::Number),
            None => false,
        }
    }

    /// True if the word at `n` is one that opens sentences, with a capital.
    fn opens_sentence(&self, n: usize) -> bool {
        let word = self.words.at(n);
        word.starts_with(char::is_uppercase) && OPENERS.contains(word.to_lowercase().as_str())
    }

    /// True if a name and a verb of speech start at `n`: "Ruiz said", "Prime Minister Ana Ruiz asked".
    fn is_cue(&self, n: usize) -> bool {
        let verb = (n..n + 6).find(|&n| !is_capitalized(self.words.at(n)) || self.words.at(n).len() <= 1);
        verb.is_some_and(|verb| verb > n && CUES.contains(&self.words.at(verb)))
    }

    /// True for the "1." of a list: the sentence so far is that number or letter alone.
    fn is_list_number(&self, first: usize, n: usize) -> bool {
        n == first + 1
            && self.words.at(n) == "."
            && self.words.at(first).len() <= 3
            && self.words.kind(first) == Some(TokenKind::Number)
    }
}

fn is_half_of_day(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "a.m." | "p.m.")
}

/// What goes on after "9 a.m.": "Friday", "May 4", "ET", "Eastern".
fn is_zone_or_day(word: &str) -> bool {
    let is_zone = word.len() <= 4 && word.len() >= 2 && word.chars().all(|c| c.is_ascii_uppercase());
    is_zone
        || is_weekday(word)
        || is_month(word)
        || matches!(
            word,
            "Eastern"
                | "Central"
                | "Pacific"
                | "Mountain"
                | "Greenwich"
                | "British"
                | "Indian"
                | "Sept"
                | "Beijing"
        )
}

fn is_final(mark: &str) -> bool {
    matches!(mark, "." | "!" | "?" | "…") || is_wide_final(mark)
}

/// Final marks of scripts that need no space after them.
fn is_wide_final(mark: &str) -> bool {
    matches!(mark, "。" | "！" | "？" | "।" | "؟" | "۔")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{find_quotes, find_segments, tokenize};

    fn split(text: &str) -> String {
        let tokens = tokenize(text);
        let segments = find_segments(text, &tokens, None);
        let quotes = find_quotes(text, &tokens, &segments, &mut Vec::new());
        let sentences = split_sentences(text, &tokens, &segments, &quotes);
        sentences.items().iter().map(|s| text[s.span.range()].to_owned()).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn shortened_words_end_no_sentence() {
        insta::assert_snapshot!(
            split("Gov. J. D. Reed met Mr. Ota at 9 a.m. on Jan. 6 in St. Ives, U.S. officials said. No. 10 agreed."),
            @"Gov. J. D. Reed met Mr. Ota at 9 a.m. on Jan. 6 in St. Ives, U.S. officials said. | No. 10 agreed."
        );
        insta::assert_snapshot!(
            split("She left the U.S. The firm, Reed Inc. But he said no. Then came Dr. Ota Jr. He ran vs. Reed."),
            @"She left the U.S. | The firm, Reed Inc. | But he said no. | Then came Dr. Ota Jr. | He ran vs. Reed."
        );
    }

    #[test]
    fn a_time_of_day_may_end_a_sentence() {
        insta::assert_snapshot!(
            split("It opened at 9 a.m. Friday. It closed at 4 p.m. Police left at 5 p.m. ET on Monday."),
            @"It opened at 9 a.m. Friday. | It closed at 4 p.m. | Police left at 5 p.m. ET on Monday."
        );
    }

    #[test]
    fn closing_marks_belong_to_the_sentence() {
        insta::assert_snapshot!(
            split("“We won! Did you see it?” he asked. “Never again!” Ruiz said. (It rained.) “No.” She left."),
            @"“We won! | Did you see it?” he asked. | “Never again!” Ruiz said. | (It rained.) | “No.” | She left."
        );
        insta::assert_snapshot!(
            split(r#"He left." "I know ..." she said. "But why?" The hall was empty. 'Yes.' 'No!'"#),
            @r#"He left." | "I know ..." she said. | "But why?" | The hall was empty. | 'Yes.' | 'No!'"#
        );
    }

    #[test]
    fn a_missing_space_and_odd_marks() {
        insta::assert_snapshot!(
            split("They lost their rights.He left.“Go!” Then 3.5 per cent … It fell to 2.1. 40 died. iPhone sales rose."),
            @"They lost their rights. | He left. | “Go!” | Then 3.5 per cent … | It fell to 2.1. | 40 died. | iPhone sales rose."
        );
        insta::assert_snapshot!(
            split("1. Eat. 2. Sleep. See example.com. Yahoo! shares and Node.js fell... and rose. 首相は辞任した。後任は未定。"),
            @"1. Eat. | 2. Sleep. | See example.com. | Yahoo! shares and Node.js fell... and rose. | 首相は辞任した。 | 後任は未定。"
        );
    }
}
