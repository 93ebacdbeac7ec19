//! Which words differ between two wordings of one thing.
//!
//! In: two strings. Out: [`DiffPiece`]s in text order, by turns the same and changed, with spans in bytes of the one
//! string and of the other. Words are equal if they read the same but for case, the style of apostrophes and the full
//! stops of abbreviations ("U.S." / "US"); punctuation and quotation marks are no words, currency and percent signs are.
//! "rare-earth" is two words. Writing without spaces (Han, kana) is compared character by character.
//!
//! The pieces come from a longest common subsequence, in quadratic time, up to [`MAX_CELLS`]; longer texts are cut at
//! words that stand once in each of them first (patience diff, Bram Cohen), so the time stays near linear.

use std::collections::BTreeMap;
use std::ops::Range;

use stemma_core::Span;

/// Largest table of the longest common subsequence, in cells of 4 bytes: 1,000 by 1,000 words take 4 MB, a few ms.
const MAX_CELLS: usize = 1_000_000;

/// A run of words that two texts have in common, or in which they differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DiffPiece {
    /// The words are the same in both.
    pub same: bool,
    /// From the first of these words in `a` to the last. Empty, at the place where words are missing, if `a` has none.
    pub a: Span,
    /// The same in `b`.
    pub b: Span,
    /// How many words these are in `a` and in `b`.
    pub n_words: [usize; 2],
}

/// The differing and the common words of `a` and `b`, in order. No two neighbours have the same value of `same`;
/// texts without words give no pieces.
pub fn word_diff(a: &str, b: &str) -> Vec<DiffPiece> {
    DiffText::new(a).diff(&DiffText::new(b))
}

/// A text taken apart into words, for diffs against several others.
pub(crate) struct DiffText {
    words: Vec<Word>,
    keys: Vec<String>,
}

impl DiffText {
    pub(crate) fn new(text: &str) -> Self {
        let words = words(text);
        let keys = words.iter().map(|word| word.key.clone()).collect();
        Self { words, keys }
    }

    /// What the words are compared by, in order.
    pub(crate) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// See [`word_diff`].
    pub(crate) fn diff(&self, other: &Self) -> Vec<DiffPiece> {
        let mut pairs = Vec::new();
        align(&self.keys, &other.keys, (0, 0), &mut pairs);
        compact(&self.keys, &other.keys, &mut pairs);
        pieces(&self.words, &other.words, &pairs)
    }

    /// True if the words of `part`, in order and without a gap, stand in this text.
    pub(crate) fn holds(&self, part: &Self) -> bool {
        !part.keys.is_empty() && self.keys.windows(part.keys.len()).any(|words| words == part.keys)
    }
}

/// As [`word_diff`], made for the eye: a common word or two that stand alone between longer changes are taken into
/// the change, so that a rewritten clause shows as one change and not as confetti.
pub fn readable_diff(a: &str, b: &str) -> Vec<DiffPiece> {
    let pieces = word_diff(a, b);
    let words = |piece: &DiffPiece| piece.n_words[0] + piece.n_words[1];
    let island = |n: usize| {
        let piece = &pieces[n];
        piece.same
            && n > 0
            && n + 1 < pieces.len()
            && words(piece) <= 4
            && words(&pieces[n - 1]).min(words(&pieces[n + 1])) > words(piece)
    };
    let mut out: Vec<DiffPiece> = Vec::new();
    for (n, piece) in pieces.iter().enumerate() {
        let piece = DiffPiece { same: piece.same && !island(n), ..*piece };
        match out.last_mut() {
            Some(last) if last.same == piece.same => *last = join(*last, piece),
            _ => out.push(piece),
        }
    }
    out
}

/// Two neighbours as one. A side without words gives way to the other's place.
fn join(first: DiffPiece, second: DiffPiece) -> DiffPiece {
    let side = |first: (Span, usize), second: (Span, usize)| match (first.1, second.1) {
        (_, 0) => first.0,
        (0, _) => second.0,
        _ => first.0.cover(second.0),
    };
    DiffPiece {
        same: first.same,
        a: side((first.a, first.n_words[0]), (second.a, second.n_words[0])),
        b: side((first.b, first.n_words[1]), (second.b, second.n_words[1])),
        n_words: [first.n_words[0] + second.n_words[0], first.n_words[1] + second.n_words[1]],
    }
}

