//! `stemma stories`.

use anyhow::Error;
use stemma::{Constraints, Engine, Fitted, Group, Grouped, api, render};
use stemma_store::StoredStory;

use crate::arguments::StoriesArguments;
use crate::failure::{Exit, Failure};
use crate::inputs::{Documents, read_batch};
use crate::{kept, named, output, watch};

pub(crate) fn run(arguments: &StoriesArguments) -> Result<Exit, Failure> {
    if arguments.watch {
        return watch::run(arguments);
    }
    let engine = Engine::load();
    let (batch, mut documents, exit) = read_batch(&engine, &arguments.input)?;
    let constraints = Constraints::of(&kept::corrections(arguments.input.store.as_deref())?);
    let mut groups = batch.groups(&constraints);
    let mut fitted = match arguments.explain {
        true => batch.fitted(&constraints, &groups),
        false => vec![Vec::new(); groups.len()],
    };
    drop(batch);
    if let Some(name) = &arguments.story {
        let n = named::story(&groups, &|n| documents.id(n), name)?;
        (groups, fitted) = (vec![groups.swap_remove(n)], vec![fitted.swap_remove(n)]);
    }
    let with_reports = arguments.reports || arguments.explain || arguments.story.is_some();
    // Of each story no more than what is shown of it stays in memory.
    let (mut lines, mut rows) = (String::new(), Vec::new());
    each_compared(&engine, arguments, &mut documents, groups, fitted, |story| {
        match arguments.json {
            true => push_json(&mut lines, &story)?,
            false => rows.push(render::StoryRow::of(&story, with_reports)),
        }
        Ok(())
    })?;
    let shown = match arguments.json {
        true => lines,
        false => render::story_rows(&rows, &output::text_options(&arguments.page)),
    };
    output::write(arguments.page.output.as_deref(), shown.as_bytes())?;
    Ok(exit)
}

/// Compares the reports of each group. What are stories of all reports of the store is kept there as its stories.
fn each_compared(
    engine: &Engine,
    arguments: &StoriesArguments,
    documents: &mut Documents,
    groups: Vec<Group>,
    fitted: Vec<Vec<Fitted>>,
    mut each: impl FnMut(Grouped) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let path = arguments.input.store.as_deref();
    let mut kept = path.map(|path| kept::keeping(path, engine)).transpose()?;
    if let Some(kept) = &mut kept
        && arguments.input.files.is_empty()
        && arguments.story.is_none()
    {
        let id = |&n: &usize| documents.id(n);
        let stored = |group: &Group| StoredStory {
            id: group.id,
            label: group.label.clone(),
            reports: group.members.iter().map(id).collect(),
        };
        kept.put_stories(&groups.iter().map(stored).collect::<Vec<_>>(), true)?;
    }
    for (group, fitted) in groups.into_iter().zip(fitted) {
        let Group { id, label, related, members, .. } = group;
        let members = documents.get(engine, members, arguments.input.threads)?;
        let compared = match &mut kept {
            Some(kept) => kept.compare(engine, Some(id), members)?,
            None => engine.compare(members),
        };
        each(Grouped { id, label, compared, fitted, related })?;
    }
    Ok(())
}

fn push_json(lines: &mut String, story: &Grouped) -> Result<(), Failure> {
    let line = serde_json::to_string(&api::story(story));
    *lines += &line.map_err(|error| Failure::new(Exit::Failed, Error::new(error)))?;
    lines.push('\n');
    Ok(())
}
