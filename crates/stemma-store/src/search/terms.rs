//! The language in which one asks: words, phrases, prefixes, AND, OR, NOT.
//!
//! | written | found |
//! | --- | --- |
//! | `rare earth` | both words, in any form (stemmed) and any order |
//! | `"rare earth"` | the words one after the other; also `“rare earth”` |
//! | `tari*` | words that start so; at least [`MIN_PREFIX_CHARS`] characters |
//! | `bread OR butter` | either |
//! | `bread NOT butter`, `bread -butter` | the first without the second |
//! | `(bread OR butter) knife` | grouped |
//!
//! NOT binds before AND, and AND, which need not be written, before OR. Only these words in capitals are operators. What is
//! written never reaches SQLite but as quoted strings, so there is no text that is an error of SQL; what cannot be meant is a
//! [`TermsError`].

use std::fmt::Write as _;

/// Fewer characters before a `*` would stand for most words there are.
pub const MIN_PREFIX_CHARS: usize = 3;
/// Words and phrases of one search.
const MAX_TERMS: usize = 32;
/// Parentheses inside of each other.
const MAX_DEPTH: usize = 16;
/// Characters of one search.
const MAX_CHARS: usize = 2_000;

/// What is searched for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    root: Node,
}

/// Why a text is no search. Places count characters, from 1.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each says itself what it is")]
pub enum TermsError {
    #[error("there is no word to search for")]
    Empty,
    #[error("the quotation mark at character {at} is not closed")]
    UnclosedQuote { at: usize },
    #[error("the parenthesis at character {at} is not closed")]
    UnclosedParenthesis { at: usize },
    #[error("the parenthesis at character {at} closes nothing")]
    StrayParenthesis { at: usize },
    #[error("there is nothing in the parentheses at character {at}")]
    EmptyParentheses { at: usize },
    #[error("{operator} at character {at} has nothing {side} it to work on")]
    Dangling { operator: &'static str, at: usize, side: &'static str },
    #[error("only what is not wanted is named (from character {at}): name something that is")]
    OnlyNot { at: usize },
    #[error("{word:?} has no letter and no digit to search for")]
    NoLetters { word: String },
    #[error("in {word:?} a * stands inside: it may only end a word")]
    StarInside { word: String },
    #[error("{word:?} would find too much: a * needs {MIN_PREFIX_CHARS} characters before it")]
    ShortPrefix { word: String },
    #[error(
        "the search is too long: more than {MAX_CHARS} characters, {MAX_TERMS} words or {MAX_DEPTH} parentheses in each other"
    )]
    TooLong,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Node {
    /// Words one after the other; the last may be the start of one.
    Phrase { words: String, prefix: bool },
    /// All of the first, none of the second. The first are never empty.
    All(Vec<Node>, Vec<Node>),
    /// At least one.
    Any(Vec<Node>),
}

impl Terms {
    /// Reads a search.
    pub fn parse(text: &str) -> Result<Self, TermsError> {
        if text.chars().count() > MAX_CHARS {
            return Err(TermsError::TooLong);
        }
        let tokens = tokens(text)?;
        if tokens.iter().filter(|token| matches!(token.kind, Kind::Phrase { .. })).count() > MAX_TERMS {
            return Err(TermsError::TooLong);
        }
        let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
        if tokens.is_empty() {
            return Err(TermsError::Empty);
        }
        let root = parser.any()?;
        match parser.peek() {
            Some(token) => Err(TermsError::StrayParenthesis { at: token.at }),
            None => Ok(Self { root }),
        }
    }

    /// The search for words that stand one after the other, whatever they are.
    pub fn phrase(words: &str) -> Result<Self, TermsError> {
        has_letters(words)?;
        Ok(Self { root: Node::Phrase { words: words.to_owned(), prefix: false } })
    }

    /// The expression of FTS5.
    pub(crate) fn expression(&self) -> String {
        let mut out = String::new();
        self.root.write(&mut out);
        out
    }

    /// Its single words and phrases that are wanted.
    pub(crate) fn wanted(&self) -> Vec<String> {
        let mut out = Vec::new();
        self.root.wanted(&mut out);
        out
    }

    /// The same with whole words instead of their starts: `words` gives those that start so. A start that no word has stands
    /// as a word, and finds nothing.
    pub(crate) fn expanded<E>(
        &self,
        mut words: impl FnMut(&str) -> Result<Vec<String>, E>,
    ) -> Result<Self, E> {
        Ok(Self { root: self.root.expanded(&mut words)? })
    }
}

