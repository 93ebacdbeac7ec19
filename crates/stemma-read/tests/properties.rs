//! Whatever the bytes, reading them ends without a panic and says what came of them.

mod common;

use common::{gzip, tar, zip, zstd};
use proptest::prelude::*;
use stemma_core::Origin;
use stemma_read::{Format, Reading, Served, feeds_of_page, read_bytes, read_served, read_text};

const FORMATS: [Option<Format>; 7] = [
    None,
    Some(Format::Text),
    Some(Format::Markdown),
    Some(Format::Html),
    Some(Format::Json),
    Some(Format::JsonLines),
    Some(Format::Feed),
];

/// Every input gives a report or a failure, no report is blank, and every message is one line.
fn check(reading: &Reading) {
    assert!(!reading.reports.is_empty() || !reading.failures.is_empty());
    assert!(reading.reports.iter().all(|report| !report.text().trim().is_empty()));
    assert!(reading.failures.iter().all(|failure| !failure.to_string().contains('\n')));
    assert!(reading.notices.iter().all(|notice| !notice.to_string().contains('\n')));
}

/// What an address gave is a list, or a report or a failure.
fn check_served(bytes: Vec<u8>, charset: Option<&str>) {
    feeds_of_page(&bytes, "https://post.example/");
    match read_served(bytes, charset, "https://post.example/feed") {
        Served::Reading(reading) => check(&reading),
        Served::Listing(listing) => {
            let reports = listing.entries.iter().filter_map(|entry| entry.report.as_ref());
            assert!(reports.clone().all(|report| !report.text().trim().is_empty()));
            assert!(listing.notices.iter().all(|notice| !notice.to_string().contains('\n')));
        }
    }
}

proptest! {
    #[test]
    fn any_answer(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        start in prop::sample::select(vec!["", "<urlset>", "<rss version='2.0'>", "{\"version\":\"https://jsonfeed.org/version/1\",", "<html>"]),
        charset in prop::option::of("(utf-8|windows-1250|utf-16|nonsense|iso-2022-jp)"),
    ) {
        check_served([start.as_bytes(), &bytes].concat(), charset.as_deref());
    }

    #[test]
    fn any_soup_of_sitemaps(tags in prop::collection::vec(prop::sample::select(vec![
        "<urlset>", "</urlset>", "<url>", "</url>", "<loc>", "</loc>", "<sitemapindex>", "<sitemap>", "</sitemap>", "<news:title>",
        "</news:title>", "<news:publication_date>", "</news:publication_date>", "https://post.example/a", "2026-03-02", "<![CDATA[",
        "]]>", "&amp;", "&", "<", "<!--", "é",
    ]), 0..40)) {
        check_served(format!("<urlset>{}", tags.concat()).into_bytes(), None);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in FORMATS {
            check(&read_bytes(bytes.clone(), format, &Origin::whole("x")));
        }
    }

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        for format in FORMATS {
            check(&read_text(text.clone(), format, &Origin::whole("x")));
        }
    }

    #[test]
    fn text_is_taken_as_it_stands(text in "\\PC*[a-z]\\s*") {
        let reading = read_text(text.clone(), Some(Format::Text), &Origin::whole("x"));
        prop_assert_eq!(reading.reports[0].text(), text);
    }

    #[test]
    fn any_soup_of_tags(tags in prop::collection::vec(prop::sample::select(vec![
        "<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<ul>", "<li>", "<br>", "<h1>", "<a href='x'>",
        "<script type='application/ld+json'>", "{\"@type\":\"NewsArticle\",\"author\":[{}],", "</script>", "<meta name='date' content='2']>",
        "<title>", "</title>", "<!--", "-->", "<![CDATA[", "&nbsp;", "&#0;", "He left. ", "“We will,” she said. ", "\n",
    ]), 0..60)) {
        check(&read_text(format!("<html>{}", tags.concat()), Some(Format::Html), &Origin::whole("x")));
    }

    #[test]
    fn any_soup_of_feeds(tags in prop::collection::vec(prop::sample::select(vec![
        "<rss version='2.0'>", "</rss>", "<channel>", "</channel>", "<item>", "</item>", "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "</feed>", "<entry>", "</entry>", "<title>", "</title>", "<title type='xhtml'>", "<description>", "</description>",
        "<content type='html'>", "</content>", "<link href='x'/>", "<pubDate>Mon, 03 Mar 2025 18:30:00 +0100</pubDate>", "<updated>", "</updated>",
        "<![CDATA[", "]]>", "&amp;", "&#0;", "&bomb;", "<!DOCTYPE x [<!ENTITY bomb 'x'>]>", "He left. ", "<p>",
    ]), 0..60)) {
        check(&read_text(tags.concat(), Some(Format::Feed), &Origin::whole("x")));
        check(&read_text(format!("<rss version='2.0'><channel><item>{}", tags.concat()), None, &Origin::whole("x")));
    }

    #[test]
    fn any_soup_of_markdown(signs in prop::collection::vec(prop::sample::select(vec![
        "---\n", "# ", "title: x\n", "- ", "> ", "\n", "\n\n", "1. ", "**", "_", "[a](b)", "![c](d)", "`", "```\n", "| a | b |\n",
        "|---|---|\n", "<p>", "<br>", "He left. ", "    ", "\\",
    ]), 0..60)) {
        check(&read_text(signs.concat(), Some(Format::Markdown), &Origin::whole("x")));
    }
}

