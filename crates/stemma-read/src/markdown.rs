//! Markdown to reports.
//!
//! Front matter gives the metadata: between two lines of `---` simple `key: value` lines and lists, as YAML writes them,
//! or between two lines of `+++` simple `key = value` lines, as TOML does. The text is what a reader of the rendered page sees: paragraphs divided by a blank line, without signs
//! for headings, emphasis and links, but with the numbers of lists. A first heading of level 1 becomes the title if the
//! front matter gives none.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value};
use stemma_core::{Origin, Report, ReportDraft};

use crate::blocks::blocks_of;
use crate::{ReadError, Reading, fields};

/// The report that a Markdown text holds.
pub(crate) fn read_markdown(text: &str, origin: &Origin) -> Reading {
    let (front_matter, body) = split_front_matter(text);
    let mut reading = Reading::default();
    let mut draft = ReportDraft::default();
    fields::fill(&mut draft, front_matter, origin, &mut reading.notices);
    let (heading, blocks) = rendered(body);
    draft.text = blocks.join("\n\n");
    match heading {
        Some(heading) if draft.title.is_none() => draft.title = Some(heading),
        Some(heading) if draft.title.as_ref() != Some(&heading) => {
            draft.text = if draft.text.is_empty() { heading } else { format!("{heading}\n\n{}", draft.text) };
        }
        _ => {}
    }
    if draft.text.trim().is_empty() {
        return Reading::failed(ReadError::Blank { origin: origin.clone() });
    }
    reading.reports.push(Report::new(draft, origin.clone()));
    reading
}

/// A first heading of level 1, and the text of the rest, of Markdown that another program wrote: without front matter.
#[cfg(feature = "pdf")]
pub(crate) fn text_of(text: &str) -> (Option<String>, String) {
    let (heading, blocks) = rendered(text);
    (heading, blocks.join("\n\n"))
}

/// The fields between a first line `---` or `+++` and the next one, and what follows. No front matter: no fields, all.
fn split_front_matter(text: &str) -> (Map<String, Value>, &str) {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or("");
    let sign = match first.trim_end() {
        "---" => ':',
        "+++" => '=',
        _ => return (Map::new(), text),
    };
    let mut fields = Map::new();
    let mut at = first.len();
    for line in lines {
        at += line.len();
        let line = line.trim();
        if line == first.trim_end() || line == "..." {
            return (fields, &text[at..]);
        }
        // Deeper structure of YAML is not read: such lines have no key at their start and are passed over.
        if let Some(item) = line.strip_prefix("- ") {
            push_item(&mut fields, item.trim());
        } else if let Some((key, value)) = line.split_once(sign)
            && let key = key.trim_end()
            && !key.is_empty()
            && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
            && !value.starts_with("//")
        {
            fields.insert(key.to_owned(), scalar(value.trim()));
        }
    }
    // No closing line: the first one was a rule.
    (Map::new(), text)
}

/// Adds to the list that the last key has begun with an empty value.
fn push_item(fields: &mut Map<String, Value>, item: &str) {
    match fields.values_mut().next_back() {
        Some(Value::Array(items)) => items.push(scalar(item)),
        Some(value @ Value::Null) => *value = Value::Array(vec![scalar(item)]),
        _ => {}
    }
}

fn scalar(value: &str) -> Value {
    if let Some(list) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
        return Value::Array(items.map(|item| Value::String(unquoted(item).to_owned())).collect());
    }
    if value.is_empty() { Value::Null } else { Value::String(unquoted(value).to_owned()) }
}

fn unquoted(value: &str) -> &str {
    ['"', '\''].iter().find_map(|sign| value.strip_prefix(*sign)?.strip_suffix(*sign)).unwrap_or(value)
}

/// A first heading of level 1, and the other blocks of text, in order.
fn rendered(body: &str) -> (Option<String>, Vec<String>) {
    let mut page = Page::default();
    for event in Parser::new_ext(body, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        page.take(event);
    }
    page.finish();
    (page.heading, page.blocks)
}

