//! From addresses to reports: feeds and sitemaps to their pages, pages to reports.
//!
//! Answers come in one after the other, in the order of the network. Each is read at once, its reports are handed on, and then its
//! address is noted in the [`Ledger`]; so what is noted is kept.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;

use stemma::{Report, ReportDraft};
use stemma_fetch::{FeedState, FetchError, Fetched, Fetcher, Job, Polling, Request, Validators, address};
use stemma_read::{Listed, Listing, Notice, ReadError, Reading, Served, feeds_of_page, read_served};

use crate::error::chain;
use crate::ledger::{NOT_MODIFIED, status_of};
use crate::{DeskError, Ledger, PageState, Progress, Tell};

/// Sitemaps below sitemaps that are followed; the standard allows one level.
const MAX_SITEMAP_DEPTH: usize = 2;

/// Sitemaps of one index that are fetched.
const MAX_SITEMAPS: usize = 100;

/// When the page of a feed's entry is fetched.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Pages {
    /// Where the feed holds a part of the article only.
    #[default]
    Auto,
    /// For each entry.
    Always,
    /// Never: the text of the feed is taken as it is.
    Never,
}

/// What of a feed is fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HarvestOptions {
    /// When the pages of its entries are.
    pub pages: Pages,
    /// Most pages of one feed or sitemap at a time; the others are left for the next time.
    pub max_pages: usize,
}

impl Default for HarvestOptions {
    fn default() -> Self {
        Self { pages: Pages::Auto, max_pages: 500 }
    }
}

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, serde::Serialize)]
pub struct Tally {
    /// Feeds that were asked for.
    pub feeds: usize,
    /// Those of them in which nothing had changed.
    pub unchanged: usize,
    /// Those of them that failed.
    pub feeds_failed: usize,
    /// Pages that were read.
    pub pages: usize,
    /// Pages that were asked for again and had not changed.
    pub pages_unchanged: usize,
    /// Pages that could not be.
    pub pages_failed: usize,
    /// Reports that were read.
    pub reports: usize,
}

impl fmt::Display for Tally {
    /// `14 feeds, 9 unchanged, 2 failed; 27 pages, 3 unchanged, 1 failed; 31 reports`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |n: usize, what: &str| if n > 0 { format!(", {n} {what}") } else { String::new() };
        let counted = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        if self.feeds > 0 {
            let (unchanged, failed) = (part(self.unchanged, "unchanged"), part(self.feeds_failed, "failed"));
            write!(f, "{}{unchanged}{failed}; ", counted(self.feeds, "feed"))?;
        }
        let asked = self.pages + self.pages_unchanged + self.pages_failed;
        if asked > 0 {
            let unchanged = part(self.pages_unchanged, "unchanged");
            write!(f, "{}{unchanged}{}; ", counted(asked, "page"), part(self.pages_failed, "failed"))?;
        }
        f.write_str(&counted(self.reports, "report"))
    }
}

/// An address on its way.
enum About {
    /// A user gave it; what stands there is not known.
    Given,
    /// A feed of the list: its index.
    Feed(usize),
    /// A sitemap that another one named.
    Sitemap { depth: usize },
    /// A page that a list named; `is_again` if it was fetched before.
    Page { entry: Box<Listed>, feed: Option<usize>, is_again: bool },
}

/// A feed that was asked for, until all of its pages were handled.
struct Open {
    state: FeedState,
    status: Option<u16>,
    n_pages: usize,
    /// True if one of its pages is to be tried again: then the feed is asked for in full the next time.
    again: bool,
}

/// Fetches, reads and hands on.
pub struct Harvest<'a> {
    fetcher: &'a Fetcher,
    ledger: &'a mut Ledger,
    options: &'a HarvestOptions,
    polling: &'a Polling,
    tell: &'a dyn Tell,
    /// Takes what was read. False if no more is wanted.
    keep: &'a mut dyn FnMut(Reading) -> Result<bool, DeskError>,
    feeds: Vec<Open>,
    /// Pages that were asked for in this run: several feeds may list one.
    queued: BTreeSet<String>,
    tally: Tally,
    /// Addresses that were asked for, and those of them whose answers were handled.
    n_all: usize,
    n_done: usize,
    failure: Option<DeskError>,
}

impl<'a> Harvest<'a> {
    /// Fetches by `fetcher` what `options` say, notes it in `ledger`, and hands what was read to `keep`, which says whether more is
    /// wanted.
    pub fn new(
        fetcher: &'a Fetcher,
        ledger: &'a mut Ledger,
        options: &'a HarvestOptions,
        polling: &'a Polling,
        tell: &'a dyn Tell,
        keep: &'a mut dyn FnMut(Reading) -> Result<bool, DeskError>,
    ) -> Self {
        Self {
            fetcher,
            ledger,
            options,
            polling,
            tell,
            keep,
            feeds: Vec::new(),
            queued: BTreeSet::new(),
            tally: Tally::default(),
            n_all: 0,
            n_done: 0,
            failure: None,
        }
    }

