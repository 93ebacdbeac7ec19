//! The text as the finders of names read it: one [`Unit`] a token, with its folded form, its shape and its traits.
//!
//! Compounds of two names ("Russia-Ukraine", "US-brokered", "anti-American") are divided into units of their own; a name
//! with a hyphen inside ("Kabardino-Balkaria", "El-Sisi") stays whole. Units of one sentence, or of one segment outside the
//! sentences, form a run; no name crosses from one run to the next.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use stemma_core::{
    Layer, Segment, SegmentId, SegmentKind, Sentence, SentenceId, Span, Token, TokenId, TokenKind,
};

use super::lexicon::{Lexicons, Traits, fold};

/// How a unit is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Shape {
    /// "said"
    Lower,
    /// "Putin", "iPhone", "McDonald": a capital somewhere, and small letters.
    Capital,
    /// "NATO", "U.S.": two capitals or more and no small letter.
    Upper,
    /// "J.", "J.D.", "J": one capital, or capitals with full stops where a name may follow.
    Initial,
    /// Letters of a script without capitals: Chinese, Arabic, Hebrew, Thai.
    Uncased,
    /// A possessive "’s".
    Possessive,
    /// Starts with a digit.
    Number,
    /// A quotation mark.
    Quote,
    /// Anything else.
    Symbol,
}

/// A token, or a part of one, with what is known about it.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) span: Span,
    pub(super) folded: String,
    pub(super) traits: Traits,
    pub(super) shape: Shape,
    /// The capital says nothing: first word of a sentence, of a quotation, or after a colon.
    pub(super) opens: bool,
}

impl Unit {
    /// Written as a name is.
    pub(super) fn is_capitalized(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper | Shape::Initial | Shape::Uncased)
    }

    /// The unit is the word `word`.
    pub(super) fn is(&self, word: &str) -> bool {
        self.folded == word
    }

    /// The unit is one of `words`.
    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.contains(&self.folded.as_str())
    }
}

/// A sentence, or a segment that has none.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) units: Range<usize>,
    /// Most words have capitals, so that a capital says nothing: "Ruiz Wins Mayor's Race".
    pub(super) headline: bool,
}

/// How often a folded word stands in the text, where its first letter tells something.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Uses {
    pub(super) lower: u32,
    pub(super) capital: u32,
}

/// The whole text, read.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) units: Vec<Unit>,
    pub(super) runs: Vec<Run>,
    uses: FxHashMap<String, Uses>,
}

impl Reading {
    /// Reads `text`. Linear but for the look-ups of its different words.
    pub(super) fn new(
        text: &str,
        tokens: &Layer<TokenId, Token>,
        segments: &Layer<SegmentId, Segment>,
        sentences: &Layer<SentenceId, Sentence>,
        lexicons: &Lexicons,
    ) -> Self {
        let mut known: FxHashMap<String, Traits> = FxHashMap::default();
        let words = standing_alone(text, tokens);
        let mut units = Vec::with_capacity(tokens.len());
        let mut runs = Vec::new();
        let mut cursor = Cursor { sentences: sentences.items(), segments: segments.items(), at: (0, 0) };
        let mut place = None;
        for token in tokens.items() {
            let now = cursor.place(token.span);
            if now != place {
                place = now;
                if now.is_some() {
                    runs.push(Run { units: units.len()..units.len(), headline: false });
                }
            }
            if place.is_none() {
                continue;
            }
            for span in divide(text, *token, &words, lexicons) {
                let folded = fold(&text[span.range()]);
                let shape = shape(&text[span.range()], token.kind);
                let traits = match known.get(&folded) {
                    Some(&traits) => traits,
                    None => {
                        let traits = lexicons.traits(&folded);
                        known.insert(folded.clone(), traits);
                        traits
                    }
                };
                units.push(Unit { span, folded, traits, shape, opens: false });
            }
            if let Some(run) = runs.last_mut() {
                run.units.end = units.len();
            }
        }
        let mut reading = Self { units, runs, uses: FxHashMap::default() };
        reading.mark_headlines();
        reading.mark_openings();
        reading.count_uses();
        reading.trust_surnames();
        reading
    }

    /// How a folded word is written where its first letter tells something.
    pub(super) fn uses(&self, folded: &str) -> Uses {
        self.uses.get(folded).copied().unwrap_or_default()
    }

    /// The folded text of `range`, with one blank where white space stands.
    pub(super) fn phrase(&self, range: Range<usize>) -> String {
        let mut phrase = String::new();
        let mut end = None;
        for unit in &self.units[range] {
            if end.is_some_and(|end| end < unit.span.start()) {
                phrase.push(' ');
            }
            phrase.push_str(&unit.folded);
            end = Some(unit.span.end());
        }
        phrase
    }

