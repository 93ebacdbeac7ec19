//! Looking at stories again: what was placed one by one is grouped once more, with what is known now.
//!
//! A story is looked at again together with its nearest rivals when it has grown by a quarter. Their reports are grouped as in a batch ([`crate::linkage`]); of large stories only the latest
//! reports can leave, and the others stay together. Then each group goes on under the id of the story from which most of its reports are.
//! A story that is left without reports leads to where most of them went; a group that is left without a story opens one,
//! under the id that its first report would have given it. A story that the user keeps as it is takes no part.

use std::collections::BTreeMap;

use stemma_core::StoryId;

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
struct Block {
    story: u32,
    keys: Vec<u32>,
    sum: SparseVector,
    density: Density,
    days: Days,
    /// Of a single report: the one that it is a near-duplicate of.
    twin: Option<u32>,
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
        let between = a.sum.dot(&b.sum) * self.options.time_factor(a.days.apart(b.days));
        a.density.fit(b.density, between, &self.options)
    }

    /// Groups the reports of open stories anew.
    fn regroup(&mut self, stories: &[u32]) {
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
        let ties = Ties::none(blocks.len());
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
                let (sum, density, days) = (state.sum.clone(), state.density, state.days);
                blocks.push(Block { story, keys: rest.to_vec(), sum, density, days, twin: None });
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
    fn heirs(&self, groups: &[Block]) -> Vec<Option<u32>> {
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
    fn hand_over(&mut self, stories: &[u32], groups: Vec<Block>, heirs: &[Option<u32>]) {
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
        let minted = |key: &u32| StoryId::opened_by(self.members[*key as usize].report);
        let unused = keys.iter().map(minted).find(|id| !self.by_id.contains_key(id));
        // Where all ids are in use the group is the first report's all the same; only a hash could bring that about.
        let id = unused.unwrap_or_else(|| minted(&keys[0]));
        let touched = self.stories[self.members[keys[0] as usize].story as usize].touched;
        self.redirects.remove(&id);
        self.by_id.insert(id, story);
        self.stories.push(StoryState { touched, ..StoryState::empty(id) });
        story
    }

    /// Lets a story that has become empty lead to another.
    pub(crate) fn redirect(&mut self, story: u32, to: u32) {
        let home = self.stories[to as usize].id;
        let shell = &mut self.stories[story as usize];
        shell.closed = true;
        shell.sum = SparseVector::default();
        shell.filed = Vec::new();
        self.index.close(story);
        let (id, related) = (shell.id, std::mem::take(&mut shell.related));
        self.stories[to as usize].related.extend(related);
        self.by_id.remove(&id);
        self.redirects.insert(id, home);
        self.redirects.values_mut().filter(|to| **to == id).for_each(|to| *to = home);
    }
}

fn join_blocks(blocks: &[Block], group: &[usize], pairs: &[(u32, u32, f64)]) -> Block {
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
    use super::*;

    #[test]
    fn a_story_is_looked_at_again_when_it_has_grown_by_a_quarter() {
        let due: Vec<usize> = std::iter::successors(Some(2), |&n| Some(grown(n))).take(12).collect();
        assert_eq!(due, [2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22]);
    }
}
