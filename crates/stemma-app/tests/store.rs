//! The store as a user of the program meets it: what is kept, what two processes do to each other, and what happens when the
//! program is killed, the disk is full or the file is damaged.

mod invented;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use invented::Random;
use rusqlite::Connection;

/// A folder of one test's own, and what the program keeps for its user beside it.
struct Folder(PathBuf);

struct Run {
    code: i32,
    out: String,
    messages: String,
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("the program is not killed"),
            out: String::from_utf8(output.stdout).unwrap(),
            messages: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Folder {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stores").join(test);
        let _ = fs::remove_dir_all(&folder);
        let _ = fs::remove_dir_all(folder.with_extension("data"));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Where the program keeps what nobody named.
    fn own_store(&self) -> PathBuf {
        self.0.with_extension("data").join("stemma").join("stemma.db")
    }

    /// A file of invented reports.
    fn lines(&self, name: &str, numbers: std::ops::Range<u64>) {
        let lines: String = numbers.map(|n| invented::line(n) + "\n").collect();
        fs::write(self.path(name), lines).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stemma"));
        command.current_dir(&self.0).args(arguments).stdin(Stdio::null());
        command.env_remove("STEMMA_STORE").env("XDG_DATA_HOME", self.0.with_extension("data"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }

    fn done(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!((run.code, run.messages.as_str()), (0, ""), "{arguments:?}");
        run.out
    }

    fn open(&self, name: &str) -> Connection {
        Connection::open(self.path(name)).unwrap()
    }
}

/// Fewer where the program is not built to be fast.
fn n_reports(n: u64) -> u64 {
    if cfg!(debug_assertions) { n / 10 } else { n }
}

fn one<T: rusqlite::types::FromSql>(file: &Connection, sql: &str) -> T {
    file.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn is_sound(file: &Connection) -> bool {
    one::<String>(file, "PRAGMA integrity_check") == "ok"
        && !file.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap()
}

/// Everything in a store but the times at which it was written.
fn contents(file: &Connection) -> String {
    let mut tables = file
        // How often words stood in what was indexed: what is indexed again counts again.
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%' AND name <> 'search_words' ORDER BY name")
        .unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(tables.len() > 10, "{tables:?}");
    let mut out = String::new();
    for table in tables {
        let mut columns = file.prepare(&format!("SELECT name FROM pragma_table_info('{table}')")).unwrap();
        let columns: Vec<String> =
            columns.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let columns: Vec<String> = columns
            .into_iter()
            .filter(|column| !["added", "at", "made"].contains(&column.as_str()))
            .map(|column| format!("quote(\"{column}\")"))
            .collect();
        let sql = format!("SELECT {} FROM \"{table}\" ORDER BY 1", columns.join(" || ',' || "));
        let mut rows = file.prepare(&sql).unwrap();
        writeln!(out, "{table}").unwrap();
        for row in rows.query_map([], |row| row.get::<_, String>(0)).unwrap() {
            writeln!(out, "  {}", row.unwrap()).unwrap();
        }
    }
    out
}

#[test]
fn what_is_added_is_kept_with_its_bytes_and_told_once_it_is() {
    let folder = Folder::new("add");
    folder.lines("first.jsonl", 0..3);
    fs::write(folder.path("page.txt"), "“The bridge is safe,” Mayor Ana Ruiz said.").unwrap();
    let told = folder.done(&["add", "first.jsonl", "--store", "desk.db"]);
    assert_eq!(told, "3 reports added · desk.db\n");
    let acknowledged = folder.done(&["add", "first.jsonl", "page.txt", "--json", "--store", "desk.db"]);
    let outcomes: Vec<String> = acknowledged
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["outcome"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(outcomes, ["known", "known", "known", "added"]);
    let file = folder.open("desk.db");
    assert!(is_sound(&file));
    let (length, hash): (i64, String) = file
        .query_row(
            "SELECT length, sha256 FROM contents JOIN reports USING (content) WHERE place = 'page.txt'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(length as usize, fs::read(folder.path("page.txt")).unwrap().len());
    assert_eq!(hash.len(), 64);
    let line: String = one(
        &file,
        "SELECT byte_start || '..' || byte_end FROM reports WHERE place = 'first.jsonl' AND item = 2",
    );
    let (start, end) = line.split_once("..").unwrap();
    let first = fs::read(folder.path("first.jsonl")).unwrap();
    assert_eq!(first[start.parse().unwrap()..end.parse().unwrap()], *invented::line(1).as_bytes());
    assert_eq!(
        one::<String>(&file, "SELECT speaker || ': ' || quotation FROM v_quotations WHERE report = 4"),
        "Ana Ruiz: The bridge is safe,"
    );
    // A report in a file that cannot be read costs the others nothing.
    fs::write(folder.path("bad.jsonl"), format!("nothing\n{}\n", invented::line(9))).unwrap();
    let run = folder.run(&["add", "bad.jsonl", "missing.txt", "--store", "desk.db"]);
    assert_eq!((run.code, run.out.as_str()), (1, "1 report added · desk.db\n"));
    assert!(
        run.messages.contains("bad.jsonl:1") && run.messages.contains("missing.txt: no such file"),
        "{}",
        run.messages
    );
    assert_eq!(folder.run(&["add", "missing.txt", "--store", "desk.db"]).code, 3);
}

#[test]
fn the_users_own_store_is_used_unless_another_or_none_is_named() {
    let folder = Folder::new("own");
    folder.lines("a.jsonl", 0..2);
    let without = folder.done(&["compare", "a.jsonl", "--no-store", "--json", "--quiet"]);
    assert!(!folder.0.with_extension("data").exists(), "nothing is left behind");
    assert_eq!(folder.done(&["compare", "a.jsonl", "--json", "--quiet"]), without);
    assert_eq!(folder.done(&["compare", "a.jsonl", "--json", "--quiet"]), without, "from the cache");
    let own = Connection::open(folder.own_store()).unwrap();
    assert_eq!(one::<i64>(&own, "SELECT count(*) FROM comparisons"), 1);
    assert_eq!(one::<i64>(&own, "SELECT count(*) FROM reports WHERE content IS NOT NULL"), 2);
    let named = Run::of(folder.command(&["stats"]).env("STEMMA_STORE", "env.db").output().unwrap());
    assert_eq!(named.code, 3);
    assert!(named.messages.contains("env.db: there is no such store"), "{}", named.messages);
    Run::of(folder.command(&["add", "a.jsonl"]).env("STEMMA_STORE", "env.db").output().unwrap());
    assert!(folder.path("env.db").exists());
    assert_eq!(folder.run(&["stories", "--no-store"]).code, 2, "there is nothing to read");
    assert_eq!(folder.run(&["stories", "a.jsonl", "--no-store", "--store", "x.db"]).code, 2);
}

#[test]
fn an_own_place_that_does_not_work_is_told_and_a_named_one_ends_the_run() {
    let folder = Folder::new("no-place");
    folder.lines("a.jsonl", 0..2);
    fs::write(folder.path("file"), "no folder").unwrap();
    let without = folder.done(&["annotate", "a.jsonl", "--no-store"]);
    let mut command = folder.command(&["annotate", "a.jsonl"]);
    let run = Run::of(command.env("XDG_DATA_HOME", folder.path("file")).output().unwrap());
    assert_eq!((run.code, run.out), (0, without));
    assert_eq!(run.messages.lines().count(), 1, "{}", run.messages);
    assert!(run.messages.contains("going on without a store"), "{}", run.messages);
    let run = folder.run(&["annotate", "a.jsonl", "--store", "file/desk.db"]);
    assert_eq!((run.code, run.out.as_str()), (4, ""));
    assert!(run.messages.contains("file/desk.db: the store cannot be opened"), "{}", run.messages);
    assert!(run.messages.contains("hint: check that the folder exists"), "{}", run.messages);
}

#[test]
fn stories_of_the_store_are_kept_with_what_becomes_of_them() {
    let folder = Folder::new("stories");
    folder.lines("a.jsonl", 0..4);
    folder.done(&["add", "a.jsonl", "--quiet"]);
    let first = folder.done(&["stories", "--json"]);
    let own = Connection::open(folder.own_store()).unwrap();
    let n_stories = first.lines().count() as i64;
    assert_eq!(one::<i64>(&own, "SELECT count(*) FROM v_stories"), n_stories);
    assert_eq!(one::<i64>(&own, "SELECT count(*) FROM story_reports"), 4);
    assert_eq!(one::<i64>(&own, "SELECT count(*) FROM story_events WHERE kind = 'opened'"), n_stories);
    let n_events: i64 = one(&own, "SELECT count(*) FROM story_events");
    assert_eq!(folder.done(&["stories", "--json"]), first);
    assert_eq!(one::<i64>(&own, "SELECT count(*) FROM story_events"), n_events, "nothing became of them");
    let stories = folder.done(&["stories", "--watch", "a.jsonl", "--store", "stream.db"]);
    assert_eq!(stories.lines().count(), 4);
    assert_eq!(one::<i64>(&folder.open("stream.db"), "SELECT count(*) FROM story_reports"), 4);
}

#[test]
fn two_writers_wait_for_each_other_and_a_reader_reads() {
    let folder = Folder::new("writers");
    let n = n_reports(800);
    folder.lines("a.jsonl", 0..n);
    folder.lines("b.jsonl", n / 2..n + n / 2);
    folder.done(&["add", "a.jsonl", "--store", "desk.db", "--quiet"]);
    fs::remove_file(folder.path("desk.db")).unwrap();
    let start = |file| {
        let mut command = folder.command(&["add", file, "--store", "desk.db", "--quiet"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let mut writers = [start("a.jsonl"), start("b.jsonl")];
    let mut n_read = Vec::new();
    while writers.iter_mut().any(|writer| writer.try_wait().unwrap().is_none()) {
        if folder.path("desk.db").exists() {
            let run = folder.run(&["stats", "--json", "--store", "desk.db"]);
            assert_eq!(run.code, 0, "{}", run.messages);
            let stats: serde_json::Value = serde_json::from_str(&run.out).unwrap();
            n_read.push(stats["rows"]["reports"].as_u64().unwrap());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(n_read.is_sorted() && n_read.iter().any(|&n_read| n_read < n), "{n_read:?}");
    let file = folder.open("desk.db");
    assert!(is_sound(&file));
    assert_eq!(one::<i64>(&file, "SELECT count(*) FROM reports") as u64, n + n / 2);
    assert_eq!(one::<i64>(&file, "SELECT count(*) FROM layers") as u64, n + n / 2);
}

/// Ids of the reports that a run has acknowledged before it ended.
fn acknowledged(output: impl Read) -> Vec<String> {
    let lines = BufReader::new(output).lines().map_while(Result::ok);
    let report = |line: String| -> Option<String> {
        // The last line may be cut off.
        let line: serde_json::Value = serde_json::from_str(&line).ok()?;
        Some(line["report"].as_str()?.to_owned())
    };
    lines.map_while(report).collect()
}

/// `STEMMA_KILLS=200` for the full number, `STEMMA_KILL_SEED` for other moments.
#[test]
#[expect(clippy::print_stdout, reason = "how much was tried is told to whoever asks for it")]
fn killed_at_any_moment_nothing_acknowledged_is_lost() {
    let setting =
        |name: &str, default| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    let n_kills: u64 = setting("STEMMA_KILLS", 6);
    let mut random = Random::new(setting("STEMMA_KILL_SEED", 1));
    let folder = Folder::new("killed");
    folder.lines("a.jsonl", 0..n_reports(1500));
    folder.done(&["add", "a.jsonl", "--store", "whole.db", "--quiet"]);
    let whole = contents(&folder.open("whole.db"));
    let (mut n_killed, mut n_rounds, mut n_acknowledged) = (0, 0, 0);
    // As long as an ingest takes; what a busy machine makes of that changes while the test runs.
    let mut millis = 2_000;
    while n_killed < n_kills || n_rounds == 0 {
        let store = format!("round-{n_rounds}.db");
        let mut known = BTreeSet::new();
        let mut spent = Duration::ZERO;
        loop {
            let mut command = folder.command(&["add", "a.jsonl", "--json", "--quiet", "--store", &store]);
            let started = std::time::Instant::now();
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let output = child.stdout.take().unwrap();
            let reading = std::thread::spawn(move || acknowledged(output));
            if n_killed < n_kills {
                std::thread::sleep(Duration::from_millis(random.below(millis)));
                let _ = child.kill();
            }
            let output = child.wait_with_output().unwrap();
            spent += started.elapsed();
            let told = reading.join().unwrap();
            n_acknowledged += told.len();
            known.extend(told);
            let file = folder.open(&store);
            assert!(is_sound(&file), "kill {n_killed}");
            if !known.is_empty() {
                let mut kept = file.prepare("SELECT id FROM reports JOIN layers ON report = number").unwrap();
                let kept: BTreeSet<String> =
                    kept.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
                assert!(known.is_subset(&kept), "kill {n_killed}: an acknowledged report is lost");
            }
            if output.status.code().is_some() {
                millis = (spent.as_millis() as u64).clamp(100, 10_000);
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                assert!(
                    contents(&file) == whole,
                    "round {n_rounds}: another store than that of an undisturbed run"
                );
                break;
            }
            n_killed += 1;
        }
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(folder.path(&format!("{store}{end}")));
        }
        n_rounds += 1;
    }
    println!("{n_killed} kills in {n_rounds} ingests, {n_acknowledged} reports acknowledged");
}

/// In a file system of 3 MiB where one can be made, else under a limit for the size of files.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let folder = Folder::new("full");
    folder.lines("a.jsonl", 0..n_reports(3000).max(900));
    let stemma = env!("CARGO_BIN_EXE_stemma");
    let add = format!("'{stemma}' add a.jsonl --json --quiet --store small/desk.db");
    fs::create_dir(folder.path("small")).unwrap();
    let mut command = Command::new("sh");
    command.current_dir(&folder.0).env("XDG_DATA_HOME", folder.path("small")).stdin(Stdio::null());
    let mounted =
        format!("mount -t tmpfs -o size=3m none small && {add}; code=$?; cp small/desk.db* .; exit $code");
    let possible = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if possible.is_ok_and(|output| output.status.success()) {
        command = Command::new("unshare");
        command.current_dir(&folder.0).stdin(Stdio::null()).args(["-rm", "sh", "-c", &mounted]);
    } else {
        // The signal that goes with the limit is ignored, so that the write fails as it does on a full disk.
        command.args([
            "-c",
            &format!("trap '' XFSZ; ulimit -f 4096; {add}; code=$?; cp small/desk.db* .; exit $code"),
        ]);
    }
    let run = Run::of(command.output().unwrap());
    assert_eq!(run.code, 4, "{}", run.messages);
    assert!(run.messages.contains("small/desk.db: ") && run.messages.contains("hint: "), "{}", run.messages);
    assert!(run.messages.contains("room"), "{}", run.messages);
    let told = acknowledged(run.out.as_bytes());
    assert!(!told.is_empty(), "something was kept before");
    let file = folder.open("desk.db");
    assert!(is_sound(&file));
    for id in &told {
        assert!(one::<bool>(&file, &format!("SELECT count(*) = 1 FROM reports WHERE id = '{id}'")), "{id}");
    }
    drop(file);
    // With room it goes on.
    folder.done(&["add", "a.jsonl", "--quiet", "--store", "desk.db"]);
    assert!(is_sound(&folder.open("desk.db")));
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_to_is_told() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = Folder::new("read-only");
    folder.lines("a.jsonl", 0..2);
    fs::create_dir(folder.path("locked")).unwrap();
    folder.done(&["add", "a.jsonl", "--store", "locked/old.db"]);
    let before = contents(&folder.open("locked/old.db"));
    fs::set_permissions(folder.path("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(folder.path("locked/old.db"), fs::Permissions::from_mode(0o444)).unwrap();
    for (store, told) in
        [("locked/new.db", "the store cannot be opened"), ("locked/old.db", "may not be written to")]
    {
        let mut command = folder.command(&["add", "a.jsonl", "--store", store]);
        // Whoever runs the tests may be allowed everything.
        if fs::write(folder.path("locked/probe"), "").is_ok() {
            fs::remove_file(folder.path("locked/probe")).unwrap();
            command.uid(65_534).gid(65_534);
        }
        let Ok(output) = command.output() else { return };
        let run = Run::of(output);
        if run.messages.contains("a.jsonl") {
            return; // another user cannot even reach the folder of the tests
        }
        assert_eq!((run.code, run.out.as_str()), (4, ""), "{}", run.messages);
        assert!(run.messages.contains(store) && run.messages.contains("hint: "), "{}", run.messages);
        assert!(run.messages.contains(told), "{}", run.messages);
    }
    fs::set_permissions(folder.path("locked"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(folder.path("locked/old.db"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(contents(&folder.open("locked/old.db")), before);
}

#[test]
fn a_file_that_another_process_keeps_locked_is_told() {
    let folder = Folder::new("locked");
    folder.lines("a.jsonl", 0..2);
    folder.lines("b.jsonl", 2..4);
    folder.done(&["add", "a.jsonl", "--store", "desk.db"]);
    let file = folder.open("desk.db");
    file.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut command = folder.command(&["add", "b.jsonl", "--store", "desk.db"]);
    let run = Run::of(command.env("STEMMA_STORE_WAIT", "0.2").output().unwrap());
    assert_eq!((run.code, run.out.as_str()), (4, ""));
    assert!(run.messages.contains("desk.db: the store is busy"), "{}", run.messages);
    assert!(run.messages.contains("hint: try again when the other process is done"), "{}", run.messages);
    // Who only reads is not kept waiting.
    let mut command = folder.command(&["stats", "--store", "desk.db"]);
    assert_eq!(Run::of(command.env("STEMMA_STORE_WAIT", "0.2").output().unwrap()).code, 0);
    file.execute_batch("ROLLBACK").unwrap();
    folder.done(&["add", "b.jsonl", "--store", "desk.db"]);
    assert_eq!(one::<i64>(&file, "SELECT count(*) FROM reports"), 4);
}

#[test]
fn files_of_another_kind_are_left_alone() {
    let folder = Folder::new("kinds");
    folder.lines("a.jsonl", 0..2);
    fs::write(folder.path("notes.db"), "These are notes and no store at all. ".repeat(40)).unwrap();
    folder.open("foreign.db").execute_batch("CREATE TABLE mine (a); INSERT INTO mine VALUES (1)").unwrap();
    fs::create_dir(folder.path("folder.db")).unwrap();
    folder.done(&["add", "a.jsonl", "--store", "newer.db"]);
    folder.open("newer.db").execute_batch("PRAGMA user_version = 99").unwrap();
    for (name, told) in [
        ("notes.db", "not a store of Stemma"),
        ("foreign.db", "not a store of Stemma"),
        ("folder.db", "the store cannot be opened"),
        ("newer.db", "written by a later version"),
    ] {
        let before = fs::read(folder.path(name)).ok();
        for command in [vec!["add", "a.jsonl"], vec!["stats"], vec!["doctor", "--repair"], vec!["stories"]] {
            let run = folder.run(&[&command[..], &["--store", name]].concat());
            assert_eq!((run.code, run.out.as_str()), (4, ""), "{command:?} {name}: {}", run.messages);
            assert!(run.messages.contains(&format!("{name}: {told}")), "{}", run.messages);
            assert!(run.messages.contains("hint: "), "{}", run.messages);
        }
        assert_eq!(fs::read(folder.path(name)).ok(), before, "{name}");
    }
}

#[test]
fn damaged_pages_are_told_and_what_is_sound_is_saved() {
    let folder = Folder::new("pages");
    folder.lines("a.jsonl", 0..60);
    folder.done(&["add", "a.jsonl", "--store", "desk.db"]);
    folder.open("desk.db").execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let mut bytes = fs::read(folder.path("desk.db")).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 3 * 4096].fill(0xA5);
    fs::write(folder.path("broken.db"), &bytes).unwrap();
    let doctor = folder.run(&["doctor", "--store", "broken.db"]);
    assert_eq!(doctor.code, 4, "{}{}", doctor.out, doctor.messages);
    let told = format!("{}{}", doctor.out, doctor.messages);
    assert!(
        told.contains("broken.db") && told.contains(".recover")
            || told.contains("the file of the store is damaged"),
        "{told}"
    );
    let repair = folder.run(&["doctor", "--repair", "--store", "broken.db"]);
    assert_eq!(repair.code, 4);
    assert_eq!(fs::read(folder.path("broken.db")).unwrap(), bytes, "what cannot be mended is left as it is");
    // A header that is cut off.
    fs::write(folder.path("short.db"), &bytes[..700]).unwrap();
    let run = folder.run(&["stats", "--store", "short.db"]);
    assert_eq!(run.code, 4, "{}", run.messages);
    assert!(run.messages.contains("short.db: ") && run.messages.contains("hint: "), "{}", run.messages);
}

#[test]
fn the_doctor_finds_what_is_damaged_and_makes_anew_what_can_be() {
    let folder = Folder::new("doctor");
    folder.lines("a.jsonl", 0..6);
    folder.done(&["add", "a.jsonl", "--store", "desk.db"]);
    folder.done(&["compare", "a.jsonl", "--quiet", "--store", "desk.db"]);
    let sound = folder.done(&["doctor", "--store", "desk.db"]);
    assert!(sound.contains("sound: "), "{sound}");
    let file = folder.open("desk.db");
    let before = contents(&file);
    file.execute_batch(
        "UPDATE layers SET layers = substr(layers, 1, 40) WHERE report = 2;
         UPDATE contents SET bytes = x'00' WHERE content = 3;
         UPDATE comparisons SET bytes = x'28B52FFD00';
         INSERT INTO producer_sets VALUES (7, 'tokens 0'); UPDATE layers SET producers = 7 WHERE report IN (4, 5);",
    )
    .unwrap();
    let run = folder.run(&["doctor", "--store", "desk.db"]);
    assert_eq!(run.code, 4);
    assert!(run.out.contains("the layers of report") && run.out.contains("3 found"), "{}", run.out);
    assert!(run.out.contains("2 reports without layers of this version"), "{}", run.out);
    let run = folder.run(&["doctor", "--repair", "--store", "desk.db"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(
        run.out.contains("3 found, 3 mended") && run.out.contains("3 reports annotated anew"),
        "{}",
        run.out
    );
    // The bytes come back with the file, the comparison with the next comparing.
    folder.done(&["add", "a.jsonl", "--store", "desk.db"]);
    folder.done(&["compare", "a.jsonl", "--quiet", "--store", "desk.db"]);
    file.execute_batch("DELETE FROM producer_sets WHERE producers = 7").unwrap();
    assert_eq!(contents(&file).replace("comparisons\n  2,", "comparisons\n  1,"), before);
    // A report cannot be made anew, and is left as it is.
    file.execute_batch("UPDATE reports SET text = 'Short.' WHERE number = 1").unwrap();
    let run = folder.run(&["doctor", "--repair", "--json", "--store", "desk.db"]);
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &told["sound"], &told["mended"]), (4, &false.into(), &0.into()));
    assert_eq!(one::<String>(&file, "SELECT text FROM reports WHERE number = 1"), "Short.");
}

#[test]
fn a_backup_is_a_store_as_it_was_at_one_moment() {
    let folder = Folder::new("backup");
    let n = n_reports(1500);
    folder.lines("a.jsonl", 0..n);
    let mut command = folder.command(&["add", "a.jsonl", "--store", "desk.db", "--quiet"]);
    let mut writer = command.stdout(Stdio::null()).spawn().unwrap();
    let mut n_backups = 0;
    while writer.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(100));
        if !folder.path("desk.db").exists() {
            continue;
        }
        let name = format!("copy-{n_backups}.db");
        let run = folder.run(&["backup", &name, "--store", "desk.db"]);
        assert_eq!(run.code, 0, "{}", run.messages);
        let copy = folder.open(&name);
        assert!(is_sound(&copy));
        // A prefix of what was added, whole batches.
        let (n_kept, last): (i64, i64) = copy
            .query_row(
                "SELECT count(*), coalesce(max(number), 0) FROM reports JOIN layers ON report = number",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert!(n_kept == last && n_kept as u64 <= n, "{n_kept} {last}");
        n_backups += 1;
    }
    assert!(writer.wait().unwrap().success() && n_backups > 0);
    folder.done(&["backup", "end.db", "--store", "desk.db"]);
    assert_eq!(contents(&folder.open("end.db")), contents(&folder.open("desk.db")));
    assert_eq!(folder.run(&["backup", "end.db", "--store", "desk.db"]).code, 2);
    assert!(!folder.path("end.db.part").exists());
}

#[test]
fn old_stories_are_forgotten_whole_and_room_is_given_back() {
    let folder = Folder::new("forget");
    let report = |day: &str, outlet: &str, text: &str| {
        serde_json::json!({ "published": day, "outlet": outlet, "text": text, "url": format!("https://{outlet}.example/{day}") })
            .to_string()
            + "\n"
    };
    let ferry = "The ferry Nordlys ran aground off Skarvik with forty people on board, the coast guard said. Nobody was hurt.";
    let ferry_too = "Forty people were on board when the ferry Nordlys ran aground off Skarvik, according to the coast guard.";
    let miners =
        "Two thousand miners in Petrila laid down their work, the union said. They ask for higher wages.";
    let flood = "The river Orla broke its banks near Brevik and flooded the lower town. Firefighters took people off roofs.";
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let ago = |days: i64| today.checked_sub(jiff::Span::new().days(days)).unwrap().to_string();
    let lines = [
        report(&ago(93), "Post", ferry),
        report(&ago(87), "Courier", ferry_too),
        report(&ago(300), "Post", miners),
        report(&ago(400), "Gazette", flood),
    ];
    fs::write(folder.path("a.jsonl"), lines.concat()).unwrap();
    folder.done(&["add", "a.jsonl", "--store", "desk.db"]);
    folder.done(&["stories", "--store", "desk.db"]);
    let file = folder.open("desk.db");
    let flood_story: String = one(
        &file,
        "SELECT story FROM story_reports JOIN reports ON number = report WHERE outlet = 'Gazette'",
    );
    folder.done(&["correct", "pin", &flood_story, "--store", "desk.db"]);
    let dry = folder.done(&["forget", "--older-than", "90d", "--dry-run", "--store", "desk.db"]);
    assert!(dry.starts_with("1 of 4 reports would go"), "{dry}");
    let told = folder.done(&["forget", "--older-than", "90d", "--store", "desk.db"]);
    assert!(told.starts_with("1 of 4 reports forgotten"), "{told}");
    let kept: String =
        one(&file, "SELECT group_concat(outlet) FROM (SELECT outlet FROM reports ORDER BY number)");
    assert_eq!(kept, "Post,Courier,Gazette", "the ferry is one story, the flood is pinned");
    for table in ["layers", "contents"] {
        assert_eq!(one::<i64>(&file, &format!("SELECT count(*) FROM {table}")), 3, "{table}");
    }
    assert!(is_sound(&file));
    assert_eq!(one::<i64>(&file, "SELECT count(*) FROM story_events WHERE kind = 'ended'"), 1);
    let told = folder.done(&["vacuum", "--store", "desk.db"]);
    assert!(told.starts_with("desk.db · "), "{told}");
    let stats: serde_json::Value =
        serde_json::from_str(&folder.done(&["stats", "--json", "--store", "desk.db"])).unwrap();
    assert_eq!((&stats["rows"]["reports"], &stats["outlets"]), (&3.into(), &3.into()));
    assert_eq!(folder.run(&["forget", "--older-than", "soon", "--store", "desk.db"]).code, 2);
}

const DOCUMENTATION: &str = include_str!("../../../docs/store.md");

/// A store in which every question of `docs/store.md` has an answer.
fn documented(folder: &Folder) -> Connection {
    let report = |outlet: &str, path: &str, text: &str| {
        serde_json::json!({
            "outlet": outlet, "url": format!("https://{path}.example/ferry"), "published": "2026-03-04", "text": text,
            "title": "Ferry runs aground off Skarvik",
        })
        .to_string()
            + "\n"
    };
    let post = "The ferry Nordlys ran aground off Skarvik on Wednesday, and fourteen people were hurt, Mayor Ana Ruiz said. \
                “We will never forget this night,” she added. Captain Tomas Berg was questioned.";
    let courier = "The ferry Nordlys ran aground off Skarvik on Wednesday, and forty people were hurt, according to Mayor Ana \
                   Ruiz. “We will not forget this night,” Ruiz said. Tomas Berg, the captain, was questioned.";
    let lines = [
        report("Post", "post", post),
        report("Courier", "courier", courier),
        report("Post", "post", &post.replace("fourteen", "fifteen")),
    ];
    fs::write(folder.path("ferry.jsonl"), lines.concat()).unwrap();
    folder.done(&["add", "ferry.jsonl", "--store", "desk.db"]);
    folder.done(&["stories", "--store", "desk.db"]);
    folder.open("desk.db")
}

#[test]
fn the_questions_of_the_documentation_have_answers() {
    let folder = Folder::new("questions");
    let file = documented(&folder);
    let questions: Vec<&str> =
        DOCUMENTATION.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(questions.len() >= 9, "{}", questions.len());
    for question in questions {
        let mut statement = file.prepare(question).unwrap_or_else(|error| panic!("{error}: {question}"));
        assert!(statement.exists([]).unwrap(), "no answer: {question}");
    }
}

#[test]
fn every_table_and_column_is_documented() {
    let folder = Folder::new("documented");
    let file = documented(&folder);
    let mut columns = file
        .prepare(
            "SELECT s.name, c.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c \
             WHERE s.type IN ('table', 'view') AND s.name NOT LIKE '%search%' AND s.name NOT LIKE 'sqlite%'",
        )
        .unwrap();
    let columns =
        columns.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    let columns: Vec<(String, String)> = columns.map(Result::unwrap).collect();
    assert!(columns.len() > 100, "{}", columns.len());
    for (table, column) in columns {
        // Of two reports those of the first are named, and of the second as "the same".
        let twin = column.strip_suffix("_b").map(|name| format!("`{name}_a`"));
        let paragraph = |start: &str, end: &str| {
            let from = DOCUMENTATION.find(start)? + start.len();
            DOCUMENTATION[from..].split(end).next()
        };
        let part = paragraph(&format!("**`{table}`**"), "\n\n")
            .or_else(|| paragraph(&format!("| `{table}` |"), "\n"))
            .unwrap_or_else(|| panic!("{table} is not documented"));
        let named =
            [Some(format!("`{column}`")), twin].into_iter().flatten().any(|name| part.contains(&name));
        assert!(named, "{table}.{column} is not documented");
    }
}
