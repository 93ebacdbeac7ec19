//! `stemma search`.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::{Error, anyhow};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::civil::Date;
use serde::Serialize;
use stemma::StoryId;
use stemma_store::search::{
    Hit, Hits, MAX_CANDIDATES, MAX_EXPANSIONS, MAX_WEIGHED, Order, Piece, Search, Terms,
};
use stemma_store::{SqliteStore, Store, StoreError};

use crate::arguments::{ColorChoice, PageArguments};
use crate::failure::{Exit, Failure};
use crate::{kept, messages, output};

pub(crate) const EXAMPLES: &str = "\
Words are found in any form, and all of them must be there:
  rare earth              both words, anywhere
  \"rare earth\"            one after the other (quote it for the shell: '\"rare earth\"')
  tari*                   words that start so, at least 3 characters
  bread OR butter         either; NOT or - before a word: without it; ( ) group
Filters (--speaker, --entity, --place, --outlet) take the same. docs/search.md tells what comes first.

Examples:
  stemma search '\"rare earth\" exports' --store desk.db
  stemma search tariff* --outlet courier --since 2026-03-01 --store desk.db
  stemma search --quotations --speaker Putin 'rare earth' --store desk.db
  stemma search --quotations --speaker '\"Ana Ruiz\"' --sort newest --limit 50 --store desk.db
  stemma search ferry --json --store desk.db | jq -r '.hits[].url'";

/// Reports from which it takes long enough to show how many are left.
const MANY_REPORTS: u64 = 2_000;

