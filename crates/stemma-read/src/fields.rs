//! Named fields to the parts of a report: a JSON object, a row of a table, or the front matter of a Markdown file.
//!
//! Case, spaces, `_` and `-` in names do not count. The first name that is there and holds something wins:
//!
//! | part | names |
//! | --- | --- |
//! | text | `text`, `articleBody`, `body`, and those of crawlers and news services: see [`TEXT`] |
//! | markup | `html`, `body_html` …: an article in HTML, or a whole page; counts where there is no text |
//! | id | `id` |
//! | outlet | `outlet`, `publisher`, `source`, `siteName` …; not if it is an address |
//! | title | `title`, `headline` |
//! | published | `published`, `date`, `datePublished`, `published_at` … |
//! | address | `url`, `link` …, or a `source` that is one |
//! | byline | `byline`, `author`, `authors`, `creator` |
//! | language | `language`, `lang`, `inLanguage` … |
//!
//! The names are those of the contract first, then those that trafilatura, fundus, newspaper4k, news-please, CC-NEWS, NewsAPI, GDELT and
//! the Guardian write. A [`ColumnMap`](crate::ColumnMap) counts before all names. Every other field, and every one whose value has no use,
//! stays in [`ReportDraft::extra`] as it was.

use serde_json::{Map, Value};
use stemma_core::{Origin, Published, ReportDraft};

use crate::blocks::blocks_of;
use crate::columns::Part;
use crate::metadata::PageMetadata;
use crate::{Notice, ReadError, ReadOptions, dates, page};

/// `maintext` before `text`: what news-please writes has both, and the article is under the former; its older versions have `text` alone.
const TEXT: [&str; 13] = [
    "maintext",
    "text",
    "articlebody",
    "body",
    "bodytext",
    "plaintext",
    "fulltext",
    "articletext",
    "rawtext",
    "content",
    "cleanedtext",
    "storybody",
    "article",
];
const MARKUP: [&str; 6] = ["bodyhtml", "contenthtml", "articlehtml", "bodyxhtml", "html", "rawhtml"];
const OUTLET: [&str; 16] = [
    "outlet",
    "publisher",
    "source",
    "sitename",
    "sourcehostname",
    "metasitename",
    "sourcename",
    "publication",
    "newspaper",
    "mediumname",
    "medianame",
    "medium",
    "sourcedomain",
    "hostname",
    "domain",
    "host",
];
const TITLE: [&str; 6] = ["title", "headline", "webtitle", "titlepage", "articletitle", "pagetitle"];
const PUBLISHED: [&str; 13] = [
    "published",
    "date",
    "datepublished",
    "publishedat",
    "publishdate",
    "datepublish",
    "publishingdate",
    "pubdate",
    "publicationdate",
    "publisheddate",
    "webpublicationdate",
    "seendate",
    "publishtime",
];
const URL: [&str; 9] = [
    "url",
    "link",
    "weburl",
    "canonicalurl",
    "canonicallink",
    "articleurl",
    "sourceurl",
    "documentidentifier",
    "permalink",
];
const BYLINE: [&str; 6] = ["byline", "author", "authors", "creator", "authorname", "articleauthor"];
const LANGUAGE: [&str; 6] = ["language", "lang", "inlanguage", "metalang", "languagecode", "articlelanguage"];

fn names_of_part(part: Part) -> &'static [&'static str] {
    match part {
        Part::Text => &TEXT,
        Part::Id => &["id"],
        Part::Outlet => &OUTLET,
        Part::Title => &TITLE,
        Part::Published => &PUBLISHED,
        Part::Url => &URL,
        Part::Byline => &BYLINE,
        Part::Language => &LANGUAGE,
    }
}

/// The part that a field of this name holds.
pub(crate) fn part_of(name: &str) -> Option<Part> {
    let name = simple(name);
    let known = |part: &Part| names_of_part(*part).contains(&name.as_str());
    Part::ALL.iter().map(|(part, _)| *part).find(known)
}

/// True if the name is one for an article in HTML.
pub(crate) fn is_markup(name: &str) -> bool {
    MARKUP.contains(&simple(name).as_str())
}

