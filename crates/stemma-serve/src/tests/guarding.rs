//! Limits, tags, what goes into the log, and reports of hostile outlets.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;

use super::adding::{Browser, multipart, send_json};
use super::*;

#[tokio::test]
async fn a_large_story_is_compared_in_the_background() {
    let server = Server::start(None);
    let reports: Vec<Value> = (0..20)
        .map(|n| serde_json::json!({"outlet": format!("Outlet {n}"), "text": format!(
            "The ferry Alba ran aground off Skarvik on Friday with 40 people. “We are all well,” captain Ole Berg said at {n}."
        )}))
        .collect();
    let sent = send_json(&server, "/api/v1/reports?wait=30", &[], &Value::from(reports).to_string()).await;
    let job: Value = serde_json::from_str(&sent.text).unwrap();
    let story = job["reports"][0]["story"].as_str().unwrap().to_owned();
    let n_reports = server.json("/api/v1/stories?outlets=0&q=ferry").await;
    assert!(
        job["reports"].as_array().unwrap().iter().all(|report| report["story"] == story.as_str()),
        "{n_reports}"
    );
    let page =
        ask(&format!("/stories/{story}")).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let response = server.router.clone().oneshot(page).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(response.headers().contains_key(header::REFRESH), "the page asks again by itself");
    let waiting = server.get(&format!("/api/v1/stories/{story}/comparison")).await;
    let code = serde_json::from_str::<Value>(&waiting.text).unwrap()["code"].clone();
    assert!(waiting.status == StatusCode::OK || code == "being-made", "{}", waiting.text);
    for _ in 0..100 {
        let page = server.get(&format!("/stories/{story}")).await;
        if page.status == StatusCode::OK {
            return assert!(page.text.contains("Skarvik"));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("it was never compared");
}

#[tokio::test]
async fn who_changes_too_much_has_to_wait() {
    let server = Server::start(None);
    let post = |client: [u8; 4]| {
        let mut request = ask("/api/v1/corrections").method("POST").body(Body::from("{}")).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((client, 4000))));
        request
    };
    let mut refused = None;
    for _ in 0..120 {
        let response = server.router.clone().oneshot(post([203, 0, 113, 7])).await.unwrap();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(response);
            break;
        }
    }
    let refused = refused.expect("a hundred may come at once");
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    let other = server.router.clone().oneshot(post([203, 0, 113, 8])).await.unwrap();
    assert_eq!(other.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "others are not kept waiting");
    assert_eq!(server.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_and_json_have_tags() {
    let server = Server::start(None);
    let browser = Browser::open(&server, "/add").await;
    for path in
        ["/search?q=bridge", "/entities", "/api/v1/search?q=bridge", "/api/v1/openapi.json", "/add", "/watch"]
    {
        let with = |tag: Option<&str>| {
            let request = ask(path).header(header::COOKIE, &browser.cookie);
            let request =
                tag.into_iter().fold(request, |request, tag| request.header(header::IF_NONE_MATCH, tag));
            request.body(Body::empty()).unwrap()
        };
        let first = server.answer(with(None)).await;
        let tag = first.tag.unwrap_or_else(|| panic!("{path} has no tag"));
        let again = server.answer(with(Some(&tag))).await;
        assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!(server.answer(with(Some("W/\"0\""))).await.status, StatusCode::OK, "{path}");
    }
}

/// Texts as hostile outlets write them.
fn hostile() -> Vec<(&'static str, String)> {
    vec![
        ("markup", "</p></main><script>alert(1)</script><img src=x onerror=alert(2)>“<b>Yes</b>,” said </blockquote>Ana Ruiz.".into()),
        ("quotes", "\"'`><svg/onload=alert(3)>\" said O'Brien '--><!-- \" onmouseover=\"alert(4)".into()),
        ("entities", "&lt;script&gt;alert(5)&lt;/script&gt; &#60;script&#62; said &amp;Ana Ruiz.".into()),
        ("bidi", "The \u{202e}reversed\u{2066} bridge was \u{202d}shut\u{2069}, “\u{202e}on\u{202c}” Ana Ruiz said.".into()),
        ("zero width", "Ana\u{200b} Ru\u{200d}iz sa\u{feff}id the br\u{00ad}idge was \u{2060}safe.".into()),
        ("homoglyphs", "Аna Ruіz (Cyrillic) said the brіdge was safe. Ana Ruiz said it was not.".into()),
        ("a huge word", format!("Ana Ruiz said {} was safe.", "x".repeat(300_000))),
        ("combining", format!("Ana Ruiz said Z{} was safe.", "\u{0301}".repeat(20_000))),
        ("controls", "Ana Ruiz\u{7} said\u{1b}[31m “red\u{0}” \u{85}\u{2028}was\u{2029} safe.".into()),
        ("open quotes", "“".repeat(3_000) + " said Ana Ruiz."),
        ("template", "{{7*7}} ${7*7} <%= 7*7 %> #{7*7} said Ana Ruiz at ../../../etc/passwd%00.html".into()),
    ]
}

#[tokio::test]
async fn reports_of_hostile_outlets_harm_no_page() {
    let server = Server::start(None);
    let browser = Browser::open(&server, "/add").await;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, text) in hostile() {
        let report = serde_json::json!({
            "text": text, "title": text.chars().take(400).collect::<String>(), "outlet": format!("{name} <i onclick=alert(6)>"),
            "url": "javascript:alert(7)", "byline": "\" autofocus onfocus=\"alert(8)", "language": "\"><script>", "id": "<id>",
        });
        files.push((
            format!("../..\\{name}<img src=x onerror=alert(9)>.json"),
            report.to_string().into_bytes(),
        ));
    }
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let (media_type, body) = multipart(&browser.csrf, &files);
    let job = browser.job(browser.post("/add/files", &media_type, body).await).await;
    assert_eq!((&job["state"], &job["added"]), (&"done".into(), &files.len().into()), "{job}");
    let mut pages = vec![
        format!("/jobs/{}", job["id"].as_str().unwrap()),
        "/".to_owned(),
        "/?outlets=0".to_owned(),
        "/search?q=ruiz".to_owned(),
        "/search?q=ruiz&quotations=true".to_owned(),
        "/entities".to_owned(),
        "/speakers".to_owned(),
        "/speakers?speaker=ruiz".to_owned(),
        "/entities/Ana%20Ruiz".to_owned(),
    ];
    for report in job["reports"].as_array().unwrap() {
        let (id, story) = (report["id"].as_str().unwrap(), report["story"].as_str().unwrap());
        pages.push(format!("/reports/{id}"));
        pages.extend(
            ["", "/correct", "/divergences", "/quotations", "/matrix", "/names", "/lineage", "/sources"]
                .map(|view| format!("/stories/{story}{view}")),
        );
    }
    for path in pages {
        let page = server.get(&path).await;
        if page.status == StatusCode::NOT_FOUND {
            continue;
        }
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let scripts = page.text.matches("<script").count();
        assert_eq!(
            scripts,
            page.text.matches("<script src=\"/assets/").count(),
            "{path}: a script in the page"
        );
        for smuggled in [
            "<img",
            "<i onclick",
            "<svg/onload",
            " onmouseover=\"alert",
            " onfocus=\"alert",
            "href=\"javascript",
            "<!--",
            "<b>",
        ] {
            assert!(!page.text.contains(smuggled), "{path}: {smuggled}");
        }
    }
}

#[tokio::test]
async fn every_form_that_changes_something_wants_its_token() {
    let server = Server::start(None);
    let story = format!("/stories/{}/correct", server.story);
    for path in [
        "/add/address",
        "/add/files",
        "/add/text",
        "/add/examples",
        "/watch/add",
        "/watch/import",
        "/watch/remove",
        "/watch/ask",
        "/corrections/undo",
        &story,
    ] {
        let forged =
            ask(path).method("POST").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = server
            .answer(forged.body(Body::from("kind=pin&number=1&text=x&urls=https://a.example")).unwrap())
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}
