//! Looking at stories again: what was placed one by one is grouped once more, with what is known now.
//!
//! A story is looked at again together with its nearest rivals when it has grown by a quarter. Their reports are grouped as in a batch ([`crate::linkage`]); of large stories only the latest
//! reports can leave, and the others stay together. Then each group goes on under the id of the story from which most of its reports are.
//! A story that is left without reports leads to where most of them went; a group that is left without a story opens one,
//! under the id that its first report would have given it. What a person has corrected holds here, too ([`Ties`]), and a story
//! that is kept as it is takes no part.

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{ReportId, StoryId};

use crate::density::Density;
use crate::grouper::Grouper;
use crate::linkage::{Ties, link};
use crate::options::Days;
use crate::state::{SUM_TERMS, StoryState};
use crate::vector::SparseVector;

/// Nearest other stories that are looked at together with one.
const MAX_RIVALS: usize = 4;
/// Share of the fit threshold from which another story is a rival.
const RIVAL_SHARE: f64 = 0.5;
/// Reports that can leave their stories in one look.
const MAX_FREE: usize = 48;
/// Latest reports of a larger story that can leave it.
const MAX_LATEST: usize = 12;

/// What stays together in one look: a report, or the older ones of a large story.
pub(crate) struct Block {
    story: u32,
    keys: Vec<u32>,
    sum: SparseVector,
    density: Density,
    days: Days,
    /// Of a single report: the one that it is a near-duplicate of.
    twin: Option<u32>,
}

impl Block {
    /// A whole story.
    pub(crate) fn of(story: u32, state: &StoryState) -> Self {
        let (sum, density, days) = (state.sum.clone(), state.density, state.days);
        Self { story, keys: state.members.clone(), sum, density, days, twin: None }
    }
}

impl Grouper {
    /// Looks at a story that has just taken a report, and at its rivals among `others`, if it is time for that.
    pub(crate) fn review(&mut self, home: u32, others: &[u32]) {
        let home_state = &self.stories[home as usize];
        let n_reports = home_state.members.len();
        if home_state.kept || n_reports < 2 || n_reports < grown(home_state.reviewed) {
            return;
        }
        let mut stories = vec![home];
        for &other in others.iter().take(MAX_RIVALS) {
            let state = &self.stories[other as usize];
            let is_rival = !state.kept
                && !state.closed
                && self.fit_between(home_state, state) >= RIVAL_SHARE * self.options.fit_threshold;
            if is_rival {
                stories.push(other);
            }
        }
        if n_reports > 2 || stories.len() > 1 {
            self.regroup(&stories);
        }
        for story in stories {
            let state = &mut self.stories[story as usize];
            state.reviewed = state.members.len();
        }
    }

    pub(crate) fn fit_between(&self, a: &StoryState, b: &StoryState) -> f64 {
        a.density.fit(b.density, self.between(a, b), &self.options)
    }

    /// Sum of the similarities of the reports of two stories with each other.
    pub(crate) fn between(&self, a: &StoryState, b: &StoryState) -> f64 {
        a.sum.dot(&b.sum) * self.options.time_factor(a.days.apart(b.days))
    }

    /// Groups the reports of open stories anew.
    pub(crate) fn regroup(&mut self, stories: &[u32]) {
        let blocks = self.blocks(stories);
        let mut pairs = Vec::new();
        for (b, later) in (0_u32..).zip(&blocks) {
            self.spread.set(&later.sum);
            for (a, earlier) in (0..b).zip(&blocks) {
                let sum = match later.twin {
                    Some(twin) if earlier.keys == [twin] => 1.0,
                    _ => {
                        self.options.time_factor(earlier.days.apart(later.days))
                            * self.spread.dot(&earlier.sum)
                    }
                };
                if sum > 0.0 {
                    pairs.push((a, b, sum));
                }
            }
        }
        let densities: Vec<Density> = blocks.iter().map(|block| block.density).collect();
        let ties = self.ties(blocks.iter().map(|block| &block.keys[..]));
        let groups = link(&densities, &pairs, self.options.fit_threshold, &ties, &self.options);
        let stays = |group: &Vec<usize>| {
            let story = blocks[group[0]].story;
            let n_reports: usize = group.iter().map(|&n| blocks[n].keys.len()).sum();
            group.iter().all(|&n| blocks[n].story == story)
                && n_reports == self.stories[story as usize].members.len()
        };
        if groups.iter().all(stays) {
            return;
        }
        let groups: Vec<Block> = groups.iter().map(|group| join_blocks(&blocks, group, &pairs)).collect();
        let heirs = self.heirs(&groups);
        self.hand_over(stories, groups, &heirs);
    }

