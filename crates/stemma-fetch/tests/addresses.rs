//! What is connected to, and what is not: by name, by redirect, by a name whose answers change.

mod common;

use common::{InTurn, Server, clock, fetcher, near, ok, redirect};
use stemma_fetch::{AddressKind, FetchError, Fetcher, Reach, Request, Settings};

fn error(fetcher: &Fetcher, url: &str) -> FetchError {
    fetcher.fetch(&Request::of(url)).expect_err("this is refused")
}

#[test]
fn loopback_is_refused_unless_allowed() {
    let server = Server::of(&[("/", &ok("page"))]);
    let public = fetcher(Settings { reach: Reach::Public, ..near() });
    let refused = error(&public, &server.url("/"));
    assert!(matches!(refused, FetchError::Refused { kind: AddressKind::Loopback, .. }), "{refused}");
    let by_name = error(&public, &format!("http://localhost:{}/", server.address.port()));
    assert!(matches!(by_name, FetchError::Refused { kind: AddressKind::Loopback, .. }), "{by_name}");
    assert_eq!(server.paths(), Vec::<String>::new());
    let fetched = fetcher(near()).fetch(&Request::of(server.url("/"))).unwrap();
    assert_eq!(fetched.body.as_deref(), Some(&b"page"[..]));
}

#[test]
fn every_spelling_of_a_private_address_is_refused() {
    let public = fetcher(Settings { reach: Reach::Public, ..near() });
    let message = error(&public, "http://192.168.1.1/").to_string();
    assert_eq!(
        message,
        "http://192.168.1.1/: is not fetched, its host is at 192.168.1.1, an address of a private network"
    );
    for url in [
        "http://127.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://017700000001/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a00:1]/",
        "http://0/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1:8080/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://[fe80::1]/",
    ] {
        let refused = error(&public, url);
        assert!(matches!(refused, FetchError::Refused { .. }), "{url}: {refused}");
    }
}

#[test]
fn metadata_of_clouds_is_refused_also_where_private_networks_are_allowed() {
    let refused = error(&fetcher(near()), "http://169.254.169.254/latest/meta-data/");
    assert!(matches!(refused, FetchError::Refused { kind: AddressKind::Metadata, .. }), "{refused}");
}

#[test]
fn what_is_no_address_of_a_page_is_refused() {
    for url in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "http://user:word@127.0.0.1/",
        "127.0.0.1",
        "",
        "http://127.0.0.1:22/",
    ] {
        let refused = error(&fetcher(near()), url);
        assert!(matches!(refused, FetchError::Address { .. }), "{url}: {refused}");
    }
}

/// A fetcher that may reach `open` alone; names lead to `addresses` in turn.
fn guarded(open: &Server, addresses: &[&Server]) -> Fetcher {
    let settings = Settings { reach: Reach::Public, allowed: vec![open.address], robots: false, ..near() };
    let addresses: Vec<_> = addresses.iter().map(|server| server.address).collect();
    Fetcher::with_parts(settings, clock(), InTurn::of(&addresses))
}

#[test]
fn redirects_are_judged_anew() {
    let inside = Server::of(&[("/secret", &ok("secret"))]);
    let outside = Server::of(&[
        ("/by-address", &redirect(302, &inside.url("/secret"))),
        ("/by-name", &redirect(302, &format!("http://localhost:{}/secret", inside.address.port()))),
        ("/to-file", &redirect(302, "file:///etc/passwd")),
        ("/to-user", &redirect(302, "http://user@localhost/")),
        ("/to-port", &redirect(302, "http://localhost:6379/")),
    ]);
    let fetcher = guarded(&outside, &[&outside, &inside]);
    let refused = error(&fetcher, "http://news.example/by-address");
    assert!(
        matches!(&refused, FetchError::Refused { url, .. } if *url == inside.url("/secret")),
        "{refused}"
    );
    let fetcher = guarded(&outside, &[&outside, &inside]);
    let refused = error(&fetcher, "http://news.example/by-name");
    assert!(matches!(refused, FetchError::Refused { kind: AddressKind::Loopback, .. }), "{refused}");
    for path in ["/to-file", "/to-user"] {
        let fetcher = guarded(&outside, &[&outside]);
        let refused = error(&fetcher, &format!("http://news.example{path}"));
        assert!(matches!(refused, FetchError::Redirect { .. }), "{refused}");
    }
    let fetcher = guarded(&outside, &[&outside, &inside]);
    assert!(matches!(error(&fetcher, "http://news.example/to-port"), FetchError::Refused { .. }));
    assert_eq!(inside.paths(), Vec::<String>::new());
}

#[test]
fn a_name_that_is_bound_anew_reaches_nothing() {
    let inside = Server::of(&[("/", &ok("secret"))]);
    let outside = Server::of(&[("/", &ok("page")), ("/again", &redirect(302, "/"))]);
    // First the address that is allowed, then the other one: whoever asks twice connects to what was not judged.
    let fetcher = guarded(&outside, &[&outside, &inside]);
    let fetched = fetcher.fetch(&Request::of("http://news.example/")).unwrap();
    assert_eq!(fetched.body.as_deref(), Some(&b"page"[..]));
    assert!(matches!(error(&fetcher, "http://news.example/"), FetchError::Refused { .. }));
    let refused = error(&fetcher, "http://news.example/again");
    assert!(matches!(refused, FetchError::Refused { .. }), "{refused}");
    assert_eq!(outside.paths(), ["/", "/again"]);
    assert_eq!(inside.paths(), Vec::<String>::new());
}

#[test]
fn a_robots_file_does_not_lead_inside() {
    let inside = Server::of(&[("/robots.txt", &ok("User-agent: *\nDisallow: /"))]);
    let outside =
        Server::of(&[("/robots.txt", &redirect(301, &inside.url("/robots.txt"))), ("/", &ok("page"))]);
    let settings = Settings { reach: Reach::Public, allowed: vec![outside.address], ..near() };
    let fetcher = Fetcher::with_parts(settings, clock(), InTurn::of(&[outside.address]));
    assert!(matches!(error(&fetcher, "http://news.example/"), FetchError::Refused { .. }));
    assert_eq!(inside.paths(), Vec::<String>::new());
}

#[test]
fn addresses_have_one_spelling() {
    assert_eq!(stemma_fetch::address(" HTTP://News.Example:80/a b#c").unwrap(), "http://news.example/a%20b");
    assert!(stemma_fetch::address("file:///etc/passwd").is_err());
}
