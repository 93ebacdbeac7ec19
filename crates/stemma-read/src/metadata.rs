//! What a page says about itself: JSON-LD, OpenGraph and other `meta` elements, `title`, `link rel=canonical`.
//!
//! JSON-LD wins over OpenGraph, OpenGraph over other `meta` elements. Nothing is guessed from the body.

use jiff::civil::Date;
use scraper::{Html, Selector};
use serde_json::{Map, Value};
use stemma_core::Published;

use crate::{dates, fields};

/// Parts of a report that a page gives beside its text.
#[derive(Debug, Default)]
pub(crate) struct PageMetadata {
    pub(crate) title: Option<String>,
    pub(crate) byline: Option<String>,
    pub(crate) published: Option<Published>,
    /// A date that was given and could not be read.
    pub(crate) unread_date: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) language: Option<String>,
}

/// Reads the metadata of `page`, which was found at `address`.
pub(crate) fn metadata_of(page: &Html, address: Option<&str>) -> PageMetadata {
    let linked = LinkedData::of(page);
    let metas = Metas::of(page);
    let url = metas.canonical.clone().or_else(|| metas.first(&["og:url"])).or_else(|| linked.text("url"));
    let url = url.filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    let outlet = linked
        .names("publisher")
        .or_else(|| metas.first(&["og:site_name", "application-name", "dc.publisher", "publisher"]))
        .or_else(|| url.as_deref().or(address).and_then(host_of));
    let title = linked
        .text("headline")
        .or_else(|| metas.first(&["og:title", "twitter:title", "dc.title", "headline"]))
        .or_else(|| {
            metas
                .title
                .clone()
                .map(|title| without_outlet(&title, outlet.as_deref(), url.as_deref().or(address)))
        });
    let byline = linked
        .names("author")
        .or_else(|| {
            metas.first(&[
                "author",
                "article:author",
                "byl",
                "dc.creator",
                "parsely-author",
                "sailthru.author",
            ])
        })
        .filter(|byline| !byline.contains("://"))
        .map(|byline| without_by(&byline).to_owned());
    let given_dates: Vec<String> = [linked.text("datePublished"), linked.text("dateCreated")]
        .into_iter()
        .chain(DATE_METAS.iter().map(|name| metas.first(&[name])))
        .flatten()
        .collect();
    let published = given_dates.iter().find_map(|text| dates::parse(text));
    PageMetadata {
        title,
        byline,
        unread_date: given_dates.into_iter().next().filter(|_| published.is_none()),
        published: published.or(metas.time_element),
        outlet,
        url,
        language: linked.text("inLanguage").or(metas.language),
    }
}

/// `meta` elements that hold the time of first publication, best first.
const DATE_METAS: [&str; 12] = [
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
];

/// The JSON-LD object that describes the article, if there is one.
struct LinkedData(Map<String, Value>);

impl LinkedData {
    /// The first object of an article's type, else an empty one. Broken scripts are passed over: pages have them.
    fn of(page: &Html) -> Self {
        let mut found = Vec::new();
        for script in page.select(&selector(r#"script[type="application/ld+json"]"#)) {
            let text: String = script.text().collect();
            let text =
                text.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>").trim_end_matches(';');
            if let Ok(value) = serde_json::from_str::<Value>(text) {
                collect_articles(value, &mut found);
            }
        }
        // A news article before a page that merely holds one.
        let best = found.iter().position(|object| type_rank(object) == Some(0)).or(if found.is_empty() {
            None
        } else {
            Some(0)
        });
        Self(best.map(|n| found.swap_remove(n)).unwrap_or_default())
    }

    fn text(&self, name: &str) -> Option<String> {
        let value = self.0.get(name)?;
        let value = value.as_array().and_then(|values| values.first()).unwrap_or(value);
        filled(value.as_str()?)
    }

    fn names(&self, name: &str) -> Option<String> {
        fields::names_of(self.0.get(name)?).and_then(|names| filled(&names))
    }
}

/// Objects of an article's type in `value`, in its arrays, in `@graph`, and as `mainEntity` of a page.
fn collect_articles(value: Value, found: &mut Vec<Map<String, Value>>) {
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| collect_articles(value, found)),
        Value::Object(mut fields) => {
            for name in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if fields.get(name).is_some_and(|inner| inner.is_array() || inner.is_object())
                    && let Some(inner) = fields.shift_remove(name)
                {
                    collect_articles(inner, found);
                }
            }
            if type_rank(&fields).is_some() {
                found.push(fields);
            }
        }
        _ => {}
    }
}

/// 0 for an article, 1 for what may stand for one, `None` for anything else.
fn type_rank(object: &Map<String, Value>) -> Option<u8> {
    let kinds = object.get("@type")?;
    let kinds = kinds.as_array().map_or(std::slice::from_ref(kinds), Vec::as_slice);
    kinds
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|kind| match kind.rsplit(['/', ':']).next().unwrap_or(kind) {
            kind if kind.ends_with("Article") || kind.ends_with("BlogPosting") || kind == "Report" => Some(0),
            "WebPage" | "CreativeWork" | "SocialMediaPosting" | "VideoObject" => Some(1),
            _ => None,
        })
        .min()
}

/// `meta` elements by lower-case name, and the other elements of the head that say something.
struct Metas {
    pairs: Vec<(String, String)>,
    title: Option<String>,
    canonical: Option<String>,
    language: Option<String>,
    time_element: Option<Published>,
}

