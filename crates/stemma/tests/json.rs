//! The JSON that leaves the program, and its schemas in `schema/`.

mod common;

use std::path::PathBuf;

use serde_json::Value;
use stemma::api::{self, Options, Texts};
use stemma::{Engine, OffsetUnit};

fn json(options: &Options) -> Value {
    let (story, comparison) = common::fixture();
    serde_json::to_value(api::comparison(&story, &comparison, options)).unwrap()
}

/// What is wrong with `value` by `schema`.
fn faults(schema: &schemars::Schema, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(schema.as_value(), schema.as_value(), value, "", &mut faults);
    faults
}

/// Adds what is wrong with `value` by `schema`, which is a part of `root`. Knows the keywords of our schemas, and
/// refuses others.
fn check(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else { return };
    for (keyword, rule) in schema {
        let list = || rule.as_array().unwrap().iter();
        match keyword.as_str() {
            "$schema" | "title" | "description" | "$defs" | "format" | "default" => {}
            "$ref" => check(root, root.pointer(&rule.as_str().unwrap()[1..]).unwrap(), value, at, faults),
            "type" => {
                let fits = |name: &Value| match name.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "integer" => value.is_u64() || value.is_i64(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("type {other} is not known"),
                };
                if !rule.as_array().map_or_else(|| fits(rule), |names| names.iter().any(fits)) {
                    faults.push(format!("{at}: {value} is not of type {rule}"));
                }
            }
            "const" if rule != value => faults.push(format!("{at}: {value} is not {rule}")),
            "const" => {}
            "minimum" if value.as_f64() < rule.as_f64() && value.is_number() => {
                faults.push(format!("{at}: {value} is below {rule}"));
            }
            "minItems" | "maxItems" => {
                let n_items = value.as_array().map_or(0, Vec::len) as u64;
                if (n_items < rule.as_u64().unwrap()) == (keyword == "minItems") && rule != n_items {
                    faults.push(format!("{at}: {n_items} items, {keyword} {rule}"));
                }
            }
            "minimum" | "maximum" => {}
            "oneOf" | "anyOf" => {
                let fits = |option: &&Value| {
                    let mut inner = Vec::new();
                    check(root, option, value, at, &mut inner);
                    inner.is_empty()
                };
                let n_options = list().filter(fits).count();
                if n_options == 0 || (keyword == "oneOf" && n_options > 1) {
                    faults.push(format!("{at}: {value} fits {n_options} options"));
                }
            }
            "required" => {
                let missing = list().filter(|name| value.get(name.as_str().unwrap()).is_none());
                faults.extend(missing.map(|name| format!("{at}: {name} is missing")));
            }
            "properties" => {
                for (name, inner) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        check(root, inner, value, &format!("{at}/{name}"), faults);
                    }
                }
                let unknown = value.as_object().unwrap().keys().filter(|name| rule.get(*name).is_none());
                faults.extend(unknown.map(|name| format!("{at}: {name} is not in the schema")));
            }
            "additionalProperties" => {
                let others = value.as_object().unwrap().values();
                others.for_each(|value| check(root, rule, value, at, faults));
            }
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items.for_each(|(n, item)| check(root, rule, item, &format!("{at}/{n}"), faults));
            }
            other => panic!("keyword {other} is not known"),
        }
    }
}

#[test]
fn comparison_as_json() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&json(&Options::default())).unwrap());
}

