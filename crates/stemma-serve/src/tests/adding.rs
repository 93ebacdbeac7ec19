//! Adding by paste, file, address and API; work in the background; forms that are ours.

use super::*;

/// What a browser keeps and sends back.
pub(super) struct Browser<'a> {
    server: &'a Server,
    pub(super) cookie: String,
    pub(super) csrf: String,
}

impl<'a> Browser<'a> {
    /// Opens a page with forms.
    pub(super) async fn open(server: &'a Server, path: &str) -> Self {
        let page = server.get(path).await;
        let cookie = page.cookie.expect("a page gives a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let csrf = page.text.split("name=\"csrf\" value=\"").nth(1).expect("there is a form");
        let csrf = csrf.split('"').next().unwrap().to_owned();
        Self { server, cookie: cookie.split(';').next().unwrap().to_owned(), csrf }
    }

    pub(super) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<(&str, &str)> =
            fields.iter().copied().chain([("csrf", self.csrf.as_str())]).collect();
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.post(path, "application/x-www-form-urlencoded", body.into()).await
    }

    pub(super) async fn post(&self, path: &str, media_type: &str, body: Vec<u8>) -> Answer {
        let request = ask(path).method("POST").header(header::COOKIE, &self.cookie);
        let request = request.header(header::CONTENT_TYPE, media_type).body(Body::from(body)).unwrap();
        self.server.answer(request).await
    }

    /// The job that an answer leads to, after its end.
    pub(super) async fn job(&self, answer: Answer) -> Value {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let place = answer.location.unwrap();
        self.server.json(&format!("/api/v1{place}?wait=30")).await
    }
}

