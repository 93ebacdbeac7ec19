//! Pages and API over a small store, asked without a network.

mod adding;
mod cancelling;
mod correcting;
mod finding;
mod guarding;
mod story;
mod watching;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use stemma::{Engine, Report, ReportDraft};
use stemma_core::{Content, Origin, Published, StoryId};
use stemma_store::{NewDocument, NewReport, SqliteStore, Store, StoredStory};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::desk::Desk;
use crate::{Settings, Token, live, router};

/// A report as a hostile outlet writes it: everything that comes from it may be markup.
fn report(outlet: &str, day: &str, text: &str) -> Report {
    let draft = ReportDraft {
        outlet: Some(format!("{outlet} <script>alert(1)</script>")),
        url: Some("javascript:alert(2)".into()),
        title: Some(format!("Bridge in the {outlet} </title><script>alert(3)</script>")),
        byline: Some("\" onload=\"alert(4)".into()),
        published: Some(Published::Day(day.parse().unwrap())),
        language: Some("\" onload=\"alert(5)".into()),
        text: text.into(),
        ..ReportDraft::default()
    };
    Report::new(draft, Origin::whole("<img src=x onerror=alert(6)>"))
}

struct Server {
    router: Router,
    desk: Arc<Desk>,
    story: StoryId,
    /// Removed at the end.
    _folder: TempDir,
}

impl Server {
    fn start(token: Option<&str>) -> Self {
        Self::start_fetching(token, fetching())
    }

    /// The same, with settings of fetching.
    fn start_fetching(token: Option<&str>, fetching: stemma_fetch::Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let mut store = SqliteStore::open(&path).unwrap();
        let texts = [
            (
                "Post",
                "2026-03-02",
                "“The bridge <b>is safe</b>,” Mayor Ana Ruiz said on Friday. It was shut for 3 weeks.",
            ),
            (
                "Courier",
                "2026-03-01",
                "“The bridge is <b>not safe</b>,” Mayor Ana Ruiz said on Friday. It was shut for 5 weeks.",
            ),
            ("Gazette", "2026-03-03", "The school stays closed, said Ole Berg."),
        ];
        let reports = texts.map(|(outlet, day, text)| report(outlet, day, text));
        let content =
            Content { bytes: b"<html>raw".as_slice().into(), media_type: "text/html".into(), range: None };
        store.put_reports(&[NewReport { report: reports[0].clone(), content: Some(content) }]).unwrap();
        let documents: Vec<NewDocument> =
            Engine::load().annotate(reports.into(), 1).into_iter().map(NewDocument::from).collect();
        store.put_documents(&documents).unwrap();
        let ids: Vec<_> = documents.iter().map(|new| new.document.report().id()).collect();
        let story = StoryId::opened_by(ids[0]);
        let label = "Bridge <script>alert(7)</script>".to_owned();
        store.put_stories(&[StoredStory { id: story, label, reports: ids[..2].to_vec() }]).unwrap();
        drop(store);
        let token = token.map(|token| Token::new(token).unwrap());
        let listen = "127.0.0.1:0".parse().unwrap();
        let desk = Desk::open(Settings {
            store: path,
            listen,
            token,
            writes_per_second: 5,
            log: None,
            watch: false,
            harvest: Default::default(),
            polling: Default::default(),
            fetching,
        })
        .unwrap();
        Self { router: router(desk.clone()), desk, story, _folder: folder }
    }

    async fn answer(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let header = |name| {
            parts.headers.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap().to_owned())
        };
        Answer {
            status: parts.status,
            policy: header(header::CONTENT_SECURITY_POLICY).unwrap_or_default(),
            tag: header(header::ETAG),
            location: header(header::LOCATION),
            cookie: header(header::SET_COOKIE),
            media_type: header(header::CONTENT_TYPE).unwrap_or_default(),
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.answer(ask(path).body(Body::empty()).unwrap()).await
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        serde_json::from_str(&answer.text).unwrap()
    }

    /// Id of the report of an outlet.
    async fn report(&self, outlet: &str) -> String {
        let all = self.json("/api/v1/reports").await;
        let found = all["reports"]
            .as_array()
            .unwrap()
            .iter()
            .find(|report| report["outlet"].as_str().unwrap().starts_with(outlet));
        found.unwrap()["id"].as_str().unwrap().to_owned()
    }
}

/// Without pauses, and with no further attempts.
fn fetching() -> stemma_fetch::Settings {
    stemma_fetch::Settings { delay: Duration::ZERO, retries: 0, ..stemma_fetch::Settings::default() }
}

struct Answer {
    status: StatusCode,
    policy: String,
    tag: Option<String>,
    location: Option<String>,
    cookie: Option<String>,
    media_type: String,
    text: String,
}

fn ask(path: &str) -> axum::http::request::Builder {
    Request::builder().uri(path).header(header::HOST, "localhost:8080")
}

