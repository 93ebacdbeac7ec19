//! The state of a grouper as plain data: what is saved, and from which the indices are built anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stemma_core::{ReportId, StoryId};

use crate::grouper::{Grouper, SUM_TERMS};
use crate::near_duplicate::Sketch;
use crate::options::{Days, Options};
use crate::vector::SparseVector;
use crate::vocabulary::Vocabulary;

/// A report in a story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) report: ReportId,
    pub(crate) days: Days,
    pub(crate) label: String,
    pub(crate) sketch: Option<Sketch>,
    /// Under which the index of sketches knows it.
    #[serde(skip)]
    pub(crate) sketch_key: Option<u32>,
}

/// A story and what is needed to place reports.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct StoryState {
    pub(crate) id: StoryId,
    /// In order of arrival; empty once the story has become part of another.
    pub(crate) members: Vec<Member>,
    /// Sum of the members' vectors, each of length 1.
    pub(crate) sum: SparseVector,
    pub(crate) days: Days,
    /// Takes no more reports.
    pub(crate) closed: bool,
    /// Terms under which the inverted index knows it, sorted.
    #[serde(skip)]
    pub(crate) indexed: Vec<u32>,
}

impl StoryState {
    pub(crate) fn open(member: Member, vector: SparseVector) -> Self {
        let (id, days) = (StoryId::opened_by(member.report), member.days);
        Self { id, members: vec![member], sum: vector, days, closed: false, indexed: Vec::new() }
    }

    pub(crate) fn join(&mut self, member: Member, vector: &SparseVector) {
        self.take_over(vec![member], vector);
    }

    pub(crate) fn take_over(&mut self, members: Vec<Member>, sum: &SparseVector) {
        self.days = members.iter().fold(self.days, |days, member| days.cover(member.days));
        self.members.extend(members);
        self.sum.add(sum, SUM_TERMS);
    }

    /// Mean cosine between `vector` and the members.
    pub(crate) fn similarity(&self, vector: &SparseVector) -> f64 {
        self.sum.dot(vector) / self.members.len() as f64
    }

    /// The first headline that there is.
    pub(crate) fn label(&self) -> &str {
        self.members.iter().map(|member| member.label.as_str()).find(|label| !label.is_empty()).unwrap_or("")
    }

    /// Lets go of what only open stories need.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.members.iter_mut().for_each(|member| member.sketch = None);
        self.sum = SparseVector::default();
    }
}

#[derive(Serialize, Deserialize)]
struct State {
    options: Options,
    n_reports: u32,
    terms: Vec<(String, u32)>,
    stories: Vec<StoryState>,
    redirects: BTreeMap<StoryId, StoryId>,
}

impl Serialize for Grouper {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let state = State {
            options: self.options,
            n_reports: self.vocabulary.n_reports(),
            terms: self.vocabulary.counts().map(|(term, count)| (term.to_owned(), count)).collect(),
            stories: self.stories.iter().filter(|story| !story.members.is_empty()).cloned().collect(),
            redirects: self.redirects.clone(),
        };
        state.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Grouper {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let state = State::deserialize(deserializer)?;
        let n_terms = state.terms.len();
        let mut vocabulary = Vocabulary::empty(state.n_reports);
        for (term, count) in &state.terms {
            vocabulary.insert(term, *count);
        }
        let known = |story: &StoryState| story.sum.weights().iter().all(|&(id, _)| (id as usize) < n_terms);
        if !state.stories.iter().all(|story| known(story) && !story.members.is_empty()) {
            return Err(serde::de::Error::custom(
                "a story is empty or holds terms that are not in the list of terms",
            ));
        }
        Ok(Grouper::restore(state.options, vocabulary, state.stories, state.redirects))
    }
}
