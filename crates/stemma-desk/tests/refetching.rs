//! Pages that feeds call changed are fetched again, within bounds: against a server on loopback, by a clock of the test's own.

#[path = "../../stemma-fetch/tests/common/mod.rs"]
mod common;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Server, near, ok, status};
use jiff::Timestamp;
use stemma::ReportId;
use stemma_desk::{Harvest, HarvestOptions, Ledger, Progress, Silent, Tally, Tell};
use stemma_fetch::{Clock, Fetcher, ManualClock, Polling, SystemResolver};
use stemma_read::{Notice, ReadError, Reading};
use stemma_store::SqliteStore;

/// A page of an article, which the server knows by its text.
fn page(text: &str) -> Vec<u8> {
    let html = format!(
        "<html><head><title>Skarvik</title></head><body><article><h1>Skarvik</h1><p>{text}</p><p>“It will stay closed until the \
         end of the month,” the mayor told reporters in the town hall.</p></article></body></html>"
    );
    status(200, &format!("Content-Type: text/html\r\nETag: \"{}\"\r\n", text.len()), html)
}

const FIRST: &str = "The harbor was closed on Monday after engineers found cracks in two of its piers.";
const SECOND: &str =
    "The harbor was closed on Monday after engineers found cracks in three of its four piers.";

/// An outlet that a test changes as it goes on, and one who follows its feed.
struct Desk {
    server: Server,
    /// What stands at each path.
    pages: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    clock: Arc<ManualClock>,
    fetcher: Fetcher,
    ledger: Ledger,
    options: HarvestOptions,
    /// Reports that were handed on, in order.
    reports: Vec<ReportId>,
}

impl Desk {
    fn new() -> Self {
        let pages: Arc<Mutex<BTreeMap<String, Vec<u8>>>> = Arc::default();
        let served = Arc::clone(&pages);
        let server = Server::start(move |asked, _, stream| {
            let answer = served.lock().unwrap().get(&asked.path).cloned();
            let answer = answer.unwrap_or_else(|| status(404, "", ""));
            let etag = String::from_utf8_lossy(&answer)
                .lines()
                .find_map(|line| line.strip_prefix("ETag: ").map(|etag| format!("if-none-match: {etag}")));
            let is_known =
                etag.is_some_and(|known| asked.headers.lines().any(|line| line.eq_ignore_ascii_case(&known)));
            let _ = stream.write_all(&if is_known { status(304, "", "") } else { answer });
        });
        let clock = common::clock();
        let fetcher =
            Fetcher::with_parts(near(), Arc::clone(&clock) as Arc<dyn Clock>, Arc::new(SystemResolver));
        let ledger = Ledger::of_list(SqliteStore::in_memory().unwrap()).unwrap();
        let (options, reports) = (HarvestOptions::default(), Vec::new());
        Self { server, pages, clock, fetcher, ledger, options, reports }
    }

    fn put(&self, path: &str, answer: Vec<u8>) {
        self.pages.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// Puts up a feed of one page, with when it was changed last; empty: the feed does not say.
    fn put_feed(&self, updated: &str) {
        let updated =
            if updated.is_empty() { String::new() } else { format!("<updated>{updated}</updated>") };
        let url = self.server.url("/skarvik");
        let feed = format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>The Post</title><entry><title>Skarvik</title><link href=\"{url}\"/>\
             <published>2026-03-02T08:00:00Z</published>{updated}<summary>Harbor closed.</summary></entry></feed>"
        );
        self.put("/feed", status(200, "Content-Type: application/atom+xml\r\n", feed));
    }

    /// Asks the feed when some minutes have passed.
    fn after(&mut self, minutes: u64) -> Tally {
        self.clock.sleep(Duration::from_mins(minutes));
        let feed = self.ledger.feed(&self.server.url("/feed")).unwrap();
        let (polling, reports) = (Polling::default(), &mut self.reports);
        let mut keep = |reading: Reading| {
            reports.extend(reading.reports.iter().map(|report| report.id()));
            Ok(true)
        };
        let harvest =
            Harvest::new(&self.fetcher, &mut self.ledger, &self.options, &polling, &Silent, &mut keep);
        harvest.feeds(vec![feed]).unwrap()
    }

