//! `stemma vacuum` and `stemma backup`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;

use crate::failure::{Exit, Failure};
use crate::kept::StoreArgument;
use crate::output;
use crate::stats::size;

pub(crate) const VACUUM_EXAMPLES: &str = "\
Needs as much room as the store has, for as long as it takes.

Example:
  stemma forget --older-than 365d && stemma vacuum";

pub(crate) const BACKUP_EXAMPLES: &str = "\
The copy is the store as it was at one moment; others may read and write meanwhile. It is a store itself.

Example:
  stemma backup \"desk $(date +%F).db\" --store desk.db";

#[derive(Debug, Args)]
pub(crate) struct VacuumArguments {
    #[command(flatten)]
    store: StoreArgument,
}

#[derive(Debug, Args)]
pub(crate) struct BackupArguments {
    /// The file to make; it must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    store: StoreArgument,
}

pub(crate) fn run_vacuum(arguments: &VacuumArguments) -> Result<Exit, Failure> {
    let mut store = arguments.store.open()?;
    let before = store.stats()?.file_bytes;
    store.vacuum()?;
    let after = store.stats()?.file_bytes;
    let told = format!("{} · {} before, {} now\n", arguments.store.path.display(), size(before), size(after));
    output::write(None, told.as_bytes())?;
    Ok(Exit::Done)
}

pub(crate) fn run_backup(arguments: &BackupArguments) -> Result<Exit, Failure> {
    let store = arguments.store.open()?;
    let file = &arguments.file;
    if file.exists() {
        let error = anyhow!("{}: is there already", file.display());
        return Err(Failure::new(Exit::Usage, error).hint("give the name of a new file, or remove that one"));
    }
    // Under its own name only when it is whole.
    let mut unfinished = file.clone().into_os_string();
    unfinished.push(".part");
    let unfinished = Path::new(&unfinished);
    let copied = fs::remove_file(unfinished).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    });
    let failed = |error: anyhow::Error| {
        Failure::new(Exit::Failed, error).hint("check that the folder exists and may be written to")
    };
    copied.with_context(|| format!("{}: cannot be removed", unfinished.display())).map_err(failed)?;
    store.backup(unfinished).inspect_err(|_| drop(fs::remove_file(unfinished)))?;
    fs::rename(unfinished, file)
        .with_context(|| format!("{}: cannot be written", file.display()))
        .map_err(failed)?;
    let n_bytes = fs::metadata(file).map_or(0, |metadata| metadata.len());
    output::write(None, format!("{} · {}\n", file.display(), size(n_bytes)).as_bytes())?;
    Ok(Exit::Done)
}
