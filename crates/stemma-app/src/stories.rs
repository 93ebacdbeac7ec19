//! `stemma stories`.

use anyhow::Error;
use stemma::{Document, Engine, Group, Grouped, api, render};
use stemma_store::StoredStory;

use crate::arguments::StoriesArguments;
use crate::failure::{Exit, Failure};
use crate::inputs::read_documents;
use crate::{kept, named, output, watch};

pub(crate) fn run(arguments: &StoriesArguments) -> Result<Exit, Failure> {
    if arguments.watch {
        return watch::run(arguments);
    }
    let engine = Engine::load();
    let (documents, exit) = read_documents(&engine, &arguments.input)?;
    let corrections = kept::corrections(arguments.input.store.as_deref())?;
    let (mut groups, mut fitted) = if arguments.explain {
        engine.explained_groups(&documents, &corrections)
    } else {
        let groups = engine.groups(&documents, &corrections);
        let none = vec![Vec::new(); groups.len()];
        (groups, none)
    };
    if let Some(name) = &arguments.story {
        let n = named::story(&groups, &documents, name)?;
        (groups, fitted) = (vec![groups.swap_remove(n)], vec![fitted.swap_remove(n)]);
    }
    let mut stories = compared(&engine, arguments, &documents, groups)?;
    stories.iter_mut().zip(fitted).for_each(|(story, fitted)| story.fitted = fitted);
    let with_reports = arguments.reports || arguments.explain || arguments.story.is_some();
    let shown = match arguments.json {
        true => json_lines(&stories)?,
        false => render::stories(&stories, with_reports, &output::text_options(&arguments.page)),
    };
    output::write(arguments.page.output.as_deref(), shown.as_bytes())?;
    Ok(exit)
}

/// Compares the reports of each group. What are stories of all reports of the store is kept there as its stories.
fn compared(
    engine: &Engine,
    arguments: &StoriesArguments,
    documents: &[Document],
    groups: Vec<Group>,
) -> Result<Vec<Grouped>, Failure> {
    let Some(path) = &arguments.input.store else { return Ok(engine.compare_groups(documents, groups)) };
    let mut kept = kept::keeping(path, engine)?;
    if arguments.input.files.is_empty() && arguments.story.is_none() {
        let id = |&n: &usize| documents[n].report().id();
        let stored = |group: &Group| StoredStory {
            id: group.id,
            label: group.label.clone(),
            reports: group.members.iter().map(id).collect(),
        };
        kept.put_stories(&groups.iter().map(stored).collect::<Vec<_>>(), true)?;
    }
    let mut stories = Vec::with_capacity(groups.len());
    for group in groups {
        let members = group.members.iter().map(|&n| documents[n].clone()).collect();
        let compared = kept.compare(engine, Some(group.id), members)?;
        let Group { id, label, related, .. } = group;
        stories.push(Grouped { id, label, compared, fitted: Vec::new(), related });
    }
    Ok(stories)
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
