//! Answers of web servers as crawls keep them: status line, header lines, a blank line, the body.
//!
//! Crawlers keep headers as they came, but many keep the body already unpacked; so what a header says of the body is believed
//! only where the body looks like it. Lines may end without a carriage return.

use std::io::Read;

use encoding_rs::Encoding;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::MAX_PAGE_BYTES;

/// Bytes of a status line with all header lines. Servers refuse more than some ten KiB.
const MAX_HEAD_BYTES: usize = 256 * 1024;

/// One answer, its body as it came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// Where the body begins.
    pub(crate) body_start: usize,
}

impl Answer {
    /// The answer at the start of `bytes`; `None` if there is none.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let (head, body_start) = split_head(bytes)?;
        let head = String::from_utf8_lossy(head);
        let mut lines = head.lines();
        let mut first = lines.next()?.split_ascii_whitespace();
        if !first.next()?.starts_with("HTTP/") {
            return None;
        }
        let status = first.next()?.parse().ok()?;
        Some(Self { status, headers: headers_of(lines), body_start })
    }

    fn header(&self, name: &str) -> Option<&str> {
        find_header(&self.headers, name)
    }

    /// Media type in lower case, without its parameters; empty if none is given.
    pub(crate) fn media_type(&self) -> String {
        media_type(self.header("content-type").unwrap_or(""))
    }

    /// The charset that the header names, if it is a known one.
    pub(crate) fn charset(&self) -> Option<&'static Encoding> {
        charset_of(self.header("content-type")?)
    }

    /// The body of `bytes`, joined and unpacked. At most one byte more than [`MAX_PAGE_BYTES`].
    pub(crate) fn body(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut body = bytes.get(self.body_start..).unwrap_or_default().to_vec();
        if self
            .header("transfer-encoding")
            .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"))
            && let Some(joined) = join_chunks(&body)
        {
            body = joined;
        }
        let codings = self.header("content-encoding").unwrap_or("").to_ascii_lowercase();
        // The last coding was put on last.
        for coding in codings.rsplit(',').map(str::trim).take(4) {
            body = unpack(body, coding)?;
        }
        Ok(body)
    }
}

/// Header lines up to the blank line, and where the body begins.
pub(crate) fn split_head(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let bytes = &bytes[..bytes.len().min(MAX_HEAD_BYTES)];
    let mut start = 0;
    while let Some(at) = bytes[start..].iter().position(|&byte| byte == b'\n') {
        let line = &bytes[start..start + at];
        start += at + 1;
        if line.is_empty() || line == b"\r" {
            return Some((&bytes[..start], start));
        }
    }
    None
}

/// `Name: value` lines; a line that begins with white space goes on with the one before.
pub(crate) fn headers_of<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line.starts_with([' ', '\t'])
            && let Some((_, value)) = headers.last_mut()
        {
            value.push(' ');
            value.push_str(line.trim());
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    headers
}

/// The first header of this lower-case name.
pub(crate) fn find_header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// `text/html` of `Text/HTML; charset=utf-8`.
pub(crate) fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// The charset of `text/html; charset="utf-8"`, if it is a known one.
pub(crate) fn charset_of(content_type: &str) -> Option<&'static Encoding> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        name.trim().eq_ignore_ascii_case("charset").then(|| Encoding::for_label(value.as_bytes())).flatten()
    })
}

/// The parts of a chunked body joined; `None` if it is not chunked. Of one that was cut off what is there.
fn join_chunks(body: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(body.len());
    let mut rest = body;
    let mut first = true;
    while !rest.is_empty() {
        let Some(end) = rest.iter().take(1024).position(|&byte| byte == b'\n') else {
            return (!first).then_some(joined);
        };
        let line = std::str::from_utf8(&rest[..end]).ok();
        let size =
            line.and_then(|line| usize::from_str_radix(line.split(';').next().unwrap_or("").trim(), 16).ok());
        let Some(size) = size else {
            return (!first).then_some(joined);
        };
        first = false;
        rest = &rest[end + 1..];
        if size == 0 {
            break;
        }
        let part = size.min(rest.len());
        joined.extend_from_slice(&rest[..part]);
        rest =
            rest[part..].strip_prefix(b"\r\n").or(rest[part..].strip_prefix(b"\n")).unwrap_or(&rest[part..]);
    }
    Some(joined)
}

