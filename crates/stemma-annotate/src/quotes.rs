//! Quotes: stretches in quotation marks.
//!
//! In: tokens and segments. Out: quotes in text order, nested ones after the one that they lie in.
//! Marks are paired inside one paragraph. Which side a mark is on is told by what stands beside it, and only then by
//! its shape, so “…“, ”…”, „…“ and "…" are read alike. An apostrophe is told from a closing single mark by whether
//! one is open and by what could close it later. Speech that runs over paragraphs follows the printers' convention: no
//! closing mark at the paragraph's end, an opening one at the start of the next. What is left unclosed costs one
//! quotation and gives a note. Linear in the number of marks.

use stemma_core::{
    Layer, Note, Producer, Quote, QuoteId, Segment, SegmentId, SegmentKind, Span, Token, TokenId, TokenKind,
};

use crate::words::Words;

/// Words that are written with an apostrophe in front.
const ELISIONS: [&str; 13] =
    ["em", "n", "til", "till", "cause", "tis", "twas", "bout", "round", "cos", "coz", "nuff", "gainst"];

/// Marks that can close each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Family {
    Double,
    Single,
    Guillemet,
    SingleGuillemet,
    Corner,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Open,
    Close,
    /// Opens if none of its family is open, else closes.
    Either,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    span: Span,
    family: Family,
    side: Side,
    /// A closing single mark that may as well be the apostrophe of a plural: "the workers’ rights".
    doubtful: bool,
}

/// Pairs the quotation marks of `text`, paragraph by paragraph.
pub fn find_quotes(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    segments: &Layer<SegmentId, Segment>,
    notes: &mut Vec<Note>,
) -> Layer<QuoteId, Quote> {
    let words = Words::new(text, tokens);
    let mut items: Vec<Quote> = Vec::new();
    // The quote of the body paragraph before that found no closing mark, as an index into `items`.
    let mut pending: Option<(usize, Family)> = None;
    let mut next_token = 0;
    for segment in segments.items() {
        let range = tokens_of(words, &mut next_token, segment.span);
        let marks = marks_of(text, words, range.clone());
        let body = segment.kind == SegmentKind::Body;
        if body && let Some((open, family)) = pending.take() {
            go_on(&mut items, open, family, &marks, segment.span, text);
        }
        let first = items.len();
        let unclosed = pair(&marks, segment.span, text, &mut items);
        let unclosed = unclosed.map(|(quote, family)| (first + quote, family));
        if body {
            pending = unclosed;
        }
    }
    items.retain(|quote| quote.closed || !starts_single(&text[quote.span.range()]));
    items.sort_by_key(|quote| (quote.span.start(), std::cmp::Reverse(quote.span.end())));
    let items = nested(items);
    note_unclosed(text, &items, notes);
    Layer::new(Producer::new("quotes", 1), items)
}

/// Tokens inside `span`, given that spans come in text order.
fn tokens_of(words: Words, next: &mut usize, span: Span) -> std::ops::Range<usize> {
    while *next < words.len() && words.span(*next).start() < span.start() {
        *next += 1;
    }
    let first = *next;
    while *next < words.len() && words.span(*next).end() <= span.end() {
        *next += 1;
    }
    first..*next
}

/// The quotation marks among the tokens of one paragraph, without apostrophes, feet and inches.
fn marks_of(text: &str, words: Words, range: std::ops::Range<usize>) -> Vec<Mark> {
    let first = range.start;
    let end = range.end;
    range
        .filter(|&n| words.kind(n) == Some(TokenKind::QuoteMark))
        .filter_map(|n| {
            let before = (n > first).then(|| text[..words.span(n).start()].chars().next_back()).flatten();
            let after = (n + 1 < end).then(|| text[words.span(n).end()..].chars().next()).flatten();
            mark_at(words, n, before, after)
        })
        .collect()
}

