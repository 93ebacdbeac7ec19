//! Whole texts, with what is found under them.

use std::sync::{Arc, LazyLock};

use stemma_core::{Attribution, LayerId, Mark, Report, view};

use crate::Annotator;

/// Read once for all tests.
static ANNOTATOR: LazyLock<Annotator> = LazyLock::new(Annotator::load);

fn shown(text: &str) -> String {
    let document = ANNOTATOR.annotate(Arc::new(Report::of_text(text)));
    let attributions = &document.layers().attributions;
    let marks = attributions.iter().flat_map(|(id, attribution)| marks(id.index(), attribution));
    view(text, &marks.collect::<Vec<_>>())
}

fn marks(n: usize, attribution: &Attribution) -> Vec<Mark> {
    let parent = attribution.parent.map_or(String::new(), |id| format!(", in {}", id.index()));
    let negated = if attribution.negated { ", negated" } else { "" };
    let label = format!(
        "{n} {}, {}, {}{negated}{parent}",
        attribution.form.as_str(),
        attribution.manner.as_str(),
        attribution.basis.as_str()
    );
    let parts = [
        (label, &attribution.content),
        (format!("{n} cue"), &attribution.cue),
        (format!("{n} source"), &attribution.source),
    ];
    parts.iter().flat_map(|(label, spans)| spans.iter().map(|&span| Mark::new(span, label.clone()))).collect()
}

