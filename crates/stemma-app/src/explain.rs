//! `stemma explain`.

use std::path::Path;

use anyhow::{Error, anyhow};
use stemma::explain::{NamingError, explain};
use stemma::{Engine, api, render};

use crate::arguments::ExplainArguments;
use crate::compare;
use crate::failure::{Exit, Failure};
use crate::output;

pub(crate) fn run(arguments: &ExplainArguments) -> Result<Exit, Failure> {
    let (compared, exit) = compare::compared(&Engine::load(), &arguments.input, arguments.story.as_deref())
        .map_err(|failure| {
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
        render::explanation(&compared, &explanation, &output::text_options(&arguments.page))
    };
    output::write(arguments.page.output.as_deref(), shown.as_bytes())?;
    Ok(exit)
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
