//! The summary that the front page is drawn from: every story in a line, without its texts.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;
use stemma::Arrivals;
use stemma_core::{Published, StoryId};
use stemma_store::{Member, SqliteStore, StoreError};

use crate::witnesses::Witnesses;

/// One story in a line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) id: StoryId,
    pub(crate) label: String,
    pub(crate) n_reports: usize,
    /// Each once, by name.
    pub(crate) outlets: Vec<String>,
    pub(crate) first: Option<Date>,
    pub(crate) last: Option<Date>,
    pub(crate) arrivals: Arrivals,
    /// Outlets that reported within [`LATELY`] before the newest report of the store.
    pub(crate) n_lately: usize,
    /// The last day of each outlet, where it is known.
    last_days: Vec<Date>,
    /// Of a story that more than one outlet took up of late, if it is compared as it is now.
    pub(crate) n_witnesses: Option<usize>,
    /// What is looked for in [`Front::find`]: the label and the outlets in lower case.
    sought: String,
}

/// All stories of a store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Front {
    /// Those that grow first: see [`Order::Growing`].
    pub(crate) stories: Vec<Line>,
    pub(crate) n_reports: usize,
    /// Reports that are in no story.
    pub(crate) n_loose: usize,
    /// Differs from that of another state of the stories.
    pub(crate) fingerprint: u64,
    /// Days on which a report of a story was published, with the number of stories, newest first.
    pub(crate) days: Vec<(Date, usize)>,
}

/// In which order stories are listed.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Order {
    /// By the number of outlets that took it up within two days before the newest report, but no more than it has witnesses where
    /// these are known; then as `newest`.
    #[default]
    Growing,
    /// By the last day on which a report was published.
    Newest,
    /// By the number of outlets, then of reports.
    Largest,
}

impl Order {
    /// The name in addresses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Order::Growing => "growing",
            Order::Newest => "newest",
            Order::Largest => "largest",
        }
    }
}

/// What counts as late. Unit: days.
const LATELY: i32 = 2;

/// What is asked for of the front page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Wanted {
    /// Words that the label or the outlets must hold, each.
    pub(crate) words: String,
    /// A report of the story was published on it.
    pub(crate) day: Option<Date>,
    pub(crate) order: Order,
    /// Stories of fewer outlets are left out.
    pub(crate) least_outlets: usize,
}

impl Front {
    /// Looks a store through. Time: its stories and the reports in them.
    pub(crate) fn of(store: &SqliteStore, witnesses: &Witnesses) -> Result<Self, StoreError> {
        let mut stories: Vec<Line> = Vec::new();
        let mut days: BTreeMap<Date, usize> = BTreeMap::new();
        let mut members: Vec<(Option<String>, Option<Published>)> = Vec::new();
        let mut now: Option<(StoryId, String)> = None;
        let mut close = |story: (StoryId, String), members: &mut Vec<(Option<String>, Option<Published>)>| {
            let line = Line::of(story, members);
            let on: BTreeSet<Date> = members.iter().filter_map(|(_, at)| Some(at.as_ref()?.date())).collect();
            on.into_iter().for_each(|day| *days.entry(day).or_default() += 1);
            stories.push(line);
            members.clear();
        };
        store.for_each_member(&mut |Member { story, label, outlet, published }| {
            if now.as_ref().is_none_or(|(id, _)| *id != story)
                && let Some(before) = now.replace((story, label.to_owned()))
            {
                close(before, &mut members);
            }
            members.push((outlet, published));
        })?;
        if let Some(last) = now {
            close(last, &mut members);
        }
        let n_reports = store.n_reports()?;
        let in_stories: usize = stories.iter().map(|story| story.n_reports).sum();
        let newest = stories.iter().filter_map(|story| story.last).max();
        for story in &mut stories {
            story.n_lately = story.n_since(newest);
        }
        let compared = store.compared_stories()?;
        // One outlet is at least one witness, so that one that is alone stays where it is.
        for story in stories.iter_mut().filter(|story| story.n_lately > 1 && compared.contains(&story.id)) {
            story.n_witnesses = witnesses.of_one(store, story.id)?;
        }
        sort(&mut stories, Order::Growing);
        let days = days.into_iter().rev().collect();
        let mut hasher = DefaultHasher::new();
        n_reports.hash(&mut hasher);
        stories.iter().for_each(|story| (story.id, story.n_reports, &story.label).hash(&mut hasher));
        let (n_loose, fingerprint) = (n_reports.saturating_sub(in_stories), hasher.finish());
        Ok(Self { stories, n_reports, n_loose, fingerprint, days })
    }

    /// The stories that fit `wanted`, in its order.
    pub(crate) fn find(&self, wanted: &Wanted) -> Vec<&Line> {
        let words = wanted.words.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let fits = |line: &&Line| {
            words.iter().all(|word| line.sought.contains(word))
                && line.outlets.len() >= wanted.least_outlets
                && wanted.day.is_none_or(|day| line.first <= Some(day) && Some(day) <= line.last)
        };
        let mut found: Vec<&Line> = self.stories.iter().filter(fits).collect();
        if wanted.order != Order::Growing {
            found.sort_by_key(|line| line.key(wanted.order));
        }
        found
    }