#[test]
fn cue_before_after_and_in_the_middle() {
    insta::assert_snapshot!(shown("“We will,” Ruiz said, “rebuild the bridge.” “It is late,” said Kaya, the mayor of Lindau.\nOrsini said that the dam had held."), @r"
    “We will,” Ruiz said, “rebuild the bridge.” “It is late,” said Kaya, the mayor of Lindau.
     ~~~~~~~~                                                                                  0 direct, neutral, cue
               ~~~~                                                                            0 source
                    ~~~~                                                                       0 cue
                           ~~~~~~~~~~~~~~~~~~~                                                 0 direct, neutral, cue
                                                 ~~~~~~~~~~~                                   1 direct, neutral, cue
                                                              ~~~~                             1 cue
                                                                   ~~~~~~~~~~~~~~~~~~~~~~~~~   1 source
    Orsini said that the dam had held.
    ~~~~~~                              2 source
           ~~~~                         2 cue
                ~~~~~~~~~~~~~~~~~~~~~   2 indirect, neutral, cue
    ");
}

#[test]
fn indirect_speech_before_its_cue() {
    insta::assert_snapshot!(shown("The dam held, Ruiz said on Tuesday. The road, she said, is closed. Water rose by two metres, according to the river agency."), @r"
    The dam held, Ruiz said on Tuesday. The road, she said, is closed. Water rose by two metres, according to the river agency.
    ~~~~~~~~~~~~                                                                                                                 0 indirect, neutral, cue
                  ~~~~                                                                                                           0 source
                       ~~~~                                                                                                      0 cue
                                        ~~~~~~~~                                                                                 1 indirect, neutral, cue
                                                  ~~~                                                                            1 source
                                                      ~~~~                                                                       1 cue
                                                            ~~~~~~~~~                                                            1 indirect, neutral, cue
                                                                       ~~~~~~~~~~~~~~~~~~~~~~~~                                  2 indirect, neutral, according-to
                                                                                                 ~~~~~~~~~~~~                    2 cue
                                                                                                              ~~~~~~~~~~~~~~~~   2 source
    ");
}

#[test]
fn two_attributions_with_one_source() {
    insta::assert_snapshot!(shown("The minister told reporters that the talks had failed, adding that he would resign. He blamed the council and called for new elections."), @r"
    The minister told reporters that the talks had failed, adding that he would resign. He blamed the council and called for new elections.
    ~~~~~~~~~~~~                                                                                                                             0 source
    ~~~~~~~~~~~~                                                                                                                             1 source
                 ~~~~                                                                                                                        1 cue
                                ~~~~~~~~~~~~~~~~~~~~~~~~~                                                                                    1 indirect, neutral, cue
                                                           ~~~~~~                                                                            0 cue
                                                                  ~~~~~~~~~~~~~~~~~~~~                                                       0 indirect, neutral, cue
                                                                                        ~~                                                   2 source
                                                                                        ~~                                                   3 source
                                                                                           ~~~~~~                                            3 cue
                                                                                                  ~~~~~~~~~~~                                3 indirect, stress, cue
                                                                                                                  ~~~~~~~~~~                 2 cue
                                                                                                                             ~~~~~~~~~~~~~   2 indirect, demand, cue
    ");
}

#[test]
fn several_quotations_in_one_clause() {
    insta::assert_snapshot!(shown("Kaya said the border would be “open” and “ready” by June."), @r"
    Kaya said the border would be “open” and “ready” by June.
    ~~~~                                                       0 source
         ~~~~                                                  0 cue
              ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~   0 mixed, neutral, cue
    ");
}

#[test]
fn a_quotation_alone_carries_its_speaker() {
    insta::assert_snapshot!(shown("“We are ready,” Ruiz added. “We were always ready.”\nThe plan needs money.\n“The same holds for the islands.”"), @r"
    “We are ready,” Ruiz added. “We were always ready.”
     ~~~~~~~~~~~~~                                       0 direct, neutral, cue
                    ~~~~                                 0 source
                    ~~~~                                 1 source
                         ~~~~~                           0 cue
                                 ~~~~~~~~~~~~~~~~~~~~~   0 direct, neutral, cue
    The plan needs money.
    “The same holds for the islands.”
     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~   1 direct, neutral, carried
    ");
}

#[test]
fn speech_over_paragraphs_is_one_attribution() {
    insta::assert_snapshot!(shown("Orsini said: “We came at night.\n“We left at dawn.”"), @r"
    Orsini said: “We came at night.
    ~~~~~~                           0 source
           ~~~~                      0 cue
                  ~~~~~~~~~~~~~~~~~  0 direct, neutral, cue
    “We left at dawn.”
     ~~~~~~~~~~~~~~~~   0 direct, neutral, cue
    ");
}

#[test]
fn passive_hearsay_and_witnessed_speech() {
    insta::assert_snapshot!(shown("The bank is expected to raise rates. Kaya was heard saying that he would stay. She was asked whether the dam was safe."), @r"
    The bank is expected to raise rates. Kaya was heard saying that he would stay. She was asked whether the dam was safe.
    ~~~~~~~~                                                                                                                0 indirect, belief, cue
             ~~~~~~~~~~~                                                                                                    0 cue
                         ~~~~~~~~~~~~~~                                                                                     0 indirect, belief, cue
                                         ~~~~                                                                               1 source
                                              ~~~~~~~~~~~~~~~~                                                              1 cue
                                                               ~~~~~~~~~~~~~~~~~~                                           1 indirect, neutral, cue
                                                                                       ~~~~~~~~~                            2 cue
                                                                                                 ~~~~~~~~~~~~~~~~~~~~~~~~   2 indirect, question, cue
    ");
}

#[test]
fn nouns_for_speech() {
    insta::assert_snapshot!(shown("Ruiz repeated his claim that the vote was stolen. The minister’s call for calm went unheard."), @r"
    Ruiz repeated his claim that the vote was stolen. The minister’s call for calm went unheard.
    ~~~~                                                                                          0 source
         ~~~~~~~~                                                                                 0 cue
                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                              0 indirect, stress, cue
                  ~~~                                                                             1 source
                      ~~~~~                                                                       1 cue
                            ~~~~~~~~~~~~~~~~~~~~~~~~                                              1 indirect, doubt, cue, in 0
                                                      ~~~~~~~~~~~~                                2 source
                                                                     ~~~~~~~~                     2 cue
                                                                              ~~~~~~~~~~~~~~~~~   2 indirect, demand, cue
    ");
}

#[test]
fn no_attributions() {
    insta::assert_snapshot!(shown("The so-called “iron mayor” opened the “Night Watch” exhibition. Jan “Lefty” Novak sang."), @"The so-called “iron mayor” opened the “Night Watch” exhibition. Jan “Lefty” Novak sang.");
}

#[test]
fn denials_and_refusals() {
    insta::assert_snapshot!(shown("The company denied that it had paid. She did not say whether he knew. The bank declined to comment."), @r"
    The company denied that it had paid. She did not say whether he knew. The bank declined to comment.
    ~~~~~~~~~~~                                                                                          0 source
                ~~~~~~                                                                                   0 cue
                       ~~~~~~~~~~~~~~~~                                                                  0 indirect, denial, cue
                                         ~~~                                                             1 source
                                             ~~~~~~~~~~~                                                 1 cue
                                                         ~~~~~~~~~~~~~~~                                 1 indirect, neutral, cue, negated
                                                                          ~~~~~~~~                       2 source
                                                                                   ~~~~~~~~              2 cue
                                                                                            ~~~~~~~~~~   2 indirect, denial, cue
    ");
}

#[test]
fn chains_have_parents() {
    insta::assert_snapshot!(shown("Ruiz said that Kaya had told him the dam was safe."), @r"
    Ruiz said that Kaya had told him the dam was safe.
    ~~~~                                                0 source
         ~~~~                                           0 cue
              ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~   0 indirect, neutral, cue
                   ~~~~                                 1 source
                        ~~~~~~~~                        1 cue
                                     ~~~~~~~~~~~~~~~~   1 indirect, neutral, cue, in 0
    ");
}

#[test]
fn a_question_mark_does_not_part_cue_and_quotation() {
    insta::assert_snapshot!(shown("“Why now?” Orsini asked. “Because we can!” shouted one of the workers."), @r"
    “Why now?” Orsini asked. “Because we can!” shouted one of the workers.
     ~~~~~~~~                                                               0 direct, question, cue
               ~~~~~~                                                       0 source
                      ~~~~~                                                 0 cue
                              ~~~~~~~~~~~~~~~                               1 direct, neutral, cue
                                               ~~~~~~~                      1 cue
                                                       ~~~                  1 source
    ");
}

#[test]
fn signatures_and_turns() {
    insta::assert_snapshot!(shown("“It will take years to rebuild the old town.” — Ana Ruiz\nRUIZ: Where were you? I looked for you.\nKAYA: At home."), @r"
        “It will take years to rebuild the old town.” — Ana Ruiz
         ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~              0 direct, neutral, colon
                                                      ~           0 cue
                                                        ~~~~~~~~  0 source
        RUIZ: Where were you? I looked for you.
        ~~~~                                     1 source
            ~                                    1 cue
              ~~~~~~~~~~~~~~~                    1 indirect, neutral, colon
                              ~~~~~~~~~~~~~~~~~  1 indirect, neutral, colon
        KAYA: At home.
        ~~~~            2 source
            ~           2 cue
              ~~~~~~~~  2 indirect, neutral, colon
        ");
}

#[test]
fn witnesses_without_a_name() {
    // "fear" is missed: it is also a noun, and no plural stands right before it.
    insta::assert_snapshot!(shown("People briefed on the talks say that the deal is near. Officials in Lindau fear a second flood, a person familiar with the plans said."), @r"
        People briefed on the talks say that the deal is near. Officials in Lindau fear a second flood, a person familiar with the plans said.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~                                                                                                             0 source
                                    ~~~                                                                                                         0 cue
                                        ~~~~~~~~~~~~~~~~~~~~~                                                                                   0 indirect, neutral, cue
                                                               ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                          1 indirect, neutral, cue
                                                                                                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~        1 source
                                                                                                                                         ~~~~   1 cue
        ");
}

#[test]
fn subordinate_cues_end_at_their_clause() {
    insta::assert_snapshot!(shown("While Ruiz said that the dam was safe, Kaya left the town. As the Herald reported, the gates were open."), @r"
        While Ruiz said that the dam was safe, Kaya left the town. As the Herald reported, the gates were open.
              ~~~~                                                                                               0 source
                   ~~~~                                                                                          0 cue
                        ~~~~~~~~~~~~~~~~~~~~~                                                                    0 indirect, neutral, cue
                                                                      ~~~~~~~~~~                                 1 source
                                                                                 ~~~~~~~~                        1 cue
                                                                                           ~~~~~~~~~~~~~~~~~~~   1 indirect, neutral, cue
        ");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(\\PC|[“”\"'’,.:—\\n]|said |told |according to |that |He |Ruiz |asked |by |was )*") {
        let document = ANNOTATOR.annotate(Arc::new(Report::of_text(&text)));
        for span in document.layers().spans() {
            proptest::prop_assert!(span.fits(&text));
        }
        for (id, attribution) in document.layers().attributions.iter() {
            proptest::prop_assert!(!attribution.content.is_empty());
            proptest::prop_assert!(attribution.parent != Some(id));
        }
    }
}

#[test]
fn somebody_whom_another_quotes_and_a_statement_that_was_issued() {
    insta::assert_snapshot!(shown("The paper quoted Ana Ruiz, the mayor, as saying that the dam had held."), @r"
    The paper quoted Ana Ruiz, the mayor, as saying that the dam had held.
                     ~~~~~~~~~~~~~~~~~~~                                    0 source
                                             ~~~~~~                         0 cue
                                                    ~~~~~~~~~~~~~~~~~~~~~   0 indirect, neutral, cue
    ");
    insta::assert_snapshot!(shown("The dam had held, the mayor said in a statement issued at noon."), @r"
    The dam had held, the mayor said in a statement issued at noon.
    ~~~~~~~~~~~~~~~~                                                 0 indirect, neutral, cue
                      ~~~~~~~~~                                      0 source
                                ~~~~                                 0 cue
    ");
}
