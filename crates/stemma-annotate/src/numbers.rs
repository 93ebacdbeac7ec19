//! Pieces and numbers: what times and figures are read from.
//!
//! In: the tokens of one paragraph. Out: [`Pieces`], tokens cut further where a number touches letters ("150ft") or a
//! hyphen joins words ("third-quarter"), so that one grammar reads all spellings; and numbers in digits or words
//! ("1,200", "twenty-two", "half a million", "2.6 lakh"). English only. Never fails; linear in the text.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

use stemma_core::{Layer, LayerId, Sentence, SentenceId, Span, Token, TokenId, TokenKind};

use crate::words::entries;

/// A token or a part of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) span: Span,
    pub(crate) kind: TokenKind,
    /// A hyphen joins it to the piece before: "third-quarter", "10-12".
    pub(crate) hyphen: bool,
    /// No white space stands before it.
    pub(crate) glued: bool,
    /// Index of its sentence, counted over the document.
    pub(crate) sentence: u32,
    /// What number word it is; looked up once, as many rules ask.
    numeral: Option<Numeral>,
    /// Which rank it is in words, from 1; 0 for none.
    rank: u32,
}

/// The pieces of one paragraph over the text they come from.
#[derive(Debug)]
pub(crate) struct Pieces<'t> {
    text: &'t str,
    /// `text` with ASCII letters in lower case: the same offsets.
    lower: &'t str,
    /// They are of sentences, not of a dateline, a credit or page furniture.
    pub(crate) prose: bool,
    items: Vec<Piece>,
}

/// The pieces of every paragraph, and of every stretch of tokens that are in no sentence, in text order. `lower` is `text`
/// in ASCII lower case.
pub(crate) fn paragraphs<'t>(
    text: &'t str,
    lower: &'t str,
    tokens: &Layer<TokenId, Token>,
    sentences: &Layer<SentenceId, Sentence>,
) -> Vec<Pieces<'t>> {
    let mut paragraphs: Vec<Pieces<'t>> = Vec::new();
    let mut segment = None;
    let mut next = 0;
    let mut add = |range: std::ops::Range<usize>, sentence: u32, opens: bool, prose: bool| {
        if opens && !range.is_empty() {
            paragraphs.push(Pieces { text, lower, prose, items: Vec::new() });
        }
        for token in &tokens.items()[range] {
            paragraphs.last_mut().expect("the first sentence opens a paragraph").push(*token, sentence);
        }
    };
    for (n, sentence) in sentences.items().iter().enumerate() {
        let (first, end) = (sentence.first.index(), sentence.end.index());
        add(next..first.max(next), u32::MAX, true, false);
        let opens = segment != Some(sentence.segment) || first > next;
        add(first..end, u32::try_from(n).expect("fewer sentences than bytes"), opens, true);
        segment = Some(sentence.segment);
        next = end;
    }
    add(next..tokens.len(), u32::MAX, true, false);
    paragraphs
}

impl<'t> Pieces<'t> {
    /// Number of pieces.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// The piece at `at`.
    pub(crate) fn get(&self, at: usize) -> Option<&Piece> {
        self.items.get(at)
    }

