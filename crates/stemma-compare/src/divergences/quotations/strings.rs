//! Two strings in quotation marks, laid side by side: what was changed inside, and what was cut off at an end.

use stemma_core::{Cell, DivergenceKind, Document, Span};

use super::super::{Finding, Pair, Side, show};
use crate::diff::{DiffPiece, DiffText, word_diff};

/// Shortest common run (in words) that shows two quoted strings to be of one utterance.
const MIN_COMMON: usize = 2;
/// Share of the shorter string's words that must be common.
pub(super) const MIN_SHARE: f64 = 0.55;

/// Words of a quotation of which it is not said whose it is.
const MIN_UNATTRIBUTED: usize = 4;

/// Words that make a cut of its own beside words that were changed.
const MUCH: usize = 4;
/// Share of the longer string that such cuts are, at least, and share of the shorter that both have.
const LARGE: f64 = 0.4;
const MOSTLY: f64 = 0.75;

/// How far from a cell the rest of its quotation may stand, in bytes.
const NEAR: usize = 1500;

/// Two strings of the two sides, and the difference of their words.
pub(super) struct Strings<'a> {
    pair: &'a Pair<'a>,
    /// Where the strings stand.
    spans: [Span; 2],
    diff: Vec<DiffPiece>,
}

impl<'a> Strings<'a> {
    pub(super) fn new(pair: &'a Pair<'a>, spans: [Span; 2]) -> Self {
        let diff = word_diff(pair.a.slice(spans[0]), pair.b.slice(spans[1]));
        Self { pair, spans, diff }
    }

    /// Words that both strings have, be they spelled as they may.
    pub(super) fn n_common(&self) -> usize {
        let common = |p: &DiffPiece| match p {
            p if p.same => p.n_words[0],
            p if p.n_words[0] > 0 && p.n_words[1] > 0 && self.is_style(p) => p.n_words[0].min(p.n_words[1]),
            _ => 0,
        };
        self.diff.iter().map(common).sum()
    }

    /// How the strings differ; `translated` says why they may. A cut beside words that are changed is part of the change, unless
    /// these are but "that" and "the".
    pub(super) fn compare(&self, translated: Option<&String>) -> Vec<Finding> {
        let n = |side: usize| self.diff.iter().map(|p| p.n_words[side]).sum::<usize>();
        let (shorter, longer) = (n(0).min(n(1)), n(0).max(n(1)));
        let same = self.n_common();
        if same < MIN_COMMON.min(shorter) || (same as f64) < MIN_SHARE * shorter as f64 {
            return Vec::new();
        }
        // A name in quotation marks is nobody's speech.
        let unattributed = self.pair.sides().iter().any(|side| side.cell.attribution.is_none());
        if unattributed && shorter < MIN_UNATTRIBUTED && !self.is_rare_fragment(same, [shorter, longer]) {
            return Vec::new();
        }
        let changes: Vec<&DiffPiece> = inner_changes(&self.diff)
            .into_iter()
            .filter(|p| !self.is_marked(p) && !self.is_style(p))
            .collect();
        let has_content = changes.iter().any(|p| self.has_content(p));
        let score = (same as f64 / longer as f64).clamp(0.5, 0.95);
        let changed = match translated {
            _ if changes.is_empty() => None,
            // A translator's "the" is no other wording.
            Some(_) if !has_content => None,
            _ => Some(self.changed(&changes, score, translated)),
        };
        let trims: Vec<&DiffPiece> = self.diff.iter().filter(|p| self.is_cut(p)).collect();
        let most = trims.iter().map(|p| p.n_words[0].max(p.n_words[1])).max().unwrap_or(0);
        let much =
            most >= MUCH && most as f64 >= LARGE * longer as f64 && same as f64 >= MOSTLY * shorter as f64;
        let cut = ((!has_content || much) && !trims.is_empty()).then(|| Finding {
            kind: DivergenceKind::QuotePartial,
            evidence: self.evidence(&trims),
            score: 0.85,
            reason: format!("one quotes {shorter} of the other’s {longer} words"),
        });
        changed.into_iter().chain(cut).collect()
    }

