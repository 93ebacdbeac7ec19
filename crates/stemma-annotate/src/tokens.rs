//! Tokens: words, numbers, quotation marks and other symbols.
//!
//! In: any text. Out: tokens with only white space between them. Linear; never fails.
//! A word keeps inner apostrophes, hyphens and full stops ("don’t", "co-operate", "U.S."); a possessive "’s" is a
//! token of its own. A single quotation mark that is not inside a word is a quotation mark here; whether it is one
//! or an apostrophe ("the workers’ rights") is decided where quotations are paired.

use stemma_core::{Layer, Producer, Span, Token, TokenId, TokenKind};

/// Splits `text` into tokens.
pub fn tokenize(text: &str) -> Layer<TokenId, Token> {
    let mut items = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() || is_invisible(first) {
            at += first.len_utf8();
            continue;
        }
        let (len, kind) = match first {
            c if c.is_numeric() => (number_len(&text[at..]), TokenKind::Number),
            c if is_word_start(c, &text[at..]) => (word_len(&text[at..]), TokenKind::Word),
            '`' if text[at..].starts_with("``") => (2, TokenKind::QuoteMark),
            '\'' if text[at..].starts_with("''") => (2, TokenKind::QuoteMark),
            c if is_quote_mark(c) => {
                let suffix = possessive_len(&text[at..]);
                let after_word = items.last().is_some_and(|t: &Token| {
                    t.span.end() == at && matches!(t.kind, TokenKind::Word | TokenKind::Number)
                });
                if suffix > 0 && after_word {
                    (suffix, TokenKind::Word)
                } else {
                    (c.len_utf8(), TokenKind::QuoteMark)
                }
            }
            c => (c.len_utf8(), TokenKind::Symbol),
        };
        items.push(Token { span: Span::new(at, at + len), kind });
        at += len;
    }
    Layer::new(Producer::new("tokens", 1), items)
}

/// Zero-width characters, byte order marks, soft hyphens at a token's edge: they separate nothing and mean nothing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// True for the marks that open or close a quotation in the world's newspapers.
pub(crate) fn is_quote_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '“'
            | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '\''
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '`'
            | '´'
            | '＂'
            | '「'
            | '」'
            | '『'
            | '』'
    )
}

/// True for `'` and what stands for it inside a word.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '´' | '`')
}

fn is_word_char(c: char) -> bool {
    c.is_alphabetic() || is_combining(c)
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{93c}'..='\u{94d}')
}

fn is_word_start(c: char, rest: &str) -> bool {
    let then_letter =
        || rest[c.len_utf8()..].chars().next().is_some_and(|next| next.is_alphanumeric() || next == '_');
    c.is_alphabetic() || (matches!(c, '@' | '#') && then_letter())
}

fn number_len(rest: &str) -> usize {
    let mut end = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let inside = matches!(c, '.' | ',' | ':' | '/' | '-' | '\u{2011}')
            && next.is_some_and(char::is_numeric)
            && rest[..at].chars().next_back().is_some_and(char::is_numeric);
        if c.is_numeric() || is_word_char(c) || inside {
            end = at + c.len_utf8();
        } else if c == '-' && next.is_some_and(char::is_alphabetic) {
            end = at + 1; // "12-year-old" is one token
        } else {
            break;
        }
    }
    end
}

fn word_len(rest: &str) -> usize {
    let mut end = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let letter_follows = next.is_some_and(is_word_char);
        if is_word_char(c)
            || c.is_numeric()
            || matches!(c, '_' | '\u{ad}')
            || (at == 0 && matches!(c, '@' | '#'))
        {
            end = at + c.len_utf8();
        } else if is_apostrophe(c) && letter_follows && at > 0 {
            if possessive_len(&rest[at..]) > 0 {
                break;
            }
            end = at + c.len_utf8();
        } else if matches!(c, '-' | '\u{2010}' | '\u{2011}' | '&') && next.is_some_and(char::is_alphanumeric)
        {
            end = at + c.len_utf8();
        } else if c == '.' && (is_initialism(&rest[..at]) || is_small_initialism(rest, at)) {
            end = at + 1;
            if !letter_follows {
                break;
            }
        } else if c == '.'
            && next.is_some_and(|next| next.is_lowercase())
            && at > 1
            && looks_like_domain(&rest[at..])
        {
            end = at + 1;
        } else {
            break;
        }
    }
    end
}

/// "U", "U.S", "J.D": single letters divided by full stops.
fn is_initialism(head: &str) -> bool {
    head.split('.').all(|part| {
        let mut chars = part.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    }) && (head.contains('.') || head.chars().all(char::is_uppercase))
}

/// "a.m.", "p.m.", "e.g.": one small letter and the full stop at `at`, and the same again.
fn is_small_initialism(rest: &str, at: usize) -> bool {
    let mut after = rest[at + 1..].chars();
    at == 1
        && rest.starts_with(|c: char| c.is_ascii_lowercase())
        && after.next().is_some_and(|c| c.is_ascii_lowercase())
        && after.next() == Some('.')
}

fn looks_like_domain(rest: &str) -> bool {
    let label: String = rest[1..].chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
    matches!(
        label.as_str(),
        "com" | "org" | "net" | "gov" | "edu" | "co" | "uk" | "in" | "eu" | "de" | "fr" | "ru" | "au"
    )
}

/// Length of a possessive or clitic `'s` at the start of `rest`, else 0.
fn possessive_len(rest: &str) -> usize {
    let mut chars = rest.chars();
    let Some(mark) = chars.next().filter(|&c| is_apostrophe(c)) else { return 0 };
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    match (chars.next(), chars.next()) {
        (Some('s' | 'S'), after) if ends(after) => mark.len_utf8() + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> String {
        let tokens = tokenize(text);
        tokens.items().iter().map(|t| &text[t.span.range()]).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn words_keep_what_belongs_to_them() {
        assert_eq!(
            cut("Don’t ask the U.S. Army’s co-ordinator, J.D. Vance."),
            "Don’t|ask|the|U.S.|Army|’s|co-ordinator|,|J.D.|Vance|."
        );
        assert_eq!(
            cut("‘Yes,’ @WHO said: 1,200.5 km in 10th place (12-year-old)."),
            "‘|Yes|,|’|@WHO|said|:|1,200.5|km|in|10th|place|(|12-year-old|)|."
        );
        assert_eq!(
            cut("The workers’ rights.He left AT&T at 10:30 on 2025-03-02"),
            "The|workers|’|rights|.|He|left|AT&T|at|10:30|on|2025-03-02"
        );
        assert_eq!(cut("At 9 a.m. the 1990's, e.g. jazz"), "At|9|a.m.|the|1990|'s|,|e.g.|jazz");
        assert_eq!(cut("$5m, 3.5%, €1.2bn – Łódź, 東京"), "$|5m|,|3.5|%|,|€|1.2bn|–|Łódź|,|東京");
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_is_left_out(text in "\\PC*") {
            let tokens = tokenize(&text);
            let mut at = 0;
            for token in tokens.items() {
                prop_assert!(!token.span.is_empty() && token.span.start() >= at);
                prop_assert!(text[at..token.span.start()].chars().all(|c| c.is_whitespace() || is_invisible(c)));
                at = token.span.end();
            }
            prop_assert!(text[at..].chars().all(|c| c.is_whitespace() || is_invisible(c)));
        }
    }
}