    /// The piece at `at` in lower case; empty past the end.
    pub(crate) fn word(&self, at: usize) -> &'t str {
        self.items.get(at).map_or("", |piece| &self.lower[piece.span.range()])
    }

    /// The piece before `at` in lower case; empty at the start of a paragraph.
    pub(crate) fn before(&self, at: usize) -> &'t str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }

    /// The piece at `at` as written.
    pub(crate) fn raw(&self, at: usize) -> &'t str {
        self.items.get(at).map_or("", |piece| &self.text[piece.span.range()])
    }

    /// From the first byte of `first` to the last byte of the piece before `end`.
    pub(crate) fn span(&self, first: usize, end: usize) -> Span {
        self.items[first].span.cover(self.items[end - 1].span)
    }

    /// True if the piece at `at` starts in upper case.
    pub(crate) fn capital(&self, at: usize) -> bool {
        self.raw(at).chars().next().is_some_and(char::is_uppercase)
    }

    /// True if a hyphen joins `at` to the piece before.
    pub(crate) fn hyphen(&self, at: usize) -> bool {
        self.items.get(at).is_some_and(|piece| piece.hyphen)
    }

    /// True if no white space stands before `at`.
    pub(crate) fn glued(&self, at: usize) -> bool {
        self.items.get(at).is_some_and(|piece| piece.glued)
    }

    /// True if `at` opens its sentence.
    pub(crate) fn opens_sentence(&self, at: usize) -> bool {
        at == 0
            || self.items.get(at).is_some_and(|piece| {
                piece.sentence != self.items[at - 1].sentence
                    || self.items[at - 1].kind == TokenKind::QuoteMark
            })
    }

    /// True if `at` is there and of the same sentence as the piece before it.
    pub(crate) fn goes_on(&self, at: usize) -> bool {
        at > 0 && self.items.get(at).is_some_and(|piece| piece.sentence == self.items[at - 1].sentence)
    }

    /// First piece and one past the last of the sentence that holds `at`.
    pub(crate) fn sentence(&self, at: usize) -> std::ops::Range<usize> {
        let n = self.items[at].sentence;
        self.items.partition_point(|piece| piece.sentence < n)
            ..self.items.partition_point(|piece| piece.sentence <= n)
    }

    /// One past `at` if the piece there is a full stop without white space before it, as after "Sept".
    pub(crate) fn past_stop(&self, at: usize) -> usize {
        at + usize::from(self.glued(at) && self.word(at) == ".")
    }

    fn push(&mut self, token: Token, sentence: u32) {
        let start = token.span.start();
        let glued = self.items.last().is_some_and(|last| last.span.end() == start);
        let mut add = |from: usize, to: usize, kind: TokenKind, hyphen: bool| {
            if from < to {
                let span = Span::new(start + from, start + to);
                let word = &self.lower[span.range()];
                let numeral = (kind == TokenKind::Word).then(|| NUMERALS.get(word).copied()).flatten();
                let rank =
                    if kind == TokenKind::Word && numeral.is_none() { ORDINALS.get(word) } else { None };
                self.items.push(Piece {
                    span,
                    kind,
                    hyphen,
                    glued: glued || from > 0,
                    sentence,
                    numeral,
                    rank: rank.copied().unwrap_or(0),
                });
            }
        };
        let word = &self.text[token.span.range()];
        match token.kind {
            TokenKind::Word if word.contains(is_hyphen) => {
                let mut from = 0;
                for (at, mark) in word.char_indices().filter(|&(_, c)| is_hyphen(c)) {
                    add(from, at, kind_of(&word[from..at]), from > 0);
                    from = at + mark.len_utf8();
                }
                add(from, word.len(), kind_of(&word[from..]), from > 0);
            }
            TokenKind::Number if !is_iso_date(word) => split_number(word, &mut add),
            kind => add(0, word.len(), kind, false),
        }
    }
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

fn kind_of(part: &str) -> TokenKind {
    if part.starts_with(|c: char| c.is_ascii_digit()) { TokenKind::Number } else { TokenKind::Word }
}

/// Cuts a token that starts with a digit at hyphens and between digits and letters, but for "10th" and "1990s".
fn split_number(word: &str, add: &mut impl FnMut(usize, usize, TokenKind, bool)) {
    let mut from = 0;
    let mut hyphen = false;
    let mut was_digit = false;
    for (at, c) in word.char_indices() {
        let digit = c.is_numeric() || matches!(c, '.' | ',' | ':' | '/');
        if is_hyphen(c) {
            add(from, at, kind_of(&word[from..at]), hyphen);
            from = at + c.len_utf8();
            hyphen = true;
        } else if was_digit && !digit && !is_number_suffix(&word[at..]) {
            add(from, at, TokenKind::Number, hyphen);
            from = at;
            hyphen = false;
        }
        was_digit = digit && !is_hyphen(c);
    }
    add(from, word.len(), kind_of(&word[from..]), hyphen);
}

/// "th" of "10th", "s" of "1990s", with nothing but a hyphen after it.
fn is_number_suffix(rest: &str) -> bool {
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    matches!(rest[..letters].to_ascii_lowercase().as_str(), "th" | "st" | "nd" | "rd" | "s")
}