    /// The span of `range`, which is not empty.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.units[range.start].span.cover(self.units[range.end - 1].span)
    }

    /// The units that lie wholly inside `span`. O(log n).
    pub(super) fn units_in(&self, span: Span) -> Range<usize> {
        let first = self.units.partition_point(|unit| unit.span.start() < span.start());
        let end = self.units.partition_point(|unit| unit.span.end() <= span.end());
        first..end.max(first)
    }

    /// The run of a unit. O(log n).
    pub(super) fn run_of(&self, unit: usize) -> usize {
        self.runs.partition_point(|run| run.units.end <= unit)
    }

    /// A word that follows a given name or a title is no common word in this text: "Donald Trump … Trump".
    fn trust_surnames(&mut self) {
        let mut surnames: FxHashSet<String> = FxHashSet::default();
        let introduces = |unit: &Unit| {
            let given = unit.traits.any(Traits::GIVEN) && !unit.traits.any(Traits::COMMON);
            unit.is_capitalized()
                && (given || unit.traits.any(Traits::HONORIFIC) || unit.shape == Shape::Initial)
        };
        for pair in self.units.windows(2).filter(|pair| introduces(&pair[0])) {
            let heads = Traits::ANY_HEAD | Traits::TITLE | Traits::MODIFIER | Traits::CALENDAR;
            let (next, traits) = (&pair[1], pair[1].traits);
            if next.shape == Shape::Capital && traits.any(Traits::COMMON) && !traits.any(heads) {
                surnames.insert(next.folded.clone());
            }
        }
        for unit in self.units.iter_mut().filter(|unit| unit.shape == Shape::Capital) {
            if surnames.contains(&unit.folded) {
                unit.traits = unit.traits.without(Traits::COMMON) | Traits::FAMILY;
            }
        }
    }

    fn mark_headlines(&mut self) {
        for run in &mut self.runs {
            let words = self.units[run.units.clone()].iter().filter(|unit| unit.folded.chars().count() > 3);
            let (mut lower, mut capital) = (0_usize, 0_usize);
            for unit in words {
                match unit.shape {
                    Shape::Lower => lower += 1,
                    Shape::Capital | Shape::Upper => capital += 1,
                    _ => {}
                }
            }
            run.headline = capital >= 3 && capital > 4 * lower;
        }
    }

    fn mark_openings(&mut self) {
        for run in &self.runs {
            let mut opens = true;
            for unit in &mut self.units[run.units.clone()] {
                let is_word = !matches!(unit.shape, Shape::Quote | Shape::Symbol | Shape::Possessive);
                if is_word {
                    unit.opens = opens;
                    opens = false;
                } else if unit.shape == Shape::Quote
                    || unit.is_any(&[":", "?", "!", "•", "*", "…", ";", "|", "—", "."])
                {
                    opens = true;
                }
            }
        }
    }

    fn count_uses(&mut self) {
        for run in self.runs.iter().filter(|run| !run.headline) {
            for unit in self.units[run.units.clone()].iter().filter(|unit| !unit.opens) {
                let is_lower = unit.shape == Shape::Lower;
                if is_lower || unit.is_capitalized() {
                    let uses = self.uses.entry(unit.folded.clone()).or_default();
                    if is_lower { uses.lower += 1 } else { uses.capital += 1 }
                }
            }
        }
    }
}

/// Finds the sentence or segment of tokens that come in text order.
struct Cursor<'a> {
    sentences: &'a [Sentence],
    segments: &'a [Segment],
    at: (usize, usize),
}

impl Cursor<'_> {
    /// A number for the sentence, or for the segment outside of sentences.
    fn place(&mut self, span: Span) -> Option<usize> {
        while self.segments.get(self.at.1).is_some_and(|segment| segment.span.end() <= span.start()) {
            self.at.1 += 1;
        }
        while self.sentences.get(self.at.0).is_some_and(|sentence| sentence.span.end() <= span.start()) {
            self.at.0 += 1;
        }
        let segment = self.segments.get(self.at.1).filter(|segment| segment.span.contains(span))?;
        if matches!(segment.kind, SegmentKind::DateStub | SegmentKind::Furniture) {
            return None;
        }
        match self.sentences.get(self.at.0) {
            Some(sentence) if sentence.span.contains(span) => Some(2 * self.at.0),
            _ => Some(2 * self.at.1 + 1),
        }
    }
}

