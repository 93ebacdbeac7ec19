//! `--columns` as a user gives it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const TABLE: &str = "Kicker;Inhalt\nFerry;The ferry struck a pier in Almara on Sunday, the port authority said.\n\
    Bridge;Fourteen people left the town on Monday, Mayor Ana Ruiz said.\n";

fn run(test: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("columns").join(test);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("table.csv"), TABLE).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stemma"));
    command.env_remove("STEMMA_STORE").env("XDG_DATA_HOME", folder.with_extension("data"));
    let output = command.current_dir(&folder).args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_table_in_other_words_is_read_with_a_map_of_its_columns() {
    let (code, out, messages) =
        run("map", &["annotate", "--json", "--columns", "text=Inhalt,title=Kicker", "table.csv"]);
    assert_eq!((code, messages.as_str(), out.lines().count()), (0, "", 2));
    assert!(out.contains("\"title\":\"Bridge\""), "{out}");
}

#[test]
fn what_is_wrong_with_a_map_is_told() {
    let (code, _, messages) = run("none", &["annotate", "table.csv"]);
    assert_eq!(code, 3);
    assert!(
        messages.contains("its columns are `Kicker`, `Inhalt`") && messages.contains("--columns text=NAME"),
        "{messages}"
    );
    let (code, _, messages) = run("wrong", &["annotate", "--columns", "inhalt", "table.csv"]);
    assert_eq!(code, 2);
    assert!(messages.contains("not of the form part=column"), "{messages}");
}
