//! Whatever a server sends, asking it ends soon, without a panic, and with bytes within the limit or a message of one line.

mod common;

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use common::{Server, fetcher, near};
use proptest::prelude::*;
use stemma_fetch::{Request, Settings};

/// What the server sends next.
static ANSWER: LazyLock<Arc<Mutex<Vec<u8>>>> = LazyLock::new(Arc::default);
static SERVER: LazyLock<Server> = LazyLock::new(|| {
    Server::start(|_, _, stream| {
        let answer = ANSWER.lock().unwrap().clone();
        let _ = stream.write_all(&answer);
    })
});

/// Most bytes that are taken.
const MOST: u64 = 2000;

fn check(answer: Vec<u8>) {
    *ANSWER.lock().unwrap() = answer;
    let settings = Settings { max_bytes: MOST, whole_timeout: Duration::from_millis(1500), ..near() };
    let start = Instant::now();
    // The same comes for `robots.txt`, for the page, and for wherever redirects lead.
    match fetcher(settings).fetch(&Request::of(SERVER.url("/page"))) {
        Ok(fetched) => assert!(fetched.body.is_some_and(|body| body.len() as u64 <= MOST)),
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
    }
    assert!(start.elapsed() < Duration::from_secs(5));
}

/// One test: the server has one answer at a time.
#[test]
fn any_answer_ends() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
    let parts = prop::sample::select(vec![
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 301 Moved\r\n",
        "HTTP/1.0 200\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 304 Same\r\n",
        "HTTP/1.1 204 None\r\n",
        "HTTP/1.1 429 Wait\r\n",
        "HTTP/2 200\r\n",
        "\r\n",
        "\n",
        "Content-Length: 5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: 5, 6\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Content-Encoding: gzip\r\n",
        "Content-Encoding: deflate\r\n",
        "Content-Encoding: br\r\n",
        "Location: /page\r\n",
        "Location: /other\r\n",
        "Location: http://[::\r\n",
        "Location: \u{e9}\u{0}\r\n",
        "Location:\r\n",
        "Retry-After: -1\r\n",
        "Retry-After: 99999999999999999999999\r\n",
        "Cache-Control: max-age=x, max-age=5\r\n",
        "ETag: \"\u{e9}\"\r\n",
        "Content-Type: text/html; charset\r\n",
        ": nothing\r\n",
        "X: a\r\n b\r\n",
        "5\r\nhello\r\n",
        "0\r\n\r\n",
        "ffffffffffffffff\r\n",
        "User-agent: *\n",
        "Disallow: /*$\n",
        "Crawl-delay: 1e400\n",
        "Connection: keep-alive\r\n",
        "\u{0}\u{1}",
    ]);
    let soup = prop::collection::vec(parts, 0..12);
    let bytes = prop::collection::vec(any::<u8>(), 0..60);
    let answers = (any::<bool>(), soup, bytes).prop_map(|(is_answer, soup, bytes)| {
        let start = if is_answer { "HTTP/1.1 200 OK\r\n" } else { "" };
        [start.as_bytes(), soup.concat().as_bytes(), &bytes].concat()
    });
    runner
        .run(&answers, |answer| {
            check(answer);
            Ok(())
        })
        .unwrap();
    assert!(SERVER.asked().len() > 300, "each answer was asked for");
}
