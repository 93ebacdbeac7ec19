//! Bytes to text.
//!
//! In this order: a byte order mark; UTF-8, if the bytes are valid; UTF-16 without a mark, known by its zeros; for a page
//! the charset that it declares; UTF-8 with a few broken places; else what `chardetng` takes it for (the detector of
//! Firefox, made for pages of the legacy charsets). Text that a charset cannot explain comes out as U+FFFD and is counted.
//! Time and memory are linear in the bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use stemma_core::Origin;

use crate::ReadError;
use crate::format::binary_kind;

/// A text and how it was decoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// Without the byte order mark.
    pub(crate) text: String,
    /// Name of the charset, as the WHATWG Encoding Standard has it.
    pub(crate) charset: &'static str,
    /// Number of U+FFFD that decoding put in.
    pub(crate) wrong: usize,
    /// True if nothing in the bytes names this charset.
    pub(crate) guessed: bool,
}

/// Bytes that are looked at for zeros and for a declared charset; pages must declare theirs in the first 1024.
const HEAD_BYTES: usize = 4096;

/// Share of broken characters from which a text is no text: one in this many.
const BROKEN_SHARE: usize = 20;

/// Decodes `bytes` if they are a text: neither a known binary format, nor broken all over.
///
/// `said` is the charset that came along, in a header of HTTP or of mail: it counts before what the content declares.
pub(crate) fn decode_text(
    bytes: Vec<u8>,
    said: Option<&'static Encoding>,
    origin: &Origin,
) -> Result<Decoded, ReadError> {
    let marked = Encoding::for_bom(&bytes).is_some() || guess_utf16(&bytes).is_some();
    if let Some(kind) = binary_kind(&bytes).filter(|_| !marked) {
        return Err(ReadError::Binary { origin: origin.clone(), kind });
    }
    let declared = said.or_else(|| declared_charset(&bytes));
    let decoded = decode(bytes, declared);
    let broken = decoded.wrong + decoded.text.chars().filter(|c| is_no_sign(*c)).count();
    if broken * BROKEN_SHARE > decoded.text.chars().count() {
        return Err(ReadError::Charset { origin: origin.clone(), charset: decoded.charset, wrong: broken });
    }
    if decoded.text.contains('\0') {
        return Err(ReadError::Binary { origin: origin.clone(), kind: "binary data" });
    }
    Ok(decoded)
}

/// Control characters that no text has: bytes that a legacy charset leaves free turn into them.
fn is_no_sign(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{1B}' | '\u{85}')
}

/// Decodes `bytes`; `declared` is the charset that the content itself names.
pub(crate) fn decode(bytes: Vec<u8>, declared: Option<&'static Encoding>) -> Decoded {
    if let Some((encoding, mark_len)) = Encoding::for_bom(&bytes) {
        return decode_as(&bytes[mark_len..], encoding);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if !looks_like_utf16(text.as_bytes()) => {
            return Decoded { text, charset: UTF_8.name(), wrong: 0, guessed: false };
        }
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    if let Some(encoding) = guess_utf16(&bytes) {
        return decode_as(&bytes, encoding);
    }
    let declared = declared.filter(|encoding| *encoding != UTF_8);
    if let Some(encoding) = declared {
        return decode_as(&bytes, encoding);
    }
    if is_nearly_utf8(&bytes) {
        return decode_as(&bytes, UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes, true);
    Decoded { guessed: true, ..decode_as(&bytes, detector.guess(None, Utf8Detection::Deny)) }
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let wrong = if had_errors { text.matches('\u{FFFD}').count() } else { 0 };
    Decoded { text: text.into_owned(), charset: encoding.name(), wrong, guessed: false }
}

/// True for text in UTF-16, with or without a mark.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    let marked = Encoding::for_bom(bytes).is_some_and(|(encoding, _)| encoding != UTF_8);
    marked || guess_utf16(bytes).is_some()
}

fn looks_like_utf16(bytes: &[u8]) -> bool {
    guess_utf16(bytes).is_some()
}

/// UTF-16 of Western text has a zero in every second byte; no other text has.
fn guess_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(HEAD_BYTES) & !1];
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, units) = (zeros(0), zeros(1), head.len() / 2);
    if units < 2 {
        None
    } else if odd * 10 >= units * 6 && even * 20 <= units {
        Some(UTF_16LE)
    } else if even * 10 >= units * 6 && odd * 20 <= units {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// True if most of what is not ASCII is valid UTF-8: a file with one cut character should not be read as another charset.
fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken * 4 <= valid
}

