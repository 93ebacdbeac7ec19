//! The same tests over every store, and what is particular to files.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use stemma_annotate::Annotator;
use stemma_core::{
    Content, Correction, Document, Origin, Published, Report, ReportDraft, ReportId, Story, StoryId,
};
use stemma_store::{
    ContentHash, Feed, Fetch, MemoryStore, NewDocument, NewReport, SqliteStore, Store, StoreError,
    StoredStory, StoryEvent, StoryEventKind, comparison_key, producers,
};

fn annotate(report: Report) -> Document {
    static ANNOTATOR: OnceLock<Annotator> = OnceLock::new();
    ANNOTATOR.get_or_init(Annotator::load).annotate(Arc::new(report))
}

fn report(outlet: &str, text: &str) -> Report {
    let draft = ReportDraft {
        given_id: Some(format!("{outlet}-1")),
        outlet: Some(outlet.into()),
        url: Some("https://example.org/a?b=ü".into()),
        title: Some("Bridge “reopens”".into()),
        byline: Some("Jo Ødegård".into()),
        published: Some(Published::Instant(
            "2026-03-01T23:30:00.123Z".parse().unwrap(),
            jiff::tz::Offset::constant(2),
        )),
        language: Some("en-GB".into()),
        text: text.into(),
        extra: serde_json::from_str(r#"{"score": 0.1234567890123456789, "tags": ["a", null], "b": {}}"#)
            .unwrap(),
    };
    Report::new(draft, Origin { place: "a/b.jsonl".into(), item: Some(7) })
}

fn reports() -> [Report; 2] {
    [
        report("Post", "“The bridge is safe,” mayor Ana Ruiz said on Friday. It reopened after 3 weeks."),
        report(
            "Courier",
            "The bridge reopened on Friday after three weeks. “The bridge is safe,” Ruiz said.",
        ),
    ]
}

fn each_store(test: impl Fn(&mut dyn Store)) {
    test(&mut MemoryStore::new());
    test(&mut SqliteStore::in_memory().unwrap());
    let folder = tempfile::tempdir().unwrap();
    test(&mut SqliteStore::open(&folder.path().join("store.db")).unwrap());
}

fn content(bytes: &[u8], start: u64) -> Content {
    let range = Some(start..start + bytes.len() as u64);
    Content { bytes: bytes.into(), media_type: "application/json".into(), range }
}

fn new(report: &Report) -> NewReport {
    report.clone().into()
}

#[test]
fn reports_come_back_equal_and_in_order() {
    each_store(|store| {
        let [a, b] = reports();
        let line = content(b"{\"text\": \"The bridge reopened.\"}", 40);
        let with_bytes = NewReport { report: a.clone(), content: Some(line.clone()) };
        assert_eq!(store.put_reports(&[with_bytes, new(&b), new(&a)]).unwrap(), 2);
        assert_eq!(store.put_reports(&[new(&b)]).unwrap(), 0);
        assert_eq!(store.report_ids().unwrap(), [a.id(), b.id()]);
        let stored = store.report(a.id()).unwrap().unwrap();
        assert_eq!((stored.report, stored.range), (a, line.range.clone()));
        let hash = stored.content.unwrap();
        assert_eq!(hash, ContentHash::of(&line.bytes));
        assert_eq!(store.content(hash).unwrap(), Some(Content { range: None, ..line }));
        let stored = store.report(b.id()).unwrap().unwrap();
        assert_eq!((&stored.report, stored.content, stored.range), (&b, None, None));
        assert_eq!(store.report(ReportId::of(None, None, "other")).unwrap(), None);
        assert_eq!(store.content(ContentHash::of(b"other")).unwrap(), None);
        // What had no bytes gets them when it is read again; what has some keeps them.
        let page = content(&b"<p>".repeat(1000), 0);
        let again = |content: &Content| NewReport { report: b.clone(), content: Some(content.clone()) };
        assert_eq!(store.put_reports(&[again(&page), again(&content(b"other", 0))]).unwrap(), 0);
        assert_eq!(store.report(b.id()).unwrap().unwrap().content, Some(ContentHash::of(&page.bytes)));
    });
}

#[test]
fn documents_come_back_equal_under_their_own_producers_only() {
    each_store(|store| {
        let documents = reports().map(annotate);
        let made_by = producers(documents[0].layers());
        let line = content(b"{}", 0);
        let new: Vec<NewDocument> = documents
            .iter()
            .map(|document| NewDocument { document: document.clone(), content: Some(line.clone()) })
            .collect();
        assert_eq!(store.put_documents(&new).unwrap(), [true, true]);
        assert_eq!(store.put_documents(&new).unwrap(), [false, false]);
        for document in documents {
            let id = document.report().id();
            assert_eq!(store.document(id, &made_by).unwrap(), Some(document));
            assert_eq!(store.document(id, "tokens 0").unwrap(), None);
        }
    });
}

#[test]
fn stories_are_replaced_and_name_known_reports_only() {
    each_store(|store| {
        let [a, b] = reports();
        let (id, other) = (StoryId::opened_by(a.id()), StoryId::opened_by(b.id()));
        let story = |reports: &[&Report]| StoredStory {
            id,
            label: "Bridge reopens".into(),
            reports: reports.iter().map(|report| report.id()).collect(),
        };
        let missing = store.put_stories(&[story(&[&a])]).unwrap_err();
        assert!(matches!(missing, StoreError::NoSuchReport { report, .. } if report == a.id()), "{missing}");
        assert_eq!(store.stories().unwrap(), [], "a call that fails keeps nothing");
        store.put_reports(&[new(&a), new(&b)]).unwrap();
        store
            .put_stories(&[story(&[&a]), StoredStory { id: other, label: String::new(), reports: vec![] }])
            .unwrap();
        store.put_stories(&[story(&[&b, &a])]).unwrap();
        let mut expected =
            vec![story(&[&b, &a]), StoredStory { id: other, label: String::new(), reports: vec![] }];
        expected.sort_by_key(|story| story.id);
        assert_eq!(store.stories().unwrap(), expected);
    });
}

#[test]
fn what_becomes_of_stories_is_told() {
    each_store(|store| {
        let reports: Vec<Report> =
            ["Post", "Courier", "Gazette"].map(|outlet| report(outlet, "It burned.")).into();
        store.put_reports(&reports.iter().map(new).collect::<Vec<_>>()).unwrap();
        let ids: Vec<ReportId> = reports.iter().map(Report::id).collect();
        let (a, b) = (StoryId::opened_by(ids[0]), StoryId::opened_by(ids[2]));
        let story = |id, members: &[usize]| StoredStory {
            id,
            label: "Fire".into(),
            reports: members.iter().map(|&n| ids[n]).collect(),
        };
        store.put_stories(&[story(a, &[0])]).unwrap();
        store.put_stories(&[story(a, &[0, 1]), story(b, &[2])]).unwrap();
        store.put_stories(&[story(b, &[2, 1]), story(a, &[0])]).unwrap();
        store.replace_stories(&[story(a, &[0, 1, 2])]).unwrap();
        store.replace_stories(&[story(a, &[0, 1, 2])]).unwrap();
        let name = |id| if id == a { "a" } else { "b" };
        let shown: Vec<String> = store
            .story_events()
            .unwrap()
            .into_iter()
            .map(|StoryEvent { story, kind, report, other }| {
                let report = report.map(|id| ids.iter().position(|&other| other == id).unwrap());
                let report = report.map_or(String::new(), |n| format!(" {n}"));
                let other = other.map_or(String::new(), |other| format!(", {}", name(other)));
                format!("{} {}{report}{other}", name(story), kind.as_str())
            })
            .collect();
        assert_eq!(
            shown,
            [
                "a opened 0",
                "a joined 1",
                "b opened 2",
                "b joined 1, a",
                "a left 1, b",
                "a joined 1, b",
                "a joined 2, b",
                "b left 2, a",
                "b left 1, a",
                "b ended, a"
            ]
        );
        assert_eq!(store.stories().unwrap(), [story(a, &[0, 1, 2])]);
        assert_ne!(StoryEventKind::Joined, StoryEventKind::Left);
    });
}

#[test]
fn comparisons_and_states_come_back_equal() {
    each_store(|store| {
        let documents = reports().map(annotate);
        let key = comparison_key(&documents, "compare 1");
        let story = Story::new(documents.to_vec());
        let comparison = stemma_compare::compare(&story);
        assert_eq!(store.comparison(key).unwrap(), None);
        let missing = store.put_comparison(key, None, &story, &comparison).unwrap_err();
        assert!(matches!(missing, StoreError::NoSuchReport { .. }), "{missing}");
        assert_eq!(store.comparison(key).unwrap(), None, "a call that fails keeps nothing");
        store.put_documents(&documents.map(NewDocument::from)).unwrap();
        store.put_comparison(key, None, &story, &comparison).unwrap();
        store.put_comparison(key, Some(StoryId::opened_by(reports()[0].id())), &story, &comparison).unwrap();
        assert_eq!(store.comparison(key).unwrap(), Some(comparison));
        store.put_state("grouping", "").unwrap();
        store.put_state("grouping", r#"{"n": 0.1, "list": [1, 2]}"#).unwrap();
        assert_eq!(store.state("grouping").unwrap().as_deref(), Some(r#"{"n": 0.1, "list": [1, 2]}"#));
        assert_eq!(store.state("other").unwrap(), None);
    });
}

#[test]
fn a_key_depends_on_the_order_on_metadata_and_on_every_version() {
    let [a, b] = reports().map(annotate);
    let title =
        ReportDraft { text: "It burned.".into(), title: Some("Fire".into()), ..ReportDraft::default() };
    let titled = annotate(Report::new(title, Origin::whole("-")));
    let untitled = annotate(Report::of_text("It burned."));
    assert_eq!(titled.report().id(), untitled.report().id());
    let keys = [
        comparison_key(&[a.clone(), b.clone()], "compare 1"),
        comparison_key(&[b, a.clone()], "compare 1"),
        comparison_key(&[a.clone(), titled], "compare 1"),
        comparison_key(&[a.clone(), untitled.clone()], "compare 1"),
        comparison_key(&[a, untitled], "compare 2"),
    ];
    assert!((0..keys.len()).all(|n| !keys[..n].contains(&keys[n])));
}

#[test]
fn a_file_keeps_what_was_put_and_another_process_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let document = annotate(reports()[0].clone());
    let made_by = producers(document.layers());
    let mut writer = SqliteStore::open(&path).unwrap();
    let reader = SqliteStore::open(&path).unwrap();
    writer.put_documents(&[document.clone().into()]).unwrap();
    assert_eq!(reader.document(document.report().id(), &made_by).unwrap(), Some(document.clone()));
    drop((writer, reader));
    let again = SqliteStore::open(&path).unwrap();
    assert_eq!(again.schema_version().unwrap(), 5);
    assert_eq!(again.document(document.report().id(), &made_by).unwrap(), Some(document));
}

#[test]
fn feeds_and_fetches() {
    let mut store = SqliteStore::in_memory().unwrap();
    let feed = |url: &str, title: Option<&str>| Feed {
        url: url.into(),
        title: title.map(Into::into),
        folder: Some("Europe/North".into()),
    };
    let (a, b) = (feed("https://b.example/rss", None), feed("https://a.example/rss", Some("A")));
    assert_eq!(store.put_feeds(&[a.clone(), b.clone()]).unwrap(), 2);
    assert_eq!(store.put_feeds(&[feed(&a.url, Some("B")), Feed { title: None, ..b.clone() }]).unwrap(), 0);
    assert_eq!(store.feeds().unwrap(), [b.clone(), feed(&a.url, Some("B"))]);
    assert!(store.remove_feed(&a.url).unwrap() && !store.remove_feed(&a.url).unwrap());
    let failed = Fetch {
        url: a.url,
        final_url: None,
        status: None,
        problem: Some("no answer in 10 s".into()),
        etag: None,
        last_modified: None,
        sha256: None,
        fetched_at: "2026-03-02T10:00:00Z".parse().unwrap(),
        next_allowed: Some("2026-03-02T10:20:00Z".parse().unwrap()),
        failures: 3,
        refetches: 2,
    };
    store.put_fetch(&failed).unwrap();
    assert_eq!(store.fetch(&failed.url).unwrap(), Some(failed.clone()));
    let done = Fetch {
        status: Some(200),
        problem: None,
        etag: Some("\"a\"".into()),
        sha256: Some(ContentHash::of(b"")),
        failures: 0,
        ..failed
    };
    store.put_fetch(&done).unwrap();
    assert_eq!(store.fetch(&done.url).unwrap(), Some(done));
    assert_eq!(store.fetch("https://c.example").unwrap(), None);
}

#[test]
fn corrections_are_kept_in_order() {
    each_store(|store| {
        let [a, b] = reports().map(|report| report.id());
        let made = [
            Correction::Split { reports: vec![a], rest: vec![b] },
            Correction::Move { reports: vec![a], to: vec![b], rest: vec![] },
            Correction::Undo { number: 2 },
        ];
        let numbers: Vec<usize> = made.iter().map(|c| store.put_correction(c).unwrap()).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(store.corrections().unwrap(), made);
    });
}

/// Files as earlier versions wrote them, from `tests/schemas`: everything in them is found.
#[test]
fn a_file_of_every_earlier_schema_is_brought_up_to_date() {
    for (schema, dump) in [(1, include_str!("schemas/1.sql")), (2, include_str!("schemas/2.sql"))] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        rusqlite::Connection::open(&path).unwrap().execute_batch(dump).unwrap();
        let mut store = SqliteStore::open(&path).unwrap();
        assert_eq!(store.schema_version().unwrap(), 5);
        let ids = store.report_ids().unwrap();
        let stored: Vec<_> = ids.iter().map(|&id| store.report(id).unwrap().unwrap()).collect();
        let [post, courier] = &stored[..] else { panic!("{stored:?}") };
        assert_eq!(post.report.title(), Some("Bridge “reopens”"));
        assert_eq!(post.report.published().unwrap().to_string(), "2026-03-02T01:30:00+02:00");
        assert_eq!((post.report.given_id(), post.report.origin().item), (Some("post-1"), Some(1)));
        assert_eq!(post.report.extra()["score"], 0.5);
        assert_eq!(courier.report.text(), "The bridge is not safe, Ana Ruiz said.");
        // The bytes were not kept then, their hash was.
        assert_eq!((post.content, courier.content), (Some(ContentHash::of(b"abc")), None));
        assert_eq!(store.content(ContentHash::of(b"abc")).unwrap(), None);
        let made_by = store.producers_of(post.report.id()).unwrap().unwrap();
        let document = store.document(post.report.id(), &made_by).unwrap().unwrap();
        assert_eq!(document.layers().attributions.len(), 1);
        let story = StoredStory {
            id: "100785aa6afca4f1".parse().unwrap(),
            label: "Bridge “reopens”".into(),
            reports: vec![courier.report.id(), post.report.id()],
        };
        assert_eq!(store.stories().unwrap(), [story]);
        let key: ContentHash = format!("{:0>64}", "0a").parse().unwrap();
        assert_eq!(store.comparison(key).unwrap().unwrap().witnesses.len(), 1);
        assert_eq!(store.state("stream").unwrap().as_deref(), Some(r#"{"n": 1}"#));
        let n_corrections = schema - 1;
        assert_eq!(store.corrections().unwrap().len(), n_corrections);
        assert_eq!(store.put_correction(&Correction::Undo { number: 1 }).unwrap(), n_corrections + 1);
        drop(store);
        let file = rusqlite::Connection::open(&path).unwrap();
        let quoted: String = file
            .query_row(
                "SELECT speaker || ': ' || quotation FROM v_quotations WHERE outlet = 'Post'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(quoted, "Ana Ruiz: The bridge is safe,");
        let day: String = file
            .query_row("SELECT published_day FROM reports WHERE number = 1", [], |row| row.get(0))
            .unwrap();
        assert_eq!(day, "2026-03-02");
        let sound: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        assert!(!file.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap());
        assert_eq!(tables(&file), tables_of_a_new_store(), "schema {schema}");
    }
}

/// Everything that the schema consists of.
fn tables(file: &rusqlite::Connection) -> Vec<String> {
    let mut statement = file
        .prepare("SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
        .unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn tables_of_a_new_store() -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(SqliteStore::open(&path).unwrap());
    tables(&rusqlite::Connection::open(&path).unwrap())
}

#[test]
fn other_files_are_refused_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "These are notes and no store at all. ".repeat(40)).unwrap();
    assert!(matches!(SqliteStore::open(&text).unwrap_err(), StoreError::NotAStore { .. }));
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("These are notes"));
    let foreign = folder.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE mine (a)").unwrap();
    assert!(matches!(SqliteStore::open(&foreign).unwrap_err(), StoreError::NotAStore { .. }));
    let newer = folder.path().join("newer.db");
    drop(SqliteStore::open(&newer).unwrap());
    rusqlite::Connection::open(&newer).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(matches!(SqliteStore::open(&newer).unwrap_err(), StoreError::Newer { found: 99, known: 5, .. }));
    let nowhere = SqliteStore::open(&folder.path().join("no/such/folder.db")).unwrap_err();
    assert!(matches!(nowhere, StoreError::Open { .. }), "{nowhere}");
}

#[test]
fn damage_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let document = annotate(reports()[0].clone());
    let made_by = producers(document.layers());
    SqliteStore::open(&path).unwrap().put_documents(&[document.clone().into()]).unwrap();
    let tamper = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let id = document.report().id();
    tamper("UPDATE layers SET layers = substr(layers, 1, 100)");
    let problem = SqliteStore::open(&path).unwrap().document(id, &made_by).unwrap_err().to_string();
    assert!(problem.starts_with(&format!("the layers of report {id}: damaged in the store: ")), "{problem}");
    tamper("UPDATE reports SET text = 'short'");
    let problem = SqliteStore::open(&path).unwrap().report(id).unwrap_err().to_string();
    assert!(
        problem.starts_with(&format!("report {id}: damaged in the store: its parts have the id ")),
        "{problem}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_report_and_its_layers_come_back_equal(
        text in "(\\PC|[\n\t“”\"'’\0]){0,120}", outlet in proptest::option::of(".{0,12}"),
        title in proptest::option::of(".{0,20}"), day in proptest::option::of(0_i64..40_000), item in any::<Option<u32>>(),
    ) {
        let published = day.map(|day| {
            Published::Instant(jiff::Timestamp::from_second(day * 80_021).unwrap(), jiff::tz::Offset::from_seconds(day as i32 - 20_000).unwrap())
        });
        let draft = ReportDraft { text, outlet, title, published, ..ReportDraft::default() };
        let origin = Origin { place: "-".into(), item: item.map(u64::from) };
        let document = annotate(Report::new(draft, origin));
        let made_by = producers(document.layers());
        let mut store = SqliteStore::in_memory().unwrap();
        store.put_documents(&[document.clone().into()]).unwrap();
        prop_assert_eq!(store.document(document.report().id(), &made_by).unwrap(), Some(document));
    }
}

#[test]
fn a_store_is_made_by_many_at_once() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let open = || SqliteStore::open(&path).and_then(|store| store.schema_version());
        let opened: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for version in opened {
            assert_eq!(version.unwrap(), SqliteStore::in_memory().unwrap().schema_version().unwrap());
        }
    }
}
