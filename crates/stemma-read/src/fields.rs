//! Named fields to the parts of a report: a JSON object, or the front matter of a Markdown file.
//!
//! | part | names, the first that is there wins |
//! | --- | --- |
//! | text | `text`, `articleBody`, `body` |
//! | id | `id` |
//! | outlet | `outlet`, `publisher`, `source`, `siteName` |
//! | title | `title`, `headline` |
//! | published | `published`, `date`, `datePublished`, `published_at`, `publishedAt` |
//! | address | `url`, `link` |
//! | byline | `byline`, `author`, `authors` |
//! | language | `language`, `lang`, `inLanguage` |
//!
//! Every other field, and every one whose value has no use, stays in [`ReportDraft::extra`] as it was.

use serde_json::{Map, Value};
use stemma_core::{Origin, Published, ReportDraft};

use crate::{Notice, ReadError, ReadOptions, dates};

const TEXT: [&str; 3] = ["text", "articleBody", "body"];
const OUTLET: [&str; 4] = ["outlet", "publisher", "source", "siteName"];
const TITLE: [&str; 2] = ["title", "headline"];
const PUBLISHED: [&str; 5] = ["published", "date", "datePublished", "published_at", "publishedAt"];
const URL: [&str; 2] = ["url", "link"];
const BYLINE: [&str; 3] = ["byline", "author", "authors"];
const LANGUAGE: [&str; 3] = ["language", "lang", "inLanguage"];

/// The report that `value` describes.
pub(crate) fn report_of_value(
    value: Value,
    origin: &Origin,
    _options: &ReadOptions,
    notices: &mut Vec<Notice>,
) -> Result<ReportDraft, ReadError> {
    let Value::Object(mut fields) = value else {
        return Err(ReadError::NotAnObject { origin: origin.clone(), found: kind_of(&value) });
    };
    let Some(text) = take_string(&mut fields, &TEXT) else {
        let names: Vec<String> = fields.keys().take(12).map(|name| format!("`{name}`")).collect();
        let fields = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        return Err(ReadError::NoText { origin: origin.clone(), fields });
    };
    if text.trim().is_empty() {
        return Err(ReadError::Blank { origin: origin.clone() });
    }
    let mut draft = ReportDraft { text, ..ReportDraft::default() };
    fill(&mut draft, fields, origin, notices);
    Ok(draft)
}

/// Moves what is known of `fields` to its place in `draft`, and the rest to `extra`.
pub(crate) fn fill(
    draft: &mut ReportDraft,
    mut fields: Map<String, Value>,
    origin: &Origin,
    notices: &mut Vec<Notice>,
) {
    draft.given_id = take(&mut fields, &["id"], text_of);
    draft.outlet = take(&mut fields, &OUTLET, names_of);
    draft.title = take(&mut fields, &TITLE, text_of);
    draft.url = take(&mut fields, &URL, text_of);
    draft.byline = take(&mut fields, &BYLINE, names_of);
    draft.language = take(&mut fields, &LANGUAGE, names_of);
    draft.published = take(&mut fields, &PUBLISHED, published_of);
    if draft.published.is_none()
        && let Some((name, value)) = PUBLISHED.iter().find_map(|name| Some((name, fields.get(*name)?)))
        && !is_missing(value)
    {
        let problem = format!("`{name}` is not a date that can be read: {}", shortened(value));
        notices.push(Notice { origin: origin.clone(), problem });
    }
    draft.extra = fields;
}

/// Takes the first of `names` for which `convert` gives something out of the map.
fn take<T>(
    fields: &mut Map<String, Value>,
    names: &[&str],
    convert: impl Fn(&Value) -> Option<T>,
) -> Option<T> {
    let (name, found) = names.iter().find_map(|name| Some((name, convert(fields.get(*name)?)?)))?;
    fields.shift_remove(*name);
    Some(found)
}

/// As [`take`] for strings, without a copy: texts are long.
fn take_string(fields: &mut Map<String, Value>, names: &[&str]) -> Option<String> {
    let name = names.iter().find(|name| fields.get(**name).is_some_and(Value::is_string))?;
    match fields.shift_remove(*name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn is_missing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// A string that is not blank, or a number as text.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
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
    let shown = value.to_string();
    if shown.chars().count() <= 40 { shown } else { shown.chars().take(39).chain(['…']).collect() }
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
        insta::assert_snapshot!(view(json!({"content": "x", "text": 5})),
            @"x.json: no `text` in this report; its fields are `content`, `text`");
        insta::assert_snapshot!(view(json!("He left.")), @"x.json: a report must be a JSON object, this is a string");
        insta::assert_snapshot!(view(json!({"text": " \n"})), @"x.json: holds nothing but white space");
    }
}
