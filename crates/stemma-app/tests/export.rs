//! `stemma export` as a user runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const POST: &str = "Fourteen people left the town on Monday, Mayor Ana Ruiz said.\n\n\
    “We will never return to this valley,” she added. The road to Skarvik was closed.\n";
const COURIER: &str = "Forty people left the town on Monday, according to Mayor Ana Ruiz.\n\n\
    “We will not return to this valley,” Ruiz said. Two schools stayed open.\n";
const FERRY: &str = "The ferry Estrela struck a pier in Almara on Sunday, the port authority said.\n\n\
    Captain Inês Duarte had the lights switched off. The pier stays closed.\n";

struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("export").join(test);
        let _ = fs::remove_dir_all(&folder);
        let _ = fs::remove_dir_all(folder.with_extension("data"));
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in [("post.txt", POST), ("courier.txt", COURIER), ("ferry.txt", FERRY)] {
            fs::write(folder.join(name), text).unwrap();
        }
        Self(folder)
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stemma"));
        let data = self.0.with_extension("data");
        command.current_dir(&self.0).args(arguments).env_remove("STEMMA_STORE").env("XDG_DATA_HOME", data);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn export(&self, arguments: &[&str]) -> String {
        let (code, out, messages) = self.run(&[&["export"], arguments].concat());
        assert_eq!((code, messages.as_str()), (0, ""), "{arguments:?}");
        out
    }
}

#[test]
fn every_format_is_put_out_and_is_the_same_each_time() {
    let folder = Folder::new("formats");
    let starts = [
        ("jsonl", "{\"record\":\"report\""),
        ("html", "<!DOCTYPE html>"),
        ("md", "# "),
        ("annotations", "{\n  \"@context\": \"http://www.w3.org/ns/anno.jsonld\""),
        ("claims", "{\n  \"@context\": \"https://schema.org\""),
        ("ninjs", "{\"uri\":\"urn:stemma:report:"),
        ("graphml", "<?xml version=\"1.0\""),
        ("dot", "digraph lineage {"),
        ("prov", "{\n  \"prefix\":"),
    ];
    for (format, start) in starts {
        let out = folder.export(&[format, "post.txt", "courier.txt"]);
        assert!(out.starts_with(start), "{format}: {out}");
        assert!(out.ends_with('\n') || format == "html", "{format}");
        assert_eq!(out, folder.export(&[format, "post.txt", "courier.txt", "--threads", "1"]), "{format}");
    }
}

#[test]
fn tables_go_to_a_folder_or_one_to_standard_output() {
    let folder = Folder::new("tables");
    assert_eq!(folder.export(&["csv", "post.txt", "courier.txt", "--output", "made/tables"]), "");
    let mut files: Vec<String> = fs::read_dir(folder.0.join("made/tables"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, ["divergences.csv", "edges.csv", "quotations.csv", "reports.csv", "statements.csv"]);
    let one = folder.export(&["csv", "post.txt", "courier.txt", "--table", "divergences"]);
    assert_eq!(one, fs::read_to_string(folder.0.join("made/tables/divergences.csv")).unwrap());
    assert!(one.contains(",figure,true,"), "{one}");
}

/// What is put out as Parquet is read as the same reports, if this program can do either.
#[test]
fn tables_as_parquet() {
    let folder = Folder::new("parquet");
    let arguments = ["export", "parquet", "post.txt", "courier.txt", "--output", "made"];
    let (code, out, messages) = folder.run(&arguments);
    if cfg!(not(feature = "parquet")) {
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(messages.contains("built without Parquet") && messages.contains("DuckDB"), "{messages}");
        return;
    }
    assert_eq!((code, out.as_str(), messages.as_str()), (0, "", ""));
    assert_eq!(fs::read_dir(folder.0.join("made")).unwrap().count(), 5);
    let (code, out, _) = folder.run(&["annotate", "made/statements.parquet", "--json"]);
    assert_eq!(code, 0);
    assert!(out.contains("Forty people left the town on Monday"), "{out}");
}

#[test]
fn what_does_not_go_together_is_told() {
    let folder = Folder::new("wrong");
    let told = |arguments: &[&str]| {
        let (code, out, messages) = folder.run(&[&["export"], arguments].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?} {messages}");
        messages
    };
    assert!(told(&["csv", "post.txt"]).contains("--output FOLDER"));
    assert!(told(&["dot", "post.txt", "--table", "edges"]).contains("for csv and parquet alone"));
    assert!(told(&["dot", "post.txt", "--raw"]).contains("for csv alone"));
    assert!(told(&["dot", "post.txt", "--layers"]).contains("for jsonl alone"));
    assert!(told(&["verdicts", "post.txt"]).contains("possible values"));
    fs::write(folder.0.join("taken"), "").unwrap();
    let (code, _, messages) = folder.run(&["export", "csv", "post.txt", "--output", "taken"]);
    assert_eq!(code, 4);
    assert!(
        messages.contains("taken: the folder cannot be made") && messages.contains("hint:"),
        "{messages}"
    );
}

#[test]
fn stories_of_a_store_are_put_out_each_or_one() {
    let folder = Folder::new("store");
    assert_eq!(folder.run(&["stories", ".", "--store", "desk.db"]).0, 0);
    let reports = folder.export(&["csv", "--store", "desk.db", "--table", "reports"]);
    let stories: std::collections::BTreeSet<&str> = reports.lines().skip(1).map(|line| &line[..16]).collect();
    assert_eq!((reports.lines().count(), stories.len()), (4, 2), "{reports}");
    let ferry = reports.lines().find(|line| line.contains("ferry.txt")).unwrap();
    let alone = folder.export(&["csv", "--store", "desk.db", "--table", "reports", "--story", &ferry[..6]]);
    assert_eq!(alone.lines().nth(1), Some(ferry));
    let (code, _, messages) = folder.run(&["export", "html", "--store", "desk.db"]);
    assert_eq!(code, 2);
    assert!(messages.contains("a page shows one story, and there are 2"), "{messages}");
}

/// What is put out as JSON lines is read as the same reports.
#[test]
fn json_lines_are_read_again() {
    let folder = Folder::new("again");
    let lines = folder.export(&["jsonl", "post.txt", "courier.txt"]);
    fs::write(folder.0.join("out.jsonl"), &lines).unwrap();
    let table = |input: &[&str]| folder.export(&[&["csv", "--table", "divergences"], input].concat());
    assert_eq!(table(&["out.jsonl"]), table(&["post.txt", "courier.txt"]));
}