/// What the quotation mark at token `n` can be, between the chars `before` and `after` of its paragraph.
fn mark_at(words: Words, n: usize, before: Option<char>, after: Option<char>) -> Option<Mark> {
    let shape = words.at(n);
    let (family, by_shape) = match shape {
        "“" | "„" | "‟" | "``" => (Family::Double, Side::Open),
        "”" | "''" => (Family::Double, Side::Close),
        "\"" | "＂" => (Family::Double, Side::Either),
        "‘" | "‚" | "‛" | "`" => (Family::Single, Side::Open),
        "’" | "´" => (Family::Single, Side::Close),
        "'" => (Family::Single, Side::Either),
        "«" => (Family::Guillemet, Side::Open),
        "»" => (Family::Guillemet, Side::Close),
        "‹" => (Family::SingleGuillemet, Side::Open),
        "›" => (Family::SingleGuillemet, Side::Close),
        "「" | "『" => (Family::Corner, Side::Open),
        "」" | "』" => (Family::Corner, Side::Close),
        _ => return None,
    };
    if is_measure(words, n, before, after) {
        return None;
    }
    let opens_here = before.is_none_or(may_stand_before_opening);
    let closes_here = after.is_none_or(may_stand_after_closing);
    let by_place = match (opens_here, closes_here) {
        // Whatever its shape, what starts a paragraph opens.
        _ if before.is_none() && after.is_some() => Side::Open,
        (true, false) => Side::Open,
        (false, true) => Side::Close,
        _ => Side::Either,
    };
    let side = match (family, by_shape, by_place) {
        (Family::Corner, shape, _) => shape,
        (Family::Single, _, _) => single_side(words, n, shape, by_shape, by_place)?,
        (_, shape, Side::Either) => shape,
        // Where “ stands open, ” closes it, though a space is missing after it; else it may be Swedish ”ord”.
        (Family::Double, Side::Close, Side::Open) => Side::Either,
        // „Wort“, “word“, »Wort«: the place tells.
        (_, _, place) => place,
    };
    let doubtful = family == Family::Single
        && side == Side::Close
        && before.is_some_and(|c| matches!(c, 's' | 'S' | 'z' | 'x'))
        && after == Some(' ')
        && words.kind(n + 1) == Some(TokenKind::Word);
    Some(Mark { span: words.span(n), family, side, doubtful })
}

/// The side of a single mark; `None` for an apostrophe.
fn single_side(words: Words, n: usize, shape: &str, by_shape: Side, by_place: Side) -> Option<Side> {
    let elision = words.glued(n + 1)
        && (words.at(n + 1).starts_with(|c: char| c.is_ascii_digit())
            || ELISIONS.contains(&&*words.lower(n + 1)))
        && !matches!(words.at(n + 2), "," | "." | "’" | "'")
        || (words.lower(n + 1) == "n" && words.glued(n + 1))
        || (n > 0 && words.lower(n - 1) == "n" && words.glued(n));
    match (by_shape, by_place) {
        (Side::Open | Side::Either, Side::Open) => (!elision).then_some(Side::Open),
        // A curly ’ before a word is the apostrophe of "’90s" or "’em".
        (Side::Close, Side::Open) => None,
        (Side::Open, Side::Close) if shape == "‘" => Some(Side::Close),
        (_, Side::Close) => Some(Side::Close),
        (Side::Either, Side::Either) => None,
        (side, Side::Either) => Some(side),
    }
}

/// Feet and inches: 6'2", and a mark after a digit where nothing is open (which [`pair`] passes over).
fn is_measure(words: Words, n: usize, before: Option<char>, after: Option<char>) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let single = |n: usize| matches!(words.at(n), "'" | "’" | "´");
    (single(n) && digit(before) && digit(after))
        || (digit(before)
            && !single(n)
            && n >= 3
            && single(n - 2)
            && words.glued(n - 1)
            && words.glued(n - 2)
            && words.kind(n - 3) == Some(TokenKind::Number))
}

fn may_stand_before_opening(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '(' | '[' | '{' | '-' | '–' | '—' | '―' | '/' | '“' | '‘' | '„' | '«' | '…' | '\u{200b}'
        )
}

fn may_stand_after_closing(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '-' | '–' | '—' | '―' | '/')
        || matches!(c, '”' | '’' | '»' | '…' | '\u{200b}')
}

