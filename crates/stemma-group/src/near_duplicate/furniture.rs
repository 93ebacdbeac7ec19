//! Which of the words that two reports share are furniture: cookie notices, "read more", newsletter boxes, copyright lines.
//!
//! Furniture stands on many pages that have nothing else in common, so other reports show it. Two lists of them are asked, once for
//! a report and not for each of its candidates: the latest [`MOST_SIMILAR`] that an index finds to hold a shingle of it, and the
//! latest [`OUTLET_REPORTS`] of its outlet. A word is furniture if it stands in a run of [`FURNITURE_RUN`] words
//!
//! 1. of [`UNLIKE_REPORTS`] of all of these no two of which have a quarter of their shingles in common, and none of which has a
//!    quarter of its own in common with either of the two reports that are compared; or
//! 2. of half of those of the outlet, but at least [`LEAST_OUTLET`], each of another address and headline: so pages that are
//!    nearly nothing but a notice ("subscribe to read on") are seen, too.
//!
//! Three copies of one agency text are no evidence by the first rule, as they are like each other. The work is bounded, and what
//! is found depends on the reports that are there and not on their order, unless there are more than are asked. Where words
//! are not kept, the rules are applied to the shingles of the sketches.

use super::finder::Imprint;
use super::passages::Runs;
use super::sketch::Sketch;

/// Shortest run that other reports must have of it.
const FURNITURE_RUN: usize = 8;
/// Similar reports that are asked.
pub(super) const MOST_SIMILAR: usize = 24;
/// Latest reports of the outlet that are asked.
pub(super) const OUTLET_REPORTS: usize = 16;
/// Reports unlike each other that are asked for the first rule: more tell no more.
const MOST_UNLIKE: usize = 8;
/// Reports unlike each other that make what they share furniture.
const UNLIKE_REPORTS: usize = 3;
/// Reports of one outlet that do, whatever they have in common.
const LEAST_OUTLET: usize = 6;
/// Share of shingles from which two reports are alike.
const ALIKE: f64 = 0.25;

/// What other reports say of the words of one.
pub(super) struct Furniture<'a> {
    /// Reports unlike each other and that one, with the words that they hold of it.
    unlike: Vec<(&'a Imprint, Vec<bool>)>,
    /// Reports of its outlet, of different address and headline, with the words that they hold of it.
    outlet: Vec<(&'a Imprint, Vec<bool>)>,
}

impl<'a> Furniture<'a> {
    /// Asks `similar` reports and those of the `outlet`, the latest first in both.
    pub(super) fn ask(imprint: &Imprint, similar: &[&'a Imprint], outlet: &[&'a Imprint]) -> Self {
        let runs = imprint.words.as_deref().map(|words| Runs::new(words, FURNITURE_RUN));
        let with_words = |report: &'a Imprint| {
            let held = runs.as_ref().zip(report.words.as_deref()).map(|(runs, words)| runs.in_other(words));
            (report, held.unwrap_or_default())
        };
        let all = outlet.iter().chain(similar).copied();
        Self {
            unlike: unlike(imprint, all).into_iter().map(with_words).collect(),
            outlet: of_other_identity(imprint, outlet).into_iter().map(with_words).collect(),
        }
    }

    /// For every word, whether it is furniture where the report is compared with `other`; empty if none is.
    pub(super) fn words(&self, n_words: usize, other: &Imprint) -> Vec<bool> {
        let unlike = self.unlike.iter().filter(|(report, _)| !is_like(report, other));
        let by_unlike = count(n_words, unlike.map(|(_, held)| &held[..]));
        let is_other = |report: &Imprint| report.report != other.report && report.identity(other).is_none();
        let of_outlet = || self.outlet.iter().filter(|(report, _)| is_other(report));
        let by_outlet = count(n_words, of_outlet().map(|(_, held)| &held[..]));
        let least = LEAST_OUTLET.max(of_outlet().count().div_ceil(2));
        let counts = by_unlike.into_iter().zip(by_outlet);
        let furniture: Vec<bool> = counts.map(|(n, m)| n >= UNLIKE_REPORTS || m >= least).collect();
        if furniture.contains(&true) { furniture } else { Vec::new() }
    }

    /// Of the shingles that the sketches of both hold, the share that is furniture.
    pub(super) fn share_of_sketch(&self, imprint: &Imprint, other: &Imprint) -> f64 {
        let (Some(a), Some(b)) = (&imprint.sketch, &other.sketch) else { return 0.0 };
        let unlike = self.unlike.iter().filter(|(report, _)| !is_like(report, other));
        let unlike: Vec<&Sketch> = unlike.filter_map(|(report, _)| report.sketch.as_ref()).collect();
        let outlet = self.outlet.iter().map(|(report, _)| *report);
        let outlet = outlet.filter(|r| r.report != other.report && r.identity(other).is_none());
        let outlet: Vec<&Sketch> = outlet.filter_map(|report| report.sketch.as_ref()).collect();
        let (mut furniture, mut all) = (0_u32, 0_u32);
        for hash in a.shared(b) {
            let n_holders = |sketches: &[&Sketch]| sketches.iter().filter(|s| s.holds(hash)).count();
            // A long text's sketch may not reach so far.
            let n_asked = outlet.iter().filter(|sketch| sketch.reaches(hash)).count();
            let least = LEAST_OUTLET.max(n_asked.div_ceil(2));
            let is_furniture = n_holders(&unlike) >= UNLIKE_REPORTS || n_holders(&outlet) >= least;
            all += 1;
            furniture += u32::from(is_furniture);
        }
        f64::from(furniture) / f64::from(all.max(1))
    }
}

/// True if a good part of `report` is of the other, or it is the other.
fn is_like(report: &Imprint, other: &Imprint) -> bool {
    let share = report.sketch.as_ref().zip(other.sketch.as_ref()).map_or(0.0, |(a, b)| a.share_in(b));
    share >= ALIKE || report.report == other.report
}

/// Of `reports` the first that are unlike each other and `imprint`.
fn unlike<'a>(imprint: &Imprint, reports: impl Iterator<Item = &'a Imprint>) -> Vec<&'a Imprint> {
    let mut chosen: Vec<(&Imprint, &Sketch)> = Vec::new();
    for report in reports {
        let Some(sketch) = &report.sketch else { continue };
        let known = |(other, of_other): &(&Imprint, &Sketch)| {
            other.report == report.report || sketch.containment(of_other) >= ALIKE
        };
        if chosen.len() < MOST_UNLIKE && !is_like(report, imprint) && !chosen.iter().any(known) {
            chosen.push((report, sketch));
        }
    }
    chosen.into_iter().map(|(report, _)| report).collect()
}

/// Of `reports` those that share no identity with each other or with `imprint`.
fn of_other_identity<'a>(imprint: &Imprint, reports: &[&'a Imprint]) -> Vec<&'a Imprint> {
    let mut others: Vec<&Imprint> = Vec::new();
    for &report in reports {
        let same = |other: &&Imprint| report.identity(other).is_some();
        if !others.iter().any(same) && report.identity(imprint).is_none() {
            others.push(report);
        }
    }
    others
}

/// How many of the reports hold each word.
fn count<'h>(n_words: usize, held: impl Iterator<Item = &'h [bool]>) -> Vec<usize> {
    held.fold(vec![0; n_words], |mut counts, held| {
        counts.iter_mut().zip(held).for_each(|(n, held)| *n += usize::from(*held));
        counts
    })
}
