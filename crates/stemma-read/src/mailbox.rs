//! Mailboxes (mbox, RFC 4155): mails one after the other, each behind a line that begins with `From `.
//!
//! Read as a stream, one mail in memory at a time; each is then read like a mail in a file of its own. A report's number is that of
//! its mail. Lines of a text that begin with `From ` have a `>` in front, or several (mboxrd), of which one is taken off.
//! Writers that do not quote them are common, and so are ones that leave out the blank line before a mail or the date behind `From `:
//! a mail begins at such a line if the line after it could be one of a mail's head, and if either a blank line
//! is in front or a date is behind. The lengths that some writers put into the head (mboxcl) are often wrong, and not heeded.
//!
//! Own reader, as that of the `mail-parser` crate holds lines and mails of any length, and ends a mail at each `From `.

use stemma_core::Origin;

use crate::sink::{REPORT_BYTES, Sink};
use crate::source::Source;
use crate::stream::File;
use crate::{MAX_REPORT_BYTES, ReadError, Reading, mail};

/// What begins the line in front of a mail.
const FROM: &[u8] = b"From ";

/// Bytes of that line, and of the name of a field behind it. Real ones have a hundred.
const FROM_BYTES: usize = 1024;

/// Bytes of a line that are taken at once.
const PIECE_BYTES: usize = 64 * 1024;

/// True if a text begins like a mailbox.
pub(crate) fn is_mailbox(text: &str) -> bool {
    text.starts_with("From ") && text.split_once('\n').is_some_and(|(_, mail)| mail::is_mail(mail))
}

/// Reads a mailbox.
pub(crate) fn read_mailbox(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    while source.peek(1).first().is_some_and(|byte| byte.is_ascii_whitespace()) {
        source.skip(1);
    }
    let mut number = 0;
    let origin = |number| Origin { place: file.origin.place.clone(), item: Some(number) };
    if !begins_mail(source, true) && !source.peek(1).is_empty() {
        return sink.fail(ReadError::Markup {
            origin: file.origin.clone(),
            kind: "a mailbox",
            problem: "it does not begin with a line `From …` and a mail behind it".to_owned(),
        });
    }
    while !sink.is_stopped() && !source.peek(1).is_empty() {
        number += 1;
        let (origin, offset) = (origin(number), source.position());
        take_from(source);
        let mail = Mail::take(source);
        if mail.too_large {
            sink.fail(ReadError::too_large(origin, MAX_REPORT_BYTES));
        } else if mail.bytes.is_empty() {
            let problem = "nothing is behind its first line".to_owned();
            sink.fail(ReadError::Record { origin, offset, problem });
        } else {
            sink.push(mail.bytes.len() + REPORT_BYTES, move || mail.read(&origin, offset));
        }
    }
    if let Some(failure) = source.take_failure() {
        let file = File { origin: origin(number + 1), ..file.clone() };
        return sink.fail(file.failed(source, failure));
    }
    if number == 0 && !sink.is_stopped() {
        sink.fail(ReadError::Blank { origin: file.origin.clone() });
    }
}

/// True if the line that comes next is the one in front of a mail.
fn begins_mail(source: &mut Source<'_>, behind_blank: bool) -> bool {
    if !source.peek(FROM.len()).starts_with(FROM) {
        return false;
    }
    let ahead = source.peek(2 * FROM_BYTES);
    let end = ahead.iter().take(FROM_BYTES).position(|&byte| byte == b'\n');
    let (line, next) = ahead.split_at(end.map_or(ahead.len().min(FROM_BYTES), |end| end + 1));
    if end.is_none() && !next.is_empty() {
        return false;
    }
    let dated = has_date(line);
    // A mailbox that is cut off behind this line.
    if next.is_empty() {
        return dated;
    }
    // `>From ` is what programs make of an older line `From `.
    (behind_blank || dated) && begins_field(next) || dated && next.starts_with(b">From ")
}

/// True if a line has a time of day and a year: `Mon Mar  3 18:30:00 2025`.
fn has_date(line: &[u8]) -> bool {
    let time = line
        .windows(5)
        .any(|signs| signs[2] == b':' && [0, 1, 3, 4].iter().all(|&at: &usize| signs[at].is_ascii_digit()));
    let is_year = |word: &[u8]| {
        word.len() == 4 && word.iter().all(u8::is_ascii_digit) && matches!(&word[..2], b"19" | b"20")
    };
    time && line.split(u8::is_ascii_whitespace).any(is_year)
}

