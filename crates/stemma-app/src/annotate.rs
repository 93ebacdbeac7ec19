//! `stemma annotate`.

use anyhow::Error;
use stemma::{Document, Engine, api};

use crate::arguments::AnnotateArguments;
use crate::failure::{Exit, Failure};
use crate::inputs::{Read, annotate_each, read_reports};
use crate::{marks, output};

/// Bytes that are gathered before they are written.
const BUFFER_BYTES: usize = 1024 * 1024;

pub(crate) fn run(arguments: AnnotateArguments) -> Result<Exit, Failure> {
    arguments.input.named()?;
    let Read { reports, exit } = read_reports(&arguments.input)?;
    let engine = Engine::load();
    let to_file = arguments.output.is_some();
    let width = output::width(arguments.width.map(usize::from), to_file);
    let mut shown = String::new();
    annotate_each(&engine, reports, &arguments.input, |document| {
        if arguments.json {
            shown.push_str(&json_line(&document, &arguments)?);
        } else {
            shown.push_str(&marks::page(&document, &arguments.layers, width));
        }
        // A file is written whole, so that a run that fails leaves the old one.
        if !to_file && shown.len() >= BUFFER_BYTES {
            output::write(None, std::mem::take(&mut shown).as_bytes())?;
        }
        Ok(())
    })?;
    output::write(arguments.output.as_deref(), shown.as_bytes())?;
    Ok(exit)
}

fn json_line(document: &Document, arguments: &AnnotateArguments) -> Result<String, Failure> {
    let options = api::Options { offsets: arguments.offsets.into(), ..api::Options::default() };
    let line = serde_json::to_string(&api::annotated_report(document, &options));
    Ok(line.map_err(|error| Failure::new(Exit::Failed, Error::new(error)))? + "\n")
}
