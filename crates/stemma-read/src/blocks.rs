//! HTML to text: paragraphs divided by a blank line, lines of one block by a line break.
//!
//! Takes a fragment without scripts or page furniture, as extraction leaves it. White space is evened as a browser does.

use scraper::{ElementRef, Html, Node};

use crate::burden::burden_of_page;
use crate::markup::{Token, Tokens};

/// The text blocks of a fragment, in order, none blank. One that would take very long to parse is read without its tree.
pub(crate) fn blocks_of(fragment: &str) -> Vec<String> {
    let flat = burden_of_page(fragment).map(|_| flattened(fragment));
    let html = Html::parse_fragment(flat.as_deref().unwrap_or(fragment));
    let mut blocks = Blocks::default();
    // A stack instead of recursion: pages may nest deeper than a thread's stack reaches.
    let mut stack = vec![Step::Enter(html.root_element())];
    while let Some(step) = stack.pop() {
        match step {
            Step::Text(text) => blocks.push_text(&text),
            Step::Leave => blocks.finish(),
            Step::Enter(element) => enter(element, &mut blocks, &mut stack),
        }
    }
    blocks.finish();
    blocks.done
}

/// The words of `fragment`, divided where a block begins or ends.
fn flattened(fragment: &str) -> String {
    let mut flat = String::with_capacity(fragment.len());
    for token in Tokens::of_html(fragment) {
        match token {
            Token::Text(text) => flat.push_str(text),
            Token::Tag(tag) if is_block(&tag.name.to_ascii_lowercase()) => flat.push_str("<hr>"),
            Token::Tag(tag) if tag.is_one_of(&["br"]) => flat.push_str("<br>"),
            Token::Tag(tag) if tag.is_one_of(&["td", "th"]) => flat.push(' '),
            Token::Tag(_) => {}
        }
    }
    flat
}

enum Step<'a> {
    Enter(ElementRef<'a>),
    Text(String),
    Leave,
}

fn enter<'a>(element: ElementRef<'a>, blocks: &mut Blocks, stack: &mut Vec<Step<'a>>) {
    let name = element.value().name();
    match name {
        "script" | "style" | "noscript" | "template" | "head" | "iframe" | "svg" => return,
        "br" => return blocks.push_break(),
        // Cells of one row stay in one block, apart from each other.
        "td" | "th" => blocks.push_text(" "),
        _ => {}
    }
    if is_block(name) {
        blocks.finish();
        stack.push(Step::Leave);
    }
    for child in element.children().rev() {
        match child.value() {
            Node::Text(text) => stack.push(Step::Text(text.to_string())),
            Node::Element(_) => stack.extend(ElementRef::wrap(child).map(Step::Enter)),
            _ => {}
        }
    }
}

/// True for elements of HTML that stand on lines of their own.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Blocks of text on their way.
#[derive(Default)]
pub(crate) struct Blocks {
    done: Vec<String>,
    /// White space evened to single spaces; `\n` only where a `br` stood.
    current: String,
}

impl Blocks {
    pub(crate) fn into_blocks(self) -> Vec<String> {
        self.done
    }

    pub(crate) fn push_break(&mut self) {
        self.current.push('\n');
    }

    pub(crate) fn push_text(&mut self, text: &str) {
        for c in text.chars() {
            if !c.is_whitespace() || is_hard_space(c) {
                self.current.push(c);
            } else if !self.current.is_empty() && !self.current.ends_with([' ', '\n']) {
                self.current.push(' ');
            }
        }
    }

    /// Two line breaks in a row divide paragraphs, as pages of old do it.
    pub(crate) fn finish(&mut self) {
        let current = std::mem::take(&mut self.current);
        let mut block = String::new();
        for line in current.split('\n').map(str::trim) {
            if line.is_empty() {
                self.push_block(&mut block);
            } else {
                if !block.is_empty() {
                    block.push('\n');
                }
                block.push_str(line);
            }
        }
        self.push_block(&mut block);
    }

    fn push_block(&mut self, block: &mut String) {
        if !block.is_empty() {
            self.done.push(std::mem::take(block));
        }
    }
}

/// Spaces that a browser keeps: they stand inside numbers and before French signs.
fn is_hard_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{202F}' | '\u{2007}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(fragment: &str) -> String {
        blocks_of(fragment).join("\n--\n")
    }

    #[test]
    fn blocks_lines_and_spaces() {
        insta::assert_snapshot!(
            view("<h1>Vote\n today</h1> <p>He <b>left</b>,<br> she said.</p>loose<ul><li>one<li>two</ul><p> </p>"),
            @r"
        Vote today
        --
        He left,
        she said.
        --
        loose
        --
        one
        --
        two
        "
        );
        insta::assert_snapshot!(view("<div>One.<br><br/>Two.</div>"), @r"
        One.
        --
        Two.
        ");
        insta::assert_snapshot!(view("<table><tr><td>Yes</td><td>12</td></tr><tr><td>No</td></tr></table>"), @r"
        Yes 12
        --
        No
        ");
        insta::assert_snapshot!(view("a &amp; b&nbsp;c<script>x</script><!-- y -->"), @"a & b\u{a0}c");
    }

    #[test]
    fn deep_nesting_is_fine() {
        let deep = format!("{}core{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
        assert_eq!(view(&deep), "core");
        let mixed = format!("{}A &amp; <b>b</b><br>c<p>d</div>e", "<div>".repeat(20_000));
        assert_eq!(view(&mixed), "A & b\nc\n--\nd\n--\ne");
    }
}