impl Node {
    fn write(&self, out: &mut String) {
        match self {
            Node::Phrase { words, prefix } => {
                let star = if *prefix { " *" } else { "" };
                write!(out, "\"{}\"{star}", words.replace('"', "\"\""))
                    .expect("writing to a string cannot fail");
            }
            Node::All(wanted, unwanted) if unwanted.is_empty() => join(out, wanted, " AND "),
            Node::All(wanted, unwanted) => {
                out.push('(');
                join(out, wanted, " AND ");
                *out += " NOT ";
                join(out, unwanted, " OR ");
                out.push(')');
            }
            Node::Any(nodes) => join(out, nodes, " OR "),
        }
    }

    fn wanted(&self, out: &mut Vec<String>) {
        match self {
            Node::Phrase { words, .. } => out.push(words.clone()),
            Node::All(nodes, _) | Node::Any(nodes) => nodes.iter().for_each(|node| node.wanted(out)),
        }
    }
}

impl Node {
    fn expanded<E>(&self, words_of: &mut impl FnMut(&str) -> Result<Vec<String>, E>) -> Result<Self, E> {
        let mut all =
            |nodes: &[Node]| nodes.iter().map(|node| node.expanded(words_of)).collect::<Result<Vec<_>, E>>();
        Ok(match self {
            Node::Phrase { words, prefix: true } => {
                let (before, start) = last_word(words);
                let mut found = words_of(start)?;
                if found.is_empty() {
                    found.push(start.to_owned());
                }
                let phrase = |word: String| Node::Phrase { words: format!("{before}{word}"), prefix: false };
                Node::Any(found.into_iter().map(phrase).collect())
            }
            Node::Phrase { .. } => self.clone(),
            Node::All(wanted, unwanted) => Node::All(all(wanted)?, all(unwanted)?),
            Node::Any(nodes) => Node::Any(all(nodes)?),
        })
    }
}

/// The last word of a phrase, and what stands before it.
fn last_word(words: &str) -> (&str, &str) {
    let words = words.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = words
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric())
        .last()
        .map_or(words.len(), |(at, _)| at);
    words.split_at(start)
}

fn join(out: &mut String, nodes: &[Node], sign: &str) {
    out.push('(');
    for (n, node) in nodes.iter().enumerate() {
        if n > 0 {
            *out += sign;
        }
        node.write(out);
    }
    out.push(')');
}

fn has_letters(word: &str) -> Result<(), TermsError> {
    match word.chars().any(char::is_alphanumeric) {
        true => Ok(()),
        false => Err(TermsError::NoLetters { word: word.to_owned() }),
    }
}

#[derive(Debug)]
struct Token {
    /// Which character, from 1.
    at: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Phrase { words: String, prefix: bool },
    And,
    Or,
    Not,
    Open,
    Close,
}

fn tokens(text: &str) -> Result<Vec<Token>, TermsError> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut n) = (Vec::new(), 0);
    while n < chars.len() {
        let at = n + 1;
        let mut push = |kind| tokens.push(Token { at, kind });
        match chars[n] {
            c if c.is_whitespace() => n += 1,
            '(' => {
                push(Kind::Open);
                n += 1;
            }
            ')' => {
                push(Kind::Close);
                n += 1;
            }
            '-' | '−' if starts_term(chars.get(n + 1)) => {
                push(Kind::Not);
                n += 1;
            }
            c if is_quote(c) => {
                let length =
                    chars[at..].iter().position(|&c| is_quote(c)).ok_or(TermsError::UnclosedQuote { at })?;
                let words: String = chars[at..at + length].iter().collect();
                has_letters(&words)?;
                n = at + length + 1;
                let prefix = chars.get(n) == Some(&'*');
                n += usize::from(prefix);
                if prefix && last_word(&words).1.chars().count() < MIN_PREFIX_CHARS {
                    return Err(TermsError::ShortPrefix { word: format!("\"{words}\"*") });
                }
                push(Kind::Phrase { words, prefix });
            }
            _ => {
                let length = chars[n..].iter().take_while(|&&c| is_inside(c)).count();
                let word: String = chars[n..n + length].iter().collect();
                n += length;
                push(word_token(word)?);
            }
        }
    }
    Ok(tokens)
}

