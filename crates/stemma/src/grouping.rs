//! Reports of many events to stories, each compared.

use stemma_core::{Correction, Document, StoryId};
use stemma_group::{Constraints, Fitted, Group, Options};

use crate::{Compared, Engine};

/// A story that was found among reports of many events.
#[derive(Clone, PartialEq, Debug)]
pub struct Grouped {
    /// Minted from its earliest report.
    pub id: StoryId,
    /// Headline or first sentence of the report that is most like the others.
    pub label: String,
    /// Its reports by day of publication, and their comparison.
    pub compared: Compared,
    /// Why each of them is in it, in the same order; empty where that was not asked for.
    pub fitted: Vec<Fitted>,
}

impl Engine {
    /// Positions of the reports of each event that `documents` clearly tell of; one group if there is doubt. Reports that
    /// are too short to tell are in none.
    pub fn events(&self, documents: &[Document]) -> Vec<Vec<usize>> {
        stemma_group::events(documents)
    }

    /// The stories of [`Self::stories`], not compared.
    pub fn groups(&self, documents: &[Document], corrections: &[Correction]) -> Vec<Group> {
        stemma_group::group(documents, &Options::default(), &Constraints::of(corrections))
    }

    /// For each report of each of `groups`, which are those of `documents` under `corrections`, why it is in its story.
    pub fn fitted(
        &self,
        documents: &[Document],
        corrections: &[Correction],
        groups: &[Group],
    ) -> Vec<Vec<Fitted>> {
        stemma_group::fitted(documents, &Options::default(), &Constraints::of(corrections), groups)
    }

    /// Groups `documents` into stories, in order of their first day, and compares the reports of each. A report that is
    /// there twice counts once; the order of `documents` changes nothing. What `corrections` say comes first.
    pub fn stories(&self, documents: &[Document], corrections: &[Correction]) -> Vec<Grouped> {
        self.compare_groups(documents, self.groups(documents, corrections))
    }

    /// Compares the reports of each of `groups`, which are of `documents`.
    pub fn compare_groups(&self, documents: &[Document], groups: Vec<Group>) -> Vec<Grouped> {
        let compared = |group: Group| {
            let members = group.members.iter().map(|&n| documents[n].clone()).collect();
            Grouped { id: group.id, label: group.label, compared: self.compare(members), fitted: Vec::new() }
        };
        groups.into_iter().map(compared).collect()
    }
}
