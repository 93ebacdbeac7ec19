//! `stemma versions` and `stemma duplicates`.

use anyhow::{Error, anyhow};
use stemma::{Engine, api, render};

use crate::arguments::{DuplicatesArguments, VersionsArguments};
use crate::failure::{Exit, Failure};
use crate::inputs::read_documents;
use crate::output;

pub(crate) fn run(arguments: &VersionsArguments) -> Result<Exit, Failure> {
    let engine = Engine::load();
    let (documents, exit) = read_documents(&engine, &arguments.input)?;
    if documents.len() < 2 {
        let error = anyhow!("only one report was read, and versions are two or more");
        return Err(
            Failure::new(Exit::Usage, error).hint("stemma versions OLD NEW shows what changed between two")
        );
    }
    let found = engine.versions(&documents);
    let shown = if arguments.json {
        let options = api::Options { offsets: arguments.offsets.into(), ..api::Options::default() };
        let line = |versions| serde_json::to_string(&api::versions(&documents, versions, &options));
        json_lines(found.iter().map(line))?
    } else {
        render::versions(&documents, &found, &output::text_options(&arguments.page))
    };
    output::write(arguments.page.output.as_deref(), shown.as_bytes())?;
    Ok(exit)
}

pub(crate) fn run_duplicates(arguments: &DuplicatesArguments) -> Result<Exit, Failure> {
    let engine = Engine::load();
    let (documents, exit) = read_documents(&engine, &arguments.input)?;
    let found = engine.duplicates(&documents);
    let shown = if arguments.json {
        let line = |pair| serde_json::to_string(&api::duplicate_pair(&documents, pair));
        json_lines(found.iter().map(line))?
    } else {
        render::duplicates(&documents, &found, &output::text_options(&arguments.page))
    };
    output::write(arguments.page.output.as_deref(), shown.as_bytes())?;
    Ok(exit)
}

fn json_lines(lines: impl Iterator<Item = serde_json::Result<String>>) -> Result<String, Failure> {
    let mut out = String::new();
    for line in lines {
        out += &line.map_err(|error| Failure::new(Exit::Failed, Error::new(error)))?;
        out.push('\n');
    }
    Ok(out)
}
