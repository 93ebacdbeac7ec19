//! Streaming: one report after the other, each placed at once.
//!
//! For each report: candidate stories by an inverted index from a story's weightiest terms, and how well the report fits each as
//! a whole ([`crate::density`]; a dot product with the sum of the vectors of the story's reports, lowered by the days between
//! them). The best candidate takes the report if it fits; otherwise the report opens a story. A near-duplicate of an earlier
//! report goes to that one's story. What is placed early is placed with little knowledge, so stories are looked at again
//! ([`crate::review`]): they may merge, split and give reports to each other. Ids last: a story that became part of another leads there.
//!
//! Work per report is bounded, memory by the reports of open stories: [`Grouper::close_before`] lets go of what only these
//! need. Equal scores go to the older story, so that the result depends on the order of arrival alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use stemma_core::{Document, ReportId, Span, StoryId};

use crate::ahead::read_ahead;
use crate::corrections::Constraints;
use crate::density::Density;
use crate::index::StoryIndex;
use crate::near_duplicate::{Sketch, SketchIndex};
use crate::notices::Notices;
use crate::options::{Days, Options};
use crate::outline::Outline;
use crate::state::{Live, Member, Shown, StoryState};
use crate::vector::{SparseVector, Spread};
use crate::vocabulary::{TERMS_OF_STREAM, Vocabulary};

/// Candidate stories that are scored exactly.
const MAX_CANDIDATES: usize = 12;
/// Weightiest terms of a story under which it is found.
const STORY_TERMS: usize = 24;
/// Latest reports that are looked at for each shared part of a sketch.
const LATEST_TWINS: usize = 4;
/// Reports of which the sketches are compared, those that share most first.
const MAX_TWINS: usize = 6;
/// Closed reports of which the rest is let go of when one comes in: twice as many as come, so that it is done within the window.
const PUT_AWAY: usize = 2;
/// A generation of sketches goes when less than one in so many of its reports may still have copies.
const FRESH_PART: usize = 16;
/// So few terms are kept in any case.
const FEW_TERMS: usize = 1 << 16;
/// Terms named as reasons.
const N_REASONS: usize = 8;

/// Groups reports into stories as they arrive. Deterministic for a given order.
#[derive(Clone, Debug, Default)]
pub struct Grouper {
    pub(crate) options: Options,
    pub(crate) vocabulary: Vocabulary,
    /// All reports, in order of arrival.
    pub(crate) members: Vec<Member>,
    /// All stories, in order of opening; those that became part of others are empty.
    pub(crate) stories: Vec<StoryState>,
    /// Ids that were merged into others.
    pub(crate) redirects: BTreeMap<StoryId, StoryId>,
    pub(crate) places: HashMap<ReportId, u32>,
    pub(crate) by_id: HashMap<StoryId, u32>,
    pub(crate) index: StoryIndex,
    pub(crate) sketches: SketchIndex,
    /// The vector with which others are multiplied at present.
    pub(crate) spread: Spread,
    /// For sorting; kept so that memory is not asked for again and again.
    pub(crate) ranks: Vec<u64>,
    /// Closed stories of which what only open ones need has not been let go of.
    pub(crate) closed: BTreeSet<u32>,
    /// Terms that were left when rare ones were let go of last.
    pub(crate) n_terms_kept: usize,
    /// What a person has said of the reports.
    pub(crate) constraints: Constraints,
    /// Reports that there were when all were weighed last.
    pub(crate) weighed_at: usize,
    /// What stands on many pages of an outlet.
    pub(crate) notices: Notices,
}

/// Why a report is where it is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Reasons {
    /// A person has put it there.
    pub corrected: bool,
    /// The earlier report that it resembles, and how much.
    pub near_duplicate: Option<(ReportId, f64)>,
    /// Mean similarity to the reports of the story, before time is taken into account.
    pub similarity: f64,
    /// Words that it shares with the story and what each adds to the similarity, greatest first.
    pub terms: Vec<(String, f64)>,
    /// Names that it shares with the story and what each adds to the similarity, greatest first.
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
    /// How well it fits the story ([`Options::fit_threshold`]), or resemblance to the near-duplicate; 0 if it opened one.
    pub score: f64,
    /// Evidence.
    pub reasons: Reasons,
    /// The story that came second, with how well the report fits it.
    pub second: Option<(StoryId, f64)>,
}

