//! Corrections made of the stories as they stand.
//!
//! In: the reports that a person names, and those of the stories that they are in. Out: a [`Correction`], or why it would say
//! nothing.

use std::collections::BTreeSet;

use stemma::{Correction, ReportId};

/// Why a correction would say nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorrectionError {
    /// Nothing would be left to part the reports from.
    #[error("these are all reports of the story: nothing is left to part them from")]
    NothingLeft,
    /// Reports were to be parted from a story that does not hold them.
    #[error("the story does not hold all of these reports")]
    NotInStory,
    /// A story was to be called nothing.
    #[error("a story has to be called something")]
    NoLabel,
    /// A story was to be called by a text.
    #[error("a name has at most {MAX_LABEL} signs")]
    LongLabel,
    /// No report is named.
    #[error("no report is named")]
    NoReports,
}

/// The stories that hold `reports` are one.
pub fn merge(stories: &[&[ReportId]]) -> Correction {
    let reports: BTreeSet<ReportId> = stories.iter().flat_map(|reports| reports.iter().copied()).collect();
    Correction::Merge { reports: reports.into_iter().collect() }
}

/// Some reports of a story are a story of their own.
pub fn split(reports: &[ReportId], story: &[ReportId]) -> Result<Correction, CorrectionError> {
    let rest = rest(reports, story)?;
    if rest.is_empty() {
        return Err(CorrectionError::NothingLeft);
    }
    Ok(Correction::Split { reports: reports.to_vec(), rest })
}

/// Some reports of the story `from` belong to the story `to`.
pub fn move_to(
    reports: &[ReportId],
    from: &[ReportId],
    to: &[ReportId],
) -> Result<Correction, CorrectionError> {
    Ok(Correction::Move { reports: reports.to_vec(), to: to.to_vec(), rest: rest(reports, from)? })
}

/// A story is right as it is.
pub fn pin(story: &[ReportId]) -> Correction {
    Correction::Pin { reports: story.to_vec() }
}

/// Most signs of what a story is called.
const MAX_LABEL: usize = 200;

/// A story is called `label`, in which white space is evened.
pub fn rename(story: &[ReportId], label: &str) -> Result<Correction, CorrectionError> {
    let visible = label.replace(|c: char| c.is_control(), " ");
    let label = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match label.chars().count() {
        0 => Err(CorrectionError::NoLabel),
        1..=MAX_LABEL => Ok(Correction::Rename { reports: story.to_vec(), label }),
        _ => Err(CorrectionError::LongLabel),
    }
}

/// The reports of a story without some of them.
fn rest(taken: &[ReportId], story: &[ReportId]) -> Result<Vec<ReportId>, CorrectionError> {
    let taken: BTreeSet<ReportId> = taken.iter().copied().collect();
    if taken.is_empty() {
        return Err(CorrectionError::NoReports);
    }
    let held: BTreeSet<ReportId> = story.iter().copied().collect();
    if !taken.is_subset(&held) {
        return Err(CorrectionError::NotInStory);
    }
    Ok(story.iter().copied().filter(|id| !taken.contains(id)).collect())
}

/// The reports that a correction names.
pub fn reports_of(correction: &Correction) -> Vec<ReportId> {
    match correction {
        Correction::Merge { reports } | Correction::Pin { reports } | Correction::Rename { reports, .. } => {
            reports.clone()
        }
        Correction::Split { reports, rest } => [&reports[..], rest].concat(),
        Correction::Move { reports, to, rest } => [&reports[..], to, rest].concat(),
        Correction::Undo { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use stemma::Report;

    use super::*;

    #[test]
    fn a_correction_says_something() {
        let [a, b, c] = ["one", "two", "three"].map(|text| Report::of_text(text).id());
        assert_eq!(split(&[b], &[a, b]), Ok(Correction::Split { reports: vec![b], rest: vec![a] }));
        assert_eq!(split(&[a, b], &[a, b]), Err(CorrectionError::NothingLeft));
        assert_eq!(split(&[c], &[a, b]), Err(CorrectionError::NotInStory));
        assert_eq!(split(&[], &[a, b]), Err(CorrectionError::NoReports));
        let moved = move_to(&[a], &[a], &[c]);
        assert_eq!(moved, Ok(Correction::Move { reports: vec![a], to: vec![c], rest: Vec::new() }));
        assert_eq!(merge(&[&[a, b], &[b, c]]), merge(&[&[c], &[b, a]]));
        let renamed = Correction::Rename { reports: vec![a], label: "Ferry aground".to_owned() };
        assert_eq!(rename(&[a], "  Ferry\u{0}\n aground "), Ok(renamed));
        assert_eq!(rename(&[a], " \u{7}"), Err(CorrectionError::NoLabel));
        assert_eq!(rename(&[a], &"é".repeat(MAX_LABEL + 1)), Err(CorrectionError::LongLabel));
    }
}