impl Metas {
    fn of(page: &Html) -> Self {
        let attribute = |css: &str, name: &str| {
            page.select(&selector(css)).find_map(|element| filled(element.value().attr(name)?))
        };
        let pairs = page
            .select(&selector("meta[content]"))
            .filter_map(|meta| {
                let meta = meta.value();
                let name = ["property", "name", "itemprop"].iter().find_map(|key| meta.attr(key))?;
                Some((name.trim().to_ascii_lowercase(), filled(meta.attr("content")?)?))
            })
            .collect();
        let published = r#"time[itemprop="datePublished"][datetime], time[pubdate][datetime], article header time[datetime]"#;
        Self {
            pairs,
            title: page
                .select(&selector("head title, title"))
                .find_map(|element| filled(&element.text().collect::<String>())),
            canonical: attribute(r#"link[rel="canonical"]"#, "href"),
            language: attribute("html[lang]", "lang").or_else(|| attribute("html", "xml:lang")),
            time_element: attribute(published, "datetime").and_then(|text| dates::parse(&text)),
        }
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| Some(self.pairs.iter().find(|(key, _)| key == name)?.1.clone()))
    }
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("selectors in this module are constant and valid")
}

/// The text with its white space evened, if it has any text.
fn filled(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// `www.post.example` for `https://www.post.example:80/a`, without the `www.`.
pub(crate) fn host_of(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?.rsplit('@').next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.contains('.').then(|| host.to_ascii_lowercase())
}

/// `title` without the outlet's name that pages put after a bar or a dash.
fn without_outlet(title: &str, outlet: Option<&str>, url: Option<&str>) -> String {
    let host = url.and_then(host_of);
    let cut = [" | ", " - ", " – ", " — ", " :: "]
        .iter()
        .filter_map(|sign| title.rfind(sign).map(|at| (at, sign.len())))
        .max();
    if let Some((at, sign_len)) = cut {
        let end = simplified(&title[at + sign_len..]);
        let names_outlet = outlet.is_some_and(|outlet| simplified(outlet) == end);
        let names_host = host.is_some_and(|host| !end.is_empty() && simplified(&host).starts_with(&end));
        if names_outlet || names_host {
            return title[..at].trim().to_owned();
        }
    }
    title.to_owned()
}

fn simplified(name: &str) -> String {
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    name.strip_prefix("the").map(str::to_owned).unwrap_or(name)
}

fn without_by(byline: &str) -> &str {
    match byline.get(..3) {
        Some(by) if by.eq_ignore_ascii_case("by ") => byline[3..].trim_start(),
        _ => byline,
    }
}

impl PageMetadata {
    /// Takes from `other` what is missing here: what the extraction crate found in the body.
    pub(crate) fn complete(&mut self, other: &trafilatura::Metadata) {
        let given = |text: &str| filled(text);
        self.title = self.title.take().or_else(|| given(&other.title));
        self.byline = self.byline.take().or_else(|| given(&other.author.replace("; ", ", ")));
        self.language = self.language.take().or_else(|| given(&other.language));
        self.published = self.published.or_else(|| {
            let date = other.date?.to_string();
            date.parse::<Date>().ok().map(Published::Day)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(page: &str) -> String {
        let m = metadata_of(&Html::parse_document(page), None);
        let parts = [
            ("title", m.title),
            ("byline", m.byline),
            ("published", m.published.map(|published| published.to_string())),
            ("unread date", m.unread_date),
            ("outlet", m.outlet),
            ("url", m.url),
            ("language", m.language),
        ];
        parts.into_iter().filter_map(|(name, part)| Some(format!("{name}: {}\n", part?))).collect()
    }

    #[test]
    fn linked_data_in_a_graph() {
        insta::assert_snapshot!(view(
            r#"<html lang="en-GB"><head><title>Ignored</title><meta property="og:title" content="Ignored too">
            <script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
              {"@type": "Organization", "name": "Ignored"},
              {"@type": "WebPage", "datePublished": "2020-01-01"},
              {"@type": ["NewsArticle"], "headline": "Vote  today", "datePublished": "2025-03-02T10:00:00+01:00",
               "author": [{"@type": "Person", "name": "Ana Ruiz"}, {"name": "Li Wei"}],
               "publisher": {"@type": "Organization", "name": "The Post"}, "url": "https://post.example/vote"}
            ]}</script></head>"#
        ), @r"
        title: Vote today
        byline: Ana Ruiz, Li Wei
        published: 2025-03-02T10:00:00+01:00
        outlet: The Post
        url: https://post.example/vote
        language: en-GB
        ");
    }

    #[test]
    fn open_graph_and_meta() {
        insta::assert_snapshot!(view(
            r#"<head><title>Vote today | Morning Star Online</title><link rel="canonical" href="https://www.star.example/a">
            <script type="application/ld+json">{broken</script>
            <meta property="og:title" content="Vote today"><meta property="og:site_name" content="Morning Star Online">
            <meta name="author" content="By Ana Ruiz"><meta property="article:published_time" content="2025-03-02"></head>"#
        ), @r"
        title: Vote today
        byline: Ana Ruiz
        published: 2025-03-02
        outlet: Morning Star Online
        url: https://www.star.example/a
        ");
    }

    #[test]
    fn a_bare_page() {
        insta::assert_snapshot!(view(
            r#"<title>Vote today - Star</title><link rel="canonical" href="https://www.star.example/a">
            <meta name="date" content="some day"><body><article><header><time datetime="2025-03-02">x</time>"#
        ), @r"
        title: Vote today
        published: 2025-03-02
        unread date: some day
        outlet: star.example
        url: https://www.star.example/a
        ");
        insta::assert_snapshot!(view("<p>x"), @"");
    }
}