#[tokio::test]
async fn no_page_holds_what_a_report_would_smuggle_in() {
    let server = Server::start(None);
    let id = server.report("Post").await;
    let pages = [
        "/".to_owned(),
        "/?outlets=0&q=%3Cscript%3Ealert(8)%3C/script%3E".to_owned(),
        format!("/stories/{}", server.story),
        format!("/stories/{}/divergences", server.story),
        format!("/stories/{}/matrix", server.story),
        format!("/stories/{}/quotations", server.story),
        format!("/stories/{}/only", server.story),
        format!("/stories/{}/timeline", server.story),
        format!("/stories/{}/names", server.story),
        format!("/stories/{}/lineage", server.story),
        format!("/stories/{}/sources", server.story),
        format!("/stories/{}/reader?reports=%3Cb%3E,A&statement=%22%3E%3Cb%3E", server.story),
        format!("/reports/{id}"),
        "/speakers".to_owned(),
        "/speakers?speaker=ruiz&words=%22%20onload=%22alert(9)".to_owned(),
        "/search?q=bridge".to_owned(),
        "/search?q=%22%3Cscript%3Ealert(10)%3C/script%3E%22&entity=%22%20onload=%22alert(11)".to_owned(),
        "/search?q=safe&quotations=true".to_owned(),
        "/entities?q=%3Cscript%3Ealert(12)%3C/script%3E".to_owned(),
        "/entities/Ana%20Ruiz".to_owned(),
        "/api".to_owned(),
        "/login".to_owned(),
    ];
    for path in pages {
        let page = server.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.policy.contains("default-src 'none'") && !page.policy.contains("unsafe"), "{path}");
        let scripts = page.text.matches("<script").count();
        assert_eq!(
            scripts,
            page.text.matches("<script src=\"/assets/").count(),
            "{path}: a script in the page"
        );
        for smuggled in ["<b>", "<img", "<style", " style=\"", "href=\"javascript", " onload=\"alert"] {
            assert!(!page.text.contains(smuggled), "{path}: {smuggled}");
        }
        assert!(!page.text.contains("https://") && !page.text.contains("http://"), "{path}: another host");
    }
}

#[tokio::test]
async fn the_front_page_lists_stories_and_finds_them() {
    let server = Server::start(None);
    let listed = |page: &Answer| page.text.contains(&format!("/stories/{}", server.story));
    let front = server.get("/").await;
    assert!(listed(&front) && front.text.contains("3 reports in 1 story, 1 in none yet"), "{}", front.text);
    assert!(listed(&server.get("/?q=courier+bridge").await));
    assert!(!listed(&server.get("/?q=harbour").await));
    assert!(listed(&server.get("/?day=2026-03-02").await) && !listed(&server.get("/?day=2026-03-03").await));
    let wrong = server.get("/?day=friday").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("2026-03-01 is one"), "{}", wrong.text);
}

