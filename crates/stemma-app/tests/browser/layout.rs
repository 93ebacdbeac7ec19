//! Where the parts of a page stand: columns in hundredths of the window's width, which another font hardly moves and a broken style does.
//!
//! Kept in `layout.txt`, a line for each page and width; `STEMMA_LAYOUT=accept` writes it anew. What stands on top of something else is wrong
//! whatever is kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::server::Server;
use super::tab::Tab;
use super::{Findings, open};

/// Widths of windows at which pages are looked at, in CSS pixels.
const WIDTHS: [u32; 2] = [1280, 390];
/// How far an edge may be from where it was. Unit: hundredths of the width.
const TOLERANCE: i64 = 3;

/// Parts whose edges the style sheet decides, and not the words in them, by the names under which they are kept.
const PARTS: &str = "{ site: 'nav.site', find: 'form.find', title: 'h1', tabs: 'nav.tabs', choices: 'nav.choices', form: 'form.ask', heading: 'main h2', \
    section: 'main > section', column: '.split > *, main > .beside', text: '.columns > article', cell: '.cells > *', item: '.item', story: '.stories > li', \
    when: '.line .when', scroll: '.scroll', lines: 'ol.lines', names: 'dl > dd', report: 'article.whole', footer: 'body > footer' }";

/// Left and right edge of parts, by name. Those that stand within [`TOLERANCE`] of one before are left out.
type Edges = BTreeMap<String, Vec<[i64; 2]>>;

/// Where the parts of the page stand that is shown.
fn edges(tab: &mut Tab) -> Edges {
    let width = tab.width;
    let found = tab.eval(&format!(
        "Object.entries({PARTS}).map(([name, parts]) => [name, [...document.querySelectorAll(parts)].map((part) => part.getBoundingClientRect()) \
         .filter((box) => box.width && box.height).map((box) => [box.left, box.right].map((edge) => Math.round(100 * edge / {width})))])",
    ));
    let mut edges = Edges::new();
    for part in found.as_array().into_iter().flatten() {
        let boxes = part[1].as_array().into_iter().flatten();
        let boxes = boxes.filter_map(|edges| Some([edges[0].as_i64()?, edges[1].as_i64()?]));
        for each in boxes {
            let known = edges.entry(part[0].as_str().unwrap_or_default().to_owned()).or_default();
            if !known.iter().any(|other| is_near(*other, each)) {
                known.push(each);
            }
        }
    }
    edges
}

fn is_near(one: [i64; 2], other: [i64; 2]) -> bool {
    (0..2).all(|n| (one[n] - other[n]).abs() <= TOLERANCE)
}

/// What stands where nothing stood, and the other way round.
fn differences(kept: &Edges, found: &Edges) -> Vec<String> {
    let lacking = |these: &Edges, those: &Edges, how: &str| -> Vec<String> {
        let each = these.iter().flat_map(|(name, boxes)| boxes.iter().map(move |edges| (name, edges)));
        let is_there = |name: &String, edges: &[i64; 2]| {
            those.get(name).is_some_and(|boxes| boxes.iter().any(|other| is_near(*other, *edges)))
        };
        let lacking = each.filter(|(name, edges)| !is_there(name, edges));
        lacking.map(|(name, [left, right])| format!("{name} {how} {left}-{right}")).collect()
    };
    let mut differences = lacking(kept, found, "no longer stands at");
    differences.extend(lacking(found, kept, "now stands at"));
    differences
}

/// Parts of the page that stand on each other, though neither holds the other.
fn overlaps(tab: &mut Tab) -> Vec<String> {
    let found = tab.eval(
        "(() => { const parts = [...document.querySelectorAll('nav.site > *, body > header > *, main > section > *, .split > *, .line > *, .cells > *, .columns > article, body > footer')] \
         .map((part) => [part, part.getBoundingClientRect()]).filter(([part, box]) => box.width > 1 && box.height > 1 && getComputedStyle(part).position !== 'fixed'); \
         const wrong = []; for (const [one, a] of parts) for (const [other, b] of parts) { if (one === other || one.contains(other) || other.contains(one)) continue; \
         const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top); \
         if (wide > 2 && high > 2 && wrong.length < 3) wrong.push(one.outerHTML.slice(0, 60) + ' on ' + other.outerHTML.slice(0, 60)); } return wrong; })()",
    );
    let found = found.as_array().cloned().unwrap_or_default();
    found.iter().filter_map(Value::as_str).map(|each| format!("one part stands on another: {each}")).collect()
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/layout.txt")
}

/// "core 1280: heading 3-48 52-97, title 3-61".
fn line(page: &str, edges: &Edges) -> String {
    let part = |(name, boxes): (&String, &Vec<[i64; 2]>)| {
        let boxes: Vec<String> = boxes.iter().map(|[left, right]| format!("{left}-{right}")).collect();
        format!("{name} {}", boxes.join(" "))
    };
    format!("{page}: {}\n", edges.iter().map(part).collect::<Vec<_>>().join(", "))
}

/// The page and the edges of a line.
fn parse(line: &str) -> Option<(String, Edges)> {
    let (page, parts) = line.split_once(": ")?;
    let mut edges = Edges::new();
    for part in parts.split(", ") {
        let (name, boxes) = part.split_once(' ')?;
        let edge = |text: &str| text.parse().ok();
        // An edge may lie to the left of the window.
        let each = |text: &str| {
            let at = text.char_indices().skip(1).find(|(_, c)| *c == '-')?.0;
            Some([edge(&text[..at])?, edge(&text[at + 1..])?])
        };
        edges.insert(name.to_owned(), boxes.split(' ').map(each).collect::<Option<_>>()?);
    }
    Some((page.to_owned(), edges))
}

