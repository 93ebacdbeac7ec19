//! A comparison as Markdown.

use stemma_core::{Comparison, Story};

/// See [`super::markdown`].
pub(super) fn render(story: &Story, comparison: &Comparison, all: bool) -> String {
    let options = super::TextOptions { width: 100, color: false, all };
    format!("```text\n{}```\n", super::text(story, comparison, &options))
}