    /// Asks for feeds.
    pub fn feeds(mut self, feeds: Vec<FeedState>) -> Result<Tally, DeskError> {
        let jobs = feeds
            .iter()
            .enumerate()
            .map(|(n, state)| Job { request: state.request(), about: About::Feed(n) })
            .collect();
        self.feeds =
            feeds.into_iter().map(|state| Open { state, status: None, n_pages: 0, again: false }).collect();
        self.run(jobs)
    }

    /// Asks for whatever stands at some addresses.
    pub fn addresses(self, urls: &[String]) -> Result<Tally, DeskError> {
        let jobs = urls.iter().map(|url| Job { request: Request::of(url), about: About::Given }).collect();
        self.run(jobs)
    }

    fn run(mut self, jobs: Vec<Job<About>>) -> Result<Tally, DeskError> {
        let fetcher = self.fetcher;
        let stopper = fetcher.stopper();
        self.n_all = jobs.len();
        self.tell_progress();
        fetcher.fetch_all(jobs, |about, answer| {
            let further = self.take(about, answer).unwrap_or_else(|failure| {
                self.failure.get_or_insert(failure);
                stopper.stop();
                Vec::new()
            });
            (self.n_all, self.n_done) = (self.n_all + further.len(), self.n_done + 1);
            self.tell_progress();
            further
        });
        // A stop leaves some out.
        if self.n_done < self.n_all {
            self.n_all = self.n_done;
            self.tell_progress();
        }
        self.ledger.save(fetcher)?;
        self.failure.map_or(Ok(self.tally), Err)
    }

    /// Handles one answer. Gives what is to be fetched for it.
    fn take(
        &mut self,
        about: About,
        answer: Result<Fetched, FetchError>,
    ) -> Result<Vec<Job<About>>, DeskError> {
        if self.failure.is_some() {
            return Ok(Vec::new());
        }
        match about {
            About::Given => self.take_given(answer, 0),
            About::Sitemap { depth } => self.take_given(answer, depth),
            About::Feed(n) => self.take_feed(n, answer),
            About::Page { entry, feed, is_again } => {
                let again = self.take_page(&entry, is_again, answer)?;
                if let Some(n) = feed {
                    self.feeds[n].again |= again;
                    self.feeds[n].n_pages -= 1;
                    self.close_feed(n)?;
                }
                Ok(Vec::new())
            }
        }
    }

