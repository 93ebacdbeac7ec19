//! Streaming: one report after the other, each placed at once.
//!
//! For each report: its near-duplicates among earlier reports, by an index of sketches; else candidate stories, by an
//! inverted index from a story's weightiest terms; for each candidate the mean cosine between the report and the story's
//! reports (a dot product with the sum of their vectors), lowered by the days between them. The best candidate takes the
//! report if it reaches the threshold; otherwise the report opens a story. A report may show that two stories are one: if
//! the mean similarity between the reports of its story and those of the second reaches a threshold of its own, the younger
//! becomes part of the older, and its id leads there. Work per report is bounded: [`QUERY_TERMS`] posting lists and
//! [`MAX_CANDIDATES`] dot products. Equal scores go to the older story.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use stemma_core::{Document, ReportId, StoryId};

use crate::near_duplicate::{Sketch, SketchIndex};
use crate::options::{Days, Options};
use crate::state::{Member, StoryState};
use crate::terms::Terms;
use crate::vector::SparseVector;
use crate::vocabulary::Vocabulary;

/// Weightiest terms of a report with which candidates are sought.
const QUERY_TERMS: usize = 24;
/// Weightiest terms of a story under which it is found.
const STORY_TERMS: usize = 48;
/// Candidate stories that are scored exactly.
const MAX_CANDIDATES: usize = 48;
/// Latest stories of one posting list that are looked at.
const MAX_POSTINGS: usize = 4096;
/// Terms that a story's sum keeps.
pub(crate) const SUM_TERMS: usize = 512;
/// Latest reports of one sketch band that are looked at.
const MAX_TWINS: usize = 16;
/// Terms named as reasons.
const N_REASONS: usize = 8;

/// Groups reports into stories as they arrive. Deterministic for a given order.
#[derive(Clone, Debug, Default)]
pub struct Grouper {
    pub(crate) options: Options,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) stories: Vec<StoryState>,
    /// Ids that were merged into others.
    pub(crate) redirects: BTreeMap<StoryId, StoryId>,
    /// Where each report is: index into `stories`.
    places: BTreeMap<ReportId, u32>,
    postings: HashMap<u32, Vec<u32>>,
    sketches: SketchIndex,
    /// Reports by the key under which the sketch index knows them: story, and position in it.
    sketched: Vec<(u32, u32)>,
}

/// Why a report is where it is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Reasons {
    /// The earlier report that it resembles, and how much.
    pub near_duplicate: Option<(ReportId, f64)>,
    /// Words that it shares with the story and what each adds to the score, greatest first.
    pub terms: Vec<(String, f64)>,
    /// Names that it shares with the story and what each adds to the score, greatest first.
    pub names: Vec<(String, f64)>,
    /// Days between it and the story, if both are dated.
    pub days_apart: Option<i64>,
}

/// Where a report was put.
#[derive(Clone, PartialEq, Debug)]
pub struct Placement {
    /// Its story.
    pub story: StoryId,
    /// It opened the story.
    pub opened: bool,
    /// It was there already; nothing changed.
    pub known: bool,
    /// Similarity to the story, or resemblance to the near-duplicate; 0 if it opened one.
    pub score: f64,
    /// Evidence.
    pub reasons: Reasons,
    /// The story that came second, with its score.
    pub second: Option<(StoryId, f64)>,
}

/// One story as it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct StoryView {
    /// Its id.
    pub id: StoryId,
    /// A headline or first sentence out of its own reports.
    pub label: String,
    /// Its reports, in order of arrival.
    pub reports: Vec<ReportId>,
    /// First and last day of publication, where any is known.
    pub days: Option<(Date, Date)>,
}

struct Candidate {
    story: u32,
    score: f64,
}

impl Grouper {
    /// A grouper that has seen nothing.
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    pub(crate) fn restore(
        options: Options,
        vocabulary: Vocabulary,
        stories: Vec<StoryState>,
        redirects: BTreeMap<StoryId, StoryId>,
    ) -> Self {
        let mut grouper = Self { options, vocabulary, stories, redirects, ..Self::default() };
        grouper.index_again();
        grouper
    }

