//! A corpus of broken inputs: every format cut off, changed, nested, mislabeled, and blown up. None makes a panic, takes long, or
//! takes much memory, and every message says where.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use stemma_core::Origin;
use stemma_read::{FeedList, Format, ReadError, Reading, read_bytes, read_each, read_served};

mod battering;
mod common;

use battering::{Numbers, broken, lender, seeds};
use common::{gzip, tar, time_spent, zip, zstd};

/// The longest that one input may take; what is not optimized may take longer.
const MOST_TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 40 } else { 5 });

/// The most memory of this whole test, with the inputs themselves: some bombs unpack to the 64 MiB that a text may have.
const MOST_MEMORY_MIB: u64 = 1024;

struct Input {
    name: String,
    bytes: Vec<u8>,
}

/// Each seed cut off in many places, and changed in many ways.
fn changed() -> Vec<Input> {
    let mut inputs = Vec::new();
    let all = seeds();
    for (n, seed) in all.iter().enumerate() {
        let file = seed.file();
        let cuts = (0..8).map(|eighth| file[..file.len() * eighth / 8].to_vec());
        let mut numbers = Numbers::new(n as u64 + 1);
        let changes: Vec<Vec<u8>> = (0..24)
            .map(|_| {
                let other = lender(&all, &mut numbers);
                broken(seed, &mut numbers, other)
            })
            .collect();
        inputs.extend(cuts.chain(changes).map(|bytes| Input { name: seed.name.to_owned(), bytes }));
    }
    inputs
}