    fn take_given(
        &mut self,
        answer: Result<Fetched, FetchError>,
        depth: usize,
    ) -> Result<Vec<Job<About>>, DeskError> {
        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(FetchError::Stopped { .. }) => return Ok(Vec::new()),
            Err(error) => {
                self.tally.pages_failed += 1;
                self.tell_error(error);
                return Ok(Vec::new());
            }
        };
        match served(&fetched) {
            Served::Listing(listing) => {
                self.tally.feeds += usize::from(depth == 0);
                let mut jobs = self.sitemaps(&fetched, &listing, depth);
                jobs.extend(self.pages(&fetched, listing, None)?);
                Ok(jobs)
            }
            Served::Reading(reading) => {
                let problem = self.hand_on_page(reading)?;
                let url = address(&fetched.asked).unwrap_or_else(|_| fetched.asked.clone());
                self.ledger.keep_page(&url, &fetched, problem, false)?;
                Ok(Vec::new())
            }
        }
    }

    fn sitemaps(&self, fetched: &Fetched, listing: &Listing, depth: usize) -> Vec<Job<About>> {
        let n_sitemaps = listing.sitemaps.len();
        let n_taken = if depth < MAX_SITEMAP_DEPTH { n_sitemaps.min(MAX_SITEMAPS) } else { 0 };
        if n_taken < n_sitemaps {
            self.note(&fetched.url, format!("{n_taken} of {n_sitemaps} sitemaps that it names are fetched"));
        }
        let taken = listing.sitemaps.iter().take(n_taken);
        taken
            .map(|url| Job { request: Request::of(url), about: About::Sitemap { depth: depth + 1 } })
            .collect()
    }

    fn take_feed(
        &mut self,
        n: usize,
        answer: Result<Fetched, FetchError>,
    ) -> Result<Vec<Job<About>>, DeskError> {
        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(FetchError::Stopped { .. }) => return Ok(Vec::new()),
            Err(error) => {
                self.tally.feeds += 1;
                self.tally.feeds_failed += 1;
                let feed = &mut self.feeds[n];
                feed.status = status_of(&error);
                feed.state.missed(&error, self.fetcher.now(), self.polling);
                self.tell_error(error);
                self.close_feed(n)?;
                return Ok(Vec::new());
            }
        };
        self.tally.feeds += 1;
        let feed = &mut self.feeds[n];
        feed.status = Some(if fetched.body.is_some() { 200 } else { NOT_MODIFIED });
        if fetched.body.is_none() {
            self.tally.unchanged += 1;
            feed.state.fetched(&fetched, self.polling);
            self.close_feed(n)?;
            return Ok(Vec::new());
        }
        let jobs = match served(&fetched) {
            Served::Listing(listing) => {
                if let (None, Some(title)) = (feed.state.asked_at, &listing.title) {
                    self.ledger.name_feed(&feed.state.url, title)?;
                }
                feed.state.fetched(&fetched, self.polling);
                self.pages(&fetched, listing, Some(n))?
            }
            Served::Reading(reading) => {
                self.tally.feeds_failed += 1;
                let (problem, remedy) = not_a_feed(&fetched, reading);
                feed.state.failed(chain(&*problem), fetched.at, self.polling);
                self.tell.problem(&*problem, &remedy);
                Vec::new()
            }
        };
        self.feeds[n].n_pages = jobs.len();
        self.close_feed(n)?;
        Ok(jobs)
    }

    /// Notes how it stands with a feed when nothing of it is under way any more.
    fn close_feed(&mut self, n: usize) -> Result<(), DeskError> {
        let feed = &mut self.feeds[n];
        if feed.n_pages > 0 {
            return Ok(());
        }
        if feed.again {
            feed.state.validators = Default::default();
        }
        self.ledger.keep_feed(&feed.state, feed.status)
    }

    /// Hands on what a list holds itself. Gives the pages that are to be fetched for it.
    fn pages(
        &mut self,
        fetched: &Fetched,
        listing: Listing,
        feed: Option<usize>,
    ) -> Result<Vec<Job<About>>, DeskError> {
        self.tell.notices(&listing.notices);
        let mut whole = Reading::default();
        // What was never fetched comes first.
        let (mut jobs, mut changed, mut n_left) = (Vec::new(), Vec::new(), 0);
        for entry in listing.entries {
            let wanted = match self.options.pages {
                Pages::Auto => !entry.whole,
                Pages::Always => true,
                Pages::Never => false,
            };
            // What cannot be fetched fails under its own name.
            let url =
                entry.url.as_ref().filter(|_| wanted).map(|url| address(url).unwrap_or_else(|_| url.clone()));
            match url {
                Some(url) if self.queued.contains(&url) => {}
                Some(url) => {
                    let (validators, is_again) = match self.ledger.page(&url, entry.updated, fetched.at)? {
                        PageState::New => (Validators::default(), false),
                        PageState::Changed(validators) => (validators, true),
                        PageState::Later => {
                            self.again(feed);
                            continue;
                        }
                        PageState::Done => continue,
                    };
                    let jobs = if is_again { &mut changed } else { &mut jobs };
                    if jobs.len() < self.options.max_pages {
                        self.queued.insert(url.clone());
                        let entry = Box::new(Listed { url: Some(url.clone()), ..entry });
                        let about = About::Page { entry, feed, is_again };
                        jobs.push(Job { request: Request { url, validators }, about });
                    } else {
                        n_left += 1;
                    }
                }
                None => whole.reports.extend(entry.report),
            }
        }
        let n_changed = changed.len().min(self.options.max_pages - jobs.len());
        for left in changed.split_off(n_changed) {
            self.queued.remove(&left.request.url);
            n_left += 1;
        }
        jobs.extend(changed);
        if n_left > 0 {
            self.again(feed);
            self.note(
                &fetched.url,
                format!("{n_left} of its pages are left for the next time (--max-pages)"),
            );
        }
        if let Some(content) = listing.content.as_ref().filter(|_| !whole.reports.is_empty()) {
            whole.came_from(content);
        }
        self.hand_on(whole)?;
        Ok(jobs)
    }

    fn again(&mut self, feed: Option<usize>) {
        if let Some(n) = feed {
            self.feeds[n].again = true;
        }
    }

    /// Reads the page of an entry; where that fails for good, what the entry itself holds counts. True if the page is to be tried
    /// again some time.
    fn take_page(
        &mut self,
        entry: &Listed,
        is_again: bool,
        answer: Result<Fetched, FetchError>,
    ) -> Result<bool, DeskError> {
        let url = entry.url.as_deref().unwrap_or_default();
        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(error) => {
                let stopped = matches!(error, FetchError::Stopped { .. });
                let again = self.ledger.keep_failure(url, &error, self.fetcher.now())?;
                if !stopped {
                    self.tally.pages_failed += 1;
                    self.tell_error(error);
                }
                // What came the first time is more than what the entry holds.
                if !again && !is_again {
                    self.hand_on(of_entry(entry))?;
                }
                return Ok(again);
            }
        };
        if fetched.body.is_none() {
            self.tally.pages_unchanged += 1;
            self.ledger.keep_page(url, &fetched, None, is_again)?;
            return Ok(false);
        }
        let mut reading = match served(&fetched) {
            Served::Reading(reading) => reading,
            // A list in place of a page: whoever wants it puts it on the list of feeds.
            Served::Listing(_) => Reading::default(),
        };
        let failed = reading.reports.is_empty();
        if let [report] = &mut reading.reports[..] {
            *report = completed(report, entry);
        }
        let problem = self.hand_on_page(reading)?;
        if failed && !is_again {
            self.hand_on(of_entry(entry))?;
        }
        self.ledger.keep_page(url, &fetched, problem, is_again)?;
        Ok(false)
    }

    /// Hands on what a page held. Gives the first failure of reading, if there are no reports.
    fn hand_on_page(&mut self, reading: Reading) -> Result<Option<String>, DeskError> {
        let problem =
            reading.failures.first().filter(|_| reading.reports.is_empty()).map(ToString::to_string);
        match problem {
            Some(_) => self.tally.pages_failed += 1,
            None => self.tally.pages += 1,
        }
        self.hand_on(reading)?;
        Ok(problem)
    }

    fn hand_on(&mut self, mut reading: Reading) -> Result<(), DeskError> {
        self.tell.unread(std::mem::take(&mut reading.failures));
        self.tell.notices(&reading.notices);
        if !reading.reports.is_empty() {
            self.tally.reports += reading.reports.len();
            if !(self.keep)(reading)? {
                self.fetcher.stopper().stop();
            }
        }
        Ok(())
    }

    fn tell_progress(&self) {
        self.tell.fetching(&Progress { n_done: self.n_done, n_all: self.n_all, tally: self.tally });
    }

    fn tell_error(&self, error: FetchError) {
        let remedy = error.remedy();
        self.tell.problem(&error, remedy);
    }

    fn note(&self, url: &str, problem: String) {
        self.tell.notices(&[Notice { origin: stemma::Origin::whole(url), problem }]);
    }
}

