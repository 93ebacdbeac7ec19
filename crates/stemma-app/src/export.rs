//! `stemma export`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use stemma::export::records::{
    ContentPlace, ContentRecord, CorrectionRecord, Record, ReportRecord, StoryRecord,
};
use stemma::export::{self, Cells, Subject, Table};
use stemma::{Compared, Document, Engine, StoryId, render};
use stemma_store::{Store, StoredStory};

use crate::arguments::InputArguments;
use crate::failure::{Exit, Failure};
use crate::inputs::read_documents;
use crate::{kept, named, output};

pub(crate) const EXAMPLES: &str = "\
Files that are given are one story; without any, each story of the store is put out, or the one that --story names.

Examples:
  stemma export csv story/ --output tables/        every table, a file each
  stemma export csv story/ --table divergences     one table
  stemma export parquet --store desk.db --output tables/
  stemma export annotations story/ > story.jsonld  W3C Web Annotation: quotations and positions
  stemma export claims --store desk.db --story 3f2a
  stemma export graphml --store desk.db --output lineage.graphml
  stemma export dot story/ | dot -Tsvg > lineage.svg
  stemma export jsonl --store desk.db --output desk.jsonl
                                                   all of a store; stemma import makes an equal one of it";

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// What to make
    #[arg(value_enum, value_name = "FORMAT")]
    format: ExportFormat,
    #[command(flatten)]
    input: InputArguments,
    /// Put out this story alone: its id in stemma stories, or the first digits of it
    #[arg(long, value_name = "ID")]
    story: Option<String>,
    /// Write to this file instead of standard output; for all tables of csv or parquet, to this folder
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// For csv and parquet: this table alone
    #[arg(long, value_enum, value_name = "TABLE")]
    table: Option<ExportTable>,
    /// For csv: text as it stands, also where a spreadsheet would run it as a formula
    #[arg(long)]
    raw: bool,
    /// For jsonl: what was found in each report, too
    #[arg(long)]
    layers: bool,
}

/// Forms that a story can be put out in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum ExportFormat {
    /// Reports as JSON lines, which stemma import and all other commands read
    Jsonl,
    /// Tables: reports, statements, divergences, quotations, edges
    Csv,
    /// The same tables as Parquet, where stemma was built with it
    Parquet,
    /// The comparison as one page for a browser
    Html,
    /// The comparison as Markdown
    Md,
    /// Statements and divergences as W3C Web Annotations (JSON-LD)
    Annotations,
    /// Statements as schema.org Claims, each with a ClaimReview whose verdict is left open (JSON-LD)
    Claims,
    /// Reports as ninjs 2.1, one item a line
    Ninjs,
    /// Lineage as GraphML
    Graphml,
    /// Lineage for Graphviz
    Dot,
    /// Lineage as W3C PROV (PROV-JSON)
    Prov,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum ExportTable {
    /// One row for each report
    Reports,
    /// One row for each cell of a comparison
    Statements,
    /// One row for each divergence
    Divergences,
    /// One row for each quotation of each report
    Quotations,
    /// One row for each edge of the lineage
    Edges,
}

impl From<ExportTable> for Table {
    fn from(table: ExportTable) -> Self {
        match table {
            ExportTable::Reports => Table::Reports,
            ExportTable::Statements => Table::Statements,
            ExportTable::Divergences => Table::Divergences,
            ExportTable::Quotations => Table::Quotations,
            ExportTable::Edges => Table::Edges,
        }
    }
}

pub(crate) fn run(arguments: &ExportArguments) -> Result<Exit, Failure> {
    check(arguments)?;
    let engine = Engine::load();
    if let (Some(store), ExportFormat::Jsonl, true, None) =
        (&arguments.input.store, arguments.format, arguments.input.files.is_empty(), &arguments.story)
    {
        return whole_store(&engine, store, arguments);
    }
    let (documents, exit) = read_documents(&engine, &arguments.input)?;
    let stories = Stories::of(&engine, arguments, documents)?;
    match arguments.format {
        ExportFormat::Csv | ExportFormat::Parquet => write_tables(arguments, &stories.subjects())?,
        _ => output::write(arguments.output.as_deref(), stories.rendered(arguments)?.as_bytes())?,
    }
    Ok(exit)
}

