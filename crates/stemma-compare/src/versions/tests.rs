use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use stemma_annotate::Annotator;
use stemma_core::{Origin, Report, ReportDraft};

use super::*;

static ANNOTATOR: LazyLock<Annotator> = LazyLock::new(Annotator::load);

fn document(title: &str, text: &str) -> Document {
    let title = (!title.is_empty()).then(|| title.to_owned());
    let draft = ReportDraft { title, text: text.to_owned(), ..ReportDraft::default() };
    ANNOTATOR.annotate(Arc::new(Report::new(draft, Origin::whole("-"))))
}

/// One line for each change: kind, what else, `[-old-]{+new+}`; `~` before those that do not matter.
fn show(old: &Document, new: &Document) -> String {
    let words = |document: &Document, place: Option<ChangePlace>| {
        place.map(|place| match place.in_title {
            true => document.report().title().unwrap()[place.span.range()].to_owned(),
            false => document.slice(place.span).to_owned(),
        })
    };
    let line = |change: &Change| {
        let mut line = if change.matters { String::new() } else { "~".to_owned() };
        line += change.kind.as_str();
        for kind in &change.also {
            line += &format!(" {}", kind.as_str());
        }
        line += ": ";
        line +=
            &words(old, change.old).filter(|w| !w.is_empty()).map_or(String::new(), |w| format!("[-{w}-]"));
        line +=
            &words(new, change.new).filter(|w| !w.is_empty()).map_or(String::new(), |w| format!("{{+{w}+}}"));
        line
    };
    find_changes(old, new).iter().map(line).collect::<Vec<_>>().join("\n")
}

fn changes(old: &str, new: &str) -> String {
    show(&document("", old), &document("", new))
}

const OLD: &str = "A bridge at Lom fell on Sunday and two people died, police said. Mayor Ana Ruiz said: “We had warned of the \
    cracks for years.” The school will open on Monday.";

#[test]
fn what_is_no_change() {
    assert_eq!(changes(OLD, OLD), "");
    let set_otherwise =
        OLD.replace("said. ", "said.\n\n").replace(['“', '”'], "\"").replace("Sunday and", "Sunday  and");
    assert_eq!(changes(OLD, &set_otherwise), "");
    let moved = "The school will open on Monday. A bridge at Lom fell on Sunday and two people died, police said. Mayor Ana \
        Ruiz said: “We had warned of the cracks for years.”";
    assert_eq!(changes(OLD, moved), "");
    assert_eq!(changes("", ""), "");
}

#[test]
fn figures_times_names_and_quotations() {
    insta::assert_snapshot!(changes(OLD, &OLD.replace("two people", "three people")), @"figure: [-two-]{+three+}");
    insta::assert_snapshot!(changes(OLD, &OLD.replace("on Sunday", "on Saturday")), @"time: [-Sunday-]{+Saturday+}");
    insta::assert_snapshot!(changes(OLD, &OLD.replace("Ana Ruiz", "Eva Kolar")), @"name: [-Ana Ruiz-]{+Eva Kolar+}");
    insta::assert_snapshot!(changes(OLD, &OLD.replace("for years", "for months")), @"quotation: [-years-]{+months+}");
    insta::assert_snapshot!(changes(OLD, &OLD.replace(" of the cracks", "")), @"quotation: [-of the cracks-]");
    insta::assert_snapshot!(changes(OLD, &OLD.replace("will open", "will not open")), @"polarity: {+not+}");
    insta::assert_snapshot!(changes(OLD, &OLD.replace("two people died", "two people may have died")), @"hedge: {+may have+}");
    insta::assert_snapshot!(changes(OLD, &OLD.replace("will open", "opens")), @"~wording: [-will open-]{+opens+}");
}

