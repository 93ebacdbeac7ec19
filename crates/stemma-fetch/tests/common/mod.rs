//! A server on loopback that answers as a test tells it, and remembers what it was asked.

#![allow(dead_code, reason = "each file of tests uses its own part")]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use stemma_fetch::{Fetcher, ManualClock, Reach, Resolve, Settings};

/// One request as it came: path, headers, and when.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: String,
    pub(crate) at: Instant,
}

/// A server that runs as long as the test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers each connection by `answer`: the path and headers that were asked, the number of the request from 0, and where
    /// to write to. Then the connection is closed.
    pub(crate) fn start(answer: impl Fn(&Asked, usize, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let address = listener.local_addr().expect("a bound listener has an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, &*answer, &log));
            }
        });
        Self { address, asked }
    }

    /// Answers each path by a whole answer as it goes over the wire; others, `robots.txt` among them, by 404.
    pub(crate) fn of(pages: &[(&str, &[u8])]) -> Self {
        let pages: Vec<(String, Vec<u8>)> =
            pages.iter().map(|(path, answer)| ((*path).to_owned(), answer.to_vec())).collect();
        Self::start(move |asked, _, stream| {
            let page = pages.iter().find(|(path, _)| *path == asked.path);
            let answer = page.map_or_else(|| status(404, "", ""), |(_, answer)| answer.clone());
            let _ = stream.write_all(&answer);
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The paths that were asked for so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}

fn serve(
    mut stream: TcpStream,
    answer: &(dyn Fn(&Asked, usize, &mut TcpStream) + Send + Sync),
    log: &Mutex<Vec<Asked>>,
) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream can be shared"));
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let (first, headers) = head.split_once("\r\n").unwrap_or((&head, ""));
    let path = first.split(' ').nth(1).unwrap_or("").to_owned();
    let asked = Asked { path, headers: headers.to_owned(), at: Instant::now() };
    let number = {
        let mut log = log.lock().unwrap();
        log.push(asked.clone());
        log.len() - 1
    };
    answer(&asked, number, &mut stream);
}

/// An answer as it goes over the wire. `headers` are lines that end in CR LF.
pub(crate) fn status(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status} Said\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// The answer 200 with a body.
pub(crate) fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    status(200, "Content-Type: text/html; charset=utf-8\r\n", body)
}

/// A redirect.
pub(crate) fn redirect(code: u16, location: &str) -> Vec<u8> {
    status(code, &format!("Location: {location}\r\n"), "")
}

/// Settings that reach loopback, and do not wait.
pub(crate) fn near() -> Settings {
    Settings {
        reach: Reach::Private,
        delay: Duration::ZERO,
        retries: 0,
        connect_timeout: Duration::from_secs(2),
        answer_timeout: Duration::from_secs(2),
        whole_timeout: Duration::from_secs(4),
        ..Settings::default()
    }
}

/// A clock for tests: waiting takes no time.
pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at("2026-03-02T10:00:00Z".parse().unwrap()))
}

/// A fetcher by the clock of tests.
pub(crate) fn fetcher(settings: Settings) -> Fetcher {
    Fetcher::with_parts(settings, clock(), Arc::new(stemma_fetch::SystemResolver))
}

/// Every name leads to the addresses of a list, in turn.
pub(crate) struct InTurn(pub(crate) Mutex<std::collections::VecDeque<SocketAddr>>);

impl InTurn {
    pub(crate) fn of(addresses: &[SocketAddr]) -> Arc<Self> {
        Arc::new(Self(Mutex::new(addresses.iter().copied().collect())))
    }
}

impl Resolve for InTurn {
    fn resolve(&self, _host: &str, _port: u16) -> std::io::Result<Vec<SocketAddr>> {
        let mut addresses = self.0.lock().unwrap();
        let first = addresses.pop_front().expect("a list of addresses is not empty");
        addresses.push_back(first);
        Ok(vec![first])
    }
}