#[derive(Default)]
struct Page {
    heading: Option<String>,
    blocks: Vec<String>,
    current: String,
    /// Next number of each open list; `None` for one with bullets.
    lists: Vec<Option<u64>>,
    /// Raw HTML of the block that is open.
    html: String,
}

impl Page {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.current.push_str(&text),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.current.push('\n'),
            Event::Html(html) => self.html.push_str(&html),
            Event::SoftBreak => self.current.push(' '),
            Event::HardBreak => self.current.push('\n'),
            Event::Start(Tag::Item) => self.start_item(),
            Event::Start(Tag::List(number)) => {
                self.finish();
                self.lists.push(number);
            }
            Event::End(TagEnd::List(_)) => {
                self.finish();
                self.lists.pop();
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1))
                if self.blocks.is_empty() && self.heading.is_none() =>
            {
                self.heading =
                    Some(std::mem::take(&mut self.current).trim().to_owned()).filter(|h| !h.is_empty());
            }
            Event::End(TagEnd::HtmlBlock) => {
                self.finish();
                self.blocks.extend(blocks_of(&std::mem::take(&mut self.html)));
            }
            Event::End(TagEnd::TableCell) => self.current.push(' '),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableHead
                | TagEnd::TableRow,
            )
            | Event::Rule => self.finish(),
            _ => {}
        }
    }

    fn start_item(&mut self) {
        self.finish();
        if let Some(Some(number)) = self.lists.last_mut() {
            self.current = format!("{number}. ");
            *number += 1;
        }
    }

    fn finish(&mut self) {
        let block = std::mem::take(&mut self.current);
        let block = block.trim();
        if !block.is_empty() {
            self.blocks.push(block.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(text: &str) -> String {
        let reading = read_markdown(text, &Origin::whole("x.md"));
        match reading.reports.first() {
            Some(report) => format!(
                "title: {:?}, outlet: {:?}, published: {}, byline: {:?}, extra: {}\n{}",
                report.title().unwrap_or(""),
                report.outlet().unwrap_or(""),
                report.published().map(|published| published.to_string()).unwrap_or_default(),
                report.byline().unwrap_or(""),
                Value::Object(report.extra().clone()),
                report.text()
            ),
            None => reading.failures[0].to_string(),
        }
    }

    #[test]
    fn front_matter_and_text() {
        insta::assert_snapshot!(view(
            "---\ntitle: \"Vote: today\"\noutlet: The Post\ndate: 2025-03-02\nauthor: [Ana Ruiz, Li Wei]\ntags:\n  - x\n---\n\
             # Vote: today\n\nHe **left**, [she said](https://post.example).\nThen rain.\n\n> “We *will* rebuild.”\n\n1986. A year\n"
        ), @r#"
        title: "Vote: today", outlet: "The Post", published: 2025-03-02, byline: "Ana Ruiz, Li Wei", extra: {"tags":["x"]}
        He left, she said. Then rain.

        “We will rebuild.”

        1986. A year
        "#);
    }

    #[test]
    fn no_front_matter() {
        insta::assert_snapshot!(view("# Vote\n\n## Today\n\n- one\n- two\n\n3 * 4 * 5 is snake_case_word.\n\n<p>Raw.</p>\n"), @r#"
        title: "Vote", outlet: "", published: , byline: "", extra: {}
        Today

        one

        two

        3 * 4 * 5 is snake_case_word.

        Raw.
        "#);
        insta::assert_snapshot!(view("+++\ntitle = 'Vote'\ndate = 2025-03-02\n+++\nHe left."), @r#"
        title: "Vote", outlet: "", published: 2025-03-02, byline: "", extra: {}
        He left.
        "#);
        insta::assert_snapshot!(view("---\nHe left.\n"), @r#"
        title: "", outlet: "", published: , byline: "", extra: {}
        He left.
        "#);
        insta::assert_snapshot!(view("---\ntitle: x\n---\n \n"), @"x.md: holds nothing but white space");
    }
}
