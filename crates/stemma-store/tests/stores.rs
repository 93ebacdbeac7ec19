//! The same tests over every store, and what is particular to files.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use stemma_annotate::Annotator;
use stemma_core::{Correction, Document, Origin, Published, Report, ReportDraft, ReportId, Story, StoryId};
use stemma_store::{
    ContentHash, MemoryStore, SqliteStore, Store, StoreError, StoredReport, StoredStory, comparison_key,
    producers,
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

#[test]
fn reports_come_back_equal_and_in_order() {
    each_store(|store| {
        let [a, b] = reports().map(|report| StoredReport { report, bytes: None });
        let a = StoredReport { bytes: Some(ContentHash::of(b"bytes")), ..a };
        assert_eq!(store.put_reports(&[a.clone(), b.clone(), a.clone()]).unwrap(), 2);
        assert_eq!(store.put_reports(std::slice::from_ref(&b)).unwrap(), 0);
        assert_eq!(store.report_ids().unwrap(), [a.report.id(), b.report.id()]);
        assert_eq!(store.report(a.report.id()).unwrap(), Some(a));
        assert_eq!(store.report(b.report.id()).unwrap(), Some(b));
        assert_eq!(store.report(ReportId::of(None, None, "other")).unwrap(), None);
    });
}

#[test]
fn documents_come_back_equal_under_their_own_producers_only() {
    each_store(|store| {
        let documents = reports().map(annotate);
        let made_by = producers(documents[0].layers());
        store.put_documents(&documents).unwrap();
        store.put_documents(&documents).unwrap();
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
        store
            .put_reports(&[&a, &b].map(|report| StoredReport { report: report.clone(), bytes: None }))
            .unwrap();
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
fn comparisons_and_states_come_back_equal() {
    each_store(|store| {
        let documents = reports().map(annotate);
        let made_by = producers(documents[0].layers());
        let key = comparison_key(&documents.each_ref().map(|d| d.report().id()), &made_by, "compare 1");
        let comparison = stemma_compare::compare(&Story::new(documents.into()));
        assert_eq!(store.comparison(key).unwrap(), None);
        store.put_comparison(key, &comparison).unwrap();
        assert_eq!(store.comparison(key).unwrap(), Some(comparison));
        store.put_state("grouping", "").unwrap();
        store.put_state("grouping", r#"{"n": 0.1, "list": [1, 2]}"#).unwrap();
        assert_eq!(store.state("grouping").unwrap().as_deref(), Some(r#"{"n": 0.1, "list": [1, 2]}"#));
        assert_eq!(store.state("other").unwrap(), None);
    });
}

#[test]
fn a_file_keeps_what_was_put_and_another_process_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let document = annotate(reports()[0].clone());
    let made_by = producers(document.layers());
    let mut writer = SqliteStore::open(&path).unwrap();
    let reader = SqliteStore::open(&path).unwrap();
    writer.put_documents(std::slice::from_ref(&document)).unwrap();
    assert_eq!(reader.document(document.report().id(), &made_by).unwrap(), Some(document.clone()));
    drop((writer, reader));
    let again = SqliteStore::open(&path).unwrap();
    assert_eq!(again.schema_version().unwrap(), 2);
    assert_eq!(again.document(document.report().id(), &made_by).unwrap(), Some(document));
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

#[test]
fn a_file_of_the_first_schema_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let stored = StoredReport { report: reports()[0].clone(), bytes: None };
    let mut store = SqliteStore::open(&path).unwrap();
    store.put_reports(std::slice::from_ref(&stored)).unwrap();
    drop(store);
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch("DROP TABLE corrections; PRAGMA user_version = 1;").unwrap();
    drop(file);
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.schema_version().unwrap(), 2);
    assert_eq!(store.report(stored.report.id()).unwrap(), Some(stored));
    assert_eq!(store.put_correction(&Correction::Undo { number: 1 }).unwrap(), 1);
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
    assert!(matches!(SqliteStore::open(&newer).unwrap_err(), StoreError::Newer { found: 99, known: 2, .. }));
    let nowhere = SqliteStore::open(&folder.path().join("no/such/folder.db")).unwrap_err();
    assert!(matches!(nowhere, StoreError::Open { .. }), "{nowhere}");
}

#[test]
fn damage_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let document = annotate(reports()[0].clone());
    let made_by = producers(document.layers());
    SqliteStore::open(&path).unwrap().put_documents(std::slice::from_ref(&document)).unwrap();
    let tamper = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let id = document.report().id();
    tamper("UPDATE layers SET layers = '{'");
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
        store.put_documents(std::slice::from_ref(&document)).unwrap();
        prop_assert_eq!(store.document(document.report().id(), &made_by).unwrap(), Some(document));
    }
}