/// Pairs the marks of one paragraph and adds what they enclose to `items`. Returns what stays open at the end of the
/// paragraph, counted from the first quote added.
fn pair(marks: &[Mark], paragraph: Span, text: &str, items: &mut Vec<Quote>) -> Option<(usize, Family)> {
    let ahead = closers_ahead(marks);
    let first = items.len();
    let mut open: Vec<Mark> = Vec::new();
    for (n, &mark) in marks.iter().enumerate() {
        let same = open.iter().rposition(|other| other.family == mark.family);
        let closes = match mark.side {
            Side::Open => false,
            Side::Close => true,
            Side::Either => same.is_some(),
        };
        match (closes, same) {
            (true, Some(at)) if mark.family == Family::Single => {
                let covered = at + 1 < open.len();
                let better = mark.doubtful && ahead[n].certain;
                if !covered && !better {
                    items.push(enclosed(open[at], mark, text));
                    open.truncate(at);
                }
            }
            (true, Some(at)) => {
                items.push(enclosed(open[at], mark, text));
                open.truncate(at);
            }
            (true, None) => {}
            (false, _) if mark.family == Family::Single => {
                // Unless something can close it, it is an apostrophe; at the paragraph's start it may run on.
                if ahead[n].any || mark.span.start() == paragraph.start() {
                    open.push(mark);
                }
            }
            (false, Some(at)) if !is_nested(marks, n) => {
                let end = Span::new(open[at].span.start(), mark.span.start()).trim(text);
                let mut quote = unclosed(open[at], end.end().max(open[at].span.end()), text);
                if at == 0 && is_flattened(&text[quote.inner.range()]) {
                    (quote.closed, quote.continues) = (true, true);
                }
                items.push(quote);
                open.truncate(at);
                open.push(mark);
            }
            (false, _) => open.push(mark),
        }
    }
    let outer = *open.first()?;
    items.push(unclosed(outer, paragraph.end(), text));
    Some((items.len() - 1 - first, outer.family))
}

/// True for whole sentences of nothing but speech: paragraphs that were re-opened, and that a crawler put on one line.
fn is_flattened(inner: &str) -> bool {
    inner.ends_with(['.', '!', '?'])
        && inner.split_whitespace().nth(2).is_some()
        && !inner
            .split_whitespace()
            .any(|word| matches!(word, "said" | "said." | "says" | "told" | "added" | "asked" | "wrote"))
}

/// True if the opening mark at `n`, which stands in a quotation of its own kind of marks, opens a nested quotation: two
/// closing marks follow it.
fn is_nested(marks: &[Mark], n: usize) -> bool {
    let mut after = marks[n + 1..].iter().take(8).filter(|mark| mark.family == marks[n].family);
    let closes = |mark: Option<&Mark>| mark.is_some_and(|mark| mark.side != Side::Open);
    closes(after.next()) && closes(after.next())
}

/// What can close a single mark after a position, before another one opens.
#[derive(Clone, Copy, Default)]
struct Ahead {
    any: bool,
    certain: bool,
}

/// For each mark, what comes after it: for one inside double marks only what comes before they close. One pass from
/// the end.
fn closers_ahead(marks: &[Mark]) -> Vec<Ahead> {
    let mut double_open = false;
    let sides: Vec<Side> = marks
        .iter()
        .map(|mark| match (mark.family, mark.side) {
            (Family::Double, Side::Either) => {
                double_open = !double_open;
                if double_open { Side::Open } else { Side::Close }
            }
            (Family::Double, side) => {
                double_open = side == Side::Open;
                side
            }
            (_, side) => side,
        })
        .collect();
    let mut found = Ahead::default();
    let mut outer = Vec::new();
    let mut out = vec![found; marks.len()];
    for (n, mark) in marks.iter().enumerate().rev() {
        out[n] = found;
        match (mark.family, sides[n]) {
            (Family::Single, Side::Open) => found = Ahead::default(),
            (Family::Single, _) => found = Ahead { any: true, certain: found.certain || !mark.doubtful },
            (Family::Double, Side::Close) => outer.push(std::mem::take(&mut found)),
            (Family::Double, _) => found = outer.pop().unwrap_or_default(),
            _ => {}
        }
    }
    out
}

