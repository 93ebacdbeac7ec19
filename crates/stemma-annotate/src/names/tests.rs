//! Texts with the mentions under them, and the entities: what a reader can judge.

use std::fmt::Write as _;
use std::sync::OnceLock;

use proptest::prelude::*;
use stemma_core::{Layer, LayerId, Mark, Mention, MentionForm, view};

use super::*;
use crate::{find_quotes, find_segments, split_sentences, tokenize};

static NAMES: OnceLock<Names> = OnceLock::new();

fn annotate(text: &str) -> (Vec<Mention>, Vec<Entity>) {
    let tokens = tokenize(text);
    let segments = find_segments(text, &tokens, None);
    let quotes = find_quotes(text, &tokens, &segments, &mut Vec::new());
    let sentences = split_sentences(text, &tokens, &segments, &quotes);
    let (mentions, entities): (Layer<MentionId, Mention>, Layer<EntityId, Entity>) =
        NAMES.get_or_init(Names::load).find(text, &tokens, &segments, &sentences, &quotes);
    (mentions.items().to_vec(), entities.items().to_vec())
}

/// The text with its mentions marked: number of the entity, kind, form where it is no name, title.
fn shown(text: &str) -> String {
    let (mentions, _) = annotate(text);
    let marks: Vec<Mark> = mentions
        .iter()
        .map(|mention| {
            let entity = mention.entity.map_or("?".to_owned(), |entity| entity.index().to_string());
            let form = match mention.form {
                MentionForm::Named => {
                    mention.title.map_or(String::new(), |title| format!(", title “{}”", &text[title.range()]))
                }
                MentionForm::Described => ", described".to_owned(),
                MentionForm::Pronoun => ", pronoun".to_owned(),
            };
            Mark::new(mention.span, format!("{entity} {}{form}", mention.kind.as_str()))
        })
        .collect();
    view(text, &marks)
}

/// The entities, one a line.
fn listed(text: &str) -> String {
    let (_, entities) = annotate(text);
    entities.iter().fold(String::new(), |mut out, entity| {
        writeln!(out, "{}: {}", entity.kind.as_str(), entity.names.join(" = ")).expect("writes to a string");
        out
    })
}

