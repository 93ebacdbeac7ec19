//! `stemma compare`.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Error, anyhow};
use stemma::{Compared, Document, Engine, api, render};

use crate::arguments::{CompareArguments, Format, InputArguments};
use crate::failure::{Exit, Failure};
use crate::inputs::{Read, annotate_each, read_documents, read_reports};
use crate::{kept, messages, named, output};

/// Reports from which it is likely that several events were given as one.
const MANY_REPORTS: usize = 100;

/// Events, and reports of each, that are named when there are several.
const TOLD_EVENTS: usize = 3;
const TOLD_REPORTS: usize = 2;

pub(crate) fn run(arguments: CompareArguments) -> Result<Exit, Failure> {
    let (compared, exit) = compared(&Engine::load(), &arguments.input, arguments.story.as_deref())?;
    output::write(arguments.page.output.as_deref(), rendered(&compared, &arguments)?.as_bytes())?;
    Ok(exit)
}

/// Reads, annotates and compares the reports, or those of the story that is named, and the exit code that a run without other failures has. Fewer than two different reports
/// are a failure.
pub(crate) fn compared(
    engine: &Engine,
    input: &InputArguments,
    story: Option<&str>,
) -> Result<(Compared, Exit), Failure> {
    if let Some(name) = story {
        return compared_story(engine, input, name);
    }
    input.named()?;
    let Read { reports, exit } = read_reports(input)?;
    let n_given = reports.len();
    let n_reports = reports.iter().map(|new| new.report.id()).collect::<BTreeSet<_>>().len();
    if n_reports < 2 {
        let error = match (n_given, exit) {
            (1, Exit::Done) => anyhow!("only one report was given, and a comparison needs two"),
            (1, _) => anyhow!("only one report could be read, and a comparison needs two"),
            _ => anyhow!("all {n_given} reports are the same, and a comparison needs two"),
        };
        return Err(
            Failure::new(Exit::Usage, error).hint("stemma annotate shows what is found in one report")
        );
    }
    if !input.quiet {
        tell_counts(n_given, n_reports);
    }
    let mut documents = Vec::with_capacity(n_given);
    annotate_each(engine, reports, input, |document| {
        documents.push(document);
        Ok(())
    })?;
    if !input.quiet {
        tell_events(&engine.events(&documents), &documents);
    }
    Ok((kept::compare(input.store.as_deref(), engine, None, documents)?, exit))
}

/// Compares the reports of one story of those that are read.
fn compared_story(engine: &Engine, input: &InputArguments, name: &str) -> Result<(Compared, Exit), Failure> {
    let (documents, exit) = read_documents(engine, input)?;
    let groups = engine.groups(&documents, &kept::corrections(input.store.as_deref())?);
    let group = &groups[named::story(&groups, &|n| documents[n].report().id(), name)?];
    if group.members.len() < 2 {
        let error = anyhow!("story {} has one report, and a comparison needs two", group.id);
        return Err(Failure::new(Exit::Usage, error).hint("stemma stories shows how many each has"));
    }
    let members = group.members.iter().map(|&n| documents[n].clone()).collect();
    Ok((kept::compare(input.store.as_deref(), engine, Some(group.id), members)?, exit))
}

fn tell_counts(n_given: usize, n_reports: usize) {
    match n_given - n_reports {
        0 => {}
        1 => messages::note("one report was given twice and counts once"),
        more => messages::note(&format!("{more} reports were given more than once and count once")),
    }
    if n_reports > MANY_REPORTS {
        messages::note(&format!("{n_reports} reports are compared as reports of one event"));
    }
}

/// Says so if the reports are clearly of different events: their comparison finds little.
fn tell_events(events: &[Vec<usize>], documents: &[Document]) {
    if events.len() < 2 {
        return;
    }
    let named = |members: &Vec<usize>| {
        let origins = members.iter().take(TOLD_REPORTS).map(|&n| documents[n].report().origin().to_string());
        let more = if members.len() > TOLD_REPORTS { ", …" } else { "" };
        origins.collect::<Vec<_>>().join(", ") + more
    };
    let groups: Vec<String> = events.iter().take(TOLD_EVENTS).map(named).collect();
    let more = if events.len() > TOLD_EVENTS { "; …" } else { "" };
    messages::note(&format!(
        "the reports seem to be of {} events: {}{more}",
        events.len(),
        groups.join("; ")
    ));
    messages::hint("stemma stories shows which reports belong together; compare those of one event");
}

fn rendered(compared: &Compared, arguments: &CompareArguments) -> Result<String, Failure> {
    let Compared { story, comparison } = compared;
    Ok(match format(arguments) {
        Format::Text => render::text(story, comparison, &output::text_options(&arguments.page)),
        Format::Md => render::markdown(story, comparison, arguments.page.all),
        Format::Html => render::html(story, comparison),
        Format::Json => {
            let options = api::Options { offsets: arguments.offsets.into(), ..api::Options::default() };
            let json = serde_json::to_string_pretty(&api::comparison(story, comparison, &options));
            json.map_err(|error| Failure::new(Exit::Failed, Error::new(error)))? + "\n"
        }
    })
}

fn format(arguments: &CompareArguments) -> Format {
    let of_ending = |path: &Path| match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "md" | "markdown" => Some(Format::Md),
        "html" | "htm" => Some(Format::Html),
        "json" => Some(Format::Json),
        _ => None,
    };
    if arguments.json {
        return Format::Json;
    }
    let of_output = || arguments.page.output.as_deref().and_then(of_ending);
    arguments.format.or_else(of_output).unwrap_or(Format::Text)
}
