//! Which format some bytes or a text have.

use std::path::Path;

use crate::{
    MAX_FEED_BYTES, MAX_FILE_BYTES, MAX_PAGE_BYTES, MAX_REPORT_BYTES, charset, mail, mailbox, table,
};

/// Endings of what can be read, for messages.
pub const KNOWN_ENDINGS: &str = ".txt, .md, .html, .mhtml, .eml, .mbox, .json, .jsonl, .csv, .tsv, .rss, .atom, .xml, .warc, .gz, .zst, .zip, .tar";

/// A format that can be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// Plain text, one report.
    Text,
    /// Markdown, one report, with or without front matter.
    Markdown,
    /// A web page, one report.
    Html,
    /// One report, an array of reports, or an object with `reports`.
    Json,
    /// One report a line.
    JsonLines,
    /// RSS or Atom, one report an entry.
    Feed,
    /// A web archive, one report a page.
    Warc,
    /// A list of feeds (OPML): addresses, no reports.
    Opml,
    /// A table with a first row of names, one report a row.
    Csv,
    /// A mail, or a page saved with its parts (MHTML): one report.
    Mail,
    /// Mails in one file (mbox), one report a mail.
    Mailbox,
    /// NewsML-G2 or NITF, one report an item.
    NewsMl,
    /// A list of pages (sitemap): addresses, no reports.
    Sitemap,
}

impl Format {
    /// The format that a file's ending stands for.
    pub fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "txt" | "text" => Format::Text,
            "md" | "markdown" => Format::Markdown,
            "html" | "htm" | "xhtml" => Format::Html,
            "json" => Format::Json,
            "jsonl" | "ndjson" => Format::JsonLines,
            "rss" | "atom" | "rdf" | "xml" => Format::Feed,
            "warc" => Format::Warc,
            "opml" => Format::Opml,
            "csv" | "tsv" | "tab" => Format::Csv,
            // Known by its content; the name only says that it is one to read.
            #[cfg(feature = "parquet")]
            "parquet" => Format::Csv,
            #[cfg(feature = "pdf")]
            "pdf" => Format::Text,
            "eml" | "mht" | "mhtml" => Format::Mail,
            "mbox" | "mbx" => Format::Mailbox,
            "newsml" | "nitf" => Format::NewsMl,
            _ => return None,
        })
    }

    /// The format that a text with these first bytes seems to have.
    pub(crate) fn of_head(head: &[u8]) -> Self {
        Self::of_text(&charset::decode(head.to_vec(), None).text)
    }

    /// Most bytes of a file of this format that is held in memory.
    pub(crate) fn limit(self) -> u64 {
        match self {
            Format::Json | Format::JsonLines | Format::Warc | Format::Csv | Format::Mailbox => MAX_FILE_BYTES,
            Format::Html => MAX_PAGE_BYTES,
            Format::Feed | Format::Opml | Format::NewsMl | Format::Sitemap => MAX_FEED_BYTES,
            Format::Text | Format::Markdown | Format::Mail => MAX_REPORT_BYTES,
        }
    }

    /// The format that a text seems to have.
    pub fn of_text(text: &str) -> Self {
        let text = text.trim_start();
        if text.starts_with("WARC/") {
            return Format::Warc;
        }
        if starts_json(text) {
            return if is_json_lines(text) { Format::JsonLines } else { Format::Json };
        }
        if let Some(format) = xml_format(text) {
            format
        } else if text.starts_with('<') && is_page(text) {
            Format::Html
        } else if mail::is_mail(text) {
            Format::Mail
        } else if mailbox::is_mailbox(text) {
            Format::Mailbox
        } else if table::is_table(text) {
            Format::Csv
        } else {
            Format::Text
        }
    }
}

/// `{` before a key or `}`, `[` before an object or `]`: prose that opens with "[Updated]" is not JSON.
fn starts_json(text: &str) -> bool {
    let mut signs = text.chars().filter(|c| !c.is_whitespace());
    matches!(
        (signs.next(), signs.next()),
        (Some('{'), Some('"' | '}') | None) | (Some('['), Some('{' | ']') | None)
    )
}

/// True if the first line is a whole JSON object and more follows.
fn is_json_lines(text: &str) -> bool {
    text.split_once('\n').is_some_and(|(first, rest)| {
        !rest.trim().is_empty() && serde_json::from_str::<serde_json::Map<_, _>>(first).is_ok()
    })
}

fn is_page(text: &str) -> bool {
    let head = head(text, 2048).to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<article", "<div", "<p>", "<p "]
        .iter()
        .any(|element| head.contains(element))
}