/// "2025-03-02" or "2025-03": kept whole.
fn is_iso_date(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let year_month = bytes.len() >= 7 && digits(0..4) && bytes[4] == b'-' && digits(5..7);
    let month = || word[5..7].parse().is_ok_and(|month: u8| (1..=12).contains(&month));
    year_month
        && month()
        && (bytes.len() == 7 && &word[5..7] != "00" && word[5..7] < word[2..4]
            || bytes.len() >= 10
                && bytes[7] == b'-'
                && digits(8..10)
                && bytes.get(10).is_none_or(|b| !b.is_ascii_digit()))
}

/// Multipliers in a row: "hundred thousand million" is as far as it goes.
const MOST_FACTORS: usize = 3;

/// A number and how exactly it is written.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Number {
    /// The value, multipliers included.
    pub(crate) value: f64,
    /// Worth of one unit of the last digit written: 1 for "84", 0.1 for "7.4", 100,000 for "3.4 million".
    pub(crate) step: f64,
    /// Upper end of what the words may mean, for "dozens", "hundreds of thousands"; else `value`.
    pub(crate) up_to: f64,
    /// Written in digits.
    pub(crate) digits: bool,
    /// One past its last piece.
    pub(crate) end: usize,
}

/// What a number word is.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Numeral {
    /// 0 to 19.
    Unit(f64),
    /// 20, 30, … 90.
    Ten(f64),
    Hundred,
    /// "thousand" and up, "lakh", "crore".
    Scale(f64),
    /// "dozen", "score", "couple", "pair": counts after a number or an article.
    Group(f64),
    /// "dozens", "hundreds": at least twice this.
    Many(f64),
}

static NUMERALS: LazyLock<FxHashMap<&'static str, Numeral>> = LazyLock::new(|| {
    let mut numerals = FxHashMap::default();
    for line in entries(include_str!("../data/numerals.txt")) {
        let mut fields = line.split_whitespace();
        let (Some(kind), Some(value)) = (fields.next(), fields.next()) else { continue };
        let value: f64 = value.parse().expect("the built-in list holds numbers");
        for word in fields {
            let numeral = match kind {
                "unit" => Numeral::Unit(value),
                "ten" => Numeral::Ten(value),
                "hundred" => Numeral::Hundred,
                "group" => Numeral::Group(value),
                "many" => Numeral::Many(value),
                _ => Numeral::Scale(value),
            };
            numerals.insert(word, numeral);
        }
    }
    numerals
});

static ORDINALS: LazyLock<FxHashMap<&'static str, u32>> = LazyLock::new(|| {
    let mut ordinals = FxHashMap::default();
    for line in entries(include_str!("../data/ordinals.txt")) {
        if let Some((value, word)) = line.split_once(' ') {
            ordinals.insert(word.trim(), value.parse().expect("the built-in list holds numbers"));
        }
    }
    ordinals
});