/// Options that do not go together.
fn check(arguments: &ExportArguments) -> Result<(), Failure> {
    let usage = |told: &str, hint: &str| Err(Failure::new(Exit::Usage, anyhow!("{told}")).hint(hint));
    let is_csv = arguments.format == ExportFormat::Csv;
    let is_parquet = arguments.format == ExportFormat::Parquet;
    if is_parquet && cfg!(not(feature = "parquet")) {
        return usage(
            "this stemma was built without Parquet",
            "build it with --features parquet, or have DuckDB convert what stemma export csv writes: docs/export.md",
        );
    }
    if !is_csv && arguments.raw {
        return usage("--raw is for csv alone", "in the other formats text stands as it is");
    }
    if !is_csv && !is_parquet && arguments.table.is_some() {
        return usage("--table is for csv and parquet alone", "the other formats are one file");
    }
    if arguments.layers && arguments.format != ExportFormat::Jsonl {
        return usage("--layers is for jsonl alone", "the other formats hold what was found as they are");
    }
    if (is_csv || is_parquet) && arguments.table.is_none() && arguments.output.is_none() {
        return usage(
            "this makes several tables, and they need a place to go",
            "--output FOLDER writes each to a file, --table NAME prints one",
        );
    }
    Ok(())
}

/// Stories, in order.
struct Stories {
    stories: Vec<Told>,
}

/// A story, and its id and label where it is one among others.
struct Told {
    compared: Compared,
    named: Option<(StoryId, String)>,
}

impl Stories {
    /// Reports of files are one story; those of a store are grouped. No story is compared that is not put out.
    fn of(engine: &Engine, arguments: &ExportArguments, documents: Vec<Document>) -> Result<Self, Failure> {
        if !arguments.input.files.is_empty() && arguments.story.is_none() {
            return Ok(Self { stories: vec![Told { compared: engine.compare(documents), named: None }] });
        }
        let corrections = kept::corrections(arguments.input.store.as_deref())?;
        let mut groups = engine.groups(&documents, &corrections);
        if let Some(name) = &arguments.story {
            let n = named::story(&groups, &|n| documents[n].report().id(), name)?;
            groups = vec![groups.swap_remove(n)];
        }
        let grouped = engine.compare_groups(&documents, groups);
        let stories = grouped
            .into_iter()
            .map(|each| Told { compared: each.compared, named: Some((each.id, each.label)) });
        Ok(Self { stories: stories.collect() })
    }

    fn subjects(&self) -> Vec<Subject> {
        let subject = |told: &Told| {
            Subject::of(&told.compared, told.named.as_ref().map(|(id, label)| (*id, label.as_str())))
        };
        self.stories.iter().map(subject).collect()
    }

    fn rendered(&self, arguments: &ExportArguments) -> Result<String, Failure> {
        let subjects = || self.subjects();
        Ok(match arguments.format {
            ExportFormat::Jsonl => self.lines(arguments.layers),
            // Written by `write_tables`.
            ExportFormat::Csv | ExportFormat::Parquet => String::new(),
            ExportFormat::Html => {
                let compared = self.one()?;
                render::html(&compared.story, &compared.comparison)
            }
            ExportFormat::Md => {
                let pages = self.stories.iter().map(|Told { compared, .. }| {
                    render::markdown(&compared.story, &compared.comparison, true)
                });
                pages.collect::<Vec<_>>().join("\n")
            }
            ExportFormat::Annotations => export::annotations(&subjects()),
            ExportFormat::Claims => export::claims(&subjects()),
            ExportFormat::Ninjs => export::ninjs(&subjects()),
            ExportFormat::Graphml => export::graphml(&subjects()),
            ExportFormat::Dot => export::dot(&subjects()),
            ExportFormat::Prov => export::prov(&subjects()),
        })
    }

