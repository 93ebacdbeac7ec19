//! What changed from one version of a report to the next.

use maud::html;
use stemma_compare::{Change, find_changes};
use stemma_core::Document;

use super::items;
use crate::render::runs::clean;
use crate::render::versions::runs;

/// Changes between two versions, as a part of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangesView {
    /// How many changes matter.
    pub n_matter: usize,
    /// How many others there are: of wording.
    pub n_wording: usize,
    /// Those that matter, then the others behind a summary.
    pub markup: String,
}

/// Changes of one kind that are listed.
const MOST: usize = 200;

/// See [`super::super::changes`].
pub(in crate::render) fn view(old: &Document, new: &Document) -> ChangesView {
    let all = find_changes(old, new);
    let (matter, wording): (Vec<&Change>, Vec<&Change>) = all.iter().partition(|change| change.matters);
    let list = |changes: &[&Change]| {
        html! {
            ul.plain.changes {
                @for &change in changes.iter().take(MOST) {
                    li {
                        span.kind { (change.kind.as_str()) } " "
                        span.words dir="auto" { (items::runs(&runs([old, new], change))) } " "
                        span.faint { (clean(&change.reason)) }
                    }
                }
                @if changes.len() > MOST { li.faint { "… and " (changes.len() - MOST) " more" } }
            }
        }
    };
    let markup = html! {
        @if !matter.is_empty() { (list(&matter)) }
        @if !wording.is_empty() {
            details { summary { (wording.len()) " of wording" } (list(&wording)) }
        }
    };
    ChangesView { n_matter: matter.len(), n_wording: wording.len(), markup: markup.into_string() }
}
