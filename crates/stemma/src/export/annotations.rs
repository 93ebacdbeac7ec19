//! Cells and divergences as W3C Web Annotations (recommendation of 2017-02-23), in JSON-LD.
//!
//! One collection with one page. Each cell is an annotation of its report: what kind of statement it is, who speaks, whose
//! words; each divergence is two, one of each report, with the reason and a link to the other's words. A target is the report's
//! address (its URN where it has none) with a quotation of the words, [`CONTEXT_CHARS`] code points before and after them, and
//! their position. Positions count code points in the report's text as Stemma has it: in a page, that of the article, not of
//! the page. A broken cell has a target for each piece.

use serde_json::{Value, json};

use super::Subject;
use super::texts::Texts;
use crate::api::{Alignment, Cell, Divergence, Range, Voice};

/// Code points before and after quoted words, by which other programs find them again.
const CONTEXT_CHARS: usize = 32;

/// All cells and divergences of all stories, as one collection.
pub fn annotations(subjects: &[Subject]) -> String {
    let items: Vec<Value> = subjects.iter().flat_map(|subject| Writer::of(subject).items()).collect();
    let name = match subjects {
        [one] => one.urn(),
        _ => "urn:stemma:stories".to_owned(),
    };
    let document = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": format!("{name}:annotations"),
        "type": "AnnotationCollection",
        "label": subjects.iter().filter_map(|subject| subject.label.as_deref()).collect::<Vec<_>>(),
        "generator": {"id": "urn:stemma:program", "type": "Software", "name": concat!("Stemma ", env!("CARGO_PKG_VERSION"))},
        "total": items.len(),
        "first": {
            "id": format!("{name}:annotations:1"),
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    });
    format!("{document:#}\n")
}

struct Writer<'a> {
    subject: &'a Subject,
    texts: Texts<'a>,
    /// The name of each report's page.
    iris: std::collections::BTreeMap<&'a str, String>,
}

impl<'a> Writer<'a> {
    fn of(subject: &'a Subject) -> Self {
        let iris = subject
            .comparison
            .reports
            .iter()
            .map(|report| (report.id.as_str(), super::iri(report)))
            .collect();
        Self { subject, texts: Texts::of(subject), iris }
    }

    fn items(&self) -> Vec<Value> {
        let comparison = &self.subject.comparison;
        let mut items = Vec::new();
        for (kind, alignments) in [("utterance", &comparison.utterances), ("fact", &comparison.facts)] {
            for alignment in alignments {
                items.extend(alignment.cells.iter().map(|cell| self.cell(kind, Some(alignment), cell)));
                let numbered = alignment.divergences.iter().enumerate();
                items.extend(
                    numbered
                        .flat_map(|(n, each)| [0, 1].map(|side| self.divergence(alignment, n, each, side))),
                );
            }
        }
        items.extend(comparison.only_in.iter().map(|only| self.cell("only-in", None, &only.cell)));
        items
    }

    fn cell(&self, kind: &str, alignment: Option<&Alignment>, cell: &Cell) -> Value {
        let of = alignment.map_or("only-in", |alignment| alignment.id.as_str());
        let mut bodies = vec![tag(kind)];
        let speaker = alignment.and_then(|alignment| alignment.speaker.clone());
        let source = (!cell.source.is_empty()).then(|| cell.source.clone());
        let voice = match cell.voice {
            Voice::Own => Some("in the outlet’s own voice".to_owned()),
            Voice::Attributed => speaker
                .or_else(|| cell.source_name.clone())
                .or(source)
                .map(|who| format!("attributed to {who}")),
        };
        bodies.extend(voice.map(|voice| describing(&voice, "describing")));
        bodies.extend(alignment.map(|alignment| {
            let n = alignment.witnesses.len();
            describing(
                &format!("carried by {n} {}", if n == 1 { "witness" } else { "witnesses" }),
                "describing",
            )
        }));
        json!({
            "id": format!("urn:stemma:annotation:{of}:{}", cell.id),
            "type": "Annotation",
            "motivation": "classifying",
            "body": bodies,
            "target": one_or_many(self.places(&cell.report, &cell.spans)),
        })
    }

