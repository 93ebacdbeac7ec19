//! `stemma feeds` and `stemma watch` as a user runs them, against a server on loopback.

#[path = "../../stemma-fetch/tests/common/mod.rs"]
mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{Server, ok, status};
use serde_json::Value;

/// A folder of one test's own.
struct Folder(PathBuf);

struct Run {
    code: Option<i32>,
    out: String,
    messages: String,
}

impl Folder {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fetching").join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stemma"));
        command.current_dir(&self.0).args(arguments).env("STEMMA_STORE", "kept.db").stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().unwrap();
        Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            messages: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// One round of all feeds, without pauses.
    fn watch(&self, more: &[&str]) -> Run {
        self.run(&[&["watch", "--once", "--now", "--allow-private", "--delay", "0"], more].concat())
    }

    fn start_watching(&self) -> Child {
        let mut command = self.command(&["watch", "--allow-private", "--delay", "0", "--json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Headlines of all reports of the store.
    fn titles(&self) -> BTreeSet<String> {
        let mut command = self.command(&["annotate", "--store", "kept.db", "--json"]);
        let out = String::from_utf8(
            command.env_remove("STEMMA_STORE").env("XDG_DATA_HOME", &self.0).output().unwrap().stdout,
        )
        .unwrap();
        let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|line| line["title"].as_str().unwrap_or("-").to_owned()).collect()
    }
}

fn page(title: &str) -> Vec<u8> {
    ok(format!(
        "<html><head><title>{title}</title><meta property=\"og:title\" content=\"{title}\"></head><body><article><h1>{title}</h1>\
         <p>The harbour of {title} was closed on Monday after engineers found cracks in two of its piers, the mayor said.</p>\
         <p>“It will stay closed until the end of the month,” she told reporters in the town hall.</p></article></body></html>"
    ))
}

fn feed(server: &str, entries: &[(&str, &str)]) -> Vec<u8> {
    let items: String = entries
        .iter()
        .map(|(path, title)| {
            format!("<item><title>{title}</title><link>{server}{path}</link><description>Of {title}.</description></item>")
        })
        .collect();
    let body = format!("<rss version=\"2.0\"><channel><title>The Post</title>{items}</channel></rss>");
    status(200, "Content-Type: application/rss+xml\r\nETag: \"1\"\r\n", body)
}

/// Where a request was sent to.
fn origin(headers: &str) -> String {
    let host = headers.lines().filter_map(|line| line.split_once(": "));
    let host = host.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).unwrap().1;
    format!("http://{host}")
}

/// A server with a feed of two articles, which knows its version by `"1"`.
fn post() -> Server {
    Server::start(|asked, _, stream| {
        let server = origin(&asked.headers);
        let answer = match asked.path.as_str() {
            "/feed" if asked.headers.contains("\"1\"") => status(304, "", ""),
            "/feed" => feed(&server, &[("/skarvik", "Skarvik"), ("/valby", "Valby")]),
            "/skarvik" => page("Skarvik"),
            "/valby" => page("Valby"),
            _ => status(404, "", ""),
        };
        let _ = stream.write_all(&answer);
    })
}

#[test]
fn the_list_of_feeds() {
    let folder = Folder::new("list");
    let added = folder.run(&[
        "feeds",
        "add",
        "https://post.example/feed",
        "--title",
        "The Post",
        "--folder",
        "Europe/North",
    ]);
    assert_eq!((added.code, added.messages.as_str()), (Some(0), "stemma: note: 1 put on the list\n"));
    let again = folder.run(&["feeds", "add", "https://post.example/feed", "https://sun.example/rss"]);
    assert_eq!(again.messages, "stemma: note: 1 put on the list, 1 were on it\n");
    let listed = folder.run(&["feeds", "list"]);
    assert_eq!(
        listed.out,
        "-  https://sun.example/rss  not asked yet\nEurope/North/The Post  https://post.example/feed  not asked yet\n"
    );
    let exported = folder.run(&["feeds", "export", "--output", "feeds.opml"]);
    assert_eq!(exported.code, Some(0));
    let other = Folder::new("list-other");
    let opml = folder.0.join("feeds.opml");
    assert_eq!(other.run(&["feeds", "import", opml.to_str().unwrap()]).code, Some(0));
    assert_eq!(other.run(&["feeds", "list"]).out, listed.out);
    let removed = other.run(&["feeds", "remove", "https://sun.example/rss", "https://nobody.example/"]);
    assert_eq!(removed.code, Some(1));
    assert!(removed.messages.contains("https://nobody.example/: is not on the list"), "{}", removed.messages);
    let line: Value = serde_json::from_str(&other.run(&["feeds", "list", "--json"]).out).unwrap();
    assert_eq!((&line["url"], &line["gone"]), (&"https://post.example/feed".into(), &false.into()));
}

