//! How hosts are treated: `robots.txt`, one request at a time, pauses, further attempts, many addresses at once.

mod common;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Server, clock, fetcher, near, ok, redirect, status};
use stemma_fetch::{Clock, FetchError, Fetcher, Job, Request, Resolve, Settings, State, SystemResolver};

fn get(fetcher: &Fetcher, url: &str) -> Result<String, FetchError> {
    let fetched = fetcher.fetch(&Request::of(url))?;
    Ok(String::from_utf8_lossy(&fetched.body.unwrap_or_default()).into_owned())
}

#[test]
fn robots_are_asked_once_and_heeded() {
    let server = Server::of(&[
        ("/robots.txt", &ok("User-agent: Stemma\nDisallow: /private\nUser-agent: *\nDisallow: /")),
        ("/a", &ok("a")),
        ("/to-private", &redirect(302, "/private/b")),
        ("/private/b", &ok("b")),
    ]);
    let fetcher = fetcher(near());
    assert_eq!(get(&fetcher, &server.url("/a")).unwrap(), "a");
    let error = get(&fetcher, &server.url("/private/b")).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{}: is not fetched, {} forbids it", server.url("/private/b"), server.url("/robots.txt"))
    );
    assert!(matches!(get(&fetcher, &server.url("/to-private")), Err(FetchError::Robots { .. })));
    assert_eq!(server.paths(), ["/robots.txt", "/a", "/to-private"]);
}

#[test]
fn robots_that_fail_close_the_site_for_a_while() {
    let server = Server::start(|asked, number, stream| {
        let answer = match (asked.path.as_str(), number) {
            ("/robots.txt", 0) => status(503, "Retry-After: 1800\r\n", ""),
            ("/robots.txt", _) => status(404, "", ""),
            _ => ok("page"),
        };
        let _ = stream.write_all(&answer);
    });
    let clock = clock();
    let fetcher = Fetcher::with_parts(near(), clock.clone(), Arc::new(SystemResolver));
    for _ in 0..2 {
        let error = get(&fetcher, &server.url("/")).unwrap_err();
        assert!(matches!(error, FetchError::RobotsBusy { status: 503, .. }), "{error}");
        assert_eq!(error.not_before(), Some("2026-03-02T10:30:00Z".parse().unwrap()));
    }
    clock.sleep(Duration::from_mins(31));
    assert_eq!(get(&fetcher, &server.url("/")).unwrap(), "page");
    assert_eq!(server.paths(), ["/robots.txt", "/robots.txt", "/"]);
}

#[test]
fn robots_that_are_not_there_allow_all() {
    let circle = Server::of(&[("/robots.txt", &redirect(301, "/robots.txt")), ("/", &ok("page"))]);
    let forbidden = Server::of(&[("/robots.txt", &status(403, "", "")), ("/", &ok("page"))]);
    let moved = Server::of(&[
        ("/robots.txt", &redirect(301, "/r")),
        ("/r", &ok("User-agent: *\nDisallow: /")),
        ("/", &ok("page")),
    ]);
    assert_eq!(get(&fetcher(near()), &circle.url("/")).unwrap(), "page");
    assert_eq!(get(&fetcher(near()), &forbidden.url("/")).unwrap(), "page");
    assert!(matches!(get(&fetcher(near()), &moved.url("/")), Err(FetchError::Robots { .. })));
}

#[test]
fn of_large_robots_the_first_part_counts() {
    let rules = "User-agent: *\nDisallow: /private\n".to_owned()
        + &"# nothing\n".repeat(200_000)
        + "Disallow: /late\n";
    let server = Server::of(&[("/robots.txt", &ok(rules)), ("/late", &ok("late"))]);
    let fetcher = fetcher(near());
    assert!(matches!(get(&fetcher, &server.url("/private")), Err(FetchError::Robots { .. })));
    assert_eq!(get(&fetcher, &server.url("/late")).unwrap(), "late");
}

#[test]
fn between_two_requests_is_a_pause() {
    let server = Server::of(&[("/a", &ok("a")), ("/b", &redirect(302, "/a"))]);
    let clock = clock();
    let settings = Settings { delay: Duration::from_secs(3), ..near() };
    let fetcher = Fetcher::with_parts(settings, clock.clone(), Arc::new(SystemResolver));
    let start = clock.now();
    for (n, path) in ["/a", "/b", "/a"].iter().enumerate() {
        get(&fetcher, &server.url(path)).unwrap();
        assert_eq!(
            clock.now().duration_since(start).as_secs(),
            3 * n as i64,
            "redirects belong to their request"
        );
    }
}

