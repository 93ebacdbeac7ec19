//! What came from an address: articles, or a list of where they stand, a feed or a sitemap.
//!
//! In: the bytes, the charset of the headers, and the address that gave them. Out: a [`Served`]. Reports of pages that name no
//! address of their own are known by this one. Nothing is fetched here: whoever wants the pages of a list fetches them.

use std::io::Read;

use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use scraper::{ElementRef, Html, Selector};
use stemma_core::{Origin, Published, Report, ReportDraft};
use url::Url;

use crate::burden::burden_of_page;
use crate::metadata::host_of;
use crate::packed::Packing;
use crate::sitemap::{is_sitemap, read_sitemap};
use crate::{
    Content, Format, MAX_FEED_BYTES, MAX_PAGE_BYTES, Notice, ReadError, Reading, charset, decode, feeds,
    page, read_bytes, read_text,
};

/// What an address gave.
#[derive(Debug)]
pub enum Served {
    /// Where articles stand.
    Listing(Listing),
    /// Articles, or why there are none.
    Reading(Reading),
}

/// A feed or a sitemap.
#[derive(Debug, Default)]
pub struct Listing {
    /// Title of the feed.
    pub title: Option<String>,
    /// What it lists, in its order.
    pub entries: Vec<Listed>,
    /// Further sitemaps that it names.
    pub sitemaps: Vec<String>,
    /// What it was read from.
    pub content: Option<Content>,
    /// What was passed over.
    pub notices: Vec<Notice>,
}

/// One article of a [`Listing`].
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its address.
    pub url: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// When it was changed last, if the list says so and that was after it was published; of a day its beginning in Greenwich.
    pub updated: Option<Timestamp>,
    /// What the list itself holds of its text.
    pub report: Option<Report>,
    /// True if that seems to be all of it.
    pub whole: bool,
}

/// Reads what `url` gave; `charset` is what the headers name.
pub fn read_served(bytes: Vec<u8>, charset: Option<&str>, url: &str) -> Served {
    let origin = Origin::whole(url);
    let bytes = match Packing::of_bytes(&bytes) {
        Some(Packing::Gzip) => unpacked(&bytes).unwrap_or(bytes),
        _ => bytes,
    };
    let said = charset.and_then(|charset| Encoding::for_label(charset.as_bytes()));
    match list(&bytes, said, &origin) {
        Some(Ok(listing)) => Served::Listing(listing),
        Some(Err(error)) => Served::Reading(Reading { failures: vec![error], ..Reading::default() }),
        None => Served::Reading(read_articles(bytes, said, &origin)),
    }
}

/// The addresses of feeds that a page names in its head, the first first. `url` is where it was found.
pub fn feeds_of_page(bytes: &[u8], url: &str) -> Vec<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]);
    if burden_of_page(&head).is_some() {
        return Vec::new();
    }
    let (page, base) = (Html::parse_document(&head), Url::parse(url));
    let links = Selector::parse("link[rel~=alternate][href]").expect("the selector is constant and valid");
    let is_feed = |link: &ElementRef<'_>| {
        let media_type = link.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
        FEED_TYPES.contains(&media_type.as_str())
    };
    let found = page.select(&links).filter(is_feed).filter_map(|link| {
        let url = base.as_ref().ok()?.join(link.attr("href")?).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| url.to_string())
    });
    found.take(MAX_PAGE_FEEDS).collect()
}

/// Bytes of a page that are looked at for feeds: they stand in its head.
const HEAD_BYTES: usize = 512 * 1024;

/// Most feeds of a page that are told.
const MAX_PAGE_FEEDS: usize = 20;

/// Media types of feeds.
const FEED_TYPES: [&str; 3] = ["application/rss+xml", "application/atom+xml", "application/feed+json"];

/// A packed sitemap or page; `None` if it is more than a feed may have, or broken.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes).take(MAX_FEED_BYTES + 1).read_to_end(&mut unpacked).ok()?;
    (unpacked.len() as u64 <= MAX_FEED_BYTES).then_some(unpacked)
}

