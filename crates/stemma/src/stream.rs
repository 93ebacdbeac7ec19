//! Reports to stories as they come in.

use jiff::civil::Date;
use stemma_core::{Correction, Document, ReportId, StoryId};
use stemma_group::{Constraints, Grouper, Options, Placement, StoryView};

/// Days for which a story stays open after its last report.
pub const WINDOW_DAYS: i64 = 7;

/// Stories of reports that arrive one after the other. Deterministic for a given order.
///
/// A story takes reports until [`WINDOW_DAYS`] after its last one; then it is closed, and costs hardly any memory.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    grouper: Grouper,
    /// The latest day of publication that was seen.
    latest: Option<Date>,
}

/// True if both lists of corrections come to the same stories; these may be called otherwise.
pub fn group_alike(a: &[Correction], b: &[Correction]) -> bool {
    Constraints::of(a).group_alike(&Constraints::of(b))
}

impl Stream {
    /// A stream that has seen nothing. What `corrections` say comes first.
    pub fn new(corrections: &[Correction]) -> Self {
        let grouper = Grouper::new(Options::default()).under(Constraints::of(corrections));
        Self { grouper, latest: None }
    }

    /// Goes on from `grouper`, the state of an earlier stream under corrections that [`group_alike`].
    pub fn resume(grouper: Grouper, corrections: &[Correction]) -> Self {
        Self { grouper: grouper.under(Constraints::of(corrections)), latest: None }
    }

    /// Places a report. A day of publication after `today` moves no window: it is a mistake.
    pub fn add(&mut self, document: &Document, today: Date) -> Placement {
        let placement = self.grouper.add(document);
        let day = document.published().map(|published| published.date()).filter(|&day| day <= today);
        if day > self.latest {
            self.latest = day;
            let window = jiff::Span::new().days(WINDOW_DAYS);
            if let Some(from) = day.and_then(|day| day.checked_sub(window).ok()) {
                self.grouper.close_before(from);
            }
        }
        placement
    }

    /// True if the report was placed already.
    pub fn knows(&self, report: ReportId) -> bool {
        self.grouper.story_of(report).is_some()
    }

    /// The story of `id` as it stands, if there is one.
    pub fn story(&self, id: StoryId) -> Option<StoryView> {
        self.grouper.story(id)
    }

    /// The state, to be saved.
    pub fn grouper(&self) -> &Grouper {
        &self.grouper
    }
}
