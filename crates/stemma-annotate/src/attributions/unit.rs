//! Units: what the search for attributions looks at. A unit is a sentence, or several that one pair of quotation
//! marks ties together, and in it every outer quotation is a single item.

use std::borrow::Cow;

use super::classes::is_adverb;
use crate::parts::Part;
use stemma_core::{
    Layer, LayerId, Quote, QuoteId, Segment, SegmentId, SegmentKind, Sentence, SentenceId, Span, Token,
    TokenId, TokenKind,
};

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A word or number.
    Word,
    /// A stretch in outer quotation marks.
    Quote(QuoteId),
    Comma,
    Colon,
    Semicolon,
    /// A dash between spaces, or a long one.
    Dash,
    /// `.`, `!`, `?`, `…`
    Stop,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// Anything else: `%`, a lone quotation mark.
    Other,
}

/// A word, a mark, or a whole quotation.
#[derive(Clone, Debug)]
pub(super) struct Item<'t> {
    pub(super) span: Span,
    pub(super) kind: Kind,
    /// Lower case, with straight apostrophes; empty for quotations.
    pub(super) lower: Cow<'t, str>,
    /// Starts with a capital letter or a digit.
    pub(super) capital: bool,
    /// Part of speech; of a quotation, that of its first mark.
    pub(super) part: Part,
}

/// One or several sentences of one segment.
#[derive(Clone, Debug)]
pub(super) struct Unit<'t> {
    pub(super) text: &'t str,
    pub(super) segment: SegmentId,
    pub(super) kind: SegmentKind,
    pub(super) items: Vec<Item<'t>>,
}

impl Unit<'_> {
    /// Number of items.
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// The lower-case word at `at`, empty past the ends and for what is no word.
    pub(super) fn word(&self, at: usize) -> &str {
        self.items.get(at).filter(|item| item.kind == Kind::Word).map_or("", |item| &item.lower)
    }

    /// The lower-case word before `at`.
    pub(super) fn word_before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.word(before))
    }

    /// The part of speech at `at`; `None` past the ends.
    pub(super) fn part(&self, at: usize) -> Option<Part> {
        self.items.get(at).map(|item| item.part)
    }

    /// What stands at `at`; `None` past the ends.
    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.items.get(at).map(|item| item.kind)
    }

    /// What stands before `at`.
    pub(super) fn kind_before(&self, at: usize) -> Option<Kind> {
        at.checked_sub(1).and_then(|before| self.kind(before))
    }

    /// The quotation at `at`.
    pub(super) fn quote(&self, at: usize) -> Option<QuoteId> {
        match self.kind(at) {
            Some(Kind::Quote(id)) => Some(id),
            _ => None,
        }
    }

    /// True if the item at `at` is a word with a capital.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.items.get(at).is_some_and(|item| item.kind == Kind::Word && item.capital)
    }

    /// True if the word at `at` is an adverb, and no name that ends like one ("Kelly").
    pub(super) fn is_adverb(&self, at: usize) -> bool {
        is_adverb(self.word(at)) && (at == 0 || !self.is_capital(at))
    }

    /// True for the full stop of "Mr. Ruiz" or "J. Kaya" at `at`.
    pub(super) fn is_abbreviation_stop(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let glued = self.items[before].span.end() == self.items[at].span.start();
        let short = self.items[before].span.len() <= 4 && self.is_capital(before);
        self.kind(at) == Some(Kind::Stop) && glued && short && self.is_capital(at + 1)
    }

    /// True past the last word or quotation: only final marks are left.
    pub(super) fn is_end(&self, at: usize) -> bool {
        self.items.get(at..).unwrap_or(&[]).iter().take(4).all(|item| item.kind == Kind::Stop)
    }

    /// The span of the items in `from..to`, if there are any.
    pub(super) fn span(&self, from: usize, to: usize) -> Option<Span> {
        let items = self.items.get(from..to)?;
        Some(items.first()?.span.cover(items.last()?.span))
    }
}

/// A text as far as it is read before anyone asks who says what.
#[derive(Clone, Copy)]
pub struct Prose<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens.
    pub tokens: &'a Layer<TokenId, Token>,
    /// The part of speech of each token.
    pub parts: &'a [Part],
    /// Its segments.
    pub segments: &'a Layer<SegmentId, Segment>,
    /// Its sentences.
    pub sentences: &'a Layer<SentenceId, Sentence>,
    /// Its quotations.
    pub quotes: &'a Layer<QuoteId, Quote>,
}

