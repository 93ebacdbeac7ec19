//! Bytes as they come in: looked at before they are taken, counted, and bounded.
//!
//! A [`Source`] reads from a file or out of an unpacker. It can look ahead, which sniffing needs, and go back to a mark, which
//! finding the next record after a broken one needs. Memory: the bytes that are looked at, or that lie after a mark, and
//! one block. A [`Budget`] is shared by all sources of one input: what unpacks to far more than it was is refused as
//! soon as it does, at any depth.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use crate::MAX_FILE_BYTES;

/// Bytes that are read at once.
const BLOCK_BYTES: usize = 64 * 1024;

/// Bytes that each packed byte may give besides [`MAX_FILE_BYTES`]. Texts shrink to a third or a tenth; only what repeats
/// itself over and over shrinks to a thirtieth.
const MAX_RATIO: u64 = 30;

/// How much one input may still unpack to.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
}

impl Budget {
    fn limit(&self) -> u64 {
        MAX_FILE_BYTES + MAX_RATIO * self.packed.get()
    }

    /// The limit, in MiB.
    pub(crate) fn limit_mib(&self) -> u64 {
        self.limit() / (1024 * 1024)
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.unpacked.get() > self.limit()
    }
}

/// A stream of bytes with a position; see the module.
pub(crate) struct Source<'a> {
    inner: Box<dyn Read + 'a>,
    buffer: Vec<u8>,
    /// Index into `buffer` of the next byte.
    next: usize,
    /// Index into `buffer` of the byte to which [`Source::go_back`] goes.
    mark: Option<usize>,
    /// Bytes taken.
    position: u64,
    ended: bool,
    failure: Option<io::Error>,
    budget: Rc<Budget>,
    unpacked: bool,
}

impl<'a> Source<'a> {
    /// What a user gave: its bytes count as packed.
    pub(crate) fn outer(inner: impl Read + 'a) -> Self {
        Self::new(Box::new(inner), Rc::default(), false)
    }

    /// What comes out of an unpacker.
    pub(crate) fn unpacked(inner: impl Read + 'a, budget: Rc<Budget>) -> Self {
        Self::new(Box::new(inner), budget, true)
    }

    fn new(inner: Box<dyn Read + 'a>, budget: Rc<Budget>, unpacked: bool) -> Self {
        Self {
            inner,
            buffer: Vec::new(),
            next: 0,
            mark: None,
            position: 0,
            ended: false,
            failure: None,
            budget,
            unpacked,
        }
    }

    pub(crate) fn budget(&self) -> &Rc<Budget> {
        &self.budget
    }

    /// Counts `n` packed bytes that are read in another way.
    pub(crate) fn allow(&self, n: u64) {
        self.budget.packed.set(self.budget.packed.get().saturating_add(n));
    }

    /// Number of bytes before the next one.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// The next `n` bytes, or as many as there are, without taking them.
    pub(crate) fn peek(&mut self, n: usize) -> &[u8] {
        while self.buffer.len() - self.next < n && !self.ended {
            self.refill();
        }
        let end = self.buffer.len().min(self.next + n);
        &self.buffer[self.next..end]
    }

    /// Why no more can be read, if it is not the end. Told once.
    pub(crate) fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Remembers the next byte. As long as the mark stands, all bytes after it are held.
    pub(crate) fn set_mark(&mut self) {
        self.mark = Some(self.next);
    }

    pub(crate) fn clear_mark(&mut self) {
        self.mark = None;
    }

    /// Bytes taken since the mark.
    pub(crate) fn since_mark(&self) -> usize {
        self.mark.map_or(0, |mark| self.next - mark)
    }

    /// Goes back to the mark, if there is one, and drops it.
    pub(crate) fn go_back(&mut self) {
        if let Some(mark) = self.mark.take() {
            self.position -= (self.next - mark) as u64;
            self.next = mark;
        }
    }

    /// Passes over `n` bytes; fewer at the end. Gives the number of those there were.
    pub(crate) fn skip(&mut self, n: u64) -> u64 {
        let mut skipped = 0;
        while skipped < n {
            let there = self.peek(1).len().min(1) as u64;
            if there == 0 {
                break;
            }
            let part = (n - skipped).min((self.buffer.len() - self.next) as u64);
            self.take(part as usize);
            skipped += part;
        }
        skipped
    }

