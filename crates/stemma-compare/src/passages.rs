//! Passages: text that two reports share word for word.
//!
//! In: the body words of every report, lower case, without punctuation. Out: every maximal common run of [`MIN_WORDS`] words
//! or more of every two reports. Runs of [`ANCHOR`] words are indexed once for the whole story; only where two reports share
//! one are they laid side by side, so time grows with the text and with what is shared, not with the number of pairs.

use std::collections::HashMap;

use stemma_core::{Document, Passage, ReportIndex, SegmentKind, Span, Story, TokenKind};

/// Shortest passage that is reported, in words. Five words in a row are common in English; eight seldom are (the copy
/// detection literature uses 5 to 9: Clough et al., "METER", 2002).
pub(crate) const MIN_WORDS: usize = 8;
/// Length of the indexed runs, in words; no longer than [`MIN_WORDS`].
const ANCHOR: usize = 6;
/// A run that stands more often than this in one report (a refrain, a table) is no anchor there; without this, one word
/// repeated a million times would take quadratic time.
const MAX_REPEATS: usize = 16;

/// The body words of one report.
#[derive(Debug)]
pub(crate) struct Words {
    /// A number for each word, and `None` where a segment ends: runs do not cross it.
    ids: Vec<Option<u32>>,
    spans: Vec<Span>,
    /// True for words in quotation marks.
    quoted: Vec<bool>,
}

impl Words {
    /// Words outside of quotation marks.
    pub(crate) fn n_own(&self) -> usize {
        self.ids.iter().zip(&self.quoted).filter(|(id, quoted)| id.is_some() && !**quoted).count()
    }

    /// Words of `span` outside of quotation marks.
    pub(crate) fn n_own_in(&self, span: Span) -> usize {
        let from = self.spans.partition_point(|s| s.start() < span.start());
        let inside = (from..self.spans.len()).take_while(|&n| self.spans[n].end() <= span.end());
        inside.filter(|&n| self.ids[n].is_some() && !self.quoted[n]).count()
    }
}

/// The body words of every report of `story`.
pub(crate) fn read_words(story: &Story) -> Vec<Words> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    story.documents().iter().map(|document| read(document, &mut numbers)).collect()
}

fn read(document: &Document, numbers: &mut HashMap<String, u32>) -> Words {
    let layers = document.layers();
    let mut words = Words { ids: Vec::new(), spans: Vec::new(), quoted: Vec::new() };
    let mut quotes = layers.quotes.items().iter().filter(|q| q.depth == 0).peekable();
    let mut segments = layers.segments.items().iter().peekable();
    let mut push = |id: Option<u32>, span: Span, quoted: bool| {
        words.ids.push(id);
        words.spans.push(span);
        words.quoted.push(quoted);
    };
    for token in layers.tokens.items() {
        while segments
            .next_if(|s| s.span.end() <= token.span.start())
            .is_some_and(|s| s.kind != SegmentKind::Body)
        {
            push(None, Span::new(token.span.start(), token.span.start()), false);
        }
        while quotes.next_if(|q| q.span.end() <= token.span.start()).is_some() {}
        let body =
            segments.peek().is_some_and(|s| s.kind == SegmentKind::Body && s.span.contains(token.span));
        if body && matches!(token.kind, TokenKind::Word | TokenKind::Number) {
            let plain = document.slice(token.span).to_lowercase().replace('’', "'");
            let next = u32::try_from(numbers.len()).expect("a story has fewer than 2^32 words");
            let id = *numbers.entry(plain).or_insert(next);
            push(Some(id), token.span, quotes.peek().is_some_and(|q| q.span.contains(token.span)));
        }
    }
    words
}

/// Every maximal passage of every two reports, in order of the reports and of the place in the first.
pub(crate) fn find_passages(words: &[Words]) -> Vec<Passage> {
    let mut index: HashMap<&[Option<u32>], Vec<(usize, usize)>> = HashMap::new();
    let mut passages = Vec::new();
    for (b, text) in words.iter().enumerate() {
        // How far the runs found so far reach in this text, by the other report and the distance between the two places.
        let mut reach: HashMap<(usize, isize), usize> = HashMap::new();
        let anchors = anchors(text);
        for &at in &anchors {
            let Some(places) = index.get(&text.ids[at..at + ANCHOR]) else { continue };
            for &(a, from) in places {
                let diagonal = at.cast_signed() - from.cast_signed();
                if reach.get(&(a, diagonal)).is_some_and(|&end| end > at) {
                    continue;
                }
                let n = common(&words[a].ids[from..], &text.ids[at..]);
                reach.insert((a, diagonal), at + n);
                if n >= MIN_WORDS {
                    passages.push(passage((a, &words[a], from), (b, text, at), n));
                }
            }
        }
        for at in anchors {
            index.entry(&text.ids[at..at + ANCHOR]).or_default().push((b, at));
        }
    }
    passages.sort_by_key(|p: &Passage| (p.a.0, p.b.0, p.a.1, p.b.1));
    passages
}

/// Places at which a run of [`ANCHOR`] words starts that is no refrain of the text, ascending.
fn anchors(text: &Words) -> Vec<usize> {
    let mut counts: HashMap<&[Option<u32>], usize> = HashMap::new();
    let runs = || text.ids.windows(ANCHOR).enumerate().filter(|(_, run)| run.iter().all(Option::is_some));
    for (_, run) in runs() {
        *counts.entry(run).or_default() += 1;
    }
    runs().filter(|(_, run)| counts[run] <= MAX_REPEATS).map(|(at, _)| at).collect()
}

fn common(a: &[Option<u32>], b: &[Option<u32>]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y && x.is_some()).count()
}

fn passage(a: (usize, &Words, usize), b: (usize, &Words, usize), n: usize) -> Passage {
    let place = |(report, words, from): (usize, &Words, usize)| {
        let index = ReportIndex(u32::try_from(report).expect("a story has fewer than 2^32 reports"));
        (index, words.spans[from].cover(words.spans[from + n - 1]))
    };
    let quoted = |(_, words, from): (usize, &Words, usize)| {
        2 * words.quoted[from..from + n].iter().filter(|quoted| **quoted).count() > n
    };
    Passage { a: place(a), b: place(b), n_words: n, quoted: quoted(a) && quoted(b) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use stemma_core::Report;

    use super::*;

    fn story(texts: &[&str]) -> Story {
        let annotator = stemma_annotate::Annotator::load();
        Story::new(texts.iter().map(|text| annotator.annotate(Arc::new(Report::of_text(text)))).collect())
    }

    fn shown(texts: &[&str]) -> Vec<String> {
        let story = story(texts);
        let show = |p: Passage| format!("{} {}: {}", p.n_words, p.quoted, story.document(p.b.0).slice(p.b.1));
        find_passages(&read_words(&story)).into_iter().map(show).collect()
    }

    #[test]
    fn runs_are_maximal_and_quotation_is_told_from_text() {
        let a = "The bridge over the river at Lom fell on Sunday. “We heard the cables sing before it all went down,” Ivo Petrov said.";
        let b = "Officials say the bridge over the river at Lom fell on Sunday, too. Petrov: “We heard the cables sing before it all went down.”";
        assert_eq!(
            shown(&[a, b]),
            [
                "10 false: the bridge over the river at Lom fell on Sunday",
                "10 true: We heard the cables sing before it all went down"
            ]
        );
    }

    #[test]
    fn a_text_without_end_of_one_word_takes_no_time() {
        let noise = "la ".repeat(50_000);
        assert!(shown(&[&noise, &noise[3..]]).is_empty());
    }
}
