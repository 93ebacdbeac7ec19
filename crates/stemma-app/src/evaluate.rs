//! `stemma eval`.

use std::path::{Path, PathBuf};

use anyhow::{Error, anyhow};
use stemma_eval::{
    EvalError, Evaluation, attributions, comparison, duplicates, entities, extraction, newsroom, paraphrases,
    parts, passages, stories, times,
};

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

/// The data of the task: the first of its usual places below the given path that is there, else the path itself.
fn data_of(arguments: &EvalArguments) -> Result<PathBuf, Failure> {
    let below =
        places_of(arguments.task).iter().map(|place| arguments.data.join(place)).find(|path| path.exists());
    if let Some(path) = below {
        return Ok(path);
    }
    if arguments.data.exists() {
        return Ok(arguments.data.clone());
    }
    let error = anyhow!("{}: no gold data there", arguments.data.display());
    Err(Failure::new(Exit::Failed, error)
        .hint("gold data is no part of the program; docs/method.md says where each set comes from"))
}

/// Where a task's data is: in a folder of all sets, or in the folder of its own.
fn places_of(task: Task) -> &'static [&'static str] {
    match task {
        Task::Comparison => &["comparison"],
        Task::Newsroom => &["newsroom"],
        Task::Entities => &["ner_worldwide"],
        Task::Attributions => &["polnear"],
        Task::Times => &["timex/dev.jsonl.gz", "timex/dev.jsonl", "dev.jsonl.gz", "dev.jsonl"],
        Task::Parts => &["gum_ud"],
        Task::Passages | Task::Duplicates => &["newscluster"],
        // These tasks read several sets.
        Task::Pairs | Task::Stories => &[],
        Task::Extraction => &["article_html/dev.jsonl.gz", "dev.jsonl.gz", "dev.jsonl"],
    }
}

fn evaluate(task: Task, data: &Path) -> Result<Evaluation, EvalError> {
    match task {
        Task::Comparison => comparison::evaluate(data),
        Task::Newsroom => newsroom::evaluate(data),
        Task::Pairs => paraphrases::evaluate(data),
        Task::Entities => entities::evaluate(data),
        Task::Attributions => attributions::evaluate(data),
        Task::Times => times::evaluate(data),
        Task::Parts => parts::evaluate(data),
        Task::Passages => passages::evaluate(data),
        Task::Duplicates => duplicates::evaluate(data),
        Task::Stories => stories::evaluate(data),
        Task::Extraction => extraction::evaluate(data),
    }
}
