//! Names and nouns across the story.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::{EntityId, LayerId, MentionForm, ReportIndex};

use super::Writer;
use crate::api::{EntityKind, Range};

/// A person, organisation or place across the story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StoryEntity {
    /// What it is.
    pub kind: EntityKind,
    /// The fullest form of the name.
    pub name: String,
    /// Every form of the name, by report id.
    pub names: BTreeMap<String, Vec<String>>,
    /// The same with places and counts, in order of report.
    pub forms: Vec<NameForm>,
    /// What the reports call it without a name, "the university", with places and counts, in order of report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<NameForm>,
}

/// One form of a name in one report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NameForm {
    /// Id of the report.
    pub report: String,
    /// The entity, as an index into the report's entities in `stemma annotate`.
    pub entity: usize,
    /// The form as it stands.
    pub text: String,
    /// Its first place.
    pub first: Range,
    /// How often it stands there.
    pub count: usize,
}

/// A group of people, or an act, that reports call by different nouns.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Naming {
    /// The choice of the noun takes a side ("rebels", "terrorists"); false: it only describes ("soldiers", "troops").
    pub loaded: bool,
    /// Ids of the alignments in which the nouns stand for each other.
    pub rows: Vec<String>,
    /// The nouns of each report, in order of report, then of place.
    pub labels: Vec<Label>,
}

/// A noun as one report uses it, outside of quotation marks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Label {
    /// Id of the report.
    pub report: String,
    /// In lower case, as it first stands there.
    pub text: String,
    /// Its first place.
    pub first: Range,
    /// How often it stands there.
    pub count: usize,
}

impl Writer<'_> {
    pub(super) fn entity(&self, entity: &stemma_core::StoryEntity) -> StoryEntity {
        let mut names = BTreeMap::new();
        let mut forms = Vec::new();
        for (report, id, in_report) in &entity.names {
            let offsets = &self.offsets[report.index()];
            let texts = in_report.iter().map(|form| form.text.clone());
            names.entry(self.id(*report)).or_insert_with(Vec::new).extend(texts);
            forms.extend(in_report.iter().map(|form| NameForm {
                report: self.id(*report),
                entity: id.index(),
                text: form.text.clone(),
                first: offsets.of_span(form.first),
                count: form.count,
            }));
        }
        let labels = entity.names.iter().flat_map(|(report, id, _)| self.labels(*report, *id)).collect();
        StoryEntity { kind: entity.kind.into(), name: entity.name.clone(), names, forms, labels }
    }

    /// What `report` calls its entity `id` without a name, in order of place.
    fn labels(&self, report: ReportIndex, id: EntityId) -> Vec<NameForm> {
        let document = self.story.document(report);
        let mentions = document.layers().mentions.items().iter();
        let described = mentions.filter(|m| m.form == MentionForm::Described && m.entity == Some(id));
        let mut labels: Vec<NameForm> = Vec::new();
        for mention in described {
            let text = document.slice(mention.span);
            match labels.iter_mut().find(|label| label.text.eq_ignore_ascii_case(text)) {
                Some(label) => label.count += 1,
                None => labels.push(NameForm {
                    report: self.id(report),
                    entity: id.index(),
                    text: text.to_owned(),
                    first: self.offsets[report.index()].of_span(mention.span),
                    count: 1,
                }),
            }
        }
        labels
    }

    pub(super) fn naming(
        &self,
        comparison: &stemma_core::Comparison,
        naming: &stemma_compare::Naming,
    ) -> Naming {
        let label = |each: &stemma_compare::LabelUse| Label {
            report: self.id(each.report),
            text: each.text.clone(),
            first: self.offsets[each.report.index()].of_span(each.first),
            count: each.count,
        };
        Naming {
            loaded: naming.loaded,
            rows: naming.rows.iter().map(|&of| self.alignment_id(comparison, of)).collect(),
            labels: naming.uses.iter().map(label).collect(),
        }
    }
}
