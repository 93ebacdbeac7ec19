//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use stemma::OffsetUnit;
use stemma_read::ColumnMap;

use crate::add::{self, AddArguments};
use crate::doctor::{self, DoctorArguments};
use crate::forget::{self, ForgetArguments};
use crate::stats::{self, StatsArguments};
use crate::upkeep::{self, BackupArguments, VacuumArguments};
use crate::{export, import, kept, search};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  done, but some inputs could not be read
  2  wrong usage, fewer than two different reports to compare, or no such statement, story or report
  3  no input could be read
  4  a resource failed: gold data, the store, or a file to write";

const COMPARE_EXAMPLES: &str = "\
Examples:
  stemma compare post.txt courier.html gazette.md
  stemma compare story/                        every report in a folder
  stemma compare reports.jsonl                 one report a line: {\"text\": …, \"outlet\": …, \"published\": …}
  stemma compare story/ --output story.html    a page to read in a browser
  stemma compare story/ --json | jq '.utterances[].divergences[] | .kind'
  other-program | stemma compare -             reports as JSON lines from a pipe";

const EXPLAIN_EXAMPLES: &str = "\
A statement is named by
  3                   the number of its row in stemma compare, with the same files in the same order
  f-3a5b9c            its id in stemma compare --json (f-, u-, s-), or the first digits of it
  B:1034              a place: report B, offset 1034, counted as --offsets says
  \"nine died\"         its words as they stand in a report
  B:\"nine died\"       its words in report B

Examples:
  stemma explain 3 story/                       why the cells of row 3 are aligned, how they differ
  stemma explain \"nine died\" post.txt sun.html  the row of these words; if there is none, why
  stemma explain \"nine died\" --and \"12 dead\" story/
                                                why these two are in one row, or why not
  stemma explain 3 story/ --json | jq '.links[0].features'";

const ANNOTATE_EXAMPLES: &str = "\
Examples:
  stemma annotate post.txt
  stemma annotate post.txt --layers attributions
  stemma annotate story/ --json > story.annotated.jsonl
  cat post.html | stemma annotate - --json";

const STORIES_EXAMPLES: &str = "\
Examples:
  stemma stories today.jsonl
  stemma stories today.jsonl --reports         with the reports of each
  stemma stories today.jsonl --explain         and why each is where it is
  feed-reader | stemma stories --watch - --store desk.db
                                               each report as it comes in; stories stay open for 7 days
  stemma stories --store desk.db --story 3f2a  one story of a store; stemma compare takes the same options
  stemma stories inbox/ --json | jq -c 'select((.witnesses | length) > 2) | .origins'";

const VERSIONS_EXAMPLES: &str = "\
Reports of one address, of one id in a feed, or of one outlet and headline are versions of one report if they have text in
common. Two reports alone are taken for versions of one.

Examples:
  stemma versions old.html new.html            what changed, and does it matter
  stemma versions inbox/ --all                 every report that is there in several versions; changes of wording too
  stemma versions inbox/ --json | jq '.steps[].changes[] | select(.matters)'";

const DUPLICATES_EXAMPLES: &str = "\
Levels: exact (the same text), normalized (the same words), near (more than half of the shorter text in common). What stands
on many pages, as cookie notices do, does not count. A version is the same report edited, a republication another one with
its text.

Examples:
  stemma duplicates inbox/
  stemma duplicates today.jsonl --json | jq -r 'select(.relation == \"republication\") | [.first.outlet, .second.outlet] | @tsv'";

const CORRECT_EXAMPLES: &str = "\
Corrections are kept in the store, in order, and hold whenever its stories are found again. They name reports, so that they
also hold for stories that grow. A later one overrules an earlier one.

Examples:
  stemma stories inbox/ --store desk.db --reports        keep the reports; see which stories they make
  stemma correct merge 3f2a 90bc --store desk.db         two stories are one
  stemma correct split inbox/a.html --store desk.db      one report is of another event
  stemma correct move feed.jsonl:14 --to 3f2a --store desk.db
  stemma correct list --store desk.db
  stemma correct undo 2 --store desk.db";

const EVAL_EXAMPLES: &str = "\
Examples:
  stemma eval comparison --data gold/
  stemma eval entities --data gold/ner_worldwide --items entities.csv
  stemma eval times --data gold/ --json";

/// Shows for every statement in reports of one event who carries it, in which words, on whose word, and from whom.
#[derive(Debug, Parser)]
#[command(name = "stemma", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Keep reports in the store, with the bytes that they were read from and what is found in them
    #[command(after_help = format!("{}\n\n{EXIT_CODES}", add::EXAMPLES))]
    Add(AddArguments),
    /// Keep the list of feeds that stemma watch asks: add, list, remove, import and export as OPML
    #[command(after_help = format!("{}\n\n{EXIT_CODES}", crate::feeds::EXAMPLES))]
    Feeds(crate::feeds::FeedsArguments),
    /// Ask feeds for new articles, keep them, and put each into a story as it comes
    #[command(after_help = format!("{}\n\n{EXIT_CODES}", crate::polling::EXAMPLES))]
    Watch(crate::polling::WatchArguments),
    /// Compare reports of one event: what they share, where they differ, who is quoted, who had it from whom
    #[command(after_help = format!("{COMPARE_EXAMPLES}\n\n{EXIT_CODES}"))]
    Compare(CompareArguments),
    /// Explain a row, or why two statements are not in one: what the pair model saw, and the rules behind each divergence
    #[command(after_help = format!("{EXPLAIN_EXAMPLES}\n\n{EXIT_CODES}"))]
    Explain(ExplainArguments),
    /// Show what is found in each report: names, attributions, times, figures, and what is not body text
    #[command(after_help = format!("{ANNOTATE_EXAMPLES}\n\n{EXIT_CODES}"))]
    Annotate(AnnotateArguments),
    /// Group reports of many events into stories, and count the witnesses of each
    #[command(after_help = format!("{STORIES_EXAMPLES}\n\n{EXIT_CODES}"))]
    Stories(StoriesArguments),
    /// Show what changed between versions of a report: figures, names, quotations, headline, sentences; not white space
    #[command(after_help = format!("{VERSIONS_EXAMPLES}\n\n{EXIT_CODES}"))]
    Versions(VersionsArguments),
    /// Find reports that are one text: the same, nearly the same, or versions of one report
    #[command(after_help = format!("{DUPLICATES_EXAMPLES}\n\n{EXIT_CODES}"))]
    Duplicates(DuplicatesArguments),
    /// Correct which reports make a story: merge, split, move, pin, rename, undo
    #[command(after_help = format!("{CORRECT_EXAMPLES}\n\n{EXIT_CODES}"))]
    Correct(CorrectArguments),
    /// Show the stories of the store in a browser, and give them to programs as an HTTP API
    #[command(after_help = format!("{}\n\n{EXIT_CODES}", crate::serve::EXAMPLES))]
    Serve(crate::serve::ServeArguments),
    /// Put out stories for other programs: tables, annotations, claims, graphs, JSON lines
    #[command(after_help = format!("{}\n\n{EXIT_CODES}", export::EXAMPLES))]
    Export(export::ExportArguments),
    /// Read what stemma export jsonl wrote of a store, and make an equal one
    #[command(after_help = format!("{}\n\n{EXIT_CODES}", import::EXAMPLES))]
    Import(import::ImportArguments),
    /// Search the reports of a store, or what is quoted in them
    #[command(after_help = format!("{}\n\n{EXIT_CODES}", search::EXAMPLES))]
    Search(search::SearchArguments),
    /// Tell how much is in the store
    #[command(after_help = stats::EXAMPLES)]
    Stats(StatsArguments),
    /// Check that the store is sound, and make anew what can be
    #[command(after_help = format!("{}\n\n{EXIT_CODES}", doctor::EXAMPLES))]
    Doctor(DoctorArguments),
    /// Give back the room that the store no longer needs
    #[command(after_help = upkeep::VACUUM_EXAMPLES)]
    Vacuum(VacuumArguments),
    /// Copy the store to a new file, also while others use it
    #[command(after_help = upkeep::BACKUP_EXAMPLES)]
    Backup(BackupArguments),
    /// Remove old reports from the store, whole stories at a time
    #[command(after_help = forget::EXAMPLES)]
    Forget(ForgetArguments),
    /// Measure against gold data
    #[command(after_help = EVAL_EXAMPLES)]
    Eval(EvalArguments),
    /// Print a script that completes arguments in a shell
    #[command(
        after_help = "Example:\n  stemma completions bash > ~/.local/share/bash-completion/completions/stemma"
    )]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// What to read, and with what.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// Files (.txt .md .html .mhtml .eml .mbox .json .jsonl .csv .tsv .rss .atom .xml .warc, also packed: .gz .zst .zip .tar), folders of these, or - for standard input; without any, all reports of --store
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<OsString>,
    /// Number of threads; 0 takes one for each core. Changes nothing in the result
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    /// No notes and no progress on standard error; what could not be read is told all the same
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Which columns of tables, and fields of JSON, hold what, where their names do not say it: text=body,title=kicker. Columns
    /// without a name are told by number: text=#3
    #[arg(long, value_name = "PART=COLUMN,…")]
    pub(crate) columns: Option<ColumnMap>,
    /// Keep the reports, and what is found in them, in this file (SQLite), and take from it what is there already.
    /// Changes nothing in the result. Without it STEMMA_STORE, else stemma/stemma.db in XDG_DATA_HOME or ~/.local/share
    #[arg(
        long,
        value_name = "FILE",
        default_value = kept::place_name(),
        default_value_if("no_store", "true", None),
        hide_default_value = true
    )]
    pub(crate) store: Option<PathBuf>,
    /// Keep nothing, and leave nothing behind
    #[arg(long, conflicts_with = "store")]
    pub(crate) no_store: bool,
}

