//! What people do on the pages, from the front to the source of a statement.

use super::checks::wider_than_window;
use super::server::Server;
use super::tab::Tab;
use super::{Findings, open};

/// The first link of the page whose path fits a pattern, as an expression.
fn link(pattern: &str) -> String {
    format!(
        "[...document.querySelectorAll('main a[href], header a[href]')].find((link) => /{pattern}/.test(link.getAttribute('href')))"
    )
}

/// The link with these words, as an expression.
fn link_called(words: &str) -> String {
    format!(
        "[...document.querySelectorAll('a[href]')].find((link) => link.textContent.trim().startsWith({words:?}))"
    )
}

fn assert_sound(tab: &mut Tab) {
    let problems = tab.problems();
    assert!(problems.is_empty(), "{}: {problems:?}", tab.path());
}

/// Front, story, divergences, reader, source: each by a click, and each shows what the one before has promised.
fn from_front_to_source(tab: &mut Tab) {
    tab.goto("/");
    let label = tab.text(&format!("{}.textContent.trim()", link("^.stories.[0-9a-f]+$")));
    tab.leave(|tab| tab.click(&link("^.stories.[0-9a-f]+$")));
    assert!(tab.path().starts_with("/stories/"), "{}", tab.path());
    assert!(tab.text("document.title").contains(&label.chars().take(20).collect::<String>()), "{label}");
    tab.leave(|tab| tab.click(&link_called("Divergences")));
    assert!(tab.path().contains("/divergences"), "{}", tab.path());
    assert!(tab.eval("document.querySelectorAll('main mark, main .words').length").as_u64() > Some(2));
    tab.leave(|tab| tab.click(&link(".reader[?].*statement=")));
    assert!(tab.path().contains("/reader?"), "{}", tab.path());
    // What was followed is lit.
    assert!(tab.eval("document.querySelectorAll('.lit').length").as_u64() > Some(0), "{}", tab.path());
    tab.leave(|tab| tab.click(&link_called("Sources")));
    tab.leave(|tab| tab.click(&link("^.reports.[0-9a-f]+")));
    assert!(tab.path().starts_with("/reports/"), "{}", tab.path());
    assert_sound(tab);
}

#[test]
fn a_story_is_followed_to_its_source() {
    let server = Server::start("followed");
    let Some(mut tab) = open(&server) else { return };
    from_front_to_source(&mut tab);
}

#[test]
fn it_is_followed_without_scripts() {
    let server = Server::start("scriptless");
    let Some(mut tab) = open(&server) else { return };
    tab.set_scripts(false);
    from_front_to_source(&mut tab);
}

#[test]
fn it_is_followed_on_a_phone_in_the_dark() {
    let server = Server::start("phone");
    let Some(mut tab) = open(&server) else { return };
    tab.resize(390, 800);
    tab.set_dark(true);
    from_front_to_source(&mut tab);
    assert_eq!(wider_than_window(&mut tab), None);
    let (ink, paper) = (luminance(&mut tab, "color"), luminance(&mut tab, "backgroundColor"));
    assert!(ink > 0.5 && paper < 0.2, "light on dark: {ink:.2} on {paper:.2}");
}

/// How light a color of the page is, roughly, in `0.0..=1.0`.
fn luminance(tab: &mut Tab, property: &str) -> f64 {
    let shown = format!("getComputedStyle(document.body).{property}");
    let numbers = tab.eval(&format!("{shown}.match(/[0-9.]+/g).slice(0, 3).map(Number)"));
    let sum: f64 = numbers.as_array().unwrap().iter().filter_map(serde_json::Value::as_f64).sum();
    sum / (3.0 * 255.0)
}

#[test]
fn words_are_searched() {
    let server = Server::start("searched");
    let Some(mut tab) = open(&server) else { return };
    tab.goto("/search");
    tab.click("document.querySelector('form[action=\"/search\"] input[name=q]')");
    tab.write("salmon");
    tab.leave(|tab| tab.press("Enter"));
    assert!(tab.path().contains("q=salmon"), "{}", tab.path());
    let found = tab.text("document.querySelector('main').innerText.toLowerCase()");
    assert!(found.matches("salmon").count() > 2, "{found}");
    assert!(tab.eval("document.querySelectorAll('main mark').length").as_u64() > Some(0), "hits are marked");
    tab.leave(|tab| tab.click(&link("^.reports.[0-9a-f]+")));
    assert!(tab.path().starts_with("/reports/"), "{}", tab.path());
    assert!(tab.text("document.body.innerText").contains("salmon"));
    assert_sound(&mut tab);
}

