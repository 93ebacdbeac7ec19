//! What figures of two texts tell for and against their being of one thing.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use stemma_core::{Document, Figure};

/// Values of which the smaller is below this share of the larger are not near.
const FAR: f64 = 0.3;
/// How near values are whose digits are the same in another order, or all the same but one.
const MISREAD: f64 = 0.9;

/// How near two values are, `0.0..=1.0`.
pub(crate) fn nearness(x: &Figure, y: &Figure) -> f64 {
    let near = plain_nearness(x, y);
    if misread(x.value, y.value) { near.max(MISREAD) } else { near }
}

/// The same, where one digit that differs tells nothing for itself.
pub(crate) fn strict_nearness(x: &Figure, y: &Figure) -> f64 {
    let near = plain_nearness(x, y);
    if misplaced(x.value, y.value) { near.max(MISREAD) } else { near }
}

fn plain_nearness(x: &Figure, y: &Figure) -> f64 {
    let (a, b) = (x.unit.to_base(x.value).abs(), y.unit.to_base(y.value).abs());
    let ratio = a.min(b) / a.max(b).max(f64::MIN_POSITIVE);
    ((ratio - FAR) / (1.0 - FAR)).max(0.0)
}

/// True if the digits of two numbers of one length are [misplaced], or the same but for one behind the first (24 and 27).
pub(crate) fn misread(x: f64, y: f64) -> bool {
    let (a, b) = (digits(x), digits(y));
    let differing = a.iter().zip(&b).filter(|(p, q)| p != q).count();
    misplaced(x, y) || a.len() == b.len() && a.len() > 1 && differing == 1 && a[0] == b[0]
}

/// True if the digits of two numbers of one length are the same in another order (14 and 41), and for 15 and 50, 4.2 and
/// 42 million.
fn misplaced(x: f64, y: f64) -> bool {
    let (less, more) = (x.min(y), x.max(y));
    let teens = (13.0..20.0).contains(&less) && more == (less - 10.0) * 10.0;
    let shifted = more == 10.0 * less && less / stemma_core::last_place(less) >= 10.0;
    let (mut a, mut b) = (digits(x), digits(y));
    a.sort_unstable();
    b.sort_unstable();
    teens || shifted || a.len() > 1 && a == b
}

fn digits(value: f64) -> Vec<u8> {
    format!("{value:.0}").into_bytes()
}

/// True for nouns, lower case, that count people.
pub(crate) fn counts_people(word: &str) -> bool {
    static NOUNS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        crate::terms::words(include_str!("../data/people.txt")).flat_map(str::split_whitespace).collect()
    });
    NOUNS.contains(word)
}

/// "a bar", "one of them", "a couple of days": no count that another could contradict.
pub(crate) fn is_article(words: &str, figure: &Figure) -> bool {
    let words = words.to_lowercase();
    let mut words = words.split_whitespace();
    let article = words.next().is_some_and(|word| matches!(word, "a" | "an" | "one"));
    article && (figure.value <= 1.0 || words.next() == Some("couple"))
}

/// The tokens of the number itself, without "about" and the unit: "twenty-four", "1.2 million".
pub(crate) fn numeral(document: &Document, figure: &Figure) -> Option<Range<usize>> {
    let tokens = document.layers().tokens.items();
    let is_numeral = |&n: &usize| {
        let word = document.slice(tokens[n].span).to_lowercase();
        word.starts_with(char::is_numeric) || word.split('-').all(|part| NUMERALS.contains(&part))
    };
    let mut within = document.tokens_in(figure.span);
    let start = within.find(is_numeral)?;
    Some(start..start + 1 + within.take_while(is_numeral).count())
}

/// Words of a number.
const NUMERALS: [&str; 36] = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "lakh",
    "million",
    "crore",
    "billion",
    "trillion",
    "m",
    "bn",
    "k",
];
