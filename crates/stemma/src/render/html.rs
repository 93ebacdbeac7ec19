//! A comparison as one HTML page.

use stemma_core::{Comparison, Story};

/// See [`super::html`].
pub(super) fn render(story: &Story, comparison: &Comparison) -> String {
    let text =
        super::text(story, comparison, &super::TextOptions { all: true, ..super::TextOptions::default() });
    maud::html! {
        (maud::DOCTYPE)
        html lang="en" { head { meta charset="utf-8"; title { "Stemma" } } body { pre { (text) } } }
    }
    .into_string()
}
