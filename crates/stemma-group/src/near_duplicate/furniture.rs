//! Which of the words that two reports share are furniture: cookie notices, "read more", newsletter boxes, copyright lines.
//!
//! Furniture stands on many pages that have nothing else in common, so other reports show it. At most [`MOST_REFERENCES`] are
//! asked: those that an index finds to hold a shingle of the shorter text, and the latest [`OUTLET_REPORTS`] of either outlet.
//! A word is furniture if it stands in a run of [`FURNITURE_RUN`] words
//!
//! 1. of three of them no two of which have a quarter of their shingles in common, and none of which has a quarter of its own
//!    in common with either report; or
//! 2. of half of the latest reports of one outlet, but at least [`LEAST_OUTLET`], each of another address and headline: so pages
//!    that are nearly nothing but a notice ("subscribe to read on") are seen, too.
//!
//! Three copies of one agency text are no evidence by the first rule, as they are like each other. Bounded work for each pair;
//! depends on the reports that are there and not on their order, unless there are more than are asked. Where words are not
//! kept, the first rule is applied to the shingles of the sketches.

use super::finder::Imprint;
use super::passages::Runs;
use super::sketch::Sketch;

/// Shortest run that other reports must have of it.
const FURNITURE_RUN: usize = 8;
/// Reports that are asked, beside those of the outlets.
pub(super) const MOST_REFERENCES: usize = 32;
/// Latest reports of an outlet that are asked.
pub(super) const OUTLET_REPORTS: usize = 16;
/// Reports unlike each other that make what they share furniture.
const UNLIKE_REPORTS: usize = 3;
/// Reports of one outlet that do, whatever they have in common.
const LEAST_OUTLET: usize = 6;
/// Share of shingles from which two reports are alike.
const ALIKE: f64 = 0.25;

/// The reports that are asked about two others.
#[derive(Default)]
pub(super) struct References<'a> {
    /// Those that have something in common with the shorter report, the latest first.
    pub(super) similar: Vec<&'a Imprint>,
    /// The latest of the outlet of either report.
    pub(super) outlets: [Vec<&'a Imprint>; 2],
}

impl References<'_> {
    /// For every word of `shorter`, whether it is furniture; empty if none is.
    pub(super) fn furniture(&self, shorter: &Imprint, longer: &Imprint) -> Vec<bool> {
        let Some(words) = shorter.words.as_deref() else { return Vec::new() };
        let runs = Runs::new(words, FURNITURE_RUN);
        let held = |reports: &[&Imprint]| {
            let held = reports.iter().filter_map(|report| Some(runs.in_other(report.words.as_deref()?)));
            count(words.len(), held)
        };
        let mut furniture = vec![false; words.len()];
        let mut mark = |n_holders: &[usize], least: usize| {
            for (furniture, n) in furniture.iter_mut().zip(n_holders) {
                *furniture |= *n >= least;
            }
        };
        let unlike = self.unlike(shorter, longer);
        if unlike.len() >= UNLIKE_REPORTS {
            mark(&held(&unlike), UNLIKE_REPORTS);
        }
        for outlet in &self.outlets {
            let others = of_other_identity(outlet, [shorter, longer]);
            if others.len() >= LEAST_OUTLET {
                mark(&held(&others), LEAST_OUTLET.max(others.len().div_ceil(2)));
            }
        }
        if furniture.contains(&true) { furniture } else { Vec::new() }
    }

    /// Shingles of the sketches of both that are furniture by the first rule, and all that both have.
    pub(super) fn furniture_in_sketches(&self, shorter: &Imprint, longer: &Imprint) -> (usize, usize) {
        let (Some(a), Some(b)) = (&shorter.sketch, &longer.sketch) else { return (0, 0) };
        let unlike = self.unlike(shorter, longer);
        a.shared(b).fold((0, 0), |(furniture, all), hash| {
            let holds = |report: &&&Imprint| report.sketch.as_ref().is_some_and(|sketch| sketch.holds(hash));
            (furniture + usize::from(unlike.iter().filter(holds).count() >= UNLIKE_REPORTS), all + 1)
        })
    }

    /// Of the reports that are asked, the latest that are unlike each other and the two.
    fn unlike(&self, a: &Imprint, b: &Imprint) -> Vec<&Imprint> {
        let mut chosen: Vec<(&Imprint, &Sketch)> = Vec::new();
        for &report in self.outlets.iter().flatten().chain(&self.similar) {
            let Some(sketch) = &report.sketch else { continue };
            let alike = |other: &Imprint| other.sketch.as_ref().is_some_and(|o| sketch.share_in(o) >= ALIKE);
            let known = |&(_, other): &(&Imprint, &Sketch)| sketch.containment(other) >= ALIKE;
            if !alike(a) && !alike(b) && !chosen.iter().any(known) {
                chosen.push((report, sketch));
            }
        }
        chosen.into_iter().map(|(report, _)| report).collect()
    }
}

/// Of `reports` those that share no identity with each other or with `two`.
fn of_other_identity<'a>(reports: &[&'a Imprint], two: [&Imprint; 2]) -> Vec<&'a Imprint> {
    let mut others: Vec<&Imprint> = Vec::new();
    for &report in reports {
        let same = |other: &&Imprint| report.identity(other).is_some();
        if !others.iter().any(same) && !two.iter().any(same) {
            others.push(report);
        }
    }
    others
}

fn count(n_words: usize, held: impl Iterator<Item = Vec<bool>>) -> Vec<usize> {
    held.fold(vec![0; n_words], |mut counts, held| {
        counts.iter_mut().zip(held).for_each(|(n, held)| *n += usize::from(held));
        counts
    })
}