impl Pieces<'_> {
    fn numeral(&self, at: usize) -> Option<Numeral> {
        let piece = self.get(at)?;
        let found = piece.numeral?;
        // Single letters are multipliers only right after digits: "5m", "200k".
        let short = piece.span.len() <= 2;
        let after_digits =
            || at > 0 && piece.glued && self.get(at - 1).is_some_and(|p| p.kind == TokenKind::Number);
        (!short || after_digits() || matches!(self.word(at), "bn" | "mn" | "tn" | "cr")).then_some(found)
    }

    /// The number that starts at `at`: digits or words, with multipliers.
    pub(crate) fn number(&self, at: usize) -> Option<Number> {
        let piece = self.get(at)?;
        match piece.kind {
            TokenKind::Number => self.number_in_digits(at),
            TokenKind::Word => self.number_in_words(at),
            _ => None,
        }
    }

    fn number_in_digits(&self, at: usize) -> Option<Number> {
        let raw = self.raw(at);
        let (digits, divisor) = match fraction(raw) {
            Some(part) => (part * 10.0, 10.0),
            None => digits(raw)?,
        };
        // "5 1/2", "2½"
        let is_number = |at: usize| self.get(at).is_some_and(|piece| piece.kind == TokenKind::Number);
        let part = (divisor == 1.0 && is_number(at + 1)).then(|| fraction(self.raw(at + 1))).flatten();
        let (digits, divisor, end) = match part {
            Some(part) => ((digits + part) * 10.0, 10.0, at + 2),
            None => (digits, divisor, at + 1),
        };
        let (factor, end) = self.scales(end);
        // Whole numbers multiply without an error: 41 times 100,000, not 4.1 times a million.
        let value = if factor >= divisor { digits * (factor / divisor) } else { digits / (divisor / factor) };
        Some(Number { value, step: factor / divisor, up_to: value, digits: true, end })
    }

    /// Product of the multipliers from `at` on: "million", "hundred thousand", "lakh crore".
    fn scales(&self, at: usize) -> (f64, usize) {
        let (mut factor, mut end) = (1.0, at);
        while let Some(next) = self.numeral(end).filter(|_| end < at + MOST_FACTORS) {
            factor *= match next {
                Numeral::Scale(by) => by,
                Numeral::Hundred => 100.0,
                Numeral::Group(by) if by > 2.0 => by,
                _ => break,
            };
            end += 1;
        }
        (factor, end)
    }

    fn number_in_words(&self, at: usize) -> Option<Number> {
        let first = self.word(at);
        if matches!(first, "half" | "quarter") && matches!(self.word(at + 1), "a" | "an") {
            let (factor, end) = self.scales(at + 2);
            let part = if first == "half" { 0.5 } else { 0.25 };
            return (end > at + 2).then_some(Number {
                value: factor * part,
                step: factor * 0.1,
                up_to: factor * part,
                digits: false,
                end,
            });
        }
        if let Some(several) = self.several(at) {
            return Some(several);
        }
        if matches!(first, "a" | "an") {
            let (factor, end) = self.scales(at + 1);
            if end > at + 1 {
                let half =
                    self.word(end) == "and" && self.word(end + 1) == "a" && self.word(end + 2) == "half";
                let value = if half { factor * 1.5 } else { factor };
                let step = if half { factor * 0.1 } else { factor };
                return Some(Number {
                    value,
                    step,
                    up_to: value,
                    digits: false,
                    end: end + if half { 3 } else { 0 },
                });
            }
            let group = self.numeral(at + 1).filter(|_| self.word(at + 1) != "pair");
            return match group? {
                Numeral::Group(value) => {
                    Some(Number { value, step: 1.0, up_to: value, digits: false, end: at + 2 })
                }
                _ => None,
            };
        }
        if let Some(many) = self.many(at) {
            return Some(many);
        }
        self.cardinal_words(at)
    }

    /// "several hundred", "a few dozen": from twice the word to its tenfold.
    fn several(&self, at: usize) -> Option<Number> {
        let start = match (self.word(at), self.word(at + 1)) {
            ("several", _) => at + 1,
            ("a", "few") => at + 2,
            _ => return None,
        };
        let (factor, end) = self.scales(start);
        (end > start).then_some(Number {
            value: 2.0 * factor,
            step: factor,
            up_to: 10.0 * factor,
            digits: false,
            end,
        })
    }

    /// "dozens", "hundreds of thousands": from twice the word to its tenfold.
    fn many(&self, at: usize) -> Option<Number> {
        let Some(Numeral::Many(mut value)) = self.numeral(at) else { return None };
        let mut end = at + 1;
        while self.word(end) == "of" && end < at + 2 * MOST_FACTORS {
            let Some(Numeral::Many(by)) = self.numeral(end + 1) else { break };
            value *= by;
            end += 2;
        }
        Some(Number { value: 2.0 * value, step: value, up_to: 10.0 * value, digits: false, end })
    }

    /// "twenty-two", "two hundred and fifty", "one and a half million".
    fn cardinal_words(&self, at: usize) -> Option<Number> {
        let (mut total, mut group, mut end) = (0.0, 0.0, at);
        let mut last_scale = f64::INFINITY;
        let mut step = 1.0;
        let mut last = Numeral::Hundred;
        while let Some(next) = self.numeral(end) {
            let fits = match (last, next) {
                _ if end == at => matches!(next, Numeral::Unit(_) | Numeral::Ten(_)),
                (Numeral::Ten(_), Numeral::Unit(n)) => n < 10.0 && n > 0.0,
                (Numeral::Hundred | Numeral::Scale(_), Numeral::Unit(_) | Numeral::Ten(_)) => true,
                (Numeral::Unit(_) | Numeral::Ten(_), Numeral::Hundred) => group < 100.0,
                (_, Numeral::Scale(by)) => group > 0.0 && by < last_scale,
                (Numeral::Unit(_) | Numeral::Ten(_), Numeral::Group(by)) => by > 2.0,
                _ => false,
            };
            if !fits {
                break;
            }
            match next {
                Numeral::Unit(n) | Numeral::Ten(n) => {
                    group += n;
                    step = 1.0;
                }
                Numeral::Hundred => {
                    group *= 100.0;
                    step = 100.0;
                }
                Numeral::Group(by) => group *= by,
                Numeral::Scale(by) => {
                    total += group * by;
                    group = 0.0;
                    last_scale = by;
                    step = by;
                }
                Numeral::Many(_) => {}
            }
            last = next;
            end += 1;
            let joined = self.word(end) == "and"
                && matches!(last, Numeral::Hundred | Numeral::Scale(_))
                && matches!(self.numeral(end + 1), Some(Numeral::Unit(_) | Numeral::Ten(_)));
            if joined {
                end += 1;
            }
            if self.word(end) == "and" && self.word(end + 1) == "a" && self.word(end + 2) == "half" {
                group += 0.5;
                step = 0.1;
                end += 3;
                let (factor, past) = self.scales(end);
                return Some(Number {
                    value: (total + group) * factor,
                    step: step * factor,
                    up_to: (total + group) * factor,
                    digits: false,
                    end: past,
                });
            }
        }
        let value = total + group;
        (end > at).then_some(Number { value, step, up_to: value, digits: false, end })
    }

    /// "third", "21st", "twenty-first": the rank, and one past its last piece.
    pub(crate) fn ordinal(&self, at: usize) -> Option<(u32, usize)> {
        let word = self.word(at);
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && digits <= 4 && matches!(&word[digits..], "th" | "st" | "nd" | "rd") {
            return word[..digits].parse().ok().map(|n| (n, at + 1));
        }
        if let Some(rank) = self.rank(at) {
            return Some((rank, at + 1));
        }
        let Some(Numeral::Ten(tens)) = self.numeral(at) else { return None };
        let units = self.rank(at + 1).filter(|&rank| rank < 10 && self.hyphen(at + 1));
        units.map(|units| (tens as u32 + units, at + 2))
    }

    fn rank(&self, at: usize) -> Option<u32> {
        self.get(at).map(|piece| piece.rank).filter(|&rank| rank > 0)
    }
}