    /// True for two or three words that a longer quotation has in a row, and that stand in neither report elsewhere: a piece of
    /// what was said, no term that everybody uses.
    fn is_rare_fragment(&self, same: usize, [shorter, longer]: [usize; 2]) -> bool {
        let runs = self.diff.iter().filter(|piece| piece.same).count();
        let n = usize::from(self.diff.iter().map(|p| p.n_words[1]).sum::<usize>() == shorter);
        let words = self.pair.sides()[n].slice(self.spans[n]).trim_matches(|c: char| !c.is_alphanumeric());
        let words = words.to_lowercase();
        let stands_once =
            |document: &Document| document.text().to_lowercase().match_indices(&words).take(2).count() <= 1;
        same == shorter
            && same >= MIN_COMMON
            && runs == 1
            && longer >= shorter + MIN_UNATTRIBUTED
            && self.pair.sides().iter().all(|side| stands_once(side.document))
    }

    fn changed(&self, changes: &[&DiffPiece], score: f64, translated: Option<&String>) -> Finding {
        let evidence = self.evidence(changes);
        let words = |n: usize| {
            if evidence[n].is_empty() {
                return "nothing".to_owned();
            }
            let side = self.pair.sides()[n];
            show(&evidence[n].iter().map(|&span| side.slice(span)).collect::<Vec<_>>().join(" … "))
        };
        let shown = format!("{} / {}", words(0), words(1));
        let (kind, score, reason) = match translated {
            Some(reason) => (DivergenceKind::Wording, 0.8, format!("{shown}: two translations; {reason}")),
            None => {
                let reason = format!("both stand in quotation marks and differ inside: {shown}");
                (DivergenceKind::QuoteAltered, score, reason)
            }
        };
        Finding { kind, evidence, score, reason }
    }

    fn evidence(&self, changes: &[&DiffPiece]) -> [Vec<Span>; 2] {
        [0, 1].map(|n| changes.iter().map(|p| self.place(p, n)).filter(|span| !span.is_empty()).collect())
    }

    /// Where `piece` stands in the report of side `n`.
    fn place(&self, piece: &DiffPiece, n: usize) -> Span {
        let (span, whole) = ([piece.a, piece.b][n], self.spans[n]);
        Span::new(span.start() + whole.start(), span.end() + whole.start())
    }

    fn text(&self, piece: &DiffPiece, n: usize) -> &str {
        self.pair.sides()[n].slice(self.place(piece, n))
    }

    /// True for words at an end that one side quotes and the other leaves out altogether.
    fn is_cut(&self, piece: &DiffPiece) -> bool {
        let at_end =
            [self.diff.first(), self.diff.last()].into_iter().flatten().any(|p| std::ptr::eq(p, piece));
        let longer = match piece.n_words {
            [_, 0] => 0,
            [0, _] => 1,
            // "I’d like to thank all of you, and | go home" / "I | go home"
            [n, 1] if at_end && n >= MUCH => 0,
            [1, n] if at_end && n >= MUCH => 1,
            _ => return false,
        };
        let is_cut = !piece.same && !self.is_marked(piece) && self.has_content(piece);
        is_cut
            && !self.is_sentence(piece, longer)
            && !self.stands_near(piece, longer)
            && !self.is_quote_within(longer)
    }

    /// True if what both strings have stands in quotation marks of its own within the longer one: "the ‘new’ bridge" of a letter
    /// that one report prints without marks.
    fn is_quote_within(&self, longer: usize) -> bool {
        let same = self.diff.iter().filter(|piece| piece.same).map(|piece| self.place(piece, longer));
        let Some(same) = same.reduce(Span::cover) else { return false };
        let quotes = self.pair.sides()[longer].document.layers().quotes.items();
        let first = quotes.partition_point(|quote| quote.span.start() < self.spans[longer].start());
        let mut within = quotes[first..].iter().take_while(|q| q.span.start() < self.spans[longer].end());
        within.any(|quote| quote.depth > 0 && quote.inner.contains(same))
    }

