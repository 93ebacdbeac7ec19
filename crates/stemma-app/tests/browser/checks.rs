//! What must hold of every page.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::server::Server;
use super::tab::Tab;

/// Widths of windows, in CSS pixels: of a desk, a tablet, a phone.
pub(crate) const WIDTHS: [u32; 3] = [1280, 768, 390];

/// axe-core, which `.ci/run` fetches.
pub(crate) fn axe() -> Option<String> {
    let fetched = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../axe/package/axe.min.js");
    let path = std::env::var_os("STEMMA_AXE").map_or(fetched, PathBuf::from);
    fs::read_to_string(path).ok()
}

/// What is wrong with the HTML of a page, as it is sent: what the standard's parser calls an error, and ids that are not alone.
pub(crate) fn wrong_html(html: &str) -> Vec<String> {
    let page = scraper::Html::parse_document(html);
    let mut wrong: Vec<String> = page.errors.iter().map(|error| format!("HTML: {error}")).collect();
    let mut ids = BTreeSet::new();
    let all = page.tree.nodes().filter_map(|node| node.value().as_element());
    for id in all.filter_map(|element| element.id()) {
        if !ids.insert(id.to_owned()) {
            wrong.push(format!("HTML: two elements have the id {id:?}"));
        }
    }
    wrong
}

/// What is wrong with the page that is shown, whatever it is about.
pub(crate) fn wrong_page(tab: &mut Tab) -> Vec<String> {
    let mut wrong = tab.problems();
    for (what, holds) in [
        ("no title", "document.title.trim() !== ''"),
        ("no language", "document.documentElement.lang !== ''"),
        ("not one heading of level 1", "document.querySelectorAll('h1').length === 1"),
        ("not one main part", "document.querySelectorAll('main').length === 1"),
        (
            "a script or style in the page",
            "!document.querySelector('script:not([src]), style, [style], [onclick], [onload]')",
        ),
    ] {
        if tab.eval(holds) != Value::Bool(true) {
            wrong.push(what.to_owned());
        }
    }
    wrong
}

/// What sticks out to the right of the window, if the page can be moved sideways. What a phone says of its window does not count: it
/// zooms out until all is in it.
pub(crate) fn wider_than_window(tab: &mut Tab) -> Option<String> {
    let width = tab.width;
    let found = tab.text(&format!(
        "(() => {{ const root = document.documentElement; if (root.scrollWidth <= {width}) return ''; \
         const scrolls = (element) => {{ for (let up = element.parentElement; up && up !== root; up = up.parentElement) \
         if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return true; return false; }}; \
         const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > {width} + 1 && !scrolls(element)); \
         return root.scrollWidth + ' px: ' + wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 80)).join(' | '); }})()",
    ));
    (!found.is_empty()).then(|| format!("wider than the window: {found}"))
}

/// What axe-core finds that is serious or critical; with `colors_only`, of what depends on colors.
pub(crate) fn barriers(tab: &mut Tab, axe: &str, colors_only: bool) -> Vec<String> {
    tab.eval(&format!("{axe}; true"));
    let rules = if colors_only {
        "runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },"
    } else {
        ""
    };
    let found = tab.eval(&format!(
        "axe.run(document, {{ {rules} resultTypes: ['violations'] }}).then((result) => result.violations.filter((each) => ['serious', 'critical'].includes(each.impact)) \
         .map((each) => each.id + ' (' + each.impact + ', ' + each.nodes.length + ' places): ' + each.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + \
         node.any.concat(node.all, node.none).map((check) => check.message).join('; ')).join(' | ')))",
    ));
    let found = found.as_array().cloned().unwrap_or_default();
    found.iter().map(|each| format!("axe: {}", each.as_str().unwrap_or_default())).collect()
}

/// Paths that the links of the page lead to, on the same server, without fragments: what a person reads, not what a program does.
pub(crate) fn links(tab: &mut Tab) -> Vec<String> {
    let found = tab.eval(
        "[...document.querySelectorAll('a[href]')].filter((link) => link.origin === location.origin && !link.hasAttribute('download')) \
         .map((link) => link.pathname + link.search)",
    );
    let found = found.as_array().cloned().unwrap_or_default();
    let is_page = |path: &String| {
        !["/api/", "/assets/", "/metrics", "/healthz"].iter().any(|prefix| path.starts_with(prefix))
            && !["/export/", "/original", "/events", ".opml"].iter().any(|part| path.contains(part))
    };
    found.iter().filter_map(|link| link.as_str().map(str::to_owned)).filter(is_page).collect()
}

/// The kind of page that a path leads to: names and numbers in it do not count, nor what is asked for, but whether something is.
pub(crate) fn kind_of(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    // What stands behind `stories`, `statements` and the like names one of them.
    let part = |(n, part)| if n > 0 && n % 2 == 0 { "*" } else { part };
    let parts: Vec<&str> = path.split('/').enumerate().map(part).collect();
    format!("{}{}", parts.join("/"), if query.is_empty() { "" } else { "?" })
}

/// Pages that can be reached from the front page: some of each kind.
pub(crate) fn pages(tab: &mut Tab, server: &Server, most_of_a_kind: usize, most: usize) -> Vec<String> {
    let mut found = vec!["/".to_owned(), "/search?q=the".to_owned()];
    let mut kinds: Vec<String> = found.iter().map(|path| kind_of(path)).collect();
    let mut next = 0;
    while next < found.len() && found.len() < most {
        let page = found[next].clone();
        next += 1;
        tab.goto(&page);
        for link in links(tab) {
            let kind = kind_of(&link);
            let n_of_kind = kinds.iter().filter(|known| **known == kind).count();
            if !found.contains(&link) && n_of_kind < most_of_a_kind && found.len() < most {
                assert_eq!(server.get(&link).0, 200, "{page} links to {link}");
                found.push(link);
                kinds.push(kind);
            }
        }
    }
    found
}