#[test]
fn every_option_is_described() {
    let folder = Folder::new("options");
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/fetching.md")).unwrap();
    for command in [&["watch", "--help"][..], &["feeds", "--help"], &["feeds", "add", "--help"]] {
        let help = folder.run(command).out;
        let options = help.lines().filter_map(|line| {
            let line = line.trim_start();
            let name = line[line.find("--")?..].split([' ', ',', '<']).next()?;
            line.starts_with('-').then(|| name.to_owned())
        });
        let options: Vec<String> = options.filter(|option| option != "--help").collect();
        assert!(!options.is_empty(), "{help}");
        for option in options {
            assert!(page.contains(&option), "{command:?}: {option} is not in docs/fetching.md");
        }
    }
    for command in ["add", "list", "remove", "import", "export"] {
        assert!(page.contains(&format!("stemma feeds {command}")), "{command}");
    }
}

#[test]
fn wrong_usage_is_told() {
    let folder = Folder::new("usage");
    for (arguments, words) in [
        (&["feeds", "add", "feeds.opml"][..], "feeds.opml: cannot be fetched"),
        (
            &["feeds", "add", "https://a.example", "https://b.example", "--title", "A"],
            "--title is for one feed",
        ),
        (&["watch", "--interval", "5s"], "once a minute at most"),
        (&["watch", "--contact", "me and you"], "plain signs"),
        (&["watch", "--delay", "-1"], ""),
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.messages);
        assert!(run.messages.contains(words), "{arguments:?}: {}", run.messages);
    }
    let run = folder.run(&["watch"]);
    assert_eq!(run.code, Some(3));
    assert!(
        run.messages.contains("the store has no feeds") && run.messages.contains("stemma feeds add"),
        "{}",
        run.messages
    );
    let run = folder.run(&["watch", "nothing.opml"]);
    assert_eq!(run.code, Some(3));
    assert!(run.messages.contains("nothing.opml: cannot be read"), "{}", run.messages);
}

#[test]
fn a_feed_is_read_with_its_pages_and_nothing_twice() {
    let (folder, server) = (Folder::new("watch"), post());
    folder.run(&["feeds", "add", &server.url("/feed")]);
    let first = folder.watch(&[]);
    assert_eq!(first.code, Some(0), "{}", first.messages);
    assert_eq!(first.messages, "stemma: note: 1 feed; 2 pages; 2 reports\n");
    assert!(first.out.contains("Skarvik") && first.out.contains("opened"), "{}", first.out);
    assert_eq!(folder.titles(), ["Skarvik", "Valby"].map(str::to_owned).into());
    let second = folder.watch(&[]);
    assert_eq!((second.code, second.out.as_str()), (Some(0), ""));
    assert_eq!(second.messages, "stemma: note: 1 feed, 1 unchanged; 0 reports\n");
    assert_eq!(server.paths(), ["/robots.txt", "/feed", "/skarvik", "/valby", "/feed"]);
    let not_due = folder.run(&["watch", "--once", "--allow-private"]);
    assert!(not_due.messages.contains("none of 1 feeds is due before"), "{}", not_due.messages);
    let listed = folder.run(&["feeds", "list"]);
    assert!(listed.out.starts_with("The Post  http://") && listed.out.contains("asked 20"), "{}", listed.out);
}

#[test]
fn pages_may_be_left_out() {
    let (folder, server) = (Folder::new("never"), post());
    folder.run(&["feeds", "add", &server.url("/feed")]);
    let run = folder.watch(&["--pages", "never", "--json"]);
    assert_eq!(run.out.lines().count(), 2, "{}", run.messages);
    for line in run.out.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["outcome"], "opened");
    }
    assert_eq!(server.paths(), ["/robots.txt", "/feed"]);
}

#[test]
fn loopback_is_refused_without_leave() {
    let (folder, server) = (Folder::new("refused"), post());
    let opml =
        format!("<opml version=\"2.0\"><body><outline xmlUrl=\"{}\"/></body></opml>", server.url("/feed"));
    fs::write(folder.0.join("feeds.opml"), opml).unwrap();
    let run = folder.run(&["watch", "feeds.opml", "--once"]);
    assert_eq!(run.code, Some(1));
    assert!(run.messages.contains("127.0.0.1, a loopback address"), "{}", run.messages);
    assert!(run.messages.contains("--allow-private"), "{}", run.messages);
    assert_eq!(server.paths(), Vec::<String>::new());
}

