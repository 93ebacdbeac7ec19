//! `stemma eval`.

use std::path::{Path, PathBuf};

use anyhow::{Error, anyhow};
use stemma_eval::{EvalError, Evaluation, comparison, entities, newsroom};

use crate::arguments::{EvalArguments, Task};
use crate::failure::{Exit, Failure};
use crate::output;

pub(crate) fn run(arguments: &EvalArguments) -> Result<Exit, Failure> {
    let evaluation = evaluate(arguments.task, &data_of(arguments)?)?;
    if let Some(path) = &arguments.items {
        output::write(Some(path), evaluation.to_csv().as_bytes())?;
    }
    let shown = if arguments.json {
        let json = serde_json::to_string_pretty(&evaluation.to_json());
        json.map_err(|error| Failure::new(Exit::Failed, Error::new(error)))? + "\n"
    } else {
        evaluation.to_text()
    };
    output::write(None, shown.as_bytes())?;
    Ok(Exit::Done)
}

/// The data of the task: below the given folder if that holds the sets of all tasks, else the given path.
fn data_of(arguments: &EvalArguments) -> Result<PathBuf, Failure> {
    let below = arguments.data.join(set_of(arguments.task));
    if below.exists() {
        return Ok(below);
    }
    if arguments.data.exists() {
        return Ok(arguments.data.clone());
    }
    let error = anyhow!("{}: no gold data there", arguments.data.display());
    Err(Failure::new(Exit::Failed, error)
        .hint("gold data is no part of the program; docs/method.md says where each set comes from"))
}

/// The folder of a task's data among those of all tasks.
fn set_of(task: Task) -> &'static str {
    match task {
        Task::Comparison => "comparison",
        Task::Newsroom => "newsroom",
        Task::Entities => "ner_worldwide",
    }
}

fn evaluate(task: Task, data: &Path) -> Result<Evaluation, EvalError> {
    match task {
        Task::Comparison => comparison::evaluate(data),
        Task::Newsroom => newsroom::evaluate(data),
        Task::Entities => entities::evaluate(data),
    }
}
