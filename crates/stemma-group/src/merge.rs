//! Two streams become one.

use std::collections::BTreeSet;

use stemma_core::{ReportId, StoryId};

use crate::grouper::Grouper;
use crate::state::{Member, Shown, StoryState};

/// Nearest stories that are looked at for a story of the other stream.
const MAX_CANDIDATES: usize = 16;

impl Grouper {
    /// Takes over everything that `other` has seen. Stories of `other` that fit one of these become part of it, and
    /// their ids lead there, unless a person has set their reports apart; reports that both know stay where they are here.
    pub fn merge(&mut self, mut other: Grouper) {
        other.put_away(usize::MAX);
        let ids: Vec<u32> = other
            .vocabulary
            .counts()
            .map(|(term, _)| if term.is_empty() { 0 } else { self.vocabulary.insert(term) })
            .collect();
        self.vocabulary.add_counts(&other.vocabulary, &ids);
        for (from, to) in other.redirects {
            self.redirects.entry(from).or_insert(to);
        }
        self.notices.merge(other.notices);
        let mut members: Vec<Option<Member>> = other.members.into_iter().map(Some).collect();
        for mut story in other.stories.into_iter().filter(|story| !story.members.is_empty()) {
            story.sum = story.sum.renamed(|id| ids[id as usize]);
            let shown = story.shown.take().and_then(|shown| {
                let central = members[shown.central as usize].as_ref()?.report;
                Some((central, shown))
            });
            let mut fresh = Vec::new();
            let mut known = None;
            for &key in &story.members {
                let Some(mut member) = members[key as usize].take() else { continue };
                if let Some(live) = &mut member.live {
                    live.twin = None;
                    // The order of the terms changes with their ids.
                    live.weights = Box::default();
                    live.vector = live.vector.renamed(|id| ids[id as usize]);
                }
                match self.places.get(&member.report) {
                    Some(&key) => known = known.or(Some(self.members[key as usize].story)),
                    None => fresh.push(member),
                }
            }
            let home = self.take_story(story, fresh, known);
            self.show_as(home, shown);
        }
        let resolved: Vec<(StoryId, StoryId)> =
            self.redirects.iter().map(|(&from, &to)| (from, self.resolve(to))).collect();
        self.redirects = resolved.into_iter().filter(|(from, _)| !self.by_id.contains_key(from)).collect();
    }

    /// Takes over one story; `fresh` are those of its reports that are not known here, and `known` is the story of one that is.
    /// Gives the story here.
    fn take_story(&mut self, story: StoryState, fresh: Vec<Member>, known: Option<u32>) -> u32 {
        let known = known.or_else(|| self.by_id.get(&story.id).copied());
        let barred = fresh.iter().flat_map(|member| self.constraints.apart_from(member.report));
        let barred = self.stories_of(barred);
        let target = known.or_else(|| if story.closed { None } else { self.nearest_story(&story, &barred) });
        if target.is_none_or(|target| self.stories[target as usize].id != story.id) {
            if let Some(target) = target {
                self.redirects.insert(story.id, self.stories[target as usize].id);
            } else {
                self.redirects.remove(&story.id);
            }
        }
        let home = target.unwrap_or_else(|| self.open_again(&story));
        let state = &self.stories[home as usize];
        let (closed, touched) = (state.closed, state.touched.max(story.touched));
        self.stories[home as usize].touched = touched;
        for mut member in fresh {
            if closed {
                member.live = None;
            }
            member.story = home;
            let key = self.enter(member);
            self.stories[home as usize].take(key, &self.members[key as usize], &self.options);
        }
        if !closed {
            self.file(home);
        }
        home
    }

    /// A closed story that was taken over is shown as before: nothing is left from which that could be found anew.
    fn show_as(&mut self, story: u32, shown: Option<(ReportId, Box<Shown>)>) {
        let state = &mut self.stories[story as usize];
        if let Some((central, mut shown)) = shown
            && state.closed
            && state.shown.is_none()
            && !self.closed.contains(&story)
            && let Some(&key) = self.places.get(&central)
        {
            shown.central = key;
            state.shown = Some(shown);
        }
    }

    /// An empty story in the place of `story`.
    fn open_again(&mut self, story: &StoryState) -> u32 {
        let at = u32::try_from(self.stories.len()).expect("fewer than 2^32 stories fit into memory");
        self.by_id.insert(story.id, at);
        self.stories.push(StoryState {
            touched: story.touched,
            closed: story.closed,
            kept: story.kept,
            related: story.related.clone(),
            ..StoryState::empty(story.id)
        });
        at
    }

    /// The open story that `story` fits best, if it fits; none of those that are `barred` by what a person has said.
    fn nearest_story(&mut self, story: &StoryState, barred: &BTreeSet<u32>) -> Option<u32> {
        let mut best: Option<(u32, f64)> = None;
        let mut near = self.nearest(&story.sum, MAX_CANDIDATES);
        near.retain(|candidate| !barred.contains(candidate));
        for candidate in near {
            let fit = self.fit_between(&self.stories[candidate as usize], story);
            if fit >= self.options.fit_threshold && best.is_none_or(|best| fit > best.1) {
                best = Some((candidate, fit));
            }
        }
        best.map(|best| best.0)
    }
}