/// The format of a text whose root element is that of a known kind of XML.
fn xml_format(text: &str) -> Option<Format> {
    Some(match root_name(text)?.to_ascii_lowercase().as_str() {
        "rss" | "feed" | "rdf" => Format::Feed,
        "opml" => Format::Opml,
        "newsitem" | "newsmessage" | "nitf" => Format::NewsMl,
        "urlset" | "sitemapindex" => Format::Sitemap,
        _ => return None,
    })
}

/// Name of the root element without its prefix, behind declarations and comments.
fn root_name(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let end = match rest.strip_prefix('<')? {
            comment if comment.starts_with("!--") => rest.find("-->")? + 3,
            other if other.starts_with(['?', '!']) => rest.find('>')? + 1,
            root => {
                let name = root.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
                return Some(name.rsplit(':').next().unwrap_or(name));
            }
        };
        rest = rest[end..].trim_start();
    }
}

/// The format of a text that was taken for `format` by its name. Names of pages, texts and XML often lie.
pub(crate) fn settled(format: Format, text: &str) -> Format {
    match format {
        Format::Text | Format::Html | Format::Feed => xml_format(text).unwrap_or(format),
        format => format,
    }
}

fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes.min(text.len()))]
}

/// What the bytes are, with its article, if they are no text: known by their first bytes, or by zeros.
///
/// UTF-16 is text: whoever asks excludes it first.
pub(crate) fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 26] = [
        (b"%PDF-", "a PDF document"),
        (b"PAR1", "a Parquet file"),
        (b"PK\x03\x04", "a ZIP archive or an office document (docx, odt, epub)"),
        (b"PK\x05\x06", "a ZIP archive"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"BZh9", "a bzip2 archive"),
        (b"\xFD7zXZ\0", "an xz archive"),
        (b"\x28\xB5\x2F\xFD", "a Zstandard archive"),
        (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
        (b"Rar!\x1A\x07", "a RAR archive"),
        (b"\x89PNG\r\n\x1A\n", "a PNG image"),
        (b"\xFF\xD8\xFF", "a JPEG image"),
        (b"GIF87a", "a GIF image"),
        (b"GIF89a", "a GIF image"),
        (b"II*\0", "a TIFF image"),
        (b"MM\0*", "a TIFF image"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document (doc, xls)"),
        (b"{\\rtf", "an RTF document"),
        (b"ID3\x03", "an MP3 recording"),
        (b"ID3\x04", "an MP3 recording"),
        (b"OggS", "an Ogg recording"),
        (b"fLaC", "a FLAC recording"),
        (b"\x7FELF", "a program"),
        (b"MZ\x90\0", "a program"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\x1A\x45\xDF\xA3", "a video"),
    ];
    if let Some((_, kind)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Some(kind);
    }
    match (bytes.get(..4), bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => Some("a WebP image"),
        (Some(b"RIFF"), _, Some(_)) => Some("a recording or video"),
        (_, Some(b"ftyp"), _) => Some("a video or a photo of a phone"),
        _ if bytes.contains(&0) => Some("binary data"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        let of = |name: &str| Format::of_path(Path::new(name));
        assert_eq!(of("a/b.TXT"), Some(Format::Text));
        assert_eq!(of("feed.2025.jsonl"), Some(Format::JsonLines));
        assert_eq!((of("a.docx"), of("README"), of(".md")), (None, None, None));
    }

    #[test]
    fn content_decides_where_no_ending_does() {
        for (text, format) in [
            ("{\"text\": \"a\"}\n{\"text\": \"b\"}\n", Format::JsonLines),
            ("{\"text\": \"a\"}\n", Format::Json),
            ("{\n\"text\": \"a\"\n}", Format::Json),
            (" [ {\"text\": \"a\"}]", Format::Json),
            ("[Updated] The minister left.", Format::Text),
            ("{sic} he said", Format::Text),
            ("<!DOCTYPE html><title>x</title>", Format::Html),
            ("<p>One.</p>", Format::Html),
            ("<laughs> Well, he said.", Format::Text),
            ("", Format::Text),
        ] {
            assert_eq!(Format::of_text(text), format, "{text:?}");
        }
        assert_eq!(Format::of_text("<?xml version=\"1.0\"?>\n<feed xmlns=\"x\">"), Format::Feed);
        assert_eq!(xml_format("<?xml version=\"1.0\"?><rss version=\"2.0\">"), Some(Format::Feed));
        assert_eq!(xml_format("<html><body>an <rss feed"), None);
    }

    #[test]
    fn binaries_are_named() {
        assert_eq!(binary_kind(b"%PDF-1.7 ..."), Some("a PDF document"));
        assert_eq!(binary_kind(b"RIFF\x10\0\0\0WEBPVP8 "), Some("a WebP image"));
        assert_eq!(binary_kind(b"ab\0cd"), Some("binary data"));
        assert_eq!(binary_kind("Über".as_bytes()), None);
    }
}
