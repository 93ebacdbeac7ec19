//! Input on which a parser would take very long, told before it is parsed.
//!
//! Parsers of pages take time that grows with the square of the depth of elements and of the attributes of one tag, and they
//! open `b`, `font` and the like again in every block where these were not closed. Extraction recurses. Such input is refused,
//! or read without its tags, before it costs anything.

use std::collections::HashMap;

use scraper::{ElementRef, Html};

use crate::markup::{Tag, Tokens};

/// Deepest nesting that is read, as in browsers; real articles stay below a hundred.
const MAX_NESTING: usize = 512;

/// Opening tags without their closing tags that a page may have. Pages forget closing tags; parsers mend most of that.
const MAX_UNCLOSED: usize = 4 * MAX_NESTING;

/// Most tags of a page, with those that a parser adds. Extraction takes some seconds for so many; real pages have some thousand,
/// long tables some ten thousand.
const MAX_TAGS: usize = 150_000;

/// Most attributes of a tag; real ones have ten.
const MAX_ATTRIBUTES: usize = 1_000;

/// Why input is not parsed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Burden {
    /// Elements stand too deep in each other.
    #[error("the elements of this page are nested more than {MAX_NESTING} deep")]
    Depth,
    /// More tags than articles have, or tags that would be opened again in each of very many blocks.
    #[error("this page has more than {MAX_TAGS} tags, counting those that are opened again in each block")]
    Tags,
    /// A tag with more attributes than any has that was made to be read.
    #[error("a tag has more than {MAX_ATTRIBUTES} attributes")]
    Attributes,
}

/// Elements that never nest by themselves: without content, or closed by the next of their kind.
const NOT_NESTING: [&str; 29] = [
    "a", "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track",
    "wbr", "path",
];

/// Elements without content: nothing is closed at their end.
const EMPTY: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// What a page would cost too much with; `None` if it can be parsed, though it may prove to be too deep still
/// ([`is_too_deep`]). Linear in the page.
pub(crate) fn burden_of_page(page: &str) -> Option<Burden> {
    let (mut n_tags, mut n_open) = (0_usize, 0_usize);
    let mut formatting = Formatting::default();
    for tag in Tokens::of_html(page).tags() {
        if tag.n_attributes > MAX_ATTRIBUTES {
            return Some(Burden::Attributes);
        }
        n_tags += 1 + if formatting.take(&tag) || tag.is_one_of(&EMPTY) { 0 } else { formatting.n_open };
        if n_tags > MAX_TAGS {
            return Some(Burden::Tags);
        }
        if !tag.is_one_of(&NOT_NESTING) {
            n_open = if tag.closes { n_open.saturating_sub(1) } else { n_open + 1 };
        }
        if n_open > MAX_UNCLOSED {
            return Some(Burden::Depth);
        }
    }
    None
}

/// What an XML text would cost too much with. Linear.
pub(crate) fn burden_of_xml(text: &str) -> Option<Burden> {
    Tokens::of_xml(text).tags().any(|tag| tag.n_attributes > MAX_ATTRIBUTES).then_some(Burden::Attributes)
}

/// Elements of HTML that go on in the next block when they are not closed.
const FORMATTING: [&str; 13] =
    ["a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];

/// Most equal ones that go on, as HTML has it.
const MAX_EQUAL: usize = 3;

/// Formatting that is open.
#[derive(Default)]
struct Formatting<'a> {
    n_open: usize,
    /// The tags that are open, by the place of their name in [`FORMATTING`].
    open: [Vec<&'a str>; FORMATTING.len()],
    /// How often each stands in `open`.
    equal: HashMap<&'a str, usize>,
}

impl<'a> Formatting<'a> {
    /// True if `tag` is one of formatting.
    fn take(&mut self, tag: &Tag<'a>) -> bool {
        let Some(n) = FORMATTING.iter().position(|name| tag.name.eq_ignore_ascii_case(name)) else {
            return false;
        };
        // A link ends where the next begins.
        if (tag.closes || n == 0)
            && let Some(closed) = self.open[n].pop()
        {
            self.n_open -= 1;
            self.equal.entry(closed).and_modify(|equal| *equal -= 1);
        }
        let equal = self.equal.entry(tag.written).or_default();
        if !tag.closes && *equal < MAX_EQUAL {
            *equal += 1;
            self.n_open += 1;
            self.open[n].push(tag.written);
        }
        true
    }
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
        let burden = |part: &str| burden_of_page(&part.repeat(10_000));
        assert_eq!(burden("<p>One.<br><li>x<td>y"), None);
        assert_eq!(burden("<div class='a'><b>x</b></div>"), None);
        assert_eq!(burden("<script>'<div>'</script><!-- <div> -->"), None);
        assert_eq!(burden("<div>"), Some(Burden::Depth));
        assert_eq!(burden("<p><table><tr><td>"), Some(Burden::Depth));
    }

    #[test]
    fn formatting_that_goes_on() {
        let page = |formatting: &str| burden_of_page(&[formatting, &"<p>x".repeat(10_000)].concat());
        let different: String = (0..100).map(|n| format!("<b id=b{n}>")).collect();
        assert_eq!(page(&different), Some(Burden::Tags));
        assert_eq!(page(&format!("{different}{}", "</b>".repeat(100))), None);
        assert_eq!(page(&"<b>".repeat(100)), None, "three equal ones go on");
        assert_eq!(burden_of_page(&"<p><a href='/b'>x<br>".repeat(10_000)), None, "a link ends the last one");
    }

    #[test]
    fn attributes_without_end() {
        let tag = |n: usize| format!("<p {}>", (0..n).map(|n| format!("a{n}='>' ")).collect::<String>());
        assert_eq!(burden_of_page(&tag(MAX_ATTRIBUTES)), None);
        assert_eq!(burden_of_page(&tag(MAX_ATTRIBUTES + 1)), Some(Burden::Attributes));
        assert_eq!(burden_of_xml(&tag(MAX_ATTRIBUTES + 1)), Some(Burden::Attributes));
    }

    #[test]
    fn depth_of_elements() {
        let nested = |depth: usize| Html::parse_document(&"<div>".repeat(depth));
        assert!(!is_too_deep(&nested(MAX_NESTING - 2)));
        assert!(is_too_deep(&nested(MAX_NESTING)));
    }
}
