//! A browser without a window, told what to do by the DevTools protocol over two pipes (`--remote-debugging-pipe`): JSON, each message ended by a zero
//! byte. No port is opened, nothing of the network is used, and the browser ends with this process, as its pipe does.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The longest that the browser may take for anything. Machines are slow while they build.
pub(crate) const MOST_TIME: Duration = Duration::from_secs(60);

/// Programs that are looked for where `STEMMA_CHROMIUM` names none.
const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The browser of this machine; none where there is none.
pub(crate) fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("STEMMA_CHROMIUM") {
        return Some(named.into());
    }
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    PROGRAMS
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// A running browser.
pub(crate) struct Browser {
    child: Child,
    input: File,
    messages: Receiver<Value>,
    /// What it told meanwhile.
    events: Vec<Value>,
    n_calls: u64,
}

impl Browser {
    /// Starts `program`, which keeps what it must in `folder`.
    pub(crate) fn start(program: &Path, folder: &Path) -> Self {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).unwrap();
        let made = Command::new("mkfifo").args(["in", "out"]).current_dir(folder).status().unwrap();
        assert!(made.success(), "mkfifo cannot make pipes in {}", folder.display());
        let mut command = Command::new("sh");
        command.args(["-c", r#"exec "$0" "$@" 3<in 4>out"#]).arg(program);
        if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
            // The sandbox refuses to start for root.
            command.arg("--no-sandbox");
        }
        command.args([
            "--headless",
            "--remote-debugging-pipe",
            "--user-data-dir=profile",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--disable-extensions",
            "--disable-gpu",
            "--disable-sync",
            "--force-color-profile=srgb",
            "about:blank",
        ]);
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(File::create(folder.join("log")).unwrap());
        let child = command.spawn().unwrap();
        // Each side waits here until the other has opened the pipe.
        let input = OpenOptions::new().write(true).open(folder.join("in")).unwrap();
        let output = File::open(folder.join("out")).unwrap();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(output).split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("the browser writes JSON");
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { child, input, messages, events: Vec::new(), n_calls: 0 }
    }

    /// Calls a method, of a page where there is a `session`, and waits for its answer.
    pub(crate) fn call(
        &mut self,
        session: Option<&str>,
        method: &str,
        parameters: &Value,
    ) -> Result<Value, String> {
        self.n_calls += 1;
        let id = self.n_calls;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut bytes = serde_json::to_vec(&message).unwrap();
        bytes.push(0);
        self.input.write_all(&bytes).map_err(|error| format!("{method}: the browser has ended: {error}"))?;
        let begin = Instant::now();
        loop {
            let left = MOST_TIME.saturating_sub(begin.elapsed());
            let message =
                self.messages.recv_timeout(left).map_err(|error| format!("{method}: no answer: {error}"))?;
            if message["id"] == id {
                return match message.get("error") {
                    Some(error) => Err(format!("{method}: {error}")),
                    None => Ok(message["result"].clone()),
                };
            }
            self.events.push(message);
        }
    }

    /// What a page has told since it was asked the last time.
    pub(crate) fn events(&mut self, session: &str) -> Vec<Value> {
        self.events.extend(self.messages.try_iter());
        let (own, others) = self.events.drain(..).partition(|event| event["sessionId"] == session);
        self.events = others;
        own
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