const PASTED: &str = "A crane fell into the river at Vellmar on Tuesday, and two workers were hurt, the fire brigade said.\n\n\
    “The wind came from nowhere,” said the foreman, Otto Brandt. The bridge stays closed until Friday.";

/// What is pasted is there in the end, and found.
#[test]
fn a_text_is_pasted() {
    let server = Server::start("pasted");
    let Some(mut tab) = open(&server) else { return };
    tab.goto("/");
    tab.leave(|tab| tab.click(&link_called("Add")));
    let field = |name: &str| format!("document.querySelector('form[action=\"/add/text\"] [name={name}]')");
    for (name, text) in [("text", PASTED), ("title", "Crane falls at Vellmar"), ("outlet", "Vellmar Echo")] {
        tab.click(&field(name));
        tab.write(text);
    }
    tab.leave(|tab| {
        tab.click("document.querySelector('form[action=\"/add/text\"] :is(button, input[type=submit])')")
    });
    assert!(!tab.path().starts_with("/add"), "{}: {}", tab.path(), tab.text("document.body.innerText"));
    // It is read, annotated and filed in the background.
    let mut found = String::new();
    for _ in 0..100 {
        tab.goto("/search?q=Vellmar");
        found = tab.text("document.querySelector('main').innerText");
        if found.contains("Vellmar Echo") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert!(found.contains("Crane falls at Vellmar"), "{found}");
    tab.leave(|tab| tab.click(&link("^.reports.[0-9a-f]+")));
    assert!(tab.text("document.body.innerText").contains("The wind came from nowhere"));
    assert_sound(&mut tab);
}

/// An empty store offers examples; they become stories.
#[test]
fn the_examples_are_taken() {
    let server = Server::start_empty("examples");
    let Some(mut tab) = open(&server) else { return };
    tab.goto("/");
    tab.leave(|tab| {
        tab.click("document.querySelector('form[action=\"/add/examples\"] :is(button, input[type=submit])')")
    });
    let mut n_stories = 0;
    for _ in 0..150 {
        tab.goto("/");
        n_stories = tab.eval("document.querySelectorAll('.stories > li').length").as_u64().unwrap();
        if n_stories > 3 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert!(n_stories > 3, "{}", tab.text("document.querySelector('main').innerText"));
    assert_sound(&mut tab);
}

/// Every stop of the tab key, up to the end of the page: what it is, and whether one sees that the focus is there.
fn stops(tab: &mut Tab, most: usize) -> Vec<(String, bool)> {
    let mut stops = Vec::new();
    for _ in 0..most {
        tab.press("Tab");
        let stop = tab.eval(
            "(async () => { await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); const at = document.activeElement; if (!at || at === document.body) return null; const style = getComputedStyle(at); \
             const seen = at.matches(':focus-visible') && (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none'); \
             const box = at.getBoundingClientRect(); \
             return { what: at.outerHTML.slice(0, 100), seen, there: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight }; })()",
        );
        if stop.is_null() {
            break;
        }
        let seen = stop["seen"] == true && stop["there"] == true;
        stops.push((stop["what"].as_str().unwrap_or_default().to_owned(), seen));
    }
    stops
}

#[test]
fn the_focus_is_seen_wherever_it_is() {
    let server = Server::start("focus");
    let Some(mut tab) = open(&server) else { return };
    let mut findings = Findings::default();
    tab.goto("/");
    let story = tab.text(&format!("{}.getAttribute('href')", link("^.stories.[0-9a-f]+$")));
    let pages =
        ["/", "/add", "/search?q=the", &story, &format!("{story}/divergences"), &format!("{story}/reader")];
    for page in pages {
        tab.goto(page);
        let stops = stops(&mut tab, 80);
        assert!(stops.len() > 5, "{page}: {stops:?}");
        findings.add(
            page,
            stops.into_iter().filter(|(_, seen)| !seen).map(|(what, _)| format!("unseen focus: {what}")),
        );
    }
    findings.assert_none();
}

/// Presses the tab key until the focus is on what fits, then Enter.
fn enter(tab: &mut Tab, fits: &str) {
    for _ in 0..200 {
        tab.press("Tab");
        if tab.eval(&format!("(() => {{ const at = document.activeElement; return {fits}; }})()")) == true {
            return tab.leave(|tab| tab.press("Enter"));
        }
    }
    panic!("{}: the tab key never comes to {fits}", tab.path());
}

#[test]
fn a_story_is_followed_by_keys_alone() {
    let server = Server::start("keys");
    let Some(mut tab) = open(&server) else { return };
    tab.goto("/");
    // The first stop leads past the navigation.
    tab.press("Tab");
    assert_eq!(tab.text("document.activeElement.getAttribute('href')"), "#main");
    tab.press("Enter");
    tab.wait("location.hash === '#main'");
    enter(&mut tab, "/^.stories.[0-9a-f]+$/.test(at.getAttribute('href'))");
    assert!(tab.path().starts_with("/stories/"), "{}", tab.path());
    enter(&mut tab, "at.textContent.trim().startsWith('Divergences')");
    assert!(tab.path().contains("/divergences"), "{}", tab.path());
    enter(&mut tab, "/.reader[?].*statement=/.test(at.getAttribute('href'))");
    assert!(tab.path().contains("/reader?"), "{}", tab.path());
    enter(&mut tab, "at.textContent.trim().startsWith('Sources')");
    enter(&mut tab, "/^.reports.[0-9a-f]+/.test(at.getAttribute('href'))");
    assert!(tab.path().starts_with("/reports/"), "{}", tab.path());
    // The search of each page, too.
    enter_search(&mut tab);
    assert_sound(&mut tab);
}

fn enter_search(tab: &mut Tab) {
    tab.goto("/");
    for _ in 0..20 {
        tab.press("Tab");
        if tab.eval("document.activeElement.matches('input[type=search]')") == true {
            tab.write("harbour");
            tab.leave(|tab| tab.press("Enter"));
            assert!(tab.path().contains("q=harbour"), "{}", tab.path());
            return;
        }
    }
    panic!("the tab key never comes to the search");
}

/// Stories on the front page, also those of one outlet; waits until there are as many as `expected`, where it is given.
fn n_stories(tab: &mut Tab, expected: Option<u64>) -> u64 {
    let mut n_stories = 0;
    for _ in 0..50 {
        tab.goto("/?outlets=0");
        n_stories = tab.eval("document.querySelectorAll('.stories > li').length").as_u64().unwrap();
        if expected.is_none_or(|expected| expected == n_stories) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    n_stories
}

#[test]
fn a_story_is_corrected_and_that_is_taken_back() {
    let server = Server::start("corrected");
    let Some(mut tab) = open(&server) else { return };
    let before = n_stories(&mut tab, None);
    tab.leave(|tab| tab.click(&link("^.stories.[0-9a-f]+$")));
    tab.leave(|tab| tab.click(&link_called("Correct this story")));
    let headline = tab.text("document.querySelector('input[name=report]').closest('label').innerText.trim()");
    tab.click("document.querySelector('input[name=report]')");
    tab.leave(|tab| tab.click("document.querySelector('button[value=split]')"));
    assert!(tab.path().starts_with("/stories/"), "{}: {}", tab.path(), tab.text("document.body.innerText"));
    assert_eq!(n_stories(&mut tab, Some(before + 1)), before + 1, "{headline} is a story of its own");
    tab.goto("/corrections");
    let told = tab.text("document.querySelector('main').innerText");
    assert!(
        told.contains(headline.split('\n').next().unwrap_or_default().split("  ").next().unwrap()),
        "{told}"
    );
    tab.leave(|tab| tab.click("document.querySelector('form[action=\"/corrections/undo\"] button')"));
    assert_eq!(n_stories(&mut tab, Some(before)), before, "the correction is taken back");
    tab.leave(|tab| tab.click(&link("^.stories.[0-9a-f]+$")));
    tab.leave(|tab| tab.click(&link_called("Correct this story")));
    tab.text("document.querySelector('input[name=label]').value = 'The <b>name</b> of it'");
    tab.leave(|tab| tab.click("document.querySelector('button[value=rename]')"));
    let heading = tab.text("document.querySelector('h1').innerText");
    assert!(heading.contains("The <b>name</b> of it"), "{heading}");
    assert_sound(&mut tab);
}
