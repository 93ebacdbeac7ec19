//! The pages of `stemma serve` in a real browser: journeys through a story, and what must hold of every page.
//!
//! Needs a Chromium, found by its name or by `STEMMA_CHROMIUM`, and, for what keeps people out, axe-core, which `.ci/run` fetches into the folder of
//! builds (`STEMMA_AXE` names another place). Where one is missing, that is told and the test passes: it did not run.
#![cfg(unix)]

mod checks;
mod chromium;
mod journeys;
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
    let mut findings = Findings::default();
    let all = pages(&mut tab, &server, 2, 60);
    for kind in ["/", "/stories/*", "/reports/*", "/search", "/speakers", "/entities", "/entities/*", "/add"]
    {
        assert!(
            all.iter().any(|page| kind_of(page).starts_with(&format!("{kind}?"))),
            "no {kind} among {all:?}"
        );
    }
    for page in &all {
        let (status, html) = server.get(page);
        assert_eq!(status, 200, "{page}");
        findings.add(page, wrong_html(&html));
        for dark in [false, true] {
            tab.set_dark(dark);
            tab.resize(WIDTHS[0], 800);
            tab.goto(page);
            findings.add(page, wrong_page(&mut tab));
            if let Some(axe) = &axe {
                let mode = if dark { "dark" } else { "light" };
                findings.add(&format!("{page} ({mode})"), barriers(&mut tab, axe, dark));
            }
        }
        for width in WIDTHS {
            tab.resize(width, 800);
            findings.add(&format!("{page} at {width} px"), wider_than_window(&mut tab));
        }
    }
    findings.assert_none();
}
