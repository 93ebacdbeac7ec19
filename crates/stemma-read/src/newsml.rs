//! NewsML-G2 and NITF, the XML of news agencies, to reports: one `newsItem`, or `nitf`, is one report.
//!
//! The text stands in `inlineXML`, as XHTML or NITF, or in `inlineData`; an item without either, such as a picture, is passed over and
//! counted. Headline, byline, provider, language and the time of this version come from the item's metadata, or from the head of
//! a NITF text. Parsed by the `roxmltree` crate, with bounds on nodes and entities. A broken item costs no other of its message:
//! each `newsItem` of a file that is not well-formed is tried by itself.

use roxmltree::{Document, Node, ParsingOptions};
use stemma_core::{Origin, ReportDraft};

use crate::blocks::{Blocks, blocks_of, is_block};
use crate::burden::burden_of_xml;
use crate::{Notice, ReadError, Reading, brief, counted, dates};

/// Nodes of one file. Large messages have some hundred thousand.
const MAX_NODES: u32 = 4_000_000;

/// The items of a file.
pub(crate) fn read_newsml(text: &str, origin: &Origin) -> Reading {
    let mut reading = Reading::default();
    let mut n_pictures = 0;
    match parse(text) {
        Ok(document) => read_items(&document, origin, 1, &mut reading, &mut n_pictures),
        Err(problem) => {
            if !read_apart(text, origin, &mut reading, &mut n_pictures) {
                return Reading::failed(broken(origin.clone(), problem));
            }
        }
    }
    if n_pictures > 0 {
        let items = counted(n_pictures, "item holds", "items hold");
        let problem = format!("{items} no text, passed over");
        reading.notices.push(Notice { origin: origin.clone(), problem });
    }
    if reading.reports.is_empty() && reading.failures.is_empty() {
        reading.failures.push(ReadError::NoReports { origin: origin.clone() });
    }
    reading
}

fn broken(origin: Origin, problem: String) -> ReadError {
    ReadError::Markup { origin, kind: "NewsML-G2 or NITF", problem }
}

fn parse(text: &str) -> Result<Document<'_>, String> {
    if let Some(burden) = burden_of_xml(text) {
        return Err(burden.to_string());
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| brief(&error.to_string()))
}

/// Reads each item of a broken file by itself. False if there are not two.
fn read_apart(text: &str, origin: &Origin, reading: &mut Reading, n_pictures: &mut usize) -> bool {
    let starts: Vec<usize> = text
        .match_indices("<newsItem")
        .map(|(at, _)| at)
        .filter(|at| text[at + 9..].starts_with([' ', '>', '\n', '\r', '\t']))
        .collect();
    if starts.len() < 2 {
        return false;
    }
    for (n, &start) in starts.iter().enumerate() {
        let limit = starts.get(n + 1).copied().unwrap_or(text.len());
        let number = n as u64 + 1;
        const END: &str = "</newsItem>";
        let end = text[start..limit].find(END).map_or(limit, |at| start + at + END.len());
        match parse(&text[start..end]) {
            Ok(document) => read_items(&document, origin, number, reading, n_pictures),
            Err(problem) => {
                let origin = Origin { place: origin.place.clone(), item: Some(number) };
                reading.failures.push(ReadError::Record { origin, offset: start as u64, problem });
            }
        }
    }
    true
}

/// The items of a document, numbered from `first`.
fn read_items(
    document: &Document<'_>,
    origin: &Origin,
    first: u64,
    reading: &mut Reading,
    n_pictures: &mut usize,
) {
    let root = document.root_element();
    let items: Vec<Node<'_, '_>> = match name(root) {
        "nitf" | "newsItem" => vec![root],
        _ => root.descendants().filter(|node| name(*node) == "newsItem").collect(),
    };
    for (n, item) in items.into_iter().enumerate() {
        let origin = Origin { place: origin.place.clone(), item: Some(first + n as u64) };
        match draft_of(item) {
            Some(draft) => reading.append(Reading::of_draft(draft, &origin)),
            None => *n_pictures += 1,
        }
    }
}

fn name<'a>(node: Node<'a, '_>) -> &'a str {
    if node.is_element() { node.tag_name().name() } else { "" }
}

