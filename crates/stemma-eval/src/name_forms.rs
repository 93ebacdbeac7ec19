//! Scores of names: which forms each report uses for one person or organisation, and which forms belong together.
//!
//! Gold: for each entity, the forms of its name by report, titles included. Two figures, both on forms without titles
//! and possessive endings, since where a title ends is a matter of taste:
//!
//! * `name forms`: (report, form). Found if the comparison lists the form for that report under any person or organisation.
//!   Predicted forms are judged where their entity is named in two or more reports, as the gold lists little else.
//! * `name pairs`: (form in report X, form in report Y) of one entity. Found if one entity of the comparison holds both.
//!   A predicted pair is judged only if the gold lists both forms in their reports, and right if one gold entity holds both:
//!   this figure is about linking alone.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use stemma_core::{Comparison, EntityKind, Story};

use crate::{Item, Outcome, Tally};

/// A person or organisation of the gold.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct GoldEntity {
    /// `person` or `organisation`.
    pub kind: String,
    /// Forms of the name by id of the report.
    pub names: BTreeMap<String, Vec<String>>,
}

/// Id of a report, and a form of a name in it, without title.
type ReportForm = (String, String);

/// The forms of one entity's name.
type Forms = BTreeSet<ReportForm>;

/// Counts over any number of events.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NameScores {
    /// Forms of names.
    pub forms: Tally,
    /// Pairs of forms in two reports.
    pub pairs: Tally,
    /// Gold forms and pairs by position, with their outcome.
    pub items: Vec<Item>,
}

impl NameScores {
    /// Adds one event.
    pub fn add(&mut self, event: &str, gold: &[GoldEntity], story: &Story, comparison: &Comparison) {
        self.add_forms(event, &gold_forms(gold), &predicted_forms(story, comparison));
    }

    fn add_forms(&mut self, event: &str, gold: &[Forms], predicted: &[Forms]) {
        let known: Forms = gold.iter().flatten().cloned().collect();
        let listed: Forms = predicted.iter().flatten().cloned().collect();
        let shared = predicted.iter().filter(|forms| n_reports(forms) > 1);
        let judged: Forms = shared.flatten().cloned().collect();
        self.forms += Tally {
            right: judged.intersection(&known).count(),
            predicted: judged.len(),
            found: known.intersection(&listed).count(),
            gold: known.len(),
        };
        for (n, forms) in gold.iter().enumerate() {
            for (m, form) in forms.iter().enumerate() {
                self.items.push(item(event, format!("e{n}:{m}"), "name forms", listed.contains(form)));
            }
        }
        let gold_pairs = pairs(gold);
        let predicted_pairs = pairs(predicted);
        let judged = predicted_pairs.keys().filter(|(a, b)| known.contains(a) && known.contains(b));
        let judged: Vec<_> = judged.collect();
        self.pairs += Tally {
            right: judged.iter().filter(|pair| gold_pairs.contains_key(**pair)).count(),
            predicted: judged.len(),
            found: gold_pairs.keys().filter(|pair| predicted_pairs.contains_key(*pair)).count(),
            gold: gold_pairs.len(),
        };
        for (n, (pair, entity)) in gold_pairs.iter().enumerate() {
            let found = predicted_pairs.contains_key(pair);
            self.items.push(item(event, format!("e{entity}:pair{n}"), "name pairs", found));
        }
    }
}

fn item(event: &str, id: String, group: &str, found: bool) -> Item {
    let outcome = if found { Outcome::Hit } else { Outcome::Missed };
    Item { document: event.to_owned(), id, group: group.to_owned(), outcome }
}

fn n_reports(forms: &Forms) -> usize {
    forms.iter().map(|(report, _)| report).collect::<BTreeSet<_>>().len()
}

/// Every two forms of one entity in two reports, and the entity's index.
fn pairs(entities: &[Forms]) -> BTreeMap<(&ReportForm, &ReportForm), usize> {
    let mut all = BTreeMap::new();
    for (n, forms) in entities.iter().enumerate() {
        for a in forms {
            for b in forms.range(a..).filter(|b| a.0 != b.0) {
                all.insert((a, b), n);
            }
        }
    }
    all
}

fn gold_forms(gold: &[GoldEntity]) -> Vec<Forms> {
    let forms = |entity: &GoldEntity| {
        let person = entity.kind == "person";
        let by_report = entity.names.iter();
        by_report
            .flat_map(|(report, names)| names.iter().map(|name| (report.clone(), bare(name, person))))
            .collect()
    };
    gold.iter().map(forms).collect()
}