/// Inputs that are made to be borne badly.
fn hostile() -> Vec<Input> {
    let mut inputs = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| inputs.push(Input { name: name.to_owned(), bytes });
    let many = |part: &str, n: usize| part.repeat(n).into_bytes();
    // Nested without end.
    for open in [
        "<div>",
        "<p><b>",
        "<table><tr><td>",
        "<ul><li>",
        "<svg>",
        "<template>",
        "<frameset>",
        "<a><p>",
        "<!--",
        "<![CDATA[",
    ] {
        add("nested.html", [b"<html><body>".to_vec(), many(open, 50_000)].concat());
    }
    for open in ["[", "{\"a\":", "[{\"text\":[", "{\"reports\":", "{\"response\":{\"hits\":"] {
        add("nested.json", many(open, 100_000));
        add("nested.jsonl", [b"{\"text\": \"One.\"}\n".to_vec(), many(open, 100_000)].concat());
    }
    let xml = [
        ("opml", "<outline text='x'>"),
        ("urlset", "<url>"),
        ("newsItem", "<contentSet>"),
        ("newsMessage", "<newsItem>"),
        ("nitf", "<body>"),
        ("rss", "<channel>"),
        ("rss", "<item>"),
        ("feed", "<entry>"),
        ("feed", "<content type='xhtml'>"),
        ("newsItem", "<inlineXML>"),
    ];
    for (root, open) in xml {
        add("nested.xml", [format!("<{root}>").into_bytes(), many(open, 50_000)].concat());
    }
    let letter = "From: a@a.example\nMIME-Version: 1.0\nMessage-ID: <1@a>\nSubject: x\nContent-Type: ";
    add("nested.eml", [letter.into(), many("message/rfc822\n\nFrom: a\nContent-Type: ", 20_000)].concat());
    let parts: String =
        (0..5_000).map(|n| format!("multipart/mixed; boundary=b{n}\n\n--b{n}\nContent-Type: ")).collect();
    add("nested.eml", [letter, &parts].concat().into_bytes());
    add(
        "parts.eml",
        [format!("{letter}multipart/mixed; boundary=b\n\n").into_bytes(), many("--b\n\nx\n", 200_000)]
            .concat(),
    );
    add(
        "headers.eml",
        [letter.into(), b"text/plain\n".to_vec(), many("X-A: b\n", 300_000), b"\nx".to_vec()].concat(),
    );
    add(
        "folded.eml",
        [letter.into(), b"text/plain\n".to_vec(), many(" folded\n", 300_000), b"\nx".to_vec()].concat(),
    );
    add(
        "encoded.eml",
        [
            b"Subject: ".to_vec(),
            many("=?utf-8?B?", 100_000),
            many("\nFrom: a\nDate: x\nMessage-ID: <1>\n\nx", 1),
        ]
        .concat(),
    );
    let begin = "From a 10:00 2025\n";
    add("empty.mbox", many(begin, 200_000));
    add("short.mbox", many(&format!("{begin}A: b\n"), 100_000));
    add("line.mbox", [format!("{begin}A: b\n\n").into_bytes(), many("From a ", 3_000_000)].concat());
    add("quoted.mbox", [format!("{begin}A: b\n\n").into_bytes(), many(">", 8_000_000)].concat());
    add(
        "headed.mbox",
        [format!("{begin}{letter}text/plain\n").into_bytes(), many("From b\n", 500_000)].concat(),
    );
    // Entities that grow.
    let entities: String =
        (1..12).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))).collect();
    for (root, inner) in [
        ("rss", "<channel><item><title>"),
        ("newsItem", "<contentSet><inlineXML><p>"),
        ("opml", "<head><title>"),
        ("nitf", "<body><p>"),
    ] {
        add(
            "laughs.xml",
            format!("<!DOCTYPE x [<!ENTITY e0 \"ha\">{entities}]><{root}>{inner}&e11;").into_bytes(),
        );
    }
    // Many of something.
    add("rows.csv", [b"title,text\n".to_vec(), many("\"", 1), many("a,b\n", 500_000)].concat());
    add("open.csv", [b"title,text\n".to_vec(), many("x,\"open\n", 100_000)].concat());
    add(
        "columns.csv",
        [b"title,text".to_vec(), many(",x", 200_000), b"\na,b".to_vec(), many(",y", 200_000)].concat(),
    );
    add("line.csv", [b"title,text\na,\"".to_vec(), many("b", 3_000_000), b"\"\n".to_vec()].concat());
    add("names.csv", many("text,title\n", 300_000));
    add("records.warc", many("WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n", 100_000));
    add("liars.warc", many("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9000000\r\n\r\n", 200_000));
    add("heads.warc", [b"WARC/1.0\r\n".to_vec(), many("A: b\r\n", 500_000)].concat());
    add("starts.warc", many("WARC/1.0\r\n", 500_000));
    add(
        "magic.warc.gz",
        [gzip(b"WARC/1.0\r\n"), many("\u{1f}", 1), b"\x1F\x8B\x08\0".repeat(500_000)].concat(),
    );
    add("members.warc.gz", gzip(b"WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n").repeat(20_000));
    add("broken-members.warc.gz", gzip(b"WARC/1.0\r\nContent-Length: 9\r\n\r\n\r\n\r\n").repeat(20_000));
    add(
        "feeds.opml",
        [b"<opml><body>".to_vec(), many("<outline xmlUrl='https://a.example/'/>", 100_000)].concat(),
    );
    add(
        "attributes.opml",
        [b"<opml><body><outline ".to_vec(), many("a='b' ", 300_000), b"/>".to_vec()].concat(),
    );
    add(
        "pages.xml",
        [b"<urlset>".to_vec(), many("<url><loc>https://a.example/</loc></url>", 100_000)].concat(),
    );
    add("items.xml", [b"<newsMessage>".to_vec(), many("<newsItem", 100_000)].concat());
    add("items.rss", [b"<rss><channel>".to_vec(), many("<item><title>&bad</title>", 3_000)].concat());
    add(
        "head.rss",
        [
            b"<rss><channel><title>".to_vec(),
            many("x", 1_000_000),
            many("<item><title>&bad</title></item>", 2_000),
        ]
        .concat(),
    );
    add(
        "large.html",
        [b"<html><body><article>".to_vec(), many("<p>The ferry sank on Monday, she said.</p>\n", 150_000)]
            .concat(),
    );
    add(
        "large-table.html",
        [b"<html><body><table>".to_vec(), many("<tr><td>Yes</td><td>12</td></tr>", 200_000)].concat(),
    );
    add("items.json", [b"[".to_vec(), many("{},", 100_000), b"{}]".to_vec()].concat());
    add("lines.jsonl", [b"{\"text\": \"One.\"}\n".to_vec(), many("{\n", 100_000)].concat());
    add("marks.md", many("> - 1. **[`", 20_000));
    add("links.md", many("[", 50_000));
    add(
        "table.md",
        [many("|a", 5_000), b"\n".to_vec(), many("|-", 5_000), b"\n".to_vec(), many("|b", 5_000)].concat(),
    );
    add(
        "attributes.html",
        [b"<html><body><p ".to_vec(), many("a='b' ", 200_000), b">One.</p>".to_vec()].concat(),
    );
    add(
        "scripts.html",
        many("<script type='application/ld+json'>{\"@type\": \"NewsArticle\"}</script>", 5_000),
    );
    add(
        "graph.html",
        [b"<script type='application/ld+json'>".to_vec(), many("{\"@graph\":[", 100_000)].concat(),
    );
    add("quotes.txt", many("“", 300_000));
    // Labels that lie.
    for charset in [
        "utf-16",
        "utf-16be",
        "utf-7",
        "iso-2022-jp",
        "replacement",
        "x-user-defined",
        "hz-gb-2312",
        "koi8-r",
        "nonsense",
    ] {
        let page = common::page("ferry").replace("<head>", &format!("<head><meta charset=\"{charset}\">"));
        add("label.html", page.into_bytes());
        add("label.xml", format!("<?xml version=\"1.0\" encoding=\"{charset}\"?><rss version=\"2.0\"><channel><item><description>Żółć</description></item></channel></rss>").into_bytes());
        add(
            "label.eml",
            format!("{letter}text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\nŻółć said.\n")
                .into_bytes(),
        );
    }
    for bytes in [
        &b"\xFF\xFE"[..],
        b"\xFE\xFF\0",
        b"\xFF\xFEa",
        b"\xEF\xBB\xBF",
        b"\0\0\0\0",
        b"\x1B$B",
        b"\x1F\x8B",
        b"PK\x03\x04",
        b"\x28\xB5\x2F\xFD",
        b"WARC/",
        b"{",
        b"<",
        b"<?xml",
        b"\x50\x2A\x4D\x18\xFF\xFF\xFF\xFF",
    ] {
        for name in
            ["short.txt", "short.html", "short.json", "short.csv", "short.eml", "short.warc", "short.xml"]
        {
            add(name, bytes.to_vec());
        }
    }
    // Small files that unpack to much.
    let spaces = vec![b' '; 80 << 20];
    let lines = b"{\"text\": \"One.\"}\n".repeat(1 << 18);
    add("bomb.txt.gz", gzip(&spaces));
    add("bomb.txt.zst", zstd(&spaces));
    add("bomb.jsonl.gz", gzip(&lines));
    add("bomb.csv.gz", gzip(&[b"title,text\n".to_vec(), spaces.clone()].concat()));
    add(
        "bomb.warc.gz",
        gzip(
            &[
                b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 80000000\r\n\r\n".to_vec(),
                spaces.clone(),
            ]
            .concat(),
        ),
    );
    add("bomb.zip", zip(&[("a.txt", &spaces), ("b.html", &spaces), ("c.json", &spaces), ("d.eml", &spaces)]));
    add("bomb.tar", gzip(&tar(&[("a.txt", &spaces)])));
    let mut nested = b"One.".to_vec();
    for _ in 0..40 {
        nested = gzip(&nested);
    }
    add("nested.gz", nested);
    let mut archive = zip(&[("a.txt", b"One.")]);
    for _ in 0..6 {
        let copies: Vec<(String, &[u8])> = (0..8).map(|n| (format!("{n}.zip"), archive.as_slice())).collect();
        let copies: Vec<(&str, &[u8])> = copies.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        archive = zip(&copies);
    }
    add("nested.zip", archive);
    let names: Vec<String> = (0..20_000).map(|n| format!("{n}.png")).collect();
    let pictures: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    add("pictures.zip", zip(&pictures));
    add(
        "names.zip",
        zip(&[("a\nb\u{1b}[31m.png", b""), (&"long".repeat(5_000), b"x"), ("c\r\n.txt", b"One.")]),
    );
    add("empty.zip", zip(&[]));
    add("empty.tar", vec![0; 10_240]);
    inputs
}

