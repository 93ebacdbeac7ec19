//! The stories of `examples/` beside the findings that they must show (`examples/README.md`).
//!
//! What `expected/NAME.missing` names must really be missing: an improvement fails the test until the line is taken out,
//! as does a loss. `cargo test -p stemma --test examples -- --nocapture` prints what is found and missing;
//! `INSTA_UPDATE=always` before it takes over the present state, in lines, snapshots and
//! on the front page: read the difference before you commit.
#![expect(clippy::print_stdout, reason = "a table for the reader of the test's output")]

mod expected;
mod findings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use expected::Expected;
use findings::findings;
use stemma::{Compared, Engine, Report, api, render};
use stemma_core::ReportIndex;
use stemma_read::Input;

/// A story's reports as they were read, and the names by which `expected.json` calls them.
pub(crate) struct StoryFiles {
    names: Vec<String>,
    reports: Vec<Report>,
}

impl StoryFiles {
    fn read(story: &str) -> Self {
        let reading = stemma_read::read(vec![Input::Path(examples().join(story))]);
        assert!(reading.failures.is_empty(), "{story}: {:?}", reading.failures);
        let names = reading.reports.iter().map(report_name).collect();
        Self { names, reports: reading.reports }
    }

    /// Position of the report that goes by `name`.
    pub(crate) fn index(&self, name: &str) -> ReportIndex {
        let n = self.names.iter().position(|known| known == name);
        let n = n.unwrap_or_else(|| panic!("no report {name:?} among {:?}", self.names));
        ReportIndex(u32::try_from(n).expect("a handful of reports"))
    }
}

/// The id, where the input gives one; else the name of the file without its ending.
fn report_name(report: &Report) -> String {
    let stem =
        || Path::new(&report.origin().place).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    report.given_id().map(str::to_owned).or_else(stem).expect("a file has a name")
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

fn expectations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples/expected")
}

fn compare(files: &StoryFiles) -> Compared {
    let engine = Engine::load();
    engine.compare(engine.annotate(files.reports.clone(), 1))
}

/// Lays the comparison of `story` beside its expectations, and its text output beside the snapshot.
fn check(story: &str) {
    let json = std::fs::read_to_string(expectations().join(format!("{story}.json")));
    let expected: Expected = serde_json::from_str(&json.expect("every story has expectations"))
        .unwrap_or_else(|error| panic!("{story}: {error}"));
    let files = StoryFiles::read(story);
    let compared = compare(&files);
    let found = findings(&expected, &files, &compared);
    let missing: BTreeSet<&str> =
        found.iter().filter(|finding| !finding.holds).map(|finding| finding.name.as_str()).collect();

    for finding in &found {
        println!("{story:8} {} {}", if finding.holds { "found  " } else { "MISSING" }, finding.name);
    }
    println!("{story:8} {} of {} found", found.len() - missing.len(), found.len());
    let names: BTreeSet<&str> = found.iter().map(|finding| finding.name.as_str()).collect();
    assert_eq!(names.len(), found.len(), "{story}: two findings have one name");

    let known = KnownMissing::read(story);
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        known.write(story, &missing);
    } else {
        known.compare(story, &missing);
    }
    let text = render::text(&compared.story, &compared.comparison, &render::TextOptions::default());
    insta::assert_snapshot!(story, text);
}

/// Findings that Stemma does not make yet: `expected/NAME.missing`, one a line, ` ## ` and why it is missing.
struct KnownMissing(BTreeMap<String, String>);

impl KnownMissing {
    fn path(story: &str) -> PathBuf {
        expectations().join(format!("{story}.missing"))
    }

    fn read(story: &str) -> Self {
        let text = std::fs::read_to_string(Self::path(story)).unwrap_or_default();
        let line = |line: &str| line.split_once(" ## ").map(|(name, why)| (name.to_owned(), why.to_owned()));
        Self(text.lines().filter_map(line).collect())
    }

