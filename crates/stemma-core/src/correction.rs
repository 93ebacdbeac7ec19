//! Corrections: what a person says about which reports belong together.
//!
//! Corrections are events, kept in order and never changed. They speak of reports, not of stories, so that they hold whatever
//! the grouping makes of the reports next time. A later one overrules an earlier one for the reports that it names.

use serde::{Deserialize, Serialize};

use crate::ReportId;

/// What a person said. The reports are those that the stories in question held at that time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Correction {
    /// All these are of one story.
    Merge {
        /// The reports of the stories that are one.
        reports: Vec<ReportId>,
    },
    /// Some reports of a story are a story of their own.
    Split {
        /// The reports that are.
        reports: Vec<ReportId>,
        /// Those that they were with.
        rest: Vec<ReportId>,
    },
    /// Some reports belong to another story.
    Move {
        /// The reports that do.
        reports: Vec<ReportId>,
        /// Those of the story that they belong to.
        to: Vec<ReportId>,
        /// Those that they were with.
        rest: Vec<ReportId>,
    },
    /// A story is right as it is: these reports stay together, and others may join them.
    Pin {
        /// Its reports.
        reports: Vec<ReportId>,
    },
    /// A story is called something else, as long as it holds more than half of these reports.
    Rename {
        /// Its reports.
        reports: Vec<ReportId>,
        /// What it is called.
        label: String,
    },
    /// An earlier correction no longer holds.
    Undo {
        /// Its number: the first is 1.
        number: usize,
    },
}

impl Correction {
    /// Which of `corrections`, in the order in which they were made, still hold. Taking back what takes back brings the first one
    /// into force again; a number that no earlier correction has takes nothing back.
    pub fn in_force(corrections: &[Correction]) -> Vec<bool> {
        let mut holds = vec![true; corrections.len()];
        for n in (0..corrections.len()).rev() {
            if let (true, Correction::Undo { number }) = (holds[n], &corrections[n])
                && (1..=n).contains(number)
            {
                holds[number - 1] = false;
            }
        }
        holds
    }

    /// The name of its kind, as in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Correction::Merge { .. } => "merge",
            Correction::Split { .. } => "split",
            Correction::Move { .. } => "move",
            Correction::Pin { .. } => "pin",
            Correction::Rename { .. } => "rename",
            Correction::Undo { .. } => "undo",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_takes_back_can_be_taken_back() {
        let pin = || Correction::Pin { reports: Vec::new() };
        let undo = |number| Correction::Undo { number };
        assert_eq!(Correction::in_force(&[pin(), undo(1)]), [false, true]);
        assert_eq!(Correction::in_force(&[pin(), undo(1), undo(2)]), [true, false, true]);
        assert_eq!(Correction::in_force(&[pin(), undo(0), undo(2), undo(9)]), [true, false, true, true]);
    }
}