/// Reads what is no list.
fn read_articles(bytes: Vec<u8>, said: Option<&'static Encoding>, origin: &Origin) -> Reading {
    if bytes.is_empty() || Packing::of_bytes(&bytes).is_some() {
        return read_bytes(bytes, None, origin);
    }
    let known = ReportDraft { url: Some(origin.place.clone()), ..ReportDraft::default() };
    let mut content =
        Content { bytes: bytes.as_slice().into(), media_type: "text/plain".into(), range: None };
    let mut is_one = true;
    let mut reading = decode(bytes, said, origin, |text| match Format::of_text(&text) {
        Format::Html if text.len() as u64 <= MAX_PAGE_BYTES => {
            content.media_type = "text/html".into();
            page::read_page_of(&text, known, origin)
        }
        Format::Text if !text.trim().is_empty() => {
            let outlet = host_of(&origin.place);
            Reading::of_draft(ReportDraft { text, outlet, ..known }, origin)
        }
        format => {
            is_one = false;
            read_text(text, Some(format), origin)
        }
    });
    if is_one {
        reading.came_from(&content);
    }
    reading
}

/// What the bytes list, if they are a list.
fn list(
    bytes: &[u8],
    said: Option<&'static Encoding>,
    origin: &Origin,
) -> Option<Result<Listing, ReadError>> {
    if bytes.len() as u64 > MAX_FEED_BYTES || !may_be_list(bytes) {
        return None;
    }
    let text = charset::decode_text(bytes.to_vec(), said, origin).ok()?.text;
    let listing = if is_sitemap(&text) {
        Ok(list_sitemap(&text, origin))
    } else if Format::of_text(&text) == Format::Feed || is_json_feed(&text) {
        list_feed(&text, origin)
    } else {
        return None;
    };
    let media_type =
        if text.trim_start().starts_with('{') { "application/feed+json" } else { "application/xml" };
    let content = Content { bytes: bytes.into(), media_type: media_type.into(), range: None };
    Some(listing.map(|listing| Listing { content: Some(content), ..listing }))
}

/// False for what is certainly none: pages need not be decoded for it. UTF-16 is looked at.
fn may_be_list(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let has =
        |words: &str| head.windows(words.len()).any(|window| window.eq_ignore_ascii_case(words.as_bytes()));
    head.contains(&0)
        || ["<rss", "<feed", "<rdf:rdf", "<urlset", "<sitemapindex", "jsonfeed.org"].into_iter().any(has)
}

fn is_json_feed(text: &str) -> bool {
    let text = text.trim_start();
    let head = &text[..text.floor_char_boundary(text.len().min(4096))];
    head.starts_with('{') && head.contains("\"version\"") && head.contains("//jsonfeed.org/")
}

fn list_sitemap(text: &str, origin: &Origin) -> Listing {
    let sitemap = read_sitemap(text);
    let entries = sitemap.pages.into_iter().map(|page| Listed {
        url: Some(page.url),
        title: page.title,
        published: page.published,
        updated: feeds::changed(page.published, page.updated),
        report: None,
        whole: false,
    });
    let notices = sitemap.cut.map(|problem| Notice { origin: origin.clone(), problem });
    Listing {
        entries: entries.collect(),
        sitemaps: sitemap.sitemaps,
        notices: notices.into_iter().collect(),
        ..Listing::default()
    }
}

/// Says that a sitemap, given as an input, holds no reports.
pub(crate) fn tell_sitemap(text: &str, origin: &Origin) -> Reading {
    let listing = list_sitemap(text, origin);
    let n_addresses = listing.entries.len() + listing.sitemaps.len();
    let kind = if listing.entries.is_empty() { "a list of sitemaps" } else { "a sitemap" };
    let error = ReadError::Addresses { origin: origin.clone(), kind, n_addresses };
    Reading { notices: listing.notices, ..Reading::failed(error) }
}