    /// The next `n` bytes; fewer at the end. The vector grows as bytes come, whatever `n` says.
    pub(crate) fn take_bytes(&mut self, n: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < n && !self.peek(1).is_empty() {
            let part = (n - bytes.len() as u64).min((self.buffer.len() - self.next) as u64) as usize;
            bytes.extend_from_slice(&self.buffer[self.next..self.next + part]);
            self.take(part);
        }
        bytes
    }

    /// The next line with its end, of at most `limit` bytes; of a longer one, `limit + 1` bytes are taken. Empty at the end.
    pub(crate) fn take_line(&mut self, limit: usize) -> Vec<u8> {
        let mut line = Vec::new();
        while line.len() <= limit && !self.peek(1).is_empty() {
            let rest = &self.buffer[self.next..];
            let rest = &rest[..rest.len().min(limit + 1 - line.len())];
            let end = rest.iter().position(|&byte| byte == b'\n').map(|at| at + 1);
            let part = end.unwrap_or(rest.len());
            line.extend_from_slice(&rest[..part]);
            self.take(part);
            if end.is_some() {
                break;
            }
        }
        line
    }

    /// Passes over the rest of a line.
    pub(crate) fn skip_line(&mut self) {
        while !self.peek(1).is_empty() {
            let rest = &self.buffer[self.next..];
            match rest.iter().position(|&byte| byte == b'\n') {
                Some(at) => return self.take(at + 1),
                None => self.take(rest.len()),
            }
        }
    }

    fn take(&mut self, n: usize) {
        self.next += n;
        self.position += n as u64;
    }

    fn refill(&mut self) {
        // Bytes before this one are not needed any more. They go when they are most of the buffer, so that each moves once.
        let needed = self.mark.unwrap_or(self.next);
        if needed >= BLOCK_BYTES.max(self.buffer.len() / 2) || needed == self.buffer.len() {
            self.buffer.drain(..needed);
            self.next -= needed;
            self.mark = self.mark.map(|mark| mark - needed);
        }
        let len = self.buffer.len();
        self.buffer.resize(len + BLOCK_BYTES, 0);
        let read = loop {
            match self.inner.read(&mut self.buffer[len..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let n = *read.as_ref().unwrap_or(&0);
        self.buffer.truncate(len + n);
        let meter = if self.unpacked { &self.budget.unpacked } else { &self.budget.packed };
        meter.set(meter.get() + n as u64);
        let spent = self.unpacked && self.budget.is_spent();
        self.ended = n == 0 || spent;
        if spent {
            let problem = format!("it unpacks to more than {} MiB", self.budget.limit_mib());
            self.failure = Some(io::Error::other(problem));
        } else if let Err(error) = read {
            self.failure = Some(error);
        }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let there = self.fill_buf()?;
        let n = there.len().min(out.len());
        out[..n].copy_from_slice(&there[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.peek(1).is_empty()
            && let Some(failure) = self.failure.take()
        {
            return Err(failure);
        }
        Ok(&self.buffer[self.next..])
    }

    fn consume(&mut self, n: usize) {
        self.take(n.min(self.buffer.len() - self.next));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_ahead_takes_nothing() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        let mut source = Source::outer(&bytes[..]);
        assert_eq!(source.peek(70_000), &bytes[..70_000]);
        assert_eq!((source.position(), source.skip(100_000), source.position()), (0, 100_000, 100_000));
        source.set_mark();
        assert_eq!(source.take_bytes(90_000), &bytes[100_000..190_000]);
        assert_eq!(source.since_mark(), 90_000);
        source.go_back();
        assert_eq!(source.position(), 100_000);
        assert_eq!(source.take_bytes(u64::MAX), &bytes[100_000..]);
        assert_eq!((source.skip(5), source.peek(1).len()), (0, 0));
    }

    #[test]
    fn lines_are_bounded() {
        let mut source = Source::outer(&b"one\ntwo is long\nend"[..]);
        assert_eq!(source.take_line(10), b"one\n");
        assert_eq!(source.take_line(5), b"two is");
        source.skip_line();
        assert_eq!((source.take_line(10), source.take_line(10)), (b"end".to_vec(), Vec::new()));
    }

    #[test]
    fn what_unpacks_without_end_is_refused() {
        let budget = Rc::new(Budget::default());
        let mut source = Source::unpacked(io::repeat(b' '), Rc::clone(&budget));
        assert_eq!(source.skip(u64::MAX), MAX_FILE_BYTES + BLOCK_BYTES as u64);
        assert_eq!(source.take_failure().unwrap().to_string(), "it unpacks to more than 1024 MiB");
        assert!(budget.is_spent() && source.buffer.len() <= 2 * BLOCK_BYTES);
    }
}