/// `publishedat` of `Published At`.
fn simple(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The report that `value` describes.
pub(crate) fn report_of_value(
    value: Value,
    origin: &Origin,
    options: &ReadOptions,
    notices: &mut Vec<Notice>,
) -> Result<ReportDraft, ReadError> {
    let Value::Object(fields) = value else {
        return Err(ReadError::NotAnObject { origin: origin.clone(), found: kind_of(&value) });
    };
    let mut fields = Fields::new(fields, options);
    let Some(text) = fields.take_text() else {
        return fields.without_text(origin, notices);
    };
    if is_missing_text(&text) {
        return Err(ReadError::Blank { origin: origin.clone() });
    }
    let mut draft = ReportDraft { text, ..ReportDraft::default() };
    fields.fill(&mut draft, origin, notices);
    Ok(draft)
}

/// Moves what is known of `fields` to its place in `draft`, and the rest to `extra`.
pub(crate) fn fill(
    draft: &mut ReportDraft,
    fields: Map<String, Value>,
    origin: &Origin,
    notices: &mut Vec<Notice>,
) {
    Fields::new(fields, &ReadOptions::default()).fill(draft, origin, notices);
}

/// True for an object that tells of an article without its text: a title and an address.
pub(crate) fn is_address_only(fields: &Map<String, Value>, options: &ReadOptions) -> bool {
    let fields = Fields { map: fields.clone(), names: simple_names(fields), options };
    fields.find(Part::Text, |value| Some(value.is_string() || value.is_object())).is_none()
        && MARKUP.iter().all(|name| fields.named(name).next().is_none())
        && fields.find(Part::Url, address_of).is_some()
}

fn simple_names(map: &Map<String, Value>) -> Vec<(String, String)> {
    map.keys().map(|key| (simple(key), key.clone())).collect()
}

/// The fields of one report, of which some are taken.
struct Fields<'o> {
    map: Map<String, Value>,
    /// Simple name and name of each field, in order.
    names: Vec<(String, String)>,
    options: &'o ReadOptions,
}

impl<'o> Fields<'o> {
    fn new(map: Map<String, Value>, options: &'o ReadOptions) -> Self {
        Self { names: simple_names(&map), map, options }
    }

    /// Names of the fields whose simple name is this one.
    fn named<'f>(&'f self, simple: &'f str) -> impl Iterator<Item = &'f str> {
        self.names.iter().filter(move |(known, _)| known == simple).map(|(_, name)| name.as_str())
    }

    /// The first field for `part` of which `convert` makes something. The name is none where it is a path into a field.
    fn find<T>(&self, part: Part, convert: impl Fn(&Value) -> Option<T>) -> Option<(Option<String>, T)> {
        let columns = self.options.columns.iter().flat_map(|map| map.columns(part));
        let mapped = columns.filter_map(|column| match self.map.get(column) {
            Some(value) => Some((Some(column), value)),
            None => Some((None, at_path(&self.map, column)?)),
        });
        let names = names_of_part(part).iter().flat_map(|name| self.named(name));
        let named = names.filter_map(|name| Some((Some(name), self.map.get(name)?)));
        mapped.chain(named).find_map(|(name, value)| Some((name.map(str::to_owned), convert(value)?)))
    }

    fn take<T>(&mut self, part: Part, convert: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let (name, found) = self.find(part, convert)?;
        if let Some(name) = name {
            self.map.shift_remove(&name);
        }
        Some(found)
    }

    /// The text, without a copy where it is a string: texts are long.
    fn take_text(&mut self) -> Option<String> {
        let is_text = |value: &Value| match value {
            Value::String(text) if !is_missing_text(text) => Some(()),
            _ => body_of(value).map(|_| ()),
        };
        let found = self.find(Part::Text, is_text);
        let blank = || self.find(Part::Text, |value| value.is_string().then_some(()));
        let name = match found {
            Some((Some(name), ())) => name,
            Some((None, ())) => {
                return self
                    .find(Part::Text, |value| value.as_str().map(str::to_owned))
                    .map(|(_, text)| text);
            }
            None if self.has_markup() => return None,
            None => blank()?.0?,
        };
        match self.map.shift_remove(&name) {
            Some(Value::String(text)) => Some(text),
            Some(value) => body_of(&value),
            None => None,
        }
    }

    fn has_markup(&self) -> bool {
        self.markup().is_some()
    }

    fn markup(&self) -> Option<&str> {
        let filled = |name: &&str| {
            self.map.get(*name).and_then(Value::as_str).is_some_and(|text| !is_missing_text(text))
        };
        MARKUP.iter().flat_map(|name| self.named(name)).find(filled)
    }

