//! Small well-formed inputs of every format, and ways to break them: for the corpus of broken inputs and for `--example batter`.
//!
//! All is deterministic: the same seed gives the same inputs on every machine.
#![allow(dead_code, unreachable_pub, reason = "each user takes what it needs")]

use super::common::{gzip, page, tar, zip, zstd};

/// A source of numbers: xorshift64* (Vigna 2016).
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// Numbers that follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `n`, 0 if that is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() >> 16) as usize % n }
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Makes a file of what it is given.
pub type Pack = fn(&[u8]) -> Vec<u8>;

/// An input before it is packed: breaking it inside makes inputs that a changed byte of the outside never would.
pub struct Seed {
    /// Name of the file.
    pub name: &'static str,
    /// What is packed, or all of it.
    pub inner: Vec<u8>,
    /// What makes a file of it.
    pub pack: Pack,
}

impl Seed {
    /// The well-formed file.
    pub fn file(&self) -> Vec<u8> {
        (self.pack)(&self.inner)
    }
}

fn plain(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

/// Each record of an archive as a member of its own.
fn members(bytes: &[u8]) -> Vec<u8> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 1..bytes.len() {
        if bytes[at..].starts_with(b"WARC/1.0") {
            parts.extend(gzip(&bytes[start..at]));
            start = at;
        }
    }
    parts.extend(gzip(&bytes[start..]));
    parts
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    zip(&[("a/one.jsonl", bytes), ("two.txt", b"The ferry sank."), ("three.zip", &zip(&[("x.html", bytes)]))])
}

fn tarred(bytes: &[u8]) -> Vec<u8> {
    tar(&[("a/one.jsonl", bytes), ("two.md", b"# Ferry\n\nIt sank."), ("three.csv", bytes)])
}

/// One well-formed input of each format.
pub fn seeds() -> Vec<Seed> {
    let jsonl = br#"{"text": "The ferry sank.", "outlet": "The Harbor Post", "published": "2025-03-03"}
{"text": "The dam holds.", "authors": [{"name": "Ida Voss"}], "url": "https://valley.example/1"}
"#;
    let mut seeds = vec![
        seed(
            "a.txt",
            "“We waited long enough,” said Mayor Ida Holm.\n\nThe café reopened on Monday, naïvely, in Łódź.\n",
        ),
        seed(
            "a.md",
            "---\ntitle: Ferry\ntags: [a, b]\n---\n# Ferry\n\nThe *ferry* [sank](x).\n\n> Quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n1. one\n   - two\n",
        ),
        seed("a.html", &linked_page()),
        seed(
            "a.json",
            r#"{"response": {"results": [{"id": 1, "webTitle": "Ferry", "fields": {"bodyText": "It sank.", "byline": "Ida"}}, {"url": "https://a.example/", "title": "x"}]}}"#,
        ),
        seed(
            "b.json",
            r#"[{"title": "Ferry", "body": {"summary": ["It sank."], "sections": [{"headline": ["What"], "paragraphs": ["One."]}]}, "html": {"responded_url": "https://a.example/1", "source_info": {"publisher": "Post"}}}]"#,
        ),
        seed(
            "ninjs.json",
            r#"{"uri": "urn:a:1", "standard": {"name": "ninjs", "version": "3.0"}, "versioncreated": "2025-03-03T18:30:00Z", "headlines": [{"role": "main", "value": "Ferry"}], "bodies": [{"contenttype": "text/html", "value": "<p>It sank.</p>"}], "altids": [{"role": "url", "value": "https://a.example/2"}]}"#,
        ),
        seed("a.jsonl", std::str::from_utf8(jsonl).unwrap()),
        seed(
            "rss.xml",
            r#"<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Post</title><link>https://a.example/</link><item><title>Ferry &amp; pilot</title><guid>1</guid><pubDate>Mon, 03 Mar 2025 18:30:00 +0100</pubDate><content:encoded><![CDATA[<p>It sank.</p>]]></content:encoded></item><item><title>Dam</title><description>It holds.</description></item></channel></rss>"#,
        ),
        seed(
            "a.atom",
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><id>urn:1</id><title type="html">Dam &lt;b&gt;holds&lt;/b&gt;</title><updated>2025-03-04T06:15:00+02:00</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The dam holds.</p></div></content></entry></feed>"#,
        ),
        seed(
            "feed.json",
            r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Board", "items": [{"id": "1", "content_html": "<p>It voted.</p>", "date_published": "2025-03-05T20:00:00-05:00"}]}"#,
        ),
        seed("news.xml", &newsml()),
        seed(
            "a.nitf",
            r#"<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf><head><title>x</title><pubdata date.publication="20250303T183000Z"/></head><body><body.head><hedline><hl1>Ferry</hl1></hedline><byline>By Ida</byline></body.head><body.content><p>It <em>sank</em>.</p></body.content></body></nitf>"#,
        ),
        seed(
            "a.opml",
            r#"<?xml version="1.0"?><opml version="2.0"><head><title>Desk</title></head><body><outline text="World"><outline type="rss" text="Post" xmlUrl="https://a.example/rss?x=1&amp;y=2" htmlUrl="https://a.example/"/></outline></body></opml>"#,
        ),
        seed(
            "sitemap.xml",
            r#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/1</loc><news:news><news:publication_date>2025-03-03</news:publication_date><news:title>Ferry</news:title></news:news></url></urlset>"#,
        ),
        seed(
            "a.csv",
            "title,published,text,url\r\nFerry,2025-03-03,\"It sank.\n\"\"Nobody was hurt\"\", she said.\",https://a.example/1\r\nDam,,It holds.,\r\n",
        ),
        seed("a.tsv", "headline\tbody\tauthor\nFerry\tIt sank.\tIda Voss\nDam\tIt holds.\tLi Wei\n"),
        seed("a.eml", &letter()),
        seed("a.mhtml", &saved_page()),
        seed("a.warc", std::str::from_utf8(&archive()).unwrap()),
    ];
    let packed: [(&str, &[u8], Pack); 8] = [
        ("a.warc.gz", &archive(), members),
        ("b.warc.gz", &archive(), gzip),
        ("a.warc.zst", &archive(), zstd),
        ("a.jsonl.gz", jsonl, gzip),
        ("a.jsonl.zst", jsonl, zstd),
        ("a.zip", jsonl, zipped),
        ("a.tar", jsonl, tarred),
        ("a.tgz", jsonl, |bytes| gzip(&tarred(bytes))),
    ];
    seeds.extend(packed.map(|(name, inner, pack)| Seed { name, inner: inner.to_vec(), pack }));
    assert_eq!(seeds.len(), N_LENDERS, "new formats come behind");
    seeds.push(seed("a.mbox", &mailbox()));
    seeds
}