    /// `divergence` as a note on the words of the report on its `side`; on the whole cell, where it is that these leave
    /// something out.
    fn divergence(&self, alignment: &Alignment, n: usize, divergence: &Divergence, side: usize) -> Value {
        let words = |side: usize| {
            let spans = &divergence.evidence[side].spans;
            let cell = &alignment.cells[divergence.cells[side]];
            self.places(&divergence.reports[side], if spans.is_empty() { &cell.spans } else { spans })
        };
        let mut bodies = vec![tag(divergence.kind.as_str()), describing(&divergence.reason, "commenting")];
        bodies.extend(words(1 - side).into_iter().map(|mut place| {
            place["purpose"] = json!("linking");
            place
        }));
        json!({
            "id": format!("urn:stemma:annotation:{}:divergence-{n}-{}", alignment.id, ["a", "b"][side]),
            "type": "Annotation",
            "motivation": "commenting",
            "body": bodies,
            "target": one_or_many(words(side)),
        })
    }

    fn places(&self, report: &str, spans: &[Range]) -> Vec<Value> {
        let source = self.iris.get(report).cloned().unwrap_or_default();
        let place = |&[start, end]: &Range| {
            let [prefix, exact, suffix] = self.texts.around(report, [start, end], CONTEXT_CHARS);
            json!({
                "type": "SpecificResource",
                "source": source,
                "selector": [
                    {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix},
                    {"type": "TextPositionSelector", "start": start, "end": end},
                ],
            })
        };
        spans.iter().map(place).collect()
    }
}

fn one_or_many(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.remove(0) } else { values.into() }
}

fn tag(value: &str) -> Value {
    describing(value, "tagging")
}

fn describing(value: &str, purpose: &str) -> Value {
    json!({"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"})
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::testing;
    use super::*;

    #[test]
    fn a_story_as_annotations() {
        let mut document: Value = serde_json::from_str(&annotations(&[testing::example("bill")])).unwrap();
        let items = document["first"]["items"].as_array_mut().unwrap();
        // Those of the first alignment.
        let alignment = items[0]["id"].as_str().unwrap().rsplit_once(':').unwrap().0.to_owned();
        items.retain(|item| item["id"].as_str().unwrap().starts_with(&alignment));
        insta::assert_snapshot!(format!("{document:#}"));
    }

    /// Every selector finds its words: by position, and by the quotation with what stands around it.
    #[test]
    fn selectors_select() {
        let subjects = [testing::hostile(), testing::example("summit")];
        let document: Value = serde_json::from_str(&annotations(&subjects)).unwrap();
        let items = document["first"]["items"].as_array().unwrap();
        assert_eq!(document["total"], items.len());
        let ids: BTreeSet<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), items.len());
        let text = |source: &str| {
            let reports = subjects.iter().flat_map(|subject| &subject.comparison.reports);
            reports
                .into_iter()
                .find(|report| super::super::iri(report) == source)
                .and_then(|report| report.text.clone())
                .unwrap()
        };
        let mut n_places = 0;
        for item in items {
            assert_eq!(item["type"], "Annotation");
            let target = match &item["target"] {
                Value::Array(targets) => targets.clone(),
                one => vec![one.clone()],
            };
            assert!(!target.is_empty());
            let linked =
                item["body"].as_array().unwrap().iter().filter(|body| body["type"] == "SpecificResource");
            for place in linked.chain(&target) {
                let text = text(place["source"].as_str().unwrap());
                let part = |key: &str| place["selector"][0][key].as_str().unwrap();
                let at = |key: &str| usize::try_from(place["selector"][1][key].as_u64().unwrap()).unwrap();
                let exact: String = text.chars().skip(at("start")).take(at("end") - at("start")).collect();
                assert_eq!(exact, part("exact"));
                assert!(text.contains(&format!("{}{exact}{}", part("prefix"), part("suffix"))));
                n_places += 1;
            }
        }
        assert!(n_places > 20, "{n_places}");
    }
}