/// A word, and what it is compared by.
struct Word {
    span: Span,
    key: String,
}

/// The words of `text`, in order.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut open: Option<usize> = None;
    let mut before: Option<char> = None;
    let mut close = |open: &mut Option<usize>, end: usize| {
        if let Some(start) = open.take() {
            words.push(Word { span: Span::new(start, end), key: key(&text[start..end]) });
        }
    };
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let stands_alone = is_sign(c) || is_unspaced(c);
        let inner = open.is_some() && joins(before, c, next);
        if stands_alone {
            close(&mut open, at);
            open = Some(at);
            close(&mut open, at + c.len_utf8());
        } else if is_letter(c) || inner {
            open.get_or_insert(at);
        } else {
            close(&mut open, at);
        }
        before = Some(c);
    }
    close(&mut open, text.len());
    words
}

/// True for a mark that stands inside a word: "don’t", "1,200", "3.5", "U.S.A".
fn joins(before: Option<char>, c: char, next: Option<char>) -> bool {
    let (Some(before), Some(next)) = (before, next) else { return false };
    match c {
        '\'' | '’' => before.is_alphanumeric() && next.is_alphanumeric(),
        '.' | ',' if before.is_numeric() => next.is_numeric(),
        '.' => before.is_uppercase() && next.is_uppercase(),
        _ => false,
    }
}

/// What words are compared by.
fn key(word: &str) -> String {
    let plain = word.chars().flat_map(char::to_lowercase);
    let keep_dots = word.starts_with(char::is_numeric);
    plain.map(|c| if c == '’' { '\'' } else { c }).filter(|&c| c != ',' && (keep_dots || c != '.')).collect()
}

/// Signs that carry meaning of their own.
fn is_sign(c: char) -> bool {
    matches!(c, '%' | '‰' | '$' | '£' | '¥' | '₤' | '°' | '+' | '=' | '<' | '>' | '\u{20a0}'..='\u{20cf}')
}

/// Han and kana, which are written without spaces.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Letters, digits, the marks that combine with them, and pictures: all but space and punctuation.
fn is_letter(c: char) -> bool {
    let punctuation = matches!(c,
        '\u{80}'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}' | '\u{b6}'..='\u{b8}' | '\u{bb}' | '\u{bf}'
        | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{6d4}' | '\u{964}' | '\u{965}'
        | '\u{2000}'..='\u{200b}' | '\u{200e}'..='\u{206f}' | '\u{2e00}'..='\u{2e7f}' | '\u{3000}'..='\u{3003}'
        | '\u{3008}'..='\u{3020}' | '\u{feff}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}');
    c.is_alphanumeric() || (!c.is_ascii() && !c.is_whitespace() && !c.is_control() && !punctuation)
}

/// Adds the pairs of equal words of `a` and `b`, which begin at `offset` in their texts, in order.
pub(crate) fn align(a: &[String], b: &[String], offset: (usize, usize), pairs: &mut Vec<(usize, usize)>) {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (&a[prefix..], &b[prefix..]);
    let suffix = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (middle_a, middle_b) = (&rest_a[..rest_a.len() - suffix], &rest_b[..rest_b.len() - suffix]);
    pairs.extend((0..prefix).map(|n| (offset.0 + n, offset.1 + n)));
    let start = (offset.0 + prefix, offset.1 + prefix);
    if middle_a.len().saturating_mul(middle_b.len()) <= MAX_CELLS {
        align_exactly(middle_a, middle_b, start, pairs);
    } else {
        align_between_anchors(middle_a, middle_b, start, pairs);
    }
    let end = (start.0 + middle_a.len(), start.1 + middle_b.len());
    pairs.extend((0..suffix).map(|n| (end.0 + n, end.1 + n)));
}