#[test]
fn the_same_in_another_form_does_not_matter() {
    insta::assert_snapshot!(changes(OLD, &OLD.replace("two people", "2 people")), @"~wording: [-two-]{+2+}");
    insta::assert_snapshot!(changes(OLD, &OLD.replace("fell on Sunday and two", "fell and on Sunday two")), @"
    ~wording: {+and+}
    ~wording: [-and-]
    ");
    insta::assert_snapshot!(changes(OLD, &OLD.replace("Mayor Ana Ruiz", "Mayor Ruiz")), @"~wording: [-Ana-]");
    insta::assert_snapshot!(changes("The colour is red, they organise it.", "The color is red, they organize it."), @"
    ~wording: [-colour-]{+color+}
    ~wording: [-organise-]{+organize+}
    ");
}

#[test]
fn sentences_come_and_go() {
    let more = OLD.replace("The school", "A third man, Ivo Petrov, was hurt. The school");
    insta::assert_snapshot!(changes(OLD, &more), @"added name: {+A third man, Ivo Petrov, was hurt.+}");
    insta::assert_snapshot!(changes(&more, OLD), @"removed name: [-A third man, Ivo Petrov, was hurt.-]");
    let said = format!("{OLD} “Nobody listened,” a neighbor said.");
    insta::assert_snapshot!(changes(OLD, &said), @"added quotation: {+“Nobody listened,” a neighbor said.+}");
}

#[test]
fn a_sentence_may_be_split_and_rewritten() {
    let split = OLD.replace(
        "fell on Sunday and two people died, police said.",
        "fell on Sunday. Two people died, police said.",
    );
    insta::assert_snapshot!(changes(OLD, &split), @"~wording: [-and-]");
    insta::assert_snapshot!(changes(&split, OLD), @"~wording: {+and+}");
    insta::assert_snapshot!(changes(OLD, &OLD.replace("The school will open on Monday.", "Ferries carry people over the river until June.")), @"
    removed: [-The school will open on Monday.-]
    added: {+Ferries carry people over the river until June.+}
    ");
}

#[test]
fn headlines() {
    let (old, new) = (document("Bridge falls at Lom", OLD), document("Two die as bridge falls at Lom", OLD));
    insta::assert_snapshot!(show(&old, &new), @"headline: [-Bridge falls at Lom-]{+Two die as bridge falls at Lom+}");
    let cut = document("Bridge falls...", OLD);
    assert!(find_changes(&old, &cut).iter().chain(&find_changes(&cut, &old)).all(|change| !change.matters));
    let louder = document("BRIDGE FALLS AT LOM", OLD);
    assert_eq!(show(&old, &louder), "");
    assert_eq!(show(&old, &document("", OLD)), "", "a headline that is not given is no change");
}

#[test]
fn long_texts_that_have_nothing_in_common_take_no_time() {
    let text = |word: &str| {
        (0..3000).map(|n| format!("The {word}{n} of {word} came by {word}{}. ", n + 1)).collect::<String>()
    };
    let found = find_changes(&document("", &text("ab")), &document("", &text("cd")));
    assert!(found.len() >= 6000, "{}", found.len());
}

#[test]
fn a_text_of_one_sentence_without_end_takes_no_time() {
    let text = |word: &str| (0..15_000).map(|n| format!("{word} {n} km in Lom{n} ")).collect::<String>();
    let long = document("", &text("ab"));
    assert!(find_changes(&long, &document("", &text("cd"))).len() < 200_000);
    let many = document("", &(0..5000).map(|n| format!("Lom lost {n} km. ")).collect::<String>());
    assert!(!find_changes(&long, &many).is_empty() && !find_changes(&many, &long).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_two_texts_can_be_compared(a in "[abS“”’.! \n0-9]{0,80}", b in "\\PC{0,80}") {
        let (a, b) = (document("a", &a), document("b", &b));
        for (old, new) in [(&a, &b), (&b, &a), (&a, &a)] {
            for change in find_changes(old, new) {
                for (document, place) in [(old, change.old), (new, change.new)] {
                    let Some(place) = place else { continue };
                    let text = if place.in_title { document.report().title().unwrap() } else { document.text() };
                    prop_assert!(place.span.fits(text) && place.sentence.fits(text));
                }
            }
        }
        prop_assert!(find_changes(&a, &a).is_empty());
    }
}
