//! The program as a user runs it: exit codes, messages, and what it prints for good and bad inputs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const POST: &str = "Fourteen people left the town on Monday, Mayor Ana Ruiz said.\n\n\
    “We will never return to this valley,” she added. The road to Skarvik was closed.\n";
const COURIER: &str = "Forty people left the town on Monday, according to Mayor Ana Ruiz.\n\n\
    “We will not return to this valley,” Ruiz said. Two schools stayed open.\n";
const GAZETTE: &str = "Mayor Ana Ruiz said fourteen people had left the town.\n\n\
    The harbour stayed closed. “We will never return,” said Ruiz.\n";

/// A folder of one test's own, empty, with the three good reports in it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&folder);
        let _ = fs::remove_dir_all(folder.with_extension("data"));
        fs::create_dir_all(&folder).unwrap();
        let folder = Self(folder);
        folder.add("post.txt", POST);
        folder.add("courier.txt", COURIER);
        folder.add("gazette.txt", GAZETTE);
        folder
    }

    fn add(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), content).unwrap();
    }

    /// Runs `stemma` in the folder, with an environment that the terminal of whoever runs the tests does not reach.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stemma"));
        let data = self.0.with_extension("data");
        command.current_dir(&self.0).args(arguments).stdin(Stdio::null());
        command.env_remove("NO_COLOR").env_remove("STEMMA_STORE").env("XDG_DATA_HOME", data);
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }
}

struct Run {
    code: i32,
    out: String,
    messages: String,
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("the program is not killed"),
            out: String::from_utf8(output.stdout).expect("results are UTF-8"),
            messages: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).expect("--json prints JSON")
    }
}

#[test]
fn two_reports_are_compared() {
    let run = Folder::new("two").run(&["compare", "post.txt", "courier.txt"]);
    assert_eq!((run.code, run.messages.as_str()), (0, ""));
    for expected in ["2 reports", "post.txt", "courier.txt", "“We will [-never-] return to this valley,”"]
    {
        assert!(run.out.contains(expected), "{expected:?} is missing in\n{}", run.out);
    }
}

