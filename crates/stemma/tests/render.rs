//! What a person sees of a comparison: one made by hand, and those of arbitrary texts.

mod common;

use std::collections::BTreeSet;

use proptest::prelude::*;
use stemma::render::{self, TextOptions};
use stemma::{Comparison, Engine, Report, Story, api};
use stemma_core::{Edge, EdgeKind, EdgeOrigin, ReportIndex};
use unicode_width::UnicodeWidthStr;

#[test]
fn text() {
    let (story, comparison) = common::fixture();
    insta::assert_snapshot!(render::text(&story, &comparison, &TextOptions::default()));
}

#[test]
fn markdown() {
    let (story, comparison) = common::fixture();
    insta::assert_snapshot!(render::markdown(&story, &comparison, false));
}

#[test]
fn cuts_are_counted_and_all_shows_the_rest() {
    let (story, mut comparison) = common::fixture();
    let only = comparison.only_in[1].clone();
    comparison.only_in = vec![only; 9];
    let short = render::text(&story, &comparison, &TextOptions::default());
    assert!(short.contains("… 4 more (--all shows them)"));
    let all = render::text(&story, &comparison, &TextOptions { all: true, ..TextOptions::default() });
    assert_eq!(all.matches("The company has run the line").count(), 9);
    assert!(!all.contains("--all"));
}

#[test]
fn colors_take_the_place_of_signs() {
    let (story, comparison) = common::fixture();
    let colored = render::text(&story, &comparison, &TextOptions { color: true, ..TextOptions::default() });
    assert!(colored.contains("\u{1b}[4;31mFourteen people\u{1b}[0m") && !colored.contains("[-"));
    let plain = render::text(&story, &comparison, &TextOptions::default());
    assert!(plain.contains("[-Fourteen people-]") && !plain.contains('\u{1b}'));
}

/// What is wrong with a page: tags that do not close, ids that stand twice, links to nothing.
fn faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut open, mut ids, mut links) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let body = page.split_once("<body>").unwrap().1.split_once("<script>").unwrap().0;
    for tag in body.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0) {
        let name = tag.split([' ', '\n']).next().unwrap();
        let attribute = |name: &str| {
            let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
            Some(rest.split_once('"').unwrap().0.to_owned())
        };
        if let Some(id) = attribute("id").filter(|id| !ids.insert(id.clone())) {
            faults.push(format!("the id {id} stands twice"));
        }
        links.extend(attribute("href").and_then(|link| link.strip_prefix('#').map(str::to_owned)));
        match name.strip_prefix('/') {
            Some(closed) if open.pop() != Some(closed) => faults.push(format!("</{closed}> closes nothing")),
            Some(_) => {}
            None => open.push(name),
        }
    }
    if !open.is_empty() {
        faults.push(format!("{open:?} stay open"));
    }
    faults.extend(links.difference(&ids).map(|link| format!("nothing has the id {link}")));
    faults
}

#[test]
fn links_of_the_page_lead_somewhere() {
    let (story, comparison) = common::fixture();
    assert_eq!(faults(&render::html(&story, &comparison)), [""; 0]);
    assert_eq!(faults("<body><a href=\"#x\"><b id=\"y\"></a></b><i id=\"y\"></i><script>").len(), 4);
}

#[test]
fn reports_that_are_said_to_copy_each_other_are_drawn_all_the_same() {
    let (story, mut comparison) = common::fixture();
    let edge = |from: u32, to: u32| Edge {
        from: EdgeOrigin::Report(ReportIndex(from)),
        to: ReportIndex(to),
        kind: EdgeKind::Copy,
        credited: false,
        partly: false,
        evidence: Vec::new(),
        score: 0.5,
        reason: "made up".into(),
    };
    comparison.lineage = vec![edge(0, 1), edge(1, 0), edge(1, 2), edge(2, 2)];
    let page = render::html(&story, &comparison);
    assert_eq!(faults(&page), [""; 0]);
    assert_eq!(page.matches("<circle").count(), 3);
}

/// Everything that is shown of a comparison holds together.
fn check(story: &Story, comparison: &Comparison) {
    for width in [40, 80, 100] {
        let text = render::text(story, comparison, &TextOptions { width, color: false, all: true });
        let too_wide = text.lines().find(|line| line.width() > width.max(60));
        assert_eq!(too_wide, None, "at {width} columns");
    }
    assert_eq!(faults(&render::html(story, comparison)), [""; 0]);
    assert!(!render::markdown(story, comparison, true).contains("\n\n\n"));
    let json = api::comparison(story, comparison, &api::Options::default());
    assert_eq!(json.reports.len(), story.documents().len());
}

#[test]
fn nothing_and_one_report_are_shown() {
    check(&Story::new(Vec::new()), &Comparison::default());
    let compared = Engine::load().compare(Engine::load().annotate(vec![Report::of_text("")], 1));
    check(&compared.story, &compared.comparison);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_texts_are_shown(texts in prop::collection::vec(
        prop::collection::vec(prop::sample::select(vec![
            "Mayor Ana Lima said on Friday that 14 people were hurt. ", "“We will not pay,” she said. ", "“We’ll not pay 3 million",
            ",” Lima told the Harbour Courier. ", "At least 41 people were hurt in Porto on Sunday. ", "\n\n", "<b>&amp;", "قال الرئيس ",
            "港口关闭了。", "\u{202e}\u{1b}[31m", "[x](y) *z* ", "(AFP) ", "According to Radio Norte, the port is not closed. ",
        ]), 0..12), 1..4))
    {
        let engine = Engine::load();
        let reports = texts.iter().map(|parts| Report::of_text(&parts.concat())).collect();
        let compared = engine.compare(engine.annotate(reports, 1));
        check(&compared.story, &compared.comparison);
    }
}
