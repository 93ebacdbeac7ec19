//! `stemma stories`.

use std::fmt::Write as _;

use anyhow::Error;
use stemma::{Engine, Grouped, api};

use crate::arguments::StoriesArguments;
use crate::failure::{Exit, Failure};
use crate::inputs::{Read, annotate_each, read_reports};
use crate::{marks, output};

pub(crate) fn run(arguments: StoriesArguments) -> Result<Exit, Failure> {
    let Read { reports, exit } = read_reports(&arguments.input)?;
    let engine = Engine::load();
    let mut documents = Vec::with_capacity(reports.len());
    annotate_each(&engine, reports, &arguments.input, |document| {
        documents.push(document);
        Ok(())
    })?;
    let stories = engine.stories(&documents);
    let shown = if arguments.json { json_lines(&stories)? } else { text(&stories) };
    output::write(arguments.output.as_deref(), shown.as_bytes())?;
    Ok(exit)
}

fn json_lines(stories: &[Grouped]) -> Result<String, Failure> {
    let mut out = String::new();
    for grouped in stories {
        let line = serde_json::to_string(&api::story(grouped));
        out += &line.map_err(|error| Failure::new(Exit::Failed, Error::new(error)))?;
        out.push('\n');
    }
    Ok(out)
}

/// Stories with the most witnesses first; each with its label, days, and the places of its reports.
fn text(stories: &[Grouped]) -> String {
    let mut stories: Vec<api::Story> = stories.iter().map(api::story).collect();
    stories.sort_by_key(|story| {
        (std::cmp::Reverse(story.witnesses.len()), std::cmp::Reverse(story.reports.len()))
    });
    let n_reports: usize = stories.iter().map(|story| story.reports.len()).sum();
    let mut out = format!(
        "{}, {}\n",
        counted(n_reports, "report", "reports"),
        counted(stories.len(), "story", "stories")
    );
    for story in stories {
        let reports = counted(story.reports.len(), "report", "reports");
        let witnesses = counted(story.witnesses.len(), "witness", "witnesses");
        let days = match (story.first, story.last) {
            (Some(first), Some(last)) if first != last => format!(" · {first} to {last}"),
            (Some(day), _) | (None, Some(day)) => format!(" · {day}"),
            (None, None) => String::new(),
        };
        writeln!(out, "\n{}\n  {witnesses} · {reports}{days} · {}", marks::clean(&story.label), story.id)
            .expect("writing to a string cannot fail");
        for origin in story.origins {
            writeln!(out, "  · {}", marks::clean(&origin)).expect("writing to a string cannot fail");
        }
    }
    out
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
