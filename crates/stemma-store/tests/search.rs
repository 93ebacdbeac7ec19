//! Search over stores that reports were put into.

use std::sync::Arc;

use jiff::civil::Date;
use proptest::prelude::*;
use rusqlite::Connection;
use stemma_annotate::Annotator;
use stemma_core::{Origin, Published, Report, ReportDraft, StoryId};
use stemma_store::search::{Hit, Hits, Order, Search, Terms};
use stemma_store::{NewDocument, NewReport, SqliteStore, Store, StoredStory};

const TRADE: &str = "Geneva talks on rare earth exports ended on Monday without a deal. “We will not sell our rare earths below their price,” \
    Trade Minister Olena Hrytsenko said. The European Union had asked for lower tariffs.";
const MINES: &str = "The earth is rarely as rich as in Lom, where a mine for rare metals opens in May. “Mining will double our tariff income,” Mayor Ana Ruiz said.";
const FERRY: &str = "The ferry Estrela struck a pier in Almara on Sunday, and fourteen people were hurt. Captain Inês Duarte said the lights went out.";

fn report(outlet: &str, title: &str, day: Option<&str>, text: &str) -> Report {
    let draft = ReportDraft {
        outlet: Some(outlet.to_owned()),
        url: Some(format!("https://www.{}.example/news", outlet.to_lowercase())),
        title: Some(title.to_owned()),
        published: day.map(|day| Published::Day(day.parse().unwrap())),
        text: text.to_owned(),
        ..ReportDraft::default()
    };
    Report::new(draft, Origin::whole("-"))
}

fn reports() -> Vec<Report> {
    vec![
        report("Courier", "No deal on metals", Some("2026-03-02"), TRADE),
        report("Gazette", "Rare earths: a mine for Lom", Some("2026-04-10"), MINES),
        report("Post", "Ferry hits pier", None, FERRY),
        report(
            "Herald",
            "No deal on metals, says minister",
            Some("2026-03-03"),
            &TRADE.replace("on Monday", "late on Monday"),
        ),
    ]
}

fn documents(reports: Vec<Report>) -> Vec<NewDocument> {
    let annotator = Annotator::load();
    reports.into_iter().map(|report| NewDocument::from(annotator.annotate(Arc::new(report)))).collect()
}

fn store() -> SqliteStore {
    let mut store = SqliteStore::in_memory().unwrap();
    store.put_documents(&documents(reports())).unwrap();
    store.update_search(|_| ()).unwrap();
    store
}

fn terms(text: &str) -> Option<Terms> {
    Some(Terms::parse(text).unwrap())
}

fn search() -> Search {
    Search { limit: 10, ..Search::default() }
}

fn marked(hit: &Hit) -> String {
    let piece = |piece: &stemma_store::search::Piece| match piece.found {
        true => format!("[{}]", piece.text),
        false => piece.text.clone(),
    };
    hit.snippet.iter().map(piece).collect()
}

