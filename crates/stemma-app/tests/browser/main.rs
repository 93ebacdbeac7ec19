//! The pages of `stemma serve` in a real browser: journeys through a story, and what must hold of every page.
//!
//! Needs a Chromium, found by its name or by `STEMMA_CHROMIUM`, and, for what keeps people out, axe-core, which `.ci/run` fetches into the folder of
//! builds (`STEMMA_AXE` names another place). Where one is missing, that is told and the test passes: it did not run.
#![cfg(unix)]

mod checks;
mod chromium;
mod journeys;
mod layout;
mod server;
mod tab;

use std::io::Write;

use checks::{WIDTHS, axe, barriers, kind_of, pages, wider_than_window, wrong_html, wrong_page};
use server::Server;
use tab::Tab;

/// Told past what the test harness catches, which shows nothing of tests that pass.
fn not_run(what: &str) {
    let _ = writeln!(std::io::stderr(), "NOT RUN: {what}");
}

/// A page on a server of the sample stories, if there is a browser.
fn open(server: &Server) -> Option<Tab> {
    let tab = Tab::open(&server.origin);
    if tab.is_none() {
        not_run("there is no Chromium (apt-get install chromium, or STEMMA_CHROMIUM)");
    }
    tab
}

/// All that is wrong, with the page on which it is.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn add(&mut self, page: &str, found: impl IntoIterator<Item = String>) {
        self.0.extend(found.into_iter().map(|each| format!("{page}: {each}")));
    }

    fn assert_none(self) {
        assert!(self.0.is_empty(), "{} findings:\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// A page on which much is wrong, so that no check passes because it looks at nothing.
#[test]
fn the_checks_find_what_is_wrong() {
    let server = Server::start_empty("wrong");
    let Some(mut tab) = open(&server) else { return };
    let html = "<!DOCTYPE html><html><head><meta name=viewport content='width=device-width'><title> </title></head><body style='color: #888; background: #999'><h1>One</h1><h1>Two</h1><p id=a>Hardly to be read.</p>\
        <img id=a src='http://127.0.0.2:1/pixel.png'><pre>a line that is wider than any window, and goes on, and on, and on, and on, and on, and on, and on, and on, and on</pre>\
        <b><p>crossed</b></p><script>console.error('oh'); nothing();</script></body></html>";
    assert!(wrong_html(html).len() >= 2, "{:?}", wrong_html(html));
    assert!(
        wrong_html(
            "<!DOCTYPE html><html lang=\"en\"><head><title>x</title></head><body><p>y</p></body></html>"
        )
        .is_empty()
    );
    tab.resize(390, 800);
    tab.show(html);
    let mut findings = wrong_page(&mut tab);
    findings.extend(wider_than_window(&mut tab));
    if let Some(axe) = axe() {
        findings.extend(barriers(&mut tab, &axe, false));
        assert!(barriers(&mut tab, &axe, true).iter().any(|found| found.contains("color-contrast")));
        findings.retain(|found| !found.contains("color-contrast"));
        assert!(findings.iter().any(|found| found.starts_with("axe: image-alt")), "{findings:?}");
    }
    for told in [
        "no title",
        "no language",
        "not one heading",
        "not one main",
        "a script or style",
        "asks another host",
        "a script broke",
        "console:",
        "wider than",
    ] {
        assert!(findings.iter().any(|found| found.starts_with(told)), "{told} is not among {findings:?}");
    }
}

#[test]
fn every_page_is_sound() {
    let server = Server::start("sound");
    let Some(mut tab) = open(&server) else { return };
    let axe = axe();
    if axe.is_none() {
        not_run("axe-core is not there: .ci/run fetches it");
    }
    let all = pages(&mut tab, &server, 2, 60);
    let views = [
        "",
        "/divergences",
        "/matrix",
        "/quotations",
        "/reader",
        "/timeline",
        "/names",
        "/lineage",
        "/sources",
    ];
    let views = views.map(|view| format!("/stories/*{view}"));
    let others = [
        "/",
        "/?",
        "/stories/*/statements/*",
        "/stories/*/correct",
        "/reports/*",
        "/search?",
        "/speakers",
        "/speakers?",
    ];
    let more = ["/entities", "/entities/*", "/add", "/watch", "/corrections", "/jobs"].map(str::to_owned);
    for kind in views.into_iter().chain(others.map(str::to_owned)).chain(more) {
        assert!(all.iter().any(|page| kind_of(page) == kind), "no {kind} among {all:?}");
    }
    findings_on(&all, &mut tab, &server, axe.as_deref()).assert_none();
}

/// What is wrong on pages, in both modes and at each width.
fn findings_on(all: &[String], tab: &mut Tab, server: &Server, axe: Option<&str>) -> Findings {
    let mut findings = Findings::default();
    for page in all {
        let (status, html) = server.get(page);
        assert_eq!(status, 200, "{page}");
        findings.add(page, wrong_html(&html));
        for dark in [false, true] {
            tab.set_dark(dark);
            tab.resize(WIDTHS[0], 800);
            tab.goto(page);
            findings.add(page, wrong_page(tab));
            if let Some(axe) = axe {
                let mode = if dark { "dark" } else { "light" };
                findings.add(&format!("{page} ({mode})"), barriers(tab, axe, dark));
            }
        }
        for width in WIDTHS {
            tab.resize(width, 800);
            findings.add(&format!("{page} at {width} px"), wider_than_window(tab));
        }
    }
    findings
}

/// What an outlet may write to harm those who read it: markup, addresses that are scripts, letters that turn the direction, words without end.
#[test]
fn hostile_reports_do_nothing() {
    let script = "<script>alert('ran')</script><img src=http://127.0.0.2:1/x onerror=alert('ran')>";
    let report = |n: usize, words: &str| {
        let line = serde_json::json!({
            "outlet": format!("{script}Outlet {n}\u{202E}gnol\u{0000}\u{001B}[31m"),
            "title": format!("\"'><svg onload=alert('ran')>Dam breaks above Vellmar {n} {}", "x".repeat(3_000)),
            "url": "javascript:alert('ran')",
            "byline": format!("' onmouseover='alert(1)' {script}"),
            "published": format!("2026-03-0{n}"),
            "language": "en\" onload=\"alert('ran')",
            "text": format!(
                "The dam above Vellmar broke on Monday and {words} people fled, Mayor {script} Otto Brandt said. {}\n\n“We {script} will build it again,” said Brandt \
                 in the \u{202E}hall\u{2069}. </textarea></title></style></script>{script}\n\n{{{{constructor}}}} ${{alert(1)}} {} http://127.0.0.2:1/x",
                "word".repeat(5_000),
                "&lt;script&gt;alert(1)&lt;/script&gt;"
            ),
        });
        format!("{line}\n")
    };
    let lines: String = (1..=4).map(|n| report(n, ["four", "forty", "some forty", "nine"][n - 1])).collect();
    let server = Server::start_with("hostile", &lines);
    let Some(mut tab) = open(&server) else { return };
    let all = pages(&mut tab, &server, 2, 40);
    assert!(all.iter().any(|page| page.starts_with("/stories/")), "{all:?}");
    let mut findings = findings_on(&all, &mut tab, &server, None);
    for page in &all {
        tab.goto(page);
        let links = "[...document.querySelectorAll('[href], [src], [action]')].filter((each) => /^ *(javascript|data|vbscript):/i.test(each.getAttribute('href') || each.getAttribute('src') || each.getAttribute('action')))\
             .map((each) => each.outerHTML.slice(0, 100)).join(' | ')";
        let found = tab.text(links);
        findings.add(page, (!found.is_empty()).then(|| format!("an address that is a script: {found}")));
    }
    findings.assert_none();
}

/// How soon a story of fifty reports can be used. Run by itself on a quiet machine: `cargo test --release -p stemma-app --test browser -- --ignored --nocapture`.
#[test]
#[ignore = "measures time"]
fn a_large_story_is_there_at_once() {
    let sentences = [
        "The ferry Estrela struck a pier in Almara on Sunday, and {n} people were taken to hospital, the port authority said.",
        "“We had the lights switched off because of the fog,” said Captain Inês Duarte, who has steered the ferry for {n} years.",
        "The pier, which was opened in 1974, stays closed until Friday; it carries some 2,{n}00 passengers a day.",
        "An inquiry will look at why the second officer was not on the bridge, according to three people who know its first findings.",
        "Mayor Ana Ruiz asked the government for {n} million crowns to repair the pier, three more than a survey had put the cost at.",
        "The company that runs the ferry did not answer questions; its shares fell by four percent on Monday.",
    ];
    let report = |n: usize| {
        // Each leaves out another sentence, and gives other figures than the one before.
        let told = sentences
            .iter()
            .enumerate()
            .filter(|(at, _)| at % 6 != n % 6)
            .map(|(_, sentence)| sentence.replace("{n}", &(10 + n % 7).to_string()));
        let line = serde_json::json!({
            "outlet": format!("Outlet {n}"), "title": format!("Ferry strikes pier in Almara, {} hurt", 10 + n % 7), "published": "2026-03-02",
            "url": format!("https://outlet-{n}.example/ferry"), "text": told.collect::<Vec<_>>().join("\n\n"),
        });
        format!("{line}\n")
    };
    let lines: String = (0..50).map(report).collect();
    let server = Server::start_with("large", &lines);
    let Some(mut tab) = open(&server) else { return };
    tab.goto("/");
    let story = tab.text("document.querySelector('.stories a').getAttribute('href')");
    // A large story is compared in the background; until then its page says so.
    while server.get(&story).0 != 200 {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    for view in ["", "/divergences", "/matrix", "/quotations", "/reader", "/lineage"] {
        let page = format!("{story}{view}");
        // The first time it is sent whole; the second tells how long it takes from then on.
        tab.goto(&page);
        let n_bytes = tab.eval("performance.getEntriesByType('navigation')[0].encodedBodySize");
        tab.goto(&page);
        let usable = tab.eval("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd");
        let _ =
            writeln!(std::io::stderr(), "{page}: {n_bytes} bytes compressed, usable after {usable:.0} ms");
        assert!(usable.as_f64() < Some(1_000.0), "{page}: {usable}");
        assert!(n_bytes.as_u64() < Some(300_000), "{page}: {n_bytes}");
    }
}
