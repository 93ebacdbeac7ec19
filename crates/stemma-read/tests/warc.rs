//! Web archives: what is read of them, and what a broken record costs.

mod common;

use common::{gzip, page, tar, told, told_short, zip};

/// A record of `kind` with the given headers and body.
fn record(kind: &str, uri: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2025-03-03T06:30:00Z\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn response(uri: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let answer = [format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes(), body].concat();
    record("response", uri, "application/http; msgtype=response", &answer)
}

fn html(uri: &str, topic: &str) -> Vec<u8> {
    response(uri, "Content-Type: text/html; charset=utf-8\r\n", page(topic).as_bytes())
}

fn three() -> [Vec<u8>; 3] {
    [
        html("https://a.example/1", "bridge"),
        html("https://b.example/2", "dam"),
        html("https://c.example/3", "harbor"),
    ]
}

#[test]
fn pages_with_what_the_archive_says_of_them() {
    let (latin, _, _) = encoding_rs::ISO_8859_2.encode(
        "<p>Łukasz Żak powiedział w poniedziałek, że most zostanie otwarty, gdy skończy się remont.</p>",
    );
    let latin = [b"<html><body><article>".to_vec(), latin.repeat(4), b"</article>".to_vec()].concat();
    let packed = gzip(page("ferry").as_bytes());
    let (first, second) = packed.split_at(40);
    let chunks =
        [b"28\r\n", first, format!("\r\n{:x}\r\n", second.len()).as_bytes(), second, b"\r\n0\r\n\r\n"]
            .concat();
    let archive = [
        record("warcinfo", "", "application/warc-fields", b"software: none\r\n"),
        record(
            "request",
            "https://a.example/1",
            "application/http; msgtype=request",
            b"GET /1 HTTP/1.1\r\n\r\n",
        ),
        html("https://www.a.example/1", "bridge"),
        response("https://a.example/pl", "Content-Type: text/html; charset=iso-8859-2\r\n", &latin),
        response(
            "https://a.example/ferry",
            "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
            &chunks,
        ),
        response("https://a.example/x.png", "Content-Type: image/png\r\n", b"\x89PNG\r\n\x1A\n"),
        response(
            "https://a.example/menu",
            "Content-Type: text/html\r\n",
            b"<html><body><nav><a href=x>More</a></nav>",
        ),
        record(
            "response",
            "https://a.example/gone",
            "application/http",
            b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>Gone",
        ),
        record(
            "conversion",
            "https://a.example/text",
            "text/plain",
            "The ferry sank on Monday.\n".as_bytes(),
        ),
        record("resource", "<https://a.example/saved>", "text/html", page("tower").as_bytes()),
    ];
    insta::assert_snapshot!(told(archive.concat(), "crawl.warc"), @r#"
    # crawl.warc:3
    outlet: a.example
    title: The bridge reopens
    url: https://www.a.example/1
    language: en
    extra: {"retrieved":"2025-03-03T06:30:00Z","warc_offset":359}
    | The bridge was opened again on Monday after nine months of work, and some two hundred peop
    | 
    | “We waited long enough,” said Mayor Ida Holm, who cut a ribbon at six o’clock in front of 
    | 
    | The work cost 14 million crowns, three more than was planned, according to the port author
    # crawl.warc:4
    outlet: a.example
    url: https://a.example/pl
    language: pl
    extra: {"retrieved":"2025-03-03T06:30:00Z","warc_offset":1068}
    | Łukasz Żak powiedział w poniedziałek, że most zostanie otwarty, gdy skończy się remont.
    | 
    | Łukasz Żak powiedział w poniedziałek, że most zostanie otwarty, gdy skończy się remont.
    | 
    | Łukasz Żak powiedział w poniedziałek, że most zostanie otwarty, gdy skończy się remont.
    | 
    | Łukasz Żak powiedział w poniedziałek, że most zostanie otwarty, gdy skończy się remont.
    # crawl.warc:5
    outlet: a.example
    title: The ferry reopens
    url: https://a.example/ferry
    language: en
    extra: {"retrieved":"2025-03-03T06:30:00Z","warc_offset":1719}
    | The ferry was opened again on Monday after nine months of work, and some two hundred peopl
    | 
    | “We waited long enough,” said Mayor Ida Holm, who cut a ribbon at six o’clock in front of 
    | 
    | The work cost 14 million crowns, three more than was planned, according to the port author
    # crawl.warc:9
    outlet: a.example
    url: https://a.example/text
    extra: {"retrieved":"2025-03-03T06:30:00Z","warc_offset":3056}
    | The ferry sank on Monday.
    # crawl.warc:10
    outlet: a.example
    title: The tower reopens
    url: https://a.example/saved
    language: en
    extra: {"retrieved":"2025-03-03T06:30:00Z","warc_offset":3241}
    | The tower was opened again on Monday after nine months of work, and some two hundred peopl
    | 
    | “We waited long enough,” said Mayor Ida Holm, who cut a ribbon at six o’clock in front of 
    | 
    | The work cost 14 million crowns, three more than was planned, according to the port author
    notice: crawl.warc: 1 record holds no page (image/png), passed over
    notice: crawl.warc: 1 page was answered with another status than 200, passed over
    notice: crawl.warc: no article text was found in 1 of 6 pages
    "#);
}

#[test]
fn packed_archives() {
    let [a, b, c] = three();
    let members = [gzip(&a), gzip(&b), gzip(&c)].concat();
    let whole = told_short([a.clone(), b.clone(), c.clone()].concat(), "x.warc");
    insta::assert_snapshot!(whole, @r"
    x.warc:1: bridge @0
    x.warc:2: dam @705
    x.warc:3: harbor @1401
    ");
    let offsets = told_short(members.clone(), "x.warc.gz");
    insta::assert_snapshot!(offsets, @r"
    x.warc.gz:1: bridge @0
    x.warc.gz:2: dam @478
    x.warc.gz:3: harbor @951
    ");
    let all = [a, b, c].concat();
    insta::assert_snapshot!(told_short(gzip(&all), "x.warc.gz"), @r"
    x.warc.gz:1: bridge @0
    x.warc.gz:2: dam @0
    x.warc.gz:3: harbor @0
    ");
    insta::assert_snapshot!(told_short(tar(&[("in/x.warc.gz", &members)]), "x.tar"), @r"
    x.tar/in/x.warc.gz:1: bridge @0
    x.tar/in/x.warc.gz:2: dam @478
    x.tar/in/x.warc.gz:3: harbor @951
    ");
    insta::assert_snapshot!(told_short(zip(&[("x.warc", &all), ("y.warc.gz", &members)]), "x.zip"), @r"
    x.zip/x.warc:1: bridge @0
    x.zip/x.warc:2: dam @705
    x.zip/x.warc:3: harbor @1401
    x.zip/y.warc.gz:1: bridge @0
    x.zip/y.warc.gz:2: dam @478
    x.zip/y.warc.gz:3: harbor @951
    ");
}

#[test]
fn a_broken_record_costs_itself() {
    let [a, b, c] = three();
    let with = |b: &[u8]| told_short([&a[..], b, &c].concat(), "x.warc");
    let changed = |from: &str, to: &str| {
        let text = String::from_utf8(b.clone()).unwrap();
        assert!(text.contains(from));
        text.replace(from, to).into_bytes()
    };
    let length = format!(
        "Content-Length: {}",
        b.len() - "\r\n\r\n".len() - String::from_utf8_lossy(&b).find("HTTP/").unwrap()
    );
    for (name, broken) in [
        ("too long", changed(&length, "Content-Length: 99999")),
        ("a little too long", changed(&length, "Content-Length: 1000")),
        ("too short", changed(&length, "Content-Length: 5")),
        ("no number", changed(&length, "Content-Length: many")),
        ("none", changed(&length, "Content-Size: 1")),
        ("not a record", changed("WARC/1.0", "WORC/1.0")),
        ("cut", b[..b.len() / 2].to_vec()),
    ] {
        let told = with(&broken);
        assert!(told.contains("x.warc:1: bridge") && told.contains("harbor"), "{name}: {told}");
        assert_eq!(told.matches("error: ").count(), 1, "{name}: {told}");
    }
    insta::assert_snapshot!(with(&changed(&length, "Content-Length: 99999")), @r"
    x.warc:1: bridge @0
    x.warc:3: harbor @1403
    error: x.warc:2: the record at byte 705 cannot be read: it is cut off: 1226 of 99999 bytes are there
    ");
    insta::assert_snapshot!(told_short([&a[..], &b[..200]].concat(), "x.warc"), @r"
    x.warc:1: bridge @0
    error: x.warc:2: the record at byte 705 cannot be read: it is cut off: 25 of 517 bytes are there
    ");
}

#[test]
fn a_broken_member_costs_itself() {
    let [a, b, c] = three();
    let (a, b, c) = (gzip(&a), gzip(&b), gzip(&c));
    for at in [0, 1, 3, 12, 30, b.len() / 2, b.len() - 6, b.len() - 1] {
        let mut broken = b.clone();
        broken[at] ^= 0x5A;
        let told = told_short([&a[..], &broken, &c].concat(), "x.warc.gz");
        assert!(told.contains("x.warc.gz:1: bridge") && told.contains("harbor"), "{at}: {told}");
        assert!(told.contains(&format!("at byte {}", a.len())), "{at}: {told}");
        assert_eq!(told.matches("error: ").count(), 1, "{at}: {told}");
    }
    let cut = [&a[..], &b[..b.len() / 2]].concat();
    insta::assert_snapshot!(told_short(cut, "x.warc.gz"), @r"
    x.warc.gz:1: bridge @0
    error: x.warc.gz:2: the record at byte 478 cannot be read: incomplete deflate stream
    ");
    let garbage = [&a[..], &[0; 5_000], &c].concat();
    insta::assert_snapshot!(told_short(garbage, "x.warc.gz"), @r"
    x.warc.gz:1: bridge @0
    x.warc.gz:3: harbor @5478
    error: x.warc.gz:2: the record at byte 478 cannot be read: it is not a gzip member that can be unpacked
    ");
}

#[test]
fn records_that_lie_about_their_length_are_read_once() {
    // Each claims the rest of the archive: looking for the next one behind its head again and again is bounded.
    let head = "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 15000000\r\n\r\n";
    let archive = head.repeat(16_000_000 / head.len());
    let start = std::time::Instant::now();
    told_short(archive.into_bytes(), "x.warc");
    assert!(start.elapsed().as_secs() < 10);
}