    fn lines(&self, with_layers: bool) -> String {
        let documents = self.stories.iter().flat_map(|told| told.compared.story.documents());
        let line = |document: &Document| {
            let layers = with_layers.then(|| document.layers());
            Record::Report(Box::new(ReportRecord::of(document.report(), layers))).line()
        };
        documents.map(line).collect()
    }

    fn one(&self) -> Result<&Compared, Failure> {
        match &self.stories[..] {
            [one] => Ok(&one.compared),
            more => {
                let error = anyhow!("a page shows one story, and there are {}", more.len());
                Err(Failure::new(Exit::Usage, error)
                    .hint("--story ID takes one; stemma stories shows the ids"))
            }
        }
    }
}

/// All that a store holds, line by line: bytes and reports in order of arrival, then stories, then corrections.
fn whole_store(engine: &Engine, path: &Path, arguments: &ExportArguments) -> Result<Exit, Failure> {
    let store = kept::open_there(path)?;
    let mut out = output::Lines::open(arguments.output.as_deref())?;
    let mut told = BTreeSet::new();
    for id in store.report_ids()? {
        let Some(stored) = store.report(id)? else { continue };
        let content = stored.content.map(|hash| store.content(hash)).transpose()?.flatten();
        if let (Some(hash), Some(content)) = (stored.content, &content)
            && told.insert(hash)
        {
            let record = ContentRecord::of(&content.bytes, &content.media_type);
            out.write(&Record::Content(record).line())?;
        }
        let document = arguments.layers.then(|| engine.annotate(vec![stored.report.clone()], 1));
        let layers = document.as_ref().and_then(|documents| documents.first()).map(Document::layers);
        let mut record = ReportRecord::of(&stored.report, layers);
        let range = stored.range.map(|range| [range.start, range.end]);
        record.content = stored.content.map(|hash| ContentPlace { sha256: hash.to_string(), range });
        out.write(&Record::Report(Box::new(record)).line())?;
    }
    for StoredStory { id, label, reports } in store.stories()? {
        out.write(&Record::Story(StoryRecord { story: id, label, reports }).line())?;
    }
    for correction in store.corrections()? {
        out.write(&Record::Correction(CorrectionRecord { correction }).line())?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn cells(arguments: &ExportArguments) -> Cells {
    if arguments.raw { Cells::AsTheyAre } else { Cells::Guarded }
}

/// The table that is asked for to `--output`, or every one to a file of its own in that folder.
fn write_tables(arguments: &ExportArguments, subjects: &[Subject]) -> Result<(), Failure> {
    if let Some(table) = arguments.table {
        return output::write(arguments.output.as_deref(), &written(arguments, subjects, table.into()));
    }
    let folder: &Path = arguments.output.as_deref().unwrap_or(Path::new("."));
    let made = fs::create_dir_all(folder)
        .with_context(|| format!("{}: the folder cannot be made", folder.display()));
    made.map_err(|error| Failure::new(Exit::Failed, error).hint("give a folder that may be written to"))?;
    let ending = if arguments.format == ExportFormat::Csv { "csv" } else { "parquet" };
    for table in Table::ALL {
        let name = format!("{}.{ending}", table.as_str());
        output::write(Some(&folder.join(name)), &written(arguments, subjects, table))?;
    }
    Ok(())
}

/// A table as the bytes of its file.
fn written(arguments: &ExportArguments, subjects: &[Subject], table: Table) -> Vec<u8> {
    #[cfg(feature = "parquet")]
    if arguments.format == ExportFormat::Parquet {
        return export::parquet(subjects, table);
    }
    export::csv(subjects, table, cells(arguments)).into_bytes()
}