    /// What a person has said of groups of reports.
    pub(crate) fn ties<'a>(&self, groups: impl Iterator<Item = &'a [u32]>) -> Ties<'_> {
        let block = |&key: &u32| self.constraints.block(self.members[key as usize].report);
        let blocks = |keys: &[u32]| match self.constraints.is_empty() {
            true => Vec::new(),
            false => keys.iter().filter_map(block).collect::<BTreeSet<_>>().into_iter().collect(),
        };
        Ties { blocks: groups.map(blocks).collect(), constraints: Some(&self.constraints) }
    }

    fn blocks(&self, stories: &[u32]) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (n, &story) in stories.iter().enumerate() {
            let state = &self.stories[story as usize];
            let keys = &state.members;
            let n_free = match keys.len() {
                all if blocks.len() + all <= MAX_FREE => all,
                _ if n == 0 => MAX_LATEST,
                _ => 0,
            };
            let (rest, free) = keys.split_at(keys.len() - n_free);
            if free.is_empty() {
                blocks.push(Block::of(story, state));
            } else {
                if !rest.is_empty() {
                    let mut part = StoryState::empty(state.id);
                    rest.iter().for_each(|&key| part.take(key, &self.members[key as usize], &self.options));
                    let (sum, density, days) = (part.sum, part.density, part.days);
                    blocks.push(Block { story, keys: rest.to_vec(), sum, density, days, twin: None });
                }
                blocks.extend(free.iter().map(|&key| {
                    let member = &self.members[key as usize];
                    let live = member.live.as_ref();
                    let sum = live.map(|live| live.vector.clone()).unwrap_or_default();
                    let twin = live.and_then(|live| live.twin);
                    Block { story, keys: vec![key], sum, density: Density::SINGLE, days: member.days, twin }
                }));
            }
        }
        blocks
    }

    /// The story under whose id each group goes on: the one from which most of its reports are, if no other group has more of it.
    pub(crate) fn heirs(&self, groups: &[Block]) -> Vec<Option<u32>> {
        let mut claims: Vec<(usize, u32, usize)> = Vec::new();
        for (n, group) in groups.iter().enumerate() {
            for (story, count) in self.origins(&group.keys) {
                claims.push((count, story, n));
            }
        }
        claims.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut heirs = vec![None; groups.len()];
        for (_, story, group) in claims {
            if heirs[group].is_none() && !heirs.contains(&Some(story)) {
                heirs[group] = Some(story);
            }
        }
        heirs
    }

    /// How many of the reports are in each story now.
    fn origins(&self, keys: &[u32]) -> BTreeMap<u32, usize> {
        let mut origins = BTreeMap::new();
        for &key in keys {
            *origins.entry(self.members[key as usize].story).or_default() += 1;
        }
        origins
    }

    /// Gives the groups to their heirs, and to new stories where there is none.
    pub(crate) fn hand_over(&mut self, stories: &[u32], groups: Vec<Block>, heirs: &[Option<u32>]) {
        let before: Vec<Vec<u32>> =
            stories.iter().map(|&story| std::mem::take(&mut self.stories[story as usize].members)).collect();
        for (group, heir) in groups.into_iter().zip(heirs) {
            let story = heir.unwrap_or_else(|| self.open_for(&group.keys));
            self.fill(story, group);
        }
        for (&story, keys) in stories.iter().zip(&before) {
            if self.stories[story as usize].members.is_empty() {
                let most = self
                    .origins(keys)
                    .into_iter()
                    .max_by_key(|&(story, count)| (count, std::cmp::Reverse(story)));
                if let Some((to, _)) = most {
                    self.redirect(story, to);
                }
            }
        }
    }

    /// Gives a group to a story that has no reports.
    fn fill(&mut self, story: u32, group: Block) {
        for &key in &group.keys {
            self.members[key as usize].story = story;
        }
        let state = &mut self.stories[story as usize];
        state.sum = group.sum;
        state.density = group.density;
        state.days = group.days;
        state.touched = state.touched.max(group.days.range.map(|(_, last)| last));
        state.members = group.keys;
        self.file(story);
    }

    /// Opens a story for reports that have none. An id that leads elsewhere comes back to life.
    pub(crate) fn open_for(&mut self, keys: &[u32]) -> u32 {
        let story = u32::try_from(self.stories.len()).expect("fewer than 2^32 stories fit into memory");
        let id = self.unused_id(keys);
        let touched = self.stories[self.members[keys[0] as usize].story as usize].touched;
        self.redirects.remove(&id);
        self.by_id.insert(id, story);
        self.stories.push(StoryState { touched, ..StoryState::empty(id) });
        story
    }

    /// The id that the first report gives whose id no story has. A story may have gone on without the report that opened it: where that
    /// is so of all of them, ids are minted from ids.
    fn unused_id(&self, keys: &[u32]) -> StoryId {
        let minted = |key: &u32| StoryId::opened_by(self.members[*key as usize].report);
        let is_unused = |id: &StoryId| !self.by_id.contains_key(id);
        let next = |id: &StoryId| Some(StoryId::opened_by(ReportId::of(None, None, &id.to_string())));
        let more = std::iter::successors(keys.first().map(minted), next);
        keys.iter().map(minted).chain(more).find(is_unused).expect("there are more ids than stories")
    }

    /// Lets a story that has become empty lead to another.
    pub(crate) fn redirect(&mut self, story: u32, to: u32) {
        let home = self.stories[to as usize].id;
        let shell = &mut self.stories[story as usize];
        shell.closed = true;
        shell.sum = SparseVector::default();
        self.index.remove(&std::mem::take(&mut shell.filed), story);
        let (id, related) = (shell.id, std::mem::take(&mut shell.related));
        self.stories[to as usize].related.extend(related);
        self.by_id.remove(&id);
        self.redirects.insert(id, home);
        self.redirects.values_mut().filter(|to| **to == id).for_each(|to| *to = home);
    }
}

