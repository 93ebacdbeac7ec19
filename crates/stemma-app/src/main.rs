//! The `stemma` program. The one place that prints, measures the terminal and exits.
//!
//! Results go to standard output or to `--output`, messages to standard error. Exit codes: [`failure::Exit`].

mod add;
mod annotate;
mod arguments;
mod compare;
mod correct;
mod doctor;
mod evaluate;
mod explain;
mod export;
mod failure;
mod feeds;
mod fetching;
mod filing;
mod forget;
mod import;
mod inputs;
mod kept;
mod marks;
mod messages;
mod named;
mod output;
mod polling;
mod search;
mod serve;
mod stats;
mod stories;
mod upkeep;
mod versions;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::arguments::{Arguments, Command};
use crate::failure::{Exit, Failure};

fn main() -> ExitCode {
    let exit = run(Arguments::parse().command).unwrap_or_else(|failure| {
        messages::failure(&failure);
        failure.exit
    });
    exit.into()
}

fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Add(arguments) => add::run(&arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Annotate(arguments) => annotate::run(arguments),
        Command::Stories(arguments) => stories::run(&arguments),
        Command::Versions(arguments) => versions::run(&arguments),
        Command::Duplicates(arguments) => versions::run_duplicates(&arguments),
        Command::Correct(arguments) => correct::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Search(arguments) => search::run(&arguments),
        Command::Stats(arguments) => stats::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Vacuum(arguments) => upkeep::run_vacuum(&arguments),
        Command::Backup(arguments) => upkeep::run_backup(&arguments),
        Command::Forget(arguments) => forget::run(&arguments),
        Command::Eval(arguments) => evaluate::run(&arguments),
        Command::Watch(arguments) => polling::run(&arguments),
        Command::Feeds(arguments) => feeds::run(arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "stemma", &mut script);
            output::write(None, &script)?;
            Ok(Exit::Done)
        }
    }
}
