//! Pieces of the reports of a story by offsets in code points.

use std::collections::BTreeMap;

use stemma_core::{OffsetUnit, Offsets};

use super::Subject;
use crate::api::Range;

/// The texts of a story, by the ids that the comparison uses.
pub(super) struct Texts<'a> {
    texts: BTreeMap<&'a str, (&'a str, Offsets)>,
}

impl<'a> Texts<'a> {
    /// Reads every text once.
    pub(super) fn of(subject: &'a Subject) -> Self {
        let text = |report: &'a crate::api::Report| {
            let text = report.text.as_deref().unwrap_or_default();
            (report.id.as_str(), (text, Offsets::new(text, OffsetUnit::Chars)))
        };
        Self { texts: subject.comparison.reports.iter().map(text).collect() }
    }

    /// The words of `range`, up to `n_around` code points before them, and as many after them. Empty where the report has
    /// no such place.
    pub(super) fn around(&self, report: &str, [start, end]: Range, n_around: usize) -> [&'a str; 3] {
        let Some((text, offsets)) = self.texts.get(report) else { return [""; 3] };
        let piece = || {
            let (first, last) = (offsets.to_byte(start), offsets.to_byte(end));
            Some((text.get(..first)?, text.get(first..last)?, text.get(last..)?))
        };
        let Some((before, exact, after)) = piece() else { return [""; 3] };
        let prefix = before.char_indices().rev().take(n_around).last().map_or(before.len(), |(at, _)| at);
        let suffix = after.char_indices().nth(n_around).map_or(after.len(), |(at, _)| at);
        [&before[prefix..], exact, &after[..suffix]]
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn pieces_count_in_code_points() {
        let subject = testing::of_texts(&["“Ünë” ends 🚢 here."]);
        let id = subject.comparison.reports[0].id.clone();
        let texts = Texts::of(&subject);
        assert_eq!(texts.around(&id, [1, 4], 1), ["“", "Ünë", "”"]);
        assert_eq!(texts.around(&id, [11, 12], 3), ["ds ", "🚢", " he"]);
        assert_eq!(texts.around(&id, [0, 99], 3), [""; 3]);
        assert_eq!(texts.around("nobody", [0, 1], 3), [""; 3]);
    }
}
