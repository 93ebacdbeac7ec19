//! Stories as files: the formats of `stemma export`, for pages and for the API.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use stemma::export::records::{Record, ReportRecord};
use stemma::export::{self, Cells, Subject, Table};
use stemma::{Compared, StoryId, render};

use crate::api::Asked;
use crate::desk::Desk;
use crate::pages::story::find;
use crate::problem::Problem;

/// Their names, and of each the media type and what its file ends with.
const KINDS: [(&str, &str, &str); 10] = [
    ("jsonl", "application/x-ndjson", "jsonl"),
    ("csv", "text/csv; charset=utf-8", "csv"),
    ("html", "text/html; charset=utf-8", "html"),
    ("md", "text/markdown; charset=utf-8", "md"),
    ("annotations", "application/ld+json", "annotations.jsonld"),
    ("claims", "application/ld+json", "claims.jsonld"),
    ("ninjs", "application/x-ndjson", "ninjs.jsonl"),
    ("graphml", "application/xml", "graphml"),
    ("dot", "text/vnd.graphviz; charset=utf-8", "dot"),
    ("prov", "application/json", "prov.json"),
];

/// What a story can be put out as.
pub(crate) const FORMATS: [&str; 10] =
    ["jsonl", "csv", "html", "md", "annotations", "claims", "ninjs", "graphml", "dot", "prov"];

/// Media types of these, each once.
pub(crate) const MEDIA_TYPES: [&str; 8] = [
    "application/x-ndjson",
    "text/csv",
    "text/html",
    "text/markdown",
    "application/ld+json",
    "application/xml",
    "text/vnd.graphviz",
    "application/json",
];

/// Tables of csv.
pub(crate) const TABLES: [&str; 5] = ["reports", "statements", "divergences", "quotations", "edges"];

/// What is asked for besides the format.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ExportAsked {
    table: Option<String>,
    raw: bool,
    layers: bool,
}

pub(crate) async fn of_api(
    State(desk): State<Arc<Desk>>,
    Path((id, format)): Path<(String, String)>,
    Asked(asked): Asked<ExportAsked>,
) -> Result<Response, Problem> {
    let known = KINDS.into_iter().find(|(name, ..)| *name == format);
    let (_, media_type, ending) = known.ok_or_else(|| {
        Problem::not_found(format!("{format:?} is none of the formats {}", FORMATS.join(", ")))
    })?;
    let table = asked.table.as_deref().map(table).transpose()?.unwrap_or(Table::Reports);
    let story = find(&desk, &id).await?;
    let name = format!("story-{}.{ending}", story.id);
    let made = tokio::task::spawn_blocking(move || {
        rendered(&story.compared, (story.id, &story.label), &format, table, &asked)
    });
    let text = made.await.map_err(|_| Problem::failed())?;
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        // To be kept, never to be shown or run: it holds what reports hold.
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((headers, text).into_response())
}

fn table(name: &str) -> Result<Table, Problem> {
    Table::ALL
        .into_iter()
        .find(|table| table.as_str() == name)
        .ok_or_else(|| Problem::bad_request(format!("{name:?} is none of the tables {}", TABLES.join(", "))))
}

fn rendered(
    compared: &Compared,
    named: (StoryId, &str),
    format: &str,
    table: Table,
    asked: &ExportAsked,
) -> String {
    let subjects = || [Subject::of(compared, Some(named))];
    match format {
        "csv" => export::csv(&subjects(), table, if asked.raw { Cells::AsTheyAre } else { Cells::Guarded }),
        "html" => render::html(&compared.story, &compared.comparison),
        "md" => render::markdown(&compared.story, &compared.comparison, true),
        "annotations" => export::annotations(&subjects()),
        "claims" => export::claims(&subjects()),
        "ninjs" => export::ninjs(&subjects()),
        "graphml" => export::graphml(&subjects()),
        "dot" => export::dot(&subjects()),
        "prov" => export::prov(&subjects()),
        _ => jsonl(compared, asked.layers),
    }
}

fn jsonl(compared: &Compared, with_layers: bool) -> String {
    let documents = compared.story.documents().iter();
    let records = documents.map(|document| {
        let layers = with_layers.then(|| document.layers());
        Record::Report(Box::new(ReportRecord::of(document.report(), layers))).line()
    });
    records.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_agree() {
        assert_eq!(FORMATS, KINDS.map(|(name, ..)| name));
        let of_kinds = KINDS.map(|(_, media_type, _)| media_type.split(';').next().unwrap_or_default());
        assert!(of_kinds.iter().all(|name| MEDIA_TYPES.contains(name)));
        assert_eq!(TABLES, Table::ALL.map(Table::as_str));
    }
}