/// A longest common subsequence. Among equally long ones, the one whose pairs stand earliest.
fn align_exactly(a: &[String], b: &[String], offset: (usize, usize), pairs: &mut Vec<(usize, usize)>) {
    let width = b.len() + 1;
    let mut longest = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((offset.0 + i, offset.1 + j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// Cuts the texts at words that stand once in each of them, in the same order in both, and aligns what lies between.
/// Without such words the texts count as different.
fn align_between_anchors(
    a: &[String],
    b: &[String],
    offset: (usize, usize),
    pairs: &mut Vec<(usize, usize)>,
) {
    let anchors = increasing(&common_once(a, b));
    let Some(&(last_a, last_b)) = anchors.last() else { return };
    let (mut i, mut j) = (0, 0);
    for (x, y) in anchors {
        align(&a[i..x], &b[j..y], (offset.0 + i, offset.1 + j), pairs);
        pairs.push((offset.0 + x, offset.1 + y));
        (i, j) = (x + 1, y + 1);
    }
    let start = (offset.0 + last_a + 1, offset.1 + last_b + 1);
    align(&a[last_a + 1..], &b[last_b + 1..], start, pairs);
}

/// Places of the words that stand once in `a` and once in `b`, in the order of `a`.
fn common_once(a: &[String], b: &[String]) -> Vec<(usize, usize)> {
    let once = |words: &[String]| {
        let mut places: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (n, word) in words.iter().enumerate() {
            places.entry(word.clone()).and_modify(|place| *place = None).or_insert(Some(n));
        }
        places
    };
    let places = once(b);
    let mut common: Vec<_> =
        once(a).into_iter().filter_map(|(word, place)| Some((place?, (*places.get(&word)?)?))).collect();
    common.sort_unstable();
    common
}

/// A longest subsequence of `pairs`, ordered by their first part, in which the second part rises. O(n log n).
fn increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut previous = vec![None; pairs.len()];
    for (n, pair) in pairs.iter().enumerate() {
        let length = tails.partition_point(|&tail| pairs[tail].1 < pair.1);
        previous[n] = length.checked_sub(1).map(|shorter| tails[shorter]);
        if length == tails.len() {
            tails.push(n);
        } else {
            tails[length] = n;
        }
    }
    let mut chain = Vec::new();
    let mut at = tails.last().copied();
    while let Some(n) = at {
        chain.push(pairs[n]);
        at = previous[n];
    }
    chain.reverse();
    chain
}

/// Moves short runs of equal words next to the longer run after or before them, where the same words stand there too: of "the
/// end, but the first time", "the first time" quotes the second "the". The number of pairs stays. Time: linear.
fn compact(a: &[String], b: &[String], pairs: &mut [(usize, usize)]) {
    // From the end, so that a run which was moved is part of the run that those before it are moved to.
    let mut next: Option<Range<usize>> = None;
    for run in runs(pairs).into_iter().rev() {
        let moves = next.as_ref().is_some_and(|next| {
            let words_before = |words: &[String], from: usize, to: usize| {
                from + 2 * run.len() <= to && words[from..from + run.len()] == words[to - run.len()..to]
            };
            let (first, last, to) = (pairs[run.start], pairs[run.end - 1], pairs[next.start]);
            run.len() <= next.len()
                && match (to.0 - last.0, to.1 - last.1) {
                    (_, 1) => words_before(a, first.0, to.0),
                    (1, _) => words_before(b, first.1, to.1),
                    _ => false,
                }
        });
        next = match next {
            Some(next) if moves => {
                let to = pairs[next.start];
                for (k, pair) in pairs[run.clone()].iter_mut().enumerate() {
                    *pair = (to.0 - run.len() + k, to.1 - run.len() + k);
                }
                Some(run.start..next.end)
            }
            _ => Some(run),
        };
    }
    let mut before: Option<Range<usize>> = None;
    for run in runs(pairs) {
        let moves = before.as_ref().is_some_and(|before| {
            let words_after = |words: &[String], last: usize, from: usize| {
                last + run.len() < from
                    && words[from..from + run.len()] == words[last + 1..last + 1 + run.len()]
            };
            let (last, first) = (pairs[before.end - 1], pairs[run.start]);
            run.len() < before.len()
                && match (first.0 - last.0, first.1 - last.1) {
                    (_, 1) => words_after(a, last.0, first.0),
                    (1, _) => words_after(b, last.1, first.1),
                    _ => false,
                }
        });
        before = match before {
            Some(before) if moves => {
                let last = pairs[before.end - 1];
                for (k, pair) in pairs[run.clone()].iter_mut().enumerate() {
                    *pair = (last.0 + 1 + k, last.1 + 1 + k);
                }
                Some(before.start..run.end)
            }
            _ => Some(run),
        };
    }
}

/// The runs of pairs that follow each other without a gap.
fn runs(pairs: &[(usize, usize)]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (n, pair) in pairs.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if (pairs[n - 1].0 + 1, pairs[n - 1].1 + 1) == *pair => run.end = n + 1,
            _ => runs.push(n..n + 1),
        }
    }
    runs
}