/// Reads an input in each of the ways in which it comes in. Gives the longest that one of them took.
fn read(input: &Input) -> Duration {
    let begin = Instant::now();
    let origin = Origin::whole(input.name.as_str());
    let mut longest = Duration::ZERO;
    let mut timed = |read: &mut dyn FnMut()| {
        let before = time_spent(begin);
        read();
        longest = longest.max(time_spent(begin).saturating_sub(before));
    };
    if input.name.ends_with(".opml") {
        timed(&mut || drop(FeedList::from_opml(input.bytes.clone(), &origin)));
    }
    if input.name.ends_with("xml") || input.name.ends_with("rss") {
        timed(&mut || drop(read_served(input.bytes.clone(), None, "https://a.example/feed")));
    }
    timed(&mut || {
        // As the program reads: nothing of what was handed on is kept.
        let (place, bytes) = (input.name.clone(), input.bytes.clone());
        let mut n_results = 0;
        let ended = read_each(vec![stemma_read::Input::Bytes { place, bytes, format: None }], &mut |piece| {
            n_results += piece.reports.len() + piece.failures.len();
            check(input, &piece);
            ControlFlow::Continue(())
        });
        assert!(ended.is_continue() && n_results > 0, "{}: nothing came of it", input.name);
    });
    if let Some(format) = Format::of_path(Path::new(&input.name)).filter(|_| input.bytes.len() < 2 << 20) {
        timed(&mut || {
            let reading = read_bytes(input.bytes.clone(), Some(format), &origin);
            assert!(!reading.reports.is_empty() || !reading.failures.is_empty(), "{}: nothing", input.name);
            check(input, &reading);
        });
    }
    longest
}