/// Capitalised words that stand as tokens of their own, folded.
fn standing_alone(text: &str, tokens: &Layer<TokenId, Token>) -> FxHashMap<String, u32> {
    let mut words = FxHashMap::default();
    for token in tokens.items().iter().filter(|token| token.kind == TokenKind::Word) {
        let word = &text[token.span.range()];
        if word.starts_with(char::is_uppercase) && !word.contains('-') {
            *words.entry(fold(word)).or_default() += 1;
        }
    }
    words
}

/// The parts of a token that are units of their own.
fn divide(
    text: &str,
    token: Token,
    alone: &FxHashMap<String, u32>,
    lexicons: &Lexicons,
) -> impl Iterator<Item = Span> + use<> {
    let whole = [Some(token.span), None, None].into_iter().flatten();
    let word = &text[token.span.range()];
    let mut hyphens = word.char_indices().filter(|&(_, c)| matches!(c, '-' | '\u{2010}' | '\u{2011}'));
    let Some((at, hyphen)) = hyphens.next_back().filter(|_| token.kind == TokenKind::Word) else {
        return whole;
    };
    let (left, right) = (&word[..at], &word[at + hyphen.len_utf8()..]);
    if !is_compound(word, left, right, alone, lexicons) {
        return whole;
    }
    let middle = token.span.start() + at;
    let after = middle + hyphen.len_utf8();
    let parts = [(token.span.start(), middle), (middle, after), (after, token.span.end())];
    parts.map(|(start, end)| Some(Span::new(start, end))).into_iter().flatten()
}

fn is_compound(
    word: &str,
    left: &str,
    right: &str,
    alone: &FxHashMap<String, u32>,
    lexicons: &Lexicons,
) -> bool {
    let names = Traits::COUNTRY | Traits::ANY_GROUP | Traits::PLACE | Traits::METROPOLIS | Traits::CITY;
    let (left_key, right_key) = (fold(left), fold(right));
    if left.is_empty() || right.is_empty() || lexicons.traits(&fold(word)).any(names | Traits::ORGANIZATION) {
        return false;
    }
    if matches!(left, "R" | "D" | "I") && lexicons.traits(&right_key).any(Traits::PLACE) {
        return true; // "(R-Ohio)"
    }
    let is_name = |key: &str| lexicons.traits(key).any(names | Traits::ORGANIZATION);
    let stands = |key: &str| {
        let least = if lexicons.traits(key).any(Traits::COMMON) { 2 } else { 1 };
        alone.get(key).is_some_and(|&count| count >= least)
    };
    match (left.starts_with(char::is_uppercase), right.starts_with(char::is_uppercase)) {
        (true, true) => {
            (is_name(&left_key) || stands(&left_key)) && (is_name(&right_key) || stands(&right_key))
        }
        (true, false) => {
            right.starts_with(char::is_lowercase)
                && right.chars().count() > 2
                && (is_name(&left_key) || stands(&left_key))
        }
        (false, true) => {
            matches!(
                left_key.as_str(),
                "anti" | "pro" | "non" | "ex" | "mid" | "post" | "pre" | "then" | "un"
            )
        }
        (false, false) => false,
    }
}

fn shape(word: &str, kind: TokenKind) -> Shape {
    match kind {
        TokenKind::Number => return Shape::Number,
        TokenKind::QuoteMark => return Shape::Quote,
        TokenKind::Symbol => return Shape::Symbol,
        TokenKind::Word => {}
    }
    if word.chars().next().is_some_and(crate::tokens::is_apostrophe) {
        return Shape::Possessive;
    }
    let upper = word.chars().filter(|c| c.is_uppercase()).count();
    let lower = word.chars().filter(|c| c.is_lowercase()).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    match (upper, lower) {
        (0, 0) if letters > 0 => Shape::Uncased,
        (0, 0) => Shape::Symbol,
        (0, _) => Shape::Lower,
        (1, 0) if letters == 1 => Shape::Initial,
        (_, 0) if word.contains('.') && letters <= 3 && !is_country_initialism(word) => Shape::Initial,
        (_, 0) => Shape::Upper,
        _ if word.starts_with(['@', '#']) => Shape::Lower,
        _ => Shape::Capital,
    }
}

/// Abbreviations that look like a person's initials.
fn is_country_initialism(word: &str) -> bool {
    matches!(
        word,
        "U.S." | "U.S" | "U.K." | "U.K" | "U.N." | "U.N" | "E.U." | "E.U" | "D.C." | "D.C" | "U.S.A."
    ) || matches!(word, "N.Y." | "N.J." | "N.C." | "S.C." | "N.H." | "N.M." | "N.D." | "S.D." | "R.I.")
}
