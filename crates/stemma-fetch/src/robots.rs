//! What a `robots.txt` allows (RFC 9309).
//!
//! In: its bytes and the product token. Out: [`Robots`], the rules that hold for this token. Never fails: what cannot be
//! understood is no rule. The nearest crate, `texting_robots`, gives up on a whole file for one rule that it
//! cannot compile, and takes `Stemma/1.0` in a file for another token than `Stemma`. Time: linear in the bytes, and for a question
//! linear in the rules' bytes times the number of their wildcards.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::{Position, Url};

/// Bytes that are read of one file; the standard asks for at least these, the rest is left out.
pub(crate) const MAX_ROBOTS_BYTES: u64 = 500 * 1024;

/// Longest `Crawl-delay` that is believed, a day; longer ones are mistakes.
const MAX_CRAWL_DELAY: f64 = 86_400.0;

/// The rules for one product token. Without any, all is allowed.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub(crate) struct Robots {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Rule {
    allow: bool,
    /// Path with `*` and a last `$`, its percent signs in the normal form.
    pattern: String,
}

impl Robots {
    /// The rules for `token` in a file: those of all its groups together; where it has none, those for `*`.
    pub(crate) fn parse(bytes: &[u8], token: &str) -> Self {
        let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
        let (mut ours, mut others): (Option<Self>, _) = (None, Self::default());
        let (mut is_ours, mut is_others, mut in_rules) = (false, false, false);
        for line in text.split(['\n', '\r', '\0']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if key == "user-agent" {
                if in_rules {
                    (is_ours, is_others, in_rules) = (false, false, false);
                }
                is_ours |= is_token(value, token);
                is_others |= value == "*";
                if is_ours {
                    ours.get_or_insert_default();
                }
            } else if matches!(key.as_str(), "allow" | "disallow" | "crawl-delay") {
                in_rules = true;
                if let Some(ours) = ours.as_mut().filter(|_| is_ours) {
                    ours.add(&key, value);
                }
                if is_others {
                    others.add(&key, value);
                }
            }
        }
        ours.unwrap_or(others)
    }

    fn add(&mut self, key: &str, value: &str) {
        match key {
            "crawl-delay" => {
                let seconds =
                    value.parse::<f64>().ok().filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
                self.crawl_delay = seconds
                    .map(|seconds| Duration::from_secs_f64(seconds.min(MAX_CRAWL_DELAY)))
                    .or(self.crawl_delay);
            }
            // An empty rule forbids nothing and allows nothing.
            _ if value.is_empty() => {}
            _ => {
                let slash = if value.starts_with(['/', '*', '$']) { "" } else { "/" };
                let pattern = normal_form(&format!("{slash}{value}"));
                self.rules.push(Rule { allow: key == "allow", pattern });
            }
        }
    }

    /// Time that is asked for between two requests.
    pub(crate) fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// True if `url` may be fetched: the longest rule that matches decides, of equally long ones that which allows.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        if url.path() == "/robots.txt" {
            return true;
        }
        let path = normal_form(&url[Position::BeforePath..Position::AfterQuery]);
        let matching = self.rules.iter().filter(|rule| matches(&rule.pattern, &path));
        matching.max_by_key(|rule| (rule.pattern.len(), rule.allow)).is_none_or(|rule| rule.allow)
    }
}