/// Seeds that others borrow from, the first ones: seeds that come later change nothing in what is made of the earlier ones.
const N_LENDERS: usize = 27;

/// A seed to borrow from.
pub fn lender<'s>(all: &'s [Seed], numbers: &mut Numbers) -> &'s Seed {
    &all[numbers.below(N_LENDERS)]
}

fn seed(name: &'static str, text: &str) -> Seed {
    Seed { name, inner: text.as_bytes().to_vec(), pack: plain }
}

fn linked_page() -> String {
    let head = r#"<head><meta charset="utf-8"><link rel="canonical" href="https://a.example/1"><meta property="og:site_name" content="Post">
        <script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Ferry", "datePublished": "2025-03-03", "author": [{"name": "Ida"}]}]}</script>"#;
    page("ferry").replace("<head>", head)
}

fn letter() -> String {
    "From: =?utf-8?Q?Post_=E2=80=93_Daily?= <news@a.example>\r\nTo: b@a.example\r\nSubject: =?utf-8?B?RmVycnkgc2lua3M=?=\r\nDate: Mon, 3 Mar 2025 18:30:00 +0100\r\n\
     Message-ID: <m1@a.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=\"c\"\r\n\r\n\
     --c\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe caf=E9 sank.\r\n--c\r\nContent-Type: text/html; charset=utf-8\r\n\
     Content-Transfer-Encoding: base64\r\n\r\nPHA+VGhlIGZlcnJ5IHNhbmsuPC9wPg==\r\n--c--\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny\r\n--b--\r\n"
        .to_owned()
}

fn mailbox() -> String {
    format!(
        "From a@a.example Mon Mar  3 18:30:00 2025\r\n{}\r\nFrom \r\nSubject: Dam\r\nDate: Tue, 4 Mar 2025 06:15:00 +0200\r\n\r\nIt holds.\r\n>From Monday on.\r\n",
        letter()
    )
}

fn saved_page() -> String {
    format!(
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/1\r\nSubject: Ferry\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/html\r\nContent-Location: https://a.example/1\r\n\r\n{}\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n",
        page("ferry")
    )
}

fn newsml() -> String {
    let item = |number| {
        format!(
            r#"<newsItem guid="urn:a:{number}" version="1"><itemMeta><provider literal="Agency"/><versionCreated>2025-03-03T18:30:00+01:00</versionCreated></itemMeta>
            <contentMeta><headline>Ferry &amp; pilot</headline><language tag="en"/></contentMeta><contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><p>It sank.</p><p>Nobody.</p></body></html></inlineXML></contentSet></newsItem>"#
        )
    };
    let (one, two) = (item(1), item(2));
    format!(
        "<?xml version=\"1.0\"?><newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemSet>{one}{two}</itemSet></newsMessage>"
    )
}

