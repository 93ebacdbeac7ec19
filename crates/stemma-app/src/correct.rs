//! `stemma correct`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Error, anyhow};
use stemma::{Constraints, Correction, Engine, Group, ReportId};
use stemma_desk::reports_of;
use stemma_store::{SqliteStore, Store};

use crate::arguments::{CorrectArguments, CorrectCommand, InputArguments};
use crate::failure::{Exit, Failure};
use crate::inputs::{Documents, read_batch};
use crate::named::{self, Names};
use crate::{kept, marks, output};

pub(crate) fn run(arguments: &CorrectArguments) -> Result<Exit, Failure> {
    let path = &arguments.store;
    let corrections = kept::open_there(path)?.corrections()?;
    let told = match &arguments.correction {
        CorrectCommand::List => list(path, &corrections)?,
        CorrectCommand::Undo { number } => {
            if !(1..=corrections.len()).contains(number) {
                let error = anyhow!("there is no correction {number}: the store has {}", corrections.len());
                return Err(Failure::new(Exit::Usage, error).hint("stemma correct list shows all"));
            }
            let undo = keep(path, &Correction::Undo { number: *number })?;
            format!("correction {undo}: correction {number} no longer holds\n")
        }
        CorrectCommand::Merge { stories } => correct(path, &corrections, |found| found.merge(stories))?,
        CorrectCommand::Split { reports } => correct(path, &corrections, |found| found.split(reports))?,
        CorrectCommand::Move { reports, to } => {
            correct(path, &corrections, |found| found.move_to(reports, to))?
        }
        CorrectCommand::Pin { story } => correct(path, &corrections, |found| found.pin(story))?,
        CorrectCommand::Rename { story, label } => {
            correct(path, &corrections, |found| found.rename(story, label))?
        }
    };
    output::write(None, told.as_bytes())?;
    Ok(Exit::Done)
}

fn keep(path: &Path, correction: &Correction) -> Result<usize, Failure> {
    Ok(kept::open_there(path)?.put_correction(correction)?)
}

/// Makes a correction of the stories as they are now, and tells what they are then.
fn correct(
    path: &Path,
    before: &[Correction],
    make: impl Fn(&Stories<'_>) -> Result<Correction, Failure>,
) -> Result<String, Failure> {
    let engine = Engine::load();
    let (batch, documents, _) = read_batch(&engine, &InputArguments::of_store(path, 0))?;
    let stories = Stories { groups: batch.groups(&Constraints::of(before)), documents: &documents };
    let correction = make(&stories)?;
    let number = keep(path, &correction)?;
    let now = Constraints::of(&[before, std::slice::from_ref(&correction)].concat());
    let after = Stories { groups: batch.groups(&now), documents: &documents };
    let named: BTreeSet<ReportId> = reports_of(&correction).into_iter().collect();
    let mut shown = format!("correction {number}: {}\n", correction.kind());
    for group in &after.groups {
        if group.members.iter().any(|&n| named.contains(&documents.id(n))) {
            after.tell(group, &mut shown);
        }
    }
    Ok(shown)
}

/// Every correction, with the headlines of the reports that it names.
fn list(path: &Path, corrections: &[Correction]) -> Result<String, Failure> {
    if corrections.is_empty() {
        return Ok("no corrections\n".to_owned());
    }
    let store = kept::open_there(path)?;
    let mut out = String::new();
    for (n, (correction, holds)) in corrections.iter().zip(Correction::in_force(corrections)).enumerate() {
        let number = n + 1;
        let undone = if holds { "" } else { " (taken back)" };
        let apart = |rest: &[ReportId]| -> Result<String, Failure> {
            Ok(if rest.is_empty() { String::new() } else { format!(", apart from {}", told(&store, rest)?) })
        };
        let what = match correction {
            Correction::Merge { reports } => format!("merge  {} are one story", told(&store, reports)?),
            Correction::Pin { reports } => format!("pin    {} stay together", told(&store, reports)?),
            Correction::Split { reports, rest } => {
                format!("split  {}{}", told(&store, reports)?, apart(rest)?)
            }
            Correction::Move { reports, to, rest } => {
                format!("move   {} to {}{}", told(&store, reports)?, told(&store, to)?, apart(rest)?)
            }
            Correction::Rename { reports, label } => {
                format!("rename {} are called “{}”", told(&store, reports)?, marks::clean(label))
            }
            Correction::Undo { number } => format!("undo   correction {number} no longer holds"),
        };
        writeln!(out, "{number:>4}  {what}{undone}").expect("writing to a string cannot fail");
    }
    Ok(out)
}

/// "3 reports (“Ferry aground off Skarvik”, …)".
fn told(store: &SqliteStore, reports: &[ReportId]) -> Result<String, Failure> {
    let first = reports.first().map(|&id| store.report(id)).transpose()?.flatten();
    let first = first.map_or(String::new(), |stored| match stored.report.title() {
        Some(title) => format!("“{}”", marks::clean(title)),
        None => stored.report.origin().to_string(),
    });
    Ok(match reports.len() {
        1 => format!("1 report ({first})"),
        n => format!("{n} reports ({first}, …)"),
    })
}

/// The stories of the reports of a store.
struct Stories<'a> {
    groups: Vec<Group>,
    documents: &'a Documents,
}