/// The digits of a number as a whole number, and by what to divide it; none for times ("10:30"), dates ("3/2/25") and other marks.
fn digits(raw: &str) -> Option<(f64, f64)> {
    if raw.len() > 24 || raw.is_empty() || !raw.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    {
        return None;
    }
    let (whole, decimals) = match raw.split_once('.') {
        Some((whole, decimals)) => (whole, decimals),
        None => (raw, ""),
    };
    if decimals.contains(['.', ',']) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let mut rest = groups.rev();
    let grouped = match rest.next() {
        None => true,
        Some(last) => {
            last.len() == 3
                && (1..=3).contains(&first.len())
                && rest.all(|group| matches!(group.len(), 2 | 3))
        }
    };
    if !grouped {
        return None;
    }
    let digits: f64 = raw.replace([',', '.'], "").parse().ok()?;
    Some((digits, 10f64.powi(i32::try_from(decimals.len()).ok()?)))
}

/// "1/2", "3/4", "½": proper fractions of one-digit denominators.
pub(crate) fn fraction(raw: &str) -> Option<f64> {
    match raw {
        "½" => return Some(0.5),
        "¼" => return Some(0.25),
        "¾" => return Some(0.75),
        "⅓" => return Some(1.0 / 3.0),
        "⅔" => return Some(2.0 / 3.0),
        _ => {}
    }
    let (above, below) = raw.split_once('/')?;
    let (above, below): (u8, u8) = (above.parse().ok()?, below.parse().ok()?);
    (above < below && below < 10 && above > 0).then(|| f64::from(above) / f64::from(below))
}

