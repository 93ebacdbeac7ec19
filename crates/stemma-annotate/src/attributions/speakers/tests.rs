use stemma_core::{Origin, Report, ReportDraft};

use crate::{Annotator, Cues};

/// One line for each attribution: source, cue, content.
fn show(annotator: &Annotator, text: &str) -> String {
    let draft = ReportDraft { text: text.to_owned(), ..ReportDraft::default() };
    let document = annotator.annotate(std::sync::Arc::new(Report::new(draft, Origin::whole("-"))));
    let words = |spans: &[stemma_core::Span]| {
        spans.iter().map(|span| &text[span.range()]).collect::<Vec<_>>().join(" … ")
    };
    let line = |item: &stemma_core::Attribution| {
        format!("{} | {} | {}", words(&item.source), words(&item.cue), words(&item.content))
    };
    document.layers().attributions.items().iter().map(line).collect::<Vec<_>>().join("\n")
}

fn rules_only() -> Annotator {
    let cues = Cues::load().with_speakers(None).expect("no model is no bad model");
    Annotator::load().with_cues(cues)
}

#[test]
fn a_fragment_that_no_rule_takes_gets_its_speaker_and_its_clause() {
    let text = "Kaya dismissed that idea as the sign of a rival campaign in “disarray.”";
    assert_eq!(show(&rules_only(), text), "");
    insta::assert_snapshot!(show(&Annotator::load(), text), @"Kaya | dismissed | that idea as the sign of a rival campaign in “disarray.”");
}

#[test]
fn words_behind_a_nested_quotation_are_those_of_the_main_speaker() {
    let text = "Kaya said the town has two choices: vote for Ruiz, whom he called “the most divisive mayor in years,” \
                or “throw away the vote.”";
    insta::assert_snapshot!(show(&rules_only(), text), @"
    Kaya | said | the town has two choices: vote for Ruiz, whom he called “the most divisive mayor in years,” or “throw away the vote.”
    he | called | “the most divisive mayor in years,” or “throw away the vote.”
    ");
    insta::assert_snapshot!(show(&Annotator::load(), text), @"
    Kaya | said | the town has two choices: vote for Ruiz, whom he called “the most divisive mayor in years,” or “throw away the vote.”
    he | called | the most divisive mayor in years,
    ");
}

#[test]
fn titles_of_works_are_nobody_s_words() {
    let text = "Her book “The Long Winter of the North” won a prize in Lima last year.";
    assert_eq!(show(&Annotator::load(), text), "");
}

#[test]
fn who_passes_words_on_does_not_speak_them() {
    let text = "Kaya was heard saying that the town would be “open to guests” by June, the agency reported.";
    insta::assert_snapshot!(show(&Annotator::load(), text), @"
    the agency | reported | Kaya was heard saying that the town would be “open to guests” by June
    Kaya | was heard saying | that the town would be “open to guests” by June
    ");
}

#[test]
fn a_model_of_another_version_is_refused() {
    assert!(Cues::load().with_speakers(Some(b"STMSPKR0")).is_none());
}
