//! Reports as ninjs 2.1, the news items in JSON of the IPTC.
//!
//! One item a line, each complete in itself. What only a day is known of has no `versioncreated`, which asks for a point in
//! time. Names that were found in the text are `people`, `organisations`, `places`, `events` and `objects`; credited agencies
//! and outlets are `infosources`; the texts that a report was made from are `associations` if they are among the reports.

use serde_json::{Map, Value, json};

use super::Subject;
use crate::api::{AnnotatedReport, EntityKind, Report};

/// The schema that the items keep to.
const SCHEMA: &str = "https://iptc.org/std/ninjs/ninjs-schema_2.1.json";

/// One line for each report of each story.
pub fn ninjs(subjects: &[Subject]) -> String {
    let mut out = String::new();
    for subject in subjects {
        for (report, found) in subject.comparison.reports.iter().zip(&subject.reports) {
            out += &item(subject, report, found).to_string();
            out.push('\n');
        }
    }
    out
}

fn item(subject: &Subject, report: &Report, found: &AnnotatedReport) -> Value {
    let mut item = Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !empty {
            item.insert(key.to_owned(), value);
        }
    };
    put("uri", json!(super::urn(report)));
    put("type", json!("text"));
    put("standard", json!({"name": "ninjs", "version": "2.1", "schema": SCHEMA}));
    put("representationtype", json!("full"));
    put("versioncreated", json!(report.published.as_deref().filter(|published| published.contains('T'))));
    put("language", json!(report.language));
    put("by", json!(report.byline));
    put("headlines", report.title.iter().map(|title| json!({"role": "main", "value": title})).collect());
    let text = report.text.as_deref().unwrap_or_default();
    put(
        "bodies",
        json!([{
            "role": "main",
            "contenttype": "text/plain",
            "charcount": text.chars().count(),
            "wordcount": report.words,
            "value": text,
        }]),
    );
    put("people", named(found, &[EntityKind::Person]));
    put("organisations", named(found, &[EntityKind::Organization, EntityKind::Group]));
    put("places", named(found, &[EntityKind::Place, EntityKind::Facility]));
    put("events", named(found, &[EntityKind::Event]));
    put("objects", named(found, &[EntityKind::Product]));
    put("infosources", infosources(report, found));
    put("associations", associations(subject, report));
    put("altids", altids(subject, report));
    item.into()
}

fn named(found: &AnnotatedReport, kinds: &[EntityKind]) -> Value {
    let entities =
        found.entities.iter().filter(|entity| kinds.contains(&entity.kind) && !entity.names.is_empty());
    entities.map(|entity| json!({"name": entity.name})).collect()
}

/// The outlet, and whom the report credits; each once.
fn infosources(report: &Report, found: &AnnotatedReport) -> Value {
    let outlet = report.outlet.iter().map(|outlet| json!({"name": outlet, "role": "urn:stemma:role:outlet"}));
    let mut sources: Vec<Value> = outlet.collect();
    for credit in &found.credits {
        let role = format!("urn:stemma:role:{}", credit.kind.as_str());
        let source = json!({"name": credit.outlet, "role": role});
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources.into()
}

fn associations(subject: &Subject, report: &Report) -> Value {
    let by_id = subject.by_id();
    let edges = subject.comparison.lineage.iter().filter(|edge| edge.to == report.id);
    let origins = edges.filter_map(|edge| Some((edge, by_id.get(edge.from.as_str())?)));
    let association = |(edge, origin): (&crate::api::Edge, &&Report)| json!({"name": edge.kind.as_str(), "uri": super::urn(origin), "type": "text", "representationtype": "partial"});
    origins.map(association).collect()
}

fn altids(subject: &Subject, report: &Report) -> Value {
    let id = json!({"role": "id", "value": report.id});
    let url = report.url.iter().map(|url| json!({"role": "url", "value": url}));
    let story = json!({"role": "story", "value": subject.id});
    std::iter::once(id).chain(url).chain([story]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    /// Keys of an item that the schema knows, and whether each holds text.
    const TEXTS: [&str; 6] = ["uri", "type", "representationtype", "versioncreated", "language", "by"];
    const LISTS: [(&str, &[&str]); 10] = [
        ("headlines", &["role", "contenttype", "value"]),
        ("bodies", &["role", "contenttype", "charcount", "wordcount", "value"]),
        ("people", &["name", "rel", "uri", "literal"]),
        ("organisations", &["name", "rel", "uri", "literal"]),
        ("places", &["name", "rel", "uri", "literal"]),
        ("events", &["name", "rel", "uri", "literal"]),
        ("objects", &["name", "rel", "uri", "literal"]),
        ("infosources", &["name", "role", "uri", "literal"]),
        ("associations", &["name", "uri", "type", "representationtype"]),
        ("altids", &["role", "value"]),
    ];

    fn check(item: &Value) {
        assert!(item["uri"].as_str().unwrap().starts_with("urn:stemma:report:"));
        for (key, value) in item.as_object().unwrap() {
            if TEXTS.contains(&key.as_str()) {
                assert!(value.is_string(), "{key}");
            } else if key == "standard" {
                assert_eq!(value["version"], "2.1");
            } else {
                let (_, known) =
                    LISTS.iter().find(|(list, _)| list == key).unwrap_or_else(|| panic!("{key}"));
                for entry in value.as_array().unwrap() {
                    assert!(
                        entry.as_object().unwrap().keys().all(|inner| known.contains(&inner.as_str())),
                        "{entry}"
                    );
                }
            }
        }
        if let Some(created) = item.get("versioncreated") {
            created.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        }
    }

    #[test]
    fn a_report_as_an_item() {
        let lines = ninjs(&[testing::example("bill")]);
        let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        insta::assert_snapshot!(format!("{first:#}"));
    }

    #[test]
    fn items_keep_to_the_schema() {
        let subjects = [testing::hostile(), testing::example("summit"), testing::example("tie")];
        let lines = ninjs(&subjects);
        let items: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(items.len(), subjects.iter().map(|subject| subject.reports.len()).sum::<usize>());
        items.iter().for_each(check);
        assert!(items.iter().any(|item| item.get("associations").is_some()));
        assert!(items.iter().any(|item| item.get("versioncreated").is_some()));
    }
}
