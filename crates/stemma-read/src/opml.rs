//! Lists of feeds: OPML to [`FeedList`] and back.
//!
//! OPML is what feed readers export: `outline` elements, those with an `xmlUrl` are feeds, those around them folders. Files of
//! many programs are a little broken, so reading forgives what leaves no doubt: attributes in another case, a bare `&` in an
//! address, missing closing tags. A feed that is listed twice counts once, where it stands first. What was passed over is
//! told in notices. Time and memory are linear in the file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use quick_xml::events::{BytesStart, Event};
use stemma_core::Origin;

use crate::xml::{attribute, escaped, lenient_reader, unescaped};
use crate::{MAX_FEED_BYTES, Notice, ReadError, Reading, brief, charset, counted};

/// Folders in folders that are kept; what lies deeper counts to the last of them.
const MAX_FOLDERS: usize = 16;

/// Most characters of a folder's name: each feed in it has a copy.
const MAX_FOLDER_CHARS: usize = 200;

/// A list of feeds to follow.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FeedList {
    /// Name of the list.
    pub title: Option<String>,
    /// The feeds, in order. No two have one `xml_url`.
    pub feeds: Vec<ListedFeed>,
}

/// One feed of a [`FeedList`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListedFeed {
    /// What the reader calls it.
    pub title: Option<String>,
    /// Address of the feed: `http` or `https`.
    pub xml_url: String,
    /// Address of the site that it is of.
    pub html_url: Option<String>,
    /// Folders around it, outermost first.
    pub folder: Vec<String>,
}

impl FeedList {
    /// Reads an OPML file. Notices tell what was passed over.
    pub fn from_opml(bytes: Vec<u8>, origin: &Origin) -> Result<(Self, Vec<Notice>), ReadError> {
        if bytes.is_empty() {
            return Err(ReadError::Empty { origin: origin.clone() });
        }
        if bytes.len() as u64 > MAX_FEED_BYTES {
            return Err(ReadError::too_large(origin.clone(), MAX_FEED_BYTES));
        }
        Self::from_text(&charset::decode_text(bytes, None, origin)?.text, origin)
    }

    fn from_text(text: &str, origin: &Origin) -> Result<(Self, Vec<Notice>), ReadError> {
        let mut builder = Builder::default();
        builder.read(text, origin)?;
        let Builder { mut list, repeated, unusable, .. } = builder;
        let evened = list.title.map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
        list.title = evened.filter(|title| !title.is_empty());
        let mut notices = builder.notices;
        let mut tell = |n: usize, one: &str, many: &str| {
            if n > 0 {
                notices.push(Notice { origin: origin.clone(), problem: counted(n, one, many) });
            }
        };
        tell(repeated, "feed is listed before, passed over", "feeds are listed before, passed over");
        tell(
            unusable,
            "feed has no address of the web, passed over",
            "feeds have no address of the web, passed over",
        );
        Ok((list, notices))
    }

    /// Writes the list as OPML 2.0. [`FeedList::from_opml`] gives it back equal, except that feeds of one folder then stand together.
    pub fn to_opml(&self) -> String {
        let title = escaped(self.title.as_deref().unwrap_or("Feeds"));
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>{title}</title>\n  </head>\n  <body>\n"
        );
        let mut open: &[String] = &[];
        for feed in self.by_folder() {
            let shared = open.iter().zip(&feed.folder).take_while(|(a, b)| a == b).count();
            for depth in (shared..open.len()).rev() {
                push_line(&mut out, depth, "</outline>");
            }
            for (depth, name) in feed.folder.iter().enumerate().skip(shared) {
                push_line(&mut out, depth, &format!("<outline text=\"{}\">", escaped(name)));
            }
            open = &feed.folder;
            push_line(&mut out, open.len(), &outline(feed));
        }
        for depth in (0..open.len()).rev() {
            push_line(&mut out, depth, "</outline>");
        }
        out.push_str("  </body>\n</opml>\n");
        out
    }

    /// The feeds so that those of one folder follow each other; folders in the order in which they come first.
    fn by_folder(&self) -> Vec<&ListedFeed> {
        let mut ranks: Vec<&[String]> = Vec::new();
        let mut seen = BTreeSet::new();
        for feed in &self.feeds {
            for depth in 0..=feed.folder.len() {
                if seen.insert(&feed.folder[..depth]) {
                    ranks.push(&feed.folder[..depth]);
                }
            }
        }
        let rank: BTreeMap<&[String], usize> =
            ranks.into_iter().enumerate().map(|(n, folder)| (folder, n)).collect();
        // By the ranks of all folders on the way: a folder's own feeds come before those of folders in it.
        let key = |feed: &&ListedFeed| -> Vec<usize> {
            (1..=feed.folder.len()).map(|depth| rank[&feed.folder[..depth]]).collect()
        };
        let mut feeds: Vec<&ListedFeed> = self.feeds.iter().collect();
        feeds.sort_by_cached_key(key);
        feeds
    }
}

