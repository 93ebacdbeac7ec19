//! Which sentence of one version is which of the other.
//!
//! Equal sentences are paired first, in order (a longest common subsequence) and then wherever they stand, as moving a sentence
//! is no change. Between the equal ones, unequal ones are paired by the words that they share, the likest first. A sentence
//! that was split in two, or two that were made one, are taken together.

use std::collections::BTreeMap;
use std::ops::Range;

use stemma_core::{Document, SegmentId, SegmentKind, Span};

use crate::diff::{DiffText, align};

/// Likeness from which two sentences are versions of one.
const ALIKE: f64 = 0.5;
/// Share of a sentence's words that another one holds, from which it may be a part of that.
const PART: f64 = 0.7;
/// Words of which the weight of a sentence must be, to be a part of another: any long sentence holds "He left".
const LEAST_PART: f64 = 2.5;
/// Words of a sentence by which it is known again: a text without full stops is one sentence.
const MOST_WORDS: usize = 200;
/// Pairs of sentences that are laid side by side between two equal ones.
const MAX_PAIRS: usize = 40_000;

/// A sentence that is compared.
pub(super) struct Sentence {
    pub(super) span: Span,
    pub(super) segment: SegmentId,
    /// Its words as they are compared, with spaces between.
    key: String,
    /// Its words and their weights, sorted, each as often as it stands there.
    words: Vec<(String, f64)>,
}

/// What became of some sentences. Numbers are those of the sentences of the old or of the new version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Block {
    Same,
    Changed(Range<usize>, Range<usize>),
    Removed(usize),
    Added(usize),
}

/// The sentences of body, headlines and notes of correction.
pub(super) fn read(document: &Document) -> Vec<Sentence> {
    let layers = document.layers();
    let told = |kind| matches!(kind, SegmentKind::Body | SegmentKind::Title | SegmentKind::UpdateNote);
    let sentences = layers.sentences.items().iter().filter(|s| told(layers.segments[s.segment].kind));
    let read = |sentence: &stemma_core::Sentence| {
        let diff = DiffText::new(document.slice(sentence.span));
        let mut words: Vec<(String, f64)> =
            diff.keys().iter().take(MOST_WORDS).map(|word| (word.clone(), weight(word))).collect();
        words.sort_by(|a, b| a.0.cmp(&b.0));
        Sentence { span: sentence.span, segment: sentence.segment, key: diff.keys().join(" "), words }
    };
    sentences.map(read).filter(|sentence| !sentence.words.is_empty()).collect()
}

/// Short words are mostly small words; figures are not.
fn weight(word: &str) -> f64 {
    let long = word.chars().count() > 3 || word.contains(|c: char| c.is_numeric());
    if long { 1.0 } else { 0.3 }
}

/// Every sentence of both versions once, in order of the new one; what was removed stands behind what stood before it.
pub(super) fn pair_sentences(old: &[Sentence], new: &[Sentence]) -> Vec<Block> {
    let keys = |sentences: &[Sentence]| sentences.iter().map(|s| s.key.clone()).collect::<Vec<String>>();
    let mut equal = Vec::new();
    align(&keys(old), &keys(new), (0, 0), &mut equal);
    let mut partner: [Vec<Option<usize>>; 2] = [vec![None; old.len()], vec![None; new.len()]];
    let pair = |partner: &mut [Vec<Option<usize>>; 2], a: usize, b: usize| {
        partner[0][a] = Some(b);
        partner[1][b] = Some(a);
    };
    equal.iter().for_each(|&(a, b)| pair(&mut partner, a, b));
    for (a, b) in moved(old, new, &partner) {
        pair(&mut partner, a, b);
    }
    let ends = equal.iter().copied().chain([(old.len(), new.len())]);
    let mut start = (0, 0);
    for (a, b) in ends {
        for (x, y) in alike(old, new, (start.0..a, start.1..b), &partner) {
            pair(&mut partner, x, y);
        }
        start = (a + 1, b + 1);
    }
    blocks(old, new, &partner)
}

/// Equal sentences that stand in another order.
fn moved(old: &[Sentence], new: &[Sentence], partner: &[Vec<Option<usize>>; 2]) -> Vec<(usize, usize)> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for n in (0..new.len()).rev().filter(|&n| partner[1][n].is_none()) {
        places.entry(&new[n].key).or_default().push(n);
    }
    let free = (0..old.len()).filter(|&n| partner[0][n].is_none());
    free.filter_map(|n| Some((n, places.get_mut(old[n].key.as_str())?.pop()?))).collect()
}

