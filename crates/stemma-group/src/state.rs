//! The state of a grouper as plain data: what is saved, and from which the indices are built anew.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use stemma_core::{ReportId, Span, StoryId};

use crate::density::Density;
use crate::grouper::Grouper;
use crate::near_duplicate::Sketch;
use crate::notices::Notices;
use crate::options::{Days, Options};
use crate::vector::SparseVector;
use crate::vocabulary::Vocabulary;

/// Terms that a story's sum keeps; it may grow to twice as many in between.
pub(crate) const SUM_TERMS: usize = 256;

/// A report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) report: ReportId,
    pub(crate) days: Days,
    /// Its story, by position.
    pub(crate) story: u32,
    /// `None` once its story is closed.
    pub(crate) live: Option<Box<Live>>,
}

impl Member {
    /// Its sketch, while it is kept.
    pub(crate) fn sketch(&self) -> Option<&Sketch> {
        self.live.as_ref()?.sketch.as_ref()
    }
}

/// What is needed of a report while its story is open.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Live {
    pub(crate) label: String,
    pub(crate) lead: Option<Span>,
    /// `None` if it has no words, or is too old for copies to be looked for.
    pub(crate) sketch: Option<Sketch>,
    pub(crate) vector: SparseVector,
    /// Weights of the vector's terms in the report alone, in the same order, as long as they are weighed again.
    #[serde(default, skip_serializing_if = "<[f32]>::is_empty")]
    pub(crate) weights: Box<[f32]>,
    /// The earlier report that it is a near-duplicate of, by position: the two stay together.
    pub(crate) twin: Option<u32>,
}

/// A story and what is needed to place reports.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct StoryState {
    pub(crate) id: StoryId,
    /// By position, in order of arrival; empty once the story has become part of another.
    pub(crate) members: Vec<u32>,
    /// Sum of the vectors of its reports.
    pub(crate) sum: SparseVector,
    pub(crate) density: Density,
    pub(crate) days: Days,
    /// Day by which it is closed.
    pub(crate) touched: Option<Date>,
    /// Takes no more reports.
    pub(crate) closed: bool,
    /// How many reports it had when it was last looked at.
    pub(crate) reviewed: usize,
    /// Neither split nor merged but by the user.
    pub(crate) kept: bool,
    /// Stories that were near when this one opened.
    pub(crate) related: Vec<(StoryId, f64)>,
    /// What is shown of it, once it is closed.
    pub(crate) shown: Option<Box<Shown>>,
    /// Terms under which the inverted index knows it, sorted.
    pub(crate) filed: Vec<u32>,
}

/// What is shown of a story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// The central report, by position.
    pub(crate) central: u32,
    pub(crate) label: String,
    pub(crate) lead: Option<Span>,
}

impl Live {
    /// Takes terms out of the vector, which keeps its length.
    pub(crate) fn leave_out(&mut self, terms: &BTreeSet<u32>) {
        let stays = |id: u32| !terms.contains(&id);
        if self.weights.len() == self.vector.weights().len() {
            let weights = self.weights.iter().zip(self.vector.weights());
            self.weights = weights.filter(|(_, (id, _))| stays(*id)).map(|(weight, _)| *weight).collect();
        }
        let left = self.vector.weights().iter().copied().filter(|&(id, _)| stays(id)).collect();
        self.vector = SparseVector::unit(left, usize::MAX);
    }
}

impl StoryState {
    pub(crate) fn empty(id: StoryId) -> Self {
        Self {
            id,
            members: Vec::new(),
            sum: SparseVector::default(),
            density: Density { n_reports: 0.0, within: 0.0 },
            days: Days::default(),
            touched: None,
            closed: false,
            reviewed: 0,
            kept: false,
            related: Vec::new(),
            shown: None,
            filed: Vec::new(),
        }
    }

    /// Adds a report that arrived after the others.
    pub(crate) fn take(&mut self, key: u32, member: &Member, options: &Options) {
        if let Some(live) = &member.live {
            let between = self.sum.dot(&live.vector) * options.time_factor(self.days.apart(member.days));
            self.density = self.density.joined(Density::SINGLE, between);
            self.sum.add(&live.vector, SUM_TERMS);
        }
        self.days = self.days.cover(member.days);
        self.members.push(key);
    }
}

#[derive(Deserialize)]
struct State {
    options: Options,
    n_reports: u32,
    #[serde(default)]
    weighed_at: usize,
    #[serde(default)]
    notices: Notices,
    terms: Vec<(String, u32)>,
    #[serde(default)]
    n_terms_kept: usize,
    members: Vec<Member>,
    stories: Vec<StoryState>,
    redirects: BTreeMap<StoryId, StoryId>,
    /// Where the generations of sketches begin.
    #[serde(default)]
    generations: Vec<u32>,
}

/// The same to be written: a state of gigabytes is not copied for that.
#[derive(Serialize)]
struct StateRef<'a> {
    options: Options,
    n_reports: u32,
    weighed_at: usize,
    notices: &'a Notices,
    terms: Vec<(&'a str, u32)>,
    n_terms_kept: usize,
    members: &'a [Member],
    stories: &'a [StoryState],
    redirects: &'a BTreeMap<StoryId, StoryId>,
    generations: Vec<u32>,
}

impl Serialize for Grouper {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let state = StateRef {
            options: self.options,
            n_reports: self.vocabulary.n_reports(),
            weighed_at: self.weighed_at,
            notices: &self.notices,
            terms: self.vocabulary.counts().collect(),
            n_terms_kept: self.n_terms_kept,
            members: &self.members,
            stories: &self.stories,
            redirects: &self.redirects,
            generations: self.sketches.beginnings(),
        };
        state.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Grouper {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let state = State::deserialize(deserializer)?;
        if !state.holds_together() {
            return Err(serde::de::Error::custom("stories, reports and terms do not fit together"));
        }
        let counts = state.terms.iter().map(|(term, count)| (term.as_str(), *count));
        let mut grouper = Grouper {
            options: state.options,
            vocabulary: Vocabulary::restore(state.n_reports, counts),
            n_terms_kept: state.n_terms_kept,
            members: state.members,
            stories: state.stories,
            redirects: state.redirects,
            weighed_at: state.weighed_at,
            notices: state.notices,
            ..Grouper::default()
        };
        grouper.index_again(&state.generations);
        Ok(grouper)
    }
}

impl State {
    /// Every position leads to something, and stories and reports name each other.
    fn holds_together(&self) -> bool {
        let known = |vector: &SparseVector| {
            vector.weights().iter().all(|&(id, _)| (id as usize) < self.terms.len())
                && vector.weights().is_sorted_by(|a, b| a.0 < b.0)
        };
        let n_placed: usize = self.stories.iter().map(|story| story.members.len()).sum();
        let whole = |(n, story): (u32, &StoryState)| {
            let inside = |&key: &u32| self.members.get(key as usize).is_some_and(|member| member.story == n);
            known(&story.sum)
                && story.members.iter().all(inside)
                && story.filed.iter().all(|&id| (id as usize) < self.terms.len())
                && story.shown.as_ref().is_none_or(|shown| (shown.central as usize) < self.members.len())
        };
        n_placed == self.members.len()
            && self.notices.keys().all(|key| (key as usize) < self.members.len())
            && self.generations.is_sorted_by(|a, b| a < b)
            && self.generations.last().is_none_or(|&last| (last as usize) < self.members.len())
            && (0_u32..).zip(&self.stories).all(whole)
            && self.members.iter().filter_map(|member| member.live.as_ref()).all(|live| known(&live.vector))
    }
}
