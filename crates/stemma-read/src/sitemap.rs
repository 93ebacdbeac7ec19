//! Sitemaps: the pages that a site lists for search engines, and news sitemaps, which list those of the last days.
//!
//! A sitemap is XML with a `urlset` of pages, or a `sitemapindex` of further sitemaps (sitemaps.org; the `news` elements are
//! Google's). Broken ones are read as far as they go. Time and memory are linear in the text.

use quick_xml::events::Event;
use stemma_core::Published;

use crate::xml::{lenient_reader, unescaped};
use crate::{brief, dates};

/// Most entries of one file, as the standard has it.
const MAX_ENTRIES: usize = 50_000;

/// What one sitemap lists.
#[derive(Debug, Default)]
pub(crate) struct Sitemap {
    pub(crate) pages: Vec<Page>,
    pub(crate) sitemaps: Vec<String>,
    /// Why it was not read to its end, if it was not.
    pub(crate) cut: Option<String>,
}

/// A page of a sitemap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) title: Option<String>,
    pub(crate) published: Option<Published>,
    pub(crate) updated: Option<Published>,
}

/// True if the text begins as a sitemap does.
pub(crate) fn is_sitemap(text: &str) -> bool {
    let text = text.trim_start();
    let head = &text[..text.floor_char_boundary(text.len().min(2048))];
    head.starts_with('<')
        && !head.contains("<html")
        && ["<urlset", "<sitemapindex"].iter().any(|root| head.contains(root))
}

/// Reads a sitemap.
pub(crate) fn read_sitemap(text: &str) -> Sitemap {
    let mut reader = lenient_reader(text);
    let mut sitemap = Sitemap::default();
    let mut page = Page::default();
    let mut words = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return sitemap,
            Ok(Event::Start(element)) => {
                words.clear();
                if matches!(element.local_name().as_ref(), "url" | "sitemap") {
                    page = Page::default();
                }
            }
            Ok(Event::Text(text)) => words.push_str(&text.into_inner()),
            Ok(Event::CData(text)) => words.push_str(&text.into_inner()),
            Ok(Event::GeneralRef(name)) => words.push_str(&unescaped(&format!("&{};", name.into_inner()))),
            Ok(Event::End(element)) => {
                let name = element.name();
                match (name.prefix().map(|prefix| prefix.into_inner()), name.local_name().as_ref()) {
                    (None, "loc") => page.url = words.trim().to_owned(),
                    (Some("news"), "title") => {
                        page.title = Some(words.trim().to_owned()).filter(|title| !title.is_empty())
                    }
                    // When the page was changed last says nothing of when it was published.
                    (None, "lastmod") => page.updated = dates::parse(&words),
                    (Some("news"), "publication_date") => page.published = dates::parse(&words),
                    (None, "url") if !page.url.is_empty() => sitemap.pages.push(std::mem::take(&mut page)),
                    (None, "sitemap") if !page.url.is_empty() => {
                        sitemap.sitemaps.push(std::mem::take(&mut page).url);
                    }
                    _ => {}
                }
                words.clear();
            }
            Ok(_) => {}
            Err(error) => {
                sitemap.cut = Some(brief(&format!(
                    "broken at byte {}, read up to there: {error}",
                    reader.error_position()
                )));
                return sitemap;
            }
        }
        if sitemap.pages.len() + sitemap.sitemaps.len() >= MAX_ENTRIES {
            sitemap.cut =
                Some(format!("lists more than {MAX_ENTRIES} addresses, the others were passed over"));
            return sitemap;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(text: &str) -> String {
        assert!(is_sitemap(text));
        let sitemap = read_sitemap(text);
        let mut lines: Vec<String> = sitemap
            .pages
            .iter()
            .map(|page| {
                let published = page.published.map(|published| format!(" {published}")).unwrap_or_default();
                let updated = page.updated.map(|updated| format!(" (updated {updated})")).unwrap_or_default();
                let title = page.title.as_ref().map(|title| format!(" {title}")).unwrap_or_default();
                format!("page {}{published}{updated}{title}", page.url)
            })
            .collect();
        lines.extend(sitemap.sitemaps.iter().map(|url| format!("sitemap {url}")));
        lines.extend(sitemap.cut);
        lines.join("\n")
    }

    #[test]
    fn news_sitemaps_tell_title_and_time() {
        let text = r#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
            xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
            <url><loc> https://post.example/a?x=1&amp;y=2 </loc><lastmod>2026-03-02</lastmod>
            <news:news><news:publication><news:name>The Post</news:name></news:publication>
            <news:publication_date>2026-03-01T08:30:00+01:00</news:publication_date><news:title>Bridge &amp; tunnel closed</news:title></news:news>
            <image:image><image:loc>https://post.example/a.jpg</image:loc><image:title>A bridge</image:title></image:image></url>
            <url><loc><![CDATA[https://post.example/b]]></loc></url><url><lastmod>2026-03-02</lastmod></url></urlset>"#;
        insta::assert_snapshot!(view(text), @r"
        page https://post.example/a?x=1&y=2 2026-03-01T08:30:00+01:00 (updated 2026-03-02) Bridge & tunnel closed
        page https://post.example/b
        ");
    }

    #[test]
    fn an_index_lists_sitemaps() {
        let text = "<sitemapindex><sitemap><loc>https://post.example/1.xml</loc></sitemap><sitemap><loc>https://post.example/2.xml.gz</loc></sitemap></sitemapindex>";
        insta::assert_snapshot!(view(text), @r"
        sitemap https://post.example/1.xml
        sitemap https://post.example/2.xml.gz
        ");
    }

    #[test]
    fn broken_ones_are_read_as_far_as_they_go() {
        insta::assert_snapshot!(view("<urlset><url><loc>https://post.example/a</loc></url><url><loc>https://post.ex"), @"page https://post.example/a");
        assert!(!is_sitemap("<html><urlset"));
        assert!(!is_sitemap("urlset"));
    }
}
