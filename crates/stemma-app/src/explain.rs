//! `stemma explain`.

use std::path::Path;

use anyhow::{Error, anyhow};
use stemma::explain::{NamingError, explain};
use stemma::{Compared, Engine, api, render};

use crate::arguments::ExplainArguments;
use crate::compare;
use crate::failure::{Exit, Failure};
use crate::output;

pub(crate) fn run(arguments: &ExplainArguments) -> Result<Exit, Failure> {
    let (compared, exit) = compare::compared(&Engine::load(), &arguments.input).map_err(|failure| {
        let is_file = Path::new(&arguments.statement).exists();
        if is_file { failure.hint("give the statement first, then the files") } else { failure }
    })?;
    let unit = arguments.offsets.into();
    let explanation = explain(&compared, &arguments.statement, arguments.and.as_deref(), unit)
        .map_err(|error| unclear(error, arguments))?;
    let shown = if arguments.json {
        let options = api::Options { offsets: unit, ..api::Options::default() };
        let json = serde_json::to_string_pretty(&api::explanation(&compared, &explanation, &options));
        json.map_err(|error| Failure::new(Exit::Failed, Error::new(error)))? + "\n"
    } else {
        text(&compared, &explanation, arguments)
    };
    output::write(arguments.output.as_deref(), shown.as_bytes())?;
    Ok(exit)
}

fn text(
    compared: &Compared,
    explanation: &stemma::explain::Explanation,
    arguments: &ExplainArguments,
) -> String {
    let to_file = arguments.output.is_some();
    let options = render::TextOptions {
        width: output::width(arguments.width.map(usize::from), to_file),
        color: output::color(arguments.color, to_file),
        all: arguments.all,
    };
    render::explanation(compared, explanation, &options)
}

/// It is not clear which statement is meant.
fn unclear(error: NamingError, arguments: &ExplainArguments) -> Failure {
    let remedy = if Path::new(&arguments.statement).exists() {
        "give the statement first, then the files"
    } else {
        error.remedy()
    };
    Failure::new(Exit::Usage, anyhow!(error)).hint(remedy)
}
