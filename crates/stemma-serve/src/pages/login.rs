//! How a browser shows that it knows the token.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;

use super::frame::{Frame, Place};
use crate::desk::Desk;
use crate::guard::COOKIE;

#[derive(Deserialize)]
pub(super) struct Given {
    token: String,
}

pub(super) async fn page() -> Html<String> {
    form(None)
}

fn form(problem: Option<&str>) -> Html<String> {
    let body = html! {
        header { h1 { "Log in" } }
        main #main {
            section aria-label="Log in" {
                @if let Some(problem) = problem { p role="alert" { (problem) } }
                form.ask action="/login" method="post" {
                    label { "Token " input type="password" name="token" autocomplete="current-password" required; }
                    button { "Log in" }
                }
            }
        }
    };
    Html(Frame::new("Log in", Place::None).page(&body))
}

/// Keeps the token in a cookie that no script can read and no other site makes a browser send.
pub(super) async fn log_in(State(desk): State<Arc<Desk>>, Form(given): Form<Given>) -> Response {
    match &desk.settings().token {
        Some(token) if token.is(&given.token) => {
            let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict", given.token);
            ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        Some(_) => {
            (axum::http::StatusCode::UNAUTHORIZED, form(Some("This is not the token."))).into_response()
        }
        None => Redirect::to("/").into_response(),
    }
}
