use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use stemma_annotate::Annotator;
use stemma_core::{Origin, Published, Report, ReportDraft};

use super::*;

static ANNOTATOR: LazyLock<Annotator> = LazyLock::new(Annotator::load);

const BRIDGE: &str = "The old bridge over the river at Lom fell on Sunday after a week of rain. Two men who worked on the bank \
    were hurt, and a fishing boat was lost. Police closed the road on both sides and asked people to stay away. The mayor, Ana \
    Ruiz, said that the town had warned of the cracks for years.\n\nEngineers will come from the capital on Monday. Ferries carry \
    people over the river until then, and the school stays closed.";

/// 32 words that no rule knows for furniture.
const NOTICE: &str = "Our reporters bring you the news of the valley each day with the help of readers who give what they \
    can. Thank you to all who stand by the paper and its work.";

fn report(outlet: &str, url: &str, title: &str, text: &str) -> Document {
    let draft = ReportDraft {
        outlet: (!outlet.is_empty()).then(|| outlet.to_owned()),
        url: (!url.is_empty()).then(|| url.to_owned()),
        title: (!title.is_empty()).then(|| title.to_owned()),
        text: text.to_owned(),
        ..ReportDraft::default()
    };
    ANNOTATOR.annotate(Arc::new(Report::new(draft, Origin::whole("-"))))
}