    fn compare(&self, story: &str, missing: &BTreeSet<&str>) {
        let known: BTreeSet<&str> = self.0.keys().map(String::as_str).collect();
        let lost: Vec<_> = missing.difference(&known).collect();
        let gained: Vec<_> = known.difference(missing).collect();
        assert!(lost.is_empty(), "{story}: no longer found, or not known to be missing: {lost:#?}");
        assert!(gained.is_empty(), "{story}: found now, so take it out of {story}.missing: {gained:#?}");
    }

    /// Drops what is found now, keeps the reasons of the rest.
    fn write(&self, story: &str, missing: &BTreeSet<&str>) {
        let why = |name: &str| self.0.get(name).map_or("not looked into yet", String::as_str);
        let lines: String = missing.iter().map(|name| format!("{name} ## {}\n", why(name))).collect();
        std::fs::write(Self::path(story), lines).expect("the examples can be written");
    }
}

/// Parts of the text output that the front page shows, by their headings.
const SHOWN: [&str; 4] = ["Quotations altered", "Who said it", "Times and dates", "Lists"];

/// The head of a text output, and those of [`SHOWN`] that it has.
fn excerpt(text: &str) -> String {
    let parts: Vec<&str> = text.split("\n\n").collect();
    let is_head = |part: &&&str| !part.starts_with("WHERE THEY DISAGREE");
    let head = parts.iter().take_while(is_head).copied();
    let shown =
        parts.iter().copied().filter(|part| part.lines().next().is_some_and(|line| SHOWN.contains(&line)));
    head.chain(["…"]).chain(shown).chain(["…"]).collect::<Vec<_>>().join("\n\n")
}

/// What the front page says that the program prints is what it prints.
#[test]
fn the_front_page_shows_real_output() {
    let compared = compare(&StoryFiles::read("summit"));
    let text = render::text(&compared.story, &compared.comparison, &render::TextOptions::default());
    let path = examples().join("../README.md");
    let page = std::fs::read_to_string(&path).expect("the repository has a front page");
    let (before, rest) = page.split_once("```text\n").expect("the page shows output");
    let (shown, after) = rest.split_once("\n```").expect("the block ends");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, format!("{before}```text\n{}\n```{after}", excerpt(&text)))
            .expect("it can be written");
    } else {
        assert_eq!(shown, excerpt(&text), "INSTA_UPDATE=always takes over the present output");
    }
}

/// All reports together fall into the stories again; the report of another trial is a story of its own.
#[test]
fn grouping_finds_the_stories_again() {
    let engine = Engine::load();
    let folders = std::fs::read_dir(examples()).expect("the examples are in the repository");
    let paths = folders.map(|entry| entry.expect("it can be listed").path());
    let reading = stemma_read::read(paths.filter(|path| path.is_dir()).map(Input::Path).collect());
    let documents = engine.annotate(reading.reports, 1);
    let place = |origin: &str| match origin.ends_with("evening-notice.txt") {
        true => "another trial".to_owned(),
        false => folder(origin),
    };
    let stories = engine.stories(&documents, &[]);
    let grouped: BTreeSet<BTreeSet<String>> = stories
        .iter()
        .map(|grouped| api::story(grouped).origins.iter().map(|origin| place(origin)).collect())
        .collect();
    let expected: BTreeSet<BTreeSet<String>> =
        documents.iter().map(|document| BTreeSet::from([place(&document.report().origin().place)])).collect();
    assert_eq!(grouped, expected);
    assert_eq!(stories.len(), expected.len(), "a story was split");
}

/// The story's folder.
fn folder(origin: &str) -> String {
    origin.rsplit('/').nth(1).unwrap_or_default().to_owned()
}

macro_rules! stories {
    ($($story:ident)+) => {
        $(#[test]
        fn $story() {
            check(stringify!($story));
        })+

        /// A story without a test, or a test without a story, is a mistake.
        #[test]
        fn every_story_is_checked() {
            let folders = std::fs::read_dir(examples()).expect("the examples are in the repository");
            let folders = folders.map(|entry| entry.expect("it can be listed"));
            let folders: BTreeSet<String> = folders
                .filter(|entry| entry.path().is_dir())
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            assert_eq!(folders, BTreeSet::from([$(stringify!($story).to_owned()),+]));
        }
    };
}

stories!(bill flood results strike summit tie trial);
