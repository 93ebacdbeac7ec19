//! Runs Stemma on gold for comparing and prints how it did; with `--misses` also every miss and every false find.
//!
//!     cargo run -p stemma-eval --example comparison -- DATA [--misses] [--given] [--only EVENT] [--write FOLDER] [--read FOLDER]
//!
//! DATA is a folder of events (`comparison`), one file of it, or a folder of families (`newsroom`). `--write` puts the
//! predictions as JSON into FOLDER, for any other scorer; `--read` scores predictions that are there instead of running.
//! `--given` takes the alignment from the gold, so that only divergences are found.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};

use stemma_annotate::Annotator;
use stemma_core::{Comparison, OffsetUnit, Offsets, Story};
use stemma_eval::Evaluation;
use stemma_eval::comparison::{self, EventSet, run_given};
use stemma_eval::newsroom;
use stemma_eval::pairs::{Group, GroupCell, Groups, Pair, ScoredDivergence, pairs};

struct Arguments {
    data: PathBuf,
    misses: bool,
    given: bool,
    only: Option<String>,
    write: Option<PathBuf>,
    read: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    let families = arguments.data.ends_with("newsroom") || arguments.data.join("f01.json").exists();
    if families { run_families(&arguments) } else { run_events(&arguments) }
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let mut arguments =
        Arguments { data: PathBuf::new(), misses: false, given: false, only: None, write: None, read: None };
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--given" => arguments.given = true,
            "--misses" => arguments.misses = true,
            "--only" => arguments.only = given.next(),
            "--write" => arguments.write = given.next().map(PathBuf::from),
            "--read" => arguments.read = given.next().map(PathBuf::from),
            _ => arguments.data = argument.into(),
        }
    }
    if arguments.data.as_os_str().is_empty() {
        return Err(
            "usage: comparison DATA [--misses] [--given] [--only EVENT] [--write FOLDER] [--read FOLDER]"
                .into(),
        );
    }
    Ok(arguments)
}

fn run_events(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let annotator = Annotator::load();
    for mut set in comparison::load(&arguments.data)? {
        if let Some(only) = &arguments.only {
            set.events.retain(|event| event.id.starts_with(only.as_str()));
        }
        if let Some(folder) = &arguments.read {
            let scores = comparison::score_predictions(&set, &folder.join(format!("{}.jsonl", set.name)))?;
            let mut evaluation = Evaluation { title: set.name, ..Evaluation::default() };
            comparison::push_pair_groups(&mut evaluation, "", &scores);
            print!("{}", evaluation.to_text());
            continue;
        }
        let compared: Vec<(Story, Comparison)> = if arguments.given {
            let given =
                |event: &comparison::Event| run_given(&annotator, &event.id, &event.reports, &event.gold);
            set.events.iter().map(given).collect()
        } else {
            comparison::run_all(&annotator, &set)
        };
        if arguments.misses {
            print_event_misses(&set, &compared);
        }
        if let Some(folder) = &arguments.write {
            std::fs::create_dir_all(folder)?;
            let path = folder.join(format!("{}.jsonl", set.name));
            std::fs::write(path, comparison::predictions(&set, &compared))?;
        }
        println!("{}", comparison::score(&set, &compared).to_text());
    }
    Ok(())
}

fn run_families(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut families = newsroom::load(&arguments.data)?;
    if let Some(only) = &arguments.only {
        families.retain(|family| &family.id == only);
    }
    if let Some(folder) = &arguments.read {
        print!("{}", newsroom::score_predictions(&families, folder)?.evaluation().to_text());
        return Ok(());
    }
    let annotator = Annotator::load();
    let compared: Vec<(Story, Comparison)> = if arguments.given {
        families
            .iter()
            .map(|family| run_given(&annotator, &family.id, &family.reports, &family.gold))
            .collect()
    } else {
        newsroom::run_all(&annotator, &families)
    };
    let mut scores = newsroom::NewsroomScores::default();
    for (family, (story, comparison)) in families.iter().zip(&compared) {
        let prediction = newsroom::Prediction::of(story, comparison);
        scores.add(family, &prediction);
        if arguments.misses {
            println!("==== {}", family.id);
            print_groups(story, &family.gold, &prediction.groups);
            print_lineage(family, &prediction, comparison);
        }
        if let Some(folder) = &arguments.write {
            write_family(folder, &family.file, &prediction)?;
        }
    }
    print!("{}", scores.evaluation().to_text());
    Ok(())
}

