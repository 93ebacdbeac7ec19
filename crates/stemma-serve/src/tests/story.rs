//! A story in its views, statements at addresses of their own, the reader, a report's layers and versions.

use super::*;

/// What stands between `before` and the next `after` in `text`, each time.
fn between<'a>(text: &'a str, before: &str, after: char) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

impl Server {
    /// Puts reports into the store, and into a story of their own.
    fn add(&self, drafts: Vec<ReportDraft>) -> StoryId {
        let mut store = SqliteStore::open(&self.desk.settings().store).unwrap();
        let reports: Vec<Report> =
            drafts.into_iter().map(|draft| Report::new(draft, Origin::whole("-"))).collect();
        let ids: Vec<_> = reports.iter().map(Report::id).collect();
        store.put_reports(&reports.into_iter().map(NewReport::from).collect::<Vec<_>>()).unwrap();
        let id = StoryId::opened_by(ids[0]);
        store
            .put_stories(&[StoredStory { id, label: "Dam \u{202e}holds".to_owned(), reports: ids }])
            .unwrap();
        id
    }
}

#[tokio::test]
async fn each_view_of_a_story_has_an_address_and_says_which_it_is() {
    let server = Server::start(None);
    let base = format!("/stories/{}", server.story);
    for (view, title, holds) in [
        ("", "Core", "id=\"disputed\""),
        ("/divergences", "Divergences", "id=\"kind-polarity\""),
        ("/matrix", "Matrix", "scope=\"colgroup\""),
        ("/quotations", "Quotations", "id=\"speaker-0\""),
        ("/only", "Only in one", "<main class=\"view-only\""),
        ("/reader", "Reader", "id=\"text-B\""),
        ("/timeline", "Timeline", "id=\"arrivals\""),
        ("/names", "Names", "id=\"named\""),
        ("/lineage", "Lineage", "id=\"lineage\""),
        ("/sources", "Sources", "id=\"sources\""),
    ] {
        let page = server.get(&format!("{base}{view}")).await;
        assert_eq!(page.status, StatusCode::OK, "{view}");
        let tabs = page.text.split("<nav class=\"tabs\"").nth(1).unwrap().split("</nav>").next().unwrap();
        let open: Vec<&str> = between(tabs, "aria-current=\"page\">", '<');
        assert_eq!(open.iter().map(|text| text.trim()).collect::<Vec<_>>(), [title]);
        assert!(page.text.contains(holds), "{view}: {}", page.text);
        assert_eq!(page.text.matches("<h1").count(), 1, "{view}");
    }
    assert_eq!(server.get(&format!("{base}/everything")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_statement_stays_at_the_address_of_its_cell_and_can_be_cited() {
    let server = Server::start(None);
    let base = format!("/stories/{}", server.story);
    let matrix = server.get(&format!("{base}/matrix")).await.text;
    let address =
        between(&matrix, "<a href=\"", '"').into_iter().find(|link| link.contains("/statements/s-"));
    let address = address.unwrap().to_owned();
    let page = server.get(&address).await;
    assert!(
        page.status == StatusCode::OK && page.text.contains(&format!("href=\"{address}\"")),
        "{}",
        page.text
    );
    let cited = server.get(&format!("{address}/citation")).await;
    assert_eq!(cited.media_type, "text/plain; charset=utf-8");
    assert!(cited.text.contains("“Bridge in the ") && cited.text.contains(", bytes "), "{}", cited.text);
    // The bytes that the citation names are the words that it cites.
    let report = between(&cited.text, "report ", ',').pop().unwrap();
    let range = cited.text.rsplit(' ').next().unwrap().trim_end_matches(')');
    let (start, end) = range.split_once('–').unwrap();
    let store = SqliteStore::open(&server.desk.settings().store).unwrap();
    let stored = store.report(report.parse().unwrap()).unwrap().unwrap().report;
    let words = &stored.text()[start.parse().unwrap()..end.parse().unwrap()];
    assert!(cited.text.contains(&format!(": “{words}” (")), "{words}: {}", cited.text);
    let row = server.json(&format!("/api/v1{base}/comparison")).await;
    let row = row["utterances"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(server.get(&format!("{base}/statements/{row}")).await.status, StatusCode::OK);
    assert_eq!(server.get(&format!("{base}/statements/s-0")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_reader_lights_a_statement_in_the_columns_that_are_asked_for() {
    let server = Server::start(None);
    let base = format!("/stories/{}/reader", server.story);
    let comparison = server.json(&format!("/api/v1/stories/{}/comparison", server.story)).await;
    let row = comparison["utterances"][0]["id"].as_str().unwrap();
    let columns = |page: &Answer| between(&page.text, "<article class=\"text\" id=\"text-", '"').join("");
    let page = server.get(&format!("{base}?reports=B,A&statement={row}")).await;
    assert_eq!(columns(&page), "BA");
    let lit = page.text.matches(" lit\"").count();
    assert!(lit >= 2, "{lit}: {}", page.text);
    assert!(page.text.contains("Show how they differ"));
    // Without a script, a statement leads to its place in the other column.
    assert!(page.text.contains(&format!("href=\"?reports=B,A&amp;statement={row}#{row}-")), "{}", page.text);
    assert_eq!(columns(&server.get(&base).await), "AB");
    assert_eq!(columns(&server.get(&format!("{base}?reports=zz,b")).await), "BA");
    let id = server.report("Courier").await;
    let of_report = columns(&server.get(&format!("{base}?reports={id}")).await);
    assert!(of_report == "AB" || of_report == "BA");
}

#[tokio::test]
async fn a_page_is_compressed_once_and_sent_as_it_is_taken() {
    let server = Server::start(None);
    let path = format!("/stories/{}/divergences", server.story);
    let plain = server.get(&path).await;
    let request = ask(&path).header(header::ACCEPT_ENCODING, "gzip, br").body(Body::empty()).unwrap();
    let response = server.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
    assert_eq!(response.headers()[header::ETAG].to_str().unwrap(), plain.tag.unwrap());
    let packed = response.into_body().collect().await.unwrap().to_bytes();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&packed[..]), &mut text).unwrap();
    assert_eq!(text, plain.text);
}

#[tokio::test]
async fn marks_of_direction_and_words_without_end_do_no_harm() {
    let server = Server::start(None);
    let word = "x".repeat(200_000);
    let draft = |outlet: &str, words: &str| ReportDraft {
        outlet: Some(format!("{outlet}\u{202e}\u{0}")),
        title: Some("Dam \u{2066}holds".to_owned()),
        text: format!("“The dam \u{202e}will hold {words} for 3 days,” said Ana \u{202d}Ruiz. {word} {word}"),
        ..ReportDraft::default()
    };
    let story = server.add(vec![draft("Post", "again"), draft("Sun", "and again")]);
    let id = server.json("/api/v1/reports?limit=1").await["reports"][0]["id"].as_str().unwrap().to_owned();
    let views =
        ["", "/divergences", "/matrix", "/quotations", "/only", "/reader", "/timeline", "/names", "/sources"];
    let mut pages: Vec<String> = views.iter().map(|view| format!("/stories/{story}{view}")).collect();
    pages.push(format!("/reports/{id}"));
    for path in pages {
        let page = server.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let harmful = page.text.contains(['\u{202e}', '\u{202d}', '\u{2066}', '\u{0}']);
        assert!(!harmful, "{path}");
    }
}

#[tokio::test]
async fn a_report_shows_layers_and_what_its_version_changed() {
    let server = Server::start(None);
    let draft = |day: &str, n: &str| ReportDraft {
        outlet: Some("Post".to_owned()),
        url: Some("https://post.example/a".to_owned()),
        published: Some(Published::Day(day.parse().unwrap())),
        text: format!(
            "The bridge at Lom fell after a week of rain and {n} people died, police said. The school stays shut."
        ),
        ..ReportDraft::default()
    };
    server.add(vec![draft("2026-03-02", "two"), draft("2026-03-03", "three")]);
    let listed = server.json("/api/v1/reports?limit=2").await;
    let id = |n: usize| listed["reports"][n]["id"].as_str().unwrap().to_owned();
    let new = server.get(&format!("/reports/{}", id(0))).await.text;
    assert!(new.contains("What changed from version 1 to this one"), "{new}");
    assert!(
        new.contains("<mark class=\"old\">two</mark>") && new.contains("<mark class=\"new\">three</mark>"),
        "{new}"
    );
    assert!(new.contains("id=\"layer-figures\" checked"), "{new}");
    let old = server.get(&format!("/reports/{}", id(1))).await.text;
    assert!(old.contains("This is the first version"), "{old}");
}

#[tokio::test]
async fn the_front_page_counts_witnesses_of_what_is_compared() {
    let server = Server::start(None);
    assert!(server.get("/").await.text.contains("not yet compared"));
    server.get(&format!("/stories/{}", server.story)).await;
    let front = server.get("/").await.text;
    assert!(front.contains(" witness") && !front.contains("not yet compared"), "{front}");
}

#[tokio::test]
async fn a_story_that_is_compared_ahead_is_ranked_by_its_witnesses() {
    let server = Server::start(None);
    let draft = |outlet: &str| {
        ReportDraft {
        outlet: Some(outlet.to_owned()),
        published: Some(Published::Day("2026-03-09".parse().unwrap())),
        text: "The weir at Dorn gave way on Monday and the lower town was cleared, the fire service said. Four people were taken to hospital in \
               Brill, and the road to the mill stays closed until the water has gone down, it said in a statement that evening."
            .to_owned(),
        ..ReportDraft::default()
    }
    };
    let copied = server.add(["Echo", "Post", "Courier", "Gazette"].map(draft).into());
    let mut store = SqliteStore::open(&server.desk.settings().store).unwrap();
    let rank = |store: &SqliteStore| {
        let front = crate::front::Front::of(store, &server.desk.witnesses).unwrap();
        let line = front.line(copied).unwrap().clone();
        (line.n_lately, line.n_grown())
    };
    assert_eq!(rank(&store), (4, 4), "four outlets, as long as nobody knows better");
    server.desk.compare_ahead(&mut store, copied).unwrap();
    assert_eq!(rank(&store), (4, 1), "they run one report");
    let n_comparisons = store.comparison_of(copied).unwrap();
    server.desk.compare_ahead(&mut store, copied).unwrap();
    assert_eq!(store.comparison_of(copied).unwrap(), n_comparisons, "nothing is compared twice");
}
