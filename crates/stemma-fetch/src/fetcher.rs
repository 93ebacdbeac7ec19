//! Requests with all that belongs to them: whose turn it is, what `robots.txt` says, redirects, further attempts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::backoff::backoff;
use crate::body::Limit;
use crate::clock::{later, until};
use crate::exchange::{Answer, Client};
use crate::hosts::{Closed, Hosts, Visit};
use crate::permission::{Permission, Permissions, Word};
use crate::robots::{MAX_ROBOTS_BYTES, Robots};
use crate::stop::Stop;
use crate::{Clock, FetchError, Resolve, Settings, SystemClock, SystemResolver, headers, target};

/// Redirects of a `robots.txt` that are followed; the standard asks for at least these.
const MAX_ROBOTS_REDIRECTS: usize = 5;

/// By what a server knows which version of something one has.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Validators {
    /// The `ETag` header, as it was sent.
    pub etag: Option<String>,
    /// The `Last-Modified` header, as it was sent.
    pub last_modified: Option<String>,
}

/// What to fetch.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Request {
    /// The address.
    pub url: String,
    /// Those of the version that one has: where nothing has changed, no body is sent.
    pub validators: Validators,
}

impl Request {
    /// A request for `url`, whatever one has of it.
    pub fn of(url: impl Into<String>) -> Self {
        Self { url: url.into(), validators: Validators::default() }
    }
}

/// The address that `url` means, in one spelling and without a fragment, if it is one that may be fetched. Where its host is
/// is seen when it is fetched.
pub fn address(url: &str) -> Result<String, FetchError> {
    match target::parse(url) {
        Ok(address) => Ok(address.to_string()),
        Err(problem) => Err(FetchError::Address { url: url.to_owned(), problem }),
    }
}

/// What was fetched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetched {
    /// The address that was asked for.
    pub asked: String,
    /// The address that gave the answer, after all redirects.
    pub url: String,
    /// The address that holds instead of the one that was asked for from now on: where permanent redirects led.
    pub moved_to: Option<String>,
    /// When the answer was there.
    pub at: Timestamp,
    /// The bytes, unpacked. `None`: nothing has changed since the version of [`Request::validators`].
    pub body: Option<Vec<u8>>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// For the next request.
    pub validators: Validators,
    /// For how long the server calls it fresh.
    pub fresh_for: Option<Duration>,
}

impl Fetched {
    /// The charset that the headers name.
    pub fn charset(&self) -> Option<&str> {
        headers::charset(self.content_type.as_deref()?)
    }
}

/// What a [`Fetcher`] remembers of hosts, for the next run: plain data.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct State {
    /// Hosts that are to be left in peace, and until when.
    pauses: BTreeMap<String, Timestamp>,
    robots: BTreeMap<String, Word>,
}

/// Fetches. Shared by threads; what one learns of a host holds for all.
pub struct Fetcher {
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    client: Client,
    pub(crate) hosts: Hosts,
    permissions: Permissions,
    pub(crate) stop: Stop,
}

/// Ends the work of a [`Fetcher`] from another thread, such as one that handles signals.
#[derive(Clone)]
pub struct Stopper {
    stop: Stop,
    client: Client,
}

impl fmt::Debug for Stopper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stopper").field("is_stopped", &self.is_stopped()).finish_non_exhaustive()
    }
}

impl Stopper {
    /// Ends all requests under way and all waiting; every later request fails with [`FetchError::Stopped`].
    pub fn stop(&self) {
        self.stop.set();
        self.client.shut_down();
    }

    /// True after [`Stopper::stop`].
    pub fn is_stopped(&self) -> bool {
        self.stop.is_set()
    }
}

impl Fetcher {
    /// Fetches from the network, by the clock of the system.
    pub fn new(settings: Settings) -> Self {
        Self::with_parts(settings, Arc::new(SystemClock), Arc::new(SystemResolver))
    }

    /// Fetches by another clock, or with other names.
    pub fn with_parts(settings: Settings, clock: Arc<dyn Clock>, resolve: Arc<dyn Resolve>) -> Self {
        Self {
            client: Client::new(&settings, resolve),
            settings,
            clock,
            hosts: Hosts::default(),
            permissions: Permissions::default(),
            stop: Stop::default(),
        }
    }