/// Where a comparison, or a part of it, goes and how it looks.
#[derive(Debug, Args)]
pub(crate) struct PageArguments {
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Show everything: what is long, and stories of one report, are cut else
    #[arg(long)]
    pub(crate) all: bool,
    /// Columns of text; without it, those of the terminal within 80 and 120
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    pub(crate) width: Option<u16>,
    /// When to color text; NO_COLOR is heeded
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: ColorChoice,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    /// Take the reports of this story alone: its id in stemma stories, or the first digits of it
    #[arg(long, value_name = "ID")]
    pub(crate) story: Option<String>,
    /// Form of the result; without it, the ending of --output decides, else text
    #[arg(long, short, value_enum)]
    pub(crate) format: Option<Format>,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) page: PageArguments,
    /// What offsets in JSON count
    #[arg(long, value_enum, value_name = "UNIT", default_value_t)]
    pub(crate) offsets: Offsets,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// What to explain: a row's number, an id, a place, or words
    #[arg(value_name = "STATEMENT")]
    pub(crate) statement: String,
    #[command(flatten)]
    pub(crate) input: InputArguments,
    /// Take the reports of this story alone: its id in stemma stories, or the first digits of it
    #[arg(long, value_name = "ID")]
    pub(crate) story: Option<String>,
    /// A second statement: explain why the two are in one row, or why not
    #[arg(long, value_name = "STATEMENT")]
    pub(crate) and: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) page: PageArguments,
    /// What offsets in JSON count
    #[arg(long, value_enum, value_name = "UNIT", default_value_t)]
    pub(crate) offsets: Offsets,
}

