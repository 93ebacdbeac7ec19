//! Answers of all sorts: whole, unchanged, packed, broken, endless, slow.

mod common;

use std::io::Write;
use std::time::{Duration, Instant};

use common::{Server, fetcher, near, ok, redirect, status};
use flate2::Compression;
use flate2::write::GzEncoder;
use stemma_fetch::{FetchError, Fetched, Request, Settings, Validators};

fn get(server: &Server, path: &str) -> Result<Fetched, FetchError> {
    fetcher(Settings { robots: false, ..near() }).fetch(&Request::of(server.url(path)))
}

fn body(fetched: Result<Fetched, FetchError>) -> String {
    String::from_utf8_lossy(&fetched.unwrap().body.unwrap()).into_owned()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_page_with_what_its_headers_say() {
    let server = Server::of(&[(
        "/page?a=1",
        &status(
            200,
            "Content-Type: text/html; charset=koi8-r\r\nETag: \"7\"\r\nLast-Modified: Mon, 02 Mar 2026 09:00:00 GMT\r\nCache-Control: max-age=600\r\n",
            "page",
        ),
    )]);
    let fetched = get(&server, "/page?a=1#part").unwrap();
    assert_eq!(fetched.body.as_deref(), Some(&b"page"[..]));
    assert_eq!((fetched.charset(), &fetched.url), (Some("koi8-r"), &server.url("/page?a=1")));
    assert_eq!(fetched.fresh_for, Some(Duration::from_mins(10)));
    assert_eq!(fetched.validators.etag.as_deref(), Some("\"7\""));
    let headers = server.asked()[0].headers.to_lowercase();
    assert!(headers.contains("user-agent: stemma/"), "{headers}");
    assert!(headers.contains("accept-encoding: gzip\r\n"), "{headers}");
}

#[test]
fn what_has_not_changed_is_not_sent() {
    let server = Server::start(|asked, _, stream| {
        let headers = asked.headers.to_lowercase();
        let known = headers.contains("if-none-match: \"7\"") && headers.contains("if-modified-since: mon,");
        let answer = if known {
            status(304, "", "")
        } else {
            status(200, "ETag: \"7\"\r\nLast-Modified: Mon, 02 Mar 2026 09:00:00 GMT\r\n", "page")
        };
        let _ = stream.write_all(&answer);
    });
    let fetcher = fetcher(Settings { robots: false, ..near() });
    let first = fetcher.fetch(&Request::of(server.url("/"))).unwrap();
    let request = Request { url: server.url("/"), validators: first.validators.clone() };
    let second = fetcher.fetch(&request).unwrap();
    assert_eq!((second.body, second.validators), (None, first.validators));
}

#[test]
fn unchanged_without_having_asked_for_changes_is_a_failure() {
    let server = Server::of(&[("/", &status(304, "", ""))]);
    assert!(matches!(get(&server, "/"), Err(FetchError::Status { status: 304, .. })));
}

#[test]
fn statuses_are_told() {
    let server = Server::of(&[
        ("/gone", &status(410, "", "")),
        ("/login", &status(401, "", "")),
        ("/nowhere", &status(302, "", "")),
    ]);
    assert!(matches!(get(&server, "/gone"), Err(FetchError::Gone { .. })));
    assert!(matches!(get(&server, "/missing"), Err(FetchError::Status { status: 404, .. })));
    assert!(matches!(get(&server, "/nowhere"), Err(FetchError::Status { status: 302, .. })));
    let error = get(&server, "/login").unwrap_err();
    assert_eq!(error.to_string(), format!("{}: the server answered 401", server.url("/login")));
    assert!(error.remedy().contains("login"));
}

#[test]
fn redirects_lead_to_the_page_and_permanent_ones_are_told() {
    let server = Server::of(&[
        ("/a", &redirect(301, "/b")),
        ("/b", &redirect(308, "c")),
        ("/c", &redirect(302, "/d")),
        ("/d", &redirect(301, "/page")),
        ("/page", &ok("page")),
    ]);
    let fetched = get(&server, "/a").unwrap();
    assert_eq!(fetched.url, server.url("/page"));
    assert_eq!(fetched.moved_to, Some(server.url("/c")), "what is temporary may change again");
    assert_eq!(get(&server, "/c").unwrap().moved_to, None);
}

#[test]
fn redirects_end() {
    let server = Server::start(|asked, number, stream| {
        let to = if asked.path == "/circle" { "/circle".to_owned() } else { format!("/{number}") };
        let _ = stream.write_all(&redirect(302, &to));
    });
    assert_eq!(
        get(&server, "/circle").unwrap_err().to_string(),
        format!("{}: redirects in a circle", server.url("/circle"))
    );
    assert_eq!(
        get(&server, "/on").unwrap_err().to_string(),
        format!("{}: redirects more than 10 times", server.url("/on"))
    );
    assert_eq!(server.asked().len(), 1 + 11);
}

#[test]
fn packed_answers_are_unpacked() {
    let server = Server::of(&[
        ("/gzip", &status(200, "Content-Encoding: gzip\r\n", gzip(b"page"))),
        ("/broken", &status(200, "Content-Encoding: gzip\r\n", &gzip(b"page")[..12])),
        ("/unknown", &status(200, "Content-Encoding: zstd\r\n", "page")),
    ]);
    assert_eq!(body(get(&server, "/gzip")), "page");
    assert!(matches!(get(&server, "/broken"), Err(FetchError::Packing { .. })));
    assert!(matches!(get(&server, "/unknown"), Err(FetchError::Packing { .. })));
}

#[test]
fn a_bomb_is_not_unpacked() {
    let bomb = gzip(&vec![0; 300 * 1024 * 1024]);
    assert!(bomb.len() < 400_000);
    let server = Server::of(&[("/", &status(200, "Content-Encoding: gzip\r\n", bomb))]);
    let settings = Settings { max_bytes: 1024 * 1024, robots: false, ..near() };
    let start = Instant::now();
    let error = fetcher(settings).fetch(&Request::of(server.url("/"))).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: is larger than 1 MiB when unpacked", server.url("/")));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn an_endless_answer_ends() {
    let server = Server::start(|asked, _, stream| {
        let chunked = asked.path == "/chunked";
        let head = if chunked { "Transfer-Encoding: chunked\r\n" } else { "Connection: close\r\n" };
        let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes());
        let part = if chunked { b"1000\r\n".to_vec() } else { Vec::new() };
        let part = [&part[..], &[b'a'; 0x1000], if chunked { b"\r\n" } else { b"" }].concat();
        while stream.write_all(&part).is_ok() {}
    });
    let settings = Settings { max_bytes: 1024 * 1024, robots: false, ..near() };
    for path in ["/close", "/chunked"] {
        let error = fetcher(settings.clone()).fetch(&Request::of(server.url(path))).unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { unpacked: false, limit_mib: 1, .. }), "{error}");
    }
}