impl Stories<'_> {
    fn merge(&self, names: &[String]) -> Result<Correction, Failure> {
        let stories: BTreeSet<usize> = names.iter().map(|name| self.story(name)).collect::<Result<_, _>>()?;
        if let (Some(&story), 1) = (stories.first(), stories.len()) {
            let error = anyhow!("the names are all of one story, which is {}", self.groups[story].id);
            return Err(Failure::new(Exit::Usage, error));
        }
        let held: Vec<Vec<ReportId>> =
            stories.iter().map(|&story| self.ids(&self.groups[story].members)).collect();
        Ok(stemma_desk::merge(&held.iter().map(Vec::as_slice).collect::<Vec<_>>()))
    }

    fn split(&self, names: &[String]) -> Result<Correction, Failure> {
        let (reports, from) = self.reports_of_one(names)?;
        stemma_desk::split(&reports, &self.ids(&self.groups[from].members)).map_err(|error| {
            let id = self.groups[from].id;
            Failure::new(Exit::Usage, Error::new(error).context(format!("story {id} cannot be split so")))
        })
    }

    fn move_to(&self, names: &[String], to: &str) -> Result<Correction, Failure> {
        let (reports, from) = self.reports_of_one(names)?;
        let to = self.story(to)?;
        if from == to {
            let error = anyhow!("they are in story {} already", self.groups[to].id);
            return Err(Failure::new(Exit::Usage, error).hint("stemma correct pin keeps them there"));
        }
        let [from, to] = [from, to].map(|story| self.ids(&self.groups[story].members));
        stemma_desk::move_to(&reports, &from, &to).map_err(|error| Failure::new(Exit::Usage, error.into()))
    }

    fn pin(&self, name: &str) -> Result<Correction, Failure> {
        Ok(stemma_desk::pin(&self.ids(&self.groups[self.story(name)?].members)))
    }

    fn rename(&self, name: &str, label: &str) -> Result<Correction, Failure> {
        stemma_desk::rename(&self.ids(&self.groups[self.story(name)?].members), label)
            .map_err(|error| Failure::new(Exit::Usage, error.into()))
    }

    fn story(&self, name: &str) -> Result<usize, Failure> {
        named::story(&self.groups, &|n| self.documents.id(n), name)
    }

    /// The reports of the given names, and the one story that they are in.
    fn reports_of_one(&self, names: &[String]) -> Result<(Vec<ReportId>, usize), Failure> {
        let mut all = Vec::with_capacity(self.documents.len());
        for n in 0..self.documents.len() {
            all.extend(self.documents.report(n)?.as_ref().map(Names::of));
        }
        let reports: BTreeSet<ReportId> =
            names.iter().map(|name| Ok(named::report(&all, name)?.id)).collect::<Result<_, Failure>>()?;
        let holds = |&story: &usize| {
            self.groups[story].members.iter().any(|&n| reports.contains(&self.documents.id(n)))
        };
        let stories: BTreeSet<usize> = (0..self.groups.len()).filter(holds).collect();
        match stories.len() {
            1 => Ok((reports.into_iter().collect(), stories.into_iter().next().expect("there is one"))),
            n => {
                let error = anyhow!("the reports are in {n} stories; a correction takes them out of one");
                Err(Failure::new(Exit::Usage, error).hint("correct one story after the other"))
            }
        }
    }

    fn ids(&self, reports: &[usize]) -> Vec<ReportId> {
        reports.iter().map(|&n| self.documents.id(n)).collect()
    }

    fn tell(&self, group: &Group, out: &mut String) {
        let n = group.members.len();
        let reports = if n == 1 { "1 report".to_owned() } else { format!("{n} reports") };
        writeln!(out, "  story {} · {reports} · {}", group.id, marks::clean(&group.label))
            .expect("writing to a string cannot fail");
    }
}
