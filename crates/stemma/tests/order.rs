//! Neither the order of the reports nor the number of threads changes what is found, over all example stories.

use std::collections::BTreeSet;
use std::path::Path;

use stemma::Engine;
use stemma_core::{Alignment, EdgeOrigin, Report, ReportIndex};
use stemma_read::Input;

const STORIES: [&str; 7] = ["bill", "flood", "results", "strike", "summit", "tie", "trial"];

fn reports(story: &str) -> Vec<Report> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(story);
    stemma_read::read(vec![Input::Path(folder)]).reports
}

/// Everything that the comparison says, one line each, with the ids of the reports in place of their columns.
fn findings(engine: &Engine, reports: Vec<Report>, threads: usize) -> BTreeSet<String> {
    let compared = engine.compare(engine.annotate(reports, threads));
    let id = |index: ReportIndex| compared.story.document(index).report().id();
    let mut lines = BTreeSet::new();
    let mut alignment = |kind: &str, alignment: &Alignment| {
        let mut cells: Vec<String> =
            alignment.cells.iter().map(|cell| format!("{} {:?}", id(cell.report), cell.spans)).collect();
        cells.sort();
        lines.insert(format!("{kind} {cells:?} {:.6} {:?}", alignment.score, alignment.speaker));
        for divergence in &alignment.divergences {
            let mut sides: Vec<String> = (0..2)
                .map(|n| {
                    let report = id(alignment.cells[divergence.cells[n]].report);
                    format!("{report} {:?}", divergence.evidence[n])
                })
                .collect();
            sides.sort();
            lines.insert(format!("{} {sides:?} {:.6}", divergence.kind.as_str(), divergence.score));
        }
    };
    let comparison = &compared.comparison;
    comparison.utterances.iter().for_each(|utterance| alignment("utterance", utterance));
    comparison.facts.iter().for_each(|fact| alignment("fact", fact));
    for edge in &comparison.lineage {
        let from = match &edge.from {
            EdgeOrigin::Report(from) => id(*from).to_string(),
            EdgeOrigin::Unseen(name) => name.clone(),
        };
        lines.insert(format!("{} {from} -> {}", edge.kind.as_str(), id(edge.to)));
    }
    for witness in &comparison.witnesses {
        let members: BTreeSet<_> = witness.reports.iter().map(|&report| id(report)).collect();
        lines.insert(format!("witness {members:?}"));
    }
    for doubt in &comparison.doubtful {
        let mut cells: Vec<_> = doubt.cells.iter().map(|cell| (id(cell.report), &cell.spans)).collect();
        cells.sort();
        lines.insert(format!("doubtful {cells:?}"));
    }
    for only in &comparison.only_in {
        lines.insert(format!("only in {} {:?}", id(only.cell.report), only.cell.spans));
    }
    lines
}

#[test]
fn the_order_of_the_reports_and_the_threads_change_nothing() {
    let engine = Engine::load();
    for story in STORIES {
        let given = reports(story);
        let found = findings(&engine, given.clone(), 1);
        assert!(found.len() > 10, "{story}: too little is found for the test to mean anything");
        let reversed: Vec<Report> = given.iter().rev().cloned().collect();
        let rotated: Vec<Report> = given.iter().cycle().skip(1).take(given.len()).cloned().collect();
        for (name, order, threads) in
            [("reversed", reversed, 1), ("rotated", rotated, 2), ("threads", given, 2)]
        {
            let other = findings(&engine, order, threads);
            let lost: Vec<_> = found.difference(&other).collect();
            let new: Vec<_> = other.difference(&found).collect();
            assert!(lost.is_empty() && new.is_empty(), "{story}, {name}: lost {lost:#?}, new {new:#?}");
        }
    }
}