#[test]
fn ten_megabytes_on_one_line() {
    let line = "He left the town. ".repeat(10 * 1024 * 1024 / 18);
    let reading = read_text(line.clone(), None, &Origin::whole("x"));
    assert_eq!(reading.reports[0].text(), line);
    let json = format!("{{\"text\": {}}}", serde_json::Value::from(line.clone()));
    let reading = read_text(json, None, &Origin::whole("x"));
    assert_eq!(reading.reports[0].text(), line);
}

#[test]
fn deep_pages_are_read_or_refused() {
    let page = |depth: usize| {
        let article =
            "<p>The council voted on Monday to close the bridge, and the mayor said that she would sign.</p>"
                .repeat(5);
        format!("<html><body>{}{article}{}</body></html>", "<div>".repeat(depth), "</div>".repeat(depth))
    };
    // On a thread of the size that pools have: extraction recurses.
    let read = |depth| {
        let work = move || read_text(page(depth), Some(Format::Html), &Origin::whole("x"));
        std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(work).unwrap().join().unwrap()
    };
    assert_eq!(read(480).reports.len(), 1);
    assert_eq!(
        read(600).failures[0].to_string(),
        "x: the elements of this page are nested more than 512 deep"
    );
    assert_eq!(read(100_000).failures.len(), 1);
}

#[test]
fn a_feed_that_nests_without_end_is_told() {
    let deep = "<div>".repeat(200_000);
    for feed in [
        format!("<rss version='2.0'><channel><item><description>{deep}"),
        format!("<rss version='2.0'><channel>{deep}"),
        format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>{deep}"),
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title><content type='xhtml'>{deep}{}</content></entry></feed>",
            "</div>".repeat(200_000)
        ),
    ] {
        check(&read_text(feed, None, &Origin::whole("x")));
    }
}

