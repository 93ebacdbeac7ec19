//! Lists for those who look around in a store.

use std::sync::Arc;

use stemma_annotate::Annotator;
use stemma_core::{Origin, Published, Report, ReportDraft, StoryId};
use stemma_store::{Member, NameQuery, NewDocument, QuotationQuery, SqliteStore, Store, StoredStory};

fn report(outlet: &str, day: &str, text: &str) -> Report {
    let draft = ReportDraft {
        outlet: Some(outlet.into()),
        url: Some("https://example.org/bridge".into()),
        title: Some(format!("Bridge in the {outlet}")),
        published: Some(Published::Day(day.parse().unwrap())),
        text: text.into(),
        ..ReportDraft::default()
    };
    Report::new(draft, Origin::whole("-"))
}

/// Two reports of one story, and one of none.
fn filled() -> (SqliteStore, StoryId) {
    let annotator = Annotator::load();
    let texts = [
        ("Post", "2026-03-02", "“The bridge is 100% safe,” Mayor Ana Ruiz said on Friday."),
        ("Courier", "2026-03-01", "The bridge reopened. “We waited too long,” Mayor Ana Ruiz said."),
        ("Gazette", "2026-03-03", "The school stays closed, said Ole Berg."),
    ];
    let documents: Vec<NewDocument> = texts
        .map(|(outlet, day, text)| annotator.annotate(Arc::new(report(outlet, day, text))).into())
        .into();
    let mut store = SqliteStore::in_memory().unwrap();
    store.put_documents(&documents).unwrap();
    let reports: Vec<_> = documents[..2].iter().map(|new| new.document.report().id()).collect();
    let id = StoryId::opened_by(reports[0]);
    store.put_stories(&[StoredStory { id, label: "Bridge".into(), reports }]).unwrap();
    (store, id)
}

#[test]
fn members_of_stories_follow_each_other() {
    let (store, id) = filled();
    let mut told = Vec::new();
    store
        .for_each_member(&mut |member| {
            let Member { story, label, outlet, published } = member;
            told.push((story, format!("{label} {} {}", outlet.unwrap(), published.unwrap())));
        })
        .unwrap();
    assert_eq!(told, [(id, "Bridge Post 2026-03-02".into()), (id, "Bridge Courier 2026-03-01".into())]);
    assert_eq!(store.n_reports().unwrap(), 3);
    let story = store.story(id).unwrap().unwrap();
    assert_eq!((story.label.as_str(), story.reports.len()), ("Bridge", 2));
    // A story that was opened by a report of this one has become a part of it.
    let former = StoryId::opened_by(story.reports[1]);
    assert_eq!(store.story(former).unwrap().unwrap(), story);
    let other = StoryId::opened_by(store.latest_reports(None, 1).unwrap()[0].id);
    assert_eq!(store.story(other).unwrap(), None);
}

#[test]
fn reports_are_listed_page_by_page() {
    let (store, id) = filled();
    let first = store.latest_reports(None, 2).unwrap();
    let outlets = |lines: &[stemma_store::ReportLine]| -> Vec<String> {
        lines.iter().filter_map(|line| line.outlet.clone()).collect()
    };
    assert_eq!(outlets(&first), ["Gazette", "Courier"]);
    assert_eq!((first[0].story, first[1].story), (None, Some(id)));
    assert_eq!(outlets(&store.latest_reports(Some(first[1].number), 2).unwrap()), ["Post"]);
    assert_eq!(outlets(&store.versions_of(first[0].id).unwrap()), ["Courier", "Post", "Gazette"]);
    assert_eq!(store.report_line(first[0].id).unwrap().as_ref(), Some(&first[0]));
}

#[test]
fn quotations_are_found_by_speaker_and_words() {
    let (store, _) = filled();
    let found = |query: QuotationQuery<'_>| -> Vec<String> {
        let found = store.quotations(&QuotationQuery { limit: 10, ..query }).unwrap();
        found
            .iter()
            .map(|each| format!("{}: {}", each.report.outlet.as_deref().unwrap(), each.text))
            .collect()
    };
    let ruiz = QuotationQuery { speaker: Some("ruiz"), ..QuotationQuery::default() };
    assert_eq!(found(ruiz.clone()), ["Courier: We waited too long,", "Post: The bridge is 100% safe,"]);
    assert_eq!(
        found(QuotationQuery { after: Some([2, 0]), ..ruiz.clone() }),
        ["Post: The bridge is 100% safe,"]
    );
    assert_eq!(found(QuotationQuery { words: Some("100% s"), ..ruiz.clone() }).len(), 1);
    // A sign of patterns stands for itself.
    assert!(found(QuotationQuery { words: Some("100_ s"), ..ruiz }).is_empty());
    let speakers = store.speakers(100, 10).unwrap();
    let told: Vec<_> = speakers.iter().map(|each| (each.name.as_str(), each.n_reports)).collect();
    assert_eq!(told, [("Ana Ruiz", 2), ("Ole Berg", 1)]);
    assert_eq!(store.speakers(1, 10).unwrap().len(), 1);
}

#[test]
fn names_are_listed_with_what_is_said_by_and_of_them() {
    let (mut store, id) = filled();
    let text = "“Ruiz was late,” said Ole Berg. Ana Ruiz did not answer.";
    let document = Annotator::load().annotate(Arc::new(report("Echo", "2026-03-04", text)));
    store.put_documents(&[document.into()]).unwrap();
    let all = NameQuery { kind: Some("person"), n_latest: 10, limit: 10, ..NameQuery::default() };
    let told = |query: &NameQuery<'_>| -> Vec<String> {
        let names = store.names(query).unwrap();
        names.iter().map(|line| format!("{} {} {}", line.name, line.kind, line.n_reports)).collect()
    };
    assert_eq!(told(&all), ["Ana Ruiz person 3", "Ole Berg person 2"]);
    assert_eq!(told(&NameQuery { skip: 1, ..all.clone() }), ["Ole Berg person 2"]);
    assert_eq!(told(&NameQuery { words: Some("ruiz"), ..all.clone() }), ["Ana Ruiz person 3"]);
    assert_eq!(told(&NameQuery { words: Some("_uiz"), ..all.clone() }), [""; 0]);
    assert_eq!(told(&NameQuery { n_latest: 1, ..all }), ["Ana Ruiz person 1", "Ole Berg person 1"]);
    assert_eq!(store.kinds_of("ana ruiz").unwrap()[0].n_reports, 3);
    let stories = store.stories_naming("Ana Ruiz", 10).unwrap();
    assert_eq!((stories.len(), stories[0].id, stories[0].n_reports), (1, id, 2));
    assert_eq!(store.reports_naming("Ole Berg", 10).unwrap().len(), 2);
    assert_eq!(store.said_by("ANA RUIZ", 10).unwrap().len(), 2);
    let about: Vec<_> = store.said_about("Ana Ruiz", 10).unwrap().into_iter().map(|each| each.text).collect();
    assert_eq!(about, ["Ruiz was late,"]);
}

#[test]
fn changes_by_others_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let (watching, mut writing) = (SqliteStore::open(&path).unwrap(), SqliteStore::open(&path).unwrap());
    let before = watching.data_version().unwrap();
    assert_eq!(watching.data_version().unwrap(), before);
    writing.put_reports(&[report("Post", "2026-03-02", "The bridge reopened.").into()]).unwrap();
    assert_ne!(watching.data_version().unwrap(), before);
}