/// Tokens and sentences of a small text, as tests of times and figures need them.
#[cfg(test)]
pub(crate) fn parts(text: &str) -> (Layer<TokenId, Token>, Layer<SentenceId, Sentence>) {
    let tokens = crate::tokenize(text);
    let segments = crate::find_segments(text, &tokens, None);
    let quotes = crate::find_quotes(text, &tokens, &segments, &mut Vec::new());
    let sentences = crate::split_sentences(text, &tokens, &segments, &quotes);
    (tokens, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_pieces<T>(text: &str, read: impl FnOnce(&Pieces<'_>) -> T) -> T {
        let (tokens, sentences) = parts(text);
        let lower = text.to_ascii_lowercase();
        read(&paragraphs(text, &lower, &tokens, &sentences)[0])
    }

    fn cut(text: &str) -> String {
        with_pieces(text, |pieces| {
            (0..pieces.len())
                .map(|at| format!("{}{}", if pieces.hyphen(at) { "-" } else { "" }, pieces.raw(at)))
                .collect::<Vec<_>>()
                .join("|")
        })
    }

    fn read(text: &str) -> String {
        with_pieces(text, |pieces| match pieces.number(0) {
            Some(number) if number.up_to > number.value => {
                format!("{} to {} in {} pieces", number.value, number.up_to, number.end)
            }
            Some(number) => format!("{} by {} in {} pieces", number.value, number.step, number.end),
            None => "none".to_owned(),
        })
    }

    #[test]
    fn tokens_are_cut_where_numbers_touch_words() {
        assert_eq!(
            cut("150ft in the third-quarter, a 12-year-old on 2025-03-02"),
            "150|ft|in|the|third|-quarter|,|a|12|-year|-old|on|2025-03-02"
        );
        assert_eq!(
            cut("€1.2bn at 10am, 10-12% of the 1990s and 10th"),
            "€|1.2|bn|at|10|am|,|10|-12|%|of|the|1990s|and|10th"
        );
        assert_eq!(cut("1990-91 and 1990-12-01"), "1990|-91|and|1990-12-01");
    }

    #[test]
    fn numbers_are_read_in_digits_and_words() {
        assert_eq!(read("1,980"), "1980 by 1 in 1 pieces");
        assert_eq!(read("2.6 lakh"), "260000 by 10000 in 2 pieces");
        assert_eq!(read("12,34,567"), "1234567 by 1 in 1 pieces");
        assert_eq!(read("Twenty-two people"), "22 by 1 in 2 pieces");
        assert_eq!(read("two hundred and fifty-one thousand"), "251000 by 1000 in 6 pieces");
        assert_eq!(read("one and a half million"), "1500000 by 100000 in 5 pieces");
        assert_eq!(read("half a million"), "500000 by 100000 in 3 pieces");
        assert_eq!(read("a dozen eggs"), "12 by 12 in 2 pieces");
        assert_eq!(read("tens of thousands"), "20000 to 100000 in 3 pieces");
        assert_eq!(read("5 1/2 hours"), "5.5 by 0.1 in 2 pieces");
        assert_eq!(read("10:30"), "none");
        assert_eq!(read("nineteen men"), "19 by 1 in 1 pieces");
        assert_eq!(read("seven eight"), "7 by 1 in 1 pieces");
    }

    #[test]
    fn ranks_are_read_in_digits_and_words() {
        let rank = |text: &str| with_pieces(text, |pieces| pieces.ordinal(0));
        assert_eq!(rank("21st century"), Some((21, 1)));
        assert_eq!(rank("twenty-first century"), Some((21, 2)));
        assert_eq!(rank("third"), Some((3, 1)));
        assert_eq!(rank("three"), None);
    }
}
