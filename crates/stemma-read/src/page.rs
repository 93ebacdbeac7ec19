//! Web pages to reports.
//!
//! The article's text comes from the `trafilatura` crate, which keeps its structure; [`crate::blocks`] turns that into
//! paragraphs divided by a blank line. What it is worth: `stemma eval extraction`. Metadata: [`crate::metadata`].

use std::panic::{AssertUnwindSafe, catch_unwind};

use scraper::Html;
use serde_json::Value;
use stemma_core::{Origin, Report, ReportDraft};
use trafilatura::ExtractionFocus;

use crate::blocks::blocks_of;
use crate::burden::{Burden, burden_of_page, is_too_deep};
use crate::metadata::{PageMetadata, metadata_of};
use crate::{MAX_PAGE_BYTES, Notice, ReadError, Reading};

/// The article of `page`, of which nothing is known besides.
pub(crate) fn read_page(page: &str, origin: &Origin) -> Reading {
    read_page_of(page, ReportDraft::default(), origin)
}

/// The article of `page`. What the page says of itself counts before what is `known` of it; the address counts also where
/// the page names no outlet. Its text is the headline-free body, paragraphs divided by a blank line.
pub(crate) fn read_page_of(page: &str, known: ReportDraft, origin: &Origin) -> Reading {
    let unbearable = |burden| Reading::failed(ReadError::Unbearable { origin: origin.clone(), burden });
    if let Some(burden) = burden_of_page(page) {
        return unbearable(burden);
    }
    let parsed = Html::parse_document(page);
    if is_too_deep(&parsed) {
        return unbearable(Burden::Depth);
    }
    let mut metadata = metadata_of(&parsed, known.url.as_deref());
    drop(parsed);
    let Some(blocks) = extract(page, &mut metadata) else {
        return Reading::failed(ReadError::NoArticle { origin: origin.clone() });
    };
    let mut reading = Reading::default();
    let mut draft = ReportDraft {
        given_id: known.given_id,
        outlet: metadata.outlet.or(known.outlet),
        url: metadata.url.or(known.url),
        title: metadata.title.or(known.title),
        byline: metadata.byline.or(known.byline),
        published: metadata.published.or(known.published),
        language: metadata.language.or(known.language),
        text: blocks.join("\n\n"),
        extra: known.extra,
    };
    if let (None, Some(date)) = (draft.published, metadata.unread_date) {
        let problem = format!("the page's date cannot be read: {date:?}");
        reading.notices.push(Notice { origin: origin.clone(), problem });
        draft.extra.insert("published".to_owned(), Value::String(date));
    }
    reading.reports.push(Report::new(draft, origin.clone()));
    reading
}

/// As [`extract`], for a page that was not looked at yet.
pub(crate) fn extract_checked(page: &str, metadata: &mut PageMetadata) -> Option<Vec<String>> {
    if page.len() as u64 > MAX_PAGE_BYTES || is_unbearable(page) {
        return None;
    }
    extract(page, metadata)
}

/// True if extraction cannot bear how many elements the page has, or how deeply it nests them.
pub(crate) fn is_unbearable(page: &str) -> bool {
    burden_of_page(page).is_some() || is_too_deep(&Html::parse_document(page))
}

/// The article's blocks of text without a first block that repeats the title; `None` if there are none.
fn extract(page: &str, metadata: &mut PageMetadata) -> Option<Vec<String>> {
    let options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true)
        // On the benchmark, precision .970 for .955 with the balanced setting, at a recall of .985 for .986.
        .with_focus(ExtractionFocus::FavorPrecision);
    // Pages are hostile input and the crate is large: a panic in it costs this page only.
    let extracted = catch_unwind(AssertUnwindSafe(|| trafilatura::extract(page, &options))).ok()?.ok()?;
    metadata.complete(&extracted.metadata);
    let mut blocks = blocks_of(&extracted.content_html);
    if blocks.is_empty() && !extracted.content_text.trim().is_empty() {
        blocks.push(extracted.content_text.trim().to_owned());
    }
    if blocks.len() > 1 && metadata.title.as_deref().is_some_and(|title| same_words(title, &blocks[0])) {
        blocks.remove(0);
    }
    (!blocks.is_empty()).then_some(blocks)
}

fn same_words(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters(a) == letters(b)
}
