//! Mails, as newsletters come, and pages that a browser saved as one file (MHTML), by the `mail-parser` crate.
//!
//! A mail is one report: its subject the title, its sender the outlet, its date when it was published. The text is that of its
//! HTML part, as that of a page, or all of it where extraction finds less than half; without one, that of its plain part.
//! Of a saved page, `multipart/related` with the address of the page, the page is read like any other, with the charset that its
//! part names. Pictures, attachments and mails in the mail are counted in a notice.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use stemma_core::{Origin, ReportDraft};

use crate::blocks::blocks_of;
use crate::metadata::PageMetadata;
use crate::{Content, MAX_PAGE_BYTES, MAX_REPORT_BYTES, Notice, ReadError, Reading, counted, dates, page};

/// Share of a mail's words that extraction must find to be believed.
const LEAST_SHARE: f64 = 0.5;

/// Mails in each other: the parser's values nest as they do, and letting go of them recurses.
const MAX_NESTED: usize = 500;

/// Bytes by which a mail is known.
const HEAD_BYTES: usize = 16 * 1024;

/// True if a text begins with the lines of a mail's head: three known ones, one of them of those that only programs write.
pub(crate) fn is_mail(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(HEAD_BYTES.min(text.len()))];
    let mut names = Vec::new();
    for line in head.lines() {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return false;
        }
        names.push(name.to_ascii_lowercase());
    }
    let has = |known: &[&str]| names.iter().filter(|name| known.contains(&name.as_str())).count();
    has(&[
        "from",
        "to",
        "subject",
        "date",
        "received",
        "mime-version",
        "message-id",
        "content-type",
        "return-path",
    ]) >= 3
        && has(&["mime-version", "message-id", "content-type", "received", "return-path"]) >= 1
}

/// True if there may be more than [`MAX_NESTED`] mails in each other.
fn nests_too_deep(bytes: &[u8]) -> bool {
    let begins = |at: usize, word: &[u8]| {
        bytes.get(at..at + word.len()).is_some_and(|there| there.eq_ignore_ascii_case(word))
    };
    // Parts of a digest are mails without saying so.
    let words: [&[u8]; 3] = [b"rfc822", b"message/global", b"multipart/digest"];
    let is_first = |byte: &u8| matches!(byte | 0x20, b'r' | b'm');
    let places = bytes.iter().enumerate().filter(|(_, byte)| is_first(byte)).map(|(at, _)| at);
    places.filter(|&at| words.iter().any(|word| begins(at, word))).take(MAX_NESTED + 1).count() > MAX_NESTED
}

/// [`is_mail`] of bytes.
pub(crate) fn is_mail_bytes(bytes: &[u8]) -> bool {
    is_mail(&String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]))
}

/// Reads a mail or a saved page, if the bytes are one.
pub(crate) fn read_mail(bytes: Vec<u8>, origin: &Origin) -> Reading {
    if bytes.len() as u64 > MAX_REPORT_BYTES {
        return Reading::failed(ReadError::too_large(origin.clone(), MAX_REPORT_BYTES));
    }
    if !is_mail_bytes(&bytes) {
        return failed(origin, "it does not begin with the lines of a mail's head");
    }
    read_known_mail(bytes, origin)
}

fn failed(origin: &Origin, problem: &str) -> Reading {
    let problem = problem.to_owned();
    Reading::failed(ReadError::Markup { origin: origin.clone(), kind: "a mail", problem })
}

/// Reads what is a mail by where it stands, however short its head is.
pub(crate) fn read_known_mail(bytes: Vec<u8>, origin: &Origin) -> Reading {
    if nests_too_deep(&bytes) {
        return failed(origin, &format!("mails lie in each other, perhaps more than {MAX_NESTED} deep"));
    }
    // Mails are hostile input: a panic in the parser costs this one.
    let read = std::panic::catch_unwind(|| {
        let message = MessageParser::default().parse(&bytes)?;
        Some(match saved_from(&message) {
            Some(url) => (read_saved_page(&message, url, origin), "multipart/related"),
            None => (read_letter(&message, origin), "message/rfc822"),
        })
    });
    let Ok(Some((mut reading, media_type))) = read else {
        return failed(origin, "it cannot be taken apart");
    };
    reading.came_from(&Content { bytes: bytes.into(), media_type: media_type.into(), range: None });
    reading
}