    /// The line of a story.
    pub(crate) fn line(&self, id: StoryId) -> Option<&Line> {
        self.stories.iter().find(|line| line.id == id)
    }
}

fn sort(stories: &mut [Line], order: Order) {
    stories.sort_by_key(|line| line.key(order));
}

impl Line {
    fn of((id, label): (StoryId, String), members: &[(Option<String>, Option<Published>)]) -> Self {
        let mut last_days: BTreeMap<&str, Option<Date>> = BTreeMap::new();
        for (outlet, at) in members {
            if let Some(outlet) = outlet {
                let last = last_days.entry(outlet).or_default();
                *last = (*last).max(at.map(|at| at.date()));
            }
        }
        let days = || members.iter().filter_map(|(_, at)| Some(at.as_ref()?.date()));
        let outlets: Vec<String> = last_days.keys().map(|&outlet| outlet.to_owned()).collect();
        Self {
            id,
            sought: format!("{} {}", label, outlets.join(" ")).to_lowercase(),
            label,
            n_reports: members.len(),
            first: days().min(),
            last: days().max(),
            arrivals: Arrivals::of_times(members.iter().map(|(_, at)| *at)),
            n_lately: 0,
            n_witnesses: None,
            last_days: last_days.into_values().flatten().collect(),
            outlets,
        }
    }

    /// Outlets that reported within [`LATELY`] before `newest`.
    fn n_since(&self, newest: Option<Date>) -> usize {
        let Some(newest) = newest else { return 0 };
        let lately = |day: &&Date| day.until(newest).is_ok_and(|apart| apart.get_days() <= LATELY);
        self.last_days.iter().filter(lately).count()
    }

    /// By how much it grows: outlets of late, but no more than it has witnesses.
    pub(crate) fn n_grown(&self) -> usize {
        self.n_lately.min(self.n_witnesses.unwrap_or(usize::MAX))
    }

    /// Smaller comes first.
    fn key(&self, order: Order) -> impl Ord + use<> {
        use std::cmp::Reverse;
        let (outlets, reports) = (self.outlets.len(), self.n_reports);
        let rank = match order {
            Order::Growing => (self.n_grown(), 0),
            Order::Newest => (0, 0),
            Order::Largest => (outlets, reports),
        };
        (
            Reverse(rank),
            Reverse(self.last),
            Reverse(self.n_witnesses),
            Reverse(outlets),
            Reverse(reports),
            self.id,
        )
    }
}

#[cfg(test)]
mod tests {
    use stemma_core::ReportId;

    use super::*;

    #[test]
    fn a_story_grows_by_the_outlets_that_took_it_up_of_late() {
        let line = |name: &str, reports: &[(&str, &str)]| {
            let member = |(outlet, day): &(&str, &str)| {
                (Some((*outlet).to_owned()), Some(Published::Day(day.parse().unwrap())))
            };
            let id = StoryId::opened_by(ReportId::of(None, None, name));
            Line::of((id, name.to_owned()), &reports.iter().map(member).collect::<Vec<_>>())
        };
        let mut stories = vec![
            line("old", &[("a", "2026-01-01"), ("b", "2026-01-01"), ("c", "2026-01-01")]),
            // One outlet of three still reports on it.
            line("ebbing", &[("a", "2026-03-01"), ("b", "2026-02-01"), ("c", "2026-02-01")]),
            line("new", &[("a", "2026-02-27"), ("b", "2026-02-28"), ("b", "2026-02-01")]),
        ];
        let newest = stories.iter().filter_map(|story| story.last).max();
        stories.iter_mut().for_each(|story| story.n_lately = story.n_since(newest));
        let told = |stories: &[Line]| -> Vec<String> {
            stories.iter().map(|story| format!("{} {}", story.label, story.n_lately)).collect()
        };
        sort(&mut stories, Order::Growing);
        assert_eq!(told(&stories), ["new 2", "ebbing 1", "old 0"]);
        sort(&mut stories, Order::Newest);
        assert_eq!(told(&stories), ["ebbing 1", "new 2", "old 0"]);
        sort(&mut stories, Order::Largest);
        assert_eq!(told(&stories), ["ebbing 1", "old 0", "new 2"]);
    }

    #[test]
    fn copies_of_one_report_let_no_story_grow() {
        let line = |name: &str, outlets: &[&str], n_witnesses: Option<usize>| {
            let day = || Some(Published::Day("2026-03-01".parse().unwrap()));
            let members: Vec<_> = outlets.iter().map(|outlet| (Some((*outlet).to_owned()), day())).collect();
            let id = StoryId::opened_by(ReportId::of(None, None, name));
            Line { n_lately: outlets.len(), n_witnesses, ..Line::of((id, name.to_owned()), &members) }
        };
        let mut stories = vec![
            line("wire", &["a", "b", "c", "d"], Some(1)),
            line("three of late", &["a", "b", "c"], Some(3)),
            // Not compared yet: all of its outlets count.
            line("unknown", &["a", "b"], None),
            line("two of late", &["a", "b"], Some(2)),
        ];
        sort(&mut stories, Order::Growing);
        let labels: Vec<&str> = stories.iter().map(|story| story.label.as_str()).collect();
        assert_eq!(labels, ["three of late", "two of late", "unknown", "wire"]);
    }
}