#[test]
fn output_keeps_to_the_schemas() {
    let value = json(&Options { texts: Texts::All, ..Options::default() });
    assert_eq!(faults(&api::compare_schema(), &value), [""; 0]);
    let mut broken = value;
    broken["utterances"][0]["divergences"][0]["kind"] = "worded".into();
    broken["schema_version"] = "one".into();
    broken["facts"][0].as_object_mut().unwrap().remove("cells");
    insta::assert_snapshot!(faults(&api::compare_schema(), &broken).join("\n"), @r#"
    /schema_version: "one" is not of type "integer"
    /utterances/0/divergences/0/kind: "worded" fits 0 options
    /facts/0: "cells" is missing
    "#);

    let reports = vec![stemma::Report::of_text(
        "PORTO, May 3 (Atlantic Wire) — “We won’t pay 3 million,” Ana Lima said on Friday.",
    )];
    let document = Engine::load().annotate(reports, 1).remove(0);
    let line = serde_json::to_value(api::annotated_report(&document, &Options::default())).unwrap();
    assert_eq!(faults(&api::annotate_schema(), &line), [""; 0]);
}

#[test]
fn versions_and_duplicates_keep_to_their_schemas() {
    let old = "Two people died when the bridge at Lom fell on Sunday after a week of rain, police said. The school will \
        open on Monday, and ferries carry people over the river.";
    let report = |title: &str, text: String| {
        let draft = stemma::ReportDraft {
            title: Some(title.into()),
            url: Some("post.example/bridge".into()),
            text,
            ..Default::default()
        };
        stemma::Report::new(draft, stemma_core::Origin::whole("-"))
    };
    let engine = Engine::load();
    let reports = vec![
        report("Ünder water", old.to_owned()),
        report("Bridge falls", old.replace("Two", "Drei – three")),
    ];
    let documents = engine.annotate(reports, 1);
    let options = Options { texts: Texts::All, ..Options::default() };
    let versions =
        serde_json::to_value(api::versions(&documents, &engine.versions(&documents)[0], &options)).unwrap();
    assert_eq!(faults(&api::versions_schema(), &versions), [""; 0]);
    let changes = &versions["steps"][0]["changes"];
    assert_eq!((&changes[0]["kind"], &changes[0]["old"]["span"][1]), (&"headline".into(), &11.into()));
    assert_eq!((&changes[1]["kind"], &changes[1]["new"]["text"]), (&"figure".into(), &"Drei – three".into()));
    assert_eq!(changes[1]["new"]["span"], serde_json::json!([0, 12]), "code points");
    let pair =
        serde_json::to_value(api::duplicate_pair(&documents, &engine.duplicates(&documents)[0])).unwrap();
    assert_eq!(faults(&api::duplicates_schema(), &pair), [""; 0]);
    assert_eq!((&pair["level"], &pair["relation"]), (&"near".into(), &"version".into()));
}

#[test]
fn stories_keep_to_their_schema() {
    let report = |day: &str, title: &str, text: &str| {
        let draft = stemma::ReportDraft {
            title: Some(title.into()),
            published: day.parse().ok().map(stemma_core::Published::Day),
            text: text.into(),
            ..Default::default()
        };
        stemma::Report::new(draft, stemma_core::Origin::whole(title))
    };
    let reports = vec![
        report(
            "2026-03-01",
            "Flood cuts off Brevik as Orla breaks its banks",
            "The river Orla broke its banks near Brevik on Sunday and flooded the lower town. The bridge was closed, said mayor Ilse Thorn.",
        ),
        report(
            "2027-03-09",
            "New dam holds as Orla rises in Brevik",
            "The new dam held when the Orla rose on Tuesday, the engineer Pia Lund said. Only cellars in Brevik were flooded.",
        ),
    ];
    let engine = Engine::load();
    let stories = engine.stories(&engine.annotate(reports, 1), &[]);
    let lines: Vec<Value> =
        stories.iter().map(|story| serde_json::to_value(api::story(story)).unwrap()).collect();
    for line in &lines {
        assert_eq!(faults(&api::stories_schema(), line), [""; 0]);
    }
    let [later, earlier] = [&lines[0]["related"][0], &lines[1]["related"][0]];
    assert_eq!((&later["story"], &earlier["story"]), (&lines[1]["id"], &lines[0]["id"]));
    assert_eq!((&later["days_later"], &earlier["days_later"]), (&373.into(), &(-373).into()));
    assert_eq!(later["label"], "New dam holds as Orla rises in Brevik");
    let words: Vec<&str> =
        later["terms"].as_array().unwrap().iter().map(|term| term["text"].as_str().unwrap()).collect();
    assert!(words.contains(&"Orla") && words.contains(&"Brevik"), "as the report writes them: {words:?}");
    let text = stemma::render::stories(&stories, true, &Default::default());
    assert!(text.contains(", 373 days later: ") && text.contains("· New dam holds as Orla"), "{text}");
}

/// `STEMMA_WRITE_SCHEMAS=1 cargo test -p stemma --test json` writes them anew.
#[test]
fn schemas_in_the_repository_are_current() {
    let schemas = [
        ("compare", api::compare_schema()),
        ("annotate", api::annotate_schema()),
        ("explain", api::explain_schema()),
        ("versions", api::versions_schema()),
        ("duplicates", api::duplicates_schema()),
        ("stories", api::stories_schema()),
        ("arrivals", api::arrivals_schema()),
    ];
    for (name, schema) in schemas {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../schema/{name}.schema.json"));
        let current = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("STEMMA_WRITE_SCHEMAS").is_some() {
            std::fs::write(&path, &current).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            current,
            "schema/{name}.schema.json is not current"
        );
    }
}

#[test]
fn offsets_are_counted_in_the_unit_that_is_asked_for() {
    let (story, _) = common::fixture();
    for unit in [OffsetUnit::Bytes, OffsetUnit::Chars, OffsetUnit::Utf16] {
        let value = json(&Options { offsets: unit, texts: Texts::None });
        let cell = &value["utterances"][0]["cells"][0];
        let at = |n: usize| usize::try_from(cell["spans"][0][n].as_u64().unwrap()).unwrap();
        let text = story.documents()[0].text();
        let slice = match unit {
            OffsetUnit::Bytes => text[at(0)..at(1)].to_owned(),
            OffsetUnit::Chars => text.chars().skip(at(0)).take(at(1) - at(0)).collect(),
            OffsetUnit::Utf16 => {
                String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[at(0)..at(1)]).unwrap()
            }
        };
        assert_eq!(cell["text"], slice);
        assert!(value["reports"][0].get("text").is_none());
    }
}

#[test]
fn ids_do_not_depend_on_the_order_of_the_reports() {
    let (story, comparison) = common::fixture();
    let (turned_story, turned) = common::turned(&story, &comparison);
    let ids = |story, comparison| {
        let out = api::comparison(story, comparison, &Options::default());
        let mut ids: Vec<String> =
            out.utterances.iter().chain(&out.facts).map(|each| each.id.clone()).collect();
        ids.extend(out.only_in.iter().map(|only| only.cell.id.clone()));
        ids.sort();
        ids
    };
    assert_eq!(ids(&story, &comparison), ids(&turned_story, &turned));
}

#[test]
fn json_comes_back_as_it_was() {
    let (story, comparison) = common::fixture();
    let out = api::comparison(&story, &comparison, &Options { texts: Texts::All, ..Options::default() });
    let text = serde_json::to_string(&out).unwrap();
    assert_eq!(serde_json::from_str::<api::Comparison>(&text).unwrap(), out);
}