#[test]
fn a_crawl_delay_that_is_longer_counts() {
    let server = Server::of(&[("/robots.txt", &ok("User-agent: *\nCrawl-delay: 20")), ("/a", &ok("a"))]);
    let clock = clock();
    let fetcher = Fetcher::with_parts(near(), clock.clone(), Arc::new(SystemResolver));
    let start = clock.now();
    get(&fetcher, &server.url("/a")).unwrap();
    get(&fetcher, &server.url("/a")).unwrap();
    assert_eq!(clock.now().duration_since(start).as_secs(), 20);
}

#[test]
fn a_busy_server_is_asked_again() {
    let server = Server::start(|_, number, stream| {
        let answer = match number {
            0 => status(503, "", ""),
            1 => status(429, "Retry-After: 30\r\n", ""),
            _ => ok("page"),
        };
        let _ = stream.write_all(&answer);
    });
    let clock = clock();
    let settings = Settings { retries: 2, robots: false, ..near() };
    let fetcher = Fetcher::with_parts(settings, clock.clone(), Arc::new(SystemResolver));
    let start = clock.now();
    assert_eq!(get(&fetcher, &server.url("/")).unwrap(), "page");
    let waited = clock.now().duration_since(start).as_secs_f64();
    assert!(
        (31.0..=32.0).contains(&waited),
        "half to all of 2 s, then the 30 s that were asked for: {waited}"
    );
}

#[test]
fn a_server_that_stays_busy_is_left_alone() {
    let server = Server::of(&[
        ("/", &status(503, "", "")),
        ("/later", &status(429, "Retry-After: 7200\r\n", "")),
        ("/a", &ok("a")),
    ]);
    let clock = clock();
    let settings = Settings { retries: 2, robots: false, ..near() };
    let fetcher = Fetcher::with_parts(settings.clone(), clock.clone(), Arc::new(SystemResolver));
    assert!(matches!(get(&fetcher, &server.url("/")), Err(FetchError::Status { status: 503, .. })));
    assert_eq!(server.paths().len(), 3);
    let error = get(&fetcher, &server.url("/later")).unwrap_err();
    assert!(error.not_before().is_some_and(|at| at.duration_since(clock.now()).as_secs() == 7200), "{error}");
    // Its other pages have to wait too, also in the next run.
    assert!(matches!(get(&fetcher, &server.url("/a")), Err(FetchError::NotYet { .. })));
    let state: State = serde_json::from_str(&serde_json::to_string(&fetcher.state()).unwrap()).unwrap();
    let next = Fetcher::with_parts(settings, clock.clone(), Arc::new(SystemResolver));
    next.resume(state);
    assert!(matches!(get(&next, &server.url("/a")), Err(FetchError::NotYet { .. })));
    clock.sleep(Duration::from_secs(7200));
    assert_eq!(get(&next, &server.url("/a")).unwrap(), "a");
    assert_eq!(server.paths().len(), 5);
}

#[test]
fn robots_are_remembered_by_the_next_run() {
    let server = Server::of(&[
        ("/robots.txt", &ok("User-agent: *\nDisallow: /private\nCrawl-delay: 1.5")),
        ("/a", &ok("a")),
    ]);
    let first = fetcher(near());
    get(&first, &server.url("/a")).unwrap();
    let state = serde_json::to_string(&first.state()).unwrap();
    let second = fetcher(near());
    second.resume(serde_json::from_str(&state).unwrap());
    assert!(matches!(get(&second, &server.url("/private")), Err(FetchError::Robots { .. })));
    assert_eq!(server.paths(), ["/robots.txt", "/a"]);
}

/// Every name leads to one address.
struct To(SocketAddr);

impl Resolve for To {
    fn resolve(&self, _host: &str, _port: u16) -> std::io::Result<Vec<SocketAddr>> {
        Ok(vec![self.0])
    }
}

/// Greatest number of requests at the same time: of each host, and of all.
#[derive(Default)]
struct Crowd {
    inside: BTreeMap<String, usize>,
    most_of_one: usize,
    most: usize,
}