/// The pieces between and of `pairs` of equal words.
fn pieces(a: &[Word], b: &[Word], pairs: &[(usize, usize)]) -> Vec<DiffPiece> {
    let mut out: Vec<DiffPiece> = Vec::new();
    let (mut i, mut j) = (0, 0);
    for &(x, y) in pairs.iter().chain([&(a.len(), b.len())]) {
        if i < x || j < y {
            out.push(piece(false, (a, i..x), (b, j..y)));
        }
        if x < a.len() {
            let word = piece(true, (a, x..x + 1), (b, y..y + 1));
            match out.last_mut() {
                Some(last) if last.same => *last = join(*last, word),
                _ => out.push(word),
            }
        }
        (i, j) = (x + 1, y + 1);
    }
    out
}

/// One piece of these words.
fn piece(
    same: bool,
    (a, in_a): (&[Word], std::ops::Range<usize>),
    (b, in_b): (&[Word], std::ops::Range<usize>),
) -> DiffPiece {
    let cover = |words: &[Word], range: &std::ops::Range<usize>| match &words[range.clone()] {
        [] => {
            let at = range.start.checked_sub(1).map_or(0, |before| words[before].span.end());
            Span::new(at, at)
        }
        [first, .., last] => first.span.cover(last.span),
        [word] => word.span,
    };
    DiffPiece { same, a: cover(a, &in_a), b: cover(b, &in_b), n_words: [in_a.len(), in_b.len()] }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The pieces in one line: `same [-only in a-]{+only in b+}`.
    fn show(a: &str, b: &str, pieces: &[DiffPiece]) -> String {
        let mut out = Vec::new();
        for piece in pieces {
            let (in_a, in_b) = (&a[piece.a.range()], &b[piece.b.range()]);
            out.push(match (piece.same, in_a.is_empty(), in_b.is_empty()) {
                (true, ..) => in_b.to_owned(),
                (false, true, _) => format!("{{+{in_b}+}}"),
                (false, _, true) => format!("[-{in_a}-]"),
                (false, ..) => format!("[-{in_a}-]{{+{in_b}+}}"),
            });
        }
        out.join(" ")
    }

    fn diff(a: &str, b: &str) -> String {
        show(a, b, &word_diff(a, b))
    }

    #[test]
    fn changed_moved_and_missing_words() {
        insta::assert_snapshot!(diff(
            "The port will stay open, and I mean not only ferries but also “small” boats.",
            "The harbour will stay open and I not only mean ferries, but 'small' boats!"
        ), @"The [-port-]{+harbour+} will stay open and I [-mean-] not only {+mean+} ferries, but [-also-] small' boats");
    }

    #[test]
    fn case_apostrophes_hyphens_and_full_stops_do_not_differ() {
        insta::assert_snapshot!(diff("We don’t sell Rare-earth ore to the U.S., he said", "we don't sell rare earth ore to the US he said"),
            @"we don't sell rare earth ore to the US he said");
        insta::assert_snapshot!(diff("1,200 tons", "1200 tons"), @"1200 tons");
    }

    #[test]
    fn figures_signs_and_accents_do() {
        insta::assert_snapshot!(diff("$3.5 million or 4%", "€35 million or 4"), @"[-$3.5-]{+€35+} million or 4 [-%-]");
        insta::assert_snapshot!(diff("Hodza spoke", "Hodža spoke"), @"[-Hodza-]{+Hodža+} spoke");
    }

    #[test]
    fn writing_without_spaces_is_compared_by_character() {
        insta::assert_snapshot!(diff("我们准备好了", "他们准备好了"), @"[-我-]{+他+} 们准备好了");
    }

    #[test]
    fn a_rewritten_clause_reads_as_one_change() {
        let (a, b) = (
            "The mayor said that the old bridge over there is closed.",
            "The mayor wants this crossing at the site shut for good, closed.",
        );
        insta::assert_snapshot!(show(a, b, &readable_diff(a, b)), @"The mayor [-said that the old bridge over there is-]{+wants this crossing at the site shut for good+} closed");
        insta::assert_snapshot!(show("a b", "a c", &readable_diff("a b", "a c")), @"a [-b-]{+c+}");
    }

    #[test]
    fn a_common_word_stands_with_the_words_that_it_belongs_to() {
        insta::assert_snapshot!(diff("This is not the end of the road, but it is the first time", "the first time"),
            @"[-This is not the end of the road, but it is-] the first time");
        insta::assert_snapshot!(diff("for the first time in a long time", "the first time"), @"[-for-] the first time [-in a long time-]");
        insta::assert_snapshot!(diff("the cat and the dog and the mouse", "the mouse"), @"[-the cat and the dog and-] the mouse");
    }

    #[test]
    fn empty_sides() {
        assert!(word_diff("", "… — !").is_empty());
        insta::assert_snapshot!(diff("", "all new"), @"{+all new+}");
    }

    #[test]
    fn long_texts_take_anchors_and_stay_exact_between_them() {
        let text = |odd: &str| {
            (0..3000)
                .map(|n| if n == 1500 { odd.to_owned() } else { format!("the w{n}") })
                .collect::<Vec<_>>()
                .join(" ")
        };
        let (a, b) = (format!("start {} x", text("left")), format!("begin {} y", text("right")));
        let changed: Vec<_> = word_diff(&a, &b).into_iter().filter(|piece| !piece.same).collect();
        let shown: Vec<_> = changed.iter().map(|p| (&a[p.a.range()], &b[p.b.range()])).collect();
        assert_eq!(shown, [("start", "begin"), ("left", "right"), ("x", "y")]);
        let repeated = "a b ".repeat(4000);
        let other = "b c ".repeat(4000);
        assert_eq!(word_diff(&repeated, &other).len(), 1);
    }

    proptest! {
        #[test]
        fn pieces_alternate_and_cover_all_words(a in "[ab’ .c\"-]{0,40}", b in "[ab’ .c\"-]{0,40}") {
            for pieces in [word_diff(&a, &b), readable_diff(&a, &b)] {
                prop_assert!(pieces.windows(2).all(|two| two[0].same != two[1].same));
                prop_assert!(pieces.windows(2).all(|two| two[0].a.end() <= two[1].a.start() && two[0].b.end() <= two[1].b.start()));
                prop_assert_eq!(pieces.iter().map(|piece| piece.n_words[0]).sum::<usize>(), words(&a).len());
                prop_assert_eq!(pieces.iter().map(|piece| piece.n_words[1]).sum::<usize>(), words(&b).len());
            }
            let mirrored = word_diff(&b, &a).iter().filter(|piece| piece.same).map(|piece| piece.n_words[0]).sum::<usize>();
            prop_assert_eq!(word_diff(&a, &b).iter().filter(|piece| piece.same).map(|piece| piece.n_words[0]).sum::<usize>(), mirrored);
        }

        #[test]
        fn any_text_slices(a in ".{0,60}", b in ".{0,60}") {
            for piece in word_diff(&a, &b) {
                prop_assert!(piece.a.fits(&a) && piece.b.fits(&b));
            }
        }
    }
}
