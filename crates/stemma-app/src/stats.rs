//! `stemma stats`: how much is in the store.

use std::fmt::Write as _;

use clap::Args;
use stemma_store::Stats;

use crate::failure::{Exit, Failure};
use crate::kept::StoreArgument;
use crate::output;

pub(crate) const EXAMPLES: &str = "\
Examples:
  stemma stats
  stemma stats --json --store desk.db | jq .rows.quotations";

#[derive(Debug, Args)]
pub(crate) struct StatsArguments {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreArgument,
}

pub(crate) fn run(arguments: &StatsArguments) -> Result<Exit, Failure> {
    let store = arguments.store.open()?;
    let stats = store.stats()?;
    let shown = if arguments.json { json(&stats, &arguments.store) } else { text(&stats, &arguments.store) };
    output::write(None, shown.as_bytes())?;
    Ok(Exit::Done)
}

fn text(stats: &Stats, store: &StoreArgument) -> String {
    let mut out = format!("{} · {}\n\n", store.path.display(), size(stats.file_bytes));
    let mut line = |name: &str, value: String| {
        writeln!(out, "{name:<20} {value:>12}").expect("writing to a string cannot fail");
    };
    for (table, n_rows) in stats.rows.iter().filter(|(_, n_rows)| *n_rows > 0) {
        line(&table.replace('_', " "), n_rows.to_string());
    }
    line("outlets", stats.n_outlets.to_string());
    line("texts", size(stats.text_bytes));
    line(
        "originals",
        format!("{} packed from {}", size(stats.content_bytes[1]), size(stats.content_bytes[0])),
    );
    line("layers", size(stats.layer_bytes));
    if let Some((first, last)) = &stats.days {
        line("published", format!("{first} to {last}"));
    }
    out
}

fn json(stats: &Stats, store: &StoreArgument) -> String {
    let named = |list: &[(String, u64)]| -> serde_json::Value {
        list.iter().map(|(name, n)| (name.clone(), (*n).into())).collect::<serde_json::Map<_, _>>().into()
    };
    let object = serde_json::json!({
        "store": store.path.display().to_string(),
        "file_bytes": stats.file_bytes,
        "rows": named(&stats.rows),
        "outlets": stats.n_outlets,
        "text_bytes": stats.text_bytes,
        "content_bytes": stats.content_bytes[0],
        "content_packed_bytes": stats.content_bytes[1],
        "layer_bytes": stats.layer_bytes,
        "first": stats.days.as_ref().map(|days| &days.0),
        "last": stats.days.as_ref().map(|days| &days.1),
        "producers": named(&stats.producers),
    });
    format!("{object}\n")
}

/// "12.3 MiB".
pub(crate) fn size(n_bytes: u64) -> String {
    match n_bytes {
        0..=1023 => format!("{n_bytes} bytes"),
        1024..=1_048_575 => format!("{:.1} KiB", n_bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", n_bytes as f64 / 1_048_576.0),
    }
}