fn shown(hits: &Hits) -> String {
    let line = |hit: &Hit| {
        let outlet = hit.outlet.as_deref().unwrap_or_default();
        let speaker = hit
            .quotation
            .as_ref()
            .map(|quotation| format!(" {}:", quotation.speaker.as_deref().unwrap_or("?")));
        let alike = if hit.alike.is_empty() { String::new() } else { format!(" +{}", hit.alike.len()) };
        format!("{outlet}{alike}{} {}", speaker.unwrap_or_default(), marked(hit))
    };
    hits.hits.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn outlets(hits: &Hits) -> Vec<&str> {
    hits.hits.iter().map(|hit| hit.outlet.as_deref().unwrap_or_default()).collect()
}

#[test]
fn words_phrases_starts_and_operators() {
    let store = store();
    let found = |text: &str| {
        let hits = store.search(&Search { terms: terms(text), ..search() }).unwrap();
        format!("{text}: {}", outlets(&hits).join(", "))
    };
    let shown: Vec<String> = [
        "rare earth",
        "\"rare earth\"",
        "tari*",
        "tariffs -exports",
        "mine OR ferry",
        "(mine OR ferry) NOT Lom",
        "ines duarte",
        "DUARTE",
        "xylophone",
    ]
    .map(found)
    .into();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    rare earth: Gazette, Courier
    "rare earth": Gazette, Courier
    tari*: Gazette, Courier
    tariffs -exports: Gazette
    mine OR ferry: Post, Gazette
    (mine OR ferry) NOT Lom: Post
    ines duarte: Post
    DUARTE: Post
    xylophone: 
    "#);
}

#[test]
fn what_was_found_is_marked_and_copies_are_folded() {
    let store = store();
    let hits = store.search(&Search { terms: terms("rare earth"), ..search() }).unwrap();
    insta::assert_snapshot!(shown(&hits), @r"
    Gazette The [earth] is [rarely] as rich as in Lom, where a mine for [rare] metals opens in May. “Mining will double our tariff income,” Mayor Ana Ruiz said.
    Courier +1 Geneva talks on [rare] [earth] exports ended on Monday without a deal. “We will not sell our [rare] [earths] below their price,” Trade Minister Olena Hrytsenko said. The…
    ");
    assert_eq!((hits.n_matches, hits.more_match), (3, false));
}

#[test]
fn quotations_are_found_by_words_and_speaker() {
    let store = store();
    let find = |text: Option<&str>, speaker: Option<&str>| {
        let search = Search {
            quotations: true,
            terms: text.and_then(terms),
            speaker: speaker.and_then(terms),
            ..search()
        };
        shown(&store.search(&search).unwrap())
    };
    insta::assert_snapshot!(find(Some("sell"), None), @"Herald +1 Olena Hrytsenko: We will not [sell] our rare earths below their price,");
    insta::assert_snapshot!(find(None, Some("ruiz")), @"Gazette Ana Ruiz: Mining will double our tariff income,");
    insta::assert_snapshot!(find(Some("tariff*"), Some("\"Ana Ruiz\"")), @"Gazette Ana Ruiz: Mining will double our [tariff] income,");
    assert_eq!(find(Some("sell"), Some("Ruiz")), "");
}

#[test]
fn filters_narrow() {
    let store = store();
    let found = |search: Search| {
        let mut found: Vec<String> =
            outlets(&store.search(&search).unwrap()).into_iter().map(str::to_owned).collect();
        found.sort();
        found.join(" ")
    };
    let deal = || Search { terms: terms("deal OR mine OR ferry"), ..search() };
    assert_eq!(found(Search { outlet: terms("gazette"), ..deal() }), "Gazette");
    assert_eq!(found(Search { outlet: Some(Terms::phrase("post.example").unwrap()), ..deal() }), "Post");
    assert_eq!(found(Search { speaker: terms("ruiz"), ..deal() }), "Gazette");
    assert_eq!(found(Search { entity: terms("\"European Union\""), ..deal() }), "Courier");
    assert_eq!(found(Search { place: terms("almara"), ..deal() }), "Post");
    let day = |day: &str| Some(day.parse::<Date>().unwrap());
    assert_eq!(found(Search { since: day("2026-03-03"), ..deal() }), "Gazette Herald");
    assert_eq!(found(Search { until: day("2026-03-02"), ..deal() }), "Courier");
    assert_eq!(found(Search { since: day("2026-04-10"), until: day("2026-04-10"), ..search() }), "Gazette");
    assert_eq!(found(search()), "Gazette Herald Post", "without any condition everything is found");
    assert_eq!(found(Search { quotations: true, entity: terms("\"European Union\""), ..search() }), "Herald");
}

#[test]
fn a_story_is_searched_by_itself() {
    let mut store = store();
    let reports = reports();
    let id = StoryId::opened_by(reports[1].id());
    let stories =
        [StoredStory { id, label: "Mines".to_owned(), reports: vec![reports[1].id(), reports[2].id()] }];
    store.put_stories(&stories).unwrap();
    let found = |search: Search| store.search(&Search { story: Some(id), ..search }).unwrap();
    assert_eq!(outlets(&found(Search { terms: terms("rare"), ..search() })), ["Gazette"]);
    assert_eq!(outlets(&found(search())), ["Gazette", "Post"]);
    assert_eq!(outlets(&found(Search { quotations: true, terms: terms("mining"), ..search() })), ["Gazette"]);
    assert_eq!(found(Search { terms: terms("deal"), ..search() }).hits, []);
}

#[test]
fn the_newest_come_first_and_the_undated_last() {
    let store = store();
    let hits = store.search(&Search { terms: terms("the"), order: Order::Newest, ..search() }).unwrap();
    assert_eq!(outlets(&hits), ["Gazette", "Herald", "Post"]);
    let hits =
        store.search(&Search { terms: terms("the"), order: Order::Newest, limit: 1, ..search() }).unwrap();
    assert_eq!((outlets(&hits), hits.n_matches), (vec!["Gazette"], 4));
}

#[test]
fn the_index_follows_what_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut store = SqliteStore::open(&path).unwrap();
    let found = |store: &SqliteStore, search: Search| store.search(&search).unwrap().n_matches;
    let ferry = || Search { terms: terms("ferry"), ..search() };
    let speaker = || Search { quotations: true, speaker: terms("ruiz"), ..search() };

    store.put_reports(&reports().into_iter().map(NewReport::from).collect::<Vec<_>>()).unwrap();
    assert_eq!((found(&store, ferry()), store.n_unsearched().unwrap()), (0, 4));
    let mut told = Vec::new();
    store.update_search(|left| told.push(left)).unwrap();
    assert_eq!(told, [4, 0]);
    assert_eq!((found(&store, ferry()), found(&store, speaker()), store.n_unsearched().unwrap()), (1, 0, 0));

    // What is found in reports later is searched, too; nothing is there twice.
    for _ in 0..2 {
        store.put_documents(&documents(reports())).unwrap();
        store.update_search(|_| ()).unwrap();
        assert_eq!((found(&store, ferry()), found(&store, speaker())), (1, 1));
    }
    let other = Connection::open(&path).unwrap();
    let n_with = "SELECT n_reports FROM search_words WHERE word LIKE 'ferr%'";
    let n_with: i64 = other.query_row(n_with, [], |row| row.get(0)).unwrap();
    assert_eq!(n_with, 1, "a report that is indexed again counts once");
    // What another program takes out is gone; its number may be used again.
    other
        .execute_batch("PRAGMA foreign_keys = ON; DELETE FROM reports WHERE outlet IN ('Herald', 'Gazette')")
        .unwrap();
    assert_eq!(store.n_unsearched().unwrap(), 2);
    assert_eq!(
        store.search(&Search { terms: terms("rare"), ..search() }).unwrap().hits.len(),
        1,
        "what is gone is not shown"
    );
    store
        .put_reports(&[NewReport::from(report("Radio", "Ferry again", None, "Another ferry sank."))])
        .unwrap();
    store.update_search(|_| ()).unwrap();
    assert_eq!((found(&store, ferry()), found(&store, speaker())), (2, 0));
    let check: String = other.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn starts_of_many_words_are_told() {
    let mut store = SqliteStore::in_memory().unwrap();
    let words: Vec<String> = (0..100).map(|n| format!("tari{n}")).collect();
    store.put_reports(&[NewReport::from(Report::of_text(&words.join(" ")))]).unwrap();
    store.update_search(|_| ()).unwrap();
    let hits = store.search(&Search { terms: terms("tari*"), ..search() }).unwrap();
    assert_eq!((hits.n_matches, hits.broad), (1, vec!["tari".to_owned()]));
    assert_eq!(store.search(&Search { terms: terms("tari9*"), ..search() }).unwrap().broad, [""; 0]);
}

/// Whether a report of `words` is meant by a search, said plainly.
#[derive(Clone, Debug)]
enum Meant {
    Word(usize),
    All(Vec<Meant>, Vec<Meant>),
    Any(Vec<Meant>),
}

const WORDS: [&str; 5] = ["alpha", "bravo", "delta", "kilo", "tango"];

impl Meant {
    fn holds(&self, words: &[usize]) -> bool {
        match self {
            Meant::Word(word) => words.contains(word),
            Meant::All(wanted, unwanted) => {
                wanted.iter().all(|each| each.holds(words)) && !unwanted.iter().any(|each| each.holds(words))
            }
            Meant::Any(any) => any.iter().any(|each| each.holds(words)),
        }
    }

    fn written(&self) -> String {
        let join = |all: &[Meant], sign: &str| all.iter().map(Meant::written).collect::<Vec<_>>().join(sign);
        match self {
            Meant::Word(word) => WORDS[*word].to_owned(),
            Meant::All(wanted, unwanted) => {
                let unwanted: Vec<String> =
                    unwanted.iter().map(|each| format!(" NOT {}", each.written())).collect();
                format!("({}{})", join(wanted, " "), unwanted.concat())
            }
            Meant::Any(any) => format!("({})", join(any, " OR ")),
        }
    }
}

fn meant() -> impl Strategy<Value = Meant> {
    let word = (0..WORDS.len()).prop_map(Meant::Word);
    word.prop_recursive(3, 12, 3, |inner| {
        let some = |range| prop::collection::vec(inner.clone(), range);
        prop_oneof![
            (some(1..3), some(0..2)).prop_map(|(wanted, unwanted)| Meant::All(wanted, unwanted)),
            some(1..3).prop_map(Meant::Any),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_found_is_what_is_meant(texts in prop::collection::vec(prop::collection::vec(0..WORDS.len(), 0..4), 1..8), searches in prop::collection::vec(meant(), 1..6)) {
        let mut store = SqliteStore::in_memory().unwrap();
        // A word of its own makes each report another one.
        let text = |(n, words): (usize, &Vec<usize>)| format!("report{n} {}", words.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(" "));
        let reports: Vec<Report> = texts.iter().enumerate().map(|each| Report::of_text(&text(each))).collect();
        store.put_reports(&reports.iter().cloned().map(NewReport::from).collect::<Vec<_>>()).unwrap();
        store.update_search(|_| ()).unwrap();
        for meant in searches {
            let hits = store.search(&Search { terms: terms(&meant.written()), limit: 100, ..search() }).unwrap();
            let expected = texts.iter().filter(|words| meant.holds(words)).count();
            prop_assert_eq!(hits.n_matches, expected, "{}", meant.written());
            let shown: usize = hits.hits.iter().map(|hit| 1 + hit.alike.len()).sum();
            prop_assert_eq!(shown, expected);
        }
    }
}