/// True if a `User-agent` line names the token, be it with a version behind it.
fn is_token(value: &str, token: &str) -> bool {
    value.get(..token.len()).is_some_and(|start| start.eq_ignore_ascii_case(token))
        && !value[token.len()..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_'))
}

/// True if `pattern` matches the beginning of `path`, or all of it where it ends in `$`.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !anchored || rest.is_empty();
    }
    // The leftmost place for each part leaves the most for the parts after it.
    while let Some(part) = parts.next() {
        if parts.peek().is_none() && anchored {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// One spelling for equal paths: what need not be encoded is plain, all else `%` and two capital digits.
fn normal_form(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    let bytes = path.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digit = |n: usize| bytes.get(at + n).and_then(|&digit| char::from(digit).to_digit(16));
        let encoded = match (byte, digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => Some((high * 16 + low) as u8),
            _ => None,
        };
        at += if encoded.is_some() { 3 } else { 1 };
        let value = encoded.unwrap_or(byte);
        let unreserved = value.is_ascii_alphanumeric() || b"-._~".contains(&value);
        if unreserved || (encoded.is_none() && value.is_ascii_graphic()) {
            normal.push(char::from(value));
        } else {
            normal.push_str(&format!("%{value:02X}"));
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Which of some paths the file allows.
    fn allowed(robots: &str, paths: &[&str]) -> String {
        let robots = Robots::parse(robots.as_bytes(), "Stemma");
        let verdict = |path: &&str| {
            let url = Url::parse("https://example.org").unwrap().join(path).unwrap();
            format!("{} {path}", if robots.allows(&url) { "yes" } else { "no " })
        };
        let delay = robots.crawl_delay.map_or(String::new(), |delay| format!("\nevery {delay:?}"));
        paths.iter().map(verdict).collect::<Vec<_>>().join("\n") + &delay
    }

    #[test]
    fn our_group_counts_and_else_that_of_all() {
        let file = "User-agent: *\nDisallow: /\n\nUser-Agent: other\nuser-agent: STEMMA/2.0 # us\nDisallow: /private\nCrawl-delay: 2.5\n";
        insta::assert_snapshot!(allowed(file, &["/", "/private/a", "/robots.txt"]), @r"
        yes /
        no  /private/a
        yes /robots.txt
        every 2.5s
        ");
        insta::assert_snapshot!(allowed("User-agent: Stemmatic\nDisallow: /\nUser-agent: *\nDisallow: /a", &["/", "/a"]), @r"
        yes /
        no  /a
        ");
        insta::assert_snapshot!(allowed("User-agent: *\nDisallow: /\nUser-agent: stemma\n", &["/a"]), @"yes /a");
    }

    #[test]
    fn groups_of_one_token_are_one() {
        let file = "User-agent: stemma\nDisallow: /a\nSitemap: https://example.org/s.xml\nDisallow: /b\nUser-agent: x\nDisallow: /\nUser-agent: Stemma\nDisallow: /c";
        insta::assert_snapshot!(allowed(file, &["/a", "/b", "/c", "/d"]), @r"
        no  /a
        no  /b
        no  /c
        yes /d
        ");
    }

    #[test]
    fn the_longest_rule_decides() {
        let file = "User-agent: *\nDisallow: /news/\nAllow: /news/2026/\nDisallow: /*.pdf$\nAllow: /page\nDisallow: /page\nDisallow:\nDisallow: *?print=\nDisallow: old";
        let paths = [
            "/news/a",
            "/news/2026/a",
            "/a.pdf",
            "/a.pdf?x",
            "/page",
            "/a?print=1",
            "/a?x=1&print=1",
            "/b?c&?print=",
            "/old/a",
        ];
        insta::assert_snapshot!(allowed(file, &paths), @r"
        no  /news/a
        yes /news/2026/a
        no  /a.pdf
        yes /a.pdf?x
        yes /page
        no  /a?print=1
        yes /a?x=1&print=1
        no  /b?c&?print=
        no  /old/a
        ");
    }

    #[test]
    fn wildcards() {
        let table: String = [
            ("/a*c", "/abbc"),
            ("/a*c$", "/abcbc"),
            ("/a*c$", "/abcb"),
            ("/a*b*c", "/acb"),
            ("/*", "/"),
            ("/**a", "/ba"),
            ("$", ""),
            ("/$", "/"),
            ("/a$", "/ab"),
            ("/a*a$", "/a"),
            ("*", ""),
        ]
        .iter()
        .map(|(pattern, path)| format!("{pattern} {path} {}\n", matches(pattern, path)))
        .collect();
        insta::assert_snapshot!(table, @r"
        /a*c /abbc true
        /a*c$ /abcbc true
        /a*c$ /abcb false
        /a*b*c /acb false
        /* / true
        /**a /ba true
        $  true
        /$ / true
        /a$ /ab false
        /a*a$ /a false
        *  true
        ");
    }

    #[test]
    fn spellings_of_one_path_are_equal() {
        let file =
            "User-agent: *\nDisallow: /caf%c3%a9\nDisallow: /%7Euser\nDisallow: /a%2Fb\nDisallow: /żółw";
        insta::assert_snapshot!(allowed(file, &["/café", "/~user", "/a/b", "/a%2fb", "/żółw/1", "/%"]), @r"
        no  /café
        no  /~user
        yes /a/b
        no  /a%2fb
        no  /żółw/1
        yes /%
        ");
    }

    #[test]
    fn odd_files_are_read_as_far_as_they_go() {
        insta::assert_snapshot!(allowed("\u{FEFF}User-agent: *\rDisallow: /a\r\nnonsense\nDisallow /b\n:::\nCrawl-delay: soon", &["/a", "/b"]), @r"
        no  /a
        yes /b
        ");
        insta::assert_snapshot!(allowed("Disallow: /a\nUser-agent:\nDisallow: /b", &["/a", "/b"]), @r"
        yes /a
        yes /b
        ");
        insta::assert_snapshot!(allowed("<!DOCTYPE html><title>Not found</title>", &["/a"]), @"yes /a");
    }

    #[test]
    fn many_wildcards_cost_little() {
        let rule = "Disallow: /".to_owned() + &"*a".repeat(200) + "*b\n";
        let file = "User-agent: *\n".to_owned() + &rule.repeat(1000);
        let path = "/".to_owned() + &"a".repeat(4000);
        assert_eq!(allowed(&file, &[&path]), format!("yes {path}"));
    }

    proptest! {
        #[test]
        fn any_file_is_read(bytes: Vec<u8>, path in "/[ -~é]{0,40}") {
            let url = Url::parse("https://example.org").unwrap().join(&path);
            prop_assume!(url.is_ok());
            Robots::parse(&bytes, "Stemma").allows(&url.unwrap());
        }

        #[test]
        fn a_path_is_its_own_rule(path in "/[a-z][a-z%/.?=é]{0,30}") {
            let url = Url::parse("https://example.org").unwrap().join(&path).unwrap();
            let path = url[Position::BeforePath..].to_owned();
            let robots = Robots::parse(format!("User-agent: *\nDisallow: {path}").as_bytes(), "Stemma");
            prop_assert!(!robots.allows(&url));
        }
    }
}
