//! Search, names, lineage, exports, and the API for people who read.

use super::*;

#[tokio::test]
async fn reports_are_searched_with_marks_filters_and_cursor() {
    let server = Server::start(None);
    let found = server.json("/api/v1/search?q=bridge&limit=1").await;
    assert_eq!((found["matches"].as_u64(), found["hits"].as_array().unwrap().len()), (Some(3), 1));
    let next = found["next"].as_str().unwrap();
    let second = server.json(&format!("/api/v1/search?q=bridge&limit=2&cursor={next}")).await;
    assert_eq!((second["hits"].as_array().unwrap().len(), &second["next"]), (2, &Value::Null));
    let marked = server.json("/api/v1/search?q=weeks").await;
    let snippet = marked["hits"][0]["snippet"].as_array().unwrap();
    assert!(snippet.iter().any(|piece| piece["found"] == true && piece["text"] == "weeks"), "{snippet:?}");
    for (asked, n) in [
        ("speaker=ruiz", 2),
        ("q=bridge&outlet=courier", 1),
        ("entity=berg", 1),
        ("q=bridge&since=2026-03-02", 2),
        ("q=bridge&until=2026-03-01", 1),
        (&format!("q=bridge&story={}", server.story), 2),
        ("q=safe&quotations=true", 2),
        ("quotations=true&speaker=berg", 1),
    ] {
        let found = server.json(&format!("/api/v1/search?{asked}")).await;
        assert_eq!(found["matches"].as_u64(), Some(n), "{asked}");
    }
    for wrong in
        ["q=%22open", "q=ab*", "since=2026-03-02&until=2026-03-01", "sort=worst", "cursor=2001", "story=x"]
    {
        let answer = server.get(&format!("/api/v1/search?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn the_page_of_a_search_keeps_what_was_asked() {
    let server = Server::start(None);
    let page = server.get("/search?q=weeks&outlet=courier").await.text;
    assert!(page.contains("<mark>weeks</mark>") && page.contains("1 report matches"), "{page}");
    assert!(page.contains("value=\"courier\"") && page.contains("<details open"), "{page}");
    let wrong = server.get("/search?q=%22open").await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert!(
        wrong.text.contains("is not closed") && wrong.text.contains("value=\"&quot;open\""),
        "{}",
        wrong.text
    );
}

#[tokio::test]
async fn a_name_has_its_stories_and_what_is_said_by_and_of_them() {
    let server = Server::start(None);
    let all = server.json("/api/v1/entities?kind=person").await;
    let names: Vec<&str> =
        all["entities"].as_array().unwrap().iter().map(|name| name["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ana Ruiz", "Ole Berg"]);
    let ruiz = server.json("/api/v1/entities/ana%20ruiz").await;
    assert_eq!(ruiz["said_by"].as_array().unwrap().len(), 2);
    assert_eq!(ruiz["stories"][0]["story"], server.story.to_string());
    let page = server.get("/entities?q=ruiz").await.text;
    assert!(page.contains("/entities/Ana%20Ruiz") && !page.contains("Berg"), "{page}");
    let page = server.get("/entities/Ana%20Ruiz").await.text;
    assert!(page.contains("Said by them") && page.contains("is safe"), "{page}");
    assert_eq!(server.get("/api/v1/entities/nobody").await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get("/api/v1/entities?kind=ship").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_story_is_put_out_in_each_format_and_never_shown_as_a_page() {
    let server = Server::start(None);
    for format in crate::exports::FORMATS {
        for base in ["", "/api/v1"] {
            let path = format!("{base}/stories/{}/export/{format}", server.story);
            let file = server.get(&path).await;
            assert_eq!(file.status, StatusCode::OK, "{path}");
            assert!(file.policy.contains("sandbox") && !file.text.is_empty(), "{path}");
            let known = crate::exports::MEDIA_TYPES.iter().any(|known| file.media_type.starts_with(known));
            assert!(known, "{path}: {}", file.media_type);
        }
    }
    let table = server.get(&format!("/stories/{}/export/csv?table=quotations", server.story)).await.text;
    assert!(table.starts_with("story,report,outlet"), "{table}");
    let base = format!("/api/v1/stories/{}/export", server.story);
    assert_eq!(server.get(&format!("{base}/exe")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get(&format!("{base}/csv?table=x")).await.status, StatusCode::BAD_REQUEST);
    let lineage = server.json(&format!("/api/v1/stories/{}/lineage", server.story)).await;
    assert_eq!(lineage["reports"].as_array().unwrap().len(), 2);
    assert!(lineage["witnesses"].is_array() && lineage["lineage"].is_array());
}

#[tokio::test]
async fn every_operation_stands_on_the_page_of_the_api() {
    let server = Server::start(None);
    let page = server.get("/api").await.text;
    for operation in crate::api::operations() {
        assert!(page.contains(&format!("id=\"{}\"", operation.id)), "{}", operation.id);
    }
}