/// The report in an item, if it has text.
fn draft_of(item: Node<'_, '_>) -> Option<ReportDraft> {
    let content = first(item, "contentSet").unwrap_or(item);
    let nitf = if name(item) == "nitf" { Some(item) } else { first(content, "nitf") };
    let text = match (first(content, "inlineXML").or(nitf), first(content, "inlineData")) {
        (Some(markup), _) => {
            text_of(first(markup, "body.content").or(first(markup, "body")).unwrap_or(markup))
        }
        (None, Some(data)) => {
            let words = words_of(data);
            if words.contains("</") { blocks_of(&words).join("\n\n") } else { words.trim().to_owned() }
        }
        (None, None) => return None,
    };
    if text.trim().is_empty() {
        return None;
    }
    let (item_meta, content_meta) = (first(item, "itemMeta"), first(item, "contentMeta"));
    let of_content = |path: &[&str]| content_meta.and_then(|meta| at(meta, path));
    let in_nitf =
        |path: &[&str]| nitf.and_then(|nitf| path.iter().try_fold(nitf, |node, name| first(node, name)));
    let line = |node: Option<Node<'_, '_>>| node.map(line_of).filter(|line| !line.is_empty());
    let title = line(of_content(&["headline"])).or_else(|| line(in_nitf(&["hedline", "hl1"])));
    let title = title.or_else(|| line(in_nitf(&["head", "title"])));
    let byline = line(of_content(&["by"])).or_else(|| line(of_content(&["creator", "name"])));
    let byline = byline.or_else(|| line(in_nitf(&["byline"])));
    let provider = item_meta.and_then(|meta| at(meta, &["provider"]));
    let outlet = line(provider.and_then(|provider| at(provider, &["name"])))
        .or_else(|| line(of_content(&["infoSource", "name"])))
        .or_else(|| provider.and_then(|provider| attribute(provider, &["literal", "uri", "qcode"])));
    let dated = [
        item_meta.and_then(|meta| at(meta, &["versionCreated"])).map(line_of),
        item_meta.and_then(|meta| at(meta, &["firstCreated"])).map(line_of),
        of_content(&["contentCreated"]).map(line_of),
        in_nitf(&["pubdata"]).and_then(|node| attribute(node, &["date.publication"])),
        in_nitf(&["date.issue"]).and_then(|node| attribute(node, &["norm"])),
    ];
    let language = of_content(&["language"]).and_then(|node| attribute(node, &["tag"]));
    let language = language
        .or_else(|| item.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).map(str::to_owned));
    let id = attribute(item, &["guid"])
        .or_else(|| in_nitf(&["doc-id"]).and_then(|node| attribute(node, &["id-string"])));
    let link =
        item.descendants().filter(|node| name(*node) == "link").find_map(|node| attribute(node, &["href"]));
    Some(ReportDraft {
        url: id.clone().into_iter().chain(link).find(|url| url.starts_with("http")),
        given_id: id,
        outlet,
        title,
        byline: byline.map(|byline| byline.trim_start_matches("By ").to_owned()),
        published: dated.into_iter().flatten().find_map(|text| dates::parse(&text)),
        language,
        text,
        ..ReportDraft::default()
    })
}

/// The first element of this name below `node`.
fn first<'a, 'i>(node: Node<'a, 'i>, wanted: &str) -> Option<Node<'a, 'i>> {
    node.descendants().skip(1).find(|inner| name(*inner) == wanted)
}

/// The first element at a path of children.
fn at<'a, 'i>(node: Node<'a, 'i>, path: &[&str]) -> Option<Node<'a, 'i>> {
    path.iter().try_fold(node, |node, wanted| node.children().find(|child| name(*child) == *wanted))
}

fn attribute(node: Node<'_, '_>, names: &[&str]) -> Option<String> {
    names
        .iter()
        .filter_map(|name| node.attribute(*name))
        .map(str::trim)
        .find(|text| !text.is_empty())
        .map(str::to_owned)
}

/// All words below a node.
fn words_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(|inner| inner.is_text()).filter_map(|inner| inner.text()).collect()
}

fn line_of(node: Node<'_, '_>) -> String {
    words_of(node).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Paragraphs below a node, divided by a blank line. A stack instead of recursion, as in [`crate::blocks`].
fn text_of(node: Node<'_, '_>) -> String {
    enum Step<'a, 'i> {
        Enter(Node<'a, 'i>),
        Leave,
    }
    let mut blocks = Blocks::default();
    let mut stack = vec![Step::Enter(node)];
    while let Some(step) = stack.pop() {
        match step {
            Step::Leave => blocks.finish(),
            Step::Enter(node) if node.is_text() => blocks.push_text(node.text().unwrap_or_default()),
            Step::Enter(node) => match name(node) {
                "" | "head" | "body.head" | "body.end" | "media" | "script" | "style" | "tobject" => {}
                "br" => blocks.push_break(),
                tag => {
                    if is_block(tag)
                        || matches!(tag, "block" | "hl1" | "hl2" | "body.content" | "note" | "inlineXML")
                    {
                        blocks.finish();
                        stack.push(Step::Leave);
                    }
                    let at = stack.len();
                    stack.extend(node.children().map(Step::Enter));
                    stack[at..].reverse();
                }
            },
        }
    }
    blocks.finish();
    blocks.into_blocks().join("\n\n")
}
