//! Who may ask, and what every answer carries.
//!
//! A page of another site cannot read answers (no CORS header is ever sent), cannot reach a loopback server under a name of its
//! own (the host must be the one that is listened on, which defeats DNS rebinding), and cannot write: what changes something
//! must come from our own pages or from a program that is no browser (`Sec-Fetch-Site`, `Origin`).

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::desk::Desk;
use crate::problem::Problem;

/// Nothing is loaded from elsewhere, no script or style stands in a page, and no other site frames it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Cookie that holds the token for a browser.
pub(crate) const COOKIE: &str = "stemma_token";

/// Refuses what may not be asked, and adds to each answer what keeps it safe.
pub(crate) async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // Whether the server lives, and what the page of the login needs.
    let is_public = path == "/healthz" || path == "/login" || path.starts_with("/assets/");
    let allowed = check_source(&desk, &request).and_then(|()| match is_public {
        true => Ok(()),
        false => check_token(&desk, request.headers()),
    });
    let mut response = match allowed {
        Err(problem) if wants_page(request.headers()) && problem.status == 401 => {
            Redirect::to("/login").into_response()
        }
        Err(problem) => problem.into_response(),
        Ok(()) => next.run(request).await,
    };
    let headers = response.headers_mut();
    let fixed = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

/// Whether a browser asks for something to look at.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn check_source(desk: &Desk, request: &Request) -> Result<(), Problem> {
    check_host(desk, request)?;
    if request.method().is_safe() { Ok(()) } else { check_origin(request.headers()) }
}

fn check_token(desk: &Desk, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(token) = &desk.settings().token else { return Ok(()) };
    let given = bearer(headers).or_else(|| cookie(headers, COOKIE));
    if given.is_some_and(|given| token.is(given)) {
        return Ok(());
    }
    Err(Problem::unauthorized("a token is needed: Authorization: Bearer …, or log in at /login"))
}

/// The host by which a loopback server is asked must be loopback, too.
fn check_host(desk: &Desk, request: &Request) -> Result<(), Problem> {
    if !desk.settings().listen.ip().is_loopback() {
        return Ok(());
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or(request.uri().host()).unwrap_or_default();
    let name = host.parse::<Authority>().map(|authority| authority.host().to_owned()).unwrap_or_default();
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    if name == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) {
        return Ok(());
    }
    Err(Problem::forbidden(format!("this server answers to localhost, not to {name:?}")))
}

/// What a browser sends for a page of another site may change nothing.
fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let elsewhere = match (text(HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin.split_once("://").map(|(_, host)| host) != text(header::HOST),
        (None, None) => false,
    };
    if elsewhere {
        return Err(Problem::forbidden("a page of another site may not change anything here"));
    }
    Ok(())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(each, _)| *each == name).map(|(_, value)| value)
}
