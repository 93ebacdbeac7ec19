//! The API for people who read: made of the same table as its routes and its description.

use axum::response::Html;
use maud::{Markup, html};
use serde_json::Value;

use super::frame::{Frame, Place};
use crate::api::openapi::{Answer, Method, Operation, Parameter};
use crate::api::operations;

pub(super) async fn page() -> Html<String> {
    let operations = operations();
    let body = html! {
        header {
            h1 { "The API" }
            p {
                "What pages show, as JSON; and what forms do. "
                a href="/api/v1/openapi.json" { "Its description" } " (OpenAPI 3.1) has the types of all answers."
            }
        }
        main #main {
            section aria-labelledby="all-title" {
                h2 #all-title { "Addresses" }
                ul.plain {
                    @for operation in &operations {
                        li { a href={ "#" (operation.id) } { code { (head(operation)) } } " " (prose(operation.summary)) }
                    }
                }
            }
            section aria-labelledby="rules-title" {
                h2 #rules-title { "What holds for all" }
                ul {
                    li { "Lists have a " code { "next" } " while there is more; " code { "cursor" } " takes it." }
                    li {
                        "Errors are " code { "application/problem+json" } " (RFC 9457) with a stable " code { "code" } "."
                    }
                    li { "A server with a token wants it as " code { "Authorization: Bearer …" } "." }
                    li {
                        "Writing twice does nothing twice: a report is known by its outlet, address and text, a feed by its address. "
                        "Where that is not enough, " code { "Idempotency-Key" } " is."
                    }
                }
            }
            @for operation in &operations { (described(operation)) }
        }
    };
    Html(Frame::new("The API", Place::None).page(&body))
}

fn head(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str().to_uppercase(), operation.path)
}

fn described(operation: &Operation) -> Markup {
    // What can be looked at as it stands.
    let plain = operation.method == Method::Get && !operation.path.contains('{');
    html! {
        section aria-labelledby=(operation.id) {
            h2 id=(operation.id) { code { (head(operation)) } }
            p { (prose(operation.summary)) @if plain { " · " a href=(operation.path) { "Look" } } }
            @if !operation.parameters.is_empty() {
                dl { @for parameter in &operation.parameters { (of_parameter(parameter)) } }
            }
            @if !operation.takes.is_empty() {
                p { "Takes" }
                ul { @for body in &operation.takes { li { code { (body.media_type) } ": " (prose(body.about)) } } }
            }
            p.faint {
                @match &operation.answer {
                    Answer::Json(status, _) => { "Answers " (status) " with JSON." },
                    Answer::Files(types) => { "Answers with a file: " (types.join(", ")) "." },
                }
            }
        }
    }
}

fn of_parameter(parameter: &Parameter) -> Markup {
    html! {
        dt { code { (parameter.name) } " " span.faint { "in " (parameter.place) } }
        dd { (prose(parameter.about)) (bounds(&parameter.schema)) }
    }
}

/// A text of the description, in which code stands between backticks.
fn prose(text: &str) -> Markup {
    html! {
        @for (n, part) in text.split('`').enumerate() {
            @if n % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// What the schema of a parameter says, in words.
fn bounds(schema: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut parts = Vec::new();
    if let Some(words) = schema["enum"].as_array() {
        parts.push(words.iter().map(text).collect::<Vec<_>>().join(", "));
    }
    if let (Some(least), Some(most)) = (schema["minimum"].as_u64(), schema["maximum"].as_u64()) {
        parts.push(format!("{least} to {most}"));
    }
    if schema["format"] == "date" {
        parts.push("a day such as 2026-03-01".to_owned());
    }
    if !schema["default"].is_null() {
        parts.push(format!("else {}", text(&schema["default"])));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}