#[test]
fn endless_headers_end() {
    let server = Server::start(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"X-More: and more and more and more\r\n").is_ok() {}
    });
    let error = get(&server, "/").unwrap_err();
    assert!(matches!(error, FetchError::Protocol { .. }), "{error}");
}

#[test]
fn a_slow_server_is_given_up() {
    // A byte now and then: each read succeeds, and the whole would take hours.
    let server = Server::start(|asked, _, stream| {
        let head: &[u8] =
            if asked.path == "/body" { b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" } else { b"" };
        let _ = stream.write_all(head);
        while stream.write_all(if head.is_empty() { b"H" } else { b"a" }).is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let settings = Settings {
        answer_timeout: Duration::from_millis(300),
        whole_timeout: Duration::from_millis(500),
        robots: false,
        ..near()
    };
    for path in ["/head", "/body"] {
        let start = Instant::now();
        let error = fetcher(settings.clone()).fetch(&Request::of(server.url(path))).unwrap_err();
        assert!(matches!(error, FetchError::Timeout { .. } | FetchError::Protocol { .. }), "{path}: {error}");
        assert!(start.elapsed() < Duration::from_secs(3), "{path}: {:?}", start.elapsed());
    }
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let server = Server::start(|_, _, _| std::thread::sleep(Duration::from_secs(3)));
    let settings = Settings { answer_timeout: Duration::from_millis(200), robots: false, ..near() };
    let error = fetcher(settings).fetch(&Request::of(server.url("/"))).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: gave up after 1 s, waiting for an answer", server.url("/")));
}

#[test]
fn the_time_of_all_redirects_counts_together() {
    let server = Server::start(|_, number, stream| {
        std::thread::sleep(Duration::from_millis(200));
        let _ = stream.write_all(&redirect(302, &format!("/{number}")));
    });
    let settings = Settings { whole_timeout: Duration::from_millis(500), robots: false, ..near() };
    let error = fetcher(settings).fetch(&Request::of(server.url("/"))).unwrap_err();
    assert!(matches!(error, FetchError::Timeout { .. }), "{error}");
    assert!(server.asked().len() <= 4);
}

#[test]
fn a_wrong_length_is_told() {
    let short = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\ncut off";
    let long = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage and more";
    let server = Server::of(&[("/short", short), ("/long", long)]);
    let error = get(&server, "/short").unwrap_err();
    assert!(matches!(error, FetchError::Connection { .. }), "{error}");
    assert_eq!(body(get(&server, "/long")), "page");
}

#[test]
fn junk_is_told() {
    let chunked =
        |body: &str| format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}").into_bytes();
    let server = Server::of(&[
        ("/none", b""),
        ("/junk", b"\x00\x01\x02 this is no HTTP\r\n\r\n"),
        ("/chunks", &chunked("zz\r\npage\r\n0\r\n\r\n")),
        ("/huge", &chunked("ffffffffffffffffff\r\npage\r\n0\r\n\r\n")),
        ("/cut", &chunked("4\r\npage\r\n4\r\npa")),
        ("/length", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\npage"),
        ("/status", b"HTTP/1.1 9999 OK\r\n\r\npage"),
        ("/good", &chunked("4\r\npage\r\n0\r\n\r\n")),
    ]);
    for path in ["/none", "/junk", "/chunks", "/huge", "/cut", "/length", "/status"] {
        let error = get(&server, path).unwrap_err();
        assert!(
            matches!(error, FetchError::Protocol { .. } | FetchError::Connection { .. }),
            "{path}: {error}"
        );
    }
    assert_eq!(body(get(&server, "/good")), "page");
}

#[test]
fn nobody_there_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let error = fetcher(near()).fetch(&Request::of(url)).unwrap_err();
    assert!(matches!(error, FetchError::Connection { .. }), "{error}");
    assert!(error.is_temporary());
}

#[test]
fn validators_of_a_broken_header_are_left_out() {
    let server = Server::of(&[("/", &status(200, "ETag: \"\u{e9}\"\r\n", "page"))]);
    let validators = get(&server, "/").unwrap().validators;
    let request = Request { url: server.url("/"), validators };
    assert_eq!(body(fetcher(Settings { robots: false, ..near() }).fetch(&request)), "page");
    let request = Request {
        url: server.url("/"),
        validators: Validators { etag: Some("a\r\nX-Evil: 1".to_owned()), last_modified: None },
    };
    let refused = fetcher(Settings { robots: false, ..near() }).fetch(&request);
    assert!(refused.is_err() || !server.asked().iter().any(|asked| asked.headers.contains("X-Evil")));
}

#[test]
fn a_connection_that_was_closed_meanwhile_costs_nothing() {
    // The answer promises to keep the connection, and then the server closes it.
    let server = Server::of(&[("/", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage")]);
    let fetcher = fetcher(Settings { robots: false, ..near() });
    for _ in 0..3 {
        assert_eq!(body(fetcher.fetch(&Request::of(server.url("/")))), "page");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(server.asked().len(), 3);
}