#[derive(Debug, Args)]
pub(crate) struct SearchArguments {
    /// Words, \"phrases\", starts of words*, AND, OR, NOT
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// The store to search. Without it STEMMA_STORE, else stemma/stemma.db in XDG_DATA_HOME or ~/.local/share
    #[arg(long, value_name = "FILE", default_value_os_t = kept::place(), hide_default_value = true)]
    store: PathBuf,
    /// Search in what is quoted, instead of whole reports
    #[arg(long)]
    quotations: bool,
    /// Who is quoted
    #[arg(long, value_name = "WORDS")]
    speaker: Option<String>,
    /// Who or what is named
    #[arg(long, value_name = "WORDS")]
    entity: Option<String>,
    /// A place that is named
    #[arg(long, value_name = "WORDS")]
    place: Option<String>,
    /// Name of the outlet, or host of its address
    #[arg(long, value_name = "WORDS")]
    outlet: Option<String>,
    /// First day of publication: 2026-03-02
    #[arg(long, value_name = "DAY")]
    since: Option<Date>,
    /// Last day of publication
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// Reports of this story alone: its id, or the first digits of it
    #[arg(long, value_name = "ID")]
    story: Option<String>,
    /// What comes first
    #[arg(long, value_enum, value_name = "ORDER", default_value_t)]
    sort: Sort,
    /// Hits to show
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// When to color what was found; NO_COLOR is heeded
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    color: ColorChoice,
    /// No notes and no progress on standard error
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Sort {
    /// What has the words most, in the headline above all
    #[default]
    Best,
    /// The newest
    Newest,
}

pub(crate) fn run(arguments: &SearchArguments) -> Result<Exit, Failure> {
    let mut search = search(arguments)?;
    let mut store = kept::open_there(&arguments.store)?;
    search.story = arguments.story.as_deref().map(|name| story(&store, name)).transpose()?;
    bring_up_to_date(&mut store, &arguments.store, arguments.quiet)?;
    let hits = store.search(&search)?;
    if !arguments.quiet {
        tell(&hits);
    }
    let shown = if arguments.json { json(&hits)? } else { text(&hits, arguments) };
    output::write(None, shown.as_bytes())?;
    Ok(Exit::Done)
}

fn search(arguments: &SearchArguments) -> Result<Search, Failure> {
    let terms = |text: Option<&str>, option: &str| {
        let parsed = text.filter(|text| !text.trim().is_empty()).map(Terms::parse).transpose();
        parsed.map_err(|error| {
            let error = Error::new(error).context(format!("{option} cannot be searched for"));
            Failure::new(Exit::Usage, error).hint("stemma search --help shows how words are written")
        })
    };
    if let (Some(since), Some(until)) = (arguments.since, arguments.until)
        && since > until
    {
        let error = anyhow!("--since {since} is after --until {until}");
        return Err(Failure::new(Exit::Usage, error).hint("the first day comes first"));
    }
    Ok(Search {
        quotations: arguments.quotations,
        terms: terms(Some(&arguments.words.join(" ")), "what is written")?,
        speaker: terms(arguments.speaker.as_deref(), "--speaker")?,
        entity: terms(arguments.entity.as_deref(), "--entity")?,
        place: terms(arguments.place.as_deref(), "--place")?,
        outlet: terms(arguments.outlet.as_deref(), "--outlet")?,
        since: arguments.since,
        until: arguments.until,
        story: None,
        order: match arguments.sort {
            Sort::Best => Order::Best,
            Sort::Newest => Order::Newest,
        },
        skip: 0,
        limit: arguments.limit,
    })
}

/// The story of the store whose id starts with `name`.
fn story(store: &SqliteStore, name: &str) -> Result<StoryId, Failure> {
    let digits = name.to_ascii_lowercase();
    let stories = store.stories()?;
    let fits: Vec<_> = stories.iter().filter(|story| story.id.to_string().starts_with(&digits)).collect();
    match fits[..] {
        [one] => Ok(one.id),
        [] => {
            let error = anyhow!("the store keeps no story {name:?}");
            Err(Failure::new(Exit::Usage, error).hint("stemma stories --store STORE shows the ids"))
        }
        _ => {
            let error = anyhow!("{} stories have an id that starts with {name:?}", fits.len());
            Err(Failure::new(Exit::Usage, error).hint("give more digits"))
        }
    }
}

/// Brings new reports into the index. That another process writes, or that the store may only be read, ends no search.
pub(crate) fn bring_up_to_date(store: &mut SqliteStore, path: &Path, quiet: bool) -> Result<(), Failure> {
    let n_reports = store.n_unsearched()?;
    let watched = !quiet && n_reports >= MANY_REPORTS && std::io::stderr().is_terminal();
    let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("indexing {wide_bar} {pos}/{len} reports, {eta} left")
        .expect("the template is constant and valid");
    let bar = ProgressBar::with_draw_target(Some(n_reports), target).with_style(style);
    let done = store.update_search(|left| bar.set_position(n_reports.saturating_sub(left)));
    bar.finish_and_clear();
    match done {
        Err(StoreError::Busy { .. } | StoreError::ReadOnly { .. }) => {
            let left = store.n_unsearched()?;
            messages::note(&format!(
                "{}: {left} reports are not in the index yet and are not searched",
                path.display()
            ));
            messages::hint("search again when nothing else writes to the store, and it may be written to");
            Ok(())
        }
        done => Ok(done?),
    }
}

fn tell(hits: &Hits) {
    if hits.hits.is_empty() {
        messages::note("nothing was found");
    }
    for start in &hits.broad {
        messages::note(&format!(
            "many words start with {start:?}: the {MAX_EXPANSIONS} most frequent were searched for"
        ));
    }
    if hits.newest_weighed {
        messages::note(&format!("many match: the newest {MAX_WEIGHED} were weighed against each other"));
    }
}

fn text(hits: &Hits, arguments: &SearchArguments) -> String {
    let page = PageArguments { output: None, all: false, width: None, color: arguments.color };
    let options = output::text_options(&page);
    let mut out = String::new();
    for hit in &hits.hits {
        write_hit(&mut out, hit, options.color, options.width);
    }
    if !hits.hits.is_empty() {
        let n_shown: usize = hits.hits.iter().map(|hit| 1 + hit.alike.len()).sum();
        let what = if arguments.quotations { "quotation" } else { "report" };
        let matches = match (hits.more_match, hits.n_matches) {
            (true, _) => format!("more than {MAX_CANDIDATES} {what}s match"),
            (_, 1) => format!("1 {what} matches"),
            (_, n) => format!("{n} {what}s match"),
        };
        let left = hits.n_matches.saturating_sub(n_shown);
        let more = if left > 0 || hits.more_match { "; --limit shows more" } else { "" };
        writeln!(out, "{matches}{more}").expect("writing to a string cannot fail");
    }
    out
}

fn write_hit(out: &mut String, hit: &Hit, color: bool, width: usize) {
    let parts = [hit.outlet.as_deref(), hit.published.as_deref(), hit.title.as_deref()];
    let head: Vec<String> = parts.into_iter().flatten().map(clean).collect();
    let head = if head.is_empty() { clean(&hit.place) } else { head.join(" · ") };
    let mut lines = vec![head];
    let mut words = String::new();
    if let Some(quotation) = &hit.quotation {
        let who =
            quotation.speaker.as_deref().or(quotation.source.as_deref()).unwrap_or("nobody who is named");
        words = format!("{} ({}): ", clean(who), clean(&quotation.form));
    }
    hit.snippet.iter().for_each(|piece| words += &marked(piece, color));
    lines.extend(wrapped(words.trim(), width.saturating_sub(2)));
    lines.push(clean(hit.url.as_deref().unwrap_or(&hit.place)));
    match hit.alike.len() {
        0 => {}
        1 => lines.push("and 1 more that is nearly the same".to_owned()),
        n => lines.push(format!("and {n} more that are nearly the same")),
    }
    for (n, line) in lines.iter().enumerate() {
        let indent = if n == 0 { "" } else { "  " };
        writeln!(out, "{indent}{line}").expect("writing to a string cannot fail");
    }
    out.push('\n');
}

/// Words that were found stand out: bold where there is color, else in brackets.
fn marked(piece: &Piece, color: bool) -> String {
    let text = clean(&piece.text);
    match (piece.found, color) {
        (false, _) => text,
        (true, true) => format!("\u{1b}[1m{text}\u{1b}[0m"),
        (true, false) => format!("[{text}]"),
    }
}

/// `text` on one line, without what could steer a terminal.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Lines of at most `width` characters, broken at spaces. Signs for color count for nothing.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line, mut length) = (Vec::new(), String::new(), 0);
    for word in text.split_whitespace() {
        let shown = word.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "").chars().count();
        if length > 0 && length + 1 + shown > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line += word;
        length += shown;
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines
}

