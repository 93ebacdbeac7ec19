//! Why statements stand in one row or not, as it is shown.

use stemma::explain::explain;
use stemma::render::{self, TextOptions};
use stemma::{Compared, Engine, OffsetUnit, Report, api};

const POST: &str = "Nine people died when the ferry Orla sank off Brevik on Friday, the coast guard said.\n\n\
    The harbour stays closed until May. Mayor Ana Ruiz thanked the crews of two lifeboats.";
const COURIER: &str = "Twelve people died when the ferry Orla sank off Brevik on Friday, according to the coast guard.\n\n\
    Divers searched the hull at night.";
const GAZETTE: &str =
    "The ferry Orla lies on the ground of the sound. Schools in Brevik were closed on Monday.";

fn compared() -> Compared {
    let engine = Engine::load();
    engine.compare(engine.annotate([POST, COURIER, GAZETTE].map(Report::of_text).to_vec(), 1))
}

/// The page with zeros for digits and without the single features: these change with every fit of the model.
fn shown(statement: &str, beside: Option<&str>) -> String {
    let compared = compared();
    let explanation = explain(&compared, statement, beside, OffsetUnit::Chars).unwrap();
    let options = TextOptions { width: 200, ..TextOptions::default() };
    let text = render::explanation(&compared, &explanation, &options);
    let is_feature = |line: &str| line.trim_start().starts_with(['+', '-']);
    let sum = |line: &str| line.contains("at the start") || line.contains("log-odds");
    let kept: Vec<&str> = text.lines().filter(|line| !is_feature(line) || sum(line)).collect();
    kept.join("\n").replace(|c: char| c.is_ascii_digit(), "0")
}