/// The last bar of the contract: each of these is named with its place and a remedy, and the others go on.
#[test]
fn bad_inputs_are_told_and_the_others_go_on() {
    let folder = Folder::new("bad");
    folder.add("empty.txt", "");
    folder.add("blank.txt", " \n\t\n");
    folder.add("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    folder.add("document.pdf", b"%PDF-1.7\n");
    folder.add("garbage.txt", [0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xFF, 0xFE, 0xFD].repeat(40));
    folder.add("broken.json", "{\n  \"text\": \"One.\",\n  \"title\" \"x\"\n}\n");
    folder.add("fields.jsonl", "{\"headline\": \"No text\"}\n{\"text\": \"The mayor left.\"}\n");
    fs::create_dir(folder.0.join("nothing")).unwrap();
    let bad = [
        "empty.txt",
        "blank.txt",
        "picture.txt",
        "document.pdf",
        "garbage.txt",
        "broken.json",
        "fields.jsonl",
    ];
    let other = ["nothing", "missing.txt", "https://post.example/a"];
    let arguments: Vec<&str> = ["compare", "--json", "post.txt"]
        .into_iter()
        .chain(bad)
        .chain(other)
        .chain(["courier.txt"])
        .collect();
    let run = folder.run(&arguments);
    insta::assert_snapshot!(run.messages, @r"
    stemma: empty.txt: is empty
      hint: save the article's text in it, or leave it out
    stemma: blank.txt: holds nothing but white space
      hint: save the article's text in it, or leave it out
    stemma: picture.txt: is a PNG image, not text
      hint: save the article as plain text or as an HTML page
    stemma: document.pdf: is a PDF document, not text
      hint: save the article as plain text or as an HTML page
    stemma: garbage.txt: not readable as text, 200 characters are broken in its likeliest charset, windows-1252
      hint: save the file as UTF-8
    stemma: broken.json: not valid JSON at line 3, column 11: expected `:`
      hint: mend the JSON there; in a .jsonl file every report stands on one line
    stemma: fields.jsonl:1: no `text` in this report; its fields are `headline`
      hint: name the field that holds the article `text`
    stemma: nothing: no file in it that can be read (.txt, .md, .html, .mhtml, .eml, .mbox, .json, .jsonl, .csv, .tsv, .rss, .atom, .xml, .warc, .gz, .zst, .zip, .tar)
      hint: give the files by name; then their content decides how they are read
    stemma: missing.txt: no such file or folder
      hint: check the path; names with spaces need quotation marks
    stemma: https://post.example/a: is an address, and only files are read here
      hint: fetch it with stemma add, or save the page and give the file
    ");
    assert_eq!(run.code, 1);
    let origins: Vec<String> = run.json()["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|report| report["origin"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(origins, ["post.txt", "fields.jsonl:2", "courier.txt"]);
}

#[test]
fn wrong_encodings_are_read_and_noted() {
    let folder = Folder::new("encodings");
    folder.add(
        "windows.txt",
        b"Mayor Jos\xE9 Pe\xF1a said fourteen people left. \x93We won\x92t return,\x94 he added.",
    );
    let utf16: Vec<u8> = POST.encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.add("utf16.txt", utf16);
    let run = folder.run(&["compare", "windows.txt", "utf16.txt"]);
    assert_eq!(run.code, 0);
    assert_eq!(run.messages, "stemma: note: windows.txt: names no charset, read as windows-1252\n");
    assert!(!run.out.contains('\u{FFFD}'));
    assert_eq!(folder.run(&["compare", "--quiet", "windows.txt", "utf16.txt"]).messages, "");
}

#[test]
fn a_thousand_unclosed_quotation_marks() {
    let folder = Folder::new("unclosed");
    let text: String =
        (0..1000).map(|n| format!("“We left the town number {n}, she said on Monday. ")).collect();
    folder.add("unclosed.txt", &text);
    folder.add("paragraphs.txt", text.replace(". ", ".\n\n"));
    let run = folder.run(&["compare", "--json", "unclosed.txt", "post.txt"]);
    assert_eq!((run.code, run.json()["reports"].as_array().unwrap().len()), (0, 2));
    assert_eq!(folder.run(&["compare", "paragraphs.txt", "post.txt"]).code, 0);
}

/// 10 MB where the program is built to be fast; in a debug build a part of it, which has the same one line.
#[test]
fn a_very_long_line() {
    let n_bytes = if cfg!(debug_assertions) { 100 << 10 } else { 10 << 20 };
    let folder = Folder::new("line");
    let sentence = "He left the town on Monday, Ana Ruiz said. ";
    folder.add("line.txt", sentence.repeat(n_bytes / sentence.len()));
    let run = folder.run(&["annotate", "--json", "line.txt"]);
    assert_eq!((run.code, run.messages.as_str()), (0, ""));
    assert_eq!(run.json()["sentences"].as_array().unwrap().len(), n_bytes / sentence.len());
}

#[test]
fn exit_codes() {
    let folder = Folder::new("codes");
    folder.add("copy.txt", POST);
    for (arguments, code, message) in [
        (vec!["compare", "post.txt", "courier.txt", "missing.txt"], 1, "missing.txt: no such file or folder"),
        (vec!["compare"], 2, "no file was given"),
        (vec!["compare", "post.txt", "--format", "pdf"], 2, "invalid value 'pdf'"),
        (vec!["compare", "post.txt"], 2, "only one report was given"),
        (vec!["compare", "post.txt", "missing.txt"], 2, "only one report could be read"),
        (vec!["compare", "post.txt", "copy.txt"], 2, "all 2 reports are the same"),
        (vec!["compare", "missing.txt", "none.html"], 3, "none of the inputs could be read"),
        (vec!["annotate", "missing.txt"], 3, "none of the inputs could be read"),
        (vec!["explain", "1", "post.txt"], 2, "only one report was given"),
        (vec!["explain", "nine", "missing.txt", "none.html"], 3, "none of the inputs could be read"),
        (vec!["explain", "no such words", "post.txt", "courier.txt"], 2, "stands in no report"),
        (vec!["explain", "1", "post.txt", "courier.txt", "missing.txt"], 1, "no such file"),
        (vec!["compare", "post.txt", "courier.txt", "-o", "no/folder/x.html"], 4, "cannot be written"),
        (vec!["eval", "comparison", "--data", "nowhere"], 4, "nowhere: no gold data there"),
    ] {
        let run = folder.run(&arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}", run.messages);
        assert!(run.messages.contains(message), "{arguments:?}: {}", run.messages);
        assert_eq!(run.out.is_empty(), code != 1, "{arguments:?}: {}", run.out);
    }
}

#[test]
fn help_teaches() {
    let folder = Folder::new("help");
    for arguments in [
        vec!["--help"],
        vec!["compare", "--help"],
        vec!["explain", "--help"],
        vec!["annotate", "--help"],
        vec!["versions", "--help"],
        vec!["duplicates", "--help"],
        vec!["eval", "--help"],
    ] {
        let run = folder.run(&arguments);
        assert_eq!(run.code, 0);
        assert!(run.out.contains("Exit codes:") || run.out.contains("Examples:"), "{}", run.out);
    }
    assert!(folder.run(&["completions", "bash"]).out.contains("_stemma"));
}

#[test]
fn forms_of_the_result() {
    let folder = Folder::new("forms");
    let json = folder.run(&["compare", "--json", "post.txt", "courier.txt"]).json();
    assert_eq!(
        (json["schema_version"].as_u64(), json["reports"].as_array().map(Vec::len)),
        (Some(1), Some(2))
    );
    assert_eq!(folder.run(&["compare", "--format", "json", "post.txt", "courier.txt"]).json(), json);
    // The ending of the file decides where no format is given.
    let run = folder.run(&["compare", "post.txt", "courier.txt", "--output", "out.json"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    let written = fs::read_to_string(folder.0.join("out.json")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), json);
}

#[test]
fn offsets_count_what_is_asked() {
    let folder = Folder::new("offsets");
    let text = "“Añ 𝄞,” Ruiz said. She left.";
    folder.add("signs.txt", text);
    let end = |unit: &str| {
        let run = folder.run(&["annotate", "--json", "--offsets", unit, "signs.txt"]);
        run.json()["sentences"].as_array().unwrap().last().unwrap()["end"].as_u64().unwrap() as usize
    };
    assert_eq!(end("chars"), text.chars().count());
    assert_eq!(end("bytes"), text.len());
    assert_eq!(end("utf16"), text.encode_utf16().count());
}

#[test]
fn threads_change_nothing() {
    let folder = Folder::new("threads");
    for form in ["text", "json"] {
        let run = |n| {
            folder.run(&[
                "compare",
                "--format",
                form,
                "--threads",
                n,
                "post.txt",
                "courier.txt",
                "gazette.txt",
            ])
        };
        let (one, two) = (run("1"), run("2"));
        assert!(one.code == 0 && !one.out.is_empty());
        assert_eq!(one.out, two.out);
    }
}

/// Up to the order of columns: the same rows with the same divergences, by ids that depend on content alone.
#[test]
fn the_order_of_arguments_changes_no_finding() {
    let folder = Folder::new("order");
    let findings = |files: [&str; 3]| -> BTreeSet<String> {
        let json = folder.run(&["compare", "--json", files[0], files[1], files[2]]).json();
        let rows = ["utterances", "facts"].into_iter().flat_map(|name| json[name].as_array().unwrap());
        rows.map(|row| {
            let kinds = row["divergences"].as_array().unwrap().iter();
            let kinds: BTreeSet<&str> =
                kinds.map(|divergence| divergence["kind"].as_str().unwrap()).collect();
            format!("{} {kinds:?}", row["id"].as_str().unwrap())
        })
        .collect()
    };
    let first = findings(["post.txt", "courier.txt", "gazette.txt"]);
    assert!(!first.is_empty());
    assert_eq!(first, findings(["gazette.txt", "post.txt", "courier.txt"]));
    assert_eq!(first, findings(["courier.txt", "gazette.txt", "post.txt"]));
}

#[test]
fn no_colors_outside_of_a_terminal() {
    let folder = Folder::new("colors");
    let files = ["compare", "post.txt", "courier.txt"];
    assert!(!folder.run(&files).out.contains('\u{1b}'));
    let asked = [&files[..], &["--color", "always"]].concat();
    assert!(folder.run(&asked).out.contains('\u{1b}'));
}

#[test]
fn what_a_report_holds_cannot_steer_the_terminal() {
    let folder = Folder::new("escapes");
    folder.add("escape.txt", "Ana \u{1b}[31mRuiz said fourteen\u{7} people left the town.");
    for arguments in [vec!["compare", "escape.txt", "post.txt"], vec!["annotate", "escape.txt"]] {
        let run = folder.run(&arguments);
        assert!(run.code == 0 && !run.out.contains(['\u{1b}', '\u{7}']), "{}", run.out.escape_debug());
    }
    let run = folder.run(&["compare", "no\u{1b}[31m.txt"]);
    assert!(run.messages.contains("no\\u{1b}[31m.txt: no such file") && !run.messages.contains('\u{1b}'));
}

#[test]
fn standard_input_is_known_by_its_content() {
    let folder = Folder::new("stdin");
    let lines = [("a", POST), ("b", COURIER)]
        .map(|(id, text)| serde_json::json!({ "id": id, "text": text }).to_string() + "\n")
        .concat();
    let mut child = folder
        .command(&["compare", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    let json = run.json();
    let ids: Vec<&str> =
        json["reports"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(json["reports"][0]["origin"], "-:1");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new("pipe");
    folder.add("long.txt", POST.repeat(200));
    let mut command = folder.command(&["annotate", "--json", "long.txt"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.messages.as_str()), (0, ""));
}

#[test]
fn annotate_shows_marks_and_one_json_line_for_each_report() {
    let folder = Folder::new("annotate");
    let run = folder.run(&["annotate", "post.txt", "--width", "100"]);
    assert_eq!(run.code, 0);
    for expected in ["origin    post.txt", "We will never return", "~~~", "said 1, direct", "cue 1"] {
        assert!(run.out.contains(expected), "{expected:?} is missing in\n{}", run.out);
    }
    let run = folder.run(&["annotate", "--json", "post.txt", "courier.txt", "gazette.txt"]);
    let lines: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines.iter().all(|line| line["sentences"].as_array().is_some_and(|sentences| sentences.len() >= 3))
    );
}

#[test]
fn a_row_and_two_statements_are_explained() {
    let folder = Folder::new("explain");
    let files = ["post.txt", "courier.txt", "gazette.txt"];
    let explain = |asked: &[&str]| folder.run(&[&["explain"], &asked[..1], &files[..], &asked[1..]].concat());
    let row = explain(&["forty people left"]);
    assert_eq!((row.code, row.messages.as_str()), (0, ""));
    for expected in ["Row ", "WHY THEY STAND IN ONE ROW", "figure "] {
        assert!(row.out.contains(expected), "{expected:?} is missing in\n{}", row.out);
    }
    // By its number on the page, and by its id in JSON or the first digits of it.
    let number = row.out.split_whitespace().nth(1).unwrap();
    assert_eq!(explain(&[number]).out, row.out);
    let json = explain(&[number, "--json"]).json();
    let id = json["row"]["id"].as_str().unwrap();
    assert_eq!(explain(&[id]).out, row.out);
    assert_eq!(explain(&[&id[..8]]).out, row.out);
    assert!(json["links"][0]["features"].as_array().is_some_and(|features| features.len() > 3));
    let two = explain(&["two schools stayed open", "--and", "forty people left"]);
    assert!(two.out.contains("WHY THEY DO NOT STAND IN ONE ROW"), "{}", two.out);
}

#[test]
fn files_before_the_statement_are_told() {
    let folder = Folder::new("turned");
    let run = folder.run(&["explain", "post.txt", "courier.txt", "gazette.txt"]);
    assert_eq!(run.code, 2);
    assert!(run.messages.contains("hint: give the statement first, then the files"), "{}", run.messages);
}

#[test]
fn stories_are_told_apart() {
    let folder = Folder::new("stories");
    folder.add(
        "cup.txt",
        "Harbour United won the cup on Sunday. Striker Per Holm scored twice in the final against Skarvik.\n",
    );
    folder.add(
        "final.txt",
        "Per Holm scored twice as Harbour United beat Skarvik in the cup final on Sunday.\n",
    );
    let run = folder.run(&["stories", "--json", "."]);
    assert_eq!((run.code, run.messages.as_str()), (0, ""));
    let lines: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let stories: BTreeSet<BTreeSet<&str>> = lines
        .iter()
        .map(|line| {
            line["origins"].as_array().unwrap().iter().map(|origin| origin.as_str().unwrap()).collect()
        })
        .collect();
    let expected = [vec!["./cup.txt", "./final.txt"], vec!["./courier.txt", "./gazette.txt", "./post.txt"]];
    assert_eq!(stories, expected.into_iter().map(|story| story.into_iter().collect()).collect());
    assert!(lines.iter().all(|line| !line["witnesses"].as_array().unwrap().is_empty()));
    let text = folder.run(&["stories", "."]).out;
    assert!(text.starts_with("5 reports · 2 stories\n"), "{text}");
}

#[test]
fn versions_show_what_changed() {
    let folder = Folder::new("versions");
    folder.add("later.txt", POST.replace("Fourteen", "Forty").replace("never return", "not return"));
    let text = folder.run(&["versions", "post.txt", "later.txt"]);
    assert_eq!((text.code, text.messages.as_str()), (0, ""));
    assert!(text.out.contains("figure      [-Fourteen-]{+Forty+} people left"), "{}", text.out);
    assert!(text.out.contains("quotation   “We will [-never-]{+not+} return"), "{}", text.out);
    let json = folder.run(&["versions", "post.txt", "later.txt", "--json"]).out;
    let line: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(line["steps"][0]["changes"].as_array().unwrap().len(), 2);
    assert_eq!(folder.run(&["versions", "post.txt"]).code, 2);
    let none = folder.run(&["versions", "."]).out;
    assert_eq!(none, "no report is there in more than one version\n");
}

#[test]
fn duplicates_are_told_by_level() {
    let folder = Folder::new("duplicates");
    folder.add("again.txt", POST.to_uppercase().replace('“', "\""));
    let run = folder.run(&["duplicates", ".", "--json"]);
    let lines: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((run.code, lines.len()), (0, 1));
    assert_eq!((&lines[0]["level"], &lines[0]["relation"]), (&"normalized".into(), &"republication".into()));
    let text = folder.run(&["duplicates", "."]).out;
    assert!(text.starts_with("4 reports · 2 that stand in 1 group with others\n"), "{text}");
}

#[test]
fn a_store_keeps_what_was_found_and_changes_nothing() {
    let folder = Folder::new("store");
    let plain = folder.run(&["compare", "post.txt", "courier.txt", "--json"]);
    let files = ["compare", "post.txt", "courier.txt", "--json", "--store", "kept.db"];
    for _ in 0..2 {
        let run = folder.run(&files);
        assert_eq!((run.code, run.messages.as_str(), run.out == plain.out), (0, "", true));
    }
    // The same text from another place keeps its own origin.
    fs::rename(folder.0.join("post.txt"), folder.0.join("moved.txt")).unwrap();
    let moved = folder.run(&["annotate", "moved.txt", "--json", "--store", "kept.db"]);
    assert_eq!(moved.out, folder.run(&["annotate", "moved.txt", "--json"]).out);
    folder.add("no.db", "This is a text and no store. ".repeat(100));
    let wrong = folder.run(&["annotate", "moved.txt", "--store", "no.db"]);
    assert_eq!(wrong.code, 4);
    assert!(
        wrong.messages.starts_with("stemma: no.db: not a store of Stemma\n  hint: "),
        "{}",
        wrong.messages
    );
}

#[test]
fn reports_of_different_events_are_noted() {
    let folder = Folder::new("events");
    let strike = "Tram drivers in Halden began a strike over pay in the morning. Their union wants six percent, the \
        company offers two. No tram left the depot, and buses ran full all day. Talks start again on Thursday.\n";
    let flood = "The river Orla broke its banks near Brevik and flooded the lower town. Firefighters took forty \
        people off roofs by boat. The bridge to the station was closed, and schools stay shut until Friday.\n";
    folder.add("strike.txt", strike);
    folder.add("flood.txt", flood);
    let run = folder.run(&["compare", "strike.txt", "flood.txt"]);
    assert_eq!(run.code, 0);
    assert_eq!(
        run.messages,
        "stemma: note: the reports seem to be of 2 events: strike.txt; flood.txt\n  \
         hint: stemma stories shows which reports belong together; compare those of one event\n"
    );
    assert_eq!(folder.run(&["compare", "strike.txt", "flood.txt", "--quiet"]).messages, "");
}

/// Reports of two events: two of a ferry, two of a strike.
const FEED: &str = r#"{"outlet": "Post", "published": "2026-03-04T09:20:00Z", "title": "Ferry aground off Skarvik", "text": "The ferry Nordlys ran aground off Skarvik on Wednesday with forty people on board, the coast guard said. Nobody was hurt."}
{"outlet": "Courier", "published": "2026-03-04T11:20:00Z", "title": "Ferry Nordlys runs aground", "text": "Forty people were on board when the ferry Nordlys ran aground off Skarvik, according to the coast guard. Divers look at the hull."}
{"outlet": "Post", "published": "2026-03-04T12:00:00Z", "title": "Miners in Petrila walk out", "text": "Two thousand miners in Petrila laid down their work on Wednesday, the union said. They ask for higher wages."}
{"outlet": "Gazette", "published": "2026-03-04T15:40:00Z", "title": "Strike halts Petrila mine", "text": "A strike of two thousand miners has halted the mine of Petrila, according to the union. They ask for wages that are higher."}
"#;

/// First digits of the ids of the stories of a table, in its order, and the number of reports of each.
fn stories_of(table: &str) -> Vec<(String, String)> {
    let rows = table
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()));
    let rows = rows.map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row[0].len() == 8).map(|row| (row[0].to_owned(), row[1].to_owned())).collect()
}

#[test]
fn corrections_outlast_the_run() {
    let folder = Folder::new("corrections");
    folder.add("feed.jsonl", FEED);
    let first = folder.run(&["stories", "feed.jsonl", "--store", "desk.db"]);
    assert_eq!(first.code, 0, "{}", first.messages);
    let stories = stories_of(&first.out);
    assert_eq!(stories.iter().map(|(_, n)| n.as_str()).collect::<Vec<_>>(), ["2", "2"], "{}", first.out);
    let (a, b) = (stories[0].0.clone(), stories[1].0.clone());
    let merged = folder.run(&["correct", "merge", &a, &b, "--store", "desk.db"]);
    assert!(
        merged.out.starts_with("correction 1: merge\n") && merged.out.contains("4 reports"),
        "{}",
        merged.out
    );
    let again = folder.run(&["stories", "feed.jsonl", "--store", "desk.db"]);
    assert_eq!(stories_of(&again.out).len(), 1, "{}", again.out);
    // Both ids lead to the one story.
    for id in [&a, &b] {
        let one = folder.run(&["compare", "--store", "desk.db", "--story", id]);
        assert!(one.out.starts_with("4 reports"), "{}{}", one.out, one.messages);
    }
    assert_eq!(folder.run(&["correct", "undo", "1", "--store", "desk.db"]).code, 0);
    let split = folder.run(&["correct", "split", "feed.jsonl:2", "--store", "desk.db"]);
    assert_eq!(split.code, 0, "{}", split.messages);
    let table = folder.run(&["stories", "--store", "desk.db", "--all"]);
    assert_eq!(stories_of(&table.out).iter().map(|(_, n)| n.as_str()).collect::<Vec<_>>(), ["2", "1", "1"]);
    let moved = folder.run(&[
        "correct",
        "move",
        "feed.jsonl:2",
        "--to",
        &stories_of(&table.out)[0].0,
        "--store",
        "desk.db",
    ]);
    assert!(moved.out.contains("3 reports"), "{}", moved.out);
    folder.run(&["correct", "undo", "2", "--store", "desk.db"]);
    let list = folder.run(&["correct", "list", "--store", "desk.db"]);
    assert!(
        !list.out.lines().next().unwrap().contains("(taken back)"),
        "who takes back was taken back: {}",
        list.out
    );
    assert_eq!(list.out.lines().count(), 5, "{}", list.out);
    assert!(
        list.out.contains("(taken back)") && list.out.contains("“Ferry Nordlys runs aground”"),
        "{}",
        list.out
    );
}

#[test]
fn a_story_keeps_the_name_that_it_was_given() {
    let folder = Folder::new("renamed");
    folder.add("feed.jsonl", FEED);
    let (a, b) = {
        let stories = stories_of(&folder.run(&["stories", "feed.jsonl", "--store", "desk.db"]).out);
        (stories[0].0.clone(), stories[1].0.clone())
    };
    let renamed = folder.run(&["correct", "rename", &a, "The Nordlys\taffair", "--store", "desk.db"]);
    assert!(renamed.out.contains("correction 1: rename\n"), "{}{}", renamed.out, renamed.messages);
    assert!(renamed.out.contains("2 reports · The Nordlys affair\n"), "{}", renamed.out);
    // Also when it grows, and when the stream of stories is taken up.
    folder.run(&["correct", "merge", &a, &b, "--store", "desk.db"]);
    let batch = folder.run(&["stories", "--store", "desk.db"]);
    assert!(batch.out.contains("The Nordlys affair"), "{}", batch.out);
    folder.add("late.jsonl", FEED.lines().next().unwrap().replace("Nordlys", "Nordlys again"));
    folder.run(&["stories", "--watch", "late.jsonl", "--store", "desk.db"]);
    let stream = folder.run(&["export", "jsonl", "--store", "desk.db"]);
    assert!(stream.out.contains("\"label\":\"The Nordlys affair\""), "{}{}", stream.out, stream.messages);
    folder.run(&["correct", "undo", "1", "--store", "desk.db"]);
    let undone = folder.run(&["stories", "--store", "desk.db"]);
    assert!(!undone.out.contains("affair"), "{}", undone.out);
}

#[test]
fn a_correction_that_cannot_be_made_changes_nothing() {
    let folder = Folder::new("no-corrections");
    folder.add("feed.jsonl", FEED);
    folder.run(&["stories", "feed.jsonl", "--store", "desk.db"]);
    for (arguments, told) in [
        (&["correct", "pin", "ffff", "--store", "desk.db"][..], "there is no story \"ffff\""),
        (&["correct", "split", "feed.jsonl:1", "feed.jsonl:3", "--store", "desk.db"], "are in 2 stories"),
        (&["correct", "split", "feed.jsonl:1", "feed.jsonl:2", "--store", "desk.db"], "nothing is left"),
        (&["correct", "undo", "1", "--store", "desk.db"], "there is no correction 1"),
        (&["correct", "rename", "ffff", "x", "--store", "desk.db"], "there is no story \"ffff\""),
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.messages);
        assert!(run.messages.contains(told), "{arguments:?}: {}", run.messages);
    }
    assert_eq!(folder.run(&["correct", "list", "--store", "desk.db"]).out, "no corrections\n");
    assert_eq!(folder.run(&["stories", "--store", "none.db"]).code, 3);
    assert!(!folder.0.join("none.db").exists());
}

#[test]
fn a_stream_places_each_report_and_goes_on_after_a_break() {
    let folder = Folder::new("watch");
    let lines: Vec<&str> = FEED.lines().collect();
    folder.add("first.jsonl", format!("{}\nno report\n\n{}\n", lines[0], lines[2]));
    folder.add("second.jsonl", format!("{}\n{}\n", lines[1], lines[3]));
    folder.add("feed.jsonl", [lines[0], lines[2], lines[1], lines[3]].join("\n"));
    let watch = |file: &str, more: &[&str]| folder.run(&[&["stories", "--watch", file], more].concat());
    let whole = watch("feed.jsonl", &[]);
    assert_eq!((whole.code, whole.messages.as_str()), (0, ""));
    let outcomes: Vec<&str> = whole.out.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(outcomes, ["opened", "opened", "joined", "joined"], "{}", whole.out);
    assert!(whole.out.lines().nth(2).unwrap().contains("Nordlys"), "{}", whole.out);
    // The same in two runs with a store between them, and a line that is no report.
    let first = watch("first.jsonl", &["--store", "kept.db"]);
    assert_eq!(first.code, 1);
    assert!(first.messages.starts_with("stemma: first.jsonl:2: not valid JSON"), "{}", first.messages);
    let second = watch("second.jsonl", &["--store", "kept.db"]);
    assert_eq!(format!("{}{}", first.out, second.out), whole.out);
    let again = watch("feed.jsonl", &["--store", "kept.db", "--json"]);
    let known: Vec<serde_json::Value> =
        again.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(known.len() == 4 && known.iter().all(|line| line["outcome"] == "known" && line["reports"] == 2));
    // What is corrected holds when the stream goes on.
    let story = known[0]["story"].as_str().unwrap();
    folder.run(&["correct", "merge", story, known[1]["story"].as_str().unwrap(), "--store", "kept.db"]);
    let corrected = watch("feed.jsonl", &["--store", "kept.db", "--json"]);
    let stories: BTreeSet<String> = corrected
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["story"].to_string())
        .collect();
    assert_eq!(stories.len(), 1, "{}", corrected.out);
}

#[test]
fn stories_say_why() {
    let folder = Folder::new("why");
    folder.add("feed.jsonl", FEED);
    let run = folder.run(&["stories", "feed.jsonl", "--explain"]);
    assert_eq!(run.code, 0, "{}", run.messages);
    assert_eq!(run.out.matches("fits ").count(), 4, "{}", run.out);
    assert!(run.out.contains("Nordlys") && run.out.contains("; next "), "{}", run.out);
}
