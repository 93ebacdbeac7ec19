//! What other programs read: tables, graphs, annotations.
//!
//! In: [`Subject`]s, each a compared story in the types of [`crate::api`], all offsets in Unicode code points. Out: one text
//! in one format. Each function is pure and takes several stories at once; equal input gives equal output, byte for byte.
//! Reports are named by the hash of outlet, address and text (`urn:stemma:report:HASH`), which holds across stories; their
//! address stands beside it. Whatever a report brings is escaped as the format asks.
//!
//! | function | format |
//! | --- | --- |
//! | [`csv()`] | CSV (RFC 4180): one [`Table`] each |
//! | `parquet()` | the same as Parquet, with the feature `parquet` |
//! | [`annotations()`] | W3C Web Annotation, JSON-LD |
//! | [`claims()`] | schema.org `Claim`, and `ClaimReview` without a verdict, JSON-LD |
//! | [`ninjs()`] | ninjs 2.1, one item a line |
//! | [`graphml()`], [`dot()`] | lineage as a graph |
//! | [`prov()`] | lineage as W3C PROV, PROV-JSON |
//!
//! [`records`] are what a store holds, as JSON lines that are read back.

mod annotations;
mod claims;
mod csv;
mod dot;
mod graphml;
mod lineage;
mod ninjs;
#[cfg(feature = "parquet")]
mod parquet;
mod prov;
pub mod records;
mod tables;
mod texts;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use stemma_core::{OffsetUnit, ReportIndex, StoryId};

pub use annotations::annotations;
pub use claims::claims;
pub use csv::{Cells, csv};
pub use dot::dot;
pub use graphml::graphml;
pub use ninjs::ninjs;
#[cfg(feature = "parquet")]
pub use parquet::parquet;
pub use prov::prov;
pub use tables::Table;

use crate::api::{self, AnnotatedReport, Report};
use crate::{Compared, letter};

/// Digits of the name of a comparison that is no story of a store: 64 bits.
const N_DIGITS: usize = 16;

/// A compared story, as it is put out.
#[derive(Clone, PartialEq, Debug)]
pub struct Subject {
    /// The story's id; of reports that were given as one story, a hash of theirs.
    pub id: String,
    /// What it is called.
    pub label: Option<String>,
    /// What the reports share and where they differ, with the texts of the reports.
    pub comparison: api::Comparison,
    /// What was found in each report, in the same order, without texts.
    pub reports: Vec<AnnotatedReport>,
}

impl Subject {
    /// What is put out of `compared`; `story` is its id and label, where it is a story among others.
    pub fn of(compared: &Compared, story: Option<(StoryId, &str)>) -> Self {
        let options = |texts| api::Options { offsets: OffsetUnit::Chars, texts };
        let Compared { story: documents, comparison } = compared;
        let comparison = api::comparison(documents, comparison, &options(api::Texts::All));
        let annotated = |document| api::annotated_report(document, &options(api::Texts::None));
        Self {
            id: story.map_or_else(|| name_of(&comparison.reports), |(id, _)| id.to_string()),
            label: story.map(|(_, label)| label.to_owned()),
            reports: documents.documents().iter().map(annotated).collect(),
            comparison,
        }
    }

    /// The story's name outside of Stemma.
    fn urn(&self) -> String {
        format!("urn:stemma:story:{}", self.id)
    }

    /// The reports by the ids that the comparison uses.
    fn by_id(&self) -> BTreeMap<&str, &Report> {
        self.comparison.reports.iter().map(|report| (report.id.as_str(), report)).collect()
    }
}

/// A hash of the reports in any order.
fn name_of(reports: &[Report]) -> String {
    let mut hashes: Vec<&str> = reports.iter().map(|report| report.hash.as_str()).collect();
    hashes.sort_unstable();
    let digest = Sha256::digest(hashes.join("\n").as_bytes());
    let mut digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(N_DIGITS);
    digits
}

/// The report's name outside of Stemma, which depends on its content alone.
fn urn(report: &Report) -> String {
    format!("urn:stemma:report:{}", report.hash)
}

/// The report's address if it is one of the web and holds no character that an IRI may not; else its URN.
fn iri(report: &Report) -> String {
    report.url.as_deref().filter(|url| is_web_address(url)).map_or_else(|| urn(report), str::to_owned)
}

/// True for `http` and `https` with a host, and nothing that may not stand in an IRI (RFC 3987).
fn is_web_address(url: &str) -> bool {
    let host = ["http://", "https://"].iter().find_map(|scheme| {
        let start = url.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &url[scheme.len()..])
    });
    let refused = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c);
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) && !url.contains(refused)
}

/// What a report is called on a page: outlet and headline as far as there are any, else the id that it was given, else the
/// name of its file.
fn shown_name(report: &Report) -> String {
    match (&report.outlet, &report.title) {
        (Some(outlet), Some(title)) => format!("{outlet}: {title}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) if report.id != report.hash => report.id.clone(),
        (None, None) => {
            let file = report.origin.rsplit(['/', '\\']).next().filter(|file| !matches!(*file, "" | "-"));
            file.unwrap_or(&report.id).to_owned()
        }
    }
}

/// The letter of the report at `n`.
fn letter_of(n: usize) -> String {
    letter(ReportIndex(u32::try_from(n).expect("a story has fewer than 2^32 reports")))
}

#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_taken_for_addresses() {
        assert!(
            ["https://example.org/a?b=c#d", "HTTP://example.org", "https://bücher.example/ä"]
                .iter()
                .all(|url| is_web_address(url))
        );
        let refused = [
            "javascript:alert(1)",
            "https://",
            "http:///x",
            "https://a b",
            "https://a\"b",
            "https://a/\n",
            "é",
            "file:///etc/passwd",
            "example.org/a",
        ];
        assert!(!refused.iter().any(|url| is_web_address(url)));
    }

    #[test]
    fn the_order_of_reports_does_not_change_the_name() {
        let (a, b) = (testing::hostile(), testing::hostile());
        let mut turned = b.comparison.reports.clone();
        turned.reverse();
        assert_eq!(name_of(&a.comparison.reports), name_of(&turned));
        assert_eq!(a.id.len(), N_DIGITS);
    }
}