/// The units of all sentences of titles, captions and body text.
pub(super) fn units<'t>(prose: Prose<'t>) -> Vec<Unit<'t>> {
    let Prose { text, tokens, parts, segments, sentences, quotes } = prose;
    let outer: Vec<(QuoteId, Span)> =
        quotes.iter().filter(|(_, quote)| quote.depth == 0).map(|(id, quote)| (id, quote.span)).collect();
    let mut units: Vec<Unit<'t>> = Vec::new();
    let mut next = 0; // in `outer`
    for sentence in sentences.items() {
        let joined = match units.last_mut() {
            Some(unit) if unit.segment == sentence.segment => {
                next > 0 && {
                    let last = outer[next - 1].1;
                    last.start() < sentence.span.start() && last.end() > sentence.span.start()
                }
            }
            _ => false,
        };
        if !joined {
            units.push(Unit {
                text,
                segment: sentence.segment,
                kind: segments[sentence.segment].kind,
                items: Vec::new(),
            });
        }
        let unit = units.last_mut().expect("one was pushed if there was none");
        for id in sentence.tokens() {
            let token = tokens[id];
            while next < outer.len() && outer[next].1.start() <= token.span.start() {
                unit.items.push(Item {
                    span: outer[next].1,
                    kind: Kind::Quote(outer[next].0),
                    lower: Cow::Borrowed(""),
                    capital: false,
                    part: Part::Punctuation,
                });
                next += 1;
            }
            let quoted = next > 0 && outer[next - 1].1.end() > token.span.start();
            if !quoted {
                let part = parts.get(id.index()).copied().unwrap_or(Part::Other);
                unit.items.push(item(text, token, part));
            }
        }
    }
    units.retain(|unit| !unit.items.is_empty());
    units
}

fn item(text: &str, token: Token, part: Part) -> Item<'_> {
    let slice = &text[token.span.range()];
    let capital = slice.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '@' | '#'));
    let kind = match token.kind {
        TokenKind::Word | TokenKind::Number => Kind::Word,
        TokenKind::QuoteMark => Kind::Other,
        TokenKind::Symbol => match slice {
            "," => Kind::Comma,
            ":" => Kind::Colon,
            ";" => Kind::Semicolon,
            "—" | "–" | "-" | "―" => Kind::Dash,
            "." | "!" | "?" | "…" => Kind::Stop,
            "(" | "[" => Kind::Open,
            ")" | "]" => Kind::Close,
            _ => Kind::Other,
        },
    };
    Item { span: token.span, kind, lower: lower(slice), capital, part }
}

fn lower(slice: &str) -> Cow<'_, str> {
    let plain = |c: char| !c.is_uppercase() && !matches!(c, '’' | 'ʼ');
    if slice.chars().all(plain) {
        Cow::Borrowed(slice)
    } else {
        Cow::Owned(slice.to_lowercase().replace(['’', 'ʼ'], "'"))
    }
}

/// Index of the first word of `unit` that is not a leading "But", "And", "Meanwhile".
pub(super) fn past_opening(unit: &Unit<'_>, from: usize, to: usize) -> usize {
    let mut at = from;
    while at < to {
        let opens = matches!(
            unit.word(at),
            "but"
                | "and"
                | "or"
                | "so"
                | "yet"
                | "still"
                | "also"
                | "meanwhile"
                | "however"
                | "moreover"
                | "then"
                | "later"
                | "instead"
                | "indeed"
                | "nevertheless"
                | "nonetheless"
                | "besides"
                | "furthermore"
                | "separately"
                | "plus"
        );
        let mark = matches!(unit.kind(at), Some(Kind::Comma | Kind::Dash | Kind::Stop | Kind::Colon));
        if !(opens || mark) {
            break;
        }
        at += 1;
    }
    at
}

/// Ids of the quotations of depth 0, in order.
pub(super) fn is_outer(quotes: &Layer<QuoteId, Quote>, id: QuoteId) -> bool {
    quotes.get(id).is_some_and(|quote| quote.depth == 0)
}

/// The outer quotation after `id`, if there is one.
pub(super) fn next_outer(quotes: &Layer<QuoteId, Quote>, id: QuoteId) -> Option<QuoteId> {
    (id.index() + 1..quotes.len()).map(QuoteId::from_index).find(|&next| is_outer(quotes, next))
}