    /// A handle to end all work.
    pub fn stopper(&self) -> Stopper {
        Stopper { stop: self.stop.clone(), client: self.client.clone() }
    }

    /// The time by its clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What to remember for the next run.
    pub fn state(&self) -> State {
        let now = self.clock.now();
        State { pauses: self.hosts.pauses(now), robots: self.permissions.words(now) }
    }

    /// Takes up what an earlier run has remembered.
    pub fn resume(&self, state: State) {
        for (host, at) in state.pauses {
            self.hosts.postpone(&host, at);
        }
        self.permissions.restore(state.robots);
    }

    /// Fetches one address: waits for the turn of its host, heeds `robots.txt`, follows redirects, and tries again where that
    /// may help. Blocks until all of that is done.
    pub fn fetch(&self, request: &Request) -> Result<Fetched, FetchError> {
        let mut failures = 0;
        loop {
            let error = match self.attempt(request) {
                Ok(fetched) => return Ok(fetched),
                Err(error) => error,
            };
            if self.stop.is_set() {
                return Err(FetchError::Stopped { url: request.url.clone() });
            }
            if !error.is_worth_another_attempt() {
                return Err(error);
            }
            failures += 1;
            let now = self.clock.now();
            let settings = &self.settings;
            let wait = backoff(settings.retry_delay, failures, settings.max_wait, settings.seed, error.url());
            // All who want something of this host wait: it is the host that is in need.
            let again_at = error.not_before().unwrap_or_else(|| later(now, wait));
            if let Ok(url) = target::parse(error.url()) {
                self.hosts.postpone(&target::host(&url), again_at);
            }
            if failures > settings.retries || until(now, again_at) > settings.max_wait {
                return Err(error);
            }
        }
    }

    fn attempt(&self, request: &Request) -> Result<Fetched, FetchError> {
        let mut url = target::parse(&request.url)
            .map_err(|problem| FetchError::Address { url: request.url.clone(), problem })?;
        let mut time = Time(self.settings.whole_timeout);
        let mut seen = BTreeSet::from([url.to_string()]);
        let mut moved_to = None;
        let mut all_permanent = true;
        let mut visit: Option<Visit<'_>> = None;
        loop {
            let host = target::host(&url);
            if visit.as_ref().is_none_or(|visit| visit.host != host) {
                // Left before the next one is entered: two that go to and fro between two hosts must not wait for each other.
                drop(visit.take());
                visit = Some(self.visit(&url, host)?);
            }
            let delay = self.permit(&url, &mut time)?;
            if let Some(visit) = &mut visit {
                visit.delay = visit.delay.max(delay).max(self.settings.delay);
            }
            let limit = Limit { bytes: self.settings.max_bytes, cut: false };
            let answer = time.spend(|time| self.client.get(&url, &request.validators, limit, time))?;
            let Some(next) = self.redirect(&url, &answer)? else {
                let fetched = self.fetched(request, &url, answer)?;
                return Ok(Fetched { moved_to, ..fetched });
            };
            all_permanent &= matches!(answer.status, 301 | 308);
            if all_permanent {
                moved_to = Some(next.to_string());
            }
            if !seen.insert(next.to_string()) {
                return Err(redirects(request, "redirects in a circle".to_owned()));
            }
            if seen.len() > self.settings.max_redirects + 1 {
                let problem = format!("redirects more than {} times", self.settings.max_redirects);
                return Err(redirects(request, problem));
            }
            url = next;
        }
    }