/// The charset that a page names in a `meta` element or an XML declaration at its head, if it is a known one.
pub(crate) fn declared_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String = bytes[..bytes.len().min(HEAD_BYTES)]
        .iter()
        .map(|byte| char::from(*byte).to_ascii_lowercase())
        .collect();
    let after = |key: &str| {
        let rest = head[head.find(key)? + key.len()..].trim_start().strip_prefix('=')?.trim_start();
        let name = rest.trim_start_matches(['"', '\'']);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.'))?;
        Encoding::for_label(&name.as_bytes()[..end])
    };
    if !head.trim_start().starts_with('<') {
        return None;
    }
    let encoding =
        after("charset").or_else(|| if head.starts_with("<?xml") { after("encoding") } else { None })?;
    // A page that could be read this far byte by byte is not in UTF-16, whatever it says; the standard reads it as UTF-8.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, &'static str, usize) {
        let decoded = decode(bytes.to_vec(), None);
        (decoded.text, decoded.charset, decoded.wrong)
    }

    #[test]
    fn marks_and_utf8_come_first() {
        assert_eq!(read("Żółć".as_bytes()), ("Żółć".to_owned(), "UTF-8", 0));
        assert_eq!(read(b"\xEF\xBB\xBFabc"), ("abc".to_owned(), "UTF-8", 0));
        assert_eq!(read(b"\xFF\xFEa\0\xF3\0"), ("aó".to_owned(), "UTF-16LE", 0));
        assert_eq!(read(b"\xFE\xFF\0a\0\xF3"), ("aó".to_owned(), "UTF-16BE", 0));
    }

    #[test]
    fn utf16_without_a_mark_is_known_by_its_zeros() {
        let text = "The minister left.";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&little), (text.to_owned(), "UTF-16LE", 0));
        assert_eq!(read(&big), (text.to_owned(), "UTF-16BE", 0));
    }

    #[test]
    fn legacy_charsets_are_guessed() {
        let quote = "“We won’t,” said José Peña.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(quote);
        assert_eq!(read(&bytes), (quote.to_owned(), "windows-1252", 0));
        let russian = "Президент заявил, что переговоры продолжатся.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
        assert_eq!(read(&bytes), (russian.to_owned(), "windows-1251", 0));
    }

    #[test]
    fn one_cut_character_does_not_change_the_charset() {
        let mut bytes = "Zażółć gęślą jaźń, powiedział.".as_bytes().to_vec();
        bytes.pop();
        bytes.push(0xC5);
        let (text, charset, wrong) = read(&bytes);
        assert!(text.starts_with("Zażółć gęślą") && text.ends_with('\u{FFFD}'));
        assert_eq!((charset, wrong), ("UTF-8", 1));
    }

    #[test]
    fn pages_declare_their_charset() {
        let name = |page: &str| declared_charset(page.as_bytes()).map(Encoding::name);
        assert_eq!(name(r#"<meta charset="ISO-8859-2">"#), Some("ISO-8859-2"));
        let long_form = r#"<meta http-equiv=Content-Type content="text/html; charset=koi8-r">"#;
        assert_eq!(name(long_form), Some("KOI8-R"));
        assert_eq!(name(r#"<?xml version="1.0" encoding="windows-1250"?>"#), Some("windows-1250"));
        assert_eq!(name("<meta charset=utf-16>"), Some("UTF-8"));
        assert_eq!(name("<meta charset=nonsense>"), None);
        assert_eq!(name("<p>charset"), None);
        assert_eq!(name("The charset=koi8-r line."), None);
    }
}