    /// True for a sentence, or several, of which nothing is quoted on the other side.
    fn is_sentence(&self, piece: &DiffPiece, longer: usize) -> bool {
        let side = self.pair.sides()[longer];
        let place = self.place(piece, longer);
        let whole = side.slice(self.spans[longer]);
        let start = place.start() - self.spans[longer].start();
        let end = place.end() - self.spans[longer].start();
        let ends = |text: &str| {
            let text = text.trim_end_matches(|c: char| c.is_whitespace() || "'\"’”".contains(c));
            text.ends_with(['.', '!', '?'])
        };
        let follows =
            |text: &str| text.trim_start_matches(|c: char| "'\"’”".contains(c)).starts_with(['.', '!', '?']);
        let is_first = whole[..start].trim().is_empty();
        if is_first { follows(&whole[end..]) } else { ends(&whole[..start]) }
    }

    /// True if the side that seems to leave out the words has them close by: a quotation is broken by "he said", begun in the
    /// lead and finished below, or printed without marks, as a letter is.
    fn stands_near(&self, piece: &DiffPiece, longer: usize) -> bool {
        let words = DiffText::new(self.text(piece, longer));
        let other = self.pair.sides()[1 - longer];
        let is_beside = |cell: &&Cell| cell.report == other.report && cell.spans != other.cell.spans;
        let cells = self.pair.alignment.cells.iter().filter(is_beside);
        let mut spans = quotes_near(other).chain(cells.flat_map(|cell| cell.spans.iter().copied()));
        spans.any(|span| DiffText::new(other.slice(span)).holds(&words))
    }

    /// The change is marked as one: by an ellipsis, or by square brackets around what was put in.
    fn is_marked(&self, piece: &DiffPiece) -> bool {
        [0, 1].into_iter().any(|n| {
            let side = self.pair.sides()[n];
            let (text, whole) = (side.slice(self.spans[n]), self.spans[n]);
            let place = self.place(piece, n);
            let mut start = (place.start() - whole.start()).saturating_sub(6);
            let mut end = (place.end() - whole.start() + 6).min(text.len());
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            while !text.is_char_boundary(end) {
                end += 1;
            }
            let around = &text[start..end];
            around.contains(['…', '[', ']']) || around.contains("..") || around.contains(". .")
        })
    }

    /// The change is of spelling alone: a contraction, a number in words, British and American endings, a title.
    fn is_style(&self, piece: &DiffPiece) -> bool {
        crate::style::same_but_for_style(self.text(piece, 0), self.text(piece, 1))
    }

    /// More is left off than words like "but" or "and".
    fn has_content(&self, piece: &DiffPiece) -> bool {
        let left_off = format!("{} {}", self.text(piece, 0), self.text(piece, 1)).to_lowercase();
        let words = left_off.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
        words.filter(|word| !word.is_empty()).any(|word| !EMPTY.contains(&word))
    }
}

/// Changes that have common words on both sides of them, or words of both strings at an end: not trims.
pub(super) fn inner_changes(diff: &[DiffPiece]) -> Vec<&DiffPiece> {
    let inner = |n: usize| n > 0 && n + 1 < diff.len();
    let at_end = |p: &DiffPiece| p.n_words[0] > 0 && p.n_words[1] > 0;
    diff.iter().enumerate().filter(|(n, p)| !p.same && (inner(*n) || at_end(p))).map(|(_, p)| p).collect()
}

/// The outer quotations close to the cell, cut to what is close.
fn quotes_near(side: Side<'_>) -> impl Iterator<Item = Span> {
    let (text, cover) = (side.document.text(), side.cover());
    let mut start = cover.start().saturating_sub(NEAR);
    let mut end = (cover.end() + NEAR).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let quotes = side.document.layers().quotes.items();
    let first = quotes.partition_point(|quote| quote.span.start() < start);
    let near = quotes[first..].iter().take_while(move |quote| quote.span.start() < end);
    near.filter(|quote| quote.depth == 0)
        .map(move |quote| Span::new(quote.inner.start(), quote.inner.end().clamp(quote.inner.start(), end)))
}

/// Words at the edge of a quotation that nobody misses.
const EMPTY: [&str; 18] = [
    "and", "but", "so", "well", "now", "then", "both", "also", "that", "because", "the", "a", "i", "look",
    "until", "who", "which", "to",
];