fn unpack(body: Vec<u8>, coding: &str) -> Result<Vec<u8>, String> {
    let mut unpacked = Vec::new();
    let limit = MAX_PAGE_BYTES + 1;
    let read = match coding {
        "gzip" | "x-gzip" if body.starts_with(b"\x1F\x8B") => {
            MultiGzDecoder::new(&body[..]).take(limit).read_to_end(&mut unpacked)
        }
        // Some servers send the bare stream, most the one with a head of two bytes.
        "deflate" if is_zlib(&body) => ZlibDecoder::new(&body[..]).take(limit).read_to_end(&mut unpacked),
        "deflate" if !looks_like_markup(&body) => {
            DeflateDecoder::new(&body[..]).take(limit).read_to_end(&mut unpacked)
        }
        "zstd" if body.starts_with(b"\x28\xB5\x2F\xFD") => {
            match zstd::stream::read::Decoder::with_buffer(&body[..]) {
                Ok(decoder) => decoder.take(limit).read_to_end(&mut unpacked),
                Err(error) => return Err(format!("its body cannot be unpacked: {error}")),
            }
        }
        "br" if !looks_like_markup(&body) => {
            brotli_decompressor::Decompressor::new(&body[..], 4096).take(limit).read_to_end(&mut unpacked)
        }
        _ => return Ok(body),
    };
    match read {
        Ok(_) => Ok(unpacked),
        // What was cut off shows what is there.
        Err(_) if !unpacked.is_empty() => Ok(unpacked),
        Err(error) => Err(format!("its body cannot be unpacked: {error}")),
    }
}

fn is_zlib(body: &[u8]) -> bool {
    body.len() > 2 && body[0] & 0x0F == 8 && u16::from_be_bytes([body[0], body[1]]).is_multiple_of(31)
}

fn looks_like_markup(body: &[u8]) -> bool {
    let head = body.trim_ascii_start();
    head.starts_with(b"<") || head.starts_with(b"\xEF\xBB\xBF") || head.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn body(bytes: &[u8]) -> Result<String, String> {
        Answer::of(bytes).unwrap().body(bytes).map(|body| String::from_utf8(body).unwrap())
    }

    #[test]
    fn chunks_are_joined_where_there_are_any() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let of = |rest: &str| body(format!("{head}{rest}").as_bytes()).unwrap();
        assert_eq!(of("4\r\n<p>H\r\n5;x=y\r\ne lef\r\n0\r\n\r\n"), "<p>He lef");
        assert_eq!(of("<p>He left"), "<p>He left");
        assert_eq!(of("4\r\n<p>H\r\nFFFFFFFFFFFFFFFF\r\ne le"), "<p>He le");
    }

    #[test]
    fn bodies_are_unpacked_where_they_are_packed() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"<p>He left.").unwrap();
        let packed = encoder.finish().unwrap();
        let head = b"HTTP/1.1 200\nContent-Encoding: gzip\n\n";
        assert_eq!(body(&[&head[..], &packed].concat()).unwrap(), "<p>He left.");
        assert_eq!(body(&[&head[..], b"<p>He left."].concat()).unwrap(), "<p>He left.");
        // The stream of Brotli for this text is from the `brotli` program.
        let brotli = b"HTTP/1.1 200\nContent-Encoding: br\n\n\x0b\x05\x80<p>He left.\x03";
        assert_eq!(body(brotli).unwrap(), "<p>He left.");
    }

    #[test]
    fn headers() {
        let answer =
            Answer::of(b"HTTP/1.1 404 Not Found\r\ncontent-type: Text/HTML;\r\n charset=\"koi8-r\"\r\n\r\nx")
                .unwrap();
        assert_eq!((answer.status, answer.media_type()), (404, "text/html".to_owned()));
        assert_eq!(answer.charset().map(Encoding::name), Some("KOI8-R"));
        assert_eq!((Answer::of(b"<html>"), Answer::of(b"HTTP/1.1 200")), (None, None));
    }
}
