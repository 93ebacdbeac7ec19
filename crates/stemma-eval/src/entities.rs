//! Names: spans and kinds of persons, organisations and places against hand-made gold.
//!
//! Gold: `ner_worldwide` (Shan et al., Findings of EMNLP 2023), one record a line with `id`, `text` and `entities`
//! (`start`, `end` in code points, `label`). Compared are Person, Organization and Location; a Facility is a Location, as in
//! the four classes of CoNLL 2003. Groups (NORP) are counted apart, because conventions differ most there. Dates, money,
//! products and the rest are left out on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Deserialize;
use stemma_annotate::Annotator;
use stemma_core::{Document, EntityKind, MentionForm, OffsetUnit, Offsets, Report};

use crate::{EvalError, Evaluation, Item, Outcome, Tally, read_records};

/// The classes that are compared.
const CLASSES: [&str; 4] = ["person", "organization", "place", "group"];

/// Classes in the overall figures.
const MAIN: usize = 3;

/// A text with its names, as the gold has them.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    /// Its id in the gold.
    pub id: String,
    /// The text.
    pub text: String,
    /// Its names.
    pub entities: Vec<Label>,
    /// Part of the world, if the gold tells.
    #[serde(default)]
    pub region: Option<String>,
}

/// One name of a [`Record`].
#[derive(Clone, Debug, Deserialize)]
pub struct Label {
    /// First code point.
    pub start: usize,
    /// Code point after the last.
    pub end: usize,
    /// Class in the words of the gold: `Person`, `PER`, …
    pub label: String,
}

/// A name: start, end (code points), index into [`CLASSES`].
type Name = (usize, usize, usize);

/// Names of one document on both sides.
struct Compared {
    id: String,
    text: String,
    region: Option<String>,
    gold: BTreeSet<Name>,
    predicted: BTreeSet<Name>,
}

/// Scores the names that Stemma finds: on `data`, a file of records, or on `dev.jsonl` in `data`, a folder.
///
/// # Errors
/// If the gold cannot be read.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let path: PathBuf = if data.is_dir() { data.join("dev.jsonl") } else { data.to_owned() };
    evaluate_with(&path, &[Annotator::load()])
}

/// The same for a file, its texts annotated by several annotators in turn: the first by the first, and so on.
///
/// # Errors
/// If the gold cannot be read.
pub fn evaluate_with(path: &Path, annotators: &[Annotator]) -> Result<Evaluation, EvalError> {
    let records: Vec<Record> = read_records(path)?;
    let compared = |(n, record)| compare(record, &annotators[n % annotators.len()]);
    let documents: Vec<Compared> = records.into_par_iter().enumerate().map(compared).collect();
    let title = format!("names, {}, {} documents", path.display(), documents.len());
    Ok(score(title, &documents))
}

fn compare(record: Record, annotator: &Annotator) -> Compared {
    let document = annotator.annotate(Arc::new(Report::of_text(&record.text)));
    let gold = record.entities.iter().filter_map(|label| {
        let class = match label.label.as_str() {
            "Person" => 0,
            "Organization" => 1,
            "Location" | "Facility" => 2,
            "NORP" => 3,
            _ => return None,
        };
        Some((label.start, label.end, class))
    });
    let (id, text, region) = (record.id, record.text, record.region);
    Compared { gold: gold.collect(), predicted: predicted(&document), id, text, region }
}

fn predicted(document: &Document) -> BTreeSet<Name> {
    let offsets = Offsets::new(document.text(), OffsetUnit::Chars);
    let mentions = document.layers().mentions.items();
    let named = mentions.iter().filter(|mention| mention.form == MentionForm::Named);
    let names = named.filter_map(|mention| {
        let class = match mention.kind {
            EntityKind::Person => 0,
            EntityKind::Organization => 1,
            EntityKind::Place | EntityKind::Facility => 2,
            EntityKind::Group => 3,
            EntityKind::Product | EntityKind::Event => return None,
        };
        let [start, end] = offsets.of_span(mention.span);
        Some((start, end, class))
    });
    names.collect()
}