#[derive(Debug, Args)]
pub(crate) struct AnnotateArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    /// One JSON object a line for each report
    #[arg(long)]
    pub(crate) json: bool,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// What to mark in the text
    #[arg(long, value_enum, value_name = "LAYER", value_delimiter = ',', default_values_t = DEFAULT_LAYERS)]
    pub(crate) layers: Vec<Layer>,
    /// Columns of text; without it, those of the terminal within 80 and 120
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    pub(crate) width: Option<u16>,
    /// What offsets in JSON count
    #[arg(long, value_enum, value_name = "UNIT", default_value_t)]
    pub(crate) offsets: Offsets,
}

#[derive(Debug, Args)]
pub(crate) struct StoriesArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    /// Take reports as they come in, one JSON object a line, and tell for each where it belongs
    #[arg(long, conflicts_with_all = ["reports", "explain", "story", "output", "all", "width", "color"])]
    pub(crate) watch: bool,
    /// List the reports of each story
    #[arg(long)]
    pub(crate) reports: bool,
    /// Say for each report why it is in its story, and which story came second
    #[arg(long)]
    pub(crate) explain: bool,
    /// Show this story alone: its id, or the first digits of it
    #[arg(long, value_name = "ID")]
    pub(crate) story: Option<String>,
    /// One JSON object a line for each story
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) page: PageArguments,
}

#[derive(Debug, Args)]
pub(crate) struct VersionsArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    /// One JSON object a line for each report that has versions
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) page: PageArguments,
    /// What offsets in JSON count
    #[arg(long, value_enum, value_name = "UNIT", default_value_t)]
    pub(crate) offsets: Offsets,
}

#[derive(Debug, Args)]
pub(crate) struct DuplicatesArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    /// One JSON object a line for every two reports that are one text
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) page: PageArguments,
}

