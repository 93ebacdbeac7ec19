//! Corrections through the API and by forms.

use super::adding::{Browser, send_json};
use super::*;

/// Ids of the reports of each story, by the number of them.
async fn stories(server: &Server) -> Vec<(String, Vec<String>)> {
    let desk = server.desk.clone();
    let stories = desk.with_store(|_, store| Ok(store.stories()?)).await.unwrap();
    let ids = |story: &StoredStory| story.reports.iter().map(ToString::to_string).collect();
    let mut stories: Vec<_> = stories.iter().map(|story| (story.id.to_string(), ids(story))).collect();
    stories.sort_by_key(|(_, reports): &(String, Vec<String>)| std::cmp::Reverse(reports.len()));
    stories
}

async fn correct(server: &Server, what: &Value) -> (StatusCode, Value) {
    let answer = send_json(server, "/api/v1/corrections", &[], &what.to_string()).await;
    (answer.status, serde_json::from_str(&answer.text).unwrap())
}

#[tokio::test]
async fn stories_are_split_merged_moved_and_corrections_taken_back() {
    let server = Server::start(None);
    let story = server.story.to_string();
    let (post, courier) = (server.report("Post").await, server.report("Courier").await);
    let split = serde_json::json!({"kind": "split", "story": story, "reports": [courier]});
    let (status, done) = correct(&server, &split).await;
    assert_eq!((status, &done["number"]), (StatusCode::OK, &1.into()), "{done}");
    let own = done["stories"][0]["id"].as_str().unwrap().to_owned();
    let now = stories(&server).await;
    assert!(
        now.contains(&(own.clone(), vec![courier.clone()]))
            && now.contains(&(story.clone(), vec![post.clone()])),
        "{now:?}"
    );
    let front = server.json("/api/v1/stories?outlets=0").await;
    assert_eq!(front["total"], 2, "the front page knows at once");
    // What is not in the story any more cannot be taken out of it again.
    assert_eq!(correct(&server, &split).await.0, StatusCode::CONFLICT);
    let merge = serde_json::json!({"kind": "merge", "stories": [story, own]});
    let (status, done) = correct(&server, &merge).await;
    assert_eq!(
        (status, done["stories"][0]["reports"].as_array().unwrap().len()),
        (StatusCode::OK, 2),
        "{done}"
    );
    let pin = serde_json::json!({"kind": "pin", "story": story});
    assert_eq!(correct(&server, &pin).await.1["number"], 3);
    assert_eq!(correct(&server, &pin).await.1["number"], 3, "the same again is the same");
    let (status, undone) = correct(&server, &serde_json::json!({"kind": "undo", "number": 1})).await;
    assert_eq!(status, StatusCode::OK);
    let job = server.json(&format!("/api/v1/jobs/{}?wait=30", undone["job"].as_str().unwrap())).await;
    assert_eq!(job["state"], "done", "{job}");
    let all = server.json("/api/v1/corrections").await;
    let kinds: Vec<(&str, bool)> = all["corrections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (each["kind"].as_str().unwrap(), each["holds"].as_bool().unwrap()))
        .collect();
    assert_eq!(kinds, [("split", false), ("merge", true), ("pin", true), ("undo", true)]);
    for (wrong, status) in [
        (serde_json::json!({"kind": "undo", "number": 9}), 422),
        (serde_json::json!({"kind": "merge", "stories": [story, story]}), 422),
        (serde_json::json!({"kind": "split", "story": "0123456789abcdef", "reports": []}), 404),
        (serde_json::json!({"kind": "split", "story": story, "reports": ["x"]}), 404),
        (serde_json::json!({"kind": "burn", "story": story}), 400),
    ] {
        assert_eq!(correct(&server, &wrong).await.0.as_u16(), status, "{wrong}");
    }
}

#[tokio::test]
async fn a_renamed_story_is_called_so_until_that_is_taken_back() {
    let server = Server::start(None);
    let story = server.story.to_string();
    let label = async |server: &Server| {
        let stories = server.desk.clone().with_store(|_, store| Ok(store.stories()?)).await.unwrap();
        stories[0].label.clone()
    };
    let rename = |label: &str| serde_json::json!({"kind": "rename", "story": story, "label": label});
    let (status, done) = correct(&server, &rename(" The  flood\n")).await;
    assert_eq!((status, &done["stories"][0]["label"]), (StatusCode::OK, &"The flood".into()), "{done}");
    assert_eq!(label(&server).await, "The flood");
    let front = server.json("/api/v1/stories").await;
    assert_eq!(front["stories"][0]["label"], "The flood", "the front page knows at once");
    for wrong in [" \n", &"x".repeat(201)] {
        assert_eq!(correct(&server, &rename(wrong)).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    let (_, undone) = correct(&server, &serde_json::json!({"kind": "undo", "number": 1})).await;
    let job = server.json(&format!("/api/v1/jobs/{}?wait=30", undone["job"].as_str().unwrap())).await;
    assert_eq!(job["state"], "done", "{job}");
    let after = label(&server).await;
    assert!(after.starts_with("Bridge in the "), "{after}");
}

#[tokio::test]
async fn moved_reports_stay_where_they_were_put_when_others_come() {
    let server = Server::start(None);
    let story = server.story.to_string();
    let added = send_json(
        &server,
        "/api/v1/reports?wait=30",
        &[],
        r#"{"text": "A bear was seen in the woods of Lom, a hunter said."}"#,
    )
    .await;
    let added: Value = serde_json::from_str(&added.text).unwrap();
    let (bear, its) = (&added["reports"][0]["id"], &added["reports"][0]["story"]);
    let moved = serde_json::json!({"kind": "move", "story": its, "reports": [bear], "to": story});
    let (status, done) = correct(&server, &moved).await;
    assert_ne!(its.as_str(), Some(story.as_str()), "it is another event");
    assert_eq!((status, &done["stories"][0]["id"]), (StatusCode::OK, &story.as_str().into()), "{done}");
    let sent = send_json(
        &server,
        "/api/v1/reports?wait=30",
        &[],
        r#"{"text": "The harbor of Varna was dredged for a year."}"#,
    )
    .await;
    assert_eq!(serde_json::from_str::<Value>(&sent.text).unwrap()["state"], "done");
    let bear = bear.as_str().unwrap().to_owned();
    let holder = stories(&server).await.into_iter().find(|(_, reports)| reports.contains(&bear)).unwrap();
    assert!(holder.1.len() > 1, "{holder:?}");
}

#[tokio::test]
async fn a_story_is_corrected_by_its_form() {
    let server = Server::start(None);
    let courier = server.report("Courier").await;
    let page = format!("/stories/{}/correct", server.story);
    let browser = Browser::open(&server, &page).await;
    let none = browser.send(&page, &[("kind", "split")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let split = browser.send(&page, &[("kind", "split"), ("report", &courier)]).await;
    assert_eq!(split.status, StatusCode::SEE_OTHER, "{}", split.text);
    let (own, nonsense) = (split.location.unwrap(), ("with-address", "nonsense"));
    let chosen = ("with", own.trim_start_matches("/stories/"));
    for wrong in [&[("with", "")][..], &[nonsense], &[chosen, nonsense]] {
        let merged = browser.send(&page, &[&[("kind", "merge")], wrong].concat()).await;
        assert_eq!(merged.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    let address = format!("http://localhost:7788{own}/lineage");
    let merged = browser.send(&page, &[("kind", "merge"), ("with-address", &address)]).await;
    assert_eq!(merged.location, Some(page.trim_end_matches("/correct").to_owned()), "{}", merged.text);
    let list = server.get("/corrections").await.text;
    assert!(list.contains("A story of their own") && list.contains("Take back"), "{list}");
    let undone = browser.send("/corrections/undo", &[("number", "1")]).await;
    assert!(undone.location.unwrap().starts_with("/jobs/"));
    let forged = ask(&page).method("POST").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let forged = server.answer(forged.body(Body::from("kind=pin")).unwrap()).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}
