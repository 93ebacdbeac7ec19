//! The head of the page: each report in one line.

use stemma_core::{CreditKind, Document, ReportIndex};

use crate::ids::letter;
use crate::render::n_words;
use crate::render::runs::clean;

/// A report as the head of the page shows it.
#[derive(Debug)]
pub(crate) struct ReportLine {
    /// The letter that stands for it.
    pub(crate) letter: String,
    /// Outlet, else the file's name.
    pub(crate) name: String,
    /// Headline.
    pub(crate) title: Option<String>,
    /// Date of publication, and where it was found if not in the metadata.
    pub(crate) date: Option<String>,
    /// Length of the text.
    pub(crate) n_words: usize,
    /// Who wrote it.
    pub(crate) byline: Option<String>,
    /// Agencies that the report credits: "AFP (picture)".
    pub(crate) credits: Vec<String>,
}

pub(super) fn report_line(report: ReportIndex, document: &Document) -> ReportLine {
    let parts = document.report();
    let date = document.published().map(|published| match parts.published() {
        Some(_) => published.date().to_string(),
        None => format!("{} (date in the text)", published.date()),
    });
    let mut credits = Vec::new();
    for credit in document.layers().credits.items() {
        let what = match credit.kind {
            CreditKind::Picture => "picture",
            CreditKind::Agency => "text",
            CreditKind::Contribution => "contribution",
            CreditKind::Relay => continue,
        };
        let line = format!("{} ({what})", clean(&credit.outlet));
        if !credits.contains(&line) {
            credits.push(line);
        }
    }
    ReportLine {
        letter: letter(report),
        name: report_name(document),
        title: parts.title().map(clean),
        date,
        n_words: n_words(document),
        byline: parts.byline().map(clean),
        credits,
    }
}

/// Outlet, else the name of the file, else the id.
fn report_name(document: &Document) -> String {
    let report = document.report();
    let file = || {
        let origin = report.origin().to_string();
        let name = origin.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        (!name.is_empty() && name != "-").then_some(name)
    };
    let name = report.outlet().or(report.given_id()).map(str::to_owned).or_else(file);
    clean(&name.unwrap_or_else(|| report.shown_id()))
}