fn enclosed(open: Mark, close: Mark, text: &str) -> Quote {
    Quote {
        span: open.span.cover(close.span),
        inner: Span::new(open.span.end(), close.span.start()).trim(text),
        depth: 0,
        closed: true,
        continues: false,
    }
}

fn unclosed(open: Mark, end: usize, text: &str) -> Quote {
    Quote {
        span: Span::new(open.span.start(), end),
        inner: Span::new(open.span.end(), end).trim(text),
        depth: 0,
        closed: false,
        continues: false,
    }
}

/// Joins the unclosed quote `items[open]` to the paragraph after it, if that opens again, or closes what never
/// was opened in it.
fn go_on(items: &mut Vec<Quote>, open: usize, family: Family, marks: &[Mark], paragraph: Span, text: &str) {
    let Some(mark) = marks.iter().find(|mark| mark.family == family) else { return };
    // A word or two without a closing mark are a slip of the pen, not a speech.
    let is_speech = text[items[open].inner.range()].split_whitespace().nth(2).is_some();
    let opens_again = is_speech && mark.span.start() == paragraph.start() && mark.side != Side::Close;
    let closes_only = mark.side == Side::Close && family != Family::Single;
    if opens_again || closes_only {
        items[open].closed = true;
        items[open].continues = true;
    }
    if closes_only {
        items.push(Quote {
            span: Span::new(paragraph.start(), mark.span.end()),
            inner: Span::new(paragraph.start(), mark.span.start()).trim(text),
            depth: 0,
            closed: true,
            continues: false,
        });
    }
}

fn note_unclosed(text: &str, items: &[Quote], notes: &mut Vec<Note>) {
    for quote in items.iter().filter(|quote| !quote.closed) {
        let mark = text[quote.span.range()].chars().next().map_or(0, char::len_utf8);
        let span = Span::new(quote.span.start(), quote.span.start() + mark);
        notes.push(Note {
            span,
            text: "a quotation mark is never closed: taken to the end of its paragraph, or to the next one that opens"
                .to_owned(),
        });
    }
}

/// True for a quote that a single mark opens: without a closing one that was an apostrophe.
fn starts_single(quote: &str) -> bool {
    quote.starts_with(['‘', '\'', '‚', '‛', '’', '´']) || (quote.starts_with('`') && !quote.starts_with("``"))
}

