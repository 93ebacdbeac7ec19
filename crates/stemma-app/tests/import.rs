//! `stemma export jsonl` of a store, and `stemma import` of what it wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use stemma::{Correction, Engine, StoryId};
use stemma_core::{Content, Document, Origin, Published, Report, ReportDraft};
use stemma_store::{NewDocument, SqliteStore, Store, StoredReport, StoredStory, producers};

struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import").join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn store(&self, name: &str) -> SqliteStore {
        SqliteStore::open(&self.0.join(name)).unwrap()
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stemma"));
        command.current_dir(&self.0).args(arguments).env_remove("STEMMA_STORE").stdin(Stdio::null());
        command.env("XDG_DATA_HOME", self.0.with_extension("data"));
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn done(&self, arguments: &[&str]) -> String {
        let (code, out, messages) = self.run(arguments);
        assert_eq!((code, messages.as_str()), (0, ""), "{arguments:?}");
        out
    }
}

fn report(n: usize) -> Report {
    let day = format!("2026-03-{:02}", n % 28 + 1);
    let at = format!("{day}T10:00:00Z").parse().unwrap();
    let published = [
        None,
        Some(Published::Day(day.parse().unwrap())),
        Some(Published::Instant(at, jiff::tz::Offset::constant(2))),
    ];
    let draft = ReportDraft {
        given_id: n.is_multiple_of(2).then(|| format!("id \"{n}\"")),
        outlet: n.is_multiple_of(3).then(|| "Łódź Post".to_owned()),
        url: n.is_multiple_of(5).then(|| format!("https://post.example/{n}")),
        title: n.is_multiple_of(4).then(|| "Fourteen hurt\n\u{1b}".to_owned()),
        published: published[n % 3],
        text: format!(
            "Report {n}: fourteen people were hurt in Lom on Friday. “We kept calm\u{2028}all day,” Mayor Ana Ruiz said. 🚢"
        ),
        extra: serde_json::from_str(r#"{"section": ["a", null, 0.1], "record": "report"}"#).unwrap(),
        ..ReportDraft::default()
    };
    Report::new(
        draft,
        Origin { place: format!("in/{}.jsonl", n % 7), item: n.is_multiple_of(2).then_some(n as u64 + 1) },
    )
}

/// A store of reports with text and binary bytes, shared, own and none, of stories and corrections.
fn fill(store: &mut SqliteStore) {
    let contents: [&[u8]; 3] = [b"one\r\ntwo \"three\"", b"\xff\xfe\x00page", b""];
    let reports: Vec<Report> = (0..300).map(report).collect();
    let documents =
        Engine::load().annotate(reports.clone(), 0).into_iter().enumerate().map(|(n, document)| {
            let content = contents.get(n % 4).map(|bytes| Content {
                bytes: (*bytes).into(),
                media_type: "text/html".into(),
                range: n.is_multiple_of(2).then_some(0..n as u64),
            });
            NewDocument { document, content }
        });
    store.put_documents(&documents.collect::<Vec<_>>()).unwrap();
    let ids: Vec<_> = reports.iter().map(Report::id).collect();
    let story = |first: usize, last: usize| StoredStory {
        id: StoryId::opened_by(ids[first]),
        label: format!("Story of {first}"),
        reports: ids[first..last].to_vec(),
    };
    store.put_stories(&[story(0, 3), story(3, 280)]).unwrap();
    store.put_correction(&Correction::Pin { reports: ids[..3].to_vec() }).unwrap();
    store.put_correction(&Correction::Split { reports: vec![ids[4]], rest: vec![ids[5]] }).unwrap();
    store.put_correction(&Correction::Undo { number: 1 }).unwrap();
}

/// All that a store says of its reports.
type Held = Vec<(StoredReport, Option<Content>, Option<Document>)>;

fn held(store: &SqliteStore) -> (Held, Vec<StoredStory>, Vec<Correction>) {
    let made_by = producers(Engine::load().annotate(vec![Report::of_text("")], 1)[0].layers());
    let one = |id| {
        let stored = store.report(id).unwrap().unwrap();
        let content = stored.content.and_then(|hash| store.content(hash).unwrap());
        (stored, content, store.document(id, &made_by).unwrap())
    };
    let reports = store.report_ids().unwrap().into_iter().map(one).collect();
    (reports, store.stories().unwrap(), store.corrections().unwrap())
}

#[test]
fn a_store_comes_back_equal() {
    let folder = Folder::new("equal");
    fill(&mut folder.store("desk.db"));
    assert_eq!(folder.done(&["export", "jsonl", "--store", "desk.db", "--output", "desk.jsonl"]), "");
    let told = folder.done(&["import", "desk.jsonl", "--store", "other.db"]);
    assert_eq!(told, "300 reports added, 0 there already · 2 stories · 3 corrections · other.db\n");
    let (before, after) = (held(&folder.store("desk.db")), held(&folder.store("other.db")));
    assert_eq!(before.0.len(), 300);
    assert!(before.0.iter().all(|(_, _, document)| document.is_some()));
    assert_eq!(before, after);
    let written = fs::read_to_string(folder.0.join("desk.jsonl")).unwrap();
    assert_eq!(folder.done(&["export", "jsonl", "--store", "other.db"]), written);

    // The same again changes nothing, also with layers.
    fs::write(
        folder.0.join("layers.jsonl"),
        folder.done(&["export", "jsonl", "--store", "other.db", "--layers"]),
    )
    .unwrap();
    let told = folder.done(&["import", "layers.jsonl", "--store", "other.db"]);
    assert_eq!(told, "0 reports added, 300 there already · 2 stories · 0 corrections · other.db\n");
    assert_eq!(held(&folder.store("other.db")), before);
}

#[test]
fn broken_lines_are_told_and_the_others_are_taken() {
    let folder = Folder::new("broken");
    fill(&mut folder.store("desk.db"));
    let written = folder.done(&["export", "jsonl", "--store", "desk.db"]);
    let mut lines: Vec<String> = written.lines().map(str::to_owned).collect();
    lines[1] = lines[1].replace("fourteen", "forty");
    lines.insert(3, "{\"record\": \"verdict\"}".to_owned());
    lines.insert(4, "\u{0}{".to_owned());
    // Stories name the report that is broken.
    lines.retain(|line| !line.contains("\"record\":\"story\""));
    fs::write(folder.0.join("broken.jsonl"), lines.join("\n")).unwrap();
    let (code, out, messages) = folder.run(&["import", "broken.jsonl", "--store", "other.db"]);
    assert_eq!(code, 1, "{messages}");
    assert!(out.starts_with("299 reports added"), "{out}");
    for told in [
        "broken.jsonl:2: outlet, url and text have the hash",
        "broken.jsonl:4: no record of stemma export jsonl",
        "broken.jsonl:5: no record",
    ] {
        assert!(messages.contains(told), "{told} in {messages}");
    }
}

#[test]
fn what_cannot_be_taken_is_told() {
    let folder = Folder::new("wrong");
    fs::write(folder.0.join("other.jsonl"), "{\"text\": \"Fourteen people were hurt.\"}\n").unwrap();
    let (code, _, messages) = folder.run(&["import", "other.jsonl", "--store", "desk.db"]);
    assert_eq!(code, 3);
    assert!(
        messages.contains("other.jsonl: no report could be read") && messages.contains("hint:"),
        "{messages}"
    );
    let (code, _, messages) = folder.run(&["import", "missing.jsonl", "--store", "desk.db"]);
    assert!(code == 3 && messages.contains("missing.jsonl: cannot be read"), "{messages}");
    // Corrections of another history are left alone.
    fill(&mut folder.store("full.db"));
    fs::write(folder.0.join("full.jsonl"), folder.done(&["export", "jsonl", "--store", "full.db"])).unwrap();
    let mut other = folder.store("mine.db");
    other.put_correction(&Correction::Undo { number: 7 }).unwrap();
    let (code, out, messages) = folder.run(&["import", "full.jsonl", "--store", "mine.db"]);
    assert!(code == 0 && out.contains("0 corrections"), "{out}");
    assert!(messages.contains("the store has corrections of its own"), "{messages}");
    assert_eq!(other.corrections().unwrap().len(), 1);
}