/// True if a line begins with the name of a field and a colon.
fn begins_field(line: &[u8]) -> bool {
    let n_name = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    n_name > 0 && line.get(n_name) == Some(&b':')
}

/// Passes over the line in front of a mail, and those that programs have made of older ones.
fn take_from(source: &mut Source<'_>) {
    source.skip_line();
    while source.peek(6) == b">From " {
        source.skip_line();
    }
}

/// A mail on its way to be read.
struct Mail {
    bytes: Vec<u8>,
    too_large: bool,
    /// Where it stands in the mailbox, byte for byte; none if lines of it were quoted.
    start: Option<u64>,
}

impl Mail {
    /// All up to the line in front of the next mail.
    fn take(source: &mut Source<'_>) -> Self {
        let mut mail = Self { bytes: Vec::new(), too_large: false, start: Some(source.position()) };
        let (mut behind_blank, mut starts_line) = (false, true);
        loop {
            if source.peek(1).is_empty() || starts_line && begins_mail(source, behind_blank) {
                break;
            }
            let piece = source.take_line(PIECE_BYTES);
            let quoted = starts_line && is_quoted(&piece);
            if quoted {
                mail.start = None;
            }
            behind_blank = starts_line && piece.trim_ascii().is_empty();
            starts_line = piece.ends_with(b"\n");
            mail.too_large |= (mail.bytes.len() + piece.len()) as u64 > MAX_REPORT_BYTES;
            if mail.too_large {
                mail.bytes = Vec::new();
            } else {
                mail.bytes.extend_from_slice(&piece[usize::from(quoted)..]);
            }
        }
        // The blank line in front of the next mail is not this one's.
        mail.bytes.truncate(mail.bytes.trim_ascii_end().len());
        mail
    }

    fn read(self, origin: &Origin, offset: u64) -> Reading {
        let range = self.start.map(|start| start..start + self.bytes.len() as u64);
        let mut reading = mail::read_known_mail(self.bytes, origin);
        reading.contents.iter_mut().flatten().for_each(|content| content.range.clone_from(&range));
        reading.failures = reading.failures.into_iter().map(|failure| located(failure, offset)).collect();
        reading
    }
}

/// True for a line of text that got a `>` in front, as it would else begin a mail.
fn is_quoted(line: &[u8]) -> bool {
    let n_marks = line.iter().take_while(|&&byte| byte == b'>').count();
    n_marks > 0 && line[n_marks..].starts_with(FROM)
}

/// A failure of a mail with the place of the mail in the mailbox.
fn located(failure: ReadError, offset: u64) -> ReadError {
    match failure {
        ReadError::Markup { origin, problem, .. } => ReadError::Record { origin, offset, problem },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_mails_begin() {
        let begins =
            |text: &str, behind_blank| begins_mail(&mut Source::outer(text.as_bytes()), behind_blank);
        for (text, behind_blank, behind_text) in [
            ("From ida@a.example Mon Mar  3 18:30:00 2025\nSubject: x\n", true, true),
            ("From - Mon Mar 03 18:30:00 2025\r\nX-Status: 0\r\n", true, true),
            ("From 1@xxx Mon Mar 03 18:30:00 +0000 2025\n>From b\nTo: x\n", true, true),
            // No date, as some programs write it.
            ("From \r\nSubject: x\n", true, false),
            // Texts that are not quoted.
            ("From here on it rained,\nand she said: go.\n", false, false),
            ("From 10:30 to 12:00 the road\nwas closed.\n", false, false),
            ("From 10:30 in 2025\n", true, true),
            ("From Monday", false, false),
            (">From ida@a.example Mon Mar  3 18:30:00 2025\nSubject: x\n", false, false),
        ] {
            assert_eq!((begins(text, true), begins(text, false)), (behind_blank, behind_text), "{text:?}");
        }
    }

    #[test]
    fn one_mark_is_taken_off() {
        let text =
            "Subject: x\n\n>From one\n>>From two\n> From three\n>Fro\nlast\n\nFrom b 10:00 2025\nTo: c\n";
        let mail = Mail::take(&mut Source::outer(text.as_bytes()));
        let taken = String::from_utf8(mail.bytes).unwrap();
        assert_eq!(taken, "Subject: x\n\nFrom one\n>From two\n> From three\n>Fro\nlast");
        assert_eq!(mail.start, None);
    }
}
