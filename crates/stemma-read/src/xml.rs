//! What the readers of XML share: attributes and character references, taken as leniently as the files demand.

use quick_xml::Reader;
use quick_xml::events::BytesStart;

/// A reader of events that forgives what hand-made files get wrong: closing tags that match nothing, and a bare `&`.
pub(crate) fn lenient_reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// The value of the first attribute called `name`, whatever its case, if it is not blank.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref().eq_ignore_ascii_case(name))?;
    let value = unescaped(&found.value);
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// `text` with its character references resolved. What is no reference stays: many addresses hold a bare `&`.
pub(crate) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((sign, len)) => {
                out.push(sign);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The sign that the reference at the start of `text` stands for, and the bytes that it takes.
fn reference(text: &str) -> Option<(char, usize)> {
    // The longest is `&#x10FFFF;`.
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let sign = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        _ => match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix(['x', 'X']) {
                Some(digits) => number(digits, 16)?,
                None => number(digits, 10)?,
            },
            None => return None,
        },
    };
    (sign != '\0').then_some((sign, end + 1))
}

/// `text` fit to stand in an attribute or between tags: signs of XML escaped, and those that XML forbids left out.
pub(crate) fn escaped(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let text: String =
        text.chars().filter(allowed).filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect();
    quick_xml::escape::escape(text.as_str()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_bare_signs() {
        for (text, expected) in [
            ("a &amp; b", "a & b"),
            ("?a=1&b=2", "?a=1&b=2"),
            ("&#8220;Yes&#x201D; &nbsp;", "“Yes” \u{A0}"),
            ("&#0;&#x110000;&eacute;&", "&#0;&#x110000;&eacute;&"),
            ("&é;", "&é;"),
        ] {
            assert_eq!(unescaped(text), expected);
        }
    }

    #[test]
    fn what_is_escaped_comes_back() {
        let text = "Vote <“now”> & 'then' \"again\" > 1\u{1}";
        assert_eq!(unescaped(&escaped(text)), text.trim_end_matches('\u{1}'));
    }
}