fn list_feed(text: &str, origin: &Origin) -> Result<Listing, ReadError> {
    let (title, entries, n_broken) = feeds::list_feed(text, &origin.place)
        .map_err(|problem| ReadError::Feed { origin: origin.clone(), problem })?;
    let entries = entries.into_iter().enumerate().map(|(n, entry)| {
        let whole =
            entry.draft.as_ref().is_some_and(|draft| !feeds::is_summary(draft) && !is_cut(&draft.text));
        let place = Origin { place: origin.place.clone(), item: Some(n as u64 + 1) };
        let report = entry.draft.map(|draft| Report::new(draft, place));
        let feeds::Entry { url, title, published, updated, .. } = entry;
        Listed { url, title, published, updated, report, whole }
    });
    let entries = entries.collect();
    let notices = (n_broken > 0).then(|| Notice {
        origin: origin.clone(),
        problem: format!("{n_broken} entries are broken and were passed over"),
    });
    Ok(Listing { title, entries, notices: notices.into_iter().collect(), ..Listing::default() })
}

/// True if a text ends as one does that goes on elsewhere.
fn is_cut(text: &str) -> bool {
    let end = text.trim_end().trim_end_matches([']', ')']);
    end.ends_with('…') || end.ends_with("...")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(bytes: &[u8], charset: Option<&str>) -> String {
        let listing = match read_served(bytes.to_vec(), charset, "https://post.example/feeds/all") {
            Served::Listing(listing) => listing,
            Served::Reading(reading) => {
                let reports = reading
                    .reports
                    .iter()
                    .map(|report| format!("report {} {}", report.url().unwrap_or("-"), report.text()));
                let failures = reading.failures.iter().map(ToString::to_string);
                return reports.chain(failures).collect::<Vec<_>>().join("\n");
            }
        };
        let mut lines = vec![format!("list {}", listing.title.as_deref().unwrap_or("-"))];
        lines.extend(listing.entries.iter().map(|entry| {
            let text = entry.report.as_ref().map_or("no text", |report| report.text());
            let whole = if entry.whole { "whole" } else { "part " };
            let published = entry.published.map(|published| format!(" {published}")).unwrap_or_default();
            let updated = entry.updated.map(|updated| format!(" (updated {updated})")).unwrap_or_default();
            let url = entry.url.as_deref().unwrap_or("-");
            format!("{whole} {url}{published}{updated} {:?}: {text}", entry.title.as_deref().unwrap_or("-"))
        }));
        lines.extend(listing.sitemaps.iter().map(|url| format!("sitemap {url}")));
        lines.extend(listing.notices.iter().map(ToString::to_string));
        lines.join("\n")
    }

    const RSS: &str = r#"<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Post</title>
        <item><title>One</title><link>https://post.example/1</link><description>It begins.</description>
        <content:encoded><![CDATA[<p>It begins.</p><p>It ends.</p>]]></content:encoded></item>
        <item><title>Two</title><link>/2</link><pubDate>Mon, 02 Mar 2026 09:00:00 +0100</pubDate></item>
        <item><title>Three</title><link>https://post.example/3</link><content:encoded>It begins and […]</content:encoded></item>
        <item><title>Four</title><description>A summary.</description></item></channel></rss>"#;

    #[test]
    fn feeds_list_their_entries_with_and_without_text() {
        insta::assert_snapshot!(view(RSS.as_bytes(), None), @r#"
        list The Post
        whole https://post.example/1 "One": It begins.

        It ends.
        part  https://post.example/2 2026-03-02T09:00:00+01:00 "Two": no text
        part  https://post.example/3 "Three": It begins and […]
        part  - "Four": A summary.
        "#);
    }

    #[test]
    fn json_feeds_and_packed_sitemaps_are_lists() {
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "The Post", "items": [{"id": "1", "url": "https://post.example/1", "content_text": "All of it."}]}"#;
        insta::assert_snapshot!(view(json.as_bytes(), None), @r#"
        list The Post
        whole https://post.example/1 "-": All of it.
        "#);
        let sitemap = b"<urlset><url><loc>https://post.example/1</loc></url></urlset>";
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, sitemap).unwrap();
        insta::assert_snapshot!(view(&packed.finish().unwrap(), None), @r#"
        list -
        part  https://post.example/1 "-": no text
        "#);
    }

    #[test]
    fn when_an_entry_was_changed_is_told_where_the_list_says_so() {
        let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>The Post</title>
            <entry><link href="https://post.example/1"/><published>2026-03-02T09:00:00+01:00</published><updated>2026-03-02T10:15:00+01:00</updated></entry>
            <entry><link href="https://post.example/2"/><published>2026-03-02T09:00:00+01:00</published><updated>2026-03-02T07:00:00Z</updated></entry>
            <entry><link href="https://post.example/3"/><updated>2026-03-02T09:00:00Z</updated></entry></feed>"#;
        insta::assert_snapshot!(view(atom.as_bytes(), None), @r#"
        list The Post
        part  https://post.example/1 2026-03-02T09:00:00+01:00 (updated 2026-03-02T09:15:00Z) "-": no text
        part  https://post.example/2 2026-03-02T09:00:00+01:00 "-": no text
        part  https://post.example/3 2026-03-02T09:00:00+00:00 (updated 2026-03-02T09:00:00Z) "-": no text
        "#);
        let rss = r#"<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
            <item><link>https://post.example/1</link><pubDate>Mon, 02 Mar 2026 09:00:00 +0100</pubDate><atom:updated>2026-03-02T09:30:00Z</atom:updated></item>
            <item><link>https://post.example/2</link><pubDate>Mon, 02 Mar 2026 09:00:00 +0100</pubDate></item></channel></rss>"#;
        insta::assert_snapshot!(view(rss.as_bytes(), None), @r#"
        list -
        part  https://post.example/1 2026-03-02T09:00:00+01:00 (updated 2026-03-02T09:30:00Z) "-": no text
        part  https://post.example/2 2026-03-02T09:00:00+01:00 "-": no text
        "#);
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "The Post", "items": [{"id": "1", "url": "https://post.example/1",
            "date_published": "2026-03-02T09:00:00Z", "date_modified": "2026-03-03T09:00:00Z"}]}"#;
        insta::assert_snapshot!(view(json.as_bytes(), None), @r#"
        list The Post
        part  https://post.example/1 2026-03-02T09:00:00+00:00 (updated 2026-03-03T09:00:00Z) "-": no text
        "#);
    }

    #[test]
    fn the_charset_of_the_headers_counts() {
        let (bytes, _, _) =
            encoding_rs::WINDOWS_1250.encode("Zażółć gęślą jaźń, powiedział minister w Łodzi.");
        insta::assert_snapshot!(view(&bytes, Some("windows-1250")), @"report https://post.example/feeds/all Zażółć gęślą jaźń, powiedział minister w Łodzi.");
        let feed = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Żółw</title><item><title>Łódź</title><link>https://post.example/1</link></item></channel></rss>";
        let (bytes, _, _) = encoding_rs::ISO_8859_2.encode(feed);
        insta::assert_snapshot!(view(&bytes, Some("ISO-8859-2")), @r#"
        list Żółw
        part  https://post.example/1 "Łódź": no text
        "#);
    }

    #[test]
    fn pages_are_known_by_where_they_were() {
        let page = "<html><head><title>Bridge closed</title></head><body><article><h1>Bridge closed</h1><p>The bridge over the river was closed on Monday after engineers found cracks in two of its pillars.</p><p>It will stay closed until the end of the month, the city said.</p></article></body></html>";
        insta::assert_snapshot!(view(page.as_bytes(), None), @r#"
        report https://post.example/feeds/all The bridge over the river was closed on Monday after engineers found cracks in two of its pillars.

        It will stay closed until the end of the month, the city said.
        "#);
    }

    #[test]
    fn pages_name_their_feeds() {
        let page = r#"<html><head><link rel="alternate" hreflang="pl" href="/pl"><link rel="stylesheet" href="/a.css">
            <link rel="ALTERNATE home" type="application/rss+xml" href="/rss?a=1&amp;b=2"><link rel=alternate type=Application/Atom+XML href="https://feeds.example/post">
            <link rel=alternate type=application/rss+xml href="javascript:alert(1)"></head>"#;
        insta::assert_snapshot!(feeds_of_page(page.as_bytes(), "https://post.example/news/").join("\n"), @r"
        https://post.example/rss?a=1&b=2
        https://feeds.example/post
        ");
        assert_eq!(feeds_of_page(b"", "nonsense"), Vec::<String>::new());
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        insta::assert_snapshot!(view(b"", None), @"https://post.example/feeds/all: is empty");
        insta::assert_snapshot!(view(b"%PDF-1.7", None), @"https://post.example/feeds/all: is a PDF document, not text");
    }
}
