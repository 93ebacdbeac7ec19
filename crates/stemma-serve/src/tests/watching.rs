//! The watch list, through the API and by forms.

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