#[test]
fn a_name_its_surname_its_office_and_a_pronoun_are_one_person() {
    insta::assert_snapshot!(shown("Peruvian President Ana Ruiz met Ukrainian President Taras Melnyk in Lima.\nRuiz praised the Ukrainian leader, and he thanked the Peruvian president."), @r"
    Peruvian President Ana Ruiz met Ukrainian President Taras Melnyk in Lima.
    ~~~~~~~~                                                                   0 group
                       ~~~~~~~~                                                1 person, title “Peruvian President”
                                    ~~~~~~~~~                                  2 group
                                                        ~~~~~~~~~~~~           3 person, title “Ukrainian President”
                                                                        ~~~~   4 place
    Ruiz praised the Ukrainian leader, and he thanked the Peruvian president.
    ~~~~                                                                       1 person
                 ~~~~~~~~~~~~~~~~~~~~                                          3 person, described
                     ~~~~~~~~~                                                 2 group
                                           ~~                                  3 person, pronoun
                                                      ~~~~~~~~~~~~~~~~~~~~~~   1 person, described
                                                          ~~~~~~~~             0 group
    ");
}

#[test]
fn a_name_inside_a_description_after_a_comma_is_not_before_it() {
    let view = shown("Well,The Times newspaper of ");
    assert!(view.contains("organization"), "{view}");
}

#[test]
fn a_surname_does_not_run_into_a_house() {
    insta::assert_snapshot!(shown("Ana Ruiz met Omar Kaya. A deal fails after the Kaya-Ruiz White House clash."), @"
    Ana Ruiz met Omar Kaya. A deal fails after the Kaya-Ruiz White House clash.
    ~~~~~~~~                                                                     0 person
                 ~~~~~~~~~                                                       1 person
                                                   ~~~~~~~~~                     2 person
                                                             ~~~~~~~~~~~         3 organization
    ");
}

#[test]
fn titles_before_and_after_a_name_are_not_part_of_it() {
    insta::assert_snapshot!(shown("Former Lima mayor Ana Ruiz wrote to Sen. Joan Webster (R-Ohio).\nTom Okello, the mayor of Gulu, told Dr. Mary Lindt."), @r"
    Former Lima mayor Ana Ruiz wrote to Sen. Joan Webster (R-Ohio).
           ~~~~                                                      0 place
                      ~~~~~~~~                                       1 person, title “Former Lima mayor”
                                             ~~~~~~~~~~~~            2 person, title “Sen.”
                                                             ~~~~    3 place
    Tom Okello, the mayor of Gulu, told Dr. Mary Lindt.
    ~~~~~~~~~~                                           4 person, title “mayor of Gulu”
                ~~~~~~~~~                                4 person, described
                             ~~~~                        5 place
                                            ~~~~~~~~~~   6 person, title “Dr.”
    ");
}

#[test]
fn two_people_of_one_surname_stay_two() {
    insta::assert_snapshot!(listed("Peter Webster and his wife Joan Webster arrived. Mr. Webster smiled. Mrs. Webster did not."), @r"
    person: Peter Webster = Webster
    person: Joan Webster = Webster
    ");
}

#[test]
fn an_acronym_is_its_long_form_and_spellings_of_one_name_are_one() {
    insta::assert_snapshot!(listed("The World Health Organization (WHO) thanked Taras Zelinsky. The WHO said Zelinskyy had helped. AFP and Agence France-Presse reported it."), @r"
    organization: World Health Organization = WHO
    person: Taras Zelinsky = Zelinskyy
    organization: AFP = Agence France-Presse
    ");
}

#[test]
fn compounds_of_two_names_are_two_mentions_and_a_region_with_a_hyphen_is_one() {
    insta::assert_snapshot!(shown("The Russia-Ukraine war reached Kabardino-Balkaria, a Kenyan-born reporter said."), @r"
    The Russia-Ukraine war reached Kabardino-Balkaria, a Kenyan-born reporter said.
        ~~~~~~                                                                       0 place
               ~~~~~~~                                                               1 place
                                   ~~~~~~~~~~~~~~~~~~                                2 place
                                                         ~~~~~~                      3 group
    ");
}

#[test]
fn names_of_other_scripts_and_with_accents_are_found() {
    insta::assert_snapshot!(shown("José Ángel Núñez met Łukasz Żak and Владимир Орлов near Łódź."), @r"
    José Ángel Núñez met Łukasz Żak and Владимир Орлов near Łódź.
    ~~~~~~~~~~~~~~~~                                               0 person
                         ~~~~~~~~~~                                1 person
                                        ~~~~~~~~~~~~~~             2 person
                                                            ~~~~   3 place
    ");
}

#[test]
fn a_pronoun_does_not_cross_kinds_or_gender() {
    insta::assert_snapshot!(shown("Ana Ruiz visited Kenya Airways. Later he left. She smiled."), @r"
    Ana Ruiz visited Kenya Airways. Later he left. She smiled.
    ~~~~~~~~                                                    0 person
                     ~~~~~~~~~~~~~                              1 organization
                                          ~~                    ? person, pronoun
                                                   ~~~          0 person, pronoun
    ");
}

proptest! {
    #[test]
    fn any_text_gives_mentions_in_order_that_slice_it(text in "\\PC*") {
        check(&text)?;
    }

    #[test]
    fn any_news_like_text_gives_mentions_in_order(words in proptest::collection::vec(
        prop_oneof!["[A-Z][a-z]{1,8}", "[a-z]{1,8}", "the|of|he|her|President|Mr|said|and", "[.,:;“”'’()-]", "[A-Z]{2,4}"], 0..60,
    )) {
        check(&words.join(" "))?;
    }
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let (mentions, entities) = annotate(text);
    for pair in mentions.windows(2) {
        prop_assert!(pair[0].span.start() <= pair[1].span.start());
        let both_named = pair.iter().all(|mention| mention.form == MentionForm::Named);
        prop_assert!(!both_named || pair[0].span.end() <= pair[1].span.start());
    }
    for mention in &mentions {
        prop_assert!(mention.span.fits(text) && !mention.span.is_empty());
        prop_assert!(mention.entity.is_none_or(|entity| entity.index() < entities.len()));
        prop_assert!(mention.form != MentionForm::Named || mention.entity.is_some());
    }
    for entity in &entities {
        prop_assert!(entity.names.contains(&entity.name) && text.contains(&entity.name));
    }
    Ok(())
}
