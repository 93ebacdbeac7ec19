#![expect(clippy::print_stdout, reason = "a program that measures and tells")]
//! How fast a server answers, and whether it stays so: a load generator over plain TCP.
//!
//!     load HOST:PORT rate PATH [REQUESTS-A-SECOND] [SECONDS]
//!     load HOST:PORT soak MINUTES PID
//!
//! `rate` asks for one page at fixed times, whether or not the answers before are there (so that a server that falls behind
//! shows it), and prints the times to the last byte. `soak` reads pages, searches and comparisons, and adds a report a second,
//! while it listens to events; it prints what failed, how long after a report was filed the event came, and the memory of the
//! server (`VmRSS` of the process PID) from minute to minute.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, watch};
use tokio::time::{interval, sleep, timeout};

type Failure = Box<dyn Error + Send + Sync>;

/// An answer: its status, and its bytes as they came.
struct Answer {
    status: u16,
    bytes: Vec<u8>,
    head: usize,
}

impl Answer {
    fn body(&self) -> String {
        String::from_utf8_lossy(&self.bytes[self.head..]).into_owned()
    }
}

/// Sends one request on a connection of its own.
async fn ask(host: &str, method: &str, path: &str, body: &str) -> Result<Answer, Failure> {
    let mut stream = TcpStream::connect(host).await?;
    // What is sent is answered as it is, to be looked into.
    let (kind, length) = ("application/json", body.len());
    let coding = if method == "GET" { "gzip" } else { "identity" };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\naccept-encoding: {coding}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no end of the head")? + 4;
    let status = std::str::from_utf8(&bytes[..head])?.split(' ').nth(1).ok_or("no status")?.parse()?;
    Ok(Answer { status, bytes, head })
}