    fn visit(&self, url: &Url, host: String) -> Result<Visit<'_>, FetchError> {
        self.hosts.visit(host, &*self.clock, &self.stop, self.settings.max_wait).map_err(|closed| {
            let url = url.to_string();
            match closed {
                Closed::NotYet(not_before) => FetchError::NotYet { url, not_before },
                Closed::Stopped => FetchError::Stopped { url },
            }
        })
    }

    /// The pause that the site asks for, if it permits to fetch `url`.
    fn permit(&self, url: &Url, time: &mut Time) -> Result<Duration, FetchError> {
        if !self.settings.robots {
            return Ok(Duration::ZERO);
        }
        let site = target::site(url);
        let permission = match self.permissions.of(&site, self.clock.now()) {
            Some(permission) => permission,
            None => self.ask(url, &site, time)?,
        };
        let robots = format!("{site}/robots.txt");
        match permission {
            Permission::Rules(rules) if rules.allows(url) => Ok(rules.crawl_delay().unwrap_or_default()),
            Permission::Rules(_) => Err(FetchError::Robots { url: url.to_string(), robots }),
            Permission::Busy { status, not_before } => {
                Err(FetchError::RobotsBusy { url: url.to_string(), robots, status, not_before })
            }
        }
    }

    /// Fetches the `robots.txt` of a site. It belongs to the visit of its host; where a redirect leads to another host, that is
    /// asked at once, since this happens once a day.
    fn ask(&self, url: &Url, site: &str, time: &mut Time) -> Result<Permission, FetchError> {
        let mut robots = url.clone();
        robots.set_path("/robots.txt");
        robots.set_query(None);
        let limit = Limit { bytes: MAX_ROBOTS_BYTES, cut: true };
        for n_redirects in 0..=MAX_ROBOTS_REDIRECTS {
            let answer =
                match time.spend(|time| self.client.get(&robots, &Validators::default(), limit, time)) {
                    Ok(answer) => answer,
                    // There is an answer, and it is no list of rules.
                    Err(FetchError::Packing { .. }) => break,
                    // The page itself would meet the same.
                    Err(error) if n_redirects == 0 => return Err(error.told_of(url.as_str())),
                    Err(error) => return Err(error),
                };
            match self.redirect(&robots, &answer) {
                Ok(Some(next)) => robots = next,
                Ok(None) => {
                    let now = self.clock.now();
                    let retry_at =
                        answer.retry_after.as_deref().and_then(|value| headers::retry_after(value, now));
                    let said = match answer.status {
                        200..300 => Ok(Robots::parse(&answer.body, self.client.token())),
                        status => Err(status),
                    };
                    return Ok(self.permissions.take_in(site, said, retry_at, now));
                }
                Err(_) => break,
            }
        }
        // Redirects that lead nowhere, or answers without rules, count as a file that is not there.
        Ok(self.permissions.take_in(site, Err(404), None, self.clock.now()))
    }

    /// Where `answer` sends on to.
    fn redirect(&self, from: &Url, answer: &Answer) -> Result<Option<Url>, FetchError> {
        let (301 | 302 | 303 | 307 | 308, Some(location)) = (answer.status, &answer.location) else {
            return Ok(None);
        };
        target::redirected(from, location).map(Some).map_err(|problem| FetchError::Redirect {
            url: from.to_string(),
            to: location.chars().take(200).collect(),
            problem,
        })
    }

    fn fetched(&self, request: &Request, url: &Url, answer: Answer) -> Result<Fetched, FetchError> {
        let now = self.clock.now();
        let asked_for_changes = request.validators != Validators::default();
        let body = match answer.status {
            200..300 => Some(answer.body),
            304 if asked_for_changes => None,
            410 => return Err(FetchError::Gone { url: url.to_string() }),
            status => {
                let not_before =
                    answer.retry_after.as_deref().and_then(|value| headers::retry_after(value, now));
                return Err(FetchError::Status { url: url.to_string(), status, not_before });
            }
        };
        Ok(Fetched {
            asked: request.url.clone(),
            url: url.to_string(),
            moved_to: None,
            at: now,
            // A server that says that nothing changed need not repeat by what it knows that.
            validators: match body.is_none() && answer.validators == Validators::default() {
                true => request.validators.clone(),
                false => answer.validators,
            },
            body,
            content_type: answer.content_type,
            fresh_for: answer.cache_control.as_deref().and_then(headers::max_age),
        })
    }
}

fn redirects(request: &Request, problem: String) -> FetchError {
    FetchError::Redirects { url: request.url.clone(), problem }
}

/// Time that is left for exchanges of one attempt. The clock of the machine counts here: it is the server that is slow.
struct Time(Duration);

impl Time {
    fn spend<T>(&mut self, exchange: impl FnOnce(Duration) -> T) -> T {
        let start = Instant::now();
        // Without any time left the client would take it for no limit.
        let result = exchange(self.0.max(Duration::from_millis(1)));
        self.0 = self.0.saturating_sub(start.elapsed());
        result
    }
}