/// A form with files.
pub(super) fn multipart(csrf: &str, files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    let mut part = |head: String, bytes: &[u8]| {
        body.extend_from_slice(format!("--cut\r\n{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    };
    part("Content-Disposition: form-data; name=\"csrf\"".to_owned(), csrf.as_bytes());
    for (name, bytes) in files {
        let head = format!("Content-Disposition: form-data; name=\"files\"; filename=\"{name}\"");
        part(head, bytes);
    }
    body.extend_from_slice(b"--cut--\r\n");
    ("multipart/form-data; boundary=cut".to_owned(), body)
}

pub(super) async fn send_json(server: &Server, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = ask(path).method("POST").header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.answer(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn what_is_pasted_comes_into_a_story() {
    let server = Server::start(None);
    let browser = Browser::open(&server, "/add").await;
    let sent = [
        ("text", "The ferry ran aground off Skarvik on Friday. All 40 people left it unhurt, police said."),
        ("title", "Ferry aground <b>off</b> Skarvik"),
        ("outlet", "Echo"),
        ("published", "2026-03-04"),
    ];
    let job = browser.job(browser.send("/add/text", &sent).await).await;
    assert_eq!((&job["state"], &job["added"]), (&"done".into(), &1.into()), "{job}");
    let id = job["reports"][0]["id"].as_str().unwrap();
    let report = server.json(&format!("/api/v1/reports/{id}")).await;
    assert_eq!((&report["outlet"], &report["published"]), (&"Echo".into(), &"2026-03-04".into()));
    let story = job["reports"][0]["story"].as_str().unwrap();
    assert_eq!(server.get(&format!("/stories/{story}")).await.status, StatusCode::OK);
    let page = server.get(&format!("/jobs/{}", job["id"].as_str().unwrap())).await.text;
    assert!(page.contains("Ferry aground &lt;b&gt;off") && page.contains("Done"), "{page}");
    // The same again is the same report.
    let again = browser.job(browser.send("/add/text", &sent).await).await;
    assert_eq!((&again["added"], &again["known"]), (&0.into(), &1.into()), "{again}");
    let wrong = browser.send("/add/text", &[("text", "x"), ("published", "whenever")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.send("/add/text", &[("text", "  ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn files_are_read_by_what_they_are_and_named_by_their_own_name() {
    let server = Server::start(None);
    let browser = Browser::open(&server, "/add").await;
    let files: [(&str, &[u8]); 3] = [
        ("../../etc/lines.jsonl", b"{\"text\": \"One ship sank.\"}\n{\"text\": \"Two ships sank.\"}\n"),
        (
            "page.html",
            b"<html><head><title>Storm</title></head><body><article><p>A storm came up on Friday and \
            took the roof of the school in the village of Lom, where nobody was hurt, the mayor said.</p>\
            <p>It is to be repaired before the summer.</p></article></body></html>",
        ),
        ("broken.json", b"{\"text\": "),
    ];
    let (media_type, body) = multipart(&browser.csrf, &files);
    let job = browser.job(browser.post("/add/files", &media_type, body).await).await;
    assert_eq!((&job["added"], &job["failed"]), (&3.into(), &1.into()), "{job}");
    assert!(job["problems"][0]["what"].as_str().unwrap().starts_with("broken.json"), "{job}");
    assert!(!job.to_string().contains("etc/"), "{job}");
    let (media_type, body) = multipart("wrong", &files);
    assert_eq!(browser.post("/add/files", &media_type, body).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_examples_become_stories() {
    let server = Server::start(None);
    let browser = Browser::open(&server, "/add").await;
    let job = browser.job(browser.send("/add/examples", &[]).await).await;
    assert_eq!(job["state"], "done", "{job}");
    assert!(job["added"].as_u64().unwrap() >= 28, "{job}");
    server.desk.renew_front(&SqliteStore::open(&server.desk.settings().store).unwrap()).unwrap();
    let front = server.json("/api/v1/stories?outlets=2").await;
    assert!(front["total"].as_u64().unwrap() >= 5, "{front}");
}

#[tokio::test]
async fn no_form_counts_without_its_token() {
    let server = Server::start(None);
    let browser = Browser::open(&server, "/add").await;
    let other = Browser::open(&server, "/add").await;
    let post = |cookie: Option<&str>, csrf: &str| {
        let mut request = ask("/add/examples").method("POST");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Body::from(format!("csrf={csrf}"))).unwrap()
    };
    for (cookie, csrf) in [
        (None, ""),
        (None, browser.csrf.as_str()),
        (Some(browser.cookie.as_str()), ""),
        (Some(browser.cookie.as_str()), other.csrf.as_str()),
        (Some("stemma_form=00000000000000000000000000000000"), browser.csrf.as_str()),
    ] {
        assert_eq!(
            server.answer(post(cookie, csrf)).await.status,
            StatusCode::FORBIDDEN,
            "{cookie:?} {csrf}"
        );
    }
    assert!(server.json("/api/v1/jobs").await["jobs"].as_array().unwrap().is_empty());
    let plain = ask("/add/examples").method("POST").header(header::CONTENT_TYPE, "text/plain");
    let plain = server.answer(plain.body(Body::from("csrf=")).unwrap()).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn reports_come_in_through_the_api_once() {
    let server = Server::start(None);
    let body = r#"[{"text": "The mill burned down.", "outlet": "Echo", "desk": 7}, {"text": "The mill burned down on Friday."}]"#;
    let key = [("idempotency-key", "one")];
    let answer = send_json(&server, "/api/v1/reports?wait=30", &key, body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let job: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!((&job["state"], &job["added"]), (&"done".into(), &2.into()), "{job}");
    let again = send_json(&server, "/api/v1/reports?wait=30", &key, body).await;
    assert_eq!(again.location, answer.location, "the same job");
    let other = send_json(&server, "/api/v1/reports", &key, "[]").await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let twice = r#"[{"text": "A bear."}, {"text": "A bear."}]"#;
    let twice = send_json(&server, "/api/v1/reports?wait=30", &[], twice).await;
    let twice: Value = serde_json::from_str(&twice.text).unwrap();
    assert_eq!((&twice["added"], &twice["known"]), (&1.into(), &1.into()), "{twice}");
    let without = send_json(&server, "/api/v1/reports?wait=30", &[], body).await;
    let without: Value = serde_json::from_str(&without.text).unwrap();
    assert_eq!((&without["added"], &without["known"]), (&0.into(), &2.into()));
    let text = ask("/api/v1/reports?wait=30&outlet=Post&url=https://example.org/a&published=2026-03-04")
        .method("POST")
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(Body::from("A bear was seen in Lom."))
        .unwrap();
    let text: Value = serde_json::from_str(&server.answer(text).await.text).unwrap();
    let report =
        server.json(&format!("/api/v1/reports/{}", text["reports"][0]["id"].as_str().unwrap())).await;
    assert_eq!((&report["outlet"], &report["url"]), (&"Post".into(), &"https://example.org/a".into()));
    for (path, media_type, body, status) in [
        ("/api/v1/reports", "application/json", "{\"text\": ", 400),
        ("/api/v1/reports", "application/json", "", 400),
        ("/api/v1/reports", "application/json", " null", 400),
        ("/api/v1/reports?wait=31", "application/json", "{}", 400),
        ("/api/v1/reports?published=friday", "text/plain", "x", 400),
        ("/api/v1/reports", "image/png", "x", 415),
        ("/api/v1/fetch", "text/plain", "x", 415),
        ("/api/v1/fetch", "application/json", "{\"addresses\": []}", 422),
        ("/api/v1/fetch", "application/json", "{\"addresses\": [\"file:///etc/passwd\"]}", 422),
        ("/api/v1/fetch", "application/json", "{}", 400),
    ] {
        let request = ask(path).method("POST").header(header::CONTENT_TYPE, media_type);
        let answer = server.answer(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.media_type.as_str()),
            (status, "application/problem+json"),
            "{path} {body}"
        );
    }
}

#[tokio::test]
async fn too_large_a_body_is_refused() {
    let server = Server::start(None);
    let request = ask("/api/v1/reports").method("POST").header(header::CONTENT_TYPE, "text/plain");
    let answer = server.answer(request.body(Body::from(vec![b'x'; crate::LARGEST_BODY + 1])).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.media_type.as_str()), (413, "application/problem+json"));
}

#[tokio::test]
async fn addresses_of_this_machine_and_its_networks_are_refused() {
    let server = Server::start(None);
    let refused = [
        "http://127.0.0.1:80/",
        "http://localhost:80/",
        "http://[::1]:80/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
    ];
    let body = serde_json::json!({ "addresses": refused }).to_string();
    let answer = send_json(&server, "/api/v1/fetch?wait=30", &[], &body).await;
    let job: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(
        (&job["state"], &job["added"], &job["failed"]),
        (&"done".into(), &0.into(), &refused.len().into()),
        "{job}"
    );
    for problem in job["problems"].as_array().unwrap() {
        assert!(problem["what"].as_str().unwrap().contains("is not fetched"), "{problem}");
    }
}

#[tokio::test]
async fn a_job_tells_how_far_it_is() {
    let server = Server::start(None);
    let answer = send_json(&server, "/api/v1/reports", &[], r#"{"text": "A bear was seen in Lom."}"#).await;
    let place = answer.location.unwrap();
    let events = server.get(&format!("{place}/events")).await;
    assert!(
        events.text.contains("event: progress") && events.text.contains("\"state\":\"done\""),
        "{}",
        events.text
    );
    assert_eq!(server.json("/api/v1/jobs").await["jobs"].as_array().unwrap().len(), 1);
    assert_eq!(server.get("/api/v1/jobs/99").await.status, StatusCode::NOT_FOUND);
    assert!(server.get("/jobs").await.text.contains("1 report added"));
    server.desk.work.stop();
    let late = send_json(&server, "/api/v1/reports", &[], r#"{"text": "A bear."}"#).await;
    assert_eq!(late.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn reports_that_are_in_no_story_are_put_into_one_when_the_server_begins() {
    let server = Server::start(None);
    assert!(server.get("/").await.text.contains("1 in none yet"));
    server.desk.file_the_loose();
    let job = server.json("/api/v1/jobs/1?wait=30").await;
    assert_eq!((job["kind"].as_str(), job["state"].as_str()), (Some("regroup"), Some("done")), "{job}");
    server.desk.file_the_loose();
    let store = SqliteStore::open(&server.desk.settings().store).unwrap();
    let front = crate::front::Front::of(&store, &server.desk.witnesses).unwrap();
    assert_eq!(front.n_loose, 0);
}