fn word_token(word: String) -> Result<Kind, TermsError> {
    Ok(match word.as_str() {
        "AND" => Kind::And,
        "OR" => Kind::Or,
        "NOT" => Kind::Not,
        _ => {
            has_letters(&word)?;
            let (words, prefix) =
                word.strip_suffix('*').map_or((word.as_str(), false), |start| (start, true));
            if words.contains('*') {
                return Err(TermsError::StarInside { word });
            }
            if prefix && last_word(words).1.chars().count() < MIN_PREFIX_CHARS {
                return Err(TermsError::ShortPrefix { word });
            }
            Kind::Phrase { words: words.to_owned(), prefix }
        }
    })
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

fn is_inside(c: char) -> bool {
    !c.is_whitespace() && !is_quote(c) && !matches!(c, '(' | ')')
}

fn starts_term(c: Option<&char>) -> bool {
    c.is_some_and(|&c| c.is_alphanumeric() || is_quote(c) || c == '(')
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn any(&mut self) -> Result<Node, TermsError> {
        let mut nodes = vec![self.all()?];
        while let Some(Token { at, kind: Kind::Or }) = self.peek() {
            let at = *at;
            self.at += 1;
            if self.ends() {
                return Err(TermsError::Dangling { operator: "OR", at, side: "after" });
            }
            nodes.push(self.all()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Any(nodes) })
    }

    /// True where a part ends.
    fn ends(&self) -> bool {
        self.peek().is_none_or(|token| matches!(token.kind, Kind::Close | Kind::Or))
    }

    fn all(&mut self) -> Result<Node, TermsError> {
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        let first = self.peek().map_or(1, |token| token.at);
        while let Some(token) = self.peek() {
            let at = token.at;
            match token.kind {
                Kind::Close => break,
                Kind::Or if wanted.is_empty() && unwanted.is_empty() => {
                    return Err(TermsError::Dangling { operator: "OR", at, side: "before" });
                }
                Kind::Or => break,
                Kind::And => {
                    if wanted.is_empty() && unwanted.is_empty() {
                        return Err(TermsError::Dangling { operator: "AND", at, side: "before" });
                    }
                    self.at += 1;
                    if self.ends() || matches!(self.peek(), Some(Token { kind: Kind::And, .. })) {
                        return Err(TermsError::Dangling { operator: "AND", at, side: "after" });
                    }
                }
                Kind::Not => {
                    self.at += 1;
                    if self.ends() || matches!(self.peek(), Some(Token { kind: Kind::And | Kind::Not, .. })) {
                        return Err(TermsError::Dangling { operator: "NOT", at, side: "after" });
                    }
                    unwanted.push(self.item()?);
                }
                Kind::Phrase { .. } | Kind::Open => wanted.push(self.item()?),
            }
        }
        match (wanted.len(), unwanted.is_empty()) {
            (0, false) => Err(TermsError::OnlyNot { at: first }),
            (1, true) => Ok(wanted.remove(0)),
            _ => Ok(Node::All(wanted, unwanted)),
        }
    }

    /// One word, phrase or group.
    fn item(&mut self) -> Result<Node, TermsError> {
        let Some(Token { at, kind }) = self.tokens.get(self.at) else { return Err(TermsError::Empty) };
        self.at += 1;
        match kind {
            Kind::Phrase { words, prefix } => Ok(Node::Phrase { words: words.clone(), prefix: *prefix }),
            _ => self.group(*at),
        }
    }

    /// What stands behind the parenthesis that opens at `at`.
    fn group(&mut self, at: usize) -> Result<Node, TermsError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(TermsError::TooLong);
        }
        match self.peek().map(|token| &token.kind) {
            None => return Err(TermsError::UnclosedParenthesis { at }),
            Some(Kind::Close) => return Err(TermsError::EmptyParentheses { at }),
            _ => {}
        }
        let node = self.any()?;
        if self.peek().is_none() {
            return Err(TermsError::UnclosedParenthesis { at });
        }
        self.at += 1;
        self.depth -= 1;
        Ok(node)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        match Terms::parse(text) {
            Ok(terms) => terms.expression(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn what_is_written_and_what_is_meant() {
        let cases = [
            ("tariffs", r#""tariffs""#),
            ("rare earth", r#"("rare" AND "earth")"#),
            ("\"rare earth\" deal", r#"("rare earth" AND "deal")"#),
            ("“rare earth”", r#""rare earth""#),
            ("tari*", r#""tari" *"#),
            ("\"rare ear\"*", r#""rare ear" *"#),
            ("bread OR butter knife", r#"("bread" OR ("butter" AND "knife"))"#),
            ("(bread OR butter) AND knife", r#"(("bread" OR "butter") AND "knife")"#),
            ("bread NOT butter", r#"(("bread") NOT ("butter"))"#),
            ("bread -butter -\"olive oil\"", r#"(("bread") NOT ("butter" OR "olive oil"))"#),
            ("and or not", r#"("and" AND "or" AND "not")"#),
            ("co-operate", r#""co-operate""#),
            ("title:x NEAR(a b)", r#"("title:x" AND "NEAR" AND ("a" AND "b"))"#),
            ("x'; DROP TABLE reports; --y", r#"("x';" AND "DROP" AND "TABLE" AND "reports;" AND "--y")"#),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_meant() {
        let told: Vec<String> = [
            "",
            "  ",
            "\"rare earth",
            "(bread",
            "bread)",
            "()",
            "OR bread",
            "bread OR",
            "AND bread",
            "bread AND",
            "bread AND AND knife",
            "NOT",
            "NOT bread",
            "-bread -butter",
            "bread NOT NOT butter",
            "$$$",
            "\"--\"",
            "ta*",
            "ta*riff",
            "(bread OR) knife",
        ]
        .map(|text| format!("{text:20} {}", read(text)))
        .into();
        insta::assert_snapshot!(told.join("\n"), @r#"
                             error: there is no word to search for
                             error: there is no word to search for
        "rare earth          error: the quotation mark at character 1 is not closed
        (bread               error: the parenthesis at character 1 is not closed
        bread)               error: the parenthesis at character 6 closes nothing
        ()                   error: there is nothing in the parentheses at character 1
        OR bread             error: OR at character 1 has nothing before it to work on
        bread OR             error: OR at character 7 has nothing after it to work on
        AND bread            error: AND at character 1 has nothing before it to work on
        bread AND            error: AND at character 7 has nothing after it to work on
        bread AND AND knife  error: AND at character 7 has nothing after it to work on
        NOT                  error: NOT at character 1 has nothing after it to work on
        NOT bread            error: only what is not wanted is named (from character 1): name something that is
        -bread -butter       error: only what is not wanted is named (from character 1): name something that is
        bread NOT NOT butter error: NOT at character 7 has nothing after it to work on
        $$$                  error: "$$$" has no letter and no digit to search for
        "--"                 error: "--" has no letter and no digit to search for
        ta*                  error: "ta*" would find too much: a * needs 3 characters before it
        ta*riff              error: in "ta*riff" a * stands inside: it may only end a word
        (bread OR) knife     error: OR at character 8 has nothing after it to work on
        "#);
    }

    #[test]
    fn starts_become_words() {
        let words = |start: &str| {
            Ok::<_, ()>(if start == "ear" { vec!["earth".to_owned(), "ears".to_owned()] } else { Vec::new() })
        };
        let expanded = |text: &str| Terms::parse(text).unwrap().expanded(words).unwrap().expression();
        assert_eq!(
            expanded("ear* -\"rare-ear\"*"),
            r#"((("earth" OR "ears")) NOT (("rare-earth" OR "rare-ears")))"#
        );
        assert_eq!(expanded("tari*"), r#"("tari")"#);
    }

    #[test]
    fn long_searches_are_refused() {
        assert_eq!(Terms::parse(&"a ".repeat(33)), Err(TermsError::TooLong));
        assert_eq!(Terms::parse(&"(".repeat(1000)), Err(TermsError::TooLong));
        assert_eq!(Terms::parse(&"x".repeat(2001)), Err(TermsError::TooLong));
        assert!(Terms::parse(&format!("{}a{}", "(".repeat(16), ")".repeat(16))).is_ok());
    }

    proptest! {
        /// Whatever is written: a message, or an expression that FTS5 takes.
        #[test]
        fn no_text_is_an_error_of_sqlite(text in r#"([a-c"“()*\-:^{}+'$é]|AND|OR|NOT|NEAR| ){0,24}"#) {
            if let Ok(terms) = Terms::parse(&text) {
                let connection = rusqlite::Connection::open_in_memory().unwrap();
                connection.execute_batch("CREATE VIRTUAL TABLE t USING fts5(a, b, tokenize='porter unicode61')").unwrap();
                let expanded = terms.expanded(|start| Ok::<_, ()>(vec![format!("{start}x"), "y".to_owned()])).unwrap();
                for expression in [terms.expression(), expanded.expression()] {
                    let found = connection.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [format!("{{a}} : ({expression})")], |row| row.get::<_, i64>(0));
                    prop_assert!(found.is_ok(), "{}: {:?}", expression, found);
                }
            }
        }
    }
}