fn predicted_forms(story: &Story, comparison: &Comparison) -> Vec<Forms> {
    let of_kind = |kind| matches!(kind, EntityKind::Person | EntityKind::Organization);
    let entities = comparison.entities.iter().filter(|entity| of_kind(entity.kind));
    let forms = entities.map(|entity| {
        let person = entity.kind == EntityKind::Person;
        let mut all = Forms::new();
        for (report, _, names) in &entity.names {
            let id = story.document(*report).report().shown_id();
            all.extend(names.iter().map(|name| (id.clone(), bare(&name.text, person))));
        }
        all
    });
    forms.collect()
}

/// Words that stand before a person's name and are no part of it.
const TITLES: &[&str] = &[
    "President",
    "Vice",
    "Senator",
    "Senators",
    "Representative",
    "Congressman",
    "Congresswoman",
    "Governor",
    "Gov",
    "Mayor",
    "Secretary",
    "Minister",
    "Prime",
    "Chancellor",
    "Judge",
    "Justice",
    "Chief",
    "General",
    "Colonel",
    "Captain",
    "Lieutenant",
    "Sergeant",
    "Major",
    "Sheriff",
    "Officer",
    "Attorney",
    "Professor",
    "Director",
    "Speaker",
    "Leader",
    "Majority",
    "Minority",
    "Chairman",
    "Chairwoman",
    "Ambassador",
    "King",
    "Queen",
    "Prince",
    "Princess",
    "Pope",
    "Sir",
    "Lady",
    "Lord",
    "Father",
    "Rabbi",
    "Reverend",
    "Imam",
    "Sheikh",
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "Prosecutor",
    "Spokesman",
    "Spokeswoman",
    "Deputy",
    "Democrat",
    "Republican",
    "House",
    "Senate",
];

/// Words in lower case that are part of a name.
const PARTICLES: &[&str] = &[
    "de", "da", "di", "del", "della", "der", "den", "van", "von", "bin", "ibn", "al", "el", "la", "le", "of",
    "and",
];

/// `name` without "the", a possessive ending and, for a person, the titles before it: all up to the last word that is a
/// title, an abbreviation with a full stop or in lower case. The last word always stays.
fn bare(name: &str, person: bool) -> String {
    let name = name.trim();
    let name = name.strip_suffix("’s").or_else(|| name.strip_suffix("'s")).unwrap_or(name);
    let words: Vec<&str> = name.split_whitespace().collect();
    let last = words.len().saturating_sub(1);
    let mut start = 0;
    for (n, word) in words[..last].iter().enumerate() {
        let article = n == 0 && word.eq_ignore_ascii_case("the");
        let abbreviation = word.ends_with('.') && word.chars().filter(|c| c.is_alphabetic()).count() > 1;
        let lower = word.starts_with(char::is_lowercase) && !PARTICLES.contains(word);
        let office = n > 1 && words[n - 1] == "of" && TITLES.contains(&words[n - 2]);
        if article || (person && (abbreviation || lower || office || TITLES.contains(word))) {
            start = n + 1;
        }
    }
    words[start..].join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_no_part_of_a_name() {
        let shown = |name| bare(name, true);
        assert_eq!(shown("Rep. Ana Ruiz"), "Ana Ruiz");
        assert_eq!(shown("special counsel Ana M. Ruiz’s"), "Ana M. Ruiz");
        assert_eq!(shown("Secretary of State Ruiz"), "Ruiz");
        assert_eq!(shown("Ludwig van Berg"), "Ludwig van Berg");
        assert_eq!(bare("the Ministry of Health", false), "Ministry of Health");
        assert_eq!(shown("Mayor"), "Mayor");
        assert_eq!(shown(""), "");
    }

    fn forms(text: &str) -> Forms {
        text.split_whitespace().map(|form| (form[..1].to_owned(), form[1..].to_owned())).collect()
    }

    #[test]
    fn pairs_are_about_linking_and_forms_about_finding() {
        let mut scores = NameScores::default();
        let gold = [forms("aRuiz bRuiz bAnaRuiz"), forms("aLee bLee")];
        let predicted = [forms("aRuiz bRuiz aLee"), forms("bLee"), forms("aPress bPress")];
        scores.add_forms("e", &gold, &predicted);
        assert_eq!(scores.forms, Tally { right: 3, predicted: 5, found: 4, gold: 5 });
        // aRuiz+bRuiz is right, aLee+bRuiz wrong; the press is not in the gold and not judged.
        assert_eq!(scores.pairs, Tally { right: 1, predicted: 2, found: 1, gold: 3 });
        assert_eq!(scores.items.len(), 8);
    }
}