/// Says that a list of feeds holds no reports.
pub(crate) fn tell_opml(text: &str, origin: &Origin) -> Reading {
    let (list, notices) = match FeedList::from_text(text, origin) {
        Ok(read) => read,
        Err(error) => return Reading::failed(error),
    };
    let n_addresses = list.feeds.len();
    let error = ReadError::Addresses { origin: origin.clone(), kind: "a list of feeds (OPML)", n_addresses };
    Reading { notices, ..Reading::failed(error) }
}

fn push_line(out: &mut String, depth: usize, line: &str) {
    out.extend(std::iter::repeat_n("  ", depth + 2));
    out.push_str(line);
    out.push('\n');
}

fn outline(feed: &ListedFeed) -> String {
    let mut out = "<outline type=\"rss\"".to_owned();
    let title = feed.title.as_deref().map(escaped);
    let parts = [
        // Readers show `text`, which must be there.
        ("text", Some(title.clone().unwrap_or_else(|| escaped(&feed.xml_url)))),
        ("title", title),
        ("xmlUrl", Some(escaped(&feed.xml_url))),
        ("htmlUrl", feed.html_url.as_deref().map(escaped)),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            write!(out, " {name}=\"{value}\"").expect("writing to a string does not fail");
        }
    }
    out.push_str("/>");
    out
}

#[derive(Default)]
struct Builder {
    list: FeedList,
    seen: BTreeSet<String>,
    /// Names of the open folders, and how many outlines are open: those below a feed, or too deep, have no name here.
    folders: Vec<String>,
    open: Vec<bool>,
    repeated: usize,
    unusable: usize,
    notices: Vec<Notice>,
}

impl Builder {
    fn read(&mut self, text: &str, origin: &Origin) -> Result<(), ReadError> {
        let mut reader = lenient_reader(text);
        let (mut in_opml, mut closed, mut in_title) = (false, false, false);
        loop {
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) if self.list.feeds.is_empty() => {
                    let offset = reader.error_position();
                    return Err(broken(origin, &format!("{error} at byte {offset}")));
                }
                Err(error) => {
                    let problem =
                        format!("broken at byte {}, read up to there: {error}", reader.error_position());
                    self.notices.push(Notice { origin: origin.clone(), problem: brief(&problem) });
                    return Ok(());
                }
            };
            match event {
                Event::Eof => break,
                Event::Start(element) => match element.local_name().as_ref() {
                    "opml" => in_opml = true,
                    "title" => in_title = self.list.title.is_none(),
                    "outline" => self.enter(&element),
                    _ => {}
                },
                Event::Empty(element) if element.local_name().as_ref() == "outline" => {
                    self.enter(&element);
                    self.leave();
                }
                Event::End(element) => match element.local_name().as_ref() {
                    "outline" => self.leave(),
                    "title" => in_title = false,
                    "opml" => closed = true,
                    _ => {}
                },
                Event::Text(words) if in_title => self.add_to_title(&words.into_inner()),
                Event::GeneralRef(name) if in_title => {
                    self.add_to_title(&unescaped(&format!("&{};", name.into_inner())));
                }
                Event::CData(words) if in_title => self.add_to_title(&words.into_inner()),
                _ => {}
            }
        }
        if !in_opml {
            return Err(broken(origin, "there is no <opml> element in it"));
        }
        if !closed {
            let problem = format!("ends without </opml> at byte {}, it may have been cut off", text.len());
            self.notices.push(Notice { origin: origin.clone(), problem });
        }
        Ok(())
    }

    /// White space is evened out at the end: doing so at each piece would take the square of the time.
    fn add_to_title(&mut self, words: &str) {
        self.list.title.get_or_insert_default().push_str(words);
    }

    fn enter(&mut self, element: &BytesStart<'_>) {
        let title = attribute(element, "title").or_else(|| attribute(element, "text"));
        let is_feed = attribute(element, "type").is_some_and(|kind| {
            matches!(kind.to_ascii_lowercase().as_str(), "rss" | "atom" | "feed" | "jsonfeed")
        });
        let address = attribute(element, "xmlUrl").or_else(|| attribute(element, "url").filter(|_| is_feed));
        match address {
            Some(address) => {
                self.add(address, title, attribute(element, "htmlUrl"), attribute(element, "category"));
                self.open.push(false);
            }
            None if is_feed => {
                self.unusable += 1;
                self.open.push(false);
            }
            None => {
                let named = title.filter(|_| self.folders.len() < MAX_FOLDERS);
                let named = named.map(|name| name.chars().take(MAX_FOLDER_CHARS).collect::<String>());
                self.open.push(named.is_some());
                self.folders.extend(named);
            }
        }
    }

    fn leave(&mut self) {
        if self.open.pop() == Some(true) {
            self.folders.pop();
        }
    }

    fn add(
        &mut self,
        address: String,
        title: Option<String>,
        html_url: Option<String>,
        category: Option<String>,
    ) {
        let Some(xml_url) = web_address(&address) else {
            self.unusable += 1;
            return;
        };
        if !self.seen.insert(xml_url.clone()) {
            self.repeated += 1;
            return;
        }
        // A list without folders may name them in `category="/world/asia,/politics"`: the first counts.
        let categories = || -> Vec<String> {
            let first = category.as_deref().and_then(|all| all.split(',').next()).unwrap_or("");
            let names = first.split('/').map(str::trim).filter(|name| !name.is_empty());
            names.take(MAX_FOLDERS).map(str::to_owned).collect()
        };
        let folder = if self.folders.is_empty() { categories() } else { self.folders.clone() };
        let title = title.map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
        let title = title.filter(|title| *title != xml_url);
        self.list.feeds.push(ListedFeed {
            title,
            xml_url,
            html_url: html_url.and_then(|url| web_address(&url)),
            folder,
        });
    }
}