/// Pairs of unequal sentences between two equal ones.
fn alike(
    old: &[Sentence],
    new: &[Sentence],
    gap: (Range<usize>, Range<usize>),
    partner: &[Vec<Option<usize>>; 2],
) -> Vec<(usize, usize)> {
    let free = |range: Range<usize>, side: usize| -> Vec<usize> {
        range.filter(|&n| partner[side][n].is_none()).collect()
    };
    let (a, b) = (free(gap.0, 0), free(gap.1, 1));
    // Of a text that was rewritten as a whole, sentences are sought near the place where they stood.
    let reach = (MAX_PAIRS / a.len().max(1)).max(1);
    let mut scored: Vec<(f64, usize, usize)> = Vec::new();
    for (i, &x) in a.iter().enumerate() {
        let near = i * b.len() / a.len();
        let from = near.saturating_sub(reach / 2);
        for &y in b.iter().skip(from).take(reach) {
            let score = likeness(&old[x], &new[y]);
            if score >= ALIKE {
                scored.push((score, x, y));
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut taken: [Vec<bool>; 2] = [vec![false; old.len()], vec![false; new.len()]];
    for (_, x, y) in scored {
        if !taken[0][x] && !taken[1][y] {
            taken[0][x] = true;
            taken[1][y] = true;
            pairs.push((x, y));
        }
    }
    pairs
}

/// Share of words in common: of both, or nearly that of the shorter one, which may have grown.
fn likeness(a: &Sentence, b: &Sentence) -> f64 {
    let common = common(&a.words, &b.words);
    let (x, y) = (total(&a.words), total(&b.words));
    let of_shorter = if x.min(y) >= LEAST_PART { 0.7 * common / x.min(y) } else { 0.0 };
    (2.0 * common / (x + y)).max(of_shorter)
}

fn total(words: &[(String, f64)]) -> f64 {
    words.iter().map(|(_, weight)| weight).sum()
}

/// Weight of the words that both hold.
fn common(a: &[(String, f64)], b: &[(String, f64)]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1;
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}

fn blocks(old: &[Sentence], new: &[Sentence], partner: &[Vec<Option<usize>>; 2]) -> Vec<Block> {
    // Neighbors that are parts of one sentence: of each new one the range of old ones, and the reverse.
    let mut ranges: BTreeMap<usize, (Range<usize>, Range<usize>)> = BTreeMap::new();
    for (b, a) in partner[1].iter().enumerate().filter_map(|(b, a)| Some((b, (*a)?))) {
        ranges.insert(b, (a..a + 1, b..b + 1));
    }
    let mut joined: [Vec<bool>; 2] = [0, 1].map(|side| partner[side].iter().map(Option::is_some).collect());
    for (a, b) in ranges.values_mut().filter(|(a, b)| old[a.start].key != new[b.start].key) {
        grow(b, new, &old[a.start], &mut joined[1]);
        if b.len() == 1 {
            grow(a, old, &new[b.start], &mut joined[0]);
        }
    }
    let mut blocks = Vec::new();
    let mut removed = (0..old.len()).filter(|&n| !joined[0][n]).peekable();
    let (mut passed, mut added) = (0, Vec::new());
    for (n, is_joined) in joined[1].iter().enumerate() {
        let Some((a, b)) = ranges.get(&n) else {
            added.extend((!is_joined).then_some(Block::Added(n)));
            continue;
        };
        // Moved sentences do not draw those before them along.
        if a.start >= passed {
            while let Some(gone) = removed.next_if(|&gone| gone < a.start) {
                blocks.push(Block::Removed(gone));
            }
            passed = a.start;
        }
        blocks.append(&mut added);
        let same = a.len() == 1 && b.len() == 1 && old[a.start].key == new[b.start].key;
        blocks.push(if same { Block::Same } else { Block::Changed(a.clone(), b.clone()) });
    }
    blocks.extend(removed.map(Block::Removed));
    blocks.append(&mut added);
    blocks
}

/// Takes the neighbors of the sentence in `range` that are free and parts of `whole` along.
fn grow(range: &mut Range<usize>, sentences: &[Sentence], whole: &Sentence, joined: &mut [bool]) {
    let is_part = |n: usize| {
        let words = &sentences[n].words;
        let part = total(words);
        part >= LEAST_PART && common(words, &whole.words) >= PART * part
    };
    if range.end < sentences.len() && !joined[range.end] && is_part(range.end) {
        joined[range.end] = true;
        range.end += 1;
    } else if range.start > 0 && !joined[range.start - 1] && is_part(range.start - 1) {
        joined[range.start - 1] = true;
        range.start -= 1;
    }
}
