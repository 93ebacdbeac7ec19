//! Stories and reports by the names that a user gives them.

use std::collections::BTreeSet;

use anyhow::anyhow;
use stemma::{Group, Report, ReportId};

use crate::failure::{Exit, Failure};

/// Names that are listed where several fit.
const MAX_TOLD: usize = 4;

/// The story that `name` names: its id or the first digits of it. The id of a story that has become part of another is the
/// name of that one, as it stands for the report that opened it.
/// `id_of` gives the id of a report by its place.
pub(crate) fn story(
    groups: &[Group],
    id_of: &dyn Fn(usize) -> ReportId,
    name: &str,
) -> Result<usize, Failure> {
    let digits = name.to_ascii_lowercase();
    let of = |fits: &dyn Fn(&Group) -> bool| -> BTreeSet<usize> {
        (0..groups.len()).filter(|&n| fits(&groups[n])).collect()
    };
    let opened = of(&|group| group.id.to_string().starts_with(&digits));
    let held = || of(&|group| group.members.iter().any(|&n| id_of(n).to_string().starts_with(&digits)));
    let found = if opened.is_empty() && !digits.is_empty() { held() } else { opened };
    let shown = |&n: &usize| format!("{} ({})", groups[n].id, groups[n].label);
    one(found, shown, "story", name)
        .map_err(|failure| failure.hint("stemma stories shows the ids of all stories"))
}

/// What a report can be called by.
pub(crate) struct Names {
    pub(crate) id: ReportId,
    given_id: Option<String>,
    url: Option<String>,
    origin: String,
}

impl Names {
    /// Those of a report.
    pub(crate) fn of(report: &Report) -> Self {
        Self {
            id: report.id(),
            given_id: report.given_id().map(str::to_owned),
            url: report.url().map(str::to_owned),
            origin: report.origin().to_string(),
        }
    }
}

/// The report that `name` names: its id or the first digits of it, the id that its file gives it, its address, or its place.
pub(crate) fn report<'a>(reports: &'a [Names], name: &str) -> Result<&'a Names, Failure> {
    let digits = name.to_ascii_lowercase();
    let is_named = |of: &Names| {
        of.given_id.as_deref() == Some(name) || of.url.as_deref() == Some(name) || of.origin == name
    };
    let mut found: BTreeSet<usize> = (0..reports.len()).filter(|&n| is_named(&reports[n])).collect();
    if found.is_empty() && !digits.is_empty() {
        let starts = |&n: &usize| reports[n].id.to_string().starts_with(&digits);
        found = (0..reports.len()).filter(starts).collect();
    }
    let shown = |&n: &usize| format!("{} ({})", reports[n].id, reports[n].origin);
    one(found, shown, "report", name)
        .map(|n| &reports[n])
        .map_err(|failure| failure.hint("stemma stories --reports shows the places of all reports"))
}

fn one(
    found: BTreeSet<usize>,
    shown: impl Fn(&usize) -> String,
    thing: &str,
    name: &str,
) -> Result<usize, Failure> {
    let error = match found.len() {
        1 => return Ok(found.into_iter().next().expect("there is one")),
        0 => anyhow!("there is no {thing} {name:?}"),
        n => {
            let told: Vec<String> = found.iter().take(MAX_TOLD).map(shown).collect();
            let more = if n > MAX_TOLD { ", …" } else { "" };
            anyhow!("{n} have a name that starts with {name:?}: {}{more}", told.join(", "))
        }
    };
    Err(Failure::new(Exit::Usage, error))
}