#[test]
fn what_cannot_be_had_costs_nothing_else() {
    let good = post();
    let bad = Server::of(&[
        ("/feed", &feed("", &[("/missing", "Missing"), ("/menu", "Menu")])),
        ("/menu", &ok("<html><body><nav><a href=/>Home</a></nav></body></html>")),
        (
            "/page",
            &ok(
                "<html><head><link rel=alternate type=application/rss+xml href=/feed></head><body>Home</body></html>",
            ),
        ),
        ("/gone", &status(410, "", "")),
        ("/robots.txt", &ok("User-agent: *\nDisallow: /closed")),
    ]);
    let folder = Folder::new("bad");
    for url in [bad.url("/feed"), bad.url("/page"), bad.url("/gone"), bad.url("/closed"), good.url("/feed")] {
        folder.run(&["feeds", "add", &url]);
    }
    let run = folder.watch(&[]);
    assert_eq!(run.code, Some(1));
    for words in [
        "missing: the server answered 404",
        "is a page, and its feed is at http",
        "is gone for good",
        "forbids it",
    ] {
        assert!(run.messages.contains(words), "{words}: {}", run.messages);
    }
    // The entries of pages that could not be read count with what the feed itself holds.
    let titles = ["Skarvik", "Valby", "Missing", "Menu"].map(str::to_owned);
    assert_eq!(folder.titles(), titles.into());
    let again = folder.watch(&[]);
    assert_eq!(again.out, "", "nothing is placed twice");
    assert_eq!(bad.paths().iter().filter(|path| *path == "/missing").count(), 1);
    assert_eq!(
        bad.paths().iter().filter(|path| *path == "/gone").count(),
        1,
        "what is gone is not asked for"
    );
    let listed = folder.run(&["feeds", "list"]).out;
    assert!(listed.contains("gone since") && listed.contains("failed 2 times"), "{listed}");
}

#[test]
fn addresses_are_added() {
    let (folder, server) = (Folder::new("add"), post());
    let add = |urls: &[&str]| folder.run(&[&["add", "--allow-private", "--delay", "0"], urls].concat());
    let one = add(&[&server.url("/skarvik")]);
    assert_eq!((one.code, one.out.as_str()), (Some(0), "1 report added · kept.db\n"), "{}", one.messages);
    let feed = add(&[&server.url("/feed")]);
    assert_eq!((feed.code, feed.out.as_str()), (Some(0), "1 report added · kept.db\n"), "{}", feed.messages);
    assert_eq!(
        server.paths(),
        ["/robots.txt", "/skarvik", "/feed", "/valby"],
        "what was fetched is not fetched again"
    );
    let again = add(&[&server.url("/valby"), "--json"]);
    let line: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((&line["outcome"], &line["origin"]), (&"known".into(), &server.url("/valby").into()));
    let missing = add(&[&server.url("/missing"), &server.url("/valby")]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.messages.contains("the server answered 404"), "{}", missing.messages);
    let none = add(&[&server.url("/missing")]);
    assert_eq!(none.code, Some(3), "{}", none.messages);
    let refused = folder.run(&["add", &server.url("/skarvik")]);
    assert!(refused.code == Some(3) && refused.messages.contains("--allow-private"), "{}", refused.messages);
}

/// Runs a program with a terminal for all that it writes; `None` where there is no `script` to make one.
#[cfg(target_os = "linux")]
fn on_a_terminal(folder: &Folder, arguments: &str) -> Option<String> {
    let line = format!("{} {arguments}", env!("CARGO_BIN_EXE_stemma"));
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    command.current_dir(&folder.0).env("STEMMA_STORE", "kept.db").env("TERM", "xterm").stdin(Stdio::null());
    Some(String::from_utf8_lossy(&command.output().ok()?.stdout).into_owned())
}

#[test]
fn progress_is_shown_on_a_terminal_only() {
    let (folder, server) = (Folder::new("progress"), post());
    let page = server.url("/skarvik");
    let run = folder.run(&["add", "--allow-private", "--delay", "0", &page]);
    assert_eq!((run.code, run.messages.as_str()), (Some(0), ""));
    folder.run(&["feeds", "add", &server.url("/feed")]);
    assert_eq!(folder.watch(&[]).messages, "stemma: note: 1 feed; 1 page; 1 report\n");
    #[cfg(target_os = "linux")]
    for arguments in ["add --allow-private --delay 0 ", "watch --allow-private --delay 0 --once --now "] {
        let asked = if arguments.starts_with("add") { page.as_str() } else { "" };
        let Some(shown) = on_a_terminal(&folder, &format!("{arguments}{asked}")) else { return };
        assert!(shown.contains("fetching ") && shown.contains(" 0/1 addresses"), "{shown:?}");
        let quiet = on_a_terminal(&folder, &format!("{arguments}--quiet {asked}")).unwrap();
        assert!(!quiet.contains("fetching"), "{quiet:?}");
    }
}