fn archive() -> Vec<u8> {
    let record = |kind: &str, head: &str, body: &str| {
        let body = format!("{head}\r\n{body}");
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://a.example/{kind}\r\nWARC-Date: 2025-03-03T06:30:00Z\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n",
            body.len()
        )
    };
    let chunked = format!("{:x}\r\n{}\r\n0\r\n\r\n", page("dam").len(), page("dam"));
    [
        record("warcinfo", "", "software: none"),
        record("response", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n", &page("bridge")),
        record(
            "response",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n",
            &chunked,
        ),
    ]
    .concat()
    .into_bytes()
}

/// Where a token has the number of its repetition: what differs each time costs more than what is the same.
const COUNTED: &str = "{n}";

/// What parsers trip over.
const TOKENS: [&str; 70] = [
    " a{n}='1'",
    "<b id=b{n}>",
    "<p a{n}>",
    " xmlns:n{n}='u'",
    "\"k{n}\": 1, ",
    "\n[r{n}]: /x\n[^f{n}]: y [r{n}]",
    "X-{n}: a\r\n",
    "c{n},",
    "<div>",
    "</div>",
    "<p>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml ",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "&a;",
    "&#0;",
    "&#x110000;",
    "&amp",
    "<script>",
    "<table><tr><td>",
    "<svg><math>",
    "<item>",
    "</item>",
    "<entry>",
    "<rss>",
    "<url>",
    "<outline>",
    "<newsItem>",
    "<inlineXML>",
    "charset=utf-16",
    "charset=\"utf-7\"",
    "encoding=\"koi8-r\"",
    "\u{FEFF}",
    "\u{202E}",
    "\0",
    "\r",
    "\n",
    "\r\n\r\n",
    "\t",
    "\"",
    "\"\"",
    "'",
    ",",
    ";",
    "{",
    "}",
    "[",
    "]",
    "{\"text\":",
    "null",
    "1e999",
    "-1",
    "99999999999999999999",
    "4294967296",
    "Content-Length: 18446744073709551615",
    "Content-Length: -1",
    "WARC/1.0\r\n",
    "HTTP/1.1 200 OK\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Content-Encoding: gzip\r\n",
    "FFFFFFFFFFFFFFFF\r\n",
    "--b",
    "--b--\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
    "=?utf-8?B?",
    "?=",
    "2025-02-30T25:61:61+99:99",
];

/// One change that breaks something, perhaps.
pub fn change(bytes: &mut Vec<u8>, numbers: &mut Numbers, other: &[u8]) {
    let at = numbers.below(bytes.len() + 1);
    let some = |numbers: &mut Numbers, len: usize| {
        let most = numbers.pick(&[1, 4, 16, 64, 512, 4096]);
        1 + numbers.below(most.min(len.max(1)))
    };
    match numbers.below(12) {
        0 => bytes.truncate(at),
        1 | 2 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
        3 if at < bytes.len() => {
            bytes[at] = numbers.pick(&[0, 0xFF, 0x80, b'<', b'"', b'{', b'&', b'\n', b'-', b'9', b':'])
        }
        4 => {
            let end = (at + some(numbers, bytes.len())).min(bytes.len());
            bytes.drain(at..end);
        }
        5 => {
            // The same again, now and then a thousand times.
            let end = (at + some(numbers, bytes.len())).min(bytes.len());
            let part = bytes[at..end].to_vec();
            let times = numbers.pick(&[1, 1, 2, 10, 1000]);
            let times = times.min(1 + 200_000 / part.len().max(1));
            bytes.splice(at..at, part.repeat(times));
        }
        6..=8 => {
            let token = numbers.pick(&TOKENS);
            let times = numbers.pick(&[1, 1, 1, 1, 3, 100, 5000]);
            let repeated: String = (0..times).map(|n| token.replace(COUNTED, &n.to_string())).collect();
            bytes.splice(at..at, repeated.into_bytes());
        }
        9 => {
            let from = numbers.below(other.len());
            let end = (from + some(numbers, other.len())).min(other.len());
            bytes.splice(at..at, other[from..end].iter().copied());
        }
        10 => {
            // A number grows.
            if let Some(digit) = bytes.iter().skip(at).position(u8::is_ascii_digit) {
                let digits = numbers.pick(&["9", "99999999", "00", "18446744073709551615"]);
                bytes.splice(at + digit..at + digit + 1, digits.bytes());
            }
        }
        _ => {
            // Two places change.
            let to = numbers.below(bytes.len());
            if at < bytes.len() {
                bytes.swap(at, to);
            }
        }
    }
}

/// A broken file of the kind of `seed`.
pub fn broken(seed: &Seed, numbers: &mut Numbers, other: &Seed) -> Vec<u8> {
    let inside = numbers.below(2) == 0;
    let mut bytes = if inside { seed.inner.clone() } else { seed.file() };
    for _ in 0..=numbers.below(4) {
        change(&mut bytes, numbers, &other.inner);
    }
    if inside { (seed.pack)(&bytes) } else { bytes }
}
