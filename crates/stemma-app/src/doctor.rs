//! `stemma doctor`: whether the store is sound, and what to do where it is not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use stemma::Engine;
use stemma_desk::producers_of;
use stemma_store::{Finding, NewDocument, Part, SqliteStore, Store};

use crate::failure::{Exit, Failure};
use crate::kept::StoreArgument;
use crate::{marks, output};

pub(crate) const EXAMPLES: &str = "\
Looks at the file's pages and indexes, and reads every report, its original bytes, its layers, and every comparison. --repair
makes anew what can be made anew: indexes, layers that are damaged or of an earlier version, comparisons. It changes no report.
It may be broken off, and goes on where it was.

Examples:
  stemma doctor
  stemma doctor --repair --store desk.db
  stemma doctor --json | jq .sound";

/// Reports whose layers are made anew together, in one transaction.
const BATCH: u32 = 256;

/// Findings that are told one by one; the others are counted.
const MAX_TOLD: usize = 20;

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Make anew what can be
    #[arg(long)]
    repair: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Number of threads; 0 takes one for each core
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    #[command(flatten)]
    store: StoreArgument,
}

/// What was found, and done.
struct Diagnosis {
    schema: u32,
    findings: Vec<Finding>,
    n_mended: usize,
    n_stale: u64,
    n_annotated: u64,
}

impl Diagnosis {
    fn is_sound(&self) -> bool {
        self.findings.len() == self.n_mended
    }
}

pub(crate) fn run(arguments: &DoctorArguments) -> Result<Exit, Failure> {
    let mut store = arguments.store.open()?;
    let engine = Engine::load();
    let producers = producers_of(&engine);
    let progress = progress(count_of(&store)?);
    let findings = store.check(|| progress.inc(1))?;
    progress.finish_and_clear();
    let pages = findings.iter().any(|finding| finding.part == Part::Pages);
    let mut diagnosis =
        Diagnosis { schema: store.schema_version()?, findings, n_mended: 0, n_stale: 0, n_annotated: 0 };
    if arguments.repair && !pages {
        diagnosis.n_mended = store.mend(&diagnosis.findings)?;
        diagnosis.n_annotated = annotate_stale(&mut store, &engine, &producers, arguments.threads)?;
    }
    if !pages {
        diagnosis.n_stale = store.n_stale(&producers)?;
    }
    let shown = if arguments.json { json(&diagnosis, arguments) } else { text(&diagnosis, arguments) };
    output::write(None, shown.as_bytes())?;
    Ok(if diagnosis.is_sound() { Exit::Done } else { Exit::Failed })
}

fn count_of(store: &SqliteStore) -> Result<u64, Failure> {
    Ok(store.n_stale("")?)
}

fn progress(n_reports: u64) -> ProgressBar {
    let watched = io::stderr().is_terminal();
    let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} reports, {eta} left")
        .expect("the template is constant and valid");
    ProgressBar::with_draw_target(Some(n_reports), target).with_style(style).with_message("checking")
}

/// Makes layers anew that are missing or of earlier versions: batch after batch, each kept at once. Reports that are damaged are
/// passed over.
fn annotate_stale(
    store: &mut SqliteStore,
    engine: &Engine,
    producers: &str,
    threads: usize,
) -> Result<u64, Failure> {
    let progress = progress(store.n_stale(producers)?);
    progress.set_message("annotating");
    let (mut after, mut n_annotated) = (0, 0);
    loop {
        let stale = store.stale(producers, after, BATCH)?;
        let Some(&(last, _)) = stale.last() else { break };
        after = last;
        let reports = stale.iter().filter_map(|&(_, id)| store.report(id).ok().flatten());
        let reports = reports.map(|stored| stored.report).collect();
        let documents: Vec<NewDocument> =
            engine.annotate(reports, threads).into_iter().map(NewDocument::from).collect();
        store.put_documents(&documents)?;
        n_annotated += documents.len() as u64;
        progress.inc(stale.len() as u64);
    }
    progress.finish_and_clear();
    Ok(n_annotated)
}

/// What one can do about it.
fn remedy(part: Part, repair: bool) -> &'static str {
    match part {
        Part::Pages => {
            "take a backup; else `sqlite3 OLD .recover | sqlite3 NEW` saves what can be read, stemma doctor --repair --store NEW the rest"
        }
        Part::Reference => "stemma backup, and tell the developers: this cannot happen",
        Part::Report(_) => "take it from a backup, or read its file again into a new store with stemma add",
        Part::Content(_) if repair => "its hash is left; stemma add with the same file brings the bytes back",
        Part::Index | Part::Layers(_) | Part::Comparison(_) if repair => {
            "made anew, now or when it is needed"
        }
        Part::Index | Part::Layers(_) | Part::Comparison(_) | Part::Content(_) => "stemma doctor --repair",
    }
}

fn text(diagnosis: &Diagnosis, arguments: &DoctorArguments) -> String {
    let mut out = format!("{} · schema {}\n", arguments.store.path.display(), diagnosis.schema);
    let mut line =
        |text: &str| writeln!(out, "{}", marks::clean(text)).expect("writing to a string cannot fail");
    for finding in diagnosis.findings.iter().take(MAX_TOLD) {
        line(&finding.problem);
        line(&format!("  → {}", remedy(finding.part, arguments.repair)));
    }
    if diagnosis.findings.len() > MAX_TOLD {
        line(&format!("… and {} more", diagnosis.findings.len() - MAX_TOLD));
    }
    match (diagnosis.findings.len(), diagnosis.n_mended) {
        (0, _) => line("sound: pages, indexes, references, reports, originals, layers, comparisons"),
        (n, 0) => line(&format!("{n} found")),
        (n, mended) => line(&format!("{n} found, {mended} mended")),
    }
    if diagnosis.n_annotated > 0 {
        line(&format!("{} annotated anew", reports(diagnosis.n_annotated)));
    }
    if diagnosis.n_stale > 0 {
        line(&format!(
            "{} without layers of this version → stemma doctor --repair makes them, or whoever needs them",
            reports(diagnosis.n_stale)
        ));
    }
    out
}

fn reports(n: u64) -> String {
    if n == 1 { "1 report".to_owned() } else { format!("{n} reports") }
}

fn json(diagnosis: &Diagnosis, arguments: &DoctorArguments) -> String {
    let findings = diagnosis.findings.iter().map(|finding| {
        serde_json::json!({ "problem": finding.problem, "remedy": remedy(finding.part, arguments.repair) })
    });
    let object: BTreeMap<&str, serde_json::Value> = BTreeMap::from([
        ("store", arguments.store.path.display().to_string().into()),
        ("schema", diagnosis.schema.into()),
        ("sound", diagnosis.is_sound().into()),
        ("findings", findings.collect()),
        ("mended", diagnosis.n_mended.into()),
        ("annotated", diagnosis.n_annotated.into()),
        ("stale", diagnosis.n_stale.into()),
    ]);
    serde_json::to_string(&object).expect("strings and numbers are JSON") + "\n"
}