#[test]
fn a_row_with_its_divergences() {
    insta::assert_snapshot!(shown("nine people died", None), @r"
    Row 0 · utterance · in 0 of 0 reports · score 0.00 · u-00000eb0ba00

      A  Nine people died when the ferry Orla sank off Brevik on Friday — the coast guard
      B  Twelve people died when the ferry Orla sank off Brevik on Friday — the coast guard

    WHY THEY STAND IN ONE ROW · 0 pair

      A B  aligned: 0.00, and 0.00 is needed; 0.00 at first look
            -0.00  at the start: two clauses of which nothing is known
            +0.00  log-odds, a probability of 0.00

    HOW THEY DIFFER · 0 divergence

      A B  figure 0.00: “Nine” / “Twelve” do not agree, also not within their rounding
           rule: figures of one thing whose ranges do not meet, also not after rounding and conversion
           A  “Nine”
           B  “Twelve”

    WHAT COMES CLOSEST IN THE OTHER REPORTS

      B C  below threshold: 0.00, and 0.00 is needed; 0.00 at first look
           B  Twelve people died when the ferry Orla sank off Brevik on Friday
           C  The ferry Orla lies on the ground of the sound.
    ");
}

#[test]
fn two_statements_that_are_not_aligned() {
    insta::assert_snapshot!(shown("the harbour stays closed", Some("Schools in Brevik")), @r"
    Not in one row

      A  The harbour stays closed

      C  Schools in Brevik

    WHY THEY DO NOT STAND IN ONE ROW · 0 pair

      A C  below threshold: 0.00, and 0.00 is needed; 0.00 at first look
           A  The harbour stays closed until May.
           C  Schools in Brevik were closed on Monday.
            -0.00  at the start: two clauses of which nothing is known
            -0.00  log-odds, a probability of 0.00
    ");
    insta::assert_snapshot!(shown("thanked the crews", Some("Divers searched")), @r"
    Not in one row

      A  thanked the crews

      B  Divers searched

    WHY THEY DO NOT STAND IN ONE ROW · 0 pair

      A B  below threshold: 0.00, and 0.00 is needed; 0.00 at first look
           A  the crews of two lifeboats
           B  Divers searched the hull at night.
            -0.00  at the start: two clauses of which nothing is known
            -0.00  log-odds, a probability of 0.00
    ");
}

#[test]
fn a_statement_in_no_row() {
    insta::assert_snapshot!(shown("the harbour stays closed", None), @r"
    In no row

      A  The harbour stays closed

    WHAT COMES CLOSEST

      A C  below threshold: 0.00, and 0.00 is needed; 0.00 at first look
           A  The harbour stays closed until May.
           C  Schools in Brevik were closed on Monday.
            -0.00  at the start: two clauses of which nothing is known
            -0.00  log-odds, a probability of 0.00

      B    no sentence shares enough with it to be laid beside it
    ");
}

#[test]
fn statements_of_one_report_are_not_compared() {
    insta::assert_snapshot!(shown("thanked the crews", Some("harbour stays closed")), @r"
    Not in one row

      A  thanked the crews

      A  harbour stays closed

    WHY THEY DO NOT STAND IN ONE ROW · 0 pair

      A A  not compared: both stand in one report, and only different reports are compared
           A  thanked the crews
           A  harbour stays closed
    ");
}

#[test]
fn the_sum_of_what_the_features_add_is_the_probability() {
    let compared = compared();
    let explanation = explain(&compared, "nine people died", None, OffsetUnit::Chars).unwrap();
    let out = api::explanation(&compared, &explanation, &api::Options::default());
    let link = &out.links[0];
    assert_eq!(link.verdict, api::Verdict::Aligned);
    let sum = link.start.unwrap() + link.features.iter().map(|each| each.log_odds).sum::<f64>();
    let probability = 1.0 / (1.0 + (-sum).exp());
    assert!((probability - link.second.unwrap()).abs() < 1e-3, "{probability} {link:?}");
    assert!(link.features.iter().all(|each| !each.meaning.is_empty()));
    // The row's own evidence says the same.
    let row = out.row.unwrap();
    assert_eq!(
        row.features.iter().find(|each| each.name == "probability").map(|each| each.value),
        link.second
    );
}

/// Whatever is asked of whichever report: an answer or a message, and both ways round the same verdict.
#[test]
fn every_two_sentences_get_an_answer() {
    let compared = compared();
    let places: Vec<String> = compared
        .story
        .iter()
        .flat_map(|(report, document)| {
            let starts = document.layers().sentences.items().iter().map(|sentence| sentence.span.start());
            starts.map(move |at| format!("{}:{at}", stemma::letter(report)))
        })
        .collect();
    let verdicts = |a: &str, b: &str| {
        let explanation = explain(&compared, a, Some(b), OffsetUnit::Bytes).unwrap();
        assert!(!explanation.links.is_empty(), "{a} {b}");
        explanation.links.iter().map(|link| link.verdict).collect::<Vec<_>>()
    };
    for a in &places {
        for b in places.iter().filter(|b| *b != a) {
            assert_eq!(verdicts(a, b)[0], verdicts(b, a)[0], "{a} {b}");
        }
    }
}

#[test]
fn what_the_judge_of_a_dropped_attribution_saw() {
    let texts = [
        "Storm Ida flooded the port of Varna on Monday. Forty boats sank at the northern quay, according to the harbor office.",
        "Storm Ida flooded the port of Varna on Monday. Forty boats sank at the northern quay.",
    ];
    let engine = Engine::load();
    let compared = engine.compare(engine.annotate(texts.map(Report::of_text).to_vec(), 1));
    let explanation = explain(&compared, "Forty boats", None, OffsetUnit::Chars).unwrap();
    let judgement = &explanation.judgements[0];
    let sum = judgement.start + judgement.contributions.iter().map(|each| each.log_odds).sum::<f64>();
    assert!((1.0 / (1.0 + (-sum).exp()) - judgement.probability).abs() < 1e-9);
    assert!(judgement.shown && judgement.probability >= judgement.threshold);
    let row = compared.comparison.alignment(explanation.row.unwrap());
    assert!((row.divergences[0].score - judgement.probability).abs() < 1e-9);
    let text = render::explanation(&compared, &explanation, &TextOptions::default());
    assert!(text.contains("according to 1.00: \"according to\": the source is named for what it knows"));
    let json = api::explanation(&compared, &explanation, &api::Options::default());
    assert_eq!(json.judgements[0].features.len(), judgement.contributions.len());
}

#[test]
fn a_suspicion_that_is_not_shown_is_explained_too() {
    let texts = [
        "Storm Ida flooded the port of Varna on Monday. “Forty boats sank at the northern quay,” the mayor insisted.",
        "Storm Ida flooded the port of Varna on Monday. Forty boats sank at the northern quay.",
    ];
    let engine = Engine::load();
    let compared = engine.compare(engine.annotate(texts.map(Report::of_text).to_vec(), 1));
    let explanation = explain(&compared, "Forty boats", None, OffsetUnit::Chars).unwrap();
    assert!(explanation.judgements.iter().all(|each| !each.shown) && !explanation.judgements.is_empty());
    let text = render::explanation(&compared, &explanation, &TextOptions::default());
    assert!(text.contains("SUSPECTED, AND NOT SHOWN · 1 pair"), "{text}");
}