/// One line for each report, failure and notice.
fn told(bytes: Vec<u8>, place: &str) -> String {
    let Reading { reports, failures, notices, .. } = read_bytes(bytes, None, &Origin::whole(place));
    let reports = reports.iter().map(|report| format!("{}: {}", report.origin(), report.text().trim()));
    let failures = failures.iter().map(|failure| format!("error: {failure}"));
    let notices = notices.iter().map(|notice| format!("notice: {notice}"));
    reports.chain(failures).chain(notices).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_packed_is_read() {
    let lines = b"{\"text\": \"One.\"}\n{\"text\": \"Two.\"}\n";
    insta::assert_snapshot!(told(gzip(lines), "feed.jsonl.gz"), @r"
    feed.jsonl.gz:1: One.
    feed.jsonl.gz:2: Two.
    ");
    insta::assert_snapshot!(told([zstd(lines), zstd(b"{\"text\": \"Three.\"}")].concat(), "feed.jsonl.zst"), @r"
    feed.jsonl.zst:1: One.
    feed.jsonl.zst:2: Two.
    feed.jsonl.zst:3: Three.
    ");
    let inner = zip(&[("b.txt", b"Three."), ("c.jsonl", lines)]);
    let files: [(&str, &[u8]); 5] = [
        ("story/a.txt", b"Zero."),
        ("story/.hidden.txt", b"No."),
        ("story/photo.png", b"No."),
        ("more.zip", &inner),
        ("../../etc/d.txt", b"Four."),
    ];
    insta::assert_snapshot!(told(zip(&files), "inbox.zip"), @r"
    inbox.zip/story/a.txt: Zero.
    inbox.zip/more.zip/b.txt: Three.
    inbox.zip/more.zip/c.jsonl:1: One.
    inbox.zip/more.zip/c.jsonl:2: Two.
    notice: inbox.zip: passed over story/.hidden.txt, story/photo.png, ../../etc/d.txt
    ");
    assert_eq!(told(zstd(&tar(&files[..4])), "inbox.tgz"), told(gzip(&tar(&files[..4])), "inbox.tgz"));
    insta::assert_snapshot!(told(gzip(&tar(&files[..4])), "inbox.tgz"), @r"
    inbox.tgz/story/a.txt: Zero.
    inbox.tgz/more.zip/b.txt: Three.
    inbox.tgz/more.zip/c.jsonl:1: One.
    inbox.tgz/more.zip/c.jsonl:2: Two.
    notice: inbox.tgz: passed over story/.hidden.txt, story/photo.png
    ");
}

#[test]
fn what_is_packed_badly_is_told() {
    let lines = b"{\"text\": \"One.\"}\n".repeat(5_000);
    let mut cut = gzip(&lines);
    cut.truncate(cut.len() - 20);
    let reading = read_bytes(cut, None, &Origin::whole("feed.jsonl.gz"));
    assert!(reading.reports.len() > 1_000 && reading.failures.len() <= 2, "whole lines are read");
    let mut cut = zstd(&lines);
    cut.truncate(cut.len() - 20);
    insta::assert_snapshot!(told(cut.clone(), "feed.txt.zst"), @"error: feed.txt.zst: not a Zstandard file that can be read: it is cut off, after 0 unpacked bytes");
    let mut files = zip(&[("a.txt", b"Zero."), ("b.txt", b"One.")]);
    files.truncate(60);
    insta::assert_snapshot!(told(files, "cut.zip"), @"error: cut.zip: not a ZIP archive that can be read: invalid Zip archive: Could not find EOCD");
    let mut deep = b"Zero.".to_vec();
    for _ in 0..5 {
        deep = zip(&[("a.txt", b"One."), ("in.zip", &deep)]);
    }
    insta::assert_snapshot!(told(deep, "deep.zip"), @r"
    deep.zip/a.txt: One.
    deep.zip/in.zip/a.txt: One.
    deep.zip/in.zip/in.zip/a.txt: One.
    error: deep.zip/in.zip/in.zip/in.zip: not a ZIP archive that can be read: it lies more than 3 archives deep
    ");
    insta::assert_snapshot!(told(zip(&[("a.png", b"x")]), "pictures.zip"), @r"
    error: pictures.zip: no file in it that can be read (.txt, .md, .html, .mhtml, .eml, .mbox, .json, .jsonl, .csv, .tsv, .rss, .atom, .xml, .warc, .gz, .zst, .zip, .tar)
    notice: pictures.zip: passed over a.png
    ");
}

#[test]
fn a_bomb_is_refused() {
    let zeros = vec![b' '; 64 << 20];
    let mut bomb = Vec::new();
    let part = gzip(&zeros);
    for _ in 0..17 {
        bomb.extend(&part);
    }
    assert!(bomb.len() < 16 << 20);
    insta::assert_snapshot!(told(bomb, "bomb.txt.gz"), @"error: bomb.txt.gz: is larger than 64 MiB");
}