    /// The report whose text stands in a field of HTML.
    fn without_text(mut self, origin: &Origin, notices: &mut Vec<Notice>) -> Result<ReportDraft, ReadError> {
        let Some(name) = self.markup().map(str::to_owned) else {
            let names: Vec<String> =
                self.map.keys().take(12).map(|name| format!("`{}`", shortened_name(name))).collect();
            let fields = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(ReadError::NoText { origin: origin.clone(), fields });
        };
        let Some(Value::String(markup)) = self.map.shift_remove(&name) else {
            return Err(ReadError::NoText { origin: origin.clone(), fields: format!("`{name}`") });
        };
        let mut draft = ReportDraft::default();
        self.fill(&mut draft, origin, notices);
        draft.text =
            text_of_markup(&markup).ok_or_else(|| ReadError::NoArticle { origin: origin.clone() })?;
        Ok(draft)
    }

    fn fill(mut self, draft: &mut ReportDraft, origin: &Origin, notices: &mut Vec<Notice>) {
        draft.given_id = self.take(Part::Id, text_of);
        draft.outlet = self.take(Part::Outlet, outlet_of);
        draft.title = self.take(Part::Title, text_of);
        draft.url = self.take(Part::Url, address_of);
        if draft.url.is_none() {
            // trafilatura and others call the address `source`.
            draft.url = self.take(Part::Outlet, |value| text_of(value).filter(|text| is_address(text)));
        }
        draft.byline = self.take(Part::Byline, byline_of);
        draft.language = self.take(Part::Language, names_of);
        draft.published = self.take(Part::Published, published_of);
        if draft.published.is_none()
            && let Some((name, shown)) =
                self.find(Part::Published, |value| (!is_missing(value)).then(|| shortened(value)))
        {
            let name = name.unwrap_or_else(|| Part::Published.name().to_owned());
            let problem = format!("`{}` is not a date that can be read: {shown}", shortened_name(&name));
            notices.push(Notice { origin: origin.clone(), problem });
        }
        draft.extra = self.map;
    }
}

/// The value at `fields.body`.
fn at_path<'v>(map: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    let mut names = path.split('.');
    let first = map.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// The text of a body in parts, as fundus writes it: `summary` and `sections` of `headline` and `paragraphs`; or of a list of paragraphs.
fn body_of(value: &Value) -> Option<String> {
    let mut blocks = Vec::new();
    match value {
        Value::Array(_) => collect_strings(value, &mut blocks),
        Value::Object(fields) => {
            fields.get("summary").into_iter().for_each(|summary| collect_strings(summary, &mut blocks));
            for section in fields.get("sections")?.as_array()? {
                ["headline", "paragraphs"].iter().filter_map(|name| section.get(name)).for_each(|part| {
                    collect_strings(part, &mut blocks);
                });
            }
        }
        _ => return None,
    }
    (!blocks.is_empty()).then(|| blocks.join("\n\n"))
}

fn collect_strings(value: &Value, blocks: &mut Vec<String>) {
    let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let texts = values.iter().filter_map(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    blocks.extend(texts.map(str::to_owned));
}

/// The article in a field of HTML: of a whole page what extraction finds, of a fragment all of it.
fn text_of_markup(markup: &str) -> Option<String> {
    let head = markup[..markup.floor_char_boundary(2048.min(markup.len()))].to_ascii_lowercase();
    let blocks = if head.contains("<html") || head.contains("<body") || head.contains("<!doctype") {
        page::extract_checked(markup, &mut PageMetadata::default())?
    } else {
        blocks_of(markup)
    };
    (!blocks.is_empty()).then(|| blocks.join("\n\n"))
}

fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn address_of(value: &Value) -> Option<String> {
    // A title that is a link, and other things that are called so, are none.
    text_of(value).filter(|text| !text.contains(char::is_whitespace))
}

fn outlet_of(value: &Value) -> Option<String> {
    names_of(value).filter(|name| !is_address(name))
}

/// As [`names_of`]; several in one string come apart by commas, also where a program has written a list of Python.
fn byline_of(value: &Value) -> Option<String> {
    let names = names_of(value)?;
    let list = names.strip_prefix('[').and_then(|names| names.strip_suffix(']'));
    let names = match list {
        Some(list) => {
            let parts = list.split(',').map(|name| name.trim().trim_matches(['\'', '"']).trim());
            parts.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
        }
        None => names.replace("; ", ", "),
    };
    (!names.is_empty()).then_some(names)
}

/// True for what programs write in place of nothing.
fn is_missing_text(text: &str) -> bool {
    matches!(text.trim(), "" | "None" | "null" | "NULL" | "nan" | "NaN" | "NaT" | "N/A")
}

fn is_missing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(is_missing_text)
}

