//! What is known of a name, for pages and for the API.

use std::sync::Arc;

use stemma_store::{NameLine, NamingStory, Quotation, ReportLine};

use crate::desk::Desk;
use crate::problem::Problem;

/// Kinds of what is named.
pub(crate) const KINDS: [&str; 7] =
    ["person", "organization", "place", "facility", "group", "product", "event"];
/// Reports of which names are listed, those that came last.
pub(crate) const LATEST: usize = 5_000;
/// Names that can be passed over.
pub(crate) const MOST_SKIPPED: usize = 10_000;
/// Stories, reports, and quotations each, of one name.
const STORIES: usize = 50;
const REPORTS: usize = 50;
const QUOTATIONS: usize = 50;

/// What is known of a name.
pub(crate) struct Named {
    pub(crate) kinds: Vec<NameLine>,
    pub(crate) stories: Vec<NamingStory>,
    pub(crate) reports: Vec<ReportLine>,
    pub(crate) said_by: Vec<Quotation>,
    pub(crate) said_about: Vec<Quotation>,
}

/// Looks a name up. A problem if no report has it.
pub(crate) async fn named(desk: &Arc<Desk>, name: String) -> Result<Named, Problem> {
    desk.with_store(move |_, store| {
        let kinds = store.kinds_of(&name)?;
        if kinds.is_empty() {
            return Err(Problem::not_found(format!("no report names {name:?} in just this form")));
        }
        Ok(Named {
            kinds,
            stories: store.stories_naming(&name, STORIES)?,
            reports: store.reports_naming(&name, REPORTS)?,
            said_by: store.said_by(&name, QUOTATIONS)?,
            said_about: store.said_about(&name, QUOTATIONS)?,
        })
    })
    .await
}