/// The address of a page that was saved with its parts; none for a mail.
fn saved_from(message: &Message<'_>) -> Option<Option<String>> {
    let location = |part: &mail_parser::MessagePart<'_>| part.content_location().map(str::to_owned);
    let given = message.header_raw("Snapshot-Content-Location").map(|address| address.trim().to_owned());
    let root = message.root_part();
    let related = root.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|kind| kind.eq_ignore_ascii_case("related"))
    });
    let page = message.html_part(0).and_then(location).filter(|address| address.starts_with("http"));
    let saved =
        given.is_some() || related && (message.from().is_none() || page.is_some() && message.to().is_none());
    saved.then(|| given.or(page).filter(|address| address.starts_with("http")))
}

fn read_saved_page(message: &Message<'_>, url: Option<String>, origin: &Origin) -> Reading {
    let Some(page) = html_of(message) else {
        return Reading::failed(ReadError::NoArticle { origin: origin.clone() });
    };
    if page.len() as u64 > MAX_PAGE_BYTES {
        return Reading::failed(ReadError::too_large(origin.clone(), MAX_PAGE_BYTES));
    }
    let title = message.subject().map(str::to_owned);
    let mut reading = page::read_page_of(page, ReportDraft { url, title, ..ReportDraft::default() }, origin);
    reading.notices.extend(losses(message, page, origin));
    reading
}

fn read_letter(message: &Message<'_>, origin: &Origin) -> Reading {
    let html = html_of(message);
    let text = match html {
        Some(html) => text_of_html(html),
        None => plain_of(message),
    };
    let text = text.filter(|text| !text.trim().is_empty()).or_else(|| plain_of(message));
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Reading::failed(ReadError::Blank { origin: origin.clone() });
    };
    let sender = message.from().and_then(|from| from.first());
    let sender = sender.and_then(|sender| sender.name().or(sender.address())).map(one_line);
    let date = message.header_raw("Date").map(str::trim);
    let published = date.and_then(dates::parse).or_else(|| dates::parse(&message.date()?.to_rfc3339()));
    let draft = ReportDraft {
        given_id: message.message_id().map(one_line),
        outlet: sender,
        title: message.subject().map(one_line),
        published,
        language: message.content_language().as_text().map(one_line),
        text: text.clone(),
        ..ReportDraft::default()
    };
    let mut reading = Reading::of_draft(draft, origin);
    if let (None, Some(date)) = (published, date.filter(|date| !date.is_empty())) {
        let date: String = date.chars().filter(|c| !c.is_control()).take(60).collect();
        let problem = format!("the mail's date cannot be read: {date:?}");
        reading.notices.push(Notice { origin: origin.clone(), problem });
    }
    reading.notices.extend(losses(message, &text, origin));
    reading
}

fn html_of<'m>(message: &'m Message<'_>) -> Option<&'m str> {
    message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) if !html.trim().is_empty() => Some(html.as_ref()),
        _ => None,
    })
}

fn plain_of(message: &Message<'_>) -> Option<String> {
    let parts: Vec<&str> = message
        .text_bodies()
        .filter_map(|part| match &part.body {
            PartType::Text(text) => Some(text.trim()),
            _ => None,
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

fn text_of_html(html: &str) -> Option<String> {
    if html.len() as u64 > MAX_PAGE_BYTES || page::is_unbearable(html) {
        return None;
    }
    let all = blocks_of(html).join("\n\n");
    let article = page::extract_checked(html, &mut PageMetadata::default()).unwrap_or_default().join("\n\n");
    let enough = article.len() as f64 >= all.len() as f64 * LEAST_SHARE;
    Some(if enough { article } else { all })
}

/// What of a mail is not in the report.
fn losses(message: &Message<'_>, text: &str, origin: &Origin) -> Vec<Notice> {
    let notice = |problem| Notice { origin: origin.clone(), problem };
    let n_attached = message.attachment_count();
    let attached = (n_attached > 0).then(|| {
        notice(counted(
            n_attached,
            "part beside the text was passed over",
            "parts beside the text were passed over",
        ))
    });
    let n_wrong = text.matches('\u{FFFD}').count();
    let wrong = (n_wrong > 0).then(|| {
        notice(counted(n_wrong, "broken character became U+FFFD", "broken characters became U+FFFD"))
    });
    attached.into_iter().chain(wrong).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
