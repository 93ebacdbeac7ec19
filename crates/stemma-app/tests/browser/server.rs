//! `stemma serve` as a user starts it, over the stories of `examples/`.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use stemma_read::{Input, read};

static SAMPLE: OnceLock<PathBuf> = OnceLock::new();

fn stemma() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stemma"));
    command.env_remove("STEMMA_STORE").env_remove("STEMMA_TOKEN").stdin(Stdio::null());
    command
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser")
}

/// A store of the stories of `examples/`, made once.
fn sample() -> &'static Path {
    SAMPLE.get_or_init(|| {
        let (path, lines) = (folder().join("sample.db"), folder().join("sample.jsonl"));
        fs::create_dir_all(folder()).unwrap();
        fs::write(&lines, examples()).unwrap();
        fill(&path, &lines);
        path
    })
}

/// Makes a store of JSON lines, as a feed reader does.
fn fill(store: &Path, lines: &Path) {
    remove(store);
    let mut command = stemma();
    command.args(["stories", "--watch", "--quiet", "--store"]).arg(store).arg(lines);
    let made = command.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Removes a store of an earlier run.
fn remove(store: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", store.display()));
    }
}

/// The reports of `examples/` as JSON lines. Those whose files name no outlet have it from the file.
fn examples() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let reading = read(vec![Input::Path(folder)]);
    let line = |report: &stemma::Report| {
        let name = Path::new(&report.origin().place).file_stem().unwrap_or_default().to_string_lossy();
        let line = serde_json::json!({
            "outlet": report.outlet().unwrap_or(&name.replace('-', " ")),
            "title": report.title(),
            "published": report.published().map(|published| published.to_string()),
            "url": report.url().map_or_else(|| format!("https://news.example/{name}"), str::to_owned),
            "byline": report.byline(),
            "text": report.text(),
        });
        format!("{line}\n")
    };
    // The page that tells of the examples is none of them.
    let reports = reading.reports.iter().filter(|report| !report.origin().place.ends_with("README.md"));
    reports.map(line).collect()
}

/// A server, ended with the value.
pub(crate) struct Server {
    process: Child,
    /// `http://127.0.0.1:PORT`
    pub(crate) origin: String,
}

impl Server {
    /// Over a copy of the sample, so that tests may write; `test` names the copy.
    pub(crate) fn start(test: &str) -> Self {
        let store = folder().join(format!("{test}.db"));
        remove(&store);
        fs::copy(sample(), &store).unwrap();
        Self::of(&store)
    }

    /// Over a store of the reports that `lines` are, and their stories.
    pub(crate) fn start_with(test: &str, lines: &str) -> Self {
        fs::create_dir_all(folder()).unwrap();
        let (store, input) = (folder().join(format!("{test}.db")), folder().join(format!("{test}.jsonl")));
        fs::write(&input, lines).unwrap();
        fill(&store, &input);
        Self::of(&store)
    }

    /// Over a store in which nothing is.
    pub(crate) fn start_empty(test: &str) -> Self {
        fs::create_dir_all(folder()).unwrap();
        let store = folder().join(format!("{test}.db"));
        remove(&store);
        Self::of(&store)
    }

    fn of(store: &Path) -> Self {
        let mut command = stemma();
        command.args(["serve", "--listen", "127.0.0.1:0", "--store"]).arg(store);
        let mut process = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut told = BufReader::new(process.stderr.take().unwrap());
        let mut said = String::new();
        let origin = loop {
            let mut line = String::new();
            assert!(told.read_line(&mut line).unwrap() > 0, "the server did not start: {said}");
            let address = line.split_whitespace().find(|word| word.starts_with("http://127.0.0.1:"));
            if let Some(address) = address {
                break address.trim_end_matches('/').to_owned();
            }
            said += &line;
        };
        // Whoever tells more must not wait for someone to read it.
        std::thread::spawn(move || std::io::copy(&mut told, &mut std::io::sink()));
        Self { process, origin }
    }

    /// Status and body of a page, as it is sent.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let host = self.origin.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        let path = path.split('#').next().unwrap_or_default();
        // Of HTTP 1.0, so that the body comes in one piece.
        write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: text/html\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