    /// Puts a report into a story. A report that is known stays where it is.
    pub fn add(&mut self, document: &Document) -> Placement {
        let id = document.report().id();
        if let Some(&place) = self.places.get(&id) {
            return Placement { known: true, ..plain(self.stories[place as usize].id) };
        }
        let terms = Terms::of(document);
        self.vocabulary.count(&terms);
        let vector = self.vocabulary.vector(&terms);
        let days = Days::of(document.published().map(|published| published.date()));
        let sketch = Sketch::of(document);
        let member = Member { report: id, days, label: label(document), sketch, sketch_key: None };
        let twin = member.sketch.as_ref().and_then(|sketch| self.twin(sketch));
        let ranked = self.rank(&vector, days);
        self.place(member, vector, twin, &ranked)
    }

    /// The story of a report, if it is known.
    pub fn story_of(&self, report: ReportId) -> Option<StoryId> {
        self.places.get(&report).map(|&place| self.stories[place as usize].id)
    }

    /// The id under which the story of `id` is known today.
    pub fn resolve(&self, id: StoryId) -> StoryId {
        self.redirects.get(&id).copied().unwrap_or(id)
    }

    /// All stories, in order of opening.
    pub fn stories(&self) -> impl Iterator<Item = StoryView> + '_ {
        self.stories.iter().filter(|story| !story.members.is_empty()).map(|story| StoryView {
            id: story.id,
            label: story.label().to_owned(),
            reports: story.members.iter().map(|member| member.report).collect(),
            days: story.days.range,
        })
    }

    /// Closes the stories whose last report is older than `day`: they keep their reports and ids, take no more, and cost
    /// no more time. Stories without a date stay open.
    pub fn close_before(&mut self, day: Date) {
        let mut changed = false;
        for story in self.stories.iter_mut().filter(|story| !story.closed) {
            if story.days.range.is_some_and(|(_, last)| last < day) {
                story.close();
                changed = true;
            }
        }
        if changed {
            self.index_again();
        }
    }

    /// The nearest of the earlier reports, if it is near enough, and how near.
    fn twin(&self, sketch: &Sketch) -> Option<(u32, ReportId, f64)> {
        let mut best: Option<(u32, ReportId, f64)> = None;
        for key in self.sketches.candidates(sketch, MAX_TWINS) {
            let (story, n) = self.sketched[key as usize];
            let member = &self.stories[story as usize].members[n as usize];
            let resemblance = member.sketch.as_ref().map_or(0.0, |other| sketch.resemblance(other));
            if resemblance >= self.options.duplicate_threshold && best.is_none_or(|best| resemblance > best.2)
            {
                best = Some((story, member.report, resemblance));
            }
        }
        best
    }

    /// Open stories by similarity, most similar first.
    fn rank(&self, vector: &SparseVector, days: Days) -> Vec<Candidate> {
        let mut votes: BTreeMap<u32, f32> = BTreeMap::new();
        for (term, weight) in vector.greatest(QUERY_TERMS) {
            if let Some(stories) = self.postings.get(&term) {
                let latest = &stories[stories.len().saturating_sub(MAX_POSTINGS)..];
                for &story in latest.iter().filter(|&&story| !self.stories[story as usize].closed) {
                    *votes.entry(story).or_default() += weight * weight;
                }
            }
        }
        let mut votes: Vec<(u32, f32)> = votes.into_iter().collect();
        votes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        votes.truncate(MAX_CANDIDATES);
        let score = |&(story, _): &(u32, f32)| {
            let state = &self.stories[story as usize];
            let factor = self.options.time_factor(state.days.apart(days));
            Candidate { story, score: factor * state.similarity(vector) }
        };
        let mut ranked: Vec<Candidate> = votes.iter().map(score).collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.story.cmp(&b.story)));
        ranked
    }

    fn place(
        &mut self,
        member: Member,
        vector: SparseVector,
        twin: Option<(u32, ReportId, f64)>,
        ranked: &[Candidate],
    ) -> Placement {
        let fits = ranked.first().filter(|best| best.score >= self.options.stream_threshold);
        let (story, score) = match (twin, fits) {
            (Some((story, _, resemblance)), _) => (Some(story), resemblance),
            (None, Some(best)) => (Some(best.story), best.score),
            (None, None) => (None, 0.0),
        };
        let second = ranked.iter().find(|candidate| Some(candidate.story) != story);
        let second = second.map(|candidate| (self.stories[candidate.story as usize].id, candidate.score));
        let mut reasons =
            story.map_or_else(Reasons::default, |story| self.reasons(story, &vector, member.days));
        reasons.near_duplicate = twin.map(|(_, report, resemblance)| (report, resemblance));
        let opens = story.is_none();
        let story = match story {
            Some(story) => {
                self.stories[story as usize].join(member, &vector);
                story
            }
            None => {
                self.stories.push(StoryState::open(member, vector));
                u32::try_from(self.stories.len() - 1).expect("fewer than 2^32 stories fit into memory")
            }
        };
        self.index_latest(story);
        let rival = ranked.iter().map(|candidate| candidate.story).find(|&other| other != story);
        let home = rival.map_or(story, |rival| self.join_if_one(story, rival));
        let opened = opens && home == story;
        let story = home;
        let second = second.map(|(id, score)| (self.resolve(id), score));
        let second = second.filter(|&(id, _)| id != self.stories[story as usize].id);
        Placement { opened, score, reasons, second, ..plain(self.stories[story as usize].id) }
    }

    /// Makes two stories one if their reports are alike enough. Gives the story that holds those of `story` afterwards.
    fn join_if_one(&mut self, story: u32, rival: u32) -> u32 {
        let (a, b) = (&self.stories[story as usize], &self.stories[rival as usize]);
        let similarity = a.similarity(&b.sum) / b.members.len() as f64;
        if similarity * self.options.time_factor(a.days.apart(b.days)) < self.options.merge_threshold {
            return story;
        }
        let (older, younger) = (story.min(rival), story.max(rival));
        let shell = &mut self.stories[younger as usize];
        shell.closed = true;
        let (id, members) = (shell.id, std::mem::take(&mut shell.members));
        let sum = std::mem::take(&mut shell.sum);
        let home = self.stories[older as usize].id;
        self.redirects.insert(id, home);
        self.redirects.values_mut().filter(|to| **to == id).for_each(|to| *to = home);
        let first = self.stories[older as usize].members.len();
        for (n, member) in (first..).zip(&members) {
            self.places.insert(member.report, older);
            if let Some(key) = member.sketch_key {
                self.sketched[key as usize] = (older, u32::try_from(n).expect("fewer than 2^32 reports"));
            }
        }
        self.stories[older as usize].take_over(members, &sum);
        self.post(older);
        older
    }

    fn reasons(&self, story: u32, vector: &SparseVector, days: Days) -> Reasons {
        let story = &self.stories[story as usize];
        let mut reasons = Reasons { days_apart: story.days.apart(days), ..Reasons::default() };
        for (id, product) in vector.shared(&story.sum, N_REASONS) {
            let share = f64::from(product) / story.members.len() as f64;
            let term = self.vocabulary.term(id);
            match term.strip_prefix("name:") {
                Some(name) => reasons.names.push((name.to_owned(), share)),
                None => reasons.terms.push((term.to_owned(), share)),
            }
        }
        reasons
    }

    /// Makes the latest member of `story` known to the indices.
    fn index_latest(&mut self, story: u32) {
        let n = self.stories[story as usize].members.len() - 1;
        self.places.insert(self.stories[story as usize].members[n].report, story);
        self.index_sketch(story, n);
        self.post(story);
    }

    fn index_sketch(&mut self, story: u32, n: usize) {
        let member = &mut self.stories[story as usize].members[n];
        let Some(sketch) = &member.sketch else { return };
        let key = u32::try_from(self.sketched.len()).expect("fewer than 2^32 reports fit into memory");
        self.sketches.insert(key, sketch);
        self.sketched.push((story, u32::try_from(n).expect("fewer than 2^32 reports fit into memory")));
        member.sketch_key = Some(key);
    }

    /// Builds the indices anew from the open stories, in order, without those that became part of others.
    pub(crate) fn index_again(&mut self) {
        self.stories.retain(|story| !story.members.is_empty());
        self.postings.clear();
        self.sketches = SketchIndex::default();
        self.sketched.clear();
        self.places.clear();
        for n in 0..self.stories.len() {
            let story = u32::try_from(n).expect("fewer than 2^32 stories fit into memory");
            let state = &mut self.stories[n];
            self.places.extend(state.members.iter().map(|member| (member.report, story)));
            state.indexed.clear();
            if !state.closed {
                (0..self.stories[n].members.len()).for_each(|member| self.index_sketch(story, member));
                self.post(story);
            }
        }
    }

    /// Takes over everything that `other` has seen. Stories of `other` that fit one of these become part of it, and
    /// their ids lead there; reports that both know stay where they are here.
    pub fn merge(&mut self, other: Grouper) {
        let ids: Vec<u32> =
            other.vocabulary.counts().map(|(term, _)| self.vocabulary.insert(term, 0)).collect();
        self.vocabulary.add_counts(&other.vocabulary, &ids);
        for (from, to) in other.redirects {
            self.redirects.entry(from).or_insert(to);
        }
        for mut story in other.stories.into_iter().filter(|story| !story.members.is_empty()) {
            story.sum = story.sum.renamed(|id| ids[id as usize]);
            self.merge_story(story);
        }
        let resolved: Vec<(StoryId, StoryId)> =
            self.redirects.iter().map(|(&from, &to)| (from, self.resolve(to))).collect();
        self.redirects = resolved.into_iter().collect();
        self.index_again();
    }

    fn merge_story(&mut self, story: StoryState) {
        let known = story.members.iter().find_map(|member| self.places.get(&member.report).copied());
        let target = known.or_else(|| {
            let n = story.members.len() as f64;
            let ranked = if story.closed { Vec::new() } else { self.rank(&story.sum, story.days) };
            ranked
                .first()
                .filter(|best| best.score / n >= self.options.merge_threshold)
                .map(|best| best.story)
        });
        let Some(target) = target else {
            let at = u32::try_from(self.stories.len()).expect("fewer than 2^32 stories fit into memory");
            self.places.extend(story.members.iter().map(|member| (member.report, at)));
            self.stories.push(story);
            return self.post(at);
        };
        let home = self.stories[target as usize].id;
        if home != story.id {
            self.redirects.insert(story.id, home);
        }
        let places = &self.places;
        let fresh: Vec<Member> =
            story.members.into_iter().filter(|member| !places.contains_key(&member.report)).collect();
        if !fresh.is_empty() {
            self.places.extend(fresh.iter().map(|member| (member.report, target)));
            self.stories[target as usize].take_over(fresh, &story.sum);
            self.post(target);
        }
    }

    /// Files a story under its weightiest terms.
    fn post(&mut self, story: u32) {
        let state = &mut self.stories[story as usize];
        for (term, _) in state.sum.greatest(STORY_TERMS) {
            if let Err(at) = state.indexed.binary_search(&term) {
                state.indexed.insert(at, term);
                self.postings.entry(term).or_default().push(story);
            }
        }
    }
}

fn plain(story: StoryId) -> Placement {
    Placement { story, opened: false, known: false, score: 0.0, reasons: Reasons::default(), second: None }
}

/// The headline, else the first sentence.
pub(crate) fn label(document: &Document) -> String {
    let first = || document.layers().sentences.items().first().map(|sentence| document.slice(sentence.span));
    document.report().title().or_else(first).unwrap_or("").trim().to_owned()
}
