//! Page furniture that stands in the body: sign-up boxes, copyright lines, calls for tips, as a crawler leaves them.
//!
//! Such text is the same on every page of a site and on every page of an agency, so it says nothing of who copied whom. A line
//! or sentence is taken for furniture if it holds a phrase of `data/furniture.txt`; so is a short one between two such.

use stemma_core::{Document, SegmentKind, Span};

use crate::terms::words;

/// Longest stretch between two pieces of furniture that is taken with them, in bytes.
const LONGEST_GAP: usize = 120;
/// Longest sentence that a phrase makes furniture, in bytes: longer ones are prose that mentions such a thing.
const LONGEST: usize = 400;

/// The furniture in the body of `document`, in order. Time: linear in the text.
pub(crate) fn find_furniture(document: &Document) -> Vec<Span> {
    let layers = document.layers();
    let mut found: Vec<Span> = Vec::new();
    for sentence in layers.sentences.items() {
        let body = layers.segments[sentence.segment].kind == SegmentKind::Body;
        let text = document.slice(sentence.span);
        if !body || text.len() > LONGEST || !is_furniture(text) {
            continue;
        }
        match found.last_mut() {
            Some(last) if sentence.span.start() - last.end() <= LONGEST_GAP => {
                *last = last.cover(sentence.span)
            }
            _ => found.push(sentence.span),
        }
    }
    found
}

/// True if `text` holds a phrase of the list.
fn is_furniture(text: &str) -> bool {
    let plain = text.to_lowercase().replace('’', "'");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    words(include_str!("../data/furniture.txt")).any(|phrase| plain.contains(phrase))
}