/// No report is blank, and every message names the file, in one line; where a place in it is known, that too.
fn check(input: &Input, reading: &Reading) {
    let name = &input.name;
    assert!(reading.reports.iter().all(|report| !report.text().trim().is_empty()), "{name}: a blank report");
    for failure in &reading.failures {
        let message = failure.to_string();
        assert!(message.starts_with(name.as_str()) && !message.contains(['\n', '\r', '\0']), "{message:?}");
        assert!(message.len() < 1_000, "{name}: a message of {} bytes: {message:.200}", message.len());
        let placed = match failure {
            ReadError::Record { .. } => message.contains("at byte "),
            ReadError::Json { .. } => message.contains("at line "),
            _ => true,
        };
        assert!(placed && !failure.remedy().is_empty(), "{message}");
    }
    let notices = reading.notices.iter().map(ToString::to_string);
    notices.for_each(|notice| {
        assert!(notice.starts_with(name.as_str()) && !notice.contains('\n'), "{notice:?}")
    });
}

/// The most memory that this process had at a time, where the system tells it.
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

fn bear(inputs: Vec<Input>) {
    // Of the size that the threads of pools have.
    let work = move || {
        let mut problems = Vec::new();
        for (n, input) in inputs.iter().enumerate() {
            let outcome = catch_unwind(AssertUnwindSafe(|| read(input)));
            let took = *outcome.as_ref().unwrap_or(&Duration::ZERO);
            if outcome.is_ok() && took < MOST_TIME {
                continue;
            }
            let path = std::env::temp_dir().join(format!("stemma-broken-{n}-{}", input.name));
            let _ = std::fs::write(&path, &input.bytes);
            let why = if outcome.is_ok() { format!("took {took:.1?}") } else { "see above".to_owned() };
            problems.push(format!("{}: {why}, kept as {}", input.name, path.display()));
        }
        problems
    };
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(work).unwrap();
    let problems = thread.join().unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    if let Some(peak) = peak_mib() {
        assert!(peak < MOST_MEMORY_MIB, "{peak} MiB at a time");
    }
}

// One test, as the time that it counts is that of the process.
#[test]
fn broken_inputs_are_borne() {
    let (changed, hostile) = (changed(), hostile());
    assert!(changed.len() >= 600 && hostile.len() >= 200, "{} and {}", changed.len(), hostile.len());
    bear(changed.into_iter().chain(hostile).collect());
}
