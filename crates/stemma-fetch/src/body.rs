//! The body of an answer: read and unpacked within bounds.
//!
//! Both what is sent and what it unpacks to are counted, so neither an endless answer nor one of some kilobytes that unpacks
//! to gigabytes fills the memory. Never holds more than the limit and a buffer.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Why a body cannot be had.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// The connection, the clock or the framing.
    Wire(ureq::Error),
    /// More bytes than allowed: as sent, or unpacked.
    TooLarge { unpacked: bool },
    /// It cannot be unpacked.
    Packing(String),
}

/// Most bytes, and whether the rest is left out (a `robots.txt`) or makes it an error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) bytes: u64,
    pub(crate) cut: bool,
}

/// Reads all of `body`, which is packed as `encoding` says.
pub(crate) fn read_body(body: impl Read, encoding: Option<&str>, limit: Limit) -> Result<Vec<u8>, BodyError> {
    let mut wire = BufReader::new(Wire { inner: body, left: limit.bytes, failure: None });
    let unpacked = unpack(&mut wire, encoding.unwrap_or_default().trim(), limit);
    let mut bytes = match (wire.into_inner().failure, unpacked) {
        (Some(BodyError::TooLarge { .. }), Ok(bytes) | Err((bytes, _))) if limit.cut => bytes,
        (Some(failure), _) => return Err(failure),
        (None, Err((_, problem))) => return Err(BodyError::Packing(problem)),
        (None, Ok(bytes)) if bytes.len() as u64 > limit.bytes && !limit.cut => {
            return Err(BodyError::TooLarge { unpacked: true });
        }
        (None, Ok(bytes)) => bytes,
    };
    bytes.truncate(usize::try_from(limit.bytes).unwrap_or(usize::MAX));
    Ok(bytes)
}

/// The unpacked bytes, one more than the limit at most; or those up to where it breaks, and why.
fn unpack(wire: &mut impl BufRead, encoding: &str, limit: Limit) -> Result<Vec<u8>, (Vec<u8>, String)> {
    let mut bytes = Vec::new();
    let first = match wire.fill_buf() {
        Ok([first, ..]) => *first,
        // Nothing was sent: nothing is to be unpacked. A failure is known to the wire.
        _ => return Ok(bytes),
    };
    let most = limit.bytes + 1;
    let read = match encoding.to_ascii_lowercase().as_str() {
        "" | "identity" => wire.take(most).read_to_end(&mut bytes),
        "gzip" | "x-gzip" => MultiGzDecoder::new(wire).take(most).read_to_end(&mut bytes),
        // By the standard with the frame of zlib, which starts with 8 in its low half; some servers leave it out.
        "deflate" if first & 0xF == 8 => ZlibDecoder::new(wire).take(most).read_to_end(&mut bytes),
        "deflate" => DeflateDecoder::new(wire).take(most).read_to_end(&mut bytes),
        other => return Err((bytes, format!("it is packed as {other:?}, which was not asked for"))),
    };
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err((bytes, error.to_string())),
    }
}

/// What comes from the connection: counted, and with its failures kept apart from those of unpacking.
struct Wire<R> {
    inner: R,
    left: u64,
    failure: Option<BodyError>,
}

impl<R: Read> Read for Wire<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.failure.is_some() {
            return Err(io::Error::other("the connection has failed"));
        }
        match self.inner.read(buffer) {
            Ok(n) if n as u64 > self.left => {
                let n = usize::try_from(self.left).unwrap_or(n);
                self.failure = Some(BodyError::TooLarge { unpacked: false });
                // What fits is handed on: a text that is cut keeps it.
                if n > 0 { Ok(n) } else { Err(io::Error::other("too large")) }
            }
            Ok(n) => {
                self.left -= n as u64;
                Ok(n)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.failure = Some(BodyError::Wire(error.into()));
                Err(io::Error::other("the connection has failed"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8], encoding: &str, most: u64) -> String {
        match read_body(bytes, Some(encoding), Limit { bytes: most, cut: false }) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let text = b"The bridge was closed at noon.";
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        zlib.write_all(text).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::best());
        raw.write_all(text).unwrap();
        let packed = [
            ("", text.to_vec()),
            ("gzip", gzip(text)),
            ("X-GZIP ", gzip(text)),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", raw.finish().unwrap()),
        ];
        for (encoding, bytes) in packed {
            assert_eq!(read(&bytes, encoding, 100), "The bridge was closed at noon.", "{encoding:?}");
        }
        assert_eq!(read(b"", "gzip", 100), "");
        let two = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(read(&two, "gzip", 100), "one two");
    }

    #[test]
    fn limits_hold_as_sent_and_unpacked() {
        assert_eq!(read(&[b'a'; 100], "", 100).len(), 100);
        assert_eq!(read(&[b'a'; 101], "", 100), "TooLarge { unpacked: false }");
        assert_eq!(read(&gzip(&[0; 1_000_000]), "gzip", 10_000), "TooLarge { unpacked: true }");
        assert_eq!(read(&gzip(&gzip(&[0; 100_000_000])), "gzip", 100), "TooLarge { unpacked: false }");
    }

    #[test]
    fn what_may_be_cut_is_cut() {
        let cut = |bytes: &[u8], encoding: &str| {
            read_body(bytes, Some(encoding), Limit { bytes: 10, cut: true }).unwrap()
        };
        assert_eq!(cut(&[b'a'; 100_000], ""), b"aaaaaaaaaa");
        assert_eq!(cut(&gzip(b"0123456789abcdefghijklmnopqrstuvwxyz"), "gzip").len(), 0);
        let short = gzip(b"b");
        let limit = Limit { bytes: 100, cut: true };
        assert_eq!(read_body(&gzip(&[b'a'; 100_000])[..], Some("gzip"), limit).unwrap(), [b'a'; 100]);
        assert_eq!(read_body(&short[..], Some("gzip"), limit).unwrap(), b"b");
    }

    #[test]
    fn broken_and_unknown_packing_is_told() {
        assert!(read(b"no gzip at all", "gzip", 100).starts_with("Packing"));
        assert!(read(&gzip(b"cut off")[..15], "gzip", 100).starts_with("Packing"));
        assert_eq!(read(b"x", "br", 100), r#"Packing("it is packed as \"br\", which was not asked for")"#);
    }

    proptest! {
        #[test]
        fn any_bytes_end_within_the_limit(bytes: Vec<u8>, encoding in "(gzip|deflate|)", most in 0_u64..64) {
            if let Ok(read) = read_body(&bytes[..], Some(&encoding), Limit { bytes: most, cut: false }) {
                prop_assert!(read.len() as u64 <= most);
            }
        }
    }
}
