//! Whose words reach the reports in translation: there two quotations may differ and both be right.

use std::collections::BTreeMap;

use stemma_core::{Alignment, Form, Story};

use super::strings::inner_changes;
use crate::diff::word_diff;
use crate::entities::Cast;

/// Shared quotations that differ inside, at least: one may be altered, several are not by chance.
const MIN_ALTERED: usize = 2;

/// Speakers whose words reach the reports in translation, by entity of the story, with the evidence.
#[derive(Debug, Default)]
pub(crate) struct Translations {
    /// Why, for each entity.
    pub(super) evidence: BTreeMap<usize, String>,
}

impl Translations {
    /// Looks for speakers with an office of a country whose language is not English, of whose direct quotations two in three
    /// and more than one differ inside from report to report.
    pub(crate) fn find(story: &Story, utterances: &[Alignment], cast: &Cast) -> Self {
        let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for utterance in utterances {
            let direct: Vec<_> = utterance.cells.iter().filter(|c| c.form == Some(Form::Direct)).collect();
            for (n, a) in direct.iter().enumerate() {
                for b in direct.iter().skip(n + 1).filter(|b| b.report != a.report) {
                    let entity = [a, b].into_iter().find_map(|cell| speaker(story, cast, cell));
                    let text = |cell: &stemma_core::Cell| story.document(cell.report).slices(&cell.spans);
                    if let Some(entity) = entity {
                        let entry = counts.entry(entity).or_default();
                        let altered = !inner_changes(&word_diff(&text(a), &text(b))).is_empty();
                        entry.0 += usize::from(altered);
                        entry.1 += 1;
                    }
                }
            }
        }
        let mut evidence = BTreeMap::new();
        for (entity, (altered, all)) in counts {
            if let Some(office) = foreign_office(story, cast, entity)
                && altered >= MIN_ALTERED
                && 3 * altered >= 2 * all
            {
                let name = &cast.entities[entity].name;
                evidence.insert(
                    entity,
                    format!("{name} ({office}) speaks another language: {altered} of {all} shared quotations differ inside"),
                );
            }
        }
        Self { evidence }
    }
}

fn speaker(story: &Story, cast: &Cast, cell: &stemma_core::Cell) -> Option<usize> {
    let attribution = &story.document(cell.report).layers().attributions[cell.attribution?];
    attribution.source_entity.map(|entity| cast.entity(cell.report.index(), entity))
}

/// A title of the entity, in any report, that names a country where English is not the language.
fn foreign_office(story: &Story, cast: &Cast, entity: usize) -> Option<String> {
    let lists: Vec<Vec<&str>> = crate::terms::words(include_str!("../../../data/countries.txt"))
        .filter(|line| !ENGLISH.contains(&line.split('|').next().unwrap_or("").trim()))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    for (report, id, _) in &cast.entities[entity].names {
        let document = story.document(*report);
        for &role in &document.layers().entities[*id].roles {
            let words = document.slice(role).to_lowercase();
            let foreign = |word: &str| lists.iter().any(|forms| forms.contains(&word));
            if words.split(|c: char| !c.is_alphabetic()).any(foreign) {
                return Some(document.slice(role).to_owned());
            }
        }
    }
    None
}

/// Countries of the list where public figures speak English to the press.
const ENGLISH: [&str; 30] = [
    "u.s.",
    "britain",
    "england",
    "scotland",
    "wales",
    "ireland",
    "australia",
    "canada",
    "nigeria",
    "ghana",
    "kenya",
    "philippines",
    "india",
    "singapore",
    "uganda",
    "zambia",
    "zimbabwe",
    "malawi",
    "botswana",
    "namibia",
    "liberia",
    "gambia",
    "jamaica",
    "bahamas",
    "barbados",
    "belize",
    "guyana",
    "fiji",
    "malta",
    "lesotho",
];
