//! Reports of the gold sets, with the metadata that each set gives.

use std::path::Path;
use std::sync::Arc;

use jiff::{Timestamp, civil::Date, fmt::temporal::DateTimeParser};
use serde::Deserialize;
use stemma_core::{Origin, Published, Report, ReportDraft};

use crate::{EvalError, read_records};

/// One record of a set of reports: the fields of `basil`, `newscluster`, `newswcl50` and `newsroom` that Stemma uses.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ReportRecord {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) event_id: serde_json::Value,
    outlet: Option<String>,
    #[serde(alias = "published")]
    date: Option<String>,
    #[serde(alias = "headline")]
    title: Option<String>,
    url: Option<String>,
    byline: Option<String>,
    language: Option<String>,
    pub(crate) text: String,
}

impl ReportRecord {
    /// The report, under the id of the record, as if it had been read from `file`.
    pub(crate) fn report(&self, file: &Path) -> Arc<Report> {
        let draft = ReportDraft {
            given_id: Some(self.id.clone()),
            outlet: self.outlet.clone(),
            url: self.url.clone(),
            title: self.title.clone(),
            byline: self.byline.clone(),
            published: self.date.as_deref().and_then(published),
            language: self.language.clone(),
            text: self.text.clone(),
            extra: serde_json::Map::new(),
        };
        Arc::new(Report::new(draft, Origin::whole(file.display().to_string())))
    }
}

/// All records of a file.
pub(crate) fn read_reports(path: &Path) -> Result<Vec<ReportRecord>, EvalError> {
    read_records(path)
}

/// A point in time where an offset is given; else only the day is taken as known (the sets write midnight for days).
fn published(text: &str) -> Option<Published> {
    let offset = DateTimeParser::new().parse_pieces(text).ok().and_then(|pieces| pieces.to_numeric_offset());
    match (text.parse::<Timestamp>(), offset) {
        (Ok(at), Some(offset)) => Some(Published::Instant(at, offset)),
        _ => text.parse::<Date>().ok().map(Published::Day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_exact_as_they_are_given() {
        let shown = |text| published(text).map(|at| at.to_string());
        assert_eq!(shown("2026-03-15T08:10:00+01:00").as_deref(), Some("2026-03-15T08:10:00+01:00"));
        assert_eq!(shown("2016-11-09T00:00:00").as_deref(), Some("2016-11-09"));
        assert_eq!(shown("2018-04-06").as_deref(), Some("2018-04-06"));
        assert_eq!(shown("spring"), None);
    }
}
