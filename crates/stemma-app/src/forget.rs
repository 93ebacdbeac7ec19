//! `stemma forget`: reports that are old go, but no story loses a part of itself.
//!
//! A report goes if it is older than the limit, and so are all others of its story, and no correction that holds names one of
//! them. Its day is that of publication, else that on which it was added; one without either stays.

use std::collections::BTreeSet;

use anyhow::Error;
use clap::Args;
use jiff::civil::Date;
use stemma::{Constraints, Correction, Engine, ReportId};
use stemma_desk::reports_of;
use stemma_store::{SqliteStore, Store, StoredStory};

use crate::arguments::InputArguments;
use crate::failure::{Exit, Failure};
use crate::inputs::read_batch;
use crate::kept::StoreArgument;
use crate::output;

pub(crate) const EXAMPLES: &str = "\
A story goes as a whole or not at all: while one of its reports is younger than that, or named by a correction that holds, all
of them stay. Their original bytes, layers and comparisons go with the reports; stemma vacuum gives the room back.

Examples:
  stemma forget --older-than 90d --dry-run     how many would go
  stemma forget --older-than 1y && stemma vacuum";

#[derive(Debug, Args)]
pub(crate) struct ForgetArguments {
    /// Age from which reports go: 90d, 12w, 6m or 1y
    #[arg(long, value_name = "AGE", value_parser = parse_age)]
    older_than: jiff::Span,
    /// Say what would go, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Number of threads; 0 takes one for each core
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    #[command(flatten)]
    store: StoreArgument,
}

/// "90d": days, weeks, months, years.
fn parse_age(text: &str) -> Result<jiff::Span, String> {
    let wrong = || format!("{text:?} is no age such as 90d, 12w, 6m or 1y");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let n: i64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
    let span = jiff::Span::new();
    let span = match unit {
        'd' => span.try_days(n),
        'w' => span.try_weeks(n),
        'm' => span.try_months(n),
        'y' => span.try_years(n),
        _ => return Err(wrong()),
    };
    span.ok().filter(|_| n >= 0).ok_or_else(wrong)
}

pub(crate) fn run(arguments: &ForgetArguments) -> Result<Exit, Failure> {
    let mut store = arguments.store.open()?;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let before: Date = today.checked_sub(arguments.older_than).map_err(|error| {
        Failure::new(Exit::Usage, Error::new(error).context("there is no day so long ago"))
            .hint("give an age such as 90d")
    })?;
    if store.n_outside_stories()? > 0 {
        find_stories(&mut store, arguments)?;
    }
    let named = named_by_corrections(&store.corrections()?);
    let ids = store.forgettable(before, &named)?;
    let n_all = store.report_ids()?.len();
    let reports = if n_all == 1 { "report" } else { "reports" };
    let told = if arguments.dry_run {
        format!("{} of {n_all} {reports} would go: before {before}, with all of their stories\n", ids.len())
    } else {
        store.forget(&ids)?;
        format!("{} of {n_all} {reports} forgotten: before {before}, with all of their stories\n", ids.len())
    };
    output::write(None, told.as_bytes())?;
    Ok(Exit::Done)
}

/// Puts all reports of the store into stories, as `stemma stories` does.
fn find_stories(store: &mut SqliteStore, arguments: &ForgetArguments) -> Result<(), Failure> {
    let engine = Engine::load();
    let input = InputArguments::of_store(&arguments.store.path, arguments.threads);
    let (batch, documents, _) = read_batch(&engine, &input)?;
    let id = |&n: &usize| documents.id(n);
    let stories: Vec<StoredStory> = batch
        .groups(&Constraints::of(&store.corrections()?))
        .into_iter()
        .map(|group| StoredStory {
            id: group.id,
            reports: group.members.iter().map(id).collect(),
            label: group.label,
        })
        .collect();
    Ok(store.replace_stories(&stories)?)
}

/// The reports that corrections speak of that still hold.
fn named_by_corrections(corrections: &[Correction]) -> BTreeSet<ReportId> {
    let holding = corrections.iter().zip(Correction::in_force(corrections)).filter(|(_, holds)| *holds);
    holding.flat_map(|(correction, _)| reports_of(correction)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages() {
        for age in ["90d", "12w", "6m", "1y", "0d"] {
            assert!(parse_age(age).is_ok(), "{age}");
        }
        for wrong in ["", "d", "-3d", "3", "3 d", "1.5y", "3µ", "99999999999d"] {
            assert!(parse_age(wrong).is_err(), "{wrong}");
        }
    }
}
