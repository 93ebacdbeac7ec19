//! Spans: half-open byte ranges, and the other units in which the outside world counts.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Half-open byte range into one document's text: `start <= end`, both on `char` boundaries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    start: u32,
    end: u32,
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    ///
    /// # Panics
    /// If `start > end`, or a bound does not fit 32 bits (reports are limited to 4 GiB when they are read).
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "a span starts at {start}, after its end {end}");
        let fits = |n: usize| u32::try_from(n).expect("reports are limited to 4 GiB when they are read");
        Self { start: fits(start), end: fits(end) }
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// The span as an index range.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end() - self.start()
    }

    /// True if no byte lies inside.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// True if every byte of `other` lies in `self`.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Number of bytes that both spans cover.
    pub fn overlap(self, other: Span) -> usize {
        (self.end.min(other.end) as usize).saturating_sub(self.start.max(other.start) as usize)
    }

    /// True if at least one byte lies in both.
    pub fn touches(self, other: Span) -> bool {
        self.overlap(other) > 0
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span without white space at its edges; empty (at its start) if nothing else is in it.
    pub fn trim(self, text: &str) -> Span {
        let slice = &text[self.range()];
        let left = slice.len() - slice.trim_start().len();
        let kept = slice.trim().len();
        if kept == 0 {
            return Span { start: self.start, end: self.start };
        }
        Span::new(self.start() + left, self.start() + left + kept)
    }

    /// True if the span can slice `text`.
    pub fn fits(self, text: &str) -> bool {
        self.end() <= text.len() && text.is_char_boundary(self.start()) && text.is_char_boundary(self.end())
    }
}

/// The unit in which offsets leave the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// UTF-8 bytes, as inside the program.
    Bytes,
    /// Unicode code points, as Python counts.
    #[default]
    Chars,
    /// UTF-16 code units, as JavaScript counts.
    Utf16,
}

/// Converts byte offsets of one text to another unit, and back, in O(log n) after one pass over the text.
#[derive(Clone, Debug)]
pub struct Offsets {
    unit: OffsetUnit,
    /// (byte, count) after each char that is not ASCII: between two of them bytes and units advance alike.
    breaks: Vec<(usize, usize)>,
}

impl Offsets {
    /// Reads `text` once.
    pub fn new(text: &str, unit: OffsetUnit) -> Self {
        let mut breaks = vec![(0, 0)];
        if unit != OffsetUnit::Bytes {
            let mut count = 0;
            let mut last = 0;
            for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
                count += at - last;
                last = at + c.len_utf8();
                count += if unit == OffsetUnit::Chars { 1 } else { c.len_utf16() };
                breaks.push((last, count));
            }
        }
        Self { unit, breaks }
    }

    /// The unit that this converts to.
    pub fn unit(&self) -> OffsetUnit {
        self.unit
    }

    /// `byte`, a char boundary of the text, in the unit.
    pub fn of_byte(&self, byte: usize) -> usize {
        let (at, count) = self.breaks[self.breaks.partition_point(|&(at, _)| at <= byte) - 1];
        count + (byte - at)
    }

    /// The byte at which `offset` units have passed.
    pub fn to_byte(&self, offset: usize) -> usize {
        let i = self.breaks.partition_point(|&(_, count)| count <= offset) - 1;
        let (at, count) = self.breaks[i];
        at + (offset - count)
    }

    /// Both ends of `span` in the unit.
    pub fn of_span(&self, span: Span) -> [usize; 2] {
        [self.of_byte(span.start()), self.of_byte(span.end())]
    }

    /// The span of `[start, end)` given in the unit.
    pub fn to_span(&self, start: usize, end: usize) -> Span {
        Span::new(self.to_byte(start), self.to_byte(end))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn offsets_count_what_the_standard_library_counts(text in ".*") {
            let chars = Offsets::new(&text, OffsetUnit::Chars);
            let utf16 = Offsets::new(&text, OffsetUnit::Utf16);
            for (n, (at, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(chars.of_byte(at), n);
                prop_assert_eq!(chars.to_byte(n), at);
                prop_assert_eq!(utf16.of_byte(at), text[..at].encode_utf16().count());
                prop_assert_eq!(utf16.to_byte(utf16.of_byte(at)), at);
            }
        }
    }

    #[test]
    fn trimming_keeps_the_words() {
        let text = "  a b\u{a0} ";
        assert_eq!(&text[Span::new(0, text.len()).trim(text).range()], "a b");
        assert!(Span::new(0, 2).trim(text).is_empty());
    }
}