fn served(fetched: &Fetched) -> Served {
    let body = fetched.body.clone().unwrap_or_default();
    read_served(body, fetched.charset(), &fetched.url)
}

/// Why what stands at the address of a feed is of no use, and what one can do.
fn not_a_feed(fetched: &Fetched, reading: Reading) -> (Box<dyn Error>, String) {
    let url = &fetched.url;
    if let Some(feed) = feeds_of_page(fetched.body.as_deref().unwrap_or_default(), url).first() {
        let remedy = format!("put that on the list in its place: stemma feeds add {feed}");
        return (told_as(format!("{url}: is a page, and its feed is at {feed}")), remedy);
    }
    let told = reading.failures.into_iter().find(|failure| !matches!(failure, ReadError::NoArticle { .. }));
    match told {
        Some(failure) => {
            let remedy = failure.remedy().to_owned();
            (Box::new(failure), remedy)
        }
        None => {
            let remedy = "look on the site for RSS, Atom, JSON Feed, or a news sitemap";
            (told_as(format!("{url}: is neither a feed nor a sitemap")), remedy.to_owned())
        }
    }
}

fn told_as(problem: String) -> Box<dyn Error> {
    problem.into()
}

/// The report in the entry itself.
fn of_entry(entry: &Listed) -> Reading {
    Reading { reports: entry.report.iter().cloned().collect(), ..Reading::default() }
}

/// The report of a page with what its entry knows and the page does not tell.
fn completed(report: &Report, entry: &Listed) -> Report {
    let of_entry = entry.report.as_ref();
    let or = |own: Option<&str>, entry: Option<&str>| own.or(entry).map(str::to_owned);
    let draft = ReportDraft {
        given_id: or(report.given_id(), None),
        outlet: or(report.outlet(), None),
        url: or(report.url(), None),
        title: or(report.title(), entry.title.as_deref()),
        byline: or(report.byline(), of_entry.and_then(Report::byline)),
        published: report.published().or(entry.published),
        language: or(report.language(), of_entry.and_then(Report::language)),
        text: report.text().to_owned(),
        extra: report.extra().clone(),
    };
    Report::new(draft, report.origin().clone())
}
