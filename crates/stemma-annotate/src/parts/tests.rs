use proptest::prelude::*;

use super::*;
use crate::{find_quotes, find_segments, split_sentences, tokenize};

/// Each run of `text` in one line, as "word/PART".
fn view(text: &str) -> String {
    let tokens = tokenize(text);
    let segments = find_segments(text, &tokens, None);
    let quotes = find_quotes(text, &tokens, &segments, &mut Vec::new());
    let sentences = split_sentences(text, &tokens, &segments, &quotes);
    let parts = find_parts(text, &tokens, &segments, &sentences, &Parts::load());
    assert_eq!(parts.len(), tokens.len(), "one part for each token");
    let runs = runs(text, &tokens, &segments, &sentences);
    assert!(runs.windows(2).all(|pair| pair[0].tokens.end == pair[1].tokens.start), "{runs:?}");
    assert_eq!(runs.last().map_or(0, |run| run.tokens.end), tokens.len(), "{runs:?}");
    let word = |n: usize| format!("{}/{}", &text[tokens.items()[n].span.range()], parts[n].as_str());
    let line = |run: &Run| run.tokens.clone().map(word).collect::<Vec<_>>().join(" ");
    runs.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn news() {
    insta::assert_snapshot!(
        view("The mayor said on Monday that the old bridges would be closed."),
        @"The/DET mayor/NOUN said/VERB on/ADP Monday/PROPN that/SCONJ the/DET old/ADJ bridges/NOUN would/AUX be/AUX closed/VERB ./PUNCT"
    );
    insta::assert_snapshot!(
        view("“We can’t rebuild everything,” Ana Ruiz told reporters."),
        @"“/PUNCT We/PRON can’t/AUX rebuild/VERB everything/PRON ,/PUNCT ”/PUNCT Ana/PROPN Ruiz/PROPN told/VERB reporters/NOUN ./PUNCT"
    );
    insta::assert_snapshot!(
        view("Police in Tallinn, who had refused to comment, quickly released the 24-year-old driver."),
        @"Police/NOUN in/ADP Tallinn/PROPN ,/PUNCT who/PRON had/AUX refused/VERB to/PART comment/VERB ,/PUNCT quickly/ADV released/VERB the/DET 24-year-old/NOUN driver/NOUN ./PUNCT"
    );
}

#[test]
fn one_word_with_two_parts() {
    insta::assert_snapshot!(
        view("She plans to report the plans, and the report plans nothing."),
        @"She/PRON plans/VERB to/PART report/VERB the/DET plans/NOUN ,/PUNCT and/CCONJ the/DET report/NOUN plans/VERB nothing/PRON ./PUNCT"
    );
    insta::assert_snapshot!(
        view("People like the old city, which looks like a village."),
        @"People/NOUN like/ADP the/DET old/ADJ city/NOUN ,/PUNCT which/PRON looks/VERB like/ADP a/DET village/NOUN ./PUNCT"
    );
}

#[test]
fn figures_and_marks() {
    insta::assert_snapshot!(
        view("Prices rose 3.5% to $1,200 (the city’s highest) & fell again."),
        @"Prices/NOUN rose/VERB 3.5/NUM %/SYM to/ADP $/SYM 1,200/NUM (/PUNCT the/DET city/NOUN ’s/PART highest/ADJ )/PUNCT &/CCONJ fell/VERB again/ADV ./PUNCT"
    );
}

#[test]
fn a_headline_is_read_without_case() {
    insta::assert_snapshot!(view("Mayor Promises New Bridges After Flood\n\nThe mayor promised new bridges."), @"
    Mayor/PROPN Promises/VERB New/ADJ Bridges/NOUN After/ADP Flood/NOUN
    The/DET mayor/NOUN promised/VERB new/ADJ bridges/NOUN ./PUNCT
    ");
    // "FLOOD" is a noun and "SAY" a verb.
    insta::assert_snapshot!(
        view("FLOOD CLOSES THREE BRIDGES IN OLD TOWN, POLICE SAY"),
        @"FLOOD/PROPN CLOSES/VERB THREE/NUM BRIDGES/NOUN IN/ADP OLD/ADJ TOWN/NOUN ,/PUNCT POLICE/NOUN SAY/NOUN"
    );
}

#[test]
fn names_in_a_sentence_leave_the_case_as_it_is() {
    let text = "President Ana Ruiz met Prime Minister Toomas Kask in Tallinn.";
    insta::assert_snapshot!(
        view(text),
        @"President/PROPN Ana/PROPN Ruiz/PROPN met/VERB Prime/ADJ Minister/PROPN Toomas/PROPN Kask/PROPN in/ADP Tallinn/PROPN ./PUNCT"
    );
}

#[test]
fn nothing_has_no_parts() {
    assert_eq!(view(""), "");
    assert_eq!(view(" \n\u{200b}\n"), "");
}

#[test]
fn tags_name_parts() {
    for part in Part::ALL {
        assert_eq!(Part::of_tag(part.as_str()), Some(part));
        assert_eq!(Part::ALL[part as usize], part);
    }
    assert_eq!(Part::of_tag("_"), None);
}

#[test]
fn other_bytes_are_no_model() {
    assert!(Parts::with_model(b"").is_none());
    assert!(Parts::with_model(b"STMPART1").is_none());
    assert!(Parts::with_model(&[0; 9 + (18 << 16)]).is_none());
}

proptest! {
    #[test]
    fn every_token_has_a_part(text in "(\\PC|[ \\n.“”’A-Z]|said |The )*") {
        view(&text);
    }
}