    fn n_asked(&self, path: &str) -> usize {
        self.server.paths().iter().filter(|asked| *asked == path).count()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// A desk that has the first version of the page, fetched at 10:00.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.put("/skarvik", page(FIRST));
    desk.put_feed("2026-03-02T09:00:00Z");
    let first = desk.after(0);
    assert_eq!((first.pages, first.reports), (1, 1));
    desk
}

#[test]
fn a_page_that_was_changed_is_fetched_again() {
    let mut desk = desk();
    desk.put("/skarvik", page(SECOND));
    assert_eq!(desk.after(15).pages, 0, "the feed says nothing new");
    desk.put_feed("2026-03-02T10:20:00Z");
    assert_eq!(desk.after(15).to_string(), "1 feed; 1 page; 1 report");
    assert_eq!(desk.reports.len(), 2);
    assert_ne!(desk.reports[0], desk.reports[1]);
    assert_eq!(desk.after(60).pages, 0);
    assert_eq!(desk.n_asked("/skarvik"), 2);
}

#[test]
fn one_that_did_not_change_is_asked_for_without_a_body() {
    let mut desk = desk();
    desk.put_feed("2026-03-02T10:20:00Z");
    assert_eq!(desk.after(30).to_string(), "1 feed; 1 page, 1 unchanged; 0 reports");
    desk.put_feed("2026-03-02T11:00:00Z");
    assert_eq!(desk.after(60).pages_unchanged, 1, "by what the server knows it is still known");
    assert_eq!((desk.reports.len(), desk.n_asked("/skarvik")), (1, 3));
    let fetch = desk.ledger.store.fetch(&desk.server.url("/skarvik")).unwrap().unwrap();
    assert_eq!((fetch.status, fetch.refetches, fetch.fetched_at), (Some(304), 2, desk.now()));
}

#[test]
fn a_feed_that_tells_no_time_has_nothing_fetched_again() {
    let mut desk = desk();
    desk.put("/skarvik", page(SECOND));
    desk.put_feed("");
    assert_eq!(desk.after(600).pages, 0);
    desk.put_feed("2026-03-09T00:00:00Z");
    assert_eq!(desk.after(600).pages, 0, "what is still to come says nothing");
    assert_eq!(desk.n_asked("/skarvik"), 1);
}

#[test]
fn waits_grow_and_end() {
    let mut desk = desk();
    let first = desk.now();
    let mut at = Vec::new();
    // A feed that calls all of it changed whenever it is asked.
    for _ in 0..8 * 24 * 6 {
        desk.put_feed(&desk.now().to_string());
        let before = desk.n_asked("/skarvik");
        desk.after(10);
        if desk.n_asked("/skarvik") > before {
            at.push(desk.now().duration_since(first).as_mins());
        }
    }
    assert_eq!(at, [20, 40, 80, 160, 320, 640, 1280, 2560, 4000, 5440]);
}

#[test]
fn what_waits_is_not_lost_when_the_feed_stays_as_it_is() {
    let mut desk = desk();
    desk.put("/skarvik", page(SECOND));
    let with_etag = |desk: &Desk| {
        let feed = desk.pages.lock().unwrap()["/feed"].clone();
        let feed = String::from_utf8(feed).unwrap();
        desk.put("/feed", feed.replacen("\r\n", "\r\nETag: \"feed\"\r\n", 1).into_bytes());
    };
    desk.put_feed("2026-03-02T10:02:00Z");
    with_etag(&desk);
    assert_eq!(desk.after(5).pages, 0, "too soon");
    assert_eq!(desk.after(5).pages, 1, "it is asked for in full");
    assert_eq!(desk.after(5).unchanged, 1, "and then not any more");
}

#[test]
fn one_that_fails_keeps_what_came_before() {
    let mut desk = desk();
    desk.put("/skarvik", status(503, "", ""));
    desk.put_feed("2026-03-02T10:20:00Z");
    assert_eq!(desk.after(30).pages_failed, 1);
    desk.put("/skarvik", status(404, "", ""));
    assert_eq!(desk.after(120).pages_failed, 1);
    assert_eq!(desk.after(120).pages_failed, 0, "it is given up");
    assert_eq!(desk.reports.len(), 1, "the summary of the feed does not stand for it");
    desk.put("/skarvik", page(FIRST));
    desk.put_feed(&desk.now().to_string());
    assert_eq!(desk.after(60).pages_unchanged, 1, "it is back, as it was");
}

/// Takes down how far fetching is.
#[derive(Default)]
struct Watcher(RefCell<Vec<(usize, usize)>>);

impl Tell for Watcher {
    fn unread(&self, _: Vec<ReadError>) {}
    fn notices(&self, _: &[Notice]) {}
    fn problem(&self, _: &dyn Error, _: &str) {}
    fn note(&self, _: &str) {}
    fn fetching(&self, progress: &Progress) {
        self.0.borrow_mut().push((progress.n_done, progress.n_all));
        assert_eq!(progress.is_over(), progress.n_done == progress.n_all);
    }
}

#[test]
fn how_far_it_is_is_told() {
    let mut desk = Desk::new();
    desk.put("/skarvik", page(FIRST));
    desk.put_feed("");
    let urls = ["/feed", "/missing"].map(|path| desk.server.url(path));
    let (watcher, polling) = (Watcher::default(), Polling::default());
    let mut keep = |_| Ok(true);
    let harvest = Harvest::new(&desk.fetcher, &mut desk.ledger, &desk.options, &polling, &watcher, &mut keep);
    harvest.addresses(&urls).unwrap();
    let told = watcher.0.take();
    assert_eq!((told.first(), told.last()), (Some(&(0, 2)), Some(&(3, 3))));
    assert!(
        told.iter().map(|(n_done, _)| *n_done).eq(0..=3),
        "told after each answer, whichever comes first: {told:?}"
    );
    assert!(told.is_sorted_by_key(|(_, n_all)| *n_all), "the page of the feed is added once: {told:?}");
    let mut keep = |_| Ok(false);
    let harvest = Harvest::new(&desk.fetcher, &mut desk.ledger, &desk.options, &polling, &watcher, &mut keep);
    let urls = ["/skarvik", "/missing"].map(|path| desk.server.url(path));
    harvest.addresses(&urls).unwrap();
    let (n_done, n_all) = watcher.0.take().pop().unwrap();
    assert_eq!(n_done, n_all, "after a stop no more is to come");
}

#[test]
fn what_was_never_fetched_comes_first() {
    let mut desk = desk();
    desk.options.max_pages = 1;
    let urls = ["/skarvik", "/valby"].map(|path| desk.server.url(path));
    let entries = urls.map(|url| format!("<url><loc>{url}</loc><lastmod>2026-03-03</lastmod></url>"));
    desk.put("/feed", ok(format!("<urlset>{}</urlset>", entries.concat())));
    desk.put("/skarvik", page(SECOND));
    desk.put(
        "/valby",
        page("The school of Valby was closed on Tuesday after its roof gave way under the snow."),
    );
    desk.after(24 * 60);
    assert_eq!((desk.n_asked("/skarvik"), desk.n_asked("/valby")), (1, 1));
    desk.after(60);
    assert_eq!((desk.n_asked("/skarvik"), desk.n_asked("/valby")), (2, 1));
    desk.after(60);
    assert_eq!((desk.n_asked("/skarvik"), desk.n_asked("/valby")), (2, 1), "a day counts from its beginning");
}