pub(crate) fn join_blocks(blocks: &[Block], group: &[usize], pairs: &[(u32, u32, f64)]) -> Block {
    let first = &blocks[group[0]];
    let mut joined = Block {
        story: first.story,
        keys: Vec::new(),
        sum: SparseVector::default(),
        density: Density { n_reports: 0.0, within: 0.0 },
        days: Days::default(),
        twin: None,
    };
    for &n in group {
        let block = &blocks[n];
        joined.keys.extend(&block.keys);
        joined.sum.add(&block.sum, SUM_TERMS);
        joined.density = joined.density.joined(block.density, 0.0);
        joined.days = joined.days.cover(block.days);
    }
    let inside = |n: u32| group.binary_search(&(n as usize)).is_ok();
    let between = pairs.iter().filter(|&&(a, b, _)| inside(a) && inside(b)).map(|pair| pair.2);
    joined.density.within += between.sum::<f64>();
    joined.keys.sort_unstable();
    joined
}

/// Size at which a story that was looked at with so many reports is looked at again: a quarter more.
fn grown(reviewed: usize) -> usize {
    reviewed + (reviewed / 4).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stemma_core::Correction;

    use super::*;
    use crate::near_duplicate::Sketch;
    use crate::{Constraints, Options, Outline, Terms};

    #[test]
    fn a_story_is_looked_at_again_when_it_has_grown_by_a_quarter() {
        let due: Vec<usize> = std::iter::successors(Some(2), |&n| Some(grown(n))).take(12).collect();
        assert_eq!(due, [2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22]);
    }

    const N_REPORTS: usize = 24;

    fn id(n: usize) -> ReportId {
        ReportId::of(None, None, &n.to_string())
    }

    /// A report that uses some of a few words, so that many are alike, and some nearly the same.
    fn outline(n: usize, words: &[u8]) -> Outline {
        let terms = words.iter().map(|word| (format!("word{word}"), 1.0 + f32::from(word % 3)));
        let hashes: Vec<u64> =
            words.iter().flat_map(|&word| (0..4).map(move |n| u64::from(word) << 8 | n)).collect();
        Outline {
            report: id(n),
            day: None,
            label: String::new(),
            lead: None,
            terms: Terms::new(terms),
            sketch: Sketch::of_words(&hashes),
        }
    }

    fn correction() -> impl Strategy<Value = Correction> {
        let reports = || prop::collection::btree_set(0..N_REPORTS, 1..4);
        let ids = |reports: BTreeSet<usize>| reports.into_iter().map(id).collect::<Vec<_>>();
        (0..4, reports(), reports(), reports()).prop_map(move |(kind, reports, to, rest)| {
            let rest: BTreeSet<usize> =
                rest.into_iter().filter(|n| !reports.contains(n) && !to.contains(n)).collect();
            let to = &to - &reports;
            match kind {
                0 => Correction::Merge { reports: ids(reports) },
                1 => Correction::Pin { reports: ids(reports) },
                2 => Correction::Split { reports: ids(reports), rest: ids(rest) },
                _ => Correction::Move { reports: ids(reports), to: ids(to), rest: ids(rest) },
            }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn no_look_undoes_what_a_person_said(
            words in prop::collection::vec(prop::collection::vec(0_u8..14, 3..8), N_REPORTS),
            corrections in prop::collection::vec(correction(), 0..6),
            order in Just((0..N_REPORTS).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let constraints = Constraints::of(&corrections);
            let mut grouper = Grouper::new(Options::default()).under(constraints.clone());
            let mut ids = BTreeSet::new();
            for (n_placed, &n) in (1..).zip(&order) {
                grouper.add_outline(outline(n, &words[n]));
                ids.extend(grouper.stories().map(|story| story.id));
                prop_assert_eq!(grouper.stories().count(), grouper.n_stories(), "no two stories have one id");
                prop_assert!(ids.iter().all(|&id| grouper.story(id).is_some()), "every id leads somewhere");
                for (at, &a) in order[..n_placed].iter().enumerate() {
                    for &b in &order[..at] {
                        let same = grouper.story_of(id(a)) == grouper.story_of(id(b));
                        let said = constraints.block(id(a)).zip(constraints.block(id(b)));
                        prop_assert!(same || !constraints.are_together(id(a), id(b)), "{} and {} are parted", a, b);
                        prop_assert!(!same || !said.is_some_and(|(a, b)| constraints.are_apart(a, b)), "{} and {} are joined", a, b);
                    }
                }
            }
        }
    }
}
