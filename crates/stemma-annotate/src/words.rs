//! Word lists, and how the stages look at words: by position, in lower case, with what stands beside them.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use stemma_core::{Layer, Span, Token, TokenId, TokenKind};

/// Entries of a list that is built into the program: one entry a line, `#` starts a comment, blank lines are
/// passed over.
pub(crate) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(|line| line.split('#').next().unwrap_or("").trim()).filter(|line| !line.is_empty())
}

/// The entries of a list as a set.
pub(crate) fn entry_set(list: &'static str) -> FxHashSet<&'static str> {
    entries(list).collect()
}

/// The tokens of a text with their words. Positions past the end give empty words.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    text: &'a str,
    /// The text with ASCII letters in lower case, if it was made.
    lower: Option<&'a str>,
    tokens: &'a [Token],
}

impl<'a> Words<'a> {
    /// The words of `text`, which `tokens` divide.
    pub(crate) fn new(text: &'a str, tokens: &'a Layer<TokenId, Token>) -> Self {
        Self { text, lower: None, tokens: tokens.items() }
    }

    /// The same for who asks often for words in lower case: `lower` is the text with its ASCII letters in lower case.
    pub(crate) fn with_lower(self, lower: &'a str) -> Self {
        debug_assert_eq!(lower.len(), self.text.len());
        Self { lower: Some(lower), ..self }
    }

    /// Number of tokens.
    pub(crate) fn len(self) -> usize {
        self.tokens.len()
    }

    /// The word at `n`.
    pub(crate) fn at(self, n: usize) -> &'a str {
        self.tokens.get(n).map_or("", |token| &self.text[token.span.range()])
    }

    /// The word at `n` in lower case, with straight apostrophes.
    pub(crate) fn lower(self, n: usize) -> Cow<'a, str> {
        let word = self.at(n);
        if !word.is_ascii() {
            Cow::Owned(word.to_lowercase().replace('’', "'"))
        } else if let Some(lower) = self.lower {
            self.tokens.get(n).map_or(Cow::Borrowed(""), |token| Cow::Borrowed(&lower[token.span.range()]))
        } else if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(word.to_ascii_lowercase())
        } else {
            Cow::Borrowed(word)
        }
    }

    /// Where the token at `n` stands; empty at the text's end if there is none.
    pub(crate) fn span(self, n: usize) -> Span {
        self.tokens.get(n).map_or(Span::new(self.text.len(), self.text.len()), |token| token.span)
    }

    /// What the token at `n` is made of.
    pub(crate) fn kind(self, n: usize) -> Option<TokenKind> {
        self.tokens.get(n).map(|token| token.kind)
    }

    /// True if nothing stands between the tokens at `n - 1` and `n`.
    pub(crate) fn glued(self, n: usize) -> bool {
        n > 0 && n < self.len() && self.tokens[n - 1].span.end() == self.tokens[n].span.start()
    }

    /// True if byte `at` lies inside a token. O(log n).
    pub(crate) fn splits(self, at: usize) -> bool {
        let n = self.tokens.partition_point(|token| token.span.end() <= at);
        n < self.tokens.len() && self.tokens[n].span.start() < at
    }

    /// Positions of the tokens that lie wholly inside `span`. O(log n).
    pub(crate) fn inside(self, span: Span) -> std::ops::Range<usize> {
        let first = self.tokens.partition_point(|token| token.span.start() < span.start());
        let end = self.tokens.partition_point(|token| token.span.end() <= span.end());
        first..end.max(first)
    }
}

/// True if `word` starts with a letter that is not lower case, or hides a capital: "Kyiv", "iPhone", "al-Asad", "東京".
pub(crate) fn is_capitalized(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
        || (word.starts_with(char::is_lowercase) && word.chars().any(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    #[test]
    fn comments_and_blank_lines_are_no_entries() {
        let list = "# verbs\nsay said # the plain one\n\ntell told\n";
        assert_eq!(super::entries(list).collect::<Vec<_>>(), ["say said", "tell told"]);
    }
}
