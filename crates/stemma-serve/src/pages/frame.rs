//! What all pages have around them.

use maud::{DOCTYPE, Markup, html};

use super::forms::{Csrf, FIELD};
use crate::assets::{Asset, ICON, STYLE};

/// What every form that changes something holds: it shows that the form is ours. The handler takes `csrf: Csrf`, and what is
/// sent as [`super::forms::Sent`].
pub(super) fn csrf_field(csrf: &Csrf) -> Markup {
    html! { input type="hidden" name=(FIELD) value=(csrf.token()); }
}

/// Which entry of the navigation a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    Stories,
    Search,
    Speakers,
    Entities,
    Watch,
    Add,
    None,
}

/// A page without its content.
pub(super) struct Frame<'a> {
    title: &'a str,
    place: Place,
    script: Option<&'a Asset>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(title: &'a str, place: Place) -> Self {
        Self { title, place, script: None }
    }

    pub(super) fn script(self, asset: &'a Asset) -> Self {
        Self { script: Some(asset), ..self }
    }

    /// The page around `body`, which holds a `header` and a `main`.
    pub(super) fn page(&self, body: &Markup) -> String {
        shown(self.markup(body).into_string())
    }

    fn markup(&self, body: &Markup) -> Markup {
        let entries = [
            (Place::Stories, "/", "Stories"),
            (Place::Search, "/search", "Search"),
            (Place::Speakers, "/speakers", "Speakers"),
            (Place::Entities, "/entities", "Names"),
            (Place::Watch, "/watch", "Watch list"),
            (Place::Add, "/add", "Add"),
        ];
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " – Stemma" }
                    link rel="icon" type="image/svg+xml" href=(ICON.address());
                    link rel="stylesheet" href=(STYLE.address());
                    @if let Some(script) = self.script { script src=(script.address()) defer {} }
                }
                body {
                    a.skip href="#main" { "To the content" }
                    nav.site aria-label="Site" {
                        a.mark href="/" { "Stemma" }
                        ul {
                            @for (place, address, name) in entries {
                                li {
                                    a href=(address) aria-current=[(place == self.place).then_some("page")] { (name) }
                                }
                            }
                        }
                        form.find role="search" action="/" method="get" {
                            label.unseen for="find" { "Find stories" }
                            input #find type="search" name="q" placeholder="Find stories" maxlength="200";
                            button { "Find" }
                        }
                    }
                    (body)
                }
            }
        }
    }
}

/// A page without characters that HTML may not hold, and that say nothing: what a report brings of them is shown as U+FFFD.
fn shown(page: String) -> String {
    let is_forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if page.contains(is_forbidden) { page.replace(is_forbidden, "\u{FFFD}") } else { page }
}