/// An address of the web; `feed:` is an old way to write one.
fn web_address(address: &str) -> Option<String> {
    let address = address.trim();
    let lower = address.get(..8.min(address.len())).unwrap_or("").to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return (address.len() > 8 && !address.contains(char::is_whitespace)).then(|| address.to_owned());
    }
    let rest = lower.starts_with("feed:").then(|| &address[5..])?;
    match rest.strip_prefix("//") {
        Some(host) => web_address(&format!("http://{host}")),
        // `feed:https://…`; of `feed:feed:…` nothing is made.
        None => (!rest.to_ascii_lowercase().starts_with("feed:")).then(|| web_address(rest)).flatten(),
    }
}

fn broken(origin: &Origin, problem: &str) -> ReadError {
    ReadError::Markup { origin: origin.clone(), kind: "an OPML file", problem: brief(problem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(FeedList, Vec<Notice>), ReadError> {
        FeedList::from_opml(text.as_bytes().to_vec(), &Origin::whole("feeds.opml"))
    }

    /// The list's title, one line for each feed, and the notices.
    fn view(text: &str) -> String {
        let (list, notices) = match read(text) {
            Ok(read) => read,
            Err(error) => return format!("error: {error}"),
        };
        let mut out = format!("{}\n", list.title.as_deref().unwrap_or("-"));
        for feed in &list.feeds {
            let (title, site) =
                (feed.title.as_deref().unwrap_or("-"), feed.html_url.as_deref().unwrap_or("-"));
            writeln!(out, "{} | {title} | {} | {site}", feed.folder.join("/"), feed.xml_url).unwrap();
        }
        notices.iter().for_each(|notice| writeln!(out, "notice: {notice}").unwrap());
        out
    }

    #[test]
    fn folders_and_feeds() {
        insta::assert_snapshot!(view(r#"<?xml version="1.0"?><opml version="2.0"><head><title>Desk &amp; wires</title></head><body>
          <outline text="World"><outline text="Asia">
            <outline type="rss" text="Harbor Post" title="The Harbor Post" xmlUrl="https://harbor.example/rss?a=1&amp;b=2" htmlUrl="https://harbor.example/"/>
          </outline><outline text="Valley" xmlUrl="https://valley.example/atom"></outline></outline>
          <outline text="Loose" xmlUrl="http://loose.example/feed" category="/Sport/Boats,/x"/>
        </body></opml>"#), @r"
        Desk & wires
        World/Asia | The Harbor Post | https://harbor.example/rss?a=1&b=2 | https://harbor.example/
        World | Valley | https://valley.example/atom | -
        Sport/Boats | Loose | http://loose.example/feed | -
        ");
    }

    #[test]
    fn broken_lists_give_what_they_have() {
        insta::assert_snapshot!(view(r#"<opml><body><outline text="Tom & Ida" XMLURL="https://a.example/?x=1&y=2" />
          <outline type="rss" text="No address"/><outline xmlUrl="ftp://b.example/"/><outline xmlUrl="https://a.example/?x=1&amp;y=2"/>
          <outline xmlUrl="feed://c.example/rss"/><outline text="cut"><outline text="Last" xmlUrl="https://d.example/""#), @r"
        -
         | Tom & Ida | https://a.example/?x=1&y=2 | -
         | - | http://c.example/rss | -
        notice: feeds.opml: broken at byte 283, read up to there: syntax error: tag not closed: `>` not found before end of input
        notice: feeds.opml: 1 feed is listed before, passed over
        notice: feeds.opml: 2 feeds have no address of the web, passed over
        ");
        insta::assert_snapshot!(view("<rss><channel></channel></rss>"), @"error: feeds.opml: not an OPML file that can be read: there is no <opml> element in it");
        insta::assert_snapshot!(view("<opml><body><outline text='a'"), @"error: feeds.opml: not an OPML file that can be read: syntax error: tag not closed: `>` not found before end of input at byte 12");
    }

    #[test]
    fn what_is_written_is_read() {
        let feed = |title: &str, xml_url: &str, folder: &[&str]| ListedFeed {
            title: Some(title.to_owned()).filter(|title| !title.is_empty()),
            xml_url: xml_url.to_owned(),
            html_url: None,
            folder: folder.iter().map(|&name| name.to_owned()).collect(),
        };
        let feeds = vec![
            feed("Loose", "https://l.example/", &[]),
            feed("<One> & “two”", "https://a.example/?x=1&y=2", &["World", "A/B"]),
            feed("", "https://b.example/", &["World"]),
            feed("Three", "https://c.example/", &["Sport"]),
            feed("Four", "https://d.example/", &["World", "A/B"]),
        ];
        let list = FeedList { title: Some("Mine".to_owned()), feeds };
        let written = list.to_opml();
        insta::assert_snapshot!(written, @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <opml version="2.0">
          <head>
            <title>Mine</title>
          </head>
          <body>
            <outline type="rss" text="Loose" title="Loose" xmlUrl="https://l.example/"/>
            <outline text="World">
              <outline type="rss" text="https://b.example/" xmlUrl="https://b.example/"/>
              <outline text="A/B">
                <outline type="rss" text="&lt;One&gt; &amp; “two”" title="&lt;One&gt; &amp; “two”" xmlUrl="https://a.example/?x=1&amp;y=2"/>
                <outline type="rss" text="Four" title="Four" xmlUrl="https://d.example/"/>
              </outline>
            </outline>
            <outline text="Sport">
              <outline type="rss" text="Three" title="Three" xmlUrl="https://c.example/"/>
            </outline>
          </body>
        </opml>
        "#);
        let (again, notices) = read(&written).unwrap();
        assert_eq!((again.title.clone(), notices.len()), (list.title.clone(), 0));
        let sorted = |list: &FeedList| {
            let mut feeds = list.feeds.clone();
            feeds.sort_by(|a, b| a.xml_url.cmp(&b.xml_url));
            feeds
        };
        assert_eq!(sorted(&again), sorted(&list));
        assert_eq!(again.to_opml(), written);
    }

    #[test]
    fn nesting_without_end_costs_nothing() {
        let deep = format!(
            "<opml><body>{}<outline xmlUrl='https://a.example/'/>",
            "<outline text='x'>".repeat(200_000)
        );
        let (list, _) = read(&deep).unwrap();
        assert_eq!(list.feeds[0].folder.len(), MAX_FOLDERS);
    }

    #[test]
    fn a_title_in_many_pieces_costs_nothing() {
        // With the square of the time this would take minutes.
        let pieces = "&amp".repeat(400_000);
        let title = format!("<title> a  b{pieces}\n c </title>");
        let (list, _) =
            read(&format!("<opml><head>{title}</head><body><outline xmlUrl='https://a.example/'/>")).unwrap();
        assert_eq!(list.title.unwrap(), format!("a b{pieces} c"));
    }
}