/// Counts for each quote those that it lies in, and leaves out what crosses an earlier one. `items` are sorted by
/// start, longer ones first.
fn nested(items: Vec<Quote>) -> Vec<Quote> {
    let mut ends: Vec<usize> = Vec::new();
    let mut kept = Vec::with_capacity(items.len());
    for mut quote in items {
        while ends.last().is_some_and(|&end| end <= quote.span.start()) {
            ends.pop();
        }
        if ends.last().is_none_or(|&end| quote.span.end() <= end) {
            quote.depth = u8::try_from(ends.len()).unwrap_or(u8::MAX);
            ends.push(quote.span.end());
            kept.push(quote);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{find_segments, tokenize};
    use stemma_core::{Mark as Shown, view};

    fn show(text: &str) -> String {
        let tokens = tokenize(text);
        let segments = find_segments(text, &tokens, None);
        let mut notes = Vec::new();
        let quotes = find_quotes(text, &tokens, &segments, &mut notes);
        let mut marks: Vec<Shown> = quotes
            .items()
            .iter()
            .map(|quote| {
                let state = match (quote.closed, quote.continues) {
                    (_, true) => ", continues",
                    (true, _) => "",
                    (false, _) => ", unclosed",
                };
                Shown::new(quote.span, format!("{}{state}", quote.depth))
            })
            .collect();
        marks.extend(notes.iter().map(|note| Shown::new(note.span, "note")));
        view(text, &marks)
    }

    #[test]
    fn apostrophes_and_measures_quote_nothing() {
        insta::assert_snapshot!(show("The workers’ rights of the ’90s, rock ’n’ roll, 6'2\" tall: 'tis Reed's."), @r#"The workers’ rights of the ’90s, rock ’n’ roll, 6'2" tall: 'tis Reed's."#);
        insta::assert_snapshot!(show("‘The workers’ rights are gone,’ he said of a 5\" pipe, ‘and the bosses’ are not.’"), @r#"
        ‘The workers’ rights are gone,’ he said of a 5" pipe, ‘and the bosses’ are not.’
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                                   0
                                                              ~~~~~~~~~~~~~~~~~~~~~~~~~~  0
        "#);
    }

    #[test]
    fn marks_of_many_kinds() {
        insta::assert_snapshot!(show("“When I say ‘partners’ I mean all,” he said, \"don't you?\" and ``went'' off."), @r#"
        “When I say ‘partners’ I mean all,” he said, "don't you?" and ``went'' off.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                          0
                    ~~~~~~~~~~                                                       1
                                                     ~~~~~~~~~~~~                    0
                                                                      ~~~~~~~~       0
        "#);
        insta::assert_snapshot!(show("„Gut“, »Ja«, « Oui », ”Ord”, 「はい」 and ‘He said “no” to us,’ she said."), @r"
        „Gut“, »Ja«, « Oui », ”Ord”, 「はい」 and ‘He said “no” to us,’ she said.
        ~~~~~                                                                  0
               ~~~~                                                            0
                     ~~~~~~~                                                   0
                              ~~~~~                                            0
                                     ~~~~                                      0
                                              ~~~~~~~~~~~~~~~~~~~~~            0
                                                       ~~~~                    1
        ");
        insta::assert_snapshot!(show("\"He said \"no\" to us,\" she said—\"twice\"—and left."), @r#"
        "He said "no" to us," she said—"twice"—and left.
        ~~~~~~~~~~~~~~~~~~~~~                             0
                 ~~~~                                     1
                                       ~~~~~~~            0
        "#);
    }

    #[test]
    fn an_unclosed_mark_costs_one_quotation() {
        insta::assert_snapshot!(show("“We go, he said. “And we return,” he said.\nHe was “tired.\n“Yes,” she said."), @r"
        “We go, he said. “And we return,” he said.
        ~~~~~~~~~~~~~~~~                            0, unclosed
        ~                                           note
                         ~~~~~~~~~~~~~~~~           0
        He was “tired.
               ~~~~~~~  0, unclosed
               ~        note
        “Yes,” she said.
        ~~~~~~            0
        ");
        insta::assert_snapshot!(show("\"We go, he said.\nIt was late."), @r#"
        "We go, he said.
        ~~~~~~~~~~~~~~~~  0, unclosed
        ~                 note
        It was late.
        "#);
    }

    #[test]
    fn speech_over_paragraphs_on_one_line() {
        insta::assert_snapshot!(show("He said: “We go now. “And we return. “All of us.” He left."), @r"
        He said: “We go now. “And we return. “All of us.” He left.
                 ~~~~~~~~~~~                                        0, continues
                             ~~~~~~~~~~~~~~~                        0, continues
                                             ~~~~~~~~~~~~           0
        ");
    }

    #[test]
    fn speech_over_paragraphs() {
        insta::assert_snapshot!(show("He said: “We go now.\n“And we return.\n“All of us.” He left.\n‘Once we went.\n‘Twice,’ she said."), @r"
        He said: “We go now.
                 ~~~~~~~~~~~  0, continues
        “And we return.
        ~~~~~~~~~~~~~~~  0, continues
        “All of us.” He left.
        ~~~~~~~~~~~~           0
        ‘Once we went.
        ~~~~~~~~~~~~~~  0, continues
        ‘Twice,’ she said.
        ~~~~~~~~            0
        ");
        insta::assert_snapshot!(show("“We go now.\nAnd we return,” he said.\n” … but late,” she said."), @r"
        “We go now.
        ~~~~~~~~~~~  0, continues
        And we return,” he said.
        ~~~~~~~~~~~~~~~           0
        ” … but late,” she said.
        ~~~~~~~~~~~~~~            0
        ");
    }
}