/// One story as it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct StoryView {
    /// Its id.
    pub id: StoryId,
    /// The headline or first sentence of its central report, or what a person has called it.
    pub label: String,
    /// The report that is most like the others.
    pub central: ReportId,
    /// First sentence of the central report's body, in that report's text.
    pub lead: Option<Span>,
    /// Its reports, in order of arrival.
    pub reports: Vec<ReportId>,
    /// First and last day of publication, where any is known.
    pub days: Option<(Date, Date)>,
    /// Takes no more reports.
    pub closed: bool,
    /// Earlier stories that are near but not the same, nearest first, with how well they fit.
    pub related: Vec<(StoryId, f64)>,
}

/// A story that may take a report, and how well they fit.
pub(crate) struct Candidate {
    pub(crate) story: u32,
    pub(crate) fit: f64,
}

impl Grouper {
    /// A grouper that has seen nothing.
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// The same under `constraints`. They hold for reports that are yet to come, whenever these are looked at again.
    pub fn under(self, constraints: Constraints) -> Self {
        Self { constraints, ..self }
    }

    /// Puts a report into a story. A report that is known stays where it is.
    pub fn add(&mut self, document: &Document) -> Placement {
        match self.story_of(document.report().id()) {
            Some(story) => Placement { known: true, ..plain(story) },
            None => {
                let outline = self.own_outline(document);
                let placement = self.add_outline(outline);
                self.remember(document.report());
                placement
            }
        }
    }

    /// Puts a report of which only the outline is given into a story: what is a notice of its outlet is not told from its own
    /// words. A report that is known stays where it is.
    pub fn add_outline(&mut self, outline: Outline) -> Placement {
        if let Some(story) = self.story_of(outline.report) {
            return Placement { known: true, ..plain(story) };
        }
        self.put_away(PUT_AWAY);
        let terms = self.vocabulary.count(&outline.terms);
        let vector = self.vocabulary.vector(&terms, TERMS_OF_STREAM);
        let days = Days::of(outline.day);
        let barred = self.stories_of(self.constraints.apart_from(outline.report));
        let twin = outline.sketch.as_ref().and_then(|sketch| self.twin(sketch));
        let twin = twin.filter(|twin| !barred.contains(&self.members[twin.0 as usize].story));
        let mut ranked = self.rank(&vector, days);
        ranked.retain(|candidate| !barred.contains(&candidate.story));
        let Outline { label, lead, sketch, .. } = outline;
        let weights = if self.is_unsettled() { weights_of(&vector, &terms) } else { Box::default() };
        let live = Live { label, lead, sketch, vector, weights, twin: twin.map(|twin| twin.0) };
        let member = Member { report: outline.report, days, story: 0, live: Some(Box::new(live)) };
        let mut placement = self.place(member, twin, &ranked);
        if self.settle() {
            placement.story = self.resolve(placement.story);
            placement.second = placement.second.map(|(id, fit)| (self.resolve(id), fit));
            placement.second = placement.second.filter(|&(id, _)| id != placement.story);
        }
        placement
    }

    /// The story of a report, if it is known.
    pub fn story_of(&self, report: ReportId) -> Option<StoryId> {
        self.places.get(&report).map(|&key| self.stories[self.members[key as usize].story as usize].id)
    }

    /// The id under which the story of `id` is known today.
    pub fn resolve(&self, id: StoryId) -> StoryId {
        self.redirects.get(&id).copied().unwrap_or(id)
    }

    /// The story of `id` as it stands, if there is one.
    pub fn story(&self, id: StoryId) -> Option<StoryView> {
        self.by_id.get(&self.resolve(id)).map(|&story| self.view(story))
    }

