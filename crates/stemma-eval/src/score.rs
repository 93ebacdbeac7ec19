//! Scores: counts, precision, recall, F1, and the outcome of every single item.

use std::fmt::Write as _;

use serde::Serialize;

/// Counts behind precision and recall. What counts as right may differ between the two sides (two predictions may match
/// one gold item), so each side has its own count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Tally {
    /// Predicted items that are right.
    pub right: usize,
    /// Predicted items.
    pub predicted: usize,
    /// Gold items that were found.
    pub found: usize,
    /// Gold items.
    pub gold: usize,
}

impl Tally {
    /// Share of the predicted items that are right; 0 if nothing was predicted.
    pub fn precision(self) -> f64 {
        ratio(self.right, self.predicted)
    }

    /// Share of the gold items that were found; 0 if there are none.
    pub fn recall(self) -> f64 {
        ratio(self.found, self.gold)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.right += other.right;
        self.predicted += other.predicted;
        self.found += other.found;
        self.gold += other.gold;
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What became of one item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// In the gold and found.
    Hit,
    /// In the gold and not found.
    Missed,
    /// Found and not in the gold.
    Spurious,
}

impl Outcome {
    /// The name used in CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Hit => "hit",
            Outcome::Missed => "missed",
            Outcome::Spurious => "spurious",
        }
    }
}

/// One gold or predicted item, by id. Never holds text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Item {
    /// Id of the document or event.
    pub document: String,
    /// Id in it: the gold's own, or offsets in code points (`123-140`).
    pub id: String,
    /// What it is: a kind, a form, a label.
    pub group: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// Result of one task.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Evaluation {
    /// Name of the task and of the data, one line.
    pub title: String,
    /// Counts for each group, in the order in which they are shown.
    pub groups: Vec<(String, Tally)>,
    /// Single figures that are no precision or recall: accuracy, documents that failed.
    pub figures: Vec<(String, f64)>,
    /// Every item, for the CSV.
    #[serde(skip)]
    pub items: Vec<Item>,
}

impl Evaluation {
    /// A table for people.
    pub fn to_text(&self) -> String {
        let width = self.groups.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(12);
        let mut out = format!("{}\n", self.title);
        for (name, t) in &self.groups {
            writeln!(
                out,
                "{name:width$}  P {:.3}  R {:.3}  F1 {:.3}  ({} predicted, {} gold)",
                t.precision(),
                t.recall(),
                t.f1(),
                t.predicted,
                t.gold
            )
            .expect("writing to a string cannot fail");
        }
        for (name, value) in &self.figures {
            writeln!(out, "{name:width$}  {value:.3}").expect("writing to a string cannot fail");
        }
        out
    }

    /// The same as JSON, with the ratios beside the counts.
    pub fn to_json(&self) -> serde_json::Value {
        let groups: serde_json::Map<_, _> = self
            .groups
            .iter()
            .map(|(name, t)| {
                let row = serde_json::json!({
                    "precision": t.precision(), "recall": t.recall(), "f1": t.f1(),
                    "right": t.right, "predicted": t.predicted, "found": t.found, "gold": t.gold,
                });
                (name.clone(), row)
            })
            .collect();
        let figures: serde_json::Map<_, _> =
            self.figures.iter().map(|(name, value)| (name.clone(), (*value).into())).collect();
        serde_json::json!({ "title": self.title, "groups": groups, "figures": figures })
    }

    /// `document,id,group,outcome`, sorted, with a header: a diff of two versions shows what a change did.
    pub fn to_csv(&self) -> String {
        let mut items = self.items.clone();
        items.sort();
        let mut out = "document,id,group,outcome\n".to_owned();
        for item in items {
            writeln!(out, "{},{},{},{}", item.document, item.id, item.group, item.outcome.as_str())
                .expect("writing to a string cannot fail");
        }
        out
    }
}
