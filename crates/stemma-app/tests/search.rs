//! `stemma search` as a user runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const REPORTS: &str = r#"{"outlet": "Courier", "title": "No deal on metals", "published": "2026-03-02", "url": "https://courier.example/1", "text": "Talks on rare earth exports ended without a deal. “We will not sell our rare earths below their price,” Minister Olena Hrytsenko said."}
{"outlet": "Herald", "title": "No deal on metals", "published": "2026-03-03", "url": "https://herald.example/1", "text": "Talks on rare earth exports ended without a deal. “We will not sell our rare earths below their price,” Minister Olena Hrytsenko said."}
{"outlet": "Post", "title": "Ferry \u001b[31mhits pier", "published": "2026-04-10", "text": "The ferry Estrela struck a pier in Almara, and fourteen people were hurt. “Everybody kept calm,” Captain Inês Duarte said."}
"#;

struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("search").join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("reports.jsonl"), REPORTS).unwrap();
        let folder = Self(folder);
        assert_eq!(folder.run(&["stories", "reports.jsonl", "--store", "desk.db"]).0, 0);
        folder
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stemma"));
        command
            .current_dir(&self.0)
            .args(arguments)
            .env_remove("NO_COLOR")
            .env_remove("STEMMA_STORE")
            .env("XDG_DATA_HOME", self.0.with_extension("data"))
            .stdin(Stdio::null());
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn search(&self, arguments: &[&str]) -> String {
        let (code, out, messages) = self.run(&[&["search", "--store", "desk.db"], arguments].concat());
        assert_eq!((code, messages.as_str()), (0, ""), "{arguments:?}");
        out
    }
}

#[test]
fn reports_are_found_folded_and_marked() {
    let folder = Folder::new("reports");
    insta::assert_snapshot!(folder.search(&["rare", "earth"]), @r"
    Herald · 2026-03-03 · No deal on metals
      Talks on [rare] [earth] exports ended without a deal. “We will not sell our [rare] [earths] below
      their price,” Minister Olena Hrytsenko said.
      https://herald.example/1
      and 1 more that is nearly the same

    2 reports match
    ");
    let colored = folder.search(&["estrela", "--color", "always"]);
    assert!(
        colored.contains("\u{1b}[1mEstrela\u{1b}[0m") && colored.contains("Ferry  [31mhits"),
        "{colored:?}"
    );
}

#[test]
fn quotations_are_found_by_speaker() {
    let folder = Folder::new("quotations");
    insta::assert_snapshot!(folder.search(&["--quotations", "--speaker", "duarte"]), @r"
    Post · 2026-04-10 · Ferry  [31mhits pier
      Inês Duarte (direct): Everybody kept calm,
      reports.jsonl:3

    1 quotation matches
    ");
    let json: serde_json::Value =
        serde_json::from_str(&folder.search(&["sell", "--quotations", "--json"])).unwrap();
    assert_eq!((&json["matches"], &json["more"]), (&2.into(), &false.into()));
    let hit = &json["hits"][0];
    assert_eq!(hit["quotation"]["speaker"], "Olena Hrytsenko");
    assert_eq!(hit["alike"].as_array().unwrap().len(), 1);
    assert_eq!(hit["snippet"][1], serde_json::json!({"text": "sell", "found": true}));
}

#[test]
fn filters_and_order() {
    let folder = Folder::new("filters");
    let outlets = |arguments: &[&str]| {
        let json: serde_json::Value =
            serde_json::from_str(&folder.search(&[arguments, &["--json"]].concat())).unwrap();
        let hits = json["hits"].as_array().unwrap().clone();
        hits.iter().map(|hit| hit["outlet"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(outlets(&["--since", "2026-03-03", "--sort", "newest"]), ["Post", "Herald"]);
    assert_eq!(outlets(&["--until", "2026-03-02"]), ["Courier"]);
    assert_eq!(outlets(&["deal", "--outlet", "courier"]), ["Courier"]);
    assert_eq!(outlets(&["the OR deal", "--sort", "newest", "--limit", "1"]), ["Post"]);
}

#[test]
fn what_goes_wrong_is_told() {
    let folder = Folder::new("wrong");
    let told = |arguments: &[&str], expected: i32| {
        let (code, out, messages) = folder.run(&[&["search"], arguments].concat());
        assert_eq!((code, out.as_str()), (expected, ""), "{arguments:?} {messages}");
        messages
    };
    let messages = told(&["\"rare earth", "--store", "desk.db"], 2);
    assert!(
        messages.contains(
            "what is written cannot be searched for: the quotation mark at character 1 is not closed"
        ),
        "{messages}"
    );
    assert!(messages.contains("hint:"));
    assert!(
        told(&["a", "--speaker", "NOT", "--store", "desk.db"], 2)
            .contains("--speaker cannot be searched for")
    );
    assert!(
        told(&["a", "--since", "2026-04-01", "--until", "2026-03-01", "--store", "desk.db"], 2)
            .contains("is after --until")
    );
    assert!(told(&["a", "--since", "yesterday", "--store", "desk.db"], 2).contains("--since"));
    assert!(told(&["a", "--story", "zz", "--store", "desk.db"], 2).contains("no story \"zz\""));
    assert!(told(&["a", "--store", "missing.db"], 3).contains("there is no such store"));
    assert!(told(&["xylophone", "--store", "desk.db"], 0).contains("nothing was found"));
    assert!(!folder.0.join("missing.db").exists());
}

/// What is added is in the index when it is kept: nothing is left for the first search.
#[test]
fn adding_brings_reports_into_the_index() {
    let folder = Folder::new("added");
    assert_eq!(folder.run(&["add", "reports.jsonl", "--store", "added.db", "--quiet"]).0, 0);
    let count = |table: &str| {
        let store = rusqlite::Connection::open(folder.0.join("added.db")).unwrap();
        let sql = format!("SELECT count(*) FROM {table}");
        store.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!((count("reports"), count("search_pending")), (3, 0));
    assert!(folder.run(&["search", "--store", "added.db", "ferry"]).1.contains("1 report matches"));
}