#[tokio::test]
async fn a_story_is_compared_once_and_not_sent_again() {
    let server = Server::start(None);
    let path = format!("/stories/{}", server.story);
    let page = server.get(&path).await;
    assert!(
        page.text.contains("id=\"disputed\"") && page.text.contains("Yes or no"),
        "the quotations differ"
    );
    let tag = page.tag.unwrap();
    let again =
        server.answer(ask(&path).header(header::IF_NONE_MATCH, &tag).body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let store = SqliteStore::open(&server.desk.settings().store).unwrap();
    assert!(store.story(server.story).unwrap().is_some());
    let comparison = server.json(&format!("/api/v1/stories/{}/comparison", server.story)).await;
    assert_eq!(comparison["reports"].as_array().unwrap().len(), 2);
    let gone = server.get("/stories/0123456789abcdef").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(gone.text.contains("All stories"));
}

#[tokio::test]
async fn a_report_comes_with_its_bytes_which_are_never_shown_as_a_page() {
    let server = Server::start(None);
    let id = server.report("Post").await;
    let page = server.get(&format!("/reports/{id}")).await;
    assert!(page.text.contains("<mark class=\"said\">") && page.text.contains("Ana Ruiz"), "{}", page.text);
    let bytes = server.get(&format!("/reports/{id}/original")).await;
    assert_eq!((bytes.text.as_str(), bytes.media_type.as_str()), ("<html>raw", "application/octet-stream"));
    assert!(bytes.policy.contains("sandbox"));
    let other = server.report("Gazette").await;
    assert_eq!(server.get(&format!("/reports/{other}/original")).await.status, StatusCode::NOT_FOUND);
    let annotated = server.json(&format!("/api/v1/reports/{id}")).await;
    assert_eq!(annotated["attributions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn lists_go_on_where_the_page_before_ended() {
    let server = Server::start(None);
    let mut seen = Vec::new();
    let mut path = "/api/v1/quotations?limit=1".to_owned();
    loop {
        let page = server.json(&path).await;
        seen.extend(
            page["quotations"].as_array().unwrap().iter().map(|said| said["report"]["outlet"].to_string()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/quotations?limit=1&cursor={next}");
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    let first = server.json("/api/v1/reports?limit=2").await;
    let second =
        server.json(&format!("/api/v1/reports?limit=2&cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!((second["reports"].as_array().unwrap().len(), &second["next"]), (1, &Value::Null));
}

#[tokio::test]
async fn problems_have_codes() {
    let server = Server::start(None);
    for (path, status, code) in [
        ("/api/v1/reports/0", 404, "not-found"),
        ("/api/v1/stories?limit=0", 400, "bad-request"),
        ("/api/v1/stories?outlets=1000001", 400, "bad-request"),
        ("/api/v1/reports?cursor=9007199254740992", 400, "bad-request"),
        ("/api/v1/stories?order=best", 400, "bad-request"),
        ("/api/v1/quotations?cursor=x", 400, "bad-request"),
        ("/api/v2", 404, "not-found"),
    ] {
        let answer = server.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.media_type.as_str()),
            (status, "application/problem+json"),
            "{path}"
        );
        let problem: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(
            (problem["code"].as_str(), problem["status"].as_u64()),
            (Some(code), Some(u64::from(status))),
            "{path}"
        );
    }
    let posted = server.answer(ask("/api/v1/stories").method("POST").body(Body::empty()).unwrap()).await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_description_names_every_address_and_resolves() {
    let server = Server::start(None);
    let described = server.json("/api/v1/openapi.json").await;
    assert_eq!(described["openapi"], "3.1.0");
    let paths: usize =
        described["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(paths, crate::api::operations().len());
    let schemas = &described["components"]["schemas"];
    let text = described.to_string();
    for reference in text.split("\"$ref\":\"").skip(1) {
        let reference = reference.split('"').next().unwrap();
        let name = reference.strip_prefix("#/components/schemas/").unwrap();
        assert!(schemas.get(name).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn other_hosts_and_other_sites_are_refused() {
    let server = Server::start(None);
    let of_host =
        |host: &str| Request::builder().uri("/").header(header::HOST, host).body(Body::empty()).unwrap();
    for host in ["localhost", "127.0.0.1:8080", "[::1]:8080"] {
        assert_eq!(server.answer(of_host(host)).await.status, StatusCode::OK, "{host}");
    }
    for host in ["rebound.example", "localhost.example:8080", "10.0.0.1", ""] {
        assert_eq!(server.answer(of_host(host)).await.status, StatusCode::FORBIDDEN, "{host}");
    }
    let post = |name, value| {
        let request = ask("/login").method("POST").header(name, value);
        request
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("token=x"))
            .unwrap()
    };
    assert_eq!(server.answer(post("origin", "https://evil.example")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(server.answer(post("sec-fetch-site", "cross-site")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(server.answer(post("origin", "http://localhost:8080")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_is_asked_for_where_there_is_one() {
    let server = Server::start(Some("a-long-enough-token"));
    assert_eq!(server.get("/api/v1/stories").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get("/healthz").await.status, StatusCode::OK);
    let with = |name, value: &str| ask("/api/v1/stories").header(name, value).body(Body::empty()).unwrap();
    let bearer = server.answer(with(header::AUTHORIZATION, "Bearer a-long-enough-token")).await;
    assert_eq!(bearer.status, StatusCode::OK);
    let wrong = server.answer(with(header::AUTHORIZATION, "Bearer a-long-enough-tokem")).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let page = ask("/").header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    assert_eq!(server.answer(page).await.location.as_deref(), Some("/login"));
    let login =
        ask("/login").method("POST").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let login = server.answer(login.body(Body::from("token=a-long-enough-token")).unwrap()).await;
    let cookie = login.cookie.unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(server.answer(with(header::COOKIE, pair)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn open_pages_are_told_of_changes() {
    let server = Server::start(None);
    let watching = tokio::spawn(live::watch_store(server.desk.clone()));
    let request = ask("/events").body(Body::empty()).unwrap();
    let mut events = server.router.clone().oneshot(request).await.unwrap().into_body();
    let path = server.desk.settings().store.clone();
    tokio::task::spawn_blocking(move || {
        // After the server has looked at the store for the first time.
        std::thread::sleep(Duration::from_millis(700));
        let mut store = SqliteStore::open(&path).unwrap();
        store.put_reports(&[report("Echo", "2026-03-04", "The bridge reopened.").into()]).unwrap();
    })
    .await
    .unwrap();
    let frame =
        tokio::time::timeout(Duration::from_secs(20), events.frame()).await.unwrap().unwrap().unwrap();
    let told = String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap();
    assert!(told.contains("event: changed") && told.contains("\"reports\":4"), "{told}");
    watching.abort();
}

#[tokio::test]
async fn what_was_done_is_counted() {
    let server = Server::start(None);
    server.get("/").await;
    server.get("/reports/0").await;
    let metrics = server.get("/metrics").await.text;
    assert!(metrics.contains("stemma_requests_total{path=\"/\",status=\"200\"} 1"), "{metrics}");
    assert!(metrics.contains("stemma_requests_total{path=\"/reports/{id}\",status=\"404\"} 1"), "{metrics}");
    assert!(metrics.contains("stemma_reports 3"), "{metrics}");
}
