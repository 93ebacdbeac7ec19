//! How deeply a page nests its elements.
//!
//! Parsers of pages take time that grows with the square of the depth, and extraction recurses. Browsers stop at 512;
//! real articles stay below a hundred. Pages beyond that are refused before they cost anything.

use scraper::{ElementRef, Html};

/// Deepest nesting that is read, as in browsers.
pub(crate) const MAX_NESTING: usize = 512;

/// Opening tags without their closing tags that a page may have. Pages forget closing tags; parsers mend most of that.
const MAX_UNCLOSED: usize = 4 * MAX_NESTING;

/// Elements that never nest by themselves: without content, or closed by the next of their kind.
const NOT_NESTING: [&[u8]; 31] = [
    b"area", b"base", b"br", b"col", b"dd", b"dt", b"embed", b"hr", b"img", b"input", b"li", b"link",
    b"meta", b"option", b"p", b"param", b"rp", b"rt", b"source", b"tbody", b"td", b"tfoot", b"th", b"thead",
    b"tr", b"track", b"wbr", b"path", b"circle", b"rect", b"use",
];

/// Most tags of a page. Extraction takes some seconds for so many; real pages have some thousand, long tables some ten thousand.
pub(crate) const MAX_TAGS: usize = 150_000;

/// True if `page` has more than [`MAX_TAGS`] tags, closing ones counted.
pub(crate) fn has_too_many_tags(page: &str) -> bool {
    let bytes = page.as_bytes();
    let tags = page
        .match_indices('<')
        .filter(|(at, _)| bytes.get(at + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/'));
    tags.take(MAX_TAGS + 1).count() > MAX_TAGS
}

/// True if `page` certainly nests too deeply for a parser. Linear; counts tags, also those in scripts and comments.
pub(crate) fn is_hopeless(page: &str) -> bool {
    let bytes = page.as_bytes();
    let mut open = 0_usize;
    for (at, _) in page.match_indices('<') {
        let rest = &bytes[at + 1..];
        let closes = rest.first() == Some(&b'/');
        let name = &rest[usize::from(closes)..];
        let len = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let name = &name[..len];
        if len == 0 || NOT_NESTING.iter().any(|element| element.eq_ignore_ascii_case(name)) {
            continue;
        }
        open = if closes { open.saturating_sub(1) } else { open + 1 };
        if open > MAX_UNCLOSED {
            return true;
        }
    }
    false
}

/// True if the elements of `page` stand deeper in each other than [`MAX_NESTING`].
pub(crate) fn is_too_deep(page: &Html) -> bool {
    let mut stack: Vec<(ElementRef<'_>, usize)> = vec![(page.root_element(), 1)];
    while let Some((element, depth)) = stack.pop() {
        if depth > MAX_NESTING {
            return true;
        }
        stack.extend(element.child_elements().map(|child| (child, depth + 1)));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgotten_closing_tags_are_no_nesting() {
        assert!(!is_hopeless(&"<p>One.<br><li>x<td>y".repeat(10_000)));
        assert!(!is_hopeless(&"<div class='a'><b>x</b></div>".repeat(10_000)));
        assert!(is_hopeless(&"<div>".repeat(10_000)));
        assert!(is_hopeless(&"<p><table><tr><td>".repeat(10_000)));
    }

    #[test]
    fn depth_of_elements() {
        let nested = |depth: usize| Html::parse_document(&"<div>".repeat(depth));
        assert!(!is_too_deep(&nested(MAX_NESTING - 2)));
        assert!(is_too_deep(&nested(MAX_NESTING)));
    }
}
