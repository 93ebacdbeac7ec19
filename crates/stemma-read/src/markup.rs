//! Tags and text of HTML and XML, found in one pass whatever the input.
//!
//! Not a parser: it builds no tree and mends nothing. It tells what a parser would meet, so that input on which one would
//! take very long can be seen before ([`crate::burden`]).

/// Elements of HTML in which a tag is text until their own closing tag.
const RAW: [&str; 9] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];

/// What follows each other in a text with tags. Comments and declarations are left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Token<'a> {
    /// What stands between tags, never empty; in several where a `<` begins no tag.
    Text(&'a str),
    Tag(Tag<'a>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Tag<'a> {
    /// Letters and digits, as written; what follows a colon or another sign is left out.
    pub(crate) name: &'a str,
    pub(crate) closes: bool,
    pub(crate) n_attributes: usize,
    /// The tag as written, with its brackets.
    pub(crate) written: &'a str,
}

impl Tag<'_> {
    pub(crate) fn is_one_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// The tokens of a text, in order.
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// The element of raw text that was just opened, of which the text is passed over.
    raw: Option<&'a str>,
    xml: bool,
}

impl<'a> Tokens<'a> {
    pub(crate) fn of_html(text: &'a str) -> Self {
        Self { text, at: 0, raw: None, xml: false }
    }

    pub(crate) fn of_xml(text: &'a str) -> Self {
        Self { xml: true, ..Self::of_html(text) }
    }

    /// The tags alone.
    pub(crate) fn tags(self) -> impl Iterator<Item = Tag<'a>> {
        self.filter_map(|token| match token {
            Token::Tag(tag) => Some(tag),
            Token::Text(_) => None,
        })
    }

    /// Just after the first `sign` from `at` on, or the end of the text.
    fn after(&self, at: usize, sign: &str) -> usize {
        self.text[at..].find(sign).map_or(self.text.len(), |found| at + found + sign.len())
    }

    /// Where the closing tag of the element `name` stands, or the end of the text.
    fn closing_of(&self, name: &str) -> usize {
        let rest = &self.text[self.at..];
        let closes =
            |&(found, _): &(usize, &str)| self.name_from(self.at + found + 2).eq_ignore_ascii_case(name);
        rest.match_indices("</").find(closes).map_or(self.text.len(), |(found, _)| self.at + found)
    }

    /// Where the comment or declaration at `at` ends; `None` if none stands there.
    fn after_declaration(&self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            // As browsers have it: `<!-->` and `<!--->` are whole comments.
            let short = !self.xml && (comment.starts_with('>') || comment.starts_with("->"));
            return Some(if short { self.after(at, ">") } else { self.after(at + 4, "-->") });
        }
        if self.xml && rest.starts_with("<![CDATA[") {
            return Some(self.after(at, "]]>"));
        }
        (rest.starts_with("<!") || rest.starts_with("<?")).then(|| self.after(at, ">"))
    }

    /// The tag at `at`, if one begins there.
    fn tag_at(&self, at: usize) -> Option<Tag<'a>> {
        let bytes = self.text.as_bytes();
        if bytes[at] != b'<' {
            return None;
        }
        let closes = bytes.get(at + 1) == Some(&b'/');
        let start = at + 1 + usize::from(closes);
        let name = self.name_from(start);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let (end, n_attributes) = attributes(bytes, start + name.len());
        Some(Tag { name, closes, n_attributes, written: &self.text[at..end] })
    }

    /// The letters and digits that begin at `start`.
    fn name_from(&self, start: usize) -> &'a str {
        let bytes = &self.text.as_bytes()[start..];
        &self.text[start..start + bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()]
    }
}

/// From the end of a tag's name on: just after the tag, and how many attributes it has.
fn attributes(bytes: &[u8], from: usize) -> (usize, usize) {
    let (mut at, mut n) = (from, 0);
    let skip = |at: usize, while_it: fn(u8) -> bool| {
        at + bytes[at..].iter().take_while(|&&byte| while_it(byte)).count()
    };
    // The rest of a name with a colon, a hyphen or the like.
    at = skip(at, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>'));
    loop {
        at = skip(at, |byte| byte.is_ascii_whitespace() || byte == b'/');
        match bytes.get(at) {
            None => return (at, n),
            Some(b'>') => return (at + 1, n),
            Some(_) => n += 1,
        }
        at = skip(at + 1, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='));
        let sign = skip(at, |byte| byte.is_ascii_whitespace());
        if bytes.get(sign) != Some(&b'=') {
            continue;
        }
        at = skip(sign + 1, |byte| byte.is_ascii_whitespace());
        at = match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => {
                let rest = &bytes[at + 1..];
                rest.iter().position(|&byte| byte == quote).map_or(bytes.len(), |found| at + found + 2)
            }
            _ => skip(at, |byte| !byte.is_ascii_whitespace() && byte != b'>'),
        };
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.at < self.text.len() {
            let at = self.at;
            if let Some(raw) = self.raw.take() {
                self.at = self.closing_of(raw);
            } else if let Some(end) = self.after_declaration(at) {
                self.at = end;
            } else if let Some(tag) = self.tag_at(at) {
                self.at = at + tag.written.len();
                self.raw = (!self.xml && !tag.closes && tag.is_one_of(&RAW)).then_some(tag.name);
                return Some(Token::Tag(tag));
            } else {
                let text = &self.text.as_bytes()[at + 1..];
                self.at = text.iter().position(|&byte| byte == b'<').map_or(self.text.len(), |n| at + 1 + n);
                return Some(Token::Text(&self.text[at..self.at]));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view<'a>(tokens: Tokens<'a>) -> String {
        let line = |token: Token<'a>| match token {
            Token::Text(text) => format!("{text:?}"),
            Token::Tag(tag) => {
                format!("{}{} {}", if tag.closes { "/" } else { "" }, tag.name, tag.n_attributes)
            }
        };
        tokens.map(line).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn tags_attributes_and_text() {
        assert_eq!(
            view(Tokens::of_html("<p class='a>b' id=x hidden>1 < 2, é<br/></P ><a href=/b/>c")),
            r#"p 3 | "1 " | "< 2, é" | br 0 | /P 0 | a 1 | "c""#
        );
    }

    #[test]
    fn what_is_no_markup() {
        let html = "a<!-- <b> --><!--><i><script>if (a<b) '</p>'</Script >c<!doctype x><?y?></>";
        assert_eq!(view(Tokens::of_html(html)), r#""a" | i 0 | script 0 | /Script 0 | "c" | "</>""#);
        let xml = "<?xml version='1.0'?><script><![CDATA[<b>]]><n:x a='1' b = \"2\"/></script><!--> <b> -->";
        assert_eq!(view(Tokens::of_xml(xml)), "script 0 | n 2 | /script 0");
    }

    #[test]
    fn what_never_ends() {
        let view = |html| view(Tokens::of_html(html));
        assert_eq!(view("<p>a<b c='d"), r#"p 0 | "a" | b 1"#);
        assert_eq!(view("<p>a<script>b</p>"), r#"p 0 | "a" | script 0"#);
        assert_eq!(view("<p>a<!-- b</p>"), r#"p 0 | "a""#);
        assert_eq!(view("é<"), r#""é" | "<""#);
    }
}
