//! Statements as schema.org `Claim`s, and for each a `ClaimReview` that waits for a person.
//!
//! JSON-LD. A claim is an alignment: its text is the first cell's, word for word; its `appearance`s are the reports that carry
//! it, each with its own words; its `author` is the one who is quoted, or whom the first report to name a source names. What a
//! reviewer must say, verdict above all, is `null`: Stemma weighs reports, not truth, and a review that is published as it
//! stands says nothing. Claims on which reports conflict come first.

use serde_json::{Map, Value, json};

use super::Subject;
use crate::api::{Alignment, Cell, EntityKind, Report, StoryEntity};

/// A claim and an empty review for each alignment.
pub fn claims(subjects: &[Subject]) -> String {
    let mut nodes = Vec::new();
    for subject in subjects {
        let comparison = &subject.comparison;
        let mut alignments: Vec<&Alignment> = comparison.utterances.iter().chain(&comparison.facts).collect();
        // Sorting is stable: within, the order of the comparison stays.
        alignments.sort_by_key(|alignment| !is_disputed(alignment));
        nodes.extend(
            alignments.into_iter().flat_map(|alignment| [claim(subject, alignment), review(alignment)]),
        );
    }
    let document = json!({"@context": "https://schema.org", "@graph": nodes});
    format!("{document:#}\n")
}

fn is_disputed(alignment: &Alignment) -> bool {
    alignment.divergences.iter().any(|divergence| divergence.conflict)
}

fn claim_id(alignment: &Alignment) -> String {
    format!("urn:stemma:claim:{}", alignment.id)
}

fn text(alignment: &Alignment) -> &str {
    alignment.cells.first().map_or("", |cell| cell.text.as_str())
}

fn claim(subject: &Subject, alignment: &Alignment) -> Value {
    let by_id = subject.by_id();
    let appearances: Vec<(&Cell, &Report)> =
        alignment.cells.iter().filter_map(|cell| Some((cell, *by_id.get(cell.report.as_str())?))).collect();
    let mut claim = Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() {
            claim.insert(key.to_owned(), value);
        }
    };
    put("@type", json!("Claim"));
    put("@id", json!(claim_id(alignment)));
    put("text", json!(text(alignment)));
    put("author", author(subject, alignment));
    put(
        "firstAppearance",
        first(&appearances).map_or(Value::Null, |(cell, report)| appearance(cell, report)),
    );
    put("appearance", appearances.iter().map(|(cell, report)| appearance(cell, report)).collect());
    let reasons: Vec<String> = alignment
        .divergences
        .iter()
        .filter(|each| each.conflict)
        .map(|each| format!("{}: {}", each.kind.as_str(), each.reason))
        .collect();
    put(
        "disambiguatingDescription",
        if reasons.is_empty() { Value::Null } else { json!(reasons.join("; ")) },
    );
    put("isPartOf", json!({"@type": "Collection", "@id": subject.urn(), "name": subject.label}));
    claim.into()
}

/// The one that is certainly first: earlier than all others by a point in time, or by the day where only that is known.
fn first<'a>(appearances: &[(&'a Cell, &'a Report)]) -> Option<(&'a Cell, &'a Report)> {
    let of = |report: &Report| report.published.clone();
    let day = |published: &String| published.get(..10).map(str::to_owned);
    let earlier = |a: &Report, b: &Report| {
        let (Some(a), Some(b)) = (of(a), of(b)) else { return false };
        match (a.parse::<jiff::Timestamp>(), b.parse::<jiff::Timestamp>()) {
            (Ok(a), Ok(b)) => a < b,
            _ => day(&a) < day(&b),
        }
    };
    let is_first = |(_, report): &&(&Cell, &Report)| {
        appearances.iter().all(|(_, other)| other.id == report.id || earlier(report, other))
    };
    appearances.iter().find(is_first).copied()
}

/// The report as a work, with the words that carry the claim in it.
fn appearance(cell: &Cell, report: &Report) -> Value {
    let mut work = Map::new();
    work.insert("@type".to_owned(), json!("NewsArticle"));
    work.insert("@id".to_owned(), json!(super::iri(report)));
    let fields = [
        ("headline", &report.title),
        ("datePublished", &report.published),
        ("inLanguage", &report.language),
        ("identifier", &Some(super::urn(report))),
    ];
    work.extend(fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?)))));
    if let Some(outlet) = &report.outlet {
        work.insert("publisher".to_owned(), json!({"@type": "NewsMediaOrganization", "name": outlet}));
    }
    work.insert("hasPart".to_owned(), json!({"@type": "Quotation", "text": cell.text, "identifier": format!("urn:stemma:cell:{}", cell.id)}));
    work.into()
}

/// Who says it; `null` where the reports name nobody.
fn author(subject: &Subject, alignment: &Alignment) -> Value {
    let source = |cell: &Cell| {
        let words = (!cell.source.is_empty()).then(|| cell.source.clone());
        cell.source_name.clone().or(words)
    };
    let name = alignment.speaker.clone().or_else(|| alignment.cells.iter().find_map(source));
    let Some(name) = name else { return Value::Null };
    let is_named =
        |entity: &&StoryEntity| entity.name == name || entity.forms.iter().any(|form| form.text == name);
    let kind = match subject.comparison.entities.iter().find(is_named).map(|entity| entity.kind) {
        Some(EntityKind::Person) => "Person",
        Some(EntityKind::Organization | EntityKind::Group) => "Organization",
        _ => "Thing",
    };
    json!({"@type": kind, "name": name})
}

/// What a person must fill in is `null`, and readers of JSON-LD take it as not said.
fn review(alignment: &Alignment) -> Value {
    json!({
        "@type": "ClaimReview",
        "@id": format!("urn:stemma:claim-review:{}", alignment.id),
        "claimReviewed": text(alignment),
        "itemReviewed": {"@id": claim_id(alignment)},
        "url": null,
        "datePublished": null,
        "author": null,
        "reviewRating": null,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn a_story_as_claims() {
        let mut document: Value = serde_json::from_str(&claims(&[testing::example("bill")])).unwrap();
        document["@graph"].as_array_mut().unwrap().truncate(2);
        insta::assert_snapshot!(format!("{document:#}"));
    }

    #[test]
    fn no_review_says_anything() {
        let subjects = [testing::hostile(), testing::example("summit")];
        let document: Value = serde_json::from_str(&claims(&subjects)).unwrap();
        let nodes = document["@graph"].as_array().unwrap();
        let (claims, reviews): (Vec<&Value>, Vec<&Value>) =
            nodes.iter().partition(|node| node["@type"] == "Claim");
        assert!(!claims.is_empty());
        assert_eq!(claims.len(), reviews.len());
        let ids: std::collections::BTreeSet<&str> =
            claims.iter().map(|claim| claim["@id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), claims.len());
        for review in reviews {
            assert!(ids.contains(review["itemReviewed"]["@id"].as_str().unwrap()));
            assert!(
                ["reviewRating", "author", "url", "datePublished"].iter().all(|key| review[key].is_null())
            );
        }
        for claim in claims {
            let appearances = claim["appearance"].as_array().unwrap();
            assert!(appearances.len() > 1);
            let id = |work: &Value| work["@id"].as_str().unwrap().to_owned();
            assert!(
                appearances.iter().all(
                    |work| id(work).starts_with("urn:stemma:report:") || id(work).starts_with("https://")
                )
            );
        }
    }
}
