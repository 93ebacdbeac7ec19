//! ninjs, the IPTC's news in JSON, to reports: versions 1, 2 and 3.
//!
//! Version 1 names its texts `headline`, `body_text`, `body_xhtml` and so on; versions 2 and 3 have lists, `headlines` and `bodies`, whose
//! entries have a `role` and a `contenttype`. Of several, the main one counts, and of bodies the plain one before markup. The outlet is
//! the first of `infosources`, the address what `altids` calls one, or a `uri` of the web. Everything else stays in the other fields.

use serde_json::{Map, Value};
use stemma_core::{Origin, ReportDraft};

use crate::blocks::blocks_of;
use crate::fields::{names_of, published_of};
use crate::{Notice, ReadError, brief};

/// True for an item of ninjs.
pub(crate) fn is_item(fields: &Map<String, Value>) -> bool {
    let standard = fields.get("standard").and_then(|standard| standard.get("name")).and_then(Value::as_str);
    let lists = ["bodies", "headlines"].iter().any(|name| fields.get(*name).is_some_and(Value::is_array));
    let body = fields.keys().any(|name| name.starts_with("body_"));
    let of_version = ["versioncreated", "firstcreated", "pubstatus", "representationtype", "profile"];
    standard == Some("ninjs")
        || fields.contains_key("uri")
            && (lists || body)
            && of_version.iter().any(|name| fields.contains_key(*name))
}

/// The report in an item; nothing, with a notice, if the item is no text.
pub(crate) fn report_of_item(
    mut fields: Map<String, Value>,
    origin: &Origin,
    notices: &mut Vec<Notice>,
) -> Result<Option<ReportDraft>, ReadError> {
    let kind = fields.get("type").and_then(Value::as_str).unwrap_or("text").to_ascii_lowercase();
    let Some(text) = take_body(&mut fields) else {
        if kind == "text" {
            let names: Vec<String> =
                fields.keys().take(12).map(|name| format!("`{}`", brief(name))).collect();
            return Err(ReadError::NoText { origin: origin.clone(), fields: names.join(", ") });
        }
        let kind: String = kind.chars().filter(|c| !c.is_control()).take(40).collect();
        let problem = format!("an item of the type {kind:?} without text was passed over");
        notices.push(Notice { origin: origin.clone(), problem });
        return Ok(None);
    };
    let mut take = |names: &[&str]| {
        names.iter().find_map(|name| {
            let text = names_of(fields.get(*name)?)?;
            fields.shift_remove(*name);
            Some(text)
        })
    };
    let mut draft = ReportDraft {
        text,
        byline: take(&["byline", "by"]),
        language: take(&["language"]),
        title: take(&["headline"]),
        ..ReportDraft::default()
    };
    draft.byline = draft.byline.map(|byline| byline.trim_start_matches("By ").to_owned());
    let uri = take(&["uri"]);
    draft.title = draft
        .title
        .or_else(|| take_listed(&mut fields, "headlines"))
        .map(|title| blocks_of(&title).join(" "));
    draft.title = draft.title.or_else(|| take_suffixed(&mut fields, "headline_"));
    draft.outlet = ["infosources", "infosource", "creditline", "copyrightholder"]
        .iter()
        .find_map(|name| first_name(fields.get(*name)?));
    let altid = |role: &str| {
        let ids = fields.get("altids")?;
        let listed = ids.as_array().into_iter().flatten();
        let listed = listed.filter(|id| id.get("role").and_then(Value::as_str) == Some(role));
        let named = ids.get(role).and_then(Value::as_str).map(str::to_owned);
        listed.filter_map(|id| id.get("value")?.as_str()).map(str::to_owned).next().or(named)
    };
    draft.url = altid("url").into_iter().chain(uri.clone()).find(|uri| uri.starts_with("http"));
    draft.given_id = altid("id").or(uri);
    draft.published = ["versioncreated", "firstcreated", "contentcreated"]
        .iter()
        .find_map(|name| published_of(fields.get(*name)?));
    draft.extra = fields;
    Ok(Some(draft))
}

/// The text of the body, and takes it out of the fields.
fn take_body(fields: &mut Map<String, Value>) -> Option<String> {
    if let Some(text) = take_listed(fields, "bodies") {
        return Some(text);
    }
    take_suffixed(fields, "body_")
}

/// The first filled of the fields that begin with `prefix`, a plain one before markup.
fn take_suffixed(fields: &mut Map<String, Value>, prefix: &str) -> Option<String> {
    let filled = |name: &String| fields[name].as_str().is_some_and(|text| !text.trim().is_empty());
    let mut names: Vec<String> =
        fields.keys().filter(|name| name.starts_with(prefix)).filter(|name| filled(name)).cloned().collect();
    names.sort_by_key(|name| !name.ends_with("_text"));
    let name = names.into_iter().next()?;
    let text = fields.shift_remove(&name)?.as_str()?.to_owned();
    readable(&text, name.ends_with("_text"))
}

/// The main entry of a list of texts, and takes the list out of the fields.
fn take_listed(fields: &mut Map<String, Value>, name: &str) -> Option<String> {
    let entries = fields.get(name)?.as_array()?;
    let rank = |entry: &&Value| {
        let part = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or("").to_ascii_lowercase();
        let plain = matches!(part("contenttype").as_str(), "" | "text/plain");
        (!part("role").contains("main"), !plain)
    };
    let value = |entry: &&Value| {
        entry.get("value").and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
    };
    let best = entries.iter().filter(value).min_by_key(rank)?;
    let plain = best.get("contenttype").and_then(Value::as_str).unwrap_or("text/plain") == "text/plain";
    let text = readable(best.get("value")?.as_str()?, plain)?;
    fields.shift_remove(name);
    Some(text)
}

/// Plain text as it stands; markup as paragraphs.
fn readable(text: &str, plain: bool) -> Option<String> {
    let text = if plain && !text.contains("</") { text.to_owned() } else { blocks_of(text).join("\n\n") };
    (!text.trim().is_empty()).then_some(text)
}

fn first_name(value: &Value) -> Option<String> {
    match value {
        Value::Array(values) => values.iter().find_map(first_name),
        value => names_of(value),
    }
}