#[test]
fn one_request_at_a_time_for_each_host_and_few_for_all() {
    let crowd = Arc::new(Mutex::new(Crowd::default()));
    let seen = Arc::clone(&crowd);
    let server = Server::start(move |asked, _, stream| {
        let host = asked
            .headers
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("host: ").map(str::to_owned));
        let host = host.unwrap();
        {
            let mut crowd = seen.lock().unwrap();
            *crowd.inside.entry(host.clone()).or_default() += 1;
            crowd.most_of_one = crowd.most_of_one.max(crowd.inside[&host]);
            crowd.most = crowd.most.max(crowd.inside.values().sum());
        }
        std::thread::sleep(Duration::from_millis(5));
        *seen.lock().unwrap().inside.get_mut(&host).unwrap() -= 1;
        let _ = stream.write_all(&ok(asked.path.clone()));
    });
    let settings = Settings { threads: 4, robots: false, ..near() };
    let fetcher = Fetcher::with_parts(settings, clock(), Arc::new(To(server.address)));
    let jobs =
        (0..60).map(|n| Job { request: Request::of(format!("http://h{}.example/{n}", n % 6)), about: n });
    let mut answers = BTreeMap::new();
    fetcher.fetch_all(jobs.collect(), |n, answer| {
        answers.insert(n, answer.unwrap().body.unwrap());
        Vec::new()
    });
    assert_eq!(answers.len(), 60);
    assert!(answers.iter().all(|(n, body)| *body == format!("/{n}").into_bytes()));
    let crowd = crowd.lock().unwrap();
    assert_eq!((crowd.most_of_one, crowd.most), (1, 4));
}

#[test]
fn an_answer_may_bring_further_addresses() {
    let server = Server::of(&[("/feed", &ok("/1 /2 /3")), ("/1", &ok("one")), ("/3", &ok("three"))]);
    let fetcher = fetcher(Settings { robots: false, ..near() });
    let mut log = Vec::new();
    let jobs = vec![
        Job { request: Request::of(server.url("/feed")), about: true },
        Job { request: Request::of("nonsense"), about: false },
    ];
    fetcher.fetch_all(jobs, |is_feed, answer| match answer {
        Ok(fetched) if is_feed => {
            let paths = String::from_utf8(fetched.body.unwrap()).unwrap();
            paths
                .split(' ')
                .map(|path| Job { request: Request::of(server.url(path)), about: false })
                .collect()
        }
        Ok(fetched) => {
            log.push(String::from_utf8(fetched.body.unwrap()).unwrap());
            Vec::new()
        }
        Err(error) => {
            log.push(error.to_string().replace(&server.url(""), ""));
            Vec::new()
        }
    });
    log.sort();
    assert_eq!(
        log,
        [
            "/2: the server answered 404",
            "nonsense: cannot be fetched: relative URL without a base",
            "one",
            "three"
        ]
    );
}

#[test]
fn a_host_that_has_to_wait_does_not_hold_up_others() {
    let server = Server::of(&[("/", &ok("page"))]);
    let clock = clock();
    let settings = Settings { threads: 1, robots: false, delay: Duration::from_secs(10), ..near() };
    let fetcher = Fetcher::with_parts(settings, clock, Arc::new(To(server.address)));
    let hosts = ["a", "a", "a", "b", "c"];
    let jobs = hosts
        .iter()
        .map(|host| Job { request: Request::of(format!("http://{host}.example/")), about: *host });
    let mut order = String::new();
    fetcher.fetch_all(jobs.collect(), |host, answer| {
        assert!(answer.is_ok());
        order += host;
        Vec::new()
    });
    assert_eq!(order, "abcaa");
}

#[test]
fn a_stop_ends_what_is_under_way() {
    let server = Server::start(|_, _, _| std::thread::sleep(Duration::from_secs(20)));
    let settings = Settings {
        threads: 2,
        robots: false,
        answer_timeout: Duration::from_secs(20),
        whole_timeout: Duration::from_secs(20),
        retries: 5,
        ..near()
    };
    let fetcher = Fetcher::with_parts(settings, clock(), Arc::new(To(server.address)));
    let stopper = fetcher.stopper();
    let jobs =
        (0..10).map(|n| Job { request: Request::of(format!("http://h{}.example/{n}", n % 5)), about: n });
    let start = std::time::Instant::now();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        stopper.stop();
    });
    let mut n_told = 0;
    fetcher.fetch_all(jobs.collect(), |_, answer| {
        assert!(matches!(answer, Err(FetchError::Stopped { .. })));
        n_told += 1;
        Vec::new()
    });
    assert_eq!(n_told, 2);
    assert!(start.elapsed() < Duration::from_secs(5));
}
