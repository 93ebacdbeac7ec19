//! The bytes that reports were read from, so that they can be kept and every finding checked against them.

use stemma_core::Content;

use crate::{Format, Reading};

/// Most bytes that are handed on as they are. Of larger files of many reports only lines are.
pub const MAX_CONTENT_BYTES: usize = 64 * 1024 * 1024;

/// A line of JSON lines, which begins at byte `start`.
pub(crate) fn of_line(line: &str, start: u64) -> Content {
    let range = start..start + line.len() as u64;
    Content { bytes: line.as_bytes().into(), media_type: "application/json".into(), range: Some(range) }
}

impl Reading {
    /// The bytes of the report at `n`, where they are known.
    pub fn content(&self, n: usize) -> Option<&Content> {
        self.contents.get(n).and_then(Option::as_ref)
    }

    /// Says of every report whose content is not known yet that it came from `content`.
    pub fn came_from(&mut self, content: &Content) {
        self.contents.resize(self.reports.len(), None);
        self.contents.iter_mut().filter(|known| known.is_none()).for_each(|known| {
            *known = Some(content.clone());
        });
    }

    /// The report that was read last came from `content`.
    pub(crate) fn last_came_from(&mut self, content: Content) {
        self.contents.resize(self.reports.len(), None);
        if let Some(last) = self.contents.last_mut() {
            *last = Some(content);
        }
    }
}

/// What a copy of `bytes` is worth making of; `None` where each line of them is handed on by itself.
pub(crate) fn whole(bytes: &[u8], format: Option<Format>) -> Option<Content> {
    let format = format.or_else(|| looks_like(bytes));
    if bytes.len() > MAX_CONTENT_BYTES || format == Some(Format::JsonLines) {
        return None;
    }
    let media_type = match format {
        Some(Format::Markdown) => "text/markdown",
        Some(Format::Html) => "text/html",
        Some(Format::Json | Format::JsonLines) => "application/json",
        Some(Format::Csv) => "text/csv",
        Some(Format::Mail | Format::Mailbox) => "message/rfc822",
        Some(Format::Feed | Format::Opml | Format::NewsMl | Format::Sitemap) => "application/xml",
        Some(Format::Warc) => "application/warc",
        _ => "text/plain",
    };
    Some(Content { bytes: bytes.into(), media_type: media_type.into(), range: None })
}

/// The format of bytes whose beginning is UTF-8.
fn looks_like(bytes: &[u8]) -> Option<Format> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]);
    Some(Format::of_text(&head))
}

/// Bytes that are looked at for a format. A first line longer than that is copied once more than needed.
const HEAD_BYTES: usize = 64 * 1024;