/// One page of each kind, by the name under which it is kept.
fn pages(tab: &mut Tab) -> Vec<(String, String)> {
    // The largest story, whatever is compared meanwhile.
    tab.goto("/?order=largest&outlets=0");
    let story = tab.text("document.querySelector('.stories a').getAttribute('href')");
    tab.goto(&format!("{story}/matrix"));
    let statement = tab.text("document.querySelector('.matrix tbody a').getAttribute('href')");
    tab.goto(&format!("{story}/sources"));
    let report = tab.text("document.querySelector('.sources a[href^=\"/reports/\"]').getAttribute('href')");
    let mut pages: Vec<(String, String)> = [
        "",
        "/divergences",
        "/matrix",
        "/quotations",
        "/only",
        "/reader",
        "/timeline",
        "/names",
        "/lineage",
        "/sources",
        "/correct",
    ]
    .iter()
    .map(|view| (format!("story{view}"), format!("{story}{view}")))
    .collect();
    let others = [
        ("front", "/?outlets=0"),
        ("statement", &statement),
        ("report", &report),
        ("search", "/search?q=the"),
        ("speakers", "/speakers"),
        ("entities", "/entities"),
        ("watch", "/watch"),
        ("add", "/add"),
        ("corrections", "/corrections"),
        ("api", "/api"),
        ("nothing", "/nothing"),
    ];
    pages.extend(others.map(|(name, path)| (name.to_owned(), path.to_owned())));
    pages
}

#[test]
fn pages_are_laid_out_as_they_were() {
    let server = Server::start("layout");
    let Some(mut tab) = open(&server) else { return };
    let kept: BTreeMap<String, Edges> =
        fs::read_to_string(file()).unwrap_or_default().lines().filter_map(parse).collect();
    let (mut findings, mut lines) = (Findings::default(), String::new());
    for (name, path) in pages(&mut tab) {
        for width in WIDTHS {
            tab.resize(width, 900);
            tab.goto(&path);
            let (page, edges) = (format!("{name} {width}"), edges(&mut tab));
            lines += &line(&page, &edges);
            match kept.get(&page) {
                Some(kept) => findings.add(&page, differences(kept, &edges)),
                None => findings.add(&page, ["is not in layout.txt".to_owned()]),
            }
            findings.add(&page, overlaps(&mut tab));
        }
    }
    if std::env::var_os("STEMMA_LAYOUT").is_some_and(|how| how == "accept") {
        fs::write(file(), lines).unwrap();
        findings.0.retain(|finding| finding.contains("stands on another"));
    }
    findings.assert_none();
}

/// Styles that break in ways in which styles do break; each must be seen.
#[test]
fn a_broken_style_is_seen() {
    let server = Server::start("broken-style");
    let Some(mut tab) = open(&server) else { return };
    let pages = pages(&mut tab);
    let of = |name: &str| pages.iter().find(|page| page.0 == name).unwrap().1.clone();
    let add = |rule: &str| {
        format!(
            "(() => {{ const sheet = new CSSStyleSheet(); sheet.replaceSync('{rule}'); document.adoptedStyleSheets = [sheet]; return true; }})()"
        )
    };
    for (what, page, width, breaks) in [
        ("no style sheet", "story", 1280, "document.styleSheets[0].disabled = true".to_owned()),
        ("no style sheet on a phone", "front", 390, "document.styleSheets[0].disabled = true".to_owned()),
        ("no columns", "story", 1280, add(".split { display: block }")),
        ("columns on a phone", "story", 390, add(".split { grid-template-columns: 1fr 1fr }")),
        ("a column too wide", "story", 1280, add(".split > * { min-width: 60rem }")),
        ("no margin", "story/correct", 390, add("main > form > section { padding: 0 }")),
        (
            "the header on the page",
            "front",
            1280,
            add("body > header { position: relative } h1 { position: absolute; top: 3rem }"),
        ),
        (
            "a table without its box",
            "story/matrix",
            390,
            add(".scroll { overflow: visible; width: 60rem; max-width: none }"),
        ),
        ("texts below each other", "story/reader", 1280, add(".columns { grid-auto-flow: row }")),
    ] {
        tab.resize(width, 900);
        tab.goto(&of(page));
        let (before, over) = (edges(&mut tab), overlaps(&mut tab));
        assert!(over.is_empty(), "{page} at {width}: {over:?}");
        tab.eval(&breaks);
        let mut seen = differences(&before, &edges(&mut tab));
        seen.extend(overlaps(&mut tab));
        assert!(!seen.is_empty(), "{what}: nothing is seen on {page} at {width}");
    }
    tab.problems();
}

#[test]
fn what_is_kept_reads_back() {
    let edges =
        Edges::from([("title".to_owned(), vec![[3, 48], [52, 97]]), ("text".to_owned(), vec![[-4, 130]])]);
    let kept = line("story 1280", &edges);
    assert_eq!(kept, "story 1280: text -4-130, title 3-48 52-97\n");
    assert_eq!(parse(kept.trim_end()), Some(("story 1280".to_owned(), edges)));
}
