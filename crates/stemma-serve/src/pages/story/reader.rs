//! Two to four reports of a story side by side: `?reports=A,B&statement=ID`.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::Html;
use maud::{Markup, PreEscaped, html};
use stemma::render::Columns;

use super::super::Page;
use super::super::frame::{Frame, Place};
use super::{Tab, exports, find, head, off_thread};
use crate::assets::STORY;
use crate::desk::Desk;
use crate::story_page::StoryPage;

/// Most reports side by side.
const MOST: usize = 4;

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Asked {
    /// Letters of reports.
    letters: Vec<String>,
    /// Id of a statement.
    statement: Option<String>,
}

impl Asked {
    /// `reports` may be there several times, as forms send it, and hold several letters each.
    fn of(query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let mut asked = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "reports" => {
                    let letters = value.split(',').map(|letter| letter.trim().to_uppercase());
                    asked.letters.extend(letters.filter(|letter| !letter.is_empty()).take(MOST));
                }
                "statement" => asked.statement = Some(value),
                _ => {}
            }
        }
        asked
    }
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Page {
    let story = find(&desk, &id).await?;
    let asked = Asked::of(query.as_deref().unwrap_or_default());
    Ok(Html(off_thread(move || Ok(render(&story, &asked))).await?))
}

fn render(story: &StoryPage, asked: &Asked) -> String {
    let letters: Vec<&str> = asked.letters.iter().map(String::as_str).collect();
    let columns = story.views.reader(&letters, asked.statement.as_deref(), MOST);
    let body = html! {
        (head(story, Tab::Reader))
        main #main.view-reader {
            section aria-labelledby="reader-title" {
                h2 #reader-title { "Side by side" }
                (choice(story, &columns))
                (PreEscaped(&columns.markup))
            }
        }
        (exports(story))
    };
    Frame::new(&format!("Reader: {}", story.label), Place::Stories).script(&STORY).page(&body)
}

/// Which reports stand in the columns.
fn choice(story: &StoryPage, columns: &Columns) -> Markup {
    let reports = story.views.reports();
    let n_columns = MOST.min(reports.len());
    let names = ["First column", "Second", "Third", "Fourth"];
    html! {
        @if reports.len() > 2 {
            form.ask action={ "/stories/" (story.id) "/reader" } method="get" {
                @for (n, name) in names.into_iter().enumerate().take(n_columns) {
                    @let chosen = columns.letters.get(n);
                    label {
                        (name) " "
                        select name="reports" {
                            @if n > 1 { option value="" { "–" } }
                            @for (letter, name) in &reports {
                                option value=(letter) selected[chosen.is_some_and(|chosen| chosen == letter)] { (letter) " " (name) }
                            }
                        }
                    }
                }
                button { "Read" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_asked_for_by_letters_in_one_or_in_several() {
        let letters = |query: &str| Asked::of(query).letters.join(" ");
        assert_eq!(letters("reports=A,c"), "A C");
        assert_eq!(letters("reports=B&reports=&reports=%20d"), "B D");
        assert_eq!(letters("x=1&reports=%2C%2C"), "");
        assert_eq!(Asked::of("statement=u-1").statement.as_deref(), Some("u-1"));
    }
}
