//! The watch list, through the API and by forms.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};

use super::adding::{Browser, multipart, send_json};
use super::*;

const OPML: &str = r#"<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
    <outline text="Europe"><outline type="rss" text="The Post &lt;b&gt;" xmlUrl="https://post.example/feed"/></outline>
    <outline type="rss" text="Bad" xmlUrl="javascript:alert(1)"/></body></opml>"#;

#[tokio::test]
async fn feeds_are_listed_added_once_exported_and_removed() {
    let server = Server::start(None);
    let add = async |body: &str| {
        let answer = send_json(&server, "/api/v1/feeds", &[], body).await;
        (answer.status.as_u16(), serde_json::from_str::<Value>(&answer.text).unwrap())
    };
    let feed = r#"{"url": "HTTPS://Echo.example:443/feed#top", "title": "Echo", "folder": "World"}"#;
    assert_eq!(add(feed).await.1, serde_json::json!({"added": 1, "known": 0}));
    assert_eq!(add(feed).await.1, serde_json::json!({"added": 0, "known": 1}));
    assert_eq!(add(r#"{"url": "file:///etc/passwd"}"#).await.0, 422);
    assert_eq!(add(r#"{"uri": "https://x.example"}"#).await.0, 400);
    let opml = ask("/api/v1/feeds").method("POST").header(header::CONTENT_TYPE, "text/x-opml");
    let answer = server.answer(opml.body(Body::from(OPML)).unwrap()).await;
    assert_eq!(serde_json::from_str::<Value>(&answer.text).unwrap()["added"], 1, "{}", answer.text);
    let listed = server.json("/api/v1/feeds").await;
    let urls: Vec<&str> =
        listed["feeds"].as_array().unwrap().iter().map(|feed| feed["url"].as_str().unwrap()).collect();
    assert_eq!(urls, ["https://post.example/feed", "https://echo.example/feed"], "by folder");
    let page = server.get("/watch").await.text;
    assert!(page.contains("The Post &lt;b&gt;") && page.contains("not asked yet"), "{page}");
    let exported = server.get("/watch.opml").await;
    assert!(exported.media_type.starts_with("text/x-opml") && exported.text.contains("echo.example"));
    let remove = async || {
        let path = "/api/v1/feeds?url=https%3A%2F%2Fecho.example%2Ffeed";
        let answer = server.answer(ask(path).method("DELETE").body(Body::empty()).unwrap()).await;
        serde_json::from_str::<Value>(&answer.text).unwrap()["removed"].as_bool()
    };
    assert_eq!((remove().await, remove().await), (Some(true), Some(false)));
}

#[tokio::test]
async fn the_list_is_kept_by_forms() {
    let server = Server::start(None);
    let browser = Browser::open(&server, "/watch").await;
    let added = browser
        .send("/watch/add", &[("urls", "https://a.example/feed\n\nhttps://b.example/feed"), ("folder", "X")])
        .await;
    assert_eq!(added.location.as_deref(), Some("/watch"));
    let (media_type, body) = multipart(&browser.csrf, &[("mine.opml", OPML.as_bytes())]);
    assert_eq!(browser.post("/watch/import", &media_type, body).await.status, StatusCode::SEE_OTHER);
    assert_eq!(server.json("/api/v1/feeds").await["feeds"].as_array().unwrap().len(), 3);
    browser.send("/watch/remove", &[("url", "https://a.example/feed")]).await;
    assert_eq!(server.json("/api/v1/feeds").await["feeds"].as_array().unwrap().len(), 2);
    let wrong = browser.send("/watch/add", &[("urls", "ftp://a.example")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn asking_a_feed_of_this_machine_fails_and_is_told_with_the_feed() {
    let server = Server::start(None);
    send_json(&server, "/api/v1/feeds", &[], r#"{"url": "http://127.0.0.1/feed"}"#).await;
    let answer = server.answer(ask("/api/v1/feeds/ask").method("POST").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let job = server.json(&format!("{}?wait=30", answer.location.unwrap())).await;
    assert_eq!((&job["state"], &job["failed"]), (&"done".into(), &1.into()), "{job}");
    let feed = &server.json("/api/v1/feeds").await["feeds"][0];
    assert!(feed["problem"].as_str().unwrap().contains("loopback"), "{feed}");
    assert!(server.get("/watch").await.text.contains("failed"));
}

const PAGE: &str = "<html><head><title>Mill burned down</title></head><body><article><p>The old mill of Lom burned down \
    on Friday night, and nobody was hurt, mayor Ana Ruiz said on Saturday morning.</p><p>It had stood empty for ten years.</p>\
    </article></body></html>";

/// A server of one feed and one page, on a port of its own.
fn outlet() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 2048];
            let n = stream.read(&mut request).unwrap();
            let path =
                String::from_utf8_lossy(&request[..n]).split(' ').nth(1).unwrap_or_default().to_owned();
            let (status, kind, body) = match path.as_str() {
                "/feed" => (
                    "200 OK",
                    "application/rss+xml",
                    format!(
                        "<rss version=\"2.0\"><channel><title>The Echo</title><item><title>Mill burned down</title>\
                     <link>http://{address}/mill</link></item></channel></rss>"
                    ),
                ),
                "/mill" => ("200 OK", "text/html", PAGE.to_owned()),
                _ => ("404 Not Found", "text/plain", String::new()),
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all((head + &body).as_bytes()).unwrap();
        }
    });
    address
}

#[tokio::test]
async fn feeds_and_addresses_are_fetched_where_it_is_allowed() {
    let address = outlet();
    let allowed = stemma_fetch::Settings { allowed: vec![address], ..fetching() };
    let server = Server::start_fetching(None, allowed);
    let feed = serde_json::json!({"url": format!("http://{address}/feed")});
    send_json(&server, "/api/v1/feeds", &[], &feed.to_string()).await;
    let asked = async || {
        let answer =
            server.answer(ask("/api/v1/feeds/ask").method("POST").body(Body::empty()).unwrap()).await;
        server.json(&format!("{}?wait=30", answer.location.unwrap())).await
    };
    let job = asked().await;
    assert_eq!(
        (&job["state"], &job["added"], &job["failed"]),
        (&"done".into(), &1.into(), &0.into()),
        "{job}"
    );
    assert_eq!(job["reports"][0]["title"], "Mill burned down");
    assert_eq!(job["fetching"], serde_json::json!({"done": 2, "all": 2}), "the feed and its page");
    let feed = &server.json("/api/v1/feeds").await["feeds"][0];
    assert_eq!((&feed["title"], &feed["failures"]), (&"The Echo".into(), &0.into()), "{feed}");
    assert_eq!(asked().await["added"], 0, "nothing is fetched twice");
    let page = serde_json::json!({"addresses": [format!("http://{address}/mill")]});
    let answer = send_json(&server, "/api/v1/fetch?wait=30", &[], &page.to_string()).await;
    let job: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!((&job["added"], &job["known"]), (&0.into(), &1.into()), "{job}");
}