fn score(title: String, documents: &[Compared]) -> Evaluation {
    let mut exact = [Tally::default(); CLASSES.len()];
    let (mut spans, mut lenient) = (Tally::default(), Tally::default());
    let mut regions: BTreeMap<String, Tally> = BTreeMap::new();
    let mut items = Vec::new();
    for document in documents {
        for (class, tally) in exact.iter_mut().enumerate() {
            let of_class =
                |names: &BTreeSet<Name>| names.iter().filter(|name| name.2 == class).copied().collect();
            *tally += overlap(&of_class(&document.gold), &of_class(&document.predicted));
        }
        let main = |names: &BTreeSet<Name>| names.iter().filter(|name| name.2 < MAIN).copied().collect();
        let (gold, found): (BTreeSet<Name>, BTreeSet<Name>) =
            (main(&document.gold), main(&document.predicted));
        let unlabeled =
            |names: &BTreeSet<Name>| names.iter().map(|&(start, end, _)| (start, end, 0)).collect();
        if let Some(region) = &document.region {
            *regions.entry(region.clone()).or_default() += overlap(&gold, &found);
        }
        spans += overlap(&unlabeled(&gold), &unlabeled(&found));
        let chars: Vec<char> = document.text.chars().collect();
        let forgiving = |names: &BTreeSet<Name>| names.iter().map(|&name| forgive(&chars, name)).collect();
        lenient += overlap(&forgiving(&gold), &forgiving(&found));
        items.extend(outcomes(document));
    }
    let mut micro = Tally::default();
    exact[..MAIN].iter().for_each(|&tally| micro += tally);
    let mut groups = vec![("all, exact".to_owned(), micro)];
    groups.extend(CLASSES.iter().zip(exact).map(|(class, tally)| ((*class).to_owned(), tally)));
    groups.push(("all, span only".to_owned(), spans));
    groups.push(("all, lenient".to_owned(), lenient));
    groups.extend(regions.into_iter().map(|(region, tally)| (format!("all, exact, {region}"), tally)));
    Evaluation { title, groups, figures: Vec::new(), items }
}

fn overlap(gold: &BTreeSet<Name>, predicted: &BTreeSet<Name>) -> Tally {
    let both = gold.intersection(predicted).count();
    Tally { right: both, predicted: predicted.len(), found: both, gold: gold.len() }
}

/// The name without "the" before it and a possessive after it.
fn forgive(chars: &[char], (start, end, class): Name) -> Name {
    let slice = &chars[start.min(chars.len())..end.min(chars.len())];
    let lower: String = slice.iter().flat_map(|c| c.to_lowercase()).collect();
    let start = if lower.starts_with("the ") { start + 4 } else { start };
    let end = if lower.ends_with("'s") || lower.ends_with("’s") { end - 2 } else { end };
    (start, end.max(start), class)
}

fn outcomes(document: &Compared) -> Vec<Item> {
    let all: BTreeSet<Name> = document.gold.union(&document.predicted).copied().collect();
    let item = |name: Name| Item {
        document: document.id.clone(),
        id: format!("{}-{}", name.0, name.1),
        group: CLASSES[name.2].to_owned(),
        outcome: match (document.gold.contains(&name), document.predicted.contains(&name)) {
            (true, true) => Outcome::Hit,
            (true, false) => Outcome::Missed,
            (false, _) => Outcome::Spurious,
        },
    };
    all.into_iter().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_edge_is_wrong_unless_it_is_forgiven() {
        let document = Compared {
            id: "a".to_owned(),
            text: "The Hague's mayor met Ana Ruiz.".to_owned(),
            region: Some("Europe".to_owned()),
            gold: BTreeSet::from([(4, 9, 2), (22, 30, 0)]),
            predicted: BTreeSet::from([(0, 11, 2), (22, 30, 0), (12, 17, 1)]),
        };
        let scores = score("names".to_owned(), &[document]);
        insta::assert_snapshot!(scores.to_text(), @r"
        names
        all, exact          P 0.333  R 0.500  F1 0.400  (3 predicted, 2 gold)
        person              P 1.000  R 1.000  F1 1.000  (1 predicted, 1 gold)
        organization        P 0.000  R 0.000  F1 0.000  (1 predicted, 0 gold)
        place               P 0.000  R 0.000  F1 0.000  (1 predicted, 1 gold)
        group               P 0.000  R 0.000  F1 0.000  (0 predicted, 0 gold)
        all, span only      P 0.333  R 0.500  F1 0.400  (3 predicted, 2 gold)
        all, lenient        P 0.667  R 1.000  F1 0.800  (3 predicted, 2 gold)
        all, exact, Europe  P 0.333  R 0.500  F1 0.400  (3 predicted, 2 gold)
        ");
        assert_eq!(scores.items.len(), 4);
    }
}