    /// All stories, in order of opening.
    pub fn stories(&self) -> impl Iterator<Item = StoryView> + '_ {
        let all = (0_u32..).zip(&self.stories);
        all.filter(|(_, story)| !story.members.is_empty()).map(|(n, _)| self.view(n))
    }

    /// Number of stories, the closed ones with them.
    pub fn n_stories(&self) -> usize {
        self.by_id.len()
    }

    /// Keeps a story as it is: it still takes reports, but is neither split nor merged. `false` if there is no such story.
    pub fn keep(&mut self, id: StoryId) -> bool {
        let story = self.by_id.get(&self.resolve(id)).copied();
        if let Some(story) = story {
            self.stories[story as usize].kept = true;
        }
        story.is_some()
    }

    /// Closes the stories whose last report is older than `day`: they keep their reports, label and ids, take no more, and cost
    /// hardly any time or memory. A report without a date counts as of the day of the dated one before it.
    ///
    /// What only closed stories need is let go of little by little, as further reports come in: nothing is seen of that.
    pub fn close_before(&mut self, day: Date) {
        let is_late = |story: &StoryState| !story.closed && story.touched.is_some_and(|last| last < day);
        let late = (0_u32..).zip(&self.stories).filter(|(_, story)| is_late(story));
        let late: Vec<u32> = late.map(|(n, _)| n).collect();
        for &story in &late {
            self.stories[story as usize].closed = true;
            self.index.close(story);
        }
        if !late.is_empty() {
            self.index.tidy();
        }
        self.closed.extend(late);
        self.drop_sketches_before(day);
    }

    /// Lets go of the sketches of the oldest generation once few of its reports are of `day` or later and in an open story. That few
    /// remain, because their date is wrong or their story goes on for long, must not keep what all others do not need.
    fn drop_sketches_before(&mut self, day: Date) {
        while let Some(keys) = self.sketches.oldest() {
            let keys = *keys.start() as usize..=*keys.end() as usize;
            let is_fresh = |member: &&Member| {
                member.live.is_some() && member.days.range.is_some_and(|(_, last)| last >= day)
            };
            let n_fresh = self.members[keys.clone()].iter().filter(is_fresh).count();
            if n_fresh * FRESH_PART >= keys.clone().count() {
                break;
            }
            for live in self.members[keys.clone()].iter_mut().filter_map(|member| member.live.as_mut()) {
                live.sketch = None;
            }
            self.sketches.drop_before(u32::try_from(keys.end() + 1).unwrap_or(u32::MAX));
        }
    }

    /// Lets go of what a few of the closed stories needed, until so many reports are done.
    pub(crate) fn put_away(&mut self, n_reports: usize) {
        let mut n_done = 0;
        while n_done < n_reports
            && let Some(story) = self.closed.pop_first()
        {
            n_done += self.stories[story as usize].members.len();
            self.put_story_away(story);
            if self.closed.is_empty() {
                self.retire_terms();
                let members = &self.members;
                self.notices.retain(|key| members[key as usize].live.is_some());
            }
        }
    }

    fn put_story_away(&mut self, story: u32) {
        let shown = self.shown(story);
        let state = &mut self.stories[story as usize];
        for &key in &state.members {
            self.members[key as usize].live = None;
        }
        state.shown = Some(Box::new(shown));
        state.sum = SparseVector::default();
        state.filed = Vec::new();
        state.members.shrink_to_fit();
    }

    /// Lets go of rare terms that no open story holds, once there are half as many terms again as were kept the last time.
    fn retire_terms(&mut self) {
        if self.vocabulary.n_terms() < self.n_terms_kept + (self.n_terms_kept / 2).max(FEW_TERMS) {
            return;
        }
        let mut used = vec![false; self.vocabulary.n_ids()];
        let sums = self.stories.iter().map(|story| &story.sum);
        let vectors = self.members.iter().filter_map(|member| member.live.as_ref()).map(|live| &live.vector);
        for &(id, _) in sums.chain(vectors).flat_map(|vector| vector.weights()) {
            used[id as usize] = true;
        }
        self.vocabulary.retire(&used);
        self.n_terms_kept = self.vocabulary.n_terms();
    }

    /// The nearest of the earlier reports in open stories, if it is near enough, and how near.
    fn twin(&self, sketch: &Sketch) -> Option<(u32, f64)> {
        let keys = self
            .sketches
            .copies(sketch, LATEST_TWINS, MAX_TWINS, |key| self.members[key as usize].live.is_some());
        let sketch_of = |&key: &u32| self.members[key as usize].sketch();
        let others: Vec<(u32, &Sketch)> =
            keys.iter().filter_map(|key| Some((*key, sketch_of(key)?))).collect();
        read_ahead(others.iter().map(|(_, other)| other.least()));
        let twins = others.into_iter().map(|(key, other)| (key, sketch.resemblance(other)));
        let near = twins.filter(|twin| twin.1 >= self.options.duplicate_threshold);
        near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }

    /// Open stories by fit, best first.
    fn rank(&mut self, vector: &SparseVector, days: Days) -> Vec<Candidate> {
        self.spread.set(vector);
        let nearest = self.nearest(vector, MAX_CANDIDATES);
        let sums = nearest.iter().map(|&story| self.stories[story as usize].sum.weights());
        read_ahead(sums.map(|weights| weights.first().map_or(0, |&(id, _)| id)));
        let fit = |story: u32| {
            let state = &self.stories[story as usize];
            let between = self.spread.dot(&state.sum) * self.options.time_factor(state.days.apart(days));
            Candidate { story, fit: state.density.fit(Density::SINGLE, between, &self.options) }
        };
        let mut ranked: Vec<Candidate> = nearest.into_iter().map(fit).collect();
        ranked.sort_by(|a, b| b.fit.total_cmp(&a.fit).then(a.story.cmp(&b.story)));
        ranked
    }

    /// Open stories that share most of their weightiest terms with `vector`.
    pub(crate) fn nearest(&mut self, vector: &SparseVector, limit: usize) -> Vec<u32> {
        self.index.nearest(vector, limit)
    }

    /// The stories that hold some reports.
    pub(crate) fn stories_of(&self, reports: impl Iterator<Item = ReportId>) -> BTreeSet<u32> {
        let keys = reports.filter_map(|report| self.places.get(&report));
        keys.map(|&key| self.members[key as usize].story).collect()
    }

    fn place(&mut self, member: Member, twin: Option<(u32, f64)>, ranked: &[Candidate]) -> Placement {
        let fits = ranked.first().filter(|best| best.fit >= self.options.fit_threshold);
        let fit_of = |story: u32| ranked.iter().find(|best| best.story == story).map_or(0.0, |best| best.fit);
        let wished = self.stories_of(self.constraints.with(member.report)).first().copied();
        let (story, score) = match (wished, twin, fits) {
            (Some(story), _, _) => (Some(story), fit_of(story)),
            (None, Some((key, resemblance)), _) => (Some(self.members[key as usize].story), resemblance),
            (None, None, Some(best)) => (Some(best.story), best.fit),
            (None, None, None) => (None, 0.0),
        };
        let second = ranked.iter().find(|candidate| Some(candidate.story) != story);
        let mut reasons = story.map_or_else(Reasons::default, |story| self.reasons(story, &member));
        reasons.corrected = wished.is_some();
        reasons.near_duplicate =
            twin.map(|(key, resemblance)| (self.members[key as usize].report, resemblance));
        let key = self.enter(member);
        let story = match story {
            Some(story) => {
                self.join(story, key);
                story
            }
            None => self.open(key, second),
        };
        let others: Vec<u32> =
            ranked.iter().map(|candidate| candidate.story).filter(|&other| other != story).collect();
        self.review(story, &others);
        let home = &self.stories[self.members[key as usize].story as usize];
        let second = second.map(|second| (self.resolve(self.stories[second.story as usize].id), second.fit));
        let second = second.filter(|&(id, _)| id != home.id);
        Placement { opened: home.members == [key], score, reasons, second, ..plain(home.id) }
    }

    /// Makes a report known. It is in no story yet.
    pub(crate) fn enter(&mut self, member: Member) -> u32 {
        let key = u32::try_from(self.members.len()).expect("fewer than 2^32 reports fit into memory");
        self.places.insert(member.report, key);
        if let Some(sketch) = member.sketch() {
            self.sketches.insert_copy(key, sketch);
        }
        self.members.push(member);
        key
    }

    fn join(&mut self, story: u32, key: u32) {
        let touched = self.touched_by(key);
        let (state, member) = (&mut self.stories[story as usize], &mut self.members[key as usize]);
        member.story = story;
        state.touched = state.touched.max(touched);
        state.take(key, member, &self.options);
        self.file(story);
    }

    /// Day of a report, or else of the one before it.
    fn touched_by(&self, key: u32) -> Option<Date> {
        let last = |member: &Member| member.days.range.map(|(_, last)| last);
        let before = |key: u32| self.stories[self.members[key as usize].story as usize].touched;
        last(&self.members[key as usize]).or_else(|| key.checked_sub(1).and_then(before))
    }

    /// Opens a story with a report. `nearest` is remembered as related if it is.
    fn open(&mut self, key: u32, nearest: Option<&Candidate>) -> u32 {
        let story = u32::try_from(self.stories.len()).expect("fewer than 2^32 stories fit into memory");
        let mut state = StoryState::empty(StoryId::opened_by(self.members[key as usize].report));
        if let Some(near) = nearest {
            // The chapters of one affair come one after the other, so time does not count here.
            let other = &self.stories[near.story as usize];
            let fit = near.fit / self.options.time_factor(other.days.apart(self.members[key as usize].days));
            if fit >= self.options.related_threshold {
                state.related.push((other.id, fit));
            }
        }
        self.by_id.insert(state.id, story);
        self.stories.push(state);
        self.join(story, key);
        story
    }

    /// Files a story under its weightiest terms.
    pub(crate) fn file(&mut self, story: u32) {
        let state = &mut self.stories[story as usize];
        for (term, _) in state.sum.greatest(STORY_TERMS, &mut self.ranks) {
            if let Err(at) = state.filed.binary_search(&term) {
                state.filed.insert(at, term);
                self.index.file(term, story);
            }
        }
    }

    fn reasons(&self, story: u32, member: &Member) -> Reasons {
        let state = &self.stories[story as usize];
        let of =
            |live: &Live| reasons_of(&live.vector, &state.sum, state.density.n_reports, &self.vocabulary);
        let reasons = member.live.as_ref().map_or_else(Reasons::default, |live| of(live));
        Reasons { days_apart: state.days.apart(member.days), ..reasons }
    }

    /// What is shown of an open story: from the member that is most like the others, of equals the first.
    fn shown(&self, story: u32) -> Shown {
        let state = &self.stories[story as usize];
        let mut best: Option<(f64, u32)> = None;
        for &key in &state.members {
            let Some(live) = &self.members[key as usize].live else { continue };
            let likeness = if live.label.is_empty() { -1.0 } else { state.sum.dot(&live.vector) };
            if best.is_none_or(|best| likeness > best.0) {
                best = Some((likeness, key));
            }
        }
        let central = best.map_or(state.members[0], |best| best.1);
        let live = self.members[central as usize].live.as_ref();
        Shown {
            central,
            label: live.map_or_else(String::new, |live| live.label.clone()),
            lead: live.and_then(|live| live.lead),
        }
    }

    fn view(&self, story: u32) -> StoryView {
        let state = &self.stories[story as usize];
        let shown = state.shown.as_ref().map_or_else(|| self.shown(story), |shown| Shown::clone(shown));
        let mut related: Vec<(StoryId, f64)> = Vec::new();
        for &(id, fit) in &state.related {
            let id = self.resolve(id);
            if id != state.id && !related.iter().any(|&(known, _)| known == id) {
                related.push((id, fit));
            }
        }
        let reports: Vec<ReportId> =
            state.members.iter().map(|&key| self.members[key as usize].report).collect();
        StoryView {
            id: state.id,
            label: self.constraints.label_of(&reports).map_or(shown.label, str::to_owned),
            central: self.members[shown.central as usize].report,
            lead: shown.lead,
            reports,
            days: state.days.range,
            closed: state.closed,
            related,
        }
    }

    /// Builds the indices anew from the open stories, in order. `beginnings` are those of the generations of sketches.
    pub(crate) fn index_again(&mut self, beginnings: &[u32]) {
        self.index = StoryIndex::default();
        let sketches = (0_u32..).zip(&self.members).filter_map(|(key, member)| Some((key, member.sketch()?)));
        self.sketches = SketchIndex::restore(beginnings, sketches);
        self.places = (0_u32..).zip(&self.members).map(|(key, member)| (member.report, key)).collect();
        let filled = (0_u32..).zip(&self.stories).filter(|(_, state)| !state.members.is_empty());
        self.by_id = filled.map(|(story, state)| (state.id, story)).collect();
        for (story, state) in (0_u32..).zip(&self.stories) {
            if !state.closed {
                state.filed.iter().for_each(|&term| self.index.file(term, story));
            } else if state.shown.is_none() && !state.members.is_empty() {
                self.closed.insert(story);
            }
        }
    }
}

/// What a report shares with `n_others`, of which `sum` is the sum of the vectors.
pub(crate) fn reasons_of(
    report: &SparseVector,
    sum: &SparseVector,
    n_others: f64,
    vocabulary: &Vocabulary,
) -> Reasons {
    let mut reasons = Reasons { similarity: sum.dot(report) / n_others, ..Reasons::default() };
    for (id, product) in report.shared(sum, N_REASONS) {
        let share = f64::from(product) / n_others;
        let term = vocabulary.term(id);
        match term.strip_prefix("name:") {
            Some(name) => reasons.names.push((name.to_owned(), share)),
            None => reasons.terms.push((term.to_owned(), share)),
        }
    }
    reasons
}

/// The weights in the report of the terms of its vector, in the same order.
fn weights_of(vector: &SparseVector, terms: &[(u32, f32)]) -> Box<[f32]> {
    let weights: HashMap<u32, f32> = terms.iter().copied().collect();
    vector.weights().iter().map(|(id, _)| weights[id]).collect()
}

fn plain(story: StoryId) -> Placement {
    Placement { story, opened: false, known: false, score: 0.0, reasons: Reasons::default(), second: None }
}