/// What `--json` prints.
#[derive(Serialize)]
struct Found<'a> {
    /// Reports or quotations that match.
    matches: usize,
    /// More match than were counted.
    more: bool,
    /// Starts of words that too many words have.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    broad: &'a [String],
    hits: Vec<FoundHit<'a>>,
}

#[derive(Serialize)]
struct FoundHit<'a> {
    report: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<&'a str>,
    place: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    quotation: Option<FoundQuotation<'a>>,
    snippet: Vec<FoundPiece<'a>>,
    /// Ids of reports that are nearly the same and match as well.
    alike: Vec<String>,
}

#[derive(Serialize)]
struct FoundQuotation<'a> {
    /// Position among the attributions of `stemma annotate --json`.
    attribution: i64,
    form: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    text: &'a str,
}

#[derive(Serialize)]
struct FoundPiece<'a> {
    text: &'a str,
    found: bool,
}

impl<'a> FoundHit<'a> {
    fn of(hit: &'a Hit) -> Self {
        let quotation = hit.quotation.as_ref().map(|quotation| FoundQuotation {
            attribution: quotation.number,
            form: &quotation.form,
            speaker: quotation.speaker.as_deref(),
            source: quotation.source.as_deref(),
            text: &quotation.text,
        });
        Self {
            report: hit.report.to_string(),
            outlet: hit.outlet.as_deref(),
            title: hit.title.as_deref(),
            url: hit.url.as_deref(),
            published: hit.published.as_deref(),
            place: &hit.place,
            quotation,
            snippet: hit
                .snippet
                .iter()
                .map(|piece| FoundPiece { text: &piece.text, found: piece.found })
                .collect(),
            alike: hit.alike.iter().map(ToString::to_string).collect(),
        }
    }
}

fn json(hits: &Hits) -> Result<String, Failure> {
    let found = Found {
        matches: hits.n_matches,
        more: hits.more_match,
        broad: &hits.broad,
        hits: hits.hits.iter().map(FoundHit::of).collect(),
    };
    let json = serde_json::to_string_pretty(&found);
    Ok(json.map_err(|error| Failure::new(Exit::Failed, Error::new(error)))? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_spaces_and_signs_for_color_have_no_width() {
        assert_eq!(wrapped("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(wrapped("\u{1b}[1mone\u{1b}[0m two", 7), ["\u{1b}[1mone\u{1b}[0m two"]);
        assert_eq!(wrapped("", 9), [""; 0]);
        assert_eq!(wrapped("unbreakable", 3), ["unbreakable"]);
    }

    #[test]
    fn text_of_reports_steers_no_terminal() {
        let piece = Piece { text: "a\u{1b}[31mb\nc".to_owned(), found: true };
        assert_eq!(marked(&piece, false), "[a [31mb c]");
    }
}