#[test]
fn a_sitemap_is_added_with_its_pages() {
    let sitemap = |server: &str| {
        let url = |path: &str| format!("<url><loc>{server}{path}</loc></url>");
        format!("<urlset>{}{}{}</urlset>", url("/skarvik"), url("/valby"), url("/private/a"))
    };
    let server = Server::start(move |asked, _, stream| {
        let server = origin(&asked.headers);
        let answer = match asked.path.as_str() {
            "/robots.txt" => ok("User-agent: Stemma\nDisallow: /private/"),
            "/index.xml" => {
                ok(format!("<sitemapindex><sitemap><loc>{server}/news.xml</loc></sitemap></sitemapindex>"))
            }
            "/news.xml" => ok(sitemap(&server)),
            "/skarvik" => page("Skarvik"),
            "/valby" => page("Valby"),
            _ => status(404, "", ""),
        };
        let _ = stream.write_all(&answer);
    });
    let folder = Folder::new("sitemap");
    let index = server.url("/index.xml");
    let add =
        |more: &[&str]| folder.run(&[&["add", "--allow-private", "--delay", "0", &index], more].concat());
    let first = add(&["--max-pages", "1"]);
    assert_eq!(first.out, "1 report added · kept.db\n", "{}", first.messages);
    assert!(first.messages.contains("2 of its pages are left for the next time"), "{}", first.messages);
    let second = add(&[]);
    assert_eq!((second.code, second.out.as_str()), (Some(1), "1 report added · kept.db\n"));
    assert!(second.messages.contains("forbids it"), "{}", second.messages);
    let third = add(&[]);
    assert_eq!(
        (third.code, third.out.as_str()),
        (Some(0), "0 reports added · kept.db\n"),
        "{}",
        third.messages
    );
}

/// Waits until `done`, for ten seconds at most.
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let killed = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
}

/// A server whose second page takes for ever.
fn slow_post() -> Server {
    Server::start(|asked, number, stream| {
        let server = origin(&asked.headers);
        let answer = match asked.path.as_str() {
            "/feed" if asked.headers.contains("\"1\"") => status(304, "", ""),
            "/feed" => feed(&server, &[("/skarvik", "Skarvik"), ("/valby", "Valby")]),
            "/skarvik" => page("Skarvik"),
            "/valby" if number > 4 => page("Valby"),
            "/valby" => {
                std::thread::sleep(Duration::from_secs(30));
                return;
            }
            _ => status(404, "", ""),
        };
        let _ = stream.write_all(&answer);
    })
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_at_once_with_all_kept() {
    let (folder, server) = (Folder::new("interrupt"), slow_post());
    folder.run(&["feeds", "add", &server.url("/feed")]);
    let child = folder.start_watching();
    wait_until("the slow page is asked for", || server.paths().contains(&"/valby".to_owned()));
    let start = Instant::now();
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 1);
    assert_eq!(folder.titles(), ["Skarvik".to_owned()].into());
    let next = folder.watch(&[]);
    assert_eq!(next.code, Some(0), "{}", next.messages);
    assert_eq!(folder.titles(), ["Skarvik", "Valby"].map(str::to_owned).into());
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let (folder, server) = (Folder::new("killed"), slow_post());
    folder.run(&["feeds", "add", &server.url("/feed")]);
    let mut child = folder.start_watching();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("opened"), "the first page is kept: {line}");
    wait_until("the slow page is asked for", || server.paths().contains(&"/valby".to_owned()));
    // Until what was told is also noted.
    std::thread::sleep(Duration::from_millis(500));
    signal(&child, "-KILL");
    child.wait().unwrap();
    let next = folder.watch(&[]);
    assert_eq!(next.code, Some(0), "{}", next.messages);
    assert_eq!(folder.titles(), ["Skarvik", "Valby"].map(str::to_owned).into());
    let paths = server.paths();
    assert_eq!(
        paths.iter().filter(|path| *path == "/skarvik").count(),
        1,
        "what was kept is not fetched again"
    );
}