/// `n` words that stand in no other text.
fn own(text: &str, n: usize) -> String {
    (0..n)
        .map(|n| format!("{text}{}", "abcdefghij".chars().nth(n % 10).unwrap()) + &n.to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

fn show(found: &[Duplicate]) -> String {
    let line = |d: &Duplicate| {
        let identity = d.identity.map_or("nothing", Identity::as_str);
        format!(
            "{} {} {identity} share {:.2} resemblance {:.2}",
            d.level.as_str(),
            d.relation.as_str(),
            d.share,
            d.resemblance
        )
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What the second report is to the first.
fn between(first: &Document, second: &Document) -> String {
    let mut known = Duplicates::new(DuplicateOptions::default());
    assert!(known.add(first).is_empty());
    show(&known.add(second))
}

#[test]
fn three_levels_of_one_text() {
    let first = report("Post", "post.example/a", "Bridge falls", BRIDGE);
    let quoted = BRIDGE.replace(", ", " — ").replace('\n', " ").to_uppercase();
    let cut = format!("{} It will be rebuilt.", &BRIDGE[..BRIDGE.find("Engineers").unwrap()]);
    for (other, expected) in [
        (BRIDGE, "exact republication nothing share 1.00 resemblance 1.00"),
        (&quoted, "normalized republication nothing share 1.00 resemblance 1.00"),
        (&cut, "near republication nothing share 0.94 resemblance 0.69"),
        ("A boat was lost at Lom.", ""),
    ] {
        assert_eq!(between(&first, &report("Sun", "sun.example/b", "Rain takes bridge", other)), expected);
    }
}

#[test]
fn versions_are_told_from_copies_and_from_other_reports() {
    let edited =
        BRIDGE.replace("Two men", "Three men").replace("a fishing boat was lost", "two boats were lost");
    let first = report("Post", "https://www.post.example/a?utm_source=x", "Bridge at Lom falls", BRIDGE);
    let at =
        |outlet: &str, url: &str, title: &str, text: &str| between(&first, &report(outlet, url, title, text));
    insta::assert_snapshot!(at("Post", "post.example/a", "Three hurt as bridge falls", &edited), @"near version address share 0.84 resemblance 0.72");
    insta::assert_snapshot!(at("Post", "post.example/a#now", "Bridge at Lom falls", BRIDGE), @"exact same address share 1.00 resemblance 1.00");
    insta::assert_snapshot!(at("Post", "", "Bridge at Lom falls", &edited), @"near version headline share 0.84 resemblance 0.72");
    insta::assert_snapshot!(at("Sun", "sun.example/1", "Bridge at Lom falls", &edited), @"near republication nothing share 0.84 resemblance 0.72");
    // Another day's text at the address of a page that changes is no version.
    assert_eq!(at("Post", "post.example/a", "Weather", &own("w", 80)), "");
    // A part is a version where the address says so, and nothing elsewhere.
    let rewritten = format!("{} {}", &BRIDGE[..BRIDGE.find("Police").unwrap()], own("w", 60));
    insta::assert_snapshot!(at("Post", "post.example/a", "", &rewritten), @"partial version address share 0.39 resemblance 0.20");
    assert_eq!(at("Sun", "sun.example/1", "", &rewritten), "");
}

#[test]
fn a_report_that_is_known_changes_nothing() {
    let first = report("Post", "post.example/a", "", BRIDGE);
    let mut known = Duplicates::new(DuplicateOptions::default());
    known.add(&first);
    assert!(known.add(&first).is_empty());
    assert_eq!(known.len(), 1);
}

/// Reports of one outlet that share a notice, of `n` own words each.
fn pages(n_pages: usize, n_words: usize) -> Vec<Document> {
    (0..n_pages)
        .map(|n| {
            let text = format!("{}.\n\n{NOTICE}", own(&format!("p{n}"), n_words));
            report("Post", &format!("post.example/{n}"), &format!("{n} is the page"), &text)
        })
        .collect()
}

fn found_among(documents: &[Document]) -> Vec<String> {
    let pairs = duplicates(documents, &DuplicateOptions::default());
    pairs.iter().map(|pair| show(std::slice::from_ref(&pair.found))).collect()
}

#[test]
fn a_notice_on_every_page_joins_nothing() {
    // A stub of which the notice is more than half, and long reports that have the notice too.
    let stub =
        report("Post", "post.example/stub", "", &format!("Page not found, go home please.\n\n{NOTICE}"));
    let mut documents = pages(2, 100);
    documents.push(stub.clone());
    assert_eq!(found_among(&documents).len(), 2, "too few pages to know a notice");
    let mut documents = pages(4, 400);
    documents.push(stub.clone());
    assert_eq!(found_among(&documents), Vec::<String>::new());
    let mut known = Duplicates::new(DuplicateOptions::default());
    assert!(pages(4, 400).iter().all(|page| known.add(page).is_empty()));
    assert!(known.add(&stub).is_empty(), "the same as a stream");
    let mut known = Duplicates::new(DuplicateOptions { kept_texts: 0, ..DuplicateOptions::default() });
    assert!(pages(2, 90).iter().all(|page| known.add(page).is_empty()));
    let found = known.add(&stub);
    assert!(
        !found.is_empty() && found.iter().all(|d| !d.counted),
        "by sketches, too few pages to know a notice"
    );
    let mut known = Duplicates::new(DuplicateOptions { kept_texts: 0, ..DuplicateOptions::default() });
    assert!(pages(8, 90).iter().all(|page| known.add(page).is_empty()));
    assert_eq!(show(&known.add(&stub)), "", "by sketches");
}

#[test]
fn pages_that_are_nearly_nothing_but_a_notice_join_nothing() {
    assert_eq!(found_among(&pages(12, 12)), Vec::<String>::new());
    // The same page without a text, of nothing but what the annotator or other pages show to be furniture.
    for notice in [NOTICE, "Sign up for our newsletter.\n\nRead more"] {
        let empty: Vec<Document> =
            (0..12).map(|n| report("Post", &format!("post.example/{n}"), "", notice)).collect();
        assert_eq!(found_among(&empty), Vec::<String>::new(), "{notice}");
    }
}

#[test]
fn copies_of_one_text_are_no_furniture() {
    let copies: Vec<Document> = (0..12)
        .map(|n| report(&format!("outlet {n}"), "", "", &format!("{BRIDGE} {}", own(&format!("c{n}"), 5))))
        .collect();
    assert_eq!(found_among(&copies).len(), 66);
    let alert = report("Wire", "", "", &BRIDGE[..BRIDGE.find(" The mayor").unwrap()]);
    let with_alert = [&copies[..], &[alert]].concat();
    assert_eq!(found_among(&with_alert).len(), 66 + 12);
}

#[test]
fn the_order_of_a_batch_changes_nothing() {
    let mut documents = pages(5, 30);
    documents.push(report("Post", "post.example/x", "", BRIDGE));
    documents.push(report("Sun", "sun.example/x", "", &BRIDGE.replace("Sunday", "Monday")));
    let shown = |documents: &[Document]| {
        let mut out = String::new();
        for pair in duplicates(documents, &DuplicateOptions::default()) {
            let id = |n: usize| documents[n].report().id();
            writeln!(
                out,
                "{} {} {}",
                id(pair.first),
                id(pair.second),
                show(std::slice::from_ref(&pair.found))
            )
            .unwrap();
        }
        out
    };
    let one = shown(&documents);
    assert!(one.contains("near republication"));
    documents.reverse();
    assert_eq!(shown(&documents), one);
    documents.rotate_left(3);
    assert_eq!(shown(&documents), one);
}

#[test]
fn the_earlier_one_is_first_where_the_day_is_known() {
    let on = |day: i8, outlet: &str| {
        let draft = ReportDraft {
            outlet: Some(outlet.into()),
            text: BRIDGE.to_owned(),
            published: Some(Published::Day(jiff::civil::Date::constant(2026, 3, day))),
            ..ReportDraft::default()
        };
        ANNOTATOR.annotate(Arc::new(Report::new(draft, Origin::whole("-"))))
    };
    for documents in [[on(4, "Post"), on(5, "Sun")], [on(4, "Sun"), on(5, "Post")]] {
        let pairs = duplicates(&documents, &DuplicateOptions::default());
        assert_eq!((pairs[0].first, pairs[0].second), (0, 1));
    }
}

#[test]
fn old_reports_are_estimated_and_then_forgotten() {
    let options = DuplicateOptions { kept_texts: 2, kept_reports: 6, ..DuplicateOptions::default() };
    let mut known = Duplicates::new(options);
    let copy =
        |n: usize| report(&format!("outlet {n}"), "", "", &format!("{BRIDGE} {}", own(&format!("c{n}"), 5)));
    known.add(&copy(0));
    assert!(known.add(&copy(1))[0].counted);
    pages(3, 40).iter().for_each(|page| drop(known.add(page)));
    let old = known.add(&copy(2));
    assert!(old.len() == 2 && old.iter().all(|d| !d.counted && d.level == Level::Near), "{old:?}");
    pages(40, 50).iter().for_each(|page| drop(known.add(page)));
    assert_eq!(known.len(), 6);
    assert!(known.add(&copy(3)).is_empty());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_reports_in_any_order(texts in proptest::collection::vec("[ab \\n“”.é-]{0,60}", 0..6)) {
        let documents: Vec<Document> =
            texts.iter().map(|text| report("", "", "", &format!("{BRIDGE} {text}").repeat(text.len() % 3))).collect();
        let ids = |documents: &[Document]| -> Vec<_> {
            let pairs = duplicates(documents, &DuplicateOptions::default());
            let id = |n: usize| documents[n].report().id();
            pairs.into_iter().map(|pair| (id(pair.first), id(pair.second), pair.found)).collect()
        };
        let turned: Vec<Document> = documents.iter().rev().cloned().collect();
        proptest::prop_assert_eq!(ids(&documents), ids(&turned));
    }
}
