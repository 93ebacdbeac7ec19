//! Weighing again: what came early is weighed by what is known now.
//!
//! How rare a term is, is hardly known at the beginning of a stream: what is common in the stream's own field looks as rare as the
//! names of an event. So each time that a quarter more reports have come in, all reports of open stories are weighed anew, and stories
//! that now prove to be one become one, by the measure and under the corrections of [`crate::review`]. After [`LAST_COUNT`] reports
//! rarities hardly change any more: from then on nothing is kept for it. Work: that of weighing four reports for each of the first
//! [`LAST_COUNT`]; later none.

use std::collections::BTreeMap;

use crate::density::Density;
use crate::grouper::Grouper;
use crate::index::StoryIndex;
use crate::linkage::link;
use crate::review::{Block, join_blocks};
use crate::state::StoryState;

/// Reports that come in at least before all are weighed again.
const FIRST_COUNT: usize = 8;
/// Reports after which nothing is weighed again.
const LAST_COUNT: usize = 1 << 12;
/// Stories that are looked at for each story.
const MAX_RIVALS: usize = 8;

impl Grouper {
    /// True as long as reports that come in will be weighed again.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.members.len() < LAST_COUNT
    }

    /// Weighs all again if it is time for that. True if it was.
    pub(crate) fn settle(&mut self) -> bool {
        let n_reports = self.members.len();
        if self.weighed_at >= LAST_COUNT
            || n_reports < self.weighed_at + (self.weighed_at / 4).max(FIRST_COUNT)
        {
            return false;
        }
        self.weighed_at = n_reports;
        // What is closed stays as it is.
        self.put_away(usize::MAX);
        self.weigh_again();
        self.merge_what_is_one();
        true
    }

    fn weigh_again(&mut self) {
        let settled = !self.is_unsettled();
        for live in self.members.iter_mut().filter_map(|member| member.live.as_mut()) {
            if live.weights.len() == live.vector.weights().len() {
                let terms =
                    live.vector.weights().iter().zip(&live.weights).map(|(&(id, _), &weight)| (id, weight));
                live.vector = self.vocabulary.weighed_again(terms);
            }
            if settled {
                live.weights = Box::default();
            }
        }
        self.index = StoryIndex::default();
        for story in (0_u32..).take(self.stories.len()) {
            let state = &mut self.stories[story as usize];
            if state.closed {
                continue;
            }
            state.filed = Vec::new();
            self.sum_again(story);
        }
    }

    /// Sums up the reports of an open story anew.
    pub(crate) fn sum_again(&mut self, story: u32) {
        let state = &mut self.stories[story as usize];
        if state.closed {
            return;
        }
        let mut anew = StoryState::empty(state.id);
        state.members.iter().for_each(|&key| anew.take(key, &self.members[key as usize], &self.options));
        (state.sum, state.density) = (anew.sum, anew.density);
        self.file(story);
    }

    /// Makes the open stories one that fit each other.
    fn merge_what_is_one(&mut self) {
        let is_free = |story: &StoryState| !story.closed && !story.kept;
        let open: Vec<u32> =
            (0_u32..).zip(&self.stories).filter(|(_, story)| is_free(story)).map(|(n, _)| n).collect();
        let place: BTreeMap<u32, u32> = open.iter().copied().zip(0..).collect();
        let mut pairs: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for (&story, &n) in &place {
            let sum = std::mem::take(&mut self.stories[story as usize].sum);
            let near = self.nearest(&sum, MAX_RIVALS + 1);
            self.stories[story as usize].sum = sum;
            for (other, &m) in
                near.iter().filter_map(|other| place.get_key_value(other)).filter(|near| *near.0 != story)
            {
                let (a, b) = (&self.stories[story as usize], &self.stories[*other as usize]);
                pairs.insert((n.min(m), n.max(m)), self.between(a, b));
            }
        }
        let pairs: Vec<(u32, u32, f64)> = pairs.into_iter().map(|((a, b), sum)| (a, b, sum)).collect();
        let states = || open.iter().map(|&story| &self.stories[story as usize]);
        let densities: Vec<Density> = states().map(|state| state.density).collect();
        let ties = self.ties(states().map(|state| &state.members[..]));
        let groups = link(&densities, &pairs, self.options.fit_threshold, &ties, &self.options);
        for group in groups.iter().filter(|group| group.len() > 1) {
            let stories: Vec<u32> = group.iter().map(|&n| open[n]).collect();
            let blocks: Vec<Block> =
                stories.iter().map(|&story| Block::of(story, &self.stories[story as usize])).collect();
            let place = |n: u32| group.binary_search(&(n as usize)).ok().and_then(|n| u32::try_from(n).ok());
            let inside: Vec<_> =
                pairs.iter().filter_map(|&(a, b, sum)| Some((place(a)?, place(b)?, sum))).collect();
            let all: Vec<usize> = (0..blocks.len()).collect();
            let whole = vec![join_blocks(&blocks, &all, &inside)];
            let heirs = self.heirs(&whole);
            self.hand_over(&stories, whole, &heirs);
        }
    }
}

#[cfg(test)]
mod tests {
    use stemma_core::ReportId;

    use crate::{Grouper, Options, Outline, Terms};

    fn outline(n: usize, words: &[&str]) -> Outline {
        Outline {
            report: ReportId::of(None, None, &n.to_string()),
            day: None,
            label: n.to_string(),
            lead: None,
            terms: Terms::new(words.iter().map(|word| ((*word).to_owned(), 1.0))),
            sketch: None,
        }
    }

    #[test]
    fn what_proves_common_no_longer_keeps_a_story_in_two() {
        let mut grouper = Grouper::new(Options::default());
        let common: Vec<String> = (0..40).map(|n| format!("field{n}")).collect();
        let common: Vec<&str> = common.iter().map(String::as_str).collect();
        let first = grouper.add_outline(outline(0, &[&["orla", "dam"], &common[..20]].concat()));
        let second = grouper.add_outline(outline(1, &[&["orla", "dam"], &common[20..]].concat()));
        assert_ne!(first.story, second.story);
        // All others use the words in which the two differ.
        for n in 2..200 {
            let own: Vec<String> = (0..30).map(|word| format!("own{n}x{word}")).collect();
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            grouper.add_outline(outline(n, &[&own[..], &common].concat()));
        }
        assert_eq!(grouper.resolve(second.story), grouper.resolve(first.story));
        assert_eq!(grouper.story(first.story).unwrap().reports.len(), 2);
        assert_eq!(grouper.n_stories(), 199, "the others stay apart");
    }
}