/// Value below which `part` of the sorted times lie.
fn quantile(times: &[f64], part: f64) -> f64 {
    let at = (times.len() as f64 * part).ceil() as usize;
    times.get(at.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

fn told(name: &str, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let [p50, p90, p99] = [0.5, 0.9, 0.99].map(|part| quantile(times, part));
    let most = times.last().copied().unwrap_or(f64::NAN);
    println!(
        "{name:<24} {:>6} answers  p50 {p50:>7.1} ms  p90 {p90:>7.1} ms  p99 {p99:>7.1} ms  most {most:>7.1} ms",
        times.len()
    );
}

async fn rate(host: String, path: String, per_second: f64, seconds: f64) -> Result<(), Failure> {
    let first = ask(&host, "GET", &path, "").await?;
    println!("{path}: {} with {} bytes, head and body as sent", first.status, first.bytes.len());
    let (times, failed) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
    let mut ticks = interval(Duration::from_secs_f64(1.0 / per_second));
    let mut running = Vec::new();
    for _ in 0..(per_second * seconds) as usize {
        ticks.tick().await;
        let (host, path, times, failed) = (host.clone(), path.clone(), times.clone(), failed.clone());
        running.push(tokio::spawn(async move {
            let start = Instant::now();
            match timeout(Duration::from_secs(30), ask(&host, "GET", &path, "")).await {
                Ok(Ok(answer)) if answer.status == 200 => {
                    times.lock().await.push(start.elapsed().as_secs_f64() * 1e3)
                }
                _ => {
                    failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }));
    }
    for each in running {
        each.await?;
    }
    told(&path, &mut times.lock().await);
    println!("{} failed", failed.load(Ordering::Relaxed));
    Ok(())
}

/// Number of reports in an event.
fn reports_of(line: &str) -> Option<usize> {
    let after = line.split("\"reports\":").nth(1)?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Listens to events, and tells the number of reports of each.
async fn listen(host: String, tell: watch::Sender<usize>) -> Result<(), Failure> {
    let mut stream = TcpStream::connect(&host).await?;
    stream.write_all(format!("GET /events HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes()).await?;
    let mut lines = BufReader::new(stream).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(n) = reports_of(&line) {
            tell.send_replace(n);
        }
    }
    Err("the events ended".into())
}

const PLACES: [&str; 8] = ["Lom", "Varna", "Skarvik", "Tallinn", "Mainz", "Arles", "Cork", "Lugo"];
const THINGS: [&str; 8] = ["bridge", "school", "harbor", "mill", "court", "hospital", "station", "library"];
const NAMES: [&str; 6] = ["Ana Ruiz", "Ole Berg", "Mira Toth", "Jan Novak", "Lea Roth", "Tom Hale"];

/// A report of an event that four others tell of, too; `run` tells it from those of earlier runs.
fn report(run: u64, n: usize) -> String {
    let event = n / 5;
    let pick =
        |list: &[&'static str], salt: usize| list[(event * 7 + salt * 13 + event / list.len()) % list.len()];
    let (place, thing, name) = (pick(&PLACES, 1), pick(&THINGS, 2), pick(&NAMES, 3));
    let text = format!(
        "The {thing} of {place} was shut on Friday after {} cracks were found, mayor {name} said. “We will open the {thing} \
         in {} weeks,” {name} said. Event {event} of {run} kept {} people from work.",
        2 + event % 9,
        1 + n % 6,
        100 + event
    );
    serde_json::json!({"text": text, "outlet": format!("Outlet {}", n % 40), "title": format!("{thing} of {place} shut, case {event}"), "published": "2026-03-02"}).to_string()
}

fn memory_kib(pid: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

async fn soak(host: String, minutes: f64, pid: String) -> Result<(), Failure> {
    let end = Instant::now() + Duration::from_secs_f64(minutes * 60.0);
    let (tell, heard) = watch::channel(0);
    let listening = tokio::spawn(listen(host.clone(), tell));
    let failures = Arc::new(Mutex::new(Vec::<String>::new()));
    let reading = tokio::spawn(read_on(host.clone(), end, failures.clone()));
    let watching = tokio::spawn(async move {
        let mut minute = 0;
        while Instant::now() < end {
            println!("minute {minute:>3}: {} KiB", memory_kib(&pid));
            sleep(Duration::from_secs(60)).await;
            minute += 1;
        }
    });
    let mut delays = write_on(&host, end, heard, &failures).await;
    told("event after filing", &mut delays);
    let mut reads = reading.await?;
    told("pages and searches", &mut reads);
    let failures = failures.lock().await;
    println!("{} failed", failures.len());
    failures.iter().take(20).for_each(|failure| println!("  {failure}"));
    listening.abort();
    watching.abort();
    Ok(())
}

/// Adds a report a second, and waits for the event that tells of it.
async fn write_on(
    host: &str,
    end: Instant,
    mut heard: watch::Receiver<usize>,
    failures: &Mutex<Vec<String>>,
) -> Vec<f64> {
    let (mut delays, mut ticks, mut n) = (Vec::new(), interval(Duration::from_secs(1)), 0);
    let mut known = 0;
    let run = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    while Instant::now() < end {
        ticks.tick().await;
        let sent =
            timeout(Duration::from_secs(30), ask(host, "POST", "/api/v1/reports?wait=20", &report(run, n)))
                .await;
        let filed = Instant::now();
        n += 1;
        match sent {
            Ok(Ok(answer)) if answer.status == 202 && answer.body().contains("\"added\":1") => {
                let before = known;
                match timeout(Duration::from_secs(20), heard.wait_for(|&now| now > before)).await {
                    Ok(Ok(now)) => {
                        known = *now;
                        delays.push(filed.elapsed().as_secs_f64() * 1e3);
                    }
                    _ => failures.lock().await.push(format!("no event for report {n}")),
                }
            }
            Ok(Ok(answer)) => {
                failures.lock().await.push(format!("report {n}: {} {}", answer.status, answer.body()))
            }
            other => failures.lock().await.push(format!("report {n}: {:?}", other.err())),
        }
    }
    delays
}

/// Reads what there is, ten requests a second.
async fn read_on(host: String, end: Instant, failures: Arc<Mutex<Vec<String>>>) -> Vec<f64> {
    let (mut times, mut ticks, mut stories) = (Vec::new(), interval(Duration::from_millis(100)), Vec::new());
    for n in 0_usize.. {
        ticks.tick().await;
        if Instant::now() >= end {
            break;
        }
        if n % 50 == 0 {
            stories = ids(&host).await.unwrap_or_default();
        }
        let story = stories.get(n % stories.len().max(1)).cloned();
        let path = match (n % 10, story) {
            (0 | 1, _) => "/".to_owned(),
            (2, _) => "/search?q=bridge+cracks".to_owned(),
            (3, _) => "/entities".to_owned(),
            (4, _) => "/speakers?speaker=ruiz".to_owned(),
            (5, Some(story)) => format!("/api/v1/stories/{story}/comparison"),
            (6, Some(story)) => format!("/stories/{story}/export/csv?table=divergences"),
            (_, Some(story)) => format!("/stories/{story}"),
            _ => "/api/v1/reports".to_owned(),
        };
        let start = Instant::now();
        match timeout(Duration::from_secs(30), ask(&host, "GET", &path, "")).await {
            // A story may have become a part of another since, or is compared for the first time: both are said.
            Ok(Ok(answer))
                if matches!(answer.status, 200 | 404)
                    || (answer.status == 503 && path.contains("stories")) =>
            {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
            Ok(Ok(answer)) => failures.lock().await.push(format!("{path}: {}", answer.status)),
            other => failures.lock().await.push(format!("{path}: {:?}", other.err())),
        }
    }
    times
}

/// Ids of the stories on the first page, from an answer that is not compressed.
async fn ids(host: &str) -> Result<Vec<String>, Failure> {
    let mut stream = TcpStream::connect(host).await?;
    let request = format!(
        "GET /api/v1/stories?limit=50&outlets=0 HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    Ok(text.split("{\"id\":\"").skip(1).filter_map(|after| after.get(..16).map(str::to_owned)).collect())
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: usize, other: f64| arguments.get(n).map_or(Ok(other), |text| text.parse::<f64>());
    match arguments.get(1).map(String::as_str) {
        Some("rate") if arguments.len() >= 3 => {
            rate(arguments[0].clone(), arguments[2].clone(), number(3, 100.0)?, number(4, 20.0)?).await
        }
        Some("soak") if arguments.len() >= 4 => {
            soak(arguments[0].clone(), number(2, 10.0)?, arguments[3].clone()).await
        }
        _ => Err(
            "usage: load HOST:PORT rate PATH [REQUESTS-A-SECOND] [SECONDS] | load HOST:PORT soak MINUTES PID"
                .into(),
        ),
    }
}
