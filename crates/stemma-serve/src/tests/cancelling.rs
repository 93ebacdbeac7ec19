//! Work that is ended before it is done.

use std::net::{SocketAddr, TcpListener};

use super::adding::{Browser, send_json};
use super::*;

/// An outlet that takes requests and never answers.
fn silent_outlet() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let taken: Vec<_> = listener.incoming().collect();
        drop(taken);
    });
    address
}

async fn cancel(server: &Server, id: &str) -> Value {
    let request = ask(&format!("/api/v1/jobs/{id}?wait=30")).method("DELETE").body(Body::empty()).unwrap();
    let answer = server.answer(request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

/// Waits until a job is under way, and tells how far it is if it fetches.
async fn begun(server: &Server, id: &str) {
    let job = server.desk.work.jobs.get(id).unwrap();
    let is_begun = |state: &crate::work::JobState| {
        state.state == crate::work::State::Working && (state.kind != "fetch" || state.fetching.is_some())
    };
    job.watch().wait_for(is_begun).await.unwrap();
}

#[tokio::test]
async fn what_waits_for_an_outlet_ends_when_it_is_cancelled() {
    let address = silent_outlet();
    let server =
        Server::start_fetching(None, stemma_fetch::Settings { allowed: vec![address], ..fetching() });
    let page = format!("{{\"addresses\": [\"http://{address}/mill\"]}}");
    for _ in 0..2 {
        send_json(&server, "/api/v1/fetch", &[], &page).await;
    }
    begun(&server, "1").await;
    assert!(server.get("/jobs/1").await.text.contains("0 of 1 address · 0 reports added"));
    // The second waits for the first: it ends by a form, before it was begun.
    let browser = Browser::open(&server, "/jobs/2").await;
    let answer = browser.send("/jobs/2/cancel", &[]).await;
    assert_eq!(answer.location.as_deref(), Some("/jobs/2"));
    assert_eq!(server.json("/api/v1/jobs/2").await["state"], "cancelled");
    let first = cancel(&server, "1").await;
    assert_eq!((&first["state"], &first["added"]), (&"cancelled".into(), &0.into()), "{first}");
    assert!(first["ended"].is_string(), "{first}");
    let page = server.get("/jobs/1").await.text;
    assert!(page.contains("<strong>Cancelled</strong>") && !page.contains("/jobs/1/cancel"), "{page}");
    // What comes after it is done as if nothing had been.
    let next =
        send_json(&server, "/api/v1/reports?wait=30", &[], r#"{"text": "A bear was seen in Lom."}"#).await;
    assert!(next.text.contains("\"state\":\"done\""), "{}", next.text);
}

#[tokio::test]
async fn asking_feeds_ends_when_it_is_cancelled() {
    let address = silent_outlet();
    let server =
        Server::start_fetching(None, stemma_fetch::Settings { allowed: vec![address], ..fetching() });
    let feed = format!("{{\"url\": \"http://{address}/feed\"}}");
    send_json(&server, "/api/v1/feeds", &[], &feed).await;
    server.answer(ask("/api/v1/feeds/ask").method("POST").body(Body::empty()).unwrap()).await;
    begun(&server, "1").await;
    assert_eq!(cancel(&server, "1").await["state"], "cancelled");
    let feed = &server.json("/api/v1/feeds").await["feeds"][0];
    assert_eq!(feed["failures"], 0, "the feed is not blamed: {feed}");
}

#[tokio::test]
async fn what_was_filed_before_stays() {
    let server = Server::start(None);
    let reports: Vec<Value> =
        (0..500).map(|n| serde_json::json!({"text": format!("Ship number {n} sank off Lom.")})).collect();
    let held = server.desk.work.hold_filing();
    send_json(&server, "/api/v1/reports", &[], &serde_json::to_string(&reports).unwrap()).await;
    begun(&server, "1").await;
    server.desk.work.jobs.get("1").unwrap().cancel();
    drop(held);
    let job = cancel(&server, "1").await;
    assert_eq!(job["state"], "cancelled", "{job}");
    let added = job["added"].as_u64().unwrap();
    assert!(added <= 64, "no more than what was under way: {added}");
    let before = server.json("/api/v1/reports?limit=200").await["reports"].as_array().unwrap().len();
    assert!(before as u64 >= added, "{before}");
    let again = cancel(&server, "1").await;
    assert_eq!(again["ended"], job["ended"], "one that has ended stays as it is");
    let request = ask("/api/v1/jobs/9").method("DELETE").body(Body::empty()).unwrap();
    assert_eq!(server.answer(request).await.status, StatusCode::NOT_FOUND);
}