/// A string that is not blank, or a number as text.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !is_missing_text(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A name; an object's `name`; or several of these, joined by commas.
pub(crate) fn names_of(value: &Value) -> Option<String> {
    match value {
        Value::String(_) => text_of(value),
        Value::Object(fields) => fields.get("name").and_then(names_of),
        Value::Array(values) => {
            let mut names: Vec<String> = values.iter().filter_map(name_of).collect();
            names.dedup();
            (!names.is_empty()).then(|| names.join(", "))
        }
        _ => None,
    }
}

fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => fields.get("name").and_then(text_of),
        _ => text_of(value),
    }
}

pub(crate) fn published_of(value: &Value) -> Option<Published> {
    match value {
        Value::String(text) => dates::parse(text),
        Value::Number(number) => dates::from_number(number.as_f64()?),
        _ => None,
    }
}

/// What kind of JSON value it is, with its article.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn shortened(value: &Value) -> String {
    shortened_name(&value.to_string())
}

fn shortened_name(name: &str) -> String {
    let name: String = name.chars().take(41).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if name.chars().count() <= 40 { name } else { name.chars().take(39).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Each part on a line of its own, then what was left over, then the notices.
    fn view(value: Value) -> String {
        let mut notices = Vec::new();
        let origin = Origin::whole("x.json");
        let draft = match report_of_value(value, &origin, &ReadOptions::default(), &mut notices) {
            Ok(draft) => draft,
            Err(error) => return error.to_string(),
        };
        let shown = |name: &str, part: &Option<String>| part.as_ref().map(|part| format!("{name}: {part}\n"));
        let parts = [
            shown("id", &draft.given_id),
            shown("outlet", &draft.outlet),
            shown("title", &draft.title),
            shown("published", &draft.published.map(|published| published.to_string())),
            shown("url", &draft.url),
            shown("byline", &draft.byline),
            shown("language", &draft.language),
            Some(format!("text: {}\nextra: {}", draft.text, Value::Object(draft.extra))),
        ];
        let notices = notices.iter().map(|notice| format!("\n{notice}"));
        parts.into_iter().flatten().chain(notices).collect()
    }

    #[test]
    fn names_of_the_contract() {
        let report = json!({"id": 7, "outlet": "The Post", "title": "Vote", "published": "2025-03-02",
            "url": "https://post.example/a", "byline": "Ana Ruiz", "language": "en", "text": "He left.", "topic": "vote"});
        insta::assert_snapshot!(view(report), @r#"
        id: 7
        outlet: The Post
        title: Vote
        published: 2025-03-02
        url: https://post.example/a
        byline: Ana Ruiz
        language: en
        text: He left.
        extra: {"topic":"vote"}
        "#);
    }

    #[test]
    fn other_names_objects_and_lists() {
        let report = json!({"id": "a", "source": {"id": null, "name": "The Post"}, "headline": "Vote",
            "datePublished": 1_740_909_600, "authors": [{"name": "Ana Ruiz"}, "Li Wei"], "articleBody": "He left."});
        insta::assert_snapshot!(view(report), @r"
        id: a
        outlet: The Post
        title: Vote
        published: 2025-03-02T10:00:00+00:00
        byline: Ana Ruiz, Li Wei
        text: He left.
        extra: {}
        ");
    }

    #[test]
    fn what_has_no_use_is_kept() {
        let report = json!({"text": "He left.", "title": null, "outlet": {"id": 3}, "source": "Wire",
            "publisher": "  ", "published": "the other day", "author": []});
        insta::assert_snapshot!(view(report), @r#"
        outlet: Wire
        text: He left.
        extra: {"title":null,"outlet":{"id":3},"publisher":"  ","published":"the other day","author":[]}
        x.json: `published` is not a date that can be read: "the other day"
        "#);
    }

    #[test]
    fn no_report() {
        insta::assert_snapshot!(view(json!({"summary": "x", "text": 5})),
            @"x.json: no `text` in this report; its fields are `summary`, `text`");
        insta::assert_snapshot!(view(json!("He left.")), @"x.json: a report must be a JSON object, this is a string");
        insta::assert_snapshot!(view(json!({"text": " \n"})), @"x.json: holds nothing but white space");
    }
}