#[derive(Debug, Args)]
pub(crate) struct CorrectArguments {
    #[command(subcommand)]
    pub(crate) correction: CorrectCommand,
    /// The store whose stories are corrected
    #[arg(long, value_name = "FILE", global = true, default_value_os_t = kept::place(), hide_default_value = true)]
    pub(crate) store: PathBuf,
}

/// What is wrong, or right, with stories.
#[derive(Debug, Subcommand)]
pub(crate) enum CorrectCommand {
    /// These stories are one
    Merge {
        /// Ids of stories, or the first digits of them
        #[arg(required = true, num_args = 2.., value_name = "STORY")]
        stories: Vec<String>,
    },
    /// These reports are a story of their own
    Split {
        /// Reports of one story: ids, addresses, or places as stemma stories --reports shows them
        #[arg(required = true, value_name = "REPORT")]
        reports: Vec<String>,
    },
    /// These reports belong to another story
    Move {
        /// Reports of one story: ids, addresses, or places as stemma stories --reports shows them
        #[arg(required = true, value_name = "REPORT")]
        reports: Vec<String>,
        /// The story that they belong to
        #[arg(long, value_name = "STORY")]
        to: String,
    },
    /// This story is right: its reports stay together, and others may join them
    Pin {
        /// Id of the story, or the first digits of it
        story: String,
    },
    /// This story is called something else
    Rename {
        /// Id of the story, or the first digits of it
        story: String,
        /// What it is called
        label: String,
    },
    /// Take a correction back
    Undo {
        /// Its number in stemma correct list
        number: usize,
    },
    /// List the corrections of the store
    List,
}

#[derive(Debug, Args)]
pub(crate) struct EvalArguments {
    /// What to measure
    #[arg(value_enum)]
    pub(crate) task: Task,
    /// Gold data: the folder or file of this task, or the folder that holds those of all tasks
    #[arg(long, value_name = "PATH")]
    pub(crate) data: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Write one line for every gold or found item to this file: document, id, group, outcome; never text
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) items: Option<PathBuf>,
}

/// Form of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal or a mail
    Text,
    /// Markdown
    Md,
    /// One page for a browser that needs no other file
    Html,
    /// For programs: one object, schema in the repository
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum ColorChoice {
    /// If standard output is a terminal
    #[default]
    Auto,
    /// Also into a pipe or file
    Always,
    /// Not at all
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum Offsets {
    /// Unicode code points, as Python counts
    #[default]
    Chars,
    /// Bytes of UTF-8
    Bytes,
    /// UTF-16 code units, as JavaScript counts
    Utf16,
}

impl From<Offsets> for OffsetUnit {
    fn from(offsets: Offsets) -> Self {
        match offsets {
            Offsets::Chars => OffsetUnit::Chars,
            Offsets::Bytes => OffsetUnit::Bytes,
            Offsets::Utf16 => OffsetUnit::Utf16,
        }
    }
}

/// A layer that `stemma annotate` can mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Layer {
    /// Whatever is not body: titles, datelines, captions, credits, furniture
    Segments,
    /// Sentences
    Sentences,
    /// Stretches in quotation marks
    Quotes,
    /// Names, descriptions and pronouns with the entity that they stand for
    Mentions,
    /// Source, cue and content of what is said
    Attributions,
    /// Times and the days that they stand for
    Times,
    /// Figures and their units
    Figures,
    /// Statements with their voice, hedges and negations
    Statements,
    /// Credits to agencies and other outlets
    Credits,
    /// What was odd in the text
    Notes,
}

const DEFAULT_LAYERS: [Layer; 7] = [
    Layer::Segments,
    Layer::Mentions,
    Layer::Attributions,
    Layer::Times,
    Layer::Figures,
    Layer::Credits,
    Layer::Notes,
];

/// What `stemma eval` measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Task {
    /// Utterances, facts and divergences of real events
    Comparison,
    /// Lineage, witnesses and divergences of invented families of reports
    Newsroom,
    /// Whether two sentences say the same, by what they show for themselves
    Pairs,
    /// Names and what kind of thing they name
    Entities,
    /// Who said what: sources, cues and contents
    Attributions,
    /// Expressions of time and their values
    Times,
    /// Parts of speech
    Parts,
    /// Text that reports share word for word, and page furniture that is no copy
    Passages,
    /// Reports that are one text, and page furniture that does not make them one
    Duplicates,
    /// Reports of many events by story
    Stories,
    /// The article's text in a web page
    Extraction,
}