fn write_family(folder: &Path, file: &str, prediction: &newsroom::Prediction) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(folder.join(file), serde_json::to_string(prediction)?)?)
}

fn print_event_misses(set: &EventSet, compared: &[(Story, Comparison)]) {
    for (event, (story, comparison)) in set.events.iter().zip(compared) {
        println!("==== {}", event.id);
        print_groups(story, &event.gold, &comparison::groups_of(story, comparison));
    }
}

/// Texts of cells.
struct Texts<'a> {
    by_report: BTreeMap<String, (usize, &'a str, Offsets)>,
}

impl<'a> Texts<'a> {
    fn of(story: &'a Story) -> Self {
        let text = |(n, document): (usize, &'a stemma_core::Document)| {
            let offsets = Offsets::new(document.text(), OffsetUnit::Chars);
            (document.report().shown_id(), (n + 1, document.text(), offsets))
        };
        Self { by_report: story.documents().iter().enumerate().map(text).collect() }
    }

    /// `[2] the words … of it`
    fn show(&self, cell: &GroupCell) -> String {
        let (n, text, offsets) = &self.by_report[&cell.report];
        let pieces = cell.spans.iter().map(|&[start, end]| &text[offsets.to_span(start, end).range()]);
        format!(
            "[{n} @{}] {}",
            cell.spans.first().map_or(0, |span| span[0]),
            pieces.collect::<Vec<_>>().join(" … ")
        )
    }

    fn print(&self, head: &str, cells: &[&GroupCell]) {
        println!("{head}");
        for cell in cells {
            println!("     {}", self.show(cell).replace('\n', " "));
        }
    }
}

fn print_groups(story: &Story, gold: &Groups, predicted: &Groups) {
    let texts = Texts::of(story);
    let (utterances, facts) = (pairs(&predicted.utterances), pairs(&predicted.facts));
    let found = [utterances.clone(), facts.clone()].concat();
    print_missed(&texts, "utterance", &gold.utterances, &found);
    print_missed(&texts, "fact", &gold.facts, &found);
    let right = [pairs(&gold.utterances), pairs(&gold.facts), pairs(&gold.doubtful)].concat();
    for (name, pairs) in [("utterance", utterances), ("fact", facts)] {
        for pair in pairs.iter().filter(|pair| !pair.is_in(&right)) {
            texts.print(&format!("SPURIOUS {name}"), &[pair.a, pair.b]);
        }
    }
    let (in_gold, in_predicted) = (gold.divergences(), predicted.divergences());
    print_divergences(&texts, "MISSED", &in_gold, &in_predicted);
    print_divergences(&texts, "SPURIOUS", &in_predicted, &in_gold);
}

fn print_missed(texts: &Texts<'_>, name: &str, groups: &[Group], found: &[Pair<'_>]) {
    let missed: Vec<Pair<'_>> = pairs(groups).into_iter().filter(|pair| !pair.is_in(found)).collect();
    for (n, group) in groups.iter().enumerate() {
        let missing = missed.iter().filter(|pair| pair.group == n);
        let cells: BTreeSet<usize> = missing.clone().flat_map(|pair| pair.cells).collect();
        if !cells.is_empty() {
            let cells: Vec<&GroupCell> = cells.iter().map(|&cell| &group.cells[cell]).collect();
            texts.print(&format!("MISSED {name} {n} ({} pairs)", missing.count()), &cells);
        }
    }
}

fn print_divergences(
    texts: &Texts<'_>,
    head: &str,
    these: &[ScoredDivergence<'_>],
    others: &[ScoredDivergence<'_>],
) {
    for divergence in these.iter().filter(|divergence| !divergence.is_in(others)) {
        texts.print(&format!("{head} divergence {}", divergence.kind), &divergence.cells.concat());
    }
}

fn print_lineage(family: &newsroom::Family, prediction: &newsroom::Prediction, comparison: &Comparison) {
    let show = |edge: &newsroom::EdgeRecord| format!("{} -> {} {}", edge.from, edge.to, edge.kind);
    for edge in &family.lineage.lineage {
        println!("GOLD EDGE {}", show(edge));
    }
    for (edge, whole) in prediction.lineage.lineage.iter().zip(&comparison.lineage) {
        println!("PREDICTED EDGE {} ({})", show(edge), whole.reason);
    }
}
